"""The interpreter: the definition of what a rule means, with the full tree of reasons.

It walks conditions as they are written. Everything faster (`index`, later columns) is tested equal to it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import msgspec

from exeat.decide.decision import Reason
from exeat.decide.facts import Facts
from exeat.decide.index import held, result
from exeat.decide.level import RELIEF_LEVEL
from exeat.decide.logic import FALSE, TRUE, UNKNOWN
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
from exeat.vocabulary.transaction import Cell, Licence, plain_value

Explained = tuple[int, Reason]  # a truth, and why
NAMES = ("false", "unknown", "true")


class Stance(msgspec.Struct, frozen=True):
    """Whose condition is evaluated: one that a claimant must show (presumptions do not count), one that relieves
    (unverified register rows do not count).
    """

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
        self._plains: dict[int, object] = {}
        self._told: dict[tuple[object, ...], Explained] = {}
        self.moment, self.facts, self.book = moment, facts, moment.book
        self.licences, self.regimes = tuple(licences), regimes

    # --- conditions

    def explain(
        self, node: Condition, here: dict[str, int], stance: Stance = NEUTRAL, negate: bool = False
    ) -> Explained:
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
            return self.explain(node.part, here, stance, not negate)
        if isinstance(node, (Meets, Some, Every)):
            return self._once(node, here, stance, negate)
        found = [self.explain(part, here, stance, negate) for part in node.parts]
        conjunction = isinstance(node, All) != negate
        truths = [truth for truth, _ in found]
        truth = min(truths) if conjunction else max(truths)
        return truth, Reason("all" if conjunction else "any", NAMES[truth], parts=tuple([part for _, part in found]))

    def _once(self, node: Meets | Some | Every, here: dict[str, int], stance: Stance, negate: bool) -> Explained:
        """Named conditions and quantifiers stand in many rules; each is worked out once for the same *this*."""
        key = (id(node), stance, negate, tuple(here.items()) if isinstance(node, Meets) else ())
        found = self._told.get(key)
        if found is None:
            if isinstance(node, Meets):
                truth, part = self.explain(node.part, here, stance, negate)
                found = truth, Reason("meets", NAMES[truth], negate, name=node.name, parts=(part,))
            else:
                found = self._quantified(node, here, stance, negate)
            self._told[key] = found
        return found

    def _test(self, atom: Test, here: dict[str, int], stance: Stance, negate: bool) -> Explained:
        scope = atom.scope
        position = here.get(scope, 0)
        cell = self.facts.cells(scope, position).get(atom.path)
        if cell is not None and stance.claims and cell.source == "presumed":
            cell = None
        truth = self._truth(atom, cell, stance, negate)
        value, source, says = (None, "", "") if cell is None else (self._plain(cell), cell.source, cell.says)
        name = "" if scope == "act" else self.facts.elements[scope][position].id
        where = dict(atom.where) if atom.where else {}
        return truth, Reason(
            "test",
            NAMES[truth],
            negate,
            atom.path,
            atom.op,
            atom.values,
            atom.register,
            where,
            "",
            name,
            value,
            source,
            says,
        )

    def _truth(self, atom: Test, cell: Cell | None, stance: Stance, negate: bool) -> int:
        if cell is None:
            return UNKNOWN
        if isinstance(cell.value, State):
            return FALSE if cell.value == NOT_APPLICABLE else UNKNOWN
        truth = self.moment.exact_truth(atom, cell.value) if self.exact else self.moment.truth(atom, cell.value)
        if stance.relieves and not negate and atom.op == "in" and self.moment.verified(atom, cell.value) == FALSE:
            truth = FALSE  # nobody has verified the row that would relieve
        return TRUE - truth if negate else truth

    def _plain(self, cell: Cell) -> object:
        """The value as JSON data, made once per cell."""
        found = self._plains.get(id(cell), cell)
        if found is cell:
            found = self._plains[id(cell)] = plain_value(cell.value)
        return found

    def _quantified(self, node: Some | Every, here: dict[str, int], stance: Stance, negate: bool) -> Explained:
        some = isinstance(node, Some) != negate
        truths, parts = [], []
        for position, element in enumerate(self.facts.elements[node.scope]):
            truth, part = self.explain(node.part, {**here, node.scope: position}, stance, negate)
            if element.phantom == "open":  # it may not exist: it can spoil *every* and help *some*, never settle them
                truth = min(truth, UNKNOWN) if some else UNKNOWN
            truths.append(truth)
            parts.append(Reason("element", NAMES[truth], element=element.id or "…", parts=(part,)))
        truth = max(truths, default=FALSE) if some else min(truths, default=TRUE)
        return truth, Reason(f"{'some' if some else 'every'} {node.scope}", NAMES[truth], parts=tuple(parts))

    # --- rules

    def condition(self, rule: Rule, combination: Combination) -> int:
        truth, _ = self.explain(rule.when, dict(combination), self.stance(rule))
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
        own = free_scopes(exception.when)
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
            truth, _ = self.explain(condition, dict(combination))
            maybe = any(self.facts.elements[scope][i].phantom == "open" for scope, i in combination)
            truths.append(min(truth, UNKNOWN) if maybe else truth)
        return max(truths, default=FALSE)
