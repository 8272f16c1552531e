"""Exact completion: what every way of filling in the unknown facts comes to.

Kleene logic can leave open what all completions settle (a destination that needs a licence whether or not it is in some
group). Here the unknown facts that still matter are tried out, class by class, branch and bound, up to `MAX_TRIALS`
evaluations; beyond it the Kleene range stands, which is never narrower than the truth.

Elements that may not exist (open lists) stay unknown, as do facts nobody can enumerate.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Collection
from decimal import Decimal

import msgspec

from exeat.decide.compile import Class, Column, Compiled
from exeat.decide.index import Index, Slot
from exeat.decide.level import NOTHING, Level, Range
from exeat.decide.logic import FALSE, TRUE, UNKNOWN
from exeat.decide.moment import Moment, Row2
from exeat.vocabulary.model import ELEMENT_SCOPES, NOT_APPLICABLE, CodeList, Value

MAX_TRIALS = 240  # evaluations per bound; with 0.05 ms each this keeps the slowest decisions near 20 ms
MAX_FINER = 2_000  # combinations of finer codes tried for a set of coarse ones
MAX_SETS = 256  # classes of sets of codes that are tried
MAX_KEPT = 4_000  # ways of settling open tests that are kept ready
MAX_OPEN_TESTS = 10  # undecided register tests of one fact that are tried in combination (2^10 rows)

Signature = tuple[int, ...] | None


class Choice(msgspec.Struct, frozen=True):
    """Values of a fact that the open terms cannot tell apart: a representative (None: a membership nobody can name),
    how many values it stands for, and the row they make.
    """

    value: Value | None
    row: Row2
    count: int = 1


def open_terms(index: Index) -> int:
    """The terms that are possibly but not surely satisfied, with the inner terms they hang on."""
    surely, possibly = index.base(index.focus)
    need = 0
    for group in index.compiled.groups:
        terms = group.terms & index.focus
        if not possibly & terms:
            continue
        for _, plane in index.combinations(group):
            need |= possibly & plane[1] & terms & ~(surely & plane[0])
    inner, rest = 0, need
    while rest:
        low = rest & -rest
        inner |= index.compiled.asks[low.bit_length() - 1]
        rest ^= low
    return need | inner


def open_slots(index: Index, need: int) -> list[Slot]:
    """The facts that are unknown (or partly so) and could still matter, the most used first."""
    need &= ~index.compiled.claimant
    found: list[tuple[int, Slot]] = []
    for scope in ("act", *ELEMENT_SCOPES):
        frames = [index.act] if scope == "act" else index.frames[scope]
        for position, frame in enumerate(frames):
            if frame.maybe:
                continue
            possibly = index.plane(frame, scope)[1] & need
            for column in index.compiled.scope_columns[scope]:
                asked = column.look & possibly
                row = frame.rows.get(column.path)
                if asked and (row is None or (row[0] ^ row[1]) & asked):
                    found.append((-asked.bit_count(), (scope, position, column.path)))
    return [slot for _, slot in sorted(found)]


def choices(index: Index, slot: Slot, need: int) -> list[Choice]:
    """The ways of filling in one fact that the open terms can tell apart; [] if there are too many.

    Reliefs that a claimant must show stay as they are: nobody shows them by not knowing.
    """
    column = index.compiled.columns[slot[2]]
    cell = index.facts.cells(slot[0], slot[1]).get(slot[2])
    row = index.frame_at(slot[0], slot[1]).rows.get(slot[2])
    asked = [n for n in range(len(column.tests)) if (column.wants_true[n] | column.wants_false[n]) & need]
    classes: list[Class]
    if row is not None and cell is not None:
        classes = _finer(index.moment, column, cell.value, asked)
    elif column.fact.kind == "entries":
        classes = [Class(None, tuple([UNKNOWN] * len(column.tests)), 1)]
    else:
        classes = sets(column, values(index.moment, column), asked)
    found: dict[Row2, Choice] = {}
    before_row, claimant = row or index.moment.unknown_row(slot[2]), index.compiled.claimant
    for one in classes:
        totals = _totals(index.compiled, column, one.signature, need)
        if not totals:
            return []  # to leave out a way of filling in would narrow the answer
        for total in totals:
            full = index.moment.signature_row(slot[2], total)
            surely, possibly = full[0] & before_row[1], full[1] & before_row[1]  # what was impossible stays so
            made = (
                (surely & ~claimant) | (before_row[0] & claimant),
                (possibly & ~claimant) | (before_row[1] & claimant),
            )
            key = (made[0] & need, made[1] & need)
            before = found.get(key)
            if before is None:
                found[key] = Choice(one.value, made, one.count)
            else:
                found[key] = Choice(before.value, before.row, before.count + one.count)
    return list(found.values())


def _finer(moment: Moment, column: Column, value: Value, asked: Collection[int]) -> list[Class]:
    """The classes of values that a stated one may stand for: a coarse code may be any finer one, several of them where
    the fact takes several, or none of those named; [] if there are too many.
    """
    if column.fact.kind not in ("code", "codes"):
        return [Class(None, moment.signature(column.path, value), 1)]
    codes = moment.book.vocabulary.lists[column.fact.of]
    several = isinstance(value, frozenset)
    made: list[Class] = []
    for given in sorted(value) if isinstance(value, frozenset) else [str(value)]:
        finer = (given,) if codes.exact_parents else (given, *codes.below(given))
        singles: dict[Signature, Class] = {}
        for code in finer:
            one: Value = frozenset((code,)) if several else code
            _count(singles, one, moment.exact_signature(column.path, one))
        options = sets(column, list(singles.values()), asked)
        if not options or len(options) * max(1, len(made)) > MAX_FINER:
            return []
        made = [_joined(column, a, b) for a in made for b in options] if made else options
    return made


def _joined(column: Column, left: Class, right: Class) -> Class:
    return Class(_union(left.value, right.value), _merge(column, left.signature, right.signature), 1)


def _count(found: dict[Signature, Class], value: Value, signature: Signature) -> None:
    before = found.get(signature)
    found[signature] = Class(before.value, signature, before.count + 1) if before else Class(value, signature, 1)


def values(moment: Moment, column: Column) -> list[Class]:
    """Every class of single values of a fact at this moment (kept for the period); `sets` makes the others of them."""
    kept = moment.period.values if column.path in moment.compiled.dated else moment.compiled.classes
    found = kept.get(column.path)
    if found is None:
        found = kept[column.path] = _classes(moment, column)
    return found


def _classes(moment: Moment, column: Column) -> list[Class]:
    by_signature: dict[Signature, Class] = {}
    for value in _universe(moment, column):
        _count(by_signature, value, moment.exact_signature(column.path, value))
    found = list(by_signature.values())
    if column.fact.not_applicable:
        found.append(Class(NOT_APPLICABLE, None, 1))
    return found


def _universe(moment: Moment, column: Column) -> list[Value]:
    fact = column.fact
    if fact.kind == "yes-no":
        return [True, False]
    if fact.kind == "number":
        return _between(sorted({Decimal(test.values[0]) for test in column.tests}))
    if fact.kind == "date":
        days = {dt.date.fromisoformat(test.values[0]) for test in column.tests}
        around = {day + dt.timedelta(days=shift) for day in days for shift in (-1, 0, 1)}
        return [day.isoformat() for day in sorted(around)]
    codes: CodeList = moment.book.vocabulary.lists[fact.of]
    groups = {parent for code in codes.codes.values() for parent in code.under}
    ordered = sorted(
        codes.codes, key=lambda code: code in groups
    )  # a single code represents its class better than a group
    return [code if fact.kind == "code" else frozenset((code,)) for code in ordered]


def _between(bounds: list[Decimal]) -> list[Value]:
    """Every bound, a number between each two, one below and one above."""
    found: list[Value] = [bounds[0] - 1]
    for low, high in itertools.pairwise(bounds):
        found += [low, (low + high) / 2]
    return [*found, bounds[-1], bounds[-1] + 1]


def sets(column: Column, singles: list[Class], asked: Collection[int]) -> list[Class]:
    """The classes of sets of codes, as far as the tests ``asked`` (by number) tell them apart; [] if too many.

    A set satisfies what any member does, and ``outside`` where all do. Other kinds of fact have single values only.
    """
    if column.fact.kind != "codes":
        return singles
    found: dict[Signature, Class] = {}
    for one in singles:
        _count(found, one.value, _as_far_as(one.signature, asked))  # type: ignore[arg-type]
    queue = [one for one in found.values() if one.signature is not None]
    while queue:
        left = queue.pop()
        for right in [one for one in found.values() if one.signature is not None]:
            merged = _merge(column, left.signature, right.signature)
            if merged not in found:
                if len(found) >= MAX_SETS:
                    return []
                made = Class(_union(left.value, right.value), merged, 1)
                found[merged] = made
                queue.append(made)
    return list(found.values())


def _as_far_as(signature: Signature, asked: Collection[int]) -> Signature:
    return None if signature is None else tuple([t if n in asked else UNKNOWN for n, t in enumerate(signature)])


def _union(left: Value | None, right: Value | None) -> Value | None:
    return left | right if isinstance(left, frozenset) and isinstance(right, frozenset) else None


def _merge(column: Column, left: Signature, right: Signature) -> Signature:
    pairs = zip(column.tests, left or (), right or (), strict=True)
    return tuple(min(a, b) if test.op == "outside" else max(a, b) for test, a, b in pairs)


def _totals(compiled: Compiled, column: Column, signature: Signature, need: int) -> list[Signature]:
    """The signature with its open tests settled in every consistent way, as far as the open terms ask."""
    if signature is None:
        return [None]
    asked = tuple(
        [
            place
            for place, truth in enumerate(signature)
            if truth == UNKNOWN and (column.wants_true[place] | column.wants_false[place]) & need
        ]
    )
    key = (column.path, signature, asked)
    found = compiled.totals.get(key)
    if found is None:
        if len(compiled.totals) > MAX_KEPT:
            compiled.totals.clear()
        found = compiled.totals[key] = _settled_ways(column, signature, asked)
    return found


def _settled_ways(column: Column, signature: tuple[int, ...], asked: tuple[int, ...]) -> list[Signature]:
    if len(asked) > MAX_OPEN_TESTS:
        return []
    found: list[Signature] = []
    for truths in itertools.product((TRUE, FALSE), repeat=len(asked)):
        total = list(signature)
        for place, truth in zip(asked, truths, strict=True):
            total[place] = truth
        if all(total[a] != TRUE or total[b] != FALSE for a, b in column.narrower):
            found.append(tuple(total))
    return found


class _SpentError(Exception):
    """The trials are used up."""


class Completion:
    """Exact floor and ceiling of one regime."""

    def __init__(self, index: Index, regime: str) -> None:
        self.index, self.regime = index, regime
        index.focus &= index.compiled.deciding
        self.trials = 0

    def range(self) -> Range:
        """The Kleene range of the regime on the facts as they stand in the index."""
        return self.index.ranges().get(self.regime, NOTHING)

    def exact(self) -> tuple[Range, bool]:
        """The exact range, and whether it is exact (False: the Kleene range, for want of trials)."""
        kleene = self.range()
        if kleene.settled:
            return kleene, True
        try:
            ceiling = self._bound(kleene.floor, kleene.ceiling, max, lambda found: found.ceiling)
            floor = self._bound(kleene.ceiling, kleene.floor, min, lambda found: found.floor)
        except _SpentError:
            return kleene, False
        return Range(floor, max(floor, ceiling)), True

    def _bound(
        self, worst: Level, best: Level, better: Callable[[Level, Level], Level], end: Callable[[Range], Level]
    ) -> Level:
        """The most extreme level that a completion reaches, between ``worst`` and ``best``."""
        self.trials = 0
        reached = worst

        def visit() -> None:
            nonlocal reached
            self.trials += 1
            if self.trials > MAX_TRIALS:
                raise _SpentError
            found = self.range()
            if better(end(found), reached) == reached:
                return
            need = open_terms(self.index)
            slots = [] if found.settled else open_slots(self.index, need)
            if not slots:
                reached = end(found)
                return
            options = choices(self.index, slots[0], need)
            if not options:
                raise _SpentError
            for option in options:
                before = self.index.put(slots[0], option.row)
                try:
                    visit()
                finally:
                    self.index.put(slots[0], before)
                if reached == best:
                    return

        visit()
        return reached


class Exact(msgspec.Struct, frozen=True):
    """A regime's range, and whether it is exact."""

    range: Range
    exact: bool


def exact_range(index: Index, regime: str) -> Exact:
    """The range of the one regime that is in the index's focus. The index is changed on the way and left as it was."""
    kleene = index.ranges().get(regime, NOTHING)
    return Exact(kleene, True) if kleene.settled else Exact(*Completion(index, regime).exact())


def exact_ranges(index: Index) -> dict[str, Exact]:
    """The range of each regime that is not empty; where Kleene logic leaves one open, by completion."""
    return {
        regime: Exact(kleene, True) if kleene.settled else exact_range(index.only(regime), regime)
        for regime, kleene in index.ranges().items()
    }
