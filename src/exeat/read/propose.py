"""Mentions that an outside tool proposes, taken only where the document itself bears them out.

A proposal file is JSON in the shape that ``exeat read --json`` writes: one object (or one a line, or a list) with
``sha256`` or ``id`` of the document and its ``mentions``. A proposal is taken if every quotation stands exactly where
it says, every code is in the codebook, every name and number stands in the text, and every day is one that the
document's own expressions of time come to. Whatever else it holds (links, histories, drafts) is not read. What is taken
is marked ``proposed``, is linked alone, and changes nothing that the rules found; what is refused is told with the
reason. A file is data: nothing in it is run, opened or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

from exeat.errors import InputError
from exeat.read import anchors as anchoring
from exeat.read.fold import CONTROL, DATA, HIDDEN, fold
from exeat.read.link import Ledger
from exeat.read.model import (
    Actor,
    Document,
    Evidence,
    Instrument,
    Mention,
    Moment,
    Quantity,
    Span,
    Step,
    Warning_,
)
from exeat.vocabulary.reader import Map, read_file

MAX_BYTES = 8 * 1024 * 1024
MAX_MENTIONS = 200  # proposals for one document; the densest annotated one has 17
RULE = "proposal"  # of the warnings that tell what was refused
_BOUNDS = ("on", "from", "before", "until", "during", "after")
_OPS = ("eq", "gt", "ge", "lt", "le", "approx")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}\Z")  # ids and kinds are words, not texts


class _Quote(msgspec.Struct):
    quote: str
    start: int
    end: int


class _Who(msgspec.Struct):
    name: str
    id: str = ""
    kind: str = ""
    jurisdiction: str = ""


class _When(msgspec.Struct):
    value: str | None = None
    text: str | None = ""
    bound: str = "on"


class _Which(msgspec.Struct):
    name: str | None = ""
    number: str | None = ""
    kind: str | None = ""
    id: str | None = ""


class _Count(msgspec.Struct):
    value: int
    unit: str = ""
    role: str = ""
    text: str = ""
    op: str = "eq"


class _Proposal(msgspec.Struct):
    """A mention as proposed. Fields that are not named here are not read."""

    group: str
    action: str
    status: str
    evidence: list[_Quote]
    salience: str = "secondary"
    id: str = ""
    actors: list[_Who] = []
    targets: list[_Who] = []
    instrument: _Which | None = None
    announced: _When | None = None
    effective: _When | None = None
    deadline: _When | None = None
    quantities: list[_Count] = []
    attributed_to: str = ""


class _About(msgspec.Struct):
    sha256: str = ""
    id: str = ""


class _Set(msgspec.Struct):
    """The proposals for one document, each still raw: one that has another shape must not cost the others."""

    mentions: list[msgspec.Raw]
    sha256: str = ""
    id: str = ""
    doc: _About | None = None


class Proposals(msgspec.Struct, frozen=True):
    """What a file proposes for one document, named by its hash or id."""

    file: str
    sha256: str
    id: str
    mentions: tuple[msgspec.Raw, ...]


class _Refusal(Exception):  # noqa: N818  no error of the program: a reason that is told
    """Why a proposal is not taken."""


# --- reading the file


def load(path: str | Path) -> list[Proposals]:
    """The proposals in a file.

    Raises:
        InputError: it cannot be read, is too large, or is not JSON of this shape.
    """
    file = Path(path)
    try:
        if not file.is_file():
            raise InputError("not a file" if file.exists() else "no such file", file=str(path))
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", file=str(path)) from None
    if len(raw) > MAX_BYTES:
        raise InputError("the proposals are too large", file=str(path), allowed=f"{MAX_BYTES} bytes")
    return [_named(one, str(path)) for one in _sets(raw, str(path))]


def _sets(raw: bytes, file: str) -> list[_Set]:
    try:
        if raw.lstrip()[:1] == b"[":
            return msgspec.json.decode(raw, type=list[_Set])
        try:
            return [msgspec.json.decode(raw, type=_Set)]
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:  # one a line, as `exeat read --json` writes them
            lines = [line for line in raw.splitlines() if line.strip()]
            return [msgspec.json.decode(line, type=_Set) for line in lines or [raw]]
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise InputError(
            f"not proposals: {error}", file=file, allowed="an object with `sha256` or `id`, and `mentions`"
        ) from None


def _named(one: _Set, file: str) -> Proposals:
    about = one.doc or _About()
    return Proposals(file, one.sha256 or about.sha256, one.id or about.id, tuple(one.mentions))


# --- taking and refusing


def propose(
    documents: Sequence[Document], proposals: Iterable[Proposals], ledger: Ledger | None = None
) -> tuple[list[Document], list[InputError]]:
    """The documents with the proposals that they bear out, and errors for proposals that are for none of them."""
    found = list(documents)
    errors: list[InputError] = []
    for one in proposals:
        places = _places(one, found)
        if len(places) == 1:
            found[places[0]] = _taken(found[places[0]], one, ledger)
        else:
            why = "was not read" if not places else "cannot be told from others; name its `id`"
            errors.append(InputError(f"proposals for a document that {why}", file=one.file, found=one.sha256 or one.id))
    return found, errors


def _places(one: Proposals, documents: Sequence[Document]) -> list[int]:
    """The documents that are meant: by hash, where several share it (the items of a feed) also by id; by id; or the
    only one, where neither is given."""
    every = range(len(documents))
    if one.sha256:
        found = [index for index in every if documents[index].sha256 == one.sha256]
        return found if len(found) < 2 else [index for index in found if documents[index].id == one.id] or found
    return [index for index in every if documents[index].id == one.id] if one.id else list(every)


def _taken(document: Document, proposals: Proposals, ledger: Ledger | None) -> Document:
    taken: list[Mention] = []
    warnings: list[Warning_] = []
    days = _days_of(document)
    have = sum(bool(one.proposed) for one in document.mentions)
    for number, raw in enumerate(proposals.mentions[:MAX_MENTIONS], start=have + 1):
        key = f"p{number}"
        try:
            told = _decoded(raw)
            mention = _checked(told, key, document, days)
            same = next((one for one in (*document.mentions, *taken) if _same(one, mention)), None)
            if same is not None:
                raise _Refusal(f"it is {same.id} already")
            taken.append(mention)
        except _Refusal as why:
            warnings.append(Warning_(RULE, f"{key} refused: {why}"))
    if len(proposals.mentions) > MAX_MENTIONS:
        rest = len(proposals.mentions) - MAX_MENTIONS
        warnings.append(Warning_(RULE, f"{rest} refused: more than {MAX_MENTIONS} for one document"))
    if ledger is not None:
        taken = [ledger.link([one])[0] for one in taken]  # each alone: a proposal lends no other its link
    return msgspec.structs.replace(
        document,
        mentions=(*document.mentions, *taken),
        warnings=tuple(dict.fromkeys((*document.warnings, *warnings))),
    )


def _decoded(raw: msgspec.Raw) -> _Proposal:
    """Raises:
    _Refusal: it has another shape."""
    try:
        return msgspec.json.decode(raw, type=_Proposal)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise _Refusal(f"not a mention: {error}") from None


def _same(one: Mention, other: Mention) -> bool:
    """Whether two mentions are one act told at one place."""
    if one.action != other.action:
        return False
    mine, yours = ({target.id or target.name for target in which.targets} for which in (one, other))
    if mine != yours and not mine & yours:
        return False
    return any(a.start < b.end and b.start < a.end for a in one.evidence for b in other.evidence)


# --- the checks


@cache
def codes() -> Mapping[str, frozenset[str]]:
    """The codes of the codebook, by kind.

    Raises:
        InputError: the data file is damaged.
    """
    node = read_file(DATA / "codebook.yaml")
    parts = node.items() if isinstance(node, Map) else ()
    return {str(part): frozenset(map(str, found)) for part, found in parts}


def _checked(told: _Proposal, key: str, document: Document, days: Mapping[str, str]) -> Mention:
    """The proposal as a mention.

    Raises:
        _Refusal: the document does not bear it out.
    """
    known = codes()
    for kind, code in (
        ("groups", told.group),
        ("actions", told.action),
        ("statuses", told.status),
        ("saliences", told.salience),
    ):
        if code not in known[kind]:
            raise _Refusal(f"{code[:40]!r} is no code of the codebook's {kind}")
    text = document.text.text
    evidence = _evidence(told.evidence, text)
    instrument = _instrument(told.instrument, document)
    announced, effective, deadline = (
        _moment(one, document, days) for one in (told.announced, told.effective, told.deadline)
    )
    who = told.attributed_to
    if who:
        _stands(who, document, "the source")
    first = evidence[0]
    return Mention(
        key,
        told.group,
        told.action,
        tuple(_actor(one, document) for one in told.actors),
        tuple(_actor(one, document) for one in told.targets),
        told.status,
        told.salience,
        evidence,
        instrument,
        announced,
        effective,
        deadline,
        quantities=tuple(_count(one, document) for one in told.quantities),
        attributed_to=who,
        steps=(Step("proposed", Span(first.start, first.end), "taken: quotations, codes, names and days hold"),),
        proposed=True,
    )


def _evidence(told: Sequence[_Quote], text: str) -> tuple[Evidence, ...]:
    """Raises:
    _Refusal: there is none, or a quotation does not stand where it says."""
    if not told or len(told) > 20:
        raise _Refusal("it has no evidence" if not told else "it has more than 20 pieces of evidence")
    for one in told:
        if not 0 <= one.start < one.end <= len(text) or text[one.start : one.end] != one.quote:
            raise _Refusal(f"the quotation at {one.start}-{one.end} is not in the text there")
        if not one.quote.strip():
            raise _Refusal(f"the quotation at {one.start}-{one.end} is empty")
    return tuple(Evidence(one.quote, one.start, one.end) for one in told)


def _stands(name: str, document: Document, what: str) -> None:
    """Raises:
    _Refusal: the text does not hold the name."""
    shown = CONTROL.sub("", HIDDEN.sub("", name))[:40]
    if not name.strip() or len(name) > 300 or fold(name).casefold() not in document.text.folded.casefold():
        raise _Refusal(f"{what} {shown!r} is not in the text")


def _actor(told: _Who, document: Document) -> Actor:
    _stands(told.name, document, "the name")
    for code in (told.id, told.kind, told.jurisdiction):
        if code and not _CODE.match(code):
            raise _Refusal(f"{code[:40]!r} is no id")
    return Actor(told.name, told.id, told.kind, told.jurisdiction)


def _instrument(told: _Which | None, document: Document) -> Instrument | None:
    """An instrument as named: its number, in whatever form, must be one of the text's."""
    if told is None or not (told.name or told.number):
        return None
    name, number, kind, key = (part or "" for part in (told.name, told.number, told.kind, told.id))
    if name:
        _stands(name, document, "the instrument")
    if number:
        digits = re.findall(r"\d+", fold(number))
        in_text = all(re.search(rf"(?<!\d){one}(?!\d)", document.text.folded) for one in digits)
        if not digits or len(number) > 80 or not in_text:
            raise _Refusal(f"the number {number[:40]!r} is not in the text")
    for code in (kind, key):
        if code and not _CODE.match(code):
            raise _Refusal(f"{code[:40]!r} is no id")
    return Instrument(name, number, kind, key)


def _count(told: _Count, document: Document) -> Quantity:
    _stands(told.text, document, "the quantity")
    if told.op not in _OPS or (told.unit and len(told.unit) > 20) or (told.role and not _CODE.match(told.role)):
        raise _Refusal(f"the quantity {told.text[:40]!r} has a unit, role or comparison that is none")
    return Quantity(told.value, told.unit, told.role, told.text, told.op)


def _days_of(document: Document) -> dict[str, str]:
    """Every value that the document's expressions of time and its own days come to, with how it is written or what it
    is."""
    found = {
        value: one.text
        for one in document.times
        if not one.not_a_date
        for value in (one.value, one.start, one.end, f"{one.start}/{one.end}")
        if value.strip("/")
    }
    for anchor in anchoring.anchors(document.metadata, document.text):
        found.setdefault(anchor.day, "")
    return found


def _moment(told: _When | None, document: Document, days: Mapping[str, str]) -> Moment | None:
    """A day: what is written must come to it; where nothing is written it must be a day that the document gives.

    Raises:
        _Refusal: it does not.
    """
    if told is None or not (told.value or told.text):
        return None
    value, written = told.value or "", told.text or ""
    if told.bound not in _BOUNDS:
        raise _Refusal(f"{told.bound[:20]!r} is no bound of a day")
    if not written:
        if value not in days:
            raise _Refusal(f"the day {value[:30]!r} is none that the document gives")
        how = "interval" if "/" in value else {4: "year", 7: "month"}.get(len(value), "day")
        return Moment(value, "", told.bound, how, "proposed; a day that the document gives", True)
    _stands(written, document, "the expression of time")
    met = [
        one for one in document.times if not one.not_a_date and _overlaps(one.at, fold(written), document.text.folded)
    ]
    for one in met:
        if value in (one.value, one.start, one.end, f"{one.start}/{one.end}"):
            return Moment(value, written, told.bound, one.precision, f"proposed; the text's own: {one.basis}")
    come = ", ".join(sorted({one.value or one.start or one.end for one in met} - {""})[:3]) or "no day"
    raise _Refusal(f"{written[:40]!r} comes to {come}, not to {value[:30] or 'none'}")


def _overlaps(at: Span, written: str, folded: str) -> bool:
    """Whether an expression of time lies at a place where these words stand."""
    first = max(0, at.start - len(written))
    place = folded.find(written, first, at.end + len(written))
    while place >= 0:
        if place < at.end and at.start < place + len(written):
            return True
        place = folded.find(written, place + 1, at.end + len(written))
    return False
