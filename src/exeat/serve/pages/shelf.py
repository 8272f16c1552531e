"""Parts of pages that are the same for whoever may see the page: rendered once, kept for a while, put in as they are.

What a part's template is given holds no asker, no session and no token, and an undefined name is an error there: a part
cannot carry what is one reader's into the page of another. Its key holds the edition of the law and the language, and
whatever else the part was made of (the entry of a decision, a day); who may see the page is settled before anything is
taken from here.
"""

from __future__ import annotations

import asyncio
import functools
import threading
import weakref
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from exeat.page.words import day, verdict, word

if TYPE_CHECKING:
    from exeat.serve.services import Services

MOST = 8_000_000  # characters kept in a worker; an answer has about a hundred thousand
CUT = "<!--cut-->"  # in a part's template: here the page puts something of its own in between
Parts = tuple[Markup, ...]


class Shelf:
    """Rendered parts by key, those used last kept longest."""

    def __init__(self, environment: jinja2.Environment, most: int = MOST) -> None:
        self.environment, self.most = environment, most
        self._kept: dict[tuple[object, ...], Parts] = {}
        self._size = 0
        self._lock = threading.Lock()
        self._making: dict[tuple[object, ...], asyncio.Lock] = {}

    async def parts(
        self,
        edition: str,
        lang: str,
        template: str,
        key: tuple[object, ...],
        make: Callable[[], dict[str, Any] | Awaitable[dict[str, Any]]],
    ) -> Parts:
        """The parts of a template, between its cuts.

        Args:
            edition: hash of the law that is spoken of.
            lang: the language.
            template: the template's name.
            key: what else the parts are made of.
            make: gives what the template needs, when it must be rendered; asked once even if many wait.
        """
        place = (template, edition, lang, *key)
        found = self.found(place)
        if found is not None:
            return found
        async with self._making.setdefault(place, asyncio.Lock()):
            try:
                found = self.found(place)
                if found is None:
                    made = make()
                    given = made if isinstance(made, dict) else await made
                    found = self.render(template, lang, given)
                    self.keep(place, found)
                return found
            finally:
                self._making.pop(place, None)

    def render(self, template: str, lang: str, given: dict[str, Any]) -> Parts:
        """The parts of a template."""
        text = self.environment.get_template(template).render(**spoken_in(lang), **given)
        return tuple(Markup(part) for part in text.split(CUT))  # the template has escaped it

    def found(self, key: tuple[object, ...]) -> Parts | None:
        """What is kept under a key, which is thereby used."""
        with self._lock:
            found = self._kept.pop(key, None)
            if found is not None:
                self._kept[key] = found
            return found

    def keep(self, key: tuple[object, ...], parts: Parts) -> None:
        """Keep parts; the longest unused go."""
        with self._lock:
            self._size += sum(map(len, parts)) - sum(map(len, self._kept.pop(key, ())))
            self._kept[key] = parts
            while self._size > self.most and self._kept:
                self._size -= sum(map(len, self._kept.pop(next(iter(self._kept)))))


def spoken_in(lang: str) -> dict[str, Any]:
    """What every template knows of the language it speaks."""
    return {
        "lang": lang,
        "t": lambda english, chinese: chinese if lang == "zh" else english,
        "w": lambda key, *parts: word(key, lang, *parts),
        "verdict": functools.partial(verdict, lang=lang),
        "day": functools.partial(day, lang=lang),
    }


_shelves: weakref.WeakKeyDictionary[Services, Shelf] = weakref.WeakKeyDictionary()


def put_up(services: Services, environment: jinja2.Environment) -> None:
    """Give an application its shelf."""
    _shelves[services] = Shelf(environment)


def shelf(services: Services) -> Shelf:
    """The shelf of an application."""
    return _shelves[services]
