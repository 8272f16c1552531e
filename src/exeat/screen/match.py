"""Names against listed parties: candidates from the index, scores from `score`, and an answer that can be checked.

The answer is the same for one query and for a thousand, with an index just built and one read from the disk. Caches are
keyed by content, never by an id: an entry whose names change is another entry.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from exeat.screen import packed, score
from exeat.screen.filing import build, hashed
from exeat.screen.index import Index
from exeat.screen.model import Hit, Identifier, ListVersion, Party, Query, Screened
from exeat.screen.names import Analysed, analyse
from exeat.screen.names.lexicon import weights
from exeat.screen.near import Numbers, ranges
from exeat.screen.score import MATCHER

THRESHOLD = score.THRESHOLD / 1000
HERE = Path(__file__).parent
BATCH = 256
Progress = Callable[[int, int], None]
Mask = npt.NDArray[np.bool_]


class Source(Protocol):
    """What the matcher asks of the store."""

    def all_parties(self) -> Iterator[tuple[int, Party]]: ...

    def live(self, on: str, known: str, lists: Iterable[str] | None = None) -> AbstractSet[int]: ...

    def versions(self, list_id: str | None = None, known: str | None = None) -> list[ListVersion]: ...

    def state(self) -> str: ...

    def contents(self) -> str: ...


class StaleError(Exception):
    """The lists have changed under an open matcher: what it found would be of yesterday."""


class _Best(msgspec.Struct, frozen=True):
    """A listed name that reaches the threshold, and the query's name that it was compared with."""

    points: int
    party: int
    listed: int
    asked: int


class Matcher:
    """Screens names against the parties of one state of the lists."""

    def __init__(self, arrays: dict[str, packed.Array], tag: str, source: Source) -> None:
        self.tag, self._arrays, self._source, self._state = tag, arrays, source, source.state()
        self._index = Index(arrays)
        self._party = msgspec.msgpack.Decoder(Party).decode
        self._masks: dict[tuple[str, str, tuple[str, ...]], Mask] = {}

    @classmethod
    def of(cls, parties: Iterable[Party], path: Path | None = None) -> Matcher:
        """A matcher over these parties, which are always live; the index is written to ``path`` if one is given."""
        return cls.open(_Fixed(tuple(parties)), path)

    @classmethod
    def open(cls, source: Source, path: Path | None = None) -> Matcher:
        """The matcher for what the source holds now, read from ``path`` if that is whole and of these contents."""
        tag = f"{source.contents()} {matcher()} {_code()}"
        if path is not None:
            try:
                return cls(packed.read(path, tag), tag, source)
            except packed.DamagedError:
                pass  # not there, damaged, or of another state: the lists are the truth, the index only serves them
        arrays = _built(source.all_parties())
        if path is not None:
            packed.write(path, tag, arrays)
        return cls(arrays, tag, source)

    @classmethod
    def load(cls, path: Path, tag: str) -> Matcher:
        """The matcher over all parties in an index file, which are always live.

        Raises:
            DamagedError: the file is not whole, or its tag is another.
        """
        arrays = packed.read(path, tag)
        return cls(arrays, tag, _Kept(arrays, tag.partition(" ")[0]))

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
        today = dt.datetime.now(dt.UTC).date().isoformat()
        on, known = on or today, known or today  # an empty day would have nobody live, and so find nobody
        mask, floor = self._live(on, known, lists), ceil_points(threshold)
        versions, missing = self._versions(on, known, lists)
        found: list[Screened] = []
        for start in range(0, len(queries), BATCH):
            batch = [
                (query, [analyse(name, query.kind) for name in query.names]) for query in queries[start : start + BATCH]
            ]
            least = floor - max(_most_beside(query) for query, _ in batch)
            candidates = iter(self._index.find([name for _, names in batch for name in names], max(1, least)))
            for query, names in batch:
                hits = self._hits(query, names, [next(candidates) for _ in names], floor, mask)
                found.append(Screened(query, hits[:limit], versions, on, known, threshold, matcher(), missing))
            if progress:
                progress(len(found), len(queries))
        return found

    def _hits(
        self, query: Query, names: Sequence[Analysed], candidates: Sequence[Numbers], floor: int, mask: Mask
    ) -> tuple[Hit, ...]:
        """Parties whose best name, and what else both sides tell, reach the floor."""
        best: dict[int, _Best] = {}
        for asked, (name, found) in enumerate(zip(names, candidates, strict=True)):
            self._score(name, asked, found, floor - _most_beside(query), mask, best)
        hits = {row: self._hit(query, names, one) for row, one in best.items()}
        if query.identifiers:
            hits |= {row: score.score(query, self._listed(row), tuple(names)) for row in self._identified(query, mask)}
        reached = [hit for hit in hits.values() if round(hit.score * 1000) >= floor]
        return tuple(sorted(reached, key=lambda hit: (-hit.score, hit.party.id)))

    def _score(
        self, name: Analysed, asked: int, found: Numbers, floor: int, mask: Mask, best: dict[int, _Best]
    ) -> None:
        """Enter for each party the best of its names found that reaches the floor."""
        parties = self._arrays["name_parties"][found]
        live = mask[parties]
        listed, owners = found[live], parties[live].tolist()
        weak = self._arrays["name_weak"][listed].tolist()
        for number, party, off in zip(listed.tolist(), owners, weak, strict=True):
            before = best.get(party)
            if before is not None and before.points == 1000:
                continue  # nothing is better, and the first of equals is told
            got = max(0, score.points(name, self._index.name(number)) - off)
            one = _Best(got, party, number, asked)
            if got >= floor and (before is None or _rank(one) < _rank(before)):
                best[party] = one

    def _hit(self, query: Query, names: Sequence[Analysed], one: _Best) -> Hit:
        party = self._listed(one.party)
        compared = score.compare(names[one.asked], self._index.name(one.listed))
        listed = one.listed - int(self._arrays["party_names"][one.party])
        return score.hit(query, party, one.asked, listed, compared)

    def _identified(self, query: Query, mask: Mask) -> list[int]:
        """Parties that have an identifier of the query."""
        a = self._arrays
        wanted = hashed([identifier_key(one) for one in query.identifiers])
        low, high = np.searchsorted(a["id_hashes"], wanted), np.searchsorted(a["id_hashes"], wanted, "right")
        rows = np.unique(a["id_parties"][ranges(low, high)])
        return [row for row in rows.tolist() if mask[row]]

    def _listed(self, row: int) -> Party:
        starts = self._arrays["party_starts"]
        return self._party(self._arrays["parties"][starts[row] : starts[row + 1]].data)

    def _live(self, on: str, known: str, lists: Sequence[str]) -> Mask:
        """Which parties count on that day, as known then, on those lists.

        Raises:
            StaleError: the source has changed since the index was made.
        """
        if self._source.state() != self._state:
            raise StaleError("the lists have changed since this matcher was opened; open it anew")
        key = (on, known, tuple(lists))
        if key not in self._masks:
            live = self._source.live(on, known, lists or None)
            keys = self._arrays["party_keys"]
            self._masks[key] = np.isin(keys, np.fromiter(live, np.int64, len(live)))
        return self._masks[key]

    def _versions(self, on: str, known: str, lists: Sequence[str]) -> tuple[tuple[ListVersion, ...], tuple[str, ...]]:
        """The version in force of each list (the first, if the day is before); and lists that are not there."""
        by_list: dict[str, list[ListVersion]] = {}
        for version in self._source.versions(known=known):
            by_list.setdefault(version.list, []).append(version)
        chosen = []
        for name in sorted({*by_list} & {*lists} if lists else by_list):
            some = sorted(by_list[name], key=lambda one: (one.as_of, one.known))
            chosen.append(([one for one in some if one.as_of <= on] or some[:1])[-1])
        return tuple(chosen), tuple(name for name in dict.fromkeys(lists) if name not in by_list)


class _Always:
    """Parties that no store keeps: all live, on every day. ``lists`` has the list of each."""

    def __init__(self, contents: str, lists: Sequence[str]) -> None:
        self._hash, self._lists = contents, lists
        self._known = [ListVersion(name, "", "", "", contents, 0) for name in sorted({*lists})]

    def live(self, on: str, known: str, lists: Iterable[str] | None = None) -> AbstractSet[int]:
        if lists is None:
            return set(range(len(self._lists)))
        wanted = {*lists}
        return {key for key, name in enumerate(self._lists) if name in wanted}

    def versions(self, list_id: str | None = None, known: str | None = None) -> list[ListVersion]:
        return self._known

    def state(self) -> str:
        return self._hash

    contents = state


class _Fixed(_Always):
    """The same of parties in memory."""

    def __init__(self, parties: tuple[Party, ...]) -> None:
        self._parties = parties
        contents = hashlib.sha256(msgspec.msgpack.encode(parties)).hexdigest()
        super().__init__(contents, [party.listing.list for party in parties])

    def all_parties(self) -> Iterator[tuple[int, Party]]:
        yield from enumerate(self._parties)


class _Kept(_Always):
    """The same of the parties in an index, none of which is decoded before it is asked for."""

    def __init__(self, arrays: dict[str, packed.Array], contents: str) -> None:
        self._arrays = arrays
        names = [*packed.Texts(arrays["list_names"], arrays["list_cuts"])]
        super().__init__(contents, [names[number] for number in arrays["party_lists"].tolist()])

    def all_parties(self) -> Iterator[tuple[int, Party]]:
        blob, decode = self._arrays["parties"].data, msgspec.msgpack.Decoder(Party).decode
        for key, (start, end) in enumerate(itertools.pairwise(self._arrays["party_starts"].tolist())):
            yield key, decode(blob[start:end])


@cache
def matcher() -> str:
    """The matcher's version: its name and a hash of the tables that it reads, which change scores as code does."""
    return f"{MATCHER}+{_hash(sorted((HERE / 'data').iterdir()))[:12]}"


@cache
def _code() -> str:
    """A hash of what an index is made by: one made by other code is built anew, whoever forgot to raise a version."""
    return _hash(
        [
            *sorted((HERE / "names").glob("*.py")),
            *(HERE / f"{name}.py" for name in ("filing", "match", "near", "score")),
        ]
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


def identifier_key(one: Identifier) -> str:
    return f"{one.kind}\0{''.join(c for c in one.value.upper() if c.isalnum())}"


def _most_beside(query: Query) -> int:
    """The most that anything but names and identifiers can add to a name's score."""
    w = weights()
    born = max(w["born_same"], w["born_year"]) if query.born else 0
    return born + (w["country_same"] if query.countries else 0) + (w["address_same"] if query.addresses else 0)


def _rank(one: _Best) -> tuple[int, int, int]:
    return -one.points, one.asked, one.listed


def _built(parties: Iterable[tuple[int, Party]]) -> dict[str, packed.Array]:
    keys: list[int] = []
    encoded: list[bytes] = []
    owners: list[int] = []
    firsts: list[int] = []
    weak: list[int] = []
    ids: list[tuple[str, int]] = []
    lists: dict[str, int] = {}
    on_lists: list[int] = []

    def names() -> Iterator[Analysed]:
        for row, (key, party) in enumerate(parties):
            keys.append(key)
            encoded.append(msgspec.msgpack.encode(party))
            firsts.append(len(owners))
            on_lists.append(lists.setdefault(party.listing.list, len(lists)))
            ids.extend((identifier_key(one), row) for one in party.identifiers)
            for name in party.names:
                owners.append(row)
                weak.append(weights()["weak_alias"] if name.quality == "weak" else 0)
                yield analyse(name.text, party.kind)

    arrays = build(names())
    blob, starts = packed.texts(encoded)
    names_of_lists, cuts = packed.texts([name.encode() for name in lists])
    hashes = hashed([key for key, _ in ids])
    order = np.argsort(hashes, kind="stable")
    return arrays | {
        "id_hashes": hashes[order],
        "id_parties": np.array([row for _, row in ids], np.uint32)[order],
        "list_names": names_of_lists,
        "list_cuts": cuts,
        "party_lists": np.array(on_lists, np.uint32),
        "party_names": np.array(firsts, np.uint32),
        "name_weak": np.array(weak, np.uint16),
        "parties": blob,
        "party_starts": starts,
        "party_keys": np.array(keys, np.int64),
        "name_parties": np.array(owners, np.uint32),
    }
