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

from exeat.page.chinese import told
from exeat.page.condition import SIGNS
from exeat.page.safe import visible, web_address
from exeat.serve.asker import Asker, asker_of
from exeat.serve.pages import about, answer, ask, cases, entry, inbox, law, screening
from exeat.serve.pages.csrf import check_form
from exeat.serve.pages.marked import tongue
from exeat.serve.pages.shelf import put_up, spoken_in
from exeat.serve.problem import Problem
from exeat.serve.roles import OPEN, allows, needs

if TYPE_CHECKING:
    from exeat.serve.edition import LawFault
    from exeat.serve.services import Services

HERE = Path(__file__).parent.parent
STATIC, TEMPLATES = HERE / "static", HERE / "templates"
HTML_LANG = {"en": "en", "zh": "zh-Hans"}

# A page's module adds its handlers here.
PAGES: list[Any] = [
    *entry.PAGES, *about.PAGES, *ask.PAGES, *answer.PAGES, *cases.PAGES, *screening.PAGES, *law.PAGES, *inbox.PAGES,
]  # fmt: skip

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
    """The environment of the templates: what every page can use; escaping, and hidden characters shown, everywhere."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=_shown, auto_reload=False,
    )  # fmt: skip
    environment.filters.update(
        visible=lambda text: visible(str(text)),
        lines=lines,
        verbatim=verbatim,
        spoken=spoken,
        tongue=_tongue,
        told=_told,
    )
    environment.globals.update(
        static=static, config=services.config, signs=SIGNS, address=web_address, role=allows, edition=_Edition(services)
    )
    put_up(services, environment)
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)  # compiled now, not while the first reader waits
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


class _Edition:
    """What every page says of the law that answers it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def edition(self) -> str:
        return self._services.book.edition

    @property
    def encoded_to(self) -> str:
        return self._services.book.encoded_to

    @property
    def fault(self) -> LawFault | None:
        return self._services.law.fault


def _shown(value: Any) -> Any:
    """Whatever is printed: markup of the templates' own as it is, all other text with what hides in it made visible."""
    return value if isinstance(value, markupsafe.Markup) else visible(str(value))


def lines(text: str) -> markupsafe.Markup:
    """A text of several lines, for ``<pre>``: each made visible by itself."""
    return markupsafe.Markup("\n").join(visible(line) for line in str(text).splitlines())


def verbatim(text: str) -> markupsafe.Markup:
    """A text that goes back into a field: to the letter, for what was typed must not change by being shown."""
    return markupsafe.escape(str(text))


def spoken(text: str) -> str:
    """A verdict's word as people say it."""
    return str(text).replace("_", " ")


@jinja2.pass_context
def _tongue(known: jinja2.runtime.Context, text: str) -> markupsafe.Markup:
    return tongue(text, str(known["lang"]))


@jinja2.pass_context
def _told(known: jinja2.runtime.Context, text: str, kind: str = "faults") -> str:
    """What a room said in English, in the language of the page."""
    return told(str(text), str(known["lang"]), kind)


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
        **spoken_in(lang),
        "asker": asker,
        "html_lang": HTML_LANG[lang],
        "csrf": markupsafe.Markup('<input type="hidden" name="csrf" value="{}">').format(asker.csrf),
        "here": "",
        **more,
    }


def error_page(request: Request[Any, Any, Any], problem: Problem, headers: dict[str, str]) -> Response[Any]:
    """The page of an error. Rendered here and not by the framework, which is already in trouble."""
    engine = request.app.template_engine
    asker = asker_of(request.scope)
    known = context(asker, problem=problem, request=request)
    body = engine.get_template("error.html").render(**known)  # type: ignore[union-attr]
    return Response(body, status_code=problem.status, media_type="text/html", headers=headers)


def page(name: str, asker: Asker, status: int = 200, **more: Any) -> Template:
    """A page out of a template."""
    return Template(name, context=context(asker, **more), status_code=status)
