"""The arrays of an index: what is filed for each listed name, and under what it is found again."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from exeat.screen import near
from exeat.screen.names import FORM, GENERIC, INITIAL, NUMBER, Analysed, Reading
from exeat.screen.names.sound import far, sound
from exeat.screen.packed import Array, texts
from exeat.screen.score import budget, budget_skeleton

# How a reading's words are compared (`score._like`), as flags: with vowels left out, by sound from another script.
VOWELLESS, BY_SOUND = 1, 2
# What a bound asks of a reading as a whole: words that tell parties apart, a legal form, read off Han or Hangul.
CORE, FORMED, STRICT = 1, 2, 4
Spoken = tuple[str, str, str, int]
"""A distinct word: its sound, its skeleton, its far skeleton, and how its reading is compared."""
LONGEST_TOGETHER = 3


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


def weights_of(reading: Reading) -> tuple[int, int, int]:
    """What distinct words weigh at least: all; those that conflict in a person's name; those in a company's."""
    least: dict[str, tuple[int, int]] = {}
    for word, weight, cls in zip(reading.words, reading.weights, reading.classes, strict=True):
        least[word] = min(least.get(word, (weight, cls)), (weight, cls))
    some = least.values()
    return (
        sum([weight for weight, _ in some]),
        sum([weight for weight, cls in some if cls <= GENERIC]),
        sum([weight for weight, cls in some if cls <= NUMBER]),
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


def hashed(keys: Sequence[str]) -> npt.NDArray[np.uint32]:
    """Short hashes: two keys that share one cost a comparison, never a hit."""
    return np.fromiter((zlib.crc32(_bytes(key)) for key in keys), np.uint32, len(keys))


def cut(arrays: dict[str, Array], label: str) -> list[str]:
    """Texts that were put together with `texts`."""
    blob, cuts = arrays[f"{label}_texts"].tobytes(), arrays[f"{label}_cuts"].tolist()
    return [blob[start:end].decode("utf-8", "surrogatepass") for start, end in itertools.pairwise(cuts)]


class _Builder:
    def __init__(self) -> None:
        self._encode = msgspec.msgpack.Encoder().encode
        self._names: list[bytes] = []
        self._reading_names: list[int] = []
        self._companies: list[int] = []
        self._costs: list[int] = []
        self._flags: list[int] = []
        self._reading_weights: list[tuple[int, int, int]] = []
        self._telling_cells: list[bool] = []
        self._classes: list[int] = []
        self._letters: list[int] = []
        self._entries: dict[Spoken, int] = {}
        self._cells: list[int] = []
        self._weights: list[int] = []
        self._initials: set[int] = set()
        self._telling: set[int] = set()
        self._lengths: list[int] = []
        self._joined: list[str] = []
        self._han: list[str] = []
        self._keys: list[str] = []
        self._key_names: list[int] = []
        self._parts: dict[str, int] = {}
        self._part_cells: list[tuple[int, int, int]] = []
        self._skeleton_parts: list[str] = []
        self._grams: list[str] = []
        self._gram_readings: list[int] = []

    def add(self, number: int, name: Analysed) -> None:
        self._names.append(self._encode(name))
        keys = listed_keys(name)
        self._keys.extend(keys)
        self._key_names.extend([number] * len(keys))
        self._joined.extend(joined_texts(name))
        self._han.append(name.han)
        for reading in name.readings:
            self._add_reading(number, reading)

    def _add_reading(self, number: int, reading: Reading) -> None:
        entries, parts, first = self._entries, self._parts, len(self._cells)
        for at, count, text in together(reading.words):
            self._part_cells.append((parts.setdefault(sound(text), len(parts)), first + at, count))
        self._skeleton_parts.extend(text for _, _, text in together(reading.skeletons))
        grams = {text for _, _, text in together([word[:1] for word in reading.words])}
        self._grams.extend(grams)
        self._gram_readings.extend([len(self._lengths)] * len(grams))
        for one, cls in zip(spoken(reading), reading.classes, strict=True):
            entry = entries.setdefault(one, len(entries))
            self._cells.append(entry)
            if cls == INITIAL:
                self._initials.add(entry)
            self._telling_cells.append(one[0] in reading.core)
            if one[0] in reading.core:
                self._telling.add(entry)
        self._weights.extend(reading.weights)
        self._classes.extend(reading.classes)
        self._letters.extend([ord(word[0]) if word else 0 for word in reading.words])
        self._lengths.append(len(reading.words))
        self._reading_names.append(number)
        self._companies.append(reading.company)
        self._costs.append(reading.cost)
        self._reading_weights.append(weights_of(reading))
        self._flags.append(flags_of(reading))

    def arrays(self) -> dict[str, Array]:
        out: dict[str, Array] = {}
        out["names"], out["name_starts"] = texts(self._names)
        self._names.clear()
        out["companies"] = np.array(self._companies, np.int8)
        out["costs"] = np.array(self._costs, np.uint16)
        whole, firm, numbers = np.array(self._reading_weights, np.uint16).reshape(-1, 3).T
        out |= {"reading_weights": whole, "reading_firm": firm, "reading_numbers": numbers}
        out["flags"] = np.array(self._flags, np.uint8)
        out["telling_cells"] = np.array(self._telling_cells, np.uint8)
        out["reading_names"] = np.array(self._reading_names, np.uint32)
        return out | self._vocabulary() | self._postings() | self._by_part() | self._whole_names()

    def _vocabulary(self) -> dict[str, Array]:
        """Distinct sounds and skeletons with their neighbourhoods, and the entries that have each."""
        entries = list(self._entries)
        initial = np.zeros(len(entries), np.uint8)
        initial[list(self._initials)] = 1
        telling = np.zeros(len(entries), np.uint8)
        telling[list(self._telling)] = 1
        firsts = [ord(entry[0][0]) if entry[0] else 0 for entry in entries]
        heaviest = np.zeros(len(entries), np.uint16)
        np.maximum.at(heaviest, self._cells, np.array(self._weights, np.uint16))
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
        both = np.unique(cells * max(len(lengths), 1) + readings)
        entries = both // max(len(lengths), 1)
        return {
            "cells": cells.astype(np.uint32),
            "weights": np.array(self._weights, np.uint16),
            "letters": np.array(self._letters, np.uint32),
            "classes": np.array(self._classes, np.uint8),
            "cell_starts": np.r_[0, np.cumsum(lengths)].astype(np.uint32),
            "postings": (both % max(len(lengths), 1)).astype(np.uint32),
            "posting_starts": np.searchsorted(entries, np.arange(len(self._entries) + 1)).astype(np.uint32),
        }

    def _by_part(self) -> dict[str, Array]:
        """Neighbouring words as one: by sound with a neighbourhood, by skeleton exactly; and where they stand."""
        table = np.array(self._part_cells, np.int64).reshape(-1, 3)
        hashes, grams = hashed(self._skeleton_parts), hashed(self._grams)
        order, of_grams = np.argsort(hashes, kind="stable"), np.argsort(grams, kind="stable")
        out = _filed("part", list(self._parts), budget_together)
        starts = np.searchsorted(np.sort(table[:, 0]), np.arange(len(self._parts) + 1))
        by_part = np.argsort(table[:, 0], kind="stable")
        return out | {
            "part_starts": starts.astype(np.uint32),
            "part_cells": table[by_part, 1].astype(np.uint32),
            "part_counts": table[by_part, 2].astype(np.uint8),
            "gram_hashes": grams[of_grams],
            "gram_readings": np.array(self._gram_readings, np.uint32)[of_grams],
            "bone_hashes": hashes[order],
            "bone_cells": table[order, 1].astype(np.uint32),
            "bone_counts": table[order, 2].astype(np.uint8),
        }

    def _whole_names(self) -> dict[str, Array]:
        """Names by exact key, by their letters without spaces, and those in Han."""
        hashes = hashed(self._keys)
        order = np.argsort(hashes, kind="stable")
        distinct = list(dict.fromkeys(self._joined))
        numbers = {text: number for number, text in enumerate(distinct)}
        groups = np.array([numbers[text] for text in self._joined], np.int64)
        han = [number for number, text in enumerate(self._han) if text]
        out: dict[str, Array] = {"key_hashes": hashes[order]}
        out["key_names"] = np.array(self._key_names, np.uint32)[order]
        out["han_names"] = np.array(han, np.uint32)
        out["han_texts"], out["han_cuts"] = texts([_bytes(self._han[number]) for number in han])
        return out | _filed("joined", distinct, budget_joined) | _grouped("joined", len(distinct), groups)


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
