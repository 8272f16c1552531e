"""A transaction as a document, the way a person would have written it, and back.

The document says more than the canonical form that the hash covers (titles, the words a fact rests on) and is read
again through the vocabulary, so that a fact whose meaning has moved is noticed rather than carried over.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from exeat.vocabulary.model import ELEMENT_SCOPES, PLURALS, Entries, ListedRow, Screening, State, Value, Vocabulary
from exeat.vocabulary.reader import Map, Node, Seq, Word
from exeat.vocabulary.transaction import Cell, Element, Licence, Transaction, read_transaction

Plain = dict[str, object]
NEEDED = ("rules", "lists")  # keys that a document must have even where they are empty


def to_document(transaction: Transaction, vocabulary: Vocabulary) -> Plain:
    """The document of a checked transaction; every value is text, as in a file. The vocabulary gives the units."""
    when = {key: value for key, value in msgspec.structs.asdict(transaction.when).items() if value}
    facts = dict(transaction.act)
    activity = facts.pop("activity", None)
    found: Plain = {"transaction": "1", "title": transaction.title, "act": {**when, **_facts(facts, vocabulary)}}
    if activity is not None:
        found["activity"] = _cell(activity, "")
    for scope in ELEMENT_SCOPES:
        found[PLURALS[scope]] = [_element(one, vocabulary) for one in transaction.elements(scope)]
    found["complete"] = [PLURALS[scope] for scope in sorted(transaction.complete)]
    found["licences"] = [_licence(one) for one in transaction.licences]
    return {key: value for key, value in found.items() if value != []}


def from_document(document: Plain, vocabulary: Vocabulary) -> Transaction:
    """The transaction of a document.

    Raises:
        InputErrors: the vocabulary has no such fact or value (any more).
    """
    return read_transaction(_node(document), vocabulary, "the record")


def _node(plain: object) -> Node:
    if isinstance(plain, dict):
        return Map({Word(key): _node(value) for key, value in plain.items()})
    if isinstance(plain, list):
        if plain and all(isinstance(one, list) for one in plain):  # columns: a mapping whose order counts
            return Map({Word(key): _node(value) for key, value in plain})
        return Seq([_node(one) for one in plain])
    return Word(str(plain))


def _facts(facts: dict[str, Cell], vocabulary: Vocabulary) -> Plain:
    return {path.partition(".")[2]: _cell(cell, vocabulary.facts[path].of) for path, cell in facts.items()}


def _element(element: Element, vocabulary: Vocabulary) -> Plain:
    return {"id": element.id, **_facts(element.facts, vocabulary)}


def _cell(cell: Cell, unit: str) -> Plain:
    found: Plain = {"value": _value(cell.value, unit), "source": cell.source}
    return {**found, "says": cell.says} if cell.says else found


def _value(value: Value, unit: str) -> object:
    if isinstance(value, State):
        return value.name
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return f"{value} {unit}".strip()
    if isinstance(value, Entries):
        return _entries(value)
    return str(value)


def _entries(value: Entries) -> Plain:
    rows: dict[str, list[object]] = {}
    for row in value.rows:
        rows.setdefault(row.entry, []).append(_row(row))
    found: Plain = {
        key: [one for entry in sorted(named) for one in rows.get(entry, [entry])]
        for key, named in (
            ("entries", value.entries), ("candidates", value.candidates), ("dismissed", value.dismissed),
        )
        if named or key == "entries"
    }  # fmt: skip
    if isinstance(value.none_other, Screening):
        found["none other"] = _renamed(msgspec.to_builtins(value.none_other), {"begins": "from"})
    elif value.none_other is not None:
        found["none other"] = "true"
    return found


def _row(row: ListedRow) -> Plain:
    plain = msgspec.to_builtins(row)
    plain["columns"] = [list(pair) for pair in row.columns]  # pairs, for the body sorts the keys of a mapping
    return _renamed(plain, {"since": "from"})


def _licence(licence: Licence) -> Plain:
    return _renamed(msgspec.to_builtins(licence), {"since": "from"})


def _renamed(plain: Plain, names: dict[str, str]) -> Plain:
    """Without what is empty (but for what must be said), under the names of the file."""
    return {
        names.get(key, key): list(value) if isinstance(value, tuple) else value
        for key, value in plain.items()
        if value or key in NEEDED
    }
