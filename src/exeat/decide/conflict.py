"""Conflicts: one regime requires what another forbids or gates. Shown with both citations, never resolved."""

from __future__ import annotations

import msgspec

from exeat.decide.facts import Facts
from exeat.decide.result import Combination, Outcome
from exeat.rulebook.model import Book, Rule


class Conflict(msgspec.Struct, frozen=True):
    """``required_by`` wants the act ``token``; ``barred_by`` forbids it (blocking) or gates it (sequencing)."""

    kind: str
    required_by: str
    barred_by: str
    token: str
    certain: bool


def conflicts(outcome: Outcome, book: Book, facts: Facts) -> tuple[Conflict, ...]:
    """Every pair of rules of different regimes that pull apart on one combination."""
    live = [r for regime in outcome.regimes.values() for r in regime.results if r.operative]
    wanting = [(r, book.rules[r.rule]) for r in live if book.rules[r.rule].requires]
    activity = facts.act.get("activity")
    doing = str(activity.value) if activity is not None else ""
    found: dict[tuple[str, str, str], Conflict] = {}
    for wants, wanting_rule in wanting:
        for bars in live:
            barring_rule = book.rules[bars.rule]
            if barring_rule.regime == wanting_rule.regime or not _meet(wants.combination, bars.combination):
                continue
            for kind, token in _pulls(wanting_rule, barring_rule, doing, book):
                key = (wants.rule, bars.rule, token)
                certain = wants.operative == 2 and bars.operative == 2
                before = found.get(key)
                found[key] = Conflict(kind, wants.rule, bars.rule, token, certain or bool(before and before.certain))
    return tuple(found.values())


def _meet(left: Combination, right: Combination) -> bool:
    """Two combinations are of one transaction unless they name different items, parties or places."""
    other = dict(right)
    return all(other.get(scope, position) == position for scope, position in left)


def _pulls(wanting: Rule, barring: Rule, doing: str, book: Book) -> list[tuple[str, str]]:
    forbids, gates = barring.forbids, barring.gates
    if not forbids and not gates and doing:  # a rule that names no token speaks of the very act
        forbids = (doing,) if barring.effect == "prohibited" else ()
        gates = (doing,) if barring.effect in ("licence_required", "approval_required") else ()
    lists = book.vocabulary.lists["activities"]
    found = []
    for token in wanting.requires:
        for kind, others in (("blocking", forbids), ("sequencing", gates)):
            if any(other in lists.ancestors(token) or token in lists.ancestors(other) for other in others):
                found.append((kind, token))
    return found
