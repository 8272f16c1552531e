"""Verdicts, their order, and how they combine (design §1)."""

from __future__ import annotations

from enum import IntEnum

import msgspec


class Level(IntEnum):
    """How strict a result is. ``NOTHING`` stands for both `no_requirement_found` and `not_in_effect`."""

    NOTHING = 0
    AUTHORISED = 1
    CONDITIONS = 2
    APPROVAL = 3
    LICENCE = 4
    PROHIBITED = 5


EFFECT_LEVEL = {
    "conditions": Level.CONDITIONS,
    "approval_required": Level.APPROVAL,
    "licence_required": Level.LICENCE,
    "prohibited": Level.PROHIBITED,
}
RELIEF_LEVEL = {"exempt": Level.NOTHING, "authorised": Level.AUTHORISED, "conditions": Level.CONDITIONS}
VERDICT = {
    Level.NOTHING: "no_requirement_found",
    Level.AUTHORISED: "authorised",
    Level.CONDITIONS: "conditions",
    Level.APPROVAL: "approval_required",
    Level.LICENCE: "licence_required",
    Level.PROHIBITED: "prohibited",
}


class Range(msgspec.Struct, frozen=True):
    """What is certain at least and possible at most."""

    floor: Level
    ceiling: Level

    @property
    def settled(self) -> bool:
        return self.floor == self.ceiling


NOTHING = Range(Level.NOTHING, Level.NOTHING)


def strictest(ranges: list[Range]) -> Range:
    """Maximum of floors and maximum of ceilings."""
    if not ranges:
        return NOTHING
    return Range(max(r.floor for r in ranges), max(r.ceiling for r in ranges))


def either(ranges: list[Range]) -> Range:
    """One of these holds and nobody knows which: minimum of floors, maximum of ceilings."""
    return Range(min(r.floor for r in ranges), max(r.ceiling for r in ranges))
