"""The how-to page on adding a measure does what it says: a newcomer needs nothing but that page.

Every file block is written under the path in the line before it; every command is run where the page says, by the
installed command's own entry; a line ``…`` stands for any lines, and ``…`` within a line for any words. A block marked
``wrong="FILE: OLD → NEW"`` is run with that slip in that file, which is then mended.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "add-a-measure.md"
BLOCK = re.compile(
    r"^(?:`(?P<path>[^`\n]+)`\n\n```(?:yaml|tsv)\n(?P<body>.*?)"
    r'|```text(?: wrong="(?P<wrong>[^"]+)")?\n(?P<run>.*?))^```$',
    re.DOTALL | re.MULTILINE,
)
ANY = "…"


def exeat(words: list[str], folder: Path) -> tuple[list[str], int]:
    """What the command prints on both streams, and its exit code."""
    home = {"EXEAT_HOME": str(folder / "home"), "COLUMNS": "100", "NO_COLOR": "1", "PYTHONUTF8": "1"}
    process = subprocess.run(
        [sys.executable, "-c", "from exeat.cli.main import run; run()", *words],
        cwd=folder,
        env={**os.environ, **home},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return process.stdout.splitlines(), process.returncode


def line_fits(shown: str, real: str) -> bool:
    pattern = ".*".join(re.escape(part.strip()) for part in shown.split(ANY))
    return re.fullmatch(rf"\s*{pattern}\s*", real) is not None


def missing(shown: list[str], real: list[str]) -> str:
    """The first line shown that was not printed in its turn; "" if all were, and nothing else where no ``…`` stands."""
    position, skipping = 0, False
    for line in shown:
        if line.strip() == ANY:
            skipping = True
            continue
        reach = range(position, len(real) if skipping else min(position + 1, len(real)))
        hit = next((i for i in reach if line_fits(line, real[i])), None)
        if hit is None:
            return line
        position, skipping = hit + 1, False
    return "" if skipping or position == len(real) else f"(more was printed: {real[position]!r})"


def replay(block: str, folder: Path) -> list[str]:
    """Run the commands of a block, and tell what differs."""
    faults, code, real, shown, command = [], 0, [], [], ""

    def compare() -> None:
        fault = missing(shown, real) if command else ""
        if fault:
            faults.append(f"$ {command}: not printed: {fault!r}\n" + "\n".join(real))

    for line in block.splitlines():
        if line.startswith("$ "):
            compare()
            command, shown = line[2:], []
            if command == "echo $?":
                real = [str(code)]
            else:
                name, *words = command.split(" ")
                assert name == "exeat"
                real, code = exeat(words, folder)
        else:
            shown.append(line)
    compare()
    return faults


@pytest.fixture(scope="module")
def blocks() -> list[re.Match[str]]:
    return list(BLOCK.finditer(PAGE.read_text(encoding="utf-8")))


def test_the_page_shows_everything_that_a_measure_needs(blocks):
    files = {block["path"]: block["body"] for block in blocks if block["path"]}
    for kind in ("jurisdiction", "regime", "list", "facts", "register", "measure", "cases"):
        assert any(body.startswith(f"{kind}:") for body in files.values()), kind
    assert any(path.endswith(".tsv") for path in files)
    assert "defeats:" in files["my-law/measure.yaml"]
    fences = re.findall(r"^```\w+", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(fences) == len(blocks), "a block that is neither a file nor commands"


def test_the_page_does_what_it_says(blocks, tmp_path):
    faults: list[str] = []
    for block in blocks:
        if block["path"]:
            path = tmp_path / block["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["body"], encoding="utf-8")
            continue
        if block["wrong"]:
            name, _, change = block["wrong"].partition(": ")
            old, _, new = change.partition(" → ")
            right = (tmp_path / name).read_text(encoding="utf-8")
            assert right.count(old) == 1
            (tmp_path / name).write_text(right.replace(old, new), encoding="utf-8")
        faults += replay(block["run"], tmp_path)
        if block["wrong"]:
            (tmp_path / name).write_text(right, encoding="utf-8")
    assert not faults, "\n\n".join(faults)


def test_no_python_is_touched(blocks):
    assert all(Path(block["path"]).suffix in (".yaml", ".tsv") for block in blocks if block["path"])


@pytest.mark.parametrize(
    ("shown", "real", "fault"),
    [
        (["a", "…", "d"], ["a", "b", "c", "d"], ""),
        (["…"], [], ""),
        (["a …"], ["a b"], ""),
        (["a"], ["a", "b"], "(more was printed: 'b')"),
        (["a", "c"], ["a", "b", "c"], "c"),
        (["…", "x"], ["a"], "x"),
    ],
)
def test_the_comparison_sees_what_it_should(shown, real, fault):
    assert missing(shown, real) == fault
