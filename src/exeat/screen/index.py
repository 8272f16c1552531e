"""Which listed names could reach a threshold against a name: all of them, and few others.

Every listed name is kept as bytes, and of each of its readings the words, as numbers into one vocabulary of distinct
*entries*. A query's words are looked up once each, by sound and by skeleton, in neighbourhoods of deletions. What each
can be worth at most (`Row`) gives every listed reading an upper bound of `score._match` (`_Bound`), and a reading whose
bound is below the floor is dropped. What is left is scored by `score.points`, which has the last word: a bound never
becomes a score. Names that `score._whole` may take as wholes (equal text, joined words, Han, acronyms) come besides.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, Indel
from rapidfuzz.process import cpdist

from exeat.screen import near
from exeat.screen.filing import (
    BY_SOUND,
    VOWELLESS,
    asked_keys,
    budget_joined,
    budget_together,
    cut,
    hashed,
    mode,
    spoken,
    together,
)
from exeat.screen.names import FORM, INITIAL, NAME, NUMBER, PARTICLE, Analysed, Reading
from exeat.screen.names.lexicon import groups
from exeat.screen.names.sound import sound
from exeat.screen.near import Near, Numbers, ranges
from exeat.screen.packed import Array
from exeat.screen.score import W, budget, budget_skeleton

_ROWS_KEPT = 50_000
_NONE = np.zeros(0, np.int64)
_TOGETHER = 970  # the most that `score._join` gives
_UNVOWELLED = 960  # the most that `score.unvowelled_sim` gives
_SKELETON_LIKE = 0.6  # what `score.skeleton_sim` asks of the letters at least
_HEAVY = 1000  # the most that one word weighs
Worth = npt.NDArray[np.int16]

# How a word of a query is compared: with equal ones only, as an initial, or in all ways.
EQUAL, FIRST, FULL = 0, 1, 2


class Word(NamedTuple):
    """A word of a query, as far as it matters to what it can be worth."""

    sound: str
    skeleton: str
    far: str
    mode: int
    how: int


class Row(msgspec.Struct, frozen=True):
    """What one word of a query can be: entries, what each is worth and weighs at most, and in how many readings."""

    entries: Numbers
    worth: Worth
    heaviest: Numbers
    readings: int
    gains: dict[tuple[int, int], float]


class _Together(msgspec.Struct, frozen=True):
    """One word of the query for neighbouring listed words: which word, the first cell, how many, in which reading."""

    words: Numbers
    cells: Numbers
    counts: Numbers
    readings: Numbers


class _Whole(NamedTuple):
    """Neighbouring words of the query for one listed word: the first, how many, what they can be and are worth."""

    at: int
    many: int
    entries: Numbers
    worth: int


class Index:
    """The channels over one set of names. ``arrays`` is all there is to keep."""

    def __init__(self, arrays: dict[str, Array]) -> None:
        self.arrays = arrays
        self._sounds, self._joined, self._parts = cut(arrays, "sound"), cut(arrays, "joined"), cut(arrays, "part")
        self._bones, self._fars, self._han = cut(arrays, "skeleton"), cut(arrays, "far"), cut(arrays, "han")
        self._sound_numbers = {text: number for number, text in enumerate(self._sounds)}
        self._bone_numbers = {text: number for number, text in enumerate(self._bones)}
        self._modes = {int(one) for one in np.unique(arrays["modes"])}
        self._total = max(len(arrays["modes"]), 1)
        self._singles = _by_first(arrays, arrays["initials"].astype(bool))
        self._firsts = _by_first(arrays, np.ones(len(arrays["modes"]), np.bool_))
        self._rows: dict[Word, Row] = {}
        self._decode = msgspec.msgpack.Decoder(Analysed).decode

    def name(self, number: int) -> Analysed:
        """The analysed name with this number."""
        starts = self.arrays["name_starts"]
        return self._decode(self.arrays["names"][starts[number] : starts[number + 1]].data)

    def find(self, queries: Sequence[Analysed], floor: int) -> list[Numbers]:
        """For each query the numbers of every name that may score ``floor`` or more against it, and of few others."""
        self._warm(queries)
        readings = [reading for query in queries for reading in query.readings]
        longest = max((len(reading.words) for reading in readings), default=0)
        scratch = np.zeros((longest, self._total), np.int16)
        parts, wholes = self._listed_together(readings), self._asked_together(readings)
        by_words = iter(
            [
                self._by_words(reading, floor, scratch, listed, asked)
                for reading, listed, asked in zip(readings, parts, wholes, strict=True)
            ]
        )
        found = []
        for query, by_key, by_joined in zip(queries, self._by_keys(queries), self._by_joined(queries), strict=True):
            words = [next(by_words) for _ in query.readings]
            found.append(np.unique(np.concatenate([by_key, by_joined, self._by_han(query, floor), *words])))
        return found

    # what each word of a query can be

    def _warm(self, queries: Iterable[Analysed]) -> None:
        """Look up together what many queries ask for: the same answers, sooner."""
        if len(self._rows) > _ROWS_KEPT:
            self._rows.clear()
        asked = {word for query in queries for reading in query.readings for word in _words(reading)}
        if new := sorted(asked - self._rows.keys()):
            self._look_up(new)

    def _look_up(self, asked: Sequence[Word]) -> None:
        asked_, entries, worth = (np.concatenate(some) for some in zip(*self._evidence(asked), strict=True))
        order = np.lexsort((-worth, entries, asked_))
        asked_, entries, worth = asked_[order], entries[order], worth[order]
        best = np.r_[True, (asked_[1:] != asked_[:-1]) | (entries[1:] != entries[:-1])][: len(asked_)]
        asked_, entries, worth = asked_[best], entries[best], worth[best].astype(np.int16)
        starts = self.arrays["posting_starts"]
        counts = starts[entries + 1].astype(np.int64) - starts[entries]
        heaviest = self.arrays["heaviest"][entries].astype(np.int64)
        edges = np.searchsorted(asked_, np.arange(len(asked) + 1)).tolist()
        for word, (a, b) in zip(asked, itertools.pairwise(edges), strict=True):
            self._rows[word] = Row(entries[a:b], worth[a:b], heaviest[a:b], int(counts[a:b].sum()), {})

    def _evidence(self, asked: Sequence[Word]) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
        """Triples of arrays: number of the word asked, entry, worth at most. Each channel of `score._pair` is one."""
        yield self._equal(asked)
        yield self._initial(asked)
        full = [at for at, word in enumerate(asked) if word.how == FULL]
        yield self._spelt(asked, full)
        yield self._kin(asked, full)
        yield self._same_skeleton(asked, full)
        for at_, entries, worth, sides in (
            (*self._near_skeleton(asked, full, "skeleton", self._bones, _UNVOWELLED), VOWELLESS),
            (*self._near_skeleton(asked, full, "far", self._fars, W.sound), BY_SOUND),
        ):
            theirs = self.arrays["modes"][entries]
            ours = np.array([word.mode for word in asked], np.int64)[at_]
            kept = (theirs == sides) | (ours == sides)
            yield at_[kept], entries[kept], worth[kept]

    def _equal(self, asked: Sequence[Word]) -> tuple[Numbers, Numbers, Numbers]:
        pairs = [
            (at, self._sound_numbers[one.sound]) for at, one in enumerate(asked) if one.sound in self._sound_numbers
        ]
        at, entries = self._members("sound", pairs)
        return at, entries, np.full(len(at), 1000, np.int64)

    def _initial(self, asked: Sequence[Word]) -> tuple[Numbers, Numbers, Numbers]:
        """An initial for any word that begins so; and any word for an initial."""
        at, entries = [_NONE], [_NONE]
        for number, word in enumerate(asked):
            if word.how != EQUAL and word.sound:
                some = (self._firsts if word.how == FIRST else self._singles).get(ord(word.sound[0]), _NONE)
                at.append(np.full(len(some), number, np.int64))
                entries.append(some)
        whole = np.concatenate(at)
        return whole, np.concatenate(entries), np.full(len(whole), W.initial, np.int64)

    def _spelt(self, asked: Sequence[Word], full: Sequence[int]) -> tuple[Numbers, Numbers, Numbers]:
        """`score.word_sim` by edits."""
        ours = [asked[at].sound for at in full]
        found = near.near(self._near("sound"), self._sounds, ours, budget)
        theirs = [self._sounds[i] for i in found.found.tolist()]
        mine = [ours[i] for i in found.asked.tolist()]
        size = np.maximum(list(map(len, mine)), list(map(len, theirs))) if mine else _NONE
        other = np.array([x[:1] != y[:1] for x, y in zip(mine, theirs, strict=True)], np.int64)
        worth = 1000 - W.edit * found.distance // np.maximum(size, 1) - W.first * other
        return self._spread("sound", found.asked, found.found, worth, full)

    def _kin(self, asked: Sequence[Word], full: Sequence[int]) -> tuple[Numbers, Numbers, Numbers]:
        """`score.word_sim` by common classes of spellings."""
        pairs = [
            (at, self._sound_numbers[other])
            for at in full
            for group in groups().get(asked[at].sound, ())
            for other in _members_of_groups()[group]
            if other in self._sound_numbers
        ]
        at_, entries = self._members("sound", pairs)
        return at_, entries, np.full(len(at_), W.group, np.int64)

    def _same_skeleton(self, asked: Sequence[Word], full: Sequence[int]) -> tuple[Numbers, Numbers, Numbers]:
        """`score.skeleton_sim`, exactly."""
        pairs = [
            (at, self._bone_numbers[asked[at].skeleton])
            for at in full
            if len(asked[at].skeleton) >= 2 and asked[at].skeleton in self._bone_numbers
        ]
        at_, entries = self._members("skeleton", pairs)
        if not len(at_):
            return _NONE, _NONE, _NONE
        sounds = self.arrays["sound_of"][entries].tolist()
        ours, theirs = [asked[i].sound for i in at_.tolist()], [self._sounds[i] for i in sounds]
        like = cpdist(ours, theirs, scorer=Indel.normalized_similarity, dtype=np.float64)
        kept = like >= _SKELETON_LIKE
        # One more than rounding down gives, whatever the last bit of the float is.
        return at_[kept], entries[kept], W.skeleton + (100 * like[kept]).astype(np.int64) + 1

    def _near_skeleton(
        self, asked: Sequence[Word], full: Sequence[int], label: str, theirs: Sequence[str], most: int
    ) -> tuple[Numbers, Numbers, Numbers]:
        """`score.unvowelled_sim` and `score.sound_sim`, no more exactly than the skeletons tell."""
        needed = VOWELLESS if label == "skeleton" else BY_SOUND
        some = [at for at in full if needed in self._modes or asked[at].mode == needed]
        ours = [asked[at].skeleton if label == "skeleton" else asked[at].far for at in some]
        found = near.near(self._near(label), theirs, ours, budget_skeleton)
        return self._spread(label, found.asked, found.found, np.full(len(found.asked), most, np.int64), some)

    def _near(self, label: str) -> Near:
        a = self.arrays
        return Near(a[f"{label}_hashes"], a[f"{label}_slices"], a[f"{label}_filed"])

    def _members(self, label: str, pairs: Sequence[tuple[int, int]]) -> tuple[Numbers, Numbers]:
        """For (word, group): the word with each of the group's entries."""
        at, group = np.array(pairs, np.int64).reshape(-1, 2).T
        at, entries, _ = self._spread(label, at, group, np.zeros(len(at), np.int64), None)
        return at, entries

    def _spread(
        self, label: str, at: Numbers, group: Numbers, worth: Numbers, names: Sequence[int] | None
    ) -> tuple[Numbers, Numbers, Numbers]:
        starts = self.arrays[f"{label}_starts"]
        begin, end = starts[group].astype(np.int64), starts[group + 1].astype(np.int64)
        entries = self.arrays[f"{label}_members"][ranges(begin, end)].astype(np.int64)
        if names is not None:
            at = np.array(names, np.int64)[at]
        return np.repeat(at, end - begin), entries, np.repeat(worth, end - begin)

    # words written together on one side

    def _listed_together(self, readings: Sequence[Reading]) -> list[_Together]:
        """For each reading, where neighbouring listed words are one of its words: `score._join`."""
        asked = [(number, at) for number, one in enumerate(readings) for at in range(len(one.words)) if _joins(one, at)]
        owner, at = np.array(asked, np.int64).reshape(-1, 2).T
        sounds = [readings[number].sounds[word] for number, word in asked]
        found = near.near(self._near("part"), self._parts, sounds, budget_together)
        a = self.arrays
        begin, end = a["part_starts"][found.found].astype(np.int64), a["part_starts"][found.found + 1].astype(np.int64)
        places, who = ranges(begin, end), np.repeat(found.asked, end - begin)
        cells, counts = a["part_cells"][places].astype(np.int64), a["part_counts"][places].astype(np.int64)
        if {VOWELLESS} & ({mode(one) for one in readings} | self._modes):
            bones = hashed([readings[number].skeletons[word] for number, word in asked])
            low, high = _slices(a["bone_hashes"], bones)
            places = ranges(low, high)
            who = np.r_[who, np.repeat(np.arange(len(bones)), high - low)]
            cells = np.r_[cells, a["bone_cells"][places].astype(np.int64)]
            counts = np.r_[counts, a["bone_counts"][places].astype(np.int64)]
        order = np.argsort(owner[who], kind="stable")
        who, cells, counts = who[order], cells[order], counts[order]
        where = np.searchsorted(a["cell_starts"], cells, "right") - 1
        edges = np.searchsorted(owner[who], np.arange(len(readings) + 1)).tolist()
        return [_Together(at[who[x:y]], cells[x:y], counts[x:y], where[x:y]) for x, y in itertools.pairwise(edges)]

    def _asked_together(self, readings: Sequence[Reading]) -> list[list[_Whole]]:
        """For each reading, which of its neighbouring words are one listed word."""
        asked = [(number, *one) for number, reading in enumerate(readings) for one in together(reading.words)]
        texts = [sound(text) for *_, text in asked]
        found = near.near(self._near("sound"), self._sounds, texts, budget_together)
        out: list[list[_Whole]] = [[] for _ in readings]
        for which, listed in zip(found.asked.tolist(), found.found.tolist(), strict=True):
            number, at, count, _ = asked[which]
            out[number].append(_Whole(at, count, self._members("sound", [(0, listed)])[1], _TOGETHER))
        for number, reading in enumerate(readings):
            out[number] += self._asked_bones(reading) + self._asked_initials(reading)
        return out

    def _asked_bones(self, reading: Reading) -> list[_Whole]:
        if VOWELLESS not in self._modes and mode(reading) != VOWELLESS:
            return []
        return [
            _Whole(at, count, self._members("skeleton", [(0, self._bone_numbers[text])])[1], _TOGETHER)
            for at, count, text in together(reading.skeletons)
            if text in self._bone_numbers
        ]

    def _asked_initials(self, reading: Reading) -> list[_Whole]:
        """ "jc" listed for Jean Claude asked: `score._initials`."""
        first = [word[:1] for word in reading.words]
        return [
            _Whole(at, count, self._members("sound", [(0, self._sound_numbers[text])])[1], W.initial)
            for at, count, text in together(first)
            if text in self._sound_numbers
        ]

    # bounds by words

    def _by_words(
        self, reading: Reading, floor: int, scratch: Worth, parts: _Together, wholes: Sequence[_Whole]
    ) -> Numbers:
        """Names one of whose readings may reach the floor against this reading."""
        rows = [self._rows[word] for word in _words(reading)]
        weights = np.array(reading.weights, np.int64)
        deciding = _deciding(reading, rows, floor)
        entries = [rows[at].entries for at in deciding] + [one.entries for one in wholes if one.worth == _TOGETHER]
        readings = self._holding(entries, parts.readings)
        if not len(readings):
            return _NONE
        for at, row in enumerate(rows):
            scratch[at, row.entries] = row.worth
        for at, count, some, worth in wholes:
            for word in range(at, at + count):
                scratch[word, some] = np.maximum(scratch[word, some], worth)
        kept = self._may_reach(reading, weights, readings, floor, scratch[: len(rows)], parts, wholes)
        for at, row in enumerate(rows):
            scratch[at, row.entries] = 0
        for at, count, some, _ in wholes:
            scratch[at : at + count, some] = 0
        names: Numbers = self.arrays["reading_names"][readings[kept]].astype(np.int64)
        return names

    def _may_reach(
        self,
        reading: Reading,
        weights: Numbers,
        readings: Numbers,
        floor: int,
        worth: Worth,
        parts: _Together,
        wholes: Sequence[_Whole],
    ) -> npt.NDArray[np.bool_]:
        """Whether an upper bound of `score._match` reaches the floor, for each of these listed readings.

        With links of weight g and likeness s, what is left of either side l and m, the score is S/T where S = sum(g s)
        and T = sum(g) + conflict * min(l, m) + extra * (max - min). It reaches the floor f only if S - f T >= 0. A link
        weighs half of what its words on both sides weigh, so that S - f T falls apart into a sum over words: a word
        that some word of the other side can answer with likeness e adds at most w (e - f) / 2, or, left alone, costs
        at least the smaller slope of T; a word that nothing can answer is surely left over.
        """
        a = self.arrays
        begin, end = a["cell_starts"][readings].astype(np.int64), a["cell_starts"][readings + 1].astype(np.int64)
        cells = ranges(begin, end)
        edges = np.cumsum(end - begin) - (end - begin)
        entries = a["cells"][cells]
        got = worth[:, entries]
        bonus = np.zeros(len(readings), np.float64)
        if len(parts.words):
            self._mark_parts(got, bonus, parts, readings, edges, begin, floor)
        self._mark_initials(got, reading, a["firsts"][entries], edges)
        asked = np.maximum.reduceat(got, edges, axis=1)
        listed = got.max(0)
        weight = a["weights"][cells].astype(np.float64)
        for one in wholes:
            if one.worth == _TOGETHER:  # `score._join` may count a particle once more
                bonus += weights[one.at : one.at + one.many].sum() * max(0, _TOGETHER - floor) / 2000
        slope = floor / 1000 * min(W.extra, W.extra_one, W.conflict - max(W.extra, W.extra_one))
        gain = (weights @ _gains(asked, floor, slope)) + np.add.reduceat(weight * _gains(listed, floor, slope), edges)
        left = weights @ (asked == 0)
        left_listed = np.add.reduceat(weight * (listed == 0), edges)
        links = np.minimum((asked > 0).sum(0), np.add.reduceat((listed > 0).astype(np.int64), edges))
        extra = np.where(links > 1, min(W.extra, W.extra_one), W.extra_one) / 1000
        less, more = np.minimum(left, left_listed), np.maximum(left, left_listed)
        cost = floor / 1000 * (extra * more + (W.conflict / 1000 - extra) * less)
        rounding = floor / 1000 * (len(weights) / 2 + 1) + 1e-6
        kept: npt.NDArray[np.bool_] = gain + bonus - cost + rounding >= 0
        return kept

    def _mark_parts(
        self, got: Worth, bonus: npt.NDArray[np.float64], parts: _Together, readings: Numbers, edges: Numbers,
        begin: Numbers, floor: int,
    ) -> None:  # fmt: skip
        """Enter what neighbouring listed words are worth as one, in each of their cells."""
        at = np.searchsorted(readings, parts.readings)
        first = edges[at] + parts.cells - begin[at]
        got[np.repeat(parts.words, parts.counts), ranges(first, first + parts.counts)] = _TOGETHER
        cells = ranges(parts.cells, parts.cells + parts.counts)
        weight = self.arrays["weights"][cells] * max(0, _TOGETHER - floor) / 2000
        np.add.at(bonus, np.repeat(at, parts.counts), weight)  # `score._join` may count a particle once more

    def _mark_initials(self, got: Worth, reading: Reading, firsts: Array, edges: Numbers) -> None:
        """ "jc" asked for Jean Claude listed: `score._initials`."""
        for at, (word, cls) in enumerate(zip(reading.words, reading.classes, strict=True)):
            if cls != NAME or not 2 <= len(word) <= 3 or len(firsts) < len(word):
                continue
            span = len(firsts) - len(word) + 1
            fits = np.ones(span, np.bool_)
            for place, char in enumerate(word):
                fits &= firsts[place : place + span] == ord(char)
            for start in np.flatnonzero(fits).tolist():  # across two readings too: a bound may be too high
                some = got[at, start : start + len(word)]
                np.maximum(some, W.initial, out=some)

    def _holding(self, entries: Sequence[Numbers], more: Numbers) -> Numbers:
        """Readings that hold one of the entries, and more."""
        a = self.arrays
        some = np.concatenate(entries) if entries else _NONE
        places = ranges(a["posting_starts"][some].astype(np.int64), a["posting_starts"][some + 1].astype(np.int64))
        held = np.zeros(len(a["reading_names"]), np.bool_)
        held[a["postings"][places]] = True
        held[more] = True
        return np.flatnonzero(held)

    # whole names

    def _by_keys(self, queries: Sequence[Analysed]) -> list[Numbers]:
        """For each query the names filed under one of its keys: equal text, acronyms."""
        keys = [sorted(asked_keys(query)) for query in queries]
        low, high = _slices(self.arrays["key_hashes"], hashed(list(itertools.chain.from_iterable(keys))))
        names = self.arrays["key_names"][ranges(low, high)].astype(np.int64)
        ends = np.r_[0, np.cumsum(high - low)][np.cumsum([0, *map(len, keys)])].tolist()
        return [names[start:end] for start, end in itertools.pairwise(ends)]

    def _by_joined(self, queries: Sequence[Analysed]) -> list[Numbers]:
        """For each query the names that are within one edit of it without their spaces."""
        asked = [query.readings[0].joined if query.readings else "" for query in queries]
        found = near.near(self._near("joined"), self._joined, asked, budget_joined)
        at, names, _ = self._spread("joined", found.asked, found.found, found.distance, None)
        edges = np.searchsorted(at, np.arange(len(queries) + 1)).tolist()
        return [names[start:end] for start, end in itertools.pairwise(edges)]

    def _by_han(self, query: Analysed, floor: int) -> Numbers:
        """Names in Han that are near enough: `score._han`, exactly."""
        if not query.han or not self._han:
            return _NONE
        edits = cpdist([query.han] * len(self._han), self._han, scorer=OSA.distance, dtype=np.int64)
        size = np.maximum(len(query.han), list(map(len, self._han)))
        names: Numbers = self.arrays["han_names"][1000 - W.han_edit * edits // size >= floor].astype(np.int64)
        return names


def _words(reading: Reading) -> list[Word]:
    return [
        Word(*one, EQUAL if cls in (FORM, PARTICLE, NUMBER) else FIRST if cls == INITIAL else FULL)
        for one, cls in zip(spoken(reading), reading.classes, strict=True)
    ]


def _joins(reading: Reading, at: int) -> bool:
    return reading.classes[at] not in (FORM, PARTICLE, INITIAL, NUMBER)


def _deciding(reading: Reading, rows: Sequence[Row], floor: int) -> list[int]:
    """Words, the rarest first, such that a listed reading that answers none of them cannot reach the floor.

    Words that are run together are not seen to here: readings that hold such are looked at anyhow.
    """
    chosen: list[int] = []
    rest = sorted(range(len(rows)), key=lambda at: rows[at].readings)
    while rest:
        left = sum(reading.weights[at] for at in chosen)
        extra = W.extra_one if len(rest) < 2 else min(W.extra, W.extra_one)
        gain = sum(_most(reading, at, rows[at], floor) for at in rest)
        if gain + floor / 1000 * (len(rows) / 2 + 1) + 1e-6 < floor * extra * left / 1_000_000:
            break
        chosen.append(rest.pop(0))
    return chosen


def _most(reading: Reading, at: int, row: Row, floor: int) -> float:
    """The most that a link of this word can add to S - f T (see `Index._may_reach`)."""
    weight = reading.weights[at]
    if (weight, floor) not in row.gains:
        over = np.maximum(row.worth.astype(np.int64) - floor, 0)
        row.gains[weight, floor] = float(((weight + row.heaviest) * over).max(initial=0)) / 2000
    several = 3 if reading.classes[at] == NAME and 2 <= len(reading.words[at]) <= 3 else 1
    initial = max((weight + several * _HEAVY) / 2, _HEAVY) * max(0, W.initial - floor) / 1000
    return max(row.gains[weight, floor], initial)


def _gains(worth: Worth, floor: int, slope: float) -> npt.NDArray[np.float64]:
    """What a unit of a word's weight can add: half of its likeness over the floor, or the loss of leaving it alone."""
    over = np.maximum((worth.astype(np.float64) - floor) / 2000, -slope)
    # An initial weighs as much as its name: up to twice the half of what both weigh.
    over = np.where(worth >= W.initial, np.maximum(over, (W.initial - floor) / 1000), over)
    return np.where(worth > 0, over, 0.0)


def _slices(hashes: Array, wanted: Array) -> tuple[Numbers, Numbers]:
    """Where each wanted hash begins and ends."""
    return np.searchsorted(hashes, wanted), np.searchsorted(hashes, wanted, "right")


def _by_first(arrays: dict[str, Array], some: npt.NDArray[np.bool_]) -> dict[int, Numbers]:
    """Entries by their first letter."""
    numbers = np.flatnonzero(some)
    firsts = arrays["firsts"][numbers]
    order = np.argsort(firsts, kind="stable")
    letters, starts = np.unique(firsts[order], return_index=True)
    return dict(zip(letters.tolist(), np.split(numbers[order], starts[1:]), strict=True)) if len(letters) else {}


_GROUPS: dict[str, list[str]] = {}


def _members_of_groups() -> dict[str, list[str]]:
    """The classes of `lexicon.groups`, each with its spellings."""
    if not _GROUPS:
        inverse: defaultdict[str, list[str]] = defaultdict(list)
        for sound, classes in groups().items():
            for one in classes:
                inverse[one].append(sound)
        _GROUPS.update(inverse)
    return _GROUPS
