"""Conditions: what a rule asks of a transaction. A small closed language, no arithmetic, no code."""

from __future__ import annotations

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
    """A test of one fact. ``op`` is one of `OPS`; ``values`` are as written, without units; ``where`` narrows a register."""

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

    parts: tuple["Condition", ...]


class AnyOf(msgspec.Struct, frozen=True, tag="any"):
    """At least one part holds."""

    parts: tuple["Condition", ...]


class Not(msgspec.Struct, frozen=True, tag="not"):
    """The part does not hold."""

    part: "Condition"


class Some(msgspec.Struct, frozen=True, tag="some"):
    """The part holds for some item, party or place."""

    scope: str
    part: "Condition"


class Every(msgspec.Struct, frozen=True, tag="every"):
    """The part holds for every item, party or place."""

    scope: str
    part: "Condition"


class Meets(msgspec.Struct, frozen=True, tag="meets"):
    """A named condition, kept by name so that explanations can use it."""

    name: str
    part: "Condition"


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
QUANTIFIERS = {f"{word} {scope}": (word, scope) for word in ("some", "every") for scope in ELEMENT_SCOPES}


def walk(condition: Condition) -> Iterator[Condition]:
    """The condition and everything in it."""
    yield condition
    if isinstance(condition, (All, AnyOf)):
        for part in condition.parts:
            yield from walk(part)
    elif isinstance(condition, (Not, Some, Every, Meets)):
        yield from walk(condition.part)


def free_scopes(condition: Condition) -> frozenset[str]:
    """The scopes of which a condition speaks outside quantifiers: it is applied to each combination of these."""
    if isinstance(condition, Test):
        return frozenset((condition.scope,)) - {"act"}
    if isinstance(condition, (Some, Every)):
        return frozenset()
    parts = condition.parts if isinstance(condition, (All, AnyOf)) else (condition.part,)
    return frozenset().union(*(free_scopes(part) for part in parts))


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
            self.used.add(str(name))
            self.open.append(str(name))
            parts.append(Meets(str(name), self.read(self.define[name], f"define.{name}", scope)))
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
        raise self._error("no such fact", key, path, hint=nearest(key, known))

    def _test(self, key: str, body: Node, path: str, scope: str) -> Condition:
        fact = self._fact(key, path, scope)
        if not isinstance(body, Map):
            return self._simple(fact, "is", body, path)
        body = Map(body)
        where = body.pop(Word("where"), None)
        tests = [self._simple(fact, str(op), value, f"{path}.{op}", where) for op, value in body.items()]
        if not tests:
            raise self._error("a test is needed here", key, path, ", ".join(OPS[fact.kind]))
        return tests[0] if len(tests) == 1 else All(tuple(tests))

    def _simple(self, fact: Fact, op: str, value: Node, path: str, where: Node | None = None) -> Test:
        allowed = OPS[fact.kind]
        if op not in allowed:
            raise self._error(
                f"a fact of type {fact.kind!r} cannot be tested so", op, path, ", ".join(allowed), nearest(op, allowed)
            )
        if where is not None and op != "in":
            raise self._error("`where` belongs to `in`", where, path)
        if op == "in":
            return self._register(fact, value, path, where)
        words = self._words(value, op, path)
        values = tuple(self._checked(fact, word, path) for word in words)
        return Test(fact.path, "is" if op == "any of" else op, values)

    def _words(self, value: Node, op: str, path: str) -> list[Word]:
        words = list(value) if isinstance(value, Seq) else [value]
        many = op in ("any of", "under", "outside")
        if not words or (len(words) > 1 and not many) or not all(isinstance(word, Word) for word in words):
            raise self._error("a word is needed here" if not many else "words are needed here", value, path)
        return words

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
        narrowed: list[tuple[str, tuple[str, ...]]] = []
        if where is not None and not isinstance(where, Map):
            raise self._error("a map of columns is needed here", where, path)
        for column, wanted in (where or Map()).items():
            if column not in columns:
                raise self._error(
                    "no such column", column, f"{path}.where", ", ".join(columns), nearest(column, columns)
                )
            words = self._words(wanted, "any of", f"{path}.where.{column}")
            kind, _, list_name = columns[str(column)].partition(" ")
            if kind in ("code", "codes"):
                for word in words:
                    self.vocabulary.check_code(list_name, str(word), self._error("", word, f"{path}.where.{column}"))
            narrowed.append((str(column), tuple(str(word) for word in words)))
        return Test(fact.path, "in", (), str(value), tuple(sorted(narrowed)))
