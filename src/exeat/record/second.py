"""Four eyes, and what a reader proposes: both are entries of the record that a second person answers.

Nothing here changes an answer or the law. A conclusion stands as its author's until another agrees; a proposed rule is
text that somebody kept, whatever is said to it.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from exeat.record.entry import Entry, RecordError
from exeat.record.ledger import Case, Confirmed, Record

PATH = "override"  # what a second person confirms of a decision


class Seconded(msgspec.Struct, frozen=True):
    """Somebody agreed with the conclusion that entry ``conclusion`` holds."""

    conclusion: int
    by: str
    at: str
    says: str


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that somebody proposes out of a document. ``accepted`` is None until a second person has answered."""

    n: int = 0
    at: str = ""
    by: str = ""
    document: str
    sha256: str
    mention: str
    headline: str
    quote: str
    stub: str
    link: str
    accepted: bool | None = None
    answered_by: str = ""
    answered_at: str = ""
    reason: str = ""


class _Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """The text of a note that is a proposal or an answer to one."""

    proposal: Proposal | None = None
    answers: int = 0
    accepted: bool = False
    reason: str = ""


def seconded(case: Case) -> tuple[Seconded, ...]:
    """Who agreed with which conclusion of a case; nobody's own word counts."""
    authors = {one.n: one.by for one in case.conclusions}
    found = []
    for entry in case.later:
        if entry.kind == "confirmation" and entry.body is not None:
            found += [
                Seconded(int(fact.element), entry.actor, entry.at, fact.says)
                for fact in msgspec.convert(entry.data().get("facts", []), list[Confirmed])
                if fact.path == PATH
                and fact.element.isdecimal()
                and authors.get(int(fact.element), entry.actor) != entry.actor
            ]
    return tuple(found)


def second(record: Record, case: Case, conclusion: int, reason: str, *, by: str) -> Entry:
    """Agree, as a second person, with a conclusion.

    Raises:
        RecordError: it is no conclusion of this case, it is the same person's, or it has been seconded.
    """
    one = next((found for found in case.conclusions if found.n == conclusion), None)
    if one is None:
        raise RecordError("no such conclusion", path="conclusion", found=str(conclusion))
    if one.by == by:
        raise RecordError("a second person is needed: this conclusion is your own", path="by", found=by)
    if any(found.conclusion == conclusion for found in seconded(case)):
        raise RecordError("somebody has agreed with it already", path="conclusion", found=str(conclusion))
    fact = Confirmed(PATH, one.verdict, str(conclusion), reason)
    return record.confirm(case.summary.n, [fact], by=by)


# --- proposals


def propose(record: Record, proposal: Proposal, *, by: str) -> Entry:
    """Keep a proposed rule.

    Raises:
        RecordError: it could not be recorded.
    """
    return record.note(0, _text(_Note(proposal)), by=by)


def answer(record: Record, n: int, accepted: bool, reason: str, *, by: str) -> Entry:
    """Accept or reject a proposal, as a second person. It is kept, and becomes no law by that.

    Raises:
        RecordError: no such proposal, it is one's own, it was answered, or no reason is given.
    """
    one = next((found for found in proposals(record) if found.n == n), None)
    if one is None:
        raise RecordError("no such proposal", path="proposal", found=str(n))
    if one.by == by:
        raise RecordError("a second person is needed: this proposal is your own", path="by", found=by)
    if one.accepted is not None:
        raise RecordError("it has been answered already", path="proposal", found=str(n))
    if not reason.strip():
        raise RecordError("say why", path="reason")
    return record.note(0, _text(_Note(None, n, accepted, reason)), by=by)


def proposals(record: Record) -> tuple[Proposal, ...]:
    """Every proposal with its answer, the newest first."""
    found: dict[int, Proposal] = {}
    for entry, note in _notes(record):
        if note.proposal is not None:
            found[entry.n] = msgspec.structs.replace(note.proposal, n=entry.n, at=entry.at, by=entry.actor)
        elif note.answers in found and found[note.answers].by != entry.actor:
            found[note.answers] = msgspec.structs.replace(
                found[note.answers],
                accepted=note.accepted,
                answered_by=entry.actor,
                answered_at=entry.at,
                reason=note.reason,
            )
    return tuple(reversed(found.values()))


def _text(note: _Note) -> str:
    return msgspec.json.encode(note).decode()


def _notes(record: Record) -> Iterator[tuple[Entry, _Note]]:
    for entry in record.entries(("note",)):
        text = entry.data().get("text") if entry.body is not None else None
        if isinstance(text, str) and text.startswith("{"):
            try:
                yield entry, msgspec.json.decode(text, type=_Note)
            except msgspec.MsgspecError:  # a note that somebody wrote in braces
                continue
