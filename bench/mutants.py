"""Mutations of the law: each is one edit that a slip of the pen could have made.

What stands once in a file is mutated once: a leaf of a named condition (``define``) in all rules that use it, a date
of a named life (``lives``) in all rules that live it. Besides, each use of a named condition is a leaf of its rule.

The kinds:

- ``leaf``: a test (or the use of a named condition) negated, always true, always false; of a test with several values,
  each value struck out.
- ``effect``: a deciding effect made one step milder (the mildest: stricter); of a policy, the policy made another; a
  duty made a commitment, a commitment or power a duty; a relief made another.
- ``burden``: of an exception, flipped.
- ``date``: ``from``, ``until``, ``recorded`` of an event one day earlier and later; ``status`` from active to inactive
  or back.
- ``edge``: one rule struck from ``defeats``.
- ``register``: all rows' ``from`` (``until``) one day earlier and later; likewise the periods of completeness.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from exeat.rulebook.condition import All, AnyOf, Condition, Meets, Not, Test, walk
from exeat.rulebook.life import ACTIVE, end, standing, start
from exeat.rulebook.load import law_files
from exeat.rulebook.model import DECIDING, LAYERS, POLICIES, RELIEFS, Book, Event, Register, Rule
from exeat.vocabulary.model import Fact
from exeat.vocabulary.reader import Map, Seq, Word, read_file

CONSTANT = "act.mutant"  # a fact that every case states as true: tests of it are the constants
TRUE, FALSE = Test(CONSTANT, "is", ("true",)), Test(CONSTANT, "is", ("false",))
CONSTANT_FACT = Fact(CONSTANT, "yes-no", "", {}, {}, {}, "true", "bench")
ALWAYS = "1900-01-01"  # dates before it stand for "always"; nobody tries the day before

Edit = Callable[[Rule], Rule]


class Mutant(msgspec.Struct, frozen=True):
    """One mutation.

    ``rules`` are those it changes; ``days`` the dates a case must be near to see it ((): any case may), of knowledge
    where ``known`` says so. ``register`` names the register that is edited, else ``rule`` is applied to each of
    ``rules``.
    """

    id: str
    kind: str
    measure: str
    file: str
    line: int
    rules: tuple[str, ...]
    rule: Edit | None = None
    register: tuple[str, Callable[[Register], Register]] | None = None
    days: tuple[str, ...] = ()
    known: bool = False

    def apply(self, book: Book) -> Book:
        """The book with this edit. The original is left alone."""
        if self.register is not None:
            name, edit = self.register
            return msgspec.structs.replace(book, registers={**book.registers, name: edit(book.registers[name])})
        assert self.rule is not None
        return msgspec.structs.replace(
            book, rules={**book.rules, **{key: self.rule(book.rules[key]) for key in self.rules}}
        )


def mutants(book: Book, measure: str, folders: list[Path]) -> list[Mutant]:
    """Every mutation of one measure, in file order."""
    return list(_Mutator(book, measure, folders).run())


def register_mutants(book: Book, regime: str) -> list[Mutant]:
    """Every mutation of the registers of one regime that some rule tests."""
    found = []
    for register in book.registers.values():
        users = tuple(rule.id for rule in book.rules.values() if register.id in registers_of(rule.when))
        if register.regime == regime and users:
            found += list(_register(register, users))
    return found


def registers_of(condition: Condition) -> set[str]:
    return {node.register for node in walk(condition) if isinstance(node, Test) and node.register}


def describe(node: Condition) -> str:
    """A leaf in a few words."""
    if isinstance(node, Meets):
        return f"meets {node.name}"
    assert isinstance(node, Test)
    where = "".join(f" {column}={'|'.join(values)}" for column, values in node.where)
    return f"{node.path} {node.op} {node.register or '|'.join(node.values)}{where}"


def leaves(node: Condition, at: str = "") -> Iterator[tuple[str, Condition]]:
    """Tests and uses of named conditions, with their places; named conditions are not entered."""
    if isinstance(node, (Test, Meets)):
        yield at or "0", node
    elif isinstance(node, (All, AnyOf)):
        for number, part in enumerate(node.parts):
            yield from leaves(part, f"{at}.{number}".lstrip("."))
    else:
        yield from leaves(node.part, f"{at}.0".lstrip("."))


def swap(node: Condition, at: str, new: Callable[[Condition], Condition], here: str = "") -> Condition:
    """The condition with the leaf at a place made new."""
    if isinstance(node, (Test, Meets)):
        return new(node) if (here or "0") == at else node
    if isinstance(node, (All, AnyOf)):
        parts = tuple(swap(part, at, new, f"{here}.{i}".lstrip(".")) for i, part in enumerate(node.parts))
        return type(node)(parts)
    return msgspec.structs.replace(node, part=swap(node.part, at, new, f"{here}.0".lstrip(".")))


def swap_named(node: Condition, name: str, edit: Callable[[Condition], Condition]) -> Condition:
    """The condition with the inside of a named condition edited, wherever it is used."""
    if isinstance(node, Test):
        return node
    if isinstance(node, (All, AnyOf)):
        return type(node)(tuple(swap_named(part, name, edit) for part in node.parts))
    part = swap_named(node.part, name, edit)
    if isinstance(node, Meets) and node.name == name:
        part = edit(part)
    return msgspec.structs.replace(node, part=part)


def changes(leaf: Condition) -> Iterator[tuple[str, Callable[[Condition], Condition]]]:
    """What may happen to a leaf."""
    yield "negated", Not
    yield "always true", lambda _: TRUE
    yield "always false", lambda _: FALSE
    if isinstance(leaf, Test) and len(leaf.values) > 1:
        for value in leaf.values:
            yield f"without {value}", lambda node, value=value: _without(node, value)


def _without(node: Condition, value: str) -> Condition:
    assert isinstance(node, Test)
    return msgspec.structs.replace(node, values=tuple(v for v in node.values if v != value))


def shifted(day: str, by: int) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=by)).isoformat()


class _Mutator:
    def __init__(self, book: Book, measure: str, folders: list[Path]) -> None:
        self.book, self.measure = book, book.measures[measure]
        self.regime = book.regimes[self.measure.regime]
        paths = {name: path for path, name in law_files(folders)}
        self.node = read_file(paths[self.measure.file], self.measure.file)
        self.regime_node = read_file(paths[self.regime.file], self.regime.file)
        self.rules = [book.rules[key] for key in self.measure.rules]

    def run(self) -> Iterator[Mutant]:
        named = self._named_lives()
        for rule in self.rules:
            yield from self._leaves(rule)
            yield from self._effect(rule)
            yield from self._edges(rule)
            if rule.id not in named:
                yield from self._life(f"{rule.id} life", rule.life, (rule.id,), rule.line)
        for name, users in self._lives_by_name(named).items():
            yield from self._life(f"{self.measure.id} lives.{name}", self.book.rules[users[0]].life, users, 0)
        yield from self._defined()

    def _mutant(self, key: str, kind: str, rules: tuple[str, ...], edit: Edit, line: int, **more: Any) -> Mutant:
        return Mutant(key, kind, self.measure.id, self.measure.file, line, rules, edit, **more)

    # --- conditions

    def _leaves(self, rule: Rule) -> Iterator[Mutant]:
        for at, leaf in leaves(rule.when):
            for what, new in changes(leaf):
                key = f"{rule.id} when.{at} {describe(leaf)}: {what}"

                def edit(one: Rule, at: str = at, new: Callable[[Condition], Condition] = new) -> Rule:
                    return msgspec.structs.replace(one, when=swap(one.when, at, new))

                yield self._mutant(key, "leaf", (rule.id,), edit, rule.line)

    def _defined(self) -> Iterator[Mutant]:
        """Leaves of named conditions: the measure's own, and (with the regime's first measure) the regime's."""
        own = self._names(self.node)
        yield from self._named(own, self.rules, f"{self.measure.id} define")
        measures = [m for m in self.book.measures.values() if m.regime == self.regime.id]
        shared = self._names(self.regime_node)
        if shared and measures[0].id == self.measure.id:
            rules = [rule for rule in self.book.rules.values() if rule.regime == self.regime.id]
            yield from self._named(shared, rules, f"{self.regime.id} define")

    @staticmethod
    def _names(node: object) -> list[str]:
        define = node.get("define") if isinstance(node, Map) else None
        return [str(name) for name in define] if isinstance(define, Map) else []

    def _named(self, names: list[str], rules: list[Rule], owner: str) -> Iterator[Mutant]:
        for name in names:
            users = tuple(rule.id for rule in rules if _use(rule.when, name))
            if not users:
                continue
            use = _use(self.book.rules[users[0]].when, name)
            assert use is not None
            for at, leaf in leaves(use.part):
                for what, new in changes(leaf):
                    key = f"{owner}.{name} {at} {describe(leaf)}: {what}"

                    def edit(
                        one: Rule, name: str = name, at: str = at, new: Callable[[Condition], Condition] = new
                    ) -> Rule:
                        return msgspec.structs.replace(
                            one, when=swap_named(one.when, name, lambda part: swap(part, at, new))
                        )

                    yield self._mutant(key, "leaf", users, edit, self.book.rules[users[0]].line)

    # --- effects

    def _effect(self, rule: Rule) -> Iterator[Mutant]:
        if rule.decides:
            place = DECIDING.index(rule.effect)
            field, new = "effect", DECIDING[place - 1] if place else DECIDING[1]
        elif rule.effect == "policy":
            field, new = "policy", POLICIES[(POLICIES.index(rule.policy) + 1) % len(POLICIES)]
        elif rule.effect:
            field, new = "effect", "commitment" if rule.effect == "duty_to_act" else "duty_to_act"
        else:
            field, new = "relief", RELIEFS[(RELIEFS.index(rule.relief) + 1) % len(RELIEFS)]
        key = f"{rule.id} {field} {getattr(rule, field)}: {new}"
        yield self._mutant(
            key, "effect", (rule.id,), lambda one: msgspec.structs.replace(one, **{field: new}), rule.line
        )
        if rule.defeats:
            flipped = not rule.burden_claimant
            yield self._mutant(
                f"{rule.id} burden: {'claimant' if flipped else 'not claimant'}",
                "burden",
                (rule.id,),
                lambda one: msgspec.structs.replace(one, burden_claimant=flipped),
                rule.line,
            )

    def _edges(self, rule: Rule) -> Iterator[Mutant]:
        for target in rule.defeats:

            def edit(one: Rule, target: str = target) -> Rule:
                return msgspec.structs.replace(one, defeats=tuple(t for t in one.defeats if t != target))

            yield self._mutant(f"{rule.id} defeats {target}: struck out", "edge", (rule.id, target), edit, rule.line)

    # --- lives

    def _named_lives(self) -> dict[str, str]:
        """The name of the life of each rule that has a named one."""
        nodes = self.node.get("rules") if isinstance(self.node, Map) else None
        assert isinstance(nodes, Seq)
        return {
            str(node["id"]): str(node["life"])
            for node in nodes
            if isinstance(node, Map) and isinstance(node.get("life"), Word)
        }

    @staticmethod
    def _lives_by_name(named: dict[str, str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for rule, name in named.items():
            found[name] = (*found.get(name, ()), rule)
        return found

    def _life(self, owner: str, life: tuple[Event, ...], rules: tuple[str, ...], line: int) -> Iterator[Mutant]:
        for number, event in enumerate(life):
            for field, shown in (("since", "from"), ("until", "until"), ("recorded", "recorded")):
                day = getattr(event, field)
                if day < ALWAYS:
                    continue
                for by in (-1, 1):
                    edit = _edit_event(number, field, shifted(day, by))
                    key = f"{owner}.{number} {event.status} {shown} {day}: {by:+d} day"
                    near = (day, shifted(day, 1)) if field == "until" else (day,)
                    yield self._mutant(key, "date", rules, edit, line, days=near, known=field == "recorded")
            new = "suspended" if event.status in ACTIVE else "in force"
            key = f"{owner}.{number} from {event.since} status {event.status}: {new}"
            yield self._mutant(key, "date", rules, _edit_event(number, "status", new), line)


def _use(condition: Condition, name: str) -> Meets | None:
    return next((node for node in walk(condition) if isinstance(node, Meets) and node.name == name), None)


def _edit_event(number: int, field: str, value: str) -> Edit:
    def edit(rule: Rule) -> Rule:
        events = list(rule.life)
        events[number] = msgspec.structs.replace(events[number], **{field: value})
        return msgspec.structs.replace(rule, life=tuple(events))

    return edit


def refused(book: Book, mutant: Mutant) -> bool:
    """Whether the loader would refuse the edited life: events out of order, or ending before they begin."""
    for key in mutant.rules if mutant.kind == "date" else ():
        life = book.rules[key].life
        recorded = [event.recorded for event in life]
        if recorded != sorted(recorded) or any(event.until and event.until < event.since for event in life):
            return True
    return False


def same_standing(before: Book, after: Book, mutant: Mutant) -> bool:
    """Whether an edited date changes only the status word shown: the rules stand or not as before, whatever the day."""
    if mutant.kind != "date":
        return False
    return all(_standings(before.rules[key], after.rules[key]) for key in mutant.rules)


def _standings(old: Rule, new: Rule) -> bool:
    events = (*old.life, *new.life)
    moments = ["1000-01-01T00:00", *(start(event) for event in events), *filter(None, (end(event) for event in events))]
    days = ["1000-01-01", *(event.recorded for event in events)]
    layers = ((), *((layer,) for layer in LAYERS), LAYERS)
    return old.life[0].recorded == new.life[0].recorded and all(
        _stands(old, moment, known, without) == _stands(new, moment, known, without)
        for moment in moments
        for known in days
        for without in layers
    )


def _stands(rule: Rule, moment: str, known: str, without: tuple[str, ...]) -> tuple[bool, ...]:
    found = standing(rule, bool(rule.defeats), moment, known, without)
    told = any(event.recorded <= known for event in rule.life)
    return found.surely, found.possibly, told, rule.effect == "prohibited" and found.status == "not enforced"


def _register(register: Register, users: tuple[str, ...]) -> Iterator[Mutant]:
    for field, shown in (("since", "from"), ("until", "until")):
        days = {getattr(row, field) for row in register.rows}
        for by in (-1, 1):

            def edit(one: Register, field: str = field, by: int = by) -> Register:
                return msgspec.structs.replace(one, rows=tuple(_shift(row, field, by) for row in one.rows))

            yield from _of_register(register, users, f"rows {shown}: {by:+d} day", edit, days)
    for number, (since, until) in enumerate(register.complete):
        for place, day in enumerate((since, until)):
            for by in (-1, 1):
                what = f"complete.{number} {('from', 'until')[place]} {day}: {by:+d} day"
                yield from _of_register(register, users, what, _edit_complete(number, place, by), {day})


def _of_register(
    register: Register, users: tuple[str, ...], what: str, edit: Callable[[Register], Register], days: set[str]
) -> Iterator[Mutant]:
    days = {day for day in days if day >= ALWAYS}
    near = tuple(sorted(days | {shifted(day, 1) for day in days}))
    if near:
        key = f"register {register.id} {what}"
        yield Mutant(key, "register", "", register.file, 0, users, None, (register.id, edit), near)


def _shift(row: Any, field: str, by: int) -> Any:
    day = getattr(row, field)
    return row if day < ALWAYS else msgspec.structs.replace(row, **{field: shifted(day, by)})


def _edit_complete(number: int, place: int, by: int) -> Callable[[Register], Register]:
    def edit(register: Register) -> Register:
        periods = [list(period) for period in register.complete]
        periods[number][place] = shifted(periods[number][place], by)
        return msgspec.structs.replace(register, complete=tuple((since, until) for since, until in periods))

    return edit
