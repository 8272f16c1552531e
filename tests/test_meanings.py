"""The exact meanings of the design (§4b), one by one, on a rulebook of a few rules."""

from __future__ import annotations

import msgspec
import pytest

from exeat.decide.engine import Engine, Options
from exeat.errors import InputErrors
from exeat.rulebook.condition import All, AnyOf, Every, Not, Some
from exeat.rulebook.condition import Test as Leaf  # pytest would take `Test` for tests
from exeat.rulebook.model import (
    Book,
    Citation,
    Event,
    Feed,
    Jurisdiction,
    Measure,
    Regime,
    Register,
    Review,
    Row,
    Rule,
    Source,
)
from exeat.vocabulary.model import NOT_APPLICABLE, UNKNOWN, Entries, ListedRow, Screening
from exeat.vocabulary.transaction import Act, Cell, Element, Licence, Transaction
from tests.random_law import T, vocabulary

CITE = (Citation("s", "art. 1"),)
IN_FORCE = (Event("2020-01-01", "in force", CITE[0], "2019-12-01", "primary"),)
PAID = Leaf("act.paid", "is", ("true",))
LISTED = Some("party", Leaf("party.listing", "in", (), "bad"))
TODAY = "2026-01-01"


def rule(key: str, when, effect: str = "prohibited", **more) -> Rule:
    given = {"regime": "r1", "life": IN_FORCE, "seen": "primary", **more}
    licensable = given.pop("licensable", effect in ("licence_required", "approval_required"))
    effect = "" if given.get("defeats") else effect
    return Rule(
        key,
        "m",
        given.pop("regime"),
        T,
        when,
        CITE,
        given.pop("seen"),
        given.pop("life"),
        "f",
        1,
        effect,
        licensable=licensable,
        **given,
    )


def engine(*rules: Rule, rows: tuple[Row, ...] = (), complete=(), fed: Feed | None = None, **regime) -> Engine:
    base = {"zone": "America/New_York", "encoded_from": "", "encoded_to": "2030-01-01", "review": (), **regime}
    regimes = {
        key: Regime(
            key, "j", T, T, base["zone"], True, base["encoded_from"], base["encoded_to"], base["review"], T, (), "f"
        )
        for key in sorted({one.regime for one in rules})
    }
    book = Book(
        "1",
        "2030-01-01",
        vocabulary(),
        {"j": Jurisdiction("j", T, AnyOf((PAID, Not(PAID))), (), "f")},
        regimes,
        {
            "m": Measure(
                "m",
                "r1",
                T,
                T,
                "order",
                {"s": Source("s", "S", "https://s", "primary")},
                tuple(r.id for r in rules),
                "f",
            )
        },
        {one.id: one for one in rules},
        {"bad": Register("bad", "r1", T, "parties", complete, {"class": "text"}, {}, rows, "f", feed=fed)},
        "h",
    )
    return Engine(book)


def row(key: str = "e1", since: str = "2020-01-01", until: str = "", seen: str = "primary") -> Row:
    return Row(key, since, until, since, until, CITE[0], seen, {"class": "x", "name": "Evil Corp."})


def transaction(
    on: str = "2020-06-01",
    at: str = "",
    zone: str = "",
    parties=(),
    complete=("item", "party", "place"),
    licences=(),
    **act,
):
    facts = {"activity": Cell("rest"), **{f"act.{key}": Cell(value) for key, value in act.items()}}
    elements = tuple(
        Element(f"p{i}", "party", {f"party.{k}": Cell(v) for k, v in one.items()}) for i, one in enumerate(parties)
    )
    return Transaction("t", Act("" if at else on, at, zone), facts, (), elements, (), frozenset(complete), licences)


def found(engine_: Engine, transaction_: Transaction, **options):
    decision = engine_.decide(transaction_, Options(options.pop("known", TODAY), outlook=False, **options))
    return decision.floor, decision.ceiling


def same(word: str) -> tuple[str, str]:
    return word, word


NOTHING = "no_requirement_found"


class TestUnverified:
    """§4b.2: unverified law is never left out."""

    def test_an_unverified_rule_raises_the_ceiling(self):
        assert found(engine(rule("a", PAID, seen="unverified")), transaction(paid=True)) == (NOTHING, "prohibited")

    def test_an_unverified_exception_lowers_nothing(self):
        free = rule("x", PAID, defeats=("a",), relief="exempt", seen="unverified")
        assert found(engine(rule("a", PAID), free), transaction(paid=True)) == same("prohibited")

    def test_an_unverified_exception_of_an_exception_raises_the_ceiling(self):
        free = rule("x", PAID, defeats=("a",), relief="exempt")
        back = rule("y", PAID, defeats=("x",), relief="exempt", seen="unverified")
        assert found(engine(rule("a", PAID), free, back), transaction(paid=True)) == (NOTHING, "prohibited")

    @pytest.mark.parametrize("status", ["enjoined", "stayed", "suspended", "revoked", "expired"])
    def test_an_unverified_event_that_relieves_lowers_nothing(self, status):
        life = (*IN_FORCE, Event("2020-05-01", status, CITE[0], "2020-05-01", "unverified"))
        assert found(engine(rule("a", PAID, life=life)), transaction(paid=True)) == same("prohibited")

    def test_what_nobody_has_verified_after_a_sunset_is_open(self):
        life = (*IN_FORCE, Event("2020-05-01", "unverified after", CITE[0], "2020-05-01", "secondary"))
        assert found(engine(rule("a", PAID, life=life)), transaction(paid=True)) == (NOTHING, "prohibited")

    def test_an_unverified_row_does_not_relieve(self):
        free = rule("x", LISTED, defeats=("a",), relief="exempt")
        listed = {"listing": Entries(frozenset({"bad/e1"}))}
        whole = (("0001-01-01", ""),)
        open_ = engine(rule("a", PAID), free, rows=(row(seen="unverified"),), complete=whole)
        assert found(open_, transaction(paid=True, parties=[listed])) == same("prohibited")
        assert found(
            engine(rule("a", PAID), free, rows=(row(),), complete=whole), transaction(paid=True, parties=[listed])
        ) == same(NOTHING)


class TestOpenLists:
    """§4b.3: lists are open unless said to be complete."""

    some = Some("party", Leaf("party.who", "is", ("p",)))
    every = Every("party", Leaf("party.who", "is", ("p",)))

    def test_some_is_at_best_unknown(self):
        assert found(engine(rule("a", self.some)), transaction(complete=())) == (NOTHING, "prohibited")
        assert found(engine(rule("a", self.some)), transaction()) == same(NOTHING)

    def test_every_is_never_true(self):
        parties = [{"who": "p"}]
        assert found(engine(rule("a", self.every)), transaction(parties=parties, complete=())) == (
            NOTHING,
            "prohibited",
        )
        assert found(engine(rule("a", self.every)), transaction(parties=parties)) == same("prohibited")

    def test_a_missing_role_is_an_unknown_party(self):
        needs = msgspec.structs.replace(transaction(), act={"activity": Cell("do.a")})
        assert found(engine(rule("a", self.some)), needs) == (NOTHING, "prohibited")

    def test_not_applicable_makes_the_test_and_its_negation_false(self):
        for condition in (PAID, Not(PAID)):
            one = engine(rule("a", condition))
            assert found(one, transaction(paid=NOT_APPLICABLE)) == same(NOTHING)
        decision = one.decide(transaction(paid=NOT_APPLICABLE), Options(TODAY, outlook=False))
        assert decision.not_applicable == ("act.paid",)

    def test_unknown_is_not_false(self):
        assert found(engine(rule("a", PAID)), transaction(paid=UNKNOWN)) == (NOTHING, "prohibited")
        assert found(engine(rule("a", PAID)), transaction()) == (NOTHING, "prohibited")


class TestRegisters:
    """§4b.4 and §4b.5: absence, listings, screenings, candidates."""

    def on(self, entries: Entries | None, complete=(), name: str = "", **how):
        party = {"listing": entries} if entries is not None else {}
        party |= {"name": name} if name else {}
        one = engine(rule("a", LISTED, "licence_required"), rows=(row(), row("e2", "2020-07-01")), complete=complete)
        return found(one, transaction(parties=[party], **how))

    def test_absence_from_an_incomplete_register_is_unknown(self):
        assert self.on(Entries(frozenset())) == (NOTHING, "licence_required")
        assert self.on(Entries(frozenset()), complete=(("2020-01-01", ""),)) == same(NOTHING)

    def test_a_party_not_screened_is_unknown_even_against_a_complete_register(self):
        assert self.on(None, complete=(("2020-01-01", ""),)) == (NOTHING, "licence_required")

    def test_a_conclusion_that_nothing_else_matches_holds_and_is_shown(self):
        assert self.on(Entries(frozenset(), True)) == same(NOTHING)
        one = engine(rule("a", LISTED))
        decision = one.decide(
            transaction(parties=[{"listing": Entries(frozenset(), True)}]), Options(TODAY, outlook=False)
        )
        assert decision.conclusions == ("p0.party.listing: none other",)

    def test_a_screening_holds_for_its_lists_until_its_day(self):
        def screening(lists, as_of, expires=""):
            return Entries(frozenset(), Screening(lists, "v", as_of, "me", "", expires))

        assert self.on(screening(("bad",), "2020-06-01")) == same(NOTHING)
        assert self.on(screening(("bad",), "2020-05-31")) == (NOTHING, "licence_required")
        assert self.on(screening(("bad",), "2020-05-31", "2020-06-30")) == same(NOTHING)
        assert self.on(screening(("other",), "2020-06-01")) == (NOTHING, "licence_required")
        since = msgspec.structs.replace(screening(("bad",), "2020-06-30").none_other, begins="2020-06-01")
        assert self.on(Entries(frozenset(), since)) == same(NOTHING)
        assert self.on(Entries(frozenset(), since), on="2020-05-31") == (NOTHING, "licence_required")

    def test_an_equal_name_is_a_candidate_that_only_raises_the_ceiling(self):
        screened = Entries(frozenset(), Screening(("bad",), "v", "2020-06-01", "me"))
        assert self.on(screened, name="EVIL  corp") == (NOTHING, "licence_required")
        assert self.on(Entries(frozenset(), True), name="EVIL  corp") == same(NOTHING)
        assert self.on(Entries(frozenset({"bad/e1"}), True), name="EVIL  corp") == same("licence_required")

    def test_a_candidate_that_was_given_is_open_until_it_is_confirmed_or_dismissed(self):
        screened = Screening(("bad",), "v", "2020-06-01", "me")
        assert self.on(Entries(frozenset(), screened, frozenset({"bad/e1"}))) == (NOTHING, "licence_required")
        assert self.on(Entries(frozenset({"bad/e1"}), screened)) == same("licence_required")
        dismissed = Entries(frozenset(), screened, dismissed=frozenset({"bad/e1"}))
        assert self.on(dismissed, name="EVIL  corp") == same(NOTHING)
        later = msgspec.structs.replace(dismissed, none_other=Screening(("bad",), "v", "2020-07-01", "me"))
        july = self.on(later, name="EVIL  corp", on="2020-07-01")
        assert july == (NOTHING, "licence_required")  # e2 bears the name, too
        both = Entries(frozenset(), screened, dismissed=frozenset({"bad/e1", "bad/e2"}))
        assert self.on(
            msgspec.structs.replace(both, none_other=later.none_other), name="EVIL  corp", on="2020-07-01"
        ) == (same(NOTHING))

    def test_a_dismissal_is_no_screening(self):
        dismissed = Entries(frozenset(), dismissed=frozenset({"bad/e1", "bad/e2"}))
        assert self.on(dismissed, name="EVIL  corp") == (NOTHING, "licence_required")

    @pytest.mark.parametrize(
        ("on", "known", "says"),
        [
            ("2020-05-31", TODAY, same(NOTHING)),
            ("2020-06-01", TODAY, same("licence_required")),
            ("2020-06-01", "2020-05-14", same(NOTHING)),  # nobody could know of it
            ("2020-06-01", "2020-05-15", same("licence_required")),
            ("2020-08-31", TODAY, same("licence_required")),
            ("2020-09-01", TODAY, same(NOTHING)),
            ("2020-09-01", "2020-08-31", same("licence_required")),  # nobody could know that it would end
        ],
    )
    def test_an_entry_written_out_stands_on_its_days_as_known(self, on, known, says):
        written = ListedRow("bad/w", "2020-05-15", "2020-06-01", "2020-08-31")
        value = Entries(frozenset({"bad/w"}), True, rows=(written,))
        one = engine(rule("a", LISTED, "licence_required"), fed=Feed("bad"))
        assert found(one, transaction(on=on, parties=[{"listing": value}]), known=known) == says

    def test_an_entry_without_a_first_day_leaves_open_whether_it_stood(self):
        value = Entries(frozenset({"bad/w"}), True, rows=(ListedRow("bad/w", "2020-01-01"),))
        one = engine(rule("a", LISTED, "licence_required"), fed=Feed("bad"))
        assert found(one, transaction(parties=[{"listing": value}])) == (NOTHING, "licence_required")

    def test_a_column_that_is_not_written_out_is_open(self):
        of_class_x = Some("party", Leaf("party.listing", "in", (), "bad", (("class", ("x",)),)))
        one = engine(rule("a", of_class_x, "licence_required"), fed=Feed("bad"))
        for columns, says in ((("class", "x"), same("licence_required")), (("class", "y"), same(NOTHING))):
            value = Entries(
                frozenset({"bad/w"}), True, rows=(ListedRow("bad/w", "2020-01-01", "2020-01-01", "", (columns,)),)
            )
            assert found(one, transaction(parties=[{"listing": value}])) == says
        value = Entries(frozenset({"bad/w"}), True, rows=(ListedRow("bad/w", "2020-01-01", "2020-01-01"),))
        assert found(one, transaction(parties=[{"listing": value}])) == (NOTHING, "licence_required")

    @pytest.mark.parametrize("kind", ["entries", "candidates"])
    def test_a_list_whose_law_is_not_encoded_raises_the_ceiling_alone(self, kind):
        one = engine(rule("a", PAID, "conditions"), fed=Feed("bad", {}, "prohibited"))
        row = ListedRow("bad/w", "2020-01-01", "2020-06-01")
        value = Entries(**{"entries": frozenset(), kind: frozenset({"bad/w"})}, rows=(row,))
        assert found(one, transaction(paid=True, parties=[{"listing": value}])) == ("conditions", "prohibited")
        assert found(one, transaction(paid=False, parties=[{"listing": value}])) == (NOTHING, "prohibited")
        assert found(one, transaction(paid=True, on="2020-05-31", parties=[{"listing": value}])) == same("conditions")
        decision = one.decide(transaction(paid=True, parties=[{"listing": value}]), Options(TODAY))
        assert decision.verdict == "undetermined"
        assert [q.element for q in decision.questions if q.path == "party.listing"] == ["p0"] * (kind == "candidates")
        assert not decision.question_sets
        assert [step.on for step in decision.horizon][-1] == "2020-06-01"

    def test_a_change_of_choice_does_not_free_from_a_list_whose_law_is_not_encoded(self):
        one = engine(rule("a", PAID, "conditions"), fed=Feed("bad", {}, "licence_required"))
        row = ListedRow("bad/w", "2020-01-01", "2020-01-01")
        value = Entries(frozenset({"bad/w"}), rows=(row,))
        decision = one.decide(transaction(paid=True, parties=[{"listing": value}]), Options(TODAY))
        assert decision.counterfactuals == ()

    def test_only_a_fed_register_takes_entries_that_it_does_not_hold(self):
        value = Entries(frozenset({"bad/w"}), rows=(ListedRow("bad/w", "2020-01-01"),))
        with pytest.raises(InputErrors, match="no official list feeds 'bad'"):
            self.on(value)
        one = engine(rule("a", LISTED), rows=(row(),), fed=Feed("bad"))
        again = Entries(frozenset({"bad/e1"}), rows=(ListedRow("bad/e1", "2020-01-01"),))
        with pytest.raises(InputErrors, match="holds this entry"):
            found(one, transaction(parties=[{"listing": again}]))
        other = Entries(frozenset({"bad/w"}), rows=(ListedRow("bad/w", "2020-01-01", columns=(("colour", "red"),)),))
        with pytest.raises(InputErrors, match="no such column"):
            found(one, transaction(parties=[{"listing": other}]))

    def test_a_row_counts_on_its_days(self):
        assert self.on(Entries(frozenset({"bad/e2"}), True)) == same(NOTHING)
        assert self.on(Entries(frozenset({"bad/e2"}), True), on="2020-07-01") == same("licence_required")

    def test_an_entry_that_does_not_exist_is_refused(self):
        with pytest.raises(InputErrors, match="no such entry"):
            self.on(Entries(frozenset({"bad/e9"}), True))


class TestPresumptions:
    """§4b.6: only the law's own, voided by a red flag, not for claimants, off under strict."""

    used = Leaf("act.use", "is", ("true",))

    def test_presumed_shown_and_strict(self):
        one = engine(rule("a", self.used))
        assert found(one, transaction()) == same(NOTHING)
        assert one.decide(transaction(), Options(TODAY, outlook=False)).presumed[0].path == "act.use"
        assert found(one, transaction(), strict=True) == (NOTHING, "prohibited")

    def test_a_red_flag_voids_it(self):
        assert found(engine(rule("a", self.used)), transaction(flag=True)) == (NOTHING, "prohibited")

    def test_a_claimant_may_not_rest_on_it(self):
        free = rule("x", Leaf("act.use", "is", ("false",)), defeats=("a",), relief="exempt")
        claimed = msgspec.structs.replace(free, burden_claimant=True)
        assert found(engine(rule("a", PAID), free), transaction(paid=True)) == same(NOTHING)
        assert found(engine(rule("a", PAID), claimed), transaction(paid=True)) == same("prohibited")
        assert found(engine(rule("a", PAID), claimed), transaction(paid=True, use=False)) == same(NOTHING)


class TestTimeOfTheAct:
    """§4b.7: an instant, or a day with a place; each regime has its own clock."""

    life = (Event("2020-06-01", "in force", CITE[0], "2020-05-01", "primary", at="18:00"),)

    def test_a_day_that_straddles_a_change_is_both(self):
        one = engine(rule("a", PAID, life=self.life))
        assert found(one, transaction(paid=True)) == (NOTHING, "prohibited")
        asked = one.decide(transaction(paid=True), Options(TODAY)).questions
        assert asked[0].path == "act.at"
        assert found(one, transaction(on="2020-05-31", paid=True)) == same(NOTHING)
        assert found(one, transaction(on="2020-06-02", paid=True)) == same("prohibited")

    def test_an_instant_is_on_one_side(self):
        one = engine(rule("a", PAID, life=self.life))
        assert found(one, transaction(at="2020-06-01T17:59-04:00", paid=True)) == same(NOTHING)
        assert found(one, transaction(at="2020-06-01T18:00-04:00", paid=True)) == same("prohibited")

    def test_a_day_elsewhere_falls_on_two_days_here(self):
        life = (Event("2020-06-01", "in force", CITE[0], "2020-05-01", "primary"),)
        one = engine(rule("a", PAID, life=life))
        assert found(one, transaction(zone="Asia/Shanghai", paid=True)) == (NOTHING, "prohibited")
        assert found(one, transaction(on="2020-06-02", zone="Asia/Shanghai", paid=True)) == same("prohibited")
        assert found(one, transaction(on="2020-05-31", zone="Asia/Shanghai", paid=True)) == same(NOTHING)


class TestConflicts:
    """§4b.8: what one regime requires and another forbids or gates."""

    @pytest.mark.parametrize(("how", "kind"), [("forbids", "blocking"), ("gates", "sequencing")])
    def test_required_and_barred(self, how, kind):
        duty = rule("a", PAID, "duty_to_act", requires=("do.a",))
        bar = rule("b", PAID, "licence_required", regime="r2", **{how: ("do",)})
        conflicts = engine(duty, bar).decide(transaction(paid=True), Options(TODAY, outlook=False)).conflicts
        assert [(c.kind, c.required_by, c.barred_by, c.certain) for c in conflicts] == [(kind, "a", "b", True)]
        assert all(one.ref for one in conflicts[0].cite)

    def test_not_within_one_regime_and_not_when_dormant(self):
        duty = rule("a", PAID, "duty_to_act", requires=("do.a",))
        for bar in (
            rule("b", PAID, "licence_required", gates=("do",)),
            rule(
                "b",
                PAID,
                "licence_required",
                regime="r2",
                gates=("do",),
                life=(Event("2021-01-01", *("in force", CITE[0], "2019-12-01", "primary")),),
            ),
        ):
            assert not engine(duty, bar).decide(transaction(paid=True), Options(TODAY, outlook=False)).conflicts


class TestLicences:
    """§4b.9: a licence turns the rules it names into authorised, never another regime's."""

    held = Licence("L1", "issuer", ("a",), (), (), "2020-01-01", "2020-12-31")

    def test_held(self):
        one = engine(rule("a", PAID, "licence_required"))
        assert found(one, transaction(paid=True, licences=(self.held,))) == same("authorised")
        assert found(one, transaction(on="2021-01-01", paid=True, licences=(self.held,))) == same("licence_required")

    def test_never_another_regimes(self):
        one = engine(rule("a", PAID, "licence_required"), rule("b", PAID, "licence_required", regime="r2"))
        assert found(one, transaction(paid=True, licences=(self.held,))) == same("licence_required")

    def test_several_or_bounded_make_conditions(self):
        one = engine(rule("a", PAID, "licence_required"), rule("b", PAID, "licence_required"))
        other = msgspec.structs.replace(self.held, id="L2", rules=("b",))
        assert found(one, transaction(paid=True, licences=(self.held, other))) == same("conditions")
        bounded = msgspec.structs.replace(self.held, amount="100 units")
        assert found(engine(rule("a", PAID, "licence_required")), transaction(paid=True, licences=(bounded,))) == same(
            "conditions"
        )

    def test_a_prohibition_is_not_licensed_away(self):
        assert found(engine(rule("a", PAID)), transaction(paid=True, licences=(self.held,))) == same("prohibited")
        assert found(engine(rule("a", PAID, licensable=True)), transaction(paid=True, licences=(self.held,))) == same(
            "authorised"
        )


class TestExactness:
    """§4b.10: what every completion settles is settled; what cannot be tried is marked."""

    def test_excluded_middle(self):
        one = engine(rule("a", PAID, "licence_required"), rule("b", Not(PAID), "licence_required"))
        assert found(one, transaction(paid=True)) == same("licence_required")
        assert found(
            one, msgspec.structs.replace(transaction(), act={"activity": Cell("rest"), "act.paid": Cell(UNKNOWN)})
        ) == (
            NOTHING,
            "licence_required",
        )  # not applicable is a value of this fact, and makes both false

    def test_excluded_middle_where_it_always_applies(self):
        flag = Leaf("act.flag", "is", ("true",))
        one = engine(rule("a", flag, "licence_required"), rule("b", Not(flag), "licence_required"))
        assert found(one, transaction()) == same("licence_required")

    def test_over_the_cap_the_range_is_marked(self, monkeypatch):
        monkeypatch.setattr("exeat.decide.complete.MAX_TRIALS", 1)
        flag = Leaf("act.flag", "is", ("true",))
        one = engine(rule("a", flag, "licence_required"), rule("b", Not(flag), "licence_required"))
        decision = one.decide(transaction(), Options(TODAY, outlook=False))
        assert (decision.floor, decision.ceiling, decision.exact) == (NOTHING, "licence_required", False)

    @pytest.mark.parametrize("cap", ["MAX_SETS", "MAX_OPEN_TESTS", "MAX_FINER"])
    def test_no_cap_narrows_the_answer(self, monkeypatch, cap):
        monkeypatch.setattr(f"exeat.decide.complete.{cap}", 0)
        both = rule(
            "a", Some("party", All((Leaf("party.role", "is", ("buyer",)), Leaf("party.role", "is", ("agent",)))))
        )
        listed = rule("b", LISTED, "licence_required")
        one = engine(both, listed, rows=(row(),))
        for parties in ([{}], [{"role": frozenset({"any"})}]):
            floor, ceiling = found(one, transaction(parties=parties))
            assert (floor, ceiling) == (NOTHING, "prohibited"), cap


class TestLayers:
    """§4b.11: one layer of the law, watermarked, never exit 0."""

    life = (*IN_FORCE, Event("2020-02-01", "enjoined", CITE[0], "2020-02-01", "primary", layer="courts", id="order"))

    @pytest.mark.parametrize("without", ["courts", "order"])
    def test_without(self, without):
        one = engine(rule("a", PAID, life=self.life))
        assert found(one, transaction(paid=True)) == same(NOTHING)
        assert found(one, transaction(paid=True), without=(without,)) == same("prohibited")

    def test_hypothetical_never_clears_and_enters_the_hash(self):
        one = engine(rule("a", PAID, life=self.life))
        plain = one.decide(transaction(paid=False), Options(TODAY, outlook=False))
        layer = one.decide(transaction(paid=False), Options(TODAY, without=("courts",), outlook=False))
        assert plain.exit_code == 0
        assert layer.exit_code == 21
        assert layer.hypothetical
        assert layer.hash != plain.hash

    def test_only(self):
        one = engine(rule("a", PAID), rule("b", PAID, "licence_required", regime="r2"))
        assert found(one, transaction(paid=True), only=("r2",)) == same("licence_required")


class TestFreshness:
    """§4b.12: after the day of encoding, before the first record."""

    def test_a_review_that_has_come_leaves_the_regime_open(self):
        review = (Review("2020-05-01", T),)
        one = engine(rule("a", PAID), encoded_to="2020-04-01", review=review)
        assert found(one, transaction(paid=False)) == (NOTHING, "prohibited")
        assert found(one, transaction(paid=True)) == (NOTHING, "prohibited")
        assert found(one, transaction(on="2020-03-01", paid=False)) == same(NOTHING)

    def test_without_a_review_it_only_warns(self):
        one = engine(rule("a", PAID), encoded_to="2020-04-01")
        decision = one.decide(transaction(paid=False), Options(TODAY, outlook=False))
        assert (decision.floor, decision.ceiling) == same(NOTHING)
        assert decision.warnings

    def test_before_the_first_record_nothing_is_covered(self):
        decision = engine(rule("a", PAID)).decide(transaction(paid=True), Options("2019-11-30", outlook=False))
        assert {regime.verdict for regime in decision.regimes if regime.id == "r1"} == {"out_of_coverage"}
        assert decision.exit_code == 21

    def test_before_the_law_that_is_encoded(self):
        one = engine(rule("a", PAID), encoded_from="2020-03-01")
        decision = one.decide(transaction(on="2020-02-01", paid=False), Options(TODAY, outlook=False))
        assert decision.exit_code == 21


class TestBurden:
    def test_not_knowing_does_not_free(self):
        free = rule("x", Leaf("act.flag", "is", ("true",)), defeats=("a",), relief="authorised", burden_claimant=True)
        one = engine(rule("a", PAID, "licence_required"), free)
        assert found(one, transaction(paid=True)) == same("licence_required")
        assert found(one, transaction(paid=True, flag=True)) == same("authorised")
        assert found(one, transaction(paid=True, flag=False)) == same("licence_required")

    def test_an_undecided_exception_makes_the_result_undecided(self):
        free = rule("x", Leaf("act.flag", "is", ("true",)), defeats=("a",), relief="authorised")
        assert found(engine(rule("a", PAID, "licence_required"), free), transaction(paid=True)) == (
            "authorised",
            "licence_required",
        )

    def test_two_exceptions_at_once_are_harmless(self):
        free = [
            rule(key, PAID, defeats=("a",), relief=relief) for key, relief in (("x", "authorised"), ("y", "exempt"))
        ]
        assert found(engine(rule("a", All((PAID,)), "licence_required"), *free), transaction(paid=True)) == same(
            NOTHING
        )
