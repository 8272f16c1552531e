"""What reading yields: text with exact offsets, metadata with reasons, times, mentions with evidence.

Offsets are code points into `Text.text`, half open: ``text[span.start:span.end]`` is the quotation.
"""

from __future__ import annotations

import msgspec


class Warning_(msgspec.Struct, frozen=True):  # noqa: N801  not Python's own Warning
    """Something a reader of the result should know: a check that failed, a value that was not safe."""

    rule: str
    what: str


class Span(msgspec.Struct, frozen=True):
    start: int
    end: int


class Evidence(msgspec.Struct, frozen=True):
    """A quotation and where it stands."""

    quote: str
    start: int
    end: int


class Candidate(msgspec.Struct, frozen=True):
    """A value that a field could have: where it was found, by which rule, and its rank (lower is better)."""

    field: str
    value: str
    where: str
    rule: str
    rank: int


class Field(msgspec.Struct, frozen=True):
    """A chosen value; None with the ``reason`` where none is safe. ``conflicts`` are the losers that disagree.
    ``inferred`` is a value that the document does not state."""

    value: str | None
    basis: str = ""
    reason: str = ""
    zone: str = ""
    precision: str = ""
    inferred: str | None = None
    conflicts: tuple[Candidate, ...] = ()


class Metadata(msgspec.Struct, frozen=True):
    """Of the document. Times are ISO 8601, as exact as stated."""

    title: Field
    author: Field
    publisher: Field
    published: Field
    feed_time: Field
    dateline: Field
    url: Field
    language: str
    form: str


class Part(msgspec.Struct, frozen=True):
    """One of several articles run together: its span in the text and its own heading, if any."""

    span: Span
    heading: str = ""


class Text(msgspec.Struct, frozen=True):
    """The main text: paragraphs joined by one newline. ``folded`` has the same length: full width, punctuation and
    Traditional characters folded one to one, so that every offset holds in both. ``excluded`` says what was left out,
    by kind."""

    text: str
    folded: str
    parts: tuple[Part, ...] = ()
    excluded: tuple[tuple[str, int], ...] = ()


class Anchor(msgspec.Struct, frozen=True):
    """A day against which relative expressions count: ISO day, what it is, where it stands (span or -1)."""

    day: str
    kind: str
    start: int = -1


class TimeValue(msgspec.Struct, frozen=True):
    """A time expression: resolved interval ``start``..``end`` (ISO days, months or years; end inclusive; "" is open),
    ``bound`` (on, from, before, until, during, after), ``precision`` (day, month, year, interval, period, vague), and
    why. ``clock`` is the time of day where stated: ``23:59 America/New_York``."""

    text: str
    at: Span
    start: str
    end: str
    bound: str
    precision: str
    basis: str
    anchor: str = ""
    value: str = ""
    not_a_date: bool = False
    clock: str = ""


class Instrument(msgspec.Struct, frozen=True):
    """An instrument as referred to: its name or number as written, a normal form of the number, its id if known."""

    name: str
    number: str = ""
    kind: str = ""
    id: str = ""


class Actor(msgspec.Struct, frozen=True):
    """Who acts or is acted on: as written, our stable id if known, kind, jurisdiction."""

    name: str
    id: str = ""
    kind: str = ""
    jurisdiction: str = ""


class Quantity(msgspec.Struct, frozen=True):
    value: int
    unit: str
    role: str
    text: str
    op: str = "eq"


class Moment(msgspec.Struct, frozen=True):
    """A date slot of a mention: ISO value (day, month, year or interval a/b), as written, bound, precision, basis,
    whether inferred."""

    value: str
    text: str = ""
    bound: str = "on"
    precision: str = "day"
    basis: str = ""
    inferred: bool = False


class Link(msgspec.Struct, frozen=True):
    """The rulebook entry (measure, register or row) that a mention is of, or ``not in the rulebook``; with reasons that
    sum to the score."""

    to: str
    kind: str
    score: float
    reasons: tuple[tuple[str, float], ...] = ()


class Step(msgspec.Struct, frozen=True):
    """Why: a rule that fired, on what, with what effect."""

    rule: str
    span: Span
    effect: str


class Mention(msgspec.Struct, frozen=True):
    """One action x target set x effective date. ``group`` is measure, initiative, proceeding, reaction or context.
    ``proposed``: an outside tool said so, and the document bears it out (see `propose`); None of what the rules
    read."""

    id: str
    group: str
    action: str
    actors: tuple[Actor, ...]
    targets: tuple[Actor, ...]
    status: str
    salience: str
    evidence: tuple[Evidence, ...]
    instrument: Instrument | None = None
    announced: Moment | None = None
    effective: Moment | None = None
    deadline: Moment | None = None
    quantities: tuple[Quantity, ...] = ()
    attributed_to: str = ""
    parent: str = ""
    history: tuple[str, ...] = ()
    link: Link | None = None
    stub: str = ""
    steps: tuple[Step, ...] = ()
    proposed: bool | None = None


class Document(msgspec.Struct, frozen=True):
    """One document read."""

    id: str
    sha256: str
    metadata: Metadata
    text: Text
    mentions: tuple[Mention, ...]
    times: tuple[TimeValue, ...]
    warnings: tuple[Warning_, ...] = ()
