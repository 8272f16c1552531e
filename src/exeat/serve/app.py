"""The application: the gate, the framework, the routes."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

import msgspec
from litestar import Litestar, Request, Response
from litestar.di import Provide

from exeat.serve import api, pages
from exeat.serve.api.openapi import openapi_json
from exeat.serve.asker import Asker, asker_of
from exeat.serve.config import ENVIRONMENT, Config
from exeat.serve.gate import App, Gate, Receive, Scope, Send, machine
from exeat.serve.problem import MEDIA, encoded, problem_of
from exeat.serve.quiet import keep_quiet, log_fault
from exeat.serve.roles import check_role, guard
from exeat.serve.services import Services

# Objects made before the collector looks for cycles: an answer makes some thousands, hardly any of them in a cycle, and
# at Python's 700 the looking took a tenth of the processor.
YOUNG = 10_000
# Seconds for which a thread may keep the interpreter while another waits. The thread that writes the record gives it up
# at each call into the database, and waits for the one that decides each time: at Python's 5 ms a group of four took 25
# to 40 ms to be written.
TURN = 0.001


def create_app(config: Config, services: Services | None = None) -> App:
    """The ASGI application for a configuration.

    Args:
        config: how it is set up.
        services: what the routes use, where a test brings its own.

    Raises:
        InputError: the configuration would let strangers in, or the law's files are faulty.
    """
    config.check()
    found = services or Services(config)
    keep_quiet(config)

    tools, running = _agents(found)

    @asynccontextmanager
    async def life(_: Litestar) -> AsyncIterator[None]:
        watching = asyncio.create_task(found.watch())
        async with running():
            yield
        watching.cancel()
        found.close()

    def given() -> Services:
        return found

    framework = Litestar(
        route_handlers=[*api.ROUTES, openapi_json, *pages.ROUTES],
        dependencies={
            "services": Provide(given, sync_to_thread=False),
            "asker": Provide(_asker, sync_to_thread=False),
        },
        guards=[guard],
        exception_handlers={Exception: refuse},
        template_config=pages.templates(found),
        openapi_config=None,
        lifespan=[life],
        logging_config=None,
        signature_types=[Services, Asker],
        request_max_body_size=None,  # the gate has counted
        debug=False,
    )
    gate = Gate(_Paths(framework, tools, found), config, lambda: found.access)  # type: ignore[arg-type]
    framework.state.gate = gate
    return gate


class _Paths:
    """Hands what is for the agents' tools to them, under the same rule as a route, and the rest to the framework; each
    request is answered by one edition of the law.
    """

    def __init__(self, framework: App, tools: App | None, services: Services) -> None:
        self.framework, self.tools, self.services = framework, tools, services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.framework(scope, receive, send)
            return
        with self.services.pinned():
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.tools is None or scope["type"] != "http" or scope["path"] != "/mcp":
            await self.framework(scope, receive, send)
            return
        check_role(asker_of(scope), "viewer")
        await self.tools(scope, receive, send)


def _agents(services: Services) -> tuple[App | None, Callable[[], AbstractAsyncContextManager[None]]]:
    """The agents' tools and what runs beside them; nothing where they are off."""
    if not services.config.agents:
        return None, nullcontext
    from exeat.serve.agent import over_http  # noqa: PLC0415  half a second that not everybody needs

    return over_http(services, services.config.body)


def _asker(request: Request[Any, Any, Any]) -> Asker:
    return asker_of(request.scope)


def refuse(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """An error as a problem document, or as a page for those who read pages."""
    problem, headers = problem_of(error)
    if problem.status >= 500:
        log_fault(request.method, request.url.path, error)
    if machine(request.url.path) or "text/html" not in request.headers.get("accept", ""):
        return Response(encoded(problem), status_code=problem.status, media_type=MEDIA, headers=headers)
    return pages.error_page(request, problem, headers)


def from_environment() -> App:
    """The application of a worker process; its configuration lies in the environment.

    Raises:
        KeyError: nobody started this worker through ``exeat serve``.
    """
    config = msgspec.json.decode(os.environ[ENVIRONMENT], type=Config)
    app = create_app(config, Services(config.check(), resume=True))
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
    sys.setswitchinterval(TURN)
    return app
