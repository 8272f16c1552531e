"""What official entries teach: that one name in two scripts is one name, and that 浪潮 is Inspur.

Off unless asked for. Every piece of learnt knowledge carries the entry it comes from. Nothing is learnt from labelled
test pairs, and nothing learnt is stored in this package: the caller learns from the lists it has loaded.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from exeat.screen.model import Name, Party
from exeat.screen.names.analysed import NAME, Analysed, Reading
from exeat.screen.names.build import analyse
from exeat.screen.names.lexicon import weight_of
from exeat.screen.names.sound import skeleton, sound


class Learnt(msgspec.Struct, frozen=True):
    """``kind`` "name": ``text`` is another name of the party whose key is ``means``. ``kind`` "word": the word ``text``
    (as read aloud) of a name in another script stands for the Latin word ``means``. ``source`` is ``list:entry``."""

    kind: str
    text: str
    means: str
    source: str


def learn(parties: Iterable[Party]) -> list[Learnt]:
    """Bilingual names, and bilingual words where all else of two names of one party agrees."""
    out: dict[tuple[str, str, str], Learnt] = {}
    for party in parties:
        if party.kind == "person":
            continue
        names = [analyse(name.text, party.kind) for name in party.names if name.kind != "learnt"]
        latin = [name for name in names if name.script == "Latin" and name.readings]
        source = f"{party.listing.list}:{party.listing.entry}"
        for other in names:
            if other.script == "Latin" or not other.readings:
                continue
            for name in latin:
                out.setdefault(("name", other.text, name.key), Learnt("name", other.text, name.key, source))
                for text, means in _words(other.readings[0], name.readings[0]):
                    out.setdefault(("word", text, means), Learnt("word", text, means, source))
    return list(out.values())


def _words(other: Reading, latin: Reading) -> list[tuple[str, str]]:
    """The one name word that each side has left, where at least one word of meaning is shared."""
    left = [w for w, c in zip(other.words, other.classes, strict=True) if c == NAME and w not in latin.set]
    right = [w for w, c in zip(latin.words, latin.classes, strict=True) if c == NAME and w not in other.set]
    shared = other.set & latin.set
    if len(left) == len(right) == 1 and shared and len(left[0]) >= 4 and len(right[0]) >= 3:
        return [(left[0], right[0])]
    return []


def with_names(party: Party, learnt: Iterable[Learnt]) -> Party:
    """The party with learnt names of its own names added, each with its source."""
    keys = {analyse(name.text, party.kind).key for name in party.names}
    have = {name.text for name in party.names}
    more = tuple(
        Name(one.text, kind="learnt", source=one.source)
        for one in learnt
        if one.kind == "name" and one.means in keys and one.text not in have
    )
    return msgspec.structs.replace(party, names=party.names + more) if more else party


def with_words(name: Analysed, words: dict[str, str]) -> Analysed:
    """The name with one more reading in which learnt words (``text`` → ``means``) stand for those read aloud."""
    if name.script == "Latin" or not name.readings:
        return name
    first = name.readings[0]
    if not any(word in words for word in first.words):
        return name
    new = tuple(words.get(word, word) for word in first.words)
    weights = tuple(weight_of(w) if w != old else g for w, old, g in zip(new, first.words, first.weights, strict=True))
    sounds = tuple(map(sound, new))
    core = frozenset(
        s for s, c, old in zip(sounds, first.classes, first.sounds, strict=True) if c == NAME or old in first.core
    )
    reading = msgspec.structs.replace(
        first,
        words=new,
        weights=weights,
        sounds=sounds,
        skeletons=tuple(map(skeleton, new)),
        set=frozenset(new),
        core=core,
        via="learnt",
        cost=20,
    )
    return msgspec.structs.replace(name, readings=(*name.readings, reading))
