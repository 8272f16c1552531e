"""Registers that an overlay adds to: rows and sources beside those that are there, and periods of completeness.

Nothing that stands in a register is replaced or taken away. What an addition could free is a relaxation: completeness
(absence then means something), and rows of a register where *being listed* frees.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from exeat.errors import InputError
from exeat.rulebook.condition import All, AnyOf, Condition, Not, Test
from exeat.rulebook.model import Book, Importer, Period, Register, Row, Source
from exeat.rulebook.rows import read_rows
from exeat.vocabulary.model import Vocabulary
from exeat.vocabulary.reader import line_of
from exeat.vocabulary.take import Taker

RELAX = "say --allow-relax if that is meant"


class Addition(NamedTuple):
    """What one file added, for checks that need the whole book."""

    register: str
    rows: tuple[Row, ...]
    periods: tuple[Period, ...]
    known: frozenset[str]  # ids that the register had before
    file: str
    line: int
    complete_line: int


def add_to_register(
    register: Register, taker: Taker, path: Path, sources: dict[str, Source], vocabulary: Vocabulary
) -> tuple[Register, Addition]:
    """The register with what a file of ``adds: true`` adds to it.

    Raises:
        InputErrors: a source whose key is taken, faulty rows or periods.
    """
    for key in sources:
        if key in register.sources:
            hint = "each addition has keys of its own; was the same text imported twice?"
            taker.fail("the register already has a source of this key", key, f"sources.{key}", hint=hint)
    rows = read_rows(taker, path, register.columns, sources, vocabulary)
    periods = tuple(_period(one) for one in taker.maps("complete"))
    taker.done()
    added = Addition(
        register.id,
        rows,
        periods,
        frozenset(row.id for row in register.rows),
        taker.file,
        line_of(taker.node["register"]),
        line_of(taker.node.get("complete")),
    )
    merged = msgspec.structs.replace(
        register,
        sources={**register.sources, **sources},
        rows=(*register.rows, *rows),
        added=(*register.added, *periods),
    )
    return merged, added


def _period(one: Taker) -> Period:
    period = Period(one.day("from"), one.day("until", ""), one.day("recorded"))
    if period.until and period.until < period.since:
        one.fail("ends before it begins", one.node["until"], "until")
    one.done()
    return period


def relaxations(book: Book, addition: Addition) -> Iterator[InputError]:
    """What an addition to a shipped register could free."""
    if addition.periods:
        yield InputError(
            "an overlay may not make a shipped register complete: what is not in it would count as free",
            file=addition.file, line=addition.complete_line, path="complete", hint=RELAX,
        )  # fmt: skip
    for owner, test in _freeing(book, addition.register):
        row = next((row for row in addition.rows if _changes(book, test, row, addition.known)), None)
        if row is not None:
            problem = f"an overlay may not add to a register that frees (see {owner})"
            yield InputError(problem, file=addition.file, line=addition.line, path=row.id, hint=RELAX)
            return


def _freeing(book: Book, register: str) -> Iterator[tuple[str, Test]]:
    """Tests of a register that free where they hold: those of exceptions, and those that stand under a `not`."""
    conditions = [(rule.id, rule.when, bool(rule.defeats)) for rule in book.rules.values()]
    conditions += [(one.id, one.touched, False) for one in book.jurisdictions.values()]
    for owner, condition, relieves in conditions:
        for test, negated in _tests(condition):
            if test.register == register and (negated or relieves):
                yield owner, test


def _tests(condition: Condition, negated: bool = False) -> Iterator[tuple[Test, bool]]:
    if isinstance(condition, Test):
        yield condition, negated
    elif isinstance(condition, (All, AnyOf)):
        for part in condition.parts:
            yield from _tests(part, negated)
    else:
        yield from _tests(condition.part, negated != isinstance(condition, Not))


def _changes(book: Book, test: Test, row: Row, known: frozenset[str]) -> bool:
    """Whether a row could change what a transaction that was decided before says.

    An entry of an item is named by its id, so none can have named a new one. A code had its answer without the row, and
    a party may bear the name of a new entry.
    """
    by_id = book.vocabulary.facts[test.path].kind == "entries" and book.registers[test.register].of != "parties"
    return not by_id or row.id in known


def overruns(book: Book, addition: Addition) -> Iterator[InputError]:
    """Periods of completeness that reach past the version of the text they speak of."""
    for importer in book.importers.values():
        if importer.register != addition.register or not importer.versions:
            continue
        for period in addition.periods:
            later = [row.since for row in version_rows(book, importer) if row.since > period.since]
            first = min(later, default="")
            if first and (not period.until or period.until >= first):
                yield InputError(
                    "complete beyond the day on which the next version began",
                    file=addition.file, line=addition.complete_line, path="complete",
                    found=period.until or "open", allowed=f"until before {first}",
                    hint=f"import the version of {first} as well, and end this one",
                )  # fmt: skip


def version_rows(book: Book, importer: Importer) -> list[Row]:
    """The versions of the text that count for an importer, in order of their first day."""
    if importer.versions is None:
        return []
    where = importer.versions.where
    rows = book.registers[importer.versions.register].rows
    found = [row for row in rows if all(row.columns[column] == value for column, value in where.items())]
    return sorted(found, key=lambda row: row.since)
