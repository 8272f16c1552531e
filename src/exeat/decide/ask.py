"""Questions: which unknown facts settle the verdict, and in what order to ask."""

from __future__ import annotations

import itertools

import msgspec

from exeat.decide.complete import Choice, choices, open_slots, open_terms
from exeat.decide.index import Index, Slot
from exeat.decide.level import Range
from exeat.vocabulary.model import PLURALS

MAX_EVALUATIONS = (
    300  # for all questions of one decision; past it the list is complete but the sets may not be smallest
)
MAX_SET = 3  # facts in a smallest set that is searched for
COMPLETE = "complete"


class Asked(msgspec.Struct, frozen=True):
    """One open fact: ``share`` is the part of its possible answers that settle the verdict at once."""

    scope: str
    position: int
    path: str
    share: float


class Questions(msgspec.Struct, frozen=True):
    """Open facts, best first, and the smallest sets of them (by number in ``asked``) that settle whatever the answers."""

    asked: tuple[Asked, ...]
    sets: tuple[tuple[int, ...], ...]


class _Asker:
    def __init__(self, index: Index) -> None:
        self.index, self.evaluations = index, 0
        self.need = open_terms(index)
        slots: list[Slot] = open_slots(index, self.need)
        slots += [(COMPLETE, 0, scope) for scope, frames in index.frames.items() if any(f.maybe for f in frames)]
        self.options: dict[Slot, list[Choice]] = {
            slot: [] if slot[0] == COMPLETE else choices(index, slot, self.need) for slot in slots
        }

    def settled(self) -> bool:
        self.evaluations += 1
        return settled_range(self.index).settled

    def answers(self, slot: Slot) -> list[Choice | None]:
        """The possible answers; None is "the list is complete"."""
        found: list[Choice | None] = list(self.options[slot])
        return found or [None]

    def apply(self, slot: Slot, answer: Choice | None) -> object:
        if slot[0] != COMPLETE:
            return self.index.put(slot, answer.row if answer else None)
        frames = self.index.frames[slot[2]]
        self.index.frames[slot[2]] = [frame for frame in frames if not frame.maybe]
        return frames

    def undo(self, slot: Slot, before: object) -> None:
        if slot[0] == COMPLETE:
            self.index.frames[slot[2]] = before  # type: ignore[assignment]
        else:
            self.index.put(slot, before)  # type: ignore[arg-type]

    def share(self, slot: Slot) -> float:
        answers = self.answers(slot)
        return sum(self.tried((slot,), (answer,)) for answer in answers) / len(answers)

    def tried(self, slots: tuple[Slot, ...], answers: tuple[Choice | None, ...]) -> bool:
        before = [self.apply(slot, answer) for slot, answer in zip(slots, answers, strict=True)]
        done = self.settled()
        for slot, kept in reversed(list(zip(slots, before, strict=True))):
            self.undo(slot, kept)
        return done

    def settles(self, slots: tuple[Slot, ...]) -> bool:
        """Whether these facts settle the verdict whatever the answers."""
        for answers in itertools.product(*(self.answers(slot) for slot in slots)):
            if self.evaluations > MAX_EVALUATIONS or not self.tried(slots, answers):
                return False
        return True


def settled_range(index: Index) -> Range:
    """The headline range on the facts as they stand in the index (Kleene)."""
    return index.outcome().headline()


def questions(index: Index) -> Questions:
    """What to ask. Sound: a set that is returned settles the verdict; smallest as far as `MAX_EVALUATIONS` reaches."""
    asker = _Asker(index)
    if not asker.options or settled_range(index).settled:
        return Questions((), ())
    shares: list[tuple[float, int, Slot]] = []
    for order, slot in enumerate(asker.options):
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
            if asker.settles(tuple(slots[number] for number in numbers))
        ]
    if not sets:
        sets = [tuple(range(len(slots)))]
    asked = tuple(
        Asked(slot[0], slot[1], PLURALS[slot[2]] if slot[0] == COMPLETE else slot[2], -share)
        for share, _, slot in shares
    )
    return Questions(asked, tuple(sets))
