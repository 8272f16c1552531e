"""The bars that reading keeps on annotated documents; skipped without them, for they are no part of the project."""

from __future__ import annotations

import pytest
from bench import read as bench

from exeat.read.lexicon import lexicon
from exeat.read.link import Ledger
from tests.conftest import ROOT

SOURCES = ROOT.parent / "shared" / "sources"
LEAST = {
    "lede kept": 1.0,
    "annotated quotations in the text": 1.0,
    "title, seeds": 1.0,
    "title, samples": 0.97,
    "published day": 0.97,
    "times": 0.95,
    "main mentions found, samples": 0.85,
    "main mentions found, seeds": 0.95,
    "action family": 0.92,
    "actor": 0.92,
    "announced day": 0.92,
    "effective day": 0.9,
    "evidence exact": 1.0,
}

pytestmark = pytest.mark.skipif(not (SOURCES / "gold").is_dir(), reason="the annotated documents are not here")


@pytest.fixture(scope="module")
def found(book):
    ledger = Ledger(book)
    return bench.score(bench.load(SOURCES, lexicon(book), ledger), ledger)


@pytest.mark.parametrize("name", LEAST)
def test_bar(found, name):
    tally = found.tallies[name]
    assert tally.share >= LEAST[name], "\n".join([tally.shown(), *tally.misses])


def test_text_of_the_seeds(found):
    assert min(value for _, value in found.text) >= 0.995


def test_no_day_is_silently_wrong(found):
    assert not found.wrong_days


def test_mentions_of_the_seeds(found):
    both, gold, got = (found.counts[f"seeds {part}"] for part in ("matched", "wanted", "got"))
    assert 2 * both / (gold + got) >= 0.85
