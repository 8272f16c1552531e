"""A decision in the words of one language, section by section: what the text page and the web page both lay out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

import msgspec

from exeat.decide import decision as d
from exeat.page.condition import Why, chain, finding_tree
from exeat.page.names import Names
from exeat.page.words import verdict, word
from exeat.rulebook.model import DECIDING, STATUSES, Book
from exeat.vocabulary.model import PLURALS

NOTHING = "no_requirement_found"
NO_TITLE = "a transaction"  # what the reader calls one that has no title
MILD = (NOTHING, "authorised", "conditions", "not_in_effect", "out_of_coverage")  # could be read as a clearance
MAX_REASONS = 8  # in WHY; the tree has them all
BRIEF_REASONS = 5
SHORTEST_NAME = 12  # bytes (four Chinese characters): the name of a body of law is cut no shorter ("EAR", "Regulation")
BRIEF = {  # lines of each section on a brief page; sections not named here are short or must not be cut
    "WHY": 1, "NEXT": 4, "TERMS": 3, "CONFLICT": 2, "FLIPS": 5, "ASKED": 3, "PRESUMED": 3, "STATED": 3, "EXCEPTIONS": 2,
    "DUTIES": 2, "COMMITMENTS": 2, "POLICY": 2, "DORMANT": 2,
}  # fmt: skip
BRIEF_PARTS = {"CONFLICT": 2, "DUTIES": 2, "COMMITMENTS": 2, "POLICY": 1}  # lines below each of them
MAX_QUESTIONS = 6  # on the page, beside those of the smallest sets
MAX_STRETCHES = 7  # days of change around the day asked about
MAX_CHANGES = 5
MAX_LICENCES = 3  # rules named in "if a licence were held"
MAX_DORMANT = 3  # rules that are not in effect and only could reach the act
ELEMENT_PATH = re.compile(r"^(?P<element>.*?)\.?(?P<path>(?:act|item|party|place)\.[a-z0-9_]+)(?:: none other)?$", re.S)


class Entry(msgspec.Struct, frozen=True):
    """One line of a section, with the sources it rests on and further lines below it."""

    text: str
    cite: tuple[d.Cited, ...] = ()
    parts: tuple[Entry, ...] = ()
    tone: str = ""


class Section(msgspec.Struct, frozen=True):
    """A labelled part of the page. ``key`` is its English label."""

    key: str
    label: str
    entries: tuple[Entry, ...]


class Row(msgspec.Struct, frozen=True):
    """One jurisdiction: its verdict in words, the verdict's key (for colour), and the rules that set it."""

    name: str
    verdict: str
    tone: str
    entries: tuple[Entry, ...]


class Tree(msgspec.Struct, frozen=True):
    """The reasons of one finding."""

    rule: str
    title: str
    result: str
    law: Entry
    reason: Why
    more: tuple[Entry, ...]


class Answer(msgspec.Struct, frozen=True):
    """A whole page."""

    lang: str
    id: str
    hash: str
    title: str
    watermark: str
    head: tuple[str, ...]
    subject: tuple[str, ...]
    verdict: str
    tone: str
    flags: tuple[str, ...]
    rows: tuple[Row, ...]
    sections: tuple[Section, ...]
    trees: tuple[Tree, ...]
    disclaimer: str


def answer(
    decision: d.Decision,
    book: Book,
    lang: str,
    *,
    outlook: bool = True,
    redacted: bool = False,
    full: bool = False,
    brief: bool = False,
) -> Answer:
    """Put a decision into words.

    Args:
        decision: the decision, with traces if WHY and the trees are wanted.
        book: the rulebook it was made under.
        lang: ``en`` or ``zh``.
        outlook: False if questions, horizon and counterfactuals were not worked out.
        redacted: the parties' names were taken out.
        full: list everything, instead of the first few questions and days.
        brief: what fits one page: the first few lines of each section.
    """
    found = _Writer(decision, Names(book, lang, decision), outlook, redacted, full, brief).answer()
    return _shortened(found) if brief else found


def tree_of(finding: d.Finding, decision: d.Decision, book: Book, lang: str) -> Tree:
    """The reasons of a finding that the decision does not list: of an exception, or of a rule that does not apply."""
    return _Writer(decision, Names(book, lang, decision), True, False, True).tree(finding)


def _shortened(found: Answer) -> Answer:
    """The first lines of each section, and how many more there are."""
    sections = []
    for section in found.sections:
        limit = BRIEF.get(section.key, len(section.entries))
        entries = [
            msgspec.structs.replace(one, parts=one.parts[: BRIEF_PARTS.get(section.key, 0)])
            for one in section.entries[:limit]
        ]
        left = len(section.entries) - limit
        if left > 0 and entries:
            more = names_more(found.lang, left)
            entries[-1] = msgspec.structs.replace(entries[-1], text=f"{entries[-1].text} · {more}")
        if entries:
            sections.append(msgspec.structs.replace(section, entries=tuple(entries)))
    return msgspec.structs.replace(found, sections=tuple(sections))


class _Writer:
    def __init__(
        self, decision: d.Decision, names: Names, outlook: bool, redacted: bool, full: bool, brief: bool = False
    ) -> None:
        self.d, self.names, self.lang = decision, names, names.lang
        self.outlook, self.redacted, self.full, self.brief = outlook, redacted, full, brief
        self.max_reasons = BRIEF_REASONS if brief else MAX_REASONS
        self.word = names.word
        self.regimes = {regime.id: regime for regime in decision.regimes}
        self.findings = {finding.rule: finding for finding in decision.findings}
        self.live = [f for f in decision.findings if f.result in ("applies", "undecided")]
        self.horizon_at = _standing_stretch(decision)

    def answer(self) -> Answer:
        decision = self.d
        return Answer(
            lang=self.lang,
            id=decision.id,
            hash=decision.hash,
            title=self.word("no title") if decision.title in ("", NO_TITLE) else decision.title,
            watermark=self._watermark(),
            head=self._head(),
            subject=self._subject(),
            verdict=self.range(decision.verdict, decision.floor, decision.ceiling),
            tone=decision.verdict,
            flags=tuple(self._flags()),
            rows=self._rows(),
            sections=tuple(self._sections()),
            trees=tuple(self.tree(finding) for finding in decision.findings if finding.trace is not None),
            disclaimer=self.word("disclaimer", self.names.day(decision.coverage.encoded_to)),
        )

    def _title(self, finding: d.Finding) -> str:
        """A rule's title; one that nobody has verified says so."""
        title = self.names.text(finding.title)
        return f"{title} [{self.word('unverified')}]" if finding.seen == "unverified" else title

    # --- the head

    def _watermark(self) -> str:
        if not self.d.hypothetical:
            return ""
        shown = []
        for part in self.d.hypothetical:
            key, _, what = part.partition(" ")
            layer = self.word(f"layer.{what}") if what in ("courts", "suspensions") else what
            shown.append(self.word(key, layer))
        return self.word("hypothetical", self.names.listed(shown))

    def _head(self) -> tuple[str, ...]:
        decision = self.d
        on = self._when()
        law_day = self.names.day(decision.on[:10])
        edition = decision.edition.partition(" sha256:")[0]
        found = [
            self.word("act at" if "T" in decision.on else "act on", on),
            self.word("law as of", law_day, self.names.day(decision.known)),
            self.word("rulebook", edition),
            f"sha256 {decision.hash[:12]}",
        ]
        if decision.overlays:
            found.append(self.word("added law", self.names.listed(decision.overlays)))
        if decision.strict:
            found.append(self.word("strict"))
        if self.redacted:
            found.append(self.word("redacted"))
        return tuple(found)

    def _when(self) -> str:
        on, _, zone = self.d.on.partition(" ")
        return self.names.aside(self.names.day(on), zone)

    def _subject(self) -> tuple[str, ...]:
        facts = self.d.transaction["act"]
        activity = facts.get("activity", {}).get("value")
        what = self.names.activity(activity) if isinstance(activity, str) else self.word("activity not given")
        sep = self.word("part sep")
        items = sep.join(self.names.element("item", one["id"]) for one in self.d.transaction["items"])
        parties = sep.join(
            self.names.aside(self.names.element("party", one["id"]), self.names.role("party", one["id"]))
            for one in self.d.transaction["parties"]
        )
        return tuple(filter(None, (what, items, self._route(), parties)))

    def _route(self) -> str:
        """From where, through what, to where; or the places with their roles."""
        ends: dict[str, list[str]] = {"from": [], "via": [], "to": []}
        others = []
        for one in self.d.transaction["places"]:
            roles = one["facts"].get("place.role", {}).get("value", ())
            name = self.names.element("place", one["id"])
            along = [role for role in ends if role in roles]
            for role in along:
                ends[role].append(name)
            if not along:
                named = "place.is" in one["facts"]
                others.append(self.names.aside(name, self.names.role("place", one["id"]) if named else ""))
        route = " → ".join(self.names.listed(found) for found in ends.values() if found)
        return self.word("part sep").join(filter(None, (route, self.names.listed(others))))

    # --- verdicts

    def range(self, word: str, floor: str, ceiling: str) -> str:
        """A verdict; an undetermined one as what is certain at least and possible at most."""
        if word == "undetermined":
            return self.word("at least, at most", verdict(floor, self.lang), verdict(ceiling, self.lang))
        return verdict(word, self.lang)

    def _ahead(self, word: str, floor: str, ceiling: str) -> str:
        """A verdict of another day or other facts: it rests on the rules encoded and was not held against the gaps."""
        return self.word("nothing in the rules encoded") if word == NOTHING else self.range(word, floor, ceiling)

    def _flags(self) -> Iterable[str]:
        decision = self.d
        if decision.verdict == "undetermined":
            yield from self._open_questions()
        if decision.verdict in MILD and (decision.coverage.not_checked or decision.exit_code == 21):
            yield self.word("not a clearance")
        if not decision.exact:
            yield self.word("inexact")
        if decision.conflicts:
            certain = any(conflict.certain for conflict in decision.conflicts)
            yield self.word("conflict flag" if certain else "possible conflict flag")

    def _open_questions(self) -> Iterable[str]:
        count = len(self.d.questions)
        if not self.outlook:
            return
        if not count:
            yield self.word("no question settles")
            return
        yield self.word("one question open") if count == 1 else self.word("questions open", count)
        least = min((len(numbers) for numbers in self.d.question_sets), default=count)
        if least < count:
            yield self.word("settles it") if least == 1 else self.word("settle it", least)

    # --- jurisdictions

    def _rows(self) -> tuple[Row, ...]:
        rows, untouched = [], []
        for one in self.d.jurisdictions:
            if one.touched == "no" and one.ceiling == NOTHING and one.verdict == NOTHING:
                untouched.append(self.names.text(one.title))
            else:
                rows.append(self._row(one))
        if untouched:
            rows.append(Row(self.names.listed(untouched), self.word("not touched"), "", ()))
        return tuple(rows)

    def _row(self, one: d.JurisdictionView) -> Row:
        setters = self._setters(one)
        entries = [self._setting(finding) for finding in (setters[:1] if self.brief else setters)]
        if one.partial:
            count = len(one.not_checked)
            entries.append(Entry(self.word("partial one") if count == 1 else self.word("partial", count)))
        shown = self.range(one.verdict, one.floor, one.ceiling)
        mine = [r for r in self.d.regimes if r.jurisdiction == one.id]
        if mine and not any(self.names.book.regimes[r.id].binding for r in mine):
            count = sum(len(r.commitments) for r in mine)
            return Row(self.names.text(one.title), self.word("binds nobody", count), "", ())
        if one.touched == "unknown":
            shown = self.names.aside(shown, self.word("may be touched"))
        return Row(self.names.text(one.title), shown, one.verdict, tuple(entries))

    def _setters(self, one: d.JurisdictionView) -> list[d.Finding]:
        """The finding that sets the floor, the one that sets the ceiling, or the dormant ones."""
        mine = [f for f in self.d.findings if self.regimes[f.regime].jurisdiction == one.id and f.effect in DECIDING]
        if one.verdict == "not_in_effect":
            return [f for f in mine if f.result == "dormant"][:2]
        return setting(mine, one.floor, one.ceiling)

    def _setting(self, finding: d.Finding) -> Entry:
        parts = [self._title(finding)]
        if finding.result != "applies":
            parts.append(self.word(f"result.{finding.result}"))
        parts.append(self._standing(finding.status))
        by = finding.status.by
        cite = (by, *finding.cite) if finding.result == "dormant" and by else finding.cite
        return Entry(self._joined(parts), cite)

    def _standing(self, status: d.Status) -> str:
        """``since 28 Aug 2020`` for law in force, else the status with its day."""
        shown = self.names.day(status.since) if status.since else ""
        if status.status == "in force":
            return self.word("since", shown)
        name = self.word(f"status.{status.status}")
        if status.seen == "unverified":
            name = f"{name} [{self.word('unverified')}]"
        return f"{name} {self.word('from day', shown)}" if shown else name

    def _joined(self, parts: Iterable[str]) -> str:
        return " · ".join(part for part in parts if part)

    # --- sections

    def _sections(self) -> Iterable[Section]:
        for key, entries in (
            ("WHY", self._why()),
            ("NEXT", self._next()),
            ("TERMS", self._terms()),
            ("CONFLICT", self._conflicts()),
            ("FLIPS", self._flips()),
            ("ASKED", self._asked()),
            ("PRESUMED", self._presumed()),
            ("STATED", self._stated()),
            ("LISTED", self._listed()),
            ("NAME MATCH", self._matches()),
            ("EXCEPTIONS", self._exceptions()),
            ("DUTIES", self._reported("duties")),
            ("COMMITMENTS", self._reported("commitments")),
            ("POLICY", self._reported("policy")),
            ("DORMANT", self._dormant()),
            ("WARNING", [Entry(self.names.text(text)) for text in self.d.warnings]),
            ("CHECKED", self._checked()),
            ("NOT CHECKED", self._not_checked()),
        ):
            if entries:
                yield Section(key, self.word(key), tuple(entries))

    def _why(self) -> list[Entry]:
        deciding = [f for f in self.d.findings if f.effect in DECIDING]
        found = setting(deciding, self.d.floor, self.d.ceiling)
        if not found and self.d.verdict == "not_in_effect":
            found = [f for f in deciding if f.result == "dormant"][:1]
        if not found:
            found = [f for f in deciding if f.result == "defeated"][:1]
        told: set[str] = set()
        return [self._reason_line(finding, told) for finding in found] or [Entry(self.word("why nothing"))]

    def _reason_line(self, finding: d.Finding, told: set[str]) -> Entry:
        """The chain: each reason with the fact behind it, then the rule, then what exceptions say.

        Reasons that an earlier line has ``told`` are not told again.
        """
        tree = finding_tree(finding, self.names)
        links = self._links(list(chain(tree))) if tree else []
        new = [link for link in links if link not in told]
        told.update(links)
        left = len(new) - self.max_reasons
        shown = [*new[: self.max_reasons], self.word("more in explain", left)] if left > 1 and not self.full else new
        if len(new) < len(links):
            shown.insert(0, self.word("as above"))
        outcome = f"{self._title(finding)}{self.word('colon')}{self._effect(finding)}"
        reliefs = [self._relief_words(relief) for relief in finding.reliefs]
        return Entry(" → ".join([*shown, self._joined([outcome, *reliefs])]), finding.cite)

    def _effect(self, finding: d.Finding) -> str:
        effect = self.word(f"effect.{finding.effect}")
        if finding.result == "applies":
            return effect
        return self.names.aside(effect, self.word(f"result.{finding.result}"))

    def _links(self, found: list[Why]) -> list[str]:
        """The reasons of a chain; those about one item, party or place in one link."""
        links = []
        for about, group in itertools.groupby(found, key=lambda why: why.about):
            told = self.word("part sep").join(dict.fromkeys(self._link(why) for why in group))
            links.append(f"{about}{self.word('colon')}{told}" if about else told)
        return links

    def _link(self, why: Why) -> str:
        cited = self.names.listed(self.names.cite(cite) for cite in why.cite)
        source = self.word("part sep").join(filter(None, (why.source, cited)))
        return ("" if why.truth == "true" else "? ") + self.names.aside(why.text, source)

    def _relief_words(self, relief: d.ReliefView) -> str:
        return self.word("takes away" if relief.surely else "may take away", self.names.text(relief.title))

    def _next(self) -> list[Entry]:
        """What the rules that apply tell to do; then, rule by rule, what those tell that may yet apply."""
        entries = []
        if self.d.verdict == "undetermined" and self.d.questions:
            entries.append(Entry(self.word("answer questions")))
        if self.d.conflicts:
            entries.append(Entry(self.word("resolve conflict")))
        for finding in self.live:
            if finding.result == "applies":
                entries += [Entry(self.names.text(text), finding.cite[:1]) for text in finding.next]
        for finding in self.live:
            if finding.result != "applies" and finding.next:
                head = self.word("if it applies", self.names.text(finding.title))
                parts = tuple(Entry(self.names.text(text)) for text in finding.next)
                entries.append(Entry(head, finding.cite[:1], parts))
        return list(dict.fromkeys(entries))

    def _terms(self) -> list[Entry]:
        entries = [Entry(self.names.text(term), finding.cite[:1]) for finding in self.live for term in finding.terms]
        for finding in self.d.findings:
            for relief in finding.reliefs:
                entries += [Entry(self.names.text(term), relief.cite[:1]) for term in relief.terms]
        return list(dict.fromkeys(entries))

    def _conflicts(self) -> list[Entry]:
        entries = []
        for one in sorted(self.d.conflicts, key=lambda one: not one.certain):
            kind = self.word(f"conflict.{one.kind}")
            if not one.certain:
                kind = self.names.aside(kind, self.word("conflict maybe"))
            bars = "forbids act" if one.kind == "blocking" else "gates act"
            sides = []
            for rule, cite, key in ((one.required_by, one.cite[0], "requires act"), (one.barred_by, one.cite[1], bars)):
                token = self.names.activity(one.token)
                title = f"{self._legal_order(rule)}{self.names.rule(rule)}"
                sides.append(Entry(self._joined([title, self.word(key, token)]), (cite,)))
            entries.append(Entry(kind, parts=tuple(sides), tone="conflict"))
        return entries

    def _legal_order(self, rule: str) -> str:
        """The jurisdiction that a rule belongs to, as a heading."""
        finding = self.findings.get(rule)
        key = self.regimes[finding.regime].jurisdiction if finding else ""
        return next(
            (f"{self.names.text(j.title)}{self.word('colon')}" for j in self.d.jurisdictions if j.id == key), ""
        )

    # --- what would change it

    def _flips(self) -> list[Entry]:
        if not self.outlook:
            return [Entry(self.word("outlook left out"))]
        return [*self._horizon(), *self._counterfactuals()]

    def _horizon(self) -> list[Entry]:
        stretches = self.d.horizon
        if len(stretches) < 2:
            return []
        at = self.horizon_at
        first, last = (0, len(stretches)) if self.full else _around(at, len(stretches), MAX_STRETCHES)
        entries = [self._stretch(number) for number in range(first, last)]
        left = len(stretches) - (last - first)
        return [*entries, Entry(self.word("and more", left))] if left else entries

    def _stretch(self, number: int) -> Entry:
        one = self.d.horizon[number]
        if one.on:
            when = self.word("from day", self.names.day(one.on))
        else:
            when = self.word("before day", self.names.day(self.d.horizon[1].on))
        here = self.word("today's stretch") if number == self.horizon_at else ""
        text = f"{self.names.aside(when, here)}{self.word('colon')}{self._ahead(one.verdict, one.floor, one.ceiling)}"
        because = [Entry(self._because(line, one.on)) for line in (one.because if self.full else one.because[:2])]
        return Entry(text, parts=tuple(because))

    def _because(self, line: str, on: str) -> str:
        """``RULE: status (source)`` with the rule and the status in words."""
        rule, _, rest = line.partition(": ")
        status, _, ref = rest.partition(" (")
        if status not in STATUSES:
            return line
        shown = f"{self.names.rule(rule)}{self.word('colon')}{self.word(f'status.{status}')}"
        found = self.names.book.rules.get(rule)
        events = [event for event in found.life if (event.since, event.status) == (on, status)] if found else []
        mark = f" [{self.word('unverified')}]" if any(event.seen == "unverified" for event in events) else ""
        return self.names.aside(shown, f"{ref.removesuffix(')')}{mark}")

    def _counterfactuals(self) -> list[Entry]:
        shown = self.d.counterfactuals if self.full else self.d.counterfactuals[:MAX_CHANGES]
        entries = [self._counterfactual(one) for one in shown]
        left = len(self.d.counterfactuals) - len(shown)
        return [*entries, Entry(self.word("and more", left))] if left else entries

    def _counterfactual(self, one: d.CounterfactualView) -> Entry:
        reached = self._ahead(one.verdict, one.floor, one.ceiling)
        if one.licence_for:
            named = one.licence_for if self.full else one.licence_for[:MAX_LICENCES]
            rules = self.names.listed(self.names.rule(rule) for rule in named)
            if len(named) < len(one.licence_for):
                rules = f"{rules} {self.word('and more', len(one.licence_for) - len(named))}"
            return Entry(self.word("if changed", self.word("licence held", rules), reached))
        changes = []
        for change in one.changes:
            after = self.names.value(change.path, change.after)
            if change.among > 1:
                others = self.word("or one other") if change.among == 2 else self.word("or others", change.among - 1)
                after = self.names.aside(after, others)
            before = self.names.value(change.path, change.before)
            what = self.names.of(change.path, change.element)
            changes.append(self.word("instead of", what, after, before))
        return Entry(self.word("if changed", self.word("and").join(changes), reached))

    # --- what is open, and what was taken as given

    def _asked(self) -> list[Entry]:
        questions, sets = self.d.questions, self.d.question_sets
        if not questions:
            return []
        needed = {number for numbers in sets for number in numbers}
        shown = [n for n in range(len(questions)) if self.full or n in needed or n < MAX_QUESTIONS]
        entries = [self._question(number) for number in shown]
        if len(questions) > len(shown):
            entries.append(Entry(self.word("and more", len(questions) - len(shown))))
        if (
            len(questions) > 1
            and sets
            and not (len(sets[0]) == 1 and len(sets) == 1 and questions[sets[0][0]].share == 1)
        ):
            named = [" + ".join(str(number + 1) for number in numbers) for numbers in sets]
            key = "smallest set" if len(named) == 1 else "smallest sets"
            entries.append(Entry(self.word(key, self.word("part sep").join(named))))
        return entries

    def _question(self, number: int) -> Entry:
        one = self.d.questions[number]
        scope = one.path.partition(".")[0]
        about = self.names.element(scope, one.element) if one.element and scope in PLURALS else ""
        head = f"{number + 1}. {self.names.aside(self.names.text(one.question), about)}"
        alone = self.word("settles alone") if one.share == 1 and len(self.d.questions) > 1 else ""
        allowed = self._allowed(one)
        return Entry(self._joined([head, alone]), parts=(Entry(allowed),) if allowed else ())

    def _allowed(self, one: d.Question) -> str:
        if one.path == "complete":
            return ""
        fact = self.names.book.vocabulary.facts.get(one.path)
        if fact is not None and fact.kind == "yes-no":
            return ""
        return self.word("allowed", self.names.allowed(one.path))

    def _presumed(self) -> list[Entry]:
        found: dict[tuple[str, str, str], list[str]] = {}
        for one in self.d.presumed:
            found.setdefault((one.path, one.value, one.cite), []).append(one.element)
        entries = []
        for (path, value, cite), elements in found.items():
            scope = path.partition(".")[0]
            stated = len(self.d.transaction.get(PLURALS.get(scope, ""), ()))
            named = "" if len(elements) >= stated else self.names.listed(self.names.element(scope, e) for e in elements)
            head = self.names.aside(
                f"{self.names.fact(path)}{self.word('colon')}{self.names.value(path, value)}", named
            )
            entries.append(Entry(self._joined([head, cite])))
        return entries

    def _stated(self) -> list[Entry]:
        pairs = [("matches no other", text) for text in self.d.conclusions]
        pairs += [("stated not applicable", text) for text in self.d.not_applicable]
        stated = [Entry(self.word(key, self._place(text))) for key, text in pairs]
        return stated + [self._match("dismissed", one) for one in self.d.dismissed]

    def _place(self, text: str) -> str:
        """``ELEMENT.path`` in words."""
        match = ELEMENT_PATH.match(text)
        return self.names.of(match["path"], match["element"]) if match else text

    def _matches(self) -> list[Entry]:
        return [self._match("name equals" if one.by == "name" else "may be", one) for one in self.d.candidates]

    def _match(self, key: str, one: d.Candidate) -> Entry:
        """A listed party that a party may be or is not, with whence its entry is."""
        register, _, row = one.entry.partition("/")
        since = self.word("since", self.names.day(one.since)) if one.since else ""
        entry = self.names.aside(one.entry, self._joined([self.names.register(register), one.name, since, one.says]))
        text = self.word(key, self.names.element("party", one.element), entry)
        return Entry(text, tuple(self.names.rows(register, (row,))) if self._has(register) else ())

    def _listed(self) -> list[Entry]:
        """Parties on lists whose law is not encoded."""
        return [
            Entry(
                self.word(
                    "may be on list" if one.open else "on list",
                    self.names.element("party", one.element),
                    self.names.text(one.title),
                    verdict(one.at_most, self.lang),
                ),
                one.cite,
            )
            for one in self.d.listed
        ]

    def _has(self, register: str) -> bool:
        return register in self.names.book.registers

    # --- findings beside the verdict

    def _exceptions(self) -> list[Entry]:
        entries = []
        for finding in self.d.findings:
            for relief in finding.reliefs:
                key = "takes away" if relief.surely else "may take away"
                what = self.word(key, self.names.text(finding.title))
                left = "" if relief.leaves == NOTHING else self.word("leaves", verdict(relief.leaves, self.lang))
                entries.append(Entry(self._joined([self.names.text(relief.title), what, left]), relief.cite))
        return entries

    def _reported(self, kind: str) -> list[Entry]:
        """Duties, commitments or policy, by regime: what applies, and what may apply."""
        entries = []
        for regime in self.d.regimes:
            mine = [self.findings[rule] for rule in getattr(regime, kind) if rule in self.findings]
            if mine:
                parts = tuple(self._reported_line(finding) for finding in mine)
                entries.append(Entry(self.names.text(regime.title), parts=parts))
        return entries

    def _reported_line(self, finding: d.Finding) -> Entry:
        policy = self.word(f"policy.{finding.policy}") if finding.policy else ""
        undecided = "" if finding.result == "applies" else self.word("result.undecided")
        return Entry(self._joined([self._title(finding), policy, undecided]), finding.cite)

    def _dormant(self) -> list[Entry]:
        """Rules that are not in effect: all that would reach the act, some of those that could."""
        dormant = [finding for finding in self.d.findings if finding.result == "dormant"]
        sure = [f for f in dormant if self._surely(f) and f.effect in (*DECIDING, "duty_to_act")]
        maybe = [f for f in dormant if f.effect in DECIDING and f not in sure]
        shown = dormant if self.full else [*sure, *maybe[:MAX_DORMANT]]
        entries = [self._dormant_line(finding) for finding in shown]
        left = len(dormant) - len(shown)
        return [*entries, Entry(self.word("and more", left))] if left else entries

    def _surely(self, finding: d.Finding) -> bool:
        return finding.trace is not None and finding.trace.truth == "true"

    def _dormant_line(self, finding: d.Finding) -> Entry:
        reach = ""
        if finding.trace is not None:
            reach = self.word("would reach" if self._surely(finding) else "could reach")
        head = f"{self._title(finding)}{self.word('colon')}{self.word(f'effect.{finding.effect}')}"
        event = self._standing(finding.status)
        cite = (finding.status.by,) if finding.status.by else finding.cite
        note = (Entry(finding.status.note),) if finding.status.note and self.full else ()
        return Entry(self._joined([head, reach, event]), cite, note)

    # --- coverage

    def _checked(self) -> list[Entry]:
        """What was checked, with the day each body of law is encoded to; and, in full, the coverage statement."""
        if self.full:
            return [
                Entry(
                    self.names.aside(self.names.text(one.title), self._encoded(one)),
                    parts=(Entry(self.names.text(one.coverage.covers)),),
                )
                for one in self.d.regimes
            ]
        if self.brief:
            days = sorted({one.coverage.encoded_to for one in self.d.regimes})
            span = " – ".join(self.names.day(day) for day in dict.fromkeys((days[0], days[-1]))) if days else ""
            ids = self.names.listed(one.id for one in self.d.regimes)
            return [Entry(self.names.aside(ids, self.word("law of", span)))] if days else []
        by_day: dict[str, list[str]] = {}
        for one in self.d.regimes:
            by_day.setdefault(one.coverage.encoded_to, []).append(self.names.text(one.title))
        return [
            Entry(self.names.aside(self.names.listed(titles), self.word("law of", self.names.day(to))))
            for to, titles in by_day.items()
        ]

    def _encoded(self, one: d.RegimeView) -> str:
        return self.word("law of", self.names.day(one.coverage.encoded_to))

    def _not_checked(self) -> list[Entry]:
        entries = []
        for one in self.d.jurisdictions:
            if one.touched != "no" and one.not_checked:
                titles = [self.names.text(gap.title) for gap in one.not_checked]
                gaps = self.word("part sep").join(dict.fromkeys(map(_headword, titles) if self.brief else titles))
                entries.append(Entry(f"{self.names.text(one.title)}{self.word('colon')}{gaps}"))
        return entries or [Entry(self.word("nothing known missing"))]

    # --- trees

    def tree(self, finding: d.Finding) -> Tree:
        rule = self.names.book.rules[finding.rule]
        effect = f"relief.{rule.relief}" if rule.defeats else f"effect.{finding.effect}"
        law = Entry(f"{self.word('rule stands')}{self.word('colon')}{self._law(finding)}", finding.cite)
        return Tree(
            finding.rule,
            self._title(finding),
            f"{self.word(f'result.{finding.result}')} · {self.word(effect)}",
            law,
            finding_tree(finding, self.names) or Why(self.word("why nothing"), "false"),
            tuple(self._more(finding)),
        )

    def _law(self, finding: d.Finding) -> str:
        by = self.names.cite(finding.status.by) if finding.status.by else ""
        return self.names.aside(self._standing(finding.status), by)

    def _more(self, finding: d.Finding) -> Iterable[Entry]:
        if finding.combinations > 1:
            yield Entry(self.word("of combinations", finding.combinations))
        for relief in finding.reliefs:
            key = "takes away" if relief.surely else "may take away"
            title = self.names.text(relief.title)
            yield Entry(f"{self.word('exception')}{self.word('colon')}{self.word(key, title)}", relief.cite)
        for defeated in self.names.book.rules[finding.rule].defeats:
            yield Entry(f"{self.word('defeats')}{self.word('colon')}{self.names.rule(defeated)}")
        for key, text in (("bound", finding.bound), ("note", finding.note)):
            if text:
                yield Entry(f"{self.word(key)}{self.word('colon')}{self.names.text(text)}")


def _headword(title: str) -> str:
    """A body of law's name without what explains it."""
    head = re.split(r"[（(:：;；]| beyond | with | and the ", title, maxsplit=1)[0].strip(" .,，")
    return head if len(head.encode()) >= SHORTEST_NAME else title


def names_more(lang: str, count: int) -> str:
    return word("and more", lang, count)


def setting(findings: list[d.Finding], floor: str, ceiling: str) -> list[d.Finding]:
    """The finding that holds the floor and the one that raises the ceiling above it (often the same)."""
    found = []
    if floor != NOTHING:  # where no rule alone holds the floor, whatever the open facts one of several does
        found += [f for f in findings if f.floor == floor][:1] or [f for f in findings if f.ceiling == floor][:2]
    if ceiling != NOTHING:
        found += [f for f in findings if f.ceiling == ceiling and f not in found][:1] if ceiling != floor else []
    return found


def _standing_stretch(decision: d.Decision) -> int:
    """The stretch of the horizon in which the act's day lies."""
    on = decision.on[:10]
    return max((n for n, one in enumerate(decision.horizon) if one.on <= on), default=0)


def _around(at: int, count: int, shown: int) -> tuple[int, int]:
    first = max(0, min(at - shown // 2, count - shown))
    return first, min(count, first + shown)
