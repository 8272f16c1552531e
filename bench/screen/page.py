"""The accuracy of ``bench screen`` on labelled pairs: figures, and a page that names every miss and false alert."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from bench.screen import corpus, leaks, learnt
from bench.screen.corpus import Pair
from bench.screen.measures import Counts, bootstrap, counts, share
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
    sets = _filled(sets)
    figures = {
        "threshold": built.threshold,
        "sets": sets,
        "scores": scores,
        "intervals": _intervals(pairs, found, sets),
    }
    return figures | (_of_ours(pairs, found, built.threshold) if built.name == "exeat" else {})


def _of_ours(pairs: list[Pair], found: Mapping[str, bool], threshold: float) -> dict[str, Any]:
    """What is asked of exeat only: five folds, learnt names in use, and whether the tables know the pairs."""
    folds = corpus.folds(pairs)
    taught = {one: score >= threshold for one, score in learnt.scores(pairs, folds).items()}
    sets = _filled({label: _cells(pairs, taught, test) for label, test in SETS.items()})
    han = [pair for pair in pairs if SETS["Han against Latin, organisations"](pair)]
    return {
        "folds": {
            label: [_cells([pair for pair in pairs if pair.cluster in fold], found, SETS[label]) for fold in folds]
            for label in corpus.SETS
        },
        "learnt": {"sets": sets, "intervals": _intervals(pairs, taught, sets)},
        "leaks": leaks.leaks(pairs, han, round(threshold * 1000)),
    }


def _intervals(pairs: Sequence[Pair], found: Mapping[str, bool], sets: Mapping[str, Any]) -> dict[str, Any]:
    """95 % intervals of F1, drawn by entity."""
    return {
        label: bootstrap([(pair.cluster, pair.match, found[pair.id]) for pair in pairs if SETS[label](pair)])
        for label in sets
        if label in SETS
    }


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
        lines.extend(
            f"{label}\tflagged\t\t{score:.3f}\t\t\t\t{name}\t{hit}" for name, hit, score in cells.get("flagged", ())
        )
    return "\n".join(lines) + "\n"


HEAD = """\
# How right screening is

Written by `python -m bench screen --page docs/reference/screening-accuracy.md`; do not edit. What is measured and how:
[bench/README.md](../../bench/README.md). Intervals are 95 %: Wilson's for shares, for F1 drawn 400 times by entity. The
pairs are half of a collection whose other half is kept for acceptance. The weights of the score were fitted on these
pairs, and its rules were written with the faults below in sight, so that the figures flatter;
[hard_pairs.tsv](../../tests/screen/hard_pairs.tsv) says what pairs gave that nobody had seen.

Learnt off: a bare matcher, which knows no alias that was learnt or curated; all figures are of this one unless they say
otherwise. Learnt on: with the curated names of the release, less those that coincide with a name of the pairs, and with
words learnt from the matching pairs of the other four of five folds (split by entity). Ratio: exeat's F1, learnt off,
over that of the best other engine in the same run.
"""
OPEN = ("MIT", "Apache", "public domain", "public list", "CC0", "facts")


def page(figures: Mapping[str, Any], data: Path) -> str:
    """The accuracy page: figures by set, folds, what the tables know of the pairs, and every fault."""
    parts = [HEAD, *_summary(figures), *_by_fold(figures), *_leaks(figures), *_end_to_end(figures)]
    parts += [*_by_set(figures), *_faults(figures, data), *_alerts(figures)]
    return "\n".join(parts).rstrip("\n") + "\n"


def _spelt(cells: Mapping[str, int] | None, interval: Sequence[float] | None) -> str:
    if cells is None:
        return "-"
    c = Counts(**cells)
    return f"{c.f1:.3f}" + (f" ({interval[0]:.3f}-{interval[1]:.3f})" if interval else "")


def _best_peer(pairs: Mapping[str, Any], label: str) -> tuple[float, str]:
    """The F1 of the best other engine on a set, and which it is."""
    peers = [
        (Counts(**found["sets"][label]).f1, name)
        for name, found in pairs.items()
        if name != "exeat" and label in found["sets"]
    ]
    return max(((f1, name) for f1, name in peers if not math.isnan(f1)), default=(0.0, "-"))


def ratio(own: float, other: float) -> str:
    """``1.08``, or that the other has nothing."""
    return f"{own / other:.2f}" if other else "other 0"


def summary(pairs: Mapping[str, Any]) -> list[list[str]]:
    """A row a set: F1 with learnt off and on, the best other engine's, and the ratio."""
    own, rows = pairs["exeat"], []
    for label, cells in own["sets"].items():
        best, who = _best_peer(pairs, label)
        off = _spelt(cells, own["intervals"].get(label))
        on = _spelt(own["learnt"]["sets"].get(label), own["learnt"]["intervals"].get(label))
        rows.append([label, off, on, f"{best:.3f} {who}", ratio(Counts(**cells).f1, best)])
    return rows


def _summary(figures: Mapping[str, Any]) -> Iterator[str]:
    own = figures["pairs"]["exeat"]
    yield f"\n## Labelled pairs, exeat at {own['threshold']}\n"
    yield "| set | F1, learnt off | F1, learnt on | best other engine, F1 | ratio | recall | false positives |"
    yield "|---|---|---|---|---|---|---|"
    for label, off, on, best, times in summary(figures["pairs"]):
        c = Counts(**own["sets"][label])
        recall, false = share(c.tp, c.tp + c.fn), share(c.fp, c.fp + c.tn)
        yield f"| {label} | {off} | {on} | {best} | {times} | {recall} | {false} |"


def _leaks(figures: Mapping[str, Any]) -> Iterator[str]:
    """What the tables and the pairs have in common."""
    found = figures["pairs"]["exeat"]["leaks"]
    with_all, without, total = found["recall"]
    yield "\n## What the tables have in common with the pairs\n"
    yield (
        f"Curated names that coincide with a name of the pairs ({len(found['aliases'])}; each has its own source, none"
        f" is used in these figures): {'; '.join(found['aliases']) or 'none'}. Terms that are all of a name of the"
        f" pairs: {', '.join(found['whole']) or 'none'}. Of {found['terms']} terms in Han, {len(found['single'])} of"
        f" two and more characters stand in names of one entity only: {' '.join(found['single'])}. Without these, Han"
        f" organisations found at the default threshold are {share(without, total)}, with them"
        f" {share(with_all, total)}."
    )


def _by_set(figures: Mapping[str, Any]) -> Iterator[str]:
    for name, found in figures["pairs"].items():
        yield f"\n## {name} at {found['threshold']}\n"
        yield "| set | precision | recall | F1 | false positives |\n|---|---|---|---|---|"
        for label, cells in found["sets"].items():
            c = Counts(**cells)
            recall, false = share(c.tp, c.tp + c.fn), share(c.fp, c.fp + c.tn)
            f1 = _spelt(cells, found["intervals"].get(label))
            yield f"| {label} | {share(c.tp, c.tp + c.fp)} | {recall} | {f1} | {false} |"


def _by_fold(figures: Mapping[str, Any]) -> Iterator[str]:
    yield "\n## Five folds, split by entity: exeat's F1, learnt off\n"
    yield "| set | each fold (pairs) | least |\n|---|---|---|"
    for label, folds in figures["pairs"]["exeat"]["folds"].items():
        each = [(Counts(**cells).f1, sum(cells.values())) for cells in folds]
        yield f"| {label} | {', '.join(f'{f1:.3f} ({of})' for f1, of in each)} | {min(each)[0]:.3f} |"


def _end_to_end(figures: Mapping[str, Any]) -> Iterator[str]:
    if "list" not in figures:
        return
    yield "\n## End to end, against the US Consolidated Screening List of 2026-07-31\n"
    yield "| asked | engine | found or flagged | of the best other engine |\n|---|---|---|---|"
    asked = {name: found.get("asked", {}) for name, found in figures["list"].items()}
    for name, groups in asked.items():
        for label, cells in groups.items():
            others = [one[label] for other, one in asked.items() if other != "exeat" and label in one]
            shares = [one["hits"] / one["of"] for one in others]
            best = (min if "customers" in label else max)(shares, default=0.0)
            times = ratio(cells["hits"] / cells["of"], best) if name == "exeat" and others else ""
            yield f"| {label} | {name} | {share(cells['hits'], cells['of'])} | {times} |"


def _faults(figures: Mapping[str, Any], data: Path) -> Iterator[str]:
    """By set, fault and strength; names where their publisher's licence lets them be shown, ids in any case."""
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
        yield f"- {kind}, {number}: " + "; ".join(_named(pair, score) for pair, score in some if _reason(pair) == kind)


def _named(pair: Pair, score: float) -> str:
    names = f" {_plain(pair.a)} ~ {_plain(pair.b)}" if any(one in pair.licence for one in OPEN) else ""
    if "CC BY-NC" in pair.licence:
        names = ""
    return f"`{pair.id}`{names} {score:.2f}"


def _plain(text: str) -> str:
    """Text that no Markdown reader takes for more than it is."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>|" else c for c in text)


def _alerts(figures: Mapping[str, Any]) -> Iterator[str]:
    """Every miss and false alert of the end-to-end part; the list is in the public domain, the customers invented."""
    for label, cells in figures.get("list", {}).get("exeat", {}).get("asked", {}).items():
        if missed := cells.get("missed"):
            yield f"\n## {label}: missed ({len(missed)})\n"
            yield "; ".join(f"{_plain(name)} ({party})" for name, party in missed)
        if flagged := cells.get("flagged"):
            yield f"\n## {label}: flagged ({len(flagged)})\n"
            yield "; ".join(f"{_plain(name)} ~ {_plain(hit)} {score:.2f}" for name, hit, score in flagged)


def _reason(pair: Pair) -> str:
    """Why a pair is hard: how sure its label is, who or what, and which scripts."""
    scripts = "one script" if pair.scripts[0] == pair.scripts[1] else f"{pair.scripts[0]} against {pair.scripts[1]}"
    return f"{pair.strength.lower()}, {pair.kind or 'kind unknown'}, {scripts}"
