"""Conditions: what a rule asks of a transaction. A small closed language, no arithmetic, no code."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Union

import msgspec

from exeat.errors import InputError, nearest
from exeat.vocabulary.model import (
    ELEMENT_SCOPES,
    PLURALS,
    Fact,
    Vocabulary,
    parse_number,
)
from exeat.vocabulary.reader import Map, Node, Seq, Word, line_of
from exeat.vocabulary.take import check_day


class Test(msgspec.Struct, frozen=True, tag="test"):
    """A test of one fact. ``op`` is one of `OPS`; ``values`` are as written, without units; ``where`` narrows a
    register.
    """

    path: str
    op: str
    values: tuple[str, ...] = ()
    register: str = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def scope(self) -> str:
        return self.path.split(".", 1)[0] if "." in self.path else "act"


class All(msgspec.Struct, frozen=True, tag="all"):
    """Every part holds."""

    parts: tuple[Condition, ...]


class AnyOf(msgspec.Struct, frozen=True, tag="any"):
    """At least one part holds."""

    parts: tuple[Condition, ...]


class Not(msgspec.Struct, frozen=True, tag="not"):
    """The part does not hold."""

    part: Condition


class Some(msgspec.Struct, frozen=True, tag="some"):
    """The part holds for some item, party or place."""

    scope: str
    part: Condition


class Every(msgspec.Struct, frozen=True, tag="every"):
    """The part holds for every item, party or place."""

    scope: str
    part: Condition


class Meets(msgspec.Struct, frozen=True, tag="meets"):
    """A named condition, kept by name so that explanations can use it."""

    name: str
    part: Condition


Condition = Union[Test, All, AnyOf, Not, Some, Every, Meets]

OPS = {
    "yes-no": ("is",),
    "number": ("at least", "at most", "more than", "less than"),
    "date": ("from", "until", "before", "after"),
    "code": ("is", "any of", "under", "outside", "in"),
    "codes": ("is", "any of", "under", "outside", "in"),
    "entries": ("in",),
    "text": (),
}
MAX_NAMED = 12  # named conditions within named ones; the law's deepest is 3
MAX_PARTS = 4_000  # tests in one condition, named ones written out; the law's largest has under 100
MAX_TERMS = 8_192  # ways for one condition to hold, before any are found to be the same; the law's most is under 200
QUANTIFIERS = {f"{word} {scope}": (word, scope) for word in ("some", "every") for scope in ELEMENT_SCOPES}


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and everything in it."""
    yield condition
    if isinstance(condition, (All, AnyOf)):
        for part in condition.parts:
            yield from walk(part)
    elif isinstance(condition, (Not, Some, Every, Meets)):
        yield from walk(condition.part)


def shared(condition: Condition, known: dict[Condition, Condition]) -> Condition:
    """The same condition made of ``known`` nodes wherever one is equal, so that equal conditions are one object."""
    found = known.get(condition)
    if found is not None:
        return found
    if isinstance(condition, (All, AnyOf)):
        condition = type(condition)(tuple(shared(part, known) for part in condition.parts))
    elif isinstance(condition, Not):
        condition = Not(shared(condition.part, known))
    elif isinstance(condition, Meets):
        condition = Meets(condition.name, shared(condition.part, known))
    elif isinstance(condition, (Some, Every)):
        condition = type(condition)(condition.scope, shared(condition.part, known))
    return known.setdefault(condition, condition)


def free_scopes(condition: Condition) -> frozenset[str]:
    """The scopes of which a condition speaks outside quantifiers: it is applied to each combination of these."""
    if isinstance(condition, Test):
        return frozenset((condition.scope,)) - {"act"}
    if isinstance(condition, (Some, Every)):
        return frozenset()
    parts = condition.parts if isinstance(condition, (All, AnyOf)) else (condition.part,)
    return frozenset().union(*(free_scopes(part) for part in parts))


def ways(condition: Condition, negate: bool = False) -> int:
    """At most how many conjunctions of tests a condition comes to when it is multiplied out."""
    if isinstance(condition, Test):
        return 1
    if isinstance(condition, Not):
        return ways(condition.part, not negate)
    if isinstance(condition, Meets):
        return ways(condition.part, negate)
    if isinstance(condition, (Some, Every)):
        return 1  # its inside is a condition of its own
    counts = [ways(part, negate) for part in condition.parts]
    return sum(counts) if isinstance(condition, AnyOf) != negate else math.prod(counts)


class Parser:
    """Reads conditions of one measure.

    Args:
        vocabulary: the facts that may be tested.
        registers: columns by register name.
        define: named conditions in reach, as read nodes.
        file: for errors.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        registers: dict[str, dict[str, str]],
        define: dict[str, Node],
        file: str,
    ) -> None:
        self.vocabulary, self.registers, self.define, self.file = vocabulary, registers, define, file
        self.open: list[str] = []  # named conditions being read, to catch a cycle
        self.used: set[str] = set()
        self.parts = 0

    def condition(self, node: Node, path: str) -> Condition:
        """A whole condition, bounded in size."""
        self.parts = 0
        found = self.read(node, path)
        insides = [part.part for part in walk(found) if isinstance(part, (Some, Every))]
        if max(max(ways(part), ways(part, True)) for part in (found, *insides)) > MAX_TERMS:
            raise self._error("the condition can hold in too many ways", node, path, f"{MAX_TERMS}", "split the rule")
        return found

    def read(self, node: Node, path: str, scope: str = "") -> Condition:
        """A condition out of a node; ``scope`` is that of the quantifier around it, if any."""
        if isinstance(node, Seq):
            return self._group(All, node, path, scope)
        if not isinstance(node, Map) or not node:
            raise self._error("a condition is needed here", node, path, "a map of fact paths and tests")
        parts = tuple(self._entry(key, body, f"{path}.{key}", scope) for key, body in node.items())
        return parts[0] if len(parts) == 1 else All(parts)

    def _error(self, problem: str, node: object, path: str, allowed: str = "", hint: str = "") -> InputError:
        found = str(node) if isinstance(node, str) else ""
        return InputError(
            problem, file=self.file, line=line_of(node), path=path, found=found, allowed=allowed, hint=hint
        )

    def _group(self, kind: type[All] | type[AnyOf], node: Node, path: str, scope: str) -> Condition:
        if not isinstance(node, Seq) or not node:
            raise self._error("a list of conditions is needed here, and not an empty one", node, path)
        parts = tuple(self.read(part, f"{path}.{i}", scope) for i, part in enumerate(node))
        return parts[0] if len(parts) == 1 else kind(parts)

    def _entry(self, key: str, body: Node, path: str, scope: str) -> Condition:
        if key in ("all", "any"):
            return self._group(All if key == "all" else AnyOf, body, path, scope)
        if key == "not":
            return Not(self.read(body, path, scope))
        if key == "meets":
            return self._named(body, path, scope)
        if key in QUANTIFIERS:
            if scope:
                raise self._error("a quantifier may not hold another", key, path)
            word, inner = QUANTIFIERS[key]
            part = self.read(body, path, inner)
            return Some(inner, part) if word == "some" else Every(inner, part)
        return self._test(key, body, path, scope)

    def _named(self, body: Node, path: str, scope: str) -> Condition:
        names = list(body) if isinstance(body, Seq) else [body]
        parts = []
        for name in names:
            if not isinstance(name, Word) or name not in self.define:
                hint = nearest(str(name), self.define)
                raise self._error("no such named condition", name, path, ", ".join(self.define), hint)
            if name in self.open:
                raise self._error("the named condition uses itself", name, path)
            if len(self.open) >= MAX_NAMED:
                raise self._error("named conditions are nested too deep", name, path, f"{MAX_NAMED} levels")
            self.used.add(str(name))
            self.open.append(str(name))
            try:
                parts.append(Meets(str(name), self.read(self.define[name], f"define.{name}", scope)))
            finally:
                self.open.pop()
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _fact(self, key: str, path: str, scope: str) -> Fact:
        names = [f"{scope}.{key}", key] if scope else [key]
        for name in names:
            fact = self.vocabulary.facts.get(name)
            if fact is not None and (not scope or fact.scope in (scope, "act")):
                return fact
        if scope and key in self.vocabulary.facts:
            raise self._error(
                f"inside a quantifier over {PLURALS[scope]} only {scope} facts and act facts may be named", key, path
            )
        known = [p.removeprefix(f"{scope}.") if scope else p for p in self.vocabulary.facts]
        words = ("all", "any", "not", "meets", *QUANTIFIERS)
        raise self._error("no such fact", key, path, hint=nearest(key, [*known, *words]))

    def _test(self, key: str, body: Node, path: str, scope: str) -> Condition:
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise self._error("the condition has too many tests", key, path, f"{MAX_PARTS}", "split the rule")
        fact = self._fact(key, path, scope)
        if not isinstance(body, Map):
            return self._simple(fact, "is", body, path)
        body = Map(body)
        where = body.pop(Word("where"), None)
        tests = [self._simple(fact, op, value, f"{path}.{op}", where) for op, value in body.items()]
        if not tests:
            raise self._error("a test is needed here", key, path, ", ".join(OPS[fact.kind]))
        return tests[0] if len(tests) == 1 else All(tuple(tests))

    def _simple(self, fact: Fact, op: str, value: Node, path: str, where: Node | None = None) -> Test:
        allowed = OPS[fact.kind]
        if not allowed:
            raise self._error("a text is for people; no rule may test it", value, path)
        if op not in allowed:
            found = op if isinstance(op, Word) else value  # a plain value stands for `is`
            problem = f"a fact of type {fact.kind!r} cannot be tested so"
            raise self._error(problem, found, path, ", ".join(allowed), nearest(op, allowed))
        if where is not None and op != "in":
            raise self._error("`where` belongs to `in`", where, f"{path.rpartition('.')[0]}.where")
        if op == "in":
            return self._register(fact, value, path, where)
        words = self._words(value, op, path)
        values = tuple(self._checked(fact, word, path) for word in words)
        return Test(fact.path, "is" if op == "any of" else str(op), values)

    def _words(self, value: Node, op: str, path: str) -> list[Word]:
        words = list(value) if isinstance(value, Seq) else [value]
        many = op in ("any of", "under", "outside")
        if not words or (len(words) > 1 and not many) or not all(isinstance(word, Word) for word in words):
            raise self._error("a word is needed here" if not many else "words are needed here", value, path)
        return [word for word in words if isinstance(word, Word)]

    def _checked(self, fact: Fact, word: Word, path: str) -> str:
        where = self._error("", word, path)
        if fact.kind == "number":
            return str(parse_number(str(word), fact.of, where))
        if fact.kind == "date":
            check_day(str(word), self.file, word.line, path)
        else:
            self.vocabulary.parse(fact, str(word), where)
        return str(word)

    def _register(self, fact: Fact, value: Node, path: str, where: Node | None) -> Test:
        if not isinstance(value, Word) or value not in self.registers:
            raise self._error("no such register", value, path, hint=nearest(str(value), self.registers))
        columns = self.registers[str(value)]
        path = f"{path.rpartition('.')[0]}.where"
        narrowed: list[tuple[str, tuple[str, ...]]] = []
        if where is not None and not isinstance(where, Map):
            raise self._error("a map of columns is needed here", where, path)
        for column, wanted in (where or Map()).items():
            if column not in columns:
                raise self._error("no such column", column, path, ", ".join(columns), nearest(column, columns))
            words = self._words(wanted, "any of", f"{path}.{column}")
            kind, _, list_name = columns[str(column)].partition(" ")
            if kind in ("code", "codes"):
                for word in words:
                    self.vocabulary.check_code(list_name, str(word), self._error("", word, f"{path}.{column}"))
            narrowed.append((str(column), tuple(str(word) for word in words)))
        return Test(fact.path, "in", (), str(value), tuple(sorted(narrowed)))
