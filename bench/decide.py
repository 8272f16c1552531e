"""How long one decision takes over the whole rulebook, beside other engines on the same rules.

From a validated transaction to the answer as an object; reading the document is timed apart. Every transaction is timed
on an engine that never saw it but has decided others of the same days (`first sight`): the law periods are made, the
transaction's own facts mostly are not.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import yaml

from bench import peers
from bench.corpus import DAYS, KNOWN, LARGE, SMALL, Corpus, Shape
from bench.figures import least, microseconds, percentile, progress, spelled, table, write_json
from exeat.decide.engine import Engine, Options
from exeat.decide.index import Index
from exeat.decide.interpret import Interpreter
from exeat.decide.level import Level
from exeat.decide.result import Outcome
from exeat.rulebook.load import load_book, shipped_law
from exeat.rulebook.model import Book
from exeat.vocabulary.transaction import Transaction, load_transaction

VERDICT = Options(KNOWN, explain=False, outlook=False)
EXPLAINED = Options(KNOWN, explain=True, outlook=False)
PEER_DAYS = 3
COLD = 40

# Shown beside the figures; never a condition of anything.
GOALS = {
    ("verdict", "p50"): 100.0,
    ("explained", "p50"): 500.0,
    ("verdict", "p99"): 25_000.0,
    ("explained", "p99"): 25_000.0,
    ("questions", "p50"): 2_000.0,
    ("horizon", "p50"): 2_000.0,
    ("counterfactuals", "p50"): 2_000.0,
}
GOAL_RATIO = 5.0


class Figure(msgspec.Struct, frozen=True):
    """One line of the table, in microseconds."""

    what: str
    count: int
    p50: float
    p99: float
    most: float


def figure(what: str, times: list[float]) -> Figure:
    return Figure(what, len(times), percentile(times, 0.5), percentile(times, 0.99), max(times))


class Set(msgspec.Struct):
    """Transactions of one shape: those that warm the engine, and those that are timed."""

    warm: list[Transaction]
    timed: list[Transaction]
    parsing: list[float]


def read(documents: list[dict[str, Any]], book: Book) -> tuple[list[Transaction], list[float]]:
    """Documents written to files and read again, with the time that took each."""
    found: list[Transaction] = []
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.yaml" for number in range(len(documents))]
        for path, document in zip(paths, documents, strict=True):
            path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
        times = microseconds(lambda path: found.append(load_transaction(path, book.vocabulary)), paths)
    return found, times


def prepare(engine: Engine, shape: Shape, count: int, seed: int) -> Set:
    corpus = Corpus(engine, seed)
    warm, _ = read(corpus.documents(shape, count), engine.book)
    timed, parsing = read(corpus.documents(shape, count), engine.book)
    return Set(warm, timed, parsing)


def warmed(book: Book, chosen: Set) -> Engine:
    """A new engine that has decided the other transactions once."""
    engine = Engine(book)
    for one in chosen.warm:
        engine.headline(one, VERDICT)
    return engine


def first_sight(book: Book, chosen: Set, call: Callable[[Engine, Transaction], object], rounds: int) -> list[float]:
    """The least of several rounds, each on a new engine."""
    times = []
    for _ in range(rounds):
        engine = warmed(book, chosen)
        gc.collect()
        times.append(microseconds(lambda one, engine=engine: call(engine, one), chosen.timed))
    return least(times)


def own(book: Book, chosen: Set, rounds: int) -> list[Figure]:
    """exeat alone, over the whole rulebook."""
    found = [figure("reading the document", chosen.parsing)]
    found.append(figure("verdict", first_sight(book, chosen, lambda e, one: e.headline(one, VERDICT), rounds)))
    found.append(figure("explained", first_sight(book, chosen, lambda e, one: e.decide(one, EXPLAINED), rounds)))
    engine = warmed(book, chosen)
    again = [microseconds(lambda one: engine.headline(one, VERDICT), chosen.timed) for _ in range(rounds + 1)]
    found.append(figure("verdict, seen before", least(again[1:])))
    settled = [one for one in chosen.timed if engine.headline(one, VERDICT).settled]
    found.append(figure("verdict, settled ones", _of(again[1:], chosen.timed, settled)))
    open_ = [one for one in chosen.timed if one not in settled]
    if open_:
        found.append(figure("verdict, open ones", _of(again[1:], chosen.timed, open_)))
    cold = [microseconds(lambda e, one=one: e.headline(one, VERDICT), [Engine(book)])[0] for one in chosen.timed[:COLD]]
    found.append(figure("verdict, cold (law period made anew)", cold))
    ready = [(one, facts := engine.facts(one), engine.rule(one, VERDICT, facts)) for one in chosen.timed]
    undecided = [x for x in ready if not x[2].headline().settled]
    barred = [x for x in ready if x[2].headline().ceiling > Level.AUTHORISED]
    found.append(figure("questions", microseconds(lambda x: engine.questions(x[2]), ready)))
    if undecided:
        found.append(figure("questions, open ones", microseconds(lambda x: engine.questions(x[2]), undecided)))
    found.append(figure("counterfactuals", microseconds(lambda x: engine.counterfactuals(x[2]), ready)))
    if barred:
        times = microseconds(lambda x: engine.counterfactuals(x[2]), barred)
        found.append(figure("counterfactuals, where something stands in the way", times))
    found.append(figure("horizon", microseconds(lambda x: engine.horizon(x[0], VERDICT, x[1]), ready)))
    return found


def _of(rounds: list[list[float]], everything: list[Transaction], some: list[Transaction]) -> list[float]:
    wanted = {id(one) for one in some}
    return [time for time, one in zip(least(rounds), everything, strict=True) if id(one) in wanted]


# --- beside others


class Against(msgspec.Struct):
    """The other engines' figures on one shape, and how their hits compare."""

    figures: list[Figure]
    rules: dict[str, int]
    days: list[str]
    compared: int
    hits: int
    undecided: int
    differences: list[str]
    cedar_requests: int


def against(book: Book, shape: Shape, count: int, seed: int, rounds: int) -> Against:
    """The deciding rules of a few days in every engine, on complete facts."""
    engine = Engine(book)
    corpus = Corpus(engine, seed)
    found = Against([], {}, [], 0, 0, 0, [], 0)
    times: dict[str, list[float]] = {}
    for day in _days(engine):
        documents = [
            corpus.document(shape, activity, day, 1.0, set(engine.compiled.columns), aimed=True)
            | {"complete": "true", "title": activity}
            for activity in _round_robin(corpus.activities, 4 * count // PEER_DAYS)
        ]
        if len(found.days) < PEER_DAYS:
            _one_day(engine, read(documents, book)[0], -(-count // PEER_DAYS), rounds, found, times)
            found.days.append(day)
    found.figures = [figure(name, some) for name, some in times.items()]
    return found


def _round_robin(activities: list[str], count: int) -> list[str]:
    return [activities[number % len(activities)] for number in range(count)]


def _days(engine: Engine) -> list[str]:
    """Days without a change within them, those on which most deciding rules stand first."""
    corpus = Corpus(engine, 0)
    counts: Counter[str] = Counter()
    for day in DAYS:
        document = corpus.document(SMALL, corpus.activities[0], day, 1.0, set()) | {"title": day}
        one = read([document], engine.book)[0][0]
        clocks = engine.calendar.clocks(one.when, KNOWN)
        if len(clocks) == 1:
            counts[day] = len(peers.Law(engine, engine.moment(clocks[0]), engine.facts(one)).rules) + 1
    return [day for day, _ in counts.most_common(PEER_DAYS)]


def _one_day(
    engine: Engine,
    candidates: list[Transaction],
    count: int,
    rounds: int,
    found: Against,
    times: dict[str, list[float]],
) -> None:
    moment = engine.moment(engine.calendar.clocks(candidates[0].when, KNOWN)[0])
    first = engine.facts(candidates[0])
    law, whole = peers.Law(engine, moment, first), peers.Law(engine, moment, first, reported=True)
    ready = [(one, facts, flat) for one in candidates if (flat := whole.flat(facts := engine.facts(one))) is not None]
    ready = ready[-count:]

    def interpret(one: Transaction) -> object:
        return Interpreter(moment, engine.facts(one)).outcome()

    ours = [one for one, _, _ in ready]
    reached = [_reached(Index(moment, facts).outcome(), whole) for _, facts, _ in ready]
    for (one, facts, _), index in zip(ready, reached, strict=True):
        interpreter = _reached(Interpreter(moment, facts).outcome(), whole)
        found.differences += [
            f"{day_of(one)} {one.title}: {rule}: index {truth}, interpreter {interpreter[rule]}"
            for rule, truth in index.items()
            if interpreter[rule] != truth
        ]
    chosen = Set([one for one in candidates if one not in ours], ours, [])
    for name, call in (
        (VERDICT_NAME, lambda e, one: e.headline(one, VERDICT)),
        ("exeat: explained, whole book, first sight", lambda e, one: e.decide(one, EXPLAINED)),
    ):
        times.setdefault(name, []).extend(first_sight(engine.book, chosen, call, rounds))
    calls: list[tuple[str, Callable[[Any], object], list[Any]]] = [
        ("exeat: verdict, whole book, seen before", lambda one: engine.headline(one, VERDICT), ours),
        ("exeat: plain interpreter, whole book", interpret, ours),
    ]
    for which, some in (("deciding rules", law), ("all rules", whole)):
        zen, cedar = peers.Zen(some), peers.Cedar(some)
        flats = [flat for one, facts, _ in ready if (flat := some.flat(facts))]
        requests = [cedar.requests(flat, facts) for flat, (_, facts, _) in zip(flats, ready, strict=True)]
        calls += [
            (f"zen: one compiled expression, {which}", zen.hits, flats),
            (f"zen: graph with expression node, {which}", zen.hits_by_graph, flats),
            (f"Cedar: parsed policies, {which}", cedar.hits, requests),
        ]
        found.rules[which] = max(found.rules.get(which, 0), len(some.rules))
        for one, index, flat, asked in zip(ours, reached, flats, requests, strict=True):
            _compare(some, one, index, (zen.hits(flat), zen.hits_by_graph(flat), cedar.hits(asked)), found)
            found.cedar_requests += sum(len(batch) for _, batch in asked.groups) if some is law else 0
        found.differences += [f"Cedar: {error}" for error in cedar.errors(requests[0])]
    for one in chosen.timed:
        engine.headline(one, VERDICT)
    for name, call, inputs in calls:
        gc.collect()
        times.setdefault(name, []).extend(least([microseconds(call, inputs) for _ in range(rounds)]))


def _compare(
    law: peers.Law, one: Transaction, index: dict[str, int], theirs: tuple[set[str], ...], found: Against
) -> None:
    """Rule by rule: does every engine hit what exeat hits?"""
    for rule in law.rules:
        ours = index[rule.id]
        if ours == 1:
            found.undecided += 1
            continue
        found.compared += 1
        found.hits += ours == 2
        for name, hits in zip(("zen", "zen graph", "Cedar"), theirs, strict=True):
            if (rule.id in hits) != (ours == 2):
                there = rule.id in hits
                found.differences.append(f"{day_of(one)} {one.title}: {rule.id}: exeat {ours}, {name} {there}")


def day_of(one: Transaction) -> str:
    return one.when.on or one.when.at[:10]


def _reached(outcome: Outcome, law: peers.Law) -> dict[str, int]:
    """The furthest that each rule gets on any combination: 0, 1 (undecided), 2."""
    reached = {rule.id: 0 for rule in law.rules}
    for regime in outcome.regimes.values():
        for result in regime.results:
            if result.rule in reached:
                reached[result.rule] = max(reached[result.rule], result.operative)
    return reached


VERDICT_NAME = "exeat: verdict, whole book, first sight"

# --- output


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench decide", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="distinct transactions of each shape (default 200)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the least time counts (default 3)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--law", default="", metavar="DIR", help="another law folder in place of the shipped one")
    parser.add_argument("--no-peers", action="store_true", help="exeat alone")
    parser.add_argument("--json", default="", metavar="FILE", help="write the figures")
    options = parser.parse_args(arguments)

    book = load_book([Path(options.law)] if options.law else [shipped_law()])
    engine = Engine(book)
    print(
        f"{len(book.rules)} rules ({sum(rule.decides for rule in book.rules.values())} deciding),"
        f" {len(book.registers)} registers, {len(engine.compiled.owner)} terms;"
        f" Python {platform.python_version()}, {os.cpu_count()} cores"
    )
    data: dict[str, Any] = {"rules": len(book.rules), "terms": len(engine.compiled.owner), "shapes": {}}
    wrong = 0
    for number, shape in enumerate((SMALL, LARGE)):
        progress(number, 2, str(shape))
        chosen = prepare(engine, shape, options.count, options.seed)
        figures = own(book, chosen, options.rounds)
        print(f"\n{shape}: {_distinct(chosen)} distinct transactions: {_verdicts(engine, chosen)}")
        print(table(HEAD, [_line(one, shape) for one in figures]))
        beside = None
        if not options.no_peers:
            beside = against(book, shape, options.count, options.seed + 1, options.rounds)
            _show(beside, shape)
            wrong += len(beside.differences)
        data["shapes"][str(shape)] = {"figures": figures, "against": beside}
    progress(2, 2, "done")
    if options.json:
        write_json(options.json, msgspec.to_builtins(data))
    return 1 if wrong else 0


HEAD = ("", "n", "p50", "p99", "max", "goal")


def _line(one: Figure, shape: Shape) -> list[str]:
    goals = [
        f"{name} <= {spelled(goal)}"
        for (what, name), goal in GOALS.items()
        if what == one.what and (shape == SMALL or what not in ("verdict", "explained"))
    ]
    return [one.what, str(one.count), spelled(one.p50), spelled(one.p99), spelled(one.most), ", ".join(goals)]


def _distinct(chosen: Set) -> int:
    return len({msgspec.json.encode(one.canonical(), order="sorted") for one in chosen.timed})


def _verdicts(engine: Engine, chosen: Set) -> str:
    counts = Counter(engine.decide(one, VERDICT).verdict for one in chosen.timed)
    return ", ".join(f"{count} {word}" for word, count in counts.most_common())


def _show(beside: Against, shape: Shape) -> None:
    ours = next(one for one in beside.figures if one.what == VERDICT_NAME)
    per = beside.cedar_requests / max(ours.count, 1)
    counts = ", ".join(f"{count} {which}" for which, count in beside.rules.items())
    print(f"\nbeside other engines, {shape}, complete facts; {', '.join(beside.days)}; in force: up to {counts}")
    rows = [[*_line(one, LARGE)[:5], f"1 : {one.p50 / ours.p50:.2f}"] for one in beside.figures]
    print(table((*HEAD[:5], "verdict : it"), rows))
    best = min((one for one in beside.figures if not one.what.startswith("exeat")), key=lambda one: one.p50)
    if shape == SMALL:
        print(f"best: {best.what}: {best.p50 / ours.p50:.2f} x exeat's time (goal: at least {GOAL_RATIO:.0f} x)")
    print(NOTE.format(size=peers.MAX_SET, per=per))
    print(
        f"hits compared: {beside.compared} cells of rule x transaction, {beside.hits} of them hits,"
        f" {len(beside.differences)} differences; {beside.undecided} undecided in exeat and not compared"
    )
    for line in beside.differences[:10]:
        print(f"  {line}")


NOTE = """\
exeat decides the whole book (unknowns, presumptions, dates, all regimes) from the validated transaction; the others
test rules on flat facts. Counted to nobody: flattening, registers and hierarchies resolved to constant sets for the day
(over {size} values: to booleans), quantifiers resolved to booleans for Cedar, which needs {per:.1f} requests a
transaction (one per combination), sent in one batch per set of scopes."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
