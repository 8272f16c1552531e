"""The US Consolidated Screening List: trade.gov's JSON, its 29-column CSV, and a compacted JSON found in public.

The columns and fields are those of the files themselves (data.trade.gov, consolidated.json and consolidated.csv, v1).
Lists of Commerce and State number nothing, so their entries are numbered by name and country.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from exeat.screen import days
from exeat.screen.catalogue import country
from exeat.screen.readers.batch import Batch, Record, number_twins, slug
from exeat.screen.readers.source import Source, clean
from exeat.screen.readers.us import KINDS, note_of, take_fact, take_name, take_remarks

COLUMNS = [
    "_id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
]
UNKNOWN = "us.csl.other"


class _Address(msgspec.Struct):
    address: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class _Id(msgspec.Struct):
    type: str | None = None
    number: str | None = None
    country: str | None = None
    issue_date: str | None = None
    expiration_date: str | None = None


class _Entry(msgspec.Struct):
    source: str
    name: str | None = None
    entity_number: str | int | None = None
    type: str | None = None
    programs: list[str] | None = None
    title: str | None = None
    addresses: list[_Address] | None = None
    federal_register_notice: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    standard_order: str | None = None
    license_requirement: str | None = None
    license_policy: str | None = None
    call_sign: str | None = None
    vessel_type: str | None = None
    gross_tonnage: str | int | None = None
    gross_registered_tonnage: str | int | None = None
    vessel_flag: str | None = None
    vessel_owner: str | None = None
    remarks: str | None = None
    source_list_url: str | None = None
    alt_names: list[str] | None = None
    citizenships: list[str] | None = None
    dates_of_birth: list[str] | None = None
    nationalities: list[str] | None = None
    places_of_birth: list[str] | None = None
    country: str | None = None
    ids: list[_Id] | None = None


class _Used(msgspec.Struct):
    source: str = ""
    last_imported: str | None = None
    source_last_updated: str | None = None


class _File(msgspec.Struct):
    results: list[_Entry]
    total: int | None = None
    sources_used: list[_Used] = []


class _Tables(msgspec.Struct):
    sources: list[str]
    licence_requirements: list[str] = msgspec.field(name="licenceRequirements", default_factory=list)
    licence_policies: list[str] = msgspec.field(name="licencePolicies", default_factory=list)
    programmes: list[list[str] | str] = []
    urls: list[str] = []


class _Short(msgspec.Struct):
    n: str
    s: int
    a: list[str] = []
    t: str = ""
    c: list[str] = []
    e: str = ""
    lr: int | None = None
    lp: int | None = None
    pg: int | None = None
    fr: str = ""
    u: int | None = None


class _Compact(msgspec.Struct):
    tables: _Tables
    entries: list[_Short]
    entry_count: int = msgspec.field(name="entryCount")
    counts: dict[str, int] = msgspec.field(name="countsBySource")
    generated: str = msgspec.field(name="sourceGeneratedAt", default="")


def read_json(sources: list[Source], batch: Batch) -> None:
    """trade.gov's ``{"results": [...]}``."""
    for source in sources:
        file: _File = source.json(_File)
        if file.total is not None:
            batch.expect(file.total, len(file.results), source, "entries")
        stamps = [one.last_imported or one.source_last_updated or "" for one in file.sources_used]
        batch.as_of = batch.as_of or max((stamp[:10] for stamp in stamps if days.day(stamp)), default="")
        _take(((number, _record(entry), entry.source) for number, entry in enumerate(file.results, 1)), source, batch)


def read_csv(sources: list[Source], batch: Batch) -> None:
    """The 29 columns, several values of one field separated by ``; ``."""
    for source in sources:
        _take(_csv_entries(source), source, batch, lines=True)


def read_compact(sources: list[Source], batch: Batch) -> None:
    """The compacted form: names, countries, programmes and licence columns only, texts in tables."""
    for source in sources:
        file: _Compact = source.json(_Compact)
        batch.expect(file.entry_count, len(file.entries), source, "entries")
        for number, name in enumerate(file.tables.sources):
            found = sum(entry.s == number for entry in file.entries)
            batch.expect(file.counts.get(name, 0), found, source, f"entries of {name}")
        batch.as_of = batch.as_of or file.generated[:10]
        batch.published = batch.published or file.generated[:10]
        _take(_short_entries(file, source), source, batch)


def _take(entries: Iterable[tuple[int, Record, str]], source: Source, batch: Batch, lines: bool = False) -> None:
    """Sort the entries into their lists; those of one list are numbered together."""
    known = batch.catalogue.by_source("csl")
    lists: dict[str, list[Record]] = {}
    places: dict[int, int] = {}
    for number, record, name in entries:
        list_id = known.get(name, UNKNOWN)
        if list_id == UNKNOWN:
            batch.note(f"the file holds a list that exeat does not know: {name}; its entries are kept under {UNKNOWN}")
            record.remarks.append(f"{name}.")
        record.authority = name.rpartition(" - ")[2]
        lists.setdefault(list_id, []).append(record)
        places[id(record)] = number
    for list_id, records in lists.items():
        for record in number_twins(records):
            number = places[id(record)]
            batch.add(list_id, record, source, f"record {number}", number if lines else 0)


def _record(entry: _Entry) -> Record:
    record = Record(clean(entry.entity_number), KINDS.get(clean(entry.type).casefold(), ""))
    take_name(record, clean(entry.name), primary=True)
    for name in entry.alt_names or ():
        take_name(record, clean(name))
    for one in entry.addresses or ():
        parts = (one.address, one.city, one.state, one.postal_code, one.country)
        record.address(", ".join(filter(None, map(clean, parts))), country(one.country or ""))
    for label, texts in (
        ("Nationality", entry.nationalities or ()),
        ("Citizenship", entry.citizenships or ()),
        ("Country", (entry.country or "",)),
        ("Flag", (entry.vessel_flag or "",)),
    ):
        for text in texts:
            record.land(label, clean(text))
    for born in entry.dates_of_birth or ():
        record.birth(clean(born), american=True)
    record.birth_places += map(clean, entry.places_of_birth or ())
    record.programmes += map(clean, entry.programs or ())
    for number in entry.ids or ():
        note = note_of(("issued", clean(number.issue_date)), ("expires", clean(number.expiration_date)))
        take_fact(record, clean(number.type), clean(number.number), number.country or "", note)
    if entry.call_sign:
        take_fact(record, "call sign", clean(entry.call_sign))
    _common(record, entry)
    return record


def _common(record: Record, entry: _Entry) -> None:
    record.requirement, record.policy = clean(entry.license_requirement), clean(entry.license_policy)
    record.citation, record.url = clean(entry.federal_register_notice), clean(entry.source_list_url)
    record.listed(clean(entry.start_date), clean(entry.end_date))
    if entry.title:
        record.remarks.append(f"Title: {clean(entry.title)}.")
    record.remark("Vessel type", clean(entry.vessel_type))
    record.remark("Tonnage", clean(entry.gross_tonnage))
    record.remark("Gross registered tonnage", clean(entry.gross_registered_tonnage))
    record.remark("Standard order", clean(entry.standard_order))
    if entry.vessel_owner:
        record.linked_to.append(clean(entry.vessel_owner))
    if entry.remarks:
        take_remarks(record, clean(entry.remarks))
    if not record.entry:
        record.entry = (
            slug(record.names[0].text, record.countries[0] if record.countries else "") if record.names else ""
        )


def _csv_entries(source: Source) -> Iterator[tuple[int, Record, str]]:
    rows = source.rows()
    line, header = next(rows)
    if header != COLUMNS:
        odd = [name for name in header if name not in COLUMNS] + [name for name in COLUMNS if name not in header]
        raise source.fail("not the columns of the Consolidated Screening List", line, found=", ".join(odd[:5]))
    for line, row in rows:
        if len(row) != len(COLUMNS):
            raise source.fail(
                "a row of another length: the file is cut or its quotes are broken", line, found=f"{len(row)} fields"
            )
        cell = dict(zip(COLUMNS, row, strict=True))
        yield line, _row(cell), cell["source"]


def _row(cell: dict[str, str]) -> Record:
    entry = _Entry(
        source=cell["source"],
        name=cell["name"],
        entity_number=cell["entity_number"],
        type=cell["type"],
        programs=_split(cell["programs"]),
        title=cell["title"],
        addresses=[_one_line(text) for text in _split(cell["addresses"])],
        federal_register_notice=cell["federal_register_notice"],
        start_date=cell["start_date"],
        end_date=cell["end_date"],
        standard_order=cell["standard_order"],
        license_requirement=cell["license_requirement"],
        license_policy=cell["license_policy"],
        call_sign=cell["call_sign"],
        vessel_type=cell["vessel_type"],
        gross_tonnage=cell["gross_tonnage"],
        gross_registered_tonnage=cell["gross_registered_tonnage"],
        vessel_flag=cell["vessel_flag"],
        vessel_owner=cell["vessel_owner"],
        remarks=cell["remarks"],
        source_list_url=cell["source_list_url"],
        alt_names=_split(cell["alt_names"]),
        citizenships=_split(cell["citizenships"]),
        dates_of_birth=_split(cell["dates_of_birth"]),
        nationalities=_split(cell["nationalities"]),
        places_of_birth=_split(cell["places_of_birth"]),
        ids=[_number(text) for text in _split(cell["ids"])],
    )
    return _record(entry)


def _split(text: str) -> list[str]:
    return [part for part in text.split("; ") if part.strip()]


def _one_line(text: str) -> _Address:
    """An address whose last part is its country's code."""
    rest, _, last = text.rpartition(", ")
    return (
        _Address(rest, country=last)
        if re.fullmatch("[A-Z]{2}", last)
        else _Address(text)
        if rest or len(text) != 2
        else _Address(country=text)
    )


def _number(text: str) -> _Id:
    """``country, expires, issued, number, type``, of which only the last two are always there."""
    parts = text.split(", ")
    kind, rest = parts[-1], parts[:-1]
    where = rest.pop(0) if len(rest) > 1 and re.fullmatch("[A-Z]{2}", rest[0]) else ""
    dates = []
    while len(rest) > 1 and re.fullmatch(r"\d{4}-\d{2}-\d{2}", rest[0]):
        dates.append(rest.pop(0))
    # Of one date alone the file does not say whether it is the first or the last day: a note would guess.
    expires, issued = (dates[0], dates[1]) if len(dates) == 2 else (None, None)
    return _Id(kind, ", ".join(rest), where, issued, expires)


def _short_entries(file: _Compact, source: Source) -> Iterator[tuple[int, Record, str]]:
    tables = file.tables
    for number, entry in enumerate(file.entries, 1):
        try:
            name = tables.sources[entry.s]
            programmes = tables.programmes[entry.pg] if entry.pg is not None else []
            full = _Entry(
                source=name,
                name=entry.n,
                entity_number=entry.e,
                type=entry.t,
                alt_names=entry.a,
                programs=[programmes] if isinstance(programmes, str) else programmes,
                federal_register_notice=entry.fr,
                license_requirement=tables.licence_requirements[entry.lr] if entry.lr is not None else "",
                license_policy=tables.licence_policies[entry.lp] if entry.lp is not None else "",
                source_list_url=tables.urls[entry.u] if entry.u is not None else "",
            )
        except IndexError:
            raise source.fail("a number points outside its table", path=f"entries.{number - 1}") from None
        record = _record(full)
        record.countries += entry.c
        if not entry.e:
            record.entry = slug(record.names[0].text, entry.c[0] if entry.c else "") if record.names else ""
        yield number, record, name
