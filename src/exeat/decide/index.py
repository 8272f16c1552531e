"""The bit-vector index: all results of one transaction at one moment, in a few dozen integer operations.

Each stated fact has a row of two integers over all terms (surely and possibly satisfied); ANDing the rows of an item,
a party, a place and the act leaves the terms that combination satisfies. It is held equal to `interpret` by property
tests.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable, Iterator

import msgspec

from exeat.decide.compile import Group, touch_id
from exeat.decide.facts import Facts
from exeat.decide.level import EFFECT_LEVEL, NOTHING, RELIEF_LEVEL, Level, Range, strictest
from exeat.decide.moment import Moment, Row2
from exeat.decide.result import Combination, Outcome, RegimeResult, Relief, Result, Tally, regime_range, relieved
from exeat.rulebook.model import Rule
from exeat.vocabulary.model import ELEMENT_SCOPES, UNKNOWN
from exeat.vocabulary.transaction import Cell, Element, Licence

Truths = dict[int, int]  # by unit: 1 (unknown) or 2 (true)
Slot = tuple[str, int, str]  # scope, position, path: one fact of one element
REACHES = ("does_not", "dormant", "defeated", "undecided", "applies")  # how far a rule gets


class Furthest(msgspec.Struct, frozen=True):
    """How far a rule or exception gets where it gets furthest: the word for it (see `REACHES`), the combination (None:
    there is nothing of the kind it speaks of), and on how many combinations its condition is not false.
    """

    result: str
    combination: Combination | None
    count: int


class Frame:
    """The rows of one element's facts, and their conjunction."""

    __slots__ = ("maybe", "plane", "rows")

    def __init__(self, rows: dict[str, Row2], maybe: bool = False) -> None:
        self.rows, self.maybe = rows, maybe
        self.plane: Row2 | None = None

    def copy(self) -> Frame:
        other = Frame(dict(self.rows), self.maybe)
        other.plane = self.plane
        return other


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

    def only(self, regime: str) -> Index:
        """The same facts, with one regime in focus. Shares nothing that `put` changes."""
        other = copy.copy(self)
        other.regimes = frozenset((regime,))
        other.focus = self.compiled.terms_of(other.regimes)
        other.act = self.act.copy()
        other.frames = {scope: [frame.copy() for frame in frames] for scope, frames in self.frames.items()}
        return other

    def at(self, moment: Moment, moving: frozenset[tuple[str, int]]) -> Index:
        """The same facts at another moment.

        ``moving`` are the elements with a fact whose truth may differ then; the frames of the others are shared.
        """
        other = copy.copy(self)
        other.moment = moment
        if ("act", 0) in moving:
            other.act = other._frame(self.facts.act)
        other.frames = {
            scope: [
                other._frame(self.facts.elements[scope][i].facts, self.facts.elements[scope][i])
                if (scope, i) in moving
                else frame
                for i, frame in enumerate(frames)
            ]
            for scope, frames in self.frames.items()
        }
        return other

    def without_presumed(self) -> Index:
        """The same facts with presumptions left unknown."""
        other = copy.copy(self)
        stated = {path: cell for path, cell in self.facts.act.items() if cell.source != "presumed"}
        other.act = other._frame(stated)
        other.frames = {
            scope: [
                other._frame({p: c for p, c in element.facts.items() if c.source != "presumed"}, element)
                for element in self.facts.elements[scope]
            ]
            for scope in ELEMENT_SCOPES
        }
        return other

    def possible_terms(self) -> int:
        """Every term that some combination leaves possible."""
        possibly = self.base(self.focus)[1]
        hit = 0
        for group in self.compiled.groups:
            for _, plane in self.combinations(group):
                hit |= possibly & plane[1] & group.terms & self.focus
        return hit

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

    def base(self, focus: int) -> Row2:
        """The terms in focus that the act and the quantifiers leave (others are not worked out)."""
        surely, possibly = self.plane(self.act, "act")
        for scope in ELEMENT_SCOPES:
            planes = [(*self.plane(frame, scope), frame.maybe) for frame in self.frames[scope]]
            for quantifier in self.compiled.by_scope[scope]:
                if not possibly & quantifier.look & focus:
                    continue  # no living term looks at it
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
        """All regimes, with every result."""
        return _collect(self, self.results())

    def results(self) -> list[Result]:
        """Every rule (and touch) whose condition is not false, on every combination."""
        found: list[Result] = []
        for group, combination, truths in self._hits(self.focus):
            for number in truths:
                if number in group.members:
                    found.append(self._result(number, truths, combination))
        return found

    def ranges(self) -> dict[str, Range]:
        """The range of each regime that is not empty: what `outcome` says, without reasons (tests hold them equal)."""
        tallies: dict[str, Tally] = {}
        for group, combination, truths in self._hits(self.focus & self.compiled.deciding):
            for number in truths:
                rule = self.compiled.units[number].rule
                if rule is None or number not in group.members:
                    continue
                standing = self._standing(number, truths)
                if standing:
                    reliefs = self._reliefs_of(number, truths, combination)
                    tally = tallies.setdefault(rule.regime, Tally())
                    tally.add(relieved(EFFECT_LEVEL[rule.effect], standing, reliefs), standing, reliefs)
        return {regime: tally.range() for regime, tally in tallies.items()}

    def touched(self, jurisdiction: str) -> int:
        """The truth of a jurisdiction's touch."""
        number = self.compiled.index[touch_id(jurisdiction)]
        return max((truths.get(number, 0) for _, _, truths in self._hits(self.compiled.units[number].terms)), default=0)

    def furthest(self, rule: str) -> Furthest:
        """How far one rule or exception gets, whatever is in focus."""
        number = self.compiled.index[rule]
        unit, focus = self.compiled.units[number], self.compiled.reach_of(rule)
        group = Group(unit.scopes, frozenset((number,)), focus & ~self.compiled.inner)
        surely, possibly = self.base(focus)
        best, at, count = REACHES[0], None, 0
        for combination, plane in self.combinations(group):
            hit = possibly & plane[1] & group.terms
            holds = bool(hit & unit.terms)
            reached = self._reaches(number, self._truths(surely & plane[0] & hit, hit)) if holds else REACHES[0]
            count += holds
            if at is None or REACHES.index(reached) > REACHES.index(best):
                best, at = reached, combination
        return Furthest(best, at, count)

    def _reaches(self, number: int, truths: Truths) -> str:
        """How far a unit gets whose condition is not false."""
        standing, operates = self._standing(number, truths), self._operates(number, truths)
        if not standing:
            return "dormant"
        if operates == 2:
            return "applies"
        return "undecided" if standing == 1 or operates == 1 else "defeated"

    def headline(self) -> Range:
        """The strictest of all regimes in focus."""
        return strictest(list(self.ranges().values()))

    def _hits(self, focus: int) -> Iterator[tuple[Group, Combination, Truths]]:
        surely, possibly = self.base(focus)
        for group in self.compiled.groups:
            terms = group.terms & focus
            if possibly & terms:
                for combination, plane in self.combinations(group):
                    hit = possibly & plane[1] & terms
                    if hit:
                        yield group, combination, self._truths(surely & plane[0] & hit, hit)

    def _truths(self, sure: int, hit: int) -> Truths:
        owner = self.compiled.owner
        truths: Truths = {}
        while hit:
            low = hit & -hit
            unit = owner[low.bit_length() - 1]
            if sure & low:
                truths[unit] = 2
            elif unit not in truths:
                truths[unit] = 1
            hit ^= low
        return truths

    def _result(self, number: int, truths: Truths, combination: Combination) -> Result:
        unit, truth = self.compiled.units[number], truths[number]
        if unit.rule is None:
            return Result(unit.id, combination, truth, truth, truth, NOTHING)
        reliefs = self._reliefs_of(number, truths, combination)
        return result(unit.rule, combination, truth, self._standing(number, truths), reliefs)

    def _standing(self, number: int, truths: Truths) -> int:
        """The truth of a unit's condition together with its being the law at this moment."""
        truth = truths.get(number, 0)
        if not truth:
            return 0
        standing = self.moment.period.standing(number)
        if truth == 2 and standing.surely:
            return 2
        return 1 if standing.possibly else 0

    def _reliefs_of(self, number: int, truths: Truths, combination: Combination) -> tuple[Relief, ...]:
        unit = self.compiled.units[number]
        found = []
        for other in unit.defeaters:
            operates = self._operates(other, truths)
            rule = self.compiled.units[other].rule
            if operates and rule is not None:
                found.append(Relief(rule.id, RELIEF_LEVEL[rule.relief], operates == 2))
        if self.licences and unit.rule is not None:
            found += held(self.licences, unit.rule, combination, self.facts, self.moment)
        return tuple(found)

    def _operates(self, number: int, truths: Truths) -> int:
        """Whether an exception takes away what it defeats: it speaks, it stands, and nothing defeats it."""
        truth = self._standing(number, truths)
        if not truth:
            return 0
        unit = self.compiled.units[number]
        for other in unit.defeaters:
            truth = min(truth, 2 - self._operates(other, truths))
        if truth == 1 and unit.rule is not None and unit.rule.burden_claimant:
            return 0
        return truth


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
        return Result(rule.id, combination, condition, standing, standing, NOTHING, reliefs)
    level = EFFECT_LEVEL[rule.effect]
    operative = 0 if any(relief.surely for relief in reliefs) else min(standing, 1) if reliefs else standing
    return Result(rule.id, combination, condition, standing, operative, relieved(level, standing, reliefs), reliefs)


def held(
    licences: tuple[Licence, ...], rule: Rule, combination: Combination, facts: Facts, moment: Moment
) -> Iterable[Relief]:
    """Licences held that cover a rule on a combination: authorised, or on conditions where an amount bounds them.

    What is only supposed (a role that the activity may need) may turn out to be covered, to be not, or not to be there;
    the licence is then a possible relief, never a sure one.
    """
    if not licences or not rule.licensable:
        return
    day = moment.local[moment.book.regimes[rule.regime].zone][:10]
    at = dict(combination)
    for licence in licences:
        covered = rule.id in licence.rules or rule.measure in licence.rules
        in_time = bool(licence.since) and licence.since <= day and bool(licence.until) and day <= licence.until
        outside = []
        for scope, named in (("item", licence.items), ("party", licence.parties)):
            elements = facts.elements[scope]
            wanted = (elements[at[scope]],) if scope in at else elements
            outside += [one for one in wanted if named and (one.phantom or one.id not in named)]
        if covered and in_time and all(one.phantom for one in outside):
            yield Relief(licence.id, Level.CONDITIONS if licence.amount else Level.AUTHORISED, not outside)


def _collect(index: Index, results: list[Result]) -> Outcome:
    book = index.moment.book
    by_regime: dict[str, list[Result]] = {
        key: [] for key in book.regimes if index.regimes is None or key in index.regimes
    }
    touched = dict.fromkeys(book.jurisdictions, 0)
    for one in results:
        rule = book.rules.get(one.rule)
        if rule is not None:
            by_regime[rule.regime].append(one)
        else:
            key = one.rule.removeprefix(touch_id(""))
            touched[key] = max(touched[key], one.condition)
    regimes = {key: RegimeResult(key, regime_range(found), found) for key, found in by_regime.items()}
    return Outcome(regimes, touched)
