"""Every figure on the shared labelled pairs: ``python -m bench.screen.pairs [--misses SET]``."""

from __future__ import annotations

import csv
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from exeat.screen import score as scoring
from exeat.screen.model import Listing, Name, Party
from exeat.screen.names import Analysed, analyse, learn, with_words
from exeat.screen.names.curated import curated

DATA = Path(__file__).parents[2].parent / "shared" / "data"
if "EXEAT_SHARED" in os.environ:
    DATA = Path(os.environ["EXEAT_SHARED"]) / "data"
HAND = ("nk_name_bench", "human_match", "active_sanction", "yente_un_treated", "watchman_cross_script")
OFFICIAL = ("csl_alias", "un_alias", "csl_hard_negative", "un_hard_negative")
CROSS = (
    "un_original_script",
    "eu_original_script",
    "eu_cross_negative",
    "el_bilingual",
    "watchman_cross_script",
    "nk_name_bench",
    "human_match",
)
FAR = ("cn_list_translation", "wikidata_translit")
KIND = {
    "Person": "person",
    "Organization": "organisation",
    "Company": "organisation",
    "LegalEntity": "",
    "Vessel": "vessel",
}
Row = dict[str, str]


def load(name: str) -> list[Row]:
    with (DATA / "matching" / f"{name}.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


_CACHE: dict[tuple[str, str], Analysed] = {}


def seen(text: str, kind: str) -> Analysed:
    if (text, kind) not in _CACHE:
        _CACHE[text, kind] = analyse(text, kind)
    return _CACHE[text, kind]


def scored(row: Row) -> int:
    kind = KIND[row["schema"]]
    return scoring.points(seen(row["name_a"], kind), seen(row["name_b"], kind))


def latin(row: Row) -> bool:
    return row["script_a"] == row["script_b"] == "Latin"


def sets() -> dict[str, list[Row]]:
    every = {name: load(name) for name in dict.fromkeys((*HAND, *OFFICIAL, *CROSS, *FAR))}
    cross = [r for n in CROSS for r in every[n] if r["script_a"] != r["script_b"]]
    return {
        "hand": [r for n in HAND for r in every[n] if latin(r)],
        "official": [r for n in OFFICIAL for r in every[n]],
        "cross": cross,
        "cross + far": cross + [r for n in FAR for r in every[n]],
        "same script, not Latin": [r for n in HAND for r in every[n] if r["script_a"] == r["script_b"] != "Latin"],
        "Han persons": [r for r in cross if r["script_a"] in ("Han", "Mixed") and r["schema"] == "Person"],
        "Han organisations": [r for r in cross if r["script_a"] in ("Han", "Mixed") and r["schema"] != "Person"],
        "Cyrillic persons": [
            r for r in cross if "Cyrillic" in (r["script_a"], r["script_b"]) and r["schema"] == "Person"
        ],
        "Cyrillic organisations": [r for r in cross if r["script_a"] == "Cyrillic" and r["schema"] != "Person"],
        "Arabic persons": [r for r in cross if r["script_a"] == "Arabic" and r["schema"] == "Person"],
        "Arabic organisations": [r for r in cross if r["script_a"] == "Arabic" and r["schema"] != "Person"],
        "Hangul": [r for r in cross if r["script_a"] == "Hangul"],
        **{n: every[n] for n in FAR},
        **{
            f"wikidata {s}": [r for r in every["wikidata_translit"] if r["script_a"] == s]
            for s in ("Han", "Hangul", "Arabic", "Cyrillic", "Hebrew")
        },
    }


def interval(hits: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval."""
    if not n:
        return 0.0, 1.0
    z, p = 1.96, hits / n
    mid, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return (mid - half) / (1 + z * z / n), (mid + half) / (1 + z * z / n)


def figures(rows: list[Row], threshold: int) -> dict[str, float]:
    tp = fp = fn = tn = 0
    for row in rows:
        hit = scored(row) >= threshold
        if row["expected"] == "match":
            tp, fn = tp + hit, fn + (not hit)
        else:
            fp, tn = fp + hit, tn + (not hit)
    precision, recall = tp / (tp + fp or 1), tp / (tp + fn or 1)
    return {
        "tp": tp,
        "fp": fp,
        "fn": fn,
        "tn": tn,
        "P": precision,
        "R": recall,
        "F1": 2 * tp / (2 * tp + fp + fn or 1),
        "FPR": fp / (fp + tn or 1),
    }


def bootstrap(rows: list[Row], threshold: int, rounds: int = 200) -> tuple[float, float]:
    """95 % interval of F1, drawn by cluster."""
    clusters: dict[str, list[tuple[bool, bool]]] = {}
    for row in rows:
        clusters.setdefault(row["cluster"], []).append((scored(row) >= threshold, row["expected"] == "match"))
    groups, rng, out = list(clusters.values()), random.Random(4), []
    for _ in range(rounds):
        drawn = [pair for _ in groups for pair in rng.choice(groups)]
        tp = sum(h and m for h, m in drawn)
        out.append(2 * tp / (2 * tp + sum(h != m for h, m in drawn) or 1))
    out.sort()
    return out[int(0.025 * rounds)], out[int(0.975 * rounds)]


def report(threshold: int) -> Iterator[str]:
    for name, rows in sets().items():
        f = figures(rows, threshold)
        low, high = bootstrap(rows, threshold)
        rl, rh = interval(int(f["tp"]), int(f["tp"] + f["fn"]))
        yield (
            f"{name:24} n {len(rows):5} P {f['P']:.3f} R {f['R']:.3f} [{rl:.2f} {rh:.2f}] F1 {f['F1']:.3f}"
            f" [{low:.3f} {high:.3f}] FPR {f['FPR']:.3f}"
            f"  ({int(f['tp'])}/{int(f['tp'] + f['fn'])}, {int(f['fp'])}/{int(f['fp'] + f['tn'])})"
        )


def learnt_report(threshold: int) -> Iterator[str]:
    """What learning from entries of both scripts adds, each cluster scored with what the *other* four folds teach."""
    rows = [r for r in sets()["cross"] if r["schema"] != "Person"]
    folds: dict[int, list[Row]] = {}
    for row in rows:
        folds.setdefault(sum(map(ord, row["cluster"])) % 5, []).append(row)
    hits = {"off": 0, "learnt": 0, "curated": 0}
    false = dict(hits)
    total = 0
    shipped = {one.text: one.means for one in curated() if one.kind == "word"}
    for k, held in folds.items():
        teachers = [
            Party(row["id"], "organisation", (Name(row["name_a"]), Name(row["name_b"])), Listing("fold", row["id"]))
            for other, some in folds.items() if other != k for row in some if row["expected"] == "match"
        ]  # fmt: skip
        words = {one.text: one.means for one in learn(teachers) if one.kind == "word"}
        for row in held:
            a, b = seen(row["name_a"], KIND[row["schema"]]), seen(row["name_b"], KIND[row["schema"]])
            match = row["expected"] == "match"
            total += match
            for what, table in (("off", {}), ("learnt", words), ("curated", shipped)):
                got = scoring.points(with_words(a, table), b) >= threshold
                hits[what] += got and match
                false[what] += got and not match
    for what, count in hits.items():
        low, high = interval(count, total)
        share = f"{count}/{total} = {count / total:.3f} [{low:.2f} {high:.2f}], false {false[what]}/{len(rows) - total}"
        yield f"organisations across scripts, {what:8} recall {share}"


def speed() -> Iterator[str]:
    rows = load("csl_hard_negative") + load("csl_alias") + load("un_alias")
    texts = [r["name_a"] for r in rows] + [r["name_b"] for r in rows]
    start = time.process_time()
    names = [analyse(t) for t in texts]
    took = time.process_time() - start
    yield f"analyse {len(texts) / took:,.0f} names/s"
    rng = random.Random(1)
    pairs = [(names[i], names[i + len(rows)]) for i in range(len(rows))] + [
        (rng.choice(names), rng.choice(names)) for _ in range(20000)
    ]
    for what, some in (("labelled pairs", pairs[: len(rows)]), ("random pairs", pairs[len(rows) :])):
        start = time.process_time()
        for a, b in some:
            scoring.points(a, b)
        yield f"points {len(some) / (time.process_time() - start):,.0f} {what}/s"


def main() -> None:
    threshold = scoring.THRESHOLD
    if "-t" in sys.argv:
        threshold = int(sys.argv[sys.argv.index("-t") + 1])
    if "--misses" in sys.argv:
        for row in sets()[sys.argv[sys.argv.index("--misses") + 1]]:
            got = scored(row)
            if (got >= threshold) != (row["expected"] == "match"):
                print(
                    "FN" if row["expected"] == "match" else "FP",
                    got,
                    row["strength"],
                    row["name_a"],
                    "|",
                    row["name_b"],
                    sep="\t",
                )
        return
    print(*report(threshold), sep="\n")
    print(*learnt_report(threshold), sep="\n")
    print(*speed(), sep="\n")


if __name__ == "__main__":
    main()
