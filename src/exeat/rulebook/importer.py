"""`import` files: the shape of an official text as data, and the register that its entries fill."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import NoReturn

from exeat.errors import InputError, nearest
from exeat.rulebook.model import Importer, Part, Register, Versions
from exeat.vocabulary.model import Vocabulary
from exeat.vocabulary.reader import Map, Seq, Word, line_of
from exeat.vocabulary.take import NAME, Taker

LABELS = ("code", "name", "points", "other")
NEEDED = ("code", "name")
ENTRY_TAKES = ("code", "name", "class", "version")  # what a column of an entry's row may take
POINT_TAKES = (*ENTRY_TAKES, "point", "text")


def read_importer(taker: Taker, key: str, registers: dict[str, Register], vocabulary: Vocabulary) -> Importer:
    """One `import` file, checked against the registers that it names.

    Raises:
        InputError: the first fault in it.
    """
    register = _register(taker, "fills", registers)
    versions = _versions(taker, registers)
    parts = tuple(_part(one) for one in taker.maps("parts"))
    if not parts:
        taker.fail("a list of parts is needed here, and not an empty one", taker.get("parts"), "parts")
    importer = Importer(
        key,
        taker.text("title"),
        register.id,
        _labels(taker),
        parts,
        taker.words("headings"),
        taker.words("page words"),
        taker.word("code"),
        _takes(taker, "entry", register, ENTRY_TAKES),
        _takes(taker, "point", register, POINT_TAKES),
        _words(taker, "constant", register),
        versions,
        taker.file,
    )
    taker.done()
    _check(taker, importer, register, vocabulary)
    return importer


def _register(taker: Taker, key: str, registers: dict[str, Register]) -> Register:
    name = taker.word(key)
    if name not in registers:
        taker.fail("no such register", taker.node[key], key, hint=nearest(name, registers))
    return registers[name]


def _labels(taker: Taker) -> dict[str, tuple[str, ...]]:
    one = Taker(taker.need("labels"), taker.file, "labels")
    found = {label: one.words(label, default=label not in NEEDED) for label in LABELS}
    one.done()
    taken = [word for words in found.values() for word in words]
    for word in taken:
        if not word.strip() or taken.count(word) > 1:
            one.fail("the label stands twice" if word.strip() else "a word is needed here", word)
    return found


def _part(one: Taker) -> Part:
    part = Part(one.words("headings", default=False), one.word("class"), one.word("ends", ""))
    one.done()
    return part


def _versions(taker: Taker, registers: dict[str, Register]) -> Versions | None:
    if taker.get("versions") is None:
        return None
    one = Taker(taker.need("versions"), taker.file, "versions")
    register = _register(one, "register", registers)
    found = Versions(register.id, _words(one, "where", register), _words(one, "counts"))
    one.done()
    for part, column in one.map("counts").items():
        if column not in register.columns:
            one.fail("no such column", column, f"counts.{part}", hint=nearest(column, register.columns))
    return found


def _words(taker: Taker, key: str, register: Register | None = None) -> dict[str, str]:
    """A mapping of words; its keys are columns of the register, if one is given."""
    found = taker.map(key)
    for name, value in found.items():
        if not isinstance(value, Word):
            taker.fail("a word is needed here", value, f"{key}.{name}")
        if register is not None and name not in register.columns:
            allowed = ", ".join(register.columns)
            taker.fail("no such column", name, f"{key}.{name}", allowed, nearest(name, register.columns))
    return {str(name): str(value) for name, value in found.items()}


def _takes(taker: Taker, key: str, register: Register, allowed: tuple[str, ...]) -> dict[str, str]:
    found = _words(taker, key, register)
    for column, source in found.items():
        if source not in allowed:
            node = taker.map(key)[column]
            taker.fail("not a part of an entry", node, f"{key}.{column}", ", ".join(allowed), nearest(source, allowed))
    return found


def _check(taker: Taker, importer: Importer, register: Register, vocabulary: Vocabulary) -> None:
    """What parts of the file say of each other."""
    for key, takes in (("entry", importer.entry), ("point", importer.point)):
        if "class" not in takes.values():
            _fail(taker, "no column takes the class", key)
    if "code" not in importer.entry.values():
        _fail(taker, "no column takes the code", "entry")
    for column in importer.constant:
        if column in importer.entry or column in importer.point:
            _fail(taker, "the column already takes a part of the entry", f"constant.{column}", column)
    if not NAME.fullmatch(importer.code.lower()):
        _fail(taker, "not the shape of a code", "code", importer.code, "9 for a digit, A for a capital letter")
    _check_parts(taker, importer)
    _check_codes(taker, importer, register, vocabulary)
    told = importer.versions
    if told is None and "version" in (*importer.entry.values(), *importer.point.values()):
        _fail(taker, "a column takes the version, and `versions` names no register", "import")
    known = classes(importer)
    for name in told.counts if told else ():
        if name not in known:
            _fail(taker, "no part is of this class", f"versions.counts.{name}", name, ", ".join(known))


def _check_parts(taker: Taker, importer: Importer) -> None:
    """Headings open one part each, and codes of two classes do not end alike."""
    headings: set[str] = set()
    for number, part in enumerate(importer.parts):
        if not fits(importer.code[len(importer.code) - len(part.ends) :], part.ends):
            _fail(taker, "no code ends so", f"parts.{number}.ends", part.ends)
        for heading in part.headings:
            if heading in headings:
                _fail(taker, "the heading opens two parts", f"parts.{number}.headings", heading)
            headings.add(heading)
    for heading in importer.headings:
        if heading in headings:
            _fail(taker, "the heading opens a part", "headings", heading)
    for (_, a), (number, b) in itertools.combinations(enumerate(importer.parts), 2):
        if a.means != b.means and a.ends and a.ends == b.ends:
            _fail(taker, "the same end for two classes", f"parts.{number}.ends", b.ends)


def _fail(taker: Taker, problem: str, path: str, found: str = "", allowed: str = "") -> NoReturn:
    line = _line(taker, path)
    raise InputError(problem, file=taker.file, line=line, path=path, found=found, allowed=allowed)


def _check_codes(taker: Taker, importer: Importer, register: Register, vocabulary: Vocabulary) -> None:
    """Classes and constants are codes of the lists of their columns."""
    values = [
        (column, part.means, f"parts.{number}.class")
        for takes in (importer.entry, importer.point)
        for column, source in takes.items()
        for number, part in enumerate(importer.parts)
        if source == "class"
    ] + [(column, value, f"constant.{column}") for column, value in importer.constant.items()]
    for column, value, path in values:
        kind, _, list_name = register.columns[column].partition(" ")
        if kind != "text":
            vocabulary.check_code(list_name, value, InputError("", file=taker.file, line=_line(taker, path), path=path))


def _line(taker: Taker, path: str) -> int:
    """The line of what stands at a path in the file."""
    node: object = taker.node
    for step in path.split("."):
        if isinstance(node, Map):
            node = node.get(step)
        elif isinstance(node, Seq):
            node = node[int(step)]
    return line_of(node) or line_of(taker.node)


def fits(shape: str, word: str) -> bool:
    """Whether a word has a shape: 9 is a digit, A a capital letter, all else itself."""
    return len(shape) == len(word) and all(_fits_one(a, b) for a, b in zip(shape, word, strict=True))


def _fits_one(shape: str, letter: str) -> bool:
    if shape == "9":
        return letter in "0123456789"
    if shape == "A":
        return "A" <= letter <= "Z"
    return shape == letter


def classes(importer: Importer) -> tuple[str, ...]:
    """The classes of the parts, in their order."""
    return tuple(dict.fromkeys(part.means for part in importer.parts))


def codes_in(text: str, shape: str) -> Iterable[str]:
    """Every word of a text that has the shape of a code and does not run on into more letters or digits."""
    size = len(shape)
    for start in range(len(text) - size + 1):
        word = text[start : start + size]
        around = text[max(start - 1, 0) : start] + text[start + size : start + size + 1]
        if fits(shape, word) and not any(letter.isascii() and letter.isalnum() for letter in around):
            yield word
