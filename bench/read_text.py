"""Scores opening, text and metadata of `exeat.read` on the seeds and samples: ``python bench/read_text.py [SOURCES]``.

Main text: F1 of the multisets of character 4-grams after white space is reduced to single spaces; the lede is the
gold's first 40 characters; evidence is what the gold quotes for its mentions (all of it must be found in our text,
white space reduced). Fails (exit 1) below the bars of issue 3."""

from __future__ import annotations

import html
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from exeat.read.envelope import envelopes
from exeat.read.metadata import Head, head
from exeat.read.open import open_document

HERE = Path(__file__).parent
SOURCES = HERE.parent.parent / "shared" / "sources"


def squash(value: str) -> str:
    """White space reduced to single spaces."""
    return " ".join(value.split())


def f1(ours: str, gold: str) -> float:
    """F1 of character 4-grams, as multisets."""
    one, two = (Counter(text[i : i + 4] for i in range(len(text) - 3)) for text in (squash(ours), squash(gold)))
    both = sum((one & two).values())
    return 2 * both / (sum(one.values()) + sum(two.values())) if one and two else float(one == two)


def gold_text(raw: str, recipe: dict[str, Any]) -> str:
    """The main text of a sample, cut out of its raw file as the recipe says."""
    wanted = [range(int(a), int(b) + 1) for a, b in (part.split("-") for part in str(recipe["keep"]).split())]
    if "tags" in recipe:
        pieces = re.findall(rf"<(?:{recipe['tags']})(?:\s[^>]*)?>(.*?)</(?:{recipe['tags']})>", raw, re.S)
        kept = [re.sub(r"<[^>]+>", "", re.sub(r"<br[^>]*>", "\n", pieces[i])) for span in wanted for i in span]
    else:
        lines = ["", *raw.split("\n")]
        kept = [lines[i] for span in wanted for i in span if i < len(lines)]
        kept = [re.sub(r"\[([^\[\]]*)\]\([^)]*\)", r"\1", re.sub(r"^#+ |\*\*", "", line)) for line in kept]
    text = squash(html.unescape("\n".join(kept)))
    return text[: len(text) - int(recipe.get("cut", 0))]


def quotes(gold: dict[str, Any]) -> list[str]:
    """All evidence that a gold file quotes."""
    found = []
    for mention in gold["mentions"]:
        for part in mention.get("evidence") or []:
            found.append(part["quote"] if isinstance(part, dict) else part)
    return [quote for quote in found if "](" not in quote]  # one quote of s08 was cut through a Markdown link


def cases(sources: Path) -> list[tuple[str, Path, str, str | None, str | None, list[str], bool]]:
    """(id, raw file, main text, title, published day, evidence, is a seed)"""
    made: list[tuple[str, Path, str, str | None, str | None, list[str], bool]] = []
    for path in sorted((sources / "gold").glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        main = path.with_name(f"{path.stem}.main.txt").read_text("utf-8")
        day = gold["meta"]["published"]["value"]
        file = sources / "seeds" / gold["doc"]["file"]
        made.append((path.stem, file, main, gold["meta"]["title"]["value"], day and day[:10], quotes(gold), True))
    recipes = yaml.safe_load((HERE / "read_text_gold.yaml").read_text("utf-8"))
    for path in sorted((sources / "samples").glob("*.gold.json")):
        gold = json.loads(path.read_text("utf-8"))
        raw = path.with_name(gold["doc"]["file"])
        title = None if gold["meta"]["title"] == "(none in file)" else gold["meta"]["title"]
        day = gold["meta"]["published"]["value"]
        main = gold_text(raw.read_text("utf-8"), recipes[path.name[:3]])
        made.append((path.name[:3], raw, main, title, day and day[:10], quotes(gold), False))
    return made


def one(path: Path) -> Head:
    return head(envelopes(open_document(path))[0])


def score(sources: Path = SOURCES) -> dict[str, Any]:
    """All figures, per document and summed up."""
    rows = []
    for name, path, main, title, day, evidence, seed in cases(sources):
        told = one(path)
        ours = told.metadata.published.value
        flat = squash(told.text.text)
        row = {"id": name, "seed": seed, "f1": round(f1(told.text.text, main), 4), "lede": squash(main)[:40] in flat}
        row |= {"title": told.metadata.title.value == title, "day": (ours and ours[:10]) == day}
        row |= {"wrong": ours is not None and ours[:10] != day, "parts": len(told.text.parts)}
        row |= {"evidence": sum(squash(quote) in flat for quote in evidence), "quotes": len(evidence)}
        rows.append(row)
    start, count = time.process_time(), 0
    paths = [path for _, path, *_ in cases(sources)]
    while time.process_time() - start < 1:
        for path in paths:
            one(path)
            count += 1
    rate = count / (time.process_time() - start)
    return {"documents": rows, "documents_per_second": round(rate)}


def main() -> int:
    sources = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCES
    found = score(sources)
    rows = found["documents"]
    for row in rows:
        print(*(f"{key}={value}" for key, value in row.items()))
    seeds, samples = [row for row in rows if row["seed"]], [row for row in rows if not row["seed"]]
    share = {
        "least F1, seeds (0.995)": (min(row["f1"] for row in seeds), 0.995),
        "least F1, samples (0.99)": (min(row["f1"] for row in samples), 0.99),
        "ledes kept (1)": (sum(row["lede"] for row in rows) / len(rows), 1),
        "titles right, seeds (1)": (sum(row["title"] for row in seeds) / len(seeds), 1),
        "titles right, samples (0.97)": (sum(row["title"] for row in samples) / len(samples), 0.97),
        "published day right (0.97)": (sum(row["day"] for row in rows) / len(rows), 0.97),
        "published day not silently wrong (1)": (1 - sum(row["wrong"] for row in rows) / len(rows), 1),
        "evidence found in the text (1)": (
            sum(row["evidence"] for row in rows) / sum(row["quotes"] for row in rows),
            1,
        ),
    }
    for name, (value, _) in share.items():
        print(f"{name}: {value:.4f}")
    print(f"documents a second, open to metadata: {found['documents_per_second']}")
    return int(any(value < bar for value, bar in share.values()))


if __name__ == "__main__":
    sys.exit(main())
