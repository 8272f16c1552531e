"""Where exeat keeps its state, and the compiled rulebook that it keeps there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import msgspec

from exeat import __version__
from exeat.rulebook.load import content_hash, load_book, shipped_law
from exeat.rulebook.model import Book


def home() -> Path:
    """``EXEAT_HOME``, or the platform's own data folder."""
    given = os.environ.get("EXEAT_HOME")
    if given:
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_data_dir("exeat", appauthor=False))


def law_folders(extra: tuple[str, ...] = ()) -> list[Path]:
    """The shipped law, then ``EXEAT_HOME/law`` if there is one, then what the command names."""
    own = home() / "law"
    return [shipped_law(), *([own] if own.is_dir() else []), *(Path(folder) for folder in extra)]


def ready_book(extra: tuple[str, ...] = (), allow_relax: bool = False) -> Book:
    """The rulebook, from the cache if these very files were read before.

    The cache is MessagePack decoded by type, so that a damaged or foreign file is refused and read anew, never run.

    Raises:
        InputErrors: the law's files are faulty.
    """
    folders = law_folders(extra)
    name = f"{content_hash(folders)}-{__version__}-{'relaxed' if allow_relax else 'strict'}.book"
    path = home() / "cache" / name
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.msgpack.decode(path.read_bytes(), type=Book)
    book = load_book(folders, allow_relax)
    with contextlib.suppress(OSError):  # a full disk or a read-only home costs time, not the answer
        write_whole(path, msgspec.msgpack.encode(book))
    return book


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all.

    Raises:
        OSError: it could not be written; what was there before is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
