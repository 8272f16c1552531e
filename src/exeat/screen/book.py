"""A book of one's own parties: tables and JSON lines as queries, with what was understood, and nothing lost.

Every row becomes a `Query` or a `Fault` that names its line; a field that cannot be read is left out of the query and
told, so that its party is screened all the same. How a file was read (encoding, separator, which column was taken for
what) is told as well, for a column passed over in silence would be a party screened by half.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import msgspec

from exeat.errors import InputError, nearest
from exeat.screen.model import Identifier, PartyKind, Query

MAX_BYTES = 512 * 1024 * 1024
MAX_FIELD = 1_000_000  # characters; a field this long is a lost quotation mark
FIELDS = ("id", "name", "alias", "kind", "country", "born", "gender", "address", "identifier")
SEPARATORS = ",;\t|"
ENCODINGS = ("utf-8", "utf-16", "gb18030")
DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
LAST_COMMON_ROW = 0xD7  # of GB2312, as the first byte of its code
VALUES = "\x1e"  # between the values of a list that JSON gives
COUNTRY = re.compile(r"[A-Z]{2}")
HEADS = {  # what a column's head may be called, folded
    "id": "id reference ref customerid customerno customernumber partyid number no 编号 客户编号 序号",
    "name": "name fullname partyname companyname company customer customername legalname entity names "
    "名称 姓名 客户名称 公司名称 企业名称 單位名稱 名稱",
    "alias": "alias aliases aka othername othernames tradename tradingname englishname chinesename localname "
    "originalname 英文名称 中文名称 别名 曾用名 英文名 別名",
    "kind": "kind type partytype entitytype schema 类型 類型",
    "country": "country countries ctry countrycode nationality jurisdiction 国家 国籍 國家 國籍 国别",
    "born": "born birthdate dateofbirth dob birthday 出生日期 生日",
    "gender": "gender sex 性别 性別",
    "address": "address addresses fulladdress registeredaddress street 地址 注册地址 地址信息",
}
KIND_WORDS: Mapping[str, PartyKind] = {
    **dict.fromkeys(("person", "individual", "natural person", "p", "个人", "自然人", "個人"), "person"),
    **dict.fromkeys(
        (
            "organisation",
            "organization",
            "company",
            "entity",
            "legalentity",
            "business",
            "o",
            "企业",
            "公司",
            "机构",
            "單位",
        ),
        "organisation",
    ),
    **dict.fromkeys(("vessel", "ship", "船舶"), "vessel"),
    **dict.fromkeys(("aircraft", "airplane", "飞机", "航空器"), "aircraft"),
}
IDENTIFIERS = {  # heads that name a kind of identifier
    "uscc": "uscc unifiedsocialcreditcode 统一社会信用代码 信用代码",
    "lei": "lei leicode",
    "inn": "inn taxidru",
    "ogrn": "ogrn",
    "imo": "imo imonumber",
    "passport": "passport passportno passportnumber 护照号 护照号码",
    "duns": "duns dunsnumber",
    "bic": "bic swift swiftbic",
}


class Fault(msgspec.Struct, frozen=True):
    """A row that is no query, by its line, and why."""

    error: InputError

    @property
    def line(self) -> int:
        return self.error.line


class Row(msgspec.Struct, frozen=True):
    """One row: the line it begins on, and its fields by the head of the column."""

    line: int
    fields: Mapping[str, str]


class Understood(msgspec.Struct, frozen=True):
    """How a file was read: for whoever has to trust it."""

    file: str
    encoding: str
    separator: str
    columns: Mapping[str, str]
    unused: tuple[str, ...] = ()

    def sentence(self) -> str:
        took = ", ".join(f"{head!r} as {field}" for head, field in self.columns.items())
        left = f"; not used: {', '.join(repr(head) for head in self.unused)}" if self.unused else ""
        by = f", separated by {self.separator!r}" if self.separator else ""
        return f"{self.file}: {self.encoding}{by}; took {took or 'nothing'}{left}"


# --- bytes to rows


def read_raw(path: Path, name: str = "") -> bytes:
    """The bytes of a file.

    Raises:
        InputError: it cannot be read, or is too large.
    """
    shown = name or str(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", file=shown) from None
    if len(raw) > MAX_BYTES:
        raise InputError("the file is too large", file=shown, allowed=f"{MAX_BYTES} bytes")
    return raw


def decoded(raw: bytes, name: str) -> tuple[str, str]:
    """The text of some bytes and the encoding: by its mark, else UTF-8, else GB18030; nothing that nearly fits.

    Raises:
        InputError: it is none of these.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[tuple[str, str], ...] = (("utf-16", "UTF-16"),)
    elif raw.startswith(b"\xef\xbb\xbf"):
        encodings = (("utf-8-sig", "UTF-8 with a mark"),)
    else:
        encodings = (("utf-8", "UTF-8"), ("gb18030", "GB18030"))
    for codec, shown in encodings:
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        if codec == "gb18030" and not _chinese(text):
            break
        return text, shown
    raise InputError("neither UTF-8, UTF-16 nor GB18030 text", file=name, hint="save the file as UTF-8")


def _chinese(text: str) -> bool:
    """Whether what is not ASCII is mostly common Chinese: the first level of GB2312 and its signs.

    Almost any bytes decode as GB18030; European letters would come out as rare characters, and names would be lost.
    """
    others = [char for char in text if ord(char) > 127]
    return sum(map(_common, others)) * 10 >= len(others) * 7


def _common(char: str) -> bool:
    try:
        return char.encode("gb2312")[0] <= LAST_COMMON_ROW
    except UnicodeEncodeError:
        return False


def table(raw: bytes, name: str) -> tuple[tuple[str, ...], list[Row | Fault], str, str]:
    """The heads, rows, encoding and separator of a table.

    Raises:
        InputError: it is not text, or has no heads.
    """
    text, encoding = decoded(raw, name)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(SEPARATORS, key=lambda one: (first.count(one), -SEPARATORS.index(one)))
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    heads: tuple[str, ...] = ()
    rows: list[Row | Fault] = []
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            says = f"not a row of a table ({error}); read no further than line {reader.line_num} for it"
            rows.append(Fault(InputError(says, file=name, line=line)))
            line = reader.line_num + 1
            if not heads:
                break
            continue
        start, line = line, reader.line_num + 1
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if not heads:
            heads = _heads(cells, name, start)
            continue
        rows.append(_row(heads, cells, name, start))
    if not heads:
        raise InputError("there is no line of heads", file=name, allowed="a first line that names the columns")
    return heads, rows, encoding, separator


def _heads(cells: list[str], name: str, line: int) -> tuple[str, ...]:
    named = [cell for cell in cells if cell]
    twice = sorted({cell for cell in named if named.count(cell) > 1})
    if twice:
        raise InputError("a column's head stands twice", file=name, line=line, found=twice[0])
    return tuple(cell or f"column {place}" for place, cell in enumerate(cells, 1))


def _row(heads: tuple[str, ...], cells: list[str], name: str, line: int) -> Row | Fault:
    if len(cells) > len(heads) and any(cells[len(heads) :]):
        problem = f"the row has {len(cells)} fields, the heads are {len(heads)}"
        return Fault(InputError(problem, file=name, line=line, hint="quote a field that holds the separator"))
    return Row(line, dict(zip(heads, cells, strict=False)))


# --- columns to fields


def mapping_of(text: str) -> dict[str, str]:
    """``name=Full Name,country=Ctry`` as a mapping from field to head (several heads of one field: repeat it).

    Raises:
        InputError: a field that there is not, or no ``=``.
    """
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        field, sign, head = (piece.strip() for piece in part.partition("="))
        if not sign or not head or not _field(field):
            allowed = ", ".join((*FIELDS, "identifier:KIND"))
            raise InputError("not FIELD=COLUMN", path="--map", found=part, allowed=allowed, hint=nearest(field, FIELDS))
        if head in found:
            raise InputError("the column is mapped twice", path="--map", found=head)
        found[head] = field
    return found


def _field(field: str) -> bool:
    return field in FIELDS[:-1] or bool(re.fullmatch(r"identifier:[a-z0-9_-]+", field))


def folded(head: str) -> str:
    return re.sub(r"[\W_]+", "", head.casefold())


def guessed(heads: Iterable[str]) -> dict[str, str]:
    """Columns whose heads say what they hold. Only one is the id; several may be names, countries or addresses."""
    words = {word: field for field, said in HEADS.items() for word in said.split()}
    words |= {word: f"identifier:{kind}" for kind, said in IDENTIFIERS.items() for word in said.split()}
    found: dict[str, str] = {}
    for head in heads:
        field = words.get(folded(head), "")
        if field and not (field == "id" and "id" in found.values()):
            found[head] = field
    if found and "name" not in found.values():  # a file with aliases alone has names all the same
        first = next((head for head, field in found.items() if field == "alias"), "")
        if first:
            found[first] = "name"
    return found


class PartyBook:
    """The parties of one file, in its order.

    Args:
        path: a table (CSV, TSV) or JSON lines.
        mapping: from the head of a column to a field (see `mapping_of`); what it does not name is guessed, unless it
            names a field of which there is only one.
        name: what to call the file.
        country: reads a word for a country as its code, or as "".

    ``told`` holds, after the rows were gone through, what of them was left out.

    Raises:
        InputError: the file cannot be read, or no column holds a name.
    """

    def __init__(
        self,
        path: Path,
        mapping: Mapping[str, str] | None = None,
        name: str = "",
        country: Callable[[str], str] | None = None,
    ) -> None:
        self.name, self.country = name or str(path), country or country_code
        self.told: list[InputError] = []
        raw = read_raw(path, self.name)
        given = dict(mapping or {})
        if _json_lines(raw, path):
            self.rows, encoding, separator, heads = _json_rows(raw, self.name)
        else:
            heads, self.rows, encoding, separator = table(raw, self.name)
        for head in given:
            if head not in heads:
                raise InputError(
                    "there is no such column",
                    file=self.name,
                    path="--map",
                    found=head,
                    allowed=", ".join(heads),
                    hint=nearest(head, heads),
                )
        single = {field for field in given.values() if field in ("id", "name", "kind", "born", "gender")}
        guesses = {head: field for head, field in guessed(heads).items() if head not in given and field not in single}
        self.columns = {head: field for head in heads for field in [given.get(head) or guesses.get(head, "")] if field}
        if "name" not in self.columns.values():
            raise InputError(
                "no column holds a name",
                file=self.name,
                allowed=", ".join(heads),
                hint="say which one: --map name=COLUMN",
            )
        unused = tuple(head for head in heads if head not in self.columns)
        self.understood = Understood(self.name, encoding, separator, self.columns, unused)

    def __iter__(self) -> Iterator[Query | Fault]:
        return (found for _, found in self.numbered())

    def numbered(self) -> Iterator[tuple[int, Query | Fault]]:
        """Each row with its line. Where the book has no ids the queries have none: a line is no lasting name."""
        self.told = []
        seen: dict[str, int] = {}
        for row in self.rows:
            found = row if isinstance(row, Fault) else self._query(row)
            if isinstance(found, Query) and found.id:
                found = self._own_id(found, row.line, seen)
            yield row.line, found

    def _own_id(self, query: Query, line: int, seen: dict[str, int]) -> Query:
        """The query under an id of its own; two rows of one id are two parties until somebody says otherwise."""
        if query.id in seen:
            self._tell(f"the id stands on line {seen[query.id]} as well; called by its line too", line, "id", query.id)
            return msgspec.structs.replace(query, id=f"{query.id} (line {line})")
        seen[query.id] = line
        return query

    def _tell(self, problem: str, line: int, path: str, found: str, allowed: str = "") -> None:
        self.told.append(InputError(problem, file=self.name, line=line, path=path, found=found, allowed=allowed))

    def _query(self, row: Row) -> Query | Fault:
        values: dict[str, list[str]] = {}
        for head, field in self.columns.items():
            cell = row.fields.get(head, "")
            if cell:
                values.setdefault(field, []).append(cell)
        primary = [part for cell in values.get("name", []) for part in cell.split(VALUES)]
        names = tuple(dict.fromkeys((*primary, *_parts(values.get("alias", [])))))
        if not names:
            return Fault(InputError("the row has no name, so it cannot be screened", file=self.name, line=row.line))
        return Query(
            names=names,
            kind=self._kind(values.get("kind", []), row.line),
            countries=tuple(dict.fromkeys(self._each("country", values, row.line, self.country, "a code such as CN"))),
            born=tuple(self._each("born", values, row.line, partial_day, "YYYY-MM-DD, YYYY-MM or YYYY")),
            gender=(values.get("gender") or [""])[0],
            identifiers=tuple(
                Identifier(field.partition(":")[2], part)
                for field, cells in values.items()
                if field.startswith("identifier:")
                for part in _parts(cells)
            ),
            addresses=tuple(part for cell in values.get("address", []) for part in cell.split(VALUES)),
            id=(values.get("id") or [""])[0],
        )

    def _each(
        self, field: str, values: dict[str, list[str]], line: int, read: Callable[[str], str], allowed: str
    ) -> Iterator[str]:
        for part in _parts(values.get(field, [])):
            found = read(part)
            if found:
                yield found
            else:
                self._tell("not understood, so left out of the comparison", line, field, part, allowed)

    def _kind(self, cells: list[str], line: int) -> PartyKind:
        if not cells:
            return ""
        kind = KIND_WORDS.get(cells[0].casefold(), "")
        if not kind:
            allowed = ", ".join(word for word in get_args(PartyKind) if word)
            self._tell("not understood, so left out of the comparison", line, "kind", cells[0], allowed)
        return kind


def read_parties(path: Path, mapping: Mapping[str, str] | None = None, name: str = "") -> Iterator[Query | Fault]:
    """The parties of a file; see `PartyBook`, which also tells what was understood."""
    return iter(PartyBook(path, mapping, name))


def _parts(cells: Iterable[str]) -> list[str]:
    return [part.strip() for cell in cells for part in re.split(rf"[;；|\n{VALUES}]", cell) if part.strip()]


def country_code(word: str) -> str:
    """A country code in capitals, or ""."""
    return word.upper() if COUNTRY.fullmatch(word.upper()) else ""


def partial_day(word: str) -> str:
    """A date of birth as ISO text, as precise as it was given, or "". No order of day and month is guessed."""
    day = re.sub(r"[/.年月]", "-", word).removesuffix("日").removesuffix("-")
    if re.fullmatch(r"\d{8}", day):
        day = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    year, *others = day.split("-")
    day = "-".join([year, *(part.zfill(2) for part in others)])
    if not DAY.fullmatch(day):
        return ""
    tops = ("12", "31")
    return day if all("01" <= part <= top for part, top in zip(day.split("-")[1:], tops, strict=False)) else ""


# --- JSON lines


def _json_lines(raw: bytes, path: Path) -> bool:
    return path.suffix.lower() in (".jsonl", ".ndjson", ".json") or raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def _json_rows(raw: bytes, name: str) -> tuple[list[Row | Fault], str, str, tuple[str, ...]]:
    """JSON lines as rows: lists become several values; what is nested deeper is a fault."""
    text, encoding = decoded(raw, name)
    rows: list[Row | Fault] = []
    heads: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            loaded = json.loads(line, object_pairs_hook=_object)
            if not isinstance(loaded, dict):
                raise InputError("not a JSON object")
            fields = {key: _json_cell(value) for key, value in loaded.items()}
        except (ValueError, RecursionError, InputError) as error:
            says = error.problem if isinstance(error, InputError) else "not one JSON object on one line"
            rows.append(Fault(InputError(says, file=name, line=number, found=line)))
            continue
        heads |= dict.fromkeys(fields)
        rows.append(Row(number, fields))
    if not heads and not rows:
        raise InputError("the file is empty", file=name)
    return rows, encoding, "", tuple(heads)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise InputError("a key stands twice")
    return found


def _json_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return VALUES.join(filter(None, map(_json_cell, value)))
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError("a field is neither text, a whole number nor a list of them")
    return str(value).strip()
