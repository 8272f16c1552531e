"""What the pages keep: never another's, never an old edition's, never more than so much."""

from __future__ import annotations

import asyncio
import re

import jinja2
import msgspec
import pytest
from markupsafe import Markup

from exeat.decide.engine import Engine
from exeat.record.ledger import _Bodies
from exeat.serve.edition import Edition
from exeat.serve.pages import answer as answers
from exeat.serve.pages.shelf import CUT, Shelf, shelf
from tests.serve.parts import DEAL

HTML = {"accept": "text/html"}


def made(most=10_000, **templates):
    loader = jinja2.DictLoader(templates)
    return Shelf(jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined), most)


def ask(kept, edition="e1", lang="en", key=("k",), template="t", give=lambda: {"x": 1}):
    return asyncio.run(kept.parts(edition, lang, template, key, give))


def test_a_part_is_made_once_and_again_for_another_edition_language_or_key():
    kept, times = made(t="{{ lang }} {{ x }}"), []

    def give():
        times.append(1)
        return {"x": len(times)}

    assert ask(kept, give=give) == ask(kept, give=give) == (Markup("en 1"),)
    assert ask(kept, edition="e2", give=give) == (Markup("en 2"),)
    assert ask(kept, lang="zh", give=give) == (Markup("zh 3"),)
    assert ask(kept, key=("other",), give=give) == (Markup("en 4"),)


def test_many_who_wait_for_one_part_have_it_made_once():
    kept, times = made(t="{{ x }}"), []

    async def give():
        times.append(1)
        await asyncio.sleep(0.02)
        return {"x": 1}

    async def all_of_them():
        return await asyncio.gather(*(kept.parts("e", "en", "t", (), give) for _ in range(16)))

    assert len(set(asyncio.run(all_of_them()))) == 1
    assert len(times) == 1


def test_what_cannot_be_made_is_not_kept_and_keeps_nobody_waiting():
    kept = made(t="{{ x }}")

    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        ask(kept, give=fail)
    assert ask(kept) == (Markup("1"),)


def test_a_part_can_name_nobody():
    for name in ("asker", "csrf", "request"):
        with pytest.raises(jinja2.UndefinedError):
            ask(made(t=f"{{{{ {name} }}}}"), give=dict)


def test_strangers_cannot_cut_a_page():
    kept = made(t="{{ x }}" + CUT + "b")
    assert ask(kept, give=lambda: {"x": CUT}) == (Markup("&lt;!--cut--&gt;"), Markup("b"))


def test_no_more_is_kept_than_allowed_and_what_was_used_last_stays():
    kept = made(most=100, t="{{ x }}")
    for key in ("a", "b"):
        ask(kept, key=(key,), give=lambda: {"x": "-" * 40})
    ask(kept, key=("a",), give=lambda: {"x": "again"})
    ask(kept, key=("c",), give=lambda: {"x": "-" * 40})
    assert ask(kept, key=("a",), give=lambda: {"x": "made anew"}) == (Markup("-" * 40),)
    assert ask(kept, key=("b",), give=lambda: {"x": "made anew"}) == (Markup("made anew"),)
    kept.keep(("big",), (Markup("-" * 200),))
    assert kept.found(("big",)) is None
    assert kept._size == sum(sum(map(len, parts)) for parts in kept._kept.values())


def decided(client):
    page = client.get("/help", headers=HTML).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page).group(1)
    client.post("/ask", data={"csrf": csrf, "how": "paste", "text": DEAL})
    found = client.post("/ask/decide", data={"csrf": csrf}, follow_redirects=False)
    return found.headers["location"], csrf


def test_an_answer_from_the_shelf_is_the_answer_and_carries_each_reader_s_own_token(start):
    first = start()
    path, csrf = decided(first)
    cold = first.get(path, headers=HTML).text
    warm = first.get(path, headers=HTML).text
    assert warm == cold
    shelf(first.services)._kept.clear()
    assert first.get(path, headers=HTML).text == cold
    assert csrf in cold
    first.cookies.clear()
    others = first.get(path, headers=HTML).text
    assert csrf not in others
    assert re.sub(r'name="csrf" value="[^"]*"', "", others) == re.sub(r'name="csrf" value="[^"]*"', "", cold)


def test_the_language_and_what_people_entered_are_never_stale(start):
    client = start()
    path, csrf = decided(client)
    english = client.get(path, headers=HTML).text
    chinese = client.get(path, headers={**HTML, "accept-language": "zh"}).text
    assert "VERDICT" in english
    assert "VERDICT" not in chinese
    client.post(f"{path}/override", data={"csrf": csrf, "verdict": "prohibited", "reason": "counsel said so"})
    assert "counsel said so" in client.get(path, headers=HTML).text


def test_another_edition_s_words_are_not_taken_from_the_shelf(start):
    client = start()
    path, _ = decided(client)
    coverage = client.get("/coverage", headers=HTML).text
    book = client.services.engine.book
    newer = {key: msgspec.structs.replace(one, title={"en": "NEWER", "zh": "新"}) for key, one in book.regimes.items()}
    law = client.services.law
    law.current = Edition(Engine(msgspec.structs.replace(book, regimes=newer, hash="0" * 64)), law.current.folders)
    answers._editions.cache_clear()
    assert "NEWER" not in coverage
    assert "NEWER" in client.get("/coverage", headers=HTML).text
    assert client.get(path, headers=HTML).status_code == 200


def test_a_body_is_read_once_and_a_changed_one_anew(start):
    client = start()
    path, _ = decided(client)
    record = client.services.record
    entry = record.store.entry(int(path.rpartition("/")[2]))
    bodies = _Bodies()
    assert bodies.kept(entry) is bodies.kept(entry)
    changed = msgspec.structs.replace(entry, body=entry.body.replace('"known":"2', '"known":"3', 1))
    assert bodies.kept(changed) != bodies.kept(entry)
    assert bodies.kept(msgspec.structs.replace(entry, body=None)) is None
    small = _Bodies(most=10)
    assert small.kept(entry) is not small.kept(entry)
    assert not small._read


def test_looks_may_be_left_out_of_a_case_and_bodies_out_of_the_last_entries(start):
    client = start()
    path, csrf = decided(client)
    for _ in range(3):
        client.get(path, headers=HTML)
    client.post(f"{path}/note", data={"csrf": csrf, "text": "seen"})
    record, n = client.services.record, int(path.rpartition("/")[2])
    assert {one.kind for one in record.case(n).later} == {"read", "note"}
    assert {one.kind for one in record.case(n, looks=False).later} == {"note"}
    last = record.last(4)
    assert [one.n for one in last] == sorted((one.n for one in last), reverse=True)
    assert last[0].n == record.head().n
    every = record.last(10_000)
    assert [msgspec.structs.replace(one, body=None) for one in every[::-1]] == [
        msgspec.structs.replace(one, body=None) for one in record.entries()
    ]
    assert all((one.body is None) == (one.kind == "decision") for one in every)
