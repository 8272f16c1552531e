"""A list file as bytes: what it is, how large, and safe ways to walk through XML, CSV and JSON.

The bounds: the largest list file known is OFAC's SDN_ADVANCED.XML, about 126 MB in July 2026; EU and UK files are below
60 MB. A record of it has at most some ten thousand elements.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import msgspec
from lxml import etree

from exeat.errors import InputError

MAX_BYTES = 512 * 1024 * 1024  # four times the largest list file
MAX_JSON = 256 * 1024 * 1024  # JSON is decoded whole: the Consolidated Screening List is about 60 MB
MAX_NODES = 300_000  # elements since the last record: thirty times the largest record
HEAD = 65_536  # bytes to tell a format by

_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (or a spreadsheet): unpack it first"),
    (b"\x1f\x8b", "a gzip archive: unpack it first"),
    (b"BZh", "a bzip2 archive: unpack it first"),
    (b"\xfd7zXZ", "an xz archive: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive: unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet: save it as CSV first"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")

Tick = Callable[[int], None]


def clean(text: object) -> str:
    """A value as the list gives it: NFC, one space for any run of white space, no control or direction characters."""
    if text is None:
        return ""
    word = str(text)
    if word.isascii() and word.isprintable():  # most of every list
        return " ".join(word.split())
    return " ".join(_CONTROL.sub("", unicodedata.normalize("NFC", word)).split())


class Source:
    """One file of a list.

    Args:
        path: where it is.
        name: how the user named it; errors say it.
        tick: told how many bytes more were read.
    """

    def __init__(self, path: Path, name: str = "", tick: Tick | None = None) -> None:
        self.path, self.name, self.tick = path, name or str(path), tick
        try:
            if not path.is_file():  # a device or a pipe may never end
                raise InputError("not a file" if path.exists() else "no such file", file=self.name)
            self.size = path.stat().st_size
            if self.size > MAX_BYTES:
                found, most = f"{self.size} bytes", f"at most {MAX_BYTES} bytes ({MAX_BYTES >> 20} MiB)"
                raise InputError("the file is too large for a list", file=self.name, found=found, allowed=most)
            with path.open("rb") as stream:
                self.head = stream.read(HEAD)
                stream.seek(0)
                self.sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise InputError(f"cannot read: {error.strerror}", file=self.name) from None
        self._refuse_foreign()
        self.text = self.head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip()

    def _refuse_foreign(self) -> None:
        """Refuse what is no list at all.

        Raises:
            InputError: empty, an archive, a web page, or another encoding than lists use.
        """
        if not self.head.strip():
            raise InputError("the file is empty", file=self.name, hint="download it again")
        for magic, kind in _MAGIC:
            if self.head.startswith(magic):
                raise InputError(f"not a list but {kind}", file=self.name)
        if self.head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in self.head:
            raise InputError("UTF-16 or not text: it holds NUL bytes", file=self.name, hint="save it as UTF-8")
        if _HTML.search(self.head[:4096]):
            raise InputError(
                "a web page instead of a list",
                file=self.name,
                hint="the publisher may have asked to log in, to wait, or moved the file: open it in a browser",
            )

    def fail(
        self, problem: str, line: int = 0, path: str = "", found: str = "", hint: str = "", allowed: str = ""
    ) -> InputError:
        """An error in this file."""
        return InputError(problem, file=self.name, line=line, path=path, found=found, hint=hint, allowed=allowed)

    def open(self) -> IO[bytes]:
        """The bytes from the beginning, counted as they are read."""
        return io.BufferedReader(_Counted(self.path, self.tick), 1 << 16)

    def json(self, kind: Any) -> Any:
        """The whole file as JSON of a type.

        Raises:
            InputError: it is too large, cut short, not JSON, or of another form; with its line.
        """
        if self.size > MAX_JSON:
            raise self.fail("too large for JSON", found=f"{self.size} bytes", allowed=f"at most {MAX_JSON} bytes")
        raw = self.path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        if self.tick:
            self.tick(len(raw))
        try:
            return msgspec.json.decode(raw, type=kind)
        except msgspec.ValidationError as error:
            raise self.fail(f"not of the form of this list: {error}") from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            told = str(error)
            place = re.search(r"byte (\d+)", told)
            line = raw[: int(place[1])].count(b"\n") + 1 if place else 0
            short = "truncated" in told
            raise self.fail(
                "the file is cut short" if short else f"not JSON: {told}",
                line,
                hint="download it again" if short else "",
            ) from None

    def rows(self, encodings: Sequence[str] = ("utf-8-sig",), delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
        """The rows of a CSV file with the line each ends on.

        Raises:
            InputError: it is not text of these encodings, a quote stays open, or a field is longer than 128 KiB.
        """
        encoding = self._encoding(encodings)
        with self.open() as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            try:
                for row in reader:
                    yield reader.line_num, row
            except csv.Error as error:
                short = "unexpected end" in str(error)
                problem = "the file is cut short: a quote stays open" if short else f"not CSV: {error}"
                raise self.fail(problem, reader.line_num, hint="download it again" if short else "") from None

    def _encoding(self, encodings: Sequence[str]) -> str:
        """The first encoding in which the whole file is text."""
        for encoding in encodings:
            try:
                with self.path.open("r", encoding=encoding, newline="") as stream:
                    while stream.read(1 << 20):
                        pass
                return encoding
            except UnicodeDecodeError:
                continue
        raw = self.path.read_bytes()
        try:
            raw.decode(encodings[-1])
            raise AssertionError("it was refused just now")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            found = raw[error.start : error.start + 8].hex(" ")
            raise self.fail(
                f"not {' or '.join(encodings)} text",
                line,
                found=f"bytes {found}",
                hint="save it in the encoding it was published in",
            ) from None

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The lines of a file with their numbers."""
        with self.open() as raw:
            yield from enumerate(raw, 1)

    def elements(self, tags: frozenset[str] | set[str]) -> Iterator[etree._Element]:
        """Each element with one of these names (without namespace), whole; it is emptied after use.

        The root is given first, with its attributes and nothing in it. No DTD, no entities, no network.

        Raises:
            InputError: it is not well-formed, is cut short, has a DTD, or holds very much that is no record.
        """
        with self.open() as raw:
            try:
                yield from self._walk(raw, tags)
            except etree.XMLSyntaxError as error:
                told = (error.msg or "").split(", line")[0]
                short = self._open_end()
                problem = f"the file is cut short: {told}" if short else f"not well-formed XML: {told}"
                raise self.fail(problem, error.lineno or 0, hint="download it again" if short else "") from None

    def _open_end(self) -> bool:
        """Whether the file lacks the end tag of its first element."""
        first = re.search(
            rb"<((?:[\w.-]+:)?[A-Za-z_][\w.-]*)", re.sub(rb"<!--.*?-->|<\?.*?\?>", b"", self.head, flags=re.S)
        )
        with self.path.open("rb") as stream:
            stream.seek(max(0, self.size - 4096))
            return first is not None and b"</" + first[1] not in stream.read()

    def _walk(self, raw: IO[bytes], tags: frozenset[str] | set[str]) -> Iterator[etree._Element]:
        walker = etree.iterparse(
            raw,
            events=("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        first, since, depth = True, 0, 0
        for event, element in walker:
            if first:
                if element.getroottree().docinfo.doctype:
                    raise self.fail(
                        "the file declares a document type (DTD)",
                        1,
                        hint="official lists have none: entities can hide a bomb",
                    )
                first = False
                yield element
            if event == "start":
                since += 1
                depth += local(element) in tags
                if since > MAX_NODES:
                    raise self.fail("too much that is no record", line_of(element), path=local(element))
                continue
            if local(element) not in tags:
                continue
            depth -= 1
            if depth:  # within another record, which will be given whole
                continue
            yield element
            since = 0
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


class _Counted(io.RawIOBase):
    """A file that tells how many bytes were read."""

    def __init__(self, path: Path, tick: Tick | None) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        self._tick = tick

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count = self._file.readinto(buffer)
        if self._tick and count:
            self._tick(count)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag[tag.rfind("}") + 1 :]


def line_of(element: etree._Element) -> int:
    """The line an element begins on, or 0."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of that name."""
    return next((one for one in element if local(one) == name), None)


def children(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """The elements at a path of names below an element."""
    if element is None:
        return
    for one in element:
        if local(one) == names[0]:
            if len(names) == 1:
                yield one
            else:
                yield from children(one, *names[1:])


def below(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements of that name anywhere below an element, whatever they are wrapped in."""
    return (one for one in element.iter() if one is not element and local(one) == name)


def texts_below(element: etree._Element, name: str) -> list[str]:
    """The texts of all elements of that name below an element that have any."""
    return [found for one in below(element, name) if (found := clean(one.text))]


def text_of(element: etree._Element | None, *names: str) -> str:
    """The text of the first element at a path that has any."""
    if element is None:
        return ""
    if not names:
        return clean(element.text)
    return next((found for one in children(element, *names) if (found := clean(one.text))), "")


def texts_of(element: etree._Element | None, *names: str) -> list[str]:
    """The texts of all elements at a path that have any."""
    return [found for one in children(element, *names) if (found := clean(one.text))]
