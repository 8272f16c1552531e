"""Scores: sums of reasons, symmetric, and the same whatever else is listed."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exeat.screen.model import Address, Identifier, Listing, Name, Party, Query
from exeat.screen.names import analyse, learn, with_names, with_words
from exeat.screen.names.curated import curated
from exeat.screen.score import FLOOR, THRESHOLD, budget, compare, points, score, total, unvowelled_sim

WORDS = st.sampled_from(
    [
        "wang",
        "wei",
        "huawei",
        "technologies",
        "technology",
        "co",
        "ltd",
        "limited",
        "mohammed",
        "muhammad",
        "ali",
        "al",
        "bin",
        "abu",
        "abdul",
        "rahman",
        "sergey",
        "sergei",
        "ivanov",
        "ivanova",
        "ooo",
        "plant",
        "11420",
        "11421",
        "7",
        "beijing",
        "chengdu",
        "group",
        "trading",
        "smic",
        "semiconductor",
        "manufacturing",
        "international",
        "j",
        "s",
        "bob",
        "robert",
        "wong",
        "kim",
        "jong",
        "un",
        "gazprom",
        "bank",
        "of",
        "the",
        "acme",
        "acmes",
        "华为",
        "技术",
        "有限公司",
        "王伟",
        "김정은",
        "محمد",
        "علي",
        "Газпром",
    ]
)
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
LISTING = Listing("list", "1")


def got(one: str, other: str, kind: str = "") -> float:
    return compare(analyse(one, kind), analyse(other, kind)).score


@settings(max_examples=400, deadline=None)
@given(NAMES, NAMES)
@example("ali al", "wang al j")  # a particle lent to two links
@example("wang al co", "co al")  # a legal form on one side that is a name on the other
def test_symmetric_bounded_and_the_sum_of_its_reasons(one: str, other: str) -> None:
    a, b = analyse(one), analyse(other)
    there, back = compare(a, b), compare(b, a)
    assert there.score == back.score
    assert 0 <= there.score <= 1
    assert total(there.reasons) == there.score == points(a, b) / 1000


@settings(deadline=None)
@given(NAMES)
def test_a_name_is_itself(name: str) -> None:
    assert got(name, name) == 1


@settings(max_examples=200, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=3), NAMES, NAMES)
def test_an_alias_never_lowers(names: list[str], alias: str, asked: str) -> None:
    party = Party("list/1", "", tuple(Name(n) for n in names), LISTING)
    more = Party("list/1", "", (*party.names, Name(alias)), LISTING)
    query = Query((asked,))
    assert score(query, more).score >= score(query, party).score
    assert score(Query((asked, alias)), party).score >= score(query, party).score


@settings(max_examples=200, deadline=None)
@given(
    NAMES,
    NAMES,
    st.sampled_from(["", "person", "vessel"]),
    st.sampled_from(["", "1962", "1962-03-05"]),
    st.sampled_from(["", "IR"]),
    st.sampled_from(["", "male"]),
)
def test_a_party_scores_the_sum_of_its_reasons_and_absent_never_lowers(
    asked: str, listed: str, kind: str, born: str, country: str, gender: str
) -> None:
    names = (Name(listed, quality="weak"), Name(asked + " x"))
    party = Party("list/1", "person", names, LISTING, countries=("IR",), born=("1962-03-05",), gender="male")
    query = Query((asked,), kind=kind, countries=(country,) * bool(country), born=(born,) * bool(born), gender=gender)  # type: ignore[arg-type]
    hit = score(query, party)
    assert 0 <= hit.score <= 1
    assert total(hit.reasons) == hit.score
    bare = Party("list/1", party.kind, party.names, LISTING)
    if kind in ("", "person"):  # all that is told agrees, so that silence cannot score more
        assert hit.score >= score(query, bare).score


def test_what_contradicts_lowers_and_silence_does_not() -> None:
    party = Party(
        "list/1", "person", (Name("Ivan Petrov"),), LISTING, countries=("RU",), born=("1962-03-05",), gender="male"
    )
    silent = score(Query(("Ivan Petrov",)), party).score
    assert score(Query(("Ivan Petrov",), born=("1971",)), party).score < silent
    assert score(Query(("Ivan Petrov",), gender="female"), party).score < silent
    assert score(Query(("Ivan Petrov",), countries=("BR",)), party).score < silent
    assert score(Query(("Ivan Petrov",), born=("1962",)), party).score == silent == 1


def test_an_identifier_lifts_another_name() -> None:
    party = Party(
        "list/1", "organisation", (Name("Ocean Star Ltd"),), LISTING, identifiers=(Identifier("imo", "IMO 9074729"),)
    )
    hit = score(Query(("Mountain Moon",), identifiers=(Identifier("imo", "9074729"[:0] + "IMO9074729"),)), party)
    assert hit.score == 0.95
    assert hit.reasons[-1].feature == "identifier same"
    other = score(Query(("Ocean Star Ltd",), identifiers=(Identifier("imo", "IMO 9999999"),)), party)
    assert other.score == 0.9


def test_addresses() -> None:
    party = Party(
        "list/1", "", (Name("Oceana Starr"),), LISTING, addresses=(Address("12 Harbour Road, Limassol", "CY"),)
    )
    asked = Query(("Oceanna Star",))
    told = Query(asked.names, addresses=("12 Harbour Road, Limassol, Cyprus",))
    assert score(told, party).score > score(asked, party).score


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Mohamed Hassan", "MUHAMMAD HASAN", "person"),
        ("Sergei Ivanov", "Сергей Иванов", "person"),
        ("Bob Miller", "Robert Miller", "person"),
        ("Jianguo Zhou", "Zhou Jian Guo", "person"),
        ("Chou Chien-kuo", "周建国", "person"),
        ("Chan Tai Man", "陳大文", "person"),
        ("Lee Chang Ho", "리창호", "person"),
        ("Yamamoto Taro", "山本太郎", "person"),
        ("Abdulrahman Saleh", "عبد الرحمن صالح", "person"),
        ("Abd al-Rahman Salih", "عبدالرحمن صالح", "person"),
        ("Christopher Brady", "克里斯托弗·布雷迪", "person"),
        ("Hubei Changjiang Optoelectronic Technology Co., Ltd.", "湖北长江光电科技有限公司", "organisation"),
        ("Ural Machinery Plant JSC", "АО «Уральский машиностроительный завод»", "organisation"),
        ("National Bank of Iran", "بانک ملی ایران", "organisation"),
        ("Korea Trading Bank", "조선무역은행", "organisation"),
        ("SMIC", "Semiconductor Manufacturing International Corporation", "organisation"),
        ("Goodwill Trading", "Good Will Trading LLC", "organisation"),
        ("Acme Lasers", "Acme Lazers Ltd", "organisation"),
    ],
)
def test_found(one: str, other: str, kind: str) -> None:
    assert got(one, other, kind) * 1000 >= THRESHOLD


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("CORP", "11420 CORP.", "organisation"),
        ("Plant 11420", "Plant 11421", "organisation"),
        ("Beijing Technology Trading Co., Ltd.", "Acme Technology Trading Co., Ltd.", "organisation"),
        ("Wang Ming", "Wang Hua", "person"),
        ("王伟", "李伟", "person"),
        ("Maria Lopez", "Carlos Lopez", "person"),
        ("Anna Clark Stone", "ACS Ltd", "person"),
        ("成都华为技术有限公司", "成都海康技术有限公司", "organisation"),
    ],
)
def test_not_taken_for_one_another(one: str, other: str, kind: str) -> None:
    assert got(one, other, kind) * 1000 < THRESHOLD


@pytest.mark.parametrize("asked", ["Carl Johan Olsen", "Emma Olsen", "Sarah C. Olsen"])
@pytest.mark.parametrize("kind", ["", "person"])
@pytest.mark.parametrize(("listed", "other"), [("CARL", "vessel"), ("EMMA LLC", ""), ("C SARAH", "vessel")])
def test_a_given_name_is_not_enough(asked: str, kind: str, listed: str, other: str) -> None:
    """A transaction's party has no kind: it may be a person, and shares one name with a ship or company."""
    assert points(analyse(asked, kind), analyse(listed, other)) < THRESHOLD


@pytest.mark.parametrize("listed", ["Hangzhou Hikvision Digital Technology Co., Ltd.", "Hikvision Trading LLC"])
def test_of_a_company_listed_more_may_be_left_out(listed: str) -> None:
    assert got("Hikvision", listed, "") * 1000 >= THRESHOLD


def test_skeletons_that_drop_a_letter_are_not_enough() -> None:
    assert got("Hikvision Digital Technolgy", "Yixin Technology", "organisation") * 1000 < FLOOR
    assert unvowelled_sim("lim", "liam", "LM", "LM") > 900
    assert unvowelled_sim("lim", "vilam", "LM", "LM") == 0, "a V at the beginning is written in every script"


def test_simplified_is_traditional() -> None:
    assert got("華為技術有限公司", "华为技术有限公司") >= 0.99
    assert got("張偉", "张伟", "person") >= 0.99
    assert got("長光衞星", "长光卫星", "organisation") >= 0.99


def test_scores_spread() -> None:
    exact, moved = got("Acme Laser Ltd", "Acme Laser Ltd"), got("Acme Laser Ltd", "Laser Acme Ltd")
    edit, branch = got("Acme Laser Ltd", "Acne Laser Ltd"), got("Acme Laser Ltd", "Chengdu Acme Laser Ltd")
    assert exact == 1 > moved > branch
    assert moved > edit > 0.7


@pytest.mark.parametrize("length", range(30))
def test_the_budget_never_shrinks(length: int) -> None:
    assert budget(length) <= budget(length + 1)


def test_generic_words_alone_stay_below_the_floor() -> None:
    assert points(analyse("Acme Technology Trading Group"), analyse("Zeta Technology Trading Group")) < FLOOR


def test_learning_names_its_source_and_serves_others() -> None:
    teacher = Party(
        "un/7", "organisation", (Name("Lanhai Optics Research Institute"), Name("蓝海光学研究所")), Listing("un", "7")
    )
    twin = Party("us/1", "organisation", (Name("LANHAI OPTICS RESEARCH INSTITUTE"),), Listing("us", "1"))
    taught = with_names(twin, learn([teacher]))
    assert taught.names[-1].text == "蓝海光学研究所"
    assert taught.names[-1].source == "un:7"
    assert with_names(taught, learn([teacher])) == taught


def test_learnt_words() -> None:
    teacher = Party(
        "un/8", "organisation", (Name("Bluewave Technology Group"), Name("碧浪科技集团")), Listing("un", "8")
    )
    words = {one.text: one.means for one in learn([teacher]) if one.kind == "word"}
    assert words == {"bilang": "bluewave"}
    asked, listed = (
        analyse("碧浪电子有限公司", "organisation"),
        analyse("Bluewave Electronics Co., Ltd.", "organisation"),
    )
    assert points(with_words(asked, words), listed) >= THRESHOLD > points(asked, listed)


def test_learning_adds_but_never_lowers() -> None:
    asked, listed = analyse("碧浪科技", "organisation"), analyse("Bilang Technology", "organisation")
    assert points(with_words(asked, {"bilang": "bluewave"}), listed) >= points(asked, listed)


def test_curated_names_say_where_they_are_from() -> None:
    for one in curated():
        source, _, seen = one.source.rpartition(", seen ")
        assert "http" in source or source.startswith("law/") or (" FR " in source and "from memory" in source)
        assert seen == "unverified" if "from memory" in source else seen.startswith("20")
    words = {one.text: one.means for one in curated() if one.kind == "word"}
    asked, listed = analyse("海康威视", "organisation"), analyse("Hikvision", "organisation")
    assert points(with_words(asked, words), listed) >= THRESHOLD > points(asked, listed)


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("Northgаte Systems", "Northgate Systems"),  # a Cyrillic а
        ("Νorthgate Systems", "Northgate Systems"),  # a Greek Ν
        ("Сeвepcтaль", "Северсталь"),  # Latin letters in a Cyrillic word
        ("ѕkydomе", "Skydome"),
    ],
)
def test_letters_that_only_look_alike(typed: str, listed: str) -> None:
    assert got(typed, listed) >= 0.98


def test_letters_of_another_script_stay_themselves():
    assert got("Москва Holding", "Mockba Holding") < got("Москва Holding", "Moskva Holding")


def test_an_acronym_that_the_list_gives_in_brackets():
    # "of" and "(UNDT)" are no letters of the acronym.
    assert got("UNDT", "Upland University of Novel Defense Technology (UNDT)") >= THRESHOLD / 1000
    assert got("Undt Ltd", "Northern Academy of Ordnance (UNDT)") >= THRESHOLD / 1000
    assert got("Beijing", "Northern Academy of Ordnance (BEIJING)") < THRESHOLD / 1000


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("راوي", "Rawi"),  # waw between alif and ya
        ("هواوي", "Huawei"),
        ("화웨이 테크놀로지스", "Huawei Technologies Co., Ltd."),
        ("Хуавэй Технолоджис", "Huawei Technologies Co., Ltd."),
        ("삼성 일렉트로닉스", "Samsung Electronics"),
        ("Hwang Precision", "Huang Precision"),
    ],
)
def test_glides_and_english_words_by_sound(typed: str, listed: str) -> None:
    assert got(typed, listed) >= THRESHOLD / 1000


def test_a_german_w_is_no_glide():
    assert got("Schwarz", "Shvarts") >= THRESHOLD / 1000
