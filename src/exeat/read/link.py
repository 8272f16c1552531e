"""Stage 12: which entry of the rulebook a mention is of, with reasons that add up; or *not in the rulebook*.

An entry is a measure, or the rows of a register that came by one instrument. It is recognised by an exact instrument
number; else by its list and a party named on it; else by its authority, what it is about, and its day. Everything
compared comes from the rulebook itself (titles, references, names and aliases, conditions, lives) and from the
lexicon's names for one id; no entry is known to this code.

A link never changes the law: it says where to look.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

import msgspec

from exeat.read.fold import DATA, fold
from exeat.read.model import Link, Mention, Moment, TimeValue
from exeat.read.regional import mainland
from exeat.rulebook.condition import Test
from exeat.rulebook.model import Book, Event, Measure, Register, Row, Source, tests_of
from exeat.vocabulary.model import Text
from exeat.vocabulary.reader import Map, read_file

NONE = "not in the rulebook"
NEAR = 3  # days between the day of an act and the day that reports give it
ENOUGH = 5.0  # of the sum of reasons; less is no link
KEPT = 4_096  # names whose entries are remembered
# What each reason is worth. A number settles the matter alone; a nickname, a day or an authority never does.
NUMBER, TITLE, LIST, PARTY, SUBJECT, QUOTED = 6.0, 3.0, 2.0, 2.0, 2.0, 1.5
AUTHORITY, REGIME, SAME_ORDER, OTHER_ORDER = 1.5, 1.0, 0.5, -3.0
DAY, BOTH, MONTH, YEAR, INFERRED, OTHER_DAY = 2.0, 0.5, 1.0, 0.5, 0.5, -2.0
EFFECT, SAME = 1.0, 5.0
COVERS = 1.0  # shared by how far the mention's targets and the entry's subjects are the same
ENDING = ("revoked", "expired", "superseded", "void", "enjoined", "stayed", "suspended", "deferred", "not enforced")
# What an action does, as the effect of a rule would say it.
_EFFECTS = (
    ("prohibit ban prohibit_export order", "prohibited power"),
    (
        "require_licence list_add designate restrict_export deny_licence tighten tighten_review restrict",
        "licence_required prohibited policy",
    ),
    ("amend_catalogue amend_items adopt_rules adopt_law amend", "licence_required prohibited power"),
    ("launch_initiative expand joint_statement commit establish_body", "commitment policy"),
    ("set_deadline", "duty_to_act"),
)
EFFECT_OF = {action: frozenset(effects.split()) for actions, effects in _EFFECTS for action in actions.split()}
SEVERAL = 2  # parties that together tell which register they are on
EXPORTS = frozenset({"restrict_export", "require_licence", "deny_licence", "prohibit_export"})
SUBJECTS = ("apps", "entities", "places")  # lists of the vocabulary whose codes are things of the world with names
NAMED = (
    "list",
    "catalogue",
    "law",
    "initiative",
    "instrument",
    "arrangement",
    "rules",
)  # kinds of target that have a title

# Numbers of instruments, each with the form it takes here. Citations of codes (15 CFR 744.11) are left out: many
# instruments cite one.
_NUMBERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:Executive Orders?|E\.? ?O\.?|行政(?:命)?令)[ (]*(?:No\.? ?|第 ?)?(\d{5})", re.I), "eo:{0}"),
    (re.compile(r"第 ?(\d{5}) ?号(?:总统)?行政(?:命)?令"), "eo:{0}"),
    (re.compile(r"(?<!\d)(\d{2,3}) (?:FR|Fed\. ?Reg\.) (\d{3,6})(?!\d)"), "fr:{0}/{1}"),
    (re.compile(r"(?<![\d/-])((?:19|20)\d{2}-\d{5})(?![\d-])"), "doc:{0}"),
    (re.compile(r"令 ?\(?((?:19|20)\d{2}) ?年 ?\)?第 ?(\d{1,3}) ?号"), "令:{0}/{1}"),
    (re.compile(r"公告 ?\(?((?:19|20)\d{2}) ?年 ?\)?第 ?(\d{1,3}) ?号"), "公告:{0}/{1}"),
    (re.compile(r"((?:19|20)\d{2}) ?年 ?第 ?(\d{1,3}) ?号 ?公告"), "公告:{0}/{1}"),
    (re.compile(r"令 ?第 ?(\d{2,3}) ?号"), "令:{0}"),
    (re.compile(r"[\[\u3014(]((?:19|20)\d{2})[\]\u3015)] ?(?:[\u4e00-\u9fff]{0,6}第? ?)?(\d{1,4}) ?号"), "发:{0}/{1}"),
    (re.compile(r"\(E[UC]\) ?(?:No\.? ?)?(\d{2,4}/\d{2,4})"), "eu:{0}"),
    (re.compile(r"(?<![A-Z])SI (\d{4}/\d{1,4})"), "si:{0}"),
    (re.compile(r"(?:Announcement|Notice|Order) (?:No\.? ?)?(\d{1,3}) of ((?:19|20)\d{2})", re.I), "公告:{1}/{0}"),
)  # fmt: skip
_ISO = re.compile(r"(?<!\d)((?:19|20)\d{2})-(\d{2})-(\d{2})(?!\d)")
_MONTHS = {
    name: n
    for n, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_ENGLISH_DAY = re.compile(
    r"(?<!\d)(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* ((?:19|20)\d{2})", re.I
)
_ASIDE = re.compile(r"[(（]([^()（）]{2,40})[)）]")
_DECOR = re.compile(r"[\s“”‘’\"'《》·,.、:;()（）\-—]+")
_FORM = re.compile(
    r"(?:,? ?(?:Co|Corp|Corporation|Company|Inc|Ltd|Limited|LLC|plc|Group|Holdings)\b\.?)+$"
    r"|(?:有限责任公司|股份有限公司|有限公司|公司|集团)$",
    re.I,
)
_DAY_ONLY = re.compile(r"(?<![\d月])(\d{1,2})[日号]")
_MONTH_DAY = re.compile(
    r"(?<![\d年])(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]"
    r"|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? (\d{1,2})\b(?!,? ?\d{4})"
)


class Inferred(msgspec.Struct, frozen=True):
    """A day that a document without a date can only be of, and the entry that says so."""

    day: str
    entry: str


class Entry(msgspec.Struct, frozen=True):
    """What there is to recognise an entry by, folded for comparison. ``lists``: its title is the name of a list,
    which says what was amended and not by which act. ``days`` are those of its beginning, ``changed`` those of what
    became of it. ``announces``: it only tells of other acts."""

    to: str
    kind: str
    numbers: frozenset[str]
    phrases: tuple[str, ...]
    days: frozenset[str]
    first: tuple[tuple[str, str], ...]
    authority: str
    regime: str
    order: str
    subjects: dict[str, str]
    effects: frozenset[str]
    parties: dict[str, str]
    history: tuple[tuple[str, str], ...]
    changed: frozenset[str] = frozenset()
    lists: bool = False
    announces: bool = False

    @property
    def about(self) -> frozenset[str]:
        return frozenset(self.subjects.values())


class _Known(msgspec.Struct, frozen=True):
    """What a mention says, for comparison: names of targets, those of applications and companies one by one, numbers;
    and entries (by index) that its names call, its evidence quotes, its actors are the authority of (or of the
    regime), its targets and numbers point to."""

    targets: frozenset[str]
    subjects: tuple[frozenset[str], ...]
    numbers: frozenset[str]
    called: frozenset[int]
    quoted: frozenset[int]
    by: frozenset[int]
    under: frozenset[int]
    order: str
    found: frozenset[int]

    def candidates(self) -> frozenset[int]:
        return self.called | self.quoted | self.found


def bare(name: str) -> str:
    """A name for comparison: folded, in the mainland's words, without case, punctuation or the legal form of a company
    at its end."""
    told = mainland(fold(name).strip())
    return _DECOR.sub("", _FORM.sub("", told) or told).casefold()


def names_in(text: Text, asides: bool = True) -> set[str]:
    """The names that a title in several languages gives, bare; with those in brackets, as 微信 and WeChat in
    微信（WeChat）."""
    found = set()
    for one in text.values():
        found |= {bare(_ASIDE.sub("", one)), *(bare(aside) for aside in _ASIDE.findall(one) if asides)}
    return {name for name in found if _long_enough(name)}


def _long_enough(name: str) -> bool:
    return len(name) >= (3 if name.isascii() else 2)


def numbers(text: str) -> frozenset[str]:
    """The instrument numbers in a text, each in one normal form (``eo:13942``, ``fr:85/48637``, ``公告:2020/38``)."""
    told = fold(text)
    return frozenset(form.format(*found.groups()) for pattern, form in _NUMBERS for found in pattern.finditer(told))


def days_in(text: str) -> set[str]:
    """The days that a reference names, as ISO days."""
    found = {"-".join(one) for one in _ISO.findall(text)}
    for day, month, year in _ENGLISH_DAY.findall(text):
        found.add(f"{year}-{_MONTHS[month[:3].lower()]:02}-{int(day):02}")
    return found


@cache
def lexicon_names() -> dict[str, tuple[str, ...]]:
    """Every id of the shipped lexicons with its names.

    Raises:
        InputError: a data file is damaged.
    """
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(DATA.glob("lexicon-*.yaml")):
        node = read_file(path)
        entries = node.get("entries") if isinstance(node, Map) else None
        for key, entry in entries.items() if isinstance(entries, Map) else ():
            names = entry.get("names", ()) if isinstance(entry, Map) else ()
            found[str(key)] = (*found.get(str(key), ()), *(str(name) for name in names))
    return found


@cache
def place_names() -> frozenset[str]:
    """The names of countries and regions of the shipped lexicons, bare.

    Raises:
        InputError: a data file is damaged.
    """
    node = read_file(DATA / "lexicon-countries.yaml")
    parts = [node.get(key) for key in ("extra", "regions")] if isinstance(node, Map) else []
    return frozenset(
        bare(str(name)) for part in parts if isinstance(part, Map) for names in part.values() for name in names
    )


@cache
def legal_orders() -> dict[str, str]:
    """The name of a legal order in the rulebook where it is not the code of its country in small letters.

    Raises:
        InputError: a data file is damaged.
    """
    node = read_file(DATA / "lexicon-countries.yaml")
    found = node.get("orders") if isinstance(node, Map) else None
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, Map) else {}


@cache
def lexicon_above() -> dict[str, str]:
    """The body of which each body of the shipped lexicons is a part.

    Raises:
        InputError: a data file is damaged.
    """
    found: dict[str, str] = {}
    for path in sorted(DATA.glob("lexicon-*.yaml")):
        node = read_file(path)
        entries = node.get("entries") if isinstance(node, Map) else None
        for key, entry in entries.items() if isinstance(entries, Map) else ():
            if isinstance(entry, Map) and "up" in entry:
                found[str(key)] = str(entry["up"])
    return found


class Ledger:
    """The rulebook prepared for linking. ``names`` are the lexicon's names of each id."""

    def __init__(self, book: Book, names: Mapping[str, Iterable[str]] | None = None) -> None:
        known = lexicon_names() if names is None else names
        self.names = {key: frozenset(bare(name) for name in found) for key, found in known.items()}
        entries = [_of_measure(book, measure) for measure in book.measures.values()]
        for register in book.registers.values():
            entries += _of_register(book, register)
        self.entries = tuple(sorted(entries, key=lambda one: one.to))
        self.above = lexicon_above() if names is None else {}
        self.about: dict[str, set[int]] = {}
        self.numbered: dict[str, set[int]] = {}
        self.phrases: dict[str, set[int]] = {}
        for index, entry in enumerate(self.entries):
            for name in (*entry.subjects, *entry.parties):
                self.about.setdefault(name, set()).add(index)
            for number in entry.numbers:
                self.numbered.setdefault(number, set()).add(index)
            for phrase in entry.phrases:
                if len(phrase) > (8 if phrase.isascii() else 3):
                    self.phrases.setdefault(phrase, set()).add(index)
        self._codes = _codes(book)
        # Names come from documents: a service that reads for months must not keep them all.
        self._names = lru_cache(KEPT)(self._find_names)
        self._called = lru_cache(KEPT)(self._find_called)
        self._authority = lru_cache(KEPT)(self._find_authority)

    def vocabulary_code(self, key: str, name: str) -> str:
        """The test of the vocabulary that a target stands for, as ``item.app=wechat``; "" if none."""
        return next((self._codes[one] for one in sorted(self._names(key, name)) if one in self._codes), "")

    def names_of(self, key: str, name: str) -> frozenset[str]:
        """The bare names of a thing: as written, and those that the lexicon has for its id."""
        return self._names(key, name)

    # --- linking

    def link(self, mentions: Sequence[Mention]) -> list[Mention]:
        """The mentions with their links, and with what later became of the entry as history. Measures and initiatives
        of states are linked, and court acts on them; reactions and context are not acts that a rulebook holds."""
        return _same_acts([self._linked(one) for one in mentions])

    def _linked(self, mention: Mention) -> Mention:
        if mention.group not in ("measure", "initiative", "proceeding"):
            return mention
        best, reasons = self.best(mention)
        score = round(sum(worth for _, worth in reasons), 2)
        if best is None:
            register = self._register_of(mention)
            link = register or Link(NONE, "none", score, reasons)
            return msgspec.structs.replace(mention, link=link)
        names = sorted(frozenset().union(*(self._names(one.id, one.name) for one in mention.targets)))
        party = next((best.parties[name] for name in names if name in best.parties), "")
        since = (mention.announced.value if mention.announced else "")[:10]
        later = tuple(told for day, told in best.history if day > since)
        history = tuple(dict.fromkeys((*mention.history, *later)))
        return msgspec.structs.replace(mention, link=Link(party or best.to, best.kind, score, reasons), history=history)

    def _register_of(self, mention: Mention) -> Link | None:
        """The one register of the actor's legal order that holds all the parties, two or more, whom an act with its
        effect is told to concern: 对甲、乙实施出口限制 tells of their listing without naming the list or its day."""
        parties = [self._names(one.id, one.name) for one in mention.targets if one.kind == "company"]
        order, effects = _order(mention), EFFECT_OF.get(mention.action, frozenset())
        if len(parties) < SEVERAL or mention.action not in EXPORTS or mention.instrument is not None:
            return None
        held = [
            {re.split("[#/]", entry.to)[0] for entry in self.entries
             if entry.order == order and entry.effects & effects and names & entry.parties.keys()}
            for names in parties
        ]  # fmt: skip
        shared = set.intersection(*held)
        if len(shared) != 1:
            return None
        reasons = (("parties of one register", PARTY * SEVERAL), ("jurisdiction", SAME_ORDER), ("effect", EFFECT))
        return Link(shared.pop(), "register", sum(worth for _, worth in reasons), reasons)

    def best(self, mention: Mention) -> tuple[Entry | None, tuple[tuple[str, float], ...]]:
        """The entry with the most reasons, if they are enough; else None and the reasons of the nearest."""
        ranked = self._ranked(mention)
        if not ranked:
            return None, ()
        # Between equals the act that binds: an announcement tells of it and has no effect of its own.
        score, index, reasons = min(ranked, key=lambda one: (-one[0], self.entries[one[1]].announces, one[1]))
        if score >= ENOUGH and _identified(reasons):
            return self.entries[index], reasons
        alone = [one for one in ranked if {"about", "authority", "effect"} <= _heads(one[2])]
        if len(alone) == 1 and alone[0][0] >= ENOUGH:  # the only act of that authority on that thing with that effect
            return self.entries[alone[0][1]], alone[0][2]
        return None, reasons

    def _ranked(self, mention: Mention) -> list[tuple[float, int, tuple[tuple[str, float], ...]]]:
        known = self._known(mention)
        found = []
        for index in sorted(known.candidates()):
            reasons = self._reasons(mention, index, known)
            if reasons:
                found.append((round(sum(worth for _, worth in reasons), 4), index, reasons))
        return found

    def _reasons(self, mention: Mention, index: int, known: _Known) -> tuple[tuple[str, float], ...]:
        """Why a mention could be of an entry, each with its worth; empty if nothing but the day or the authority
        would say so."""
        entry = self.entries[index]
        found: list[tuple[str, float]] = []
        shared = known.numbers & entry.numbers
        if shared:
            found.append((f"number {min(shared)}", NUMBER))
        if index in known.called:
            found.append(("list", LIST) if entry.lists else ("title", TITLE))
        elif index in known.quoted:
            found.append(("list in evidence", QUOTED) if entry.lists else ("title in evidence", QUOTED))
        if known.targets & entry.parties.keys():
            found.append(("party", PARTY))
        about = {entry.subjects[name] for name in known.targets & entry.subjects.keys()}
        if about:
            found.append((f"about {', '.join(sorted(one.partition('/')[2] for one in about))}", SUBJECT))
            kinds = {one.partition("/")[0] for one in about}
            like = sum(1 for one in entry.about if one.partition("/")[0] in kinds)
            other = sum(1 for names in known.subjects if not names & entry.subjects.keys())
            found.append(("covers the same", round(COVERS * len(about) / (like + other), 2)))
        if not found:
            return ()
        if index in known.by:
            found.append(("authority", AUTHORITY))
        elif index in known.under:
            found.append(("authority of the regime", REGIME))
        elif known.order and known.order == entry.order:
            found.append(("jurisdiction", SAME_ORDER))
        elif entry.order == "multilateral":
            found.append(("multilateral", SAME_ORDER))
        elif known.order:
            found.append(("another jurisdiction", OTHER_ORDER))
        found += _by_day(
            mention, entry.changed if mention.action in CHANGES or mention.group == "proceeding" else entry.days
        )
        if entry.effects & EFFECT_OF.get(mention.action, frozenset()):
            found.append(("effect", EFFECT))
        return tuple(found)

    def _known(self, mention: Mention) -> _Known:
        """What a mention says, as names and numbers, and the entries that each of them speaks for."""
        each = [
            self._names(one.id, one.name) if not one.kind.endswith("_class") else frozenset() for one in mention.targets
        ]
        instrument = mention.instrument
        told: frozenset[str] = frozenset()
        called: set[int] = set()
        if instrument is not None:
            told = numbers(f"{instrument.number} {instrument.name}") | {instrument.number, instrument.id}
            called |= self._called(instrument.id, instrument.name)
        for target in mention.targets:
            if target.kind in NAMED:
                called |= self._called(target.id, target.name)
        said = bare(" ".join(one.quote for one in mention.evidence))
        quoted = {index for phrase, found in self.phrases.items() if phrase in said for index in found}
        by: frozenset[int] = frozenset().union(*(self._authority(actor.id, actor.name)[0] for actor in mention.actors))
        under: frozenset[int] = frozenset().union(
            *(self._authority(actor.id, actor.name)[1] for actor in mention.actors)
        )
        about = [names for names, one in zip(each, mention.targets, strict=True) if one.kind in ("app", "company")]
        targets = frozenset().union(*each)
        found = set().union(
            *(self.about.get(name, ()) for name in targets), *(self.numbered.get(one, ()) for one in told)
        )
        return _Known(
            targets,
            tuple(about),
            told,
            frozenset(called),
            frozenset(quoted),
            by,
            under,
            _order(mention),
            frozenset(found),
        )

    def _find_names(self, key: str, name: str) -> frozenset[str]:
        own = {bare(name)} if _long_enough(bare(name)) else set()
        place = {key.casefold()} if re.fullmatch("[A-Z]{2}", key) else set()
        return self.names.get(key, frozenset()) | own | place

    def _find_called(self, key: str, name: str) -> frozenset[int]:
        """The entries whose title is this name."""
        names = [one for one in self._names(key, name) if len(one) > 3]
        return frozenset(
            index
            for index, entry in enumerate(self.entries)
            if any(_same_name(one, phrase) for phrase in entry.phrases for one in names)
        )

    def _find_authority(self, key: str, name: str) -> tuple[frozenset[int], frozenset[int]]:
        """The entries whose authority is this actor or the body above it, and those whose regime's authority is."""
        names = self._names(key, name) | self.names.get(self.above.get(key, ""), frozenset())
        long = [one for one in names if len(one) > 3 or not one.isascii()]
        own = {index for index, entry in enumerate(self.entries) if any(one in entry.authority for one in long)}
        wide = {index for index, entry in enumerate(self.entries) if any(one in entry.regime for one in long)}
        return frozenset(own), frozenset(wide)

    # --- the day of a document that states none

    def infer_day(self, mentions: Sequence[Mention], times: Sequence[TimeValue]) -> Inferred | None:
        """The day of a document that gives only a day of the month, or a month and day: that of the one entry which a
        mention names by its title, or by authority and what it is about, and whose life begins on such a day. None
        unless exactly one day fits: two entries may share an authority and a subject, never by chance also the day."""
        alone = {int(found[1]) for one in times for found in [_DAY_ONLY.search(fold(one.text))] if found}
        dated = {pair for one in times for pair in _month_days(one.text)}
        fits: dict[str, str] = {}
        for mention in mentions:
            for _, index, reasons in self._ranked(mention):
                entry = self.entries[index]
                why = _heads(reasons)
                if "another" in why:
                    continue
                if not ("title" in why or "number" in why or ("about" in why and "authority" in why)):
                    continue
                for since, recorded in entry.first:
                    day = dt.date.fromisoformat(since)
                    known = ("title" in why or "number" in why) and recorded == since and day.day in alone
                    if known or ((day.month, day.day) in dated and recorded != since):
                        fits.setdefault(recorded, entry.to)
        return Inferred(*next(iter(fits.items()))) if len(fits) == 1 else None


def _same_acts(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions, those without a link of their own linked as another of the same act is: the measure that they are
    part of; or one of the same group, day and actors, where they name no instrument, application or company of their
    own that could be another act."""
    by_id = {one.id: one for one in mentions}
    found = []
    for one in mentions:
        link = one.link
        if link is None or link.kind != "none" or one.status in ("possible", "conditional", "superseded"):
            found.append(one)
            continue
        whole = by_id.get(one.parent)
        others = [whole] if whole is not None else [other for other in mentions if _alike(one, other)]
        same = next((other for other in others if other.link and other.link.kind != "none"), None)
        if same is None or same.link is None:
            found.append(one)
            continue
        why = "part of" if same is whole else "same act as"
        new = Link(same.link.to, same.link.kind, SAME, ((f"{why} {same.id}", SAME),))
        found.append(
            msgspec.structs.replace(one, link=new, history=tuple(dict.fromkeys((*one.history, *same.history))))
        )
    return found


def _alike(one: Mention, other: Mention) -> bool:
    if (
        one is other
        or one.group != other.group
        or one.group == "proceeding"
        or not one.announced
        or not other.announced
    ):
        return False
    named = one.instrument is not None or any(target.kind in ("app", "company", "list") for target in one.targets)
    if named or one.announced.value != other.announced.value or len(one.announced.value) < 10:
        return False
    mine, yours = {actor.id for actor in one.actors}, {actor.id for actor in other.actors}
    if one.group == "measure":
        return bool(mine) and mine == yours
    return bool(mine & yours) or (bool(_order(one)) and _order(one) == _order(other))


def _month_days(text: str) -> set[tuple[int, int]]:
    found = set()
    for month, day, name, other in _MONTH_DAY.findall(fold(text)):
        found.add((int(month), int(day)) if month else (_MONTHS[name.lower()], int(other)))
    return found


def _heads(reasons: Iterable[tuple[str, float]]) -> set[str]:
    return {reason.replace(",", " ").partition(" ")[0] for reason, _ in reasons}


def _identified(reasons: Iterable[tuple[str, float]]) -> bool:
    """Whether reasons say which entry it is, not only what kind of entry: a number; a title; a list with a party or a
    day; an authority with what it is about and the day."""
    why = _heads(reasons)
    return bool(
        why & {"number", "title"}
        or ("list" in why and "party" in why)
        or ("about" in why and ("day" in why or "month" in why) and why & {"authority", "jurisdiction"})
        or ("party" in why and "authority" in why and ("day" in why or "month" in why))
    )


def _order(mention: Mention) -> str:
    """The legal order of a mention's first actor that has one."""
    place = next((actor.jurisdiction for actor in mention.actors if actor.jurisdiction), "")
    return legal_orders().get(place, place.casefold())


def _same_name(name: str, phrase: str) -> bool:
    """Whether one of two names is within the other and makes up half of it, or opens it and is no short word."""
    short, long = sorted((name, phrase), key=len)
    return (
        len(short) > 3
        and short in long
        and (len(short) * 2 >= len(long) or (len(short) > 8 and long.startswith(short)))
    )


def _by_day(mention: Mention, days: frozenset[str]) -> list[tuple[str, float]]:
    every = [moment for moment in (mention.announced, mention.effective, mention.deadline) if moment and moment.value]
    told = [moment for moment in every if not moment.inferred]
    exact = [moment for moment in told if moment.precision == "day" and _day(moment.value)]
    near = sum(_near(moment.value, days) for moment in exact)
    if near:
        return [("day", DAY), *([("both days", BOTH)] if near > 1 else [])]
    if exact:
        return [("another day", OTHER_DAY)]
    if any(_within(moment, days) for moment in told):
        return [("month", MONTH)]
    if any(day.startswith(moment.value) for moment in told if len(moment.value) == 4 for day in days):
        return [("year", YEAR)]
    if any(_near(moment.value, days) for moment in every):
        return [("day, inferred", INFERRED)]
    return []


def _day(value: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value[:10])
    except ValueError:
        return None


def _near(value: str, days: frozenset[str]) -> bool:
    return not _around(value[:10]).isdisjoint(days)


@lru_cache(maxsize=4096)
def _around(value: str) -> frozenset[str]:
    """The days at most `NEAR` from a day; none for what is no day."""
    found = _day(value)
    steps = range(-NEAR, NEAR + 1) if found else ()
    return frozenset((found + dt.timedelta(days=step)).isoformat() for step in steps if found)


def _within(moment: Moment, days: frozenset[str]) -> bool:
    """Whether a month or an interval of days holds one of the days; a year holds too many to say anything."""
    first, _, last = moment.value.partition("/")
    if len(first) < 7:
        return False
    return any(first <= day <= (last or first + "~") for day in days)


# --- the rulebook's entries


def _codes(book: Book) -> dict[str, str]:
    """Every name of a thing of the world that the vocabulary knows, with the test that asks for it."""
    found: dict[str, str] = {}
    for kind, path in (("apps", "item.app"), ("entities", "party.entity"), ("places", "place.is")):
        listed = book.vocabulary.lists.get(kind)
        for code in listed.codes.values() if listed and path in book.vocabulary.facts else ():
            if not code.code.startswith(("other-", "@")):
                names = names_in(code.title) | ({code.code.casefold()} if kind == "places" else set())
                for name in sorted(names):
                    found.setdefault(name, f"{path}={code.code}")
    return found


def _own_numbers(sources: Iterable[Source]) -> frozenset[str]:
    return frozenset().union(*(numbers(source.ref) for source in sources))


def _of_measure(book: Book, measure: Measure) -> Entry:
    rules = [book.rules[key] for key in measure.rules]
    begins = {event.by.source for rule in rules for event in rule.life[:1]}
    own = [measure.sources[key] for key in sorted(begins) if key in measure.sources]
    titled = numbers(" ".join(measure.title.values()))
    events = sorted(
        {event for rule in rules for event in rule.life}, key=lambda one: (one.since, one.recorded, one.status)
    )
    days = {day for event in events for day in (event.since, event.recorded) if event.status not in ENDING}
    days |= {day for source in own for day in days_in(source.ref)}
    regime = book.regimes[measure.regime]
    effects = frozenset(rule.effect for rule in rules if rule.effect)
    firsts = sorted({(rule.life[0].since, rule.life[0].recorded) for rule in rules if rule.life})
    phrases = names_in(measure.title, asides=False)
    listed = {
        name
        for one in book.registers.values()
        if one.regime == measure.regime and one.of == "parties"
        for name in names_in(one.title, asides=False)
    }
    return Entry(
        to=measure.id,
        kind="measure",
        numbers=titled or _own_numbers(own),
        phrases=tuple(sorted(phrases)),
        days=frozenset(days),
        first=tuple(firsts),
        authority=bare(" ".join(measure.authority.values())),
        regime=bare(" ".join(regime.authority.values())),
        order=regime.jurisdiction,
        subjects=_subjects(
            book, [test for rule in rules if rule.effect for test in tests_of(rule.when)], measure.title
        ),
        effects=effects,
        parties={},
        history=tuple((event.since, _event(event, measure)) for event in events if event.status in ENDING),
        changed=frozenset(day for event in events if event.status in ENDING for day in (event.since, event.recorded)),
        lists=any(_same_name(name, phrase) for name in listed for phrase in phrases),
        announces=measure.kind == "announcement",
    )


def _event(event: Event, measure: Measure) -> str:
    until = f" until {event.until}" if event.until else ""
    mark = " [unverified]" if event.seen == "unverified" else ""
    return f"{event.since} {event.status}{until}: {measure.sources[event.by.source].ref}{mark}"


def _subjects(book: Book, tests: Iterable[Test], title: Text) -> dict[str, str]:
    """The names of what rules, or the measure's title, name outright (applications, persons, single countries), each
    with its list and code. A name that an application and a company share is the application's."""
    named: set[tuple[str, str]] = set()
    for test in tests:
        fact = book.vocabulary.facts.get(test.path)
        if fact and fact.kind in ("code", "codes") and fact.of in SUBJECTS and test.op != "outside":
            named |= {(fact.of, value) for value in test.values}
    whole = [bare(one) for one in title.values()]
    lands = place_names() | {
        name for code in book.vocabulary.lists["places"].codes.values() for name in names_in(code.title)
    }
    found: dict[str, str] = {}
    for kind in SUBJECTS:
        listed = book.vocabulary.lists.get(kind)
        for code in listed.codes.values() if listed else ():
            # the place in 甲公司(美国) tells which company of the name it is, and is no name of it
            names = names_in(code.title) if kind == "places" else names_in(code.title) - lands
            told = kind != "places" and any(name in one for name in names for one in whole)
            if not code.code.startswith(("other-", "@")) and (told or (kind, code.code) in named):
                names = names | {code.code.casefold()} if kind == "places" else names
                for name in sorted(names):
                    found.setdefault(name, f"{kind}/{code.code}")
    return found


def _of_register(book: Book, register: Register) -> list[Entry]:
    """A register of parties or of versions gives an entry for the rows that came by one source; any other, one entry
    by its title (a catalogue of items is amended as a whole). Calendars are no measures."""
    if register.of == "days" or not register.rows:
        return []
    regime = book.regimes[register.regime]
    rules = [rule for rule in book.rules.values() if any(test.register == register.id for test in tests_of(rule.when))]
    effects = frozenset(rule.effect for rule in rules if rule.effect)
    groups: dict[str, list[Row]] = {}
    for row in register.rows:
        groups.setdefault(row.cite.source if register.of in ("parties", "other") else "", []).append(row)
    found = []
    for key, rows in groups.items():
        sources = [register.sources[key]] if key else []
        parties: dict[str, str] = {}
        for row in rows if register.of == "parties" else ():
            for name in (row.columns.get("name", ""), *row.aliases):
                if _long_enough(bare(name)):
                    parties.setdefault(bare(name), f"{register.id}/{row.id}")
        days = (
            {row.since for row in rows}
            | {row.recorded for row in rows}
            | {day for one in sources for day in days_in(one.ref)}
        )
        ends = sorted(
            {(row.until, f"{row.until} last day of {register.id}/{row.id}") for row in rows if row.until and key}
        )
        found.append(
            Entry(
                to=register.id
                if not key
                else f"{register.id}/{rows[0].id}"
                if len(rows) == 1
                else f"{register.id}#{key}",
                kind="row" if key else "register",
                numbers=_own_numbers(sources),
                phrases=tuple(sorted(names_in(register.title, asides=False))),
                days=frozenset(days),
                first=tuple(sorted({(row.since, row.recorded) for row in rows})[:1]) if key else (),
                authority=bare(" ".join(regime.authority.values())),
                regime="",
                order=regime.jurisdiction,
                subjects={},
                effects=effects,
                parties=parties,
                history=tuple(ends),
                changed=frozenset(row.until for row in rows if row.until),
                lists=bool(key),
            )
        )
    return found


# --- history across documents

CHANGES = {
    "delay": "delayed",
    "enjoin": "enjoined",
    "revoke": "revoked",
    "suspend": "suspended",
    "stay": "stayed",
    "list_remove": "removed",
    "extend": "extended",
    "amend": "amended",
    "rescind": "revoked",
}


def attach_history(mentions: Sequence[tuple[str, Mention]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """What later mentions say became of earlier ones, by (document, mention): a delay, injunction or revocation
    belongs to every measure of the same legal order that was announced before it and shares an application, company
    or list with it; or that has the same link."""
    told: dict[tuple[str, str], list[tuple[str, str]]] = {}
    changes = [
        (doc, one)
        for doc, one in mentions
        if one.action in CHANGES and one.status not in ("possible", "planned", "negated")
    ]
    for doc, change in changes:
        when = change.announced.value[:10] if change.announced else ""
        if not when:
            continue
        for other, earlier in mentions:
            before = earlier.announced.value[:10] if earlier.announced else ""
            same = (doc, change.id) == (other, earlier.id)
            if same or earlier.group != "measure" or earlier.action in CHANGES or not before or before >= when:
                continue
            if _touches(change, earlier):
                until = f" until {change.effective.value}" if change.action == "delay" and change.effective else ""
                by = ", ".join(actor.name for actor in change.actors)
                line = f"{when} {CHANGES[change.action]}{until}" + (f" by {by}" if by else "") + f" ({doc} {change.id})"
                told.setdefault((other, earlier.id), []).append((when, line))
    return {key: tuple(line for _, line in sorted(set(lines))) for key, lines in told.items()}


def _touches(change: Mention, earlier: Mention) -> bool:
    whole = (
        change.action != "list_remove"
    )  # who is taken off a list is named; an entry taken out of a catalogue leaves it in force
    if whole and change.link and earlier.link and change.link.kind != "none" and change.link.to == earlier.link.to:
        return True
    if _order(change) and _order(earlier) and _order(change) != _order(earlier):
        return False
    kinds = ("app", "company", "list") if whole else ("company",)
    mine = {target.id for target in change.targets if target.id and target.kind in kinds}
    return bool(mine & {target.id for target in earlier.targets if target.kind in kinds})
