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
        (r"(?<=[aeo])w(?=[^aeiouy]|$)", "u"),
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
        (r"([A-Za-z])\1+", r"\1"),
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
    return word.upper()


_FAR: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(p), r)
    for p, r in (
        (r"jia", "ka"),
        (r"ng(?![aeiou])", "N"),
        (r"r(?![aeiouy])", ""),
        (r"ph|v|f|(?<=[a-z])w(?=$|u)", "F"),
        (r"x(?=$|[^aeiou])", "KS"),
        (r"ch(?=[rl])", "K"),
        (r"shch|sch|tch|sh|ch|zh|dj|ts|tz|c(?=[eiy])|[szjx]|q(?=[iu])", "S"),
        (r"kh|gh|ck|[kgcq]", "K"),
        (r"th|dh|[td]", "T"),
        (r"[bp]", "B"),
        (r"[lr]", "L"),
        (r"([A-Zmn])\1+", r"\1"),
        (r"[aeiouywh]", ""),
    )
)


@lru_cache(1 << 16)
def far(word: str) -> str:
    """Consonants as another language hears them: R is L, a closing R is not heard, all hissing sounds are one."""
    for pattern, into in _FAR:
        word = pattern.sub(into, word)
    return word.upper()
