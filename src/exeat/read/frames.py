"""Frames: trigger words in their surroundings become drafts of mentions, each with slots, status and the steps that
led to it.

One pass over the sentences; in each, the triggers from left to right, the longest first, the first frame whose
conditions hold. Nothing is inherited here: what a sentence does not say stays empty and is filled in by `assemble`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

import msgspec

from exeat.read import objects
from exeat.read.fold import LETTER, count
from exeat.read.lexicon import Frame, Lexicon
from exeat.read.model import Span, Step, Text, TimeValue
from exeat.read.patterns import pattern
from exeat.read.segment import sentences
from exeat.read.spot import Count, Hit, Spots

CLAUSE = re.compile(
    r"[,;:](?![0-9]{3}(?![0-9]))|[。!?]|(?<=[\u4e00-\u9fff》”]) (?=[\u4e00-\u9fff《“])"
)  # the space is that of headlines
CLAUSE_EN = re.compile(r"[;:](?= )|,(?= )|[!?](?= |$)|[.](?=[”\"']?$)")  # a stop inside a sentence ends an abbreviation
OPAQUE = frozenset(
    {
        "title",
        "law",
        "list",
        "catalogue",
        "initiative",
        "body",
        "arrangement",
        "company",
        "app",
        "person",
        "number",
        "authority",
        "media",
    }
)
OWNED = frozenset(
    {
        "measure_ref",
        "list",
        "catalogue",
        "law",
        "deal",
        "company_class",
        "app_class",
        "technology_class",
        "person_class",
    }
)
CHAIN = re.compile(
    r"^(?:[ 、]|和|与|及|以及|或|或者|会同|联合|, ?| and | or |, and |以及其他|等| ?\([^()]{1,40}\) ?|的)*$"
)
CHAIN_ACTOR = re.compile(
    r"^(?: ?\([^()]{1,30}\) ?|[ 、]|和|与|及|以及|会同|联合|, | and |, and |长|部长|发言人|的|兼|, ?随后, ?|纷纷|“|”)*$"
)
POSSESSIVE = pattern("possessive-right")
ACT_ZH = pattern("act-right-zh")
ACT_EN = pattern("act-right-en")
PREPOSITION_ZH = pattern("preposition-left-zh")
PREPOSITION_EN = re.compile(r"\b(?:with|against|to|for|of|from|on|in|into|targeting|urged|between|by) (?:the )?$")
BY_ZH = re.compile(r"(?:被|遭|遭到|受到|经|由)$")
BY_EN = re.compile(r"\bby (?:the )?$")
TARGET_LEAD = pattern("target-lead")
PASSIVE = re.compile(r"(?:被|遭到?|受到?|获)(?:[^,。;被]{0,10})$")
FROM = re.compile(
    r"^(?: ?\([^()]{0,12}\))? ?(?:后)?(?:起(?![诉草码飞步])|开始|生效|施行|实施|正式|以后|之后起|之前|午夜起)"
)
FROM_LEFT = pattern("from-left", re.IGNORECASE)
EFFECT_RIGHT = re.compile(r"^[^,。;]{0,12}(?:生效|施行|实施|起|开始)")
BEFORE_RIGHT = re.compile(r"^ ?(?:之?前|以前|为止|内)")
BEFORE_LEFT = re.compile(r"\b(?:by|before|until|till|no later than|deadline (?:is|of)) $", re.IGNORECASE)
ENUMERATION = re.compile(r"^[^,。;:]{0,14}:")
SPEAKERS = frozenset({"authority", "government", "company", "media", "person", "court", "app", "country"})
PRONOUN = pattern("pronoun")
SELF = pattern("self")
LIST_VERB = re.compile(r"blacklist", re.IGNORECASE)
REF_APPS = pattern("ref-apps")
REF_LISTED = pattern("ref-listed")
REF_INITIATIVE = pattern("ref-initiative", re.IGNORECASE)
REF_LAW = pattern("ref-law")
CATALOGUE = re.compile("目录|名录")


STATEMENT = re.compile(r"^[^,。;]{0,16}(?:声明|公告|新闻稿)|[^.;]{0,20}(?:announced|said in a (?:statement|release))")
STATED = re.compile(r"(?:^|[,;:])(?:对此,)?(?:该)?声明(?:中)?(?:还)?(?:称|说|指|强调|表示|指出|写道|,)")
PROVIDES = pattern("provides")
GOES_ON, GOES_ON_NAME = pattern("goes-on"), pattern("goes-on-name")
ENACTING = frozenset({"adopt_law", "adopt_rules", "amend_catalogue", "propose", "order", "prohibit"})
TAKING_EFFECT = ENACTING | {
    "list_add",
    "list_remove",
    "require_licence",
    "restrict_export",
    "restrict",
    "prohibit_export",
    "amend",
    "designate",
    "revoke",
}
OWN_ACT = re.compile(
    "^(?:第?[一二三四五六七八九十]{1,3}[、条] ?)?本(?:公告|通告|令|决定|规定|办法|条例|通知)"
    r"|^(?:Effective date: ?|\(?[0-9]+[).] ?)*"
    r"This (?:final |interim final |interim )?(?:rule|order|notice|regulation|document)\b"
    r"|^(?:\(?[0-9]+[).] ?—? ?)*These (?:Regulations|Rules|amendments|additions)\b",
    re.IGNORECASE,
)
ACTS = {
    "行政令": "order",
    "行政命令": "order",
    "总统令": "order",
    "executive order": "order",
    "法律": "adopt_law",
    "新法": "adopt_law",
    "该法": "adopt_law",
    "规定": "adopt_rules",
    "办法": "adopt_rules",
    "export control": "restrict_export",
    "export curb": "restrict_export",
    "export ban": "prohibit_export",
    "条例": "adopt_rules",
}
ORDERER = re.compile(
    r"\bI hereby (?:order|determine|direct|find)|\bI, [A-Z][A-Za-z.\s]+, ?President|hereby ordered as follows"
)
# an act of the Union: the institution, in capitals, then recitals, then these words
ADOPTED = re.compile("^(?:HAS|HAVE) (?:ADOPTED|DECIDED)")
DENYING = frozenset({"deny_relief", "rule"})  # what is denied was asked for: 驳回甲的诉讼
STOPPED = re.compile("(?:暂停|停止|中止|取消|推迟|撤销|暂缓)(?:执行|实施)?(?:对|将|把)")
THEM = re.compile("(?:其(?![他它中余实])|它们|他们)| (?:them|it)\\b")
LEADS_TO_LICENCE = frozenset({"list_add", "restrict_export", "restrict", "designate"})
# 签署命令,将在45天后禁止…: a day may stand between
ORDERING = re.compile(
    r"^ (?:that |to |of |for |which )?(?:[a-z]+ly )?$|^[^,。;]{0,6}[,，]?(?:[将在于自][^,。;]{0,10})?$"
)
CHANGING = frozenset({"enjoin", "delay", "revoke", "deny_relief", "litigate"})
BESIDE, POINTING, FEAR, DRAWN = pattern("complement-break"), pattern("pointing"), pattern("fear"), pattern("drawn")
ADDRESSED = pattern("addressed-left")
OBJECT_LEFT = pattern("object-left-zh")
NOTICE_RIGHT = pattern("notice-right")
DATED_TEXT, DESCRIBED, TOLD_OF = pattern("dated-text"), pattern("described-left"), pattern("told-of")
EDITION, BASIS, UNTIL = pattern("edition-right"), pattern("basis-left"), pattern("until-left")
TRIES = pattern("tries")
GOING_ON, VOLUNTARY = pattern("going-on"), pattern("asked-voluntarily")
BY_MEDIA, DRAFT_SOURCE = pattern("told-by-media"), pattern("draft-source")
DESTINATION_LEFT, DESTINATION_RIGHT = pattern("destination-left"), pattern("destination-right")
ATTRIBUTE = pattern("attribute-right")
HEADED = re.compile(
    r"\n[一二三四五六七八九十]{1,3}、 ?(?P<name>[^\n,。;:!?、]{1,20}(?:物项|技术|材料|设备|产品|金属))(?=\n)"
)
INSTRUMENTAL = frozenset({"list", "catalogue", "initiative", "law", "body", "arrangement"})
FAR_HEADS = 8_000  # characters below a lead-in in which its heads stand
FAR_BACK = 4  # paragraphs over which a measure called by its kind is told on
DAY = 10  # characters of an ISO day
ALL_OF_THEM = re.compile(
    "上述(?:政策|措施|公告|管制|规定|禁令)|这些(?:措施|规定|禁令)"
    "|\\b(?:[Tt]hese|[Tt]he above) (?:measures|restrictions|controls|rules)"
)
COORDINATED = re.compile("(?: ?\\([^()]{1,40}\\) ?)?(?:和|与|及|以及|、)")
OWN_MEASURE = 20  # characters from a body to the word for its measure
WHOSE = re.compile("的?|(?:对|针对)[^,。;]{1,16}的")  # 商务部的禁令, 商务部对微信的禁令: whose measure it is
CAUSE = re.compile("(?:由于|因为?)$")  # the reason is an act with a subject of its own
BRACKETED = re.compile(r"\([^()]{1,80}\)")  # what stands in brackets begins no clause
APPROVER_LEFT, APPROVER_RIGHT = re.compile("经[^,。;]{0,16}$"), re.compile("^[^,。;]{0,16}(?:批准|同意|核准|授权)")
LIST_WORD = re.compile(
    r"\b(?:a|its|the|their) list of (?:[a-z-]+ ){0,3}(?:entities|companies|firms|parties)|control list\b"
)
LAW_NAME = re.compile("[一-鿿]{2}(?<![方办合非司立执违守依无设想说做宪])法(?![律院官人制庭国办案])|法案")
STATEMENT_SAID = re.compile(r"\b(?:statement|notice|announcement) said\b")
RELATIVE = re.compile(r"^ ?(?:which|who|that)(?: had| has| have| also)? ?$")
DEADLINE = re.compile("deadline|期限|限期|宽限期")
ACTING = frozenset({"authority", "government", "court"})  # who acts is no object that a verb finds nowhere near
NO_BASIS = re.compile(r"[^,。;]{0,16}(?:没有法律依据|缺乏法律依据)")
GRANTS = re.compile(r"(?:有关部门|主管部门)?的?(?:批准|许可|同意|授权|核准)|'s? (?:approval|permission)")
SOON = frozenset({"预定", "将", "将于", "将在", "will", "is set to", "is expected to"})
PLAIN_FUTURE = frozenset({"将", "将要", "将会", "will", "would", "is to"})
SAID_BREAK, SAID_BREAK_EN = re.compile("[。;“]"), re.compile("[;“]")
SAID_ON = re.compile(r"\b(?:he|she|it|the company|they) (?:said|added|told|wrote)\b")
OBJECT_MARK, BESIDE_LEFT, PARTNER_LEFT = (
    re.compile("[把被]"),
    re.compile("[与和、及]$"),
    re.compile("(?:[与同和]|with )$"),
)
OWNING = re.compile("的|公司的|等(?:企业|公司)的|禁令|交易|收购|美国|首席|提案")
BEFORE_END, FROM_WORDS, DIGITS_ON = re.compile("前$|为止$"), re.compile("起$|开始$|^自|^从"), re.compile("[0-9].*")
DECIDED = re.compile("决定$")  # 决定将甲列入: 将 marks the object
GIVEN_OUT = re.compile(" ?(?:公布|发布|签署|宣布|颁布|通过|发表|推出)")
NEXT_THING = re.compile(r",|[—–]|\.| and | to | from | or ")
VERB_DECIDE = re.compile("(?:这|该|此|一|项|个|的|其)(?:一|项|个)?$")  # before 决定 as a noun
REDUCED = "reduced"  # a frame for what a participle tells of a noun
BUT = re.compile(",但是?|, but ")
OWN_OBJECT = re.compile("[将把](?![于在被会对从由])[^,。;]{2,}$")  # 将甲列入: whoever is listed stands right here
MOST_TIMES = 12  # the times of a sentence that one statement may take, the nearest
Why = tuple[str, Span, str]
THESE = re.compile(r"^(?:这些措施|这些举措|上述措施|These measures|The measures)")
INCLUDES = re.compile(r"包括|including|includes")
CONTINUES = re.compile(r"也将|还将|届时|此外|亦将|同时|也会|also")


def _at(low: int, match: re.Match[str]) -> Span:
    return Span(low + match.start(), low + match.end())


class Draft(msgspec.Struct):
    """A mention in the making. ``trigger`` and ``clause`` are spans, ``hits`` the names that fill a slot."""

    frame: Frame
    sentence: int
    paragraph: int
    trigger: Span
    span: Span
    actors: list[Hit]
    targets: list[Hit]
    times: list[TimeValue]
    counts: list[Count]
    status: str
    speaker: Hit | None
    steps: list[Step]
    effective: TimeValue | None = None
    announced: TimeValue | None = None
    deadline: TimeValue | None = None
    instruments: list[Hit] = []
    refers: str = ""
    item: bool = False
    action: str = ""
    group: str = ""
    actor_by: str = "sentence"
    extra: list[Span] = []


class _Sentence(msgspec.Struct):
    number: int
    paragraph: int
    start: int
    end: int
    cuts: list[int]
    hits: list[Hit]
    times: list[TimeValue]
    counts: list[Count]
    english: bool
    speaker: Hit | None
    quoted: bool

    def clause(self, at: int) -> tuple[int, int]:
        """The clause around an offset."""
        begin, end = self.start, self.end
        for cut in self.cuts:
            if cut <= at:
                begin = cut
            else:
                end = cut
                break
        return begin, end


def frames(text: Text, spots: Spots, times: Sequence[TimeValue], lexicon: Lexicon) -> list[Draft]:
    """All drafts of a text, in order."""
    return _Reader(text, spots, times, lexicon).drafts()


class _Reader:
    def __init__(self, text: Text, spots: Spots, times: Sequence[TimeValue], lexicon: Lexicon) -> None:
        self.folded, self.spots, self.lexicon = text.folded, spots, lexicon
        self.times = sorted(times, key=lambda one: (one.at.start, -one.at.end))
        self.time_starts = [one.at.start for one in self.times]
        self.count_starts = [one.start for one in spots.counts]
        self.found: list[Draft] = []
        self.apps: list[Hit] = []
        self.listed: list[Hit] = []
        self.parties: list[Hit] = []  # those that the last statement with parties acted on
        self.orderer: Hit | None = None
        self.last_speaker: tuple[int, Hit] | None = None
        self.statement: Hit | None = None
        self.own_effect: Draft | None = None
        self.speech: dict[str, TimeValue] = {}

    def drafts(self) -> list[Draft]:
        spans = sentences(self.folded)
        paragraph, last, speaker, quoted, free = 0, 0, None, False, 0
        triggers = self.spots.triggers
        at = 0
        for number, span in enumerate(spans):
            paragraph += self.folded.count("\n", last, span.start)
            last = span.start
            one = self._sentence(number, paragraph, span, speaker, quoted)
            quoted = self._open(span, quoted)
            speaker = one.speaker
            apps = [hit for hit in one.hits if hit.kind == "app"]
            free = span.start
            while at < len(triggers) and triggers[at][0] < span.start:
                at += 1
            before = len(self.found)
            while at < len(triggers) and triggers[at][0] < span.end:
                start, end, numbers = triggers[at]
                at += 1
                if start < free:
                    continue
                taken = self._trigger(one, start, end, numbers)
                free = max(free, taken)
            if apps:
                self.apps = apps
            for draft in self.found[before:]:
                named = [hit for hit in draft.targets if hit.kind in objects.PARTIES]
                if named and draft.group == "measure":
                    self.parties = named
                if draft.frame.action == "list_add" and draft.targets:
                    self.listed = draft.targets
        if self.own_effect is not None:  # 本公告自公布之日起实施: of all that the notice does, before and after
            self._in_force(self.own_effect, self.found, "the day of effect of the whole notice")
        listings = {old.frame.id for old in self.found if old.action == "list_add" and REDUCED not in old.frame.flags}
        if listings:  # "the firms added to the list" tells of a listing; alone it is all that is told of it
            self.found = [old for old in self.found if REDUCED not in old.frame.flags]
        return self.found

    def _open(self, span: Span, before: bool) -> bool:
        part = self.folded[span.start : span.end]
        if "“" not in part and "”" not in part:
            return before
        return part.rfind("“") > part.rfind("”")

    def _sentence(self, number: int, paragraph: int, span: Span, speaker: Hit | None, quoted: bool) -> _Sentence:
        part = self.folded[span.start : span.end]
        english = count(LETTER, part) * 2 > len(part)
        bare = BRACKETED.sub(lambda match: "\0" * len(match.group()), part) if "(" in part else part
        cuts = [span.start + cut.end() for cut in (CLAUSE_EN if english else CLAUSE).finditer(bare)]
        hits = self.spots.between(span.start, span.end)
        first, last = bisect_left(self.time_starts, span.start), bisect_left(self.time_starts, span.end)
        times = [one for one in self.times[first:last] if not one.not_a_date and not self._of_a_text(one)]
        counts = self.spots.counts[
            bisect_left(self.count_starts, span.start) : bisect_left(self.count_starts, span.end)
        ]
        one = _Sentence(number, paragraph, span.start, span.end, cuts, hits, times, counts, english, None, quoted)
        one.speaker = self._speaker(one, speaker, quoted)
        if one.speaker is not None:
            self.last_speaker = (number, one.speaker)
            day = next(
                (
                    time
                    for time in times
                    if time.bound in ("on", "") and len(time.start) == 10 and time.start == time.end
                ),
                None,
            )
            if (
                day is not None
                and one.speaker.end <= span.end
                and one.speaker.start >= span.start
                and day.at.start - one.speaker.end < 30
            ):
                self.speech[one.speaker.id] = day
        if english and ORDERER.search(part):
            self.orderer = next((hit for hit in self.spots.hits if hit.id in self.lexicon.heads), None)
        if english and ADOPTED.search(part):
            before = (hit for hit in reversed(self.spots.hits) if hit.start < span.end)
            self.orderer = next((hit for hit in before if hit.kind == "authority" and hit.name.isupper()), self.orderer)
        for hit in hits:
            if hit.kind in ("authority", "government", "company") and STATEMENT.match(
                self.folded[hit.end : hit.end + 30]
            ):
                self.statement = hit
        return one

    def _of_a_text(self, time: TimeValue) -> bool:
        """2008年版目录, under the 2018 Act: the date of an edition or of what an act rests on, not of an act."""
        left = self.folded[max(0, time.at.start - 16) : time.at.start]
        right = self.folded[time.at.end : time.at.end + 16]
        return bool(EDITION.match(right) or (BASIS.search(left) and not NOTICE_RIGHT.match(right)))

    def _speaker(self, one: _Sentence, before: Hit | None, quoted: bool) -> Hit | None:
        said = self.lexicon.cues.said[1 if one.english else 0]
        for hit in one.hits:
            if hit.kind not in SPEAKERS:
                continue
            if hit.kind == "country" and (
                POSSESSIVE.match(self.folded[hit.end : hit.end + 8]) or self.folded[hit.end : hit.end + 1] == "的"
            ):
                continue
            window = self.folded[hit.end : min(one.end, hit.end + (60 if one.english else 30))]
            cue = said.search(window)
            if cue and not (SAID_BREAK_EN if one.english else SAID_BREAK).search(window, 0, cue.start()):
                gap = window[: cue.start()]
                if not one.english and gap.count(",") > 1:
                    continue
                if hit.kind in ("country", "company", "app") and any(
                    hit.end <= other.start < hit.end + cue.start() and other.kind in SPEAKERS for other in one.hits
                ):
                    continue
                return hit
        first = self.folded[one.start : one.end].lstrip('“" ')
        if STATED.search(first) and self.statement is not None:
            return self.statement
        if PRONOUN.match(first) and self.last_speaker is not None and one.number - self.last_speaker[0] <= 4:
            return self.last_speaker[1]
        if quoted or first.startswith(("据", "此外", "同时")):
            return before
        if one.english and SAID_ON.search(self.folded, one.start, one.end):
            return before
        return None

    # --- one trigger

    def _trigger(self, one: _Sentence, start: int, end: int, numbers: tuple[int, ...]) -> int:
        cover = next((hit for hit in one.hits if hit.start <= start and end <= hit.end), None)
        if (
            cover is not None
            and cover.kind in OPAQUE
            and (cover.end - cover.start) > (end - start)
            and not LIST_VERB.search(cover.name)
        ):
            return 0
        begin, stop = one.clause(start)
        stop = max(stop, end)
        first, first_left, right = begin, self.folded[begin:start], self.folded[end : one.end]
        for order in numbers:
            frame = self.lexicon.frames[order]
            if frame.english != one.english:
                continue
            begin, left = self._across(one, frame, start, first, first_left)
            left = self.folded[one.start : start] if "whole" in frame.flags else left
            if frame.left and not frame.left.search(left):
                continue
            if (
                frame.not_left
                and frame.not_left.search(left)
                and not (frame.left_unless and frame.left_unless.search(left))
            ):
                continue
            if frame.right and not frame.right.match(right):
                continue
            if frame.not_right and frame.not_right.match(right):
                continue
            if not self._needed(one, frame, begin, stop, start, end):
                continue
            if self._told_as_object(one, frame, begin, start):
                continue
            if self._draft(one, frame, start, end, begin, stop):
                return end
        return 0

    def _across(self, one: _Sentence, frame: Frame, start: int, begin: int, left: str) -> tuple[int, str]:
        """Where the clause of a verb begins whose object stands behind a word (对甲,以及…的乙,实施制裁) that may lie
        clauses before it; and what stands from there to the verb."""
        word = frame.options.get("across", "")
        if not word or word == "true" or word in left:
            return begin, left
        whole = self.folded[one.start : start]
        at = whole.rfind(word)
        if at < 0 or ";" in whole[at:] or any(at + one.start <= old.trigger.start for old in self._here(one)):
            return begin, left
        return one.clause(one.start + at)[0], whole[at:]

    def _told_as_object(self, one: _Sentence, frame: Frame, begin: int, start: int) -> bool:
        """暂停执行把甲列入名单的命令, delayed its ban on X: what is stopped or put off is not done again."""
        if (
            frame.action == "list_add"
            and TOLD_OF.match(self.folded[start : one.end])
            and PASSIVE.search(self.folded[begin:start])
        ):
            return any(old.action == "list_add" for old in self.found)
        if frame.action == "litigate":
            return any(old.action in DENYING and begin <= old.trigger.start < start for old in self._here(one))
        if frame.group != "measure":
            return False
        if STOPPED.search(self.folded[begin:start]):
            return True
        for old in self._here(one):
            ordered = old.action == "order" and old.frame.options.get("signed") and old.trigger.end <= start
            if ordered and ORDERING.match(self.folded[old.trigger.end : start]):
                if frame.action not in CHANGING:
                    return True  # what the order does
                self.found.remove(old)  # an order that changes a measure is told as the change
                return False
        if frame.action in CHANGING:
            return False
        for old in self._here(one):
            if old.action in CHANGING and begin <= old.trigger.start < start:
                return not BESIDE.search(self.folded[old.trigger.end : start])
        return False

    def _needed(self, one: _Sentence, frame: Frame, begin: int, stop: int, start: int, end: int) -> bool:
        if not frame.need:
            return True
        wide = frame.options.get("in") == "sentence" or one.english
        low, high = (one.start, one.end) if wide else (begin, self._object_end(one, end, stop))
        low = low if wide else self._before_clause(one, begin)
        part = self.folded[low:high]
        for hit in one.hits:
            if hit.start < high and hit.end > low and hit.kind in frame.need:
                return True
        if "quantity" in frame.need and any(low <= count.start < high for count in one.counts):
            return True
        return (
            ("app_ref" in frame.need and bool(REF_APPS.search(part)))
            or ("init_ref" in frame.need and bool(REF_INITIATIVE.search(part)))
            or ("law_ref" in frame.need and bool(REF_LAW.search(part)))
            or ("list_word" in frame.need and bool(LIST_WORD.search(part)))
            or ("law_name" in frame.need and bool(LAW_NAME.search(part)))
            or ("catalogue" in frame.need and bool(CATALOGUE.search(part)))
            or ("list_verb" in frame.need and bool(LIST_VERB.search(self.folded[start:end])))
            or ("deadline_word" in frame.need and bool(DEADLINE.search(part)))
            or ("quoted" in frame.need)
        )

    def _before_clause(self, one: _Sentence, begin: int) -> int:
        """The clause before, where this one only continues it."""
        if begin <= one.start:
            return begin
        return one.clause(begin - 1)[0] if begin - 1 >= one.start else begin

    def _object_end(self, one: _Sentence, end: int, stop: int) -> int:
        """The end of what the verb governs: its clause, and the clauses that go on listing (包括…, including …, and
        …)."""
        limit = one.end
        at = max(stop, end)
        while at < limit:
            tail = self.folded[at:limit].lstrip()
            if GOES_ON.match(tail):
                nxt = next((cut for cut in one.cuts if cut > at + 1), limit)
                at = nxt
            elif (
                one.english
                and self.folded[at - 1 : at] == ","
                and (GOES_ON_NAME.match(tail) or self._goes_on_thing(one, limit - len(tail)))
            ):
                at = next((cut for cut in one.cuts if cut > at + 1), limit)
            else:
                break
        return at

    def _goes_on_thing(self, one: _Sentence, at: int) -> bool:
        """Tungsten, graphite, and tin: goods behind a comma, with the end of a list's member behind them."""
        at += 4 if self.folded.startswith("and ", at) else 0
        return any(hit.start == at and hit.kind in objects.THINGS and NEXT_THING.match(self.folded, hit.end)
                   for hit in one.hits)  # fmt: skip

    def _governed(self, one: _Sentence, frame: Frame, end: int, stop: int) -> int:
        """The end of what the verb governs; of a ``wide`` frame, no sooner than the word that its pattern ends with."""
        high = self._object_end(one, end, stop)
        reach = frame.right.match(self.folded[end : one.end]) if "wide" in frame.flags and frame.right else None
        return max(high, end + reach.end()) if reach else high

    def _draft(self, one: _Sentence, frame: Frame, start: int, end: int, begin: int, stop: int) -> bool:
        steps = [Step(f"frame.{frame.id}", Span(start, end), frame.options.get("why", ""))]
        status, why = self._status(one, frame, start, end, begin, stop)
        if why:
            steps.append(Step(*why))
        if status == "drop":
            return False
        actors, how = self._actors(one, frame, start, end, begin)
        if not actors and (
            "need_actor" in frame.flags or (why and why[0] == "modality.called" and status == "proposed")
        ):
            return False  # who asks for an act is not who does it
        if actors:
            steps.append(Step(f"actor.{how}", Span(actors[0].start, actors[-1].end), "acts"))
        high = self._governed(one, frame, end, stop)
        targets = self._targets(one, frame, start, end, begin, high, actors)
        if "names" in frame.options:  # the members of a list may stand beyond its clause
            high = max([high, *(hit.end for hit in targets if high < hit.end <= one.end)])
        if frame.action == "require_licence":
            targets, status = self._follows(one, start, targets, status, steps)
        if frame.options.get("min") == "1" and not targets:
            return False
        draft = Draft(
            frame, one.number, one.paragraph, Span(start, end), Span(begin, high), actors, targets, [], [], status,
            one.speaker, steps, action=frame.action, group=frame.group, actor_by=how if actors else "",
        )  # fmt: skip
        if not self._completed(one, draft):
            return False
        self._span(one, draft, begin, high)
        draft.counts = (
            [
                count
                for count in one.counts
                if draft.span.start <= count.start < high and self._counted(one, draft, count)
            ]
            if frame.group != "reaction"
            else []
        )
        draft.instruments = [hit for hit in one.hits if hit.form in ("title", "number") or hit.kind in INSTRUMENTAL]
        wider = next((old for old in self._here(one) if old.group == "initiative"), None)
        if wider is not None and draft.group == "measure" and INCLUDES.search(self.folded[wider.trigger.end : start]):
            draft.group = "initiative"  # what a programme includes is part of it, not law
        if not self._split(one, draft):
            self._moments(one, draft, begin, high)
            if "merge_only" in frame.flags:
                return self._takes_effect(one, draft)
            if not ("enumerates" in frame.flags and self._enumerate(one, draft, end)):
                self.found.append(draft)
        return True

    def _counted(self, one: _Sentence, draft: Draft, count: Count) -> bool:
        """Whether a number belongs to this verb: not where an earlier statement of the sentence stands between or in
        its clause."""
        at = draft.trigger.start
        return count.start >= at or not any(
            old.group == "measure" and old.trigger.start < at and (
                count.start < old.trigger.end or one.clause(count.start) == one.clause(old.trigger.start))
            and one.clause(old.trigger.start) != one.clause(at)
            for old in self._here(one)
        )  # fmt: skip

    def _follows(
        self, one: _Sentence, start: int, targets: list[Hit], status: str, steps: list[Step]
    ) -> tuple[list[Hit], str]:
        """A licence is needed for what was listed or restricted in the sentence before: that duty is no plan of its
        own."""
        old = next((old for old in reversed(self.found) if old.group == "measure"), None)
        if old is None or old.action not in LEADS_TO_LICENCE or one.number - old.sentence > 1:
            return targets, status
        known = {hit.id or hit.name for hit in old.targets}
        if targets and not known & {hit.id or hit.name for hit in targets}:
            return targets, status
        if status == "planned" and old.status == "announced":
            status = "announced"
            steps.append(Step("status.follows", Span(start, start), "it follows from the act just told"))
        return targets or list(old.targets), status

    def _completed(self, one: _Sentence, draft: Draft) -> bool:
        """What a statement takes from around its sentence: who gives the order, what follows its colon, what it
        repeats."""
        frame = draft.frame
        if not draft.actors and self.orderer is not None and frame.group == "measure":
            draft.actors, draft.actor_by = [self.orderer], "order"
        if self.folded[one.start : one.end].rstrip().endswith(":") and frame.target:
            known = {hit.id for hit in draft.targets}
            following = [hit for hit in self.spots.between(one.end, one.end + 400) if hit.kind in ("app", "company")]
            if frame.target & {"item", "technology"}:
                following += self._headed(one.end)
            draft.targets = [*draft.targets, *(hit for hit in following if hit.id not in known)][:12]
        if "repeats" not in frame.flags:
            return True
        before = next((old for old in reversed(self.found) if old.group == "measure"), None)
        if before is None:
            return False
        draft.actors, draft.action = draft.actors or before.actors, before.action
        return True

    def _headed(self, at: int) -> list[Hit]:
        """一、钐相关物项 / 二、…: the things that the numbered heads below a lead-in name; an end mark makes a line
        text."""
        found = []
        for match in HEADED.finditer(self.folded, max(0, at - 1), at + FAR_HEADS):
            found.append(Hit(match.start("name"), match.end("name"), "item", "", match["name"], form="listed"))
        return found

    def _here(self, one: _Sentence) -> list[Draft]:
        """The drafts of this sentence, in order."""
        found: list[Draft] = []
        for old in reversed(self.found):
            if old.sentence != one.number:
                break
            found.append(old)
        return found[::-1]

    def _takes_effect(self, one: _Sentence, draft: Draft) -> bool:
        """该法将于…起施行: the day of effect of the act spoken of just before; on its own only where the act is
        named."""
        draft.effective = draft.effective or draft.deadline or draft.announced
        if draft.effective is None:
            return False
        part = self.folded[draft.span.start : draft.span.end]
        named = next((action for word, action in ACTS.items() if word in part), "")
        if OWN_ACT.search(part):
            self.own_effect = draft
            return True
        if ALL_OF_THEM.search(part):
            told = [old for old in self.found[-40:] if old.paragraph == one.paragraph]
            if self._in_force(draft, told, "the day of effect of what the paragraph tells"):
                return True
        late = self.found[-40:]
        recent = [old for old in late if old.paragraph >= one.paragraph - 1]
        called = [old for old in late if old.action == named and old.paragraph >= one.paragraph - FAR_BACK]
        for old in reversed(called or recent):
            if (
                old.group == "measure"
                and old.action in TAKING_EFFECT
                and (old.frame.status == "" or "merge_only" in old.frame.flags)
            ):
                if old.effective is None:
                    old.effective = draft.effective
                    old.extra = [*old.extra, draft.span]
                    old.steps.append(
                        Step("effect.told-after", draft.span, "the day of effect is told in a later sentence")
                    )
                return True
        draft.announced = None
        if any(
            hit.start >= draft.span.start and hit.end <= draft.span.end and hit.kind in ("law", "title")
            for hit in one.hits
        ):
            self.found.append(draft)
        return True

    def _in_force(self, draft: Draft, told: Sequence[Draft], why: str) -> bool:
        """Gives the day of effect to those acts that have none of their own; whether there were any."""
        open_ones = [
            old for old in told if old.group == "measure" and old.action in TAKING_EFFECT and old.effective is None
        ]
        for old in open_ones:
            old.effective = draft.effective
            old.extra = [*old.extra, draft.span]
            old.steps.append(Step("effect.of-notice", draft.span, why))
        return bool(open_ones)

    # --- status

    def _status(
        self, one: _Sentence, frame: Frame, start: int, end: int, begin: int, stop: int
    ) -> tuple[str, Why | None]:
        """The status that the words around a trigger give, ``drop`` where nothing happened; and why."""
        no = self._polarity(one, frame, start, end, begin)
        if no is not None:
            return "drop", no
        if frame.status:
            return frame.status, None
        found = self._modality(one, frame, start, begin) or self._future(one, frame, start, begin)
        return self._source(one, frame, start, begin, found)

    def _source(
        self, one: _Sentence, frame: Frame, start: int, begin: int, found: tuple[str, Why | None]
    ) -> tuple[str, Why | None]:
        """What goes on without a day is ongoing; what only media tell is reported; what a draft says is draft; what
        others are asked to do of their own will is voluntary."""
        status, cue = found
        left = self.folded[one.start : start]
        day = any(time.precision == "day" for time in one.times)
        if status == "planned" and DRAFT_SOURCE.search(left):
            return "draft", ("status.draft", Span(one.start, start), "what a draft says")
        low = max(begin, cue[1].start) if cue else begin  # a day before the word for the future is that of saying so
        fixed = [time for time in one.times if low <= time.at.start < start and time.precision == "day"]
        if status == "planned" and any(time.bound in ("on", "") for time in fixed):
            return "scheduled", ("status.scheduled", fixed[0].at, "a day is fixed")
        if frame.action == "call_on" and VOLUNTARY.search(self.folded[one.start : one.end]):
            return "voluntary", ("status.voluntary", Span(one.start, one.end), "of their own will")
        if status in ("possible", "announced") and frame.group == "initiative" and TRIES.search(left):
            return "ongoing", ("status.ongoing", Span(one.start, start), "tried, under way")
        if status != "announced" and frame.action != "litigate":
            return found
        low = self._before_clause(one, begin)
        if not day and GOING_ON.search(self.folded[low:start]) and not self._spoken(one, low, start):
            return "ongoing", ("status.ongoing", Span(low, start), "under way, without a day")
        if frame.group == "proceeding" and BY_MEDIA.search(left):
            return "reported", ("status.reported", Span(one.start, start), "told by media")
        return found

    def _spoken(self, one: _Sentence, begin: int, start: int) -> bool:
        return any(begin <= old.trigger.start < start for old in self._here(one))

    def _polarity(self, one: _Sentence, frame: Frame, start: int, end: int, begin: int) -> Why | None:
        """Denials, provisions and powers: none of them is an act."""
        language = 1 if one.english else 0
        cues = self.lexicon.cues
        whole = self.folded[one.start : start]
        if not one.english and frame.group != "context":
            lead = cues.provision_lead[0].search(whole)
            if lead and ":" in whole[lead.end() :]:
                return "polarity.provision", _at(one.start, lead), "a provision of an instrument"
        if frame.options.get("negation") != "ignore":
            low = max(begin, start - (40 if one.english else 22))
            left = self.folded[low : start + (3 if self.folded[start : start + 3] == "to " else 0)]
            found = self._last(cues.negation[language], left)
            if found and start - low - found.end() <= (25 if one.english else 10):
                return "polarity.negated", _at(low, found), "it did not happen"
            if NO_BASIS.match(self.folded[end : one.end]):
                return "polarity.no-basis", Span(start, end), "without a legal basis"
            fear = self._last(FEAR, self.folded[self._after_comma(one, begin) : start])
            if fear and frame.group in ("measure", "initiative"):
                return "polarity.feared", Span(start, end), "only feared"
        if frame.group != "measure" or one.english or frame.status or cues.conditional[0].search(whole):
            return None
        provides = PROVIDES.search(whole)
        if provides and frame.action not in ENACTING:
            return "polarity.provides", _at(one.start, provides), "what an instrument provides, not an act under it"
        wide = self._before_clause(one, begin) if self.folded[begin : begin + 1] in "将把" else begin
        low = max(wide, start - 34)
        power = self._last(cues.power[0], self.folded[low:start])
        return ("modality.power", _at(low, power), "what may be done, not what was done") if power else None

    def _after_comma(self, one: _Sentence, begin: int) -> int:
        """The clause, with the verb right before its comma: 分析人士担心,…"""
        return max(one.start, begin - 4) if self.folded[begin - 1 : begin] == "," else begin

    def _modality(self, one: _Sentence, frame: Frame, start: int, begin: int) -> tuple[str, Why | None] | None:
        """Conditions, chances and demands."""
        language = 1 if one.english else 0
        cues = self.lexicon.cues
        drawn = DRAWN.search(self.folded[one.start : start])
        if drawn and frame.group == "measure":
            return "inferred", ("modality.drawn", _at(one.start, drawn), "a conclusion of the text")
        whole = self.folded[one.start : start]
        but = self._last(BUT, whole)  # "if …, but …": what is set against a condition does not stand under it
        conditional = cues.conditional[language].search(whole, but.end() if but else 0)
        if conditional and frame.group in ("measure", "initiative"):
            return "conditional", ("modality.conditional", _at(one.start, conditional), "only if")
        low = max(begin, start - (40 if one.english else 22))
        left = self.folded[low:start]
        possible = self._last(cues.possible[language], left)
        if possible and len(left) - possible.end() <= (30 if one.english else 12):
            return "possible", ("modality.possible", _at(low, possible), "a threat or a chance")
        called = self._last(cues.called[language], left)
        near = called is not None and len(left) - called.end() <= 14 and not one.english
        if (
            called
            and near
            and frame.group == "measure"
            and frame.action not in ("require_licence", "request_delisting")
        ):
            return "proposed", ("modality.called", _at(low, called), "asked for, not done")
        return None

    def _future(self, one: _Sentence, frame: Frame, start: int, begin: int) -> tuple[str, Why | None]:
        """Words for the future; a measure announced with its day is announced, though its verb stands in the future."""
        language = 1 if one.english else 0
        low = max(begin, start - 40)
        left = self.folded[low:start]
        planned = self._last(self.lexicon.cues.planned[language], left)
        word = planned.group() if planned else ""
        far = 30 if one.english or word[:1] != "将" else 14  # 将 is near its verb; 计划 governs a whole clause
        if planned is None or len(left) - planned.end() > far:
            return "announced", None
        after = low + planned.end()
        if (
            "listing" in frame.flags
            and word[:1] == "将"
            and self._marks_object(one, frame, low + planned.start(), start)
        ):
            return "announced", None
        if (
            word == "将"
            and any(
                after <= hit.start <= after + 8 and hit.end <= start and hit.kind in frame.target for hit in one.hits
            )
            and not OBJECT_MARK.search(self.folded, after, start)
        ):
            return "announced", None  # 将 that marks the object, not the future
        why = ("modality.planned", _at(low, planned), "yet to come")
        if frame.group == "initiative":
            soon = one.times or word == "预定" or frame.action == "launch_initiative"
            return ("scheduled" if soon and word in SOON else "planned"), why
        if frame.action == "litigate":
            return "planned", why
        if frame.group != "measure":
            return "announced", None
        whole = self.folded[one.start : start]
        dated = any(
            FROM.match(self.folded[time.at.end : time.at.end + 8]) or time.bound == "from" for time in one.times
        )
        going_on = CONTINUES.search(whole) and any(
            old.paragraph == one.paragraph and old.group == "measure" for old in self.found[-40:]
        )
        told = (
            self.folded[one.start : one.end]
            if one.english and (one.speaker is not None or STATEMENT_SAID.search(self.folded, one.start, one.end))
            else whole
        )
        said = self.lexicon.cues.said[language].search(told)  # English says who says so at the end, too
        if (dated or said or going_on) and word in PLAIN_FUTURE:
            return "announced", None
        return "planned", why

    def _marks_object(self, one: _Sentence, frame: Frame, at: int, start: int) -> bool:
        """将在甲国经营的企业列入名单: 将 marks who is listed, unless 把 or 被 does or a day stands between."""
        if OBJECT_MARK.search(self.folded, at, start) or any(at <= time.at.start < start for time in one.times):
            return False
        return DECIDED.search(self.folded, max(one.start, at - 3), at) is not None or any(
            at < hit.start and hit.end <= start and hit.kind in frame.target for hit in one.hits
        )

    def _last(self, pattern: re.Pattern[str], left: str) -> re.Match[str] | None:
        found = None
        for found in pattern.finditer(left):  # noqa: B007
            pass
        return found

    # --- slots

    def _actors(self, one: _Sentence, frame: Frame, start: int, end: int, begin: int) -> tuple[list[Hit], str]:
        other = self._granter(one, frame, end) or self._behind_by(one, frame, start, end, begin)
        if other is not None:
            return other
        if "speaker_first" in frame.flags and one.speaker is not None and one.speaker.kind in frame.actor:
            return [one.speaker], "speaker"
        candidates = self._who_can(one, frame, start)
        if candidates:
            return self._chain(one, self._subject(one, frame, candidates), frame, start), "subject"
        if frame.options.get("actor_in") == "any":
            after = [hit for hit in one.hits if hit.kind in frame.actor]
            if after:
                return [after[0]], "sentence"
        if self._self_reference(one, start) and one.speaker is not None and one.speaker.kind in frame.actor:
            return [one.speaker], "speaker"
        if (
            one.speaker is not None
            and one.speaker.kind in frame.actor
            and (one.quoted or one.speaker.end <= start or one.english)
        ):
            return [one.speaker], "speaker"
        return [], ""

    def _who_can(self, one: _Sentence, frame: Frame, start: int) -> list[Hit]:
        """The names before a verb that can act: none that is coordinated to one that is acted on (对甲和乙实施制裁)."""
        found: list[Hit] = []
        refused = -1
        for hit in one.hits:
            if hit.end > start:
                break
            if hit.kind not in frame.actor and hit.kind not in SPEAKERS:
                continue
            beside = refused >= 0 and bool(COORDINATED.fullmatch(self.folded[refused : hit.start]))
            if not beside and self._told_of_another(one, hit, frame):
                found = [hit]  # 对甲国将企业列入名单表示反对: whoever stands there lists
            elif not beside and self._can_act(one, hit, frame):
                found.append(hit)
                refused = -1
            elif not one.english and (beside or self._acted_on(one, hit)):
                refused = hit.end
        return found

    def _told_of_another(self, one: _Sentence, hit: Hit, frame: Frame) -> bool:
        """The subject of an act that is itself spoken of: 就甲国将…列入…答问, 对甲国将…列入…表示反对."""
        before = self.folded[max(one.start, hit.start - 2) : hit.start]
        return (
            not one.english
            and hit.kind in frame.actor
            and before.endswith(("对", "就", "针对"))
            and self.folded[hit.end : hit.end + 1] in ("将", "把")
        )

    def _acted_on(self, one: _Sentence, hit: Hit) -> bool:
        """Behind a word that marks an object, or a number of those whom it describes."""
        before = self.folded[max(one.start, hit.start - 4) : hit.start]
        return bool(PREPOSITION_ZH.search(before) or DESCRIBED.search(before))

    def _subject(self, one: _Sentence, frame: Frame, candidates: list[Hit]) -> Hit:
        """The first that can act in the clause nearest before the verb; who is quoted as saying so gives way to who
        is said to act."""
        low, _ = one.clause(candidates[0 if "actor_first" in frame.flags else -1].start)
        inside = [hit for hit in candidates if hit.start >= low]
        first, speaker = inside[0], one.speaker
        if speaker is not None and speaker.start == first.start and first.kind != "court":
            first = next((hit for hit in inside if self._beyond_said(one, first, hit)), first)
        own = speaker is not None and speaker.kind == "authority" and speaker.jurisdiction == first.jurisdiction
        if speaker is not None and own and first.kind == "country" and frame.action == "launch_initiative":
            return speaker  # the minister who puts it forward
        return first

    def _granter(self, one: _Sentence, frame: Frame, end: int) -> tuple[list[Hit], str] | None:
        """必须获得甲的批准: whose approval is needed acts."""
        if "granter" not in frame.flags:
            return None
        for hit in one.hits:
            near = end <= hit.start < end + 30 and hit.kind in ("authority", "government", "country")
            if near and GRANTS.match(self.folded[hit.end : hit.end + 12]):
                return [hit], "granter"
        return None

    def _behind_by(
        self, one: _Sentence, frame: Frame, start: int, end: int, begin: int
    ) -> tuple[list[Hit], str] | None:
        """A passive: the actor stands behind 被 or by."""
        if one.english and frame.group not in ("measure", "proceeding"):
            return None
        by = BY_EN if one.english else BY_ZH
        low, high = (end, end + 90) if one.english else (begin, start)
        for hit in one.hits:
            if not (low <= hit.start < high and hit.kind in frame.actor):
                continue
            owner = not one.english and self.folded[hit.end : hit.end + 1] == "的"
            if not owner and by.search(self.folded[max(one.start, hit.start - 14) : hit.start]):
                return [hit], "passive"
        return None

    def _beyond_said(self, one: _Sentence, first: Hit, hit: Hit) -> bool:
        said = self.lexicon.cues.said[1 if one.english else 0]
        return hit.start > first.end and bool(said.search(self.folded[first.end : hit.start]))

    def _self_reference(self, one: _Sentence, start: int) -> bool:
        return bool(SELF.search(self.folded[one.start : start]))

    def _can_act(self, one: _Sentence, hit: Hit, frame: Frame) -> bool:
        kinds = frame.actor
        if hit.kind not in kinds and not (hit.kind == "app" and "app_as_company" in frame.flags):
            return False
        before = self.folded[max(one.start, hit.start - (16 if one.english else 4)) : hit.start]
        after = self.folded[hit.end : hit.end + 24]
        because = not one.english and hit.kind in ACTING and CAUSE.search(before)
        if (PREPOSITION_EN if one.english else PREPOSITION_ZH).search(before) and not (
            because or (one.english and BY_EN.search(before))
        ):
            return False
        opened = self.folded.rfind("(", one.start, hit.start)
        if hit.kind in ("country", "region") and opened > self.folded.rfind(")", one.start, hit.start):
            return False  # (Vodafone Germany): part of another name
        if not one.english and (POSSESSIVE.match(after) or DESCRIBED.search(before)):
            return False
        if any(other.start == hit.end and other.kind in OWNED for other in one.hits) and not any(
            begin == hit.end for begin, _, _ in self._near_triggers(hit.end)
        ):
            return False  # 白宫禁令: whose it is, not who acts
        if (
            one.english
            and after.startswith("'s ")
            and any(other.start == hit.end + len("'s ") and other.kind in ("authority", "court") for other in one.hits)
        ):
            return False  # the Treasury's office acts, not the Treasury
        if one.english and after.startswith("'s ") and hit.kind in ("country", "company", "app", "person"):
            return False
        lead = self.folded[max(one.start, hit.start - 18) : hit.start]
        if not one.english and APPROVER_RIGHT.match(after) and APPROVER_LEFT.search(lead):
            return False  # 经国务院批准: who approves lets others act
        if hit.kind in ("country", "region"):
            if BESIDE_LEFT.search(before) and not one.english:
                return any(
                    other.end <= hit.start
                    and CHAIN.match(self.folded[other.end : hit.start])
                    and other.kind == "country"
                    for other in one.hits
                )
            return (
                bool((ACT_EN if one.english else ACT_ZH).match(after))
                or any(time.at.start - hit.end in (0, 1) for time in one.times)
                or any(begin == hit.end for begin, _, _ in self._near_triggers(hit.end))
            )
        if hit.kind in ("company", "app") and not one.english:
            return after.startswith("提案中") or not OWNING.match(after)
        return True

    def _near_triggers(self, at: int, most: int = 3) -> list[tuple[int, int, tuple[int, ...]]]:
        triggers = self.spots.triggers
        low, high = 0, len(triggers)
        while low < high:
            middle = (low + high) // 2
            if triggers[middle][0] < at:
                low = middle + 1
            else:
                high = middle
        return triggers[low : low + most]

    def _chain(self, one: _Sentence, first: Hit, frame: Frame, start: int) -> list[Hit]:
        """Coordinated actors, and the parts of one person: office, name, name in Latin."""
        found = [first]
        for hit in one.hits:
            if hit.start < found[-1].end or hit.end > start + (0 if frame.options.get("side") != "after" else 400):
                continue
            gap = self.folded[found[-1].end : hit.start]
            if hit.kind in frame.actor | {"authority", "government"} and hit.kind != "media" and CHAIN_ACTOR.match(gap):
                if hit.end <= start and not (hit.kind == "country" and gap == ""):
                    found.append(hit)
            elif hit.start > start:
                break
        if "coact" in frame.flags:
            found += self._partners(one, found, start)
        return found

    def _partners(self, one: _Sentence, found: list[Hit], start: int) -> list[Hit]:
        """宣布与A、B和C建立: those with whom an initiative is made act too."""
        partners: list[Hit] = []
        for hit in one.hits:
            if hit.kind not in ("country", "government") or hit in found:
                continue
            gap = self.folded[(partners[-1].end if partners else max(one.start, hit.start - 3)) : hit.start]
            if (not partners and PARTNER_LEFT.search(gap)) or (partners and CHAIN.match(gap)):
                partners.append(hit)
        return partners

    def _after(self, one: _Sentence, frame: Frame, start: int, end: int, high: int, acting: set[int]) -> list[Hit]:
        """The objects behind a verb, up to the next verb that names parties: removed A and moved B."""
        low = start if frame.side == "at" or one.english else end
        if one.english and frame.options.get("names") == "true":
            beyond = self._next_listing(one, end)
            high = min(high, beyond) if self.folded[end:beyond].endswith(("and ", "but ")) else high
        hits = [hit for hit in one.hits if low <= hit.start < high and hit.kind in frame.target]
        return self._enough(one, [hit for hit in hits if hit.start not in acting])

    def _before(
        self, one: _Sentence, frame: Frame, start: int, begin: int, actors: list[Hit], passive: bool
    ) -> list[Hit]:
        """The objects before a verb; of a relative clause, what it is about: the ministry, which was sanctioned."""
        low = self._subject_start(one, begin) if passive else begin
        if one.english and RELATIVE.match(self.folded[begin:start]):
            low = self._before_clause(one, begin)
        if frame.group == "context" and actors and one.start <= actors[0].start < start:
            low = min(low, one.clause(actors[0].start)[0])
        lead = frame.options.get("across", "")
        if lead:  # what stands before 对 is no object of 对甲实施制裁
            low = max(low, one.start + max(self.folded[one.start : start].rfind(lead), 0))
        acting = {hit.start for hit in actors}
        hits = [hit for hit in one.hits if low <= hit.start and hit.end <= start and hit.kind in frame.target]
        hits = [hit for hit in hits if hit.start not in acting]
        return hits if passive or frame.side != "both" else self._led(one, hits)

    def _targets(
        self, one: _Sentence, frame: Frame, start: int, end: int, begin: int, high: int, actors: list[Hit]
    ) -> list[Hit]:
        kinds = frame.target
        if not kinds:
            return []
        acting = {hit.start for hit in actors}
        passive = "voice" in frame.options or (
            not one.english
            and bool(PASSIVE.search(self.folded[begin:start]) or self.folded[start : start + 1] in "被遭")
        )
        found = self._after(one, frame, start, end, high, acting) if frame.side in ("after", "both", "at") else []
        if frame.side in ("before", "both") or passive:
            found = self._before(one, frame, start, begin, actors, passive) + found
        referred = self._anaphora(one, frame, begin, high, end, found)
        if not found and not referred and "sentence_target" in frame.flags:
            found = [hit for hit in one.hits if hit.kind in kinds and hit.start not in acting]
        elif (
            not found and not referred and frame.side == "both" and frame.group == "measure"
            and not ("names" in frame.options and OWN_OBJECT.search(self.folded, begin, start))
        ):  # fmt: skip
            found = self._nearest(
                one, [hit for hit in one.hits if hit.kind in kinds - ACTING and hit.start not in acting], start
            )
        if "other_side" in frame.flags and actors and not found:
            found = [
                hit
                for hit in one.hits
                if hit.kind in ("government", "authority") and hit.jurisdiction != actors[0].jurisdiction
            ][:1]
        if found and "sentence_target" in frame.flags and {hit.kind for hit in found} <= {"measure_ref"}:
            found += [hit for hit in one.hits if hit.kind in ("app", "company") and hit.start not in acting]
        if any(hit.kind == "app" for hit in referred):
            found = [hit for hit in found if hit.kind != "app_class"]
        found = sorted([*found, *referred], key=lambda hit: hit.start)
        found = self._listed_members(
            one, frame, start, end, begin, [hit for hit in found if self._object(one, frame, hit)]
        )
        unique: dict[str, Hit] = {}
        for hit in found:
            unique.setdefault(hit.id or hit.name, hit)
        return list(unique.values())

    def _nearest(self, one: _Sentence, hits: list[Hit], start: int) -> list[Hit]:
        """Of the objects that the verb's own clause lacks, those of the nearest clause before it that has any, else
        after it."""
        before = [hit for hit in hits if hit.end <= start]
        nearest = before[-1:] or hits[:1]
        clauses = {one.clause(hit.start) for hit in nearest}
        return [hit for hit in hits if one.clause(hit.start) in clauses]

    def _listed_members(
        self, one: _Sentence, frame: Frame, start: int, end: int, begin: int, found: list[Hit]
    ) -> list[Hit]:
        """With the members that no lexicon has, and without the class that they are the members of."""
        last = self._next_listing(one, end)
        place = objects.Place(self.folded, one.start, last, Span(start, end), one.hits, one.english)
        names = frame.options.get("names")
        if names:
            found = objects.with_members(
                found, objects.members(place, begin, frame.side, names == "things", names == "members")
            )
        return objects.without_heads(place, objects.without_other_names(place, self._pointed(one, found)))

    def _parties_before(self, one: _Sentence) -> list[Hit]:
        """The parties that the last statement acted on, in this sentence or before it."""
        for old in reversed(self._here(one)):
            named = [hit for hit in old.targets if hit.kind in objects.PARTIES]
            if named:
                return named
        return self.parties

    def _next_listing(self, one: _Sentence, end: int) -> int:
        """Where the next verb that names parties begins; the members behind it are its own."""
        for begin, stop, numbers in self._near_triggers(end, 12):
            if begin >= one.end:
                break
            for number in numbers:
                frame = self.lexicon.frames[number]
                if "names" not in frame.options or frame.english != one.english or "members" in frame.id:
                    continue
                if not frame.right or frame.right.match(self.folded[stop : one.end]):
                    return begin
        return one.end

    def _pointed(self, one: _Sentence, found: list[Hit]) -> list[Hit]:
        """These companies are those that the last statement named; where they stand beside them, they are no others."""
        result: list[Hit] = []
        for hit in found:
            text = self.folded[max(one.start, hit.start - 12) : hit.end]
            if hit.kind not in ("company_class", "app_class") or not POINTING.search(text):
                result.append(hit)
                continue
            before = [other for other in found if other.kind in objects.PARTIES and other.start < hit.start]
            result += [] if before else self._parties_before(one) or [hit]
        return result

    def _object(self, one: _Sentence, frame: Frame, hit: Hit) -> bool:
        """Not a word that only describes the noun behind it: the country of a company, the goods that a maker makes."""
        if hit.kind in ("authority", "government", "court"):
            return not any(other.kind == "measure_ref" and 0 <= other.start - hit.end < OWN_MEASURE
                           and WHOSE.fullmatch(self.folded[hit.end : other.start]) for other in one.hits)  # fmt: skip
        if hit.name == "决定":
            return bool(VERB_DECIDE.search(self.folded, max(one.start, hit.start - 3), hit.start))
        if hit.kind not in ("country", "technology", "region"):
            return True
        left = self.folded[max(one.start, hit.start - 6) : hit.start]
        if hit.kind == "country" and frame.group == "measure" and not one.english and not OBJECT_LEFT.search(left):
            return False
        return not ATTRIBUTE.match(self.folded[hit.end : min(one.end, hit.end + 16)])

    def _enough(self, one: _Sentence, found: list[Hit]) -> list[Hit]:
        return (
            found
            if not one.english
            else [
                hit
                for hit in found
                if not re.search(
                    r"\b(?:which|after|because|while|when|in response|in retaliation|for [a-z]+ing)\b",
                    self.folded[found[0].start : hit.start],
                )
            ]
        )

    def _subject_start(self, one: _Sentence, begin: int) -> int:
        previous = self._before_clause(one, begin)
        return previous if self.folded[previous:begin].count("、") else begin

    def _led(self, one: _Sentence, before: list[Hit]) -> list[Hit]:
        """Of the names before a verb: those behind 对, 将, 与 and the like, with what is coordinated to them."""
        found: list[Hit] = []
        for hit in before:
            lead = self.folded[max(one.start, hit.start - 14) : hit.start]
            if (found and CHAIN.match(self.folded[found[-1].end : hit.start])) or (
                PREPOSITION_EN if one.english else TARGET_LEAD
            ).search(lead):
                found.append(hit)
        return found or [
            hit
            for hit in before
            if hit.kind in ("company", "app", "company_class", "app_class", "service", "technology")
        ]

    def _anaphora(self, one: _Sentence, frame: Frame, begin: int, high: int, end: int, found: list[Hit]) -> list[Hit]:
        part = self.folded[begin:high]
        kinds = {hit.kind for hit in found}
        referred = REF_APPS.search(part)
        if frame.target & {"app", "app_ref"} and not kinds & {"app", "company"} and referred:
            before = [hit for hit in one.hits if hit.end <= begin]
            apps = [hit for hit in before if hit.kind == "app"] or self.apps
            return list(apps) or [hit for hit in before if hit.kind == "company"]  # an app goes by its maker's name
        for hit in found:
            if hit.kind == "app_class" and re.search(
                r"这(?:家|款|个)[^,。;]{0,4}$", self.folded[max(one.start, hit.start - 8) : hit.start]
            ):
                return [other for other in one.hits if other.kind == "app"] or list(self.apps)
        if frame.group == "measure" and THEM.match(self.folded[end : end + 6]) and not kinds & objects.PARTIES:
            return self._parties_before(one)
        if "addressees" in frame.flags:
            return [hit for hit in one.hits if hit.kind in ("countries", "company_class") and hit not in found
                    and ADDRESSED.search(self.folded[max(one.start, hit.start - 14) : hit.start])]  # fmt: skip
        if "ref_listed" in frame.target and REF_LISTED.search(part) and not kinds & {"company", "company_class"}:
            return list(self.listed)
        return []

    def _span(self, one: _Sentence, draft: Draft, begin: int, high: int) -> None:
        """The evidence: from the first slot in the sentence that the verb depends on, to the end of what it governs."""
        start = begin
        own = [
            hit.start
            for hit in (*draft.actors, *draft.targets)
            if one.start <= hit.start < draft.trigger.start and draft.actor_by != "speaker"
        ]
        if own and draft.frame.group != "context":
            start = min(start, one.clause(min(own))[0])
        elif own:
            start = min(start, *own)
        speaker = draft.speaker
        if (
            draft.frame.group == "reaction"
            and draft.actor_by == "speaker"
            and speaker is not None
            and one.start <= speaker.start < start
        ):
            start = one.clause(speaker.start)[0]
        part = self.folded[start:high]
        stripped = part.rstrip(" ,;:。.!?\n")
        lead = len(part) - len(part.lstrip(" ,;:。”\n、"))
        draft.span = Span(start + lead, max(start + len(stripped), draft.trigger.end))

    # --- times

    def _moments(self, one: _Sentence, draft: Draft, begin: int, high: int) -> None:
        mine = one.clause(draft.trigger.start)
        at = draft.trigger.start
        others = [
            old for old in self._here(one) if "weak" not in old.frame.flags and old.trigger != draft.trigger
        ] if one.times else []  # fmt: skip
        own = [time for time in one.times if not DATED_TEXT.match(self.folded[time.at.end : time.at.end + 20])]
        near = sorted(own or one.times, key=lambda time: (abs(time.at.start - at), time.at.start))[:MOST_TIMES]
        taken = [time for time in near if self._of(one, draft, time, others)]
        for time in sorted(taken, key=lambda time: one.clause(time.at.start) != mine):
            role = self._role(one, time, draft)
            if role == "effective" and draft.effective is None:
                draft.effective = time
            elif role == "deadline" and draft.deadline is None:
                draft.deadline = time
            elif role == "announced" and draft.announced is None:
                draft.announced = time
        if "own_day" in draft.frame.flags:
            draft.announced = None  # the days in the formula are those of meetings; the act bears its own
        if draft.announced is None and draft.group in ("initiative", "reaction") and draft.speaker is not None:
            draft.announced = self.speech.get(draft.speaker.id)
        if draft.effective is None and THESE.match(self.folded[one.start : one.start + 20]) and self.found:
            before = [
                old for old in self.found if old.sentence in (one.number, one.number - 1) and old.group == draft.group
            ]
            draft.effective = next((old.effective for old in before if old.effective), None)
        if draft.frame.options.get("wants") == "deadline" and draft.deadline is None and draft.effective is None:
            draft.deadline, draft.announced = draft.announced, None

    def _of(self, one: _Sentence, draft: Draft, time: TimeValue, others: Sequence[Draft]) -> bool:
        """A time belongs to the nearest statement: not to one that has its own verb between."""
        at = draft.trigger.start
        low, high = min(at, time.at.start), max(at, time.at.end)
        mine, clause = one.clause(at), one.clause(time.at.start)
        if mine != clause and any(
            one.clause(old.trigger.start) == clause and old.frame.group != draft.frame.group for old in others
        ):
            return False
        between = [old for old in others if low <= old.trigger.start < high and old.frame.group == draft.frame.group]
        return not (
            between and time.at.start < at and any(old.announced is None and old.effective is None for old in between)
        )

    def _role(self, one: _Sentence, time: TimeValue, draft: Draft) -> str:
        after = self.folded[time.at.end : time.at.end + 14]
        before = self.folded[max(one.start, time.at.start - 26) : time.at.start]
        words = self.folded[time.at.start : time.at.end]
        if draft.action == "delay" and UNTIL.search(before + DIGITS_ON.sub("", words)):
            return "effective"
        if (
            time.bound in ("before", "until")
            or BEFORE_RIGHT.match(after)
            or BEFORE_LEFT.search(before)
            or BEFORE_END.search(words)
        ):
            return "deadline"
        if "effect" in draft.frame.flags and len(time.start) == DAY:
            return "effective"  # the verb itself is that of taking effect
        if time.precision in ("vague",) and not time.start:
            return ""
        if time.precision == "duration" or time.value.startswith("P"):
            return ""
        if time.bound in ("from", "after") or FROM_WORDS.search(words) or FROM.match(after) or FROM_LEFT.search(before):
            if before.endswith("设立于") or GIVEN_OUT.match(after):
                return "announced"
            if (
                not one.english
                and before.endswith(("于", "将于", "定于"))
                and not EFFECT_RIGHT.match(after)
                and time.bound == "on"
            ):
                return "announced"
            return "effective"
        if len(time.start) == len(time.end) == DAY and int(time.end[:4]) - int(time.start[:4]) > 1:
            return ""  # 特朗普政府时期: no act is made known over years
        if time.bound == "during" and draft.status in ("planned", "scheduled", "possible"):
            return "effective"
        return "announced"

    # --- pairs and items

    def _split(self, one: _Sentence, draft: Draft) -> bool:
        """对A自甲日起,以及对B自乙日起,禁止…: one draft for each pair of a target and a day."""
        times = [
            time
            for time in one.times
            if time.at.end <= draft.trigger.start and self._role(one, time, draft) == "effective"
        ]
        if len(times) < 2 or draft.frame.group != "measure":
            return False
        pairs: list[tuple[list[Hit], TimeValue, int]] = []
        low = one.start
        for time in times:
            hits = [
                hit
                for hit in one.hits
                if low <= hit.start < time.at.start
                and hit.kind in ("app", "company", "technology", "item", "country", "app_class")
            ]
            led = [
                hit
                for hit in hits
                if re.search(
                    r"(?:对于|对|针对)$|(?:for|on|against) $", self.folded[max(low, hit.start - 8) : hit.start]
                )
            ]
            pairs.append((led, time, low))
            low = time.at.end
        if any(not hits for hits, _, _ in pairs):
            return False
        for hits, time, low in pairs:
            lead = len(self.folded[low : time.at.start]) - len(self.folded[low : time.at.start].lstrip(" ,"))
            begin = one.clause(hits[0].start)[0]
            copy = msgspec.structs.replace(
                draft,
                targets=list(hits),
                effective=time,
                span=Span(max(begin, low + lead if low > one.start else begin), draft.span.end),
            )
            copy.steps = [*draft.steps, Step("pair.target-day", time.at, "each target has its own day")]
            self.found.append(copy)
        return True

    def _enumerate(self, one: _Sentence, draft: Draft, end: int) -> bool:
        """禁止以下行为:甲;乙: a draft for each item that names its own object; other items are provisions of the one
        draft."""
        lead = ENUMERATION.match(self.folded[end : one.end])
        if not lead or ";" not in self.folded[end + lead.end() : one.end]:
            return False
        at, items = end + lead.end(), []
        for part in re.split(";", self.folded[at : one.end]):
            items.append(Span(at, at + len(part.rstrip(" 。.\n"))))
            at += len(part) + 1
        named = [
            [hit for hit in one.hits if item.start <= hit.start < item.end and hit.kind in draft.frame.target]
            for item in items
        ]
        if not all(
            any(hit.kind in ("app", "company", "item", "technology", "company_class") for hit in hits) for hits in named
        ):
            return False
        for item, hits in zip(items, named, strict=True):
            unique = {
                hit.id or hit.name: hit
                for hit in hits
                if not (hit.kind == "app_class" and any(one.kind == "app" for one in hits))
            }
            copy = msgspec.structs.replace(draft, targets=list(unique.values()), span=item, item=True)
            copy.steps = [*draft.steps, Step("enumeration.item", item, "an item with its own object")]
            self.found.append(copy)
        return True
