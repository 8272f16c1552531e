# ruff: noqa: E501  patterns and sentences stay whole; ruff counts a Chinese character as two
"""What times look like in Chinese and English: the patterns, each with the reason why it means what it means.

Patterns match folded text (see `exeat.read.fold`), English ones its lower-case form. Words come from ``data/times.yaml``. All patterns of
a language are joined into one expression, tried only where a time can begin, so that a document is scanned once.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from exeat.vocabulary.reader import read_file

DATA = Path(__file__).parent / "data" / "times.yaml"
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Rule(msgspec.Struct, frozen=True):
    """A way to write a time. ``reason`` says why the whole class of such expressions is read so."""

    id: str
    reason: str
    pattern: str


@cache
def words() -> dict[str, Any]:
    """The lexicon.

    Raises:
        InputError: the data file is damaged.
    """
    node = read_file(DATA)
    assert isinstance(node, dict)
    return node


def either(found: Any) -> str:
    """An alternative of literal words, the longest first."""
    return "(?:" + "|".join(sorted((re.escape(word) for word in found), key=lambda word: (-len(word), word))) + ")"


def _chinese(found: Any) -> list[str]:
    return [word for word in found if not word.isascii()]


def _english(found: Any) -> list[str]:
    return [word for word in found if word.isascii()]


NUM = "(?:[0-9]{1,3}|半|[一二两三四五六七八九十百]{1,4})"
DAY2 = "(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])"
MONTH2 = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
YEAR4 = "(?:(?:19|20)[0-9]{2}|[一二][零〇○一二三四五六七八九]{3})"
UNIT = "(?:个工作日|工作日|个交易日|天|周(?![年一二三四五六日末])|个?星期(?![一二三四五六日天])|个?礼拜(?![一二三四五六日天])|个月|年(?![级代]))"
# Words that begin with 日 and follow a number without being a day of the month: 100日元, 5日本公司, 3日均.
NOT_DAY = "(?!元|圆|均|语|本(?![月周年])|方(?!才)|经)"
# 前, 后 and 起 are bounds only where they do not begin another word: 前总统, 后续, 起诉.
BEFORE = (
    "(?:之前|以前|前(?!总|首|任|往|景|夕|主席|国务|高管|官员|员工|瞻|列|副|提|线|部|外|述|来|沿|半|后|十|两|几|三))"
)
AFTER = "(?:之后|以后|过后|后(?!续|果|来|台|者|勤|面|卫|期|天|备|端|门))"
ONWARD = "(?:之日起|起(?!诉|草|点|码|飞|来|义|源|步|初|因|到|见|伏|亚|了)|开始|始(?!终)|以来)"


def chinese_rules() -> list[Rule]:
    """In order of precedence."""
    lexicon = words()
    month_part = either(_chinese(part for part in lexicon["month-parts"] if part != "中"))
    year_part = either(_chinese(part for part in lexicon["year-parts"] if part not in ("中", "春", "夏", "秋", "冬")))
    season = "[春夏秋冬](?![节运晚奥装游招])"
    year = (
        f"(?:民国 ?(?P<minguo>[0-9]{{1,3}}|元|[一二三四五六七八九十百零]{{1,5}})|(?<![0-9])(?:(?P<y>{YEAR4})|(?P<taiwan>1[01][0-9])(?= ?年 ?{MONTH2} ?月)"
        f"|(?P<short>[0-3][0-9])(?= ?年 ?{MONTH2} ?月))) ?年(?![代级])|(?P<yword>{either(lexicon['year-words'])})|(?P<yback>同年|当年|翌年|次年)(?= ?{MONTH2} ?月)"
    )
    month = f"(?P<m>{MONTH2}) ?月份?(?P<mpart>{month_part})?"
    day = f" ?(?P<d>{DAY2}) ?(?:日{NOT_DAY}|号(?!楼|线|机|令|文|公告))"
    step = either(lexicon["step-words"])
    return [
        Rule(
            "number",
            "A number of a document, regulation, order or case carries its year in front: it names the document, not a day",
            f"(?:[(\\[〔]{YEAR4}[)\\]〕]|(?<![0-9]){YEAR4} ?年) ?第? ?[0-9一二三四五六七八九十百]{{1,5}} ?[号期次批](?!楼)"
            f"|第 ?[0-9一二三四五六七八九十百]{{1,6}} ?[届号次条款项轮批期版章节]",
        ),
        Rule(
            "stamp",
            "Taiwan's agencies close a dispatch with the day in the Minguo calendar as seven digits (year + 1911), after the editors' names",
            r"(?<![0-9])(?<=[)。])(?P<y>1[0-4][0-9]|0?[89][0-9])(?P<m>0[1-9]|1[0-2])(?P<d>[0-3][0-9])(?![0-9])",
        ),
        Rule(
            "day-in-brackets",
            "今(8日), 昨(7)日: the bracket gives the day of the month that the word means, and is nearer to the facts than the posting",
            rf"(?:今|昨|明|前)[天日]?\((?:(?P<m>{MONTH2})月)?(?P<d>[0-3]?[0-9])日?\)日?",
        ),
        Rule("decade", "年代 stands for the ten years from the one named", "(?<![0-9])(?P<y>(?:19|20)?[0-9]0) ?年代"),
        Rule(
            "date",
            "Year, month and day as far as stated; what is not stated is taken from the anchor (nearest, or before or after it as cues say)",
            f"(?:{year})(?:的)?(?: ?(?:{month}(?:{day})?|(?P<ypart>{year_part}|{season})))?|(?<![0-9第]){month}(?:{day})?",
        ),
        Rule(
            "month",
            "本月, 上月, 下月 count calendar months from the anchor's",
            f"(?P<step>{step})个?月(?![亮球])(?:份?(?P<mpart>{month_part})|{day})?|(?P<same>当月|同月)(?:{day})?",
        ),
        Rule(
            "week",
            "Chinese weeks begin on Monday: 上周五 is the Friday of the week before the anchor's, 本周日 the last day of the anchor's",
            f"(?P<step>{step})个?(?:周|星期|礼拜)(?:(?P<w>[一二三四五六日天])|(?P<end>末))?(?![年岁刊])",
        ),
        Rule(
            "weekday",
            "A bare weekday is the nearest past one, today included, since news tell what has happened; with a cue of the future the next",
            "(?<![一二两三四五六七八九十每个首数0-9])(?:周|星期|礼拜)(?:(?P<w>[一二三四五六日天])|(?P<end>末))(?![年岁刊围期个次])",
        ),
        Rule("word", "Counted from the anchor day", f"(?P<word>{either(_chinese(lexicon['day-words']))})(?!的我|里的)"),
        Rule("now", "From the anchor day on", f"(?P<word>{either(_chinese(lexicon['from-now']))})"),
        Rule("back", "Stands for a day told before", f"(?P<word>{either(_chinese(lexicon['back-words']))})"),
        Rule(
            "span",
            "A length of time that ends or begins with the anchor",
            f"(?P<way>未来|今后|接下来|此后|随后|(?<!已)(?<!已经)过去|最近|近)的? ?(?P<n>{NUM}) ?(?P<u>{UNIT})(?P<tail>里|内|间|以来|来|中(?![国美东])|之内)?",
        ),
        Rule(
            "ago",
            "A length of time counted from the anchor: back with 前, on with 后, the time allowed with 内",
            f"(?<![第0-9])(?P<n>{NUM}) ?(?:(?P<u>{UNIT})(?P<way>{BEFORE}|{AFTER}|以内|之内|内(?![部外地蒙阁政]))|(?P<u2>日)(?P<way2>{AFTER}|以内|之内|内(?![部外地蒙阁政])))",
        ),
        Rule(
            "promulgation",
            "自公布之日起: the day on which the instrument was made public; a period runs from the day after, so that its end is that day plus its length",
            rf"之日(?:起|后|算起)?(?: ?(?:满|的)? ?(?P<n>{NUM}) ?(?P<u>{UNIT}|日)(?P<way>{AFTER}|以内|之内|内)?)?",
        ),
        Rule(
            "length",
            "A length of time, not a day",
            f"(?P<op>不到|不足|未满|少于|超过|逾|至少|长达|为期|近|约)? ?(?<![第0-9数几])(?P<n>{NUM})(?P<more>多|余|几)? ?(?P<u>{UNIT})(?P<more2>多|余)?|(?<![0-9第])(?P<n2>[0-9]{{2,3}}) ?(?P<u2>日)(?=\\()|(?:(?<=[布署效过]后)|(?<=[布署效]的)|(?<=日起|日后))(?P<n3>[0-9]{{1,3}}) ?(?P<u3>日)(?!前)",
        ),
        Rule(
            "day",
            "A day of the month: that of a date just told in the sentence, or the nearest to the anchor",
            f"(?<![0-9第个./月])(?P<d>3[01]|[12][0-9]|[1-9]|十[一二三四五六七八九]|二十[一二三四五六七八九]?|三十一?) ?(?:日{NOT_DAY}(?![电電])|号(?=凌晨|早|上午|中午|下午|晚))",
        ),
        Rule("dateline", "The day in a dateline", "(?<![0-9第个./月])(?P<d>3[01]|[12][0-9]|[1-9]) ?日(?=电)"),
        Rule(
            "part",
            "A part of the anchor's year or month",
            f"(?P<ypart>{either(part for part in _chinese(lexicon['year-parts']) if len(part) > 1 and part[0] in '年上下第一二三四首')})(?!级)|月(?P<mpart>初|底|末)|(?P<mpart2>[上中下]旬)",
        ),
        Rule(
            "vague",
            "No day or interval can be told from it",
            f"(?P<word>{either(_chinese(lexicon['vague']))})(?!的投资)",
        ),
        Rule(
            "term",
            "A term of office told as a period: from taking office to leaving it",
            f"(?P<name>{either(_chinese(name for row in lexicon['terms'] for name in row['names']))})(?:总统)?(?P<nth>第[一二]|首个?|前一|上一)?(?:政府)?(?:任期|执政)?(?:任内|期间|时期|时代|当政期间)",
        ),
        Rule(
            "clock",
            "A time of day; it belongs to the day beside it",
            f"(?:(?P<zone>{either(_chinese(lexicon['zones']))}) ?)?(?P<pod>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|深夜|晚|夜里)?(?<![0-9])(?P<h>[0-2]?[0-9]|零|[一二三四五六七八九十]{{1,3}})(?:[时點点](?:(?P<half>半)|(?P<min>[0-5]?[0-9])分?)?(?![名个位间隔候])|:(?P<min2>[0-5][0-9])(?![0-9]))",
        ),
    ]


def english_rules() -> list[Rule]:
    """In order of precedence; matched against lower case."""
    lexicon = words()
    month = (
        "(?P<mon>"
        + "|".join(f"{name[:3]}{'t' if name == 'september' else ''}\\.?(?![a-z])|{name}(?![a-z])" for name in MONTHS)
        + "|sep\\.?(?![a-z]))"
    )
    month2 = month.replace("(?P<mon>", "(?P<mon2>")
    month3 = month.replace("(?P<mon>", "(?P<mon3>")
    weekday = f"(?:{'|'.join(WEEKDAYS)})"
    count = (
        "(?:[0-9]{1,3}|"
        + "|".join(
            [
                "an?",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "twelve",
                "fourteen",
                "fifteen",
                "twenty",
                "thirty",
                "forty-five",
                "sixty",
                "ninety",
            ]
        )
        + ")"
    )
    unit = "(?:business |calendar |working )?(?:day|week|month|year)"
    suffix = "(?:st|nd|rd|th)?(?![0-9a-z])"
    part = either(
        [
            "spring",
            "summer",
            "autumn",
            "fall",
            "winter",
            "first quarter",
            "second quarter",
            "third quarter",
            "fourth quarter",
            "q1",
            "q2",
            "q3",
            "q4",
            "first half",
            "second half",
        ]
    )
    base = (
        r"(?P<base>the date of publication(?: of this [a-z]+)?(?: in the federal register)?|the date (?:of|that|on which) (?:this|the|its|publication|signature|issuance)[a-z ]{0,30}?(?:order|rule|notice|proclamation|publication|act|signature|issuance|regulation|determination)(?: in the federal register)?"
        r"|(?:its |the )?(?:publication|signing|signature|issuance)(?: date)?(?: in the federal register)?|today|now)"
    )
    return [
        Rule(
            "number",
            "Citations, docket and document numbers look like years and days: they name a document",
            r"https?://[^\s()<>\"]+|(?:fr doc\.?|document number|doc\. no\.?|docket no\.?|rin|case no\.?|no\.) ?:?[* ]{0,3}[0-9][0-9a-z-]{2,}"
            r"|[0-9]{1,4} (?:fr|fed\. reg\.|cfr|c\.f\.r\.|u\.s\.c\.|usc|stat\.) (?:part )?[0-9][0-9,.]*(?:\([a-z0-9]+\))*|[0-9]:[0-9]{2}-cv-[0-9]+|(?:executive order|e\.o\.|proclamation|public law|pub\. l\.|section|title|part|article) (?:no\. )?[0-9][0-9-]*(?![0-9,]*[0-9])(?: ?\([a-z0-9]\))*",
        ),
        Rule(
            "iso",
            "Year, month and day in ISO order",
            r"(?P<y>(?:19|20)[0-9]{2})([-/.])(?P<m>0?[1-9]|1[0-2])\2(?P<d>[0-3]?[0-9])(?![0-9])(?:[t ](?P<h>[0-2][0-9]):(?P<min>[0-5][0-9])(?::[0-9.]{2,})?(?P<z>z|[+-][0-2][0-9]:?[0-9]{2})?)?",
        ),
        Rule(
            "slashed",
            "Day and month in an order that only a number above twelve, or the anchor, tells",
            r"(?P<a>[0-3]?[0-9])/(?P<b>[0-3]?[0-9])/(?P<y>(?:19|20)[0-9]{2})(?![0-9])",
        ),
        Rule(
            "filed",
            "The Office of the Federal Register writes the day of filing as month-day-year",
            r"filed (?P<m>1[0-2]|[1-9])-(?P<d>[0-3]?[0-9])-(?P<y>[0-9]{2})(?![0-9])",
        ),
        Rule(
            "date",
            "Month and day, with the year if stated; otherwise the nearest to the anchor, or before or after it as cues say",
            rf"(?:(?:{weekday[:-1]}|mon|tue|wed|thu|fri|sat|sun)),? )?(?:{month} (?P<d>[0-3]?[0-9])(?:[-—](?P<dto>[0-3]?[0-9]))?{suffix}(?! ?%)(?:,? ?(?P<y>(?:19|20)[0-9]{{2}})(?![0-9]))?|(?P<d2>[0-3]?[0-9]){suffix} (?:of )?{month2}(?:,? (?P<y2>(?:19|20)[0-9]{{2}})(?![0-9]))?)",
        ),
        Rule(
            "day",
            "A day of the month, told as an ordinal after `on the`",
            "(?<=on the )(?P<d>3[01]|[12]?[0-9])(?:st|nd|rd|th)(?! of|[a-z]| (?:century|floor|anniversary))",
        ),
        Rule(
            "month",
            "A month, with its year or the anchor's",
            rf"(?:(?P<part>early|mid|late|the (?:beginning|start|end) of|end of)[- ])?(?:(?P<rel>last|next|this) )?{month3}(?:,? (?:of )?(?P<y>(?:19|20)[0-9]{{2}})(?![0-9]))?",
        ),
        Rule(
            "weekday",
            "A bare weekday is the nearest past one in reports and the next one after words of the future; last, this and next say so themselves",
            rf"(?:(?P<rel>last|next|this|this coming|this past) )?(?P<w>{weekday})(?![a-z])(?: (?:morning|afternoon|evening|night))?",
        ),
        Rule("word", "Counted from the anchor day", f"(?P<word>{either(_english(lexicon['day-words']))})(?![a-z])"),
        Rule("now", "From the anchor day on", f"(?P<word>{either(_english(lexicon['from-now']))})(?![a-z])"),
        Rule("back", "Stands for a day told before", f"(?P<word>{either(_english(lexicon['back-words']))})(?![a-z])"),
        Rule(
            "after",
            "A period that runs from a day: its end is that day plus its length",
            rf"(?:(?P<way>within|no later than|not later than|in) )?(?P<n>{count})[ -](?P<u>{unit})s? (?P<rel>after|from|of|following) {base}",
        ),
        Rule(
            "instrument-day",
            "The day of the instrument itself: its signature, or its publication",
            rf"{base.replace('|today|now', '')}",
        ),
        Rule(
            "within",
            "A period allowed from the anchor day",
            rf"(?P<way>within|in) (?P<n>{count}) (?P<u>{unit})s?(?![a-z])",
        ),
        Rule(
            "ago",
            "Counted back from the anchor",
            rf"(?P<n>{count}) (?P<u>{unit})s? (?P<way>ago|earlier|later|from now)(?![a-z])",
        ),
        Rule(
            "span",
            "A length of time that ends or begins with the anchor",
            rf"(?:over |in |during |for )?the (?P<way>past|last|next|coming|previous) (?P<n>{count}) (?P<u>{unit})s?(?![a-z])",
        ),
        Rule(
            "length",
            "A length of time, not a day",
            rf"(?:(?P<op>less than|more than|over|at least|nearly|up to|for) )?(?P<n>{count})[ -](?P<u>{unit})s?(?![a-z])",
        ),
        Rule(
            "period",
            "Years, months and weeks counted from the anchor's",
            r"(?P<rel>last|this|next) (?P<u>year|month|week|quarter)(?![a-z])|(?P<edge>the end of the|the end of this|the beginning of the|year-end|end of the) ?(?P<eu>year|month)?(?![a-z])",
        ),
        Rule(
            "part",
            "A part of a year, its own or the anchor's",
            rf"(?:(?P<rel>this|last|next|the) )?(?P<part>{part})(?![a-z])(?:(?: of)?,? (?:(?P<y>(?:19|20)[0-9]{{2}})(?![0-9])|(?P<yrel>this|last|next) year))|(?P<rel2>this|last|next) (?P<part2>spring|summer|autumn|fall|winter)(?![a-z])|(?P<part3>early|mid|late)[- ](?:in )?(?P<y3>(?:19|20)[0-9]{{2}})(?![0-9])",
        ),
        Rule(
            "year",
            "A year, after a word that asks for a time",
            r"(?P<in>in|since|by|until|during|from|before|after|of|through|end of)(?: the year)? (?P<y>(?:19|20)[0-9]{2})(?![0-9,.]?[0-9]|[-/][0-9]| (?:fr|cfr|million|people|companies|items))",
        ),
        Rule(
            "vague",
            "No day or interval can be told from it",
            f"(?P<word>{either(_english(lexicon['vague']))})(?![a-z])",
        ),
        Rule(
            "term",
            "A term of office told as a period",
            rf"(?:under|during) (?:the )?(?:first |second )?(?P<name>{either(_english(name for row in lexicon['terms'] for name in row['names']))})(?: administration|'s (?:presidency|term|administration))|(?P<name2>{either(_english(name for row in lexicon['terms'] for name in row['names']))})[- ]era",
        ),
        Rule(
            "clock",
            "A time of day; it belongs to the day beside it",
            rf"(?:(?P<noon>noon|midnight)|(?P<h>1[0-2]|0?[1-9])(?::(?P<min>[0-5][0-9]))? ?(?P<ap>a\.?m\.?|p\.?m\.?)|(?P<h2>[01][0-9]|2[0-3]):(?P<min2>[0-5][0-9])(?::[0-9]{{2}})?)(?:,? \(?(?P<zone>{either(_english(lexicon['zones']))})(?: (?:standard |daylight )?time)?\)?(?![a-z]))?",
        ),
    ]


class Grammar(msgspec.Struct, frozen=True):
    """The joined expression of one language, where it can begin, and the rules by id with their own expression."""

    trigger: re.Pattern[str]
    whole: re.Pattern[str]
    each: dict[str, re.Pattern[str]]
    reasons: dict[str, str]


def _numbered(pattern: str) -> str:
    """The pattern with its groups' names made unique by a number: a part that stands in two branches keeps its name in `parts`."""
    seen: dict[str, int] = {}

    def unique(found: re.Match[str]) -> str:
        name = found[1]
        seen[name] = seen.get(name, 0) + 1
        return f"(?P<{name}>" if seen[name] == 1 else f"(?P<{name}_{seen[name]}>"

    return re.sub(r"[(][?]P<([a-z0-9_]+)>", unique, pattern)


def parts(found: re.Match[str]) -> dict[str, str]:
    """What was found, by the name of the part without its number."""
    return {name.rstrip("0123456789_"): value for name, value in found.groupdict().items() if value is not None}


def _join(rules: list[Rule], prefix: str, trigger: str, before: str) -> Grammar:
    plain = [
        f"(?P<{prefix}{rule.id.replace('-', '_')}>{re.sub(r'[(][?]P<[a-z0-9_]+>', '(?:', rule.pattern)})"
        for rule in rules
    ]
    each = {rule.id: re.compile(_numbered(rule.pattern)) for rule in rules}
    # The numbered back-reference of the ISO rule is the only one; in the joined expression it has a name.
    whole = before + "(?:" + "|".join(plain).replace(r"([-/.])", "(?P<sep>[-/.])").replace(r"\2", "(?P=sep)") + ")"
    return Grammar(re.compile(trigger), re.compile(whole), each, {rule.id: rule.reason for rule in rules})


@cache
def chinese() -> Grammar:
    """The Chinese patterns."""
    return _join(
        chinese_rules(),
        "",
        "[0-9零一二两三四五六七八九十半百廿今昨明前大后去来本上下这当同翌次隔第届即立周星礼民未接此随过最近不少超逾至长为约之年月首中特川拜奥欧小克稍早日先将几多数一美北台香伦格凌清早晚深夜傍(\\[〔]",
        "",
    )


@cache
def english() -> Grammar:
    """The English patterns."""
    return _join(english_rules(), "", "[0-9a-z][0-9a-z ,.'()/:*\u2019\u2014%;+-]{2,}", "(?<![a-z0-9_-])")


def reasons() -> dict[str, str]:
    """Every rule with its reason: ``zh.weekday``, ``en.after``…"""
    return {
        f"{name}.{key}": why
        for name, grammar in (("zh", chinese()), ("en", english()))
        for key, why in sorted(grammar.reasons.items())
    }
