"""The pairs once more with learnt and curated names in use, by five folds of entities.

``bench screen`` measures a bare matcher: it knows no alias that was learnt or curated. Here each pair is scored with
what a user's matcher may know besides: the curated names of the release (data/aliases.tsv), and words learnt from the
matching pairs of the *other* four folds, never from an entity of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

from bench.screen.corpus import Pair
from exeat.screen.model import Listing, Name, Party
from exeat.screen.names import Analysed, analyse, learn, with_words
from exeat.screen.names.curated import curated, with_known
from exeat.screen.score import points


def scores(pairs: Sequence[Pair], folds: Sequence[set[str]]) -> dict[str, float]:
    """The score of each pair by its id."""
    shipped = {one.text: one.means for one in curated() if one.kind == "word"}
    seen = {text for pair in pairs for text in (pair.a, pair.b)}  # what the release knows of these is not used
    found: dict[str, float] = {}
    for fold in folds:
        words = _taught(pair for pair in pairs if pair.match and pair.cluster not in fold) | shipped
        found |= {pair.id: _score(pair, words, seen) for pair in pairs if pair.cluster in fold}
    return found


def _taught(pairs: Iterable[Pair]) -> dict[str, str]:
    """What entries of both scripts teach (`names.learn`), each matching pair taken as one such entry."""
    parties = [
        Party(pair.id, pair.kind, (Name(pair.a), Name(pair.b)), Listing("fold", pair.id))
        for pair in pairs
        if pair.kind != "person" and pair.scripts[0] != pair.scripts[1]
    ]
    return {one.text: one.means for one in learn(parties) if one.kind == "word"}


def _score(pair: Pair, words: Mapping[str, str], seen: Set[str]) -> float:
    listed = with_known(Party(pair.id, pair.kind, (Name(pair.b),), Listing("fold", pair.id)))
    asked = _known(pair.a, pair, words)
    names = [name for name in listed.names if name.kind != "learnt" or name.text not in seen]
    return max(points(asked, _known(name.text, pair, words)) for name in names) / 1000


def _known(text: str, pair: Pair, words: Mapping[str, str]) -> Analysed:
    return with_words(analyse(text, pair.kind), dict(words))
