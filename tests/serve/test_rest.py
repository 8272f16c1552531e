"""REST: the same answers as the engine's own, errors that say where, keys, pages, languages, uploads."""

from __future__ import annotations

import json
import time

import msgspec
import pytest

from exeat.decide.decision import EXIT_CODES
from exeat.decide.engine import Options, today
from exeat.review.cases import load_cases
from exeat.rulebook.load import shipped_law
from exeat.serve import api
from exeat.serve.api.deciding import read, verdict
from exeat.serve.api.openapi import document, routes
from exeat.serve.api.record import Override
from exeat.serve.publish import PAGE, page
from tests.serve.parts import DEAL, EXAMPLES, JSON, OPEN_DEAL, YAML, as_json, keep


def decide(client, text, query="", **headers):
    return client.post(f"/api/v1/decide{query}", content=text, headers={**YAML, **headers})


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.yaml"))[::6], ids=lambda path: path.stem)
def test_the_answer_is_the_engines_own_to_the_letter(local, engine, path):
    text = path.read_text(encoding="utf-8")
    transaction = read(local.services, text.encode(), "application/yaml")
    for form, options in (
        ("full", Options(today())),
        ("explained", Options(today(), outlook=False)),
        ("verdict", Options(today(), explain=False, outlook=False)),
    ):
        decision = engine.decide(transaction, options)
        expected = verdict(decision) if form == "verdict" else decision
        assert decide(local, text, f"?body={form}").content == msgspec.json.encode(expected)


def test_the_short_answer_is_that_of_the_whole_one(engine):
    """Over every case of the law, under each option: nothing but what `Verdict` leaves out may differ."""
    told = [
        Options(today(), outlook=False),
        Options("2020-09-18", outlook=False),
        Options(today(), strict=True, outlook=False),
        Options(today(), only=("us.apps",), without=("courts",), outlook=False),
    ]
    cases = load_cases(engine.book, [shipped_law()])
    assert len(cases) > 300
    seen = set()
    for case in cases:
        for options in told:
            whole = engine.decide(case.transaction, options)
            assert verdict(engine.brief(case.transaction, options)) == verdict(whole)
            seen.add(whole.verdict)
    assert {"prohibited", "undetermined", "not_in_effect", "out_of_coverage", "licence_required"} <= seen


def test_json_and_yaml_say_the_same(local):
    sent = local.post("/api/v1/decide", content=as_json(), headers=JSON)
    assert sent.status_code == 200
    assert sent.content == decide(local, DEAL).content


def test_a_short_answer_is_never_without_its_days_and_what_was_not_checked(local):
    found = decide(local, DEAL, "?body=verdict").json()
    assert found["coverage"]["not_checked"]
    assert found["on"] == "2018-04-16"
    assert found["known"] == today()


def test_options_reach_the_engine(local):
    found = decide(local, DEAL, "?body=verdict&on=2018-04-01&known=2018-04-10&only=us.apps&strict=true").json()
    assert (found["on"], found["known"], found["strict"]) == ("2018-04-01", "2018-04-10", True)
    assert found["hypothetical"] == ["only us.apps"]
    assert found["exit_code"] != 0


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("?known=2020-02-30", "known"),
        ("?known=x", "known"),
        ("?strict=yes", "strict"),
        ("?body=short", "body"),
        ("?only=nowhere", "only"),
        ("?without=nothing", "without"),
        ("?knwon=2020-01-01", "knwon"),
        ("?known=2020-01-01&known=2020-01-02", "known"),
        ("?follows=3", "follows"),
        ("?on=2020-01-01%00", "on"),
    ],
)
def test_a_wrong_parameter_is_refused_and_named(local, query, path):
    answer = decide(local, DEAL, query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [one["path"] for one in answer.json()["errors"]] == [path]


def test_faults_of_a_document_say_line_place_found_and_hint(local):
    answer = decide(local, "act: {on: 2020-08-29}\nactivity: supplyy\npartys: []\n")
    problem = answer.json()
    assert answer.status_code == problem["status"] == 422
    assert problem["type"] == "urn:exeat:problem:bad-input"
    found = {one["path"]: one for one in problem["errors"]}
    assert found["partys"]["line"] == 3
    assert "parties" in found["partys"]["hint"]
    (wrong,) = decide(local, "act: {on: 2020-08-29}\nactivity: supplyy\n").json()["errors"]
    assert (wrong["path"], wrong["found"], wrong["line"]) == ("activity", "supplyy", 2)
    assert "supply" in wrong["hint"]


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"", "application/json", 400),
        (b"\xff\xfe", "application/json", 422),
        (b"{", "application/json", 422),
        (b"act: {on: 2020-08-29}", "application/json", 422),  # YAML is not JSON
        (b"null", "application/json", 422),
        (b"[]", "application/json", 422),
        (b'{"act": {"on": null}}', "application/json", 422),
        (b'{"act": {"on": "2020-08-29"}, "act": {}}', "application/json", 422),
        (b"a: &a [*a, *a]", "application/yaml", 422),
        (b"a: !!python/object/apply:os.system [id]", "application/yaml", 422),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b'{"title": "a\\u0000b", "act": {"on": "2020-08-29"}}', "application/json", 422),
        (b'{"title": "\\ud800", "act": {"on": "2020-08-29"}}', "application/json", 422),
        (b"x", "text/plain", 415),
        (b"x", "application/zip", 415),
        (b"{}", "application/json; charset=utf-16", 415),
    ],
)
def test_hostile_bodies_are_refused_in_words(local, body, media, status):
    answer = local.post("/api/v1/decide", content=body, headers={"content-type": media})
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]


def test_what_cannot_be_found_or_done_is_said(local):
    assert local.get("/api/v1/nothing").status_code == 404
    assert local.get("/api/v1/law/things/nothing").status_code == 404
    refused = local.put("/api/v1/decide")
    assert refused.status_code == 405
    assert "POST" in refused.headers["allow"]
    for answer in (local.get("/api/v1/nothing"), refused):
        assert answer.headers["content-type"] == "application/problem+json"


# --- keys


def test_a_key_gives_the_first_answer_again_and_records_once(local):
    first = decide(local, DEAL, "?keep=true", **{"idempotency-key": "k1"})
    again = decide(local, DEAL, "?keep=true", **{"idempotency-key": "k1"})
    other = decide(local, DEAL, "?keep=true", **{"idempotency-key": "k2"})
    assert first.status_code == again.status_code == 201
    assert (first.content, first.headers["location"]) == (again.content, again.headers["location"])
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert other.headers["location"] != first.headers["location"]
    assert local.services.record.count() == 2


def test_a_key_is_for_one_request(local):
    decide(local, DEAL, "?keep=true", **{"idempotency-key": "k"})
    assert decide(local, OPEN_DEAL, "?keep=true", **{"idempotency-key": "k"}).status_code == 422
    assert decide(local, DEAL, "?keep=true&strict=true", **{"idempotency-key": "k"}).status_code == 422
    assert local.services.record.count() == 1


def test_a_key_in_use_is_told_and_a_failed_one_is_free(local):
    access = local.services.access
    assert access.begin("place", "asked") is None
    assert access.begin("place", "asked").status == 0
    access.end("place", 503, [], b"")
    assert access.begin("place", "asked") is None


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "a b"])
def test_a_key_that_is_none(local, key):
    answer = decide(local, DEAL, "", **{"idempotency-key": key})
    assert answer.status_code == 400


# --- the record


def test_a_kept_decision_is_found_whole(local):
    n = keep(local)
    case = local.get(f"/api/v1/decisions/{n}").json()
    assert case["summary"]["machine"] == "prohibited"
    assert case["kept"]["answer"]["verdict"] == "prohibited"
    assert case["kept"]["answer"]["hash"] == decide(local, DEAL, "?body=explained").json()["hash"]


def test_what_people_conclude_stands_beside_the_answer(local):
    n = keep(local)
    said = local.post(f"/api/v1/decisions/{n}/override", json={"verdict": "licence_required", "reason": "counsel"})
    assert said.status_code == 201
    case = local.get(f"/api/v1/decisions/{n}").json()
    assert (case["summary"]["machine"], case["summary"]["concluded"]) == ("prohibited", "licence_required")
    for path, body in (("confirm", {"facts": [{"path": "a", "value": "b"}]}), ("notes", {"text": "x"}),
                       ("hold", {"reason": "court"})):  # fmt: skip
        assert local.post(f"/api/v1/decisions/{n}/{path}", json=body).status_code == 201, path
    kinds = [one["kind"] for one in local.get(f"/api/v1/decisions/{n}").json()["later"]]
    assert {"override", "confirmation", "note", "hold", "read"} <= set(kinds)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("override", {"verdict": "fine", "reason": "x"}, 422),
        ("override", {"verdict": "prohibited", "reason": " "}, 422),
        ("override", {"verdict": "prohibited"}, 422),
        ("override", {"verdict": "prohibited", "reason": "x", "more": 1}, 422),
        ("confirm", {"facts": []}, 422),
        ("notes", {"text": ""}, 422),
        ("notes", [], 422),
    ],
)
def test_what_is_no_conclusion_is_not_entered(local, path, body, status):
    n = keep(local)
    before = local.services.record.head().n
    assert local.post(f"/api/v1/decisions/{n}/{path}", json=body).status_code == status
    assert local.services.record.head().n == before


def test_every_look_at_the_record_is_entered(local):
    n = keep(local)
    looks = ["/api/v1/decisions", f"/api/v1/decisions/{n}", f"/api/v1/decisions/{n}/retention",
             "/api/v1/record/verify", "/api/v1/record/head", "/api/v1/record/export"]  # fmt: skip
    for path in looks:
        before = local.services.record.head().n
        assert local.get(path).status_code == 200, path
        (entered,) = local.services.record.entries(("read",), before)
        assert entered.actor == "local"


def test_asking_again(local):
    n = keep(local)
    own = local.post(f"/api/v1/decisions/{n}/rerun").json()
    assert (own["law"], own["same"]) == ("own", True)
    assert local.post(f"/api/v1/decisions/{n}/rerun?law=today").json()["law"] == "today"
    assert local.post("/api/v1/decisions/99999/rerun").status_code == 404


def test_pages_hold_every_decision_once(local):
    numbers = [keep(local) for _ in range(5)]
    seen, cursor = [], ""
    while True:
        page = local.get(f"/api/v1/decisions?limit=2{cursor}")
        seen += [one["n"] for one in page.json()["decisions"]]
        if not page.json()["next"]:
            assert "link" not in page.headers
            break
        assert page.json()["next"] in page.headers["link"]
        cursor = f"&cursor={page.json()['next']}"
    assert seen == sorted(numbers, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "bjA", "bi0x", "!!", "a" * 300])
def test_a_cursor_that_no_page_gave(local, cursor):
    assert local.get("/api/v1/decisions", params={"cursor": cursor}).status_code == 422


def test_filters(local):
    n = keep(local)
    assert [one["n"] for one in local.get("/api/v1/decisions?verdict=prohibited").json()["decisions"]] == [n]
    assert local.get("/api/v1/decisions?verdict=authorised").json()["decisions"] == []
    assert local.get("/api/v1/decisions?open=true").json()["decisions"] == []
    assert local.get("/api/v1/decisions?limit=0").status_code == 422


def test_the_words_of_an_override_are_the_engines():
    (field,) = [one for one in msgspec.structs.fields(Override) if one.name == "verdict"]
    assert set(field.type.__args__) == set(EXIT_CODES)


# --- the law


def test_the_law_as_of_a_day_and_between_two(local):
    standing = {one["rule"]: one for one in local.get("/api/v1/law/as-of?on=2020-09-21&regime=us.apps").json()}
    assert standing["us.wechat-2020.3"]["status"] == "enjoined"
    before = local.get("/api/v1/law/as-of?on=2020-09-21&known=2020-09-18").json()
    assert {one["rule"]: one["status"] for one in before}["us.wechat-2020.3"] == "in force"
    moved = local.get("/api/v1/law/diff?first=2020-09-19&second=2020-09-21").json()
    assert "us.wechat-2020.3" in {one["id"] for one in moved}


def test_coverage_names_every_regime_and_every_gap(local, book):
    found = local.get("/api/v1/coverage").json()
    assert {one["regime"] for one in found["regimes"]} == set(book.regimes)
    assert sum(len(one["not_covered"]) for one in found["regimes"]) == sum(len(r.gaps) for r in book.regimes.values())


def test_the_language_is_the_readers(local):
    english = local.get("/api/v1/law").json()
    chinese = local.get("/api/v1/law", headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.1"}).json()
    assert english != chinese
    assert local.get("/api/v1/law", headers={"accept-language": "de, en;q=0.2"}).json() == english


# --- many


def wait(client, job):
    for _ in range(200):
        found = client.get(f"/api/v1/jobs/{job}").json()
        if found["state"] not in ("waiting", "running"):
            return found
        time.sleep(0.02)
    raise AssertionError(found)


def test_a_job_answers_every_row_and_drops_none(local):
    body = f"{as_json()}\n\n{{\n{as_json(OPEN_DEAL)}\n"
    begun = local.post("/api/v1/jobs", content=body, headers={"content-type": "application/x-ndjson"})
    assert begun.status_code == 202
    job = begun.json()["id"]
    assert begun.headers["location"] == f"/api/v1/jobs/{job}"
    done = wait(local, job)
    assert (done["state"], done["total"], done["done"], done["failed"]) == ("done", 3, 3, 1)
    lines = [json.loads(line) for line in local.get(f"/api/v1/jobs/{job}/results").text.splitlines()]
    assert [line["line"] for line in lines] == [1, 3, 4]
    assert lines[0]["decision"] == decide(local, DEAL, "?body=verdict").json()
    assert "decision" not in lines[1]
    assert lines[1]["errors"]
    assert sum(done["verdicts"].values()) == 2
    events = local.get(f"/api/v1/jobs/{job}/events")
    assert events.headers["content-type"].startswith("text/event-stream")
    assert json.loads(events.text.split("data: ")[-1])["state"] == "done"


def test_a_table_of_transactions(local):
    body = "act.on,activity,items.0.id,places.0.id\n2020-08-29,supply,chip,\n2020-08-29,supplyy,,\n2020-08-29\n"
    job = local.post("/api/v1/jobs", content=body, headers={"content-type": "text/csv"}).json()["id"]
    assert wait(local, job)["failed"] == 2
    lines = [json.loads(line) for line in local.get(f"/api/v1/jobs/{job}/results").text.splitlines()]
    same = "act: {on: 2020-08-29}\nactivity: supply\nitems: [{id: chip}]\n"
    assert lines[0]["decision"] == decide(local, same, "?body=verdict").json()
    assert [bool(line.get("errors")) for line in lines] == [False, True, True]


def test_a_job_that_records(local):
    body = f"{as_json()}\n{as_json()}\n"
    job = local.post("/api/v1/jobs?keep=true", content=body, headers={"content-type": "application/x-ndjson"}).json()
    wait(local, job["id"])
    lines = [json.loads(line) for line in local.get(f"/api/v1/jobs/{job['id']}/results").text.splitlines()]
    assert len({line["record"] for line in lines}) == local.services.record.count() == 2


def test_a_job_whose_worker_died_says_so(local, monkeypatch):
    body = as_json().encode()
    job = local.post("/api/v1/jobs", content=body, headers={"content-type": "application/x-ndjson"}).json()["id"]
    wait(local, job)
    path = api.jobs._place(job) / "job.json"
    kept = msgspec.json.decode(path.read_bytes(), type=api.jobs.Job)
    kept.state, kept.beat = "running", time.time() - 100
    path.write_bytes(msgspec.json.encode(kept))
    assert local.get(f"/api/v1/jobs/{job}").json()["state"] == "interrupted"


@pytest.mark.parametrize("job", ["0" * 32, "../../etc/passwd", "x"])
def test_no_such_job(local, job):
    assert local.get(f"/api/v1/jobs/{job}").status_code in (404, 422)


# --- reading


def test_a_document_is_read(local):
    text = "WASHINGTON, 18 September 2020. The Department of Commerce announced that it will prohibit WeChat."
    (found,) = local.post("/api/v1/read?name=note", content=text, headers={"content-type": "text/plain"}).json()
    assert found["id"] == "note"
    assert found["times"]


@pytest.mark.parametrize("body", [b"PK\x03\x04aaa", b"\x1f\x8bxx", b"%PDF-1.7", b"\x7fELF", b"a\x00b"])
def test_no_archive_program_or_picture_comes_in(local, body):
    answer = local.post("/api/v1/read", content=body, headers={"content-type": "text/plain"})
    assert answer.status_code == 415


# --- the document


def test_every_route_is_documented_and_every_reference_resolves(book):
    found = document(book)
    text = json.dumps(found)
    assert found["openapi"] == "3.1.0"
    assert len(routes()) == len(api.ROUTES)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(found["components"]["schemas"])
    ids = [one["operationId"] for path in found["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids))


def test_the_reference_page_is_of_these_routes():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m exeat.serve.publish"
