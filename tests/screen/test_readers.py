"""Each reader on a small file in the official structure: who is in it, under which names, since when."""

from __future__ import annotations

import json

import jsonschema
import msgspec
import pytest

from exeat.errors import InputError, InputErrors
from exeat.screen.model import Address, Party
from exeat.screen.readers import FORMATS, Source, ftm, read, sniff, tidy
from tests.conftest import ROOT
from tests.screen import samples

ALL = {
    "csl-json": samples.CSL_JSON,
    "csl-csv": samples.CSL_CSV,
    "csl-compact": samples.COMPACT_JSON,
    "ofac-csv": samples.SDN_CSV,
    "ofac-sdn-xml": samples.SDN_XML,
    "ofac-enhanced-xml": samples.ENHANCED_XML,
    "ofac-advanced-xml": samples.ADVANCED_XML,
    "bis-dpl": samples.DPL_TXT,
    "un-xml": samples.UN_XML,
    "eu-fsf-xml": samples.EU_XML,
    "eu-fsf-whole-xml": samples.EU_WHOLE,
    "eu-annex-csv": samples.EU_ANNEX,
    "uk-xml": samples.UK_XML,
    "uk-csv": samples.UK_CSV,
    "uk-ofsi-csv": samples.OFSI_CSV,
    "compiled-json": samples.COMPILED_JSON,
    "dod-1260h": samples.DOD_CSV,
    "ftm": samples.FTM,
    "tidy": samples.TIDY_YAML,
}


def names(party: Party) -> list[tuple[str, str, str]]:
    return [(one.text, one.kind, one.quality) for one in party.names]


def numbers(party: Party) -> list[tuple[str, str, str]]:
    return [(one.kind, one.value, one.valid) for one in party.identifiers]


@pytest.mark.parametrize("name", FORMATS)
def test_the_format_is_told_by_the_content(name, write):
    source = Source(write(ALL[name], "no-extension"))
    assert sniff(source).name == name


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("csl-compact", "ofac-csv")])
def test_a_byte_order_mark_changes_nothing(name, write):
    assert sniff(Source(write(b"\xef\xbb\xbf" + ALL[name].encode()))).name == name


def test_csl_json(reads):
    batch = reads(samples.CSL_JSON)
    assert {key: len(found) for key, found in batch.lists.items()} == {"us.sdn": 1, "us.entity-list": 2}
    zylov = batch.lists["us.sdn"][0]
    assert zylov.id == "us.sdn/90001"
    assert zylov.kind == "person"
    assert (zylov.names[0].family, zylov.names[0].given) == ("ZYLOV", "Anton Petrovich")
    assert names(zylov) == [("ZYLOV, Anton Petrovich", "primary", ""), ("ZILOV, Anton", "alias", "")]
    assert numbers(zylov) == [("passport", "X1234567", ""), ("inn", "7707083893", "yes")]
    assert zylov.gender == "male"
    assert zylov.born == ("1961-04-05",)
    assert zylov.linked_to == ("ZYLOV HOLDING",)
    assert zylov.countries == ("RU",)
    optics, twin = batch.lists["us.entity-list"]
    assert optics.id == "us.entity-list/example-optics-co-ltd.cn"
    assert twin.id == "us.entity-list/example-optics-co-ltd.hk"
    assert optics.listing.requirement == "For all items subject to the EAR."
    assert optics.listing.policy == "Presumption of denial."
    assert (optics.listing.citation, optics.listing.since) == ("90 FR 1", "2025-01-02")
    assert optics.addresses == (Address("No. 8 Example Road, Xi'an, CN", "CN"),)


def test_csl_csv(reads):
    batch = reads(samples.CSL_CSV)
    ship, trade = batch.lists["us.sdn"][0], batch.lists["us.uvl"][0]
    assert ship.kind == "vessel"
    assert numbers(ship) == [("imo", "9074729", "yes"), ("call sign", "P6AB", "")]
    assert ship.countries == ("KP",)
    assert [one.text for one in ship.names] == ["HAE GUM 9", "HAEGUM 9", "SEA GOLD"]
    assert [one.text for one in trade.addresses] == ["Office 3, Dubai, AE", "Sharjah, AE"]


def test_a_list_that_the_catalogue_does_not_know_is_kept_and_said(reads):
    batch = reads(samples.CSL_JSON.replace("Entity List (EL)", "Brand New List (BNL)"))
    assert len(batch.lists["us.csl.other"]) == 2
    assert "Brand New List" in batch.notes[0]


def test_ofac_csv_set_in_any_order(reads):
    batch = reads(samples.ADD_CSV, samples.SDN_CSV, samples.ALT_CSV)
    zylov, holding = batch.lists["us.sdn"]
    assert names(zylov) == [
        ("ZYLOV, Anton Petrovich", "primary", ""),
        ("TOSHA", "alias", "weak"),
        ("ZILOV, Anton", "alias", "strong"),
    ]
    assert zylov.born == ("1961-04-05", "1960", "1961", "1962", "1963", "1964")
    assert zylov.born_as_listed == ("circa 1962",)
    assert zylov.birth_places == ("Perm, Russia",)
    assert numbers(zylov) == [("passport", "X1234567", ""), ("inn", "7707083893", "yes")]
    assert zylov.listing.programmes == ("INVENTED-EO1", "SDGT")
    assert zylov.linked_to == ("ZYLOV HOLDING",)
    assert zylov.addresses == (Address("1 Lenin Street, Perm, Russia", "RU"),)
    assert holding.kind == "organisation"
    assert names(holding)[1] == ("ZYLOV TRADING", "former", "strong")
    assert holding.countries == ("CY",)


def test_ofac_csv_of_two_days_does_not_fit(reads):
    with pytest.raises(InputErrors) as found:
        reads(samples.SDN_CSV, samples.ALT_CSV.replace("90003,2", "90004,2"))
    assert "of different days" in str(found.value)
    with pytest.raises(InputError, match=r"main file .* is missing"):
        reads(samples.ALT_CSV)


def test_ofac_classic_xml(reads):
    batch = reads(samples.SDN_XML)
    zylov, ship = batch.lists["us.sdn"]
    assert batch.as_of == "2026-06-22"
    assert names(zylov) == [
        ("ZYLOV, Anton Petrovich", "primary", ""),
        ("TOSHA", "alias", "weak"),
        ("ZILOV, A.", "former", "strong"),
    ]
    assert zylov.born_as_listed == ("circa 1961",)
    assert numbers(ship) == [("imo", "9074728", "no"), ("call sign", "P6AB", "")]  # one digit off: kept, and said
    assert ship.countries == ("KP",)


def test_ofac_enhanced_brings_only_the_lists_it_publishes_whole(reads):
    batch = reads(samples.ENHANCED_XML)
    assert "us.sdn" not in batch.lists  # the consolidated file shows some SDN entries, never all
    (holding,) = batch.lists["us.ssi"]
    assert holding.listing.since == "2015-07-30"
    assert names(holding) == [
        ("ZYLOV HOLDING", "primary", ""),
        ("ЗЫЛОВ ХОЛДИНГ", "original script", "strong"),
        ("ZYLOV TRADING", "former", "weak"),
    ]
    assert numbers(holding) == [("lei", "5493001KJTIIGC8Y1R12", "yes")]
    assert holding.linked_to == ("ZYLOV, Anton Petrovich",)
    assert holding.addresses == (Address("Limassol, Cyprus", "CY"),)
    assert batch.lists["us.cmic"] == []


def test_ofac_advanced(reads):
    batch = reads(samples.ADVANCED_XML)
    (zylov,) = batch.lists["us.sdn"]
    assert batch.as_of == "2026-05-21"
    assert zylov.kind == "person"
    assert names(zylov) == [
        ("ZYLOV, Anton", "primary", ""),
        ("ЗЫЛОВ, Антон", "original script", "strong"),
        ("TOSHA", "alias", "weak"),
    ]
    assert zylov.born == ("1961",)
    assert zylov.countries == ("RU",)
    assert zylov.gender == "male"
    assert zylov.addresses == (Address("Perm, Russia", "RU"),)
    assert numbers(zylov) == [("passport", "X1234567", ""), ("wallet", "0xabc123", "")]
    assert zylov.listing.programmes == ("INVENTED-EO1",)
    assert (zylov.listing.since, zylov.listing.requirement, zylov.listing.citation) == (
        "2020-03-04",
        "Block",
        "Invented Order 1",
    )


def test_denied_persons(reads):
    first, second = reads(samples.DPL_TXT).lists["us.dpl"]
    assert first.id == "us.dpl/jane-sample.us"
    assert second.id == "us.dpl/jane-sample.us.2"
    assert (first.listing.since, first.listing.until) == ("2023-06-19", "2033-06-29")
    assert second.listing.requirement == "denial order with terms of its own"


def test_twins_have_the_same_numbers_in_any_order(reads):
    head, one, two = samples.DPL_TXT.splitlines(keepends=True)
    turned = reads(head + two + one).lists["us.dpl"]
    assert {found.id: found for found in turned} == {
        found.id: found for found in reads(samples.DPL_TXT).lists["us.dpl"]
    }


def test_un(reads):
    batch = reads(samples.UN_XML)
    person, entity = batch.lists["un.sc"]
    assert batch.as_of == batch.published == "2026-02-27"
    assert names(person) == [
        ("FIRST SECOND THIRD FOURTH", "primary", ""),
        ("أولى", "original script", ""),
        ("FIRSTA", "alias", "strong"),
        ("Lydia", "alias", "weak"),
    ]
    assert person.id == "un.sc/XXi.001"
    assert person.born == ("1973", "1974", "1975", "1978", "1979", "1980", "1981", "1982")
    assert person.born_as_listed == ("1973 to 1975", "circa 1980")
    assert person.countries == ("CD", "RW")
    assert names(entity)[1] == ("OLD ENTITY", "former", "")
    assert numbers(entity) == [("bic", "ABCDKPPY", "yes")]


def test_eu_1_1(reads):
    batch = reads(samples.EU_XML)
    (person,) = batch.lists["eu.fsf"]
    assert batch.as_of == "2026-06-05"
    assert person.id == "eu.fsf/EU.27.28"
    assert names(person) == [
        ("Ali Sample", "primary", "strong"),
        ("Abu Sample", "alias", "weak"),
        ("Али Семпл", "original script", "strong"),
    ]
    assert (person.names[0].family, person.names[0].given) == ("Sample", "Ali")
    assert person.born == ("1937-04-28", "1972", "1973", "2013", "2014")  # 1392 of either Hijri calendar
    assert person.born_as_listed == ("1392 AH",)
    assert numbers(person) == [("passport", "A1", ""), ("reference", "XXi.001", "")]
    assert person.identifiers[0].note == "expired"
    assert person.listing.since == "2003-07-07"
    assert person.listing.programmes == ("IRQ",)


def test_eu_whole(reads):
    batch = reads(samples.EU_WHOLE)
    (found,) = batch.lists["eu.fsf"]
    assert batch.as_of == "2016-02-11"
    assert names(found) == [("Sample Mining", "primary", ""), ("Семпл Майнинг", "original script", "")]
    assert found.addresses == (Address("Main Street, Harare, ZWE", "ZW"),)
    assert numbers(found) == [("passport", "AD1", "")]


def test_eu_annex(reads):
    (found,) = reads(samples.EU_ANNEX).lists["eu.annexes"]
    assert names(found) == [
        ("Ivan SAMPLE", "primary", ""),
        ("Iwan SAMPEL", "alias", ""),
        ("Иван СЕМПЛ", "original script", ""),
        ("Vanya", "alias", ""),
    ]
    assert found.born == ("1972-11-26",)
    assert found.countries == ("RU",)
    assert numbers(found) == [("inn", "7707083893", "yes")]
    assert found.listing.since == "2014-03-17"


def test_uk_xml(reads):
    batch = reads(samples.UK_XML)
    person, ship = batch.lists["uk.sanctions"]
    assert batch.as_of == "2026-05-12"
    assert names(person) == [
        ("IVAN PETROVICH SAMPLE", "primary", ""),
        ("IVAN SAMPEL", "alias", ""),
        ("VANYA", "alias", "weak"),
        ("Иван Петрович Семпл", "original script", ""),
    ]
    assert (person.names[0].family, person.names[0].given) == ("SAMPLE", "IVAN PETROVICH")
    assert person.born == ("1962", "1963-04-05")
    assert person.listing.since == "2022-03-15"
    assert person.listing.requirement == "Asset freeze; Travel Ban"
    assert numbers(ship) == [("imo", "9074729", "yes")]
    assert ship.linked_to == ("Sample Shipping",)
    assert ship.countries == ("PA",)


def test_uk_csv_is_a_product_of_rows(reads):
    batch = reads(samples.UK_CSV)
    (person,) = batch.lists["uk.sanctions"]
    assert batch.as_of == "2026-05-12"
    assert names(person) == [("IVAN SAMPLE", "primary", ""), ("IVAN SAMPEL", "alias", "")]
    assert set(person.countries) == {"RU", "CY"}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_ofsi(encoding, reads):
    batch = reads(samples.OFSI_CSV.encode(encoding))
    (person,) = batch.lists["uk.ofsi"]
    assert names(person) == [("Ali SÁMPLE", "primary", ""), ("Ali SAMPEL", "former", "")]
    assert person.born == ("1961",)
    assert person.countries == ("YE", "RU", "QA")


def test_compilation(reads):
    batch = reads(samples.COMPILED_JSON)
    (chinese,) = batch.lists["cn.attention"]
    nameless, mine = batch.lists["jp.meti-eul"]
    assert names(chinese) == [("Sample Corporation", "primary", ""), ("样本株式会社", "original script", "")]
    assert chinese.countries == ("JP",)
    assert names(nameless) == [("Example Carbon Co., Ltd.", "primary", "")]
    assert nameless.countries == ("CN",)
    assert "taken from the address" in nameless.listing.remarks
    assert ("見本鉱山", "original script", "") in names(mine)


def test_section_1260h_without_rows(reads):
    with pytest.raises(InputError, match="a table without rows"):
        reads(samples.DOD_CSV.partition("\n")[0] + "\n")


def test_section_1260h_periods(reads):
    first, second = reads(samples.DOD_CSV).lists["us.1260h"]
    assert (first.listing.since, first.listing.until) == ("2022-10-05", "2024-01-31")
    assert (second.listing.since, second.listing.until) == ("2025-01-07", "")
    assert names(first) == [
        ("Sample Group", "primary", ""),
        ("SG", "alias", ""),
        ("Old Sample", "former", ""),
        ("OS", "former", ""),
    ]


def test_tidy_yaml_and_csv(reads):
    batch = reads(samples.TIDY_YAML)
    (found,) = batch.lists["cn.countermeasures"]
    assert (batch.as_of, batch.published) == ("2026-08-05", "2026-08-06")
    assert names(found) == [("样本技术公司", "primary", ""), ("Sample Technologies", "alias", "")]
    assert numbers(found) == [("lei", "5493001KJTIIGC8Y1R12", "yes")]
    (row,) = reads(samples.TIDY_CSV).lists["cn.countermeasures"]
    assert [one.text for one in row.names] == ["Sample Technologies", "ST", "SampleTech", "样本技术公司"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("since: 2026-08-05", "since: 2026-02-30", "no such day"),
        ("countries: [US]", "countries: [XQ]", "no such country"),
        ("    citation:", "    citaton:", "unknown field `citaton`"),
        ("kind: organisation", "kind: company", "Invalid enum value"),
        ("as_of: 2026-08-05", "as_of: yesterday", "as_of"),
        ("list: cn.countermeasures", "list: cn.counter", "no such list"),
        ("since: 2026-08-05", "since: 2026-08-05\n    until: 2020", "ends before it begins"),
    ],
)  # fmt: skip
def test_tidy_refuses_what_it_would_have_to_guess(old, new, told, reads):
    assert old in samples.TIDY_YAML
    with pytest.raises((InputError, InputErrors), match=told):
        reads(samples.TIDY_YAML.replace(old, new))


def test_tidy_names_the_line(write):
    path = write(samples.TIDY_YAML.replace("    citation:", "    citaton:"))
    with pytest.raises(InputError) as found:
        read([Source(path)])
    assert found.value.line == 6  # where the party begins


def test_the_schema_of_the_tidy_format_is_what_the_reader_takes():
    shipped = json.loads((ROOT / "schemas" / "list.schema.json").read_text(encoding="utf-8"))
    made = msgspec.json.schema(tidy.TidyList)
    assert {key: shipped[key] for key in made} == made
    jsonschema.Draft202012Validator.check_schema(shipped)


def test_written_tidy_reads_back_equal(reads):
    batch = reads(samples.UN_XML)
    written = tidy.write("un.sc", "2026-02-27", "2026-02-27", batch.lists["un.sc"])
    again = reads(written)
    assert again.lists == batch.lists
    shipped = json.loads((ROOT / "schemas" / "list.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(written), shipped)


def test_follow_the_money(reads):
    batch = reads(samples.FTM, only="us.1260h")
    company, person = batch.lists["us.1260h"]
    assert names(company) == [
        ("Sample Co", "primary", ""),
        ("Sample Company", "alias", ""),
        ("样本公司", "alias", ""),
        ("SC", "alias", "weak"),
    ]
    assert numbers(company) == [("inn", "7707083893", "yes")]
    assert company.listing.since == "2020-01-02"
    assert company.listing.authority == "An Authority"
    assert person.born == ("1961-04",)
    assert batch.notes == ["1 entities of the schema Ownership are no parties and were passed over"]


def test_follow_the_money_must_say_which_list(reads):
    with pytest.raises(InputError) as found:
        reads(samples.FTM)
    assert found.value.path == "--list"


def test_written_entities_read_back_to_the_same_party(reads):
    batch = reads(samples.UN_XML)
    written = b"".join(ftm.write(batch.lists["un.sc"]))
    person, entity = reads(written, only="un.sc").lists["un.sc"]
    before = batch.lists["un.sc"]
    assert {one.text for one in person.names} == {one.text for one in before[0].names}
    assert person.names[0] == before[0].names[0]
    assert (person.born, person.gender, person.listing.since) == (before[0].born, "female", "2012-12-31")
    assert set(person.countries) == set(before[0].countries)
    assert [one.kind for one in person.identifiers] == ["passport"]
    assert entity.names[1].kind == "former"


def test_followthemoney_itself_accepts_what_is_written(reads):
    model = pytest.importorskip("followthemoney", reason="the oracle is not installed").model
    for line in b"".join(
        ftm.write(reads(samples.UN_XML).lists["un.sc"] + reads(samples.CSL_CSV).lists["us.sdn"])
    ).splitlines():
        data = json.loads(line)
        schema = model.get(data["schema"])
        assert schema is not None
        unknown = [name for name in data["properties"] if name not in schema.properties]
        assert unknown == [], data["schema"]
