"""All that a screening needs in one place: the lists in the store, the matcher over them, what was decided on hits."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from exeat.errors import InputError, InputErrors
from exeat.home import home
from exeat.screen.catalogue import Catalogue, catalogue
from exeat.screen.facts import Covered, covered
from exeat.screen.lists import store_path
from exeat.screen.model import Hit, ListVersion, Party, Query, Screened
from exeat.screen.names.curated import version, with_known
from exeat.screen.review import Reviews, Standing
from exeat.screen.store import Store

if TYPE_CHECKING:
    from exeat.screen.match import Matcher

Progress = Callable[[int, int], None]


class Known:
    """The store as the matcher sees it here: its parties with their well-known names in other scripts added."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all_parties(self) -> Iterator[tuple[int, Party]]:
        return ((key, with_known(party)) for key, party in self._store.all_parties())

    def live(self, on: str, known: str, lists: Iterable[str] | None = None) -> frozenset[int]:
        return self._store.live(on, known, lists)

    def versions(self, list_id: str | None = None, known: str | None = None) -> list[ListVersion]:
        return self._store.versions(list_id, known)

    def state(self) -> str:
        return f"{self._store.state()} {version()}"

    def contents(self) -> str:
        return f"{self._store.contents()} {version()}"


class Terms(msgspec.Struct, frozen=True):
    """How to screen.

    ``on`` is the day as of which the lists answer, ``known`` the UTC day of knowledge. ``lists`` are the lists to
    search (empty: all that are there); ``threshold`` in [0, 1] (0: the default); ``limit`` cuts the hits shown.
    """

    on: str
    known: str
    lists: tuple[str, ...] = ()
    threshold: float = 0.0
    limit: int | None = None


class Desk:
    """Screening over the store of this machine. Opens what it needs when it is first asked.

    Raises:
        InputError: the store is damaged.
    """

    def __init__(self, store: Store | None = None, folder: Path | None = None, lists: Catalogue | None = None) -> None:
        self.store = store or Store(store_path())
        self.lists = lists or catalogue()
        self.folder = folder or store_path().parent
        self._matcher: Matcher | None = None
        self._reviews: Reviews | None = None

    @property
    def matcher(self) -> Matcher:
        """The matcher for what the store holds now; its index lies in the cache."""
        from exeat.screen.match import Matcher  # noqa: PLC0415  numpy is not for those who only look at lists

        if self._matcher is None:
            index = home() / "cache" / "names.index"
            with contextlib.suppress(OSError):  # a home that cannot be written costs time, not the answer
                index.parent.mkdir(parents=True, exist_ok=True)
            self._matcher = Matcher.open(Known(self.store), index)
        return self._matcher

    @property
    def reviews(self) -> Reviews:
        """What people decided on hits."""
        if self._reviews is None:
            self._reviews = Reviews(self.folder / "hits.jsonl")
        return self._reviews

    # --- the lists

    def wanted(self, terms: Terms) -> tuple[str, ...]:
        """The lists that ought to be searched: those asked for, else all that somebody needs on that day.

        Raises:
            InputError: a list that does not exist.
        """
        if terms.lists:
            return tuple(self.lists.need(key).id for key in terms.lists)
        held = {one.list for one in self.store.versions(None, terms.known)}
        return tuple(
            key
            for key, info in self.lists.lists.items()
            if key in held or not (info.optional or (info.closed and info.closed <= terms.on))
        )

    def covered(self, known: str) -> list[Covered]:
        """The days for which each list of the store can answer, as known on a day."""
        stale_after = {key: info.stale for key, info in self.lists.lists.items()}
        checked = {key: day for key, day in self.store.checked().items() if day <= known}
        return covered(self.store.versions(None, known), stale_after, known, checked)

    def searched(self, terms: Terms) -> tuple[tuple[ListVersion, ...], tuple[str, ...]]:
        """The newest known version of each wanted list, and the wanted lists that say nothing of the day: those that
        are not there, and those whose oldest version is younger.
        """
        wanted = self.wanted(terms)
        newest = {one.list: one for one in self.store.versions(None, terms.known)}  # the last of each list stays
        silent = {one.list for one in self.covered(terms.known) if terms.on < one.begins}
        missing = tuple(key for key in wanted if key not in newest or key in silent)
        return tuple(newest[key] for key in wanted if key in newest), missing

    def stale(self, terms: Terms) -> dict[str, int]:
        """The searched lists that are too old for the day, with the days by which they are."""
        wanted = set(self.wanted(terms))
        day = dt.date.fromisoformat(terms.on)
        ages = {one.list: (day - dt.date.fromisoformat(one.expires)).days for one in self.covered(terms.known)}
        return {key: age for key, age in ages.items() if key in wanted and age > 0}

    def first_seen(self, party: Party) -> ListVersion | None:
        """The first version of its list that shows a party."""
        history = self.store.history(party.id)
        return history[0][0] if history else None

    # --- screening

    def screen(self, queries: Sequence[Query], terms: Terms, progress: Progress | None = None) -> list[Screened]:
        """The answer to each query.

        Raises:
            InputErrors: a threshold outside [0, 1], a list that does not exist, or no list at all in the store.
        """
        from exeat.screen.match import THRESHOLD  # noqa: PLC0415

        threshold = terms.threshold or THRESHOLD
        if not 0 < threshold <= 1:
            raise InputErrors(
                [InputError("not a threshold", path="--threshold", found=f"{threshold:g}", allowed="0 to 1")]
            )
        versions, missing = self.searched(terms)
        if not versions:
            hint = "exeat lists import FILE…, or exeat lists update"
            raise InputErrors([InputError("there is no list to search: that would be no screening", hint=hint)])
        found = self.matcher.search_many(
            queries, threshold, terms.limit, terms.on, terms.known, [one.list for one in versions], progress=progress
        )
        return [msgspec.structs.replace(one, lists=versions, not_screened=missing) for one in found]

    def standing(self, query: Query, hit: Hit, terms: Terms) -> Standing:
        """What people decided on a hit."""
        return self.reviews.state(query, hit, terms.on, terms.known)

    def standings(self, found: Screened, terms: Terms) -> list[Standing]:
        return [self.standing(found.query, hit, terms) for hit in found.hits]


def exit_code(found: Sequence[Screened], standings: Sequence[Sequence[Standing]], stale: Mapping[str, int]) -> int:
    """20 where a hit is open or confirmed, 21 where there is none but not every list was searched or one is stale."""
    if any(one.state != "dismissed" for states in standings for one in states):
        return 20
    return 21 if stale or any(one.not_screened for one in found) else 0
