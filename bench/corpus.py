"""Made-up transactions in the law's own words: what the rules ask of an activity, answered at random (with a seed).

Half of the values are ones that some rule tests for, and half of the transactions aim at one alternative of one rule,
so that rules are hit as well as missed. No values are coarse: an incomplete transaction is one whose facts are missing,
not one whose facts are vague.
"""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import msgspec

from exeat.decide.compile import Quantifier
from exeat.decide.engine import Engine
from exeat.decide.logic import FALSE, TRUE, test
from exeat.rulebook.condition import Test
from exeat.vocabulary.model import PLURALS, CodeList, Fact

KNOWN = "2026-11-24"
DAYS = (
    "2018-06-01", "2020-09-21", "2020-11-13", "2021-06-10", "2021-11-05", "2022-03-01",
    "2023-06-30", "2024-02-01", "2025-01-15", "2026-06-01", KNOWN, "2026-12-31",
)  # fmt: skip


class Shape(msgspec.Struct, frozen=True):
    """How many items, parties and places a transaction has."""

    items: int
    parties: int
    places: int

    def __str__(self) -> str:
        return f"{self.items} item{'s' * (self.items > 1)} x {self.parties} parties x {self.places} places"


SMALL, LARGE = Shape(1, 3, 2), Shape(10, 6, 3)


class Corpus:
    """Makes documents for one engine's law.

    Args:
        engine: the law.
        seed: the same seed, the same documents.
    """

    def __init__(self, engine: Engine, seed: int) -> None:
        self.vocabulary, self.compiled = engine.book.vocabulary, engine.compiled
        self.rows = {key: [row.id for row in register.rows] for key, register in engine.book.registers.items()}
        self.random = random.Random(seed)
        self.activities = self._activities()
        self.paths = {activity: self._paths(activity) for activity in self.activities}

    # --- what the law asks

    def _activities(self) -> list[str]:
        """Finest activities that say what they need and that some rule speaks of."""
        codes = self.vocabulary.lists["activities"]
        parents = {parent for code in codes.codes.values() for parent in code.under}
        fine = [code for code in codes.codes if code not in parents and codes.needs(code).items]
        return [code for code in fine if self._paths(code) - self._paths("")]

    def _paths(self, activity: str) -> set[str]:
        """The facts that rules reaching this activity ask for ("": rules for any activity)."""
        found: set[str] = set()
        for bit, literals in enumerate(self.compiled.literals):
            inner = self.compiled.owner[bit] < 0
            if not inner and self._reached(literals, activity):
                found |= self._asked(bit)
        return found - {"activity"}

    def _reached(self, literals: frozenset[Any], activity: str) -> bool:
        named = [(atom, no) for atom, no in literals if isinstance(atom, Test) and atom.path == "activity"]
        if not activity:
            return not named
        return all(test(atom, activity, self.vocabulary, None) == (FALSE if no else TRUE) for atom, no in named)  # type: ignore[arg-type]

    def _asked(self, bit: int) -> set[str]:
        found = {atom.path for atom, _ in self.compiled.literals[bit] if isinstance(atom, Test)}
        inner = self.compiled.asks[bit]
        while inner:
            low = inner & -inner
            found |= {atom.path for atom, _ in self.compiled.literals[low.bit_length() - 1] if isinstance(atom, Test)}
            inner ^= low
        return found

    # --- documents

    def documents(self, shape: Shape, count: int, whole: float = 0.5, every_fact: bool = False) -> list[dict[str, Any]]:
        """Distinct documents, taking activities and days in turn.

        Args:
            shape: items, parties, places.
            count: how many.
            whole: the share with every fact stated and the lists closed.
            every_fact: state facts of all activities, as engines without unknowns need.
        """
        found = []
        for number in range(count):
            activity = self.activities[number % len(self.activities)]
            day = DAYS[(number + number // len(self.activities)) % len(DAYS)]
            complete = self.random.random() < whole
            paths = set(self.compiled.columns) if every_fact else self.paths[activity]
            stated = 1.0 if complete else self.random.uniform(0.4, 0.9)
            found.append(self.document(shape, activity, day, stated, paths, self.random.random() < 0.5))
            found[-1]["title"] = f"number {number}"
            found[-1]["complete"] = "true" if complete or self.random.random() < 0.3 else "false"
        return found

    def document(
        self, shape: Shape, activity: str, day: str, stated: float, paths: set[str], aimed: bool = False
    ) -> dict[str, Any]:
        """One document; ``stated`` is the share of ``paths`` that it states, ``aimed`` makes it aim at a rule."""
        needs = self.vocabulary.lists["activities"].needs(activity)
        facts = [self.vocabulary.facts[path] for path in sorted(paths)]
        document: dict[str, Any] = {"transaction": "1", "activity": activity}
        document["act"] = {"on": day} | self._facts([f for f in facts if f.scope == "act"], stated)
        for scope, count, roles in (
            ("item", shape.items, ()),
            ("party", shape.parties, needs.parties),
            ("place", shape.places, needs.places),
        ):
            own = [fact for fact in facts if fact.scope == scope and fact.path not in ("party.role", "place.role")]
            document[PLURALS[scope]] = [
                {"id": f"{scope}{i}"} | self._role(scope, roles, i) | self._facts(own, stated) for i in range(count)
            ]
        if aimed:
            self._aim(document, activity)
        return document

    def _aim(self, document: dict[str, Any], activity: str) -> None:
        """Change stated facts so that one alternative of one deciding rule that reaches the activity likely holds."""
        units = self.compiled.units
        bits = [
            bit
            for bit, owner in enumerate(self.compiled.owner)
            if owner >= 0
            and (rule := units[owner].rule) is not None
            and rule.decides
            and self._reached(self.compiled.literals[bit], activity)
        ]
        if not bits:
            return
        bit = self.random.choice(sorted(bits, key=self._said))
        self._satisfy(document, bit, {})
        for number, _ in sorted(self.compiled.literals[bit], key=str):
            if isinstance(number, int):
                self._satisfy_quantifier(document, self.compiled.quantifiers[number])

    def _said(self, bit: int) -> str:
        """What a term says, in one order: the numbers of terms differ from process to process."""
        unit = self.compiled.owner[bit]
        return f"{self.compiled.units[unit].id if unit >= 0 else ''} {sorted(map(str, self.compiled.literals[bit]))}"

    def _satisfy_quantifier(self, document: dict[str, Any], quantifier: Quantifier) -> None:
        inner = [bit for bit in range(len(self.compiled.owner)) if quantifier.terms >> bit & 1]
        elements = document[PLURALS[quantifier.scope]]
        for element in elements if quantifier.every else elements[-1:]:
            self._satisfy(document, self.random.choice(sorted(inner, key=self._said)), {quantifier.scope: element})

    def _satisfy(self, document: dict[str, Any], bit: int, here: dict[str, Any]) -> None:
        for atom, no in sorted(self.compiled.literals[bit], key=str):
            if not isinstance(atom, Test) or atom.path == "activity":
                continue
            fact, name = self.vocabulary.facts[atom.path], atom.path.partition(".")[2]
            element = document["act"] if atom.scope == "act" else here.get(atom.scope, document[PLURALS[atom.scope]][0])
            if name in element:
                element[name] = self._wanted(fact, atom, no, element[name])

    def _wanted(self, fact: Fact, atom: Test, no: bool, before: Any) -> Any:
        """A value for which a test holds (or, with ``no``, does not), as far as that shows without registers."""
        if fact.kind == "yes-no":
            return str((atom.values[0] == "true") != no).lower()
        if fact.kind in ("code", "codes"):
            fine = _finest(self.vocabulary.lists[fact.of])
            truth = {code: self._holds(atom, code) for code in fine}
            return self.random.choice([code for code in fine if truth[code] != no] or fine)
        if fact.kind == "entries" and not no and self.rows[atom.register]:
            return {
                "entries": [f"{atom.register}/{self.random.choice(self.rows[atom.register])}"],
                "none other": "true",
            }
        if fact.kind in ("number", "date"):
            up = (atom.op in ("at least", "more than", "from", "after")) != no
            if fact.kind == "number":
                return f"{Decimal(atom.values[0]) + (1 if up else -1)} {fact.of}"
            return (dt.date.fromisoformat(atom.values[0]) + dt.timedelta(days=1 if up else -1)).isoformat()
        return before

    def _holds(self, atom: Test, code: str) -> bool:
        if atom.op == "in":
            return code in self.rows[atom.register]
        return test(atom, code, self.vocabulary, None) == TRUE  # type: ignore[arg-type]

    def _role(self, scope: str, roles: tuple[str, ...], i: int) -> dict[str, Any]:
        if scope == "item":
            return {}
        codes = self.vocabulary.lists[self.vocabulary.facts[f"{scope}.role"].of]
        return {"role": roles[i] if i < len(roles) else self.random.choice(_finest(codes))}

    def _facts(self, facts: list[Fact], stated: float) -> dict[str, Any]:
        return {
            fact.path.partition(".")[2]: self._value(fact)
            for fact in facts
            if fact.kind != "text" and fact.path != "activity" and self.random.random() < stated
        }

    def _value(self, fact: Fact) -> Any:
        tests = self.compiled.columns[fact.path].tests if fact.path in self.compiled.columns else []
        if fact.kind == "yes-no":
            return self.random.choice(("true", "false"))
        if fact.kind == "entries":
            return self._entries(fact, tests)
        if fact.kind in ("code", "codes"):
            return self._code(fact, tests)
        bound = self.random.choice(tests).values[0] if tests else ("10" if fact.kind == "number" else KNOWN)
        if fact.kind == "number":
            return f"{Decimal(bound) + self.random.choice((-1, 0, 1))} {fact.of}"
        return (dt.date.fromisoformat(bound) + dt.timedelta(days=self.random.choice((-30, 0, 30)))).isoformat()

    def _code(self, fact: Fact, tests: list[Test]) -> Any:
        codes = self.vocabulary.lists[fact.of]
        fine = _finest(codes)
        atom = self.random.choice(tests) if tests and self.random.random() < 0.5 else None
        if atom is not None and atom.op == "in":
            fine = [row for row in self.rows[atom.register] if row in codes.codes] or fine
        elif atom is not None:
            fine = [code for code in fine if codes.ancestors(code) & set(atom.values)] or fine
        if fact.kind == "codes" and self.random.random() < 0.2:
            return sorted({self.random.choice(fine), self.random.choice(_finest(codes))})
        return self.random.choice(fine)

    def _entries(self, fact: Fact, tests: list[Test]) -> dict[str, Any]:
        registers = sorted({atom.register for atom in tests if self.rows[atom.register]})
        listed = []
        if registers and self.random.random() < 0.5:
            register = self.random.choice(registers)
            listed = [f"{register}/{self.random.choice(self.rows[register])}"]
        return {"entries": listed, "none other": "true"}


def _finest(codes: CodeList) -> list[str]:
    """Codes with nothing below them; all codes where a parent is a value in its own right."""
    parents = {parent for code in codes.codes.values() for parent in code.under}
    return [code for code in codes.codes if codes.exact_parents or code not in parents]
