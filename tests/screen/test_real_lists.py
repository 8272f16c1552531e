"""The readers on the publishers' own files, counted a second time by other means.

The files are kept outside the repository: in ``../shared/data/lists``, or where ``EXEAT_REAL_LISTS`` says.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from exeat.screen.model import Party
from exeat.screen.readers import Batch, Source, read
from tests.conftest import ROOT

LISTS = Path(os.environ.get("EXEAT_REAL_LISTS") or ROOT.parent / "shared" / "data" / "lists")


def real(*names: str, only: str = "") -> Batch:
    paths = [LISTS / name for name in names]
    if not all(path.is_file() for path in paths):
        pytest.skip(f"{names[0]} is not here: real lists are kept outside the repository")
    return read([Source(path) for path in paths], only)[1]


def counts(batch: Batch) -> dict[str, int]:
    return {key: len(found) for key, found in batch.lists.items()}


def everyone(batch: Batch) -> list[Party]:
    return [party for parties in batch.lists.values() for party in parties]


def texts(party: Party) -> set[str]:
    return {one.text for one in party.names}


def squeeze(text: str) -> str:
    return " ".join(text.split())


def test_csl_of_2026():
    batch = real("us-csl/screening-list-2026-07-31.json")
    raw = json.loads((LISTS / "us-csl/screening-list-2026-07-31.json").read_text(encoding="utf-8"))
    assert sum(counts(batch).values()) == len(raw["entries"]) == 25_921
    known = batch.catalogue.by_source("csl")
    assert counts(batch) == {known[name]: count for name, count in raw["countsBySource"].items()}
    distinct = sum(len({squeeze(name) for name in (entry["n"], *entry.get("a", ()))}) for entry in raw["entries"])
    assert sum(len(party.names) for party in everyone(batch)) == distinct
    assert batch.as_of == "2026-07-31"
    assert len({party.id for party in everyone(batch)}) == 25_921


def test_csl_of_2022():
    batch = real("us-csl/consolidated-2022-04-21.csv")
    with (LISTS / "us-csl/consolidated-2022-04-21.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert sum(counts(batch).values()) == len(rows) == 14_160
    distinct = sum(
        len({squeeze(name) for name in (row["name"], *row["alt_names"].split("; ")) if name}) for row in rows
    )
    weak = sum(one.quality == "weak" for party in everyone(batch) for one in party.names)
    assert sum(len(party.names) for party in everyone(batch)) - weak == distinct
    listed = Counter(party.listing.since for party in everyone(batch) if party.listing.since)
    misprints = [row["start_date"] for row in rows if row["start_date"].startswith("00")]
    assert sorted(misprints) == ["0017-05-26", "0097-06-30", "0097-06-30"]
    assert listed + Counter(misprints) == Counter(row["start_date"] for row in rows if row["start_date"])
    assert sum("as the first day" in party.listing.remarks for party in everyone(batch)) == 3


def test_ofac_set_of_2021():
    batch = real("us-ofac/sdn-2021-07.csv", "us-ofac/alt-2021-07.csv", "us-ofac/add-2021-07.csv")
    parties = {party.listing.entry: party for party in batch.lists["us.sdn"]}
    assert len(parties) == 8_976
    with (LISTS / "us-ofac/alt-2021-07.csv").open(encoding="utf-8", newline="") as stream:
        aliases = [row for row in csv.reader(stream) if len(row) == 5]
    assert len(aliases) == 11_910
    assert [row for row in aliases if squeeze(row[3]) not in texts(parties[row[0]])] == []
    with (LISTS / "us-ofac/add-2021-07.csv").open(encoding="utf-8", newline="") as stream:
        streets = {(row[0], row[2]) for row in csv.reader(stream) if len(row) == 6 and row[2].strip() != "-0-"}
    held = {(key, one.text) for key, party in parties.items() for one in party.addresses}
    by_entry: dict[str, str] = {}
    for key, text in held:
        by_entry[key] = by_entry.get(key, "") + "\n" + text
    assert [street for key, street in streets if squeeze(street) not in by_entry[key]] == []
    raw = (LISTS / "us-ofac/sdn-2021-07.csv").read_text(encoding="utf-8")
    assert sum(bool(party.gender) for party in parties.values()) == len(re.findall(r"Gender (?:Male|Female)", raw))


def test_ofac_aliases_without_their_main_file():
    with pytest.raises(Exception, match=r"main file .* is missing"):
        real("us-ofac/alt-2025-12.csv", "us-ofac/add-2025-12.csv")


def test_ofac_consolidated_of_2025():
    batch = real("us-ofac/cons_enhanced-2025-01-10.xml")
    raw = (LISTS / "us-ofac/cons_enhanced-2025-01-10.xml").read_text(encoding="utf-8")
    entities = raw[raw.index("<entities>") :]
    told = Counter(re.findall(r"<sanctionsList [^>]*datePublished[^>]*>([^<]*)<", entities))
    known = batch.catalogue.by_source("ofac")
    expected = {known[name]: count for name, count in told.items() if name in known and known[name] != "us.sdn"}
    assert counts(batch) == expected
    assert sum(told.values()) - told["Consolidated List"] - told["SDN List"] == sum(counts(batch).values()) == 446
    every = re.findall(r"<entity id=.*?</entity>", entities, re.S)
    names = sum(len(set(re.findall(r"<formattedFullName>(.*?)<", entity))) for entity in every)
    by_entry = {party.listing.entry: party for party in everyone(batch)}
    assert len(by_entry) == 443
    assert sum(len(party.names) for party in by_entry.values()) == names


def test_denied_persons():
    batch = real("us-bis-dpl/dpl-2020.txt")
    assert counts(batch) == {"us.dpl": 665}
    assert [party.id for party in everyone(batch) if not party.listing.since] == []
    assert sum(not party.listing.until for party in everyone(batch)) == 53  # of the 1980s, without an end


def test_un_of_2026():
    batch = real("un-sc-2026/consolidated-2026-02-27.xml")
    raw = (LISTS / "un-sc-2026/consolidated-2026-02-27.xml").read_text(encoding="utf-8")
    assert Counter(party.kind for party in everyone(batch)) == {"person": 730, "organisation": 273}
    entries = re.findall(r"<(?:INDIVIDUAL|ENTITY)>.*?</(?:INDIVIDUAL|ENTITY)>", raw, re.S)
    expected = 0
    for entry in entries:
        parts = (
            re.search(rf"<{tag}>(.*?)</{tag}>", entry, re.S)
            for tag in ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
        )
        whole = squeeze(" ".join(part[1] for part in parts if part))
        others = re.findall(r"<(?:ALIAS_NAME|NAME_ORIGINAL_SCRIPT)>(.*?)</", entry, re.S)
        clean = {re.sub("[\u200e\u200f\u200b\u202a-\u202e]", "", squeeze(name)) for name in (whole, *others)}
        expected += len({name.replace("&amp;", "&") for name in clean} - {""})
    assert len(entries) == 1_003
    notes = squeeze(" ".join(re.findall(r"<NOTE>(.*?)</NOTE>", raw, re.S)))
    listed = squeeze(" ".join(re.findall(r"<(?:ALIAS_NAME|NAME_ORIGINAL_SCRIPT)>(.*?)</", raw, re.S)))
    noted = [
        one.text for party in everyone(batch) for one in party.names[1:] if one.text in notes and one.text not in listed
    ]
    assert len(noted) > 40  # names that stand nowhere but in notes
    found = sum(len(party.names) for party in everyone(batch)) - len(noted)
    assert abs(found - expected) <= 10  # NFC makes two spellings one; a name of a note may be part of a listed one
    since = re.findall(r"<LISTED_ON>(.{10})", raw)
    assert sorted(party.listing.since for party in everyone(batch)) == sorted(since)
    assert sum(bool(party.born) for party in everyone(batch)) > 600


def test_eu_of_2016():
    batch = real("eu-fsf-2016/global-2016-02-11.xml")
    raw = (LISTS / "eu-fsf-2016/global-2016-02-11.xml").read_text(encoding="utf-8")
    assert Counter(party.kind for party in everyone(batch)) == {"person": 319, "organisation": 276}
    entries = re.findall(r"<ENTITY .*?</ENTITY>", raw, re.S)
    expected = sum(len({squeeze(name) for name in re.findall(r"<WHOLENAME>(.+?)</", entry, re.S)}) for entry in entries)
    assert abs(sum(len(party.names) for party in everyone(batch)) - expected) <= 3
    assert [party.id for party in everyone(batch) if party.born_as_listed and not party.born] == []


def test_eu_annexes_of_2026():
    folder = LISTS / "eu-oj-2026"
    names = sorted(f"eu-oj-2026/{path.name}" for path in folder.glob("*.csv"))
    if not names:
        pytest.skip("the annexes are not here: real lists are kept outside the repository")
    batch = real(*names)
    rows = [
        row for name in names for row in csv.DictReader((LISTS / name).read_text(encoding="utf-8").splitlines(True))
    ]
    assert counts(batch) == {"eu.annexes": len(rows)}
    assert len(rows) == 4_332
    assert Counter(party.names[0].text for party in everyone(batch)) == Counter(squeeze(row["name"]) for row in rows)
    unread = [party.born_as_listed for party in everyone(batch) if party.born_as_listed and not party.born]
    assert len(unread) <= 15  # "28 September (year unknown)" and the like: kept as words


def test_ofsi_of_2018():
    batch = real("uk-ofsi-2018/sanctionsconlist-2018-04-13.csv")
    raw = (LISTS / "uk-ofsi-2018/sanctionsconlist-2018-04-13.csv").read_text(encoding="cp1252")
    rows = list(csv.reader(raw.splitlines(True)))[2:]
    names = {(row[28], squeeze(" ".join((*row[1:6], row[0])))) for row in rows}
    assert counts(batch) == {"uk.ofsi": 2_106}
    assert sum(len(party.names) for party in everyone(batch)) == len(names)
    assert [party.id for party in everyone(batch) if party.born_as_listed] == []


def test_chinese_lists_of_2026():
    batch = real("cn-mofcom/cn-entities-2026-07-19.json")
    assert counts(batch) == {"cn.uel": 61, "cn.export-control-list": 139, "cn.attention": 40}
    assert sum(len(party.names) for party in everyone(batch)) == 474
    assert "cn.uel: some numbers stand twice" in batch.notes[0]


def test_japanese_list_of_2026():
    batch = real("jp-meti-eul/jp-entities-2026-07-20.json")
    assert counts(batch) == {"jp.meti-eul": 835}
    taken = [party for party in everyone(batch) if "taken from the address" in party.listing.remarks]
    assert len(taken) == 37
    assert "23rd Research Institute" in texts(taken[0])
    assert [party.id for party in everyone(batch) if not party.countries] == []


def test_section_1260h():
    batch = real("us-1260h/sanctions-2026-08.csv")
    assert counts(batch) == {"us.1260h": 397}
    assert sum(bool(party.listing.until) for party in everyone(batch)) == 21
