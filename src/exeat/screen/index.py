"""Which listed names could reach a threshold against a name: all of them, and few others.

Every listed name is kept as bytes, and of each of its readings the words, as numbers into one vocabulary of distinct
words. A query's words are looked up once each: in a neighbourhood of deletions for spellings, in another for skeletons.
That gives each listed reading an upper bound of its score; names come back with bounds, highest first, and
`score.points` has the last word. A bound never becomes a score, and what no bound speaks for (equal keys, joined words,
Han, acronyms) comes back with the highest.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from exeat.screen import near
from exeat.screen.names import Analysed, Reading
from exeat.screen.near import Near, Numbers, ranges
from exeat.screen.packed import texts
from exeat.screen.score import budget

Array = npt.NDArray[Any]
Word = tuple[str, str]
"""A word and its skeleton."""
TOP = 1000
"""Thousandths: as high as a bound gets."""
_ROWS_KEPT = 50_000
_BUCKETS = 32
_NONE = np.zeros(0, np.int64)


class Row(msgspec.Struct, frozen=True):
    """What one word of a query can be: listed words by number, what each is worth at most, and in how many readings."""

    words: Numbers
    worth: npt.NDArray[np.int16]
    readings: int


class Found(msgspec.Struct, frozen=True):
    """Numbers of listed names, and the most that each can score, highest first."""

    names: Numbers
    bounds: Numbers


class Index:
    """The channels over one set of names. ``arrays`` is all there is to keep."""

    def __init__(self, arrays: dict[str, Array]) -> None:
        self.arrays = arrays
        self._spellings, self._skeletons = _cut(arrays, "spelling"), _cut(arrays, "skeleton")
        self._joined = _cut(arrays, "joined")
        self._numbers = {text: number for number, text in enumerate(self._spellings)}
        self._rows: dict[Word, Row] = {}
        self._decode = msgspec.msgpack.Decoder(Analysed).decode

    def name(self, number: int) -> Analysed:
        """The analysed name with this number."""
        starts = self.arrays["name_starts"]
        return self._decode(self.arrays["names"][starts[number] : starts[number + 1]].data)

    def warm(self, queries: Iterable[Analysed]) -> None:
        """Look up together what many queries ask for: the same answers, sooner."""
        if len(self._rows) > _ROWS_KEPT:
            self._rows.clear()
        asked = {word for query in queries for reading in query.readings for word in _words_of(reading)}
        if new := sorted(asked - self._rows.keys()):
            self._look_up(new)

    def find(self, query: Analysed, floor: int) -> Found:
        """Every name that may score ``floor`` or more against the query, with a bound of at least the floor."""
        self.warm([query])
        names, bounds = zip(*self._channels(query, floor), strict=True)
        return _best(np.concatenate(names), np.concatenate(bounds))

    def _channels(self, query: Analysed, floor: int) -> Iterable[tuple[Numbers, Numbers]]:
        special = [self._equal(query), self._abbreviated(query), self._han(query)]
        for reading in query.readings:
            yield self._by_words(reading, floor)
            special.append(self._by_joined(reading))
            special.append(self._by_neighbours(reading))
        names = np.concatenate(special)
        yield names, np.full(len(names), TOP, np.int64)

    # words and skeletons

    def _look_up(self, asked: Sequence[Word]) -> None:
        spelt = self._near("spelling", self._spellings, [word for word, _ in asked])
        heard = self._near("skeleton", self._skeletons, [skeleton for _, skeleton in asked])
        total = max(len(self.arrays["posting_starts"]) - 1, 1)
        both = np.unique(np.concatenate([spelt, heard]))
        query, words = both // total, both % total
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
        return np.repeat(found.asked, end - begin) * (len(a["posting_starts"]) - 1) + words

    def _by_words(self, reading: Reading, floor: int) -> tuple[Numbers, Numbers]:
        rows = [self._rows[word] for word in _words_of(reading)]
        readings = self._holding(np.concatenate([row.words for row in rows])) if rows else _NONE
        if not len(readings):
            return _NONE, _NONE
        return self.arrays["reading_names"][readings].astype(np.int64), np.full(len(readings), TOP, np.int64)

    def _holding(self, words: Numbers) -> Numbers:
        """Readings that hold one of the words."""
        starts = self.arrays["posting_starts"]
        places = ranges(starts[words].astype(np.int64), starts[words + 1].astype(np.int64))
        return np.unique(self.arrays["postings"][places]).astype(np.int64)

    # channels that no bound speaks for

    def _equal(self, query: Analysed) -> Numbers:
        return self._under("key", [query.key])

    def _abbreviated(self, query: Analysed) -> Numbers:
        """An acronym on one side, the words that it stands for on the other."""
        found = self._under("short", [query.acronym]) if query.acronym else _NONE
        if query.short:
            found = np.concatenate([found, self._under("acronym", query.tokens)])
        return found

    def _han(self, query: Analysed) -> Numbers:
        return self._under("han", _pairs(query.han))

    def _by_neighbours(self, reading: Reading) -> Numbers:
        """Two or three neighbouring words written as one, on either side."""
        parts = self._under("parts", reading.words)
        whole = [self._numbers[text] for text in _together(reading) if text in self._numbers]
        a = self.arrays
        spelt = [a["spelling_words"][a["spelling_starts"][one] : a["spelling_starts"][one + 1]] for one in whole]
        words = np.concatenate(spelt).astype(np.int64) if spelt else _NONE
        return np.concatenate([parts, a["reading_names"][self._holding(words)].astype(np.int64)])

    def _by_joined(self, reading: Reading) -> Numbers:
        """Names whose letters, spaces left out, are within the budget of the longer one."""
        a, length = self.arrays, len(reading.joined)
        if not length:
            return _NONE
        slack = budget(length + budget(length + 3))
        low, high = np.searchsorted(a["joined_lengths"], [length - slack, length + slack + 1])
        differ = np.bitwise_count(a["joined_letters"][low:high] ^ _letters([reading.joined])[0])
        at = np.flatnonzero(differ <= 2 * slack) + low
        if not len(at):
            return _NONE
        others = [self._joined[i] for i in at.tolist()]
        distance = cpdist([reading.joined] * len(others), others, scorer=OSA.distance, dtype=np.int64)
        allowed = np.array([budget(max(length, len(other))) for other in others])
        found: Numbers = a["reading_names"][a["joined_readings"][at[distance <= allowed]]].astype(np.int64)
        return found

    def _under(self, channel: str, keys: Sequence[str]) -> Numbers:
        """Names filed under the hash of one of the keys."""
        hashes, names = self.arrays[f"{channel}_hashes"], self.arrays[f"{channel}_names"]
        wanted = _hashed(keys)
        low, high = np.searchsorted(hashes, wanted), np.searchsorted(hashes, wanted, "right")
        return names[ranges(low, high)].astype(np.int64)


def build(names: Iterable[Analysed]) -> dict[str, Array]:
    """The arrays of an index over these names, which are numbered in their order."""
    builder = _Builder()
    for number, name in enumerate(names):
        builder.add(number, name)
    return builder.arrays()


class _Builder:
    def __init__(self) -> None:
        self._encode = msgspec.msgpack.Encoder().encode
        self._names: list[bytes] = []
        self._reading_names: list[int] = []
        self._numbers: dict[Word, int] = {}
        self._cells: list[int] = []
        self._weights: list[int] = []
        self._lengths: list[int] = []
        self._joined: list[str] = []
        self._filed: dict[str, tuple[list[str], list[int]]] = {
            channel: ([], []) for channel in ("key", "short", "acronym", "han", "parts")
        }

    def add(self, number: int, name: Analysed) -> None:
        self._names.append(self._encode(name))
        self._file("key", number, [name.key])
        if name.short:
            self._file("short", number, name.tokens)
        if name.acronym:
            self._file("acronym", number, [name.acronym])
        self._file("han", number, _pairs(name.han))
        for reading in name.readings:
            self._add_reading(number, reading)

    def _file(self, channel: str, number: int, keys: Iterable[str]) -> None:
        texts_, names = self._filed[channel]
        for key in set(keys):
            texts_.append(key)
            names.append(number)

    def _add_reading(self, number: int, reading: Reading) -> None:
        numbers = self._numbers
        for word in _words_of(reading):
            self._cells.append(numbers.setdefault(word, len(numbers)))
        self._weights.extend(reading.weights)
        self._lengths.append(len(reading.words))
        self._reading_names.append(number)
        self._joined.append(reading.joined)
        self._file("parts", number, _together(reading))

    def arrays(self) -> dict[str, Array]:
        out: dict[str, Array] = {}
        out["names"], out["name_starts"] = texts(self._names)
        self._names.clear()
        out["reading_names"] = np.array(self._reading_names, np.uint32)
        out |= self._vocabulary() | self._postings() | self._by_length()
        for channel, (keys, names) in self._filed.items():
            hashes = _hashed(keys)
            order = np.argsort(hashes, kind="stable")
            out[f"{channel}_hashes"], out[f"{channel}_names"] = hashes[order], np.array(names, np.uint32)[order]
        return out

    def _vocabulary(self) -> dict[str, Array]:
        """Words by number, distinct skeletons, and under each skeleton its words; both with their neighbourhoods."""
        spellings = list(dict.fromkeys(word for word, _ in self._numbers))
        skeletons = list(dict.fromkeys(skeleton for _, skeleton in self._numbers))
        out = _grouped("spelling", spellings, [word for word, _ in self._numbers])
        out |= _grouped("skeleton", skeletons, [skeleton for _, skeleton in self._numbers])
        for label, some in (("spelling", spellings), ("skeleton", skeletons)):
            filed = near.build(some, budget)
            out[f"{label}_hashes"], out[f"{label}_slices"] = filed.hashes, filed.starts
            out[f"{label}_filed"] = filed.filed
            out[f"{label}_texts"], out[f"{label}_cuts"] = texts([text.encode() for text in some])
        return out

    def _postings(self) -> dict[str, Array]:
        """The words of each reading, and the readings of each word."""
        lengths, cells = np.array(self._lengths, np.int64), np.array(self._cells, np.int64)
        readings = np.repeat(np.arange(len(lengths)), lengths)
        both = np.unique(cells * max(len(lengths), 1) + readings)
        words = both // max(len(lengths), 1)
        return {
            "cells": cells.astype(np.uint32),
            "weights": np.array(self._weights, np.uint16),
            "cell_starts": np.r_[0, np.cumsum(lengths)].astype(np.uint32),
            "postings": (both % max(len(lengths), 1)).astype(np.uint32),
            "posting_starts": np.searchsorted(words, np.arange(len(self._numbers) + 1)).astype(np.uint32),
        }

    def _by_length(self) -> dict[str, Array]:
        """Readings by the length of their joined words, with a fingerprint of the letters."""
        lengths = np.array([len(text) for text in self._joined], np.int64)
        order = np.argsort(lengths, kind="stable")
        some = [self._joined[i] for i in order.tolist()]
        blob, cuts = texts([text.encode() for text in some])
        return {
            "joined_lengths": lengths[order].astype(np.uint16),
            "joined_readings": order.astype(np.uint32),
            "joined_letters": _letters(some),
            "joined_texts": blob,
            "joined_cuts": cuts,
        }


def _grouped(label: str, distinct: Sequence[str], of_words: Sequence[str]) -> dict[str, Array]:
    """Under each distinct text, the numbers of the words that have it."""
    numbers = {text: number for number, text in enumerate(distinct)}
    groups = np.array([numbers[text] for text in of_words], np.int64)
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(len(distinct) + 1))
    return {f"{label}_words": order.astype(np.uint32), f"{label}_starts": starts.astype(np.uint32)}


def _words_of(reading: Reading) -> Iterable[Word]:
    return zip(reading.words, reading.skeletons, strict=True)


def _together(reading: Reading) -> list[str]:
    """Two and three neighbouring words as one."""
    words = reading.words
    return ["".join(words[at : at + count]) for count in (2, 3) for at in range(len(words) - count + 1)]


def _pairs(text: str) -> list[str]:
    """All neighbouring characters; of a text of one, that one."""
    return [text[at : at + 2] for at in range(max(len(text) - 1, min(len(text), 1)))]


def _hashed(keys: Sequence[str]) -> Array:
    return np.fromiter((zlib.crc32(key.encode()) for key in keys), np.uint32, len(keys))


def _letters(strings: Sequence[str]) -> npt.NDArray[np.uint64]:
    """A fingerprint: the letters (in buckets) that a text has at least once, and twice; an edit changes two bits."""
    codes = np.frombuffer("".join(strings).encode("utf-32-le"), "<u4").astype(np.int64) % _BUCKETS
    owners = np.repeat(np.arange(len(strings)), [len(text) for text in strings])
    numbers = np.bincount(owners * _BUCKETS + codes, minlength=len(strings) * _BUCKETS).reshape(-1, _BUCKETS)
    bits = np.uint64(1) << np.arange(_BUCKETS, dtype=np.uint64)
    once = np.where(numbers >= 1, bits, np.uint64(0)).sum(1, dtype=np.uint64)
    twice = np.where(numbers >= 2, bits << np.uint64(_BUCKETS), np.uint64(0)).sum(1, dtype=np.uint64)
    both: npt.NDArray[np.uint64] = once | twice
    return both


def _cut(arrays: dict[str, Array], label: str) -> list[str]:
    blob, cuts = arrays[f"{label}_texts"].tobytes(), arrays[f"{label}_cuts"].tolist()
    return [blob[start:end].decode() for start, end in itertools.pairwise(cuts)]


def _best(names: Numbers, bounds: Numbers) -> Found:
    """Each name once, with its highest bound; by bound, then number."""
    order = np.lexsort((-bounds, names))
    names, bounds = names[order], bounds[order]
    first = np.flatnonzero(np.r_[True, names[1:] != names[:-1]]) if len(names) else _NONE
    names, bounds = names[first], bounds[first]
    order = np.lexsort((names, -bounds))
    return Found(names[order], bounds[order])
