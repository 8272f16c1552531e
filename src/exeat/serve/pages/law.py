"""Law and time: what the rulebook holds, how each measure stood, what changed, where trouble may lie."""

from __future__ import annotations

from typing import Any

from litestar import Request, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from markupsafe import Markup

from exeat.decide.engine import today
from exeat.errors import InputError, InputErrors, nearest
from exeat.page import grid, swim
from exeat.page.law import NOT_YET, differences, ids, listing, sections, things
from exeat.page.names import Names
from exeat.rulebook.life import paint
from exeat.rulebook.model import Book
from exeat.serve.asker import Asker
from exeat.serve.pages.marked import linker
from exeat.serve.pages.shelf import shelf
from exeat.serve.pages.show import page
from exeat.serve.problem import Refused
from exeat.serve.roles import needs
from exeat.serve.services import Services
from exeat.vocabulary.take import check_day

Web = Request[Any, Any, Any]


@get("/law", opt=needs("viewer"))
async def contents(services: Services, asker: Asker, q: FromQuery[str] = "") -> Template:
    """Everything in the rulebook, by jurisdiction; or what matches some words."""
    names = Names(services.book, asker.lang)
    low = q.strip().casefold()
    found = [
        (kind, key, names.text(thing.title))
        for key in (ids(services.book) if low else ())
        for kind, thing in things(services.book, key)
        if low in key.casefold() or any(low in title.casefold() for title in thing.title.values())
    ]

    def make() -> dict[str, Any]:
        jurisdictions = [(key, names.text(one.title)) for key, one in services.book.jurisdictions.items()]
        return {"regimes": listing(services.book, asker.lang), "jurisdictions": jurisdictions}

    parts = await shelf(services).parts(services.book.hash, asker.lang, "law/listing.html", (), make)
    return page("law/contents.html", asker, here="law", parts=parts, q=q, found=found[:100], many=len(found))


@get("/law/of/{key:str}", opt=needs("viewer"))
async def thing(services: Services, asker: Asker, key: FromPath[str], on: FromQuery[str] = "") -> Template:
    """A rule, measure, regime, register or jurisdiction in full; how it stands on a day."""
    book = services.book
    found = things(book, key)
    if not found:
        raise Refused(404, "there is no such rule, measure, regime, register or jurisdiction", path="id", found=key,
                      hint=nearest(key, ids(book)))  # fmt: skip
    day, now = _day(on or today(), "on"), today()
    title = Names(book, asker.lang).text(found[0][1].title)
    parts = await shelf(services).parts(
        book.hash, asker.lang, "law/whole.html", (key, day, now), lambda: _whole(book, found, asker.lang, key, day, now)
    )
    return page("law/thing.html", asker, here="law", key=key, title=title, parts=parts)


def _whole(book: Book, found: list[Any], lang: str, key: str, day: str, now: str) -> dict[str, Any]:
    whole = [(kind, one, sections(one, book, lang)) for kind, one in found]
    rules = [book.rules[rule] for kind, one in found if kind == "measure" for rule in one.rules]
    rules += [one for kind, one in found if kind == "rule"]
    names = Names(book, lang)
    standing = []
    for rule in rules:
        event = paint(rule.life, f"{day}T23:59", now)
        standing.append((rule, names.text(rule.title), event.status if event else NOT_YET, event))
    lanes = swim.lanes(book, lang, "", now) if rules else ()
    lives = tuple(life for lane in lanes for life in lane.lives if any(rule.id in life.rules for rule in rules))
    drawn = tuple(swim.Lane(key, names.text(found[0][1].title), lives) for _ in (1,) if lives)
    return {
        "whole": whole, "key": key, "on": day, "standing": standing, "linked": linker(frozenset(ids(book))),
        "lives": lives, "picture": Markup(swim.svg(drawn, lang, now, key, names)), "looks": swim.DRAWN,
    }  # fmt: skip


@get("/law/timeline", opt=needs("viewer"))
async def timeline(services: Services, asker: Asker, of: FromQuery[str] = "", known: FromQuery[str] = "") -> Template:
    """The lanes, and the same as a table."""
    book = services.book
    known = _day(known or today(), "known")
    if of and of not in book.jurisdictions and of not in book.regimes:
        hint = nearest(of, [*book.jurisdictions, *book.regimes])
        raise Refused(404, "no such jurisdiction or regime", path="of", found=of, hint=hint)
    names = Names(book, asker.lang)
    choices = [(key, names.text(one.title)) for key, one in book.jurisdictions.items()]
    choices += [(key, names.text(one.title)) for key, one in book.regimes.items()]
    title, now = "法律时间线" if asker.lang == "zh" else "Timeline of the law, by jurisdiction", today()

    def make() -> dict[str, Any]:
        lanes = swim.lanes(book, asker.lang, of, known)
        return {"lanes": lanes, "picture": Markup(swim.svg(lanes, asker.lang, now, title, names))}

    parts = await shelf(services).parts(book.hash, asker.lang, "law/lanes.html", (of, known, now), make)
    return page(
        "law/timeline.html", asker, here="law", parts=parts, of=of, known=known, choices=choices,
        key=[(look, Markup(swim.legend(look))) for look in swim.LOOKS],
    )  # fmt: skip


@get("/law/diff", opt=needs("viewer"))
async def diff(
    services: Services,
    asker: Asker,
    first: FromQuery[str] = "",
    second: FromQuery[str] = "",
    known: FromQuery[str] = "",
) -> Template:
    """What stands differently at the end of two days."""
    faults, parts = [], None
    known = known or today()
    if first or second:
        try:
            days = _day(first, "first"), _day(second, "second"), _day(known, "known")
            parts = await shelf(services).parts(
                services.book.hash, asker.lang, "law/differences.html", days,
                lambda: _differences(services.book, asker.lang, *days),
            )  # fmt: skip
        except InputErrors as errors:
            faults = list(errors.errors)
    return page(
        "law/diff.html", asker, 422 if faults else 200, here="law", first=first, second=second, known=known,
        parts=parts, faults=faults,
    )  # fmt: skip


def _differences(book: Book, lang: str, first: str, second: str, known: str) -> dict[str, Any]:
    found = differences(book, first, second, known)
    return {"found": found, "first": first, "second": second, "names": Names(book, lang)}


@get("/law/matrix", opt=needs("viewer"))
async def matrix(services: Services, asker: Asker, on: FromQuery[str] = "", known: FromQuery[str] = "") -> Template:
    """Activities by jurisdictions on a day."""
    day, known = _day(on or today(), "on"), _day(known or today(), "known")

    async def make() -> dict[str, Any]:
        found = await services.alone(grid.matrix, services.engine, day, known, asker.lang)
        return {"matrix": found, "shown": grid.shown}

    key = (grid.stretch(services.engine, day, known),)
    parts = await shelf(services).parts(services.book.hash, asker.lang, "law/squares.html", key, make)
    return page("law/matrix.html", asker, here="law", parts=parts, on=day, known=known)


def _day(text: str, path: str) -> str:
    """The day that was typed.

    Raises:
        InputErrors: it is none.
    """
    try:
        check_day(text, "", 0, path)
    except InputError as error:
        raise InputErrors([error]) from None
    return text


PAGES: list[Any] = [contents, thing, timeline, diff, matrix]
