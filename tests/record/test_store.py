"""The store, on SQLite and on PostgreSQL: nothing acknowledged is lost, whatever happens to the process or the disk."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import threading
import time
import zlib

import pytest
import sqlalchemy as sa

from exeat.record import store as stores
from exeat.record.entry import RecordError, check
from exeat.record.ledger import Record
from exeat.record.store import ENTRY, GROUP, TERM, Draft, Store, all_terms
from tests.conftest import ROOT

WRITER = [sys.executable, "-m", "tests.record.writer"]


def start(url: str, threads: int, each: int) -> subprocess.Popen:
    return subprocess.Popen([*WRITER, url, str(threads), str(each)], stdout=subprocess.PIPE, text=True, cwd=ROOT)


def acknowledged(lines: str) -> dict[int, str]:
    """Number and hash of what a writer was told; its last line may have been cut."""
    whole = [line.split() for line in lines.split("\n")[:-1]]
    return {int(n): own for n, own in whole}


def holds(url: str, told: dict[int, str]) -> int:
    """Assert that the chain verifies and has all that was acknowledged; the number of entries."""
    with Record(url) as record:
        entries = list(record.entries())
        assert check(entries, record.head()).faults == ()
    there = {one.n: one.hash for one in entries}
    assert {n: there.get(n) for n in told} == told
    return len(entries)


def test_entries_are_there_again(url):
    with Record(url) as record:
        first = record.note(0, "多语言\nfirst", by="Ann")
        name = record.head().record
    with Record(url) as record:
        assert record.store.entry(first.n) == first
        assert record.head().record == name
        assert [one.kind for one in record.entries()] == ["opened", "note"]
        with pytest.raises(RecordError, match="no such entry"):
            record.store.entry(99)


def test_threads_share_transactions_and_lose_nothing(record):
    """More writers than fit one group, so that some must wait for the next."""
    written = []
    commits = []

    @sa.event.listens_for(record.store.engine, "commit")
    def count(connection):
        commits.append(1)

    def write(name):
        written.append(record.store.append(Draft("note", {"text": str(name)}, "me")))

    before = len(commits)
    running = [threading.Thread(target=write, args=(name,)) for name in range(GROUP + 40)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    assert len(commits) - before < len(written) == GROUP + 40
    assert record.verify(record.head()).faults == ()
    assert {one.n: one.hash for one in record.entries() if one.kind == "note"} == {one.n: one.hash for one in written}


def test_processes_do_not_tread_on_each_other(url):
    """Four processes that open a store which is not there yet and write at once."""
    running = [start(url, 2, 20) for _ in range(4)]
    told = {}
    for one in running:
        found = acknowledged(one.communicate(timeout=120)[0])
        assert one.returncode == 0
        assert len(found) == 40
        told |= found
    assert len(told) == 160
    assert holds(url, told) == 161


def test_kill_9_in_the_middle_of_500_writes(url):
    Record(url).close()
    writer = start(url, 50, 10)
    lines = [writer.stdout.readline() for _ in range(60)]
    writer.kill()
    told = acknowledged("".join(lines) + writer.stdout.read())
    writer.wait()
    assert 60 <= len(told) < 500, "killed in the middle"
    assert len(told) < holds(url, told) <= 501
    with Record(url) as record:
        assert record.note(0, "on it goes", by="me").n == record.head().n


def test_a_killed_postgresql(cluster):
    """The server dies under 50 writers: they hear of it, nothing acknowledged is lost, and the same record goes on."""
    url = cluster.database()
    record = Record(url)
    told, errors = {}, []

    def write(name):
        with contextlib.suppress(StopIteration):
            for i in range(400):
                try:
                    entry = record.store.append(Draft("note", {"text": f"{name}.{i}"}, "me"))
                except RecordError as error:
                    errors.append(str(error))
                    return
                told[entry.n] = entry.hash

    running = [threading.Thread(target=write, args=(name,)) for name in range(50)]
    for one in running:
        one.start()
    while len(told) < 100:
        time.sleep(0.01)
    cluster.kill()
    for one in running:
        one.join(timeout=60)
        assert not one.is_alive()
    assert len(errors) == 50
    assert all("whether the last entries were recorded is not known" in one for one in errors), set(errors)
    cluster.start()
    record.note(0, "the open record goes on by itself", by="me")
    record.close()
    assert holds(url, told) > len(told)


def test_a_full_disk(tmp_path):
    """A file that may not grow: the error says so, what was there is there, and it goes on once there is room."""
    url = f"sqlite:///{tmp_path / 'record.db'}"
    program = f"""
import resource, sys
from exeat.record.ledger import Record
from exeat.record.entry import RecordError
record = Record({url!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import os
for i in range(1000):
    try:
        entry = record.note(0, os.urandom(4000).hex(), by="me")
    except RecordError as error:
        print(error, file=sys.stderr)
        break
    print(entry.n, entry.hash, flush=True)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    told = acknowledged(done.stdout)
    assert 10 < len(told) < 1000
    assert "the disk is full or cannot be written, nothing was recorded" in done.stderr
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    assert holds(url, told) == len(told) + 1


def test_a_database_that_may_not_grow(small):
    """As above, in one process: the error comes in the middle, and the same open record goes on afterwards."""
    with small.store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    @sa.event.listens_for(small.store.engine, "begin")
    def limit(connection):
        connection.exec_driver_sql(f"PRAGMA max_page_count={limits[0]}")

    limits = [pages + 3]

    def fill():
        for _ in range(50):
            small.note(0, os.urandom(2000).hex(), by="me")

    with pytest.raises(RecordError, match="the disk is full"):
        fill()
    head = small.head()
    limits[0] = 1_000_000
    assert small.note(0, "room again", by="me").n == head.n + 1
    assert small.verify(head).faults == ()


def test_a_key_makes_a_second_call_the_same_entry(record):
    first = record.store.append(Draft("note", {"text": "a"}, "me", key="k1"))
    assert record.store.append(Draft("note", {"text": "a"}, "me", key="k1")) == first
    assert record.store.append(Draft("note", {"text": "a"}, "me", key="k2")).n == first.n + 1
    for other in (Draft("note", {"text": "b"}, "me", key="k1"), Draft("note", {"text": "a"}, "you", key="k1")):
        with pytest.raises(RecordError, match="this key was used for something else"):
            record.store.append(other)


def test_a_key_used_twice_in_one_group(record):
    """Two that wait together: one entry; a third that differs is refused and does not take the others down."""
    same = [Draft("note", {"text": "a"}, "me", key="k") for _ in range(2)]
    other = Draft("note", {"text": "b"}, "me", key="k")
    plain = Draft("note", {"text": "c"}, "me")
    record.store._commit([*same, other, plain])
    assert same[0].entry == same[1].entry
    assert (other.entry, str(other.error)[:8]) == (None, "key: thi")
    assert plain.entry.n == same[0].entry.n + 1
    assert record.verify().faults == ()


def test_a_fault_of_the_database_reaches_every_writer(small, monkeypatch):
    """None of a group may believe that it was written when the transaction failed."""

    def fails(self, connection, group):
        Store._write_(self, connection, group)
        raise OSError("no")

    monkeypatch.setattr(Store, "_write_", Store._write, raising=False)
    monkeypatch.setattr(Store, "_write", fails)
    drafts = [Draft("note", {"text": str(i)}, "me") for i in range(3)]
    small.store._commit(drafts)
    assert [(one.entry, str(one.error)) for one in drafts] == [(None, "no")] * 3
    assert small.head().n == 1


def test_what_an_entry_is_found_by_is_kept_to_the_letter(record):
    """The terms of a group travel as one text (SQLite) or as arrays (PostgreSQL)."""
    odd = (
        "it's",
        'a "quote"',
        "back\\slash",
        "华为 ⟨é⟩ \U0001f6a2",
        "{brace, null}",
        "NULL",
        "",
        "\u2028\x1f",
        "[1,2]",
        "%s ?",
    )
    drafts = [Draft("note", {"text": one}, "me", terms=(("rule", one), ("party", one))) for one in odd]
    record.store.append_all(drafts)
    found = all_terms(record.store, [one.entry.n for one in drafts])
    for one, draft in zip(odd, drafts, strict=True):
        assert sorted(found[draft.entry.n]) == [("party", one), ("rule", one)]


def test_the_packed_body_is_plain_zlib():
    """Whatever packed it: a record is read by machines that have no more than zlib."""
    draft = Draft("note", {"text": "华为 " * 5000}, "me")
    assert zlib.decompress(draft.packed) == draft.body


def test_an_interrupt_acknowledges_nothing(small, monkeypatch):
    """Ctrl-C in the thread that writes for the others: they hear of it, and the next one can write."""
    waiting = Draft("note", {"text": "waits"}, "me")
    small.store._queue.append(waiting)
    real = Store._write

    def interrupted(self, connection, group):
        real(self, connection, group)
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "_write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        small.note(0, "leads", by="me")
    assert (waiting.done, waiting.entry) == (True, None)
    assert isinstance(waiting.error, KeyboardInterrupt)
    monkeypatch.setattr(Store, "_write", real)
    assert small.note(0, "goes on", by="me").n == 2


def test_a_newer_schema_is_refused(record, url):
    with record.store.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordError, match=r"a newer exeat made this record \(schema 9999\)"):
        Record(url)
    with record.store.writing() as connection:
        connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{stores.SCHEMAS[-1]}'"))
    Record(url).close()


def test_the_migrations_make_the_tables_that_the_code_knows(record):
    inspector = sa.inspect(record.store.engine)
    for table in stores.META.sorted_tables:
        assert [one["name"] for one in inspector.get_columns(table.name)] == [column.name for column in table.columns]


def test_tampering_in_the_database_is_found(record):
    for i in range(6):
        record.note(0, f"note {i}", by="me")
    head = record.head()
    with record.store.writing() as connection:
        connection.execute(sa.update(ENTRY).where(ENTRY.c.n == 4).values(actor="somebody else"))
    assert record.verify(head).faults[0].n == 4
    with record.store.writing() as connection:
        connection.execute(sa.update(ENTRY).where(ENTRY.c.n == 4).values(actor="me"))
        connection.execute(sa.update(ENTRY).where(ENTRY.c.n == 3).values(body=b"not even compressed"))
    assert record.verify(head).faults[0].n == 3
    with record.store.writing() as connection:
        connection.execute(sa.delete(ENTRY).where(ENTRY.c.n >= 3))
    assert record.verify().faults == ()
    assert record.verify(head).faults[0].n == 3


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "not the address of a record"),
        ("sqlite://", "in memory would be lost"),
        ("mysql://x/y", "(not a database that exeat knows|not the address)"),
        ("sqlite:////proc/none/record.db", "cannot write"),
    ],
)
def test_addresses_that_are_none(url, says):
    with pytest.raises(RecordError, match=says):
        Record(url)


def test_a_file_that_is_no_record(tmp_path):
    path = tmp_path / "record.db"
    path.write_bytes(b"this is not a database" * 100)
    with pytest.raises(RecordError, match="damaged"):
        Record(f"sqlite:///{path}")
    assert path.read_bytes() == b"this is not a database" * 100


def test_the_file_is_its_owners_alone(tmp_path):
    Record(f"sqlite:///{tmp_path / 'a' / 'record.db'}").close()
    assert (tmp_path / "a" / "record.db").stat().st_mode & 0o077 == 0


def test_a_password_is_not_told(tmp_path, record):
    with record.store.writing() as connection:
        connection.execute(sa.insert(TERM), [{"n": 1, "name": "x", "value": "y"}])
    assert "secret" not in str(stores._engine("postgresql://me:secret@nowhere/db").url)
