"""What the pages show is what the commands print; every link leads somewhere; every command and option is described."""

from __future__ import annotations

import re

import click
import pytest

from exeat.cli.main import main
from tests.pages import DOCS, differs, pages, replay

LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]+)?\)")
KINDS = ("tutorial", "how-to", "reference", "explanation", "decisions")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_outputs_are_real(page):
    faults, _ = replay(page)
    assert not faults, "run: python -m tests.pages\n" + "\n".join(faults)


def anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_links_lead_somewhere(page):
    for path, fragment in LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        if fragment:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert fragment[1:] in {anchor(heading) for heading in headings}, f"{path}{fragment}"


def test_the_index_names_every_page():
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    for page in DOCS.rglob("*.md"):
        name = page.relative_to(DOCS).as_posix()
        if name != "index.md" and not name.startswith("decisions/"):
            assert f"({name})" in index, name
            assert name.split("/")[0] in KINDS


def commands(group: click.Group, name: str):
    for key, command in group.commands.items():
        if command.hidden:
            continue
        yield f"{name} {key}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {key}")


def argument(parameter: click.Parameter, command: click.Command) -> list[str]:
    if isinstance(parameter.type, click.Choice):
        return list(parameter.type.choices)
    return [parameter.make_metavar(click.Context(command)).strip("[]")]


def test_every_command_and_option_is_described():
    page = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `([^`]+)`\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE))
    found = dict(commands(main, "exeat"))
    assert set(sections) == set(found)
    for name, command in found.items():
        for parameter in command.params:
            shown = parameter.opts if isinstance(parameter, click.Option) else argument(parameter, command)
            if not getattr(parameter, "hidden", False):
                assert any(f"`{opt}" in sections[name] for opt in shown), f"{name} {shown}"


@pytest.mark.parametrize(
    ("shown", "real", "right"),
    [
        ("a b", "a b", True),
        ("a", "a b", False),
        ("a b", "a", False),
        ("a … c", "a b b c", True),
        ("a … c", "a c", True),
        ("a … d", "a b c", False),
        ("a …", "a b c", True),
        ("… c", "a b c", True),
        ("… b", "a b c", False),
        ("a … b c", "a x b d", False),
    ],
)
def test_differs(shown, real, right):
    assert (differs(shown.split(), real.split()) == "") == right
