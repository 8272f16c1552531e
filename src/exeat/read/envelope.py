"""Stage 2: what a document says of itself outside its text, as candidates; and the body that is left.

Front matter (read line by line, since mirrors write titles that are not YAML), feed items, the comment with the
feed's epoch, the title link, the head of a page (meta tags, JSON-LD, canonical link). Nothing is chosen here: see
`metadata`."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from lxml import etree

from exeat.errors import InputError
from exeat.read import gazette
from exeat.read.model import Candidate, Warning_
from exeat.read.open import FRONT, Raw, body_form
from exeat.read.profiles import profiles

T = TypeVar("T")
MAX_ITEMS = 200  # feeds carry 10 to 100 items
MAX_DEPTH = 200  # the deepest pages nest some 60 elements
MAX_JSON = 200_000
MANY_LINES = 10  # of set text; shorter ones are examples within a page
CUT = "feed.cut"  # the warning of a feed that is not whole
_WHOLE = re.compile(r"</(?:[\w.-]+:)?(?:rss|feed|RDF)\s*>(?:\s|<!--.{0,5000}?-->)*\Z", re.I | re.S)
_EPOCH = re.compile(r"<!--\s*(\d{10}|\d{13})\s*-->")
_TITLE_LINK = re.compile(
    r"\A\s*\[(?P<title>[^\n]{1,500})\]\((?P<url>[^\s]{1,4000})\)[ \t]*(?:\n[ \t]*-{3,}[ \t]*(?=\n|\Z)|\n\s*\n|\Z)"
)
_KEY = re.compile(r"(?P<key>[A-Za-z_\u4e00-\u9fff][\w \u4e00-\u9fff-]{0,40}?)\s*[:=]\s*(?P<value>.*)\Z", re.S)


class Envelope(msgspec.Struct, frozen=True):
    """One document taken out of its wrapping. ``form`` is that of the body: html, markdown or plain; ``whole`` that
    of the file. ``tree`` is the parsed body of an HTML document; ``page`` says that it is a whole page with its
    navigation."""

    name: str
    sha256: str
    whole: str
    form: str
    body: str
    candidates: tuple[Candidate, ...]
    tree: Any = None
    page: bool = False
    warnings: tuple[Warning_, ...] = ()


def envelope(raw: Raw) -> Envelope:
    """The envelope of a file that holds one document (of a feed: its first item).

    Raises:
        InputError: see `envelopes`.
    """
    return envelopes(raw)[0]


def envelopes(raw: Raw) -> tuple[Envelope, ...]:
    """The documents of a file: one, or the items of a feed in the feed's order.

    Raises:
        InputError: a feed without items, entity declarations, nesting too deep.
    """
    forms = {"feed": _feed, "json-feed": _json_feed, "gazette": _gazette, "gazette-json": _gazette_json}
    if raw.form in forms:
        return forms[raw.form](raw)
    candidates: list[Candidate] = []
    body = raw.text.lstrip("\ufeff")
    if raw.form == "front-matter":
        match = FRONT.match(body)
        if match:
            candidates += front_matter(match["head"])
            body = body[match.end() :]
    return (_body(raw, raw.name, body, candidates),)


def _body(raw: Raw, name: str, body: str, candidates: list[Candidate]) -> Envelope:
    """The body's own candidates (comment, title link, page head) and its form."""
    found = list(candidates)
    epoch = _EPOCH.search(body[:2000])
    if epoch:
        seconds = int(epoch[1]) / (1000 if len(epoch[1]) == 13 else 1)
        told = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        found.append(Candidate("feed_time", told, epoch[0], "comment-epoch", 2))
        body = body[: epoch.start()] + body[epoch.end() :]
    link = _TITLE_LINK.match(body)
    if link:
        found.append(Candidate("title", unescape(link["title"]), "first line", "title-link", 2))
        found.append(Candidate("url", link["url"], "first line", "title-link", 2))
        body = body[link.end() :]
    form = body_form(body)
    tree, page = None, False
    if form == "html":
        tree = parse_html(body, name)
        wrapped = preformatted(tree)
        if wrapped:
            return _wrapped(raw, name, wrapped, [*found, *page_head(tree)])
        page = bool(re.search(r"<(?:html|body|head)\b", body[:20_000], re.I))
        found += page_head(tree)
    return Envelope(name, raw.sha256, raw.form, form, body, tuple(found), tree, page, raw.warnings)


def preformatted(tree: Any) -> str:
    """The text of a page that is nothing but set text (``pre``) with its line ends; "" for any other page."""
    if tree is None:
        return ""
    blocks = [node for node in tree.iter("pre") if not any(parent.tag == "pre" for parent in node.iterancestors())]
    said = "\n\n".join("".join(node.itertext()) for node in blocks)
    if said.count("\n") < MANY_LINES:
        return ""
    rest = sum(len("".join(node.itertext()).split()) for node in tree.iter("p", "li", "td"))
    return said if len(said.split()) > 4 * rest else ""


def _wrapped(raw: Raw, name: str, text: str, candidates: list[Candidate]) -> Envelope:
    """A document of set text: a gazette's notice, or plain text."""
    notice = gazette.from_text(text)
    if notice is not None:
        about = [part for part in candidates if part.rule != "page-title"]  # it names the issue
        return _notice(msgspec.structs.replace(raw, form="gazette"), name, notice, about)
    return Envelope(
        name, raw.sha256, raw.form, "plain", text, tuple(candidates), None, page=False, warnings=raw.warnings
    )


def unescape(text: str) -> str:
    """Text with character references decoded and white space reduced to single spaces."""
    return " ".join(html.unescape(text).split())


# --- front matter


def front_matter(head: str) -> list[Candidate]:
    """Candidates of a front matter. Tolerant: a line is a key and a value, whatever YAML would say of it; lists give
    several."""
    found: list[Candidate] = []
    key = ""
    for line in head.split("\n"):
        item = re.match(r"\s+-\s+(.*)\Z|-\s+(.*)\Z", line)
        if item and key:
            found += _fields(key, item[1] or item[2] or "", "front-matter", 1)
            continue
        match = _KEY.match(line)
        if not match or line[:1].isspace():
            continue
        key, value = match["key"].strip(), match["value"].strip()
        if value.startswith("[") and value.endswith("]") and key.casefold() not in ("title", "标题"):
            for part in value[1:-1].split(","):
                found += _fields(key, part, "front-matter", 1)
        elif value and value not in ("|", ">", "|-", ">-"):
            found += _fields(key, value, "front-matter", 1)
    return found


def _fields(key: str, value: str, rule: str, rank: int) -> list[Candidate]:
    """The candidate that a labelled value makes, or none if the label is not known."""
    field = profiles().fields.get(key.casefold().strip(), "")
    told = unquote(value)
    return [Candidate(field, told, key, rule, rank)] if field and told else []


labelled = _fields


def unquote(value: str) -> str:
    """A front-matter value without its quotes, escapes and references decoded."""
    told = value.strip()
    if len(told) > 1 and told[0] == told[-1] and told[0] in "\"'":
        double = told[0] == '"'
        told = told[1:-1]
        told = told.replace('\\"', '"').replace("\\\\", "\\") if double else told.replace("''", "'")
    return unescape(told)


# --- feeds


def _xml(raw: Raw, root: str, what: str) -> Any:
    """The root element of a file of XML: nothing outside it is read, and entities are refused, not expanded.

    Raises:
        InputError: it declares entities, is broken, or is nested too deep.
    """
    begin = re.search(root, raw.text, re.I)
    prologue = raw.text[: begin.start()] if begin else raw.text
    if "<!ENTITY" in prologue.upper():
        raise InputError(f"{what} that declares entities is not read", file=raw.name, hint="they can grow without end")
    text = re.sub(r"\A\s*<\?xml[^>]{0,300}\?>", "", raw.text.lstrip("\ufeff"))
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        found = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"not {what}: {error.msg}", file=raw.name, line=error.lineno or 0) from None
    _refuse_depth(parser, raw.name)
    return found


def _few(raw: Raw, items: Sequence[T]) -> tuple[Raw, Sequence[T]]:
    """No more items than are read, with a warning where there were more.

    Raises:
        InputError: there are none.
    """
    if not items:
        raise InputError("a feed without items", file=raw.name)
    if len(items) > MAX_ITEMS:
        warning = Warning_("feed", f"only the first {MAX_ITEMS} of {len(items)} items were read")
        raw = msgspec.structs.replace(raw, warnings=(*raw.warnings, warning))
    return raw, items[:MAX_ITEMS]


def _feed(raw: Raw) -> tuple[Envelope, ...]:
    root = _xml(raw, r"<(?:rss|feed|rdf:RDF)\b", "a feed")
    raw, items = _few(raw, [] if root is None else [node for node in root.iter() if _local(node) in ("item", "entry")])
    if not _WHOLE.search(raw.text, max(0, len(raw.text) - 10_000)):
        raw = msgspec.structs.replace(
            raw, warnings=(*raw.warnings, Warning_(CUT, "the feed is cut off: its last element is not closed"))
        )
    channel = _channel(root)
    return tuple(_item(raw, node, channel, number) for number, node in enumerate(items, 1))


def _gazette(raw: Raw) -> tuple[Envelope, ...]:
    root = _xml(raw, gazette.ROOT.pattern, "a gazette")
    raw, notices = _few(raw, gazette.from_xml(root) if root is not None else [])
    many = len(notices) > 1
    return tuple(
        _notice(raw, f"{raw.name}#{number}" if many else raw.name, one, []) for number, one in enumerate(notices, 1)
    )


def _notice(raw: Raw, name: str, notice: gazette.Notice, candidates: list[Candidate]) -> Envelope:
    found = (*notice.candidates, *candidates)
    tree = parse_html(notice.html, name)
    return Envelope(name, raw.sha256, raw.form, "html", notice.html, found, tree, page=False, warnings=raw.warnings)


# --- JSON feeds


class _Author(msgspec.Struct):
    name: str | None = None


class _Entry(msgspec.Struct):
    """An item as the format defines it; texts of other kinds are not read."""

    id: str | int | None = None
    url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    authors: list[_Author] | None = None
    author: _Author | None = None


class _JsonFeed(msgspec.Struct):
    items: list[_Entry]
    title: str | None = None
    home_page_url: str | None = None


def _json_feed(raw: Raw) -> tuple[Envelope, ...]:
    try:
        feed = msgspec.json.decode(raw.text.lstrip("\ufeff \t\n").encode("utf-8"), type=_JsonFeed)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise InputError(f"not a JSON feed: {error}", file=raw.name) from None
    raw, items = _few(raw, feed.items)
    channel = [
        Candidate(field, value, where, "feed-channel", 4)
        for field, value, where in (
            ("publisher", feed.title or "", "feed title"),
            ("site", feed.home_page_url or "", "home_page_url"),
        )
        if value
    ]
    return tuple(_entry(raw, one, channel, number) for number, one in enumerate(items, 1))


def _entry(raw: Raw, one: _Entry, channel: list[Candidate], number: int) -> Envelope:
    name = next((part.name for part in (*(one.authors or ()), one.author) if part and part.name), "")
    key = one.id if isinstance(one.id, str) and one.id.startswith("http") else ""
    told = (
        ("title", unescape(one.title or ""), "title", 1),
        ("url", (one.url or "").strip(), "url", 1),
        ("url", key, "id", 3),
        ("date", (one.date_published or "").strip(), "date_published", 1),
        ("author", unescape(name or ""), "author", 2),
    )
    found = [Candidate(field, value, f"item {where}", "feed-item", rank) for field, value, where, rank in told if value]
    return _body(
        raw, f"{raw.name}#{number}", one.content_html or one.content_text or one.summary or "", [*found, *channel]
    )


def _gazette_json(raw: Raw) -> tuple[Envelope, ...]:
    """The documents of the Federal Register's API: one by itself, or the results of a search."""
    try:
        documents = gazette.from_json(raw.text.lstrip("\ufeff \t\n"))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise InputError(f"not a document of the Federal Register's API: {error}", file=raw.name) from None
    raw, few = _few(raw, documents)
    several = len(few) > 1
    return tuple(
        _body(raw, f"{raw.name}#{number}" if several else raw.name, one.html, list(one.candidates))
        for number, one in enumerate(few, 1)
    )


# --- XML feeds


def _local(node: Any) -> str:
    tag = node.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _content(node: Any) -> str:
    """The text of a feed element, or its inner mark-up where it has any (Atom's xhtml)."""
    if len(node) and any(isinstance(child.tag, str) for child in node):
        return (node.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in node)
    return "".join(node.itertext())


def _channel(root: Any) -> list[Candidate]:
    found: list[Candidate] = []
    top = root if _local(root) == "feed" else next((node for node in root if _local(node) == "channel"), root)
    for child in top:
        name = _local(child)
        text = unescape(_content(child)[:2000]) if name in ("title", "link", "lastbuilddate", "updated") else ""
        if name == "title" and text:
            found.append(Candidate("publisher", text, "channel title", "feed-channel", 4))
        elif name == "link" and (text or child.get("href")):
            found.append(Candidate("site", text or child.get("href"), "channel link", "feed-channel", 4))
        elif name in ("lastbuilddate", "updated") and text:
            found.append(Candidate("feed_time", text, f"channel {name}", "feed-channel", 4))
    return found


def _item(raw: Raw, node: Any, channel: list[Candidate], number: int) -> Envelope:
    found: list[Candidate] = []
    bodies: list[tuple[int, int, str]] = []
    for child in node:
        name = _local(child)
        text = _content(child) if name else ""
        if name == "title":
            found.append(
                Candidate(
                    "title", unescape(re.sub(r"<[^<>]{1,200}>", "", html.unescape(text))), "item title", "feed-item", 1
                )
            )
        elif name == "link":
            if child.get("rel", "alternate") == "alternate":
                found.append(Candidate("url", (child.get("href") or text).strip(), "item link", "feed-item", 1))
        elif name in ("guid", "id") and text.strip().startswith("http"):
            found.append(Candidate("url", text.strip(), f"item {name}", "feed-item", 3))
        elif name in ("pubdate", "published", "date", "issued"):
            found.append(Candidate("date", text.strip(), f"item {name}", "feed-item", 1))
        elif name in ("updated", "modified"):
            found.append(Candidate("updated", text.strip(), f"item {name}", "feed-item", 2))
        elif name in ("creator", "author"):
            found.append(
                Candidate("author", unescape(re.sub(r"<[^<>]{1,200}>", " ", text)), f"item {name}", "feed-item", 2)
            )
        elif name == "source":
            found.append(Candidate("publisher", unescape(text), "item source", "feed-item", 2))
        elif name in ("encoded", "content", "description", "summary"):
            bodies.append((len(text), {"encoded": 3, "content": 2, "description": 1, "summary": 0}[name], text))
    if not any(candidate.field == "date" for candidate in found):
        found += [
            Candidate("date", part.value, part.where, part.rule, part.rank) for part in found if part.field == "updated"
        ]
    body = max(bodies)[2] if bodies else ""
    if "<" not in body and "&lt;" in body:  # escaped twice
        body = html.unescape(body)
    return _body(raw, f"{raw.name}#{number}", body, [*(c for c in found if c.value), *channel])


# --- pages


def parse_html(text: str, name: str = "") -> Any:
    """The tree of an HTML text; None where there is nothing in it.

    Raises:
        InputError: nesting too deep.
    """
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None
    _refuse_depth(parser, name)
    return root


def _refuse_depth(parser: Any, name: str) -> None:
    """A parser that met too deep a nesting stops there: what follows would be lost without a word."""
    for entry in parser.error_log:
        if "depth" in entry.message.lower():
            raise InputError("nested too deep", file=name, allowed=f"about {MAX_DEPTH} levels")


_META = {
    "og:title": ("title", 3),
    "twitter:title": ("title", 4),
    "headline": ("title", 3),
    "articletitle": ("title", 3),
    "citation_title": ("title", 3),
    "article:published_time": ("published", 2),
    "datepublished": ("published", 2),
    "pubdate": ("published", 2),
    "publishdate": ("published", 2),
    "date": ("published", 4),
    "dc.date.issued": ("published", 3),
    "dcterms.issued": ("published", 3),
    "parsely-pub-date": ("published", 3),
    "article:modified_time": ("updated", 2),
    "author": ("author", 3),
    "article:author": ("author", 4),
    "og:site_name": ("publisher", 3),
    "sitename": ("publisher", 4),
    "contentsource": ("publisher", 3),
    "og:url": ("url", 3),
    "citation_publication_date": ("published", 2),
}


def page_head(root: Any) -> list[Candidate]:
    """Candidates of a page's head: title, meta tags, canonical link, JSON-LD."""
    if root is None:
        return []
    found: list[Candidate] = []
    for node in root.iter("title", "meta", "link", "script"):
        if node.tag == "title" and node.getparent() is not None and node.getparent().tag in ("head", "html"):
            found.append(Candidate("title", unescape("".join(node.itertext())[:1000]), "title", "page-title", 5))
        elif node.tag == "meta":
            key = (node.get("property") or node.get("name") or node.get("itemprop") or "").strip().lower()
            value = unescape((node.get("content") or "")[:2000])
            if key in _META and value:
                field, rank = _META[key]
                found.append(Candidate(field, value, f"meta {key}", "page-meta", rank))
        elif node.tag == "link" and (node.get("rel") or "").lower() == "canonical" and node.get("href"):
            found.append(Candidate("url", node.get("href").strip(), "canonical link", "page-canonical", 2))
        elif node.tag == "script" and "ld+json" in (node.get("type") or "").lower():
            found += json_ld(node.text or "")
    return [candidate for candidate in found if candidate.value]


def json_ld(text: str) -> list[Candidate]:
    """Candidates of a JSON-LD block of an article; none if it is broken or too large."""
    if len(text) > MAX_JSON:
        return []
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        return []
    waiting, found = [loaded], []
    for node in waiting:  # grows: graphs and lists are opened in order
        if len(waiting) > 500:
            break
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            waiting += [node["@graph"]] if "@graph" in node else []
            kinds = node.get("@type", "")
            if re.search(r"Article|Report|Posting|Legislation", " ".join(kinds) if _all_text(kinds) else str(kinds)):
                found += _article(node)
    return found


def _all_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _article(node: dict[str, Any]) -> list[Candidate]:
    found: list[Candidate] = []
    for key, field, rank in (
        ("headline", "title", 2),
        ("datePublished", "published", 2),
        ("dateModified", "updated", 3),
        ("url", "url", 3),
    ):
        if isinstance(node.get(key), str):
            found.append(Candidate(field, unescape(node[key][:2000]), f"JSON-LD {key}", "json-ld", rank))
    for key, field in (("author", "author"), ("publisher", "publisher")):
        value = node.get(key)
        for part in value if isinstance(value, list) else [value]:
            name = part.get("name") if isinstance(part, dict) else part
            if isinstance(name, str):
                found.append(Candidate(field, unescape(name[:300]), f"JSON-LD {key}", "json-ld", 2))
    return found
