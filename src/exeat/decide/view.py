"""From a ruling to a `Decision`: words, citations, statuses, coverage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from exeat import __version__
from exeat.decide import decision as d
from exeat.decide.ask import Questions
from exeat.decide.change import Counterfactual
from exeat.decide.conflict import Conflict
from exeat.decide.facts import Facts
from exeat.decide.horizon import Stretch
from exeat.decide.index import Index
from exeat.decide.interpret import Interpreter
from exeat.decide.level import VERDICT, Level, Range, strictest
from exeat.decide.result import Combination, RegimeResult, Result
from exeat.rulebook.model import Book, Citation, Event, Gap, Regime, Rule, Source
from exeat.vocabulary.model import NOT_APPLICABLE, Entries, Text
from exeat.vocabulary.transaction import Transaction

if TYPE_CHECKING:
    from exeat.decide.engine import Engine, Options, Ruling

SPLIT_QUESTION = {
    "en": "At what time of day is it done? The law changes within that day.",
    "zh": "在当日何时进行？法律在该日之内有变化。",
}
LISTED = {  # where a finding that is not dormant is listed beside its regime's verdict, by effect and result
    ("duty_to_act", "applies"): "duties",
    ("duty_to_act", "undecided"): "duties",
    ("commitment", "applies"): "commitments",
    ("policy", "applies"): "policy",
    ("policy", "undecided"): "policy",
    ("power", "applies"): "powers",
}
COMPLETE_QUESTION = {
    "items": {"en": "Are these all the items?", "zh": "物项是否已全部列出？"},
    "parties": {"en": "Are these all the parties?", "zh": "当事方是否已全部列出？"},
    "places": {"en": "Are these all the places?", "zh": "地点是否已全部列出？"},
}


def decision(
    engine: Engine,
    transaction: Transaction,
    options: Options,
    facts: Facts,
    ruling: Ruling,
    asked: Questions,
    changes: tuple[Counterfactual, ...],
    ahead: tuple[Stretch, ...],
    pulls: tuple[Conflict, ...],
    findings: bool = True,
) -> d.Decision:
    """Assemble the whole answer, or (without findings) all of it that does not rest on them."""
    return _View(engine, transaction, options, facts, ruling).decision(asked, changes, ahead, pulls, findings)


def finding(
    engine: Engine, transaction: Transaction, options: Options, facts: Facts, ruling: Ruling, rule: str
) -> d.Finding:
    """What one rule or exception comes to, also where no decision would list it."""
    return _View(engine, transaction, options, facts, ruling).finding(rule)


class _View:
    def __init__(
        self, engine: Engine, transaction: Transaction, options: Options, facts: Facts, ruling: Ruling
    ) -> None:
        self.engine, self.book, self.transaction, self.options = engine, engine.book, transaction, options
        self.facts, self.ruling = facts, ruling
        self.interpreters: dict[int, Interpreter] = {}
        activity = facts.act.get("activity")
        self.activity = str(activity.value) if activity is not None and isinstance(activity.value, str) else ""

    def decision(
        self,
        asked: Questions,
        changes: tuple[Counterfactual, ...],
        ahead: tuple[Stretch, ...],
        pulls: tuple[Conflict, ...],
        wanted: bool = True,
    ) -> d.Decision:
        findings = self._findings() if wanted else ()
        by_regime: dict[str, list[d.Finding]] = {}
        for finding in findings:
            by_regime.setdefault(finding.regime, []).append(finding)
        outcome = self.ruling.outcome
        regimes = tuple([self._regime(found, by_regime.get(key, [])) for key, found in outcome.regimes.items()])
        jurisdictions = tuple(self._jurisdiction(key, regimes) for key in self.book.jurisdictions)
        verdict, top = self._headline(regimes, jurisdictions)
        hypothetical = tuple([f"only {r}" for r in self.options.only] + [f"without {w}" for w in self.options.without])
        covered = not any(j.partial or j.verdict == "out_of_coverage" for j in jurisdictions if j.touched != "no")
        when, canonical = self.transaction.when, self.transaction.canonical()
        digest = self._digest(canonical)
        questions, sets = self._questions(asked)
        return d.Decision(
            id=d.decision_id(digest),
            title=self.transaction.title,
            verdict=verdict,
            floor=VERDICT[top.floor],
            ceiling=VERDICT[top.ceiling],
            exact=not self.ruling.inexact,
            regimes=regimes,
            jurisdictions=jurisdictions,
            findings=findings,
            questions=questions,
            question_sets=sets,
            horizon=tuple(self._stretch(one, ahead) for one in ahead),
            counterfactuals=tuple(self._counterfactual(one) for one in changes),
            conflicts=tuple(self._conflict(one) for one in pulls),
            presumed=self._presumed() if wanted else (),
            candidates=self._candidates(),
            conclusions=self._conclusions(),
            not_applicable=self._not_applicable(),
            coverage=self._coverage(jurisdictions),
            warnings=self._warnings(),
            hypothetical=hypothetical,
            transaction=canonical,
            on=when.at or when.on + (f" {when.zone}" if when.zone else ""),
            known=self.options.known,
            edition=f"{self.book.edition} sha256:{self.book.hash}",
            engine=__version__,
            hash=digest,
            exit_code=d.exit_code(verdict, covered, bool(hypothetical)),
            strict=self.options.strict,
            overlays=self.book.overlays,
            dismissed=self._dismissed(),
            listed=self._listed(),
        )

    def _digest(self, canonical: dict[str, object]) -> str:
        """The hash of all that the answer depends on."""
        return d.decision_hash(
            {
                "transaction": canonical,
                "known": self.options.known,
                "edition": self.book.hash,
                "strict": self.options.strict,
                "only": self.options.only,
                "without": self.options.without,
            }
        )

    def _index(self, rule: Rule) -> Index:
        """The side of the act's day that the rule's regime is told for."""
        return self.ruling.indexes[self.ruling.outcome.regimes[rule.regime].side]

    def _interpreter(self, regime: str) -> Interpreter:
        side = self.ruling.outcome.regimes[regime].side
        found = self.interpreters.get(side)
        if found is None:
            found = self.interpreters[side] = self.engine.interpreter(self.ruling.indexes[side])
        return found

    # --- verdicts

    def _headline(
        self, regimes: tuple[d.RegimeView, ...], jurisdictions: tuple[d.JurisdictionView, ...]
    ) -> tuple[str, Range]:
        top = self.ruling.headline()
        if not top.settled or top.ceiling != Level.NOTHING:
            unenforced = self._unenforced([r for found in self.ruling.outcome.regimes.values() for r in found.results])
            return d.verdict_of(top, prohibited=unenforced), top
        words = {j.verdict for j in jurisdictions if j.touched != "no"}
        for word in ("not_in_effect", "out_of_coverage"):
            if word in words:
                return word, top
        return "no_requirement_found", top

    def _unenforced(self, results: list[Result]) -> str:
        """`prohibited_not_enforced` if every prohibition that surely applies is not enforced."""
        prohibiting = [r for r in results if r.range.floor == Level.PROHIBITED]
        statuses = {self._event_status(self.book.rules[r.rule]) for r in prohibiting}
        return "prohibited_not_enforced" if statuses == {"not enforced"} else "prohibited"

    def _event_status(self, rule: Rule) -> str:
        return self._index(rule).moment.period.standing(self.engine.compiled.index[rule.id]).status

    def _regime(self, found: RegimeResult, mine: list[d.Finding]) -> d.RegimeView:
        """One regime's answer; ``mine`` are its findings."""
        regime = self.book.regimes[found.id]
        listed: dict[str, list[str]] = {"duties": [], "commitments": [], "policy": [], "powers": [], "dormant": []}
        for finding in mine:
            name = "dormant" if finding.result == "dormant" else LISTED.get((finding.effect, finding.result))
            if name:
                listed[name].append(finding.rule)
        return d.RegimeView(
            found.id,
            regime.jurisdiction,
            regime.title,
            self._regime_word(found),
            VERDICT[found.range.floor],
            VERDICT[found.range.ceiling],
            found.id not in self.ruling.inexact,
            tuple(listed["duties"]),
            tuple(listed["commitments"]),
            (*listed["policy"], *listed["powers"]),
            tuple(listed["dormant"]),
            self._regime_coverage(regime),
        )

    def _regime_word(self, found: RegimeResult) -> str:
        if found.id in self.ruling.limits.uncovered:
            return "out_of_coverage"
        if not found.range.settled:
            return "undetermined"
        if found.range.floor == Level.PROHIBITED:
            return self._unenforced(found.results)
        dormant = found.range.floor == Level.NOTHING and any(self._surely_dormant(r) for r in found.results)
        return d.verdict_of(found.range, "not_in_effect" if dormant else "no_requirement_found")

    def _surely_dormant(self, result: Result) -> bool:
        """Whether a rule would reach the act if it were in effect; one that was replaced says nothing by itself."""
        rule = self.book.rules[result.rule]
        reached = rule.decides and result.condition == 2 and self._kind(result) == "dormant"
        return reached and self._event_status(rule) != "superseded"

    def _jurisdiction(self, key: str, regimes: tuple[d.RegimeView, ...]) -> d.JurisdictionView:
        jurisdiction = self.book.jurisdictions[key]
        mine = [r for r in regimes if r.jurisdiction == key]
        top = strictest([self.ruling.outcome.regimes[r.id].range for r in mine])
        touched = ("no", "unknown", "yes")[self.ruling.outcome.touched[key]]
        binding = not mine or any(self.book.regimes[r.id].binding for r in mine)
        gaps = list(self._gaps(key, jurisdiction.gaps))
        gaps += [gap for r in mine if self.book.regimes[r.id].binding for gap in r.coverage.not_covered]
        gaps += [d.Gap(r.id, r.title) for r in mine if binding and r.id in self.ruling.limits.uncovered]
        if self.options.only:
            gaps += [
                d.Gap(r.id, r.title)
                for r in self.book.regimes.values()
                if r.jurisdiction == key and r.id not in self.options.only
            ]
        partial = bool(gaps) and touched != "no" and binding
        word = self._jurisdiction_word(mine, top, partial)
        if touched == "no" and top == Range(Level.NOTHING, Level.NOTHING):
            word, partial, gaps = "no_requirement_found", False, []
        return d.JurisdictionView(
            key, jurisdiction.title, touched, word, VERDICT[top.floor], VERDICT[top.ceiling], partial, tuple(gaps)
        )

    def _jurisdiction_word(self, mine: list[d.RegimeView], top: Range, partial: bool) -> str:
        if not top.settled or top.ceiling != Level.NOTHING:
            results = [x for r in mine for x in self.ruling.outcome.regimes[r.id].results]
            return d.verdict_of(top, prohibited=self._unenforced(results))
        if any(r.verdict == "not_in_effect" for r in mine):
            return "not_in_effect"
        return "out_of_coverage" if partial else "no_requirement_found"

    # --- coverage

    def _reaches(self, reach: tuple[str, ...]) -> bool:
        """Whether law of this reach can speak of the activity (a coarse or missing activity may be anything)."""
        lists = self.book.vocabulary.lists["activities"]
        if not self.activity:
            return True
        above = lists.ancestors(self.activity)
        return any(code in above or self.activity in lists.ancestors(code) for code in reach)

    def _regime_coverage(self, regime: Regime) -> d.Coverage:
        return d.Coverage(regime.covers, self._gaps(regime.id, regime.gaps), regime.encoded_to)

    def _gaps(self, owner: str, gaps: tuple[Gap, ...]) -> tuple[d.Gap, ...]:
        """The gaps of a jurisdiction or regime that the activity falls into (the same for every act of its kind)."""
        found = self.engine.coverage.get((owner, self.activity))
        if found is None:
            found = tuple(d.Gap(gap.id, gap.title) for gap in gaps if self._reaches(gap.reach))
            self.engine.coverage[(owner, self.activity)] = found
        return found

    def _coverage(self, jurisdictions: tuple[d.JurisdictionView, ...]) -> d.Checked:
        gaps = tuple(gap for j in jurisdictions if j.touched != "no" for gap in j.not_checked)
        return d.Checked(tuple(self.ruling.outcome.regimes), gaps, self.book.encoded_to)

    def _warnings(self) -> tuple[Text, ...]:
        found: list[Text] = []
        for key in self.ruling.outcome.regimes:
            regime = self.book.regimes[key]
            day = self.ruling.index.moment.clock.at(regime.zone)[:10]
            if key in self.ruling.limits.stale:
                for review in regime.review:
                    what = f"{key}: {review.what['en']} ({review.on})", f"{key}：{review.what['zh']}（{review.on}）"
                    found.append({"en": what[0], "zh": what[1]})
            elif day > regime.encoded_to:
                found.append(
                    {
                        "en": f"{key} is encoded to {regime.encoded_to}; nobody has looked at what came after.",
                        "zh": f"{key} 收录至 {regime.encoded_to}，此后变动未核查。",
                    }
                )
        return tuple(found)

    # --- findings

    def finding(self, key: str) -> d.Finding:
        """The finding of a rule, or how far an exception (or a rule that does not apply) gets."""
        listed = self._findings(key)
        if listed:
            return listed[0]
        rule = self.book.rules[key]
        furthest = self._index(rule).furthest(key)
        trace = None
        if self.options.explain and furthest.combination is not None:
            interpreter = self._interpreter(rule.regime)
            trace = interpreter.explain(rule.when, dict(furthest.combination), interpreter.stance(rule))[1]
        none = VERDICT[Level.NOTHING]
        where = self._where(furthest.combination or ())
        return self._found(rule, furthest.result, (none, none), where, furthest.count, (), trace)

    def _findings(self, only: str = "") -> tuple[d.Finding, ...]:
        """Every rule's finding, or only that of one rule."""
        best: dict[str, tuple[tuple[int, ...], Result, int]] = {}
        for regime in self.ruling.outcome.regimes.values():
            for result in regime.results:
                if only not in ("", result.rule):
                    continue
                rank = (
                    result.range.ceiling,
                    result.range.floor,
                    result.operative,
                    result.condition,
                    not result.reliefs,
                )
                before = best.get(result.rule)
                count = before[2] + 1 if before else 1
                best[result.rule] = (
                    (rank, result, count) if before is None or rank > before[0] else (before[0], before[1], count)
                )
        ordered = sorted(best.values(), key=lambda one: (-one[1].range.ceiling, -one[1].range.floor, one[1].rule))
        found = [self._finding(result, count) for _, result, count in ordered]
        return tuple(finding for finding in found if finding is not None)

    def _kind(self, result: Result) -> str:
        """applies, undecided, defeated, dormant; "" where the rule was not known of yet."""
        rule = self.book.rules[result.rule]
        number = self.engine.compiled.index[rule.id]
        period = self._index(rule).moment.period
        if any(relief.surely for relief in result.reliefs):
            return "defeated"
        if not period.standing(number).possibly:
            known = any(event.recorded <= self.options.known for event in rule.life)
            return "dormant" if known else ""
        if not self._wanted(rule):
            return "defeated"
        return "applies" if result.operative == 2 else "undecided"

    def _wanted(self, rule: Rule) -> bool:
        """A policy that says how a requirement is handled speaks only where the requirement may stand."""
        if not rule.policy_for:
            return True
        results = self.ruling.outcome.regimes[rule.regime].results
        return any(r.rule in rule.policy_for and r.operative for r in results)

    def _finding(self, result: Result, count: int) -> d.Finding | None:
        kind = self._kind(result)
        if not kind:
            return None
        rule = self.book.rules[result.rule]
        trace = None
        if self.options.explain:
            trace = self._interpreter(rule.regime).explain(rule.when, dict(result.combination))[1]
        levels = VERDICT[result.range.floor], VERDICT[result.range.ceiling]
        reliefs = tuple(self._relief(relief.id, VERDICT[relief.level], relief.surely) for relief in result.reliefs)
        return self._found(rule, kind, levels, self._where(result.combination), count, reliefs, trace)

    def _where(self, combination: Combination) -> dict[str, str]:
        return {scope: self.facts.elements[scope][position].id or "…" for scope, position in combination}

    def _found(
        self,
        rule: Rule,
        result: str,
        levels: tuple[str, str],
        where: dict[str, str],
        count: int,
        reliefs: tuple[d.ReliefView, ...],
        trace: d.Reason | None,
    ) -> d.Finding:
        return d.Finding(
            rule.id,
            rule.measure,
            rule.regime,
            rule.title,
            rule.effect,
            result,
            *levels,
            where,
            count,
            self._status(rule),
            self._cited(rule, rule.cite),
            rule.seen,
            reliefs,
            rule.policy,
            rule.bound,
            rule.note,
            rule.next,
            rule.terms,
            trace,
        )

    def _relief(self, key: str, leaves: str, surely: bool) -> d.ReliefView:
        rule = self.book.rules.get(key)
        if rule is None:
            title = {"en": f"licence {key}", "zh": f"许可证 {key}"}
            return d.ReliefView(key, title, leaves, surely)
        return d.ReliefView(key, rule.title, leaves, surely, rule.terms, self._cited(rule, rule.cite))

    def _status(self, rule: Rule) -> d.Status:
        event = self._index(rule).moment.period.standing(self.engine.compiled.index[rule.id]).event
        if event is None:
            first = next((e for e in rule.life if e.recorded <= self.options.known), None)
            return d.Status("not yet in force", first.since if first else "")
        return self._event(rule, event)

    def _event(self, rule: Rule, event: Event) -> d.Status:
        since = f"{event.since} {event.at}".strip()
        by = self._cited(rule, (event.by,))[0]
        return d.Status(event.status, since, event.until, event.recorded, event.seen, by, event.note)

    def _cited(self, rule: Rule, citations: tuple[Citation, ...]) -> tuple[d.Cited, ...]:
        return tuple(cited(self.book, rule, citation) for citation in citations)

    # --- the rest

    def _questions(self, asked: Questions) -> tuple[tuple[d.Question, ...], tuple[tuple[int, ...], ...]]:
        found = []
        for one in asked.asked:
            if one.scope == "complete":
                found.append(d.Question("complete", one.path, COMPLETE_QUESTION[one.path], "true", one.share))
                continue
            fact = self.book.vocabulary.facts[one.path]
            element = "" if one.scope == "act" else self.facts.elements[one.scope][one.position].id
            found.append(d.Question(one.path, element, fact.question, allowed(self.book, one.path), one.share))
        sets = asked.sets
        if self.ruling.split:
            found.insert(0, d.Question("act.at", "", SPLIT_QUESTION, "an instant with its offset", 1.0))
            sets = tuple(tuple(n + 1 for n in numbers) for numbers in asked.sets) or ((0,),)
        if self.ruling.limits.listed:  # no fact that a rule reads settles what the law of that list would say
            return (*found, *self._open_hits(found)), ()
        return tuple(found), sets

    def _open_hits(self, asked: list[d.Question]) -> list[d.Question]:
        """What to ask of parties that may be on a list whose law is not encoded: no rule asks for them."""
        fact = self.book.vocabulary.facts["party.listing"]
        done = {one.element for one in asked if one.path == fact.path}
        open_ = {
            u.party for u in self.facts.unencoded if any(e.startswith(u.register + "/") for e in u.listing.candidates)
        }
        return [
            d.Question(fact.path, party, fact.question, allowed(self.book, fact.path), 0.0)
            for party in sorted(open_ - done)
        ]

    def _stretch(self, one: Stretch, ahead: tuple[Stretch, ...]) -> d.HorizonView:
        because = []
        for finding in self.ruling.outcome.regimes.values():
            for result in finding.results:
                rule = self.book.rules[result.rule]
                because += [
                    f"{rule.id}: {event.status} ({rule_source(self.book, rule, event.by).ref})"
                    for event in rule.life
                    if event.since == one.on and event.recorded <= self.options.known and self._counts(event)
                ]
        word = d.verdict_of(one.range)
        return d.HorizonView(
            one.on, word, VERDICT[one.range.floor], VERDICT[one.range.ceiling], tuple(dict.fromkeys(because))
        )

    def _counts(self, event: Event) -> bool:
        """Whether an event is of the layers that were asked about."""
        return not {event.layer or None, event.id or None} & set(self.options.without)

    def _counterfactual(self, one: Counterfactual) -> d.CounterfactualView:
        changes = tuple(
            d.ChangeView(
                c.path,
                "" if c.scope == "act" else self.facts.elements[c.scope][c.position].id,
                c.before,
                c.after,
                c.among,
            )
            for c in one.changes
        )
        return d.CounterfactualView(
            changes, one.licence_for, d.verdict_of(one.range), VERDICT[one.range.floor], VERDICT[one.range.ceiling]
        )

    def _conflict(self, one: Conflict) -> d.ConflictView:
        rules = self.book.rules[one.required_by], self.book.rules[one.barred_by]
        cites = tuple(self._cited(rule, rule.cite[:1])[0] for rule in rules)
        return d.ConflictView(one.kind, one.required_by, one.barred_by, one.token, one.certain, cites)

    def _presumed(self) -> tuple[d.PresumedView, ...]:
        """The presumptions that the answer rests on: those that some rule would ask about if they were not made."""
        if not self.facts.presumed:
            return ()
        index = self.ruling.index
        open_ = index.without_presumed()
        hit = open_.possible_terms()
        for rest in [bit for bit in index.compiled.asking if hit & bit]:
            hit |= index.compiled.asks[rest.bit_length() - 1]
        columns = index.compiled.columns
        shown = [p for p in self.facts.presumed if p.path in columns and columns[p.path].look & hit]
        return tuple(d.PresumedView(p.path, p.element, p.value, p.cite) for p in shown)

    # --- listings

    def _listings(self) -> Iterator[tuple[str, Entries]]:
        for party in self.facts.elements["party"]:
            cell = party.facts.get("party.listing")
            if cell is not None and isinstance(cell.value, Entries):
                yield party.id, cell.value

    def _candidates(self) -> tuple[d.Candidate, ...]:
        """Open candidates: those that the transaction gives, and those that exeat found by the name."""
        given = {
            (party.id, entry)
            for party in self.transaction.parties
            for cell in [party.facts.get("party.listing")]
            if cell is not None and isinstance(cell.value, Entries)
            for entry in cell.value.candidates
        }
        listings = dict(self._listings())
        return tuple(
            self._candidate(element, entry, listings[element], "screening" if (element, entry) in given else "name")
            for element, entry in self.facts.candidates
        )

    def _dismissed(self) -> tuple[d.Candidate, ...]:
        return tuple(
            self._candidate(element, entry, listing, "screening")
            for element, listing in self._listings()
            for entry in sorted(listing.dismissed)
        )

    def _candidate(self, element: str, entry: str, listing: Entries, by: str) -> d.Candidate:
        row = next((row for row in listing.rows if row.entry == entry), None)
        return d.Candidate(element, entry, by, *((row.name, row.since, row.says) if row else ()))

    def _listed(self) -> tuple[d.ListedView, ...]:
        """Parties on lists whose law is not encoded, where that may bear on this act."""
        found = []
        for one in self.facts.unencoded:
            if one.regime not in self.ruling.limits.listed:
                continue
            register, prefix = self.book.registers[one.register], f"{one.register}/"
            sure = tuple(sorted(entry for entry in one.listing.entries if entry.startswith(prefix)))
            maybe = tuple(sorted(entry for entry in one.listing.candidates if entry.startswith(prefix)))
            cite = tuple(d.Cited(s.ref, "", s.url, s.seen) for s in register.sources.values())
            for entries, open_ in ((sure, False), (maybe, True)):
                if entries:
                    found.append(
                        d.ListedView(one.party, one.register, register.title, one.at_most, open_, entries, cite)
                    )
        return tuple(found)

    def _conclusions(self) -> tuple[str, ...]:
        """Legal conclusions that the caller states, shown as theirs."""
        return tuple(
            f"{element.id}.{path}: none other"
            for elements in self.facts.elements.values()
            for element in elements
            for path, cell in element.facts.items()
            if isinstance(cell.value, Entries) and cell.value.none_other is True
        )

    def _not_applicable(self) -> tuple[str, ...]:
        stated = [("", self.facts.act)] + [(e.id, e.facts) for found in self.facts.elements.values() for e in found]
        found = [
            f"{name}.{path}".lstrip(".")
            for name, cells in stated
            for path, cell in cells.items()
            if cell.value == NOT_APPLICABLE
        ]
        return tuple(sorted(found))


def rule_source(book: Book, rule: Rule, citation: Citation) -> Source:
    """The source that a citation of a rule names."""
    return book.measures[rule.measure].sources[citation.source]


def cited(book: Book, rule: Rule, citation: Citation) -> d.Cited:
    """A citation with its source's words."""
    source = rule_source(book, rule, citation)
    return d.Cited(source.ref, citation.pinpoint, source.url, source.seen)


def allowed(book: Book, path: str) -> str:
    """What values a fact takes, in a few words."""
    fact = book.vocabulary.facts[path]
    if fact.kind in ("code", "codes"):
        codes = list(book.vocabulary.lists[fact.of].codes)
        return ", ".join(codes[:12]) + (", …" if len(codes) > 12 else "")
    return {"yes-no": "true, false", "date": "YYYY-MM-DD", "number": f"a number in {fact.of}"}.get(
        fact.kind, fact.example
    )
