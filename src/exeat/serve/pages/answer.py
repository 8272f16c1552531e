"""Answer: one recorded decision on one page, what would change it, and asking again."""

from __future__ import annotations

import copy
import functools
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from exeat.decide.decision import Decision
from exeat.errors import InputError, InputErrors
from exeat.page import answer as words_of
from exeat.page import grid, html
from exeat.page.form import Form
from exeat.page.names import Names
from exeat.page.pairs import pairs
from exeat.record.entry import RecordError
from exeat.record.ledger import Case, Kept
from exeat.record.rerun import Runner
from exeat.record.retention import Clock, clock
from exeat.record.second import seconded
from exeat.rulebook.model import Book
from exeat.serve.asker import Asker
from exeat.serve.pages import draft as drafts
from exeat.serve.pages.ask import record
from exeat.serve.pages.draft import Draft
from exeat.serve.pages.shelf import shelf
from exeat.serve.pages.show import page, to, words
from exeat.serve.problem import Refused
from exeat.serve.roles import needs
from exeat.serve.services import Services
from exeat.vocabulary.model import PLURALS
from exeat.vocabulary.take import check_day
from exeat.vocabulary.transaction import Act

Web = Request[Any, Any, Any]
VERDICTS = (
    "prohibited", "prohibited_not_enforced", "licence_required", "approval_required", "conditions", "authorised",
    "not_in_effect", "out_of_coverage", "no_requirement_found", "undetermined",
)  # fmt: skip
MAX_ASKED = 4  # missing facts that the page asks for at once


class Opened(msgspec.Struct, frozen=True):
    """A case ready to be shown. ``own`` is False where the law it was made under is no longer at hand."""

    case: Case
    kept: Kept
    decision: Decision
    book: Book
    own: bool


@functools.lru_cache(maxsize=2)
def _editions(services: Services) -> Runner:
    """The engines of older editions, kept ready."""
    return services.runner()


def opened(services: Services, asker: Asker, n: str) -> Opened:
    """Look at a case, which is entered first. Blocks.

    Raises:
        Refused: it was disposed of.
        RecordError: there is none.
    """
    number = services.record.find(n)
    case = services.record.case(number, looks=False)
    if case.kept is None:
        raise Refused(410, "this decision was disposed of when its time had run out", path=f"decision {number}")
    services.look(asker, "decision", number)
    today = case.kept.edition == services.book.hash
    engine = services.engine if today else _editions(services).engine(case.kept.edition)
    return Opened(case, case.kept, case.kept.decision(), (engine or services.engine).book, engine is not None)


@get("/decisions/{n:str}", opt=needs("viewer"))
async def show(services: Services, asker: Asker, n: FromPath[str]) -> Template:
    """The answer, whole."""
    return await _show(services, asker, n, [])


async def _show(services: Services, asker: Asker, n: str, faults: list[str]) -> Template:
    found = await services.away(opened, services, asker, n)
    key = (found.case.entry.hash, services.book.hash, found.own)
    fixed = await shelf(services).parts(
        found.book.hash, asker.lang, "answer/fixed.html", key, lambda: _fixed(services, found, asker.lang)
    )
    names = Names(found.book, asker.lang)
    title = names.word("no title") if found.decision.title in ("", words_of.NO_TITLE) else found.decision.title
    return page(
        "answer/show.html", asker, 422 if faults else 200, here="decisions", title=title, found=found, case=found.case,
        decision=found.decision, fixed=fixed, clock=_clock(found.case), verdicts=VERDICTS, faults=faults,
        seconded={one.conclusion: one for one in seconded(found.case)},
        disclaimer=names.word("disclaimer", names.day(found.decision.coverage.encoded_to)),
    )  # fmt: skip


def _fixed(services: Services, found: Opened, lang: str) -> dict[str, Any]:
    """All that the page says and that an entry of the record and the law alone decide."""
    form = Form(services.engine, services.options(explain=False), lang, copy.deepcopy(found.kept.document))
    fields = []
    for one in found.decision.questions[:MAX_ASKED]:
        try:
            fields.append(form.field(one.path, one.element))
        except (InputError, InputErrors):  # a question of an older vocabulary cannot be put; the list still names it
            continue
    return {
        "a": words_of.answer(found.decision, found.book, lang, full=True), "decision": found.decision,
        "n": found.case.summary.n, "pairs": pairs(found.decision, found.book, lang), "fields": fields,
        "notes": _Notes(),
    }  # fmt: skip


def _clock(case: Case) -> Clock | None:
    try:
        return clock(case)
    except RecordError:  # an answer in another version's form has no clock here; it is kept
        return None


class _Notes:
    """Numbers the sources in the order in which a page cites them."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}

    def number(self, cite: Any) -> int:
        self.found.setdefault(cite.ref, cite)
        return list(self.found).index(cite.ref) + 1

    def all(self) -> list[Any]:
        return list(self.found.values())


@get("/decisions/{n:str}/json", opt=needs("viewer"))
async def as_json(services: Services, asker: Asker, n: FromPath[str]) -> Response[bytes]:
    """The decision as data."""
    found = await services.away(opened, services, asker, n)
    return Response(msgspec.json.encode(found.kept.answer), media_type="application/json")


@get("/decisions/{n:str}/alone", opt=needs("viewer"))
async def alone(services: Services, asker: Asker, n: FromPath[str]) -> Response[str]:
    """The page that stands alone: to be saved as a file. It brings its own style, so it is offered as a download."""
    found = await services.away(opened, services, asker, n)
    told = {"content-disposition": f'attachment; filename="exeat-{found.decision.id}.html"'}
    return Response(html.render(found.decision, found.book, asker.lang), media_type="text/html", headers=told)


@get("/decisions/{n:str}/pdf", opt=needs("viewer"))
async def as_pdf(services: Services, asker: Asker, n: FromPath[str]) -> Response[bytes]:
    """The same as PDF, where WeasyPrint is installed."""
    found = await services.away(opened, services, asker, n)
    try:
        from weasyprint import HTML  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: PLC0415
    except ImportError:
        raise Refused(503, "PDF needs WeasyPrint, which is not installed; print the page instead") from None
    text = html.render(found.decision, found.book, asker.lang)
    body = await services.alone(lambda: HTML(string=text, url_fetcher=_no_fetch).write_pdf())
    told = {"content-disposition": f'attachment; filename="exeat-{found.decision.id}.pdf"'}
    return Response(body, media_type="application/pdf", headers=told)


def _no_fetch(url: str, *_: Any, **__: Any) -> Any:
    """Nothing is fetched for a page, whatever its text says."""
    raise ValueError(f"not fetched: {url[:80]}")


# --- asking again


@post("/decisions/{n:str}/facts", opt=needs("analyst"))
async def facts(request: Web, services: Services, asker: Asker, n: FromPath[str]) -> Redirect | Template:
    """Answer what is missing, and decide again: a new decision that follows this one."""
    found = await services.away(opened, services, asker, n)
    form = Form(
        services.engine,
        services.options(explain=False),
        asker.lang,
        msgspec.json.decode(msgspec.json.encode(found.kept.document)),
    )
    raw = await request.form()
    faults = []
    said = 0
    for place in range(MAX_ASKED):
        path, element = str(raw.get(f"path-{place}", "")), str(raw.get(f"element-{place}", ""))
        answers = [one.strip() for one in raw.getall(f"answer-{place}", []) if isinstance(one, str) and one.strip()]
        if "unknown" in answers and len(answers) > 1:  # beside what was known already: nothing new
            continue
        if path and answers:
            said += 1
            fault = _put(form, path, element, ",".join(answers))
            if fault:
                faults.append(fault)
    if not said:
        faults.append("没有填写任何答案。" if asker.lang == "zh" else "Nothing was answered.")
    if faults:
        return await _show(services, asker, n, faults)
    new = await record(services, asker, form.parsed(), found.case.summary.n)
    return to(f"/decisions/{new}")


def _put(form: Form, path: str, element: str, said: str) -> str:
    """Write one answer down; why not, if it is refused."""
    if path == "complete":
        if said == "true" and element in PLURALS.values():
            form.mark_complete(element)
        return ""
    if path == "act.at":
        return form.put_day(said)
    fact = form.vocabulary.facts.get(path)
    return f"{path}: {form.put(fact, element, said)}".rstrip(": ").removesuffix(path) if fact else path


@post("/decisions/{n:str}/again", opt=needs("analyst"))
async def again(request: Web, services: Services, asker: Asker, n: FromPath[str]) -> Redirect | Template:
    """Ask again as of another day: of the act, of knowledge, or both. A decision of its own."""
    given = await words(request)
    found = await services.away(opened, services, asker, n)
    on, known = given.get("on", ""), given.get("known", "")
    try:
        asked = found.kept.transaction(services.book.vocabulary)
        if on:
            asked = msgspec.structs.replace(asked, when=Act(on=_day(on, "on"), zone=asked.when.zone))
        new = await record(services, asker, asked, 0, _day(known, "known") if known else "")
    except InputErrors as errors:
        return await _show(services, asker, n, [str(one) for one in errors.errors])
    return to(f"/decisions/{new}")


def _day(text: str, path: str) -> str:
    try:
        check_day(text, "", 0, path)
    except InputError as error:
        raise InputErrors([error]) from None
    return text


@post("/decisions/{n:str}/change", opt=needs("analyst"))
async def change(services: Services, asker: Asker, n: FromPath[str]) -> Redirect:
    """Take the transaction up as a draft, to change any answer."""
    found = await services.away(opened, services, asker, n)
    document = copy.deepcopy(found.kept.document)
    drafts.save(asker, Draft(document, follows=found.case.summary.n))
    return to("/ask/check")


# --- the destinations


@get("/decisions/{n:str}/destinations", opt=needs("viewer"))
async def destinations(services: Services, asker: Asker, n: FromPath[str]) -> Template:
    """The verdict for every country that the destination could be, as tiles and as a table."""
    found = await services.away(opened, services, asker, n)

    async def make() -> dict[str, Any]:
        asked = found.kept.transaction(services.book.vocabulary)
        options = msgspec.structs.replace(found.kept.options, explain=False, outlook=False)
        tiles = await services.alone(grid.destinations, services.engine, asked, options, asker.lang)
        groups: dict[str, list[grid.Tile]] = {}
        for tile in tiles:
            groups.setdefault(grid.shown(tile.square, asker.lang), []).append(tile)
        for group in groups.values():
            group.sort(key=lambda tile: tile.code)  # a tile shows its code; the table goes by name
        return {"groups": groups, "tiles": tiles, "shown": grid.shown}

    key = (found.case.entry.hash,)
    parts = await shelf(services).parts(services.book.hash, asker.lang, "answer/tiles.html", key, make)
    return page("answer/destinations.html", asker, here="decisions", found=found, tiles=parts[0])


PAGES: list[Any] = [show, as_json, alone, as_pdf, facts, again, change, destinations]
