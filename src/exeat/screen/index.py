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
from functools import cache
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, Indel, LCSseq
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
    joined_texts,
    mode,
    spoken,
    together,
)
from exeat.screen.names import FORM, GENERIC, INITIAL, NAME, NUMBER, PARTICLE, Analysed, Reading
from exeat.screen.names.lexicon import families, groups
from exeat.screen.names.sound import sound
from exeat.screen.near import Near, Numbers, ranges
from exeat.screen.packed import Array
from exeat.screen.score import FLOOR, W, budget, budget_skeleton

_ROWS_KEPT = 50_000
_NONE = np.zeros(0, np.int64)
_TOGETHER = 970  # the most that `score._join` gives
_UNVOWELLED = 960  # the most that `score.unvowelled_sim` gives: consonants all equal, letters all found
_SKELETON_LIKE = 0.6  # what `score.skeleton_sim` asks of the letters at least
_SURE = 900  # likeness from which a link counts as one of several names
# The least that a unit of weight left over adds to what a score is divided by: of persons' names, of companies'.
_PERSON = min(W.extra, W.extra_one, W.conflict // 2)
_COMPANY = min(W.extra_company, W.extra_one_company, W.conflict_company // 2)
_SLOPE = max(0, min(_PERSON, _COMPANY)) / 1000
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
    telling: Numbers


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
        self._modes = int(np.bitwise_or.reduce(arrays["modes"])) if len(arrays["modes"]) else 0
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
        found = list(self._evidence(asked))
        asked_, entries, worth = (np.concatenate(some) for some in zip(*found, strict=True))
        # What answers as an initial only (the second channel) never counts as core in `score._match`.
        whole = np.repeat([True, False, *[True] * (len(found) - 2)], [len(one[0]) for one in found])
        order = np.lexsort((-worth, entries, asked_))
        asked_, entries, worth, whole = asked_[order], entries[order], worth[order], whole[order]
        best = np.flatnonzero(np.r_[True, (asked_[1:] != asked_[:-1]) | (entries[1:] != entries[:-1])][: len(asked_)])
        whole = np.logical_or.reduceat(whole, best) if len(best) else whole
        asked_, entries, worth = asked_[best], entries[best], worth[best].astype(np.int16)
        starts = self.arrays["posting_starts"]
        counts = starts[entries + 1].astype(np.int64) - starts[entries]
        heaviest = self.arrays["heaviest"][entries].astype(np.int64)
        telling = whole & (self.arrays["telling"][entries] > 0)
        edges = np.searchsorted(asked_, np.arange(len(asked) + 1)).tolist()
        for word, (a, b) in zip(asked, itertools.pairwise(edges), strict=True):
            some = entries[a:b]
            self._rows[word] = Row(some, worth[a:b], heaviest[a:b], int(counts[a:b].sum()), {}, some[telling[a:b]])

    def _evidence(self, asked: Sequence[Word]) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
        """Triples of arrays: number of the word asked, entry, worth at most. Each channel of `score._like` is one."""
        yield self._equal(asked)
        yield self._initial(asked)
        full = [at for at, word in enumerate(asked) if word.how == FULL]
        yield self._spelt(asked, full)
        yield self._kin(asked, full)
        yield self._same_skeleton(asked, full)
        yield self._unvowelled(asked, full)
        yield self._by_sound(asked, full)

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
            for group in _kinds_of(asked[at].sound)
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
        worth = 1001 - (W.skeleton * (1 - like[kept])).astype(np.int64)
        return at_[kept], entries[kept], np.minimum(worth, 1000)

    def _unvowelled(self, asked: Sequence[Word], full: Sequence[int]) -> tuple[Numbers, Numbers, Numbers]:
        """`score.unvowelled_sim`: letters of the side without vowels found in the other, consonants within budget."""
        at, entries, edits, size = self._near_skeleton(asked, full, "skeleton", VOWELLESS)
        if not len(at):
            return at, entries, edits
        theirs = [self._sounds[i] for i in self.arrays["sound_of"][entries].tolist()]
        ours = [asked[i].sound for i in at.tolist()]
        bare = [x if asked[i].mode & VOWELLESS else y for i, x, y in zip(at.tolist(), ours, theirs, strict=True)]
        letters = np.maximum(list(map(len, bare)), 1)
        found = cpdist(ours, theirs, scorer=LCSseq.similarity, dtype=np.int64) * 1000 // letters
        worth = _UNVOWELLED - W.edit * edits * 7 // (10 * size) - (1000 - found) * 5 // 10
        kept = worth > 0
        return at[kept], entries[kept], worth[kept]

    def _by_sound(self, asked: Sequence[Word], full: Sequence[int]) -> tuple[Numbers, Numbers, Numbers]:
        """`score.sound_sim`."""
        at, entries, edits, size = self._near_skeleton(asked, full, "far", BY_SOUND)
        return at, entries, W.sound - 1000 * edits // size

    def _near_skeleton(
        self, asked: Sequence[Word], full: Sequence[int], label: str, needed: int
    ) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Entries with a near skeleton where just one of both sides is compared so; with edits and longer length."""
        some = [at for at in full if (self._modes | asked[at].mode) & needed]
        ours = [asked[at].far if label == "far" else asked[at].skeleton for at in some]
        theirs = self._fars if label == "far" else self._bones
        found = near.near(self._near(label), theirs, ours, budget_skeleton)
        size = [max(len(ours[i]), len(theirs[j]), 1) for i, j in zip(found.asked, found.found, strict=True)]
        which = np.arange(len(found.asked))
        which, entries, _ = self._spread(label, which, found.found, which, None)
        at = np.array(some, np.int64)[found.asked[which]]
        modes = np.array([word.mode for word in asked], np.int64)[at]
        kept = (modes ^ self.arrays["modes"][entries]) & needed > 0
        which = which[kept]
        return at[kept], entries[kept], found.distance[which], np.array(size, np.int64)[which]

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
        if any((mode(one) | self._modes) & VOWELLESS for one in readings):
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
        if not (self._modes | mode(reading)) & VOWELLESS:
            return []
        return [
            _Whole(at, count, self._members("skeleton", [(0, self._bone_numbers[text])])[1], _TOGETHER)
            for at, count, text in together(reading.skeletons)
            if text in self._bone_numbers
        ]

    def _asked_initials(self, reading: Reading) -> list[_Whole]:
        """ "jc" listed for Jean Claude asked: `score._initials`."""
        spelt = [(at, count, sound(text)) for at, count, text in together([word[:1] for word in reading.words])]
        return [
            _Whole(at, count, self._members("sound", [(0, self._sound_numbers[text])])[1], W.initial)
            for at, count, text in spelt
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
        entries = [rows[at].entries for at in deciding] + [one.entries for one in wholes]
        more = np.concatenate([parts.readings, *self._spelt_out(reading, rows, deciding)])
        held = self._holding(entries, more)
        if floor >= FLOOR and reading.core:
            held &= self._answering_core(reading, rows, parts, wholes)
        readings = np.flatnonzero(held)
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
        self._mark_initials(got, reading, a["letters"][cells])
        asked = np.maximum.reduceat(got, edges, axis=1)
        listed = got.max(0)
        weight = a["weights"][cells].astype(np.float64)
        for one in wholes:
            if one.worth == _TOGETHER and floor < _TOGETHER:  # `score._join` may count a particle once more
                more = weights[one.at : one.at + one.many].sum() * (_TOGETHER - floor) / 2000
                bonus += more * np.maximum.reduceat(np.isin(entries, one.entries), edges)
        slope = floor / 1000 * _SLOPE
        gain = (weights @ _gains(asked, floor, slope)) + np.add.reduceat(weight * _gains(listed, floor, slope), edges)
        company = reading.company + a["companies"][readings] > 0
        left, left_listed = weights * (asked == 0).T, weight * (listed == 0)
        cost = _cost(
            left.sum(1) + np.add.reduceat(left_listed, edges),
            np.minimum(
                *(
                    np.where(company, total(classes <= NUMBER, some), total(classes <= GENERIC, some))
                    for classes, some, total in (
                        (np.array(reading.classes), left, lambda kept, some: some @ kept),
                        (a["classes"][cells], left_listed, lambda kept, some: np.add.reduceat(some * kept, edges)),
                    )
                )
            ),
            np.minimum((asked >= _SURE).sum(0), np.add.reduceat((listed >= _SURE).astype(np.int64), edges)),
            company,
        ) * (floor / 1_000_000)
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

    def _mark_initials(self, got: Worth, reading: Reading, firsts: Array) -> None:
        """ "jc" asked for Jean Claude listed: `score._initials`."""
        for at, word in enumerate(reading.words):
            if not _may_be_initials(reading, at) or len(firsts) < len(word):
                continue
            span = len(firsts) - len(word) + 1
            fits = np.ones(span, np.bool_)
            for place, char in enumerate(word):
                fits &= firsts[place : place + span] == ord(char)
            for start in np.flatnonzero(fits).tolist():  # across two readings too: a bound may be too high
                some = got[at, start : start + len(word)]
                np.maximum(some, W.initial, out=some)

    def _holding(self, entries: Sequence[Numbers], more: Numbers) -> npt.NDArray[np.bool_]:
        """Which readings hold one of the entries, or are among the others given."""
        a = self.arrays
        some = np.concatenate(entries) if entries else _NONE
        places = ranges(a["posting_starts"][some].astype(np.int64), a["posting_starts"][some + 1].astype(np.int64))
        held = np.zeros(len(a["reading_names"]), np.bool_)
        held[a["postings"][places]] = True
        held[more] = True
        return held

    def _answering_core(
        self, reading: Reading, rows: Sequence[Row], parts: _Together, wholes: Sequence[_Whole]
    ) -> npt.NDArray[np.bool_]:
        """Readings that answer a word which tells parties apart: without, `score._match` stays below `FLOOR`."""
        told = [row.telling for sound_, row in zip(reading.sounds, rows, strict=True) if sound_ in reading.core]
        entries = told + [one.entries for one in wholes]
        return self._holding(
            entries, np.concatenate([parts.readings, *self._spelt_out(reading, rows, range(len(rows)))])
        )

    def _spelt_out(self, reading: Reading, rows: Sequence[Row], deciding: Sequence[int]) -> list[Numbers]:
        """Readings that spell a deciding word of two or three letters out ("jc": Jean Claude) and answer another word.

        `score._initials` looks for such only where some word is answered already.
        """
        short = [reading.words[at] for at in deciding if _may_be_initials(reading, at)]
        if not short:
            return []
        low, high = _slices(self.arrays["gram_hashes"], hashed(short))
        readings = self.arrays["gram_readings"][ranges(low, high)].astype(np.int64)
        return [readings[self._holding([row.entries for row in rows], _NONE)[readings]]]

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
        asked = [text for query in queries for text in joined_texts(query)]
        found = near.near(self._near("joined"), self._joined, asked, budget_joined)
        at, names, _ = self._spread("joined", found.asked // 2, found.found, found.distance, None)
        names //= 2  # two texts for each query and each name
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


def _may_be_initials(reading: Reading, at: int) -> bool:
    return reading.classes[at] == NAME and 2 <= len(reading.words[at]) <= 3


def _deciding(reading: Reading, rows: Sequence[Row], floor: int) -> list[int]:
    """Words, the rarest first, such that a listed reading that answers none of them cannot reach the floor.

    Words that are run together or spelt out are not seen to here: readings that hold such are looked at anyhow.
    """
    chosen: list[int] = []
    rest = sorted(range(len(rows)), key=lambda at: rows[at].readings)
    while rest:
        left = sum(reading.weights[at] for at in chosen)
        extra = min(W.extra_one, W.extra if len(rest) > 1 else W.extra_one, W.conflict // 2)
        if reading.company >= 0:
            extra = min(extra, W.extra_one_company, W.extra_company if len(rest) > 1 else W.extra_one_company)
            extra = min(extra, W.conflict_company // 2)
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
    several = 3 if _may_be_initials(reading, at) else 1
    initial = max((weight + several * _HEAVY) / 2, _HEAVY) * max(0, W.initial - floor) / 1000
    return max(row.gains[weight, floor], initial)


def _gains(worth: Worth, floor: int, slope: float) -> npt.NDArray[np.float64]:
    """What a unit of a word's weight can add: half of its likeness over the floor, or the loss of leaving it alone."""
    over = np.maximum((worth.astype(np.float64) - floor) / 2000, -slope)
    # An initial weighs as much as its name: up to twice the half of what both weigh.
    over = np.where(worth >= W.initial, np.maximum(over, (W.initial - floor) / 1000), over)
    # Where a particle is run together with a word, the link weighs no more than the lighter of both.
    over = np.where(worth >= _TOGETHER, np.maximum(over, 0.0), over)
    return np.where(worth > 0, over, 0.0)


def _cost(left: Array, firm: Array, links: Array, company: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """The least that words surely left over add to what a score is divided by: `score._match`.

    ``left`` is what they weigh on both sides, ``firm`` what those that conflict weigh on the side that has less.
    """
    several = links > 1
    extra = np.where(
        company,
        np.where(several, min(W.extra_company, W.extra_one_company), W.extra_one_company),
        np.where(several, min(W.extra, W.extra_one), W.extra_one),
    )
    other = np.where(company, W.conflict_company, W.conflict) - 2 * extra
    cost: npt.NDArray[np.float64] = extra * left + other * np.where(other >= 0, firm, left / 2)
    return cost


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


@cache
def _classes() -> dict[str, set[str]]:
    """Sound to classes of spellings: of given names (by sound), of family names (by word, here by its sound)."""
    out: defaultdict[str, set[str]] = defaultdict(set)
    for spelt, given in groups().items():
        out[spelt] |= {f"given {one}" for one in given}
    for word, names in families().items():
        out[sound(word)] |= {f"family {one}" for one in names}
    return dict(out)


def _kinds_of(spelt: str) -> set[str]:
    return _classes().get(spelt, set())


@cache
def _members_of_groups() -> dict[str, list[str]]:
    """The classes, each with the sounds of its spellings."""
    inverse: defaultdict[str, list[str]] = defaultdict(list)
    for spelt, classes in _classes().items():
        for one in classes:
            inverse[one].append(spelt)
    return dict(inverse)
