"""The service as a process: it starts with nothing configured, keeps what it acknowledged, and fetches nothing."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import exeat.serve
from exeat.record.ledger import Record
from tests.serve.parts import DEAL, YAML

ORDER = """\
measure: extra.order
regime: cn.lists
title: {en: One more order, zh: 另一命令}
authority: {en: The office, zh: 主管机关}
kind: order
sources:
  text: {ref: One more order, url: "https://example.org/extra", seen: primary}
rules:
  - id: extra.order.1
    title: {en: no more, zh: 禁止}
    when: {activity: supply}
    effect: prohibited
    cite: text art. 1
    life: [{from: 2020-01-01, status: in force, by: text, recorded: 2020-01-01}]
"""
START = "from exeat.cli.main import run; run()"


@pytest.fixture
def run(own_place):
    """Starts `exeat serve`; gives its process and address."""
    started = []

    def start(*arguments):
        command = [sys.executable, "-c", START, "serve", "--port", "0", *arguments]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
        started.append(process)
        line = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line + process.stderr.read()
        wait(found.group())
        return process, found.group()

    yield start
    for process in started:
        process.terminate()
        process.wait(20)
        process.stderr.close()


def wait(url):
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{url}/readyz") as answer:
                assert json.load(answer)["status"] == "ok"
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError("it never answered")


def send(url, path, body=None, **headers):
    request = urllib.request.Request(url + path, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status, dict(answer.headers), answer.read()


def test_it_starts_with_nothing_configured_and_its_workers_agree(run):
    _, url = run("--workers", "2")
    bodies = {send(url, "/api/v1/decide?body=verdict", DEAL.encode(), **{"content-type": YAML["content-type"]})[2]
              for _ in range(20)}  # fmt: skip
    assert len(bodies) == 1
    status, headers, _ = send(url, "/")
    assert status == 200
    assert "server" not in {name.lower() for name in headers}


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_new_edition_of_the_law_needs_no_restart(run, own_place, workers):
    """Found by looking, or at once after a hang-up, which ends nobody; a faulty one is told and does not answer."""
    process, url = run("--workers", workers)

    def asks(path):
        """What whichever workers take the calls say (each call is a connection of its own)."""
        return [json.loads(send(url, path)[2]) for _ in range(8)]

    def until(true):
        for _ in range(200):
            if true():
                return
            time.sleep(0.1)
        raise AssertionError(asks("/api/v1/rulebook")[0])

    own = own_place / "home" / "law"
    own.mkdir()
    (own / "order.yaml").write_text(ORDER, encoding="utf-8")
    until(lambda: all(one["overlays"] == ["law"] for one in asks("/api/v1/rulebook")))
    edition = asks("/api/v1/rulebook")[0]["hash"]
    (own / "order.yaml").write_text("measure: [", encoding="utf-8")
    process.send_signal(signal.SIGHUP)
    until(lambda: all(one["law"] == "faulty" for one in asks("/healthz")))
    assert {one["hash"] for one in asks("/api/v1/rulebook")} == {edition}
    assert process.poll() is None
    with Record(f"sqlite:///{own_place / 'home' / 'record.db'}") as record:
        assert edition in [one.data()["edition"] for one in record.entries(("versions",))]


def test_what_was_acknowledged_is_there_after_a_kill(run, own_place):
    process, url = run()
    acknowledged = []

    def write(n):
        try:
            headers = {"content-type": YAML["content-type"], "idempotency-key": f"k{n}"}
            _, told, _ = send(url, "/api/v1/decide?keep=true&body=verdict", DEAL.encode(), **headers)
            acknowledged.append(int(told["location"].rpartition("/")[2]))
        except OSError:
            pass

    threads = [threading.Thread(target=lambda n=n: [write(n * 100 + m) for m in range(20)]) for n in range(8)]
    for one in threads:
        one.start()
    while len(acknowledged) < 20:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    for one in threads:
        one.join()
    with Record() as record:
        assert record.verify().faults == ()
        assert len(acknowledged) == len(set(acknowledged)) >= 20
        for n in acknowledged:
            assert record.summary(n).machine == "prohibited"


def test_a_taken_port_is_told(run):
    _, url = run()
    port = url.rpartition(":")[2]
    command = [sys.executable, "-c", START, "serve", "--port", port]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert told.returncode == 2
    assert "cannot listen" in told.stderr


def test_nothing_that_is_sent_makes_it_fetch(local, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("it tried to reach the network")

    for name in ("getaddrinfo", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    url = "http://169.254.169.254/latest/meta-data"
    text = f'<a href="{url}">x</a><img src="{url}"><!DOCTYPE a [<!ENTITY b SYSTEM "{url}">]>'
    for media in ("text/html", "text/plain", "text/markdown", "application/xml"):
        answer = local.post(f"/api/v1/read?name={url}", content=text, headers={"content-type": media})
        assert answer.status_code in (200, 422), answer.text
    sent = {"title": url, "act": {"on": "2020-08-29"}, "activity": "supply"}
    assert local.post("/api/v1/decide", json=sent).status_code == 200
    for path in (f"/api/v1/law/things/{url}", f"/entities/{url}", f"/search/default?q={url}", f"/catalog?url={url}"):
        assert local.get(path).status_code in (200, 404, 422)


def test_only_the_provider_is_ever_reached():
    """The one module that opens addresses is that of the identity provider."""
    folder = Path(exeat.serve.__file__).parent
    pattern = re.compile(
        r"^\s*(?:import|from) (?:urllib\.request|httpx|requests|http\.client|aiohttp)|create_connection", re.M
    )
    users = {str(path.relative_to(folder)) for path in folder.rglob("*.py") if pattern.search(path.read_text())}
    assert users == {"oidc.py"}
