"""A transaction that is being filled in: where each answer is written, whether it is accepted, what to ask next.

The command's interview and the workbench's pages are two faces of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from exeat.decide.decision import Decision, Question
from exeat.decide.engine import Engine, Options
from exeat.decide.facts import check_entries
from exeat.errors import InputError, InputErrors
from exeat.page.names import Names
from exeat.vocabulary.model import PLURALS, CodeList, Fact
from exeat.vocabulary.reader import Map, Seq, Word
from exeat.vocabulary.transaction import Transaction, read_transaction

YES = ("yes", "y", "true", "是", "对")
NO = ("no", "n", "false", "否", "不是")
PASS = ("unknown", "不知", "不知道", "未知")
NOT_APPLICABLE = ("not applicable", "n/a", "不适用")
NONE = ("none", "无")

Document = dict[str, Any]
SCOPES = {plural: scope for scope, plural in PLURALS.items()}
ROLE_LISTS = {"party": "roles", "place": "place-roles"}


class Choice(msgspec.Struct, frozen=True):
    """One answer that can be picked. ``group`` is the title of what it lies under."""

    value: str
    label: str
    group: str = ""


class Field(msgspec.Struct, frozen=True):
    """A question ready to be put: its words, what may be answered, what was answered (as it stands in the document)."""

    path: str
    element: str
    kind: str
    question: str
    meaning: str
    example: str
    unit: str
    choices: tuple[Choice, ...]
    known: tuple[str, ...]
    may_not_apply: bool


class Form:
    """One document as far as it has come.

    Args:
        engine: the engine.
        options: how to decide; without traces.
        lang: the language of the questions.
        document: the transaction to begin with, as plain data.
    """

    def __init__(self, engine: Engine, options: Options, lang: str, document: Document) -> None:
        self.engine, self.options, self.lang, self.document = engine, options, lang, document
        self.vocabulary = engine.book.vocabulary
        self.names: Names = Names(engine.book, lang)
        self.passed: set[tuple[str, str]] = set()

    # --- the document

    def parsed(self) -> Transaction:
        """The document read and checked.

        Raises:
            InputErrors: it cannot be a transaction yet.
        """
        return read_transaction(nodes(self.document), self.vocabulary, self.names.word("transaction"))

    def decide(self) -> Decision:
        """The answer as things stand, with its questions and without findings; from then on elements are called by
        their names.

        Raises:
            InputErrors: it is no transaction yet, or names an entry that does not exist.
        """
        decision = self.engine.brief(self.parsed(), self.options, asking=True)
        self.names = Names(self.engine.book, self.lang, decision)
        return decision

    def malformed(self) -> bool:
        """Whether the document is no place to write answers into; its reader then says why."""
        if not isinstance(self.document.get("act", {}), dict):
            return True
        lists = [self.document.get(plural, []) for plural in PLURALS.values()]
        return not all(isinstance(one, list) and all(isinstance(part, dict) for part in one) for one in lists)

    def accepted(self) -> str:
        """Why the document as it is now would be refused, or ""."""
        try:
            check_entries(read_transaction(nodes(self.document), self.vocabulary, ""), self.engine.book)
        except InputErrors as errors:
            return self.refusal(errors.errors)
        return ""

    def refusal(self, errors: Iterable[InputError]) -> str:
        """The faults of an answer; in Chinese what was found, and the nearest right word."""
        if self.lang == "en":
            return "; ".join(str(error) for error in errors)
        told = []
        for error in errors:
            near = error.hint.partition("'")[2].rpartition("'")[0]
            told.append(self.names.word("not allowed near" if near else "not allowed", error.found, near))
        return self.names.word("part sep").join(told)

    # --- its elements

    def elements(self, scope: str) -> list[dict[str, Any]]:
        """The items, parties or places, each with an id."""
        found: list[dict[str, Any]] = self.document.setdefault(PLURALS[scope], [])
        for number, element in enumerate(found, 1):
            element.setdefault("id", f"{scope}-{number}")
        return found

    def add(self, scope: str, facts: dict[str, Any]) -> dict[str, Any]:
        """One more element, called after its role."""
        taken = {element["id"] for element in self.elements(scope)}
        stem = str(facts.get("role", scope))
        key, number = stem, 1
        while key in taken:
            number += 1
            key = f"{stem}-{number}"
        element = {"id": key, **facts}
        self.elements(scope).append(element)
        return element

    def remove(self, scope: str, key: str) -> None:
        """Take an element away, and that its list was complete."""
        self.document[PLURALS[scope]] = [one for one in self.elements(scope) if one["id"] != key]
        complete = self.complete()
        self.document["complete"] = [word for word in complete if word != PLURALS[scope]]

    def fill_roles(self) -> None:
        """An element for every role that the activity needs and nobody has."""
        activity = self.document.get("activity")
        if not isinstance(activity, str) or activity not in self.vocabulary.lists["activities"].codes:
            return
        needs = self.vocabulary.lists["activities"].needs(activity)
        for scope, roles in (("party", needs.parties), ("place", needs.places)):
            for role in roles:
                if role not in self.roles(scope):
                    self.add(scope, {"role": role})
        if needs.items and not self.document.get("items"):
            self.add("item", {})

    def roles(self, scope: str) -> set[str]:
        """Roles that are filled, with those above them."""
        codes = self.vocabulary.lists[ROLE_LISTS[scope]]
        found: set[str] = set()
        for element in self.elements(scope):
            for one in words(element.get("role", ())):
                found |= codes.ancestors(one)
        return found

    def complete(self) -> list[str]:
        """The lists of which nothing is missing."""
        found = words(self.document.get("complete", ()))
        return list(PLURALS.values()) if found == ["true"] else [one for one in found if one != "false"]

    def mark_complete(self, plural: str) -> None:
        self.document["complete"] = [*(one for one in self.complete() if one != plural), plural]

    # --- one answer

    def holder(self, fact: Fact, element: str) -> tuple[dict[str, Any], str]:
        """Where the fact of a question is written down; an element that nobody mentioned is added."""
        if fact.path == "activity":
            return self.document, "activity"
        key = fact.path.partition(".")[2]
        if fact.scope == "act":
            return self.document.setdefault("act", {}), key
        for one in self.elements(fact.scope):
            if one["id"] == element:
                return one, key
        role = element.strip("()")
        return self.add(fact.scope, {} if fact.scope == "item" or not role else {"role": role}), key

    def put(self, fact: Fact, element: str, answer: str) -> str:
        """Write an answer down if it is accepted; else the document stays as it was, and the reason is returned."""
        before = msgspec.json.encode(self.document)
        holder, key = self.holder(fact, element)
        if answer:
            holder[key] = merged(holder.get(key), self.value(fact, answer))
        else:
            holder.pop(key, None)
        ready = any(one in self.document.get("act", {}) for one in ("on", "at"))
        fault = "" if not answer else self.accepted() if ready else self.wrong(fact, holder[key])
        if fault:
            self.document.clear()
            self.document.update(msgspec.json.decode(before))
        elif answer in PASS:
            self.passed |= {(element, fact.path), (str(holder.get("id", "")), fact.path)}
        else:
            self.passed -= {(element, fact.path), (str(holder.get("id", "")), fact.path)}
        return fault

    def put_day(self, answer: str) -> str:
        """Write down when it is done, a day or an instant; the reason why not, if it is refused."""
        act = self.document.setdefault("act", {})
        kept = dict(act)
        for key in ("on", "at"):
            act.pop(key, None)
        act["at" if "T" in answer else "on"] = answer
        fault = self.accepted()
        if fault:
            act.clear()
            act.update(kept)
        return fault

    def wrong(self, fact: Fact, value: Any) -> str:
        """Why a value is refused, before there is a day and so a whole document."""
        if fact.kind == "entries" or str(value) in ("unknown", "not applicable"):
            return ""
        try:
            for one in value if isinstance(value, list) else [value]:
                self.vocabulary.parse(fact, str(one), InputError(""))
        except InputError as error:
            return self.refusal([error])
        return ""

    def value(self, fact: Fact, answer: str) -> Any:
        """The answer as it would stand in a file."""
        low = answer.casefold()
        if low in PASS:
            return "unknown"
        if low in NOT_APPLICABLE:
            return "not applicable"
        if fact.kind == "yes-no":
            return "true" if low in YES else "false" if low in NO else answer
        if fact.kind == "number" and not answer.endswith(fact.of):
            return f"{answer} {fact.of}"
        if fact.kind in ("code", "codes"):
            codes = [self.code(fact, part.strip()) for part in answer.replace("，", ",").split(",")]
            return codes if fact.kind == "codes" else ", ".join(codes)
        if fact.kind == "entries":
            parts = [part.strip() for part in answer.replace("，", ",").split(",")]
            entries = [part for part in parts if part.casefold() not in NONE]
            found: dict[str, Any] = {"entries": entries}
            return found if len(entries) == len(parts) else {**found, "none other": "true"}
        return answer

    def code(self, fact: Fact, word: str) -> str:
        """A code by itself or by its title in either language."""
        codes = self.vocabulary.lists[fact.of].codes
        if word in codes:
            return word
        low = word.casefold()
        for code in codes.values():
            if low == code.code.casefold() or low in (title.casefold() for title in code.title.values()):
                return code.code
        return word

    # --- what to ask

    def next(self, decision: Decision | None = None) -> tuple[str, str] | None:
        """The path and element to ask about next; None when nothing that is known here can change the verdict."""
        if "activity" not in self.document:
            return "activity", ""
        if not any(one in self.document.get("act", {}) for one in ("on", "at")):
            return "act.on", ""
        left = self.left(decision or self.decide())
        return (left[0].path, left[0].element) if left else None

    def left(self, decision: Decision) -> list[Question]:
        """The questions that nobody has passed."""
        return [one for one in decision.questions if (one.element, one.path) not in self.passed]

    def field(self, path: str, element: str) -> Field:
        """A question in words, with what may be answered and what was.

        Raises:
            InputError: there is no such question.
        """
        names = self.names
        if path in ("act.on", "act.at"):
            act = self.document.get("act", {})
            known = str(act.get("at") or act.get("on") or "")
            ask = names.word("ask day")
            return Field(path, "", "day", ask, names.word("ask day help"), "", "", (), (known,) if known else (), False)
        if path == "complete":
            return self._complete_field(element)
        fact = self.vocabulary.facts.get(path)
        if fact is None or (fact.scope == "act") != (not element):
            raise InputError("no such question", path="path", found=path)
        question = names.text(fact.question)
        if element:
            question = names.aside(question, self.called(fact.scope, element))
        return Field(
            path, element, fact.kind, question, names.text(fact.meaning), fact.example, fact.of,
            tuple(self.choices(fact.of)) if fact.kind in ("code", "codes") else (), tuple(self.known(fact, element)),
            fact.not_applicable,
        )  # fmt: skip

    def _complete_field(self, plural: str) -> Field:
        if plural not in SCOPES:
            raise InputError("no such list", path="element", found=plural)
        scope, names = SCOPES[plural], self.names
        there = names.listed(self.called(scope, str(one["id"])) for one in self.elements(scope))
        asked = next((q for q in self.decide().questions if (q.path, q.element) == ("complete", plural)), None)
        known = ("true",) if plural in self.complete() else ()
        says = names.text(asked.question) if asked else plural
        help_text = names.word("ask complete help", there or names.word("no entry"))
        return Field("complete", plural, "yes-no", says, help_text, "", "", (), known, False)

    def choices(self, list_name: str) -> Iterable[Choice]:
        """The codes of a list, those below others under the title of the topmost."""
        codes = self.vocabulary.lists[list_name]
        for code in codes.codes.values():
            yield Choice(code.code, self.names.text(code.title), self._group(codes, code.code))

    def _group(self, codes: CodeList, code: str) -> str:
        at = code
        while at in codes.codes and codes.codes[at].under:
            at = codes.codes[at].under[0]
        has_below = at != code or bool(codes.below(code))
        return self.names.text(codes.codes[at].title) if has_below and at in codes.codes else ""

    def known(self, fact: Fact, element: str) -> Iterable[str]:
        """What was answered, as the words of an answer."""
        key = fact.path.partition(".")[2]
        holders = [self.document] if fact.path == "activity" else [self.document.get("act", {})]
        if fact.scope != "act":
            holders = [one for one in self.elements(fact.scope) if one["id"] == element]
        for one in holders:
            yield from words(one.get("activity" if fact.path == "activity" else key, ()))

    def called(self, scope: str, key: str) -> str:
        """An element by its name; by its role where it has none yet."""
        for one in self.elements(scope):
            if one["id"] == key:
                name = words(one.get("name" if scope != "place" else "is", ()))
                if name and name[0] not in ("unknown", "not applicable"):
                    return name[0] if scope != "place" else self.names.code("places", name[0])
                roles = words(one.get("role", ())) if scope in ROLE_LISTS else []
                return self.names.listed(self.names.code(ROLE_LISTS[scope], role) for role in roles) or key
        return self.names.element(scope, key)

    def stated(self, scope: str, key: str = "") -> list[tuple[str, str]]:
        """What is stated of the act (with its activity) or of one element: paths, with their values in words."""
        facts = list(self.vocabulary.of_scope(scope))
        found = []
        for fact in facts:
            known = list(self.known(fact, key))
            if known:
                shown = [self._worded(fact, one) for one in known]
                found.append((fact.path, self.names.listed(shown)))
        return found

    def _worded(self, fact: Fact, word: str) -> str:
        if word in ("unknown", "not applicable"):
            return self.names.word(f"source.{word}")
        if fact.kind in ("code", "codes"):
            return self.names.code(fact.of, word)
        if fact.kind == "yes-no" and word in ("true", "false"):
            return self.names.word("yes" if word == "true" else "no")
        return self.names.day(word) if fact.kind == "date" else word


def words(node: Any) -> list[str]:
    """A value of a document as a list of words: of one, of several, or with its source beside it."""
    if isinstance(node, dict):
        if "value" in node:
            return words(node["value"])
        entries = words(node.get("entries", ()))
        concluded = str(node.get("none other", "")) == "true"  # a search of some lists concludes less than a person
        return [*entries, "none"] if concluded else entries
    if isinstance(node, (list, tuple)):
        return [str(part.get("entry", part)) if isinstance(part, dict) else str(part) for part in node]
    return [str(node)]


def merged(before: Any, after: Any) -> Any:
    """An answer about entries, with what was said before and the answer does not speak of: open candidates, what was
    dismissed, what a list says of an entry, a search that found no other. To answer one part must not undo the rest.
    """
    before = before.get("value", before) if isinstance(before, dict) else before
    if not isinstance(after, dict) or not isinstance(before, dict):
        return after
    kept = {key: before[key] for key in ("candidates", "dismissed") if key in before}
    written = {str(one["entry"]): one for one in before.get("entries", ()) if isinstance(one, dict) and "entry" in one}
    found = {**kept, **after, "entries": [written.get(one, one) for one in after["entries"]]}
    if isinstance(before.get("none other"), dict):
        found.setdefault("none other", before["none other"])
    return found


def plain(node: Any) -> Any:
    """Nodes as plain data of words."""
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    return [plain(part) for part in node] if isinstance(node, list) else str(node)


def nodes(data: Any) -> Any:
    """Plain data as nodes, so that it is read like a file."""
    if isinstance(data, dict):
        return Map({Word(str(key)): nodes(value) for key, value in data.items()})
    return Seq(nodes(part) for part in data) if isinstance(data, list) else Word(str(data))
