"""What people decided on hits: an append-only file in which nothing is erased.

Each record binds a decision to what it was made on: the query, the listed entry as it stood then, the version of its
list, the matcher, the threshold and the score, with the machine's answer in full. A dismissal holds only as long as all
of that still says the same; a confirmation stays until somebody takes it back, and is flagged where its entry moved.

A line is written, then forced to the disk, then acknowledged. A last line that was cut off while being written is set
aside and told; a damaged line elsewhere is refused, for the record lost there may be the one that confirmed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from exeat.errors import InputError
from exeat.screen.model import Hit, ListVersion, Party, Query, Screened
from exeat.vocabulary.take import check_day

try:
    import fcntl
except ImportError:  # pragma: no cover  where there is no such lock, one process at a time must write
    fcntl = None  # type: ignore[assignment]

Verdict = Literal["confirm", "dismiss", "undo"]
Decided = Literal["open", "confirmed", "dismissed"]
ENCODER = msgspec.json.Encoder(order="sorted")


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the file. Who and when: decided by and at, and approved by and at where a second person looked.

    ``undoes`` is the number of the record that an undo takes back. ``hit`` is the machine's answer as it was.
    """

    number: int
    verdict: Verdict
    subject: str
    party: str
    decided_by: str
    decided_at: str
    reason: str = ""
    approved_by: str = ""
    approved_at: str = ""
    expires: str = ""
    query: Query | None = None
    query_hash: str = ""
    hit: Hit | None = None
    entry_hash: str = ""
    list: ListVersion | None = None
    matcher: str = ""
    threshold: float = 0.0
    undoes: int = 0


class Why(msgspec.Struct, frozen=True):
    """Why a decision no longer holds, or what to look at: ``code`` for programs, ``text`` for people."""

    code: str
    text: str


class Standing(msgspec.Struct, frozen=True):
    """How a hit stands: ``why`` tells what re-opened it, ``flags`` what moved without re-opening it."""

    state: Decided
    why: tuple[Why, ...] = ()
    flags: tuple[Why, ...] = ()
    record: Record | None = None


Before = Callable[[Record], object]  # called with a record that is about to be written; what it raises stops that


class _Line(msgspec.Struct, frozen=True):
    check: str
    record: msgspec.Raw


# --- what a decision is bound to


def query_hash(query: Query) -> str:
    """The same for the same question: order, doubles, forms of letters and the id do not matter."""
    plain = {
        "names": _sorted(query.names),
        "kind": query.kind,
        "countries": _sorted(query.countries),
        "born": _sorted(query.born),
        "gender": query.gender,
        "identifiers": sorted({(one.kind, one.value, one.country) for one in query.identifiers}),
        "addresses": _sorted(query.addresses),
    }
    return hashlib.sha256(ENCODER.encode(plain)).hexdigest()


def _sorted(words: Iterable[str]) -> list[str]:
    return sorted({unicodedata.normalize("NFC", word) for word in words})


def entry_hash(party: Party) -> str:
    """What the list itself says of a party; names that were learnt elsewhere are no change of the entry."""
    names = tuple(name for name in party.names if name.kind != "learnt")
    return hashlib.sha256(ENCODER.encode(msgspec.structs.replace(party, names=names))).hexdigest()


def subject_of(query: Query) -> str:
    """Whom a decision is about: one's own party by its id, or whoever has exactly this query.

    Two customers of one name are two subjects: what cleared one says nothing of the other.
    """
    return f"id:{query.id}" if query.id else f"query:{query_hash(query)}"


# --- the file


class Reviews:
    """The decisions in one file. ``notices`` tells what was wrong with its end and what was done about it.

    Raises:
        InputError: the file cannot be read, or a line in it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: list[InputError] = []
        self._records: list[Record] = []
        self._latest: dict[tuple[str, str], Record] = {}
        self._undone: dict[int, Record] = {}
        self._seen = (-1, -1)
        self._refresh()

    def decide(
        self,
        screened: Screened,
        hit: Hit,
        verdict: Literal["confirm", "dismiss"],
        *,
        by: str,
        at: str,
        reason: str = "",
        expires: str = "",
        approved_by: str = "",
        approved_at: str = "",
        first: Before | None = None,
    ) -> Record:
        """Write a decision on one hit of an answer.

        Args:
            screened: the answer.
            hit: one of its hits.
            verdict: it is the listed party (confirm), or it is not (dismiss).
            by: who decided.
            at: when, an instant with its offset.
            reason: why; needed to dismiss.
            expires: the last day on which a dismissal holds; needed to dismiss.
            approved_by: who looked at it as well, another person.
            approved_at: when.
            first: called once all is known to be right, just before it is written.

        Raises:
            InputError: something that is needed is missing or wrong, or the file cannot be written.
        """
        if hit not in screened.hits:
            raise InputError("the answer has no such hit", path="hit", found=hit.party.id)
        _check(by, at, reason if verdict == "dismiss" else "-", approved_by, approved_at)
        if verdict == "dismiss":
            _check_expiry(expires, at)
        elif expires:
            raise InputError("only a dismissal expires", path="expires", found=expires)
        return self._append(
            first,
            **_bound(screened, hit),
            verdict=verdict,
            decided_by=by,
            decided_at=at,
            reason=reason,
            approved_by=approved_by,
            approved_at=approved_at,
            expires=expires,
        )

    def approve(
        self, made: Record, screened: Screened, hit: Hit, *, by: str, at: str, first: Before | None = None
    ) -> Record:
        """Write a decision that stands once more, with a second person's name beside the first.

        `exeat.screen.decide.approve` sees to it that nothing has moved.

        Raises:
            InputError: the same person, it has been approved, another took its place, or the file cannot be written.
        """
        _check(made.decided_by, made.decided_at, "-", by, at)
        if made.approved_by:
            raise InputError("it has been approved", path="number", found=str(made.number))
        return self._append(
            first,
            made.number,
            **_bound(screened, hit),
            verdict=made.verdict,
            decided_by=made.decided_by,
            decided_at=made.decided_at,
            reason=made.reason,
            approved_by=by,
            approved_at=at,
            expires=made.expires,
        )

    def undo(self, number: int, *, by: str, at: str, reason: str, first: Before | None = None) -> Record:
        """Take a decision back, by a record of its own: the hit is open again.

        Raises:
            InputError: there is no such decision, it was taken back before, or something is missing.
        """
        _check(by, at, reason, "", "")
        self._refresh()
        found = next((one for one in self._records if one.number == number and one.verdict != "undo"), None)
        if found is None or number in self._undone:
            raise InputError("no such decision to take back", path="number", found=str(number))
        latest = self._latest[found.subject, found.party]
        if latest.number != number and latest.number not in self._undone:  # it would still hold, and who asks think not
            raise InputError(
                "a later decision took its place", path="number", found=str(number), hint=str(latest.number)
            )
        return self._append(
            first,
            verdict="undo",
            subject=found.subject,
            party=found.party,
            decided_by=by,
            decided_at=at,
            reason=reason,
            undoes=number,
        )

    def history(self, query: Query | None = None, party: str = "") -> tuple[Record, ...]:
        """All records, or those of one subject or listed party, in the order written."""
        self._refresh()
        subject = subject_of(query) if query else ""
        return tuple(
            one
            for one in self._records
            if (not subject or one.subject == subject) and (not party or one.party == party)
        )

    def state(self, query: Query, hit: Hit, on: str, known: str = "") -> Standing:
        """How a hit stands on a day, by what was decided until ``known`` (empty: whatever was).

        Raises:
            InputError: the file can no longer be read.
        """
        self._refresh()
        record = self._decision(subject_of(query), hit.party.id, known)
        if record is None:
            return Standing("open")
        undone = self._undone.get(record.number)
        if undone and _until(undone, known):
            return Standing("open", (Why("undone", f"taken back by {undone.decided_by}: {undone.reason}"),), (), record)
        moved = tuple(_moved(record, query, hit))
        if record.verdict == "confirm":
            ended = hit.party.listing.until
            flags = (*moved, *((Why("delisted", f"the listing ended on {ended}"),) if ended and ended < on else ()))
            return Standing("confirmed", (), flags, record)
        today = max(on, known)
        expired = (Why("expired", f"the dismissal held until {record.expires}"),) if record.expires < today else ()
        why = (*expired, *moved)
        return Standing("open" if why else "dismissed", why, (), record)

    def confirmed(self, query: Query, known: str = "") -> tuple[Record, ...]:
        """The confirmations of one subject that stand, whether or not a search still finds their parties."""
        self._refresh()
        subject = subject_of(query)
        latest = (self._decision(subject, party, known) for whose, party in self._latest if whose == subject)
        return tuple(
            one
            for one in latest
            if one
            and one.verdict == "confirm"
            and not (self._undone.get(one.number) and _until(self._undone[one.number], known))
        )

    def _decision(self, subject: str, party: str, known: str) -> Record | None:
        if not known:
            return self._latest.get((subject, party))
        of_both = (one for one in self._records if (one.subject, one.party) == (subject, party))
        return next((one for one in reversed(list(of_both)) if one.verdict != "undo" and _until(one, known)), None)

    # --- reading

    def _refresh(self) -> None:
        """Read the file again if it has grown."""
        try:
            told = self.path.stat()
            seen = (told.st_size, told.st_mtime_ns)
        except FileNotFoundError:
            seen = (0, 0)
        except OSError as error:
            raise InputError(f"cannot read: {error.strerror}", file=str(self.path)) from None
        if seen == self._seen:
            return
        whole, torn = self._read()
        self._seen = seen
        self._take(whole)
        if torn:
            notice = InputError(
                "the last line was cut off while it was written; it was never acknowledged and does not count",
                file=str(self.path),
                line=len(whole) + 1,
                found=torn[:80].decode("utf-8", "replace"),
            )
            if str(notice) not in map(str, self.notices):
                self.notices.append(notice)

    def _take(self, records: list[Record]) -> None:
        self._records = records
        self._latest, self._undone = {}, {}
        for one in records:
            if one.verdict == "undo":
                self._undone[one.undoes] = one
            else:
                self._latest[one.subject, one.party] = one

    def _read(self) -> tuple[list[Record], bytes]:
        try:
            with self.path.open("rb") as stream:
                if fcntl:
                    fcntl.flock(stream, fcntl.LOCK_SH)  # whoever is writing finishes first
                raw = stream.read()
        except FileNotFoundError:
            return [], b""
        except OSError as error:
            raise InputError(f"cannot read: {error.strerror}", file=str(self.path)) from None
        return self._parsed(raw)

    def _parsed(self, raw: bytes) -> tuple[list[Record], bytes]:
        """The records, and what of a last line is no record because it was cut off."""
        lines = raw.split(b"\n")
        records: list[Record] = []
        for place, line in enumerate(lines):
            if not line and place == len(lines) - 1:
                break
            record = _decoded(line)
            if record is None:
                after = b"".join(lines[place + 1 :]).strip(b"\x00")
                if not after and (place == len(lines) - 1 or b"\x00" in line):
                    return records, b"\n".join(lines[place:])
                raise InputError(
                    "the line is damaged, and what was decided there may have confirmed a hit",
                    file=str(self.path),
                    line=place + 1,
                    hint="restore the file from a copy; nothing is read around the damage",
                )
            if record.number != len(records) + 1:
                raise InputError(
                    "a line is missing or stands twice",
                    file=str(self.path),
                    line=place + 1,
                    found=f"number {record.number}",
                    allowed=f"number {len(records) + 1}",
                )
            records.append(record)
        return records, b""

    # --- writing

    def _append(self, first: Before | None, approves: int = 0, **fields: Any) -> Record:
        try:
            return self._appended(first, approves, fields)
        except OSError as error:
            raise InputError(f"cannot write: {error.strerror}", file=str(self.path)) from None

    def _appended(self, first: Before | None, approves: int, fields: dict[str, Any]) -> Record:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked() as stream:
            stream.seek(0)
            raw = stream.read()
            records, torn = self._parsed(raw)
            if fields.get("undoes") and any(one.undoes == fields["undoes"] for one in records):
                raise InputError("no such decision to take back", path="number", found=str(fields["undoes"]))
            record = Record(number=len(records) + 1, **fields)
            if approves and _last(records, record) != approves:
                raise InputError("a later decision took its place", path="number", found=str(approves))
            if first:
                first(record)
            if torn:
                self._set_aside(torn)
                stream.truncate(len(raw) - len(torn))
                raw = raw[: len(raw) - len(torn)]
            line = b"" if not raw or raw.endswith(b"\n") else b"\n"
            stream.seek(0, os.SEEK_END)
            stream.write(line + _encoded(record))
            stream.flush()
            os.fsync(stream.fileno())
            told = os.fstat(stream.fileno())
            self._seen = (told.st_size, told.st_mtime_ns)
        self._take([*records, record])
        return record

    @contextlib.contextmanager
    def _locked(self) -> Iterator[Any]:
        new = not self.path.exists()
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as stream:
            if fcntl:
                fcntl.flock(stream, fcntl.LOCK_EX)
            if new:  # or else the file itself could be gone after a loss of power
                _sync_folder(self.path.parent)
            yield stream

    def _set_aside(self, torn: bytes) -> None:
        """Keep the bytes of a line that was cut off, beside the file, under a name that nothing has."""
        for number in range(1, 10_000):
            aside = self.path.with_name(f"{self.path.name}.torn-{number}")
            try:
                handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            with os.fdopen(handle, "wb") as stream:
                stream.write(torn)
                stream.flush()
                os.fsync(stream.fileno())
            _sync_folder(aside.parent)
            self.notices.append(InputError("a line that was cut off has been set aside", file=str(aside)))
            return
        raise InputError("too many lines were set aside", file=str(self.path))


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every system opens folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _encoded(record: Record) -> bytes:
    raw = ENCODER.encode(record)
    return b'{"check":"%s","record":%s}\n' % (hashlib.sha256(raw).hexdigest().encode(), raw)


def _decoded(line: bytes) -> Record | None:
    try:
        found = msgspec.json.decode(line, type=_Line)
        if found.check != hashlib.sha256(found.record).hexdigest():
            return None
        return msgspec.json.decode(found.record, type=Record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


# --- what is compared, what is needed


def _moved(record: Record, query: Query, hit: Hit) -> Iterator[Why]:
    """What is no longer as it was when the decision was made."""
    before = record.hit
    if before is None:
        return
    if entry_hash(hit.party) != record.entry_hash:
        fields = [one.name for one in msgspec.structs.fields(Party)]
        changed = ", ".join(one for one in fields if getattr(before.party, one) != getattr(hit.party, one))
        yield Why("entry changed", f"the list changed its entry: {changed}")
    if query_hash(query) != record.query_hash:
        yield Why("query changed", "what is known of the own party has changed")
    elif (hit.name, hit.query) != (before.name, before.query):
        yield Why("other name", f"now found by {hit.name!r} for {hit.query!r}, then by {before.name!r}")
    if hit.score > before.score:
        yield Why("score rose", f"the score rose from {before.score:.3f} to {hit.score:.3f}")


def _until(record: Record, known: str) -> bool:
    """Whether the record was made by the end of a UTC day."""
    return not known or dt.datetime.fromisoformat(record.decided_at).astimezone(dt.UTC).date().isoformat() <= known


def _bound(screened: Screened, hit: Hit) -> dict[str, Any]:
    """What a decision on a hit of an answer is bound to."""
    name = hit.party.listing.list
    return {
        "subject": subject_of(screened.query),
        "party": hit.party.id,
        "query": screened.query,
        "query_hash": query_hash(screened.query),
        "hit": hit,
        "entry_hash": entry_hash(hit.party),
        "list": next((one for one in screened.lists if one.list == name), None),
        "matcher": screened.matcher,
        "threshold": screened.threshold,
    }


def _last(records: list[Record], like: Record) -> int:
    """The number of the last record, undone or not, on the subject and listed party of another."""
    whose = (like.subject, like.party)
    return next((one.number for one in reversed(records) if (one.subject, one.party) == whose), 0)


def _check(by: str, at: str, reason: str, approved_by: str, approved_at: str) -> None:
    if not by.strip():
        raise InputError("say who decides", path="by")
    if not reason.strip():
        raise InputError("say why", path="reason")
    _check_instant(at, "at")
    if bool(approved_by.strip()) != bool(approved_at):
        raise InputError("who approved and when belong together", path="approved_by", found=approved_by)
    if approved_at:
        _check_instant(approved_at, "approved_at")
        if approved_by.strip().casefold() == by.strip().casefold():
            raise InputError("somebody else has to approve", path="approved_by", found=approved_by)


def _check_instant(text: str, path: str) -> None:
    found: dt.datetime | None = None
    with contextlib.suppress(ValueError):
        found = dt.datetime.fromisoformat(text)
    if found is None or found.tzinfo is None:
        raise InputError("not an instant", path=path, found=text, allowed="2026-11-20T09:30:00+00:00")


def _check_expiry(expires: str, at: str) -> None:
    if not expires:
        raise InputError("a dismissal needs its last day", path="expires", allowed="YYYY-MM-DD")
    check_day(expires, "", 0, "expires")
    if expires < at[:10]:
        raise InputError("it would have expired before it is made", path="expires", found=expires)
