"""What happened to the law, in order: as lines, and as a picture."""

from __future__ import annotations

import datetime as dt
from xml.sax.saxutils import escape, quoteattr

import msgspec

from exeat.page.names import Names
from exeat.page.safe import visible
from exeat.page.text import Page
from exeat.page.wrap import width
from exeat.rulebook.life import moments_of_rule, paint
from exeat.rulebook.model import Book, Event, Rule

LEFT, RIGHT, ROW, TOP = 430, 20, 24, 70  # pixels of the picture
WIDE = 1280
STATUS_COLOURS = {
    "in force": "#1d6fb8",
    "not enforced": "#7db4de",
    "announced": "#e0d7a3",
    "deferred": "#e3b34c",
    "suspended": "#e3b34c",
    "stayed": "#d98545",
    "enjoined": "#c9562f",
    "unverified after": "#c9a3d9",
}  # others (revoked, expired, superseded, void) leave no bar


class Moment(msgspec.Struct, frozen=True):
    """One event and the rules that it happened to."""

    event: Event
    measure: str
    rules: tuple[str, ...]


def moments(book: Book, regimes: tuple[str, ...] = (), known: str = "9999-12-31") -> list[Moment]:
    """Every event of the rules' lives by day, each once with all its rules."""
    found: dict[tuple[str, Event], list[str]] = {}
    for rule in book.rules.values():
        if regimes and rule.regime not in regimes:
            continue
        for event in rule.life:
            if event.recorded <= known:
                found.setdefault((rule.measure, event), []).append(rule.id)
    ordered = sorted(found.items(), key=lambda one: (one[0][1].since, one[0][1].at, one[0][1].recorded, one[0][0]))
    return [Moment(event, measure, tuple(rules)) for (measure, event), rules in ordered]


def plain(one: Moment, book: Book) -> dict[str, object]:
    """A moment as JSON data."""
    event = one.event
    source = book.measures[one.measure].sources[event.by.source]
    return {
        "from": event.since,
        "at": event.at,
        "until": event.until,
        "status": event.status,
        "recorded": event.recorded,
        "measure": one.measure,
        "rules": list(one.rules),
        "by": {"ref": source.ref, "pinpoint": event.by.pinpoint, "url": source.url, "seen": event.seen},
        "note": event.note,
    }


def text(found: list[Moment], book: Book, lang: str, columns: int, colour: bool) -> str:
    """The moments as lines, the earliest first."""
    names = Names(book, lang)
    page = Page(lang, columns, colour, str)
    gutter = max((width(_when(one.event, names)) for one in found), default=10) + 2
    before = ""
    for one in found:
        when = _when(one.event, names)
        page.labelled("" if when == before else when, _line(one, names), gutter, hang=2)
        before = when
    return page.text()


def _when(event: Event, names: Names) -> str:
    return f"{names.day(event.since)} {event.at}".strip()


def _line(one: Moment, names: Names) -> str:
    event, measure = one.event, names.book.measures[one.measure]
    source = measure.sources[event.by.source]
    rules = names.rule(one.rules[0]) if len(one.rules) == 1 else names.word("rules counted", len(one.rules))
    until = names.word("until day", names.day(event.until)) if event.until else ""
    mark = f" [{names.word('unverified')}]" if event.seen == "unverified" else ""
    recorded = names.word("recorded", names.day(event.recorded)) if event.recorded != event.since else ""
    where = ", ".join(part for part in (source.ref, event.by.pinpoint) if part) + mark
    head = names.word(f"status.{event.status}")
    parts = [head, until, f"{names.text(measure.title)}{names.word('colon')}{rules}", recorded, where]
    return " · ".join(part for part in parts if part)


# --- the picture


class _Lane(msgspec.Struct, frozen=True):
    """Rules of one measure that share a life."""

    measure: str
    rules: tuple[Rule, ...]


def svg(book: Book, lang: str, regimes: tuple[str, ...] = (), known: str = "9999-12-31") -> str:
    """A picture of what was in force when: a lane for every life of every measure."""
    names = Names(book, lang)
    lanes = _lanes(book, regimes)
    days = [day[:10] for lane in lanes for day in moments_of_rule(lane.rules[0])]
    first = min(days, default=book.encoded_to)
    last = max([book.encoded_to, *(day for day in days if day < "2100")])
    scale = _Scale(first, last)
    height = TOP + ROW * len(lanes) + 50
    title = names.word("timeline")
    if regimes:
        title = names.word("timeline of", names.listed(names.regime(key) for key in regimes))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {height}" width="{WIDE}" height="{height}" '
        f'role="img" aria-labelledby="t d" lang="{lang}" '
        'font-family="system-ui, Noto Sans, Noto Sans CJK SC, sans-serif">',
        f'<title id="t">{_safe(title)}</title>',
        f'<desc id="d">{_safe(names.word("rulebook", book.edition))}</desc>',
        f'<rect width="{WIDE}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="24" font-size="18" font-weight="bold">{_safe(title)}</text>',
        *_legend(names),
        *_axis(scale, height),
    ]
    for number, lane in enumerate(lanes):
        parts += _lane(lane, TOP + ROW * number, names, scale, known)
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Scale:
    def __init__(self, first: str, last: str) -> None:
        self.first = dt.date.fromisoformat(first).toordinal() - 30
        self.last = max(dt.date.fromisoformat(last).toordinal() + 30, self.first + 1)

    def x(self, day: str) -> float:
        try:
            at = dt.date.fromisoformat(day).toordinal()
        except ValueError:
            at = self.last
        share = (min(max(at, self.first), self.last) - self.first) / (self.last - self.first)
        return round(LEFT + share * (WIDE - LEFT - RIGHT), 1)


def _lanes(book: Book, regimes: tuple[str, ...]) -> list[_Lane]:
    lanes = []
    for measure in book.measures.values():
        if regimes and measure.regime not in regimes:
            continue
        lives: dict[tuple[Event, ...], list[Rule]] = {}
        for key in measure.rules:
            lives.setdefault(book.rules[key].life, []).append(book.rules[key])
        lanes += [_Lane(measure.id, tuple(rules)) for rules in lives.values()]
    return sorted(lanes, key=lambda lane: min(moments_of_rule(lane.rules[0])))


def _legend(names: Names) -> list[str]:
    parts, x = [], 10.0
    for status, colour in STATUS_COLOURS.items():
        name = names.word(f"status.{status}")
        parts.append(f'<rect x="{x}" y="36" width="14" height="12" fill="{colour}" stroke="#333" stroke-width="0.5"/>')
        parts.append(f'<text x="{x + 18}" y="46" font-size="12">{_safe(name)}</text>')
        x += 34 + 7.2 * width(name)
    return parts


def _axis(scale: _Scale, height: int) -> list[str]:
    years = range(dt.date.fromordinal(scale.first).year + 1, dt.date.fromordinal(scale.last).year + 1)
    step = max(1, len(years) // 16)
    parts = []
    for year in years:
        if year % step == 0:
            x = scale.x(f"{year}-01-01")
            parts.append(f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height - 30}" stroke="#ddd"/>')
            parts.append(f'<text x="{x}" y="{height - 14}" font-size="11" text-anchor="middle">{year}</text>')
    return parts


def _lane(lane: _Lane, y: int, names: Names, scale: _Scale, known: str) -> list[str]:
    rule = lane.rules[0]
    title = names.text(names.book.measures[lane.measure].title)
    whole = len(lane.rules) == len(names.book.measures[lane.measure].rules)
    label = title if whole else names.rule(rule.id)
    more = f" (+{len(lane.rules) - 1})" if len(lane.rules) > 1 and not whole else ""
    told = f"<title>{_safe(f'{title}: {label}')}</title>"
    parts = [f'<text x="10" y="{y + 15}" font-size="12">{_safe(_cut(label, 58) + more)}{told}</text>']
    days = sorted({moment[:10] for moment in moments_of_rule(rule)})
    for day, until in zip(days, [*days[1:], ""], strict=True):
        event = paint(rule.life, f"{day}T23:59", known)
        colour = STATUS_COLOURS.get(event.status) if event else None
        if event is None or colour is None:
            continue
        x = scale.x(day)
        wide = max(2.0, round(scale.x(until or "end") - x, 1))
        says = f"{names.word(f'status.{event.status}')} {names.word('from day', names.day(day))}"
        says += f" {names.word('until day', names.day(until))}" if until else ""
        parts.append(
            f'<rect x="{x}" y="{y + 4}" width="{wide}" height="{ROW - 10}" fill={quoteattr(colour)} stroke="#333" '
            f'stroke-width="0.5"><title>{_safe(f"{label}: {says}")}</title></rect>'
        )
        name = names.word(f"status.{event.status}")
        if wide > 7 * width(name) + 8:
            ink = "#fff" if event.status in ("in force", "enjoined") else "#000"
            parts.append(f'<text x="{x + 4}" y="{y + 15}" font-size="11" fill="{ink}">{_safe(name)}</text>')
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


def _safe(label: str) -> str:
    return escape(visible(label))
