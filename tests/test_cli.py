"""The command line as people and scripts meet it: output, errors, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import wcwidth
import yaml

from exeat.cli.main import main
from exeat.decide.decision import EXIT_CODES, severest
from exeat.page.words import WORDS, word

EXAMPLES = Path(__file__).parent.parent / "examples"
KNOWN = ("--known", "2026-11-24")
CDN = EXAMPLES / "apps" / "wechat-cdn-2020-09-20.yaml"
SALE = EXAMPLES / "sale" / "tiktok-sale-2020-09-15.yaml"
NEEDED = {
    "verdict", "floor", "ceiling", "regimes", "findings", "questions", "horizon", "counterfactuals", "conflicts",
    "presumed", "coverage", "on", "known", "edition", "hash",
}  # fmt: skip


def exeat(*args, given: str | None = None, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command; the home is the test session's own."""
    return subprocess.run(
        [sys.executable, "-c", "from exeat.cli.main import run; run()", *map(str, args)],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "80", **(env or {})},
    )


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text("transaction: 1\nact: {on: 2020-09-21, payed: true}\nactivity: app.cdm\n", encoding="utf-8")
    return path


# --- check: exit codes


def test_exit_code_is_that_of_the_verdict():
    for path in (CDN, SALE):
        done = exeat("check", path, "--json", "--no-outlook", *KNOWN)
        decision = json.loads(done.stdout)
        expected = EXIT_CODES[decision["verdict"]]
        assert done.returncode == decision["exit_code"] == (expected or decision["exit_code"])
        assert not done.stderr


def test_known_turns_the_clock_of_knowledge_back():
    """Filed on 18 September, enjoined on 19 September: on the 20th it depends on what one knew."""
    assert exeat("check", CDN, "--known", "2020-09-18").returncode == 13
    assert exeat("check", CDN, *KNOWN).returncode == 22


def test_another_day_and_one_layer():
    other = json.loads(exeat("check", CDN, "--on", "2020-09-19", "--json", *KNOWN).stdout)
    assert other["on"].startswith("2020-09-19")
    done = exeat("check", CDN, "--without", "courts", *KNOWN)
    assert done.returncode == 13
    assert "HYPOTHETICAL" in done.stdout


def test_severest_in_the_documented_order():
    assert severest([0, 22, 21, 10]) == 10
    assert severest([20, 11, 2]) == 2
    assert severest([13, 2]) == 2
    assert severest([70, 13]) == 70


# --- check: several files


def test_a_bad_file_does_not_stop_the_others(bad):
    done = exeat("check", CDN, bad, SALE, *KNOWN)
    assert done.returncode == 2
    assert done.stdout.count("EXEAT ") == 2
    assert "─" * 40 in done.stdout
    assert str(bad) in done.stderr
    assert "did you mean 'paid'" in done.stderr
    assert "did you mean 'app.cdn'" in done.stderr


def test_json_lines(bad):
    done = exeat("check", CDN, bad, SALE, CDN.parent / "missing.yaml", "--json", *KNOWN)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["on"][:10] for answer in answers] == ["2020-09-20", "2020-09-15"]
    for answer in answers:
        assert not NEEDED - set(answer)
        for regime in answer["regimes"]:
            assert {"id", "jurisdiction", "verdict", "floor", "ceiling", "duties", "commitments", "policy", "dormant",
                    "coverage"} <= set(regime)  # fmt: skip
    errors = [json.loads(line)["errors"] for line in done.stderr.splitlines()]
    assert len(errors) == 2
    assert all(one["file"] and one["problem"] for found in errors for one in found)
    assert {"line", "path", "found", "hint"} <= set(errors[0][0])


def test_json_follows_its_schema_and_explains_on_request():
    schema = json.loads(exeat("law", "schema", "decision").stdout)
    plain = json.loads(exeat("check", SALE, "--json", *KNOWN).stdout)
    jsonschema.validate(plain, schema)
    assert all(finding["trace"] is None for finding in plain["findings"])
    explained = json.loads(exeat("check", SALE, "--json", "--explain", *KNOWN).stdout)
    jsonschema.validate(explained, schema)
    assert all(finding["trace"] for finding in explained["findings"])
    assert explained["hash"] == plain["hash"]


def test_same_bytes_every_time():
    first, second = (exeat("check", SALE, "--json", "--explain", *KNOWN, env={"PYTHONHASHSEED": s}) for s in ("1", "2"))
    assert first.stdout == second.stdout


def test_standard_input_and_output_file(tmp_path):
    given = CDN.read_text(encoding="utf-8")
    out = tmp_path / "answer.html"
    done = exeat("check", "-", "--html", "-o", out, *KNOWN, given=given)
    assert done.returncode == 22
    assert not done.stdout
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert not [path for path in tmp_path.iterdir() if path != out]
    assert exeat("check", "-", *KNOWN, given="transaction: [").returncode == 2


def test_unwritable_output_is_an_input_error(tmp_path):
    done = exeat("check", CDN, "-o", tmp_path, *KNOWN)
    assert done.returncode == 2
    assert "cannot write" in done.stderr


def test_redacted_bytes(tmp_path):
    path = tmp_path / "deal.yaml"
    lines = CDN.read_text(encoding="utf-8").splitlines()
    cut = next(number for number, line in enumerate(lines) if line.startswith("parties:"))
    lines = ["title: Quillfeather speeds up an app" if line.startswith("title:") else line for line in lines]
    party = "  - {id: quillfeather, role: provider, name: Quillfeather Networks Inc., entity: other-entity}"
    path.write_text("\n".join([*lines[: cut + 1], party, *lines[cut + 1 :]]), encoding="utf-8")
    assert "Quillfeather" in exeat("check", path, *KNOWN).stdout
    for form in ((), ("--json", "--explain"), ("--html",), ("--explain", "--lang", "zh")):
        done = exeat("check", path, "--redact", *form, *KNOWN)
        assert done.returncode == 22, done.stderr
        assert "quillfeather" not in done.stdout.casefold()


# --- check: usage


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("check",), "Missing argument"),
        (("check", CDN, "--only", "us.ap"), "did you mean 'us.apps'"),
        (("check", CDN, "--without", "court"), "did you mean 'courts'"),
        (("check", CDN, "--known", "2020-02-30"), "YYYY-MM-DD"),
        (("check", CDN, "--on", ""), "YYYY-MM-DD"),
        (("check", CDN, SALE, "--html"), "one FILE"),
        (("check", CDN, "--html", "--json"), "exclude"),
        (("check", CDN, "--lang", "fr"), "'zh'"),
        (("check", "nowhere.yaml"), "No such file"),
        (("check", CDN, "--law", "nowhere"), "no such law folder"),
        (("chek", CDN), "Did you mean 'check'"),
        (("law", "shw", "x"), "Did you mean 'show'"),
        (("law", "show", "us.wechat-2020.33"), "did you mean 'us.wechat-2020.3'"),
        (("law", "timeline", "--regime", "us.app"), "did you mean 'us.apps'"),
        (("explain", CDN, "us.wechat-2020.30"), "did you mean 'us.wechat-2020.3'"),
        (("law", "schema", "nothing"), "decision"),
    ],
)
def test_wrong_usage_leaves_with_2_and_says_how(args, says):
    done = exeat(*args)
    assert done.returncode == 2
    assert says in done.stderr
    assert not done.stdout


def test_every_command_has_an_example_in_its_help():
    def commands(group, path):
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from commands(command, [*path, name])
            else:
                yield [*path, name], command

    for path, command in commands(main, []):
        assert "Examples:" in (command.help or ""), path
        assert f"exeat {' '.join(path)}" in command.help, path


def test_help_is_quick_and_imports_no_engine():
    heavy = ("exeat.decide", "jinja2", "yaml", "msgspec")
    code = f"import sys; from exeat.cli.main import main; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert exeat("--version").stdout.startswith("exeat")


# --- languages and terminals


def test_the_chinese_page_is_chinese():
    done = exeat("check", CDN, "--lang", "zh", *KNOWN)
    assert done.stdout == exeat("check", CDN, *KNOWN, env={"EXEAT_LANG": "zh"}).stdout
    assert all(label not in done.stdout for label in ("VERDICT", "WHY ", "NEXT ", "CHECKED", "rulebook", "Not legal"))
    assert word("status.enjoined", "zh") in done.stdout
    assert max(wcwidth.wcswidth(line) for line in done.stdout.splitlines()) <= 80


def test_no_colour_into_a_pipe():
    for env in ({"NO_COLOR": "1"}, {}):
        assert "\x1b" not in exeat("check", CDN, *KNOWN, env=env).stdout


def test_no_outlook_says_so():
    assert word("outlook left out", "en") in " ".join(exeat("check", CDN, "--no-outlook", *KNOWN).stdout.split())


# --- explain


def test_explain():
    whole = exeat("explain", CDN, *KNOWN)
    assert whole.returncode == 0
    assert "us.wechat-2020.3" in whole.stdout
    one = exeat("explain", CDN, "us.wechat-2020.3", *KNOWN).stdout
    assert "us.wechat-2020.7" not in one
    assert "✓" in one
    absent = exeat("explain", CDN, "us.wechat-2020.1", *KNOWN).stdout
    assert "✗" in absent
    assert "does not apply" in absent
    exception = exeat("explain", CDN, "us.wechat-2020.outside-us", "--lang", "zh", *KNOWN).stdout
    assert word("relief.exempt", "zh") in exception
    lines = exeat("explain", CDN, "us.wechat-2020.3", "--json", *KNOWN).stdout.splitlines()
    assert [json.loads(line)["rule"] for line in lines] == ["us.wechat-2020.3"]
    (line,) = exeat("explain", CDN, "us.wechat-2020.1", "--json", *KNOWN).stdout.splitlines()
    assert json.loads(line)["result"] == "does_not"


def test_an_unknown_entry_is_told_with_its_place(tmp_path):
    path = tmp_path / "deal.yaml"
    parties = "[{role: recipient}, {role: recipient, listing: [us.ear.entity-list/nobody]}]"
    path.write_text(f"act: {{on: 2021-06-01}}\nactivity: movement\nparties: {parties}\n", encoding="utf-8")
    for command in ("check", "explain"):
        done = exeat(command, path, *KNOWN)
        assert done.returncode == 2
        assert f"{path}: parties.1.listing.entries: no such entry" in done.stderr
    done = exeat("check", "-", *KNOWN, given=path.read_text(encoding="utf-8"))
    assert "standard input: parties.1.listing.entries: no such entry" in done.stderr


# --- ask


def test_ask_over_a_pipe_reaches_a_verdict(tmp_path):
    """On 20 September as known on the 18th, four facts settle that the act is prohibited."""
    out = tmp_path / "asked.yaml"
    known = ("--known", "2020-09-18")
    done = exeat("ask", "-o", out, *known, given="app.cdnn\n?cdn\napp.cdn\nnever\n2020-09-20\n")
    assert "did you mean" in done.stderr
    assert "app.cdn: " in done.stderr
    assert "not a day" in done.stderr
    assert "EXEAT " in done.stdout
    document = yaml.safe_load(out.read_text(encoding="utf-8"))
    assert document["activity"] == "app.cdn"
    assert {one["role"] for one in document["parties"]} == {"provider", "app-owner"}
    assert {one["role"] for one in document["places"]} == {"performed-in", "users"}
    assert document["items"]
    assert exeat("check", out, *known).returncode == done.returncode


START = """
transaction: 1
act: {on: 2020-09-20, evades: false}
activity: app.cdn
complete: true
items: [{id: app, app: wechat, intended_market: US}]
parties: [{id: cdn, role: provider}, {id: tencent, role: app-owner, entity: tencent}]
places: [{id: here, role: performed-in, is: CA}, {id: there, role: users}]
"""


def test_ask_settles_the_verdict_with_one_answer(tmp_path):
    start = tmp_path / "start.yaml"
    start.write_text(START, encoding="utf-8")
    known = ("--known", "2020-09-18")
    assert exeat("check", start, *known).returncode == 20
    done = exeat("ask", start, *known, given="Atlantis\nUnited States\n")
    assert done.returncode == 13, done.stderr
    assert "Nothing more can change the verdict" in done.stderr
    assert exeat("ask", start, *known, given="unknown\n" * 20).returncode == 20


def test_ask_in_chinese(tmp_path):
    done = exeat("ask", "--lang", "zh", given="为应用程序提供内容分发\n2020-09-20\n不知道\n\n")
    assert word("ask day", "zh") in done.stderr
    assert word("VERDICT", "zh") in done.stdout
    assert done.returncode != 2


def test_ask_without_any_answer_is_bad_input():
    done = exeat("ask", given="")
    assert done.returncode == 2
    assert not done.stdout


def test_ask_says_once_what_is_wrong_with_its_file(tmp_path, bad):
    done = exeat("ask", bad, given="yes\n")
    assert done.returncode == 2
    assert done.stderr.count("payed") == 2  # the path, and what was found
    broken = tmp_path / "broken.yaml"
    broken.write_text("transaction: 1\nact: never\nitems: none\n", encoding="utf-8")
    done = exeat("ask", broken, given="yes\n")
    assert done.returncode == 2
    assert "a mapping is needed here" in done.stderr


def test_ask_refuses_the_answers_as_its_file():
    assert exeat("ask", "-", given="").returncode == 2


# --- law


def test_law_list_and_show():
    listed = [json.loads(line) for line in exeat("law", "list", "--json").stdout.splitlines()]
    rules = [rule["rule"] for regime in listed for measure in regime["measures"] for rule in measure["rules"]]
    assert "us.wechat-2020.3" in rules
    text = exeat("law", "list").stdout
    assert all(rule in text for rule in rules)
    told = " ".join(exeat("law", "show", "us.wechat-2020.3").stdout.split())
    assert "activity is content delivery for an application" in told
    assert "enjoined · from 20 Sep 2020 · recorded 19 Sep 2020" in told
    assert "secondary source read" in told
    shown = json.loads(exeat("law", "show", "us.wechat-2020.3", "--json").stdout)
    assert shown["what"] == "rule"
    assert shown["effect"] == "prohibited"
    for key in ("us.apps", "us.wechat-2020", "us", "cn.catalogue"):
        for lang in ("en", "zh"):
            done = exeat("law", "show", key, "--lang", lang)
            assert done.returncode == 0
            assert key in done.stdout


def test_law_diff():
    days = ("2020-09-19", "2020-09-21")
    found = [json.loads(line) for line in exeat("law", "diff", *days, "--json", *KNOWN).stdout.splitlines()]
    by_id = {one["id"]: one for one in found}
    assert (by_id["us.wechat-2020.3"]["before"], by_id["us.wechat-2020.3"]["after"]) == ("not yet in force", "enjoined")
    assert by_id["us.wechat-2020.3"]["cite"]["ref"]
    then = exeat("law", "diff", *days, "--json", "--known", "2020-09-18").stdout
    assert '"after":"in force"' in then
    assert "enjoined" not in then
    assert "enjoined [" in exeat("law", "diff", *days, *KNOWN).stdout.replace("· ", "")
    assert "nothing differs" in exeat("law", "diff", days[0], days[0], *KNOWN).stdout


def test_law_diff_of_registers():
    found = exeat("law", "diff", "2020-08-27", "2020-08-28", "--json", *KNOWN).stdout
    rows = [json.loads(line) for line in found.splitlines() if '"row"' in line]
    assert any(one["id"] == "cn.catalogue/personalised-push" and one["before"] == "" for one in rows)


def test_law_timeline(tmp_path):
    text = exeat("law", "timeline", "--regime", "us.apps", *KNOWN).stdout
    assert text.index("6 Aug 2020") < text.index("20 Sep 2020")
    events = [json.loads(line) for line in exeat("law", "timeline", "--json", *KNOWN).stdout.splitlines()]
    assert [one["from"] for one in events] == sorted(one["from"] for one in events)
    picture = tmp_path / "law.svg"
    assert exeat("law", "timeline", "--regime", "us.apps", "--svg", picture, "--lang", "zh").returncode == 0
    assert "<svg " in picture.read_text(encoding="utf-8")


def test_law_schema_and_compiled():
    for what in ("transaction", "decision", "book"):
        schema = json.loads(exeat("law", "schema", what).stdout)
        jsonschema.Draft202012Validator.check_schema(schema)
    compiled = json.loads(exeat("law", "compiled").stdout)
    jsonschema.validate(compiled, json.loads(exeat("law", "schema", "book").stdout))
    assert "us.wechat-2020.3" in compiled["rules"]


def test_law_check_reports_faults(tmp_path):
    clean = exeat("law", "check", "--only", "us.wechat-2020.3", "--json")
    report = json.loads(clean.stdout)
    assert clean.returncode == (1 if report["failed"] or report["errors"] else 0)
    assert report["cases"] > 0
    assert {"error", "where", "what"} == report["notes"][0].keys()
    (tmp_path / "broken.yaml").write_text("measure: x\nregime: us.appps\n", encoding="utf-8")
    broken = exeat("law", "check", "--law", tmp_path, "--json")
    assert broken.returncode == 2
    assert json.loads(broken.stderr)["errors"]
    assert exeat("law", "check", "--only", "no-such-case").returncode == 2


def test_law_check_lists_opposing_effects_for_review():
    """Pairs of rules that nothing joins: always counted, always in the JSON, told only on request; never a fault."""
    plain, told = (exeat("law", "check", "--only", "us.wechat-2020.3", *more) for more in ((), ("--review",)))
    notes = json.loads(exeat("law", "check", "--only", "us.wechat-2020.3", "--json").stdout)["notes"]
    opposing = [note for note in notes if "no exception joins them" in note["what"]]
    assert opposing
    assert not any(note["error"] for note in opposing)
    assert f"{len(opposing)} pairs to review (--review lists them)" in plain.stdout.splitlines()[-1]
    assert "no exception joins them" not in plain.stdout
    assert f"{len(opposing)} pairs to review;" in told.stdout.splitlines()[-1]
    assert sum(note["where"] in told.stdout and note["what"] in told.stdout for note in opposing) == len(opposing)
    assert told.returncode == plain.returncode


def test_added_law_shows_on_every_answer(tmp_path):
    folder = tmp_path / "house-rules"
    folder.mkdir()
    (folder / "list.yaml").write_text(
        "list: purposes\ncodes:\n  house-purpose: {en: a purpose of the house, zh: 内部目的}\n", encoding="utf-8"
    )
    done = exeat("check", CDN, "--law", folder, *KNOWN)
    assert "law added by the user: house-rules" in " ".join(done.stdout.split())
    assert json.loads(exeat("check", CDN, "--law", folder, "--json", *KNOWN).stdout)["overlays"] == ["house-rules"]


def test_words_used_by_the_faces_exist():
    assert all(isinstance(key, str) for key in WORDS)
