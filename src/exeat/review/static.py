"""Static checks: faults in the law that show without any transaction (design §3).

The value classes of the index make them exact without a solver: a term can hold if each of its columns has a value that
leaves it standing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import msgspec

from exeat.decide.compile import Compiled, Unit
from exeat.decide.complete import sets, values
from exeat.decide.engine import Engine
from exeat.decide.moment import Clock
from exeat.rulebook.life import ACTIVE, moments_of_rule, standing
from exeat.rulebook.model import Book, Register, Row, Rule, tests_of

LATEST = "9999-12-31"  # a day of knowledge after all that is recorded


class Note(msgspec.Struct, frozen=True):
    """One remark on the law. ``error`` ones fail the check; the others are for review."""

    error: bool
    where: str
    what: str

    def __str__(self) -> str:
        return f"{'error' if self.error else 'note '}: {self.where}: {self.what}"


def static_notes(engine: Engine) -> list[Note]:
    """Every remark on a book but the opposing effects, of which a sound book may have many."""
    compiled, book = engine.compiled, engine.book
    possible = _possible_by_column(engine)
    notes: list[Note] = []
    for unit in compiled.units:
        if unit.rule is not None:
            notes += _dead(unit, unit.rule, compiled, possible)
            notes += _life(unit.rule)
    for rule in book.rules.values():
        notes += _exception(rule, compiled, possible)
    notes += _shadowed(compiled)
    tested = {test.register for rule in book.rules.values() for test in tests_of(rule.when)}
    for register in book.registers.values():
        notes += _register(register)
        if register.feed and (register.id in tested) == bool(register.feed.at_most):
            what = "rules test this register" if register.feed.at_most else "no rule tests this register"
            notes.append(
                Note(
                    True, f"{register.file}: {register.id}", f"{what}: `fed by` must say `at most` only where none does"
                )
            )
    notes += _sources(book)
    return notes


def opposing_effects(engine: Engine) -> list[Note]:
    """Pairs of rules of one regime with different effects that may be in force on a common day, whose conditions can
    hold together (with registers as they stand on the last day encoded), and that no exception defeats both.

    The stricter one wins. That may well be the law, but whoever encoded it should have meant it.
    """
    compiled = engine.compiled
    possible = _possible_by_column(engine)
    notes = []
    for (small, a), (large, b) in itertools.combinations(_deciding(compiled), 2):
        if a.effect == b.effect or a.regime != b.regime or set(small.defeaters) & set(large.defeaters):
            continue
        if not _common_day(a, b):
            continue
        pairs = itertools.product(_bits(small.terms), _bits(large.terms))
        if any(_can_hold(one | other, possible) for one, other in pairs):
            what = f"{a.effect}, and {b.id} is {b.effect}: both can hold, and no exception joins them"
            notes.append(Note(False, _place(a), what))
    return notes


def _deciding(compiled: Compiled) -> list[tuple[Unit, Rule]]:
    return [(unit, unit.rule) for unit in compiled.units if unit.rule is not None and unit.rule.decides]


def _common_day(a: Rule, b: Rule) -> bool:
    """Whether both rules (of one regime) may ever be in force at once, by all that is recorded."""
    moments = moments_of_rule(a) | moments_of_rule(b)
    return any(all(standing(rule, False, at, LATEST).possibly for rule in (a, b)) for at in moments)


def _possible_by_column(engine: Engine) -> dict[str, list[int]]:
    """For each column, the terms each class of values leaves possible."""
    compiled = engine.compiled
    zones = tuple((zone, f"{engine.book.encoded_to}T12:00") for zone in engine.calendar.zones)
    moment = engine.moment(Clock(zones, LATEST))
    found = {}
    for path, column in compiled.columns.items():
        if column.fact.kind == "entries":
            found[path] = [compiled.full]
        else:
            classes = sets(column, values(moment, column), range(len(column.tests)))
            rows = [moment.signature_row(path, one.signature)[1] for one in classes]
            found[path] = rows or [compiled.full]
    return found


def _can_hold(terms: int, columns: dict[str, list[int]]) -> bool:
    """Whether some value of every column leaves all of ``terms`` standing at once."""
    return all(any(row & terms == terms for row in rows) for rows in columns.values())


def _bits(mask: int) -> Iterable[int]:
    while mask:
        low = mask & -mask
        yield low
        mask ^= low


def _place(rule: Rule) -> str:
    return f"{rule.file}:{rule.line}: {rule.id}"


def _dead(unit: Unit, rule: Rule, compiled: Compiled, columns: dict[str, list[int]]) -> list[Note]:
    dead = [bit for bit in _bits(unit.terms) if not _can_hold(bit, columns)]
    if not dead:
        return []
    if len(dead) == unit.terms.bit_count():
        return [Note(True, _place(rule), "the condition can never hold")]
    return [Note(False, _place(rule), f"{len(dead)} of {unit.terms.bit_count()} branches can never hold")]


def _life(rule: Rule) -> list[Note]:
    notes = []
    for event in rule.life:
        if event.status not in ACTIVE and event.status != "announced" and event is rule.life[0] and rule.effect:
            notes.append(Note(False, _place(rule), f"the life begins with {event.status!r}"))
    return notes


def _exception(rule: Rule, compiled: Compiled, columns: dict[str, list[int]]) -> list[Note]:
    notes = []
    for target in rule.defeats:
        unit, other = compiled.unit(rule.id), compiled.unit(target)
        pairs = list(itertools.product(_bits(unit.terms), _bits(other.terms)))
        if not any(_can_hold(a | b, columns) for a, b in pairs):
            notes.append(Note(True, _place(rule), f"can never meet {target}, which it defeats"))
        literals = compiled.literals
        mine = [literals[bit.bit_length() - 1] for bit in _bits(unit.terms)]
        theirs = [literals[bit.bit_length() - 1] for bit in _bits(other.terms)]
        if all(any(term <= whole for term in mine) for whole in theirs):
            notes.append(Note(True, _place(rule), f"swallows {target} whole"))
    return notes


def _shadowed(compiled: Compiled) -> list[Note]:
    """Rules that another of the same effect and life always covers."""
    notes = []
    for (small, a), (large, b) in itertools.permutations(_deciding(compiled), 2):
        if a.effect != b.effect or a.regime != b.regime or a.life != b.life or small.defeaters != large.defeaters:
            continue
        mine = [compiled.literals[bit.bit_length() - 1] for bit in _bits(small.terms)]
        theirs = [compiled.literals[bit.bit_length() - 1] for bit in _bits(large.terms)]
        if all(any(term <= whole for term in theirs) for whole in mine):
            notes.append(Note(True, _place(a), f"always shadowed by {b.id}"))
    return notes


def _register(register: Register) -> list[Note]:
    notes = []
    by_id: dict[str, list[Row]] = {}
    for row in register.rows:
        by_id.setdefault(row.id, []).append(row)
    for key, rows in by_id.items():
        for a, b in itertools.combinations(sorted(rows, key=lambda row: row.since), 2):
            if a.columns == b.columns and a.seen == b.seen and (not a.until or a.until >= b.since):
                notes.append(
                    Note(True, f"{register.file}: {register.id}/{key}", f"rows from {a.since} and {b.since} overlap")
                )
    for before, after in itertools.pairwise(sorted(register.periods, key=lambda one: one.since)):
        if not before.until or before.until >= after.since:
            notes.append(Note(True, f"{register.file}: {register.id}", "periods of completeness overlap"))
    return notes


def _sources(book: Book) -> list[Note]:
    """Every source is used, and every source that was seen has an address."""
    notes = []
    for measure in book.measures.values():
        rules = [book.rules[rule] for rule in measure.rules]
        used = {c.source for rule in rules for c in (*rule.cite, *(event.by for event in rule.life))}
        for key, source in measure.sources.items():
            if key not in used:
                notes.append(Note(True, f"{measure.file}: sources.{key}", "no rule cites this source"))
            if not source.url and source.seen != "unverified":
                notes.append(Note(False, f"{measure.file}: sources.{key}", "has no address"))
    return notes
