"""Whether the service is alive and ready."""

from __future__ import annotations

import msgspec
from litestar import get

from exeat.serve.roles import OPEN, needs
from exeat.serve.services import Services


class Alive(msgspec.Struct, frozen=True):
    """``status`` is ``ok``."""

    status: str


class Ready(msgspec.Struct, frozen=True):
    """What answers: the rulebook's edition, and how many rules it holds."""

    status: str
    edition: str
    rules: int


@get("/healthz", opt=needs(OPEN), sync_to_thread=False)
def healthz() -> Alive:
    """Whether the process answers."""
    return Alive("ok")


@get("/readyz", opt=needs(OPEN), sync_to_thread=False)
def readyz(services: Services) -> Ready:
    """Whether it can decide."""
    return Ready("ok", services.book.edition, len(services.book.rules))
