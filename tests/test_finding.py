"""What one rule or exception comes to, asked for by itself: also where no decision would list it."""

from __future__ import annotations

import os
import random
from pathlib import Path

import msgspec
import pytest

from exeat.decide.engine import Engine, Options
from exeat.decide.index import REACHES, Furthest, Index
from exeat.decide.interpret import Interpreter
from exeat.errors import InputErrors
from exeat.page.answer import tree_of
from exeat.review.cases import load_cases
from exeat.rulebook.load import load_book
from exeat.rulebook.model import Rule
from exeat.vocabulary.reader import read_text
from exeat.vocabulary.transaction import Transaction, read_transaction
from tests.random_law import Maker

BASE = Path(__file__).parent / "base_law"
TODAY = "2026-11-22"
ORDER, FINE, GIFT, PLEDGE = "base.order.1", "base.order.2", "base.order.gift", "base.pledge.1"
CHUNKS = 8
PER_CHUNK = int(os.environ.get("EXEAT_SAME_ANSWER", "1000"))


@pytest.fixture(scope="module")
def base() -> Engine:
    return Engine(load_book([BASE]))


@pytest.fixture(scope="module")
def cases(base) -> dict[str, Transaction]:
    return {case.id: case.transaction for case in load_cases(base.book, [BASE])}


@pytest.mark.parametrize(
    ("case", "rule", "result"),
    [
        ("base.order.1/hit", ORDER, "applies"),
        ("base.order.1/book", ORDER, "does_not"),
        ("base.order.1/what", ORDER, "undecided"),
        ("base.order.1/the-day-before", ORDER, "dormant"),
        ("base.order.gift/hit", ORDER, "defeated"),
        ("base.order.1/hit", GIFT, "does_not"),
        ("base.order.gift/hit", GIFT, "applies"),
        ("base.order.gift/paid?", GIFT, "undecided"),
        ("base.pledge.1/hit", PLEDGE, "applies"),
        ("base.pledge.1/no", PLEDGE, "does_not"),
    ],
)
def test_every_result(base, cases, case, rule, result):
    finding = base.finding_of(cases[case], Options(TODAY), rule)
    assert (finding.rule, finding.result) == (rule, result)
    assert finding.trace is not None
    assert finding.cite
    assert finding.trace.truth == {"does_not": "false", "undecided": "unknown"}.get(result, "true")
    assert base.finding_of(cases[case], Options(TODAY, explain=False), rule).trace is None


def test_it_is_the_one_that_the_decision_lists(base, cases):
    for transaction in cases.values():
        decision = base.decide(transaction, Options(TODAY, outlook=False))
        for finding in decision.findings:
            assert base.finding_of(transaction, Options(TODAY), finding.rule) == finding
        for only in ((), ("base.pledge",), ("base.control",)):
            for rule in base.book.rules:
                one = base.finding_of(transaction, Options(TODAY, only=only), rule)
                listed = {finding.rule: finding for finding in decision.findings}
                assert one == listed.get(rule, one)


def test_an_exception_before_its_day_is_dormant(base, cases):
    gift = msgspec.structs.replace(cases["base.order.gift/hit"], when=cases["base.order.1/the-day-before"].when)
    finding = base.finding_of(gift, Options(TODAY), GIFT)
    assert (finding.result, finding.status.status, finding.status.since) == (
        "dormant",
        "not yet in force",
        "2020-03-01",
    )
    assert finding.trace.truth == "true"


def test_law_that_nobody_had_heard_of(base, cases):
    """Not listed by a decision; asked for, it says so."""
    options = Options("2020-01-31")
    assert not base.decide(cases["base.order.1/hit"], options).findings
    finding = base.finding_of(cases["base.order.1/hit"], options, ORDER)
    assert (finding.result, finding.status.status, finding.status.since) == ("dormant", "not yet in force", "")
    assert (finding.floor, finding.ceiling) == ("no_requirement_found", "no_requirement_found")


def test_layers_left_out(base, cases):
    assert base.finding_of(cases["base.order.gift/hit"], Options(TODAY, without=(GIFT,)), GIFT).result == "dormant"


def test_the_furthest_combination_is_told(base, cases):
    node = cases["base.order.1/hit"].items[0]
    book = cases["base.order.1/book"].items[0]
    both = msgspec.structs.replace(
        cases["base.order.1/hit"],
        items=(msgspec.structs.replace(book, id="book"), msgspec.structs.replace(node, id="chip")),
    )
    finding = base.finding_of(both, Options(TODAY), ORDER)
    assert (finding.result, finding.where, finding.combinations) == ("applies", {"item": "chip"}, 1)
    books = msgspec.structs.replace(both, items=both.items[:1])
    finding = base.finding_of(books, Options(TODAY), ORDER)
    assert (finding.result, finding.where, finding.combinations) == ("does_not", {"item": "book"}, 0)


def test_nothing_to_speak_of(base, cases):
    """A rule of items, where there surely are none."""
    none = msgspec.structs.replace(cases["base.pledge.1/hit"], items=())
    finding = base.finding_of(none, Options(TODAY), ORDER)
    assert (finding.result, finding.where, finding.trace) == ("does_not", {}, None)
    decision = base.decide(none, Options(TODAY, outlook=False))
    for lang in ("en", "zh"):
        assert tree_of(finding, decision, base.book, lang).reason.truth == "false"


def test_an_entry_that_does_not_exist(base):
    text = (BASE / "transaction.txt").read_text(encoding="utf-8").replace("base.list/acme", "base.list/acne")
    found = read_transaction(read_text(text, "t"), base.book.vocabulary, "t")
    with pytest.raises(InputErrors, match=r"parties\.1\.listing\.entries: no such entry"):
        base.finding_of(found, Options(TODAY), ORDER)


# --- the index against the interpreter


def slowly(interpreter: Interpreter, rule: Rule) -> Furthest:
    """How far a rule gets, by the definition: the interpreter's truths of each combination."""
    best, at, count = "does_not", None, 0
    for combination in interpreter.combinations(rule.when):
        condition, standing = interpreter.condition(rule, combination), interpreter.standing(rule)
        operates = interpreter.operates(rule, combination)
        if condition == 0:
            word = "does_not"
        elif standing == 0:
            word = "dormant"
        elif operates == 2:
            word = "applies"
        else:
            word = "undecided" if condition == 1 or standing == 1 or operates == 1 else "defeated"
        count += condition != 0
        if at is None or REACHES.index(word) > REACHES.index(best):
            best, at = word, combination
    return Furthest(best, at, count)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_index_equals_interpreter(chunk):
    source = random.Random(1000 + chunk)
    seen = set()
    for _ in range(PER_CHUNK // 10):
        maker = Maker(source, listings=random.Random(source.random()))
        engine = Engine(maker.book())
        for _ in range(10):
            transaction = maker.transaction()
            options = Options(source.choice(("2020-01-15", "2026-01-01")), strict=source.random() < 0.3)
            index: Index = engine.indexes(transaction, engine.facts(transaction, options.strict), options)[0]
            interpreter = engine.interpreter(index)
            for rule in engine.book.rules.values():
                found = index.furthest(rule.id)
                assert found == slowly(interpreter, rule)
                seen.add((bool(rule.defeats), found.result))
    assert len(seen) >= 9
