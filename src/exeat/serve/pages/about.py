"""What the rulebook covers, how to use the workbench, and the language it speaks."""

from __future__ import annotations

from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from exeat.page.names import Names
from exeat.serve.asker import LANGUAGES, Asker
from exeat.serve.pages.shelf import shelf
from exeat.serve.pages.show import page, to, words
from exeat.serve.problem import Refused
from exeat.serve.roles import OPEN, needs
from exeat.serve.services import Services

Web = Request[Any, Any, Any]
YEAR = 31_536_000


@get("/coverage", opt=needs("viewer"))
async def coverage(services: Services, asker: Asker) -> Template:
    """What is encoded, until when, and what is not."""
    book = services.book
    parts = await shelf(services).parts(
        book.hash, asker.lang, "about/regimes.html", (), lambda: {"book": book, "names": Names(book, asker.lang)}
    )
    return page("about/coverage.html", asker, here="coverage", parts=parts)


@get("/help", opt=needs(OPEN))
async def instructions(asker: Asker) -> Template:
    return page("about/help.html", asker, here="help")


@post("/language", opt=needs(OPEN))
async def language(request: Web, asker: Asker) -> Redirect:
    """Switch the language, and go back to where one was."""
    given = await words(request)
    lang, back = given.get("lang", ""), given.get("back", "/")
    if lang not in LANGUAGES:
        raise Refused(422, "no such language", path="lang", found=lang, allowed=", ".join(LANGUAGES))
    if not back.startswith("/") or back.startswith("//") or "\\" in back or not back.isprintable():
        back = "/"  # no other site's page
    secure = "; Secure" if request.app.state.gate.config.secure else ""
    return to(back, {"set-cookie": f"lang={lang}; Path=/; Max-Age={YEAR}; SameSite=Lax; HttpOnly{secure}"})


PAGES: list[Any] = [coverage, instructions, language]
