"""Conditions and traces in readable words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from exeat.decide.decision import Cited, Finding
from exeat.decide.interpret import Trace
from exeat.decide.logic import FALSE, TRUE, UNKNOWN
from exeat.page.names import Names, number
from exeat.rulebook.condition import All, AnyOf, Condition, Every, Meets, Not, Some, Test
from exeat.vocabulary.model import Entries, State

TRUTHS = {TRUE: "true", UNKNOWN: "unknown", FALSE: "false"}
SIGNS = {TRUE: "✓", UNKNOWN: "?", FALSE: "✗"}


class Reason(msgspec.Struct, frozen=True):
    """One line of a tree of reasons: what is asked, whether it holds, and the fact or citation that it rests on.

    ``truth`` is 0, 1 or 2, or None for a condition that nobody has put to facts.
    """

    text: str
    truth: int | None = None
    source: str = ""
    cite: tuple[Cited, ...] = ()
    parts: tuple["Reason", ...] = ()


def phrase(test: Test, names: Names, negated: bool = False) -> str:
    """A test as a sentence."""
    fact = names.book.vocabulary.facts.get(test.path)
    title = names.fact(test.path)
    if fact is not None and fact.kind == "yes-no":
        return names.word("yes-no", title, names.word("yes" if (test.values[0] == "true") != negated else "no"))
    op = "is" if test.op == "is" and len(test.values) == 1 else "any of" if test.op == "is" else test.op
    key = f"{'not ' if negated else ''}{op}" if op != "is" else "is not" if negated else "is"
    if op == "in":
        where = names.listed(_column(test.register, column, values, names) for column, values in test.where)
        return names.word(key, title, names.register(test.register)) + (names.word("where", where) if where else "")
    values = [_value(test, value, names) for value in test.values]
    joined = names.word("list sep") if op == "any of" else names.word("or")
    return names.word(key, title, joined.join(values))


def _value(test: Test, value: str, names: Names) -> str:
    return names.value(test.path, Decimal(value) if number_fact(test, names) else value)


def number_fact(test: Test, names: Names) -> bool:
    fact = names.book.vocabulary.facts.get(test.path)
    return fact is not None and fact.kind == "number"


def _column(register: str, column: str, values: Iterable[str], names: Names) -> str:
    kind, _, list_name = names.book.registers[register].columns[column].partition(" ")
    shown = [names.code(list_name, value) if kind != "text" else value for value in values]
    return names.word("is", column, names.word("or").join(shown))


# --- conditions as they are written


def tree(condition: Condition, names: Names, negated: bool = False) -> Reason:
    """A condition as a tree, ``not`` pushed down to the tests."""
    if isinstance(condition, Test):
        return Reason(phrase(condition, names, negated))
    if isinstance(condition, Not):
        return tree(condition.part, names, not negated)
    if isinstance(condition, Meets):
        key = "tree.not meets" if negated else "tree.meets"
        return Reason(names.word(key, condition.name), parts=(tree(condition.part, names, negated),))
    if isinstance(condition, (Some, Every)):
        some = isinstance(condition, Some) != negated
        key = f"tree.{'some' if some else 'every'} {condition.scope}"
        return Reason(names.word(key), parts=(tree(condition.part, names, negated),))
    both = isinstance(condition, All) != negated
    parts = tuple(tree(part, names, negated) for part in condition.parts)
    return Reason(names.word("tree.all" if both else "tree.any"), parts=parts)


def codes_of(condition: Condition) -> Iterator[Test]:
    """Every test in a condition."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, (All, AnyOf)):
        for part in condition.parts:
            yield from codes_of(part)
    else:
        yield from codes_of(condition.part)


# --- traces


def reasons(trace: Trace, names: Names, scope: str = "") -> Reason:
    """A trace as a tree of reasons."""
    if trace.kind == "test" and trace.test is not None:
        return _tested(trace, trace.test, names)
    if trace.kind == "meets":
        key = "tree.not meets" if trace.negated else "tree.meets"
        return Reason(names.word(key, trace.name), trace.truth, parts=_parts(trace, names, scope))
    if trace.kind == "element":
        return Reason(names.element(scope, trace.element), trace.truth, parts=_parts(trace, names, scope))
    inner = trace.kind.split(" ")[1] if " " in trace.kind else scope
    return Reason(names.word(f"tree.{trace.kind}"), trace.truth, parts=_parts(trace, names, inner))


def _parts(trace: Trace, names: Names, scope: str) -> tuple[Reason, ...]:
    return tuple(reasons(part, names, scope) for part in trace.parts)


def _tested(trace: Trace, test: Test, names: Names) -> Reason:
    text = phrase(test, names, trace.negated)
    if test.scope != "act":
        text = f"{names.element(test.scope, trace.element)}{names.word('colon')}{text}"
    return Reason(text, trace.truth, source_of(trace, names), tuple(_row_cites(trace, test, names)))


def source_of(trace: Trace, names: Names) -> str:
    """Where the fact behind a test comes from, with its value where the test does not already say it."""
    cell, test = trace.cell, trace.test
    if cell is None or test is None:
        return names.word("source.not given")
    if isinstance(cell.value, State):
        return names.word(f"source.{cell.value.name}")
    if cell.source == "presumed":
        source = names.word("source.presumed", cell.says)
    else:
        source = names.word(f"source.{cell.source}")
        source += f" {names.word('says', cell.says)}" if cell.says else ""
    shown = names.value(test.path, cell.value)
    plain = isinstance(cell.value, bool) or (test.op == "is" and trace.truth == TRUE and not trace.negated)
    return source if plain else f"{source}{names.word('colon')}{shown}"


def _row_cites(trace: Trace, test: Test, names: Names) -> list[Cited]:
    """The rows of the register that make an ``in`` test true."""
    cell = trace.cell
    if test.op != "in" or cell is None or trace.negated or trace.truth == FALSE or isinstance(cell.value, State):
        return []
    if isinstance(cell.value, Entries):
        prefix = f"{test.register}/"
        ids = [entry.removeprefix(prefix) for entry in cell.value.entries if entry.startswith(prefix)]
    else:
        words = cell.value if isinstance(cell.value, frozenset) else (str(cell.value),)
        fact = names.book.vocabulary.facts.get(test.path)
        codes = names.book.vocabulary.lists.get(fact.of) if fact else None
        ids = [above for word in words for above in (codes.ancestors(word) if codes else ())]
    return names.rows(test.register, ids)


def chain(reason: Reason) -> Iterator[Reason]:
    """The reasons that make a tree what it is, in order: all members of a conjunction that do not fail, the first fitting
    member of an alternative."""
    if not reason.parts:
        yield reason
        return
    fitting = [part for part in reason.parts if part.truth == reason.truth]
    alternative = len(fitting) < len(reason.parts) and all((part.truth or 0) <= (reason.truth or 0) for part in reason.parts)
    for part in fitting[:1] if alternative else reason.parts:
        yield from chain(part)


def finding_tree(finding: Finding, names: Names) -> Reason | None:
    """The reasons of a finding, if its trace was kept."""
    return reasons(finding.trace, names) if finding.trace is not None else None


def shown_number(value: object) -> str:
    return number(value)
