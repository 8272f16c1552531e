"""Properties that hold of any law and any facts."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exeat.decide.compile import compile_book, nnf
from exeat.decide.decision import Decision
from exeat.decide.engine import Engine, Options, Ruling
from exeat.rulebook.condition import All, AnyOf, Not
from exeat.vocabulary.model import UNKNOWN, Entries, State
from exeat.vocabulary.transaction import Cell, Element, Transaction
from tests.random_law import Maker

seeds = st.integers(min_value=0, max_value=2**32)
TODAY = "2026-01-01"


def setting(seed: int, claimants: bool = False, **how) -> tuple[Maker, Engine, Transaction]:
    maker = Maker(random.Random(seed), claimants, random.Random(seed) if seed % 2 == 0 else None)
    return maker, Engine(maker.book(5)), maker.transaction(**how)


def ranges(ruling: Ruling) -> dict[str, tuple[int, int]]:
    return {key: (regime.range.floor, regime.range.ceiling) for key, regime in ruling.outcome.regimes.items()}


# --- Kleene


@given(seeds)
@settings(max_examples=150, deadline=None)
def test_kleene_laws(seed):
    maker, engine, transaction = setting(seed, missing=0.4)
    index = engine.indexes(transaction, engine.facts(transaction), Options(TODAY))[0]
    interpreter = engine.interpreter(index)
    a, b, c = (maker.condition(("act", "act")) for _ in range(3))

    def truth(condition):
        return interpreter.explain(condition, {})[0]

    assert truth(All((a, b))) == min(truth(a), truth(b)) == truth(All((b, a)))
    assert truth(AnyOf((a, b))) == max(truth(a), truth(b)) == truth(AnyOf((b, a)))
    assert truth(All((a, AnyOf((b, c))))) == truth(AnyOf((All((a, b)), All((a, c)))))
    assert truth(Not(Not(a))) == truth(a)
    assert truth(Not(All((a, b)))) == truth(AnyOf((Not(a), Not(b))))
    assert truth(Not(AnyOf((a, b)))) == truth(All((Not(a), Not(b))))
    assert truth(nnf(Not(All((a, Not(b)))))) == truth(Not(All((a, Not(b)))))
    assert truth(AnyOf((a, All((a, b))))) == truth(a)


# --- monotonicity


def holes(transaction: Transaction) -> list[tuple[str, int, str]]:
    """Facts that are not stated."""
    found = []
    for scope in ("act", "item", "party", "place"):
        for position in range(1 if scope == "act" else len(transaction.elements(scope))):
            cells = transaction.act if scope == "act" else transaction.elements(scope)[position].facts
            for fact in Maker(random.Random(0)).vocabulary.of_scope(scope):
                cell = cells.get(fact.path)
                if cell is None or cell.value == UNKNOWN:
                    found.append((scope, position, fact.path))
    return found


def filled(maker: Maker, transaction: Transaction, hole: tuple[str, int, str]) -> Transaction:
    scope, position, path = hole
    cell = Cell(maker.value(maker.vocabulary.facts[path]))
    if scope == "act":
        return msgspec.structs.replace(transaction, act={**transaction.act, path: cell})
    elements = list(transaction.elements(scope))
    elements[position] = msgspec.structs.replace(elements[position], facts={**elements[position].facts, path: cell})
    name = {"item": "items", "party": "parties", "place": "places"}[scope]
    return msgspec.structs.replace(transaction, **{name: tuple(elements)})


def told_more(maker: Maker, transaction: Transaction) -> Transaction | None:
    """The same transaction with one fact, one element of an open list, or the completeness of a list added."""
    gaps = holes(transaction)
    roll = maker.draw.random()
    still_open = [scope for scope in ("item", "party", "place") if scope not in transaction.complete]
    if still_open and roll < 0.3:
        scope = maker.draw.choice(still_open)
        if roll < 0.15:
            return msgspec.structs.replace(transaction, complete=transaction.complete | {scope})
        name = {"item": "items", "party": "parties", "place": "places"}[scope]
        more = Element("new", scope, maker.cells(scope, 0.1))
        return msgspec.structs.replace(transaction, **{name: (*transaction.elements(scope), more)})
    return filled(maker, transaction, maker.draw.choice(gaps)) if gaps else None


@given(seeds)
@example(134945)  # a licence that names its items, asked before the activity is told
@settings(max_examples=400, deadline=None)
def test_adding_a_fact_narrows(seed):
    maker, engine, transaction = setting(seed, missing=0.3)
    more = told_more(maker, transaction)
    if more is None:
        return
    options = Options(TODAY, strict=True)
    before, after = engine.rule(transaction, options), engine.rule(more, options)
    for key, (floor, ceiling) in ranges(after).items():
        if key not in before.inexact | after.inexact | after.limits.listed.keys():
            low, high = ranges(before)[key]
            assert low <= floor <= ceiling <= high, key


@given(seeds)
@settings(max_examples=400, deadline=None)
def test_a_claim_never_raises_the_ceiling(seed):
    """Facts that complete a claimant's relief may lower both ends, to its own outcome; nothing raises the ceiling."""
    maker, engine, transaction = setting(seed, claimants=True, missing=0.3)
    more = told_more(maker, transaction)
    if more is None:
        return
    options = Options(TODAY, strict=True)
    before, after = engine.rule(transaction, options), engine.rule(more, options)
    for key, (_, ceiling) in ranges(after).items():
        if key not in before.inexact | after.inexact | after.limits.listed.keys():
            assert ceiling <= ranges(before)[key][1]


@given(seeds)
@settings(max_examples=200, deadline=None)
def test_without_presumptions_nothing_is_lower(seed):
    _, engine, transaction = setting(seed, missing=0.3)
    lenient = ranges(engine.rule(transaction, Options(TODAY)))
    for key, (floor, ceiling) in ranges(engine.rule(transaction, Options(TODAY, strict=True))).items():
        assert floor <= lenient[key][0]
        assert ceiling >= lenient[key][1]


# --- order, agreement, repeatability


@given(seeds)
@settings(max_examples=100, deadline=None)
def test_the_order_of_rules_and_exceptions_does_not_matter(seed):
    maker, engine, transaction = setting(seed, claimants=True)
    shuffled = list(engine.book.rules.items())
    maker.draw.shuffle(shuffled)
    other = Engine(msgspec.structs.replace(engine.book, rules=dict(shuffled)))
    options = Options(TODAY)
    assert ranges(engine.rule(transaction, options)) == ranges(other.rule(transaction, options))


@given(seeds)
@settings(max_examples=150, deadline=None)
def test_explanation_and_verdict_agree(seed):
    _, engine, transaction = setting(seed, claimants=True)
    decision = engine.decide(transaction, Options(TODAY, outlook=False))
    regimes = {regime.id: regime for regime in decision.regimes}
    words = ["no_requirement_found", "authorised", "conditions", "approval_required", "licence_required", "prohibited"]
    for finding in decision.findings:
        assert finding.trace is not None
        assert finding.trace.truth != "false"
        if finding.result == "applies":
            assert words.index(regimes[finding.regime].floor) >= words.index(finding.floor)
            assert finding.cite
        assert words.index(regimes[finding.regime].ceiling) >= words.index(finding.floor)
    for regime in decision.regimes:
        if regime.exact and regime.floor == "prohibited":
            assert any(f.regime == regime.id and f.ceiling == "prohibited" for f in decision.findings)


@given(seeds)
@settings(max_examples=80, deadline=None)
def test_a_decision_survives_json(seed):
    _, engine, transaction = setting(seed)
    decision = engine.decide(transaction, Options(TODAY))
    again = msgspec.json.decode(msgspec.json.encode(decision), type=Decision)
    assert msgspec.json.encode(again) == msgspec.json.encode(decision)


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_the_hash_is_of_the_meaning(seed):
    maker, engine, transaction = setting(seed)
    options = Options(TODAY, outlook=False)
    first = engine.decide(transaction, options)
    assert first.hash == Engine(engine.book).decide(transaction, options).hash
    assert first == engine.decide(
        msgspec.structs.replace(transaction, act=dict(reversed(transaction.act.items()))), options
    )
    more = told_more(maker, transaction)
    if more is not None:
        assert engine.decide(more, options).hash != first.hash
    assert engine.decide(transaction, Options("2025-12-31", outlook=False)).hash != first.hash


@given(seeds)
@settings(max_examples=100, deadline=None)
def test_questions_settle(seed):
    """Whatever the answers to a smallest set, the headline is settled."""
    maker, engine, transaction = setting(seed, missing=0.25, complete=True)
    options = Options(TODAY, strict=True)
    ruling = engine.rule(transaction, options)
    asked = engine.questions(ruling)
    if not asked.asked or ruling.split:
        return
    chosen = [asked.asked[number] for number in asked.sets[0]]
    if len(chosen) == len(asked.asked) or any(one.scope == "complete" for one in chosen):
        return
    for _ in range(5):
        told = transaction
        for one in chosen:
            if engine.book.vocabulary.facts[one.path].kind == "entries" or one.position >= len(
                told.elements(one.scope) if one.scope != "act" else [1]
            ):
                return
            told = filled(maker, told, (one.scope, one.position, one.path))
        values = [cell.value for scope in ("act",) for cell in told.act.values()]
        if any(isinstance(value, Entries | State) for value in values):
            return
        found = engine.rule(told, options)
        coarse = any(r.range.floor != r.range.ceiling for r in found.outcome.regimes.values())
        assert found.headline().settled or coarse


def test_a_cycle_of_exceptions_is_refused():
    maker = Maker(random.Random(1))
    book = maker.book(2)
    a = maker.exception("a", book.rules)
    b = msgspec.structs.replace(a, id="b", defeats=("a",))
    a = msgspec.structs.replace(a, defeats=("b",))
    with pytest.raises(Exception, match="cycle"):
        compile_book(msgspec.structs.replace(book, rules={**book.rules, "a": a, "b": b}))
