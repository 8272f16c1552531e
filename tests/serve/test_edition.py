"""Another edition of the law while the service runs: it answers only when it is whole and sound, and nothing under way
is answered by two.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from exeat import home
from exeat.decide.engine import Engine
from exeat.errors import InputError, InputErrors
from exeat.record.rerun import Runner
from exeat.serve import edition
from exeat.serve.api import jobs
from exeat.serve.app import create_app
from exeat.serve.config import Config
from exeat.serve.services import Services
from tests.serve.parts import LOCAL, YAML, bearer
from tests.test_home import BASE, EXTRA

DEAL = (BASE / "transaction.txt").read_text(encoding="utf-8")
HOUR = 3600.0


@pytest.fixture
def own(own_place, monkeypatch):
    """The overlay of a service over the tiny law."""
    monkeypatch.setattr(home, "shipped_law", lambda: BASE)
    return own_place / "home" / "law"


@pytest.fixture
def served(own):
    """A service that looks at the law only when the test says so."""
    services = Services(Config(agents=False, watch=HOUR))
    with TestClient(create_app(services.config, services), base_url=LOCAL, raise_server_exceptions=False) as client:
        client.services = services
        yield client


def write(folder: Path, text: str = EXTRA) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "order.yaml").write_text(text, encoding="utf-8")


def asked(client, **query):
    found = client.post("/api/v1/decide", params=query, content=DEAL, headers=YAML)
    assert found.status_code in (200, 201), found.text
    return found.json()


def law(client):
    return client.get("/api/v1/rulebook").json()


def test_a_new_edition_answers_and_the_ledger_notes_it(served, own):
    before, state = asked(served), law(served)
    write(own)
    assert served.services.law.look() is False  # it may still be being copied
    assert asked(served) == before
    assert served.services.law.look() is True
    after = asked(served)
    assert (before["overlays"], after["overlays"]) == ([], ["law"])
    now = law(served)
    assert (now["hash"] != state["hash"], now["since"] > state["since"], now["fault"]) == (True, True, None)
    noted = [one.data() for one in served.services.record.entries(("versions",))]
    assert [(one["edition"], one["kept"]) for one in noted] == [(now["hash"], True)]
    assert served.services.law.look() is False


def test_files_that_go_on_changing_wait(served, own):
    write(own)
    for n in range(3):
        assert served.services.law.look() is False
        write(own, EXTRA + f"# {n}\n" * (n + 1))
    served.services.law.look()
    assert served.services.law.look() is True


def test_an_edition_that_changes_while_it_is_read_is_not_taken(served, own, monkeypatch):
    before = law(served)["hash"]
    write(own)
    real = edition.ready_book

    def slow(*given):
        book = real(*given)
        write(own, EXTRA + "# a second file was about to come\n")
        return book

    monkeypatch.setattr(edition, "ready_book", slow)
    assert served.services.law.reload().hash == before
    monkeypatch.setattr(edition, "ready_book", real)
    served.services.law.look()
    assert served.services.law.look() is True


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (EXTRA.replace("effect: prohibited", "effect: forbidden"), "effect"),
        (EXTRA.replace("item.kind: book", "item.kind: [book"), ""),
        (EXTRA.replace("effect: prohibited", "defeats: base.order.1\n    relief: exempt"), "may not relax"),
        ("\x00", ""),
    ],
)
def test_a_faulty_edition_does_not_answer(served, own, caplog, text, says):
    before, state = asked(served), law(served)
    write(own, text)
    served.services.law.look()
    assert served.services.law.look() is False
    assert asked(served) == before
    assert served.get("/healthz").json() == {"status": "ok", "law": "faulty"}
    assert served.get("/readyz").json()["status"] == "ok"
    now = law(served)
    fault = now.pop("fault")
    assert now == {key: value for key, value in state.items() if key != "fault"}
    assert [one["file"] for one in fault["says"]] == ["law/order.yaml"] * len(fault["says"])
    assert says in str(fault["says"])
    assert "the law's files are faulty" in caplog.text
    for lang, words in (("en", "The law's files are faulty"), ("zh", "法律文件有错误")):
        page = served.get("/coverage", headers={"accept-language": lang})
        assert words.replace("'", "&#39;") in page.text
        assert "law/order.yaml" in page.text
    write(own)
    served.services.law.look()
    assert served.services.law.look() is True
    assert served.get("/healthz").json() == {"status": "ok", "law": "current"}
    assert "law/order.yaml" not in served.get("/coverage").text


def test_the_old_files_put_back_end_the_fault(served, own):
    write(own, "measure: x\n")
    assert served.services.law.reload().fault
    shutil.rmtree(own)
    state = served.services.law.reload()
    assert (state.fault, state.overlays) == (None, ())


def test_law_that_is_gone_leaves_the_old_answering(served, own):
    own.parent.mkdir(exist_ok=True)
    own.write_text("no folder", encoding="utf-8")
    before = asked(served)
    assert "no such law folder" in served.services.law.reload().fault.says[0].problem
    assert asked(served) == before


def test_a_fault_of_exeats_own_in_compiling_leaves_the_old_answering(served, own, monkeypatch):
    before = asked(served)
    write(own)

    def fails(book):
        raise RuntimeError("not known to anybody")

    monkeypatch.setattr(edition, "Engine", fails)
    assert "cannot be compiled" in served.services.law.reload().fault.says[0].problem
    assert asked(served) == before


def test_an_edition_that_the_record_cannot_note_answers_all_the_same(served, own, monkeypatch, caplog):
    """The old law would answer wrongly; a decision that is to be recorded is refused until the record can."""
    write(own)

    def full(*given, **named):
        raise InputError("the disk is full")

    monkeypatch.setattr(served.services.record, "see", full)
    assert served.services.law.reload().overlays == ("law",)
    assert "could not note the edition" in caplog.text


def test_an_administrator_asks_for_it(served, own):
    write(own)
    answered = served.post("/api/v1/rulebook/reload")
    assert (answered.status_code, answered.json()["overlays"]) == (200, ["law"])
    assert asked(served)["overlays"] == ["law"]


def test_whoever_is_asked_looks_at_once(served, own):
    """A hang-up, or another worker's administrator."""
    write(own)
    edition.ask()
    assert served.services.law.look() is True


def test_a_viewer_sees_the_state_but_not_the_files(own, tokens):
    services = Services(Config(login=True, agents=False, watch=HOUR))
    write(own, "measure: x\n")
    services.law.reload()
    with TestClient(create_app(services.config, services), base_url=LOCAL) as client:
        client.headers.update(bearer(tokens("viewer")))
        page = client.get("/coverage").text
        assert ("files are faulty" in page, "order.yaml" in page) == (True, False)
        assert client.post("/api/v1/rulebook/reload").status_code == 403
        del client.headers["authorization"]
        assert "files are faulty" not in client.get("/login").text


# --- what is under way


def test_what_is_under_way_keeps_its_edition(served, own):
    services = served.services

    async def ask():
        with services.pinned():
            before = services.book.hash
            write(own)
            await services.away(services.law.reload)
            seen = {services.book.hash, services.engine.book.hash}
            seen |= {await services.away(lambda: services.book.hash), await services.alone(lambda: services.book.hash)}
            assert seen == {before}
            assert services.folders == [BASE]
        assert services.book.hash != before

    asyncio.run(ask())


def test_a_job_is_decided_by_one_edition(served, own, monkeypatch):
    real, rows = jobs._row, []

    async def row(*given):
        rows.append(1)
        if len(rows) == 2:
            write(own)
            assert served.services.law.reload().overlays == ("law",)
        return await real(*given)

    monkeypatch.setattr(jobs, "_row", row)
    before = law(served)["hash"]
    cells = "act.on,activity\n" + "2021-01-01,send\n" * 4
    made = served.post("/api/v1/jobs?keep=true", content=cells, headers={"content-type": "text/csv"})
    place = f"/api/v1/jobs/{made.json()['id']}"
    while served.get(place).json()["state"] in ("waiting", "running"):
        pass
    lines = served.get(f"{place}/results").text.splitlines()
    assert (len(lines), len(rows)) == (4, 4)
    assert {json.loads(one)["decision"]["overlays"] == [] for one in lines} == {True}
    assert {one.data()["edition"] for one in served.services.record.entries(("decision",))} == {before}
    assert law(served)["overlays"] == ["law"]


def test_a_decision_of_the_old_edition_is_run_again_under_it(served, own):
    asked(served, keep="true")
    write(own)
    served.services.law.reload()
    n = next(iter(served.services.record.cases())).n
    runner: Runner = served.services.runner()
    assert runner.rerun(n, "own").same is True
    assert runner.rerun(n, "today").difference.law[0].what == "edition"


# --- a worker that starts while the files are faulty


def test_a_worker_that_starts_among_faulty_files_answers_by_the_last_edition(served, own):
    write(own)
    served.services.law.reload()
    before = asked(served)
    write(own, "measure: x\n")
    with pytest.raises(InputErrors):
        Services(Config(agents=False))  # whoever starts the service by hand is told
    late = Services(Config(agents=False), resume=True)
    assert late.book.hash == served.services.book.hash
    assert late.law.fault
    with TestClient(create_app(late.config, late), base_url=LOCAL) as client:
        assert asked(client) == before
        assert client.get("/healthz").json()["law"] == "faulty"


def test_a_given_engine_is_taken_as_it_is(own):
    engine = Engine(home.ready_book())
    assert Services(Config(agents=False), engine).engine is engine
