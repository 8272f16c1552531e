"""The door: the first page, logging in with a token, logging out."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.response import Redirect, Template

from exeat.record.ledger import Filter, Summary
from exeat.serve.asker import Asker
from exeat.serve.oidc import Begun
from exeat.serve.pages.show import page, to
from exeat.serve.problem import Refused
from exeat.serve.roles import OPEN, needs
from exeat.serve.services import Services

RECENT = 5  # decisions on the first page


@get("/", opt=needs(OPEN))
async def home(services: Services, asker: Asker) -> Template | Redirect:
    """The first page: what one came for, what was asked last, and how far the law is encoded."""
    if not asker.role:
        return to("/login")

    def look() -> tuple[list[Summary], int]:
        services.look(asker, "list of decisions")
        return list(services.record.cases(limit=RECENT)), services.record.count(Filter(open=True))

    recent, still_open = await services.away(look)
    return page("home.html", asker, here="home", book=services.book, recent=recent, still_open=still_open)


@get("/login", opt=needs(OPEN))
async def login_form(services: Services, asker: Asker) -> Template:
    return page("login.html", asker, oidc=services.config.oidc is not None, wrong=False)


@post("/login", opt=needs(OPEN))
async def login(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Redirect | Template:
    """A token, put into a form, opens a session."""
    form = await request.form()
    gate = request.app.state.gate
    peer = f"@{request.client.host}" if request.client else "@"
    if not gate.wrong.left(peer):
        raise Refused(429, "too many wrong tokens", {"retry-after": "60"})
    token = services.access.holder(str(form.get("token", "")).strip())
    if token is None:
        gate.wrong.take(peer)
        return page("login.html", asker, 401, oidc=services.config.oidc is not None, wrong=True)
    cookie, _ = services.access.open_session(token.name, token.role, services.config.hours, token.id)
    return to("/", {"set-cookie": gate.baked(cookie, services.config.hours * 3600)})


@post("/logout", opt=needs(OPEN))
async def logout(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Redirect:
    if asker.session is not None:
        services.access.close_session(asker.session)
    return to("/login", {"set-cookie": request.app.state.gate.baked("", 0)})


# --- OpenID Connect

BEGUN = "oidc"


@get("/login/oidc", opt=needs(OPEN))
async def begin(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Redirect:
    """Off to the provider, with what must come back kept in a session that is nobody's yet."""
    address, begun = await services.away(services.provider.begin)
    cookie, session = services.access.open_session("", "", 1)
    session.put(BEGUN, msgspec.json.encode(begun).decode())
    return Redirect(address, status_code=303, headers={"set-cookie": request.app.state.gate.baked(cookie, 3600)})


@get("/login/oidc/back", opt=needs(OPEN))
async def back(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Redirect:
    """Back from the provider: a new session, so that nobody can have fixed the old one."""
    kept = asker.session.get(BEGUN) if asker.session else ""
    if asker.session is None or not kept:
        raise Refused(403, "this is not a login that was begun here; begin again", path="state")
    services.access.close_session(asker.session)
    begun = msgspec.json.decode(kept, type=Begun)
    query = request.query_params
    person = await services.away(services.provider.finish, begun, query.get("state", ""), query.get("code", ""))
    cookie, _ = services.access.open_session(person.name, person.role, services.config.hours)
    return to("/", {"set-cookie": request.app.state.gate.baked(cookie, services.config.hours * 3600)})


PAGES: list[Any] = [home, login_form, login, logout, begin, back]
