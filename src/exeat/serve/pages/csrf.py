"""Forms prove that they are ours: every POST of a page carries its session's token."""

from __future__ import annotations

import hmac
from typing import Any

from litestar import Request
from litestar.enums import RequestEncodingType

from exeat.serve.asker import asker_of
from exeat.serve.gate import SAFE
from exeat.serve.problem import Refused

FORMS = (RequestEncodingType.URL_ENCODED.value, RequestEncodingType.MULTI_PART.value)


async def check_form(request: Request[Any, Any, Any]) -> None:
    """Refuse a form without the token. Logging in and choosing a language come before any session; there the origin
    decides (the gate).

    Raises:
        Refused: no session, or another's token.
    """
    if request.method in SAFE:
        return
    asker = asker_of(request.scope)
    if asker.session is None:
        if request.url.path in ("/login", "/language") or asker.way == "token":
            return
        raise Refused(403, "open the page in a browser first", path="session")
    given = request.headers.get("x-csrf-token", "")
    if not given and request.headers.get("content-type", "").split(";")[0].strip().lower() in FORMS:
        given = str((await request.form()).get("csrf", ""))
    if not hmac.compare_digest(given.encode(), asker.csrf.encode()):
        raise Refused(403, "the form is not of this session; load the page again", path="csrf")
