"""The rules in two other engines, GoRules zen and Cedar, translated test by test.

What they lack is worked out for them beforehand and counted to nobody:

- Neither has unknowns: they are given complete facts, and rules (exceptions) that are not surely in force that day are
  left out.
- Neither has dates, registers or hierarchies: every test of a code or entry is resolved to the constant set of values
  that satisfy it on that day; a set of more than `MAX_SET` values becomes a ready-made boolean of the element.
- Cedar has no quantifiers over records: each ``some``/``every`` becomes a ready-made boolean of the request; and a rule
  about *this* item (party, place) is one request for each combination, all sent in one batch.
- Exceptions are guards: ``rule and not (exception and not (...))``.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import cedarpy
import msgspec
import zen

from exeat.decide.engine import Engine
from exeat.decide.facts import Facts
from exeat.decide.interpret import Interpreter
from exeat.decide.logic import TRUE, test
from exeat.decide.moment import Moment
from exeat.rulebook.condition import All, Condition, Every, Meets, Not, Some, Test, free_scopes, walk
from exeat.rulebook.model import Rule
from exeat.vocabulary.model import ELEMENT_SCOPES, PLURALS, Entries
from exeat.vocabulary.transaction import Cell

MAX_SET = 64
SCALE = 10**6  # Cedar has whole numbers only

Values = frozenset[str]


class Law:
    """What the deciding rules come to on one day: which stand, and which values satisfy each test.

    Args:
        engine: the law.
        moment: the day.
        facts: any transaction's facts (only to ask which rules stand).
        reported: duties, commitments, policies and powers as well.
    """

    def __init__(self, engine: Engine, moment: Moment, facts: Facts, reported: bool = False) -> None:
        self.engine, self.moment, self.book = engine, moment, engine.book
        standing = Interpreter(moment, facts).standing
        sure = {rule.id for rule in self.book.rules.values() if standing(rule) == 2}
        self.rules = [
            rule
            for rule in self.book.rules.values()
            if rule.id in sure and (rule.decides or (reported and not rule.defeats))
        ]
        self.exceptions: dict[str, list[Rule]] = {}
        for rule in self.book.rules.values():
            for target in rule.defeats if rule.id in sure else ():
                self.exceptions.setdefault(target, []).append(rule)
        self.sets: dict[Test, Values] = {}
        self.universe: dict[str, Values] = {}
        self.ready: dict[Test, str] = {}  # tests whose set is too large, and the boolean that stands for them
        self.quantified: dict[Condition, str] = {}
        for rule in self._all():
            for node in walk(rule.when):
                if isinstance(node, Test):
                    self._resolve(node)
                elif isinstance(node, (Some, Every)):
                    self.quantified.setdefault(node, f"q{len(self.quantified)}")

    def _all(self) -> Iterable[Rule]:
        """The rules, and whatever excepts from them."""
        stack, seen = list(self.rules), set()
        while stack:
            rule = stack.pop()
            if rule.id not in seen:
                seen.add(rule.id)
                stack += self.exceptions.get(rule.id, [])
                yield rule

    def _resolve(self, atom: Test) -> None:
        fact = self.book.vocabulary.facts[atom.path]
        if fact.kind == "entries":
            rows = {f"{atom.register}/{row.id}" for row in self.book.registers[atom.register].rows}
            values = {row: Entries(frozenset((row,)), True) for row in rows}
        elif fact.kind in ("code", "codes"):
            values = {
                code: code if fact.kind == "code" else frozenset((code,))
                for code in self.book.vocabulary.lists[fact.of].codes
            }
            self.universe[atom.path] = frozenset(values)
        else:
            return
        truths = {name: test(atom, value, self.book.vocabulary, self.moment) for name, value in values.items()}  # type: ignore[arg-type]
        found = self.sets[atom] = frozenset(name for name, truth in truths.items() if truth == TRUE)
        if min(len(found), len(values) - len(found)) > MAX_SET:
            self.ready.setdefault(atom, f"t{len(self.ready)}")

    # --- facts, flattened

    def flat(self, facts: Facts) -> dict[str, Any] | None:
        """The facts as plain data; None if some are missing."""
        wanted: dict[str, set[str]] = {"act": set(), "item": set(), "party": set(), "place": set()}
        for rule in self._all():
            for node in walk(rule.when):
                if isinstance(node, Test):
                    wanted[node.scope].add(node.path)
        groups = {"act": [facts.act]} | {s: [e.facts for e in facts.elements[s]] for s in ELEMENT_SCOPES}
        if any(path not in cells for scope, some in groups.items() for cells in some for path in wanted[scope]):
            return None
        made = {
            scope: [self._record(cells, wanted[scope]) | self._ready(cells, scope) for cells in some]
            for scope, some in groups.items()
        }
        return {"act": made["act"][0]} | {PLURALS[scope]: made[scope] for scope in ELEMENT_SCOPES}

    def _record(self, cells: dict[str, Cell], wanted: set[str]) -> dict[str, Any]:
        return {short(path): plain(cells[path].value) for path in wanted}

    def _ready(self, cells: dict[str, Cell], scope: str) -> dict[str, bool]:
        return {
            name: test(atom, cells[atom.path].value, self.book.vocabulary, self.moment) == TRUE
            for atom, name in self.ready.items()
            if atom.scope == scope
        }


def short(path: str) -> str:
    """A fact's name within its element, clear of both engines' own words."""
    name = path.partition(".")[2] or path
    return f"{name}_" if name in ("is", "in", "like", "has") else name


def plain(value: Any) -> Any:
    """A value as both engines take it: days and numbers as whole numbers."""
    if isinstance(value, Entries):
        return sorted(value.entries)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return int(value * SCALE)
    if isinstance(value, str) and len(value) == 10 and value[4:5] == "-" and value[7:8] == "-":
        return int(value.replace("-", ""))
    return value


COMPARE = {
    "at least": ">=", "at most": "<=", "more than": ">", "less than": "<",
    "from": ">=", "until": "<=", "before": "<", "after": ">",
}  # fmt: skip


class Dialect:
    """Conditions written for one engine. ``where`` says under which name each scope's element is in reach."""

    conjunction, disjunction, negation = "and", "or", "not"

    def __init__(self, law: Law) -> None:
        self.law = law

    def rule(self, rule: Rule, where: dict[str, str]) -> str:
        """A rule with its exceptions as guards."""
        exceptions = self.law.exceptions.get(rule.id, []) if rule.decides or rule.defeats else []
        guards = [f"{self.negation}({self.rule(exception, where)})" for exception in exceptions]
        return self.join(self.conjunction, [self.condition(rule.when, where), *guards])

    def condition(self, node: Condition, where: dict[str, str]) -> str:
        if isinstance(node, Test):
            return self.test(node, f"{where[node.scope]}.{self.law.ready.get(node) or short(node.path)}")
        if isinstance(node, Not):
            return f"{self.negation}({self.condition(node.part, where)})"
        if isinstance(node, Meets):
            return self.condition(node.part, where)
        if isinstance(node, (Some, Every)):
            return self.quantifier(node, where)
        word = self.conjunction if isinstance(node, All) else self.disjunction
        return self.join(word, [self.condition(part, where) for part in node.parts])

    def join(self, word: str, parts: list[str]) -> str:
        return parts[0] if len(parts) == 1 else "(" + f" {word} ".join(parts) + ")"

    def test(self, atom: Test, name: str) -> str:
        kind = self.law.book.vocabulary.facts[atom.path].kind
        if atom in self.law.ready:
            return f"({name})"
        if kind == "yes-no":
            return f"({name})" if atom.values[0] == "true" else f"{self.negation}({name})"
        if kind in ("number", "date"):
            bound = plain(Decimal(atom.values[0])) if kind == "number" else plain(atom.values[0])
            return f"({name} {COMPARE[atom.op]} {bound})"
        found = self.law.sets[atom]
        everything = self.law.universe.get(atom.path, frozenset())
        if kind != "entries" and len(found) > len(everything) / 2:
            return self.outside(name, everything - found, kind, atom.op == "outside")
        return self.inside(name, found, kind, atom.op == "outside")

    def quantifier(self, node: Some | Every, where: dict[str, str]) -> str:
        raise NotImplementedError

    def inside(self, name: str, found: Values, kind: str, every: bool) -> str:
        """The value (some value; with ``every`` each) is one of these."""
        raise NotImplementedError

    def outside(self, name: str, found: Values, kind: str, every: bool) -> str:
        """The value (some value; with ``every`` each) is none of these."""
        raise NotImplementedError


def words(values: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in sorted(values)) + "]"


class ZenDialect(Dialect):
    def quantifier(self, node: Some | Every, where: dict[str, str]) -> str:
        word = "some" if isinstance(node, Some) else "all"
        part = self.condition(node.part, {**where, node.scope: "each"})
        return f"{word}({PLURALS[node.scope]} as each, {part})"

    def inside(self, name: str, found: Values, kind: str, every: bool) -> str:
        if not found:
            return "false"
        if kind == "code":
            return f"({name} in {words(found)})"
        return f"{'all' if every else 'some'}({name}, # in {words(found)})"

    def outside(self, name: str, found: Values, kind: str, every: bool) -> str:
        if not found:
            return "true"
        if kind == "code":
            return f"({name} not in {words(found)})"
        return f"{'all' if every else 'some'}({name}, # not in {words(found)})"


class CedarDialect(Dialect):
    conjunction, disjunction, negation = "&&", "||", "!"

    def quantifier(self, node: Some | Every, where: dict[str, str]) -> str:
        return f"(context.quantified.{self.law.quantified[node]})"

    def inside(self, name: str, found: Values, kind: str, every: bool) -> str:
        if not found:
            return "false"
        if kind == "code":
            return f"({words(found)}.contains({name}))"
        return f"({words(found)}.containsAll({name}))" if every else f"({name}.containsAny({words(found)}))"

    def outside(self, name: str, found: Values, kind: str, every: bool) -> str:
        if not found:
            return "true"
        if kind == "code":
            return f"(!({words(found)}.contains({name})))"
        return f"(!({name}.containsAny({words(found)})))" if every else f"(!({words(found)}.containsAll({name})))"


# --- the engines


class Zen:
    """zen-engine in two forms: all rules in one compiled expression, or in the expression node of a decision graph."""

    def __init__(self, law: Law) -> None:
        dialect = ZenDialect(law)
        self.ids = [rule.id for rule in law.rules]
        written = [self._written(dialect, rule) for rule in law.rules]
        self.expression = zen.compile_expression("[" + ", ".join(written) + "]") if written else None
        graph = _graph({f"r{number}": text for number, text in enumerate(written)})
        self.graph = zen.ZenEngine().create_decision(json.dumps(graph))

    @staticmethod
    def _written(dialect: ZenDialect, rule: Rule) -> str:
        scopes = sorted(free_scopes(rule.when))
        text = dialect.rule(rule, {"act": "act"} | {scope: scope for scope in scopes})
        for scope in reversed(scopes):
            text = f"some({PLURALS[scope]} as {scope}, {text})"
        return text

    def hits(self, flat: dict[str, Any]) -> set[str]:
        truths = self.expression.evaluate(flat) if self.expression else []
        return {key for key, truth in zip(self.ids, truths, strict=True) if truth}

    def hits_by_graph(self, flat: dict[str, Any]) -> set[str]:
        result = self.graph.evaluate(flat)["result"]
        return {self.ids[int(name[1:])] for name, truth in result.items() if truth}


def _graph(expressions: dict[str, str]) -> dict[str, Any]:
    place = {"x": 0, "y": 0}
    listed = [{"id": key, "key": key, "value": value} for key, value in expressions.items()]
    return {
        "nodes": [
            {"id": "i", "name": "facts", "type": "inputNode", "position": place},
            {
                "id": "e",
                "name": "rules",
                "type": "expressionNode",
                "position": place,
                "content": {"expressions": listed},
            },
            {"id": "o", "name": "hits", "type": "outputNode", "position": place},
        ],
        "edges": [
            {"id": "1", "sourceId": "i", "targetId": "e", "type": "edge"},
            {"id": "2", "sourceId": "e", "targetId": "o", "type": "edge"},
        ],
    }


class Requests(msgspec.Struct):
    """One transaction for Cedar: for each set of scopes, a request per combination."""

    groups: list[tuple[tuple[str, ...], list[dict[str, Any]]]]


class Cedar:
    """cedarpy with parsed policies: one policy set for each set of scopes that rules speak of."""

    NOBODY = cedarpy.Entities.from_json_str("[]")

    def __init__(self, law: Law) -> None:
        self.law, dialect = law, CedarDialect(law)
        self.groups: dict[tuple[str, ...], tuple[list[str], Any]] = {}
        by_scopes: dict[tuple[str, ...], list[Rule]] = {}
        for rule in law.rules:
            by_scopes.setdefault(tuple(sorted(free_scopes(rule.when))), []).append(rule)
        for scopes, rules in by_scopes.items():
            where = {scope: f"context.{scope}" for scope in ("act", *scopes)}
            text = "\n".join(
                f"forbid(principal, action, resource) when {{ {dialect.rule(rule, where)} }};" for rule in rules
            )
            self.groups[scopes] = ([rule.id for rule in rules], cedarpy.PolicySet.from_str(text))
        self.reach = {scopes: _reach(rules, law) for scopes, rules in by_scopes.items()}

    def requests(self, flat: dict[str, Any], facts: Facts) -> Requests:
        """What Cedar is asked, with the quantifiers worked out."""
        interpreter = Interpreter(self.law.moment, facts)
        truths = {name: interpreter.explain(node, {})[0] == TRUE for node, name in self.law.quantified.items()}
        groups = []
        for scopes in self.groups:
            base = {"act": flat["act"], "quantified": {name: truths[name] for name in self.reach[scopes]}}
            rows = itertools.product(*(flat[PLURALS[scope]] for scope in scopes))
            groups.append((scopes, [_request(base | dict(zip(scopes, row, strict=True))) for row in rows]))
        return Requests(groups)

    def hits(self, requests: Requests) -> set[str]:
        found: set[str] = set()
        for scopes, batch in requests.groups:
            ids, policies = self.groups[scopes]
            for answer in cedarpy.is_authorized_batch(batch, policies, self.NOBODY):
                found.update(ids[int(reason[6:])] for reason in answer.diagnostics.reasons)
        return found

    def errors(self, requests: Requests) -> list[str]:
        """What went wrong in Cedar, if anything (a policy in error is skipped)."""
        return [
            str(error)
            for scopes, batch in requests.groups
            for answer in cedarpy.is_authorized_batch(batch, self.groups[scopes][1], self.NOBODY)
            for error in answer.diagnostics.errors
        ]


def _reach(rules: list[Rule], law: Law) -> list[str]:
    """The ready-made quantifiers that a group's rules and their exceptions read."""
    stack, seen, found = list(rules), set(), set()
    while stack:
        rule = stack.pop()
        if rule.id not in seen:
            seen.add(rule.id)
            stack += law.exceptions.get(rule.id, [])
            found |= {law.quantified[node] for node in walk(rule.when) if isinstance(node, (Some, Every))}
    return sorted(found)


def _request(context: dict[str, Any]) -> dict[str, Any]:
    return {"principal": 'U::"u"', "action": 'A::"a"', "resource": 'R::"r"', "context": context}
