"""When an act is done: instants and days, on each regime's own clock (design §4b.7)."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exeat.decide.engine import Engine, Options
from exeat.decide.moment import Calendar, local_span
from exeat.rulebook.load import load_book
from exeat.vocabulary.reader import read_text
from exeat.vocabulary.transaction import Act, read_transaction

BASE = Path(__file__).parent / "base_law"
NEW_YORK, BEIJING, LONDON = "America/New_York", "Asia/Shanghai", "Europe/London"

# As with TikTok's paragraph 1: in force, deferred to a minute before midnight, then enjoined (or not, as known before).
MEASURE = """\
measure: tried.order
regime: base.control
title: {en: a, zh: 甲}
authority: {en: a, zh: 甲}
kind: order
sources:
  text: {ref: a, url: "https://example.org/a", seen: primary}
rules:
  - id: tried.order.1
    title: {en: a, zh: 甲}
    when: {item.kind: book}
    effect: prohibited
    cite: text
    life:
      - {from: 2020-09-20, status: in force, by: text, recorded: 2020-09-18}
      - {from: 2020-09-20, status: deferred, by: text, recorded: 2020-09-19}
      - {from: 2020-09-27, at: "23:59", status: in force, by: text, recorded: 2020-09-19}
      - {from: 2020-09-27, status: enjoined, by: text, recorded: 2020-09-27, id: injunction}
  - id: tried.order.2
    title: {en: a, zh: 甲}
    when: {item.kind: chip, some place: {is: {in: tried.group}}}
    effect: licence_required
    cite: text
    life: [{from: 2020-01-01, status: in force, by: text, recorded: 2020-01-01}]
"""
GROUP = """\
register: tried.group
regime: base.control
title: {en: a, zh: 甲}
of: places
complete: [{from: 2020-01-01, until: 2020-11-30}]
sources:
  text: {ref: a, url: "https://example.org/a", seen: primary}
rows:
  - {id: SE, from: 2020-03-01, until: 2020-05-31, recorded: 2020-02-01, until_recorded: 2020-05-01, cite: text}
"""


@pytest.fixture(scope="module")
def tried_book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("time")
    (folder / "order.yaml").write_text(MEASURE, encoding="utf-8")
    (folder / "group.yaml").write_text(GROUP, encoding="utf-8")
    return load_book([BASE, folder])


@pytest.fixture
def tried(tried_book) -> Engine:
    return Engine(tried_book)


def decided(engine: Engine, act: str, kind: str = "book", place: str = "IT", known: str = "2026-11-22", without=()):
    text = (
        f"act: {{{act}}}\nactivity: sell\ncomplete: true\nitems: [{{kind: {kind}}}]\nparties: [{{role: sender}}]\n"
        f"places: [{{role: to, is: {place}}}]\n"
    )
    transaction = read_transaction(read_text(text, "x.yaml"), engine.book.vocabulary, "x.yaml")
    decision = engine.decide(transaction, Options(known, only=("base.control",), without=tuple(without), outlook=False))
    view = next(regime for regime in decision.regimes if regime.id == "base.control")
    return view.floor, view.ceiling


FREE, BARRED, LICENCE = "no_requirement_found", "prohibited", "licence_required"
SATURDAY = "2020-09-26"  # the last day on which nobody knew of the injunction


# --- instants


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        ("2020-09-27T23:58-04:00", FREE),
        ("2020-09-27T23:59-04:00", BARRED),
        ("2020-09-28T03:58Z", FREE),
        ("2020-09-28T03:59Z", BARRED),
        ("2020-09-28T11:58+08:00", FREE),
        ("2020-09-28T11:59+08:00", BARRED),
        ("2020-09-27T20:59-07:00", BARRED),
    ],
)
def test_an_instant_either_side_of_the_minute(tried, at, outcome):
    assert decided(tried, f'at: "{at}"', known=SATURDAY) == (outcome, outcome)


@pytest.mark.parametrize("at", ["2020-09-27T00:00-04:00", "2020-09-27T23:58-04:00", "2020-09-27T23:59-04:00"])
def test_the_injunction_covers_both_sides(tried, at):
    assert decided(tried, f'at: "{at}"') == (FREE, FREE)


def test_without_the_injunction_the_minute_counts_again(tried):
    for without in (["courts"], ["injunction"]):
        assert decided(tried, 'at: "2020-09-27T23:58-04:00"', without=without) == (FREE, FREE)
        assert decided(tried, 'at: "2020-09-27T23:59-04:00"', without=without) == (BARRED, BARRED)


@pytest.mark.parametrize(
    ("known", "outcome"),
    [("2020-09-17", FREE), ("2020-09-18", BARRED), ("2020-09-19", FREE), ("2020-09-27", FREE)],
)
def test_what_was_known_of_the_20th(tried, known, outcome):
    assert decided(tried, f"on: 2020-09-20, zone: {NEW_YORK}", known=known) == (outcome, outcome)


# --- days


def test_a_day_that_straddles_shows_both_sides(tried):
    assert decided(tried, f"on: 2020-09-27, zone: {NEW_YORK}", known=SATURDAY) == (FREE, BARRED)
    assert decided(tried, "on: 2020-09-27", known=SATURDAY) == (FREE, BARRED)


def test_the_days_around_it_show_one(tried):
    assert decided(tried, f"on: 2020-09-26, zone: {NEW_YORK}", known=SATURDAY) == (FREE, FREE)
    assert decided(tried, f"on: 2020-09-28, zone: {NEW_YORK}", known=SATURDAY) == (BARRED, BARRED)


def test_a_beijing_day_lies_over_two_american_days(tried):
    """28 Sep in Beijing is noon of 27 Sep to noon of 28 Sep in New York: 23:59 falls into it."""
    assert decided(tried, f"on: 2020-09-28, zone: {BEIJING}", known=SATURDAY) == (FREE, BARRED)
    assert decided(tried, f"on: 2020-09-27, zone: {BEIJING}", known=SATURDAY) == (FREE, FREE)
    assert decided(tried, f"on: 2020-09-29, zone: {BEIJING}", known=SATURDAY) == (BARRED, BARRED)


def test_a_day_without_a_zone_is_each_regimes_own(tried):
    assert decided(tried, "on: 2020-09-28", known=SATURDAY) == (BARRED, BARRED)


def test_the_shipped_law_agrees(book):
    """TikTok's paragraph 1, as known the day before the injunction (a required case of design §4b.1)."""
    engine = Engine(book)
    rule = book.rules["us.tiktok-2020.1"]
    number = engine.compiled.index[rule.id]

    def surely(at: str, known: str) -> bool:
        (clock,) = engine.calendar.clocks(Act(at=at), known)
        return engine.moment(clock).period.standing(number).surely

    assert not surely("2020-09-27T23:58-04:00", SATURDAY)
    assert surely("2020-09-27T23:59-04:00", SATURDAY)
    assert surely("2020-09-28T11:59+08:00", SATURDAY)
    assert not surely("2020-09-27T23:59-04:00", "2020-09-27")


# --- registers


@pytest.mark.parametrize(
    ("on", "known", "outcome"),
    [
        ("2020-02-29", "2026-11-22", (FREE, FREE)),
        ("2020-03-01", "2026-11-22", (LICENCE, LICENCE)),
        ("2020-03-01", "2020-01-31", (FREE, FREE)),
        ("2020-05-31", "2026-11-22", (LICENCE, LICENCE)),
        ("2020-06-01", "2026-11-22", (FREE, FREE)),
        ("2020-06-01", "2020-04-30", (LICENCE, LICENCE)),
        ("2020-11-30", "2026-11-22", (FREE, FREE)),
        ("2020-12-01", "2026-11-22", (FREE, LICENCE)),  # no longer complete: absence means nothing
        ("2019-12-31", "2026-11-22", (FREE, FREE)),  # the rule itself was not yet there
    ],
)
def test_rows_and_completeness_by_day(tried, on, known, outcome):
    assert decided(tried, f"on: {on}, zone: {NEW_YORK}", "chip", "SE", known) == outcome


def test_a_beijing_day_over_the_beginning_and_end_of_a_row(tried):
    assert decided(tried, f"on: 2020-03-01, zone: {BEIJING}", "chip", "SE") == (FREE, LICENCE)
    assert decided(tried, f"on: 2020-03-02, zone: {BEIJING}", "chip", "SE") == (LICENCE, LICENCE)
    assert decided(tried, f"on: 2020-06-01, zone: {BEIJING}", "chip", "SE") == (FREE, LICENCE)


def test_a_beijing_day_over_the_end_of_completeness(tried):
    """1 Dec in Beijing ends at 11:00 of 1 Dec in New York, when the register is no longer complete."""
    assert decided(tried, f"on: 2020-12-01, zone: {BEIJING}", "chip", "IT") == (FREE, LICENCE)


def test_an_answer_does_not_hang_on_what_was_asked_before(tried):
    """The last complete day leaves a period in the cache; the day after must not be given it."""
    assert decided(tried, f"on: 2020-11-30, zone: {NEW_YORK}", "chip", "IT") == (FREE, FREE)
    assert decided(tried, f"on: 2020-12-01, zone: {NEW_YORK}", "chip", "IT") == (FREE, LICENCE)


# --- the clock itself


@pytest.mark.parametrize(
    ("when", "zone", "begin", "end"),
    [
        (Act(on="2020-09-28", zone=BEIJING), NEW_YORK, "2020-09-27T12:00", "2020-09-28T12:00"),
        (Act(on="2020-12-28", zone=BEIJING), NEW_YORK, "2020-12-27T11:00", "2020-12-28T11:00"),
        (Act(on="2020-09-28", zone=NEW_YORK), BEIJING, "2020-09-28T12:00", "2020-09-29T12:00"),
        # days of 23 and 25 hours, seen from themselves and from elsewhere
        (Act(on="2021-03-14", zone=NEW_YORK), NEW_YORK, "2021-03-14T00:00", "2021-03-15T00:00"),
        (Act(on="2021-03-14", zone=NEW_YORK), "UTC", "2021-03-14T05:00", "2021-03-15T04:00"),
        (Act(on="2021-11-07", zone=NEW_YORK), "UTC", "2021-11-07T04:00", "2021-11-08T05:00"),
        (Act(on="2021-11-07", zone=NEW_YORK), BEIJING, "2021-11-07T12:00", "2021-11-08T13:00"),
        (Act(on="2021-03-28", zone=LONDON), BEIJING, "2021-03-28T08:00", "2021-03-29T07:00"),
        (Act(on="2021-03-14", zone=BEIJING), NEW_YORK, "2021-03-13T11:00", "2021-03-14T12:00"),
        # a day that never was: Samoa went from 29 to 31 December 2011
        (Act(on="2011-12-31", zone="Pacific/Apia"), "UTC", "2011-12-30T10:00", "2011-12-31T10:00"),
        (Act(on="2020-09-28"), NEW_YORK, "2020-09-28T00:00", "2020-09-29T00:00"),
        (Act(on="2020-02-29"), BEIJING, "2020-02-29T00:00", "2020-03-01T00:00"),
        (Act(at="2020-09-27T23:59-04:00"), BEIJING, "2020-09-28T11:59", "2020-09-28T12:00"),
        (Act(at="2020-09-28T03:59:30.5Z"), NEW_YORK, "2020-09-27T23:59", "2020-09-28T00:00"),
        (Act(at="2021-11-07T05:30Z"), NEW_YORK, "2021-11-07T01:30", "2021-11-07T01:31"),  # 01:30, the first time
        (Act(at="2021-11-07T06:30Z"), NEW_YORK, "2021-11-07T01:30", "2021-11-07T01:31"),  # and the second
    ],
)
def test_local_span(when, zone, begin, end):
    assert local_span(when, zone) == (begin, end)


ZONES = st.sampled_from([NEW_YORK, BEIJING, LONDON, "UTC", "Pacific/Apia", "Asia/Kolkata", "Pacific/Kiritimati"])
DAYS = st.dates(dt.date(1970, 1, 2), dt.date(2037, 12, 30))


@settings(max_examples=300, deadline=None)
@given(DAYS, ZONES, ZONES)
def test_a_day_seen_from_another_zone_misses_no_hour(day, own, other):
    """Every hour of the day, told on the other clock, lies in the span."""
    begin, end = local_span(Act(on=day.isoformat(), zone=own), other)
    instant = dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(own)).astimezone(dt.UTC)
    while instant.astimezone(zoneinfo.ZoneInfo(own)).date() == day:
        told = instant.astimezone(zoneinfo.ZoneInfo(other)).strftime("%Y-%m-%dT%H:%M")
        assert begin <= told < end
        instant += dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("when", "count"),
    [
        (Act(on="2020-09-27", zone=NEW_YORK), 2),
        (Act(on="2020-09-27"), 2),
        (Act(at="2020-09-27T12:00-04:00"), 1),
        (Act(on="2020-10-05", zone=NEW_YORK), 1),
    ],
)
def test_one_clock_for_each_side(tried, when, count):
    clocks = Calendar(tried.book).clocks(when, "2026-11-22")
    assert len({clock.at(NEW_YORK) for clock in clocks}) == count
    assert all(clock.known == "2026-11-22" for clock in clocks)


def test_the_ends_of_the_reckoning_do_not_crash(tried):
    for on in ("1000-01-01", "9998-12-31"):
        for zone in (NEW_YORK, BEIJING, "Pacific/Kiritimati"):
            decided(tried, f"on: {on}, zone: {zone}")
        decided(tried, f"on: {on}")
    decided(tried, 'at: "9998-12-31T23:59-12:00"')
    decided(tried, 'at: "1000-01-01T00:00+14:00"')
