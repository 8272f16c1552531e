"""A few well-known bilingual names, each with the public source that gives both: data/aliases.tsv. Off unless asked."""

from __future__ import annotations

from functools import cache

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
