"""Decisions on hits over REST and from the command line, and what the record tells of them; the pack over REST."""

from __future__ import annotations

import io
import zipfile

import pytest

from exeat.decide.engine import today
from exeat.errors import InputError
from exeat.record.entry import RecordError
from exeat.record.ledger import Record
from exeat.screen.desk import Desk
from exeat.screen.store import Incoming, Store
from tests.pages import run
from tests.serve.lists import HERON, filled, party
from tests.serve.parts import TEAM, bearer, keep

QUERY = {"names": ["Night Heron Imaging"], "id": "C-1"}
CONFIRM = {"verdict": "confirm", "query": QUERY, "entry": HERON, "reason": "same LEI"}
DISMISS = {**CONFIRM, "verdict": "dismiss", "reason": "another address", "expires": "2999-12-31"}
PATH = "/api/v1/screen/hits"


def standing(client):
    found = client.post("/api/v1/screen", json={"queries": [QUERY]}).json()["answers"][0]
    place = [one["party"]["id"] for one in found["screened"]["hits"]].index(HERON)
    return found["standings"][place]["state"]


def decided(client, body, **headers):
    answer = client.post(PATH, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def team(start, tokens):
    """A service with people in it: a client, and who they are."""
    filled()
    names = {"ann": "analyst", "bo": "approver", "vi": "viewer"}
    return start(TEAM), {name: bearer(tokens(role, name)) for name, role in names.items()}


def test_confirm_dismiss_and_undo(local):
    filled()
    assert standing(local) == "open"
    assert decided(local, DISMISS)["record"]["number"] == 1
    assert standing(local) == "dismissed"
    decided(local, CONFIRM)
    assert standing(local) == "confirmed"
    decided(local, {"verdict": "undo", "number": 2, "reason": "the wrong file"})
    assert standing(local) == "open"
    entries = list(local.services.record.entries(kinds=["hit"]))
    assert [one.data()["outcome"] for one in entries] == ["dismissed", "confirmed", "open"]
    first = entries[0].data()
    assert (first["party"], first["listed"], first["expires"]) == ("Night Heron Imaging", HERON, "2999-12-31")
    assert first["review"]["hit"]["party"]["id"] == HERON  # the machine's answer in full
    assert not local.services.record.verify().faults


def test_a_limit_cuts_what_is_shown_and_nothing_else(local):
    """A dismissed first candidate must not hide the open ones behind it, nor the count of all."""
    filled(party("us.entity-list", "el-79", "Night Heron Imaging Services Co., Ltd.", countries=("CN",)))
    every = local.post("/api/v1/screen", json={"queries": [QUERY]}).json()
    (whole,) = every["answers"]
    assert whole["total"] == len(whole["screened"]["hits"]) > 1
    assert whole["cut"] is False
    first = whole["screened"]["hits"][0]["party"]["id"]
    decided(local, {**DISMISS, "entry": first})
    cut = local.post("/api/v1/screen", json={"queries": [QUERY], "limit": 1}).json()
    (one,) = cut["answers"]
    assert [hit["party"]["id"] for hit in one["screened"]["hits"]] == [first]
    assert [state["state"] for state in one["standings"]] == ["dismissed"]
    assert (one["total"], one["cut"]) == (whole["total"], True)
    assert cut["exit_code"] == every["exit_code"] == 20


def test_pages_of_them(local):
    filled()
    for _ in range(3):
        decided(local, DISMISS)
    decided(local, {**DISMISS, "query": {**QUERY, "id": "C-2"}})
    page = local.get(PATH, params={"limit": 2}).json()
    assert ([one["number"] for one in page["records"]], page["next"]) == ([1, 2], "2")
    page = local.get(PATH, params={"cursor": "2", "reference": "C-1"}).json()
    assert ([one["number"] for one in page["records"]], page["next"]) == ([3], "")
    assert local.get(PATH, params={"party": "us.sdn/1"}).json()["records"] == []


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({**DISMISS, "reason": " "}, "reason"),
        ({**CONFIRM, "reason": ""}, "reason"),
        ({**DISMISS, "expires": ""}, "expires"),
        ({**DISMISS, "expires": "2001-01-01"}, "expires"),
        ({**CONFIRM, "expires": "2999-12-31"}, "expires"),
        ({**CONFIRM, "entry": "us.sdn/1"}, "ENTRY"),
        ({**CONFIRM, "query": None}, "query"),
        ({"verdict": "undo", "number": 7, "reason": "x"}, "number"),
        ({"verdict": "approve", "number": 7}, "number"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(local, body, path):
    filled()
    answer = local.post(PATH, json=body)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, path)
    assert local.get(PATH).json()["records"] == []
    assert list(local.services.record.entries(kinds=["hit"])) == []


def test_a_second_person_approves(team):
    client, who = team
    decided(client, DISMISS, **who["ann"])
    body = {"verdict": "approve", "number": 1}
    assert client.post(PATH, json=body, headers=who["ann"]).status_code == 403
    assert client.post(PATH, json=body, headers=who["vi"]).status_code == 403
    made = decided(client, body, **who["bo"])["record"]
    assert (made["decided_by"], made["approved_by"], made["verdict"]) == ("ann", "bo", "dismiss")
    again = client.post(PATH, json={"verdict": "approve", "number": 2}, headers=who["bo"])
    assert (again.status_code, "has been approved" in again.text) == (422, True)
    old = client.post(PATH, json={"verdict": "undo", "number": 1, "reason": "x"}, headers=who["ann"])
    assert (old.status_code, "took its place" in old.text) == (422, True)  # else its approval would still clear
    decided(client, DISMISS, **who["bo"])
    own = client.post(PATH, json={"verdict": "approve", "number": 3}, headers=who["bo"])
    assert (own.status_code, "somebody else" in own.text) == (422, True)
    assert [one.actor for one in client.services.record.entries(kinds=["hit"])] == ["ann", "bo", "bo"]


def test_nobody_approves_what_no_longer_holds(team):
    client, who = team
    decided(client, DISMISS, **who["ann"])
    with Store(Desk().store.path) as store:
        moved = party("us.entity-list", "el-77", "Night Heron Imaging Co., Ltd.", countries=("HK",))
        store.add_all([Incoming("us.entity-list", [moved], today(), today())])
    answer = client.post(PATH, json={"verdict": "approve", "number": 1}, headers=who["bo"])
    assert (answer.status_code, "no longer holds" in answer.text) == (422, True), answer.text


def test_what_cannot_be_recorded_does_not_hold(local, monkeypatch):
    filled()

    def full(*_, **__):
        raise RecordError("the disk is full: not recorded")

    monkeypatch.setattr(Record, "decide_hit", full)
    assert local.post(PATH, json=DISMISS).status_code == 503
    assert standing(local) == "open"


def test_a_decision_on_a_hit_belongs_to_a_case(local):
    filled()
    n = keep(local)
    entry = decided(local, {**DISMISS, "decision": n})["entry"]
    assert [one.n for one in local.services.record.case(n).later] == [entry]
    assert local.post(PATH, json={**DISMISS, "decision": 999}).status_code == 404
    assert len(local.get(PATH).json()["records"]) == 1


def test_the_command_line_enters_them_where_asked(own_place, monkeypatch):
    filled()
    asked = f'"Night Heron Imaging" {HERON} --reference C-1 --by jd --on {today()} --known {today()}'
    command = f"exeat hits dismiss {asked} --reason r --expires 2999-01-01"
    assert run(command)[1] == 0
    with Record() as record:
        assert list(record.entries(kinds=["hit"])) == []
    printed, code = run(f"{command} --record")
    assert (code, "recorded as entry 2" in printed) == (0, True), printed
    monkeypatch.setenv("EXEAT_RECORD_URL", f"sqlite:///{own_place / 'other.db'}")
    assert run("exeat hits undo 2 --by jd --reason wrong")[1] == 0
    with Record() as record:
        assert [one.data()["outcome"] for one in record.entries(kinds=["hit"])] == ["open"]
    printed, code = run(f"exeat hits confirm {asked} --record")
    assert (code, "say why" in printed) == (2, True)
    with pytest.raises(InputError, match="no such decision"):
        Desk().reviews.undo(4, by="jd", at="2026-11-20T09:00:00+00:00", reason="there is no fourth")


def test_the_pack_over_rest(start, tokens):
    client = start(TEAM)
    viewer = bearer(tokens("viewer", "auditor"))
    n = keep(client, **bearer(tokens("analyst", "ann")))
    answer = client.get(f"/api/v1/decisions/{n}/pack", params={"lang": "zh"}, headers=viewer)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"answer.zh.html", "verify.py", "manifest.json"} <= set(archive.namelist())
    last = list(client.services.record.entries(kinds=["read"]))[-1]
    assert (last.actor, last.data()["what"].startswith("pack sha256:")) == ("auditor", True)
    assert client.get("/api/v1/decisions/999/pack", headers=viewer).status_code == 404
    assert client.get(f"/api/v1/decisions/{n}/pack", params={"to": 1}, headers=viewer).status_code == 422
