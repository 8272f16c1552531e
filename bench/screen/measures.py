"""Counts, rates and intervals of ``bench screen``."""

from __future__ import annotations

import math
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec


class Counts(msgspec.Struct, frozen=True):
    """A confusion matrix."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def precision(self) -> float:
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else math.nan

    @property
    def recall(self) -> float:
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else math.nan

    @property
    def f1(self) -> float:
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp + self.fp + self.fn else math.nan

    @property
    def fpr(self) -> float:
        return self.fp / (self.fp + self.tn) if self.fp + self.tn else math.nan


def counts(outcomes: Iterable[tuple[bool, bool]]) -> Counts:
    """From (expected, found)."""
    cells = [0, 0, 0, 0]
    for expected, found in outcomes:
        cells[(0 if found else 2) if expected else (1 if found else 3)] += 1
    return Counts(*cells)


def wilson(hits: int, total: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95 % interval of a share; the widest possible where there is nothing to go by."""
    if not total:
        return 0.0, 1.0
    share = hits / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def bootstrap(outcomes: Sequence[tuple[str, bool, bool]], rounds: int = 400) -> tuple[float, float]:
    """The 95 % interval of F1 from (entity, expected, found), entities drawn with replacement, always the same way."""
    cells: dict[str, list[int]] = {}
    for entity, expected, found in outcomes:
        some = cells.setdefault(entity, [0, 0])
        some[0] += expected and found
        some[1] += expected != found
    groups, dice = list(cells.values()), random.Random(4)
    drawn = [list(map(sum, zip(*dice.choices(groups, k=len(groups)), strict=True))) for _ in range(rounds)]
    f1 = sorted(2 * right / (2 * right + wrong or 1) for right, wrong in drawn)
    return f1[rounds * 25 // 1000], f1[rounds * 975 // 1000 - 1]


def share(hits: int, total: int) -> str:
    """``0.793 (1549/1954, 0.774-0.810)``."""
    low, high = wilson(hits, total)
    return f"{hits / total:.3f} ({hits}/{total}, {low:.3f}-{high:.3f})" if total else "-"


def timed(call: Callable[[], object]) -> float:
    """CPU seconds of this process: what other work on the machine costs is left out."""
    begin = time.process_time()
    call()
    return time.process_time() - begin


def peak_mib() -> float:
    """The most memory this process ever had, in MiB.

    Of Linux's two figures the one that begins anew with the program: ``ru_maxrss`` keeps what the parent had.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)
