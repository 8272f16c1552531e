"""Time to build, peak memory and cold start of one engine, in this process: run it in one of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.screen import corpus
from bench.screen.measures import peak_mib

QUERY = "Huawei Tecnologies"
COLD = """\
import json, sys, time
begin = time.perf_counter()
from pathlib import Path
from exeat.screen.match import Matcher
from exeat.screen.model import Query
matcher = Matcher.load(Path(sys.argv[1]), sys.argv[2])
opened = time.perf_counter()
assert matcher.search(Query((sys.argv[3],))).hits
answered = time.perf_counter()
from bench.screen.measures import peak_mib
peak = peak_mib()
print(json.dumps([opened - begin, answered - begin, peak]))
"""


def measure(name: str, data: Path) -> dict[str, float]:
    """Build from the parties as read; for exeat also the start from disk, imports and a first answer included."""
    begin = time.process_time()
    parties = corpus.csl(data)
    read = time.process_time() - begin
    before = peak_mib()
    if name == "nomenklatura":
        from bench.screen.peers import Nomenklatura  # noqa: PLC0415

        built = Nomenklatura(parties)
        seconds = time.process_time() - begin - read
        built.search([(QUERY, "")], lambda done: None)
        return {"read list, s": read, "build, CPU s": seconds, "peak, MiB": peak_mib(), "before, MiB": before}
    return _exeat(parties, read, before)


def _exeat(parties: list[corpus.Party], read: float, before: float) -> dict[str, float]:
    from exeat.screen.match import Matcher  # noqa: PLC0415
    from exeat.screen.model import Query  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        begin = time.process_time()
        matcher = Matcher.of(parties, path)
        seconds = time.process_time() - begin
        matcher.search(Query((QUERY,)))
        peak, size = peak_mib(), path.stat().st_size / 2**20
        colds = [_cold(path, matcher.tag) for _ in range(5)]
    return {
        "read list, s": read,
        "build, CPU s": seconds,
        "peak, MiB": peak,
        "before, MiB": before,
        "file, MiB": size,
        "cold open, s": sorted(one[0] for one in colds)[2],
        "cold first answer, s": sorted(one[1] for one in colds)[2],
        "cold peak, MiB": max(one[2] for one in colds),
    }


def _cold(path: Path, tag: str) -> list[float]:
    command = [sys.executable, "-c", COLD, str(path), tag, QUERY]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: list[float] = json.loads(done.stdout)
    return found
