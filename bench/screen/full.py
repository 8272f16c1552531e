"""Is anything lost? The same comparison with every name of the list, without any index."""

from __future__ import annotations

from collections.abc import Sequence

from bench.figures import progress
from bench.screen.corpus import Wanted
from bench.screen.peers import Screener
from exeat.screen.model import Party, Query
from exeat.screen.names import Analysed
from exeat.screen.score import analysed_names, score


def differences(parties: Sequence[Party], built: Screener, wanted: Sequence[Wanted]) -> list[str]:
    """Each hit that only one of index and full scan has, or that has another score."""
    listed: list[tuple[Party, tuple[Analysed, ...]]] = [
        (party, analysed_names((name.text for name in party.names), party.kind)) for party in parties
    ]
    floor, found = round(built.threshold * 1000), []
    hits = built.search([(one.name, one.kind) for one in wanted], lambda done: None)
    for number, (one, row) in enumerate(zip(wanted, hits, strict=True), 1):
        query = Query((one.name,), one.kind)
        asked = analysed_names(query.names, query.kind)
        scores = ((party.id, round(score(query, party, asked, names).score * 1000)) for party, names in listed)
        best = {party: got for party, got in scores if got >= floor}
        progress(number, len(wanted), "comparison with every name")
        got = {party: round(points * 1000) for party, points in row}
        for party in sorted({*best, *got}):
            if best.get(party) != got.get(party):
                found.append(f"{one.name}: {party}: scan {best.get(party)}, index {got.get(party)}")
    return found
