"""What a screening found, as facts of a transaction: candidates, what was searched and what was not."""

from __future__ import annotations

import pytest

from exeat.decide.engine import Engine, Options
from exeat.errors import InputErrors
from exeat.rulebook.load import load_book
from exeat.screen.facts import Covered, Said, covered, listing_document, listing_of, query_of, with_screening
from exeat.screen.model import Hit, Listing, ListVersion, Name, Party, Query, Reason, Screened
from exeat.vocabulary.model import Entries, Screening
from exeat.vocabulary.reader import read_text
from exeat.vocabulary.transaction import read_transaction

BOOK = load_book()
ENGINE = Engine(BOOK)
KNOWN = "2026-11-24"


DEAL = """
transaction: 1
act: {on: %s}
activity: software.export
complete: true
items: [{id: tool, kind: software, subject_to_ear: "true", direct_product_of: not applicable}]
parties:
  - {id: vendor, role: exporter, country: US, listing: {entries: [], none other: true}}
  - {id: buyer, role: [consignee, end-user], country: CN, name: %s}
places: [{role: from, is: US}, {role: to, is: CN}]
"""


def deal(on: str = "2026-08-03", name: str = "Night Heron Imaging"):
    text = DEAL % (on, name)
    return read_transaction(read_text(text, "deal.yaml"), BOOK.vocabulary, "deal.yaml")


def version(name: str, as_of: str = "2026-08-01", known: str = "") -> ListVersion:
    return ListVersion(name, as_of, known or as_of, "f" * 64, f"{name}-content", 1)


def listed(
    list_id: str = "us.entity-list", name: str = "Night Heron Imaging Co., Ltd.", since: str = "2025-03-01", **more: str
) -> Party:
    listing = Listing(list_id, "el-77", since=since, **more)
    return Party(f"{list_id}/el-77", "organisation", (Name(name),), listing, ("CN",))


def screened(*parties: Party, lists: tuple[str, ...] = ("us.entity-list", "us.dpl", "us.sdn"), **more) -> Screened:
    hits = tuple(Hit(p, 0.9, (Reason("name", 0.9),), p.names[0].text, "Night Heron Imaging") for p in parties)
    return Screened(
        Query(("Night Heron Imaging",), id="buyer"), hits, tuple(version(one) for one in lists),
        "2026-08-03", KNOWN, 0.7, "exeat test", **more,
    )  # fmt: skip


LISTS = tuple(
    covered(
        [version(one) for one in ("us.entity-list", "us.dpl", "us.sdn")],
        {"us.entity-list": 14, "us.dpl": 14, "us.sdn": 7},
        KNOWN,
    )
)
SAID = Said(LISTS)
ALL_ITEMS = {
    "requirement": "For all items subject to the EAR. (See § 744.11 of the EAR)",
    "policy": "Presumption of denial",
}


def decided(found: Screened, on: str = "2026-08-03", state: str = "open", lists=LISTS):
    told = with_screening(deal(on), {"buyer": found}, Said(lists, lambda query, hit: state), BOOK)
    return ENGINE.decide(told, Options(KNOWN, outlook=False))


def us(decision, regime: str = "us.ear.entity-list"):
    return next((one.floor, one.ceiling) for one in decision.regimes if one.id == regime)


class TestListing:
    def test_an_open_hit_raises_the_ceiling_and_is_shown(self):
        decision = decided(screened(listed(**ALL_ITEMS)))
        assert us(decision) == ("no_requirement_found", "licence_required")
        assert [(one.element, one.entry, one.by) for one in decision.candidates] == [
            ("buyer", "us.ear.entity-list/el-77", "screening")
        ]
        assert decision.verdict == "undetermined"
        assert decision.exit_code == 20

    def test_a_confirmed_hit_decides_by_what_the_list_says(self):
        decision = decided(screened(listed(**ALL_ITEMS)), state="confirmed")
        assert us(decision) == ("licence_required", "licence_required")
        assert any(f.rule == "us.ear.entity-list.policy-denial" and f.result == "applies" for f in decision.findings)

    def test_a_requirement_that_was_not_understood_stays_open(self):
        for requirement in (
            "For items on the CCL and listed in supplement no. 7 to part 746 of the EAR",
            "For all items subject to the EAR (See § 744.11 of the EAR), except for EAR99-designated technology",
            "For all items subject to the EAR when used in projects specified in § 746.8(a)(4) of the EAR",
        ):
            less = listed(requirement=requirement)
            assert us(decided(screened(less), state="confirmed")) == ("no_requirement_found", "licence_required")

    def test_a_dismissed_hit_frees_where_the_rest_was_screened(self):
        decision = decided(screened(listed(**ALL_ITEMS)), state="dismissed")
        assert us(decision)[0] == "no_requirement_found"
        assert decision.candidates == ()
        assert [one.entry for one in decision.dismissed] == ["us.ear.entity-list/el-77"]

    def test_the_days_of_the_entry_count(self):
        early = listed(since="2026-08-04", **ALL_ITEMS)
        assert us(decided(screened(early), state="confirmed"), "us.ear.entity-list")[0] == "no_requirement_found"

    @pytest.mark.parametrize(
        ("on", "says"),
        [
            ("2026-08-03", ("licence_required", "licence_required")),
            ("2026-08-01", ("licence_required", "licence_required")),
            ("2026-07-31", ("no_requirement_found", "licence_required")),  # it may have been listed already
        ],
    )
    def test_without_a_first_day_the_entry_is_certain_from_the_version_that_shows_it(self, on, says):
        said = Said(LISTS, lambda query, hit: "confirmed", lambda party: version("us.entity-list"))
        told = with_screening(deal(on), {"buyer": screened(listed(since="", **ALL_ITEMS))}, said, BOOK)
        assert us(ENGINE.decide(told, Options(KNOWN, outlook=False))) == says

    def test_the_law_s_own_row_is_taken_where_it_bears_the_name(self):
        party = listed(name="NSO Group", since="2021-11-04", **ALL_ITEMS)
        found = listing_of(screened(party), SAID, BOOK, Entries(frozenset()))
        assert found.candidates == {"us.ear.entity-list/nso-group"}
        assert found.rows == ()

    def test_a_list_whose_law_is_not_encoded(self):
        decision = decided(screened(listed("us.sdn")))
        assert us(decision, "us.lists") == ("no_requirement_found", "prohibited")
        assert [one.register for one in decision.listed] == ["us.sdn"]

    def test_a_hit_on_a_list_that_nothing_takes_is_refused(self):
        with pytest.raises(InputErrors, match="would be lost"):
            decided(screened(listed("xx.unheard-of")))


class TestWhatWasSearched:
    def found(self, *parties: Party, on: str = "2026-08-03", lists=LISTS, **more):
        told = with_screening(deal(on), {"buyer": screened(*parties, **more)}, Said(lists), BOOK)
        return told.parties[1].facts["party.listing"].value

    def test_it_names_its_lists_and_their_days(self):
        none_other = self.found().none_other
        assert isinstance(none_other, Screening)
        assert none_other.lists == ("us.ear.denied-persons", "us.ear.entity-list", "us.sdn")
        assert (none_other.begins, none_other.as_of, none_other.expires) == ("2026-08-01", "2026-08-01", "2026-08-08")
        assert "us.sdn@2026-08-01" in none_other.version

    def test_no_hit_on_screened_lists_lowers_the_ceiling(self):
        assert us(decided(screened())) == ("no_requirement_found", "no_requirement_found")

    @pytest.mark.parametrize("on", ["2026-07-31", "2026-08-09"])
    def test_a_day_that_the_lists_do_not_reach_is_not_screened(self, on):
        none_other = self.found(on=on).none_other
        lists = none_other.lists if isinstance(none_other, Screening) else ()
        assert "us.sdn" not in lists
        if on < "2026-08-01":
            assert none_other is None

    def test_a_list_that_was_not_loaded_is_not_screened(self):
        none_other = self.found(not_screened=("us.entity-list",)).none_other
        assert none_other.lists == ("us.ear.denied-persons", "us.sdn")
        decision = decided(screened(not_screened=("us.entity-list",)))
        assert us(decision)[1] == "licence_required"

    def test_a_version_that_nobody_could_know_yet_does_not_count(self):
        versions = [version("us.sdn", "2026-08-01", "2026-08-05"), version("us.sdn", "2026-06-01")]
        assert covered(versions, {"us.sdn": 7}, "2026-08-04") == [
            Covered("us.sdn", "2026-06-01", "2026-06-01", "2026-06-08", "us.sdn-content")
        ]

    def test_a_conclusion_of_the_caller_stands_unless_a_hit_speaks_against_it(self):
        concluded = Entries(frozenset(), True)
        assert listing_of(screened(), SAID, BOOK, concluded).none_other is True
        found = listing_of(screened(listed(**ALL_ITEMS)), SAID, BOOK, concluded)
        assert found.candidates == {"us.ear.entity-list/el-77"}
        assert isinstance(found.none_other, Screening)

    def test_what_the_transaction_confirms_or_dismisses_is_no_candidate(self):
        for kind in ("entries", "dismissed"):
            stated = Entries(**{"entries": frozenset(), kind: frozenset({"us.ear.entity-list/el-77"})})
            found = listing_of(screened(listed(**ALL_ITEMS)), SAID, BOOK, stated)
            assert getattr(found, kind) == {"us.ear.entity-list/el-77"}
            assert found.candidates == frozenset()

    def test_only_a_name_makes_a_query(self):
        assert query_of(deal().parties[0]) is None
        assert query_of(deal().parties[1]) == Query(("Night Heron Imaging",))
        known = deal(name="Night Heron Imaging, reference: C-1")
        assert query_of(known.parties[1]) == Query(("Night Heron Imaging",), id="C-1")


def test_screened_facts_survive_the_document():
    """What is written into a transaction is read back as the same facts."""
    found = listing_of(screened(listed(**ALL_ITEMS), listed("us.sdn")), SAID, BOOK, Entries(frozenset()))
    text = DEAL % ("2026-08-03", "Night Heron Imaging")
    text = text.replace(
        "name: Night Heron Imaging}", f"name: Night Heron Imaging, listing: {listing_document(found)}}}"
    )
    again = read_transaction(read_text(text, "deal.yaml"), BOOK.vocabulary, "deal.yaml")
    assert again.parties[1].facts["party.listing"].value == found
