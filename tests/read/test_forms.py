"""Forms as their publishers give them out: the structure is real, the wording is invented."""

from __future__ import annotations

import json
import textwrap

import pytest

from exeat.errors import InputError
from exeat.read.envelope import envelopes
from exeat.read.lexicon import lexicon
from exeat.read.link import Ledger
from exeat.read.metadata import head
from exeat.read.open import open_document, sniff
from exeat.read.pipeline import read_bytes


@pytest.fixture(scope="module")
def read(book):
    words, ledger = lexicon(book), Ledger(book)
    return lambda raw, name: read_bytes(raw if isinstance(raw, bytes) else raw.encode(), name, words, ledger)


def values(document):
    about = document.metadata
    return about.title.value, about.publisher.value, about.published.value


def acts(document):
    return [
        (one.action, tuple(actor.id for actor in one.actors), one.effective.value if one.effective else None)
        for one in document.mentions
    ]


# --- the Federal Register

SUBJECT = "Addition of Two Imaginary Entities to the Entity List"
SUMMARY = (
    "In this rule, the Bureau of Industry and Security (BIS) amends the Export Administration Regulations (EAR) by "
    "adding two entities to the Entity List. These entities act contrary to the foreign policy of the United States."
)
BACKGROUND = "The Entity List names entities that have been involved in activities contrary to the national security."
ACROSS = "BIS imposes a license requirement for all items subject to the EAR on the two added entities."
RULE = [
    "AGENCY:",
    "Bureau of Industry and Security, Department of Commerce.",
    "ACTION:",
    "Final rule.",
    "SUMMARY:",
    SUMMARY,
    "DATES:",
    "This rule is effective May 9, 2031.",
    "SUPPLEMENTARY INFORMATION:",
    "Background",
    BACKGROUND,
    ACROSS,
    "Dated: May 1, 2031.",
    "Jane Q. Doe, Assistant Secretary for Export Administration.",
]
GPO = f"""<html>
<head><title>Federal Register, Volume 96 Issue 87 (Tuesday, May 6, 2031)</title></head>
<body><pre>
[Federal Register Volume 96, Number 87 (Tuesday, May 6, 2031)]
[Rules and Regulations]
[Pages 20101-20103]
From the Federal Register Online via the Government Publishing Office [<a href="http://www.gpo.gov">www.gpo.gov</a>]
[FR Doc No: 2031-01234]

\x00=======================================================================
\x00-----------------------------------------------------------------------

DEPARTMENT OF COMMERCE

Bureau of Industry and Security

15 CFR Part 744

[Docket No. 310501-0099]
RIN 0694-ZZ01

{SUBJECT[:34]}
{SUBJECT[35:]}

AGENCY: Bureau of Industry and Security, Department of Commerce.

ACTION: Final rule.

\x00-----------------------------------------------------------------------

{textwrap.fill("SUMMARY: " + SUMMARY, 72)}

DATES: This rule is effective May 9, 2031.

SUPPLEMENTARY INFORMATION:

Background

    {textwrap.fill(BACKGROUND, 72)}
    {ACROSS[:33]}

[[Page 20102]]

{ACROSS[34:]}

    Dated: May 1, 2031.
Jane Q. Doe,
Assistant Secretary for Export Administration.
[FR Doc. 2031-01234 Filed 5-5-31; 8:45 am]
BILLING CODE 3510-33-P

</pre></body>
</html>
"""


def test_the_printing_offices_text(read):
    (found,) = read(GPO, "2031-01234.htm")
    assert values(found) == (SUBJECT, "Federal Register", "2031-05-06")
    assert found.text.text.split("\n") == RULE
    assert found.metadata.form == "gazette/html"
    assert ("list_add", ("US-BIS",), "2031-05-09") in acts(found)  # "This rule is effective": of all that it does
    assert [one.what for one in found.warnings if one.rule == "encoding"] == ["3 NUL characters were left out"]


XML_RULE = f"""<RULE>
<PREAMB><PRTPAGE P="20101"/><AGENCY TYPE="S">DEPARTMENT OF COMMERCE</AGENCY>
<SUBAGY>Bureau of Industry and Security</SUBAGY><CFR>15 CFR Part 744</CFR><DEPDOC>[Docket No. 310501-0099]</DEPDOC>
<RIN>RIN 0694-ZZ01</RIN><SUBJECT>{SUBJECT}</SUBJECT>
<AGY><HD SOURCE="HED">AGENCY:</HD><P>Bureau of Industry and Security, Department of Commerce.</P></AGY>
<ACT><HD SOURCE="HED">ACTION:</HD><P>Final rule.</P></ACT>
<SUM><HD SOURCE="HED">SUMMARY:</HD><P>{SUMMARY.replace("Entity List.", '<E T="03">Entity List.</E>')}</P></SUM>
<DATES><HD SOURCE="HED">DATES:</HD><P>This rule is effective May 9, 2031.</P></DATES></PREAMB>
<SUPLINF><HD SOURCE="HED">SUPPLEMENTARY INFORMATION:</HD><HD SOURCE="HD1">Background</HD>
<P>{BACKGROUND}</P><P>{ACROSS[:33]}<PRTPAGE P="20102"/>{ACROSS[33:]}</P>
<SIG><DATED>Dated: May 1, 2031.</DATED>
<NAME>Jane Q. Doe, <TITLE>Assistant Secretary for Export Administration.</TITLE></NAME></SIG></SUPLINF>
<FRDOC>[FR Doc. 2031-01234 Filed 5-5-31; 8:45 am]</FRDOC><BILCOD>BILLING CODE 3510-33-P</BILCOD></RULE>"""
ORDER = """<PRESDOCU><EXECORD><PRTPAGE P="30101"/><TITLE3>Title 3—</TITLE3><PRES>The President</PRES>
<EXECORDR>Executive Order 19999 of May 6, 2031</EXECORDR>
<HD SOURCE="HED">Addressing the Threat Posed by Imaginary Applications</HD>
<FP>By the authority vested in me as President by the Constitution, it is hereby ordered:</FP>
<FP><E T="04">Section 1.</E> (a) The following shall be prohibited beginning 45 days after the date of this order:
any transaction with Tencent that is related to WeChat.</FP>
<PSIG> </PSIG><PLACE>THE WHITE HOUSE,</PLACE><DATE>May 6, 2031.</DATE>
<FRDOC>[FR Doc. 2031-02222 Filed 5-8-31; 8:45 am]</FRDOC><BILCOD>Billing code 3295-F1-P</BILCOD></EXECORD></PRESDOCU>"""
DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'


def test_xml_of_one_rule_states_no_day_of_publication(read):
    (found,) = read(DECLARED + XML_RULE, "2031-01234.xml")
    assert values(found) == (SUBJECT, "Federal Register", None)
    assert found.metadata.published.reason == "no date of publication is stated"
    assert found.text.text.split("\n") == RULE
    assert ("list_add", ("US-BIS",), "2031-05-09") in acts(found)  # "This rule is effective": of all that it does


def test_an_order_in_xml_is_dated_by_its_signature(read):
    (found,) = read(ORDER, "2031-02222.xml")
    assert values(found) == ("Addressing the Threat Posed by Imaginary Applications", "Federal Register", None)
    lines = found.text.text.split("\n")
    assert lines[0] == "Executive Order 19999 of May 6, 2031"
    assert lines[-2:] == ["THE WHITE HOUSE,", "May 6, 2031."]
    assert not any("Billing" in line or "FR Doc" in line for line in lines)
    (one,) = [one for one in found.mentions if one.action == "prohibit"]
    assert "APP-WECHAT" in [target.id for target in one.targets]
    assert one.effective.value == "2031-06-20"  # 45 days after the signature


def test_an_issue_in_xml_gives_its_documents_with_its_day(read):
    issue = (
        f"{DECLARED}<FEDREG><VOL>96</VOL><NO>87</NO><DATE>Tuesday, May 6, 2031</DATE><UNITNAME>Contents</UNITNAME>"
        "<CNTNTS><AGCY><HD>Industry Bureau</HD><SEE><P>Entity List</P></SEE></AGCY></CNTNTS>"
        f"<RULES>{XML_RULE}</RULES><PRESDOCS>{ORDER}</PRESDOCS></FEDREG>"
    )
    first, second = read(issue, "FR-2031-05-06.xml")
    assert (first.id, second.id) == ("FR-2031-05-06-1", "FR-2031-05-06-2")
    assert values(first) == (SUBJECT, "Federal Register", "2031-05-06")
    assert second.metadata.published.value == "2031-05-06"
    assert "Contents" not in first.text.text + second.text.text


def test_a_table_in_xml_is_read_row_by_row():
    table = "<GPOTABLE><BOXHD><CHED H='1'>Country</CHED></BOXHD><ROW><ENT>Ruritania</ENT><ENT>Acme Widgets</ENT></ROW>"
    text = XML_RULE.replace("</SUPLINF>", f"{table}<ROW><ENT/><ENT>Globex Widgets</ENT></ROW></GPOTABLE></SUPLINF>")
    (envelope,) = envelopes(open_document(text.encode(), "a.xml"))
    assert "Ruritania Acme Widgets" in envelope.body
    assert "<p>Globex Widgets</p>" in envelope.body


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE RULE [<!ENTITY a "b">]>' + XML_RULE, "declares entities"),
        ("<RULE>" + "<P>" * 3000, "nested too deep"),
        ("<FEDREG><VOL>96</VOL></FEDREG>", "without items"),
    ],
)
def test_hostile_gazettes_are_refused(text, words):
    with pytest.raises(InputError, match=words):
        envelopes(open_document(text.encode(), "a.xml"))


def test_a_page_of_set_text_is_plain_text():
    lines = [f"The ministry banned widget number {number} on Tuesday,\nit said in a statement." for number in range(9)]
    page = f"<html><body><p>Archive</p><pre>{chr(10).join(f'{line}{chr(10)}' for line in lines)}</pre></body></html>"
    found = head(envelopes(open_document(page.encode(), "a.html"))[0])
    assert found.text.text.split("\n") == [line.replace("\n", " ") for line in lines]


def test_an_example_in_a_page_does_not_make_it_set_text():
    page = "<html><body>" + "<p>The ministry banned widgets on Tuesday, it said in a statement.</p>" * 12
    page += "<pre>" + "code\n" * 12 + "</pre></body></html>"
    found = head(envelopes(open_document(page.encode(), "a.html"))[0])
    assert found.text.text.count("banned widgets") == 12


# --- Chinese authorities

NOTICE = [
    "【发布文号】公告2031年第7号",
    "根据《中华人民共和国出口管制法》有关规定，决定禁止两用物项对美国军事用户出口。现将有关事项公告如下：",
    "一、禁止向美国的军事用户出口两用物项。",
    "二、原则上不予许可镓、锗对美国出口。",
    "本公告自公布之日起正式实施。",
    "商务部",
    "2031年5月6日",
]
MOFCOM = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="{charset}"><title>{title}</title>
<meta name="SiteName" content="中华人民共和国商务部"><meta name="SiteDomain" content="www.mofcom.gov.cn">
<meta name="ColumnName" content="政策发布"><meta name="ArticleTitle" content="{title}">
<meta name="PubDate" content="2031-05-06 17:30"><meta name="ContentSource" content="安全与管制局">
<meta name="Author" content=""><script>var told = "商务部宣布禁止出口稀土。";</script></head><body>
<div class="header"><div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/b">新闻</a></li></ul></div></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/z">政策发布</a> &gt; 正文</div>
<div class="art-title"><h1>{title}</h1></div><div class="art-info"><span>来源：安全与管制局</span>
<span>发布时间：2031-05-06 17:30</span><span>字体：<a>大</a> <a>中</a> <a>小</a></span></div>
<div class="art-con art-con-bottonmLine"><p>【发布单位】安全与管制局</p>{lines}<p>【发文日期】2031年5月6日</p></div>
<div class="art-share"><a>打印</a><a>关闭</a><a>分享到微信</a></div>
<div class="related"><h3>相关链接</h3><ul><li><a href="/1">商务部新闻发言人就稀土出口管制答记者问</a></li></ul></div>
<div class="footer"><p>版权所有：中华人民共和国商务部</p><p>京ICP备05004093号</p></div></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_an_announcement_of_the_ministry(read, charset):
    title = "商务部公告2031年第7号 公布关于测试物项的决定"
    lines = "".join(f'<p style="text-indent: 2em;">{line}</p>' for line in NOTICE)
    page = MOFCOM.format(charset=charset, title=title, lines=lines)
    (found,) = read(page.encode("gb18030" if charset == "gb2312" else charset), "art_7.html")
    assert values(found) == (title, "中华人民共和国商务部", "2031-05-06T17:30:00+08:00")
    assert found.metadata.author.value is None
    assert found.text.text.split("\n") == NOTICE
    assert [action for action, _, _ in acts(found)][:2] == ["prohibit_export", "deny_licence"]
    assert all(actors == ("CN-MOFCOM",) for _, actors, _ in acts(found)[:2])


# --- Taiwan

CNA = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=big5">
<title>經濟部公告管制項目 | 中央社</title></head><body><div><a href="/">首頁</a> <a href="/p">政治</a></div>
<h1>經濟部公告管制項目</h1>
<p>（中央社記者甲乙丙台北2日電）美國商務部今天宣布，自民國110年8月1日起，禁止下載微信。</p>
<p>經濟部說，違反規定的企業將被處以罰款。（編輯：丁戊）1100702</p></body></html>"""


@pytest.mark.parametrize("encoding", ["big5", "utf-8"])
def test_a_dispatch_in_big5_with_minguo_days(read, encoding):
    (found,) = read(CNA.replace("big5", encoding).encode(encoding), "a.html")
    assert values(found) == ("經濟部公告管制項目", "中央社", "2021-07-02")
    assert found.metadata.dateline.value == "2021-07-02"
    assert found.text.text.endswith("處以罰款。")
    assert "首頁" not in found.text.text
    assert acts(found)[0] == ("prohibit", ("US-DOC",), "2021-08-01")


@pytest.mark.parametrize("stamp", ["1100702", "1101302", "1100631", "2100702", "110702", ""])
def test_what_is_no_minguo_day_gives_no_day(stamp):
    page = CNA.replace("1100702", stamp)
    found = head(envelopes(open_document(page.encode(), "a.html"))[0]).metadata.published
    assert found.value == ("2021-07-02" if stamp == "1100702" else None)
    assert found.value or found.reason


# --- mirrors

BODY = (
    "<p><strong>美国商务部周五宣布，从20日开始禁止在美国下载微信。</strong></p><div class='t-content'>"
    "<p>商务部说，此举是为了维护国家安全，也是为了保护用户的信息。</p>"
    "<div class='o-self-promo'>订阅我们的每日通讯。</div></div>"
)
FRONTS = {
    "date with an offset": ("date: 2020-09-18 20:34:00 +0800", "2020-09-18T20:34:00+08:00"),
    "date of a robot": ("date: 2020-09-18-12-52-36", "2020-09-18T12:52:36"),
    "day alone": ("date: 2020-09-18", "2020-09-18"),
    "no date": ("layout: post", None),
    "a date that is none": ("date: 2020-13-45", None),
}


@pytest.mark.parametrize("kind", FRONTS)
def test_posts_of_a_mirror(read, kind):
    line, want = FRONTS[kind]
    text = f'---\ntitle: "商务部: 禁止下载 \\"微信\\""\n{line}\nfrom: https://n.example/a\n---\n\n{BODY}'
    (found,) = read(text, "a.md")
    assert found.metadata.title.value == '商务部: 禁止下载 "微信"'
    assert found.metadata.published.value == want
    assert want or found.metadata.published.reason
    assert found.text.text.split("\n")[0] == "美国商务部周五宣布，从20日开始禁止在美国下载微信。"
    assert "订阅" not in found.text.text
    (one,) = [one for one in found.mentions if one.action == "prohibit"]
    assert (one.effective.value if one.effective else None) == ("2020-09-20" if want else None)


TWO = """首页
新闻
国际
体育
财经
美国宣布从明天起禁止下载微信
美国商务部今(18日)宣布，从明天起禁止下载微信，以维护国家安全。
商务部说，违反规定的企业将被处以罚款。
印度宣布封禁中国应用程序的理由
印度政府昨天宣布封禁59款中国应用程序，理由是国家安全受到影响。
印度方面说，用户的数据被送到国外的服务器。
关于我们
联系方式
网站地图
友情链接
2031年上海展览会
"""


def test_two_articles_run_together(read):
    (found,) = read(TWO, "scraped.txt")
    first, second = found.text.parts
    assert second.heading == "印度宣布封禁中国应用程序的理由"
    assert found.metadata.published.value is None
    assert "2031" not in found.text.text
    halves = [
        [one.actors[0].id for one in found.mentions if part.span.start <= one.evidence[0].start < part.span.end]
        for part in (first, second)
    ]
    assert "US-DOC" in halves[0]
    assert "US-DOC" not in halves[1]
    assert "IN-GOV" in halves[1]


# --- JSON feeds

ITEM = "<p>美国商务部9月18日宣布，自2020年9月20日起，禁止在美国境内下载或更新微信。此举是为了维护国家安全。</p>"


def json_feed(*items, version="https://jsonfeed.org/version/1.1"):
    return json.dumps({"version": version, "title": "Wire", "items": items}, ensure_ascii=False, indent=1)


def test_a_json_feed(read):
    full = {
        "id": "https://w.example/guid",
        "url": "https://w.example/a",
        "title": "禁止下载 &amp; 更新",
        "content_html": ITEM,
        "date_published": "2020-09-18T12:00:00Z",
        "authors": [{"name": "甲乙"}],
        "tags": ["x"],
        "attachments": [{"url": "file:///etc/passwd"}],
    }
    first, second, third = read(
        json_feed(full, {"id": 2, "content_text": "India banned TikTok on Monday, it said."}, {"title": None}), "f.json"
    )
    assert values(first) == ("禁止下载 & 更新", "Wire", "2020-09-18T12:00:00Z")
    assert first.metadata.url.value == "https://w.example/a"
    assert first.metadata.author.value == "甲乙"
    assert acts(first)[0] == ("prohibit", ("US-DOC",), "2020-09-20")
    assert acts(second)[0][:2] == ("prohibit", ("IN-GOV",))
    assert second.metadata.published.value is None
    assert [one.rule for one in third.warnings] == ["text"]


@pytest.mark.parametrize(
    "text",
    [
        json_feed({"id": "1"})[:-9],
        json_feed(),
        json_feed(7),
        json_feed({"content_html": {"a": 1}}),
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
    ],
)
def test_json_that_is_no_feed_is_refused(text):
    assert sniff(text) == "json-feed"
    with pytest.raises(InputError, match=r"not a JSON feed|without items"):
        envelopes(open_document(text.encode(), "f.json"))


def test_other_json_is_not_taken_for_a_feed():
    assert sniff(json.dumps({"version": "1.1", "items": []})) == "plain"


# --- a document of the Federal Register's API

API = {
    "abstract": "In this rule, the Bureau of Industry and Security (BIS) adds 12 entities to the Entity List.",
    "action": "Final rule.",
    "agencies": [{"raw_name": "DEPARTMENT OF COMMERCE"}, {"raw_name": "Bureau of Industry and Security", "id": 1}],
    "citation": "96 FR 1234",
    "dates": None,
    "docket_ids": ["Docket No. 310501-0099"],
    "document_number": "2031-01234",
    "effective_on": "2031-05-09",
    "html_url": "https://www.federalregister.gov/documents/2031/05/06/2031-01234/additions",
    "publication_date": "2031-05-06",
    "title": "Additions of Twelve Made-Up Entities",
    "type": "Rule",
    "volume": 96,
}


def test_a_document_of_the_api(read):
    (found,) = read(json.dumps(API), "2031-01234.json")
    assert values(found) == ("Additions of Twelve Made-Up Entities", "Federal Register", "2031-05-06")
    assert found.metadata.form.startswith("gazette-json/")
    assert ("list_add", ("US-BIS",), "2031-05-09") in acts(found)
    (listing,) = [one for one in found.mentions if one.action == "list_add"]
    assert listing.announced.value == "2031-05-06"
    assert [quantity.value for quantity in listing.quantities] == [12]


def test_the_results_of_a_search_of_the_api(read):
    told = {"count": 2, "results": [API, {"document_number": "2031-01235", "publication_date": None}]}
    first, second = read(json.dumps(told), "search.json")
    assert first.metadata.title.value == API["title"]
    assert second.metadata.published.value is None or second.metadata.published.reason is None
    assert second.metadata.title.value is None


@pytest.mark.parametrize("spoilt", [{"title": 7}, {"agencies": "x"}, {"document_number": None}])
def test_a_damaged_document_of_the_api_is_refused(spoilt):
    text = json.dumps({**API, "document_number": "2031-01234"} | spoilt).replace("null", "[]")
    if '"document_number": "' in text:
        with pytest.raises(InputError, match="not a document of the Federal Register's API"):
            envelopes(open_document(text.encode(), "f.json"))
    else:
        assert sniff(text) == "plain"


# --- acts of the European Union and of the United Kingdom

UNION = """<html><head><title>EUR-Lex - 32031R0999 - EN</title></head><body>
<table><tr><td><p>3.6.2031</p></td><td><p>EN</p></td>
<td><p>Official Journal of the European Union</p></td><td><p>L 153/53</p></td></tr></table>
<p>COUNCIL REGULATION (EU) 2031/999</p><p>of 2 June 2031</p>
<p>amending Regulation (EU) 2030/111 on made-up goods</p>
<p>THE COUNCIL OF THE EUROPEAN UNION,</p><p>Having regard to the Treaty on made-up goods, in particular Article 5,</p>
<p>HAS ADOPTED THIS REGULATION:</p><p>Article 1</p><p>Regulation (EU) 2030/111 is amended as follows:</p>
<p>Done at Brussels, 2 June 2031.</p></body></html>"""
INSTRUMENT = """Statutory Instruments

2031 No. 665

The Made-Up Goods (Sanctions) (Amendment) Regulations 2031

Made

15th June 2031

Coming into force

20th June 2031

The Secretary of State makes these Regulations in exercise of the powers conferred by section 1 of the Goods Act 2029.

1. These Regulations come into force on 20th June 2031.

2. The Made-Up Goods (Sanctions) Regulations 2029 are amended in accordance with the following regulations.
"""


def test_an_act_of_the_union(read):
    (found,) = read(UNION, "act.html")
    title = "COUNCIL REGULATION (EU) 2031/999 of 2 June 2031 amending Regulation (EU) 2030/111 on made-up goods"
    assert found.metadata.title.value == title
    assert found.metadata.published.value == "2031-06-03"  # the Journal writes the day first
    assert ("amend", ("EU-COUNCIL",), None) in acts(found)


def test_a_statutory_instrument(read):
    (found,) = read(INSTRUMENT, "665.txt")
    assert found.metadata.published.value == "2031-06-15"
    assert [(one.action, one.effective.value) for one in found.mentions] == [("amend", "2031-06-20")]


# --- notices as pages and as plain text

DECIDES = "机制决定将甲乙丙公司（Abc Inc.）、丁戊己公司列入不可靠实体清单，并采取以下处理措施："
RULES = ("一、禁止上述企业从事与中国有关的进出口活动；", "二、禁止上述企业新增投资。", "本公告自公布之日起实施。")


@pytest.mark.parametrize("tag", ["p", "div"])
def test_the_short_rules_of_a_notice_are_text(read, tag):
    title = "不可靠实体清单工作机制关于将两家企业列入清单的公告"
    lede = f"根据有关法律，为维护国家主权、安全和发展利益，经批准，不可靠实体清单工作{DECIDES}"
    lines = "".join(f"<{tag}>{line}</{tag}>" for line in (lede, *RULES))
    head = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>发布时间：2031-04-04</p>"
    page = f"{head}{lines}</body></html>"
    (found,) = read(page, "notice.html")
    assert all(line in found.text.text for line in RULES)
    listing = next(one for one in found.mentions if one.action == "list_add")
    assert [actor.name for actor in listing.targets] == ["甲乙丙公司", "丁戊己公司"]
    assert (listing.announced.value, listing.effective.value) == ("2031-04-04", "2031-04-04")


def test_the_title_of_a_notice_in_plain_text(read):
    title = "商务部 海关总署公告2031年第18号 公布对部分物项实施出口管制的决定"
    text = (
        f"{title}\n来源：商务部网站 2031-04-04 21:09:53\n根据有关法律，经国务院批准，决定对下列物项实施出口管制：\n"
        "一、钐相关物项\n二、钆相关物项\n出口经营者应当按规定办理。\n本公告自发布之日起正式实施。"
    )
    (found,) = read(text, "18.txt")
    assert found.metadata.title.value == title
    control = next(one for one in found.mentions if one.action == "restrict_export")
    assert [actor.id for actor in control.actors] == ["CN-MOFCOM", "CN-GACC"]  # not the State Council, which approves
    assert [actor.name for actor in control.targets] == ["钐相关物项", "钆相关物项"]
    assert (control.announced.value, control.effective.value) == ("2031-04-04", "2031-04-04")


def test_a_press_release_in_plain_text(read):
    title = (
        "Commerce Adds Eleven Made-Up Entities to the Entity List for Supporting Nobody and Providing Nothing at All"
    )
    text = (
        "Bureau of Industry & Security\n\nOffice of Affairs\n\n"
        "FOR IMMEDIATE RELEASE | Friday, April 11, 2031 | Media Contact: press\n\n"
        f"{title}\n\nWASHINGTON – The Commerce Department’s Bureau of Industry and Security added 11 entities to the "
        "Entity List for supporting nobody and providing nothing.\n"
    )
    (found,) = read(text, "release.txt")
    assert (found.metadata.title.value, found.metadata.published.value) == (title, "2031-04-11")
    assert ("list_add", ("US-BIS",), None) in acts(found)


def test_a_stamp_that_tells_when_it_was_published_and_updated(read):
    text = "<h1>Ruritania lists Acme</h1><p>Published: Feb. 17, 2031 at 3:57 PM EST|Updated: 20 minutes ago</p>"
    lede = "<p>The Commerce Department added Acme Robotics to the Entity List on Thursday, an official said.</p>"
    (found,) = read(f"<html><body>{text}{lede}{lede}</body></html>", "news.html")
    assert found.metadata.published.value[:10] == "2031-02-17"


def test_a_heading_that_is_a_stamp_is_no_title(read):
    lede = "The Commerce Department added Acme Robotics to the Entity List on Thursday, an official said."
    (found,) = read(f"# 31 March 2031 08:30 (UTC +04:00)\n\n{lede}\n\n{lede}\n", "news.md")
    assert found.metadata.title.value is None
    assert found.metadata.published.value[:10] == "2031-03-31"
