"""The retention clock: per regime, the longest wins, and what is not known keeps."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from exeat.decide.engine import Options
from exeat.errors import InputError
from exeat.record import retention
from exeat.record.entry import RecordError
from exeat.vocabulary.transaction import load_transaction
from tests.conftest import ROOT

KNOWN = "2026-11-20"


@pytest.fixture
def deal(small, engine):
    """A recorded deal of 2018 that touches the United States and China, as if recorded on its day."""
    transaction = load_transaction(ROOT / "examples" / "zte" / "chip-2018-04-16.yaml", engine.book.vocabulary)
    options = Options(KNOWN, outlook=False)
    decision = engine.decide(transaction, options)
    n = small.keep(decision, transaction, options, engine.book, by="Ann").n
    return n, lambda: aged(small.case(n), "2018-04-16")


def aged(case, day):
    return msgspec.structs.replace(case, entry=msgspec.structs.replace(case.entry, at=f"{day}T00:00:00"))


def ends(clock):
    return {one.rule: one.until for one in clock.running}


def test_every_regime_has_its_clock_and_the_longest_wins(deal):
    _, case = deal
    found = retention.clock(case(), "2026-11-24")
    assert ends(found)["us.ear"] == "2023-04-16"
    assert ends(found)["us.ofac"] == "2023-04-16", "its five years were over before the ten came"
    assert ends(found)["us.apps"] == "2028-04-16"
    assert found.until == max(ends(found).values())
    assert (found.due, found.kept_by) == (False, ("period",))
    late = retention.clock(case(), "2028-04-17")
    assert (late.due, late.kept_by) == (True, ())
    assert not retention.clock(case(), "2028-04-16").due, "the last day is still of the period"


@pytest.mark.parametrize(
    ("begins", "years"),
    [("2018-01-01", 5), ("2020-03-11", 5), ("2020-03-12", 10), ("2024-01-01", 10), ("2025-06-01", 10)],
)
def test_a_longer_period_reaches_what_still_had_to_be_kept(begins, years):
    """OFAC's ten years since 12 March 2025: not what had been free by then."""
    rule = next(one for one in retention.rules().rules if one.id == "us.ofac")
    assert years_of(rule, begins) == years


def years_of(rule, begins):
    summary = type("S", (), {"on": begins})()
    entry = type("E", (), {"at": begins})()
    case = type("C", (), {"summary": summary, "entry": entry, "later": ()})()
    return retention._running(rule, case).years


def test_the_latest_event_counts(small, deal):
    n, case = deal
    small.event(n, "reexport", "2019-02-01", by="Bo")
    small.event(n, "unblocked", "2020-02-29", by="Bo")
    found = ends(retention.clock(case(), "2026-11-24"))
    assert found["us.ear"] == "2024-02-01", "unblocking is no event of the EAR"
    assert found["us.ofac"] == "2025-03-01", "five years from 29 February; over before the ten years came"
    small.event(n, "done", "2021-01-01", by="Bo")
    assert ends(retention.clock(case(), "2026-11-24"))["us.ear"] == "2026-01-01"


def test_a_hold_or_a_request_keeps(small, deal):
    n, case = deal
    small.hold(n, "suit", by="Bo")
    assert retention.clock(case(), "2099-01-01").kept_by == ("hold",)
    small.hold(n, "over", by="Bo", lift=True)
    assert retention.clock(case(), "2099-01-01").due
    small.event(n, "request", "2020-01-01", by="Bo")
    assert retention.clock(case(), "2099-01-01").kept_by == ("request",)


def test_what_no_rule_speaks_of_is_never_due(deal, monkeypatch):
    _, case = deal
    known = retention.rules()
    monkeypatch.setattr(retention, "rules", lambda: retention.Rules((), known.without))
    found = retention.clock(case(), "2099-01-01")
    assert not found.due
    assert {"no rule", "unknown rule"} <= set(found.kept_by)
    assert "us.ear.entity-list" in found.unknown


def test_the_recording_itself_counts_and_nothing_is_due_early(small, deal):
    n, _ = deal
    assert [one.due for one in retention.due(small)] == [False]
    with pytest.raises(RecordError, match="may not be disposed of yet"):
        retention.dispose(small, n, "tidying up", by="Bo")
    assert [one.due for one in retention.due(small, "2099-01-01")] == [True]
    assert retention.dispose(small, n, "over", by="Bo", on="2099-01-01").data()["clock"]["until"] > "2030"
    assert list(retention.due(small, "2099-01-01")) == []


def test_the_end_of_the_calendar_year():
    rule = next(one for one in retention.rules().rules if one.id == "eu.dual-use")
    assert rule.end_of_year
    assert years_of(rule, "2010-06-01") == 3
    assert years_of(rule, "2018-01-01") == 5, (
        "until 31 December 2021 by the rule of 2009, and the rule of 2021 came before"
    )
    assert years_of(rule, "2017-12-31") == 3


def test_every_regime_of_the_law_is_spoken_of(engine):
    """A new regime needs its retention rule, or a reason why there is none; these alone are known to have none yet."""
    known = retention.rules()
    silent = {
        regime.id
        for regime in engine.book.regimes.values()
        if regime.id not in known.without
        and not any(retention._reaches(rule, regime.id, regime.jurisdiction) for rule in known.rules)
    }
    assert silent == {"other.lists"}


def test_the_rules_are_cited():
    for rule in retention.rules().rules:
        assert {"en", "zh"} <= rule.title.keys()
        assert all(status.cite and status.url.startswith("https://") for status in rule.life)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("years: 10", "years: ten"),
        ("from: [act, reexport", "from: [act, never"),
        ("retention: 1", "retention: 2"),
        ("life:", "lives:"),
    ],
)
def test_faulty_rules_are_refused(old, new, tmp_path: Path):
    path = tmp_path / "retention.yaml"
    text = retention.DATA.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError):
        retention.rules(path)
