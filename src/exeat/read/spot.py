"""Spotting: names, classes, titles, document numbers and quantities in a text, longest first, with exact offsets.

Everything is looked for in ``Text.folded``; offsets hold in ``Text.text`` because folding keeps lengths.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

import msgspec

from exeat.read.days import WORDS
from exeat.read.lexicon import LATIN, LOWER, Entry, Lexicon
from exeat.read.model import Text

STARTS = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9“《]|[^\x00-\x7f ]")
# names that stand for something longer when these follow; 科技部长 is no ministry, 中国城 no country
STOP_AFTER = {
    "中国": "城话时特结",
    "美国": "队",
    "法院": "院",
    "苹果": "树汁",
    "京东": "方",
    "小米": "粥",
    "更新": "换世",
    "政府": "间",
    "北京": "时大",
}
TITLE = re.compile(r"《[^《》\n]{2,60}》")
QUOTED = re.compile(
    r"“([^“”\n]{2,24})”(?:的)?(?P<head>倡议|计划|方案|行动|名单|清单|法案|规定|条例|办法|联盟|理事会|机制)?"
)
HEADS = {"倡议": "initiative", "计划": "initiative", "方案": "initiative", "行动": "initiative", "联盟": "initiative", "名单": "list", "清单": "list",  # noqa: E501
         "法案": "law", "规定": "law", "条例": "law", "办法": "law", "理事会": "body", "机制": "body"}  # fmt: skip
NUMBERS = re.compile(
    r"(?P<cn>(?:(?:商务部|科技部|海关总署|国务院|工业和信息化部|国家网信办|税务总局|国家国防科工局|中央军委装备发展部|[、 ]){1,24})?(?:公告|令|通知)? ?"  # noqa: E501
    r"(?P<year>(?:19|20)[0-9]{2}) ?年 ?第? ?(?P<no>[0-9]{1,3}) ?号(?:公告|令)?)"
    r"|(?P<order>第 ?(?P<ono>1[0-9]{4}) ?号(?:总统)?(?:行政命令|行政令|总统令)?|(?:Executive Order|Exec\. Order|E\.O\.|EO) (?:No\. )?(?P<eno>1[0-9]{4}))"  # noqa: E501
    r"|(?P<fr>FR Doc\.? ?(?P<doc>20[0-9]{2}-[0-9]{5})|(?P<vol>[0-9]{2}) FR (?P<page>[0-9]{4,6}))"
    r"|(?P<cfr>15 CFR (?:part |§ ?)?[0-9.]+)"
)
UNITS = "项|条|家|个|名|款|种|人|国"
COUNT = re.compile(
    r"(?P<op>超过|突破|逾|至少|约|近|more than |at least |over |about )?(?<![0-9.第年月-])"
    r"(?P<n>[0-9][0-9,]{0,18}(?:\.[0-9]{1,9})?|[一二两三四五六七八九十百千]{1,12})(?P<big>万亿|亿|万|千| million| billion)?"  # noqa: E501
    r"(?P<more>多|余)? ?(?P<unit>美元|欧元|元人民币|元|英镑|美金|[" + UNITS.replace("|", "") + r"])(?P<noun>[^，。；,;、:：“”()（）的了对和与]{0,6})"  # noqa: E501
    r"|(?P<usd>\$) ?(?P<usdn>[0-9][0-9,]{0,18}(?:\.[0-9]{1,9})?)(?P<usdbig> million| billion| trillion)?"
    r"|(?<![A-Za-z0-9,.-])(?P<en>[0-9][0-9,]{0,18}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|twenty|thirty)"
    r" (?:(?:Chinese|Russian|new|additional|more|other|U\.S\.|American|foreign|technology) ){0,2}(?P<enoun>entities|companies|firms|apps|items|technologies|entries|organizations|individuals|officials|countries)",  # noqa: E501
)  # fmt: skip
DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
SCALE = {"万": 10**4, "亿": 10**8, "万亿": 10**12, "千": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
MONEY = {"美元": "USD", "美金": "USD", "欧元": "EUR", "元人民币": "CNY", "元": "CNY", "英镑": "GBP"}


class Hit(msgspec.Struct):
    """A name in the text. ``adjective`` is the country of a class; ``number`` of a document number; ``form`` how it was found."""  # noqa: E501

    start: int
    end: int
    kind: str
    id: str
    name: str
    jurisdiction: str = ""
    office: str = ""
    up: str = ""
    number: str = ""
    form: str = "name"


class Count(msgspec.Struct, frozen=True):
    """A quantity as written."""

    start: int
    end: int
    value: int
    unit: str
    op: str
    noun: str
    money: bool = False


class Spots(msgspec.Struct):
    """What was spotted: hits in order without overlaps, counts, triggers as (start, end, frame numbers), longest first."""  # noqa: E501

    hits: list[Hit]
    starts: list[int]
    counts: list[Count]
    triggers: list[tuple[int, int, tuple[int, ...]]]

    def between(self, start: int, end: int) -> list[Hit]:
        """The hits that begin in ``start``..``end``."""
        first = bisect_left(self.starts, start)
        found = []
        for hit in self.hits[first:]:
            if hit.start >= end:
                break
            found.append(hit)
        return found


def number(text: str) -> int | None:
    """``三十四``, ``23``, ``1,200`` as an integer; None if it is no number."""
    plain = text.replace(",", "")
    if plain.isascii() and plain.isdigit():
        return int(plain)
    total, digit = 0, 0
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
        else:
            return None
    return (total + digit) or None


def spot(text: Text, lexicon: Lexicon) -> Spots:
    """Spot everything in a text."""
    folded = text.folded
    lower = folded.translate(LOWER)
    names, triggers = _scan(folded, lower, lexicon)
    taken = _numbers(folded) + _titles(folded, lexicon)
    hits = _merge(names, taken, _classes(folded, lexicon))
    _resolve(hits, lexicon)
    return Spots(hits, [hit.start for hit in hits], _counts(folded), triggers)


def _scan(folded: str, lower: str, lexicon: Lexicon) -> tuple[list[Hit], list[tuple[int, int, tuple[int, ...]]]]:
    hits: list[Hit] = []
    triggers: list[tuple[int, int, tuple[int, ...]]] = []
    names, starts, spelling = lexicon.names.names, lexicon.names.starts, lexicon.spelling
    cue_names, cue_starts = lexicon.triggers.names, lexicon.triggers.starts
    free = 0
    size = len(lower)
    for match in STARTS.finditer(lower):
        at = match.start()
        pair = lower[at : at + 2]
        if at >= free:
            for length in starts.get(pair, ()) or starts.get(pair[:1], ()):
                key = lower[at : at + length]
                found = names.get(key)
                if found and _fits(folded, at, at + length, size, spelling[key]):
                    entry = lexicon.entries[found[0]]
                    hits.append(_hit(entry, folded, at, at + length))
                    free = at + length
                    break
            else:
                single = names.get(pair[:1])
                if single:
                    hits.append(_hit(lexicon.entries[single[0]], folded, at, at + 1))
        for length in cue_starts.get(pair, ()):
            key = lower[at : at + length]
            found = cue_names.get(key)
            if found and not (
                key[-1].isascii() and key[-1].isalnum() and at + length < size and LATIN.match(lower[at + length])
            ):
                triggers.append((at, at + length, tuple(found)))
    return hits, triggers


def _hit(entry: Entry, folded: str, start: int, end: int) -> Hit:
    return Hit(
        start, end, entry.kind, entry.id, folded[start:end], entry.jurisdiction, entry.office, entry.up,
        number="|".join(entry.ids), form="shared" if entry.ids else "name",
    )  # fmt: skip


def _fits(folded: str, start: int, end: int, size: int, written: str) -> bool:
    last = written[-1]
    if last.isascii() and last.isalnum() and end < size and LATIN.match(folded[end]):
        return False
    if written[0].isascii() and written[0].isupper():
        if not folded[start].isupper():
            return False
        if written.isupper() and folded[start:end] != written:
            return False
    if written.startswith("the ") and folded[end : end + 4] == " of ":
        return False  # the Ministry of…: a name of its own
    stop = STOP_AFTER.get(written)
    return not (stop and end < size and folded[end] in stop)


def _numbers(folded: str) -> list[Hit]:
    found = []
    for match in NUMBERS.finditer(folded):
        if match["cn"]:
            normal = f"{match['year']}-{int(match['no'])}"
        elif match["order"]:
            normal = f"E.O. {match['ono'] or match['eno']}"
        elif match["fr"]:
            normal = match["doc"] or f"{match['vol']} FR {match['page']}"
        else:
            normal = match["cfr"]
        found.append(Hit(match.start(), match.end(), "number", "", match.group(), number=normal, form="number"))
    return found


def _titles(folded: str, lexicon: Lexicon) -> list[Hit]:
    found = []
    for match in TITLE.finditer(folded):
        known = lexicon.names.names.get(match.group().translate(LOWER)) or lexicon.names.names.get(
            match.group()[1:-1].translate(LOWER)
        )
        if known:
            hit = _hit(lexicon.entries[known[0]], folded, match.start(), match.end())
            hit.form = "title"
            if hit.kind == "media":
                hit.form = "name"
        else:
            hit = Hit(match.start(), match.end(), "title", "", match.group(), form="title")
        found.append(hit)
    for match in QUOTED.finditer(folded):
        known = lexicon.names.names.get(match.group(1).translate(LOWER)) or lexicon.names.names.get(
            f"“{match.group(1)}”".translate(LOWER)
        )
        head = HEADS.get(match["head"] or "", "") or next(
            (HEADS[end] for end in HEADS if match.group(1).endswith(end)), ""
        )
        end = match.end() if match["head"] in ("名单", "清单") else match.start() + len(match.group(1)) + 2
        if known and lexicon.entries[known[0]].kind in (
            "law",
            "list",
            "catalogue",
            "initiative",
            "body",
            "arrangement",
        ):
            hit = _hit(lexicon.entries[known[0]], folded, match.start(), end)
            hit.form = "title"
            found.append(hit)
        elif head:
            found.append(Hit(match.start(), end, head, "", folded[match.start() : end], form="title"))
    return found


NOUN = re.compile(
    r"企业|公司|实体和个人|实体|机构|厂商|供应商|银行|个人|应用程序|应用软件|应用|APP|软件"
    r"|(?<![A-Za-z])(?:companies|company|firms|firm|entities|entity|businesses|suppliers|vendors|organizations|giants|universities|apps|applications)(?![A-Za-z])"
)


def _classes(folded: str, lexicon: Lexicon) -> list[Hit]:
    found = []
    for noun in NOUN.finditer(folded):
        match = lexicon.class_noun.search(
            folded, max(0, noun.start() - (60 if noun.group().isascii() else 26)), noun.end()
        )
        if match is None or match.end() != noun.end():
            continue
        group = match.groupdict()
        adjective = (group["adj"] or group["eadj"] or "").strip()
        counted = group["count"] or group["ecount"]
        if not adjective and not counted:
            continue
        words = [
            lexicon.adjectives.get(word, "")
            for word in (adjective.translate(LOWER), *adjective.translate(LOWER).split())
        ]
        country = next((word for word in words if word), "")
        person = (group["noun"] or "") in ("个人",)
        kind = "app_class" if group["app"] or group["eapp"] else "person_class" if person else "company_class"
        if not country and not group["noun"] and not group["enoun"]:
            continue
        code = f"CLASS-{country or 'ANY'}-{'APPS' if kind == 'app_class' else 'PERSONS' if person else 'COMPANIES'}"
        found.append(Hit(match.start(), match.end(), kind, code, match.group(), country, form="class"))
    return found


def _merge(names: list[Hit], taken: list[Hit], classes: list[Hit]) -> list[Hit]:
    """Titles and numbers win over names, classes over countries and class words; a longer name wins over a class inside it."""  # noqa: E501
    strong = _no_overlap(sorted(taken, key=lambda hit: (hit.start, -hit.end)))
    kept = [hit for hit in names if not _touching(strong, hit.start, hit.start + 1)]
    weak = {"country", "region", "company_class", "app_class", "measure_ref", "technology", "government"}
    result, dropped = list(strong), set()
    for hit in classes:
        inside = _touching(kept, hit.start, hit.end)
        if any(one.kind not in weak and one.end - one.start > 1 for one in inside) or _touching(
            strong, hit.start, hit.end
        ):
            continue
        dropped |= {one.start for one in inside}
        result.append(hit)
    kept = [one for one in kept if one.start not in dropped]
    return _no_overlap(sorted([*result, *kept], key=lambda hit: (hit.start, -hit.end)))


def _touching(hits: list[Hit], start: int, end: int) -> list[Hit]:
    """Of hits in order without overlaps, those that share a character with ``start``..``end``."""
    first = bisect_right(hits, start, key=lambda hit: hit.end)
    found = []
    for place in range(first, len(hits)):
        if hits[place].start >= end:
            break
        found.append(hits[place])
    return found


def _no_overlap(hits: list[Hit]) -> list[Hit]:
    found: list[Hit] = []
    for hit in hits:
        if not found or hit.start >= found[-1].end:
            found.append(hit)
    return found


def _resolve(hits: list[Hit], lexicon: Lexicon) -> None:
    """Shared names take the nearest body named in full before, or after for the lede; else the last of their bodies."""
    named = [
        (hit.start, hit.office or hit.id, hit.jurisdiction, hit.up)
        for hit in hits
        if hit.form == "name" and hit.jurisdiction
    ]
    known = {one for _, one, _, _ in named}
    first: dict[str, int] = {}
    for start, one, _, _ in named:
        first.setdefault(one, start)
    before: dict[str, str] = {}
    nearest: dict[str, int] = {}  # the body -> where it was last named
    at = 0
    for place, hit in enumerate(hits):
        if hit.form != "shared":
            continue
        while at < len(named) and named[at][0] < hit.start:
            nearest[named[at][1]] = named[at][0]
            if named[at][3]:
                nearest[named[at][3]] = named[at][0]
            at += 1
        ids = hit.number.split("|")
        hit.number = ""
        best = max((one for one in ids if one in nearest), key=lambda one: nearest[one], default="")
        if not best:
            best = min((one for one in ids if one in known), key=lambda one: first[one], default=ids[-1])
        if best == ids[-1] and len(ids) > 1 and best not in known:
            beside = [
                one
                for one in hits[max(0, place - 1) : place + 2]
                if one.kind == "authority" and one.form == "name" and -8 < one.start - hit.end < 8
            ]
            same = [one for one in ids for other in beside if lexicon.by_id[one].jurisdiction == other.jurisdiction]
            listed = [one for one in hits[place + 1 : place + 6] if one.kind == "list" and one.jurisdiction]
            if not same and listed and listed[0].start - hit.end < 60:
                same = [
                    one for one in ids if lexicon.by_id[one].jurisdiction == listed[0].jurisdiction
                ]  # whose list it is
            best = same[0] if same else before.get(hit.name) or _by_country(ids, named[:at], hit.start, lexicon)
        before[hit.name] = best
        entry = lexicon.by_id[best]
        hit.id, hit.jurisdiction, hit.office, hit.up, hit.form = (
            entry.id,
            entry.jurisdiction,
            entry.office,
            entry.up,
            "resolved",
        )


def _by_country(ids: list[str], named: list[tuple[int, str, str, str]], at: int, lexicon: Lexicon) -> str:
    """By the authorities of one country that were named nearest before; Chinese short forms mean China by default."""
    for start, one, where, _ in reversed(named):
        if (
            start < at
            and lexicon.by_id.get(one) is not None
            and lexicon.by_id[one].kind in ("authority", "government", "court")
        ):
            same = [other for other in ids if lexicon.by_id[other].jurisdiction == where]
            if same:
                return same[0]
    return ids[-1]


def _counts(folded: str) -> list[Count]:
    found = []
    for match in COUNT.finditer(folded):
        group = match.groupdict()
        op = (
            "gt"
            if (group["more"] or (group["op"] or "").strip() in ("超过", "突破", "逾", "more than", "over"))
            else "eq"
        )
        op = "ge" if (group["op"] or "").strip() in ("至少", "at least") else op
        if group["n"]:
            big = SCALE.get((group["big"] or "").strip(), 1)
            raw = group["n"].replace(",", "")
            value = round(float(raw) * big) if "." in raw else (number(raw) or 0) * big
            found.append(
                Count(
                    match.start("n"),
                    match.end("unit"),
                    value,
                    MONEY.get(group["unit"], group["unit"]),
                    op,
                    group["noun"],
                    group["unit"] in MONEY,
                )
            )
        elif group["usd"]:
            value = round(float(group["usdn"].replace(",", "")) * SCALE.get((group["usdbig"] or "").strip(), 1))
            found.append(Count(match.start(), match.end(), value, "USD", op, "", True))
        else:
            words = group["en"].lower()
            found.append(
                Count(
                    match.start("en"),
                    match.end(),
                    WORDS.get(words) or number(words) or 0,
                    group["enoun"],
                    op,
                    group["enoun"],
                )
            )
    return found
