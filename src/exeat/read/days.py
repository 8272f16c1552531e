# ruff: noqa: E501  patterns and sentences stay whole; ruff counts a Chinese character as two
"""Days, months, years and numerals: the arithmetic under the time resolver.

Days are ``datetime.date``. Lengths of time are ISO 8601 durations of one unit (``P45D``, ``P2W``, ``P6M``, ``P12Y``).
"""

from __future__ import annotations

from datetime import date, timedelta

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
SCALES = {"十": 10, "百": 100, "千": 1000}
WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
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
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "forty-five": 45}
LONGEST = 19  # digits; a longer row of them is no count of anything
FIRST_YEAR, LAST_YEAR = 1, 9998  # one short of the calendar's end, so that the next day always exists


def number(text: str) -> int | None:
    """A whole number in digits, Chinese numerals below ten thousand, or an English word; None if it is none."""
    if text.isascii():
        return int(text) if text.isdigit() and len(text) < LONGEST else WORDS.get(text)
    if 1 < len(text) < LONGEST and all(char in DIGITS for char in text):  # digit by digit: 二零二零
        return int("".join(str(DIGITS[char]) for char in text))
    total = last = 0
    for char in text.replace("廿", "二十").replace("卅", "三十"):
        if char in SCALES:
            total += (last or 1) * SCALES[char]
            last = 0
        elif char in DIGITS:
            last = DIGITS[char]
        else:
            return None
    return total + last


def make(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def step_month(year: int, month: int, steps: int) -> tuple[int, int]:
    """The year and month so many months later (earlier if negative)."""
    index = year * 12 + month - 1 + steps
    return index // 12, index % 12 + 1


def add(day: date, count: int, unit: str) -> date | None:
    """The day ``count`` units (D, W, M, Y) later; a month that is too short gives its last day. None beyond the calendar."""
    if unit in "DW":
        try:
            return day + timedelta(days=count * (7 if unit == "W" else 1))
        except OverflowError:
            return None
    year, month = step_month(day.year, day.month, count * (12 if unit == "Y" else 1))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return date(year, month, min(day.day, month_end(year, month).day))


def shift(day: str, duration: str, back: bool = False) -> str:
    """An ISO day moved by a duration, as with a delay of one week (``P1W``); "" if either cannot be read."""
    try:
        base, count, unit = date.fromisoformat(day[:10]), int(duration[1:-1]), duration[-1:]
    except ValueError:
        return ""
    moved = add(base, -count if back else count, unit) if unit in ("D", "W", "M", "Y") else None
    return moved.isoformat() if moved else ""


def read_day(value: str | None) -> date | None:
    """The day that an ISO value begins with, or None."""
    try:
        return date.fromisoformat((value or "")[:10])
    except ValueError:
        return None
