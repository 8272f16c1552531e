"""The law for people: lists of rules, one rule in full, and what differs between two days."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from exeat.decide.decision import Cited
from exeat.page.chinese import told
from exeat.page.condition import Why, tree
from exeat.page.names import Names
from exeat.page.text import Page
from exeat.page.words import word
from exeat.page.wrap import width
from exeat.rulebook.life import paint, row_stands
from exeat.rulebook.model import Book, Event, Jurisdiction, Measure, Regime, Register, Row, Rule, Source

NOT_YET = "not yet in force"
Thing = Rule | Measure | Regime | Register | Jurisdiction


def things(book: Book, key: str) -> list[tuple[str, Thing]]:
    """Everything of that id, with what it is; a regime and a measure may share one."""
    holders: tuple[tuple[str, dict[str, Thing]], ...] = (
        ("jurisdiction", {**book.jurisdictions}),
        ("regime", {**book.regimes}),
        ("measure", {**book.measures}),
        ("register", {**book.registers}),
        ("rule", {**book.rules}),
    )
    return [(kind, found[key]) for kind, found in holders if key in found]


def ids(book: Book) -> list[str]:
    """Every id that can be shown."""
    return [*book.jurisdictions, *book.regimes, *book.measures, *book.registers, *book.rules]


# --- lists


def listing(book: Book, lang: str) -> list[dict[str, object]]:
    """Every regime with its measures and their rules, as plain data in one language."""
    names = Names(book, lang)
    return [
        {
            "regime": regime.id,
            "jurisdiction": regime.jurisdiction,
            "title": names.text(regime.title),
            "binding": regime.binding,
            "measures": [
                {
                    "measure": measure.id,
                    "kind": measure.kind,
                    "title": names.text(measure.title),
                    "rules": [
                        {"rule": key, "effect": _outcome(book.rules[key]), "title": names.rule(key)}
                        for key in measure.rules
                    ],
                }
                for measure in book.measures.values()
                if measure.regime == regime.id
            ],
            "registers": [
                {"register": one.id, "title": names.text(one.title), "rows": len(one.rows)}
                for one in book.registers.values()
                if one.regime == regime.id
            ],
        }
        for regime in book.regimes.values()
    ]


def _outcome(rule: Rule) -> str:
    return rule.effect or f"relief: {rule.relief}"


def list_text(book: Book, lang: str, columns: int, colour: bool) -> str:
    """The same as an indented list."""
    names = Names(book, lang)
    page = Page(lang, columns, colour, str)
    for key, jurisdiction in book.jurisdictions.items():
        page.flow(f"{names.text(jurisdiction.title)} ({key})", style="\x1b[1m")
        for regime in book.regimes.values():
            if regime.jurisdiction == key:
                page.flow(f"{regime.id} · {names.text(regime.title)}", indent=2, hang=4)
                _list_regime(regime, names, page)
    return page.text()


def _list_regime(regime: Regime, names: Names, page: Page) -> None:
    for measure in names.book.measures.values():
        if measure.regime == regime.id:
            kind = names.word(f"kind.{measure.kind}")
            page.flow(f"{measure.id} · {names.aside(names.text(measure.title), kind)}", indent=4, hang=6)
            for key in measure.rules:
                page.flow(f"{key} · {effect(names.book.rules[key], names)} · {names.rule(key)}", indent=6, hang=8)
    for register in names.book.registers.values():
        if register.regime == regime.id:
            count = f"{names.word('rows')}{names.word('colon')}{len(register.rows)}"
            page.flow(f"{register.id} · {names.aside(names.text(register.title), count)}", indent=4, hang=6)


def effect(rule: Rule, names: Names) -> str:
    """What a rule does, in a word or two."""
    return names.word(f"relief.{rule.relief}") if rule.defeats else names.word(f"effect.{rule.effect}")


# --- one thing in full


def show(kind: str, thing: Thing, book: Book, lang: str, columns: int = 80, colour: bool = False) -> str:
    """A rule, measure, regime, register or jurisdiction in full."""
    return _Shower(book, lang, columns, colour).whole(kind, thing)


def sections(thing: Thing, book: Book, lang: str) -> list[tuple[str, list[str]]]:
    """The same as labels with their lines; what is empty is left out, and an indent is a line's depth."""
    found = _Shower(book, lang, 80, False).sections(thing)
    kept = [(word(key, lang), [line for line in lines if line]) for key, lines in found]
    return [(label, lines) for label, lines in kept if lines]


class _Shower:
    def __init__(self, book: Book, lang: str, columns: int, colour: bool) -> None:
        self.book, self.names, self.lang = book, Names(book, lang), lang
        self.page = Page(lang, columns, colour, str)
        self.gutter = 0

    def whole(self, kind: str, thing: Thing) -> str:
        self.page.flow(
            f"{thing.id} · {self.names.text(thing.title)} ({word(kind, self.lang)})", style="\x1b[1m", hang=2
        )
        self._rows(self.sections(thing))
        return self.page.text()

    def sections(self, thing: Thing) -> list[tuple[str, list[str]]]:
        """What there is to say of a thing: the key of each label, and its lines."""
        if isinstance(thing, Rule):
            return self._rule(thing)
        if isinstance(thing, Measure):
            return self._measure(thing)
        if isinstance(thing, Regime):
            return self._regime(thing)
        if isinstance(thing, Register):
            return self._register(thing)
        return self._jurisdiction(thing)

    def _rows(self, rows: list[tuple[str, list[str]]]) -> None:
        kept = [(word(key, self.lang), [line for line in lines if line]) for key, lines in rows]
        kept = [(label, lines) for label, lines in kept if lines]
        gutter = max((width(label) for label, _ in kept), default=0) + 2
        for label, lines in kept:
            for number, line in enumerate(lines):
                indent = len(line) - len(line.lstrip(" "))
                self.page.labelled(label if number == 0 else "", line.lstrip(" "), gutter, hang=2, indent=indent)

    # --- kinds

    def _rule(self, rule: Rule) -> list[tuple[str, list[str]]]:
        text, book = self.names.text, self.book
        exceptions = [other for other in book.rules.values() if rule.id in other.defeats]
        outcome = effect(rule, self.names)
        if rule.policy:
            outcome = self.names.aside(outcome, self.names.word(f"policy.{rule.policy}"))
        if rule.licensable:
            outcome = self.names.aside(outcome, self.names.word("licensable"))
        measure = book.measures[rule.measure]
        return [
            ("relief" if rule.defeats else "effect", [outcome]),
            ("measure", [f"{measure.id} · {text(measure.title)}"]),
            ("regime", [f"{rule.regime} · {self.names.regime(rule.regime)}"]),
            ("defeats", [self._named(other) for other in rule.defeats]),
            ("burden", [self.names.word("burden claimant")] if rule.burden_claimant else []),
            ("layer", [self.names.word(f"layer.{rule.layer}")] if rule.layer else []),
            ("bound", [text(rule.bound)] if rule.bound else []),
            ("condition", list(self._condition(rule))),
            ("TERMS", [text(term) for term in rule.terms]),
            ("defeated by", [f"{self._named(one.id)} ({effect(one, self.names)})" for one in exceptions]),
            ("requires", [self.names.activity(one) for one in rule.requires]),
            ("forbids", [self.names.activity(one) for one in rule.forbids]),
            ("gates", [self.names.activity(one) for one in rule.gates]),
            ("life", [self._event(event, measure) for event in rule.life]),
            ("cited", [self._source(measure.sources[c.source], c.pinpoint) for c in rule.cite]),
            ("seen", [self.names.word(f"seen.{rule.seen}")]),
            ("NEXT", [text(one) for one in rule.next]),
            ("note", [text(rule.note)] if rule.note else []),
            ("file", [f"{rule.file}:{rule.line}"]),
        ]

    def _condition(self, rule: Rule) -> Iterable[str]:
        return self._lines(tree(rule.when, self.names), 0)

    def _lines(self, why: Why, depth: int) -> Iterable[str]:
        yield f"{'  ' * depth}{why.text}{self.names.word('colon').rstrip() if why.parts else ''}"
        for part in why.parts:
            yield from self._lines(part, depth + 1)

    def _measure(self, measure: Measure) -> list[tuple[str, list[str]]]:
        return [
            ("kind", [self.names.word(f"kind.{measure.kind}")]),
            ("regime", [f"{measure.regime} · {self.names.regime(measure.regime)}"]),
            ("authority", [self.names.text(measure.authority)]),
            (
                "rule",
                [
                    f"{key} · {effect(self.book.rules[key], self.names)} · {self.names.rule(key)}"
                    for key in measure.rules
                ],
            ),
            ("sources", [self._source(source, "", True) for source in measure.sources.values()]),
            ("file", [measure.file]),
        ]

    def _regime(self, regime: Regime) -> list[tuple[str, list[str]]]:
        text, day = self.names.text, self.names.day
        since = self.names.word("from day", day(regime.encoded_from)) if regime.encoded_from else ""
        encoded = self.names.listed(filter(None, (since, self.names.word("until day", day(regime.encoded_to)))))
        return [
            ("jurisdiction", [f"{regime.jurisdiction} · {self._jurisdiction_name(regime.jurisdiction)}"]),
            ("authority", [text(regime.authority)]),
            ("kind", [self.names.word("binding" if regime.binding else "voluntary")]),
            ("zone", [regime.zone]),
            ("encoded", [encoded]),
            ("review", [f"{day(one.on)}{self.names.word('colon')}{text(one.what)}" for one in regime.review]),
            ("covers", [text(regime.covers)]),
            ("not covered", [text(gap.title) for gap in regime.gaps]),
            ("measure", [f"{m.id} · {text(m.title)}" for m in self.book.measures.values() if m.regime == regime.id]),
            ("register", [f"{r.id} · {text(r.title)}" for r in self.book.registers.values() if r.regime == regime.id]),
            ("file", [regime.file]),
        ]

    def _jurisdiction_name(self, key: str) -> str:
        found = self.book.jurisdictions.get(key)
        return self.names.text(found.title) if found else key

    def _jurisdiction(self, one: Jurisdiction) -> list[tuple[str, list[str]]]:
        regimes = [regime for regime in self.book.regimes.values() if regime.jurisdiction == one.id]
        return [
            ("regime", [f"{regime.id} · {self.names.text(regime.title)}" for regime in regimes]),
            ("not covered", [f"{gap.id} · {self.names.text(gap.title)}" for gap in one.gaps]),
            ("file", [one.file]),
        ]

    def _register(self, register: Register) -> list[tuple[str, list[str]]]:
        day = self.names.day
        periods = [
            self.names.listed(
                filter(
                    None,
                    (
                        self.names.word("from day", day(one.since)),
                        self.names.word("until day", day(one.until)) if one.until else "",
                        self.names.word("recorded", day(one.recorded)) if one.recorded else "",
                    ),
                )
            )
            for one in register.periods
        ]
        return [
            ("regime", [f"{register.regime} · {self.names.regime(register.regime)}"]),
            ("of", [self.names.word(f"of.{register.of}")]),
            ("complete", periods or [self.names.word("never complete")]),
            (
                "columns",
                [
                    self.names.listed(
                        f"{told(key, self.names.lang, 'columns')}: {told(kind, self.names.lang, 'kinds')}"
                        for key, kind in register.columns.items()
                    )
                ],
            ),
            ("sources", [self._source(source, "", True) for source in register.sources.values()]),
            ("rows", [self._row(row, register) for row in register.rows]),
            ("file", [register.file]),
        ]

    # --- pieces

    def _named(self, key: str) -> str:
        return f"{key} · {self.names.rule(key)}"

    def _event(self, event: Event, measure: Measure) -> str:
        names = self.names
        since = names.word("from day", f"{names.day(event.since)} {event.at}".strip())
        until = names.word("until day", names.day(event.until)) if event.until else ""
        source = self._source(measure.sources[event.by.source], event.by.pinpoint, seen=event.seen)
        parts = [
            names.word(f"status.{event.status}"),
            since,
            until,
            names.word("recorded", names.day(event.recorded)),
            source,
            event.id,
            event.note,
        ]
        return " · ".join(part for part in parts if part)

    def _source(self, source: Source, pinpoint: str, key: bool = False, seen: str = "") -> str:
        where = ", ".join(part for part in (source.ref, pinpoint) if part)
        parts = [source.key if key else "", where, self.names.word(f"seen.{seen or source.seen}"), source.url]
        return " · ".join(part for part in (*parts, source.note if key else "") if part)

    def _row(self, row: Row, register: Register) -> str:
        names = self.names
        until = names.word("until day", names.day(row.until)) if row.until else ""
        columns = [
            f"{told(column, self.names.lang, 'columns')}: {self._cell(register.columns[column], value)}"
            for column, value in row.columns.items()
            if value
        ]
        mark = names.word("unverified") if row.seen == "unverified" else ""
        cite = " ".join(filter(None, (row.cite.source, row.cite.pinpoint)))
        parts = [row.id, names.word("from day", names.day(row.since)), until, *columns, *row.aliases, cite, mark]
        return " · ".join(part for part in parts if part)

    def _cell(self, kind: str, value: str) -> str:
        word_, _, list_name = kind.partition(" ")
        if word_ == "text":
            return value
        codes = value.split(" ") if word_ == "codes" else [value]
        return self.names.listed(self.names.code(list_name, code) for code in codes)


def plain(kind: str, thing: Thing) -> dict[str, object]:
    """A thing as JSON data, with what it is under ``what``."""
    found: dict[str, object] = msgspec.to_builtins(thing)
    return {"what": kind, **found}


# --- two days


class Difference(msgspec.Struct, frozen=True):
    """A rule or a register row that stands differently on two days. ``cite`` is the event (the row) that says so."""

    what: str
    id: str
    before: str
    after: str
    cite: Cited | None = None


def differences(book: Book, first: str, second: str, known: str) -> list[Difference]:
    """Rules whose status, and rows whose presence, differs at the end of two days, as known on a day."""
    found = []
    for rule in book.rules.values():
        then, now = (paint(rule.life, f"{day}T23:59", known) for day in (first, second))
        before, after = (event.status if event else NOT_YET for event in (then, now))
        if before != after:
            event = now or then
            found.append(Difference("rule", rule.id, before, after, _event_cite(book, rule, event) if event else None))
    for register in book.registers.values():
        found += _row_differences(register, first, second, known)
    return found


def _event_cite(book: Book, rule: Rule, event: Event) -> Cited:
    source = book.measures[rule.measure].sources[event.by.source]
    return Cited(source.ref, event.by.pinpoint, source.url, event.seen)


def _row_differences(register: Register, first: str, second: str, known: str) -> list[Difference]:
    sides: list[dict[str, list[Row]]] = []
    for day in (first, second):
        there: dict[str, list[Row]] = {}
        for row in register.rows:
            if row_stands(row, day, known):
                there.setdefault(row.id, []).append(row)
        sides.append(there)
    found = []
    for key in dict.fromkeys(row.id for row in register.rows):
        before, after = (_row_words(side.get(key, [])) for side in sides)
        if before != after:
            rows = sides[1].get(key) or sides[0].get(key) or []
            source = register.sources[rows[0].cite.source]
            cite = Cited(source.ref, rows[0].cite.pinpoint, source.url, rows[0].seen)
            found.append(Difference("row", f"{register.id}/{key}", before, after, cite))
    return found


def _row_words(rows: list[Row]) -> str:
    """Whether a row is there, with its columns if it has any; "" if it is not."""
    texts = [", ".join(f"{key}: {value}" for key, value in row.columns.items() if value) or "-" for row in rows]
    return " | ".join(texts)


def difference_text(
    found: Iterable[Difference], book: Book, lang: str, columns: int, colour: bool, days: tuple[str, str]
) -> str:
    """The differences as lines."""
    names = Names(book, lang)
    page = Page(lang, columns, colour, str)
    shown = list(found)
    if not shown:
        page.flow(names.word("no difference", *(names.day(day) for day in days)))
    for one in shown:
        page.flow(_difference(one, names, page.note), hang=4)
    page.cited_sources(width(word("SOURCES", lang)) + 2, True)
    return page.text()


def _difference(one: Difference, names: Names, note: Callable[[Cited], str]) -> str:
    if one.what == "rule":
        title = names.rule(one.id)
        before, after = (names.word(f"status.{status}") for status in (one.before, one.after))
    else:
        title = names.register(one.id.partition("/")[0])
        there = {"-": names.word("row there"), "": names.word("no row")}
        before, after = (there.get(side, side) for side in (one.before, one.after))
    cite = note(one.cite) if one.cite else ""
    return " · ".join(part for part in (one.id, title, f"{before} → {after}", cite) if part)
