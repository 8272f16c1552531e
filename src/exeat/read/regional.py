"""Words that regions write otherwise: 網路 is 网络, 資料 is 数据. Names and patterns get their other forms; names are
compared in the mainland's. Texts are never changed: the words differ in length, and offsets must hold."""

from __future__ import annotations

import re
from functools import cache

from exeat.errors import InputError
from exeat.read.fold import DATA, fold
from exeat.vocabulary.reader import Map, read_file


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """The mainland's words with the others, longest first.

    Raises:
        InputError: the data file is damaged.
    """
    node = read_file(DATA / "regional.yaml")
    rows = node.get("words") if isinstance(node, Map) else None
    if not isinstance(rows, Map):
        raise InputError("no words", file=str(DATA / "regional.yaml"))
    found = {fold(str(word)): tuple(fold(str(one)) for one in others) for word, others in rows.items()}
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0])))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """What finds a mainland word, what finds another, and the mainland's word for each other one."""
    # A mainland word stands for itself, so that 乌兹别克 within 乌兹别克斯坦 is let alone.
    back = {other: word for word, others in _words().items() for other in (word, *others)}
    ours = re.compile("|".join(map(re.escape, _words())))
    theirs = re.compile("|".join(map(re.escape, sorted(back, key=lambda word: (-len(word), word)))))
    return ours, theirs, back


# Within a character class a word is a set of signs, and a sign before a quantifier is no longer of its word.
_CLASS, _BOUND = re.compile(r"\[(?:\\.|[^\]\\])*\]"), "?*+{"


def widened(expression: str) -> str:
    """A regular expression that finds the other regions' words wherever it asks for the mainland's."""
    if expression.isascii():
        return expression
    ours, _, _ = _patterns()
    classes = [match.span() for match in _CLASS.finditer(expression)]

    def other(match: re.Match[str]) -> str:
        inside = any(start < match.start() < end for start, end in classes)
        if inside or expression[match.end() : match.end() + 1] in tuple(_BOUND):
            return match[0]
        return f"(?:{'|'.join(map(re.escape, (match[0], *_words()[match[0]])))})"

    return ours.sub(other, expression)


def mainland(name: str) -> str:
    """A folded name with the mainland's words, for comparison."""
    if name.isascii():
        return name
    _, theirs, back = _patterns()
    return theirs.sub(lambda match: back[match[0]], name)


def variants(name: str) -> tuple[str, ...]:
    """The other forms of a folded name: all its words as the first other region writes them, then each word in each
    other way."""
    if name.isascii():
        return ()
    ours, _, _ = _patterns()
    met = list(ours.finditer(name))
    if not met:
        return ()
    every = ours.sub(lambda match: _words()[match[0]][0], name)
    single = [name[: one.start()] + other + name[one.end() :] for one in met for other in _words()[one[0]]]
    return tuple(dict.fromkeys((every, *single)))
