"""Text to plain words: compatibility forms, case, diacritics, punctuation.

Folding twice changes nothing. Han, Kana, Hangul, Arabic and other letters stay as they are; `romanise` reads them.
"""

from __future__ import annotations

import re
from unicodedata import normalize

# Letters that no decomposition takes apart.
_LETTERS = str.maketrans(
    {
        "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h", "ŋ": "ng",
        "ə": "a", "ß": "ss", "ƒ": "f", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ŧ": "t", "ʒ": "z", "ĸ": "k",
    }
)  # fmt: skip
# Marks that stand inside a word and are not heard: apostrophes, ayn, hamza, soft hyphens, joiners, tatweel.
_SILENT = dict.fromkeys(map(ord, "'’‘`´ʼʻʿʾ′“”\"\u00ad\u200b\u200d\u200e\u200f\u0640\ufeff\u2060"), None)
_SILENT |= dict.fromkeys(map(ord, '"“”«»„'), " ") | {
    0x200C: " ",
    ord("&"): " and ",
    ord("+"): " and ",
    ord("№"): " no ",
}
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]+")
# Vowel signs of Indian and Thai writing are marks, not letters, to Unicode; they belong to the word all the same.
_WORDS = re.compile("(?:[^\\W_]|[\u0900-\u0963\u0970-\u0983\u09bc-\u09cd\u0e31-\u0e3a\u0e47-\u0e4e])+")
# Letters of another script in a word that only look like its own, small or large: a common slip, and trick, of typing.
# After Unicode's confusables (UTS 39), as far as whole letters of names go.
_AS_CYRILLIC = str.maketrans("abceikmhopctxy", "абсеікмнорстху")
_AS_LATIN = str.maketrans("авеікмнорсԁһјԛѕтухԝ" + "αβεηικμνορτυχϲϳ", "abeikmhopcdhjqstyxw" + "abehikmnoptyxcj")
_MIXED = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-z]")


def fold(text: str) -> str:
    """Lower case, no diacritics on Latin and Greek letters, no silent marks; other scripts keep theirs where heard."""
    if text.isascii():
        return text.lower().translate(_SILENT)
    text = normalize("NFKC", normalize("NFKC", text).translate(_SILENT).casefold()).translate(_LETTERS)
    if text.isascii():
        return text
    return "".join(_plain(c) if not c.isascii() else c for c in text)


def _plain(char: str) -> str:
    """The letter without its marks, unless the mark makes it another letter (й, ё, が, Hangul)."""
    code = ord(char)
    if code >= 0x2E80 or 0x400 <= code <= 0x52F:
        return char
    if _MARKS.match(char):
        return ""
    return _MARKS.sub("", normalize("NFKD", char))


def words(folded: str) -> list[str]:
    """The words of a folded text; initials that stand together ("p.l.c.", "J.-C.") become one word."""
    out: list[str] = []
    run = ""
    for word in _WORDS.findall(folded):
        if len(word) == 1 and word.isalpha() and word < "\u0700":
            run += word
            continue
        if run:
            out.append(run)
            run = ""
        out.append(word)
    if run:
        out.append(run)
    return out


def unmixed(folded: str) -> str:
    """A folded text with each word in one script, as far as its letters only look like another's."""
    if not (_MIXED.search(folded) and _LATIN.search(folded)):
        return folded
    return _WORDS.sub(lambda word: _unmix(word[0]), folded)


def _unmix(word: str) -> str:
    """A word of letters of two scripts that look alike, in one of them: Latin letters in a Cyrillic word, Cyrillic or
    Greek ones in a Latin word. What cannot be written in one stays as it is.
    """
    if not (_MIXED.search(word) and _LATIN.search(word)):
        return word
    for table, foreign in ((_AS_CYRILLIC, _LATIN), (_AS_LATIN, _MIXED)):
        plain = word.translate(table)
        if not foreign.search(plain):
            return plain
    return word
