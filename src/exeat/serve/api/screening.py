"""Screening: parties against the lists of this machine, and how those lists stand."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from litestar import Request, Response, get, post

from exeat.decide.engine import today
from exeat.errors import InputError, InputErrors
from exeat.screen.book import country_code, partial_day
from exeat.screen.lists import Status
from exeat.screen.model import Identifier, Query, Screened
from exeat.screen.review import Record, Standing
from exeat.serve.asker import Asker
from exeat.serve.doc import (
    DAY,
    JSON,
    NOWHERE,
    UNRECORDED,
    WORD,
    Doc,
    Param,
    Reply,
    answer,
    parameters,
    struct_of,
    told,
)
from exeat.serve.roles import check_role
from exeat.serve.services import Services

MOST = 100  # parties in one request
LONGEST = 500  # characters of a name; the longest on any list have some 300


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number of a party: ``kind`` as in `uscc`, `lei`, `imo`."""

    kind: str
    value: str


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A party to look for. ``names`` are spellings of one party, ``id`` your own number of it."""

    names: tuple[str, ...]
    kind: Literal["person", "organisation", "vessel", "aircraft", ""] = ""
    countries: tuple[str, ...] = ()
    born: tuple[str, ...] = ()
    gender: str = ""
    identifiers: tuple[Number, ...] = ()
    addresses: tuple[str, ...] = ()
    id: str = ""

    def query(self, path: str) -> Query:
        """What the matcher is asked.

        Raises:
            InputError: a name, country or day that is none.
        """
        names = tuple(one for one in self.names if one.strip())
        if not names:
            raise InputError("a name is needed", path=f"{path}.names")
        if any(len(one) > LONGEST for one in (*names, *self.addresses)) or len(names) > MOST:
            raise InputError("too long", path=f"{path}.names", allowed=f"{LONGEST} characters, {MOST} names")
        countries = tuple(country_code(one) for one in self.countries)
        if "" in countries:
            wrong = self.countries[countries.index("")]
            raise InputError("not a country", path=f"{path}.countries", found=wrong, allowed="a code such as CN")
        born = tuple(partial_day(one) for one in self.born)
        if "" in born:
            wrong = self.born[born.index("")]
            raise InputError("not a date of birth", path=f"{path}.born", found=wrong, allowed="YYYY[-MM[-DD]]")
        numbers = tuple(Identifier(one.kind, one.value) for one in self.identifiers)
        return Query(names, self.kind, countries, born, self.gender, numbers, self.addresses, self.id)


class Screening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parties to look for. ``on`` and ``known`` default to today, ``threshold`` (0 to 1) to the matcher's own.

    ``limit`` cuts the candidates that are shown of each, best first; never the search, the count or the exit code.
    """

    queries: tuple[Asked, ...]
    on: str = ""
    known: str = ""
    lists: tuple[str, ...] = ()
    threshold: float = 0.0
    limit: int | None = None


class Found(msgspec.Struct, frozen=True):
    """The answer for one party, and what people decided on each of its hits. ``total`` counts all candidates; ``cut``
    says that ``limit`` left some of them out here: those that are shown are not all that a person must judge.
    """

    screened: Screened
    standings: tuple[Standing, ...]
    total: int
    cut: bool


class Answers(msgspec.Struct, frozen=True):
    """Answers in the order asked. ``stale`` are lists too old for the day, with the days by which they are;
    ``exit_code`` is 20 with hits, 21 without any where not every list was searched, else 0.
    """

    answers: tuple[Found, ...]
    stale: dict[str, int]
    exit_code: int


class Lists(msgspec.Struct, frozen=True):
    """How the lists stand. ``state`` names what the store holds as a whole."""

    state: str
    lists: tuple[Status, ...]


SCREEN = Doc(
    id="screen",
    tag="screening",
    says="Look for parties on the lists of this machine. A hit is a candidate, which a person confirms or dismisses; a "
    "list that is not there was not searched, which is never the same as no hit. `total` counts all of a party's "
    "candidates; `cut` says that `limit` left some of them out of the answer, which the exit code still counts.",
    body={JSON: Screening},
    replies={200: Reply("The answers.", Answers)},
)


@post("/api/v1/screen", opt=told("viewer", SCREEN))
async def screen(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    parameters(request)
    asked: Screening = await struct_of(request, Screening)
    return answer(await services.alone(answers, services, asked))


def answers(services: Services, asked: Screening) -> Answers:
    """What the desk says.

    Raises:
        InputErrors: something that is not a party, a list that does not exist, no list at all.
    """
    from exeat.screen.desk import Terms, exit_code  # noqa: PLC0415  numpy, for whoever screens

    faults: list[InputError] = []
    queries = []
    if not 0 < len(asked.queries) <= MOST:
        faults.append(InputError("too few or too many", path="queries", allowed=f"1 to {MOST}"))
    for name in ("on", "known"):
        day = getattr(asked, name)
        if day and (len(day) != 10 or partial_day(day) != day):
            faults.append(InputError("not a day", path=name, found=day, allowed="YYYY-MM-DD"))
    if asked.limit is not None and asked.limit < 1:
        faults.append(InputError("too few", path="limit", found=str(asked.limit), allowed="1 or more"))
    for n, one in enumerate(asked.queries[:MOST]):
        try:
            queries.append(one.query(f"queries.{n}"))
        except InputError as error:
            faults.append(error)
    if faults:
        raise InputErrors(faults)
    terms = Terms(asked.on or today(), asked.known or today(), asked.lists, asked.threshold)
    desk = services.desk
    found = desk.screen(queries, terms)
    states = [tuple(desk.standings(one, terms)) for one in found]
    stale = desk.stale(terms)
    told = tuple(_shown(one, state, asked.limit) for one, state in zip(found, states, strict=True))
    return Answers(told, stale, exit_code(found, states, stale))


def _shown(found: Screened, states: tuple[Standing, ...], limit: int | None) -> Found:
    """An answer cut to what was asked for, with the count of all: a candidate left out must not look like none."""
    total = len(found.hits)
    shown = msgspec.structs.replace(found, hits=found.hits[:limit])
    return Found(shown, states[:limit], total, total > len(shown.hits))


LISTS = Doc(
    id="lists",
    tag="screening",
    says="How old each list of restricted parties is against its limit.",
    params=(Param("on", "As it was on another day. Default: today.", DAY),),
    replies={200: Reply("The lists.", Lists)},
)


@get("/api/v1/lists", opt=told("viewer", LISTS))
async def lists(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)

    def look() -> Lists:
        from exeat.screen.lists import status  # noqa: PLC0415

        store = services.desk.store
        return Lists(store.state(), tuple(status(store, given["on"] or today(), lists=services.desk.lists)))

    return answer(await services.alone(look))


class HitDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is decided on a hit. To confirm or dismiss: the party as it is asked for (its ``id`` is your reference) and
    the ``entry`` that it hits; a dismissal also needs its last day, ``expires``. To undo or approve: the ``number`` of
    the decision. ``decision`` is the entry of a recorded decision that this bears on.
    """

    verdict: Literal["confirm", "dismiss", "undo", "approve"]
    reason: str = ""
    query: Asked | None = None
    entry: str = ""
    expires: str = ""
    number: int = 0
    on: str = ""
    known: str = ""
    lists: tuple[str, ...] = ()
    threshold: float = 0.0
    decision: int = 0


class HitDecided(msgspec.Struct, frozen=True):
    """The decision, and the entry of the record that tells of it."""

    record: Record
    entry: int


class HitPage(msgspec.Struct, frozen=True):
    """Decisions on hits in the order made. ``next`` is the cursor of the page after, "" on the last one."""

    records: tuple[Record, ...]
    next: str


DECIDE = Doc(
    id="decideHit",
    tag="screening",
    says="Confirm or dismiss a hit, or take such a decision back: who asks is who decides. Somebody else may `approve` "
    "a decision that holds (role: approver). It is entered in the record before it holds.",
    body={JSON: HitDecision},
    replies={201: Reply("What was decided.", HitDecided), 404: NOWHERE, 503: UNRECORDED},
)


@post("/api/v1/screen/hits", opt=told("analyst", DECIDE))
async def decide_hit(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    parameters(request)
    said: HitDecision = await struct_of(request, HitDecision)
    if said.verdict == "approve":
        check_role(asker, "approver")
    return answer(await services.alone(_decided, services, asker.name, said), 201)


def _decided(services: Services, by: str, said: HitDecision) -> HitDecided:
    """Decide.

    Raises:
        InputErrors: something is missing or wrong, the hit is not there, or nothing could be written.
    """
    from exeat.screen.decide import Entered, approve, hit_of, now  # noqa: PLC0415

    desk, first = services.desk, Entered(services.record, by, said.decision)
    if said.verdict != "approve" and not said.reason.strip():
        raise InputError("say why", path="reason")
    if said.verdict == "approve":
        made = approve(desk, said.number, by=by, first=first)
    elif said.verdict == "undo":
        made = desk.reviews.undo(said.number, by=by, at=now(), reason=said.reason, first=first)
    elif said.query is None:
        raise InputError("the party is needed", path="query")
    else:
        asked = Screening((said.query,), said.on, said.known, said.lists, said.threshold)
        found = answers(services, asked).answers[0].screened
        made = desk.reviews.decide(
            found, hit_of(found, said.entry), said.verdict, by=by, at=now(), reason=said.reason, expires=said.expires,
            first=first,
        )  # fmt: skip
    return HitDecided(made, first.entry.n if first.entry else 0)


HITS = Doc(
    id="hits",
    tag="screening",
    says="What people decided on hits, in the order made. Nothing is ever erased.",
    params=(
        Param("cursor", "Where the last page ended.", {**WORD, "pattern": "^[0-9]{1,15}$"}),
        Param("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}),
        Param("party", "Only those on this listed party."),
        Param("reference", "Only those on your party of this id."),
    ),
    replies={200: Reply("A page of them.", HitPage)},
)


@get("/api/v1/screen/hits", opt=told("viewer", HITS))
async def hits(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    query = Query((), id=given["reference"]) if given["reference"] else None
    after, limit = int(given["cursor"] or 0), given["limit"]

    def look() -> HitPage:
        found = [one for one in services.desk.reviews.history(query, given["party"] or "") if one.number > after]
        more = len(found) > limit
        return HitPage(tuple(found[:limit]), str(found[limit - 1].number) if more else "")

    return answer(await services.alone(look))
