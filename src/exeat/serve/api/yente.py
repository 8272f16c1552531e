"""yente's API (5.5), so that its clients work unchanged: the lists of this machine as datasets.

What would make an answer milder than our own and cannot be done here is refused, never passed over.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get, post

from exeat.decide.engine import today
from exeat.screen.book import country_code, partial_day
from exeat.screen.model import Identifier, Party, PartyKind, Query, Screened
from exeat.screen.shape import response, result
from exeat.serve.doc import DAY, JSON, NOWHERE, WORD, WORDS, Doc, Param, Reply, answer, parameters, struct_of, told
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


SEARCHING = Doc(
    id="search",
    tag="yente",
    says="Search entities by text, as yente does.",
    params=(
        DATASET,
        Param("q", "The text.", {"type": "string", "maxLength": LONGEST, "default": ""}),
        Param("limit", "Results.", {"type": "integer", "minimum": 1, "maximum": 500, "default": 10}),
        Param("offset", "Results to leave out.", {"type": "integer", "minimum": 0, "maximum": 9499, "default": 0}),
        *OF,
    ),
    replies={200: Reply("Entities.", OBJECT), 404: NOWHERE},
    loose=True,
)


@get("/search/{dataset:str}", opt=told("viewer", SEARCHING))
async def search(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    return answer(await services.alone(entities, services, given))


def entities(services: Services, given: dict[str, Any]) -> dict[str, object]:
    """A page of what a text finds. Without a text nothing is found: the lists themselves are exported elsewhere."""
    limit, offset = given["limit"], given["offset"]
    hits: list[Any] = []
    if given["q"].strip():
        (found,) = _screened(services, [Query((given["q"],))], given, SEARCH)
        hits = _wanted(found, given)
    else:
        datasets(services, given)
    page = [_entity(result(hit, SEARCH)) for hit in hits[offset : offset + limit]]
    return {"limit": limit, "offset": offset, "total": Total(len(hits)), "results": page, "facets": {}}


def _entity(found: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in found.items() if key not in ("score", "match", "explanations")}


ENTITY = Doc(
    id="entity",
    tag="yente",
    says="An entity of a list, as listed today (or `as_of` a day).",
    params=(Param("entity", "Its id.", ID, where="path"), Param("as_of", "The day.", DAY)),
    replies={200: Reply("The entity.", OBJECT), 404: NOWHERE},
    loose=True,
)


@get("/entities/{entity:path}", opt=told("viewer", ENTITY))
async def entity(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)

    def look() -> Party | None:
        return services.desk.store.party(given["entity"].lstrip("/"), given["as_of"] or today(), today())

    found = await services.alone(look)
    if found is None:
        raise Refused(404, "no such entity", path="entity")
    from exeat.screen.model import Hit  # noqa: PLC0415

    return answer(_entity(result(Hit(found, 1.0, (), "", ""), 1.0)))


CATALOG = Doc(id="catalog", tag="yente", says="The lists of this machine as datasets.",
              replies={200: Reply("Datasets.", OBJECT)}, loose=True)  # fmt: skip


@get("/catalog", opt=told("viewer", CATALOG))
async def catalog(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
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

    return answer(await services.alone(look))


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
