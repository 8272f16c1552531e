"""A transaction's parties, and a book of parties, put to the desk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from exeat.rulebook.model import Book
from exeat.screen.book import Fault
from exeat.screen.desk import Desk, Terms
from exeat.screen.facts import LISTING, Said, listing_document, query_of, with_screening
from exeat.screen.model import Hit, Query, Screened
from exeat.screen.monitor import Limits, Monitor, Run
from exeat.vocabulary.model import Entries
from exeat.vocabulary.transaction import Transaction


class Deal(msgspec.Struct, frozen=True):
    """A transaction with what was found of its parties. ``answers`` are by party id, ``nameless`` were not screened."""

    transaction: Transaction
    answers: dict[str, Screened]
    nameless: tuple[str, ...]
    terms: Terms


def screen_deal(desk: Desk, deal: Transaction, book: Book, terms: Terms) -> Deal:
    """Screen the parties of a transaction as of its own day.

    What people decided on hits counts for a party that says who it is (`party.reference`): a name alone is nobody's,
    and what cleared one Li Wei says nothing of the next.

    Raises:
        InputErrors: see `Desk.screen` and `facts.with_screening`.
    """
    on = deal.when.on or deal.when.at[:10]
    terms = msgspec.structs.replace(terms, on=on, limit=None)  # a hit that is cut off would be a hit cleared
    queries = {party.id: query for party in deal.parties if (query := query_of(party)) is not None}
    found = dict(zip(queries, desk.screen(list(queries.values()), terms) if queries else [], strict=True))

    def decided(query: Query, hit: Hit) -> str:
        return desk.standing(query, hit, terms).state if query.id else "open"

    told = with_screening(deal, found, Said(tuple(desk.covered(terms.known)), decided, desk.first_seen), book)
    nameless = tuple(party.id for party in deal.parties if party.id not in queries)
    return Deal(told, found, nameless, terms)


def facts_document(deal: Deal) -> str:
    """Each screened party's ``listing``, one line a party, to be put into the transaction."""
    lines = []
    for party in deal.transaction.parties:
        cell = party.facts.get(LISTING)
        if party.id in deal.answers and cell is not None and isinstance(cell.value, Entries):
            lines.append(f"{party.id}:\n  listing: {listing_document(cell.value)}\n")
    return "".join(lines)


def monitored(desk: Desk, book: Iterable[Query | Fault], terms: Terms, state: Path | None = None) -> Run:
    """A run over a book of parties, against the last one kept in ``state`` (or beside the lists).

    Raises:
        InputError: the last run cannot be read, or this one cannot be kept.
    """
    limits = Limits(of={key: info.stale for key, info in desk.lists.lists.items()}, needed=desk.wanted(terms))
    path = state or desk.folder / "monitor.json"
    return Monitor(path, lambda query: desk.screen([query], terms)[0], desk.reviews, limits).run(book)
