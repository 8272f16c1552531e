"""Whether the service is alive and ready, who asks, and the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from litestar import Request, Response, get, post

from exeat.serve.asker import Asker
from exeat.serve.doc import Doc, Reply, answer, parameters, told
from exeat.serve.edition import InUse, ask
from exeat.serve.problem import MEDIA, Problem, Refused
from exeat.serve.roles import OPEN
from exeat.serve.services import Services


class Alive(msgspec.Struct, frozen=True):
    """``status`` is ``ok``. ``law`` is ``faulty`` where the law's files have a fault and an edition before answers;
    `/api/v1/rulebook` says which.
    """

    status: str
    law: Literal["current", "faulty"]


class Ready(msgspec.Struct, frozen=True):
    """What answers: the rulebook's edition, and how many rules it holds."""

    status: str
    edition: str
    rules: int


class Me(msgspec.Struct, frozen=True):
    """Who asks, as what, in which language they are answered; ``way`` is local, token or session."""

    name: str
    role: str
    lang: str
    way: str


def _simple(id_: str, says: str, kind: Any, tag: str = "service") -> Doc:
    return Doc(id=id_, tag=tag, says=says, replies={200: Reply(says, kind)})


@get("/healthz", opt=told(OPEN, _simple("healthz", "Whether the process answers.", Alive)))
async def healthz(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    return answer(Alive("ok", "faulty" if services.law.fault else "current"))


@get("/readyz", opt=told(OPEN, _simple("readyz", "Whether it can decide.", Ready)))
async def readyz(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    return answer(Ready("ok", services.book.edition, len(services.book.rules)))


@get("/api/v1/me", opt=told("viewer", _simple("me", "Who asks.", Me)))
async def me(request: Request[Any, Any, Any], asker: Asker) -> Response[bytes]:
    parameters(request)
    return answer(Me(asker.name, asker.role, asker.lang, asker.way))


@get("/api/v1/rulebook", opt=told("viewer", _simple("rulebook", "Which edition of the law answers.", InUse, "law")))
async def rulebook(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    parameters(request)
    return answer(services.law.state())


RELOAD = Doc(
    id="reload",
    tag="law",
    says="Look at the law's files now. If they are sound, they answer from now on: here at once, in other workers "
    "within seconds. If they are not, the edition before goes on, and `fault` says why.",
    replies={200: Reply("What answers now.", InUse), 503: Reply("The others cannot be told.", Problem, MEDIA)},
)


@post("/api/v1/rulebook/reload", status_code=200, opt=told("admin", RELOAD))
async def reload(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    parameters(request)
    found = await services.away(services.law.reload)
    try:
        await services.away(ask)
    except OSError as error:
        raise Refused(503, f"the other workers cannot be told: {error.strerror}") from None
    return answer(found)
