"""Decisions recorded, each on the disk before its writer goes on: one writer, and several that share transactions.

The peer is what one would write in its place: ``sqlite3``, one INSERT of the same bytes and one COMMIT each, with the
same settings (WAL, synchronous=FULL), one writer. Rounds alternate, and the best of each line is shown, for what else
the machine does only takes away. ``decide and record`` also makes the decision, explained or not, as a service would.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from bench.figures import table, write_json
from exeat.decide.engine import Engine, Options
from exeat.home import law_folders
from exeat.record.entry import canonical
from exeat.record.ledger import Record
from exeat.record.store import Draft
from exeat.rulebook.load import load_book
from exeat.vocabulary.transaction import load_transaction

FILE = Path("examples/zte/chip-2018-04-16.yaml")
KNOWN = "2026-11-22"
GOAL = 400  # decisions a second, recorded before the reply (issue 5)


class Line(msgspec.Struct, frozen=True):
    """Entries a second: the best round, how it compares with plain sqlite3, and how much each entry holds."""

    what: str
    writers: int
    per_second: float
    ratio: float
    kilobytes: float
    goal: str = ""


def rate(write: Callable[[], object], writers: int, each: int) -> float:
    """Entries a second over all writers."""
    running = [threading.Thread(target=lambda: [write() for _ in range(each)]) for _ in range(writers)]
    begin = time.perf_counter()
    for one in running:
        one.start()
    for one in running:
        one.join()
    return writers * each / (time.perf_counter() - begin)


def plain(folder: Path, body: bytes, count: int) -> float:
    """INSERT and COMMIT, one by one."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        connection = sqlite3.connect(Path(place) / "plain.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE entry (n INTEGER PRIMARY KEY, body BLOB)")
        begin = time.perf_counter()
        for _ in range(count):
            connection.execute("BEGIN")
            connection.execute("INSERT INTO entry (body) VALUES (?)", (body,))
            connection.execute("COMMIT")
        taken = time.perf_counter() - begin
        connection.close()
    return count / taken


def main(arguments: list[str]) -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="python -m bench record", description=__doc__)
    parser.add_argument("--count", type=int, default=480, help="entries a line and round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--folder", type=Path, default=None, help="where the databases are; default: the temporary folder"
    )
    parser.add_argument("--url", default="", help="record there instead, in PostgreSQL")
    parser.add_argument("--json", default="")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        lines = measured(Path(folder), chosen.count, chosen.rounds, chosen.url)
    head = ("entries a second", "writers", "best", "of plain", "kB of JSON", "goal")
    rows = [
        (o.what, f"{o.writers}", f"{o.per_second:.0f}", f"{o.ratio:.2f}", f"{o.kilobytes:.0f}", o.goal) for o in lines
    ]
    print(table(head, rows))
    if chosen.json:
        write_json(chosen.json, {"lines": msgspec.to_builtins(lines)})
    return 0


def measured(folder: Path, count: int, rounds: int, url: str) -> list[Line]:
    """Every line, from rounds that alternate."""
    folders = law_folders()
    book = load_book(folders)
    engine = Engine(book)
    transaction = load_transaction(FILE, book.vocabulary)
    record = Record(url or f"sqlite:///{folder / 'record.db'}")
    short, full = (Options(KNOWN, explain=explain, outlook=False) for explain in (False, True))
    answers = {options: engine.decide(transaction, options) for options in (short, full)}
    packed = {options: Draft("note", answer, "bench").packed for options, answer in answers.items()}

    def keep(options: Options, decide: bool) -> None:
        answer = engine.decide(transaction, options) if decide else answers[options]
        record.keep(answer, transaction, options, book, by="bench", folders=folders)

    jobs: list[tuple[str, int, int, Callable[[], float]]] = []
    for name, options in (("verdict and findings", short), ("explained", full)):
        size = len(canonical(answers[options]))
        jobs.append((f"plain sqlite3, {name}", 1, size, lambda o=options: plain(folder, packed[o], count)))
        for writers in (1, 16):
            each = max(1, count // writers)
            jobs.append(
                (
                    f"record, {name}",
                    writers,
                    size,
                    lambda o=options, w=writers, e=each: rate(lambda: keep(o, False), w, e),
                )
            )
        jobs.append(
            (f"decide and record, {name}", 16, size, lambda o=options: rate(lambda: keep(o, True), 16, count // 16))
        )
    best = [0.0] * len(jobs)
    for _ in range(rounds):
        for place, (_, _, _, run) in enumerate(jobs):
            best[place] = max(best[place], run())
    assert not record.verify(record.head()).faults
    lines = []
    peer = 0.0
    for (what, writers, size, _), per_second in zip(jobs, best, strict=True):
        peer = per_second if what.startswith("plain") else peer
        goal = f"{GOAL}/s" if what.startswith("decide") else ""
        lines.append(Line(what, writers, round(per_second), round(per_second / peer, 2), round(size / 1000), goal))
    return lines
