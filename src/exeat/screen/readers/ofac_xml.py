"""OFAC's XML files: the classic SDN.XML, ENHANCED_XML and ADVANCED_XML, each by its published schema.

ENHANCED and ADVANCED files of the consolidated publication also hold entries of the SDN List (as far as they stand on
both). A file brings only the lists whose whole it publishes, as `ofac file` of the catalogue says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from lxml import etree

from exeat.screen import days
from exeat.screen.catalogue import country, fold
from exeat.screen.model import NameQuality
from exeat.screen.readers.batch import Batch, Record
from exeat.screen.readers.source import Source, child, children, clean, line_of, local, text_of, texts_of
from exeat.screen.readers.us import ALIAS_KINDS, KINDS, need_sdn, note_of, take_fact, take_name, take_remarks

# --- the classic SDN.XML


def read_classic(sources: list[Source], batch: Batch) -> None:
    """``sdnList`` with ``sdnEntry``; its ``Record_Count`` is checked."""
    for source in sources:
        list_id = batch.the_list("ofac-sdn-xml")
        count, found = 0, 0
        batch.begin(list_id)
        for element in source.elements({"sdnEntry", "publshInformation"}):
            if local(element) == "publshInformation":
                told = text_of(element, "Record_Count")
                if not re.fullmatch("[0-9]{1,9}", told):
                    raise source.fail("no count of the entries", line_of(element), "Record_Count", told[:40])
                count = int(told)
                batch.as_of = batch.published = days.day(text_of(element, "Publish_Date"), american=True)
            elif local(element) == "sdnEntry":
                found += 1
                record = _classic(element)
                need_sdn(record, source, line_of(element))
                batch.add(list_id, record, source, f"entity {record.entry or found}", line_of(element))
        if count or not found:
            batch.expect(count, found, source, "entries")


def _classic(entry: etree._Element) -> Record:
    record = Record(text_of(entry, "uid"), KINDS.get(text_of(entry, "sdnType").casefold(), ""))
    take_name(record, _classic_name(entry), primary=True)
    for aka in children(entry, "akaList", "aka"):
        weak = text_of(aka, "category") == "weak"
        take_name(record, _classic_name(aka), text_of(aka, "type").replace(".", "") or "aka", weak)
    record.programmes += texts_of(entry, "programList", "program")
    for one in children(entry, "addressList", "address"):
        names = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country")
        record.address(
            ", ".join(filter(None, (text_of(one, name) for name in names))), country(text_of(one, "country"))
        )
    for tag, item in (("nationalityList", "nationality"), ("citizenshipList", "citizenship")):
        for text in texts_of(entry, tag, item, "country"):
            record.land(item.capitalize(), text)
    for text in texts_of(entry, "dateOfBirthList", "dateOfBirthItem", "dateOfBirth"):
        record.birth(text, american=True)
    record.birth_places += texts_of(entry, "placeOfBirthList", "placeOfBirthItem", "placeOfBirth")
    for one in children(entry, "idList", "id"):
        note = note_of(("issued", text_of(one, "issueDate")), ("expires", text_of(one, "expirationDate")))
        take_fact(record, text_of(one, "idType"), text_of(one, "idNumber"), text_of(one, "idCountry"), note)
    vessel = child(entry, "vesselInfo")
    record.land("Flag", text_of(vessel, "vesselFlag"))
    if vessel is not None and text_of(vessel, "callSign"):
        take_fact(record, "call sign", text_of(vessel, "callSign"))
    if vessel is not None and text_of(vessel, "vesselOwner"):
        record.linked_to.append(text_of(vessel, "vesselOwner"))
    for tag, label in (
        ("vesselType", "Vessel type"),
        ("tonnage", "Tonnage"),
        ("grossRegisteredTonnage", "Gross registered tonnage"),
    ):
        record.remark(label, text_of(vessel, tag))
    if title := text_of(entry, "title"):
        record.remarks.append(f"Title: {title}.")
    if remarks := text_of(entry, "remarks"):
        take_remarks(record, remarks)
    return record


def _classic_name(element: etree._Element) -> str:
    return ", ".join(filter(None, (text_of(element, "lastName"), text_of(element, "firstName"))))


# --- what ENHANCED and ADVANCED share


def _lists_of(batch: Batch, publications: list[str], source: Source) -> dict[str, str]:
    """The list id for each name of a list that this publication holds whole.

    Raises:
        InputError: the file names no publication that the catalogue knows.
    """
    found = {
        name: one.id
        for one in batch.catalogue.lists.values()
        if set(publications) & set(one.sources.get("ofac file", ()))
        for name in one.sources.get("ofac", ())
    }
    if not found:
        known = sorted({name for one in batch.catalogue.lists.values() for name in one.sources.get("ofac file", ())})
        raise source.fail("not a publication that exeat knows", found=", ".join(publications), allowed=", ".join(known))
    return found


def _add(batch: Batch, held: dict[str, str], names: dict[str, str], record: Record, source: Source, line: int) -> None:
    """Add an entry to each list it stands on: ``names`` gives the day of each."""
    for name, since in names.items():
        if name in held:
            one = msgspec.convert(msgspec.to_builtins(record), Record)
            one.since = since
            batch.add(held[name], one, source, f"entity {record.entry}", line)


# --- ENHANCED_XML


def read_enhanced(sources: list[Source], batch: Batch) -> None:
    """``sanctionsData`` with ``entity``; names in every script, documents, features and relations in place."""
    for source in sources:
        held: dict[str, str] = {}
        for element in source.elements({"publicationInfo", "entity"}):
            if local(element) == "publicationInfo":
                batch.as_of = batch.published = text_of(element, "dataAsOf")[:10]
                held = _lists_of(batch, texts_of(element, "filters", "sanctionsLists", "sanctionsList"), source)
                for list_id in dict.fromkeys(held.values()):
                    batch.begin(list_id)
            elif local(element) == "entity":
                if not held:
                    raise source.fail("entries before publicationInfo: not OFAC's ENHANCED_XML", line_of(element))
                names = {
                    clean(one.text): clean(one.get("datePublished"))
                    for one in children(element, "sanctionsLists", "sanctionsList")
                }
                _add(batch, held, names, _enhanced(element), source, line_of(element))


def _enhanced(entity: etree._Element) -> Record:
    kind = text_of(entity, "generalInfo", "entityType").casefold()
    record = Record(clean(entity.get("id")), KINDS.get(kind, ""))
    for name in children(entity, "names", "name"):
        _enhanced_name(record, name)
    record.programmes += texts_of(entity, "sanctionsPrograms", "sanctionsProgram")
    record.requirement = "; ".join(texts_of(entity, "sanctionsTypes", "sanctionsType"))
    record.citation = "; ".join(texts_of(entity, "legalAuthorities", "legalAuthority"))
    for address in children(entity, "addresses", "address"):
        land = text_of(address, "country")
        written = [texts for one in children(address, "translations", "translation") if (texts := _parts(one))]
        for parts in written or [[]]:  # the same place in one script or several
            record.address(", ".join(filter(None, (*parts, land))), country(land))
    for document in children(entity, "identityDocuments", "identityDocument"):
        _enhanced_document(record, document)
    for feature in children(entity, "features", "feature"):
        _enhanced_feature(record, feature)
    for relation in children(entity, "relationships", "relationship"):
        for other in texts_of(relation, "relatedEntity"):
            record.linked_to.append(other)
            record.remark(text_of(relation, "type"), note_of(("", other), ("", text_of(relation, "comments"))))
    if title := text_of(entity, "generalInfo", "title"):
        record.remarks.append(f"Title: {title}.")
    record.remarks += texts_of(entity, "generalInfo", "remarks")
    return record


def _enhanced_name(record: Record, name: etree._Element) -> None:
    weak = text_of(name, "isLowQuality") == "true"
    primary = text_of(name, "isPrimary") == "true"
    for one in children(name, "translations", "translation"):
        script = text_of(one, "script")
        family, given = text_of(one, "formattedLastName"), text_of(one, "formattedFirstName")
        text = text_of(one, "formattedFullName") or ", ".join(filter(None, (family, given)))
        if script not in ("", "Latin"):
            quality: NameQuality = "weak" if weak else "strong"
            record.name(text, "original script", quality, script, family if given else "", given)
            continue
        take_name(record, text, text_of(name, "aliasType").replace(".", ""), weak, primary)


def _enhanced_document(record: Record, document: etree._Element) -> None:
    """A document, also one that OFAC calls not valid: a party may show it."""
    note = note_of(
        ("", "not valid" if text_of(document, "isValid") == "false" else ""),
        ("issued", text_of(document, "issueDate")[:10]),
        ("expires", text_of(document, "expirationDate")[:10]),
        ("issued by", text_of(document, "issuingAuthority")),
        ("issued in", text_of(document, "issuingLocation")),
        ("", text_of(document, "comments")),
    )
    take_fact(
        record,
        text_of(document, "type"),
        text_of(document, "documentNumber"),
        text_of(document, "issuingCountry"),
        note,
    )


def _parts(translation: etree._Element) -> list[str]:
    return [text_of(part, "value") for part in children(translation, "addressParts", "addressPart")]


def _enhanced_feature(record: Record, feature: etree._Element) -> None:
    kind, value, comment = text_of(feature, "type"), text_of(feature, "value"), text_of(feature, "comments")
    doubt = text_of(feature, "reliability")
    note = note_of(("", comment), ("", doubt if doubt not in ("Confirmed", "Unknown") else ""))
    if kind in ("Birthdate", "Date of Birth"):
        span = child(feature, "valueDate")
        ends = (text_of(span, "fromDateBegin")[:10], text_of(span, "toDateEnd")[:10]) if span is not None else ("", "")
        take_span(record, value, *ends, text_of(span, "isApproximate") == "true")
        record.remark(kind, note and f"{value}: {note}")
    else:
        take_feature(record, kind, value, note)


def take_feature(record: Record, kind: str, value: str, note: str = "") -> None:
    """A labelled feature that is no date of birth."""
    if kind == "Place of Birth":
        record.birth_places.append(value)
    elif kind in ("Nationality Country", "Citizenship Country", "Nationality of Registration", "Vessel Flag"):
        record.land(kind, value)
    elif value:
        take_fact(record, kind, value, "", note)
        return
    record.remark(kind, note and f"{value}: {note}")


def take_span(record: Record, text: str, first: str, last: str, about: bool) -> None:
    """A date of birth given as words and as the first and last day it may be."""
    found, words = days.born(text, american=True)
    if not found and days.day(first) and days.day(last):
        found = days.years(int(first[:4]), int(last[:4]))
    if about and not words and found:
        year = int(found[0][:4])
        found, words = days.years(year - days.CIRCA, year + days.CIRCA), f"circa {text}"
    record.born += found
    record.born_as_listed += [words] if words else []


# --- ADVANCED_XML


class _Refs(msgspec.Struct):
    """Tables of an ADVANCED_XML file: texts by kind and number, places, documents of identities, days and lists of
    entries.
    """

    texts: dict[tuple[str, str], str] = {}
    parents: dict[str, str] = {}
    places: dict[str, tuple[str, str]] = {}
    documents: dict[str, list[tuple[str, str, str, str]]] = {}


class _Pending(msgspec.Struct):
    """A party whose lists come later in the file."""

    record: Record
    line: int
    lists: dict[str, str] = {}


def read_advanced(sources: list[Source], batch: Batch) -> None:
    """``Sanctions``: reference tables, locations, documents, parties, relations, then the entries that list them."""
    for source in sources:
        refs, parties = _Refs(), {}
        record_tags = {
            "Location",
            "IDRegDocument",
            "DistinctParty",
            "ProfileRelationship",
            "SanctionsEntry",
            "ReferenceValueSets",
            "DateOfIssue",
        }
        for element in source.elements(record_tags):
            name = local(element)
            if name == "DateOfIssue":
                batch.as_of = batch.published = _date(element)
            elif name == "ReferenceValueSets":
                _take_refs(element, refs)
            elif name == "Location":
                refs.places[clean(element.get("ID"))] = _location(element, refs)
            elif name == "IDRegDocument":
                _take_document(element, refs)
            elif name == "DistinctParty":
                for profile in children(element, "Profile"):
                    record = _profile(profile, text_of(element, "Comment"), refs)
                    parties[record.entry] = _Pending(record, line_of(element))
            elif name == "ProfileRelationship":
                _relate(element, parties, refs)
            elif name == "SanctionsEntry":
                _take_entry(element, parties, refs, source)
        _give(source, batch, parties)


def _take_refs(element: etree._Element, refs: _Refs) -> None:
    for values in element:
        for value in values:
            key = clean(value.get("ID"))
            refs.texts[local(value), key] = clean(value.text) or clean(value.get("Description"))
            if local(value) == "PartySubType":
                refs.parents[key] = clean(value.get("PartyTypeID"))


def _date(element: etree._Element | None) -> str:
    parts = [text_of(element, part) for part in ("Year", "Month", "Day")]
    numbers = [days.number(part) for part in parts]
    return days.iso(*numbers) if numbers[0] else ""


def _location(element: etree._Element, refs: _Refs) -> tuple[str, str]:
    """An address as one line, and its country's code."""
    lands = [
        refs.texts.get(("Country", clean(one.get("CountryID"))), "") for one in children(element, "LocationCountry")
    ]
    lands += [
        refs.texts.get(("AreaCode", clean(one.get("AreaCodeID"))), "") for one in children(element, "LocationAreaCode")
    ]
    land = next((text for text in lands if text not in ("", "undetermined")), "")
    parts = [text for one in children(element, "LocationPart") if (text := text_of(one, "LocationPartValue", "Value"))]
    return ", ".join(filter(None, (*parts, land))), country(land)


def _take_document(element: etree._Element, refs: _Refs) -> None:
    label = refs.texts.get(("IDRegDocType", clean(element.get("IDRegDocTypeID"))), "")
    where = refs.texts.get(("Country", clean(element.get("IssuedBy-CountryID"))), "")
    held = refs.documents.setdefault(clean(element.get("IdentityID")), [])
    dates = [
        (refs.texts.get(("IDRegDocDateType", clean(one.get("IDRegDocDateTypeID"))), ""), _period(one))
        for one in children(element, "DocumentDate")
    ]
    validity = refs.texts.get(("Validity", clean(element.get("ValidityID"))), "")
    note = note_of(
        ("", validity if validity not in ("", "Valid") else ""),
        *((said.replace(" Date", "").lower(), day) for said, day in dates),
        ("issued by", text_of(element, "IssuingAuthority")),
        ("issued in", refs.places.get(clean(element.get("IssuedIn-LocationID")), ("", ""))[0]),
        ("", text_of(element, "Comment")),
    )
    held.append((label, text_of(element, "IDRegistrationNo"), where, note))


def _period(element: etree._Element) -> str:
    """The first day that a period of a document's date allows."""
    return next((day for one in children(element, "DatePeriod") if (day := _date(_edge(one, "Start", "From")))), "")


def _profile(profile: etree._Element, comment: str, refs: _Refs) -> Record:
    sub_type = clean(profile.get("PartySubTypeID"))
    told = refs.texts.get(("PartySubType", sub_type), "").casefold()
    above = refs.texts.get(("PartyType", refs.parents.get(sub_type, "")), "").casefold()
    record = Record(clean(profile.get("ID")), KINDS.get(told) or KINDS.get(above, ""))
    for identity in children(profile, "Identity"):
        groups = {
            clean(group.get("ID")): refs.texts.get(("NamePartType", clean(group.get("NamePartTypeID"))), "")
            for group in children(identity, "NamePartGroups", "MasterNamePartGroup", "NamePartGroup")
        }
        for alias in children(identity, "Alias"):
            _advanced_names(record, alias, groups, refs)
        for label, number, where, note in refs.documents.get(clean(identity.get("ID")), ()):
            take_fact(record, label, number, where, note)
    for feature in children(profile, "Feature"):
        _advanced_feature(record, feature, refs)
    record.remarks += [comment] if comment else []
    return record


def _advanced_names(record: Record, alias: etree._Element, groups: dict[str, str], refs: _Refs) -> None:
    weak, primary = alias.get("LowQuality") == "true", alias.get("Primary") == "true"
    kind = refs.texts.get(("AliasType", clean(alias.get("AliasTypeID"))), "")
    for name in children(alias, "DocumentedName"):
        parts: dict[str, str] = {}
        script = ""
        for part in children(name, "DocumentedNamePart", "NamePartValue"):
            script = refs.texts.get(("Script", clean(part.get("ScriptID"))), "") or script
            label = groups.get(clean(part.get("NamePartGroupID")), "")
            parts[label] = f"{parts[label]} {clean(part.text)}" if label in parts else clean(part.text)
        family = parts.pop("Last Name", "")
        rest = " ".join(filter(None, (parts.pop("First Name", ""), parts.pop("Middle Name", ""), *parts.values())))
        text = ", ".join(filter(None, (family, rest)))
        if script not in ("", "Latin"):
            record.name(
                text,
                "original script",
                "weak" if weak else "strong",
                script,
                family if rest else "",
                rest if family else "",
            )
        elif fold(kind) in ALIAS_KINDS or not primary:
            take_name(record, text, kind.replace(".", "") or "aka", weak)
        else:
            take_name(record, text, primary=True)


def _advanced_feature(record: Record, feature: etree._Element, refs: _Refs) -> None:
    kind = refs.texts.get(("FeatureType", clean(feature.get("FeatureTypeID"))), "")
    for version in children(feature, "FeatureVersion"):
        doubt = refs.texts.get(("Reliability", clean(version.get("ReliabilityID"))), "")
        note = note_of(("", text_of(version, "Comment")), ("", doubt if doubt not in ("Confirmed", "Unknown") else ""))
        for place in children(version, "VersionLocation"):
            text, code = refs.places.get(clean(place.get("LocationID")), ("", ""))
            if "Nationality" in kind or "Citizenship" in kind or "Flag" in kind:
                record.countries += [code] if code else []
            elif "Birth" in kind:
                record.birth_places.append(text)
            else:
                record.address(text, code)
        for period in children(version, "DatePeriod"):
            first, last = _date(_edge(period, "Start", "From")), _date(_edge(period, "End", "To"))
            if kind in ("Birthdate", "Date of Birth"):
                _birth_period(record, first, last, period)
            elif first:
                record.remarks.append(f"{kind}: {first}.")
        for detail in children(version, "VersionDetail"):
            value = clean(detail.text) or refs.texts.get(
                ("DetailReference", clean(detail.get("DetailReferenceID"))), ""
            )
            take_feature(record, kind, value, note)


def _edge(period: etree._Element, *path: str) -> etree._Element | None:
    return next(children(period, *path), None)


def _birth_period(record: Record, first: str, last: str, period: etree._Element) -> None:
    """One day, or the days of one month or year, or a range of years."""
    about = any(one.get("Approximate") == "true" for one in children(period, "Start"))
    if not first:
        return
    last = last or first
    if first == last:
        text = first
    elif first[:4] == last[:4] and first.endswith("-01-01") and last.endswith("-12-31"):
        text = first[:4]
    else:
        text = f"{first[:4]} to {last[:4]}" if first[:7] != last[:7] else first[:7]
    take_span(record, text, first, last, about)


def _relate(element: etree._Element, parties: dict[str, _Pending], refs: _Refs) -> None:
    one, other = parties.get(clean(element.get("From-ProfileID"))), parties.get(clean(element.get("To-ProfileID")))
    if one is not None and other is not None and other.record.names:
        name = other.record.names[0].text
        kind = refs.texts.get(("RelationType", clean(element.get("RelationTypeID"))), "")
        former = "formerly" if element.get("Former") == "true" else ""
        one.record.linked_to.append(name)
        one.record.remark(kind, note_of(("", name), ("", former), ("", text_of(element, "Comment"))))


def _take_entry(element: etree._Element, parties: dict[str, _Pending], refs: _Refs, source: Source) -> None:
    key = clean(element.get("ProfileID"))
    name = refs.texts.get(("List", clean(element.get("ListID"))), "")
    pending = parties.get(key)
    if pending is None:
        raise source.fail("an entry of a party that the file lacks", line_of(element), "SanctionsEntry", key)
    since = next(filter(None, (_date(_edge(event, "Date")) for event in children(element, "EntryEvent"))), "")
    pending.lists[name] = min(filter(None, (pending.lists.get(name, ""), since)), default="")
    record = pending.record
    for measure in children(element, "SanctionsMeasure"):
        kind = refs.texts.get(("SanctionsType", clean(measure.get("SanctionsTypeID"))), "")
        comment = text_of(measure, "Comment")
        if kind == "Program":
            record.programmes.append(comment)
        elif kind and kind not in record.requirement:
            record.requirement = "; ".join(filter(None, (record.requirement, kind)))
    bases = [
        refs.texts.get(("LegalBasis", clean(one.get("LegalBasisID"))), "") for one in children(element, "EntryEvent")
    ]
    record.citation = "; ".join(dict.fromkeys(filter(None, (record.citation, *bases))))


def _give(source: Source, batch: Batch, parties: dict[str, _Pending]) -> None:
    """The parties by list. The file does not say which publication it is; the list most entries stand on does."""
    counts: dict[str, int] = {}
    for pending in parties.values():
        for name in pending.lists:
            counts[name] = counts.get(name, 0) + 1
    if not counts:
        raise source.fail("no party of this file is on any list", hint="it was cut, or is not OFAC's ADVANCED_XML")
    held = _lists_of(batch, list(_publications(batch, max(counts, key=lambda name: counts[name]))), source)
    for list_id in dict.fromkeys(held.values()):
        batch.begin(list_id)
    for key, pending in parties.items():
        if not pending.lists:
            batch.fault(source.fail("the party is on no list", pending.line, f"profile {key}"))
        _add(batch, held, pending.lists, pending.record, source, pending.line)


def _publications(batch: Batch, name: str) -> Iterator[str]:
    for one in batch.catalogue.lists.values():
        if name in one.sources.get("ofac", ()):
            yield from one.sources.get("ofac file", ())
    yield name
