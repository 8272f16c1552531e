"""A few well-known bilingual names, each with the public source that gives both: data/aliases.yaml. Off unless asked."""

from __future__ import annotations

from functools import cache

from exeat.screen.names.learn import Learnt
from exeat.screen.names.lexicon import rows


@cache
def curated() -> tuple[Learnt, ...]:
    """As `Learnt` names and words, for the same use."""
    return tuple(Learnt(kind, text, means, source) for kind, text, means, source, _ in rows("aliases.tsv"))
