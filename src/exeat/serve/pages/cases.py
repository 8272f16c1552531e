"""Cases and records: the queue, a second pair of eyes, the chain, its export."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from exeat.record.entry import Checked
from exeat.record.export import verifier
from exeat.record.ledger import Filter
from exeat.record.second import second
from exeat.serve.asker import Asker
from exeat.serve.pages.answer import VERDICTS, opened
from exeat.serve.pages.show import page, to, words
from exeat.serve.roles import needs
from exeat.serve.services import Services

Web = Request[Any, Any, Any]
SIZE = 25
FILTERS = ("verdict", "party", "rule", "on", "until", "open")


@get("/decisions", opt=needs("viewer"))
async def queue(request: Web, services: Services, asker: Asker) -> Template:
    """Recorded decisions, the newest first."""
    given = {key: str(request.query_params.get(key, "")).strip() for key in (*FILTERS, "before")}
    is_open = {"yes": True, "no": False}.get(given["open"])
    chosen = Filter(**{key: given[key] for key in FILTERS if key != "open"}, open=is_open, held=None)
    before = int(given["before"]) if given["before"].isdecimal() and len(given["before"]) < 16 else 0

    def look() -> tuple[list[Any], int]:
        services.look(asker, "list of decisions")
        found = list(services.record.cases(chosen, before=before, limit=SIZE + 1))
        return found, services.record.count(chosen)

    found, count = await services.away(look)
    more = found[SIZE - 1].n if len(found) > SIZE else 0
    kept = {key: value for key, value in given.items() if value and key != "before"}
    return page(
        "cases/queue.html", asker, here="decisions", cases=found[:SIZE], count=count, given=given, verdicts=VERDICTS,
        filtered=bool(kept), before=before,
        more=f"/decisions?{urlencode({**kept, 'before': str(more)})}" if more else "",
    )  # fmt: skip


@post("/decisions/{n:str}/override", opt=needs("approver"))
async def override(request: Web, services: Services, asker: Asker, n: FromPath[str]) -> Redirect:
    """A person's other conclusion; the machine's answer stays."""
    given = await words(request)
    number = services.record.find(n)
    await services.away(
        services.record.override, number, given.get("verdict", ""), given.get("reason", ""), by=asker.name
    )
    return to(f"/decisions/{number}#conclusions")


@post("/decisions/{n:str}/second", opt=needs("approver"))
async def agree(request: Web, services: Services, asker: Asker, n: FromPath[str]) -> Redirect:
    """A second person agrees with a conclusion."""
    given = await words(request)
    which = given.get("conclusion", "")

    def enter() -> int:
        case = services.record.case(services.record.find(n))
        number = int(which) if which.isdecimal() and len(which) < 16 else 0
        second(services.record, case, number, given.get("reason", ""), by=asker.name)
        return case.summary.n

    return to(f"/decisions/{await services.away(enter)}#conclusions")


@post("/decisions/{n:str}/note", opt=needs("analyst"))
async def note(request: Web, services: Services, asker: Asker, n: FromPath[str]) -> Redirect:
    given = await words(request)
    number = services.record.find(n)
    await services.away(services.record.note, number, given.get("text", ""), by=asker.name)
    return to(f"/decisions/{number}#history")


@post("/decisions/{n:str}/hold", opt=needs("approver"))
async def hold(request: Web, services: Services, asker: Asker, n: FromPath[str]) -> Redirect:
    """Set or lift a legal hold."""
    given = await words(request)
    number = services.record.find(n)
    lift = given.get("lift") == "yes"
    await services.away(services.record.hold, number, given.get("reason", ""), by=asker.name, lift=lift)
    return to(f"/decisions/{number}#history")


@post("/decisions/{n:str}/rerun", opt=needs("analyst"))
async def rerun(request: Web, services: Services, asker: Asker, n: FromPath[str]) -> Template:
    """The decision asked again under its own law, or today's, with what is different."""
    own = (await words(request)).get("law") != "today"
    found = await services.away(opened, services, asker, n)

    def run() -> Any:
        return services.runner().rerun(found.case.summary.n, "own" if own else "today")

    return page("cases/rerun.html", asker, here="decisions", found=found, run=await services.alone(run), own=own)


# --- the chain


@get("/record", opt=needs("viewer"))
async def chain(services: Services, asker: Asker) -> Template:
    """The chain: its last entries, and how to check it."""
    return await _chain(services, asker, None)


async def _chain(services: Services, asker: Asker, checked: Checked | None) -> Template:
    def look() -> tuple[Any, list[Any]]:
        services.look(asker, "the record")
        return services.record.head(), services.record.last(SIZE)

    head, entries = await services.away(look)
    return page("cases/record.html", asker, here="record", head=head, entries=entries, checked=checked)


@post("/record/verify", opt=needs("viewer"))
async def verify(request: Web, services: Services, asker: Asker) -> Template:
    """Follow the chain from its first entry."""

    def look() -> Checked:
        services.look(asker, "verification")
        return services.record.verify()

    checked = await services.away(look)
    if request.headers.get("hx-request"):
        return page("cases/checked.html", asker, checked=checked)
    return await _chain(services, asker, checked)


@get("/record/verify.py", opt=needs("viewer"))
async def program() -> Response[str]:
    """The verifier that needs nothing of exeat."""
    told = {"content-disposition": 'attachment; filename="verify.py"'}
    return Response(verifier(), media_type="text/x-python", headers=told)


PAGES: list[Any] = [queue, override, agree, note, hold, rerun, chain, verify, program]
