"""The reconciliation API (0.2) as yente has it, so that OpenRefine matches a column of names against our lists.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, Response, get, post

from exeat.decide.engine import today
from exeat.screen.model import Party
from exeat.screen.shape import entity
from exeat.serve.api import yente
from exeat.serve.doc import NOWHERE, Doc, Param, Reply, answer, body_of, parameters, told
from exeat.serve.problem import Refused
from exeat.serve.services import Services

FORM = "application/x-www-form-urlencoded"
MOST = 100  # queries in a batch, entities to extend
PER_QUERY, AT_MOST = 5, 100  # candidates for each
OBJECT = {"type": "object"}
TYPES = {
    "Person": "People", "Organization": "Organizations", "Company": "Companies", "PublicBody": "Public bodies",
    "LegalEntity": "Legal entities", "Vessel": "Vessels", "Airplane": "Aircraft", "Thing": "Things",
}  # fmt: skip
LABELS = {
    "name": "Name", "alias": "Other name", "previousName": "Previous name", "weakAlias": "Weak alias",
    "abbreviation": "Abbreviation", "country": "Country", "nationality": "Nationality", "jurisdiction": "Jurisdiction",
    "birthDate": "Date of birth", "gender": "Gender", "address": "Address", "leiCode": "LEI",
    "uscCode": "USCC", "innCode": "INN", "ogrnCode": "OGRN", "imoNumber": "IMO number", "swiftBic": "SWIFT/BIC",
    "passportNumber": "Passport number", "idNumber": "ID number", "registrationNumber": "Registration number",
    "taxNumber": "Tax number", "mmsi": "MMSI", "callSign": "Call sign",
}  # fmt: skip
TOLD = {
    "name": "Name", "alias": "Other name", "weakAlias": "Weak alias", "country": "Country",
    "birthDate": "Date of birth", "birthPlace": "Place of birth", "gender": "Gender", "address": "Address",
    "idNumber": "Identification", "program": "Program", "sourceUrl": "Source link", "topics": "Topics",
    "notes": "Notes",
}  # fmt: skip


class Property(msgspec.Struct, frozen=True):
    """A value that a candidate should have; ``pid`` is a property's name, with or without its schema before it."""

    pid: str
    v: Any


class Query(msgspec.Struct, frozen=True):
    """One cell to be matched."""

    query: str | None = None
    type: str | list[str] | None = None
    limit: int = PER_QUERY
    properties: list[Property] = []


class Setting(msgspec.Struct, frozen=True):
    """How many values of a property are wanted (0: all). ``render`` makes no difference: values here are words."""

    limit: int = 0
    render: str = "caption"


class Wanted(msgspec.Struct, frozen=True):
    """A property that is wanted of entities."""

    id: str
    settings: Setting = Setting()


class Extend(msgspec.Struct, frozen=True):
    """Entities by id, and what is wanted of them."""

    ids: list[str]
    properties: list[Wanted]


DATASET = yente.DATASET
PREFIX = Param("prefix", "What it begins with.", {"type": "string", "maxLength": 200, "default": ""})
LIMIT = Param("limit", "How many.", {"type": "integer", "minimum": 0, "maximum": 500, "default": 10})


def _doc(id_: str, says: str, *params: Param) -> Doc:
    replies = {200: Reply("As the specification says.", OBJECT), 404: NOWHERE}
    return Doc(id_, says, "yente", replies, (DATASET, *params), loose=True)


@get("/reconcile/{dataset:str}", opt=told("viewer", _doc(
    "reconcile", "What this reconciliation service can do (OpenRefine asks this first).")))  # fmt: skip
async def manifest(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    await services.alone(_known, services, given["dataset"])
    base = f"{services.config.address()}/reconcile/{given['dataset']}"

    def place(path: str) -> dict[str, str]:
        return {"service_url": base, "service_path": path}

    settings = [{"name": "limit", "label": "Limit", "type": "number", "default": 0,
                 "help_text": "Maximum number of values to return per row (0 for no limit)."}]  # fmt: skip
    return answer(
        {
            "versions": ["0.2"],
            "name": f"{given['dataset']} (exeat)",
            "identifierSpace": "https://www.opensanctions.org/reference/#schema",
            "schemaSpace": "https://www.opensanctions.org/reference/#schema",
            "documentation": f"{services.config.address()}/help",
            "batchSize": 10,
            "view": {"url": f"{services.config.address()}/entities/{{{{id}}}}"},
            "suggest": {"entity": place("/suggest/entity"), "type": place("/suggest/type"),
                        "property": place("/suggest/property")},
            "extend": {"propose_properties": place("/extend/property"), "propose_settings": settings},
            "defaultTypes": [_type(one) for one in TYPES],
        }
    )  # fmt: skip


def _known(services: Services, dataset: str) -> None:
    """That there is such a dataset.

    Raises:
        Refused: there is none.
    """
    yente.datasets(services, {"dataset": dataset, "include_dataset": (), "exclude_dataset": ()})


RECONCILE = Doc(
    id="reconcileQueries",
    tag="yente",
    says="Match a batch of cells, or extend matched rows with properties: a form with `queries` or `extend`, each "
    "JSON. A result is a candidate; `match` says that it reaches 0.7, and a person decides.",
    params=(DATASET, yente.OF[0], yente.OF[1], yente.OF[-1]),
    body={FORM: {"type": "object", "properties": {"queries": {"type": "string"}, "extend": {"type": "string"}}}},
    replies={200: Reply("Results by the client's keys, or rows.", OBJECT), 404: NOWHERE},
    loose=True,
)  # fmt: skip


@post("/reconcile/{dataset:str}", status_code=200, opt=told("viewer", RECONCILE))
async def queries(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    _, raw = await body_of(request)
    try:
        form = dict(parse_qsl(raw.decode("utf-8"), keep_blank_values=True, max_num_fields=20))
    except (UnicodeDecodeError, ValueError) as error:
        raise Refused(400, f"not a form: {error}", path="body") from None
    if form.get("extend", "").strip():
        wanted = _json(form["extend"], Extend, "extend")
        return answer(await services.alone(_extended, services, given, wanted))
    if not form.get("queries", "").strip():
        raise Refused(400, "neither queries nor extend", path="queries")
    asked = _json(form["queries"], dict[str, Query], "queries")
    found = await services.alone(_reconciled, services, asked, given)
    return answer(found, 200, {"x-batch-size": str(len(asked))})


def _json(text: str, kind: Any, path: str) -> Any:
    """A field of the form.

    Raises:
        Refused: it is not JSON of that shape.
    """
    try:
        return msgspec.json.decode(text.encode("utf-8", "surrogatepass"), type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Refused(400, f"not what is asked for: {error}", path=path) from None


def _reconciled(services: Services, asked: dict[str, Query], given: dict[str, Any]) -> dict[str, object]:
    if not 0 < len(asked) <= MOST:
        raise Refused(400, f"no queries, or more than {MOST}", path="queries")
    examples = {key: _example(one, f"queries.{key}") for key, one in asked.items()}
    named = {key: one for key, one in examples.items() if any(one.properties.get(name) for name in yente.NAMES)}
    options = {
        **given, "limit": AT_MOST, "threshold": yente.SCORE["default"], "cutoff": yente.SEARCH, "exclude_schema": (),
        "topics": (), "changed_since": None, "exclude_entity_ids": (),
    }  # fmt: skip
    found: Any = yente.matches(services, named, options)["responses"] if named else {}
    return {  # an empty cell has no candidates
        key: {"result": [_candidate(hit) for hit in found[key]["results"][: _limit(one)]] if key in named else []}
        for key, one in asked.items()
    }


def _limit(one: Query) -> int:
    return min(max(one.limit, 1), AT_MOST)


def _example(one: Query, path: str) -> yente.Example:
    kind = one.type[0] if isinstance(one.type, list) and one.type else one.type
    properties: dict[str, str | list[str | int | float]] = {}
    if one.query and one.query.strip():
        properties["name"] = [one.query]
    for found in one.properties:
        name = found.pid.rpartition(":")[2]
        if name in LABELS:  # as yente: what a schema does not have says nothing
            values = found.v if isinstance(found.v, list) else [found.v]
            before = properties.get(name, [])
            properties[name] = [*(before if isinstance(before, list) else [before]), *map(_word, values)]
    if kind is not None and not isinstance(kind, str):
        raise Refused(400, "not a type", path=f"{path}.type")
    return yente.Example(str(kind or "Thing"), properties)


def _word(value: Any) -> str:
    """A value, or the id (or name) of one that OpenRefine has matched already."""
    if isinstance(value, dict):
        value = value.get("id", value.get("name", ""))
    return str(value)


def _candidate(hit: dict[str, Any]) -> dict[str, object]:
    return {**_named(hit), "score": hit["score"], "match": hit["match"]}


def _named(found: dict[str, Any]) -> dict[str, object]:
    schema = str(found["schema"])
    return {"id": found["id"], "name": found["caption"], "description": _described(found), "type": [_type(schema)]}


def _described(found: dict[str, Any]) -> str:
    """On which list, and of which countries: what tells candidates of one name apart."""
    countries = ", ".join(code.upper() for code in found["properties"].get("country", ()))
    return ", ".join(part for part in (*found["datasets"], countries) if part)


def _type(schema: str) -> dict[str, str]:
    return {"id": schema, "name": TYPES[schema]}


def _extended(services: Services, given: dict[str, Any], wanted: Extend) -> dict[str, object]:
    if len(wanted.ids) > MOST:
        raise Refused(400, f"more than {MOST} entities", path="extend.ids")
    day = given["as_of"] or today()
    _known(services, given["dataset"])
    rows: dict[str, object] = {}
    for key in wanted.ids:
        party = services.desk.store.party(key, day, today()) if key else None
        rows[key] = _row(party, wanted.properties) if party else {}
    meta = [{"id": one.id, "name": TOLD[one.id]} for one in wanted.properties if one.id in TOLD]
    return {"meta": meta, "rows": rows}


def _row(party: Party, wanted: list[Wanted]) -> dict[str, object]:
    held = entity(party)["properties"]
    assert isinstance(held, dict)
    return {
        one.id: [{"str": value} for value in held.get(one.id, [])[: one.settings.limit or None]]
        for one in wanted
        if one.id in TOLD
    }


# --- suggestions


def _suggested(prefix: str, found: Sequence[Mapping[str, object]]) -> Response[bytes]:
    return answer({"code": "/api/status/ok", "status": "200 OK", "prefix": prefix, "result": found})


@get("/reconcile/{dataset:str}/suggest/entity", opt=told("viewer", _doc(
    "suggestEntity", "Entities by the beginning of a name.", PREFIX, LIMIT, *yente.OF)))  # fmt: skip
async def suggest_entity(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    page = {**given, "q": given["prefix"], "offset": 0, **yente.NO_FILTERS}
    found: Any = await services.alone(yente.entities, services, page)
    return _suggested(given["prefix"], [_named(one) for one in found["results"]])


@get("/reconcile/{dataset:str}/suggest/type", opt=told("viewer", _doc(
    "suggestType", "Types of entities by the beginning of a word.", PREFIX)))  # fmt: skip
async def suggest_type(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    await services.alone(_known, services, given["dataset"])
    low = given["prefix"].casefold()
    return _suggested(given["prefix"], [_type(one) for one in TYPES if _begins(low, one, TYPES[one])])


@get("/reconcile/{dataset:str}/suggest/property", opt=told("viewer", _doc(
    "suggestProperty", "Properties that matching compares, by the beginning of a word.", PREFIX)))  # fmt: skip
async def suggest_property(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    await services.alone(_known, services, given["dataset"])
    low = given["prefix"].casefold()
    found = [{"id": key, "name": name} for key, name in LABELS.items() if _begins(low, key, name)]
    return _suggested(given["prefix"], found)


def _begins(low: str, *words: str) -> bool:
    return any(word.casefold().startswith(low) for word in words)


TYPE = Param("type", "Of which type.", {"type": "string", "enum": sorted(TYPES), "default": "Thing"})


@get("/reconcile/{dataset:str}/extend/property", opt=told("viewer", _doc(
    "extendProperty", "Properties that rows can be extended with.", TYPE, LIMIT)))  # fmt: skip
async def extend_property(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    await services.alone(_known, services, given["dataset"])
    limit = given["limit"] if "limit" in request.query_params else 0
    found = [{"id": key, "name": name} for key, name in sorted(TOLD.items(), key=lambda one: one[1])]
    return answer({"limit": limit, "type": given["type"], "properties": found[: limit or None]})


ROUTES = [manifest, queries, suggest_entity, suggest_type, suggest_property, extend_property]
