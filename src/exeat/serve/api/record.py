"""The record: decisions kept, what people concluded, asking again, and the proof that nothing was changed."""

from __future__ import annotations

import base64
from typing import Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.response import Stream

from exeat.decide.decision import EXIT_CODES
from exeat.errors import InputError, InputErrors
from exeat.pack.build import LANGUAGES, Pack, taken
from exeat.record import retention as retention_of
from exeat.record.entry import Anchor, Checked, Entry
from exeat.record.export import lines
from exeat.record.ledger import Case, Confirmed, Filter, Summary
from exeat.record.rerun import Impact, Impacts, Rerun
from exeat.record.retention import Clock, Clocks, clock, clocks
from exeat.serve.api.deciding import key_of
from exeat.serve.asker import Asker
from exeat.serve.doc import (
    DAY,
    JSON,
    LINES,
    NOWHERE,
    UNRECORDED,
    WORD,
    YES,
    ZIP,
    Doc,
    Param,
    Reply,
    answer,
    parameters,
    struct_of,
    told,
)
from exeat.serve.problem import MEDIA, Problem, Refused
from exeat.serve.services import Services

N = Param("n", "The number of its entry.", {"type": "integer", "minimum": 1, "maximum": 2**53}, where="path")
PAGE = 50


class Page(msgspec.Struct, frozen=True):
    """Cases, the newest first. ``next`` is the cursor of the page after, "" on the last one."""

    decisions: tuple[Summary, ...]
    next: str


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person's other conclusion; the machine's answer stays."""

    verdict: Literal[
        "authorised", "no_requirement_found", "conditions", "approval_required", "licence_required", "prohibited",
        "prohibited_not_enforced", "undetermined", "out_of_coverage", "not_in_effect",
    ]  # fmt: skip
    reason: str


class Confirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Facts of a decision that a person confirmed. It decides nothing: ask again with them."""

    facts: tuple[Confirmed, ...]


class Hold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A legal hold, set or lifted."""

    reason: str
    lift: bool = False


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of the act, on which day. Clocks of retention run from the latest such day."""

    what: Literal["done", "reexport", "termination", "unblocked", "request", "other"]
    on: str
    text: str = ""


class Disposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a decision is disposed of."""

    reason: str


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note on a decision."""

    text: str


class Written(msgspec.Struct, frozen=True):
    """The entry that was written."""

    n: int
    at: str
    kind: str
    hash: str


VERDICTS = set(EXIT_CODES)  # `Override` names the same words; a test holds them together


def _doc(id_: str, says: str, replies: dict[int, Reply], *params: Param, body: Any = None, needed: bool = True) -> Doc:
    taken = {JSON: body} if body is not None else {}
    return Doc(id_, says, "record", {**replies, 503: UNRECORDED}, params, taken, needed)


LIST = _doc(
    "decisions",
    "Recorded decisions, the newest first.",
    {200: Reply("A page of them.", Page)},
    Param("cursor", "Where the last page ended.", {**WORD, "pattern": "^[A-Za-z0-9_-]+$"}),
    Param("limit", "How many.", {"type": "integer", "minimum": 1, "maximum": 500, "default": PAGE}),
    Param("verdict", "Only these.", {"type": "string", "enum": sorted(VERDICTS)}),
    Param("party", "Any part of a party's name."),
    Param("rule", "A rule, or what its id begins with."),
    Param("on", "Acts of this day and after.", DAY),
    Param("until", "Acts of this day and before.", DAY),
    Param("edition", "Decided by this edition of the rulebook.", {**WORD, "pattern": "^[0-9a-f]{64}$"}),
    Param("open", "Only those that are undetermined and that nobody concluded (or only the others).",
          {"type": "boolean"}),
    Param("held", "Only those under a legal hold (or only the others).", {"type": "boolean"}),
)  # fmt: skip


@get("/api/v1/decisions", opt=told("viewer", LIST))
async def decisions(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    given = parameters(request)
    before, limit = _number(given.pop("cursor")), given.pop("limit")
    is_open, held = given.pop("open"), given.pop("held")
    chosen = Filter(**{key: value or "" for key, value in given.items()}, open=is_open, held=held)

    def look() -> Page:
        services.look(asker, "list of decisions")
        found = list(services.record.cases(chosen, before=before, limit=limit + 1))
        more = len(found) > limit
        return Page(tuple(found[:limit]), _cursor(found[limit - 1].n) if more else "")

    page = await services.away(look)
    headers = {"link": f'</api/v1/decisions?cursor={page.next}&limit={limit}>; rel="next"'} if page.next else {}
    return answer(page, 200, headers)


def _cursor(n: int) -> str:
    return base64.urlsafe_b64encode(f"n{n}".encode()).decode().rstrip("=")


def _number(cursor: str | None) -> int:
    """The number in a cursor (0: none was given).

    Raises:
        Refused: it is none of ours.
    """
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        if text[:1] == "n" and text[1:].isdecimal() and len(text) < 18 and int(text[1:]) > 0:
            return int(text[1:])
    except ValueError:
        pass
    raise Refused(422, "not a cursor that a page gave", path="cursor", found=cursor)


ONE = _doc("decision", "A recorded decision, and everything that was entered about it since.",
           {200: Reply("The case.", Case), 404: NOWHERE}, N)  # fmt: skip


@get("/api/v1/decisions/{n:str}", opt=told("viewer", ONE))
async def decision(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    n = parameters(request)["n"]

    def look() -> Case:
        found = services.record.case(n)
        services.look(asker, "decision", n if found.kept else 0)
        return found

    return answer(await services.away(look))


RETENTION = _doc("retention", "How long a decision must be kept.", {200: Reply("Its clock.", Clock), 404: NOWHERE}, N)


@get("/api/v1/decisions/{n:str}/retention", opt=told("viewer", RETENTION))
async def retention(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    n = parameters(request)["n"]

    def look() -> Clock:
        found = services.record.case(n)
        services.look(asker, "retention", n if found.kept else 0)
        return clock(found)

    return answer(await services.away(look))


def _writes(id_: str, says: str, body: Any) -> Doc:
    return _doc(id_, says, {201: Reply("The entry.", Written), 404: NOWHERE}, N, body=body)


def _written(entry: Entry) -> Response[bytes]:
    return answer(Written(entry.n, entry.at, entry.kind, entry.hash), 201)


@post("/api/v1/decisions/{n:str}/override", opt=told("approver", _writes(
    "override", "Enter a person's other conclusion beside the machine's answer.", Override)))  # fmt: skip
async def override(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    n = parameters(request)["n"]
    said: Override = await struct_of(request, Override)
    return _written(
        await services.away(services.record.override, n, said.verdict, said.reason, by=asker.name, key=key_of(request))
    )


@post("/api/v1/decisions/{n:str}/confirm", opt=told("analyst", _writes(
    "confirm", "Enter that a person confirmed facts of a decision.", Confirmation)))  # fmt: skip
async def confirm(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    n = parameters(request)["n"]
    said: Confirmation = await struct_of(request, Confirmation)
    return _written(await services.away(services.record.confirm, n, said.facts, by=asker.name, key=key_of(request)))


@post("/api/v1/decisions/{n:str}/hold", opt=told("approver", _writes("hold", "Set or lift a legal hold.", Hold)))
async def hold(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    n = parameters(request)["n"]
    said: Hold = await struct_of(request, Hold)
    key = key_of(request)
    return _written(await services.away(services.record.hold, n, said.reason, by=asker.name, lift=said.lift, key=key))


@post("/api/v1/decisions/{n:str}/notes", opt=told("analyst", _writes("note", "Enter a note on a decision.", Note)))
async def note(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    n = parameters(request)["n"]
    said: Note = await struct_of(request, Note)
    return _written(await services.away(services.record.note, n, said.text, by=asker.name, key=key_of(request)))


@post("/api/v1/decisions/{n:str}/events", opt=told("analyst", _writes(
    "event", "Enter what became of the act: when it was done, re-exported or ended, or that an authority asked for the "
    "record, which keeps it.", Event)))  # fmt: skip
async def event(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    n = parameters(request)["n"]
    said: Event = await struct_of(request, Event)
    enter, key = services.record.event, key_of(request)
    return _written(await services.away(enter, n, said.what, said.on, by=asker.name, text=said.text, key=key))


DISPOSE = Doc(
    "dispose",
    "Dispose of a decision whose clock has run out: its body and those of all entries about it go, for good. Their "
    "places in the chain stay, and an entry says what went, why, and under which clock.",
    "record",
    {
        201: Reply("The entry that stands for it.", Written),
        404: NOWHERE,
        409: Reply("Its period runs, it is held, or it is gone already.", Problem, MEDIA),
        503: UNRECORDED,
    },
    (N,),
    {JSON: Disposal},
)


@post("/api/v1/decisions/{n:str}/dispose", opt=told("admin", DISPOSE))
async def dispose(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    n = parameters(request)["n"]
    said: Disposal = await struct_of(request, Disposal)
    made = await services.away(
        retention_of.dispose, services.record, n, said.reason, by=asker.name, key=key_of(request)
    )
    return _written(made)


RERUN = _doc("rerun", "Ask a recorded decision again: under its own law and day, or under today's.",
             {200: Reply("Whether it comes out the same, and what is different.", Rerun), 404: NOWHERE}, N,
             Param("law", "Which.", {"type": "string", "enum": ["own", "today"], "default": "own"}),
             Param("screen", "With today's law: screen the parties again first.", YES))  # fmt: skip


@post("/api/v1/decisions/{n:str}/rerun", opt=told("analyst", RERUN))
async def rerun(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    given = parameters(request)
    if given["screen"] and given["law"] != "today":
        raise InputErrors([InputError("goes with law=today", path="screen")])

    def again() -> Rerun:
        found = services.record.case(given["n"])
        services.look(asker, f"rerun under {given['law']} law", given["n"] if found.kept else 0)
        return services.runner().rerun(given["n"], given["law"], services.renew if given["screen"] else None)

    return answer(await services.alone(again))


class ImpactPage(msgspec.Struct, frozen=True):
    """Decisions that come out differently under today's law and lists, or could not be asked again. Of ``asked`` in all
    ``differ`` and ``failed``; where parties were screened again, ``listed`` have one with other hits and ``unscreened``
    one without a name. ``next`` is the cursor of the page after, "" on the last one.
    """

    impacts: tuple[Impact, ...]
    asked: int
    differ: int
    failed: int
    listed: int
    unscreened: int
    edition: str
    next: str


CURSOR = Param("cursor", "Where the last page ended.", {**WORD, "pattern": "^[A-Za-z0-9_-]+$"})
IMPACT = _doc(
    "impact",
    "Which recorded decisions come out differently today: each is asked again under the edition that answers now, with "
    "`screen=true` after its parties were screened again on the lists of this machine; those with other hits than then "
    "are told, too, whether or not that moves the answer. `ahead` says whether the day of "
    "its act is still to come, `open` whether it was ever concluded.",
    {200: Reply("A page of them; `limit` decisions are asked again for it.", ImpactPage)},
    CURSOR,
    Param("limit", "How many are asked again.", {"type": "integer", "minimum": 1, "maximum": 200, "default": PAGE}),
    Param("open", "Only those that are undetermined and that nobody concluded (or only the others).",
          {"type": "boolean"}),
    Param("screen", "Screen the parties again first.", YES),
    Param("unmoved", "Also those that come out the same.", YES),
)  # fmt: skip


@get("/api/v1/record/impact", opt=told("analyst", IMPACT))
async def impact(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    given = parameters(request)
    before, chosen = _number(given["cursor"]), Filter(open=given["open"])

    def again() -> Impacts:
        services.look(asker, "impact of today's law" + (" and lists" if given["screen"] else ""))
        renew = services.renew if given["screen"] else None
        return services.runner().impacts(
            chosen, renew, before=before, limit=given["limit"], unmoved=given["unmoved"]
        )  # fmt: skip

    found = await services.alone(again)
    following = _cursor(found.next) if found.next else ""
    page = ImpactPage(found.impacts, found.asked, found.differ, found.failed, found.listed, found.unscreened,
                      services.book.hash, following)  # fmt: skip
    return answer(page)


class DuePage(msgspec.Struct, frozen=True):
    """Clocks of retention. Of ``looked`` at in all ``due`` may be disposed of; ``next`` is the cursor of the page
    after, "" on the last one.
    """

    clocks: tuple[Clock, ...]
    looked: int
    due: int
    next: str


DUE = _doc(
    "due",
    "What may be disposed of: the period of every regime that a decision touches has passed, and no hold or request of "
    "an authority keeps it. Nothing is ever deleted by itself.",
    {200: Reply("A page of clocks; `limit` decisions are looked at for it.", DuePage)},
    CURSOR,
    Param("limit", "How many are looked at.", {"type": "integer", "minimum": 1, "maximum": 500, "default": PAGE}),
    Param("on", "As of this day. Default: today.", DAY),
    Param("running", "Also the clocks that still run, with what keeps each decision.", YES),
)


@get("/api/v1/record/due", opt=told("viewer", DUE))
async def due(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    given = parameters(request)
    before = _number(given["cursor"])

    def look() -> Clocks:
        services.look(asker, "clocks of retention")
        return clocks(
            services.record, given["on"] or "", before=before, limit=given["limit"], all_of_them=given["running"]
        )  # fmt: skip

    found = await services.away(look)
    following = _cursor(found.next) if found.next else ""
    return answer(DuePage(found.clocks, found.looked, found.due, following))


PACK = _doc("pack", "The evidence of a recorded decision as a ZIP that is checked without exeat. What could not be put "
            "in is named in its manifest.",
            {200: Reply("The pack.", {"type": "string", "format": "binary"}, ZIP), 404: NOWHERE}, N,
            Param("lang", "Pages in this language only.", {"type": "string", "enum": ["en", "zh"]}),
            Param("redact", "Without the parties' names, and so without what binds it to the record.", YES),
            Param("to", "The entry that the chain ends with. Default: the last.",
                  {"type": "integer", "minimum": 1, "maximum": 2**53}))  # fmt: skip


@get("/api/v1/decisions/{n:str}/pack", opt=told("viewer", PACK))
async def pack(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    given = parameters(request)
    n, languages = given["n"], (given["lang"],) if given["lang"] else LANGUAGES

    def take() -> Pack:
        return taken(services.runner(), n, by=asker.name, languages=languages, redacted=given["redact"],
                     to=given["to"] or 0)  # fmt: skip

    async with services.printing:
        made = await services.away(take)
    name = f'attachment; filename="exeat-{n}-to-{made.anchor.n}.zip"'
    return Response(made.content, media_type=ZIP, headers={"content-disposition": name})


VERIFY = _doc("verify", "Check the whole chain of the record.", {200: Reply("What was found.", Checked)})


@get("/api/v1/record/verify", opt=told("viewer", VERIFY))
async def verify(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    parameters(request)

    def look() -> Checked:
        services.look(asker, "verification")
        return services.record.verify()

    return answer(await services.away(look))


HEAD = _doc("head", "The last entry: keep it elsewhere, and nobody can cut the record short unseen.",
            {200: Reply("Its number and hash.", Anchor)})  # fmt: skip


@get("/api/v1/record/head", opt=told("viewer", HEAD))
async def head(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    parameters(request)

    def look() -> Anchor:
        services.look(asker, "head")
        return services.record.head()

    return answer(await services.away(look))


EXPORT = _doc("export", "The record as JSON Lines, every entry and then the anchor.",
              {200: Reply("The export.", {"type": "string"}, LINES)},
              Param("download", "Offer it as a file.", YES))  # fmt: skip


@get("/api/v1/record/export", opt=told("approver", EXPORT))
async def export(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Stream:
    given = parameters(request)

    def begin() -> Anchor:
        services.look(asker, "export")
        return services.record.head()

    head_now = await services.away(begin)
    headers = {"content-disposition": 'attachment; filename="record.jsonl"'} if given["download"] else {}
    return Stream(lines(services.record, head_now), media_type=LINES, headers=headers)
