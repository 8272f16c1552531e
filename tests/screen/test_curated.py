"""Well-known names of listed parties in other scripts: each with its source, added to the parties of a store."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from exeat.decide.facts import normal_name
from exeat.errors import InputErrors
from exeat.screen.desk import Desk, Terms
from exeat.screen.model import Listing, Name, Party, Query
from exeat.screen.names.curated import aliases, curated, with_known
from exeat.screen.names.fold import fold
from exeat.screen.store import Store

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("EXEAT_REAL_LISTS") or ROOT.parent / "shared" / "data" / "lists").parent
GOOD = "name\t青鹭科技\tQinglu Technology Co., Ltd.\t90 FR 1 beside https://example.com\t2026-11-25"

# Fifteen names as people ask for them, each with the spelling of the American list; most are coined or shortened, so
# that neither reading aloud nor translation leads from one to the other.
ASKED = {
    "拓荆科技": "Piotech",
    "中科飞测": "Skyverse",
    "芯源微": "Shenyang Xinyuan Microelectronic Equipment Co., Ltd.",
    "海光信息": "Higon",
    "北方华创": "Naura Technology Group Co., Ltd.",
    "闻泰科技": "Wingtech Technology Co., Ltd.",
    "东方网力": "NetPosa",
    "深网视界": "SenseNets",
    "同方威视": "Tongfang NucTech Technology Ltd.",
    "铱格斯曼航空科技集团股份有限公司": "Eagles Men Aviation Science and Technology Group Co., Ltd.",
    "合众思壮": "Beijing UniStrong Science & Technology Co., Ltd.",
    "北航": "Beijing University of Aeronautics and Astronautics (BUAA)",
    "电子科技大学": "University of Electronic Science and Technology of China",
    "宁德时代": "Contemporary Amperex Technology Co., Ltd.",
    "新疆生产建设兵团": "Xinjiang Production and Construction Corps (XPCC)",
}


def party(name: str, entry: str = "1") -> Party:
    return Party(
        f"us.entity-list/{entry}", "organisation", (Name(name),), Listing("us.entity-list", entry, since="2020-12-18")
    )


def test_every_name_has_a_source():
    assert all(one.source.partition(", seen")[0] for one in curated())


def test_every_line_is_well_formed_and_says_where_it_was_seen():
    lines = aliases()
    assert len(lines) > 250
    for one in lines:
        assert "http" in one.source or one.source.startswith("law/") or "from memory" in one.source, one.text
        assert (one.seen == "unverified") == ("from memory" in one.source), one.text
    assert sum(one.seen == "unverified" for one in lines) < len(lines) / 20


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (GOOD.rpartition("\t")[0], "wrong number of columns"),
        (GOOD + "\tmore", "wrong number of columns"),
        (GOOD.replace("name", "nam", 1), "did you mean 'name'"),
        (GOOD.replace("青鹭科技", ""), "text: empty"),
        (GOOD.replace("Qinglu", " Qinglu"), "means: empty, or with space around it"),
        (GOOD.replace("青鹭科技", "（）"), "text: no letter in it"),
        (GOOD.replace("2026-11-25", "25.11.2026"), "seen: no day"),
        (GOOD.replace("2026-11-25", "2026-13-01"), "seen: no day"),
        (GOOD.replace("Co., Ltd.", "CO LTD"), "line 2 says the same"),
    ],
)
def test_a_bad_line_is_refused_with_its_place(tmp_path, line, says):
    path = tmp_path / "names.tsv"
    path.write_text(f"# head\n{GOOD}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        aliases(path)
    assert [error.line for error in caught.value.errors] == [4]
    assert str(caught.value).startswith("names.tsv:4: ")
    assert says in str(caught.value)


def test_good_lines_are_read_in_order(tmp_path):
    path = tmp_path / "names.tsv"
    path.write_text(f"# head\n{GOOD}\n{GOOD.replace('青鹭', '赤鹭')}\n", encoding="utf-8")
    assert [one.text for one in aliases(path)] == ["青鹭科技", "赤鹭科技"]


def test_sections_stand_apart_and_none_is_empty():
    """A head of a section is followed by a line of it, so that a reader knows where a new name goes."""
    text = (ROOT / "src" / "exeat" / "screen" / "data" / "aliases.tsv").read_text(encoding="utf-8").splitlines()
    assert all(not (one.startswith("#") and two.startswith("#")) for one, two in pairwise(text[3:]))
    assert not text[-1].startswith("#")


# Listed companies that stood here before pairs of two Latin names of theirs were labelled; a Chinese name answers none
# of those pairs. Nothing may be added to this set.
EARLIER = {
    "Huawei Technologies Co., Ltd.",
    "Semiconductor Manufacturing International Corporation (SMIC)",
    "Sugon",
    "Tianjin Phytium Information Technology",
}


def labelled() -> Iterator[tuple[str, str]]:
    """Every labelled pair beside the repository, folded."""
    csv.field_size_limit(sys.maxsize)
    for path in sorted((DATA / "matching").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row.get("name_a") and row.get("name_b"):
                    yield fold(row["name_a"]), fold(row["name_b"])


@pytest.mark.skipif(not (DATA / "matching").is_dir(), reason="the labelled pairs are kept outside the repository")
def test_no_labelled_party_is_among_them():
    """What the benchmarks measure must not be answered by heart."""
    pairs = list(labelled())
    assert len(pairs) > 3000
    across = {name for pair in pairs for name in pair if not all(map(str.isascii, pair))}
    anywhere = {name for pair in pairs for name in pair}
    names = [one for one in aliases() if one.kind == "name"]
    assert [one for one in names if {fold(one.text), fold(one.means)} & across] == []
    assert [one for one in names if {fold(one.text), fold(one.means)} & anywhere and one.means not in EARLIER] == []


def test_names_are_added_to_the_party_of_that_name_alone():
    added = with_known(party("SZ DJI TECHNOLOGY CO., LTD"))
    assert "大疆创新" in [name.text for name in added.names]
    assert all(name.kind == "learnt" and name.source for name in added.names[1:])
    assert with_known(added) == added
    assert with_known(party("SZ DJI Technologies Holding")).names == (Name("SZ DJI Technologies Holding"),)


def test_the_desk_finds_a_coined_name(tmp_path):
    with Store(tmp_path / "lists.db") as store:
        store.add("us.entity-list", [party("SZ DJI Technology Co., Ltd.")], as_of="2026-09-01", known="2026-09-01")
        desk = Desk(store, tmp_path)
        found = desk.screen([Query(("大疆创新",)), Query(("鹭影",))], Terms("2026-09-01", "2026-09-02"))
    assert [hit.party.id for hit in found[0].hits] == ["us.entity-list/1"]
    assert found[0].hits[0].score == 1.0
    assert found[1].hits == ()


def test_fifteen_names_lead_to_their_party_and_to_no_other(tmp_path):
    listed = [party(name, str(number)) for number, name in enumerate(ASKED.values(), 1)]
    with Store(tmp_path / "lists.db") as store:
        store.add("us.entity-list", listed, as_of="2026-09-01", known="2026-09-01")
        found = Desk(store, tmp_path).screen([Query((text,)) for text in ASKED], Terms("2026-09-01", "2026-09-02"))
    assert len(ASKED) == 15
    for number, (text, answer) in enumerate(zip(ASKED, found, strict=True), 1):
        assert [(hit.party.id, hit.score) for hit in answer.hits] == [(f"us.entity-list/{number}", 1.0)], text


def test_a_text_in_another_script_is_not_called_chinese(tmp_path):
    assert {name.language for one in ASKED.values() for name in with_known(party(one)).names[1:]} == {"zh"}
    assert normal_name("Piotech") in {normal_name(one.means) for one in aliases()}
