"""The arrays of an index: what is filed for each listed name, and under what it is found again."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from exeat.screen import near
from exeat.screen.names import Analysed, Reading
from exeat.screen.packed import Array, texts
from exeat.screen.score import budget

Word = tuple[str, str]
"""A word and its skeleton."""
_BUCKETS = 32


def build(names: Iterable[Analysed]) -> dict[str, Array]:
    """The arrays of an index over these names, which are numbered in their order."""
    builder = _Builder()
    for number, name in enumerate(names):
        builder.add(number, name)
    return builder.arrays()


def listed_keys(name: Analysed) -> set[str]:
    """Under what a listed name is filed, besides its words. `asked_keys` is the other half: equal ones meet."""
    keys = {f"={name.key}", *(f"h{pair}" for pair in _pairs(name.han))}
    if name.acronym:
        keys.add(f">{name.acronym}")
    if name.short:
        keys.update(f"<{word}" for word in name.tokens)
    return keys


def asked_keys(name: Analysed) -> set[str]:
    """What a query's name looks for, besides its words."""
    keys = {f"={name.key}", *(f"h{pair}" for pair in _pairs(name.han))}
    if name.acronym:
        keys.add(f"<{name.acronym}")
    if name.short:
        keys.update(f">{word}" for word in name.tokens)
    return keys


def words_of(reading: Reading) -> list[Word]:
    return list(zip(reading.words, reading.skeletons, strict=True))


def together(words: Sequence[str]) -> list[tuple[int, int, str]]:
    """Two and three neighbouring words as one: the first, how many, the text."""
    return [(at, count, "".join(words[at : at + count])) for count in (2, 3) for at in range(len(words) - count + 1)]


def hashed(keys: Sequence[str]) -> npt.NDArray[np.uint32]:
    """Short hashes: two keys that share one cost a comparison, never a hit."""
    return np.fromiter((zlib.crc32(key.encode("utf-8", "surrogatepass")) for key in keys), np.uint32, len(keys))


def letters(strings: Sequence[str]) -> npt.NDArray[np.uint64]:
    """A fingerprint: the letters (in buckets) that a text has at least once, and twice; an edit changes two bits."""
    codes = np.frombuffer("".join(strings).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64) % _BUCKETS
    owners = np.repeat(np.arange(len(strings)), [len(text) for text in strings])
    numbers = np.bincount(owners * _BUCKETS + codes, minlength=len(strings) * _BUCKETS).reshape(-1, _BUCKETS)
    bits = np.uint64(1) << np.arange(_BUCKETS, dtype=np.uint64)
    once = (numbers >= 1) @ bits
    both: npt.NDArray[np.uint64] = once | ((numbers >= 2) @ (bits << np.uint64(_BUCKETS)))
    return both


def cut(arrays: dict[str, Array], label: str) -> list[str]:
    """Texts that were put together with `texts`."""
    blob, cuts = arrays[f"{label}_texts"].tobytes(), arrays[f"{label}_cuts"].tolist()
    return [blob[start:end].decode("utf-8", "surrogatepass") for start, end in itertools.pairwise(cuts)]


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
        self._keys: list[str] = []
        self._key_names: list[int] = []
        self._parts: list[str] = []
        self._part_cells: list[int] = []
        self._part_counts: list[int] = []

    def add(self, number: int, name: Analysed) -> None:
        self._names.append(self._encode(name))
        keys = listed_keys(name)
        self._keys.extend(keys)
        self._key_names.extend([number] * len(keys))
        for reading in name.readings:
            self._add_reading(number, reading)

    def _add_reading(self, number: int, reading: Reading) -> None:
        for at, count, text in together(reading.words):
            self._parts.append(text)
            self._part_cells.append(len(self._cells) + at)
            self._part_counts.append(count)
        numbers = self._numbers
        self._cells.extend([numbers.setdefault(word, len(numbers)) for word in words_of(reading)])
        self._weights.extend(reading.weights)
        self._lengths.append(len(reading.words))
        self._reading_names.append(number)
        self._joined.append(reading.joined)

    def arrays(self) -> dict[str, Array]:
        out: dict[str, Array] = {}
        out["names"], out["name_starts"] = texts(self._names)
        self._names.clear()
        out["reading_names"] = np.array(self._reading_names, np.uint32)
        return out | self._vocabulary() | self._postings() | self._by_length() | self._by_key()

    def _by_key(self) -> dict[str, Array]:
        keys, parts = hashed(self._keys), hashed(self._parts)
        of_keys, of_parts = np.argsort(keys, kind="stable"), np.argsort(parts, kind="stable")
        return {
            "key_hashes": keys[of_keys],
            "key_names": np.array(self._key_names, np.uint32)[of_keys],
            "part_hashes": parts[of_parts],
            "part_cells": np.array(self._part_cells, np.uint32)[of_parts],
            "part_counts": np.array(self._part_counts, np.uint8)[of_parts],
        }

    def _vocabulary(self) -> dict[str, Array]:
        """Distinct spellings and skeletons with their neighbourhoods, and the numbers of the words that have each."""
        out: dict[str, Array] = {}
        for label, side in (("spelling", 0), ("skeleton", 1)):
            of_words = [word[side] for word in self._numbers]
            distinct = list(dict.fromkeys(of_words))
            filed = near.build(distinct, budget)
            out[f"{label}_hashes"], out[f"{label}_slices"] = filed.hashes, filed.starts
            out[f"{label}_filed"] = filed.filed
            out[f"{label}_texts"], out[f"{label}_cuts"] = texts([_bytes(text) for text in distinct])
            out |= _grouped(label, distinct, of_words)
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
        blob, cuts = texts([_bytes(text) for text in some])
        return {
            "joined_lengths": lengths[order].astype(np.uint16),
            "joined_readings": order.astype(np.uint32),
            "joined_letters": letters(some),
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


def _pairs(text: str) -> list[str]:
    """All neighbouring characters; of a text of one, that one."""
    return [text[at : at + 2] for at in range(max(len(text) - 1, min(len(text), 1)))]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
