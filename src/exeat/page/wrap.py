"""Lines that fit a terminal, Chinese included: such a character is two columns wide, and a line may end after it."""

from __future__ import annotations

import re

import wcwidth

NO_START = set("，。；：！？、）》」』】〕…％”’·,.;:!?)]}→")  # may not begin a line
NO_END = set("（《「『【〔“‘([{")  # may not end one
ATOM = re.compile(
    r"\s+|[^\s\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]+|."
)


def width(text: str) -> int:
    """Terminal columns."""
    return sum(max(0, wcwidth.wcwidth(char)) for char in text)


def pad(text: str, columns: int) -> str:
    """``text`` filled up with spaces to so many columns."""
    return text + " " * max(0, columns - width(text))


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most ``columns`` (at least 10), broken at spaces and between Chinese characters."""
    columns = max(10, columns)
    lines: list[str] = []
    line, used = "", 0
    for atom in _atoms(text, columns):
        if used + width(atom) > columns and line.strip():
            lines.append(line.rstrip())
            line, used = "", 0
        if not atom.isspace() or line:
            line, used = line + atom, used + width(atom)
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _atoms(text: str, columns: int) -> list[str]:
    """What may not be broken: words, single wide characters with the punctuation that belongs to them."""
    found: list[str] = []
    for atom in ATOM.findall(text):
        previous = found[-1] if found else ""
        glued = previous and not previous.isspace() and not atom.isspace()
        if glued and (atom[0] in NO_START or previous[-1] in NO_END) and width(previous + atom) <= columns:
            found[-1] = previous + atom
        else:
            found += _pieces(atom, columns)
    return found


def _pieces(atom: str, columns: int) -> list[str]:
    """A word that is wider than the line, cut; an address stays whole, so that it can be copied."""
    if "://" in atom:
        return [atom]
    pieces, piece = [], ""
    for char in atom:
        if width(piece + char) > columns:
            pieces.append(piece)
            piece = ""
        piece += char
    return [*pieces, piece]


def paragraph(text: str, columns: int, indent: int = 0, hang: int | None = None) -> list[str]:
    """Wrapped lines: the first indented by ``indent``, the others by ``hang``."""
    hang = indent if hang is None else hang
    lines = wrap(text, columns - max(indent, hang))
    return [" " * (indent if number == 0 else hang) + line for number, line in enumerate(lines)]
