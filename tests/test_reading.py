"""What is written is what is read: no code turns into a number, a truth or a nothing; lines are right; JSON is YAML's
equal.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from exeat.decide.engine import Engine, Options
from exeat.errors import InputError
from exeat.rulebook import model
from exeat.rulebook.load import load_book
from exeat.vocabulary.reader import MAX_DEPTH, Map, Seq, Word, line_of, read_text
from exeat.vocabulary.transaction import load_transaction

BASE = Path(__file__).parent / "base_law"

# Each is a plain scalar that YAML 1.1 or 1.2 reads as something else than the text it is.
MANGLED = (
    "NO", "ON", "OFF", "Y", "n", "yes", "No", "True", "false", "null", "Null", "NULL",
    "1E001", "5E002", "0E521", "2E3", "1E1", "3D1", "010", "0o17", "0x1F", "0b11", "1_000", "12e03", "1.50", ".5", "5.",
    "2020-09-20", "2001-01-01", "1E001.a", "685.230201", "4A003",
)  # fmt: skip
# Words that no code may be, but which must still be read as they stand.
ODD = ("~", "12:30", "190:20:30", "1:30:00", ".inf", "-.inf", ".nan", "+1", "-0", "=", "2020-09-20T10:00:00Z", "0.")


@pytest.mark.parametrize("word", MANGLED + ODD)
def test_plain_scalars_are_words(word):
    assert read_text(f"a: {word}\n", "x.yaml") == {"a": word}
    assert read_text(f"a: [{word}]\n", "x.yaml") == {"a": [word]}
    assert read_text(f"{word}: a\n" if word != "=" else f'"{word}": a\n', "x.yaml") == {word: "a"}
    assert isinstance(read_text(f"a: {word}\n", "x.yaml")["a"], Word)


@pytest.mark.parametrize("word", MANGLED + ODD)
def test_json_strings_are_words(word):
    assert read_text(json.dumps({"a": word, word: [word]}), "x.json") == {"a": word, word: [word]}


@pytest.mark.parametrize(
    "number", ["1e5", "1E001", "010.0"[1:], "1.50", "-0", "1e999", "12345678901234567890123", "0.1"]
)
def test_json_numbers_stay_as_written(number):
    assert read_text(f'{{"a": {number}}}', "x.json") == {"a": number}


def test_json_truths_and_nothing():
    assert read_text('{"a": true, "b": false}', "x.json") == {"a": "true", "b": "false"}
    with pytest.raises(InputError, match="null is not a value"):
        read_text('{"a": [null]}', "x.json")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A law in which every mangled word is a code, the id of a row, a cell, and a value that a rule tests."""
    folder = tmp_path_factory.mktemp("reading") / "law"
    shutil.copytree(BASE, folder)
    codes = [word for word in MANGLED if word not in (".5",) and word not in ("1E001",)]
    titles = "\n".join(f"  {code}: {{en: code {number}, zh: 代码{number}}}" for number, code in enumerate(codes))
    (folder / "more-kinds.yaml").write_text(f"list: kinds\ncodes:\n{titles}\n", encoding="utf-8")
    codes.append("1E001")
    rows = "\n".join(
        f"  - {{id: {code}, from: 2020-01-01, recorded: 2020-01-01, cite: text, kind: {code}}}" for code in codes
    )
    (folder / "kinds-listed.yaml").write_text(
        "register: base.kinds\nregime: base.control\ntitle: {en: a, zh: 甲}\nof: items\ncolumns: {kind: code kinds}\n"
        f"sources:\n  text: {{ref: a, seen: primary}}\nrows:\n{rows}\n",
        encoding="utf-8",
    )
    table = "id\tfrom\trecorded\tcite\tkind\n" + "".join(
        f"{code}\t2020-01-01\t2020-01-01\ttext\t{code}\n" for code in codes
    )
    (folder / "kinds-table.tsv").write_text(table, encoding="utf-8")
    (folder / "kinds-table.yaml").write_text(
        "register: base.kinds-table\nregime: base.control\ntitle: {en: a, zh: 甲}\nof: items\n"
        "columns: {kind: code kinds}\n"
        "sources:\n  text: {ref: a, seen: primary}\ntable: kinds-table.tsv\n",
        encoding="utf-8",
    )
    rules = "".join(
        f"  - id: base.kinds.{number}\n    title: {{en: a, zh: 甲}}\n    when: {{item.kind: {code}}}\n"
        "    effect: prohibited\n    cite: text\n"
        "    life: [{from: 2020-01-01, status: in force, by: text, recorded: 2020-01-01}]\n"
        for number, code in enumerate(codes)
    )
    (folder / "kinds-order.yaml").write_text(
        "measure: base.kinds\nregime: base.control\ntitle: {en: a, zh: 甲}\nauthority: {en: a, zh: 甲}\nkind: order\n"
        f"sources:\n  text: {{ref: a, seen: primary}}\nrules:\n{rules}",
        encoding="utf-8",
    )
    return load_book([folder]), codes


def test_codes_load_as_written(book):
    loaded, codes = book
    assert set(codes) <= set(loaded.vocabulary.lists["kinds"].codes)
    assert "NO" in loaded.vocabulary.lists["places"].codes


@pytest.mark.parametrize("register", ["base.kinds", "base.kinds-table"])
def test_rows_load_as_written(book, register):
    loaded, codes = book
    assert [row.id for row in loaded.registers[register].rows] == codes
    assert [row.columns["kind"] for row in loaded.registers[register].rows] == codes


def test_rule_values_load_as_written(book):
    loaded, codes = book
    found = [model.tests_of(rule.when)[0].values for rule in loaded.rules.values() if rule.measure == "base.kinds"]
    assert found == [(code,) for code in codes]


def test_transactions_decide_as_written(book, tmp_path):
    loaded, codes = book
    engine = Engine(loaded)
    for number, code in enumerate(codes):
        yaml, as_json = tmp_path / f"{number}.yaml", tmp_path / f"{number}.json"
        yaml.write_text(
            f"act: {{on: 2021-06-01}}\nactivity: sell\ncomplete: true\nitems:\n  - {{kind: {code}}}\n", encoding="utf-8"
        )
        document = {"act": {"on": "2021-06-01"}, "activity": "sell", "complete": True, "items": [{"kind": code}]}
        as_json.write_text(json.dumps(document), encoding="utf-8")
        for path in (yaml, as_json):
            transaction = load_transaction(path, loaded.vocabulary)
            assert transaction.items[0].facts["item.kind"].value == code
            decision = engine.decide(transaction, Options("2026-11-22", outlook=False, explain=False))
            caught = [finding.rule for finding in decision.findings if finding.rule.startswith("base.kinds.")]
            assert caught == [f"base.kinds.{number}"]


def test_norway_is_a_place(tmp_path):
    path = tmp_path / "norway.yaml"
    path.write_text("act: {on: 2021-06-01}\nactivity: send\nplaces:\n  - {role: to, is: NO}\n", encoding="utf-8")
    loaded = load_book([BASE])
    assert load_transaction(path, loaded.vocabulary).places[0].facts["place.is"].value == "NO"


WHOLE = """\
# A transaction that uses everything.
transaction: 1
title: Chips for the North
act:
  on: 2021-06-01
  zone: Asia/Shanghai
  paid: {value: false, source: given, says: "the contract, clause 4"}
  signed: not applicable
activity: send
complete: [items, parties]
items:
  - {id: chips, kind: 1E001, node: 7.0 nm, uses: [chip, book]}
parties:
  - {id: us, role: sender, name: Ours, based: IT}
  - id: them
    role: [receiver, sender]
    based: unknown
    listing:
      entries: [base.list/acme]
      none other: {lists: [base.list], version: "2021-05-31", as_of: 2021-05-31, by: J. Smith}
places:
  - {role: to, is: NO}
licences:
  - {id: L1, issuer: base.office, rules: [base.order.2], items: [chips], from: 2021-01-01, until: 2021-12-31,
     amount: 5 units}
"""


def as_plain(node):
    if isinstance(node, Map):
        return {str(key): as_plain(value) for key, value in node.items()}
    return [as_plain(part) for part in node] if isinstance(node, Seq) else str(node)


def test_json_and_yaml_of_the_same_transaction_are_equal(tmp_path):
    loaded = load_book([BASE])
    plain = as_plain(read_text(WHOLE, "whole.yaml"))
    plain["act"]["paid"]["value"] = False
    plain["transaction"] = 1
    forms = {
        "whole.yaml": WHOLE,
        "whole.json": json.dumps(plain, ensure_ascii=True),
        "indented.json": json.dumps(plain, ensure_ascii=False, indent=2),
        "json-called.yaml": json.dumps(plain),
        "windows.yaml": WHOLE.replace("\n", "\r\n"),
        "marked.yaml": "\ufeff" + WHOLE,
    }
    read = []
    for name, text in forms.items():
        path = tmp_path / name
        path.write_bytes(text.encode())
        read.append(load_transaction(path, loaded.vocabulary))
    assert all(one == read[0] for one in read)
    assert len({msgspec.json.encode(one.canonical()) for one in read}) == 1
    decisions = {Engine(loaded).decide(one, Options("2026-11-22")).hash for one in read}
    assert len(decisions) == 1


def test_what_differs_in_meaning_differs_in_canon(tmp_path):
    loaded = load_book([BASE])
    changes = (("7.0 nm", "7.01 nm"), ("is: NO", "is: SE"), ("Asia/Shanghai", "UTC"), ("based: unknown", "based: IT"))
    path, found = tmp_path / "x.yaml", set()
    for old, new in (("", ""), *changes):
        path.write_text(WHOLE.replace(old, new), encoding="utf-8")
        found.add(msgspec.json.encode(load_transaction(path, loaded.vocabulary).canonical()))
    assert len(found) == len(changes) + 1


def test_numbers_of_equal_worth_are_equal(tmp_path):
    loaded = load_book([BASE])
    path, found = tmp_path / "x.yaml", set()
    for number in ("7.0 nm", "7 nm", "0.7e1 nm", "700E-2 nm"):
        path.write_text(WHOLE.replace("7.0 nm", number), encoding="utf-8")
        found.add(msgspec.json.encode(load_transaction(path, loaded.vocabulary).canonical()))
    assert len(found) == 1


def test_lines_are_those_of_the_file():
    node = read_text(WHOLE, "whole.yaml")
    lines = WHOLE.splitlines()

    def check(part) -> int:
        if isinstance(part, Word):
            assert str(part).split("\n")[0] in lines[part.line - 1]
            return 1
        children = [*part.keys(), *part.values()] if isinstance(part, Map) else part
        return sum(check(child) for child in children)

    assert check(node) > 80
    assert (line_of(node), line_of(node["act"]), line_of(node["items"]), line_of(node["items"][0])) == (2, 5, 12, 12)


def test_lines_after_folded_and_literal_text():
    text = "a: >-\n  one\n  two\n\n  three\nb: |\n  one\n\n\nc: 'x\n\n  y'\nd: last\n"
    node = read_text(text, "x.yaml")
    assert node == {"a": "one two\nthree", "b": "one\n", "c": "x\ny", "d": "last"}
    assert [line_of(key) for key in node] == [1, 6, 10, 13]
    assert line_of(node["d"]) == 13


def test_lines_of_quoted_keys_comments_and_windows_ends():
    node = read_text('# one\r\n"a b": 1\r\n\r\n# four\r\nc:\r\n  - 2\r\n  - {d: 3}\r\n', "x.yaml")
    assert [line_of(key) for key in node] == [2, 5]
    assert [line_of(part) for part in node["c"]] == [6, 7]


def test_depth_is_bounded_alike():
    for depth, fits in ((MAX_DEPTH - 1, True), (MAX_DEPTH + 5, False)):
        for name, text in (
            ("x.yaml", "a: " + "[" * depth + "]" * depth),
            ("x.json", '{"a": ' + "[" * depth + "]" * depth + "}"),
        ):
            if fits:
                read_text(text, name)
            else:
                with pytest.raises(InputError, match="nested too deep"):
                    read_text(text, name)


def test_texts_in_any_script_survive():
    text = "信息推送服务 ✓ Ελληνικά עברית \U0001f600 \u200f"
    assert read_text(f"a: {text}b\n", "x.yaml")["a"] == f"{text}b"
    assert read_text(json.dumps({"a": text}), "x.json")["a"] == text
    assert read_text('{"a": "\\ud83d\\ude00"}', "x.json")["a"] == "\U0001f600"
