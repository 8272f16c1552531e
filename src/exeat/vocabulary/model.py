"""The vocabulary: facts with their types, and lists of codes with their hierarchy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from exeat.errors import InputError, nearest
from exeat.vocabulary.take import check_day

SCOPES = ("act", "item", "party", "place")
ELEMENT_SCOPES = ("item", "party", "place")
PLURALS = {"item": "items", "party": "parties", "place": "places"}
KINDS = ("yes-no", "number", "date", "code", "codes", "entries", "text")

Text = dict[str, str]


class Needs(msgspec.Struct, frozen=True):
    """The roles an activity cannot do without."""

    parties: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    items: bool = False


class Code(msgspec.Struct, frozen=True):
    """One code of a list; ``under`` are its parents."""

    code: str
    title: Text
    under: tuple[str, ...] = ()
    needs: Needs | None = None
    file: str = ""
    line: int = 0


class CodeList(msgspec.Struct, dict=True):
    """A closed list of codes. With ``exact_parents`` a code that has codes below it is a value in its own right
    (a parent company); otherwise it is a coarse answer (somewhere in the group) that leaves finer tests open.
    """

    name: str
    title: Text
    codes: dict[str, Code]
    exact_parents: bool = False

    def ancestors(self, code: str) -> frozenset[str]:
        """``code`` and everything above it (kept once found: every test of a code asks)."""
        known: dict[str, frozenset[str]] = self.__dict__.setdefault("_above", {})
        found = known.get(code)
        if found is None:
            found = known[code] = self._climb(code)
        return found

    def needs_alike(self, code: str) -> bool:
        """Whether everything at and below a code needs the same roles, so that a coarse answer says what is needed."""
        known: dict[str, bool] = self.__dict__.setdefault("_alike", {})
        if code not in known:
            known[code] = len({self.needs(one) for one in (code, *self.below(code))}) == 1
        return known[code]

    def below(self, code: str) -> tuple[str, ...]:
        """Everything below a code (not the code itself)."""
        known: dict[str, tuple[str, ...]] = self.__dict__.setdefault("_below", {})
        if code not in known:
            known[code] = tuple([one for one in self.codes if one != code and code in self.ancestors(one)])
        return known[code]

    def _climb(self, code: str) -> frozenset[str]:
        found: set[str] = set()
        stack = [code]
        while stack:
            current = stack.pop()
            if current not in found:
                found.add(current)
                stack.extend(self.codes[current].under if current in self.codes else ())
        return frozenset(found)

    def needs(self, code: str) -> Needs:
        """What an activity needs: its own statement, or the nearest one above it."""
        queue = [code]
        while queue:
            current = self.codes.get(queue.pop(0))
            if current and current.needs:
                return current.needs
            queue.extend(current.under if current else ())
        return Needs()


class Presumption(msgspec.Struct, frozen=True):
    """A value that the law itself presumes, until one of the facts ``void`` is given as true."""

    value: str
    cite: str
    void: tuple[str, ...] = ()


class Fact(msgspec.Struct, frozen=True):
    """One thing a transaction may say. ``choice``: people may decide it otherwise; with ``choice_roles``, only of an
    element that has one of these roles (a destination can be chosen, the place where the seller sits cannot).
    """

    path: str
    kind: str
    of: str  # the list of a code, the unit of a number
    title: Text
    meaning: Text
    question: Text
    example: str
    file: str
    choice: bool = False
    choice_roles: tuple[str, ...] = ()
    not_applicable: bool = False
    presume: Presumption | None = None
    line: int = 0

    @property
    def scope(self) -> str:
        """``act``, ``item``, ``party`` or ``place``; the activity belongs to the act."""
        return self.path.split(".", 1)[0] if "." in self.path else "act"


class Screening(msgspec.Struct, frozen=True):
    """A search that found no (other) entry: for which lists, from and up to which day, by whom."""

    lists: tuple[str, ...]
    version: str
    as_of: str
    by: str
    threshold: str = ""
    expires: str = ""
    begins: str = ""


class ListedRow(msgspec.Struct, frozen=True):
    """What an official list says of an entry that the law's own register does not hold, written out by the caller.

    ``since`` and ``until`` are the first and the last day of the entry ("" where the list gives none: whether it stood
    on a day is then not known), ``recorded`` the day from which it could be known, ``says`` the list and its version.
    """

    entry: str
    recorded: str
    since: str = ""
    until: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    name: str = ""
    says: str = ""


class Entries(msgspec.Struct, frozen=True):
    """Register entries (``register/id``) that a party or item was found to be.

    ``none_other`` is True where somebody concludes that nothing else matches, a `Screening` where a search says so for
    some lists, and None where nobody has looked. ``candidates`` are entries that the party may be, neither confirmed
    nor dismissed: those that a screening gave, and those whose name equals the party's; ``dismissed`` are entries that
    somebody looked at and found to be another. ``rows`` tell of entries and candidates that stand on an official list
    only.
    """

    entries: frozenset[str]
    none_other: bool | Screening | None = None
    candidates: frozenset[str] = frozenset()
    rows: tuple[ListedRow, ...] = ()
    dismissed: frozenset[str] = frozenset()

    @property
    def dated(self) -> bool:
        """Whether what is said here changes on days that the rulebook knows nothing of."""
        return bool(self.rows) or isinstance(self.none_other, Screening)


class State(msgspec.Struct, frozen=True):
    """What a fact can be instead of a value."""

    name: str


UNKNOWN = State("unknown")
NOT_APPLICABLE = State("not applicable")

Value = bool | Decimal | str | frozenset[str] | Entries | State


class Vocabulary(msgspec.Struct):
    """All facts and lists."""

    facts: dict[str, Fact]
    lists: dict[str, CodeList]

    def of_scope(self, scope: str) -> Iterator[Fact]:
        return (fact for fact in self.facts.values() if fact.scope == scope)

    def parse(self, fact: Fact, word: str, where: InputError) -> Value:
        """A written value as a typed one. ``where`` carries file, line and path for the error.

        Numbers are decimals in the fact's unit; days stay ISO text (they compare as such); codes are checked against
        their list.
        """
        if fact.kind == "yes-no":
            if word not in ("true", "false"):
                raise _wrong("not yes or no", where, word, "true, false")
            return word == "true"
        if fact.kind == "number":
            return parse_number(word, fact.of, where)
        if fact.kind == "date":
            check_day(word, where.file, where.line, where.path)
            return word
        if fact.kind in ("code", "codes"):
            self.check_code(fact.of, word, where)
            return word if fact.kind == "code" else frozenset((word,))
        return word

    def check_code(self, list_name: str, word: str, where: InputError) -> None:
        codes = self.lists[list_name].codes
        if word not in codes:
            allowed = ", ".join(codes) if len(codes) <= 30 else f"a code of the list {list_name!r} ({len(codes)} codes)"
            raise _wrong(f"not a code of {list_name!r}", where, word, allowed, nearest(word, codes))


def _wrong(problem: str, where: InputError, found: str, allowed: str, hint: str = "") -> InputError:
    return InputError(
        problem, file=where.file, line=where.line, path=where.path, found=found, allowed=allowed, hint=hint
    )


NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,4})?")


def parse_number(word: str, unit: str, where: InputError) -> Decimal:
    """``10 nm`` as a decimal; the unit must be the fact's. NaN and infinity are refused."""
    number, _, given = word.partition(" ")
    if not NUMBER.fullmatch(number):
        raise _wrong("not a number", where, word, f"a number and its unit, such as '10 {unit}'")
    value = Decimal(number)
    if abs(value.adjusted()) > 30:
        raise _wrong("not a number that can be measured", where, word, "between 1e-30 and 1e30")
    if given.strip() != unit:
        raise _wrong("the unit is missing or wrong", where, word, f"a number in {unit}, such as '{number} {unit}'")
    return value
