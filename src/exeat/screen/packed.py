"""Numpy arrays in one file: mapped, not read; checked before use; and no code in it, unlike a pickle.

Layout: `MAGIC`, the SHA-256 of all that follows, the length of the header, the header (MessagePack: a tag, and of each
array name, type, length and place), the arrays at multiples of 64 bytes. The tag says what the file was made from;
a file with another tag, a wrong hash or a wrong length is as good as none.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, overload

import msgspec
import numpy as np
import numpy.typing as npt

MAGIC = b"exeat packed arrays 1\n"
_ALIGN, _HASH = 64, 32
_TYPES = ("u1", "i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8")
Array = npt.NDArray[Any]
Arrays = Mapping[str, Array]


class _Place(msgspec.Struct, frozen=True, array_like=True):
    name: str
    dtype: str
    length: int
    offset: int


class _Header(msgspec.Struct, frozen=True, array_like=True):
    tag: str
    places: tuple[_Place, ...]


class DamagedError(Exception):
    """The file is not one of ours, not whole, or was made from something else."""


def write(path: Path, tag: str, arrays: Arrays) -> None:
    """Write all arrays (of one dimension), then put the file in its place in one step."""
    offset, places, parts = 0, [], []
    for name, array in arrays.items():
        plain = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
        places.append(_Place(name, plain.dtype.str.replace("|", ""), len(plain), offset))
        parts.append((plain, -plain.nbytes % _ALIGN))
        offset += plain.nbytes + -plain.nbytes % _ALIGN
    header = msgspec.msgpack.encode(_Header(tag, tuple(places)))
    header = len(header).to_bytes(8, "little") + header
    header += b"\0" * (-(len(MAGIC) + _HASH + len(header)) % _ALIGN)
    digest = hashlib.sha256(header)
    for plain, gap in parts:
        digest.update(plain.data)
        digest.update(b"\0" * gap)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + digest.digest() + header)
            for plain, gap in parts:
                file.write(plain.data)
                file.write(b"\0" * gap)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def read(path: Path, tag: str) -> dict[str, npt.NDArray[Any]]:
    """The arrays, as views of the mapped file.

    Raises:
        DamagedError: there is no such file, it is damaged, or its tag is another.
    """
    try:
        with path.open("rb") as file:
            view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError) as error:
        raise DamagedError(str(error)) from error
    start = len(MAGIC) + _HASH
    if bytes(view[: len(MAGIC)]) != MAGIC or hashlib.sha256(view[start:]).digest() != view[len(MAGIC) : start]:
        raise DamagedError(f"{path}: not whole")
    end = start + 8 + int.from_bytes(view[start : start + 8], "little")
    try:
        header = msgspec.msgpack.decode(bytes(view[start + 8 : end]), type=_Header)
    except msgspec.DecodeError as error:
        raise DamagedError(f"{path}: {error}") from error
    if header.tag != tag:
        raise DamagedError(f"{path}: made from something else")
    body = end + -end % _ALIGN
    return {place.name: _array(view, body, place) for place in header.places}


def _array(view: memoryview, body: int, place: _Place) -> npt.NDArray[Any]:
    if place.dtype not in _TYPES:
        raise DamagedError(f"type {place.dtype}")
    if not place.length:
        return np.zeros(0, place.dtype)
    return np.frombuffer(view, place.dtype, place.length, body + place.offset)


def texts(strings: list[bytes]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    """Pieces of bytes as one array, and where each begins (and the last one ends)."""
    starts = np.zeros(len(strings) + 1, np.uint32)
    np.cumsum([len(one) for one in strings], out=starts[1:])
    return np.frombuffer(b"".join(strings), np.uint8), starts


class Texts(Sequence[str]):
    """Texts that `texts` put together, decoded one at a time when asked for."""

    def __init__(self, blob: Array, starts: Array) -> None:
        self._blob, self._starts = blob.data, starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        return str(self._blob[self._starts[at] : self._starts[at + 1]], "utf-8", "surrogatepass")
