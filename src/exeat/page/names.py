"""What things are called: facts, codes, rules, registers and the parts of one transaction, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from exeat.decide.decision import Cited, Decision
from exeat.page.words import LANGUAGES, day, word
from exeat.rulebook.life import row_stands
from exeat.rulebook.model import Book
from exeat.vocabulary.model import PLURALS, Entries, Fact, Screening, State, Text

MANY = 12  # codes that a prompt names before it offers to search


class Names:
    """Names from the rulebook, and from the transaction of a decision if there is one.

    Args:
        book: the rulebook.
        lang: ``en`` or ``zh``.
        decision: whose items, parties and places are to be called by their names.
    """

    def __init__(self, book: Book, lang: str, decision: Decision | None = None) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"no such language: {lang!r}")
        self.book, self.lang, self.decision = book, lang, decision
        self.elements = _elements(decision.transaction) if decision else {}

    # --- words

    def word(self, key: str, *parts: object) -> str:
        return word(key, self.lang, *parts)

    def day(self, iso: str) -> str:
        return day(iso, self.lang)

    def text(self, text: Text) -> str:
        """A text of the law in this language (or in the other, where a user's own law has only one)."""
        return text.get(self.lang) or next(iter(text.values()), "")

    def listed(self, parts: Iterable[str]) -> str:
        return self.word("list sep").join(parts)

    def aside(self, head: str, inside: str) -> str:
        """``head (inside)``; the head alone if there is nothing to put inside."""
        return self.word("parens", head, inside) if inside else head

    # --- the law

    def rule(self, key: str) -> str:
        rule = self.book.rules.get(key)
        return self.text(rule.title) if rule else key

    def regime(self, key: str) -> str:
        regime = self.book.regimes.get(key)
        return self.text(regime.title) if regime else key

    def register(self, key: str) -> str:
        register = self.book.registers.get(key)
        return self.text(register.title) if register else key

    def activity(self, key: str) -> str:
        return self.code("activities", key)

    def fact(self, path: str) -> str:
        fact = self.book.vocabulary.facts.get(path)
        return self.text(fact.title) if fact else path

    def code(self, list_name: str, code: str) -> str:
        codes = self.book.vocabulary.lists.get(list_name)
        found = codes.codes.get(code) if codes else None
        return self.text(found.title) if found else code

    def cite(self, cited: Cited) -> str:
        """A citation in one line; a source that nobody has verified says so."""
        parts = [part for part in (cited.ref, cited.pinpoint) if part]
        mark = f" [{self.word('unverified')}]" if cited.seen == "unverified" else ""
        return ", ".join(parts) + mark

    # --- values

    def value(self, path: str, value: Any) -> str:
        """A value as stored in a cell or in a decision's plain transaction."""
        fact = self.book.vocabulary.facts.get(path)
        if isinstance(value, State):
            return self.word(f"source.{value.name}")
        if isinstance(value, Entries):
            return self._entries(value.entries, value.none_other)
        if isinstance(value, Mapping):
            if "state" in value:
                return self.word(f"source.{value['state']}")
            return self._entries(value.get("entries", ()), value.get("none other"))
        if value is None:
            return self.word("no value")
        if isinstance(value, (frozenset, list, tuple)):
            return self.listed(self._one(fact, str(part)) for part in sorted(value))
        return self._one(fact, value)

    def _one(self, fact: Fact | None, value: Any) -> str:
        if isinstance(value, bool):
            return self.word("yes" if value else "no")
        if fact is None:
            return str(value)
        if fact.kind in ("code", "codes"):
            return self.code(fact.of, str(value))
        if fact.kind == "number":
            return f"{number(value)} {fact.of}"
        if fact.kind == "yes-no" and value in ("true", "false"):
            return self.word("yes" if value == "true" else "no")
        return self.day(str(value)) if fact.kind == "date" else str(value)

    def _entries(self, entries: Iterable[str], none_other: Any) -> str:
        shown = self.listed(sorted(entries)) or self.word("no entry")
        if none_other is True:
            return f"{shown}{self.word('part sep')}{self.word('none other')}"
        if isinstance(none_other, Screening):
            none_other = {"lists": none_other.lists, "as_of": none_other.as_of, "by": none_other.by}
        if isinstance(none_other, Mapping):
            lists = self.listed(none_other["lists"])
            screened = self.word("screened lists", lists, self.day(none_other["as_of"]), none_other["by"])
            return f"{shown}{self.word('part sep')}{screened}"
        return shown

    def allowed(self, path: str) -> str:
        """What may be answered, in a few words."""
        fact = self.book.vocabulary.facts.get(path)
        if fact is None:
            return self.word("any instant", "2020-09-27T23:30-04:00")
        if fact.kind in ("code", "codes"):
            codes = list(self.book.vocabulary.lists[fact.of].codes)
            shown = [f"{code} {self.code(fact.of, code)}" for code in codes[:MANY]]
            return self.word("part sep").join(shown) + (" …" if len(codes) > MANY else "")
        if fact.kind == "number":
            return self.word("any number", fact.of)
        yes_no = self.word("part sep").join(f"{code} {self.word(name)}" for code, name in YES_NO)
        other = {"yes-no": yes_no, "date": self.word("any day"), "entries": self.word("any entry")}
        return other.get(fact.kind, self.word("any text"))

    # --- the transaction

    def element(self, scope: str, key: str) -> str:
        """An item, party or place as people would call it."""
        if key in ("", "…"):
            return self.word(f"some other {scope}")
        if key == "(item)":
            return self.word("the item")
        if key.startswith("(") and key.endswith(")"):
            return self.word("not named", self.code("roles" if scope == "party" else "place-roles", key[1:-1]))
        facts = self.elements.get(scope, {}).get(key, {})
        if scope == "place":
            where = facts.get("place.is")
            if where and not _state(where):
                return self.value("place.is", where["value"])
            role = self.role(scope, key)
            return self.word("not named", role) if role else key
        name = facts.get(f"{scope}.name")
        return str(name["value"]) if name and not _state(name) else key

    def role(self, scope: str, key: str) -> str:
        """The roles of a party or place, or ""."""
        cell = self.elements.get(scope, {}).get(key, {}).get(f"{scope}.role")
        return self.value(f"{scope}.role", cell["value"]) if cell and not _state(cell) else ""

    def of(self, path: str, key: str) -> str:
        """A fact with the element it belongs to: ``ByteDance Ltd.: country``."""
        scope = path.partition(".")[0]
        if key and scope in PLURALS:
            return f"{self.element(scope, key)}{self.word('colon')}{self.fact(path)}"
        return self.fact(path)

    def where(self, found: Mapping[str, str]) -> str:
        """The combination of a finding."""
        return self.listed(self.element(scope, key) for scope, key in found.items())

    def rows(self, register: str, ids: Iterable[str]) -> list[Cited]:
        """Whence a register has the rows that stand on the decision's day."""
        book = self.book
        on, known = (self.decision.on[:10], self.decision.known) if self.decision else ("", "")
        wanted, found = set(ids), []
        for row in book.registers[register].rows:
            if row.id in wanted and row_stands(row, on, known):
                source = book.registers[register].sources[row.cite.source]
                found.append(Cited(source.ref, row.cite.pinpoint, source.url, row.seen))
        return found


YES_NO = (("true", "yes"), ("false", "no"))


def number(value: object) -> str:
    """A decimal without trailing noise and without an exponent."""
    found = Decimal(str(value)).normalize()
    return f"{found:f}"


def _state(cell: Mapping[str, Any]) -> bool:
    return isinstance(cell["value"], Mapping) and "state" in cell["value"]


def _elements(transaction: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    return {
        scope: {one["id"]: one["facts"] for one in transaction.get(plural, ())} for scope, plural in PLURALS.items()
    }
