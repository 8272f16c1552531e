"""The law that decisions were made under, kept beside them: file by file, each once, named by its hash.

Files rather than the compiled book: they are read by whatever exeat comes later, and their hash is the edition itself,
so that nobody need believe the copy.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa

from exeat.record.entry import RecordError
from exeat.record.store import BLOB, EDITION, Store, told
from exeat.rulebook.load import content_hash, law_files, load_book
from exeat.rulebook.model import Book
from exeat.vocabulary.reader import read_bytes

MANIFEST_LEVEL = 9  # editions are written rarely and kept for years


class LawFile(msgspec.Struct, frozen=True, array_like=True):
    """One file: in which folder (0 the shipped law, then overlays), its name there, its hash."""

    folder: int
    name: str
    hash: str


def editions(store: Store) -> dict[str, str]:
    """The hashes of the editions that are kept, with their names."""
    return {row.hash: row.name for row in store.rows(sa.select(EDITION.c.hash, EDITION.c.name))}


def keep_edition(store: Store, book: Book, folders: Sequence[Path]) -> bool:
    """Keep the files that a book was read from; False if they have changed since, and it can no longer be kept.

    Raises:
        RecordError: the store could not be written.
    """
    if _is_kept(store, book.hash):
        return True
    contents: dict[str, bytes] = {}
    manifest: list[LawFile] = []
    for depth, folder in enumerate(folders):
        for path, name in law_files([folder]):
            content = read_bytes(path, name)
            found = hashlib.sha256(content).hexdigest()
            contents[found] = content
            manifest.append(LawFile(depth, name, found))
    if _edition_of(manifest, contents) != book.hash:
        return False
    listed = msgspec.json.encode(manifest)
    named = hashlib.sha256(listed).hexdigest()
    contents[named] = listed
    with told(), store.writing() as connection:
        there = {row.hash for row in connection.execute(sa.select(BLOB.c.hash))}
        new = [
            {"hash": key, "content": zlib.compress(value, MANIFEST_LEVEL)}
            for key, value in contents.items()
            if key not in there
        ]
        if new:
            connection.execute(sa.insert(BLOB), new)
        if not connection.execute(sa.select(EDITION.c.hash).where(EDITION.c.hash == book.hash)).first():
            row = {"hash": book.hash, "name": book.edition, "manifest": named}
            connection.execute(sa.insert(EDITION), [row])
    return True


def load_edition(store: Store, edition: str) -> Book | None:
    """The book of an edition that is kept; None if it is not, or is damaged, or this exeat cannot read it.

    Its files must come to the very hash that was asked for.
    """
    rows = store.rows(sa.select(EDITION.c.manifest).where(EDITION.c.hash == edition))
    if not rows:
        return None
    try:
        manifest = msgspec.json.decode(_blob(store, rows[0].manifest), type=list[LawFile])
        with tempfile.TemporaryDirectory(prefix="exeat-law-") as place:
            folders: dict[int, Path] = {}
            for one in manifest:
                top, _, rest = one.name.partition("/")
                folder = folders[one.folder] = Path(place) / str(one.folder) / top
                path = folder / rest
                if not path.resolve().is_relative_to(folder.resolve()):
                    return None  # a name that climbs out of its folder was never exeat's
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(_blob(store, one.hash))
            ordered = [folders.get(depth, Path(place)) for depth in range(max(folders) + 1)]
            for depth in set(range(len(ordered))) - folders.keys():  # an overlay without a file counts all the same
                ordered[depth] = Path(tempfile.mkdtemp(dir=place))
            if content_hash(ordered) != edition:
                return None
            return load_book(ordered, allow_relax=True)  # whether it was allowed was settled when it was first read
    except RecordError:
        raise
    except Exception:  # law of another time that this exeat cannot read, or a damaged copy: not at hand, and said so
        return None


def edition_files(store: Store, edition: str, names: Collection[str]) -> list[tuple[LawFile, bytes]]:
    """Those files of a kept edition that have these names, with their content; [] if the edition is not kept.

    Raises:
        RecordError: the copy is damaged.
    """
    rows = store.rows(sa.select(EDITION.c.manifest).where(EDITION.c.hash == edition))
    if not rows:
        return []
    try:
        manifest = msgspec.json.decode(_blob(store, rows[0].manifest), type=list[LawFile])
        return [(one, _blob(store, one.hash)) for one in manifest if one.name in names]
    except (msgspec.MsgspecError, zlib.error) as error:
        raise RecordError(f"the kept edition is damaged: {error}", path="record", found=edition) from None


def _is_kept(store: Store, edition: str) -> bool:
    return bool(store.rows(sa.select(EDITION.c.hash).where(EDITION.c.hash == edition)))


def _blob(store: Store, key: str) -> bytes:
    rows = store.rows(sa.select(BLOB.c.content).where(BLOB.c.hash == key))
    return zlib.decompress(bytes(rows[0].content)) if rows else b""


def _edition_of(manifest: Sequence[LawFile], contents: dict[str, bytes]) -> str:
    """As `exeat.rulebook.load.content_hash`, over the bytes that are to be kept."""
    digest = hashlib.sha256()
    for one in manifest:
        content = contents[one.hash]
        digest.update(f"{one.folder}\0{one.name}\0{len(content)}\0".encode(errors="surrogateescape"))
        digest.update(content)
    return digest.hexdigest()
