"""Party books: every row is a query or a named fault, and what was understood is told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exeat.errors import InputError
from exeat.screen.book import Fault, PartyBook, guessed, mapping_of, partial_day, read_parties
from exeat.screen.model import Identifier, Query


def put(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return path


@pytest.fixture
def book(tmp_path):
    def make(text, mapping="", encoding="utf-8", name="book.csv", **more):
        return PartyBook(put(tmp_path / name, text, encoding), mapping_of(mapping), name, **more)

    return make


def test_a_plain_book(book):
    found = book("ID,Company Name,Country,Alias\n7,Acme Ltd,cn;hk,Akme|Akmee\n")
    assert list(found) == [Query(("Acme Ltd", "Akme", "Akmee"), countries=("CN", "HK"), id="7")]
    assert found.understood.sentence() == (
        "book.csv: UTF-8, separated by ','; took 'ID' as id, 'Company Name' as name, 'Country' as country, "
        "'Alias' as alias"
    )


def test_chinese_heads(book):
    found = book("客户编号,企业名称,国家,统一社会信用代码\n1,华为技术有限公司,CN,914403001922038216\n")
    (one,) = found
    assert (one.names, one.identifiers) == (("华为技术有限公司",), (Identifier("uscc", "914403001922038216"),))


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with a mark"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")],
)
def test_encodings_are_stated(book, encoding, shown):
    found = book("名称,国家\n深圳市某某科技有限公司,CN\n", encoding=encoding)
    assert next(iter(found)).names == ("深圳市某某科技有限公司",)
    assert found.understood.encoding == shown


@pytest.mark.parametrize(
    "raw",
    ["name\nMüller Söhne GmbH\nÉtablissements Dupré\n".encode("latin-1"), b"name\n\x80\xff\xfe\n", b"name\nA\x00B\n"],
)
def test_other_encodings_are_refused(book, raw):
    with pytest.raises(InputError, match="neither UTF-8"):
        book(raw)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_separators(book, sign):
    found = book(f"id{sign}name{sign}country\n1{sign}Acme{sign}DE\n")
    assert list(found) == [Query(("Acme",), countries=("DE",), id="1")]
    assert found.understood.separator == sign


def test_mapping(book):
    text = "Full Name,Ctry,Tax,Name\nAcme,DE,123,ignored\n"
    found = book(text, "name=Full Name,country=Ctry,identifier:inn=Tax")
    assert list(found) == [Query(("Acme",), countries=("DE",), identifiers=(Identifier("inn", "123"),))]
    assert found.understood.unused == ("Name",)


def test_several_columns_of_names(book):
    assert next(iter(book("name,name in chinese\nHuawei,华为\n", "name=name,alias=name in chinese"))).names == (
        "Huawei",
        "华为",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nme=Full Name", "did you mean 'name'"),
        ("name", "not FIELD=COLUMN"),
        ("name=A,country=A", "mapped twice"),
        ("identifier=A", "identifier:KIND"),
    ],
)
def test_wrong_mappings(text, says):
    with pytest.raises(InputError, match=says):
        mapping_of(text)


def test_a_column_that_is_not_there(book):
    with pytest.raises(InputError, match="did you mean 'Full Name'"):
        book("Full Name\nAcme\n", "name=Ful Name")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no line of heads"),
        ("city,zip\nBonn,5\n", "no column holds a name"),
        ("name,name\na,b\n", "stands twice"),
    ],
)
def test_files_that_are_no_book(book, text, says):
    with pytest.raises(InputError, match=says):
        book(text)


def test_bad_rows_are_named_and_the_others_kept(book):
    found = list(book('name,country\nA,DE\n,DE\nB,DE,what\n"C\nD",DE\nE,DE\n"F,DE\nG,DE\n'))
    shown = [one.line if isinstance(one, Fault) else one.names[0] for one in found]
    assert shown == ["A", 3, 4, "C\nD", "E", 8]
    assert "read no further than line 9" in str(found[-1].error)


def test_what_is_not_understood_is_told_and_screened(book):
    found = book("id,name,country,dob,type\n1,A,Germany,13/14/1970,robot\n1,B,DE,1970-05,person\n")
    assert list(found) == [
        Query(("A",), id="1"),
        Query(("B",), "person", ("DE",), ("1970-05",), id="1 (line 3)"),
    ]
    assert [(one.line, one.path, one.found) for one in found.told] == [
        (2, "kind", "robot"),
        (2, "country", "Germany"),
        (2, "born", "13/14/1970"),
        (3, "id", "1"),
    ]


def test_countries_by_a_reader(book):
    found = book("name,country\nA,Germany\n", country={"Germany": "DE"}.get)
    assert next(iter(found)).countries == ("DE",)


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("1970-05-06", "1970-05-06"),
        ("1970/5/6", "1970-05-06"),
        ("1970.5", "1970-05"),
        ("1970年5月6日", "1970-05-06"),
        ("1970年5月", "1970-05"),
        ("19700506", "1970-05-06"),
        ("1970", "1970"),
        ("05/06/1970", ""),
        ("1970-13", ""),
        ("1970-00-01", ""),
        ("1970-01-32", ""),
        ("70", ""),
    ],
)
def test_days_are_not_guessed(word, day):
    assert partial_day(word) == day


def test_rows_without_ids_have_none_but_a_line(book):
    found = book("name\nA\n\nB\n")
    assert [(line, one.names[0], one.id) for line, one in found.numbered()] == [(2, "A", ""), (4, "B", "")]


def test_aliases_alone_are_names(book):
    assert next(iter(book("English name,中文名称\nHuawei,华为\n"))).names == ("Huawei", "华为")


def test_json_lines(book):
    rows = [
        {"id": 1, "name": ["A; B", "C"], "country": ["DE", "FR"], "extra": None},
        {"id": 2, "name": "D"},
    ]
    text = "\n".join(json.dumps(one) for one in rows)
    found = book(f"{text}\n[1]\n{{\n" + '{"name": {"x": 1}}\n{"name": "E", "name": "F"}\n', name="book.jsonl")
    queries = list(found)
    assert queries[:2] == [Query(("A; B", "C"), countries=("DE", "FR"), id="1"), Query(("D",), id="2")]
    assert [one.line for one in queries[2:]] == [3, 4, 5, 6]
    assert found.understood.unused == ("extra",)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        read_parties(tmp_path / "none.csv")


def test_only_one_column_is_the_id():
    assert guessed(("No", "ID", "Name")) == {"No": "id", "Name": "name"}


CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), max_size=8), st.sampled_from((",", ";", "\t")))
def test_no_row_is_lost(tmp_path_factory, rows, sign):
    import csv  # noqa: PLC0415
    import io  # noqa: PLC0415

    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=sign)
    writer.writerows([("name", "address"), *rows])
    path = tmp_path_factory.mktemp("book") / "b.csv"
    found = list(PartyBook(put(path, stream.getvalue())))
    stripped = [(name.strip(), address.strip()) for name, address in rows]
    expected = [(name, address) for name, address in stripped if name or address]
    assert len(found) == len(expected)
    for one, (name, address) in zip(found, expected, strict=True):
        if name:
            assert (one.names, one.addresses) == ((name,), (address,) if address else ())
        else:
            assert isinstance(one, Fault)
