"""Monitoring of a party book: what changed since the last run, and nothing else.

A run asks the search about every party, puts the answers beside those kept from the last run, and keeps the new ones
in one file that is there whole or not at all. A list that was searched then and is not now is told for itself, and the
hits that it gave are kept as they were: a list that is missing has no hits *known*, which is not *no hits*.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from exeat.errors import InputError
from exeat.home import write_whole
from exeat.screen.book import Fault
from exeat.screen.model import Hit, Query, Screened
from exeat.screen.review import Reviews, Standing, entry_hash, query_hash, subject_of

Search = Callable[[Query], Screened]
Code = Literal[
    "new party",
    "party gone",
    "party changed",
    "party unreadable",
    "not screened",
    "new hit",
    "hit gone",
    "delisted",
    "hit unknown",
    "score changed",
    "entry changed",
    "reopened",
    "flagged",
    "list missing",
    "list back",
    "list stale",
]
FORMAT = 1
ENCODER = msgspec.json.Encoder(order="sorted")


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that changed: of a list, of an own party, or of one of its hits."""

    code: Code
    subject: str = ""
    name: str = ""
    party: str = ""
    listed: str = ""
    before: str = ""
    after: str = ""
    detail: str = ""


class KeptHit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A hit as it was last seen. ``unknown``: its list was missing in the last run, so it is carried on unseen."""

    party: str
    name: str
    score: float
    entry: str
    state: str
    why: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    unknown: bool = False


class KeptParty(msgspec.Struct, frozen=True, omit_defaults=True):
    """An own party as it was last asked about. ``lists`` are those that were searched for it."""

    subject: str
    name: str
    query: str
    lists: tuple[str, ...]
    hits: tuple[KeptHit, ...] = ()


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a run leaves for the next. ``stale`` lists were told already."""

    format: int
    on: str = ""
    known: str = ""
    parties: Mapping[str, KeptParty] = {}
    lists: Mapping[str, str] = {}
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()


class Run(msgspec.Struct, frozen=True):
    """One run: its changes, and beside them what does not change and yet must not be forgotten: rows that could not be
    read, hits nobody decided on, parties for which no list was searched, lists that are missing or too old.
    """

    first: bool
    on: str
    known: str
    parties: int
    faults: tuple[InputError, ...]
    open_hits: int
    unscreened: int
    missing: tuple[str, ...]
    stale: tuple[str, ...]
    changes: tuple[Change, ...]


class Limits(msgspec.Struct, frozen=True):
    """How old a list's own stamp may be, in days: of all, or of some. ``needed`` lists must be there."""

    days: int = 0
    of: Mapping[str, int] = {}
    needed: tuple[str, ...] = ()

    def stale(self, list_: str, as_of: str, today: str) -> bool:
        days = self.of.get(list_, self.days)
        if not days:
            return False
        try:
            return (dt.date.fromisoformat(today) - dt.date.fromisoformat(as_of[:10])).days > days
        except ValueError:
            return True  # a list that does not say how old it is cannot be taken for fresh


class Monitor:
    """Runs over a party book, against the file of the last run.

    Args:
        path: where the last run is kept.
        search: asks about one party.
        reviews: what was decided on hits.
        limits: when a list is too old, and which must be there.
    """

    def __init__(self, path: Path, search: Search, reviews: Reviews, limits: Limits | None = None) -> None:
        self.path, self.search, self.reviews, self.limits = path, search, reviews, limits or Limits()

    def last(self) -> Kept | None:
        """What the last run left, or None if there was none.

        Raises:
            InputError: the file is damaged, or of a later format; it is not replaced, for what it holds would be lost.
        """
        try:
            kept = msgspec.json.decode(self.path.read_bytes(), type=Kept)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(f"cannot read: {error.strerror}", file=str(self.path)) from None
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise InputError(
                f"not what a run leaves: {error}", file=str(self.path), hint="move it away to begin anew"
            ) from None
        if kept.format != FORMAT:
            raise InputError("of another format", file=str(self.path), found=str(kept.format), allowed=str(FORMAT))
        return kept

    def run(self, book: Iterable[Query | Fault]) -> Run:
        """Ask about every party and tell what changed; keep the answers only when all were asked.

        Raises:
            InputError: the last run cannot be read, or this one cannot be kept.
        """
        before = self.last()
        turn = _Turn(before or Kept(FORMAT), self.reviews, self.limits)
        for one in book:
            if isinstance(one, Fault):
                turn.unreadable(one)
            else:
                turn.take(one, self.search(one))
        changes = tuple(turn.finish())
        kept = turn.kept()
        try:
            write_whole(self.path, ENCODER.encode(kept) + b"\n")
        except OSError as error:
            raise InputError(f"cannot write: {error.strerror}", file=str(self.path)) from None
        return Run(
            first=before is None,
            on=kept.on,
            known=kept.known,
            parties=turn.count,
            faults=tuple(turn.faults),
            open_hits=sum(one.state == "open" for party in kept.parties.values() for one in party.hits),
            unscreened=sum(not party.lists for party in kept.parties.values()) + len(turn.unread),
            missing=kept.missing,
            stale=kept.stale,
            changes=changes,
        )


class _Turn:
    """One run as it goes: the answers beside those of the last one."""

    def __init__(self, before: Kept, reviews: Reviews, limits: Limits) -> None:
        self.before, self.reviews, self.limits = before, reviews, limits
        self.parties: dict[str, KeptParty] = {}
        self.lists: dict[str, str] = {}
        self.not_screened: dict[str, None] = {}
        self.changes: list[Change] = []
        self.faults: list[InputError] = []
        self.unread: list[Fault] = []
        self.lacking: list[tuple[KeptParty, tuple[str, ...]]] = []
        self.on = self.known = ""
        self.count = 0

    def unreadable(self, fault: Fault) -> None:
        self.count += 1
        self.unread.append(fault)
        self.faults.append(fault.error)
        self.changes.append(Change("party unreadable", subject=f"line {fault.line}", detail=str(fault.error)))

    def take(self, query: Query, found: Screened) -> None:
        self.count += 1
        self.on, self.known = max(self.on, found.on), max(self.known, found.known)
        subject, name = subject_of(query), query.names[0] if query.names else ""
        asked = query_hash(query)
        if subject in self.parties:
            if self.parties[subject].query == asked:
                return  # the same question
            self.faults.append(InputError("the id stands twice in the book, for two parties", path=subject, found=name))
            subject = f"{subject}#{asked[:12]}"
        self.lists |= {one.list: one.as_of for one in found.lists}
        searched = tuple(sorted({one.list for one in found.lists} - set(found.not_screened)))
        self.not_screened |= dict.fromkeys(found.not_screened)
        last = self.before.parties.get(subject)
        if last is None:
            self.changes.append(Change("new party", subject, name))
        elif last.query != asked:
            self.changes.append(Change("party changed", subject, name, before=last.name, after=name))
        hits = list(self._hits(subject, name, query, found, last, searched))
        kept = self.parties[subject] = KeptParty(subject, name, asked, searched, tuple(hits))
        lacking = tuple(sorted({*(last.lists if last else ()), *found.not_screened} - set(searched)))
        if lacking or not searched:
            self.lacking.append((kept, lacking))

    def _hits(
        self,
        subject: str,
        name: str,
        query: Query,
        found: Screened,
        last: KeptParty | None,
        searched: tuple[str, ...],
    ) -> Iterator[KeptHit]:
        old = {one.party: one for one in last.hits} if last else {}
        for hit in {one.party.id: one for one in reversed(found.hits)}.values():  # the best hit of each party
            standing = self.reviews.state(query, hit, found.on, found.known)
            kept = _kept(hit, standing)
            self._compare(subject, name, hit, kept, old.pop(hit.party.id, None), standing)
            yield kept
        confirmed = {one.party for one in self.reviews.confirmed(query, found.known)}
        for one in old.values():
            list_ = one.party.partition("/")[0]
            if list_ in searched:
                code: Code = "delisted" if one.party in confirmed else "hit gone"
                self.changes.append(
                    Change(code, subject, name, one.party, one.name, before=f"{one.score:.3f}", detail=one.state)
                )
                continue
            if not one.unknown:
                detail = f"the list {list_} was not searched; the hit is kept as it was"
                self.changes.append(Change("hit unknown", subject, name, one.party, one.name, detail=detail))
            yield msgspec.structs.replace(one, unknown=True)

    def _compare(
        self, subject: str, name: str, hit: Hit, now: KeptHit, old: KeptHit | None, standing: Standing
    ) -> None:
        def changed(code: Code, before: str = "", after: str = "", detail: str = "") -> None:
            self.changes.append(Change(code, subject, name, hit.party.id, hit.name, before, after, detail))

        why = "; ".join(one.text for one in standing.why)
        if old is None:
            changed("new hit", after=f"{hit.score:.3f}", detail=why or standing.state)
            return
        if old.entry != now.entry:
            changed("entry changed", detail=standing.state)
        if old.score != now.score:
            changed("score changed", f"{old.score:.3f}", f"{now.score:.3f}")
        opened = old.state != "open" and now.state == "open"
        if opened or (now.why and now.why != old.why):
            changed("reopened", old.state, now.state, why)
        if now.flags and now.flags != old.flags:
            changed("flagged", detail="; ".join(one.text for one in standing.flags))

    def finish(self) -> Iterator[Change]:
        """The changes, lists first: whoever reads on must know what was not searched."""
        yield from self._list_changes()
        missing = set(self._missing())
        for kept, lacking in self.lacking:
            last = self.before.parties.get(kept.subject)
            only = [one for one in lacking if one not in missing]
            if only or (not kept.lists and (last is None or last.lists)):
                detail = f"not searched for it: {', '.join(only)}" if only else "no list was searched for it"
                yield Change("not screened", kept.subject, kept.name, detail=detail)
        yield from self.changes
        for subject, party in self.before.parties.items():
            if subject not in self.parties:
                yield Change("party gone", subject, party.name, detail=f"{len(party.hits)} hits with it")

    def _list_changes(self) -> Iterator[Change]:
        for one in self._missing():
            if one not in self.before.missing:
                detail = "searched in the last run, not in this one" if one in self.before.lists else "not searched"
                yield Change("list missing", detail=detail, listed=one, before=self.before.lists.get(one, ""))
        for one in self.before.missing:
            if one not in self._missing():
                yield Change("list back", listed=one, after=self.lists.get(one, ""))
        for one in self._stale():
            if one not in self.before.stale:
                yield Change("list stale", listed=one, after=self.lists[one])

    def _missing(self) -> tuple[str, ...]:
        """Lists that ought to be there: named as needed, searched before, or named as not screened by the search."""
        wanted = {*self.limits.needed, *self.before.lists, *self.before.missing, *self.not_screened}
        return tuple(sorted(wanted - (set(self.lists) - set(self.not_screened)))) if self.count else ()

    def _stale(self) -> tuple[str, ...]:
        today = max(self.on, self.known)
        return tuple(sorted(one for one, as_of in self.lists.items() if self.limits.stale(one, as_of, today)))

    def kept(self) -> Kept:
        lists = {name: as_of for name, as_of in self.lists.items() if name not in self.not_screened}
        return Kept(FORMAT, self.on, self.known, self.parties, lists, self._missing(), self._stale())


def _kept(hit: Hit, standing: Standing) -> KeptHit:
    return KeptHit(
        hit.party.id,
        hit.name,
        hit.score,
        entry_hash(hit.party),
        standing.state,
        tuple(one.code for one in standing.why),
        tuple(one.code for one in standing.flags),
    )
