"""The Federal Register as its publisher gives it out: XML (bulk data and API), the API's JSON, and plain text in a
page's ``pre``.

All become the same small HTML, so that the rules for pages say what is text. What frames a document there (running
heads, page marks, docket and billing numbers) is taken out; the day of the issue, where it is stated, is the day of
publication. A single document in XML does not state it: the day on which it was filed or signed is another."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import msgspec

from exeat.read.model import Candidate

DOCUMENTS = ("rule", "prorule", "notice", "presdocu")  # in lower case: FEDREG is an issue that holds many
ROOT = re.compile(r"<(?:FEDREG|RULE|PRORULE|NOTICE|PRESDOCU)\b[^>]{0,500}>")
PUBLISHER = Candidate("publisher", "Federal Register", "form", "gazette", 1)
RULE = "gazette"  # of the candidates

_TITLES = ("subject",)
_HEADS = ("hd",)
_PARAGRAPHS = ("p", "fp", "amdpar", "dated", "name", "title", "place", "date", "extract", "secthead", "subject")
# What frames a document: printed pages, numbers of dockets and bills, contents, cross-references of the issue.
_DROPPED = (
    "prtpage", "frdoc", "bilcod", "cfr", "rin", "depdoc", "agency", "subagy", "gid", "gph", "math", "cntnts", "ftref",
    "psig", "title3", "pres", "header", "vol", "no", "newpart", "unitname", "stars", "lstsub",
)  # fmt: skip


class Notice(msgspec.Struct, frozen=True):
    """One document of the gazette: its candidates, and its text as HTML."""

    candidates: tuple[Candidate, ...]
    html: str


def _local(node: Any) -> str:
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _said(node: Any) -> str:
    """The text of an element, page marks and footnote marks left out."""
    parts = [node.text or ""]
    for child in node:
        if isinstance(child.tag, str) and _local(child) not in ("prtpage", "ftref", "su"):
            parts.append(_said(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _plain(node: Any) -> str:
    return " ".join(_said(node).split())


# --- XML


def from_xml(root: Any) -> list[Notice]:
    """The documents under an XML root: an issue's, or the root itself."""
    issue = next((_plain(child) for child in root if _local(child) == "date"), "") if _local(root) == "fedreg" else ""
    return [_notice(node, issue) for node in root.iter() if _local(node) in DOCUMENTS]


def _notice(node: Any, issue: str) -> Notice:
    found = [PUBLISHER]
    if issue:
        found.append(Candidate("published", issue, "date of the issue", RULE, 1))
    title = _title(node)
    if title:
        found.append(Candidate("title", title, "subject", RULE, 1))
    lines = [f"<h1>{escape(title)}</h1>"] if title else []
    for tag, text in _lines(node):
        if text and text != title:
            lines.append(f"<{tag}>{escape(text)}</{tag}>")
    return Notice(tuple(found), "\n".join(lines))


def _title(node: Any) -> str:
    """The subject; of a presidential document, its first heading."""
    subject = next((part for part in node.iter() if _local(part) == "subject"), None)
    if subject is None and _local(node) == "presdocu":
        subject = next((part for part in node.iter() if _local(part) == "hd"), None)
    return _plain(subject) if subject is not None else ""


def _lines(node: Any) -> Iterator[tuple[str, str]]:
    """The headings and paragraphs in order; a row of a table is a paragraph of its cells."""
    for child in node:
        name = _local(child)
        if not name or name in _DROPPED:
            continue
        if name in _HEADS or name in ("execordr", "proc", "sectno"):
            yield "h2", _plain(child)
        elif name == "row":
            yield "p", " ".join(told for cell in child if (told := _plain(cell)))
        elif name in _PARAGRAPHS and not any(_local(part) in ("p", "fp") for part in child):
            yield "p", _plain(child)
        else:
            yield from _lines(child)


# --- JSON of the API


class _Agency(msgspec.Struct):
    name: str | None = None
    raw_name: str | None = None


class _Json(msgspec.Struct):
    """A document as the API gives it out; what it may leave out or have null is optional."""

    document_number: str
    title: str | None = None
    type: str | None = None
    action: str | None = None
    abstract: str | None = None
    dates: str | None = None
    publication_date: str | None = None
    effective_on: str | None = None
    citation: str | None = None
    html_url: str | None = None
    executive_order_number: str | int | None = None
    signing_date: str | None = None
    docket_ids: list[str] | None = None
    agencies: list[_Agency] | None = None


class _Results(msgspec.Struct):
    results: list[_Json]


def from_json(text: str) -> list[Notice]:
    """The documents in a text of the API: one document, or a search's results.

    Raises:
        msgspec.MsgspecError: not JSON, or not of that form.
    """
    data = text.encode("utf-8")
    try:
        found = msgspec.json.decode(data, type=_Results).results
    except msgspec.ValidationError:
        found = [msgspec.json.decode(data, type=_Json)]
    return [_of_json(one) for one in found]


def _of_json(one: _Json) -> Notice:
    """Its candidates; as text what the API tells in words, in the order of the printed document. The day of effect is
    told as a sentence where ``dates`` does not tell it."""
    told = (
        ("title", one.title, "title", 1),
        ("published", one.publication_date, "publication_date", 1),
        ("url", one.html_url, "html_url", 1),
    )
    found = [PUBLISHER, *(Candidate(field, value, where, RULE, rank) for field, value, where, rank in told if value)]
    bodies = [part.raw_name or part.name or "" for part in one.agencies or ()]
    dates = one.dates or ""
    if one.effective_on and not re.search(r"effective", dates, re.I):
        kind = "rule" if "rule" in (one.type or "").lower() else "notice"
        dates = f"{dates} This {kind} is effective {_in_words(one.effective_on)}.".strip()
    lines = [f"<h1>{escape(one.title)}</h1>" if one.title else ""]
    parts = (("AGENCY", ", ".join(part for part in reversed(bodies) if part)), ("ACTION", one.action or one.type or ""),
             ("SUMMARY", one.abstract or ""), ("DATES", dates))  # fmt: skip
    for label, value in parts:
        if value:
            lines.append(f"<h2>{label}:</h2>\n<p>{escape(_stopped(value))}</p>")
    order = f"Executive Order {one.executive_order_number}" if one.executive_order_number else ""
    numbers = "; ".join(part for part in (f"FR Doc. {one.document_number}", one.citation or "", order) if part)
    lines.append(f"<p>[{escape(numbers)}]</p>")
    return Notice(tuple(found), "\n".join(lines))


def _in_words(day: str) -> str:
    """An ISO day as the gazette prints it; anything else as it stands."""
    try:
        found = dt.date.fromisoformat(day)
    except ValueError:
        return day
    return f"{found:%B} {found.day}, {found.year}"


def _stopped(value: str) -> str:
    """With a full stop at the end: a line of a record is a sentence."""
    told = " ".join(value.split())
    return told if told.endswith((".", "!", "?")) else f"{told}."


# --- text in a page's pre

_HEAD = re.compile(
    r"\[Federal Register,? Vol(?:ume|\.)? ?(?P<volume>\d+),? (?:Number|No\.|Issue) ?(?P<number>\d+) "
    r"\((?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, )?(?P<day>[A-Z][a-z]{2,8} \d{1,2}, \d{4})\)\]"
)
_FRAME = re.compile(
    r"^\s*(?:\[(?:Rules and Regulations|Proposed Rules|Notices|Presidential Documents|Contents|Page[s ]|\[Page |FR Doc)"
    r"|From the Federal Register Online|Federal Register(?: /|,) Vol|[=_-]{8,}\s*$|BILLING CODE|Billing code"
    r"|\[?FR Doc\.? |RIN \d|\[Docket|\d+ CFR Parts? )"
)
# A page mark within a sentence, with the empty lines about it: the sentence goes on.
_PAGE_MARK = re.compile(
    r"(?<![.:;?!)\]])[ \t]{0,4}\n(?:[ \t]{0,80}\n){0,4}\[\[Page [\w-]{1,12}\]\][ \t]{0,80}\n(?:[ \t]{0,80}\n){0,4}"
)
_LABEL = re.compile(
    r"(AGENCY|AGENCIES|ACTION|SUMMARY|DATES|ADDRESSES|FOR FURTHER INFORMATION CONTACT|SUPPLEMENTARY INFORMATION): ?"
)


def from_text(text: str) -> Notice | None:
    """The document in a text with the gazette's running head; None for any other text."""
    head = _HEAD.search(text[:4000])
    if head is None:
        return None
    pieces = _pieces(text[head.end() :])
    label = next((index for index, piece in enumerate(pieces) if _LABEL.match(piece)), len(pieces))
    title = pieces[label - 1] if 0 < label < len(pieces) else ""
    found = [PUBLISHER, Candidate("published", head["day"], "running head", RULE, 1)]
    lines = []
    if title:
        found.append(Candidate("title", title, "line before AGENCY", RULE, 1))
        lines.append(f"<h1>{escape(title)}</h1>")
        pieces = pieces[label:]  # before it: department, office, parts of the code
    for piece in pieces:
        told = _LABEL.match(piece)
        if told:
            lines.append(f"<h2>{told[1]}:</h2>")
            piece = piece[told.end() :]  # noqa: PLW2901  the rest of the same piece
        lines.append(f"<p>{escape(piece)}</p>" if piece else "")
    return Notice(tuple(found), "\n".join(lines))


def _pieces(text: str) -> list[str]:
    """The paragraphs of hard-wrapped text: they end at an empty line, and begin with four spaces."""
    groups: list[list[str]] = [[]]
    for line in _PAGE_MARK.sub("\n", text).split("\n"):
        if _FRAME.match(line) or not line.strip():
            groups.append([])
            continue
        if line.startswith("    ") and groups[-1] and not groups[-1][-1].startswith("    "):
            groups.append([])
        groups[-1].append(line)
        if line.strip().startswith("Dated:"):
            groups.append([])  # the day of signature stands by itself
    return [told for group in groups if (told := _joined(group))]


def _joined(lines: Sequence[str]) -> str:
    told = " ".join(line.strip() for line in lines)
    return " ".join(told.replace("``", "“").replace("''", "”").split())
