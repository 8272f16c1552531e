"""The bit-vector index: all results of one transaction at one moment, in a few dozen integer operations.

Each stated fact has a row of two integers over all terms (surely and possibly satisfied); ANDing the rows of an item, a party,
a place and the act leaves the terms that combination satisfies. It is held equal to `interpret` by property tests.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from exeat.decide.compile import Group, touch_id
from exeat.decide.facts import Facts
from exeat.decide.level import EFFECT_LEVEL, NOTHING, RELIEF_LEVEL, Level
from exeat.decide.moment import Moment, Row2
from exeat.decide.result import (
    Combination,
    Outcome,
    RegimeResult,
    Relief,
    Result,
    regime_range,
    relieved,
)
from exeat.rulebook.model import Rule
from exeat.vocabulary.model import ELEMENT_SCOPES, UNKNOWN
from exeat.vocabulary.transaction import Cell, Element, Licence

Truths = dict[int, Row2]  # by unit: (surely, possibly) as 0/1
Slot = tuple[str, int, str]  # scope, position, path: one fact of one element


class Frame:
    """The rows of one element's facts, and their conjunction."""

    __slots__ = ("maybe", "plane", "rows")

    def __init__(self, rows: dict[str, Row2], maybe: bool = False) -> None:
        self.rows, self.maybe = rows, maybe
        self.plane: Row2 | None = None


class Index:
    """One transaction's facts laid over the compiled book at one moment.

    Args:
        moment: the law.
        facts: the facts.
        licences: licences held.
        regimes: the regimes to decide (None: all).
    """

    def __init__(
        self, moment: Moment, facts: Facts, licences: Iterable[Licence] = (), regimes: frozenset[str] | None = None
    ) -> None:
        self.moment, self.compiled, self.facts = moment, moment.compiled, facts
        self.licences = tuple(licences)
        self.regimes = regimes
        self.focus = self.compiled.full if regimes is None else self.compiled.terms_of(regimes)
        self.act = self._frame(facts.act)
        self.frames: dict[str, list[Frame]] = {
            scope: [self._frame(element.facts, element) for element in facts.elements[scope]]
            for scope in ELEMENT_SCOPES
        }

    def _frame(self, cells: dict[str, Cell], element: Element | None = None) -> Frame:
        columns, moment = self.compiled.columns, self.moment
        rows = {
            path: moment.cell_row(cell, path)
            for path, cell in cells.items()
            if path in columns and cell.value is not UNKNOWN
        }
        return Frame(rows, element is not None and element.phantom == "open")

    # --- changing facts, for completions and counterfactuals

    def frame_at(self, scope: str, position: int) -> Frame:
        return self.act if scope == "act" else self.frames[scope][position]

    def put(self, slot: Slot, row: Row2 | None) -> Row2 | None:
        """Set (or with None take away) the row of one fact; returns what was there."""
        frame = self.frame_at(slot[0], slot[1])
        before = frame.rows.get(slot[2])
        if row is None:
            frame.rows.pop(slot[2], None)
        else:
            frame.rows[slot[2]] = row
        frame.plane = None
        return before

    # --- planes

    def plane(self, frame: Frame, scope: str) -> Row2:
        """The terms that a frame leaves surely and possibly satisfied."""
        if frame.plane is None:
            surely = possibly = self.compiled.full
            for row in frame.rows.values():
                surely &= row[0]
                possibly &= row[1]
            frame.plane = surely & ~self._absent(scope, frame), possibly
        return frame.plane

    def _absent(self, scope: str, frame: Frame) -> int:
        """The terms that look at a fact of this scope that is not stated."""
        if not frame.rows:
            return self.compiled.scope_look[scope]
        key = (scope, *frame.rows)
        mask = self.moment.period.absent.get(key)
        if mask is None:
            mask = 0
            for path, column in self.compiled.columns.items():
                if column.fact.scope == scope and path not in frame.rows:
                    mask |= column.look
            self.moment.period.absent[key] = mask
        return mask

    def base(self) -> Row2:
        """The terms that the act and the quantifiers leave."""
        surely, possibly = self.plane(self.act, "act")
        for scope in ELEMENT_SCOPES:
            planes = [(*self.plane(frame, scope), frame.maybe) for frame in self.frames[scope]]
            for quantifier in self.compiled.by_scope[scope]:
                terms = quantifier.terms
                truth = (_every if quantifier.every else _some)(planes, surely & terms, possibly & terms)
                if truth != 2:
                    surely &= ~quantifier.look
                    if truth == 0:
                        possibly &= ~quantifier.look
        return surely, possibly

    def combinations(self, group: Group) -> Iterable[tuple[Combination, Row2]]:
        """Each combination of a group's scopes with its plane. Of an element that may not exist nothing is sure."""
        choices = []
        for scope in group.scopes:
            unsure = ~self.compiled.scope_terms[scope]
            row = []
            for position, frame in enumerate(self.frames[scope]):
                surely, possibly = self.plane(frame, scope)
                row.append(((scope, position), (surely & unsure if frame.maybe else surely, possibly)))
            choices.append(row)
        for chosen in itertools.product(*choices):
            surely = possibly = self.compiled.full
            for _, plane in chosen:
                surely &= plane[0]
                possibly &= plane[1]
            yield tuple(key for key, _ in chosen), (surely, possibly)

    # --- results

    def outcome(self) -> Outcome:
        """All regimes."""
        return _collect(self, self.results())

    def results(self) -> list[Result]:
        """Every rule (and touch) whose condition is not false, on every combination."""
        surely, possibly = self.base()
        found: list[Result] = []
        for group in self.compiled.groups:
            terms = group.terms & self.focus
            if not possibly & terms:
                continue
            for combination, plane in self.combinations(group):
                hit = possibly & plane[1] & terms
                if hit:
                    found += self._settle(group, combination, self._truths(surely & plane[0] & hit, hit))
        return found

    def _truths(self, sure: int, hit: int) -> Truths:
        owner = self.compiled.owner
        truths: Truths = {}
        while hit:
            low = hit & -hit
            unit = owner[low.bit_length() - 1]
            if sure & low:
                truths[unit] = (1, 1)
            elif unit not in truths:
                truths[unit] = (0, 1)
            hit ^= low
        return truths

    def _settle(self, group: Group, combination: Combination, truths: Truths) -> list[Result]:
        units, period = self.compiled.units, self.moment.period
        found = []
        for number in [n for n in truths if n in group.members]:
            unit, truth = units[number], truths[number]
            rule = unit.rule
            if rule is None:
                found.append(Result(unit.id, combination, truth[0] + truth[1], truth[0] + truth[1], NOTHING))
                continue
            if self.regimes is not None and rule.regime not in self.regimes:
                continue
            reliefs = tuple(self._reliefs(unit.defeaters, truths)) + tuple(self._held(rule, combination))
            standing = (truth[0] and period.surely[number]) + (truth[1] and period.possibly[number])
            found.append(result(rule, combination, truth[0] + truth[1], int(standing), reliefs))
        return found

    def _reliefs(self, defeaters: tuple[int, ...], truths: Truths) -> Iterable[Relief]:
        for number in defeaters:
            surely, possibly = self._operates(number, truths)
            if possibly:
                rule = self.compiled.units[number].rule
                assert rule is not None
                yield Relief(rule.id, RELIEF_LEVEL[rule.relief], bool(surely))

    def _operates(self, number: int, truths: Truths) -> Row2:
        """Whether an exception takes away what it defeats: it speaks, it stands, and nothing defeats it."""
        truth = truths.get(number)
        if truth is None:
            return 0, 0
        unit, period = self.compiled.units[number], self.moment.period
        surely = truth[0] and period.surely[number]
        possibly = truth[1] and period.possibly[number]
        for other in unit.defeaters:
            other_surely, other_possibly = self._operates(other, truths)
            surely = surely and not other_possibly
            possibly = possibly and not other_surely
        if unit.rule is not None and unit.rule.burden_claimant and not surely:
            possibly = 0
        return int(surely), int(possibly)

    def _held(self, rule: Rule, combination: Combination) -> Iterable[Relief]:
        return held(self.licences, rule, combination, self.facts, self.moment)


def _some(planes: list[tuple[int, int, bool]], surely: int, possibly: int) -> int:
    truth = 0
    for plane_surely, plane_possibly, maybe in planes:
        if not maybe and surely & plane_surely:
            return 2
        if possibly & plane_possibly:
            truth = 1
    return truth


def _every(planes: list[tuple[int, int, bool]], surely: int, possibly: int) -> int:
    truth = 2
    for plane_surely, plane_possibly, maybe in planes:
        if maybe:
            truth = min(truth, 1)
        elif not possibly & plane_possibly:
            return 0
        elif not surely & plane_surely:
            truth = 1
    return truth


def result(rule: Rule, combination: Combination, condition: int, standing: int, reliefs: tuple[Relief, ...]) -> Result:
    """A rule's result out of its truths; only deciding rules have a range."""
    if not rule.decides:
        return Result(rule.id, combination, condition, standing, NOTHING, reliefs)
    level = EFFECT_LEVEL[rule.effect]
    operative = 0 if any(relief.surely for relief in reliefs) else min(standing, 1) if reliefs else standing
    return Result(rule.id, combination, condition, operative, relieved(level, standing, reliefs), reliefs)


def held(
    licences: tuple[Licence, ...], rule: Rule, combination: Combination, facts: Facts, moment: Moment
) -> Iterable[Relief]:
    """Licences held that cover a rule on a combination: authorised, or on conditions where an amount bounds them."""
    if not licences or not rule.licensable:
        return
    day = moment.local[moment.book.regimes[rule.regime].zone][:10]
    ids = {scope: facts.elements[scope][position].id for scope, position in combination}
    for licence in licences:
        covered = rule.id in licence.rules or rule.measure in licence.rules
        in_time = bool(licence.since) and licence.since <= day and bool(licence.until) and day <= licence.until
        for scope, named in (("item", licence.items), ("party", licence.parties)):
            everything = {element.id for element in facts.elements[scope]}
            wanted = {ids[scope]} if scope in ids else everything
            covered = covered and (not named or wanted <= set(named))
        if covered and in_time:
            yield Relief(licence.id, Level.CONDITIONS if licence.amount else Level.AUTHORISED, True)


def _collect(index: Index, results: list[Result]) -> Outcome:
    book = index.moment.book
    by_regime: dict[str, list[Result]] = {
        key: [] for key in book.regimes if index.regimes is None or key in index.regimes
    }
    touched = {key: 0 for key in book.jurisdictions}
    for one in results:
        rule = book.rules.get(one.rule)
        if rule is not None:
            by_regime[rule.regime].append(one)
        else:
            key = one.rule.removeprefix(touch_id(""))
            touched[key] = max(touched[key], one.condition)
    regimes = {key: RegimeResult(key, regime_range(found), found) for key, found in by_regime.items()}
    return Outcome(regimes, touched)
