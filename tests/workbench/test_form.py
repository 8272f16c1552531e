"""The form behind the interview and the pages: an answer never undoes what it does not speak of."""

from __future__ import annotations

import pytest

from exeat.decide.engine import Options
from exeat.page.form import Form, merged, plain, words
from exeat.page.spans import pieces
from exeat.read.lexicon import lexicon
from exeat.read.pipeline import read_bytes
from exeat.vocabulary.reader import read_text
from tests.workbench.stand import NOTICE, OPEN_DEAL

SEARCH = {"lists": ["us.sdn"], "version": "1", "as_of": "2026-11-01", "by": "exeat"}


@pytest.fixture
def form(engine):
    return Form(engine, Options("2026-11-25", explain=False), "en", plain(read_text(OPEN_DEAL, "deal")))


def test_a_refused_answer_leaves_the_document_as_it_was(form):
    before = str(form.document)
    fact = form.vocabulary.facts["item.kind"]
    assert form.put(fact, "build", "no-such-kind")
    assert str(form.document) == before


def test_an_accepted_answer_is_there_when_one_comes_back(form):
    fact = form.vocabulary.facts["item.kind"]
    assert form.put(fact, "build", "app,software") == ""
    assert form.field("item.kind", "build").known == ("app", "software")


def test_what_is_passed_is_not_asked_again(form):
    form.document["places"] = []
    form.document.pop("activity")
    assert form.next() == ("activity", "")
    assert form.put(form.vocabulary.facts["activity"], "", "unknown") == ""
    assert form.next() != ("activity", "")


def test_a_search_is_not_taken_for_a_conclusion():
    before = {"entries": [], "none other": SEARCH}
    assert words(before) == [], "the field is not shown as if somebody had concluded"
    assert merged(before, {"entries": ["us.sdn/1"]}) == {"entries": ["us.sdn/1"], "none other": SEARCH}


def test_open_candidates_outlive_an_answer():
    before = {"value": {"entries": [], "candidates": ["us.sdn/7"], "dismissed": ["us.sdn/8"]}, "source": "screened"}
    found = merged(before, {"entries": [], "none other": "true"})
    assert found["candidates"] == ["us.sdn/7"]
    assert found["dismissed"] == ["us.sdn/8"]


def test_nobody_concludes_while_a_candidate_is_open(form):
    form.document["parties"][0]["listing"] = {"candidates": ["us.entity-list/x"], "entries": []}
    assert form.put(form.vocabulary.facts["party.listing"], "us", "none")
    assert form.document["parties"][0]["listing"]["candidates"] == ["us.entity-list/x"]


def test_what_a_list_says_of_an_entry_is_kept_with_it():
    row = {"entry": "us.sdn/1", "recorded": "2026-01-01", "says": "a list"}
    assert merged({"entries": [row]}, {"entries": ["us.sdn/1", "us.sdn/2"]})["entries"] == [row, "us.sdn/2"]


def test_a_removed_element_takes_the_completeness_along(form):
    form.mark_complete("parties")
    form.remove("party", "us")
    assert form.complete() == []
    assert form.elements("party") == []


def test_pieces_are_the_text_to_the_letter(book):
    document = read_bytes(NOTICE.encode(), "notice.txt", lexicon(book))[0]
    found = pieces(document)
    assert "".join(one.text for paragraph in found for one in paragraph) == document.text.text
    assert {key for paragraph in found for one in paragraph for key in one.mentions} == {
        one.id for one in document.mentions
    }
