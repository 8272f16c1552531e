"""Stage 1: bytes to text. Size, kind of file, encoding, form. Nothing is fetched or run."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import msgspec

from exeat.errors import InputError
from exeat.read import fold
from exeat.read.model import Warning_

MAX_BYTES = 2 * 1024 * 1024  # the longest final rules are about 1.5 MB as HTML; a bomb is larger
MAX_NUL = 0.01  # share of NUL bytes; a gazette's text sets some beside its rules, binary files are full of them
MAX_LOST = 0.01  # share of characters that may be unreadable; above it the encoding is not known

# File kinds that are not text, by their first bytes: named so that the message helps.
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (or an office document)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
         (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,200}?encoding|<meta[^>]{0,300}?charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.I
)
# What a declared name is read with: the larger encoding of which it is a part (pages say gb2312 and use GBK letters).
_WIDER = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "euc-cn", "hz-gb-2312"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cp950", "x-x-big5", "big5hkscs"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252", "cp1252"), "cp1252"),
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8"),
}
# The commonest characters of running text, Simplified, shared and Traditional. A wrong guess between GB18030 and Big5
# yields rare characters; the right one yields these.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平"
    "形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党"
    "程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干"
    "做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联认六共权收证改清己美再采转更单风"
    "切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉"
    "這個國為時來們會發動過說產種後對於學經進等電裡兩體製機當點從業應開還樣與關線內數無變條沒結解問軍將題黨員總設長頭資邊級圖統"
    "導據處隊給門規熱領東壓爭濟術極聯認權證轉單風場車務達積議聲報類離華確張馬節話況傳許廣記，。、：；（）「」《》“”"
)  # fmt: skip


class Raw(msgspec.Struct, frozen=True):
    """A document as opened. ``form`` is front-matter, feed, json-feed, gazette, gazette-json, html, markdown or
    plain; ``text`` has line ends as ``\\n``."""

    name: str
    sha256: str
    encoding: str
    form: str
    text: str
    warnings: tuple[Warning_, ...] = ()


def open_document(source: bytes | str | Path, name: str = "") -> Raw:
    """Open a document: a path, or its bytes.

    Raises:
        InputError: it cannot be read, is not text, is too large, or its encoding cannot be told.
    """
    data = source if isinstance(source, bytes) else _load(Path(source), name or str(source))
    shown = name or ("" if isinstance(source, bytes) else str(source))
    if len(data) > MAX_BYTES:
        raise InputError("the document is too large", file=shown, allowed=f"{MAX_BYTES} bytes")
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise InputError(f"not a text document but {kind}", file=shown, allowed="text, HTML, Markdown or a feed")
    text, encoding, lost = decode(data, shown)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    nul = text.count("\x00")
    text = fold.CONTROL.sub("", text)
    if not text.strip():
        raise InputError("the document is empty", file=shown)
    warnings: list[Warning_] = []
    if lost:
        warnings.append(Warning_("encoding", f"{lost} characters could not be read as {encoding}"))
    if nul:
        warnings.append(Warning_("encoding", f"{nul} NUL characters were left out"))
    hidden = len(fold.HIDDEN.findall(text))
    if hidden:
        warnings.append(Warning_("hidden", f"{hidden} zero-width or direction characters were left out"))
    digest = hashlib.sha256(data).hexdigest()
    return Raw(name=shown, sha256=digest, encoding=encoding, form=sniff(text), text=text, warnings=tuple(warnings))


def _load(path: Path, shown: str) -> bytes:
    try:
        if not path.is_file():  # a device or a pipe may never end
            raise InputError("not a file" if path.exists() else "no such file", file=shown)
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", file=shown) from None


def decode(data: bytes, name: str = "") -> tuple[str, str, int]:
    """The text, the encoding it was read with, and how many characters could not be read.

    Byte-order mark, then strict UTF-8 (which nothing else satisfies by chance), then the declared encoding, then the
    likelier of GB18030 and Big5, then Western; a few broken bytes are tolerated and counted.

    Raises:
        InputError: NUL bytes (not text), or no encoding gives readable text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _lenient(data, encoding, name)
    if data.count(0) > len(data) * MAX_NUL:
        raise InputError("not a text document: it holds NUL bytes", file=name)
    try:
        return data.decode("utf-8"), "utf-8", 0
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data[:4096])
    wish = _WIDER.get(declared.group(1).decode("ascii").lower(), "") if declared else ""
    if wish and wish != "utf-8":
        strict = _strict(data, wish)
        if strict is not None and (wish == "cp1252" or _likeness(strict) > 0.1):
            return strict, wish, 0
    options = []
    for encoding in ("gb18030", "big5hkscs"):
        told = _strict(data, encoding)
        if told is not None and _likeness(told) > 0.2:
            options.append((_likeness(told), encoding, told))
    if options:
        _, encoding, text = max(options)
        return text, encoding, 0
    high = sum(byte > 0x7F for byte in data)
    western = _strict(data, "cp1252")
    if western is not None and high < len(data) * 0.1:
        return western, "cp1252", 0
    return _damaged(data, wish, name)


def _damaged(data: bytes, wish: str, name: str) -> tuple[str, str, int]:
    """A text with a few unreadable bytes, read as what leaves the fewest of them and the commonest characters.

    Raises:
        InputError: too many unreadable bytes in every encoding.
    """
    best: tuple[float, str, str, int] | None = None
    for encoding in (*((wish,) if wish else ()), "utf-8", "gb18030", "big5hkscs"):
        text = data.decode(encoding, errors="replace")
        lost = text.count("\ufffd")
        score = _likeness(text) - lost / max(1, len(text))
        if lost <= max(1, len(text) * MAX_LOST) and (best is None or score > best[0]):
            best = (score, encoding, text, lost)
    if best is None:
        raise InputError("the encoding cannot be told", file=name, allowed="UTF-8, GB18030, Big5 or Western text")
    return best[2], best[1], best[3]


def _lenient(data: bytes, encoding: str, name: str) -> tuple[str, str, int]:
    text = data.decode(encoding, errors="replace").lstrip("\ufeff")
    lost = text.count("\ufffd")
    if lost > max(1, len(text) * MAX_LOST):
        raise InputError(f"not {encoding} text, though its byte-order mark says so", file=name)
    return text, encoding, lost


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _likeness(text: str) -> float:
    """Share of the characters beyond ASCII, in up to 20,000 characters, that are common in Chinese text."""
    beyond = [char for char in text[:200_000] if not char.isascii()][:20_000]
    return sum(char in _COMMON for char in beyond) / len(beyond) if beyond else 0.0


_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)\b[^>]{0,2000}>", re.I)
_JSON_FEED = re.compile(r"\"version\"\s*:\s*\"https?:\\?/\\?/jsonfeed\.org\\?/version\\?/")
# The Federal Register's XML: its roots, after what may stand before a root.
_GAZETTE = re.compile(
    r"(?:<\?[^>]{0,500}\?>|<!DOCTYPE[^>\[]{0,500}(?:\[.{0,3000}?\]\s*)?>|<!--.{0,1000}?-->|\s)*<(?:FEDREG|RULE|PRORULE|NOTICE|PRESDOCU)\b",
    re.S,
)
# A document of the Federal Register's API: its number is a key of it.
_GAZETTE_JSON = re.compile(r"\"document_number\"\s*:\s*\"")
MAX_KEYS = 200_000  # characters in which the keys of a JSON document are looked for
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)
_TAGS = re.compile(
    r"</?(?:p|div|section|article|main|ul|ol|table|address|figure|time|h[1-6])(?:\s[^<>]{0,2000})?>|<br\s*/?>", re.I
)
_MARKS = re.compile(
    r"^(?:#{1,6} +\S|[-*] +\*\*[^*\n]+\*\*|\*\*[^*\n]+\*\*\s*$|\[[^\n]+\]\(https?://)|\]\((?:https?://|/)[^\s)]+\)",
    re.M,
)
FRONT = re.compile(r"\A\s*(?:---|\+\+\+)[ \t]*\n(?P<head>.{0,40000}?)\n(?:---|\+\+\+|\.\.\.)[ \t]*(?:\n|\Z)", re.S)


def sniff(text: str) -> str:
    """The form of a document: front-matter, feed, json-feed, gazette, html, markdown, plain."""
    start = text[:4096].lstrip("\ufeff \t\n")
    if start.startswith("{") and _JSON_FEED.search(start):
        return "json-feed"
    if start.startswith("{") and _GAZETTE_JSON.search(text[:MAX_KEYS]) and '"publication_date"' in text:
        return "gazette-json"
    if start.startswith("<") and _GAZETTE.match(start):
        return "gazette"
    front = FRONT.match(text)
    if front and re.search(r"^[A-Za-z_][\w-]*\s*[:=]", front["head"], re.M):
        return "front-matter"
    if (
        (start.startswith("<?xml") or start.startswith("<"))
        and _FEED.search(text[:8192])
        and not _PAGE.search(text[:2048])
    ):
        return "feed"
    return body_form(text)


def body_form(text: str) -> str:
    """The form of a text without its envelope: html, markdown or plain. HTML from two block tags on."""
    if _PAGE.search(text[:4096]) or len(_TAGS.findall(text[:200_000])) >= 2:
        return "html"
    return "markdown" if _MARKS.search(text[:200_000]) else "plain"
