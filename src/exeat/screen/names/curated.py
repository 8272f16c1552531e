"""Well-known bilingual names with the public source that gives both: data/aliases.tsv.

A coined name (大疆, DJI) cannot be found by reading it aloud or by translating it. A bare `Matcher` and the benchmarks
know none of these; `exeat.screen.desk` adds them to the parties of the lists, each with its source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

import msgspec

from exeat.decide.facts import normal_name
from exeat.screen.model import Name, Party
from exeat.screen.names.build import analyse
from exeat.screen.names.learn import Learnt
from exeat.screen.names.lexicon import rows


@cache
def curated() -> tuple[Learnt, ...]:
    """As `Learnt` names and words, for the same use."""
    return tuple(
        Learnt(kind, text, analyse(means, "organisation").key if kind == "name" else means, f"{source}, seen {seen}")
        for kind, text, means, source, seen in rows("aliases.tsv")
    )


def with_known(party: Party) -> Party:
    """The party with the names added that are known for one of its own, letter for letter (case and signs aside)."""
    have = {name.text for name in party.names}
    more = {
        one.text: one
        for name in party.names
        for one in _by_name().get(normal_name(name.text), ())
        if one.text not in have
    }
    return msgspec.structs.replace(party, names=(*party.names, *more.values())) if more else party


def version() -> str:
    """A hash of all of them: whatever is kept of names goes by it."""
    return hashlib.sha256(msgspec.json.encode(list(rows("aliases.tsv")))).hexdigest()[:12]


@cache
def _by_name() -> Mapping[str, tuple[Name, ...]]:
    found: dict[str, tuple[Name, ...]] = {}
    for kind, text, means, source, seen in rows("aliases.tsv"):
        if kind == "name":
            name = Name(text, "learnt", language="zh", source=f"{source} (seen {seen})")
            found[normal_name(means)] = (*found.get(normal_name(means), ()), name)
    return found
