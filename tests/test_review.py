"""What the review of the law tells beyond faults: opposing effects, and what cases expect."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from exeat.decide.engine import Engine
from exeat.review.cases import load_cases, run_case
from exeat.review.static import opposing_effects, static_notes
from exeat.rulebook.condition import All
from exeat.rulebook.condition import Test as Leaf  # pytest would take `Test` for tests
from exeat.rulebook.load import load_book
from exeat.rulebook.model import Event
from tests.test_meanings import CITE, IN_FORCE, PAID, engine, rule

BASE = Path(__file__).parent / "base_law"
UNPAID = Leaf("act.paid", "is", ("false",))
PROHIBITED = rule("a", PAID)


@pytest.fixture
def engine_of_law(book) -> Engine:
    return Engine(book)


def event(since: str, status: str, until: str = "", recorded: str = "2019-12-01") -> Event:
    return Event(since, status, CITE[0], recorded, "primary", until)


def pairs(*rules) -> list[str]:
    return [note.what.split(":")[0] for note in opposing_effects(engine(*rules))]


# --- opposing effects


def test_two_effects_on_the_same_facts_are_listed_and_no_fault():
    notes = opposing_effects(engine(PROHIBITED, rule("b", PAID, "licence_required")))
    assert [str(note) for note in notes] == [
        "note : f:1: a: prohibited, and b is licence_required: both can hold, and no exception joins them"
    ]


def test_the_same_effect_does_not_oppose():
    assert pairs(PROHIBITED, rule("b", All((PAID, PAID)))) == []


def test_rules_that_only_report_do_not_oppose():
    assert pairs(PROHIBITED, rule("b", PAID, "duty_to_act")) == []


def test_conditions_that_exclude_each_other():
    assert pairs(PROHIBITED, rule("b", UNPAID, "licence_required")) == []


def test_another_regime():
    assert pairs(PROHIBITED, rule("b", PAID, "licence_required", regime="r2")) == []


def test_an_exception_joins_its_rules():
    both = rule("x", PAID, defeats=("a", "b"), relief="exempt")
    one = rule("x", PAID, defeats=("a",), relief="exempt")
    licence = rule("b", PAID, "licence_required")
    assert pairs(PROHIBITED, licence, both) == []
    assert pairs(PROHIBITED, licence, one) == ["prohibited, and b is licence_required"]


@pytest.mark.parametrize(
    ("life", "listed"),
    [
        (IN_FORCE, True),
        ((event("2025-01-01", "in force"),), False),
        ((event("2024-12-31", "in force"),), True),
        ((event("2010-01-01", "in force"), event("2020-01-01", "revoked")), False),
        ((event("2010-01-01", "in force"), event("2020-01-02", "revoked")), True),
        ((event("2020-01-01", "in force", until="2020-01-01"),), True),
        ((event("2024-01-01", "not enforced"),), True),
        ((event("2024-01-01", "unverified after"),), True),
        ((event("2024-01-01", "announced"),), False),
    ],
)
def test_only_lives_with_a_common_day(life, listed):
    """The prohibition stands from 2020 to 2024."""
    ended = rule("a", PAID, life=(*IN_FORCE, event("2025-01-01", "revoked")))
    assert bool(pairs(ended, rule("b", PAID, "licence_required", life=life))) == listed
    assert bool(pairs(rule("b", PAID, "licence_required", life=life), ended)) == listed


def test_they_are_no_static_notes():
    book = Engine(load_book([BASE]))
    assert static_notes(book) == []
    assert [note.where.split(": ")[1] for note in opposing_effects(book)] == ["base.order.1"]


def test_the_shipped_law_has_some(engine_of_law):
    notes = opposing_effects(engine_of_law)
    assert notes
    assert not any(note.error for note in notes)


# --- what cases expect


@pytest.fixture
def law(tmp_path) -> Path:
    folder = tmp_path / "law"
    shutil.copytree(BASE, folder)
    return folder


def faults(law: Path, expect: str, like: str = "base.pledge.1/hit", measure: str = "base.pledge") -> list[str]:
    (law / "more.yaml").write_text(f"cases: {measure}\nlist: [{{id: more, like: {like}, expect: {expect}}}]\n")
    book = load_book([law])
    (case,) = load_cases(book, [law], lambda key: key == "more")
    return list(run_case(Engine(book), case).faults)


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("{commitments: [base.pledge.1]}", []),
        ("{commitments: base.pledge.1}", []),
        ("{commitments: []}", ["commitments: expected none, found base.pledge.1"]),
        ("{duties: []}", []),
        ("{policy: []}", []),
        ("{duties: [base.pledge.1]}", ["duties: base.pledge.1 missing"]),
        ("{policy: other}", ["policy: expected other, found none"]),
        ("{verdict: prohibited}", ["verdict: expected prohibited, found no_requirement_found"]),
    ],
)
def test_what_a_case_may_expect(law, expect, told):
    assert faults(law, expect) == told


def test_every_known_layer_may_be_left_out(law):
    for layer in ("courts", "suspensions", "repeal", "base.order.gift"):
        (law / "more.yaml").write_text(
            "cases: base.order\n"
            f"list: [{{id: more, like: base.order.1/hit, without: [{layer}], expect: {{verdict: prohibited}}}}]\n"
        )
        book = load_book([law])
        (case,) = load_cases(book, [law], lambda key: key == "more")
        assert case.without == (layer,)
        assert run_case(Engine(book), case).faults == ()
