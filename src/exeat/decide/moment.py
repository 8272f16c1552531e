"""The law at one moment: each regime's local time, the day of knowledge, and what stands then."""

from __future__ import annotations

import bisect
import datetime as dt
import zoneinfo
from collections.abc import Collection, Mapping

import msgspec

from exeat.decide.compile import Class, Column, Compiled, Unit
from exeat.decide.logic import FALSE, TRUE, UNKNOWN, test
from exeat.rulebook.condition import Test
from exeat.rulebook.life import (
    Standing,
    moments_of_row,
    moments_of_rule,
    next_day,
    row_stands,
    standing,
)
from exeat.rulebook.model import Book
from exeat.vocabulary.model import NOT_APPLICABLE, Entries, ListedRow, State, Value
from exeat.vocabulary.transaction import Act, Cell

Where = tuple[tuple[str, tuple[str, ...]], ...]
Row2 = tuple[int, int]  # (surely, possibly) over terms
MAX_ROWS = 20_000  # rows kept per period: a batch with endless distinct values must not eat the memory


class Clock(msgspec.Struct, frozen=True):
    """Local time by zone (``YYYY-MM-DDTHH:MM``) and the UTC day of knowledge."""

    local: tuple[tuple[str, str], ...]
    known: str

    def at(self, zone: str) -> str:
        return dict(self.local)[zone]


class Calendar:
    """Every moment at which anything in the book changes, by zone."""

    def __init__(self, book: Book) -> None:
        self.zones = sorted({regime.zone for regime in book.regimes.values()})
        found: dict[str, set[str]] = {zone: set() for zone in self.zones}
        known: set[str] = set()
        for rule in book.rules.values():
            found[book.regimes[rule.regime].zone] |= moments_of_rule(rule)
            known |= {event.recorded for event in rule.life}
        for register in book.registers.values():
            for row in register.rows:
                found[book.zone_of(register.id)] |= moments_of_row(row)
                known |= {row.recorded, row.until_recorded} - {""}
            for period in register.periods:
                until = {f"{next_day(period.until)}T00:00"} if period.until else set()
                found[book.zone_of(register.id)] |= {f"{period.since}T00:00"} | until
                known |= {period.recorded} - {""}
        self.moments = {zone: sorted(moments) for zone, moments in found.items()}
        self.known = sorted(known)
        self._clocks: dict[tuple[Act, str, frozenset[str]], list[Clock]] = {}

    def clocks(self, when: Act, known: str, days: frozenset[str] = frozenset()) -> list[Clock]:
        """One clock if the act's time is exact enough for every regime; else one for each side of each change.

        A day without a zone is the day on each regime's own clock. Regimes are independent, so sides are taken in step.
        ``days`` are those on which what the transaction itself says begins to hold or ends (see `facts.stated_days`).
        """
        made = self._clocks.get((when, known, days))
        if made is None:
            if len(self._clocks) > 4_000:
                self._clocks.clear()
            made = self._clocks[(when, known, days)] = self._make(when, known, days)
        return made

    def _make(self, when: Act, known: str, days: frozenset[str]) -> list[Clock]:
        sides = {zone: self._sides(zone, *local_span(when, zone), days) for zone in self.zones}
        count = max((len(found) for found in sides.values()), default=1)
        return [
            Clock(tuple((zone, found[min(i, len(found) - 1)]) for zone, found in sides.items()), known)
            for i in range(count)
        ]

    def _sides(self, zone: str, begin: str, end: str, days: frozenset[str]) -> list[str]:
        moments = self.moments[zone]
        inside = moments[bisect.bisect_right(moments, begin) : bisect.bisect_left(moments, end)]
        own = {moment for moment in (f"{day}T00:00" for day in days) if begin < moment < end}
        return [begin, *(sorted({*inside, *own}) if own else inside)]

    def key(self, clock: Clock) -> tuple[int, ...]:
        """Clocks with the same key see the same law, but for freshness of screenings."""
        parts = [bisect.bisect_right(self.moments[zone], local) for zone, local in clock.local]
        return (*parts, bisect.bisect_right(self.known, clock.known))


def local_span(when: Act, zone: str) -> tuple[str, str]:
    """The act's first moment and the first moment after it, on a zone's clock."""
    tz = zoneinfo.ZoneInfo(zone)
    if when.at:
        moment = dt.datetime.fromisoformat(when.at)
        return _local(moment, tz), _local(moment + dt.timedelta(minutes=1), tz)
    day = dt.date.fromisoformat(when.on)
    if not when.zone:
        return f"{day}T00:00", f"{day + dt.timedelta(days=1)}T00:00"
    own = zoneinfo.ZoneInfo(when.zone)
    begin = dt.datetime.combine(day, dt.time(), own)
    return _local(begin, tz), _local(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), own), tz)


def _local(moment: dt.datetime, tz: zoneinfo.ZoneInfo) -> str:
    return moment.astimezone(tz).strftime("%Y-%m-%dT%H:%M")


class Period:
    """What is the same for every moment between two changes of the law: standings, and rows made so far."""

    def __init__(self, compiled: Compiled, clock: Clock, without: Collection[str]) -> None:
        self.compiled, self.clock, self.without = compiled, clock, frozenset(without)
        self._local = dict(clock.local)
        self._standings: list[Standing | None] = [None] * len(compiled.units)
        self.rows: dict[tuple[str, Value, bool], Row2] = {}
        self.truths: dict[tuple[int, Value], int] = {}
        self.absent: dict[tuple[str, ...], int] = {}
        self.values: dict[str, list[Class]] = {}  # see `complete`

    def standing(self, number: int) -> Standing:
        """How a unit stands, worked out when first asked."""
        found = self._standings[number]
        if found is None:
            found = self._standings[number] = self._find(self.compiled.units[number])
        return found

    def _find(self, unit: Unit) -> Standing:
        rule = unit.rule
        if rule is None:
            return Standing(True, True, None)
        if (rule.layer and rule.layer in self.without) or rule.id in self.without:
            return Standing(False, False, None)
        zone = self.compiled.book.regimes[rule.regime].zone
        return standing(rule, unit.relieves, self._local[zone], self.clock.known, self.without)


class Moment:
    """The compiled book at one clock. Rows of columns are made when first needed and kept in the period.

    Args:
        compiled: the compiled book.
        clock: the moment.
        period: the period it falls in.
    """

    def __init__(self, compiled: Compiled, clock: Clock, period: Period) -> None:
        self.compiled, self.clock, self.period = compiled, clock, period
        self.book = compiled.book
        self.local = dict(clock.local)
        self.unverified = UNKNOWN  # what a row that nobody has verified makes of membership
        self._strictly: Moment | None = None

    # --- registers, as `logic.Registers` wants them

    def day(self, register: str) -> str:
        return self.local[self.book.zone_of(register)][:10]

    def complete(self, register: str) -> bool:
        day = self.day(register)
        found = self.book.registers[register]
        if any(since <= day and (not until or day <= until) for since, until in found.complete):
            return True
        added = [one for one in found.added if one.recorded <= self.clock.known]
        return any(one.since <= day and (not one.until or day <= one.until) for one in added)

    def row(self, register: str, entry: str, where: Where) -> int:
        best = FALSE
        for row in self.compiled.rows.get((register, entry), ()):
            if row_stands(row, self.day(register), self.clock.known):
                matches = self._matches(register, row.columns, where)
                best = max(best, min(matches, self.unverified) if row.seen == "unverified" else matches)
        return best

    def listed(self, register: str, row: ListedRow, where: Where) -> int:
        """Whether an entry that the caller wrote out stands and meets ``where``.

        Its end counts once the end is past on both clocks: until then nobody could know that it would come.
        """
        day, known = self.day(register), self.clock.known
        if row.recorded > known or day < row.since or (row.until and row.until < min(day, known)):
            return FALSE
        matches = self._matches(register, dict(row.columns), where)
        return matches if row.since else min(matches, UNKNOWN)

    def may_list(self, register: str, value: Entries) -> bool:
        """Whether some entry of the register that is confirmed or open stands, so far as one can tell."""
        prefix = f"{register}/"
        named = [entry for entry in value.entries | value.candidates if entry.startswith(prefix)]
        held = any(self.row(register, entry.removeprefix(prefix), ()) for entry in named)
        return held or any(self.listed(register, row, ()) for row in value.rows if row.entry in named)

    def _matches(self, register: str, cells: Mapping[str, str], where: Where) -> int:
        """Whether a row meets ``where``. A cell that is empty, or coarser than what is asked for, leaves it open."""
        columns = self.book.registers[register].columns
        found = TRUE
        for column, wanted in where:
            kind, _, list_name = columns[column].partition(" ")
            cell = cells.get(column, "")
            codes = cell.split(" ") if kind == "codes" else [cell]
            lists = self.book.vocabulary.lists.get(list_name)
            above = {one for code in codes for one in lists.ancestors(code)} if lists else set(codes)
            if not above.isdisjoint(wanted):
                continue
            coarse = lists is not None and any(one in lists.below(code) for code in codes for one in wanted)
            if cell and not coarse:
                return FALSE
            found = UNKNOWN
        return found

    # --- tests

    def truth(self, atom: Test, value: Value) -> int:
        """The truth of one test of a value, kept for the period (tests live as long as the book: identity will do)."""
        if isinstance(value, Entries) and value.dated:
            return test(atom, value, self.book.vocabulary, self)
        key = (id(atom), value)
        truths = self.period.truths
        found = truths.get(key)
        if found is None:
            if len(truths) > MAX_ROWS:
                truths.clear()
            found = truths[key] = test(atom, value, self.book.vocabulary, self)
        return found

    def exact_truth(self, atom: Test, value: Value) -> int:
        """The same for a code that is meant exactly, none of the finer ones below it."""
        return test(atom, value, self.book.vocabulary, self, True)

    # --- columns

    def signature(self, path: str, value: Value) -> tuple[int, ...]:
        """The truth of each of the column's tests of a value. Only tests that ask a register depend on the moment."""
        if isinstance(value, Entries):
            return self._entries_signature(path, value)
        still = self.compiled.still
        truths = still.get((path, value))
        tests = self.compiled.columns[path].tests
        if truths is None:
            truths = tuple([None if atom.op == "in" else self.plain_truth(atom, value) for atom in tests])
            if len(still) > MAX_ROWS:
                still.clear()
            still[(path, value)] = truths
        if None not in truths:
            return truths  # type: ignore[return-value]
        return tuple([self.plain_truth(a, value) if t is None else t for a, t in zip(tests, truths, strict=True)])

    def _entries_signature(self, path: str, value: Entries) -> tuple[int, ...]:
        """Registers of which no entry is named all say the same of it, whatever they are narrowed to."""
        named = {entry.partition("/")[0] for entry in value.entries | value.candidates}
        empty = Entries(frozenset(), value.none_other)
        absent: dict[str, int] = {}
        truths = []
        for atom in self.compiled.columns[path].tests:
            if atom.register in named:
                truths.append(self.plain_truth(atom, value))
                continue
            if atom.register not in absent:
                absent[atom.register] = self.plain_truth(atom, empty)
            truths.append(absent[atom.register])
        return tuple(truths)

    def plain_truth(self, atom: Test, value: Value) -> int:
        return test(atom, value, self.book.vocabulary, self)

    def exact_signature(self, path: str, value: Value) -> tuple[int, ...]:
        """The same for a code that is meant exactly, none of the finer ones below it."""
        return tuple(
            [test(atom, value, self.book.vocabulary, self, True) for atom in self.compiled.columns[path].tests]
        )

    def verified(self, atom: Test, value: Value) -> int:
        """The truth of a test with unverified register rows left out: what a relief may rest on (design §4b.2)."""
        return test(atom, value, self.book.vocabulary, self._strict())

    def _strict(self) -> Moment:
        """This moment for whom an unverified row is no row. Another object, for threads share this one: were it changed
        for a while, whoever asks meanwhile would take a row that may hold for one that is not there.
        """
        if self._strictly is None:
            strictly = Moment(self.compiled, self.clock, self.period)
            strictly.unverified = FALSE
            self._strictly = strictly
        return self._strictly

    def cell_row(self, cell: Cell, path: str) -> Row2:
        """The terms that a stated fact leaves surely and possibly satisfied."""
        dated = path in self.compiled.dated
        if dated and isinstance(cell.value, Entries) and cell.value.dated:
            return self._make_row(path, cell)  # a screening's freshness depends on the very day
        rows = self.period.rows if dated else self.compiled.undated
        key = (path, cell.value, cell.source == "presumed")
        row = rows.get(key)
        if row is None:
            row = self._make_row(path, cell)
            if len(rows) > MAX_ROWS:
                rows.clear()
            rows[key] = row
        return row

    def _make_row(self, path: str, cell: Cell) -> Row2:
        column = self.compiled.columns[path]
        if isinstance(cell.value, State):
            if cell.value == NOT_APPLICABLE:
                return self.compiled.full & ~column.look, self.compiled.full & ~column.look
            return self.unknown_row(path)
        row = self.signature_row(path, self.signature(path, cell.value))
        row = self._without_unverified(column, cell.value, row)
        if cell.source != "presumed":
            return row
        unknown, claimant = self.unknown_row(path), self.compiled.claimant
        return (row[0] & ~claimant) | (unknown[0] & claimant), (row[1] & ~claimant) | (unknown[1] & claimant)

    def _without_unverified(self, column: Column, value: Value, row: Row2) -> Row2:
        """Take from the terms of reliefs what only an unverified register row would give them."""
        surely, possibly = row
        for atom, wants_true in zip(column.tests, column.wants_true, strict=True):
            relieving = wants_true & self.compiled.relieving
            if relieving and atom.op == "in" and self.verified(atom, value) == FALSE:
                surely &= ~relieving
                possibly &= ~relieving
        return surely, possibly

    def unknown_row(self, path: str) -> Row2:
        return self.compiled.full & ~self.compiled.columns[path].look, self.compiled.full

    def signature_row(self, path: str, signature: tuple[int, ...] | None) -> Row2:
        """The row of a signature; None is *not applicable*: every test false, negated or not."""
        made = self.compiled.made
        row = made.get((path, signature))
        if row is None:
            row = made[(path, signature)] = signature_row(self.compiled, path, signature)
        return row


def signature_row(compiled: Compiled, path: str, signature: tuple[int, ...] | None) -> Row2:
    """The terms that a signature of a column leaves surely and possibly satisfied."""
    column, full = compiled.columns[path], compiled.full
    if signature is None:
        return full & ~column.look, full & ~column.look
    not_surely = not_possibly = 0
    for truth, wants_true, wants_false in zip(signature, column.wants_true, column.wants_false, strict=True):
        if truth != TRUE:
            not_surely |= wants_true
        if truth != FALSE:
            not_surely |= wants_false
        if truth == FALSE:
            not_possibly |= wants_true
        if truth == TRUE:
            not_possibly |= wants_false
    return full & ~not_surely, full & ~not_possibly
