"""The EU's lists: the Financial Sanctions File (schema 1.1, and the WHOLE format before it) and annexes of acts as CSV.

The 1.1 file has no primary name: the first strong name that is in Latin letters is taken for it. Alias quality is the
attribute ``strong``, and words such as "low quality a.k.a." in a name's remark.
"""

from __future__ import annotations

import re
import unicodedata

from lxml import etree

from exeat.screen import days
from exeat.screen.catalogue import country
from exeat.screen.identifiers import identifier, kind_of
from exeat.screen.model import NameKind, NameQuality, PartyKind
from exeat.screen.readers.batch import Batch, Record, gender, number_twins, slug
from exeat.screen.readers.source import Source, child, children, clean, line_of, text_of

KINDS: dict[str, PartyKind] = {"person": "person", "p": "person", "enterprise": "organisation", "e": "organisation"}
AUTHORITY = "European Union"


def is_latin(text: str) -> bool:
    """Whether the letters of a name are Latin, all but a tenth."""
    letters = [char for char in text if char.isalpha()]
    latin = sum("LATIN" in unicodedata.name(char, "") for char in letters)
    return latin >= 0.9 * len(letters)


# --- schema 1.1


def read_fsf(sources: list[Source], batch: Batch) -> None:
    """``export`` with ``sanctionEntity``."""
    for source in sources:
        list_id = batch.the_list("eu-fsf-xml")
        batch.begin(list_id)
        first = True
        for element in source.elements({"sanctionEntity"}):
            if first:
                batch.as_of = batch.published = clean(element.get("generationDate"))[:10]
                first = False
                continue
            record = _entity(element)
            batch.add(list_id, record, source, f"entity {record.entry}", line_of(element))


def _entity(element: etree._Element) -> Record:
    subject = child(element, "subjectType")
    code = clean(subject.get("classificationCode") or subject.get("code")).casefold() if subject is not None else ""
    record = Record(
        clean(element.get("euReferenceNumber")) or clean(element.get("logicalId")),
        KINDS.get(code, ""),
        authority=AUTHORITY,
    )
    for name in children(element, "nameAlias"):
        _fsf_name(record, name)
    _primary_first(record)
    _fsf_law(record, element)
    for one in children(element, "citizenship"):
        record.countries += [_land(one)]
    for one in children(element, "birthdate"):
        _fsf_birth(record, one)
    for one in children(element, "address"):
        parts = [
            clean(one.get(part))
            for part in ("street", "poBox", "zipCode", "city", "place", "region", "countryDescription")
        ]
        record.address(", ".join(part for part in parts if part and part != "UNKNOWN"), _land(one))
    for one in children(element, "identification"):
        _fsf_number(record, one)
    if un := clean(element.get("unitedNationId")):
        record.number(identifier("UN reference", un))
    record.remarks += [text_of(one) for one in children(element, "remark")]
    record.remarks += [clean(element.get("designationDetails"))]
    return record


def _fsf_name(record: Record, name: etree._Element) -> None:
    parts = [clean(name.get(part)) for part in ("firstName", "middleName", "lastName")]
    text = clean(name.get("wholeName")) or " ".join(filter(None, parts))
    remark = text_of(name, "remark")
    weak = name.get("strong") == "false" or "low quality" in remark.casefold()
    kind: NameKind = "former" if re.search(r"\bf\.?k\.?a\b|formerly", remark, re.I) else "alias"
    if not is_latin(text):
        kind = "original script"
    given = " ".join(filter(None, parts[:2]))
    family = parts[2] if given else ""
    record.name(
        text,
        kind,
        "weak" if weak else "strong",
        clean(name.get("nameLanguage")).lower(),
        family,
        given if family else "",
    )
    record.gender = record.gender or gender(clean(name.get("gender")))
    for word in ("title", "function"):
        record.remarks += [f"{told}." for told in [clean(name.get(word))] if told]


def _primary_first(record: Record) -> None:
    """Put the name that stands for the entry first, where the list marks none."""
    best = next((one for one in record.names if one.quality != "weak" and one.kind != "original script"), None)
    if best is not None:
        record.names.remove(best)
        record.names.insert(0, best)


def _fsf_law(record: Record, element: etree._Element) -> None:
    for one in children(element, "regulation"):
        record.programmes.append(clean(one.get("programme")))
        title = clean(one.get("numberTitle"))
        record.citation = record.citation or title
        record.url = record.url or text_of(one, "publicationUrl")
    dates = [
        clean(one.get("entryIntoForceDate")) or clean(one.get("publicationDate"))
        for one in children(element, "regulation")
    ]
    record.since = days.day(clean(element.get("designationDate"))) or min(
        filter(None, map(days.day, dates)), default=""
    )


def _land(one: etree._Element) -> str:
    code = clean(one.get("countryIso2Code"))
    return code if len(code) == 2 and code.isalpha() and code != "00" else country(clean(one.get("countryDescription")))


def _fsf_birth(record: Record, one: etree._Element) -> None:
    """A date of birth: a day, a year, a range of years, about or not, in the Gregorian or another calendar."""
    text = clean(one.get("birthdate"))
    first, last = clean(one.get("yearRangeFrom")), clean(one.get("yearRangeTo"))
    parts = [days.number(clean(one.get(name))) for name in ("year", "monthOfYear", "dayOfMonth")]
    if not text and parts[0]:
        text = days.iso(*parts)
    if not text and first and last:
        text = first if first == last else f"{first} to {last}"
    if not text:
        text = first or last
    calendar = clean(one.get("calendarType"))
    if calendar not in ("", "GREGORIAN") and text:
        text = f"{text[:4]} AH" if calendar.startswith("ISLAM") else ""
        record.born_as_listed += [f"{calendar}: {clean(one.get('birthdate')) or parts[0]}"] if not text else []
    elif one.get("circa") == "true" and text:
        text = f"circa {text}"
    found, words = days.born(text)
    record.born += found
    record.born_as_listed += [words] if words else []
    place = [clean(one.get(name)) for name in ("city", "place", "region", "countryDescription")]
    record.birth_places.append(", ".join(part for part in place if part and part != "UNKNOWN"))


def _fsf_number(record: Record, one: etree._Element) -> None:
    label = clean(one.get("identificationTypeDescription")) or clean(one.get("identificationTypeCode"))
    code = clean(one.get("identificationTypeCode"))
    notes = [
        told
        for flag, told in (
            ("knownFalse", "false"),
            ("knownExpired", "expired"),
            ("revokedByIssuer", "revoked"),
            ("reportedLost", "lost"),
        )
        if one.get(flag) == "true"
    ]
    notes += [text_of(remark) for remark in children(one, "remark")]
    best = code if kind_of(code) != "other" else label
    record.number(
        identifier(
            best, clean(one.get("number")) or clean(one.get("latinNumber")), _land(one), "; ".join(filter(None, notes))
        )
    )


# --- the WHOLE format, until 2017


def read_whole(sources: list[Source], batch: Batch) -> None:
    """``WHOLE`` with ``ENTITY``; the first name is the entry's."""
    for source in sources:
        list_id = batch.the_list("eu-fsf-whole-xml")
        batch.begin(list_id)
        first = True
        for element in source.elements({"ENTITY"}):
            if first:
                batch.as_of = batch.published = days.day(clean(element.get("Date")))
                first = False
                continue
            record = _whole(element)
            batch.add(list_id, record, source, f"entity {record.entry}", line_of(element))


def _whole(element: etree._Element) -> Record:
    record = Record(clean(element.get("Id")), KINDS.get(clean(element.get("Type")).casefold(), ""), authority=AUTHORITY)
    for name in children(element, "NAME"):
        parts = [text_of(name, part) for part in ("FIRSTNAME", "MIDDLENAME", "LASTNAME")]
        text = text_of(name, "WHOLENAME") or " ".join(filter(None, parts))
        kind: NameKind = "alias" if is_latin(text) else "original script"
        given = " ".join(filter(None, parts[:2]))
        record.name(
            text, kind, "", text_of(name, "LANGUAGE").lower(), parts[2] if given else "", given if parts[2] else ""
        )
        record.gender = record.gender or gender(text_of(name, "GENDER"))
        record.remarks += [f"{told}." for part in ("TITLE", "FUNCTION") if (told := text_of(name, part))]
    _primary_first(record)
    for one in children(element, "BIRTH"):
        text = text_of(one, "DATE")
        plain = text.replace("(approximative)", "").strip()
        found, words = days.born(f"circa {plain}" if plain != text else text)
        record.born += found
        record.born_as_listed += [text] if words else []
        record.birth_places.append(", ".join(filter(None, (text_of(one, "PLACE"), text_of(one, "COUNTRY")))))
    for one in children(element, "CITIZEN"):
        record.countries += [country(text_of(one, "COUNTRY"))]
    for one in children(element, "ADDRESS"):
        parts = [text_of(one, part) for part in ("NUMBER", "STREET", "ZIPCODE", "CITY", "OTHER", "COUNTRY")]
        record.address(", ".join(filter(None, parts)), country(text_of(one, "COUNTRY")))
    for one in children(element, "PASSPORT"):
        _whole_number(record, one)
    record.programmes += [clean(element.get("programme"))]
    record.citation, record.url = clean(element.get("legal_basis")), clean(element.get("pdf_link"))
    record.since = days.day(clean(element.get("reg_date")))
    record.remarks += [clean(element.get("remark"))]
    return record


_DOCUMENT = re.compile(r"(?P<number>.*?) \((?P<code>\w+)-(?P<kind>[^)]*)\)\s*(?P<note>.*)", re.S)


def _whole_number(record: Record, one: etree._Element) -> None:
    found = _DOCUMENT.fullmatch(text_of(one, "NUMBER"))
    if found and found["number"] != "UNKNOWN":
        kind = {"id": "national id", "travelcardid": "passport"}.get(found["code"], found["code"])
        record.number(identifier(kind, found["number"], text_of(one, "COUNTRY"), clean(found["note"]).strip("() ")))
    elif not found:
        record.number(identifier("other", text_of(one, "NUMBER"), text_of(one, "COUNTRY")))


# --- annexes of acts as CSV

ANNEX_COLUMNS = [
    "celex",
    "recordId",
    "programKey",
    "annex",
    "measure",
    "startDate",
    "reason",
    "schema",
    "name",
    "alias",
    "weakAlias",
    "previousName",
    "country",
    "nationality",
    "jurisdiction",
    "birthDate",
    "birthPlace",
    "position",
    "passportNumber",
    "gender",
    "appearance",
    "ethnicity",
    "fatherName",
    "motherName",
    "incorporationDate",
    "legalForm",
    "sector",
    "registrationNumber",
    "taxNumber",
    "idNumber",
    "innCode",
    "ogrnCode",
    "kppCode",
    "okpoCode",
    "leiCode",
    "swiftBic",
    "ticker",
    "imoNumber",
    "mmsi",
    "flag",
    "address",
    "phone",
    "email",
    "website",
    "notes",
]
SCHEMAS: dict[str, PartyKind] = {
    "person": "person",
    "vessel": "vessel",
    "airplane": "aircraft",
    "company": "organisation",
    "organization": "organisation",
    "legalentity": "organisation",
    "publicbody": "organisation",
}
NUMBERS = {
    "passportNumber": "passport",
    "registrationNumber": "registration",
    "taxNumber": "tax",
    "idNumber": "national id",
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "kppCode": "kpp",
    "okpoCode": "okpo",
    "leiCode": "lei",
    "swiftBic": "bic",
    "ticker": "ticker",
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "phone": "phone",
    "email": "email",
    "website": "website",
}


def read_annexes(sources: list[Source], batch: Batch) -> None:
    """One or more files, each an act by its CELEX number; several values of one field separated by ``;``."""
    list_id = batch.the_list("eu-annex-csv")
    batch.begin(list_id)
    records: list[Record] = []
    places: dict[int, tuple[Source, int]] = {}
    for source in sources:
        rows = source.rows()
        line, header = next(rows)
        if header != ANNEX_COLUMNS:
            odd = [name for name in header if name not in ANNEX_COLUMNS] + [
                name for name in ANNEX_COLUMNS if name not in header
            ]
            raise source.fail("not the columns of an EU annex", line, found=", ".join(odd[:5]))
        for line, row in rows:
            if len(row) != len(ANNEX_COLUMNS):
                raise source.fail(
                    "a row of another length: the file is cut or its quotes are broken",
                    line,
                    found=f"{len(row)} fields",
                )
            records.append(_annex(dict(zip(ANNEX_COLUMNS, map(clean, row), strict=True))))
            places[id(records[-1])] = (source, line)
    for record in number_twins(records):
        source, line = places[id(record)]
        batch.add(list_id, record, source, f"row of line {line}", line)


def _annex(cell: dict[str, str]) -> Record:
    own = cell["recordId"] or slug(cell["name"])
    record = Record(
        f"{cell['celex']}.{cell['annex']}.{own}".replace(" ", "-"),
        SCHEMAS.get(cell["schema"].casefold(), ""),
        authority=AUTHORITY,
    )
    record.name(cell["name"], "primary")
    for column, kind, quality in (
        ("alias", "alias", ""),
        ("weakAlias", "alias", "weak"),
        ("previousName", "former", ""),
    ):
        for text in _values(cell[column]):
            _annex_name(record, text, kind, quality)  # type: ignore[arg-type]
    for column in ("country", "nationality", "jurisdiction", "flag"):
        for text in re.split(r"[;,]", cell[column]):
            record.countries += [country(re.sub(r"\(.*?\)?$", "", text).strip())]
    for text in _values(cell["birthDate"]):
        found, words = days.born(text)
        record.born += found
        record.born_as_listed += [words] if words else []
    record.birth_places += _values(cell["birthPlace"])
    record.gender = gender(cell["gender"])
    for column, label in NUMBERS.items():
        for text in _values(cell[column]):
            record.number(identifier(label, text.rstrip(".")))
    for text in _values(cell["address"]):
        record.address(text.strip('"'), country(text.rpartition(",")[2].strip(' "').removeprefix("the ")))
    record.programmes += [cell["programKey"]]
    record.requirement, record.citation = cell["measure"], f"{cell['celex']}, annex {cell['annex']}"
    record.since = days.day(cell["startDate"])
    record.remarks += [cell[column] for column in ("position", "reason", "notes")]
    return record


def _annex_name(record: Record, text: str, kind: NameKind, quality: NameQuality) -> None:
    """A name, and the one in another script that stands in brackets after it."""
    found = re.fullmatch(r"(?P<name>[^()]+?)\s*\((?P<other>[^()]+)\)", text)
    if found and is_latin(found["name"]) != is_latin(found["other"]):
        for one in (found["name"], found["other"]):
            record.name(one, kind if is_latin(one) else "original script", quality)
    else:
        record.name(text, kind if is_latin(text) else "original script", quality)


def _values(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
