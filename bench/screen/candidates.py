"""The CACHE of bench/screen/fit.py: ``python -m bench.screen.candidates CACHE [--data DIR] [--floor 500]``.

Invented customers, and names of the list with one thing wrong, each with the listed names that the index finds for it
at a floor well below any threshold. The floor leaves room for the search: weights that it tries may lift a name by as
much as lies between the floor and the threshold, and no further, before the cache has to be made anew.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.screen import corpus
from exeat.screen.filing import build
from exeat.screen.index import Index
from exeat.screen.model import Party
from exeat.screen.names import Analysed, analyse

CUSTOMERS, MANGLED, BATCH = 700, 600, 256
Found = list[tuple[str, str]]
"""Listed names with the kinds of their parties."""


class Listed:
    """The names of all parties under one index."""

    def __init__(self, parties: Sequence[Party], floor: int) -> None:
        self._names: Found = [(name.text, party.kind) for party in parties for name in party.names]
        self._index, self._floor = Index(build(analyse(text, kind) for text, kind in self._names)), floor

    def found(self, asked: Sequence[Analysed]) -> Iterator[Found]:
        for start in range(0, len(asked), BATCH):
            for numbers in self._index.find(asked[start : start + BATCH], self._floor):
                yield [self._names[number] for number in numbers.tolist()]


def cache(data: Path, floor: int) -> dict[str, list[object]]:
    """What the fit reads, as its docstring says."""
    parties = corpus.csl(data)
    by_id, listed = {party.id: party for party in parties}, Listed(parties, floor)
    names = [(which, name) for which in ("global", "us") for name in corpus.customers(data, which, CUSTOMERS)]
    asked = [analyse(name, "person") for _, name in names]
    mangled = corpus.mangled(corpus.exact(parties, MANGLED))
    return {
        "customers": [[which, name, found] for (which, name), found in zip(names, listed.found(asked), strict=True)],
        "mangled": [[one.name, one.kind, [name.text for name in by_id[one.party].names]] for one in mangled],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--floor", type=int, default=500)
    options = parser.parse_args()
    options.cache.write_text(json.dumps(cache(options.data, options.floor), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
