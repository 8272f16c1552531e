"""Which listed names could reach a threshold against a name: all of them, and few others.

Every listed name is kept as bytes, and of each of its readings the words, as numbers into one vocabulary of distinct
words. A query's words are looked up once each: in a neighbourhood of deletions for spellings, in another for skeletons.
That gives each listed reading an upper bound of its score; names come back with bounds, highest first, and
`score.points` has the last word. A bound never becomes a score, and what no bound speaks for (equal keys, joined words,
Han, acronyms) comes back with the highest.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from exeat.screen import near
from exeat.screen.filing import Word, asked_keys, cut, hashed, letters, together, words_of
from exeat.screen.names import Analysed, Reading
from exeat.screen.near import Near, Numbers, ranges
from exeat.screen.packed import Array
from exeat.screen.score import budget

TOP = 1000
"""Thousandths: as high as a bound gets."""
_ROWS_KEPT = 50_000
_NONE = np.zeros(0, np.int64)
Worth = npt.NDArray[np.int16]


class Row(msgspec.Struct, frozen=True):
    """What one word of a query can be: listed words by number, what each is worth at most, and in how many readings."""

    words: Numbers
    worth: Worth
    readings: int


class Found(msgspec.Struct, frozen=True):
    """Numbers of listed names, and the most that each can score, highest first."""

    names: Numbers
    bounds: Numbers


class _Parts(msgspec.Struct, frozen=True):
    """Where neighbouring listed words together are one word of the query: that word, first cell, how many, reading."""

    words: Numbers
    cells: Numbers
    counts: Numbers
    readings: Numbers


class Index:
    """The channels over one set of names. ``arrays`` is all there is to keep."""

    def __init__(self, arrays: dict[str, Array]) -> None:
        self.arrays = arrays
        self._spellings, self._skeletons = cut(arrays, "spelling"), cut(arrays, "skeleton")
        self._joined = cut(arrays, "joined")
        self._numbers = {text: number for number, text in enumerate(self._spellings)}
        self._total = len(arrays["posting_starts"]) - 1
        self._rows: dict[Word, Row] = {}
        self._decode = msgspec.msgpack.Decoder(Analysed).decode

    def name(self, number: int) -> Analysed:
        """The analysed name with this number."""
        starts = self.arrays["name_starts"]
        return self._decode(self.arrays["names"][starts[number] : starts[number + 1]].data)

    def find(self, queries: Sequence[Analysed], floor: int) -> list[Found]:
        """For each query every name that may score ``floor`` or more against it, with a bound of at least the floor."""
        self._warm(queries)
        readings = [reading for query in queries for reading in query.readings]
        longest = max((len(reading.words) for reading in readings), default=0)
        scratch = np.zeros((longest, self._total), np.int16)
        by_key = self._by_keys([asked_keys(query) for query in queries])
        prints = iter(letters([reading.joined for reading in readings]))
        found = []
        for query, direct in zip(queries, by_key, strict=True):
            names, bounds = [direct], [np.full(len(direct), TOP, np.int64)]
            for reading in query.readings:
                joined = self._by_joined(reading, next(prints))
                some, most = self._by_words(reading, floor, scratch)
                names += [joined, some]
                bounds += [np.full(len(joined), TOP, np.int64), most]
            found.append(_best(np.concatenate(names), np.concatenate(bounds)))
        return found

    # what each word of the query can be

    def _warm(self, queries: Iterable[Analysed]) -> None:
        """Look up together what many queries ask for: the same answers, sooner."""
        if len(self._rows) > _ROWS_KEPT:
            self._rows.clear()
        asked = {word for query in queries for reading in query.readings for word in words_of(reading)}
        if new := sorted(asked - self._rows.keys()):
            self._look_up(new)

    def _look_up(self, asked: Sequence[Word]) -> None:
        spelt = self._near("spelling", self._spellings, [word for word, _ in asked])
        heard = self._near("skeleton", self._skeletons, [skeleton for _, skeleton in asked])
        both = np.unique(np.concatenate([spelt, heard]))
        query, words = both // max(self._total, 1), both % max(self._total, 1)
        edges = np.searchsorted(query, np.arange(len(asked) + 1)).tolist()
        starts = self.arrays["posting_starts"]
        counts = starts[words + 1].astype(np.int64) - starts[words]
        for word, (start, stop) in zip(asked, itertools.pairwise(edges), strict=True):
            worth = np.full(stop - start, TOP, np.int16)
            self._rows[word] = Row(words[start:stop], worth, int(counts[start:stop].sum()))

    def _near(self, label: str, texts_: Sequence[str], asked: Sequence[str]) -> Numbers:
        """Words whose spelling (or skeleton) is near: number of the query times number of words, plus the word's."""
        a = self.arrays
        filed = Near(a[f"{label}_hashes"], a[f"{label}_slices"], a[f"{label}_filed"])
        found = near.near(filed, texts_, asked, budget)
        begin = a[f"{label}_starts"][found.found].astype(np.int64)
        end = a[f"{label}_starts"][found.found + 1].astype(np.int64)
        words = a[f"{label}_words"][ranges(begin, end)].astype(np.int64)
        return np.repeat(found.asked, end - begin) * self._total + words

    # bounds by words

    def _by_words(self, reading: Reading, floor: int, scratch: Worth) -> tuple[Numbers, Numbers]:
        rows = [self._rows[word] for word in words_of(reading)]
        deciding = _deciding(rows, reading.weights, floor)
        parts, wholes = self._parts(reading), self._wholes(reading)
        words = [rows[at].words for at in deciding]
        words += [numbers for at, count, numbers in wholes if not {*range(at, at + count)}.isdisjoint(deciding)]
        readings = self._holding(words, parts.readings[np.isin(parts.words, deciding)] if len(parts.words) else _NONE)
        if not len(readings):
            return _NONE, _NONE
        for at, row in enumerate(rows):
            scratch[at, row.words] = row.worth
        for at, count, numbers in wholes:
            scratch[at : at + count, numbers] = TOP
        bounds = self._bounds(reading.weights, readings, scratch[: len(rows)], parts)
        for at, row in enumerate(rows):
            scratch[at, row.words] = 0
        for at, count, numbers in wholes:
            scratch[at : at + count, numbers] = 0
        kept = bounds >= floor
        return self.arrays["reading_names"][readings[kept]].astype(np.int64), bounds[kept]

    def _bounds(self, weights: Sequence[int], readings: Numbers, worth: Worth, parts: _Parts) -> Numbers:
        """The most that each of these readings can score: what is covered of either side by the best of the other."""
        a = self.arrays
        begin, end = a["cell_starts"][readings].astype(np.int64), a["cell_starts"][readings + 1].astype(np.int64)
        places = ranges(begin, end)
        edges = np.cumsum(end - begin) - (end - begin)
        got = worth[:, a["cells"][places]]
        if len(parts.words):
            _mark(got, parts, readings, edges, begin)
        asked = np.array(weights) @ np.maximum.reduceat(got, edges, axis=1).astype(np.int32)
        weight = a["weights"][places].astype(np.int64)
        listed = np.add.reduceat(got.max(0) * weight, edges)
        return bound(asked // TOP, sum(weights), listed // TOP, np.add.reduceat(weight, edges))

    def _holding(self, words: Sequence[Numbers], more: Numbers) -> Numbers:
        """Readings that hold one of the words, and more."""
        a = self.arrays
        some = np.concatenate(words) if words else _NONE
        places = ranges(a["posting_starts"][some].astype(np.int64), a["posting_starts"][some + 1].astype(np.int64))
        held = np.zeros(len(a["reading_names"]), np.bool_)
        held[a["postings"][places]] = True
        held[more] = True
        return np.flatnonzero(held)

    def _wholes(self, reading: Reading) -> list[tuple[int, int, Numbers]]:
        """Where neighbouring words of the query together are one listed word."""
        a, found = self.arrays, []
        for at, count, text in together(reading.words):
            if (number := self._numbers.get(text)) is not None:
                words = a["spelling_words"][a["spelling_starts"][number] : a["spelling_starts"][number + 1]]
                found.append((at, count, words.astype(np.int64)))
        return found

    def _parts(self, reading: Reading) -> _Parts:
        a = self.arrays
        low, high = _slices(a["part_hashes"], hashed(reading.words))
        at = ranges(low, high)
        cells = a["part_cells"][at].astype(np.int64)
        readings = np.searchsorted(a["cell_starts"], cells, "right") - 1
        words = np.repeat(np.arange(len(low)), high - low)
        return _Parts(words, cells, a["part_counts"][at].astype(np.int64), readings)

    # channels that no bound speaks for

    def _by_keys(self, wanted: Sequence[Iterable[str]]) -> list[Numbers]:
        """For each query the names filed under one of its keys."""
        keys = [sorted(some) for some in wanted]
        low, high = _slices(self.arrays["key_hashes"], hashed(list(itertools.chain.from_iterable(keys))))
        names = self.arrays["key_names"][ranges(low, high)].astype(np.int64)
        per_query = np.cumsum([0, *map(len, keys)])
        ends = np.r_[0, np.cumsum(high - low)][per_query].tolist()
        return [names[start:end] for start, end in itertools.pairwise(ends)]

    def _by_joined(self, reading: Reading, fingerprint: np.uint64) -> Numbers:
        """Names whose letters, spaces left out, are within the budget of the longer one."""
        a, length = self.arrays, len(reading.joined)
        if not length:
            return _NONE
        slack = budget(length + budget(length + 3))
        low, high = np.searchsorted(a["joined_lengths"], [length - slack, length + slack + 1])
        differ = np.bitwise_count(a["joined_letters"][low:high] ^ fingerprint)
        at = np.flatnonzero(differ <= 2 * slack) + low
        if not len(at):
            return _NONE
        others = [self._joined[i] for i in at.tolist()]
        distance = cpdist([reading.joined] * len(others), others, scorer=OSA.distance, dtype=np.int64)
        allowed = np.array([budget(max(length, len(other))) for other in others])
        found: Numbers = a["reading_names"][a["joined_readings"][at[distance <= allowed]]].astype(np.int64)
        return found


def bound(asked: Numbers, whole_asked: int, listed: Numbers, whole_listed: Numbers) -> Numbers:
    """STUB until the score is known."""
    return np.full(len(asked), TOP, np.int64)


def _deciding(rows: Sequence[Row], weights: Sequence[int], floor: int) -> list[int]:
    """The words, least common first, of which a reading must hold one to reach the floor at all."""
    return list(range(len(rows)))


def _mark(got: Worth, parts: _Parts, readings: Numbers, edges: Numbers, begin: Numbers) -> None:
    """Enter what neighbouring listed words together are worth, in each of their cells."""
    at = np.searchsorted(readings, parts.readings)
    there = (at < len(readings)) & (readings[np.minimum(at, len(readings) - 1)] == parts.readings)
    at, words, cells, counts = at[there], parts.words[there], parts.cells[there], parts.counts[there]
    first = edges[at] + cells - begin[at]
    got[np.repeat(words, counts), ranges(first, first + counts)] = TOP


def _slices(hashes: Array, wanted: Array) -> tuple[Numbers, Numbers]:
    """Where each wanted hash begins and ends."""
    return np.searchsorted(hashes, wanted), np.searchsorted(hashes, wanted, "right")


def _best(names: Numbers, bounds: Numbers) -> Found:
    """Each name once, with its highest bound; by bound, then number."""
    order = np.lexsort((-bounds, names))
    names, bounds = names[order], bounds[order]
    first = np.flatnonzero(np.r_[True, names[1:] != names[:-1]]) if len(names) else _NONE
    names, bounds = names[first], bounds[first]
    order = np.lexsort((names, -bounds))
    return Found(names[order], bounds[order])
