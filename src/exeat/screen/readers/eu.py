"""The EU's lists: the Financial Sanctions File (schema 1.1, and the WHOLE format before it) and annexes of acts as CSV.

The 1.1 file has no primary name: the first strong name that is in Latin letters is taken for it. Alias quality is the
attribute ``strong``, and words such as "low quality a.k.a." in a name's remark.
"""

from __future__ import annotations

import re

from lxml import etree

from exeat.screen import days
from exeat.screen.catalogue import country
from exeat.screen.identifiers import identifier, kind_of, named_in
from exeat.screen.model import NameKind, NameQuality, PartyKind
from exeat.screen.readers.batch import Batch, Record, gender, is_latin, number_twins, slug
from exeat.screen.readers.source import Source, child, children, clean, line_of, text_of

KINDS: dict[str, PartyKind] = {"person": "person", "p": "person", "enterprise": "organisation", "e": "organisation"}
AUTHORITY = "European Union"
CONTACTS = {"phone": "phone", "fax": "phone", "email": "email", "web": "website", "website": "website"}
FORMER = re.compile(
    r"\bf\.?k\.?a\b|^(?:formerly|former name|previously)|(?:formerly|previously) (?:listed|known)", re.I
)
GRADE = re.compile(r"\(?(?:good|low) quality (?:a\.?k\.?a\.?|al+i+as)\)?[.;,]?", re.I)

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
        code = _land(one)
        record.countries += [code] if code else []
        record.remark("Citizenship", "" if code else _told(one, ("region", "countryDescription")))
        record.remark("Citizenship", _remarks(one))
    for one in children(element, "birthdate"):
        _fsf_birth(record, one)
    for one in children(element, "address"):
        _fsf_address(record, one)
    for one in children(element, "identification"):
        _fsf_number(record, one)
    if un := clean(element.get("unitedNationId")):
        record.number(identifier("UN reference", un))
    record.remarks += [text_of(one) for one in children(element, "remark")]
    record.remarks += [clean(element.get("designationDetails"))]
    return record


def _told(one: etree._Element, names: tuple[str, ...]) -> str:
    """The attributes that say something, in one line; ``-`` and ``UNKNOWN`` say nothing."""
    return ", ".join(told for name in names if (told := clean(one.get(name))) and told not in ("UNKNOWN", "-"))


def _remarks(one: etree._Element) -> str:
    return "; ".join(filter(None, (text_of(remark) for remark in children(one, "remark"))))


def _fsf_address(record: Record, one: etree._Element) -> None:
    text = _told(one, ("street", "poBox", "zipCode", "city", "place", "region", "countryDescription"))
    record.address(text, _land(one))
    for contact in children(one, "contactInfo"):
        key, value = clean(contact.get("key")), clean(contact.get("value")) or text_of(contact)
        label = CONTACTS.get(key.casefold())
        if label:
            record.number(identifier(label, value))
        else:
            record.remark(key, value)
    record.remark(f"Address {text}" if text else "Address", _remarks(one))


def _fsf_name(record: Record, name: etree._Element) -> None:
    parts = [clean(name.get(part)) for part in ("firstName", "middleName", "lastName")]
    text = clean(name.get("wholeName")) or " ".join(filter(None, parts))
    remark = _remarks(name)
    weak = name.get("strong") == "false" or "low quality" in remark.casefold()
    kind: NameKind = "former" if FORMER.search(remark) else "alias"
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
    for number in named_in(remark):
        record.number(number)
    record.remark(text, GRADE.sub("", remark).strip(" ;"))


def _primary_first(record: Record) -> None:
    """Put the name that stands for the entry first, where the list marks none."""
    best = next((one for one in record.names if one.quality != "weak" and one.kind != "original script"), None)
    if best is not None:
        record.names.remove(best)
        record.names.insert(0, best)


def _fsf_law(record: Record, element: etree._Element) -> None:
    titles = []
    for one in children(element, "regulation"):
        record.programmes.append(clean(one.get("programme")))
        titles.append(clean(one.get("numberTitle")))
        record.url = record.url or text_of(one, "publicationUrl") or clean(one.get("publicationUrl"))
        record.remark(titles[-1] or "Regulation", _remarks(one))
    record.citation = "; ".join(dict.fromkeys(filter(None, titles)))
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
    text = text or first or last
    calendar, remark = clean(one.get("calendarType")), _remarks(one)
    if calendar in ("", "GREGORIAN"):
        record.birth(f"circa {text}" if one.get("circa") == "true" and text else text)
    elif calendar.startswith("ISLAM"):  # the file says so of the solar years of Iran too: only the remark tells
        for year in dict.fromkeys(re.findall(r"\b\d{4}\b", text)):
            record.birth(f"{year} ({remark})" if re.search("hijri", remark, re.I) else f"{year} AH")
    elif text:
        record.born_as_listed += [f"{calendar}: {text}"]
    if remark and days.births([remark])[0] == () and "hijri" not in remark.casefold():
        record.born_as_listed += [f"{text}: {remark}" if text else remark]
    record.birth_places.append(_told(one, ("city", "zipCode", "place", "region", "countryDescription")))


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
    for name, told in (("nameOnDocument", "in the name of"), ("issuedBy", "issued by"), ("region", "")):
        notes += [f"{told} {text}".strip()] if (text := _told(one, (name,))) else []
    for name in ("issuedDate", "issueDate", "validFrom", "validTo"):
        notes += [f"{name} {text}"] if (text := clean(one.get(name))) else []
    notes += [_remarks(one)]
    best = code if kind_of(code) != "other" else label
    for number in dict.fromkeys(filter(None, (clean(one.get("number")), clean(one.get("latinNumber"))))):
        record.number(identifier(best, number, _land(one), "; ".join(filter(None, notes))))


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
