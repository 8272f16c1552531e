"""What a name is once analysed: plain, immutable data that an index can store as it is."""

from __future__ import annotations

import msgspec

# What a word is. The order is of no meaning; the numbers are stored in indexes, so they only ever grow.
NAME = 0  # what tells one party from another: family and given names, coined company names
NUMBER = 1  # digits, which must agree: Plant 11420 is not Plant 11421
INITIAL = 2  # one letter that may stand for a name
PLACE = 3  # Beijing, Iran: tells branches apart, but many parties share it
GENERIC = 4  # technology, trading, group
PARTICLE = 5  # bin, al, von, the, and: may be left out
FORM = 6  # Ltd., OOO, GmbH
ACRONYM = 7  # reserved for an index; a reading never holds it


class Reading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One way to read a name in Latin letters.

    ``words`` are folded words in order (legal forms are canonical: "limited", "ltd" → "ltd"); ``classes``, ``weights``
    (thousandths: how much a word tells), ``sounds`` (spellings of one name joined) and ``skeletons`` (consonants as
    classes of sound) run alongside. ``set`` is the set of ``words``; ``core`` the sounds of those that tell parties
    apart: names, numbers, and heavy terms. ``joined`` is the folded name without spaces, nothing translated.
    ``via`` says how the reading came about ("" as written, "pinyin", "cantonese", "wade-giles", "korean",
    "japanese", "translated", "sound", …) and ``cost`` (thousandths) is what a match through it loses. ``vowels`` is
    false where the script leaves vowels out (Arabic, Hebrew). ``strict`` is true where the letters were read off
    Han or Hangul: they hold no slips of typing, so edits count double (threefold for persons). ``company`` is 1 for
    what is no person (by the kind of party, or by words that only companies bear), -1 for a person.
    ``family`` holds the characters that may be a family name, for a reading of Han or Hangul.
    """

    words: tuple[str, ...]
    classes: tuple[int, ...]
    weights: tuple[int, ...]
    sounds: tuple[str, ...]
    skeletons: tuple[str, ...]
    set: frozenset[str]
    core: frozenset[str]
    joined: str
    via: str = ""
    cost: int = 0
    vowels: bool = True
    strict: bool = False
    company: int = 0
    family: frozenset[str] = frozenset()


class Analysed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A name ready to be compared. ``tokens`` and ``classes`` are those of the first reading.

    ``key`` is the folded name with its words sorted and forms left out: equal keys are equal names up to order and
    legal form. ``bare`` is all letters but those of forms, run together. ``han`` is the simplified Han text without
    legal forms, or "". ``acronyms`` are made of the first letters of a company's words; ``short`` is true where the
    name is itself written like an acronym (SMIC).
    """

    text: str
    kind: str
    script: str
    readings: tuple[Reading, ...]
    key: str
    bare: str
    han: str = ""
    acronyms: tuple[str, ...] = ()
    short: bool = False

    @property
    def acronym(self) -> str:
        return self.acronyms[0] if self.acronyms else ""

    @property
    def tokens(self) -> tuple[str, ...]:
        return self.readings[0].words if self.readings else ()

    @property
    def classes(self) -> tuple[int, ...]:
        return self.readings[0].classes if self.readings else ()

    @property
    def variants(self) -> tuple[Reading, ...]:
        return self.readings[1:]
