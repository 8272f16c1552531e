"""What is known of publishers and pages, read once from ``data/publishers.yaml``."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import msgspec

from exeat.read.fold import DATA
from exeat.vocabulary.reader import Map, read_file


class Publisher(msgspec.Struct, frozen=True):
    """A publisher's habits. ``zone`` is "" where it is not known; ``order`` is dmy, mdy or ""."""

    id: str
    name: str
    names: tuple[str, ...]
    hosts: tuple[str, ...]
    zone: str = ""
    order: str = ""
    closing: str = ""
    url_day: str = ""
    https: bool = False
    official: bool = False
    section_prefix: bool = False


NOBODY = Publisher(id="", name="", names=(), hosts=())


class Profiles(msgspec.Struct, frozen=True):
    """The data file, with its patterns compiled."""

    publishers: tuple[Publisher, ...]
    by_name: dict[str, Publisher]
    by_host: dict[str, Publisher]
    fields: dict[str, str]
    hints: dict[str, str]
    labels: frozenset[str]
    longest: int
    junk: dict[str, re.Pattern[str]]
    wrapper_text: tuple[str, ...]
    wrapper_summary: tuple[str, ...]
    wrapper_own: frozenset[str]
    section_prefix: re.Pattern[str]
    notice_title: re.Pattern[str]
    robots: re.Pattern[str]
    separators: tuple[str, ...]
    cities: dict[str, str]
    agencies: tuple[str, ...]


def _words(node: Any) -> tuple[str, ...]:
    return tuple(str(word) for word in node)


def _publisher(node: Map) -> Publisher:
    return Publisher(
        id=str(node["id"]),
        name=str(node["name"]),
        names=_words(node["names"]),
        hosts=_words(node["hosts"]),
        zone=str(node.get("zone", "")),
        order=str(node.get("order", "")),
        closing=str(node.get("closing", "")),
        url_day=str(node.get("url_day", "")),
        https=node.get("https") == "yes",
        official=node.get("official") == "yes",
        section_prefix=node.get("section_prefix") == "yes",
    )


@cache
def profiles() -> Profiles:
    """The profiles.

    Raises:
        InputError: the data file is damaged.
    """
    node: Any = read_file(DATA / "publishers.yaml")
    publishers = tuple(_publisher(part) for part in node["publishers"])
    by_name = {name.casefold(): part for part in publishers for name in (*part.names, part.name)}
    junk = {
        str(kind): re.compile("|".join(f"(?:{word})" for word in part))
        for kind, part in node["junk"].items()
        if kind != "longest"
    }
    return Profiles(
        publishers=publishers,
        by_name=by_name,
        by_host={host: part for part in publishers for host in part.hosts},
        fields={str(word).casefold(): str(field) for field, words in node["fields"].items() for word in words},
        hints={str(word).casefold(): str(kind) for kind, words in node["hints"].items() for word in words},
        labels=frozenset(str(word).casefold() for word in node["labels"]),
        longest=int(node["junk"]["longest"]),
        junk=junk,
        wrapper_text=_words(node["wrapper"]["text"]),
        wrapper_summary=_words(node["wrapper"]["summary"]),
        wrapper_own=frozenset(_words(node["wrapper"]["own"])),
        section_prefix=re.compile(str(node["section_prefix"])),
        notice_title=re.compile(str(node["notice_title"])),
        robots=re.compile("|".join(_words(node["robots"])), re.I),
        separators=_words(node["title_separators"]),
        cities={str(city): str(zone) for zone, cities in node["cities"].items() for city in cities},
        agencies=tuple(sorted(_words(node["agencies"]), key=lambda word: (-len(word), word))),
    )


def host_of(url: str) -> str:
    """The host of an address in lower case without ``www.``; "" if there is none."""
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")


def publisher_of_host(host: str) -> Publisher:
    """The publisher of a host or of the nearest domain above it; NOBODY if unknown."""
    parts = host.split(".")
    for start in range(len(parts) - 1):
        found = profiles().by_host.get(".".join(parts[start:]))
        if found:
            return found
    return NOBODY


def publisher_of_name(name: str) -> Publisher:
    """The publisher that goes by this name; NOBODY if unknown."""
    return profiles().by_name.get(name.strip().casefold(), NOBODY)
