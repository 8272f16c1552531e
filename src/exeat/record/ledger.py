"""The record: what may be written into the ledger, each thing in its form, and the ledger read as cases.

A case is a decision with everything that was entered about it later. Nothing that a person enters erases what the
machine answered: both stand, and both are shown.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from exeat.decide.decision import EXIT_CODES, Decision
from exeat.decide.engine import Options
from exeat.errors import nearest
from exeat.record.document import from_document, to_document
from exeat.record.editions import keep_edition
from exeat.record.entry import Anchor, Checked, Entry, Fault, RecordError, check, check_line
from exeat.record.store import ENTRY, KEY, PAGE, TERM, Draft, Store, Terms, all_terms, shortened
from exeat.rulebook.model import Book
from exeat.vocabulary.model import Vocabulary
from exeat.vocabulary.take import check_day
from exeat.vocabulary.transaction import Transaction

EVENTS = ("done", "reexport", "termination", "unblocked", "request", "other")
OUTCOMES = ("confirmed", "dismissed", "open")
READ = 4_000_000  # characters of bodies that are kept as they were read
SUMMED = (  # terms that a summary is made of; a decision also has one for each rule and party
    "id", "title", "verdict", "floor", "ceiling", "on", "known", "edition", "unsettled", "concluded", "hold",
)  # fmt: skip
OF_THE_RECORD = ("note", "read", "hit")  # entries that need not be about a decision


class Kept(msgspec.Struct, frozen=True):
    """The body of a decision: the answer whole, and all it takes to ask again.

    ``follows`` is the decision that this one answers anew (0: none), ``answer`` a `Decision`, as plain data once it is
    read again.
    """

    answer: Any
    document: dict[str, Any]
    options: Options
    edition: str
    follows: int = 0

    def decision(self) -> Decision:
        """The answer as the engine gave it.

        Raises:
            RecordError: another version of exeat gave it, in a form that this one does not know.
        """
        try:
            return msgspec.convert(self.answer, Decision)
        except msgspec.ValidationError as error:
            raise RecordError(f"the answer is in another version's form: {error}") from None

    def transaction(self, vocabulary: Vocabulary) -> Transaction:
        """The transaction, read through a vocabulary.

        Raises:
            InputErrors: the vocabulary has no such fact or value.
        """
        return from_document(self.document, vocabulary)


class Confirmed(msgspec.Struct, frozen=True):
    """One fact that a person confirmed (or corrected), and what that rests on."""

    path: str
    value: str
    element: str = ""
    says: str = ""


class Conclusion(msgspec.Struct, frozen=True):
    """What a person concluded beside the machine's answer."""

    n: int
    verdict: str
    reason: str
    by: str
    at: str


class Summary(msgspec.Struct, frozen=True):
    """A case in one line. ``machine`` is the engine's verdict and ``concluded`` a person's, "" if nobody concluded
    otherwise. ``open``: undetermined, nobody concluded, and no later decision answers it.
    """

    n: int
    at: str
    by: str
    id: str
    title: str
    machine: str
    floor: str
    ceiling: str
    on: str
    known: str
    edition: str
    concluded: str
    open: bool
    held: bool
    disposed: bool


class Case(msgspec.Struct, frozen=True):
    """A decision and what was entered about it since, in order. ``kept`` is None once it was disposed of."""

    summary: Summary
    entry: Entry
    kept: Kept | None
    later: tuple[Entry, ...]

    @property
    def conclusions(self) -> tuple[Conclusion, ...]:
        """Every override, the last one last."""
        found = [(one, one.data()) for one in self.later if one.kind == "override" and one.body is not None]
        return tuple(Conclusion(e.n, str(d["verdict"]), str(d["reason"]), e.actor, e.at) for e, d in found)


class Filter(msgspec.Struct, frozen=True):
    """Which cases: all that is given must hold. ``party`` is any part of a name, ``rule`` a rule, or what its id
    begins with; ``on`` and ``until`` bound the day of the act; ``held``: under a legal hold.
    """

    verdict: str = ""
    party: str = ""
    rule: str = ""
    on: str = ""
    until: str = ""
    edition: str = ""
    open: bool | None = None
    held: bool | None = None


class Record:
    """An open record. Safe to share between threads; every method that writes returns once the entry is on the disk."""

    def __init__(self, url: str = "") -> None:
        """Open the record at ``url``: EXEAT_RECORD_URL, or else ``record.db`` in EXEAT_HOME.

        Raises:
            RecordError: it cannot be opened, or a newer exeat made it.
        """
        self.store = Store(url)
        self._bodies = _Bodies()
        self._editions: set[str] = set()
        self._mutex = threading.Lock()

    def __enter__(self) -> Record:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    # --- writing

    def keep(
        self,
        decision: Decision,
        transaction: Transaction,
        options: Options,
        book: Book,
        *,
        by: str,
        folders: Sequence[Path] = (),
        follows: int = 0,
        key: str = "",
    ) -> Entry:
        """Record a decision with all it takes to ask again; for the arguments see `draft`.

        Raises:
            RecordError: it could not be recorded.
        """
        made = self.draft(decision, transaction, options, book, by=by, folders=folders, follows=follows, key=key)
        return self.store.append(made)

    def draft(
        self,
        decision: Decision,
        transaction: Transaction,
        options: Options,
        book: Book,
        *,
        by: str,
        folders: Sequence[Path] = (),
        follows: int = 0,
        key: str = "",
        answer: bytes = b"",
    ) -> Draft:
        """The entry of a decision, to be appended to the store.

        Args:
            decision: the answer, as it was given.
            transaction: what was asked.
            options: how.
            book: the rulebook that answered.
            by: who asked.
            folders: the folders that the book was read from (`exeat.home.law_folders`); its files are kept on first
                use, so that the decision can be run again under its own law.
            follows: the decision that this one answers anew.
            key: an idempotency key: a second entry with it gives the first.
            answer: the decision as `exeat.record.entry.canonical_bytes`, where the caller has it.

        Raises:
            RecordError: there is no decision ``follows``, or the edition could not be recorded.
        """
        if follows:
            self._decided(follows)
        self.see(book, folders, by=by)
        given = msgspec.Raw(answer) if answer else decision
        kept = Kept(given, to_document(transaction, book.vocabulary), options, book.hash, follows)
        return Draft("decision", kept, by, terms=_terms(decision, kept), key=key)

    def see(self, book: Book, folders: Sequence[Path] = (), *, by: str = "exeat") -> None:
        """Enter that an edition of the rulebook was seen, once, and keep its files if the folders are given.

        Raises:
            RecordError: it could not be recorded.
        """
        with self._mutex:
            if book.hash in self._editions:
                return
            kept = bool(folders) and keep_edition(self.store, book, folders)
            body = {"edition": book.hash, "name": book.edition, "encoded_to": book.encoded_to, "kept": kept}
            if not self._told("edition", f"{book.hash} {kept}"):
                self.store.append(Draft("versions", body, by, terms=(("edition", f"{book.hash} {kept}"),)))
            self._editions.add(book.hash)

    def see_lists(self, lists: Iterable[object], *, by: str = "exeat") -> Entry:
        """Enter which versions of which lists are in use (`exeat.screen.model.ListVersion` s, or plain data).

        Raises:
            RecordError: it could not be recorded.
        """
        return self.store.append(Draft("versions", {"lists": [msgspec.to_builtins(one) for one in lists]}, by))

    def confirm(self, n: int, facts: Sequence[Confirmed], *, by: str, key: str = "") -> Entry:
        """Enter that a person confirmed facts of a decision. It decides nothing: ask again with them, and keep that.

        Raises:
            RecordError: no such decision, or it could not be recorded.
        """
        if not facts:
            raise RecordError("nothing is confirmed", path="facts")
        return self._about(n, "confirmation", {"facts": facts}, by, key)

    def override(self, n: int, verdict: str, reason: str, *, by: str, key: str = "") -> Entry:
        """Enter a person's other conclusion. The machine's answer stays, and both are shown.

        Raises:
            RecordError: no such decision or verdict, no reason, or it could not be recorded.
        """
        if verdict not in EXIT_CODES:
            hint = nearest(verdict, EXIT_CODES)
            raise RecordError(
                "no such verdict", path="verdict", found=verdict, allowed=", ".join(EXIT_CODES), hint=hint
            )
        _said(reason, "reason")
        machine = self._decided(n)
        body = {"verdict": verdict, "reason": reason, "machine": machine}
        return self._about(n, "override", body, by, key, (("concluded", verdict),))

    def decide_hit(
        self,
        party: str,
        listed: str,
        outcome: str,
        reason: str,
        *,
        by: str,
        n: int = 0,
        expires: str = "",
        list: str = "",
        review: object = None,
    ) -> Entry:
        """Enter what a person decided on a screening hit: that the party is the listed one, or is not, until when.

        ``review`` is the whole of it as the file of decisions on hits has it (`exeat.screen.review.Record`).

        Raises:
            RecordError: no such outcome, no reason, or it could not be recorded.
        """
        if outcome not in OUTCOMES:
            raise RecordError("no such outcome", path="outcome", found=outcome, allowed=", ".join(OUTCOMES))
        _said(reason, "reason")
        body: dict[str, object] = {
            "party": party,
            "listed": listed,
            "outcome": outcome,
            "reason": reason,
            "expires": expires,
            "list": list,
        }
        if review is not None:
            body["review"] = review
        terms: Terms = (("party", party.casefold()),)
        return self._about(n, "hit", body, by, "", terms)

    def hold(self, n: int, reason: str, *, by: str, lift: bool = False, key: str = "") -> Entry:
        """Set or lift a legal hold: while one is set, the decision's retention clock stands still.

        Raises:
            RecordError: no such decision, no reason, or it could not be recorded.
        """
        _said(reason, "reason")
        state = "lifted" if lift else "set"
        return self._about(n, "hold", {"hold": state, "reason": reason}, by, key, (("hold", state),))

    def note(self, n: int, text: str, *, by: str, key: str = "") -> Entry:
        """Enter a note on a decision (0: on the record).

        Raises:
            RecordError: no such decision, no text, or it could not be recorded.
        """
        return self._about(n, "note", {"text": _said(text, "text")}, by, key)

    def event(self, n: int, what: str, on: str, *, by: str, text: str = "", key: str = "") -> Entry:
        """Enter what became of the act: when it was done, a re-export, its termination, a request of an authority.

        Raises:
            RecordError: no such decision, event or day, or it could not be recorded.
        """
        if what not in EVENTS:
            raise RecordError("no such event", path="event", found=what, allowed=", ".join(EVENTS))
        check_day(on, "", 0, "on")
        return self._about(n, "event", {"what": what, "on": on, "text": text}, by, key, (("event", f"{what} {on}"),))

    def read(self, what: str, *, by: str, n: int = 0) -> Entry:
        """Enter that somebody looked at a decision or took an export.

        Raises:
            RecordError: no such decision, or it could not be recorded.
        """
        return self._about(n, "read", {"what": _said(what, "what")}, by, "")

    def dispose(self, n: int, reason: str, clock: object, *, by: str, key: str = "") -> Entry:
        """Take away the bodies of a decision and of all that was entered about it. Their places in the chain stay, and
        an entry says what went, why, and under which clock. `exeat.record.retention.dispose` asks the clock first.

        Raises:
            RecordError: no such decision, it is held or was disposed of, or it could not be recorded.
        """
        summary = self.summary(n)
        if summary.held or summary.disposed:
            raise RecordError("is under a legal hold" if summary.held else "was disposed of", path=f"decision {n}")
        rows = self.store.rows(
            sa.select(ENTRY.c.n, ENTRY.c.body_hash)
            .where(ENTRY.c.about == n, ENTRY.c.kind != "disposed", ENTRY.c.body.is_not(None))
            .order_by(ENTRY.c.n)
        )
        gone = [(row.n, row.body_hash) for row in rows]
        body = {"decision": n, "entries": gone, "reason": _said(reason, "reason"), "clock": clock}
        draft = Draft("disposed", body, by, n, key=key)
        draft.drop = tuple(one for one, _ in gone)
        return self.store.append(draft)

    def _about(self, n: int, kind: str, body: Mapping[str, object], by: str, key: str, terms: Terms = ()) -> Entry:
        if n or kind not in OF_THE_RECORD:
            self._decided(n)
        return self.store.append(Draft(kind, {**body, "decision": n}, by, n, terms, key))

    def _decided(self, n: int) -> str:
        """The verdict of a decision that is still there.

        Raises:
            RecordError: there is none.
        """
        rows = self.store.rows(VERDICT_OF, {"n": n})
        if not rows:
            raise RecordError("no such decision (or it was disposed of)", path="record", found=str(n))
        return str(rows[0].value)

    def _told(self, name: str, value: str) -> bool:
        return bool(self.store.rows(sa.select(TERM.c.n).where(TERM.c.name == name, TERM.c.value == value).limit(1)))

    # --- reading

    def find(self, word: str) -> int:
        """The number of a decision named by its number, its id (``7F3C-21AB``) or its hash.

        Raises:
            RecordError: there is none, or several entries hold that decision.
        """
        if word.isdecimal() and len(word) < 16:
            return int(word)
        name, value = ("hash", word.lower()) if len(word) == 64 else ("id", word.upper())
        query = sa.select(TERM.c.n).where(TERM.c.name == name, TERM.c.value == value).order_by(TERM.c.n)
        found = [row.n for row in self.store.rows(query)]
        if not found:
            raise RecordError("no such decision", path="record", found=word)
        if len(found) > 1:
            numbers = ", ".join(str(n) for n in found)
            raise RecordError("several entries hold this decision", path="record", found=word, allowed=numbers)
        return int(found[0])

    def case(self, n: int, looks: bool = True) -> Case:
        """A decision with all that was entered about it.

        Args:
            n: its number.
            looks: False leaves out who looked at it: every look is an entry, and there may be thousands.

        Raises:
            RecordError: there is none of that number.
        """
        summary = self.summary(n)
        entry = self.store.entry(n)
        later = tuple(
            self.store.entries(sa.select(ENTRY).where(ENTRY.c.about == n, ENTRY.c.n != n))
            if looks
            else self.store.paged(LATER, {"about": n})
        )
        return Case(summary, entry, self._bodies.kept(entry), later)

    def summary(self, n: int) -> Summary:
        """A case in one line.

        Raises:
            RecordError: there is none of that number.
        """
        rows = self.store.rows(DECISION, {"n": n})
        if not rows:
            raise RecordError("no such decision", path="record", found=str(n))
        return self._summaries(rows)[0]

    def count(self, chosen: Filter | None = None) -> int:
        """How many cases there are."""
        query = _chosen(_decisions(), chosen or Filter()).subquery()
        return int(self.store.rows(sa.select(sa.func.count()).select_from(query))[0][0])

    def cases(self, chosen: Filter | None = None, *, before: int = 0, limit: int = 0) -> Iterator[Summary]:
        """Cases, the newest first.

        Args:
            chosen: which (default: all).
            before: only those with a lower number: the last one of the page before.
            limit: how many at most (0: all).
        """
        given = 0
        while True:
            query = _chosen(_decisions(), chosen or Filter())
            if before:
                query = query.where(ENTRY.c.n < before)
            size = min(PAGE, limit - given) if limit else PAGE
            rows = self.store.rows(query.order_by(ENTRY.c.n.desc()).limit(size))
            yield from self._summaries(rows)
            given += len(rows)
            if len(rows) < size or given == limit:
                return
            before = rows[-1].n

    def _summaries(self, rows: Sequence[sa.Row[Any]]) -> list[Summary]:
        numbers = [row.n for row in rows]
        later = {row.n: row.about for row in self.store.rows(STATES, {"numbers": numbers})} if numbers else {}
        terms = all_terms(self.store, [*numbers, *later], SUMMED)
        states: dict[int, dict[str, str]] = {n: {} for n in numbers}
        for n, decision in later.items():  # in order: the last one stands
            states[decision] |= {name: value for name, value in terms.get(n, ()) if name in ("concluded", "hold")}
        texts = {"texts": [str(n) for n in numbers]}
        followed = {int(row.value) for row in self.store.rows(FOLLOWED, texts)} if numbers else set()
        return [_summary(row, dict(terms.get(row.n, ())), states[row.n], row.n in followed) for row in rows]

    def entries(self, kinds: Sequence[str] = (), after: int = 0) -> Iterator[Entry]:
        """Entries in order: the audit trail."""
        query = sa.select(ENTRY).where(ENTRY.c.n > after)
        return self.store.entries(query.where(ENTRY.c.kind.in_(kinds)) if kinds else query)

    def last(self, many: int) -> list[Entry]:
        """The last entries, the newest first, of decisions without their bodies."""
        body = sa.case((ENTRY.c.kind != "decision", ENTRY.c.body)).label("body")
        columns = [body if column.name == "body" else column for column in ENTRY.c]
        return list(self.store.entries(sa.select(*columns).where(ENTRY.c.n > self.head().n - many)))[::-1]

    def head(self) -> Anchor:
        """The last entry: note it elsewhere, and nobody can cut the record short unseen."""
        return self.store.head()

    def verify(self, anchor: Anchor | None = None) -> Checked:
        """Check the whole chain, and that every entry is found by what it says and nothing else."""
        found = check(self.entries(), anchor)
        wrong = {one.n for one in found.faults}
        faults = [*found.faults, *(one for one in self._misplaced() if one.n not in wrong)]
        return Checked(found.entries, found.head, tuple(sorted(faults, key=lambda one: one.n)))

    def _misplaced(self) -> Iterator[Fault]:
        """Entries whose row would hide them: the chain does not cover what they are found by."""
        entries = self.entries()
        while chunk := list(itertools.islice(entries, PAGE)):
            numbers = [one.n for one in chunk]
            terms = all_terms(self.store, numbers)
            about = {row.n: row.about for row in self.store.rows(sa.select(ENTRY).where(ENTRY.c.n.in_(numbers)))}
            for one in chunk:
                with contextlib.suppress(
                    RecordError, msgspec.MsgspecError, KeyError, TypeError
                ):  # the chain tells those
                    decision, expected = _found_by(one) if one.body is not None else (about[one.n], None)
                    kept = {term for term in terms.get(one.n, ()) if term[0] != KEY}
                    if decision != about[one.n] or (expected is not None and kept != shortened(expected).keys()):
                        yield Fault(one.n, "is found by other words than its own: the search index was changed")


class _Bodies:
    """The bodies of decisions that were read last: to read one takes longer than all else about its case."""

    def __init__(self, most: int = READ) -> None:
        self.most = most
        self._read: dict[tuple[str, int], tuple[int, Kept]] = {}
        self._size = 0
        self._lock = threading.Lock()

    def kept(self, entry: Entry) -> Kept | None:
        """The same as `kept_of`, for the same text: one that was changed in the database, or that is gone, is not taken
        from here.
        """
        if entry.body is None:
            return None
        key = entry.hash, hash(entry.body)
        with self._lock:
            found = self._read.pop(key, None)
            if found is not None:
                self._read[key] = found
                return found[1]
        kept = kept_of(entry)
        if kept is not None:
            with self._lock:
                before = self._read.pop(key, None)
                self._size += len(entry.body) - (before[0] if before else 0)
                self._read[key] = len(entry.body), kept
                while self._size > self.most:
                    self._size -= self._read.pop(next(iter(self._read)))[0]
        return kept


def kept_of(entry: Entry) -> Kept | None:
    """The body of a decision; None once it was disposed of.

    Raises:
        RecordError: it is not in a form that this exeat knows.
    """
    if entry.body is None:
        return None
    try:
        return msgspec.json.decode(entry.body, type=Kept)
    except msgspec.MsgspecError as error:
        raise RecordError(f"entry {entry.n} cannot be read: {error}", path="record") from None


def today() -> str:
    """The UTC day; for faces."""
    return dt.datetime.now(dt.UTC).date().isoformat()


# --- what a decision is found by


def _terms(decision: Decision, kept: Kept) -> Terms:
    when, parties = decision.transaction["when"], decision.transaction["parties"]
    found = [
        ("id", decision.id), ("hash", decision.hash), ("verdict", decision.verdict), ("floor", decision.floor),
        ("ceiling", decision.ceiling), ("title", decision.title), ("known", decision.known), ("edition", kept.edition),
        ("on", when["at"] or when["on"]),
    ]  # fmt: skip
    if decision.floor != decision.ceiling or decision.verdict == "undetermined":
        found.append(("unsettled", "yes"))
    if kept.follows:
        found.append(("follows", str(kept.follows)))
    found += [("rule", one.rule) for one in decision.findings]
    for party in parties:
        for path in ("party.name", "party.entity"):
            value = party["facts"].get(path, {}).get("value")
            if isinstance(value, str):
                found.append(("party", value.casefold()))
    return tuple(found)


def _found_by(entry: Entry) -> tuple[int, Terms]:
    """The decision that an entry is about, and the terms it is found by, out of its body alone."""
    data = entry.data()
    if entry.kind == "decision":
        kept = kept_of(entry)
        return entry.n, _terms(kept.decision(), kept) if kept else ()
    terms = {
        "override": lambda: (("concluded", str(data["verdict"])),),
        "hold": lambda: (("hold", str(data["hold"])),),
        "event": lambda: (("event", f"{data['what']} {data['on']}"),),
        "hit": lambda: (("party", str(data["party"]).casefold()),),
        "versions": lambda: (("edition", f"{data['edition']} {data['kept']}"),) if "edition" in data else (),
    }.get(entry.kind, tuple)
    return int(str(data.get("decision", 0))), terms()


def _decisions() -> sa.Select[Any]:
    body = (ENTRY.c.body.is_(None)).label("disposed")
    return sa.select(ENTRY.c.n, ENTRY.c.at, ENTRY.c.actor, body).where(ENTRY.c.kind == "decision")


# Statements that are asked for every page, made once (see `store.ONE`).
DECISION = _decisions().where(ENTRY.c.n == sa.bindparam("n"))
VERDICT_OF = sa.select(TERM.c.value).where(TERM.c.n == sa.bindparam("n"), TERM.c.name == "verdict")
LATER = sa.select(ENTRY).where(
    ENTRY.c.about == sa.bindparam("about"), ENTRY.c.n != sa.bindparam("about"), ENTRY.c.kind != "read",
    ENTRY.c.n > sa.bindparam("after"),
).order_by(ENTRY.c.n).limit(PAGE)  # fmt: skip
STATES = (
    sa.select(ENTRY.c.n, ENTRY.c.about)
    .where(ENTRY.c.about.in_(sa.bindparam("numbers", expanding=True)), ENTRY.c.kind.in_(("override", "hold")))
    .order_by(ENTRY.c.n)
)
FOLLOWED = sa.select(TERM.c.value).where(
    TERM.c.name == "follows", TERM.c.value.in_(sa.bindparam("texts", expanding=True))
)


def _chosen(query: sa.Select[Any], chosen: Filter) -> sa.Select[Any]:
    value = TERM.c.value
    if chosen.verdict:
        query = query.where(_has("verdict", value == chosen.verdict))
    if chosen.party:
        query = query.where(_has("party", value.contains(chosen.party.casefold(), autoescape=True)))
    if chosen.rule:
        below = value.startswith(f"{chosen.rule}.", autoescape=True)
        query = query.where(_has("rule", sa.or_(value == chosen.rule, below)))
    if chosen.on:
        query = query.where(_has("on", value >= chosen.on))
    if chosen.until:
        query = query.where(_has("on", sa.func.substr(value, 1, 10) <= chosen.until))
    if chosen.edition:
        query = query.where(_has("edition", value == chosen.edition))
    if chosen.open is not None:
        later = ENTRY.alias("later")
        concluded = sa.exists().where(later.c.about == ENTRY.c.n, later.c.kind == "override")
        named = sa.cast(ENTRY.c.n, sa.Text)
        answered = sa.exists().where(TERM.c.name == "follows", TERM.c.value == named).correlate(ENTRY)
        is_open = sa.and_(_has("unsettled", value == "yes"), ~concluded, ~answered)
        query = query.where(is_open if chosen.open else ~is_open)
    if chosen.held is not None:
        is_held = _held()
        query = query.where(is_held if chosen.held else ~is_held)
    return query


def _held() -> sa.ColumnElement[bool]:
    """Whether the last word on a legal hold is that it is set."""
    said = ENTRY.alias("said")
    about = sa.select(sa.func.max(said.c.n)).where(said.c.about == ENTRY.c.n, said.c.kind == "hold")
    last = about.correlate(ENTRY).scalar_subquery()
    return sa.exists().where(TERM.c.n == last, TERM.c.name == "hold", TERM.c.value == "set").correlate(ENTRY)


def _has(name: str, test: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return ENTRY.c.n.in_(sa.select(TERM.c.n).where(TERM.c.name == name, test))


def _summary(row: sa.Row[Any], terms: dict[str, str], state: dict[str, str], followed: bool) -> Summary:
    concluded, held = state.get("concluded", ""), state.get("hold") == "set"
    return Summary(
        n=row.n,
        at=row.at,
        by=row.actor,
        id=terms.get("id", ""),
        title=terms.get("title", ""),
        machine=terms.get("verdict", ""),
        floor=terms.get("floor", ""),
        ceiling=terms.get("ceiling", ""),
        on=terms.get("on", ""),
        known=terms.get("known", ""),
        edition=terms.get("edition", ""),
        concluded=concluded,
        open="unsettled" in terms and not concluded and not followed,
        held=held,
        disposed=bool(row.disposed),
    )


def _said(text: str, path: str) -> str:
    if not text.strip():
        raise RecordError("say why" if path == "reason" else "nothing is said", path=path)
    return text if path != "what" else check_line(text, path)
