"""The shipped tables, read once when first needed."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from exeat.screen.names.analysed import FORM, GENERIC, NAME, PARTICLE, PLACE
from exeat.screen.names.fold import fold
from exeat.screen.names.romanise import CYRILLIC
from exeat.screen.names.sound import sound

DATA = Path(__file__).parent.parent / "data"


@cache
def settings() -> dict[str, str]:
    """data/weights.yaml as text: it is flat, so that it needs no YAML reader at start."""
    lines = (line.split("#")[0] for line in (DATA / "weights.yaml").read_text(encoding="utf-8").splitlines())
    return {key.strip(): value.strip() for key, value in (line.split(":", 1) for line in lines if ":" in line)}


@cache
def weights() -> dict[str, int]:
    return {key: int(value) for key, value in settings().items() if value.isdigit()}


_CLASS = {
    "g": (GENERIC, weights()["generic"]),
    "h": (GENERIC, weights()["heavy"]),
    "p": (PLACE, weights()["place"]),
    "t": (PARTICLE, 100),
}
# Words that a name may drop: articles, conjunctions, "son of", nobiliary particles, numbering words.
_PARTICLES = [
    "the",
    "of",
    "and",
    "for",
    "in",
    "on",
    "at",
    "to",
    "a",
    "an",
    "de",
    "del",
    "della",
    "dello",
    "dei",
    "degli",
    "di",
    "da",
    "do",
    "dos",
    "das",
    "du",
    "des",
    "le",
    "la",
    "les",
    "los",
    "las",
    "el",
    "y",
    "e",
    "et",
    "und",
    "von",
    "van",
    "der",
    "den",
    "zu",
    "zum",
    "zur",
    "am",
    "im",
    "vom",
    "ten",
    "ter",
    "te",
    "al",
    "ul",
    "ur",
    "ud",
    "ad",
    "ash",
    "ar",
    "az",
    "as",
    "es",
    "il",
    "lo",
    "bin",
    "ibn",
    "ben",
    "bint",
    "bent",
    "binti",
    "binte",
    "ould",
    "wa",
    "va",
    "ve",
    "u",
    "i",
    "s",
    "no",
    "nr",
    "num",
    "number",
    "vul",
    "wal",
    "dalle",
    "dal",
    "d",
    "l",
    "o",
    "and",
    "its",
    "sub",
    "unit",
    "units",
    "any",
    "or",
    "successor",
    "successors",
    "subsidiary",
    "subsidiaries",
    "thereof",
    "aka",
    "alias",
    "mv",
    "mt",
    "m",
    "v",
    "named",
    "ibni",
    "oglu",
    "ogly",
    "kyzy",
    "zade",
    "uulu",
    "ol",
    "oul",
    "bani",
    "ap",
    "и",
    "в",
    "на",
    "по",
    "для",
    "при",
    "из",
    "у",
    "з",
    "та",
    "й",
    "ў",
    "і",
    "في",
    "من",
    "به",
    "از",
    "در",
    "های",
    "ها",
    "للـ",
    "على",
    "و",
]
# First parts of compounds (Радиоволна): only with short endings are they words by themselves.
_PREFIXES = frozenset(("радио", "авиа", "аэро", "авто", "агро", "метал", "нефте", "хим"))
_HALF_PARTICLES = [
    "abu",
    "abou",
    "abi",
    "aboo",
    "bu",
    "um",
    "umm",
    "om",
    "abd",
    "abdel",
    "abdul",
    "abdal",
    "abdur",
    "abdoul",
]


def rows(name: str) -> list[list[str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]


@cache
def common() -> dict[str, int]:
    return {word: int(level) for word, level in rows("common.tsv")}


# (as compared, class, weight)
Classed = tuple[str, int, int]
Phrases = dict[str, list[tuple[tuple[str, ...], str, int, int]]]


@cache
def terms() -> tuple[Phrases, dict[str, Classed], dict[str, Classed]]:
    """Phrases by first word (longest first), stems (Cyrillic, and their Latin spelling), and Han terms."""
    phrases: Phrases = {}
    stems: dict[str, Classed] = {}
    han: dict[str, Classed] = {}
    for row in rows("forms.tsv"):
        kind, latin, zh, *rest = [*row, "", "", "", ""][:6]
        _phrases(phrases, (latin, *rest), (kind, FORM, 0))
        han |= dict.fromkeys(filter(None, zh.split("|")), (kind, FORM, 0))
    for row in rows("terms.tsv"):
        canon, code, english, zh, ru, ar, ko, other = [*row, *[""] * 8][:8]
        classed = (canon, *_CLASS[code])
        _phrases(phrases, (canon, english, ar, ko, other), classed)
        for text in filter(None, zh.split("|")):
            han.setdefault(text, classed)
        for text in filter(None, ru.split("|")):
            if text.endswith("*"):
                _stem(stems, fold(text[:-1]), classed)
            else:
                _phrases(phrases, (text,), classed)
    for row in rows("places-zh.tsv"):
        _phrases(phrases, (row[1],), (row[1], PLACE, weights()["place"]))
    for word in _PARTICLES:
        _phrases(phrases, (word,), (word, PARTICLE, 60))
    for word in _HALF_PARTICLES:
        _phrases(phrases, (word,), ("abd" if word.startswith("abd") else "abu", PARTICLE, 200))
    for known in phrases.values():
        known.sort(key=lambda k: -len(k[0]))
    return phrases, stems, han


def _phrases(phrases: Phrases, cells: tuple[str, ...], classed: Classed) -> None:
    """Every spelling in ``cells``; who comes first keeps it."""
    for cell in cells:
        for text in filter(None, cell.split("|")):
            parts = tuple(fold(text).split())
            known = phrases.setdefault(parts[0], [])
            if parts not in [k[0] for k in known]:
                known.append((parts, *classed))


def _stem(stems: dict[str, Classed], stem: str, classed: Classed) -> None:
    stems.setdefault(stem, classed)
    if len(latin := stem.translate(CYRILLIC)) >= 6:
        stems.setdefault(latin, classed)


@lru_cache(1 << 16)
def word_class(word: str) -> tuple[str, int, int]:
    """What one word is: (as compared, class, weight). Phrases of several words are found by the caller first."""
    phrases, stems, _ = terms()
    for parts, canon, cls, weight in phrases.get(word, ()):
        if len(parts) == 1:
            return canon, cls, weight
    least = 2 if word[:1] >= "\u0400" else 6
    for end in range(len(word), least - 1, -1):
        if (hit := stems.get(word[:end])) is not None:
            # A short stem takes short endings only: "сил*" is силы, not Силантьев.
            if len(word) - end <= (9 if end >= 7 else 6 if end >= 5 else 3) and not (
                word[:end] in _PREFIXES and len(word) - end > 2
            ):
                return hit
            break
    if (meant := _with_a_slip(word)) is not None:
        return meant
    return word, NAME, weight_of(word)


_LONG = 9  # letters from which a word with one slip can hardly be another word


def _with_a_slip(word: str) -> Classed | None:
    """The one general word that the word is within an edit of, if it is long and no known word: "Componets"."""
    if len(word) < _LONG - 1 or not word.isascii() or not word.isalpha() or word in common():
        return None
    found = {
        known: classed
        for short in _shorter(word)
        for known, classed in _long_terms().get(short, ())
        if OSA.distance(word, known, score_cutoff=1) <= 1
    }
    return next(iter(found.values())) if len({*found.values()}) == 1 else None


@cache
def _long_terms() -> dict[str, list[tuple[str, Classed]]]:
    """Long general words of Latin letters by what is left of them with at most one letter gone."""
    out: dict[str, list[tuple[str, Classed]]] = {}
    for first, known in terms()[0].items():
        for parts, canon, cls, weight in known:
            if len(parts) == 1 and cls == GENERIC and len(first) >= _LONG and first.isascii() and first.isalpha():
                for short in _shorter(first):
                    out.setdefault(short, []).append((first, (canon, cls, weight)))
    return out


def _shorter(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def weight_of(word: str) -> int:
    """Rarer words tell more: from 1,000 down to 400 for the commonest names."""
    level = common().get(word, 0)
    return max(400, 1000 - weights()["common"] * max(0, level - 3))


@cache
def groups() -> dict[str, frozenset[str]]:
    """Sound of a given name to the classes of names it is a form of (Bob, Robert)."""
    out: dict[str, set[str]] = {}
    for n, row in enumerate(rows("nicknames.tsv")):
        for word in row[0].split():
            out.setdefault(sound(fold(word)), set()).add(str(n))
    return {word: frozenset(classes) for word, classes in out.items()}


@cache
def families() -> dict[str, frozenset[str]]:
    """Latin spelling to the Chinese and Korean family names it may stand for (Wong: 王 黄 汪)."""
    out: dict[str, set[str]] = {}
    for row in rows("surnames.tsv"):
        for word in (row[1], *(row[2] if len(row) > 2 else "").split()):
            out.setdefault(word, set()).add(row[0])
    for row in rows("surnames-ko.txt"):
        head, *spellings = row[0].split()
        for word in spellings:
            out.setdefault(word, set()).add(head)
    return {word: frozenset(classes) for word, classes in out.items()}


@cache
def also_names() -> frozenset[str]:
    """General words and places, as written and folded, that people bear as names as well: Wood, West, جهانی."""
    return frozenset(fold(word) for row in rows("also-names.txt") for word in row[0].split())


@cache
def korean_families() -> frozenset[str]:
    """Korean family names in Hangul."""
    return frozenset(row[0].split()[0] for row in rows("surnames-ko.txt"))
