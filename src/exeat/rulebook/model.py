"""The words of the law files as data: sources, events, rules, measures, regimes, jurisdictions, registers, the book."""

from __future__ import annotations

import msgspec

from exeat.rulebook.condition import Condition, Every, Some, Test, walk
from exeat.vocabulary.model import Text, Vocabulary

SEEN = ("primary", "secondary", "unverified")
DECIDING = ("conditions", "approval_required", "licence_required", "prohibited")  # mildest first
REPORTED = ("duty_to_act", "commitment", "policy", "power")
EFFECTS = (*DECIDING, *REPORTED)
RELIEFS = ("exempt", "authorised", "conditions")
POLICIES = (
    "presumption_of_denial",
    "policy_of_denial",
    "case_by_case",
    "presumption_of_approval",
    "human_rights_review",
    "other",
)
STATUSES = (
    "announced",
    "in force",
    "deferred",
    "stayed",
    "suspended",
    "enjoined",
    "superseded",
    "revoked",
    "expired",
    "void",
    "not enforced",
    "unverified after",
)
LAYERS = ("courts", "suspensions")
COURT_STATUSES = ("enjoined", "stayed", "void")  # the layer of an event that names none
SUSPENSION_STATUSES = ("suspended", "deferred", "not enforced")


class Source(msgspec.Struct, frozen=True):
    """Where the law stands written, and how much of it whoever encoded it has seen."""

    key: str
    ref: str
    url: str
    seen: str
    note: str = ""


class Citation(msgspec.Struct, frozen=True):
    """A source and the place in it."""

    source: str
    pinpoint: str = ""


class Event(msgspec.Struct, frozen=True):
    """One thing that happened to a rule. ``since``/``until`` are days (both included), ``at`` a clock time on
    ``since``.
    """

    since: str
    status: str
    by: Citation
    recorded: str
    seen: str
    until: str = ""
    at: str = ""
    id: str = ""
    layer: str = ""
    note: str = ""


class Rule(msgspec.Struct, frozen=True):
    """One provision. A rule with ``defeats`` is an exception and has a ``relief`` in place of an ``effect``."""

    id: str
    measure: str
    regime: str
    title: Text
    when: Condition
    cite: tuple[Citation, ...]
    seen: str
    life: tuple[Event, ...]
    file: str
    line: int
    effect: str = ""
    defeats: tuple[str, ...] = ()
    relief: str = ""
    burden_claimant: bool = False
    layer: str = ""
    policy: str = ""
    policy_for: tuple[str, ...] = ()
    licensable: bool = False
    bound: Text = {}
    note: Text = {}
    next: tuple[Text, ...] = ()
    terms: tuple[Text, ...] = ()
    requires: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()

    @property
    def decides(self) -> bool:
        return self.effect in DECIDING


class Measure(msgspec.Struct, frozen=True):
    """One instrument of a regime."""

    id: str
    regime: str
    title: Text
    authority: Text
    kind: str
    sources: dict[str, Source]
    rules: tuple[str, ...]
    file: str


class Gap(msgspec.Struct, frozen=True):
    """Law that is not encoded, and the activities it can reach."""

    id: str
    title: Text
    reach: tuple[str, ...]


class Review(msgspec.Struct, frozen=True):
    """A known sunset or review after the day the regime is encoded to."""

    on: str
    what: Text


class Regime(msgspec.Struct, frozen=True):
    """A body of law under one authority, with its coverage statement."""

    id: str
    jurisdiction: str
    title: Text
    authority: Text
    zone: str
    binding: bool
    encoded_from: str
    encoded_to: str
    review: tuple[Review, ...]
    covers: Text
    gaps: tuple[Gap, ...]
    file: str


class Jurisdiction(msgspec.Struct, frozen=True):
    """A legal order: when a transaction touches it, and which of its bodies of law are not encoded."""

    id: str
    title: Text
    touched: Condition
    gaps: tuple[Gap, ...]
    file: str


class Row(msgspec.Struct, frozen=True):
    """One row of a register, with its period in law and in knowledge. ``until`` is the last day; "" is open."""

    id: str
    since: str
    until: str
    recorded: str
    until_recorded: str
    cite: Citation
    seen: str
    columns: dict[str, str]
    aliases: tuple[str, ...] = ()


class Period(msgspec.Struct, frozen=True):
    """Days for which an overlay says that nothing is missing from a register; ``recorded`` is when that was known."""

    since: str
    until: str
    recorded: str


class Reading(msgspec.Struct, frozen=True):
    """How a column is read off an official list: which field of the listing (see `exeat.screen.model`), and the whole
    phrases (regular expressions, case aside) that mean each code. A phrase that means none leaves the cell empty: open.
    """

    field: str
    says: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Feed(msgspec.Struct, frozen=True):
    """The official list whose entries a register takes from whoever writes them out.

    ``at_most`` is what being listed may come to where no rule of the book tests the register: the list's own law is not
    encoded then, and a listing raises the ceiling of its regime to this.
    """

    list: str
    columns: dict[str, Reading] = {}
    at_most: str = ""


class Register(msgspec.Struct, frozen=True):
    """A dated table of the law. ``complete`` are the periods (since, until) for which nothing is missing."""

    id: str
    regime: str
    title: Text
    of: str
    complete: tuple[tuple[str, str], ...]
    columns: dict[str, str]
    sources: dict[str, Source]
    rows: tuple[Row, ...]
    file: str
    added: tuple[Period, ...] = ()
    feed: Feed | None = None

    def holds(self, key: str) -> bool:
        """Whether a row of its own has this id."""
        return any(row.id == key for row in self.rows)

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every period of completeness; those of the register itself have always been known."""
        return (*(Period(since, until, "") for since, until in self.complete), *self.added)


class Part(msgspec.Struct, frozen=True):
    """A part of an official text: the lines that open it, what class its entries are of, the end of their codes."""

    headings: tuple[str, ...]
    means: str
    ends: str


class Versions(msgspec.Struct, frozen=True):
    """The register that tells the versions of an official text, and its columns of counts by class."""

    register: str
    where: dict[str, str]
    counts: dict[str, str]


class Importer(msgspec.Struct, frozen=True):
    """The shape of an official text, and the register that its entries fill.

    ``labels`` are what the text calls the parts of an entry (see `importer.LABELS`), ``code`` the shape of a code (9 is
    a digit, A a capital letter, all else itself). ``entry`` and ``point`` say which columns take what; ``constant`` is
    the same in each row.
    """

    id: str
    title: Text
    register: str
    labels: dict[str, tuple[str, ...]]
    parts: tuple[Part, ...]
    headings: tuple[str, ...]
    page_words: tuple[str, ...]
    code: str
    entry: dict[str, str]
    point: dict[str, str]
    constant: dict[str, str]
    versions: Versions | None
    file: str


class Case(msgspec.Struct, frozen=True):
    """A transaction with the outcome that the primary text demands. ``transaction`` is a document as plain data."""

    id: str
    measure: str
    regime: str
    transaction: dict[str, object]
    expect: dict[str, object]
    file: str
    line: int
    known: str = ""
    strict: bool = False
    without: tuple[str, ...] = ()


class Book(msgspec.Struct):
    """The whole rulebook: vocabulary, regimes, measures, rules in order, registers, jurisdictions."""

    edition: str
    encoded_to: str
    vocabulary: Vocabulary
    jurisdictions: dict[str, Jurisdiction]
    regimes: dict[str, Regime]
    measures: dict[str, Measure]
    rules: dict[str, Rule]
    registers: dict[str, Register]
    hash: str = ""
    overlays: tuple[str, ...] = ()
    importers: dict[str, Importer] = {}

    def source(self, rule: Rule, citation: Citation) -> Source:
        """The source that a rule's citation names."""
        return self.measures[rule.measure].sources[citation.source]

    def layers(self) -> list[str]:
        """What may be left out of an answer: the layers, and single events and rules by id."""
        events = {event.id for rule in self.rules.values() for event in rule.life if event.id}
        return [*LAYERS, *sorted(events), *self.rules]

    def zone_of(self, register: str) -> str:
        return self.regimes[self.registers[register].regime].zone


def tests_of(condition: Condition) -> list[Test]:
    """Every test in a condition, quantified ones included."""
    return [node for node in walk(condition) if isinstance(node, Test)]


def quantifiers_of(condition: Condition) -> list[Some | Every]:
    return [node for node in walk(condition) if isinstance(node, (Some, Every))]
