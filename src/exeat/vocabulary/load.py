"""Reading ``list`` and ``facts`` files into a `Vocabulary`."""

from __future__ import annotations

import re

from exeat.errors import InputError, nearest
from exeat.vocabulary.model import (
    KINDS,
    SCOPES,
    Code,
    CodeList,
    Fact,
    Needs,
    Presumption,
    Vocabulary,
)
from exeat.vocabulary.reader import Map, Node, line_of
from exeat.vocabulary.take import Taker

PATH = re.compile(r"(act|item|party|place)\.[a-z][a-z0-9_]*")


def add_list(vocabulary: Vocabulary, node: Map, file: str) -> None:
    """Add a ``list`` file: a new list, or further codes of one that exists."""
    taker = Taker(node, file)
    name = taker.word("list")
    title = taker.text("title", required=name not in vocabulary.lists)
    exact = taker.yes("exact parents", vocabulary.lists[name].exact_parents if name in vocabulary.lists else False)
    codes = taker.need("codes")
    taker.done()
    found = vocabulary.lists.setdefault(name, CodeList(name, title, {}))
    if title and not found.title:
        found.title = title
    found.exact_parents = exact
    if not isinstance(codes, Map):
        taker.fail("a mapping of codes is needed here", codes, "codes")
    for code, body in codes.items():
        if code in found.codes:
            raise InputError("the code is already taken", file=file, line=line_of(code), path=f"codes.{code}")
        found.codes[str(code)] = _code(str(code), body, file)


def _code(code: str, body: Node, file: str) -> Code:
    taker = Taker(body, file, f"codes.{code}")
    title = {"en": taker.word("en"), "zh": taker.word("zh")}
    under = taker.words("under")
    needs_node = taker.get("needs")
    needs = _needs(needs_node, file, f"codes.{code}.needs") if needs_node is not None else None
    taker.done()
    return Code(code, title, under, needs)


def _needs(node: Node, file: str, path: str) -> Needs:
    taker = Taker(node, file, path)
    needs = Needs(taker.words("parties"), taker.words("places"), taker.yes("items"))
    taker.done()
    return needs


def add_facts(vocabulary: Vocabulary, node: Map, file: str) -> None:
    """Add a ``facts`` file."""
    taker = Taker(node, file)
    for one in taker.maps("facts"):
        fact = _fact(one, file)
        if fact.path in vocabulary.facts:
            first = vocabulary.facts[fact.path].file
            one.fail("the fact is already declared", one.node["path"], "path", hint=f"see {first}")
        vocabulary.facts[fact.path] = fact
    taker.done()


def _fact(taker: Taker, file: str) -> Fact:
    path = taker.word("path")
    if path != "activity" and not PATH.fullmatch(path):
        allowed = "activity, or " + " | ".join(f"{scope}.name" for scope in SCOPES)
        taker.fail("not a fact path", taker.node["path"], "path", allowed)
    kind, _, of = taker.word("type").partition(" ")
    if kind not in KINDS or bool(of) != (kind in ("code", "codes", "number")):
        allowed = "yes-no, number UNIT, date, code LIST, codes LIST, entries, text"
        taker.fail("not a type", taker.node["type"], "type", allowed, nearest(kind, KINDS))
    presume = taker.get("presume")
    fact = Fact(
        path,
        kind,
        of,
        taker.text("title"),
        taker.text("meaning"),
        taker.text("question"),
        taker.word("example"),
        file,
        taker.yes("choice"),
        taker.yes("not applicable"),
        _presumption(presume, file, taker.at("presume")) if presume is not None else None,
    )
    taker.done()
    return fact


def _presumption(node: Node, file: str, path: str) -> Presumption:
    taker = Taker(node, file, path)
    presumption = Presumption(taker.word("value"), taker.word("cite"), taker.words("void"))
    taker.done()
    return presumption


def check_vocabulary(vocabulary: Vocabulary) -> list[InputError]:
    """Faults between files: parents and lists that do not exist, cycles, bad examples."""
    errors: list[InputError] = []
    for codes in vocabulary.lists.values():
        errors += _check_list(codes, vocabulary)
    for fact in vocabulary.facts.values():
        errors += _check_fact(fact, vocabulary)
    return errors


def _check_list(codes: CodeList, vocabulary: Vocabulary) -> list[InputError]:
    errors = []
    where = f"list {codes.name}"
    for code in codes.codes.values():
        for parent in code.under:
            if parent not in codes.codes:
                hint = nearest(parent, codes.codes)
                errors.append(InputError("no such parent", file=where, path=code.code, found=parent, hint=hint))
            elif code.code in codes.ancestors(parent):
                errors.append(InputError("a cycle: the code is above itself", file=where, path=code.code))
        if code.needs:
            errors += _check_needs(code, vocabulary, where)
    return errors


def _check_needs(code: Code, vocabulary: Vocabulary, where: str) -> list[InputError]:
    needs = code.needs or Needs()
    pairs = [("roles", role) for role in needs.parties] + [("place-roles", role) for role in needs.places]
    return [
        InputError(f"not a code of {name!r}", file=where, path=f"{code.code}.needs", found=role)
        for name, role in pairs
        if name not in vocabulary.lists or role not in vocabulary.lists[name].codes
    ]


def _check_fact(fact: Fact, vocabulary: Vocabulary) -> list[InputError]:
    where = InputError("", file=fact.file, path=f"{fact.path}.example")
    if fact.kind in ("code", "codes") and fact.of not in vocabulary.lists:
        hint = nearest(fact.of, vocabulary.lists)
        return [InputError("no such list", file=fact.file, path=f"{fact.path}.type", found=fact.of, hint=hint)]
    errors = []
    words = [fact.example] if fact.kind not in ("entries", "text") else []
    if fact.presume:
        words.append(fact.presume.value)
        for void in fact.presume.void:
            if void not in vocabulary.facts:
                errors.append(InputError("no such fact", file=fact.file, path=f"{fact.path}.presume.void", found=void))
    for word in words:
        try:
            vocabulary.parse(fact, word, where)
        except InputError as error:
            errors.append(error)
    return errors
