"""Screening names against a list: how right, how quick, how large; beside nomenklatura and a rapidfuzz scan.

Parts, each on the same list file and in the same run for all engines:

pairs   labelled pairs by set: precision, recall, F1, false positives; Han against Latin; simplified = traditional
list    names of the list as they stand and with one thing wrong, and invented customers, end to end; names/s/core
single  one name at a time, warm: p50, p95, p99
size    in processes of their own: time to build, peak memory, time from the disk to the first answer
full    hits of the index against a comparison with every name of the list: nothing may be missing
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.figures import percentile, progress, spelled, table, write_json
from bench.screen import candidates, corpus, page
from bench.screen.measures import Counts, share, wilson
from bench.screen.peers import Screener

PARTS = ("pairs", "list", "single", "size", "full")
ENGINES = ("exeat", "nomenklatura", "rapidfuzz")
SINGLES = {"exeat": 1000, "nomenklatura": 15, "rapidfuzz": 100}
FULL = 102
FRESH = 20261125  # customers that no rule was made by


def engine(name: str, parties: Sequence[corpus.Party], path: Path | None = None) -> Screener:
    """An engine built from the parties; its import is part of what it costs."""
    if name == "exeat":
        from bench.screen.own import Exeat  # noqa: PLC0415

        return Exeat(parties, path)
    from bench.screen import peers  # noqa: PLC0415

    return peers.Nomenklatura(parties) if name == "nomenklatura" else peers.Rapidfuzz(parties)


def _data() -> str | None:
    """Where the data is if nobody says so."""
    beside = Path("../shared/data")
    return os.environ.get("EXEAT_SCREEN_DATA") or (str(beside) if (beside / corpus.CSL).exists() else None)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench screen", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=_data(), help="folder with the data; EXEAT_SCREEN_DATA, else ../shared/data"
    )
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, of {','.join(PARTS)}")
    parser.add_argument("--engines", default=",".join(ENGINES), help=f"engines, of {','.join(ENGINES)}")
    parser.add_argument("--json", default="", metavar="FILE", help="write the figures")
    parser.add_argument("--page", default="", metavar="FILE", help="write the accuracy page (needs the part pairs)")
    parser.add_argument(
        "-o", dest="misses", default="", metavar="FILE", help="write misses and false alerts, with names"
    )
    parser.add_argument("--size-of", default="", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.data is None:
        parser.error("say where the data is: --data DIR, or EXEAT_SCREEN_DATA")
    if options.size_of:
        print(json.dumps(_size_here(options.size_of, options.data)))
        return 0
    parts, engines = options.only.split(","), options.engines.split(",")
    if unknown := {*parts} - {*PARTS} | {*engines} - {*ENGINES}:
        parser.error(f"no such part or engine: {', '.join(sorted(unknown))}")
    return _run(options, parts, engines)


def _run(options: argparse.Namespace, parts: list[str], engines: list[str]) -> int:
    figures: dict[str, Any] = {}
    if "pairs" in parts:
        figures["pairs"] = {name: page.pair_figures(engine(name, []), options.data) for name in engines}
        _show_pairs(figures["pairs"])
    if {"list", "single", "full"} & {*parts}:
        figures["list"] = {name: _on_list(name, options.data, parts) for name in engines}
        _show_list(figures["list"])
    if "size" in parts:
        figures["size"] = {name: _size(name, options.data) for name in engines if name != "rapidfuzz"}
    if options.json:
        write_json(options.json, figures)
    if "size" in parts:
        _show_size(figures["size"])
    if options.misses and "exeat" in figures.get("pairs", {}):
        Path(options.misses).write_text(page.misses(figures, options.data), encoding="utf-8")
    if options.page and "exeat" in figures.get("pairs", {}):
        Path(options.page).write_text(page.page(figures, options.data), encoding="utf-8")
    return 1 if figures.get("list", {}).get("exeat", {}).get("lost") else 0


def _show_pairs(figures: dict[str, Any]) -> None:
    rows = []
    for name, found in figures.items():
        for label, cells in found["sets"].items():
            c = Counts(**cells)
            recall, false = share(c.tp, c.tp + c.fn), share(c.fp, c.fp + c.tn)
            rows.append([f"{label}: {name}", f"{c.precision:.3f}", recall, f"{c.f1:.3f}", false])
    print(table(("labelled pairs", "P", "recall", "F1", "false positives"), sorted(rows)), end="\n\n")
    if "exeat" in figures:
        print(
            table(("exeat", "F1, learnt off (95 %)", "F1, learnt on", "best other", "ratio"), page.summary(figures)),
            end="\n\n",
        )


def _on_list(name: str, data: Path, parts: list[str]) -> dict[str, Any]:
    parties = corpus.csl(data)
    begin = time.process_time()
    built = engine(name, parties)
    found: dict[str, Any] = {"build": time.process_time() - begin, "threshold": built.threshold}
    exact = corpus.exact(parties)
    if "list" in parts:
        found["asked"] = _end_to_end(built, parties, exact, data)
    if "single" in parts:
        found["single"] = _singles(built, corpus.mangled(exact)[: SINGLES[name]])
    if "full" in parts and name == "exeat":
        found["lost"] = _lost(parties, built, _mixed(exact, data))
    return found


def _end_to_end(built: Screener, parties: list[corpus.Party], exact: list[corpus.Wanted], data: Path) -> dict[str, Any]:
    groups = {"exact names and aliases": exact, "one edit or moved word": corpus.mangled(exact)}
    found: dict[str, Any] = {}
    for label, wanted in groups.items():
        hits, seconds = _asked(built, [(one.name, one.kind) for one in wanted], label)
        right = [one.party in {party for party, _ in row} for one, row in zip(wanted, hits, strict=True)]
        found[label] = {"of": len(wanted), "hits": sum(right), "seconds": seconds, "hits per name": _mean(hits)}
        for change in sorted({one.change for one in wanted} - {""}):
            some = [ok for one, ok in zip(wanted, right, strict=True) if one.change == change]
            found[f"{label}: {change}"] = {"of": len(some), "hits": sum(some)}
        missed = [(one.name, one.party) for one, ok in zip(wanted, right, strict=True) if not ok]
        found[label]["missed"] = missed
    called = {party.id: party.names[0].text for party in parties}
    for which in ("global", "us", "fresh"):
        label = f"invented customers, {which}"
        names = candidates.fresh(data, 2000, FRESH) if which == "fresh" else corpus.customers(data, which)
        for kind, what in (("person", label), ("", f"{label}, kind unknown")):
            hits, seconds = _asked(built, [(one, kind) for one in names], what)
            flagged = [(one, called[row[0][0]], row[0][1]) for one, row in zip(names, hits, strict=True) if row]
            found[what] = {"of": len(names), "hits": len(flagged), "seconds": seconds, "flagged": flagged}
    return found


def _mixed(exact: list[corpus.Wanted], data: Path) -> list[corpus.Wanted]:
    """A third each of mangled names, invented customers, and names in other scripts."""
    third = FULL // 3
    across = [pair for pair in corpus.pairs(data) if pair.scripts[0] != "Latin"][:third]
    return [
        *corpus.mangled(exact)[:third],
        *(corpus.Wanted(name, "", "person") for name in corpus.customers(data, "global", third)),
        *(corpus.Wanted(pair.a, "", pair.kind) for pair in across),
    ]


def _mean(hits: list[Any]) -> float:
    return sum(map(len, hits)) / max(len(hits), 1)


def _asked(built: Screener, names: Sequence[tuple[str, Any]], what: str) -> tuple[list[Any], float]:
    def tick(done: int) -> None:
        progress(done, len(names), f"{built.name}: {what}")

    begin = time.process_time()
    hits = built.search(names, tick)
    return hits, time.process_time() - begin


def _singles(built: Screener, wanted: list[corpus.Wanted]) -> dict[str, float]:
    """Names that the engine has not seen, one call each; the index is warm from the first twenty."""
    times = []
    for one in wanted:
        begin = time.process_time_ns()
        built.search([(one.name, one.kind)], lambda done: None)
        times.append((time.process_time_ns() - begin) / 1000)
    times = times[len(times) // 50 :]
    return {f"p{p}": percentile(times, p / 100) for p in (50, 95, 99)}


def _lost(parties: list[corpus.Party], built: Screener, wanted: list[corpus.Wanted]) -> list[str]:
    """What a comparison with every name finds and the index does not, or scores otherwise."""
    from bench.screen.full import differences  # noqa: PLC0415

    return differences(parties, built, wanted)


def _show_list(figures: dict[str, Any]) -> None:
    rows = []
    for name, found in figures.items():
        for label, cells in found.get("asked", {}).items():
            low, high = wilson(cells["hits"], cells["of"])
            speed = f"{cells['of'] / cells['seconds']:,.0f}" if "seconds" in cells else ""
            shown = f"{cells['hits'] / cells['of']:.4f} ({low:.3f}-{high:.3f})"
            rows.append([f"{label}: {name}", shown, f"{cells['hits']}/{cells['of']}", speed])
    if rows:
        print(table(("end to end", "found or flagged", "", "names/s/core"), sorted(rows)), end="\n\n")
    singles = [[name, *map(spelled, found["single"].values())] for name, found in figures.items() if "single" in found]
    if singles:
        print(table(("one name, warm", "p50", "p95", "p99"), singles), end="\n\n")
    for name, found in figures.items():
        if "lost" in found:
            print(f"{name}: {len(found['lost'])} differences from a comparison with every name ({FULL} names)")
            print("\n".join(found["lost"][:20]))


def _size(name: str, data: Path) -> dict[str, Any]:
    """Build and cold start, in a process of its own."""
    command = [sys.executable, "-m", "bench", "screen", "--data", str(data), "--size-of", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"size of {name}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _size_here(name: str, data: Path) -> dict[str, Any]:
    from bench.screen.size import measure  # noqa: PLC0415

    return measure(name, data)


def _show_size(figures: dict[str, Any]) -> None:
    rows = [[f"{what}: {name}", f"{value:,.2f}"] for name, found in figures.items() for what, value in found.items()]
    print(table(("in a process of its own", ""), sorted(rows)), end="\n\n")
