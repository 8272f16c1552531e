"""The engine: one compiled book, and the functions that put a transaction to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

import msgspec

from exeat.decide import view
from exeat.decide.ask import Questions, questions
from exeat.decide.change import Counterfactual, counterfactuals
from exeat.decide.compile import Compiled, compile_book
from exeat.decide.complete import exact_range, exact_ranges
from exeat.decide.conflict import conflicts
from exeat.decide.decision import Decision, Finding, Gap
from exeat.decide.facts import Facts, check_entries, names_of, prepare, presumable, stated_days
from exeat.decide.horizon import Stretch, Timeless, horizon
from exeat.decide.index import Index
from exeat.decide.interpret import Interpreter
from exeat.decide.level import EFFECT_LEVEL, NOTHING, Level, Range, either, strictest
from exeat.decide.moment import Calendar, Clock, Moment, Period
from exeat.decide.result import Outcome, sides
from exeat.rulebook.model import Book
from exeat.vocabulary.transaction import Act, Transaction

MAX_MOMENTS = 4_000  # days asked about that are kept ready
MAX_PERIODS = 512  # law periods kept ready; the shipped law has fewer changes than that in the years people ask about


class Options(msgspec.Struct, frozen=True):
    """How to decide.

    ``known`` is the UTC day of knowledge. ``strict`` turns presumptions into unknowns. ``only`` are regimes;
    ``without`` are layers (courts, suspensions), events or rules left out: both make the answer hypothetical.
    ``explain`` adds traces, ``outlook`` the questions, horizon and counterfactuals.
    """

    known: str
    strict: bool = False
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    explain: bool = True
    outlook: bool = True


class Limits(msgspec.Struct, frozen=True):
    """Where the encoding ends: regimes without an answer, regimes whose answer may have lapsed, and regimes on whose
    lists a party stands (or may stand) while the law of those lists is not encoded.

    The latter two come with the most they can say.
    """

    uncovered: frozenset[str]
    stale: dict[str, Level]
    listed: dict[str, Level]

    @property
    def at_most(self) -> Level:
        """What no change of the facts that rules read can go below."""
        return max([*self.stale.values(), *self.listed.values()], default=Level.NOTHING)

    def apply(self, regime: str, found: Range) -> Range:
        if regime in self.listed:
            found = strictest([found, Range(Level.NOTHING, self.listed[regime])])
        if regime in self.uncovered:
            return NOTHING
        if regime in self.stale:
            return either([found, Range(Level.NOTHING, self.stale[regime])])
        return found


class Ruling(msgspec.Struct):
    """An outcome with exact ranges, and the indexes it was read from: one a side of a change in the act's day."""

    outcome: Outcome
    inexact: frozenset[str]
    limits: Limits
    indexes: list[Index]
    strictest: int
    split: bool

    @property
    def index(self) -> Index:
        """The side with the strictest headline."""
        return self.indexes[self.strictest]

    def headline(self) -> Range:
        return self.outcome.headline()


class Engine:
    """A rulebook made ready to decide. Pure: the same inputs give the same decision; caches only save time."""

    def __init__(self, book: Book) -> None:
        self.compiled: Compiled = compile_book(book)
        self.book = book = self.compiled.book
        self.calendar = Calendar(book)
        self.names = names_of(book)
        self.presumable = presumable(book.vocabulary)
        self.limited = [regime for regime in book.regimes.values() if regime.encoded_from or regime.review]
        self.first_recorded = _first_recorded(book)
        self.strictest_effect = _strictest_effect(book)
        self.timeless: Timeless | None = None  # see `horizon`
        self._unknown: dict[str, frozenset[str]] = {}
        self.coverage: dict[tuple[str, str], tuple[Gap, ...]] = {}  # see `view`
        self._moments: dict[tuple[Act, str, tuple[str, ...], frozenset[str]], list[Moment]] = {}
        self._periods: dict[tuple[tuple[int, ...], frozenset[str]], Period] = {}

    # --- parts

    def moment(self, clock: Clock, without: tuple[str, ...] = ()) -> Moment:
        key = (self.calendar.key(clock), frozenset(without))
        period = self._periods.get(key)
        if period is None:
            period = Period(self.compiled, clock, without)
            if len(self._periods) >= MAX_PERIODS:
                self._periods.clear()
            self._periods[key] = period
        return Moment(self.compiled, clock, period)

    def facts(self, transaction: Transaction, strict: bool = False) -> Facts:
        return prepare(transaction, self.book, self.names, self.presumable, strict)

    def indexes(self, transaction: Transaction, facts: Facts, options: Options, when: Act | None = None) -> list[Index]:
        """The transaction laid over the law, once for each side of a change within the act's day."""
        only = frozenset(options.only) or None
        moments = self.moments(when or transaction.when, options, stated_days(transaction))
        return [Index(moment, facts, transaction.licences, only) for moment in moments]

    def moments(self, when: Act, options: Options, days: frozenset[str] = frozenset()) -> list[Moment]:
        """The law on each side of a change within the act's day; ``days`` are the transaction's own changes."""
        key = (when, options.known, options.without, days)
        found = self._moments.get(key)
        if found is None:
            if len(self._moments) > MAX_MOMENTS:
                self._moments.clear()
            clocks = self.calendar.clocks(when, options.known, days)
            found = self._moments[key] = [self.moment(clock, options.without) for clock in clocks]
        return found

    def interpreter(self, index: Index) -> Interpreter:
        return Interpreter(index.moment, index.facts, index.licences, index.regimes)

    # --- deciding

    def rule(self, transaction: Transaction, options: Options, facts: Facts | None = None) -> Ruling:
        """Every result, and the range of every regime, exact where it can be."""
        facts = facts or self.facts(transaction, options.strict)
        indexes = self.indexes(transaction, facts, options)
        outcomes = [index.outcome() for index in indexes]
        inexact: set[str] = set()
        for index, outcome in zip(indexes, outcomes, strict=True):
            for key, regime in outcome.regimes.items():
                if not regime.range.settled:
                    found = exact_range(index.only(key), key)
                    regime.range = found.range
                    if not found.exact:
                        inexact.add(key)
        strict = max(range(len(indexes)), key=lambda i: outcomes[i].headline().ceiling)
        outcome = sides(outcomes)
        limits = self.limits(outcome.regimes, indexes)
        for key, regime in outcome.regimes.items():
            regime.range = limits.apply(key, regime.range)
        split = len({tuple(r.range for r in one.regimes.values()) for one in outcomes}) > 1
        return Ruling(outcome, frozenset(inexact), limits, indexes, strict, split)

    def reach(self, indexes: list[Index]) -> Range:
        """The headline alone, for an act laid over the law on each side of a change within its day."""
        ranges = [{key: found.range for key, found in exact_ranges(index).items()} for index in indexes]
        first = indexes[0]
        limits = self.limits(self.book.regimes if first.regimes is None else first.regimes, indexes)
        keys = {*limits.stale, *limits.listed}.union(*ranges)
        return strictest([limits.apply(key, either([one.get(key, NOTHING) for one in ranges])) for key in keys])

    def limits(self, keys: Collection[str], indexes: Sequence[Index]) -> Limits:
        """Regimes whose law was not yet known or not encoded then; those that have come up for review since they were
        encoded; and those with a listed party whose list's law is not encoded. The latter two only where the facts may
        touch their jurisdiction.
        """
        first = indexes[0]
        uncovered = self._unknown_at(first.moment.clock.known)
        stale: dict[str, Level] = {}
        for regime in self.limited:
            day = first.moment.local[regime.zone][:10]
            if regime.id not in keys:
                continue
            if day < regime.encoded_from:
                uncovered = uncovered | {regime.id}
            elif (
                day > regime.encoded_to
                and any(one.on <= day for one in regime.review)
                and first.touched(regime.jurisdiction)
            ):
                stale[regime.id] = self.strictest_effect.get(regime.id, Level.NOTHING)
        listed = self._listed(keys, indexes) if first.facts.unencoded else {}
        return Limits(uncovered - listed.keys(), stale, listed)

    def _listed(self, keys: Collection[str], indexes: Sequence[Index]) -> dict[str, Level]:
        """What listings may come to whose law is not encoded, on any side of the act's day."""
        found: dict[str, Level] = {}
        for one in indexes[0].facts.unencoded:
            jurisdiction = self.book.regimes[one.regime].jurisdiction
            if one.regime in keys and any(
                index.touched(jurisdiction) and index.moment.may_list(one.register, one.listing) for index in indexes
            ):
                found[one.regime] = max(found.get(one.regime, Level.NOTHING), EFFECT_LEVEL[one.at_most])
        return found

    def _unknown_at(self, known: str) -> frozenset[str]:
        """Regimes of which nothing had been recorded by a day of knowledge."""
        found = self._unknown.get(known)
        if found is None:
            if len(self._unknown) > MAX_PERIODS:
                self._unknown.clear()
            found = frozenset(key for key in self.book.regimes if known < self.first_recorded.get(key, "9999"))
            self._unknown[known] = found
        return found

    def headline(self, transaction: Transaction, options: Options) -> Range:
        """The verdict alone."""
        return self.reach(self.indexes(transaction, self.facts(transaction, options.strict), options))

    def questions(self, ruling: Ruling) -> Questions:
        return questions(ruling.index)

    def counterfactuals(self, ruling: Ruling) -> tuple[Counterfactual, ...]:
        return counterfactuals(ruling.index, ruling.outcome, ruling.limits.at_most)

    def horizon(self, transaction: Transaction, options: Options, facts: Facts) -> tuple[Stretch, ...]:
        """The stretches of days over which the headline stays the same."""
        return horizon(self, transaction, facts, options)

    def decide(self, transaction: Transaction, options: Options) -> Decision:
        """The whole answer.

        Raises:
            InputErrors: the transaction names a register entry that does not exist.
        """
        check_entries(transaction, self.book)
        facts = self.facts(transaction, options.strict)
        ruling = self.rule(transaction, options, facts)
        asked = self.questions(ruling) if options.outlook else Questions((), ())
        changes = self.counterfactuals(ruling) if options.outlook else ()
        ahead = self.horizon(transaction, options, facts) if options.outlook else ()
        pulls = conflicts(ruling.outcome, self.book, facts)
        return view.decision(self, transaction, options, facts, ruling, asked, changes, ahead, pulls)

    def brief(self, transaction: Transaction, options: Options, asking: bool = False) -> Decision:
        """The answer for those who show no findings: verdicts, ranges, coverage and hash are those of `decide`, and
        findings, what is listed by them, presumptions, conflicts and the outlook are left out. A third less time.

        Args:
            transaction: the transaction.
            options: how to decide.
            asking: with the questions of `decide` all the same, for whoever fills in a form.

        Raises:
            InputErrors: the transaction names a register entry that does not exist.
        """
        check_entries(transaction, self.book)
        facts = self.facts(transaction, options.strict)
        ruling = self.rule(transaction, options, facts)
        asked = self.questions(ruling) if asking else Questions((), ())
        return view.decision(self, transaction, options, facts, ruling, asked, (), (), (), findings=False)

    def finding_of(self, transaction: Transaction, options: Options, rule: str) -> Finding:
        """What one rule or exception comes to, also where it does not apply or nobody had heard of it yet.

        ``only`` is not looked at: the rule's own regime is the one that is asked.

        Raises:
            InputErrors: the transaction names a register entry that does not exist.
        """
        check_entries(transaction, self.book)
        facts = self.facts(transaction, options.strict)
        options = msgspec.structs.replace(options, only=(self.book.rules[rule].regime,))
        return view.finding(self, transaction, options, facts, self.rule(transaction, options, facts), rule)


def _first_recorded(book: Book) -> dict[str, str]:
    """By regime, the first day on which something of it was known; lists carry that day with each entry."""
    found = {register.regime: "" for register in book.registers.values() if register.feed and register.feed.at_most}
    for rule in book.rules.values():
        first = rule.life[0].recorded
        found[rule.regime] = min(found.get(rule.regime, first), first)
    return found


def _strictest_effect(book: Book) -> dict[str, Level]:
    found: dict[str, Level] = {}
    for rule in book.rules.values():
        if rule.decides:
            level = EFFECT_LEVEL[rule.effect]
            found[rule.regime] = max(found.get(rule.regime, Level.NOTHING), level)
    return found


def today() -> str:
    """The UTC day; for faces only, the engine itself never asks."""
    return dt.datetime.now(dt.UTC).date().isoformat()
