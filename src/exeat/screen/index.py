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
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, Indel, LCSseq
from rapidfuzz.process import cpdist

from exeat.screen import near
from exeat.screen.bound import (
    AS_JOINED,
    BITS,
    MARKED_INITIAL,
    MARKED_JOINED,
    MARKED_SPELT,
    WHOLE,
    Codes,
    Flags,
    Marks,
    Side,
    Together,
    marks_of,
    may_be_initials,
    may_be_near,
    may_reach,
    raised,
    side,
    spelt_over,
)
from exeat.screen.filing import (
    BY_SOUND,
    CORE,
    VOWELLESS,
    asked_keys,
    budget_joined,
    budget_together,
    cut,
    hashed,
    joined_texts,
    mode,
    spoken,
    texts_of,
    together,
)
from exeat.screen.names import FORM, INITIAL, NUMBER, PARTICLE, Analysed, Reading
from exeat.screen.names.lexicon import families, groups
from exeat.screen.names.sound import sound
from exeat.screen.near import Near, Numbers, distinct, ranges
from exeat.screen.packed import Array
from exeat.screen.score import FLOOR, W, budget, budget_skeleton

_KEPT = 1 << 22  # entries of words looked up, of six to ten bytes each
_NONE = np.zeros(0, np.int64)
_UNVOWELLED = 960  # the most that `score.unvowelled_sim` gives: consonants all equal, letters all found
_SKELETON_LIKE = 0.6  # what `score.skeleton_sim` asks of the letters at least
_HEAVY = 1000  # the most that one word weighs
# How much is bounded at once: codes kept of words with the vocabulary, and listed readings looked at.
_GRID, _PIECE = 1 << 22, 1 << 16
_RARE = 2048  # so many listed readings are marked for a word

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
    """What one word of a query can be: entries, what each is worth (`bound`'s codes) and weighs at most.

    They are in order of worth. ``telling`` are the entries that may tell parties apart; ``readings`` and ``told`` say
    how many readings hold one of the entries, and of those. Entries before ``marked`` are in too many readings to mark
    each: they are worth no more than the mark ``base``.
    """

    entries: Numbers
    codes: Codes
    heaviest: Array
    readings: int
    gains: dict[tuple[int, int], float]
    telling: Numbers
    told: int
    marked: int
    base: int


class _Asked(NamedTuple):
    """A reading of a query (by number) and what each of its words can be."""

    query: int
    reading: Reading
    rows: list[Row]


class _Wholes(NamedTuple):
    """Parallel: neighbouring words of an asked reading (the first, and how many) are one listed entry.

    ``spelt`` where it is made of their first letters.
    """

    asked: Numbers
    first: Numbers
    counts: Numbers
    entries: Numbers
    spelt: Flags


_Some = TypeVar("_Some", Together, _Wholes)


class Index:
    """The channels over one set of names. ``arrays`` is all there is to keep."""

    def __init__(self, arrays: dict[str, Array]) -> None:
        self.arrays = arrays
        self._sounds, self._joined, self._parts = (
            cut(arrays, "sound"),
            texts_of(arrays, "joined"),
            texts_of(arrays, "part"),
        )
        self._bones, self._fars, self._han = cut(arrays, "skeleton"), cut(arrays, "far"), cut(arrays, "han")
        self._sound_numbers = {text: number for number, text in enumerate(self._sounds)}
        self._bone_numbers = {text: number for number, text in enumerate(self._bones)}
        self._modes = int(np.bitwise_or.reduce(arrays["modes"])) if len(arrays["modes"]) else 0
        self._total = max(len(arrays["modes"]), 1)
        self._singles = _by_first(arrays, arrays["initials"].astype(bool))
        self._firsts = _by_first(arrays, np.ones(len(arrays["modes"]), np.bool_))
        self._names, self._readings = len(arrays["name_starts"]) - 1, len(arrays["reading_names"])
        self._rows: dict[Word, Row] = {}
        self._kept = 0
        self._decode = msgspec.msgpack.Decoder(Analysed).decode

    def name(self, number: int) -> Analysed:
        """The analysed name with this number."""
        starts = self.arrays["name_starts"]
        return self._decode(self.arrays["names"][starts[number] : starts[number + 1]].data)

    def find(self, queries: Sequence[Analysed], floor: int) -> list[Numbers]:
        """For each query the numbers of every name that may score ``floor`` or more against it, and of few others."""
        asked = self._asked(queries)
        found = [self._by_words(asked, floor), self._by_keys(queries), self._by_joined(queries)]
        found += [self._by_han(at, query, floor) for at, query in enumerate(queries) if query.han]
        both = distinct(np.concatenate(found))
        edges = np.searchsorted(both, np.arange(len(queries) + 1) * self._names).tolist()
        return [both[start:end] - at * self._names for at, (start, end) in enumerate(itertools.pairwise(edges))]

    # what each word of a query can be

    def _asked(self, queries: Sequence[Analysed]) -> list[_Asked]:
        """All readings, those of equally many words together; what is new in them is looked up for all at once."""
        if self._kept > _KEPT:
            self._rows, self._kept = {}, 0  # another thread may still read the old ones
        some = [(at, reading, _words(reading)) for at, query in enumerate(queries) for reading in query.readings]
        rows = self._rows
        if new := {word for _, _, words in some for word in words if word not in rows}:
            rows.update(self._look_up(sorted(new)))
        asked = [_Asked(at, reading, [rows[word] for word in words]) for at, reading, words in some]
        return sorted(asked, key=lambda one: len(one.rows))

    def _look_up(self, asked: Sequence[Word]) -> dict[Word, Row]:
        found = list(self._evidence(asked))
        asked_, entries, worth = (np.concatenate(some) for some in zip(*found, strict=True))
        # What answers as an initial only (the second channel) never counts as core in `score._match`.
        whole = np.repeat([True, False, *[True] * (len(found) - 2)], [len(one[0]) for one in found])
        order = np.lexsort((-worth, entries, asked_))
        asked_, entries, worth, whole = asked_[order], entries[order], worth[order], whole[order]
        best = np.flatnonzero(np.r_[True, (asked_[1:] != asked_[:-1]) | (entries[1:] != entries[:-1])][: len(asked_)])
        whole = np.logical_or.reduceat(whole, best) if len(best) else whole
        asked_, entries, worth = asked_[best], entries[best], worth[best]
        order = np.lexsort((worth, asked_))  # who writes one row after the other leaves the greatest
        asked_, entries, worth, whole = asked_[order], entries[order], worth[order], whole[order]
        codes = (worth << BITS | np.where(whole, WHOLE, 0)).astype(np.int16)
        starts = self.arrays["posting_starts"]
        counts = starts[entries + 1].astype(np.int64) - starts[entries]
        heaviest = self.arrays["heaviest"][entries]
        telling = whole & (self.arrays["telling"][entries] > 0)
        edges = np.searchsorted(asked_, np.arange(len(asked) + 1)).tolist()
        entries, rows = entries.astype(np.int32), {}
        for word, (a, b) in zip(asked, itertools.pairwise(edges), strict=True):
            some, told, held = entries[a:b], telling[a:b], counts[a:b]
            readings, marked = int(held.sum()), 0
            if readings > _RARE:
                marked = b - a - int(np.searchsorted(np.cumsum(held[::-1]), _RARE, "right"))
            base = marks_of(codes[a + marked - 1]) if marked else 0
            rows[word] = Row(
                some, codes[a:b], heaviest[a:b], readings, {}, some[told], int(held[told].sum()), marked, int(base)
            )

        self._kept += len(entries)
        return rows

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

    def _listed_together(self, asked: Sequence[_Asked]) -> Together:
        """Where neighbouring listed words are one word of an asked reading: `score._join`."""
        readings = [one.reading for one in asked]
        some = [(number, at) for number, one in enumerate(readings) for at in range(len(one.words)) if _joins(one, at)]
        owner, at = np.array(some, np.int64).reshape(-1, 2).T
        sounds = [readings[number].sounds[word] for number, word in some]
        found = near.near(self._near("part"), self._parts, sounds, budget_together)
        a = self.arrays
        begin, end = a["part_starts"][found.found].astype(np.int64), a["part_starts"][found.found + 1].astype(np.int64)
        places, who = ranges(begin, end), np.repeat(found.asked, end - begin)
        cells, counts = a["part_cells"][places].astype(np.int64), a["part_counts"][places].astype(np.int64)
        if any((mode(one) | self._modes) & VOWELLESS for one in readings):
            bones = hashed([readings[number].skeletons[word] for number, word in some])
            low, high = _slices(a["bone_hashes"], bones)
            places = ranges(low, high)
            who = np.r_[who, np.repeat(np.arange(len(bones)), high - low)]
            cells = np.r_[cells, a["bone_cells"][places].astype(np.int64)]
            counts = np.r_[counts, a["bone_counts"][places].astype(np.int64)]
        order = np.argsort(owner[who], kind="stable")
        who, cells, counts = who[order], cells[order], counts[order]
        where = np.searchsorted(a["cell_starts"], cells.astype(np.uint32), "right") - 1
        return Together(owner[who], at[who], cells, counts, where)

    def _asked_together(self, asked: Sequence[_Asked]) -> _Wholes:
        """Where neighbouring words of an asked reading are one listed word: run together, or as initials."""
        runs = [(number, *one) for number, some in enumerate(asked) for one in together(some.reading.words)]
        found = near.near(self._near("sound"), self._sounds, [sound(run[3]) for run in runs], budget_together)
        at, entries, _ = self._spread("sound", found.asked, found.found, found.distance, None)
        bones, spelt = self._run_bones(asked, runs), self._run_initials(asked, runs)
        at, entries = np.concatenate([at, bones[0], spelt[0]]), np.concatenate([entries, bones[1], spelt[1]])
        initials = np.arange(len(at)) >= len(at) - len(spelt[0])
        heads = np.array([run[:3] for run in runs], np.int64).reshape(-1, 3)[at]
        order = np.argsort(heads[:, 0], kind="stable")
        number, first, counts = heads[order].T
        return _Wholes(number, first, counts, entries[order], initials[order])

    def _run_bones(self, asked: Sequence[_Asked], runs: Sequence[_Run]) -> tuple[Numbers, Numbers]:
        bones = self._bone_numbers
        return self._members(
            "skeleton",
            [
                (which, bones[text])
                for which, (number, at, count, _) in enumerate(runs)
                if (self._modes | mode(asked[number].reading)) & VOWELLESS
                and (text := "".join(asked[number].reading.skeletons[at : at + count])) in bones
            ],
        )

    def _run_initials(self, asked: Sequence[_Asked], runs: Sequence[_Run]) -> tuple[Numbers, Numbers]:
        """ "jc" listed for Jean Claude asked: `score._initials`."""
        sounds = self._sound_numbers
        which, entries = self._members(
            "sound",
            [
                (which, sounds[text])
                for which, (number, at, count, _) in enumerate(runs)
                if (text := sound("".join([word[:1] for word in asked[number].reading.words[at : at + count]])))
                in sounds
            ],
        )
        names = self.arrays["telling"][entries] > 0
        return which[names], entries[names]

    # bounds by words

    def _by_words(self, asked: Sequence[_Asked], floor: int) -> Numbers:
        """For each query (its number times all names) the names of which a reading may reach the floor."""
        if not asked or not self._names:
            return _NONE
        sought = [_sought(one, floor) for one in asked]
        parts, wholes = self._listed_together(asked), self._asked_together(asked)
        words = [len(one.rows) for one in asked]
        slots = min(max(_GRID // self._total, *words), sum(words))
        grid, marks = np.zeros((slots, self._total), np.int16), np.zeros((slots, self._readings), np.uint8)
        found = [
            self._piece(
                asked[start:stop],
                sought[start:stop],
                floor,
                grid,
                marks,
                _of(parts, start, stop),
                _of(wholes, start, stop),
            )
            for start, stop in _pieces(asked, sought, slots)
        ]
        return np.concatenate(found)

    def _piece(
        self,
        asked: Sequence[_Asked],
        sought: Sequence[_Sought],
        floor: int,
        grid: Codes,
        marks: Marks,
        parts: Together,
        wholes: _Wholes,
    ) -> Numbers:
        """The same for asked readings of equally many words; ``grid`` and ``marks`` are nought, and left so."""
        ours = side([one.reading for one in asked], [[row.base for row in one.rows] for one in asked])
        plain, loose = self._candidates(asked, sought, floor, ours, parts, wholes)
        pairs = distinct(np.concatenate([plain, loose]))
        count = len(asked[0].rows)
        filled = self._mark(marks, asked, count, parts, wholes)
        owner, listed = np.divmod(pairs, self._readings)
        may_join = np.zeros(len(pairs), np.bool_)
        may_join[np.searchsorted(pairs, loose)] = True
        some = may_be_near(self.arrays, ours, marks, floor, owner, listed, may_join)
        marks.reshape(-1)[filled] = 0
        if not len(some):
            return _NONE
        owner, listed = owner[some], listed[some]
        filled = self._fill(grid, asked, count, wholes)
        kept = may_reach(self.arrays, ours, grid, floor, owner, listed, parts)
        grid.reshape(-1)[filled] = 0
        queries = np.array([one.query for one in asked], np.int64)
        return queries[owner[kept]] * self._names + self.arrays["reading_names"][listed[kept]]

    def _mark(self, marks: Marks, asked: Sequence[_Asked], count: int, parts: Together, wholes: _Wholes) -> Numbers:
        """Enter what each word is worth to each listed reading, see `bound.may_be_near`; gives the places."""
        flat = marks.reshape(-1)
        rows = [row for one in asked for row in one.rows]
        slots = np.repeat(np.arange(len(rows)), [len(row.entries) - row.marked for row in rows])
        entries = np.concatenate([row.entries[row.marked :] for row in rows])
        worth = marks_of(np.concatenate([row.codes[row.marked :] for row in rows]))
        starts, places = self.arrays["posting_starts"], self._holding(slots, entries)
        flat[places] = np.repeat(worth, starts[entries + 1].astype(np.int64) - starts[entries])
        words = ranges(wholes.asked * count + wholes.first, wholes.asked * count + wholes.first + wholes.counts)
        entries, spelt = np.repeat(wholes.entries, wholes.counts), np.repeat(wholes.spelt, wholes.counts)
        initials = self._holding(words[spelt], entries[spelt])
        flat[initials] = np.where(
            flat[initials] <= MARKED_SPELT, MARKED_SPELT, np.maximum(flat[initials], MARKED_INITIAL)
        )
        joined = self._holding(words[~spelt], entries[~spelt])
        joined = np.concatenate([joined, (parts.asked * count + parts.words) * self._readings + parts.readings])
        flat[joined] = np.maximum(flat[joined], MARKED_JOINED)
        return np.concatenate([places, initials, joined])

    def _fill(self, grid: Codes, asked: Sequence[_Asked], count: int, wholes: _Wholes) -> Numbers:
        """Enter what each word can be, and neighbouring words; gives the places that are not nought any more."""
        rows = [row for one in asked for row in one.rows]
        before = np.repeat(np.arange(len(rows)) * self._total, [len(row.entries) for row in rows])
        places = np.concatenate([row.entries for row in rows]) + before
        flat = grid.reshape(-1)
        flat[places] = np.concatenate([row.codes for row in rows])
        words = ranges(wholes.asked * count + wholes.first, wholes.asked * count + wholes.first + wholes.counts)
        more = words * self._total + np.repeat(wholes.entries, wholes.counts)
        spelt = np.repeat(wholes.spelt, wholes.counts)
        flat[more[~spelt]] = raised(flat[more[~spelt]], AS_JOINED)
        flat[more[spelt]] = spelt_over(flat[more[spelt]])
        return np.concatenate([places, more])

    def _candidates(
        self,
        asked: Sequence[_Asked],
        sought: Sequence[_Sought],
        floor: int,
        ours: Side,
        parts: Together,
        wholes: _Wholes,
    ) -> tuple[Numbers, Numbers]:
        """Pairs worth a bound: number of the asked reading times all listed readings, plus the listed one.

        Those in which several words may be one word come as the second.
        """
        owner = np.repeat(np.arange(len(asked)), [len(one.entries) for one in sought])
        by_core = np.array([one.by_core for one in sought], np.bool_)
        spelt, joined = wholes.spelt & ~by_core[wholes.asked], ~wholes.spelt
        out = [self._spelt_out(at, one, some) for at, (one, some) in enumerate(zip(asked, sought, strict=True))]
        plain = [
            self._holding(owner, np.concatenate([one.entries for one in sought])),
            self._holding(wholes.asked[spelt], wholes.entries[spelt]),
        ]
        loose = [
            *out,
            self._holding(wholes.asked[joined], wholes.entries[joined]),
            parts.asked * self._readings + parts.readings,
        ]
        return self._answerable(np.concatenate(plain), ours, floor), np.concatenate(loose)

    def _answerable(self, pairs: Numbers, ours: Side, floor: int) -> Numbers:
        """`score._match` stays below `FLOOR` where just one side has words that tell parties apart."""
        if floor < FLOOR:
            return pairs
        owner, listed = np.divmod(pairs, self._readings)
        told = (ours.flags.take(owner) | ~self.arrays["flags"].take(listed)) & CORE
        return pairs.take(np.flatnonzero(told))

    def _holding(self, owner: Numbers, entries: Numbers) -> Numbers:
        """The pairs of each asked reading and the listed ones that hold its entry."""
        starts = self.arrays["posting_starts"]
        begin, end = starts[entries].astype(np.int64), starts[entries + 1].astype(np.int64)
        return np.repeat(owner, end - begin) * self._readings + self.arrays["postings"][ranges(begin, end)]

    def _spelt_out(self, at: int, asked: _Asked, sought: _Sought) -> Numbers:
        """Pairs where the listed one spells a deciding word out ("jc": Jean Claude) and answers another word.

        `score._initials` looks for such only where some word is answered already.
        """
        words, classes = asked.reading.words, asked.reading.classes
        short = [words[word] for word in sought.deciding if may_be_initials(classes[word], words[word])]
        if not short:
            return _NONE
        low, high = _slices(self.arrays["gram_hashes"], hashed(short))
        readings = self.arrays["gram_readings"][ranges(low, high)].astype(np.int64)
        agreeing = np.concatenate([row.entries[row.codes >= W.same_sound << BITS] for row in asked.rows])
        return (
            readings[np.isin(readings, self._holding(np.zeros(len(agreeing), np.int64), agreeing))]
            + at * self._readings
        )

    # whole names

    def _by_keys(self, queries: Sequence[Analysed]) -> Numbers:
        """Names filed under one of a query's keys: equal text, acronyms."""
        keys = [(at, key) for at, query in enumerate(queries) for key in asked_keys(query)]
        low, high = _slices(self.arrays["key_hashes"], hashed([key for _, key in keys]))
        names = self.arrays["key_names"][ranges(low, high)]
        return np.repeat(np.array([at for at, _ in keys], np.int64), high - low) * self._names + names

    def _by_joined(self, queries: Sequence[Analysed]) -> Numbers:
        """Names that are within one edit of a query without their spaces."""
        asked = [text for query in queries for text in joined_texts(query)]
        found = near.near(self._near("joined"), self._joined, asked, budget_joined)
        at, names, _ = self._spread("joined", found.asked // 2, found.found, found.distance, None)
        return at * self._names + names // 2  # two texts for each query and each name

    def _by_han(self, at: int, query: Analysed, floor: int) -> Numbers:
        """Names in Han that are near enough: `score._han`, exactly."""
        if not self._han:
            return _NONE
        edits = cpdist([query.han] * len(self._han), self._han, scorer=OSA.distance, dtype=np.int64)
        size = np.maximum(len(query.han), list(map(len, self._han)))
        return at * self._names + self.arrays["han_names"][1000 - W.han_edit * edits // size >= floor].astype(np.int64)


_Run = tuple[int, int, int, str]
"""Neighbouring words of an asked reading: which one, the first word, how many, the text."""


class _Sought(NamedTuple):
    """Entries of which a listed reading must hold one: the deciding words', or those that tell parties apart."""

    entries: Numbers
    readings: int
    deciding: list[int]
    by_core: bool


def _sought(asked: _Asked, floor: int) -> _Sought:
    """The fewer of both; without an answer to a word that tells parties apart, `score._match` stays below `FLOOR`."""
    reading, rows = asked.reading, asked.rows
    deciding = _deciding(reading, rows, floor)
    readings = sum([rows[at].readings for at in deciding])
    if floor >= FLOOR and reading.core:
        telling = [row for row, spelt in zip(rows, reading.sounds, strict=True) if spelt in reading.core]
        told = sum([row.told for row in telling])
        if told <= readings:
            return _Sought(np.concatenate([row.telling for row in telling]), told, [], True)
    return _Sought(np.concatenate([rows[at].entries for at in deciding] or [_NONE]), readings, deciding, False)


def _pieces(asked: Sequence[_Asked], sought: Sequence[_Sought], slots: int) -> Iterator[tuple[int, int]]:
    """Stretches of readings of equally many words, with so many words and no more listed readings than may be."""
    start, readings = 0, 0
    for at, one in enumerate(asked):
        count = len(one.rows)
        readings += sought[at].readings
        if at > start and (count != len(asked[start].rows) or (at + 1 - start) * count > slots or readings > _PIECE):
            yield start, at
            start, readings = at, sought[at].readings
    yield start, len(asked)


def _of(some: _Some, start: int, stop: int) -> _Some:
    """The part that is of these asked readings, which count from nought."""
    low, high = np.searchsorted(some.asked, (start, stop))
    cut = some._replace(**{name: array[low:high] for name, array in some._asdict().items()})
    return cut._replace(asked=cut.asked - start)


def _words(reading: Reading) -> list[Word]:
    return [
        Word(*one, EQUAL if cls in (FORM, PARTICLE, NUMBER) else FIRST if cls == INITIAL else FULL)
        for one, cls in zip(spoken(reading), reading.classes, strict=True)
    ]


def _joins(reading: Reading, at: int) -> bool:
    return reading.classes[at] not in (FORM, PARTICLE, INITIAL, NUMBER)


def _deciding(reading: Reading, rows: Sequence[Row], floor: int) -> list[int]:
    """Words, the rarest first, such that a listed reading that answers none of them cannot reach the floor.

    Words that are run together or spelt out are not seen to here: readings that hold such are looked at anyhow.
    """
    weights = reading.weights
    rest = sorted(range(len(rows)), key=lambda at: rows[at].readings)
    gain = sum([_most(reading, at, rows[at], floor) for at in rest])
    rounding, left = floor / 1000 * (len(rows) / 2 + 1) + 1e-6, 0
    for chosen, at in enumerate(rest):
        extra = _least_extra(reading.company, len(rest) - chosen > 1)
        if gain + rounding < floor * extra * left / 1_000_000:
            return rest[:chosen]
        gain -= _most(reading, at, rows[at], floor)
        left += weights[at]
    return rest


def _least_extra(company: int, several: bool) -> int:
    """What a unit of weight left over costs at least, where ``several`` words may be answered."""
    extra = min(W.extra_one, W.extra if several else W.extra_one, W.conflict // 2)
    if company >= 0:
        extra = min(extra, W.extra_one_company, W.extra_company if several else W.extra_one_company)
        extra = min(extra, W.conflict_company // 2)
    return extra


def _most(reading: Reading, at: int, row: Row, floor: int) -> float:
    """The most that a link of this word can add to S - f T (see `bound`)."""
    weight = reading.weights[at]
    most = row.gains.get((weight, floor))
    if most is None:
        over = np.maximum((row.codes >> BITS).astype(np.int64) - floor, 0)
        most = row.gains[weight, floor] = float(((weight + row.heaviest) * over).max(initial=0)) / 2000
    several = 3 if may_be_initials(reading.classes[at], reading.words[at]) else 1
    initial = max((weight + several * _HEAVY) / 2, _HEAVY) * max(0, W.initial - floor) / 1000
    return max(most, initial)


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
