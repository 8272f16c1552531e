"""One timeline over the mentions of several documents: a picture, and the table that says the same in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from exeat.page.reading import HTML_LANG, headline, page, safe, told
from exeat.page.wrap import width
from exeat.read.model import Document, Mention, Moment

WIDE, LEFT, RIGHT, ROW, TOP = 1280, 470, 30, 24, 76  # pixels of the picture
COLOURS = {
    "measure": "#c0392b",
    "initiative": "#1d6fb8",
    "proceeding": "#7a4fa3",
    "reaction": "#666666",
    "context": "#999999",
}
SHAPES = ("announced", "effective", "deadline")  # a ring, a dot, a triangle: never told by colour alone
GROUPS = ("measure", "initiative", "proceeding")
THINGS = ("app", "company", "country", "service")
MAX_ROWS = 400  # a taller picture is for nobody; the table has them all


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
        first = min(group, key=lambda pair: (pair[1].salience != "primary", pair[0].id, pair[1].id))[1]
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
        made.append(Line(first.group, headline(first, lang), first.status, days(first), link, by, quote, history))
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


def svg(found: Sequence[Line], lang: str) -> str:
    """The picture."""
    shown = [line for line in found if any(day.day for day in line.days)][:MAX_ROWS]
    every = [dt.date.fromisoformat(one.day).toordinal() for line in shown for one in line.days if one.day]
    first, last = (min(every) - 7, max(every) + 7) if every else (0, 1)
    height = TOP + ROW * max(len(shown), 1) + 40
    title = told("words", "timeline", lang)

    def x(day: str) -> float:
        share = (dt.date.fromisoformat(day).toordinal() - first) / max(last - first, 1)
        return round(LEFT + share * (WIDE - LEFT - RIGHT), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {height}" width="{WIDE}" height="{height}" '
        f'role="img" aria-labelledby="mt md" lang="{HTML_LANG[lang]}" '
        'font-family="system-ui, Noto Sans, Noto Sans CJK SC, sans-serif">',
        f'<title id="mt">{safe(title)}</title>',
        f'<desc id="md">{safe(told("words", "suggestion", lang))}</desc>',
        f'<rect width="{WIDE}" height="{height}" fill="#fff"/>',
        f'<text x="10" y="24" font-size="18" font-weight="bold">{safe(title)}</text>',
        *_legend(lang),
    ]
    if every:
        parts += _axis(first, last, height, x)
    for number, line in enumerate(shown):
        parts += _row(line, TOP + ROW * number, x, lang)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend(lang: str) -> list[str]:
    parts, at = [], 10.0
    for group in GROUPS:
        name = told("groups", group, lang)
        parts.append(f'<rect x="{at:g}" y="38" width="14" height="12" fill="{COLOURS[group]}"/>')
        parts.append(f'<text x="{at + 18:g}" y="48" font-size="12">{safe(name)}</text>')
        at += 40 + 7.5 * width(name)
    for shape in SHAPES:
        name = told("words", shape, lang)
        parts += [
            _mark(shape, at + 6, 44, "#333", ""),
            f'<text x="{at + 18:g}" y="48" font-size="12">{safe(name)}</text>',
        ]
        at += 40 + 7.5 * width(name)
    return parts


def _axis(first: int, last: int, height: int, x: object) -> list[str]:
    """Marks at the beginnings of months, or of years where months would be too many."""
    begin, end = dt.date.fromordinal(first), dt.date.fromordinal(last)
    months = [(year, month) for year in range(begin.year, end.year + 1) for month in range(1, 13)]
    marks = [f"{year}-{month:02}-01" for year, month in months if begin <= dt.date(year, month, 1) <= end]
    if len(marks) > 14:
        marks = [mark for mark in marks if mark[5:7] == "01"]
    parts = []
    for mark in marks[:: max(1, len(marks) // 14)]:
        at = x(mark) if callable(x) else 0
        parts.append(f'<line x1="{at}" y1="{TOP - 12}" x2="{at}" y2="{height - 28}" stroke="#ddd"/>')
        for y in (TOP - 14, height - 12):
            parts.append(f'<text x="{at}" y="{y}" font-size="11" text-anchor="middle">{mark[:7]}</text>')
    return parts


def _row(line: Line, y: int, x: object, lang: str) -> list[str]:
    label = _cut(line.label, 62)
    tell = "; ".join(f"{told('words', one.kind, lang)} {one.told}" for one in line.days)
    parts = [
        f'<text x="10" y="{y + 15}" font-size="12">{safe(label)}<title>{safe(f"{line.label}: {tell}")}</title></text>'
    ]
    colour = COLOURS.get(line.group, "#333")
    places = [(one.kind, x(one.day) if callable(x) else 0.0, one.told) for one in line.days if one.day]
    if len(places) > 1:
        xs = [at for _, at, _ in places]
        parts.append(
            f'<line x1="{min(xs)}" y1="{y + 11}" x2="{max(xs)}" y2="{y + 11}" stroke="{colour}" stroke-width="2"/>'
        )
    for kind, at, day in places:
        parts.append(_mark(kind, at, y + 11, colour, f"{told('words', kind, lang)} {day}: {line.label}"))
    return parts


def _mark(kind: str, x: float, y: float, colour: str, says: str) -> str:
    title = f"<title>{safe(says)}</title>" if says else ""
    if kind == "deadline":
        points = f"{x - 6:g},{y + 5:g} {x + 6:g},{y + 5:g} {x:g},{y - 6:g}"
        return f'<polygon points="{points}" fill="{colour}">{title}</polygon>'
    fill = "#fff" if kind == "announced" else colour
    return f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="{fill}" stroke="{colour}" stroke-width="2">{title}</circle>'


def _cut(label: str, columns: int) -> str:
    if width(label) <= columns:
        return label
    cut = ""
    for char in label:
        if width(cut + char) > columns - 1:
            break
        cut += char
    return cut + "…"


def html(found: Sequence[Line], lang: str) -> str:
    """The picture with its table, as a page."""
    heads = "".join(
        f'<th scope="col">{safe(told("words", key, lang))}</th>'
        for key in ("day", "what", "status", "link", "document", "evidence")
    )
    rows = [_html_row(line, lang) for line in found]
    table = ['<div class="wide"><table><thead><tr>' + heads + "</tr></thead><tbody>", *rows, "</tbody></table></div>"]
    return page(told("words", "timeline", lang), lang, ['<div class="wide">', svg(found, lang), "</div>", *table])


def _html_row(line: Line, lang: str) -> str:
    when = "<br>".join(safe(f"{told('words', one.kind, lang)} {one.told}") for one in line.days)
    by = "<br>".join(safe(f"{document} {mention}") for document, mention in line.told_by)
    since = "".join(f"<br><small>{safe(part)}</small>" for part in line.history)
    return (
        f"<tr><td>{when}</td><td>{safe(line.label)}</td><td>{safe(told('statuses', line.status, lang))}</td>"
        f"<td>{safe(line.link)}{since}</td><td>{by}</td><td>{safe(line.evidence)}</td></tr>"
    )


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
