"""Whether the service is alive and ready, who asks, and the OpenAPI document."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get

from exeat.serve.asker import Asker
from exeat.serve.doc import Doc, Reply, answer, parameters, told
from exeat.serve.roles import OPEN
from exeat.serve.services import Services


class Alive(msgspec.Struct, frozen=True):
    """``status`` is ``ok``."""

    status: str


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
async def healthz(request: Request[Any, Any, Any]) -> Response[bytes]:
    return answer(Alive("ok"))


@get("/readyz", opt=told(OPEN, _simple("readyz", "Whether it can decide.", Ready)))
async def readyz(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    return answer(Ready("ok", services.book.edition, len(services.book.rules)))


@get("/api/v1/me", opt=told("viewer", _simple("me", "Who asks.", Me)))
async def me(request: Request[Any, Any, Any], asker: Asker) -> Response[bytes]:
    parameters(request)
    return answer(Me(asker.name, asker.role, asker.lang, asker.way))
