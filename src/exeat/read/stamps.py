"""Page stamps: the date and time a page or a feed gives of itself, read exactly or not at all.

This is not the resolver of dates in running text: a stamp states its year. Formats are tried in a fixed order; a
numeric stamp whose day and month could be swapped is read only with the publisher's order, or where one of the two is
above twelve."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from exeat.read.fold import fold

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1)
    for name in names.split()
}  # fmt: skip
_MONTH = (
    r"(?P<mon>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
# Zone words that mean one offset or one place; CST and the like are ambiguous and not read.
_ZONES = {
    "z": "+00:00",
    "utc": "+00:00",
    "gmt": "+00:00",
    "bst": "+01:00",
    "cet": "+01:00",
    "cest": "+02:00",
    "est": "-05:00",
    "edt": "-04:00",
    "pst": "-08:00",
    "pdt": "-07:00",
    "hkt": "+08:00",
    "sgt": "+08:00",
    "jst": "+09:00",
    "北京时间": "+08:00",
    "et": "America/New_York",
    "pt": "America/Los_Angeles",
}
_HALF = r"(?P<half>上午|下午|晚上|早上|中午|凌晨)? ?"
_CLOCK = (
    r"(?P<h>\d{1,2})[:时点](?P<mi>\d{2})(?:[:分](?P<s>\d{2})(?P<frac>\.\d{1,9})?)?秒?(?: ?(?P<ap>[AaPp]\.?[Mm]\.?))?"
)
_ZONE = r"(?: ?\(?(?P<z>Z|UTC|GMT|BST|CES?T|E[SD]?T|P[SD]?T|HKT|SGT|JST|[+-]\d{2}:?\d{2}|北京时间)(?![A-Za-z])\)?)?"
_TIME = f"(?:{_HALF}{_CLOCK}{_ZONE})"
_YEAR = r"(?P<y>(?:19|20)\d{2})"
_CN_DAY = r"(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?日"
_CN_WEEKDAY = r"(?:,? ?(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_AFTER = rf"(?:(?:,| at| -| \|)? *{_TIME})?(?!\d)"
_NTH = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_FORMS = (
    rf"(?<!\d){_YEAR}(?P<sep>[-/.])(?P<m>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})(?:(?:T| +| ?- ?){_TIME})?(?!\d)",
    # damaged: 2020-09-18-12-52-36
    rf"(?<!\d){_YEAR}-(?P<m>\d{{2}})-(?P<d>\d{{2}})[- _T](?P<h>\d{{2}})-(?P<mi>\d{{2}})(?:-(?P<s>\d{{2}}))?(?!\d)",
    rf"(?<!\d){_YEAR} ?年 ?{_CN_DAY}{_CN_WEEKDAY} ?{_TIME})?",
    rf"(?:民国|中华民国) ?(?P<roc>\d{{2,3}}) ?年 ?{_CN_DAY}(?: ?{_TIME})?",
    rf"(?<![\d.]){_NTH} {_MONTH},? {_YEAR}{_AFTER}",
    rf"(?<![A-Za-z]){_MONTH} {_NTH},? {_YEAR}{_AFTER}",
    rf"(?<![\d/.])(?P<a>\d{{1,2}})(?P<sep>[/.-])(?P<b>\d{{1,2}})(?P=sep){_YEAR}(?:(?:,| -|)? *{_TIME})?(?!\d)",
    # 03/21/23 11:45 AM ET: an American clock says that the month comes first
    r"(?<![\d/])(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<yy>\d{2})(?:,| -)? +(?P<h>\d{1,2}):(?P<mi>\d{2}) ?"
    r"(?P<ap>[AaPp]\.?[Mm]\.?) ?\(?(?P<z>E[SD]?T|P[SD]?T)\)?(?![A-Za-z])",
    r"(?<!\d)(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?:[T ]?(?P<h>[01]\d|2[0-3])(?P<mi>[0-5]\d)(?P<s>[0-5]\d)?)?(?!\d)",
)
_COMPILED = tuple(re.compile(form, re.I) for form in _FORMS)
_HAS_YEAR = re.compile(r"(?:19|20)\d{2}|民[国國]|\d/\d{2} ")
_AGO = re.compile(r"(?<!\d)(?P<n>\d{1,3}) ?(?P<u>分钟|小时|minutes?|mins?|hours?|hrs?) ?(?:之?前|ago)", re.I)


class Stamp(msgspec.Struct, frozen=True):
    """A stamp as read: ISO value with its offset if stated; precision day, minute or second; where in the (folded)
    text it stood."""

    value: str
    precision: str
    start: int
    end: int

    @property
    def day(self) -> str:
        return self.value[:10]

    @property
    def zoned(self) -> bool:
        return self.value.endswith("Z") or bool(re.search(r"T.*[+-]\d{2}:\d{2}$", self.value))


def read(text: str, order: str = "") -> Stamp | None:
    """The first stamp in a short text, or None. ``order`` (dmy, mdy) settles 03/04/2020; without it such a stamp is
    not read.

    Texts above 400 characters hold no stamp (they are paragraphs): only their beginning is looked at."""
    short = fold(text[:400])
    if not _HAS_YEAR.search(short):
        return None
    best: Stamp | None = None
    for form in _COMPILED:
        for match in form.finditer(short):
            stamp = _stamp(match, order)
            if stamp and (best is None or (stamp.start, -stamp.end) < (best.start, -best.end)):
                best = stamp
                break
    return best


def _stamp(match: re.Match[str], order: str) -> Stamp | None:
    got = match.groupdict()
    year = int(got["roc"]) + 1911 if got.get("roc") else int(got["y"]) if got.get("y") else 2000 + int(got["yy"])
    if got.get("mon"):
        month, day = _MONTHS[got["mon"].lower().rstrip(".")], int(got["d"])
    elif got.get("a"):
        first, second = int(got["a"]), int(got["b"])
        if first > 12 or (order == "dmy" and second <= 12):
            day, month = first, second
        elif second > 12 or order == "mdy" or first == second:
            month, day = first, second
        else:
            return None
    else:
        month, day = int(got["m"]), int(got["d"])
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    value, precision = found.isoformat(), "day"
    if got.get("h"):
        hour, minute, second = int(got["h"]), int(got["mi"]), int(got.get("s") or 0)
        later = (got.get("ap") or "").lower().startswith("p") or (got.get("half") or "") in ("下午", "晚上")
        if later and hour < 12:
            hour += 12
        if (got.get("ap") or "").lower().startswith("a") and hour == 12:
            hour = 0
        if hour > 23 or minute > 59 or second > 59:
            return None
        precision = "second" if got.get("s") else "minute"
        value += f"T{hour:02}:{minute:02}:{second:02}{(got.get('frac') or '')[:7]}{_offset(got.get('z') or '', value)}"
    return Stamp(value, precision, match.start(), match.end())


def _offset(word: str, day: str) -> str:
    if not word:
        return ""
    known = _ZONES.get(word.lower())
    if known is None:
        return f"{word[:3]}:{word[-2:]}"
    if known == "+00:00":
        return "Z"
    return known if known[0] in "+-" else offset_of(f"{day}T12:00:00", known)


def ago(text: str) -> timedelta | None:
    """How long before the fetch a relative stamp ("29 minutes ago") lies; None if it is not one. Days are too coarse
    to use."""
    found = _AGO.search(fold(text[:60]))
    if not found:
        return None
    count = int(found["n"])
    return timedelta(minutes=count) if found["u"].lower().startswith(("分", "min")) else timedelta(hours=count)


def minguo(text: str) -> str | None:
    """The day of a closing Minguo stamp such as 1091017 (seven digits at the very end of a text), or None."""
    found = re.search(r"(?<!\d)(1[01]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\s*\Z", text[-40:])
    if not found:
        return None
    try:
        return date(int(found[1]) + 1911, int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def offset_of(value: str, zone: str) -> str:
    """The offset (``+08:00``) that a zone has at a local ISO time; "" for an unknown zone."""
    place = _zone(zone) if zone else None
    if place is None:
        return ""
    return datetime.fromisoformat(value).replace(tzinfo=place).isoformat()[-6:]


def to_utc(value: str, zone: str = "") -> datetime | None:
    """An ISO value as UTC; a value without offset counts in ``zone``; None if neither is known. A day counts from its
    midnight."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    if found.tzinfo is None:
        place = _zone(zone) if zone else None
        if place is None:
            return None
        found = found.replace(tzinfo=place)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return None


def in_zone(value: str, zone: str) -> str:
    """An ISO time with offset, told in another zone to the second; unchanged if it has no offset or the zone is
    unknown."""
    moment = to_utc(value)
    place = _zone(zone) if zone else None
    if moment is None or place is None or len(value) == 10:
        return value
    told = moment.astimezone(place).isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return told.replace("+00:00", "Z")
