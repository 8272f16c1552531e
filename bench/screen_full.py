"""Is anything lost? The same comparison with every name of the list, without any index."""

from __future__ import annotations

from collections.abc import Sequence

from bench.screen_corpus import Wanted
from bench.screen_peers import Screener
from exeat.screen.model import Party
from exeat.screen.names import analyse
from exeat.screen.score import points


def differences(parties: Sequence[Party], built: Screener, wanted: Sequence[Wanted]) -> list[str]:
    """Each hit that only one of index and full scan has, or that has another score."""
    listed = [(party.id, analyse(name.text, party.kind)) for party in parties for name in party.names]
    floor, found = round(built.threshold * 1000), []
    hits = built.search([(one.name, one.kind) for one in wanted], lambda done: None)
    for one, row in zip(wanted, hits, strict=True):
        query, best = analyse(one.name, one.kind), dict[str, int]()
        for party, name in listed:
            score = points(query, name)
            if score >= floor and score > best.get(party, 0):
                best[party] = score
        got = {party: round(score * 1000) for party, score in row}
        for party in sorted({*best, *got}):
            if best.get(party) != got.get(party):
                found.append(f"{one.name}: {party}: scan {best.get(party)}, index {got.get(party)}")
    return found
