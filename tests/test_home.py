"""EXEAT_HOME: its law overlays the shipped one; its cache is believed only where it is whole; no answer hangs on it."""

from __future__ import annotations

import errno
import os
import random
import shutil
from pathlib import Path

import msgspec
import pytest

from exeat import home
from exeat.decide.engine import Engine, Options
from exeat.errors import InputErrors
from exeat.rulebook.load import content_hash, law_files, load_book
from exeat.rulebook.model import Book
from exeat.vocabulary.transaction import load_transaction

BASE = Path(__file__).parent / "base_law"
EXTRA = """\
measure: extra.order
regime: base.control
title: {en: One more order, zh: 另一命令}
authority: {en: The office, zh: 主管机关}
kind: order
sources:
  text: {ref: One more order, url: "https://example.org/extra", seen: primary}
rules:
  - id: extra.order.1
    title: {en: no books, zh: 禁止书籍}
    when: {item.kind: book}
    effect: prohibited
    cite: text art. 1
    life: [{from: 2020-01-01, status: in force, by: text, recorded: 2020-01-01}]
"""
RELAX = EXTRA.replace("effect: prohibited", "defeats: base.order.1\n    relief: exempt").replace(
    "item.kind: book", "act.paid: true"
)


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch) -> Path:
    """A home of its own, over the tiny law."""
    monkeypatch.setattr(home, "shipped_law", lambda: BASE)
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def readings(monkeypatch) -> list[list[Path]]:
    """The readings of the law's files, as they happen: none if the cache was used."""
    seen: list[list[Path]] = []
    real = load_book

    def counted(folders, allow_relax=False):
        seen.append(folders)
        return real(folders, allow_relax)

    monkeypatch.setattr(home, "load_book", counted)
    return seen


def cached(place: Path) -> list[Path]:
    return sorted((place / "cache").iterdir()) if (place / "cache").is_dir() else []


def same(one: Book, other: Book) -> bool:
    return msgspec.json.encode(one) == msgspec.json.encode(other) and one == other


def own_law(place: Path, text: str = EXTRA, name: str = "order.yaml") -> None:
    (place / "law").mkdir(parents=True, exist_ok=True)
    (place / "law" / name).write_text(text, encoding="utf-8")


# --- where it is


def test_exeat_home(place, monkeypatch):
    assert home.home() == place
    monkeypatch.setenv("EXEAT_HOME", "")
    assert home.home().name == "exeat"
    monkeypatch.delenv("EXEAT_HOME")
    assert home.home().name == "exeat"


def test_the_home_need_not_be_there(place):
    assert home.law_folders() == [BASE]
    assert same(home.ready_book(), load_book([BASE]))


# --- the cache


def test_the_cached_book_equals_a_fresh_one(place, readings):
    first = home.ready_book()
    second = home.ready_book()
    assert len(readings) == 1
    assert len(cached(place)) == 1
    assert same(first, second)
    assert same(second, load_book([BASE]))
    transaction = load_transaction(BASE / "transaction.txt", second.vocabulary)
    options = Options("2026-11-22")
    decisions = {msgspec.json.encode(Engine(book).decide(transaction, options)) for book in (first, second)}
    assert len(decisions) == 1


def test_the_shipped_book_survives_the_cache(place, book):
    content = msgspec.msgpack.encode(book)
    assert same(msgspec.msgpack.decode(content, type=Book), book)


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"",
        lambda raw: raw[:10],
        lambda raw: raw[:32],
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:-1],
        lambda raw: raw + b"\0",
        lambda raw: raw[32:],
        lambda raw: b"\0" * len(raw),
        lambda raw: raw.replace(b"prohibited", b"prohibitet"),
        lambda raw: raw.replace(b"NO", b"NP"),
        lambda raw: b"not a book at all",
        lambda raw: b"\x80\x04\x95cposix\nsystem\n(S'touch /tmp/exeat-was-here'\ntR.",  # a pickle
    ],
)
def test_a_damaged_cache_is_read_anew_and_replaced(place, readings, damage):
    home.ready_book()
    (path,) = cached(place)
    whole = path.read_bytes()
    damaged = damage(whole)
    assert damaged != whole
    path.write_bytes(damaged)
    assert same(home.ready_book(), load_book([BASE]))
    assert path.read_bytes() == whole
    home.ready_book()
    assert len(readings) == 2
    assert not Path("/tmp/exeat-was-here").exists()


def test_no_changed_byte_of_the_cache_is_believed(place, readings):
    fresh = home.ready_book()
    (path,) = cached(place)
    whole = path.read_bytes()
    for at in random.Random(1).sample(range(len(whole)), 40):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert same(home.ready_book(), fresh)
    assert len(readings) == 41


def test_the_book_of_another_edition_is_not_believed(place, readings):
    own_law(place)
    home.ready_book()
    (path,) = cached(place)
    shutil.rmtree(place / "law")
    home.ready_book()
    (other,) = set(cached(place)) - {path}
    shutil.copy(path, other)  # a foreign book under this edition's name, whole and with its checksum
    assert "extra.order.1" not in home.ready_book().rules
    assert len(readings) == 3


def test_a_cache_file_that_is_a_folder_is_passed_over(place):
    home.ready_book()
    (path,) = cached(place)
    path.unlink()
    path.mkdir()
    assert same(home.ready_book(), load_book([BASE]))


def test_nothing_is_left_behind(place):
    home.ready_book()
    assert [path.suffix for path in cached(place)] == [".book"]


def test_a_change_of_the_loader_is_seen(place, readings, monkeypatch):
    home.ready_book()
    newest = max(
        path.stat().st_mtime_ns for part in home.READERS for path in (Path(home.__file__).parent / part).iterdir()
    )
    assert str(home.readers_changed()) in cached(place)[0].name
    assert home.readers_changed() <= newest
    monkeypatch.setattr(home, "readers_changed", lambda: newest + 1)
    home.ready_book()
    assert len(readings) == len(cached(place)) == 2


def test_the_newest_source_counts(tmp_path, monkeypatch):
    for number, part in enumerate(home.READERS, 1):
        (tmp_path / part).mkdir()
        for name, at in (("old.py", number), ("new.py", number * 10), ("notes.txt", 999)):
            (tmp_path / part / name).touch()
            os.utime(tmp_path / part / name, ns=(at, at))
    monkeypatch.setattr(home, "__file__", str(tmp_path / "home.py"))
    assert home.readers_changed() == 20
    monkeypatch.setattr(home, "__file__", str(tmp_path / "gone" / "home.py"))
    assert home.readers_changed() == 0


def old_books(place: Path, ages: list[float]) -> list[Path]:
    """Books of other editions, so many days old."""
    (place / "cache").mkdir(parents=True)
    found = []
    for number, age in enumerate(ages):
        path = place / "cache" / f"{number:02}-0.0-0-strict.book"
        path.write_bytes(b"another book")
        at = home.time.time() - age * home.DAY
        os.utime(path, (at, at))
        found.append(path)
    return found


def test_too_many_books_are_dropped(place):
    books = old_books(place, [5, 1, 9, 3, 7, 2, 8, 4, 6, 10])
    home.ready_book()
    kept = [path for path in books if path.exists()]
    assert kept == [books[n] for n in (0, 1, 3, 4, 5, 7, 8)]
    assert len(cached(place)) == home.KEPT_BOOKS


def test_old_books_are_dropped(place):
    books = old_books(place, [home.KEPT_DAYS - 1, home.KEPT_DAYS + 1])
    home.ready_book()
    assert [path.exists() for path in books] == [True, False]


def test_no_book_is_dropped_unless_one_is_written(place):
    home.ready_book()
    (path,) = cached(place)
    os.utime(path, (1, 1))
    home.ready_book()
    assert cached(place) == [path]


def test_a_book_that_cannot_be_dropped_stays(place, monkeypatch):
    books = old_books(place, [100, 200])
    books[0].unlink()
    (books[0] / "inside").mkdir(parents=True)
    os.utime(books[0], (1, 1))
    assert same(home.ready_book(), load_book([BASE]))
    assert [path.exists() for path in books] == [True, False]

    def fail(*args, **kwargs):
        raise OSError(errno.EROFS, "read-only")

    (place / "cache" / "old.book").write_bytes(b"")
    os.utime(place / "cache" / "old.book", (1, 1))
    own_law(place)
    for call in ("unlink", "glob"):
        monkeypatch.setattr(Path, call, fail)
        assert "extra.order.1" in home.ready_book().rules
        assert (place / "cache" / "old.book").exists()
        own_law(place, EXTRA + "# another edition\n")


# --- a home that cannot be written costs time, not the answer


@pytest.mark.parametrize("code", [errno.EROFS, errno.ENOSPC, errno.EACCES, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("call", ["mkdir", "mkstemp", "fsync", "replace"])
def test_a_read_only_or_full_home(place, monkeypatch, code, call):
    def fail(*args, **kwargs):
        raise OSError(code, os.strerror(code))

    owner = {"mkdir": Path, "mkstemp": home.tempfile, "fsync": home.os, "replace": home.os}[call]
    monkeypatch.setattr(owner, call, fail)
    assert same(home.ready_book(), load_book([BASE]))
    monkeypatch.undo()
    assert cached(place) == []


def test_a_home_that_is_a_file(place):
    place.write_text("not a folder", encoding="utf-8")
    assert same(home.ready_book(), load_book([BASE]))
    assert place.read_text(encoding="utf-8") == "not a folder"


def test_a_home_that_is_nowhere(monkeypatch):
    monkeypatch.setenv("EXEAT_HOME", "/dev/null/exeat")
    assert same(home.ready_book(), load_book([BASE]))


def test_a_failed_write_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "file"
    home.write_whole(path, b"before")

    def fail(*args):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(home.os, "fsync", fail)
    with pytest.raises(OSError, match="full"):
        home.write_whole(path, b"after")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"before"


# --- the overlay


def test_own_law_changes_the_edition_and_is_shown(place):
    plain = home.ready_book()
    own_law(place)
    overlaid = home.ready_book()
    assert home.law_folders() == [BASE, place / "law"]
    assert overlaid.hash != plain.hash
    assert "extra.order.1" in overlaid.rules
    assert (plain.overlays, overlaid.overlays) == ((), ("law",))
    transaction = load_transaction(BASE / "transaction.txt", plain.vocabulary)
    before, after = (Engine(book).decide(transaction, Options("2026-11-22")) for book in (plain, overlaid))
    assert before.hash != after.hash
    assert (before.overlays, after.overlays) == ((), ("law",))
    assert before.edition != after.edition
    shutil.rmtree(place / "law")
    assert home.ready_book().hash == plain.hash


def test_own_law_then_what_the_command_names(place, tmp_path):
    own_law(place)
    more = tmp_path / "more"
    more.mkdir()
    (more / "order.yaml").write_text(EXTRA.replace("extra.order", "more.order"), encoding="utf-8")
    book = home.ready_book((str(more),))
    assert book.overlays == ("law", "more")
    assert {"extra.order.1", "more.order.1"} <= set(book.rules)


def test_own_law_may_not_relax_unless_it_is_said(place):
    own_law(place, RELAX)
    with pytest.raises(InputErrors, match="an overlay may not relax shipped law"):
        home.ready_book()
    assert home.ready_book(allow_relax=True).rules["extra.order.1"].defeats == ("base.order.1",)
    with pytest.raises(InputErrors, match="an overlay may not relax shipped law"):
        home.ready_book()  # the relaxed book in the cache is not taken for the strict one


def test_own_law_that_is_no_folder_is_told(place):
    place.mkdir()
    (place / "law").write_text("measure: x\n", encoding="utf-8")
    with pytest.raises(InputErrors, match="no such law folder"):
        home.ready_book()


def test_own_law_that_leads_nowhere_is_told(place):
    place.mkdir()
    (place / "law").symlink_to(place / "gone")
    with pytest.raises(InputErrors, match="no such law folder"):
        home.ready_book()


def test_faulty_own_law_is_not_kept(place):
    own_law(place, EXTRA.replace("item.kind", "item.knid"))
    with pytest.raises(InputErrors, match="no such fact"):
        home.ready_book()
    assert cached(place) == []


# --- the hash of the content


@pytest.fixture
def law(tmp_path) -> Path:
    folder = tmp_path / "law"
    shutil.copytree(BASE, folder)
    return folder


def test_the_hash_does_not_hang_on_the_order_of_files(law, tmp_path, monkeypatch):
    """Files made in another order, in another place, at another time."""
    again = tmp_path / "elsewhere" / "law"
    for path in sorted(law.rglob("*"), reverse=True):
        if path.is_file():
            target = again / path.relative_to(law)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            os.utime(target, (1, 1))
    assert content_hash([again]) == content_hash([law])
    real = Path.rglob
    monkeypatch.setattr(Path, "rglob", lambda self, pattern: reversed(list(real(self, pattern))))
    assert content_hash([law]) == content_hash([again])


def test_the_hash_changes_with_any_byte(law):
    draw = random.Random(2)
    seen = {content_hash([law])}
    files = [path for path, _ in law_files([law])]
    for number, path in enumerate(files, 1):
        raw = path.read_bytes()
        at = draw.randrange(len(raw))
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        seen.add(content_hash([law]))
        path.write_bytes(raw)
        assert len(seen) == number + 1
    assert content_hash([law]) in seen


def test_the_hash_changes_with_names_and_with_what_comes_and_goes(law):
    seen = [content_hash([law])]
    (law / "book.yaml").rename(law / "book-2.yaml")
    seen.append(content_hash([law]))
    (law / "sub").mkdir()
    (law / "book-2.yaml").rename(law / "sub" / "book.yaml")
    seen.append(content_hash([law]))
    (law / "list.tsv").unlink()
    seen.append(content_hash([law]))
    (law / "empty.yaml").write_bytes(b"")
    seen.append(content_hash([law]))
    assert len(set(seen)) == len(seen)


def test_bytes_do_not_wander_between_files(law):
    """Where one file ends and the next begins counts, too."""
    (law / "a.yaml").write_bytes(b"xy")
    (law / "b.yaml").write_bytes(b"z")
    first = content_hash([law])
    (law / "a.yaml").write_bytes(b"x")
    (law / "b.yaml").write_bytes(b"yz")
    assert content_hash([law]) != first


def test_what_is_no_law_does_not_count(law):
    first = content_hash([law])
    (law / "README.md").write_text("notes", encoding="utf-8")
    (law / "empty").mkdir()
    assert content_hash([law]) == first


def test_a_file_in_an_overlay_is_not_the_same_file_in_the_shipped_law(law, tmp_path):
    (law / "zz.yaml").write_text(EXTRA, encoding="utf-8")
    inside = content_hash([law])
    overlay = tmp_path / "overlay" / "law"
    overlay.mkdir(parents=True)
    (law / "zz.yaml").rename(overlay / "zz.yaml")
    assert content_hash([law, overlay]) != inside


def test_an_overlay_named_by_where_one_stands(tmp_path, monkeypatch):
    folder = tmp_path / "my-law"
    folder.mkdir()
    (folder / "order.yaml").write_text(EXTRA, encoding="utf-8")
    monkeypatch.chdir(folder)
    assert home.ready_book((".",)).overlays == ("my-law",)
    monkeypatch.chdir(tmp_path)
    assert home.ready_book(("my-law",)).hash == home.ready_book((str(folder),)).hash
