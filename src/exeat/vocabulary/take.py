"""Taking typed values out of read nodes, with errors that name the place."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import NoReturn

from exeat.errors import InputError, nearest
from exeat.vocabulary.reader import Map, Node, Seq, Word, line_of

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NAME = re.compile(r"[A-Za-z0-9@][A-Za-z0-9@._()-]*")  # of rules, registers, rows, codes: no space, colon, slash or star
FIRST_DAY, LAST_DAY = "1000-01-01", "9998-12-31"  # days on either side must have a next day and a clock in every zone


class Taker:
    """Reads one mapping field by field and complains of what is left over."""

    def __init__(self, node: Node, file: str, path: str = "") -> None:
        self.file, self.path = file, path
        if not isinstance(node, Map):
            self.fail("a mapping is needed here", node)
        self.node: Map = node
        self.seen: set[str] = set()

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def fail(self, problem: str, node: object = None, key: str = "", allowed: str = "", hint: str = "") -> NoReturn:
        """Raise an `InputError` for this mapping (or for ``key`` in it)."""
        found = node if isinstance(node, str) else ""
        line = line_of(node) or line_of(getattr(self, "node", None))
        path = self.at(key) if key else self.path
        raise InputError(problem, file=self.file, line=line, path=path, found=found, allowed=allowed, hint=hint)

    def get(self, key: str) -> Node | None:
        self.seen.add(key)
        return self.node.get(key)

    def need(self, key: str) -> Node:
        node = self.get(key)
        if node is None:
            self.fail(f"the field {key!r} is missing", self.node)
        return node

    def word(self, key: str, default: str | None = None) -> str:
        """A non-empty word; the default where the key is absent (None: it is required)."""
        node = self.get(key)
        if node is None and default is not None:
            return default
        if node is None:
            node = self.need(key)
        if not isinstance(node, Word) or (not node.strip() and default is None):
            self.fail("a word is needed here", node, key)
        return str(node)

    def name(self, key: str) -> str:
        """A word that may name something: letters, digits and ``. _ - ( ) @``."""
        word = self.word(key)
        if not NAME.fullmatch(word):
            self.fail("not a name", self.node[key], key, "letters, digits and . _ - ( ) @")
        return word

    def map(self, key: str) -> Map:
        """A mapping, or an empty one where the key is absent."""
        node = self.get(key)
        if node is not None and not isinstance(node, Map):
            self.fail("a mapping is needed here", node, key)
        return node if node is not None else Map()

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        word = self.word(key, default)
        names = list(allowed)
        if word not in names and not (default is not None and word == default):
            self.fail("not an allowed word", self.node.get(key), key, ", ".join(names), nearest(word, names))
        return word

    def yes(self, key: str, default: bool = False) -> bool:
        return self.one_of(key, ("true", "false"), str(default).lower()) == "true"

    def day(self, key: str, default: str | None = None) -> str:
        word = self.word(key, default)
        if word or default is None:
            check_day(word, self.file, line_of(self.node.get(key)), self.at(key))
        return word

    def words(self, key: str, default: bool = True) -> tuple[str, ...]:
        """A list of words; one word alone counts as a list of one."""
        node = self.get(key)
        if node is None:
            return () if default else self.fail(f"the field {key!r} is missing", self.node)
        if isinstance(node, Word):
            return (str(node),)
        if not isinstance(node, Seq) or not all(isinstance(part, Word) for part in node):
            self.fail("a list of words is needed here", node, key)
        return tuple(str(part) for part in node)

    def text(self, key: str, required: bool = True) -> dict[str, str]:
        """A text in both languages, or {} where it is absent and not required."""
        node = self.get(key)
        if node is None and not required:
            return {}
        return text(self.need(key), self.file, self.at(key))

    def maps(self, key: str) -> list[Taker]:
        """A list of mappings, each as a `Taker`."""
        node = self.get(key)
        if node is None:
            return []
        if not isinstance(node, Seq):
            self.fail("a list is needed here", node, key)
        return [Taker(part, self.file, f"{self.at(key)}.{i}") for i, part in enumerate(node)]

    def done(self) -> None:
        """Complain of the first key that nobody asked for."""
        for key in self.node:
            if key not in self.seen:
                self.fail("unknown field", key, str(key), ", ".join(sorted(self.seen)), nearest(key, self.seen))


def text(node: Node, file: str, path: str) -> dict[str, str]:
    """``{en, zh}`` out of a node."""
    taker = Taker(node, file, path)
    found = {"en": taker.word("en"), "zh": taker.word("zh")}
    taker.done()
    return found


def check_day(word: str, file: str, line: int, path: str) -> None:
    """Raise unless ``word`` is a real day written ``YYYY-MM-DD``."""
    try:
        if not DAY.fullmatch(word):
            raise ValueError
        dt.date.fromisoformat(word)
    except ValueError:
        raise InputError("not a day", file=file, line=line, path=path, found=word, allowed="YYYY-MM-DD") from None
    if not FIRST_DAY <= word <= LAST_DAY:
        problem, allowed = "not a day that can be reckoned with", f"{FIRST_DAY} to {LAST_DAY}"
        hint = "leave the field out where there is no end" if path.endswith("until") else ""
        raise InputError(problem, file=file, line=line, path=path, found=word, allowed=allowed, hint=hint)
