"""Words of other alphabets in Latin letters, close to how passports, BGN/PCGN and the lists themselves spell them.

Tables are the authors' own, after BGN/PCGN, GOST R 52535.1 and ICAO 9303 (Cyrillic), BGN/PCGN and ALA-LC (Arabic,
Persian, Hebrew), Revised Romanisation and McCune-Reischauer (Hangul), Hepburn (Kana), ISO 843 (Greek) and the national
systems of Georgia and Armenia. They aim at matching, not at reversible transliteration.
"""

from __future__ import annotations

import re
from functools import lru_cache

CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj",
        "ћ": "c", "џ": "dz", "ѓ": "g", "ќ": "k", "ѕ": "dz", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u",
        "ү": "u", "һ": "h", "ҳ": "h", "ҷ": "j", "ӣ": "i", "ӯ": "u", "ĸ": "k", "ҙ": "z", "ҡ": "k", "ҫ": "s", "ӧ": "o",
    }
)  # fmt: skip
_UKRAINIAN = str.maketrans({"и": "y", "г": "h"})
GREEK = str.maketrans(
    {
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
        "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
        "χ": "ch", "ψ": "ps", "ω": "o",
    }
)  # fmt: skip


def _letters(theirs: str, latin: str) -> dict[int, str]:
    return str.maketrans(dict(zip(theirs, latin.split(), strict=True)))


GEORGIAN = _letters(
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h",
)
ARMENIAN = _letters(
    "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
    "a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f ev",
)
ARABIC = str.maketrans(
    {
        "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh",
        "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a",
        "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ک": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ہ": "h", "ھ": "h",
        "و": "u", "ؤ": "u", "ي": "i", "ی": "i", "ى": "a", "ئ": "i", "ة": "a", "ۀ": "e", "ء": "", "پ": "p", "چ": "ch",
        "ژ": "zh", "گ": "g", "ڤ": "v", "ٹ": "t", "ڈ": "d", "ڑ": "r", "ں": "n", "ے": "e", "ټ": "t", "ډ": "d", "ړ": "r",
        "ږ": "zh", "ښ": "sh", "ګ": "g", "ڼ": "n", "ې": "e", "ۍ": "i", "ڭ": "ng", "ۆ": "o", "ێ": "e", "ە": "e", "ڵ": "l",
        "ﻯ": "i", "۔": "",
    }
)  # fmt: skip
PERSIAN = str.maketrans({"ث": "s", "ذ": "z", "ض": "z", "و": "v", "ق": "gh", "ج": "j", "ى": "i"})
HEBREW = str.maketrans(
    {
        "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ו": "u", "ז": "z", "ח": "h", "ט": "t", "י": "i", "כ": "k",
        "ך": "k", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s", "ע": "a", "פ": "p", "ף": "f", "צ": "ts",
        "ץ": "ts", "ק": "k", "ר": "r", "ש": "sh", "ת": "t", "׳": "", "״": "",
    }
)  # fmt: skip
_HEBREW_SOFT = str.maketrans({"ב": "v", "פ": "f", "ש": "s", "ו": "v"})
DEVANAGARI = str.maketrans(
    {
        "अ": "a", "आ": "a", "इ": "i", "ई": "i", "उ": "u", "ऊ": "u", "ऋ": "ri", "ए": "e", "ऐ": "ai", "ओ": "o", "औ": "au",
        "क": "k", "ख": "kh", "ग": "g", "घ": "gh", "ङ": "n", "च": "ch", "छ": "ch", "ज": "j", "झ": "jh", "ञ": "n",
        "ट": "t", "ठ": "th", "ड": "d", "ढ": "dh", "ण": "n", "त": "t", "थ": "th", "द": "d", "ध": "dh", "न": "n",
        "प": "p", "फ": "ph", "ब": "b", "भ": "bh", "म": "m", "य": "y", "र": "r", "ल": "l", "व": "v", "श": "sh",
        "ष": "sh", "स": "s", "ह": "h", "ा": "a", "ि": "i", "ी": "i", "ु": "u", "ू": "u", "े": "e", "ै": "ai", "ो": "o",
        "ौ": "au", "ं": "n", "ँ": "n", "ः": "h", "्": "", "़": "", "ृ": "ri",
    }
)  # fmt: skip

_LEAD = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "_", "j", "jj", "ch", "k", "t", "p", "h"]
_VOWEL = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
_TAIL = [
    "_",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "l",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]
_MR_LEAD = ["k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "_", "j", "jj", "ch", "k", "t", "p", "h"]
_MR_VOWEL = [
    "a",
    "ae",
    "ya",
    "yae",
    "o",
    "e",
    "yo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "u",
    "ui",
    "i",
]
_POPULAR_VOWEL = [
    "a",
    "ae",
    "ya",
    "yae",
    "u",
    "e",
    "yu",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]

_KANA = [
    "ア",
    "a",
    "イ",
    "i",
    "ウ",
    "u",
    "エ",
    "e",
    "オ",
    "o",
    "カ",
    "ka",
    "キ",
    "ki",
    "ク",
    "ku",
    "ケ",
    "ke",
    "コ",
    "ko",
    "サ",
    "sa",
    "シ",
    "shi",
    "ス",
    "su",
    "セ",
    "se",
    "ソ",
    "so",
    "タ",
    "ta",
    "チ",
    "chi",
    "ツ",
    "tsu",
    "テ",
    "te",
    "ト",
    "to",
    "ナ",
    "na",
    "ニ",
    "ni",
    "ヌ",
    "nu",
    "ネ",
    "ne",
    "ノ",
    "no",
    "ハ",
    "ha",
    "ヒ",
    "hi",
    "フ",
    "fu",
    "ヘ",
    "he",
    "ホ",
    "ho",
    "マ",
    "ma",
    "ミ",
    "mi",
    "ム",
    "mu",
    "メ",
    "me",
    "モ",
    "mo",
    "ヤ",
    "ya",
    "ユ",
    "yu",
    "ヨ",
    "yo",
    "ラ",
    "ra",
    "リ",
    "ri",
    "ル",
    "ru",
    "レ",
    "re",
    "ロ",
    "ro",
    "ワ",
    "wa",
    "ヲ",
    "o",
    "ン",
    "n",
    "ガ",
    "ga",
    "ギ",
    "gi",
    "グ",
    "gu",
    "ゲ",
    "ge",
    "ゴ",
    "go",
    "ザ",
    "za",
    "ジ",
    "ji",
    "ズ",
    "zu",
    "ゼ",
    "ze",
    "ゾ",
    "zo",
    "ダ",
    "da",
    "ヂ",
    "ji",
    "ヅ",
    "zu",
    "デ",
    "de",
    "ド",
    "do",
    "バ",
    "ba",
    "ビ",
    "bi",
    "ブ",
    "bu",
    "ベ",
    "be",
    "ボ",
    "bo",
    "パ",
    "pa",
    "ピ",
    "pi",
    "プ",
    "pu",
    "ペ",
    "pe",
    "ポ",
    "po",
    "ヴ",
    "vu",
    "ァ",
    "a",
    "ィ",
    "i",
    "ゥ",
    "u",
    "ェ",
    "e",
    "ォ",
    "o",
    "ャ",
    "ya",
    "ュ",
    "yu",
    "ョ",
    "yo",
    "ッ",
    "_",
    "ー",
    "_",
]
_KANA_OF = dict(zip(_KANA[::2], _KANA[1::2], strict=True))
_SMALL = "ァィゥェォャュョ"


def script_of(char: str) -> str:
    """The script of one letter, as far as names need it."""
    code = ord(char)
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return "Latin"
    for low, high, name in _RANGES:
        if low <= code <= high:
            return name
    return "Other"


_RANGES = (
    (0x370, 0x3FF, "Greek"), (0x1F00, 0x1FFF, "Greek"), (0x400, 0x52F, "Cyrillic"), (0x530, 0x58F, "Armenian"),
    (0x590, 0x5FF, "Hebrew"), (0x600, 0x6FF, "Arabic"), (0x750, 0x77F, "Arabic"), (0x8A0, 0x8FF, "Arabic"),
    (0xFB50, 0xFDFF, "Arabic"), (0xFE70, 0xFEFF, "Arabic"), (0x900, 0x97F, "Devanagari"), (0x10A0, 0x10FF, "Georgian"),
    (0x1100, 0x11FF, "Hangul"), (0xAC00, 0xD7A3, "Hangul"), (0x3040, 0x30FF, "Kana"), (0x3400, 0x9FFF, "Han"),
    (0xF900, 0xFAFF, "Han"), (0x20000, 0x323AF, "Han"), (0x3005, 0x3007, "Han"),
)  # fmt: skip

# Scripts that leave (most) vowels unwritten.
VOWELLESS = frozenset({"Arabic", "Hebrew"})


# Where waw can only be a consonant: first letter of a word, and between alif and ya (Walid, Rawi, Huawei).
_GLIDE = re.compile("^و(?=.)|(?<=ا)و(?=[يىی])")


@lru_cache(1 << 15)
def romanise(word: str, script: str) -> tuple[tuple[str, str], ...]:
    """Readings of one word of one script: (how, Latin letters), the most usual first."""
    if script == "Cyrillic":
        plain = word.translate(CYRILLIC)
        if any(c in word for c in "іїєґўʼ"):
            return ("", word.translate(_UKRAINIAN).translate(CYRILLIC)), ("cyrillic", plain)
        return (("", plain),)
    if script == "Arabic":
        return ("", _apart(_GLIDE.sub("w", word), ARABIC)), ("persian", _apart(word.translate(PERSIAN), ARABIC))
    if script == "Hebrew":
        return ("", word.translate(HEBREW)), (
            "soft",
            word[:1].translate(HEBREW) + word[1:].translate(_HEBREW_SOFT).translate(HEBREW),
        )
    if script == "Hangul":
        return (
            ("", hangul(word, _MR_LEAD, _MR_VOWEL)),
            ("voiced", voiced(word)),
            ("revised", hangul(word, _LEAD, _VOWEL)),
            ("popular", hangul(word, _LEAD, _POPULAR_VOWEL)),
        )
    if script == "Greek":
        for pair, into in (
            ("ου", "ou"),
            ("μπ", "b"),
            ("ντ", "d"),
            ("γκ", "g"),
            ("γγ", "ng"),
            ("αυ", "av"),
            ("ευ", "ev"),
        ):
            word = word.replace(pair, into)
        return (("", word.translate(GREEK)),)
    if script == "Kana":
        return (("", kana(word)),)
    if script == "Devanagari":
        return (("", devanagari(word)),)
    table = {"Georgian": GEORGIAN, "Armenian": ARMENIAN}.get(script)
    return (("", word.translate(table)),) if table else (("", word),)


_OPEN = frozenset("كکسصزثتطدضذظگ")  # letters that an h after them would make another sound of
_H = frozenset("هحہھ")


def _apart(word: str, table: dict[int, str]) -> str:
    """Letters of Arabic script one by one: زهراء is Z-hra with a vowel between that is not written, not Zhra."""
    if not _H & {*word}:
        return word.translate(table)
    out = ""
    for at, char in enumerate(word):
        out += "a" * (char in _H and at > 0 and word[at - 1] in _OPEN) + char.translate(table)
    return out


def devanagari(word: str) -> str:
    """A consonant has an "a" unless a vowel sign or a virama follows; at the end of a word it is not heard."""
    out = ""
    for n, char in enumerate(word):
        out += char.translate(DEVANAGARI)
        if "क" <= char <= "ह":
            after = word[n + 1 : n + 2]
            if after == "़":
                after = word[n + 2 : n + 3]
            if after and not "\u093c" <= after <= "\u094d" and after != "ः":
                out += "a"
    return out


def hangul(word: str, leads: list[str], vowels: list[str]) -> str:
    out = []
    for char in word:
        code = ord(char) - 0xAC00
        if not 0 <= code < 11172:
            out.append(char)
            continue
        out.append((leads[code // 588] + vowels[code % 588 // 28] + _TAIL[code % 28]).replace("_", ""))
    return "".join(out)


_VOICED = {"k": "g", "t": "d", "p": "b", "ch": "j"}
_TOUCHED = (0, 4, 8, 16, 21)  # closing sounds that voice what follows: none, n, l, m, ng


def voiced(word: str) -> str:
    """McCune-Reischauer in full: k, t, p and ch are g, d, b and j after a vowel, n, l, m or ng (명국: Myong Guk)."""
    out, before = "", False
    for char in word:
        code = ord(char) - 0xAC00
        heard = hangul(char, _MR_LEAD, _MR_VOWEL)
        lead = _MR_LEAD[code // 588] if 0 <= code < 11172 else ""
        out += _VOICED[lead] + heard[len(lead) :] if before and lead in _VOICED else heard
        before = 0 <= code < 11172 and code % 28 in _TOUCHED
    return out


def kana(word: str) -> str:
    out = ""
    for char in word:
        katakana = chr(ord(char) + 0x60) if 0x3041 <= ord(char) <= 0x3096 else char
        sound = _KANA_OF.get(katakana, katakana).replace("_", "")
        if katakana in _SMALL and out:
            out = out[:-1] + (sound[1:] if out[-2:-1] in "hj" and sound[:1] == "y" else sound)
        else:
            out += sound
    return out
