"""The long patterns of reading, kept as data in ``data/patterns.yaml``: a head, alternatives, a tail; folded text is
assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from exeat.errors import InputError
from exeat.read.regional import widened
from exeat.vocabulary.reader import Map, read_file

FILE = Path(__file__).parent / "data" / "patterns.yaml"


@cache
def _file() -> Map:
    node = read_file(FILE, "read/data/patterns.yaml")
    if not isinstance(node, Map):
        raise InputError("not a mapping", file="read/data/patterns.yaml")
    return node


def pattern(name: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """The pattern of a name, compiled, with the words of the other regions.

    Raises:
        InputError: the data file is damaged.
    """
    one = _file().get(name)
    if not isinstance(one, Map) or "any" not in one:
        raise InputError(f"no pattern {name!r}", file="read/data/patterns.yaml")
    middle = "|".join(str(part) for part in one["any"])
    return re.compile(widened(f"{one.get('head', '')}(?:{middle}){one.get('tail', '')}"), flags)


def words(name: str) -> frozenset[str]:
    """The words of a name, as they stand."""
    one = _file().get(name)
    return frozenset(str(word) for word in one) if one else frozenset()


def table(name: str) -> Mapping[str, str]:
    """What each word of a name stands for."""
    one = _file().get(name)
    return {str(key): str(value) for key, value in one.items()} if isinstance(one, Map) else {}


def last(found: Iterable[re.Match[str]]) -> re.Match[str] | None:
    """The last of some matches."""
    return max(found, key=lambda match: match.start(), default=None)
