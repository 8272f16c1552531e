"""The published schema says what the reader accepts and what a decision holds."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

from exeat.decide.engine import Options
from exeat.decide.schema import ENUMS, FIELDS, PUBLISHED, decision_schema, published_schema
from exeat.errors import InputErrors
from exeat.page.law import listing
from exeat.vocabulary.reader import read_file, read_text
from exeat.vocabulary.schema import merge
from exeat.vocabulary.transaction import load_transaction, read_transaction

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "examples").rglob("*.yaml"))
ACT = {"on": "2020-09-21"}


@pytest.fixture(scope="module")
def published():
    return json.loads((ROOT / "schemas" / PUBLISHED).read_text(encoding="utf-8"))


def validator(published, name):
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": published["$defs"]})


def test_published_schema_is_the_generated_one(book, published):
    Draft202012Validator.check_schema(published)
    assert published == published_schema(book), "run: python -m exeat.review.publish"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_and_their_decisions_are_valid(path, book, engine, published):
    node = read_file(path)
    validator(published, "transaction").validate(node)
    Draft202012Validator(published).validate(node)
    for options in (Options("2026-11-22"), Options("2020-09-18", strict=True, without=("courts",), outlook=False)):
        decision = engine.decide(load_transaction(path, book.vocabulary), options)
        plain = json.loads(msgspec.json.encode(decision))
        validator(published, "decision").validate(plain)
        Draft202012Validator(published).validate(plain)


def test_every_field_of_a_decision_is_described():
    defs = decision_schema()["$defs"]
    fields = {f"{name}.{field}" for name, body in defs.items() for field in body["properties"]}
    assert fields == set(FIELDS)
    assert set(ENUMS) <= fields


def written(fact, word):
    """A transaction that states one fact."""
    scope, _, name = fact.path.rpartition(".")
    if not scope:
        return {"act": ACT, name: word}
    if scope == "act":
        return {"act": {**ACT, name: word}}
    return {"act": ACT, {"item": "items", "party": "parties", "place": "places"}[scope]: [{name: word}]}


def values(fact):
    """What people may write for a fact, right and wrong, as JSON."""
    right = json.loads(json.dumps(read_text(fact.example, "example"))) if fact.kind == "entries" else fact.example
    search = {"lists": "a", "version": "1", "as_of": "2020-01-01", "by": "x"}
    yield from (right, "unknown", "not applicable", "no such thing", [right], ["no such thing"], [], 3, True, {})
    yield from ({"value": right}, {"value": right, "source": "screened", "says": "x"}, {"value": {"value": right}})
    yield from ({"value": right, "source": "derived"}, {"value": right, "because": "x"}, {"value": "unknown"})
    yield from ({"entries": "a/b", "none other": True}, {"entries": ["a"]}, {"entries": [], "none other": search})
    yield from ({"entries": [], "none other": {"lists": ["a"]}}, {"none other": {**search, "expires": "2020-02-01"}})


def accepts(document, vocabulary):
    try:
        read_transaction(read_text(json.dumps(document), "t.json"), vocabulary, "t.json")
    except InputErrors:
        return False
    return True


def test_schema_and_reader_accept_the_same_facts(book, published):
    valid = validator(published, "transaction")
    tried = 0
    for fact in book.vocabulary.facts.values():
        for word in values(fact):
            document = written(fact, word)
            assert valid.is_valid(document) == accepts(document, book.vocabulary), (fact.path, word)
            tried += 1
    assert tried > 15 * len(book.vocabulary.facts)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"act": {}},
        {"act": {"on": "2020-09-21", "at": "2020-09-21T10:00Z"}},
        {"act": {"at": "2020-09-21T10:00"}},
        {"act": {"at": "2020-09-21T10:00+02:00"}},
        {"act": {"at": "2020-09-21T10:00:30Z"}},
        {"act": {"on": "21 Sep 2020"}},
        {"act": ACT, "transaction": 1},
        {"act": ACT, "transaction": "2"},
        {"act": ACT, "title": "x", "complete": True},
        {"act": ACT, "complete": ["items", "parties"]},
        {"act": ACT, "complete": "places"},
        {"act": ACT, "complete": ["acts"]},
        {"act": ACT, "more": "x"},
        {"act": ACT, "items": {}},
        {"act": ACT, "items": [{"id": "a", "no_such_fact": "x"}]},
        {"act": ACT, "licences": [{"id": "a", "issuer": "b", "rules": ["c"], "from": "2020-01-01", "amount": 3}]},
        {"act": ACT, "licences": [{"id": "a", "issuer": "b"}]},
    ],
)
def test_schema_and_reader_accept_the_same_documents(document, book, published):
    assert validator(published, "transaction").is_valid(document) == accepts(document, book.vocabulary)


def test_errors_are_valid(book, published):
    with pytest.raises(InputErrors) as caught:
        read_transaction(read_text('{"act": {"on": "x", "no_such": 1}}', "t.json"), book.vocabulary, "t.json")
    record = {"errors": [error.record() for error in caught.value.errors]}
    validator(published, "errors").validate(record)
    Draft202012Validator(published).validate(record)


def test_list_of_the_law_is_valid(book, published):
    for lang in ("en", "zh"):
        found = [json.loads(msgspec.json.encode(one)) for one in listing(book, lang)]
        assert len(found) == len(book.regimes)
        for one in found:
            validator(published, "lawList").validate(one)
            Draft202012Validator(published).validate(one)


def test_merge_refuses_two_meanings_of_a_name():
    part = {"type": "object", "$defs": {"a": {"type": "string"}}}
    with pytest.raises(ValueError, match="'a'"):
        merge({}, {"one": part, "two": {"$defs": {"a": {"type": "number"}}}})
