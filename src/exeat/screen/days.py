"""Days as lists write them: whole or partial, ranges, ``circa``, the Hijri calendar. What is not certain is not made
so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

CIRCA = 2  # years either way that ``circa`` allows; no list says how far, so a date of birth near it never contradicts
LONGEST = 30  # years of a range that are spelt out; a wider one says too little to compare
MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1000, 2999
HIJRI = range(1200, 1500)  # years AH that stand for 1785 to 2077 (lunar) or 1821 to 2121 (solar)
SOLAR = re.compile(r"\b(?:iranian|persian|afghan|solar|shamsi|SH)\b", re.I)
LUNAR = re.compile(r"\b(?:lunar|qamari|islamic)\b", re.I)

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T.*)?")
_SLASH = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_WORDS = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s.-]+)?([A-Za-z]{3,9})[\s.,-]+(\d{4})")
_AMERICAN = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_MONTH = re.compile(r"(\d{1,2})[/.](\d{4})")
_AH = re.compile(
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-])?(\d{4}) ?(?:AH|SH|H\.?|\(?(?:[a-z]+ )?hijri(?: [a-z]+)?(?: calendar)?\)?)", re.I
)
_MONTHS = re.compile(r"(?:between )?([A-Za-z]{3,9})\.? ?(?:and|or|to|/|-|–) ?([A-Za-z]{3,9})\.?,? (\d{4})", re.I)
_HAN = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")


def iso(year: int, month: int = 0, day: int = 0) -> str:
    """ISO text of a whole or partial day; "" if there is no such day."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ""
    if not month:
        return f"{year:04d}"
    if not 1 <= month <= 12:
        return ""
    if not day:
        return f"{year:04d}-{month:02d}"
    if not 1 <= day <= 31:
        return ""
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return ""


def number(text: str) -> int:
    """A number of at most four digits, as parts of days have; 0 for any other text."""
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0


def day(text: str, american: bool = False) -> str:
    """A day as ISO text, whole or partial, or "" where the text is no single day.

    Args:
        text: ``1962``, ``1962-03-05``, ``05/03/1962``, ``00/00/1962``, ``5 Mar 1962``, ``March 5, 1962``,
        ``1962年3月5日``. american: month before day where both are numbers.
    """
    text = " ".join(text.split()).strip(" .;")
    if found := _ISO.fullmatch(text):
        return _iso(found[1], found[2] or "0", found[3] or "0")
    if found := _SLASH.fullmatch(text):
        first, second = (found[2], found[1]) if american else (found[1], found[2])
        return _iso(found[3], second, first)
    if found := _MONTH.fullmatch(text):
        return _iso(found[2], found[1], "0")
    if found := _YEAR_FIRST.fullmatch(text) or _HAN.fullmatch(text):
        return _iso(found[1], found[2] or "0", found[3] or "0")
    if (found := _WORDS.fullmatch(text)) and found[2][:3].lower() in MONTHS:
        return _iso(found[3], str(MONTHS[found[2][:3].lower()]), found[1] or "0")
    if (found := _AMERICAN.fullmatch(text)) and found[1][:3].lower() in MONTHS:
        return _iso(found[3], str(MONTHS[found[1][:3].lower()]), found[2])
    return ""


def _iso(year: str, month: str, number: str) -> str:
    """A month or day of zero is one that the list does not know (British lists write 00/00/1962, and dd/mm/1962)."""
    return iso(int(year), int(month), int(number) if int(month) else 0)


def whole(text: str, last: bool = False) -> str:
    """The first (or last) whole day of a partial one."""
    if len(text) == 10 or not text:
        return text
    if len(text) == 7:
        if not last:
            return f"{text}-01"
        year, month = int(text[:4]), int(text[5:])
        following = dt.date(year + month // 12, month % 12 + 1, 1)
        return (following - dt.timedelta(days=1)).isoformat()
    return f"{text}-12-31" if last else f"{text}-01-01"


def born(text: str, american: bool = False) -> tuple[tuple[str, ...], str]:
    """The days, months or years that a list's words for a date of birth allow, and the words where they say more.

    ``circa 1962`` allows two years either way, ``1960 to 1963`` each year of it, a Hijri year the two it overlaps. What
    cannot be read allows nothing, so that it never contradicts, and its words are kept.
    """
    words = " ".join(text.split()).strip(" .;")
    if not words:
        return (), ""
    plain = re.sub(r"\b(dd|mm)/", "00/", words, flags=re.I)
    if single := day(plain, american):
        return ((single,), "") if int(single[:4]) not in HIJRI else (_hijri(int(single[:4])), words)
    if found := _AH.fullmatch(words):
        return _hijri(int(found[1]), words), words
    if found := re.fullmatch(r"(.+?) ?\((?:approximat\w+|approx\.?|circa) ?\)", words, re.I):
        return born(f"circa {found[1]}", american)[0], words
    if re.fullmatch(r"\d{4}(?:(?:, ?| or | and |; ?|/)\d{4}){1,9}", words):
        return tuple(dict.fromkeys(re.findall(r"\d{4}", words))), words
    rest = re.sub(
        r"^(?:circa|approximately|possibly|probably|approx\.?|about|around|c\.|ca\.?|~)\s*", "", words, flags=re.I
    )
    if rest != words:
        bare = day(rest, american)
        return (years(int(bare[:4]) - CIRCA, int(bare[:4]) + CIRCA) if bare else born(rest, american)[0]), words
    if (found := _MONTHS.fullmatch(words)) and all(part[:3].lower() in MONTHS for part in found.group(1, 2)):
        start, end = (MONTHS[part[:3].lower()] for part in found.group(1, 2))
        return tuple(f"{found[3]}-{month:02d}" for month in range(start, end + 1)), words
    several = [day(part.strip(" ()"), american) for part in re.split(r" ?\(?or |, | and ", words)]
    if len(several) > 1 and all(several):
        return tuple(dict.fromkeys(several)), words
    two = re.fullmatch(r"(?:between )?(.+?)(?: ?[–—/-] ?| to | and | or )(.+)", words, re.I)
    if two:
        first, second = day(two[1], american), day(two[2], american)
        if first and second:
            return years(int(first[:4]), int(second[:4])), words
    return (), words


def years(first: int, last: int) -> tuple[str, ...]:
    """Each year of a range; none if it is reversed or too wide to say anything."""
    return tuple(f"{year:04d}" for year in range(first, last + 1)) if 0 <= last - first <= LONGEST else ()


def _hijri(year: int, words: str = "") -> tuple[str, ...]:
    """The Gregorian years that a Hijri year overlaps.

    Two calendars count from 622: the lunar one (354.367 days a year, from 16 July) and the solar one of Iran and
    Afghanistan (from the spring equinox). Where the words do not say which, the years of both are allowed, for a year
    that the other calendar excludes would contradict a true match.
    """
    first = 622.54 + (year - 1) * 354.367 / 365.2425
    lunar = (f"{int(first):04d}", f"{int(first + 354.367 / 365.2425):04d}")
    solar = (f"{year + 621:04d}", f"{year + 622:04d}")
    if SOLAR.search(words):
        return solar
    return tuple(dict.fromkeys(lunar if LUNAR.search(words) else (*lunar, *solar)))


def births(texts: Iterable[str], american: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Several dates of birth of one party: what they allow together, and the words worth keeping."""
    found: dict[str, None] = {}
    words: dict[str, None] = {}
    for text in texts:
        allowed, said = born(text, american)
        found.update(dict.fromkeys(allowed))
        if said:
            words[said] = None
    return tuple(found), tuple(words)
