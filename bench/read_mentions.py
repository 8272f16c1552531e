"""Scores mentions against the annotated seeds and samples: the rules of the read issue.

python -m bench.read_mentions SOURCES [--times gold|own] [-v]

SOURCES holds gold/ and samples/. The seeds are read from the annotators' own main text; the samples through the
pipeline. With ``--times gold`` the annotators' time values stand in for the resolver on the seeds.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from pathlib import Path
from typing import Any

from exeat.read import anchors as anchoring
from exeat.read import assemble, blocks, frames, merge, metadata, spot, times
from exeat.read.envelope import envelopes
from exeat.read.fold import fold
from exeat.read.lexicon import Lexicon, lexicon
from exeat.read.merge import family
from exeat.read.model import Anchor, Field, Mention, Metadata, Span, Text, TimeValue
from exeat.read.open import open_document
from exeat.rulebook.load import load_book

IDS = re.compile("[a-z]{2,}-[a-z0-9-]+|[a-z]{2}|<measure>|.*/.*|m[0-9]+")
REFERENCE = ("measure", "measure_ref", "list", "catalogue", "law")


def gold_times(gold: dict[str, Any]) -> list[TimeValue]:
    found = []
    for one in gold["time_expressions"]:
        value = one["value"] or ""
        start, _, end = value.partition("/")
        vague = one["bound"] in ("vague",) or not value
        precision = (
            "vague" if vague else "interval" if end else {4: "year", 7: "month", 10: "day"}.get(len(value), "period")
        )
        if value.startswith("P"):
            start, end, precision = "", "", "duration"
        bound = (
            "on"
            if one["bound"] in ("within", "vague", "duration", "duration_lt", "not_a_date", "approx")
            else one["bound"]
        )
        found.append(
            TimeValue(
                one["quote"],
                Span(one["start"], one["end"]),
                start,
                end or start,
                bound,
                precision,
                one["basis"],
                value=value,
                not_a_date=one["bound"] == "not_a_date",
            )
        )
    return found


def about(gold: dict[str, Any]) -> Metadata:
    nothing = Field(None)
    published = gold["meta"]["published"]
    value = published.get("value") if isinstance(published, dict) else published
    inferred = (published.get("inferred") or {}).get("value") if isinstance(published, dict) else None
    return Metadata(
        nothing,
        nothing,
        nothing,
        Field(value, inferred=inferred),
        nothing,
        nothing,
        nothing,
        gold["doc"]["lang"],
        gold["doc"]["form"],
    )


def read(text: Text, known: Metadata, moments: list[TimeValue], words: Lexicon) -> list[Mention]:
    spots = spot.spot(text, words)
    drafts = frames.frames(text, spots, moments, words)
    return merge.merge(assemble.assemble(text, known, drafts, spots, moments, words))


def _targets(gold: dict[str, Any]) -> set[str]:
    found = set()
    for one in gold.get("targets", ()):
        if isinstance(one, str):
            found.add(re.sub(r" *\(.*?\)| *（.*?）", "", one).strip().lower())
            if re.search("名单$|清单$|禁令$|命令$|行动$", one):
                found.add("<measure>")
        else:
            if one.get("kind") == "measure" or "ref" in one:
                found.add("<measure>")
            found |= {value.lower() for value in (one.get("id"), one["name"]) if value}
    return found


def _actors(gold: dict[str, Any]) -> set[str]:
    found = set()
    for one in gold.get("actors", ()):
        if isinstance(one, str):
            found |= {part.lower() for part in re.findall(r"[A-Z]{2}-[A-Z-]+", one)}
            found.add(re.sub(r" *\(.*?\)", "", one).strip().lower())
        else:
            found |= {value.lower() for value in (one.get("id"), one["name"]) if value}
    return found


def _own(mention: Mention, which: str, words: Lexicon) -> set[str]:
    found = set()
    for one in getattr(mention, which):
        found |= {one.id.lower(), one.name.lower(), fold(one.name).lower()} - {""}
        found |= {key.lower().removeprefix("org-") for key in (one.id,)} - {""}
        entry = words.by_id.get(one.id)
        if entry is not None and entry.up:
            found.add(entry.up.lower())
        if entry is not None:
            found |= {
                words.spelling[key].lower()
                for key, values in words.names.names.items()
                if words.entries[values[0]].id == one.id
            }
        found |= {key.lower() for key, other in words.by_id.items() if other.office == one.id and one.id}
        found |= {
            words.spelling[key].lower()
            for key, values in words.names.names.items()
            if one.id and words.entries[values[0]].office == one.id
        }
        if which == "targets" and one.kind in REFERENCE:
            found.add("<measure>")
    return found


def _meet(gold: set[str], own: set[str]) -> bool:
    """One id or name is the same, or one written name holds the other (never an id in an id, never a Latin word under
    five letters)."""
    if gold & own:
        return True
    first, second = ({one for one in names if not IDS.fullmatch(one)} for names in (gold, own))
    return any(
        min(len(a), len(b)) >= (5 if min(a, b, key=len).isascii() else 2) and (a in b or b in a)
        for a in first
        for b in second
    )


def _overlap(gold: dict[str, Any], mention: Mention, text: str) -> float:
    best = 0.0
    for one in gold["evidence"]:
        if isinstance(one, str):
            at = text.find(one)
            spans = [(at, at + len(one))] if at >= 0 else []
        else:
            spans = [(one["start"], one["end"])]
        for start, end in spans:
            for had in mention.evidence:
                both = min(end, had.end) - max(start, had.start)
                if both > 0:
                    best = max(
                        best,
                        both / (end - start) if end - start <= had.end - had.start else both / (had.end - had.start),
                    )
    return best


def _moment(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("value") or "")
    return re.sub(r" *\(.*\)", "", str(value or ""))


def _same_day(gold: str, own: str) -> bool:
    if gold == own:
        return True
    first, second = gold.split("/"), own.split("/")
    return len(first) == 2 and bool(own) and (first[0] <= second[0] <= first[-1] or second[0] <= first[0] <= second[-1])


class Score:
    def __init__(self, words: Lexicon, verbose: bool) -> None:
        self.words, self.verbose = words, verbose
        self.counts: dict[str, int] = {}

    def add(self, key: str, good: bool) -> None:
        self.counts[key] = self.counts.get(key, 0) + good
        self.counts[key + " of"] = self.counts.get(key + " of", 0) + 1

    def document(self, name: str, gold: list[dict[str, Any]], own: list[Mention], text: Text) -> None:
        pairs = []
        for g, one in enumerate(gold):
            for o, mention in enumerate(own):
                same = family(one["action"]) == family(mention.action)
                meets = _meet(_targets(one), _own(mention, "targets", self.words))
                over = _overlap(one, mention, text.text)
                effective = _moment(one.get("effective"))
                day = (
                    bool(effective) and mention.effective is not None and _same_day(effective, mention.effective.value)
                )
                if (same and (meets or (not one.get("targets") and not mention.targets and over > 0))) or over >= 0.5:
                    weight = (
                        4 * same
                        + 2 * meets
                        + 3 * over
                        + day
                        + (one["group"] == mention.group)
                        + (one["action"] == mention.action)
                    )
                    pairs.append((-weight, g, o))
        used_gold: dict[int, int] = {}
        used_own: set[int] = set()
        for _, g, o in sorted(pairs):
            if g not in used_gold and o not in used_own:
                used_gold[g] = o
                used_own.add(o)
        self.counts["gold"] = self.counts.get("gold", 0) + len(gold)
        self.counts["own"] = self.counts.get("own", 0) + len(own)
        self.counts["aligned"] = self.counts.get("aligned", 0) + len(used_gold)
        for g, one in enumerate(gold):
            if one.get("salience") == "primary":
                self.add("main recall", g in used_gold)
            if g not in used_gold:
                self._say(
                    f"  MISSED {name} {one['id']} {one['action']} {one['evidence'][0] if isinstance(one['evidence'][0], str) else one['evidence'][0]['quote']}"[  # noqa: E501
                        :150
                    ]
                )
                continue
            self._fields(name, one, own[used_gold[g]])
        for o, mention in enumerate(own):
            for evidence in mention.evidence:
                self.add("evidence", text.text[evidence.start : evidence.end] == evidence.quote)
            if o not in used_own:
                self._say(
                    f"  EXTRA  {name} {mention.id} {mention.group}.{mention.action} [{mention.steps[0].rule}] {[a.id or a.name for a in mention.actors]} {[a.id or a.name for a in mention.targets]} {mention.evidence[0].quote}"[  # noqa: E501
                        :260
                    ]
                )

    def _fields(self, name: str, one: dict[str, Any], mention: Mention) -> None:
        self.add("family", family(one["action"]) == family(mention.action))
        actor = _meet(_actors(one), _own(mention, "actors", self.words)) or not _actors(one)
        target = not _targets(one) or _meet(_targets(one), _own(mention, "targets", self.words))
        self.add("actor", actor)
        self.add("target", target)
        self.add("group", one["group"] == mention.group)
        self.add(
            "status",
            one["status"] == mention.status
            or {one["status"], mention.status} <= {"announced", "in_force", "reported", "ongoing"},
        )
        wrong = [
            key
            for key, good in (
                ("family", family(one["action"]) == family(mention.action)),
                ("actor", actor),
                ("target", target),
                ("group", one["group"] == mention.group),
            )
            if not good
        ]
        for key in ("announced", "effective"):
            value = _moment(one.get(key))
            stated = one.get(key)
            if (
                not value
                or (isinstance(stated, dict) and stated.get("in_text") is False)
                or (isinstance(stated, str) and ("not in text" in stated or "inferred" in stated))
            ):
                continue
            moment = getattr(mention, key)
            good = moment is not None and _same_day(value, moment.value)
            self.add(key, good)
            if not good:
                wrong.append(f"{key}:{value}!={moment.value if moment else None}")
        if wrong:
            self._say(
                f"  WRONG  {name} {one['id']} {one['action']} {wrong} <- {mention.id} {mention.action} {[a.id or a.name for a in mention.actors]} {[a.id or a.name for a in mention.targets]} {mention.status} {mention.evidence[0].quote}"[  # noqa: E501
                    :300
                ]
            )

    def _say(self, line: str) -> None:
        if self.verbose:
            print(line)

    def report(self, title: str) -> None:
        counts = self.counts
        precision, recall = counts["aligned"] / max(1, counts["own"]), counts["aligned"] / max(1, counts["gold"])
        print(
            f"{title}: {counts['gold']} gold, {counts['own']} found, {counts['aligned']} aligned; P {precision:.3f} R {recall:.3f} F1 {2 * precision * recall / max(1e-9, precision + recall):.3f}"  # noqa: E501
        )
        for key in (
            "main recall",
            "family",
            "actor",
            "target",
            "group",
            "status",
            "announced",
            "effective",
            "evidence",
        ):
            if key + " of" in counts:
                print(f"  {key:12} {counts[key]:3} of {counts[key + ' of']:3}  {counts[key] / counts[key + ' of']:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="score mentions on annotated documents")
    parser.add_argument("sources", type=Path)
    parser.add_argument("--times", choices=("gold", "own"), default="own")
    parser.add_argument("-v", action="store_true")
    options = parser.parse_args()
    words = lexicon(load_book())
    score = Score(words, options.v)
    spent, number = 0.0, 0
    for path in sorted((options.sources / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        plain = path.with_suffix("").with_suffix(".main.txt").read_text(encoding="utf-8")
        text = Text(plain, fold(plain))
        known = about(gold)
        moments = (
            gold_times(gold) if options.times == "gold" else list(times.times(text, anchoring.anchors(known, text)))
        )
        own = read(text, known, moments, words)
        begin = time.process_time()
        for _ in range(5):
            read(text, known, moments, words)
        spent, number = spent + (time.process_time() - begin) / 5, number + 1
        score.document(gold["doc"]["id"], gold["mentions"], own, text)
    score.report("seeds")
    score = Score(words, options.v)
    for path in sorted((options.sources / "samples").glob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        raw = (options.sources / "samples" / gold["doc"]["file"]).read_bytes()
        text, known, moments = prepared(raw, gold["doc"]["file"])
        own = read(text, known, moments, words)
        begin = time.process_time()
        read(text, known, moments, words)
        spent, number = spent + time.process_time() - begin, number + 1
        score.document(gold["doc"]["id"][:3], gold["mentions"], own, text)
    score.report("samples")
    print(f"{spent / number * 1000:.2f} ms a document for spotting to merging")


def prepared(raw: bytes, name: str) -> tuple[Text, Metadata, list[TimeValue]]:
    """A sample through the stages before these."""
    envelope = envelopes(open_document(raw, name))[0]
    lumps = blocks.blocks(envelope)
    text = blocks.text(lumps)
    found = metadata.metadata(envelope.candidates, lumps, text)
    points: tuple[Anchor, ...] = anchoring.anchors(found, text)
    return text, found, list(times.times(text, points))


if __name__ == "__main__":
    main()
