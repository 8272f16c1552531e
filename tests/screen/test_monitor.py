"""Monitoring tells what changed, keeps what it cannot see, and never takes a missing list for a clean one."""

from __future__ import annotations

import msgspec
import pytest

from exeat.errors import InputError
from exeat.screen.book import Fault
from exeat.screen.model import ListVersion, Name
from exeat.screen.monitor import Limits, Monitor
from exeat.screen.review import Reviews
from tests.screen.parties import answer, hit, listed, query, with_party

AT = "2026-11-20T09:00:00+00:00"
EL = ListVersion("el", "2026-11-01", "2026-11-01", "a", "b", 2)
SDN = ListVersion("sdn", "2026-11-10", "2026-11-10", "a", "b", 2)
HUA, ZTE = hit(listed("el/1", "Hua")), hit(listed("sdn/7", "Zhong"))


class World:
    """A search over hits set by hand, and a monitor over it."""

    def __init__(self, folder, limits=None):
        self.hits, self.lists, self.fields = {}, (EL, SDN), {}
        self.reviews = Reviews(folder / "reviews.jsonl")
        self.path = folder / "monitor.json"
        self.monitor = Monitor(self.path, self.search, self.reviews, limits)

    def search(self, asked):
        return answer(asked, *self.hits.get(asked.id, ()), lists=self.lists, **self.fields)

    def run(self, *book):
        return self.monitor.run(book or (A, B))

    def codes(self, *book):
        return [(one.code, one.subject.removeprefix("id:"), one.party or one.listed) for one in self.run(*book).changes]


A, B = query("Alpha", id="a"), query("Beta", id="b")


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_the_first_run_tells_all_and_the_second_nothing(world):
    world.hits = {"a": (HUA,)}
    first = world.run()
    assert first.first
    assert [one.code for one in first.changes] == ["new party", "new hit", "new party"]
    again = world.run()
    assert (again.first, again.changes, again.parties, again.open_hits) == (False, (), 2, 1)


def test_hits_come_go_and_change(world):
    world.hits = {"a": (HUA,)}
    world.run()
    world.hits = {"a": (msgspec.structs.replace(HUA, score=0.9),), "b": (ZTE,)}
    assert world.codes() == [("score changed", "a", "el/1"), ("new hit", "b", "sdn/7")]
    world.hits = {"b": (with_party(ZTE, names=(Name("Zhong"), Name("Xing"))),)}
    assert world.codes() == [("hit gone", "a", "el/1"), ("entry changed", "b", "sdn/7")]
    assert world.codes() == []


def test_parties_come_go_and_change(world):
    world.run()
    changed = query("Beta", "Bravo", id="b")
    assert world.codes(changed, query("Gamma", id="c")) == [
        ("party changed", "b", ""),
        ("new party", "c", ""),
        ("party gone", "a", ""),
    ]


def test_a_missing_list_is_told_and_its_hits_are_kept(world):
    world.hits = {"a": (HUA,), "b": (ZTE,)}
    world.run()
    world.hits, world.lists = {"a": (HUA,)}, (EL,)
    found = world.run()
    assert [(one.code, one.listed if not one.party else one.party) for one in found.changes] == [
        ("list missing", "sdn"),
        ("hit unknown", "sdn/7"),
    ]
    assert (found.open_hits, found.missing) == (2, ("sdn",))
    again = world.run()
    assert (again.changes, again.missing, again.open_hits) == ((), ("sdn",), 2)
    world.lists = (EL, SDN)
    assert world.codes() == [("list back", "", "sdn"), ("hit gone", "b", "sdn/7")]


def test_a_list_named_as_not_screened_is_missing(world):
    world.hits = {"b": (ZTE,)}
    world.run()
    world.hits, world.fields = {}, {"not_screened": ("sdn",)}
    assert world.codes() == [("list missing", "", "sdn"), ("hit unknown", "b", "sdn/7")]


def test_a_needed_list_that_never_was(tmp_path):
    world = World(tmp_path, Limits(needed=("un",)))
    found = world.run()
    assert found.changes[0].code == "list missing"
    assert world.run().missing == ("un",)


def test_no_list_at_all_is_not_clean(world):
    world.lists = ()
    found = world.run()
    assert [one.code for one in found.changes] == ["not screened", "not screened", "new party", "new party"]
    again = world.run()
    assert (again.changes, again.unscreened) == ((), 2)


def test_a_list_missing_for_one_party_only(world):
    world.run()
    real = world.search
    world.monitor.search = lambda asked: (
        msgspec.structs.replace(real(asked), lists=(EL,)) if asked.id == "b" else real(asked)
    )
    (one,) = world.run().changes
    assert (one.code, one.subject, one.detail) == ("not screened", "id:b", "not searched for it: sdn")


def test_stale_lists_are_told_once(tmp_path):
    world = World(tmp_path, Limits(days=30, of={"sdn": 5}))
    found = world.run()
    assert [one.listed for one in found.changes if one.code == "list stale"] == ["sdn"]
    assert (world.run().changes, world.run().stale) == ((), ("sdn",))
    world.fields = {"on": "2026-12-31", "known": "2026-12-31"}
    assert [one.listed for one in world.run().changes] == ["el"]


def test_a_list_without_its_day_is_stale(tmp_path):
    world = World(tmp_path, Limits(days=30))
    world.lists = (msgspec.structs.replace(EL, as_of=""),)
    assert "list stale" in [one.code for one in world.run().changes]


def dismiss(world, asked, one, expires="2027-01-01"):
    world.reviews.decide(world.search(asked), one, "dismiss", by="Ann", at=AT, reason="other", expires=expires)


def test_dismissals_reopen(world):
    world.hits = {"a": (HUA,), "b": (ZTE,)}
    dismiss(world, A, HUA, "2026-11-30")
    dismiss(world, B, ZTE)
    assert world.run().open_hits == 0
    world.fields = {"on": "2026-12-01"}
    (one,) = world.run().changes
    assert (one.code, one.party, one.before, one.after) == ("reopened", "el/1", "dismissed", "open")
    assert "2026-11-30" in one.detail
    world.hits["b"] = (with_party(ZTE, countries=("CN",)),)
    assert world.codes() == [("entry changed", "b", "sdn/7"), ("reopened", "b", "sdn/7")]
    assert world.codes() == []


def test_an_undone_decision_reopens(world):
    world.hits = {"a": (HUA,)}
    dismiss(world, A, HUA)
    world.run()
    world.reviews.undo(1, by="Bo", at=AT, reason="wrong")
    assert world.codes() == [("reopened", "a", "el/1")]


def test_decisions_that_were_lost_reopen(world):
    world.hits = {"a": (HUA,)}
    dismiss(world, A, HUA)
    world.run()
    world.reviews.path.unlink()
    assert world.codes() == [("reopened", "a", "el/1")]


def test_confirmations_are_flagged_and_delisted(world):
    world.hits = {"a": (HUA,)}
    world.reviews.decide(world.search(A), HUA, "confirm", by="Ann", at=AT)
    world.run()
    world.hits["a"] = (with_party(HUA, countries=("CN",)),)
    assert world.codes() == [("entry changed", "a", "el/1"), ("flagged", "a", "el/1")]
    world.hits = {}
    assert world.codes() == [("delisted", "a", "el/1")]


def test_rows_that_could_not_be_read_are_told(world):
    fault = Fault(InputError("the row has no name", file="book.csv", line=3))
    found = world.run(A, fault)
    assert [one.code for one in found.changes] == ["new party", "party unreadable"]
    assert (found.unscreened, found.parties, len(found.faults)) == (1, 2, 1)


def test_one_id_for_two_parties_loses_neither(world):
    world.hits = {"a": (HUA,)}
    found = world.run(A, query("Other", id="a"))
    assert [one.code for one in found.changes].count("new hit") == 2
    assert len(found.faults) == 1
    assert world.run(A, query("Other", id="a")).changes == ()


def test_a_run_that_breaks_off_keeps_the_last(world):
    world.hits = {"a": (HUA,)}
    world.run()
    before = world.path.read_bytes()

    def broken(asked):
        if asked.id == "b":
            raise InputError("no store")
        return answer(asked)

    world.monitor.search = broken
    with pytest.raises(InputError):
        world.run()
    assert world.path.read_bytes() == before


@pytest.mark.parametrize("raw", [b"", b"{", b"{}", b"[]", b'{"format": 2}', b"\xff"])
def test_a_damaged_last_run_is_refused_and_kept(world, raw):
    world.path.write_bytes(raw)
    with pytest.raises(InputError, match="monitor"):
        world.run()
    assert world.path.read_bytes() == raw


def test_what_cannot_be_kept_is_told(world, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("exeat.screen.monitor.write_whole", full)
    with pytest.raises(InputError, match="No space left"):
        world.run()
