"""The official text of a register, taken from whoever has it: read for certain or refused; written whole or not at all.

Every text here is invented. Only its layout is that of an official one.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

import pytest

from exeat import home
from exeat.cli import main
from exeat.decide.engine import Engine, Options
from exeat.errors import InputError, InputErrors
from exeat.rulebook.importer import codes_in, fits
from exeat.rulebook.imports import Reading, read_official
from exeat.rulebook.imports import plain as as_plain
from exeat.rulebook.load import load_book, shipped_law
from exeat.rulebook.model import Book, Importer
from exeat.vocabulary.reader import read_text
from exeat.vocabulary.transaction import read_transaction

ANNEX = "cn.catalogue-annex"
SHAPE = """\
import: my.annex
title: {en: My annex, zh: 附件}
fills: cn.catalogue
labels: {code: [编号, 条目编号], name: [技术名称, 条目名称], points: [控制要点], other: [序号, 备注]}
parts:
  - {headings: [禁止出口部分], class: prohibited, ends: J}
  - {headings: [限制出口部分], class: restricted, ends: X}
headings: [畜牧业, 专用设备制造业]
page words: [第, 页, 共]
code: 999999A
entry: {class: class, code: code, name_zh: name}
point: {class: class, code: code, entry: name, point: point, name_zh: text}
constant: {code_seen: read}
"""
PLAIN = """\
示例技术目录
一、禁止出口部分
（一）畜牧业
编号：010101J
技术名称：月光绵羊繁育技术
控制要点：
1. 会发光的绵羊的选育方法
2. 夜间剪毛的自动化流程
编号：010102J
技术名称：云朵饲料配方
控制要点：云朵饲料的配比与工艺
二、限制出口部分
专用设备制造业
编号：350101X
技术名称：反重力滑轮设计技术
控制要点：
1. 滑轮轴的材料
2. 5G滑轮遥控技术
"""
TERMS = [
    "--from",
    "2025-07-15",
    "--recorded",
    "2025-07-15",
    "--ref",
    "Invented annex",
    "--url",
    "https://example.org/a",
]


@pytest.fixture(scope="session")
def shape(tmp_path_factory) -> Path:
    """An overlay with an import file that names no versions."""
    folder = tmp_path_factory.mktemp("shape")
    (folder / "annex-import.yaml").write_text(SHAPE, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def importer(shape) -> Importer:
    return load_book([shipped_law(), shape]).importers["my.annex"]


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("EXEAT_DEBUG", raising=False)
    return tmp_path / "home"


def read(text: str | bytes, importer: Importer, *headings: str) -> Reading:
    raw = text if isinstance(text, bytes) else text.encode()
    return read_official(raw, "annex.txt", importer, headings)


def plain(reading: Reading) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    return [(e.code, e.name, e.means, [(p.number, p.text) for p in e.points]) for e in reading.entries]


def faults(text: str | bytes, importer: Importer, *headings: str) -> list[tuple[int, str]]:
    with pytest.raises(InputErrors) as caught:
        read(text, importer, *headings)
    return [(error.line, error.problem) for error in caught.value.errors]


def run(arguments: list[str], monkeypatch, capsys) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["exeat", *arguments])
    with pytest.raises(SystemExit) as left:
        main.run()
    told = capsys.readouterr()
    return int(left.value.code or 0), told.out, told.err


EXPECTED = [
    ("010101J", "月光绵羊繁育技术", "prohibited", [("1", "会发光的绵羊的选育方法"), ("2", "夜间剪毛的自动化流程")]),
    ("010102J", "云朵饲料配方", "prohibited", [("", "云朵饲料的配比与工艺")]),
    ("350101X", "反重力滑轮设计技术", "restricted", [("1", "滑轮轴的材料"), ("2", "5G滑轮遥控技术")]),
]


# --- layouts


def test_plain(importer):
    reading = read(PLAIN, importer)
    assert plain(reading) == EXPECTED
    assert reading.encoding == "UTF-8"
    assert reading.counts() == {"prohibited": 2, "restricted": 1}


def test_evidence(importer):
    first, second, third = read(PLAIN, importer).entries
    assert [(one.first, one.last) for one in (first, second, third)] == [(4, 8), (9, 11), (14, 18)]
    assert [(point.first, point.last) for point in first.points] == [(7, 7), (8, 8)]


FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})

LAYOUTS = {
    "full width": PLAIN.translate(FULL_WIDTH).replace(" ", "\u3000").replace("５Ｇ", "5G"),
    "half-width colons": PLAIN.replace("：", ":"),
    "no colons": PLAIN.replace("：\n", "\n"),
    "spaces": PLAIN.replace("编号", "编 号").replace("控制要点", "控\u3000制 要点").replace("010101J", " 01 01 01 J "),
    "numbered entries": PLAIN.replace("编号：", "1．编号：", 1).replace("\n编号：0101", "\n2、编号：0101"),
    "other words for the labels": PLAIN.replace("编号", "条目编号").replace("技术名称", "条目名称"),
    "brackets": PLAIN.replace("编号：", "【编号】").replace("【编号】", "【编号】："),
    "value on the next line": PLAIN.replace("：0", "：\n0").replace("：3", "：\n3").replace("名称：", "名称：\n"),
    "a value after an empty line": PLAIN.replace("：0", "\n\n0").replace("名称：", "名称：\n\n"),
    "all on one line": PLAIN.replace("J\n技", "J 技").replace("技术\n控", "技术\u3000控").replace("：\n1", "： 1"),
    "points on one line": PLAIN.replace("方法\n2. ", "方法；2.").replace("材料\n2. ", "材料 2. "),
    "Chinese marks": PLAIN.replace("1. ", "1、").replace("2. ", "2、"),
    "number, then text on the next line": PLAIN.replace("1. ", "1.\n"),
    "empty lines": PLAIN.replace("\n", "\n\n"),
    "Windows": PLAIN.replace("\n", "\r\n"),
    "byte-order mark": "\ufeff" + PLAIN,
    "page numbers": PLAIN.replace("2. 夜", "12\n2. 夜")
    .replace("\n云", "\n- 13 -\n云")
    .replace("二、", "第 14 页 共 30 页\n二、"),
    "pages": PLAIN.replace("2. 夜", "\n12\n\n\x0c2. 夜").replace("技术名称：反", "\x0c技术名称：反"),
    "code after the name": PLAIN.replace(
        "编号：010101J\n技术名称：月光绵羊繁育技术", "技术名称：月光绵羊繁育技术\n编号：010101J"
    ),
    "remarks": PLAIN.replace("编号：0", "序号：7\n编号：0").replace("流程\n", "流程\n备注：见公告\n及说明\n"),
    "a title in two parts": PLAIN.replace("一、", "禁止出口部分\n限制出口部分\n一、"),
    "wrapped at a page": PLAIN.replace("会发光的绵羊的选育方法", "会发光的绵羊的选育\n3\n方法"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name, importer):
    found = [(*one[:3], [(n, t.removesuffix("；")) for n, t in one[3]]) for one in plain(read(LAYOUTS[name], importer))]
    assert found == EXPECTED


def test_wrapped_lines(importer):
    text = PLAIN.replace("月光绵羊繁育技术", "月光绵羊与noctur\nnal sheep繁育技术的总和与汇\n编").replace(
        "1. 滑轮轴的材料", "1. 滑轮轴的材料，包括：\n（1）轻于空气的合金\n（2）重于空气的合金"
    )
    entries = read(text, importer).entries
    assert entries[0].name == "月光绵羊与noctur nal sheep繁育技术的总和与汇编"
    assert entries[2].points[0].text == "滑轮轴的材料，包括：（1）轻于空气的合金（2）重于空气的合金"


def test_a_measure_within_a_point_is_no_point(importer):
    text = PLAIN.replace("会发光的绵羊的选育方法", "发光波长不小于3.5微米；2.5微米以下除外")
    assert read(text, importer).entries[0].points[0].text == "发光波长不小于3.5微米；2.5微米以下除外"


def test_words_before_the_first_point(importer):
    points = read(PLAIN.replace("控制要点：\n1.", "控制要点：下列方法：\n1.", 1), importer).entries[0].points
    assert [(one.number, one.text) for one in points][:2] == [("", "下列方法："), ("1", "会发光的绵羊的选育方法")]


def test_an_entry_without_points(importer):
    text = PLAIN.replace("控制要点：云朵饲料的配比与工艺\n", "")
    assert read(text, importer).entries[1].points == ()


def test_a_heading_that_the_user_names(importer):
    text = PLAIN.replace("专用设备制造业", "滑轮业")
    assert faults(text, importer) == [(13, "a line between entries that is not a known heading")]
    assert plain(read(text, importer, "滑轮业")) == EXPECTED


def test_a_code_that_is_referred_to(importer):
    text = PLAIN.replace("云朵饲料的配比与工艺", "云朵饲料的配比与工艺（编号010101J除外）")
    assert len(read(text, importer).entries) == 3


TABLE = """\
一、禁止出口部分
序号\t编号\t技术名称\t控制要点
1\t010101J\t月光绵羊繁育技术\t1. 会发光的绵羊的选育方法
\t\t\t2. 夜间剪毛的自动化流程
2\t010102J\t云朵饲料配方\t云朵饲料的配比与工艺
12
二、限制出口部分\t\t\t
序号\t编号\t技术名称\t控制要点
畜牧业
1\t350101X\t反重力滑轮设计技术\t"1. 滑轮轴的材料
2. 5G滑轮遥控技术"
"""
TABLES = {
    "rows of their own": TABLE,
    "points in one cell": TABLE.replace("方法\n\t\t\t2", "方法 2"),
    "full width": TABLE.translate(FULL_WIDTH).replace("＂", '"').replace("５Ｇ", "5G"),
    "cells left out": TABLE.replace("部分\t\t\t", "部分"),
}


@pytest.mark.parametrize("name", TABLES)
def test_table(name, importer):
    assert plain(read(TABLES[name], importer)) == EXPECTED


def test_evidence_in_a_table(importer):
    first, _, third = read(TABLE, importer).entries
    assert (first.first, first.last, first.points[1].first) == (3, 4, 4)
    assert (third.first, third.last, third.points[1].first) == (10, 11, 11)


def test_gb18030(importer):
    reading = read(PLAIN.encode("gb18030"), importer)
    assert plain(reading) == EXPECTED
    assert reading.encoding == "GB18030"


# --- refusals

REFUSED = {
    "a code of another part": (PLAIN.replace("010102J", "010102X"), 9, "the code does not fit its part (prohibited)"),
    "a prohibited code in the restricted part": (
        PLAIN.replace("350101X", "350101J"),
        14,
        "the code does not fit its part (restricted)",
    ),
    "twice": (PLAIN.replace("010102J", "010101J"), 9, "the code stands twice"),
    "too short": (PLAIN.replace("010102J", "01010J"), 9, "not a code"),
    "a letter for a digit": (PLAIN.replace("010102J", "O10102J"), 9, "not a code"),
    "a small letter": (PLAIN.replace("010102J", "010102j"), 9, "not a code"),
    "a Cyrillic letter": (PLAIN.replace("350101X", "350101Х"), 14, "not a code"),
    "name on the line of the code": (PLAIN.replace("010102J", "010102J 云朵"), 9, "not a code"),
    "more words after a code": (PLAIN.replace("010102J", "010102J\n云朵"), 10, "more words after a code"),
    "no name": (PLAIN.replace("技术名称：云朵饲料配方\n", ""), 9, "the entry has no name"),
    "empty name": (PLAIN.replace("技术名称：云朵饲料配方\n", "技术名称：\n"), 9, "the entry has no name"),
    "no code": (PLAIN.replace("编号：010102J\n", ""), 9, "the entry has no code"),
    "empty code": (PLAIN.replace("编号：010102J\n", "编号：\n"), 9, "the entry has no code"),
    "points left out": (PLAIN.replace("2. 夜", "3. 夜"), 8, "the points are not numbered consecutively"),
    "points from two": (
        PLAIN.replace("1. 会发光的绵羊的选育方法\n", ""),
        7,
        "the points are not numbered consecutively",
    ),
    "points again from one": (PLAIN.replace("2. 夜", "1. 夜"), 8, "the points are not numbered consecutively"),
    "no points after their label": (
        PLAIN.replace("控制要点：云朵饲料的配比与工艺", "控制要点："),
        9,
        "the entry has a label for its points and none of them",
    ),
    "a point without text": (PLAIN.replace("夜间剪毛的自动化流程", ""), 8, "the point has no text"),
    "a point or a measure": (PLAIN.replace("2. 5G", "2.5G"), 18, "may be a point or a measure"),
    "points twice": (PLAIN.replace("2. 夜", "控制要点：夜"), 8, "the entry has its points twice"),
    "before the first part": (PLAIN.replace("一、禁止出口部分\n", ""), 3, "an entry before the first part"),
    "an unknown heading after a short line": (
        PLAIN.replace("编号：010102J", "羊毛\n编号：010102J").replace("夜间剪毛的自动化流程", "剪"),
        9,
        "may be a heading, or more of the line above",
    ),
    "an unknown heading that is numbered": (
        PLAIN.replace("编号：010102J", "（二）绵羊业\n编号：010102J"),
        9,
        "may be a heading, or more of the line above",
    ),
    "an unknown heading after an empty line": (
        PLAIN.replace("编号：010102J", "\n绵羊业\n编号：010102J"),
        10,
        "may be a heading, or more of the line above",
    ),
    "an unknown label of the code": (
        PLAIN.replace("编号：010102J", "代码：010102J"),
        9,
        "a code stands outside every entry",
    ),
    "an entry in the preamble": (
        PLAIN.replace("示例技术目录", "示例技术目录 010100J 月亮"),
        1,
        "a code stands outside every entry",
    ),
    "an entry under another label": (
        PLAIN.replace("工艺\n", "工艺\n备注：\n代码 010103J\n"),
        13,
        "a code stands outside every entry",
    ),
    "page numbers that do not ascend": (
        PLAIN.replace("2. 夜", "12\n2. 夜").replace("2. 5", "7\n2. 5"),
        19,
        "may be the number of a page, or of the text",
    ),
    "UTF-16": (PLAIN.encode("utf-16"), 0, "not UTF-8 text"),
    "no text": (b"\xff\xff\xff\n", 1, "neither UTF-8 nor GB18030 text"),
    "a control character": (PLAIN.replace("月光", "月\x07光"), 5, "a control character is not allowed"),
    "a lost character": (PLAIN.replace("月光", "月\ufffd"), 5, "a character was lost (U+FFFD)"),
    "nothing": ("", 0, "no entry was found"),
    "something else": ("编者按：本文不是目录。\n", 0, "no entry was found"),
    "table: unknown column": (TABLE.replace("序号", "用途"), 2, "no such label"),
    "table: two columns of names": (TABLE.replace("控制要点", "条目名称"), 2, "two columns hold the same"),
    "table: too many cells": (TABLE.replace("饲料配方", "饲料\t配方"), 5, "the row has the wrong number of cells"),
    "table: a line in between": (TABLE.replace("\n畜牧业", "\n绵羊业"), 9, "the row has the wrong number of cells"),
    "table: no code": (TABLE.replace("010102J", ""), 5, "the entry has no code"),
    "table: no name": (TABLE.replace("云朵饲料配方", ""), 5, "the entry has no name"),
    "table: another part": (TABLE.replace("010102J", "010102X"), 5, "the code does not fit its part (prohibited)"),
    "table: points": (TABLE.replace("\t2. 夜", "\t3. 夜"), 4, "the points are not numbered consecutively"),
    "table: no entry above": (
        TABLE.replace("1\t010101J\t月光绵羊繁育技术\t1. 会发光的绵羊的选育方法\n", ""),
        3,
        "a row without code and name, and no entry above",
    ),
    "table: an open quotation mark": (TABLE.replace('技术"', "技术"), 10, "not a table: unexpected end of data"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, importer):
    text, line, problem = REFUSED[name]
    assert (line, problem) in faults(text, importer)


def test_every_fault_is_told(importer):
    text = PLAIN.replace("010101J", "010101X").replace("技术名称：云朵饲料配方\n", "").replace("2. 5G", "3. 5G")
    assert [line for line, _ in faults(text, importer)] == [4, 9, 17]


def test_codes():
    assert fits("999999A", "010101J")
    assert not fits("999999A", "010101")
    assert not fits("999999A", "０10101J")
    assert list(codes_in("见010101J、A010101J、010102Jx和9010103J", "999999A")) == ["010101J"]


@pytest.mark.parametrize("seed", range(8))
def test_no_code_is_ever_lost(seed, importer):
    """Whatever befalls a text on its way here: it is refused, or every code in it is the code of an entry."""
    draw = random.Random(seed)
    pieces = [
        *"，。；：1 2.X\n\t",
        "\n\n",
        "\n3. ",
        "编号",
        "技术名称：",
        "控制要点",
        "备注：",
        "010103J",
        "禁止出口部分\n",
        "\x0c",
    ]
    read_whole = 0
    for _ in range(400):
        text = draw.choice((PLAIN, PLAIN, TABLE))
        for _ in range(draw.randint(1, 3)):
            at = draw.randrange(len(text))
            text = text[:at] + draw.choice(["", *pieces]) + text[at + draw.choice((0, 0, 1, 1, 4, 30)) :]
        try:
            reading = read(text, importer)
        except InputErrors:
            continue
        read_whole += 1
        found = {entry.code for entry in reading.entries}
        assert found >= set(codes_in(as_plain(text).replace("\x0c", " "), importer.code)), text
        assert len(found) == len(reading.entries)
        assert all(entry.name and entry.means for entry in reading.entries)
    assert read_whole > 20


# --- import files

BAD_SHAPES = {
    "fills: cn.catalogue": ("fills: cn.catalog", 3, "no such register"),
    "name: [技术名称, 条目名称]": ("name: [编号]", 4, "the label stands twice"),
    "code: [编号, 条目编号], ": ("", 4, "the field 'code' is missing"),
    "other: [序号, 备注]": ("others: [序号, 备注]", 4, "unknown field"),
    "class: restricted": ("class: limited", 7, "not a code of"),
    "ends: X": ("ends: J", 7, "the same end for two classes"),
    "ends: J": ("ends: j", 6, "no code ends so"),
    "headings: [限制出口部分]": ("headings: [禁止出口部分]", 7, "the heading opens two parts"),
    "headings: [畜牧业": ("headings: [禁止出口部分", 8, "the heading opens a part"),
    "code: 999999A": ("code: 9 9", 10, "not the shape of a code"),
    "entry: {class: class, ": ("entry: {", 11, "no column takes the class"),
    "point: {class: class, ": ("point: {", 12, "no column takes the class"),
    "entry: {class: class, code: code": ("entry: {class: class, code: name", 11, "no column takes the code"),
    "name_zh: name}": ("name_fr: name}", 11, "no such column"),
    "name_zh: text}": ("name_zh: words}", 12, "not a part of an entry"),
    "entry: name": ("version: version", 0, "a column takes the version"),
    "code_seen: read": ("code: read", 13, "the column already takes a part"),
    "constant: {code_seen": ("constant: {seen_code", 13, "no such column"),
    "constant: {code_seen: read}": ("constants: {}", 13, "unknown field"),
    "title: {en: My annex, zh: 附件}": ("title: 附件", 2, "a mapping is needed"),
}


@pytest.mark.parametrize("old", BAD_SHAPES)
def test_faulty_import_file(old, tmp_path):
    new, line, says = BAD_SHAPES[old]
    assert SHAPE.count(old) == 1
    (tmp_path / "annex-import.yaml").write_text(SHAPE.replace(old, new), encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        load_book([shipped_law(), tmp_path])
    assert any(says in error.problem and line in (0, error.line) for error in caught.value.errors), caught.value


@pytest.mark.parametrize(
    ("versions", "says"),
    [
        ("{register: nowhere, where: {}, counts: {}}", "no such register"),
        ("{register: cn.catalogue-versions, where: {farce: law}}", "no such column"),
        ("{register: cn.catalogue-versions, counts: {prohibited: prohibitions}}", "no such column"),
        ("{register: cn.catalogue-versions, counts: {forbidden: prohibited}}", "no part is of this class"),
    ],
)
def test_faulty_versions(versions, says, tmp_path):
    (tmp_path / "annex-import.yaml").write_text(f"{SHAPE}versions: {versions}\n", encoding="utf-8")
    with pytest.raises(InputErrors, match=says):
        load_book([shipped_law(), tmp_path])


def test_two_import_files_of_one_id(shape, tmp_path):
    (tmp_path / "annex-import.yaml").write_text(SHAPE, encoding="utf-8")
    with pytest.raises(InputErrors, match="already taken"):
        load_book([shipped_law(), shape, tmp_path])


def test_the_shipped_import_file(book):
    assert book.importers[ANNEX].register == "cn.catalogue"


# --- registers that an overlay adds to

ADDS = """\
register: REGISTER
adds: true
COMPLETE
sources:
  mine: {ref: My text, url: "https://example.org/mine", seen: primary}
rows: [ROWS]
"""
PLACE = "{id: PLACE, from: 2020-01-01, recorded: 2020-01-01, cite: mine}"


def adds(folder: Path, register: str = "cn.catalogue", rows: str = "", complete: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    text = ADDS.replace("REGISTER", register).replace("ROWS", rows)
    text = text.replace("COMPLETE\n", f"complete: {complete}\n" if complete else "")
    (folder / "adds.yaml").write_text(text, encoding="utf-8")
    return folder


ENTRY = "{id: moon-sheep, from: 2020-01-01, recorded: 2020-01-01, cite: mine, class: prohibited, code: 010101J}"


def test_rows_are_added_and_none_is_taken(book, tmp_path):
    merged = load_book([shipped_law(), adds(tmp_path / "a", rows=ENTRY)]).registers["cn.catalogue"]
    before = book.registers["cn.catalogue"]
    assert merged.rows[: len(before.rows)] == before.rows
    assert [row.id for row in merged.rows[len(before.rows) :]] == ["moon-sheep"]
    assert set(merged.sources) == {*before.sources, "mine"}
    assert merged.complete == before.complete
    assert merged.added == ()


def test_shipped_rows_of_the_same_id_keep_standing(book, tmp_path):
    row = ENTRY.replace("moon-sheep", "personalised-push").replace("prohibited", "restricted")
    with pytest.raises(InputErrors, match="may not add to a register that frees"):  # it could end a `not listed`
        load_book([shipped_law(), adds(tmp_path / "a", rows=row)])
    merged = load_book([shipped_law(), tmp_path / "a"], allow_relax=True).registers["cn.catalogue"]
    assert [row for row in merged.rows if row.cite.source != "mine"] == list(book.registers["cn.catalogue"].rows)


@pytest.mark.parametrize(
    ("register", "place", "freeing"),
    [
        ("us.ear.affiliates-tgl-places", "CN", True),  # a licence that is open to listed places
        ("us.ear.cc1-destinations", "FR", False),  # a control that reaches listed places
    ],
)
def test_rows_that_free_need_leave(register, place, freeing, tmp_path):
    folder = adds(tmp_path / "a", register, PLACE.replace("PLACE", place))
    if freeing:
        with pytest.raises(InputErrors, match=r"may not add to a register that frees .*--allow-relax"):
            load_book([shipped_law(), folder])
    else:
        load_book([shipped_law(), folder])
    assert any(row.id == place for row in load_book([shipped_law(), folder], True).registers[register].rows)


def test_completeness_needs_leave(tmp_path):
    folder = adds(tmp_path / "a", complete="[{from: 2025-07-15, recorded: 2025-07-15}]")
    with pytest.raises(InputErrors, match=r"may not make a shipped register complete.*--allow-relax") as caught:
        load_book([shipped_law(), folder])
    assert [(error.file, error.line, error.path) for error in caught.value.errors] == [("a/adds.yaml", 3, "complete")]
    (period,) = load_book([shipped_law(), folder], allow_relax=True).registers["cn.catalogue"].periods
    assert (period.since, period.until, period.recorded) == ("2025-07-15", "", "2025-07-15")


@pytest.mark.parametrize(
    ("complete", "says"),
    [
        ("[{from: 2025-07-15}]", "'recorded' is missing"),
        ("[{from: 2025-07-15, until: 2025-07-14, recorded: 2025-07-15}]", "ends before it begins"),
        ("true", "a list is needed here"),
        ("[{from: 2023-12-21, recorded: 2023-12-21}]", "beyond the day on which the next version began"),
        ("[{from: 2023-12-21, until: 2025-07-15, recorded: 2023-12-21}]", "beyond the day on which the next"),
    ],
)
def test_faulty_completeness(complete, says, tmp_path):
    with pytest.raises(InputErrors, match=says):
        load_book([shipped_law(), adds(tmp_path / "a", complete=complete)], allow_relax=True)


def test_adding_to_nothing(tmp_path):
    with pytest.raises(InputErrors, match=r"adds to a register that does not exist.*did you mean 'cn.catalogue'"):
        load_book([shipped_law(), adds(tmp_path / "a", "cn.catalog", ENTRY)])


def test_the_same_source_twice(tmp_path):
    folders = [adds(tmp_path / name, rows=ENTRY) for name in ("a", "b")]
    with pytest.raises(InputErrors, match="already has a source of this key"):
        load_book([shipped_law(), *folders])


@pytest.mark.parametrize("field", ["regime: cn.technology-export", "columns: {a: text}", "title: {en: a, zh: a}"])
def test_an_addition_changes_nothing_else(field, tmp_path):
    path = adds(tmp_path / "a", rows=ENTRY) / "adds.yaml"
    path.write_text(path.read_text(encoding="utf-8") + field + "\n", encoding="utf-8")
    with pytest.raises(InputErrors, match="unknown field"):
        load_book([shipped_law(), tmp_path / "a"])


def test_one_overlay_adds_to_another(tmp_path):
    own = "register: my.list\nregime: cn.technology-export\ntitle: {en: a, zh: a}\nof: other\ncomplete: false\n"
    own += "sources:\n  s: {ref: a, seen: primary}\nrows: []\n"
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / "own.yaml").write_text(own, encoding="utf-8")
    row = "{id: a, from: 2020-01-01, recorded: 2020-01-01, cite: mine}"
    adds(tmp_path / "z", "my.list", row, "[{from: 2020-01-01, recorded: 2020-01-01}]")
    assert len(load_book([shipped_law(), tmp_path / "z"]).registers["my.list"].rows) == 1


# --- the command


@pytest.fixture
def annex(tmp_path) -> Path:
    path = tmp_path / "annex.txt"
    path.write_text(PLAIN, encoding="utf-8")
    return path


def my(annex: Path, shape: Path, *more: str) -> list[str]:
    return ["law", "import", "my.annex", str(annex), *TERMS, "--law", str(shape), *more]


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_import(annex, shape, own_home, monkeypatch, capsys):
    code, out, err = run(my(annex, shape, "--expect", "prohibited=2,restricted=1"), monkeypatch, capsys)
    assert (code, err) == (0, "")
    assert "3 entries (2 prohibited, 1 restricted) with 5 points, from 2025-07-15" in out
    assert "new       3: 010101J 010102J 350101X" in out
    assert "252604X" in next(line for line in out.splitlines() if line.startswith("missing"))
    assert "stays unknown" in out
    folder = own_home / "law" / "imported" / "my.annex-2025-07-15"
    assert set(tree(folder)) == {"register.yaml", "entries.tsv"}
    register = load_book([shipped_law(), own_home / "law"]).registers["cn.catalogue"]
    rows = {row.id: row for row in register.rows}
    assert rows["010101j"].columns["name_zh"] == "月光绵羊繁育技术"
    point = rows["350101x.2"]
    assert (point.columns["class"], point.columns["point"], point.columns["entry"], point.columns["code_seen"]) == (
        "restricted", "2", "反重力滑轮设计技术", "read",
    )  # fmt: skip
    assert (point.since, point.until, point.recorded, point.seen) == ("2025-07-15", "", "2025-07-15", "primary")
    assert point.cite.pinpoint == "line 18"
    assert rows["010102j.0"].columns["point"] == ""
    assert "SHA-256" in register.sources["my.annex-2025-07-15"].note


def test_import_as_json(annex, shape, monkeypatch, capsys):
    code, out, _ = run(my(annex, shape, "--json"), monkeypatch, capsys)
    found = json.loads(out)
    assert code == 0
    assert found["counts"] == {"prohibited": 2, "restricted": 1}
    assert found["entries"][2]["points"][1] == {"point": "2", "text": "5G滑轮遥控技术", "lines": [18, 18]}


def test_import_says_that_it_is_not_utf_8(annex, shape, monkeypatch, capsys):
    annex.write_bytes(PLAIN.encode("gb18030"))
    assert "GB18030; it is not UTF-8" in run(my(annex, shape), monkeypatch, capsys)[1]


def test_the_same_text_gives_the_same_bytes(annex, shape, tmp_path, monkeypatch, capsys):
    for name in ("one", "two"):
        assert run(my(annex, shape, "--to", str(tmp_path / name)), monkeypatch, capsys)[0] == 0
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_a_later_import_takes_the_place_of_the_first(annex, shape, own_home, monkeypatch, capsys):
    run(my(annex, shape), monkeypatch, capsys)
    annex.write_text(PLAIN.replace("010102J", "010103J"), encoding="utf-8")
    code, out, _ = run(my(annex, shape), monkeypatch, capsys)
    assert code == 0
    assert "new       3: 010101J 010103J 350101X" in out
    ids = {row.id for row in load_book([shipped_law(), own_home / "law"]).registers["cn.catalogue"].rows}
    assert "010103j" in ids
    assert "010102j" not in ids
    assert [path.name for path in own_home.iterdir() if path.name != "cache"] == ["law"]


WRONG = {
    "counts": (["--expect", "prohibited=3,restricted=1"], "2 entries are prohibited, and --expect says 3"),
    "a count of a class": (["--expect", "forbidden=3"], "not a count by class"),
    "no count": (["--expect", "prohibited=many"], "not a count by class"),
    "a count twice": (["--expect", "prohibited=2,prohibited=2"], "not a count by class"),
    "complete without counts": (["--complete"], "no count is stated for prohibited, restricted"),
    "complete with one count": (["--complete", "--expect", "prohibited=2"], "no count is stated for restricted"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_counts_write_nothing(name, annex, shape, own_home, monkeypatch, capsys):
    more, says = WRONG[name]
    code, out, err = run(my(annex, shape, *more), monkeypatch, capsys)
    assert (code, out) == (2, "")
    assert says in err
    assert not (own_home / "law").exists()


def test_no_such_import(annex, shape, monkeypatch, capsys):
    code, _, err = run(["law", "import", "my.anex", str(annex), *TERMS, "--law", str(shape)], monkeypatch, capsys)
    assert code == 2
    assert "did you mean 'my.annex'" in err


def test_no_such_file(tmp_path, shape, monkeypatch, capsys):
    code, _, err = run(my(tmp_path / "gone.txt", shape), monkeypatch, capsys)
    assert code == 2
    assert "No such file" in err


# --- whole or not at all


@pytest.mark.parametrize("name", ["a fault in the text", "a full disk", "no renaming", "interrupted"])
def test_a_failed_import_changes_nothing(name, annex, shape, own_home, monkeypatch, capsys):
    assert run(my(annex, shape), monkeypatch, capsys)[0] == 0
    before = tree(own_home / "law")
    annex.write_text(PLAIN.replace("010102J", "010103J"), encoding="utf-8")
    if name == "a fault in the text":
        annex.write_text(PLAIN.replace("010102J", "010102X"), encoding="utf-8")
    elif name == "no renaming":
        real = os.replace
        failing = iter([False, False, False, True])  # the two files, the old folder, the new one

        def replace(old, new):
            if next(failing, False):
                raise OSError(5, "Input/output error")
            real(old, new)

        monkeypatch.setattr(os, "replace", replace)
    else:
        error = OSError(28, "No space left on device") if name == "a full disk" else KeyboardInterrupt()

        def fsync(handle):
            raise error

        monkeypatch.setattr(os, "fsync", fsync)
    code, out, _ = run(my(annex, shape), monkeypatch, capsys)
    assert code in (2, 130)
    assert out == ""
    monkeypatch.undo()
    assert tree(own_home / "law") == before
    assert sorted(path.name for path in own_home.iterdir() if path.name != "cache") == ["law"]


def test_a_first_import_that_fails_leaves_no_folder(annex, shape, own_home, monkeypatch, capsys):
    def fsync(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    code, _, err = run(my(annex, shape), monkeypatch, capsys)
    assert code == 2
    assert "No space left on device" in err
    assert tree(own_home) == {}


def test_a_folder_that_holds_something_else_is_left_alone(annex, shape, tmp_path, monkeypatch, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "order.yaml").write_text("# mine", encoding="utf-8")
    code, _, err = run(my(annex, shape, "--to", str(tmp_path / "mine")), monkeypatch, capsys)
    assert code == 2
    assert "the folder holds something else (order.yaml)" in err
    assert set(tree(tmp_path / "mine")) == {"order.yaml"}


def test_a_file_in_place_of_the_folder(annex, shape, tmp_path, monkeypatch, capsys):
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    assert run(my(annex, shape, "--to", str(tmp_path / "mine")), monkeypatch, capsys)[0] == 2
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"


def test_what_the_law_could_not_be_read_with_is_not_written(annex, shape, tmp_path, own_home, monkeypatch, capsys):
    """The same text twice, at two places, would make every later command fail."""
    assert run(my(annex, shape), monkeypatch, capsys)[0] == 0
    code, _, err = run(my(annex, shape, "--to", str(tmp_path / "again")), monkeypatch, capsys)
    assert code == 2
    assert "was the same text imported twice?" in err
    assert not (tmp_path / "again").exists()


# --- the whole way: an invented annex with the official counts of a version


def whole_annex(prohibited: int, restricted: int) -> str:
    lines = ["一、禁止出口部分", "畜牧业"]
    for number in range(prohibited):
        lines += [f"编号：9001{number:02}J", f"技术名称：第{number}号月球绵羊技术", "控制要点：1. 选育", "2. 剪毛"]
    lines += ["二、限制出口部分", "专用设备制造业"]
    for number in range(restricted):
        lines += [f"编号：91{number:04}X", f"技术名称：第{number}号反重力滑轮技术", "控制要点：滑轮的材料与控制"]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def imported(tmp_path_factory) -> Path:
    """The folder of an import of the whole annex of 2023, said to be complete."""
    folder = tmp_path_factory.mktemp("whole")
    path = folder / "annex.txt"
    path.write_text(whole_annex(24, 110), encoding="utf-8")
    terms = ["--from", "2023-12-21", "--recorded", "2023-12-21", "--ref", "Invented", "--url", "https://example.org/b"]
    words = ["exeat", "law", "import", ANNEX, str(path), *terms, "--complete", "--to", str(folder / "mine")]
    patch = pytest.MonkeyPatch()
    patch.setattr(sys, "argv", words)
    patch.setenv("EXEAT_HOME", str(folder / "home"))
    with pytest.raises(SystemExit) as left:
        main.run()
    patch.undo()
    assert not left.value.code
    return folder / "mine"


@pytest.fixture(scope="module")
def relaxed(imported) -> Engine:
    return Engine(load_book([shipped_law(), imported], allow_relax=True))


def decide(engine: Engine, entries: str, on: str = "2024-06-01", known: str = "2026-11-22") -> str:
    text = f"""\
transaction: 1
title: An invented technology
act: {{on: {on}, zone: Asia/Shanghai}}
activity: technology.export.patent-assignment
complete: true
items:
  - {{id: thing, kind: technology, ip_transferred: false, state_secret: false, catalogue: {entries}}}
parties:
  - {{id: seller, role: exporter, country: CN}}
  - {{id: buyer, role: recipient, country: JP}}
places:
  - {{id: here, role: from, is: CN}}
  - {{id: there, role: to, is: JP}}
"""
    transaction = read_transaction(read_text(text, "t.yaml"), engine.book.vocabulary, "t.yaml")
    decision = engine.decide(transaction, Options(known, only=("cn.technology-export",), outlook=False))
    return next(regime.verdict for regime in decision.regimes if regime.id == "cn.technology-export")


def test_what_is_listed_is_caught(relaxed):
    assert decide(relaxed, "{entries: [cn.catalogue/900103j]}") == "prohibited"
    assert decide(relaxed, "{entries: [cn.catalogue/900103j.2]}") == "prohibited"
    assert decide(relaxed, "{entries: [cn.catalogue/910099x]}") == "licence_required"
    assert decide(relaxed, "{entries: [cn.catalogue/910099x.0]}") == "licence_required"


def test_what_matches_nothing_is_free(relaxed):
    assert decide(relaxed, "{entries: []}") == "conditions"


def test_what_nobody_has_matched_is_unknown(relaxed):
    assert decide(relaxed, "unknown") == "undetermined"


def test_without_leave_it_is_refused(imported, monkeypatch, capsys):
    with pytest.raises(InputErrors, match="may not make a shipped register complete"):
        load_book([shipped_law(), imported])
    code, out, err = run(["check", "--law", str(imported), "-"], monkeypatch, capsys)
    assert (code, out) == (2, "")
    assert "say --allow-relax if that is meant" in err


def test_without_the_import_it_is_unknown(engine):
    assert decide(engine, "{entries: []}") == "undetermined"


def test_without_completeness_it_is_unknown(imported, tmp_path):
    for name, content in tree(imported).items():
        text = content.decode()
        if name == "register.yaml":
            text = "\n".join(line for line in text.split("\n") if "complete" not in line and "- {from" not in line)
        (tmp_path / name).write_text(text, encoding="utf-8")
    bare = Engine(load_book([shipped_law(), tmp_path]))
    assert decide(bare, "{entries: []}") == "undetermined"
    assert decide(bare, "{entries: [cn.catalogue/910099x], none other: true}") == "licence_required"


@pytest.mark.parametrize(
    ("on", "verdict"),
    [
        ("2023-12-20", "undetermined"),
        ("2023-12-21", "conditions"),
        ("2025-07-14", "conditions"),
        ("2025-07-15", "undetermined"),  # the version of 2025 was not imported
    ],
)
def test_it_holds_for_the_days_of_its_version(relaxed, on, verdict):
    assert decide(relaxed, "{entries: []}", on) == verdict


def test_it_holds_only_once_it_was_published(relaxed):
    assert decide(relaxed, "{entries: []}", "2024-01-01", "2023-12-20") == "undetermined"
    assert decide(relaxed, "{entries: []}", "2024-01-01", "2023-12-21") == "conditions"


def test_shipped_entries_keep_standing(relaxed):
    assert decide(relaxed, "{entries: [cn.catalogue/personalised-push]}") == "licence_required"


def test_other_counts_than_the_official_ones(tmp_path, monkeypatch, capsys, own_home):
    path = tmp_path / "annex.txt"
    path.write_text(whole_annex(24, 109), encoding="utf-8")
    terms = ["--from", "2023-12-21", "--recorded", "2023-12-21", "--ref", "Invented"]
    code, _, err = run(["law", "import", ANNEX, str(path), *terms], monkeypatch, capsys)
    assert code == 2
    assert "109 entries are restricted, and cn.catalogue-versions says 110" in err
    assert not (own_home / "law").exists()


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        (["--from", "2023-12-22", "--recorded", "2023-12-21"], "no version that began on this day"),
        (["--from", "2022-12-30", "--recorded", "2022-12-30"], "no version that began on this day"),  # a draft
        (["--from", "2023-12-21", "--recorded", "2023-12-20"], "--recorded: cn.catalogue-versions says otherwise"),
        (
            ["--from", "2023-12-21", "--recorded", "2023-12-21", "--until", "2024-01-01"],
            "--until: cn.catalogue-versions",
        ),
    ],
)
def test_terms_that_the_versions_gainsay(terms, says, tmp_path, monkeypatch, capsys):
    path = tmp_path / "annex.txt"
    path.write_text(whole_annex(24, 110), encoding="utf-8")
    code, _, err = run(["law", "import", ANNEX, str(path), *terms, "--ref", "Invented"], monkeypatch, capsys)
    assert code == 2
    assert says in err


def test_cached_books_keep_it(imported, own_home):
    book = home.ready_book((str(imported),), allow_relax=True)
    again = home.ready_book((str(imported),), allow_relax=True)
    assert isinstance(again, Book)
    assert again.registers["cn.catalogue"].added == book.registers["cn.catalogue"].added != ()
    assert again.importers == book.importers


def test_an_input_error_has_a_file(importer):
    with pytest.raises(InputErrors) as caught:
        read(PLAIN.replace("010102J", "010102X"), importer)
    error: InputError = caught.value.errors[0]
    assert str(error).startswith("annex.txt:9: the code does not fit its part (prohibited); found '010102X'")
