"""Does anything in the tables come from the labelled pairs? What can be checked by machine, and what follows from it.

aliases   rows of data/aliases.tsv whose name, folded, is a name in the pairs, or whose word is one of theirs
whole     terms in Han that are all of a name in the pairs
single    terms in Han that stand in the names of one entity of the pairs only: a table written from the pairs would be
          full of them. A general word may be rare in a few hundred names, too, so the figure is the recall of Han
          organisations *without* these terms: what the tables are worth to names nobody could have looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from bench.screen.corpus import Pair
from exeat.screen.names import analyse, han
from exeat.screen.names.fold import fold
from exeat.screen.names.lexicon import Classed, rows, terms, word_class
from exeat.screen.score import points


def leaks(pairs: Sequence[Pair], tested: Sequence[Pair], threshold: int) -> dict[str, Any]:
    """``tested`` are scored with all terms, and without those of one entity."""
    single = _single(pairs)
    names = {fold(text) for pair in pairs for text in (pair.a, pair.b)}
    with_all = _recall(tested, threshold)
    with _without(single):
        without = _recall(tested, threshold)
    return {
        "aliases": [*_aliases(pairs, names)],
        "whole": sorted(text for text in terms()[2] if text in names and len(text) > 2),
        "single": sorted(single),
        "terms": len(terms()[2]),
        "recall": [with_all, without, sum(pair.match for pair in tested)],
    }


def _aliases(pairs: Sequence[Pair], names: set[str]) -> Iterator[str]:
    """Curated rows that a name or a name word of the pairs coincides with."""
    spoken = {
        word
        for pair in pairs
        if pair.kind != "person" and pair.scripts[0] != pair.scripts[1]
        for reading in analyse(pair.a, pair.kind).readings
        for word in reading.words
    }
    for kind, text, means, *_ in rows("aliases.tsv"):
        if fold(text) in names or fold(means) in names or (kind == "word" and text in spoken):
            yield f"{kind}: {text} = {means}"


def _single(pairs: Sequence[Pair]) -> dict[str, Classed]:
    """Terms of two and more characters that one entity of the pairs has to itself."""
    clusters: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        for text in (pair.a, pair.b):
            plain = han.simplify(fold(text)) if any("\u3400" <= c <= "\u9fff" for c in text) else ""
            for term in terms()[2]:
                if term in plain:
                    clusters[term].add(pair.cluster)
    return {term: terms()[2][term] for term, some in clusters.items() if len(some) == 1 and len(term) > 1}


@contextmanager
def _without(some: Mapping[str, Classed]) -> Iterator[None]:
    """The table of Han terms with these taken out, for as long as it lasts."""
    table = terms()[2]
    try:
        for term in some:
            del table[term]
        yield
    finally:
        table.update(some)
        word_class.cache_clear()


def _recall(pairs: Sequence[Pair], threshold: int) -> int:
    found = (points(analyse(pair.a, pair.kind), analyse(pair.b, pair.kind)) for pair in pairs if pair.match)
    return sum(got >= threshold for got in found)
