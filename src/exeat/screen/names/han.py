"""Names in Han characters: simplified, cut into family and given name or into company terms, and read aloud.

OpenCC and pypinyin are imported only when a Han character turns up. A *piece* is a list of alternatives by the way of
reading: {"": ((word, class, weight), …), "cantonese": …}; a reading that a piece lacks falls back to its first.
"""

from __future__ import annotations

from functools import cache, lru_cache

from exeat.screen.names.analysed import FORM, GENERIC, NAME, NUMBER, PLACE
from exeat.screen.names.lexicon import DATA, rows, terms, weight_of, word_class
from exeat.screen.names.romanise import _LEAD, _MR_LEAD, _MR_VOWEL, _VOWEL, hangul

Word = tuple[str, int, int]
Piece = dict[str, tuple[Word, ...]]

_NEW_FORMS = str.maketrans(
    "沢浜辺渡边斉広関桜塩竜伝総気駅発黒徳横斎齋栄渋鉄実亜円図団戦対県国島嶋崎﨑",
    "泽滨边渡边齐广关樱盐龙传总气驿发黑德横斋斋荣涩铁实亚圆图团战对县国岛岛崎崎",
)
# Other forms of a character that OpenCC leaves as they are; both ways of writing stand in names (Unihan: variants).
_NEW_FORMS |= str.maketrans(
    "衞隣髙栁愼淸靑鄕槪飮喆塲寳巗嵒擧暎朶栢椶槀欵氷涖湼澁濶燄珎甦畧緜縂羗翦脇葢蘓裠覩軆迺郞鎔鑛閙韮飈麐麤黙鼇",
    "卫邻高柳慎清青乡概饮哲场宝岩岩举映朵柏棕槁款冰莅涅涩阔焰珍苏略绵总羌剪胁盖苏裙睹体乃郎熔矿闹韭飙麟粗默鳌",
)
_DIGITS = {
    "〇": "0",
    "一": "1",
    "二": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
    "十": "10",
    "百": "100",
}
_LONE = frozenset("厂局部院行市省县区党军")  # one-character terms, only ever at the end of a stretch
_NUMBERED = frozenset("所院厂局部师团旅")  # what a Chinese number stands before: 十三所 is the 13th institute


def _table(text: str) -> dict[str, str]:
    """ "a b; c d" as a dictionary."""
    parts = [pair.split() for pair in text.split("; ")]
    return {part[0]: part[1] for part in parts}


# Pinyin to Wade-Giles, initials and a few whole finals, as passports of Taiwan spell them (no apostrophes, no hyphens).
_WG_INITIAL = tuple(
    pair.split()
    for pair in [
        "zh ch",
        "ch ch",
        "sh sh",
        "z ts",
        "c ts",
        "j ch",
        "q ch",
        "x hs",
        "r j",
        "b p",
        "p p",
        "d t",
        "t t",
        "g k",
        "k k",
    ]
)
_WG_FINAL = {"ong": "ung", "iong": "iung", "ian": "ien", "ie": "ieh", "ue": "ueh", "ui": "ui", "uo": "o", "e": "eh"}
_WG_WHOLE = _table(
    "zi tzu; ci tzu; si szu; zhi chih; chi chih; shi shih; ri jih; ye yeh; you yu; yi yi; guo kuo; "
    "huo huo; shuo shuo; gui kuei; he ho; ke ko; ge ko; er erh; yan yen; yu yu"
)
# Jyutping to the spelling of Hong Kong's identity cards.
_HK_INITIAL = {"gw": "kw", "kw": "kw", "g": "k", "z": "ch", "c": "ch", "s": "s", "j": "y", "b": "p", "d": "t"}
_HK_FINAL = _table(
    "aa a; aai ai; aau au; aam am; aan an; aang ang; aap ap; aat at; aak ak; ai ai; au au; am am; an an; "
    "ang ang; ap ap; at at; ak ak; eoi ui; eon un; eot ut; oe eu; oeng eung; oek euk; oi oi; ou o; yu u; "
    "yun uen; yut uet; i i; iu iu; u u; ui ui; un un; ik ik; ing ing"
)


# Which of several readings names have, where the table's first is a rarer one (華 in a name is Wah, 興 is Hing).
_HK_USUAL = _table(
    "华 waa; 兴 hing; 信 seon; 万 maan; 丁 ding; 生 sang; 成 sing; 正 zing; 平 ping; 清 cing; 隆 lung; 石 sek; "
    "星 sing; 南 naam; 丽 lai; 雅 ngaa; 夏 haa; 合 hap; 同 tung; 庆 hing; 念 nim; 习 zaap; 子 zi; 精 zing; "
    "造 zou; 行 hong; 伯 baak; 婉 jyun; 岭 ling; 灵 ling; 名 ming; 峰 fung; 冯 fung; 涌 jung; 柄 bing; 赵 ziu; "
    "奇 kei; 其 kei"
)


@cache
def _converter() -> object:
    import opencc  # noqa: PLC0415 - only where Han turns up

    return opencc.OpenCC("t2s")


@lru_cache(1 << 14)
def simplify(text: str) -> str:
    return str(_converter().convert(text)).translate(_NEW_FORMS)  # type: ignore[attr-defined]


@lru_cache(1 << 14)
def pinyin(text: str) -> tuple[str, ...]:
    """One syllable a character; ü is u as passports and lists have it."""
    import pypinyin  # noqa: PLC0415

    got = pypinyin.lazy_pinyin(text, errors="|".join)
    return tuple(s.replace("ü", "u").replace("v", "u") for part in got for s in part.split("|"))


@cache
def _surnames() -> dict[str, tuple[str, tuple[str, ...]]]:
    return {r[0]: (r[1], tuple((r[2] if len(r) > 2 else "").split())) for r in rows("surnames.tsv")}


@cache
def _other_readings() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {r[0]: (tuple(r[1].split()), tuple((r[2] if len(r) > 2 else "").split())) for r in rows("han.tsv")}


@cache
def _japanese() -> dict[str, str]:
    return {r[0]: r[1] for r in rows("japanese.tsv")}


@cache
def _places() -> dict[str, str]:
    return {row[0]: row[1] for row in rows("places-zh.tsv")}


@lru_cache(1 << 12)
def wade_giles(syllable: str) -> str:
    if syllable in _WG_WHOLE:
        return _WG_WHOLE[syllable]
    initial, final = _split(syllable)
    final = _WG_FINAL.get(final, final)
    for pin, wade in _WG_INITIAL:
        if initial == pin:
            if pin in "jqx" and final.startswith("u"):
                final = "u" + final[1:]
            return wade + final
    return initial + final


def _split(syllable: str) -> tuple[str, str]:
    n = 2 if syllable[:2] in ("zh", "ch", "sh") else 1 if syllable[:1] not in "aeiou" else 0
    return syllable[:n], syllable[n:]


@lru_cache(1 << 12)
def cantonese(char: str) -> str:
    """One character as Hong Kong spells it, from its first Jyutping reading."""
    got = _other_readings().get(char, ((), ()))[0]
    if not got:
        return pinyin(char)[0]
    jyut = _HK_USUAL.get(char, got[0])
    for size in (2, 1):
        if jyut[:size] in ("ng", "gw", "kw") or size == 1:
            initial, final = jyut[:size], jyut[size:]
            break
    if initial in "aeiou" or jyut in ("m", "ng"):
        initial, final = "", jyut
    if initial == "j" and final.startswith("yu"):
        final = "u" + final[2:]
    return _HK_INITIAL.get(initial, initial) + _HK_FINAL.get(final, final)


def _korean(text: str, revised: bool) -> str:
    of = _other_readings()
    table = (_LEAD, _VOWEL) if revised else (_MR_LEAD, _MR_VOWEL)
    return "".join(hangul((of.get(c, ((), ()))[1] or (c,))[0], *table) for c in text)


def spaced_person(parts: list[str]) -> bool:
    """Two or three short words, one of them a family name, none a term or a place (修平 高橋): no company."""
    _, _, table = terms()
    if not 2 <= len(parts) <= 3 or any(len(part) > 3 or part in table or part in _places() for part in parts):
        return False
    return any(part in _surnames() or (len(part) > 1 and part in _japanese()) for part in parts)


def person(text: str) -> Piece | None:
    """Family and given name, in all readings; nothing where the text does not look like a Chinese name."""
    names = _surnames()
    head = 2 if text[:2] in names and len(text) > 2 else 1
    if not 2 <= len(text) <= head + 2:
        return None
    family, given = text[:head], text[head:]
    known = names.get(family)
    usual = "".join(pinyin(family))
    first = known[0] if known else usual
    syllables = pinyin(given)
    piece: Piece = {"": _words(first, "".join(syllables))}
    if first != usual:
        piece["usual"] = _words(usual, "".join(syllables))
    if (other := second(given)) != "":
        piece["heteronym"] = _words(first, other)
    piece["wade-giles"] = _words(
        "".join(map(wade_giles, pinyin(family) if not known else (first,))), "".join(map(wade_giles, syllables))
    )
    spelt = known[1] if known and known[1] else (cantonese(family[0]),)
    piece["cantonese"] = _words(spelt[0] if spelt else first, "".join(map(cantonese, given)))
    # 金 is read Geum, but as a family name Kim.
    korean = {"金": "kim", "李": "ri"}.get(family, _korean(family, False))
    piece["korean"] = _words(korean, _korean(given, False))
    piece["revised"] = _words(korean, _korean(given, True))
    if (read := japanese(text)) is not None:
        piece["japanese"] = read
    return piece


def japanese(text: str) -> tuple[Word, ...] | None:
    """A reading by the table of Japanese names, where it covers all characters."""
    table, out, at = _japanese(), [], 0
    while at < len(text):
        for size in (3, 2, 1):
            if (read := table.get(text[at : at + size])) is not None and len(text[at : at + size]) == size:
                out.append(read)
                at += size
                break
        else:
            return None
    return _words(*out)


def _words(*words: str) -> tuple[Word, ...]:
    return tuple((w, NAME, weight_of(w)) for w in words if w)


def company(text: str) -> list[Piece]:
    """Terms, places and forms by the longest match from the left; what is left over is a name and is read aloud."""
    _, _, han = terms()
    places, table = _places(), _japanese()
    pieces: list[Piece] = []
    rest, at, size = "", 0, len(text)

    def flush() -> None:
        nonlocal rest
        if rest:
            pieces.append(stretch(rest))
            rest = ""

    while at < size:
        for span in range(min(8, size - at), 0, -1):
            part = text[at : at + span]
            if span == 1 and not (part in _LONE and (at + 1 == size or text[at + 1 : at + 3] in han)):
                continue
            if part in places and span > 1:
                flush()
                pieces.append({"": ((places[part], PLACE, 400),)})
                if text[at + span : at + span + 1] in ("市", "省") and text[at + span : at + span + 2] not in han:
                    at += 1  # 深圳市 is Shenzhen
            elif (hit := han.get(part)) is not None:
                flush()
                # A term of several words is as many words here as in Latin letters: 科学技术 is "science technology".
                pieces.append({"": tuple((word, hit[1], hit[2]) for word in hit[0].split())})
            elif part in table and span > 1 and not rest:
                pieces.append({"": _words("".join(pinyin(part))), "japanese": _words(*table[part].split())})
            else:
                continue
            at += span
            break
        else:
            digits, ordinal = _numeral(text, at), text[at - 1 : at] == "第"
            if digits and (ordinal or text[at + digits : at + digits + 1] in _NUMBERED):
                rest = rest.removesuffix("第")
                flush()
                pieces.append({"": ((_number(text[at : at + digits]), NUMBER, 900),)})
                if text[at + digits :] == "所":
                    pieces.append({"": (han["研究所"],)})
                    digits += 1
                at += digits
            else:
                rest += text[at]
                at += 1
    flush()
    return pieces


def _numeral(text: str, at: int) -> int:
    """How many characters from ``at`` on are a number."""
    end = at
    while end < len(text) and text[end] in _DIGITS:
        end += 1
    return end - at


def _number(text: str) -> str:
    """二十九 → 29, 一〇一 → 101, 七七一 → 771, 百 → 100."""
    if not any(char in "十百" for char in text):
        return "".join(_DIGITS[char] for char in text).lstrip("0") or "0"
    total, digit = 0, 0
    for char in text:
        if char in "十百":
            total, digit = total + (digit or 1) * int(_DIGITS[char]), 0
        else:
            digit = int(_DIGITS[char])
    return str(total + digit)


# A second reading that names use as often: 长 Chang or Zhang.
_SECOND = {
    "长": "chang zhang",
    "乐": "le yue",
    "重": "zhong chong",
    "行": "hang xing",
    "朝": "chao zhao",
    "盛": "sheng cheng",
    "藏": "cang zang",
    "调": "diao tiao",
    "柏": "bai bo",
    "沈": "shen chen",
    "翟": "zhai di",
    "俞": "yu shu",
    "尉": "wei yu",
    "解": "jie xie",
    "仇": "chou qiu",
    "朴": "pu piao",
    "单": "dan shan",
    "盖": "gai ge",
    "查": "cha zha",
    "曾": "zeng ceng",
    "都": "du dou",
    "传": "chuan zhuan",
    "弹": "dan tan",
    "还": "huan hai",
    "降": "jiang xiang",
    "省": "sheng xing",
    "种": "zhong chong",
    "露": "lu lou",
    "率": "lu shuai",
    "参": "can shen",
    "贾": "jia gu",
    "厦": "sha xia",
    "隆": "long",
    "银": "yin",
    "蔚": "wei yu",
    "堡": "bao pu",
    "茜": "qian xi",
    "娜": "na",
    "车": "che ju",
    "石": "shi dan",
    "宿": "su xiu",
    "六": "liu lu",
    "大": "da dai",
    "南": "nan",
    "薄": "bo bao",
}


def second(text: str) -> str:
    """The reading with every heteronym in its other sound, or "" where there is none."""
    first = pinyin(text)
    other = tuple(
        next((r for r in _SECOND[c].split() if r != s), s) if c in _SECOND else s
        for c, s in zip(text, first, strict=False)
    )
    return "".join(other) if other != first else ""


def stretch(text: str) -> Piece:
    """The name part of a company: its syllables as one word, in Mandarin, Cantonese and by sound; and translated."""
    text = text.strip("与和及暨的之")
    syllables = pinyin(text)
    if not text:
        return {"": ()}
    piece: Piece = {"": _words("".join(syllables))}
    if (other := second(text)) != "":
        piece["heteronym"] = _words(other)
    piece["cantonese"] = _words("".join(map(cantonese, text)))
    piece["wade-giles"] = _words("".join(map(wade_giles, syllables)))
    if len(text) == 4:
        # Four characters are two names of two more often than one word: 兴华恒成 is Xinghua Hengcheng.
        piece["parted"] = _words("".join(syllables[:2]), "".join(syllables[2:]))
    for via, choice in (("meaning", 0), ("meaning two", -1)):
        if meant := _translated(text, choice):
            piece[via] = meant
    piece["sound"] = piece[""]
    return piece


@cache
def _meanings() -> dict[str, tuple[str, ...]]:
    return {row[0]: tuple(row[1].split("|")) for row in rows("meanings-zh.tsv")}


def _translated(text: str, choice: int) -> tuple[Word, ...]:
    """The name part put into English word by word, what has no meaning here read aloud; nothing if little has one."""
    table, out, at, covered = _meanings(), [], 0, 0
    while at < len(text):
        for size in (3, 2, 1):
            if len(part := text[at : at + size]) == size and part in table:
                out += [word_class(word) for word in table[part][choice].split()]
                covered, at = covered + size, at + size
                break
        else:
            out.append(_words("".join(pinyin(text[at])))[0])
            at += 1
    return tuple(out) if 2 * covered >= len(text) else ()


# Characters that family names share with foreign names written by sound (布朗, 马丁): such a name may be either.
BY_SOUND = frozenset(
    "布马鲍白伯柏巴鲁罗卢史施盖格高戴达杜迪丁费范冯菲哈海何贺霍胡华怀金吉贾凯康柯科克孔库莱兰郎劳雷黎李利"
    "林龙路麦曼梅蒙米莫穆纳尼努欧潘庞佩彭皮蒲齐乔瑞萨沙桑舒司苏索泰谭汤唐陶特田图涂瓦万汪韦魏温沃伍奚希席"
    "夏谢辛休许亚杨叶伊易尤余约扎翟詹章赵朱卓祖蓬"
)


def part(text: str) -> Piece:
    """A family or given name that stands by itself (王 伟)."""
    known = _surnames().get(text)
    syllables = pinyin(text)
    piece: Piece = {"": _words(known[0] if known else "".join(syllables))}
    piece["wade-giles"] = _words("".join(map(wade_giles, syllables)))
    piece["cantonese"] = _words(known[1][0] if known and known[1] else "".join(map(cantonese, text)))
    piece["korean"] = _words({"金": "kim", "李": "ri"}.get(text, _korean(text, False)))
    if (read := japanese(text)) is not None:
        piece["japanese"] = read
    return piece


def foreign(text: str) -> Piece:
    """A foreign name written by sound (威廉): only a far likeness can be asked of it."""
    word = "".join(pinyin(text))
    piece: Piece = {"": _words(word), "sound": _words(word)}
    if (read := japanese(text)) is not None:
        piece["japanese"] = read
    return piece


__all__ = ["DATA", "FORM", "GENERIC", "Piece", "company", "foreign", "japanese", "person", "pinyin", "simplify"]
