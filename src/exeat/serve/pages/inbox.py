"""Inbox: a document read, its mentions shown where they stand; a proposed rule that a second person answers."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from exeat.errors import InputError, InputErrors
from exeat.page import reading
from exeat.page.spans import pieces
from exeat.read.model import Document, Mention
from exeat.record.second import Proposal, answer, proposals, propose
from exeat.serve.api.reading import check_upload
from exeat.serve.asker import Asker
from exeat.serve.pages.show import page, text_or_file, to, words
from exeat.serve.problem import Refused
from exeat.serve.roles import needs
from exeat.serve.services import Services

Web = Request[Any, Any, Any]
KEY = "inbox"
READ = 8  # documents kept as they were read, by their content and the rulebook's edition
LONGEST = 200_000  # bytes of a document kept in the session


_read: dict[tuple[str, str], list[Document]] = {}


class Posted(msgspec.Struct, frozen=True):
    """A document in the session, as it came."""

    name: str
    raw: str


@get("/inbox", opt=needs("viewer"))
async def inbox(services: Services, asker: Asker) -> Template:
    """Where a document comes in, and what was proposed."""
    return await _inbox(services, asker, [])


async def _inbox(services: Services, asker: Asker, faults: list[InputError], given: str = "") -> Template:
    found = await services.away(proposals, services.record)
    return page(
        "inbox/start.html", asker, 422 if faults else 200, here="inbox", proposals=found, faults=faults, given=given
    )


@post("/inbox", opt=needs("analyst"))
async def receive(request: Web, services: Services, asker: Asker) -> Redirect | Template:
    """Take a document in. It is text of a stranger: only text, of a size one can read, and nothing is fetched."""
    raw, name = await text_or_file(request, "text", "file")
    typed = raw.decode("utf-8", "replace") if name == "pasted" else ""
    if not raw.strip():
        return await _inbox(services, asker, [InputError("paste a document or choose a file", path="text")])
    if len(raw) > LONGEST:
        fault = InputError("too long for one reading", path="text", allowed=f"{LONGEST:,} bytes")
        return await _inbox(services, asker, [fault], typed[:LONGEST])
    check_upload(raw, services.config.body)
    posted = Posted("pasted.txt" if name == "pasted" else name, base64.b64encode(raw).decode())
    if asker.session is None:
        raise Refused(403, "open the page in a browser first", path="session")
    asker.session.put(KEY, msgspec.json.encode(posted).decode())
    return to("/inbox/reading")


@get("/inbox/reading", opt=needs("analyst"))
async def read(services: Services, asker: Asker) -> Template:
    """The document with its mentions."""
    documents = await services.alone(_documents, services, asker)
    shown = [(one, pieces(one)) for one in documents]
    return page(
        "inbox/reading.html", asker, here="inbox", documents=shown, told=reading.told, headline=reading.headline,
        dates=reading.dates, linked=reading.linked, published=reading.published, target=_target,
    )  # fmt: skip


def _documents(services: Services, asker: Asker) -> list[Document]:
    """The session's document, read, linked to the rulebook, with drafts."""
    from exeat.read.pipeline import read_bytes  # noqa: PLC0415
    from exeat.read.stub import with_stubs  # noqa: PLC0415

    kept = asker.session.get(KEY) if asker.session else ""
    if not kept:
        raise Refused(409, "no document is open here; paste one on the page Inbox", hint="/inbox")
    posted = msgspec.json.decode(kept, type=Posted)
    book = services.book.hash
    key = hashlib.sha256(kept.encode()).hexdigest(), book
    if key in _read:
        return _read[key]
    try:
        found = read_bytes(base64.b64decode(posted.raw), posted.name, services.lexicon, services.ledger)
    except InputError as error:
        raise InputErrors([error]) from None
    if len(_read) >= READ:
        _read.pop(next(iter(_read)))
    _read[key] = [with_stubs(one, services.ledger) for one in found]
    return _read[key]


def _target(mention: Mention) -> str:
    """The id in the rulebook that a mention is linked to, without the row of a register."""
    return mention.link.to.partition("/")[0] if mention.link and mention.link.kind != "none" else ""


@post("/inbox/propose", opt=needs("analyst"))
async def suggest(request: Web, services: Services, asker: Asker) -> Redirect:
    """Keep a proposed rule, for a second person."""
    given = await words(request)
    documents = await services.alone(_documents, services, asker)
    for document in documents:
        for one in document.mentions:
            if (document.id, one.id) == (given.get("document"), given.get("mention")):
                quote = one.evidence[0].quote if one.evidence else ""
                proposal = Proposal(
                    document=document.metadata.title.value or document.id, sha256=document.sha256, mention=one.id,
                    headline=reading.headline(one, "en"), quote=quote[:2000], stub=one.stub,
                    link=one.link.to if one.link else "",
                )  # fmt: skip
                entry = await services.away(propose, services.record, proposal, by=asker.name)
                return to(f"/inbox/proposals/{entry.n}")
    raise Refused(404, "no such mention in this document", path="mention", found=given.get("mention", ""))


@get("/inbox/proposals/{n:int}", opt=needs("viewer"))
async def proposal(services: Services, asker: Asker, n: FromPath[int]) -> Template:
    """One proposal."""
    return page("inbox/proposal.html", asker, here="inbox", one=await _need(services, n), faults=[])


async def _need(services: Services, n: int) -> Proposal:
    found = await services.away(proposals, services.record)
    one = next((found for found in found if found.n == n), None)
    if one is None:
        raise Refused(404, "no such proposal", path="proposal", found=str(n))
    return one


@post("/inbox/proposals/{n:int}", opt=needs("approver"))
async def respond(request: Web, services: Services, asker: Asker, n: FromPath[int]) -> Redirect | Template:
    """Accept or reject, as a second person."""
    given = await words(request)
    try:
        if given.get("what") not in ("accept", "reject"):
            raise InputError("say whether you accept it", path="what")
        await services.away(
            answer, services.record, n, given["what"] == "accept", given.get("reason", ""), by=asker.name
        )
    except InputError as error:
        return page("inbox/proposal.html", asker, 422, here="inbox", one=await _need(services, n), faults=[error])
    return to(f"/inbox/proposals/{n}")


PAGES: list[Any] = [inbox, receive, read, suggest, proposal, respond]
