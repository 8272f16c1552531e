"""Who may do what: four roles, each of which may do all that the one before it may."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from exeat.serve.asker import Asker, asker_of
from exeat.serve.problem import Refused

ROLES = ("viewer", "analyst", "approver", "admin")
OPEN = "anyone"  # what somebody who has not logged in may use: the login itself, static files, whether it is alive


def needs(role: str) -> dict[str, Any]:
    """The ``opt`` of a route that this role, and whoever may do more, can use."""
    if role not in (OPEN, *ROLES):
        raise ValueError(role)
    return {"role": role}


def allows(have: str, need: str) -> bool:
    """Whether one role may do what another may; somebody without one may do nothing that needs one."""
    return need == OPEN or (have in ROLES and ROLES.index(have) >= ROLES.index(need))


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse whoever may not use a route; one that says nothing is the admin's alone.

    Async, or Litestar would call it in a thread, which takes longer than to decide.

    Raises:
        Refused: 401 to somebody unknown, 403 to somebody known.
    """
    check_role(asker_of(connection.scope), handler.opt.get("role", "admin"))


def check_role(asker: Asker, need: str) -> None:
    """That somebody may do what needs a role.

    Raises:
        Refused: 401 to somebody unknown, 403 to somebody known.
    """
    if allows(asker.role, need):
        return
    if not asker.role:
        raise Refused(401, "log in first", hint="send Authorization: Bearer TOKEN")
    raise Refused(403, "this needs another role", path=f"role {need}", found=asker.role)
