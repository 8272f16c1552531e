"""What other rooms say in English, in the language of whoever reads: faults, features of a score, conditions."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from exeat.vocabulary.reader import Map, read_file

DATA = Path(__file__).parent / "data" / "zh.yaml"
QUOTED = re.compile(r"(?<![\w'])'([^'\s][^']*)'(?![\w'])")


class Phrases:
    """Phrases of one kind. Those without gaps are found at once, the others by their shape, the longest first."""

    def __init__(self, said: dict[str, str]) -> None:
        self.plain = {english: chinese for english, chinese in said.items() if "{}" not in english}
        gaps = sorted((one for one in said.items() if "{}" in one[0]), key=lambda one: -len(one[0]))
        self.shapes = [(_shape(english), chinese) for english, chinese in gaps]

    def find(self, text: str) -> str | None:
        """The Chinese for a text, or None."""
        found = self.plain.get(text)
        if found is not None:
            return found
        for shape, chinese in self.shapes:
            match = shape.fullmatch(text)
            if match:
                return chinese.format(*(_part(group) for group in match.groups()))
        return None


def _part(group: str) -> str:
    """What was put into a phrase: itself, unless it is a word that has a Chinese one (`read as pinyin`)."""
    return phrases("details").plain.get(group, group)


def _shape(english: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.S)


@functools.cache
def phrases(kind: str) -> Phrases:
    """The phrases of a kind (a section of the data), read once.

    Raises:
        InputErrors: the file is faulty.
        KeyError: there is no such kind.
    """
    node = read_file(DATA, DATA.name)
    found = node[kind]  # type: ignore[call-overload,index]
    assert isinstance(found, Map)
    return Phrases({str(english): str(chinese) for english, chinese in found.items()})


def told(text: str, lang: str, kind: str = "faults") -> str:
    """A text in the language of the page; as it is where nobody has put it into Chinese.

    Args:
        text: what a room said, in English.
        lang: ``en`` or ``zh``.
        kind: ``faults``, ``features``, ``details``, ``conditions`` or ``columns``.
    """
    if lang != "zh" or not text:
        return text
    found = phrases(kind).find(text)
    if found is None and "; " in text:  # several in one
        return "；".join(told(part, lang, kind) for part in text.split("; "))
    return QUOTED.sub("“\\1”", found) if found is not None else text
