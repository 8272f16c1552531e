"""The CACHE of bench/screen/fit.py: ``python -m bench.screen.candidates CACHE [--data DIR] [--floor 600]``.

Invented customers, asked as persons and of unknown kind, each with the listed names that the index finds for it at a
floor well below any threshold; and names of the list with one thing wrong, with the names of the party that is meant.
The floor leaves room for the search: weights that it tries may lift a name by as much as lies between the floor and
the threshold, and no further, before the cache has to be made anew.

Fresh customers (set "fresh") are first and last names of the invented ones dealt anew (``--seed``): nobody has read
their alarms, so that a rule that was made for those seen shows.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.screen import corpus
from exeat.screen.filing import build
from exeat.screen.index import Index
from exeat.screen.model import Party, PartyKind
from exeat.screen.names import Analysed, analyse

CUSTOMERS, MANGLED, BATCH = 2000, 600, 256
KINDS: tuple[PartyKind, ...] = ("person", "")
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


def cache(data: Path, floor: int, seed: int) -> dict[str, list[object]]:
    """What the fit reads, as its docstring says."""
    parties = corpus.csl(data)
    by_id, listed = {party.id: party for party in parties}, Listed(parties, floor)
    names = [(which, name) for which in ("global", "us") for name in corpus.customers(data, which, CUSTOMERS)]
    names += [("fresh", name) for name in fresh(data, CUSTOMERS, seed)]
    customers: list[object] = []
    for kind in KINDS:
        found = listed.found([analyse(name, kind) for _, name in names])
        customers += [[which, kind, name, some] for (which, name), some in zip(names, found, strict=True)]
    mangled = corpus.mangled(corpus.exact(parties, MANGLED))
    return {
        "customers": customers,
        "mangled": [[one.name, one.kind, [name.text for name in by_id[one.party].names]] for one in mangled],
    }


def fresh(data: Path, count: int, seed: int) -> list[str]:
    """Invented customers that are in neither set: a first and a last name of the same script, dealt anew."""
    dice, known = random.Random(seed), {name for which in ("global", "us") for name in corpus.customers(data, which)}
    parts = [one for which in ("global", "us") for one in corpus.customer_parts(data, which)]
    by_script: dict[str, tuple[list[str], list[str]]] = {}
    for first, last in parts:
        some = by_script.setdefault(analyse(first + last, "person").script, ([], []))
        some[0].append(first)
        some[1].append(last)
    found: dict[str, None] = {}
    while len(found) < count:
        # A script as often as it stands among the customers.
        first, last = dice.choice(parts)
        firsts, lasts = by_script[analyse(first + last, "person").script]
        if (name := f"{dice.choice(firsts)} {dice.choice(lasts)}") not in known:
            found[name] = None
    return list(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--floor", type=int, default=600)
    parser.add_argument("--seed", type=int, default=20261125)
    options = parser.parse_args()
    found = cache(options.data, options.floor, options.seed)
    options.cache.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
