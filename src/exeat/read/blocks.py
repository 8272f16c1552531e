"""Stage 3: the body as blocks in reading order, each with what it is; and the main text made of them.

HTML, Markdown and plain text give the same blocks; the same rules then say which belong to the text. The rules look
at end punctuation, length, the share of links, position, mark-up, and at the words in ``data/publishers.yaml``; no
rule knows a document.

Kinds kept in the text: paragraph, heading, item, row, dateline, signature. Left out: title, stamp, byline, caption,
credit, promo, related, navigation, footer, label, teaser, gazette, boilerplate, kicker, hidden, wrapper, tail."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from exeat.errors import InputError
from exeat.read import stamps
from exeat.read.envelope import Envelope, labelled, unescape
from exeat.read.fold import CONTROL, HIDDEN, fold
from exeat.read.model import Candidate, Part, Span, Text
from exeat.read.profiles import profiles

MAX_TAGS = 80_000  # the longest rules have about 30,000
MAX_LINES = 30_000
MAX_TEXT = 400_000  # characters; a rule of 130 pages of the Federal Register
KEPT = frozenset(("paragraph", "heading", "item", "row", "dateline", "signature"))
# Junk kinds decided by mark-up: nothing in them becomes text, whatever it looks like.
OUTSIDE = frozenset(("caption", "promo", "related", "navigation", "footer", "hidden", "credit", "wrapper"))


class Block(msgspec.Struct):
    """A piece of the body. ``links`` is the number of its characters that are link text, ``level`` of a heading,
    ``part`` the number of the article (from 0) where several are run together, ``value`` what a stamp's attribute
    says."""

    kind: str
    text: str
    links: int = 0
    level: int = 0
    part: int = 0
    value: str = ""
    node: Any = None
    rule: str = ""


def blocks(envelope: Envelope) -> list[Block]:
    """The blocks of a document, classified.

    Raises:
        InputError: too many elements or lines.
    """
    if envelope.form == "html":
        found = _html(envelope)
    else:
        if envelope.body.count("\n") > MAX_LINES:
            raise InputError("too many lines", file=envelope.name, allowed=f"{MAX_LINES} lines")
        if len(envelope.body) > 3 * MAX_TEXT:
            raise InputError(
                "the text is too long", file=envelope.name, allowed=f"{3 * MAX_TEXT} characters with its mark-up"
            )
        found = _markdown(envelope.body) if envelope.form == "markdown" else _plain(envelope.body)
    if sum(len(block.text) for block in found) > 2 * MAX_TEXT:
        raise InputError(
            "the text is too long", file=envelope.name, allowed=f"{2 * MAX_TEXT} characters with its menus"
        )
    titles = [candidate.value for candidate in envelope.candidates if candidate.field == "title"]
    if envelope.form == "plain":
        return _classify_plain(found, titles)
    return _classify(found, titles)


def text(parts: Iterable[Block]) -> Text:
    """The main text of classified blocks: the kept ones joined by one newline, its folded twin, its articles, and
    what was left out.

    Raises:
        InputError: the text is too long.
    """
    pieces: list[str] = []
    spans: list[tuple[int, int, int, str]] = []
    out: Counter[str] = Counter()
    at = 0
    for block in parts:
        hidden = len(HIDDEN.findall(block.text))
        plain = " ".join(HIDDEN.sub("", block.text).split()) if hidden else block.text
        if hidden:
            out["hidden_characters"] += hidden
        if block.kind not in KEPT:
            out[block.kind] += 1
            continue
        if not plain:
            continue
        spans.append((block.part, at, at + len(plain), plain if block.rule == "headline" else ""))
        pieces.append(plain)
        at += len(plain) + 1
    whole = "\n".join(pieces)
    if len(whole) > MAX_TEXT:
        raise InputError("the text is too long", found=f"{len(whole)} characters", allowed=f"{MAX_TEXT} characters")
    articles = sorted({part for part, *_ in spans})
    made = (
        tuple(_part([span for span in spans if span[0] == number]) for number in articles) if len(articles) > 1 else ()
    )
    return Text(text=whole, folded=fold(whole), parts=made, excluded=tuple(sorted(out.items())))


def _part(spans: Sequence[tuple[int, int, int, str]]) -> Part:
    heading = next((heading for *_, heading in spans if heading), "")
    return Part(span=Span(spans[0][1], spans[-1][2]), heading=heading)


# --- what a block looks like

_END = re.compile(r"""[。．.!?！？…;；][”’"'」』）)\]】*]*$|[:：][”’"'」』]*$|[”」』]$""")
# A full stop may be followed by closing marks and by a short note in brackets (an agency, "the end").
_SENTENCE = re.compile(r"""[。.!?！？…][”’"'」』）)\]】*]*(?: ?[（(][^（）()]{1,16}[）)])?$""")
_LEAD_IN = re.compile(r"[:：]$")
_ITEM_MARK = re.compile(
    r"(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|[(（]?\d{1,3}[)）、.．](?!\d)|[(（][a-zA-Z][)）]|[•·●▪■◆※*-] ?)"
)
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE_LINE = re.compile(
    r"(?:(?:19|20)\d{2}年\d{1,2}月\d{1,2}日|[一二三四五六七八九零〇○]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日"
    rf"|(?:Dated:? )?(?:{_MONTH}) \d{{1,2}}, (?:19|20)\d{{2}}\.?)$"
)
_WIDE = re.compile("[^\x00-\u2e7f]+")
_NUMBERED = re.compile(rf"第 ?\d+ ?号|\bNo\. ?\d|of (?:{_MONTH}) \d")


def width(value: str) -> int:
    """The length in columns: a Chinese character counts two."""
    return len(value) if value.isascii() else len(value) + sum(map(len, _WIDE.findall(value)))


def _good(block: Block) -> bool:
    """Whether a block is surely running text: it ends as a sentence, or is long; and is not mostly links."""
    if block.links * 2 > len(block.text):
        return False
    size = width(block.text[:200])
    if size >= 24 and _LEAD_IN.search(block.text) and block.kind != "heading":
        return True  # "has decided as follows:"; labels of menus are shorter
    ended = _SENTENCE.search(_CLOSING.sub("", block.text[-200:]))  # editors and a Minguo date may stand behind it
    # A question, a shout or dots end headlines and links too: such a line must be longer.
    return bool(ended and size >= (10 if ended[0][0] in "。." and not ended[0].startswith("...") else 20)) or (
        size >= 120 and block.kind != "heading"
    )


def _junk(block: Block) -> str:
    """The kind of junk that a block's words say it is, or ""."""
    known = profiles()
    shown = fold(block.text[:300]).strip()
    bare = shown.strip(" *_.,:;>|»›·。、…()[]").casefold()
    if bare in known.labels or not bare:
        return "label"
    size = width(block.text)
    for kind, pattern in known.junk.items():
        if size <= (800 if kind == "boilerplate" else known.longest * 2) and pattern.search(shown):
            return kind
    return ""


_STAMP_WORDS = re.compile(
    r"utc|gmt|published|publication|posted|issued|updated|modified|last|date|time|on|at|the|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
    r"|发布|发表|公布|刊发|时间|日期|来源|更新|星期[一二三四五六日天]|周[一二三四五六日]|null", re.I)  # fmt: skip


# What stands beside the date of a press release.
_RELEASE = re.compile(r"(?:for )?(?:immediate )?release\b|(?:media|press) contact.*|email protected", re.I)


def _stamp_of(block: Block, within: bool = False) -> stamps.Stamp | None:
    """The stamp that a short block consists of: a date with little beside it, and no sentence. ``within`` the text
    the date must stand alone: a line that says what happens on a day is text."""
    if width(block.text) > 100 or re.search(r"[。！？]|[a-z)]\.$", block.text.replace(".m.", "")):
        return None
    found = stamps.read(block.text) or stamps.read(block.text, "dmy")
    if not found:
        return None
    rest = re.sub(r"[\W\d_]+", " ", fold(block.text)[: found.start] + " " + fold(block.text)[found.end :])
    rest = _RELEASE.sub(" ", rest)
    if within:
        return found if width(_STAMP_WORDS.sub("", rest).replace(" ", "")) <= 4 else None
    return found if width(rest.replace(" ", "")) <= 44 else None


def overlap(heading: str, following: str) -> float:
    """How much of a heading comes back in what follows, 0 to 1: pairs of Chinese characters and words of four letters
    and more.

    A headline is told again by its lede; a link to another story, or an exhibition's name, is not."""
    head, body = fold(heading), fold(following).casefold()
    units = {
        head[i : i + 2] for i in range(len(head) - 1) if all("\u4e00" <= char <= "\u9fff" for char in head[i : i + 2])
    }
    units |= {word.casefold()[:6] for word in re.findall(r"[A-Za-z]{4,}", head)}
    return sum(unit in body for unit in units) / len(units) if len(units) >= 3 else 0.0


# --- HTML

_DROP = frozenset(
    (
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "button",
        "input",
        "select",
        "textarea",
        "option",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "canvas",
        "map",
        "head",
        "title",
        "meta",
        "link",
        "img",
        "hr",
        "picture",
        "source",
        "label",
        "dialog",
    )
)
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
        "wbr",
        "center",
        "time",
    )
)
_BY_TAG = {
    "figure": "caption",
    "figcaption": "caption",
    "nav": "navigation",
    "footer": "footer",
    "aside": "related",
    "address": "byline",
}
_HEADS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.I)


class _Walker:
    """Walks a tree in order and collects blocks. Depth is bounded by the parser."""

    def __init__(self, root: Any) -> None:
        self.found: list[Block] = []
        self.words: list[str] = []
        self.links = self.small = 0
        self.sizes: dict[Any, int] = {}
        self.value = ""
        self.total = self._measure(root)

    def _measure(self, root: Any) -> int:
        """Text sizes of the elements that carry a class or an id: a hint about most of the page is no hint."""
        total = 0
        open_nodes: list[tuple[Any, int]] = []
        from lxml import etree  # noqa: PLC0415  the tree came from there

        for event, node in etree.iterwalk(root, events=("start", "end", "comment")):
            if event == "comment":
                total += len(node.tail or "")
            elif event == "start":
                if node.get("class") or node.get("id") or node.tag in _BY_TAG:
                    open_nodes.append((node, total))
                if node.tag not in ("script", "style"):
                    total += len(node.text or "")
            else:
                if open_nodes and open_nodes[-1][0] is node:
                    self.sizes[node] = total - open_nodes.pop()[1]
                total += len(node.tail or "")
        return total

    def flush(self, kind: str, node: Any, level: int = 0) -> None:
        if not self.words:
            return
        told = " ".join("".join(self.words).split())
        links, small, value = self.links, self.small, self.value
        self.words, self.links, self.small, self.value = [], 0, 0, ""
        if not told or told == "\u200b":
            return
        if kind == "paragraph" and small * 10 >= len(told) * 9:
            kind = "caption"  # small print by itself stands under a picture
        self.found.append(Block(kind, told, links=links, level=level, value=value, node=node))

    def walk(self, node: Any, kind: str, level: int, in_link: bool, in_small: bool) -> None:
        tag = node.tag
        if not isinstance(tag, str) or tag in _DROP:
            return
        if node.get("hidden") is not None or _HIDDEN_STYLE.search(node.get("style") or ""):
            hidden = CONTROL.sub("", "".join(node.itertext())).strip()
            if hidden:
                self.flush(kind, node, level)
                self.found.append(Block("hidden", hidden, node=node))
            return
        if tag == "br":
            self.flush(kind, node, level)
            return
        inline = tag in _INLINE
        mine, mine_level = self._kind(node, tag, kind), level
        if tag in _HEADS:
            mine_level = _HEADS[tag]
        if tag == "time" and mine != "caption":
            self.value = self.value or (node.get("datetime") or "")
            if not self.words or not "".join(self.words).strip():
                mine = "stamp" if mine == "paragraph" else mine
        breaks = not inline or mine != kind
        if breaks:
            self.flush(kind, node, level)
            if tag == "time":
                self.value = node.get("datetime") or ""
        self._text(node.text, in_link or tag == "a", in_small or tag == "small")
        for child in node:
            self.walk(child, mine, mine_level, in_link or tag == "a", in_small or tag == "small")
            self._text(child.tail, in_link or tag == "a", in_small or tag == "small")
        if breaks:
            self.flush(mine, node, mine_level)
        elif tag in ("td", "th"):
            self.words.append(" ")

    def _text(self, value: str | None, in_link: bool, in_small: bool) -> None:
        if value:
            self.words.append(value)
            self.links += len(value.strip()) if in_link else 0
            self.small += len(value.strip()) if in_small else 0

    def _kind(self, node: Any, tag: str, kind: str) -> str:
        if kind in OUTSIDE or kind == "byline":
            return kind
        told = _BY_TAG.get(tag) or _hint(node)
        if tag == "p" and told in ("promo", "related", "navigation", "footer"):
            told = ""  # sites hang such words on the paragraphs of an article too; a menu is no paragraph
        if told and self.sizes.get(node, 0) * 5 <= self.total * 2:  # at most two fifths of all the text
            if told in ("byline", "stamp") and self.sizes.get(node, 0) > 200:
                return kind
            return told
        if tag in _HEADS:
            return "heading"
        if tag == "li":
            return "item"
        return kind if tag in _INLINE or kind in ("item", "heading") else ("row" if tag == "tr" else kind)


def _hint(node: Any) -> str:
    """What an element's class or id says it is for, or ""."""
    hints = profiles().hints
    for value in (node.get("class"), node.get("id")):
        for token in (value or "")[:400].lower().split():
            if token in hints:
                return hints[token]
            pieces = [piece for piece in re.split(r"[-_]+", token) if piece]
            for size in (2, 1):
                for start in range(len(pieces) - size + 1):
                    kind = hints.get("-".join(pieces[start : start + size]))
                    if kind:
                        return kind
    return ""


def _html(envelope: Envelope) -> list[Block]:
    root = envelope.tree
    if root is None:
        return []
    if envelope.body.count("<") > MAX_TAGS:
        raise InputError("too many elements", file=envelope.name, allowed=f"{MAX_TAGS} tags")
    walker = _Walker(root)
    walker.walk(root, "paragraph", 0, False, False)
    walker.flush("paragraph", root)
    for block in walker.found:
        block.text = CONTROL.sub("", block.text)
    found = [block for block in walker.found if block.text]
    if envelope.page:
        found = _scope(found)
    _links_only(found)
    return found


def _scope(found: list[Block]) -> list[Block]:
    """Of a whole page, what lies in the element that holds the article; stamps, bylines and first headings before it
    stay for the metadata, everything else outside becomes navigation.

    The element is the deepest one with seven tenths of the good text; it is widened while a good block lies just
    before it, since pages set the lede apart."""
    good = [block for block in found if block.kind in ("paragraph", "item") and _good(block) and not _junk(block)]
    if not good:
        return found
    weight: dict[Any, int] = {}
    chains: dict[int, list[Any]] = {}
    for block in good:
        chain = [block.node, *block.node.iterancestors()]
        chains[id(block)] = chain
        for node in chain:
            weight[node] = weight.get(node, 0) + len(block.text)
    total = sum(len(block.text) for block in good)
    best = next(
        (node for node in _deepest(chains) if weight[node] * 10 >= total * 7 and _holds_more(node, found)), None
    )
    if best is None:
        return found
    inside = _inside(found, best)
    while True:
        first = min(index for index, block in enumerate(found) if id(block) in inside)
        before = [block for block in found[max(0, first - 4) : first] if id(block) in chains]
        parent = best.getparent()
        if not before or parent is None or parent.tag in ("body", "html"):
            inside |= {id(block) for block in before}
            break
        best = parent
        inside = _inside(found, best)
    first = min(index for index, block in enumerate(found) if id(block) in inside)
    for index, block in enumerate(found):
        if id(block) not in inside and not (
            index < first and (block.kind in ("stamp", "byline") or block.level == 1 or _stamp_of(block))
        ):
            block.kind = "navigation" if block.kind in KEPT else block.kind
    return found


def _holds_more(node: Any, found: Sequence[Block]) -> bool:
    """Whether an element is made to hold several blocks: not a paragraph, nor one of several elements side by side
    that hold one block each, however much of the text it is."""
    if node.tag in _INLINE or node.tag in _HEADS or node.tag in ("p", "li", "dd", "dt", "tr"):
        return False
    own = set(node.iter())
    if sum(block.node in own for block in found) > 1:
        return True
    beside = [other for other in (node.getprevious(), node.getnext()) if other is not None and other.tag == node.tag]
    return not any(block.kind in KEPT and block.node in beside for block in found)


def _deepest(chains: dict[int, list[Any]]) -> list[Any]:
    """All elements that hold good blocks, deepest first, then in document order."""
    seen: dict[Any, int] = {}
    for chain in chains.values():
        for depth, node in enumerate(reversed(chain)):
            seen.setdefault(node, depth)
    return sorted(seen, key=lambda node: -seen[node])  # stable: document order within a depth


def _inside(found: list[Block], node: Any) -> set[int]:
    within = set(node.iter())
    return {id(block) for block in found if block.node in within}


def _links_only(found: list[Block]) -> None:
    """A run of list items that are nothing but links points to other stories."""
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and found[end].kind == "item":
            end += 1
        run = found[start:end]
        if run and all(block.links * 10 >= len(block.text) * 8 for block in run):
            for block in run:
                block.kind = "related"
        start = max(end, start + 1)


# --- Markdown

_LABEL = re.compile(
    r"(?:[-*+] +)?\*\*(?P<key>[^*\n:：]{1,40}?)[:：]?\*\*[:：]? *(?P<value>.*)\Z"
    r"|(?:[-*+] +)(?P<key2>[A-Za-z][\w ]{1,30}): +(?P<value2>\S.*)\Z"
)
_BOLD_LINE = re.compile(r"(?:\*\*|__)(?P<text>[^*\n]{1,300})(?:\*\*|__)\s*\Z")
_INLINE_MARKS = (
    (re.compile(r"!\[[^\]\n]{0,300}\]\([^)\s]{0,2000}(?: [^)\n]{0,200})?\)"), ""),
    (
        re.compile(
            r"\[([^\[\]\n]{1,400})\]"
            r"\((?:<[^>\n]{0,2000}>|[^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,500})?)(?: \"[^\"\n]{0,300}\")?\)"
        ),
        r"\1",
    ),
    (re.compile(r"<(https?://[^>\s]{1,2000})>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>\n]{0,1000}>"), ""),
    (re.compile(r"\*{1,3}(?=[^\s*])([^*\n]{1,2000})(?<=\S)\*{1,3}"), r"\1"),
    (re.compile(r"(?<![\w_])_{1,3}(?=[^\s_])([^_\n]{1,2000})(?<=\S)_{1,3}(?![\w_])"), r"\1"),
    (re.compile(r"`([^`\n]{1,500})`"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])"), r"\1"),
)  # fmt: skip


def _inline(line: str) -> tuple[str, int]:
    """A Markdown line as text, and how many of its characters are link text."""
    links = sum(len(match[1]) for match in _INLINE_MARKS[1][0].finditer(line)) if "](" in line else 0
    for pattern, new in _INLINE_MARKS:
        line = pattern.sub(new, line)
    return unescape(line), links


def _target(line: str) -> str:
    """The first address that a Markdown line links to, or ""."""
    found = re.search(r"\]\(<?(https?://[^\s)>]{4,2000})", line)
    return found[1] if found else ""


def _join(lines: Sequence[str]) -> str:
    """Wrapped lines as one: with a space, but none between two Chinese characters."""
    told = ""
    for line in lines:
        part = line.strip()
        chinese = told and part and told[-1] > "\u2e7f" and part[0] > "\u2e7f"
        told += part if not told or chinese else f" {part}"
    return told


def _markdown(body: str) -> list[Block]:
    """Blocks of a Markdown text; of a machine-written wrapper only the sections that hold the document's own text."""
    found = _Markdown().read(body)
    _unwrap(found)
    _links_only(found)
    return [block for block in found if block.kind != "rule"]


class _Markdown:
    """A Markdown text line by line: lines of a paragraph wait until something else begins."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self.waiting: list[str] = []
        self.fenced = False

    def read(self, body: str) -> list[Block]:
        for line in body.split("\n"):
            self._line(line, line.strip())
        self._flush()
        return self.found

    def _flush(self) -> None:
        lines, self.waiting = self.waiting, []
        if not lines:
            return
        short = len(lines) > 2 and all(width(line.strip()) < 45 for line in lines)  # a signature, not wrapped prose
        for piece in [[line] for line in lines] if short else _hard_breaks(lines):
            told, links = _inline(_join(piece))
            if told:
                self.found.append(Block("paragraph", told, links=links, value=_target(" ".join(piece))))

    def _line(self, line: str, bare: str) -> None:
        if bare.startswith(("```", "~~~")):
            self.fenced = not self.fenced
            self._flush()
        elif not bare:
            self._flush()
        elif len(self.waiting) == 1 and re.fullmatch(r"=+|-{2,}", bare):
            self._underlined(bare)
        else:
            block = self._block(bare)
            if block is None:
                self.waiting.append(re.sub(r"\A(?:> ?)+", "", bare) + ("  " if line.endswith("  ") else ""))
            else:
                self._flush()
                self.found += block

    def _underlined(self, bare: str) -> None:
        told, links = _inline(self.waiting.pop())
        self.found.append(Block("heading", told, links=links, level=1 if bare[0] == "=" else 2))

    def _block(self, bare: str) -> list[Block] | None:
        """What a line is of its own; None for a line of a paragraph."""
        if re.fullmatch(r"([-*_] ?){3,}", bare):
            return [Block("rule", "", level=0)]
        own = (_heading(bare) or _bold(bare) or _label(bare)) if not self.fenced else _bold(bare)
        if own:
            return [own]
        if re.match(r"([-*+]|\d{1,3}[.)])\s+\S", bare):
            told, links = _inline(re.sub(r"\A([-*+])\s+", "", bare))
            return [Block("item", told, links=links, value=_target(bare))]
        return _row(bare) if bare.startswith("|") else None


def _heading(bare: str) -> Block | None:
    head = re.match(r"(#{1,6})\s+(.{1,600}?)#*\s*\Z", bare)
    if head is None:
        return None
    told, links = _inline(head[2])
    return Block("heading", told, links=links, level=len(head[1]))


def _bold(bare: str) -> Block | None:
    """A line in bold: a heading, or a paragraph if it is a long sentence."""
    bold = _BOLD_LINE.match(bare)
    if bold is None or bold["text"].rstrip().endswith((":", "：")):
        return None
    long = bool(_SENTENCE.search(bold["text"])) and width(bold["text"]) > 60
    return Block("paragraph" if long else "heading", _inline(bare)[0], level=7)


def _label(bare: str) -> Block | None:
    """A list item that names a field of the document and its value."""
    label = _LABEL.match(bare) if bare.startswith(("-", "*", "+")) else None
    if label is None:
        return None
    key = (label["key"] or label["key2"]).strip(" :：")
    if not (profiles().fields.get((label["key"] or label["key2"]).casefold().strip(" :：")) or label["key"]):
        return None
    value = (label["value"] or label["value2"] or "").strip()
    return Block("label", f"{key}: {_inline(value)[0]}", value=value, rule=key)


def _row(bare: str) -> list[Block]:
    """A row of a table; none for the line under its head."""
    cells = [_inline(cell)[0] for cell in bare.strip("|").split("|")]
    if all(re.fullmatch(r":?-*:?", cell) for cell in cells):
        return []
    return [Block("row", " ".join(cell for cell in cells if cell))]


# A paragraph of a law that is set on its own line: (a), (i), (1), 一、, （一）.
_SUB_ITEM = re.compile(
    r"\s*(?:[(（](?:[a-z]|[ivx]{1,4}|\d{1,2}|[一二三四五六七八九十]{1,3})[)）]|[一二三四五六七八九十]{1,3}、)"
)


def _hard_breaks(lines: Sequence[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        if _SUB_ITEM.match(line):
            groups.append([])
        groups[-1].append(line)
        if line.endswith("  "):
            groups.append([])
    return [group for group in groups if group]


def _unwrap(found: list[Block]) -> None:
    """Of a machine-written wrapper (labels at the head, sections by fixed names) keep what is the document's own
    text: the section named for it; else the sections with names of their own; else the summary. Anything else is the
    robot's."""
    labels = [block for block in found if block.kind == "label"]
    sections: list[tuple[str, list[Block]]] = [("", [])]
    for block in found:
        if block.kind == "heading" and block.level == 2:
            sections.append((block.text.strip(" :：").casefold(), []))
        sections[-1][1].append(block)
    known = profiles()
    names = [name for name, _ in sections]
    robot = sum(name in known.wrapper_own or name in known.wrapper_summary for name in names)
    if len(labels) < 2 or robot < 1:
        return
    keep = [name for name in known.wrapper_text if name in names][:1]
    if not keep:
        own = (*known.wrapper_own, *known.wrapper_summary)
        keep = [name for name, part in sections if name and name not in own and any(_good(block) for block in part)]
    if keep:
        keep += [name for name in names if name and name not in known.wrapper_own and name not in known.wrapper_summary]
        keep = keep if keep[0] not in known.wrapper_text else keep[:1]
    else:
        keep = [name for name in known.wrapper_summary if name in names][:1]
    for name, part in sections:
        for block in part:
            if name in keep and block.kind == "heading" and block.level == 2:
                block.kind = "wrapper" if name in (*known.wrapper_text, *known.wrapper_summary) else block.kind
            elif name not in keep and block.level != 1 and block.kind not in ("label", "rule"):
                block.kind = "wrapper"


def label_candidates(found: Iterable[Block]) -> list[Candidate]:
    """The candidates that a wrapper's labels make, with the links they hold."""
    made: list[Candidate] = []
    for block in found:
        if block.kind == "label" and block.rule:
            made += labelled(block.rule, block.text.partition(": ")[2], "wrapper-label", 2)
        if block.kind in ("label", "wrapper") and (
            link := re.search(r"https?://[^\s)\]<>\"]{4,2000}", block.value or block.text)
        ):
            made.append(Candidate("url", link[0], block.rule or "wrapper", "wrapper-link", 4))
    return made


# --- plain text


def _plain(body: str) -> list[Block]:
    """Lines as blocks; hard-wrapped lines (most inner lines of a paragraph nearly as long as the longest, no sentence
    end) are joined."""
    groups: list[list[str]] = [[]]
    for line in body.split("\n"):
        if line.strip():
            groups[-1].append(line.strip())
        elif groups[-1]:
            groups.append([])
    lines = [line for group in groups for line in group]
    longest = max((width(line) for line in lines), default=0)
    inner = [line for group in groups for line in group[:-1]]
    wrapped = [line for line in inner if width(line) * 10 >= longest * 7 and not _SENTENCE.search(line)]
    joins = len(inner) >= 3 and longest <= 130 and len(wrapped) * 2 > len(inner)
    pieces = [_join(group) for group in groups if group] if joins else lines
    return [Block("paragraph", unescape(piece)) for piece in pieces if unescape(piece)]


_NAV_RUN = 4  # lines without sentence punctuation in a row: a menu; headings come singly


def _classify_plain(found: list[Block], titles: Sequence[str]) -> list[Block]:
    """Lines of scraped text: the article is where lines end as sentences. Runs of other lines are menus; single ones
    between paragraphs are headings, and a heading that the next paragraph tells again begins another article."""
    good = _mark_good(found)
    if not any(good):
        return _classify(found, titles)
    first, last = good.index(True), len(good) - 1 - good[::-1].index(True)
    index, part = 0, 0
    seen = 0
    while index < len(found):
        if good[index]:
            found[index].part = part
            seen += 1
            index += 1
            continue
        end = index
        while end < len(found) and not good[end]:
            end += 1
        run = found[index:end]
        if index > last:
            _tail(run, found[last])
            for block in run if len(run) >= _NAV_RUN else ():
                block.kind = "navigation" if block.kind == "tail" else block.kind
        elif index < first:
            _head_lines(run, found[first : first + 3])
        elif end - index >= _NAV_RUN and not _enumerated(run, found[index - 1]):
            for block in run:
                block.kind = "navigation"
        else:
            for place, block in enumerate(run):
                part = _between(block, found[index + place + 1 :][:3], part, seen, sum(good[end:]))
        for block in run:
            block.part = part
        index = end
    _trim_closing(found)
    return found


LONGEST_HEADLINE = 320  # columns of a press release's title
SHORT_LINE = 60  # columns
SHORTEST_TITLE = 40  # columns of an English headline
SHORTEST_HEADLINE = 5  # words
_SMALL_WORDS = frozenset(
    {"with", "from", "into", "over", "under", "after", "against", "about", "amid", "within", "without", "their", "that"}
)


def _mark_good(found: Sequence[Block]) -> list[bool]:
    for block in found:
        junk = _junk(block)
        if junk and not (junk == "credit" and width(block.text) <= SHORT_LINE and _stamp_of(block)):
            block.kind = junk  # "source: so-and-so, 6 May 2031, 10:00" is a stamp
        elif _DATELINE_ALONE.search(fold(block.text)) and width(block.text) <= 60:
            block.kind = "dateline"
    return [
        block.kind == "dateline" or (block.kind == "paragraph" and _good(block) and not _in_capitals(block.text))
        for block in found
    ]


def _in_capitals(text: str) -> bool:
    """A line without a stop whose words begin with capitals is an English headline, however long it is."""
    if _END.search(text) or width(text) > LONGEST_HEADLINE:
        return False
    words = [word for word in re.findall(r"[A-Za-z][A-Za-z’'-]{3,}", text) if word not in _SMALL_WORDS]
    return len(words) >= SHORTEST_HEADLINE and sum(word[0].isupper() for word in words) * 5 >= len(words) * 4


def _enumerated(run: Sequence[Block], before: Block) -> bool:
    """Whether a run is a list that belongs to the text: its lines are numbered, follow a lead-in, or end as items
    do."""
    marked = sum(bool(_ITEM_MARK.match(block.text)) for block in run)
    ended = sum(bool(_END.search(block.text)) for block in run)
    if marked * 2 > len(run) or _LEAD_IN.search(before.text) or (ended * 2 > len(run) and len(run) > 1):
        for block in run:
            block.kind = "item" if block.kind == "paragraph" else block.kind
        return True
    return False


def _head_lines(run: Sequence[Block], following: Sequence[Block]) -> None:
    """Lines before the first paragraph: stamps, the headline if the lede tells it again, else menus."""
    after = " ".join(block.text for block in following)
    told = [block for block in run if block.kind == "paragraph" and not _stamp_of(block)
            and width(block.text) >= 12 and overlap(block.text, after) >= 0.4]  # fmt: skip
    notice = [block for block in run if block.kind == "paragraph" and profiles().notice_title.search(fold(block.text))]
    # the name of the office that publishes is told again too, but is short
    long = [block for block in told if not (block.text.isascii() and width(block.text) < SHORTEST_TITLE)]
    headline = next(iter([*notice, *long, *told]), None)
    for block in run:
        if block.kind != "paragraph":
            continue
        if _stamp_of(block):
            block.kind = "stamp"
        elif block is headline:
            block.kind, block.rule = "title", "headline"
        elif _NUMBERED.search(fold(block.text)) and width(block.text) <= 60:
            block.kind = "heading"
        else:
            block.kind = "navigation" if len(run) >= _NAV_RUN else "kicker"


def _between(block: Block, following: Sequence[Block], part: int, before: int, after: int) -> int:
    """A line between paragraphs: a headline (a new article), a subheading, or junk. Gives the number of the article."""
    if block.kind != "paragraph":
        return part
    if _stamp_of(block, within=True):
        block.kind = "stamp"
    elif _ITEM_MARK.match(block.text) or _END.search(block.text):
        block.kind = "item"
    else:
        block.kind = "heading"
        long = 20 <= width(block.text) <= 200
        if long and before >= 2 and after >= 2 and overlap(block.text, following[0].text if following else "") >= 0.5:
            block.rule = "headline"
            return part + 1
    return part


# --- which blocks are text

# A dateline that stands by itself on a line: a place and an agency in brackets.
_DATELINE_ALONE = re.compile(
    r"^[A-Z][A-Za-z .]{2,30}(?:, [A-Z][A-Za-z. ]{1,20})? \((?:[A-Z][A-Za-z]{1,12}(?: [A-Z][a-z]+)?)\) ?[-—]*$"
)


# A labelled line at the head of a Chinese announcement: 【发布日期】…
_BRACKETED = re.compile(r"【([^【】]{2,10})】\s*(.{1,80})\Z")


def _classify(found: list[Block], titles: Sequence[str]) -> list[Block]:
    """Which blocks of a marked-up document are text. Mark-up decides first, then words, then place: the text runs
    from the first to the last block that is surely running text, and closes with its signature."""
    wanted = {_bare(title) for title in titles if title}
    head = True
    for block in found:
        if block.kind in OUTSIDE or block.kind == "label":
            continue
        bracketed = _BRACKETED.match(block.text)
        if bracketed and bracketed[1] in profiles().fields:
            block.kind, block.rule, block.text = "label", bracketed[1], f"{bracketed[1]}: {bracketed[2]}"
            continue
        junk = _junk(block)
        stamp = (
            _stamp_of(block, not head) if block.kind in ("paragraph", "stamp", "byline", "heading", "item") else None
        )
        if (
            (block.kind == "heading" and block.level == 1 and head and not (stamp and _is_stamp_alone(block)))
            or _bare(block.text) in wanted
            or (head and block.kind in ("heading", "paragraph") and _titled(block, wanted))
        ):
            block.kind = "title"
        elif junk and not (
            stamp and junk == "credit" and width(block.text) <= 60
        ):  # "source: so-and-so, 6 May 2031, 10:00" is a stamp
            block.kind = junk
        elif block.kind == "stamp" or (
            stamp and not (_is_date(block.text) and not head) and (block.kind != "heading" or _is_stamp_alone(block))
        ):
            block.kind = "stamp"
        elif block.kind == "byline":
            block.kind = "byline" if width(block.text) <= 200 else "paragraph"
        if block.kind in ("paragraph", "item", "row") and _good(block):
            head = False
    places = [index for index, block in enumerate(found) if block.kind in ("paragraph", "item", "row") and _good(block)]
    if places:
        _edges(found, places[0], places[-1])
    _trim_closing(found)
    return found


def _is_stamp_alone(block: Block) -> bool:
    """A heading that is nothing but a date and time."""
    return _stamp_of(block, within=True) is not None and width(block.text) <= SHORT_LINE


_NO_WORD = re.compile(r"[\W_]+")


def _bare(value: str) -> str:
    return _NO_WORD.sub("", fold(profiles().section_prefix.sub("", value))).casefold()


def _titled(block: Block, wanted: set[str]) -> bool:
    """Whether a block near the top repeats a title in part (a title with a section mark, a number or a site name
    about it)."""
    if len(block.text) < 8 or _SENTENCE.search(block.text):
        return False
    bare = _bare(block.text)
    return len(bare) >= 8 and any(bare in title or title in bare for title in wanted if len(title) >= 8)


def _edges(found: Sequence[Block], first: int, last: int) -> None:
    """What stands before the first and after the last paragraph. Before: paragraphs of some length stay (a lede may
    lack its full stop), and headings that name an instrument or its date; after: the signature stays."""
    for block in found[:first]:
        if block.kind not in KEPT:
            continue
        numbered = bool(_NUMBERED.search(fold(block.text)))
        if (block.kind == "heading" and not numbered and not _LEAD_IN.search(block.text)) or (
            block.kind != "heading" and width(block.text) < 30 and not numbered and not _LEAD_IN.search(block.text)
        ):
            block.kind = "kicker"
        elif block.links * 2 > len(block.text):
            block.kind = "navigation"
    _tail(found[last + 1 :], found[last])
    for block in found[first:last]:
        if (
            block.kind in ("paragraph", "item")
            and block.links * 10 >= len(block.text) * 9
            and not _END.search(block.text)
        ):
            block.kind = "related"  # nothing but a link between paragraphs


def _tail(rest: Sequence[Block], before: Block) -> None:
    """After the last paragraph: a list that it leads into or that is numbered, rows of a table, and the signature (a
    date line with up to three short lines before it) stay."""
    dated = next((index for index, block in enumerate(rest) if _is_date(block.text)), None)
    if dated is not None and dated > 7 and not all(_ITEM_MARK.match(block.text) for block in rest[: dated - 3]):
        dated = None
    leads = bool(_LEAD_IN.search(before.text))
    listed = True
    for index, block in enumerate(rest):
        if block.kind not in KEPT and block.kind != "stamp":
            continue
        marked = bool(_ITEM_MARK.match(block.text))
        listed = listed and (
            marked
            or block.kind == "row"
            or (leads and (block.kind == "item" or bool(_END.search(block.text)) or dated is not None))
        )
        if dated is not None and index <= dated and not marked and dated - 3 <= index and width(block.text) <= 60:
            block.kind = "signature"
        elif listed or (block.kind == "item" and _END.search(block.text)):
            block.kind = "item" if block.kind == "paragraph" else block.kind
        elif block.kind != "stamp":
            block.kind = "tail"


def _is_date(line: str) -> bool:
    shown = fold(line)
    return bool(_DATE_LINE.match(shown) or _DATE_LINE.match(shown.replace(" ", "")))


_CLOSING = re.compile(
    r"\s*[（(](?:編輯|编辑|責任編輯|责任编辑|譯者|译者|記者|记者)[：:/][^（）()]{2,60}[）)]\s*(?:1[01]\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))?\s*$"
    r"|(?<=[。）)」])\s*1[01]\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\s*$"
)


def _trim_closing(found: list[Block]) -> None:
    """Takes the editors and the Minguo date off the end of the last paragraph: agencies set them there, and they
    report nothing."""
    for index in range(len(found) - 1, -1, -1):
        if found[index].kind in ("paragraph", "item"):
            match = _CLOSING.search(found[index].text[-120:])
            if match:
                cut = len(found[index].text) - len(match[0])
                closing = found[index].text[cut:].strip()
                found[index].text = found[index].text[:cut].rstrip()
                found.insert(index + 1, Block("stamp" if stamps.minguo(closing) else "credit", closing, rule="closing"))
            return
