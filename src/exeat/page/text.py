"""The answer as text for a terminal: one page, in the language and width asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from typing import TextIO

import msgspec

from exeat.decide.decision import Cited, Decision
from exeat.page.answer import Answer, Entry, Row, Tree, answer
from exeat.page.condition import SIGNS, Why
from exeat.page.safe import visible
from exeat.page.words import word
from exeat.page.wrap import pad, paragraph, width
from exeat.rulebook.model import Book

MAX_WIDTH = 120  # beyond it lines are hard to read
MIN_WIDTH = 40
RESET = "\x1b[0m"
BOLD, DIM = "\x1b[1m", "\x1b[2m"
TONES = {  # never the only carrier of meaning: the word stands there as well; nothing found is not green
    "prohibited": "\x1b[1;31m",
    "prohibited_not_enforced": "\x1b[1;31m",
    "licence_required": "\x1b[1;33m",
    "approval_required": "\x1b[1;33m",
    "conditions": "\x1b[33m",
    "authorised": "\x1b[32m",
    "undetermined": "\x1b[1;35m",
    "out_of_coverage": "\x1b[1;36m",
    "not_in_effect": "\x1b[1m",
    "no_requirement_found": "\x1b[1m",
    "conflict": "\x1b[1;31m",
}


def terminal_width() -> int:
    """The width to write for: the terminal's, or 80 where there is none."""
    return max(MIN_WIDTH, min(MAX_WIDTH, shutil.get_terminal_size((80, 24)).columns))


def wants_colour(stream: TextIO) -> bool:
    """Whether to colour what goes to a stream: a terminal, and nobody has said no (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def render(
    decision: Decision,
    book: Book,
    lang: str = "en",
    *,
    columns: int = 80,
    colour: bool = False,
    explain: bool = False,
    brief: bool = False,
    outlook: bool = True,
    redacted: bool = False,
    veil: Callable[[str], str] = str,
) -> str:
    """The page.

    Args:
        decision: the decision, with its traces.
        book: the rulebook it was made under.
        lang: ``en`` or ``zh``.
        columns: width in terminal columns.
        colour: use ANSI colours.
        explain: list everything, and the tree of reasons of every finding.
        brief: what fits one page.
        outlook: False if questions, horizon and counterfactuals were not worked out.
        redacted: the parties' names were taken out of the decision.
        veil: applied to every piece of text; takes names out of what the rulebook says.
    """
    found = answer(decision, book, lang, outlook=outlook, redacted=redacted, full=explain, brief=brief)
    page = Page(lang, columns, colour, veil)
    page.whole(found, explain, brief)
    return page.text()


def render_trees(
    trees: Iterable[Tree], lang: str, columns: int = 80, colour: bool = False, veil: Callable[[str], str] = str
) -> str:
    """The trees of reasons alone, with their sources."""
    page = Page(lang, columns, colour, veil)
    for tree in trees:
        page.tree(tree)
    page.cited_sources(width(word("SOURCES", lang)) + 2, True)
    return page.text()


class Page:
    """Lines of a page as they are laid out."""

    def __init__(self, lang: str, columns: int, colour: bool, veil: Callable[[str], str]) -> None:
        self.columns, self.colour, self.veil = columns, colour, veil
        self.lines: list[str] = []
        self.lang = lang
        self.sources: dict[str, Cited] = {}  # by their words; the place is the number

    def whole(self, found: Answer, explain: bool, brief: bool = False) -> None:
        if found.watermark:
            self._band(found.watermark)
        self.flow(f"EXEAT {found.id} · " + " · ".join(found.head), style=DIM)
        self.flow(found.title, style=BOLD)
        for line in found.subject:
            self.flow(line, indent=2, hang=4)
        self.blank()
        labels = [section.label for section in found.sections]
        gutter = max(width(label) for label in [*labels, word("VERDICT", self.lang)]) + 2
        self.labelled(word("VERDICT", self.lang), " · ".join([found.verdict, *found.flags]), gutter, found.tone)
        for row in found.rows:
            self._row(row, gutter, brief)
        self.blank()
        for section in found.sections:
            self.section(section.label, section.entries, gutter)
        if explain:
            self.blank()
            self.flow(word("TREES", self.lang), style=BOLD)
            for tree in found.trees:
                self.tree(tree)
        self.cited_sources(gutter, explain)
        self.blank()
        if found.watermark:
            self._band(found.watermark)
        self.flow(f"{found.disclaimer} {word('see long', self.lang)}" if brief else found.disclaimer)

    # --- parts

    def tree(self, tree: Tree) -> None:
        self.blank()
        self.flow(f"{tree.rule} · {tree.title} · {tree.result}", style=BOLD, hang=2)
        self.reason(tree.reason, 1)
        for entry in (tree.law, *tree.more):
            self.flow(self._cited(entry), indent=2, hang=4)

    def cited_sources(self, gutter: int, addresses: bool) -> None:
        """Every source that the page has cited so far, by its number."""
        self.blank()
        for number, source in enumerate(self.sources.values(), 1):
            address = source.url if addresses else ""
            mark = word("unverified", self.lang) if source.seen == "unverified" else ""
            text = " · ".join(part for part in (source.ref, mark, address) if part)
            label = word("SOURCES", self.lang) if number == 1 else ""
            self.labelled(label, f"[{number}] {text}", gutter, hang=4)

    def reason(self, why: Why, depth: int, above: tuple[str, ...] = ()) -> None:
        """A reason and those below it; an element that stands ``above`` is not named again."""
        indent = min(2 * depth, self.columns // 2)
        about = f"{why.about}{word('colon', self.lang)}" if why.about and why.about not in above else ""
        source = f" — {why.source}" if why.source else ""
        says = f" [{word(why.truth, self.lang)}]" if why.truth else ""
        entry = Entry(f"{SIGNS[why.truth]} {about}{why.text}{source}{says}", why.cite)
        self.flow(self._cited(entry), indent=indent, hang=indent + 2)
        for part in why.parts:
            self.reason(part, depth + 1, (*above, why.text))

    def _row(self, row: Row, gutter: int, brief: bool = False) -> None:
        name = pad(self._clean(row.name), gutter - 2)
        head = f"{name}{'' if name.endswith(' ') else '  '}{self._clean(row.verdict)}"
        lines = paragraph(head, self.columns, 2, 4)
        self.lines += [self._painted(line, TONES.get(row.tone, "") if n == 0 else "") for n, line in enumerate(lines)]
        if brief:
            for entry in row.entries:
                self.flow(
                    self._cited(msgspec.structs.replace(entry, cite=entry.cite[:1])), indent=gutter, hang=gutter + 2
                )
            return
        for entry in row.entries:
            whole = "".join(self._cite(cite) for cite in entry.cite[:1])
            rest = Entry(" · ".join(filter(None, (entry.text, whole))), entry.cite[1:])
            self.flow(self._cited(rest), indent=6, hang=8)

    def section(self, label: str, entries: Sequence[Entry], gutter: int) -> None:
        mark = "- " if len(entries) > 1 else ""
        for number, entry in enumerate(entries):
            text = f"{mark}{self._cited(entry)}"
            self.labelled(label if number == 0 else "", text, gutter, entry.tone, len(mark))
            for part in entry.parts:
                self.flow(self._cited(part), indent=gutter + 2, hang=gutter + 4)

    def labelled(self, label: str, text: str, gutter: int, tone: str = "", hang: int = 0, indent: int = 0) -> None:
        """A paragraph with its label in a column of its own."""
        for number, line in enumerate(paragraph(self._clean(text), self.columns - gutter, indent, indent + hang)):
            head = pad(label if number == 0 else "", gutter)
            whole = self._painted(head, BOLD if head.strip() else "") + self._painted(line, TONES.get(tone, ""))
            self.lines.append(whole.rstrip())

    def _cited(self, entry: Entry) -> str:
        """The entry with the places it cites: ``art. 30 [1]``."""
        notes = word("list sep", self.lang).join(self.note(cite) for cite in entry.cite)
        return " · ".join(filter(None, (entry.text, notes)))

    def note(self, cite: Cited) -> str:
        self.sources.setdefault(cite.ref, cite)
        number = list(self.sources).index(cite.ref) + 1
        mark = f" {word('unverified', self.lang)}" if cite.seen == "unverified" else ""
        return f"{cite.pinpoint} [{number}{mark}]".strip()

    def _cite(self, cite: Cited) -> str:
        mark = f" [{word('unverified', self.lang)}]" if cite.seen == "unverified" else ""
        return ", ".join(part for part in (cite.ref, cite.pinpoint) if part) + mark

    # --- lines

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def _clean(self, text: str) -> str:
        return self.veil(visible(text))

    def flow(self, text: str, indent: int = 0, hang: int | None = None, style: str = "") -> None:
        for line in paragraph(self._clean(text), self.columns, indent, hang):
            self.lines.append(self._painted(line, style))

    def _band(self, text: str) -> None:
        self.flow(f"*** {text} ***", style="\x1b[7m")

    def blank(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def _painted(self, line: str, style: str) -> str:
        return f"{style}{line}{RESET}" if self.colour and style and line else line
