"""Running what a page of documentation shows.

A block marked ``console`` holds commands after ``$ `` and what they print; a line ``…`` stands for any lines, and ``$
echo $?`` shows the exit code of the command before it. A block marked ``yaml title="NAME"`` (or ``markdown``, or
``csv``) is written to that file, so that later commands can read it. The blocks of a page run in order, in
a folder of their own that has ``examples`` in it.

What changes with every edit of the law (decision ids, hashes) is masked on both sides. To write the real outputs into
the pages (where no ``…`` is shown): ``python -m tests.pages``.
"""

from __future__ import annotations

import contextlib
import glob
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from exeat.cli import main as cli

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
TODAY = "2026-11-22"  # the day on which every page is run; the law is encoded to it
BLOCK = re.compile(r'^```(console|(?:yaml|markdown|csv) title="([^"]+)")\n(.*?)^```$', re.DOTALL | re.MULTILINE)
MASKS = (
    (re.compile(r"\b[0-9A-F]{4}-[0-9A-F]{4}\b"), "XXXX-XXXX"),
    (re.compile(r"sha256([ :])[0-9a-f]{6,}…?"), r"sha256\1…"),
    (re.compile(r'"hash": ?"[0-9a-f]{64}"'), '"hash":"…"'),
    (re.compile(r"exeat-names-\d+\+[0-9a-f]+"), "exeat-names-…"),
)
ANY = "…"


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def masked(line: str) -> str:
    for pattern, instead in MASKS:
        line = pattern.sub(instead, line)
    return line.rstrip()


def run(command: str) -> tuple[str, int]:
    """What ``exeat …`` prints (on both streams) and its exit code."""
    words = []
    for word in shlex.split(command):
        words += sorted(glob.glob(word)) or [word] if "*" in word else [word]
    if words[0] != "exeat":
        raise ValueError(f"pages run only exeat: {command}")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    code = 0
    with (
        contextlib.redirect_stdout(stream),
        contextlib.redirect_stderr(stream),
        mock.patch.object(sys, "argv", words),
        mock.patch("exeat.decide.engine.today", return_value=TODAY),
    ):
        try:
            cli.run()
        except SystemExit as left:
            code = int(left.code or 0)
    printed: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return printed.decode(), code


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """A folder of its own with the examples in it, and a home of its own."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "examples").symlink_to(ROOT / "examples")
        home = {"EXEAT_HOME": f"{folder}/home", "COLUMNS": "100", "NO_COLOR": "1", "LANG": "C.UTF-8"}
        os.chdir(folder)
        try:
            with mock.patch.dict(os.environ, home):
                yield Path(folder)
        finally:
            os.chdir(before)


def commands(block: str) -> list[tuple[str, list[str]]]:
    """The commands of a block with the lines shown under each."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def differs(shown: list[str], real: list[str]) -> str:
    """What is wrong with the lines shown; "" if they agree with the real ones."""
    if ANY not in (line.strip() for line in shown):
        pairs = zip(shown, real, strict=False)
        wrong = next((f"shown {a!r}, real {b!r}" for a, b in pairs if masked(a) != masked(b)), "")
        return wrong or ("" if len(shown) == len(real) else f"{len(shown)} lines shown, {len(real)} real")
    position, skipping = 0, False
    for line in shown:
        if line.strip() == ANY:
            skipping = True
            continue
        rest = range(position, len(real)) if skipping else range(position, min(position + 1, len(real)))
        hit = next((i for i in rest if masked(real[i]) == masked(line)), None)
        if hit is None:
            return f"not printed there: {line!r}"
        position, skipping = hit + 1, False
    return "" if skipping or position == len(real) else f"more is printed: {real[position]!r}"


def replay(page: Path) -> tuple[list[str], str]:
    """Run a page: what is wrong with it, and its text with the real outputs in it."""
    text = page.read_text(encoding="utf-8")
    faults: list[str] = []

    def block(match: re.Match[str]) -> str:
        if match.group(2):
            Path(match.group(2)).write_text(match.group(3), encoding="utf-8")
            return match.group(0)
        lines: list[str] = []
        code = 0
        for command, shown in commands(match.group(3)):
            if command == "echo $?":
                output = f"{code}\n"
            else:
                output, code = run(command)
            real = output.rstrip("\n").split("\n") if output.strip() else []
            fault = differs(shown, real)
            if fault:
                faults.append(f"{page.relative_to(ROOT)}: $ {command}: {fault}")
            partly = ANY in (line.strip() for line in shown)
            lines += [f"$ {command}", *(shown if partly or not fault else real)]
        return "```console\n" + "\n".join(line.rstrip() for line in lines) + "\n```"

    with workplace():
        text = BLOCK.sub(block, text)
    return faults, text


def main() -> None:
    for page in pages():
        faults, text = replay(page)
        if faults:
            page.write_text(text, encoding="utf-8")
            sys.stdout.write("\n".join(faults) + "\n")


if __name__ == "__main__":
    main()
