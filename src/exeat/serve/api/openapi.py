"""The OpenAPI document, made of what each route says of itself."""

from __future__ import annotations

import json
import re
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from exeat import __version__
from exeat.decide.schema import decision_schema
from exeat.rulebook.model import Book
from exeat.serve import api
from exeat.serve.doc import Doc, Reply, Schema, answer, openapi, told
from exeat.serve.roles import OPEN
from exeat.serve.services import Services
from exeat.vocabulary.schema import transaction_schema


def document(book: Book) -> Schema:
    """The OpenAPI document for a rulebook, whose vocabulary says what a transaction may hold."""
    parts = {"transaction": transaction_schema(book.vocabulary), "decision": decision_schema()}
    return openapi(routes(), __version__, parts)


def routes() -> dict[tuple[str, str], Doc]:
    """Every documented route by method and path."""
    found: dict[tuple[str, str], Doc] = {}
    for handler in api.ROUTES:
        if not isinstance(handler, HTTPRouteHandler):
            continue
        for path in sorted(handler.paths):
            for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                found[str(method), re.sub(r"\{(\w+):\w+\}", r"{\1}", path)] = handler.opt["doc"]
    return found


DOC = Doc("openapi", "This document.", "service", {200: Reply("OpenAPI 3.1.", {"type": "object"})})


@get("/openapi.json", opt=told(OPEN, DOC))
async def openapi_json(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    return answer(_document(services))


_kept: dict[str, bytes] = {}


def _document(services: Services) -> bytes:
    if services.book.hash not in _kept:
        _kept.clear()
        _kept[services.book.hash] = json.dumps(document(services.book), ensure_ascii=False).encode()
    return _kept[services.book.hash]
