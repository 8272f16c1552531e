"""yente's own client library, unchanged, against our lists; and the filters that would lose results."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest
import uvicorn
from yente_client import Client
from yente_client.entities import Company, Person
from yente_client.exceptions import APIError, AuthenticationError

from exeat.decide.engine import today
from exeat.serve.app import create_app
from exeat.serve.config import Config
from exeat.serve.services import Services
from tests.serve.lists import HERON, filled, party
from tests.serve.parts import YAML


@pytest.fixture
def lists(own_place):
    filled()


@pytest.fixture
def client(lists, start):
    """yente's client, whose requests go to a service that really listens."""
    with listening(start) as url, Client(base_url=url) as found:
        yield found


@contextlib.contextmanager
def listening(start, **more):
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    config = Config(**{"port": bound.getsockname()[1], "agents": False, **more})
    engine = start(config).services.engine
    app = create_app(config, Services(config, engine))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{config.port}"
    server.should_exit = True
    thread.join()


# --- the library


def test_a_real_client_finds_who_is_listed(client):
    found = client.match(Company(name="Night Heron Imaging"))
    assert found.top.id == HERON
    assert found.top.match
    assert found.top.schema_ == "Organization"
    assert found.top.datasets == ["us.entity-list"]
    assert sum(one.score for one in found.top.explanations.values()) == pytest.approx(found.top.score)
    assert found.total.value == 1
    assert found.query["properties"]["name"] == ["Night Heron Imaging"]


def test_in_another_script(client):
    assert client.match(Company(name="夜鹭影像")).top.id == HERON


def test_nobody(client):
    found = client.match(Company(name="Wholly Different Bakery"))
    assert (found.results, found.total.value, found.top) == ([], 0, None)


def test_a_person_by_name_and_birth(client):
    right = client.match(Person(name="Ivan Lampochkin", birthDate="1970"))
    assert right.top.id == "us.sdn/1"
    wrong = client.match(Person(name="Ivan Lampochkin", birthDate="1999-01-01"), threshold=0.01, cutoff=0.01)
    assert not wrong.top or wrong.top.score < right.top.score


def test_thresholds_and_limits(client):
    named = Company(name="Night Heron Imaging")
    high = client.match(named, threshold=1.0, cutoff=0.5)
    assert high.results
    assert [one.match for one in high.results] == [one.score >= 1.0 for one in high.results]
    assert len(client.match(named, limit=1, cutoff=0.01).results) <= 1


def test_filters(client):
    named = Company(name="Night Heron Imaging")
    assert client.match(named, datasets=["us.sdn"]).results == []
    assert client.match(named, datasets=["us.entity-list"]).top.id == HERON
    assert client.match(named, exclude_datasets=["us.entity-list"]).results == []
    assert client.match(named, exclude_entities=[HERON]).results == []
    assert client.match(named, exclude_schemata=["Organization"]).results == []
    assert client.match(named, topics=["sanction"]).top.id == HERON


def test_what_would_lose_results_is_refused(client):
    named = Company(name="Night Heron Imaging")
    for filters in ({"topics": ["role.pep"]}, {"changed_since": "2026-01-01"}):
        with pytest.raises(APIError) as refused:
            client.match(named, **filters)
        assert refused.value.status_code == 400
    with pytest.raises(APIError):
        client.match(named, config={"nm_number_mismatch": 0.4})


def test_many(client):
    asked = [(str(n), Company(name=name)) for n, name in enumerate(["Night Heron Imaging", "Nobody Known", "夜鹭影像"])]
    found = dict(client.match_iter(asked, workers=2))
    assert [bool(found[key].results) for key in "012"] == [True, False, True]


def test_search_fetch_catalogue_and_health(client):
    assert client.search("night heron").results[0].id == HERON
    assert client.fetch(HERON).caption.startswith("Night Heron")
    assert client.healthz().status == client.readyz().status == "ok"
    names = {one.name: one for one in client.datasets().datasets}
    assert names["default"].load
    assert names["us.sdn"].entity_count == 1
    assert client.algorithms().best == "exeat"
    with pytest.raises(APIError) as missing:
        client.fetch("us.sdn/none")
    assert missing.value.status_code == 404
    with pytest.raises(APIError) as unknown:
        client.search("x", datasets=["nowhere"])
    assert unknown.value.status_code == 404


def test_its_key_is_our_token(lists, start, tokens):
    token = tokens("viewer")
    with listening(start, login=True) as url:
        with Client(base_url=url, api_key=token) as known:
            assert known.match(Company(name="Night Heron Imaging")).top.id == HERON
        with Client(base_url=url, api_key="wrong") as stranger, pytest.raises(AuthenticationError):
            stranger.match(Company(name="x"))


# --- beside the library


def test_lists_that_change_while_it_serves_are_searched_at_once(lists, local):
    def asked(name):
        body = {"queries": {"q": {"schema": "Company", "properties": {"name": [name]}}}}
        return local.post("/match/default", json=body).json()["responses"]["q"]["results"]

    assert asked("Grey Wagtail Optics") == []
    filled(party("us.entity-list", "el-99", "Grey Wagtail Optics GmbH"))
    assert [one["id"] for one in asked("Grey Wagtail Optics")] == ["us.entity-list/el-99"]


def test_what_was_not_searched_is_said(lists, local):
    body = {"queries": {"q": {"schema": "Company", "properties": {"name": ["x y z"]}}}}
    found = local.post("/match/default", json=body)
    assert found.headers["x-batch-size"] == "1"
    assert found.json()["responses"]["q"]["not_screened"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"queries": {}}, 400),
        ({"queries": {str(n): {"schema": "Person", "properties": {"name": ["x"]}} for n in range(101)}}, 400),
        ({"queries": {"q": {"schema": "Ownership", "properties": {"name": ["x"]}}}}, 400),
        ({"queries": {"q": {"schema": "Person", "properties": {}}}}, 400),
        ({"queries": {"q": {"schema": "Person", "properties": {"name": ["x" * 501]}}}}, 400),
        ({"queries": {"q": {"schema": "Person"}}}, 422),
        ({}, 422),
    ],
)
def test_a_batch_that_is_none(lists, local, body, status):
    answer = local.post("/match/default", json=body)
    assert answer.status_code == status
    assert isinstance(answer.json()["detail"], str)


def test_no_list_is_no_screening(own_place, local):
    body = {"queries": {"q": {"schema": "Person", "properties": {"name": ["x"]}}}}
    assert local.post("/match/default", json=body).status_code == 422
    assert local.post("/api/v1/screen", json={"queries": [{"names": ["x"]}]}).status_code == 422


def test_our_own_screening(lists, local):
    found = local.post("/api/v1/screen", json={"queries": [{"names": ["Night Heron Imaging"], "id": "c1"}]}).json()
    (one,) = found["answers"]
    assert one["screened"]["hits"][0]["party"]["id"] == HERON
    assert one["standings"][0]["state"] == "open"
    assert found["exit_code"] == 20
    nobody = local.post("/api/v1/screen", json={"queries": [{"names": ["Wholly Different Bakery"]}]}).json()
    assert nobody["exit_code"] == 21
    assert nobody["answers"][0]["screened"]["not_screened"]
    assert {one["list"] for one in local.get("/api/v1/lists").json()["lists"] if one["state"] == "fresh"} == {
        "us.entity-list",
        "us.sdn",
    }


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"queries": []}, "queries"),
        ({"queries": [{"names": []}]}, "queries.0.names"),
        ({"queries": [{"names": [" "]}]}, "queries.0.names"),
        ({"queries": [{"names": ["x"], "countries": ["Xland"]}]}, "queries.0.countries"),
        ({"queries": [{"names": ["x"], "born": ["31.12.1970"]}]}, "queries.0.born"),
        ({"queries": [{"names": ["x"]}], "on": "2020-13-01"}, "on"),
        ({"queries": [{"names": ["x"]}], "limit": 0}, "limit"),
        ({"queries": [{"name": ["x"]}]}, "queries[0]"),
    ],
)
def test_a_screening_that_is_none(lists, local, body, path):
    answer = local.post("/api/v1/screen", json=body)
    assert answer.status_code == 422
    assert [one["path"] for one in answer.json()["errors"]] == [path]


def test_a_decision_with_its_parties_screened(lists, local):
    buyer = "{id: buyer, role: [consignee], country: CN, name: Night Heron Imaging}"
    deal = (
        f"act: {{on: {today()}}}\nactivity: software.export\nitems: [{{id: tool, kind: software}}]\n"
        f"parties: [{buyer}, {{id: other, role: end-user}}]\n"
    )
    answer = local.post("/api/v1/decide?screen=true", content=deal, headers=YAML)
    assert answer.status_code == 200
    assert answer.headers["exeat-not-screened"] == "other"
    assert any(one["element"] == "buyer" and one["entry"].endswith("/el-77") for one in answer.json()["candidates"])
