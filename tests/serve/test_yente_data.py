"""What yente's clients ask besides /match: entities, what is beside them, statements, search, catalogue; OpenRefine."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from yente_client import Client
from yente_client.exceptions import APIError, NotFoundError

from exeat.decide.engine import today
from exeat.screen.model import Listing, Name, Party
from exeat.serve.config import Config
from tests.serve.lists import HERON, filled
from tests.serve.parts import TEAM, bearer
from tests.serve.test_yente import listening

MINISTRY = Party(
    "us.entity-list/el/9 #1",
    "organisation",
    (Name("Grey Wagtail Optics GmbH"),),
    Listing(
        "us.entity-list", "el/9 #1", "End-User Review Committee", ("EAR",), "all items", "presumption of denial",
        "90 FR 1", "https://example.org/notice", "2020-05-01",
    ),
    ("DE",),
)  # fmt: skip


@pytest.fixture
def more(own_place):
    filled(MINISTRY)


@pytest.fixture
def client(more, start):
    """yente's client, whose requests go to a service that really listens."""
    with listening(start) as url, Client(base_url=url) as found:
        yield found


# --- entities


def test_an_entity_with_its_entry_beside_it(more, client):
    found = client.fetch(MINISTRY.id)
    (entry,) = found.properties["sanctions"]
    assert (entry.schema_, entry.properties["entity"]) == ("Sanction", [MINISTRY.id])
    assert entry.properties["authority"] == ["End-User Review Committee"]
    assert (entry.properties["startDate"], entry.properties["reason"]) == (["2020-05-01"], ["90 FR 1"])
    assert entry.properties["provisions"] == ["all items", "presumption of denial"]
    assert "sanctions" not in client.fetch(MINISTRY.id, nested=False).properties


def test_what_is_beside_an_entity(more, client):
    whole = client.adjacent(MINISTRY.id)
    assert (whole.entity.id, set(whole.adjacent)) == (MINISTRY.id, {"sanctions"})
    assert whole.adjacent["sanctions"].total.value == 1
    one = client.adjacent(MINISTRY.id, prop="sanctions", limit=5)
    assert [entry.properties["program"] for entry in one.results] == [["EAR"]]
    assert client.adjacent(MINISTRY.id, prop="sanctions", offset=1).results == []
    for asked in (lambda: client.adjacent(MINISTRY.id, prop="ownershipOwner"), lambda: client.adjacent("us.sdn/none")):
        with pytest.raises(NotFoundError):
            asked()


def test_an_id_of_many_parts_need_not_be_quoted(more, local):
    plain = local.get(f"/entities/{quote(MINISTRY.id, safe='/')}/adjacent")
    assert plain.json() == local.get(f"/entities/{quote(MINISTRY.id, safe='')}/adjacent").json()
    assert local.get(f"/entities/{quote(MINISTRY.id, safe='')}x/adjacent").status_code == 404
    assert local.get(f"/entities/{quote(MINISTRY.id, safe='')}/adjacentx").status_code == 404


# --- statements


def test_statements_of_an_entity(more, client):
    found = client.statements(canonical_id=HERON)
    said = {(one.prop, one.value) for one in found.results}
    assert {("name", "Night Heron Imaging Co., Ltd."), ("country", "cn"), ("topics", "sanction")} <= said
    assert found.total.value == len(found.results)
    assert {one.dataset for one in found.results} == {"us.entity-list"}
    assert {one.first_seen.date().isoformat() for one in found.results} == {today()}
    assert len({one.id for one in found.results}) == len(found.results)
    (name,) = client.statements(entity_id=HERON, prop="country").results
    assert (name.value, name.prop_type) == ("cn", "country")
    assert client.statements(canonical_id=HERON, dataset="us.sdn").results == []
    assert client.statements(canonical_id="us.sdn/none").results == []
    assert client.statements(canonical_id=HERON, entity_id="us.sdn/1").results == []
    assert len(client.statements(canonical_id=HERON, limit=1, offset=1).results) == 1
    with pytest.raises(APIError) as refused:
        client.statements(dataset="us.sdn")
    assert refused.value.status_code == 400


# --- search, catalogue, update


def test_search_filters_and_counts(more, client):
    found = client.search("night heron", facets=["countries", "datasets", "schema"])
    assert [one.id for one in found.results] == [HERON]
    assert [(one.name, one.count) for one in found.facets["countries"].values] == [("cn", 1)]
    assert set(found.facets) == {"countries", "datasets", "schema"}
    assert set(client.search("night heron").facets) == {"countries", "topics", "datasets"}
    assert client.search("night heron", countries=["de"]).results == []
    assert client.search("night heron", countries=["cn", "de"]).total.value == 1
    assert client.search("night heron", schema="Person").results == []
    assert client.search("night heron", schema="Company").results[0].id == HERON
    with pytest.raises(APIError) as refused:
        client.search("night heron", filter=["birthDate:1970"])
    assert refused.value.status_code == 400


def test_a_search_that_is_none(more, local):
    assert local.get("/search/default?q=heron&schema=Vessels").status_code == 422
    assert local.get("/search/default?q=night heron&target=false").json()["results"] == []
    assert local.get("/search/default?q=night heron&sort=caption:asc&fuzzy=true&simple=true").json()["total"]["value"]


def test_the_catalogue_says_whether_it_changed(more, local):
    first = local.get("/catalog")
    again = local.get("/catalog", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert local.get("/manifest").json() == first.json()
    filled()
    assert local.get("/catalog", headers={"if-none-match": first.headers["etag"]}).status_code == 200


def test_an_update_is_for_administrators(more, start, tokens):
    team = start(TEAM)
    admin, viewer = bearer(tokens("admin")), bearer(tokens("viewer"))
    assert team.post("/updatez?token=x&sync=true", headers=viewer).status_code == 403
    assert team.post("/updatez", headers=admin).json() == {"status": "ok"}


# --- OpenRefine


def reconciled(client, queries, **form):
    answer = client.post("/reconcile/default", data={"queries": json.dumps(queries), **form})
    assert answer.status_code == 200, answer.text
    return {key: one["result"] for key, one in answer.json().items()}


def test_a_column_of_names_is_matched(more, local):
    found = reconciled(
        local,
        {
            "q0": {"query": "Night Heron Imaging", "type": "Organization", "limit": 2},
            "q1": {"query": "夜鹭影像", "type": ["Company"]},
            "q2": {"query": "Wholly Different Bakery"},
            "q3": {"query": ""},
            "q4": {"query": "Ivan Lampochkin", "type": "Person",
                   "properties": [{"pid": "Person:birthDate", "v": "1970"}, {"pid": "Thing:nothing", "v": [1]}]},
        },
    )  # fmt: skip
    assert [one["id"] for one in found["q0"]] == [one["id"] for one in found["q1"]] == [HERON]
    (heron,) = found["q0"]
    assert (heron["match"], heron["type"]) == (True, [{"id": "Organization", "name": "Organizations"}])
    assert heron["description"] == "us.entity-list, CN"
    assert (found["q2"], found["q3"]) == ([], [])
    assert [one["id"] for one in found["q4"]] == ["us.sdn/1"]


def test_a_cell_that_was_matched_before_is_a_value(more, local):
    queries = {
        "q": {"query": "Night Heron Imaging", "properties": [{"pid": "country", "v": {"id": "CN", "name": "x"}}]}
    }
    assert [one["id"] for one in reconciled(local, queries)["q"]] == [HERON]


def test_only_the_dataset_that_was_asked(more, local):
    form = {"queries": json.dumps({"q": {"query": "Night Heron Imaging"}})}
    assert local.post("/reconcile/us.sdn", data=form).json()["q"]["result"] == []
    assert local.post("/reconcile/nowhere", data=form).status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"queries": ""},
        {"queries": "{"},
        {"queries": "[]"},
        {"queries": "{}"},
        {"queries": json.dumps({str(n): {"query": "x"} for n in range(101)})},
        {"queries": json.dumps({"q": {"query": "x", "type": "Ownership"}})},
        {"extend": "nothing"},
        {"extend": json.dumps({"ids": ["x"] * 101, "properties": []})},
    ],
)
def test_what_is_no_reconciliation(more, local, form):
    answer = local.post("/reconcile/default", data=form)
    assert answer.status_code in (400, 415), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_rows_are_extended(more, local):
    one = {"id": "alias", "settings": {"limit": 1, "render": "raw"}}
    wanted = {"ids": [HERON, "us.sdn/none"], "properties": [{"id": "name"}, one, {"id": "country"}, {"id": "never"}]}
    found = local.post("/reconcile/default", data={"extend": json.dumps(wanted)}).json()
    assert [one["id"] for one in found["meta"]] == ["name", "alias", "country"]
    assert found["rows"][HERON]["country"] == [{"str": "cn"}]
    assert found["rows"][HERON]["name"] == [{"str": "Night Heron Imaging Co., Ltd."}, {"str": "夜鹭影像有限公司"}]
    assert found["rows"]["us.sdn/none"] == {}


def test_the_manifest_and_its_suggestions(more, local):
    found = local.get("/reconcile/default").json()
    assert (found["versions"], found["view"]["url"]) == (["0.2"], "http://127.0.0.1:8000/entities/{{id}}")
    places = [found["suggest"][key] for key in ("entity", "type", "property")]
    places.append(found["extend"]["propose_properties"])
    base = "http://127.0.0.1:8000"
    entity, type_, property_, extend = (
        local.get(one["service_url"].removeprefix(base) + one["service_path"], params={"prefix": prefix}).json()
        for one, prefix in zip(places, ("night heron", "vess", "count", ""), strict=True)
    )
    assert [one["id"] for one in entity["result"]] == [HERON]
    assert type_["result"] == [{"id": "Vessel", "name": "Vessels"}]
    assert property_["result"] == [{"id": "country", "name": "Country"}]
    assert {"id": "country", "name": "Country"} in extend["properties"]
    assert len(local.get("/reconcile/default/extend/property?limit=2&type=Person").json()["properties"]) == 2
    assert local.get("/reconcile/nowhere").status_code == 404
    assert local.get("/reconcile/nowhere/suggest/type").status_code == 404


def test_the_manifest_names_the_public_address(more, start, tokens):
    public = Config(login=True, agents=False, public="https://exeat.example")
    client = start(public, base="https://exeat.example", **bearer(tokens("viewer")))
    found = client.get("/reconcile/default").json()
    assert found["suggest"]["entity"]["service_url"] == "https://exeat.example/reconcile/default"
