"""Rules compiled to terms: the form that one decision, a table and a cluster run alike.

Negation is pushed to the tests, conditions are distributed into *terms* (conjunctions), and each term is one bit. A
test of a fact belongs to that fact's *column*; a column knows, for each of its tests, which terms want it true and
which want it false. Whatever a fact's value, all that matters of it is its *signature*: the truth of each of the
column's tests. Distribution, De Morgan and absorption hold in Kleene logic, so nothing is lost; excluded middle does
not, and is not used.

A quantifier's inside is compiled the same way, to inner terms over the same bits; the terms that use the quantifier
look at it as at a column.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import msgspec

from exeat.errors import InputError, InputErrors
from exeat.rulebook.condition import (
    All,
    AnyOf,
    Condition,
    Every,
    Meets,
    Not,
    Some,
    Test,
    free_scopes,
    shared,
)
from exeat.rulebook.model import DECIDING, Book, Row, Rule
from exeat.vocabulary.model import ELEMENT_SCOPES, Fact, Value

MAX_TERMS = 512  # per rule; the shipped law's largest has under 100. Beyond it the rule must be split.

Literal = tuple[object, bool]  # (Test, negated) or (Quantifier id, False)
Term = frozenset[Literal]


class Class(msgspec.Struct, frozen=True):
    """Values of a fact that no test tells apart: one of them (None: a membership nobody can name), their signature
    (None: *not applicable*), and how many they are.
    """

    value: Value | None
    signature: tuple[int, ...] | None
    count: int


class Column(msgspec.Struct):
    """A fact and everything the rules ask of it. Masks are over terms."""

    path: str
    fact: Fact
    tests: list[Test]
    wants_true: list[int]
    wants_false: list[int]
    look: int = 0
    narrower: tuple[tuple[int, int], ...] = ()  # pairs of register tests: whoever meets the first meets the second


class Quantifier(msgspec.Struct):
    """``some`` or ``every`` over a scope. ``terms`` are its inner terms, ``look`` the terms that use it."""

    id: int
    every: bool
    scope: str
    terms: int = 0
    look: int = 0


class Unit(msgspec.Struct):
    """A rule, an exception, or a jurisdiction's touch, with its terms."""

    id: str
    rule: Rule | None
    scopes: tuple[str, ...]
    terms: int = 0
    defeaters: tuple[int, ...] = ()
    relieves: bool = False


class Group(msgspec.Struct):
    """Units that are applied to the same combinations of items, parties and places, with their exceptions."""

    scopes: tuple[str, ...]
    members: frozenset[int]
    terms: int


class Compiled(msgspec.Struct):
    """The whole book as columns, terms and units. ``owner[bit]`` is a unit, or ~quantifier for an inner term."""

    book: Book
    columns: dict[str, Column]
    quantifiers: list[Quantifier]
    by_scope: dict[str, list[Quantifier]]
    units: list[Unit]
    index: dict[str, int]
    owner: list[int]
    groups: list[Group]
    full: int
    inner: int
    claimant: int  # the terms that no presumption helps
    relieving: int  # the terms that no unverified row of a register helps
    scope_look: dict[str, int]
    scope_columns: dict[str, list[Column]]
    dated: frozenset[str]  # the columns with a test that asks a register
    scope_terms: dict[str, int]  # the terms of units that are applied to each item, party, place
    asks: list[int]  # per term: the inner terms of the quantifiers it uses
    asking: tuple[int, ...]  # the terms (as masks) that use a quantifier
    rows: dict[tuple[str, str], list[Row]]  # register rows by (register, id)
    literals: list[Term]  # what each term says
    deciding: int  # the terms of rules that decide, and of whatever defeats them
    made: dict[tuple[str, tuple[int, ...] | None], tuple[int, int]]  # rows by column and signature, as they are made
    # Rows of stated facts that no moment changes, as they are made.
    undated: dict[tuple[str, Value, bool], tuple[int, int]]
    # Truths that no moment changes (None: the test asks a register).
    still: dict[tuple[str, Value], tuple[int | None, ...]]
    totals: dict[tuple[str, tuple[int, ...], tuple[int, ...]], list[tuple[int, ...] | None]]  # see `complete`
    classes: dict[str, list[Class]]  # classes of values of such facts, as they are made
    regime_terms: dict[str, int]  # the terms of each regime's rules and of whatever defeats them; "" is the touches

    def terms_of(self, regimes: Iterable[str]) -> int:
        """The terms of some regimes, with those of the jurisdictions' touches."""
        mask = self.regime_terms[""]
        for regime in regimes:
            mask |= self.regime_terms.get(regime, 0)
        return mask

    def unit(self, rule: str) -> Unit:
        return self.units[self.index[rule]]

    def reach_of(self, rule: str) -> int:
        """Every term on which a rule's result hangs: its own, of what defeats it, and inside their quantifiers."""
        return self.with_inner(_with_defeaters([self.index[rule]], self.units))

    def with_inner(self, terms: int) -> int:
        """Terms with those inside their quantifiers."""
        inner, rest = 0, terms
        while rest:
            low = rest & -rest
            inner |= self.asks[low.bit_length() - 1]
            rest ^= low
        return terms | inner


def nnf(node: Condition, negate: bool = False) -> Condition:
    """Negation pushed to the tests; named conditions dissolved."""
    if isinstance(node, Test):
        return Not(node) if negate else node
    if isinstance(node, Not):
        return nnf(node.part, not negate)
    if isinstance(node, Meets):
        return nnf(node.part, negate)
    if isinstance(node, (Some, Every)):
        kind = Every if isinstance(node, Some) == negate else Some
        return kind(node.scope, nnf(node.part, negate))
    kind_ = AnyOf if isinstance(node, All) == negate else All
    return kind_(tuple(nnf(part, negate) for part in node.parts))


def touch_id(jurisdiction: str) -> str:
    """The unit id of a jurisdiction's touch; no rule id holds a colon."""
    return f"touches:{jurisdiction}"


def compile_book(book: Book) -> Compiled:
    """Compile every rule of a book.

    Raises:
        InputErrors: a rule that is too large, a cycle of exceptions, or one that both restricts and frees.
    """
    return _Compiler(book).run()


class _Compiler:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.columns: dict[str, Column] = {}
        self.quantifiers: dict[tuple[bool, str, Condition, bool, bool], Quantifier] = {}
        self.owner: list[int] = []
        self.literals: list[Term] = []
        self.errors: list[InputError] = []
        self.uses: dict[int, list[int]] = {}  # term bit -> quantifier ids

    def run(self) -> Compiled:
        known: dict[Condition, Condition] = {}
        rules = {key: msgspec.structs.replace(r, when=shared(r.when, known)) for key, r in self.book.rules.items()}
        book = self.book = msgspec.structs.replace(self.book, rules=rules)
        units = [Unit(rule.id, rule, _scopes(rule.when)) for rule in book.rules.values()]
        units += [Unit(touch_id(j.id), None, _scopes(j.touched)) for j in book.jurisdictions.values()]
        conditions = [rule.when for rule in book.rules.values()] + [j.touched for j in book.jurisdictions.values()]
        index = {unit.id: number for number, unit in enumerate(units)}
        self._defeats(units, index)
        if self.errors:
            raise InputErrors(self.errors)
        for number, (unit, condition) in enumerate(zip(units, conditions, strict=True)):
            unit.terms = self._terms(number, nnf(condition), unit)
        if self.errors:
            raise InputErrors(self.errors)
        for column in self.columns.values():
            column.narrower = _narrower(column.tests)
        return self._compiled(units, index)

    def _compiled(self, units: list[Unit], index: dict[str, int]) -> Compiled:
        """Everything that is known once all terms have their bits."""
        book, quantifiers = self.book, sorted(self.quantifiers.values(), key=lambda quantifier: quantifier.id)
        inner = 0
        for quantifier in quantifiers:
            inner |= quantifier.terms
        claimant, relieving = self._unhelped(units)
        scope_look = dict.fromkeys(("act", *ELEMENT_SCOPES), 0)
        for column in self.columns.values():
            scope_look[column.fact.scope] |= column.look
        asks = self._asks(quantifiers)
        return Compiled(
            book=book,
            columns=self.columns,
            quantifiers=quantifiers,
            by_scope={scope: [q for q in quantifiers if q.scope == scope] for scope in ELEMENT_SCOPES},
            units=units,
            index=index,
            owner=self.owner,
            groups=_groups(units),
            full=(1 << len(self.owner)) - 1,
            inner=inner,
            claimant=claimant,
            relieving=relieving,
            scope_look=scope_look,
            dated=frozenset(path for path, column in self.columns.items() if any(t.op == "in" for t in column.tests)),
            scope_terms={scope: _scope_terms(units, scope) for scope in ELEMENT_SCOPES},
            scope_columns={scope: [c for c in self.columns.values() if c.fact.scope == scope] for scope in scope_look},
            asks=asks,
            asking=tuple(1 << bit for bit, inner_terms in enumerate(asks) if inner_terms),
            rows=_rows(book),
            literals=self.literals,
            deciding=_with_defeaters([n for n, unit in enumerate(units) if deciding(unit)], units),
            made={},
            undated={},
            still={},
            totals={},
            classes={},
            regime_terms=_regime_terms(units),
        )

    def _asks(self, quantifiers: list[Quantifier]) -> list[int]:
        """For each term, the inner terms of the quantifiers it uses."""
        asks = [0] * len(self.owner)
        for bit, ids in self.uses.items():
            for quantifier_id in ids:
                asks[bit] |= quantifiers[quantifier_id].terms
        return asks

    def _unhelped(self, units: list[Unit]) -> tuple[int, int]:
        """The terms that no presumption helps, and those that no unverified row helps."""
        claimant = relieving = 0
        for unit in units:
            claimant |= unit.terms if _claims(unit) else 0
            relieving |= unit.terms if unit.relieves else 0
        for (_, _, _, claims, relieves), quantifier in self.quantifiers.items():
            claimant |= quantifier.terms if claims else 0
            relieving |= quantifier.terms if relieves else 0
        return claimant, relieving

    def _defeats(self, units: list[Unit], index: dict[str, int]) -> None:
        defeaters: dict[int, list[int]] = {}
        for number, unit in enumerate(units):
            for target in unit.rule.defeats if unit.rule else ():
                defeaters.setdefault(index[target], []).append(number)
        for number, found in defeaters.items():
            units[number].defeaters = tuple(found)
        for unit in units:
            self._check_defeats(unit, units, index)
        for unit in units:
            unit.relieves = self._relieves(unit, units, index)
            if _claims(unit) and not unit.relieves and unit.rule is not None:
                self._fault(
                    "only a relief has a claimant; this exception restores a rule", unit.rule, "burden: claimant"
                )

    def _check_defeats(self, unit: Unit, units: list[Unit], index: dict[str, int]) -> None:
        rule = unit.rule
        if rule is None:
            return
        stack, seen = list(rule.defeats), set()
        while stack:
            target = stack.pop()
            if target == rule.id:
                self._fault("the exception defeats itself (a cycle)", rule, target)
                return
            if target not in seen:
                seen.add(target)
                target_rule = units[index[target]].rule
                stack.extend(target_rule.defeats if target_rule else ())
        for target in rule.defeats:
            missing = set(unit.scopes) - set(units[index[target]].scopes)
            if missing:
                words = " and ".join(sorted(missing))
                self._fault(f"the exception speaks of this {words}, its rule does not", rule, target)

    def _relieves(self, unit: Unit, units: list[Unit], index: dict[str, int], depth: int = 0) -> bool:
        rule = unit.rule
        if rule is None or not rule.defeats or depth > len(units):
            return False
        answers = {not self._relieves(units[index[target]], units, index, depth + 1) for target in rule.defeats}
        if len(answers) > 1:
            self._fault("the exception frees from one rule and restores another; write two", rule, "")
        return answers.pop()

    def _fault(self, problem: str, rule: Rule, found: str) -> None:
        self.errors.append(InputError(problem, file=rule.file, line=rule.line, path=rule.id, found=found))

    def _terms(self, number: int, node: Condition, unit: Unit) -> int:
        mask = 0
        for term in self._distribute(node, unit):
            mask |= self._add(term, number)
        return mask

    def _add(self, term: Term, owner: int) -> int:
        bit = len(self.owner)
        self.owner.append(owner)
        self.literals.append(term)
        flag = 1 << bit
        for literal, negated in term:
            if isinstance(literal, int):
                self.uses.setdefault(bit, []).append(literal)
                next(q for q in self.quantifiers.values() if q.id == literal).look |= flag
            else:
                self._literal(literal, negated, flag)  # type: ignore[arg-type]
        return flag

    def _literal(self, atom: Test, negated: bool, flag: int) -> None:
        fact = self.book.vocabulary.facts[atom.path]
        column = self.columns.setdefault(atom.path, Column(atom.path, fact, [], [], []))
        if atom not in column.tests:
            column.tests.append(atom)
            column.wants_true.append(0)
            column.wants_false.append(0)
        place = column.tests.index(atom)
        (column.wants_false if negated else column.wants_true)[place] |= flag
        column.look |= flag

    def _distribute(self, node: Condition, unit: Unit) -> list[Term]:
        terms = _absorb(self._dnf(node, unit))
        if len(terms) > MAX_TERMS and unit.rule is not None:
            self._fault(f"the rule is too complex ({len(terms)} terms, {MAX_TERMS} allowed); split it", unit.rule, "")
        return terms

    def _dnf(self, node: Condition, unit: Unit) -> list[Term]:
        if isinstance(node, Test):
            return [frozenset(((node, False),))]
        if isinstance(node, Not):
            return [frozenset(((node.part, True),))]
        if isinstance(node, (Some, Every)):
            return [frozenset(((self._quantifier(node, unit), False),))]
        assert isinstance(node, (All, AnyOf))
        if isinstance(node, AnyOf):
            return [term for part in node.parts for term in self._dnf(part, unit)]
        product: list[Term] = [frozenset()]
        for part in node.parts:
            alternatives = self._dnf(part, unit)
            product = _absorb([a | b for a, b in itertools.product(product, alternatives)])
            if len(product) > 16 * MAX_TERMS:
                if unit.rule is not None:
                    self._fault("the rule is too complex; split it", unit.rule, "")
                return product[:1]
        return product

    def _quantifier(self, node: Some | Every, unit: Unit) -> int:
        key = (isinstance(node, Every), node.scope, node.part, _claims(unit), unit.relieves)
        found = self.quantifiers.get(key)
        if found is None:
            found = Quantifier(len(self.quantifiers), isinstance(node, Every), node.scope)
            self.quantifiers[key] = found
            for term in self._distribute(node.part, unit):
                found.terms |= self._add(term, ~found.id)
        return found.id


def _claims(unit: Unit) -> bool:
    return unit.rule is not None and unit.rule.burden_claimant


def _absorb(terms: list[Term]) -> list[Term]:
    """Drop a term that holds all the literals of another."""
    unique = sorted(dict.fromkeys(terms), key=len)
    if len(unique) == 1:
        return unique
    kept: list[Term] = []
    for term in unique:
        if not any(other <= term for other in kept):
            kept.append(term)
    return kept


def _scopes(condition: Condition) -> tuple[str, ...]:
    return tuple(sorted(free_scopes(condition)))


def _narrower(tests: list[Test]) -> tuple[tuple[int, int], ...]:
    """Whoever stands in a narrowed part of a register stands in the whole of it."""
    asking = [(place, test) for place, test in enumerate(tests) if test.op == "in"]
    return tuple(
        (a, b)
        for (a, narrow), (b, wide) in itertools.permutations(asking, 2)
        if narrow.register == wide.register and set(wide.where) < set(narrow.where)
    )


def _rows(book: Book) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for register in book.registers.values():
        for row in register.rows:
            found.setdefault((register.id, row.id), []).append(row)
    return found


def _scope_terms(units: list[Unit], scope: str) -> int:
    mask = 0
    for unit in units:
        if scope in unit.scopes:
            mask |= unit.terms
    return mask


def _with_defeaters(members: Iterable[int], units: list[Unit]) -> int:
    """The terms of units and of everything that defeats them."""
    terms, stack = 0, list(members)
    seen: set[int] = set()
    while stack:
        number = stack.pop()
        if number not in seen:
            seen.add(number)
            terms |= units[number].terms
            stack.extend(units[number].defeaters)
    return terms


def _groups(units: list[Unit]) -> list[Group]:
    """One group per set of scopes among rules that are not exceptions."""
    by_scopes: dict[tuple[str, ...], list[int]] = {}
    for number, unit in enumerate(units):
        if unit.rule is None or not unit.rule.defeats:
            by_scopes.setdefault(unit.scopes, []).append(number)
    return [
        Group(scopes, frozenset(members), _with_defeaters(members, units))
        for scopes, members in sorted(by_scopes.items())
    ]


def _regime_terms(units: list[Unit]) -> dict[str, int]:
    members: dict[str, list[int]] = {"": []}
    for number, unit in enumerate(units):
        members.setdefault(unit.rule.regime if unit.rule else "", []).append(number)
    return {regime: _with_defeaters(found, units) for regime, found in members.items()}


def deciding(unit: Unit) -> bool:
    return unit.rule is not None and unit.rule.effect in DECIDING
