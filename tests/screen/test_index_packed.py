"""Arrays in one file: what was written is read; anything else is refused."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exeat.screen.packed import DamagedError, Texts, read, texts, write

ARRAYS = {
    "none": np.zeros(0, np.uint32),
    "one": np.array([7], np.uint8),
    "some": np.arange(100, dtype=np.int64) - 50,
    "last": np.zeros(0, np.int16),
}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write(tmp_path / "index", "tag", ARRAYS)
    found = read(tmp_path / "index", "tag")
    assert list(found) == list(ARRAYS)
    assert all(
        np.array_equal(found[name], array) and found[name].dtype == array.dtype for name, array in ARRAYS.items()
    )
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_another_tag_and_no_file_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "index", "tag", ARRAYS)
    with pytest.raises(DamagedError, match="something else"):
        read(tmp_path / "index", "other tag")
    with pytest.raises(DamagedError):
        read(tmp_path / "nothing", "tag")


@given(st.data())
def test_any_changed_or_missing_byte_is_noticed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.getbasetemp() / "packed"
    write(path, "tag", ARRAYS)
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    other = bytes([whole[at] ^ data.draw(st.integers(1, 255))])
    path.write_bytes(data.draw(st.sampled_from([whole[:at], whole[:at] + other + whole[at + 1 :], whole + b"\0"])))
    with pytest.raises(DamagedError):
        read(path, "tag")


@given(st.lists(st.binary(max_size=5)))
def test_texts_can_be_cut_out_again(pieces: list[bytes]) -> None:
    blob, starts = texts(pieces)
    assert [blob[a:b].tobytes() for a, b in itertools.pairwise(starts)] == pieces


@given(st.lists(st.text(st.characters(), max_size=5)))
def test_texts_are_decoded_one_at_a_time(pieces: list[str]) -> None:
    found = Texts(*texts([piece.encode("utf-8", "surrogatepass") for piece in pieces]))
    assert [found[at] for at in range(len(found))] == found[:] == pieces
    with pytest.raises(IndexError):
        found[len(pieces)]
