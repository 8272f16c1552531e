"""exeat as one more engine of ``bench screen``, used through its public matcher."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from bench.screen.peers import Found
from exeat.screen.match import THRESHOLD, Matcher
from exeat.screen.model import Party, PartyKind, Query
from exeat.screen.names import Analysed, analyse
from exeat.screen.score import compare


class Exeat:
    """``Matcher.search_many`` on an index in memory, or on the one that is kept at ``path``."""

    name, threshold = "exeat", THRESHOLD

    def __init__(self, parties: Sequence[Party], path: Path | None = None) -> None:
        self._matcher = Matcher.of(parties, path) if parties else None

    def score(self, a: str, b: str, kind: PartyKind, schema: str) -> float:
        return compare(_analysed(a, kind), _analysed(b, kind)).score

    def search(self, names: Sequence[tuple[str, PartyKind]], tick: Callable[[int], None]) -> list[Found]:
        assert self._matcher is not None
        queries = [Query((text,), kind) for text, kind in names]
        answers = self._matcher.search_many(queries, self.threshold, progress=lambda done, total: tick(done))
        return [[(hit.party.id, hit.score) for hit in answer.hits] for answer in answers]


@lru_cache(maxsize=1 << 15)
def _analysed(text: str, kind: PartyKind) -> Analysed:
    return analyse(text, kind)
