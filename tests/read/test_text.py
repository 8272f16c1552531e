"""Text and metadata of invented documents, one for each form; and of the seeds and samples where they are at hand."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from bench import read_text

from exeat.read.envelope import envelopes, front_matter
from exeat.read.metadata import Head, head, url_day
from exeat.read.open import open_document
from exeat.read.segment import LONGEST, sentences
from exeat.read.stamps import minguo
from exeat.read.stamps import read as stamp

SHARED = Path(__file__).parents[3] / "shared" / "sources"
NAV = '<div class="top-nav"><ul><li><a href="/">首页</a></li><li><a href="/n">新闻</a></li></ul></div>'
FOOT = '<div class="footer"><p>版权所有：某某部。未经授权不得转载。</p></div>'
LEDE = "部长今天说，要对测试物项实施管制，不是禁止出口。"
MORE = "他说，企业可以申请许可，有关办法将在六月公布。"


def told(document: str | bytes) -> Head:
    data = document.encode() if isinstance(document, str) else document
    return head(envelopes(open_document(data, "invented"))[0])


def lines(document: str | bytes) -> list[str]:
    return told(document).text.text.split("\n")


def day(document: str) -> str | None:
    return told(document).metadata.published.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18/09/2031 - 20:34", "2031-09-18T20:34:00"),
        ("2031-09-20T09:32:11.820Z", "2031-09-20T09:32:11.820Z"),
        ("Tue, 22 Dec 2031 00:21:08 GMT", "2031-12-22T00:21:08Z"),
        ("2031-09-18-12-52-36", "2031-09-18T12:52:36"),
        ("发布时间：２０３１-12-03 11:05", "2031-12-03T11:05:00"),
        ("2031年12月3日 下午3:05", "2031-12-03T15:05:00"),
        ("民國120年10月17日", "2031-10-17"),
        ("Sept. 18, 2031 at 3:05 p.m. ET", "2031-09-18T15:05:00-04:00"),
        ("18 September 2031", "2031-09-18"),
        ("20310918", "2031-09-18"),
        ("03/04/2031", None),
        ("2031-02-30", None),
        ("31/9/18", None),
        ("1091017", None),
        ("第38号", None),
    ],
)
def test_stamps(text, value):
    found = stamp(text)
    assert (found and found.value) == value


def test_ambiguous_stamps_need_the_publishers_order():
    assert stamp("03/04/2031", "dmy").value == "2031-04-03"
    assert stamp("03/04/2031", "mdy").value == "2031-03-04"
    assert minguo("完）1091017") == "2020-10-17"
    assert minguo("完）1091317") is None


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://x.example/2031/05/06/a", "2031-05-06"),
        ("https://x.example/20310506-a", "2031-05-06"),
        ("https://x.example/story20310506-1083257", "2031-05-06"),
        ("https://x.example/acn/203105060204.aspx", "2031-05-06"),
        ("https://x.example/a/c_123456789.htm", None),
        ("https://x.example/2031/05/06/2031-05-09", None),
        ("https://x.example/2031/05/", None),
    ],
)
def test_days_in_addresses(url, value):
    assert url_day(url) == value


def test_front_matter_need_not_be_yaml():
    found = {
        part.field: part.value
        for part in front_matter('title: 他说："要"，不是"不"\ndate: 2031-05-06-12-52-36\ntags: [ a, b ]')
    }
    assert found["title"] == '他说："要"，不是"不"'
    assert found["date"] == "2031-05-06-12-52-36"


def test_a_post_with_damaged_date_and_address():
    post = f'---\ntitle: "甲 \\"乙\\""\ndate: 2031-05-06-12-52-36\nfrom: https://news.example/2031/05/06/x\n---\n{LEDE}\n\n{MORE}\n'
    found = told(post)
    assert found.metadata.title.value == '甲 "乙"'
    assert found.metadata.published.value == "2031-05-06T12:52:36"
    assert found.text.text == f"{LEDE}\n{MORE}"


def test_an_address_that_is_none_costs_only_itself():
    for address in ("http://[x.y", "https://a.b[c", "http://x.y:z/1"):
        found = told(f"---\ntitle: 甲乙\nguid: {address}\npermalink: /p\n---\n{LEDE}\n\n{MORE}\n")
        assert found.metadata.title.value == "甲乙"
        assert found.metadata.url.value is None


def test_the_lede_outside_the_body_is_kept():
    post = "<!--1935600000000-->\n[某标题某标题](https://news.example/x)\n------\n"
    post += f"<div><div>06/05/2031 - 20:34</div><p><strong>{LEDE}</strong></p>"
    post += f'<div class="body"><p>{MORE}</p><div class="o-self-promo">订阅我们的通讯，每天一封。</div></div></div>'
    post += "<button>继续</button>"
    found = told(post)
    assert found.text.text == f"{LEDE}\n{MORE}"
    assert found.metadata.title.value == "某标题某标题"
    assert found.metadata.feed_time.value == "2031-05-03T18:40:00Z"


def test_a_stamp_later_than_the_feed_is_not_believed():
    post = f"<!--1935600000000-->\n<div><div>2031-05-09 20:34</div><p>{LEDE}</p><p>{MORE}</p></div>"
    found = told(post).metadata.published
    assert found.value is None
    assert "later than the feed" in found.reason
    assert [part.value for part in found.conflicts] == ["2031-05-09T20:34:00"]


def test_the_zone_of_a_publisher_counts():
    post = (
        "---\ntitle: a\ndate: 2031-05-06T18:30:00Z\nfrom: https://www.zaobao.com/a\n---\n"
        + f"<p>{LEDE}</p><p>{MORE}</p>"
    )
    found = told(post).metadata.published
    assert (found.value, found.zone) == ("2031-05-07T02:30:00+08:00", "Asia/Singapore")
    post = "<!--1935513600000-->\n[a b](https://www.rfi.fr/cn/a)\n------\n"
    post += f"<div><div>02/05/2031 - 18:34</div><p>{LEDE}</p><p>{MORE}</p></div>"
    assert told(post).metadata.published.value == "2031-05-02T18:34:00+02:00"


def test_a_robots_run_is_not_the_day():
    body = "\n---\nThe ministry banned widgets on Tuesday, it said in a statement.\n"
    assert day("---\ntitle: a\ndate: 2036-05-06 12:52:36 +0000\nauthor: SomeBot" + body) == "2036-05-06T12:52:36+00:00"
    assert day("---\ntitle: a\ndate: 2036-05-06 12:52:36 +0000\nauthor: news bot" + body) is None
    both = "---\ntitle: a\ndate: 2036-05-06 12:52:36 +0000\nauthor: bot\noriginal_published: 2031-04-09 00:00:00 +0000"
    assert day(both + body) == "2031-04-09"
    assert (
        day("---\ntitle: a\ndate: 2036-05-06 12:52:36 +0000\nlink: https://n.example/2031/04/09/a" + body)
        == "2031-04-09"
    )


def test_two_days_that_disagree_need_a_third():
    page = '<html><head><link rel="canonical" href="https://n.example/2031/04/02/a"></head><body><h1>某标题某标题</h1>'
    page += f'<time datetime="2031-05-01">x</time><p>{LEDE}</p><p>{MORE}</p></body></html>'
    found = told(page).metadata.published
    assert found.value is None
    assert len(found.conflicts) == 2
    assert day(page.replace("<html>", "<html><!--1935500000-->").replace("05-01", "05-02")) == "2031-05-02"


def test_years_in_menus_are_no_date():
    assert day(f"{LEDE}\n{MORE}\n2034上海展览会\n2036年广州博览会\n2035年展览\n关于我们\n") is None


def test_an_announcement_page_in_gb18030():
    page = f"""<!DOCTYPE html><html><head><meta charset="gb2312">
    <title>商务部公告2031年第7号_某某网</title></head><body>{NAV}
    <div class="art"><h2>商务部公告2031年第7号</h2><div><span>来源：某局</span>
    <span>2031-05-06 16:00</span></div><div class="con">
    <p>【发布单位】商务部</p><p>【发布文号】2031年第7号</p><p>【发布日期】2031年5月6日</p>
    <p>根据有关法律规定，决定对测试物项实施出口管制。现将有关事项公告如下：</p><p>一、出口上述物项应当申请许可。</p>
    <p>二、本公告自2031年6月1日起实施。</p><p>商 务 部</p><p>2031年5月6日</p></div></div>{FOOT}</body></html>"""
    found = told(page.encode("gb18030"))
    assert found.metadata.title.value == "商务部公告2031年第7号"
    assert found.metadata.published.value == "2031-05-06"
    assert found.metadata.publisher.value == "中华人民共和国商务部"
    assert found.text.text.split("\n")[1:] == [
        "根据有关法律规定，决定对测试物项实施出口管制。现将有关事项公告如下：",
        "一、出口上述物项应当申请许可。",
        "二、本公告自2031年6月1日起实施。",
        "商 务 部",
        "2031年5月6日",
    ]


def test_a_page_of_the_federal_register():
    page = """<html><head>
    <link rel="canonical" href="https://www.federalregister.gov/documents/2031/05/06/2031-01234/widgets">
    <title>Federal Register :: Imaginary Controls on Widgets</title></head><body>
    <header><nav><a href="/">Sections</a></nav>
    </header><main>
    <h1>Imaginary Controls on Widgets</h1><aside><p>Printed version of this document is here for you.</p></aside>
    <div id="fulltext"><h2>SUMMARY:</h2><p>The Imaginary Bureau adds seven widgets to the list of widgets.</p>
    <h2>DATES:</h2>
    <p>This rule is effective May 9, 2031.</p><p>(a) <i>Scope.</i> No person may export a widget without a licence.</p>
    <p>[FR Doc. 2031-01234 Filed 5-5-31; 8:45 am]</p></div></main>
    <footer><p>All rights reserved.</p></footer></body></html>"""
    found = told(page)
    assert found.metadata.published.value == "2031-05-06"
    assert found.metadata.title.value == "Imaginary Controls on Widgets"
    assert "This rule is effective May 9, 2031." in found.text.text.split("\n")
    assert "(a) Scope. No person may export a widget without a licence." in found.text.text
    assert not any(word in found.text.text for word in ("Printed", "FR Doc", "reserved", "Sections"))


def test_a_feed_gives_its_items():
    feed = f"""<?xml version="1.0"?><rss version="2.0"
    xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Wire</title>
    <item><title>Gears &amp;amp; widgets</title><link>https://w.example/2031/05/06/a</link>
    <pubDate>Tue, 06 May 2031 09:30:00 +0000</pubDate>
    <description>Short.</description><content:encoded><![CDATA[<p>{LEDE}</p><p>{MORE}</p>]]></content:encoded></item>
    <item><title>Second</title><link>https://w.example/b</link>
    <description>{html.escape(f"<p>{MORE}</p><p>{LEDE}</p>")}</description></item>
    </channel></rss>"""
    first, second = (head(part) for part in envelopes(open_document(feed.encode(), "f.xml")))
    assert first.metadata.title.value == "Gears & widgets"
    assert first.metadata.published.value == "2031-05-06T09:30:00+00:00"
    assert first.text.text == f"{LEDE}\n{MORE}"
    assert second.text.text == f"{MORE}\n{LEDE}"
    assert second.metadata.published.value is None


def test_atom_with_marked_up_content():
    feed = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>G</title><entry>
    <title>Order 7</title><link href="https://g.example/7"/>
    <published>2031-05-06T09:00:00+02:00</published><content type="xhtml">
    <div xmlns="http://www.w3.org/1999/xhtml"><p>{LEDE}</p>
    <p>{MORE}</p></div></content></entry></feed>"""
    found = told(feed)
    assert found.metadata.published.value == "2031-05-06T09:00:00+02:00"
    assert found.text.text == f"{LEDE}\n{MORE}"


def test_a_machine_written_wrapper_gives_only_the_documents_text():
    wrapper = f"""# 某部公告2031年第7号

- **URL**: http://www.mofcom.gov.cn/a.html
- **Date**: 2031-05-06
- **Fetched**: 2036-01-29 07:38:55

## Summary\n\n{LEDE}\n\n## Full Text\n\n{LEDE}\n\n{MORE}\n
## Impact Assessment\n\nThis may affect businesses of many kinds.\n"""
    found = told(wrapper)
    assert found.text.text == f"{LEDE}\n{MORE}"
    assert found.metadata.published.value == "2031-05-06"
    assert found.metadata.url.value == "http://www.mofcom.gov.cn/a.html"


MENU = "首页\n新闻\n国际\n财经\n某某展览会2034\n关于我们\n"
STORY = f"部长宣布对测试物项实施管制\n部长今天宣布，对测试物项实施管制，自六月一日起施行。\n{MORE}\n"
OTHER = "外长提出全球测试倡议 不会要求企业违法\n"
OTHER += "外长今天提出全球测试倡议，并强调不会要求企业违法提供资料。\n他说，各国可以参加这项倡议。\n"


def test_menus_around_scraped_text_go():
    found = told(MENU + STORY + MENU)
    assert found.metadata.title.value == "部长宣布对测试物项实施管制"
    assert found.text.text == "\n".join(STORY.split("\n")[1:3])
    assert found.text.parts == ()


def test_two_articles_run_together_are_parts():
    found = told(STORY + OTHER + MENU)
    first, second = found.text.parts
    assert found.text.text[first.span.start : first.span.end] == "\n".join(STORY.split("\n")[1:3])
    assert found.text.text[second.span.start : second.span.end] == OTHER.strip()
    assert second.heading == OTHER.split("\n", maxsplit=1)[0]


@pytest.mark.parametrize("tail", ["本公告自公布之日起施行。\n", ""])
def test_a_list_of_names_belongs_to_the_text(tail):
    names = "".join(f"{number}.某{letter}公司\n" for number, letter in enumerate("甲乙丙丁戊", 1))
    notice = f"商务部决定将下列实体列入管控名单，自公布之日起施行：\n{names}{tail}商务部\n2031年5月6日\n"
    found = told(notice)
    assert found.text.text == notice.strip()
    assert found.metadata.published.value == "2031-05-06"


def test_wrapped_lines_are_joined():
    text = "The ministry banned widgets on Tuesday, it said in a statement that\n"
    text += "surprised the makers of widgets, who had asked for a longer period\n"
    text += "in which to adapt.\n\nThe makers said that they would go to court against the ban and that\n"
    text += "they expected to win.\n"
    assert len(lines(text)) == 2


def test_links_credits_captions_and_rights_go():
    page = f"<div><figure><p>图片说明文字一二三四五。</p></figure><p>{LEDE}</p>"
    page += "<ul><li><a href='/1'>另一条新闻的标题甲乙丙</a></li></ul>"
    page += f"<p>{MORE}</p><div><small>站在楼前的人们。（资料照）</small></div><p>（編輯：王小明/李小華）1200506</p>"
    page += "<p>责任编辑：张三</p><p>版权声明：本文所有内容受著作权法保护，未经授权不得使用。</p></div>"
    assert lines(page) == [LEDE, MORE]


def test_the_same_text_as_feed_item_post_and_page():
    body = f"<p>{LEDE}</p><p>{MORE}</p>"
    post = "---\ntitle: 某标题某标题\ndate: 2031-05-06T10:00:00Z\nfrom: https://n.example/a\n---\n" + body
    feed = "<rss><channel><item><title>某标题某标题</title><link>https://n.example/a</link>"
    feed += "<pubDate>2031-05-06T10:00:00Z</pubDate>"
    feed += f"<description>{html.escape(body)}</description></item></channel></rss>"
    page = (
        "<html><head><title>某标题某标题 - 某站</title></head><body>"
        + NAV
        + f"<div>{body}</div>"
        + FOOT
        + "</body></html>"
    )
    texts = {told(document).text.text for document in (post, feed, page)}
    assert texts == {f"{LEDE}\n{MORE}"}
    assert {told(document).metadata.title.value for document in (post, feed, page)} == {"某标题某标题"}
    assert told(post).metadata.published.value == told(feed).metadata.published.value


def test_dateline():
    found = told(
        f"---\ntitle: a\ndate: 2031-06-01T10:00:00Z\n---\n（法新社华盛顿31日电）{LEDE}\n\n{MORE}\n"
    ).metadata.dateline
    assert (found.value, found.zone) == ("2031-05-31", "America/New_York")
    found = told("Town, Ohio (Reuters) - The ministry banned widgets, it said in a statement.\n").metadata
    assert found.dateline.value is None
    assert found.publisher.value == "Reuters"


@pytest.mark.skipif(not SHARED.exists(), reason="the seeds and samples are not at hand")
def test_seeds_and_samples_reach_the_bars():
    rows = read_text.score(SHARED)["documents"]
    assert [row["id"] for row in rows if row["f1"] < (0.995 if row["seed"] else 0.99)] == []
    assert [row["id"] for row in rows if not (row["lede"] and row["title"] and row["day"])] == []
    assert [row["id"] for row in rows if row["wrong"] or row["evidence"] < row["quotes"]] == []
    assert {row["id"] for row in rows if row["parts"] == 2} == {"002"}


def test_a_sentence_without_end_is_cut_where_a_clause_ends():
    """Lists and texts that are no prose have no full stops; what they hold must still be read, in linear time."""
    part = "商务部宣布禁止下载微信，"
    text = part * 300
    spans = sentences(text)
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert max(span.end - span.start for span in spans) <= LONGEST
    assert all(text[span.start : span.end].endswith("，") for span in spans)
    assert len(sentences("字" * (3 * LONGEST))) == 3
    assert len(sentences("字" * LONGEST)) == 1
