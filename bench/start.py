"""A cold start: from the command to the answer on the terminal, and the memory that takes.

Each run is a process of its own, with a home of its own. `First time` reads the law's files and writes the compiled
rulebook; `cached` finds it there. Times are medians of several runs, memory is the most of any run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from bench.figures import table, write_json

COMMAND = [sys.executable, "-c", "from exeat.cli.main import run; run()"]
OWN = """\
transaction: 1
title: A content delivery network speeds up WeChat
act: {on: 2020-09-21, paid: true, capacity: business-to-business}
activity: app.cdn
complete: true
items: [{id: app, app: wechat}]
parties: [{id: cdn, role: provider, us_person: true}, {id: owner, role: app-owner, entity: tencent}]
places: [{role: performed-in, is: US}, {role: users, is: US}]
"""
OUTCOMES = (0, 10, 11, 12, 13, 20, 21, 22)  # exit codes of answers; 2 and 70 are errors


class Run(msgspec.Struct, frozen=True):
    """One process: seconds from start to end, peak resident memory in megabytes."""

    seconds: float
    megabytes: float


class Line(msgspec.Struct, frozen=True):
    what: str
    runs: int
    median: float
    worst: float
    megabytes: float
    goal: str


def measure(arguments: list[str], home: Path) -> Run:
    """Run exeat once.

    Raises:
        RuntimeError: it did not answer.
    """
    environment = {**os.environ, "EXEAT_HOME": str(home)}
    with tempfile.TemporaryFile() as output:
        begin = time.perf_counter()
        process = subprocess.Popen([*COMMAND, *arguments], stdout=output, stderr=output, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in OUTCOMES:
            output.seek(0)
            raise RuntimeError(f"exeat {' '.join(arguments)}: {process.returncode}: {output.read(2000).decode()}")
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Run(seconds, kilobytes / 1024)


def line(what: str, runs: list[Run], goal: str) -> Line:
    times = [run.seconds for run in runs]
    return Line(what, len(runs), statistics.median(times), max(times), max(run.megabytes for run in runs), goal)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench start", description=__doc__)
    parser.add_argument("file", nargs="?", default="", help="a transaction (default: one of WeChat in 2020)")
    parser.add_argument("--runs", type=int, default=9, help="runs of each kind (default 9; first times 3)")
    parser.add_argument("--json", default="", metavar="FILE", help="write the figures")
    options = parser.parse_args(arguments)

    with tempfile.TemporaryDirectory() as folder:
        home, file = Path(folder) / "home", Path(folder) / "transaction.yaml"
        file.write_text(Path(options.file).read_text("utf-8") if options.file else OWN, encoding="utf-8")
        lines = _lines(home, str(file), options.runs)
    rows = [
        [one.what, str(one.runs), f"{one.median:.3f} s", f"{one.worst:.3f} s", f"{one.megabytes:.0f} MB", one.goal]
        for one in lines
    ]
    print(table(("", "runs", "median", "worst", "peak memory", "goal"), rows))
    if options.json:
        write_json(options.json, {"lines": msgspec.to_builtins(lines)})
    return 0


def _lines(home: Path, file: str, runs: int) -> list[Line]:
    python = [_python() for _ in range(runs)]
    first = []
    for _ in range(3):
        shutil.rmtree(home, ignore_errors=True)
        first.append(measure(["check", file], home))
    cached = [measure(["check", file], home) for _ in range(runs)]
    as_json = [measure(["check", "--json", file], home) for _ in range(runs)]
    helped = [measure(["--help"], home) for _ in range(runs)]
    return [
        line("exeat check, rulebook cached", cached, "<= 0.5 s, <= 120 MB"),
        line("exeat check --json, rulebook cached", as_json, ""),
        line("exeat check, first time", first, "<= 10 s"),
        line("exeat --help", helped, ""),
        line("python -c pass, for comparison", python, ""),
    ]


def _python() -> Run:
    begin = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return Run(time.perf_counter() - begin, usage.ru_maxrss / 1024 / (1024 if sys.platform == "darwin" else 1))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
