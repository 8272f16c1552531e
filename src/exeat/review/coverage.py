"""Whether the cases try every rule: hit, missed, and undecided."""

from __future__ import annotations

from collections.abc import Iterable

from exeat.review.cases import Outcome
from exeat.review.static import Note
from exeat.rulebook.model import Book

HITS = ("applies", "defeated", "dormant")


def missing_results(book: Book, outcomes: Iterable[Outcome]) -> list[Note]:
    """A remark for every deciding rule and exception that no case hits, misses, or leaves undecided."""
    seen: dict[str, set[str]] = {}
    for outcome in outcomes:
        if outcome.faults:
            continue
        for name, result in outcome.results.items():
            seen.setdefault(name, set()).add(result)
    notes = []
    for rule in book.rules.values():
        found = seen.get(rule.id, set())
        wanted = {"hits": bool(found & set(HITS)), "misses": "does_not" in found}
        if rule.decides or rule.defeats:
            wanted["leaves it undecided"] = "undecided" in found
        lacking = [name for name, there in wanted.items() if not there]
        if lacking:
            notes.append(Note(True, f"{rule.file}:{rule.line}: {rule.id}", f"no case {', '.join(lacking)}"))
    return notes
