"""From a transaction to the facts that rules test: presumptions, name candidates, missing roles, open lists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import msgspec

from exeat.errors import InputError, InputErrors, nearest
from exeat.rulebook.life import next_day
from exeat.rulebook.model import Book, Register
from exeat.vocabulary.model import ELEMENT_SCOPES, PLURALS, Entries, Fact, ListedRow, Screening, Vocabulary
from exeat.vocabulary.transaction import Cell, Element, Transaction

NOBODY: frozenset[str] = frozenset()
ROLE_FACT = {"party": "party.role", "place": "place.role"}


class Presumed(msgspec.Struct, frozen=True):
    """A legal presumption that the answer rests on."""

    path: str
    element: str
    value: str
    cite: str


class Unencoded(msgspec.Struct, frozen=True):
    """A party that is, or may be, on an official list whose own law the book does not hold."""

    party: str
    register: str
    regime: str
    at_most: str
    listing: Entries


class Facts(msgspec.Struct):
    """The facts of one decision. ``elements`` include phantoms; ``presumed`` and ``candidates`` are for the user."""

    act: dict[str, Cell]
    elements: dict[str, tuple[Element, ...]]
    complete: frozenset[str]
    presumed: tuple[Presumed, ...]
    candidates: tuple[tuple[str, str], ...]
    unencoded: tuple[Unencoded, ...] = ()

    def cells(self, scope: str, index: int) -> dict[str, Cell]:
        return self.act if scope == "act" else self.elements[scope][index].facts


def normal_name(name: str) -> str:
    """A name for exact comparison: width, case, spacing and punctuation set aside."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()


def names_of(book: Book) -> dict[str, frozenset[str]]:
    """Entries of party registers by normal name."""
    found: dict[str, set[str]] = {}
    for register in book.registers.values():
        if register.of != "parties":
            continue
        for row in register.rows:
            for name in (row.columns.get("name", ""), *row.aliases):
                if name:
                    found.setdefault(normal_name(name), set()).add(f"{register.id}/{row.id}")
    return {name: frozenset(entries) for name, entries in found.items()}


def prepare(
    transaction: Transaction,
    book: Book,
    names: dict[str, frozenset[str]],
    presumptions: list[tuple[Fact, Cell]],
    strict: bool,
) -> Facts:
    """The facts of a transaction. ``strict`` leaves presumptions out."""
    elements = {scope: list(transaction.elements(scope)) for scope in ELEMENT_SCOPES}
    candidates = _candidates(elements["party"], names)
    _add_needed(transaction, elements, book)
    act = transaction.act
    presumed: list[Presumed] = []
    if not strict and presumptions:
        act = dict(act)
        _presume(act, elements, presumptions, presumed)
    needs_known = _needs_known(transaction, book)
    for scope in ELEMENT_SCOPES:
        if scope not in transaction.complete or not needs_known:
            elements[scope].append(Element("", scope, {}, "open"))
    frozen = {scope: tuple(found) for scope, found in elements.items()}
    return Facts(
        act, frozen, transaction.complete, tuple(presumed), candidates, tuple(_unencoded(frozen["party"], book))
    )


def _candidates(parties: list[Element], names: dict[str, frozenset[str]]) -> tuple[tuple[str, str], ...]:
    """Add to each party the register entries whose name equals its own; returns every open candidate, given or found.

    An entry that somebody dismissed is a candidate no more, and neither is any where somebody concludes that nothing
    else matches.
    """
    found: list[tuple[str, str]] = []
    for position, party in enumerate(parties):
        listing = party.facts.get("party.listing", Cell(Entries(frozenset())))
        if not isinstance(listing.value, Entries) or listing.value.none_other is True:
            continue
        name = party.facts.get("party.name")
        same = names.get(normal_name(name.value), NOBODY) if name and isinstance(name.value, str) else NOBODY
        open_hits = (same - listing.value.dismissed | listing.value.candidates) - listing.value.entries
        if open_hits:
            value = msgspec.structs.replace(listing.value, candidates=open_hits)
            facts = {**party.facts, "party.listing": msgspec.structs.replace(listing, value=value)}
            parties[position] = msgspec.structs.replace(party, facts=facts)
            found += [(party.id, entry) for entry in sorted(open_hits)]
    return tuple(found)


def _unencoded(parties: tuple[Element, ...], book: Book) -> Iterator[Unencoded]:
    for party in parties:
        listing = party.facts.get("party.listing")
        if listing is None or not isinstance(listing.value, Entries):
            continue
        for name in sorted({entry.partition("/")[0] for entry in listing.value.entries | listing.value.candidates}):
            register = book.registers.get(name)
            if register is not None and register.feed is not None and register.feed.at_most:
                yield Unencoded(party.id, name, register.regime, register.feed.at_most, listing.value)


def stated_days(transaction: Transaction) -> frozenset[str]:
    """The days on which what the transaction says of listings begins to hold, or no longer holds."""
    found: set[str] = set()
    for scope in ("item", "party"):
        for element in transaction.elements(scope):
            for cell in element.facts.values():
                if isinstance(cell.value, Entries) and cell.value.dated:
                    found |= days_of(cell.value)
    return frozenset(found)


def days_of(value: Entries) -> set[str]:
    """The days from which what is said of a listing is different from the day before."""
    begin = {row.since for row in value.rows}
    end = {row.until for row in value.rows}
    if isinstance(value.none_other, Screening):
        begin.add(value.none_other.begins)
        end.add(max(value.none_other.as_of, value.none_other.expires))
    return (begin | {next_day(day) for day in end if day}) - {""}


def _needs_known(transaction: Transaction, book: Book) -> bool:
    """Whether the activity is exact enough to say which roles it needs.

    If not, any list may lack one, whatever it claims.
    """
    activity = transaction.act.get("activity")
    if activity is None or not isinstance(activity.value, str):
        return False
    return book.vocabulary.lists["activities"].needs_alike(activity.value)


def _add_needed(transaction: Transaction, elements: dict[str, list[Element]], book: Book) -> None:
    """A role that the activity needs and nobody has becomes a party (place) of which nothing else is known."""
    activity = transaction.act.get("activity")
    if activity is None or not isinstance(activity.value, str):
        return
    needs = book.vocabulary.lists["activities"].needs(activity.value)
    for scope, roles in (("party", needs.parties), ("place", needs.places)):
        path = ROLE_FACT[scope]
        codes = book.vocabulary.lists[book.vocabulary.facts[path].of]
        have: set[str] = set()
        for element in elements[scope]:
            cell = element.facts.get(path)
            if cell is not None and isinstance(cell.value, frozenset):
                for role in cell.value:
                    have |= codes.ancestors(role)
        for role in roles:
            if role not in have:
                facts = {path: Cell(frozenset((role,)), "derived")}
                elements[scope].append(Element(f"({role})", scope, facts, "needed"))
    if needs.items and not elements["item"]:
        elements["item"].append(Element("(item)", "item", {}, "needed"))


def presumable(vocabulary: Vocabulary) -> list[tuple[Fact, Cell]]:
    """Facts with a presumption, each with the cell that it makes."""
    return [
        (fact, Cell(vocabulary.parse(fact, fact.presume.value, InputError("")), "presumed", fact.presume.cite))
        for fact in vocabulary.facts.values()
        if fact.presume is not None
    ]


def _presume(
    act: dict[str, Cell],
    elements: dict[str, list[Element]],
    presumptions: list[tuple[Fact, Cell]],
    presumed: list[Presumed],
) -> None:
    for fact, cell in presumptions:
        assert fact.presume is not None
        if _voided(fact.presume.void, act, elements):
            continue
        if fact.scope == "act":
            if fact.path not in act:
                act[fact.path] = cell
                presumed.append(Presumed(fact.path, "", fact.presume.value, cell.says))
            continue
        for position, element in enumerate(elements[fact.scope]):
            if fact.path not in element.facts:
                facts = {**element.facts, fact.path: cell}
                elements[fact.scope][position] = msgspec.structs.replace(element, facts=facts)
                presumed.append(Presumed(fact.path, element.id, fact.presume.value, cell.says))


def _voided(void: tuple[str, ...], act: dict[str, Cell], elements: dict[str, list[Element]]) -> bool:
    """Whether a red flag is given that voids a presumption."""
    for path in void:
        scope = path.partition(".")[0]
        cells = [act] if scope == "act" else [element.facts for element in elements[scope]]
        if any(path in found and found[path].value is True for found in cells):
            return True
    return False


def check_entries(transaction: Transaction, book: Book, file: str = "", path: str = "") -> None:
    """Raise unless every register entry that the transaction names exists.

    Args:
        transaction: the transaction.
        book: the law with its registers.
        file: the file it stands in, if that is known here (see `InputError.of_file`).
        path: where it stands in that file.

    Raises:
        InputErrors: an unlisted code would otherwise silently never match, which reads like a clearance.
    """
    above = f"{path}." if path else ""
    errors: list[InputError] = []
    for scope in ("item", "party"):
        for position, element in enumerate(transaction.elements(scope)):
            for fact, cell in element.facts.items():
                if isinstance(cell.value, Entries):
                    place = f"{above}{PLURALS[scope]}.{position}.{fact.removeprefix(f'{scope}.')}.entries"
                    errors += _check_entries(cell.value, place, book, file)
    if errors:
        raise InputErrors(errors)


def _check_entries(value: Entries, path: str, book: Book, file: str) -> list[InputError]:
    errors = []
    listed = {row.entry for row in value.rows}
    for entry in sorted(value.entries | value.candidates | value.dismissed):
        name, _, key = entry.partition("/")
        register = book.registers.get(name)
        if register is None:
            hint = nearest(name, book.registers)
            errors.append(InputError("no such register", file=file, path=path, found=name, hint=hint))
        elif entry not in listed and not (register.feed and entry in value.dismissed) and not register.holds(key):
            hint = nearest(key, {row.id for row in register.rows}) or _written_out(register)
            errors.append(InputError(f"no such entry in {name!r}", file=file, path=path, found=key, hint=hint))
    for row in value.rows:
        name, _, key = row.entry.partition("/")
        if name in book.registers:
            errors += [
                InputError(problem, file=file, path=path, found=row.entry, hint=hint)
                for problem, hint in _check_row(row, key, book.registers[name], book.vocabulary)
            ]
    return errors


def _written_out(register: Register) -> str:
    return "write the entry out as the official list has it (`exeat screen --facts` does)" if register.feed else ""


def _check_row(row: ListedRow, key: str, register: Register, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """What is wrong with an entry that the caller wrote out."""
    if not register.feed:
        yield f"no official list feeds {register.id!r}: name an entry that it holds", ""
    elif register.holds(key):
        yield f"{register.id!r} holds this entry: name it by its id alone", ""
    for column, word in row.columns:
        if column not in register.columns:
            yield f"no such column of {register.id!r}: {column}", nearest(column, register.columns)
            continue
        kind, _, list_name = register.columns[column].partition(" ")
        known = vocabulary.lists[list_name].codes if list_name else {}
        for code in word.split(" ") if kind == "codes" else [word]:
            if list_name and code and code not in known:
                yield f"not a code of {list_name!r}: {code}", nearest(code, known)
