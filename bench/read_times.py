# ruff: noqa: E501  patterns and sentences stay whole; ruff counts a Chinese character as two
"""How many time expressions of the gold files are resolved right, how many days that the samples need are found, and how fast.

Run ``python -m bench.read_times [--shared FOLDER] [--verbose]``. Exit code 1 if a bar is missed.

An expression is right when its value and the kind of its bound agree with the gold's: days exactly, intervals on an overlap of at least
half, `not_a_date` and `vague` as such. Bounds are compared by kind (the gold writes `within`, `during` and `on` for the same thing).
Undated texts are read with the day that their gold file infers from outside, given as an anchor of kind ``copy``.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from exeat.read.anchors import anchors
from exeat.read.days import month_end, shift
from exeat.read.fold import fold
from exeat.read.model import Anchor, Field, Metadata, Text, TimeValue
from exeat.read.times import times

SHARED = Path(__file__).resolve().parents[2] / "shared" / "sources"
BAR, SPEED = 0.95, 0.5
KINDS = {"within": "during", "approx": "during", "on": "during", "until": "before"}


class Line(msgspec.Struct, frozen=True):
    """One expected time and what was found for it."""

    document: str
    quote: str
    wanted: str
    found: str
    right: bool
    exact: bool


def metadata(published: str | None, zone: str = "", inferred: str | None = None) -> Metadata:
    """Metadata of which only the time of publication is known."""
    none = Field(None)
    return Metadata(none, none, none, Field(published, zone=zone, inferred=inferred), none, none, none, "", "")


def bounds(value: str) -> tuple[date, date] | None:
    """First and last day of an ISO day, month, year or interval."""
    first, _, last = value.partition("/")
    last = last or first

    def edge(part: str, end: bool) -> date:
        numbers = [int(number) for number in part.split("-")]
        if len(numbers) == 3:
            return date(*numbers)
        month = numbers[1] if len(numbers) == 2 else 12 if end else 1
        return month_end(numbers[0], month) if end else date(numbers[0], month, 1)

    try:
        return edge(first, False), edge(last, True)
    except (ValueError, TypeError):
        return None


def agrees(wanted: str, found: str) -> bool:
    """Days and lengths of time exactly; intervals on an overlap of at least half of both together."""
    if wanted == found:
        return True
    one, two = bounds(wanted), bounds(found)
    if one is None or two is None or len(wanted) == 10 or len(found) == 10:
        return False
    shared = (min(one[1], two[1]) - max(one[0], two[0])).days + 1
    return shared * 2 >= (max(one[1], two[1]) - min(one[0], two[0])).days + 1


def gold(folder: Path) -> list[Line]:
    """The time expressions of the gold files."""
    lines = []
    for path in sorted((folder / "gold").glob("*.json")):
        plain = path.with_suffix(".main.txt").read_text(encoding="utf-8")
        data = json.loads(path.read_text(encoding="utf-8"))
        found = times(*_read_gold(plain, data))
        lines += [_line(path.stem, one, found) for one in data["time_expressions"]]
    return lines


def _read_gold(plain: str, data: dict[str, Any]) -> tuple[Text, tuple[Anchor, ...]]:
    published = data["meta"]["published"]
    text = Text(plain, fold(plain))
    given = anchors(metadata(published["value"], published.get("zone", "")), text)
    if published["value"] is None:
        given = (*given, Anchor(published["inferred"]["value"], "copy"))
    return text, given


def _line(document: str, wanted: dict[str, Any], found: list[TimeValue]) -> Line:
    over = [v for v in found if v.at.start < wanted["end"] and v.at.end > wanted["start"]]
    best = next((v for v in over if v.text == wanted["quote"]), over[0] if over else None)
    bound, value = wanted["bound"], wanted["value"] or ""
    if best is None:
        return Line(document, wanted["quote"], f"{value} {bound}", "-", False, False)
    kind = KINDS.get(best.bound, best.bound)
    right = agrees(value, best.value) and kind == KINDS.get(bound, bound)
    return Line(
        document, wanted["quote"], f"{value} {bound}", f"{best.value} {best.bound}", right, best.text == wanted["quote"]
    )


def samples(folder: Path) -> list[Line]:
    """The days that the samples' mentions need and the text tells: each must be the value of some expression, or of one moved by a delay."""
    lines = []
    for path in sorted((folder / "samples").glob("*.gold.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        plain = body((path.parent / path.name.replace(".gold.json", ".txt")).read_text(encoding="utf-8"))
        text = Text(plain, fold(plain))
        published = data["meta"]["published"]
        inferred = [m[k][:10] for m in data["mentions"] for k in ("announced",) if "inferred" in str(m.get(k, ""))]
        given = anchors(metadata(published["value"], published.get("zone", "")), text)
        if published["value"] is None and inferred:
            given = (*given, Anchor(inferred[0], "copy"))
        found = times(text, given)
        values = {v.value for v in found} | {v.start for v in found}
        days = sorted(v.value for v in found if v.bound == "from" and len(v.value) == 10)
        moved = {shift(day, v.value) for v in found if v.bound == "duration" for day in days}
        published_day = next((a.day for a in given if a.kind == "published"), "")
        for mention in data["mentions"]:
            for field in ("announced", "effective", "deadline"):
                said = str(mention.get(field) or "")
                if not said or "not in text" in said:
                    continue
                day = said.split(" ", maxsplit=1)[0]
                right = (
                    day in values
                    or day in moved
                    or any(agrees(day, v) for v in values if v)
                    or (field == "announced" and day == published_day)
                )
                lines.append(
                    Line(path.stem.split(".")[0], f"{mention['id']} {field}", day, "" if right else "-", right, right)
                )
    return lines


def body(raw: str) -> str:
    """A rough main text, enough to hold every time of the story: front matter off, tags off, one line a block."""
    raw = re.sub(r"\A---\n.*?\n---\n", "", raw, flags=re.DOTALL)
    raw = re.sub(r"<!--.*?-->", "", raw, flags=re.DOTALL)
    raw = re.sub(r"\]\([^)\s]*\)", "]", raw)
    raw = html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"</?(?:p|div|br|h[1-6]|li)\b[^>]*>", "\n", raw)))
    lines = (" ".join(line.replace("*", "").split()) for line in raw.split("\n"))
    return "\n".join(line for line in lines if line)


def speed(folder: Path) -> float:
    """Milliseconds for 1,500 characters: the least of many runs over each gold text, weighted by length."""
    total = length = 0.0
    for path in sorted((folder / "gold").glob("*.json")):
        text, given = _read_gold(
            path.with_suffix(".main.txt").read_text(encoding="utf-8"), json.loads(path.read_text(encoding="utf-8"))
        )
        runs = []
        for _ in range(40):
            begin = time.perf_counter()
            times(text, given)
            runs.append(time.perf_counter() - begin)
        total, length = total + min(runs), length + len(text.text)
    return total * 1000 / length * 1500


def main() -> int:
    """Print the figures; 1 if a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shared", type=Path, default=SHARED)
    options.add_argument("--verbose", action="store_true")
    chosen = options.parse_args()
    if not chosen.shared.exists():
        print(f"no gold files in {chosen.shared}")
        return 2
    missed = False
    for name, lines in (("gold expressions", gold(chosen.shared)), ("days of the samples", samples(chosen.shared))):
        right, exact = sum(line.right for line in lines), sum(line.exact for line in lines)
        missed |= right < BAR * len(lines)
        print(f"{name}: {right} of {len(lines)} right ({right / len(lines):.3f}), {exact} with the very words")
        for line in lines:
            if chosen.verbose or not line.right:
                print(
                    f"  {'right' if line.right else 'WRONG'} {line.document} {line.quote}: wanted {line.wanted}, found {line.found}"
                )
    took = speed(chosen.shared)
    missed |= took > SPEED
    print(f"time for 1,500 characters: {took:.3f} ms (bar {SPEED} ms)")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
