"""OFAC's headerless CSV set: SDN.CSV (12 columns), ALT.CSV (5), ADD.CSV (6), SDN_COMMENTS.CSV (2); ``-0-`` is empty.

Source: OFAC's data specification (dat_spec.txt). The files are joined by the entity number; only one set of one day
fits together.
"""

from __future__ import annotations

from collections.abc import Iterator

from exeat.screen.catalogue import country
from exeat.screen.readers.batch import Batch, Record
from exeat.screen.readers.source import Source, clean
from exeat.screen.readers.us import KINDS, need_sdn, take_fact, take_name, take_remarks

PARTS = {12: "SDN", 5: "ALT", 6: "ADD", 2: "COMMENTS"}
EMPTY = "-0-"


def read(sources: list[Source], batch: Batch) -> None:
    """One set of files, in any order."""
    parts = {part_of(source): source for source in sources}
    if "SDN" not in parts:
        names = ", ".join(sorted(parts))
        raise sources[0].fail(
            f"the main file (SDN.CSV) is missing; {names} alone have no primary names", hint="name all files of the set"
        )
    if len(parts) != len(sources):
        raise sources[-1].fail("two files of the same part of the set", found=part_of(sources[-1]))
    list_id = batch.the_list("ofac-csv")
    batch.begin(list_id)
    more = _comments(parts.get("COMMENTS"))
    records = {record.entry: (line, record) for line, record in _entries(parts["SDN"], more)}
    _aliases(parts.get("ALT"), records, batch)
    _addresses(parts.get("ADD"), records, batch)
    for missing in ("ALT", "ADD"):
        if missing not in parts:
            batch.note(f"{missing}.CSV was not given: the list is read without it")
    for line, record in records.values():
        batch.add(list_id, record, parts["SDN"], f"entity {record.entry}", line)


def part_of(source: Source) -> str:
    """Which file of the set this is, by its number of columns; "" if none."""
    for _, row in _rows(source):
        return PARTS.get(len(row), "")
    return ""


def _rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """The rows, cleaned; the end-of-file letter (0x1A) that OFAC's files close with is no row."""
    width = 0
    for line, row in source.rows(("utf-8-sig", "cp1252")):
        if row in ([], ["\x1a"]):
            continue
        cells = ["" if cell.strip() == EMPTY else clean(cell) for cell in row]
        width = width or len(cells)
        if len(cells) != width:
            raise source.fail(
                "a row of another length: the file is cut or its quotes are broken",
                line,
                found=f"{len(cells)} fields",
                allowed=f"{width} fields",
            )
        yield line, cells


def _comments(source: Source | None) -> dict[str, str]:
    return {number: text for _, (number, text) in _rows(source)} if source else {}


def _entries(source: Source, more: dict[str, str]) -> Iterator[tuple[int, Record]]:
    seen: dict[str, int] = {}
    for line, cells in _rows(source):
        number, name, kind, programmes, title, call_sign, vessel, tonnage, gross, flag, owner, remarks = cells
        if not number.isdecimal():
            raise source.fail("not an entity number", line, "column 1", number)
        if number in seen:
            raise source.fail(f"the entry stands twice: first on line {seen[number]}", line, "column 1", number)
        seen[number] = line
        if (kind.casefold() or "entity") not in KINDS:
            raise source.fail(
                "not a kind of party", line, "column 3", kind, allowed="individual, vessel, aircraft, -0-"
            )
        record = Record(number, KINDS[kind.casefold() or "entity"])
        take_name(record, name, primary=True)
        record.programmes += [part.strip(" []") for part in programmes.split("] [")]
        need_sdn(record, source, line)
        record.land("Flag", flag)
        record.linked_to += [owner] if owner else []
        record.remarks += [f"Title: {title}."] if title else []
        record.remark("Vessel type", vessel)
        record.remark("Tonnage", tonnage)
        record.remark("Gross registered tonnage", gross)
        if call_sign:
            take_fact(record, "call sign", call_sign)
        take_remarks(record, remarks + more.get(number, ""))
        yield line, record


def _aliases(source: Source | None, records: dict[str, tuple[int, Record]], batch: Batch) -> None:
    for line, (number, _, kind, name, note) in _rows(source) if source else ():
        if number in records:
            take_name(records[number][1], name, kind or "aka")
            records[number][1].remark(name, note)
        elif source:
            batch.fault(
                source.fail(
                    "an alias of an entry that the main file lacks: the files are of different days",
                    line,
                    "column 1",
                    number,
                )
            )


def _addresses(source: Source | None, records: dict[str, tuple[int, Record]], batch: Batch) -> None:
    for line, (number, _, street, city, land, note) in _rows(source) if source else ():
        if number in records:
            text = ", ".join(filter(None, (street, city, land)))
            records[number][1].address(text, country(land))
            records[number][1].remarks += [f"{note}."] if note and note not in street else []
        elif source:
            batch.fault(
                source.fail(
                    "an address of an entry that the main file lacks: the files are of different days",
                    line,
                    "column 1",
                    number,
                )
            )
