"""How long a decision must be kept: a clock for each regime it touches, the longest of which wins.

Nothing is ever deleted by itself. `due` says what may be disposed of; `dispose` does it where somebody says so, and
leaves an entry in its place. Where exeat does not know how long, a decision is never due.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from pathlib import Path

import msgspec

from exeat.decide.decision import Decision
from exeat.record.entry import Entry, RecordError
from exeat.record.ledger import Case, Record, today
from exeat.rulebook.model import SEEN
from exeat.vocabulary.model import Text
from exeat.vocabulary.reader import read_file
from exeat.vocabulary.take import Taker

DATA = Path(__file__).parent / "data" / "retention.yaml"
ACT = "act"
FROM = (ACT, "reexport", "termination", "unblocked")
ALWAYS = ("done", "other")  # events that every clock runs from, if they are later


class Status(msgspec.Struct, frozen=True):
    """How many years from a day on, and who says so."""

    years: int
    since: str
    cite: str
    url: str
    seen: str


class Rule(msgspec.Struct, frozen=True):
    """How long one body of law wants records kept. ``conflict`` tells what sources disagree on."""

    id: str
    title: Text
    regimes: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    events: tuple[str, ...]
    end_of_year: bool
    life: tuple[Status, ...]
    note: Text
    conflict: Text


class Rules(msgspec.Struct, frozen=True):
    """All of them, and the regimes that are known to have none, with the reason."""

    rules: tuple[Rule, ...]
    without: dict[str, str]


class Running(msgspec.Struct, frozen=True):
    """The clock of one rule: from which day, until which last day."""

    rule: str
    title: Text
    begins: str
    until: str
    years: int
    cite: str
    url: str
    seen: str
    note: Text
    conflict: Text


class Clock(msgspec.Struct, frozen=True):
    """When a decision may be disposed of. ``until`` is the last day of the longest rule ("" if none is known), ``due``
    whether that has passed and nothing else keeps it; ``kept_by`` says what keeps it.
    """

    n: int
    until: str
    due: bool
    kept_by: tuple[str, ...]
    running: tuple[Running, ...]
    unknown: tuple[str, ...]


@functools.cache
def rules(path: Path = DATA) -> Rules:
    """The rules of retention, read once.

    Raises:
        InputError: the file is faulty.
    """
    taker = Taker(read_file(path, path.name), path.name)
    taker.one_of("retention", ("1",))
    found = tuple(_rule(one) for one in taker.maps("rules"))
    without = {}
    for one in taker.maps("without"):
        without[one.word("regime")] = one.word("note")
        one.done()
    taker.done()
    return Rules(found, without)


def _rule(taker: Taker) -> Rule:
    reach = Taker(taker.need("reach"), taker.file, taker.at("reach"))
    regimes, jurisdictions = reach.words("regimes"), reach.words("jurisdictions")
    reach.done()
    taker.need("life")
    life = tuple(_status(one) for one in taker.maps("life"))
    events = taker.words("from")
    for event in events:
        if event not in FROM:
            taker.fail("no such event", taker.node["from"], "from", ", ".join(FROM))
    if not life or list(life) != sorted(life, key=lambda one: one.since):
        taker.fail("a life has events, in the order of their days", taker.node["life"], "life")
    rule = Rule(
        taker.word("id"),
        taker.text("title"),
        regimes,
        jurisdictions,
        events,
        taker.yes("end of year"),
        life,
        taker.text("note", required=False),
        taker.text("conflict", required=False),
    )
    taker.done()
    return rule


def _status(taker: Taker) -> Status:
    years = taker.word("years")
    if not years.isdecimal() or int(years) == 0:
        taker.fail("not a number of years", taker.node["years"], "years")
    status = Status(
        int(years), taker.day("from"), taker.word("cite"), taker.word("url", ""), taker.one_of("seen", SEEN)
    )
    taker.done()
    return status


def clock(case: Case, on: str = "") -> Clock:
    """The clock of a decision, as it stands on a day (default: the UTC day).

    Raises:
        RecordError: the decision is in a form that this exeat does not know.
    """
    on = on or today()
    if case.kept is None:
        return Clock(case.summary.n, "", False, ("disposed",), (), ())
    decision = case.kept.decision()
    known = rules()
    reached = _touched(decision)
    running = tuple(_running(rule, case) for rule in known.rules if any(_reaches(rule, *one) for one in reached))
    unknown = tuple(
        regime
        for regime, jurisdiction in reached
        if regime not in known.without and not any(_reaches(rule, regime, jurisdiction) for rule in known.rules)
    )
    until = max((one.until for one in running), default="")
    kept_by = [*_kept_by(case)]
    if not running:
        kept_by.append("no rule")
    if any(
        one.id in unknown and one.verdict not in ("no_requirement_found", "out_of_coverage") for one in decision.regimes
    ):
        kept_by.append("unknown rule")
    if until >= on:
        kept_by.append("period")
    return Clock(case.summary.n, until, not kept_by, tuple(kept_by), running, unknown)


class Clocks(msgspec.Struct, frozen=True):
    """Clocks of some decisions, the newest first. Of ``looked`` at in all ``due`` may be disposed of; ``next`` is the
    number of the last one looked at (0: there are no older ones).
    """

    clocks: tuple[Clock, ...]
    looked: int
    due: int
    next: int


def due(record: Record, on: str = "") -> Iterator[Clock]:
    """The clock of every decision that has not been disposed of, the newest first; ``due`` says which may go."""
    for summary in record.cases():
        if not summary.disposed:
            yield clock(record.case(summary.n), on)


def clocks(record: Record, on: str = "", *, before: int = 0, limit: int, all_of_them: bool = False) -> Clocks:
    """A page of clocks: of decisions that may be disposed of on a day, or of all that have not been.

    Args:
        record: the record.
        on: the day (default: the UTC day).
        before: only decisions with a lower number.
        limit: how many are looked at.
        all_of_them: also the clocks that still run.
    """
    page = list(record.cases(before=before, limit=limit + 1))
    found = [clock(record.case(one.n), on) for one in page[:limit] if not one.disposed]
    return Clocks(
        tuple(one for one in found if one.due or all_of_them),
        len(found),
        sum(one.due for one in found),
        page[limit - 1].n if len(page) > limit else 0,
    )


def dispose(record: Record, n: int, reason: str, *, by: str, on: str = "", key: str = "") -> Entry:
    """Dispose of a decision whose clock has run out; the clock goes into the entry that stands for it.

    Raises:
        RecordError: something keeps it, or it could not be recorded.
    """
    found = clock(record.case(n), on)
    if not found.due:
        says = ", ".join(found.kept_by)
        raise RecordError("may not be disposed of yet", path=f"decision {n}", found=says, allowed=found.until)
    return record.dispose(n, reason, found, by=by, key=key)


def _touched(decision: Decision) -> list[tuple[str, str]]:
    """Regimes that a decision touches, or may, with their jurisdictions."""
    touched = {one.id for one in decision.jurisdictions if one.touched != "no"}
    quiet = ("no_requirement_found", "out_of_coverage")
    return [
        (one.id, one.jurisdiction)
        for one in decision.regimes
        if one.jurisdiction in touched or one.verdict not in quiet
    ]


def _reaches(rule: Rule, regime: str, jurisdiction: str) -> bool:
    named = any(regime == one or regime.startswith(f"{one}.") for one in rule.regimes)
    return named or jurisdiction in rule.jurisdictions


def _running(rule: Rule, case: Case) -> Running:
    begins = _begins(rule, case)
    start = dt.date.fromisoformat(begins)
    if rule.end_of_year:
        start = dt.date(start.year, 12, 31)
    first = max((i for i, one in enumerate(rule.life) if one.since <= begins), default=0)
    status = rule.life[first]
    until = _years_on(start, status.years)
    for later in rule.life[first + 1 :]:  # a change reaches what still had to be kept on its day; never shortens
        if later.since <= until.isoformat() and _years_on(start, later.years) > until:
            status, until = later, _years_on(start, later.years)
    return Running(
        rule.id, rule.title, begins, until.isoformat(), status.years, status.cite, status.url, status.seen, rule.note,
        rule.conflict,
    )  # fmt: skip


def _begins(rule: Rule, case: Case) -> str:
    """The latest of the day of the act, the day it was recorded, and the days of the events that count."""
    days = [case.summary.on[:10], case.entry.at[:10]]
    for entry in case.later:
        if entry.kind == "event":
            data = entry.data()
            if data.get("what") in (*rule.events, *ALWAYS):
                days.append(str(data["on"]))
    return max(days)


def _kept_by(case: Case) -> Iterator[str]:
    if case.summary.held:
        yield "hold"
    if any(one.kind == "event" and one.data().get("what") == "request" for one in case.later):
        yield "request"


def _years_on(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return dt.date(day.year + years, 3, 1)
