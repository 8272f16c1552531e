"""``exeat record`` and ``exeat check --record``, as somebody types them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from exeat.record.ledger import Record
from tests.pages import TODAY, run, workplace
from tests.serve.lists import filled, party

CHIP = "examples/zte/chip-2018-04-16.yaml"
SALE = "examples/sale/tiktok-sale-2020-09-15.yaml"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A home with two recorded decisions: entries 3 and 4."""
    with workplace() as folder:
        assert run(f"exeat check {CHIP} {SALE} --record --by Ann --no-outlook")[1] == 13
        yield folder


def objects(command: str) -> list[dict]:
    printed, code = run(command)
    assert code == 0, printed
    return [json.loads(line) for line in printed.splitlines()]


def test_what_is_checked_is_recorded(place):
    listed = objects("exeat record list --json")
    assert [(one["n"], one["by"], one["machine"]) for one in listed] == [
        (4, "Ann", "undetermined"),
        (3, "Ann", "prohibited"),
    ]
    assert listed[0]["known"] == TODAY


def test_an_answer_that_cannot_be_recorded_is_not_shown(place, monkeypatch):
    monkeypatch.setenv("EXEAT_RECORD_URL", "sqlite:////proc/none/record.db")
    printed, code = run(f"exeat check {CHIP} --record")
    assert code == 2
    assert "VERDICT" not in printed
    assert "cannot write" in printed


def test_a_fault_in_the_middle_hides_that_answer_only(place, monkeypatch):
    monkeypatch.setattr(Record, "keep", lambda *_, **__: (_ for _ in ()).throw(OSError("no room")))
    printed, code = run(f"exeat check {CHIP} --record")
    assert (code, "VERDICT" in printed) == (70, False)


def test_list_filters(place):
    assert [one["n"] for one in objects("exeat record list --open --json")] == [4]
    assert [one["n"] for one in objects("exeat record list --party zte --json")] == [3]
    assert [one["n"] for one in objects("exeat record list --rule us.ear --until 2019-01-01 --json")] == [3]
    assert objects("exeat record list --verdict authorised --json") == []
    assert "No decision is recorded that fits." in run("exeat record list --verdict authorised")[0]
    assert [one["n"] for one in objects("exeat record list --limit 1 --before 4 --json")] == [3]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("MACHINE", "PERSON", "KEEP")), ("zh", ("系统答案", "人工结论", "保存"))]
)
def test_show_has_both_answers(place, lang, words):
    assert run("exeat record override 3 --verdict licence_required --reason permit --by Bo")[1] == 0
    printed, code = run(f"exeat record show 3 --lang {lang}")
    assert code == 0
    assert all(word in printed for word in (*words, "permit", "Bo", "EXEAT"))
    shown = objects("exeat record show 3 --json --by Auditor")[0]
    assert (shown["summary"]["machine"], shown["summary"]["concluded"]) == ("prohibited", "licence_required")
    with Record() as record:
        assert [one.actor for one in record.entries(kinds=["read"])][-1] == "Auditor"


def test_confirm_hold_and_note(place):
    for command in (
        "confirm 4 act.paid=true buyer:party.country=US --says contract",
        "hold 4 --reason suit",
        "note 4 seen",
        "note 4 --event reexport --on 2021-01-01",
        "hold 4 --reason over --lift",
    ):
        assert run(f"exeat record {command} --by Bo")[1] == 0, command
    shown = objects("exeat record show 4 --json")[0]
    facts = next(json.loads(one["body"])["facts"] for one in shown["later"] if one["kind"] == "confirmation")
    assert [(one["element"], one["path"], one["value"]) for one in facts] == [
        ("", "act.paid", "true"),
        ("buyer", "party.country", "US"),
    ]
    assert not shown["summary"]["held"]
    for command in (
        "confirm 4 act.paid",
        "note 4",
        "note 4 --event never --on 2021-01-01",
        "note 4 --event done",
        "show 99",
    ):
        assert run(f"exeat record {command}")[1] == 2, command


def test_rerun_and_impact(place, tmp_path):
    assert run("exeat record rerun 3") == ("the same answer, to the letter · under its own law\n", 0)
    assert run("exeat record rerun 3 --law today --known 2016-01-01")[1] == 1
    printed, code = run("exeat record impact --known 2016-01-01")
    assert code == 1
    assert "THE ANSWER DIFFERS" in printed
    assert "2 decisions asked again" in printed
    found = [json.loads(line) for line in run("exeat record impact --known 2016-01-01 --all --json")[0].splitlines()]
    assert [one["n"] for one in found] == [4, 3]
    assert run("exeat record impact --lang zh")[1] == 0


def test_impact_screens_again_when_asked(place):
    """Without a list it says that nobody could be looked for; with one, whom it could not look for."""
    assert run("exeat record impact --screen")[1] == 20
    assert "cannot be screened again" in run("exeat record impact --screen")[0]
    filled(party("us.entity-list", "zt", "ZTE Corporation"), day="2016-01-01")
    printed, code = run("exeat record impact --screen")
    assert (code, "2 decisions asked again: 1 differ" in printed) == (1, True)
    assert "1 of them have a party with other hits than then" in printed
    assert "zte candidates: – → us.ear.entity-list/zte-corporation" in printed
    assert "without a name, so not screened again: vendor" in printed
    assert "其中1项有当事方的命中与当时不同" in run("exeat record impact --screen --lang zh")[0]
    assert "us.ear.entity-list/zte-corporation" in run("exeat record rerun 3 --law today --screen")[0]
    assert run("exeat record rerun 3 --screen")[1] == 2


def test_those_under_a_hold_are_listed(place):
    assert objects("exeat record list --held --json") == []
    run("exeat record hold 3 --reason subpoena")
    assert [one["n"] for one in objects("exeat record list --held --json")] == [3]
    assert [one["n"] for one in objects("exeat record list --not-held --json")] == [4]
    run("exeat record hold 3 --lift --reason over")
    assert objects("exeat record list --held --json") == []


def test_due(place):
    assert "Nothing may be disposed of today (2 decisions)." in run("exeat record due")[0]
    assert {one["n"] for one in objects("exeat record due --on 2099-01-01 --json")} == {3, 4}
    assert [one["due"] for one in objects("exeat record due --all --json")] == [False, False]
    assert run("exeat record due --dispose 3 --reason tidy")[1] == 2


def test_export_verify_and_the_verifier(place, tmp_path):
    printed, code = run("exeat record export -o first.jsonl --by Auditor")
    assert code == 0
    anchor = printed.split("anchor ")[1].strip()
    assert run("exeat record verify --json")[1] == 0
    assert run(f"exeat record verify --anchor {anchor}")[1] == 0
    assert run("exeat record verify first.jsonl --anchor first.jsonl --lang zh")[1] == 0
    text = (place / "first.jsonl").read_text(encoding="utf-8")
    (place / "bad.jsonl").write_text(text.replace('"actor":"Ann"', '"actor":"Bob"', 1), encoding="utf-8")
    printed, code = run("exeat record verify bad.jsonl")
    assert code == 1
    first_of_ann = next(json.loads(line)["n"] for line in text.splitlines() if '"actor":"Ann"' in line)
    assert printed.startswith(f"entry {first_of_ann} was changed")
    (place / "verify.py").write_text(run("exeat record verifier")[0], encoding="utf-8")
    for name, expected in (("first.jsonl", 0), ("bad.jsonl", 1)):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "verify.py", name], cwd=place, check=False, capture_output=True
        )
        assert done.returncode == expected
    assert run("exeat record export -o /proc/none/x.jsonl")[1] == 2


def test_help_loads_no_database():
    program = (
        "import sys; from exeat.cli.main import main; print('sqlalchemy' in sys.modules, 'msgspec' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"
