"""``exeat lists`` as a user runs it, and its one command that fetches, against a server of our own."""

from __future__ import annotations

import http.server
import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from unittest import mock

import msgspec
import pytest

from exeat.cli import main as cli
from exeat.errors import InputError
from exeat.screen import update
from exeat.screen.catalogue import Catalogue, catalogue, read_catalogue
from exeat.screen.lists import store_path
from exeat.screen.readers import FORMATS
from exeat.screen.store import Store
from tests.conftest import ROOT
from tests.screen import samples

TODAY = "2026-11-22"
SMALL = Catalogue({key: msgspec.structs.replace(one, least=1) for key, one in catalogue().lists.items()})


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Runs a command in a home of its own; exit code, standard output, standard error."""
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("exeat.screen.catalogue.catalogue", lambda: SMALL)
    monkeypatch.setattr("exeat.screen.lists.catalogue", lambda: SMALL)
    monkeypatch.setattr("exeat.decide.engine.today", lambda: TODAY)

    def command(*words: object) -> tuple[int, str, str]:
        with mock.patch.object(sys, "argv", ["exeat", *map(str, words)]):
            try:
                cli.run()
            except SystemExit as left:
                code = int(left.code or 0)
        out = capsys.readouterr()
        return code, out.out, out.err

    return command


def test_import_status_show_diff_export(run, write, tmp_path):
    code, out, _ = run("lists", "import", write(samples.UN_XML))
    assert code == 0
    assert "un.sc" in out
    assert "2 entries · as of 2026-02-27 · known 2026-02-27 · first version" in out
    code, out, _ = run("lists", "show", "un.sc/XXi.001")
    assert code == 0
    assert "FIRST SECOND THIRD FOURTH" in out
    assert "Lydia (weak)" in out
    assert "1973 to 1975" in out
    later = samples.UN_XML.replace("2026-02-27T", "2026-11-20T").replace("<ALIAS_NAME>FIRSTA", "<ALIAS_NAME>FIRSTB")
    code, out, _ = run("lists", "import", write(later))
    assert code == 0
    assert "+0 −0 ~1" in out
    code, out, _ = run("lists", "diff", "un.sc")
    assert code == 0
    assert "un.sc/XXi.001  FIRST SECOND THIRD FOURTH: names" in out
    code, out, _ = run("lists", "diff", "un.sc", "--json")
    assert json.loads(out)["changed"] == [{"id": "un.sc/XXi.001", "fields": ["names"]}]
    code, out, _ = run("lists", "show", "un.sc/XXi.001", "--on", "2026-03-01", "--json")
    assert [one["text"] for one in json.loads(out)["party"]["names"]][2] == "FIRSTA"
    target = tmp_path / "out.json"
    assert run("lists", "export", "un.sc", "-o", target)[0] == 0
    assert json.loads(target.read_text(encoding="utf-8"))["as_of"] == "2026-11-20"
    code, out, _ = run("lists", "export", "un.sc", "--format", "ftm")
    schemata = sorted(json.loads(line)["schema"] for line in out.splitlines())
    assert schemata == ["Organization", "Person", "Sanction", "Sanction"]


def test_what_was_exported_can_be_imported_again(run, write, tmp_path):
    run("lists", "import", write(samples.TIDY_YAML))
    for name in ("tidy", "ftm"):
        target = tmp_path / name
        run("lists", "export", "cn.countermeasures", "--format", name, "-o", target)
        words = ["--list", "cn.countermeasures", "--as-of", "2026-08-05", "--known", "2026-08-06"]
        code, out, err = run("lists", "import", target, *words, "--accept-changes", "a test")
        assert (code, err) == (0, "")
        assert ("nothing new" in out) == (name == "tidy")


def test_status_says_fresh_stale_missing_and_closed(run, write):
    code, out, _ = run("lists", "status")
    assert code == 20
    assert "un.sc                   MISSING" in out
    assert "never the same as no hit" in out
    assert "uk.ofsi" not in out  # closed and not there: nobody needs it
    run("lists", "import", write(samples.UN_XML))
    code, out, _ = run("lists", "status", "--list", "un.sc")
    assert code == 20
    assert "STALE" in out
    assert "268 of 14 days" in out
    code, out, _ = run("lists", "status", "--list", "un.sc", "--on", "2026-03-01")
    assert code == 0
    assert "fresh" in out
    run("lists", "import", write(samples.OFSI_CSV))
    code, out, _ = run("lists", "status", "--list", "uk.ofsi", "--lang", "zh")
    assert code == 20
    assert "已停用" in out
    assert run("lists", "status", "--list", "uk.ofsi", "--on", "2018-04-13")[0] == 0  # it was the list of that day
    told = json.loads(run("lists", "status", "--json")[1])
    states = {one["list"]: one["state"] for one in told["lists"]}
    assert (states["un.sc"], states["us.sdn"], states["uk.ofsi"]) == ("stale", "missing", "closed")


def test_importing_an_old_file_today_does_not_make_the_list_fresh(run, write):
    run("lists", "import", write(samples.UN_XML), "--as-of", "2025-01-01")
    assert "STALE" in run("lists", "status", "--list", "un.sc")[1]


def test_errors_leave_with_two_and_name_file_and_fix(run, write):
    path = write(samples.CSL_JSON)
    code, _, err = run("lists", "import", path)
    assert code == 2
    assert f"{path}: --as-of: the file does not say of which day it is; say it: --as-of YYYY-MM-DD" in err
    code, _, err = run("lists", "import", path, "--as-of", "2026-12-01", "--json")
    assert code == 2
    assert json.loads(err)["errors"][0]["allowed"] == "up to 2026-11-22"
    assert run("lists", "import", path, "--list", "us.entityy-list", "--as-of", TODAY)[2].endswith(
        "did you mean 'us.entity-list'?\n"
    )
    assert "did you mean 'un-xml'" in run("lists", "import", path, "--format", "un-xm", "--as-of", TODAY)[2]
    assert run("lists", "show", "un.sc/none")[0] == 2
    assert run("lists", "diff", "un.sc")[0] == 2
    assert run("lists", "export", "un.sc")[0] == 2
    assert run("lists", "status", "--list", "nope")[0] == 2


def test_one_list_of_a_file_with_several(run, write):
    code, out, _ = run("lists", "import", write(samples.CSL_JSON), "--list", "us.entity-list", "--as-of", TODAY)
    assert code == 0
    assert "us.sdn" not in out
    with Store(store_path()) as store:
        assert [one.list for one in store.versions()] == ["us.entity-list"]


def test_a_list_that_vanishes_from_a_file_of_several_is_refused_then_emptied(run, write):
    data = json.loads(samples.CSL_JSON)
    person, *others = data["results"]
    many = [{**person, "entity_number": str(number)} for number in range(20)]
    run("lists", "import", write(json.dumps({"results": [*many, *others]})), "--as-of", "2026-01-01")
    unverified = {
        "source": "Unverified List (UVL) - Bureau of Industry and Security",
        "name": "New FZE",
        "alt_names": [],
    }
    later = write(json.dumps({"results": [*others, unverified]}))
    code, _, err = run("lists", "import", later, "--as-of", "2026-02-01")
    assert code == 2
    assert "us.sdn: 0 entries after 20" in err
    code, out, _ = run("lists", "import", later, "--as-of", "2026-02-01", "--accept-changes", "abolished", "--json")
    assert code == 0
    removed = {one["list"]: len(one["removed"]) for one in json.loads(out)["lists"]}
    assert removed == {"us.sdn": 20, "us.entity-list": 0, "us.uvl": 0}
    out = run("lists", "import", later, "--as-of", "2026-03-01", "--json")[1]
    assert "us.sdn" not in {one["list"] for one in json.loads(out)["lists"]}  # empty it is already
    assert run("lists", "show", "us.sdn/3")[0] == 2
    assert run("lists", "show", "us.sdn/3", "--on", "2026-01-15")[0] == 0


def test_chinese(run, write):
    out = run("lists", "import", write(samples.UN_XML), "--lang", "zh")[1]
    assert "2 个条目 · 截至 2026-02-27" in out
    out = run("lists", "show", "un.sc/XXi.001", "--lang", "zh")[1]
    assert "联合国安全理事会综合名单" in out
    assert "出生" in out


# --- fetching


class Publisher(http.server.BaseHTTPRequestHandler):
    """Answers with what `answers` holds for a path: status, headers, body."""

    answers: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {}
    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        status, headers, body = self.answers[self.path]
        if status == 200 and headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def publisher() -> Iterator[str]:
    """A server of our own on the loopback; its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Publisher.answers, Publisher.asked = {}, []
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def pinned(publisher, run, monkeypatch):
    """The catalogue with one list that the publisher has; plain http for this host alone."""
    found = Catalogue({"un.sc": msgspec.structs.replace(SMALL.lists["un.sc"], urls=(f"{publisher}/un.xml",))})
    monkeypatch.setattr("exeat.screen.catalogue.catalogue", lambda: found)
    monkeypatch.setattr("exeat.screen.lists.catalogue", lambda: found)
    monkeypatch.setattr(update, "SCHEMES", ("http",))
    return publisher


XML = {"Content-Type": "text/xml"}


def test_update_takes_what_is_new_and_asks_conditionally(pinned, run):
    Publisher.answers["/un.xml"] = (200, {**XML, "ETag": '"1"'}, samples.UN_XML.encode())
    code, out, err = run("lists", "update")
    assert (code, err) == (0, "")
    assert "un.sc" in out
    assert "as of 2026-02-27" in out
    assert Publisher.asked[0][1]["User-Agent"].startswith("exeat/")
    code, out, _ = run("lists", "update")
    assert "unchanged at the publisher" in out
    assert Publisher.asked[1][1]["If-None-Match"] == '"1"'
    code, out, _ = run("lists", "status", "--list", "un.sc")
    assert code == 0  # nothing newer at the publisher today
    assert "0 of 14 days" in out
    assert [path.name for path in store_path().parent.iterdir() if path.name.startswith(".fetch")] == []


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>log in</html>"), "a web page instead of a list"),
        ((200, XML, b"<html>log in</html>"), "a web page instead of a list"),
        ((200, XML, samples.UN_XML[:1500].encode()), "cut short"),
        ((200, {**XML, "Content-Length": "900000"}, samples.UN_XML.encode()), "cut short|cannot fetch"),
        ((200, XML, b""), "empty"),
        ((404, XML, b""), "404"),
        ((403, XML, b""), "how often one asks"),
        ((500, XML, b""), "500"),
        ((302, {"Location": "https://elsewhere.example/un.xml"}, b""), "redirects to another host"),
        ((302, {"Location": "http://elsewhere.example/un.xml"}, b""), "redirects to another host"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "redirects to another host|not allowed"),
        ((302, {"Location": "/un.xml"}, b""), "cannot fetch"),  # for ever
    ],
)
def test_a_failed_download_keeps_the_old_state(pinned, run, answer, told):
    Publisher.answers["/un.xml"] = (200, XML, samples.UN_XML.encode())
    run("lists", "update")
    with Store(store_path()) as store:
        state = store.state()
    Publisher.answers["/un.xml"] = answer
    code, _, err = run("lists", "update")
    assert code == 2
    assert any(part in err for part in told.split("|")), err
    assert "/un.xml" in err
    assert ".fetch-" not in err
    with Store(store_path()) as store:
        assert store.state() == state


def test_a_download_has_limits(pinned, tmp_path):
    Publisher.answers["/un.xml"] = (200, XML, b"x" * 1_000_000)
    with pytest.raises(InputError, match="too large"):
        update.fetch(f"{pinned}/un.xml", (), tmp_path / "in", most=100_000)
    # the limit of the whole, or of the socket: whichever notices first
    with pytest.raises(InputError, match=r"too slow|timed out"):
        update.fetch(f"{pinned}/un.xml", (), tmp_path / "in", seconds=1e-9)
    assert list((tmp_path / "in").iterdir()) == []


def test_only_https_is_fetched(tmp_path):
    for url in ("http://127.0.0.1:9/list.xml", "file:///etc/passwd", "https://user:word@example.org/x"):
        with pytest.raises(InputError, match="not an address that is fetched"):
            update.fetch(url, (), tmp_path)


def test_no_other_command_fetches(run, write, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *words: pytest.fail("a command opened a connection"))
    run("lists", "import", write(samples.UN_XML))
    for words in (("status",), ("diff", "un.sc"), ("show", "un.sc/XXi.001"), ("export", "un.sc")):
        run("lists", *words)


# --- the catalogue


def test_the_catalogue_is_whole():
    jurisdictions = {path.stem for path in (ROOT / "law" / "jurisdictions").glob("*.yaml")}
    registers = {
        line.split(":", 1)[1].strip()
        for path in (ROOT / "law").rglob("*.yaml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("register:")
    }
    for one in catalogue().lists.values():
        assert one.jurisdiction in jurisdictions | {"un", "jp"}, one.id
        assert set(one.formats) <= set(FORMATS), one.id
        assert not one.register or one.register in registers, one.id
        assert all(url.startswith("https://") for url in one.urls), one.id
        assert one.title["zh"] != one.title["en"]
        assert one.stale > 0
        assert one.stale_because
    named = [name for family in ("csl", "ofac", "tidy") for name in catalogue().by_source(family)]
    assert len(named) == len(set(named))


def test_no_list_is_named_in_the_code():
    """Lists are data: their ids stand in lists.yaml; code knows only where to put a list that it does not know."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/exeat/screen").rglob("*.py"))
    named = [key for key in catalogue().lists if f'"{key}"' in code]
    assert named == ["us.csl.other"]


def test_a_faulty_catalogue_names_the_line(tmp_path):
    path = tmp_path / "lists.yaml"
    text = (ROOT / "src/exeat/screen/data/lists.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace("    cite:", "    cites:", 1), encoding="utf-8")
    with pytest.raises(InputError) as found:
        read_catalogue(path)
    assert "cite" in str(found.value)
    assert found.value.line > 0


def test_the_store_is_under_home(run):
    assert store_path() == Path(os.environ["EXEAT_HOME"]) / "lists" / "lists.db"
