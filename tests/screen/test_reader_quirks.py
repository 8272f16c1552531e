"""What official files do beyond their plain structure, each with invented parties: nothing that a list says is lost.

Every case was met in a real file (UN lists of 2016 to 2026, OFAC's classic, ENHANCED and ADVANCED files of 2018 to
2025, excerpts of the UK and EU files of 2026).
"""

# ruff: noqa: E501

from __future__ import annotations

import csv
import io
import json

import pytest

from exeat.errors import InputErrors
from exeat.screen.model import Identifier, Party
from exeat.screen.readers.batch import original_runs
from tests.screen import samples
from tests.screen.test_readers import names, numbers


def only(batch, list_id: str) -> Party:
    (party,) = batch.lists[list_id]
    return party


# --- UN


def un(inside: str, own: str = "INDIVIDUAL") -> str:
    group = "INDIVIDUALS" if own == "INDIVIDUAL" else "ENTITIES"
    return (
        f'<CONSOLIDATED_LIST dateGenerated="2026-01-02T00:00:00Z"><{group}><{own}><FIRST_NAME>Sample</FIRST_NAME>'
        f"<REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>{inside}</{own}></{group}></CONSOLIDATED_LIST>"
    )


def alias(name: str, note: str, quality: str = "Good") -> str:
    return f"<INDIVIDUAL_ALIAS><QUALITY>{quality}</QUALITY><ALIAS_NAME>{name}</ALIAS_NAME><NOTE>{note}</NOTE></INDIVIDUAL_ALIAS>"


@pytest.mark.parametrize(
    ("name", "note", "quality", "found"),
    [
        ("Sampel", "previously listed as", "Good", [("Sampel", "former", "strong")]),
        ("Sampel", "Formerly listed as. In Arabic: سامبل علي", "Low", [("Sampel", "former", "weak"), ("سامبل علي", "original script", "weak")]),
        ("Abu Bin", "original script: Абу Бин; Абин", "Low", [("Abu Bin", "alias", "weak"), ("Абу Бин Абин", "original script", "weak")]),
        ("سامبل", "Ali Sampel; Aly Sampal", "Good", [("سامبل", "original script", "strong"), ("Ali Sampel", "alias", "strong"), ("Aly Sampal", "alias", "strong")]),
        ("Sampel", "born in 1971 (Ali al-Sampel; Dr. Aly Sampal’)", "Good", [("Sampel", "alias", "strong"), ("Ali al-Sampel", "alias", "strong"), ("Dr. Aly Sampal’", "alias", "strong")]),
        ("Romeo", "Call sign", "Low", [("Romeo", "alias", "weak")]),
        ("Ali", "Passport number: A123456; DOB: 1948; POB: Somewhere", "Good", [("Ali", "alias", "strong")]),
    ],
)  # fmt: skip
def test_un_notes_on_aliases(name, note, quality, found, reads):
    party = only(reads(un(alias(name, note, quality))), "un.sc")
    assert names(party)[1:] == found
    assert note.rstrip(".") in party.listing.remarks


def test_un_numbers_that_only_notes_give(reads):
    def document(kind: str, note: str, more: str = "") -> str:
        second = f"<TYPE_OF_DOCUMENT2>{more}</TYPE_OF_DOCUMENT2>" if more else ""
        return f"<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>{kind}</TYPE_OF_DOCUMENT>{second}<NOTE>{note}</NOTE></INDIVIDUAL_DOCUMENT>"

    inside = (
        alias("Sampel", "Freedonia Passport number: 2152150")
        + document("Passport", "Freedonian passport number L 191609 issued on 28 Feb. 1996")
        + document("National Identification Number", "issued in 1974", "Freedonian card (tazkira) number 545167")
        + document("National Identification Number", "04643632 issued on 18 Jun. 1999")
        + document("Passport", "issued in 1993 under another name")
        + "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>P1</NUMBER><DATE_OF_ISSUE>2012-01-31</DATE_OF_ISSUE>"
        "<CITY_OF_ISSUE>Sylvania</CITY_OF_ISSUE><NOTE>expired</NOTE></INDIVIDUAL_DOCUMENT>"
    )
    party = only(reads(un(inside)), "un.sc")
    assert {(one.kind, one.value) for one in party.identifiers} == {
        ("passport", "2152150"),
        ("passport", "L 191609"),
        ("national id", "545167"),
        ("national id", "04643632"),
        ("passport", "P1"),
    }
    assert party.identifiers[-1].note == "issued 2012-01-31; issued Sylvania; expired"
    assert "Passport: issued in 1993 under another name." in party.listing.remarks


@pytest.mark.parametrize(
    ("inside", "born", "words"),
    [
        ("<TYPE_OF_DATE>Between</TYPE_OF_DATE><FROM_YEAR>1961</FROM_YEAR><TO_YEAR>1963</TO_YEAR>", ("1961", "1962", "1963"), ("1961 to 1963",)),
        ("<TYPE_OF_DATE>Approximately</TYPE_OF_DATE><YEAR>1962</YEAR>", ("1960", "1961", "1962", "1963", "1964"), ("circa 1962",)),
        ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1962</YEAR><NOTE>Approximately</NOTE>", ("1960", "1961", "1962", "1963", "1964"), ("circa 1962",)),
        ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1958</YEAR><NOTE>Sep.</NOTE>", ("1958-09",), ()),
        ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1973 </NOTE>", ("1973-11",), ()),
        ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1979-03-03</DATE><NOTE>from false passport</NOTE>", ("1979-03-03",), ("1979-03-03: from false passport",)),
        ("<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><NOTE>30-35 years old</NOTE>", (), ("circa 30-35 years old",)),
    ],
)  # fmt: skip
def test_un_dates_of_birth(inside, born, words, reads):
    party = only(reads(un(f"<INDIVIDUAL_DATE_OF_BIRTH>{inside}</INDIVIDUAL_DATE_OF_BIRTH>")), "un.sc")
    assert (party.born, party.born_as_listed) == (born, words)


def test_un_places(reads):
    inside = (
        "<NATIONALITY><VALUE>Kenya</VALUE><VALUE>former Sylvania</VALUE></NATIONALITY>"
        "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Sampel</ALIAS_NAME><CITY_OF_BIRTH>Naples</CITY_OF_BIRTH>"
        "<COUNTRY_OF_BIRTH>Italy</COUNTRY_OF_BIRTH></INDIVIDUAL_ALIAS>"
        "<INDIVIDUAL_PLACE_OF_BIRTH><STREET>Some village</STREET><CITY>Bari</CITY><NOTE>possibly near it</NOTE></INDIVIDUAL_PLACE_OF_BIRTH>"
        "<INDIVIDUAL_ADDRESS><CITY>Nairobi</CITY><COUNTRY>Kenya</COUNTRY><NOTE>in prison</NOTE></INDIVIDUAL_ADDRESS>"
        "<INDIVIDUAL_ADDRESS><COUNTRY>Kenya</COUNTRY><NOTE>Office 3, Sample Road, Mombasa, Kenya</NOTE></INDIVIDUAL_ADDRESS>"
    )
    party = only(reads(un(inside)), "un.sc")
    assert party.countries == ("KE",)
    assert party.birth_places == ("Naples, Italy", "Some village, Bari")
    assert [one.text for one in party.addresses] == ["Nairobi, Kenya", "Office 3, Sample Road, Mombasa, Kenya, Kenya"]
    for told in (
        "Nationality: former Sylvania.",
        "Place of birth: possibly near it.",
        "Address Nairobi, Kenya: in prison.",
    ):
        assert told in party.listing.remarks


def test_runs_of_another_script():
    assert original_runs("In Arabic: سيف العدل. Nationality: none") == ["سيف العدل"]
    assert original_runs("no name in it, и so on") == []


# --- EU


def eu(inside: str) -> str:
    return (
        '<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-08-05T16:47:04.449+02:00" globalFileId="1">'
        '<sanctionEntity designationDetails="UN designation (no longer valid)" unitedNationId="" euReferenceNumber="EU.9001.1" logicalId="1">'
        f'<subjectType code="person" classificationCode="P"/>{inside}</sanctionEntity></export>'
    )


def eu_name(whole: str, remark: str = "") -> str:
    return f'<nameAlias firstName="" lastName="" wholeName="{whole}" strong="true" nameLanguage=""><remark>{remark}</remark></nameAlias>'


def test_eu_remarks_and_contacts(reads):
    inside = (
        eu_name("Sample Bank", "Full corporate name: Sample Bank PJSC. INN 7707083893")
        + eu_name("Buy Sample", "former name of Sample Bank")
        + eu_name("S. Bank", "low quality alias; formerly listed as such")
        + eu_name("Sample", "good quality a.k.a.")
        + '<regulation programme="UKR" numberTitle="2022/1" entryIntoForceDate="2022-04-08"><publicationUrl>https://example.org/1</publicationUrl></regulation>'
        '<regulation programme="RUS" numberTitle="2023/2" entryIntoForceDate="2023-05-01"/>'
        '<address city="Perm" street="-" countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION"><remark>branch</remark>'
        '<contactInfo key="PHONE" value="+7 1 2"/><contactInfo key="EMAIL" value="a@example.org"/></address>'
        '<citizenship countryIso2Code="00" countryDescription="former Sylvania"/>'
        '<identification number="A1" latinNumber="" nameOnDocument="Other Name" issuedBy="Town of Perm" knownExpired="true" '
        'identificationTypeCode="other" identificationTypeDescription="Other identification number" countryIso2Code="00"><remark>seen once</remark></identification>'
    )
    party = only(reads(eu(inside)), "eu.fsf")
    assert names(party) == [
        ("Sample Bank", "primary", "strong"),
        ("Buy Sample", "former", "strong"),
        ("S. Bank", "former", "weak"),
        ("Sample", "alias", "strong"),
    ]
    assert party.listing.programmes == ("UKR", "RUS")
    assert party.listing.citation == "2022/1; 2023/2"
    assert party.listing.since == "2022-04-08"
    assert party.addresses[0].text == "Perm, RUSSIAN FEDERATION"
    assert {(one.kind, one.value) for one in party.identifiers} == {
        ("inn", "7707083893"),
        ("phone", "+7 1 2"),
        ("email", "a@example.org"),
        ("other", "A1"),
    }
    note = next(one.note for one in party.identifiers if one.kind == "other")
    assert note == "Other identification number; expired; in the name of Other Name; issued by Town of Perm; seen once"
    for told in (
        "Sample Bank: Full corporate name: Sample Bank PJSC. INN 7707083893.",
        "Buy Sample: former name of Sample Bank.",
        "Address Perm, RUSSIAN FEDERATION: branch.",
        "Citizenship: former Sylvania.",
        "UN designation (no longer valid)",
    ):
        assert told in party.listing.remarks
    assert "good quality" not in party.listing.remarks


@pytest.mark.parametrize(
    ("attributes", "remark", "born"),
    [
        ('calendarType="ISLAMIC" year="1343"', "Iranian Hijri calendar", ("1964", "1965")),
        ('calendarType="ISLAMIC" year="1343"', "", ("1924", "1925", "1964", "1965")),
        ('calendarType="GREGORIAN" circa="true" yearRangeFrom="1953" yearRangeTo="1955"', "", ("1953", "1954", "1955")),
        ('calendarType="GREGORIAN" year="1966" monthOfYear="3"', "", ("1966-03",)),
        ('calendarType="GREGORIAN" circa="false"', "", ()),
    ],
)
def test_eu_years_of_either_calendar(attributes, remark, born, reads):
    inside = (
        eu_name("Ali Sample")
        + f'<birthdate {attributes} city="-" countryIso2Code="IR" countryDescription="IRAN"><remark>{remark}</remark></birthdate>'
    )
    party = only(reads(eu(inside)), "eu.fsf")
    assert party.born == born
    assert party.birth_places == ("IRAN",)


# --- UK


UK_2026 = (
    "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,Title,"
    "Name non-latin script,Non-latin script type,Non-latin script language,Regime Name,Designation Type,Designation source,Sanctions Imposed,"
    "Other Information,UK Statement of Reasons,Address Line 1,Address Line 2,Address Line 3,Address Line 4,Address Line 5,Address Line 6,"
    "Address Postal Code,Address Country,Phone number,Website,Email address,Date Designated,D.O.B,Nationality(/ies),National Identifier number,"
    "National Identifier additional information,Passport number,Passport additional information,Position,Gender,Town of birth,Country of birth,"
    "Type of entity,Subsidiaries,Parent company,Business registration number (s),IMO number,Current owner/operator (s),Previous owner/operator (s),"
    "Current believed flag of ship,Previous flags,Type of ship,Tonnage of ship,Length of ship,Year Built,Hull identification number (HIN)"
)


def uk_csv(*rows: dict[str, str], header: str = UK_2026) -> str:
    out = io.StringIO()
    out.write("Report Date: 13-Feb-2026\n")
    writer = csv.DictWriter(out, header.split(","))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


PERSON = {
    "Unique ID": "XXX0001",
    "Name 1": "Ivan",
    "Name 6": "SAMPLOV",
    "Name type": "Primary Name",
    "Title": "Dr",
    "Regime Name": "The Sample Regulations",
    "Designation Type": "Individual",
    "Nationality(/ies)": "(1) Russia (2) Cyprus",
    "D.O.B": "dd/mm/1960",
    "Passport number": "(1) A123456 (2) B654321",
    "Passport additional information": "(1) first one (2) second one",
    "National Identifier additional information": "not known",
    "Address Line 1": "Moscow",
    "Address Line 2": "Russia",
    "Date Designated": "24/02/2022",
    "Name non-latin script": "Ivan Samplóv",
    "Position": "Head|Deputy head",
}


@pytest.mark.parametrize("header", [UK_2026, UK_2026.replace("Parent company", "Parent Company")])
def test_uk_csv_of_2026(header, reads):
    parent = next(name for name in header.split(",") if name.casefold() == "parent company")
    ship = {
        "Unique ID": "XXX0002",
        "Name 6": "SAMPLE STAR",
        "Name type": "Primary name",
        "Regime Name": "The Sample Regulations",
        "Designation Type": "Ship",
        "IMO number": "IMO9074729",
        "Current believed flag of ship": "Comoros",
        "Previous flags": "India",
        "Type of ship": "Bulk Carrier",
        "Previous owner/operator (s)": "Old Owner",
        parent: "(1) One Holding (2) Two Holding",
    }
    batch = reads(uk_csv(PERSON, ship, header=header))
    person, vessel = batch.lists["uk.sanctions"]
    assert batch.as_of == "2026-02-13"
    assert names(person) == [("Ivan SAMPLOV", "primary", ""), ("Ivan Samplóv", "alias", "")]
    assert person.countries == ("RU", "CY")
    assert person.addresses[0].country == "RU"
    assert person.born == ("1960",)
    assert [(one.value, one.note) for one in person.identifiers] == [
        ("A123456", "first one"),
        ("B654321", "second one"),
    ]
    assert "Title: Dr." in person.listing.remarks
    assert "national id: not known." in person.listing.remarks
    assert "Head; Deputy head." in person.listing.remarks
    assert numbers(vessel) == [("imo", "9074729", "yes")]
    assert vessel.countries == ("KM",)
    assert vessel.linked_to == ("One Holding", "Two Holding")
    for told in ("Previous flag: India.", "Type of ship: Bulk Carrier.", "Previous owner or operator: Old Owner."):
        assert told in vessel.listing.remarks


def test_uk_xml_of_2026(reads):
    text = """<?xml version="1.0" encoding="utf-8"?>
<Designations xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><DateGenerated>10/09/2026</DateGenerated>
<Designation><LastUpdated>09/04/2025</LastUpdated><DateDesignated>27/01/2025</DateDesignated><UniqueID>XXX0003</UniqueID>
<Names><Name><NameType>Primary Name</NameType></Name>
<Name><Name6>Sampel</Name6><NameType>ALias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name>
<Name><Name1> Pavel</Name1><Name2>Ivanovich</Name2><Name6>SAMPLOV </Name6><NameType>Primary name</NameType></Name></Names>
<NonLatinNames><NonLatinName><NameNonLatinScript>Павел Самплов </NameNonLatinScript><NonLatinScriptLanguage>Russian</NonLatinScriptLanguage></NonLatinName>
<NonLatinName><NameNonLatinScript>António Sampel</NameNonLatinScript></NonLatinName></NonLatinNames>
<Titles><Title>Mullah</Title><Title>Haji</Title></Titles>
<RegimeName>The Sample Regulations</RegimeName><IndividualEntityShip>Entity</IndividualEntityShip>
<DesignationSource>UK|UN</DesignationSource><SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed>
<SanctionsImposedIndicators><AssetFreeze>true</AssetFreeze></SanctionsImposedIndicators><UKStatementofReasons>
</UKStatementofReasons>
<IndividualDetails><Individual><DOBs><DOB>15/08/19yy</DOB><DOB>dd/09/1958</DOB></DOBs>
<Positions><Position>Former minister|Former deputy</Position></Positions></Individual></IndividualDetails>
<EntityDetails><Entity><TypeOfEntities><TypeOfEntity>State-owned</TypeOfEntity></TypeOfEntities>
<Subsidiaries><Subsidiary>North branch</Subsidiary><Subsidiary>South branch</Subsidiary></Subsidiaries>
<BusinessRegistrationNumbers><BusinessRegistrationNumber>INN - 7707083893</BusinessRegistrationNumber>
<BusinessRegistrationNumber>UK Company no. 06527449</BusinessRegistrationNumber>
<BusinessRegistrationNumber>(УНН/ИНН): 190950894 (Belarus), 7704734000/770301001 (Russia)</BusinessRegistrationNumber>
</BusinessRegistrationNumbers></Entity></EntityDetails></Designation></Designations>"""
    party = only(reads(text), "uk.sanctions")
    assert names(party) == [
        ("Pavel Ivanovich SAMPLOV", "primary", ""),
        ("Sampel", "alias", "weak"),
        ("Павел Самплов", "original script", ""),
        ("António Sampel", "alias", ""),
    ]
    assert party.born == ("1958-09",)
    assert party.born_as_listed == ("15/08/19yy",)
    found = {(one.kind, one.value) for one in party.identifiers}
    assert {("inn", "7707083893"), ("registration", "06527449")} <= found
    for told in (
        "Title: Mullah; Haji.",
        "Subsidiaries: North branch; South branch.",
        "Former minister; Former deputy.",
        "7704734000/770301001",
    ):
        assert told in party.listing.remarks
    assert party.listing.authority == "UK|UN"


OFSI_2025 = (
    "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,Non-Latin Script Type,Non-Latin Script Language,DOB,Town of Birth,"
    "Country of Birth,Nationality,Passport Number,Passport Details,National Identification Number,National Identification Details,Position,"
    "Address 1,Address 2,Address 3,Address 4,Address 5,Address 6,Post/Zip Code,Country,Other Information,Group Type,Alias Type,Alias Quality,"
    "Regime,Listed On,UK Sanctions List Date Designated,Last Updated,Group ID"
)


def test_ofsi_with_the_columns_of_its_last_years(reads):
    out = io.StringIO()
    writer = csv.DictWriter(out, OFSI_2025.split(","))
    writer.writeheader()
    row = {
        "Name 6": "SAMPLOV",
        "Name 1": "Ivan",
        "Name Non-Latin Script": "Иван Самплов",
        "Non-Latin Script Language": "Russian",
        "DOB": "(1) 01/02/1960 (2) 03/02/1960",
        "Town of Birth": "(1) Perm (2) Omsk",
        "Country of Birth": "(1) Russia (2) Russia",
        "Nationality": "(1) Russia (2) former Sylvania",
        "Passport Number": "(1) A123456",
        "Passport Details": "(1) Issued in Perm",
        "National Identification Number": "99",
        "Group Type": "Individual",
        "Alias Type": "Primary name",
        "Regime": "Sample",
        "Listed On": "02/12/2011",
        "Group ID": "7",
    }
    writer.writerow(row)
    writer.writerow(row | {"Name 1": "Vanya", "Alias Type": "AKA", "Alias Quality": "Low", "Name Non-Latin Script": ""})
    party = only(reads(f"Last Updated,28/01/2026\n{out.getvalue()}"), "uk.ofsi")
    assert names(party) == [
        ("Ivan SAMPLOV", "primary", ""),
        ("Иван Самплов", "original script", ""),
        ("Vanya SAMPLOV", "alias", "weak"),
    ]
    assert party.born == ("1960-02-01", "1960-02-03")
    assert party.birth_places == ("Perm, Russia", "Omsk, Russia")
    assert party.identifiers == (
        Identifier("passport", "A123456", "", "Issued in Perm"),
        Identifier("national id", "99", "", "national id"),
    )
    assert "Nationality: former Sylvania." in party.listing.remarks


def test_ofsi_numbers_are_freed_from_their_words(reads):
    text = samples.OFSI_CSV
    assert "Passport" in text.splitlines()[1]
    header = text.splitlines()[1].split(",")
    out = io.StringIO()
    writer = csv.DictWriter(out, header)
    writer.writeheader()
    writer.writerow(
        {
            "Name 6": "SAMPLOV",
            "Passport Details": "1) 592667 (Freedonian passport issued on 3 May 2007). 2) W374031, another 3) none known",
            "Group Type": "Individual",
            "Alias Type": "Prime Alias",
            "Regime": "Sample",
            "Listed On": "01/04/2016",
            "Group ID": "8",
        }
    )
    party = only(reads(f"Last Updated,12/02/2016\n{out.getvalue()}"), "uk.ofsi")
    assert [(one.value, one.note) for one in party.identifiers] == [
        ("592667", "Freedonian passport issued on 3 May 2007"),
        ("W374031", "another"),
        ("none known", "passport"),
    ]


# --- OFAC and the Consolidated Screening List


def test_ofac_classic_details(reads):
    text = samples.SDN_XML.replace(
        "<idNumber>X1234567</idNumber>",
        "<idNumber>X1234567</idNumber><issueDate>10 Jul 1991</issueDate><expirationDate>09 Jun 2009</expirationDate>",
    )
    text = text.replace("<country>Russia</country><mainEntry>", "<country>former Sylvania</country><mainEntry>")
    text = text.replace(
        "<vesselFlag>Korea, North</vesselFlag>",
        "<vesselType>Tanker</vesselType><vesselFlag>None Identified</vesselFlag><tonnage>99144</tonnage>",
    )
    person, vessel = reads(text, only="us.sdn").lists["us.sdn"]
    assert person.identifiers[0].note == "issued 10 Jul 1991; expires 09 Jun 2009"
    assert "Nationality: former Sylvania." in person.listing.remarks
    assert vessel.listing.remarks == "Flag: None Identified. Vessel type: Tanker. Tonnage: 99144."


def test_ofac_enhanced_details(reads):
    text = samples.ENHANCED_XML.replace(
        "<documentNumber>5493001KJTIIGC8Y1R12</documentNumber>",
        "<documentNumber>5493001KJTIIGC8Y1R12</documentNumber><isValid>false</isValid><issueDate>2001-02-03</issueDate>",
    )
    text = text.replace(
        "</addressParts>\n        </translation>",
        "</addressParts></translation><translation><addressParts><addressPart><value>Лимасол</value></addressPart></addressParts></translation>",
    )
    (party,) = reads(text).lists["us.ssi"]
    assert party.identifiers[0].note.startswith("not valid; issued 2001-02-03")
    assert [one.text for one in party.addresses] == ["Limassol, Cyprus", "Лимасол, Cyprus"]
    assert party.linked_to == ("ZYLOV, Anton Petrovich",)
    assert "Owned or Controlled By: ZYLOV, Anton Petrovich." in party.listing.remarks


def test_ofac_advanced_details(reads):
    text = samples.ADVANCED_XML
    text = text.replace(
        "<ReferenceValueSets>",
        "<ReferenceValueSets><ValidityValues><Validity ID='1'>Valid</Validity><Validity ID='2'>Fraudulent</Validity></ValidityValues>"
        "<IDRegDocDateTypeValues><IDRegDocDateType ID='1480'>Issue Date</IDRegDocDateType></IDRegDocDateTypeValues>"
        "<AreaCodeValues><AreaCode ID='11291' Description='undetermined'/></AreaCodeValues>",
    )
    text = text.replace(
        "<Locations>", "<Locations><Location ID='99'><LocationAreaCode AreaCodeID='11291'/></Location>"
    ).replace(
        '<VersionLocation LocationID="25"/>', '<VersionLocation LocationID="25"/><VersionLocation LocationID="99"/>'
    )
    before = reads(samples.ADVANCED_XML).lists["us.sdn"]
    number = text.index("</IDRegDocument>")
    text = (
        text[:number]
        + "<DocumentDate IDRegDocDateTypeID='1480'><DatePeriod><Start><From><Year>2001</Year><Month>2</Month><Day>3</Day></From></Start>"
        "</DatePeriod></DocumentDate>" + text[number:]
    )
    text = text.replace("<IDRegDocument ", "<IDRegDocument ValidityID='2' ", 1)
    after = reads(text).lists["us.sdn"]
    assert [one.addresses for one in after] == [one.addresses for one in before]  # "undetermined" is no address
    noted = [number.note for one in after for number in one.identifiers if "Fraudulent" in number.note]
    assert noted == ["Fraudulent; issue 2001-02-03"]


def test_csl_details(reads):
    entries = json.loads(samples.CSL_JSON)
    first = entries["results"][0]
    first["ids"][0] |= {"issue_date": "2001-02-03", "expiration_date": None}
    first |= {"gross_tonnage": 317356, "vessel_flag": "former Sylvania", "standard_order": "Y", "id": "x"}
    batch = reads(json.dumps(entries))
    (party,) = batch.lists["us.sdn"]
    assert party.identifiers[0].note == "issued 2001-02-03"
    for told in ("Tonnage: 317356.", "Flag: former Sylvania.", "Standard order: Y."):
        assert told in party.listing.remarks
    written = samples.CSL_CSV.replace(
        '"IMO 9074729, Vessel', '"JO, 2014-08-30, 2009-08-31, K475336, Passport; IMO 9074729, Vessel'
    )
    (vessel,) = reads(written).lists["us.sdn"]
    assert vessel.identifiers[0] == Identifier("passport", "K475336", "JO", "issued 2009-08-31; expires 2014-08-30")


def test_a_search_answer_is_no_list(reads):
    """The search of trade.gov answers in the same form, a page at a time, with the total of all pages."""
    entries = json.loads(samples.CSL_JSON) | {"total": 50, "offset": 0}
    with pytest.raises(InputErrors, match="says that it has 50 entries"):
        reads(json.dumps(entries))
