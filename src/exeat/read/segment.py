# ruff: noqa: E501  patterns and sentences stay whole; ruff counts a Chinese character as two
"""Sentences, clauses, quotations with their speaker, enumerations with their lead-in. All are spans into the text.

One regular expression per task, on folded text (see `exeat.read.fold`). Closing quotation marks and brackets stay with the sentence;
； ends a sentence only inside an enumeration, where each item is a statement of its own.
"""

from __future__ import annotations

import re

import msgspec

from exeat.read.model import Span, Text

CLOSE = "”’\"')）」』】\\]"
# Words before a full stop that end no sentence.
SHORT = re.compile(
    r"(?:(?<![A-Za-z])(?:[A-Z]|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mr|Mrs|Ms|Dr|St|No|Nos|Inc|Ltd|Co|Corp|Gov|Sen|Rep|Gen|Sec|Art"
    r"|Doc|Reg|Fed|Pub|vs|etc|al|seq|e\.g|i\.e|a\.k\.a|p\.m|a\.m|[A-Z]\.[A-Z](?:\.[A-Z])?))$"
)
END = re.compile(
    rf"[。！？!?…]+[{CLOSE}]*|(?<=[^0-9\s])\.[{CLOSE}]*(?=\s|$)|(?<=[0-9])\.[{CLOSE}]*(?=\s+[A-Z“\"(]|\s*$)|\n+"
)
# Longer than any sentence of a law or report (the annotated ones stay below 400): what is longer is a list or no prose, and every
# trigger in a sentence is held against all of it, so that the time would grow with the square.
LONGEST = 1_200
CLAUSE = re.compile(r"[,;:，；：、—]|。")
QUOTE = re.compile('“[^”\n]{0,2000}”|「[^」\n]{0,2000}」|(?<![A-Za-z0-9])"[^"\n]{2,}"')
SPEAK_ZH = re.compile(
    "(?P<who>[^,，。;；:：、\n“”]{1,30}?)(?:在[^,，。;；:\n“”]{1,30}?)?(?:还|也|则|并|又|续|对此|随后|进一步|同时)?"
    "(?P<verb>表示|指出|强调|回应|宣布|称|说|指|写道|续称|声称|警告|重申|澄清|透露|表明|认为)(?:道|称|说|,|，|:|：| )*$"
)
SPEAK_EN = re.compile(
    r"(?P<who>[A-Z][^.\n“”\"]{1,60}?) (?P<verb>said|says|added|told [^,\n]{2,30}|wrote|warned|stated)(?: in [^,\n]{2,40}| on [^,\n]{2,30})?[,:]? ?$"
)
AFTER_EN = re.compile(
    r",? ?(?:(?:said|says|added|wrote|according to) (?P<who>[A-Z][^.,\n“”\"]{1,60})|(?P<who2>(?:[A-Z]|the )[^.,\n“”\"]{1,50}?) (?:said|says|added|told|wrote))"
)
AFTER_ZH = re.compile(
    "[,，。]? ?(?P<who>[^,，。;；:：\n“”]{1,30}?)(?:在[^,，。;；:：\n“”]{1,24})?(?:表示|说|称|指出|写道|强调)"
)
# A lead-in ends in a colon and announces items; a statement after 说: is a quotation, not a list.
LEAD = re.compile(
    "(?:包括|如下|以下|下列|分别为|分别是|例如|the following|as follows|including|include)[^。\n:：]{0,24}[:：]"
)
STOP = re.compile("[。\n]")
MARK = re.compile(
    r"(?:^|\n|(?<=[;；。:：,，、]))[ \t]{0,8}(?P<mark>[(（](?:[一二三四五六七八九十]{1,3}|[0-9]{1,2}|[a-z]|[ivx]{1,4})[)）]|[一二三四五六七八九十]{1,3}、|[0-9]{1,2}[.、)]\s?(?![0-9])"
    r"|第[一二三四五六七八九十]{1,2}(?:[,，是]|项原则)|[其][一二三四五][,，是]|[-•*] )"
)
ORDER = "一二三四五六七八九十"


class Quotation(msgspec.Struct, frozen=True):
    """Quoted words with their marks, and who says them (None where the text does not say beside them)."""

    span: Span
    speaker: Span | None = None


class Enumeration(msgspec.Struct, frozen=True):
    """A lead-in and the items under it; ``lead`` is empty (start == end) for items that only carry marks."""

    lead: Span
    items: tuple[Span, ...]


class Segments(msgspec.Struct, frozen=True):
    sentences: tuple[Span, ...]
    quotations: tuple[Quotation, ...]
    enumerations: tuple[Enumeration, ...]


def segment(text: Text) -> Segments:
    """All of a text."""
    folded = text.folded if len(text.folded) == len(text.text) else text.text
    found = sentences(folded)
    return Segments(tuple(found), tuple(quotations(folded)), tuple(enumerations(folded)))


def sentences(folded: str) -> list[Span]:
    """The sentences in order, without white space at their ends. Paragraph ends are sentence ends. Inside a quotation a full stop ends a
    sentence too; its closing mark stays with it."""
    found: list[Span] = []
    begin = 0
    for end in END.finditer(folded):
        if end.group()[0] == "." and SHORT.search(folded, max(0, end.start() - 10), end.start()):
            continue
        _append(found, folded, begin, end.end())
        begin = end.end()
    _append(found, folded, begin, len(folded))
    return found


def _append(found: list[Span], folded: str, begin: int, end: int) -> None:
    while begin < end and folded[begin].isspace():
        begin += 1
    while end > begin and folded[end - 1].isspace():
        end -= 1
    while end - begin > LONGEST:
        cut = max(folded.rfind(mark, begin + LONGEST // 2, begin + LONGEST) for mark in ",;，；、 ") + 1
        found.append(Span(begin, cut or begin + LONGEST))
        begin = found[-1].end
    if begin < end:
        found.append(Span(begin, end))


def clauses(folded: str, sentence: Span) -> list[Span]:
    """The parts of a sentence between commas, colons, semicolons and dashes; commas inside numbers, brackets and book marks do not part."""
    found: list[Span] = []
    begin, depth, at = sentence.start, 0, sentence.start
    while at < sentence.end:
        char = folded[at]
        if char in "(《（[":
            depth += 1
        elif char in ")》）]":
            depth = max(0, depth - 1)
        elif (
            not depth
            and CLAUSE.match(char)
            and char != "、"
            and not (folded[at - 1 : at].isdigit() and folded[at + 1 : at + 2].isdigit())
        ):
            _append(found, folded, begin, at)
            begin = at + 1
        at += 1
    _append(found, folded, begin, sentence.end)
    return found


def quotations(folded: str) -> list[Quotation]:
    """Quoted speech: at least eight characters, or introduced by a word of speech. A quoted name is no quotation."""
    found = []
    for quote in QUOTE.finditer(folded):
        speaker = _speaker(folded, quote.start(), quote.end())
        if speaker is not None or quote.end() - quote.start() >= 20:
            found.append(Quotation(Span(quote.start(), quote.end()), speaker))
    return found


def _speaker(folded: str, start: int, end: int) -> Span | None:
    begin = max(folded.rfind("\n", 0, start) + 1, folded.rfind("。", 0, start) + 1, start - 90, 0)
    before = SPEAK_ZH.search(folded, begin, start) or SPEAK_EN.search(folded, begin, start)
    if before is not None:
        return _trim(folded, *before.span("who"))
    after = (
        AFTER_ZH.match(folded, end)
        if folded[end : end + 1] in ",，" or folded[end - 2 : end - 1] in ",，。!?"
        else None
    )
    if after is not None:
        return _trim(folded, *after.span("who"))
    english = AFTER_EN.match(folded, end)
    if english is not None:
        return _trim(folded, *english.span("who" if english["who"] else "who2"))
    return None


def _trim(folded: str, start: int, end: int) -> Span | None:
    while start < end and folded[start] in " ,，":
        start += 1
    while end > start and folded[end - 1] in " ,，":
        end -= 1
    return Span(start, end) if start < end else None


def enumerations(folded: str) -> list[Enumeration]:
    """Lists: a lead-in with a colon and items parted by ； (or 、 … ；), or items with marks (一、 (1) a. -) in order of their marks."""
    found: list[Enumeration] = []
    done = 0
    for lead in LEAD.finditer(folded):
        if lead.start() < done:
            continue  # inside the items of the one before
        stop = STOP.search(folded, lead.end())
        end = stop.start() if stop else len(folded)
        done = end
        items: list[Span] = []
        begin = lead.end()
        for mark in re.finditer("[;；]", folded[lead.end() : end]):
            _append(items, folded, begin, lead.end() + mark.start())
            begin = lead.end() + mark.end()
        _append(items, folded, begin, end)
        if len(items) > 1:
            start = max(folded.rfind("\n", 0, lead.start()), folded.rfind("。", 0, lead.start())) + 1
            while start < lead.end() and folded[start].isspace():
                start += 1
            found.append(Enumeration(Span(start, lead.end()), tuple(items)))
    found += _marked(folded)
    return sorted(found, key=lambda one: (one.items[0].start, one.lead.start))


def _marked(folded: str) -> list[Enumeration]:
    """Items that carry marks; a run begins with the first mark of its kind (一, 1, a)."""
    marks = [(match.start("mark"), match.end("mark"), _rank(match["mark"])) for match in MARK.finditer(folded)]
    runs: list[list[tuple[int, int]]] = []
    expected: dict[str, tuple[int, list[tuple[int, int]]]] = {}
    for start, end, (kind, rank) in marks:
        run = expected.get(kind)
        if rank == 1 or (kind == "-" and (run is None or folded.count("\n", run[1][-1][0], start) > 1)):
            items = [(start, end)]
            runs.append(items)
            expected[kind] = (2, items)
        elif run is not None and (rank == run[0] or kind == "-"):
            run[1].append((start, end))
            expected[kind] = (rank + 1, run[1])
    found = []
    for items in runs:
        if len(items) < 2:
            continue
        spans: list[Span] = []
        for index, (start, _) in enumerate(items):
            limit = items[index + 1][0] if index + 1 < len(items) else _end_of_item(folded, start)
            _append(spans, folded, start, limit)
        line = folded.rfind("\n", 0, max(0, items[0][0] - 1)) + 1
        lead = folded[line : items[0][0]].rstrip()
        begins = line if lead.endswith((":", "：")) else items[0][0]
        found.append(Enumeration(Span(begins, line + len(lead) if begins == line else begins), tuple(spans)))
    return found


def _end_of_item(folded: str, start: int) -> int:
    end = folded.find("\n", start)
    return len(folded) if end < 0 else end


def _rank(mark: str) -> tuple[str, int]:
    bare = mark.strip("()（）.、,，是 ")
    kind = re.sub("[0-9]+", "1", re.sub("[一二三四五六七八九十]+", "一", mark.strip()))
    if bare.startswith(("第", "其")):
        bare = bare[1:].removesuffix("项原则")
    if bare.isdigit():
        return kind, int(bare)
    if bare and all(char in ORDER for char in bare):
        value = ORDER.index(bare[-1]) + 1 if bare[-1] != "十" or len(bare) == 1 else 10 * (ORDER.index(bare[0]) + 1)
        return re.sub("项原则|[,，是]", "", kind), value + (10 if len(bare) > 1 and bare[0] == "十" else 0)
    if len(bare) == 1 and bare.isascii() and bare.isalpha():
        return "(a)", ord(bare) - ord("a") + 1
    return "-", 0
