"""Asking again: a decision under its own law, which must come out the same, and under today's, with the difference
explained; and over the whole record, which decisions a change of the law or of the lists has moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from exeat import __version__
from exeat.decide.decision import Decision, Finding
from exeat.decide.engine import Engine, Options
from exeat.errors import InputErrors
from exeat.record.editions import load_edition
from exeat.record.entry import Entry, RecordError, canonical
from exeat.record.ledger import Filter, Kept, Record, Summary, kept_of
from exeat.rulebook.model import Book
from exeat.vocabulary.transaction import Transaction

Law = Literal["own", "today"]
# Screens the parties of a transaction again; beside it the parties that could not be, for want of a name.
Renew = Callable[[Transaction], tuple[Transaction, tuple[str, ...]]]
LISTING = "party.listing"
KEPT_ENGINES = 3  # editions ready at a time; each takes some 30 MB


class Moved(msgspec.Struct, frozen=True):
    """Something that is another now: which, what of it, from what to what ("" where it was or is not there)."""

    id: str
    what: str
    before: str
    after: str


class Difference(msgspec.Struct, frozen=True):
    """What is different between two answers to one transaction. Nothing in any list: they say the same.

    ``headline`` holds verdict, floor, ceiling and exit code; ``regimes`` those of each regime and jurisdiction;
    ``appeared``, ``left`` and ``changed`` are rules by their findings; ``facts`` are facts, codes and entries that the
    transaction uses and whose meaning moved (None: the older law is not at hand, so that nobody can tell);
    ``law`` is what differs in what was asked under: edition, day of knowledge, engine.
    """

    headline: tuple[Moved, ...]
    regimes: tuple[Moved, ...]
    appeared: tuple[str, ...]
    left: tuple[str, ...]
    changed: tuple[Moved, ...]
    facts: tuple[Moved, ...] | None
    law: tuple[Moved, ...]

    @property
    def nothing(self) -> bool:
        """Whether the answers agree (whatever law they were given under)."""
        return not (self.headline or self.regimes or self.appeared or self.left or self.changed)


class Rerun(msgspec.Struct, frozen=True):
    """A decision asked again. ``same`` is True or False, or None where it could not be asked, and ``says`` why.

    Under its own law ``same`` means the same hash and the same answer to the letter; under today's, that nothing is
    different in verdicts and rules. Where the parties were screened again, ``hits`` tells whose entries or candidates
    on lists are others now, whether or not that moves the answer, and ``not_screened`` the parties without a name.
    """

    n: int
    law: Law
    same: bool | None
    says: str = ""
    decision: Decision | None = None
    difference: Difference | None = None
    hits: tuple[Moved, ...] = ()
    not_screened: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether there is something to look at: another answer, none, or other hits."""
        return not self.same or bool(self.hits)


class Impact(msgspec.Struct, frozen=True):
    """What a change means for one recorded decision. ``ahead``: the day of its act has not passed."""

    n: int
    id: str
    title: str
    on: str
    ahead: bool
    open: bool
    concluded: str
    rerun: Rerun

    def brief(self) -> Impact:
        """Without the whole answer, which `Runner.rerun` gives."""
        return msgspec.structs.replace(self, rerun=msgspec.structs.replace(self.rerun, decision=None))


class Impacts(msgspec.Struct, frozen=True):
    """Some decisions asked again, the newest first. Of ``asked`` in all, ``differ`` come out differently and ``failed``
    could not be asked. Where parties were screened again, ``listed`` have a party with other hits and ``unscreened``
    one without a name. ``next`` is the number of the last one asked (0: there are no older ones).
    """

    impacts: tuple[Impact, ...]
    asked: int
    differ: int
    failed: int
    listed: int
    unscreened: int
    next: int


class Runner:
    """Runs recorded decisions again; keeps the engines of a few editions ready."""

    def __init__(self, record: Record, now: Engine, known: str) -> None:
        """Run again with today's engine and law, and with what is known on the day ``known``."""
        self.record, self.now, self.known = record, now, known
        self._engines: dict[str, Engine | None] = {}

    def engine(self, edition: str) -> Engine | None:
        """The engine over an edition: today's, or one that the record kept; None if it is not at hand."""
        if edition == self.now.book.hash:
            return self.now
        if edition not in self._engines:
            if len(self._engines) >= KEPT_ENGINES:
                self._engines.pop(next(iter(self._engines)))
            book = load_edition(self.record.store, edition)
            self._engines[edition] = Engine(book) if book else None
        return self._engines[edition]

    def rerun(self, entry: Entry | int, law: Law = "own", renew: Renew | None = None) -> Rerun:
        """Ask a recorded decision again.

        Args:
            entry: the decision, or its number.
            law: ``own``, the edition and day of knowledge it was made with, or ``today``.
            renew: under today's law, applied to the transaction first.

        Raises:
            RecordError: it is not a decision.
        """
        entry = self.record.store.entry(entry) if isinstance(entry, int) else entry
        if entry.kind != "decision":
            raise RecordError("not a decision", path=f"entry {entry.n}", found=entry.kind)
        kept = kept_of(entry)
        if kept is None:
            return Rerun(entry.n, law, None, "it was disposed of")
        return self._own(entry.n, kept) if law == "own" else self._today(entry.n, kept, renew)

    def _own(self, n: int, kept: Kept) -> Rerun:
        engine = self.engine(kept.edition)
        if engine is None:
            return Rerun(
                n, "own", None, f"the edition {kept.edition[:12]}… is not at hand: it was not kept, or is damaged"
            )
        before = kept.decision()
        try:
            after = engine.decide(kept.transaction(engine.book.vocabulary), kept.options)
        except InputErrors as errors:
            return Rerun(n, "own", False, f"its transaction cannot be read again: {errors}")
        found = difference(before, after, engine.book, engine.book)
        if before.engine != __version__:
            says = f"exeat {before.engine} gave it and this is {__version__}, so the hash must differ; answers compared"
            return Rerun(n, "own", found.nothing, says, after, found)
        same = before.hash == after.hash and canonical(before) == canonical(after)
        return Rerun(n, "own", same, "" if same else "the answer is another under the same law", after, found)

    def _today(self, n: int, kept: Kept, renew: Renew | None, quick: bool = False) -> Rerun:
        book = self.now.book
        outlook = kept.options.outlook and not quick
        options = msgspec.structs.replace(kept.options, known=self.known, explain=not quick, outlook=outlook)
        before = kept.decision()
        nameless: tuple[str, ...] = ()
        try:
            transaction = kept.transaction(book.vocabulary)
            options = _still_there(options, book)
        except InputErrors as errors:
            return Rerun(n, "today", None, f"today's vocabulary cannot say this transaction: {errors}")
        if renew:
            try:
                transaction, nameless = renew(transaction)
            except InputErrors as errors:
                return Rerun(n, "today", None, f"its parties cannot be screened again: {errors}")
        after = self.now.decide(transaction, options)
        found = difference(before, after, None, book)
        if not found.nothing or not quick:
            older = self.engine(kept.edition)
            found = difference(before, after, older.book if older else None, book)
        hits = tuple(_hits(before.transaction, after.transaction)) if renew else ()
        return Rerun(n, "today", found.nothing, "", after, found, hits, nameless)

    def impact(self, chosen: Filter | None = None, renew: Renew | None = None, on_today: str = "") -> Iterator[Impact]:
        """Every recorded decision asked again under today's law, one after the other, the newest first.

        All are given, so that a face can count them; those that nothing has moved have ``rerun.same``.

        Args:
            chosen: which (default: all); those that were disposed of are left out.
            renew: applied to each transaction first, to screen its parties on today's lists.
            on_today: the day from which an act is still ahead (default: the day of knowledge).
        """
        for summary in self.record.cases(chosen):
            if found := self._impact(summary, renew, on_today):
                yield found

    def impacts(
        self, chosen: Filter, renew: Renew | None = None, *, before: int = 0, limit: int, unmoved: bool = False
    ) -> Impacts:
        """A page of `impact`: what comes out differently or could not be asked, and with ``unmoved`` the rest, too.

        Args:
            chosen: which.
            renew: as for `impact`.
            before: only decisions with a lower number.
            limit: how many are looked at.
            unmoved: show those that nothing has moved.
        """
        page = list(self.record.cases(chosen, before=before, limit=limit + 1))
        asked = [found for one in page[:limit] if (found := self._impact(one, renew, ""))]
        return Impacts(
            tuple(one.brief() for one in asked if unmoved or one.rerun.moved),
            len(asked),
            sum(one.rerun.same is False for one in asked),
            sum(one.rerun.same is None for one in asked),
            sum(bool(one.rerun.hits) for one in asked),
            sum(bool(one.rerun.not_screened) for one in asked),
            page[limit - 1].n if len(page) > limit else 0,
        )

    def _impact(self, summary: Summary, renew: Renew | None, on_today: str) -> Impact | None:
        kept = None if summary.disposed else kept_of(self.record.store.entry(summary.n))
        if kept is None:  # disposed of, perhaps this moment
            return None
        ahead = summary.on[:10] >= (on_today or self.known)
        again = self._today(summary.n, kept, renew, quick=True)
        return Impact(
            summary.n, summary.id, summary.title, summary.on, ahead, summary.open, summary.concluded, again
        )  # fmt: skip


def _still_there(options: Options, book: Book) -> Options:
    """The options, if what they leave out or ask for is still in the book.

    Raises:
        InputErrors: it is not.
    """
    gone = [one for one in options.only if one not in book.regimes]
    gone += [one for one in options.without if one not in book.layers()]
    if gone:
        raise InputErrors([RecordError("was asked about and is not in the rulebook any more", found=", ".join(gone))])
    return options


# --- the difference


def difference(before: Decision, after: Decision, older: Book | None, newer: Book) -> Difference:
    """What is different between two answers, and what moved in the law that they rest on."""
    return Difference(
        tuple(_moved("", before, after, ("verdict", "floor", "ceiling", "exit_code"))),
        tuple(_regimes(before, after)),
        *_rules(before, after),
        _facts(before, after, older, newer),
        tuple(_moved("", before, after, ("edition", "known", "engine"))),
    )


def _moved(key: str, before: object, after: object, names: tuple[str, ...]) -> Iterator[Moved]:
    for name in names:
        old, new = str(getattr(before, name, "")), str(getattr(after, name, ""))
        if old != new:
            yield Moved(key, name, old, new)


def _regimes(before: Decision, after: Decision) -> Iterator[Moved]:
    for kind, names in (
        ("regimes", ("verdict", "floor", "ceiling")),
        ("jurisdictions", ("verdict", "touched", "partial")),
    ):
        old = {one.id: one for one in getattr(before, kind)}
        new = {one.id: one for one in getattr(after, kind)}
        for key in sorted(old.keys() | new.keys()):
            yield from _moved(key, old.get(key), new.get(key), names)
            yield from _moved_list(key, old.get(key), new.get(key))


def _moved_list(key: str, before: object, after: object) -> Iterator[Moved]:
    """Law that is not encoded and that an answer had to leave out."""
    old, new = (" ".join(gap.id for gap in getattr(one, "not_checked", ())) for one in (before, after))
    if old != new:
        yield Moved(key, "not_checked", old, new)


def _rules(before: Decision, after: Decision) -> tuple[tuple[str, ...], tuple[str, ...], tuple[Moved, ...]]:
    old, new = ({_place(one): one for one in found.findings} for found in (before, after))
    names = ("result", "effect", "floor", "ceiling", "policy", "seen")
    changed: list[Moved] = []
    for key in sorted(old.keys() & new.keys()):
        one, other = old[key], new[key]
        changed += _moved(one.rule, one, other, names)
        changed += _moved(one.rule, one.status, other.status, ("status", "since", "until"))
        reliefs = [" ".join(sorted(relief.id for relief in found.reliefs)) for found in (one, other)]
        if reliefs[0] != reliefs[1]:
            changed.append(Moved(one.rule, "reliefs", *reliefs))
    appeared = tuple(sorted({new[key].rule for key in new.keys() - old.keys()}))
    left = tuple(sorted({old[key].rule for key in old.keys() - new.keys()}))
    return appeared, left, tuple(changed)


def _place(finding: Finding) -> tuple[str, str]:
    return finding.rule, canonical(finding.where)


def _facts(before: Decision, after: Decision, older: Book | None, newer: Book) -> tuple[Moved, ...] | None:
    """Facts, codes and register entries that the transaction uses and whose meaning moved, and facts that moved."""
    found = list(_stated(before.transaction, after.transaction))
    if older is None:
        return tuple(found) or None
    if older.hash == newer.hash:
        return tuple(found)
    for path, value in _used(before.transaction):
        old, new = older.vocabulary.facts.get(path), newer.vocabulary.facts.get(path)
        found += _moved(path, old, new, ("kind", "of", "meaning", "question", "presume"))
        for code in value if isinstance(value, list) else [value]:
            if old and new and old.kind in ("code", "codes"):
                found += _code(older, newer, old.of, str(code))
    for entry in _entries(before.transaction):
        register, _, key = entry.partition("/")
        rows = [_rows(book, register, key) for book in (older, newer)]
        if rows[0] != rows[1]:
            found.append(Moved(entry, "rows", *rows))
    return tuple(dict.fromkeys(found))


def _code(older: Book, newer: Book, of: str, code: str) -> Iterator[Moved]:
    old, new = (book.vocabulary.lists.get(of) for book in (older, newer))
    if old and new and code in old.codes:
        above = [" ".join(sorted(one.ancestors(code) - {code})) for one in (old, new)]
        if above[0] != above[1]:
            yield Moved(f"{of} {code}", "under", *above)
        yield from _moved(f"{of} {code}", old.codes[code], new.codes.get(code), ("title", "needs"))


def _stated(before: dict[str, object], after: dict[str, object]) -> Iterator[Moved]:
    """Facts that are others in the two transactions: where somebody screened again, say."""
    old, new = (dict(_flat(one)) for one in (before, after))
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            yield Moved(path, "value", old.get(path, ""), new.get(path, ""))


def _hits(before: dict[str, object], after: dict[str, object]) -> Iterator[Moved]:
    """Parties whose entries and candidates on lists are others; versions of lists and days of screening are not."""
    old, new = ({place: facts.get(LISTING) for place, facts in _cells(one)} for one in (before, after))
    for place in sorted(old.keys() | new.keys()):
        for what in ("entries", "candidates"):
            words = [", ".join(_named(found.get(place), what)) for found in (old, new)]
            if words[0] != words[1]:
                yield Moved(place.strip(), what, *words)


def _named(cell: dict[str, object] | None, what: str) -> list[str]:
    value = cell["value"] if cell else None
    return sorted(value.get(what, ())) if isinstance(value, dict) else []


def _flat(transaction: dict[str, object]) -> Iterator[tuple[str, str]]:
    for place, facts in _cells(transaction):
        for path, cell in facts.items():
            yield f"{place}{path}", canonical(cell)


def _cells(transaction: dict[str, object]) -> Iterator[tuple[str, dict[str, dict[str, object]]]]:
    """The facts of a canonical transaction, with the element that each group belongs to."""
    act: dict[str, dict[str, object]] = transaction["act"]  # type: ignore[assignment]
    yield "", act
    for scope in ("items", "parties", "places"):
        elements: list[dict[str, object]] = transaction[scope]  # type: ignore[assignment]
        for element in elements:
            facts: dict[str, dict[str, object]] = element["facts"]  # type: ignore[assignment]
            yield f"{element['id']} ", facts


def _used(transaction: dict[str, object]) -> Iterator[tuple[str, object]]:
    for _, facts in _cells(transaction):
        for path, cell in facts.items():
            yield path, cell["value"]


def _entries(transaction: dict[str, object]) -> Iterator[str]:
    for _, value in _used(transaction):
        if isinstance(value, dict):
            for name in ("entries", "candidates", "dismissed"):
                yield from value.get(name, ())


def _rows(book: Book, register: str, key: str) -> str:
    """What a register says of an entry, as text."""
    held = book.registers.get(register)
    return canonical([row for row in held.rows if row.id == key]) if held else ""
