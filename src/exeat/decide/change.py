"""Counterfactuals: the smallest changes of choices that give a milder verdict. Facts of the world are never offered."""

from __future__ import annotations

import itertools

import msgspec

from exeat.decide.complete import values
from exeat.decide.index import Index, Slot
from exeat.decide.level import Level, Range, strictest
from exeat.decide.moment import Row2
from exeat.decide.result import Outcome
from exeat.vocabulary.model import ELEMENT_SCOPES, NOT_APPLICABLE, Fact, State, Value
from exeat.vocabulary.transaction import plain_value

MAX_EVALUATIONS = 150  # trials for one decision: every single change, and as many pairs as that leaves


class Change(msgspec.Struct, frozen=True):
    """One fact changed: from what to what, and how many other values would do as well."""

    scope: str
    position: int
    path: str
    before: object
    after: object
    among: int


class Counterfactual(msgspec.Struct, frozen=True):
    """Changes that together lead to ``range``; or a licence from somebody, for the rules named."""

    changes: tuple[Change, ...]
    range: Range
    licence_for: tuple[str, ...] = ()


class Option(msgspec.Struct, frozen=True):
    """A class of other values for one choice."""

    slot: Slot
    value: Value
    row: Row2
    count: int


def counterfactuals(index: Index, outcome: Outcome, at_most: Level = Level.NOTHING) -> tuple[Counterfactual, ...]:
    """Single changes that lower the ceiling, mildest first; pairs if no single one does; and licences to hold.

    ``at_most`` is a ceiling that no change of facts goes below (law that is not encoded, see `engine.Limits`).
    """
    now = outcome.headline()
    if now.ceiling <= Level.AUTHORISED:
        return ()
    reach = _reach(index, outcome, now)
    slots = _choice_slots(index, reach)
    options = {slot: _options(index, slot, reach) for slot in slots}
    found: list[Counterfactual] = []
    evaluations = 0
    for size in (1, 2):
        for chosen in itertools.combinations(slots, size):
            for picked in itertools.product(*(options[slot] for slot in chosen)):
                evaluations += 1
                if evaluations > MAX_EVALUATIONS:
                    break
                reached = strictest([_try(index, picked), Range(Level.NOTHING, at_most)])
                if reached.ceiling < now.ceiling:
                    found.append(Counterfactual(tuple(_change(index, option) for option in picked), reached))
        if found:
            break
    found.sort(key=lambda one: (one.range.ceiling, one.range.floor))
    return (*found, *_licences(index, outcome, now))


def _reach(index: Index, outcome: Outcome, now: Range) -> int:
    """The terms a change must touch to lower the ceiling: of the rules that hold it up, and of what defeats them."""
    tops = {r.rule for regime in outcome.regimes.values() for r in regime.results if r.range.ceiling == now.ceiling}
    reach = 0
    for rule in tops:
        reach |= index.compiled.reach_of(rule)
    return reach


def _choice_slots(index: Index, reach: int) -> list[Slot]:
    """Stated facts that people may choose, and whose rules are still in play."""
    found = []
    for scope in ("act", *ELEMENT_SCOPES):
        frames = [index.act] if scope == "act" else index.frames[scope]
        for position, frame in enumerate(frames):
            for path in frame.rows:
                column = index.compiled.columns[path]
                slot = (scope, position, path)
                if column.look & reach and column.fact.kind != "entries" and _may_choose(index, column.fact, slot):
                    found.append(slot)
    return found


def _may_choose(index: Index, fact: Fact, slot: Slot) -> bool:
    if not fact.choice or not fact.choice_roles:
        return fact.choice
    role = index.facts.cells(slot[0], slot[1]).get(f"{slot[0]}.role")
    return role is not None and isinstance(role.value, frozenset) and bool(role.value & set(fact.choice_roles))


def _options(index: Index, slot: Slot, reach: int) -> list[Option]:
    """Classes of other values that the rules in reach tell apart, each by one representative."""
    now = index.frame_at(slot[0], slot[1]).rows[slot[2]]
    found: dict[Row2, Option] = {}
    for one in values(index.moment, index.compiled.columns[slot[2]]):
        row = index.moment.signature_row(slot[2], one.signature)
        key = row[0] & reach, row[1] & reach
        if key == (now[0] & reach, now[1] & reach) or one.value is None or one.value == NOT_APPLICABLE:
            continue
        before = found.get(key)
        if before:
            found[key] = Option(slot, before.value, before.row, before.count + one.count)
        else:
            found[key] = Option(slot, one.value, row, one.count)
    return list(found.values())


def _try(index: Index, picked: tuple[Option, ...]) -> Range:
    before = [index.put(option.slot, option.row) for option in picked]
    reached = index.headline()
    for option, row in zip(picked, before, strict=True):
        index.put(option.slot, row)
    return reached


def _change(index: Index, option: Option) -> Change:
    scope, position, path = option.slot
    cell = index.facts.cells(scope, position).get(path)
    before = None if cell is None or isinstance(cell.value, State) else plain_value(cell.value)
    return Change(scope, position, path, before, plain_value(option.value), option.count)


def _licences(index: Index, outcome: Outcome, now: Range) -> list[Counterfactual]:
    """If only rules that a licence lifts stand at the top, holding one is the way."""
    book = index.moment.book
    top = [
        r
        for regime in outcome.regimes.values()
        for r in regime.results
        if r.range.ceiling == now.ceiling and r.range.ceiling > Level.AUTHORISED
    ]
    rules = tuple(dict.fromkeys(r.rule for r in top))
    if not rules or not all(book.rules[rule].licensable for rule in rules):
        return []
    rest = max(
        (r.range.ceiling for g in outcome.regimes.values() for r in g.results if r.rule not in rules),
        default=Level.NOTHING,
    )
    after = max(rest, Level.AUTHORISED)
    return [Counterfactual((), Range(after, after), rules)]
