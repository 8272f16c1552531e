"""The law that answers, and how another edition takes its place while the service runs.

A new edition answers only after it was loaded, checked and compiled whole. If that fails, the one before goes on, and
the fault is told: in the log, in ``/healthz``, in ``/api/v1/rulebook`` and on every page. What is under way when the
edition changes ends with the one that it began with.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from exeat.decide.engine import Engine
from exeat.errors import InputError, InputErrors
from exeat.home import home, law_folders, ready_book, write_whole
from exeat.rulebook.load import content_hash
from exeat.rulebook.model import Book
from exeat.serve.config import Config
from exeat.serve.problem import Fault

if TYPE_CHECKING:
    from exeat.read.lexicon import Lexicon
    from exeat.read.link import Ledger

ASKED = "law-reload"  # a file in EXEAT_HOME: whoever touches it asks every worker to look at once
LAST = "law-in-use"  # a file in EXEAT_HOME: the hash of the edition that answered last
log = logging.getLogger("exeat.serve")

Print = tuple[tuple[str, int, int], ...]


class Edition:
    """A rulebook, ready to answer, and the folders that it was read from."""

    def __init__(self, engine: Engine, folders: Sequence[Path]) -> None:
        self.engine, self.folders = engine, list(folders)

    @property
    def book(self) -> Book:
        """The rulebook."""
        return self.engine.book

    @cached_property
    def lexicon(self) -> Lexicon:
        """The names that a document is searched for."""
        from exeat.read.lexicon import lexicon  # noqa: PLC0415

        return lexicon(self.book)

    @cached_property
    def ledger(self) -> Ledger:
        """The rulebook as documents are linked to it."""
        from exeat.read.link import Ledger  # noqa: PLC0415

        return Ledger(self.book)


class LawFault(msgspec.Struct, frozen=True):
    """Why the files that lie in the law's folders now do not answer: since when (UTC), and everything wrong in them."""

    at: str
    says: tuple[Fault, ...]


class InUse(msgspec.Struct, frozen=True):
    """The edition that answers: its name, hash and size, since when (UTC) it answers in this worker, and how far its
    law is encoded. ``fault``: other files lie there now, and do not answer.
    """

    edition: str
    hash: str
    rules: int
    encoded_to: str
    overlays: tuple[str, ...]
    since: str
    fault: LawFault | None


class Law:
    """The edition in use. `look` and `reload` block: call them beside the event loop."""

    def __init__(
        self,
        config: Config,
        engine: Engine | None = None,
        *,
        adopted: Callable[[Edition], None] = lambda _: None,
        kept: Callable[[str], Book | None] | None = None,
    ) -> None:
        """Load the law.

        Args:
            config: where its folders are.
            engine: a ready one instead, over the law of those folders.
            adopted: called with each new edition before it answers.
            kept: gives an edition by its hash from elsewhere. With it, files that are faulty now are no reason not to
                start: the edition that answered last does.

        Raises:
            InputErrors: the law's files are faulty.
        """
        self._config, self._adopted = config, adopted
        self._mutex = threading.Lock()
        self._seen = self._settling = prints(config.law)
        self._asked = _touched()
        self.fault: LawFault | None = None
        self.current = Edition(engine, law_folders(config.law)) if engine else self._first(kept)
        self.since = _now()

    def _first(self, kept: Callable[[str], Book | None] | None) -> Edition:
        try:
            return Edition(
                Engine(ready_book(self._config.law, self._config.allow_relax)), law_folders(self._config.law)
            )
        except (InputError, InputErrors) as error:
            book = kept(last_used()) if kept and last_used() else None
            if book is None:
                raise
            self._tell(error)
            return Edition(Engine(book), law_folders(self._config.law))

    def _read(self) -> Edition:
        """What lies there, loaded, checked and compiled.

        Raises:
            InputErrors: it is faulty.
        """
        folders = law_folders(self._config.law)
        return Edition(Engine(ready_book(self._config.law, self._config.allow_relax)), folders)

    def state(self) -> InUse:
        """What answers now."""
        book = self.current.book
        return InUse(
            book.edition, book.hash, len(book.rules), book.encoded_to, book.overlays, self.since, self.fault
        )  # fmt: skip

    def look(self) -> bool:
        """Whether another edition answers since: the files changed and were still for one look, or somebody asked."""
        touched, now = _touched(), prints(self._config.law)
        asked, self._asked = touched != self._asked, touched
        still, self._settling = now == self._settling, now  # half a copied folder may be sound, and lack a rule
        if not asked and (now == self._seen or not still):
            return False
        before = self.current
        self.reload()
        return self.current is not before

    def reload(self) -> InUse:
        """Let the files as they lie there now answer, if they are sound; else the edition in use goes on."""
        with self._mutex:
            seen = prints(self._config.law)
            try:
                self._take(seen)
            except (InputError, InputErrors, OSError) as error:
                self._tell(error)
            except Exception as error:
                log.exception("the law's files cannot be compiled")
                self._tell(InputError(f"cannot be compiled; the log says more ({type(error).__name__})"))
            self._seen = seen
        return self.state()

    def _take(self, seen: Print) -> None:
        """Adopt what lies there, unless it is what answers already, or it has changed while it was read: it is looked
        at again then.

        Raises:
            InputErrors: it is faulty.
        """
        found = self.current
        if content_hash(law_folders(self._config.law)) != found.book.hash:
            found = self._read()
        if prints(self._config.law) != seen:
            return
        if found is not self.current:
            try:
                self._adopted(found)
            except InputError as error:  # it must answer all the same: the old law would answer wrongly
                log.error("the record could not note the edition %s: %s", found.book.hash, error)
            self.current, self.since = found, _now()
            log.warning("the rulebook is now %s (%s)", found.book.edition, found.book.hash)
        elif self.fault:
            log.warning("the law's files are sound again: %s", found.book.edition)
        self.fault = None

    def _tell(self, error: InputError | InputErrors | OSError) -> None:
        if isinstance(error, OSError):
            error = InputError(f"cannot be read: {error.strerror}", file=str(error.filename or ""))
        found = error.errors if isinstance(error, InputErrors) else [error]
        self.fault = LawFault(_now(), tuple(msgspec.convert(one.record(), Fault) for one in found))
        log.error("the law's files are faulty, the edition before goes on: %s", "; ".join(map(str, found))[:2000])


def prints(extra: tuple[str, ...]) -> Print:
    """What tells a changed folder of the law from an unchanged one without reading it: names, sizes, times."""
    found: list[tuple[str, int, int]] = []
    for folder in law_folders(extra):
        waiting = [str(folder)]
        while waiting:
            place = waiting.pop()
            try:
                with os.scandir(place) as entries:
                    for entry in entries:
                        if entry.is_dir():
                            waiting.append(entry.path)
                        elif not entry.name.startswith("."):  # what an editor keeps beside a file
                            held = entry.stat()
                            found.append((entry.path, held.st_size, held.st_mtime_ns))
            except OSError as error:  # gone, or not ours to read: that is a change, too
                found.append((place, -1, error.errno or 0))
    return tuple(sorted(found))


def ask() -> None:
    """Have every worker of every service that shares this EXEAT_HOME look at the law at once.

    Raises:
        OSError: EXEAT_HOME cannot be written.
    """
    path = home() / ASKED
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, _now().encode())


def last_used() -> str:
    """The hash of the edition that answered last, "" if nobody noted it."""
    try:
        return (home() / LAST).read_text(encoding="ascii").strip()
    except (OSError, UnicodeError):
        return ""


def note_used(edition: str) -> None:
    """Note which edition answers, for a worker that starts while the files are faulty. A full disk is no reason not to
    answer.
    """
    if last_used() != edition:
        try:
            write_whole(home() / LAST, edition.encode())
        except OSError as error:
            log.error("cannot note the edition in use: %s", error)


def _touched() -> str:
    try:
        return (home() / ASKED).read_text(encoding="ascii")
    except (OSError, UnicodeError):
        return ""


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
