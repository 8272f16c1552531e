# ruff: noqa: E501  patterns and sentences stay whole; ruff counts a Chinese character as two
"""Time expressions in Chinese and English, resolved to days and intervals with the reason and the anchor of each.

The patterns and why they mean what they mean are in `exeat.read.timewords`; words are data. Here is how a match becomes a day:

1. Neighbours that tell one time are joined: 周一(12月21日), Sunday, September 20, 8月30日晚11时59分, 9月1日至20日.
2. What stands around tells the bound: 自…起, 前, by, until, effective.
3. What is not stated comes from the anchor that holds at that place: the day of the statement inside a quotation, else the dateline, else
   publication. Cues of the future or the past say on which side of it; without a cue the nearest is meant.

Without an anchor the value stays empty and the basis says what is missing: never a guess.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import msgspec

from exeat.read import timewords
from exeat.read.days import add, make, month_end, number, read_day, shift, step_month
from exeat.read.model import Anchor, Span, Text, TimeValue
from exeat.read.patterns import last

__all__ = ["reasons", "shift", "times"]

reasons = timewords.reasons

AHEAD = 300  # days: "before 1 December" told in the days after it is last year's deadline, not next year's
BACK = 31  # days: a statement quoted today was made within the last month
NEAR = 40  # days told before that a word can stand for: a bound on the work, no story needs more
STORY = ("dateline", "published", "copy", "inferred", "feed")  # anchors that hold for the story, the best first
DATED = frozenset(("date", "weekday", "week", "word", "day-in-brackets", "day", "month", "iso", "slashed", "back"))
UNITS = {
    "天": "D",
    "日": "D",
    "周": "W",
    "星期": "W",
    "礼拜": "W",
    "个月": "M",
    "年": "Y",
    "工作日": "D",
    "交易日": "D",
}


class Hit(msgspec.Struct):
    """A match: where, by which rule, its parts, and what was joined to it."""

    start: int
    end: int
    rule: str
    english: bool
    parts: dict[str, str]
    more: Hit | None = None  # the same day told again: 周一(12月21日)
    to: Hit | None = None  # the end of a range
    clock: str = ""
    bound: str = "on"
    left: int = 0  # where the expression begins and ends with its bounds
    right: int = 0


class Found(msgspec.Struct, frozen=True):
    """What a hit came to. Empty strings are open or unknown."""

    start: str
    end: str
    precision: str
    basis: str
    value: str
    bound: str = ""
    anchor: str = ""


def times(text: Text, anchors: Sequence[Anchor] = ()) -> list[TimeValue]:
    """All time expressions in order of place. Spans are exact in ``text.text`` whichever form (folded or not) was matched.

    ``anchors`` may be empty; several of one kind count from their place on.
    """
    folded = text.folded if len(text.folded) == len(text.text) else text.text
    return _Reader(text, folded, anchors).read()


# ---------------------------------------------------------------- words around a time


# 将甲列入名单: 将 marks the object and says nothing of the future, unless 被, 把, 对, 会, 于 or another adverb of the future follows
OBJECT = "(?![会要被把对向于在从自继进再与就可不有采推宣公发])[^,。;:\n]{2,40}?(?:列入|列为|列进|纳入|加入|移出|移除|剔除|拉入|添加|认定|摘牌|除名|定为)"


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    cue = timewords.words()["cues"]
    either = timewords.either
    return {
        "zh-future-before": re.compile(
            f"{either(cue['future-before-zh'])}(?:会|要)?(?:最早|最快|最迟)?(?:于|在|从|自|由)?(?:当地时间|北京时间)?$"
        ),
        "zh-future-after": re.compile(
            f"(?:(?!{either(cue['past-zh'])})[^,。;:、\n]){{0,8}}?(?:将(?!{OBJECT})|拟于|预定|预计)"
        ),
        "zh-past-after": re.compile(f"[^,。;、\n]{{0,12}}?{either(cue['past-zh'])}"),
        "zh-speech": re.compile(f"[^。;\n]{{0,14}}?{either(cue['speech-zh'])}"),
        "zh-promulgated": re.compile(f"[^。;\n]{{0,16}}?{either(cue['promulgation-zh'])}"),
        "en-cue": re.compile(
            f"(?<![a-z])(?:(?P<future>{either(cue['future-en'])})|(?P<past>{either(cue['past-en'])}))(?![a-z])"
        ),
        "en-speech": re.compile(f"[^.\n]{{0,60}}?(?<![a-z]){either(cue['speech-en'])}(?![a-z])"),
    }


ZH_PREFIX = re.compile(
    "(?:(?P<fr>自从|自|从|由|始于|不早于|早于)|(?P<till>截至|截止到|截止|直至|直到|不晚于|不迟于|最晚|最迟|推迟至|推迟到|延长至|延长到|延期至|延至|延后至|为止|至|到)|(?P<aft>晚于))"
    " ?(?:于|在|当地时间|北京时间)?$"
)
ZH_SUFFIX = re.compile(
    " ?(?P<pod>凌晨|清晨|早上|早晨|早间|上午|中午|午间|下午|傍晚|晚上|晚间|深夜|午夜|夜间|晚(?!于|宴|会|报|年))?"
    f"(?: ?(?:(?P<fr>{timewords.ONWARD})|(?P<bef>{timewords.BEFORE})|(?P<aft>{timewords.AFTER})|(?P<till>为止|止(?!步|血|损))))?"
)
EN_PREFIX = re.compile(
    r"(?<![a-z])(?:(?P<till>by|no later than|not later than|on or before|until|till|through|up to|ending|ends|expires)"
    r"|(?P<bef>before|prior to)|(?P<fr>from|since|as of|effective|effective as of|effective from|beginning|starting|commencing|on or after|not before|no earlier than|not earlier than|as from)"
    r"|(?P<aft>after|following)):?(?: on)?(?: midnight(?: on)?)?(?: about)? $"
)
EN_SUFFIX = re.compile(r"(?:(?P<fr>,? onwards?| or later|,? and after)|(?P<till> or earlier| at the latest))(?![a-z])")
PAST_VERB = re.compile(  # on Friday adopted rules
    r" (?:also |[a-z]+ly )?(?!scheduled|slated|expected|planned|proposed)[a-z]{2,}ed(?![a-z])"
)
BRACKET = re.compile(r" ?\((?:即|也即|就是|当地时间|北京时间|当地)?|, ?")
JOIN_TO = re.compile(r" ?(?:至|到|—|-|~|直到) ?| (?:to|through|until) |(?P<and> and | ?和 ?)")
JOIN_CLOCK = re.compile(r",? ?(?:at |on |of )?(?:当地时间)?|")


class _Reader:
    """One text being read. Nothing outlives it."""

    def __init__(self, text: Text, folded: str, anchors: Sequence[Anchor]) -> None:
        self.text, self.zh = text, folded
        lower = folded.lower()
        self.en = lower if len(lower) == len(folded) else "".join(c.lower() if c.isascii() else c for c in folded)
        self.anchors = sorted(anchors, key=lambda anchor: (anchor.start, anchor.kind, anchor.day))
        kinds = [[one for one in self.anchors if one.kind == kind and read_day(one.day)] for kind in STORY]
        self.by_kind = [placed for placed in kinds if placed]
        self.instrument = next(
            (a for kind in ("instrument", "promulgated") for a in self.anchors if a.kind == kind), None
        )
        self.days: list[tuple[Hit, date, str, bool]] = []  # hit, day, bound, whether its year was stated
        self.year: int | None = None  # the year of the last time told
        self.months: dict[int, int] = {}  # month told before, and of which year
        self._quotes: list[tuple[int, int]] | None = None

    # ------------------------------------------------------------ finding

    def read(self) -> list[TimeValue]:
        hits = sorted([*self.chinese(), *self.english()], key=lambda hit: (hit.start, -hit.end))
        kept: list[Hit] = []
        for hit in hits:
            if not kept or hit.start >= kept[-1].end:
                kept.append(hit)
        found = []
        for hit in self.joined(kept):
            if hit.rule == "clock":
                continue  # a time of day alone is no day
            value = self.value(hit)
            if value is not None:
                found.append(value)
        return found

    def chinese(self) -> list[Hit]:
        text, grammar, found, at = self.zh, timewords.chinese(), [], 0
        if text.isascii():
            return []
        match, each = grammar.whole.match, grammar.each
        for trigger in grammar.trigger.finditer(text):
            place = trigger.start()
            if place < at:
                continue
            hit = match(text, place)
            if hit is None or hit.lastgroup is None:
                continue
            rule = hit.lastgroup.replace("_", "-")
            again = each[rule].match(text, place)
            assert again is not None
            found.append(Hit(place, again.end(), rule, False, timewords.parts(again)))
            at = again.end()
        return found

    def english(self) -> list[Hit]:
        text, grammar, found = self.en, timewords.english(), []
        for run in grammar.trigger.finditer(text):
            for hit in grammar.whole.finditer(text, run.start(), run.end()):
                rule = next(
                    name for name, part in hit.groupdict().items() if part is not None and name != "sep"
                ).replace("_", "-")
                again = grammar.each[rule].match(text, hit.start())
                assert again is not None
                parts = timewords.parts(again)
                if rule in ("month", "date") and not self.is_month(hit.start(), hit.end(), rule, parts):
                    continue
                if rule == "number" and not re.search("(?:19|20)[0-9]{2}", hit.group()):
                    parts["plain"] = "1"
                found.append(Hit(hit.start(), hit.end(), rule, True, parts))
        return found

    def is_month(self, start: int, end: int, rule: str, parts: dict[str, str]) -> bool:
        """``may``, ``march`` and ``august`` are months only with a capital; a lone month name only where a time is asked for."""
        written = self.zh[start:end]
        name = parts["mon"].rstrip(".")
        if (
            name in ("may", "march", "mar", "august", "sept", "dec", "jan")
            and name.capitalize() not in written
            and name.upper() not in written
        ):
            return False
        if rule == "date" or "y" in parts or "rel" in parts or "part" in parts:
            return True
        if name[:3] == name and name != "may":  # "Mar" and "Jan" alone are names as often as months
            return False
        return bool(
            re.search(
                r"(?<![a-z])(?:in|by|since|until|from|during|of|through|before|after|late|early|to) $",
                self.en[max(0, start - 9) : start],
            )
        )

    # ------------------------------------------------------------ joining

    def joined(self, hits: list[Hit]) -> list[Hit]:
        """Neighbours that tell one time become one hit."""
        found: list[Hit] = []
        index = 0
        while index < len(hits):
            hit = hits[index]
            index += 1
            while index < len(hits) and hits[index].start - hit.end <= 12:
                other = hits[index]
                gap = self.en[hit.end : other.start]
                if self.clocked(hit, other, gap) or self.bracketed(hit, other, gap) or self.ranged(hit, other, gap):
                    index += 1
                    if hit.rule == "clock":
                        other.clock, other.start = hit.clock or _clock(hit), hit.start
                        hit = other
                    continue
                break
            found.append(hit)
        for hit in found:
            self.bounds(hit)
        return found

    def clocked(self, hit: Hit, other: Hit, gap: str) -> bool:
        if (hit.rule == "clock") == (other.rule == "clock") or not JOIN_CLOCK.fullmatch(gap):
            return False
        if hit.rule == "clock":
            return other.rule in DATED
        if hit.rule not in DATED or hit.clock:
            return False
        hit.clock, hit.end = (
            _clock(other, "晚" in hit.parts.get("word", "") or "夜" in hit.parts.get("word", "")),
            other.end,
        )
        return True

    def bracketed(self, hit: Hit, other: Hit, gap: str) -> bool:
        if other.rule not in ("date", "day", "week", "weekday", "iso") or hit.more is not None or hit.to is not None:
            return False
        if not BRACKET.fullmatch(gap) and not (
            hit.english and gap == " " and hit.rule == "weekday" and other.rule == "date"
        ):
            return False
        end = other.end
        if "(" in gap:
            if self.zh[end : end + 1] != ")":
                return False
            end += 1
        elif hit.rule != "weekday" or other.rule != "date":
            return False  # without a bracket only a weekday and its date are one time
        if hit.rule not in (*DATED, "length", "promulgation", "ago", "after", "within"):
            return False
        hit.more, hit.end = other, end
        return True

    def ranged(self, hit: Hit, other: Hit, gap: str) -> bool:
        joint = JOIN_TO.fullmatch(gap)
        if (
            joint is None
            or hit.to is not None
            or hit.rule not in DATED
            or other.rule not in DATED
            or hit.rule == "back"
        ):
            return False
        if joint["and"] and not self.en[max(0, hit.start - 8) : hit.start].endswith("between "):
            return False
        hit.to, hit.end = other, other.end
        return True

    def bounds(self, hit: Hit) -> None:  # noqa: PLR0912  one branch a kind of bound
        """What stands before and after: from, until, before, after."""
        hit.left, hit.right = hit.start, hit.end
        if hit.rule in (
            "number",
            "vague",
            "length",
            "span",
            "now",
            "promulgation",
            "after",
            "within",
            "stamp",
            "dateline",
            "term",
        ):
            if hit.rule in ("length", "after") and hit.more:
                self.chinese_suffix(hit)
            elif hit.rule == "after":
                self.english_prefix(hit)
            return
        if hit.english:
            self.english_prefix(hit)
            return
        before = ZH_PREFIX.search(self.zh, max(0, hit.start - 10), hit.start)
        self.chinese_suffix(hit)
        if before is None:
            return
        way = before.lastgroup or ""
        if way == "till" and before.group().strip() in ("至", "到") and hit.bound != "on":
            return
        if way == "fr":
            if hit.bound == "before":  # 早于…前
                return
            if before.group().startswith("早于"):
                hit.bound = "before"
            elif hit.bound == "on":
                if (
                    hit.to is None
                    and before.group().strip() in ("从", "由")
                    and hit.right == hit.end
                    and self.zh[hit.end : hit.end + 1] in ("的", "这")
                ):
                    return
                hit.bound = "from" if hit.to is None else "on"
        elif way == "aft":
            hit.bound = "after"
        elif hit.bound in ("on", "before"):
            hit.bound = "until"
        hit.left = before.start()

    def zone_before(self, hit: Hit) -> str:
        """The zone named before the day of a clock time: 美东时间9月20日晚11时59分."""
        return next(
            (
                zone
                for name, zone in timewords.words()["zones"].items()
                if not name.isascii() and self.zh.endswith(name, 0, hit.left)
            ),
            "",
        )

    def chinese_suffix(self, hit: Hit) -> None:
        after = ZH_SUFFIX.match(self.zh, hit.end)
        if after is None or not after.group().strip() or hit.rule == "ago":
            return
        hit.right = after.end()
        for way, bound in (("fr", "from"), ("bef", "before"), ("aft", "after"), ("till", "until")):
            if after[way]:
                hit.bound = bound

    def english_prefix(self, hit: Hit) -> None:
        before = EN_PREFIX.search(self.en, max(0, hit.start - 34), hit.start)
        after = EN_SUFFIX.match(self.en, hit.end)
        if before is not None:
            way = before.lastgroup or ""
            hit.bound = {"till": "until", "bef": "before", "fr": "from", "aft": "after"}[way]
            hit.left = before.start()
            if hit.to is not None and way in ("fr", "till"):
                hit.bound = "on"
        elif hit.rule == "year" and hit.parts["in"] not in ("in", "during", "of"):
            hit.bound = {
                "since": "from",
                "from": "from",
                "by": "until",
                "until": "until",
                "through": "until",
                "before": "before",
                "after": "after",
            }.get(hit.parts["in"], "on")
        if after is not None:
            hit.bound, hit.right = ("from" if after.lastgroup == "fr" else "until"), after.end()

    # ------------------------------------------------------------ anchors and cues

    def quotes(self) -> list[tuple[int, int]]:
        """Where words are quoted, by pairs of marks within a paragraph."""
        if self._quotes is None:
            self._quotes = [m.span() for m in re.finditer('“[^”\n]*”?|"[^"\n]*"', self.zh)]
        return self._quotes

    def anchor(self, at: int) -> Anchor | None:
        """The anchor of the story that holds at a place: a dateline from its place on, within its part."""
        part = next((p.span for p in self.text.parts if p.span.start <= at < p.span.end), None)
        for placed in self.by_kind:
            index = bisect_right(placed, at, key=lambda one: one.start) - 1
            if index < 0:
                continue
            best = placed[index]
            if best.start >= 0 and part is not None and not part.start <= best.start < part.end:
                continue
            return best
        return None

    def spoken(self, at: int) -> tuple[date, str] | None:
        """The day of the statement that is quoted here: the last day told with a word of speech before the quotation in the paragraph."""
        quotes = self.quotes()
        index = bisect_left(quotes, (at, 0)) - 1
        if index < 0 or at >= quotes[index][1]:
            return None
        quote = quotes[index]
        begin = self.zh.rfind("\n", 0, quote[0]) + 1
        for hit, day, bound, _ in reversed(self.days[-NEAR:]):
            if hit.start < begin:
                break
            if hit.end <= quote[0] and bound == "on":
                cue = _cues()["en-speech" if hit.english else "zh-speech"]
                if cue.match(self.en, hit.end, quote[0]):
                    return day, f"statement {day.isoformat()}"
        return None

    def base(self, hit: Hit) -> tuple[date, str] | None:
        """The day that a relative word counts from, and what it is."""
        story = self.anchor(hit.start)
        told = read_day(story.day) if story else None
        spoken = self.spoken(hit.start)
        if spoken is not None and (told is None or timedelta(0) <= told - spoken[0] <= timedelta(days=BACK)):
            return spoken
        return (told, f"{story.kind} {story.day}") if story is not None and told is not None else None

    def sentence(self, at: int) -> int:
        """Where the sentence of a place begins."""
        text = self.zh
        begin = max(text.rfind(mark, max(0, at - 300), at) for mark in "\n。!?;")
        full = text.rfind(". ", max(0, at - 300), at)
        while full > begin and re.search(
            r"(?<![a-z])(?:[a-z]|u\.s|jan|feb|mar|apr|aug|sept?|oct|nov|dec|no|mr|ms|dr|st)$",
            self.en[max(0, full - 6) : full],
        ):
            full = text.rfind(". ", begin + 1, full)
        return max(begin + 1, full + 1, at - 300, 0)

    def direction(self, hit: Hit) -> int:
        """1 where the context puts the day in the future, -1 in the past, 0 where it does not say."""
        if hit.bound in ("until", "before"):
            return (
                0 if self.zh.startswith(("截至", "截止"), hit.left) else 1
            )  # 截至 counts what has happened up to a day
        if hit.english:
            return self.direction_english(hit)
        cues, text = _cues(), self.zh
        if cues["zh-future-before"].search(text, max(0, hit.left - 10), hit.left):
            return 1
        if cues["zh-future-after"].match(text, hit.right):
            return 1
        if hit.bound == "from":
            return 0
        return -1 if cues["zh-past-after"].match(text, hit.right) else 0

    def direction_english(self, hit: Hit) -> int:
        if hit.bound == "from" and not self.en.startswith("since", hit.left):
            return 1
        if hit.bound == "after" or self.en.startswith("since", hit.left):
            return -1
        cue = _cues()["en-cue"]
        said = last(cue.finditer(self.en, self.sentence(hit.left), hit.left))
        if said is None and PAST_VERB.match(self.en, hit.right):
            return -1
        if said is None:
            end = self.en.find("\n", hit.right)
            said = cue.search(self.en, hit.right, min(end if end >= 0 else len(self.en), hit.right + 80))
        return 0 if said is None else 1 if said["future"] else -1

    # ------------------------------------------------------------ resolving

    def value(self, hit: Hit) -> TimeValue | None:
        """The value of a hit, with its exact words."""
        if hit.rule == "number" and (
            hit.parts.get("plain")
            or not re.search("[12][0-9]{3}|[一二][零〇○一二三四五六七八九]{3}", self.zh[hit.start : hit.end])
        ):
            return None  # 第13届, section 301: no year in it, nothing to guard against
        if hit.rule == "promulgation" and not self.promulgated_prefix(hit):
            if "n" not in hit.parts:
                return None
            hit.parts = {**hit.parts, "event": "1"}
        if hit.rule == "length" and "u" in hit.parts and hit.parts["u"] == "日":
            self.promulgated_length(hit)
        found = self.resolve(hit)
        if found is None:
            return None
        bound = found.bound or hit.bound
        start, end = found.start, found.end
        if bound in ("from", "after") and not found.bound:
            start, end = (found.start, "") if found.start else ("", "")
        elif bound in ("until", "before") and not found.bound:
            start, end = "", found.end
        if bound == "on" and found.precision not in ("day", "none") and found.value:
            bound = "during"
        if hit.clock and " " not in hit.clock and (zone := self.zone_before(hit)):
            hit.clock = f"{hit.clock} {zone}"
        span = Span(hit.left, hit.right)
        basis = f"{'en' if hit.english else 'zh'}.{hit.rule}: {found.basis}"
        day = read_day(found.value) if found.precision == "day" and len(found.value) == 10 else None
        if found.value[:4].isdigit():
            self.year = int(found.value[:4])
        if len(found.value) in (7, 10) and found.value[:4].isdigit():
            self.months[int(found.value[5:7])] = int(found.value[:4])
        if day is not None:
            self.days.append((hit, day, bound, "y" in hit.parts or "yword" in hit.parts or "minguo" in hit.parts))
        return TimeValue(
            self.text.text[span.start : span.end],
            span,
            start,
            end,
            bound,
            found.precision,
            basis,
            found.anchor,
            found.value,
            hit.rule == "number",
            hit.clock,
        )

    def resolve(self, hit: Hit) -> Found | None:
        if hit.to is not None:
            return self.range_of(hit)
        if hit.more is not None:
            return self.told_twice(hit)
        return self.single(hit)

    def range_of(self, hit: Hit) -> Found | None:
        assert hit.to is not None
        last = hit.to
        first = msgspec.structs.replace(hit, to=None)
        last.left, last.right = last.start, last.end
        if last.rule == "date" and "y" not in first.parts and "m" in first.parts and "y" in last.parts:
            first.parts = {**first.parts, "y": last.parts["y"]}
        one = self.single(first)
        if one is None or not one.value:
            two = self.single(last)
            return Found("", "", "interval", "a range whose days cannot be told", "") if two is not None else None
        day = read_day(one.value)
        if day is not None:
            self.days.append((first, day, "on", "y" in first.parts))
        parts = dict(last.parts)
        if last.rule == "date" and not parts.keys() & {"y", "yword", "minguo", "taiwan"} and day is not None:
            month = number(parts["m"]) if "m" in parts else timewords.MONTHS.index(_month_name(parts["mon"])) + 1
            parts["y"] = str(day.year + (1 if month is not None and month < day.month else 0))
        two = self.single(msgspec.structs.replace(last, parts=parts))
        if two is None or not two.value:
            return one
        end = two.end
        return Found(
            one.start,
            end,
            "interval",
            f"from {one.basis} to {two.basis}",
            f"{one.start}/{end}",
            "during",
            one.anchor or two.anchor,
        )

    def told_twice(self, hit: Hit) -> Found | None:
        """周一(12月21日): the day told with the larger part of a date wins; the other must agree."""
        assert hit.more is not None
        more = hit.more
        more.left, more.right, more.bound = more.start, hit.right, hit.bound
        exact, other = (more, hit) if more.rule in ("date", "day", "iso") else (hit, more)
        weekday = _weekday(other)
        found = self.single(msgspec.structs.replace(exact, more=None, left=hit.left, right=hit.right), weekday)
        if found is None or not found.value or len(found.value) != 10:
            return found or self.single(msgspec.structs.replace(hit, more=None))
        day = date.fromisoformat(found.value)
        if weekday is not None:
            basis = f"{found.basis}; " + (
                "the weekday agrees" if day.weekday() == weekday else "the weekday does not agree"
            )
        elif other.rule in ("length", "after", "within", "promulgation", "ago"):
            basis = f"{found.basis}; told beside a period"
        else:
            basis = f"{found.basis}; the bracket wins over the word"
        if other.rule in ("length", "after") and hit.bound in ("after", "on"):
            # 45日(即9月20日)后生效: the day on which the period is over is the first day
            return Found(found.start, "", "day", basis, found.value, "from", found.anchor)
        return Found(found.start, found.end, found.precision, basis, found.value, "", found.anchor)

    def single(self, hit: Hit, weekday: int | None = None) -> Found | None:
        name = f"on_{hit.rule.replace('-', '_')}"
        if hit.rule in ("date", "iso", "filed"):
            return self.on_date(hit, weekday)
        if hit.rule in ("day", "dateline"):
            return self.on_day(hit)
        method = getattr(self, name)
        found: Found | None = method(hit)
        return found

    # -------------------------------------------------- dates

    def year_of(self, hit: Hit) -> tuple[int | None, str, str]:
        """The stated year, why, and the anchor."""
        parts = hit.parts
        if "y" in parts:
            year = number(parts["y"]) or 0
            return (year + 2000 if year < 100 else year), "year stated", ""
        if "minguo" in parts or "taiwan" in parts:
            said = parts.get("minguo") or parts["taiwan"]
            count = 1 if said == "元" else number(said)
            return (count + 1911 if count else None), "Minguo year + 1911", ""
        if "short" in parts:
            return 2000 + int(parts["short"]), "year in two digits", ""
        if "yback" in parts:
            if self.year is None:
                return None, "stands for a year that was not told", ""
            return self.year + (parts["yback"] in ("翌年", "次年")), "counted from the year told before", ""
        if "yword" in parts:
            base = self.base(hit)
            if base is None:
                return None, "counted from an anchor that is missing", ""
            return (
                base[0].year + int(timewords.words()["year-words"][parts["yword"]]),
                f"{parts['yword']} of the anchor",
                base[1],
            )
        return None, "", ""

    def on_date(self, hit: Hit, weekday: int | None = None) -> Found | None:
        parts = hit.parts
        if "mon" in parts:
            month: int | None = timewords.MONTHS.index(_month_name(parts["mon"])) + 1
        else:
            month = number(parts["m"]) if "m" in parts else None
        day = number(parts["d"]) if "d" in parts else None
        year, why, anchor = self.year_of(hit)
        if year is None and why:
            return Found("", "", "day" if day else "month" if month else "year", why, "")
        if month is None:
            return self.year_part(year or 0, parts.get("ypart", ""), why, anchor)
        if year is None:
            year, why, anchor = self.nearest_year(hit, month, day, weekday)
            if year is None:
                return Found("", "", "day" if day else "month", why, "")
        if "dto" in parts and day is not None:
            first, last = make(year, month, day), make(year, month, int(parts["dto"]))
            if first is not None and last is not None and first < last:
                return _interval(first, last, f"days of one month; {why}", anchor)
        return _month_or_day(year, month, day, parts.get("mpart", ""), why, anchor)

    def nearest_year(self, hit: Hit, month: int, day: int | None, weekday: int | None) -> tuple[int | None, str, str]:
        """The year of a month and day that stand without one."""
        inherited = self.same_sentence_year(hit, month, day or 1)
        base = self.base(hit)
        if base is None:
            return None, "the year is not stated and there is no anchor", ""
        anchor, label = base
        way = self.direction(hit)
        if inherited is not None and way <= 0 and inherited < anchor.year:
            return inherited, "the year of the date before it in the sentence", ""
        if day is None and way <= 0 and month in self.months:
            return self.months[month], "the month told before, with its year", label
        far = 2 if way == 0 and hit.bound == "on" else 1
        if day is None:
            index = anchor.year * 12 + anchor.month
            options = [(year * 12 + month - index, year) for year in (anchor.year - 1, anchor.year, anchor.year + 1)]
            return _pick(options, way, 9, 0, far)[1], _why(way), label
        choices = [
            (made - anchor).days
            for year in (anchor.year - 1, anchor.year, anchor.year + 1)
            if (made := make(year, month, day))
        ]
        if not choices:
            near = [year for year in range(anchor.year - 4, anchor.year + 5) if make(year, month, day)]  # 29 February
            if not near:
                return None, "the calendar has no such day", ""
            return min(near, key=lambda year: (abs(year - anchor.year), year)), "the nearest leap year", label
        if weekday is not None:
            agreeing = [d for d in choices if (anchor + timedelta(days=d)).weekday() == weekday]
            choices = agreeing or choices
        days, _ = _pick([(d, 0) for d in choices], way, AHEAD, 1, far)
        return (anchor + timedelta(days=days)).year, _why(way), label

    def same_sentence_year(self, hit: Hit, month: int, day: int) -> int | None:
        """The stated year of an earlier date in the sentence, if the story goes on from it: 2018年4月16日宣布…,7月13日解除. A date inside an
        attribute (…签署的行政令) is background and lends nothing."""
        begin = self.sentence(hit.start)
        for other, told, _, stated in reversed(self.days[-NEAR:]):
            if other.start < begin:
                return None
            if stated and (told.month, told.day) <= (month, day):
                rest = self.en[other.right : hit.left]
                return None if "的" in rest or other.english else told.year
        return None

    def on_day(self, hit: Hit) -> Found | None:
        day = number(hit.parts["d"]) or 0
        begin = self.sentence(hit.start)
        for other, told, _, _ in reversed(self.days[-NEAR:]):
            if other.start < begin:
                break
            if (
                "d" in other.parts
                and told.day < day
                and ("的" not in self.zh[other.right : hit.left] or "m" not in other.parts)
            ):
                made = make(told.year, told.month, day)
                base = self.base(hit)
                if made and (base is None or (made - base[0]).days < AHEAD):
                    return _day(made, "day of the month of the date before it in the sentence", base[1] if base else "")
        base = self.base(hit)
        if base is None:
            return Found("", "", "day", f"day {day} of a month that is not stated, and there is no anchor", "")
        anchor, label = base
        way = self.direction(hit)
        if hit.rule == "dateline":
            way = -1
        options = []
        for steps in (-2, -1, 0, 1, 2):
            made = make(*step_month(anchor.year, anchor.month, steps), day)
            if made:
                options.append(((made - anchor).days, 0))
        days, _ = _pick(options, way, 62, 1)
        return _day(anchor + timedelta(days=days), f"day of the month; {_why(way)}", label)

    def on_day_in_brackets(self, hit: Hit) -> Found | None:
        if "m" in hit.parts:
            return self.on_date(hit)
        base = self.base(hit)
        day = int(hit.parts["d"])
        if base is None:
            return Found("", "", "day", f"day {day} of a month that is not stated, and there is no anchor", "")
        anchor, label = base
        options = [made for steps in (-1, 0, 1) if (made := make(*step_month(anchor.year, anchor.month, steps), day))]
        if not options:
            return Found("", "", "day", "the calendar has no such day", "")
        best = min(options, key=lambda made: (abs((made - anchor).days), made))
        return _day(best, "the day in brackets; the month nearest to the anchor", label)

    def on_stamp(self, hit: Hit) -> Found | None:
        made = make(int(hit.parts["y"]) + 1911, int(hit.parts["m"]), int(hit.parts["d"]))
        return _day(made, "closing stamp in the Minguo calendar, year + 1911") if made else None

    def on_slashed(self, hit: Hit) -> Found | None:
        a, b, year = int(hit.parts["a"]), int(hit.parts["b"]), int(hit.parts["y"])
        options = [made for month, day in ((b, a), (a, b)) if (made := make(year, month, day))]
        if len(set(options)) == 1:
            return _day(options[0], "only one order of day and month is possible")
        base = self.base(hit)
        near = [made for made in options if base and abs((made - base[0]).days) <= 1]
        if len(near) == 1 and base:
            return _day(near[0], "the order that agrees with the anchor", base[1])
        return Found("", "", "day", "the order of day and month is not stated", "") if options else None

    def year_part(self, year: int, part: str, why: str, anchor: str) -> Found:
        if not part:
            return Found(f"{year:04}", f"{year:04}", "year", why, f"{year:04}", "", anchor)
        first, last = (int(month) for month in timewords.words()["year-parts"][part].split("/"))
        beyond = last > 12  # winter runs into the next year
        begin, end = date(year, first, 1), month_end(year + beyond, last - 12 * beyond)
        return _interval(begin, end, f"{why}; {part} is the months {first} to {last}", anchor)

    def on_decade(self, hit: Hit) -> Found:
        year = int(hit.parts["y"])
        year += 0 if year > 99 else 1900 if year >= 30 else 2000
        return Found(f"{year}", f"{year + 9}", "interval", "ten years", f"{year}/{year + 9}")

    # -------------------------------------------------- months, weeks, words

    def on_month(self, hit: Hit) -> Found | None:
        parts = hit.parts
        if hit.english:
            return self.english_month(hit)
        base = self.base(hit)
        if base is None:
            return Found("", "", "month", "counted from an anchor that is missing", "")
        steps = int(timewords.words()["step-words"][parts["step"]]) if "step" in parts else 0
        year, month = step_month(base[0].year, base[0].month, steps)
        if "same" in parts and self.days:
            year, month = self.days[-1][1].year, self.days[-1][1].month
        return _month_or_day(
            year,
            month,
            number(parts["d"]) if "d" in parts else None,
            parts.get("mpart", ""),
            "counted from the anchor's month",
            base[1],
        )

    def english_month(self, hit: Hit) -> Found | None:
        parts = hit.parts
        month = timewords.MONTHS.index(_month_name(parts["mon"])) + 1
        part = parts.get("part", "")
        part = {"the beginning of": "early", "the start of": "early", "the end of": "late", "end of": "late"}.get(
            part, part
        )
        if "y" in parts:
            return _month_or_day(int(parts["y"]), month, None, part, "year stated", "")
        base = self.base(hit)
        if base is None:
            return Found("", "", "month", "the year is not stated and there is no anchor", "")
        anchor, label = base
        if "rel" in parts:
            gone = anchor.month >= month if parts["rel"] == "next" else anchor.month <= month
            year = anchor.year + (
                1 if parts["rel"] == "next" and gone else -1 if parts["rel"] == "last" and gone else 0
            )
            return _month_or_day(year, month, None, part, f"{parts['rel']} such month from the anchor", label)
        year_or_none, why, label = self.nearest_year(hit, month, None, None)
        assert year_or_none is not None
        return _month_or_day(year_or_none, month, None, part, why, label)

    def on_week(self, hit: Hit) -> Found | None:
        base = self.base(hit)
        if base is None:
            return Found(
                "", "", "day" if "w" in hit.parts else "interval", "counted from an anchor that is missing", ""
            )
        anchor, label = base
        monday = (
            anchor
            - timedelta(days=anchor.weekday())
            + timedelta(weeks=int(timewords.words()["step-words"][hit.parts["step"]]))
        )
        if "w" in hit.parts:
            return _day(
                monday + timedelta(days=int(timewords.words()["weekdays"][hit.parts["w"]])),
                "weekday of a week counted from the anchor's",
                label,
            )
        first, last = (5, 6) if "end" in hit.parts else (0, 6)
        return _interval(
            monday + timedelta(days=first),
            monday + timedelta(days=last),
            "a week counted from the anchor's, Monday to Sunday",
            label,
        )

    def on_weekday(self, hit: Hit) -> Found | None:
        base = self.base(hit)
        weekday = _weekday(hit)
        if base is None:
            return Found("", "", "day", "a weekday, and there is no anchor", "")
        anchor, label = base
        way = self.direction(hit)
        if weekday is None:  # 周末
            saturday = anchor + timedelta(days=5 - anchor.weekday())
            if way < 0 and anchor.weekday() < 5:
                saturday -= timedelta(weeks=1)
            return _interval(saturday, saturday + timedelta(days=1), "the weekend nearest to the anchor", label)
        rel = hit.parts.get("rel", "")
        ahead = (weekday - anchor.weekday()) % 7
        if rel in ("last", "this past"):
            return _day(anchor - timedelta(days=7 - ahead), "the last such weekday before the anchor", label)
        if rel == "next":
            return _day(anchor + timedelta(days=ahead or 7), "the next such weekday after the anchor", label)
        if rel.startswith("this"):
            way = way or 1
        if hit.bound == "from" and not way:
            way = 1 if ahead <= 3 else -1  # the nearer side
        if way > 0:
            return _day(
                anchor + timedelta(days=ahead),
                "weekday; the next on or after the anchor, as the context is of the future",
                label,
            )
        return _day(
            anchor - timedelta(days=(7 - ahead) % 7),
            "weekday; the last on or before the anchor, as reports tell the past",
            label,
        )

    def on_word(self, hit: Hit) -> Found | None:
        base = self.base(hit)
        if base is None:
            return Found("", "", "day", "counted from an anchor that is missing", "")
        offset = int(timewords.words()["day-words"][hit.parts["word"]])
        return _day(
            base[0] + timedelta(days=offset), f"anchor day {offset:+d}" if offset else "the anchor day", base[1]
        )

    def on_now(self, hit: Hit) -> Found | None:
        base = self.announcement(hit)
        if base is None:
            return Found("", "", "day", "counted from an anchor that is missing", "", "from")
        day = base[0].isoformat()
        return Found(day, "", "day", "from the day of the announcement", day, "from", base[1])

    def on_back(self, hit: Hit) -> Found | None:
        way = timewords.words()["back-words"][hit.parts["word"]]
        if way == "coming":
            for other, day, bound, _ in reversed(self.days[-NEAR:]):
                if bound in ("from", "until", "before", "after"):
                    return Found(
                        day.isoformat(),
                        "",
                        "day",
                        f"stands for {self.text.text[other.left : other.right]}",
                        day.isoformat(),
                        "from",
                    )
            return Found("", "", "vague", "stands for a day that was not told", "")
        base = self.base(hit)
        begin = (
            self.zh.rfind("\n", 0, max(0, self.zh.rfind("\n", 0, hit.start))) + 1
        )  # this paragraph and the one before
        for other, day, bound, _ in reversed(self.days[-NEAR:]):
            if other.start < begin:
                break
            if bound == "on" and (base is None or day <= base[0] + timedelta(days=1)):
                moved = day + timedelta(days=way == "next")
                return _day(moved, f"stands for {self.text.text[other.left : other.right]}", base[1] if base else "")
        if base is None:
            return Found("", "", "day", "stands for a day that was not told, and there is no anchor", "")
        return _day(
            base[0] + timedelta(days=way == "next"), "the day of the report, as no other day was told near it", base[1]
        )

    def on_vague(self, hit: Hit) -> Found:
        return Found("", "", "vague", "no day or interval can be told from it", "", "vague")

    def on_number(self, hit: Hit) -> Found:
        return Found("", "", "none", "a number of a document, not a date", "", "not_a_date")

    # -------------------------------------------------- lengths and periods

    def on_length(self, hit: Hit) -> Found | None:
        count, unit = self.count(hit)
        if not unit:
            return None
        if "base" in hit.parts:
            return self.period(hit, count, unit, "after")
        if _working(hit):
            return Found("", "", "period", "working days", "", "duration")
        op = hit.parts.get("op", "")
        less = op in ("不到", "不足", "未满", "少于", "less than", "up to")
        more = op in ("超过", "逾", "至少", "more than", "over", "at least") or "more" in hit.parts
        bound = "duration_lt" if less else "duration_gt" if more else "duration"
        return Found("", "", "period", "a length of time", f"P{count}{unit}", bound)

    def count(self, hit: Hit) -> tuple[int, str]:
        """How many of which unit: D, W, M or Y."""
        unit = hit.parts.get("u", "")
        if hit.english:
            unit = unit.split(" ")[-1][:1].upper()
        else:
            unit = UNITS.get(unit) or UNITS.get(unit.lstrip("个"), "")
        if hit.parts.get("n") == "半":
            return (6, "M") if unit == "Y" else (15, "D")
        count = number(hit.parts.get("n", ""))
        return (count, unit) if count else (0, "")

    def moved(self, hit: Hit, base: tuple[date, str], count: int, unit: str, why: str) -> Found | None:
        if _working(hit):
            return Found("", "", "period", "working days: the day depends on the calendar of holidays", "", "during")
        day = add(base[0], count, unit)
        if day is None:
            return None
        if unit == "Y":
            return Found(
                f"{day.year:04}", f"{day.year:04}", "year", f"about, {why}", f"{day.year:04}", "during", base[1]
            )
        if unit == "M":
            month = f"{day.year:04}-{day.month:02}"
            return Found(month, month, "month", f"about, {why}", month, "during", base[1])
        return _day(day, why, base[1])

    def on_ago(self, hit: Hit) -> Found | None:
        count, unit = self.count(hit)
        base = self.base(hit)
        if not unit:
            return None
        if base is None:
            return Found("", "", "vague", "counted from an anchor that is missing", f"P{count}{unit}")
        way = hit.parts["way"]
        if way.endswith("内"):
            return self.period(hit, count, unit, "within")
        back = way.endswith("前") or way in ("ago", "earlier")
        return self.moved(
            hit, base, -count if back else count, unit, f"{count}{unit} {'before' if back else 'after'} the anchor"
        )

    def on_span(self, hit: Hit) -> Found | None:
        count, unit = self.count(hit)
        way = hit.parts["way"]
        if not unit:
            return None
        if way == "近" and "tail" not in hit.parts:  # 近12年 is as often "nearly twelve years"
            return Found("", "", "period", "a length of time", f"P{count}{unit}", "duration")
        base = self.base(hit)
        if base is None:
            return Found("", "", "vague", "counted from an anchor that is missing", f"P{count}{unit}")
        back = way in ("过去", "近", "最近", "past", "last", "previous")
        other = add(base[0], -count if back else count, unit)
        if other is None:
            return None
        first, last = (other, base[0]) if back else (base[0], other)
        size = 10 if unit in "DW" else 7
        start, end = first.isoformat()[:size], last.isoformat()[:size]
        return Found(
            start,
            end,
            "interval",
            f"{count}{unit} {'up to' if back else 'from'} the anchor",
            f"{start}/{end}",
            "during",
            base[1],
        )

    def on_within(self, hit: Hit) -> Found | None:
        count, unit = self.count(hit)
        if not unit:
            return None
        if hit.parts["way"] == "in":
            base = self.base(hit)
            return (
                self.moved(hit, base, count, unit, f"{count}{unit} after the anchor")
                if base
                else Found("", "", "vague", "counted from an anchor that is missing", f"P{count}{unit}")
            )
        return self.period(hit, count, unit, "within")

    def period(self, hit: Hit, count: int, unit: str, way: str) -> Found | None:
        """A period from the announcement: the last day allowed, or the first day after it."""
        bound = "until" if way == "within" else "from"
        if _working(hit):
            return Found("", "", "period", "working days: the day depends on the calendar of holidays", "", bound)
        base = self.announcement(hit)
        if base is None:
            return Found("", "", "period", "counted from an anchor that is missing", f"P{count}{unit}", bound)
        day = add(base[0], count, unit)
        if day is None:
            return None
        iso, begin = day.isoformat(), base[0].isoformat()
        basis = f"{count}{unit} from the day of the announcement, which itself does not count"
        return Found(*((begin, iso) if way == "within" else (iso, "")), "day", basis, iso, bound, base[1])

    def announcement(self, hit: Hit) -> tuple[date, str] | None:
        """The day on which the measure was made public: the instrument's own, else the last day told with such a word, else the story's."""
        if self.instrument is not None and (day := read_day(self.instrument.day)):
            return day, f"{self.instrument.kind} {self.instrument.day}"
        cue = _cues()["zh-promulgated"]
        for other, day, bound, _ in reversed(self.days[-NEAR:]):
            if bound == "on" and not other.english and cue.match(self.zh, other.right, hit.left):
                return day, f"announcement {day.isoformat()}"
        return self.base(hit)

    def promulgated_prefix(self, hit: Hit) -> bool:
        """之日 belongs to what stands before it: 自本公告公布之日起."""
        before = PROMULGATED.search(self.zh, max(0, hit.start - 22), hit.start)
        if before is None:
            return False
        hit.left = before.start()
        hit.parts = {**hit.parts, "base": before["verb"]}
        return True

    def promulgated_length(self, hit: Hit) -> None:
        """颁布的45日: the period runs from the announcement."""
        before = re.search(
            "(?:自|从|在)?(?P<verb>公布|发布|颁布|签署|印发|生效)(?:后|起|的|之日起)?(?:的)?$",
            self.zh[max(0, hit.start - 10) : hit.start],
        )
        if before is not None:
            hit.left = hit.start - len(before.group())
            hit.parts = {**hit.parts, "base": before["verb"]}

    def on_promulgation(self, hit: Hit) -> Found | None:
        within = hit.parts.get("way", "").endswith("内")
        if "event" in hit.parts:
            count, unit = self.count(hit)
            value = f"P{count}{unit}" if unit and not _working(hit) else ""
            return Found(
                "", "", "period", "from an event whose day the text does not tell", value, "until" if within else "from"
            )
        verb = hit.parts["base"]
        if "n" in hit.parts:
            count, unit = self.count(hit)
            return self.period(hit, count, unit, "within" if within else "after") if unit else None
        if verb in ("生效", "施行", "实施"):
            for _, day, bound, _ in reversed(self.days[-NEAR:]):
                if bound == "from":
                    return Found(
                        day.isoformat(), "", "day", "the day told as the first day of effect", day.isoformat(), "from"
                    )
            return Found("", "", "day", "the first day of effect, which is not told before", "", "from")
        base = self.announcement(hit)
        if base is None:
            return Found("", "", "day", "the day of the announcement, which is not told", "", "from")
        return Found(base[0].isoformat(), "", "day", f"the day of {verb}", base[0].isoformat(), "from", base[1])

    def on_after(self, hit: Hit) -> Found | None:
        count, unit = self.count(hit)
        if not unit:
            return None
        within = hit.parts.get("way", "") in ("within", "no later than", "not later than") or hit.bound == "until"
        if "publication" in hit.parts["base"]:
            story = next((a for a in self.anchors if a.kind == "published"), None)
            day = read_day(story.day) if story else None
            moved = add(day, count, unit) if day and story else None
            if moved and story and day:
                iso = moved.isoformat()
                return Found(
                    *((day.isoformat(), iso) if within else (iso, "")),
                    "day",
                    f"{count}{unit} after publication",
                    iso,
                    "until" if within else "from",
                    f"published {story.day}",
                )
        return self.period(hit, count, unit, "within" if within else "after")

    def on_instrument_day(self, hit: Hit) -> Found | None:
        base = self.announcement(hit)
        if base is None:
            return Found("", "", "day", "the day of the instrument, which is not told", "")
        return _day(base[0], "the day of the instrument", base[1])

    def on_period(self, hit: Hit) -> Found | None:
        base = self.base(hit)
        if base is None:
            return Found("", "", "interval", "counted from an anchor that is missing", "")
        anchor, label = base
        if "edge" in hit.parts:
            edge = hit.parts["edge"]
            unit = hit.parts.get("eu", "year" if edge == "year-end" else "")
            if not unit:
                return None
            if unit == "year":
                return self.year_part(
                    anchor.year, "early" if "beginning" in edge else "late", "the anchor's year", label
                )
            return _month_or_day(
                anchor.year, anchor.month, None, "early" if "beginning" in edge else "late", "the anchor's month", label
            )
        steps = {"last": -1, "this": 0, "next": 1}[hit.parts["rel"]]
        unit = hit.parts["u"]
        if unit == "week":
            monday = anchor - timedelta(days=anchor.weekday()) + timedelta(weeks=steps)
            return _interval(
                monday, monday + timedelta(days=6), "a week counted from the anchor's, Monday to Sunday", label
            )
        if unit == "month":
            return _month_or_day(
                *step_month(anchor.year, anchor.month, steps), None, "", "counted from the anchor's month", label
            )
        if unit == "quarter":
            year, month = step_month(anchor.year, (anchor.month - 1) // 3 * 3 + 1, 3 * steps)
            return _interval(
                date(year, month, 1), month_end(year, month + 2), "a quarter counted from the anchor's", label
            )
        return self.year_part(anchor.year + steps, "", "counted from the anchor's year", label)

    def on_part(self, hit: Hit) -> Found | None:
        parts = hit.parts
        part = parts.get("ypart") or parts.get("part") or ""
        if "y" in parts:
            return self.year_part(int(parts["y"]), part, "year stated", "")
        base = self.base(hit)
        if base is None:
            return Found("", "", "interval", "counted from an anchor that is missing", "")
        anchor, label = base
        if "mpart" in parts:
            return _month_or_day(anchor.year, anchor.month, None, parts["mpart"], "the anchor's month", label)
        rel = parts.get("yrel") or parts.get("rel") or "this"
        year = anchor.year + {"last": -1, "next": 1}.get(rel, 0)
        return self.year_part(year, part, "the anchor's year" if year == anchor.year else f"{rel} year", label)

    def on_year(self, hit: Hit) -> Found:
        return self.year_part(int(hit.parts["y"]), "", "year stated", "")

    def on_term(self, hit: Hit) -> Found | None:
        rows = [row for row in timewords.words()["terms"] if hit.parts["name"] in row["names"]]
        story = self.anchor(hit.start)
        begun = [row for row in rows if story is None or row["from"] <= story.day]
        said = hit.parts.get("nth", "")
        if not begun or (story is None and len(rows) > 1):
            return Found("", "", "vague", "a term of office, and no anchor to tell which", "")
        row = rows[0] if said in ("第一", "首", "首个") else begun[-1]
        span = f"{row['from']}/{row['to']}" if row["to"] else f"{row['from']}/.."
        return Found(
            row["from"],
            row["to"],
            "interval",
            "term of office",
            span,
            "during",
            f"{story.kind} {story.day}" if story else "",
        )


PROMULGATED = re.compile(
    "(?P<pre>自从|自|从|于)?(?:本(?:公告|办法|规定|令|通知|法|条例|决定|清单|目录|细则|规则)|该[^,。;\n]{1,6}|其)?(?:正式|对外)?"
    "(?P<verb>公布|发布|颁布|印发|签署|公告|生效|施行|实施|刊登|签发|通过|批准)$"
)


# ---------------------------------------------------------------- small things


def _day(day: date, basis: str, anchor: str = "") -> Found:
    iso = day.isoformat()
    return Found(iso, iso, "day", basis, iso, "", anchor)


def _interval(first: date, last: date, basis: str, anchor: str = "") -> Found:
    return Found(
        first.isoformat(), last.isoformat(), "interval", basis, f"{first.isoformat()}/{last.isoformat()}", "", anchor
    )


def _month_or_day(year: int, month: int, day: int | None, part: str, why: str, anchor: str) -> Found:
    if day is not None:
        made = make(year, month, day)
        return (
            _day(made, f"day and month stated; {why}", anchor)
            if made
            else Found("", "", "day", "the calendar has no such day", "")
        )
    if not part:
        return Found(
            f"{year:04}-{month:02}",
            f"{year:04}-{month:02}",
            "month",
            f"month stated; {why}",
            f"{year:04}-{month:02}",
            "",
            anchor,
        )
    first, last = (int(edge) for edge in timewords.words()["month-parts"][part].split("/"))
    end = month_end(year, month)
    return _interval(
        date(year, month, first),
        min(end, date(year, month, min(last, end.day))),
        f"{part} is the days {first} to {last}; {why}",
        anchor,
    )


def _pick(options: list[tuple[int, int]], way: int, far: int, slack: int, weight: int = 1) -> tuple[int, int]:
    """Of distances to the anchor the one meant: ahead up to ``far``, back (``slack`` for zones ahead of the anchor's), or the nearest.
    Without a cue a day ahead must be ``weight`` times as near as one back: news that look far ahead say so."""
    if way > 0:
        ahead = [one for one in options if 0 <= one[0] <= far]
        if ahead:
            return min(ahead)
    elif way < 0:
        back = [one for one in options if one[0] <= slack]
        if back:
            return max(back)
    return min(options, key=lambda one: (one[0] * weight if one[0] > 0 else -one[0], one))


def _why(way: int) -> str:
    return {
        1: "the next from the anchor on, as the context is of the future",
        -1: "the last up to the anchor, as the context is of the past",
    }.get(way, "the nearest to the anchor")


def _month_name(written: str) -> str:
    return next(name for name in timewords.MONTHS if name.startswith(written.rstrip(".")[:3]))


def _working(hit: Hit) -> bool:
    return bool(re.search("工作日|交易日|business|working", hit.parts.get("u", "")))


def _weekday(hit: Hit) -> int | None:
    if hit.rule not in ("week", "weekday") or "w" not in hit.parts:
        return None
    said = hit.parts["w"]
    return timewords.WEEKDAYS.index(said) if hit.english else int(timewords.words()["weekdays"][said])


def _clock(hit: Hit, evening: bool = False) -> str:
    """``HH:MM`` and the zone if stated; in the ``evening`` of 今晚8点."""
    parts: dict[str, Any] = hit.parts
    zone = timewords.words()["zones"].get(parts.get("zone", ""), "")
    if "noon" in parts:
        hour, minute = (12, 0) if parts["noon"] == "noon" else (0, 0)
    else:
        hour = number(parts["h"]) or 0
        minute = 30 if "half" in parts else number(parts.get("min", "0")) or 0
        late = (
            evening
            or parts.get("ap", "").startswith("p")
            or parts.get("pod", "") in ("下午", "傍晚", "晚上", "晚间", "深夜", "晚", "夜里")
        )
        if late and hour < 12:
            hour += 12
        if parts.get("ap", "").startswith("a") and hour == 12:
            hour = 0
    return f"{hour:02}:{minute:02}" + (f" {zone}" if zone else "")
