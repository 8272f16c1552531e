"""Bringing list files into the store: read, compared with what was there, and added whole or not at all; and their
state.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from exeat.errors import InputError, InputErrors
from exeat.home import home
from exeat.screen.catalogue import Catalogue, ListInfo, catalogue
from exeat.screen.model import ListVersion, Party
from exeat.screen.profile import refusal, suspicions
from exeat.screen.readers import Batch, Format, Source, need_format, read, sniff
from exeat.screen.store import Diff, Incoming, Store

SETS = ("ofac-csv", "eu-annex-csv")  # formats whose files belong together
LONGEST_SINCE = 366  # days after a file's own day that an entry's first day may lie; beyond it the day is a misprint


class Terms(msgspec.Struct, frozen=True):
    """What the user says of the files.

    ``only`` is a list, ``format`` a format, ``as_of`` and ``known`` days, each "" where nothing was said; ``accept`` is
    the reason for which suspicious files are taken, ``wanted`` the lists to take of a file that holds several.
    ``fallback`` is the day to take for a file without a stamp of its own (an HTTP header's).
    """

    only: str = ""
    format: str = ""
    as_of: str = ""
    known: str = ""
    accept: str = ""
    fallback: str = ""
    wanted: tuple[str, ...] = ()


class Brought(msgspec.Struct, frozen=True):
    """What an import did. ``accepted`` are the suspicions that were overridden."""

    diffs: tuple[Diff, ...]
    notes: tuple[str, ...]
    accepted: tuple[str, ...] = ()


def store_path() -> Path:
    """Where the list store is."""
    return home() / "lists" / "lists.db"


def bring(
    store: Store,
    paths: Sequence[Path],
    today: str,
    terms: Terms | None = None,
    tick: Callable[[int], None] | None = None,
    lists: Catalogue | None = None,
) -> Brought:
    """Read files and add what they hold to the store, in one transaction.

    Files of a set (OFAC's CSV files, EU annexes) are read together, all others one by one.

    Raises:
        InputErrors, InputError: a file is faulty or suspicious; nothing of any file was added.
    """
    terms, lists = terms or Terms(), lists or catalogue()
    sources = [Source(path, str(path), tick) for path in paths]
    incoming: list[Incoming] = []
    told: list[InputError] = []
    notes: list[str] = []
    for group in _groups(sources, terms.format):
        found, batch = read(group, terms.only, terms.format, lists, terms.wanted)
        for one in _incoming(store, found, batch, group, terms, today):
            told += _refused(store, lists.lists[one.list], one, group[0].name, incoming)
            incoming.append(one)
        notes += [note for note in batch.notes if note not in notes]
    if told and not terms.accept:
        raise InputErrors(told)
    if told:
        incoming = [msgspec.structs.replace(one, accepted=terms.accept) for one in incoming]
    diffs = store.add_all(incoming)
    return Brought(tuple(diffs), tuple(notes), tuple(f"{one.path}: {one.problem}" for one in told))


def _groups(sources: Sequence[Source], name: str) -> Iterator[list[Source]]:
    sets: dict[str, list[Source]] = {}
    for source in sources:
        found = need_format(name) if name else sniff(source)
        if found.name in SETS:
            sets.setdefault(found.name, []).append(source)
        else:
            yield [source]
    yield from sets.values()


def _incoming(
    store: Store, found: Format, batch: Batch, group: Sequence[Source], terms: Terms, today: str
) -> Iterator[Incoming]:
    """The lists of a file. What the last file of this format had and this one lacks comes as an empty list."""
    as_of = terms.as_of or batch.as_of or terms.fallback
    if not as_of:
        raise InputError(
            "the file does not say of which day it is",
            file=group[0].name,
            path="--as-of",
            hint="say it: --as-of YYYY-MM-DD",
        )
    if as_of > today:
        raise InputError(
            "the file is of a day to come", file=group[0].name, path="as of", found=as_of, allowed=f"up to {today}"
        )
    published = batch.published if not terms.as_of or batch.as_of == terms.as_of else ""
    known = terms.known or published or today
    for list_id in {} if terms.only else _gone(store, found, batch):
        batch.lists[list_id] = []
    sha = group[0].sha256
    if len(group) > 1:
        sha = hashlib.sha256("".join(sorted(one.sha256 for one in group)).encode()).hexdigest()
    for list_id, parties in batch.lists.items():
        yield Incoming(list_id, [_sane(party, as_of) for party in parties], as_of, known, sha, found.reader)


def _gone(store: Store, found: Format, batch: Batch) -> list[str]:
    """Lists that files of this format held before, and that this one does not name."""
    newest = {one.list: one for one in store.versions()}
    return [
        key
        for key, one in newest.items()
        if one.reader.partition("/")[0] == found.name
        and one.parties
        and key not in batch.lists
        and (not batch.wanted or key in batch.wanted)
        and len(batch.lists) > 1  # a file of one list says nothing of others
    ]


def _sane(party: Party, as_of: str) -> Party:
    """The party, without a first day that lies so far in the future that it must be a misprint: it is listed now."""
    since = party.listing.since
    if since[:4] <= as_of[:4]:
        return party
    last = (dt.date.fromisoformat(as_of) + dt.timedelta(days=LONGEST_SINCE)).isoformat()
    if since <= last:
        return party
    remarks = f"{party.listing.remarks} The file gives {since} as its first day.".strip()
    return msgspec.structs.replace(party, listing=msgspec.structs.replace(party.listing, since="", remarks=remarks))


def _refused(store: Store, info: ListInfo, one: Incoming, file: str, others: Iterable[Incoming]) -> list[InputError]:
    """What is suspicious in a list, against the last version by the same reader and against the last one at all.

    Raises:
        InputError: another file of this import holds the same list, which nobody can accept.
    """
    if any(other.list == one.list and other.as_of == one.as_of for other in others):
        problem = "two files hold this list for the same day"
        raise InputError(problem, file=file, path=one.list, hint="import one of them")
    versions = store.versions(info.id)
    older = [version for version in versions if version.as_of <= one.as_of] or versions
    mine = one.reader.partition("/")[0]
    same = [version for version in older if version.reader.partition("/")[0] == mine]
    told: dict[str, None] = {}
    for before in {version.content: version for version in (*same[-1:], *older[-1:])}.values() or (None,):
        ids = store.ids(before) if before else set()
        shape = store.profile(before) if before else None
        alike = before is not None and before.reader.partition("/")[0] == mine
        edition = before is not None and before.reader == one.reader
        told.update(dict.fromkeys(suspicions(info, one.parties, shape, ids, alike, edition)))
    return refusal(info.id, file, list(told))


# --- state


class Status(msgspec.Struct, frozen=True):
    """How one list stands. ``state`` is fresh, stale, missing or closed; ``age`` counts days since it was last the
    newest.
    """

    list: str
    title: dict[str, str]
    state: str
    versions: int
    limit: int
    because: str
    age: int | None = None
    newest: ListVersion | None = None
    checked: str = ""
    urls: tuple[str, ...] = ()
    accepted: str = ""


def status(store: Store, today: str, only: Sequence[str] = (), lists: Catalogue | None = None) -> list[Status]:
    """How the lists stand on a day: all those asked for, else all that are not optional and all that are there.

    Raises:
        InputError: a list that does not exist.
    """
    lists = lists or catalogue()
    for key in only:
        lists.need(key)
    held: dict[str, list[ListVersion]] = {}
    for one in store.versions(None, today):
        held.setdefault(one.list, []).append(one)
    checked = store.checked()
    return [
        _status(store, info, held.get(key, []), checked.get(key, ""), today)
        for key, info in lists.lists.items()
        if (key in only if only else key in held or not info.optional)
    ]


def _status(store: Store, info: ListInfo, versions: list[ListVersion], checked: str, today: str) -> Status:
    newest = versions[-1] if versions else None
    state, age = "missing", None
    if newest is not None:
        last = max(newest.as_of, checked if checked <= today else "")
        age = (dt.date.fromisoformat(today) - dt.date.fromisoformat(last)).days
        state = "stale" if age > info.stale else "fresh"
        if info.closed and today >= info.closed:
            state = "closed"
    return Status(
        list=info.id,
        title=info.title,
        state=state,
        versions=len(versions),
        limit=info.stale,
        because=info.stale_because,
        age=age,
        newest=newest,
        checked=checked,
        urls=info.urls,
        accepted=store.accepted(newest) if newest else "",
    )
