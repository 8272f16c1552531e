"""The lists exeat knows, and the limits beyond which a file is refused: data files, read and checked once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from exeat.errors import InputError, nearest
from exeat.vocabulary.reader import Map, Word, read_file
from exeat.vocabulary.take import Taker

DATA = Path(__file__).parent / "data"
SEEN = ("primary", "secondary", "unverified")


class ListInfo(msgspec.Struct, frozen=True):
    """One list, as `data/lists.yaml` describes it; the head of that file explains every field.

    ``stale`` is in days. ``sources`` maps a family of files to the names they give this list.
    """

    id: str
    title: dict[str, str]
    authority: str
    jurisdiction: str
    formats: tuple[str, ...]
    means: dict[str, str]
    cite: str
    seen: str
    stale: int
    stale_because: str
    least: int
    register: str = ""
    sources: dict[str, tuple[str, ...]] = {}
    urls: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    optional: bool = False
    closed: str = ""


class Catalogue(msgspec.Struct, frozen=True):
    """All lists by id, in the file's order."""

    lists: dict[str, ListInfo]

    def need(self, key: str, path: str = "--list") -> ListInfo:
        """The list of that id.

        Raises:
            InputError: there is none.
        """
        if key not in self.lists:
            known = ", ".join(self.lists)
            raise InputError("no such list", path=path, found=key, allowed=known, hint=nearest(key, self.lists))
        return self.lists[key]

    def by_source(self, family: str) -> dict[str, str]:
        """The list id for each name that files of a family use."""
        return {name: one.id for one in self.lists.values() for name in one.sources.get(family, ())}

    def of_format(self, name: str) -> list[ListInfo]:
        """The lists that a reader may bring."""
        return [one for one in self.lists.values() if name in one.formats]


class Limit(msgspec.Struct, frozen=True):
    """A bound and the reason for it. ``value`` is a share, a difference of shares, or a number of entries."""

    value: float
    because: str


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue.

    Raises:
        InputError: the file is faulty.
    """
    return read_catalogue(DATA / "lists.yaml")


def read_catalogue(path: Path) -> Catalogue:
    """A catalogue from a file.

    Raises:
        InputError: a field is missing, unknown or of the wrong kind, or an id stands twice.
    """
    found: dict[str, ListInfo] = {}
    for one in Taker(read_file(path), str(path)).maps("lists"):
        info = _info(one)
        if info.id in found:
            one.fail("this list stands twice", key="id")
        found[info.id] = info
    return Catalogue(found)


def _info(one: Taker) -> ListInfo:
    sources = Taker(one.map("sources"), one.file, one.at("sources"))
    stale = Taker(one.map("stale after"), one.file, one.at("stale after"))
    info = ListInfo(
        id=one.name("id"),
        title=one.text("title"),
        authority=one.word("authority"),
        jurisdiction=one.name("jurisdiction"),
        formats=one.words("formats"),
        means=one.text("means"),
        cite=one.word("cite"),
        seen=one.one_of("seen", SEEN),
        stale=int(stale.word("days")),
        stale_because=stale.word("because"),
        least=int(one.word("least")),
        register=one.word("register", ""),
        sources={str(key): sources.words(key) for key in sources.node},
        urls=one.words("urls"),
        hosts=one.words("hosts"),
        optional=one.yes("optional"),
        closed=one.day("closed", ""),
    )
    one.done()
    return info


@cache
def limits() -> dict[str, Limit]:
    """The limits of `data/limits.yaml` by name."""
    path = DATA / "limits.yaml"
    top = Taker(read_file(path), str(path)).map("limits")
    found = {}
    for key, node in top.items():
        taker = Taker(node, str(path), f"limits.{key}")
        measure = next(name for name in taker.node if name != "because")
        found[str(key)] = Limit(float(taker.word(measure)), taker.word("because"))
    return found


@cache
def _countries() -> tuple[dict[str, str], dict[str, str], tuple[str, ...]]:
    path = DATA / "countries.yaml"
    names: dict[str, str] = {}
    adjectives: dict[str, str] = {}
    for code, node in Taker(read_file(path), str(path)).map("countries").items():
        taker = Taker(node, str(path), f"countries.{code}")
        for name in (str(code), *taker.words("iso3"), *taker.words("names"), *taker.words("also")):
            names[fold(name)] = str(code)
        adjective = taker.get("of")
        if isinstance(adjective, Word):
            adjectives[fold(adjective)] = str(code)
    return names, adjectives, tuple(sorted(names, key=len, reverse=True))


def fold(text: str) -> str:
    """Letters and digits only, in lower case: how names of countries and kinds of numbers are compared."""
    return "".join(char for char in text.casefold() if char.isalnum())


def country(text: str) -> str:
    """The ISO 3166-1 alpha-2 code of a country as a list writes it, or "" where it cannot be told for certain."""
    names, adjectives, _ = _countries()
    key = fold(text)
    return names.get(key) or adjectives.get(key, "")


def country_prefix(text: str, least: int = 4) -> tuple[str, str]:
    """The country whose name a text begins with, and the rest of the text; ("", text) if it begins with none.

    Names shorter than ``least`` letters are not looked for: ``PRC`` may begin a company's name.
    """
    names, _, longest = _countries()
    for key in longest:
        if len(key) < least and key.isascii():
            continue
        at = _after(text, key)
        if at:
            return names[key], text[at:].strip(" ,;:-")
    return "", text


def _after(text: str, key: str) -> int:
    """Where ``text`` goes on after words that fold to ``key``; 0 if it does not begin with them."""
    taken = 0
    for place, char in enumerate(text):
        if not char.isalnum():
            continue
        folded = char.casefold()
        if key[taken : taken + len(folded)] != folded:
            return 0
        taken += len(folded)
        if taken == len(key):
            rest = text[place + 1 :]
            return place + 1 if not rest or not (rest[0].isalnum() and rest[0].isascii() and char.isascii()) else 0
    return 0


@cache
def identifier_labels() -> dict[str, str]:
    """The kind of number for each folded label that lists use, longest label first."""
    path = DATA / "identifiers.yaml"
    found: dict[str, str] = {}
    for kind, node in identifier_kinds().items():
        for label in Taker(node, str(path), f"kinds.{kind}").words("labels"):
            found[fold(label)] = kind
    return dict(sorted(found.items(), key=lambda one: (-len(one[0]), one[0])))


@cache
def identifier_kinds() -> dict[str, Map]:
    """The kinds of `data/identifiers.yaml`, as nodes."""
    path = DATA / "identifiers.yaml"
    return {str(kind): node for kind, node in Taker(read_file(path), str(path)).map("kinds").items()}
