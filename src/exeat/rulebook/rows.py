"""Rows of registers: from the YAML itself or from a TSV beside it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from exeat.errors import InputError, InputErrors, nearest
from exeat.rulebook.model import SEEN, Citation, Row, Source
from exeat.vocabulary.model import Vocabulary
from exeat.vocabulary.reader import Map, Seq, Word, decode, line_of, read_bytes
from exeat.vocabulary.take import NAME, Taker, check_day

FIELDS = ("id", "from", "until", "recorded", "until_recorded", "cite", "seen", "aliases")
REQUIRED = ("id", "from", "recorded", "cite")
ALIAS_SEPARATOR = " | "


class Raw(NamedTuple):
    """A row as written; ``path`` is the place of its fields in the document."""

    fields: dict[str, str]
    line: int
    path: str = ""


def read_rows(
    taker: Taker,
    path: Path,
    columns: dict[str, str],
    sources: dict[str, Source],
    vocabulary: Vocabulary,
) -> tuple[Row, ...]:
    """The rows of a register file: inline ``rows`` or the TSV named by ``table``.

    Raises:
        InputErrors: every faulty row, with file and line.
    """
    table = taker.word("table", "")
    if not table and not isinstance(taker.get("rows"), Seq):
        taker.fail("give `table` or `rows` (one of them)", taker.get("rows"), "rows")
    if table:
        if "rows" in taker.node:
            taker.fail("give `table` or `rows` (one of them)", taker.node["table"], "table")
        if "/" in table or "\\" in table or table.startswith("."):
            taker.fail("the table lies beside this file", taker.node["table"], "table", "a file name")
        if not (path.parent / table).is_file():
            taker.fail("no such table beside this file", taker.node["table"], "table")
        name = f"{taker.file.rsplit('/', 1)[0]}/{table}" if "/" in taker.file else table
        raw = read_table(path.parent / table, name, (*FIELDS, *columns))
    else:
        name = taker.file
        raw = [
            Raw({str(key): str(value) for key, value in one.node.items()}, line_of(one.node), f"{one.path}.")
            for one in _inline(taker)
        ]
    return check_rows(raw, name, columns, sources, vocabulary)


def _inline(taker: Taker) -> list[Taker]:
    rows = taker.maps("rows")
    for row in rows:
        if not all(isinstance(value, Word) for value in Map(row.node).values()):
            row.fail("the values of a row are words", row.node)
    return rows


def read_table(path: Path, name: str, known: tuple[str, ...]) -> list[Raw]:
    """A TSV with a header as rows; every line has as many cells as the header.

    Raises:
        InputError: it cannot be read, or a column is not known.
    """
    lines = decode(read_bytes(path, name), name).split("\n")
    if not lines[-1]:
        lines.pop()
    if not lines:
        raise InputError("the table is empty", file=name, allowed="a header and rows")
    header = lines[0].rstrip("\r").split("\t")
    for column in header:
        if column not in known:
            raise InputError(
                "no such column", file=name, line=1, found=column, allowed=", ".join(known), hint=nearest(column, known)
            )
    if len(set(header)) != len(header):
        twice = next(column for column in header if header.count(column) > 1)
        raise InputError("a column stands twice", file=name, line=1, found=twice)
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        raise InputError("a column is missing", file=name, line=1, path=missing[0], allowed=", ".join(known))
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.rstrip("\r").split("\t")
        if len(cells) != len(header):
            raise InputError(
                "the line has the wrong number of cells",
                file=name,
                line=number,
                found=str(len(cells)),
                allowed=str(len(header)),
            )
        rows.append(Raw(dict(zip(header, (cell.strip() for cell in cells), strict=True)), number))
    return rows


def check_rows(
    raw: list[Raw],
    name: str,
    columns: dict[str, str],
    sources: dict[str, Source],
    vocabulary: Vocabulary,
) -> tuple[Row, ...]:
    """Typed rows out of raw ones.

    Raises:
        InputErrors: every faulty row.
    """
    rows: list[Row] = []
    errors: list[InputError] = []
    for one in raw:
        try:
            rows.append(_row(one, name, columns, sources, vocabulary))
        except InputError as error:
            errors.append(error)
    if errors:
        raise InputErrors(errors)
    return tuple(rows)


def _row(  # noqa: PLR0912
    raw: Raw,
    name: str,
    columns: dict[str, str],
    sources: dict[str, Source],
    vocabulary: Vocabulary,
) -> Row:
    fields, line = raw.fields, raw.line

    def fault(problem: str, column: str, allowed: str = "", hint: str = "") -> InputError:
        found = fields.get(column, "") if column in (*FIELDS, *columns) else column
        place = f"{raw.path}{column}"
        return InputError(problem, file=name, line=line, path=place, found=found, allowed=allowed, hint=hint)

    for column in REQUIRED:
        if not fields.get(column):
            raise fault("the cell is empty", column)
    for column in fields:
        if column not in FIELDS and column not in columns:
            known = (*FIELDS, *columns)
            raise fault("no such column", column, ", ".join(known), nearest(column, known))
    for column in ("from", "until", "recorded", "until_recorded"):
        if fields.get(column):
            check_day(fields[column], name, line, f"{raw.path}{column}")
    until = fields.get("until", "")
    if until and until < fields["from"]:
        raise fault("ends before it begins", "until")
    if fields.get("until_recorded") and not until:
        raise fault("the day an end was published, of a row without an end", "until_recorded")
    if not NAME.fullmatch(fields["id"]):
        raise fault("not a name", "id", "letters, digits and . _ - ( ) @")
    source, _, pinpoint = fields["cite"].partition(" ")
    if source not in sources:
        raise fault("cites a source that is not declared", "cite", ", ".join(sources), nearest(source, sources))
    seen = fields.get("seen") or sources[source].seen
    if seen not in SEEN:
        raise fault("not an allowed word", "seen", ", ".join(SEEN))
    values = {column: fields.get(column, "") for column in columns}
    for column, value in values.items():
        kind, _, list_name = columns[column].partition(" ")
        if kind != "text" and value:
            for code in value.split(" ") if kind == "codes" else [value]:
                vocabulary.check_code(list_name, code, fault("", column))
    aliases = tuple(filter(None, (alias.strip() for alias in fields.get("aliases", "").split(ALIAS_SEPARATOR.strip()))))
    return Row(
        fields["id"],
        fields["from"],
        until,
        fields["recorded"],
        fields.get("until_recorded") or (max(fields["recorded"], until) if until else ""),
        Citation(source, pinpoint),
        seen,
        values,
        aliases,
    )
