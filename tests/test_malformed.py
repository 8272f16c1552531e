"""Malformed files end in a clear error that names its place; none in a traceback, and none decides.

The corpus lies in ``tests/malformed``: law files, each laid over the tiny valid law in ``tests/base_law``, and
transactions against that law's vocabulary. ``expected.yaml`` is the table of what each must end in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exeat import home
from exeat.cli import main
from exeat.decide.engine import Engine, Options
from exeat.errors import InputError, InputErrors
from exeat.review.cases import load_cases, run_case
from exeat.review.coverage import missing_results
from exeat.review.static import static_notes
from exeat.rulebook.load import load_book
from exeat.vocabulary.reader import MAX_BYTES, read_file
from exeat.vocabulary.transaction import load_transaction

HERE = Path(__file__).parent
BASE = HERE / "base_law"
CORPUS = HERE / "malformed"
EXPECTED = read_file(CORPUS / "expected.yaml")["expected"]
LAW = [one for one in EXPECTED if one["file"].startswith("law/")]
TRANSACTIONS = [one for one in EXPECTED if one["file"].startswith("transactions/")]
NAMES = {"ids": lambda one: one["file"]}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(load_book([BASE]))


def overlay(one, folder: Path) -> Path:
    """The faulty file, or the folder of them, as an overlay of its own."""
    source, target = CORPUS / one["file"], folder / "bad"
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        target.mkdir()
        shutil.copy(source, target)
    return target


def load_all(folders: list[Path]) -> None:
    """Whatever `exeat law check` reads before it decides anything."""
    book = load_book(folders)
    Engine(book)
    load_cases(book, folders)


def faults(read) -> tuple[InputError, ...]:
    with pytest.raises((InputError, InputErrors)) as caught:
        read()
    return caught.value.errors if isinstance(caught.value, InputErrors) else (caught.value,)


def assert_told(errors: tuple[InputError, ...], one) -> None:
    """Some error stands at the expected place, with the expected words."""
    name = one.get("in", one["file"].split("/")[-1])
    line = int(one.get("line", "0"))
    for error in errors:
        told = str(error)
        if (
            error.file.split("/")[-1] in (name, "")
            and error.line == line
            and one.get("path", "") in error.path
            and one["says"] in told
            and one.get("hint", "") in told
        ):
            return
    pytest.fail(f"{one['file']}: expected {name}:{line} {one['says']!r}, told:\n" + "\n".join(map(str, errors)))


def run(arguments: list[str], monkeypatch, capsys) -> tuple[int, str, str]:
    """The command line in this process, over the tiny law."""
    monkeypatch.setattr(home, "shipped_law", lambda: BASE)
    monkeypatch.setattr(sys, "argv", ["exeat", *arguments])
    with pytest.raises(SystemExit) as left:
        main.run()
    told = capsys.readouterr()
    return int(left.value.code or 0), told.out, told.err


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("EXEAT_DEBUG", raising=False)


def test_the_base_law_is_clean():
    book = load_book([BASE])
    engine = Engine(book)
    outcomes = [run_case(engine, case) for case in load_cases(book, [BASE])]
    assert [(one.case.id, one.faults) for one in outcomes if one.faults] == []
    assert [str(note) for note in static_notes(engine)] == []
    assert [str(note) for note in missing_results(book, outcomes)] == []


def test_the_table_names_every_file():
    found = {f"{kind}/{path.name}" for kind in ("law", "transactions") for path in (CORPUS / kind).iterdir()}
    assert found == {one["file"] for one in EXPECTED}
    assert len(found) >= 70


@pytest.mark.parametrize("one", LAW, **NAMES)
def test_law_file_is_refused(one, tmp_path):
    folder = overlay(one, tmp_path)
    assert_told(faults(lambda: load_all([BASE, folder])), one)


@pytest.mark.parametrize("one", TRANSACTIONS, **NAMES)
def test_transaction_is_refused(one, engine):
    def decide() -> None:
        transaction = load_transaction(CORPUS / one["file"], engine.book.vocabulary, one["file"])
        engine.decide(transaction, Options("2026-11-22"))

    assert_told(faults(decide), one)


@pytest.mark.parametrize("one", LAW, **NAMES)
def test_law_check_leaves_with_2(one, tmp_path, monkeypatch, capsys):
    code, out, err = run(["law", "check", "--law", str(overlay(one, tmp_path))], monkeypatch, capsys)
    assert code == 2
    assert one["says"] in err
    assert "Traceback" not in err
    assert out == ""


@pytest.mark.parametrize("one", TRANSACTIONS, **NAMES)
def test_check_leaves_with_2(one, monkeypatch, capsys):
    code, out, err = run(["check", str(CORPUS / one["file"])], monkeypatch, capsys)
    assert code == 2
    assert one["says"] in err
    assert "Traceback" not in err
    assert "VERDICT" not in out


def test_check_over_faulty_law_decides_nothing(tmp_path, monkeypatch, capsys):
    good = tmp_path / "good.yaml"
    good.write_text("act: {on: 2021-06-01}\nactivity: send\n", encoding="utf-8")
    one = {"file": "law/unknown-fact.yaml"}
    code, out, err = run(["check", "--law", str(overlay(one, tmp_path)), str(good)], monkeypatch, capsys)
    assert (code, out) == (2, "")
    assert "no such fact" in err


# Faults that show under any law, so that the shipped one will do.
SAMPLE_TRANSACTIONS = ("tag-runs-code.yaml", "nul.yaml", "cut-off.json", "date-2020-02-30.yaml", "law-file.yaml")
SAMPLE_LAW = ("bomb.yaml", "latin-1.yaml", "no-such-kind-of-file.yaml")


def exeat(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from exeat.cli.main import run; run()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=dict(os.environ), check=False)


def test_the_installed_command_leaves_with_2(tmp_path):
    files = [f"transactions/{name}" for name in SAMPLE_TRANSACTIONS]
    done = {name: exeat("check", str(CORPUS / name)) for name in files}
    for name in SAMPLE_LAW:
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(CORPUS / "law" / name, folder)
        done[f"law/{name}"] = exeat("law", "check", "--law", str(folder))
    says = {one["file"]: one["says"] for one in EXPECTED}
    for name, process in done.items():
        assert process.returncode == 2, (name, process.stderr)
        assert says[name] in process.stderr
        assert "Traceback" not in process.stderr
    assert not Path("/tmp/exeat-was-here").exists()


# --- what is better made here than kept


def test_a_huge_file_is_refused_unread(tmp_path, engine):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(1 << 36)  # 64 GiB of holes: whoever read it whole would be gone
    assert "the file is too large" in str(faults(lambda: load_transaction(path, engine.book.vocabulary))[0])


def test_a_file_without_an_end_is_refused(engine):
    error = faults(lambda: load_transaction(Path("/dev/zero"), engine.book.vocabulary))[0]
    assert "the file is too large" in str(error)


def test_a_long_flat_file_is_refused(tmp_path, engine):
    path = tmp_path / "long.yaml"
    path.write_text("items:\n" + "- a\n" * (MAX_BYTES // 4 - 100), encoding="utf-8")
    assert "too long" in str(faults(lambda: load_transaction(path, engine.book.vocabulary))[0])


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, "{a: " * 100_000, "- " * 100_000, '{"a": ' + "[" * 2_000]
)
def test_bottomless_nesting_is_refused(text, tmp_path, engine):
    path = tmp_path / "deep.json"
    path.write_text(text, encoding="utf-8")
    faults(lambda: load_transaction(path, engine.book.vocabulary))


def test_a_folder_in_place_of_a_file(tmp_path, engine):
    assert "Is a directory" in str(faults(lambda: load_transaction(tmp_path, engine.book.vocabulary))[0])


def test_no_file(tmp_path, engine):
    assert "No such file" in str(faults(lambda: load_transaction(tmp_path / "no.yaml", engine.book.vocabulary))[0])


def test_no_law_folder(tmp_path):
    assert "no such law folder" in str(faults(lambda: load_book([BASE, tmp_path / "nowhere"]))[0])


def test_a_law_file_that_leads_nowhere(tmp_path):
    (tmp_path / "order.yaml").symlink_to(tmp_path / "gone.yaml")
    assert "cannot read" in str(faults(lambda: load_book([BASE, tmp_path]))[0])


def test_a_table_that_is_a_folder(tmp_path):
    shutil.copy(CORPUS / "law" / "register-table-missing.yaml", tmp_path / "list.yaml")
    (tmp_path / "nowhere.tsv").mkdir()
    assert "no such table" in str(faults(lambda: load_book([BASE, tmp_path]))[0])


def test_law_without_a_book(tmp_path):
    law = tmp_path / "law"
    shutil.copytree(BASE, law)
    (law / "book.yaml").unlink()
    assert "no file says which `book` this is" in str(faults(lambda: load_book([law]))[0])


@pytest.mark.parametrize("path", ["activity", "party.role", "place.role"])
def test_vocabulary_without_what_the_engine_reads(path, tmp_path):
    law = tmp_path / "law"
    shutil.copytree(BASE, law)
    facts = (law / "facts.yaml").read_text(encoding="utf-8").splitlines()
    (law / "facts.yaml").write_text("\n".join(line for line in facts if f"path: {path}," not in line), encoding="utf-8")
    assert any(error.path == path and "vocabulary needs" in error.problem for error in faults(lambda: load_book([law])))


def test_every_fault_of_a_transaction_is_told_at_once(engine):
    path = CORPUS / "transactions" / "many-faults.yaml"
    errors = faults(lambda: load_transaction(path, engine.book.vocabulary))
    assert [(error.line, error.path) for error in errors] == [
        (1, "act.paid"),
        (2, "activity"),
        (4, "items.0.kind"),
        (4, "items.0.node"),
    ]


def test_allow_relax_lets_an_overlay_relax(tmp_path):
    folder = overlay({"file": "law/relaxes-shipped-law.yaml"}, tmp_path)
    assert load_book([BASE, folder], allow_relax=True).rules["bad.order.2"].defeats == ("base.order.1",)
