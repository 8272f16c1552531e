"""The transaction: what someone wants to do, read and checked against the vocabulary."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import msgspec

from exeat.errors import InputError, InputErrors, nearest
from exeat.vocabulary.model import (
    ELEMENT_SCOPES,
    NOT_APPLICABLE,
    PLURALS,
    UNKNOWN,
    Entries,
    Fact,
    ListedRow,
    Screening,
    State,
    Value,
    Vocabulary,
)
from exeat.vocabulary.reader import Map, Node, Seq, Word, line_of, read_file
from exeat.vocabulary.take import Taker, check_day

T = TypeVar("T")
SOURCES = ("given", "screened", "classified", "confirmed")  # what a person may write
FIELDS = ("transaction", "title", "act", "activity", "complete", *PLURALS.values(), "licences")
STATES = {state.name: state for state in (UNKNOWN, NOT_APPLICABLE)}
MAX_ELEMENTS = 2_000  # items, parties or places each; a deal room's bill of materials fits


class Cell(msgspec.Struct, frozen=True):
    """A fact as stated: its value, where it comes from, and the words it rests on."""

    value: Value
    source: str = "given"
    says: str = ""


class Element(msgspec.Struct, frozen=True):
    """One item, party or place. ``phantom`` is "" for what was stated, ``needed`` for a role the activity cannot do
    without but nobody filled, ``open`` for whatever else there may be.
    """

    id: str
    scope: str
    facts: dict[str, Cell]
    phantom: str = ""


class Licence(msgspec.Struct, frozen=True):
    """A licence that somebody holds: what it lifts, for what and whom, when. Empty lists mean all."""

    id: str
    issuer: str
    rules: tuple[str, ...]
    items: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    amount: str = ""


class Act(msgspec.Struct, frozen=True):
    """When the act is done: a day ``on`` (of ``zone``, or of each regime's own clock), or the instant ``at`` (ISO, with
    offset).
    """

    on: str = ""
    at: str = ""
    zone: str = ""


class Transaction(msgspec.Struct, frozen=True):
    """A checked transaction. ``act`` holds the activity and the ``act.*`` facts by path."""

    title: str
    when: Act
    act: dict[str, Cell]
    items: tuple[Element, ...]
    parties: tuple[Element, ...]
    places: tuple[Element, ...]
    complete: frozenset[str]
    licences: tuple[Licence, ...] = ()

    def elements(self, scope: str) -> tuple[Element, ...]:
        """The elements of ``item``, ``party`` or ``place``."""
        found: tuple[Element, ...] = getattr(self, PLURALS[scope])
        return found

    def canonical(self) -> dict[str, object]:
        """Plain data that says the same for the same meaning, whatever the layout or language of the document."""
        return {
            "when": msgspec.to_builtins(self.when),
            "act": _plain_facts(self.act),
            **{
                PLURALS[scope]: [{"id": e.id, "facts": _plain_facts(e.facts)} for e in self.elements(scope)]
                for scope in ELEMENT_SCOPES
            },
            "complete": sorted(self.complete),
            "licences": [msgspec.to_builtins(licence) for licence in self.licences],
        }


def plain_value(value: Value) -> object:
    """A value as JSON data."""
    if isinstance(value, State):
        return {"state": value.name}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, Entries):
        none_other = value.none_other
        plain = msgspec.to_builtins(none_other) if isinstance(none_other, Screening) else none_other
        return {"entries": sorted(value.entries), "none other": plain, **_plain_candidates(value)}
    return value


def _plain_candidates(value: Entries) -> dict[str, object]:
    """Candidates and written-out rows, where there are any."""
    rows = sorted(value.rows, key=lambda row: (row.entry, row.since))
    stated = {
        "candidates": sorted(value.candidates),
        "dismissed": sorted(value.dismissed),
        "rows": [msgspec.to_builtins(row) for row in rows],
    }
    return {key: found for key, found in stated.items() if found}


def _plain_facts(facts: dict[str, Cell]) -> dict[str, object]:
    return {path: {"value": plain_value(cell.value), "source": cell.source} for path, cell in sorted(facts.items())}


def load_transaction(path: Path, vocabulary: Vocabulary, name: str = "") -> Transaction:
    """Read and check a transaction file.

    Raises:
        InputErrors: everything that was wrong with it.
    """
    shown = name or str(path)
    try:
        node = read_file(path, shown)
    except InputError as error:
        raise InputErrors([error]) from None
    return read_transaction(node, vocabulary, shown)


def read_transaction(node: Node, vocabulary: Vocabulary, file: str, path: str = "") -> Transaction:
    """Check a read document against the vocabulary.

    Raises:
        InputErrors: everything that was wrong with it.
    """
    return _Reader(vocabulary, file).transaction(node, path)


class _Reader:
    """Reads one transaction, collecting faults so that all of them can be mended at once."""

    def __init__(self, vocabulary: Vocabulary, file: str) -> None:
        self.vocabulary, self.file = vocabulary, file
        self.errors: list[InputError] = []

    def transaction(self, node: Node, path: str) -> Transaction:
        found = self._try(lambda: self._transaction(node, path))
        if self.errors or found is None:
            raise InputErrors(self.errors)
        return found

    def _try(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except InputError as error:
            self.errors.append(error)
            return None

    def _transaction(self, node: Node, path: str) -> Transaction:
        taker = Taker(node, self.file, path)
        taker.seen.update(FIELDS)
        taker.done()
        if taker.word("transaction", "1") != "1":
            taker.fail("not a version of the format that is known", taker.node["transaction"], "transaction", "1")
        title = taker.word("title", "a transaction")
        when, act = self._act(Taker(taker.need("act"), self.file, taker.at("act")))
        activity = taker.get("activity")
        if activity is not None:
            self._fact(act, self.vocabulary.facts["activity"], activity, taker.at("activity"))
        lists = {scope: self._elements(taker, scope) for scope in ELEMENT_SCOPES}
        stated = {scope: {element.id for element in lists[scope]} for scope in ("item", "party")}
        licences = tuple(self._licence(one, stated) for one in taker.maps("licences"))
        complete = self._complete(taker)
        return Transaction(title, when, act, lists["item"], lists["party"], lists["place"], complete, licences)

    def _act(self, taker: Taker) -> tuple[Act, dict[str, Cell]]:
        on, at, zone = taker.day("on", ""), taker.word("at", ""), taker.word("zone", "")
        if bool(on) == bool(at):
            taker.fail("give the day of the act as `on`, or its instant as `at` (one of them)", taker.node, "on")
        if at:
            check_instant(at, self.file, line_of(taker.node["at"]), taker.at("at"))
        if zone:
            self._zone(zone, taker)
        facts: dict[str, Cell] = {}
        self._facts(taker, "act", facts, {"on", "at", "zone"})
        return Act(on, at, zone), facts

    def _zone(self, zone: str, taker: Taker) -> None:
        try:
            zoneinfo.ZoneInfo(zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            taker.fail("not a time zone", taker.node["zone"], "zone", "an IANA name such as Asia/Shanghai")

    def _elements(self, taker: Taker, scope: str) -> tuple[Element, ...]:
        key = PLURALS[scope]
        elements: list[Element] = []
        ids: set[str] = set()
        takers = taker.maps(key)
        if len(takers) > MAX_ELEMENTS:
            taker.fail(f"too many {key}", taker.node, key, f"at most {MAX_ELEMENTS}")
        for position, one in enumerate(takers, 1):
            name = one.word("id", f"{scope}-{position}")
            problem = "the id is already taken" if name in ids else ""
            if not name.strip() or name.startswith("("):  # "" and "(role)" are exeat's own: what nobody mentioned
                problem = "not an id of your own"
            if problem:
                fault = InputError(problem, file=self.file, line=line_of(one.node), path=one.at("id"), found=name)
                self.errors.append(fault)
            ids.add(name)
            facts: dict[str, Cell] = {}
            self._facts(one, scope, facts, {"id"})
            elements.append(Element(name, scope, facts))
        return tuple(elements)

    def _facts(self, taker: Taker, scope: str, facts: dict[str, Cell], other: set[str]) -> None:
        for key, node in taker.node.items():
            if key in other:
                continue
            fact = self.vocabulary.facts.get(f"{scope}.{key}")
            if fact is None:
                self._unknown_fact(taker, scope, key, other)
            else:
                self._fact(facts, fact, node, taker.at(str(key)))

    def _unknown_fact(self, taker: Taker, scope: str, key: str, other: set[str]) -> None:
        known = [fact.path.partition(".")[2] for fact in self.vocabulary.of_scope(scope) if "." in fact.path]
        self.errors.append(
            InputError(
                f"no such fact of {scope!r}",
                file=self.file,
                line=line_of(key),
                path=taker.at(str(key)),
                found=str(key),
                allowed=", ".join([*sorted(other), *known]),
                hint=nearest(str(key), known),
            )
        )

    def _fact(self, facts: dict[str, Cell], fact: Fact, node: Node, path: str) -> None:
        cell = self._try(lambda: self._cell(fact, node, path))
        if cell is not None:
            facts[fact.path] = cell

    def _cell(self, fact: Fact, node: Node, path: str) -> Cell:
        source, says = "given", ""
        if isinstance(node, Map) and "value" in node:
            taker = Taker(node, self.file, path)
            source, says = taker.one_of("source", SOURCES, "given"), taker.word("says", "")
            node = taker.need("value")
            taker.done()
        return Cell(self._value(fact, node, path), source, says)

    def _value(self, fact: Fact, node: Node, path: str) -> Value:
        where = InputError("", file=self.file, line=line_of(node), path=path)
        if isinstance(node, Word) and node in STATES:
            if node == NOT_APPLICABLE.name and not fact.not_applicable:
                raise InputError(
                    "this fact cannot be `not applicable`",
                    file=self.file,
                    line=line_of(node),
                    path=path,
                    hint="say `unknown` where it is not known",
                )
            return STATES[str(node)]
        if fact.kind == "entries":
            return self._entries(node, path)
        if fact.kind == "codes" and isinstance(node, Seq):
            if not node or not all(isinstance(part, Word) for part in node):
                raise InputError(
                    "a list of codes is needed here, and not an empty one", file=self.file, line=where.line, path=path
                )
            for part in node:
                self.vocabulary.check_code(fact.of, str(part), where)
            return frozenset(str(part) for part in node)
        if not isinstance(node, Word):
            raise InputError(
                f"one value of type {fact.kind!r} is needed here", file=self.file, line=where.line, path=path
            )
        return self.vocabulary.parse(fact, str(node), where)

    def _entries(self, node: Node, path: str) -> Entries:
        if isinstance(node, Seq):
            node = Map({Word("entries"): node})
        taker = Taker(node, self.file, path)
        rows: list[ListedRow] = []
        entries, candidates, dismissed = (
            self._named(taker, key, rows) for key in ("entries", "candidates", "dismissed")
        )
        other = taker.get("none other")
        taker.done()
        none_other: bool | Screening | None = None
        if isinstance(other, Map):
            none_other = self._screening(Taker(other, self.file, f"{path}.none other"))
        elif other is not None:
            none_other = True if Taker(node, self.file, path).yes("none other") else None
        if candidates and none_other is True:
            taker.fail("a candidate is open, so nobody can conclude that nothing else matches", other, "none other")
        twice = entries & candidates | entries & dismissed | candidates & dismissed
        if twice:
            taker.fail("an entry is confirmed, open, or dismissed: one of them", Word(min(twice)), "entries")
        return Entries(entries, none_other, candidates, tuple(rows), dismissed)

    def _named(self, taker: Taker, key: str, rows: list[ListedRow]) -> frozenset[str]:
        """The entries named under a key; those written out with what a list says of them go to ``rows``."""
        node = taker.get(key)
        named: list[str] = []
        for position, one in enumerate(node if isinstance(node, Seq) else () if node is None else (node,)):
            if isinstance(one, Map):
                rows.append(self._listed_row(Taker(one, self.file, taker.at(f"{key}.{position}"))))
                named.append(rows[-1].entry)
            else:
                named.append(str(one) if isinstance(one, Word) else "")
            if "/" not in named[-1]:
                taker.fail("not an entry", one, key, "REGISTER/ID")
        return frozenset(named)

    def _listed_row(self, taker: Taker) -> ListedRow:
        columns = tuple(
            (str(key), str(value) if isinstance(value, Word) else taker.fail("not a word", value, f"columns.{key}"))
            for key, value in taker.map("columns").items()
        )
        row = ListedRow(
            taker.word("entry"),
            taker.day("recorded"),
            taker.day("from", ""),
            taker.day("until", ""),
            columns,
            taker.word("name", ""),
            taker.word("says", ""),
        )
        taker.done()
        if row.until and row.until < row.since:
            taker.fail("ends before it begins", taker.node["until"], "until")
        return row

    def _screening(self, taker: Taker) -> Screening:
        screening = Screening(
            taker.words("lists", default=False),
            taker.word("version"),
            taker.day("as_of"),
            taker.word("by"),
            taker.word("threshold", ""),
            taker.day("expires", ""),
            taker.day("from", ""),
        )
        taker.done()
        if screening.begins > max(screening.as_of, screening.expires):
            taker.fail("ends before it begins", taker.node["from"], "from")
        return screening

    def _licence(self, taker: Taker, stated: dict[str, set[str]]) -> Licence:
        licence = Licence(
            taker.word("id"),
            taker.word("issuer"),
            taker.words("rules", default=False),
            taker.words("items"),
            taker.words("parties"),
            taker.day("from", ""),
            taker.day("until", ""),
            taker.word("amount", ""),
        )
        taker.done()
        if licence.until and licence.until < licence.since:
            taker.fail("ends before it begins", taker.node["until"], "until")
        for scope, named in (("item", licence.items), ("party", licence.parties)):
            for one in named:
                if one not in stated[scope]:
                    key, known = PLURALS[scope], stated[scope]
                    taker.fail(f"no {scope} of this id", one, key, ", ".join(sorted(known)), nearest(one, known))
        return licence

    def _complete(self, taker: Taker) -> frozenset[str]:
        words = taker.words("complete")
        if words in (("true",), ("false",), ()):
            return frozenset(ELEMENT_SCOPES) if words == ("true",) else frozenset()
        scopes = {plural: scope for scope, plural in PLURALS.items()}
        for word in words:
            if word not in scopes:
                taker.fail("not a list of the transaction", word, "complete", "true, or of: " + ", ".join(scopes))
        return frozenset(scopes[word] for word in words)


def check_instant(word: str, file: str, line: int, path: str) -> None:
    """Raise unless ``word`` is an ISO instant with an offset."""
    try:
        day = word[:10]
        check_day(day, file, line, path)
        if dt.datetime.fromisoformat(word).tzinfo is None:
            raise ValueError
    except (ValueError, InputError):
        raise InputError(
            "not an instant", file=file, line=line, path=path, found=word, allowed="2020-09-27T23:30-04:00"
        ) from None
