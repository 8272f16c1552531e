"""The index is the interpreter: on random rulebooks and random facts, every result is the same."""

from __future__ import annotations

import itertools
import os
import random
from collections import Counter
from collections.abc import Iterator

import msgspec
import pytest

from exeat.decide.complete import Completion, sets, values
from exeat.decide.engine import Engine, Options
from exeat.decide.facts import Facts
from exeat.decide.index import Index
from exeat.decide.interpret import Interpreter
from exeat.decide.level import NOTHING, VERDICT
from exeat.decide.logic import UNKNOWN
from exeat.decide.result import Outcome
from exeat.vocabulary.model import State, Value
from exeat.vocabulary.transaction import Cell
from tests.random_law import Maker

CHUNKS = 20
PER_CHUNK = int(os.environ.get("EXEAT_SAME_ANSWER", "5000"))  # 20 x 5,000 decisions
PER_BOOK = 10
KNOWN = ("2020-01-15", "2020-02-05", "2026-01-01")


def results(outcome: Outcome) -> dict[str, object]:
    return {key: (regime.range, sorted(regime.results, key=repr)) for key, regime in outcome.regimes.items()}


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_index_equals_interpreter(chunk):
    source = random.Random(chunk)
    for _ in range(PER_CHUNK // PER_BOOK):
        maker = Maker(source, listings=random.Random(source.random()))
        engine = Engine(maker.book())
        for _ in range(PER_BOOK):
            transaction = maker.transaction()
            options = Options(known=source.choice(KNOWN), strict=source.random() < 0.3)
            index = engine.indexes(transaction, engine.facts(transaction, options.strict), options)[0]
            fast, slow = index.outcome(), engine.interpreter(index).outcome()
            assert results(fast) == results(slow)
            assert fast.touched == slow.touched
            lean = index.ranges()
            assert {key: lean.get(key, NOTHING) for key in slow.regimes} == {
                k: r.range for k, r in slow.regimes.items()
            }


def test_the_draws_reach_every_verdict():
    """Equality on draws that hardly ever prohibit would show little."""
    verdicts: Counter[str] = Counter()
    source = random.Random(99)
    for _ in range(600):
        maker = Maker(source, listings=random.Random(source.random()))
        engine = Engine(maker.book())
        for _ in range(PER_BOOK):
            transaction = maker.transaction()
            options = Options(known=source.choice(KNOWN))
            found = engine.indexes(transaction, engine.facts(transaction), options)[0].outcome().headline()
            verdicts[VERDICT[found.floor] if found.settled else "undetermined"] += 1
    for verdict in (*VERDICT.values(), "undetermined"):
        assert verdicts[verdict] >= 0.05 * sum(verdicts.values()), verdicts


def test_exact_equals_brute_force():
    """Completion finds what every way of filling in the unknown facts comes to, no more and no less."""
    source = random.Random(7)
    compared = open_ones = 0
    while compared < 300:
        maker = Maker(source, claimants=False)
        engine = Engine(maker.book(4))
        for _ in range(20):
            transaction = maker.transaction(missing=0.12, complete=True)
            options = Options(known="2026-01-01", strict=True)
            index = engine.indexes(transaction, engine.facts(transaction, True), options)[0]
            every = [outcome.regimes for outcome in completions(index, limit=400)]
            for key, regime in index.outcome().regimes.items() if every else ():
                exact, sure = Completion(index.only(key), key).exact()
                if sure:
                    assert exact.floor == min(one[key].range.floor for one in every)
                    assert exact.ceiling == max(one[key].range.ceiling for one in every)
                    open_ones += not regime.range.settled
            compared += bool(every)
    assert open_ones > 60


def completions(index: Index, limit: int) -> Iterator[Outcome]:
    """The interpreter's outcome for each way of filling in the facts; none if they are too many or cannot be named."""
    holes = _holes(index)
    options = [found for _, found in holes]
    if any(not found for found in options):
        return
    total = 1
    for one in options:
        total *= len(one)
    if total > limit:
        return
    for chosen in itertools.product(*options):
        facts = index.facts
        for (slot, _), value in zip(holes, chosen, strict=True):
            facts = _filled(facts, slot, value)
        yield Interpreter(index.moment, facts, index.licences, exact=True).outcome()


def _holes(index: Index) -> list[tuple[tuple[str, int, str], list[Value]]]:
    """The facts to fill in, each with its values ([]: they cannot be enumerated)."""
    found = []
    for scope in ("act", "item", "party", "place"):
        for position in range(1 if scope == "act" else len(index.facts.elements[scope])):
            cells = index.facts.cells(scope, position)
            for path, column in index.compiled.columns.items():
                if column.fact.scope == scope:
                    values = _hole(index, path, cells.get(path))
                    if values is not None:
                        found.append(((scope, position, path), values))
    return found


def _hole(index: Index, path: str, cell: Cell | None) -> list[Value] | None:
    """None: the fact is settled."""
    stated = cell is not None and not (isinstance(cell.value, State) and cell.value.name == "unknown")
    if stated:
        whole = isinstance(cell.value, State) or UNKNOWN not in index.moment.signature(path, cell.value)
        return None if whole else []
    column = index.compiled.columns[path]
    if column.fact.kind == "entries":
        return []
    classes = sets(column, values(index.moment, column), range(len(column.tests)))
    if any(one.value is None or (one.signature and UNKNOWN in one.signature) for one in classes):
        return []
    return [one.value for one in classes if one.value is not None]


def _filled(facts: Facts, slot: tuple[str, int, str], value: Value) -> Facts:
    scope, position, path = slot
    if scope == "act":
        return msgspec.structs.replace(facts, act={**facts.act, path: Cell(value)})
    elements = list(facts.elements[scope])
    element = elements[position]
    elements[position] = msgspec.structs.replace(element, facts={**element.facts, path: Cell(value)})
    return msgspec.structs.replace(facts, elements={**facts.elements, scope: tuple(elements)})
