"""Answers without the parties' names: they become Party A, Party B, everywhere.

What the parties are called is taken out of the facts, of every reason, and of any text that repeats it, the law's own
words included. The title is free text and may name anybody by any name: it goes as a whole. What remains is the case: a
reader who knows the story may still guess who is meant.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from exeat.decide.decision import Decision
from exeat.page.words import word
from exeat.vocabulary.model import PLURALS

IDENTIFYING = frozenset(("party.name", "party.entity", "party.listing"))  # facts whose value says who it is
FORMS = frozenset(
    """inc incorporated ltd limited llc llp lp plc corp corporation co company companies group holding holdings gmbh ag
    se nv bv oy ab srl spa sarl pte pty bhd kk the and for international global technology technologies systems service
    services university institute store user users buyer seller example united states american china chinese data source
    code software hardware equipment bank network networks industries research laboratory""".split()  # noqa: SIM905
)  # words that name nobody
LEGAL_FORM = re.compile(r"(股份|集团|科技|技术|控股|网络|信息|有限|责任|公司|大学|研究院|研究所)+$")
MIN_LATIN, MIN_WIDE = 3, 2  # shorter names are too likely to be part of other words


class Veil:
    """Takes the names of one decision's parties out of whatever mentions them.

    In the law's words only whole names go (and ids that repeat a name): a word of a name may be a common one. In what
    the user wrote every word of a name goes.

    Args:
        decision: the decision with its names.
        lang: the language of the letters.
    """

    def __init__(self, decision: Decision, lang: str = "en") -> None:
        self.lang = lang
        self.plain: dict[str, Any] = msgspec.to_builtins(decision)
        parties = self.plain["transaction"]["parties"]
        self.letters = {one["id"]: word("party letter", lang, letter(n)) for n, one in enumerate(parties)}
        names = {one["id"]: _stated(one["facts"].get("party.name")) for one in parties}
        whole = {name: self.letters[key] for key, name in names.items() if name}
        parts = {part: self.letters[key] for key, name in names.items() for part in _parts(name)}
        known = {part.casefold() for part in parts}
        whole |= {key: self.letters[key] for key in self.letters if key.casefold() in known}
        self.whole = _Replacer(whole)
        self.parts = _Replacer({**self.letters, **parts, **whole})
        self.hidden = word("redacted value", lang)

    def text(self, text: str) -> str:
        """Text with every party's whole name replaced."""
        return self.whole(text)

    def decision(self) -> Decision:
        """The decision without names."""
        return msgspec.convert(self._decision(), Decision)

    def everything(self, value: Any) -> Any:
        """Plain data with every string (keys as well) passed through `text`."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.everything(one) for key, one in value.items()}
        return [self.everything(one) for one in value] if isinstance(value, (list, tuple)) else value

    # --- the decision

    def _decision(self) -> dict[str, Any]:
        plain = self.plain
        found = {
            **plain,
            "title": self.hidden,
            "transaction": self._transaction(plain["transaction"]),
            "findings": [self._finding(one) for one in plain["findings"]],
            "questions": [self._located(one) for one in plain["questions"]],
            "counterfactuals": [
                {**one, "changes": [self._located(change) for change in one["changes"]]}
                for one in plain["counterfactuals"]
            ],
            "presumed": [self._located(one) for one in plain["presumed"]],
            "candidates": [self._candidate(one) for one in plain["candidates"]],
            "dismissed": [self._candidate(one) for one in plain["dismissed"]],
            "listed": [self._listed(one) for one in plain["listed"]],
            "conclusions": [self._place(text) for text in plain["conclusions"]],
            "not_applicable": [self._place(text) for text in plain["not_applicable"]],
        }
        return {key: self._law(value) for key, value in found.items()}

    def _law(self, value: Any) -> Any:
        """The law's own words and addresses; ids of rules and facts stay, for the page looks them up."""
        if isinstance(value, Mapping):
            return {key: self._law_field(key, one) for key, one in value.items()}
        return [self._law(one) for one in value] if isinstance(value, (list, tuple)) else value

    def _law_field(self, key: str, value: Any) -> Any:
        if isinstance(value, str) and key in ("en", "zh", "ref", "pinpoint", "note", "cite", "says", "allowed"):
            return self.text(value)
        if key == "url" and isinstance(value, str):
            return value if self.text(value) == value else ""
        if key == "because":
            return [self.text(line) for line in value]
        return self._law(value)

    def _transaction(self, found: dict[str, Any]) -> dict[str, Any]:
        whole: dict[str, Any] = {"when": found["when"], "act": self._facts(found["act"])}
        for scope, plural in PLURALS.items():
            whole[plural] = [
                {"id": self._element(scope, one["id"]), "facts": self._facts(one["facts"])} for one in found[plural]
            ]
        whole["complete"] = found["complete"]
        whole["licences"] = [self._licence(one) for one in found["licences"]]
        return whole

    def _licence(self, one: dict[str, Any]) -> dict[str, Any]:
        return {
            **one,
            "id": self.parts(one["id"]),
            "items": [self._element("item", key) for key in one["items"]],
            "parties": [self._element("party", key) for key in one["parties"]],
        }

    def _facts(self, facts: dict[str, Any]) -> dict[str, Any]:
        return {
            path: {**cell, "value": self._value(path, cell["value"])}
            for path, cell in facts.items()
            if path != "party.name"
        }

    def _value(self, path: str, value: Any) -> Any:
        if isinstance(value, Mapping) and "state" in value:
            return value
        if path in IDENTIFYING:
            return self.hidden
        if isinstance(value, Mapping) and isinstance(value.get("none other"), Mapping):
            return {**value, "none other": {**value["none other"], "by": self.hidden}}
        return self.parts(value) if isinstance(value, str) and path.endswith(".name") else value

    def _element(self, scope: str, key: str) -> str:
        if scope == "party":
            return self.letters.get(key, key)
        return self.parts(key)

    def _finding(self, one: dict[str, Any]) -> dict[str, Any]:
        where = {scope: self._element(scope, key) for scope, key in one["where"].items()}
        trace = self._trace(one["trace"], "") if one["trace"] else None
        reliefs = [self._relief(relief) for relief in one["reliefs"]]
        return {**one, "where": where, "trace": trace, "reliefs": reliefs}

    def _relief(self, one: dict[str, Any]) -> dict[str, Any]:
        title = {lang: self.parts(text) for lang, text in one["title"].items()}
        return {**one, "id": one["id"] if one["cite"] else self.parts(one["id"]), "title": title}

    def _trace(self, node: dict[str, Any], scope: str) -> dict[str, Any]:
        inner = node["kind"].partition(" ")[2] or scope
        at = node["path"].partition(".")[0] if node["path"] else scope
        return {
            **node,
            "element": self._element(at, node["element"]) if node["element"] else "",
            "value": self._value(node["path"], node["value"]) if node["source"] else node["value"],
            "says": self.parts(node["says"]),
            "parts": [self._trace(part, inner) for part in node["parts"]],
        }

    def _located(self, one: dict[str, Any]) -> dict[str, Any]:
        """A question, change or presumption: something with a path and an element."""
        path = one["path"]
        changed = {key: self._value(path, one[key]) for key in ("before", "after") if one.get(key) is not None}
        return {**one, **changed, "element": self._element(path.partition(".")[0], one["element"])}

    def _candidate(self, one: dict[str, Any]) -> dict[str, Any]:
        hidden = {key: self.hidden if one[key] else "" for key in ("name", "says")}
        return {**one, **hidden, "element": self._element("party", one["element"]), "entry": self._entry(one["entry"])}

    def _entry(self, entry: str) -> str:
        return f"{entry.partition('/')[0]}/{self.hidden}"

    def _listed(self, one: dict[str, Any]) -> dict[str, Any]:
        entries = [self._entry(entry) for entry in one["entries"]]
        return {**one, "element": self._element("party", one["element"]), "entries": entries}

    def _place(self, text: str) -> str:
        """``ELEMENT.scope.fact``."""
        for key, name in self.letters.items():
            if text.startswith(f"{key}.party."):
                return name + text[len(key) :]
        return self.parts(text)


def redact(decision: Decision, lang: str = "en") -> Decision:
    """The decision with its parties as Party A, Party B.

    The hash stays that of the full decision: who has that decision can check that this is the same one.
    """
    return Veil(decision, lang).decision()


def letter(number: int) -> str:
    """A, B, … Z, AA, AB, …"""
    letters = string.ascii_uppercase
    return letters[number] if number < 26 else letter(number // 26 - 1) + letters[number % 26]


def _stated(cell: Any) -> str:
    return cell["value"] if cell and isinstance(cell["value"], str) else ""


def _parts(name: str) -> Iterable[str]:
    """The words of a name that point to its bearer."""
    for piece in re.findall(r"[^\W_]+", name):
        wide = not piece.isascii() and re.search(r"[\u2e80-\u9fff\uac00-\ud7a3]", piece)
        core = LEGAL_FORM.sub("", piece) if wide else piece
        if len(core) >= (MIN_WIDE if wide else MIN_LATIN) and core.casefold() not in FORMS:
            yield core


class _Replacer:
    """Replaces any of several names, the longest first, whatever their case and spacing; whole words only."""

    def __init__(self, names: Mapping[str, str]) -> None:
        usable = {name: new for name, new in names.items() if len(name) >= (MIN_LATIN if name.isascii() else MIN_WIDE)}
        self.new = {_key(name): new for name, new in usable.items()}
        alternatives = [
            r"\s+".join(re.escape(part) for part in name.split()) for name in sorted(usable, key=len, reverse=True)
        ]
        bounded = [rf"{_edge(text, 0)}{text}{_edge(text, -1)}" for text in alternatives]
        self.regex = re.compile("|".join(bounded), re.IGNORECASE) if bounded else None

    def __call__(self, text: str) -> str:
        if self.regex is None:
            return text
        return self.regex.sub(lambda match: self.new.get(_key(match.group()), "…"), text)


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _edge(text: str, at: int) -> str:
    """A Latin word ends where no letter follows; Chinese has no such edges."""
    if not text[at].isascii() or not text[at].isalnum():
        return ""
    return r"(?<![A-Za-z0-9])" if at == 0 else r"(?![A-Za-z0-9])"
