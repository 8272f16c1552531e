"""The United Kingdom's lists: the UK Sanctions List (XML and CSV) and the OFSI Consolidated List (CSV, closed 28 Jan
2026).

The CSV forms are products: one row for each combination of a name, an address, a date of birth and so on; rows of one
entry share its number. ``Name 6`` is the family name or the whole name of what is no person, ``Name 1`` to ``Name 5``
come before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from exeat.screen import days
from exeat.screen.catalogue import country
from exeat.screen.identifiers import identifier, named_in, only_number
from exeat.screen.model import NameKind, NameQuality, PartyKind
from exeat.screen.readers.batch import Batch, Record, gender, is_latin
from exeat.screen.readers.source import Source, below, children, clean, line_of, local, text_of, texts_below, texts_of

KINDS: dict[str, PartyKind] = {"individual": "person", "entity": "organisation", "ship": "vessel"}
NAME_KINDS: dict[str, NameKind] = {"primary name": "primary", "prime alias": "primary", "fka": "former"}
GIVEN = ("1", "2", "3", "4", "5")


def _quality(text: str) -> NameQuality:
    low = text.casefold()
    return "weak" if "low" in low else "strong" if "good" in low else ""


def _take_name(record: Record, parts: list[str], last: str, told: str, strength: str) -> None:
    """One name. Only the first primary name is the entry's; a variation of it is an alias."""
    given = " ".join(filter(None, parts))
    kind = NAME_KINDS.get(told.casefold(), "alias")
    if kind == "primary" and any(one.kind == "primary" for one in record.names):
        kind = "alias"
    person = record.kind == "person" and given and last
    record.name(
        " ".join(filter(None, (given, last))),
        kind,
        _quality(strength),
        "",
        last if person else "",
        given if person else "",
    )


def _take_script(record: Record, text: str, language: str) -> None:
    """A name of the column for other scripts, in which names in Latin letters stand too."""
    record.name(text, "alias" if is_latin(text) else "original script", "", language)


def _primary_first(record: Record) -> None:
    record.names.sort(key=lambda one: one.kind != "primary")


# --- the UK Sanctions List, XML


def read_xml(sources: list[Source], batch: Batch) -> None:
    """``Designations`` with ``Designation``."""
    for source in sources:
        list_id = batch.the_list("uk-xml")
        batch.begin(list_id)
        first = True
        for element in source.elements({"Designation", "DateGenerated"}):
            if first:
                first = False
                batch.as_of = days.day(clean(element.get("DateGenerated")))
            elif local(element) == "DateGenerated":
                batch.as_of = batch.as_of or days.day(clean(element.text)[:10]) or days.day(clean(element.text))
            else:
                record = _designation(element)
                batch.add(list_id, record, source, f"designation {record.entry}", line_of(element))
        batch.published = batch.as_of


def _designation(element: etree._Element) -> Record:
    """One designation. Values are found by their own tags, whatever wraps them: that changed in December 2025."""
    kind = KINDS.get(text_of(element, "IndividualEntityShip").casefold(), "")
    record = Record(text_of(element, "UniqueID"), kind, authority=text_of(element, "DesignationSource"))
    for name in children(element, "Names", "Name"):
        parts = [text_of(name, f"Name{number}") for number in GIVEN]
        _take_name(record, parts, text_of(name, "Name6"), text_of(name, "NameType"), text_of(name, "AliasStrength"))
    for script in below(element, "NameNonLatinScript"):
        _take_script(record, clean(script.text), text_of(script.getparent(), "NonLatinScriptLanguage"))
    _primary_first(record)
    for one in below(element, "Address"):
        lines = [text_of(one, f"AddressLine{number}") for number in (*GIVEN, "6")]
        land = text_of(one, "AddressCountry")
        record.address(", ".join(filter(None, (*lines, text_of(one, "AddressPostalCode"), land))), country(land))
    _xml_law(record, element)
    _xml_details(record, element)
    return record


def _xml_law(record: Record, element: etree._Element) -> None:
    record.programmes += texts_of(element, "RegimeName")
    record.requirement = text_of(element, "SanctionsImposed").replace("|", "; ")
    record.since = days.day(text_of(element, "DateDesignated"))
    record.number(identifier("UN reference", text_of(element, "UNReferenceNumber")))
    record.number(identifier("OFSI Group ID", text_of(element, "OFSIGroupID")))
    record.remarks += [text_of(element, "UKStatementofReasons"), text_of(element, "OtherInformation")]


# What the model has no field for, as the XML and the CSV call it, and as the remark says it.
REMARKS = (
    ("Title", "Title", "Title"),
    ("TypeOfEntity", "Type of entity", "Type of entity"),
    ("Subsidiary", "Subsidiaries", "Subsidiaries"),
    ("PreviousOwnerOperator", "Previous owner/operator (s)", "Previous owner or operator"),
    ("PreviousFlag", "Previous flags", "Previous flag"),
    ("TypeOfShip", "Type of ship", "Type of ship"),
    ("TonnageOfShip", "Tonnage of ship", "Tonnage"),
    ("LengthOfShip", "Length of ship", "Length"),
    ("YearBuilt", "Year Built", "Year built"),
)
NUMBERS = (
    ("passport", "PassportNumber", "PassportAdditionalInformation"),
    ("national id", "NationalIdentifierNumber", "NationalIdentifierAdditionalInformation"),
    ("imo", "IMONumber", ""),
    ("hull", "HullIdentificationNumber", ""),
    ("phone", "PhoneNumber", ""),
    ("email", "EmailAddress", ""),
    ("website", "Website", ""),
)


def _xml_details(record: Record, element: etree._Element) -> None:
    for text in texts_below(element, "DOB"):
        record.birth(text)
    for tag, label in (("Nationality", "Nationality"), ("CurrentBelievedFlagOfShip", "Flag")):
        for text in texts_below(element, tag):
            record.land(label, text)
    for place in below(element, "Location"):
        parts = (text_of(place, "TownOfBirth"), text_of(place, "CountryOfBirth"))
        record.birth_places.append(", ".join(filter(None, parts)))
    record.gender = next(filter(None, map(gender, texts_below(element, "Gender"))), "")
    for label, tag, note in NUMBERS:
        for one in below(element, tag):
            told = text_of(one.getparent(), note) if note else ""
            record.number(identifier(label, clean(one.text), "", told))
            record.remark(label, "" if clean(one.text) else told)
    for text in texts_below(element, "BusinessRegistrationNumber"):
        take_registration(record, text)
    record.linked_to += texts_below(element, "ParentCompany") + texts_below(element, "CurrentOwnerOperator")
    for tag, _, label in REMARKS:
        record.remark(label, "; ".join(dict.fromkeys(texts_below(element, tag))))
    for text in texts_below(element, "Position"):
        record.remark("", text.replace("|", "; "))


def take_registration(record: Record, text: str) -> None:
    """A registration number, which may say what kind it is: ``INN: 7707083893``, ``UK Company no. 06527449``."""
    named = list(named_in(text))
    for one in named:
        record.number(one)
    if named and len(re.findall(r"\d{5,}", text)) > len(named):
        record.remark("Registration numbers", text)
    if not named:
        value, note = only_number(text)
        record.number(identifier("registration", value, "", note))


# --- the UK Sanctions List, CSV


def read_csv(sources: list[Source], batch: Batch) -> None:
    """Rows below a header that begins after the line ``Report Date: …``; the columns by name, in any order."""
    for source in sources:
        list_id = batch.the_list("uk-csv")
        batch.begin(list_id)
        records: dict[str, tuple[int, Record]] = {}
        for line, cell in _report(source, batch):
            number = cell["unique id"]
            if number not in records:
                told = cell.get("designation type") or cell.get("individual, entity, ship", "")
                record = Record(number, KINDS.get(told.casefold(), ""), authority=cell.get("designation source", ""))
                records[number] = (line, record)
            _report_row(records[number][1], cell)
        for line, record in records.values():
            _primary_first(record)
            batch.add(list_id, record, source, f"designation {record.entry}", line)


def _report(source: Source, batch: Batch) -> Iterator[tuple[int, dict[str, str]]]:
    header: list[str] = []
    for line, row in source.rows(("utf-8-sig", "cp1252")):
        cells = [clean(one) for one in row]
        if not header:
            if cells and cells[0].startswith("Report Date"):
                stamp = " ".join(filter(None, cells)).partition(":")[2].strip()
                batch.as_of = batch.published = days.day(stamp)
            elif "Unique ID" in cells:
                header = [name.casefold() for name in cells]  # the list has changed its mind on capitals before
                missing = [name for name in ("Name 6", "Name type", "Regime Name") if name.casefold() not in header]
                if missing:
                    raise source.fail("a column of the UK Sanctions List is missing", line, found=", ".join(missing))
            elif line > 20:
                raise source.fail("no header with Unique ID", line)
            continue
        if not any(cells):
            continue
        if len(cells) != len(header):
            raise source.fail(
                "a row of another length: the file is cut or its quotes are broken", line, found=f"{len(row)} fields"
            )
        yield line, dict(zip(header, cells, strict=True))


def _report_row(record: Record, cell: dict[str, str]) -> None:
    def get(name: str) -> str:
        return cell.get(name.casefold(), "")

    _take_name(
        record, [get(f"Name {number}") for number in GIVEN], get("Name 6"), get("Name type"), get("Alias strength")
    )
    _take_script(record, get("Name non-latin script"), get("Non-latin script language"))
    lines = [get(f"Address Line {number}") for number in (*GIVEN, "6")]
    land = get("Address Country")
    record.address(", ".join(filter(None, (*lines, get("Address Postal Code"), land))), country(land))
    for text in _numbered(get("D.O.B")):
        record.birth(text)
    record.birth_places.append(", ".join(filter(None, (get("Town of birth"), get("Country of birth")))))
    for name, label in (("Nationality(/ies)", "Nationality"), ("Current believed flag of ship", "Flag")):
        for text in _numbered(get(name)):
            record.land(label, text)
    record.gender = record.gender or gender(get("Gender"))
    for label, name, note in (
        ("passport", "Passport number", "Passport additional information"),
        ("national id", "National Identifier number", "National Identifier additional information"),
        ("imo", "IMO number", ""),
        ("hull", "Hull identification number (HIN)", ""),
        ("UN reference", "UN Reference Number", ""),
        ("OFSI Group ID", "OFSI Group ID", ""),
        ("phone", "Phone number", ""),
        ("email", "Email address", ""),
        ("website", "Website", ""),
    ):
        _take_documents(record, label, get(name), get(note))
    for text in _numbered(get("Business registration number (s)")):
        take_registration(record, text)
    for name in ("Parent company", "Current owner/operator (s)"):
        record.linked_to += _numbered(get(name))
    record.programmes += [get("Regime Name")]
    record.requirement = record.requirement or get("Sanctions Imposed").replace("|", "; ")
    record.since = record.since or days.day(get("Date Designated"))
    for _, name, label in REMARKS:
        record.remark(label, get(name))
    for text in (get("Position").replace("|", "; "), get("UK Statement of Reasons"), get("Other Information")):
        record.remark("", text)


_DOCUMENT = re.compile(
    r"(?P<value>(?:[A-Z]{1,4}[ /-]?)?[0-9][0-9A-Z/-]{3,}|[A-Z]{1,3}[0-9A-Z]{4,})\s*"
    r"(?P<rest>[,;.(].*|issued.*|expire.*)?",
    re.S,
)


def _take_document(record: Record, label: str, text: str, note: str = "") -> None:
    """A number freed from what is said after it: ``592667 (Qatari passport issued on 3 May 2007).``"""
    found = _DOCUMENT.fullmatch(text)
    if found and found["rest"] and any(map(str.isdigit, found["value"])):
        text, note = found["value"], note or found["rest"].strip(" ,;.()")
    record.number(identifier(label, text, "", note))


def _take_documents(record: Record, label: str, text: str, note: str) -> None:
    """Numbers and the notes on them, both numbered where there are several; a note alone is kept as a remark."""
    values, notes = _numbered(text), _numbered(note)
    for place, value in enumerate(values):
        _take_document(record, label, value, notes[place] if len(notes) == len(values) else note)
    record.remark(label, "" if values else note)


# --- the OFSI Consolidated List

OFSI_COLUMNS = [
    "Name 6",
    "Name 1",
    "Name 2",
    "Name 3",
    "Name 4",
    "Name 5",
    "Title",
    "DOB",
    "Town of Birth",
    "Country of Birth",
    "Nationality",
    "Passport Details",
    "NI Number",
    "Position",
    "Address 1",
    "Address 2",
    "Address 3",
    "Address 4",
    "Address 5",
    "Address 6",
    "Post/Zip Code",
    "Country",
    "Other Information",
    "Group Type",
    "Alias Type",
    "Regime",
    "Listed On",
    "Last Updated",
    "Group ID",
]
# The columns of the file from 2021 until it closed: names in other scripts, numbers apart from what is said of them.
OFSI_LATER = [
    *OFSI_COLUMNS[:7],
    "Name Non-Latin Script",
    "Non-Latin Script Type",
    "Non-Latin Script Language",
    *OFSI_COLUMNS[7:11],
    "Passport Number",
    "Passport Details",
    "National Identification Number",
    "National Identification Details",
    *OFSI_COLUMNS[13:25],
    "Alias Quality",
    "Regime",
    "Listed On",
    "UK Sanctions List Date Designated",
    "Last Updated",
    "Group ID",
]


def read_ofsi(sources: list[Source], batch: Batch) -> None:
    """The old ConList.csv: its date, its header, rows grouped by ``Group ID``."""
    for source in sources:
        list_id = batch.the_list("uk-ofsi-csv")
        batch.begin(list_id)
        records: dict[str, tuple[int, Record]] = {}
        rows = source.rows(("utf-8-sig", "cp1252"))
        line, first = next(rows)
        batch.as_of = batch.published = days.day(first[1] if len(first) > 1 else "")
        line, header = next(rows, (line, []))
        columns = [clean(name) for name in header]
        if columns not in (OFSI_COLUMNS, OFSI_LATER):
            raise source.fail("not the columns of the OFSI list", line, found=", ".join(header)[:100])
        for line, row in rows:
            if len(row) != len(columns):
                raise source.fail(
                    "a row of another length: the file is cut or its quotes are broken",
                    line,
                    found=f"{len(row)} fields",
                )
            cell = dict(zip(columns, map(clean, row), strict=True))
            number = cell["Group ID"]
            if number not in records:
                records[number] = (
                    line,
                    Record(number, KINDS.get(cell["Group Type"].casefold(), ""), authority="HM Treasury"),
                )
            _ofsi_row(records[number][1], cell)
        for line, record in records.values():
            _primary_first(record)
            batch.add(list_id, record, source, f"group {record.entry}", line)


def _ofsi_row(record: Record, cell: dict[str, str]) -> None:
    _take_name(
        record,
        [cell[f"Name {number}"] for number in GIVEN],
        cell["Name 6"],
        cell["Alias Type"],
        cell.get("Alias Quality", ""),
    )
    _take_script(record, cell.get("Name Non-Latin Script", ""), cell.get("Non-Latin Script Language", ""))
    lines = [cell[f"Address {number}"] for number in (*GIVEN, "6")]
    record.address(", ".join(filter(None, (*lines, cell["Post/Zip Code"], cell["Country"]))), country(cell["Country"]))
    for text in _numbered(cell["DOB"]):
        record.birth(text)
    towns, lands = _numbered(cell["Town of Birth"]), _numbered(cell["Country of Birth"])
    if len(towns) == len(lands):
        record.birth_places += [f"{town}, {land}" for town, land in zip(towns, lands, strict=True)]
    else:
        record.birth_places.append(", ".join(filter(None, (cell["Town of Birth"], cell["Country of Birth"]))))
    for text in _numbered(cell["Nationality"]):
        record.land("Nationality", text)
    if "Passport Number" in cell:
        _take_documents(record, "passport", cell["Passport Number"], cell["Passport Details"])
        _take_documents(
            record, "national id", cell["National Identification Number"], cell["National Identification Details"]
        )
    else:
        for text in _numbered(cell["Passport Details"]):
            _take_document(record, "passport", re.sub(r"^Passport (?:No|number)[.:]* ?", "", text))
        for text in _numbered(cell["NI Number"]):
            _take_document(record, "national id", text)
    for one in named_in(cell["Other Information"]):
        record.number(one)
    record.programmes += [cell["Regime"]]
    record.since = record.since or days.day(cell["Listed On"])
    record.remarks += [f"{cell[name]}." for name in ("Title", "Position") if cell[name]]
    record.remarks += [cell["Other Information"]]


def _numbered(text: str) -> list[str]:
    """``1) Saudi Arabia 2) Qatar`` and ``(1) … (2) …`` as two values."""
    parts = re.split(r"(?:^|\s)\(?\d{1,2}\)\s+", text)
    return [part.strip() for part in parts if part.strip()]
