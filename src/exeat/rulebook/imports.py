"""Official texts of registers: entries out of a labelled text or a tab-separated table, each with its lines.

The shape of the text is data (see `importer`). Full-width letters and spaces, page numbers, wrapped lines and values on
the line after their label are all read; what could be read in two ways is refused, with its line. Nothing partial comes
out.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import itertools
import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from wcwidth import wcswidth

from exeat.errors import InputError, InputErrors
from exeat.rulebook.importer import codes_in, fits
from exeat.rulebook.model import Importer
from exeat.vocabulary.reader import MAX_BYTES, decode

# One letter for one letter, so that a place in the plain text is the same place in the text as written.
PLAIN = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys([0x09, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000], 0x20),
    0xFE55: 0x3A,
}
PAGE_END = "\u2028"  # in place of a form feed, which the reader of files refuses
COUNTING = "一二三四五六七八九十百"
BEFORE_HEADING = re.compile(rf"[(]?[{COUNTING}]+[)]?[、.:]?")
COUNTED = re.compile(rf"[(][{COUNTING}]+[)]|[{COUNTING}]+、")
POINT = re.compile(r"(\d{1,3})(?: *、| *\.(?![0-9])) *")
PERHAPS_POINT = re.compile(r"(\d{1,3})\.[0-9]")
WITHIN = re.compile(r"(?<=[;:。 ])(\d{1,3})(?:、|\.(?![0-9])) *")
BELOW_POINT = re.compile(r"[(]?(?:\d{1,2}|[a-z]|[ivx]+)[)]|[①-⓿⑴-⒇]|[-–—•·●○▪] ?")
MARK_BEFORE_LABEL = r"(?:[(]?\d{1,4}[)]?[.、]? *)?"
OPEN_ENDS = ("、", "，", ",", "(", "（", "“", "《")
PAGE_HINT = "take the line out if it is the number of a page; join it to the line above if it belongs there"
FULL = 0.6  # a line that was wrapped is nearly as wide as the widest; a shorter one ends what it says


class Line(NamedTuple):
    """A line of the text as written, and with plain letters; ``apart``: an empty line stands before it."""

    number: int
    text: str
    plain: str
    apart: bool = False


class Point(msgspec.Struct, frozen=True):
    """A numbered point of an entry; ``number`` is "" for text before or without numbers."""

    number: str
    text: str
    first: int
    last: int


class Entry(msgspec.Struct, frozen=True):
    """One entry, and the lines it stands on."""

    code: str
    name: str
    means: str
    points: tuple[Point, ...]
    first: int
    last: int


class Reading(msgspec.Struct, frozen=True):
    """What an official text says."""

    file: str
    sha256: str
    encoding: str
    lines: int
    entries: tuple[Entry, ...]

    def counts(self) -> dict[str, int]:
        """Entries by class."""
        found: dict[str, int] = {}
        for entry in self.entries:
            found[entry.means] = found.get(entry.means, 0) + 1
        return found


def read_official(raw: bytes, file: str, importer: Importer, headings: Iterable[str] = ()) -> Reading:
    """The entries of an official text.

    Args:
        raw: the bytes of the file, UTF-8 or (if they are not UTF-8) GB18030.
        file: what to call it.
        importer: the shape of the text.
        headings: more lines that are headings in this text.

    Raises:
        InputErrors: everything that could not be read for certain, with its lines.
    """
    try:
        text, encoding = decode_official(raw, file)
    except InputError as error:
        raise InputErrors([error]) from None
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    reader = _Reader(file, importer, headings)
    reader.read(lines)
    if reader.errors:
        raise InputErrors(sorted(reader.errors, key=lambda error: error.line))
    return Reading(file, hashlib.sha256(raw).hexdigest(), encoding, len(lines), tuple(reader.entries))


def decode_official(raw: bytes, file: str) -> tuple[str, str]:
    """Text and encoding; line ends are ``\\n``, and the end of a page is the end of a line.

    Raises:
        InputError: neither UTF-8 nor GB18030, or control characters in it.
    """
    encoding = "UTF-8"
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("not UTF-8 text", file=file, found="UTF-16", hint="save the file as UTF-8")
    if len(raw) <= MAX_BYTES:
        try:
            raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            encoding = "GB18030"
            try:
                raw = (b"\xff" if raw[:3] == codecs.BOM_UTF8 else raw).decode("gb18030").encode()
            except UnicodeDecodeError as error:
                line = raw[: error.start].count(b"\n") + 1
                problem = "neither UTF-8 nor GB18030 text"
                raise InputError(problem, file=file, line=line, hint="save the file as UTF-8") from None
    text = decode(raw.replace(b"\x0c", PAGE_END.encode()), file)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        raise InputError("a character was lost (U+FFFD)", file=file, line=line, hint="copy or save the text anew")
    return text, encoding


def check_counts(reading: Reading, expected: dict[str, int], whence: str) -> list[InputError]:
    """What differs between the entries found and the counts that are stated."""
    found = reading.counts()
    return [
        InputError(
            f"{found.get(name, 0)} entries are {name}, and {whence} {count}",
            file=reading.file,
            hint="compare the text with the official one: entries may be missing, or be there that do not belong",
        )
        for name, count in expected.items()
        if found.get(name, 0) != count
    ]


# --- reading


def plain(text: str) -> str:
    return text.translate(PLAIN)


def closed(text: str) -> str:
    """Plain, and without spaces."""
    return plain(text).replace(" ", "")


class _Text:
    """A value that is being read: its lines, joined as they were before they were wrapped."""

    def __init__(self, text: str, line: int, number: str = "") -> None:
        self.text, self.number, self.first, self.last = text.strip(), number, line, line

    def join(self, text: str, line: int) -> None:
        more, self.last = text.strip(), line
        spaced = self.text[-1:].isascii() and more[:1].isascii() and self.text[-1:].isalnum() and more[:1].isalnum()
        self.text += (" " if spaced and self.text else "") + more


class _Draft:
    """An entry that is being read."""

    def __init__(self, means: str, part: int, line: int) -> None:
        self.means, self.part, self.first, self.last = means, part, line, line
        self.code: _Text | None = None
        self.name: _Text | None = None
        self.points: list[_Text] | None = None


class _Reader:
    def __init__(self, file: str, importer: Importer, headings: Iterable[str]) -> None:
        self.file, self.importer = file, importer
        self.errors: list[InputError] = []
        self.entries: list[Entry] = []
        self.part = -1
        self.parts = {closed(word): i for i, part in enumerate(importer.parts) for word in part.headings}
        self.headings = {closed(word) for word in (*importer.headings, *headings)}
        self.kinds = {closed(word): kind for kind, words in importer.labels.items() for word in words}
        words = sorted((closed(word) for word in self.kinds), key=len, reverse=True)
        label = "|".join(" *".join(map(re.escape, word)) for word in words)
        self.at_start = re.compile(rf" *{MARK_BEFORE_LABEL}[\[【]?({label})[\]】]? *(?::|$)")
        self.within = re.compile(rf"(?<= )({label}) *:")
        words_of_pages = "|".join(map(re.escape, map(closed, importer.page_words)))
        self.page = re.compile(rf"(?:[-–—_·/]|\d{{1,4}}(?!\d){'|' + words_of_pages if words_of_pages else ''})*")
        self.draft: _Draft | None = None
        self.field = ""  # the label whose value is being read; "" between entries
        self.previous: Line | None = None  # the line before, page numbers left out
        self.widest = 0
        self.codes: dict[str, int] = {}  # code -> line
        self.other: list[Line] = []  # lines that are part of no entry's code

    def fault(self, problem: str, line: int, found: str = "", allowed: str = "", hint: str = "") -> None:
        self.errors.append(InputError(problem, file=self.file, line=line, found=found, allowed=allowed, hint=hint))

    def read(self, lines: list[str]) -> None:
        header = next((i for i, line in enumerate(lines) if self._columns(line.split("\t"))), None)
        if header is not None:
            self._table(lines)
        else:
            self._labelled(lines)
        self._close()
        if not self.entries and not self.errors:
            labels = ", ".join(word for words in self.importer.labels.values() for word in words)
            self.fault("no entry was found", 0, allowed=f"a text with the labels {labels}")
        for line in self.other:
            shape = self.importer.code
            for code in dict.fromkeys([*codes_in(line.plain, shape), *codes_in(closed(line.text), shape)]):
                if code not in self.codes:
                    hint = f"is it an entry whose label is none of {', '.join(self.importer.labels['code'])}?"
                    self.fault("a code stands outside every entry", line.number, code, hint=hint)

    # --- headings and pages

    def _heading(self, line: Line) -> bool:
        """Whether a line opens a part or is one of the other headings; an entry ends there."""
        whole = closed(line.text).rstrip(":;。.")
        for word in (whole, BEFORE_HEADING.sub("", whole, count=1)):
            if word in self.parts or word in self.headings:
                self._close()
                self.part = self.parts.get(word, self.part)
                return True
        return False

    def _is_page(self, line: Line) -> bool:
        return re.search(r"\d", line.plain) is not None and self.page.fullmatch(closed(line.text)) is not None

    # --- a labelled text

    def _labelled(self, texts: list[str]) -> None:
        lines = self._kept(texts)
        start = next((i for i, line in enumerate(lines) if self.at_start.match(line.plain)), len(lines))
        self.widest = max((_width(line.text) for line in lines[start:]), default=0)
        for line in lines:
            self._line(line)
            self.previous = line

    def _kept(self, texts: list[str]) -> list[Line]:
        """Lines without empty ones and page numbers. An empty line at the end of a page says nothing."""
        kept: list[Line] = []
        empty = page = False
        last = 0  # the last page whose number stands there with nothing to show that it is one
        lines = [Line(number, text, plain(text)) for number, text in enumerate(texts, 1)]
        for line, after in itertools.zip_longest(lines, lines[1:]):
            page = page or PAGE_END in line.text
            bare = closed(line.text)
            if not line.plain.strip():
                empty = True
            elif self._is_page(line):
                page = True
                if bare.isdecimal() and not (empty or after is None or self._ends_page(after)):
                    if int(bare) <= last:
                        self.fault("may be the number of a page, or of the text", line.number, bare, hint=PAGE_HINT)
                    last = int(bare)
            else:
                kept.append(line._replace(apart=empty and not page))
                empty = page = False
        return kept

    def _ends_page(self, after: Line) -> bool:
        """Whether what follows a number shows that the number is no part of a text."""
        return not after.plain.strip() or PAGE_END in after.text or self.at_start.match(after.plain) is not None

    def _line(self, line: Line) -> None:
        open_end = self.previous is not None and self.field and self.previous.text.rstrip().endswith(OPEN_ENDS)
        if not open_end and self._heading(line):
            self.other.append(line)
            return
        cuts = self._labels(line.plain)
        if not cuts:
            self._more(line)
            return
        if cuts[0][0] and line.plain[: cuts[0][0]].strip():
            self._more(Line(line.number, line.text[: cuts[0][0]], line.plain[: cuts[0][0]], line.apart))
        ends = [cut[0] for cut in cuts[1:]] + [len(line.plain)]
        for (_, begin, kind), end in zip(cuts, ends, strict=True):
            self._value(kind, Line(line.number, line.text[begin:end], line.plain[begin:end]))

    def _labels(self, text: str) -> list[tuple[int, int, str]]:
        """The labels on a line: where each begins, where its value begins, and what it labels."""
        first = self.at_start.match(text)
        found = [(0, first.end(), self.kinds[first[1].replace(" ", "")])] if first else []
        for match in self.within.finditer(text, first.end() if first else 0):
            found.append((match.start(), match.end(), self.kinds[match[1].replace(" ", "")]))
        return found

    def _value(self, kind: str, line: Line) -> None:
        """A label with what stands after it on its line."""
        if kind == "other":
            self.field = kind
            self.other.append(line)
            return
        draft = self.draft
        if draft is not None and kind == "points" and draft.points is not None:
            self.fault("the entry has its points twice", line.number)
        if draft is None or (kind != "points" and (getattr(draft, kind) is not None or draft.points is not None)):
            draft = self._open(line.number)
        self.field, draft.last = kind, line.number
        if kind == "points":
            draft.points = []
            self.other.append(line)
            if line.plain.strip():
                self._point(draft, line, False)
        elif kind == "name":
            draft.name = _Text(line.text, line.number)
            self.other.append(line)
        else:
            draft.code = _Text(line.plain, line.number)

    def _more(self, line: Line) -> None:
        """A line without a label: more of what the last label said."""
        draft = self.draft
        if self.field != "code":
            self.other.append(line)
        if self.field == "other":
            return
        if draft is None or not self.field:
            if self.entries or draft is not None or self.part >= 0:
                hint = "say --heading with these words if it is a heading"
                self.fault(
                    "a line between entries that is not a known heading", line.number, line.text.strip(), hint=hint
                )
            return
        draft.last = line.number
        if self.field == "points":
            self._point(draft, line, True)
            return
        value = draft.code if self.field == "code" else draft.name
        assert value is not None
        if not value.text:
            value.text = (line.plain if self.field == "code" else line.text).strip()
        elif self.field == "code":
            self.other.append(line)
            self.fault("more words after a code", line.number, line.text.strip())
        elif self._goes_on(line):
            value.join(line.text, line.number)

    def _goes_on(self, line: Line) -> bool:
        """Whether a line can be the rest of the one before; complains if it may be something else."""
        before = self.previous
        wrapped = before is not None and _width(before.text) >= FULL * self.widest and not line.apart
        counted = COUNTED.match(line.plain.strip())
        if counted or not (wrapped or BELOW_POINT.match(line.plain.strip())):
            hint = "say --heading with these words if it is a heading; join it to the line above if it belongs there"
            self.fault("may be a heading, or more of the line above", line.number, line.text.strip(), hint=hint)
            return False
        return True

    # --- points

    def _point(self, draft: _Draft, line: Line, follows: bool) -> None:
        """A line of points: one or several that begin here, or more of the last one."""
        points = draft.points
        assert points is not None
        offset = len(line.plain) - len(line.plain.lstrip())
        body, shown = line.plain[offset:], line.text[offset:]
        due = 1 + (int(points[-1].number or 0) if points else 0)
        mark = POINT.match(body)
        perhaps = PERHAPS_POINT.match(body)
        if perhaps and int(perhaps[1]) == due and not (points and points[-1].text == ""):
            hint = "put a space after the point's number, or join the line to the one above if this is a measure"
            self.fault("may be a point or a measure", line.number, shown.strip(), hint=hint)
            return
        if mark is not None and int(mark[1]) != due:
            allowed = f"point {due}"
            self.fault("the points are not numbered consecutively", line.number, shown.strip(), allowed)
        if mark is None and points and points[-1].text and follows and not self._goes_on(line):
            return
        number, begin = (mark[1], mark.end()) if mark else ("", 0)
        pieces = []
        for cut in WITHIN.finditer(body, begin):
            if int(cut[1]) == (int(number) + 1 if number else due) and cut.start() > begin:
                pieces.append((number, shown[begin : cut.start()]))
                number, begin = cut[1], cut.end()
        for label, text in [*pieces, (number, shown[begin:])]:
            if label or not points:
                points.append(_Text(text, line.number, label))
            else:
                points[-1].join(text, line.number)

    # --- a table

    def _columns(self, cells: list[str]) -> list[str]:
        """What the columns of a header hold; [] if the cells are no header."""
        kinds = [self.kinds.get(closed(cell).rstrip(":"), "") for cell in cells]
        return kinds if len(cells) > 1 and "code" in kinds and "name" in kinds else []

    def _table(self, lines: list[str]) -> None:
        columns: list[str] = []
        begin = 1
        rows = csv.reader(io.StringIO("\n".join(lines) + "\n", newline=""), delimiter="\t", strict=True)
        try:
            for cells in rows:
                number, begin = begin, rows.line_num + 1
                columns = self._row(columns, [cell.strip() for cell in cells], number)
        except csv.Error as error:
            hint = "a cell that begins with a quotation mark must end with one"
            self.fault(f"not a table: {error}", begin, hint=hint)

    def _row(self, columns: list[str], cells: list[str], number: int) -> list[str]:
        """One row; returns the columns that hold from here on."""
        header = self._columns(cells)
        filled = [cell for cell in cells if plain(cell).strip()]
        whole = Line(number, " ".join(filled), plain(" ".join(filled)))
        if header:
            return self._header(header, cells, number)
        if not filled or (len(filled) == 1 and self._is_page(whole)):
            return columns
        if len(filled) == 1 and self._heading(whole):
            self.other.append(whole)
        elif not columns:
            self.other.append(whole)
            if self.part >= 0:
                self.fault("a line between entries that is not a known heading", number, whole.text)
        elif len(cells) > len(columns) or len(cells) == 1:
            self.other.append(whole)
            hint = "say --heading with these words if it is a heading" if len(cells) == 1 else ""
            self.fault("the row has the wrong number of cells", number, str(len(cells)), str(len(columns)), hint)
        else:
            self._cells(dict(zip(columns, cells, strict=False)), whole)
        return columns

    def _header(self, header: list[str], cells: list[str], number: int) -> list[str]:
        for place, kind in enumerate(header):
            if not kind:
                labels = ", ".join(self.kinds)
                self.fault("no such label", number, cells[place], labels)
            elif kind != "other" and header.count(kind) > 1 and header.index(kind) == place:
                self.fault("two columns hold the same", number, cells[place])
        return [kind if kind != "other" else f"other {place}" for place, kind in enumerate(header)]

    def _cells(self, row: dict[str, str], whole: Line) -> None:
        number = whole.number
        code, name, points = (row.get(key, "") for key in ("code", "name", "points"))
        if code or name:
            self._close()
            draft = self._open(number)
            draft.code = _Text(plain(code), number) if code else None
            draft.name = _Text(re.sub(r"\s*\n\s*", "", name), number) if name else None
        elif self.draft is None:
            self.fault("a row without code and name, and no entry above", number, whole.text)
            return
        else:
            draft = self.draft
        others = [text for key, text in row.items() if key != "code"]
        self.other += [Line(number, text, plain(text)) for text in others]
        if points:
            draft.points = draft.points or []
            for i, text in enumerate(points.split("\n")):
                line = Line(number + i, text, plain(text))
                if line.plain.strip():
                    self._point(draft, line, False)
        draft.last = max(number + points.count("\n"), number)

    # --- entries

    def _open(self, line: int) -> _Draft:
        self._close()
        if self.part < 0:
            allowed = ", ".join(word for part in self.importer.parts for word in part.headings)
            self.fault("an entry before the first part", line, allowed=f"a line such as {allowed}")
        means = self.importer.parts[self.part].means if self.part >= 0 else ""
        self.draft = _Draft(means, self.part, line)
        return self.draft

    def _close(self) -> None:
        """End the entry that is being read, and check it."""
        draft, self.draft, self.field = self.draft, None, ""
        if draft is None:
            return
        code = draft.code.text.replace(" ", "") if draft.code else ""
        name = draft.name.text if draft.name else ""
        if not code:
            self.fault("the entry has no code", draft.first, name)
        if not name:
            self.fault("the entry has no name", draft.first, code)
        if code and self._check_code(code, draft):
            self.codes[code] = draft.code.last if draft.code else draft.first
        points = draft.points
        if points is not None and not points:
            self.fault("the entry has a label for its points and none of them", draft.first, code)
        for one in points or ():
            if not one.text:
                self.fault("the point has no text", one.first, one.number)
        made = tuple(Point(one.number, _one_line(one.text), one.first, one.last) for one in points or ())
        self.entries.append(Entry(code, _one_line(name), draft.means, made, draft.first, draft.last))

    def _check_code(self, code: str, draft: _Draft) -> bool:
        assert draft.code is not None
        line = draft.code.last
        if not fits(self.importer.code, code):
            allowed = f"{self.importer.code} (9 is a digit, A a capital letter)"
            self.fault("not a code", line, code, allowed)
            return False
        if code in self.codes:
            self.fault("the code stands twice", line, code, hint=f"see line {self.codes[code]}")
            return False
        if draft.part >= 0 and not code.endswith(self.importer.parts[draft.part].ends):
            part = self.importer.parts[draft.part]
            self.fault(f"the code does not fit its part ({part.means})", line, code, f"codes that end in {part.ends}")
        return True


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u3000", " ")).strip()


def _width(text: str) -> int:
    """Columns of a screen that a line takes."""
    return max(int(wcswidth(text.strip())), len(text.strip()))
