"""Names analysed: one normaliser, the same whatever the script and however it is typed."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exeat.screen.names import FORM, NUMBER, Analysed, Reading, analyse
from exeat.screen.names.fold import fold, words
from exeat.screen.names.sound import far, skeleton, sound, sounds

TEXT = st.text(max_size=40)
# Letters of the scripts that names come in.
NAMES = st.text(
    alphabet="abcdeéüßñøłAB .,-'&()0129абвгдеёжйщїўАЗ北京华为技术有限公司王伟陈張龍محمدعبدالبن김정은박אבשהαβγδバラク・",
    max_size=30,
)


@settings(deadline=None)
@given(TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.one_of(TEXT, NAMES), st.sampled_from(["", "person", "organisation", "vessel", "aircraft"]))
def test_any_text_is_analysed_into_plain_data(text: str, kind: str) -> None:
    name = analyse(text, kind)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(name), type=Analysed) == name
    for reading in name.readings:
        n = len(reading.words)
        assert n == len(reading.classes) == len(reading.weights) == len(reading.sounds) == len(reading.skeletons) > 0
        assert all(reading.words)
        assert reading.core <= set(reading.sounds)


@settings(deadline=None)
@given(st.one_of(TEXT, NAMES))
def test_the_same_text_gives_the_same_name(text: str) -> None:
    assert analyse(text) == analyse(text)


@settings(deadline=None)
@given(st.text(alphabet="abcdefghij ", max_size=20))
def test_case_and_outer_space_do_not_matter(text: str) -> None:
    assert analyse(text.upper()).key == analyse(f"  {text} ").key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siemens Aktiengesellschaft", "SIEMENS AG"),
        ("Obshchestvo s ogranichennoi otvetstvennostyu Druzhba", "Druzhba, OOO"),
        ("ООО «Дружба»", "Druzhba LLC"),
        ("Общество с ограниченной ответственностью «Дружба»", "OOO Druzhba"),
        ("Hindustan P.T. Astra", "Hindustan PT Astra"),
        ("武汉长江光电科技股份有限公司", "武漢長江光電科技有限公司"),
        ("Brigade Forty-Four", "Brigade 44"),
        ("The Walt & Sons Company", "Walt and Sons Co."),
    ],
)
def test_legal_forms_scripts_and_numbers_in_words(one: str, other: str) -> None:
    assert analyse(one, "organisation").key == analyse(other, "organisation").key


@pytest.mark.parametrize(
    ("text", "kind", "reading"),
    [
        ("王伟", "person", ("wang", "wei")),
        ("单田芳", "person", ("shan", "tianfang")),
        ("解海龙", "person", ("xie", "hailong")),
        ("仇保兴", "person", ("qiu", "baoxing")),
        ("歐陽震華", "person", ("ouyang", "zhenhua")),
        ("陳大文", "person", ("chan", "taiman")),
        ("金正恩", "person", ("kim", "jongun")),
        ("김정은", "person", ("kim", "jongun")),
        ("山本太郎", "person", ("yamamoto", "taro")),
        ("Щукин", "person", ("shchukin",)),
        ("Γιώργος", "person", ("giorgos",)),
        ("ბარათაშვილი", "person", ("baratashvili",)),
        ("中国电子科技集团", "organisation", ("china", "electronic", "technology", "group")),
        ("第三研究所", "organisation", ("3", "institute")),
        ("조선무역은행", "organisation", ("korea", "trading", "bank")),
        ("بانک ملی ایران", "organisation", ("bank", "state", "iran")),
    ],
)
def test_readings_of_other_scripts(text: str, kind: str, reading: tuple[str, ...]) -> None:
    assert reading in [r.words for r in analyse(text, kind).readings]


def test_traditional_is_simplified() -> None:
    assert analyse("華為技術有限公司").han == analyse("华为技术有限公司").han == "华为技术"
    assert analyse("張偉", "person").readings == analyse("张伟", "person").readings


def test_family_name_first_by_comma_is_the_order_of_speech() -> None:
    assert analyse("SMITH, John", "person").tokens == analyse("John Smith", "person").tokens


def test_classes() -> None:
    plant = analyse("Plant 11420, Ltd.", "organisation")
    assert (plant.classes[1], plant.classes[2]) == (NUMBER, FORM)


def test_a_form_alone_is_a_name() -> None:
    assert analyse("CORP").readings[0].core


def test_acronyms() -> None:
    assert "smic" in analyse("Semiconductor Manufacturing International Corporation", "organisation").acronyms
    assert analyse("SMIC", "organisation").short
    assert not analyse("Ann Betty Clark", "person").acronyms


def test_nothing_calls_it_a_company_so_its_first_letters_are_no_acronym() -> None:
    assert "acs" in analyse("Ann Clark Stone Ltd").acronyms
    assert not analyse("Ann Clark Stone").acronyms


def test_spaced_han_of_unknown_kind_is_a_persons_unless_it_holds_a_place_or_a_term() -> None:
    assert analyse("高橋 修平").readings[0].company == -1
    for company in ("深圳 海康", "海康 技术", "海康 数字"):
        assert analyse(company).readings[0].company >= 0


def test_a_korean_name_is_not_read_as_a_foreign_one() -> None:
    assert "sound" not in {one.via for one in analyse("은정 장", "person").readings}
    assert "sound" in {one.via for one in analyse("크리스토퍼 브레이디", "person").readings}


def test_initials_in_a_row_are_one_word() -> None:
    assert words(fold("J.-C. Juncker")) == ["jc", "juncker"]
    assert words(fold("A.B.C. Company")) == ["abc", "company"]


@pytest.mark.parametrize(
    ("one", "other"), [("sergey", "sergei"), ("yuriy", "yury"), ("khamzat", "kamzat"), ("mohammed", "mohamed")]
)
def test_spellings_that_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_skeletons() -> None:
    assert skeleton("mohamed") == skeleton("muhammad") == "MMT"
    assert skeleton("azizi") != skeleton("assi")
    assert far("bulaite") == far("brait")


def test_letters_that_only_look_alike() -> None:
    assert analyse("Рoтaр", "person").tokens == analyse("Ротар", "person").tokens  # Latin o and a inside


def test_reading_is_immutable() -> None:
    reading: Reading = analyse("Wang Wei").readings[0]
    with pytest.raises(AttributeError):
        reading.joined = "x"  # type: ignore[misc]


@given(st.lists(st.one_of(st.text("abcdeghijkqstwxyz", max_size=9), st.text(max_size=4)), max_size=8))
def test_words_sound_the_same_in_bulk(some: list[str]) -> None:
    assert sounds(some) == [sound(word) for word in some]
