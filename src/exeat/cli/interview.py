"""The interview of ``exeat ask``: it reads answers from standard input and writes each into the form."""

from __future__ import annotations

import sys
from typing import Any

import click

from exeat.decide.decision import Decision, Question
from exeat.decide.engine import Engine, Options
from exeat.errors import InputErrors
from exeat.page.form import NO, PASS, YES, Document, Form, merged
from exeat.page.safe import visible
from exeat.page.text import terminal_width
from exeat.page.words import word
from exeat.page.wrap import paragraph
from exeat.vocabulary.model import Fact
from exeat.vocabulary.transaction import Transaction

MAX_SHOWN = 40  # codes that help prints at once


class Interview(Form):
    """One interview at a terminal or in a pipe: the form, and the talk about it.

    Args:
        engine: the engine.
        options: how to decide; without traces.
        lang: the language of the questions.
        document: the transaction to begin with, as plain data.
    """

    def __init__(self, engine: Engine, options: Options, lang: str, document: Document) -> None:
        super().__init__(engine, options, lang, document)
        self.told: set[str] = set()  # faults of the document that were told
        self.ended = False  # the input is exhausted
        self.stopped = False  # the user has had enough

    def hold(self) -> None:
        """Ask until nothing can change the verdict, or nobody answers."""
        if self.malformed():
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
        try:
            return self.parsed()
        except InputErrors as errors:
            for error in errors.errors:
                if str(error) not in self.told:
                    self.say(str(error))
                self.told.add(str(error))
            return None

    def _decide(self) -> Decision | None:
        if self.transaction() is None:
            return None
        try:
            return self.decide()
        except InputErrors as errors:
            for error in errors.errors:
                self.say(str(error.of_file(self.names.word("transaction"))))
            return None

    # --- the first questions: what is done, and when

    def _first(self) -> None:
        if "activity" not in self.document and not self.stopped:
            fact = self.vocabulary.facts["activity"]
            self._ask_fact(fact, self.names.text(fact.question), self.document, "activity")
        act = self.document.setdefault("act", {})
        if not self.stopped and not ("on" in act or "at" in act):
            self._ask_day(word("ask day", self.lang), act)
        self.fill_roles()

    def _ask_day(self, question: str, act: dict[str, Any]) -> None:
        while not self.stopped:
            answer = self.read(question)
            if answer.startswith("?"):
                self.say(self.names.word("ask day help"))
            elif answer:
                key = "at" if "T" in answer else "on"
                act[key] = answer
                fault = self.accepted()
                if not fault:
                    return
                del act[key]
                self.say(self.names.word("ask again", fault))

    # --- one question

    def _put_question(self, question: Question, decision: Decision) -> None:
        if question.path == "complete":
            self._ask_complete(question)
            return
        if question.path == "act.at":
            self._ask_instant(question)
            return
        fact = self.vocabulary.facts[question.path]
        holder, key = self.holder(fact, question.element)
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
            holder[key] = merged(before, self.value(fact, answer))
            fault = self.accepted() if self.document.get("act") else self.wrong(fact, holder[key])
            if not fault:
                return
            if before is None:
                del holder[key]
            else:
                holder[key] = before
            self.say(self.names.word("ask again", fault))

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
                fault = self.accepted()
                if not fault:
                    return
                act.clear()
                act.update(kept)
                self.say(self.names.word("ask again", fault))

    def _ask_complete(self, question: Question) -> None:
        """Whether a list is complete; if not, one more element with its role."""
        scope = {"items": "item", "parties": "party", "places": "place"}[question.element]
        there = self.names.listed(self._shown(scope, element) for element in self.elements(scope))
        help_text = self.names.word("ask complete help", there or self.names.word("no entry"))
        while not self.stopped:
            answer = self.read(f"{self.names.text(question.question)}\n  {help_text}").casefold()
            if answer in PASS:
                self.passed.add((question.element, question.path))
                return
            if answer in YES:
                self.mark_complete(question.element)
                return
            if answer in NO:
                element = self.add(scope, {})
                if scope != "item":
                    fact = self.vocabulary.facts[f"{scope}.role"]
                    self._ask_fact(fact, self.names.word("ask role"), element, "role")
                return

    def _shown(self, scope: str, element: dict[str, Any]) -> str:
        return self.names.element(scope, str(element["id"]))

    # --- talking

    def say(self, text: str) -> None:
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
