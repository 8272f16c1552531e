"""A transaction that somebody is filling in: kept in the session, or under a code to come back with."""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import Any

import msgspec

from exeat.errors import InputError
from exeat.page.form import Form
from exeat.serve.asker import Asker
from exeat.serve.problem import Refused
from exeat.serve.services import Services

KEY = "draft"
CODES = "resume"  # the "session" under which what waits for its code is kept
DAYS = 30
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that is taken for another


class Draft(msgspec.Struct):
    """``asked`` are the questions answered so far, in order, for the way back."""

    document: dict[str, Any]
    passed: list[tuple[str, str]] = []
    asked: list[tuple[str, str]] = []
    follows: int = 0


class Waiting(msgspec.Struct, frozen=True):
    """A draft under a code: whose, since when."""

    name: str
    at: float
    draft: Draft


def load(asker: Asker) -> Draft | None:
    """The draft of this session, if there is one."""
    if asker.session is None:
        raise Refused(403, "open the page in a browser first", path="session")
    kept = asker.session.get(KEY)
    return msgspec.json.decode(kept, type=Draft) if kept else None


def need(asker: Asker) -> Draft:
    """The draft of this session.

    Raises:
        Refused: there is none.
    """
    found = load(asker)
    if found is None:
        raise Refused(409, "no question has been begun here; start on the page Ask", hint="/ask")
    return found


def save(asker: Asker, draft: Draft) -> None:
    if asker.session is not None:
        asker.session.put(KEY, msgspec.json.encode(draft).decode())


def drop(asker: Asker) -> None:
    if asker.session is not None:
        asker.session.put(KEY, "")


def form_of(services: Services, asker: Asker, draft: Draft) -> Form:
    """The form over a draft."""
    form = Form(services.engine, services.options(explain=False), asker.lang, draft.document)
    form.passed = set(draft.passed)
    return form


def keep(asker: Asker, form: Form, draft: Draft) -> None:
    """Save what the form has become."""
    draft.document, draft.passed = form.document, sorted(form.passed)
    save(asker, draft)


# --- codes


def put_away(services: Services, asker: Asker, draft: Draft) -> str:
    """Keep a draft under a code, which is given here and is not stored."""
    access = services.access
    for name, value in access.all("SELECT name, value FROM kept WHERE session = ?", CODES):
        if msgspec.json.decode(str(value), type=Waiting).at < time.time() - DAYS * 86_400:
            access.do("DELETE FROM kept WHERE session = ? AND name = ?", CODES, name)
    code = "".join(secrets.choice(LETTERS) for _ in range(16))
    waiting = msgspec.json.encode(Waiting(asker.name, time.time(), draft)).decode()
    access.do("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", CODES, _hash(code), waiting)
    return "-".join(code[at : at + 4] for at in range(0, 16, 4))


def take_up(services: Services, asker: Asker, code: str) -> Draft:
    """The draft under a code of one's own.

    Raises:
        InputError: there is none (any more), or it is somebody else's.
    """
    plain = "".join(char for char in code.upper() if char.isalnum())
    row = services.access.one("SELECT value FROM kept WHERE session = ? AND name = ?", CODES, _hash(plain))
    found = msgspec.json.decode(str(row[0]), type=Waiting) if row else None
    if found is None or found.name != asker.name or found.at < time.time() - DAYS * 86_400:
        raise InputError("no question waits under this code", path="code", found=code)
    return found.draft


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
