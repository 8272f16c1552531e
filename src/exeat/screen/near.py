"""All words of a vocabulary within a few edits of a word, and no other: a neighbourhood of deletions in numpy.

If two words are within k edits (insertion, deletion, substitution, exchange of neighbours), some text can be had from
either by at most k deletions. So every word is filed under the hashes of what its deletions leave, and a query looks up
what its own deletions leave. What is found is checked with the exact distance: a hash that collides costs time only.

Only the first `PREFIX` letters are filed: if the words are near, what is common to both begins with something that can
be had from either prefix (cut the longer of the two common beginnings down to the shorter). How many deletions a word
needs is bounded by its own budget, since the longer word's extra letters have to be deletions of its own.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec
import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

Numbers = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint32]
Budget = Callable[[int], int]

PREFIX = 12
_CHUNK = 1 << 20
_MULTIPLIERS = np.array([pow(0x5851F42D4C957F2D, n + 1, 1 << 64) for n in range(2 * PREFIX + 2)], np.uint64)
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Near(msgspec.Struct, frozen=True):
    """Distinct hashes in order, and under each the numbers of the words filed there (`starts[i]:starts[i + 1]`)."""

    hashes: Keys
    starts: Keys
    filed: Keys


class Neighbours(msgspec.Struct, frozen=True):
    """Parallel arrays: query ``asked[i]`` is ``distance[i]`` edits from word ``found[i]``; by query, then word."""

    asked: Numbers
    found: Numbers
    distance: Numbers


def build(words: Sequence[str], budget: Budget) -> Near:
    """File every word; words must be distinct."""
    hashes, owners = _filed(words, budget)
    both = hashes.astype(np.uint64) << np.uint64(32) | owners  # sorted as one number: several times as quick
    both.sort()
    hashes, owners = (both >> np.uint64(32)).astype(np.uint32), both.astype(np.uint32)
    first = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1]]) if len(hashes) else np.zeros(0, np.int64)
    starts = np.r_[first, len(hashes)].astype(np.uint32)
    return Near(hashes[first], starts, owners)


def near(index: Near, words: Sequence[str], asked: Sequence[str], budget: Budget) -> Neighbours:
    """For each asked word, every word whose distance is within the budget of the longer of the two."""
    hashes, owners = _filed(asked, budget)
    order = np.argsort(hashes)  # in order, neighbouring hashes are looked up in neighbouring memory
    hashes, owners = hashes[order], owners[order]
    at = np.searchsorted(index.hashes, hashes)
    at[at == len(index.hashes)] = 0
    hit = np.flatnonzero(index.hashes[at] == hashes) if len(index.hashes) else np.zeros(0, np.int64)
    query, found = _expanded(owners[hit].astype(np.int64), index.starts, at[hit])
    both = distinct(query * len(words) + index.filed[found])
    return _checked(both // max(len(words), 1), both % max(len(words), 1), words, asked, budget)


def _expanded(query: Numbers, starts: Keys, at: Numbers) -> tuple[Numbers, Numbers]:
    """Each query repeated for each place in the slices that it hit."""
    begin, end = starts[at].astype(np.int64), starts[at + 1].astype(np.int64)
    return np.repeat(query, end - begin), ranges(begin, end)


def distinct(numbers: Numbers) -> Numbers:
    """Each number once, in order (`np.unique` hashes, which takes ten times as long)."""
    numbers = np.sort(numbers)
    first = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=first[1:])
    return numbers[np.flatnonzero(first)]


def ranges(begin: Numbers, end: Numbers) -> Numbers:
    """All of begin[0]..end[0]-1, begin[1]..end[1]-1, … in one array."""
    lengths = end - begin
    before = np.cumsum(lengths) - lengths
    places: Numbers = np.arange(int(lengths.sum()), dtype=np.int64) + np.repeat(begin - before, lengths)
    return places


def _checked(query: Numbers, found: Numbers, words: Sequence[str], asked: Sequence[str], budget: Budget) -> Neighbours:
    left, right = [asked[i] for i in query.tolist()], [words[i] for i in found.tolist()]
    if not left:
        none = np.zeros(0, np.int64)
        return Neighbours(none, none, none)
    distance = cpdist(left, right, scorer=OSA.distance, dtype=np.int64)
    longer = np.maximum(list(map(len, left)), list(map(len, right)))
    allowed = np.array([budget(length) for length in range(int(longer.max()) + 1)])
    kept = distance <= allowed[longer]
    return Neighbours(query[kept], found[kept], distance[kept])


def _filed(words: Sequence[str], budget: Budget) -> tuple[Keys, Keys]:
    """The hashes of all deletions of all words, and for each hash the number of its word."""
    by_shape: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for number, word in enumerate(words):
        by_shape[min(len(word), PREFIX), budget(len(word))].append(number)
    hashes, owners = [], []
    for (length, edits), numbers in by_shape.items():
        weights, salts = _deletions(length, edits)
        step = max(1, _CHUNK // len(salts))
        for start in range(0, len(numbers), step):
            some = numbers[start : start + step]
            letters = "".join(words[number][:length] for number in some).encode("utf-32-le", "surrogatepass")
            codes = np.frombuffer(letters, "<u4").reshape(len(some), length).astype(np.uint64)
            hashes.append(_mixed(codes @ weights + salts).ravel())
            owners.append(np.repeat(np.array(some, np.uint32), len(salts)))
    if not hashes:
        return np.zeros(0, np.uint32), np.zeros(0, np.uint32)
    return np.concatenate(hashes), np.concatenate(owners)


def _mixed(sums: npt.NDArray[np.uint64]) -> Keys:
    sums ^= sums >> np.uint64(29)
    sums *= _MIX
    keys: Keys = (sums >> np.uint64(32)).astype(np.uint32)
    return keys


@lru_cache(maxsize=256)
def _deletions(length: int, edits: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """A column for each way to delete up to ``edits`` letters: what a letter is multiplied by; and a salt by length."""
    columns, salts = [], []
    for gone in range(min(edits, length) + 1):
        for where in itertools.combinations(range(length), gone):
            kept = [at for at in range(length) if at not in where]
            column = np.zeros(length, np.uint64)
            column[kept] = _MULTIPLIERS[: len(kept)]
            columns.append(column)
            salts.append(_MULTIPLIERS[PREFIX + 1 + len(kept)])
    return np.array(columns, np.uint64).reshape(len(columns), length).T.copy(), np.array(salts, np.uint64)
