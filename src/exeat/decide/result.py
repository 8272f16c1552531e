"""What deciding yields before it is explained: a result per rule and combination, ranges per regime."""

from __future__ import annotations

import msgspec

from exeat.decide.level import NOTHING, Level, Range, either, strictest

Combination = tuple[tuple[str, int], ...]  # (scope, position), such as (("item", 0), ("party", 2))


class Relief(msgspec.Struct, frozen=True):
    """What an exception (or a licence held) would leave of a rule: its id, the level, whether it surely applies."""

    id: str
    level: Level
    surely: bool


class Result(msgspec.Struct, frozen=True):
    """One rule on one combination: the truth of its condition and of its standing, and what they come to.

    Truths are 0, 1, 2: ``condition``, whether the rule speaks of the act; ``standing``, whether it is, besides, the law
    at that moment; ``operative``, whether no exception has taken it away either.
    """

    rule: str
    combination: Combination
    condition: int
    standing: int
    operative: int
    range: Range
    reliefs: tuple[Relief, ...] = ()


class RegimeResult(msgspec.Struct):
    """A regime's range, with every result behind it (rules whose condition is false are left out). ``side`` says on
    which side of a change within the act's day they hold.
    """

    id: str
    range: Range
    results: list[Result]
    side: int = 0


class Outcome(msgspec.Struct):
    """All regimes, and the truth of each jurisdiction's touch."""

    regimes: dict[str, RegimeResult]
    touched: dict[str, int]

    def headline(self) -> Range:
        return strictest([regime.range for regime in self.regimes.values()])


def relieved(level: Level, condition: int, reliefs: tuple[Relief, ...]) -> Range:
    """The range of a rule of ``level`` whose condition (with its standing) has the given truth.

    A relief that surely applies bounds the ceiling, one that possibly applies the floor; the mildest of several counts.
    """
    if condition == 0:
        return NOTHING
    surely = [min(level, relief.level) for relief in reliefs if relief.surely]
    possibly = [min(level, relief.level) for relief in reliefs]
    floor = Level.NOTHING if condition == 1 else min(possibly, default=level)
    return Range(floor, min(surely, default=level))


class Tally:
    """The maximum over results; ``conditions`` where no single relief authorises them all (design §4b.9).

    Several are needed for sure if the results that surely stand share no relief that possibly applies; perhaps, if the
    results that possibly stand share none that surely does.
    """

    __slots__ = ("_at_most", "_shared", "ceiling", "floor")

    def __init__(self) -> None:
        self.floor = self.ceiling = Level.NOTHING
        self._shared: set[str] | None = None  # by all results that possibly stand, of reliefs that surely apply
        self._at_most: set[str] | None = None  # by all results that surely stand, of reliefs that possibly apply

    def add(self, found: Range, standing: int, reliefs: tuple[Relief, ...]) -> None:
        self.floor = max(self.floor, found.floor)
        self.ceiling = max(self.ceiling, found.ceiling)
        if found.ceiling != Level.NOTHING and reliefs:
            sure = {relief.id for relief in reliefs if relief.surely}
            self._shared = sure if self._shared is None else self._shared & sure
            if standing == 2:
                possible = {relief.id for relief in reliefs}
                self._at_most = possible if self._at_most is None else self._at_most & possible

    def range(self) -> Range:
        floor, ceiling = self.floor, self.ceiling
        if floor == Level.AUTHORISED and self._at_most is not None and not self._at_most:
            floor = Level.CONDITIONS
        if ceiling == Level.AUTHORISED and self._shared is not None and not self._shared:
            ceiling = Level.CONDITIONS
        return Range(floor, max(floor, ceiling))


def regime_range(results: list[Result]) -> Range:
    """The range of a regime out of its results."""
    tally = Tally()
    for result in results:
        tally.add(result.range, result.standing, result.reliefs)
    return tally.range()


def sides(outcomes: list[Outcome]) -> Outcome:
    """Outcomes on the sides of a change within the act's day: nobody knows which side it falls on."""
    if len(outcomes) == 1:
        return outcomes[0]
    regimes = {}
    for key in outcomes[0].regimes:
        found = [outcome.regimes[key] for outcome in outcomes]
        side = max(range(len(found)), key=lambda i: (found[i].range.ceiling, found[i].range.floor))
        results = [_on_every_side(one, found) for one in found[side].results]
        regimes[key] = RegimeResult(key, either([one.range for one in found]), results, side)
    touched = {key: max(outcome.touched[key] for outcome in outcomes) for key in outcomes[0].touched}
    return Outcome(regimes, touched)


def _on_every_side(result: Result, found: list[RegimeResult]) -> Result:
    """A result that does not hold on every side is undecided."""
    others = [
        next((r for r in one.results if r.rule == result.rule and r.combination == result.combination), None)
        for one in found
    ]
    ranges = [NOTHING if other is None else other.range for other in others]
    operative = [0 if other is None else other.operative for other in others]
    if len(set(operative)) == 1 and len(set(ranges)) == 1:
        return result
    return msgspec.structs.replace(result, operative=1, range=either(ranges))
