"""Two compilations in public use of lists that their authorities publish as notices: kept as their makers write them.

`read_json`: one JSON array for several lists (``list_id``), with ``entity_name`` and ``aliases``. Some of its entries
have no name because the name slid into the address; some numbers stand twice. `read_1260h`: a CSV of periods, one row
for each list of section 1260H that names the company.
"""

from __future__ import annotations

import msgspec

from exeat.screen import days
from exeat.screen.catalogue import country_prefix
from exeat.screen.readers.batch import Batch, Record, is_latin, number_twins, slug
from exeat.screen.readers.source import Source, clean

KINDS = {"organization": "organisation", "individual": "person", "person": "person", "vessel": "vessel"}


class _Entry(msgspec.Struct):
    id: str
    list_id: str
    entity_name: str | None = None
    aliases: list[str] = []
    addresses: list[str] = []
    date_added: str | None = None
    entity_type: str = ""
    last_verified: str = ""
    reason: str = ""
    source_list_name: str = ""
    source_url: str = ""


def read_json(sources: list[Source], batch: Batch) -> None:
    """The array; its ``list_id`` is looked up in the catalogue."""
    known = batch.catalogue.by_source("tidy")
    for source in sources:
        entries: list[_Entry] = source.json(list[_Entry])
        lists: dict[str, list[Record]] = {}
        places: dict[int, int] = {}
        for number, entry in enumerate(entries):
            if entry.list_id not in known:
                batch.fault(
                    source.fail(
                        "a list that the catalogue does not know",
                        path=f"{number}.list_id",
                        found=entry.list_id,
                        allowed=", ".join(known),
                    )
                )
                continue
            record = _record(entry, batch)
            lists.setdefault(known[entry.list_id], []).append(record)
            places[id(record)] = number
        stamp = max((entry.last_verified for entry in entries), default="")
        batch.as_of = batch.published = max(batch.as_of, days.day(stamp))
        for list_id, records in lists.items():
            twins = [record.entry for record in records]
            for record in number_twins(records):
                batch.add(list_id, record, source, f"{places[id(record)]} ({record.entry})")
            if len(set(twins)) < len(twins):
                batch.note(
                    f"{list_id}: some numbers stand twice in the compilation; the second entry has .2 after its number"
                )


def _record(entry: _Entry, batch: Batch) -> Record:
    record = Record(entry.id, KINDS.get(entry.entity_type.casefold(), ""))  # type: ignore[arg-type]
    name = clean(entry.entity_name)
    for text in map(clean, entry.addresses):
        code, rest = country_prefix(text)
        if not name and rest:
            name = rest
            batch.note("entries without a name: the words after the country in their address are taken for it")
            record.remarks.append(f"The compilation has no name here; it was taken from the address {text!r}.")
            text = text[: len(text) - len(rest)].strip()  # noqa: PLW2901
        record.address(text, code)
    _take(record, name, primary=True)
    for alias in entry.aliases:
        _take(record, clean(alias))
    record.since = days.day(clean(entry.date_added))
    record.requirement, record.url, record.programmes = (
        clean(entry.reason),
        clean(entry.source_url),
        [clean(entry.source_list_name)],
    )
    return record


def _take(record: Record, name: str, primary: bool = False) -> None:
    record.name(name, "primary" if primary else "alias" if is_latin(name) else "original script")
    head, bracket, rest = name.partition(" (")  # "Daiheung Chengyen (大興青年鉱山)": also each of the two
    inner = rest.removesuffix(")")
    if bracket and rest.endswith(")") and is_latin(head) != is_latin(inner):
        for part in (head, inner):
            record.name(part, "alias" if is_latin(part) else "original script")


COLUMNS = [
    "Name",
    "Clean Name",
    "Alias",
    "Previous Name",
    "Parent Name",
    "Note",
    "Start date",
    "End date",
    "Source Url",
]


def read_1260h(sources: list[Source], batch: Batch) -> None:
    """The CSV of periods. A company named in several years has a row, and an entry, for each."""
    for source in sources:
        list_id = batch.the_list("dod-1260h")
        rows = source.rows()
        line, header = next(rows)
        if header != COLUMNS:
            raise source.fail("not the columns of this compilation", line, found=", ".join(header)[:100])
        records, places = [], {}
        for line, row in rows:
            if len(row) != len(COLUMNS):
                raise source.fail("a row of another length", line, found=f"{len(row)} fields")
            records.append(_row(dict(zip(COLUMNS, map(clean, row), strict=True))))
            places[id(records[-1])] = line
        if not records:
            raise source.fail("a table without rows", line)
        batch.as_of = batch.as_of or max(max(record.since, record.until) for record in records)
        batch.note(f"the file has no date of its own; its latest day is {batch.as_of}, which is taken for it")
        for record in number_twins(records):
            batch.add(list_id, record, source, f"row of line {places[id(record)]}", places[id(record)])


def _row(cell: dict[str, str]) -> Record:
    record = Record(slug(cell["Clean Name"]), "organisation", authority="U.S. Department of Defense")
    record.name(cell["Clean Name"], "primary")
    for text in cell["Alias"].split(","):
        record.name(text.strip())
    for text in cell["Previous Name"].split(";"):
        record.name(text.strip(), "former")
    record.linked_to += [cell["Parent Name"]]
    record.since, record.until, record.url = (
        days.day(cell["Start date"]),
        days.day(cell["End date"]),
        cell["Source Url"],
    )
    record.remarks += [cell["Note"]]
    return record
