"""Proposals of an outside tool: taken only where the document bears them out, marked, and changing nothing else."""

from __future__ import annotations

import json

import msgspec
import pytest
from click.testing import CliRunner

from exeat.cli.main import main
from exeat.errors import InputError
from exeat.read.lexicon import lexicon
from exeat.read.link import Ledger
from exeat.read.pipeline import read_bytes
from exeat.read.propose import MAX_MENTIONS, load, propose
from tests.conftest import ROOT
from tests.read.test_pipeline import feed, post

SEEDS = ROOT.parent / "shared" / "sources"
LINES = (
    "美国商务部9月18日宣布，自2020年9月20日起，禁止在美国境内下载或更新微信。",
    "甲公司的一位高管说，乙公司明天会把微信从商店里拿走，共影响19家商店。",
)
QUOTE = "乙公司明天会把微信从商店里拿走"


@pytest.fixture(scope="module")
def ledger(book):
    return Ledger(book)


@pytest.fixture(scope="module")
def document(book, ledger):
    return read_bytes(post(LINES).encode(), "post.md", lexicon(book), ledger)[0]


def proposal(document, **changes):
    start = document.text.text.index(QUOTE)
    told = {
        "group": "reaction",
        "action": "comply",
        "status": "planned",
        "salience": "secondary",
        "actors": [{"name": "乙公司", "kind": "company"}],
        "targets": [{"name": "微信", "id": "APP-WECHAT", "kind": "app"}],
        "announced": {"value": "2020-09-18"},
        "effective": {"value": "2020-09-19", "text": "明天", "bound": "on"},
        "quantities": [{"value": 19, "unit": "家", "role": "stores", "text": "19家"}],
        "attributed_to": "甲公司",
        "evidence": [{"quote": QUOTE, "start": start, "end": start + len(QUOTE)}],
    }
    return {key: value for key, value in {**told, **changes}.items() if value is not ...}


def propose_one(tmp_path, document, told, ledger=None, **named):
    path = tmp_path / "proposed.json"
    path.write_text(json.dumps({"sha256": document.sha256, "mentions": [told], **named}), encoding="utf-8")
    (found,), errors = propose([document], load(path), ledger)
    assert not errors
    return found


def test_what_the_document_bears_out_is_taken_and_marked(tmp_path, document, ledger):
    found = propose_one(tmp_path, document, proposal(document), ledger)
    assert found.mentions[:-1] == document.mentions
    taken = found.mentions[-1]
    assert (taken.id, taken.proposed, taken.action, taken.stub) == ("p1", True, "comply", "")
    assert (taken.announced.value, taken.announced.inferred) == ("2020-09-18", True)
    assert (taken.effective.value, taken.effective.text) == ("2020-09-19", "明天")
    assert [found.text.text[one.start : one.end] for one in taken.evidence] == [QUOTE]
    assert found.warnings == document.warnings
    assert not any(one.proposed for one in document.mentions)


def quoted(quote, start, end):
    return {"evidence": [{"quote": quote, "start": start, "end": end}]}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"evidence": []}, "no evidence"),
        (quoted("禁止下载", 0, 4), "the quotation at 0-4 is not in the text there"),
        (quoted("", 3, 3), "the quotation at 3-3"),
        (quoted("美", -1, 0), "the quotation at -1-0"),
        (quoted("美国", 0, 10**9), "the quotation at 0-1000000000"),
        (quoted("美国", True, 2), "not a mention"),
        ({"evidence": "美国"}, "not a mention"),
        ({"evidence": [{"quote": "美", "start": 0, "end": 1}] * 21}, "more than 20"),
        ({"action": "conquer"}, "'conquer' is no code of the codebook's actions"),
        ({"group": "war"}, "no code of the codebook's groups"),
        ({"status": "sure"}, "no code of the codebook's statuses"),
        ({"salience": "huge"}, "no code of the codebook's saliences"),
        ({"action": ...}, "not a mention"),
        ({"actors": [{"name": "丙公司"}]}, "the name '丙公司' is not in the text"),
        ({"actors": [{"name": ""}]}, "is not in the text"),
        ({"targets": [{"name": "微信", "id": "a b<script>"}]}, "is no id"),
        ({"attributed_to": "丁先生"}, "the source '丁先生' is not in the text"),
        ({"effective": {"value": "2020-09-21", "text": "明天"}}, "'明天' comes to 2020-09-19, not to 2020-09-21"),
        ({"effective": {"value": "2020-09-19", "text": "后天"}}, "the expression of time '后天' is not in the text"),
        ({"effective": {"value": "2020-09-19", "text": "商店"}}, "'商店' comes to no day"),
        ({"effective": {"value": "2031-01-01"}}, "the day '2031-01-01' is none that the document gives"),
        ({"effective": {"value": "2020-09-19", "text": "明天", "bound": "near"}}, "no bound"),
        ({"instrument": {"name": "《某法》"}}, "the instrument '《某法》' is not in the text"),
        ({"instrument": {"number": "2020-38"}}, "the number '2020-38' is not in the text"),
        ({"quantities": [{"value": 20, "text": "20家"}]}, "the quantity '20家' is not in the text"),
        ({"quantities": [{"value": 19, "text": "19家", "op": "some"}]}, "has a unit, role or comparison that is none"),
    ],
)
def test_what_it_does_not_bear_out_is_refused_with_the_reason(tmp_path, document, changes, why):
    found = propose_one(tmp_path, document, proposal(document, **changes))
    assert found.mentions == document.mentions
    (told,) = [one.what for one in found.warnings if one.rule == "proposal"]
    assert told.startswith("p1 refused: ")
    assert why in told


def test_an_act_that_the_rules_found_is_not_taken_twice(tmp_path, document):
    plain = msgspec.to_builtins(document.mentions[0], enc_hook=str)
    found = propose_one(tmp_path, document, plain)
    assert found.mentions == document.mentions
    assert [one.what for one in found.warnings if one.rule == "proposal"] == ["p1 refused: it is m1 already"]


def test_links_histories_and_drafts_of_a_stranger_are_not_read(tmp_path, document, ledger):
    told = proposal(document, link={"to": "us.wechat-2020"}, history=["revoked"], stub="measure: x", proposed=False)
    taken = propose_one(tmp_path, document, told, ledger).mentions[-1]
    assert (taken.link, taken.history, taken.stub, taken.proposed) == (None, (), "", True)


def test_no_more_than_allowed_are_looked_at(tmp_path, document):
    path = tmp_path / "many.json"
    path.write_text(json.dumps({"mentions": [{}] * (MAX_MENTIONS + 5)}), encoding="utf-8")
    (found,), _ = propose([document], load(path))
    told = [one.what for one in found.warnings if one.rule == "proposal"]
    assert len(told) == MAX_MENTIONS + 1
    assert told[-1] == f"5 refused: more than {MAX_MENTIONS} for one document"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not proposals"),
        (b"{}", "not proposals"),
        (b"[" * 100_000, "not proposals"),
        (b'{"mentions": 1}', "not proposals"),
        (b'{"mentions": []}\n{"mentions"', "not proposals"),
        (b"\xff\xfe", "not proposals"),
        (b" " * (8 * 1024 * 1024 + 1), "too large"),
    ],
)
def test_files_that_are_no_proposals(tmp_path, raw, why):
    path = tmp_path / "a.json"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=why):
        load(path)
    with pytest.raises(InputError, match="not a file"):
        load(tmp_path)


def test_which_document_is_meant(tmp_path, book, ledger):
    first, second = read_bytes(feed(LINES, count=2).encode(), "feed.xml", lexicon(book), ledger)
    path = tmp_path / "a.json"
    told = [proposal(first)]
    for named, taken in (
        ({"sha256": first.sha256, "id": "feed-2"}, [0, 1]),
        ({"id": "feed-1"}, [1, 0]),
        ({"sha256": first.sha256}, None),
        ({"sha256": "0" * 64, "id": "feed-1"}, None),
        ({}, None),
        ({"doc": {"id": "feed-2"}}, [0, 1]),
    ):
        path.write_text(json.dumps([{**named, "mentions": told}]), encoding="utf-8")
        found, errors = propose([first, second], load(path))
        assert [sum(bool(one.proposed) for one in document.mentions) for document in found] == (taken or [0, 0])
        assert bool(errors) == (taken is None)


def test_on_the_command_line(tmp_path, document):
    (tmp_path / "post.md").write_text(post(LINES), encoding="utf-8")
    lines = [{"id": "post", "mentions": [proposal(document), {"action": 1}]}, {"id": "other", "mentions": []}]
    (tmp_path / "p.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    def run(*more):
        return CliRunner().invoke(
            main, ["read", str(tmp_path / "post.md"), "--proposals", str(tmp_path / "p.jsonl"), *more]
        )

    found = run("--json")
    assert found.exit_code == 2
    assert "proposals for a document that was not read" in found.stderr
    assert [one["id"] for one in json.loads(found.stdout)["mentions"] if one.get("proposed")] == ["p1"]
    assert "proposed from outside" in run().stdout
    assert "p2 refused: not a mention" in run().stdout
    assert "proposed from outside" in run("--html").stdout
    assert ",yes\n" in run("--csv").stdout
    assert "p1" not in run("--stubs").stdout
    for form in ("--csv", "--stubs"):
        assert "exeat: post: p2 refused: not a mention" in run(form).stderr


@pytest.mark.skipif(not (SEEDS / "gold").is_dir(), reason="the annotated documents are not here")
def test_the_annotation_of_a_seed_has_the_shape(book, ledger):
    path = next((SEEDS / "seeds").glob("001_*"))
    document = read_bytes(path.read_bytes(), path.name, lexicon(book), ledger)[0]
    (found,), errors = propose([document], load(SEEDS / "gold" / "001.json"), ledger)
    assert not errors
    told = [one.what for one in found.warnings if one.rule == "proposal"]
    assert not any("not a mention" in one or "quotation" in one for one in told)
    assert any("already" in one for one in told)
