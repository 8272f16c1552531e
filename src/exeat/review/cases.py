"""Cases: transactions with the outcome that the primary text demands, read, run and counted."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from exeat.decide.decision import EXIT_CODES, Decision
from exeat.decide.engine import Engine, Options
from exeat.decide.facts import check_entries
from exeat.decide.index import REACHES
from exeat.decide.level import VERDICT
from exeat.errors import InputError, InputErrors, nearest
from exeat.rulebook.load import law_files
from exeat.rulebook.model import LAYERS, POLICIES, Book
from exeat.vocabulary.reader import Map, Node, Seq, Word, line_of, read_file
from exeat.vocabulary.take import Taker
from exeat.vocabulary.transaction import Transaction, read_transaction

T = TypeVar("T")
LEVELS = tuple(VERDICT.values())
LISTS = ("duties", "commitments", "policy", "dormant")
MAX_LIKE = 20  # cases that are like a case that is like a case; the law's longest chain is 5
DEFAULT_KNOWN = "2026-11-24"  # cases are facts about the law, not about the day they are run on


class Expected(msgspec.Struct, frozen=True):
    """What a case must come to. Empty fields are not looked at."""

    regime: str
    verdict: str = ""
    floor: str = ""
    ceiling: str = ""
    rules: dict[str, str] = {}
    policy: str = ""
    lists: dict[str, tuple[str, ...]] = {}


class Case(msgspec.Struct, frozen=True):
    """One case, ready to run."""

    id: str
    measure: str
    transaction: Transaction
    expected: Expected
    file: str
    line: int
    known: str = DEFAULT_KNOWN
    strict: bool = False
    without: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """A case that was run: what differs from what was expected (nothing: it holds), and each rule's result."""

    case: Case
    faults: tuple[str, ...]
    results: dict[str, str]


def load_cases(book: Book, folders: Iterable[Path], only: Callable[[str], bool] = lambda _: True) -> list[Case]:
    """Every case under some folders.

    Raises:
        InputErrors: every fault in their files.
    """
    return _Loader(book).load(folders, only)


class _Loader:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.errors: list[InputError] = []
        self.bodies: dict[str, tuple[Taker, str]] = {}  # case id -> its mapping, its measure
        self.layers = book.layers()

    def load(self, folders: Iterable[Path], only: Callable[[str], bool]) -> list[Case]:
        for path, name in law_files(folders):
            if path.suffix == ".yaml":
                self._try(partial(self._file, path, name))
        read = [self._try(partial(self._case, key, *body)) for key, body in self.bodies.items() if only(key)]
        cases = [case for case in read if case is not None]
        if self.errors:
            raise InputErrors(self.errors)
        return cases

    def _try(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except InputError as error:
            self.errors.append(error)
        except InputErrors as errors:
            self.errors.extend(errors.errors)
        return None

    def _file(self, path: Path, name: str) -> None:
        node = read_file(path, name)
        if not isinstance(node, Map) or "cases" not in node or next(iter(node)) != "cases":
            return
        measure = str(node["cases"])
        holder = Map({Word("cases"): node.get("list", Seq())})
        holder.line = node.line
        extra = [key for key in node if key not in ("cases", "list")]
        if extra or not isinstance(node.get("list"), Seq):
            problem = "a cases file is `cases: MEASURE` and `list: […]`"
            raise InputError(problem, file=name, line=node.line, path=str(extra[0]) if extra else "list")
        if measure not in self.book.measures and measure not in self.book.regimes:
            hint = nearest(measure, self.book.measures)
            raise InputError("no such measure", file=name, line=node.line, path="cases", found=measure, hint=hint)
        for one in Taker(holder, name).maps("cases"):
            key = one.word("id")
            one.path = key
            if key in self.bodies:
                one.fail("the case id is already taken", one.node["id"], "id", hint=f"see {self.bodies[key][0].file}")
            self.bodies[key] = (one, measure)

    def _case(self, key: str, taker: Taker, measure: str) -> Case:
        self._source(taker)
        taker.word("note", "")
        known = taker.day("known", DEFAULT_KNOWN)
        without = taker.words("without")
        for word in without:
            if word not in self.layers:
                hint = nearest(word, self.layers)
                taker.fail("no such layer, event or rule", word, "without", f"{', '.join(LAYERS)}, an id", hint)
        transaction = read_transaction(self.document(key), self.book.vocabulary, taker.file, key)
        check_entries(transaction, self.book, taker.file, key)
        case = Case(
            key,
            measure,
            transaction,
            self._expected(Taker(taker.need("expect"), taker.file, taker.at("expect")), measure),
            taker.file,
            line_of(taker.node),
            known,
            taker.yes("strict"),
            without,
        )
        for name in ("like", "with", "transaction"):
            taker.get(name)
        taker.done()
        return case

    def _source(self, taker: Taker) -> None:
        """Whence the outcome: for people, who must be able to find it."""
        if "source" not in taker.node:
            return
        source = Taker(taker.need("source"), taker.file, taker.at("source"))
        source.word("ref")
        source.word("url", "")
        source.done()

    def document(self, key: str, above: tuple[str, ...] = ()) -> Node:
        """The transaction of a case, with what it is like and what it changes. ``above`` are the cases like it."""
        taker, _ = self.bodies[key]
        node, like = taker.get("transaction"), taker.get("like")
        if (node is None) == (like is None):
            taker.fail("give `transaction` or `like` (one of them)", taker.node)
        if node is None:
            chain = (*above, key)
            if str(like) not in self.bodies:
                taker.fail("no such case", like, "like", hint=nearest(str(like), self.bodies))
            if str(like) in chain:
                taker.fail("the case is like itself (a cycle)", like, "like")
            if len(chain) > MAX_LIKE:
                taker.fail("the chain of cases that are like each other is too long", like, "like", f"{MAX_LIKE}")
            node = self.document(str(like), chain)
        changed = copy.deepcopy(node)
        for path, value in taker.map("with").items():
            _change(changed, str(path), value, taker)
        return changed

    def _expected(self, taker: Taker, measure: str) -> Expected:
        default = self.book.measures[measure].regime if measure in self.book.measures else measure
        regime = taker.one_of("regime", self.book.regimes, default)
        rules: dict[str, str] = {}
        for rule, result in taker.map("rules").items():
            self._known_rule(rule, regime, taker, f"rules.{rule}")
            if result not in REACHES:
                hint = nearest(str(result), REACHES)
                taker.fail("not a result", result, f"rules.{rule}", ", ".join(REACHES), hint)
            rules[str(rule)] = str(result)
        words = {
            key: taker.one_of(key, allowed)
            for key, allowed in (("verdict", EXIT_CODES), ("floor", LEVELS), ("ceiling", LEVELS))
            if key in taker.node
        }
        policy = taker.get("policy")
        if isinstance(policy, Word):
            words["policy"] = taker.one_of("policy", POLICIES)
        lists = {name: taker.words(name) for name in LISTS if name in taker.node and name not in words}
        for name, listed in lists.items():
            for rule in listed:
                self._known_rule(rule, regime, taker, name)
        taker.done()
        if not (rules or words or lists):
            taker.fail(
                "the case expects nothing", taker.node, allowed="verdict, floor, ceiling, rules, " + ", ".join(LISTS)
            )
        return Expected(regime, rules=rules, lists=lists, **words)

    def _known_rule(self, rule: str, regime: str, taker: Taker, key: str) -> None:
        if rule not in self.book.rules:
            taker.fail("no such rule", rule, key, hint=nearest(rule, self.book.rules))
        if self.book.rules[rule].regime != regime:
            taker.fail("the rule is of another regime, which this case does not ask", rule, key)


def _change(node: Node, path: str, value: Node, taker: Taker) -> None:
    """Set one place of a document; `null` takes it away, `items.+` appends."""
    *steps, last = path.split(".")
    for step in steps:
        if isinstance(node, Seq) and step.isdecimal() and int(step) < len(node):
            node = node[int(step)]
        elif isinstance(node, Map):
            node = node.setdefault(Word(step), Map())
        else:
            taker.fail("no such place in the transaction", step, f"with.{path}")
    if isinstance(node, Map):
        if value == "null":
            node.pop(last, None)
        else:
            node[Word(last)] = copy.deepcopy(value)
    elif isinstance(node, Seq) and (last == "+" or (last.isdecimal() and int(last) <= len(node))):
        if last == "+" or int(last) == len(node):
            node.append(copy.deepcopy(value))
        elif value == "null":
            node.pop(int(last))
        else:
            node[int(last)] = copy.deepcopy(value)
    else:
        taker.fail("no such place in the transaction", last, f"with.{path}")


def run_case(engine: Engine, case: Case, every_rule: bool = True) -> Outcome:
    """Run one case; ``every_rule`` also gives the result of each rule of its regime, for counting."""
    options = Options(case.known, case.strict, (case.expected.regime,), case.without, explain=False, outlook=False)
    decision = engine.decide(case.transaction, options)
    view = next(regime for regime in decision.regimes if regime.id == case.expected.regime)
    faults = [
        f"{field}: expected {wanted}, found {getattr(view, field)}"
        for field in ("verdict", "floor", "ceiling")
        if (wanted := getattr(case.expected, field)) and wanted != getattr(view, field)
    ]
    names = set(case.expected.rules)
    if every_rule:
        names |= {rule.id for rule in engine.book.rules.values() if rule.regime == case.expected.regime}
    results = rule_results(engine, case.transaction, options, decision, names)
    for rule, wanted in case.expected.rules.items():
        if results[rule] != wanted:
            faults.append(f"{rule}: expected {wanted}, found {results[rule]}")
    policies = {finding.policy for finding in decision.findings if finding.policy and finding.result == "applies"}
    if case.expected.policy and case.expected.policy not in policies:
        faults.append(f"policy: expected {case.expected.policy}, found {', '.join(sorted(policies)) or 'none'}")
    for name, wanted_rules in case.expected.lists.items():
        found = getattr(view, name)
        missing = [rule for rule in wanted_rules if rule not in found]
        if missing:
            faults.append(f"{name}: {', '.join(missing)} missing")
        if found and not wanted_rules:
            faults.append(f"{name}: expected none, found {', '.join(found)}")
    return Outcome(case, tuple(faults), results)


def rule_results(
    engine: Engine, transaction: Transaction, options: Options, decision: Decision, names: Iterable[str]
) -> dict[str, str]:
    """What each named rule or exception came to."""
    found = {finding.rule: finding.result for finding in decision.findings}
    index = engine.indexes(transaction, engine.facts(transaction, options.strict), options)[0]
    return {
        name: index.furthest(name).result if engine.book.rules[name].defeats else found.get(name, "does_not")
        for name in names
    }
