"""The same document in another dress says the same.

**The invariant.** Two readings of one document agree if they have the same multiset of acts, where an act is: group,
action, status, salience, the actors and the targets (each by id, or by bare folded name where it has none), the values
and bounds of the days announced, effective and deadline, the number of the instrument, and the entry of the rulebook.
Where the change is one character for one character (or of what lies outside the text), the quotations moreover stand
at the same offsets. The documents are invented; the annotated ones are changed too where they are at hand."""

from __future__ import annotations

import datetime as dt
import re
from html import escape

import msgspec
import opencc
import pytest

from exeat.read import anchors as anchoring
from exeat.read import regional
from exeat.read import times as timing
from exeat.read.envelope import envelopes
from exeat.read.fold import fold, script
from exeat.read.lexicon import lexicon
from exeat.read.link import Ledger, bare
from exeat.read.metadata import head
from exeat.read.model import Anchor
from exeat.read.open import open_document
from exeat.read.pipeline import read_bytes
from exeat.read.regional import mainland, variants
from tests.conftest import ROOT

SOURCES = ROOT.parent / "shared" / "sources"
FILES = sorted(SOURCES.glob("seeds/*.txt")) + sorted(SOURCES.glob("samples/*.txt"))
CHINESE = {
    "apps": (
        "美国商务部宣布禁止下载微信",
        "2020-09-18",
        (
            "美国商务部9月18日宣布，自2020年9月20日起，禁止在美国境内下载或更新微信。商务部说，此举是为了维护国家安全。",
            "美国商务部昨天还宣布，将中芯国际列入实体清单，向该公司出口美国技术必须获得许可。",
            "腾讯公司当天回应称，公司反对这个决定，并将继续与政府沟通，希望能够找到各方都能接受的办法。",
        ),
    ),
    "catalogue": (
        "商务部和科技部调整出口目录",
        "2021-03-02",
        (
            "中国商务部3月1日发布修订后的《中国禁止出口限制出口技术目录》，自公布之日起施行。",
            "此次修订共涉及10项技术条目：删除3项限制类条目；新增5项限制类条目；对2项条目的控制要点进行了修改。",
            "商务部发言人今天表示，企业应当遵守有关规定，违反规定的企业将被处以罚款。",
        ),
    ),
    "courts": (
        "法官暂缓执行微信禁令",
        "2020-09-21",
        (
            "加利福尼亚州的一名联邦法官周日发布命令，暂缓执行特朗普政府针对微信的禁令。",
            "这项禁令原定于9月20日生效。美国商务部表示反对，并可能提出上诉。",
            "美国财政部上周五宣布制裁两名中国官员。印度政府6月29日宣布封禁59款中国应用程序。",
        ),
    ),
    "lists": (
        "国防部公布新的名单",
        "2021-01-15",
        (
            "美国国防部1月14日宣布，将小米列入中国军方企业名单，投资者必须在2021年11月11日之前出售股票。",
            "商务部部长说，政府将于下周二公布规则，并考虑限制更多企业。中国外交部昨天表示坚决反对。",
            "台积电去年停止向华为供货。荷兰政府拒绝向阿斯麦发放出口许可证。",
        ),
    ),
    "network": (
        "国务院扩大清洁网络计划",
        "2020-08-06",
        (
            "美国国务院8月5日宣布扩大“清洁网络”计划，把不受信任的中国应用程序从应用商店里移除。",
            "特朗普总统今天签署行政命令，禁止与字节跳动进行交易。美国商务部将英伟达的芯片列为受管制的产品。",
            "中国外交部上周三发起《全球数据安全倡议》，并表示不会要求中国企业提供境外数据。",
        ),
    ),
}
ENGLISH = {
    "apps": (
        "Commerce Department bans downloads of WeChat",
        "2020-09-18",
        (
            "The U.S. Commerce Department announced on Friday that it will ban downloads of WeChat from "
            "September 20, 2020.",
            "A federal judge in California blocked the Trump administration's ban on TikTok on Thursday, "
            "a lawyer said.",
            "ByteDance said that it disagreed with the decision and would continue to talk to the government.",
        ),
    ),
    "lists": (
        "Commerce Department adds companies to its list",
        "2021-04-09",
        (
            "The Commerce Department added seven Chinese companies to the Entity List on Thursday, it said.",
            "The Pentagon removed Xiaomi from its list of Chinese military companies yesterday, a spokesman said.",
            "China fined Alibaba a record 9 billion yuan last Friday. "
            "The United States is considering banning Chinese apps.",
        ),
    ),
}
EVERY = {**{f"zh-{key}": one for key, one in CHINESE.items()}, **{f"en-{key}": one for key, one in ENGLISH.items()}}


@pytest.fixture(scope="module")
def read(book):
    words, ledger = lexicon(book), Ledger(book)
    return lambda raw, name="post.md": read_bytes(raw if isinstance(raw, bytes) else raw.encode(), name, words, ledger)


def post(title, day, paragraphs):
    body = "".join(f"<p>{escape(part)}</p>\n" for part in paragraphs)
    return f'---\nlayout: post\ntitle: "{title}"\ndate: {day}T12:00:00.000Z\n---\n<div>{body}</div>\n'


def who(actor):
    return actor.id or bare(actor.name)


def act(one):
    days = [(moment.value, moment.bound) if moment else None for moment in (one.announced, one.effective, one.deadline)]
    number = one.instrument.number if one.instrument else ""
    actors, targets = (tuple(sorted(map(who, which))) for which in (one.actors, one.targets))
    entry = one.link.to if one.link else ""
    return repr((one.group, one.action, one.status, one.salience, actors, targets, days, number, entry))


def acts(document):
    return sorted(map(act, document.mentions))


def places(document):
    """Each act with the places of its quotations."""
    return sorted((act(one), [(part.start, part.end) for part in one.evidence]) for one in document.mentions)


@pytest.mark.parametrize("key", EVERY)
def test_each_document_says_enough_for_the_other_tests_to_mean_something(read, key):
    document = read(post(*EVERY[key]))[0]
    assert len(document.mentions) >= 3
    assert len({one.action for one in document.mentions}) >= 3
    assert any(one.announced for one in document.mentions)


# --- Traditional characters

_CONVERTERS = {name: opencc.OpenCC(name) for name in ("s2t", "s2tw", "s2hk")}


@pytest.mark.parametrize("way", _CONVERTERS)
@pytest.mark.parametrize("key", CHINESE)
def test_traditional_characters(read, key, way):
    title, day, paragraphs = CHINESE[key]
    convert = _CONVERTERS[way].convert
    other = tuple(map(convert, paragraphs))
    assert other != paragraphs
    assert [len(one) for one in other] == [len(one) for one in paragraphs]
    had, found = read(post(title, day, paragraphs))[0], read(post(convert(title), day, other))[0]
    assert script(found.text.text) == "zh-Hant"
    assert places(found) == places(had)


# OpenCC's words for Taiwan are those of software: in news these stay as they are.
_NOT_IN_NEWS = {
    "釋出": "發布",
    "位元組": "字節",
    "宣告": "聲明",
    "擴充套件": "擴展",
    "支援": "支持",
    "專案": "項目",
}
_WORDS = opencc.OpenCC("s2twp")


def as_in_taiwan(text):
    told = _WORDS.convert(text)
    for wrong, right in _NOT_IN_NEWS.items():
        told = told.replace(wrong, right)
    return told


@pytest.mark.parametrize("key", CHINESE)
def test_the_words_of_taiwan(read, key):
    title, day, paragraphs = CHINESE[key]
    other = tuple(map(as_in_taiwan, paragraphs))
    assert other != tuple(map(_CONVERTERS["s2tw"].convert, paragraphs)) or key in ("apps", "catalogue", "lists")
    had, found = read(post(title, day, paragraphs))[0], read(post(as_in_taiwan(title), day, other))[0]
    assert acts(found) == acts(had)


@pytest.mark.parametrize("way", ["s2t", "s2tw", "words"])
@pytest.mark.parametrize("path", FILES, ids=[path.name[:3] for path in FILES])
def test_traditional_characters_of_the_annotated_documents(read, path, way):
    had = read(path.read_bytes(), path.name)[0]
    convert = as_in_taiwan if way == "words" else _CONVERTERS[way].convert
    if script(had.text.text) == "en":
        pytest.skip("an English document has no Traditional form")
    # The text as it was extracted: names in the wrapping are another matter (profiles know them in one script).
    text = had.text.text
    other = convert(text)
    day = (had.metadata.published.value or had.metadata.published.inferred or "2020-01-01")[:10]
    plain, changed = (read(post("某标题", day, one.split("\n")))[0] for one in (text, other))
    assert acts(changed) == acts(plain)
    if way != "words":
        assert len(other) == len(text)
        assert places(changed) == places(plain)


# --- full and half width

HALF = str.maketrans("，；：？！（）％", ",;:?!()%")
FULL = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
DIGITS = {code: code + 0xFEE0 for code in range(0x30, 0x3A)}
LETTERS = {code: code + 0xFEE0 for code in (*range(0x41, 0x5B), *range(0x61, 0x7B))}
BRACKETS = str.maketrans("“”‘’《》", "「」『』〈〉")
WIDTHS = {"half": HALF, "full": FULL, "digits": DIGITS, "letters": LETTERS, "quotes": BRACKETS}


@pytest.mark.parametrize("way", WIDTHS)
@pytest.mark.parametrize("key", CHINESE)
def test_width(read, key, way):
    title, day, paragraphs = CHINESE[key]
    # a title keeps its form: it is told by the front matter, which is no text
    other = tuple(one.translate(WIDTHS[way]) for one in paragraphs)
    had, found = (read(post(title, day, one))[0] for one in (paragraphs, other))
    assert places(found) == places(had)


@pytest.mark.parametrize("way", WIDTHS)
@pytest.mark.parametrize("path", FILES, ids=[path.name[:3] for path in FILES])
def test_width_of_the_annotated_documents(read, path, way):
    had = read(path.read_bytes(), path.name)[0]
    if script(had.text.text) == "en":
        pytest.skip("no English text is set in full width")
    text = had.text.text
    day = (had.metadata.published.value or had.metadata.published.inferred or "2020-01-01")[:10]
    plain, changed = (read(post("某标题", day, one.split("\n")))[0] for one in (text, text.translate(WIDTHS[way])))
    assert places(changed) == places(plain)


# --- wrapping

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Wire</title><link>https://w.example/</link><lastBuildDate>{rfc}</lastBuildDate>
<item><title>Before</title><description>&lt;p&gt;Nothing happened today.&lt;/p&gt;</description></item>
<item><title>{title}</title><link>https://w.example/story</link><pubDate>{rfc}</pubDate>{body}</item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title><id>urn:x</id>
<updated>{day}T12:00:00Z</updated><entry><title>Before</title><content>Nothing happened today.</content></entry>
<entry><title type="html">{title}</title><link rel="alternate" href="https://w.example/story"/><id>urn:y</id>
<published>{day}T12:00:00Z</published><updated>{day}T12:00:00Z</updated>{body}</entry></feed>"""
SPACE = 'xmlns="http://www.w3.org/1999/xhtml"'
WRAPPINGS = {
    "rss description": (RSS, lambda html: f"<description>{escape(html)}</description>"),
    "rss content": (
        RSS,
        lambda html: (
            f"<description>{escape(html[:60])}</description><content:encoded><![CDATA[{html}]]></content:encoded>"
        ),
    ),
    "rss cdata": (RSS, lambda html: f"<description><![CDATA[{html}]]></description>"),
    "rss twice": (RSS, lambda html: f"<description>{escape(escape(html))}</description>"),
    "atom html": (ATOM, lambda html: f'<content type="html">{escape(html)}</content>'),
    "atom xhtml": (ATOM, lambda html: f'<content type="xhtml"><div {SPACE}>{html}</div></content>'),
    "atom summary": (ATOM, lambda html: f'<summary type="html">{escape(html)}</summary>'),
}


@pytest.mark.parametrize("way", WRAPPINGS)
@pytest.mark.parametrize("key", EVERY)
def test_wrapping_as_a_feed(read, key, way):
    title, day, paragraphs = EVERY[key]
    whole, inner = WRAPPINGS[way]
    body = "".join(f"<p>{escape(part)}</p>" for part in paragraphs)
    rfc = dt.datetime.fromisoformat(day).strftime("%a, %d %b %Y 12:00:00 GMT")
    feed = whole.format(title=escape(title), day=day, rfc=rfc, body=inner(body))
    had = read(post(title, day, paragraphs))[0]
    found = read(feed, "feed.xml")
    assert [one.id for one in found] == ["feed-1", "feed-2"]
    assert found[1].text.text == had.text.text
    assert found[1].metadata.title.value == title
    assert found[1].metadata.published.value[:10] == day
    assert places(found[1]) == places(had)


@pytest.mark.parametrize("way", ["rss description", "atom html"])
@pytest.mark.parametrize("path", FILES, ids=[path.name[:3] for path in FILES])
def test_wrapping_the_annotated_documents(read, path, way):
    """The body after the front matter, as an item of the same title, address and time."""
    had = read(path.read_bytes(), path.name)[0]
    about = had.metadata
    raw = open_document(path.read_bytes(), path.name)
    (envelope,) = envelopes(raw)
    if envelope.whole != "front-matter" or envelope.form != "html" or not about.published.value:
        pytest.skip("only a post with a body of HTML and a day has the form of a feed's item")
    whole, inner = WRAPPINGS[way]
    moment = about.published.value if len(about.published.value) > 10 else f"{about.published.value}T12:00:00Z"
    if not re.search(r"Z$|[+-]\d\d:\d\d$", moment):
        moment += "Z"
    feed = whole.format(title=escape(about.title.value or "x"), day="2031-01-01", rfc=moment, body=inner(envelope.body))
    feed = feed.replace("<published>2031-01-01T12:00:00Z</published>", f"<published>{moment}</published>")
    feed = feed.replace("<updated>2031-01-01T12:00:00Z</updated>", "")
    feed = feed.replace("https://w.example/story", about.url.value or "https://w.example/story")
    found = read(feed, "feed.xml")[1]
    assert found.text.text == had.text.text
    assert acts(found) == acts(had)


# --- another document's navigation

MENUS = (
    (
        "首页",
        "新闻",
        "国际",
        "财经",
        "体育",
        "某某展览会2034",
        "关于我们",
        "联系方式",
        "网站地图",
        "友情链接",
        "返回顶部",
    ),
    (
        "首页",
        "美国宣布制裁四家企业",
        "商务部公布新的实体清单",
        "特朗普签署行政命令禁止支付宝",
        "中国宣布限制稀土出口",
        "更多新闻",
        "版权所有 2029",
        "网站地图",
    ),
    ("Home", "World", "Business", "Subscribe", "Commerce adds nine firms to Entity List", "Sign in", "Contact", "RSS"),
)


@pytest.mark.parametrize("menu", MENUS, ids=["short", "headlines", "english"])
@pytest.mark.parametrize("where", ["after", "before", "around"])
@pytest.mark.parametrize("key", EVERY)
def test_navigation_around_scraped_text(read, key, where, menu):
    title, _, paragraphs = EVERY[key]
    plain = "\n".join((title, *paragraphs)) + "\n"
    lines = "\n".join(menu) + "\n"
    other = (lines if where != "after" else "") + plain + (lines if where != "before" else "")
    had, found = read(plain, "page.txt")[0], read(other, "page.txt")[0]
    assert found.text.text == had.text.text
    assert places(found) == places(had)


@pytest.mark.parametrize("menu", MENUS, ids=["short", "headlines", "english"])
@pytest.mark.parametrize("key", EVERY)
def test_navigation_of_a_page(read, key, menu):
    title, day, paragraphs = EVERY[key]
    links = "".join(f'<li><a href="/{number}">{escape(part)}</a></li>' for number, part in enumerate(menu))
    top = f"<html><head><title>{escape(title)}</title><meta property='article:published_time' content='{day}'></head>"
    body = "".join(f"<p>{escape(part)}</p>" for part in paragraphs)
    main = f"<h1>{escape(title)}</h1>{body}"
    had = read(f"{top}<body><article>{main}</article></body></html>", "page.html")[0]
    for frame in (
        f"<nav><ul>{links}</ul></nav><article>{main}</article><footer><ul>{links}</ul></footer>",
        f"<div><ul>{links}</ul></div><div>{main}</div><div><ul>{links}</ul></div>",
        f"<div>{main}</div><aside><h3>Related</h3><ul>{links}</ul></aside>",
    ):
        found = read(f"{top}<body>{frame}</body></html>", "page.html")[0]
        assert found.text.text == had.text.text
        assert places(found) == places(had)


@pytest.mark.skipif(not FILES, reason="the seeds are not here")
@pytest.mark.parametrize("key", EVERY)
def test_navigation_of_a_seed(read, key):
    """The menu with which one seed was scraped, after a text of our own."""
    raw = next(path for path in FILES if path.name.startswith("002")).read_text(encoding="utf-8")
    lines = [line for line in raw.split("\n") if line.strip()]
    menu = "\n".join(lines[-40:])
    title, _, paragraphs = EVERY[key]
    plain = "\n".join((title, *paragraphs)) + "\n"
    had, found = read(plain, "page.txt")[0], read(plain + menu + "\n", "page.txt")[0]
    assert found.text.text == had.text.text
    assert places(found) == places(had)


# --- the day of publication

SHIFTS = (1, 7, 45, 400, -3, -200)
RELATIVE = (
    ("美国商务部昨天宣布，从明天开始，禁止在美国境内下载或更新微信。", (-1, 1)),
    ("美国商务部今天宣布，自后天起，禁止在美国境内下载或更新微信。", (0, 2)),
    ("美国商务部前天宣布，禁止下载微信，三天后生效。", (-2, None)),
    ("The U.S. Commerce Department announced yesterday that it will ban downloads of WeChat from tomorrow.", (-1, 1)),
)
ABSOLUTE = (
    ("美国商务部2020年9月18日宣布，自2020年9月20日起，禁止在美国境内下载或更新微信。", ("2020-09-18", "2020-09-20")),
    (
        "The U.S. Commerce Department announced on September 18, 2020 that it will ban downloads of WeChat "
        "from September 20, 2020.",
        ("2020-09-18", "2020-09-20"),
    ),
    ("國家網信辦民國110年7月2日宣布，自民國110年7月4日起，禁止下載滴滴出行。", ("2021-07-02", "2021-07-04")),
)


def later(day, days):
    return (dt.date.fromisoformat(day) + dt.timedelta(days=days)).isoformat()


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize(("text", "steps"), RELATIVE)
def test_relative_days_shift_with_the_day_of_publication(read, text, steps, shift):
    day = later("2021-03-03", shift)
    (one,) = [one for one in read(post("标题", day, (text,)))[0].mentions if one.action == "prohibit"]
    found = [moment.value if moment else None for moment in (one.announced, one.effective)]
    for value, step in zip(found, steps, strict=True):
        assert step is None or value == later(day, step)


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize(("text", "days"), ABSOLUTE)
def test_absolute_days_stay(read, text, days, shift):
    day = later("2021-08-01", shift)
    (one,) = [one for one in read(post("标题", day, (text,)))[0].mentions if one.action == "prohibit"]
    assert (one.announced.value, one.effective.value) == days


@pytest.mark.parametrize("shift", [28, 364, -28])
@pytest.mark.parametrize("path", FILES, ids=[path.name[:3] for path in FILES])
def test_times_of_the_annotated_documents_shift_or_stay(path, shift):
    """With the day of publication as the only anchor, moved by whole weeks: what needs no anchor stays; a word or
    weekday that counts from the anchor moves with it. (A month and day without a year do neither.)"""
    (envelope, *_) = envelopes(open_document(path.read_bytes(), path.name))
    text = head(envelope).text
    base = "2020-09-18"
    had, moved = (timing.times(text, [Anchor(day, "published")]) for day in (base, later(base, shift)))
    assert [one.text for one in had] == [one.text for one in moved]
    if not had:
        pytest.skip("a text without any expression of time")
    steady = moving = 0
    for one, other in zip(had, moved, strict=True):
        rule = one.basis.partition(":")[0].partition(".")[2]
        if not one.anchor and rule != "back":  # 届时 is as steady as what it stands for
            assert (other.start, other.end, other.value) == (one.start, one.end, one.value), one
            steady += bool(one.value)
        elif rule in ("word", "week", "weekday") and not re.search(r"\d", one.text):
            days = [later(day, shift) if len(day) == 10 else day for day in (one.start, one.end)]
            assert [other.start, other.end] == days, one
            moving += 1
    assert steady + moving


# --- bytes

LINES = {"crlf": "\r\n", "cr": "\r"}


@pytest.mark.parametrize("ends", LINES)
@pytest.mark.parametrize("key", EVERY)
def test_line_ends(read, key, ends):
    title, day, paragraphs = EVERY[key]
    for text, name in ((post(title, day, paragraphs), "a.md"), ("\n".join((title, *paragraphs, "")), "a.txt")):
        had, found = read(text, name)[0], read(text.replace("\n", LINES[ends]), name)[0]
        assert found.text.text == had.text.text
        assert msgspec.structs.asdict(found.metadata) == msgspec.structs.asdict(had.metadata)
        assert found.mentions == had.mentions


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
@pytest.mark.parametrize("key", CHINESE)
def test_encodings(read, key, encoding):
    title, day, paragraphs = CHINESE[key]
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    for text, name in ((post(title, day, paragraphs), "a.md"), ("\n".join((title, *paragraphs, "")), "a.txt")):
        had, found = read(text, name)[0], read(mark + text.encode(encoding), name)[0]
        assert found.text.text == had.text.text
        assert found.metadata == had.metadata
        assert found.mentions == had.mentions


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-8-sig"])
@pytest.mark.parametrize("key", CHINESE)
def test_encodings_of_traditional_text(read, key, encoding):
    title, day, paragraphs = CHINESE[key]
    convert = _CONVERTERS["s2tw"].convert
    text = post(convert(title), day, tuple(map(convert, paragraphs)))
    had, found = read(text)[0], read(text.encode(encoding))[0]
    assert found.text.text == had.text.text
    assert found.mentions == had.mentions
    page = f'<html><head><meta charset="{encoding.removesuffix("-sig")}"><title>{convert(title)}</title></head><body>'
    page += text.partition("---\n")[2].partition("---\n")[2] + "</body></html>"
    assert read(page.encode(encoding), "page.html")[0].text.text == had.text.text


@pytest.mark.parametrize("path", FILES, ids=[path.name[:3] for path in FILES])
def test_bytes_of_the_annotated_documents(read, path):
    raw = path.read_bytes()
    had = read(raw, path.name)[0]
    text = raw.decode("utf-8")
    for other in (
        text.replace("\n", "\r\n").encode(),
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        text.encode("gb18030") if script(text) != "en" else text.encode("utf-8-sig"),
    ):
        found = read(other, path.name)[0]
        assert found.text.text == had.text.text
        assert found.mentions == had.mentions


def test_regional_words():
    assert mainland("全球资料安全倡议") == "全球数据安全倡议"
    assert variants("应用程序的网络") == ("应用程式的网路", "应用程式的网络", "应用程序的网路")
    assert variants("WeChat") == variants("微信") == ()
    words = regional._words()
    others = [one for found in words.values() for one in found]
    assert len(set(others)) == len(others)
    assert not set(others) & set(words)
    for one in (*words, *others):
        assert fold(one) == one
        assert mainland(mainland(one)) == mainland(one)


def test_anchors_are_those_of_the_document(read):
    """The shifted-day tests hang on the anchor: a document without a dateline has that of its publication alone."""
    document = read(post("标题", "2021-03-03", (RELATIVE[0][0],)))[0]
    assert [(one.day, one.kind) for one in anchoring.anchors(document.metadata, document.text)] == [
        ("2021-03-03", "feed"),
        ("2021-03-03", "published"),
    ]


@pytest.mark.parametrize(
    ("asked", "told", "not_told"),
    [
        ("(?:网络|计划)", ["网络", "网路", "计划"], ["网"]),
        ("应用程序(?!商店)", ["应用程序", "应用程式"], ["应用程式商店"]),
        ("信息技术公司", ["信息技术公司", "资讯科技公司"], []),
        ("信息?", ["信", "信息"], ["资讯"]),
        ("[^网络]路", ["公路"], ["网路"]),
    ],
)
def test_patterns_find_the_words_of_other_regions(asked, told, not_told):
    found = re.compile(regional.widened(asked))
    assert all(found.match(one) for one in told)
    assert not any(found.match(one) for one in not_told)
    assert regional.widened("[a-z]{2,} network") == "[a-z]{2,} network"
