"""Length-preserving fold: the same text for matching, offset for offset.

Full-width forms become half-width, Chinese quotation marks and dashes become one of each kind, odd spaces become a
space, Traditional characters become Simplified ones. One character always becomes one character, so that a span found
in the folded text quotes the untouched one. Folding twice changes nothing. Case is left alone (lower-casing changes
the length of some letters).

What matchers meet after folding: ``, ; : ! ? ( ) % / ~`` half-width; ``。 、 “ ” ‘ ’ 《 》 —— … ·`` as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from unicodedata import normalize

from exeat.errors import InputError
from exeat.vocabulary.reader import Map, Seq, read_file

DATA = Path(__file__).parent / "data"

# Invisible characters that hide or reorder what a reader sees: zero-width, soft hyphen, bidi controls, tags,
# interlinear marks.
HIDDEN = re.compile(
    "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f"
    "\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff9-\\ufffb\\U000e0000-\\U000e0fff]"
)
# Control characters (but tab and line ends) and lone surrogates never belong to a text.
CONTROL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\ud800-\\udfff\\ufffe\\uffff]")

_QUOTES = {"「": "“", "」": "”", "『": "‘", "』": "’", "﹁": "“", "﹂": "”", "﹃": "‘", "﹄": "’", "〝": "“", "〞": "”"}
_OTHERS = {
    **dict.fromkeys("–―─━‒﹘", "—"),  # dashes of all lengths; the minus and the hyphen stay
    **dict.fromkeys("•‧・･∙⋅", "·"),  # the dot between the parts of a foreign name
    **dict.fromkeys("〈﹤", "《"),
    **dict.fromkeys("〉﹥", "》"),
    **dict.fromkeys("﹐", ","),
    **dict.fromkeys("﹔", ";"),
    **dict.fromkeys("﹕∶︰", ":"),
    **dict.fromkeys("﹙〔", "("),
    **dict.fromkeys("﹚〕", ")"),
    "｡": "。",
    "﹑": "、",
    "､": "、",
    **dict.fromkeys("‐‑", "-"),
    "〇": "零",
}
_SPACES = dict.fromkeys(
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
)


@cache
def table() -> dict[int, str]:
    """The whole folding table, for ``str.translate``.

    Raises:
        InputError: the data file is damaged.
    """
    found = {ord(old): new for part in (_SPACES, _QUOTES, _OTHERS, traditional()) for old, new in part.items()}
    found.update({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})  # full-width ASCII
    for code in (*range(0xF900, 0xFAD0), *range(0x2F00, 0x2FD6)):  # compatibility ideographs and radicals
        plain = normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            found[code] = found.get(ord(plain), plain)
    return found


@cache
def traditional() -> dict[str, str]:
    """Traditional character to Simplified character, from the data file.

    Raises:
        InputError: two lines of the data file differ in length.
    """
    path = DATA / "fold.yaml"
    node = read_file(path)
    rows = node["rows"] if isinstance(node, Map) else Seq()
    found: dict[str, str] = {}
    for row in rows:
        if len(row["from"]) != len(row["to"]):
            raise InputError("the two lines differ in length", file=str(path), line=row.line)
        found.update(zip(row["from"], row["to"], strict=True))
    return found


@cache
def simplified() -> frozenset[str]:
    """Characters that only Simplified text has: they are what some Traditional character becomes, and become nothing
    themselves."""
    return frozenset(traditional().values()) - frozenset(_SHARED)


# Simplified forms that are common in Traditional text too (a merged character that kept its own use): no evidence of
# the script.
_SHARED = (
    "台里后干面只云卜系范谷余占了吁向周回困夸尸岳才折曲术朱杆杰松板极栗洒涂漓灶玩症痴皂着种秋筑"
    "签粘累纤织胜致舍表谷制郁采布升出千丑丰家广巨几于发么沈志念咨霉幸扎托借并佣仆党冬别刮划升合"
    "同周咸"
)
_NO_LETTER = bytes(code for code in range(256) if not (code < 128 and chr(code).isalpha()))
HAN, LETTER = re.compile("[\u4e00-\u9fff]+"), re.compile("[A-Za-z]+")


_APOSTROPHE = re.compile("(?<=[A-Za-z.])’(?=[A-Za-z])")


def fold(text: str) -> str:
    """The text folded; always as long as before. A closing quote within a Latin word is an apostrophe."""
    told = text.translate(table())
    return _APOSTROPHE.sub("'", told) if "’" in told else told


def clean(text: str) -> tuple[str, int]:
    """The text without hidden and control characters, and how many there were."""
    found, hidden = HIDDEN.subn("", text)
    found, control = CONTROL.subn("", found)
    return found, hidden + control


def count(runs: re.Pattern[str], text: str) -> int:
    """How many characters the runs of a kind have together."""
    if runs is LETTER:
        return len(text.encode("ascii", "ignore").translate(None, _NO_LETTER))
    return sum(map(len, runs.findall(text)))


def script(text: str) -> str:
    """``zh-Hans``, ``zh-Hant``, ``en`` or ``und``, by counting characters: Chinese from one Han character in ten on."""
    han, latin = count(HAN, text), count(LETTER, text)
    if han * 6 < latin or not han:  # a Latin word is about six letters, a Chinese one about two characters
        return "en" if latin > 20 or (latin and not han) else "und"
    old, new = _of_one_script()
    signs = Counter(text).items()
    return (
        "zh-Hant" if sum(n for one, n in signs if one in old) > sum(n for one, n in signs if one in new) else "zh-Hans"
    )


@cache
def _of_one_script() -> tuple[frozenset[str], frozenset[str]]:
    """The characters that are only Traditional, and those that are only Simplified."""
    return frozenset(traditional()), simplified()
