"""Values of a fact that the law of a moment cannot tell apart: who asks about each of them need ask once for all alike.

Nothing but two things of a stated code reaches an answer's range: the row that it makes (`moment.Moment.cell_row`), and
what the finer codes are that it may stand for (`complete.choices`). Codes that agree in both are one question. Tests
hold the answers equal to those of asking about every code by itself.
"""

from __future__ import annotations

import weakref
from collections.abc import Hashable, Iterable, Sequence

from exeat.decide.moment import Moment, Period
from exeat.vocabulary.transaction import Cell

_kinds: weakref.WeakKeyDictionary[Period, dict[tuple[str, str], Hashable]] = weakref.WeakKeyDictionary()


def alike(moments: Sequence[Moment], path: str, codes: Iterable[str]) -> list[list[str]]:
    """Codes of one fact in groups: within one, whatever else a transaction states, the ranges are the same.

    Args:
        moments: the law on each side of a change within the act's day.
        path: the fact, of one code.
        codes: codes of its list.

    Returns:
        The groups, in the order of their first codes.
    """
    found: dict[Hashable, list[str]] = {}
    for code in codes:
        found.setdefault(tuple([_kind(moment, path, code) for moment in moments]), []).append(code)
    return list(found.values())


def _kind(moment: Moment, path: str, code: str) -> Hashable:
    """All that a code says at a moment, kept for the period."""
    kept = _kinds.setdefault(moment.period, {})
    kind = kept.get((path, code))
    if kind is None:
        kind = kept[(path, code)] = _read(moment, path, code)
    return kind


def _read(moment: Moment, path: str, code: str) -> Hashable:
    column = moment.compiled.columns.get(path)
    if column is None:
        return ()  # no rule asks
    codes = moment.book.vocabulary.lists[column.fact.of]
    finer = (code, *(() if codes.exact_parents else codes.below(code)))
    exact = dict.fromkeys(moment.exact_signature(path, one) for one in finer)
    return moment.cell_row(Cell(code), path), moment.signature(path, code), tuple(exact)
