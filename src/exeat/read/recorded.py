"""Which recorded decisions a new mention touches, and why.

A recorded decision is a file as ``exeat check --json -o`` writes it, one decision a line. A mention touches it where
it is of a measure that the decision found a rule of, of a row that the decision rests on, of a register in which one of
its undecided rules looks, or where it names a party, application or entity of the transaction. Countries touch
nothing: nearly every decision is about some. Nothing is decided anew: whoever is told decides again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from exeat.errors import InputError
from exeat.read.link import Ledger, bare
from exeat.read.model import Actor, Document, Mention
from exeat.read.pipeline import files_of
from exeat.rulebook.model import Book, tests_of

MAX_BYTES = 64 * 1024 * 1024  # of one file: some thousands of decisions, with their reasons
ACTS = ("measure", "initiative", "proceeding")  # what a company answers changes no decision
NAMED = ("party.entity", "item.app")  # facts whose codes are things that news name


class _Finding(msgspec.Struct):
    rule: str
    measure: str
    result: str


class _Candidate(msgspec.Struct):
    element: str
    entry: str


class _Decision(msgspec.Struct):
    """What is read of a decision. Every field is always there, so that another kind of JSON is refused."""

    id: str
    title: str
    verdict: str
    on: str
    known: str
    findings: list[_Finding]
    candidates: list[_Candidate]
    transaction: dict[str, Any]


class Recorded(msgspec.Struct, frozen=True):
    """A recorded decision as far as news can touch it. ``measures``: what each found rule came to, by measure.
    ``rows``: the entries that it rests on, each with the party. ``registers``: those in which a rule looks that is
    undecided. ``names``: the parties by bare name; ``codes``: the elements by test, as ``item.app=wechat``.
    ``unnamed``: whether a party has no name, so that it may be anybody."""

    id: str
    title: str
    file: str
    verdict: str
    on: str
    known: str
    measures: dict[str, str]
    rows: dict[str, str]
    registers: dict[str, str]
    names: dict[str, str]
    codes: dict[str, str]
    unnamed: bool


class Touch(msgspec.Struct, frozen=True):
    """A mention that touches a recorded decision. ``newer``: made known after the last day whose law the
    decision knew."""

    decision: str
    title: str
    file: str
    verdict: str
    on: str
    document: str
    mention: str
    reasons: tuple[str, ...]
    newer: bool


# --- reading what was recorded


def load(paths: Iterable[str | Path], book: Book) -> tuple[list[Recorded], list[InputError]]:
    """The decisions in some files and folders, and what could not be read. One file does not stop the others."""
    found: list[Recorded] = []
    errors: list[InputError] = []
    files: list[Path] = []
    for path in paths:
        try:
            files += files_of(Path(path))
        except InputError as error:
            errors.append(error)
    looks = _registers_of(book)
    for file in files:
        try:
            found += [_recorded(one, str(file), looks, book) for one in _decisions(file)]
        except InputError as error:
            errors.append(error)
    return found, errors


def _decisions(path: Path) -> list[_Decision]:
    """The decisions in a file: one, or one a line.

    Raises:
        InputError: it cannot be read, is too large, or holds something else.
    """
    try:
        if not path.is_file():  # a device or a pipe may never end
            raise InputError("not a file" if path.exists() else "no such file", file=str(path))
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", file=str(path)) from None
    if len(raw) > MAX_BYTES:
        raise InputError("the file of decisions is too large", file=str(path), allowed=f"{MAX_BYTES} bytes")
    decoder = msgspec.json.Decoder(_Decision)
    found = []
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if line.strip():
            try:
                found.append(decoder.decode(line))
            except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
                raise InputError(
                    f"not a decision: {error}", file=str(path), line=number, hint="write it with `exeat check --json`"
                ) from None
    if not found:
        raise InputError("no decision in it", file=str(path), hint="write it with `exeat check --json`")
    return found


def _registers_of(book: Book) -> dict[str, frozenset[str]]:
    """The registers in which each rule looks."""
    return {
        key: frozenset(test.register for test in tests_of(rule.when) if test.register)
        for key, rule in book.rules.items()
    }


def _recorded(one: _Decision, file: str, looks: dict[str, frozenset[str]], book: Book) -> Recorded:
    measures: dict[str, str] = {}
    registers: dict[str, str] = {}
    for finding in one.findings:
        measures.setdefault(finding.measure, f"{finding.rule} {finding.result}")
        if finding.result == "undecided":
            for register in sorted(looks.get(finding.rule, ())):
                registers.setdefault(register, finding.rule)
    rows = {candidate.entry: candidate.element for candidate in one.candidates}
    names: dict[str, str] = {}
    codes: dict[str, str] = {}
    unnamed = False
    for element, facts in _elements(one.transaction):
        paths = {path for path, _ in facts}
        unnamed |= "party.role" in paths and "party.name" not in paths
        for path, value in facts:
            for said in _words(value):
                if path.endswith(".name") and len(bare(said)) > 1:
                    names.setdefault(bare(said), element)
                if path in NAMED and not said.startswith(("other-", "@")):
                    codes.setdefault(f"{path}={said}", element)
            for entry in _entries(value):
                rows.setdefault(entry, element)
    for entry, element in rows.items():
        for name in _names_of_row(book, entry):
            names.setdefault(bare(name), element)
    return Recorded(
        id=one.id,
        title=one.title,
        file=file,
        verdict=one.verdict,
        on=one.on,
        known=one.known,
        measures=measures,
        rows=rows,
        registers=registers,
        names=names,
        codes=codes,
        unnamed=unnamed,
    )


def _elements(transaction: dict[str, Any]) -> Iterable[tuple[str, list[tuple[str, Any]]]]:
    """The parties and items of a transaction in canonical form, each with its facts. What has another shape than
    exeat writes is passed over: the file may be a stranger's."""
    for kind in ("items", "parties"):
        listed = transaction.get(kind)
        for one in listed if isinstance(listed, list) else ():
            facts = one.get("facts") if isinstance(one, dict) else None
            if isinstance(facts, dict):
                yield (
                    str(one.get("id", "?")),
                    [(str(path), fact.get("value")) for path, fact in facts.items() if isinstance(fact, dict)],
                )


def _words(value: Any) -> list[str]:
    return [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, str)]


def _entries(value: Any) -> list[str]:
    """The rows that a fact names (``REGISTER/ID``)."""
    return _words(value.get("entries")) if isinstance(value, dict) else []


def _names_of_row(book: Book, entry: str) -> tuple[str, ...]:
    register, _, key = entry.partition("/")
    rows = book.registers[register].rows if register in book.registers else ()
    return next(
        (tuple(part for part in (one.columns.get("name", ""), *one.aliases) if part) for one in rows if one.id == key),
        (),
    )


# --- what touches what


def touches(documents: Sequence[Document], recorded: Sequence[Recorded], ledger: Ledger, book: Book) -> list[Touch]:
    """Every recorded decision that a mention touches, in the order of the decisions."""
    acts = [
        (document, one, _codes(one, ledger), _names(one, ledger))
        for document in documents
        for one in document.mentions
        if one.group in ACTS
    ]
    found = []
    for decision in recorded:
        for document, one, codes, names in acts:
            reasons = (*_by_link(one, decision, codes, names, book), *_by_target(decision, codes, names))
            if reasons:
                found.append(
                    Touch(
                        decision.id,
                        decision.title,
                        decision.file,
                        decision.verdict,
                        decision.on,
                        document.id,
                        one.id,
                        reasons,
                        _day(one, document) > decision.known,
                    )
                )
    return found


def _day(one: Mention, document: Document) -> str:
    """The day on which an act was made known: as told, else that of the document; "" if neither is known."""
    published = document.metadata.published
    return ((one.announced.value if one.announced else "") or published.value or published.inferred or "")[:10]


def _by_link(one: Mention, decision: Recorded, codes: dict[str, str], names: dict[str, str], book: Book) -> list[str]:
    """Why, by the entry of the rulebook that the mention is of.

    A rule that was not in effect touches only what is about the same thing: it is found for whatever it cannot rule
    out. A new row of a register touches an undecided rule only where it can be one of the transaction's parties."""
    link = one.link
    if link is None or link.kind == "none":
        return []
    if link.to in decision.measures:
        result = decision.measures[link.to]
        other = bool(codes) and not codes.keys() & decision.codes.keys()
        return [] if other and result.endswith("dormant") else [f"measure {link.to}: {result}"]
    found = [f"entry {row}: {decision.rows[row]}" for row in _rows(link.to, book) if row in decision.rows]
    register = link.to.partition("/")[0].partition("#")[0]
    anybody = decision.unnamed or not names or link.to == register
    if not found and anybody and register in decision.registers:
        found.append(f"register {register}: {decision.registers[register]} undecided")
    return found


def _rows(entry: str, book: Book) -> list[str]:
    """The rows that an entry stands for: itself, or all that came by one source."""
    register, mark, source = entry.partition("#")
    if not mark:
        return [entry]
    rows = book.registers[register].rows if register in book.registers else ()
    return [f"{register}/{row.id}" for row in rows if row.cite.source == source]


def _by_target(decision: Recorded, codes: dict[str, str], names: dict[str, str]) -> list[str]:
    """Why, by what the mention is about: an application or entity, or a party by name."""
    found = [f"{code}: {decision.codes[code]}" for code in codes if code in decision.codes]
    elements = {decision.codes[code] for code in codes if code in decision.codes}
    for name, said in names.items():
        element = decision.names.get(name)
        if element is not None and element not in elements:
            elements.add(element)
            found.append(f"named {said}: {element}")
    return found


def _codes(one: Mention, ledger: Ledger) -> dict[str, str]:
    found = {ledger.vocabulary_code(target.id, target.name): target.name for target in _things(one)}
    return {code: name for code, name in found.items() if code.partition("=")[0] in NAMED}


def _names(one: Mention, ledger: Ledger) -> dict[str, str]:
    return {name: target.name for target in _things(one) for name in sorted(ledger.names_of(target.id, target.name))}


def _things(one: Mention) -> list[Actor]:
    """The targets that can be a party or an application: no countries, no classes such as "Chinese companies"."""
    return [
        target
        for target in one.targets
        if target.kind not in ("country", "place") and not target.kind.endswith("_class")
    ]
