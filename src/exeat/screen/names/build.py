"""From text to ``Analysed``."""

from __future__ import annotations

import re
from itertools import pairwise

from exeat.screen.names.analysed import FORM, GENERIC, INITIAL, NAME, NUMBER, PARTICLE, PLACE, Analysed, Reading
from exeat.screen.names.fold import fold, unmixed, words
from exeat.screen.names.lexicon import also_names, korean_families, terms, weight_of, word_class
from exeat.screen.names.romanise import VOWELLESS, romanise, script_of
from exeat.screen.names.sound import far, skeleton, sound

Word = tuple[str, int, int]
Piece = dict[str, tuple[Word, ...]]

# What a match through a reading loses, in thousandths.
COST = {
    "": 0,
    "persian": 0,
    "soft": 20,
    "cyrillic": 0,
    "revised": 0,
    "voiced": 0,
    "popular": 20,
    "usual": 10,
    "wade-giles": 20,
    "cantonese": 30,
    "korean": 30,
    "japanese": 20,
    "sound": 30,
    "letters": 20,
    "heteronym": 10,
    "parted": 10,
    "meaning": 40,
    "meaning two": 40,
}
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)\Z")
_HAN_RUN = re.compile("[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_NAME_DOTS = re.compile("[·•‧・･∙⋅・]")
_NUMBERS = {
    w: str(n)
    for n, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {
    w: str(n)
    for n, w in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 1
    )
}
_TENS = {
    w: n
    for n, w in zip(
        range(20, 100, 10), ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], strict=True
    )
} | {"fourty": 40}
_ARTICLE = ("وال", "فال", "بال", "ال")
_ABD = ("abdul", "abdel", "abdal", "abdur", "abdoul", "abdol", "abdes", "abder", "abdus")
_GIVEN = re.compile(r"\(\s*([A-Z][A-Z0-9]{2,7})\s*\)")  # "Defense Technology (NUDT)"
_INFLECTED = re.compile(r"\s*\(([A-Za-z0-9&.\- ]{2,9})\)")


def analyse(text: str, kind: str = "") -> Analysed:
    """The name as it is compared; ``kind`` (of the party, "" unknown) settles how a Han name is cut."""
    brackets = (
        {fold(b).replace(" ", "") for b in _INFLECTED.findall(text) if b.isupper() or b[:1].isupper()}
        if "(" in text
        else set()
    )
    folded = unmixed(fold(_inverted(text, kind)))
    if folded.isascii():
        raw = words(folded)
        found, bare = _latin(raw, brackets, kind)
        pieces: list[Piece] = [{"": (word,)} for word in found]
        return _build(text, kind, "Latin", pieces, raw, "", "".join(raw), bare)
    return _other(text, kind, folded, brackets)


def _inverted(text: str, kind: str) -> str:
    """ "FAMILY, Given" in the order of speech; of a company ("Druzhba, AO") the order is of no matter."""
    if kind in ("vessel", "aircraft") or text.count(",") != 1:
        return text
    family, given = text.split(",")
    if not given.strip() or len(family.split()) > 4:
        return text
    if all(word_class(word)[1] == FORM for word in words(fold(given))):
        return text
    return f"{given.strip()} {family}"


def _latin(raw: list[str], brackets: set[str], kind: str) -> tuple[list[Word], str]:
    """Phrases and words of Latin letters classed, forms canonical; and all letters but those of forms."""
    if kind == "person":
        return _personal(raw, brackets), "".join(raw)
    phrases, _, _ = terms()
    out: list[Word] = []
    bare = ""
    raw = [_russian(word) if len(word) > 7 and word[0] in "oapzn" else word for word in raw]
    at, size = 0, len(raw)
    while at < size:
        word = raw[at]
        if kind == "vessel" and word in _ROMAN and 0 < at == size - 1:  # SPARTA II is not SPARTA III
            out.append((_ROMAN[word], NUMBER, 900))
            bare += word
            at += 1
            continue
        if word in phrases:
            for parts, canon, cls, weight in phrases[word]:
                n = len(parts)
                if n == 1 or tuple(raw[at : at + n]) == parts:
                    if n == 1 and len(word) == 1:
                        break
                    out.extend([(part, cls, weight) for part in canon.split()])
                    if cls != FORM:
                        bare += "".join(raw[at : at + n])
                    at += n
                    break
            else:
                n = 0
            if n and not (len(word) == 1 and n == 1):
                continue
        out.extend(_one(word, brackets))
        bare += word
        at += 1
    return _numbers(out), bare


_ROMAN_DIGITS = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
_ROMAN = {word: str(number) for number, word in enumerate(_ROMAN_DIGITS.split(" "), 1)}


# Particles of English that are names elsewhere.
_ASIAN = frozenset(["in", "on", "at", "no", "an", "as", "or", "any", "its", "to", "man", "il"])
_SUFFIXES = frozenset(["sa", "llc", "ltd", "inc", "gmbh", "ag", "plc", "limited"])


def _personal(raw: list[str], brackets: set[str]) -> list[Word]:
    """In a person's name Pao is no legal form and Lianhe no "united"; titles and particles stay what they are."""
    out: list[Word] = []
    for at, word in enumerate(raw):
        classed = _one(word, brackets) if word not in _ASIAN else [(word, NAME, weight_of(word))]
        if classed[0][1] in (NAME, NUMBER, INITIAL, PARTICLE) or (word in _SUFFIXES and at > 1 and at == len(raw) - 1):
            out.extend(classed)
        else:
            out.append((word, NAME, weight_of(word)))
    return out


# Inflections and spellings of the words of Russian legal forms, by their beginnings.
_RUSSIAN = (
    ("ogranich", "ogranichennoy"),
    ("otvetstv", "otvetstvennostyu"),
    ("obshchest", "obshchestvo"),
    ("obschest", "obshchestvo"),
    ("aktsionern", "aktsionernoe"),
    ("aktsionn", "aktsionernoe"),
    ("akcionern", "aktsionernoe"),
    ("publichno", "publichnoe"),
    ("otkryto", "otkrytoe"),
    ("zakryto", "zakrytoe"),
    ("nepublichno", "nepublichnoe"),
)


def _russian(word: str) -> str:
    for start, form in _RUSSIAN:
        if word.startswith(start):
            return form
    return word


def _one(word: str, brackets: set[str]) -> list[Word]:
    if word.isdigit():
        return [(word.lstrip("0") or "0", NUMBER, 900)]
    if len(word) == 1:
        return [(word, INITIAL, 250)]
    if word in brackets:
        return [(word, PARTICLE, 150)]
    if word[0].isdigit() and _ORDINAL.match(word):
        return [(word[:-2], NUMBER, 900)]
    if word.startswith("ab") and len(word) >= 7 and word.startswith(_ABD):
        rest = "allah" if word[5:] in ("lah", "la", "llah") else word[5:]
        return [("abd", PARTICLE, 200), (rest, NAME, weight_of(rest))]
    canon, cls, weight = word_class(word)
    return [(canon, cls, weight)] if " " not in canon else [(part, cls, weight) for part in canon.split()]


def _numbers(out: list[Word]) -> list[Word]:
    """ "forty four" → 44."""
    if not any(w[0] in _NUMBERS or w[0] in _TENS for w in out):
        return out
    got: list[Word] = []
    for word in out:
        if word[0] in _TENS:
            got.append((str(_TENS[word[0]]), NUMBER, 900))
        elif word[0] in _NUMBERS or (word[1] == NUMBER and len(word[0]) == 1):
            digit = _NUMBERS.get(word[0], word[0])
            if got and got[-1][1] == NUMBER and got[-1][0].endswith("0") and len(got[-1][0]) == 2 and len(digit) == 1:
                got[-1] = (str(int(got[-1][0]) + int(digit)), NUMBER, 900)
            else:
                got.append((digit, NUMBER, 900))
        else:
            got.append(word)
    return got


def _other(text: str, kind: str, folded: str, brackets: set[str]) -> Analysed:
    """A name that is not all Latin: each stretch of one script gives its own alternatives."""
    pieces: list[Piece] = []
    counts: dict[str, int] = {}
    han = ""
    raw: list[str] = []
    dotted = bool(_NAME_DOTS.search(text))
    if _HAN_RUN.search(folded):
        from exeat.screen.names.han import simplify, spaced_person  # noqa: PLC0415 - brings OpenCC

        folded = simplify(folded)
        joined_han = "".join(_HAN_RUN.findall(folded))
        han = _bare(joined_han)
        spaced = folded.split()
        if kind == "" and all(map(_HAN_RUN.fullmatch, spaced)) and spaced_person(spaced):
            kind = "person"
        if (
            not dotted
            and _HAN_RUN.sub("", folded).strip(" .·()（）-") == ""
            and not (kind == "person" and len(spaced) > 1)
        ):
            folded = joined_han
    pending: list[str] = []
    pending_script = ""

    def flush() -> None:
        nonlocal pending
        if pending:
            pieces.extend(_stretch(pending, pending_script, kind, brackets))
        pending = []

    parts = words(_NAME_DOTS.sub(" ", folded))
    letters = sum(map(len, parts))
    for word in parts:
        for part, script in _runs(word):
            counts[script] = counts.get(script, 0) + len(part)
            raw.append(part)
            if script == "Han":
                flush()
                pieces.extend(_han(part, kind, dotted, alone=len(han) == len(part) == letters))
                continue
            if script != pending_script:
                flush()
                pending_script = script
            pending.append(part)
    flush()
    script = max(counts, key=lambda s: counts[s]) if counts else "Other"
    return _build(text, kind, script, pieces, raw, han, "".join(raw), "")


def _runs(word: str) -> list[tuple[str, str]]:
    runs: list[tuple[str, str]] = []
    for char in word:
        script = "Latin" if char.isdigit() else script_of(char)
        letter = str(int(char)) if char.isdecimal() else char
        if runs and runs[-1][1] == script:
            runs[-1] = (runs[-1][0] + letter, script)
        else:
            runs.append((letter, script))
    return runs


def _han(part: str, kind: str, dotted: bool, alone: bool) -> list[Piece]:
    from exeat.screen.names import han  # noqa: PLC0415

    if dotted:
        return [han.foreign(part)] if kind == "person" else han.company(part)
    if kind == "person" or (kind == "" and len(part) <= 4 and alone):
        as_person = han.person(part)
        if as_person is not None:
            if not alone:
                return [han.part(part)]
            if len(part) >= 3 and kind == "person" and part[0] in han.BY_SOUND:
                word = "".join(han.pinyin(part))
                as_person["sound"] = ((word, NAME, 1000),)
            return [as_person]
        if kind == "person":
            return [han.part(part) if not alone and len(part) <= 2 else han.foreign(part)]
    return han.company(part)


def _bare(text: str) -> str:
    """Han text without legal forms."""
    _, _, table = terms()
    for size in (8, 7, 6, 5, 4, 2):
        while len(text) > size and (hit := table.get(text[-size:])) is not None and hit[1] == FORM:
            text = text[:-size]
    return text


def _stretch(parts: list[str], script: str, kind: str, brackets: set[str]) -> list[Piece]:
    """Words of one script other than Han."""
    if script == "Latin":
        return [{"": (word,)} for word in _latin(parts, brackets, kind)[0]]
    if script == "Arabic":
        parts = _arabic(parts)
    if script == "Hangul" and kind != "person":
        parts = [piece for word in parts for piece in _hangul(word)]
    phrases, _, _ = terms()
    korean = script == "Hangul" and _korean(parts)
    out: list[Piece] = []
    at = 0
    while at < len(parts):
        word = parts[at]
        hit = None
        if kind != "person":
            for phrase, canon, cls, weight in phrases.get(word, ()):
                if tuple(parts[at : at + len(phrase)]) == phrase:
                    hit = (canon, cls, weight)
                    at += len(phrase)
                    break
            else:
                got = word_class(word)
                if got[1] == NAME and script == "Arabic" and (bare := _article(word)) != word:
                    got = word_class(bare)
                if got[1] != NAME:
                    hit, at = got, at + 1
        if hit is not None:
            out.append({"": tuple((part, hit[1], hit[2]) for part in hit[0].split())})
            if script == "Arabic" and hit[1] != FORM and at:
                # Lists give some names translated and others in letters: Al-Ittihad, the Union.
                latin = fold(romanise(_article(parts[at - 1]), script)[0][1])
                out[-1]["letters"] = ((latin, NAME, 800),)
            continue
        out.extend(_read(word, script, kind, first=at == 0, only=len(parts) == 1, korean=korean))
        at += 1
    return out


def _hangul(word: str) -> list[str]:
    """Company terms cut out of a Korean compound by the longest match: 조선|국제|전람|사."""
    phrases, _, _ = terms()
    out, rest, at = [], "", 0
    while at < len(word):
        for size in range(min(6, len(word) - at), 1, -1):
            if word[at : at + size] in phrases:
                out += [rest] * bool(rest) + [word[at : at + size]]
                rest, at = "", at + size
                break
        else:
            rest += word[at]
            at += 1
    return out + ([rest] if rest and rest not in ("사", "부", "의") else [])


def _arabic(parts: list[str]) -> list[str]:
    """Articles and "servant of" taken off: عبدالرحمن is عبد الرحمن is عبد رحمن."""
    out: list[str] = []
    phrases, _, _ = terms()
    for word in parts:
        if word in phrases:
            out.append(word)
            continue
        if word.startswith("عبدال") and len(word) > 6:
            out += ["عبد", word[5:]]
            continue
        out.append(word)
    return out


def _article(word: str) -> str:
    """The word without its article."""
    for article in _ARTICLE:
        if word.startswith(article) and len(word) - len(article) >= 3 and word != "الله":
            return word[len(article) :]
    return word


_ARABIC_PARTICLES = {
    "بن": "bin",
    "ابن": "bin",
    "بنت": "bint",
    "ابو": "abu",
    "أبو": "abu",
    "ابي": "abu",
    "أبي": "abu",
    "ال": "al",
    "آل": "al",
    "عبد": "abd",
    "و": "and",
    "الدين": "din",
    "ولد": "ould",
    "الله": "allah",
}


def _korean(parts: list[str]) -> bool:
    """A Korean family name with given names of two syllables: no foreign name written by sound."""
    rest = [part for part in parts if part not in korean_families()]
    return len(rest) == len(parts) - 1 > 0 and all(len(part) == 2 for part in rest)


def _read(word: str, script: str, kind: str, first: bool, only: bool, korean: bool) -> list[Piece]:
    if script == "Arabic" and (latin := _ARABIC_PARTICLES.get(word)) is not None:
        return [{"": (word_class(latin),)}]
    if script == "Hangul" and kind in ("person", "") and only and 2 <= len(word) <= 4:
        head = 2 if len(word) == 4 or word[:2] in ("남궁", "황보", "제갈", "선우", "독고") else 1
        parts = [dict(romanise(p, script)) for p in (word[:head], word[head:])]
        return [
            {
                via: tuple((p[via], NAME, weight_of(p[via])) for p in parts)
                for via in ("", "voiced", "revised", "popular")
            }
        ]
    piece: Piece = {}
    spelt = romanise(word, script)
    if script == "Arabic" and (bare := _article(word)) != word:
        # In Persian names what looks like an article may be none: الهیان.
        spelt = (("", romanise(bare, script)[0][1]), *spelt[1:])
    for via, letters in spelt:
        latin = fold(letters)
        if len(latin) == 1 and script != "Hangul":  # 이 is a whole name, not a letter that stands for one
            piece[via] = ((latin, INITIAL, 250),)
        elif script in ("Cyrillic", "Greek", "Georgian", "Armenian"):
            piece[via] = (word_class(latin),) if kind != "person" else ((latin, NAME, weight_of(latin)),)
        elif latin:
            piece[via] = ((latin, NAME, weight_of(latin) if script not in VOWELLESS else 800),)
    if script == "Hangul" and kind == "person" and not korean:
        piece["sound"] = piece[""]
    return [piece] if piece else []


def _build(
    text: str, kind: str, script: str, pieces: list[Piece], raw: list[str], han: str, joined: str, bare: str
) -> Analysed:
    raw_letters = "".join(raw)
    family = (
        frozenset((*raw_letters, *(a + b for a, b in pairwise(raw_letters))))
        if script in ("Han", "Hangul")
        else frozenset()
    )
    # What people bear as names as well says of nobody that it is a company: Raymond Wood.
    ambiguous = sum(map(_also_a_name, raw)) if kind == "" else 0
    vias = [""]
    for piece in pieces:
        vias += [via for via in piece if via not in vias]
    readings: list[Reading] = []
    seen: set[tuple[str, ...]] = set()
    for via in vias:
        flat = [word for piece in pieces for word in piece.get(via, piece.get("", ()))]
        names = tuple([word[0] for word in flat])
        if not flat or (names in seen and via != "sound"):
            continue
        seen.add(names)
        readings.append(
            _reading(
                flat,
                names,
                via,
                joined if script == "Latin" else "".join(names),
                script not in VOWELLESS,
                script in ("Han", "Hangul") and via != "sound",
                kind,
                family,
                ambiguous,
            )
        )
    key = (
        " ".join(
            sorted(w for w, c in zip(readings[0].words, readings[0].classes, strict=True) if c not in (FORM, PARTICLE))
        )
        if readings
        else ""
    )
    # The first letters of what nothing calls a company are a person's initials.
    named = kind == "organisation" or (kind == "" and bool(readings) and readings[0].company > 0)
    acronyms = _acronyms(raw, text) if script == "Latin" and len(raw) > 2 and named else ()
    short = kind in ("organisation", "") and len(raw) <= 3 and any(2 <= len(w) <= 6 and w.isascii() for w in raw)
    return Analysed(text, kind, script, tuple(readings), key, bare or joined, han, acronyms, short)


def _also_a_name(word: str) -> bool:
    return word in also_names() and word_class(word)[1] in (GENERIC, FORM)


_NAMELESS = frozenset((INITIAL, FORM, PARTICLE))


def _reading(
    flat: list[Word],
    names: tuple[str, ...],
    via: str,
    joined: str,
    vowels: bool,
    strict: bool,
    kind: str,
    family: frozenset[str],
    ambiguous: int,
) -> Reading:
    classes = tuple([word[1] for word in flat])
    weights = tuple([word[2] for word in flat])
    if _NAMELESS.issuperset(classes):
        # Nothing but forms and particles: then these are the name.
        classes, weights = (NAME,) * len(flat), (1000,) * len(flat)
    company = -1 if kind == "person" else int(kind != "" or sum(c in (GENERIC, FORM) for c in classes) > ambiguous)
    sounds = tuple(map(sound, names))
    core = frozenset([s for s, c, w in zip(sounds, classes, weights, strict=True) if c in (NAME, NUMBER) or w >= 500])
    return Reading(
        names,
        classes,
        weights,
        sounds,
        tuple(map(far if via == "sound" else skeleton, names)),
        frozenset(names),
        core,
        joined,
        via,
        COST.get(via, 0),
        vowels,
        strict,
        company,
        family if strict else frozenset(),
    )


def _acronyms(raw: list[str], text: str) -> tuple[str, ...]:
    """First letters of all words; without particles; without particles and forms; and what a list gives in brackets."""
    given = {fold(word) for word in _GIVEN.findall(text)} if "(" in text else set()
    given = {word for word in given if word_class(word)[1] == NAME}
    classed = [(word, word_class(word)[1]) for word in raw if not word.isdigit() and word not in given]
    some = {"".join(w[0] for w, _ in classed)}
    some.add("".join(w[0] for w, c in classed if c != PARTICLE))
    some.add("".join(w[0] for w, c in classed if c not in (PARTICLE, FORM)))
    return tuple(sorted(a for a in some | given if 2 < len(a) <= 8))


__all__ = ["NAME", "PLACE", "analyse"]
