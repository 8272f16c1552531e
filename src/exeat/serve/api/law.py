"""The law: what it holds, how it stands on a day, what differs between two days, and what is not encoded."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get

from exeat.decide.engine import today
from exeat.errors import InputError, InputErrors, nearest
from exeat.page import timeline as lines
from exeat.page.law import NOT_YET, Difference, differences, ids, listing, plain, things
from exeat.rulebook.life import paint
from exeat.rulebook.model import Book
from exeat.serve.asker import Asker
from exeat.serve.doc import DAY, NOWHERE, WORDS, Doc, Param, Reply, answer, parameters, told
from exeat.serve.problem import Refused
from exeat.serve.services import Services
from exeat.vocabulary.model import Text

KNOWN = Param("known", "Only law published by this UTC day. Default: today.", DAY)
ANY = {"type": "array", "items": {"type": "object"}}


class Standing(msgspec.Struct, frozen=True):
    """How a rule stands at the end of a day. ``since`` and ``recorded`` are "" before its first event."""

    rule: str
    regime: str
    measure: str
    effect: str
    status: str
    since: str
    recorded: str


class Uncovered(msgspec.Struct, frozen=True):
    """Law of a regime or jurisdiction that is not encoded; ``reaches`` are the activities that it concerns."""

    id: str
    title: Text
    reaches: tuple[str, ...]


class RegimeCoverage(msgspec.Struct, frozen=True):
    """What is encoded of a regime, to which day, and what is not."""

    regime: str
    jurisdiction: str
    title: Text
    covers: Text
    not_covered: tuple[Uncovered, ...]
    encoded_to: str


class Coverage(msgspec.Struct, frozen=True):
    """The whole coverage statement of this edition. ``jurisdictions`` are gaps that belong to no encoded regime."""

    edition: str
    hash: str
    encoded_to: str
    regimes: tuple[RegimeCoverage, ...]
    jurisdictions: dict[str, tuple[Uncovered, ...]]


def standings(book: Book, on: str, known: str) -> list[Standing]:
    """Every rule as it stands at the end of a day, as known on a day."""
    found = []
    for rule in book.rules.values():
        event = paint(rule.life, f"{on}T23:59", known)
        status, since, recorded = (event.status, event.since, event.recorded) if event else (NOT_YET, "", "")
        found.append(Standing(rule.id, rule.regime, rule.measure, rule.effect or rule.relief, status, since, recorded))
    return found


def coverage(book: Book) -> Coverage:
    """What the rulebook covers, and what it does not."""
    regimes = tuple(
        RegimeCoverage(
            one.id, one.jurisdiction, one.title, one.covers,
            tuple(Uncovered(gap.id, gap.title, gap.reach) for gap in one.gaps),
            one.encoded_to,
        )
        for one in book.regimes.values()
    )  # fmt: skip
    gaps = {
        key: tuple(Uncovered(gap.id, gap.title, gap.reach) for gap in one.gaps)
        for key, one in book.jurisdictions.items()
    }
    return Coverage(book.edition, book.hash, book.encoded_to, regimes, gaps)


def _doc(id_: str, says: str, kind: Any, *params: Param, named: bool = False) -> Doc:
    replies = {200: Reply(says, kind), **({404: NOWHERE} if named else {})}
    return Doc(id=id_, tag="law", says=says, replies=replies, params=params)


@get("/api/v1/law", opt=told("viewer", _doc("law", "Every regime, with its measures, rules and registers.", ANY)))
async def law(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    parameters(request)
    return answer(listing(services.book, asker.lang))


THING = _doc(
    "thing",
    "A rule, measure, regime, register or jurisdiction in full; everything of that id.",
    ANY,
    Param("id", "Its id.", where="path"),
    named=True,
)


@get("/api/v1/law/things/{id:str}", opt=told("viewer", THING))
async def thing(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    key = parameters(request)["id"]
    found = things(services.book, key)
    if not found:
        raise Refused(404, "no such thing in the law", path="id", found=key, hint=nearest(key, ids(services.book)))
    return answer([plain(kind, one) for kind, one in found])


AS_OF = _doc(
    "law_as_of",
    "How every rule stands at the end of a day.",
    list[Standing],
    Param("on", "The day. Default: today.", DAY),
    KNOWN,
    Param("regime", "Only this regime (may be repeated).", WORDS),
)


@get("/api/v1/law/as-of", opt=told("viewer", AS_OF))
async def as_of(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    check_regimes(services.book, given["regime"])
    found = standings(services.book, given["on"] or today(), given["known"] or today())
    return answer([one for one in found if not given["regime"] or one.regime in given["regime"]])


DIFF = _doc(
    "law_diff",
    "The rules and register rows that stand differently at the end of two days.",
    list[Difference],
    Param("first", "The one day.", DAY, required=True),
    Param("second", "The other.", DAY, required=True),
    KNOWN,
)


@get("/api/v1/law/diff", opt=told("viewer", DIFF))
async def diff(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    return answer(differences(services.book, given["first"], given["second"], given["known"] or today()))


TIMELINE = _doc(
    "law_timeline",
    "What happened to the law, in order of the days on which it took effect.",
    ANY,
    Param("regime", "Only this regime (may be repeated).", WORDS),
    KNOWN,
)


@get("/api/v1/law/timeline", opt=told("viewer", TIMELINE))
async def timeline(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    check_regimes(services.book, given["regime"])
    found = lines.moments(services.book, given["regime"], given["known"] or today())
    return answer([lines.plain(one, services.book) for one in found])


@get("/api/v1/coverage", opt=told("viewer", _doc("coverage", "What is encoded, and what is not.", Coverage)))
async def covered(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    parameters(request)
    return answer(coverage(services.book))


def check_regimes(book: Book, regimes: tuple[str, ...]) -> None:
    """That these regimes exist.

    Raises:
        InputErrors: one does not.
    """
    faults = [
        InputError("no such regime", path="regime", found=one, hint=nearest(one, book.regimes))
        for one in regimes
        if one not in book.regimes
    ]
    if faults:
        raise InputErrors(faults)
