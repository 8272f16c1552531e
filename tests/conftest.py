"""The shipped law, loaded and compiled once for all tests of a process."""

from __future__ import annotations

from pathlib import Path

import pytest

from exeat.decide.engine import Engine
from exeat.rulebook.load import load_book, shipped_law
from exeat.rulebook.model import Book

ROOT = Path(__file__).parent.parent


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
