"""Watching: only what is new; nothing fetched unasked; limits of host, size and time."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import threading
import time

import pytest
from click.testing import CliRunner

from exeat.cli.main import main
from exeat.errors import InputError
from exeat.read import watch
from tests.conftest import ROOT
from tests.read.test_pipeline import feed, post


@pytest.fixture
def site():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/feed.xml":
                body = feed().encode()
            elif self.path == "/large":
                body = b"x" * 3_000_000
            elif self.path == "/slow":
                body = b""
            else:
                self.send_response(302)
                self.send_header(
                    "Location",
                    {"/here": "/feed.xml", "/file": "file:///etc/passwd"}.get(self.path, "http://127.0.0.2/"),
                )
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body)
            for _ in range(40 if self.path == "/slow" else 0):
                with contextlib.suppress(ConnectionError):  # the reader has hung up, as it should
                    self.wfile.write(b"x")
                    self.wfile.flush()
                time.sleep(0.05)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def run(*arguments):
    return CliRunner().invoke(main, ["watch", *map(str, arguments)], catch_exceptions=True)


def test_only_what_is_new_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path / "home"))
    (tmp_path / "a.xml").write_text(feed(), encoding="utf-8")
    first = run(tmp_path / "a.xml")
    assert "us.wechat-2020" in first.output
    assert run(tmp_path / "a.xml").output == "Nothing new.\n"
    (tmp_path / "a.xml").write_text(feed(("美国商务部宣布，将中芯国际列入实体清单。",)), encoding="utf-8")
    changed = run(tmp_path / "a.xml", "--json")
    assert [json.loads(line)["id"] for line in changed.output.splitlines()] == ["a-1"]


def test_an_unreadable_feed_stops_no_other(tmp_path, monkeypatch):
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path / "home"))
    (tmp_path / "a.md").write_text(post(), encoding="utf-8")
    found = run(tmp_path / "missing.xml", tmp_path / "a.md")
    assert found.exit_code == 2
    assert "us.wechat-2020" in found.output


def test_damaged_state_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path))
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch/state.json").write_text('{"feeds": 1}', encoding="utf-8")
    with pytest.raises(InputError, match="cannot read what was seen"):
        watch.load(tmp_path / "watch/state.json")


def test_nothing_is_fetched_unasked(site, monkeypatch):
    monkeypatch.setattr(watch, "fetch", lambda *_: pytest.fail("fetched"))
    found = run(f"{site}/feed.xml")
    assert isinstance(found.exception, InputError)


def test_fetching_has_limits(site, tmp_path, monkeypatch):
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path))
    assert "us.wechat-2020" in run("--fetch", f"{site}/feed.xml").output
    assert watch.fetch(f"{site}/here") == watch.fetch(f"{site}/feed.xml")
    for path, why in (
        ("large", "too large"),
        ("elsewhere", "another host"),
        ("file", "not allowed"),
        ("slow", "too slow"),
    ):
        with pytest.raises(InputError, match=why):
            watch.fetch(f"{site}/{path}", seconds=0.4)
    for address in ("file:///etc/passwd", "ftp://127.0.0.1/x", "http://user:word@127.0.0.1/", "http:///x", "http://[x"):
        with pytest.raises(InputError, match="not an address"):
            watch.fetch(address)
    with pytest.raises(InputError, match="cannot fetch"):
        watch.fetch("http://127.0.0.1:1/")


# --- state


def test_a_feed_that_is_cut_off_leaves_what_was_seen(tmp_path, monkeypatch):
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path / "home"))
    path, state = tmp_path / "a.xml", tmp_path / "home/watch/state.json"
    path.write_text(feed(count=2), encoding="utf-8")
    run(path)
    before = state.read_bytes()
    for bad in (
        feed(count=2)[:-60],  # the last item is only half there
        feed(count=2).replace("</channel></rss>", ""),
        "<rss><channel></channel></rss>",
        "",
        '<!DOCTYPE a [<!ENTITY z "z">]>' + feed(),
        "\x00" * 100 + feed(),
        "a" * 3_000_000,
    ):
        path.write_text(bad, encoding="utf-8")
        found = run(path)
        assert found.exit_code == 2
        assert found.stdout == "Nothing new.\n"
        assert str(path) in found.stderr
        assert state.read_bytes() == before
    path.write_text(feed(count=2), encoding="utf-8")
    assert run(path).output == "Nothing new.\n"


def test_a_feed_with_a_comment_after_its_end_is_whole(tmp_path, monkeypatch):
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path / "home"))
    (tmp_path / "a.xml").write_text(feed() + "<!-- made by a robot -->\n", encoding="utf-8")
    assert run(tmp_path / "a.xml").exit_code == 0


def test_state_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "state.json"
    watch.save(path, watch.State(feeds={"a": ["1"]}))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="cannot write what was seen: No space left"):
        watch.save(path, watch.State(feeds={"a": ["1", "2"]}))
    assert watch.load(path).feeds == {"a": ["1"]}
    assert [one.name for one in tmp_path.iterdir()] == ["state.json"]


def test_what_could_not_be_shown_stays_new(tmp_path, monkeypatch):
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path / "home"))
    (tmp_path / "a.xml").write_text(feed(), encoding="utf-8")

    def hung_up(*_):
        raise BrokenPipeError

    with monkeypatch.context() as patch:
        patch.setattr("exeat.cli.read.put", hung_up)
        run(tmp_path / "a.xml")
    assert "us.wechat-2020" in run(tmp_path / "a.xml").output


def test_what_a_feed_still_shows_is_never_forgotten(monkeypatch):
    monkeypatch.setattr(watch, "KEEP", 3)
    monkeypatch.setattr(watch, "key_of", lambda one: one)
    state = watch.State()
    for now in (["old"], ["old", "b"], ["old", "c"], ["old", "d"], ["old", "e"]):
        found, state = watch.unseen("f", now, state)
        assert found == (now if now == ["old"] else now[1:])
    assert state.feeds["f"] == ["d", "old", "e"]


def test_an_answer_that_breaks_off_is_refused(monkeypatch):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"<rss><channel>")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.raises(InputError, match="cut off"):
        watch.fetch(f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()


# --- recorded decisions


@pytest.fixture
def decisions(tmp_path, monkeypatch):
    """A decision on WeChat, one on a party on the Entity List, and one that is about neither."""
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path / "home"))
    folder = tmp_path / "answers"
    folder.mkdir()
    for name, file in (
        ("app", "apps/wechat-cdn-2020-09-20"),
        ("listed", "entity-list/interception-tool-to-nso-2021-11-04"),
        ("camera", "forensics/denmark-2023-04-01"),
    ):
        done = CliRunner().invoke(
            main,
            ["check", f"{ROOT}/examples/{file}.yaml", "--json", "--known", "2022-01-01", "-o", f"{folder}/{name}.json"],
        )
        assert done.exit_code in (10, 11, 12, 13, 20, 21, 22)
    return folder


def reasons(found):
    """Why each decision is touched, by file and mention."""
    told = [one for line in found.stdout.splitlines() for one in json.loads(line)["touches"]["decisions"]]
    return {(one["file"].rpartition("/")[2], one["mention"]): one["reasons"] for one in told}


def look(tmp_path, decisions, *lines):
    path = tmp_path / f"feed{len(list(tmp_path.iterdir()))}.xml"
    path.write_text(feed(lines), encoding="utf-8")
    return run(path, "--decisions", decisions, "--json")


def test_a_mention_touches_the_decision_that_rests_on_its_measure(tmp_path, decisions):
    line = "美国商务部9月18日宣布，自2020年9月20日起，禁止在美国境内下载或更新微信。"
    found = reasons(look(tmp_path, decisions, line))
    assert set(found) >= {("app.json", "m1")}
    assert found["app.json", "m1"][0].startswith("measure us.wechat-2020: us.wechat-2020.")
    assert "item.app=wechat: app" in found["app.json", "m1"]
    assert not any(file == "camera.json" for file, _ in found)


def test_a_mention_touches_the_decision_with_that_party_or_row(tmp_path, decisions):
    line = "美国商务部2021年11月3日宣布，将NSO集团列入实体清单，理由是国家安全。"
    found = reasons(look(tmp_path, decisions, line))
    assert found == {("listed.json", "m1"): found["listed.json", "m1"]}
    assert found["listed.json", "m1"] == ["entry us.ear.entity-list/nso-group: buyer", "named NSO集团: buyer"]


def test_what_is_unrelated_or_no_act_touches_nothing(tmp_path, decisions):
    assert reasons(look(tmp_path, decisions, "印度宣布封禁茄子快传。")) == {}
    assert reasons(look(tmp_path, decisions, "甲骨文宣布收购微信美国业务，双方已经谈了三个月。")) == {}
    assert reasons(look(tmp_path, decisions, "美国商务部没有禁止微信，也不会这样做。")) == {}


def test_a_mention_newer_than_the_law_that_was_known_says_so(tmp_path, decisions):
    path = tmp_path / "post.md"
    path.write_text(
        post(("美国商务部宣布，从明天起禁止在美国境内下载或者更新微信这款应用。",), day="2025-03-01"), encoding="utf-8"
    )
    found = run(path, "--decisions", decisions)
    assert "Recorded decisions that are touched; decide them anew:" in found.output
    assert "[newer than the law it knew]" in found.output


def test_files_that_are_no_decisions_are_told_and_stop_no_other(tmp_path, decisions):
    (decisions / "bad.json").write_text("{}", encoding="utf-8")
    (decisions / "deep.json").write_text("[" * 200_000, encoding="utf-8")
    (decisions / "empty.json").write_text("", encoding="utf-8")
    (decisions / "odd.json").write_text(
        (decisions / "app.json").read_text(encoding="utf-8").replace('"items":[', '"items":[3,{"facts":7},'),
        encoding="utf-8",
    )
    os.mkfifo(decisions / "pipe.json")
    (tmp_path / "a.xml").write_text(feed(), encoding="utf-8")
    found = run(tmp_path / "a.xml", "--decisions", decisions, "--decisions", tmp_path / "none", "--json")
    assert found.exit_code == 2
    told = {
        (one["file"].rpartition("/")[2], one["problem"].partition(":")[0]) for one in json.loads(found.stderr)["errors"]
    }
    assert told == {
        ("bad.json", "not a decision"),
        ("deep.json", "not a decision"),
        ("empty.json", "no decision in it"),
        ("pipe.json", "not a file"),
        ("none", "no such file"),
    }
    assert ("app.json", "m1") in reasons(found)
    assert ("odd.json", "m1") in reasons(found)


def test_without_decisions_none_are_spoken_of(tmp_path, monkeypatch):
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path / "home"))
    (tmp_path / "a.xml").write_text(feed(), encoding="utf-8")
    assert "ecision" not in run(tmp_path / "a.xml").output
