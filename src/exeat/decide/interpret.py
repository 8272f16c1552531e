"""The interpreter: the definition of what a rule means, with the full tree of reasons.

It walks conditions as they are written. Everything faster (`index`, later columns) is tested equal to it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import msgspec

from exeat.decide.facts import Facts
from exeat.decide.index import held, result
from exeat.decide.level import RELIEF_LEVEL
from exeat.decide.logic import FALSE, TRUE, UNKNOWN, test
from exeat.decide.moment import Moment
from exeat.decide.result import (
    Combination,
    Outcome,
    RegimeResult,
    Relief,
    Result,
    regime_range,
)
from exeat.rulebook.condition import (
    All,
    Condition,
    Every,
    Meets,
    Not,
    Some,
    Test,
    free_scopes,
)
from exeat.rulebook.model import Rule
from exeat.vocabulary.model import NOT_APPLICABLE, State
from exeat.vocabulary.transaction import Cell, Licence


class Trace(msgspec.Struct, frozen=True):
    """Why a condition has its truth. ``kind`` is the condition's; a test carries the cell it read (None: not given)."""

    kind: str
    truth: int
    negated: bool = False
    test: Test | None = None
    name: str = ""
    element: str = ""
    cell: Cell | None = None
    parts: tuple["Trace", ...] = ()


class Stance(msgspec.Struct, frozen=True):
    """Whose condition is evaluated: one that a claimant must show (presumptions do not count), one that relieves (unverified
    register rows do not count)."""

    claims: bool = False
    relieves: bool = False


NEUTRAL = Stance()


class Interpreter:
    """Evaluates conditions of one transaction at one moment."""

    def __init__(
        self,
        moment: Moment,
        facts: Facts,
        licences: Iterable[Licence] = (),
        regimes: frozenset[str] | None = None,
        exact: bool = False,
    ) -> None:
        """``exact``: codes with finer ones below them are meant exactly (see `logic.test`)."""
        self.exact = exact
        self.moment, self.facts, self.book = moment, facts, moment.book
        self.licences, self.regimes = tuple(licences), regimes

    # --- conditions

    def trace(self, node: Condition, here: dict[str, int], stance: Stance = NEUTRAL, negate: bool = False) -> Trace:
        """The truth of a condition, and why.

        Args:
            node: the condition.
            here: the position of *this* item, party or place by scope.
            stance: whose condition it is.
            negate: the condition stands under an odd number of ``not``.
        """
        if isinstance(node, Test):
            return self._test(node, here, stance, negate)
        if isinstance(node, Not):
            return self.trace(node.part, here, stance, not negate)
        if isinstance(node, Meets):
            part = self.trace(node.part, here, stance, negate)
            return Trace("meets", part.truth, negate, name=node.name, parts=(part,))
        if isinstance(node, (Some, Every)):
            return self._quantified(node, here, stance, negate)
        parts = tuple(self.trace(part, here, stance, negate) for part in node.parts)
        conjunction = isinstance(node, All) != negate
        truths = [part.truth for part in parts]
        return Trace("all" if conjunction else "any", min(truths) if conjunction else max(truths), parts=parts)

    def _test(self, atom: Test, here: dict[str, int], stance: Stance, negate: bool) -> Trace:
        scope = atom.scope
        position = here.get(scope, 0)
        cell = self.facts.cells(scope, position).get(atom.path)
        name = "" if scope == "act" else self.facts.elements[scope][position].id
        if cell is None or (stance.claims and cell.source == "presumed"):
            return Trace("test", UNKNOWN, negate, atom, element=name)
        if isinstance(cell.value, State):
            truth = FALSE if cell.value == NOT_APPLICABLE else UNKNOWN
            return Trace("test", truth, negate, atom, element=name, cell=cell)
        truth = test(atom, cell.value, self.book.vocabulary, self.moment, self.exact)
        if stance.relieves and not negate and atom.op == "in" and self.moment.verified(atom, cell.value) == FALSE:
            truth = FALSE  # nobody has verified the row that would relieve
        return Trace("test", TRUE - truth if negate else truth, negate, atom, element=name, cell=cell)

    def _quantified(self, node: Some | Every, here: dict[str, int], stance: Stance, negate: bool) -> Trace:
        some = isinstance(node, Some) != negate
        parts = []
        for position, element in enumerate(self.facts.elements[node.scope]):
            part = self.trace(node.part, {**here, node.scope: position}, stance, negate)
            truth = part.truth
            if element.phantom == "open":  # it may not exist: it can spoil *every* and help *some*, never settle them
                truth = min(truth, UNKNOWN) if some else UNKNOWN
            parts.append(Trace("element", truth, element=element.id or "…", parts=(part,)))
        truths = [part.truth for part in parts]
        truth = max(truths, default=FALSE) if some else min(truths, default=TRUE)
        return Trace(f"{'some' if some else 'every'} {node.scope}", truth, parts=tuple(parts))

    # --- rules

    def condition(self, rule: Rule, combination: Combination) -> int:
        truth = self.trace(rule.when, dict(combination), self.stance(rule)).truth
        maybe = any(self.facts.elements[scope][position].phantom == "open" for scope, position in combination)
        return min(truth, UNKNOWN) if maybe else truth

    def stance(self, rule: Rule) -> Stance:
        return Stance(rule.burden_claimant, self.moment.compiled.unit(rule.id).relieves)

    def standing(self, rule: Rule) -> int:
        number = self.moment.compiled.index[rule.id]
        found = self.moment.period.standing(number)
        return int(found.surely) + int(found.possibly)

    def operates(self, exception: Rule, combination: Combination) -> int:
        """Whether an exception takes away what it defeats."""
        own = {scope for scope in free_scopes(exception.when)}
        at = tuple((scope, position) for scope, position in combination if scope in own)
        truth = min(self.condition(exception, at), self.standing(exception))
        for other in self._defeaters(exception):
            truth = min(truth, TRUE - self.operates(other, combination))
        return FALSE if exception.burden_claimant and truth == UNKNOWN else truth

    def _defeaters(self, rule: Rule) -> list[Rule]:
        return [other for other in self.book.rules.values() if rule.id in other.defeats]

    def result(self, rule: Rule, combination: Combination) -> Result:
        condition = self.condition(rule, combination)
        reliefs = []
        for exception in self._defeaters(rule):
            truth = self.operates(exception, combination)
            if truth != FALSE:
                reliefs.append(Relief(exception.id, RELIEF_LEVEL[exception.relief], truth == TRUE))
        reliefs += held(self.licences, rule, combination, self.facts, self.moment)
        return result(rule, combination, condition, min(condition, self.standing(rule)), tuple(reliefs))

    def combinations(self, condition: Condition) -> list[Combination]:
        scopes = sorted(free_scopes(condition))
        choices = [[(scope, i) for i in range(len(self.facts.elements[scope]))] for scope in scopes]
        return [tuple(chosen) for chosen in itertools.product(*choices)]

    def outcome(self) -> Outcome:
        """All regimes: every rule on every combination."""
        regimes = {}
        for key in self.book.regimes:
            if self.regimes is None or key in self.regimes:
                results = [
                    found
                    for rule in self.book.rules.values()
                    if rule.regime == key and not rule.defeats
                    for combination in self.combinations(rule.when)
                    if (found := self.result(rule, combination)).condition != FALSE
                ]
                regimes[key] = RegimeResult(key, regime_range(results), results)
        return Outcome(regimes, {key: self._touched(key) for key in self.book.jurisdictions})

    def _touched(self, jurisdiction: str) -> int:
        condition = self.book.jurisdictions[jurisdiction].touched
        truths = []
        for combination in self.combinations(condition):
            truth = self.trace(condition, dict(combination)).truth
            maybe = any(self.facts.elements[scope][i].phantom == "open" for scope, i in combination)
            truths.append(min(truth, UNKNOWN) if maybe else truth)
        return max(truths, default=FALSE)
