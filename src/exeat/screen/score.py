"""How alike two names, and two parties, are: a score that is the sum of its reasons.

Points are whole thousandths, so that a score is *exactly* the sum of its reasons: `points` counts in integers, and
`Reason.points` and `Compared.score` are those integers divided by 1,000 (add up ``round(points * 1000)``, or round the
float sum to three places). A score depends on the pair only.

What an index may rely on
-------------------------
A name score of at least ``FLOOR`` needs one of these *channels* for some pair of readings (the union is complete):

exact        equal ``key``
word         one word of weight ≥ 300 of each side that are equal, or within `budget(len)` edits (Levenshtein with
             transposition counted as one: OSA), where len is the longer word's
sound        one word of weight ≥ 300 of each side with equal skeleton, or (skeletons of 4 letters and more) one edit
joined       ``joined`` within `budget(len)` edits, or one side's word equal to two or three neighbouring words of the other put together
acronym      one side's ``acronym`` equals a word of the other, and that side is ``short``
initials     one letter of each ... only ever together with a word from `word` or `sound`
han          equal two-character substring of ``han`` (both sides Han)
"""

from __future__ import annotations

from rapidfuzz.distance import OSA

from exeat.screen.model import Reason
from exeat.screen.names import Analysed

import msgspec

FLOOR = 500


class Compared(msgspec.Struct, frozen=True):
    score: float
    reasons: tuple[Reason, ...]


def budget(length: int) -> int:
    """How many edits a word of this length bears."""
    return 0 if length < 3 else 1 if length < 7 else 2 if length < 12 else 3


def points(query: Analysed, listed: Analysed, floor: int = 0) -> int:
    """The name score in thousandths, without reasons; any value below ``floor`` may stand for "below floor"."""
    a, b = query.readings[0], listed.readings[0]
    return 1000 if a.words == b.words else int(1000 * OSA.normalized_similarity(a.joined, b.joined))


def compare(query: Analysed, listed: Analysed) -> Compared:
    n = points(query, listed)
    return Compared(n / 1000, (Reason("name", n / 1000, query.text, listed.text),))
