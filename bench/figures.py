"""What benches share: the law they run on, percentiles, tables, progress."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
BAR = 30


def microseconds(call: Callable[[T], object], inputs: Iterable[T]) -> list[float]:
    """The wall time of one call per input."""
    clock, found = time.perf_counter_ns, []
    for one in inputs:
        begin = clock()
        call(one)
        found.append((clock() - begin) / 1000)
    return found


def least(rounds: Sequence[list[float]]) -> list[float]:
    """Per input the least of several rounds: what the work costs without whatever else the machine was doing."""
    return [min(times) for times in zip(*rounds, strict=True)]


def percentile(times: Iterable[float], share: float) -> float:
    """The smallest time that ``share`` of all times do not exceed."""
    found = sorted(times)
    return found[min(len(found) - 1, max(0, -(-int(share * 1000) * len(found) // 1000) - 1))]


def spelled(time_us: float) -> str:
    """Microseconds for people."""
    if time_us < 1000:
        return f"{time_us:.0f} us" if time_us >= 10 else f"{time_us:.1f} us"
    return f"{time_us / 1000:.1f} ms" if time_us < 100_000 else f"{time_us / 1e6:.2f} s"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as they need to be; the first is flush left, the others right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]

    def shown(line: list[str]) -> str:
        cells = [
            cell.ljust(width) if not i else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        return "  ".join(cells).rstrip()

    return "\n".join([shown(lines[0]), "  ".join("-" * width for width in widths), *map(shown, lines[1:])])


def progress(done: int, total: int, what: str) -> None:
    """A bar on stderr, if somebody is looking."""
    if not sys.stderr.isatty() and done != total:
        return
    full = BAR * done // max(total, 1)
    end = "\n" if done == total else ""
    print(f"\r[{'#' * full}{'.' * (BAR - full)}] {done}/{total} {what:40.40}", end=end, file=sys.stderr, flush=True)


def write_json(path: str, data: dict[str, Any]) -> None:
    Path(path).write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
