"""The accuracy of ``bench screen`` on labelled pairs: figures, and a page that names every miss and false alert."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from bench.screen import corpus
from bench.screen.corpus import Pair
from bench.screen.measures import Counts, counts, share
from bench.screen.peers import Screener

Test = Callable[[Pair], bool]
HAN = ("Han", "Mixed")
PERSON_GROUPS = ("un_original_script", "eu_original_script", "human_match", "nk_name_bench", "watchman_cross_script")
ORGANISATION_GROUPS = ("eu_original_script", "eu_cross_negative", "el_bilingual")


def _in(groups: Sequence[str]) -> Test:
    return lambda pair: pair.group in groups


def _han(groups: Sequence[str], person: bool) -> Test:
    """Han against Latin, in groups whose names can be romanised."""

    def test(pair: Pair) -> bool:
        one, other = pair.scripts
        crossed = (one in HAN and other == "Latin") or (other in HAN and one == "Latin")
        return crossed and pair.group in groups and (pair.kind == "person") == person

    return test


def _script(script: str, person: bool) -> Test:
    """One script against Latin, in all groups but translations."""

    def test(pair: Pair) -> bool:
        return (
            {*pair.scripts} == {script, "Latin"}
            and pair.group != "cn_list_translation"
            and ((pair.kind == "person") == person)
        )

    return test


SETS: dict[str, Test] = {label: _in(groups) for label, groups in corpus.SETS.items()}
SETS |= {
    "Han against Latin, persons": _han(PERSON_GROUPS, True),
    "Han against Latin, persons, with Wikidata": _han((*PERSON_GROUPS, "wikidata_translit"), True),
    "Han against Latin, organisations": _han(ORGANISATION_GROUPS, False),
}
SETS |= {
    f"{script} against Latin, {'persons' if person else 'organisations'}": _script(script, person)
    for script in ("Arabic", "Cyrillic", "Hangul", "Hebrew")
    for person in (True, False)
}
SAME = "simplified = traditional"


def pair_figures(built: Screener, data: Path) -> dict[str, Any]:
    """Scores of all pairs, and what follows from them at the engine's own threshold."""
    pairs = corpus.pairs(data)
    scores = {pair.id: built.score(pair.a, pair.b, pair.kind, pair.schema) for pair in pairs}
    found = {one: score >= built.threshold for one, score in scores.items()}
    sets = {label: _cells(pairs, found, test) for label, test in SETS.items()}
    same = [built.score(*names, kind, schema) >= built.threshold for names, kind, schema in traditional(pairs)]
    sets[SAME] = msgspec.to_builtins(counts((True, one) for one in same))
    folds = corpus.folds(pairs)
    by_fold = {
        label: [_cells([pair for pair in pairs if pair.cluster in fold], found, SETS[label]) for fold in folds]
        for label in corpus.SETS
    }
    return {"threshold": built.threshold, "sets": _filled(sets), "folds": by_fold, "scores": scores}


def _filled(sets: Mapping[str, Any]) -> dict[str, Any]:
    return {label: cells for label, cells in sets.items() if any(cells.values())}


def _cells(pairs: Iterable[Pair], found: Mapping[str, bool], test: Test) -> dict[str, int]:
    cells: dict[str, int] = msgspec.to_builtins(counts((pair.match, found[pair.id]) for pair in pairs if test(pair)))
    return cells


def traditional(pairs: Iterable[Pair]) -> Iterator[tuple[tuple[str, str], Any, str]]:
    """Every name with Han characters that traditional writing changes, beside its simplified form."""
    import opencc  # noqa: PLC0415

    simpler = opencc.OpenCC("t2s")
    fuller = [opencc.OpenCC(name) for name in ("s2t", "s2tw", "s2hk")]
    seen = set()
    for pair in pairs:
        for text, script in zip((pair.a, pair.b), pair.scripts, strict=True):
            plain = simpler.convert(text) if script in HAN else ""
            for other in (one.convert(plain) for one in fuller):
                if other != plain and (plain, other) not in seen:
                    seen.add((plain, other))
                    yield (plain, other), pair.kind, pair.schema


def faults(figures: Mapping[str, Any], data: Path) -> list[tuple[str, str, Pair, float]]:
    """Each labelled pair that exeat gets wrong: set, kind of fault, pair, score."""
    own = figures["pairs"]["exeat"]
    found = []
    for pair in corpus.pairs(data):
        score = own["scores"][pair.id]
        if (score >= own["threshold"]) != pair.match:
            label = next(name for name, groups in corpus.SETS.items() if pair.group in groups)
            found.append((label, "missed" if pair.match else "false alert", pair, score))
    return found


def misses(figures: Mapping[str, Any], data: Path) -> str:
    """Every fault with its names, for reading; not for publication, since it would copy much of the pairs."""
    lines = ["set\tfault\tid\tscore\tstrength\tcategory\tscripts\tname_a\tname_b"]
    for label, fault, pair, score in faults(figures, data):
        scripts = " ".join(pair.scripts)
        cells = (label, fault, pair.id, f"{score:.3f}", pair.strength, pair.category, scripts, pair.a, pair.b)
        lines.append("\t".join(cells))
    asked = figures.get("list", {}).get("exeat", {}).get("asked", {})
    for label, cells in asked.items():
        lines.extend(f"{label}\tmissed\t{party}\t\t\t\t\t{name}\t" for name, party in cells.get("missed", ()))
        lines.extend(f"{label}\tflagged\t\t\t\t\t\t{name}\t" for name in cells.get("flagged", ()))
    return "\n".join(lines) + "\n"


HEAD = """\
# How right screening is

Written by `python -m bench screen --page docs/reference/screening-accuracy.md`; do not edit. What is measured and how:
[bench/README.md](../../bench/README.md). Intervals are 95 % (Wilson). The pairs are half of a collection whose other
half is kept for acceptance; nothing in it has been used for an alias or a table of terms. The weights of the score were
fitted on these pairs, so the last digits flatter.
"""


def page(figures: Mapping[str, Any], data: Path) -> str:
    """The accuracy page: figures by set, folds, and the ids of all faults with why they are hard."""
    parts = [HEAD, *_by_set(figures), *_by_fold(figures), *_end_to_end(figures), *_faults(figures, data)]
    return "\n".join(parts).rstrip("\n") + "\n"


def _by_set(figures: Mapping[str, Any]) -> Iterator[str]:
    for name, found in figures["pairs"].items():
        yield f"\n## {name} at {found['threshold']}\n"
        yield "| set | precision | recall | F1 | false positives |\n|---|---|---|---|---|"
        for label, cells in found["sets"].items():
            c = Counts(**cells)
            recall, false = share(c.tp, c.tp + c.fn), share(c.fp, c.fp + c.tn)
            yield f"| {label} | {share(c.tp, c.tp + c.fp)} | {recall} | {c.f1:.3f} | {false} |"


def _by_fold(figures: Mapping[str, Any]) -> Iterator[str]:
    yield "\n## Five folds, split by entity: exeat's F1\n"
    yield "| set | each fold | least |\n|---|---|---|"
    for label, folds in figures["pairs"].get("exeat", {}).get("folds", {}).items():
        each = [Counts(**cells).f1 for cells in folds]
        yield f"| {label} | {' '.join(f'{one:.3f}' for one in each)} | {min(each):.3f} |"


def _end_to_end(figures: Mapping[str, Any]) -> Iterator[str]:
    if "list" not in figures:
        return
    yield "\n## End to end, against the US Consolidated Screening List of 2026-07-31\n"
    yield "| asked | engine | found or flagged |\n|---|---|---|"
    for name, found in figures["list"].items():
        for label, cells in found.get("asked", {}).items():
            yield f"| {label} | {name} | {share(cells['hits'], cells['of'])} |"


def _faults(figures: Mapping[str, Any], data: Path) -> Iterator[str]:
    """By set, fault and strength; ids only, since the names are their publishers'."""
    all_faults = faults(figures, data)
    for label in corpus.SETS:
        for fault in ("missed", "false alert"):
            some = [(pair, score) for set_, kind, pair, score in all_faults if (set_, kind) == (label, fault)]
            if some:
                yield f"\n## {label}: {fault} ({len(some)})\n"
                yield from _listed(some)


def _listed(some: Sequence[tuple[Pair, float]]) -> Iterator[str]:
    kinds = Counter(_reason(pair) for pair, _ in some)
    for kind, number in kinds.most_common():
        ids = " ".join(f"{pair.id}:{score:.2f}" for pair, score in some if _reason(pair) == kind)
        yield f"- {kind}, {number}: {ids}"


def _reason(pair: Pair) -> str:
    """Why a pair is hard: how sure its label is, who or what, and which scripts."""
    scripts = "one script" if pair.scripts[0] == pair.scripts[1] else f"{pair.scripts[0]} against {pair.scripts[1]}"
    return f"{pair.strength.lower()}, {pair.kind or 'kind unknown'}, {scripts}"
