"""The answer as one web page that stands alone: no script, nothing fetched, readable by everybody, printable."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import jinja2
import markupsafe

from exeat.decide.decision import Cited, Decision
from exeat.page.answer import answer
from exeat.page.condition import SIGNS
from exeat.page.safe import visible, web_address
from exeat.page.words import word
from exeat.rulebook.model import Book

HTML_LANG = {"en": "en", "zh": "zh-Hans"}


def render(
    decision: Decision,
    book: Book,
    lang: str = "en",
    *,
    outlook: bool = True,
    redacted: bool = False,
    veil: Callable[[str], str] = str,
) -> str:
    """The page. The arguments are those of `exeat.page.text.render`."""
    notes = _Notes(lang)
    found = answer(decision, book, lang, outlook=outlook, redacted=redacted, full=True)

    def finalize(value: Any) -> Any:
        """Everything printed: markup of the template's own as it is, other text made visible and then escaped."""
        return value if isinstance(value, markupsafe.Markup) else veil(visible(str(value)))

    template = _environment().overlay(finalize=finalize).get_template("answer.html.j2")
    return template.render(
        a=found,
        html_lang=HTML_LANG[lang],
        w=lambda key, *parts: word(key, lang, *parts),
        note=notes.number,
        sources=notes.sources,
        address=lambda url: veil(web_address(url)) == web_address(url) and web_address(url),
        signs=SIGNS,
    )


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("exeat.page", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _Notes:
    """Numbers the sources in the order in which the page cites them."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.found: dict[str, Cited] = {}

    def number(self, cite: Cited) -> int:
        self.found.setdefault(cite.ref, cite)
        return list(self.found).index(cite.ref) + 1

    def sources(self) -> list[Cited]:
        return list(self.found.values())
