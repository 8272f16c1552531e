"""The tidy format: a list as people write it down where its authority publishes notices, not data. JSON, YAML or CSV.

The schema is in schemas/list.schema.json and told in docs/reference/list-format.md. Nothing is guessed: an unknown
field, a day that is none, or a country that is no code is refused with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec

from exeat.errors import InputError
from exeat.screen import days
from exeat.screen.catalogue import country
from exeat.screen.identifiers import CHECKS
from exeat.screen.model import Address, Identifier, Party, PartyKind
from exeat.screen.readers.batch import Batch, Record
from exeat.screen.readers.source import Source, clean
from exeat.vocabulary.reader import Map, Seq, decode, line_of, read_text

FORMAT = "exeat-list/1"
Text = Annotated[str, msgspec.Meta(min_length=1)]
Code = Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
Partial = Annotated[str, msgspec.Meta(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="a day, month or year")]
MaybeCode = Annotated[str, msgspec.Meta(pattern="^([A-Z]{2})?$", description="ISO 3166-1 alpha-2, or empty")]
MaybePartial = Annotated[
    str, msgspec.Meta(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$", description="a day, month or year, or empty")
]
MaybeDay = Annotated[str, msgspec.Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="a day, or empty")]
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="a day")]


class TidyName(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A name as the notice has it."""

    text: Text
    kind: Literal["primary", "alias", "former", "original script", "acronym"] = "alias"
    quality: Literal["strong", "weak", ""] = ""
    language: str = ""
    family: str = ""
    given: str = ""


class TidyNumber(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A number that names the party; its kind is a key of data/identifiers.yaml."""

    kind: Text
    value: Text
    country: MaybeCode = ""
    note: str = ""


class TidyAddress(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An address in one line."""

    text: Text
    country: MaybeCode = ""


class TidyParty(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """One entry. ``id`` stays the same for as long as the entry is listed."""

    id: Text
    names: Annotated[list[TidyName], msgspec.Meta(min_length=1)]
    kind: PartyKind = ""
    countries: list[Code] = []
    born: list[Partial] = []
    born_as_listed: list[str] = []
    birth_places: list[str] = []
    gender: Literal["male", "female", ""] = ""
    identifiers: list[TidyNumber] = []
    addresses: list[TidyAddress] = []
    linked_to: list[str] = []
    authority: str = ""
    programmes: list[str] = []
    requirement: str = ""
    policy: str = ""
    citation: str = ""
    url: str = ""
    since: MaybePartial = ""
    until: MaybePartial = ""
    remarks: str = ""


class TidyList(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A whole list as it stood on ``as_of``; ``published`` is the day from which it could be known, if another."""

    format: Literal["exeat-list/1"]
    id: Text = msgspec.field(name="list")
    as_of: Day
    parties: list[TidyParty]
    published: MaybeDay = ""
    source: str = ""


def read(sources: list[Source], batch: Batch) -> None:
    """Files of one list: JSON, YAML or CSV, told by what they begin with."""
    for source in sources:
        found = _read(source)
        if batch.only and batch.only != found.id:
            raise source.fail("the file holds another list", path="list", found=found.id, allowed=batch.only)
        batch.as_of, batch.published = found.as_of, found.published or found.as_of
        try:
            batch.begin(found.id)
        except InputError as error:
            raise source.fail(
                error.problem, path="list", found=found.id, hint=error.hint, allowed=error.allowed
            ) from None
        for number, party in enumerate(found.parties):
            place = f"parties.{number} ({party.id})"
            _check_days(source, place, party)
            batch.add(found.id, _record(party), source, place)


def _read(source: Source) -> TidyList:
    if source.text.startswith("{"):
        found: TidyList = source.json(TidyList)
        return found
    if re.match(r"format\s*:", source.text) or source.text.startswith("---"):
        return _from_yaml(source)
    return _from_csv(source)


def _from_yaml(source: Source) -> TidyList:
    node = read_text(decode(source.path.read_bytes(), source.name), source.name)
    try:
        return msgspec.convert(_plain(node), TidyList)
    except msgspec.ValidationError as error:
        raise source.fail(f"not of the tidy form: {error}", _line(node, str(error))) from None


def _plain(node: Any) -> Any:
    if isinstance(node, Map):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, Seq):
        return [_plain(value) for value in node]
    return str(node)


def _line(node: Any, told: str) -> int:
    """The line of the place that msgspec names, ``$.parties[3].names``."""
    line = line_of(node)
    for key, place in re.findall(r"\.(\w+)|\[(\d+)\]", told.partition("`$")[2]):
        try:
            node = node[key] if key else node[int(place)]
        except (KeyError, IndexError, TypeError):
            break
        line = line_of(node) or line
    return line


CSV_COLUMNS = (
    "id",
    "kind",
    "name",
    "aliases",
    "former_names",
    "original_names",
    "countries",
    "born",
    "birth_places",
    "gender",
    "identifiers",
    "addresses",
    "linked_to",
    "authority",
    "programmes",
    "requirement",
    "policy",
    "citation",
    "url",
    "since",
    "until",
    "remarks",
)


def _from_csv(source: Source) -> TidyList:
    """CSV: lines ``# key: value`` first, then a header with ``id`` and ``name``; several values are parted by ``|``."""
    head: dict[str, str] = {}
    header: list[str] = []
    parties = []
    for line, row in source.rows():
        first = row[0].strip() if row else ""
        if not header and first.startswith("#"):
            key, _, value = ",".join(row).lstrip("# ").partition(":")
            head[key.strip()] = value.strip().rstrip(",").strip()
        elif not header and first:
            header = [clean(name) for name in row]
            odd = [name for name in header if name not in CSV_COLUMNS] or [
                name for name in ("id", "name") if name not in header
            ]
            if odd:
                raise source.fail(
                    "not the columns of a tidy list", line, found=", ".join(odd), allowed=", ".join(CSV_COLUMNS)
                )
        elif any(cell.strip() for cell in row):
            if len(row) != len(header):
                raise source.fail(
                    "a row of another length", line, found=f"{len(row)} fields", allowed=f"{len(header)} fields"
                )
            parties.append(_csv_party(source, line, dict(zip(header, map(clean, row), strict=True))))
    try:
        return msgspec.convert({"format": FORMAT, **head, "parties": parties}, TidyList)
    except msgspec.ValidationError as error:
        raise source.fail(
            f"not of the tidy form: {error}", hint="the file begins with '# list: …' and '# as_of: …'"
        ) from None


def _csv_party(source: Source, line: int, cell: dict[str, str]) -> TidyParty:
    def many(name: str) -> list[str]:
        return [part.strip() for part in cell.get(name, "").split("|") if part.strip()]

    names = [{"text": text, "kind": "primary"} for text in [cell["name"]] if text]
    for column, kind in (("aliases", "alias"), ("former_names", "former"), ("original_names", "original script")):
        names += [{"text": text, "kind": kind} for text in many(column)]
    fields: dict[str, Any] = {"id": cell["id"], "names": names}
    for name in (
        "kind",
        "gender",
        "authority",
        "requirement",
        "policy",
        "citation",
        "url",
        "since",
        "until",
        "remarks",
    ):
        fields[name] = cell.get(name, "")
    for name in ("countries", "born", "birth_places", "linked_to", "programmes"):
        fields[name] = many(name)
    fields["addresses"] = [{"text": text} for text in many("addresses")]
    fields["identifiers"] = [
        dict(zip(("kind", "value"), text.split(":", 1), strict=False)) for text in many("identifiers")
    ]
    try:
        return msgspec.convert(fields, TidyParty)
    except msgspec.ValidationError as error:
        raise source.fail(f"not of the tidy form: {error}", line, cell["id"]) from None


def _check_days(source: Source, place: str, party: TidyParty) -> None:
    for name, values in (("born", party.born), ("since", [party.since]), ("until", [party.until])):
        for value in values:
            if value and days.day(value) != value:
                raise source.fail("no such day", path=f"{place}.{name}", found=value)
    for code in (
        *party.countries,
        *(one.country for one in party.addresses),
        *(one.country for one in party.identifiers),
    ):
        if code and country(code) != code:
            raise source.fail("no such country", path=place, found=code, allowed="ISO 3166-1 alpha-2")
    if party.since and party.until and days.whole(party.until, last=True) < days.whole(party.since):
        raise source.fail("it ends before it begins", path=f"{place}.until", found=party.until)


def _record(party: TidyParty) -> Record:
    record = Record(party.id, party.kind, authority=party.authority, gender=party.gender)
    for name in party.names:
        record.name(clean(name.text), name.kind, name.quality, name.language, name.family, name.given)
    record.countries += party.countries
    record.born, record.born_as_listed, record.birth_places = party.born, party.born_as_listed, party.birth_places
    for one in party.identifiers:
        check = CHECKS.get(one.kind)
        valid: Literal["", "yes", "no"] = "" if check is None else "yes" if check(one.value) else "no"
        record.number(Identifier(one.kind, one.value, one.country, one.note, valid))
    record.addresses = [Address(one.text, one.country) for one in party.addresses]
    record.linked_to, record.programmes = party.linked_to, party.programmes
    record.requirement, record.policy, record.citation, record.url = (
        party.requirement,
        party.policy,
        party.citation,
        party.url,
    )
    record.since, record.until, record.remarks = party.since, party.until, [party.remarks]
    return record


def write(list_id: str, as_of: str, known: str, parties: Iterable[Party]) -> bytes:
    """A list in the tidy format, as JSON that reads back to the same parties."""
    found = TidyList(
        "exeat-list/1", list_id, as_of, [_tidy(party) for party in parties], known if known != as_of else ""
    )
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def _tidy(party: Party) -> TidyParty:
    listing = party.listing
    return TidyParty(
        id=listing.entry,
        names=[
            TidyName(
                one.text,
                "alias" if one.kind == "learnt" else one.kind,
                one.quality,
                one.language,
                one.family,
                one.given,
            )
            for one in party.names
        ],
        kind=party.kind,
        countries=list(party.countries),
        born=list(party.born),
        born_as_listed=list(party.born_as_listed),
        birth_places=list(party.birth_places),
        gender=party.gender,  # type: ignore[arg-type]
        identifiers=[TidyNumber(one.kind, one.value, one.country, one.note) for one in party.identifiers],
        addresses=[TidyAddress(one.text, one.country) for one in party.addresses],
        linked_to=list(party.linked_to),
        authority=listing.authority,
        programmes=list(listing.programmes),
        requirement=listing.requirement,
        policy=listing.policy,
        citation=listing.citation,
        url=listing.url,
        since=listing.since,
        until=listing.until,
        remarks=listing.remarks,
    )
