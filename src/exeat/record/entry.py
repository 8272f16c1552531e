"""One entry of the ledger, the chain that entries form, and what is wrong with a chain.

The hash of an entry is taken over seven lines of text, so that any language can recompute it; its body is taken by its
own hash, so that a body may be disposed of and the chain still holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from exeat.errors import InputError

FORMAT = "exeat-record-1"
NOTHING = "0" * 64  # what the first entry follows
KINDS = (
    "opened",  # the record's own name; always entry 1
    "decision", "confirmation", "override", "hit", "versions", "hold", "note", "event", "read", "disposed",
)  # fmt: skip
_encoder = msgspec.json.Encoder(order="sorted", decimal_format="string")


class RecordError(InputError):
    """The record refused, and is as it was before."""


class Entry(msgspec.Struct, frozen=True):
    """One entry. ``body`` is its JSON text, None once it was disposed of; times are UTC, ISO."""

    n: int
    at: str
    actor: str
    kind: str
    body: str | None
    body_hash: str
    previous: str
    hash: str

    def data(self) -> dict[str, object]:
        """The body as plain data ({} once it was disposed of)."""
        found: dict[str, object] = msgspec.json.decode(self.body) if self.body is not None else {}
        return found


class Anchor(msgspec.Struct, frozen=True):
    """The last entry that somebody saw: of which record, its number and hash. Kept elsewhere, it shows a cut tail."""

    record: str
    n: int
    hash: str


class Fault(msgspec.Struct, frozen=True):
    """What is wrong, at which entry (or where it should be)."""

    n: int
    problem: str


class Checked(msgspec.Struct, frozen=True):
    """What a check of the chain found; ``head`` is the last entry that was read."""

    entries: int
    head: Anchor
    faults: tuple[Fault, ...]


def canonical(body: object) -> str:
    """JSON with sorted keys and no spaces: the same text for the same meaning.

    Raises:
        RecordError: the text has half a character (a lone surrogate) in it.
    """
    return canonical_bytes(body).decode()


def canonical_bytes(body: object) -> bytes:
    """The same in UTF-8.

    Raises:
        RecordError: the text has half a character (a lone surrogate) in it.
    """
    try:
        return _encoder.encode(body)
    except (UnicodeError, TypeError) as error:
        raise RecordError(f"this cannot be recorded: {error}") from None


def text_hash(body: str) -> str:
    """SHA-256 of a body's text, hexadecimal."""
    return bytes_hash(body.encode())


def bytes_hash(body: bytes) -> str:
    """SHA-256 of a body in UTF-8, hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def entry_hash(n: int, at: str, actor: str, kind: str, body_hash: str, previous: str) -> str:
    """SHA-256 of the seven lines that say all of an entry."""
    return hashlib.sha256("\n".join((FORMAT, str(n), at, actor, kind, body_hash, previous)).encode()).hexdigest()


def check_line(text: str, path: str) -> str:
    """The text, if it is one line and not blank: else it could pass for another line of an entry.

    Raises:
        RecordError: it is not.
    """
    if not text.strip() or not text.isprintable():
        raise RecordError("one line of text is needed here", path=path, found=text)
    return text


def check(entries: Iterable[Entry], anchor: Anchor | None = None) -> Checked:
    """Follow the chain from its first entry; every fault is told at the entry where it shows.

    Without an anchor nobody can see that entries were cut off the end, or that everything from some entry on was made
    anew: a chain proves only what lies before an entry whose hash somebody else knows.
    """
    faults: list[Fault] = []
    bare: dict[int, str] = {}  # entries without a body, and the hash that it had
    disposed: set[tuple[int, str]] = set()
    record, place, previous, seen = "", 0, NOTHING, anchor is None
    for entry in entries:
        faults += _faults(entry, place + 1, previous)
        if entry.body is None:
            bare[entry.n] = entry.body_hash
        elif entry.kind == "disposed":
            disposed |= _disposed(entry)
        elif place == 0:
            record = _record_of(entry)
        if anchor and entry.n == anchor.n:
            seen = True
            if entry.hash != anchor.hash:
                faults.append(
                    Fault(entry.n, "is not the entry that the anchor names: it or one before it was replaced")
                )
        if entry.n > place:  # else it stands out of order, and what follows goes on from the one before
            place, previous = entry.n, entry.hash
    faults += [
        Fault(n, "has no body, and no later entry says that it was disposed of")
        for n, body_hash in bare.items()
        if (n, body_hash) not in disposed
    ]
    if not seen and anchor:
        faults.append(Fault(place + 1, f"is missing, with all after it: the anchor names entry {anchor.n}"))
    if anchor and anchor.record and anchor.record != record:
        faults.append(Fault(1, "opens another record than the anchor's"))
    return Checked(place, Anchor(record, place, previous), tuple(sorted(faults, key=lambda one: one.n)))


def _faults(entry: Entry, expected: int, previous: str) -> list[Fault]:
    found = []
    if entry.n > expected:
        many = f"to {entry.n - 1} are" if entry.n - 1 > expected else "is"
        found.append(Fault(expected, f"{many} missing: entry {entry.n} stands there"))
    elif entry.n < expected:
        found.append(Fault(expected, f"is not there: entry {entry.n} stands in its place, out of order or twice"))
    if entry.previous != previous and entry.n == expected:
        found.append(Fault(entry.n, f"does not follow the entry before it ({expected - 1})"))
    if entry.body is not None and text_hash(entry.body) != entry.body_hash:
        found.append(Fault(entry.n, "has a body that was changed"))
    if entry.hash != entry_hash(entry.n, entry.at, entry.actor, entry.kind, entry.body_hash, entry.previous):
        found.append(Fault(entry.n, "was changed: its hash is another"))
    if not all(part.isprintable() for part in (entry.at, entry.actor, entry.kind)):
        found.append(Fault(entry.n, "has a line break or control character in its head"))
    if entry.n == 1 and (entry.kind != "opened" or entry.body is None):
        found.append(Fault(1, "does not open a record"))
    return found


def _disposed(entry: Entry) -> set[tuple[int, str]]:
    try:
        listed = msgspec.convert(entry.data().get("entries"), list[tuple[int, str]])
    except msgspec.MsgspecError:
        return set()
    return {(n, body_hash) for n, body_hash in listed if n < entry.n}


def _record_of(entry: Entry) -> str:
    try:
        return str(entry.data().get("record", ""))
    except (msgspec.MsgspecError, AttributeError):
        return ""
