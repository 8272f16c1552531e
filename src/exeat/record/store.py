"""The store: SQLite by default, PostgreSQL by URL, through the same SQLAlchemy code.

Writers of one process share transactions (group commit): whoever comes first writes for all who wait, and each returns
once its entry is on the disk. Writers of several processes queue at the database, so that numbers have no gaps.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
import threading
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from exeat import __version__
from exeat.home import home
from exeat.record.entry import (
    FORMAT,
    NOTHING,
    Anchor,
    Entry,
    RecordError,
    bytes_hash,
    canonical_bytes,
    check_line,
    entry_hash,
)

SCHEMAS = ("0001",)  # those that this exeat knows, oldest first
BUSY = 60_000  # ms to wait for another process that writes; a group of entries takes some ten
GROUP = 256  # entries in one transaction at most: a batch of that size is written in about 0.1 s
PAGE = 200  # rows fetched at a time
LOCK = 0x65786561  # PostgreSQL's advisory lock of whoever writes: "exea"
CHECKPOINT = 4_000  # pages of 4 kB: the log is folded in each 16 MB, some 600 explained decisions
RETRIES = (0.01, 0.05, 0.2, 0.5, 1.0)  # s between tries to turn to write-ahead logging
LEVEL = 1  # of compression: a tenth of the size for 1 ms

META = sa.MetaData()
ENTRY = sa.Table(
    "entry", META,
    sa.Column("n", sa.BigInteger, primary_key=True, autoincrement=False),
    *(sa.Column(name, sa.Text) for name in ("at", "actor", "kind")),
    sa.Column("about", sa.BigInteger),  # the decision that an entry is about (of a decision, itself), or 0
    sa.Column("body", sa.LargeBinary),
    *(sa.Column(name, sa.Text) for name in ("body_hash", "previous", "hash")),
)  # fmt: skip
TERM = sa.Table(
    "term", META,
    sa.Column("n", sa.BigInteger, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
)  # fmt: skip
BLOB = sa.Table("blob", META, sa.Column("hash", sa.Text, primary_key=True), sa.Column("content", sa.LargeBinary))
EDITION = sa.Table(
    "edition", META, sa.Column("hash", sa.Text, primary_key=True),
    *(sa.Column(name, sa.Text) for name in ("name", "manifest")),
)  # fmt: skip
TERMS_SQLITE = """INSERT INTO term (n, name, value)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(?)"""
TERMS_POSTGRESQL = "INSERT INTO term (n, name, value) SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[])"
LAST = "SELECT n, hash FROM entry ORDER BY n DESC LIMIT 1"
try:
    import fcntl
except ImportError:  # pragma: no cover  not on this system: SQLite's own waiting must do
    fcntl = None  # type: ignore[assignment]
try:
    from isal.isal_zlib import compress
except ImportError:  # zlib's own gives the same format, at five times the processor time
    from zlib import compress
Terms = tuple[tuple[str, str], ...]
KEY, LONGEST = "key", 400  # the term of an idempotency key; characters of a term's value that are kept


class Draft:
    """An entry that waits to be written, and what became of it."""

    def __init__(self, kind: str, body: object, actor: str, about: int = 0, terms: Terms = (), key: str = "") -> None:
        self.kind, self.about = kind, about
        self.actor = check_line(actor, "actor")
        self.terms = shortened(terms)
        self.key = check_line(key, "key") if key else ""
        if self.key:
            self.terms[KEY, self.key] = None
        self.body = canonical_bytes(body)
        self.body_hash = bytes_hash(self.body)
        self.packed = compress(self.body, LEVEL)
        self.drop: tuple[int, ...] = ()  # entries whose bodies go in the same transaction
        self.entry: Entry | None = None
        self.error: BaseException | None = None
        self.done = False

    def row(self, entry: Entry) -> dict[str, object]:
        about = entry.n if self.kind == "decision" else self.about
        return {**msgspec.structs.asdict(entry), "body": self.packed, "about": about}

    def outcome(self) -> Entry:
        """The entry that was written.

        Raises:
            RecordError: it was not.
        """
        if isinstance(self.error, RecordError):
            raise self.error
        if self.error is not None:
            raise RecordError(f"could not record: {self.error}") from self.error
        if self.entry is None:
            raise AssertionError("nobody has written it yet")
        return self.entry


class _Insert:
    """Rows into a table, as text that is made once: a group is on the path of every recorded answer, and SQLAlchemy's
    making of its parameters cost more than the writing.
    """

    def __init__(self, table: sa.Table, dialect: sa.Dialect) -> None:
        compiled = sa.insert(table).compile(dialect=dialect)
        self.says = str(compiled)
        self.names: Sequence[str] = compiled.positiontup or ()  # empty: the driver takes parameters by name

    def __call__(self, connection: sa.Connection, rows: list[dict[str, object]]) -> None:
        given: list[Any] = [tuple(row[name] for name in self.names) for row in rows] if self.names else rows
        connection.exec_driver_sql(self.says, given)


def _insert_terms(connection: sa.Connection, terms: list[tuple[int, str, str]]) -> None:
    """A group's terms in one statement: row by row the driver lets go of the interpreter and waits for it again each
    time, some thirty times an entry, while the event loop holds it.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(TERMS_SQLITE, (msgspec.json.encode(terms).decode(),))
    else:
        numbers, names, values = (list(column) for column in zip(*terms, strict=True))
        connection.exec_driver_sql(TERMS_POSTGRESQL, (numbers, names, values))


def shortened(terms: Terms) -> dict[tuple[str, str], None]:
    """Terms as they are kept: each once, cut, without what PostgreSQL cannot hold."""
    return dict.fromkeys((name, value[:LONGEST].replace("\0", "")) for name, value in terms)


def default_url() -> str:
    """``EXEAT_RECORD_URL``, or the file ``record.db`` in ``EXEAT_HOME``."""
    return os.environ.get("EXEAT_RECORD_URL") or f"sqlite:///{home() / 'record.db'}"


class Store:
    """An open store. Safe to share between threads."""

    def __init__(self, url: str = "") -> None:
        """Open the record at ``url`` (default: `default_url`), making it or bringing its schema up to date.

        Raises:
            RecordError: it cannot be opened, or a newer exeat made it.
        """
        self.engine = _engine(url or default_url())
        self.postgres = self.engine.dialect.name == "postgresql"
        self._insert = _Insert(ENTRY, self.engine.dialect)
        self._queue: list[Draft] = []
        self._mutex = threading.Lock()
        self._turn = threading.Condition(self._mutex)
        self._writing = False
        with told():
            self._migrate()
        self.record = str(self.entry(1).data()["record"])

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    # --- schema

    def _migrate(self) -> None:
        with self.engine.connect() as connection:
            there = _schema(connection)
        if there == SCHEMAS[-1]:
            return
        if there and there not in SCHEMAS:
            says = f"a newer exeat made this record (schema {there}); this one knows {SCHEMAS[-1]}"
            raise RecordError(says, path=self.engine.url.render_as_string(), hint="use that exeat")
        from alembic import command  # noqa: PLC0415  slow to import, and needed once in a record's life
        from alembic.config import Config  # noqa: PLC0415

        with self.writing() as connection:
            if _schema(connection) == SCHEMAS[-1]:  # another process was quicker
                return
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if not there:
                opened = Draft("opened", {"record": uuid.uuid4().hex, "format": FORMAT, "exeat": __version__}, "exeat")
                self._write(connection, [opened])

    # --- writing

    @contextlib.contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that no other writer is in; it is on the disk when this ends."""
        with (
            _turn(self.engine.url),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            if self.postgres:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            yield connection

    def append(self, draft: Draft) -> Entry:
        """Write an entry; it is on the disk when this returns. With a key that was used before: the entry of then.

        Raises:
            RecordError: it could not be written (the record is as it was), or, where the database went away in the
                middle, nobody can tell: ask again with the same key.
        """
        self.append_all([draft])
        return draft.outcome()

    def append_all(self, drafts: Sequence[Draft]) -> None:
        """Write several entries, each by itself: `Draft.outcome` of each says what became of it. All that were
        written are on the disk when this returns.
        """
        with self._mutex:
            self._queue += drafts
            while not all(one.done for one in drafts):
                if self._writing:
                    self._turn.wait()
                else:
                    self._lead()

    def _lead(self) -> None:
        """Write for all who wait, with the mutex let go of meanwhile."""
        group, self._queue = self._queue[:GROUP], self._queue[GROUP:]
        self._writing = True
        self._mutex.release()
        try:
            self._commit(group)
        finally:
            self._mutex.acquire()
            self._writing = False
            for one in group:
                one.done = True
            self._turn.notify_all()

    def _commit(self, group: list[Draft]) -> None:
        try:
            with told(), self.writing() as connection:
                self._write(connection, group)
        except BaseException as error:  # whoever waits must hear of it, whatever it was: an interrupt, too
            for one in group:
                one.entry, one.error = None, one.error or error
            if not isinstance(error, Exception):
                raise

    def _write(self, connection: sa.Connection, group: list[Draft]) -> None:
        last = connection.exec_driver_sql(LAST).first()
        n, previous = (last.n, last.hash) if last else (0, NOTHING)
        at = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
        rows: list[dict[str, object]] = []
        terms: list[tuple[int, str, str]] = []
        keys: dict[str, Draft] = {}
        for draft in group:
            if draft.key and (keys.get(draft.key) or self._used(connection, draft)):
                self._again(draft, keys.get(draft.key))
                continue
            n += 1
            own = entry_hash(n, at, draft.actor, draft.kind, draft.body_hash, previous)
            draft.entry = Entry(n, at, draft.actor, draft.kind, draft.body.decode(), draft.body_hash, previous, own)
            previous = own
            if draft.key:
                keys[draft.key] = draft
            rows.append(draft.row(draft.entry))
            terms += [(n, name, value) for name, value in draft.terms]
            if draft.drop:
                connection.execute(sa.update(ENTRY).where(ENTRY.c.n.in_(draft.drop)).values(body=None))
                connection.execute(sa.delete(TERM).where(TERM.c.n.in_(draft.drop), TERM.c.name.not_in(KEPT_TERMS)))
        if rows:
            self._insert(connection, rows)
        if terms:
            _insert_terms(connection, terms)

    def _used(self, connection: sa.Connection, draft: Draft) -> bool:
        query = sa.select(TERM.c.n).where(TERM.c.name == KEY, TERM.c.value == draft.key)
        n = connection.execute(query).scalar()
        if n is not None:
            draft.entry = _entry(connection.execute(sa.select(ENTRY).where(ENTRY.c.n == n)).one())
        return n is not None

    @staticmethod
    def _again(draft: Draft, twin: Draft | None) -> None:
        found = draft.entry or (twin.entry if twin else None)
        if found and (found.kind, found.actor, found.body_hash) == (draft.kind, draft.actor, draft.body_hash):
            draft.entry = found
            return
        draft.entry = None
        says = f"this key was used for something else{f' (entry {found.n})' if found else ''}"
        draft.error = RecordError(says, path="key", found=draft.key)

    # --- reading

    def entry(self, n: int) -> Entry:
        """One entry.

        Raises:
            RecordError: there is none of that number.
        """
        for row in self.rows(ONE, {"n": n}):
            return _entry(row)
        raise RecordError("no such entry", path="record", found=str(n))

    def entries(self, query: sa.Select[Any] | None = None) -> Iterator[Entry]:
        """Entries in order, a page at a time, so that writers never wait; all of them unless a query says which."""
        query = sa.select(ENTRY) if query is None else query
        after = 0
        while True:
            page = self.rows(query.where(ENTRY.c.n > after).order_by(ENTRY.c.n).limit(PAGE))
            for row in page:
                yield _entry(row)
            if len(page) < PAGE:
                return
            after = page[-1].n

    def paged(self, query: sa.Executable, given: Mapping[str, object]) -> Iterator[Entry]:
        """Entries in order by a statement made before, which takes those ``after`` a number, `PAGE` at a time."""
        after = 0
        while True:
            page = self.rows(query, {**given, "after": after})
            for row in page:
                yield _entry(row)
            if len(page) < PAGE:
                return
            after = page[-1].n

    def rows(self, query: sa.Executable, given: Mapping[str, object] | None = None) -> Sequence[sa.Row[Any]]:
        """The rows of a query, with what it is given for its parameters.

        Raises:
            RecordError: the database cannot answer.
        """
        with told(), self.engine.connect() as connection:
            return connection.execute(query, given).all()

    def head(self) -> Anchor:
        """The last entry."""
        row = self.rows(sa.select(ENTRY.c.n, ENTRY.c.hash).order_by(ENTRY.c.n.desc()).limit(1))[0]
        return Anchor(self.record, row.n, row.hash)


KEPT_TERMS = (KEY, "id", "hash")  # what a disposed entry is still found by: no names


def _entry(row: sa.Row[Any]) -> Entry:
    body = None if row.body is None else _unpacked(bytes(row.body))
    return Entry(row.n, row.at, row.actor, row.kind, body, row.body_hash, row.previous, row.hash)


def _unpacked(packed: bytes) -> str:
    """The body; where its bytes were damaged, whatever can be shown: its hash will not agree."""
    try:
        return zlib.decompress(packed).decode("utf-8", "replace")
    except zlib.error:
        return packed.decode("utf-8", "replace")


# --- the database


def _engine(url: str) -> sa.Engine:
    try:
        address = sa.make_url(url)
        if address.drivername in ("postgres", "postgresql"):
            address = address.set(drivername="postgresql+psycopg")
        if address.get_backend_name() == "sqlite":
            return _sqlite(address)
        if address.get_backend_name() == "postgresql":
            return _postgresql(address)
    except ModuleNotFoundError:
        raise RecordError("PostgreSQL needs its driver", hint="pip install 'exeat[postgres]'") from None
    except (NoSuchModuleError, SQLAlchemyError) as error:
        raise RecordError(f"not the address of a record: {error}", path="EXEAT_RECORD_URL") from None
    raise RecordError("not a database that exeat knows", path="EXEAT_RECORD_URL", allowed="sqlite, postgresql")


def _sqlite(address: sa.URL) -> sa.Engine:
    if not address.database:
        raise RecordError("a record in memory would be lost", path="EXEAT_RECORD_URL", hint="sqlite:///FILE")
    try:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(address.database, os.O_CREAT | os.O_RDWR, 0o600))  # nobody else's to read
    except OSError as error:
        raise RecordError(f"cannot write: {error.strerror}", file=address.database) from None
    engine = sa.create_engine(address, connect_args={"timeout": BUSY / 1000, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        connection.execute(f"PRAGMA busy_timeout={BUSY}")
        _wal(connection)
        connection.execute("PRAGMA synchronous=FULL")  # every commit is on the disk, not only every checkpoint
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextlib.contextmanager
def _turn(address: sa.URL) -> Iterator[None]:
    """Wait for one's turn among the processes that write to a SQLite file, in the kernel's queue: SQLite itself sleeps
    and tries again, up to 0.1 s at a time. Whatever does not know of this still waits for SQLite's own lock.
    """
    if address.get_backend_name() != "sqlite" or fcntl is None or not address.database:
        yield
        return
    try:
        handle = os.open(f"{address.database}-turn", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError:  # a folder that cannot be written: the database says so better
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _wal(connection: Any) -> None:
    """Turn to write-ahead logging. Two processes that open a new record at once meet here, and SQLite does not wait."""
    for wait in (*RETRIES, None):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if wait is None:
                raise
            time.sleep(wait)


def _postgresql(address: sa.URL) -> sa.Engine:
    engine = sa.create_engine(address, pool_pre_ping=True, isolation_level="READ COMMITTED")

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO on")
        connection.commit()

    return engine


def _schema(connection: sa.Connection) -> str:
    """The store's schema, or "" where there is none yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or "")


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Faults of the database, in words.

    Raises:
        RecordError: the fault.
    """
    try:
        yield
    except DBAPIError as error:
        raise RecordError(_words(error)) from error
    except SQLAlchemyError as error:
        raise RecordError(f"the record's database: {error}") from error


def _words(error: DBAPIError) -> str:
    says = str(error.orig).strip().split("\n")[0]
    low = says.lower()
    if "disk is full" in low or "no space left" in low or "disk i/o error" in low:
        return f"the disk is full or cannot be written, nothing was recorded: {says}"
    if "database is locked" in low:
        return f"another program holds the record, nothing was recorded: {says}"
    if "malformed" in low or "not a database" in low:
        return f"the record's file is damaged: {says}"
    if "readonly" in low or "read-only" in low:
        return f"the record cannot be written, nothing was recorded: {says}"
    if error.connection_invalidated or "connection" in low or "server" in low:
        return f"the database cannot be reached; whether the last entries were recorded is not known: {says}"
    return f"the record's database: {says}"


# Statements that are asked for every page are made once: SQLAlchemy's making of one costs three times its running.
ONE = sa.select(ENTRY).where(ENTRY.c.n == sa.bindparam("n"))
TERMS_OF = sa.select(TERM).where(TERM.c.n.in_(sa.bindparam("numbers", expanding=True)))
SOME_TERMS_OF = TERMS_OF.where(TERM.c.name.in_(sa.bindparam("names", expanding=True)))


def all_terms(store: Store, numbers: Iterable[int], names: Sequence[str] = ()) -> dict[int, list[tuple[str, str]]]:
    """What entries are found by, by number; only terms of some names (default: all)."""
    found: dict[int, list[tuple[str, str]]] = {}
    wanted = list(numbers)
    for start in range(0, len(wanted), PAGE):
        given: dict[str, object] = {"numbers": wanted[start : start + PAGE]}
        for row in store.rows(SOME_TERMS_OF, {**given, "names": names}) if names else store.rows(TERMS_OF, given):
            found.setdefault(row.n, []).append((row.name, row.value))
    return found
