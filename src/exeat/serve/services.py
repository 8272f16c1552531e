"""What every route uses: one of each in a worker process, opened when first asked for."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from exeat.decide.engine import Engine, Options, today
from exeat.home import home
from exeat.record.ledger import Record
from exeat.rulebook.model import Book
from exeat.serve.access import Access
from exeat.serve.asker import Asker
from exeat.serve.config import Config
from exeat.serve.edition import Edition, Law, note_used
from exeat.serve.problem import Refused
from exeat.serve.quiet import log_fault
from exeat.serve.together import Together

if TYPE_CHECKING:
    from exeat.decide.decision import Decision
    from exeat.read.lexicon import Lexicon
    from exeat.read.link import Ledger
    from exeat.record.entry import Entry
    from exeat.record.rerun import Runner
    from exeat.record.store import Draft
    from exeat.screen.desk import Desk
    from exeat.serve.oidc import Provider
    from exeat.vocabulary.transaction import Transaction

_pin: contextvars.ContextVar[tuple[Services, Edition] | None] = contextvars.ContextVar("edition", default=None)
WAITING = 64  # requests that may wait for the disk at once: whoever waits together is written together
P = ParamSpec("P")
T = TypeVar("T")


class Services:
    """The engine over the law of today's edition, the desk, the record, and who may use them.

    The engine is pure and quick (below a millisecond without an outlook) and is asked on the event loop, one question
    at a time. What waits for a disk (the record) or takes long (screening, reading) goes through `away`.
    """

    def __init__(self, config: Config, engine: Engine | None = None, *, resume: bool = False) -> None:
        """Load the law.

        Args:
            config: how the service is set up.
            engine: a ready engine over the law of its folders.
            resume: start even where the law's files are faulty now, with the edition that answered last.

        Raises:
            InputErrors: the law's files are faulty.
        """
        self.config = config
        self._opening = threading.Lock()
        self._lone = ThreadPoolExecutor(1, "exeat-lone")
        self._many = ThreadPoolExecutor(WAITING, "exeat-away")
        self._together = Together(self._many, self._append)
        self.printing = asyncio.Semaphore(1)  # packs take seconds each: they queue here, not in the threads of others
        self._record: Record | None = None
        self._desk: Desk | None = None
        self._lists = ""  # the state of the lists that the desk was opened for
        self.law = Law(config, engine, adopted=self._adopted, kept=self._kept if resume else None)

    @property
    def edition(self) -> Edition:
        """The edition that answers this request (see `pinned`), or outside of one the newest."""
        owner, held = _pin.get() or (None, None)
        return held if held is not None and owner is self else self.law.current

    @contextlib.contextmanager
    def pinned(self) -> Iterator[None]:
        """Until this ends, what runs here (and beside, through `away` and `alone`) answers by one edition."""
        token = _pin.set((self, self.law.current))
        try:
            yield
        finally:
            _pin.reset(token)

    @property
    def engine(self) -> Engine:
        """The engine over the edition."""
        return self.edition.engine

    @property
    def book(self) -> Book:
        """The rulebook of the edition."""
        return self.edition.book

    @property
    def folders(self) -> list[Path]:
        """The folders that it was read from."""
        return self.edition.folders

    def _adopted(self, edition: Edition) -> None:
        note_used(edition.book.hash)
        self.record.see(edition.book, edition.folders)

    def _kept(self, edition: str) -> Book | None:
        from exeat.record.editions import load_edition  # noqa: PLC0415  only for a worker in need

        return load_edition(self.record.store, edition)

    async def watch(self) -> None:
        """Look after the law until cancelled: every few seconds, whether there is another edition."""
        while True:
            await asyncio.sleep(self.config.watch)
            try:
                await self.away(self.law.look)
            except Exception as error:  # a folder that cannot be looked at must not end the looking
                log_fault("WATCH", "law", error)

    @cached_property
    def access(self) -> Access:
        """Tokens and sessions."""
        return Access(home() / "serve.db")

    @cached_property
    def provider(self) -> Provider:
        """The identity provider.

        Raises:
            Refused: none is configured.
        """
        from exeat.serve.oidc import Provider  # noqa: PLC0415

        if self.config.oidc is None:
            raise Refused(404, "no identity provider is configured")
        return Provider(self.config.oidc, f"{self.config.address()}/login/oidc/back")

    @property
    def record(self) -> Record:
        """The record.

        Raises:
            RecordError: it cannot be opened.
        """
        with self._opening:
            if self._record is None:
                self._record = Record(self.config.record)
            return self._record

    @property
    def desk(self) -> Desk:
        """The lists of this machine, and the matcher over them. Only within `alone`: it belongs to that thread.

        Raises:
            InputError: the store is damaged.
        """
        from exeat.screen.desk import Desk  # noqa: PLC0415  numpy and the index, for whoever screens

        if self._desk is not None and self._desk.store.state() != self._lists:
            self._desk.store.close()  # the lists have changed: a matcher over the old ones would miss the new
            self._desk = None
        if self._desk is None:
            self._desk = Desk()
            self._lists = self._desk.store.state()
        return self._desk

    @property
    def lexicon(self) -> Lexicon:
        """The names that a document is searched for."""
        return self.edition.lexicon

    @property
    def ledger(self) -> Ledger:
        """The rulebook as documents are linked to it."""
        return self.edition.ledger

    def runner(self) -> Runner:
        """Runs recorded decisions again: under their own editions' engines and today's."""
        from exeat.record.rerun import Runner  # noqa: PLC0415

        return Runner(self.record, self.engine, today())

    def renew(self, transaction: Transaction, known: str = "") -> tuple[Transaction, tuple[str, ...]]:
        """A transaction with its parties screened on the lists as they were known on a day (default: today), and those
        without a name, whom nobody could look for. Only within `alone`.

        Raises:
            InputErrors: there is no list at all.
        """
        from exeat.screen.deal import screen_deal  # noqa: PLC0415
        from exeat.screen.desk import Terms  # noqa: PLC0415

        found = screen_deal(self.desk, transaction, self.book, Terms("", known or today()))
        return found.transaction, found.nameless

    def options(self, **given: object) -> Options:
        """Options that are known as of today, unless they say otherwise."""
        return Options(**{"known": today(), **given})  # type: ignore[arg-type]

    def look(self, asker: Asker, what: str, n: int = 0) -> None:
        """Enter that somebody looks at the record (0: at the record itself). Blocks: call it through `away`.

        Raises:
            RecordError: no such decision, or it could not be recorded; nobody looks then.
        """
        self.record.read(what, by=asker.name, n=n)

    def _append(self, drafts: Sequence[Draft]) -> None:
        self.record.store.append_all(drafts)

    async def keep(self, decision: Decision, transaction: Transaction, options: Options, **more: Any) -> Entry:
        """Record a decision (`Record.draft` has the arguments); it is on the disk when this ends.

        Raises:
            RecordError: it could not be recorded.
        """
        book, folders = self.book, self.folders
        return await self._together.keep(
            lambda: self.record.draft(decision, transaction, options, book, folders=folders, **more)
        )

    async def away(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Do blocking work beside the event loop."""
        loop, here = asyncio.get_running_loop(), contextvars.copy_context()
        return await loop.run_in_executor(self._many, lambda: here.run(work, *given, **named))

    async def alone(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """The same in one thread, always the same: for what is not made to be shared (the desk, the reader)."""

        def again() -> T:
            try:
                return work(*given, **named)
            except Exception as error:
                if not _stale(error):
                    raise
                return work(*given, **named)  # the lists changed in this very moment

        here = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._lone, here.run, again)

    def close(self) -> None:
        """Let go of files and threads."""
        self._many.shutdown(cancel_futures=True)
        self._lone.shutdown(cancel_futures=True)
        if self._record is not None:
            self._record.close()
        if "access" in self.__dict__:
            self.access.close()


def _stale(error: Exception) -> bool:
    """Whether the lists changed under an open matcher."""
    from exeat.screen.match import StaleError  # noqa: PLC0415

    return isinstance(error, StaleError)
