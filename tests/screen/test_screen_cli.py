"""``exeat screen``, ``hits``, ``monitor`` and ``check --screen``, end to end over invented lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages import run, workplace

ENTITIES = """
format: exeat-list/1
list: us.entity-list
as_of: %s
parties:
  - id: night-heron
    kind: organisation
    names:
      - {text: "Night Heron Imaging Technologies Co., Ltd.", kind: primary}
      - {text: 夜鹭影像技术有限公司, language: zh}
    countries: [CN]
    requirement: "For all items subject to the EAR. (See § 744.11 of the EAR)"
    policy: Presumption of denial
    since: 2025-03-01
%s"""
SECOND = """  - id: grey-plover
    kind: organisation
    names: [{text: "Grey Plover Optics Ltd.", kind: primary}]
    since: 2026-09-02
"""
TWIN = """  - id: twin
    kind: organisation
    names: [{text: "Night Heron Imaging Technology Ltd.", kind: primary}]
    since: 2026-09-02
"""
DENIED = """
format: exeat-list/1
list: us.dpl
as_of: 2026-09-01
parties:
  - {id: heron, kind: person, names: [{text: "HERON, Ardea", kind: primary}], countries: [GB], since: 2024-06-01}
"""
DEAL = """
transaction: 1
act: {on: %s}
activity: software.export
complete: true
items: [{id: tool, kind: software, subject_to_ear: "true", direct_product_of: not applicable}]
parties:
  - {id: vendor, role: exporter, country: US, listing: {entries: [], none other: true}}
  - {id: buyer, role: [consignee, end-user], country: CN, name: %s, reference: C-0815}
places: [{role: from, is: US}, {role: to, is: CN}]
"""
ONLY = "--list us.entity-list --list us.dpl --on 2026-09-01"
ACCEPT = '--accept-changes "invented"'
ONE = "--only us.ear.entity-list --json --no-outlook"


@pytest.fixture
def place():
    with workplace() as folder:
        Path("entities.yaml").write_text(ENTITIES % ("2026-09-01", ""), encoding="utf-8")
        Path("denied.yaml").write_text(DENIED, encoding="utf-8")
        for name in ("entities.yaml", "denied.yaml"):
            printed, code = run(f"exeat lists import {name} {ACCEPT}")
            assert code == 0, printed
        yield folder


def deal(on: str = "2026-09-01", name: str = "Night Heron Imaging") -> None:
    Path("deal.yaml").write_text(DEAL % (on, name), encoding="utf-8")


def decided() -> tuple[str, str]:
    printed, _ = run(f"exeat check deal.yaml --screen {ONE}")
    answer = json.loads(printed.splitlines()[-1])
    return answer["floor"], answer["ceiling"]


OPEN = ("no_requirement_found", "licence_required")
BOUND = ("licence_required", "licence_required")
FREE = ("no_requirement_found", "no_requirement_found")


class TestScreen:
    @pytest.mark.parametrize(
        "name", ["夜鷺影像技術有限公司", "Night Heron Imaging Technologies", "NIGHT HERON IMAGNG TECHNOLOGIES"]
    )
    def test_a_name_is_found_in_any_script_and_with_a_slip(self, place, name):
        printed, code = run(f'exeat screen "{name}" {ONLY}')
        assert code == 20
        assert "us.entity-list/night-heron" in printed

    def test_no_hit_is_0_only_where_every_list_was_searched(self, place):
        _, code = run(f'exeat screen "Olga Kingfisher" {ONLY}')
        assert code == 0
        printed, code = run('exeat screen "Olga Kingfisher"')
        assert code == 21
        assert "NOT SEARCHED" in printed
        assert "us.sdn" in printed

    def test_hits_that_are_not_shown_still_count(self, place):
        Path("entities.yaml").write_text(ENTITIES % ("2026-09-02", TWIN), encoding="utf-8")
        assert run(f"exeat lists import entities.yaml {ACCEPT}")[1] == 0
        ask = 'exeat screen "Night Heron Imaging Technologies" --list us.entity-list --on 2026-09-02'
        first = json.loads(run(f"{ask} --json")[0])["hits"][0]["party"]["id"]
        run(
            f'exeat hits dismiss "Night Heron Imaging Technologies" {first} --by jd --reason "another" '
            "--expires 2027-01-31 --list us.entity-list --on 2026-09-02"
        )
        printed, code = run(f"{ask} --limit 1")
        assert code == 20
        assert "1 more hits are not shown" in printed

    def test_a_stale_list_is_told(self, place):
        printed, code = run(f'exeat screen "Olga Kingfisher" {ONLY.replace("2026-09-01", "2027-06-01")}')
        assert code == 21
        assert "STALE" in printed

    def test_a_day_before_the_oldest_version_is_not_searched(self, place):
        printed, code = run(f'exeat screen "Olga Kingfisher" {ONLY.replace("2026-09-01", "2026-08-31")}')
        assert code == 21
        assert "NOT SEARCHED" in printed

    def test_the_lists_as_known_on_an_earlier_day(self, place):
        printed, code = run(f'exeat screen "Night Heron Imaging" {ONLY} --known 2026-08-31')
        assert code == 2
        assert "no list to search" in printed

    def test_reasons_add_up_in_json_and_the_shape_of_yente(self, place):
        printed, _ = run(f'exeat screen "Night Heron Imagng" {ONLY} --json')
        hit = json.loads(printed)["hits"][0]
        assert round(sum(round(one["points"] * 1000) for one in hit["reasons"])) == round(hit["score"] * 1000)
        assert hit["state"] == "open"
        printed, _ = run(f'exeat screen "Night Heron Imagng" {ONLY} --yente')
        answer = json.loads(printed)
        result = answer["results"][0]
        assert result["id"] == "us.entity-list/night-heron"
        assert result["schema"] == "Organization"
        assert result["score"] == hit["score"]
        assert result["match"] is True
        assert answer["total"] == {"value": len(answer["results"]), "relation": "eq"}

    def test_a_table_loses_no_row(self, place):
        Path("book.csv").write_text(
            "Client,Ctry\nNight Heron Imaging,China\n,China\nOlga Kingfisher,Freedonia\n", encoding="utf-8"
        )
        printed, code = run(f"exeat screen --csv book.csv --map name=Client,country=Ctry {ONLY} --json")
        assert code == 2
        answers = [json.loads(line) for line in printed.splitlines() if line.startswith('{"query"')]
        assert [one["query"]["names"] for one in answers] == [["Night Heron Imaging"], ["Olga Kingfisher"]]
        assert answers[0]["query"]["countries"] == ["CN"]
        assert "book.csv:3" in printed or '"line":3' in printed.replace(" ", "")
        assert "Freedonia" in printed

    @pytest.mark.parametrize("options", ["", "--csv a.csv", "--facts"])
    def test_misuse_is_told(self, options):
        with workplace():
            assert run(f"exeat screen {options}")[1] == 2

    def test_no_list_at_all_is_no_screening(self):
        with workplace():
            printed, code = run('exeat screen "Anybody"')
            assert code == 2
            assert "no list to search" in printed


class TestDeal:
    def test_an_open_hit_raises_the_ceiling(self, place):
        deal()
        assert decided() == OPEN

    def test_no_hit_frees_only_what_was_searched(self, place):
        deal(name="Olga Kingfisher")
        assert decided() == FREE
        deal(name="Olga Kingfisher", on="2026-08-31")  # before the oldest version
        assert decided() == OPEN
        deal(name="Olga Kingfisher", on="2027-06-01")  # long after the newest
        assert decided()[1] == "licence_required"

    def test_a_confirmed_hit_decides_and_an_undone_one_asks_again(self, place):
        deal()
        printed, code = run(
            f'exeat hits confirm "Night Heron Imaging" us.entity-list/night-heron --reference C-0815 --by jd {ONLY}'
        )
        assert code == 0, printed
        assert decided() == BOUND
        run('exeat hits undo 1 --by jd --reason "the wrong file"')
        assert decided() == OPEN
        printed, _ = run("exeat hits list")
        assert "taken back" in printed

    def test_a_dismissal_holds_for_its_own_party_until_its_last_day(self, place):
        deal()
        dismiss = (
            'exeat hits dismiss "Night Heron Imaging" us.entity-list/night-heron --by jd --reason "another address"'
        )
        printed, code = run(f"{dismiss} --reference C-0815 --expires 2027-01-31 {ONLY}")
        assert code == 0, printed
        assert decided() == FREE
        Path("deal.yaml").write_text(
            (DEAL % ("2026-09-01", "Night Heron Imaging")).replace("C-0815", "C-9999"), encoding="utf-8"
        )
        assert decided() == OPEN  # another party of the same name

    def test_an_entry_that_changes_opens_a_dismissal_again(self, place):
        deal(on="2026-09-02")
        run(
            'exeat hits dismiss "Night Heron Imaging" us.entity-list/night-heron --by jd --reason "another address" '
            f"--reference C-0815 --expires 2027-01-31 {ONLY}"
        )
        changed = (ENTITIES % ("2026-09-02", "")).replace("countries: [CN]", "countries: [CN, HK]")
        Path("entities.yaml").write_text(changed, encoding="utf-8")
        assert run(f"exeat lists import entities.yaml {ACCEPT}")[1] == 0
        assert decided() == OPEN

    def test_facts_written_out_decide_the_same_without_a_store(self, place):
        deal()
        printed, code = run("exeat screen --transaction deal.yaml --facts --list us.entity-list --list us.dpl")
        assert code == 20
        listing = printed.split("listing: ", 1)[1].splitlines()[0]
        text = (DEAL % ("2026-09-01", "Night Heron Imaging")).replace("reference: C-0815", f"listing: {listing}")
        Path("written.yaml").write_text(text, encoding="utf-8")
        answer = json.loads(run(f"exeat check written.yaml {ONE}")[0])
        assert (answer["floor"], answer["ceiling"]) == OPEN
        assert answer["candidates"][0]["entry"] == "us.entity-list/night-heron".replace(
            "us.entity-list", "us.ear.entity-list"
        )

    def test_a_party_without_a_name_is_told(self, place):
        deal()
        printed, _ = run("exeat check deal.yaml --screen --only us.ear.entity-list")
        assert "'vendor' has no name" in printed


class TestMonitor:
    def test_it_tells_only_what_changed(self, place):
        Path("book.csv").write_text("id,name\n1,Night Heron Imaging\n2,Grey Plover Optics\n", encoding="utf-8")
        printed, code = run(f"exeat monitor book.csv {ONLY}")
        assert code == 20
        assert "new hit" in printed
        printed, _ = run(f"exeat monitor book.csv {ONLY}")
        assert "Nothing changed" in printed
        Path("entities.yaml").write_text(ENTITIES % ("2026-09-02", SECOND), encoding="utf-8")
        assert run(f"exeat lists import entities.yaml {ACCEPT}")[1] == 0
        printed, _ = run(f"exeat monitor book.csv {ONLY.replace('-09-01', '-09-02')} --json")
        run_ = json.loads(printed.splitlines()[-1])
        assert [(one["code"], one["party"]) for one in run_["changes"] if one["code"] == "new hit"] == [
            ("new hit", "us.entity-list/grey-plover")
        ]
