"""Conditions and traces in readable words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from exeat.decide.decision import Cited, Finding, Reason
from exeat.page.chinese import told
from exeat.page.names import Names
from exeat.rulebook.condition import All, Condition, Every, Meets, Not, Some, Test

SIGNS = {"true": "✓", "unknown": "?", "false": "✗", "": "·"}


class Why(msgspec.Struct, frozen=True):
    """One line of a tree of reasons: what is asked, whether it holds, and the fact or citation that it rests on.

    ``truth`` is true, unknown or false, or "" for a condition that nobody has put to facts. ``one`` says that any one
    of the parts is enough; ``about`` names the item, party or place that is tested.
    """

    text: str
    truth: str = ""
    source: str = ""
    cite: tuple[Cited, ...] = ()
    parts: tuple[Why, ...] = ()
    one: bool = False
    about: str = ""


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
    return names.word("is", told(column, names.lang, "columns"), names.word("or").join(shown))


# --- conditions as they are written


def tree(condition: Condition, names: Names, negated: bool = False) -> Why:
    """A condition as a tree, ``not`` pushed down to the tests."""
    if isinstance(condition, Test):
        return Why(phrase(condition, names, negated))
    if isinstance(condition, Not):
        return tree(condition.part, names, not negated)
    if isinstance(condition, Meets):
        key = "tree.not meets" if negated else "tree.meets"
        return Why(
            names.word(key, told(condition.name, names.lang, "conditions")),
            parts=(tree(condition.part, names, negated),),
        )
    if isinstance(condition, (Some, Every)):
        some = isinstance(condition, Some) != negated
        key = f"tree.{'some' if some else 'every'} {condition.scope}"
        return Why(names.word(key), parts=(tree(condition.part, names, negated),), one=some)
    both = isinstance(condition, All) != negated
    parts = tuple(tree(part, names, negated) for part in condition.parts)
    return Why(names.word("tree.all" if both else "tree.any"), parts=parts, one=not both)


# --- traces


def reasons(reason: Reason, names: Names, scope: str = "") -> Why:
    """The reasons of a finding as a tree of sentences. ``scope`` is that of the quantifier around it."""
    if reason.kind == "test":
        return _tested(reason, names)
    if reason.kind == "meets":
        key = "tree.not meets" if reason.negated else "tree.meets"
        return Why(
            names.word(key, told(reason.name, names.lang, "conditions")),
            reason.truth,
            parts=_parts(reason, names, scope),
        )
    if reason.kind == "element":
        return Why(names.element(scope, reason.element), reason.truth, parts=_parts(reason, names, scope))
    head, _, inner = reason.kind.partition(" ")
    parts = _parts(reason, names, inner or scope)
    return Why(names.word(f"tree.{reason.kind}"), reason.truth, parts=parts, one=head in ("any", "some"))


def _parts(reason: Reason, names: Names, scope: str) -> tuple[Why, ...]:
    return tuple(reasons(part, names, scope) for part in reason.parts)


def _tested(reason: Reason, names: Names) -> Why:
    test = Test(reason.path, reason.op, reason.values, reason.register, tuple(reason.where.items()))
    about = names.element(test.scope, reason.element) if test.scope != "act" else ""
    cites = tuple(_row_cites(reason, names))
    return Why(phrase(test, names, reason.negated), reason.truth, source_of(reason, names), cites, about=about)


def source_of(reason: Reason, names: Names) -> str:
    """Where the fact behind a test comes from, with its value where the test does not already say it."""
    if not reason.source:
        return names.word("source.not given")
    if isinstance(reason.value, Mapping) and "state" in reason.value:
        return names.word(f"source.{reason.value['state']}")
    if reason.source == "presumed":
        source = names.word("source.presumed", reason.says)
    else:
        source = names.word(f"source.{reason.source}")
        source += f" {names.word('says', reason.says)}" if reason.says else ""
    plain = isinstance(reason.value, bool) or (reason.op == "is" and reason.truth == "true" and not reason.negated)
    return source if plain else f"{source}{names.word('colon')}{names.value(reason.path, reason.value)}"


def _row_cites(reason: Reason, names: Names) -> list[Cited]:
    """The rows of the register that make an ``in`` test true."""
    if reason.op != "in" or not reason.source or reason.negated or reason.truth == "false":
        return []
    return names.rows(reason.register, _row_ids(reason.path, reason.register, reason.value, names))


def _row_ids(path: str, register: str, value: Any, names: Names) -> list[str]:
    if isinstance(value, Mapping):
        prefix = f"{register}/"
        return [entry.removeprefix(prefix) for entry in value.get("entries", ()) if entry.startswith(prefix)]
    fact = names.book.vocabulary.facts.get(path)
    codes = names.book.vocabulary.lists.get(fact.of) if fact else None
    words = value if isinstance(value, (list, tuple)) else (str(value),)
    return [above for word in words for above in (codes.ancestors(word) if codes else ())]


def chain(why: Why) -> Iterator[Why]:
    """The tests that make a tree what it is, in order.

    Of what must all hold, every member (or the first that fails); of alternatives, the first that does as well as the
    whole.
    """
    if not why.parts:
        yield why
        return
    alike = [part for part in why.parts if part.truth == why.truth]
    parts = alike[:1] if why.one or why.truth == "false" else why.parts
    for part in parts:
        yield from chain(part)


def finding_tree(finding: Finding, names: Names) -> Why | None:
    """The reasons of a finding, if its trace was kept."""
    return reasons(finding.trace, names) if finding.trace is not None else None
