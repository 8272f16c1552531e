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
from exeat.screen.review import Standing
from exeat.serve.doc import DAY, JSON, Doc, Param, Reply, answer, parameters, struct_of, told
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
    """Parties to look for. ``on`` and ``known`` default to today, ``threshold`` (0 to 1) to the matcher's own."""

    queries: tuple[Asked, ...]
    on: str = ""
    known: str = ""
    lists: tuple[str, ...] = ()
    threshold: float = 0.0
    limit: int | None = None


class Found(msgspec.Struct, frozen=True):
    """The answer for one party, and what people decided on each of its hits."""

    screened: Screened
    standings: tuple[Standing, ...]


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
    "list that is not there was not searched, which is never the same as no hit.",
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
    terms = Terms(asked.on or today(), asked.known or today(), asked.lists, asked.threshold, asked.limit)
    desk = services.desk
    found = desk.screen(queries, terms)
    states = [tuple(desk.standings(one, terms)) for one in found]
    stale = desk.stale(terms)
    told = tuple(Found(one, state) for one, state in zip(found, states, strict=True))
    return Answers(told, stale, exit_code(found, states, stale))


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
