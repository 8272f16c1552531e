"""The record as JSON Lines: every entry, then the anchor. ``data/verify.txt`` checks it and needs nothing of exeat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from exeat.record.entry import Anchor, Checked, Entry, Fault, RecordError, check
from exeat.record.ledger import Record

ANCHOR = re.compile(r"([0-9]{1,15}):([0-9a-f]{64})")


class _End(msgspec.Struct, frozen=True):
    anchor: Anchor


def lines(record: Record, head: Anchor) -> Iterator[str]:
    """The export up to an entry (``record.head()``), line by line, its anchor last."""
    for entry in record.entries():
        if entry.n > head.n:
            break
        yield msgspec.json.encode(entry).decode() + "\n"
    yield msgspec.json.encode(_End(head)).decode() + "\n"


def verifier() -> str:
    """The text of the verifier that needs nothing of exeat."""
    return (Path(__file__).parent / "data" / "verify.txt").read_text(encoding="utf-8")


def verify_file(path: Path, anchor: Anchor | None = None) -> Checked:
    """Check an export, as the verifier does.

    Raises:
        RecordError: there is no such file.
    """
    end: list[Anchor] = []
    unread: list[Fault] = []
    try:
        with path.open(encoding="utf-8") as stream:
            found = check(_read(stream, end, unread), anchor)
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"cannot read: {error}", file=str(path)) from None
    head = (end[0].n, end[0].hash) if end else None
    if head != (found.head.n, found.head.hash):
        unread.append(Fault(found.entries + 1, "is cut off: the export ends otherwise than it says"))
    faults = sorted([*found.faults, *unread], key=lambda one: one.n)
    return Checked(found.entries, found.head, tuple(faults))


def read_anchor(text: str) -> Anchor:
    """An anchor: ``N:HASH``, or the last line of an earlier export (a file).

    Raises:
        RecordError: it is neither.
    """
    match = ANCHOR.fullmatch(text)
    if match:
        return Anchor("", int(match[1]), match[2])
    try:
        last = Path(text).read_text(encoding="utf-8").rstrip("\n").rpartition("\n")[2]
        return msgspec.json.decode(last, type=_End).anchor
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError):
        raise RecordError(
            "not an anchor", path="--anchor", found=text, allowed="N:HASH, or an earlier export"
        ) from None


def _read(stream: Iterator[str], end: list[Anchor], unread: list[Fault]) -> Iterator[Entry]:
    place = 0
    for line in stream:
        if end:
            unread.append(Fault(place + 1, "stands after the end of the export"))
            continue
        try:
            if "anchor" in msgspec.json.decode(line, type=dict[str, msgspec.Raw]):
                end.append(msgspec.json.decode(line, type=_End).anchor)
                continue
            entry = msgspec.json.decode(line, type=Entry)
        except msgspec.MsgspecError:
            unread.append(Fault(place + 1, "cannot be read"))
            continue
        place = entry.n
        yield entry
