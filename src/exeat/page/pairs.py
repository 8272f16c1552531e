"""Two duties that pull apart, side by side."""

from __future__ import annotations

import msgspec

from exeat.decide.decision import Cited, ConflictView, Decision
from exeat.page.names import Names
from exeat.page.words import word
from exeat.rulebook.model import Book


class Side(msgspec.Struct, frozen=True):
    """One duty: whose law, which rule, what it does."""

    jurisdiction: str
    rule: str
    title: str
    does: str
    cite: tuple[Cited, ...]


class Pair(msgspec.Struct, frozen=True):
    """One conflict: what both are about, whether it is certain, the duty to act and the bar to it."""

    kind: str
    about: str
    certain: bool
    duty: Side
    bar: Side


def pairs(decision: Decision, book: Book, lang: str) -> tuple[Pair, ...]:
    """The conflicts of a decision, those that are certain first."""
    names = Names(book, lang, decision)
    findings = {one.rule: one for one in decision.findings}

    def side(rule: str, does: str) -> Side:
        found = findings.get(rule)
        regime = book.regimes.get(found.regime if found else "")
        jurisdiction = book.jurisdictions[regime.jurisdiction].title if regime else {}
        return Side(names.text(jurisdiction), rule, names.rule(rule), does, found.cite if found else ())

    def pair(one: ConflictView) -> Pair:
        forbids = one.kind == "blocking"
        about = names.activity(one.token)
        return Pair(
            word(f"conflict.{one.kind}", lang),
            about,
            one.certain,
            side(one.required_by, word("requires act", lang, about)),
            side(one.barred_by, word("forbids act" if forbids else "gates act", lang, about)),
        )

    return tuple(pair(one) for one in sorted(decision.conflicts, key=lambda one: not one.certain))
