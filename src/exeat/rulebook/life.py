"""Status over time on two clocks, and what it means for a rule.

A *moment* is a local clock time ``YYYY-MM-DDTHH:MM`` in the regime's zone; such strings compare as times do. Days are
closed intervals in the files and become half-open here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

import msgspec

from exeat.rulebook.model import Event, Row, Rule

ACTIVE = ("in force", "not enforced")
OPEN = "unverified after"


class Standing(msgspec.Struct, frozen=True):
    """Whether a rule is in effect at a moment: ``surely``, ``possibly``, and the event that says so (None: not yet)."""

    surely: bool
    possibly: bool
    event: Event | None

    @property
    def truth(self) -> int:
        """2 surely, 1 possibly, 0 not."""
        return 2 if self.surely and self.possibly else 1 if self.surely or self.possibly else 0

    @property
    def status(self) -> str:
        return self.event.status if self.event else "not yet in force"


def next_day(day: str) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()


def start(event: Event) -> str:
    """The first moment an event covers."""
    return f"{event.since}T{event.at or '00:00'}"


def end(event: Event) -> str:
    """The first moment an event no longer covers; "" if it has no end."""
    return f"{next_day(event.until)}T00:00" if event.until else ""


def paint(events: Iterable[Event], moment: str, known: str, without: Collection[str] = ()) -> Event | None:
    """The event that sets the status at ``moment`` as known on day ``known``.

    Events stand in the order of their recording; each paints over those before it. ``without`` leaves out layers or
    single events by id.
    """
    last = None
    for event in events:
        if event.recorded > known or (event.layer in without and event.layer) or (event.id and event.id in without):
            continue
        if start(event) <= moment and (not event.until or moment < end(event)):
            last = event
    return last


def _active(event: Event | None) -> tuple[bool, bool]:
    if event is None:
        return False, False
    return event.status in ACTIVE, event.status in ACTIVE or event.status == OPEN


def standing(rule: Rule, relieves: bool, moment: str, known: str, without: Collection[str] = ()) -> Standing:
    """Whether ``rule`` is in effect. ``relieves`` is True for a unit whose effect frees.

    Law that nobody has verified raises the ceiling and lowers nothing: a restricting rule counts as sure only by its
    verified events and as possible by any; a relief counts as sure only if all its events, verified or not, leave it
    standing, and as possible only by its verified events. ``unverified after`` is possible and not sure.
    """
    told = paint(rule.life, moment, known, without)
    verified = paint([event for event in rule.life if event.seen != "unverified"], moment, known, without)
    told_surely, told_possibly = _active(told)
    surely, possibly = _active(verified)
    if relieves:
        trusted = rule.seen != "unverified"
        return Standing(surely and told_surely and trusted, possibly and trusted, told)
    return Standing(surely and rule.seen != "unverified", possibly or told_possibly, told)


def row_stands(row: Row, day: str, known: str) -> bool:
    """Whether a register row covers a day, as known on a day."""
    if row.recorded > known or day < row.since:
        return False
    return not row.until or day <= row.until or row.until_recorded > known


def moments_of_rule(rule: Rule) -> set[str]:
    """Every moment at which a rule's status may change."""
    return {start(event) for event in rule.life} | {end(event) for event in rule.life if event.until}


def moments_of_row(row: Row) -> set[str]:
    return {f"{row.since}T00:00"} | ({f"{next_day(row.until)}T00:00"} if row.until else set())
