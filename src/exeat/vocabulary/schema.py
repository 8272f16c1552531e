"""JSON Schema (2020-12) of what people write and of the errors they get, generated from the vocabulary.

The schema says what the reader accepts, as far as a schema can: unique ids, real days and existing register entries
are the reader's own business. Every word may be written as a JSON string; yes and no also as JSON booleans.

References are all ``#/$defs/NAME``, so that `merge` can put several schemas into one document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from exeat.vocabulary.model import ELEMENT_SCOPES, NOT_APPLICABLE, PLURALS, UNKNOWN, CodeList, Fact, Vocabulary
from exeat.vocabulary.reader import read_text
from exeat.vocabulary.transaction import MAX_ELEMENTS, SOURCES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DAY = r"^\d{4}-\d{2}-\d{2}$"
INSTANT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}(:?\d{2}(:?\d{2}([.,]\d+)?)?)?(Z|[+-]\d{2}(:?\d{2}(:?\d{2})?)?)$"
NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)? +"

Schema = dict[str, Any]


def closed(properties: dict[str, Schema], required: Iterable[str] = (), **more: Any) -> Schema:
    """An object with these properties and no others."""
    found: Schema = {"type": "object", **more, "properties": properties, "additionalProperties": False}
    names = list(required)
    return {**found, "required": names} if names else found


def ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def merge(root: Schema, parts: dict[str, Schema]) -> Schema:
    """One document with each part under its name in ``$defs``, the parts' own definitions beside them.

    Raises:
        ValueError: two parts define one name differently.
    """
    defs: dict[str, Schema] = {}
    for name, part in parts.items():
        inner = {key: value for key, value in part.items() if key not in ("$defs", "$schema")}
        for key, value in {name: inner, **part.get("$defs", {})}.items():
            if defs.setdefault(key, value) != value:
                raise ValueError(f"two definitions of {key!r}")
    return {"$schema": DIALECT, **root, "$defs": defs}


def transaction_schema(vocabulary: Vocabulary) -> Schema:
    """The schema of a transaction document."""
    defs: dict[str, Schema] = {
        "word": {"type": ["string", "number", "boolean"], "description": "One word, as written."},
        "words": {"anyOf": [ref("word"), {"type": "array", "items": ref("word")}]},
        "day": {"type": "string", "pattern": DAY, "examples": ["2020-09-20"]},
        "register-entry": {"type": "string", "pattern": "/", "description": "REGISTER/ID"},
        "screening": _screening(),
        "listed-row": _listed_row(),
        "licence": _licence(),
    }
    act = _act(vocabulary, defs)
    properties: dict[str, Schema] = {
        "transaction": {"enum": ["1", 1], "description": "The version of the format."},
        "title": ref("word"),
        "act": act,
        "activity": _fact(vocabulary.facts["activity"], vocabulary, defs),
    }
    for scope in ELEMENT_SCOPES:
        element = closed({"id": ref("word"), **_facts(vocabulary, scope, defs)})
        properties[PLURALS[scope]] = {"type": "array", "maxItems": MAX_ELEMENTS, "items": element}
    properties["licences"] = {"type": "array", "items": ref("licence")}
    properties["complete"] = _complete()
    body = closed(
        properties,
        ["act"],
        title="Transaction",
        description="What somebody wants to do. A fact that is not there is not known, and never taken for false.",
    )
    return {"$schema": DIALECT, **body, "$defs": dict(sorted(defs.items()))}


def _act(vocabulary: Vocabulary, defs: dict[str, Schema]) -> Schema:
    when: dict[str, Schema] = {
        "on": {**ref("day"), "description": "The day of the act."},
        "at": {
            "type": "string",
            "pattern": INSTANT,
            "description": "Its instant, with the offset from UTC, instead of `on`.",
            "examples": ["2020-09-27T23:30-04:00"],
        },
        "zone": {
            "type": "string",
            "description": "Whose day `on` is (IANA); without it, each regime's own.",
            "examples": ["Asia/Shanghai"],
        },
    }
    either = [{"required": ["on"]}, {"required": ["at"]}]
    return closed({**when, **_facts(vocabulary, "act", defs)}, oneOf=either)


def _complete() -> Schema:
    plurals = list(PLURALS.values())
    lists = {"type": "array", "items": {"enum": plurals}}
    return {
        "description": "Which lists lack nothing relevant: all of them (true), or those named.",
        "anyOf": [{"type": "boolean"}, {"enum": ["true", "false", *plurals]}, lists],
    }


def _screening() -> Schema:
    return closed(
        {
            "lists": ref("words"),
            "version": ref("word"),
            "as_of": ref("day"),
            "by": ref("word"),
            "threshold": ref("word"),
            "expires": ref("day"),
            "from": ref("day"),
        },
        ["lists", "version", "as_of", "by"],
        description="A search that found no other entry of these lists.",
    )


def _listed_row() -> Schema:
    return closed(
        {
            "entry": ref("register-entry"),
            "name": ref("word"),
            "recorded": {**ref("day"), "description": "The day from which the entry could be known."},
            "from": {**ref("day"), "description": "Its first day; left out where the list gives none."},
            "until": {**ref("day"), "description": "Its last day."},
            "columns": {"type": "object", "additionalProperties": {"type": "string"}},
            "says": {**ref("word"), "description": "The list and its version, and why it may be this party."},
        },
        ["entry", "recorded"],
        description="An entry that the law's register does not hold, written out as the official list has it.",
    )


def _licence() -> Schema:
    return closed(
        {
            "id": ref("word"),
            "issuer": ref("word"),
            "rules": {**ref("words"), "description": "The rules that it lifts."},
            "items": {**ref("words"), "description": "Ids of the items it is for; all, if left out."},
            "parties": {**ref("words"), "description": "Ids of the parties it is for; all, if left out."},
            "from": ref("day"),
            "until": ref("day"),
            "amount": ref("word"),
        },
        ["id", "issuer", "rules"],
        description="A licence that somebody holds.",
    )


def _facts(vocabulary: Vocabulary, scope: str, defs: dict[str, Schema]) -> dict[str, Schema]:
    facts = (fact for fact in vocabulary.of_scope(scope) if "." in fact.path)
    return {fact.path.partition(".")[2]: _fact(fact, vocabulary, defs) for fact in facts}


def _fact(fact: Fact, vocabulary: Vocabulary, defs: dict[str, Schema]) -> Schema:
    """A reference to the fact's type, with the words that say what the fact means."""
    name = _type(fact, vocabulary, defs)
    return {
        **ref(name),
        "title": f"{fact.title['en']} · {fact.title['zh']}",
        "description": f"{fact.meaning['en']}\n{fact.meaning['zh']}",
        "examples": [example(fact)],
    }


def example(fact: Fact) -> Any:
    """The fact's example as plain data."""
    return read_text(fact.example, fact.path) if fact.kind == "entries" else fact.example


def _type(fact: Fact, vocabulary: Vocabulary, defs: dict[str, Schema]) -> str:
    """Define the fact's type if nobody has yet, and return its name."""
    name = "-".join(part for part in (fact.kind, re.sub(r"[^A-Za-z0-9]+", "-", fact.of).strip("-")) if part)
    name += "-or-not-applicable" if fact.not_applicable else ""
    if name not in defs:
        states = [UNKNOWN.name] + ([NOT_APPLICABLE.name] if fact.not_applicable else [])
        value: Schema = {"anyOf": [*_values(fact, vocabulary, defs), {"enum": states}]}
        properties = {"value": value, "source": {"enum": list(SOURCES)}, "says": ref("word")}
        defs[name] = {"anyOf": [*value["anyOf"], closed(properties, ["value"])]}
    return name


def _values(fact: Fact, vocabulary: Vocabulary, defs: dict[str, Schema]) -> list[Schema]:
    if fact.kind == "yes-no":
        return [{"type": "boolean"}, {"enum": ["true", "false"]}]
    if fact.kind == "number":
        return [{"type": "string", "pattern": f"{NUMBER}{re.escape(fact.of)} *$"}]
    if fact.kind == "date":
        return [ref("day")]
    if fact.kind in ("code", "codes"):
        name = f"list-{fact.of}"
        defs.setdefault(name, _list(vocabulary.lists[fact.of]))
        several = [{"type": "array", "minItems": 1, "items": ref(name)}] if fact.kind == "codes" else []
        return [ref(name), *several]
    if fact.kind == "entries":
        entries = {"type": "array", "items": ref("register-entry")}
        none_other = {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false"]}, ref("screening")]}
        written = {"anyOf": [ref("register-entry"), ref("listed-row")]}
        either = {"anyOf": [*written["anyOf"], {"type": "array", "items": written}]}
        named = {"entries": either, "candidates": either, "dismissed": either}
        return [entries, closed({**named, "none other": none_other})]
    return [{**ref("word"), "not": {"const": NOT_APPLICABLE.name}}]


def _list(codes: CodeList) -> Schema:
    return {"title": f"{codes.title['en']} · {codes.title['zh']}", "enum": list(codes.codes)}


def error_schema() -> Schema:
    """The schema of the JSON error object."""
    fault = closed(
        {
            "problem": {"type": "string", "description": "What is wrong, in one sentence."},
            "file": {"type": "string", "description": "The file it stands in, as the caller named it."},
            "line": {"type": "integer", "minimum": 1, "description": "Its line, from 1."},
            "path": {"type": "string", "description": "The place inside the document, such as `parties.1.role`."},
            "found": {"type": "string", "description": "What was found there."},
            "allowed": {"type": "string", "description": "What would be allowed, in words."},
            "hint": {"type": "string", "description": "The nearest right word, or the way to mend it."},
        },
        ["problem"],
        description="One fault. A field that is not known is left out.",
    )
    errors = {"type": "array", "minItems": 1, "items": ref("fault")}
    body = closed({"errors": errors}, ["errors"], title="Errors", description="Every fault that was found.")
    return {"$schema": DIALECT, **body, "$defs": {"fault": fault}}
