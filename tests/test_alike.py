"""Codes that are asked about once for all alike: the same answers as asking about each."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exeat.decide import moment as moments_of
from exeat.decide.alike import alike
from exeat.decide.engine import Engine, Options
from exeat.decide.facts import stated_days
from exeat.decide.logic import UNKNOWN
from exeat.page import grid
from exeat.vocabulary.model import Entries
from exeat.vocabulary.reader import read_file
from exeat.vocabulary.transaction import Act, Cell, Element, Transaction, read_transaction
from tests.random_law import Maker

KNOWN = "2026-11-22"
EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*/*.yaml"))
SAMPLE = ("tiktok-sale-2020-09-15", "tiktok-download-2020-11-12", "surveillance-camera-2026-02-03", "p4-updates")


@given(st.integers(min_value=0, max_value=2**32), st.data())
@settings(max_examples=120, deadline=None)
def test_one_of_each_group_speaks_for_all_of_it(seed, data):
    maker = Maker(random.Random(seed), bool(seed % 3), random.Random(seed) if seed % 2 == 0 else None)
    engine, transaction = Engine(maker.book(5)), maker.transaction(missing=0.5)
    options = Options("2026-01-01", explain=False, outlook=False)
    facts = [one for one in engine.book.vocabulary.facts.values() if one.kind == "code" and one.path != "activity"]
    fact = data.draw(st.sampled_from(facts))
    codes = list(engine.book.vocabulary.lists[fact.of].codes)
    laws = engine.moments(transaction.when, options, stated_days(transaction))
    groups = alike(laws, fact.path, codes)
    assert sorted(code for group in groups for code in group) == sorted(codes)
    for group in groups:
        found = {engine.headline(stating(transaction, fact.scope, fact.path, code), options) for code in group}
        assert len(found) == 1, (fact.path, group)


def stating(transaction: Transaction, scope: str, path: str, code: str) -> Transaction:
    """The transaction with one fact stated of the act, or of the first element of its scope."""
    if scope == "act":
        return msgspec.structs.replace(transaction, act={**transaction.act, path: Cell(code)})
    plural = {"item": "items", "party": "parties", "place": "places"}[scope]
    elements = getattr(transaction, plural) or (Element("new", scope, {}),)
    first = msgspec.structs.replace(elements[0], facts={**elements[0].facts, path: Cell(code)})
    return msgspec.structs.replace(transaction, **{plural: (first, *elements[1:])})


@pytest.mark.parametrize("path", [one for one in EXAMPLES if one.stem.startswith(SAMPLE)], ids=lambda path: path.stem)
def test_tiles_are_those_of_asking_about_every_country(engine, path):
    asked = read_transaction(read_file(path), engine.book.vocabulary, path.name)
    options = Options(KNOWN, explain=False, outlook=False)
    end = next(one for one in asked.places if one.facts["place.role"].value & grid.DESTINATIONS)
    tiles = grid.destinations(engine, asked, options, "en")
    assert len(tiles) > 200
    for tile in tiles[::3]:
        there = msgspec.structs.replace(end, facts={**end.facts, "place.is": Cell(tile.code)})
        places = tuple(there if one is end else one for one in asked.places)
        found = engine.headline(msgspec.structs.replace(asked, places=places), options)
        assert tile.square == grid.square_of(found), tile.code


def test_days_of_one_stretch_have_one_matrix_and_a_change_ends_it(engine):
    """Random days in groups of one stretch; and the days on either side of every end of an encoding."""
    rng = random.Random(7)
    days = [f"{rng.randint(2015, 2028)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}" for _ in range(60)]
    stretches: dict[object, list[str]] = {}
    for day in days:
        stretches.setdefault(grid.stretch(engine, day, KNOWN), []).append(day)
    several = sorted((group for group in stretches.values() if len(group) > 1), key=len)[-3:]
    assert several, "no two days of one stretch: nothing was tried"
    for group in several:
        assert grid.squares(engine, group[0], KNOWN) == grid.squares(engine, group[-1], KNOWN), group
    assert grid.stretch(engine, "2020-09-19", KNOWN) != grid.stretch(engine, "2020-09-20", KNOWN)
    for regime in engine.book.regimes.values():
        for day in (regime.encoded_from, *(review.on for review in regime.review)):
            if day:
                before = (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()
                assert grid.stretch(engine, day, KNOWN) != grid.stretch(engine, before, KNOWN), (regime.id, day)


def test_the_brief_answer_asks_what_the_whole_one_asks(engine):
    for path in EXAMPLES[::4]:
        asked = read_transaction(read_file(path), engine.book.vocabulary, path.name)
        options = Options(KNOWN, explain=False)
        whole, brief = engine.decide(asked, options), engine.brief(asked, options, asking=True)
        assert brief.questions == whole.questions, path.stem
        assert brief.question_sets == whole.question_sets
        assert engine.brief(asked, options).questions == ()


def test_nobody_sees_a_moment_take_an_unverified_row_for_none(engine, monkeypatch):
    """Threads share a moment. While one asks what is verified, another may ask what stands: the moment must not be
    changed for that while, or a row that may hold would be none, which reads like a clearance.
    """
    moment = engine.moments(Act(on="2020-09-21"), Options(KNOWN))[0]
    column = engine.compiled.columns["party.listing"]
    atom = next(one for one in column.tests if one.op == "in")
    seen = []
    asks = moments_of.test
    monkeypatch.setattr(
        moments_of, "test", lambda *given: (seen.append((given[3].unverified, moment.unverified)), asks(*given))[1]
    )
    moment.verified(atom, Entries(frozenset()))
    assert seen
    assert all(shared == UNKNOWN for _, shared in seen)
    assert all(asking != UNKNOWN for asking, _ in seen)
