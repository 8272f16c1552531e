"""Well-known bilingual names with the public source that gives both: data/aliases.tsv.

A coined name (大疆, DJI) cannot be found by reading it aloud or by translating it. A bare `Matcher` and the benchmarks
know none of these; `exeat.screen.desk` adds them to the parties of the lists, each with its source.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from exeat.decide.facts import normal_name
from exeat.errors import InputError, InputErrors, nearest
from exeat.screen.model import Name, Party
from exeat.screen.names.build import analyse
from exeat.screen.names.learn import Learnt
from exeat.screen.names.lexicon import DATA

COLUMNS = ("kind", "text", "means", "source", "seen")
KINDS = ("name", "word")
_DAY = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_HAN = re.compile(r"[\u3400-\u9fff]")


class Alias(NamedTuple):
    """One line: ``text`` is another name (kind "name") or a word as read aloud ("word") for ``means``."""

    kind: str
    text: str
    means: str
    source: str
    seen: str


@cache
def aliases(path: Path = DATA / "aliases.tsv") -> tuple[Alias, ...]:
    """The lines of the file, in order.

    Raises:
        InputErrors: one error, with file and line, for each line that is not of the form the file's head gives.
    """
    found: dict[tuple[str, str], tuple[int, Alias]] = {}
    faults: list[InputError] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        fault = _fault(cells)
        if fault is None:
            alias = Alias(*cells)
            first, _ = found.setdefault((normal_name(alias.text), normal_name(alias.means)), (number, alias))
            if first != number:
                fault = InputError(f"line {first} says the same", found=alias.text, hint="keep one of the two")
        if fault is not None:
            fault.line = number
            faults.append(fault.of_file(path.name))
    if faults:
        raise InputErrors(faults)
    return tuple(alias for _, alias in found.values())


def _fault(cells: list[str]) -> InputError | None:
    """What is wrong with one line by itself."""
    if len(cells) != len(COLUMNS):
        allowed = f"{len(COLUMNS)} ({', '.join(COLUMNS)}) with a tab between"
        return InputError("wrong number of columns", found=str(len(cells)), allowed=allowed)
    for column, cell in zip(COLUMNS, cells, strict=True):
        if not cell or cell != cell.strip():
            return InputError("empty, or with space around it", path=column, found=cell, hint="write the bare text")
    kind, text, means, _, seen = cells
    if kind not in KINDS:
        return InputError("no such kind", path="kind", found=kind, allowed=", ".join(KINDS), hint=nearest(kind, KINDS))
    for column, cell in (("text", text), ("means", means)):
        if not normal_name(cell):
            return InputError("no letter in it", path=column, found=cell, hint="write the name")
    if seen != "unverified" and not _DAY.fullmatch(seen):
        return InputError("no day", path="seen", found=seen, allowed="YYYY-MM-DD, or: unverified")
    return None


@cache
def curated() -> tuple[Learnt, ...]:
    """As `Learnt` names and words, for the same use."""
    return tuple(
        Learnt(kind, text, analyse(means, "organisation").key if kind == "name" else means, f"{source}, seen {seen}")
        for kind, text, means, source, seen in aliases()
    )


def with_known(party: Party) -> Party:
    """The party with the names added that are known for one of its own, letter for letter (case and signs aside)."""
    have = {name.text for name in party.names}
    more = {
        one.text: one
        for name in party.names
        for one in _by_name().get(normal_name(name.text), ())
        if one.text not in have
    }
    return msgspec.structs.replace(party, names=(*party.names, *more.values())) if more else party


def version() -> str:
    """A hash of all of them: whatever is kept of names goes by it."""
    return hashlib.sha256(msgspec.json.encode(aliases())).hexdigest()[:12]


@cache
def _by_name() -> Mapping[str, tuple[Name, ...]]:
    found: dict[str, tuple[Name, ...]] = {}
    for kind, text, means, source, seen in aliases():
        if kind == "name":
            language = "zh" if _HAN.search(text) else ""
            name = Name(text, "learnt", language=language, source=f"{source} (seen {seen})")
            found[normal_name(means)] = (*found.get(normal_name(means), ()), name)
    return found
