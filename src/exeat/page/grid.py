"""Verdicts side by side: activities by jurisdictions on a day, destinations of one transaction."""

from __future__ import annotations

import msgspec

from exeat.decide.engine import Engine, Options
from exeat.decide.level import VERDICT, Range
from exeat.page.names import Names
from exeat.page.words import word
from exeat.rulebook.model import Book
from exeat.vocabulary.model import UNKNOWN
from exeat.vocabulary.transaction import Act, Cell, Element, Transaction

NOTHING = "no_requirement_found"
DESTINATIONS = frozenset(("to", "users"))  # roles of a place that is one
RANK = (
    "prohibited",
    "prohibited_not_enforced",
    "licence_required",
    "approval_required",
    "undetermined",
    "conditions",
    "out_of_coverage",
    "not_in_effect",
    "authorised",
    NOTHING,
)  # fmt: skip  the gravest first


class Square(msgspec.Struct, frozen=True):
    """One verdict: its word (`undetermined` where floor and ceiling differ) and both ends."""

    verdict: str
    floor: str
    ceiling: str


class Line(msgspec.Struct, frozen=True):
    """One activity, with what each jurisdiction could make of it."""

    activity: str
    title: str
    depth: int
    squares: tuple[Square, ...]


class Matrix(msgspec.Struct, frozen=True):
    """What the law of a day could make of an activity of which nothing else is known."""

    on: str
    known: str
    jurisdictions: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


class Tile(msgspec.Struct, frozen=True):
    """One destination. ``chosen``: the one that the transaction names."""

    code: str
    title: str
    square: Square
    chosen: bool


def shown(square: Square, lang: str) -> str:
    """A verdict of a square in words: it was not held against what is not encoded, and says so."""
    if square.verdict == "undetermined":
        return word("at least, at most", lang, _word(square.floor, lang), _word(square.ceiling, lang))
    return word("nothing in the rules encoded", lang) if square.verdict == NOTHING else _word(square.verdict, lang)


def _word(verdict: str, lang: str) -> str:
    return word(f"verdict.{verdict}", lang)


def matrix(engine: Engine, on: str, known: str, lang: str) -> Matrix:
    """Every activity against every jurisdiction whose law binds, on a day."""
    names = Names(engine.book, lang)
    codes = engine.book.vocabulary.lists["activities"]
    binding = {one.jurisdiction for one in engine.book.regimes.values() if one.binding}
    columns = tuple((key, names.text(one.title)) for key, one in engine.book.jurisdictions.items() if key in binding)
    lines = []
    for code in codes.codes.values():
        act = {"activity": Cell(code.code)}
        asked = Transaction("", Act(on=on), act, (), (), (), frozenset())
        decision = engine.decide(asked, Options(known, explain=False, outlook=False))
        found = {one.id: Square(one.verdict, one.floor, one.ceiling) for one in decision.jurisdictions}
        squares = tuple(found.get(key, Square(NOTHING, NOTHING, NOTHING)) for key, _ in columns)
        lines.append(Line(code.code, names.text(code.title), len(codes.ancestors(code.code)) - 1, squares))
    return Matrix(on, known, columns, tuple(lines))


def destinations(engine: Engine, asked: Transaction, options: Options, lang: str) -> tuple[Tile, ...]:
    """The verdict for every country that the place of destination could be, the gravest first.

    Only the place changes: parties stay where they are. Empty where the transaction has no single destination.
    """
    ends = [place for place in asked.places if _roles(place) & DESTINATIONS]
    if len(ends) != 1:
        return ()
    names, end = Names(engine.book, lang), ends[0]
    cell = end.facts.get("place.is")
    now = cell.value if cell else UNKNOWN
    tiles = []
    for code in countries(engine.book):
        moved = msgspec.structs.replace(end, facts={**end.facts, "place.is": Cell(code)})
        places = tuple(moved if one is end else one for one in asked.places)
        found = engine.headline(msgspec.structs.replace(asked, places=places), options)
        tiles.append(Tile(code, names.code("places", code), _square(found), code == now))
    return tuple(sorted(tiles, key=lambda tile: (_rank(tile.square), tile.title)))


def countries(book: Book) -> list[str]:
    """The places that are countries or territories: codes of two letters."""
    return [code for code in book.vocabulary.lists["places"].codes if len(code) == 2 and code.isalpha()]


def _rank(square: Square) -> tuple[int, int]:
    return RANK.index(square.ceiling), RANK.index(square.floor)


def _square(found: Range) -> Square:
    floor, ceiling = (_level(one) for one in (found.floor, found.ceiling))
    return Square(floor if found.settled else "undetermined", floor, ceiling)


def _level(level: object) -> str:
    return VERDICT[level]  # type: ignore[index]


def _roles(place: Element) -> frozenset[str]:
    cell = place.facts.get("place.role")
    return cell.value if cell and isinstance(cell.value, frozenset) else frozenset()
