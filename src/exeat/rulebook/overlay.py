"""An overlay out of an official text: a register file of ``adds: true`` and its table, and what is new in them."""

from __future__ import annotations

import json

import msgspec

from exeat.errors import InputError, InputErrors
from exeat.rulebook.additions import version_rows
from exeat.rulebook.importer import classes
from exeat.rulebook.imports import Entry, Point, Reading, check_counts
from exeat.rulebook.life import row_stands
from exeat.rulebook.model import Book, Importer, Row, Source
from exeat.rulebook.rows import Raw, check_rows
from exeat.vocabulary.reader import read_text

REGISTER_FILE, TABLE_FILE = "register.yaml", "entries.tsv"
ALL_KNOWN = "9998-12-31"


class Terms(msgspec.Struct, frozen=True):
    """What whoever imports a text says of it: its first day in law, the day of its publication, where it stands."""

    since: str
    recorded: str
    ref: str
    url: str
    until: str = ""
    complete: bool = False
    expected: dict[str, int] = {}


class Overlay(msgspec.Struct, frozen=True):
    """The files of an overlay, and what they hold against the register as it was."""

    key: str
    files: dict[str, bytes]
    until: str
    counts: dict[str, int]
    points: int
    without_points: tuple[str, ...]
    new: tuple[str, ...]  # codes that the register did not have on the first day
    missing: tuple[str, ...]  # codes that it has on that day and the text has not


def make_overlay(importer: Importer, reading: Reading, book: Book, terms: Terms) -> Overlay:
    """The overlay that adds a text's entries to its register.

    Raises:
        InputErrors: counts that differ from those stated, or terms that do not agree with the versions known.
    """
    version = _version(importer, book, terms)
    errors = check_counts(reading, terms.expected, "--expect says")
    errors += check_counts(reading, _official(importer, version), f"{_versions(importer)} says")
    if terms.complete:
        stated = {**terms.expected, **_official(importer, version)}
        missing = [name for name in classes(importer) if name not in stated]
        if missing:
            says = f"no count is stated for {', '.join(missing)}, so nothing shows that the text is whole"
            errors.append(InputError(says, path="--complete", hint="give the official counts with --expect"))
    if errors:
        raise InputErrors(errors)
    until, until_recorded = (version.until, version.until_recorded) if version else (terms.until, "")
    key = f"{importer.id}-{terms.since}"
    head = ("id", "from", "until", "recorded", "until_recorded", "cite")
    days = (terms.since, until, terms.recorded, until_recorded if until else "")
    rows = []
    for entry in reading.entries:
        about = {"code": entry.code, "name": entry.name, "class": entry.means, "version": version.id if version else ""}
        cite = f"{key} {_lines(entry)}"
        rows.append((entry.code.lower(), *days, cite, _columns(importer, importer.entry, about)))
        for point in entry.points:
            number = point.number or "0"
            more = {**about, "point": point.number, "text": point.text}
            id_ = f"{entry.code.lower()}.{number}"
            rows.append((id_, *days, f"{key} {_lines(point)}", _columns(importer, importer.point, more)))
    columns = list(dict.fromkeys([*importer.entry, *importer.point, *importer.constant]))
    source = Source(key, terms.ref, terms.url, "primary", _note(reading))
    register = book.registers[importer.register]
    raw = [Raw({**dict(zip(head, row[:-1], strict=True)), **row[-1]}, i) for i, row in enumerate(rows, 2)]
    known = check_rows(raw, TABLE_FILE, register.columns, {key: source}, book.vocabulary)
    files = {
        REGISTER_FILE: _register_file(importer, source, terms, until).encode(),
        TABLE_FILE: _table([*head, *columns], raw).encode(),
    }
    read_text(files[REGISTER_FILE].decode(), REGISTER_FILE)
    there, here = _codes(importer, book, key, terms.since), {entry.code for entry in reading.entries}
    return Overlay(
        key,
        files,
        until,
        {name: reading.counts().get(name, 0) for name in classes(importer)},
        len(known) - len(reading.entries),
        tuple(entry.code for entry in reading.entries if not entry.points),
        tuple(entry.code for entry in reading.entries if entry.code not in there),
        tuple(sorted(there - here)),
    )


# --- versions


def _versions(importer: Importer) -> str:
    return importer.versions.register if importer.versions else ""


def _version(importer: Importer, book: Book, terms: Terms) -> Row | None:
    """The version that begins on the day, if versions are told; what is said of it must agree.

    Raises:
        InputErrors: no version begins on that day, or its days are others.
    """
    if importer.versions is None:
        return None
    rows = version_rows(book, importer)
    version = next((row for row in rows if row.since == terms.since), None)
    if version is None:
        days = ", ".join(row.since for row in rows)
        problem = f"{_versions(importer)} has no version that began on this day"
        raise InputErrors([InputError(problem, path="--from", found=terms.since, allowed=days)])
    faults = []
    for option, stated, told in (
        ("--recorded", terms.recorded, version.recorded),
        ("--until", terms.until or version.until, version.until),
    ):
        if stated != told:
            problem = f"{_versions(importer)} says otherwise of the version of {version.since}"
            faults.append(InputError(problem, path=option, found=stated, allowed=told or "no end"))
    if faults:
        raise InputErrors(faults)
    return version


def _official(importer: Importer, version: Row | None) -> dict[str, int]:
    """The official counts by class, as far as the version tells them."""
    if importer.versions is None or version is None:
        return {}
    told = {name: version.columns[column] for name, column in importer.versions.counts.items()}
    return {name: int(count) for name, count in told.items() if count.isdecimal()}


# --- against the register


def _codes(importer: Importer, book: Book, key: str, day: str) -> set[str]:
    """The codes that the register has on a day, but for those of an earlier import of the same text."""
    column = next(column for column, takes in importer.entry.items() if takes == "code")
    rows = book.registers[importer.register].rows
    there = [row for row in rows if row_stands(row, day, ALL_KNOWN) and row.cite.source != key]
    return {row.columns[column] for row in there if row.columns[column]}


# --- files


def _lines(part: Entry | Point) -> str:
    return f"line {part.first}" if part.first == part.last else f"lines {part.first}-{part.last}"


def _note(reading: Reading) -> str:
    return f"imported from {reading.file}, {reading.lines} lines of {reading.encoding}, SHA-256 {reading.sha256}"


def _columns(importer: Importer, takes: dict[str, str], values: dict[str, str]) -> dict[str, str]:
    return {**importer.constant, **{column: values[source] for column, source in takes.items()}}


def _table(header: list[str], rows: list[Raw]) -> str:
    lines = ["\t".join(header)]
    lines += ["\t".join(row.fields.get(column, "") for column in header) for row in rows]
    return "\n".join(lines) + "\n"


def _register_file(importer: Importer, source: Source, terms: Terms, until: str) -> str:
    period = f"{{from: {terms.since}, {f'until: {until}, ' if until else ''}recorded: {terms.recorded}}}"
    complete = f"complete:\n  - {period}\n" if terms.complete else ""
    return (
        f"# Written by `exeat law import {importer.id}`; import the text again rather than edit this.\n"
        f"register: {importer.register}\n"
        f"adds: true\n"
        f"{complete}"
        f"sources:\n"
        f"  {source.key}:\n"
        f"    ref: {_quoted(source.ref)}\n"
        f"    url: {_quoted(source.url)}\n"
        f"    seen: {source.seen}\n"
        f"    note: {_quoted(source.note)}\n"
        f"table: {TABLE_FILE}\n"
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
