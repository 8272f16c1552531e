"""Three-valued logic (Kleene), and the test of one fact.

Truth is 0 (false), 1 (unknown), 2 (true): AND is the minimum, OR the maximum, NOT is 2 - x. These are the only truth
values in exeat; the index keeps them as two bits, *surely* (2) and *possibly* (not 0).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from exeat.rulebook.condition import Test
from exeat.vocabulary.model import CodeList, Entries, ListedRow, State, Value, Vocabulary

FALSE, UNKNOWN, TRUE = 0, 1, 2


class Registers(Protocol):
    """Registers as they stand at one moment."""

    def row(self, register: str, entry: str, where: tuple[tuple[str, tuple[str, ...]], ...]) -> int:
        """Whether the entry stands in the register and matches ``where``: true, unknown (unverified row), or false."""

    def complete(self, register: str) -> bool:
        """Whether absence from the register means anything at this moment."""

    def day(self, register: str) -> str:
        """The day it is for the register."""

    def listed(self, register: str, row: ListedRow, where: tuple[tuple[str, tuple[str, ...]], ...]) -> int:
        """The same as `row` for an entry that the caller wrote out."""


def test(atom: Test, value: Value, vocabulary: Vocabulary, registers: Registers, exact: bool = False) -> int:  # noqa: PT028  no test of pytest's
    """The truth of one test of a known value. States (`unknown`, `not applicable`) are the caller's business.

    A code that has finer codes below it is a coarse answer: it may be any of them, or none of those named. What they do
    not agree on is unknown. ``exact`` takes it as none of those named; completion tries the finer ones one by one.
    """
    if isinstance(value, State):
        raise TypeError("a state is not a value")
    if isinstance(value, Entries):
        return _in_entries(atom, value, registers)
    if isinstance(value, bool):
        return TRUE if value == (atom.values[0] == "true") else FALSE
    if isinstance(value, Decimal):
        return _compare(atom.op, value, Decimal(atom.values[0]))
    codes = vocabulary.lists.get(vocabulary.facts[atom.path].of)
    if codes is None:
        return _compare_days(atom.op, str(value), atom.values[0])
    if isinstance(value, frozenset):
        truths = [_test_code(atom, code, codes, registers, exact) for code in value]
        return min(truths) if atom.op == "outside" else max(truths)
    return _test_code(atom, value, codes, registers, exact)


def _compare(op: str, value: Decimal, bound: Decimal) -> int:
    holds = {
        "at least": value >= bound,
        "at most": value <= bound,
        "more than": value > bound,
        "less than": value < bound,
    }[op]
    return TRUE if holds else FALSE


def _compare_days(op: str, value: str, bound: str) -> int:
    holds = {"from": value >= bound, "until": value <= bound, "before": value < bound, "after": value > bound}[op]
    return TRUE if holds else FALSE


def _test_code(atom: Test, value: str, codes: CodeList, registers: Registers, exact: bool) -> int:
    own = _test_exact_code(atom, value, codes, registers)
    if exact or codes.exact_parents or (atom.op == "is" and own == TRUE):
        return own
    if any(_test_exact_code(atom, finer, codes, registers) != own for finer in codes.below(value)):
        return UNKNOWN
    return own


def _test_exact_code(atom: Test, value: str, codes: CodeList, registers: Registers) -> int:
    if atom.op == "is":
        return TRUE if value in atom.values else FALSE
    above = codes.ancestors(value)
    if atom.op == "in":
        found = max([registers.row(atom.register, name, atom.where) for name in above])
        return UNKNOWN if found == FALSE and not registers.complete(atom.register) else found
    hit = any(target in above for target in atom.values)
    return TRUE if hit == (atom.op == "under") else FALSE


def _in_entries(atom: Test, value: Entries, registers: Registers) -> int:
    prefix = f"{atom.register}/"

    def best(entries: frozenset[str]) -> int:
        mine = [entry for entry in entries if entry.startswith(prefix)]
        held = [registers.row(atom.register, entry.removeprefix(prefix), atom.where) for entry in mine]
        listed = [registers.listed(atom.register, row, atom.where) for row in value.rows if row.entry in mine]
        return max(held + listed, default=FALSE)

    found = best(value.entries)
    if found != FALSE:
        return found
    if value.none_other is True:
        return FALSE
    if best(value.candidates) != FALSE:
        return UNKNOWN
    return FALSE if registers.complete(atom.register) or _screened(atom.register, value, registers) else UNKNOWN


def _screened(register: str, value: Entries, registers: Registers) -> bool:
    """A screening holds for its own lists, from its first day up to the day it speaks of (or its expiry)."""
    screening = value.none_other
    if screening is None or isinstance(screening, bool) or register not in screening.lists:
        return False
    return screening.begins <= registers.day(register) <= max(screening.as_of, screening.expires)
