"""Mutation test of the law: does some case notice every slip? See `bench.mutants` for what is mutated.

Only the regime of a mutant is compiled again, and only its cases are run: those that name or hit the mutated rules
first, those of a date only if they lie near it, and no more after the first that fails.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import multiprocessing
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec
import yaml

import exeat
from bench.figures import progress, table
from bench.mutants import (
    CONSTANT,
    CONSTANT_FACT,
    Mutant,
    mutants,
    refused,
    register_mutants,
    registers_of,
    same_standing,
)
from exeat.decide.engine import Engine
from exeat.errors import InputErrors
from exeat.review.cases import Case, load_cases, run_case
from exeat.rulebook.load import load_book, shipped_law
from exeat.rulebook.model import Book, Rule
from exeat.vocabulary.model import ELEMENT_SCOPES, Entries
from exeat.vocabulary.transaction import Cell

HERE = Path(__file__).resolve().parent
EQUIVALENT = HERE / "mutate-equivalent.yaml"
STATE = HERE / ".mutate"
NEAR = 2  # days: a date moved by one day shows only to acts this near, whatever their time zone
CHUNK = 40  # mutants per piece of work


class Found(msgspec.Struct, frozen=True):
    """What became of a mutant (``by``): killed by a case, ``refused:`` by the loader, an ``error in`` the engine, the
    ``same:`` in all that cases can see; empty if it survived.
    """

    id: str
    kind: str
    measure: str
    file: str
    line: int
    by: str


class Bed:
    """One regime with its cases, on which its mutants are tried."""

    def __init__(self, whole: Book, regime: str, cases: list[Case]) -> None:
        self.regime = regime
        cases = [_with_constant(case) for case in cases if case.expected.regime == regime]
        self.book = _part(whole, regime, cases)
        engine = Engine(self.book)
        outcomes = [(case, run_case(engine, case)) for case in cases]
        self.broken = [case.id for case, outcome in outcomes if outcome.faults]
        self.cases = [case for case, outcome in outcomes if not outcome.faults]
        self.results = {case.id: outcome.results for case, outcome in outcomes}
        self.recent: dict[tuple[str, ...], list[Case]] = {}

    def kill(self, mutant: Mutant) -> str:
        """The case that fails on a mutant; "" if all hold."""
        book = mutant.apply(self.book)
        if refused(book, mutant):
            return "refused: life"
        try:
            engine = Engine(book)
        except InputErrors as errors:
            return f"refused: {errors.errors[0].problem}"
        for case in self._order(mutant):
            try:
                fails = bool(run_case(engine, case, every_rule=False).faults)
            except Exception as error:  # a mutant that breaks the engine is noticed as well; told apart in the report
                return f"error in {case.id}: {type(error).__name__}: {error}"
            if fails:
                self.recent.setdefault(mutant.rules, []).append(case)
                return case.id
        return "same: only the status shown differs" if same_standing(self.book, book, mutant) else ""

    def _order(self, mutant: Mutant) -> list[Case]:
        """The cases that could see it, likely ones first."""
        lately = self.recent.get(mutant.rules, [])[-3:]
        near = [case for case in self.cases if _near(case, mutant)]
        rank = {id(case): self._rank(case, mutant) for case in near}
        return sorted(near, key=lambda case: (case not in lately, rank[id(case)]))

    def _rank(self, case: Case, mutant: Mutant) -> int:
        results = self.results[case.id]
        hit = any(results.get(rule, "does_not") != "does_not" for rule in mutant.rules)
        named = any(rule in case.expected.rules for rule in mutant.rules)
        return (0 if hit else 1) if named else (2 if hit else 3 if case.measure == mutant.measure else 4)


def _near(case: Case, mutant: Mutant) -> bool:
    if not mutant.days:
        return True
    when = case.transaction.when
    day = dt.date.fromisoformat(case.known if mutant.known else (when.on or when.at[:10]))
    return any(abs((day - dt.date.fromisoformat(other)).days) <= NEAR for other in mutant.days)


def _with_constant(case: Case) -> Case:
    """The case with the fact by which mutants say "always true"."""
    act = {**case.transaction.act, CONSTANT: Cell(True)}
    return msgspec.structs.replace(case, transaction=msgspec.structs.replace(case.transaction, act=act))


def _part(whole: Book, regime: str, cases: list[Case]) -> Book:
    """As much of a book as one regime's cases need."""
    rules = _connected(whole, {rule.id for rule in whole.rules.values() if rule.regime == regime})
    registers = {name for rule in rules.values() for name in registers_of(rule.when)}
    registers |= {name for j in whole.jurisdictions.values() for name in registers_of(j.touched)}
    registers |= {name for case in cases for name in _entries(case) if name in whole.registers}
    regimes = {regime} | {rule.regime for rule in rules.values()} | {whole.registers[r].regime for r in registers}
    vocabulary = msgspec.structs.replace(whole.vocabulary, facts={**whole.vocabulary.facts, CONSTANT: CONSTANT_FACT})
    return msgspec.structs.replace(
        whole,
        vocabulary=vocabulary,
        rules=rules,
        registers={name: whole.registers[name] for name in whole.registers if name in registers},
        regimes={name: whole.regimes[name] for name in whole.regimes if name in regimes},
    )


def _connected(book: Book, ids: set[str]) -> dict[str, Rule]:
    """Rules with whatever defeats them or is defeated by them, also in another regime."""
    while True:
        more = {t for key in ids for t in book.rules[key].defeats}
        more |= {rule.id for rule in book.rules.values() if ids & set(rule.defeats)}
        if more <= ids:
            return {key: rule for key, rule in book.rules.items() if key in ids}
        ids |= more


def _entries(case: Case) -> Iterable[str]:
    for scope in ELEMENT_SCOPES:
        for element in case.transaction.elements(scope):
            for cell in element.facts.values():
                if isinstance(cell.value, Entries):
                    yield from (entry.partition("/")[0] for entry in cell.value.entries)


# --- work


class Work:
    """The law and its beds; one per process."""

    def __init__(self, folder: str) -> None:
        self.folders = [Path(folder)] if folder else [shipped_law()]
        self.book = load_book(self.folders)
        self.cases = load_cases(self.book, self.folders)
        self.beds: dict[str, Bed] = {}
        self.mutants: dict[str, list[Mutant]] = {}

    def bed(self, regime: str) -> Bed:
        if regime not in self.beds:
            self.beds[regime] = Bed(self.book, regime, self.cases)
        return self.beds[regime]

    def of(self, unit: str) -> list[Mutant]:
        """The mutants of a measure, or of a regime's registers (``registers of REGIME``)."""
        if unit not in self.mutants:
            if unit in self.book.measures:
                self.mutants[unit] = mutants(self.book, unit, self.folders)
            else:
                self.mutants[unit] = register_mutants(self.book, unit.removeprefix(REGISTERS))
        return self.mutants[unit]

    def units(self, only: str) -> list[str]:
        registers = [f"{REGISTERS}{key}" for key in self.book.regimes]
        return [unit for unit in (*self.book.measures, *registers) if unit.removeprefix(REGISTERS).startswith(only)]

    def run(self, unit: str, begin: int, end: int) -> list[Found]:
        found = []
        for mutant in self.of(unit)[begin:end]:
            fates = [self.bed(regime).kill(mutant) for regime in self.regimes(mutant)]
            by = max(fates, key=lambda fate: bool(fate) + (bool(fate) and not fate.startswith("same: ")))
            found.append(Found(mutant.id, mutant.kind, unit, mutant.file, mutant.line, by))
        return found

    def regimes(self, mutant: Mutant) -> list[str]:
        return list(dict.fromkeys(self.book.rules[rule].regime for rule in mutant.rules))

    def key(self, unit: str) -> str:
        """A hash of all that the results for a unit depend on."""
        regimes = {r for mutant in self.of(unit) for r in self.regimes(mutant)}
        digest = hashlib.sha256()
        for path in sorted(Path(exeat.__file__).parent.rglob("*.py")) + sorted(HERE.glob("mut*.py")):
            digest.update(path.read_bytes())
        for regime in sorted(regimes):
            bed = self.bed(regime)
            digest.update(msgspec.json.encode((bed.book, [m.id for m in self.of(unit)]), order="sorted"))
            digest.update(msgspec.json.encode(bed.cases, enc_hook=str, order="sorted"))
        return digest.hexdigest()


REGISTERS = "registers of "
_work: Work | None = None


def _begin(folder: str) -> None:
    """Make a worker's law ready; a forked worker has it from its parent."""
    global _work  # noqa: PLW0603 (one per process)
    _work = _work or Work(folder)


def _piece(job: tuple[str, int, int]) -> list[Found]:
    assert _work is not None
    return _work.run(*job)


def _stored(unit: str, key: str) -> list[Found] | None:
    try:
        data = json.loads((STATE / f"{unit}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return msgspec.convert(data["found"], list[Found]) if data.get("key") == key else None


def _store(unit: str, key: str, found: list[Found]) -> None:
    STATE.mkdir(exist_ok=True)
    content = msgspec.json.encode({"key": key, "found": found})
    (STATE / f"{unit}.json").write_bytes(content)


def run(work: Work, units: list[str], folder: str, jobs: int, fresh: bool) -> dict[str, list[Found]]:
    """Try every mutant of some units; finished units are kept and not tried again until something changes."""
    keys = {unit: work.key(unit) for unit in units}
    done = {unit: found for unit in units if not fresh and (found := _stored(unit, keys[unit])) is not None}
    todo = [unit for unit in units if unit not in done]
    pieces = [(unit, begin, begin + CHUNK) for unit in todo for begin in range(0, len(work.of(unit)), CHUNK)]
    total, count = sum(len(work.of(unit)) for unit in todo), 0
    waiting = {unit: len(work.of(unit)) for unit in todo}
    done |= {unit: [] for unit in todo}
    global _work  # noqa: PLW0603
    _work = work
    with multiprocessing.Pool(jobs, _begin, (folder,)) as pool:
        for found in pool.imap(_piece, pieces):
            unit = found[0].measure
            done[unit] += found
            count += len(found)
            waiting[unit] -= len(found)
            if not waiting[unit]:
                _store(unit, keys[unit], done[unit])
            progress(count, total, unit)
    return done


# --- the report


def equivalents(path: Path = EQUIVALENT) -> dict[str, str]:
    """Mutants that mean the same as the law, with the reason.

    Raises:
        ValueError: an entry without a reason.
    """
    listed = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader) if path.exists() else []
    for one in listed or []:
        if set(one) != {"id", "reason"} or not one["reason"].strip():
            raise ValueError(f"{path.name}: an entry is `id` and `reason`: {one}")
    return {one["id"]: one["reason"] for one in listed or []}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench mutate", description=__doc__)
    parser.add_argument("--only", default="", metavar="MEASURE", help="measures (or regimes' registers) that begin so")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--law", default="", metavar="DIR", help="another law folder in place of the shipped one")
    parser.add_argument("--fresh", action="store_true", help="try everything again")
    parser.add_argument("--survivors", default="", metavar="FILE", help="write the survivors there as well")
    parser.add_argument("--json", default="", metavar="FILE", help="write every mutant and its fate")
    options = parser.parse_args(arguments)

    begin = time.perf_counter()
    work = Work(options.law)
    units = [unit for unit in work.units(options.only) if work.of(unit)]
    found = run(work, units, options.law, options.jobs, options.fresh)
    seconds = time.perf_counter() - begin
    broken = sorted({case for bed in work.beds.values() for case in bed.broken})
    return report(found, broken, seconds, options, equivalents())


def report(
    found: dict[str, list[Found]], broken: list[str], seconds: float, options: argparse.Namespace, same: dict[str, str]
) -> int:
    """Print totals and survivors; the exit code."""
    rows = [_row(unit, some, same) for unit, some in found.items()]
    everything = [one for some in found.values() for one in some]
    print(table(COLUMNS, [*rows, _row("total", everything, same)]))
    for kind in sorted({one.kind for one in everything}):
        some = [one for one in everything if one.kind == kind]
        print(f"  {kind}: {len(some)} mutants, {sum(not one.by and one.id not in same for one in some)} survived")
    left = [one for one in everything if not one.by and one.id not in same]
    lines = []
    for unit in found:
        mine = [one for one in left if one.measure == unit]
        lines += [f"\n{unit}: {len(mine)} survived"] * bool(mine)
        lines += [f"  {one.file}:{one.line or 1}: {one.id}" for one in mine]
    print("\n".join(lines))
    for case in broken:
        print(f"not used, for it does not hold on the law as it stands: case {case}")
    for key in sorted(set(same) - {one.id for one in everything}) if not options.only else ():
        print(f"listed as equivalent but no mutant: {key}")
    for key in sorted(set(same) & {one.id for one in everything if one.by}):
        print(f"listed as equivalent but killed: {key}")
    print(f"{len(everything)} mutants, {len(left)} survived; {seconds:.0f} s with {options.jobs} processes")
    if options.survivors:
        Path(options.survivors).write_text("\n".join(lines).lstrip("\n") + "\n", encoding="utf-8")
    if options.json:
        Path(options.json).write_bytes(msgspec.json.format(msgspec.json.encode(everything), indent=1))
    return 1 if left else 0


COLUMNS = ("measure", "mutants", "killed", "refused", "error", "same", "equivalent", "survived")


def _row(name: str, found: list[Found], same: dict[str, str]) -> list[str]:
    counts = dict.fromkeys(COLUMNS[1:], 0) | {"mutants": len(found)}
    for one in found:
        if not one.by:
            counts["equivalent" if one.id in same else "survived"] += 1
        else:
            counts[next((word for word in ("refused", "error", "same") if one.by.startswith(word)), "killed")] += 1
    return [name, *map(str, counts.values())]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
