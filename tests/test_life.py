"""The life of a rule on two clocks: what it means on a day, as known on a day (design §4b.1, §4b.2)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exeat.decide.engine import Engine, Options
from exeat.rulebook.life import ACTIVE, OPEN, moments_of_rule, paint, row_stands, standing
from exeat.rulebook.load import load_book
from exeat.rulebook.model import STATUSES, Citation, Event, Row, Rule
from exeat.vocabulary.reader import read_text
from exeat.vocabulary.transaction import read_transaction

BASE = Path(__file__).parent / "base_law"
LATE = "9999-12-31"

MEASURE = """\
measure: tried.order
regime: base.control
title: {{en: a, zh: 甲}}
authority: {{en: a, zh: 甲}}
kind: order
sources:
  text: {{ref: a, url: "https://example.org/a", seen: primary}}
  rumour: {{ref: b, seen: unverified}}
rules:
  - id: tried.order.1
    title: {{en: a, zh: 甲}}
    when: {{item.kind: book}}
    effect: prohibited
    seen: {seen}
    cite: text
    life: [{life}]
"""
RELIEF = """\
  - id: tried.order.relief
    title: {{en: a, zh: 甲}}
    when: {{act.paid: "false"}}
    defeats: tried.order.1
    relief: exempt
    seen: {seen}
    cite: text
    life: [{relief}]
"""
ALWAYS = "{from: 2000-01-01, status: in force, by: text, recorded: 2000-01-01}"


@pytest.fixture
def law(tmp_path):
    """The tiny law with one rule of a given life, and an exception to it of another."""

    def make(life: str, relief: str = "", seen: str = "primary", relief_seen: str = "primary"):
        text = MEASURE.format(seen=seen, life=life)
        text += RELIEF.format(seen=relief_seen, relief=relief) if relief else ""
        (tmp_path / "tried.yaml").write_text(text, encoding="utf-8")
        return load_book([BASE, tmp_path])

    return make


def told(rule: Rule, moment: str, known: str = LATE, without=()) -> str:
    return standing(rule, False, moment if "T" in moment else f"{moment}T12:00", known, without).status


# --- painting


THREE = """
  {from: 2020-09-20, status: in force, by: text, recorded: 2020-09-18},
  {from: 2020-09-20, status: enjoined, by: text, recorded: 2020-09-25, id: injunction},
  {from: 2021-06-09, status: revoked, by: text, recorded: 2021-06-01}"""


@pytest.mark.parametrize(
    ("day", "known", "status"),
    [
        ("2020-09-19", LATE, "not yet in force"),
        ("2020-09-20", "2020-09-17", "not yet in force"),  # nobody knew of it yet
        ("2020-09-20", "2020-09-18", "in force"),  # announced for a day to come
        ("2020-09-20", "2020-09-24", "in force"),
        ("2020-09-20", "2020-09-25", "enjoined"),  # with effect for the past
        ("2020-09-20", LATE, "enjoined"),
        ("2021-06-08", LATE, "enjoined"),
        ("2021-06-09", "2021-05-31", "enjoined"),  # the revocation was not yet known
        ("2021-06-09", "2021-06-01", "revoked"),
        ("2099-01-01", LATE, "revoked"),
    ],
)
def test_both_clocks(law, day, known, status):
    assert told(law(THREE).rules["tried.order.1"], day, known) == status


def test_the_last_event_recorded_wins_and_position_breaks_ties(law):
    life = """{from: 2020-01-01, status: in force, by: text, recorded: 2020-01-01},
      {from: 2020-06-01, status: revoked, by: text, recorded: 2020-03-01},
      {from: 2020-03-01, status: stayed, by: text, recorded: 2020-03-01}"""
    rule = law(life).rules["tried.order.1"]
    assert [told(rule, f"2020-0{month}-01") for month in (1, 3, 6)] == ["in force", "stayed", "stayed"]


def test_until_paints_its_last_day_and_no_more(law):
    life = """{from: 2020-01-01, status: in force, by: text, recorded: 2020-01-01},
      {from: 2020-03-01, until: 2020-03-31, status: suspended, by: text, recorded: 2020-02-01}"""
    rule = law(life).rules["tried.order.1"]
    found = [
        told(rule, moment) for moment in ("2020-02-29", "2020-03-01T00:00", "2020-03-31T23:59", "2020-04-01T00:00")
    ]
    assert found == ["in force", "suspended", "suspended", "in force"]
    assert moments_of_rule(rule) == {"2020-01-01T00:00", "2020-03-01T00:00", "2020-04-01T00:00"}


def test_until_with_nothing_beneath(law):
    rule = law("{from: 2020-03-01, until: 2020-03-01, status: in force, by: text, recorded: 2020-01-01}").rules[
        "tried.order.1"
    ]
    assert [told(rule, day) for day in ("2020-02-29", "2020-03-01", "2020-03-02")] == [
        "not yet in force",
        "in force",
        "not yet in force",
    ]


def test_at_begins_at_its_minute(law):
    life = '{from: 2020-09-27, at: "23:59", status: in force, by: text, recorded: 2020-09-19}'
    rule = law(life).rules["tried.order.1"]
    assert [told(rule, f"2020-09-27T{clock}") for clock in ("00:00", "23:58", "23:59")] == [
        "not yet in force",
        "not yet in force",
        "in force",
    ]


def test_an_event_recorded_before_it_begins_and_after(law):
    """Announced is a `from` to come; retroactive is a `from` before `recorded`."""
    life = """{from: 2020-01-01, status: announced, by: text, recorded: 2020-01-01},
      {from: 2020-02-01, status: in force, by: text, recorded: 2020-01-01},
      {from: 2020-01-15, status: in force, by: text, recorded: 2020-03-01}"""
    rule = law(life).rules["tried.order.1"]
    assert told(rule, "2020-01-20", "2020-02-29") == "announced"
    assert told(rule, "2020-01-20", "2020-03-01") == "in force"


@pytest.mark.parametrize("status", STATUSES)
def test_what_each_status_means(law, status):
    life = ALWAYS + f", {{from: 2020-01-01, status: {status}, by: text, recorded: 2020-01-01}}"
    rule = law(life).rules["tried.order.1"]
    found = standing(rule, False, "2020-01-01T00:00", LATE)
    assert found.status == status
    assert found.surely == (status in ("in force", "not enforced"))
    assert found.possibly == (status in ("in force", "not enforced", "unverified after"))


@pytest.mark.parametrize("relieves", [False, True])
def test_unverified_after_shows_both_outcomes(law, relieves):
    life = ALWAYS + ", {from: 2020-01-01, status: unverified after, by: text, recorded: 2020-01-01}"
    found = standing(law(life).rules["tried.order.1"], relieves, "2020-06-01T00:00", LATE)
    assert (found.surely, found.possibly) == (False, True)


# --- leaving out


def test_without_an_event_a_layer_and_both(law):
    life = (
        ALWAYS
        + """,
      {from: 2020-01-01, status: suspended, by: text, recorded: 2020-01-01, id: pause},
      {from: 2020-02-01, status: enjoined, by: text, recorded: 2020-02-01, id: injunction}"""
    )
    rule = law(life).rules["tried.order.1"]
    assert told(rule, "2020-03-01") == "enjoined"
    assert told(rule, "2020-03-01", without=["courts"]) == "suspended"
    assert told(rule, "2020-03-01", without=["injunction"]) == "suspended"
    assert told(rule, "2020-03-01", without=["suspensions"]) == "enjoined"
    assert told(rule, "2020-03-01", without=["courts", "suspensions"]) == "in force"
    assert told(rule, "2020-03-01", without=["pause", "injunction"]) == "in force"
    assert told(rule, "2020-03-01", without=["no-such-event"]) == "enjoined"


@pytest.mark.parametrize(
    ("status", "layer"),
    [
        ("enjoined", "courts"), ("stayed", "courts"), ("void", "courts"),
        ("suspended", "suspensions"), ("deferred", "suspensions"), ("not enforced", "suspensions"),
        ("revoked", ""), ("expired", ""), ("superseded", ""), ("announced", ""), ("in force", ""),
        ("unverified after", ""),
    ],
)  # fmt: skip
def test_the_layer_of_an_event_that_names_none(law, status, layer):
    book = law(ALWAYS + f", {{from: 2020-01-01, status: {status}, by: text, recorded: 2020-01-01}}")
    assert book.rules["tried.order.1"].life[1].layer == layer


def test_an_event_may_name_its_layer(law):
    life = ALWAYS + ", {from: 2020-01-01, status: revoked, by: text, recorded: 2020-01-01, layer: courts}"
    assert told(law(life).rules["tried.order.1"], "2020-02-01", without=["courts"]) == "in force"


# --- unverified law (§4b.2): it may raise the ceiling; it never lowers the floor

RUMOUR = ", {from: 2021-01-01, status: %s, by: rumour, recorded: 2021-01-01}"
PAST, NOW = "2020-06-01T12:00", "2021-06-01T12:00"


def sides(rule: Rule, relieves: bool, moment: str) -> tuple[bool, bool]:
    found = standing(rule, relieves, moment, LATE)
    return found.surely, found.possibly


def test_unverified_beginning_of_a_restriction_raises_the_ceiling(law):
    rule = law("{from: 2021-01-01, status: in force, by: rumour, recorded: 2021-01-01}").rules["tried.order.1"]
    assert (sides(rule, False, PAST), sides(rule, False, NOW)) == ((False, False), (False, True))


@pytest.mark.parametrize("status", ["revoked", "expired", "enjoined", "suspended", "stayed", "void", "superseded"])
def test_unverified_end_of_a_restriction_does_not_lower_the_floor(law, status):
    rule = law(ALWAYS + RUMOUR % status).rules["tried.order.1"]
    assert (sides(rule, False, PAST), sides(rule, False, NOW)) == ((True, True), (True, True))
    assert told(rule, NOW) == status  # but it is shown


def test_unverified_return_of_a_revoked_restriction_raises_the_ceiling(law):
    life = ALWAYS + ", {from: 2020-07-01, status: revoked, by: text, recorded: 2020-07-01}" + RUMOUR % "in force"
    rule = law(life).rules["tried.order.1"]
    assert (sides(rule, False, "2020-08-01T00:00"), sides(rule, False, NOW)) == ((False, False), (False, True))


def test_unverified_beginning_of_a_relief_lowers_nothing(law):
    rule = law(ALWAYS, "{from: 2021-01-01, status: in force, by: rumour, recorded: 2021-01-01}").rules[
        "tried.order.relief"
    ]
    assert sides(rule, True, NOW) == (False, False)


@pytest.mark.parametrize("status", ["revoked", "expired", "suspended"])
def test_unverified_end_of_a_relief_raises_the_ceiling(law, status):
    rule = law(ALWAYS, ALWAYS + RUMOUR % status).rules["tried.order.relief"]
    assert (sides(rule, True, PAST), sides(rule, True, NOW)) == ((True, True), (False, True))


def test_an_unverified_rule_and_an_unverified_relief(law):
    book = law(ALWAYS, ALWAYS, "unverified", "unverified")
    assert sides(book.rules["tried.order.1"], False, NOW) == (False, True)
    assert sides(book.rules["tried.order.relief"], True, NOW) == (False, False)


DOCUMENT = """
act: {on: 2021-06-01, zone: America/New_York, paid: false}
activity: sell
complete: true
items: [{kind: book}]
parties: [{role: sender}]
places: [{role: to, is: IT}]
"""


def ruled(book, known: str = "2026-11-22", without=()) -> tuple[str, str]:
    engine = Engine(book)
    transaction = read_transaction(read_text(DOCUMENT, "x.yaml"), book.vocabulary, "x.yaml")
    decision = engine.decide(transaction, Options(known, only=("base.control",), without=tuple(without), outlook=False))
    view = next(regime for regime in decision.regimes if regime.id == "base.control")
    return view.floor, view.ceiling


FREE, BARRED = "no_requirement_found", "prohibited"
BEGUN = "{from: 2020-01-01, status: in force, by: rumour, recorded: 2020-01-01}"


@pytest.mark.parametrize(
    ("life", "relief", "seen", "relief_seen", "floor", "ceiling"),
    [
        (ALWAYS, "", "primary", "primary", BARRED, BARRED),
        (BEGUN, "", "primary", "primary", FREE, BARRED),
        (ALWAYS, "", "unverified", "primary", FREE, BARRED),
        (ALWAYS + RUMOUR % "revoked", "", "primary", "primary", BARRED, BARRED),
        (ALWAYS, ALWAYS, "primary", "primary", FREE, FREE),
        (ALWAYS, ALWAYS, "primary", "unverified", BARRED, BARRED),
        (ALWAYS, BEGUN, "primary", "primary", BARRED, BARRED),
        (ALWAYS, ALWAYS + RUMOUR % "revoked", "primary", "primary", FREE, BARRED),
        (ALWAYS + RUMOUR % "unverified after", "", "primary", "primary", BARRED, BARRED),
        (ALWAYS + (RUMOUR % "unverified after").replace("rumour", "text"), "", "primary", "primary", FREE, BARRED),
    ],
)
def test_unverified_law_in_a_decision(law, life, relief, seen, relief_seen, floor, ceiling):
    assert ruled(law(life, relief, seen, relief_seen)) == (floor, ceiling)


def test_without_in_a_decision(law):
    book = law(ALWAYS + ", {from: 2020-02-01, status: enjoined, by: text, recorded: 2020-02-01, id: injunction}")
    assert ruled(book) == (FREE, FREE)
    assert ruled(book, without=["courts"]) == (BARRED, BARRED)
    assert ruled(book, without=["injunction"]) == (BARRED, BARRED)
    assert ruled(book, without=["suspensions"]) == (FREE, FREE)


def test_without_a_relief_by_its_id(law):
    book = law(ALWAYS, ALWAYS)
    assert ruled(book, without=["tried.order.relief"]) == (BARRED, BARRED)


def test_knowledge_in_a_decision(law):
    book = law(ALWAYS + ", {from: 2020-02-01, status: revoked, by: text, recorded: 2021-07-01}")
    assert ruled(book, "2021-06-30") == (BARRED, BARRED)
    assert ruled(book, "2021-07-01") == (FREE, FREE)


# --- rows of registers


def row(until: str = "", until_recorded: str = "") -> Row:
    return Row("a", "2020-03-01", until, "2020-02-01", until_recorded, Citation("text"), "primary", {})


@pytest.mark.parametrize(
    ("one", "day", "known", "stands"),
    [
        (row(), "2020-02-29", LATE, False),
        (row(), "2020-03-01", LATE, True),
        (row(), "2020-03-01", "2020-01-31", False),
        (row(), "2020-03-01", "2020-02-01", True),
        (row("2020-05-31", "2020-05-01"), "2020-05-31", LATE, True),
        (row("2020-05-31", "2020-05-01"), "2020-06-01", LATE, False),
        (row("2020-05-31", "2020-05-01"), "2020-06-01", "2020-04-30", True),  # its end was not yet published
        (row("2020-05-31", "2020-05-01"), "2020-06-01", "2020-05-01", False),
    ],
)
def test_row_stands(one, day, known, stands):
    assert row_stands(one, day, known) is stands


# --- against a plain reading of §4b.1

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2020, 1, 20)).map(dt.date.isoformat)


@st.composite
def lives(draw):
    recorded = sorted(draw(st.lists(DAYS, min_size=1, max_size=6)))
    events = []
    for day in recorded:
        since = draw(DAYS)
        until = draw(st.one_of(st.just(""), DAYS.filter(lambda d, since=since: d >= since)))
        layer = draw(st.sampled_from(["", "courts", "suspensions"]))
        events.append(
            Event(since, draw(st.sampled_from(STATUSES)), Citation("text"), day, "primary", until, layer=layer)
        )
    return events


@settings(max_examples=300, deadline=None)
@given(lives(), DAYS, DAYS, st.sampled_from([(), ("courts",), ("courts", "suspensions")]))
def test_painting_is_the_last_covering_event(events, day, known, without):
    covering = [
        event
        for event in events
        if event.recorded <= known
        and event.since <= day
        and (not event.until or day <= event.until)
        and event.layer not in without
    ]
    assert paint(events, f"{day}T12:00", known, without) == (covering[-1] if covering else None)
    assert OPEN not in ACTIVE
