"""Verdicts side by side: activities by jurisdictions on a day, destinations of one transaction."""

from __future__ import annotations

import bisect
from collections.abc import Hashable

import msgspec

from exeat.decide.alike import alike
from exeat.decide.engine import Engine, Options
from exeat.decide.facts import stated_days
from exeat.decide.level import VERDICT, Range
from exeat.page.names import Names
from exeat.page.words import word
from exeat.rulebook.life import next_day
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


Squares = dict[str, tuple[Square, ...]]


class Line(msgspec.Struct, frozen=True):
    """One activity, with what each jurisdiction could make of it."""

    activity: str
    title: str
    depth: int
    squares: tuple[Square, ...]


class Matrix(msgspec.Struct, frozen=True):
    """What the law of a day could make of an activity of which nothing else is known."""

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
        return word("range", lang, _word(square.floor, lang), _word(square.ceiling, lang))
    return word("nothing in the rules encoded", lang) if square.verdict == NOTHING else _word(square.verdict, lang)


def _word(verdict: str, lang: str) -> str:
    return word(f"verdict.{verdict}", lang)


def matrix(engine: Engine, on: str, known: str, lang: str) -> Matrix:
    """Every activity against every jurisdiction whose law binds, on a day."""
    book, found = engine.book, squares(engine, on, known)
    names, binding = Names(book, lang), _binding(book)
    codes = book.vocabulary.lists["activities"]
    columns = tuple((key, names.text(one.title)) for key, one in book.jurisdictions.items() if key in binding)
    lines = tuple(
        Line(code.code, names.text(code.title), len(codes.ancestors(code.code)) - 1, found[code.code])
        for code in codes.codes.values()
    )
    return Matrix(columns, lines)


def squares(engine: Engine, on: str, known: str) -> Squares:
    """By activity, one square for each jurisdiction whose law binds."""
    options, binding = Options(known, explain=False, outlook=False), _binding(engine.book)
    found = {}
    for code in engine.book.vocabulary.lists["activities"].codes:
        asked = Transaction("", Act(on=on), {"activity": Cell(code)}, (), (), (), frozenset())
        decided = {one.id: one for one in engine.brief(asked, options).jurisdictions}
        mine = [decided[key] for key in engine.book.jurisdictions if key in binding]
        found[code] = tuple(Square(one.verdict, one.floor, one.ceiling) for one in mine)
    return found


def stretch(engine: Engine, on: str, known: str) -> Hashable:
    """What days have in common on which `squares` are the same: no change of the law lies between them, and neither
    does a day on which the encoding of some law begins, ends, or comes up for review.
    """
    clocks = engine.calendar.clocks(Act(on=on), known)
    return tuple(engine.calendar.key(clock) for clock in clocks), bisect.bisect_right(_ends(engine.book), on)


def _ends(book: Book) -> list[str]:
    found: set[str] = set()
    for one in book.regimes.values():
        found |= {one.encoded_from, next_day(one.encoded_to) if one.encoded_to else ""}
        found |= {review.on for review in one.review}
    return sorted(found - {""})


def _binding(book: Book) -> frozenset[str]:
    return frozenset(one.jurisdiction for one in book.regimes.values() if one.binding)


def destinations(engine: Engine, asked: Transaction, options: Options, lang: str) -> tuple[Tile, ...]:
    """The verdict for every country that the place of destination could be, the gravest first.

    Only the place changes: parties stay where they are. Empty where the transaction has no single destination.
    Countries that no rule tells apart on the day are asked about once.
    """
    ends = [place for place in asked.places if _roles(place) & DESTINATIONS]
    if len(ends) != 1:
        return ()
    names, end = Names(engine.book, lang), ends[0]
    cell = end.facts.get("place.is")
    now = cell.value if cell else UNKNOWN
    tiles = []
    moments = engine.moments(asked.when, options, stated_days(asked))
    for group in alike(moments, "place.is", countries(engine.book)):
        moved = msgspec.structs.replace(end, facts={**end.facts, "place.is": Cell(group[0])})
        places = tuple(moved if one is end else one for one in asked.places)
        square = square_of(engine.headline(msgspec.structs.replace(asked, places=places), options))
        tiles += [Tile(code, names.code("places", code), square, code == now) for code in group]
    return tuple(sorted(tiles, key=lambda tile: (_rank(tile.square), tile.title)))


def countries(book: Book) -> list[str]:
    """The places that are countries or territories: codes of two letters."""
    return [code for code in book.vocabulary.lists["places"].codes if len(code) == 2 and code.isalpha()]


def _rank(square: Square) -> tuple[int, int]:
    return RANK.index(square.ceiling), RANK.index(square.floor)


def square_of(found: Range) -> Square:
    """A range as a square."""
    floor, ceiling = (_level(one) for one in (found.floor, found.ceiling))
    return Square(floor if found.settled else "undetermined", floor, ceiling)


def _level(level: object) -> str:
    return VERDICT[level]  # type: ignore[index]


def _roles(place: Element) -> frozenset[str]:
    cell = place.facts.get("place.role")
    return cell.value if cell and isinstance(cell.value, frozenset) else frozenset()
