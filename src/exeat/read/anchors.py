# ruff: noqa: E501  patterns and sentences stay whole; ruff counts a Chinese character as two
"""The days against which relative expressions count: datelines, publication, the feed, the instrument's own date.

Order of trust (see `exeat.read.times`): the day of a quoted statement, the dateline, publication, a dated copy or inference that the
caller adds (kinds ``copy`` and ``inferred``), the feed. Datelines count back from publication: （…31日电） on 1 August is 31 July.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from exeat.read.days import make, number, read_day, step_month
from exeat.read.model import Anchor, Field, Metadata, Text, TimeValue
from exeat.read.patterns import last
from exeat.read.timewords import MONTHS

# A dateline opens a paragraph: an agency, perhaps a reporter, a place, a day, and 电 or a dash. The day is that of writing, which the
# story's 今天 means; it can be a day or two before the posting.
CHINESE = re.compile(
    r"^ ?(?:[(【\[] ?)?(?P<head>[^\n。,;:、“”()]{2,24}?)(?:\(?(?P<y>(?:19|20)[0-9]{2}) ?年)?(?:(?P<m>1[0-2]|0?[1-9]) ?月)?(?P<d>3[01]|[12][0-9]|0?[1-9]) ?日"
    r"(?: ?(?:综合)?(?:外)?(?:专|急)?[电讯](?:[)】\]]|(?=[ :—\n-])|(?! ?[话子视影脑商信力池]))|(?:综合)?(?:报道|消息|讯)[)】\]]?| ?[—-])",
    re.MULTILINE,
)
AGENCY = re.compile("社|网|电|报|台|讯|记者|通讯员|路透|时间|彭博|据")
ENGLISH = re.compile(
    r"^(?:\(?[A-Z][A-Za-z.]+(?: [A-Z][A-Za-z.]+){0,3}(?:, [A-Z][A-Za-z.]+)?,? ?\(?|\([A-Z]{2,}\) )(?P<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.? "
    r"(?P<d>[0-3]?[0-9])(?:, (?P<y>(?:19|20)[0-9]{2}))?\)?(?: ?\([A-Z][A-Za-z /]+\))? ?(?:-|—|--|:)",
    re.MULTILINE,
)
# An instrument is signed with a date on a line of its own at its end: 2024年12月3日, August 6, 2020.
SIGNED = re.compile(
    r"^ ?(?:(?:Dated|Signed|Date): ?)?(?:(?P<y>(?:19|20)[0-9]{2}|[一二][零〇○一二三四五六七八九]{3}) ?年 ?(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]) ?月 ?"
    r"(?P<d>3[01]|[12][0-9]|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九]) ?日"
    r"|(?P<mon>January|February|March|April|May|June|July|August|September|October|November|December) (?P<ed>[0-3]?[0-9]), (?P<ey>(?:19|20)[0-9]{2}))\.? ?$",
    re.MULTILINE,
)
SELF = re.compile(
    r"本(?:公告|令|办法|规定|条例|决定|通知|法)|现?公告如下|(?i:this (?:order|rule|notice|proclamation|determination|final rule|interim final rule))"
)
MINGUO = re.compile(r"[)。] ?(?P<y>1[0-4][0-9]|0?[89][0-9])(?P<m>0[1-9]|1[0-2])(?P<d>[0-3][0-9]) ?$", re.MULTILINE)


def anchors(metadata: Metadata, text: Text) -> tuple[Anchor, ...]:
    """All anchors that the document itself gives, sorted by place and kind. None of them is a guess: where nothing is stated there are
    none."""
    folded = text.folded if len(text.folded) == len(text.text) else text.text
    found: list[Anchor] = []
    published, feed = local_day(metadata.published), local_day(metadata.feed_time)
    stamp = closing_stamp(folded)
    if published is None and stamp is not None:
        published = stamp
    near = published or feed
    if published is not None:
        found.append(Anchor(published.isoformat(), "published"))
    elif metadata.published.inferred and (day := read_day(metadata.published.inferred)):
        found.append(Anchor(day.isoformat(), "inferred"))
        near = near or day
    if feed is not None:
        found.append(Anchor(feed.isoformat(), "feed"))
    lines = datelines(folded, near)
    stated = read_day(metadata.dateline.value)
    if not lines and stated is not None:
        lines = [Anchor(stated.isoformat(), "dateline", 0)]
    found += lines
    signed = signature(folded)
    if signed is not None:
        found.append(signed)
    return tuple(sorted(found, key=lambda one: (one.start, one.kind, one.day)))


def local_day(field: Field) -> date | None:
    """The day of a time where it was published: an instant with an offset is taken to the field's named zone, if there is one."""
    day = read_day(field.value)
    if day is None or field.value is None or "/" not in field.zone or len(field.value) < 16:
        return day
    try:
        instant = datetime.fromisoformat(field.value.replace("Z", "+00:00"))
        return instant.astimezone(ZoneInfo(field.zone)).date() if instant.tzinfo is not None else day
    except (ValueError, OverflowError, ZoneInfoNotFoundError):
        return day


def datelines(folded: str, near: date | None) -> list[Anchor]:
    """The datelines of a text, each with its place. Month and year that are not stated are those of the last such day up to ``near``
    (one day of grace for zones ahead); without ``near`` only full dates count."""
    found = []
    for match in CHINESE.finditer(folded):
        if not AGENCY.search(match.group()):
            continue
        day = _complete(match["y"], number(match["m"] or ""), int(match["d"]), near)
        if day is not None:
            found.append(Anchor(day.isoformat(), "dateline", match.start()))
    for match in ENGLISH.finditer(folded):
        month = next(index for index, name in enumerate(MONTHS, 1) if name.startswith(match["mon"].lower()[:3]))
        day = _complete(match["y"], month, int(match["d"]), near)
        if day is not None:
            found.append(Anchor(day.isoformat(), "dateline", match.start()))
    return sorted(found, key=lambda one: (one.start, one.day))


def _complete(year: str | None, month: int | None, day: int, near: date | None) -> date | None:
    if year and month:
        return make(int(year), month, day)
    if near is None:
        return None
    latest = near + timedelta(days=1)
    if month:
        options = [made for one in (near.year + 1, near.year, near.year - 1) if (made := make(one, month, day))]
    else:
        options = [made for steps in (1, 0, -1, -2) if (made := make(*step_month(near.year, near.month, steps), day))]
    back = [made for made in options if made <= latest]
    best = max(back, default=None)
    # A story is posted within weeks of its dateline; farther away it is no dateline but a day in the news.
    return best if best is not None and near - best <= timedelta(days=45) else None


def signature(folded: str) -> Anchor | None:
    """The date that signs an instrument which speaks of itself (本公告, this order); the last such line. A report has none."""
    if SELF.search(folded) is None:
        return None
    signed = last(SIGNED.finditer(folded))
    if signed is None:
        return None
    if signed["mon"]:
        month = [name.capitalize() for name in MONTHS].index(signed["mon"]) + 1
        made = make(int(signed["ey"]), month, int(signed["ed"]))
    else:
        made = make(number(signed["y"]) or 0, number(signed["m"]) or 0, number(signed["d"]) or 0)
    return Anchor(made.isoformat(), "instrument", signed.start()) if made else None


def closing_stamp(folded: str) -> date | None:
    """The day that closes a dispatch of a Taiwan agency: …)1091017 is 17 October 2020."""
    stamp = last(MINGUO.finditer(folded))
    return make(int(stamp["y"]) + 1911, int(stamp["m"]), int(stamp["d"])) if stamp else None


def agreement(times: Iterable[TimeValue], day: date) -> tuple[int, int]:
    """How many expressions resolved against ``day`` speak for it and against it: for whoever finds a dated copy of an undated text.

    For it: a bracketed day of today's word (今(8日)) that falls on it, a weekday that agrees with its date. Against it: the opposite.
    """
    good = bad = 0
    for value in times:
        if ".day-in-brackets" in value.basis and value.text[:1] == "今":
            same = value.value == day.isoformat()
            good, bad = good + same, bad + (not same)
        if "the weekday agrees" in value.basis:
            good += 1
        if "the weekday does not agree" in value.basis:
            bad += 1
    return good, bad
