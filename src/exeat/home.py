"""Where exeat keeps its state, and the compiled rulebook that it keeps there."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
import time
from pathlib import Path

import msgspec

from exeat import __version__
from exeat.rulebook.load import content_hash, load_book, shipped_law
from exeat.rulebook.model import Book

CHECKSUM = 32  # bytes of SHA-256 before the book
KEPT_BOOKS, KEPT_DAYS = 8, 30  # cached books: how many, and how long
DAY = 86_400  # seconds
READERS = ("rulebook", "vocabulary")  # the parts of exeat that make a book out of files


def home() -> Path:
    """``EXEAT_HOME``, or the platform's own data folder."""
    given = os.environ.get("EXEAT_HOME")
    if given:
        return Path(given)
    import platformdirs  # noqa: PLC0415  only where nobody has said

    return Path(platformdirs.user_data_dir("exeat", appauthor=False))


def law_folders(extra: tuple[str, ...] = ()) -> list[Path]:
    """The shipped law, then ``EXEAT_HOME/law`` if there is one, then what the command names."""
    own = home() / "law"
    return [shipped_law(), *([own] if os.path.lexists(own) else []), *(Path(folder) for folder in extra)]


def ready_book(extra: tuple[str, ...] = (), allow_relax: bool = False) -> Book:
    """The rulebook, from the cache if these very files were read before.

    The cache is MessagePack decoded by type, after its checksum, so that a damaged or foreign file is refused and read
    anew, never run.

    Raises:
        InputErrors: the law's files are faulty.
    """
    folders = law_folders(extra)
    edition = content_hash(folders)
    rule = "relaxed" if allow_relax else "strict"
    path = home() / "cache" / f"{edition}-{__version__}-{readers_changed()}-{rule}.book"
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        kept = _decoded(path.read_bytes())
        if kept is not None and kept.hash == edition:
            return kept
    book = load_book(folders, allow_relax)
    if book.hash == edition:  # or else a file was changed between the two readings
        with contextlib.suppress(OSError):  # a full disk or a read-only home costs time, not the answer
            content = msgspec.msgpack.encode(book)
            write_whole(path, hashlib.sha256(content).digest() + content)
            _drop_old_books(path)
    return book


def readers_changed() -> int:
    """When exeat's own reading of the law last changed (0: none can tell), so that a developer's change is seen."""
    package = Path(__file__).parent
    with contextlib.suppress(OSError):
        return max(
            (path.stat().st_mtime_ns for part in READERS for path in (package / part).glob("*.py")),
            default=0,
        )
    return 0


def _drop_old_books(new: Path) -> None:
    """Remove the cached books that are old or too many beside a new one. What cannot be removed stays."""
    others: list[tuple[float, Path]] = []
    for path in new.parent.glob("*.book"):
        with contextlib.suppress(OSError):  # another process was quicker
            others += [(path.stat().st_mtime, path)] if path != new else []
    others.sort(reverse=True)
    oldest = time.time() - KEPT_DAYS * DAY
    for place, (written, path) in enumerate(others, 2):  # the new one is the first
        if place > KEPT_BOOKS or written < oldest:
            with contextlib.suppress(OSError):
                path.unlink()


def _decoded(raw: bytes) -> Book | None:
    """The book in a cache file, or None if a byte of it has changed."""
    checksum, content = raw[:CHECKSUM], raw[CHECKSUM:]
    return msgspec.msgpack.decode(content, type=Book) if hashlib.sha256(content).digest() == checksum else None


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


def write_folder(folder: Path, files: dict[str, bytes], stage: Path) -> None:
    """Write a folder so that it is there whole or not at all; one that was written so before is replaced.

    Args:
        folder: where it is to be.
        files: what is to be in it, by name.
        stage: a folder of the same file system in which nobody looks for what is being written.

    Raises:
        FileExistsError: it holds something else, which nobody asked to replace.
        OSError: it could not be written; what was there before is untouched.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise FileExistsError(errno.EEXIST, "not a folder")
    others = sorted({path.name for path in folder.iterdir()} - set(files)) if folder.exists() else []
    if others:
        raise FileExistsError(errno.EEXIST, f"the folder holds something else ({others[0]})")
    folder.parent.mkdir(parents=True, exist_ok=True)
    stage.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=stage, prefix=".exeat-") as temporary:
        new, old = Path(temporary) / "new", Path(temporary) / "old"
        new.mkdir()
        for name, content in files.items():
            write_whole(new / name, content)
        if not folder.exists():
            os.replace(new, folder)
            return
        os.replace(folder, old)
        try:
            os.replace(new, folder)
        except BaseException:
            os.replace(old, folder)
            raise
