"""Screening review: who is on a list, why the matcher thinks so, and what a person says to it."""

from __future__ import annotations

import datetime as dt
import weakref
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import msgspec
from litestar import Request, get, post
from litestar.response import Redirect, Template

from exeat.decide.engine import today
from exeat.errors import InputError, InputErrors
from exeat.page.compare import rows
from exeat.serve.api.screening import Asked, Number
from exeat.serve.asker import Asker
from exeat.serve.pages.show import page, to, words
from exeat.serve.problem import Refused
from exeat.serve.roles import needs
from exeat.serve.services import Services

if TYPE_CHECKING:
    from exeat.screen.desk import Desk, Terms
    from exeat.screen.model import Query, Screened

Web = Request[Any, Any, Any]
_matched: weakref.WeakKeyDictionary[Desk, dict[tuple[bytes, bytes], Screened]] = weakref.WeakKeyDictionary()
FIELDS = ("name", "kind", "country", "born", "number", "reference", "on", "list")
WORDS: dict[str, Literal["confirm", "dismiss"]] = {"confirm": "confirm", "dismiss": "dismiss"}
KINDS = ("organisation", "person", "vessel", "aircraft")
SHOWN = 25  # hits on a page
MATCHED = 64  # questions whose hits are kept
MONTHS = 6  # for which a dismissal is suggested to hold


@get("/screening", opt=needs("viewer"))
async def search(request: Web, services: Services, asker: Asker) -> Template:
    """The form, and what was found."""
    given = {key: str(request.query_params.get(key, "")).strip()[:500] for key in FIELDS}
    return await services.alone(_searched, services, asker, given)


def _searched(services: Services, asker: Asker, given: dict[str, str], faults: tuple[InputError, ...] = ()) -> Template:
    found: dict[str, Any] = {"screened": None, "standings": [], "stale": {}, "terms": None}
    if given["name"]:
        try:
            found = _screened(services, given)
        except InputErrors as errors:
            faults = (*faults, *errors.errors)
        except InputError as error:
            faults = (*faults, error)
    titles = {key: one.title[asker.lang] for key, one in services.desk.lists.lists.items()}
    query = urlencode({key: value for key, value in given.items() if value})
    held = sorted({one.list for one in services.desk.store.versions(None, today())})
    return page(
        "screening/search.html", asker, 422 if faults else 200, here="screening", given=given, kinds=KINDS,
        faults=faults, titles=titles, query=query, shown=SHOWN, held=held,
        **found,
    )  # fmt: skip


def _screened(services: Services, given: dict[str, str]) -> dict[str, Any]:
    """The answer of the desk to the form.

    Raises:
        InputErrors, InputError: something that is not a party or a day, or no list to search.
    """
    from exeat.screen.book import partial_day  # noqa: PLC0415
    from exeat.screen.desk import Terms  # noqa: PLC0415  numpy, for whoever screens

    on = given["on"]
    if on and (len(on) != 10 or partial_day(on) != on):
        raise InputError("not a day", path="on", found=on, allowed="YYYY-MM-DD")
    kind, _, number = given["number"].partition(":")
    if given["number"] and not number:
        raise InputError("not a number", path="number", found=given["number"], allowed="KIND:NUMBER, such as lei:5493…")
    if given["kind"] not in ("", *KINDS):
        raise InputError("not a kind", path="kind", found=given["kind"], allowed=", ".join(KINDS))
    asked = msgspec.convert(
        {
            "names": [given["name"]],
            "kind": given["kind"],
            "countries": given["country"].split(),
            "born": [given["born"]] if given["born"] else [],
            "identifiers": [Number(kind, number)] if number else [],
            "id": given["reference"],
        },
        Asked,
    )
    terms = Terms(on or today(), today(), (given["list"],) if given["list"] else ())
    screened = _match(services.desk, asked.query("query"), terms)
    return {
        "screened": screened,
        "standings": services.desk.standings(screened, terms),
        "stale": services.desk.stale(terms),
        "terms": terms,
    }


def _match(desk: Desk, query: Query, terms: Terms) -> Screened:
    """What the matcher finds; the same question is matched once as long as the lists stay as they are (a desk is
    opened anew when they change). What people decided on the hits is not in it.
    """
    kept = _matched.setdefault(desk, {})
    key = msgspec.json.encode(query), msgspec.json.encode(terms)
    if key not in kept:
        if len(kept) >= MATCHED:
            kept.pop(next(iter(kept)))
        kept[key] = desk.screen([query], terms)[0]
    return kept[key]


@get("/screening/hit", opt=needs("viewer"))
async def hit(request: Web, services: Services, asker: Asker) -> Template:
    """One hit beside what was asked, feature by feature."""
    given = {key: str(request.query_params.get(key, "")).strip()[:500] for key in (*FIELDS, "entry")}
    return await services.alone(_hit, services, asker, given, ())


def _hit(services: Services, asker: Asker, given: dict[str, str], faults: tuple[InputError, ...]) -> Template:
    found = _screened(services, given)
    at = next((n for n, one in enumerate(found["screened"].hits) if one.party.id == given["entry"]), None)
    if at is None:
        raise Refused(404, "no such hit for this question (any more)", path="entry", found=given["entry"])
    one, standing = found["screened"].hits[at], found["standings"][at]
    title = services.desk.lists.lists[one.party.listing.list].title[asker.lang]
    history = services.desk.reviews.history(found["screened"].query, one.party.id)
    query = urlencode({key: given[key] for key in FIELDS if given[key]})
    return page(
        "screening/hit.html", asker, 422 if faults else 200, here="screening", given=given, hit=one, standing=standing,
        title=title, query=query, rows=rows(found["screened"].query, one, asker.lang), history=history, faults=faults,
        screened=found["screened"], until=_until(), stale=found["stale"],
    )  # fmt: skip


def _until() -> str:
    return (dt.date.fromisoformat(today()) + dt.timedelta(days=30 * MONTHS)).isoformat()


@post("/screening/hit", opt=needs("analyst"))
async def decide(request: Web, services: Services, asker: Asker) -> Redirect | Template:
    """Confirm or dismiss a hit, or take the last decision back; in the file of hits and in the record."""
    said = await words(request)
    given = {key: said.get(key, "") for key in (*FIELDS, "entry")}
    try:
        await services.alone(_decide, services, asker, given, said)
    except InputError as error:
        return await services.alone(_hit, services, asker, {**given, **said}, (error,))
    query = urlencode({key: given[key] for key in (*FIELDS, "entry") if given[key]})
    return to(f"/screening/hit?{query}#decided")


def _decide(services: Services, asker: Asker, given: dict[str, str], said: dict[str, str]) -> None:
    found = _screened(services, given)
    one = next((hit for hit in found["screened"].hits if hit.party.id == given["entry"]), None)
    if one is None:
        raise InputError("no such hit", path="entry", found=given["entry"])
    at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    what, reason, expires = said.get("what", ""), said.get("reason", ""), said.get("expires", "")
    reviews = services.desk.reviews
    if what == "undo":
        number = said.get("undoes", "")
        reviews.undo(int(number) if number.isdecimal() and len(number) < 16 else 0, by=asker.name, at=at, reason=reason)
    elif what in WORDS:
        if not reason:
            raise InputError("say why", path="reason")
        reviews.decide(
            found["screened"], one, WORDS[what], by=asker.name, at=at, reason=reason,
            expires=expires if what == "dismiss" else "",
        )  # fmt: skip
    else:
        raise InputError("say whether it is the listed party", path="what")
    outcome = {"confirm": "confirmed", "dismiss": "dismissed", "undo": "open"}[what]
    services.record.decide_hit(
        given["name"], one.party.id, outcome, reason, by=asker.name, list=one.party.listing.list,
        expires=expires if what == "dismiss" else "",
    )  # fmt: skip


@get("/screening/lists", opt=needs("viewer"))
async def lists(services: Services, asker: Asker) -> Template:
    """How old each list is against its limit."""

    def look() -> list[Any]:
        from exeat.screen.lists import status  # noqa: PLC0415

        return list(status(services.desk.store, today(), lists=services.desk.lists))

    return page("screening/lists.html", asker, here="screening", lists=await services.alone(look))


PAGES: list[Any] = [search, hit, decide, lists]
