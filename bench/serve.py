"""The service under load: wrk, 16 connections; client, workers and disk share this machine's cores.

Every request is another one: the bodies are the examples in turn, each with a title of its own, so that nothing between
client and engine could give an answer again. Answers other than 2xx are counted and shown.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import msgspec

from bench.figures import table, write_json
from bench.serve_memory import told, watched
from exeat.vocabulary.reader import read_file

EXAMPLES = Path("examples")
LISTS = Path(os.environ.get("EXEAT_LISTS", "../shared/data/lists"))
START = "from exeat.cli.main import run; run()"
CONNECTIONS = 16
BATCH = 10  # names in one match request
MATCHING = f"match, names in batches of {BATCH}"
LUA = """
local bodies, n, salt = {}, 0, tostring({}):sub(8)
for line in io.lines("%s") do bodies[#bodies + 1] = line end
local headers = {["Content-Type"] = "application/json"}
function request()
  n = n + 1
  local body = bodies[n %% #bodies + 1]:gsub("@@", salt .. n, 1)
  return wrk.format("POST", "%s", headers, body)
end
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("@%%d %%d %%d %%d %%d@\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), e.status + e.connect + e.read + e.write + e.timeout))
end
"""


class Line(msgspec.Struct, frozen=True):
    """One load: requests (or names) a second, latency in ms, failures, processor time of the service for each."""

    what: str
    per_second: float
    p50: float
    p99: float
    failed: int
    cpu_ms: float
    goal: str


def main(arguments: list[str]) -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="python -m bench serve", description=__doc__)
    parser.add_argument("--seconds", type=int, default=10, help="for each line")
    parser.add_argument("--rounds", type=int, default=3, help="the best of them is shown")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--lists", type=Path, default=LISTS, help="folder of list files, for matching")
    parser.add_argument("--url", default="", help="record there instead, in PostgreSQL")
    parser.add_argument("--only", default="", help="only the lines with this in their name")
    parser.add_argument("--memory", type=int, default=0, metavar="MINUTES", help="instead: watch memory for so long")
    parser.add_argument("--rate", type=float, default=20, help="with --memory: requests a second")
    parser.add_argument("--json", default="")
    chosen = parser.parse_args(arguments)
    if chosen.memory:
        return memory(chosen)
    if not shutil.which("wrk"):
        print("skipped: wrk is not installed (apt-get install wrk)")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        lines = measured(Path(folder), chosen)
    head = ("a second", "best", "p50 ms", "p99 ms", "failed", "cpu ms each", "goal")
    print(table(head, [(o.what, f"{o.per_second:.0f}", f"{o.p50:.1f}", f"{o.p99:.1f}", str(o.failed), f"{o.cpu_ms:.2f}",
                        o.goal) for o in lines]))  # fmt: skip
    print(f"{os.cpu_count()} cores, {chosen.workers} workers, load {os.getloadavg()[0]:.1f} at the end")
    if chosen.json:
        write_json(chosen.json, {"lines": msgspec.to_builtins(lines)})
    return 0


def memory(chosen: argparse.Namespace) -> int:
    """Watch how much memory the service takes."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "EXEAT_HOME": str(Path(folder) / "home")}
        if not imported(chosen.lists, environment):
            print(f"no list files in {chosen.lists}: matching answers with an error")
        bodies = (list(documents()), list(batches()))
        with serving(environment, chosen.workers, chosen.url) as (process, url):
            samples = watched(process, url, chosen.memory, chosen.rate, bodies)
    print(told(samples))
    if chosen.json:
        write_json(chosen.json, {"samples": msgspec.to_builtins(samples)})
    return 0


def measured(folder: Path, chosen: argparse.Namespace) -> list[Line]:
    """Every line: the best round of each."""
    deals = folder / "deals"
    deals.write_text("".join(f"{one}\n" for one in documents()), encoding="utf-8")
    jobs = [
        ("decide, verdict", "/api/v1/decide?body=verdict", deals, 1, "1500/s, p99 30 ms"),
        ("decide, explained", "/api/v1/decide?body=explained", deals, 1, "500/s"),
        ("recorded, verdict", "/api/v1/decide?body=verdict&keep=true", deals, 1, "400/s"),
        ("recorded, explained", "/api/v1/decide?body=explained&keep=true", deals, 1, ""),
    ]
    environment = {**os.environ, "EXEAT_HOME": str(folder / "home")}
    if chosen.only and chosen.only not in MATCHING:
        pass  # no line wants the lists, which take half a minute to bring in
    elif imported(chosen.lists, environment):
        names = folder / "names"
        names.write_text("".join(f"{one}\n" for one in batches()), encoding="utf-8")
        jobs.append((MATCHING, "/match/default", names, BATCH, "200/s"))
    else:
        print(f"match skipped: no list files in {chosen.lists}")
    best: dict[str, Line] = {}
    with serving(environment, chosen.workers, chosen.url) as (process, url):
        for what, path, bodies, weight, goal in [job for job in jobs if chosen.only in job[0]] * chosen.rounds:
            line = load(folder, process, url, (what, path, bodies, weight, goal), chosen.seconds)
            if what not in best or line.per_second > best[what].per_second:
                best[what] = line
        print(f"memory after all: {sum(map(resident, family(process.pid))) / 1e6:.0f} MB in all processes")
    return list(best.values())


def documents() -> Iterator[str]:
    """The examples as JSON, each with a place for what makes it another one."""
    for path in sorted(EXAMPLES.rglob("*.yaml")):
        yield json.dumps({**read_file(path), "title": "bench @@"}, ensure_ascii=False)


def batches() -> Iterator[str]:
    """Match requests with names as a customer file has them."""
    stems = (
        *("Huawei Technologies", "Wei Lantern Trading", "Ivan Petrov", "Mohammed al Hassan", "Northern Harbour Bank"),
        *("Bakery on Elm Street", "深圳市灯塔科技有限公司", "Plant 119 of Optics", "Maria Gonzalez", "Aero Parts GmbH"),
    )
    for n in range(97):
        queries = {
            str(m): {"schema": "LegalEntity", "properties": {"name": [f"{stem} {(n * 31 + m) % 89}"]}}
            for m, stem in enumerate(stems[:BATCH])
        }
        yield json.dumps({"queries": queries, "weights": {}}, ensure_ascii=False)


def imported(folder: Path, environment: dict[str, str]) -> bool:
    """Whether there are lists; they are brought into the store of the bench."""
    files = [str(path) for path in sorted(folder.glob("*/*")) if path.is_file() and path.suffix != ".md"]
    for path in files:
        command = [sys.executable, "-c", START, "lists", "import", path]
        subprocess.run(command, env=environment, capture_output=True, check=False)
    command = [sys.executable, "-c", START, "screen", "warm up the index"]
    return bool(files) and subprocess.run(command, env=environment, capture_output=True, check=False).returncode in (
        0,
        20,
        21,
    )


@contextlib.contextmanager
def serving(environment: dict[str, str], workers: int, record: str = "") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running service and its address."""
    command = [sys.executable, "-c", START, "serve", "--port", "0", "--workers", str(workers)]
    command += ["--record-url", record] if record else []
    with (
        tempfile.TemporaryFile("w+") as said,  # a pipe that nobody reads would stop a service that has much to say
        subprocess.Popen(command, env=environment, stderr=said, text=True) as process,
    ):
        try:
            url = _address(said)
            _ready(url)
            yield process, url
        finally:
            process.terminate()


def _address(said: TextIO) -> str:
    """The address that a starting service tells."""
    for _ in range(300):
        text = os.pread(said.fileno(), 4096, 0).decode()  # the place in the file is the service's, too: leave it
        if found := re.search(r"http://[\d.:]+", text):
            return found.group()
        time.sleep(0.1)
    raise SystemExit("it did not start")


def _ready(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{url}/readyz").close()
            time.sleep(1)  # the other workers
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit("it never answered")


def load(folder: Path, process: subprocess.Popen[str], url: str, job: Sequence[object], seconds: int) -> Line:
    """One round of one line."""
    what, path, bodies, weight, goal = job
    script = folder / "load.lua"
    script.write_text(LUA % (bodies, path), encoding="utf-8")
    before = sum(map(spent, family(process.pid)))
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script), url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    count, micros, p50, p99, failed = map(int, re.findall(r"@([\d ]+)@", told)[0].split())
    names = count * int(str(weight))
    cpu = (sum(map(spent, family(process.pid))) - before) * 1000 / max(names, 1)
    return Line(str(what), names / (micros / 1e6), p50 / 1000, p99 / 1000, failed, cpu, str(goal))


# --- processes


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [pid, *(int(child) for child in children.read_text().split())]


def spent(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
