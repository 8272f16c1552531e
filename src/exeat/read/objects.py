"""What a statement acts on, beyond what the lexicons know: members of its lists by their place in the list, whatever
they are called.

A listing, a sanction or a delisting names its parties between fixed words (将…列入, added … to), or after 包括 or
"including"; whatever stands there between the signs of a list is a party, whether or not a lexicon has it. The class
that the members are of (9家企业, 36 companies) counts them and is no party beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from exeat.read.model import Span
from exeat.read.patterns import pattern
from exeat.read.spot import Hit

PARTIES = frozenset({"company", "app", "person"})
NAMED = PARTIES | {"authority", "technology", "item", "service", "data"}
CLASSES = frozenset({"company_class", "app_class", "person_class", "technology_class"})
GENERIC = frozenset({"country", "region", "technology", "item", "service", "measure_ref", "data", *CLASSES})
LISTED = PARTIES | {"company_class", "person_class"}
THINGS = frozenset({"technology", "item"})
GENERAL_LEFT = pattern("general-left")
LEAD_ZH, MEMBERS_ZH, PASSIVE_ZH = pattern("list-lead-zh"), pattern("list-members-zh"), pattern("list-passive-zh")
SPLIT_ZH, TAIL_ZH, MEMBER_ZH = pattern("list-split-zh"), pattern("list-tail-zh"), pattern("list-member-zh")
THING_SUFFIX = pattern("thing-suffix")
NO_MEMBER_ZH, TECHNOLOGY_ZH = pattern("no-member-zh"), pattern("list-technology-zh")
PERSON_ZH, OTHER = pattern("list-person-zh"), pattern("other-words", re.IGNORECASE)
MEMBERS_EN, STOP_EN, SPLIT_EN = pattern("list-members-en"), pattern("list-stop-en"), pattern("list-split-en")
NAME_EN, NO_MEMBER_EN, SUFFIX = pattern("list-name-en"), pattern("no-member-en"), pattern("name-suffix")
TRADE_ZH = pattern("list-trade-zh")
BRACKET = re.compile(r" ?\([^()]{0,60}\)")
OPENING = re.compile(r"[^()、,;]{0,6} ?\([^()、,;]{0,12}")  # from a party to the name in the brackets behind it
ALSO_ZH = re.compile("(?:以及|及|还有)(?!其)")
END_ZH, STOP_ZH = re.compile("[,。;:!?]"), re.compile("[,。;!?]")
VERB_TAIL = re.compile(
    "(?:指定|认定|一并|正式|再次|全部|分别|重新|(?:实施|采取|施加|进行|展开|祭出)[^、,。;]{0,6})$"
)  # 将甲指定列入: before the verb, not of the name
# 甲,乙,丙等人上榜: names between commas, as overseas papers write them
SAID_EN = re.compile(
    r"\b(?:said|says|announced|stated|added)(?: on [A-Z][a-z]+)?(?: that)? "
)  # who says so is no member
REASONS_ZH = re.compile(
    "(?:理由|原因|措施|内容|方式|手段|活动|行为|事项|条件|影响)[^,。;]{0,2}$"
)  # 理由包括甲和乙: no parties
DESCRIBES_ZH = re.compile(
    "对[^、,。;的]{1,8}的(?:企业|公司|实体|机构|个人)|(?<=[家间个])对[^、,。;的]{1,8}(?:企业|公司|实体|机构)"
)  # 对台军售的企业: no object of the verb
SUMMED_UP = re.compile("等,$")  # 将甲等,28家企业列入: the comma before the number ends no list
COMMA_ROW = re.compile(
    r"(?:(?<=[,。:;])|^)(?P<row>(?:[一-鿿·]{2,6}, ?){2,}[一-鿿·]{2,6})等(?:[0-9一二三四五六七八九十]*人)?$"
)
SHORTEST = 3  # characters of a name behind a description
MOST = 60  # members of one list; more is no list of a news text


class Place:
    """Where a statement stands: the text, its sentence, the trigger, and the names spotted in the sentence."""

    def __init__(self, folded: str, start: int, end: int, trigger: Span, hits: Sequence[Hit], english: bool) -> None:
        self.folded, self.start, self.end, self.trigger = folded, start, end, trigger
        self.hits, self.english = hits, english

    def part(self, span: Span) -> str:
        return self.folded[span.start : span.end]


def members(place: Place, begin: int, side: str, things: bool, only: bool = False) -> list[Hit]:
    """The members of the lists that a statement governs, in order, that no lexicon has: parties, or ``things``
    (entries of a catalogue, which only the ending of their name tells from other words); ``only`` those behind 包括
    or "including"."""
    found: list[Hit] = []
    regions = _regions_en(place, side) if place.english else _regions_zh(place, begin, side)
    found += [] if only or things or place.english else _comma_row(place)
    for span in [*([] if only else regions), *_behind_head(place)]:
        found += _of_region(place, span, things)
        if not things:
            found += [hit for hit in place.hits if span.start <= hit.start < span.end and hit.kind in LISTED]
    return found[:MOST]


def _comma_row(place: Place) -> list[Hit]:
    """Persons in a row with commas that a word of listing sums up."""
    row = COMMA_ROW.search(place.folded[place.start : place.trigger.start])
    if row is None:
        return []
    at = place.start + row.start("row")
    found = []
    for match in re.finditer("[^, ]+", row["row"]):
        if not NO_MEMBER_ZH.search(match.group()):
            found.append(_unknown(place, at + match.start(), len(match.group()), "person", several=True))
            found += [hit for hit in place.hits if hit.start == at + match.start() and hit.kind in LISTED]
    return [hit for hit in found if hit is not None]


def _regions_zh(place: Place, begin: int, side: str) -> list[Span]:
    """Between 将 and the verb; before 被; right after the verb."""
    found = []
    if SUMMED_UP.search(place.folded, place.start, begin):
        ends = [stop.end() for stop in END_ZH.finditer(place.folded, place.start, begin - 1)]
        begin = ends[-1] if ends else place.start
    left = place.folded[begin : place.trigger.start]
    passive = PASSIVE_ZH.search(left)
    leads = [one for one in LEAD_ZH.finditer(left) if not DESCRIBES_ZH.match(left, one.start())]
    lead = leads[-1] if leads else None
    if passive and "、" in left[: passive.start()]:
        found.append(Span(begin, begin + passive.start()))
    elif lead:
        found.append(Span(begin + lead.end(), place.trigger.start))
    elif side in ("before", "both") and "、" in left:
        found.append(Span(begin, place.trigger.start))
    if side == "after" or (side == "both" and not found):
        found += _rows(place)
    return found


def _rows(place: Place) -> list[Span]:
    """Right after the verb to the end of its clause, and the clauses that go on listing: 制裁甲,以及乙、丙."""
    found: list[Span] = []
    at = place.trigger.end
    while True:
        stop = END_ZH.search(place.folded, at, place.end)
        found.append(Span(at, stop.start() if stop else place.end))
        more = ALSO_ZH.match(place.folded, stop.end(), place.end) if stop and stop.group() == "," else None
        if more is None:
            return found
        at = more.end()


def _regions_en(place: Place, side: str) -> list[Span]:
    """Right after the verb, up to the word that ends the names; before a passive verb."""
    found = []
    if side == "before":
        said = max(SAID_EN.finditer(place.folded, place.start, place.trigger.start), key=re.Match.end, default=None)
        found.append(Span(said.end() if said else place.start, place.trigger.start))
    else:
        stop = STOP_EN.search(place.folded, place.trigger.end, place.end)
        found.append(Span(place.trigger.end, stop.start() if stop else place.end))
    return found


def _behind_head(place: Place) -> list[Span]:
    """Behind each 包括 or "including": a list may name the members of its members."""
    marks, stops = (MEMBERS_EN, STOP_EN) if place.english else (MEMBERS_ZH, STOP_ZH)
    found = []
    for mark in marks.finditer(place.folded, place.trigger.start, place.end):
        if not place.english and REASONS_ZH.search(place.folded, place.trigger.start, mark.start()):
            continue
        stop = stops.search(place.folded, mark.end(), place.end)
        found.append(Span(mark.end(), stop.start() if stop else place.end))
    return found


def _of_region(place: Place, span: Span, things: bool) -> list[Hit]:
    split, form = (SPLIT_EN, _member_en) if place.english else (SPLIT_ZH, _member_zh)
    part = place.part(span)
    hidden = BRACKET.sub(lambda match: "\0" * len(match.group()), part)  # what stands in brackets splits no list
    person = bool(PERSON_ZH.search(hidden)) if not place.english else False
    at, pieces = 0, []
    for cut in split.finditer(hidden):
        pieces.append((at, hidden[at : cut.start()]))
        at = cut.end()
    pieces.append((at, hidden[at:]))
    named = [(at + name[0], name[1]) for at, piece in pieces for name in [form(piece)] if name is not None]
    technical = [] if place.english else [one for one in named if TECHNOLOGY_ZH.search(one[1])]
    if things:
        named = technical
    # a company may be called …技术; a list of things has nothing else in it
    kind = "technology" if technical and len(technical) == len(named) else "person" if person else "company"
    found = (_unknown(place, span.start + at, len(name), kind, len(pieces) > 1) for at, name in named)
    return [hit for hit in found if hit is not None]


def _member_zh(piece: str) -> tuple[int, str] | None:
    bare = piece.split("\0", maxsplit=1)[0]
    bare = TAIL_ZH.split(bare)[0].rstrip(" ,")
    bare = VERB_TAIL.sub("", bare)
    lead = len(bare) - len(bare.lstrip(" “‘"))
    bare = bare.strip(" “”‘’")
    told = bare.rpartition("的")[2]  # 参与售台武器的甲公司: what describes a member ends with 的
    if told != bare and len(told) >= SHORTEST:
        lead, bare = lead + len(bare) - len(told), told
    trade = TRADE_ZH.match(bare)  # 荷兰光刻机制造商甲: what it makes only describes it
    if trade is not None:
        lead, bare = lead + trade.end(), bare[trade.end() :]
    match = MEMBER_ZH.fullmatch(bare)
    if match is None or NO_MEMBER_ZH.search(match["name"]):
        return None
    return lead + match.start("name"), match["name"]


def _member_en(piece: str) -> tuple[int, str] | None:
    bare = piece.split("\0", maxsplit=1)[0].rstrip(" ,")
    lead = len(bare) - len(bare.lstrip(" "))
    match = NAME_EN.match(bare.strip(" "))
    if match is None or NO_MEMBER_EN.search(match["name"]):
        return None
    return lead + match.start("name"), match["name"].rstrip(".")


def _unknown(place: Place, start: int, length: int, kind: str, several: bool) -> Hit | None:
    """The member as a party of its own, unless a name that is known covers it or it only describes one."""
    end = start + length
    name = place.folded[start:end]
    for hit in place.hits:
        if hit.end <= start or hit.start >= end:
            continue
        if hit.start <= start and hit.end >= end:
            return None
        if hit.kind not in GENERIC and not (
            hit.kind in PARTIES and hit.start == start and several and not SUFFIX.match(place.folded[hit.end : end])
        ):
            return None
        if hit.kind in CLASSES and hit.end == end:
            return None
        if hit.kind in THINGS and hit.start == start and THING_SUFFIX.match(place.folded[hit.end : end]):
            return None
    if not place.english and len(name) < 2:
        return None
    return Hit(start, end, kind, "", name, form="listed")


def with_members(known: Sequence[Hit], found: Sequence[Hit]) -> list[Hit]:
    """Known and found together in order; a member that goes on beyond a known name is another party (a subsidiary)."""
    unknown = [new for new in found if new.form == "listed"]
    every = {hit.start: hit for hit in (*known, *found, *unknown)}
    kept = [one for one in every.values() if one.form == "listed" or not _within(one, unknown)]
    return sorted(kept, key=lambda hit: hit.start)


def _within(one: Hit, others: Sequence[Hit]) -> bool:
    return any(other.start <= one.start and one.end <= other.end for other in others)


def without_other_names(place: Place, hits: Sequence[Hit]) -> list[Hit]:
    """甲公司(Acme Inc.): what stands in brackets right behind a party is its other name; it tells who an unknown one
    is."""
    found: list[Hit] = []
    for hit in hits:
        last = found[-1] if found else None
        beside = last is not None and last.kind in PARTIES and hit.kind in PARTIES and hit.start > last.end
        if last is not None and beside and OPENING.fullmatch(place.folded[last.end : hit.start]):
            if not last.id:
                found[-1] = msgspec.structs.replace(last, id=hit.id)
            continue
        found.append(hit)
    return found


def without_heads(place: Place, hits: Sequence[Hit]) -> list[Hit]:
    """Without the classes whose members are named beside them: 甲、乙等9家企业, 36 companies, including X."""
    if not any(hit.kind in NAMED for hit in hits):
        return list(hits)
    return [hit for hit in hits if not (_head(place, hit, hits) if hit.kind in CLASSES else _general(place, hit, hits))]


def _general(place: Place, one: Hit, hits: Sequence[Hit]) -> bool:
    """人工智能等敏感技术, 石墨两用物项: the general word right behind what it is a word for."""
    if one.kind not in THINGS or place.english:
        return False
    before = [hit for hit in hits if hit.kind in THINGS and hit.end <= one.start]
    if not before:
        return False
    gap = BRACKET.sub("", place.folded[before[-1].end : one.start]).replace(" ", "")
    return bool(GENERAL_LEFT.match(gap))


def _head(place: Place, one: Hit, hits: Sequence[Hit]) -> bool:
    if OTHER.search(one.name):
        return False
    named = [hit for hit in hits if hit.kind in NAMED]
    before = place.folded[max(place.start, one.start - 14) : one.start]
    if any(hit.end <= one.start for hit in named) and (
        one.name.startswith("等") or before.endswith("等") or any(hit.end == one.start for hit in named)
    ):
        return True
    after = BRACKET.sub("", place.folded[one.end : place.end])
    mark = (MEMBERS_EN if place.english else MEMBERS_ZH).search(after)
    if mark and any(hit.start >= one.end for hit in named):
        return True
    apposed = next((hit for hit in named if hit.start >= one.end), None)
    gap = place.folded[one.end : apposed.start] if apposed else ""
    return bool(apposed) and gap in (", ", ": ", ":", " - ", "(", " (", " ")
