"""What the faces share when people decide on hits: which hit, when, a second person, and the record beside the file.

The entry in the record is written first. Where the file cannot be written then, the record tells of a decision that
does not hold and the hit stays open, which blocks; the other way round a hit would be cleared that no record tells of.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from exeat.decide import engine
from exeat.errors import InputError, nearest
from exeat.screen.desk import Desk, Terms
from exeat.screen.model import Hit, Screened
from exeat.screen.review import Before, Record

if TYPE_CHECKING:
    from exeat.record.entry import Entry
    from exeat.record.ledger import Record as Ledger

OUTCOMES = {"confirm": "confirmed", "dismiss": "dismissed", "undo": "open"}


def now() -> str:
    """The instant of a decision, on the day that everything else in this run goes by."""
    return f"{engine.today()}{dt.datetime.now(dt.UTC):T%H:%M:%S+00:00}"


def hit_of(found: Screened, entry: str) -> Hit:
    """The hit on a listed party.

    Raises:
        InputError: the answer has none.
    """
    for hit in found.hits:
        if hit.party.id == entry:
            return hit
    ids = [hit.party.id for hit in found.hits]
    raise InputError("no such hit", path="ENTRY", found=entry, allowed=", ".join(ids[:8]), hint=nearest(entry, ids))


class Entered:
    """Enters a decision on a hit in the record, for ``first`` of `exeat.screen.review.Reviews`.

    Args:
        ledger: the record.
        by: who acts.
        n: the recorded decision that it bears on (0: none).
    """

    def __init__(self, ledger: Ledger, by: str, n: int = 0) -> None:
        self.ledger, self.by, self.n = ledger, by, n
        self.entry: Entry | None = None

    def __call__(self, made: Record) -> None:
        """Enter it.

        Raises:
            RecordError: no such decision, no reason, or it could not be recorded.
        """
        name = made.query.names[0] if made.query else made.subject
        listed = made.list.list if made.list else ""
        self.entry = self.ledger.decide_hit(
            name, made.party, OUTCOMES[made.verdict], made.reason, by=self.by, n=self.n, expires=made.expires,
            list=listed, review=made,
        )  # fmt: skip


def approve(desk: Desk, number: int, *, by: str, first: Before | None = None) -> Record:
    """A second person stands by a decision: it is written again with both names, as it was made.

    Only one that holds today can be approved: otherwise somebody would clear with another's name what nobody looked at
    since it moved.

    Raises:
        InputError: there is no such decision, it no longer holds, or the same person made it.
    """
    made = next((one for one in desk.reviews.history() if one.number == number and one.query), None)
    if made is None or made.query is None:
        raise InputError("no such decision to approve", path="number", found=str(number))
    day = engine.today()
    found = desk.screen([made.query], Terms(day, day, (), made.threshold))[0]
    hit = hit_of(found, made.party)
    standing = desk.reviews.state(made.query, hit, day)
    if standing.state == "open" or standing.record != made:
        why = "; ".join(one.text for one in standing.why) or "a later one took its place"
        raise InputError(f"it no longer holds: {why}", path="number", found=str(number))
    return desk.reviews.approve(made, found, hit, by=by, at=now(), first=first)
