"""Names against listed parties: candidates from the index, scores from `score`, and an answer that can be checked.

The answer is the same for one query and for a thousand, with an index just built and one read from the disk. Caches are
keyed by content, never by an id: an entry whose names change is another entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from exeat.screen import packed, score
from exeat.screen.filing import build
from exeat.screen.index import Index
from exeat.screen.model import Hit, Party, Query, Screened
from exeat.screen.names import Analysed, analyse
from exeat.screen.near import Numbers
from exeat.screen.score import MATCHER, compare, points

THRESHOLD = score.THRESHOLD / 1000
HERE = Path(__file__).parent
BATCH = 256
Progress = Callable[[int, int], None]
Mask = npt.NDArray[np.bool_]


class Source(Protocol):
    """What the matcher asks of the store."""

    def all_parties(self) -> Iterator[tuple[int, Party]]: ...

    def live(self, on: str, known: str, lists: Sequence[str]) -> set[int]: ...

    def state(self) -> str: ...


class _Best(msgspec.Struct, frozen=True):
    """A listed name that reaches the threshold, and the query's name that it was compared with."""

    points: int
    party: int
    listed: int
    asked: int


class Matcher:
    """Screens names against the parties of one state of the lists."""

    def __init__(self, arrays: dict[str, packed.Array], tag: str, source: Source) -> None:
        self.tag, self._arrays, self._source = tag, arrays, source
        self._index = Index(arrays)
        self._party = msgspec.msgpack.Decoder(Party).decode
        self._masks: dict[tuple[str, str, tuple[str, ...]], Mask] = {}

    @classmethod
    def of(cls, parties: Iterable[Party], path: Path | None = None) -> Matcher:
        """A matcher over these parties, which are always live; the index is written to ``path`` if one is given."""
        return cls.open(_Fixed(tuple(parties)), path)

    @classmethod
    def open(cls, source: Source, path: Path | None = None) -> Matcher:
        """The matcher for what the source holds now, read from ``path`` if that is whole and of this state."""
        tag = f"{source.state()} {matcher()} {_code()}"
        if path is not None:
            try:
                return cls(packed.read(path, tag), tag, source)
            except packed.DamagedError:
                pass  # not there, damaged, or of another state: the lists are the truth, the index only serves them
        arrays = _built(source.all_parties())
        if path is not None:
            packed.write(path, tag, arrays)
        return cls(arrays, tag, source)

    def search(
        self,
        query: Query,
        threshold: float = THRESHOLD,
        limit: int | None = None,
        on: str = "",
        known: str = "",
        lists: Sequence[str] = (),
    ) -> Screened:
        """Hits of one query, best first. ``limit`` cuts the list, never the search."""
        return self.search_many([query], threshold, limit, on, known, lists)[0]

    def search_many(
        self,
        queries: Sequence[Query],
        threshold: float = THRESHOLD,
        limit: int | None = None,
        on: str = "",
        known: str = "",
        lists: Sequence[str] = (),
        progress: Progress | None = None,
    ) -> list[Screened]:
        """As `search` for each, with what they have in common looked up once."""
        mask, floor = self._live(on, known, lists), ceil_points(threshold)
        found: list[Screened] = []
        for start in range(0, len(queries), BATCH):
            batch = [
                (query, [analyse(name, query.kind) for name in query.names]) for query in queries[start : start + BATCH]
            ]
            candidates = iter(self._index.find([name for _, names in batch for name in names], floor))
            for query, names in batch:
                hits = self._hits(query, names, [next(candidates) for _ in names], floor, mask)
                found.append(Screened(query, hits[:limit], (), on, known, threshold, matcher()))
            if progress:
                progress(len(found), len(queries))
        return found

    def _hits(
        self, query: Query, names: Sequence[Analysed], candidates: Sequence[Numbers], floor: int, mask: Mask
    ) -> tuple[Hit, ...]:
        best: dict[int, _Best] = {}
        for asked, (name, found) in enumerate(zip(names, candidates, strict=True)):
            for one in self._scored(name, asked, found, floor, mask):
                if one.party not in best or _rank(one) < _rank(best[one.party]):
                    best[one.party] = one
        hits = [self._hit(query, names, one) for one in best.values()]
        return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.party.id, hit.name)))

    def _scored(self, name: Analysed, asked: int, found: Numbers, floor: int, mask: Mask) -> Iterator[_Best]:
        parties = self._arrays["name_parties"][found]
        live = mask[parties]
        for listed, party in zip(found[live].tolist(), parties[live].tolist(), strict=True):
            got = points(name, self._index.name(listed))
            if got >= floor:
                yield _Best(got, party, listed, asked)

    def _hit(self, query: Query, names: Sequence[Analysed], one: _Best) -> Hit:
        listed = self._index.name(one.listed)
        compared = compare(names[one.asked], listed)
        return Hit(self._listed(one.party), compared.score, compared.reasons, listed.text, query.names[one.asked])

    def _listed(self, row: int) -> Party:
        starts = self._arrays["party_starts"]
        return self._party(self._arrays["parties"][starts[row] : starts[row + 1]].data)

    def _live(self, on: str, known: str, lists: Sequence[str]) -> Mask:
        """Which parties count on that day, as known then, on those lists."""
        key = (on, known, tuple(lists))
        if key not in self._masks:
            live = self._source.live(on, known, lists)
            keys = self._arrays["party_keys"]
            self._masks[key] = np.isin(keys, np.fromiter(live, np.int64, len(live)))
        return self._masks[key]


class _Fixed:
    """Parties that no store keeps: all live, on every day."""

    def __init__(self, parties: tuple[Party, ...]) -> None:
        self._parties = parties

    def all_parties(self) -> Iterator[tuple[int, Party]]:
        yield from enumerate(self._parties)

    def live(self, on: str, known: str, lists: Sequence[str]) -> set[int]:
        return {key for key, party in enumerate(self._parties) if not lists or party.listing.list in lists}

    def state(self) -> str:
        return hashlib.sha256(msgspec.msgpack.encode(self._parties)).hexdigest()


@cache
def matcher() -> str:
    """The matcher's version: its name and a hash of the tables that it reads, which change scores as code does."""
    return f"{MATCHER}+{_hash(sorted((HERE / 'data').iterdir()))[:12]}"


@cache
def _code() -> str:
    """A hash of what an index is made by: one made by other code is built anew, whoever forgot to raise a version."""
    return _hash(
        [*sorted((HERE / "names").glob("*.py")), *(HERE / f"{name}.py" for name in ("filing", "near", "score"))]
    )


def _hash(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        if file.is_file():
            whole.update(f"{file.name}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return whole.hexdigest()


def ceil_points(threshold: float) -> int:
    """The least whole thousandths that reach the threshold (0.7 is 700, though 0.7 * 1000 need not be)."""
    return -int(-round(threshold * 1000, 6) // 1)


def _rank(one: _Best) -> tuple[int, int, int]:
    return -one.points, one.asked, one.listed


def _built(parties: Iterable[tuple[int, Party]]) -> dict[str, packed.Array]:
    keys: list[int] = []
    encoded: list[bytes] = []
    owners: list[int] = []

    def names() -> Iterator[Analysed]:
        for row, (key, party) in enumerate(parties):
            keys.append(key)
            encoded.append(msgspec.msgpack.encode(party))
            for name in party.names:
                owners.append(row)
                yield analyse(name.text, party.kind)

    arrays = build(names())
    blob, starts = packed.texts(encoded)
    return arrays | {
        "parties": blob,
        "party_starts": starts,
        "party_keys": np.array(keys, np.int64),
        "name_parties": np.array(owners, np.uint32),
    }
