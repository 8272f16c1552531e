"""An upper bound of `score._match` for thousands of pairs of readings at once: which may reach a floor.

A pair is one reading of a query and one listed reading. For each of its pairs of words the index gives a *code*: what
they are worth to each other at most, in thousandths, and three flags in the lowest bits. Codes are compared as numbers,
since the worth comes first. What the flags are lost by (a maximum) may only make the bound too high.

The bound. With links of weight g and likeness s, what is left of either side l and m, the score is S/T where
S = sum(g s) and T = sum(g) + conflict * min(l, m) + extra * (max - min), less what is taken off. It reaches the floor
f only if S - f T >= 0, f with what is surely taken off added. A link weighs half of what its words on both sides
weigh, so that S - f T falls apart into a sum over words: a word that some word of the other side can answer with
likeness e adds at most w (e - f) / 2, or, left alone, costs at least what `slope` says; a word that nothing can answer
is surely left over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from exeat.screen.filing import CORE, FORMED, STRICT, flags_of
from exeat.screen.names import FORM, GENERIC, NAME, NUMBER, PARTICLE, PLACE, Reading
from exeat.screen.near import Numbers, ranges
from exeat.screen.packed import Array
from exeat.screen.score import FLOOR, W

Codes = npt.NDArray[np.int16]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.uint8]

# In the lowest bits of a code: the likeness is of whole words, not of an initial; the words stand for initials, which
# count only where another word agrees; neighbouring words of one side are one word of the other.
WHOLE, SPELT, JOINED = 1, 2, 4
BITS = 3
TOGETHER = 970  # the most that `score._join` gives
SURE = 900  # likeness from which a link counts as one of several names
AS_JOINED = TOGETHER << BITS | JOINED | WHOLE
AS_SPELT = W.initial << BITS | SPELT
# Marks: what a word is worth to some word of a listed reading at most, in 250ths; 1 where it may stand for an initial.
MARKED_SPELT, MARKED_INITIAL, MARKED_JOINED, MARKED_SAME = 1, -(-W.initial // 4), -(-TOGETHER // 4), W.same_sound // 4
# What names of one side that nothing calls a company cost more against a company: `score._unlike_a_person`.
_HEAVIER = max(0, min(W.extra_one, W.conflict_company) - W.extra_one_company)


class Together(NamedTuple):
    """Parallel: an asked reading's word is neighbouring cells of a listed reading (the first cell, and how many)."""

    asked: Numbers
    words: Numbers
    cells: Numbers
    counts: Numbers
    readings: Numbers


class Side(NamedTuple):
    """Asked readings of equally many words: a column for each; of some, a row for each word.

    ``common`` is the least mark of each word, which listed readings without a mark have too. ``lendable`` is what words
    weigh that `score._join` may count once more: a particle, or one of three that are one word. ``short`` words may be
    initials run together.
    """

    weights: Array
    classes: Array
    core: Flags
    texts: Sequence[tuple[str, ...]]
    company: Array
    cost: Array
    flags: Array
    common: Array
    lendable: Array
    short: Array


class _Pairs(NamedTuple):
    """Which asked and which listed reading each pair is of, and where its listed cells begin among ``cells``."""

    asked: Numbers
    listed: Numbers
    cells: Numbers
    edges: Numbers
    of_cells: Numbers


def side(readings: Sequence[Reading], common: Sequence[Sequence[int]]) -> Side:
    """The readings as arrays."""
    weights = np.array([one.weights for one in readings], np.int32).T.copy()
    classes = np.array([one.classes for one in readings], np.int8).T.copy()
    short = np.array([[*map(may_be_initials, one.classes, one.words)] for one in readings], np.bool_).T.copy()
    return Side(
        weights,
        classes,
        np.array([[spelt in one.core for spelt in one.sounds] for one in readings], np.bool_).T.copy(),
        [one.words for one in readings],
        np.array([one.company for one in readings], np.int8),
        np.array([one.cost for one in readings], np.int32),
        np.array([flags_of(one) for one in readings], np.uint8),
        np.maximum(np.array(common, np.uint8).T, short * np.uint8(MARKED_SPELT)),
        (weights * ((classes == PARTICLE) | (len(weights) > 2))).sum(0),
        short,
    )


# Pairs come by the hundred thousand. So here: rows before columns, `take` rather than fancy indices, products rather
# than `np.where` (which stumbles over masks without a pattern), and sums in 32 bits: each is several times as quick.


def _of_pairs(rows: Array, asked: Numbers) -> Array:
    """Of each asked word (a row) what is so of the asked reading of each pair (a column)."""
    taken: Array = rows.take(asked, -1, mode="clip")
    return taken


def _total(rows: Array) -> Array:
    total: Array = np.add.reduce(rows, 0, dtype=np.int32)
    return total


def may_be_initials(cls: int, word: str) -> bool:
    return cls == NAME and 2 <= len(word) <= 3


def may_be_near(
    a: Mapping[str, Array], ours: Side, marks: Marks, floor: int, asked: Numbers, listed: Numbers, loose: Flags
) -> Numbers:
    """Which pairs reach the floor by a quick bound, which knows of the listed words only what they weigh.

    ``marks`` has a row for each word of each asked reading, and a column for each listed reading. ``loose`` are pairs
    in which one word may be several.
    """
    best = _best(ours, marks, asked, listed)
    # No score is above the best likeness in it.
    some = np.flatnonzero(best.max(0, initial=0) >= floor / 4)
    best, asked, listed, loose = best[:, some].astype(np.int32), asked[some], listed[some], loose[some]
    over, weight = best * 4 - floor, _of_pairs(ours.weights, asked)
    company, nobodys = _companies(a, ours, asked, listed)
    whole = a["reading_weights"].take(listed).astype(np.int32)
    links, well, several = best > 0, over >= 0, (best >= MARKED_JOINED) & loose
    several |= _of_pairs(ours.short, asked) & (best >= MARKED_INITIAL)
    joined, count = _count(several), _count(links)
    extra, conflict = _extra(company, count > 1, _either(a, ours, asked, listed) & STRICT > 0)
    # What is surely left: asked words without an answer, listed ones but the heaviest that may be one.
    left = weight * ~links
    light = GENERIC + company * (NUMBER - GENERIC)
    firm = _total(left * (_of_pairs(ours.classes, asked) <= light))
    heavy = a["reading_firm"].take(listed).astype(np.int32)
    heavy += company * (a["reading_numbers"].take(listed).astype(np.int32) - heavy)
    heavy = np.maximum(heavy - 1000 * (count + 2 * joined), 0)
    least = np.minimum(firm, heavy)
    cost = extra * _total(left) + np.maximum(conflict - 2 * extra, 0) * least
    cost += _HEAVIER * (company & (count < 2)) * ((firm - least) * nobodys[0] + (heavy - least) * nobodys[1])
    # What is answered badly costs half of its weight for that, on either side, or is left alone.
    bad = links & ~well
    alone = np.maximum(0, np.minimum(extra, conflict - extra - _HEAVIER)) * (floor / 1000)
    badly = np.minimum(alone, (floor - 4 * (best * bad).max(0)) * 0.5)
    rest = np.maximum(whole - 1000 * (_count(well) + 2 * joined), 0)
    loss = cost * (floor / 1000) + badly * (rest + _total(weight * bad))
    heaviest = weight + 1000 + several * (np.minimum(whole, 3000) - 1000)
    gain = _total(np.maximum(over, 0) * heaviest) * 0.5
    gain += 1000 * _total(np.maximum(np.minimum(over, W.initial - floor), 0))
    gain += loose * ours.lendable.take(asked) * (max(0, TOGETHER - floor) / 2)
    rounding = floor * (len(weight) / 2 + 1) + 1e-3
    kept: Numbers = some.take(np.flatnonzero(gain - loss + rounding >= 0))
    return kept


def _count(flags: Flags) -> Array:
    """How many are set in each column; summed in eight bits where the words are not too many for them."""
    counts: Array = np.add.reduce(flags.view(np.int8), 0, dtype=np.int8 if len(flags) < 127 else np.int32)
    return counts.astype(np.int32)


def _companies(
    a: Mapping[str, Array], ours: Side, asked: Numbers, listed: Numbers
) -> tuple[Flags, tuple[Flags, Flags]]:
    """Whether the pair is compared as companies; and of either side, whether nothing calls it a company or person."""
    mine, theirs = ours.company.take(asked), a["companies"].take(listed)
    return mine + theirs > 0, (mine == 0, theirs == 0)


def _either(a: Mapping[str, Array], ours: Side, asked: Numbers, listed: Numbers) -> Array:
    """The flags of both readings together."""
    return ours.flags.take(asked) | a["flags"].take(listed)


def _best(ours: Side, marks: Marks, asked: Numbers, listed: Numbers) -> Marks:
    """The mark of each asked word (a row) for each pair; letters stand for words only where another word agrees."""
    count = len(ours.weights)
    best, places = np.empty((count, len(asked)), np.uint8), asked * (count * marks.shape[1]) + listed
    for word in range(count):
        np.take(marks.reshape(-1), places, out=best[word], mode="clip")
        places += marks.shape[1]
    if ours.common.any():
        np.maximum(best, _of_pairs(ours.common, asked), out=best)
    agreed = best.max(0, initial=0) >= MARKED_SAME
    spelt = best == MARKED_SPELT
    if spelt.any():
        best[spelt] = np.broadcast_to(np.where(agreed, MARKED_INITIAL, 0), best.shape)[spelt]
    return best


def marks_of(codes: Codes) -> Marks:
    marks: Marks = ((codes >> BITS) + 3 >> 2).astype(np.uint8)
    return marks


def may_reach(
    a: Mapping[str, Array], ours: Side, grid: Codes, floor: int, asked: Numbers, listed: Numbers, parts: Together
) -> Flags:
    """For each pair (in order of ``asked``, then ``listed``) whether the bound reaches the floor.

    ``grid`` holds the codes of each word of each asked reading (one row each) with every entry of the vocabulary.
    """
    begin = a["cell_starts"].take(listed).astype(np.int64)
    sizes = a["cell_starts"].take(listed + 1) - begin
    pairs = _Pairs(
        asked, listed, ranges(begin, begin + sizes), np.cumsum(sizes) - sizes, np.repeat(np.arange(len(asked)), sizes)
    )
    got = _codes(a, ours, grid, pairs)
    lent = _lent(got, ours, pairs) + _mark_parts(a, got, pairs, begin, parts)
    _mark_initials(a, got, ours, pairs)
    _refuse(a, got, ours, pairs)
    joined = np.logical_or.reduceat((got & JOINED).any(0), pairs.edges)
    kept = _bounded(a, got, ours, floor, pairs, joined, lent)
    return kept & _telling(a, got, ours, pairs) if floor >= FLOOR else kept


def _codes(a: Mapping[str, Array], ours: Side, grid: Codes, pairs: _Pairs) -> Codes:
    """The code of each asked word (a row) with each listed cell of its pair (a column)."""
    count, entries = len(ours.weights), grid.shape[1]
    base = (pairs.asked * (count * entries)).take(pairs.of_cells) + a["cells"].take(pairs.cells)
    flat, got = grid.reshape(-1), np.empty((count, len(base)), np.int16)
    for word in range(count):
        np.take(flat, base, out=got[word], mode="clip")
        base += entries
    return got


def _lent(got: Codes, ours: Side, pairs: _Pairs) -> Floats:
    """What those asked words weigh that are one listed word, and may count once more."""
    joined = got & JOINED > 0
    if not joined.any():
        return np.zeros(len(pairs.asked), np.float64)
    lent: Floats = np.where(np.logical_or.reduceat(joined.any(0), pairs.edges), ours.lendable[pairs.asked], 0.0)
    return lent


def _mark_parts(a: Mapping[str, Array], got: Codes, pairs: _Pairs, begin: Numbers, parts: Together) -> Floats:
    """Enter where neighbouring listed words are one asked word; gives what those words weigh, for each pair."""
    lent = np.zeros(len(pairs.asked), np.float64)
    if not len(parts.asked):
        return lent
    readings = len(a["reading_names"])
    keys, wanted = pairs.asked * readings + pairs.listed, parts.asked * readings + parts.readings
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    there = keys[at] == wanted
    at, words, cells, counts = at[there], parts.words[there], parts.cells[there], parts.counts[there]
    first = pairs.edges[at] + cells - begin[at]
    place = np.repeat(words, counts), ranges(first, first + counts)
    got[place] = raised(got[place], AS_JOINED)
    some = ranges(cells, cells + counts)
    twice = (a["classes"][some] == PARTICLE) | (np.repeat(counts, counts) > 2)
    np.add.at(lent, np.repeat(at, counts), a["weights"][some] * twice)
    return lent


def raised(codes: Codes, code: int) -> Codes:
    """What is worth at least so much, with the flags of both."""
    higher: Codes = np.maximum(codes, np.int16(code)) | (codes | np.int16(code)) & np.int16(WHOLE | JOINED)
    return higher


def _mark_initials(a: Mapping[str, Array], got: Codes, ours: Side, pairs: _Pairs) -> None:
    """ "jc" asked for Jean Claude listed: `score._initials`."""
    for row, words in enumerate(ours.texts):
        for at, word in enumerate(words):
            if not may_be_initials(ours.classes[at, row], word):
                continue
            low, high = np.searchsorted(pairs.asked, (row, row + 1))
            if low == high:
                continue
            start = pairs.edges[low]
            stop = pairs.edges[high] if high < len(pairs.edges) else len(pairs.cells)
            firsts = a["letters"][pairs.cells[start:stop]]
            span = len(firsts) - len(word) + 1
            fits = np.ones(max(span, 0), np.bool_)
            for place, char in enumerate(word):
                fits &= firsts[place : place + max(span, 0)] == ord(char)
            for first in (np.flatnonzero(fits) + start).tolist():  # across two readings too: it may be too high
                some = got[at, first : first + len(word)]
                some[:] = spelt_over(some)


def spelt_over(codes: Codes) -> Codes:
    """The codes where the words may also stand for initials; what is there besides needs no other word to agree."""
    there = (codes > 0) & (codes & SPELT == 0)
    both = np.maximum(codes >> BITS, W.initial) << BITS | codes & JOINED | WHOLE
    flagged: Codes = np.where(there, both, AS_SPELT).astype(np.int16)
    return flagged


def _refuse(a: Mapping[str, Array], got: Codes, ours: Side, pairs: _Pairs) -> None:
    """Strike what `score._like` and `score._initials` refuse whatever the words are."""
    company, nobodys = _companies(a, ours, pairs.asked, pairs.listed)
    initials = ~company | ~(nobodys[0] | nobodys[1])
    silent = a["classes"].take(pairs.cells)
    silent = (silent == FORM) | (silent == PARTICLE) | (silent == NUMBER)
    got *= (got & (WHOLE | SPELT) > 0) | initials.take(pairs.of_cells)
    got *= (got >= TOGETHER << BITS) | (got & SPELT > 0) | ~silent
    # Letters stand for words only where some other word agrees.
    agreed = np.maximum.reduceat(got.max(0), pairs.edges) >= W.same_sound << BITS
    got *= (got & SPELT == 0) | agreed.take(pairs.of_cells)


def _telling(a: Mapping[str, Array], got: Codes, ours: Side, pairs: _Pairs) -> Flags:
    """Whether a word that tells parties apart may be answered: else `score._match` stays below `FLOOR`."""
    joined = got & JOINED > 0
    told = got & WHOLE > 0
    told &= joined | _of_pairs(ours.core, pairs.asked.take(pairs.of_cells))
    told &= joined | (a["telling_cells"].take(pairs.cells) > 0)
    none = _either(a, ours, pairs.asked, pairs.listed) & CORE == 0
    kept: Flags = none | np.logical_or.reduceat(told.any(0), pairs.edges)
    return kept


def _bounded(
    a: Mapping[str, Array], got: Codes, ours: Side, floor: int, pairs: _Pairs, joined: Flags, lent: Floats
) -> Flags:
    """Whether S - f T may be 0 or more."""
    asked, listed = np.maximum.reduceat(got, pairs.edges, axis=1), got.max(0)
    weight, weight_listed = _of_pairs(ours.weights, pairs.asked), a["weights"].take(pairs.cells).astype(np.int32)
    classes, classes_listed = _of_pairs(ours.classes, pairs.asked), a["classes"].take(pairs.cells)
    company, nobodys = _companies(a, ours, pairs.asked, pairs.listed)
    flags = ours.flags.take(pairs.asked), a["flags"].take(pairs.listed)
    left, left_listed = weight * (asked == 0), weight_listed * (listed == 0)
    light = GENERIC + company * (NUMBER - GENERIC)
    firm = _total(left * (classes <= light))
    firm_listed = np.add.reduceat(left_listed * (classes_listed <= light.take(pairs.of_cells)), pairs.edges)
    good, good_listed = asked >= SURE << BITS, listed >= SURE << BITS
    good &= _of_pairs(ours.core, pairs.asked) | joined
    good_listed &= (a["telling_cells"].take(pairs.cells) > 0) | joined.take(pairs.of_cells)
    links = np.minimum(_count(good), np.add.reduceat(good_listed.astype(np.int32), pairs.edges))
    floors = floor + _taken_off(a, ours, pairs, asked, listed, company, flags)
    extra, conflict = _extra(company, links > 1, (flags[0] | flags[1]) & STRICT > 0)
    least, lonely = np.minimum(firm, firm_listed), _HEAVIER * (company & (links < 2))
    cost = extra * (_total(left) + np.add.reduceat(left_listed, pairs.edges)) + (conflict - 2 * extra) * least
    cost += lonely * ((firm - least) * nobodys[0] + (firm_listed - least) * nobodys[1])
    slope = np.maximum(0, np.minimum(extra, conflict - extra - lonely)) * (floors / 1_000_000)
    gain = np.add.reduce(weight * _gains(asked, floors, slope), 0)
    gain += np.add.reduceat(
        weight_listed * _gains(listed, floors.take(pairs.of_cells), slope.take(pairs.of_cells)), pairs.edges
    )
    gain += lent * np.maximum(0, TOGETHER - floors) / 2000
    rounding = floors / 1000 * (len(weight) / 2 + 1) + 1e-6
    kept: Flags = gain - cost * (floors / 1_000_000) + rounding >= 0
    return kept


def _taken_off(
    a: Mapping[str, Array], ours: Side, pairs: _Pairs, asked: Codes, listed: Codes, company: Flags,
    flags: tuple[Array, Array],
) -> Numbers:  # fmt: skip
    """The least that `score._off` takes off."""
    off = np.maximum(ours.cost.take(pairs.asked), a["costs"].take(pairs.listed))
    off += W.form_missing * ((flags[0] ^ flags[1]) & FORMED > 0)
    left, left_listed = _of_pairs(ours.classes, pairs.asked), a["classes"].take(pairs.cells)
    gone, gone_listed = asked == 0, listed == 0
    numbers = ((left == NUMBER) & gone).any(0)
    numbers &= np.logical_or.reduceat((left_listed == NUMBER) & gone_listed, pairs.edges)
    places = ((left == PLACE) & gone).any(0)
    places |= np.logical_or.reduceat((left_listed == PLACE) & gone_listed, pairs.edges)
    off = off + W.number * numbers + min(W.place_missing, W.place_other) * (company & places)
    return np.asarray(off)


def _extra(company: Flags, several: Flags, strict: Flags) -> tuple[Numbers, Numbers]:
    """What a unit of weight left on one side, and on both, costs at least."""
    companys = W.extra_one_company + several * min(0, W.extra_company - W.extra_one_company)
    persons = W.extra_one + several * min(0, W.extra - W.extra_one)
    persons = np.maximum(persons, strict * W.extra_strict)
    return persons + company * (companys - persons), W.conflict + company * (W.conflict_company - W.conflict)


def _gains(codes: Codes, floors: Numbers, slope: Floats) -> Floats:
    """What a unit of a word's weight can add: half of its likeness over the floor, or the loss of leaving it alone."""
    worth = codes >> BITS
    over = np.maximum((worth - floors) * 0.0005, -slope)
    # An initial weighs as much as its name: up to twice the half of what both weigh.
    over = np.maximum(over, (worth >= W.initial) * (W.initial - floors) * 0.001 - (worth < W.initial))
    # Where a particle is run together with a word, the link weighs no more than the lighter of both.
    over = np.maximum(over, -1.0 * (worth < TOGETHER))
    gains: Floats = (codes > 0) * over
    return gains
