"""A bar over many documents: on a terminal, never for a program that reads JSON from a pipe."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

from exeat.cli.show import MANY
from tests.read.test_pipeline import post

SCRIPT = "from exeat.cli.main import run; run()"


def on_a_terminal(*arguments, stdout=subprocess.PIPE):
    """What a command writes to its standard output and to the terminal that is its standard error."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", SCRIPT, *arguments], stdout=stdout, stderr=theirs) as process:
        os.close(theirs)
        said, _ = process.communicate(timeout=60)
    shown = b""
    try:
        while piece := os.read(ours, 65_536):
            shown += piece
    except OSError:  # the other end is closed and all is read
        pass
    os.close(ours)
    assert process.returncode == 0, shown
    return said, shown


@pytest.mark.parametrize(
    ("count", "options", "bar"), [(MANY + 1, (), True), (MANY + 1, ("--json",), False), (MANY, (), False)]
)
def test_the_bar(tmp_path, count, options, bar):
    for number in range(count):
        (tmp_path / f"{number:02}.md").write_text(post(), encoding="utf-8")
    said, shown = on_a_terminal("read", str(tmp_path), *options)
    assert (b"100%" in shown) is bar
    assert bar or shown == b""
    assert b"100%" not in said
    assert said.count("美国商务部宣布禁止下载微信".encode()) >= count
