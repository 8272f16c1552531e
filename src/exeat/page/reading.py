"""Documents read, for people and programs: lines, JSON, CSV, a page that stands alone. All text of strangers is made
visible first."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import msgspec

from exeat.page import chinese
from exeat.page.safe import visible, web_address
from exeat.page.wrap import paragraph
from exeat.read import watch as watching
from exeat.read.fold import DATA
from exeat.read.model import Actor, Document, Field, Link, Mention, Moment
from exeat.read.propose import RULE as REFUSED
from exeat.read.recorded import Touch
from exeat.vocabulary.reader import read_file

HTML_LANG = {"en": "en", "zh": "zh-Hans"}
COLUMNS = (
    "document",
    "title",
    "published",
    "mention",
    "group",
    "action",
    "status",
    "salience",
    "actors",
    "actor_ids",
    "targets",
    "target_ids",
    "instrument",
    "number",
    "announced",
    "effective",
    "deadline",
    "link",
    "score",
    "evidence",
    "start",
    "end",
    "history",
    "proposed",
)


@cache
def codebook() -> dict[str, dict[str, dict[str, str]]]:
    """The words for every code.

    Raises:
        InputError: the data file is damaged.
    """
    node: Any = read_file(DATA / "codebook.yaml")
    return {
        str(part): {str(key): {str(lang): str(text) for lang, text in texts.items()} for key, texts in found.items()}
        for part, found in node.items()
    }


def told(part: str, key: str, lang: str) -> str:
    """A code in words; the code itself where the codebook has none."""
    found = codebook()[part].get(key)
    return found[lang] if found else key.replace("_", " ")


# --- for programs


def plain(document: Document) -> dict[str, object]:
    """A document as JSON data, in the shape of the annotated documents: ``quote``, ``start`` and ``end`` wherever the
    text is quoted."""
    built: dict[str, Any] = msgspec.to_builtins(document, enc_hook=_string)
    del built["text"]["folded"]
    built["metadata"] = {
        key: {name: part for name, part in value.items() if name in ("value", "basis") or part}
        if isinstance(value, dict)
        else value
        for key, value in built["metadata"].items()
    }
    built["times"] = [
        {
            "quote": one["text"],
            "start": one["at"]["start"],
            "end": one["at"]["end"],
            "value": one["value"]
            or "/".join(dict.fromkeys(part for part in (one["start"], one["end"]) if part))
            or None,
            "from": one["start"] or None,
            "until": one["end"] or None,
            **{key: one[key] for key in ("bound", "precision", "basis", "anchor", "clock", "not_a_date") if one[key]},
        }
        for one in built["times"]
    ]
    built["mentions"] = [_mention(one) for one in built["mentions"]]
    order = ("id", "sha256", "metadata", "text", "mentions", "times", "warnings")
    return {key: built[key] for key in order}


def _string(value: object) -> str:
    """A word of a data file (a string that knows its line) as a plain string."""
    if not isinstance(value, str):
        raise NotImplementedError(type(value).__name__)
    return str(value)


def _mention(one: dict[str, Any]) -> dict[str, Any]:
    """A mention without what is empty."""
    found = {key: value for key, value in one.items() if value not in (None, "", [], ())}
    if "link" in found:
        found["link"] = {
            **found["link"],
            "reasons": [{"reason": why, "worth": worth} for why, worth in found["link"]["reasons"]],
        }
    found.setdefault("targets", [])
    found.setdefault("actors", [])
    return found


def table(documents: Iterable[Document]) -> str:
    """One line of CSV for each mention. A cell that a spreadsheet would take for a formula is kept from being one."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for document in documents:
        for one in document.mentions:
            writer.writerow([_cell(value) for value in _row(document, one)])
    return out.getvalue()


def _row(document: Document, one: Mention) -> tuple[object, ...]:
    first = one.evidence[0] if one.evidence else None
    published = document.metadata.published
    return (
        document.id,
        document.metadata.title.value or "",
        published.value or published.inferred or "",
        one.id,
        one.group,
        one.action,
        one.status,
        one.salience,
        _names(one.actors),
        _ids(one.actors),
        _names(one.targets),
        _ids(one.targets),
        one.instrument.name if one.instrument else "",
        one.instrument.number if one.instrument else "",
        *(moment.value if moment else "" for moment in (one.announced, one.effective, one.deadline)),
        one.link.to if one.link else "",
        one.link.score if one.link else "",
        first.quote if first else "",
        first.start if first else "",
        first.end if first else "",
        "; ".join(one.history),
        "yes" if one.proposed else "",
    )


def _names(actors: Sequence[Actor]) -> str:
    return "; ".join(actor.name for actor in actors)


def _ids(actors: Sequence[Actor]) -> str:
    return "; ".join(actor.id for actor in actors)


def _cell(value: object) -> str:
    said = visible(str(value))
    return "'" + said if said[:1] in ("=", "+", "-", "@") else said


def refusals(documents: Iterable[Document]) -> list[str]:
    """What was refused of the proposals for the documents, and why."""
    return [
        visible(f"{document.id}: {one.what}")
        for document in documents
        for one in document.warnings
        if one.rule == REFUSED
    ]


# --- for people


def published(field: Field, lang: str) -> str:
    """The day with its basis, or that there is none and why."""
    if field.value:
        return f"{field.value} ({field.basis})" if field.basis else field.value
    if field.inferred:
        return f"{field.inferred} ({told('words', 'inferred', lang)}: {field.basis or field.reason})"
    why = chinese.told(field.reason or field.basis, lang, "reading")
    return told("words", "undated", lang) + (f" ({why})" if why else "")


def moment(key: str, value: Moment | None, lang: str) -> str:
    """A date with what it is and how it was written."""
    if value is None or not (value.value or value.text):
        return ""
    bound = "" if value.bound in ("", "on") else f" {value.bound}"
    written = f" “{value.text}”" if value.text else ""
    mark = f" ({told('words', 'inferred', lang)})" if value.inferred else ""
    return f"{told('words', key, lang)}{bound} {value.value or '?'}{written}{mark}"


def dates(one: Mention, lang: str) -> str:
    pairs = (("announced", one.announced), ("effective", one.effective), ("deadline", one.deadline))
    return ", ".join(said for key, value in pairs if (said := moment(key, value, lang)))


def linked(link: Link | None, lang: str) -> str:
    """A link with its reasons."""
    if link is None:
        return ""
    if link.kind == "none":
        return told("words", "none", lang)
    return f"{link.to} ({', '.join(f'{why} {worth:+g}' for why, worth in link.reasons)} = {link.score:g})"


def headline(one: Mention, lang: str) -> str:
    """Who does what to whom."""
    who = ", ".join(actor.name for actor in one.actors) or "?"
    whom = ", ".join(target.name for target in one.targets)
    return f"{who} · {told('actions', one.action, lang)}" + (f" · {whom}" if whom else "")


def text(documents: Sequence[Document], lang: str, columns: int) -> str:
    """The documents as lines."""
    lines: list[str] = []

    def add(said: str, indent: int = 0, hang: int | None = None) -> None:
        lines.extend(paragraph(visible(said), columns, indent, hang if hang is not None else indent + 2))

    for document in documents:
        about = document.metadata
        if lines:
            lines.append("")
        add(about.title.value or told("words", "untitled", lang), 0, 0)
        add(f"{told('words', 'published', lang)}: {published(about.published, lang)}", 2)
        if about.publisher.value:
            add(f"{told('words', 'publisher', lang)}: {about.publisher.value}", 2)
        if not document.mentions:
            add(told("words", "nothing", lang), 2)
        for one in document.mentions:
            lines.append("")
            kind = ", ".join(
                (
                    told("groups", one.group, lang),
                    told("statuses", one.status, lang),
                    told("saliences", one.salience, lang),
                )
            )
            add(f"{one.id}  {headline(one, lang)}  [{kind}]", 2, 6)
            if one.proposed:
                add(told("words", "proposed", lang), 6, 8)
            instrument = one.instrument
            rows = (
                ("when", dates(one, lang)),
                (
                    "instrument",
                    " ".join(dict.fromkeys(part for part in (instrument.name, instrument.number) if part))
                    if instrument
                    else "",
                ),
                *(("evidence", f"“{part.quote}” [{part.start}–{part.end}]") for part in one.evidence),
                ("link", linked(one.link, lang)),
                *(("history", part) for part in one.history),
            )
            for key, said in rows:
                if said:
                    add(f"{told('words', key, lang)}: {said}", 6, 8)
        for warning in document.warnings:
            add(f"{told('words', 'warning', lang)}: {warning.what} [{warning.rule}]", 2)
    return "\n".join(lines) + "\n" if lines else ""


def touched(
    entries: Mapping[str, Sequence[str]], touches: Sequence[Touch], lang: str, columns: int, asked: bool = False
) -> str:
    """What new documents touch: entries of the rulebook, and recorded decisions (where somebody ``asked``)."""
    lines: list[str] = []
    if entries:
        lines += ["", told("words", "touched", lang)]
        for entry, by in entries.items():
            lines += paragraph(visible(f"{entry}: {', '.join(by)}"), columns, 2, 4)
    if asked:
        lines += ["", told("words", "decisions" if touches else "no decisions", lang)]
    last = ("", "")
    for one in touches:
        if (one.decision, one.file) != last:
            head = f"{one.decision} {one.title} ({one.file}): {one.verdict}, {one.on}"
            lines += paragraph(visible(head), columns, 2, 4)
        last = (one.decision, one.file)
        newer = f" [{told('words', 'newer', lang)}]" if one.newer else ""
        said = f"{one.document} {one.mention}: {'; '.join(one.reasons)}{newer}"
        lines += paragraph(visible(said), columns, 4, 6)
    return "\n".join(lines) + "\n" if lines else ""


def with_touches(document: Document, touches: Sequence[Touch]) -> dict[str, object]:
    """A new document as JSON data, with what it touches: entries of the rulebook and recorded decisions."""
    entries = [{"entry": entry, "mentions": [one.rpartition(" ")[2] for one in by]}
               for entry, by in watching.touched([document]).items()]  # fmt: skip
    decisions = [
        {key: value for key, value in msgspec.to_builtins(one).items() if key != "document"}
        for one in touches
        if one.document == document.id
    ]
    return {**plain(document), "touches": {"rulebook": entries, "decisions": decisions}}


STYLE = """
:root{color-scheme:light dark;--fg:#1b1b1b;--bg:#fff;--soft:#595959;--line:#b5b5b5;--panel:#f4f4f2;--link:#0b4f9c}
@media(prefers-color-scheme:dark){:root{--fg:#ececec;--bg:#161616;--soft:#b9b9b9;--line:#5c5c5c;--panel:#222;
--link:#8cc2ff}}
*{box-sizing:border-box}
body{font:1rem/1.5 system-ui,"Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;margin:0 auto;
max-width:80rem;padding:1rem 1.25rem 3rem;color:var(--fg);background:var(--bg);overflow-wrap:break-word}
:lang(zh-Hant){font-family:system-ui,"Noto Sans","Noto Sans CJK TC","PingFang TC","Microsoft JhengHei",sans-serif}
a{color:var(--link)}a:focus-visible,.wide:focus-visible{outline:3px solid var(--link);outline-offset:2px}
h1{font-size:1.5rem;line-height:1.3}h2{font-size:1.2rem;margin-top:2rem}small{color:var(--soft)}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{border:1px solid var(--line);padding:.35rem .5rem;text-align:left;vertical-align:top}
th{background:var(--panel)}thead th,tbody th{white-space:nowrap}
blockquote{margin:.2rem 0;padding-left:.6rem;border-left:3px solid var(--link)}.day{white-space:nowrap}
.wide{overflow-x:auto}.narrow{display:none}
@media(max-width:48rem){thead{position:absolute;left:-999rem}table,tbody,tr,td,tbody th{display:block;width:100%}
tr{border:1px solid var(--line);margin:0 0 .9rem}td,tbody th{border:0;padding:.3rem .6rem}td:empty{display:none}
td[data-label]::before{content:attr(data-label);display:block;color:var(--soft);font-size:.85em}
.broad{display:none}.narrow{display:block}}
@media print{body{margin:0;max-width:none}}"""


def safe(said: object) -> str:
    """Text for HTML: hidden characters shown, markup escaped, quotes included."""
    return escape(visible(str(said)), {'"': "&quot;"})


def page(title: str, lang: str, body: Iterable[str]) -> str:
    """A page that stands alone: no script, nothing fetched (the policy says so to the browser as well)."""
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{HTML_LANG[lang]}">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
            "base-uri 'none'; form-action 'none'\">",
            '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">',
            f"<title>{safe(title)}</title><style>{STYLE}</style></head>",
            "<body><main>",
            f"<h1>{safe(title)}</h1>",
            f"<p><small>{safe(told('words', 'suggestion', lang))}</small></p>",
            *body,
            "</main></body></html>",
            "",
        )
    )


def spoken(language: str) -> str:
    """The attribute that says in which language a text of a document is; nothing where that is not known. Readers
    aloud and the choice of a typeface (Traditional, Simplified) depend on it."""
    return f' lang="{safe(language)}"' if language and language != "und" else ""


def cell(label: str, said: str, attributes: str = "") -> str:
    """A cell that says of itself in which column it is: narrow screens show no heads. ``said`` is HTML already."""
    return f'<td role="cell" data-label="{safe(label)}"{attributes}>{said}</td>'


def grid(heads: Sequence[str], rows: Iterable[str]) -> list[str]:
    """A table. The roles keep it one for readers aloud where a narrow screen shows it as cards."""
    told_heads = "".join(f'<th scope="col" role="columnheader">{safe(one)}</th>' for one in heads)
    head = f'<thead role="rowgroup"><tr role="row">{told_heads}</tr></thead>'
    return [f'<div class="wide"><table role="table">{head}<tbody role="rowgroup">', *rows, "</tbody></table></div>"]


def html(documents: Sequence[Document], lang: str) -> str:
    """The documents as a page."""
    return page(told("words", "reading", lang), lang, [part for one in documents for part in _section(one, lang)])


HEADS = ("who", "what", "whom", "when", "evidence", "link")


def _section(document: Document, lang: str) -> list[str]:
    about = document.metadata
    address = web_address(about.url.value or "")
    title = about.title.value
    words = spoken(about.language) if title else ""
    parts = [
        f'<section><h2 id="{safe(document.id)}"{words}>{safe(title or told("words", "untitled", lang))}</h2>',
        f"<p>{safe(told('words', 'published', lang))}: {safe(published(about.published, lang))}",
        f"<br>{safe(told('words', 'publisher', lang))}: {safe(about.publisher.value)}" if about.publisher.value else "",
        f'<br><a rel="noreferrer" href="{safe(address)}">{safe(told("words", "source", lang))}</a>' if address else "",
        "</p>",
    ]
    if document.mentions:
        heads = ["#", *(told("words", key, lang) for key in HEADS)]
        parts += grid(heads, (_html_row(one, lang, about.language) for one in document.mentions))
    else:
        parts.append(f"<p>{safe(told('words', 'nothing', lang))}</p>")
    if document.warnings:
        notes = "".join(f"<li>{safe(one.what)} [{safe(one.rule)}]</li>" for one in document.warnings)
        parts.append(f"<p>{safe(told('words', 'warning', lang))}</p><ul>{notes}</ul>")
    return [*(part for part in parts if part), "</section>"]


def _html_row(one: Mention, lang: str, language: str) -> str:
    kind = f"{told('statuses', one.status, lang)}, {told('saliences', one.salience, lang)}"
    kind += f"; {told('words', 'proposed', lang)}" if one.proposed else ""
    words = spoken(language)
    quotes = "".join(
        f"<blockquote><span{words}>{safe(part.quote)}</span> <small>{part.start}–{part.end}</small></blockquote>"
        for part in one.evidence
    )
    since = "".join(f"<br><small>{safe(part)}</small>" for part in one.history)
    who, what, whom, when, evidence, link = (told("words", key, lang) for key in HEADS)
    cells = (
        f'<th scope="row" role="rowheader">{safe(one.id)}</th>',
        cell(who, safe(", ".join(actor.name for actor in one.actors) or "?"), words if one.actors else ""),
        cell(what, f"{safe(told('actions', one.action, lang))}<br><small>{safe(kind)}</small>"),
        cell(whom, safe(", ".join(target.name for target in one.targets)), words),
        cell(when, unbroken(dates(one, lang))),
        cell(evidence, quotes),
        cell(link, safe(linked(one.link, lang)) + since),
    )
    return f'<tr role="row">{"".join(cells)}</tr>'


_ISO = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")


def unbroken(said: str) -> str:
    """Text for HTML in which no day is broken over two lines."""
    return _ISO.sub(lambda match: f'<span class="day">{match[0]}</span>', safe(said))
