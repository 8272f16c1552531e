"""The UN Security Council Consolidated List: XML by https://www.un.org/sc/resources/sc-sanctions.xsd."""

from __future__ import annotations

from lxml import etree

from exeat.screen import days
from exeat.screen.catalogue import country
from exeat.screen.identifiers import identifier, named_in
from exeat.screen.model import NameKind, NameQuality, PartyKind
from exeat.screen.readers.batch import Batch, Record, gender
from exeat.screen.readers.source import Source, children, clean, line_of, local, text_of, texts_of

KINDS: dict[str, PartyKind] = {"INDIVIDUAL": "person", "ENTITY": "organisation"}
QUALITY: dict[str, NameQuality] = {"good": "strong", "low": "weak"}
NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
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
    record.name(" ".join(filter(None, (text_of(element, part) for part in NAMES))), "primary")
    record.name(text_of(element, "NAME_ORIGINAL_SCRIPT"), "original script")
    for alias in children(element, f"{own}_ALIAS"):
        _alias(record, alias)
    record.programmes += texts_of(element, "UN_LIST_TYPE")
    record.since = days.day(text_of(element, "LISTED_ON")[:10])
    record.gender = gender(text_of(element, "GENDER"))
    record.countries += map(country, texts_of(element, "NATIONALITY", "VALUE"))
    for one in children(element, f"{own}_ADDRESS"):
        parts = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
        record.address(
            ", ".join(filter(None, (text_of(one, part) for part in parts))), country(text_of(one, "COUNTRY"))
        )
    for one in children(element, "INDIVIDUAL_DATE_OF_BIRTH"):
        _birth(record, one)
    for one in children(element, "INDIVIDUAL_PLACE_OF_BIRTH"):
        record.birth_places.append(
            ", ".join(filter(None, (text_of(one, part) for part in ("CITY", "STATE_PROVINCE", "COUNTRY"))))
        )
    for one in children(element, "INDIVIDUAL_DOCUMENT"):
        label = text_of(one, "TYPE_OF_DOCUMENT") or text_of(one, "TYPE_OF_DOCUMENT2")
        where = text_of(one, "ISSUING_COUNTRY") or text_of(one, "COUNTRY_OF_ISSUE")
        record.number(identifier(label, text_of(one, "NUMBER"), where, text_of(one, "NOTE")))
    comments = text_of(element, "COMMENTS1")
    for number in named_in(comments):
        record.number(number)
    record.remarks += [
        f"{text}." for text in texts_of(element, "TITLE", "VALUE") + texts_of(element, "DESIGNATION", "VALUE")
    ]
    record.remarks += [comments]
    return record


def _alias(record: Record, alias: etree._Element) -> None:
    """An alias; individuals' have a quality, entities' say a.k.a. or f.k.a. in its place."""
    told = text_of(alias, "QUALITY").casefold()
    kind: NameKind = "former" if told.startswith("f.k.a") else "alias"
    record.name(text_of(alias, "ALIAS_NAME"), kind, QUALITY.get(told, ""))
    if born := text_of(alias, "DATE_OF_BIRTH"):
        found, words = days.born(born)
        record.born += found
        record.born_as_listed += [words] if words else []


def _birth(record: Record, one: etree._Element) -> None:
    kind = text_of(one, "TYPE_OF_DATE")
    first, last = text_of(one, "FROM_YEAR"), text_of(one, "TO_YEAR")
    text = text_of(one, "DATE")[:10] or text_of(one, "YEAR") or text_of(one, "NOTE")
    if kind == "BETWEEN" and first and last:
        text = f"{first} to {last}"
    elif kind == "APPROXIMATELY" and text:
        text = f"circa {text}"
    found, words = days.born(text)
    record.born += found
    record.born_as_listed += [words] if words else []
