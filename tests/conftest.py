"""The shipped law, loaded and compiled once for all tests of a process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from exeat.decide.engine import Engine
from exeat.rulebook.load import load_book, shipped_law
from exeat.rulebook.model import Book

ROOT = Path(__file__).parent.parent

# The same examples on every machine, so that what passed here passes there; `python -m bench hunt` looks for new ones.
settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("hunt", print_blob=True, deadline=None)
settings.load_profile("hunt" if os.environ.get("EXEAT_HUNT") else "same")


@pytest.fixture(autouse=True, scope="session")
def own_home(tmp_path_factory):
    """No test reads or writes the user's own EXEAT_HOME."""
    patch = pytest.MonkeyPatch()
    patch.setenv("EXEAT_HOME", str(tmp_path_factory.mktemp("home")))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def book() -> Book:
    return load_book([shipped_law()])


@pytest.fixture(scope="session")
def engine(book: Book) -> Engine:
    return Engine(book)
