"""The list store: every version of every list, in one SQLite file, read as of any day and as known on any day.

What a version holds is a set of parties. Each distinct content of a party is stored once, under a small number; a
version is the sorted set of these numbers, packed. So an update that changes ten entries costs ten bodies and a few
kilobytes, any version can be had back exactly, and versions may come in any order.

Two clocks. ``known`` picks the versions: those known by then. ``on`` picks the parties: a list as it stood on a day is
its version in force then (the latest whose ``as_of`` is not after it), and besides what later versions say of that day.
A party is listed from its own ``since`` on, until its own ``until``; what has no ``since`` and is first seen in a later
version may have been listed already, so it is given, and ``since`` is empty. What a version no longer has ended by its
``as_of``.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import sqlite3
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from exeat.errors import InputError
from exeat.screen import days
from exeat.screen.model import ListVersion, Party
from exeat.screen.profile import Profile, profile_of

SCHEMA = 1  # moves when a table changes
WAIT = 30.0  # seconds to wait while another process writes
KEPT = 64  # answers of `live` kept in memory: days times lists of one run

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE body (
    key INTEGER PRIMARY KEY,          -- stable: never reused
    hash BLOB NOT NULL UNIQUE,        -- of data, 16 bytes
    party TEXT NOT NULL,              -- Party.id
    since TEXT NOT NULL, until TEXT NOT NULL,
    data BLOB NOT NULL                -- the Party, MessagePack
);
CREATE INDEX body_party ON body (party);
CREATE TABLE version (
    id INTEGER PRIMARY KEY,
    list TEXT NOT NULL, as_of TEXT NOT NULL, known TEXT NOT NULL,
    sha256 TEXT NOT NULL, content TEXT NOT NULL, parties INTEGER NOT NULL,
    reader TEXT NOT NULL, imported TEXT NOT NULL, accepted TEXT NOT NULL,
    profile BLOB NOT NULL,            -- Profile, JSON
    keys BLOB NOT NULL                -- sorted body keys, differences as 32-bit little-endian numbers, zlib
);
CREATE INDEX version_list ON version (list, as_of, known, id);
"""


class Change(msgspec.Struct, frozen=True):
    """A party that two versions have with other content; ``fields`` are those of `Party` and `Listing` that differ."""

    id: str
    fields: tuple[str, ...]


class Diff(msgspec.Struct, frozen=True):
    """What a version changes against the one before. ``version`` is None where it says nothing new and is not kept."""

    list: str
    version: ListVersion | None
    before: ListVersion | None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()


class Incoming(msgspec.Struct, frozen=True):
    """One list as it was read, to be added. ``accepted`` is the reason for which a suspicious file was taken."""

    list: str
    parties: Sequence[Party]
    as_of: str
    known: str
    sha256: str = ""
    reader: str = ""
    accepted: str = ""


class _Version(msgspec.Struct, frozen=True):
    number: int
    shown: ListVersion
    accepted: str


class Store:
    """The store in a file; the file is made at the first update, and an absent one reads as empty.

    Raises:
        InputError: the file is no list store, is damaged, or is of a newer exeat.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._db: sqlite3.Connection | None = None
        self._live: dict[tuple[object, ...], frozenset[int]] = {}
        self._rows: dict[int, tuple[str, str, str]] | None = None
        self._stamp = -1
        if self.path.exists():
            self._connect()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._db is not None:
            self._db.close()
            self._db = None

    # --- reading

    def versions(self, list_id: str | None = None, known: str | None = None) -> list[ListVersion]:
        """The versions of a list (or of all), those known by a day (or ever), oldest ``as_of`` first."""
        return [one.shown for one in self._versions(list_id, known)]

    def accepted(self, version: ListVersion) -> str:
        """The reason for which a version was taken although it was suspicious, or ""."""
        found = self._ask(
            "SELECT accepted FROM version WHERE list = ? AND sha256 = ? AND as_of = ?",
            (version.list, version.sha256, version.as_of),
        )
        return next((str(row[0]) for row in found), "")

    def profile(self, version: ListVersion) -> Profile | None:
        """The shape of a version, as it was when it came in."""
        for one in self._versions(version.list):
            if one.shown == version:
                row = self._ask("SELECT profile FROM version WHERE id = ?", (one.number,))[0]
                return msgspec.json.decode(row[0], type=Profile)
        return None

    def ids(self, version: ListVersion) -> set[str]:
        """The ids of the parties of a version."""
        bodies = self._bodies()
        found = next((one for one in self._versions(version.list) if one.shown == version), None)
        return {bodies[key][0] for key in self._keys(found.number)} if found else set()

    def state(self) -> str:
        """A hash of all versions: it is another whenever any answer could be."""
        told = [(one.shown.list, one.shown.as_of, one.shown.known, one.shown.content) for one in self._versions()]
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest()

    def contents(self) -> str:
        """A hash of what `all_parties` gives: it stays the same where a version brings no new content."""
        return self._chain().decode()

    def _chain(self) -> bytes:
        found = self._ask("SELECT value FROM meta WHERE key = 'chain'")
        return str(found[0][0]).encode() if found else b""

    def all_parties(self) -> Iterator[tuple[int, Party]]:
        """Every distinct content ever, with its number, in the order of the numbers."""
        decoder = msgspec.msgpack.Decoder(Party)
        if self._db is None:
            return
        for key, data in self._guard(lambda db: db.execute("SELECT key, data FROM body ORDER BY key")):
            yield key, decoder.decode(data)

    def live(self, on: str, known: str, lists: Iterable[str] | None = None) -> frozenset[int]:
        """The numbers of the contents that were listed on a day, as known on another.

        Of one party the content that was in force then, never two.
        """
        wanted = None if lists is None else tuple(sorted(set(lists)))
        stamp = self._fresh()
        found = self._live.get((stamp, on, known, wanted))
        if found is None:
            found = frozenset(self._listed(on, known, wanted))
            if len(self._live) >= KEPT:
                self._live.pop(next(iter(self._live)))
            self._live[stamp, on, known, wanted] = found
        return found

    def current(self, on: str, known: str, lists: Iterable[str] | None = None) -> Iterator[Party]:
        """The parties listed on a day, as known on another, by list and number; ``since`` is "" where no list says
        when.
        """
        keys = sorted(self.live(on, known, lists))
        decoder = msgspec.msgpack.Decoder(Party)
        for place in range(0, len(keys), 500):  # SQLite binds no more than some thousand values
            some = keys[place : place + 500]
            marks = ",".join("?" * len(some))
            for (data,) in self._ask(f"SELECT data FROM body WHERE key IN ({marks}) ORDER BY key", some):
                yield decoder.decode(data)

    def party(self, party_id: str, on: str, known: str) -> Party | None:
        """A party by its id as it was listed on a day, or None."""
        rows = self._ask("SELECT key, data FROM body WHERE party = ?", (party_id,))
        if not rows:
            return None
        live = self.live(on, known, [party_id.partition("/")[0]])
        return next((msgspec.msgpack.decode(data, type=Party) for key, data in rows if key in live), None)

    def history(self, party_id: str) -> list[tuple[ListVersion, Party]]:
        """Each content of a party with the version that first showed it, oldest first."""
        held = {
            key: msgspec.msgpack.decode(data, type=Party)
            for key, data in self._ask("SELECT key, data FROM body WHERE party = ?", (party_id,))
        }
        found = []
        seen: set[int] = set()
        for one in self._versions(party_id.partition("/")[0]):
            for key in (held.keys() & self._keys(one.number)) - seen:
                seen.add(key)
                found.append((one.shown, held[key]))
        return found

    def diff(self, list_id: str, first: str | None = None, last: str | None = None) -> Diff:
        """What changed in a list between the versions in force on two days; by default its last two versions.

        Raises:
            InputError: there is no version by then.
        """
        versions = self._versions(list_id)
        if not versions:
            raise InputError("there is no version of this list", path="LIST", found=list_id, hint="import one first")
        after = _in_force(versions, last) if last else versions[-1]
        before = _in_force(versions, first) if first else _before(versions, after)
        for one, day in ((after, last), (before, first)):
            if one is None and day:
                oldest = versions[0].shown.as_of
                raise InputError(
                    "no version is as old",
                    path="--from" if day == first else "--to",
                    found=day,
                    hint=f"the oldest is of {oldest}",
                )
        if after is None:
            raise InputError("no version is as old", path="--to")
        return self._compare(list_id, before, after)

    def checked(self) -> dict[str, str]:
        """For each list the day on which its newest version was last found to be the publisher's newest."""
        rows = self._ask("SELECT key, value FROM meta WHERE key LIKE 'checked %'")
        return {str(key).partition(" ")[2]: str(value) for key, value in rows}

    # --- writing

    def mark_checked(self, lists: Iterable[str], day: str) -> None:
        """Record that the publisher had nothing newer on a day.

        Raises:
            InputError: it could not be written.
        """
        try:
            self._need().executemany(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [(f"checked {one}", day) for one in lists],
            )
        except sqlite3.Error as error:
            raise InputError(f"the list store could not be written: {error}", file=str(self.path)) from None

    def add(
        self,
        list_id: str,
        parties: Sequence[Party],
        *,
        as_of: str,
        known: str,
        sha256: str = "",
        reader: str = "",
        accepted: str = "",
    ) -> Diff:
        """Add a version of one list, whole or not at all; see `add_all`."""
        return self.add_all([Incoming(list_id, parties, as_of, known, sha256, reader, accepted)])[0]

    def add_all(self, incoming: Sequence[Incoming], imported: str = "") -> list[Diff]:
        """Add versions of several lists in one transaction.

        A version that says of a day what was last known of that day is not kept again.

        Raises:
            InputError: it could not be written (a full disk, a read-only file); nothing of it was kept.
        """
        imported = imported or dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        self._connect(create=True)
        try:
            db = self._need()
            db.execute("BEGIN IMMEDIATE")
            try:
                made = [self._insert(one, imported) for one in incoming]
                db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise InputError(
                f"the list store could not be written: {error}",
                file=str(self.path),
                hint="nothing was changed; free some space or mend the rights",
            ) from None
        finally:
            self._live.clear()
            self._rows = None
        return [self._told(one, number) for one, number in zip(incoming, made, strict=True)]

    def _insert(self, one: Incoming, imported: str) -> int | None:
        """Insert one version; its number, or None if it says nothing new."""
        db = self._need()
        bodies = {}
        for party in one.parties:
            data = msgspec.msgpack.encode(party)
            bodies[hashlib.blake2b(data, digest_size=16).digest()] = (party, data)
        content = hashlib.sha256(b"".join(sorted(bodies))).hexdigest()
        last = "SELECT content FROM version WHERE list = ? AND as_of = ? AND known <= ? ORDER BY known DESC, id DESC"
        if db.execute(last, (one.list, one.as_of, one.known)).fetchone() == (content,):
            return None
        newest = db.execute("SELECT max(key) FROM body").fetchone()[0] or 0
        db.executemany(
            "INSERT INTO body (hash, party, since, until, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING",
            (
                (digest, party.id, days.whole(party.listing.since), days.whole(party.listing.until, last=True), data)
                for digest, (party, data) in bodies.items()
            ),
        )
        made_now = [row[0] for row in db.execute("SELECT hash FROM body WHERE key > ? ORDER BY key", (newest,))]
        if made_now:
            chain = self._chain() + b"".join(made_now)
            db.execute(
                "INSERT INTO meta VALUES ('chain', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (hashlib.sha256(chain).hexdigest(),),
            )
        find = "SELECT key FROM body WHERE hash = ?"
        keys = sorted(db.execute(find, (digest,)).fetchone()[0] for digest in bodies)
        made = db.execute(
            "INSERT INTO version"
            " (list, as_of, known, sha256, content, parties, reader, imported, accepted, profile, keys)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                one.list,
                one.as_of,
                one.known,
                one.sha256,
                content,
                len(keys),
                one.reader,
                imported,
                one.accepted,
                msgspec.json.encode(profile_of(one.parties)),
                _pack(keys),
            ),
        )
        return made.lastrowid

    def _told(self, one: Incoming, number: int | None) -> Diff:
        versions = self._versions(one.list)
        if number is None:
            return Diff(one.list, None, versions[-1].shown if versions else None)
        after = next(version for version in versions if version.number == number)
        return self._compare(one.list, _before(versions, after), after)

    # --- the parts

    def _connect(self, create: bool = False) -> None:
        if self._db is not None:
            return
        try:
            if create:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
            self._db.execute("PRAGMA synchronous = EXTRA")  # a committed update outlives a power cut
            if create:
                self._make()
            self._check()
        except OSError as error:
            raise InputError(f"the list store cannot be made: {error.strerror}", file=str(self.path)) from None
        except sqlite3.Error as error:
            self.close()
            raise self._damaged(error) from None

    def _make(self) -> None:
        """Make the tables in an empty file, whole or not at all."""
        db = self._need()
        db.execute("BEGIN IMMEDIATE")
        try:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                if db.execute("SELECT 1 FROM sqlite_master").fetchone():
                    raise InputError("the file is a database of something else", file=str(self.path))
                for statement in _TABLES.split(";\n"):
                    if statement.strip():
                        db.execute(statement)
                db.execute("INSERT INTO meta VALUES ('schema', ?)", (str(SCHEMA),))
            db.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                db.execute("ROLLBACK")
            raise

    def _check(self) -> None:
        db = self._need()
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:  # made, and interrupted before the first table
            return
        if not {"meta", "body", "version"} <= tables:
            raise InputError("the file is no list store", file=str(self.path))
        found = db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
        if found is None or found[0] != str(SCHEMA):
            raise InputError(
                "the list store is of another version of exeat",
                file=str(self.path),
                found=str(found and found[0]),
                allowed=str(SCHEMA),
            )

    def _damaged(self, error: sqlite3.Error) -> InputError:
        hint = "move the file away and import the lists anew" if isinstance(error, sqlite3.DatabaseError) else ""
        return InputError(f"the list store cannot be read: {error}", file=str(self.path), hint=hint)

    def _need(self) -> sqlite3.Connection:
        if self._db is None:
            raise InputError("there is no list store", file=str(self.path), hint="import a list first")
        return self._db

    def _guard(self, ask: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> sqlite3.Cursor:
        try:
            return ask(self._need())
        except sqlite3.Error as error:
            raise self._damaged(error) from None

    def _ask(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a question; none where there is no store yet.

        Raises:
            InputError: the file is damaged.
        """
        if self._db is None:
            if not self.path.exists():
                return []
            self._connect()
        try:
            return self._need().execute(statement, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):  # made, and interrupted before the first table
                return []
            raise self._damaged(error) from None
        except sqlite3.Error as error:
            raise self._damaged(error) from None

    def _versions(self, list_id: str | None = None, known: str | None = None) -> list[_Version]:
        rows = self._ask(
            "SELECT id, accepted, list, as_of, known, sha256, content, parties, reader, imported FROM version"
            " WHERE (?1 IS NULL OR list = ?1) AND (?2 IS NULL OR known <= ?2) ORDER BY list, as_of, known, id",
            (list_id, known),
        )
        return [_Version(row[0], ListVersion(*row[2:]), row[1]) for row in rows]

    def _keys(self, number: int) -> frozenset[int]:
        return frozenset(_unpack(self._ask("SELECT keys FROM version WHERE id = ?", (number,))[0][0]))

    def _fresh(self) -> int:
        """A number that moves when this or another process adds a version; what was kept before then goes."""
        found = self._ask("SELECT max(id) FROM version")
        stamp = int(found[0][0] or 0) if found else 0
        if stamp != self._stamp:
            self._stamp, self._rows = stamp, None
            self._live.clear()
        return stamp

    def _bodies(self) -> dict[int, tuple[str, str, str]]:
        """Party id, since and until of every content."""
        if self._rows is None:
            self._rows = {
                key: (party, since, until)
                for key, party, since, until in self._ask("SELECT key, party, since, until FROM body")
            }
        return self._rows

    def _listed(self, on: str, known: str, wanted: tuple[str, ...] | None) -> Iterator[int]:
        by_list: dict[str, list[_Version]] = {}
        for one in self._versions(None, known):
            if wanted is None or one.shown.list in wanted:
                by_list.setdefault(one.shown.list, []).append(one)
        for versions in by_list.values():
            yield from self._listed_in(on, versions)

    def _listed_in(self, on: str, versions: list[_Version]) -> Iterator[int]:
        """The contents of one list that were listed on a day. ``versions`` are sorted by ``as_of``, then ``known``."""
        bodies = self._bodies()
        place = bisect_right(versions, on, key=lambda one: one.shown.as_of)
        taken: set[str] = set()
        if place:
            for key in self._keys(versions[place - 1].number):
                party, since, until = bodies[key]
                taken.add(party)  # of this day the version in force says all
                if since <= on and (not until or on <= until):
                    yield key
        exact = place > 0 and versions[place - 1].shown.as_of == on
        for one in versions[place:]:
            for key in self._keys(one.number):
                party, since, until = bodies[key]
                if party in taken or (until and until < on):
                    continue
                if (since and since <= on) or (not since and not exact):
                    taken.add(party)
                    yield key

    def _compare(self, list_id: str, before: _Version | None, after: _Version) -> Diff:
        new = self._keys(after.number)
        old = self._keys(before.number) if before else frozenset()
        bodies = self._bodies()
        gone = {bodies[key][0]: key for key in old - new}
        come = {bodies[key][0]: key for key in new - old}
        return Diff(
            list=list_id,
            version=after.shown,
            before=before.shown if before else None,
            added=tuple(sorted(come.keys() - gone.keys())),
            removed=tuple(sorted(gone.keys() - come.keys())),
            changed=tuple(self._change(gone[party], come[party]) for party in sorted(gone.keys() & come.keys())),
        )

    def _change(self, old: int, new: int) -> Change:
        rows = self._ask("SELECT key, data FROM body WHERE key IN (?, ?)", (old, new))
        found: dict[int, Party] = {key: msgspec.msgpack.decode(data, type=Party) for key, data in rows}
        return Change(found[new].id, changed_fields(found[old], found[new]))


def changed_fields(old: Party, new: Party) -> tuple[str, ...]:
    """The fields of two contents of a party that differ; those of the listing by their own name."""
    one, other = _fields(old), _fields(new)
    return tuple(name for name in one if one[name] != other[name])


def _fields(party: Party) -> Mapping[str, object]:
    top = {name: getattr(party, name) for name in Party.__struct_fields__ if name != "listing"}
    return top | {f"listing.{name}": getattr(party.listing, name) for name in type(party.listing).__struct_fields__}


def _in_force(versions: list[_Version], on: str) -> _Version | None:
    place = bisect_right(versions, on, key=lambda one: one.shown.as_of)
    return versions[place - 1] if place else None


def _before(versions: list[_Version], after: _Version | None) -> _Version | None:
    place = next((place for place, one in enumerate(versions) if after is not None and one.number == after.number), 0)
    return versions[place - 1] if place else None


def _pack(keys: list[int]) -> bytes:
    steps = array("I", (key - before for before, key in zip([0, *keys], keys, strict=False)))
    return zlib.compress(steps.tobytes(), 6)


def _unpack(raw: bytes) -> Iterator[int]:
    steps = array("I")
    steps.frombytes(zlib.decompress(raw))
    key = 0
    for step in steps:
        key += step
        yield key
