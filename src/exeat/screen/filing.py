"""The arrays of an index: what is filed for each listed name, and under what it is found again."""

from __future__ import annotations

import itertools
import zlib
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from exeat.screen import near
from exeat.screen.names import FORM, GENERIC, INITIAL, NUMBER, Analysed, Reading
from exeat.screen.names.sound import far, sounds
from exeat.screen.packed import Array, Texts, texts
from exeat.screen.score import budget, budget_skeleton

# How a reading's words are compared (`score._like`), as flags: with vowels left out, by sound from another script.
VOWELLESS, BY_SOUND = 1, 2
# What a bound asks of a reading as a whole: words that tell parties apart, a legal form, read off Han or Hangul.
CORE, FORMED, STRICT = 1, 2, 4
Spoken = tuple[str, str, str, int]
"""A distinct word: its sound, its skeleton, its far skeleton, and how its reading is compared."""
LONGEST_TOGETHER = 3
_MOST = 0xFFFF


def build(names: Iterable[Analysed]) -> dict[str, Array]:
    """The arrays of an index over these names, which are numbered in their order."""
    builder = _Builder()
    for number, name in enumerate(names):
        builder.add(number, name)
    return builder.arrays()


def listed_keys(name: Analysed) -> set[str]:
    """Under what a listed name is filed, besides its words. `asked_keys` is the other half: equal ones meet."""
    keys = {f"={name.text}", *(f">{acronym}" for acronym in name.acronyms)}
    if name.short:
        keys.update(f"<{word}" for word in name.tokens)
    return keys


def asked_keys(name: Analysed) -> set[str]:
    """What a query's name looks for, besides its words."""
    keys = {f"={name.text}", *(f"<{acronym}" for acronym in name.acronyms)}
    if name.short:
        keys.update(f">{word}" for word in name.tokens)
    return keys


def joined_texts(name: Analysed) -> tuple[str, str]:
    """The two texts without spaces that `score._whole` compares."""
    return name.readings[0].joined if name.readings else "", name.bare


def mode(reading: Reading) -> int:
    """Both flags may be set: a name of several scripts may be cut so."""
    return (0 if reading.vowels else VOWELLESS) | (BY_SOUND if reading.via == "sound" else 0)


def flags_of(reading: Reading) -> int:
    return (
        (CORE if reading.core else 0) | (FORMED if FORM in reading.classes else 0) | (STRICT if reading.strict else 0)
    )


def spoken(reading: Reading) -> list[Spoken]:
    """What `score._like` looks at in each word."""
    how = mode(reading)
    fars = reading.skeletons if how & BY_SOUND else [far(word) for word in reading.words]
    return [(*some, how) for some in zip(reading.sounds, reading.skeletons, fars, strict=True)]


def together(words: Sequence[str]) -> list[tuple[int, int, str]]:
    """Neighbouring words as one: the first, how many, the text."""
    return [
        (at, count, "".join(words[at : at + count]))
        for count in range(2, LONGEST_TOGETHER + 1)
        for at in range(len(words) - count + 1)
    ]


def budget_together(length: int) -> int:
    """Edits between a word and neighbouring words put together: `score._join`."""
    return 1 if length >= 5 else 0


def budget_joined(length: int) -> int:
    """Edits between whole names without their spaces: `score._whole`."""
    return 1 if length >= 6 else 0


def hashed(keys: Collection[str]) -> npt.NDArray[np.uint32]:
    """Short hashes: two keys that share one cost a comparison, never a hit."""
    return np.fromiter((zlib.crc32(_bytes(key)) for key in keys), np.uint32, len(keys))


def texts_of(arrays: dict[str, Array], label: str) -> Texts:
    """Texts that were put together with `texts`, for those of which few are asked for."""
    return Texts(arrays[f"{label}_texts"], arrays[f"{label}_cuts"])


def cut(arrays: dict[str, Array], label: str) -> list[str]:
    """The same, all of them."""
    blob, cuts = arrays[f"{label}_texts"].tobytes(), arrays[f"{label}_cuts"].tolist()
    return [blob[start:end].decode("utf-8", "surrogatepass") for start, end in itertools.pairwise(cuts)]


class _Builder:
    """Columns that grow name by name, packed; what can be had of all names at once waits for `arrays`."""

    def __init__(self) -> None:
        self._encode = msgspec.msgpack.Encoder().encode
        self._names, self._name_ends = bytearray(), array("Q")
        self._joined: dict[str, int] = {}
        self._joined_of = array("I")
        self._han: list[tuple[int, str]] = []
        self._key_hashes, self._key_names = array("I"), array("I")
        # of each reading
        self._reading_names, self._lengths = array("I"), array("I")
        self._companies, self._costs, self._flags = array("b"), array("H"), array("B")
        # of each word of each reading
        self._words: dict[str, int] = {}
        self._entries: dict[Spoken, int] = {}
        self._known: dict[tuple[str, int], tuple[int, int]] = {}
        self._word_numbers, self._cells = array("I"), array("I")
        self._weights, self._classes, self._telling = array("H"), array("B"), array("B")

    def add(self, number: int, name: Analysed) -> None:
        self._names += self._encode(name)
        self._name_ends.append(len(self._names))
        keys = hashed(listed_keys(name))
        self._key_hashes.extend(keys)
        self._key_names.extend([number] * len(keys))
        self._joined_of.extend([self._joined.setdefault(text, len(self._joined)) for text in joined_texts(name)])
        if name.han:
            self._han.append((number, name.han))
        for reading in name.readings:
            self._add_reading(number, reading)

    def _add_reading(self, number: int, reading: Reading) -> None:
        how = mode(reading)
        for at, word in enumerate(reading.words):
            known = self._known.get((word, how)) or self._learn(word, how, reading, at)
            self._word_numbers.append(known[0])
            self._cells.append(known[1])
        self._telling.extend([spelt in reading.core for spelt in reading.sounds])
        self._weights.extend(reading.weights)
        self._classes.extend(reading.classes)
        self._lengths.append(len(reading.words))
        self._reading_names.append(number)
        self._companies.append(reading.company)
        self._costs.append(reading.cost)
        self._flags.append(flags_of(reading))

    def _learn(self, word: str, how: int, reading: Reading, at: int) -> tuple[int, int]:
        """Numbers of a word and of its entry: how it sounds depends on it, and on how its reading is compared."""
        bone = reading.skeletons[at]
        entry = reading.sounds[at], bone, bone if how & BY_SOUND else far(word), how
        known = (
            self._words.setdefault(word, len(self._words)),
            self._entries.setdefault(entry, len(self._entries)),
        )
        self._known[word, how] = known
        return known

    def arrays(self) -> dict[str, Array]:
        out: dict[str, Array] = {"names": np.frombuffer(bytes(self._names), np.uint8)}
        self._names.clear()
        self._known.clear()
        out["name_starts"] = np.r_[0, np.array(self._name_ends, np.uint32)].astype(np.uint32)
        out["companies"] = np.array(self._companies, np.int8)
        out["costs"] = np.array(self._costs, np.uint16)
        out["flags"] = np.array(self._flags, np.uint8)
        out["telling_cells"] = np.array(self._telling, np.uint8)
        out["reading_names"] = np.array(self._reading_names, np.uint32)
        return out | self._vocabulary() | self._postings() | self._weighed() | self._by_part() | self._whole_names()

    def _first_letters(self) -> npt.NDArray[np.uint32]:
        """Of each word of each reading."""
        letters = np.array([ord(word[0]) if word else 0 for word in self._words], np.uint32)
        return letters[np.array(self._word_numbers, np.int64)]

    def _weighed(self) -> dict[str, Array]:
        """What distinct words of each reading weigh at least: all; what conflicts of a person's, of a company's."""
        readings = np.repeat(np.arange(len(self._lengths)), np.array(self._lengths, np.int64))
        words, weights = np.array(self._word_numbers, np.int64), np.array(self._weights, np.int64)
        order = np.lexsort((weights, words, readings))
        again = np.r_[False, (np.diff(words[order]) == 0) & (np.diff(readings[order]) == 0)][: len(words)]
        weights[order[again]] = 0
        classes, count = np.array(self._classes, np.uint8), len(self._lengths)
        return {
            label: np.minimum(np.bincount(readings, weights * some, count), _MOST).astype(np.uint16)
            for label, some in (
                ("reading_weights", np.ones(len(weights), np.bool_)),
                ("reading_firm", classes <= GENERIC),
                ("reading_numbers", classes <= NUMBER),
            )
        }

    def _vocabulary(self) -> dict[str, Array]:
        """Distinct sounds and skeletons with their neighbourhoods, and the entries that have each."""
        entries, cells = list(self._entries), np.array(self._cells, np.int64)
        initial, telling = np.zeros(len(entries), np.uint8), np.zeros(len(entries), np.uint8)
        initial[cells[np.array(self._classes, np.uint8) == INITIAL]] = 1
        telling[cells[np.array(self._telling, np.bool_)]] = 1
        firsts = [ord(entry[0][0]) if entry[0] else 0 for entry in entries]
        heaviest = np.zeros(len(entries), np.uint16)
        np.maximum.at(heaviest, cells, np.array(self._weights, np.uint16))
        out: dict[str, Array] = {
            "modes": np.array([entry[3] for entry in entries], np.uint8),
            "initials": initial,
            "telling": telling,
            "firsts": np.array(firsts, np.uint32),
            "heaviest": heaviest,
        }
        for label, side, limit in (("sound", 0, budget), ("skeleton", 1, budget_skeleton), ("far", 2, budget_skeleton)):
            of_entries = [str(entry[side]) for entry in entries]
            distinct = list(dict.fromkeys(of_entries))
            numbers = {text: number for number, text in enumerate(distinct)}
            groups = np.array([numbers[text] for text in of_entries], np.int64)
            out |= _filed(label, distinct, limit) | _grouped(label, len(distinct), groups)
            out[f"{label}_of"] = groups.astype(np.uint32)
        return out

    def _postings(self) -> dict[str, Array]:
        """The entries of each reading, and the readings of each entry."""
        lengths, cells = np.array(self._lengths, np.int64), np.array(self._cells, np.int64)
        readings = np.repeat(np.arange(len(lengths)), lengths)
        both = near.distinct(cells * max(len(lengths), 1) + readings)
        entries = both // max(len(lengths), 1)
        return {
            "cells": cells.astype(np.uint32),
            "weights": np.array(self._weights, np.uint16),
            "letters": self._first_letters(),
            "classes": np.array(self._classes, np.uint8),
            "cell_starts": np.r_[0, np.cumsum(lengths)].astype(np.uint32),
            "postings": (both % max(len(lengths), 1)).astype(np.uint32),
            "posting_starts": np.searchsorted(entries, np.arange(len(self._entries) + 1)).astype(np.uint32),
        }

    def _by_part(self) -> dict[str, Array]:
        """Neighbouring words as one: by sound with a neighbourhood, by skeleton exactly; and where they stand."""
        words, bones = list(self._words), [entry[1] for entry in self._entries]
        lengths = np.array(self._lengths, np.int64)
        of_parts = _Runs(lengths, np.array(self._word_numbers, np.int64))
        of_bones = _Runs(lengths, np.array(self._cells, np.int64))
        of_letters = _Runs(lengths, self._first_letters().astype(np.int64))
        parts: dict[str, int] = {}
        spelt = [parts.setdefault(text, len(parts)) for text in sounds(of_parts.texts(words.__getitem__))]
        numbers = np.array(spelt, np.int64)[of_parts.which]
        hashes = hashed(of_bones.texts(bones.__getitem__))[of_bones.which]
        grams = hashed(of_letters.texts(lambda code: chr(code) if code else ""))[of_letters.which]
        order, of_grams, by_part = (np.argsort(some, kind="stable") for some in (hashes, grams, numbers))
        readings = np.repeat(np.arange(len(lengths)), lengths)
        return _filed("part", list(parts), budget_together) | {
            "part_starts": np.searchsorted(numbers[by_part], np.arange(len(parts) + 1)).astype(np.uint32),
            "part_cells": of_parts.cells[by_part].astype(np.uint32),
            "part_counts": of_parts.counts[by_part].astype(np.uint8),
            "gram_hashes": grams[of_grams],
            "gram_readings": readings[of_letters.cells[of_grams]].astype(np.uint32),
            "bone_hashes": hashes[order],
            "bone_cells": of_bones.cells[order].astype(np.uint32),
            "bone_counts": of_bones.counts[order].astype(np.uint8),
        }

    def _whole_names(self) -> dict[str, Array]:
        """Names by exact key, by their letters without spaces, and those in Han."""
        hashes = np.array(self._key_hashes, np.uint32)
        order = np.argsort(hashes, kind="stable")
        out: dict[str, Array] = {"key_hashes": hashes[order]}
        out["key_names"] = np.array(self._key_names, np.uint32)[order]
        out["han_names"] = np.array([number for number, _ in self._han], np.uint32)
        out["han_texts"], out["han_cuts"] = texts([_bytes(text) for _, text in self._han])
        groups = np.array(self._joined_of, np.int64)
        joined = list(self._joined)
        return out | _filed("joined", joined, budget_joined) | _grouped("joined", len(joined), groups)


class _Runs:
    """Two and three neighbouring words of a reading: the first cell and how many of each run; alike ones once."""

    def __init__(self, lengths: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64]) -> None:
        """``numbers`` says what stands in each cell: three must go into one number of 63 bits."""
        if numbers.max(initial=0) + 1 >= 1 << 21:
            raise OverflowError("an index holds no more than two million distinct words")
        reading = np.repeat(np.arange(len(lengths)), lengths)
        cells, codes = [], []
        for count in range(2, LONGEST_TOGETHER + 1):
            first = np.flatnonzero(reading[: len(reading) - count + 1] == reading[count - 1 :])
            cells.append(first)
            codes.append(
                sum((numbers[first + at] + 1 << 21 * at for at in range(count)), np.zeros(len(first), np.int64))
            )
        self.cells = np.concatenate(cells)
        self.counts = np.repeat(range(2, LONGEST_TOGETHER + 1), [len(some) for some in cells])
        self._codes, self.which = np.unique(np.concatenate(codes), return_inverse=True)

    def texts(self, text: Callable[[int], str]) -> list[str]:
        """Of each distinct run its texts put together; ``which`` says which one each run is."""
        pieces = [(self._codes >> 21 * at & (1 << 21) - 1).tolist() for at in range(LONGEST_TOGETHER)]
        return ["".join([text(number - 1) for number in run if number]) for run in zip(*pieces, strict=True)]


def _filed(label: str, distinct: Sequence[str], limit: near.Budget) -> dict[str, Array]:
    """Texts, and their neighbourhood of deletions."""
    filed = near.build(distinct, limit)
    blob, cuts = texts([_bytes(text) for text in distinct])
    return {
        f"{label}_hashes": filed.hashes,
        f"{label}_slices": filed.starts,
        f"{label}_filed": filed.filed,
        f"{label}_texts": blob,
        f"{label}_cuts": cuts,
    }


def _grouped(label: str, count: int, groups: npt.NDArray[np.int64]) -> dict[str, Array]:
    """Under each of ``count`` groups the numbers of its members."""
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(count + 1))
    return {f"{label}_members": order.astype(np.uint32), f"{label}_starts": starts.astype(np.uint32)}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
