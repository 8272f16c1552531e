"""Watching: only what is new; nothing fetched unasked; limits of host, size and time."""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
import time

import pytest
from click.testing import CliRunner

from exeat.cli.main import main
from exeat.errors import InputError
from exeat.read import watch
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
