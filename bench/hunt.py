"""Hunt: the property and fuzz tests with fresh seeds, round after round. CI runs the same examples every time; here is
where new ones are looked for. A failure prints its seed and is kept; run that file with ``EXEAT_HUNT=1`` and
``--hypothesis-seed`` to see it again.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

from bench.figures import table

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Hunt for ``--minutes``; 1 if anything was found, else 0."""
    parser = argparse.ArgumentParser("python -m bench hunt", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="how long; a round once begun is ended")
    parser.add_argument("--only", default="", help="part of the name of the test files")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes")
    asked = parser.parse_args(arguments)
    files = [path for path in with_properties() if asked.only in path]
    until, rounds, found = time.monotonic() + asked.minutes * 60, 0, []
    while time.monotonic() < until:
        seed = random.SystemRandom().randrange(2**32)
        rounds += 1
        failed, words = run(files, seed, asked.workers)
        found += [(name, seed) for name in failed]
        print(f"round {rounds}, seed {seed}: {words}", flush=True)
    print(f"{rounds} rounds over {len(files)} files of property tests: {len(found)} failures")
    if found:
        print(table(["test", "seed"], [[name, str(seed)] for name, seed in found]))
    return 1 if found else 0


def with_properties() -> list[str]:
    """The test files that hold a property, from the root of the project."""
    return [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if re.search(r"^ *@(hypothesis\.)?given|TestCase = .*\.TestCase", path.read_text(encoding="utf-8"), re.M)
    ]


def run(files: list[str], seed: int, workers: int) -> tuple[list[str], str]:
    """One round: the tests that failed, and pytest's last line; what it said of a failure is printed."""
    command = ["-m", "pytest", "-n", str(workers), "--hypothesis-seed", str(seed), "-m", "", *files]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | {"EXEAT_HUNT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout[-20_000:], done.stderr[-2_000:], sep="\n", flush=True)
    return re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.M), done.stdout.strip().rpartition("\n")[2]
