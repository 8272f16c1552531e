"""From what a screening found to facts of a transaction: candidates, never conclusions.

A hit becomes a candidate of the register that its list feeds; the law's own row where the law holds the party under one
of its names, else an entry written out with what the list says of it. What was screened, and for which days, becomes
``none other``: a list that was not loaded, or does not reach the day of the act, is left out, for *not screened* is not
*no hit* (design §4b.5).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from exeat.decide.facts import normal_name
from exeat.errors import InputError, InputErrors
from exeat.rulebook.model import Book, Reading, Register, Row
from exeat.screen.model import Hit, ListVersion, Party, Query, Screened
from exeat.vocabulary.model import Entries, ListedRow, Screening, Vocabulary
from exeat.vocabulary.transaction import Cell, Element, Transaction

LISTING, NAME, REFERENCE = "party.listing", "party.name", "party.reference"
Decided = Callable[
    [Query, Hit], str
]  # open, confirmed or dismissed: what people decided on a hit (`exeat.screen.review`)


class Covered(msgspec.Struct, frozen=True):
    """The days for which a list in the store can answer: from its first version to when its newest grows stale."""

    list: str
    begins: str
    as_of: str
    expires: str
    content: str

    def speaks_of(self, on: str) -> bool:
        return self.begins <= on <= self.expires


def covered(
    versions: Iterable[ListVersion],
    stale_after: Mapping[str, int],
    known: str,
    checked: Mapping[str, str] | None = None,
) -> list[Covered]:
    """What each list can answer for, as known on a day.

    Its oldest version says who was listed then, not before: whoever had left the list by then is in none of them.

    Args:
        versions: the store's versions.
        stale_after: by list, the days after which its newest version is stale.
        known: the day of knowledge.
        checked: by list, the last day on which its publisher was asked and had nothing newer.
    """
    found: dict[str, list[ListVersion]] = {}
    for one in versions:
        if one.known <= known:
            found.setdefault(one.list, []).append(one)
    return [
        _covered(mine, stale_after.get(key, 0), (checked or {}).get(key, "")) for key, mine in sorted(found.items())
    ]


def _covered(versions: list[ListVersion], days: int, checked: str) -> Covered:
    ordered = sorted(versions, key=lambda one: (one.as_of, one.known))
    newest = ordered[-1]
    last = max(newest.as_of, checked)
    expires = (dt.date.fromisoformat(last) + dt.timedelta(days=days)).isoformat()
    return Covered(newest.list, ordered[0].as_of, last, expires, newest.content)


def query_of(party: Element) -> Query | None:
    """The question that a party of a transaction puts, or None where it has no name.

    The name alone is asked: a country that differs must not hide a hit from whoever decides.
    """
    name, reference = party.facts.get(NAME), party.facts.get(REFERENCE)
    if name is None or not isinstance(name.value, str):
        return None
    return Query((name.value,), id=reference.value if reference and isinstance(reference.value, str) else "")


class Said(msgspec.Struct, frozen=True):
    """What beside the answers a screening rests on.

    ``lists`` are the days that each list can answer for; ``decided`` tells whether people hold a hit open, confirmed or
    dismissed; ``first_seen`` the first version of its list that shows a party (None: not known).
    """

    lists: tuple[Covered, ...]
    decided: Decided = lambda query, hit: "open"
    first_seen: Callable[[Party], ListVersion | None] = lambda party: None


def with_screening(transaction: Transaction, screened: Mapping[str, Screened], said: Said, book: Book) -> Transaction:
    """The transaction with what was found of its parties, by party id.

    What the transaction itself says of a listing stands: an entry that it confirms or dismisses is no candidate. Only
    its ``none other: true`` yields to an open hit: whoever concluded that has not seen it.

    Raises:
        InputErrors: a hit on a list that no register of the law takes: it would be lost.
    """
    on = transaction.when.on or transaction.when.at[:10]
    reaching = msgspec.structs.replace(said, lists=tuple(one for one in said.lists if one.speaks_of(on)))
    parties = tuple(
        _screened(party, screened[party.id], reaching, book) if party.id in screened else party
        for party in transaction.parties
    )
    return msgspec.structs.replace(transaction, parties=parties)


def _screened(party: Element, found: Screened, said: Said, book: Book) -> Element:
    cell = party.facts.get(LISTING, Cell(Entries(frozenset()), "screened"))
    stated = cell.value if isinstance(cell.value, Entries) else Entries(frozenset())
    listing = listing_of(found, said, book, stated)
    return msgspec.structs.replace(party, facts={**party.facts, LISTING: Cell(listing, "screened", cell.says)})


def listing_of(found: Screened, said: Said, book: Book, stated: Entries) -> Entries:
    """What a party's listing is after a screening, with what was stated before it."""
    named: dict[str, set[str]] = {"confirmed": set(stated.entries), "dismissed": set(stated.dismissed), "open": set()}
    rows: dict[str, tuple[ListedRow, ...]] = {}
    for row in stated.rows:
        rows[row.entry] = (*rows.get(row.entry, ()), row)
    settled = stated.entries | stated.dismissed
    for hit in found.hits:
        for register in _registers(hit.party.listing.list, book):
            for entry, written in _entries(register, hit, found, said, book.vocabulary):
                if entry not in settled:
                    named[said.decided(found.query, hit)].add(entry)
                    rows[entry] = written
    open_ = (named["open"] | stated.candidates) - named["confirmed"] - named["dismissed"]
    if stated.none_other is True and not open_:  # the caller's own conclusion, which nothing here speaks against
        none_other: bool | Screening | None = True
    else:
        none_other = _none_other(found, said.lists, book) or (None if stated.none_other is True else stated.none_other)
    return Entries(
        frozenset(named["confirmed"]),
        none_other,
        frozenset(open_),
        tuple(row for entry in sorted(named["confirmed"] | open_) for row in rows.get(entry, ())),
        frozenset(named["dismissed"] - named["confirmed"]),
    )


def _registers(list_id: str, book: Book) -> list[Register]:
    taking = [one for one in book.registers.values() if one.feed is not None and one.feed.list == list_id]
    if not taking:
        problem = f"no register of the law takes the entries of the list {list_id!r}, so a hit on it would be lost"
        hint = f"add a register with `fed by: {{list: {list_id}, …}}` (law format)"
        raise InputErrors([InputError(problem, hint=hint)])
    return taking


def _entries(
    register: Register, hit: Hit, found: Screened, said: Said, vocabulary: Vocabulary
) -> list[tuple[str, tuple[ListedRow, ...]]]:
    """The law's own rows that bear a name of the listed party, else the entry as the list has it."""
    names = {normal_name(name.text) for name in hit.party.names}
    own = sorted({row.id for row in register.rows if names & _names_of(row)})
    if own:
        return [(f"{register.id}/{key}", ()) for key in own]
    rows = listed_rows(register, hit.party, found, said, vocabulary)
    scored = tuple(msgspec.structs.replace(row, says=f"{row.says}, score {hit.score:.2f}") for row in rows)
    return [(rows[0].entry, scored)]


def _names_of(row: Row) -> set[str]:
    return {normal_name(name) for name in (row.columns.get("name", ""), *row.aliases) if name}


def listed_rows(
    register: Register, party: Party, found: Screened, said: Said, vocabulary: Vocabulary
) -> tuple[ListedRow, ...]:
    """A listed party as an entry of the register that its list feeds.

    Where the list gives no first day, the entry is certain from the first version that shows it, and open before that.
    """
    listing = party.listing
    version = next((one for one in found.lists if one.list == listing.list), None)
    first = said.first_seen(party) or version
    known = first.known if first else found.known
    row = ListedRow(
        f"{register.id}/{listing.entry}",
        min(listing.since, known) if listing.since else known,
        listing.since,
        listing.until,
        _columns(register, party, vocabulary),
        party.names[0].text,
        f"{listing.list} of {version.as_of}" if version else listing.list,
    )
    if listing.since or first is None:
        return (row,)
    before = (dt.date.fromisoformat(first.as_of) - dt.timedelta(days=1)).isoformat()
    return msgspec.structs.replace(row, until=before), msgspec.structs.replace(row, since=first.as_of)


def _columns(register: Register, party: Party, vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """The register's columns; one with a code that the law does not know stays open."""
    readings = register.feed.columns if register.feed else {}
    cells = {column: _cell(reading, party) for column, reading in readings.items()}
    found = []
    for column, cell in cells.items():
        kind, _, list_name = register.columns[column].partition(" ")
        codes = cell.split(" ") if kind == "codes" else [cell]
        if cell and (not list_name or all(code in vocabulary.lists[list_name].codes for code in codes)):
            found.append((column, cell))
    return tuple(found)


def _cell(reading: Reading, party: Party) -> str:
    """What a column says, or "" where the list's words mean none of its codes."""
    text = " ".join(_field(reading.field, party).split())
    if not reading.says:
        return text
    return next(
        (code for code, phrases in reading.says if any(re.fullmatch(one, text, re.IGNORECASE) for one in phrases)), ""
    )


def _field(field: str, party: Party) -> str:
    if field == "name":
        return party.names[0].text
    if field == "aliases":
        return " | ".join(name.text for name in party.names[1:])
    if field == "countries":
        return " ".join(party.countries)
    if field == "programmes":
        return " ".join(party.listing.programmes)
    return str(getattr(party.listing, field))


def _none_other(found: Screened, lists: Sequence[Covered], book: Book) -> Screening | None:
    """That nothing else was found, for the lists that were searched and reach the day of the act."""
    searched = {one.list for one in found.lists} - set(found.not_screened)
    reached = [one for one in lists if one.list in searched]
    registers = [
        register.id
        for register in book.registers.values()
        if register.feed is not None and register.feed.list in {one.list for one in reached}
    ]
    if not reached or not registers:
        return None
    return Screening(
        tuple(sorted(registers)),
        " ".join(f"{one.list}@{one.as_of}:{one.content[:12]}" for one in reached),
        min(one.as_of for one in reached),
        found.matcher,
        f"{found.threshold:g}",
        min(one.expires for one in reached),
        max(one.begins for one in reached),
    )


def listing_document(listing: Entries) -> str:
    """A party's ``listing`` as a transaction writes it, on one line (JSON, which is YAML)."""
    rows: dict[str, list[object]] = {}
    for row in listing.rows:
        rows.setdefault(row.entry, []).append(_row_document(row))
    plain: dict[str, object] = {
        key: [one for entry in sorted(entries) for one in rows.get(entry, [entry])]
        for key, entries in (
            ("entries", listing.entries), ("candidates", listing.candidates), ("dismissed", listing.dismissed)
        )
        if entries or key == "entries"
    }  # fmt: skip
    if isinstance(listing.none_other, Screening):
        plain["none other"] = _without_empty(_renamed(msgspec.to_builtins(listing.none_other), begins="from"))
    elif listing.none_other is not None:
        plain["none other"] = listing.none_other
    return msgspec.json.encode(plain).decode()


def _row_document(row: ListedRow) -> dict[str, object]:
    plain = _renamed(msgspec.to_builtins(row), since="from")
    return _without_empty({**plain, "columns": dict(row.columns)})


def _renamed(plain: dict[str, object], **names: str) -> dict[str, object]:
    return {names.get(key, key): value for key, value in plain.items()}


def _without_empty(plain: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in plain.items() if value or value is False}
