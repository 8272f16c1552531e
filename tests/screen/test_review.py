"""Decisions on hits: bound to what they were made on, re-opened when it moves, never erased, safe against a crash."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random

import msgspec
import pytest

from exeat.errors import InputError
from exeat.screen.model import Identifier, Name
from exeat.screen.review import Reviews, entry_hash, query_hash
from tests.screen.parties import answer, hit, listed, query, with_party

ON, AT = "2026-11-20", "2026-11-20T09:00:00+00:00"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "reviews.jsonl"


def dismiss(reviews, asked, one, **more):
    fields = {"by": "Ann", "at": AT, "reason": "other country", "expires": "2027-11-20", **more}
    return reviews.decide(answer(asked, one), one, "dismiss", **fields)


def confirm(reviews, asked, one, **more):
    return reviews.decide(answer(asked, one), one, "confirm", **{"by": "Ann", "at": AT, **more})


def test_nothing_decided_is_open(path):
    assert Reviews(path).state(query(), hit(), ON).state == "open"
    assert not path.exists()  # asking writes nothing


def test_a_dismissal_holds_and_is_bound(path):
    asked, one = query(id="c1"), hit()
    record = dismiss(Reviews(path), asked, one, approved_by="Bo", approved_at=AT)
    found = Reviews(path).state(asked, one, ON)
    assert (found.state, found.why, found.record) == ("dismissed", (), record)
    assert (record.decided_by, record.approved_by, record.threshold, record.matcher) == ("Ann", "Bo", 0.7, "m1")
    assert record.list.content == "b" * 64
    assert record.hit == one
    assert (record.entry_hash, record.query_hash) == (entry_hash(one.party), query_hash(asked))


def test_a_confirmation_holds(path):
    reviews = Reviews(path)
    confirm(reviews, query(), hit())
    assert reviews.state(query(), hit(), ON).state == "confirmed"


ONE = hit(listed("el/1", "Hua Wei Technologies", "HWT"))
MOVED = [
    ("entry changed", query(id="c"), with_party(ONE, names=(*ONE.party.names, Name("New Alias")))),
    ("entry changed", query(id="c"), with_party(ONE, countries=("CN",))),
    ("query changed", query("Huawei", "Huawei Ltd", id="c"), ONE),
    ("query changed", query(id="c", born=("1970",)), ONE),
    ("query changed", query(id="c", identifiers=(Identifier("lei", "X"),)), ONE),
    ("other name", query(id="c"), msgspec.structs.replace(ONE, name="HWT")),
    ("score rose", query(id="c"), msgspec.structs.replace(ONE, score=0.81)),
]


@pytest.mark.parametrize(("code", "asked", "one"), MOVED)
def test_a_dismissal_is_reopened(path, code, asked, one):
    reviews = Reviews(path)
    dismiss(reviews, query(id="c"), ONE)
    found = reviews.state(asked, one, ON)
    assert (found.state, [why.code for why in found.why]) == ("open", [code])
    assert found.record.verdict == "dismiss"


@pytest.mark.parametrize(("code", "asked", "one"), MOVED)
def test_a_confirmation_stays_and_is_flagged(path, code, asked, one):
    reviews = Reviews(path)
    confirm(reviews, query(id="c"), ONE)
    found = reviews.state(asked, one, ON)
    assert (found.state, [flag.code for flag in found.flags]) == ("confirmed", [code])


def test_what_does_not_reopen(path):
    """The order of names, a learnt alias, a lower score, a new version of the list with the same entry."""
    reviews = Reviews(path)
    asked = query("Huawei", "华为", id="c")
    dismiss(reviews, asked, ONE)
    learnt = with_party(ONE, names=(*ONE.party.names, Name("华为", "learnt", source="el/1")))
    for again, one in (
        (query("华为", "Huawei", id="c"), ONE),
        (asked, learnt),
        (asked, msgspec.structs.replace(ONE, score=0.75)),
    ):
        assert reviews.state(again, one, ON).state == "dismissed"


def test_another_hit_or_customer_is_not_dismissed(path):
    reviews = Reviews(path)
    dismiss(reviews, query(id="c1"), ONE)
    assert reviews.state(query(id="c1"), hit(listed("el/2", "Hua Wei Technologies")), ON).state == "open"
    assert reviews.state(query(id="c2"), ONE, ON).state == "open"
    assert reviews.state(query(), ONE, ON).state == "open"


def test_expiry_is_the_last_day(path):
    reviews = Reviews(path)
    dismiss(reviews, query(), ONE, expires="2026-12-31")
    assert reviews.state(query(), ONE, "2026-12-31").state == "dismissed"
    found = reviews.state(query(), ONE, "2027-01-01")
    assert (found.state, found.why[0].code) == ("open", "expired")
    assert reviews.state(query(), ONE, "2020-01-01", known="2027-01-01").state == "open"


def test_delisted_is_flagged(path):
    reviews = Reviews(path)
    gone = with_party(ONE, listing=msgspec.structs.replace(ONE.party.listing, until="2026-11-01"))
    confirm(reviews, query(), gone)
    found = reviews.state(query(), gone, ON)
    assert (found.state, found.flags[0].code) == ("confirmed", "delisted")


def test_undo_is_a_record_and_opens(path):
    reviews = Reviews(path)
    first = dismiss(reviews, query(), ONE)
    confirm(reviews, query(), ONE)
    assert reviews.state(query(), ONE, ON).state == "confirmed"
    undone = reviews.undo(2, by="Bo", at="2026-11-21T09:00:00+00:00", reason="wrong file")
    found = Reviews(path).state(query(), ONE, ON)
    assert (found.state, found.why[0].code) == ("open", "undone")  # not back to the dismissal before
    assert [one.number for one in reviews.history()] == [1, 2, 3]
    assert reviews.history()[0] == first
    assert undone.undoes == 2
    assert not reviews.confirmed(query())
    with pytest.raises(InputError, match="no such decision"):
        reviews.undo(2, by="Bo", at=AT, reason="again")
    with pytest.raises(InputError, match="no such decision"):
        reviews.undo(3, by="Bo", at=AT, reason="undo of an undo")


def test_as_known(path):
    reviews = Reviews(path)
    dismiss(reviews, query(), ONE)
    reviews.undo(1, by="Bo", at="2026-11-25T09:00:00+00:00", reason="wrong")
    confirm(reviews, query(), ONE, at="2026-11-26T23:30:00-03:00")
    states = [
        reviews.state(query(), ONE, ON, known=day).state
        for day in ("2026-11-19", "2026-11-20", "2026-11-25", "2026-11-26", "2026-11-27")
    ]
    assert states == ["open", "dismissed", "open", "open", "confirmed"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"by": " "}, "say who decides"),
        ({"reason": ""}, "say why"),
        ({"expires": ""}, "needs its last day"),
        ({"expires": "2026-11-19"}, "expired before it is made"),
        ({"expires": "soon"}, "not a day"),
        ({"at": "2026-11-20"}, "not an instant"),
        ({"at": "2026-11-20T09:00:00"}, "not an instant"),
        ({"approved_by": "Bo"}, "belong together"),
        ({"approved_by": "ann", "approved_at": AT}, "somebody else"),
    ],
)
def test_what_a_dismissal_needs(path, changes, says):
    with pytest.raises(InputError, match=says):
        dismiss(Reviews(path), query(), ONE, **changes)
    assert not path.exists()


def test_a_hit_of_another_answer_is_refused(path):
    with pytest.raises(InputError, match="no such hit"):
        Reviews(path).decide(answer(query(), ONE), hit(listed("el/9")), "confirm", by="Ann", at=AT)


def test_history_by_subject_and_party(path):
    reviews = Reviews(path)
    dismiss(reviews, query(id="a"), ONE)
    confirm(reviews, query(id="b"), ONE)
    assert [one.number for one in reviews.history(query(id="b"))] == [2]
    assert [one.number for one in reviews.history(party="el/1")] == [1, 2]
    assert reviews.history(party="el/2") == ()


# --- the file


def filled(path, count=3):
    reviews = Reviews(path)
    for place in range(count):
        confirm(reviews, query(id=f"c{place}"), ONE)
    return path.read_bytes()


def test_every_cut_of_the_last_line_is_told_and_set_aside(path):
    raw = filled(path)
    last = raw.rindex(b"\n", 0, len(raw) - 1) + 1
    for cut in random.Random(0).sample(range(last + 1, len(raw) - 1), 40):
        path.write_bytes(raw[:cut])
        reviews = Reviews(path)
        assert len(reviews.history()) == 2
        assert "cut off" in str(reviews.notices[0])
        confirm(reviews, query(id="new"), ONE)
        aside = next(path.parent.glob("*.torn-*"))
        assert aside.read_bytes() == raw[last:cut]
        aside.unlink()
        again = Reviews(path)
        assert [one.number for one in again.history()] == [1, 2, 3]
        assert again.notices == []


def test_a_last_line_without_its_end_is_whole(path):
    raw = filled(path)
    path.write_bytes(raw[:-1])
    reviews = Reviews(path)
    assert (len(reviews.history()), reviews.notices) == (3, [])
    confirm(reviews, query(id="new"), ONE)
    assert len(Reviews(path).history()) == 4


def test_a_tail_of_zeros_is_set_aside(path):
    raw = filled(path)
    path.write_bytes(raw + b"\x00" * 512)
    reviews = Reviews(path)
    assert len(reviews.history()) == 3
    assert reviews.notices
    confirm(reviews, query(id="new"), ONE)
    assert len(Reviews(path).history()) == 4


def test_damage_inside_is_refused(path):
    raw = filled(path)
    read: list[int] = []
    for place in random.Random(1).sample(range(len(raw) - 1), 60):
        broken = bytearray(raw)
        broken[place] ^= 1
        path.write_bytes(bytes(broken))
        with contextlib.suppress(InputError):  # or else it is a last line that seems cut off, and told
            found = Reviews(path)
            assert found.notices, place
            read.append(place)
    assert len(read) < 5


def test_a_missing_line_is_refused(path):
    lines = filled(path).splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])
    with pytest.raises(InputError, match="missing or stands twice"):
        Reviews(path)


def test_a_record_stays_byte_for_byte(path):
    before = filled(path)
    reviews = Reviews(path)
    reviews.undo(1, by="Bo", at=AT, reason="wrong")
    dismiss(reviews, query(id="c1"), ONE)
    assert path.read_bytes().startswith(before)


def test_another_process_is_seen(path):
    mine, other = Reviews(path), Reviews(path)
    confirm(other, query(), ONE)
    assert mine.state(query(), ONE, ON).state == "confirmed"
    assert confirm(mine, query(id="x"), ONE).number == 2


def _write(path, worker, start):
    reviews = Reviews(path)
    start.wait()
    for place in range(20):
        confirm(reviews, query(id=f"{worker}-{place}"), ONE)


def test_writers_at_once_lose_nothing(path):
    context = multiprocessing.get_context("fork")
    start = context.Barrier(4)
    workers = [context.Process(target=_write, args=(path, worker, start)) for worker in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    reviews = Reviews(path)
    assert len({one.subject for one in reviews.history()}) == 80
    assert reviews.notices == []


def test_what_cannot_be_written_is_told(path):
    path.parent.mkdir(parents=True)
    path.mkdir()
    with pytest.raises(InputError, match="cannot read"):
        Reviews(path)


def test_the_disk_has_it_before_it_is_acknowledged(path, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(os.fstat(handle).st_size), real(handle))[1])
    confirm(Reviews(path), query(), ONE)
    assert path.stat().st_size in synced
