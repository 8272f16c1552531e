"""The workbench's pages: how long each takes alone and under load, and what it costs the service.

Every screen is asked for in turn: first each of its addresses once by a single client (*first*), then again (*alone*),
then by wrk over 16 connections that share the machine with the service. A screen with many addresses (answers,
questions of the law, days) is asked for all of them in turn, so that no one cached page stands for all.
"""

from __future__ import annotations

import argparse
import html
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

import msgspec

from bench.figures import table, write_json
from bench.serve import CONNECTIONS, LISTS, documents, family, imported, resident, serving, spent

GOAL = 60.0  # ms, p95
DECISIONS = 48
LUA = """
local paths, n = {}, 0
for line in io.lines("%s") do paths[#paths + 1] = line end
local headers = {["Cookie"] = "%s", ["Accept"] = "text/html"}
function request()
  n = n + 1
  return wrk.format("GET", paths[n %% #paths + 1], headers)
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("@%%d %%d %%d %%d %%d@\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(95), e.status + e.connect + e.read + e.write + e.timeout))
end
"""


class Line(msgspec.Struct, frozen=True):
    """One screen: milliseconds of its first answers and its later ones by one client, CPU of each, then under load."""

    screen: str
    addresses: int
    kilobytes: float
    first: float
    alone: float
    cpu: float
    load_50: float = 0.0
    load_95: float = 0.0
    per_second: float = 0.0
    failed: int = 0


def main(arguments: list[str]) -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="python -m bench pages", description=__doc__)
    parser.add_argument("--seconds", type=int, default=3, help="of load for each screen; 0: none")
    parser.add_argument("--rounds", type=int, default=5, help="by one client, over all addresses of a screen")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="screens whose names begin so")
    parser.add_argument("--lang", default="en")
    parser.add_argument("--lists", type=Path, default=LISTS)
    parser.add_argument("--json", default="")
    chosen = parser.parse_args(arguments)
    if chosen.seconds and not shutil.which("wrk"):
        print("no load: wrk is not installed (apt-get install wrk)")
        chosen.seconds = 0
    with tempfile.TemporaryDirectory() as folder:
        lines = measured(Path(folder), chosen)
    head = (
        "screen",
        "addresses",
        "kB",
        "first p95",
        "alone p95",
        "cpu ms",
        "load p50",
        "load p95",
        "a second",
        "failed",
    )
    rows = [(o.screen, str(o.addresses), f"{o.kilobytes:.0f}", f"{o.first:.1f}", f"{o.alone:.1f}", f"{o.cpu:.1f}",
             f"{o.load_50:.1f}", f"{o.load_95:.1f}", f"{o.per_second:.0f}", str(o.failed)) for o in lines]  # fmt: skip
    print(table(head, rows))
    over = [o.screen for o in lines if max(o.alone, o.load_95) > GOAL]
    print(f"p95 above {GOAL:.0f} ms: {', '.join(over) or 'none'}; {os.cpu_count()} cores, {chosen.workers} workers")
    if chosen.json:
        write_json(chosen.json, {"lines": msgspec.to_builtins(lines)})
    return 0


def measured(folder: Path, chosen: argparse.Namespace) -> list[Line]:
    """Every screen."""
    environment = {**os.environ, "EXEAT_HOME": str(folder / "home")}
    lists = imported(chosen.lists, environment)
    if not lists:
        print(f"screening left out: no list files in {chosen.lists}")
    with serving(environment, chosen.workers) as (process, url):
        client = Client(url, chosen.lang)
        screens = prepared(client, lists)
        lines = [
            measure(folder, process, client, name, paths, chosen)
            for name, paths in screens.items()
            if name.startswith(chosen.only)
        ]
        print(f"memory after all: {sum(map(resident, family(process.pid))) / 1e6:.0f} MB in all processes")
    return lines


class Client:
    """One browser without its drawing: keeps the session, follows a form."""

    def __init__(self, url: str, lang: str) -> None:
        self.url = url
        self.host = urllib.parse.urlsplit(url).netloc
        self.connection = http.client.HTTPConnection(self.host)
        self.headers = {"Accept": "text/html", "Cookie": f"lang={lang}"}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, bytes]:
        """Status, where to go on, body."""
        told = {**self.headers}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form).encode()
            told["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, told)
        answer = self.connection.getresponse()
        read = answer.read()
        cookie = answer.getheader("set-cookie") or ""
        if "exeat=" in cookie:
            self.headers["Cookie"] = f"{cookie.partition(';')[0]}; {self.headers['Cookie']}"
        return answer.status, answer.getheader("location") or "", read

    def get(self, path: str) -> str:
        status, _, body = self.ask("GET", path)
        if status != 200:
            raise SystemExit(f"{status} for {path}")
        return body.decode()

    def post(self, path: str, form: dict[str, str]) -> str:
        """Where a form leads to."""
        status, to, body = self.ask("POST", path, {**form, "csrf": self.csrf})
        if status not in (200, 303):
            raise SystemExit(f"{status} for {path}: {body[:500]!r}")
        return to

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/help"))
        return found.group(1) if found else ""


def prepared(client: Client, lists: bool) -> dict[str, list[str]]:
    """Something on every screen; the addresses of each."""
    client.get("/")
    cases = []
    deals = list(documents())
    for n in range(DECISIONS):
        text = deals[n % len(deals)].replace("@@", str(n))
        client.post("/ask", {"how": "paste", "text": text})
        cases.append(client.post("/ask/decide", {}).partition("#")[0])
    client.post("/ask", {"how": "paste", "text": json.dumps(OPEN)})
    client.post("/inbox", {"text": NOTICE})
    days = [f"20{year}-{month:02}-15" for year in range(20, 26) for month in (2, 5, 8, 11)]
    law = sorted(set(re.findall(r'href="(/law/of/[^"]+)"', client.get("/law"))))
    facts = sorted(set(re.findall(r'href="(/ask/question\?[^"]+)"', client.get("/ask/check"))))
    names = ("Huawei Technologies", "Northern Harbour Bank", "深圳市大疆创新科技有限公司", "Ivan Petrov", "ZTE")
    screening = [f"/screening?{urllib.parse.urlencode({'name': name})}" for name in names]
    hits = []
    for path in screening if lists else ():
        hits += re.findall(r'href="(/screening/hit\?[^"]+)"', client.get(path))[:3]
    screens = {
        "home": ["/"], "ask": ["/ask"], "ask-question": [html.unescape(one) for one in facts], "ask-check":
        ["/ask/check"], "ask-next": ["/ask/next"], "answer": cases, "destinations": [f"{one}/destinations" for one in
        cases], "queue": ["/decisions", "/decisions?open=yes", "/decisions?verdict=undetermined"], "screening":
        screening, "hit": [html.unescape(one) for one in hits], "lists": ["/screening/lists"], "law": ["/law",
        "/law?q=wechat"], "measure": law[:80], "timeline": ["/law/timeline", "/law/timeline?of=us",
        "/law/timeline?of=cn"], "diff": ["/law/diff?first=2020-09-19&second=2020-09-21", "/law/diff?first=2019-01-01"
        "&second=2025-01-01"], "matrix": [f"/law/matrix?on={day}" for day in days], "inbox": ["/inbox"], "reading":
        ["/inbox/reading"], "record": ["/record"], "coverage": ["/coverage"], "help": ["/help"],
    }  # fmt: skip
    return {name: paths for name, paths in screens.items() if lists or name not in ("screening", "hit")}


def measure(
    folder: Path,
    process: subprocess.Popen[str],
    client: Client,
    name: str,
    paths: list[str],
    chosen: argparse.Namespace,
) -> Line:
    """One screen, first alone, then under load."""
    first, size = [], 0
    for path in paths:
        began = time.perf_counter()
        _, _, body = client.ask("GET", path)
        first.append((time.perf_counter() - began) * 1000)
        size += len(body)
    rounds = max(chosen.rounds, -(-20 // len(paths)))
    before = sum(map(spent, family(process.pid)))
    alone = []
    for _ in range(rounds):
        for path in paths:
            began = time.perf_counter()
            client.ask("GET", path)
            alone.append((time.perf_counter() - began) * 1000)
    cpu = (sum(map(spent, family(process.pid))) - before) * 1000 / len(alone)
    line = Line(name, len(paths), size / len(paths) / 1000, p95(first), p95(alone), cpu)
    if not chosen.seconds:
        return line
    listed, script = folder / "paths", folder / "pages.lua"
    listed.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
    script.write_text(LUA % (listed, client.headers["Cookie"]), encoding="utf-8")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{chosen.seconds}s", "--timeout", "30s", "-s", str(script)]
    told = subprocess.run([*command, client.url], capture_output=True, text=True, check=True).stdout
    count, micros, p50, tail, failed = map(int, re.findall(r"@([\d ]+)@", told)[0].split())
    return msgspec.structs.replace(
        line, load_50=p50 / 1000, load_95=tail / 1000, per_second=count / (micros / 1e6), failed=failed
    )


def p95(values: list[float]) -> float:
    """The 95th percentile; of one value itself."""
    return statistics.quantiles(values, n=20)[18] if len(values) > 1 else values[0]


OPEN = {
    "transaction": "1", "title": "A build of the app is pushed to users abroad", "activity": "app.update",
    "act": {"on": "2020-09-21"}, "items": [{"id": "build", "name": "the build", "kind": "app", "app": "wechat"}],
    "parties": [{"id": "us", "role": "provider", "name": "Lantern Apps", "country": "US"}],
    "places": [{"id": "users", "role": "users", "is": "US"}],
}  # fmt: skip
NOTICE = """The Commerce Department announced on 18 September 2020 that it will prohibit transactions with WeChat.

On 27 September 2020 a judge enjoined the order against TikTok.

The Ministry of Commerce said on 9 October 2025 that it would add Lantern Valley Optics to the unreliable entity list.
"""
