"""The engine: one compiled book, and the functions that put a transaction to it."""

from __future__ import annotations

import datetime as dt

import msgspec

from exeat.decide import view
from exeat.decide.ask import Questions, questions
from exeat.decide.change import Counterfactual, counterfactuals
from exeat.decide.compile import Compiled, compile_book
from exeat.decide.complete import Completion
from exeat.decide.conflict import conflicts
from exeat.decide.decision import Decision
from exeat.decide.facts import Facts, check_entries, names_of, prepare
from exeat.decide.horizon import Stretch, days_of_change, stretches
from exeat.decide.index import Index
from exeat.decide.interpret import Interpreter
from exeat.decide.level import EFFECT_LEVEL, NOTHING, Level, Range, either, strictest
from exeat.decide.moment import Calendar, Clock, Moment, Period
from exeat.decide.result import Outcome, sides
from exeat.rulebook.model import Book
from exeat.vocabulary.transaction import Act, Transaction

MAX_PERIODS = 512  # law periods kept ready; the shipped law has fewer changes than that in the years people ask about


class Options(msgspec.Struct, frozen=True):
    """How to decide.

    ``known`` is the UTC day of knowledge. ``strict`` turns presumptions into unknowns. ``only`` are regimes; ``without`` are layers
    (courts, suspensions), events or rules left out: both make the answer hypothetical. ``explain`` adds traces,
    ``outlook`` the questions, horizon and counterfactuals.
    """

    known: str
    strict: bool = False
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    explain: bool = True
    outlook: bool = True


class Ruling(msgspec.Struct):
    """An outcome with exact ranges, what makes it so, and the strictest moment's index."""

    outcome: Outcome
    inexact: frozenset[str]
    uncovered: frozenset[str]
    stale: frozenset[str]
    index: Index
    split: bool

    def headline(self) -> Range:
        return strictest([regime.range for regime in self.outcome.regimes.values()])


class Engine:
    """A rulebook made ready to decide. Pure: the same inputs give the same decision; caches only save time."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.compiled: Compiled = compile_book(book)
        self.calendar = Calendar(book)
        self.names = names_of(book)
        self.presumable = [fact for fact in book.vocabulary.facts.values() if fact.presume is not None]
        self.first_recorded = _first_recorded(book)
        self.strictest_effect = _strictest_effect(book)
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
        clocks = self.calendar.clocks(when or transaction.when, options.known)
        return [Index(self.moment(clock, options.without), facts, transaction.licences, only) for clock in clocks]

    def interpreter(self, index: Index) -> Interpreter:
        return Interpreter(index.moment, index.facts, index.licences, index.regimes)

    # --- deciding

    def rule(
        self, transaction: Transaction, options: Options, facts: Facts | None = None, when: Act | None = None
    ) -> Ruling:
        """The ranges of every regime, exact where they can be."""
        facts = facts or self.facts(transaction, options.strict)
        indexes = self.indexes(transaction, facts, options, when)
        outcomes = [index.outcome() for index in indexes]
        inexact: set[str] = set()
        for index, outcome in zip(indexes, outcomes, strict=True):
            for key, regime in outcome.regimes.items():
                if not regime.range.settled:
                    regime.range, exact = Completion(
                        Index(index.moment, facts, index.licences, frozenset((key,))), key
                    ).exact()
                    if not exact:
                        inexact.add(key)
        strict = max(range(len(indexes)), key=lambda i: outcomes[i].headline().ceiling)
        outcome = sides(outcomes)
        uncovered, stale = self._limits(outcome, indexes[0].moment.clock)
        split = len({tuple(r.range for r in one.regimes.values()) for one in outcomes}) > 1
        return Ruling(outcome, frozenset(inexact), uncovered, stale, indexes[strict], split)

    def _limits(self, outcome: Outcome, clock: Clock) -> tuple[frozenset[str], frozenset[str]]:
        """Regimes whose law was not yet known or not encoded then; and those that may have lapsed since they were encoded."""
        uncovered: set[str] = set()
        stale: set[str] = set()
        for key, found in outcome.regimes.items():
            regime, day = self.book.regimes[key], clock.at(self.book.regimes[key].zone)[:10]
            if clock.known < self.first_recorded.get(key, "9999") or day < regime.encoded_from:
                uncovered.add(key)
                found.range = NOTHING
            elif day > regime.encoded_to and regime.review:
                stale.add(key)
                found.range = either([found.range, Range(Level.NOTHING, self.strictest_effect.get(key, Level.NOTHING))])
        return frozenset(uncovered), frozenset(stale)

    def headline(self, transaction: Transaction, options: Options) -> Range:
        """The verdict alone."""
        return self.rule(transaction, options).headline()

    def questions(self, ruling: Ruling) -> Questions:
        return questions(ruling.index)

    def counterfactuals(self, ruling: Ruling) -> tuple[Counterfactual, ...]:
        return counterfactuals(ruling.index, ruling.outcome)

    def horizon(self, transaction: Transaction, options: Options, facts: Facts) -> tuple[Stretch, ...]:
        """The stretches of days over which the headline stays the same."""
        zone = transaction.when.zone

        def on(day: str) -> Ruling:
            return self.rule(transaction, options, facts, Act(on=day, zone=zone))

        return stretches(days_of_change(self, transaction, facts, options), lambda day: on(day).headline())

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


def _first_recorded(book: Book) -> dict[str, str]:
    found: dict[str, str] = {}
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
    return dt.datetime.now(dt.timezone.utc).date().isoformat()
