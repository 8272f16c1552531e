"""Text as markup: Chinese on a page in English says that it is Chinese, ids and web addresses become links."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from markupsafe import Markup, escape

from exeat.page.safe import visible, web_address

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff][\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef0-9]*")
WEB = re.compile(r"https?://[^\s·<>\"]+")


def tongue(text: str, lang: str) -> Markup:
    """Text whose Chinese runs are marked on an English page, so that they are read aloud as Chinese."""
    shown = visible(str(text))
    if lang != "en":
        return escape(shown)
    found, at = Markup(""), 0
    for match in HAN.finditer(shown):
        found += escape(shown[at : match.start()])
        found += Markup('<span lang="zh-Hans">{}</span>').format(match[0])
        at = match.end()
    return found + escape(shown[at:])


def addressed(text: str, lang: str) -> Markup:
    """Text with links for its web addresses."""
    found, at = Markup(""), 0
    shown = visible(text)
    for match in WEB.finditer(shown):
        url = match[0].rstrip(".,;)")
        if web_address(url):
            found += tongue(shown[at : match.start()], lang)
            found += Markup('<a href="{0}" rel="noreferrer noopener">{0}</a>').format(url)
            at = match.start() + len(url)
    return found + tongue(shown[at:], lang)


def linker(known: Collection[str]) -> Callable[[str, str], Markup]:
    """What makes a link of an id that begins a line, and of web addresses in the rest."""

    def linked(line: str, lang: str) -> Markup:
        head, dot, rest = line.strip().partition(" · ")
        first = Markup('<a href="/law/of/{0}">{0}</a>').format(head) if head in known else addressed(head, lang)
        return first + (Markup(" · ") + addressed(rest, lang) if dot else Markup(""))

    return linked
