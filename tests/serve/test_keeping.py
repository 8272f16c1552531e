"""Impact, clocks, events, holds and disposal over REST."""

from __future__ import annotations

import msgspec
import pytest

from exeat.decide.engine import today
from exeat.record import retention
from exeat.record.ledger import Filter
from exeat.record.rerun import Runner
from tests.serve.lists import filled
from tests.serve.parts import TEAM, YAML, bearer, keep

OPEN = f"""
title: Cameras for a buyer
act: {{on: {today()}}}
activity: supply
parties: [{{id: buyer, role: buyer, name: Night Heron Imaging}}]
places: [{{role: from, is: US}}, {{role: to, is: CN}}]
"""
IMPACT, DUE = "/api/v1/record/impact", "/api/v1/record/due"


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    return answer.json()


def kinds(client, n):
    return [one.kind for one in client.services.record.case(n).later]


# --- impact


def test_nothing_has_moved_under_the_same_law(local):
    numbers = [keep(local) for _ in range(3)]
    found = local.get(IMPACT).json()
    assert (found["impacts"], found["asked"], found["differ"], found["failed"]) == ([], 3, 0, 0)
    assert found["edition"] == local.services.book.hash
    shown = local.get(f"{IMPACT}?unmoved=true").json()["impacts"]
    assert [one["n"] for one in shown] == numbers[::-1]
    assert all(one["rerun"]["same"] and one["rerun"]["decision"] is None for one in shown)


def test_what_todays_law_moves_is_told_page_by_page(local, monkeypatch):
    """Asked with what was known before the measure that they rest on."""
    numbers = [keep(local) for _ in range(5)]
    runner = Runner(local.services.record, local.services.engine, "2016-01-01")
    monkeypatch.setattr(local.services, "runner", lambda: runner)
    seen, cursor = [], ""
    while True:
        page = local.get(f"{IMPACT}?limit=2{cursor}").json()
        assert page["differ"] == page["asked"] == len(page["impacts"])
        seen += [one["n"] for one in page["impacts"]]
        if not page["next"]:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == numbers[::-1]
    assert page["impacts"][0]["rerun"]["difference"]["headline"]
    assert local.get(f"{IMPACT}?open=true").json()["asked"] == 0


def test_lists_that_moved_are_told_when_it_screens_again(local):
    n = keep(local, OPEN)
    assert local.get(IMPACT).json()["differ"] == 0
    without = local.get(f"{IMPACT}?screen=true").json()
    assert (without["failed"], without["impacts"][0]["rerun"]["same"]) == (1, None)
    assert "cannot be screened again" in without["impacts"][0]["rerun"]["says"]
    filled()
    found = local.get(f"{IMPACT}?screen=true").json()
    (moved,) = found["impacts"]
    assert (moved["n"], found["listed"], moved["rerun"]["same"]) == (n, 1, True)  # open before and after; still told
    hit = {"id": "buyer", "what": "candidates", "before": "", "after": "us.ear.entity-list/el-77"}
    assert moved["rerun"]["hits"] == [hit]
    again = local.post(f"/api/v1/decisions/{n}/rerun?law=today&screen=true").json()
    assert again["hits"] == [hit]
    screened = local.post("/api/v1/decide?keep=true&screen=true", content=OPEN, headers=YAML)
    later = int(screened.headers["location"].rpartition("/")[2])
    shown = local.get(f"{IMPACT}?screen=true").json()["impacts"]
    assert [one["n"] for one in shown] == [n], f"{later} was screened on these very lists"
    assert problem(local.post(f"/api/v1/decisions/{n}/rerun?screen=true"), 422)["errors"][0]["path"] == "screen"


def test_a_party_that_nobody_could_look_for_is_counted(local):
    filled()
    keep(local, OPEN.replace(", name: Night Heron Imaging", ""))
    found = local.get(f"{IMPACT}?screen=true&unmoved=true").json()
    assert (found["unscreened"], found["impacts"][0]["rerun"]["not_screened"]) == (1, ["buyer"])


# --- clocks, events, holds, disposal


@pytest.fixture
def over(monkeypatch):
    """A day long after every period."""
    monkeypatch.setattr(retention, "today", lambda: "2099-01-01")


def test_clocks(local):
    n = keep(local)
    assert local.get(DUE).json() == {"clocks": [], "looked": 1, "due": 0, "next": ""}
    (running,) = local.get(f"{DUE}?running=true").json()["clocks"]
    assert (running["n"], running["due"], running["kept_by"]) == (n, False, ["period"])
    (due,) = local.get(f"{DUE}?on=2099-01-01").json()["clocks"]
    assert (due["n"], due["due"]) == (n, True)
    assert problem(local.get(f"{DUE}?on=2099-02-30"), 422)


def test_clocks_come_in_pages(local):
    numbers = [keep(local) for _ in range(3)]
    first = local.get(f"{DUE}?running=true&limit=2").json()
    second = local.get(f"{DUE}?running=true&limit=2&cursor={first['next']}").json()
    assert [one["n"] for one in (*first["clocks"], *second["clocks"])] == numbers[::-1]
    assert second["next"] == ""


def test_an_event_moves_the_clock_and_a_request_stops_it(local):
    n = keep(local)
    before = local.get(f"/api/v1/decisions/{n}/retention").json()["until"]
    made = local.post(f"/api/v1/decisions/{n}/events", json={"what": "reexport", "on": "2040-02-01"})
    assert (made.status_code, made.json()["kind"]) == (201, "event")
    assert local.get(f"/api/v1/decisions/{n}/retention").json()["until"] > before
    local.post(f"/api/v1/decisions/{n}/events", json={"what": "request", "on": "2026-01-01", "text": "letter 7"})
    assert "request" in local.get(f"/api/v1/decisions/{n}/retention").json()["kept_by"]
    for body in ({"what": "never", "on": "2026-01-01"}, {"what": "done", "on": "1 May"}, {"what": "done"}):
        problem(local.post(f"/api/v1/decisions/{n}/events", json=body), 422)
    problem(local.post("/api/v1/decisions/999/events", json={"what": "done", "on": "2026-01-01"}), 404)


def test_nothing_is_disposed_of_early(local):
    n = keep(local)
    told = problem(local.post(f"/api/v1/decisions/{n}/dispose", json={"reason": "tidy"}), 409)
    assert "may not be disposed of yet" in told["detail"]
    assert told["errors"][0]["found"] == "period"
    assert kinds(local, n) == []


def test_disposal_takes_the_bodies_and_leaves_the_chain(local, over):
    n = keep(local)
    local.post(f"/api/v1/decisions/{n}/notes", json={"text": "about the buyer"})
    made = local.post(f"/api/v1/decisions/{n}/dispose", json={"reason": "period over"})
    assert (made.status_code, made.json()["kind"]) == (201, "disposed")
    case = local.services.record.case(n)
    assert (case.kept, case.later[0].body) == (None, None)
    assert local.get("/api/v1/record/verify").json()["faults"] == []
    problem(local.post(f"/api/v1/decisions/{n}/dispose", json={"reason": "again"}), 409)
    problem(local.post(f"/api/v1/decisions/{keep(local)}/dispose", json={"reason": " "}), 422)
    problem(local.post("/api/v1/decisions/999/dispose", json={"reason": "x"}), 404)


def test_a_hold_keeps_until_it_is_lifted(local, over):
    n, other = keep(local), keep(local)
    place = f"/api/v1/decisions/{n}"

    def held(word):
        return [one["n"] for one in local.get(f"/api/v1/decisions?held={word}").json()["decisions"]]

    assert (held("true"), held("false")) == ([], [other, n])
    local.post(f"{place}/hold", json={"reason": "subpoena 7"})
    assert (held("true"), held("false")) == ([n], [other])
    problem(local.post(f"{place}/dispose", json={"reason": "period over"}), 409)
    local.post(f"{place}/hold", json={"reason": "case closed", "lift": True})
    assert (held("true"), local.services.record.count(Filter(held=False))) == ([], 2)
    assert local.post(f"{place}/dispose", json={"reason": "period over"}).status_code == 201


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("events", {"what": "done", "on": "2026-01-01"}, "event"),
        ("hold", {"reason": "subpoena 7"}, "hold"),
        ("notes", {"text": "a note"}, "note"),
        ("dispose", {"reason": "period over"}, "disposed"),
    ],
)
def test_a_key_enters_once(local, over, path, body, kind):
    n = keep(local)
    place, key = f"/api/v1/decisions/{n}/{path}", {"idempotency-key": "k-1"}
    first, second = (local.post(place, json=body, headers=key) for _ in range(2))
    assert (first.status_code, second.headers.get("idempotency-replayed")) == (201, "true")
    assert first.content == second.content
    assert kinds(local, n) == [kind]
    changed = local.post(place, json={**body, next(iter(body)): "other"}, headers=key)
    assert problem(changed, 422)["errors"][0]["path"] == "Idempotency-Key"


def test_the_record_itself_knows_the_key(local):
    """Where the service fell between writing the entry and keeping the answer."""
    n = keep(local)
    record = local.services.record
    for enter in (
        lambda: record.hold(n, "subpoena", by="Bo", key="a"),
        lambda: record.note(n, "text", by="Bo", key="b"),
        lambda: record.event(n, "done", "2026-01-01", by="Bo", key="c"),
    ):
        assert enter() == enter()


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("viewer", {DUE}), ("analyst", {DUE, IMPACT, "events"}), ("approver", {DUE, IMPACT, "events", "hold"}),
     ("admin", {DUE, IMPACT, "events", "hold", "dispose"})],
)  # fmt: skip
def test_roles(start, tokens, over, role, allowed):
    client = start(TEAM)
    n = keep(client, **bearer(tokens("admin")))
    client.headers.update(bearer(tokens(role)))
    answers = {path: client.get(path) for path in (IMPACT, DUE)}
    bodies = {"events": {"what": "done", "on": "2026-01-01"}, "hold": {"reason": "x", "lift": True},
              "dispose": {"reason": "period over"}}  # fmt: skip
    for path, body in bodies.items():
        answers[path] = client.post(f"/api/v1/decisions/{n}/{path}", json=body)
    assert {path for path, one in answers.items() if one.status_code in (200, 201)} == allowed
    assert all(one.status_code == 403 for path, one in answers.items() if path not in allowed)


def test_every_look_is_entered(local):
    keep(local)
    for path in (IMPACT, DUE):
        before = local.services.record.head().n
        local.get(path)
        (entered,) = local.services.record.entries(("read",), before)
        assert (entered.actor, bool(msgspec.json.decode(entered.body)["what"])) == ("local", True)
    assert local.post("/api/v1/decide", content=OPEN, headers=YAML).status_code == 200
