"""Questions: which unknown facts settle the verdict, and in what order to ask."""

from __future__ import annotations

import itertools

import msgspec

from exeat.decide.complete import Choice, choices, open_slots, open_terms
from exeat.decide.index import Frame, Index, Slot
from exeat.decide.level import Level
from exeat.decide.moment import Row2
from exeat.vocabulary.model import PLURALS

# Trials for all questions of one decision; past it every question is listed, but sets may not be smallest.
MAX_EVALUATIONS = 200
MAX_SET = 3  # facts in a smallest set that is searched for
COMPLETE = "complete"


class Asked(msgspec.Struct, frozen=True):
    """One open fact: ``share`` is the part of its possible answers that settle the verdict at once."""

    scope: str
    position: int
    path: str
    share: float


class Questions(msgspec.Struct, frozen=True):
    """Open facts, best first, and the smallest sets of them (by number in ``asked``) that settle in any case."""

    asked: tuple[Asked, ...]
    sets: tuple[tuple[int, ...], ...]


NONE = Questions((), ())


class _Asker:
    """Tries answers. Only regimes that can still raise the headline are looked at."""

    def __init__(self, index: Index) -> None:
        self.index, self.evaluations = index, 0
        ranges = index.ranges()
        self.floor = max((found.floor for found in ranges.values()), default=Level.NOTHING)
        self.open = {regime for regime, found in ranges.items() if found.ceiling > self.floor}
        index.focus &= index.compiled.terms_of(self.open) & index.compiled.deciding
        need = open_terms(index) if self.open else 0
        slots: list[Slot] = open_slots(index, need)
        slots += [(COMPLETE, 0, scope) for scope in index.frames if scope not in index.facts.complete]
        self.answers: dict[Slot, list[Choice | None]] = {
            slot: [None] if slot[0] == COMPLETE else list(choices(index, slot, need)) or [None] for slot in slots
        }

    def settled(self) -> bool:
        self.evaluations += 1
        found = self.index.ranges()
        floor = max([self.floor, *(one.floor for one in found.values())])
        return all(one.ceiling <= floor for one in found.values())

    def apply(self, slot: Slot, answer: Choice | None) -> Row2 | list[Frame] | None:
        """Give an answer (None: the list is complete, or nobody can say); returns what to undo it with."""
        if slot[0] != COMPLETE:
            return (
                self.index.put(slot, answer.row) if answer else self.index.frame_at(slot[0], slot[1]).rows.get(slot[2])
            )
        frames = self.index.frames[slot[2]]
        self.index.frames[slot[2]] = [frame for frame in frames if not frame.maybe]
        return frames

    def undo(self, slot: Slot, before: Row2 | list[Frame] | None) -> None:
        if isinstance(before, list):
            self.index.frames[slot[2]] = before
        else:
            self.index.put(slot, before)

    def tried(self, slots: tuple[Slot, ...], answers: tuple[Choice | None, ...]) -> bool:
        before = [self.apply(slot, answer) for slot, answer in zip(slots, answers, strict=True)]
        done = self.settled()
        for slot, kept in reversed(list(zip(slots, before, strict=True))):
            self.undo(slot, kept)
        return done

    def share(self, slot: Slot) -> float:
        answers = self.answers[slot]
        return sum(self.tried((slot,), (answer,)) for answer in answers) / len(answers)

    def settles(self, slots: tuple[Slot, ...]) -> bool:
        """Whether these facts settle the verdict whatever the answers."""
        for answers in itertools.product(*(self.answers[slot] for slot in slots)):
            if self.evaluations > MAX_EVALUATIONS or not self.tried(slots, answers):
                return False
        return True


def questions(index: Index) -> Questions:
    """What to ask. Sound: a set that is returned settles the verdict; smallest as far as `MAX_EVALUATIONS` reaches."""
    focus = index.focus
    try:
        return _questions(_Asker(index))
    finally:
        index.focus = focus


def _questions(asker: _Asker) -> Questions:
    if not asker.open or not asker.answers:
        return NONE
    shares: list[tuple[float, int, Slot]] = []
    for order, slot in enumerate(asker.answers):
        share = asker.share(slot) if asker.evaluations <= MAX_EVALUATIONS else 0.0
        shares.append((-share, order, slot))
    shares.sort()
    slots = [slot for _, _, slot in shares]
    sets: list[tuple[int, ...]] = [(number,) for number, (share, _, _) in enumerate(shares) if share == -1.0]
    for size in range(2, MAX_SET + 1):
        if sets or asker.evaluations > MAX_EVALUATIONS:
            break
        sets = [
            numbers
            for numbers in itertools.combinations(range(len(slots)), size)
            if asker.evaluations <= MAX_EVALUATIONS and asker.settles(tuple(slots[number] for number in numbers))
        ]
    if not sets:
        sets = [tuple(range(len(slots)))]
    asked = tuple(
        Asked(slot[0], slot[1], PLURALS[slot[2]] if slot[0] == COMPLETE else slot[2], -share)
        for share, _, slot in shares
    )
    return Questions(asked, tuple(sets))
