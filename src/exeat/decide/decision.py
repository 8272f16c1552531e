"""The decision: all that an answer page says, as plain data. Built from an outcome; concludes nothing of its own."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from exeat import __version__
from exeat.decide.level import VERDICT, Level, Range
from exeat.vocabulary.model import Text

EXIT_CODES = {
    "authorised": 0,
    "no_requirement_found": 0,
    "conditions": 10,
    "approval_required": 11,
    "licence_required": 12,
    "prohibited": 13,
    "prohibited_not_enforced": 13,
    "undetermined": 20,
    "out_of_coverage": 21,
    "not_in_effect": 22,
}
EXIT_SEVERITY = (70, 2, 13, 12, 11, 20, 10, 21, 22, 0)  # the severest first, for several files


def severest(codes: list[int]) -> int:
    """The exit code for several decisions."""
    return min(codes, key=EXIT_SEVERITY.index, default=0)


class Cited(msgspec.Struct, frozen=True):
    """A citation, as an answer shows it."""

    ref: str
    pinpoint: str
    url: str
    seen: str


class Status(msgspec.Struct, frozen=True):
    """How a rule stands on the day, and the event that says so."""

    status: str
    since: str = ""
    until: str = ""
    recorded: str = ""
    seen: str = ""
    by: Cited | None = None
    note: str = ""


class ReliefView(msgspec.Struct, frozen=True):
    """An exception or licence that (possibly) takes a rule away."""

    id: str
    title: Text
    leaves: str
    surely: bool
    terms: tuple[Text, ...] = ()
    cite: tuple[Cited, ...] = ()


class Reason(msgspec.Struct, frozen=True):
    """A node of an explanation. ``kind`` is all, any, meets, element, test, or ``some party`` and its like; ``truth``
    is true, false or unknown. A test names its fact (``path``), what it asks (``op``, ``values``, ``register``,
    ``where``; ``negated`` if under a *not*), and what it read: ``value`` with its ``source`` (given, screened,
    classified, confirmed, derived, presumed; "" where nothing was given) and the words it rests on.
    """

    kind: str
    truth: str
    negated: bool = False
    path: str = ""
    op: str = ""
    values: tuple[str, ...] = ()
    register: str = ""
    where: dict[str, tuple[str, ...]] = {}
    name: str = ""
    element: str = ""
    value: Any = None
    source: str = ""
    says: str = ""
    parts: tuple[Reason, ...] = ()


class Finding(msgspec.Struct, frozen=True):
    """One rule's result. ``result`` is applies, undecided, defeated or dormant (of a rule that is asked about by itself
    also does_not); ``where`` names the item, party and place.
    """

    rule: str
    measure: str
    regime: str
    title: Text
    effect: str
    result: str
    floor: str
    ceiling: str
    where: dict[str, str]
    combinations: int
    status: Status
    cite: tuple[Cited, ...]
    seen: str
    reliefs: tuple[ReliefView, ...] = ()
    policy: str = ""
    bound: Text = {}
    note: Text = {}
    next: tuple[Text, ...] = ()
    terms: tuple[Text, ...] = ()
    trace: Reason | None = None


class Gap(msgspec.Struct, frozen=True):
    """Law that this answer did not check."""

    id: str
    title: Text


class Coverage(msgspec.Struct, frozen=True):
    """What a regime's encoding covers, what of it this activity may reach and is not encoded, and until when."""

    covers: Text
    not_covered: tuple[Gap, ...]
    encoded_to: str


class RegimeView(msgspec.Struct, frozen=True):
    """One regime's answer. The lists hold rule ids; the findings say the rest."""

    id: str
    jurisdiction: str
    title: Text
    verdict: str
    floor: str
    ceiling: str
    exact: bool
    duties: tuple[str, ...]
    commitments: tuple[str, ...]
    policy: tuple[str, ...]
    dormant: tuple[str, ...]
    coverage: Coverage


class JurisdictionView(msgspec.Struct, frozen=True):
    """One legal order's answer. ``partial``: bodies of its law that the activity can reach are not encoded."""

    id: str
    title: Text
    touched: str
    verdict: str
    floor: str
    ceiling: str
    partial: bool
    not_checked: tuple[Gap, ...]


class Question(msgspec.Struct, frozen=True):
    """An open fact: the question that asks for it, and the share of its answers that settle the verdict at once."""

    path: str
    element: str
    question: Text
    allowed: str
    share: float


class HorizonView(msgspec.Struct, frozen=True):
    """From the day ``on`` the headline is this, because of these events."""

    on: str
    verdict: str
    floor: str
    ceiling: str
    because: tuple[str, ...]


class ChangeView(msgspec.Struct, frozen=True):
    path: str
    element: str
    before: Any
    after: Any
    among: int


class CounterfactualView(msgspec.Struct, frozen=True):
    """If these choices were different (or these rules were licensed), the headline would be this."""

    changes: tuple[ChangeView, ...]
    licence_for: tuple[str, ...]
    verdict: str
    floor: str
    ceiling: str


class ConflictView(msgspec.Struct, frozen=True):
    kind: str
    required_by: str
    barred_by: str
    token: str
    certain: bool
    cite: tuple[Cited, ...]


class PresumedView(msgspec.Struct, frozen=True):
    path: str
    element: str
    value: str
    cite: str


class Candidate(msgspec.Struct, frozen=True):
    """A listed party that a party may be: somebody must confirm or dismiss it (or, under ``dismissed``, did).

    ``by`` is ``name`` where exeat found the names equal, ``screening`` where the transaction says so; the rest is what
    an entry that the transaction writes out says of itself.
    """

    element: str
    entry: str
    by: str = "name"
    name: str = ""
    since: str = ""
    says: str = ""


class ListedView(msgspec.Struct, frozen=True):
    """A party that is (or, where ``open``, may be) on an official list whose own law is not encoded."""

    element: str
    register: str
    title: Text
    at_most: str
    open: bool
    entries: tuple[str, ...]
    cite: tuple[Cited, ...]


class Checked(msgspec.Struct, frozen=True):
    """What was and what was not checked."""

    checked: tuple[str, ...]
    not_checked: tuple[Gap, ...]
    encoded_to: str


class Decision(msgspec.Struct, frozen=True):
    """The whole answer. See docs/reference/decision.md for each field."""

    id: str
    title: str
    verdict: str
    floor: str
    ceiling: str
    exact: bool
    regimes: tuple[RegimeView, ...]
    jurisdictions: tuple[JurisdictionView, ...]
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    question_sets: tuple[tuple[int, ...], ...]
    horizon: tuple[HorizonView, ...]
    counterfactuals: tuple[CounterfactualView, ...]
    conflicts: tuple[ConflictView, ...]
    presumed: tuple[PresumedView, ...]
    candidates: tuple[Candidate, ...]
    conclusions: tuple[str, ...]
    not_applicable: tuple[str, ...]
    coverage: Checked
    warnings: tuple[Text, ...]
    hypothetical: tuple[str, ...]
    transaction: dict[str, Any]
    on: str
    known: str
    edition: str
    engine: str
    hash: str
    exit_code: int
    strict: bool = False
    overlays: tuple[str, ...] = ()
    dismissed: tuple[Candidate, ...] = ()
    listed: tuple[ListedView, ...] = ()


def verdict_of(found: Range, nothing: str = "no_requirement_found", prohibited: str = "prohibited") -> str:
    """The word for a range: its floor where floor and ceiling agree, else ``undetermined``."""
    if not found.settled:
        return "undetermined"
    if found.floor == Level.NOTHING:
        return nothing
    return prohibited if found.floor == Level.PROHIBITED else VERDICT[found.floor]


def exit_code(verdict: str, covered: bool, hypothetical: bool) -> int:
    """Zero only for a covered, real answer that clears."""
    code = EXIT_CODES[verdict]
    return 21 if code == 0 and (not covered or hypothetical) else code


def decision_hash(parts: dict[str, object]) -> str:
    """SHA-256 of what an answer depends on, in one canonical form."""
    encoder = msgspec.json.Encoder(order="sorted")
    return hashlib.sha256(encoder.encode({**parts, "engine": __version__})).hexdigest()


def decision_id(digest: str) -> str:
    """A short name for people: ``7F3C-21AB``."""
    return f"{digest[:4]}-{digest[4:8]}".upper()
