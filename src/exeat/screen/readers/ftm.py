"""FollowTheMoney entities, one JSON object a line: reading those that are parties with their sanctions, and writing
them.

The schemata and properties are those of followthemoney 4 (Person, Organization, Company, LegalEntity, PublicBody,
Vessel, Airplane; Sanction, Address, Identification, Passport). Other entities are passed over and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from exeat.screen import days
from exeat.screen.catalogue import country
from exeat.screen.identifiers import identifier
from exeat.screen.model import Identifier, NameKind, NameQuality, Party, PartyKind
from exeat.screen.readers.batch import Batch, Record, gender
from exeat.screen.readers.source import Source, clean

KINDS: dict[str, PartyKind] = {
    "Person": "person",
    "Organization": "organisation",
    "Company": "organisation",
    "LegalEntity": "",
    "PublicBody": "organisation",
    "Vessel": "vessel",
    "Airplane": "aircraft",
}
SCHEMATA: dict[PartyKind, str] = {
    "person": "Person",
    "organisation": "Organization",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "": "LegalEntity",
}
NAMES: tuple[tuple[str, NameKind, NameQuality], ...] = (
    ("name", "alias", ""),
    ("alias", "alias", ""),
    ("weakAlias", "alias", "weak"),
    ("previousName", "former", ""),
    ("abbreviation", "acronym", ""),
)
COUNTRIES = ("country", "nationality", "citizenship", "jurisdiction", "flag", "mainCountry")
NUMBERS = {
    "uscCode": "uscc",
    "leiCode": "lei",
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "kppCode": "kpp",
    "okpoCode": "okpo",
    "bikCode": "bik",
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "swiftBic": "bic",
    "isin": "isin",
    "dunsCode": "duns",
    "passportNumber": "passport",
    "taxNumber": "tax",
    "vatCode": "tax",
    "registrationNumber": "registration",
    "idNumber": "national id",
    "callSign": "call sign",
    "serialNumber": "aircraft",
    "ticker": "ticker",
    "email": "email",
    "website": "website",
    "phone": "phone",
}
WRITTEN = {
    "uscc": "uscCode",
    "lei": "leiCode",
    "inn": "innCode",
    "ogrn": "ogrnCode",
    "kpp": "kppCode",
    "okpo": "okpoCode",
    "imo": "imoNumber",
    "mmsi": "mmsi",
    "bic": "swiftBic",
    "passport": "passportNumber",
    "tax": "taxNumber",
    "registration": "registrationNumber",
    "national id": "idNumber",
    "email": "email",
    "website": "website",
    "phone": "phone",
}
# Properties that only some schemata have: what another cannot carry is written as a note.
ONLY = {
    "uscCode": ("Company", "Organization"),
    "passportNumber": ("Person",),
    "imoNumber": ("Vessel", "Company", "Organization"),
    "mmsi": ("Vessel",),
    "kppCode": ("Company",),
}


class _Entity(msgspec.Struct):
    id: str
    schema: str
    properties: dict[str, list[str | dict[str, object]]] = {}


def read(sources: list[Source], batch: Batch) -> None:
    """Lines of entities of one list, which ``--list`` names."""
    list_id = batch.the_list("ftm")
    batch.begin(list_id)
    parties: dict[str, tuple[Source, int, Record]] = {}
    joined: list[tuple[str, _Entity]] = []
    passed: Counter[str] = Counter()
    for source in sources:
        for line, entity in _entities(source):
            if entity.schema in KINDS:
                if entity.id in parties:
                    batch.fault(
                        source.fail(
                            f"the entity stands twice: first on line {parties[entity.id][1]}", line, "id", entity.id
                        )
                    )
                parties[entity.id] = (source, line, _record(entity))
            elif entity.schema == "Sanction":
                joined += [(holder, entity) for holder in _texts(entity, "entity")]
            elif entity.schema in ("Identification", "Passport"):
                joined += [(holder, entity) for holder in _texts(entity, "holder")]
            else:
                passed[entity.schema] += 1
    for holder, entity in joined:
        if holder in parties:
            _join(parties[holder][2], entity)
    for schema, count in sorted(passed.items()):
        batch.note(f"{count} entities of the schema {schema} are no parties and were passed over")
    for source, line, record in parties.values():
        batch.add(list_id, record, source, f"entity {record.entry}", line)


def _entities(source: Source) -> Iterator[tuple[int, _Entity]]:
    decoder = msgspec.json.Decoder(_Entity)
    for line, raw in source.lines():
        if not raw.strip():
            continue
        try:
            yield line, decoder.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            hint = "the last line is cut short" if not raw.endswith(b"\n") else ""
            raise source.fail(f"not a FollowTheMoney entity: {error}", line, hint=hint) from None


def _texts(entity: _Entity, name: str) -> list[str]:
    """The values of a property; nested entities by their id."""
    return [
        found
        for one in entity.properties.get(name, ())
        if (found := clean(one if isinstance(one, str) else one.get("id")))
    ]


def _record(entity: _Entity) -> Record:
    record = Record(entity.id, KINDS[entity.schema])
    for name, kind, quality in NAMES:
        for text in _texts(entity, name):
            first = name == "name" and not record.names
            record.name(text, "primary" if first else kind, quality)
    for name in COUNTRIES:
        record.countries += [country(text) for text in _texts(entity, name)]
    for text in _texts(entity, "birthDate"):
        found, words = days.born(text)
        record.born += found
        record.born_as_listed += [words] if words else []
    record.birth_places += _texts(entity, "birthPlace")
    record.gender = next(filter(None, map(gender, _texts(entity, "gender"))), "")
    for text in _texts(entity, "address"):
        record.address(text)
    for name, label in NUMBERS.items():
        for text in _texts(entity, name):
            record.number(identifier(label, text))
    record.remarks += _texts(entity, "notes")
    record.url = next(iter(_texts(entity, "sourceUrl")), "")
    return record


def _join(record: Record, entity: _Entity) -> None:
    """What a sanction or a document says of its party. Of several sanctions the earliest start and the latest end
    count.
    """
    if entity.schema != "Sanction":
        for text in _texts(entity, "number"):
            label = "passport" if entity.schema == "Passport" else next(iter(_texts(entity, "type")), "other")
            record.number(identifier(label, text, next(iter(_texts(entity, "country")), "")))
        return
    starts = [
        day for text in _texts(entity, "startDate") + _texts(entity, "listingDate") if (day := days.day(text[:10]))
    ]
    ends = [day for text in _texts(entity, "endDate") if (day := days.day(text[:10]))]
    before = bool(record.citation or record.authority or record.programmes or record.since)
    record.until = max(ends) if ends and not (before and not record.until) else ""
    record.since = min(filter(None, (record.since, *starts)), default="")
    record.programmes += _texts(entity, "program") + _texts(entity, "programId")
    record.authority = record.authority or next(iter(_texts(entity, "authority")), "")
    record.citation = record.citation or next(iter(_texts(entity, "reason")), "")
    record.requirement = record.requirement or "; ".join(_texts(entity, "provisions"))
    record.remarks += _texts(entity, "summary")


def write(parties: Iterable[Party]) -> Iterator[bytes]:
    """Each party as its entity and its sanction, a line each."""
    for party in parties:
        yield msgspec.json.encode(_entity(party)) + b"\n"
        yield msgspec.json.encode(_sanction(party)) + b"\n"


def ftm_id(party_id: str) -> str:
    """FollowTheMoney ids may not hold a slash or a space."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", party_id)


def _entity(party: Party) -> dict[str, object]:
    schema = SCHEMATA[party.kind]
    found: dict[str, list[str]] = {}

    def put(name: str, *values: str) -> None:
        held = found.setdefault(name, [])
        held += [value for value in values if value and value not in held]
        if not held:
            del found[name]

    for one in party.names:
        weak = "weakAlias" if one.quality == "weak" else "alias"
        put("name" if one.kind == "primary" else "previousName" if one.kind == "former" else weak, one.text)
    put(
        "nationality" if party.kind == "person" else "flag" if party.kind == "vessel" else "country",
        *(code.lower() for code in party.countries),
    )
    if party.kind == "person":
        put("birthDate", *party.born)
        put("birthPlace", *party.birth_places)
        put("gender", party.gender)
    if party.kind not in ("vessel", "aircraft"):
        put("address", *(one.text for one in party.addresses))
    for number in party.identifiers:
        put(*_property(number, schema))
    put("topics", "sanction")
    return {
        "id": ftm_id(party.id),
        "schema": schema,
        "properties": found,
        "datasets": [party.listing.list.replace(".", "_")],
    }


def _property(number: Identifier, schema: str) -> tuple[str, str]:
    name = WRITTEN.get(number.kind, "")
    allowed = ONLY.get(name)
    if schema in ("Vessel", "Airplane") and name not in ("imoNumber", "mmsi"):
        name = ""
    if not name or (allowed and schema not in allowed):
        return "notes", f"{number.note or number.kind}: {number.value}"
    return name, number.value


def _sanction(party: Party) -> dict[str, object]:
    listing = party.listing
    values = {
        "entity": [ftm_id(party.id)],
        "authority": [listing.authority],
        "program": list(listing.programmes),
        "provisions": [listing.requirement],
        "reason": [listing.citation],
        "startDate": [listing.since],
        "endDate": [listing.until],
        "sourceUrl": [listing.url],
        "recordId": [listing.entry],
    }
    kept = {name: [text for text in texts if text] for name, texts in values.items()}
    return {
        "id": f"{ftm_id(party.id)}-sanction",
        "schema": "Sanction",
        "properties": {name: texts for name, texts in kept.items() if texts},
    }
