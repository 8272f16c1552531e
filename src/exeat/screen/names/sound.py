"""How a Latin word sounds, roughly: for spellings of one name that differ by system of transliteration.

``sound`` keeps vowels and joins spellings (Sergey, Sergei, Sergej; Mohammed, Mohamed); edits are counted on it.
``skeleton`` keeps classes of consonants only, for scripts that leave vowels out and for far transcriptions.
"""

from __future__ import annotations

import re
from functools import lru_cache

# In order; each is one pass. Longer spellings first.
_SOUND: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(p), r)
    for p, r in (
        (r"shch|sch(?=[aeiouy])|sc(?=h)", "sh"),
        (r"tch|tsch", "ch"),
        (r"kh|ck|q|x(?=$)", "k"),
        (r"x", "ks"),
        (r"ph", "f"),
        (r"zh|dzh|dj", "j"),
        (r"tz|ts", "c"),
        (r"gh", "g"),
        (r"c(?=[aourltk])", "k"),
        (r"w", "v"),
        (r"oo|ou", "u"),
        (r"ee", "i"),
        (r"^ye", "e"),
        (r"(?<=[aeiou])h(?=[^aeiou]|$)", ""),
        (r"y|j(?=[aeiou]?$)", "i"),
        (r"i+", "i"),
        (r"(.)\1+", r"\1"),
    )
)

_SKELETON: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(p), r)
    for p, r in (
        (r"ng(?![aeiou])", "N"),
        (r"shch|sch|tch|sh|ch", "X"),
        (r"zh|dj|dzh|j", "J"),
        (r"kh|gh|ck|c(?=[^eiyh]|$)|[kqg]", "K"),
        (r"x", "KS"),
        (r"ph|f", "F"),
        (r"th|dh|t(?!s)|d", "T"),
        (r"ts|tz|[szc]", "S"),
        (r"[bp]", "B"),
        (r"[aeiouywvh]", ""),
        (r"[^A-Z0-9a-z]", ""),
    )
)


@lru_cache(1 << 17)
def sound(word: str) -> str:
    if not word.isalpha() or len(word) < 3:
        return word
    for pattern, into in _SOUND:
        word = pattern.sub(into, word)
    return word


@lru_cache(1 << 17)
def skeleton(word: str) -> str:
    for pattern, into in _SKELETON:
        word = pattern.sub(into, word)
    return _single(word.upper())


def _single(word: str) -> str:
    return "".join(c for i, c in enumerate(word) if not i or word[i - 1] != c or c.isdigit())
