"""Spotting: names, classes, titles, document numbers and quantities in a text, longest first, with exact offsets.

Everything is looked for in ``Text.folded``; offsets hold in ``Text.text`` because folding keeps lengths.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

import msgspec

from exeat.read.days import WORDS
from exeat.read.lexicon import LATIN, LONG, Entry, Lexicon, lower
from exeat.read.model import Text
from exeat.read.patterns import pattern, table

STOP_AFTER = table("stop-after")
TITLE = re.compile(r"《[^《》\n]{2,60}》")
QUOTED = re.compile(
    r"“([^“”\n]{2,24})”(?:的)?(?P<head>倡议|计划|方案|行动|名单|清单|法案|规定|条例|办法|联盟|理事会|机制)?"
)
HEADS = {
    word: kind
    for kind, found in {
        "initiative": "倡议 计划 方案 行动 联盟",
        "list": "名单 清单",
        "law": "法案 规定 条例 办法",
        "body": "理事会 机制",
    }.items()
    for word in found.split()
}
ACT_TITLE = pattern("act-title-en")
ACT_SIGN = re.compile(
    r"(?:Regulations|Order|Act|Rules) (?:19|20)[0-9]{2}|(?:ION|ion|IVE|ive) (?:\((?:EU|EC|CFSP|EEC)\)|[0-9])"
)
NOTICE, NOTICE_LEAD, NOTICE_WORD = (pattern(f"number-notice{part}") for part in ("", "-lead", "-word"))
NUMBERS = tuple(  # with what a text holds that may match
    (needle, pattern(f"number-{kind}"))
    for kind, needle in {
        "of-year": "/", "file": "字第", "order": "第", "order-en": "E", "fr-doc": "FR Doc", "fr-page": " FR ",
        "cfr": " CFR ",
    }.items()
)  # fmt: skip
LEAD = 80  # characters before a number in which the bodies stand whose number it is
REACH = 30  # names back to which a reference to a company may reach
BREAK = re.compile(r"[。!?\n]|[.] (?=[A-Z“\"])")  # between two sentences
COUNT = re.compile(
    r"(?P<n>[0-9](?<![0-9.第年月-].)[0-9,]{0,18}(?:\.[0-9]{1,9})?|[一二两三四五六七八九十百千](?<![0-9.第年月-].)"
    r"[一二两三四五六七八九十百千]{0,11})"
    r"(?P<big>万亿|亿|万|千| million| billion)?"
    rf"(?P<more>多|余)? ?(?P<unit>{pattern('count-unit').pattern})(?P<noun>[^，。；,;、:：“”()（）的了对和与]{{0,6}})"
)
BEFORE = re.compile(rf"{pattern('count-before').pattern}$")
USD = re.compile(r"\$ ?(?P<usdn>[0-9][0-9,]{0,18}(?:\.[0-9]{1,9})?)(?P<usdbig> million| billion| trillion)?")
COUNT_EN = re.compile(
    rf"(?<![A-Za-z0-9,.-])(?P<en>{pattern('count-word-en').pattern})"
    rf" (?:{pattern('count-adjective-en').pattern} ){{0,3}}(?P<enoun>{pattern('count-noun-en').pattern})"
)
NOUN_EN = pattern("count-noun-en")
FAR = 12  # characters before a number in which "more than" stands
DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
SCALE = {"万": 10**4, "亿": 10**8, "万亿": 10**12, "千": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
MONEY = {"美元": "USD", "美金": "USD", "欧元": "EUR", "元人民币": "CNY", "元": "CNY", "英镑": "GBP"}


OFFICES = frozenset({"authority", "government", "court"})
WEAK = frozenset(
    {
        "country",
        "region",
        "demonym",
        "company_class",
        "app_class",
        "measure_ref",
        "technology",
        "technology_class",
        "government",
    }
)  # what may be a part of the words of a class


class Hit(msgspec.Struct):
    """A name in the text. ``adjective`` is the country of a class; ``number`` of a document number; ``form`` how it
    was found."""

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
    """What was spotted: hits in order without overlaps, counts, triggers as (start, end, frame numbers), longest
    first."""

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
        return int(plain) if len(plain) < 19 else None
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
    names, triggers = _scan(folded, lower(folded), lexicon)
    taken = _numbers(folded) + _titles(folded, lexicon)
    hits = _bodies(folded, _merge(names, taken, _classes(folded, lexicon)))
    _resolve(hits, lexicon)
    _refer(folded, hits)
    return Spots(hits, [hit.start for hit in hits], _counts(folded), triggers)


def _scan(folded: str, small: str, lexicon: Lexicon) -> tuple[list[Hit], list[tuple[int, int, tuple[int, ...]]]]:
    hits: list[Hit] = []
    triggers: list[tuple[int, int, tuple[int, ...]]] = []
    names, cues, spelling = lexicon.names.names, lexicon.triggers.names, lexicon.spelling
    starts, prefixes, single = lexicon.starts, lexicon.prefixes, lexicon.single
    free, size = 0, len(small)
    for match in lexicon.begins.finditer(small):
        at = match.start()
        lengths = starts.get(small[at : at + 2])
        if lengths is None and match.group() not in single:
            continue
        long = lengths is not None and small[at : at + LONG] in prefixes
        if at >= free:
            for length in () if lengths is None else lengths.names if long else lengths.short_names:
                key = small[at : at + length]
                found = names.get(key)
                if found and _fits(folded, at, at + length, size, spelling[key]):
                    hits.append(_hit(lexicon.entries[found[0]], folded, at, at + length))
                    free = at + length
                    break
            else:
                alone = names.get(small[at])
                if alone:
                    hits.append(_hit(lexicon.entries[alone[0]], folded, at, at + 1))
        for length in () if lengths is None else lengths.triggers if long else lengths.short_triggers:
            key = small[at : at + length]
            found = cues.get(key)
            if found and not (key[-1:].isascii() and key[-1:].isalnum() and LATIN.match(small, at + length)):
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
    if written.startswith("the ") and written != "the list" and folded[end : end + 4] == " of ":
        return False  # the Ministry of…: a name of its own; the list of those… is a list
    stop = STOP_AFTER.get(written)
    return not (stop and end < size and folded[end] in stop)


def _numbers(folded: str) -> list[Hit]:
    found = []
    for match in NOTICE.finditer(folded):
        lead = NOTICE_LEAD.search(folded, max(0, match.start() - LEAD), match.start())
        start = lead.start() if lead else match.start()
        if lead is None and not NOTICE_WORD.search(match.group()):
            continue  # 2021年第3号台风
        told = folded[start : match.end()]
        begin = start + len(told) - len(told.lstrip(" 、"))
        name = folded[begin : match.end()]
        found.append(Hit(begin, match.end(), "number", "", name, number=_notice(match), form="number"))
    for needle, numbered in NUMBERS:
        for match in numbered.finditer(folded) if needle in folded else ():
            found.append(Hit(*match.span(), "number", "", match.group(), number=_number(match), form="number"))
    return found


def _notice(match: re.Match[str]) -> str:
    return f"{match['year']}-{int(match['no'])}"


def _number(match: re.Match[str]) -> str:
    """The number in its normal form."""
    group = match.groupdict()
    if "year" in group:
        return _notice(match)
    if "order" in group:
        return f"E.O. {group['order']}"
    if "vol" in group:
        return f"{group['vol']} FR {group['page']}"
    return group.get("doc") or match.group()


def _titles(folded: str, lexicon: Lexicon) -> list[Hit]:
    found = []
    for match in TITLE.finditer(folded):
        known = lexicon.names.names.get(lower(match.group())) or lexicon.names.names.get(lower(match.group()[1:-1]))
        if known:
            hit = _hit(lexicon.entries[known[0]], folded, match.start(), match.end())
            hit.form = "title"
            if hit.kind == "media":
                hit.form = "name"
        else:
            hit = Hit(match.start(), match.end(), "title", "", match.group(), form="title")
        found.append(hit)
    for match in ACT_TITLE.finditer(folded) if ACT_SIGN.search(folded) else ():
        found.append(Hit(match.start(), match.end(), "law", "", match.group(), form="title"))
    for match in QUOTED.finditer(folded):
        known = lexicon.names.names.get(lower(match.group(1))) or lexicon.names.names.get(lower(f"“{match.group(1)}”"))
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


COURT_ZH, OFFICE_ZH = pattern("body-court-zh"), pattern("body-office-zh")
COURT_EN, OFFICE_EN = pattern("body-court-en"), pattern("body-office-en")
GOVERNMENT = pattern("body-government")
STATE_WORDS = frozenset({"country", "region", "demonym"})
FAR_BODY = 60  # characters behind a country in which the name of its body ends


def _bodies(folded: str, hits: list[Hit]) -> list[Hit]:
    """A country and the word for one of its bodies behind it are that body: 波兰外交部, the Dutch trade ministry. Every
    state has ministries, regulators and courts; the lexicons name those that are often in the news."""
    found: list[Hit] = []
    for hit in hits:
        if found and hit.start < found[-1].end:
            continue  # within a body just made: 日本国防部
        body = _body(folded, hit) if hit.kind in STATE_WORDS and hit.jurisdiction else None
        found.append(body or hit)
    return [hit for hit in found if hit.kind != "demonym"]  # Dutch by itself names nobody


def _body(folded: str, hit: Hit) -> Hit | None:
    """The body that begins with the country of a hit, or None."""
    part = folded[hit.end : hit.end + FAR_BODY]
    court, office = (COURT_EN, OFFICE_EN) if hit.name[-1:].isascii() else (COURT_ZH, OFFICE_ZH)
    for kind, form in (("court", court), ("authority", office)):
        match = form.match(part)
        if match is not None:
            end = hit.end + match.end()
            name = folded[hit.start : end]
            kind = "government" if GOVERNMENT.search(match.group()) else kind  # noqa: PLW2901  of the same body
            return Hit(
                hit.start, end, kind, f"{hit.jurisdiction}/{match.group().strip()}", name, hit.jurisdiction, form="body"
            )
    return None


NOUN = pattern("class-head")
OF_ANOTHER = re.compile("(?:所)?(?:提供|生产|开发|拥有|制造|运营|持有)的")  # 中国公司提供的服务 is about the services
PERSONS = re.compile(f"{pattern('class-person-zh').pattern}|{pattern('class-person-en').pattern}", re.IGNORECASE)
ONE = re.compile("(?:一|1)(?:家|个|名|款)?$|one$")  # somebody, not a class


def _classes(folded: str, lexicon: Lexicon) -> list[Hit]:
    found = []
    low = 0
    for noun in NOUN.finditer(folded):
        latin = noun.group().isascii() and noun.group().lower() != "app"
        first = max(low, noun.start() - (60 if latin else 26))
        low = noun.end()
        if not latin and not lexicon.class_first.search(folded, first, noun.start()):
            continue
        every = lexicon.class_noun[latin].finditer(folded, first, noun.end())
        match = next((one for one in every if one.end() == noun.end()), None)
        if match is None:
            continue
        group = match.groupdict()
        adjective = lower((group["adj"] or group.get("alone") or "").strip())
        many = group.get("many")
        counted = many or group["count"]
        if (not adjective and not counted) or OF_ANOTHER.match(folded, noun.end()) or ONE.match(counted or ""):
            continue
        words = [lexicon.adjectives.get(word, "") for word in (adjective, *adjective.split())]
        country = next((word for word in words if word), "")
        person = bool(many or PERSONS.fullmatch(group["noun"] or ""))
        kind = "app_class" if group["app"] else "person_class" if person else "company_class"
        if not (country or many or group["noun"] or (latin and counted)):
            continue
        code = f"CLASS-{country or 'ANY'}-{'APPS' if kind == 'app_class' else 'PERSONS' if person else 'COMPANIES'}"
        start = match.start() + len(match.group()) - len(match.group().lstrip("的等"))  # 等9家企业 is nine companies
        found.append(Hit(start, match.end(), kind, code, folded[start : match.end()], country, form="class"))
    return found


def _merge(names: list[Hit], taken: list[Hit], classes: list[Hit]) -> list[Hit]:
    """Titles and numbers win over names, classes over countries and class words; a longer name wins over a class
    inside it."""
    strong = _no_overlap(sorted(taken, key=lambda hit: (hit.start, -hit.end)))
    kept = [hit for hit in names if not _touching(strong, hit.start, hit.start + 1)]
    result, dropped = list(strong), set()
    for hit in classes:
        inside = _touching(kept, hit.start, hit.end)
        if any(_stands(one, hit) for one in inside) or _touching(strong, hit.start, hit.end):
            continue
        dropped |= {one.start for one in inside}
        result.append(hit)
    kept = [one for one in kept if one.start not in dropped]
    return _no_overlap(sorted([*result, *kept], key=lambda hit: (hit.start, -hit.end)))


def _stands(name: Hit, class_: Hit) -> bool:
    """Whether a name stands against a class that shares text with it: one that goes beyond the class, or the name of
    a party or thing; but 中国电信 in 其他中国电信设备供应商 only describes other suppliers."""
    if name.start < class_.start or name.end > class_.end:
        return True
    if class_.kind == "person_class" and name.kind in OFFICES and name.end < class_.end:
        return False  # 10名欧洲议会议员: of which body they are
    if name.kind in WEAK or name.end - name.start <= 1:
        return False
    return not (name.kind == "company" and class_.start < name.start and name.end + 2 < class_.end)


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


def _refer(folded: str, hits: list[Hit]) -> None:
    """该公司, the company: the one company or app that the nearest sentence before, or this one, names; none where it
    names two."""
    for place, hit in enumerate(hits):
        if hit.kind != "company_ref":
            continue
        nearest: list[Hit] = []
        for other in reversed(hits[max(0, place - REACH) : place]):
            if other.kind not in ("company", "app") or other.form == "referred":
                continue
            if nearest and BREAK.search(folded, other.end, nearest[-1].start):
                break
            if folded.count("\n", other.end, hit.start) > 1:
                break
            nearest.append(other)
        companies = {one.id: one for one in nearest if one.kind == "company"} or {one.id: one for one in nearest}
        if len(companies) == 1:
            one = next(iter(companies.values()))
            hit.id, hit.kind, hit.jurisdiction, hit.form = one.id, one.kind, one.jurisdiction, "referred"


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
    met = [*COUNT.finditer(folded), *USD.finditer(folded)]
    if NOUN_EN.search(folded):
        met += COUNT_EN.finditer(folded)
    found: list[Count] = []
    free = 0
    for match in sorted(met, key=lambda one: one.start()):
        if match.start() < free:
            continue
        free = match.end()
        found.append(_count(folded, match))
    return found


def _count(folded: str, match: re.Match[str]) -> Count:
    if match.re is COUNT:
        before = BEFORE.search(folded, max(0, match.start() - FAR), match.start())
        word = before.group().strip() if before else ""
        op = "gt" if match["more"] or word in ("超过", "突破", "逾", "more than", "over") else "eq"
        op = "ge" if word in ("至少", "at least") else op
        big = SCALE.get((match["big"] or "").strip(), 1)
        raw = match["n"].replace(",", "")
        value = round(float(raw) * big) if "." in raw else (number(raw) or 0) * big
        unit = match["unit"]
        return Count(
            match.start("n"), match.end("unit"), value, MONEY.get(unit, unit), op, match["noun"], unit in MONEY
        )
    if match.re is USD:
        value = round(float(match["usdn"].replace(",", "")) * SCALE.get((match["usdbig"] or "").strip(), 1))
        return Count(match.start(), match.end(), value, "USD", "eq", "", True)
    words = match["en"].lower()
    value = WORDS.get(words) or number(words) or 0
    return Count(match.start("en"), match.end(), value, match["enoun"], "eq", match["enoun"])
