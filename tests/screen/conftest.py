"""Files to read and a store to put them in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exeat.screen.model import Listing, Name, Party
from exeat.screen.readers import Batch, Source, read
from exeat.screen.store import Store

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file and gives its path."""

    def make(content: str | bytes, name: str = "list.dat") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


@pytest.fixture
def reads(write: Write) -> Callable[..., Batch]:
    """Reads contents as the files of one import."""

    def make(*contents: str | bytes, only: str = "", name: str = "") -> Batch:
        paths = [write(content, f"file{place}") for place, content in enumerate(contents)]
        return read([Source(path) for path in paths], only, name)[1]

    return make


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "lists.db")


def party(number: str, name: str = "", since: str = "", until: str = "", list_id: str = "un.sc") -> Party:
    """A party for tests of the store."""
    return Party(f"{list_id}/{number}", "", (Name(name or number),), Listing(list_id, number, since=since, until=until))
