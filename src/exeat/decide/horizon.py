"""The horizon: the days on which the verdict changes, past and to come."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

from exeat.decide.facts import Facts
from exeat.decide.index import Index
from exeat.decide.level import Range
from exeat.decide.logic import UNKNOWN
from exeat.decide.moment import Moment, Row2
from exeat.rulebook.life import moments_of_row, moments_of_rule, next_day
from exeat.vocabulary.model import Entries, Screening, State
from exeat.vocabulary.transaction import Act, Cell, Transaction

EARLIEST = "1900-01-01"  # registers that were always complete begin in the year 1; no rule is that old

if TYPE_CHECKING:
    from exeat.decide.engine import Engine, Options


class Stretch(msgspec.Struct, frozen=True):
    """From day ``on`` (inclusive; "" is the beginning) the headline is ``range``."""

    on: str
    range: Range


class _Timeless(Moment):
    """The book with time taken out: a register test can be true if any row of any day would make it so."""

    def cell_row(self, cell: Cell, path: str) -> Row2:
        row = self._timeless.get((path, cell.value))
        if row is None:
            row = self._timeless[(path, cell.value)] = self._make_row(path, cell)
        return row

    _timeless: dict[tuple[str, object], Row2]

    def signature(self, path: str, value: object) -> tuple[int, ...]:
        tests = self.compiled.columns[path].tests
        known = super().signature(path, value)  # type: ignore[arg-type]
        return tuple(UNKNOWN if test.op == "in" else truth for test, truth in zip(tests, known, strict=True))


def horizon(engine: Engine, transaction: Transaction, facts: Facts, options: Options) -> tuple[Stretch, ...]:
    """The stretches of days over which the headline stays the same."""
    index = engine.indexes(transaction, facts, options)[0]
    play = _play(engine, index)
    reached: dict[object, Range] = {}

    def headline(day: str) -> Range:
        when = Act(on=day, zone=transaction.when.zone)
        moments = [engine.moment(clock, options.without) for clock in engine.calendar.clocks(when, options.known)]
        key = tuple([_sight(engine, moment, play) for moment in moments])
        if key not in reached:
            reached[key] = engine.reach(engine.indexes(transaction, facts, options, when))
        return reached[key]

    return stretches(days_of_change(engine, transaction, index, play), headline)


class Play(msgspec.Struct, frozen=True):
    """What these facts can meet on some day: the units that bear on the verdict, the terms they hang on, and the stated facts whose
    tests ask a register (the only ones whose truth moves with time)."""

    units: tuple[int, ...]
    terms: int
    timed: tuple[tuple[str, Cell], ...]
    licensed: bool


def _play(engine: Engine, index: Index) -> Play:
    timeless = _Timeless(engine.compiled, index.moment.clock, index.moment.period)
    timeless._timeless = {}
    broad = Index(timeless, index.facts, index.licences, index.regimes)
    hit = _possible_terms(broad) & engine.compiled.deciding
    owners = {engine.compiled.owner[bit] for bit in range(len(engine.compiled.owner)) if hit >> bit & 1}
    terms = hit
    for bit in range(len(engine.compiled.owner)):
        if hit >> bit & 1:
            terms |= engine.compiled.asks[bit]
    columns = engine.compiled.columns
    asking = {
        path
        for path, column in columns.items()
        if column.look & terms and any(test.op == "in" for test in column.tests)
    }
    timed = tuple(
        [(path, cell) for path, cell in _stated(index) if path in asking and not isinstance(cell.value, State)]
    )
    return Play(tuple(sorted(owners)), terms, timed, bool(index.licences))


def _sight(engine: Engine, moment: Moment, play: Play) -> object:
    """All that the headline of these facts can depend on at a moment: how the units in play stand, what registers say of the
    facts, where the encoding ends, and, if licences are held, the days."""
    terms, period, local = play.terms, moment.period, moment.local
    standings = tuple([period.standing(number).truth for number in play.units])
    rows = tuple(
        [(row[0] & terms, row[1] & terms) for row in [moment.cell_row(cell, path) for path, cell in play.timed]]
    )
    limits = tuple([(day := local[r.zone][:10]) < r.encoded_from or day > r.encoded_to for r in engine.limited])
    return standings, rows, limits, tuple(local.values()) if play.licensed else ()


def days_of_change(engine: Engine, transaction: Transaction, index: Index, play: Play) -> list[str]:
    """Every day on which something that could bear on the verdict of these facts changes, in order."""
    moments: set[tuple[str, str]] = set()  # (zone, moment)
    for number in play.units:
        rule = engine.compiled.units[number].rule
        if rule is not None:
            zone = engine.book.regimes[rule.regime].zone
            moments |= {(zone, moment) for moment in moments_of_rule(rule)}
    moments |= _register_moments(engine, index, play)
    for licence in transaction.licences:
        ends = [day for day in (licence.since, licence.until and next_day(licence.until)) if day]
        moments |= {(zone, f"{day}T00:00") for zone in engine.calendar.zones for day in ends}
    for regime in engine.limited:
        ends = [day for day in (regime.encoded_from, next_day(regime.encoded_to)) if day]
        moments |= {(regime.zone, f"{day}T00:00") for day in ends}
    own = transaction.when.zone
    return sorted({day for zone, moment in moments if moment > EARLIEST for day in _days(zone, moment, own)})


def _possible_terms(index: Index) -> int:
    possibly = index.base()[1]
    hit = 0
    for group in index.compiled.groups:
        for _, plane in index.combinations(group):
            hit |= possibly & plane[1] & group.terms & index.focus
    return hit


def _days(zone: str, moment: str, own: str) -> Iterable[str]:
    """The days of the act that see a moment of a regime: the one it falls in, and, unless it opens that day, the next."""
    day, clock = moment.split("T")
    if clock == "24:00":
        day, clock = next_day(day), "00:00"
    if own and own != zone:
        at = dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zoneinfo.ZoneInfo(zone))
        day, clock = at.astimezone(zoneinfo.ZoneInfo(own)).strftime("%Y-%m-%dT%H:%M").split("T")
    return (day,) if clock == "00:00" else (day, next_day(day))


def _register_moments(engine: Engine, index: Index, play: Play) -> set[tuple[str, str]]:
    """Moments at which the rows that the facts name begin or end, registers become complete, screenings grow old."""
    book = engine.book
    stated = list(_stated(index))
    moments: set[tuple[str, str]] = set()
    for column in engine.compiled.columns.values():
        asked = {test.register for test in column.tests if test.op == "in"} if column.look & play.terms else set()
        for register in asked:
            zone = book.zone_of(register)
            for since, until in book.registers[register].complete:
                moments |= {(zone, f"{since}T00:00")} | ({(zone, f"{until}T24:00")} if until else set())
            for value in [cell.value for path, cell in stated if path == column.path]:
                for entry in _ids(engine, column.path, value, register):
                    for row in engine.compiled.rows.get((register, entry), ()):
                        moments |= {(zone, moment) for moment in moments_of_row(row)}
                if isinstance(value, Entries) and isinstance(value.none_other, Screening):
                    moments.add((zone, f"{max(value.none_other.as_of, value.none_other.expires)}T24:00"))
    return moments


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
    return [above for word in words for above in (codes.ancestors(word) if codes else ())]


def stretches(days: list[str], headline: Callable[[str], Range]) -> tuple[Stretch, ...]:
    """Merge days with the same headline. The first stretch begins before every change; without changes it is the only one."""
    first = dt.date.fromisoformat(days[0]) if days else dt.date(2000, 1, 1)
    found = [Stretch("", headline((first - dt.timedelta(days=1)).isoformat()))]
    for day in days:
        reached = headline(day)
        if found[-1].range != reached:
            found.append(Stretch(day, reached))
    return tuple(found)
