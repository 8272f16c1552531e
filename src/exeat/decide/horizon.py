"""The horizon: the days on which the verdict changes, past and to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

from exeat.decide.facts import Facts
from exeat.decide.index import Index
from exeat.decide.level import Range
from exeat.decide.logic import UNKNOWN
from exeat.decide.moment import Moment, Row2
from exeat.rulebook.life import moments_of_row, moments_of_rule, next_day
from exeat.vocabulary.model import Entries, Screening
from exeat.vocabulary.transaction import Cell, Transaction

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


def days_of_change(engine: Engine, transaction: Transaction, facts: Facts, options: Options) -> list[str]:
    """Every day on which something that could matter to these facts changes, in order."""
    index = engine.indexes(transaction, facts, options)[0]
    timeless = _Timeless(engine.compiled, index.moment.clock, index.moment.period)
    timeless._timeless = {}
    broad = Index(timeless, facts, transaction.licences, index.regimes)
    moments: set[str] = set()
    hit = _possible_terms(broad)
    for number in {owner for bit, owner in enumerate(engine.compiled.owner) if owner >= 0 and hit >> bit & 1}:
        rule = engine.compiled.units[number].rule
        if rule is not None:
            moments |= moments_of_rule(rule)
    moments |= _register_moments(engine, index)
    for licence in transaction.licences:
        moments |= {f"{day}T00:00" for day in (licence.since, licence.until and next_day(licence.until)) if day}
    zone_less = {day for moment in moments for day in _days(moment) if day > EARLIEST}
    around = {shifted for day in zone_less for shifted in _around(day, bool(transaction.when.zone))}
    return sorted(around)


def _possible_terms(index: Index) -> int:
    possibly = index.base()[1]
    hit = 0
    for group in index.compiled.groups:
        for _, plane in index.combinations(group):
            hit |= possibly & plane[1] & group.terms & index.focus
    return hit


def _days(moment: str) -> Iterable[str]:
    """The day of a moment; a moment within a day makes that day straddle, so the day after changes again."""
    day, clock = moment.split("T")
    if clock == "24:00":
        return (next_day(day),)
    return (day,) if clock == "00:00" else (day, next_day(day))


def _around(day: str, zoned: bool) -> Iterable[str]:
    """With a zone of its own, the act's day overlaps two of the regime's days."""
    if not zoned:
        return (day,)
    one = dt.date.fromisoformat(day)
    return tuple((one + dt.timedelta(days=shift)).isoformat() for shift in (-1, 0, 1))


def _register_moments(engine: Engine, index: Index) -> set[str]:
    """Moments at which the rows that the facts name begin or end, registers become complete, screenings grow old."""
    moments: set[str] = set()
    book = engine.book
    registers = {
        test.register for column in engine.compiled.columns.values() for test in column.tests if test.op == "in"
    }
    for register in registers:
        for since, until in book.registers[register].complete:
            moments |= {f"{since}T00:00"} | ({f"{until}T24:00"} if until else set())
    for path, value in _stated(index):
        column = engine.compiled.columns.get(path)
        for test in column.tests if column else ():
            if test.op != "in":
                continue
            for entry in _ids(engine, path, value, test.register):
                for row in engine.compiled.rows.get((test.register, entry), ()):
                    moments |= moments_of_row(row)
        if isinstance(value, Entries) and isinstance(value.none_other, Screening):
            moments.add(f"{max(value.none_other.as_of, value.none_other.expires)}T24:00")
    return moments


def _stated(index: Index) -> Iterable[tuple[str, object]]:
    yield from ((path, cell.value) for path, cell in index.facts.act.items())
    for elements in index.facts.elements.values():
        for element in elements:
            yield from ((path, cell.value) for path, cell in element.facts.items())


def _ids(engine: Engine, path: str, value: object, register: str) -> Iterable[str]:
    if isinstance(value, Entries):
        prefix = f"{register}/"
        return [entry.removeprefix(prefix) for entry in value.entries | value.candidates if entry.startswith(prefix)]
    codes = engine.book.vocabulary.lists.get(engine.book.vocabulary.facts[path].of)
    words = value if isinstance(value, frozenset) else (value,) if isinstance(value, str) else ()
    return [above for word in words for above in (codes.ancestors(word) if codes else ())]


def stretches(days: list[str], headline: Callable[[str], Range]) -> tuple[Stretch, ...]:
    """Merge days with the same headline. The first stretch begins before every change."""
    found: list[Stretch] = []
    before = (dt.date.fromisoformat(days[0]) - dt.timedelta(days=1)).isoformat() if days else ""
    for day in ([before] if before else []) + days:
        reached = headline(day)
        if not found or found[-1].range != reached:
            found.append(Stretch("" if day == before else day, reached))
    return tuple(found)
