"""yente's API (5.5), so that its clients work unchanged: the lists of this machine as datasets.

What would make an answer milder than our own and cannot be done here is refused, never passed over.
"""

from __future__ import annotations

import hashlib
from typing import Any, cast

import msgspec
from litestar import Request, Response, get, post

from exeat.decide.engine import today
from exeat.screen.book import country_code, partial_day
from exeat.screen.model import Identifier, Party, PartyKind, Query, Screened
from exeat.screen.shape import entity as entity_of
from exeat.screen.shape import response, result, sanction
from exeat.serve.doc import (
    DAY,
    JSON,
    NOWHERE,
    WORD,
    WORDS,
    Doc,
    Param,
    Reply,
    answer,
    encode,
    parameters,
    struct_of,
    told,
)
from exeat.serve.problem import Refused
from exeat.serve.services import Services

MOST, LONGEST = 100, 500  # queries in a batch; characters of a value
EVERY = ("default", "all", "exeat", "sanctions")  # datasets that mean all lists
SEARCH = 0.5  # least score of a text search; it finds, and does not match
ALGORITHM = "exeat"
KINDS: dict[str, PartyKind] = {
    "Person": "person", "Organization": "organisation", "Company": "organisation", "PublicBody": "organisation",
    "Vessel": "vessel", "Airplane": "aircraft", "LegalEntity": "", "Thing": "",
}  # fmt: skip
NAMES = ("name", "alias", "previousName", "weakAlias", "abbreviation")
COUNTRIES = ("country", "nationality", "jurisdiction", "citizenship", "mainCountry", "flag")
NUMBERS = {
    "leiCode": "lei", "uscCode": "uscc", "innCode": "inn", "ogrnCode": "ogrn", "imoNumber": "imo", "swiftBic": "bic",
    "passportNumber": "passport", "idNumber": "other", "registrationNumber": "registration", "taxNumber": "tax",
    "mmsi": "mmsi", "callSign": "other", "serialNumber": "aircraft",
}  # fmt: skip


class Example(msgspec.Struct, frozen=True):
    """A party as an entity: its schema, and what is known of it by property."""

    schema: str
    properties: dict[str, str | list[str | int | float]]
    id: str | None = None


class Batch(msgspec.Struct, frozen=True):
    """Queries by keys of the client's own. ``weights`` are not used: a score here is the sum of its reasons."""

    queries: dict[str, Example | None]
    weights: dict[str, float] = {}
    config: dict[str, str | int | float | bool | None] = {}


class Total(msgspec.Struct, frozen=True):
    """How many there are."""

    value: int
    relation: str = "eq"


SCORE = {"type": "number", "minimum": 0, "maximum": 1, "default": 0.7}
ID = {"type": "string", "minLength": 1, "maxLength": 300}
DATASET = Param("dataset", "A list, or `default` for all of them.", where="path")
OF = (
    Param("include_dataset", "Only these lists.", WORDS),
    Param("exclude_dataset", "Not these lists.", WORDS),
    Param("exclude_schema", "No entities of these schemata.", WORDS),
    Param("topics", "Only entities with one of these topics; every entity here has `sanction`.", WORDS),
    Param("changed_since", "Cannot be asked here: refused.", WORD),
    Param("as_of", "As listed on this day (exeat's own).", DAY),
)
OBJECT = {"type": "object"}
MATCH = Doc(
    id="match",
    tag="yente",
    says="Match entities, as yente does. A result is a candidate; `match` says that it reaches the threshold, and a "
    "person decides. Each response says in `not_screened` which lists were not searched.",
    params=(
        DATASET,
        Param("limit", "Results for each query.", {"type": "integer", "minimum": 1, "maximum": 500, "default": 5}),
        Param("threshold", "Score of a match.", SCORE),
        Param("cutoff", "Least score of a result.", SCORE),
        Param("algorithm", "Always our own, whatever is asked for.", {**WORD, "default": "best"}),
        *OF,
        Param("exclude_entity_ids", "Not these entities.", {"type": "array", "items": ID, "maxItems": 50}),
    ),
    body={JSON: Batch},
    replies={200: Reply("Responses by the client's keys.", OBJECT), 404: NOWHERE},
    loose=True,
)


@post("/match/{dataset:str}", status_code=200, opt=told("viewer", MATCH))
async def match(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    batch: Batch = await struct_of(request, Batch)
    asked = {key: one for key, one in batch.queries.items() if one is not None}
    if not 0 < len(asked) <= MOST:
        raise Refused(400, f"no queries, or more than {MOST}", path="queries")
    if batch.config:
        raise Refused(400, "no such configuration parameter", path="config", found=next(iter(batch.config)))
    found = await services.alone(matches, services, asked, given)
    return answer(found, 200, {"x-batch-size": str(len(asked)), "x-algorithm": ALGORITHM})


def matches(services: Services, asked: dict[str, Example], given: dict[str, Any]) -> dict[str, object]:
    """The responses to a batch.

    Raises:
        Refused: a dataset or schema that does not exist, a filter that cannot be asked.
        InputErrors: no list at all.
    """
    threshold = given["threshold"]
    queries = [query(one, key) for key, one in asked.items()]
    found = _screened(services, queries, given, min(given["cutoff"], threshold) or 0.01)
    excluded = set(given["exclude_entity_ids"])
    responses: dict[str, object] = {}
    for key, one in zip(asked, found, strict=True):
        kept = msgspec.structs.replace(
            one,
            hits=tuple(hit for hit in _wanted(one, given) if hit.party.id not in excluded),
            threshold=threshold,
        )
        said = response(kept)
        said["results"] = [result(hit, threshold) for hit in kept.hits[: given["limit"]]]
        said["query"] = {**_echo(asked[key])}
        responses[key] = {**said, "not_screened": list(one.not_screened)}
    return {"responses": responses, "limit": given["limit"]}


def _echo(one: Example) -> dict[str, object]:
    properties = {
        name: [str(v) for v in value] if isinstance(value, list) else [value] for name, value in one.properties.items()
    }
    return {"id": one.id, "schema": one.schema, "properties": properties}


def _wanted(one: Screened, given: dict[str, Any]) -> list[Any]:
    schemata = set(given["exclude_schema"])
    return [hit for hit in one.hits if str(result(hit, 1.0)["schema"]) not in schemata]


def _screened(services: Services, queries: list[Query], given: dict[str, Any], least: float) -> list[Screened]:
    from exeat.screen.desk import Terms  # noqa: PLC0415

    if given["changed_since"]:
        raise Refused(400, "changes cannot be asked for here; results would be lost", path="changed_since")
    if given["topics"] and "sanction" not in given["topics"]:
        raise Refused(400, "the only topic here is sanction; results would be lost", path="topics")
    day = given["as_of"] or today()
    terms = Terms(day, today(), datasets(services, given), least)
    return services.desk.screen(queries, terms)


def datasets(services: Services, given: dict[str, Any]) -> tuple[str, ...]:
    """The lists that are meant (none: all that are there).

    Raises:
        Refused: 404 for one that does not exist; 400 where nothing is left.
    """
    lists = services.desk.lists.lists
    for one in (*([] if given["dataset"] in EVERY else [given["dataset"]]), *given["include_dataset"]):
        if one not in lists and one not in EVERY:
            raise Refused(404, f"no such dataset: {one}", path="dataset", found=one)
    chosen = [] if given["dataset"] in EVERY else [given["dataset"]]
    included = [one for one in given["include_dataset"] if one not in EVERY]
    if included:
        chosen = [one for one in included if not chosen or one in chosen]
    if not chosen and not given["exclude_dataset"] and not included:
        return ()
    base = chosen if chosen or included else list(services.desk.wanted(_terms()))
    left = tuple(one for one in base if one not in given["exclude_dataset"])
    if not left:
        raise Refused(400, "no dataset is left to search", path="exclude_dataset")
    return left


def _terms() -> Any:
    from exeat.screen.desk import Terms  # noqa: PLC0415

    return Terms(today(), today())


def query(one: Example, key: str) -> Query:
    """A query out of an entity.

    Raises:
        Refused: no such schema; no name, so that nothing could be found.
    """
    if one.schema not in KINDS:
        raise Refused(
            400, "no such schema, or none that can be matched", path=f"queries.{key}.schema", found=one.schema
        )
    properties = {
        name: [str(v) for v in value] if isinstance(value, list) else [value] for name, value in one.properties.items()
    }
    if sum(map(len, properties.values())) > MOST or any(len(v) > LONGEST for vs in properties.values() for v in vs):
        raise Refused(
            400, "too much", path=f"queries.{key}.properties", allowed=f"{MOST} values of {LONGEST} characters"
        )
    names = [v for name in NAMES for v in properties.get(name, []) if v.strip()]
    parts = [" ".join(properties.get(name, [])) for name in ("firstName", "secondName", "middleName", "lastName")]
    whole = " ".join(part for part in parts if part.strip())
    names += [whole] if whole and not names else []
    if not names:
        raise Refused(400, "a name is needed", path=f"queries.{key}.properties.name")
    countries = tuple(dict.fromkeys(c for p in COUNTRIES for v in properties.get(p, []) if (c := country_code(v))))
    born = tuple(day for v in properties.get("birthDate", []) if (day := partial_day(v)))
    numbers = tuple(Identifier(kind, v) for p, kind in NUMBERS.items() for v in properties.get(p, []) if v.strip())
    gender = next((v for v in properties.get("gender", []) if v in ("male", "female")), "")
    return Query(
        tuple(dict.fromkeys(names)), KINDS[one.schema], countries, born, gender, numbers,
        tuple(properties.get("address", [])), one.id or "",
    )  # fmt: skip


FACETS = ("countries", "topics", "datasets", "schema")
NO_FILTERS: dict[str, Any] = {
    "schema": "Thing", "countries": (), "datasets": (), "facets": (), "filter": (), "target": None
}  # fmt: skip
SEARCHING = Doc(
    id="search",
    tag="yente",
    says="Search entities by text, as yente does; the best first, whatever `sort` says. The text is a name, in any "
    "script: it has no syntax (`simple`, `fuzzy` and `filter_op` make no difference).",
    params=(
        DATASET,
        Param("q", "The text.", {"type": "string", "maxLength": LONGEST, "default": ""}),
        Param("limit", "Results.", {"type": "integer", "minimum": 0, "maximum": 500, "default": 10}),
        Param("offset", "Results to leave out.", {"type": "integer", "minimum": 0, "maximum": 9499, "default": 0}),
        Param("schema", "Only entities that may be of this schema.",
              {"type": "string", "enum": sorted(KINDS), "default": "Thing"}),
        Param("countries", "Only those of one of these countries.", WORDS),
        Param("datasets", "Only those on one of these lists.", WORDS),
        Param("facets", "Counts of these.", {"type": "array", "items": {"type": "string", "enum": sorted(
            (*FACETS, "identifiers", "genders"))}, "maxItems": 10}),
        Param("filter", "Cannot be asked here: refused.", WORDS),
        Param("target", "Only those that are (or are not) targets; here all are.", {"type": "boolean"}),
        *OF,
    ),
    replies={200: Reply("Entities.", OBJECT), 404: NOWHERE},
    loose=True,
)  # fmt: skip


@get("/search/{dataset:str}", opt=told("viewer", SEARCHING))
async def search(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    if "facets" not in request.query_params:
        given["facets"] = FACETS[:3]
    return answer(await services.alone(entities, services, given))


def entities(services: Services, given: dict[str, Any]) -> dict[str, object]:
    """A page of what a text finds. Without a text nothing is found: the lists themselves are exported elsewhere."""
    if given["filter"]:
        raise Refused(400, "properties cannot be filtered here", path="filter", found=given["filter"][0])
    limit, offset = given["limit"], given["offset"]
    found: list[dict[str, Any]] = []
    if given["q"].strip():
        (screened,) = _screened(services, [Query((given["q"],))], given, SEARCH)
        found = [one for hit in _wanted(screened, given) if _is_meant(one := _plain(result(hit, SEARCH)), given)]
    else:
        datasets(services, given)
    titles = {key: info.title.get("en", key) for key, info in services.desk.lists.lists.items()}
    return {
        "limit": limit, "offset": offset, "total": Total(len(found)), "results": found[offset : offset + limit],
        "facets": {name: _facet(name, found, titles) for name in given["facets"]},
    }  # fmt: skip


def _is_meant(found: dict[str, Any], given: dict[str, Any]) -> bool:
    """Whether an entity passes the filters. One of unknown kind or country is never filtered out: it may be meant."""
    kind, wanted = KINDS.get(found["schema"], ""), KINDS[given["schema"]]
    countries, held = set(map(country_code, given["countries"])), found["properties"].get("country", ())
    return (
        (not wanted or not kind or kind == wanted)
        and (not countries or not held or bool(countries & {code.upper() for code in held}))
        and (not given["datasets"] or bool({*given["datasets"]} & {*found["datasets"]}))
        and given["target"] is not False
    )


def _facet(name: str, found: list[dict[str, Any]], titles: dict[str, str]) -> dict[str, object]:
    counts: dict[str, int] = {}
    for one in found:
        values = {
            "countries": one["properties"].get("country", ()), "topics": one["properties"].get("topics", ()),
            "datasets": one["datasets"], "schema": [one["schema"]], "genders": one["properties"].get("gender", ()),
            "identifiers": one["properties"].get("idNumber", ()),
        }[name]  # fmt: skip
        for value in values:
            counts[value] = counts.get(value, 0) + 1
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    values = [{"name": key, "label": titles.get(key, key), "count": times} for key, times in ordered]
    return {"label": name.capitalize(), "values": values}


def _plain(found: dict[str, object]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key not in ("score", "match", "explanations")}


PER_PAGE = Param("limit", "How many of each.", {"type": "integer", "minimum": 0, "maximum": 500, "default": 10})
SKIPPED = Param("offset", "How many to leave out.", {"type": "integer", "minimum": 0, "maximum": 9499, "default": 0})
ENTITY = Doc(
    id="entity",
    tag="yente",
    says="An entity of a list, as listed today (or `as_of` a day), and with `nested` its entry on the list beside it."
    "\n\n`/entities/{entity}/adjacent` gives the entities beside it by property, "
    "`/entities/{entity}/adjacent/sanctions` those of one. A list names other parties in words, so that nothing but "
    "its own entry is beside an entity here.",
    params=(
        Param("entity", "Its id.", ID, where="path"),
        Param("nested", "With what is beside it.", {"type": "boolean", "default": True}),
        PER_PAGE,
        SKIPPED,
        Param("as_of", "The day.", DAY),
    ),
    replies={200: Reply("The entity.", OBJECT), 404: NOWHERE},
    loose=True,
)
BESIDE = "sanctions"  # the one property whose values are entities
ADJACENT = "/adjacent"


@get("/entities/{entity:path}", opt=told("viewer", ENTITY))
async def entity(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    key, day = given["entity"].lstrip("/"), given["as_of"] or today()

    def look(key: str) -> Party | None:
        return services.desk.store.party(key, day, today())

    found = await services.alone(look, key)
    if found is not None:
        shown = entity_of(found)
        if given["nested"]:
            shown["properties"] = {**_held(shown), BESIDE: [sanction(found)]}
        return answer(shown)
    whose, adjacent, name = key.rpartition(ADJACENT)
    beside = await services.alone(look, whose) if adjacent and name[:1] in ("", "/") else None
    if beside is None or name not in ("", f"/{BESIDE}"):
        raise Refused(404, "no such entity" if beside is None else "no such property", path="entity")
    page = _page([sanction(beside)], given)
    return answer(page if name else {"entity": entity_of(beside), "adjacent": {BESIDE: page}})


def _held(shown: dict[str, object]) -> dict[str, object]:
    held = shown["properties"]
    assert isinstance(held, dict)
    return held


def _page(found: list[dict[str, object]], given: dict[str, Any]) -> dict[str, object]:
    limit, offset = given["limit"], given["offset"]
    return {"limit": limit, "offset": offset, "total": Total(len(found)), "results": found[offset : offset + limit]}


TYPES_OF = {
    "name": "name", "alias": "name", "weakAlias": "name", "country": "country", "birthDate": "date", "gender": "gender",
    "address": "address", "idNumber": "identifier", "sourceUrl": "url", "topics": "topic", "notes": "text",
    "program": "string", "birthPlace": "string",
}  # fmt: skip
STATEMENTS = Doc(
    id="statements",
    tag="yente",
    says="What a list says of an entity, value by value, as OpenSanctions' own service has it (yente has none). One of "
    "`canonical_id` and `entity_id` must be given; here they are the same, for nothing is merged. `first_seen` and "
    "`last_seen` are the days of the first and the last version of the list that has the entity.",
    params=(
        Param("canonical_id", "Of this entity.", ID),
        Param("entity_id", "The same.", ID),
        Param("dataset", "Only what this list says."),
        Param("prop", "Only this property."),
        Param("value", "Only this value.", {"type": "string", "maxLength": LONGEST}),
        Param("schema", "Only entities of this schema."),
        Param("limit", "Statements.", {"type": "integer", "minimum": 0, "maximum": 5000, "default": 50}),
        SKIPPED,
        Param("as_of", "As listed on this day.", DAY),
    ),
    replies={200: Reply("Statements.", OBJECT)},
    loose=True,
)


@get("/statements", opt=told("viewer", STATEMENTS))
async def statements(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    keys = {one for one in (given["canonical_id"], given["entity_id"]) if one}
    if not keys:
        raise Refused(400, "say of which entity", path="canonical_id")

    def look() -> list[dict[str, object]]:
        if len(keys) > 1:
            return []
        (key,) = keys
        store = services.desk.store
        found = store.party(key, given["as_of"] or today(), today())
        days = [version.as_of for version, _ in store.history(key)]
        return [one for one in (_statements(found, days) if found else ()) if _says(one, given)]

    return answer(_page(await services.alone(look), given))


def _statements(party: Party, days: list[str]) -> list[dict[str, object]]:
    shown = entity_of(party)
    first, last = min(days, default=today()), max(days, default=today())
    return [
        {
            "id": hashlib.sha256(f"{party.id}\0{prop}\0{value}".encode()).hexdigest(), "entity_id": party.id,
            "canonical_id": party.id, "prop": prop, "prop_type": TYPES_OF.get(prop, "string"),
            "schema": shown["schema"], "value": value, "original_value": None, "dataset": party.listing.list,
            "lang": None, "origin": None, "first_seen": first, "last_seen": last,
        }
        for prop, values in _held(shown).items() for value in cast("list[str]", values)
    ]  # fmt: skip


def _says(one: dict[str, object], given: dict[str, Any]) -> bool:
    return all(not given[key] or one[key] == given[key] for key in ("dataset", "prop", "value", "schema"))


CATALOG = Doc(id="catalog", tag="yente", says="The lists of this machine as datasets.",
              replies={200: Reply("Datasets.", OBJECT), 304: Reply("As the client has it (`If-None-Match`).")},
              loose=True)  # fmt: skip


@get("/catalog", opt=told("viewer", CATALOG))
async def catalog(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    return await _catalog(request, services)


@get("/manifest", opt=told("viewer", msgspec.structs.replace(CATALOG, id="manifest", says="The same as `/catalog`.")))
async def manifest(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    return await _catalog(request, services)


async def _catalog(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    parameters(request)

    def look() -> dict[str, object]:
        desk = services.desk
        newest = {one.list: one for one in desk.store.versions(None, today())}
        found: list[dict[str, object]] = [
            {
                "name": key, "title": info.title.get("en", key), "load": key in newest,
                "version": newest[key].as_of if key in newest else None,
                "index_version": newest[key].as_of if key in newest else None,
                "index_current": key in newest, "entity_count": newest[key].parties if key in newest else 0,
                "children": [],
            }
            for key, info in desk.lists.lists.items()
        ]  # fmt: skip
        whole = {"name": "default", "title": "All lists of this machine", "load": bool(newest), "version": today(),
                 "index_version": desk.store.state(), "index_current": bool(newest),
                 "entity_count": sum(one.parties for one in newest.values()), "children": list(newest)}  # fmt: skip
        stale = sorted(desk.stale(_terms()))
        current = [key for key in newest if key not in stale]
        return {"datasets": [whole, *found], "current": current, "outdated": stale, "index_stale": bool(stale)}

    found = encode(await services.alone(look))
    tag = f'"{hashlib.sha256(found).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, max-age=0"}
    asked = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if asked & {tag, "*"}:
        return Response(b"", status_code=304, headers=headers)
    return answer(found, 200, headers)


UPDATE = Doc(
    id="updatez",
    tag="yente",
    says="Make the names' index ready for the lists as they stand in the store (`exeat lists update` brings in new "
    "ones). It is made by itself when a list has changed; this has it done before anybody asks. yente's `token` is not "
    "used.",
    replies={200: Reply("`status` is `ok`.", OBJECT)},
    loose=True,
)


@post("/updatez", status_code=200, opt=told("admin", UPDATE))
async def updatez(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    parameters(request)
    await services.alone(lambda: services.desk.matcher)
    return answer({"status": "ok"})


ALGORITHMS = Doc(id="algorithms", tag="yente", says="The one way in which scores are made here.",
                 replies={200: Reply("Algorithms.", OBJECT)}, loose=True)  # fmt: skip


@get("/algorithms", opt=told("viewer", ALGORITHMS))
async def algorithms(request: Request[Any, Any, Any]) -> Response[bytes]:
    says = "A score is the sum of its reasons; see explanations."
    one = {
        "name": ALGORITHM,
        "description": says,
        "features": {},
        "docs": {"description": says, "config": {}, "features": {}},
    }
    return answer({"algorithms": [one], "default": ALGORITHM, "best": ALGORITHM})
