"""What lists, the store and the matcher hand to each other.

One model for every list, so that a score cannot depend on which list an entry came from. All values are as the list
gives them (trimmed, NFC); folding and transliteration belong to `exeat.screen.names`. Days are ISO text and may be
partial where a list is: ``1962``, ``1962-03``, ``1962-03-05``. Empty text and empty tuples mean that the list is
silent, which never counts against a match.
"""

from __future__ import annotations

from typing import Literal

import msgspec

PartyKind = Literal["person", "organisation", "vessel", "aircraft", ""]
NameKind = Literal["primary", "alias", "former", "original script", "acronym", "learnt"]
NameQuality = Literal["strong", "weak", ""]


class Name(msgspec.Struct, frozen=True, omit_defaults=True):
    """One name of a party. ``quality`` is the list's own word (the UN's "low", OFAC's weak a.k.a.), not ours.

    ``source`` says where a learnt name comes from (a citation or ``list:entry``); names that the list itself gives have
    none. ``family`` and ``given`` are filled only where the list itself tells the two apart; ``text`` always holds the
    whole name as the list writes it (OFAC's ``LAST, First`` too).
    """

    text: str
    kind: NameKind = "primary"
    quality: NameQuality = ""
    language: str = ""
    source: str = ""
    family: str = ""
    given: str = ""


class Identifier(msgspec.Struct, frozen=True, omit_defaults=True):
    """A number that names one party: ``kind`` is a key of ``data/identifiers.yaml`` (uscc, lei, inn, ogrn, imo, …).

    ``valid`` tells whether the check digits agree: "yes", "no", or "" where the kind has none. A number that is wrong
    on the list is kept, for the list's own entry is what one has to find.
    """

    kind: str
    value: str
    country: str = ""
    note: str = ""
    valid: Literal["", "yes", "no"] = ""


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """An address as one line of text, with its country (ISO 3166-1 alpha-2) where it could be told."""

    text: str
    country: str = ""


class Listing(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why and since when a party is on a list.

    ``since`` and ``until`` are the list's own days, both inclusive, and empty where it gives none; the store adds what
    successive versions show. ``requirement``, ``policy`` and ``citation`` are the list's words.
    """

    list: str
    entry: str
    authority: str = ""
    programmes: tuple[str, ...] = ()
    requirement: str = ""
    policy: str = ""
    citation: str = ""
    url: str = ""
    since: str = ""
    until: str = ""
    remarks: str = ""


class Party(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of one list. ``id`` is ``list/entry`` and stable between versions of that list.

    ``born`` holds every year, month or day that the list's words allow; where those words are more than a plain date
    (``circa 1962``, ``1960 to 1963``, a Hijri year) ``born_as_listed`` keeps them. ``linked_to`` names whom the list
    says the party acts for, belongs to or is owned by: words, not ids.
    """

    id: str
    kind: PartyKind
    names: tuple[Name, ...]
    listing: Listing
    countries: tuple[str, ...] = ()
    born: tuple[str, ...] = ()
    birth_places: tuple[str, ...] = ()
    gender: str = ""
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    born_as_listed: tuple[str, ...] = ()
    linked_to: tuple[str, ...] = ()


class Query(msgspec.Struct, frozen=True, omit_defaults=True):
    """A party to screen. ``names`` are spellings of one party; what is left out is not compared."""

    names: tuple[str, ...]
    kind: PartyKind = ""
    countries: tuple[str, ...] = ()
    born: tuple[str, ...] = ()
    gender: str = ""
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[str, ...] = ()
    id: str = ""


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """One summand of a score: a feature, what it adds (negative: takes away), and the two spans compared."""

    feature: str
    points: float
    query: str = ""
    listed: str = ""
    detail: str = ""


class Hit(msgspec.Struct, frozen=True):
    """A listed party that may be the one asked about. ``score`` in [0, 1] is exactly the sum of ``reasons``' points."""

    party: Party
    score: float
    reasons: tuple[Reason, ...]
    name: str
    query: str


class ListVersion(msgspec.Struct, frozen=True, omit_defaults=True):
    """One version of one list in the store.

    ``as_of`` is the publisher's own stamp (day), ``known`` the day from which it could be known (the publication day
    where the file tells it, otherwise the day of import), ``sha256`` the hash of the file's bytes, ``content`` the hash
    of the parties read from it.
    """

    list: str
    as_of: str
    known: str
    sha256: str
    content: str
    parties: int
    reader: str = ""
    imported: str = ""


class Screened(msgspec.Struct, frozen=True):
    """The answer for one query: its hits, best first, and everything that is needed to ask again and get the same."""

    query: Query
    hits: tuple[Hit, ...]
    lists: tuple[ListVersion, ...]
    on: str
    known: str
    threshold: float
    matcher: str
    not_screened: tuple[str, ...] = ()
