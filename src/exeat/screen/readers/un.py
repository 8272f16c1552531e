"""The UN Security Council Consolidated List: XML by https://www.un.org/sc/resources/sc-sanctions.xsd.

Much stands only in notes: former names, names in their own script or in another spelling, numbers of documents, whole
addresses. What a note clearly says is taken; the note itself is always kept as a remark.
"""

from __future__ import annotations

import re

from lxml import etree

from exeat.screen import days
from exeat.screen.catalogue import country
from exeat.screen.identifiers import identifier, named_in, noted, passports_in
from exeat.screen.model import NameKind, NameQuality, PartyKind
from exeat.screen.readers.batch import Batch, Record, gender, is_latin, original_runs
from exeat.screen.readers.source import Source, children, clean, line_of, local, text_of, texts_of

KINDS: dict[str, PartyKind] = {"INDIVIDUAL": "person", "ENTITY": "organisation"}
QUALITY: dict[str, NameQuality] = {"good": "strong", "low": "weak"}
NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
PLACE = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
AUTHORITY = "United Nations Security Council"


def read(sources: list[Source], batch: Batch) -> None:
    """``CONSOLIDATED_LIST`` with individuals and entities."""
    for source in sources:
        list_id = batch.the_list("un-xml")
        batch.begin(list_id)
        first = True
        for element in source.elements({"INDIVIDUAL", "ENTITY"}):
            if first:
                batch.as_of = batch.published = clean(element.get("dateGenerated"))[:10]
                first = False
                continue
            record = _record(element)
            batch.add(list_id, record, source, f"{local(element).lower()} {record.entry}", line_of(element))


def _record(element: etree._Element) -> Record:
    """One entry. First to fourth name are in the order in which the name is said, whatever is the family's."""
    own = local(element)
    record = Record(text_of(element, "REFERENCE_NUMBER"), KINDS[own], authority=AUTHORITY)
    record.name(_joined(element, NAMES, " "), "primary")
    record.name(text_of(element, "NAME_ORIGINAL_SCRIPT"), "original script")
    for alias in children(element, f"{own}_ALIAS"):
        _alias(record, alias)
    record.programmes += texts_of(element, "UN_LIST_TYPE")
    record.since = days.day(text_of(element, "LISTED_ON")[:10])
    record.gender = gender(text_of(element, "GENDER"))
    for tag in ("NATIONALITY", "NATIONALITY2"):
        for text in texts_of(element, tag, "VALUE") or texts_of(element, tag):
            record.land("Nationality", text)
    for one in children(element, f"{own}_ADDRESS"):
        _address(record, one)
    for one in children(element, "INDIVIDUAL_DATE_OF_BIRTH"):
        _birth(record, one)
    for one in children(element, "INDIVIDUAL_PLACE_OF_BIRTH"):
        record.birth_places.append(_joined(one, PLACE))
        record.remark("Place of birth", text_of(one, "NOTE"))
    for one in children(element, "INDIVIDUAL_DOCUMENT"):
        _document(record, one)
    comments = text_of(element, "COMMENTS1")
    for number in named_in(comments):
        record.number(number)
    record.remarks += [
        f"{text}." for text in texts_of(element, "TITLE", "VALUE") + texts_of(element, "DESIGNATION", "VALUE")
    ]
    record.remarks += [comments]
    return record


def _joined(element: etree._Element, tags: tuple[str, ...], between: str = ", ") -> str:
    return between.join(filter(None, (text_of(element, tag) for tag in tags)))


def _alias(record: Record, alias: etree._Element) -> None:
    """An alias; individuals' have a quality, entities' say a.k.a. or f.k.a. in its place."""
    told, name, note = text_of(alias, "QUALITY").casefold(), text_of(alias, "ALIAS_NAME"), text_of(alias, "NOTE")
    former = told.startswith("f.k.a") or re.search(r"(?:formerly|previously) listed as", note, re.I)
    kind: NameKind = "former" if former else "alias"
    quality = QUALITY.get(told, "")
    record.name(name, kind if is_latin(name) else "original script", quality)
    for run in original_runs(note):
        record.name(run, "original script", quality)
    for other in _spellings(note):
        record.name(other, "alias", quality)
    for number in passports_in(note):
        record.number(number)
    for born in filter(None, (text_of(alias, "DATE_OF_BIRTH"), text_of(alias, "YEAR"))):
        record.birth(born)
    record.birth_places.append(_joined(alias, ("CITY_OF_BIRTH", "COUNTRY_OF_BIRTH")))
    record.remark(name, note)


_SPELLING = re.compile(r"[^\W\d_][^\W\d_.'’‘` -]*(?:[ '’‘`.-]+[^\W\d_.'’‘` -]+)*['’‘`.]*")


def _spellings(note: str) -> list[str]:
    """Names that a note lists: the whole of it or a bracket of it, with ``;`` between them, made of letters only."""
    for listed in (note, *re.findall(r"\(([^()]*)\)", note)):
        parts = [part.strip() for part in listed.split(";") if part.strip()]
        if len(parts) > 1 and all(_SPELLING.fullmatch(part) and part[0].isupper() for part in parts):
            return parts
    return []


def _address(record: Record, one: etree._Element) -> None:
    """An address; one without a street and a town may stand in the note."""
    note, land = text_of(one, "NOTE"), text_of(one, "COUNTRY")
    text = _joined(one, PLACE)
    if note.count(",") > 1 and not text_of(one, "STREET") and not text_of(one, "CITY"):
        record.address(", ".join(filter(None, (note, text))), country(land))
    else:
        record.address(text, country(land))
        record.remark(f"Address {text}" if text else "Address", note)


def _birth(record: Record, one: etree._Element) -> None:
    kind, note = text_of(one, "TYPE_OF_DATE").upper(), text_of(one, "NOTE")
    first, last = text_of(one, "FROM_YEAR"), text_of(one, "TO_YEAR")
    text = text_of(one, "DATE")[:10] or text_of(one, "YEAR")
    if not text and first and last:
        text = f"{first} to {last}"
    elif not text:
        text, note = first or last or note, "" if not (first or last) else note
    elif len(text) == 4 and days.day(f"{note} {text}")[4:]:  # a year, and its month in the note
        text, note = f"{note} {text}", ""
    if text and (kind == "APPROXIMATELY" or note.casefold().startswith("approx")):
        text = f"circa {text}"
    record.birth(text)
    record.born_as_listed += [f"{text}: {note}"] if note and not note.casefold().startswith("approx") else []


def _document(record: Record, one: etree._Element) -> None:
    """A document; what has no number of its own may name it in its second type or its note."""
    kinds = texts_of(one, "TYPE_OF_DOCUMENT") + texts_of(one, "TYPE_OF_DOCUMENT2")
    label, more, note = kinds[0] if kinds else "", "; ".join(kinds[1:]), text_of(one, "NOTE")
    number = text_of(one, "NUMBER") or noted(more) or noted(note)
    issued = [f"issued {text}" for text in texts_of(one, "DATE_OF_ISSUE") + texts_of(one, "CITY_OF_ISSUE") if text]
    told = "; ".join(filter(None, (more, *issued, note)))
    where = text_of(one, "ISSUING_COUNTRY") or text_of(one, "COUNTRY_OF_ISSUE")
    if number:
        record.number(identifier(label, number, where, told))
    else:
        record.remark(label or "Document", told)
