"""The life of the law as a picture: a lane for each jurisdiction, a bar for each life of each measure.

What is in force, what waits, what a court has stopped and what is over are drawn differently, in shape as well as in
colour; the colours are the style sheet's, so that a page may be dark. The same lanes are a table (`Lane.bars`).
"""

from __future__ import annotations

import datetime as dt
from xml.sax.saxutils import escape, quoteattr

import msgspec

from exeat.page.names import Names
from exeat.page.safe import visible
from exeat.page.wrap import width
from exeat.rulebook.life import moments_of_rule, paint
from exeat.rulebook.model import Book, Event, Rule

WIDE, LEFT, RIGHT, ROW, HEAD, TOP = 1120, 330, 16, 22, 30, 26  # pixels
DRAWN = {  # how a status looks; those that are over are a thin line
    "in force": "force", "not enforced": "idle", "announced": "ahead", "deferred": "held", "suspended": "held",
    "stayed": "court", "enjoined": "court", "unverified after": "doubt", "superseded": "over", "revoked": "over",
    "expired": "over", "void": "over",
}  # fmt: skip
LOOKS = ("force", "idle", "ahead", "held", "court", "doubt", "over")


class Bar(msgspec.Struct, frozen=True):
    """A status from a day on; ``until`` is the day of the next one ("" for none)."""

    status: str
    look: str
    since: str
    until: str
    by: str


class Life(msgspec.Struct, frozen=True):
    """Rules of one measure that share their life."""

    measure: str
    label: str
    rules: tuple[str, ...]
    bars: tuple[Bar, ...]


class Lane(msgspec.Struct, frozen=True):
    """One jurisdiction."""

    id: str
    title: str
    lives: tuple[Life, ...]


def lanes(book: Book, lang: str, chosen: str = "", known: str = "9999-12-31") -> tuple[Lane, ...]:
    """The lanes, as known on a day; ``chosen`` is a jurisdiction or a regime ("" for all)."""
    names = Names(book, lang)
    found = []
    for key, jurisdiction in book.jurisdictions.items():
        lives = []
        for measure in book.measures.values():
            regime = book.regimes[measure.regime]
            if regime.jurisdiction == key and chosen in ("", key, regime.id):
                lives += _lives(book, measure.id, names, known)
        if lives:
            lives.sort(key=lambda life: (life.bars[0].since if life.bars else "9999", life.measure))
            found.append(Lane(key, names.text(jurisdiction.title), tuple(lives)))
    return tuple(found)


def _lives(book: Book, key: str, names: Names, known: str) -> list[Life]:
    measure = book.measures[key]
    alike: dict[tuple[Event, ...], list[Rule]] = {}
    for rule in measure.rules:
        alike.setdefault(book.rules[rule].life, []).append(book.rules[rule])
    found = []
    for rules in alike.values():
        title = names.text(measure.title)
        label = title if len(alike) == 1 else names.aside(names.rule(rules[0].id), title)
        bars = tuple(_bars(book, rules[0], names, known))
        if bars:
            found.append(Life(key, label, tuple(rule.id for rule in rules), bars))
    return found


def _bars(book: Book, rule: Rule, names: Names, known: str) -> list[Bar]:
    days = sorted({moment[:10] for moment in moments_of_rule(rule)})
    told: list[tuple[str, Event]] = []
    for day in days:
        event = paint(rule.life, f"{day}T23:59", known)
        if event and (not told or told[-1][1].status != event.status):
            told.append((day, event))
    bars = []
    for place, (day, event) in enumerate(told):
        until = told[place + 1][0] if place + 1 < len(told) else ""
        source = book.measures[rule.measure].sources[event.by.source]
        by = ", ".join(part for part in (source.ref, event.by.pinpoint) if part)
        bars.append(Bar(event.status, DRAWN.get(event.status, "over"), day, until, by))
    return bars


class _Scale:
    def __init__(self, days: list[str], today: str) -> None:
        dates = [dt.date.fromisoformat(day).toordinal() for day in [*days, today]]
        self.first, self.last = min(dates) - 60, max(dates) + 120

    def x(self, day: str) -> float:
        at = dt.date.fromisoformat(day).toordinal() if day else self.last
        return round(LEFT + (at - self.first) / (self.last - self.first) * (WIDE - LEFT - RIGHT), 1)


def svg(found: tuple[Lane, ...], lang: str, today: str, title: str, names: Names) -> str:
    """The picture. ``today`` is marked by a line."""
    days = [bar.since for lane in found for life in lane.lives for bar in life.bars if bar.since < "2100"]
    if not days:
        return ""
    scale = _Scale(days, today)
    height = TOP + sum(HEAD + ROW * len(lane.lives) for lane in found) + 26
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="swim" viewBox="0 0 {WIDE} {height}" role="img" '
        f'aria-label={_attribute(title)} lang="{"zh-Hans" if lang == "zh" else "en"}">',
        *_hatches(), *_axis(scale, height),
    ]  # fmt: skip
    y = TOP
    for lane in found:
        parts.append(f'<rect class="lane" x="0" y="{y + 4}" width="{WIDE}" height="{HEAD - 6}"/>')
        parts.append(f'<text class="lane-name" x="8" y="{y + 21}">{_safe(lane.title)}</text>')
        y += HEAD
        for life in lane.lives:
            parts += _life(life, y, scale, names)
            y += ROW
    now = scale.x(today)
    parts.append(f'<line class="today" x1="{now}" y1="{TOP - 6}" x2="{now}" y2="{height - 20}"/>')
    parts.append(
        f'<text class="today-name" x="{now}" y="{height - 6}" text-anchor="end">{_safe(names.day(today))}</text>'
    )
    return "".join([*parts, "</svg>"])


def _hatches() -> list[str]:
    """Patterns, so that no status is told by colour alone."""
    return [
        "<defs>",
        '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch-back" width="6" height="6"/><line class="hatch-line" x1="0" y1="0" x2="0" y2="6"/>'
        "</pattern>",
        '<pattern id="cross" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="cross-back" width="6" '
        'height="6"/><path class="cross-line" d="M0 0L6 6M6 0L0 6"/></pattern>',
        '<pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="dots-back" width="5" '
        'height="5"/><circle class="dots-dot" cx="2" cy="2" r="1"/></pattern>',
        "</defs>",
    ]


def legend(look: str) -> str:
    """One bar alone, for the key."""
    return (
        '<svg class="swim key" viewBox="0 0 34 14" width="34" height="14" aria-hidden="true">'
        + (_line(1, 33, 7) if look == "over" else f'<rect class="bar {look}" x="1" y="1" width="32" height="12"/>')
        + "</svg>"
    )


def _line(first: float, last: float, y: float) -> str:
    return f'<line class="bar over" x1="{first}" y1="{y}" x2="{last}" y2="{y}"/>'


def _axis(scale: _Scale, height: int) -> list[str]:
    first, last = (dt.date.fromordinal(one).year for one in (scale.first, scale.last))
    years = range(first + 1, last + 1)
    step = max(1, -(-len(years) // 14))
    parts = []
    for year in years:
        if (year - first) % step == 0:
            x = scale.x(f"{year}-01-01")
            parts.append(f'<line class="year" x1="{x}" y1="{TOP - 6}" x2="{x}" y2="{height - 20}"/>')
            parts.append(f'<text class="year-name" x="{x}" y="{TOP - 10}" text-anchor="middle">{year}</text>')
    return parts


def _life(life: Life, y: float, scale: _Scale, names: Names) -> list[str]:
    parts = [f'<text class="life-name" x="8" y="{y + 15}">{_safe(_cut(life.label, 50))}</text>']
    for bar in life.bars:
        if bar.since > "2100":
            continue
        x, end = scale.x(bar.since), scale.x(bar.until)
        says = f"{life.label}: {names.word(f'status.{bar.status}')} {names.word('from day', names.day(bar.since))}"
        drawn = (
            _line(x, end, y + 11)
            if bar.look == "over"
            else f'<rect class="bar {bar.look}" x="{x}" y="{y + 4}" width="{max(2.5, round(end - x, 1))}" height="14"/>'
        )
        parts.append(f"<g><title>{_safe(says)}</title>{drawn}</g>")
    return parts


def _cut(label: str, columns: int) -> str:
    if width(label) <= columns:
        return label
    cut = ""
    for char in label:
        if width(cut + char) > columns - 1:
            break
        cut += char
    return cut + "…"


def _safe(text: str) -> str:
    return escape(visible(text))


def _attribute(text: str) -> str:
    return quoteattr(visible(text))
