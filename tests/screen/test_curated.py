"""Well-known names of listed parties in other scripts: each with its source, added to the parties of a store."""

from __future__ import annotations

from exeat.screen.desk import Desk, Terms
from exeat.screen.model import Listing, Name, Party, Query
from exeat.screen.names.curated import curated, with_known
from exeat.screen.store import Store


def party(name: str) -> Party:
    return Party("us.entity-list/1", "organisation", (Name(name),), Listing("us.entity-list", "1", since="2020-12-18"))


def test_every_name_has_a_source():
    assert all(one.source.partition(", seen")[0] for one in curated())


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
