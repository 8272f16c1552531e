# ruff: noqa: E501  patterns and sentences stay whole; ruff counts a Chinese character as two
"""Time expressions: what each class means, and properties that hold for all. Sentences are invented."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from bench.read_times import BAR, SHARED, gold, samples
from hypothesis import given, settings
from hypothesis import strategies as st

from exeat.read.anchors import agreement, anchors
from exeat.read.days import number, shift
from exeat.read.fold import fold
from exeat.read.model import Anchor, Field, Metadata, Part, Span, Text, TimeValue
from exeat.read.segment import clauses, segment, sentences
from exeat.read.times import reasons, times

MONDAY, FRIDAY = "2021-12-13", "2020-09-18"
NONE = Field(None)


def read(sentence: str, day: str | None = FRIDAY, kind: str = "published") -> list[TimeValue]:
    return times(Text(sentence, fold(sentence)), [Anchor(day, kind)] if day else [])


def about(published: str | None, zone: str = "", feed: str | None = None, inferred: str | None = None) -> Metadata:
    return Metadata(
        NONE, NONE, NONE, Field(published, zone=zone, inferred=inferred), Field(feed), NONE, NONE, "zh-Hans", "plain"
    )


def whole(sentence: str, published: str | None, zone: str = "") -> list[TimeValue]:
    text = Text(sentence, fold(sentence))
    return times(text, anchors(about(published, zone), text))


# (sentence, anchor, words, value, bound)
CHINESE = [
    # relative words
    ("商务部今天公布新清单。", FRIDAY, "今天", "2020-09-18", "on"),
    ("外长昨日会见来宾。", FRIDAY, "昨日", "2020-09-17", "on"),
    ("会议前天结束。", FRIDAY, "前天", "2020-09-16", "on"),
    ("听证会后天举行。", FRIDAY, "后天", "2020-09-20", "on"),
    ("该禁令即日起生效。", FRIDAY, "即日起", "2020-09-18", "from"),
    # brackets
    ("外长预定今(8日)宣布倡议。", "2020-09-08", "今(8日)", "2020-09-08", "on"),
    ("外长昨（7）日宣布倡议。", "2020-09-08", "昨（7）日", "2020-09-07", "on"),
    ("部长今（31日）表示遗憾。", "2020-08-01", "今（31日）", "2020-07-31", "on"),
    ("部门周一（12月21日）公布名单。", "2020-12-22", "周一（12月21日）", "2020-12-21", "on"),
    ("部门星期五（1月8日）公布名单。", "2021-01-09", "星期五（1月8日）", "2021-01-08", "on"),
    ("发言人周五（9日）表示反对。", "2021-04-09", "周五（9日）", "2021-04-09", "on"),
    ("清单9月18日（周五）公布。", "2020-09-19", "9月18日（周五）", "2020-09-18", "on"),
    # weekdays
    ("商务部周五宣布限制。", MONDAY, "周五", "2021-12-10", "on"),
    ("商务部将于周五宣布限制。", MONDAY, "周五", "2021-12-17", "on"),
    ("商务部星期二将举行听证会。", MONDAY, "星期二", "2021-12-14", "on"),
    ("商务部周五宣布将限制出口。", MONDAY, "周五", "2021-12-10", "on"),
    ("政府上周五宣布限制。", MONDAY, "上周五", "2021-12-10", "on"),
    ("政府上週五宣布限制。", MONDAY, "上週五", "2021-12-10", "on"),
    ("听证会下周一举行。", MONDAY, "下周一", "2021-12-20", "on"),
    ("法院本周日阻止了禁令。", "2020-09-20", "本周日", "2020-09-20", "on"),
    ("政府上周公布规则。", MONDAY, "上周", "2021-12-06/2021-12-12", "during"),
    # years that are not stated, over both ends of the year
    ("商务部12月18日将公司列入清单。", "2021-01-05", "12月18日", "2020-12-18", "on"),
    ("新规将于1月9日生效。", "2020-12-28", "1月9日", "2021-01-09", "on"),
    ("部门12月30日宣布此事。", "2021-01-02", "12月30日", "2020-12-30", "on"),
    ("新规从1月11日开始执行。", "2020-12-30", "从1月11日开始", "2021-01-11", "from"),
    ("部门10月30日宣布此事。", "2021-06-01", "10月30日", "2020-10-30", "on"),
    ("该公司2月29日提出申请。", "2021-03-05", "2月29日", "2020-02-29", "on"),
    ("美方2018年4月16日宣布制裁，7月13日解除。", FRIDAY, "7月13日", "2018-07-13", "on"),
    ("根据2019年5月15日签署的行政令，商务部9月18日宣布限制。", FRIDAY, "9月18日", "2020-09-18", "on"),
    # days of the month
    ("从20日开始禁止下载。", FRIDAY, "从20日开始", "2020-09-20", "from"),
    ("部门31日宣布限制。", "2020-08-01", "31日", "2020-07-31", "on"),
    ("部门9月30日宣布限制，该令31日生效。", "2020-09-30", "9月30日", "2020-09-30", "on"),
    ("规则将于3日生效。", "2020-08-28", "3日", "2020-09-03", "on"),
    # calendars, scripts, numerals
    ("民國109年10月17日公布。", "2020-10-18", "民國109年10月17日", "2020-10-17", "on"),
    ("109年10月17日公布。", "2020-10-18", "109年10月17日", "2020-10-17", "on"),
    ("二〇二〇年十一月十二日起施行。", FRIDAY, "二〇二〇年十一月十二日起", "2020-11-12", "from"),
    ("自２０２０年９月２０日起禁止。", FRIDAY, "自２０２０年９月２０日起", "2020-09-20", "from"),
    ("自 2020 年 9 月 20 日起禁止。", FRIDAY, "自 2020 年 9 月 20 日起", "2020-09-20", "from"),
    # bounds
    ("公司须在11月12日前出售业务。", FRIDAY, "11月12日前", "2020-11-12", "before"),
    ("公司最迟不晚于11月12日出售业务。", FRIDAY, "不晚于11月12日", "2020-11-12", "until"),
    ("许可有效期至2021年5月13日。", FRIDAY, "至2021年5月13日", "2021-05-13", "until"),
    ("截至9月1日已有三家。", FRIDAY, "截至9月1日", "2020-09-01", "until"),
    ("规定自10月1日施行。", FRIDAY, "自10月1日", "2020-10-01", "from"),
    ("2019年以来已有多起。", FRIDAY, "2019年以来", "2019", "from"),
    ("9月1日至20日征求意见。", FRIDAY, "9月1日至20日", "2020-09-01/2020-09-20", "during"),
    ("征求意见期为2020年12月20日至1月19日。", FRIDAY, "2020年12月20日至1月19日", "2020-12-20/2021-01-19", "during"),
    # what only looks like a bound
    ("检方9月18日起诉该公司。", FRIDAY, "9月18日", "2020-09-18", "on"),
    ("9月18日前总统发表讲话。", FRIDAY, "9月18日", "2020-09-18", "on"),
    # periods
    ("商务部9月1日发布公告。本办法自公布之日起30日后施行。", FRIDAY, "自公布之日起30日后", "2020-10-01", "from"),
    ("商务部9月1日发布公告。企业应自公告发布之日起60日内申报。", FRIDAY, "发布之日起60日内", "2020-10-31", "until"),
    ("商务部今天公布规定，自公布之日起施行。", FRIDAY, "自公布之日起", "2020-09-18", "from"),
    (
        "总统8月6日颁布命令，命令在颁布的45日（即9月20日）后生效。",
        FRIDAY,
        "在颁布的45日（即9月20日）后",
        "2020-09-20",
        "from",
    ),
    ("企业应在45天内申请许可。", FRIDAY, "45天内", "2020-11-02", "until"),
    ("三天前公司收到通知。", FRIDAY, "三天前", "2020-09-15", "on"),
    ("十年前互联网刚刚兴起。", MONDAY, "十年前", "2011", "during"),
    ("未来一年里各国将磋商。", MONDAY, "未来一年里", "2021-12/2022-12", "during"),
    ("已经过去12年。", FRIDAY, "12年", "P12Y", "duration"),
    ("上任不到六个月后辞职。", FRIDAY, "不到六个月", "P6M", "duration_lt"),
    ("禁令推迟一周。", FRIDAY, "一周", "P1W", "duration"),
    ("宽限期为半年。", FRIDAY, "半年", "P6M", "duration"),
    # parts
    ("部门8月初扩大倡议。", "2020-09-08", "8月初", "2020-08-01/2020-08-10", "during"),
    ("新规将于9月底公布。", FRIDAY, "9月底", "2020-09-21/2020-09-30", "during"),
    ("新规将于本月下旬公布。", FRIDAY, "本月下旬", "2020-09-21/2020-09-30", "during"),
    ("谈判在10月中旬举行。", FRIDAY, "10月中旬", "2020-10-11/2020-10-20", "during"),
    ("规则在2021年第三季度公布。", FRIDAY, "2021年第三季度", "2021-07-01/2021-09-30", "during"),
    ("规则在今年上半年公布。", FRIDAY, "今年上半年", "2020-01-01/2020-06-30", "during"),
    ("规则在2021年春季公布。", FRIDAY, "2021年春季", "2021-03-01/2021-05-31", "during"),
    ("规则在2019年底修订。", FRIDAY, "2019年底", "2019-11-01/2019-12-31", "during"),
    ("路透社上月报道此事。", "2021-01-05", "上月", "2020-12", "during"),
    ("部门去年11月列入该公司。", FRIDAY, "去年11月", "2019-11", "during"),
    ("措施在明年实施。", MONDAY, "明年", "2022", "during"),
    ("特朗普政府期间增加了限制。", MONDAY, "特朗普政府期间", "2017-01-20/2021-01-20", "during"),
    # words that stand for days told before
    ("商务部9月18日宣布，从20日开始禁止。届时将无法下载。", FRIDAY, "届时", "2020-09-20", "from"),
    ("商务部9月16日宣布限制，公司当晚回应。", FRIDAY, "当晚", "2020-09-16", "on"),
    ("商务部9月16日宣布限制，次日生效。", FRIDAY, "次日", "2020-09-17", "on"),
    ("公司须在11月12日前出售。\n\n\n公司当晚回应。", FRIDAY, "当晚", "2020-09-18", "on"),
    # vague
    ("公司最近收到通知。", FRIDAY, "最近", "", "vague"),
    ("未来可能宣布其他措施。", FRIDAY, "未来", "", "vague"),
]
ENGLISH = [
    ("The rule was signed on Sept. 20, 2020.", FRIDAY, "Sept. 20, 2020", "2020-09-20", "on"),
    ("It was published on 18 September.", FRIDAY, "18 September", "2020-09-18", "on"),
    ("It was published on the 18th of September 2020.", FRIDAY, "18th of September 2020", "2020-09-18", "on"),
    ("The agency announced Friday that it would act.", FRIDAY, "Friday", "2020-09-18", "on"),
    ("The agency said Thursday that it would act.", FRIDAY, "Thursday", "2020-09-17", "on"),
    ("The ban will begin on Sunday.", FRIDAY, "Sunday", "2020-09-20", "on"),
    (
        "Starting this Sunday, September 20, downloads are blocked.",
        FRIDAY,
        "Starting this Sunday, September 20",
        "2020-09-20",
        "from",
    ),
    ("The same holds for the app as of Nov. 12.", FRIDAY, "as of Nov. 12", "2020-11-12", "from"),
    ("The order is effective November 12.", FRIDAY, "effective November 12", "2020-11-12", "from"),
    ("The company must sell by November 12.", FRIDAY, "by November 12", "2020-11-12", "until"),
    ("The licence runs until May 13, 2021.", FRIDAY, "until May 13, 2021", "2021-05-13", "until"),
    ("Comments are due no later than Jan. 4.", "2020-12-10", "no later than Jan. 4", "2021-01-04", "until"),
    ("The agency announced on December 18 that it acted.", "2021-01-05", "December 18", "2020-12-18", "on"),
    ("Jan may march on, and Will may too.", FRIDAY, "", "", ""),
    ("The parties may meet in May 2021.", FRIDAY, "May 2021", "2021-05", "during"),
    ("The firm must apply within 45 days.", FRIDAY, "within 45 days", "2020-11-02", "until"),
    ("Three days ago the firm heard of it.", FRIDAY, "Three days ago", "2020-09-15", "on"),
    ("Last week the agency acted.", MONDAY, "Last week", "2021-12-06/2021-12-12", "during"),
    (
        "A rule is planned for the third quarter of 2021.",
        FRIDAY,
        "the third quarter of 2021",
        "2021-07-01/2021-09-30",
        "during",
    ),
    ("A rule came out in early October 2019.", FRIDAY, "early October 2019", "2019-10-01/2019-10-10", "during"),
    ("A rule came out in spring 2019.", FRIDAY, "spring 2019", "2019-03-01/2019-05-31", "during"),
    ("The group was founded in 1996.", FRIDAY, "in 1996", "1996", "during"),
    (
        "Filings ran from September 1 to September 20.",
        "2020-10-02",
        "from September 1 to September 20",
        "2020-09-01/2020-09-20",
        "during",
    ),
    (
        "Exports rose under the Trump administration.",
        MONDAY,
        "under the Trump administration",
        "2017-01-20/2021-01-20",
        "during",
    ),
    (
        "The rule takes effect immediately: it is effective immediately.",
        FRIDAY,
        "effective immediately",
        "2020-09-18",
        "from",
    ),
    ("Officials recently met.", FRIDAY, "recently", "", "vague"),
    ("It was posted at 2020-09-20.", FRIDAY, "2020-09-20", "2020-09-20", "on"),
    ("Stamp 18/09/2020 here.", FRIDAY, "18/09/2020", "2020-09-18", "on"),
    ("Stamp 08/09/2020 here.", "2020-12-18", "08/09/2020", "", "on"),
    ("Next Monday the court will hear it.", FRIDAY, "Next Monday", "2020-09-21", "on"),
]


@pytest.mark.parametrize(("sentence", "anchor", "words", "value", "bound"), [*CHINESE, *ENGLISH])
def test_what_an_expression_means(sentence: str, anchor: str, words: str, value: str, bound: str) -> None:
    found = read(sentence, anchor)
    if not words:
        assert not found
        return
    assert (words, value, bound) in [(one.text, one.value, one.bound) for one in found]


@pytest.mark.parametrize(
    "sentence",
    [
        "见商务部公告2020年第38号。", "见公告 2020 年第 38 号。", "见发改〔2020〕38号文。", "见商务部令2020年第4号。", "第三年级共有5日元和三日均价，第13届22次会议。",
        "See 85 FR 48637, FR Doc. 2020-17699 and 15 CFR 744.11.", "See Executive Order 13942, section 301 and 50 U.S.C. 1701.",
        "See https://example.org/2020/09/18/story.", "The march may be the second of its kind, and the sun sat low.",
    ],
)  # fmt: skip
def test_numbers_of_documents_are_no_dates(sentence: str) -> None:
    assert [one for one in read(sentence) if not one.not_a_date and one.value] == []


def test_a_masked_number_is_kept_as_no_date() -> None:
    (one,) = read("见公告 2020 年第 38 号。")
    assert (one.text, one.not_a_date, one.value, one.start) == ("2020 年第 38 号", True, "", "")


@pytest.mark.parametrize(
    ("sentence", "value", "clock"),
    [
        ("The ban begins on Sept. 20 at 11:59 p.m. Eastern.", "2020-09-20", "23:59 America/New_York"),
        ("The ban begins at 12:01 a.m. EDT on September 27, 2020.", "2020-09-27", "00:01 America/New_York"),
        ("禁令于美东时间9月20日晚11时59分生效。", "2020-09-20", "23:59 America/New_York"),
        ("禁令于9月20日下午3点半生效。", "2020-09-20", "15:30"),
        ("禁令于9月20日北京时间15:30生效。", "2020-09-20", "15:30 Asia/Shanghai"),
    ],
)
def test_clock_times_belong_to_their_day(sentence: str, value: str, clock: str) -> None:
    (one,) = [one for one in read(sentence) if one.value]
    assert (one.value, one.clock) == (value, clock)


# ---------------------------------------------------------------- anchors


@pytest.mark.parametrize(
    ("sentence", "published", "value"),
    [
        ("（法新社华盛顿12日电）发言人今天表示反对。", "2020-09-13", "2020-09-12"),
        ("（法新社31日电）发言人今天表示反对。", "2020-08-01", "2020-07-31"),
        ("（中央社記者王小明華盛頓14日專電）發言人昨天表示反對。", "2020-09-15", "2020-09-13"),
        ("路透上海8月29日 - 两部门周五晚间发布目录。", "2020-08-31", "2020-08-28"),
        ("新华社北京12月31日电 商务部今天宣布。", "2021-01-01", "2020-12-31"),
        ("WASHINGTON, Dec. 31 (Wire) - The agency said today it would act.", "2021-01-01", "2020-12-31"),
        ("発言人今天表示。\n（中央社台北17日電）商務部今天宣布。", "2020-10-18", "2020-10-17"),
        ("发言人今天表示反对。", "2020-09-13", "2020-09-13"),
    ],
)
def test_relative_words_follow_the_dateline(sentence: str, published: str, value: str) -> None:
    assert value in [
        one.value for one in whole(sentence, published) if one.text in ("今天", "昨天", "today", "周五晚间")
    ]


def test_a_quotation_counts_from_the_day_of_the_statement() -> None:
    found = whole("部门9月15日发表声明称，“今天的行动很重要。”公司今天回应。", FRIDAY)
    assert [one.value for one in found] == ["2020-09-15", "2020-09-15", "2020-09-18"]
    assert found[1].anchor == "statement 2020-09-15"


def test_the_zone_of_the_publisher_tells_the_day() -> None:
    assert whole("商务部今天公布。", "2020-09-18T20:00:00Z", "Asia/Singapore")[0].value == "2020-09-19"
    assert whole("商务部今天公布。", "2020-09-18T20:34:00+02:00")[0].value == "2020-09-18"


def test_a_taiwan_agency_closes_with_the_minguo_day() -> None:
    found = whole("（中央社台北17日電）商務部今天宣布。（編輯：某甲/某乙）1091017", None)
    assert found[-1].text == "1091017"
    assert [one.value for one in found] == ["2020-10-17"] * 3


def test_an_instrument_counts_from_its_signature() -> None:
    order = "Executive Order of August 6, 2020\nThese acts shall be prohibited beginning 45 days after the date of this order.\nTHE WHITE HOUSE,\nAugust 6, 2020."
    found = whole(order, "2020-08-11")
    assert ("2020-09-20", "from", "instrument 2020-08-06") in [(one.value, one.bound, one.anchor) for one in found]
    notice = "现公告如下：\n本公告自公布之日起30日后施行。\n商务部\n2024年12月3日"
    assert ("2025-01-02", "from") in [(one.value, one.bound) for one in whole(notice, "2024-12-17")]


def test_without_an_anchor_nothing_is_guessed() -> None:
    for sentence in (
        "外长今(8日)宣布。",
        "商务部今天公布。",
        "商务部9月18日公布。",
        "周五宣布。",
        "He said Friday.",
        "上月公布。",
        "自公布之日起施行。",
    ):
        for one in whole(sentence, None):
            assert (one.value, one.start, one.end) == ("", "", ""), one
            assert one.basis
    assert [one.value for one in whole("商务部2020年9月18日公布。", None)] == ["2020-09-18"]


def test_parts_of_a_text_have_their_own_dateline() -> None:
    first, second = "（法新社华盛顿12日电）部门今天宣布。\n", "部门今天又宣布。"
    plain = first + second
    text = Text(plain, fold(plain), (Part(Span(0, len(first))), Part(Span(len(first), len(plain)))))
    found = times(text, anchors(about("2020-09-14"), text))
    assert [one.value for one in found if one.text == "今天"] == ["2020-09-12", "2020-09-14"]


def test_agreement_weighs_a_proposed_day() -> None:
    sentence = "外长今(8日)宣布。"
    text = Text(sentence, fold(sentence))
    assert agreement(times(text, [Anchor("2020-09-08", "copy")]), date(2020, 9, 8)) == (1, 0)
    assert agreement(times(text, [Anchor("2020-09-10", "copy")]), date(2020, 9, 10)) == (0, 1)


def test_a_weekday_that_disagrees_is_said() -> None:
    (one,) = read("部门周一（9月18日）公布。")
    assert one.value == "2020-09-18"
    assert "does not agree" in one.basis


# ---------------------------------------------------------------- properties

PIECES = [case[0] for case in (*CHINESE, *ENGLISH)]
ANCHORED = (
    "今天公布。",
    "昨天公布。",
    "后天举行。",
    "上周五宣布。",
    "三天前公布。",
    "下周一举行。",
    "He said yesterday.",
    "It was 12 days ago.",
    "周五宣布。",
)
DAYS = st.dates(date(1990, 1, 1), date(2080, 1, 1))
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
TRADITIONAL = str.maketrans("后国号周从开来间个过这当届时届发报", "後國號週從開來間個過這當屆時屆發報")


@given(DAYS, st.integers(-2000, 2000))
def test_moving_the_anchor_by_weeks_moves_all_relative_values(day: date, weeks: int) -> None:
    moved = day + timedelta(weeks=weeks % 50)
    for sentence in ANCHORED:
        one, two = read(sentence, day.isoformat())[0], read(sentence, moved.isoformat())[0]
        assert date.fromisoformat(two.value) - date.fromisoformat(one.value) == moved - day


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), DAYS)
@settings(max_examples=60, deadline=None)
def test_spans_are_exact_and_in_order(pieces: list[str], day: date) -> None:
    sentence = "\n".join(pieces)
    last = 0
    for one in read(sentence, day.isoformat()):
        assert sentence[one.at.start : one.at.end] == one.text
        assert one.text.strip() == one.text
        assert one.at.start >= last
        assert one.basis.split(":")[0] in reasons()
        assert not one.value or one.precision not in ("vague", "none") or one.value.startswith("P")
        last = one.at.end


@given(st.lists(st.sampled_from([case[0] for case in CHINESE]), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_folding_changes_nothing(pieces: list[str]) -> None:
    plain = "\n".join(pieces)
    expected = [(one.at, one.value, one.bound, one.start, one.end) for one in read(plain)]
    for other in (plain.translate(TRADITIONAL), plain.translate(WIDE), fold(plain)):
        assert [(one.at, one.value, one.bound, one.start, one.end) for one in read(other)] == expected


@given(st.text(alphabet="今昨明(8日)年月周五上下0123456789前后起至，。\n自公布之日起30天 Sept.Friday—-/:", max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_it(sentence: str) -> None:
    text = Text(sentence, fold(sentence))
    for one in times(text, anchors(about("2020-09-18"), text)):
        assert sentence[one.at.start : one.at.end] == one.text
    segment(text)


def test_every_rule_has_a_reason() -> None:
    for rule, why in reasons().items():
        assert re.fullmatch(r"(zh|en)\.[a-z-]+", rule)
        assert len(why) > 15


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("三十四", 34),
        ("二〇二〇", 2020),
        ("廿一", 21),
        ("一百二十", 120),
        ("十", 10),
        ("45", 45),
        ("many", None),
        ("几", None),
    ],
)
def test_numerals(said: str, meant: int | None) -> None:
    assert number(said) == meant


def test_shift() -> None:
    assert shift("2020-09-20", "P1W") == "2020-09-27"
    assert shift("2020-01-31", "P1M") == "2020-02-29"
    assert shift("2020-03-31", "P1M", back=True) == "2020-02-29"
    assert shift("nonsense", "P1M") == shift("2020-09-20", "P1H") == shift("2020-09-20", "P99999Y") == ""


# ---------------------------------------------------------------- segments


def parts(sentence: str) -> list[str]:
    folded = fold(sentence)
    return [sentence[span.start : span.end] for span in sentences(folded)]


def test_sentences_keep_closing_marks_and_do_not_end_in_numbers() -> None:
    assert parts("他说：“很好。”会议结束。") == ["他说：“很好。”", "会议结束。"]
    assert parts("See Sept. 20, 2020. The U.S. Commerce Department acted. It cost 2.5 million.") == [
        "See Sept. 20, 2020.", "The U.S. Commerce Department acted.", "It cost 2.5 million.",
    ]  # fmt: skip
    assert parts("第一段\n第二段。") == ["第一段", "第二段。"]


def test_clauses() -> None:
    sentence = "对甲自9月20日起，以及对乙（丙，丁）自11月12日起，禁止1,000项"
    assert [sentence[c.start : c.end] for c in clauses(fold(sentence), Span(0, len(sentence)))] == [
        "对甲自9月20日起",
        "以及对乙（丙，丁）自11月12日起",
        "禁止1,000项",
    ]


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("商务部长某某表示，“今天的行动再次证明了决心。”", "商务部长某某"),
        ("“我们反对这个决定并深感失望，”公司在声明中说。", "公司"),
        ('The company said, "We disagree with the decision."', "The company"),
        ('"We disagree with the decision," said Jane Doe.', "Jane Doe"),
    ],
)
def test_quotations_have_their_speaker(sentence: str, speaker: str) -> None:
    (one,) = segment(Text(sentence, fold(sentence))).quotations
    assert one.speaker is not None
    assert sentence[one.speaker.start : one.speaker.end] == speaker


def test_enumerations_have_their_lead_in() -> None:
    sentence = "禁止以下交易：提供托管服务；提供内容分发；使用代码。\n另有规定。"
    (one,) = segment(Text(sentence, fold(sentence))).enumerations
    assert sentence[one.lead.start : one.lead.end] == "禁止以下交易："
    assert [sentence[i.start : i.end] for i in one.items] == ["提供托管服务", "提供内容分发", "使用代码"]
    sentence = "现将有关事项公告如下：\n一、禁止出口。\n二、不予许可。\n特此公告。"
    (one,) = segment(Text(sentence, fold(sentence))).enumerations
    assert [sentence[i.start : i.end] for i in one.items] == ["一、禁止出口。", "二、不予许可。"]
    assert sentence[one.lead.start : one.lead.end] == "现将有关事项公告如下："


# ---------------------------------------------------------------- gold


def shared() -> Path:
    if not (SHARED / "gold").exists():
        pytest.skip("no gold files here")
    return SHARED


def test_gold_expressions() -> None:
    lines = gold(shared())
    wrong = [line for line in lines if not line.right]
    assert len(lines) == sum(
        len(json.loads(path.read_text(encoding="utf-8"))["time_expressions"])
        for path in (SHARED / "gold").glob("*.json")
    )
    assert len(wrong) <= (1 - BAR) * len(lines), wrong


def test_days_of_the_samples() -> None:
    lines = samples(shared())
    wrong = [line for line in lines if not line.right]
    assert len(wrong) <= (1 - BAR) * len(lines), wrong
