"""The peers of ``bench screen``: nomenklatura's newest release with its own index, and a plain rapidfuzz scan.

Both are used as their documentation does, on the same parties and names as exeat. Nothing is cached across ids: every
query has an id of its own, since nomenklatura caches analysed names by id (see its ``analysis.py``).
"""

from __future__ import annotations

import itertools
import logging
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from rapidfuzz import fuzz, process

from exeat.screen.model import Party, PartyKind

FTM = {
    "person": "Person",
    "organisation": "Organization",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "": "LegalEntity",
}
Found = list[tuple[str, float]]
"""Ids of parties at or above the threshold, with their scores."""


class Screener(Protocol):
    """One engine: a score for two names, and hits of many names against the list it was built from."""

    name: str
    threshold: float

    def score(self, a: str, b: str, kind: PartyKind, schema: str) -> float: ...

    def search(self, names: Sequence[tuple[str, PartyKind]], tick: Callable[[int], None]) -> list[Found]: ...


class Rapidfuzz:
    """Every name folded, its words sorted, compared with every other: no index, nothing to lose."""

    name, threshold = "rapidfuzz sorted tokens", 0.85
    BATCH = 64

    def __init__(self, parties: Sequence[Party]) -> None:
        pairs = [(party.id, name.text) for party in parties for name in party.names]
        self._ids = [one for one, _ in pairs]
        self._names = [_sorted_words(text) for _, text in pairs]

    def score(self, a: str, b: str, kind: PartyKind, schema: str) -> float:
        return float(fuzz.ratio(_sorted_words(a), _sorted_words(b))) / 100

    def search(self, names: Sequence[tuple[str, PartyKind]], tick: Callable[[int], None]) -> list[Found]:
        cutoff, found = self.threshold * 100, []
        for batch in _batched(names, self.BATCH):
            queries = [_sorted_words(text) for text, _ in batch]
            scores = process.cdist(queries, self._names, scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.float32)
            for row in scores:
                found.append(_best((self._ids[at], float(row[at]) / 100) for at in np.flatnonzero(row)))
            tick(len(found))
        return found


def _batched(items: Sequence[Any], size: int) -> Any:
    return (items[start : start + size] for start in range(0, len(items), size))


def _sorted_words(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(sorted("".join(c if c.isalnum() else " " for c in plain).split()))


def _best(pairs: Any) -> Found:
    best: dict[str, float] = {}
    for one, score in pairs:
        best[one] = max(score, best.get(one, 0.0))
    return sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))


class Nomenklatura:  # its imports take seconds: only when it runs
    """logic-v2 on what the DuckDB index suggests, in one batch: that is where it is quickest."""

    name, threshold = "nomenklatura logic-v2", 0.70

    def __init__(self, parties: Sequence[Party]) -> None:
        logging.getLogger("nomenklatura").setLevel(logging.WARNING)
        from followthemoney import Dataset, StatementEntity  # noqa: PLC0415
        from nomenklatura.matching.logic_v2.model import LogicV2  # noqa: PLC0415

        self._dataset = Dataset({"name": "bench", "title": "bench"})
        self._entity_type, self._algorithm = StatementEntity, LogicV2
        self._config = LogicV2.default_config()
        self._number = itertools.count()
        if parties:
            self._index_all(parties)

    def _index_all(self, parties: Sequence[Party]) -> None:
        from nomenklatura.blocker import Index  # noqa: PLC0415
        from nomenklatura.resolver import Linker  # noqa: PLC0415
        from nomenklatura.store import SimpleMemoryStore  # noqa: PLC0415

        store: Any = SimpleMemoryStore(self._dataset, Linker({}))
        with store.writer() as writer:
            for party in parties:
                entity = self._entity(party.id, FTM[party.kind], party.names[0].text)
                for name in party.names[1:]:
                    entity.add("alias", name.text)
                writer.add_entity(entity)
        self._view = store.default_view()
        self._folder = tempfile.TemporaryDirectory()
        self._index = Index(self._view, Path(self._folder.name))
        self._index.build()

    def _entity(self, one: str, schema: str, name: str) -> Any:
        entity = self._entity_type.from_data(self._dataset, {"id": one, "schema": schema, "properties": {}})
        entity.add("name", name)
        return entity

    def score(self, a: str, b: str, kind: PartyKind, schema: str) -> float:
        number = next(self._number)
        query, result = self._entity(f"q{number}", schema, a), self._entity(f"r{number}", schema, b)
        return float(self._algorithm.compare(query, result, self._config).score)

    def search(self, names: Sequence[tuple[str, PartyKind]], tick: Callable[[int], None]) -> list[Found]:
        queries = [self._entity(f"q{next(self._number)}", FTM[kind], text) for text, kind in names]
        rows = {query.id: at for at, query in enumerate(queries)}
        found: list[Found] = [[] for _ in names]
        for done, (query, candidates) in enumerate(self._index.match_entities(queries)):
            at = rows[str(query)]
            found[at] = self._scored(queries[at], [str(one) for one, _ in candidates])
            tick(done)
        return found

    def _scored(self, query: Any, candidates: Sequence[str]) -> Found:
        scored = []
        for one in candidates:
            result = self._algorithm.compare(query, self._view.get_entity(one), self._config)
            if result.score >= self.threshold:
                scored.append((one, float(result.score)))
        return _best(scored)
