"""The list store: as of any day, as known on any day; whole or not at all."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exeat.errors import InputError
from exeat.screen.model import Address
from exeat.screen.store import Incoming, Store
from tests.screen.conftest import party

EVER = "2999-12-31"


def ids(store: Store, on: str, known: str = EVER, lists=None) -> list[str]:
    return sorted(one.listing.entry for one in store.current(on, known, lists))


def test_nothing_is_known_before_the_first_version(store):
    assert store.versions() == []
    assert list(store.current("2026-01-01", "2026-01-01")) == []
    assert list(store.all_parties()) == []
    assert not store.path.exists()  # reading makes nothing
    store.add("un.sc", [party("1")], as_of="2026-02-01", known="2026-02-02")
    assert store.versions(known="2026-02-01") == []
    assert ids(store, "2026-02-01", "2026-02-01") == []
    assert ids(store, "2026-02-01", "2026-02-02") == ["1"]


def test_a_version_in_force_says_who_is_listed(store):
    store.add("un.sc", [party("1"), party("2")], as_of="2026-01-01", known="2026-01-01")
    store.add("un.sc", [party("2"), party("3", since="2026-02-15")], as_of="2026-03-01", known="2026-03-01")
    assert ids(store, "2026-01-15") == ["1", "2"]
    assert ids(store, "2026-02-20") == ["1", "2", "3"]  # the later version says: since 15 February
    assert ids(store, "2026-02-20", "2026-02-28") == ["1", "2"]  # and nobody knew
    assert ids(store, "2026-03-01") == ["2", "3"]


def test_without_a_first_day_a_party_may_have_been_listed_before(store):
    store.add("un.sc", [party("1", since="2020-05-01"), party("2")], as_of="2026-01-01", known="2026-01-01")
    assert ids(store, "2019-01-01") == ["2"]
    assert ids(store, "2020-05-01") == ["1", "2"]
    (maybe,) = store.current("2019-01-01", EVER)
    assert maybe.listing.since == ""


def test_between_two_versions_a_new_party_without_a_day_may_be_listed(store):
    store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01")
    store.add("un.sc", [party("1"), party("2")], as_of="2026-02-01", known="2026-02-01")
    assert ids(store, "2026-01-01") == ["1"]  # that day's own file had no second
    assert ids(store, "2026-01-15") == ["1", "2"]


def test_own_days_count_both_inclusive_and_partial_ones_widely(store):
    store.add(
        "us.dpl",
        [
            party("1", since="2020-02", until="2021-02", list_id="us.dpl"),
            party("2", since="2026-06-01", list_id="us.dpl"),
        ],
        as_of="2020-03-01",
        known="2020-03-01",
    )
    assert ids(store, "2020-02-01") == ["1"]
    assert ids(store, "2021-02-28") == ["1"]
    assert ids(store, "2021-03-01") == []
    assert ids(store, "2026-06-01") == ["2"]


def test_of_one_party_the_content_in_force(store):
    store.add("un.sc", [party("1", "Old Name")], as_of="2026-01-01", known="2026-01-01")
    store.add("un.sc", [party("1", "New Name")], as_of="2026-02-01", known="2026-02-01")
    for day, name in (("2026-01-15", "Old Name"), ("2026-02-01", "New Name"), ("2025-01-01", "Old Name")):
        (found,) = store.current(day, EVER)
        assert found.names[0].text == name
        assert store.party("un.sc/1", day, EVER) == found
    assert [(version.as_of, one.names[0].text) for version, one in store.history("un.sc/1")] == [
        ("2026-01-01", "Old Name"),
        ("2026-02-01", "New Name"),
    ]


def test_versions_may_come_in_any_order(tmp_path):
    versions = [
        Incoming("un.sc", [party("1"), party("2")], "2026-01-01", "2026-01-01"),
        Incoming("un.sc", [party("2"), party("3")], "2026-02-01", "2026-02-01"),
        Incoming("un.sc", [party("3")], "2026-03-01", "2026-03-01"),
    ]
    answers = []
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        made = Store(tmp_path / f"{order}.db")
        for place in order:
            made.add_all([versions[place]])
        answers.append(
            [ids(made, day) for day in ("2025-12-01", "2026-01-01", "2026-01-20", "2026-02-10", "2026-03-05")]
        )
        assert made.state() == Store(made.path).state()
    assert answers[0] == answers[1] == answers[2]


def test_a_correction_of_a_day_replaces_what_was_known_of_it(store):
    store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01")
    store.add("un.sc", [party("1"), party("2")], as_of="2026-01-01", known="2026-01-05")
    assert ids(store, "2026-01-01", "2026-01-04") == ["1"]
    assert ids(store, "2026-01-01", "2026-01-05") == ["1", "2"]


def test_each_content_is_stored_once_with_a_stable_number(store):
    store.add("un.sc", [party("1"), party("2")], as_of="2026-01-01", known="2026-01-01")
    before = dict(store.all_parties())
    store.add("un.sc", [party("1"), party("2", "Second")], as_of="2026-02-01", known="2026-02-01")
    after = dict(store.all_parties())
    assert len(after) == 3
    assert {key: after[key] for key in before} == before
    assert store.live("2026-02-01", EVER) == {key for key, one in after.items() if one.names[0].text in ("1", "Second")}


def test_the_same_again_is_not_kept_again(store):
    first = store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01", sha256="a")
    state = store.state()
    again = store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01", sha256="a")
    assert first.version is not None
    assert again.version is None
    assert store.state() == state
    store.add("un.sc", [party("1")], as_of="2026-01-02", known="2026-01-02")
    assert store.state() != state


def test_a_correction_taken_back_is_kept(store):
    for known, name in (("2026-01-01", "A"), ("2026-01-02", "B"), ("2026-01-03", "A")):
        assert store.add("un.sc", [party("1", name)], as_of="2026-01-01", known=known).version is not None
    assert [one.names[0].text for one in store.current("2026-01-01", EVER)] == ["A"]
    assert store.add("un.sc", [party("1", "A")], as_of="2026-01-01", known="2026-01-09").version is None


def test_the_hash_of_all_contents_moves_only_with_them(store):
    assert store.contents() == ""
    store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01")
    contents, state = store.contents(), store.state()
    store.add("un.sc", [party("1")], as_of="2026-01-02", known="2026-01-02")
    assert (store.contents() == contents, store.state() == state) == (True, False)
    store.add("un.sc", [party("2")], as_of="2026-01-03", known="2026-01-03")
    assert store.contents() != contents


def test_lists_are_kept_apart(store):
    store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01")
    store.add("us.sdn", [party("9", list_id="us.sdn")], as_of="2026-01-01", known="2026-01-01")
    assert ids(store, "2026-01-01", lists=["us.sdn"]) == ["9"]
    assert ids(store, "2026-01-01", lists=[]) == []
    assert [one.list for one in store.versions()] == ["un.sc", "us.sdn"]


def test_diff(store):
    moved = msgspec.structs.replace(party("2"), addresses=(Address("1 Street"),))
    ended = msgspec.structs.replace(
        party("4"), listing=msgspec.structs.replace(party("4").listing, policy="case by case")
    )
    store.add("un.sc", [party("1"), party("2"), party("4")], as_of="2026-01-01", known="2026-01-01")
    found = store.add("un.sc", [moved, party("3"), ended], as_of="2026-02-01", known="2026-02-01")
    assert (found.added, found.removed) == (("un.sc/3",), ("un.sc/1",))
    assert [(one.id, one.fields) for one in found.changed] == [
        ("un.sc/2", ("addresses",)),
        ("un.sc/4", ("listing.policy",)),
    ]
    assert store.diff("un.sc") == found
    assert store.diff("un.sc", "2026-01-10", "2026-02-10") == found
    with pytest.raises(InputError, match="no version is as old"):
        store.diff("un.sc", "2025-01-01")
    with pytest.raises(InputError, match="no version of this list"):
        store.diff("us.sdn")


def test_another_process_sees_a_new_version(store):
    store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01")
    other = Store(store.path)
    assert ids(other, "2026-02-01") == ["1"]
    store.add("un.sc", [party("2")], as_of="2026-01-10", known="2026-01-10")
    assert ids(other, "2026-02-01") == ["2"]


# --- properties

DAYS = [f"2026-01-{day:02d}" for day in range(1, 29)]
some_parties = st.dictionaries(
    st.sampled_from("abcdef"),
    st.tuples(st.sampled_from(["x", "y"]), st.sampled_from(["", *DAYS[::5]]), st.sampled_from(["", *DAYS[3::6]])),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(some_parties, st.sampled_from(DAYS), st.integers(0, 9)), min_size=1, max_size=5),
    st.sampled_from(DAYS),
)
def test_as_of_results_equal_a_rebuild_from_that_days_file_alone(tmp_path_factory, history, on):
    """Whatever else is in the store: as known when a file was the newest, it answers for its day as the file alone."""
    folder = tmp_path_factory.mktemp("store")
    full = Store(folder / "full.db")
    versions = []
    for content, day, late in history:
        parties = [party(key, name, since, until) for key, (name, since, until) in content.items()]
        one = Incoming("un.sc", parties, day, f"2026-02-{late + 1:02d}")
        if all((one.as_of, one.known) != (other.as_of, other.known) for other in versions):
            versions.append(one)
            full.add_all([one])
    by_then = [one for one in versions if one.known <= "2026-02-05"]
    mine = sorted((one for one in by_then if one.as_of <= on), key=lambda one: (one.as_of, one.known))
    alone = Store(folder / "alone.db")
    if mine and all(one.as_of <= on for one in by_then):
        alone.add_all([mine[-1]])
        told = list(full.current(on, "2026-02-05"))
        assert sorted(told, key=lambda one: one.id) == sorted(alone.current(on, EVER), key=lambda one: one.id)
        expected = [
            one
            for one in mine[-1].parties
            if one.listing.since <= on and (not one.listing.until or on <= one.listing.until)
        ]
        assert sorted(told, key=lambda one: one.id) == sorted(expected, key=lambda one: one.id)
    everyone = list(full.current(on, EVER))
    assert len({one.id for one in everyone}) == len(everyone)  # never two contents of one party
    exact = [one for one in versions if one.as_of == on]
    for one in max(exact, key=lambda one: one.known).parties if exact else ():
        if one.listing.since <= on and (not one.listing.until or on <= one.listing.until):
            assert one in everyone  # what that day's own file shows is never lost to a later one
    full.close()
    alone.close()


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(1, 4_000_000_000)))
def test_packed_numbers_come_back(numbers):
    from exeat.screen.store import _pack, _unpack  # noqa: PLC0415

    assert list(_unpack(_pack(sorted(numbers)))) == sorted(numbers)


# --- power loss and full disks

IMPORT = """
import sys
from exeat.screen.model import Listing, Name, Party
from exeat.screen.store import Store
one = lambda n: Party(f"un.sc/{n}", "", (Name(f"name {n}"),), Listing("un.sc", str(n), remarks="x" * 500))
many = [one(n) for n in range(60_000)]
store = Store(sys.argv[1])
print("ready", flush=True)
store.add("un.sc", many, as_of="2026-02-01", known="2026-02-01")
print("done", flush=True)
"""


@pytest.mark.parametrize("delay", [0.02, 0.1, 0.25, 0.4])
def test_killed_in_the_middle_of_an_update(tmp_path, delay):
    path = tmp_path / "lists.db"
    with Store(path) as store:
        store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01")
        before = store.state()
    process = subprocess.Popen([sys.executable, "-c", IMPORT, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(delay)
    os.kill(process.pid, signal.SIGKILL)
    finished = "done" in process.stdout.read()
    process.wait()
    with Store(path) as store:
        versions = store.versions()
        assert len(versions) == (2 if finished else len(versions))
        if len(versions) == 1:
            assert store.state() == before
            assert [one.listing.entry for one in store.current("2026-03-01", EVER)] == ["1"]
        else:  # it had been committed: then all of it is there
            assert len(list(store.current("2026-03-01", EVER))) == 60_000
        store.add("un.sc", [party("2")], as_of="2026-03-01", known="2026-03-01")
        assert [one.listing.entry for one in store.current("2026-03-01", EVER)] == ["2"]
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_some_kill_does_hit_the_middle(tmp_path):
    """The test above would prove nothing if every import were done before it was killed."""
    path = tmp_path / "lists.db"
    process = subprocess.Popen([sys.executable, "-c", IMPORT, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    journal = Path(f"{path}-journal")
    for _ in range(10_000):
        if journal.exists() and path.stat().st_size > 1_000_000:
            break
        if process.poll() is not None:
            break
        time.sleep(0.0005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert journal.exists()  # it was in the middle of writing
    with Store(path) as store:
        assert store.versions() == []
        assert list(store.all_parties()) == []


def test_a_fault_in_the_second_list_keeps_the_first_out(store):
    store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01")
    good = Incoming("us.sdn", [party("9", list_id="us.sdn")], "2026-02-01", "2026-02-01")
    bad = Incoming("us.dpl", [object()], "2026-02-01", "2026-02-01")  # type: ignore[list-item]
    with pytest.raises(TypeError):
        store.add_all([good, bad])
    assert [one.list for one in store.versions()] == ["un.sc"]
    assert len(list(store.all_parties())) == 1


def test_a_full_disk_changes_nothing(store):
    store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01")
    state = store.state()
    assert store._db is not None
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    many = [party(str(number), "x" * 1000) for number in range(500)]
    with pytest.raises(InputError, match=r"could not be written.*full") as found:
        store.add("un.sc", many, as_of="2026-02-01", known="2026-02-01")
    assert "nothing was changed" in str(found.value)
    assert store.state() == state
    assert ids(store, "2026-03-01") == ["1"]


def test_a_file_size_limit_changes_nothing(tmp_path):
    path = tmp_path / "lists.db"
    with Store(path) as store:
        store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01")
        state = store.state()

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = subprocess.run(
        [sys.executable, "-c", IMPORT, str(path)], capture_output=True, text=True, preexec_fn=small, check=False
    )
    assert done.returncode != 0
    assert "could not be written" in done.stderr
    with Store(path) as store:
        assert store.state() == state


def test_a_later_schema_is_refused(store):
    store.add("un.sc", [party("1")], as_of="2026-01-01", known="2026-01-01")
    store.close()
    with sqlite3.connect(store.path) as db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    with pytest.raises(InputError, match="another version of exeat"):
        Store(store.path)


def test_a_database_of_something_else_is_refused(tmp_path):
    path = tmp_path / "lists.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE other (x)")
    with pytest.raises(InputError, match="no list store"):
        Store(path)


# --- size and speed, with bounds ten times what was measured on the shared machine


def test_twenty_six_thousand_parties_are_read_in_a_second(store):
    many = [party(str(number), f"Name Number {number}", since="2020-01-01") for number in range(26_000)]
    store.add("us.sdn", many, as_of="2026-01-01", known="2026-01-01")
    size = store.path.stat().st_size
    assert size < 26_000 * 600
    change = [*many[:-1], party("new")]
    store.add("us.sdn", change, as_of="2026-01-02", known="2026-01-02")
    assert store.path.stat().st_size - size < 120_000  # one new body and one packed set

    def seconds(ask) -> float:
        begun = time.process_time()
        ask()
        return time.process_time() - begun

    assert seconds(lambda: list(store.all_parties())) < 1
    assert seconds(lambda: store.live("2026-01-02", EVER)) < 1
    assert seconds(lambda: store.party("un.sc/77", "2026-01-02", EVER)) < 0.05
