"""``exeat law import``: the official text of a register, from whoever has it, as law of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from exeat.cli.show import Day, put
from exeat.errors import InputError, InputErrors, nearest

if TYPE_CHECKING:
    from exeat.rulebook.imports import Reading
    from exeat.rulebook.model import Book, Importer
    from exeat.rulebook.overlay import Overlay, Terms

NAMED = 20  # codes to name in print; all of them stand in the JSON


@click.command("import")
@click.argument("key", metavar="IMPORT-ID")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--from", "since", type=Day(), required=True, help="The first day in law of this version.")
@click.option("--recorded", type=Day(), required=True, help="The day on which it was published.")
@click.option("--ref", required=True, help="The instrument, as an answer is to cite it.")
@click.option("--url", default="", help="Its official page.")
@click.option("--until", type=Day(), default=None, help="Its last day in law, where no register tells the versions.")
@click.option("--expect", default="", metavar="CLASS=N,…", help="The official counts: refuse a text that has others.")
@click.option("--heading", "headings", multiple=True, metavar="WORDS", help="A heading of this text (may be repeated).")
@click.option("--complete", is_flag=True, help="Say that what is not in it is not in the register either.")
@click.option("--to", "target", default="", metavar="DIR", help="Write here.  [default: EXEAT_HOME/law/imported/…]")
@click.option("--law", "folders", multiple=True, metavar="DIR", help="Add law from this folder (may be repeated).")
@click.option("--json", "as_json", is_flag=True, help="What was found, as one JSON object.")
def law_import(
    key: str,
    file: Path,
    since: str,
    recorded: str,
    ref: str,
    url: str,
    until: str | None,
    expect: str,
    headings: tuple[str, ...],
    complete: bool,
    target: str,
    folders: tuple[str, ...],
    as_json: bool,
) -> None:
    """Take the official text FILE of a register as law of your own.

    The text is read as the import file IMPORT-ID says. What cannot be read for certain is refused, with its lines, and
    nothing is written.

    \b
    Examples:
      exeat law import cn.catalogue-annex annex.txt --from 2023-12-21 --recorded 2023-12-21 \\
        --ref "公告2023年第57号" --url http://…/20231221153855374.pdf
    """
    from exeat.home import home, law_folders
    from exeat.rulebook.imports import read_official
    from exeat.rulebook.load import load_book
    from exeat.rulebook.overlay import Terms, make_overlay
    from exeat.vocabulary.reader import read_bytes

    law = law_folders(folders)
    book = load_book(law, allow_relax=True)  # nothing is decided here
    importer = _importer(book, key)
    terms = Terms(since, recorded, ref, url, until or "", complete, _expected(expect, importer))
    reading = read_official(read_bytes(file, str(file)), str(file), importer, headings)
    overlay = make_overlay(importer, reading, book, terms)
    folder = Path(target) if target else home() / "law" / "imported" / overlay.key
    _write(folder, overlay, folder.absolute().parent if target else home(), law)
    found = _found(importer, reading, terms, overlay, folder)
    if as_json:
        import msgspec

        put(msgspec.json.encode(found).decode() + "\n")
    else:
        put(_told(reading, terms, overlay, importer, folder, bool(target)))


def _importer(book: Book, key: str) -> Importer:
    if key not in book.importers:
        known = ", ".join(book.importers)
        hint = nearest(key, book.importers)
        raise InputError("no import file of this id", path="IMPORT-ID", found=key, allowed=known, hint=hint)
    return book.importers[key]


def _expected(words: str, importer: Importer) -> dict[str, int]:
    """``prohibited=24,restricted=110`` as counts by class."""
    from exeat.rulebook.importer import classes

    found: dict[str, int] = {}
    known = classes(importer)
    for one in filter(None, words.split(",")):
        name, _, count = (part.strip() for part in one.partition("="))
        if name not in known or not (count.isascii() and count.isdecimal()) or name in found:
            allowed = ",".join(f"{name}=N" for name in known)
            raise InputError("not a count by class", path="--expect", found=one, allowed=allowed)
        found[name] = int(count)
    return found


def _write(folder: Path, overlay: Overlay, stage: Path, law: list[Path]) -> None:
    """The overlay's files, whole or not at all, and only if the law can be read with them.

    Raises:
        InputErrors: the law could not be read with it; InputError: it could not be written.
    """
    import tempfile

    from exeat.home import write_folder
    from exeat.rulebook.load import load_book
    from exeat.rulebook.overlay import REGISTER_FILE

    try:
        if not (folder / REGISTER_FILE).is_file():
            with tempfile.TemporaryDirectory() as trial:
                for name, content in overlay.files.items():
                    (Path(trial) / name).write_bytes(content)
                load_book([*law, Path(trial)], allow_relax=True)
        write_folder(folder, overlay.files, stage)
    except OSError as error:
        raise InputErrors([InputError(f"cannot write: {error.strerror}", file=str(folder))]) from None


def _found(importer: Importer, reading: Reading, terms: Terms, overlay: Overlay, folder: Path) -> dict[str, object]:
    return {
        "import": importer.id,
        "register": importer.register,
        "from": terms.since,
        "until": overlay.until,
        "recorded": terms.recorded,
        "file": reading.file,
        "sha256": reading.sha256,
        "encoding": reading.encoding,
        "counts": overlay.counts,
        "points": overlay.points,
        "without_points": list(overlay.without_points),
        "new": list(overlay.new),
        "missing": list(overlay.missing),
        "complete": terms.complete,
        "folder": str(folder),
        "entries": [
            {
                "code": entry.code,
                "name": entry.name,
                "class": entry.means,
                "lines": [entry.first, entry.last],
                "points": [
                    {"point": point.number, "text": point.text, "lines": [point.first, point.last]}
                    for point in entry.points
                ],
            }
            for entry in reading.entries
        ],
    }


def _told(reading: Reading, terms: Terms, overlay: Overlay, importer: Importer, folder: Path, elsewhere: bool) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in overlay.counts.items())
    period = f"from {terms.since}" + (f" until {overlay.until}" if overlay.until else "")
    how = f"{reading.lines} lines, {reading.encoding}"
    lines = [
        f"read      {reading.file} ({how}{'' if reading.encoding == 'UTF-8' else '; it is not UTF-8'})",
        f"found     {sum(overlay.counts.values())} entries ({counts}) with {overlay.points} points, {period}",
    ]
    if overlay.without_points:
        lines.append(f"          without points: {_some(overlay.without_points)}")
    lines += [
        f"new       {_some(overlay.new)}",
        f"missing   {_some(overlay.missing)} (in {importer.register} on {terms.since}, and not in the text)",
        f"written   {folder}",
    ]
    use = f"--law {folder} --allow-relax" if elsewhere else "--allow-relax"
    if terms.complete:
        who = "commands that use it need" if elsewhere else "every command now needs"
        lines.append(f"complete  what is not in it counts as free, so {who} {use}")
    else:
        lines.append("complete  no: what is not in it stays unknown (see --complete)")
    return "\n".join(lines) + "\n"


def _some(codes: tuple[str, ...]) -> str:
    shown = " ".join(codes[:NAMED]) + (f" … ({len(codes)} in all)" if len(codes) > NAMED else "")
    return f"{len(codes)}: {shown}" if codes else "0"
