"""One timeline over the mentions of several documents: a picture, and the table that says the same in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import msgspec

from exeat.page.reading import HTML_LANG, cell, grid, headline, page, safe, spoken, told, unbroken
from exeat.page.wrap import width
from exeat.read.model import Document, Mention, Moment

COLOURS = {
    "measure": "#b3261e",
    "initiative": "#14609f",
    "proceeding": "#6b2a8a",
    "reaction": "#4a4a4a",
    "context": "#757575",
}
# Inside a page the picture takes the page's colours, also dark ones; by itself it has its own.
STYLE = """<style>svg .paper{fill:var(--bg)}svg .ring{fill:none!important}svg text{fill:var(--fg)}
svg .grid{stroke:var(--line)}
@media(prefers-color-scheme:dark){svg .mark{fill:var(--fg)}svg .mark,svg .bar{stroke:var(--fg)}
svg .measure{--c:#ff9d9d}svg .initiative{--c:#93cdf5}svg .proceeding{--c:#deaaf5}svg .reaction{--c:#d0d0d0}
svg .context{--c:#a0a0a0}svg .measure,svg .initiative,svg .proceeding,svg .reaction,svg .context{fill:var(--c);
stroke:var(--c)}}</style>"""
SHAPES = ("announced", "effective", "deadline")  # a ring, a dot, a triangle: never told by colour alone
GROUPS = ("measure", "initiative", "proceeding")
THINGS = ("app", "company", "country", "service")
MAX_ROWS = 400  # a taller picture is for nobody; the table has them all


class Frame(msgspec.Struct, frozen=True):
    """The measures of a picture, in pixels: where the days begin, how high a row is, where in it label and marks are,
    and how many columns a label may have. ``head``: whether it has a heading of its own."""

    wide: int = 1280
    left: int = 470
    right: int = 30
    row: int = 24
    top: int = 76
    label: int = 15
    mark: int = 11
    columns: int = 62
    head: bool = True


BROAD = Frame()
INSIDE = Frame(top=46, head=False)  # below the heading of a page
NARROW = Frame(wide=350, left=16, right=16, row=46, top=92, label=14, mark=30, columns=46, head=False)


class Day(msgspec.Struct, frozen=True):
    """A day of an act: which, as exact as told, and the day at which a picture puts it (of a longer time the first)."""

    kind: str
    told: str
    day: str


class Line(msgspec.Struct, frozen=True):
    """One act with its days, and every (document, mention) that tells it."""

    group: str
    label: str
    status: str
    days: tuple[Day, ...]
    link: str
    told_by: tuple[tuple[str, str], ...]
    evidence: str
    history: tuple[str, ...]
    language: str = ""


def lines(documents: Sequence[Document], lang: str, groups: Iterable[str] = GROUPS) -> list[Line]:
    """The dated acts of all documents, each once, by day."""
    found: dict[tuple[object, ...], list[tuple[Document, Mention]]] = {}
    wanted = frozenset(groups)
    for document in documents:
        for one in document.mentions:
            if one.group in wanted and days(one):
                found.setdefault(_key(one), []).append((document, one))
    made = []
    for group in found.values():
        best = min(group, key=lambda pair: (pair[1].salience != "primary", pair[0].id, pair[1].id))
        first, language = best[1], best[0].metadata.language
        link = (
            first.link.to
            if first.link and first.link.kind != "none"
            else told("words", "none", lang)
            if first.link
            else ""
        )
        history = tuple(dict.fromkeys(part for _, one in group for part in one.history))
        by = tuple(sorted({(document.id, one.id) for document, one in group}))
        quote = first.evidence[0].quote if first.evidence else ""
        what = headline(first, lang)
        made.append(Line(first.group, what, first.status, days(first), link, by, quote, history, language))
    return sorted(made, key=lambda line: (min(day.day or day.told for day in line.days), line.label, line.told_by))


def _key(one: Mention) -> tuple[object, ...]:
    """What tells one act from another, in whatever language it is told. Two linked mentions are one act if they agree
    in action, entry, things named and day of effect; others must also agree in day of announcement and all targets.
    """
    place = next((actor.jurisdiction for actor in one.actors if actor.jurisdiction), "")
    effect = one.effective.value if one.effective else ""
    if one.link is not None and one.link.kind != "none":
        things = {target.id for target in one.targets if target.kind in THINGS}
        return one.group, one.action, place, one.link.to, tuple(sorted(things)), effect
    about = tuple(sorted({target.id or target.name for target in one.targets}))
    return one.group, one.action, place, about, effect, one.announced.value if one.announced else ""


def days(one: Mention) -> tuple[Day, ...]:
    """The days of a mention, as exact as told."""
    pairs: tuple[tuple[str, Moment | None], ...] = (
        ("announced", one.announced),
        ("effective", one.effective),
        ("deadline", one.deadline),
    )
    return tuple(Day(key, value.value, _first(value.value)) for key, value in pairs if value and value.value)


def _first(value: str) -> str:
    """The first day of a month or of an interval of days; "" for a year, which is too coarse to place."""
    part = value.partition("/")[0][:10]
    for tail in ("", "-01"):
        try:
            return dt.date.fromisoformat(part + tail).isoformat() if len(part) > 4 else ""
        except ValueError:
            continue
    return ""


def plain(line: Line) -> dict[str, object]:
    """A line as JSON data."""
    return {
        "group": line.group,
        "what": line.label,
        "status": line.status,
        "days": [{"kind": one.kind, "value": one.told, "day": one.day} for one in line.days],
        "link": line.link,
        "told_by": [{"document": document, "mention": mention} for document, mention in line.told_by],
        "evidence": line.evidence,
        "history": list(line.history),
    }


def svg(found: Sequence[Line], lang: str, frame: Frame = BROAD, key: str = "m") -> str:
    """The picture. ``key`` keeps the ids of two pictures on one page apart."""
    shown = [line for line in found if any(day.day for day in line.days)][:MAX_ROWS]
    every = [dt.date.fromisoformat(one.day).toordinal() for line in shown for one in line.days if one.day]
    first, last = (min(every) - 7, max(every) + 7) if every else (0, 1)
    height = frame.top + frame.row * max(len(shown), 1) + 40
    title = told("words", "timeline", lang)

    def x(day: str) -> float:
        share = (dt.date.fromisoformat(day).toordinal() - first) / max(last - first, 1)
        return round(frame.left + share * (frame.wide - frame.left - frame.right), 1)

    heading = f'<text x="10" y="24" font-size="18" font-weight="bold">{safe(title)}</text>'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.wide} {height}" width="{frame.wide}" '
        f'height="{height}" role="img" aria-labelledby="{key}t {key}d" lang="{HTML_LANG[lang]}" '
        'font-family="system-ui, Noto Sans, Noto Sans CJK SC, sans-serif">',
        f'<title id="{key}t">{safe(title)}</title>',
        f'<desc id="{key}d">{safe(told("words", "suggestion", lang))}</desc>',
        f'<rect class="paper" width="{frame.wide}" height="{height}" fill="#fff"/>',
        *([heading] if frame.head else []),
        *_legend(lang, frame),
    ]
    if every:
        parts += _axis(first, last, height, x, frame)
    for number, line in enumerate(shown):
        parts += _row(line, frame.top + frame.row * number, x, lang, frame)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend(lang: str, frame: Frame) -> list[str]:
    y = 38 if frame.head else 6
    parts, at = [], 10.0
    for kind, key in (*(("groups", group) for group in GROUPS), *(("words", shape) for shape in SHAPES)):
        name = told(kind, key, lang)
        room = 40 + 7.5 * width(name)
        if at + room > frame.wide and at > 10:  # a narrow picture has two lines of it
            at, y = 10.0, y + 20
        if kind == "groups":
            parts.append(f'<rect class="{key}" x="{at:g}" y="{y}" width="14" height="12" fill="{COLOURS[key]}"/>')
        else:
            parts.append(_mark(key, at + 6, y + 6, "#333", "", "mark"))
        parts.append(f'<text x="{at + 18:g}" y="{y + 10}" font-size="12">{safe(name)}</text>')
        at += room
    return parts


def _axis(first: int, last: int, height: int, x: Callable[[str], float], frame: Frame) -> list[str]:
    """Marks at the beginnings of months, or of years where months would be too many."""
    begin, end = dt.date.fromordinal(first), dt.date.fromordinal(last)
    most = max(2, (frame.wide - frame.left) // 58)
    months = [(year, month) for year in range(begin.year, end.year + 1) for month in range(1, 13)]
    marks = [f"{year}-{month:02}-01" for year, month in months if begin <= dt.date(year, month, 1) <= end]
    if len(marks) > most and any(mark[5:7] == "01" for mark in marks):
        marks = [mark for mark in marks if mark[5:7] == "01"]
    parts = []
    for mark in marks[:: max(1, -(-len(marks) // most))]:
        at = x(mark)
        parts.append(f'<line class="grid" x1="{at}" y1="{frame.top - 6}" x2="{at}" y2="{height - 28}" stroke="#ddd"/>')
        middle = min(max(at, 24), frame.wide - 24)  # whole within the picture
        for y in (frame.top - 10, height - 12):
            parts.append(f'<text x="{middle:g}" y="{y}" font-size="11" text-anchor="middle">{mark[:7]}</text>')
    return parts


def _row(line: Line, y: int, x: Callable[[str], float], lang: str, frame: Frame) -> list[str]:
    label = _cut(line.label, frame.columns)
    tell = "; ".join(f"{told('words', one.kind, lang)} {one.told}" for one in line.days)
    parts = [
        f'<text x="10" y="{y + frame.label}" font-size="12">{safe(label)}'
        f"<title>{safe(f'{line.label}: {tell}')}</title></text>"
    ]
    colour = COLOURS.get(line.group, "#333")
    places = [(one.kind, x(one.day), one.told) for one in line.days if one.day]
    if len(places) > 1:
        xs = [at for _, at, _ in places]
        parts.append(
            f'<line class="bar {safe(line.group)}" x1="{min(xs)}" y1="{y + frame.mark}" x2="{max(xs)}" '
            f'y2="{y + frame.mark}" stroke="{colour}" stroke-width="2"/>'
        )
    # A dot covers a ring near it: rings are drawn last, a little larger.
    for kind, at, day in sorted(places, key=lambda place: place[0] == "announced"):
        says = f"{told('words', kind, lang)} {day}: {line.label}"
        parts.append(_mark(kind, at, y + frame.mark, colour, says, line.group))
    return parts


def _mark(kind: str, x: float, y: float, colour: str, says: str, group: str) -> str:
    title = f"<title>{safe(says)}</title>" if says else ""
    if kind == "deadline":
        points = f"{x - 6:g},{y + 5:g} {x + 6:g},{y + 5:g} {x:g},{y - 6:g}"
        return f'<polygon class="{safe(group)}" points="{points}" fill="{colour}">{title}</polygon>'
    if kind == "announced":
        return (
            f'<circle class="{safe(group)} ring" cx="{x:g}" cy="{y:g}" r="6" fill="none" stroke="{colour}" '
            f'stroke-width="2">{title}</circle>'
        )
    return f'<circle class="{safe(group)}" cx="{x:g}" cy="{y:g}" r="4" fill="{colour}">{title}</circle>'


def _cut(label: str, columns: int) -> str:
    if width(label) <= columns:
        return label
    cut = ""
    for char in label:
        if width(cut + char) > columns - 1:
            break
        cut += char
    return cut + "…"


HEADS = ("day", "what", "status", "link", "document", "evidence")


def html(found: Sequence[Line], lang: str) -> str:
    """The picture with its table, as a page. Of the two pictures a screen shows the one that it has room for."""
    name = safe(told("words", "timeline", lang))
    body = [
        STYLE,
        f'<div class="wide broad" tabindex="0" role="region" aria-label="{name}">',
        svg(found, lang, INSIDE),
        "</div>",
        '<div class="narrow">',
        svg(found, lang, NARROW, "n"),
        "</div>",
        *grid([told("words", key, lang) for key in HEADS], (_html_row(line, lang) for line in found)),
    ]
    return page(told("words", "timeline", lang), lang, body)


def _html_row(line: Line, lang: str) -> str:
    when = "<br>".join(unbroken(f"{told('words', one.kind, lang)} {one.told}") for one in line.days)
    by = "<br>".join(safe(f"{document} {mention}") for document, mention in line.told_by)
    since = "".join(f"<br><small>{safe(part)}</small>" for part in line.history)
    day, what, status, link, document, evidence = (told("words", key, lang) for key in HEADS)
    cells = (
        cell(day, when),
        cell(what, safe(line.label)),
        cell(status, safe(told("statuses", line.status, lang))),
        cell(link, safe(line.link) + since),
        cell(document, by),
        cell(evidence, safe(line.evidence), spoken(line.language)),
    )
    return f'<tr role="row">{"".join(cells)}</tr>'


def text(found: Sequence[Line], lang: str) -> str:
    """The table as lines."""
    said = []
    for line in found:
        when = ", ".join(f"{told('words', one.kind, lang)} {one.told}" for one in line.days)
        said.append(
            f"{when} · {line.label} · {told('statuses', line.status, lang)} · {line.link} · "
            + ", ".join(" ".join(one) for one in line.told_by)
        )
        said += [f"  {told('words', 'history', lang)}: {part}" for part in line.history]
    return "\n".join(said) + "\n" if said else ""
