"""Invented parties in many scripts, and names that resemble them. Nobody here is on any list."""

from __future__ import annotations

from hypothesis import strategies as st

from exeat.screen.model import Listing, Name, Party, PartyKind, Query

_NAMES: tuple[tuple[PartyKind, tuple[str, ...]], ...] = (
    ("organisation", ("Qinghe Lantern Technology Co., Ltd.", "清河灯笼科技有限公司", "QLT")),
    ("organisation", ("Shenzhen Qinghe Lantern Trading Company Limited", "Qing He Lantern Shenzhen")),
    ("organisation", ("Obshchestvo s ogranichennoi otvetstvennostyu Mayak", "ООО Северный Маяк", "Northern Beacon")),
    ("organisation", ("Plant 11420 of Precision Springs", "Plant 11421 of Precision Springs")),
    ("organisation", ("Harbour & Vale Holdings GmbH", "Harbourvale")),
    ("organisation", ("شركة النور البعيد للتجارة", "Al-Noor Al-Baeed Trading Company")),
    ("organisation", ("한빛등대 주식회사", "Hanbit Deungdae Co., Ltd.")),
    ("organisation", ("Institute of Applied Lamp Research", "IALR", "Applied Lamp Institute")),
    ("person", ("Muhammad Zubayr al-Qasimi", "محمد زبير القاسمي", "Mohammed Zubair Qasimi")),
    ("person", ("Ivan Sergeyevich Lampochkin", "Иван Сергеевич Лампочкин", "LAMPOCHKIN, Ivan")),
    ("person", ("Deng Xiaolong", "邓小龙", "鄧小龍")),
    ("person", ("Kim Bit-na", "김빛나")),
    ("person", ("Wei, Lan", "魏兰")),
    ("person", ("John Quentin Lanternsmith", "J. Q. Lanternsmith", "Jack Lanternsmith")),
    ("vessel", ("LANTERN STAR", "Lanternstar 7")),
    ("", ("Al Lantern", "A")),
)  # fmt: skip
LISTS = ("list-a", "list-b")


def party(number: int, kind: PartyKind, names: tuple[str, ...], since: str = "", until: str = "") -> Party:
    where = LISTS[number % len(LISTS)]
    listing = Listing(where, str(number), since=since, until=until)
    return Party(f"{where}/{number}", kind, tuple(Name(name) for name in names), listing)


PARTIES = tuple(party(number, kind, names) for number, (kind, names) in enumerate(_NAMES))
ALL_NAMES = tuple((kind, name) for kind, names in _NAMES for name in names)
WORDS = sorted({word for _, name in ALL_NAMES for word in name.split()})


@st.composite
def changed(draw: st.DrawFn) -> str:
    """A name of the list with up to three things done to it: edits, words moved, dropped, joined, cut to letters."""
    text = draw(st.sampled_from(ALL_NAMES))[1]
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, max(len(text) - 1, 0)))
        words = text.split() or [""]
        how = draw(
            st.sampled_from(["delete", "insert", "replace", "exchange", "move", "drop", "join", "initial", "letters"])
        )
        if how == "delete":
            text = text[:at] + text[at + 1 :]
        elif how == "insert":
            text = text[:at] + draw(st.sampled_from("ae nз小")) + text[at:]
        elif how == "replace":
            text = text[:at] + draw(st.sampled_from("ae nз小")) + text[at + 1 :]
        elif how == "exchange":
            text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
        elif how == "move":
            text = " ".join(words[1:] + words[:1])
        elif how == "drop":
            text = " ".join(words[: at % len(words)] + words[at % len(words) + 1 :])
        elif how == "join":
            text = text.replace(" ", "", 1)
        elif how == "initial":
            text = " ".join([words[0][:1], *words[1:]])
        else:
            at, count = at % len(words), draw(st.integers(2, 3))
            letters = "".join(word[:1] for word in words[at : at + count])
            text = " ".join([*words[:at], letters, *words[at + count :]])
    return text


names = st.one_of(changed(), st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join), st.text(max_size=12))
"""Names to ask for: near ones, words of the list thrown together, and anything at all."""


@st.composite
def queries(draw: st.DrawFn) -> Query:
    kind: PartyKind = draw(st.sampled_from(("", "person", "organisation", "vessel")))
    return Query(tuple(draw(st.lists(names, min_size=1, max_size=2))), kind)


@st.composite
def some_parties(draw: st.DrawFn) -> tuple[Party, ...]:
    """The parties above, or some of them with other names besides."""
    chosen = draw(st.lists(st.sampled_from(PARTIES), max_size=len(PARTIES), unique_by=lambda one: one.id))
    more = draw(st.lists(st.tuples(st.sampled_from(("", "person", "organisation")), changed()), max_size=6))
    added = [party(100 + number, kind, (text,)) for number, (kind, text) in enumerate(more) if text.strip()]  # type: ignore[arg-type]
    return (*chosen, *added)
