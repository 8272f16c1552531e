"""Recording in groups: each asker hears of its own entry, and of nobody else's fault."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from exeat.record.entry import RecordError
from exeat.record.store import Draft, Store
from exeat.serve.together import Together


@pytest.fixture
def store(tmp_path):
    opened = Store(f"sqlite:///{tmp_path / 'record.db'}")
    yield opened
    opened.close()


def note(text, key=""):
    return lambda: Draft("note", {"text": text}, "me", key=key)


def kept(write, makes):
    """Everything asked at once, and what became of each."""

    async def ask():
        with ThreadPoolExecutor(4) as pool:
            together = Together(pool, write)
            return await asyncio.gather(*(together.keep(one) for one in makes), return_exceptions=True)

    return asyncio.run(ask())


def test_each_gets_its_own_entry(store):
    makes = [note(str(i)) for i in range(300)]
    found = kept(store.append_all, makes)
    assert [one.data()["text"] for one in found] == [str(i) for i in range(300)]
    assert sorted(one.n for one in found) == list(range(2, 302))


def test_those_who_wait_are_written_together(store):
    groups = []

    def write(drafts):
        groups.append(len(drafts))
        store.append_all(drafts)

    kept(write, [note(str(i)) for i in range(20)])
    assert groups[0] == 1  # the first waits for nobody
    assert groups[1:] == [19]


def test_a_fault_is_told_to_whom_it_concerns(store):
    def wrong():
        raise RecordError("no such decision")

    store.append(Draft("note", {"text": "first"}, "me", key="used"))
    found = kept(store.append_all, [note("a"), wrong, note("other", key="used"), note("b")])
    assert [type(one).__name__ for one in found] == ["Entry", "RecordError", "RecordError", "Entry"]
    assert ("no such decision" in str(found[1]), "key was used" in str(found[2])) == (True, True)
    assert {found[0].data()["text"], found[3].data()["text"]} == {"a", "b"}


def test_when_nothing_can_be_written_all_who_wait_hear_of_it():
    def write(drafts):
        raise OSError("gone")

    assert [str(one) for one in kept(write, [note("a"), note("b")])] == ["gone", "gone"]


def test_whoever_has_gone_is_recorded_all_the_same(store):
    async def ask():
        with ThreadPoolExecutor(1) as pool:
            together = Together(pool, store.append_all)
            gone = asyncio.ensure_future(together.keep(note("gone")))
            await asyncio.sleep(0)
            gone.cancel()
            return await together.keep(note("stays"))

    assert asyncio.run(ask()).n == 3
    assert store.entry(2).data() == {"text": "gone"}
