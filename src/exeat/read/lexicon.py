"""The names and trigger words that spotting looks for: data files and the rulebook's own names, folded, in one index.

Latin names match whole words. A name with a capital needs one in the text, a name all in capitals needs all of
them (``BIS`` is not ``bis``); triggers match in any case.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec

from exeat.errors import InputError
from exeat.read.fold import fold
from exeat.read.patterns import pattern
from exeat.read.regional import variants, widened
from exeat.rulebook.model import Book
from exeat.vocabulary.reader import Map, Seq, read_file

DATA = Path(__file__).parent / "data"
LEXICONS = ("lexicon-actors.yaml", "lexicon-parties.yaml", "lexicon-things.yaml")
FRAMES = ("frames-zh.yaml", "frames-en.yaml")
LATIN = re.compile(r"[A-Za-z0-9]")
PAIR = 2  # characters by which names are found
MIN_LATIN = 3  # a Latin name from the rulebook this short or shorter is more often a word than the party
LONG = 4  # characters that two names of one beginning seldom share


_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def lower(text: str) -> str:
    """Without capitals, as long as before (some capitals have no small letter of one character)."""
    told = text.lower()
    return told if len(told) == len(text) else text.translate(_LOWER)


class Entry(msgspec.Struct, frozen=True):
    """What a name stands for. ``office`` is the body a person speaks for, ``up`` the body above it; several ``ids``
    share an ambiguous name."""

    id: str
    kind: str
    jurisdiction: str = ""
    office: str = ""
    up: str = ""
    ids: tuple[str, ...] = ()


class Frame(msgspec.Struct, frozen=True):
    """One frame of the data files; see the head of frames-zh.yaml for the keys."""

    id: str
    action: str
    group: str
    actor: frozenset[str]
    target: frozenset[str]
    need: frozenset[str]
    left: re.Pattern[str] | None
    right: re.Pattern[str] | None
    not_left: re.Pattern[str] | None
    not_right: re.Pattern[str] | None
    left_unless: re.Pattern[str] | None
    side: str
    status: str
    order: int
    flags: frozenset[str]
    english: bool
    options: dict[str, str]


class Lengths(msgspec.Struct, frozen=True):
    """How long the names and the triggers are that begin with two characters, longest first; and the short ones."""

    names: tuple[int, ...]
    short_names: tuple[int, ...]
    triggers: tuple[int, ...]
    short_triggers: tuple[int, ...]


class Index:
    """Names by their first two characters, for longest-first matching without dependencies."""

    def __init__(self) -> None:
        self.names: dict[str, list[int]] = {}
        self.starts: dict[str, tuple[int, ...]] = {}
        self._lengths: dict[str, set[int]] = {}

    def add(self, key: str, value: int) -> None:
        values = self.names.setdefault(key, [])
        if value not in values:
            values.append(value)
        self._lengths.setdefault(key[:2], set()).add(len(key))

    def close(self) -> None:
        self.starts = {key: tuple(sorted(found, reverse=True)) for key, found in self._lengths.items()}


class Cues(msgspec.Struct, frozen=True):
    """Cue words as patterns, Chinese and English."""

    negation: tuple[re.Pattern[str], re.Pattern[str]]
    possible: tuple[re.Pattern[str], re.Pattern[str]]
    planned: tuple[re.Pattern[str], re.Pattern[str]]
    conditional: tuple[re.Pattern[str], re.Pattern[str]]
    called: tuple[re.Pattern[str], re.Pattern[str]]
    power: tuple[re.Pattern[str], re.Pattern[str]]
    said: tuple[re.Pattern[str], re.Pattern[str]]
    prepositions: tuple[re.Pattern[str], re.Pattern[str]]
    provision_lead: tuple[re.Pattern[str], re.Pattern[str]]


class Lexicon(msgspec.Struct, frozen=True):
    """All that spotting and framing look up."""

    entries: tuple[Entry, ...]
    by_id: dict[str, Entry]
    names: Index
    spelling: dict[str, str]
    triggers: Index
    frames: tuple[Frame, ...]
    cues: Cues
    nicknames: dict[str, str]
    governments: dict[str, str]
    heads: frozenset[str]
    numbered: dict[str, str]
    begins: re.Pattern[str]
    starts: dict[str, Lengths]
    prefixes: frozenset[str]
    single: frozenset[str]
    class_noun: tuple[re.Pattern[str], re.Pattern[str]]
    adjectives: dict[str, str]
    class_first: re.Pattern[str]


CLASS_COUNTS = "0-9一二两三四五六七八九十百数几多特其另所部更"
CODE = 2  # letters of a country's code


def lexicon(book: Book | None = None) -> Lexicon:
    """The lexicon, with the names of a rulebook's registers and measures if one is given.

    Raises:
        InputError: a data file is damaged.
    """
    return _Builder(book).built()


@cache
def plain_lexicon() -> Lexicon:
    """The lexicon without a rulebook (tests, drafts)."""
    return lexicon(None)


def _map(name: str) -> Map:
    node = read_file(DATA / name, f"read/data/{name}")
    if not isinstance(node, Map):
        raise InputError("not a mapping", file=name)
    return node


def _pattern(text: object) -> re.Pattern[str] | None:
    return re.compile(widened(str(text))) if text else None


class _Builder:
    def __init__(self, book: Book | None) -> None:
        self.entries: list[Entry] = []
        self.by_id: dict[str, Entry] = {}
        self.names, self.triggers = Index(), Index()
        self.spelling: dict[str, str] = {}
        self.nicknames: dict[str, str] = {}
        self.frames: list[Frame] = []
        self.book = book

    def built(self) -> Lexicon:
        for name in LEXICONS:
            self._lexicon(_map(name))
        countries = _map("lexicon-countries.yaml")
        adjectives, noun = self._countries(countries)
        if self.book is not None:
            self._rulebook(self.book)
        self._regional()
        for name in FRAMES:
            self._frames(_map(name), english=name.endswith("en.yaml"))
        for numbers in self.triggers.names.values():  # what only a court can do comes first: a judge who blocks enjoins
            numbers.sort(key=lambda number: (self.frames[number].actor != {"court"}, number))
        self.names.close()
        self.triggers.close()
        return Lexicon(
            tuple(self.entries),
            self.by_id,
            self.names,
            self.spelling,
            self.triggers,
            tuple(self.frames),
            _cues(_map("cues.yaml")),
            self.nicknames,
            self._governments(),
            frozenset(str(one) for one in countries["heads"]),
            {str(key): str(value) for key, value in countries["numbered"].items()},
            _begins(self.names, self.triggers),
            _starts(self.names, self.triggers),
            frozenset(key[:LONG] for index in (self.names, self.triggers) for key in index.names if len(key) >= LONG),
            frozenset(key for key in self.names.names if len(key) == 1),
            noun,
            adjectives,
            _class_first(adjectives),
        )

    def _governments(self) -> dict[str, str]:
        """The government of each country that has one by name."""
        found: dict[str, str] = {}
        for entry in self.entries:
            if entry.kind == "government" and entry.jurisdiction:
                found.setdefault(entry.jurisdiction, entry.id)
        return found

    def _entry(self, entry: Entry) -> int:
        self.entries.append(entry)
        self.by_id.setdefault(entry.id, entry)
        return len(self.entries) - 1

    def _name(self, name: str, number: int, weak: bool = False) -> None:
        folded = fold(name).strip()
        key = lower(folded)
        if not key or (weak and key in self.names.names):
            return
        if key in self.names.names and not weak:
            return  # the first file that says a name keeps it
        self.names.add(key, number)
        self.spelling[key] = folded

    def _lexicon(self, node: Map) -> None:
        for key, one in node["entries"].items():
            entry = Entry(
                str(key), str(one["kind"]), str(one.get("in", "")), str(one.get("office", "")), str(one.get("up", ""))
            )
            number = self._entry(entry)
            for name in one["names"]:
                self._name(str(name), number)
        for name, ids in node.get("shared", {}).items():
            first = self.by_id[str(ids[-1])]
            entry = Entry(
                first.id, first.kind, first.jurisdiction, first.office, first.up, tuple(str(one) for one in ids)
            )
            self.entries.append(entry)
            self._name(str(name), len(self.entries) - 1)
        self.nicknames.update({str(key): str(value) for key, value in node.get("nicknames", {}).items()})

    def _countries(self, node: Map) -> tuple[dict[str, str], tuple[re.Pattern[str], re.Pattern[str]]]:
        for kind, part in (("country", node["extra"]), ("region", node["regions"])):
            for code, names in part.items():
                number = self._entry(Entry(str(code), kind, str(code)))
                for name in names:
                    self._name(str(name), number)
        number = self._entry(Entry("COUNTRIES", "countries"))
        for name in node["classes"]:
            self._name(str(name), number)
        if self.book is not None and "places" in self.book.vocabulary.lists:
            self._places()
        adjectives = {lower(fold(str(word))): str(code) for code, words in node["adjectives"].items() for word in words}
        for word, code in adjectives.items():
            if len(code) == CODE and LATIN.match(word) and "'" not in word and word not in self.names.names:
                self._name(word.title(), self._entry(Entry(code, "demonym", code)), weak=True)
        return adjectives, _class_noun(adjectives)

    def _places(self) -> None:
        assert self.book is not None
        for code, found in self.book.vocabulary.lists["places"].codes.items():
            if len(code) != 2:
                continue
            number = self._entry(Entry(code, "country", code))
            for language in ("en", "zh"):
                name = found.title.get(language, "")
                if len(name) > 1:
                    self._name(name, number, weak=True)

    def _rulebook(self, book: Book) -> None:
        """Parties of the registers, and titles of the measures, that no data file names already."""
        for key in sorted(book.registers):
            register = book.registers[key]
            if register.of != "parties":
                continue
            for row in register.rows:
                known: int | None = None
                for name in (row.columns.get("name", ""), *row.aliases):
                    if not name or (LATIN.match(name) and len(name) <= MIN_LATIN):
                        continue
                    if known is None:
                        known = self._entry(Entry(f"{key}/{row.id}", "company", row.columns.get("country", "")[:2]))
                    self._name(name, known, weak=True)
        for key in sorted(book.measures):
            measure = book.measures[key]
            number = self._entry(Entry(key, "initiative" if measure.kind == "initiative" else "law", key[:2].upper()))
            for title in (measure.title.get("zh", ""), measure.title.get("en", "")):
                if len(title) >= 5:
                    self._name(title, number, weak=True)

    def _regional(self) -> None:
        """Every Chinese name also as other regions write it, unless that is another thing's name."""
        for key, name in list(self.spelling.items()):
            for other in variants(name):
                for number in self.names.names[key]:
                    self._name(other, number, weak=True)

    def _frames(self, node: Map, english: bool) -> None:
        lists = ("triggers", "actor", "target", "need")
        for one in node["frames"]:
            flags = frozenset(str(key) for key, value in one.items() if value == "true")
            options = {str(key): str(value) for key, value in one.items() if not isinstance(value, Seq)}
            actor, target, need = (frozenset(str(kind) for kind in one.get(key, ())) for key in lists[1:])
            frame = Frame(
                options["id"],
                options["action"],
                options["group"],
                actor or frozenset({"authority", "government", "country"}),
                target,
                need,
                _pattern(one.get("left")),
                _pattern(one.get("right")),
                _pattern(one.get("not_left")),
                _pattern(one.get("not_right")),
                _pattern(one.get("left_unless")),
                options.get("side", "after"),
                options.get("status", ""),
                len(self.frames),
                flags,
                english,
                options,
            )
            self.frames.append(frame)
            for trigger in one["triggers"]:
                told = fold(str(trigger))
                keys = [lower(word) for word in (told, *variants(told))]
                british = [key.replace("license", "licence") for key in keys]
                for spelt in dict.fromkeys((*keys, *british)):
                    self.triggers.add(spelt, frame.order)


def _starts(names: Index, triggers: Index) -> dict[str, Lengths]:
    """The lengths of names and triggers by their first two characters."""

    def short(lengths: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(one for one in lengths if one < LONG)

    found = {}
    for pair in (*names.starts, *triggers.starts):
        if len(pair) == PAIR:
            these, those = names.starts.get(pair, ()), triggers.starts.get(pair, ())
            found[pair] = Lengths(these, short(these), those, short(those))
    return found


def _begins(*indexes: Index) -> re.Pattern[str]:
    """Where a name or trigger may begin: at one of their first characters, a Latin one only at the beginning of a
    word."""
    first = {key[0] for index in indexes for key in index.names}
    latin = "".join(re.escape(sign) for sign in sorted(first) if LATIN.match(sign))
    other = "".join(re.escape(sign) for sign in sorted(first) if not LATIN.match(sign) and sign != " ")
    return re.compile(f"(?<![A-Za-z0-9])[{latin}]|[{other}]")


def _cues(node: Map) -> Cues:
    def pair(key: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
        part = node.get(key, {})
        chinese = sorted((fold(str(word)) for word in part.get("zh", ())), key=lambda word: (-len(word), word))
        english = sorted((str(word) for word in part.get("en", ())), key=lambda word: (-len(word), word))
        first = re.compile(widened("|".join(map(re.escape, chinese))) or "(?!)")
        words = "|".join(re.escape(word) for word in english)
        return first, re.compile(
            rf"(?:(?<![A-Za-z])|(?=n't))(?:{words})(?![A-Za-z])" if words else "(?!)", re.IGNORECASE
        )

    return Cues(*(pair(key) for key in Cues.__struct_fields__))


def _class_first(adjectives: dict[str, str]) -> re.Pattern[str]:
    """One of the signs with which the words of a Chinese class can begin: a country's, a number's, "other"."""
    first = {word[0] for word in adjectives if not LATIN.match(word)}
    return re.compile("[" + "".join(sorted(first)) + CLASS_COUNTS + "]")


def _class_noun(adjectives: dict[str, str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """``数十家中国科技企业``, ``58家中国实体``, ``other Chinese companies``: a class of companies, apps or persons by
    country or number, Chinese and English."""
    chinese = "|".join(
        word + ("" if len(word) > 1 else "(?!的)")  # 美企 is American, 清单中的企业 not Chinese
        for word in sorted((word for word in adjectives if not LATIN.match(word)), key=lambda word: (-len(word), word))
    )
    english = "|".join(
        sorted((re.escape(word) for word in adjectives if LATIN.match(word)), key=lambda word: (-len(word), word))
    )
    english_noun = f"(?:{pattern('class-noun-en').pattern}|{pattern('class-person-en').pattern})"
    adjective = f"(?:{english}|{pattern('class-adjective-en').pattern})"
    count = rf"(?P<count>{pattern('class-count-zh').pattern}|其他|其它|所有|部分|一些|更多)"
    persons = (
        rf"[0-9一二两三四五六七八九十百]+(?:多|余)?(?:名|位)[^,。;、:“”]{{0,20}}?{pattern('class-person-zh').pattern}"
    )
    return re.compile(
        rf"(?P<many>{persons})|(?:{count}(?:的)?涉?(?P<adj>{chinese})?|(?:的)?(?P<alone>{chinese}))(?:的)?"
        rf"(?:{pattern('class-kind-zh').pattern}){{0,3}}(?(count){pattern('class-described-zh').pattern}|)"
        rf"(?:(?P<noun>{pattern('class-noun-zh').pattern}|{pattern('class-person-zh').pattern})|(?P<app>{pattern('class-app-zh').pattern}))"
    ), re.compile(
        rf"(?<![A-Za-z])(?:(?P<count>{pattern('class-count-en').pattern}) )?"
        rf"(?P<adj>(?(count)(?:{pattern('class-described-en').pattern} ){{0,4}}|(?:{adjective} ){{1,4}}))"
        rf"(?:(?P<noun>{english_noun})|(?P<app>apps|applications|mobile apps))(?![A-Za-z])",
        re.IGNORECASE,
    )
