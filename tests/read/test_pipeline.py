"""The pipeline on invented texts: one failing stage loses nothing else; an act in another dress is the same act."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

import msgspec
import pytest

from exeat.errors import InputError
from exeat.read import pipeline
from exeat.read.fold import traditional
from exeat.read.lexicon import lexicon
from exeat.read.link import Ledger
from exeat.read.pipeline import read_bytes, read_paths

TITLE = "美国商务部宣布禁止下载微信"
PARAGRAPHS = (
    "美国商务部9月18日宣布，自2020年9月20日起，禁止在美国境内下载或更新微信。商务部说，此举是为了维护国家安全。",
    "美国商务部昨天还宣布，将中芯国际列入实体清单，向该公司出口美国技术必须获得许可。",
    "腾讯公司当天回应称，公司反对这个决定，并将继续与政府沟通，希望能够找到各方都能接受的办法。",
)
NAVIGATION = ("首页", "新闻", "体育", "财经", "关于我们", "联系方式", "网站地图", "2019年度展览", "友情链接")


@pytest.fixture(scope="module")
def words(book):
    return lexicon(book)


@pytest.fixture(scope="module")
def ledger(book):
    return Ledger(book)


@pytest.fixture(scope="module")
def read(words, ledger):
    return lambda text, name="post.md": read_bytes(text.encode(), name, words, ledger)


def post(paragraphs=PARAGRAPHS, day="2020-09-18", title=TITLE):
    body = "".join(f"<p>{part}</p>\n" for part in paragraphs)
    return f'---\nlayout: post\ntitle: "{title}"\ndate: {day}T12:00:00.000Z\n---\n<div>{body}</div>\n'


def feed(paragraphs=PARAGRAPHS, count=1):
    body = escape("".join(f"<p>{part}</p>" for part in paragraphs))
    item = f"<item><title>{TITLE}</title><link>https://example.org/a</link>"
    item += "<pubDate>Fri, 18 Sep 2020 12:00:00 GMT</pubDate>"
    item += f"<description>{body}</description></item>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{item * count}</channel></rss>'


def acts(document, days=True):
    """What a document says, without its wording."""
    return sorted(
        (
            one.action,
            tuple(sorted(actor.id for actor in one.actors)),
            tuple(sorted(target.id for target in one.targets)),
            one.status,
            *(moment.value if moment and days else "" for moment in (one.announced, one.effective)),
            one.link.to if one.link and days else "",
        )
        for one in document.mentions
    )


def test_the_invented_post_is_read(read):
    document = read(post())[0]
    assert document.metadata.title.value == TITLE
    assert document.text.text == "\n".join(PARAGRAPHS)
    assert document.metadata.published.value.startswith("2020-09-18")
    first = next(one for one in document.mentions if one.action == "prohibit")
    assert [actor.id for actor in first.actors] == ["US-DOC"]
    assert "APP-WECHAT" in [target.id for target in first.targets]
    assert (first.announced.value, first.effective.value) == ("2020-09-18", "2020-09-20")
    assert first.link.to == "us.wechat-2020"
    assert any("enjoined" in part for part in first.history)


def test_evidence_is_where_it_says(read):
    for text in (post(), feed(), "\n\n".join(PARAGRAPHS)):
        document = read(text)[0]
        for one in document.mentions:
            assert one.evidence
            for part in one.evidence:
                assert document.text.text[part.start : part.end] == part.quote


def test_traditional_characters_say_the_same(read):
    back = {}
    for old, new in sorted(traditional().items()):
        back.setdefault(new, old)
    other = post(tuple("".join(back.get(char, char) for char in part) for part in PARAGRAPHS))
    assert other != post()
    assert acts(read(other)[0]) == acts(read(post())[0])


def test_width_of_signs_and_digits_does_not_matter(read):
    half = str.maketrans("，。；：（）", ",。;:()")
    full = str.maketrans("0123456789", "０１２３４５６７８９")
    want = acts(read(post())[0])
    assert acts(read(post(tuple(part.translate(half) for part in PARAGRAPHS)))[0]) == want
    assert acts(read(post(tuple(part.translate(full) for part in PARAGRAPHS)))[0]) == want


def test_a_feed_item_says_what_the_post_says(read):
    documents = read(feed(count=2), "feed.xml")
    assert [one.id for one in documents] == ["feed-1", "feed-2"]
    assert acts(documents[0]) == acts(documents[1]) == acts(read(post())[0])


def test_navigation_of_another_page_adds_nothing(read):
    plain = TITLE + "\n\n" + "\n".join(PARAGRAPHS) + "\n"
    alone = read(plain, "page.txt")[0]
    more = read(plain + "\n".join(NAVIGATION * 3) + "\n", "page.txt")[0]
    assert more.text.text == alone.text.text
    assert acts(more) == acts(alone)


def test_relative_days_move_with_the_day_of_publication(read):
    relative = ("美国商务部昨天宣布，从明天开始，禁止在美国境内下载或更新微信。",)
    found = {day: read(post(relative, day))[0].mentions[0] for day in ("2020-09-18", "2021-03-01")}
    assert found["2020-09-18"].announced.value == "2020-09-17"
    assert found["2020-09-18"].effective.value == "2020-09-19"
    assert found["2021-03-01"].announced.value == "2021-02-28"
    assert found["2021-03-01"].effective.value == "2021-03-02"


def test_without_any_stamp_no_day_is_guessed(read):
    document = read("天气预报说明天有雨。\n\n外交部发言人昨天在例行记者会上回答了提问。\n", "page.txt")[0]
    assert document.metadata.published.value is None
    assert document.metadata.published.inferred is None


def test_threats_and_denials_are_not_measures(read):
    document = read(post(("美国商务部没有禁止下载微信。", "美国商务部可能宣布其他跟微信相关的限制。")))[0]
    assert all(one.status not in ("announced", "in_force") for one in document.mentions if one.group == "measure")


def test_a_failing_stage_becomes_a_warning_and_loses_nothing_else(read, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("planted")

    for module, kept in (("check", "mentions"), ("times", "text"), ("frames", "times"), ("metadata", "text")):
        with monkeypatch.context() as patch:
            patch.setattr(getattr(pipeline, module), module, broken)
            document = read(post())[0]
        assert any(one.rule == f"stage.{module}" and "planted" in one.what for one in document.warnings)
        assert getattr(document, kept)


def test_one_unreadable_file_does_not_stop_the_others(tmp_path, words, ledger):
    (tmp_path / "a.md").write_text(post(), encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 nothing to read")
    (tmp_path / "c.md").write_text(post(), encoding="utf-8")
    found = read_paths([tmp_path, tmp_path / "missing.md"], words, ledger)
    assert [one.id for one in found.documents] == ["a", "c"]
    assert [Path(one.name).name for one in found.unread] == ["b.pdf", "missing.md"]


def test_the_same_bytes_give_the_same_bytes(tmp_path):
    path = tmp_path / "post.md"
    path.write_text(post(), encoding="utf-8")
    command = [sys.executable, "-c", "from exeat.cli.main import run; run()", "read", str(path), "--json"]
    found = {
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("0", "1", "77")
    }
    assert len(found) == 1
    assert msgspec.json.decode(found.pop())["mentions"]


def test_an_empty_document_is_an_error_that_says_so(words):
    with pytest.raises(InputError, match="empty"):
        read_bytes(b" \n", "x.txt", words)
