"""Reading: the whole pipeline over annotated documents, beside trafilatura alone in the same run.

The documents are not part of the project (news texts belong to their publishers): `--sources` names a folder with
``seeds``, ``gold`` and ``samples`` as its READMEs describe. Nothing here feeds back into the pipeline.

How mentions are scored. A predicted and an annotated mention may be the same if their actions are of one family and
their targets overlap, or their evidence does by at least half of the shorter quotation; the best one-to-one matching
is taken. Fields are scored on matched pairs. The family itself is scored on a second matching that does not look at
it. Days must be the same day; longer times must overlap by half. What the annotation marks as not in the text is not
asked."""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from bench.figures import table
from exeat.home import ready_book
from exeat.read.lexicon import Lexicon, lexicon
from exeat.read.link import NONE, Ledger, bare
from exeat.read.model import Actor, Document, Mention, TimeValue
from exeat.read.pipeline import read_bytes

SOURCES = Path(os.environ.get("EXEAT_SOURCES", "../shared/sources"))
FAMILIES = {
    action: family
    for family, actions in {
        "prohibit": "ban prohibit restrict restrict_export prohibit_export",
        "licence": "require_licence deny_licence tighten tighten_review",
        "list": "list_add designate",
        "delist": "list_remove revoke",
        "law": "adopt_law adopt_rules amend amend_catalogue amend_items",
        "court": "enjoin deny_relief",
        "plan": "consider announce_plan propose",
    }.items()
    for action in actions.split()
}
# Statuses by what they say of the act: it stands, is to come, is only threatened, is only said.
STANDING = {
    status: name
    for name, statuses in {
        "stands": "announced in_force reported ongoing superseded voluntary",
        "to come": "planned scheduled proposed draft",
        "threatened": "possible conditional",
        "said": "alleged claimed inferred",
    }.items()
    for status in statuses.split()
}
# What the annotation's own keys mean in the shipped rulebook.
LINKS = {
    "US/DOC/2020-09-18/wechat-tiktok-prohibited-transactions": (
        "us.commerce-statement-2020 us.wechat-2020 us.tiktok-2020"
    ),
    "US/EO/13942+13943": "us.eo-13942 us.eo-13943",
    "US/POTUS/2020-08-14/musically-divestiture-order": "us.musically-2020",
    "CN/MOFCOM+MOST/2020-38": "cn.catalogue-versions/2020 cn.catalogue",
    "CN/MOFCOM+MOST/2008-12": "cn.catalogue-versions/2008 cn.catalogue",
    "CN/MFA/2020-09-08/global-data-security-initiative": "gdsi",
    "US/STATE/clean-network": "clean-network",
    "US/STATE/2020-08-05/clean-network-expansion": "clean-network",
    "MULTI/2021-12-10/export-controls-human-rights-initiative": "echri",
    "US/BIS/entity-list/ZTE-2016,Huawei-2019": "us.ear.entity-list",
    "US/BIS/2021-12-09/cambodia-d5-meu": "us.ear.cambodia",
    "US/BIS/2021-11-04/nso-group": "us.ear.entity-list",
    "MULTI/2021-06-15/us-eu-ttc": "ttc",
}


class Gold(msgspec.Struct):
    """One annotated document with what was read of it."""

    key: str
    seed: bool
    raw: bytes
    gold: dict[str, Any]
    main: str | None
    read: Document


class Tally:
    """Right of how many, with the misses for whoever wants to see them."""

    def __init__(self) -> None:
        self.right = 0.0
        self.of = 0.0
        self.misses: list[str] = []

    def add(self, right: float | bool, what: str = "", weight: float = 1.0) -> None:
        self.right += float(right) * weight
        self.of += weight
        if float(right) < 1.0:
            self.misses.append(what)

    @property
    def share(self) -> float | None:
        return self.right / self.of if self.of else None

    def shown(self) -> str:
        return f"{self.share:.3f} ({self.right:g}/{self.of:g})" if self.share is not None else "nothing to score"


# --- the documents


def load(folder: Path, words: Lexicon, ledger: Ledger) -> list[Gold]:
    """Every annotated document, read."""
    found = []
    for kind, place in (("seeds", "gold"), ("samples", "samples")):
        for path in sorted((folder / place).glob("*.json")):
            gold = json.loads(path.read_text("utf-8"))
            raw = (folder / kind / gold["doc"]["file"]).read_bytes()
            main = path.with_suffix("").with_suffix(".main.txt")
            read = read_bytes(raw, gold["doc"]["file"], words, ledger)
            found.append(
                Gold(
                    gold["doc"]["id"][:3] if kind == "seeds" else gold["doc"]["id"].split("_")[0],
                    kind == "seeds",
                    raw,
                    gold,
                    main.read_text("utf-8") if kind == "seeds" else None,
                    read[0],
                )
            )
    return found


def grams(text: str) -> Counter[str]:
    return Counter(text[i : i + 4] for i in range(max(len(text) - 3, 1)))


def f1(wanted: str, got: str) -> float:
    """Character 4-gram F1."""
    a, b = grams(wanted), grams(got)
    both = sum((a & b).values())
    return 2 * both / max(sum(a.values()) + sum(b.values()), 1)


# --- times


def interval(value: str) -> tuple[str, str] | None:
    """The first and last day of an ISO day, month, year or interval."""
    first, _, last = value.partition("/")
    begin, end = _edge(first, "-01-01"), _edge(last or first, "-12-31")
    return (begin, end) if begin and end else None


def _edge(part: str, rest: str) -> str:
    """A day, or the first or last day of a month or year; "" for anything else."""
    if re.fullmatch(r"\d{4}", part):
        return part + rest
    if re.fullmatch(r"\d{4}-\d{2}", part):
        return part + rest[3:]
    return part[:10] if re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", part) else ""


def _ordinal(day: str) -> int:
    year, month, number = (int(part) for part in day.split("-"))
    return year * 372 + month * 31 + number  # near enough for shares of intervals


def same_time(gold: str, got: str) -> bool:
    """A day must be that day; anything longer must overlap by half of the longer."""
    one, other = interval(gold), interval(got)
    if one is None or other is None:
        return gold == got
    if one[0] == one[1] or other[0] == other[1]:
        return one == other
    a, b, c, d = (_ordinal(day) for day in (*one, *other))
    both = min(b, d) - max(a, c) + 1
    return both * 2 >= max(b - a, d - c) + 1


def value_of(one: TimeValue) -> str:
    """A time value in the annotation's form."""
    if one.value:
        return one.value
    if one.precision == "day" or not (one.start and one.end):
        return one.start or one.end
    return one.start if one.start == one.end else f"{one.start}/{one.end}"


def score_times(gold: Gold, tally: Tally) -> None:
    """Every annotated expression against the value read at its place."""
    for one in gold.gold.get("time_expressions", ()):
        start = place(gold, one["quote"], one["start"])
        end = start + len(one["quote"])
        over = [
            (min(end, time_.at.end) - max(start, time_.at.start), time_)
            for time_ in gold.read.times
            if time_.at.start < end and start < time_.at.end
        ]
        got = max(over, key=lambda pair: (pair[0], -pair[1].at.start))[1] if over else None
        wanted, said = one["value"], value_of(got) if got else ""
        if one["bound"] == "not_a_date":
            right = got is None or got.not_a_date
        elif wanted is None:
            right = not said
        else:
            right = got is not None and same_time(str(wanted), said)
        tally.add(right, f"{gold.key} {one['quote']} wanted {wanted} got {said or None}")


def place(gold: Gold, quote: str, at: int) -> int:
    """Where a quotation of the annotated text stands in the text read: the occurrence nearest to its annotated place;
    -1 if nowhere."""
    text = gold.read.text.text
    if gold.main is not None and text[at : at + len(quote)] == quote:
        return at
    found = [one.start() for one in re.finditer(re.escape(quote), text)]
    return min(found, key=lambda start: (abs(start - at), start), default=-1)


# --- mentions


class Wanted(msgspec.Struct):
    """An annotated mention in one form for seeds and samples."""

    id: str
    group: str
    action: str
    actors: list[tuple[str, str]]
    targets: list[tuple[str, str]]
    announced: str | None
    effective: str | None
    status: str
    salience: str
    evidence: list[tuple[int, int]]
    link: str
    quantities: list[int]


def wanted(gold: Gold) -> list[Wanted]:
    return [_wanted(gold, one) for one in gold.gold["mentions"]]


def _wanted(gold: Gold, one: dict[str, Any]) -> Wanted:
    spans = []
    for quote in one.get("evidence", ()):
        text, at = (quote["quote"], quote["start"]) if isinstance(quote, dict) else (quote, 0)
        start = place(gold, text, at)
        if start >= 0:
            spans.append((start, start + len(text)))
    amounts = one.get("quantities") or []
    values = list(amounts.values()) if isinstance(amounts, dict) else [part.get("value") for part in amounts]
    return Wanted(
        one["id"],
        one.get("group", ""),
        one["action"],
        _actors(one.get("actors", ())),
        _actors(one.get("targets", ())),
        _date(one.get("announced")),
        _date(one.get("effective")),
        one.get("status", ""),
        one.get("salience", ""),
        spans,
        (one.get("link") or {}).get("canonical_key", ""),
        [value for value in values if isinstance(value, int)],
    )


def _actors(found: Iterable[Any]) -> list[tuple[str, str]]:
    """Names and ids, of a reference to another mention that one's."""
    told = []
    for one in found:
        if isinstance(one, str):
            key = re.search(r"\(([A-Z]{2,}-[A-Z-]+)\)", one)
            told.append((re.sub(r" ?\(.*?\)", "", one), key[1] if key else ""))
        elif "name" in one:
            told.append((one["name"], one.get("id") or (f"ref:{one['ref']}" if "ref" in one else "")))
    return told


def _date(found: Any) -> str | None:
    """The day as annotated; None where the text does not say it."""
    if isinstance(found, dict):
        return None if found.get("in_text") is False else found.get("value")
    if isinstance(found, str):
        return None if "not in text" in found else found.split(" ")[0]
    return None


def family(action: str) -> str:
    return FAMILIES.get(action, action)


class Matcher:
    """Matches by names: two actors are one if their ids are, or one name of one is within a name of the other."""

    def __init__(self, ledger: Ledger) -> None:
        self.names = ledger.names
        self.ids = {name: key for key, names in sorted(ledger.names.items()) for name in names}

    def same(self, gold: tuple[str, str], got: Actor) -> bool:
        name, key = gold
        if key and key == got.id:
            return True
        mine = {bare(name)} | (self.names.get(key, frozenset()))
        if not key and bare(name) in self.ids:
            mine |= self.names.get(self.ids[bare(name)], frozenset())
        yours = {bare(got.name)} | self.names.get(got.id, frozenset())
        if mine & yours:
            return True
        return any(len(a) > 1 and (a in b or b in a) for a in (bare(name),) if a for b in (bare(got.name),) if b)

    def shared(self, gold: Sequence[tuple[str, str]], got: Sequence[Actor]) -> int:
        """How many of the annotated ones are among the predicted."""
        return sum(any(self.same(one, other) for other in got) for one in gold)

    def targets(self, gold: Wanted, got: Mention) -> bool:
        if not gold.targets and not got.targets:
            return False  # nothing in common either
        return self.shared(gold.targets, got.targets) > 0


def evidence_share(gold: Wanted, got: Mention) -> float:
    """The largest overlap of two quotations, as a share of the shorter."""
    best = 0.0
    for start, end in gold.evidence:
        for one in got.evidence:
            both = min(end, one.end) - max(start, one.start)
            best = max(best, both / max(min(end - start, one.end - one.start), 1))
    return best


def align(
    golds: Sequence[Wanted], got: Sequence[Mention], matcher: Matcher, by_family: bool
) -> list[tuple[Wanted, Mention]]:
    """The best one-to-one matching."""
    weights: list[list[float]] = []
    for one in golds:
        row = []
        for other in got:
            share, targets = evidence_share(one, other), matcher.targets(one, other)
            alike = family(one.action) == family(other.action)
            possible = (targets or share >= 0.5) if by_family else (share >= 0.5 or (targets and share > 0))
            if by_family and not alike:
                possible = False
            near = sum(
                bool(mine and yours and same_time(mine, yours.value))
                for mine, yours in ((one.announced, other.announced), (one.effective, other.effective))
            )
            row.append(10 + 4 * share + 3 * targets + 2 * alike + near if possible else 0.0)
        weights.append(row)
    return [(golds[i], got[j]) for i, j in assignment(weights) if weights[i][j] > 0]


def assignment(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs of row and column with the greatest sum (the Hungarian method)."""
    if not weights or not weights[0]:
        return []
    size = max(len(weights), len(weights[0]))
    cost = [
        [-(weights[i][j]) if i < len(weights) and j < len(weights[0]) else 0.0 for j in range(size)]
        for i in range(size)
    ]
    u, v = [0.0] * (size + 1), [0.0] * (size + 1)
    owner, way = [0] * (size + 1), [0] * (size + 1)
    for i in range(1, size + 1):
        owner[0], j0 = i, 0
        least, used = [float("inf")] * (size + 1), [False] * (size + 1)
        while True:
            used[j0] = True
            i0, delta, j1 = owner[j0], float("inf"), 0
            for j in range(1, size + 1):
                if not used[j]:
                    current = cost[i0 - 1][j - 1] - u[i0] - v[j]
                    if current < least[j]:
                        least[j], way[j] = current, j0
                    if least[j] < delta:
                        delta, j1 = least[j], j
            for j in range(size + 1):
                if used[j]:
                    u[owner[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            j0 = j1
            if owner[j0] == 0:
                break
        while j0:
            owner[j0], j0 = owner[way[j0]], way[j0]
    return sorted(
        (owner[j] - 1, j - 1) for j in range(1, size + 1) if owner[j] <= len(weights) and j <= len(weights[0])
    )


# --- the whole


class Score:
    """Every measure, and the sum of the mentions."""

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}
        self.text: list[tuple[str, float]] = []
        self.wrong_days: list[str] = []
        self.counts: Counter[str] = Counter()
        self.missed: list[str] = []
        self.extra: list[str] = []

    def of(self, name: str) -> Tally:
        return self.tallies.setdefault(name, Tally())


def score(documents: Sequence[Gold], ledger: Ledger) -> Score:
    """All measures over all documents."""
    found, matcher = Score(), Matcher(ledger)
    for one in documents:
        _score_text(one, found)
        _score_metadata(one, found)
        score_times(one, found.of("times"))
        _score_mentions(one, found, matcher)
    return found


def _score_text(gold: Gold, found: Score) -> None:
    text = gold.read.text.text
    if gold.main is not None:
        found.text.append((gold.key, f1(gold.main, text)))
        lede = gold.main.split("\n")[0]
        found.of("lede kept").add(lede in text, f"{gold.key} {lede[:30]}")
    else:
        quotes = [quote for one in gold.gold["mentions"] for quote in one["evidence"]]
        for quote in quotes:
            flat = re.sub(r"\[([^\]]*)\]\([^)]*\)?", r"\1", quote).rstrip("](")
            found.of("annotated quotations in the text").add(flat in text or quote in text, f"{gold.key} {quote[:40]}")


def _score_metadata(gold: Gold, found: Score) -> None:
    meta, read = gold.gold["meta"], gold.read.metadata
    title = meta["title"]["value"] if isinstance(meta["title"], dict) else meta["title"]
    title = None if title in (None, "(none)", "(none in file)") else title
    name = "title, seeds" if gold.seed else "title, samples"
    found.of(name).add(read.title.value == title, f"{gold.key} wanted {title!r} got {read.title.value!r}")
    wanted_day, got = (meta["published"] or {}).get("value"), read.published.value
    right = (wanted_day or "")[:10] == (got or "")[:10]
    found.of("published day").add(right, f"{gold.key} wanted {wanted_day} got {got}")
    if got and not right:
        found.wrong_days.append(f"{gold.key} {got}")


def _score_mentions(gold: Gold, found: Score, matcher: Matcher) -> None:
    golds, got = wanted(gold), list(gold.read.mentions)
    for one in got:
        for part in one.evidence:
            valid = gold.read.text.text[part.start : part.end] == part.quote and bool(part.quote)
            found.of("evidence exact").add(valid, f"{gold.key} {one.id}")
    pairs = align(golds, got, matcher, by_family=True)
    where = "seeds" if gold.seed else "samples"
    found.counts[f"{where} wanted"] += len(golds)
    found.counts[f"{where} got"] += len(got)
    found.counts[f"{where} matched"] += len(pairs)
    matched = {one.id for one, _ in pairs}
    taken = {id(other) for _, other in pairs}
    found.missed += [
        f"{one.id} {one.salience} {one.action} {[t[0] for t in one.targets]}" for one in golds if one.id not in matched
    ]
    found.extra += [
        f"{gold.key} {one.id} {one.salience} {one.group} {one.action} {[t.name for t in one.targets]} "
        f"{one.evidence[0].quote[:50]}"
        for one in got
        if id(one) not in taken and one.evidence
    ]
    for one in golds:
        if one.salience == "primary":
            found.of(f"main mentions found, {where}").add(one.id in matched, one.id)
    for other in got:
        if other.salience == "primary" and gold.seed:
            found.of("precision of those called primary, seeds").add(id(other) in taken, f"{gold.key} {other.id}")
    for one, other in align(golds, got, matcher, by_family=False):
        found.of("action family").add(
            family(one.action) == family(other.action), f"{one.id} wanted {one.action} got {other.action}"
        )
    met = {one.id: other.id for one, other in pairs}
    for one, other in pairs:
        one.targets = [
            (name, met.get(key[4:], "") if key.startswith("ref:") else key) for name, key in one.targets
        ]  # a reference is right if the predicted target is the mention that was matched with the annotated one
        _score_fields(one, other, found, matcher)


def _score_fields(one: Wanted, other: Mention, found: Score, matcher: Matcher) -> None:
    if one.actors:
        shared = matcher.shared(one.actors, other.actors)
        right = shared * 2 >= max(len(one.actors), len(other.actors))
        found.of("actor").add(right, f"{one.id} wanted {one.actors} got {[(a.name, a.id) for a in other.actors]}")
    if one.targets or other.targets:
        shared = matcher.shared(one.targets, other.targets)
        tally, total = found.of("targets, micro F1"), len(one.targets) + len(other.targets)
        tally.add(
            2 * shared / total if total else 1.0, f"{one.id}: {one.targets} / {[a.name for a in other.targets]}", total
        )
        if one.targets:
            found.of("target").add(shared > 0, f"{one.id} wanted {one.targets} got {[a.name for a in other.targets]}")
    for name, mine, yours in (
        ("announced day", one.announced, other.announced),
        ("effective day", one.effective, other.effective),
    ):
        if mine:
            said = yours.value if yours else ""
            found.of(name).add(same_time(mine, said), f"{one.id} wanted {mine} got {said or None}")
    if one.status:
        found.of("status").add(one.status == other.status, f"{one.id} wanted {one.status} got {other.status}")
        right = STANDING.get(one.status) == STANDING.get(other.status)
        found.of("status, by class").add(right, f"{one.id} wanted {one.status} got {other.status}")
    for value in one.quantities:
        got = [quantity.value for quantity in other.quantities]
        found.of("quantities").add(value in got, f"{one.id} wanted {value} got {got}")
    if one.link:
        to = other.link.to if other.link else NONE
        right = any(to == key or to.startswith((f"{key}/", f"{key}#")) for key in LINKS.get(one.link, NONE).split(" "))
        found.of("link").add(right, f"{one.id} wanted {one.link} got {to}")


# --- speed


def speed(
    raws: Sequence[tuple[str, bytes]], read: Callable[[bytes, str], object], seconds: float
) -> tuple[float, float]:
    """Documents a second, and the slowest in milliseconds (best of its rounds)."""
    best = [float("inf")] * len(raws)
    begin, done = time.perf_counter(), 0
    while time.perf_counter() - begin < seconds:
        for number, (name, raw) in enumerate(raws):
            start = time.perf_counter()
            read(raw, name)
            best[number] = min(best[number], time.perf_counter() - start)
        done += len(raws)
    return done / (time.perf_counter() - begin), max(best) * 1000


def trafilatura_alone() -> Callable[[bytes, str], object] | None:
    """trafilatura on the same bytes, or None where it is not installed."""
    try:
        import trafilatura  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    except ImportError:
        return None
    return lambda raw, name: trafilatura.bare_extraction(_as_page(raw), with_metadata=True)


def _as_page(raw: bytes) -> str:
    """The body after the front matter as a page: raw posts give trafilatura nothing."""
    text = raw.decode("utf-8", "replace")
    body = re.sub(r"\A\s*---\n.*?\n---\n", "", text, count=1, flags=re.S)
    return body if "<html" in body else f"<html><body>{body}</body></html>"


GOALS = {
    "title, seeds": "1.000",
    "title, samples": "0.970",
    "published day": "0.970",
    "times": "0.950",
    "main mentions found, seeds": "0.950",
    "main mentions found, samples": "0.850",
    "action family": "0.920",
    "actor": "0.920",
    "target": "0.920",
    "announced day": "0.920",
    "effective day": "0.900",
    "evidence exact": "1.000",
    "lede kept": "1.000",
    "targets, micro F1": "0.900",
    "status, by class": "0.900",
    "quantities": "0.950",
    "link": "0.950",
    "precision of those called primary, seeds": "0.900",
}


def report(found: Score) -> list[list[str]]:
    rows = [["main text F1, " + key, f"{value:.4f}", "0.995"] for key, value in found.text]
    for name, tally in sorted(found.tallies.items()):
        rows.append([name, tally.shown(), GOALS.get(name, "")])
    rows.append(["published day silently wrong", str(len(found.wrong_days)), "0"])
    for where in ("seeds", "samples"):
        got, gold, both = (found.counts[f"{where} {part}"] for part in ("got", "wanted", "matched"))
        value = 2 * both / max(got + gold, 1)
        rows.append(
            [
                f"mention F1, {where}",
                f"{value:.3f} ({both} of {gold}, {got} given)",
                "0.850" if where == "seeds" else "",
            ]
        )
    return rows


def main(arguments: list[str]) -> int:
    """Score, then time; with ``--misses`` every miss."""
    parser = argparse.ArgumentParser(prog="python -m bench read", description=__doc__)
    parser.add_argument("--sources", type=Path, default=SOURCES, help="the folder with seeds, gold and samples")
    parser.add_argument("--misses", action="store_true", help="list what was missed")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each speed is taken")
    given = parser.parse_args(arguments)
    if not (given.sources / "gold").is_dir():
        print(f"no annotated documents at {given.sources}; name their folder with --sources")
        return 2
    book = ready_book()
    words, ledger = lexicon(book), Ledger(book)
    documents = load(given.sources, words, ledger)
    found = score(documents, ledger)
    print(table(["measure", "found", "at least"], report(found)))
    for one in documents:
        for warning in one.read.warnings:
            if warning.rule.startswith("stage."):
                print(f"{one.key}: {warning.rule}: {warning.what}")
    if given.misses:
        for name, tally in sorted(found.tallies.items()):
            print(f"\n{name}:", *tally.misses, sep="\n  ")
        print("\nmentions not found:", *found.missed, sep="\n  ")
        print("\nmentions that match none:", *found.extra, sep="\n  ")
    if given.seconds > 0:
        _timed(documents, words, ledger, given.seconds)
    return 0


def _timed(documents: Sequence[Gold], words: Lexicon, ledger: Ledger, seconds: float) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    raws = [(one.gold["doc"]["file"], one.raw) for one in documents]
    rate, slowest = speed(raws, lambda raw, name: read_bytes(raw, name, words, ledger), seconds)
    rows = [["exeat, end to end", f"{rate:.0f}", f"{slowest:.1f} ms", "150"]]
    other = trafilatura_alone()
    if other:
        rate, slowest = speed(raws, other, seconds)
        rows.append(["trafilatura alone (text and metadata)", f"{rate:.0f}", f"{slowest:.1f} ms", ""])
    else:
        rows.append(["trafilatura alone", "not installed", "", ""])
    print()
    print(table(["on one core", "documents/s", "slowest", "at least"], rows))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
