"""The horizon: the days on which the verdict changes, past and to come."""

from __future__ import annotations

import datetime as dt
import itertools
import zoneinfo
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from exeat.decide.compile import Compiled
from exeat.decide.complete import exact_range
from exeat.decide.facts import Facts, days_of, stated_days
from exeat.decide.index import Index
from exeat.decide.level import NOTHING, Range, either, strictest
from exeat.decide.logic import UNKNOWN
from exeat.decide.moment import MAX_ROWS, Clock, Moment, Period, Row2
from exeat.rulebook.condition import Test
from exeat.rulebook.life import moments_of_row, moments_of_rule, next_day
from exeat.vocabulary.model import ELEMENT_SCOPES, Entries, State, Value
from exeat.vocabulary.transaction import Act, Cell, Transaction

EARLIEST = "1900-01-01"  # registers that were always complete begin in the year 1; no rule is that old

if TYPE_CHECKING:
    from exeat.decide.engine import Engine, Options


class Stretch(msgspec.Struct, frozen=True):
    """From day ``on`` (inclusive; "" is the beginning) the headline is ``range``."""

    on: str
    range: Range


class Timeless(Moment):
    """The book with time taken out: a register test is open, whatever it says on any one day."""

    def __init__(self, compiled: Compiled, clock: Clock, period: Period) -> None:
        super().__init__(compiled, clock, period)
        self._timeless: dict[tuple[str, object, bool], Row2] = {}

    def cell_row(self, cell: Cell, path: str) -> Row2:
        key = (path, cell.value, cell.source == "presumed")
        row = self._timeless.get(key)
        if row is None:
            if len(self._timeless) > MAX_ROWS:
                self._timeless.clear()
            row = self._timeless[key] = self._make_row(path, cell)
        return row

    def plain_truth(self, atom: Test, value: Value) -> int:
        return UNKNOWN if atom.op == "in" else super().plain_truth(atom, value)

    def verified(self, atom: Test, value: Value) -> int:
        return UNKNOWN


def horizon(engine: Engine, transaction: Transaction, facts: Facts, options: Options) -> tuple[Stretch, ...]:
    """The stretches of days over which the headline stays the same.

    Each regime is followed along its own days of change; the headline is the strictest of them.
    """
    index = engine.indexes(transaction, facts, options)[0]
    lines = []
    for play in _plays(engine, index):
        sweep = _Sweep(engine, index, play, options, stated_days(transaction))
        days = days_of_change(engine, transaction, index, play)
        lines.append(stretches(days, partial(sweep.on, transaction.when.zone)))
    return _strictest_line(lines)


class Play(msgspec.Struct, frozen=True):
    """What these facts can meet in one regime on some day: the units that bear on its range, the terms they hang on,
    and the stated facts whose tests ask a register (the only ones whose truth moves with time); ``listed``: whether a
    party may stand on a list whose law is not encoded.
    """

    regime: str
    units: tuple[int, ...]
    terms: int
    timed: tuple[tuple[str, Cell], ...]
    listed: bool = False


class _Sweep:
    """The range of one regime at one moment after another; worked out once for all moments that look the same."""

    def __init__(
        self, engine: Engine, index: Index, play: Play, options: Options, days: frozenset[str] = frozenset()
    ) -> None:
        self.engine, self.index, self.play, self.options = engine, index, play, options
        self.ranges: dict[object, Range] = {}
        self.limited = play.listed or engine.book.regimes[play.regime] in engine.limited
        self.uncovered = engine.limits((play.regime,), [index]).uncovered
        self.days = days
        self.base = index.only(play.regime)
        timed = {path for path, _ in play.timed}
        self.moving = frozenset(
            (scope, i)
            for scope in ("act", *ELEMENT_SCOPES)
            for i in range(1 if scope == "act" else len(index.facts.elements[scope]))
            if timed & index.facts.cells(scope, i).keys()
        )

    def _at(self, moment: Moment) -> Index:
        return self.base.at(moment, self.moving)

    def on(self, zone: str, day: str) -> Range:
        """The regime's range for an act on a day of a zone."""
        moments = self.engine.moments(Act(on=day, zone=zone), self.options, self.days)
        found = either([self._range(moment) for moment in moments])
        if not self.limited:
            return found if self.play.regime not in self.uncovered else NOTHING
        limits = self.engine.limits((self.play.regime,), [self._at(moment) for moment in moments])
        return limits.apply(self.play.regime, found)

    def _range(self, moment: Moment) -> Range:
        play, period, terms = self.play, moment.period, self.play.terms
        standings = tuple([period.standing(number).truth for number in play.units])
        rows = tuple(
            [(row[0] & terms, row[1] & terms) for row in [moment.cell_row(cell, path) for path, cell in play.timed]]
        )
        key = (standings, rows, tuple(moment.local.values()) if self.index.licences else ())
        reached = self.ranges.get(key)
        if reached is None:
            reached = self.ranges[key] = exact_range(self._at(moment), play.regime).range
        return reached


def _plays(engine: Engine, index: Index) -> list[Play]:
    """A play for each regime that these facts can meet, or whose encoding ends somewhere."""
    compiled = engine.compiled
    timeless = engine.timeless or Timeless(compiled, index.moment.clock, index.moment.period)
    engine.timeless = timeless
    hit = Index(timeless, index.facts, index.licences, index.regimes).possible_terms() & compiled.deciding
    stated = [
        (path, cell) for path, cell in _stated(index) if path in compiled.dated and not isinstance(cell.value, State)
    ]
    plays = []
    for regime in engine.book.regimes if index.regimes is None else sorted(index.regimes):
        mine = hit & compiled.regime_terms.get(regime, 0)
        units, terms, rest = set(), mine, mine
        while rest:
            low = rest & -rest
            bit = low.bit_length() - 1
            units.add(compiled.owner[bit])
            terms |= compiled.asks[bit]
            rest ^= low
        listed = any(one.regime == regime for one in index.facts.unencoded)
        limited = listed or engine.book.regimes[regime] in engine.limited
        if listed or (limited and engine.book.regimes[regime].review):
            # what is not encoded, or may have lapsed, counts only where the jurisdiction is touched
            terms |= compiled.with_inner(compiled.regime_terms[""])
        if units or limited:
            timed = tuple([(path, cell) for path, cell in stated if compiled.columns[path].look & terms])
            plays.append(Play(regime, tuple(sorted(units)), terms, timed, listed))
    return plays


def days_of_change(engine: Engine, transaction: Transaction, index: Index, play: Play) -> list[str]:
    """Every day on which something that could bear on the regime's range for these facts changes, in order."""
    regime = engine.book.regimes[play.regime]
    moments: set[tuple[str, str]] = set()  # (zone, moment)
    for number in play.units:
        rule = engine.compiled.units[number].rule
        if rule is not None:
            zone = engine.book.regimes[rule.regime].zone
            moments |= {(zone, moment) for moment in moments_of_rule(rule)}
    moments |= _register_moments(engine, index, play.terms)
    for one in index.facts.unencoded:
        if one.regime == play.regime:
            moments |= _listing_moments(engine, "party.listing", one.listing, one.register)
    ends = {day for one in transaction.licences for day in (one.since, one.until and next_day(one.until))}
    if regime in engine.limited:
        ends |= {regime.encoded_from, next_day(regime.encoded_to), *(one.on for one in regime.review)}
    moments |= {(regime.zone, f"{day}T00:00") for day in ends if day}
    own = transaction.when.zone
    return sorted({day for zone, moment in moments if moment > EARLIEST for day in _days(zone, moment, own)})


def _days(zone: str, moment: str, own: str) -> Iterable[str]:
    """The days of the act that see a moment of a regime: the one it falls in and, unless it opens it, the next."""
    day, clock = moment.split("T")
    if own and own != zone:
        at = dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zoneinfo.ZoneInfo(zone))
        day, clock = at.astimezone(zoneinfo.ZoneInfo(own)).strftime("%Y-%m-%dT%H:%M").split("T")
    return (day,) if clock == "00:00" else (day, next_day(day))


def _register_moments(engine: Engine, index: Index, terms: int) -> set[tuple[str, str]]:
    """Moments at which the rows that the facts name begin or end, registers become complete, screenings grow old."""
    book = engine.book
    stated = list(_stated(index))
    moments: set[tuple[str, str]] = set()
    for column in engine.compiled.columns.values():
        asked = {test.register for test in column.tests if test.op == "in"} if column.look & terms else set()
        for register in asked:
            zone = book.zone_of(register)
            for one in book.registers[register].periods:
                moments |= {(zone, f"{one.since}T00:00")} | (
                    {(zone, f"{next_day(one.until)}T00:00")} if one.until else set()
                )
            for value in [cell.value for path, cell in stated if path == column.path]:
                moments |= _listing_moments(engine, column.path, value, register)
    return moments


def _listing_moments(engine: Engine, path: str, value: object, register: str) -> set[tuple[str, str]]:
    """Moments at which the rows that a value names begin or end, and at which what it says of itself does."""
    zone = engine.book.zone_of(register)
    rows = [
        row for entry in _ids(engine, path, value, register) for row in engine.compiled.rows.get((register, entry), ())
    ]
    own = days_of(value) if isinstance(value, Entries) else set()
    return {(zone, moment) for row in rows for moment in moments_of_row(row)} | {(zone, f"{day}T00:00") for day in own}


def _stated(index: Index) -> Iterable[tuple[str, Cell]]:
    yield from index.facts.act.items()
    for elements in index.facts.elements.values():
        for element in elements:
            yield from element.facts.items()


def _ids(engine: Engine, path: str, value: object, register: str) -> Iterable[str]:
    if isinstance(value, Entries):
        prefix = f"{register}/"
        return [entry.removeprefix(prefix) for entry in value.entries | value.candidates if entry.startswith(prefix)]
    codes = engine.book.vocabulary.lists.get(engine.book.vocabulary.facts[path].of)
    words = value if isinstance(value, frozenset) else (value,) if isinstance(value, str) else ()
    if codes is None:
        return ()
    exact = {finer for word in words for finer in (word, *codes.below(word))}  # a coarse answer may be any finer one
    return {above for word in exact for above in codes.ancestors(word)}


def stretches(days: list[str], headline: Callable[[str], Range]) -> tuple[Stretch, ...]:
    """Merge days with the same range. The first stretch begins before every change; without any it is the only one."""
    first = dt.date.fromisoformat(days[0]) if days else dt.date(2000, 1, 1)
    found = [Stretch("", headline((first - dt.timedelta(days=1)).isoformat()))]
    for day in days:
        reached = headline(day)
        if found[-1].range != reached:
            found.append(Stretch(day, reached))
    return tuple(found)


def _strictest_line(lines: list[tuple[Stretch, ...]]) -> tuple[Stretch, ...]:
    """The headline over time, out of each regime's range over time."""
    now = [NOTHING] * len(lines)
    changes = sorted((one.on, number, one.range) for number, line in enumerate(lines) for one in line)
    found: list[Stretch] = []
    for day, group in itertools.groupby(changes, key=lambda change: change[0]):
        for _, number, reached in group:
            now[number] = reached
        headline = strictest(now)
        if not found or found[-1].range != headline:
            found.append(Stretch(day, headline))
    return tuple(found) or (Stretch("", NOTHING),)
