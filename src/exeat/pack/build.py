"""The files of a pack. The same record, entry and anchor give the same bytes.

What cannot be in the pack (a PDF, a law file) is named in the manifest with the reason: a hole that nobody is told of
would pass for something that never was.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from exeat.decide.decision import Decision, Reason
from exeat.pack.pdf import NoPdfError, render
from exeat.page import html
from exeat.page.redact import Veil
from exeat.record.editions import LawFile, edition_files
from exeat.record.entry import Anchor, Entry, RecordError
from exeat.record.ledger import Case, Kept, Record
from exeat.record.rerun import Runner
from exeat.rulebook.model import Book
from exeat.vocabulary.model import PLURALS

FORMAT = "exeat-pack-1"
LANGUAGES = ("en", "zh")
EPOCH = (1980, 1, 1, 0, 0, 0)  # a ZIP knows no earlier one; a real one would make two packs differ
MOST = 100_000  # entries of a chain: some 40 MB
CODES = ("verdict", "machine", "hold")  # of later entries, what names nobody
TABLE = re.compile(r"^table: *(\S+) *$", re.MULTILINE)  # as a register names the file of its rows
DATA = Path(__file__).parent / "data"


class Absent(msgspec.Struct, frozen=True):
    """What is not in the pack, and why."""

    file: str
    why: str


class Pack(msgspec.Struct, frozen=True):
    """A pack: its bytes, their SHA-256, the entry that its chain ends with, the files in it and those not in it."""

    content: bytes
    hash: str
    anchor: Anchor
    files: tuple[str, ...]
    absent: tuple[Absent, ...]


def build(runner: Runner, n: int, *, languages: Sequence[str] = LANGUAGES, redacted: bool = False, to: int = 0) -> Pack:
    """The pack of a decision.

    Args:
        runner: the record, and the engines of its editions.
        n: the decision.
        languages: of the pages.
        redacted: without the parties' names, and so without what the record's hashes are made of.
        to: the entry that the chain ends with (0: the last one there is).

    Raises:
        RecordError: no such decision, it was disposed of, or the chain would be too long or ends before it.
    """
    record = runner.record
    case = record.case(n)
    anchor = _anchor(record, n, to)
    kept = case.kept
    if kept is None:
        raise RecordError("no such decision (or it was disposed of)", path="record", found=str(n))
    later = tuple(one for one in case.later if one.n <= anchor.n)
    case = msgspec.structs.replace(case, later=later)
    engine = runner.engine(kept.edition)
    book = (engine or runner.now).book
    veils = {lang: Veil(kept.decision(), lang) for lang in languages} if redacted else {}
    files: dict[str, bytes] = {"README.txt": _data("README.txt"), "verify.py": _data("verify.txt")}
    absent: list[Absent] = []
    if engine is None:
        why = f"the edition {kept.edition} is not at hand; titles are those of {book.hash}"
        absent.append(Absent("titles of its own edition", why))
    _pages(case, kept, book, languages, veils, files, absent)
    _law(record, kept, book, next(iter(veils.values()), None), files, absent)
    files["later.json"] = _json([_entered(one, redacted) for one in later])
    files["ledger.jsonl"] = b"".join(_chain(record, case, anchor, redacted))
    files["manifest.json"] = _manifest(case, kept, anchor, languages, redacted, files, absent)
    content = _zip(files)
    return Pack(content, hashlib.sha256(content).hexdigest(), anchor, tuple(sorted(files)), tuple(absent))


def taken(
    runner: Runner, n: int, *, by: str, languages: Sequence[str] = LANGUAGES, redacted: bool = False, to: int = 0
) -> Pack:
    """`build`, and an entry in the record that somebody took this very pack. Nobody gets one without it.

    Raises:
        RecordError: as `build`, or it could not be recorded.
    """
    made = build(runner, n, languages=languages, redacted=redacted, to=to)
    runner.record.read(f"pack sha256:{made.hash} to {made.anchor.n}", by=by, n=n)
    return made


def verifier() -> str:
    """The text of the program that verifies a pack and needs nothing of exeat."""
    return _data("verify.txt").decode()


def _anchor(record: Record, n: int, to: int) -> Anchor:
    head = record.head()
    if to:
        entry = record.store.entry(to)
        head = Anchor(head.record, entry.n, entry.hash)
    if not n <= head.n < n + MOST:
        raise RecordError("a chain that is too long, or ends before the decision", path="to", found=str(head.n),
                          allowed=f"{n} to {n + MOST - 1}")  # fmt: skip
    return head


# --- the answer


def _pages(
    case: Case, kept: Kept, book: Book, languages: Sequence[str], veils: Mapping[str, Veil], files: dict[str, bytes],
    absent: list[Absent],
) -> None:  # fmt: skip
    """Pages, decision and facts."""
    for lang in languages:
        veil = veils.get(lang)
        told = veil.decision() if veil else kept.decision()
        cover: Callable[[str], str] = veil.text if veil else str
        page = html.render(told, book, lang, outlook=kept.options.outlook, redacted=bool(veil), veil=cover)
        files[f"answer.{lang}.html"] = page.encode()
        try:
            files[f"answer.{lang}.pdf"] = render(page, told.hash)
        except NoPdfError as error:
            absent.append(Absent(f"answer.{lang}.pdf", str(error)))
    first = next(iter(veils.values()), None)
    answer = json.loads(case.entry.body or "{}")["answer"]
    if first:
        answer = first.everything(msgspec.to_builtins(first.decision()))
    files["decision.json"] = _json(answer)
    files["facts.json"] = _json(list(_facts(answer["transaction"])))


def _facts(transaction: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every fact with the element that it is of ("" for the act), and where it came from."""
    elements = [{"id": "", "facts": transaction["act"]}]
    for plural in PLURALS.values():
        elements += transaction[plural]
    for one in elements:
        for path, cell in sorted(one["facts"].items()):
            yield {"element": one["id"], "fact": path, **cell}


# --- the law


def _law(
    record: Record, kept: Kept, book: Book, veil: Veil | None, files: dict[str, bytes], absent: list[Absent]
) -> None:
    """The cited provisions, and the files they stand in as the record kept them."""
    decision = veil.decision() if veil else kept.decision()
    named = _cited_files(kept.decision(), book)
    listed = []
    found = edition_files(record.store, kept.edition, named)
    found += edition_files(record.store, kept.edition, list(_tables(found)))
    for one, content in found:
        path = f"law/{one.folder}/{one.name}"
        why = _unfit(one, content, veil)
        if why:
            shown = veil.parts(path) if veil else path  # a file's name, or its hash, says as much as its words
            absent.append(Absent(shown, why))
            listed.append({"path": shown, "sha256": "" if veil else one.hash, "in the pack": False})
        else:
            files[path] = content
            listed.append({"path": path, "sha256": one.hash, "in the pack": True})
    there = {one.name for one, _ in found}
    shown_as = veil.parts if veil else str
    unkept = [shown_as(f"law/{name}") for name in named if name not in there]
    absent += [Absent(path, "its edition was not kept in this record") for path in unkept]
    rules = [_provision(decision, rule, book) for rule in dict.fromkeys(one.rule for one in decision.findings)]
    told = {"edition": kept.edition, "rules": veil.everything(rules) if veil else rules, "files": listed}
    files["provisions.json"] = _json(told)


def _tables(found: Sequence[tuple[LawFile, bytes]]) -> Iterator[str]:
    """Names of the tables that hold the rows of registers."""
    for one, content in found:
        for table in TABLE.findall(content.decode("utf-8", "replace")):
            yield str(PurePosixPath(one.name).parent / table)


def _unfit(one: LawFile, content: bytes, veil: Veil | None) -> str:
    """Why a law file must stay out; "" if it may go in."""
    if hashlib.sha256(content).hexdigest() != one.hash:
        return "the record's copy is damaged"
    path = PurePosixPath(one.name)
    if path.is_absolute() or ".." in path.parts or not one.name.isprintable():
        return "its name is not one to unpack"
    text = f"{one.name}\n{content.decode('utf-8', 'replace')}"
    return "it names a party" if veil and veil.parts(text) != text else ""


def _cited_files(decision: Decision, book: Book) -> list[str]:
    """Names of the files in which the rules of the findings stand, their reliefs, and the registers they ask."""
    found: set[str] = set()
    for finding in decision.findings:
        for key in (finding.rule, *(relief.id for relief in finding.reliefs)):
            if rule := book.rules.get(key):
                found |= {rule.file, book.measures[rule.measure].file}
        if finding.trace:
            found |= {book.registers[key].file for key in _registers(finding.trace) if key in book.registers}
    return sorted(found)


def _registers(node: Reason) -> Iterator[str]:
    if node.register:
        yield node.register
    for part in node.parts:
        yield from _registers(part)


def _provision(decision: Decision, key: str, book: Book) -> dict[str, Any]:
    """A rule of the answer: what it came to, where it is written, and its dates."""
    found = [one for one in decision.findings if one.rule == key]
    first, rule = found[0], book.rules.get(key)
    told: dict[str, Any] = {
        "rule": key, "measure": first.measure, "regime": first.regime, "title": first.title, "effect": first.effect,
        "results": [{"result": one.result, "where": one.where} for one in found],
        "status": msgspec.to_builtins(first.status), "cite": msgspec.to_builtins(first.cite), "seen": first.seen,
        "reliefs": [{"id": one.id, "cite": msgspec.to_builtins(one.cite)} for one in first.reliefs],
    }  # fmt: skip
    if rule:
        told |= {"file": rule.file, "line": rule.line}
        told["life"] = [
            {**msgspec.to_builtins(one), "source": msgspec.to_builtins(book.source(rule, one.by))} for one in rule.life
        ]
    return told


# --- the ledger


def _entered(entry: Entry, redacted: bool) -> dict[str, Any]:
    """A later entry, for people to read."""
    body = entry.data()
    if redacted:  # reasons and notes are free text, which may name anybody
        body = {key: body[key] for key in CODES if key in body}
    return {"n": entry.n, "at": entry.at, "by": entry.actor, "kind": entry.kind, "body": body}


def _chain(record: Record, case: Case, anchor: Anchor, redacted: bool) -> Iterator[bytes]:
    """The entries up to the anchor: bodies only of those about this decision."""
    own = set() if redacted else {case.entry.n, *(one.n for one in case.later)}
    for one in record.entries(after=case.entry.n - 1):
        if one.n > anchor.n:
            return
        shown = one if one.n in own else msgspec.structs.replace(one, body=None)
        yield msgspec.json.encode(shown) + b"\n"


# --- the archive


def _manifest(
    case: Case, kept: Kept, anchor: Anchor, languages: Sequence[str], redacted: bool, files: Mapping[str, bytes],
    absent: Sequence[Absent],
) -> bytes:  # fmt: skip
    decision = kept.decision()
    told = {
        "format": FORMAT,
        "decision": {"n": case.entry.n, "id": decision.id, "hash": decision.hash, "verdict": decision.verdict},
        "anchor": msgspec.to_builtins(anchor),
        "languages": list(languages),
        "redacted": redacted,
        "absent": msgspec.to_builtins(absent),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return _json(told)


def _zip(files: Mapping[str, bytes]) -> bytes:
    """Stored, not packed: two machines' zlibs may pack the same bytes otherwise."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, files[name])
    return stream.getvalue()


def _json(value: object) -> bytes:
    """As ``verify.py`` writes it: it compares the bytes, for two readers may read doubled keys otherwise."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _data(name: str) -> bytes:
    return (DATA / name).read_bytes()
