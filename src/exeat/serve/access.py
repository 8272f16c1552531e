"""Tokens, sessions and used idempotency keys: one small SQLite file beside the record, nobody else's to read.

A token is shown once and kept as a scrypt hash. A session is known by the SHA-256 of its cookie, so that whoever reads
the file can log in as nobody.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import sqlite3
import threading
import time
from pathlib import Path

import msgspec

from exeat.errors import InputError
from exeat.record.entry import check_line

SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 1  # 16 MiB and some 40 ms a guess; a token has 256 bits besides
PREFIX = "exeat"
PROVEN = 1_000  # tokens remembered as proven, so that scrypt is paid once
IDEMPOTENT = 86_400  # s for which a key gives the first answer again
BUSY = 10  # s to wait for another worker that writes
LOST = 120  # s after which a request that never ended no longer holds its key
TABLES = """
CREATE TABLE IF NOT EXISTS token (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL,
  made REAL NOT NULL, ends REAL NOT NULL);
CREATE TABLE IF NOT EXISTS session (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, csrf TEXT NOT NULL, ends REAL NOT NULL,
  token TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS kept (session TEXT, name TEXT, value TEXT, PRIMARY KEY (session, name));
CREATE TABLE IF NOT EXISTS answered (
  key TEXT PRIMARY KEY, asked TEXT NOT NULL, at REAL NOT NULL, status INTEGER, headers TEXT, body BLOB);
"""


class Token(msgspec.Struct, frozen=True, array_like=True):
    """A token as it is listed: never its secret. ``ends`` is 0 for one without an end."""

    id: str
    name: str
    role: str
    made: float
    ends: float


class Answered(msgspec.Struct, frozen=True):
    """The first answer under an idempotency key; ``status`` 0 while it is being worked on."""

    asked: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Session:
    """A browser's session, and what it keeps of half-finished work."""

    def __init__(self, access: Access, id_: str, name: str, role: str, csrf: str) -> None:
        self.access, self.id, self.name, self.role, self.csrf = access, id_, name, role, csrf

    def get(self, key: str) -> str:
        """What was kept under a name, or ""."""
        row = self.access.one("SELECT value FROM kept WHERE session = ? AND name = ?", self.id, key)
        return str(row[0]) if row else ""

    def put(self, key: str, value: str) -> None:
        """Keep a text under a name ("" forgets it)."""
        if value:
            self.access.do("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", self.id, key, value)
        else:
            self.access.do("DELETE FROM kept WHERE session = ? AND name = ?", self.id, key)


class Access:
    """The open file. Safe to share between threads; every call is short."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._base = sqlite3.connect(path, timeout=BUSY, check_same_thread=False, isolation_level=None)
        self._mutex = threading.Lock()
        self._proven: dict[bytes, bytes] = {}
        with self._mutex:
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=NORMAL")
            self._base.executescript(TABLES)

    def close(self) -> None:
        self._base.close()

    def one(self, query: str, *values: object) -> tuple[object, ...] | None:
        with self._mutex:
            row: tuple[object, ...] | None = self._base.execute(query, values).fetchone()
            return row

    def all(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with self._mutex:
            return self._base.execute(query, values).fetchall()

    def do(self, query: str, *values: object) -> int:
        """Run a statement; how many rows it touched."""
        with self._mutex:
            return self._base.execute(query, values).rowcount

    # --- tokens

    def add_token(self, name: str, role: str, days: int = 0) -> str:
        """Make a token; its text is given here and never again.

        Raises:
            InputError: the name is not one line.
        """
        check_line(name, "NAME")
        id_, secret, salt = secrets.token_hex(6), secrets.token_urlsafe(32), secrets.token_bytes(16)
        now = time.time()
        ends = now + days * 86_400 if days else 0.0
        self.do(
            "INSERT INTO token VALUES (?, ?, ?, ?, ?, ?, ?)", id_, name, role, salt, _scrypt(secret, salt), now, ends
        )
        return f"{PREFIX}_{id_}_{secret}"

    def tokens(self) -> list[Token]:
        rows = self.all("SELECT id, name, role, made, ends FROM token ORDER BY made")
        return [msgspec.convert(row, Token) for row in rows]

    def revoke(self, id_: str) -> None:
        """Make a token, and the sessions that were opened with it, worth nothing.

        Raises:
            InputError: there is none of that id.
        """
        if not self.do("DELETE FROM token WHERE id = ?", id_):
            raise InputError("no such token", path="ID", found=id_, hint="see `exeat serve token list`")
        self.do("DELETE FROM session WHERE token = ?", id_)

    def proven(self, text: str) -> bool:
        """Whether a token was found right before, so that to look at it again costs nothing."""
        return _quick(text) in self._proven

    def holder(self, text: str) -> Token | None:
        """Whose token that is; None if it is nobody's (any more)."""
        prefix, _, rest = text.partition("_")
        id_, _, secret = rest.partition("_")
        row = self.one("SELECT id, name, role, made, ends, salt, hash FROM token WHERE id = ?", id_)
        if prefix != PREFIX or row is None:
            return None
        token, salt, expected = msgspec.convert(row[:5], Token), row[5], row[6]
        if not isinstance(salt, bytes) or not isinstance(expected, bytes):
            return None
        if token.ends and token.ends < time.time():
            return None
        quick = _quick(text)
        if self._proven.get(quick) == expected:
            return token
        if not hmac.compare_digest(_scrypt(secret, salt), expected):
            return None
        if len(self._proven) >= PROVEN:
            self._proven.clear()
        self._proven[quick] = expected
        return token

    # --- sessions

    def open_session(self, name: str, role: str, hours: int, token: str = "") -> tuple[str, Session]:
        """A new session and the text of its cookie."""
        now = time.time()
        self.do("DELETE FROM kept WHERE session IN (SELECT id FROM session WHERE ends < ?)", now)
        self.do("DELETE FROM session WHERE ends < ?", now)
        cookie, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        id_ = _cookie_id(cookie)
        self.do("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?)", id_, name, role, csrf, now + hours * 3600, token)
        return cookie, Session(self, id_, name, role, csrf)

    def session(self, cookie: str) -> Session | None:
        """The session of a cookie; None if there is none (any more)."""
        row = self.one("SELECT id, name, role, csrf, ends FROM session WHERE id = ?", _cookie_id(cookie))
        if row is None or float(str(row[4])) < time.time():
            return None
        return Session(self, str(row[0]), str(row[1]), str(row[2]), str(row[3]))

    def close_session(self, session: Session) -> None:
        self.do("DELETE FROM kept WHERE session = ?", session.id)
        self.do("DELETE FROM session WHERE id = ?", session.id)

    # --- idempotency

    def begin(self, key: str, asked: str) -> Answered | None:
        """Take a key for a request; what was answered under it before, if it was used."""
        now = time.time()
        self.do("DELETE FROM answered WHERE at < ? OR (status IS NULL AND at < ?)", now - IDEMPOTENT, now - LOST)
        if self.do("INSERT OR IGNORE INTO answered (key, asked, at) VALUES (?, ?, ?)", key, asked, now):
            return None
        row = self.one("SELECT asked, status, headers, body FROM answered WHERE key = ?", key)
        if row is None:  # its request failed in this very moment
            return self.begin(key, asked)
        headers = msgspec.json.decode(str(row[2]), type=list[tuple[str, str]]) if row[2] else []
        body = row[3] if isinstance(row[3], bytes) else b""
        return Answered(str(row[0]), int(str(row[1] or 0)), headers, body)

    def end(self, key: str, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Keep the answer under a key. A fault of the service frees the key: the same request may be tried again."""
        if status >= 500:
            self.do("DELETE FROM answered WHERE key = ? AND status IS NULL", key)
            return
        told = msgspec.json.encode(headers).decode()
        self.do("UPDATE answered SET status = ?, headers = ?, body = ? WHERE key = ?", status, told, body, key)


def _scrypt(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        secret.encode("utf-8", "replace"), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P, maxmem=64 * 1024 * 1024
    )


def _quick(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _cookie_id(cookie: str) -> str:
    return base64.b16encode(hashlib.sha256(cookie.encode("utf-8", "replace")).digest()).decode()
