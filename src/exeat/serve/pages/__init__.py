"""The pages. ``ROUTES`` are those that the application serves; see `exeat.serve` for how one is added."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import markupsafe
from litestar import Request, Response, Router
from litestar.contrib.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig

from exeat.page.safe import visible
from exeat.page.words import day, verdict
from exeat.serve.asker import Asker, asker_of
from exeat.serve.pages import entry
from exeat.serve.pages.csrf import check_form
from exeat.serve.problem import Problem
from exeat.serve.roles import OPEN, needs

if TYPE_CHECKING:
    from exeat.serve.services import Services

HERE = Path(__file__).parent.parent
STATIC, TEMPLATES = HERE / "static", HERE / "templates"
YEAR = "public, max-age=31536000, immutable"

# A page's module adds its handlers here.
PAGES: list[Any] = [entry.home, entry.login_form, entry.login, entry.logout, entry.begin, entry.back]

ROUTES: list[Any] = [
    Router("/", route_handlers=PAGES, before_request=check_form, include_in_schema=False),
    create_static_files_router(
        path="/static",
        directories=[STATIC],
        opt=needs(OPEN),
        include_in_schema=False,
        name="static",
        cache_control=None,
    ),
]


def templates(services: Services) -> TemplateConfig[Any]:
    """The environment of the templates: what every page can use, and escaping everywhere."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["visible"] = lambda text: visible(str(text))
    environment.globals.update(static=static, config=services.config)
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


@functools.cache
def _stamp(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def static(name: str) -> str:
    """The address of a static file, which changes with its content."""
    return f"/static/{name}?{_stamp(name)}"


def context(asker: Asker, **more: Any) -> dict[str, Any]:
    """What every template knows of whoever asks."""
    lang = asker.lang
    return {
        "asker": asker,
        "lang": lang,
        "csrf": markupsafe.Markup('<input type="hidden" name="csrf" value="{}">').format(asker.csrf),
        "verdict": functools.partial(verdict, lang=lang),
        "day": functools.partial(day, lang=lang),
        **more,
    }


def page(name: str, asker: Asker, status: int = 200, **more: Any) -> Template:
    """A page out of a template."""
    return Template(name, context=context(asker, **more), status_code=status)


def error_page(request: Request[Any, Any, Any], problem: Problem, headers: dict[str, str]) -> Response[Any]:
    """The page of an error. Rendered here and not by the framework, which is already in trouble."""
    engine = request.app.template_engine
    asker = asker_of(request.scope)
    body = engine.get_template("error.html").render(**context(asker, problem=problem))  # type: ignore[union-attr]
    return Response(body, status_code=problem.status, media_type="text/html", headers=headers)
