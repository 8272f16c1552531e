"""``exeat ask``: an interview that asks only what can still change the verdict."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exeat.cli.show import STDIN, known_option, language_option, law_options, layout, make_options, put, ready_engine
from exeat.errors import InputError, InputErrors

if TYPE_CHECKING:
    from exeat.decide.decision import Decision, Question
    from exeat.decide.engine import Engine, Options
    from exeat.page.names import Names
    from exeat.vocabulary.model import Fact
    from exeat.vocabulary.transaction import Transaction

YES = ("yes", "y", "true", "是", "对")
NO = ("no", "n", "false", "否", "不是")
PASS = ("unknown", "不知", "不知道", "未知")
NOT_APPLICABLE = ("not applicable", "n/a", "不适用")
NONE = ("none", "无")
MAX_SHOWN = 40  # codes that help prints at once

Document = dict[str, Any]


@click.command()
@click.argument("file", required=False, default="")
@click.option("-o", "--output", default="", metavar="FILE", help="Save the transaction here, as YAML.")
@click.option("--strict", is_flag=True, help="Use no legal presumption: what is not stated is asked.")
@language_option
@known_option
@law_options
def ask(
    file: str, output: str, strict: bool, lang: str, known: str | None, folders: tuple[str, ...], allow_relax: bool
) -> None:
    """Ask for the facts that can still change the verdict, one at a time, then print the answer.

    Starts from FILE, or from nothing. `?` explains a question (`?word` searches its codes), `unknown` passes it, an
    empty line stops. Questions go to standard error and answers come from standard input, so it works in a pipe.

    \b
    Examples:
      exeat ask
      exeat ask deal.yaml -o deal-complete.yaml
      printf 'app.cdn\\n2020-09-21\\nwechat\\n' | exeat ask --lang zh
    """
    engine = ready_engine(folders, allow_relax)
    options = make_options(engine, known, strict, explain=False)
    interview = Interview(engine, options, lang, _start(file))
    interview.hold()
    _finish(interview, engine, options, lang, output)


def _start(file: str) -> Document:
    """The document to begin with."""
    from exeat.vocabulary.reader import Map, decode, read_file, read_text

    if not file:
        return {"transaction": "1"}
    if file == STDIN:
        raise click.UsageError("standard input carries the answers; give the transaction as a file")
    node = read_file(Path(file), file)
    if not isinstance(node, Map):
        node = read_text(decode(b"{}", file), file)
    plain: Document = _plain(node)
    return plain


def _plain(node: Any) -> Any:
    """Nodes as plain data of words."""
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    return [_plain(part) for part in node] if isinstance(node, list) else str(node)


def _finish(interview: Interview, engine: Engine, options: Options, lang: str, output: str) -> None:
    import msgspec
    import yaml

    from exeat.page import text

    transaction = interview.transaction()
    if transaction is None:
        raise click.exceptions.Exit(2)
    decision = engine.decide(transaction, msgspec.structs.replace(options, explain=True))
    put(text.render(decision, engine.book, lang, brief=True, **layout()))
    if not output and sys.stdin.isatty() and not interview.ended:
        output = interview.read(interview.names.word("ask save"))
    if output:
        put(yaml.safe_dump(interview.document, allow_unicode=True, sort_keys=False, width=100), output)
        click.echo(interview.names.word("ask saved", output), err=True)
    raise click.exceptions.Exit(decision.exit_code)


class Interview:
    """One interview: the document as far as it has come, and what was passed.

    Args:
        engine: the engine.
        options: how to decide; without traces.
        lang: the language of the questions.
        document: the transaction to begin with, as plain data.
    """

    def __init__(self, engine: Engine, options: Options, lang: str, document: Document) -> None:
        from exeat.page.names import Names

        self.engine, self.options, self.lang, self.document = engine, options, lang, document
        self.vocabulary = engine.book.vocabulary
        self.names: Names = Names(engine.book, lang)
        self.passed: set[tuple[str, str]] = set()
        self.told: set[str] = set()  # faults of the document that were told
        self.ended = False  # the input is exhausted
        self.stopped = False  # the user has had enough

    def hold(self) -> None:
        """Ask until nothing can change the verdict, or nobody answers."""
        if self._malformed():
            self.transaction()
            return
        self.say(self.names.word("ask intro"))
        self._first()
        while not self.stopped:
            decision = self._decide()
            if decision is None:
                return
            open_questions = [q for q in decision.questions if (q.element, q.path) not in self.passed]
            if not open_questions:
                self.say(self.names.word("ask left" if decision.questions else "ask done"))
                return
            self._put_question(open_questions[0], decision)
        self.say(self.names.word("ask stopped"))

    # --- the document

    def transaction(self) -> Transaction | None:
        """The document read and checked; None if it cannot be one yet (and the fault has been told)."""
        from exeat.vocabulary.transaction import read_transaction

        try:
            return read_transaction(_nodes(self.document), self.vocabulary, self.names.word("transaction"))
        except InputErrors as errors:
            for error in errors.errors:
                if str(error) not in self.told:
                    self.say(str(error))
                self.told.add(str(error))
            return None

    def _malformed(self) -> bool:
        """Whether the document is no place to write answers into; the reader then says why."""
        from exeat.vocabulary.model import PLURALS

        if not isinstance(self.document.get("act", {}), dict):
            return True
        lists = [self.document.get(plural, []) for plural in PLURALS.values()]
        return not all(isinstance(one, list) and all(isinstance(part, dict) for part in one) for one in lists)

    def _decide(self) -> Decision | None:
        from exeat.page.names import Names

        transaction = self.transaction()
        if transaction is None:
            return None
        try:
            decision = self.engine.decide(transaction, self.options)
        except InputErrors as errors:
            for error in errors.errors:
                self.say(str(error.of_file(self.names.word("transaction"))))
            return None
        self.names = Names(self.engine.book, self.lang, decision)
        return decision

    def _accepted(self) -> str:
        """Why the document as it is now would be refused, or ""."""
        from exeat.decide.facts import check_entries
        from exeat.vocabulary.transaction import read_transaction

        try:
            check_entries(read_transaction(_nodes(self.document), self.vocabulary, ""), self.engine.book)
        except InputErrors as errors:
            return self._refusal(errors.errors)
        return ""

    # --- the first questions: what is done, and when

    def _first(self) -> None:
        from exeat.page.words import word

        if "activity" not in self.document and not self.stopped:
            fact = self.vocabulary.facts["activity"]
            self._ask_fact(fact, self.names.text(fact.question), self.document, "activity")
        act = self.document.setdefault("act", {})
        if not self.stopped and not ("on" in act or "at" in act):
            self._ask_day(word("ask day", self.lang), act)
        self._fill_roles()

    def _ask_day(self, question: str, act: dict[str, Any]) -> None:
        while not self.stopped:
            answer = self.read(question)
            if answer.startswith("?"):
                self.say(self.names.word("ask day help"))
            elif answer:
                key = "at" if "T" in answer else "on"
                act[key] = answer
                fault = self._accepted()
                if not fault:
                    return
                del act[key]
                self.say(self.names.word("ask again", fault))

    def _fill_roles(self) -> None:
        """An element for every role that the activity needs and nobody has."""
        activity = self.document.get("activity")
        if not isinstance(activity, str) or activity not in self.vocabulary.lists["activities"].codes:
            return
        needs = self.vocabulary.lists["activities"].needs(activity)
        for scope, roles in (("party", needs.parties), ("place", needs.places)):
            for role in roles:
                if role not in self._roles(scope):
                    self._add(scope, {"role": role})
        if needs.items and not self.document.get("items"):
            self._add("item", {})

    def _roles(self, scope: str) -> set[str]:
        """Roles that are filled, with those above them."""
        codes = self.vocabulary.lists["roles" if scope == "party" else "place-roles"]
        found: set[str] = set()
        for element in self._list(scope):
            role = element.get("role", ())
            role = role.get("value", ()) if isinstance(role, dict) else role
            for one in [role] if isinstance(role, str) else role:
                found |= codes.ancestors(one)
        return found

    def _list(self, scope: str) -> list[dict[str, Any]]:
        from exeat.vocabulary.model import PLURALS

        found: list[dict[str, Any]] = self.document.setdefault(PLURALS[scope], [])
        for number, element in enumerate(found, 1):
            element.setdefault("id", f"{scope}-{number}")
        return found

    def _add(self, scope: str, facts: dict[str, Any]) -> dict[str, Any]:
        taken = {element["id"] for element in self._list(scope)}
        stem = str(facts.get("role", scope))
        key, number = stem, 1
        while key in taken:
            number += 1
            key = f"{stem}-{number}"
        element = {"id": key, **facts}
        self._list(scope).append(element)
        return element

    # --- one question

    def _put_question(self, question: Question, decision: Decision) -> None:
        if question.path == "complete":
            self._ask_complete(question)
            return
        if question.path == "act.at":
            self._ask_instant(question)
            return
        fact = self.vocabulary.facts[question.path]
        holder, key = self._holder(fact, question.element)
        head = self.names.text(question.question)
        if question.element:
            head = self.names.aside(head, self.names.element(fact.scope, question.element))
        if len(decision.questions) > 1:
            head = f"{head} [{self.names.word('questions open', len(decision.questions))}]"
        self._ask_fact(fact, head, holder, key)
        if key in holder and holder[key] == "unknown":
            self.passed.add((question.element, question.path))
            if question.element.startswith("("):
                self.passed.add((str(holder.get("id", "")), question.path))

    def _holder(self, fact: Fact, element: str) -> tuple[dict[str, Any], str]:
        """Where the fact of a question is written down."""
        if fact.path == "activity":
            return self.document, "activity"
        key = fact.path.partition(".")[2]
        if fact.scope == "act":
            return self.document["act"], key
        for one in self._list(fact.scope):
            if one["id"] == element:
                return one, key
        role = element.strip("()")
        return self._add(fact.scope, {} if fact.scope == "item" else {"role": role}), key

    def _ask_fact(self, fact: Fact, head: str, holder: dict[str, Any], key: str) -> None:
        """Ask until the answer is accepted, passed, or nobody answers."""
        while not self.stopped:
            answer = self.read(f"{head}\n  {self.names.allowed(fact.path)}")
            if not answer:
                return
            if answer.startswith("?"):
                self._help(fact, answer[1:].strip())
                continue
            before = holder.get(key)
            holder[key] = self._value(fact, answer)
            fault = self._accepted() if self.document.get("act") else self._wrong(fact, holder[key])
            if not fault:
                return
            if before is None:
                del holder[key]
            else:
                holder[key] = before
            self.say(self.names.word("ask again", fault))

    def _refusal(self, errors: Iterable[InputError]) -> str:
        """The faults of an answer; in Chinese what was found, and the nearest right word."""
        if self.lang == "en":
            return "; ".join(str(error) for error in errors)
        told = []
        for error in errors:
            near = error.hint.partition("'")[2].rpartition("'")[0]
            told.append(self.names.word("not allowed near" if near else "not allowed", error.found, near))
        return self.names.word("part sep").join(told)

    def _wrong(self, fact: Fact, value: Any) -> str:
        """Why a value is refused, before there is a day and so a whole document."""
        try:
            self.vocabulary.parse(fact, str(value), InputError(""))
        except InputError as error:
            return self._refusal([error])
        return ""

    def _value(self, fact: Fact, answer: str) -> Any:
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
            codes = [self._code(fact, part.strip()) for part in answer.replace("，", ",").split(",")]
            return codes if fact.kind == "codes" else ", ".join(codes)
        if fact.kind == "entries":
            parts = [part.strip() for part in answer.replace("，", ",").split(",")]
            entries = [part for part in parts if part.casefold() not in NONE]
            found: dict[str, Any] = {"entries": entries}
            return found if len(entries) == len(parts) else {**found, "none other": "true"}
        return answer

    def _code(self, fact: Fact, word: str) -> str:
        """A code by itself or by its title in either language."""
        codes = self.vocabulary.lists[fact.of].codes
        if word in codes:
            return word
        low = word.casefold()
        for code in codes.values():
            if low == code.code.casefold() or low in (title.casefold() for title in code.title.values()):
                return code.code
        return word

    def _help(self, fact: Fact, search: str) -> None:
        if not search:
            self.say(f"{self.names.word('meaning')}{self.names.word('colon')}{self.names.text(fact.meaning)}")
            self.say(f"{self.names.word('example')}{self.names.word('colon')}{fact.example}")
        if fact.kind in ("code", "codes"):
            codes = self.vocabulary.lists[fact.of].codes
            low = search.casefold()
            hits = [
                code
                for code in codes.values()
                if low in code.code.casefold() or any(low in title.casefold() for title in code.title.values())
            ]
            for code in hits[:MAX_SHOWN]:
                self.say(f"  {code.code}{self.names.word('colon')}{self.names.text(code.title)}")
            if not hits:
                self.say(self.names.word("no codes"))
            if len(hits) > MAX_SHOWN:
                self.say(self.names.word("search codes", len(codes)))

    def _ask_instant(self, question: Question) -> None:
        """The act's time of day, where the law changes within the day."""
        act = self.document["act"]
        kept = dict(act)
        while not self.stopped:
            answer = self.read(f"{self.names.text(question.question)}\n  {self.names.allowed('act.at')}")
            if answer.casefold() in PASS:
                self.passed.add((question.element, question.path))
                return
            if answer and not answer.startswith("?"):
                act.pop("on", None), act.pop("zone", None)
                act["at"] = answer
                fault = self._accepted()
                if not fault:
                    return
                act.clear()
                act.update(kept)
                self.say(self.names.word("ask again", fault))

    def _ask_complete(self, question: Question) -> None:
        """Whether a list is complete; if not, one more element with its role."""
        scope = {"items": "item", "parties": "party", "places": "place"}[question.element]
        there = self.names.listed(self._shown(scope, element) for element in self._list(scope))
        help_text = self.names.word("ask complete help", there or self.names.word("no entry"))
        while not self.stopped:
            answer = self.read(f"{self.names.text(question.question)}\n  {help_text}").casefold()
            if answer in PASS:
                self.passed.add((question.element, question.path))
                return
            if answer in YES:
                self._mark_complete(question.element)
                return
            if answer in NO:
                element = self._add(scope, {})
                if scope != "item":
                    fact = self.vocabulary.facts[f"{scope}.role"]
                    self._ask_fact(fact, self.names.word("ask role"), element, "role")
                return

    def _shown(self, scope: str, element: dict[str, Any]) -> str:
        return self.names.element(scope, str(element["id"]))

    def _mark_complete(self, plural: str) -> None:
        complete = self.document.get("complete", [])
        found = [complete] if isinstance(complete, str) else list(complete)
        self.document["complete"] = [*(word for word in found if word not in ("false", plural)), plural]

    # --- talking

    def say(self, text: str) -> None:
        from exeat.page.safe import visible
        from exeat.page.text import terminal_width
        from exeat.page.wrap import paragraph

        for line in text.split("\n"):
            indent = len(line) - len(line.lstrip(" "))
            for shown in paragraph(visible(line.strip()), terminal_width(), indent):
                click.echo(shown, err=True)

    def read(self, prompt: str) -> str:
        """The next line of the answers. An empty one stops the interview, as does their end."""
        self.say(prompt)
        click.echo("> ", nl=False, err=True)
        line = sys.stdin.readline()
        self.ended = not line
        answer = line.strip()
        if not sys.stdin.isatty():
            click.echo(answer, err=True)
        if not answer:
            self.stopped = True
        return answer


def _nodes(plain: Any) -> Any:
    """Plain data as nodes, so that it is read like a file."""
    from exeat.vocabulary.reader import Map, Seq, Word

    if isinstance(plain, dict):
        return Map({Word(str(key)): _nodes(value) for key, value in plain.items()})
    return Seq(_nodes(part) for part in plain) if isinstance(plain, list) else Word(str(plain))
