"""Reading ``list`` and ``facts`` files into a `Vocabulary`."""

from __future__ import annotations

import re

from exeat.errors import InputError, nearest
from exeat.vocabulary.model import (
    KINDS,
    NOT_APPLICABLE,
    SCOPES,
    UNKNOWN,
    Code,
    CodeList,
    Fact,
    Needs,
    Presumption,
    Vocabulary,
)
from exeat.vocabulary.reader import Map, Node, line_of
from exeat.vocabulary.take import NAME, Taker

PATH = re.compile(r"(act|item|party|place)\.[a-z][a-z0-9_]*")
# What a transaction says beside its facts: a fact of that name could never be stated.
RESERVED = ("act.on", "act.at", "act.zone", "item.id", "party.id", "place.id")
STATES = (UNKNOWN.name, NOT_APPLICABLE.name)
NEEDED = {"activity": "code activities", "party.role": "codes ", "place.role": "codes "}  # what the engine itself reads


def add_list(vocabulary: Vocabulary, node: Map, file: str) -> None:
    """Add a ``list`` file: a new list, or further codes of one that exists."""
    taker = Taker(node, file)
    name = taker.word("list")
    title = taker.text("title", required=name not in vocabulary.lists)
    first = vocabulary.lists.get(name)
    exact = taker.yes("exact parents", first.exact_parents if first else False)
    if first and first.codes and exact != first.exact_parents:
        problem = "a further file of a list may not change what its parents mean"  # that would settle open questions
        taker.fail(problem, taker.node["exact parents"], "exact parents", str(first.exact_parents).lower())
    taker.need("codes")
    codes = taker.map("codes")
    taker.done()
    found = vocabulary.lists.setdefault(name, CodeList(name, title, {}, exact))
    for code, body in codes.items():
        if code in found.codes:
            hint = f"see {found.codes[code].file}:{found.codes[code].line}"
            taker.fail("the code is already taken", code, f"codes.{code}", hint=hint)
        if not NAME.fullmatch(code) or code in STATES:
            taker.fail("not a code", code, "codes", "letters, digits and . _ - ( ) @, and no state of a fact")
        found.codes[str(code)] = _code(code, body, file)


def _code(code: str, body: Node, file: str) -> Code:
    taker = Taker(body, file, f"codes.{code}")
    title = {"en": taker.word("en"), "zh": taker.word("zh")}
    under = taker.words("under")
    needs_node = taker.get("needs")
    needs = _needs(needs_node, file, f"codes.{code}.needs") if needs_node is not None else None
    taker.done()
    return Code(str(code), title, under, needs, file, line_of(code))


def _needs(node: Node, file: str, path: str) -> Needs:
    taker = Taker(node, file, path)
    needs = Needs(taker.words("parties"), taker.words("places"), taker.yes("items"))
    taker.done()
    return needs


def add_facts(vocabulary: Vocabulary, node: Map, file: str) -> None:
    """Add a ``facts`` file."""
    taker = Taker(node, file)
    if not node["facts"]:
        taker.fail("a list of facts is needed here, and not an empty one", None, "facts")
    for one in taker.maps("facts"):
        fact = _fact(one, file)
        if fact.path in vocabulary.facts:
            first = vocabulary.facts[fact.path]
            one.fail("the fact is already declared", one.node["path"], "path", hint=f"see {first.file}:{first.line}")
        vocabulary.facts[fact.path] = fact
    taker.done()


def _fact(taker: Taker, file: str) -> Fact:
    path = taker.word("path")
    if path != "activity" and not PATH.fullmatch(path):
        allowed = "activity, or " + " | ".join(f"{scope}.name" for scope in SCOPES)
        taker.fail("not a fact path", taker.node["path"], "path", allowed)
    if path in RESERVED:
        taker.fail("the name is taken by the transaction itself", taker.node["path"], "path")
    kind, _, of = taker.word("type").partition(" ")
    if kind not in KINDS or bool(of) != (kind in ("code", "codes", "number")):
        allowed = "yes-no, number UNIT, date, code LIST, codes LIST, entries, text"
        taker.fail("not a type", taker.node["type"], "type", allowed, nearest(kind, KINDS))
    if kind == "entries" and path.partition(".")[0] not in ("item", "party"):
        taker.fail("only an item or a party has entries", taker.node["type"], "type")
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
        *_choice(taker),
        taker.yes("not applicable"),
        _presumption(presume, file, taker.at("presume")) if presume is not None else None,
        line_of(taker.node),
    )
    if presume is not None and kind in ("entries", "text"):
        taker.fail(f"a fact of type {kind!r} cannot be presumed", presume, "presume")
    taker.done()
    return fact


def _choice(taker: Taker) -> tuple[bool, tuple[str, ...]]:
    """``choice: true``, or ``choice: {role: [to, via]}``."""
    node = taker.node.get("choice")
    if not isinstance(node, Map):
        return taker.yes("choice"), ()
    inner = Taker(taker.need("choice"), taker.file, taker.at("choice"))
    roles = inner.words("role", default=False)
    inner.done()
    return True, roles


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
    for path, kind in NEEDED.items():
        fact_ = vocabulary.facts.get(path)
        if fact_ is None or not f"{fact_.kind} {fact_.of}".startswith(kind):
            place = fact_ or Fact(path, "", "", {}, {}, {}, "", "")
            problem = f"the vocabulary needs this fact, of type {kind.strip()!r}"
            errors.append(InputError(problem, file=place.file, line=place.line, path=path))
    return errors


def _check_list(codes: CodeList, vocabulary: Vocabulary) -> list[InputError]:
    errors = []
    for code in codes.codes.values():
        path = f"codes.{code.code}"
        for parent in code.under:
            if parent not in codes.codes:
                hint = nearest(parent, codes.codes)
                errors.append(_fault("no such parent", code, f"{path}.under", parent, hint))
            elif code.code in codes.ancestors(parent):
                errors.append(_fault("a cycle: the code is above itself", code, f"{path}.under", parent))
        if code.needs:
            errors += _check_needs(code, code.needs, vocabulary)
    return errors


def _check_needs(code: Code, needs: Needs, vocabulary: Vocabulary) -> list[InputError]:
    errors = []
    for scope, roles in (("party", needs.parties), ("place", needs.places)):
        fact = vocabulary.facts.get(f"{scope}.role")
        codes = vocabulary.lists[fact.of].codes if fact and fact.of in vocabulary.lists else {}
        for role in roles:
            if role not in codes:
                problem = f"not a role of a {scope}"
                errors.append(_fault(problem, code, f"codes.{code.code}.needs", role, nearest(role, codes)))
    return errors


def _fault(problem: str, code: Code, path: str, found: str, hint: str = "") -> InputError:
    return InputError(problem, file=code.file, line=code.line, path=path, found=found, hint=hint)


def _check_fact(fact: Fact, vocabulary: Vocabulary) -> list[InputError]:
    def where(field: str, problem: str = "", found: str = "", hint: str = "") -> InputError:
        path = f"{fact.path}.{field}"
        return InputError(problem, file=fact.file, line=fact.line, path=path, found=found, hint=hint)

    if fact.kind in ("code", "codes") and fact.of not in vocabulary.lists:
        return [where("type", "no such list", fact.of, nearest(fact.of, vocabulary.lists))]
    errors = []
    words = {"example": fact.example} if fact.kind not in ("entries", "text") else {}
    if fact.presume:
        words["presume.value"] = fact.presume.value
        yes_no = [path for path, one in vocabulary.facts.items() if one.kind == "yes-no"]
        for void in fact.presume.void:
            if void not in yes_no:
                errors.append(where("presume.void", "no such fact of type 'yes-no'", void, nearest(void, yes_no)))
    for field, word in words.items():
        try:
            vocabulary.parse(fact, word, where(field))
        except InputError as error:
            errors.append(error)
    return errors
