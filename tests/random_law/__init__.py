"""Random small rulebooks and transactions, for properties that must hold of any law."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import msgspec

from exeat.rulebook.condition import All, AnyOf, Condition, Every, Not, Some, Test, free_scopes
from exeat.rulebook.model import (
    DECIDING,
    Book,
    Citation,
    Event,
    Feed,
    Jurisdiction,
    Measure,
    Regime,
    Register,
    Row,
    Rule,
    Source,
)
from exeat.vocabulary.model import (
    NOT_APPLICABLE,
    UNKNOWN,
    Code,
    CodeList,
    Entries,
    Fact,
    ListedRow,
    Needs,
    Presumption,
    Screening,
    Value,
    Vocabulary,
)
from exeat.vocabulary.transaction import Act, Cell, Element, Licence, Transaction

EFFECTS = ("commitment", "prohibited", "licence_required", "approval_required", "conditions")
T = {"en": "t", "zh": "题"}
CITE = (Citation("s", "1"),)
FIRST = dt.date(2020, 1, 1)
DAYS = 60
ZONES = ("America/New_York", "Asia/Shanghai")


def vocabulary() -> Vocabulary:
    """Every type of fact in every kind of scope, over lists of a handful of codes."""
    lists = {
        "activities": CodeList(
            "activities",
            T,
            {
                "do": Code("do", T),
                "do.a": Code("do.a", T, ("do",), Needs(parties=("buyer",), places=("to",), items=True)),
                "do.b": Code("do.b", T, ("do",)),
                "rest": Code("rest", T),
            },
        ),
        "roles": CodeList(
            "roles",
            T,
            {"any": Code("any", T), "buyer": Code("buyer", T, ("any",)), "agent": Code("agent", T, ("any",))},
        ),
        "place-roles": CodeList("place-roles", T, {"to": Code("to", T), "via": Code("via", T)}),
        "places": CodeList(
            "places",
            T,
            {"@g": Code("@g", T), "A": Code("A", T, ("@g",)), "B": Code("B", T, ("@g",)), "C": Code("C", T)},
        ),
        "kinds": CodeList(
            "kinds", T, {"soft": Code("soft", T), "app": Code("app", T, ("soft",)), "hard": Code("hard", T)}
        ),
        "who": CodeList("who", T, {"p": Code("p", T), "q": Code("q", T, ("p",)), "other": Code("other", T)}, True),
    }
    rows = [
        ("activity", "code", "activities", False, False, None),
        ("act.paid", "yes-no", "", False, True, None),
        ("act.use", "yes-no", "", False, False, Presumption("false", "s 1", ("act.flag",))),
        ("act.flag", "yes-no", "", False, False, None),
        ("act.signed", "date", "", False, True, None),
        ("item.kind", "codes", "kinds", False, False, None),
        ("item.size", "number", "nm", True, False, None),
        ("item.match", "entries", "", False, False, None),
        ("party.role", "codes", "roles", False, False, None),
        ("party.who", "code", "who", False, False, None),
        ("party.listing", "entries", "", False, False, None),
        ("place.role", "codes", "place-roles", False, False, None),
        ("place.is", "code", "places", True, False, None),
    ]
    facts = {
        path: Fact(path, kind, of, T, T, T, "x", "f", choice, (), na, presume)
        for path, kind, of, choice, na, presume in rows
    }
    return Vocabulary(facts, lists)


class Maker:
    """Draws books and transactions from one random source.

    ``listings`` is a source of its own for candidates, dismissed and written-out entries (None: there are none), and
    for a list whose law is not encoded.
    """

    def __init__(self, source: random.Random, claimants: bool = True, listings: random.Random | None = None) -> None:
        self.draw, self.claimants, self.listings = source, claimants, listings
        self.palette: tuple[str, ...] = EFFECTS
        self.vocabulary = vocabulary()

    # --- time

    def day(self) -> str:
        return (FIRST + dt.timedelta(days=self.draw.randrange(DAYS))).isoformat()

    def life(self) -> tuple[Event, ...]:
        count = self.draw.choice((1, 1, 2, 3))
        recorded = sorted(self.day() for _ in range(count))
        events = []
        for number in range(count):
            status = (
                "in force"
                if number == 0 and self.draw.random() < 0.85
                else self.draw.choice(
                    ("in force", "enjoined", "suspended", "revoked", "not enforced", "unverified after", "announced")
                )
            )
            since = FIRST.isoformat() if self.draw.random() < 0.5 and number == 0 else self.day()
            until = self.draw.choice(("", "", "", (dt.date.fromisoformat(since) + dt.timedelta(days=7)).isoformat()))
            at = "18:30" if self.draw.random() < 0.15 else ""
            seen = "unverified" if self.draw.random() < 0.15 else "primary"
            layer = "courts" if status == "enjoined" else ""
            first = "2019-12-01" if number == 0 and self.draw.random() < 0.6 else recorded[number]
            events.append(Event(since, status, CITE[0], first, seen, until, at, layer=layer))
        events.sort(key=lambda event: event.recorded)
        return tuple(events)

    # --- conditions

    def test(self, scope: str) -> Test:
        path = self.draw.choice([p for p, f in self.vocabulary.facts.items() if f.scope == scope])
        fact = self.vocabulary.facts[path]
        if fact.kind == "yes-no":
            return Test(path, "is", (self.draw.choice(("true", "false")),))
        if fact.kind == "number":
            return Test(
                path,
                self.draw.choice(("at least", "at most", "more than", "less than")),
                (self.draw.choice(("5", "10")),),
            )
        if fact.kind == "date":
            return Test(
                path,
                self.draw.choice(("from", "until", "before", "after")),
                (self.draw.choice(("2020-01-10", "2020-02-10")),),
            )
        if fact.kind == "entries":
            register = "bad" if scope == "party" else "cat"
            where = (("class", (self.draw.choice(("x", "y")),)),) if self.draw.random() < 0.5 else ()
            return Test(path, "in", (), register, where)
        codes = list(self.vocabulary.lists[fact.of].codes)
        if path == "place.is" and self.draw.random() < 0.3:
            return Test(path, "in", (), "members")
        op = self.draw.choice(("is", "under", "under", "outside"))
        return Test(path, op, tuple(sorted(self.draw.sample(codes, self.draw.choice((1, 1, 2))))))

    def condition(self, scopes: tuple[str, ...], depth: int = 2, quantify: bool = True) -> Condition:
        roll = self.draw.random()
        if depth == 0 or roll < 0.35:
            return self.test(self.draw.choice(scopes))
        if roll < 0.45:
            return Not(self.condition(scopes, depth - 1, quantify))
        if quantify and roll < 0.7:
            scope = self.draw.choice(("item", "party", "place"))
            kind = Some if self.draw.random() < 0.75 else Every
            return kind(scope, self.condition((scope, scope, "act"), depth - 1, False))
        kind_ = All if self.draw.random() < 0.65 else AnyOf
        return kind_(tuple(self.condition(scopes, depth - 1, quantify) for _ in range(self.draw.choice((2, 2, 3)))))

    # --- books

    def register(self, key: str, of: str, ids: tuple[str, ...]) -> Register:
        rows = []
        for entry in ids:
            for _ in range(self.draw.choice((1, 1, 2))):
                since = self.draw.choice((FIRST.isoformat(), self.day()))
                until = self.draw.choice(("", (dt.date.fromisoformat(since) + dt.timedelta(days=20)).isoformat()))
                seen = "unverified" if self.draw.random() < 0.3 else "primary"
                recorded = self.draw.choice(("2019-12-01", since))
                cls = self.draw.choice(("x", "y"))
                rows.append(
                    Row(
                        entry,
                        since,
                        until,
                        recorded,
                        max(recorded, until) if until else "",
                        CITE[0],
                        seen,
                        {"class": cls},
                    )
                )
        complete = self.draw.choice(((), (("2020-01-20", ""),), (("0001-01-01", ""),)))
        return Register(key, "r1", T, of, complete, {"class": "text"}, {}, tuple(rows), "f")

    def book(self, rules: int = 7) -> Book:
        regimes = {
            key: Regime(key, jurisdiction, T, T, zone, True, "", "2030-01-01", (), T, (), "f")
            for key, jurisdiction, zone in (("r1", "j1", ZONES[0]), ("r2", "j2", ZONES[1]))
        }
        touched = {key: self.condition(("act", "place")) for key in ("j1", "j2")}
        jurisdictions = {key: Jurisdiction(key, T, condition, (), "f") for key, condition in touched.items()}
        registers = {
            "bad": self.register("bad", "parties", ("e1", "e2")),
            "cat": self.register("cat", "items", ("c1", "c2")),
            "members": self.register("members", "places", ("A", "C")),
        }
        if self.listings:
            registers["bad"] = msgspec.structs.replace(registers["bad"], feed=Feed("bad"))
            feed = Feed("black", {}, self.listings.choice(DECIDING))
            registers["black"] = Register("black", "r2", T, "parties", (), {"class": "text"}, {}, (), "f", feed=feed)
        found: dict[str, Rule] = {}
        self.palette = self.draw.choice((EFFECTS, *((effect,) for effect in EFFECTS[1:]), ("prohibited",)))
        freed = self.draw.random() < 0.55  # a book in which nearly every rule is authorised by an exception of its own
        if freed:
            rules = self.draw.choice((1, 2, 2))
        for number in range(rules):
            rule = self.rule(f"rule{number}")
            found[rule.id] = rule
        for number, target in enumerate(list(found.values()) if freed else ()):
            found[f"free{number}"] = self.general_licence(f"free{number}", target)
        for number in range(0 if freed and self.draw.random() < 0.7 else self.draw.randrange(rules)):
            exception = self.exception(f"exc{number}", found)
            found[exception.id] = exception
        sources = {"s": Source("s", "s", "https://s", "primary")}
        measures = {"m": Measure("m", "r1", T, T, "order", sources, tuple(found), "f")}
        return Book("1", "2030-01-01", self.vocabulary, jurisdictions, regimes, measures, found, registers, "h")

    def rule(self, key: str) -> Rule:
        effect = self.draw.choice(self.palette)
        scopes = self.draw.choice(
            (("act",), ("act", "item"), ("act", "party"), ("act", "item", "party"), ("act", "item", "party", "place"))
        )
        seen = "unverified" if self.draw.random() < 0.08 else "primary"
        regime = self.draw.choice(("r1", "r2"))
        return Rule(
            key, "m", regime, T, self.condition(scopes), CITE, seen, self.life(), "f", 1, effect,
            licensable=effect in ("licence_required", "approval_required"),
        )  # fmt: skip

    def general_licence(self, key: str, target: Rule) -> Rule:
        """An exception that nearly always applies and names what it allows."""
        condition = AnyOf(tuple(self.test("act") for _ in range(4)))
        life = (Event(FIRST.isoformat(), "in force", CITE[0], "2019-12-01", "primary"),)
        return Rule(
            key, "m", target.regime, T, condition, CITE, "primary", life, "f", 1, "", (target.id,), "authorised"
        )

    def exception(self, key: str, rules: dict[str, Rule]) -> Rule:
        target = self.draw.choice(list(rules.values()))
        scopes = ("act", *sorted(free_scopes(target.when)))
        seen = "unverified" if self.draw.random() < 0.08 else "primary"
        depth, above = 1, target
        while above.defeats:
            depth, above = depth + 1, rules[above.defeats[0]]
        claims = self.claimants and depth % 2 == 1 and self.draw.random() < 0.3  # only what relieves has a claimant
        return Rule(
            key, "m", target.regime, T, self.condition(scopes), CITE, seen, self.life(), "f", 1, "", (target.id,),
            self.draw.choice(("exempt", "authorised", "conditions")), claims,
        )  # fmt: skip

    # --- transactions

    def value(self, fact: Fact) -> Value:
        if fact.not_applicable and self.draw.random() < 0.15:
            return NOT_APPLICABLE
        if fact.kind == "yes-no":
            return self.draw.random() < 0.5
        if fact.kind == "number":
            return Decimal(self.draw.choice(("4", "5", "7", "10", "12")))
        if fact.kind == "date":
            return self.draw.choice(("2020-01-09", "2020-01-10", "2020-01-11", "2020-02-10", "2020-03-01"))
        if fact.kind == "entries":
            return self.entries(fact)
        codes = list(self.vocabulary.lists[fact.of].codes)
        if fact.kind == "codes":
            return frozenset(self.draw.sample(codes, self.draw.choice((1, 1, 2))))
        return self.draw.choice(codes)

    def entries(self, fact: Fact) -> Entries:
        register, ids = ("bad", ("e1", "e2")) if fact.scope == "party" else ("cat", ("c1", "c2"))
        chosen = self.draw.sample(ids, self.draw.choice((0, 1, 1)))
        day = self.day()
        none_other = self.draw.choice(
            (None, True, Screening((register,), "1", day, "x"), Screening(("else",), "1", day, "x"))
        )
        found = Entries(frozenset(f"{register}/{one}" for one in chosen), none_other)
        return self.screened(found) if self.listings and fact.scope == "party" else found

    def screened(self, value: Entries, registers: tuple[str, ...] = ("bad", "bad", "black")) -> Entries:
        """The same with what a screening might add: entries written out, candidates, dismissals."""
        assert self.listings
        draw, rows, named = self.listings, [], {"entries": set(value.entries), "candidates": set(), "dismissed": set()}
        for number in range(draw.choice((0, 0, 1, 2))):
            since = draw.choice(("", self._listed_day(), self._listed_day()))
            until = (
                draw.choice(("", "", (dt.date.fromisoformat(since) + dt.timedelta(days=9)).isoformat()))
                if since
                else ""
            )
            entry = f"{draw.choice(registers)}/w{number}"
            columns = draw.choice(((), (("class", "x"),), (("class", "y"),)))
            rows.append(ListedRow(entry, draw.choice(("2019-12-01", since or "2020-01-09")), since, until, columns))
            named[draw.choice(("entries", "candidates"))].add(entry)
        for one in ("bad/e1", "bad/e2"):
            if one not in value.entries and draw.random() < 0.4:
                named[draw.choice(("candidates", "dismissed"))].add(one)
        none_other = None if value.none_other is True and named["candidates"] else value.none_other
        return Entries(
            frozenset(named["entries"]), none_other, frozenset(named["candidates"]), tuple(rows),
            frozenset(named["dismissed"]),
        )  # fmt: skip

    def _listed_day(self) -> str:
        assert self.listings
        return (FIRST + dt.timedelta(days=self.listings.randrange(DAYS))).isoformat()

    def cells(self, scope: str, missing: float) -> dict[str, Cell]:
        found = {}
        for fact in self.vocabulary.of_scope(scope):
            roll = self.draw.random()
            if roll >= missing:
                found[fact.path] = Cell(self.value(fact))
            elif roll < missing / 4:
                found[fact.path] = Cell(UNKNOWN)
        return found

    def transaction(self, missing: float | None = None, complete: bool | None = None) -> Transaction:
        missing = self.draw.choice((0.0, 0.0, 0.1, 0.3)) if missing is None else missing
        elements = {
            scope: tuple(
                Element(f"{scope}{n}", scope, self.cells(scope, missing)) for n in range(self.draw.choice((1, 1, 2, 3)))
            )
            for scope in ("item", "party", "place")
        }
        if complete is None:
            complete = self.draw.random() < 0.75
        whole = (
            frozenset(("item", "party", "place"))
            if complete
            else frozenset(self.draw.sample(("item", "party", "place"), 1))
        )
        licences = ()
        if self.draw.random() < 0.2:
            licences = (Licence("l1", "a", ("rule0", "rule1"), ("item0",), (), "2020-01-05", "2020-02-10", ""),)
        zone = self.draw.choice(("", "", "Asia/Shanghai", "America/New_York"))
        when = Act(self.day(), "", zone) if self.draw.random() < 0.8 else Act("", f"{self.day()}T20:00+00:00", "")
        return Transaction(
            "t",
            when,
            self.cells("act", missing),
            elements["item"],
            elements["party"],
            elements["place"],
            whole,
            licences,
        )
