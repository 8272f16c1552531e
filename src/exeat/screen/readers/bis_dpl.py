"""The Denied Persons List as the Bureau of Industry and Security publishes it: tab-separated, quoted, one order a row.

Denied persons have no number; rows are numbered by name and country, and the same name twice by its order.
"""

from __future__ import annotations

from exeat.screen import days
from exeat.screen.catalogue import country
from exeat.screen.readers.batch import Batch, Record, number_twins, slug
from exeat.screen.readers.source import Source, clean

COLUMNS = [
    "Name",
    "Street_Address",
    "City",
    "State",
    "Country",
    "Postal_Code",
    "Effective_Date",
    "Expiration_Date",
    "Standard_Order",
    "Last_Update",
    "Action",
    "FR_Citation",
]


def read(sources: list[Source], batch: Batch) -> None:
    """One file."""
    for source in sources:
        list_id = batch.the_list("bis-dpl")
        records, places = [], {}
        stamps = [""]
        rows = source.rows(("utf-8-sig", "cp1252"), "\t")
        line, header = next(rows)
        if header != COLUMNS:
            raise source.fail("not the columns of the Denied Persons List", line, found=", ".join(header)[:100])
        for line, row in rows:
            if len(row) != len(COLUMNS):
                raise source.fail(
                    "a row of another length: the file is cut or its quotes are broken",
                    line,
                    found=f"{len(row)} fields",
                )
            record, stamp = _record(dict(zip(COLUMNS, map(clean, row), strict=True)))
            records.append(record)
            places[id(record)] = line
            stamps.append(stamp)
        batch.as_of = batch.as_of or max(stamps)
        batch.note(f"the file has no date of its own; its latest entry is of {max(stamps)}, which is taken for it")
        for record in number_twins(records):
            batch.add(list_id, record, source, f"row of line {places[id(record)]}", places[id(record)])


def _record(cell: dict[str, str]) -> tuple[Record, str]:
    """An entry, and the day it was last changed. Where the country is left empty the state tells a US address."""
    code = country(cell["Country"]) or ("US" if cell["State"] else "")
    record = Record(slug(cell["Name"], code))
    record.name(cell["Name"], "primary")
    parts = ("Street_Address", "City", "State", "Postal_Code", "Country")
    record.address(", ".join(filter(None, (cell[part] for part in parts))), code)
    record.listed(cell["Effective_Date"], cell["Expiration_Date"], american=True)
    record.citation = cell["FR_Citation"]
    record.requirement = (
        "standard denial order" if cell["Standard_Order"] == "Y" else "denial order with terms of its own"
    )
    record.remarks += [f"{cell['Action']}."] if cell["Action"] else []
    return record, days.day(cell["Last_Update"])
