"""Who owns a party in the end: the percentage tests of four legal orders, over dated edges that may be incomplete.

Two figures are kept apart all the way. **At least** counts what is certain: listed owners, and companies that reach the
test by certain holdings (the least fixed point: a loop of companies never lifts itself). **At most** counts whatever
some completion of the data could add: owners nobody screened, open hits, shares nobody is named for, the upper end of a
range, and loops that would hold themselves up (the greatest fixed point that a possible listed owner feeds). The test
is settled only where both lie on one side of the threshold. All arithmetic is in fractions; nothing is rounded.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from exeat.errors import InputError, InputErrors, nearest
from exeat.vocabulary.reader import Map, Seq, read_file
from exeat.vocabulary.take import Taker

DATA = Path(__file__).parent / "data" / "ownership.yaml"
WHOLE = Fraction(100)
MAX_PATHS, MAX_STEPS = 40, 5_000  # shown, and walked to find them; the sums never go by paths
SHARES = ("shares", "voting")  # kinds of which there is 100 %
KINDS = (*SHARES, "control", "director")

OUTCOME_CODES = {"not reached": 0, "reached": 10, "open": 20}  # exit codes; as of decisions, 20 is undetermined

State = Literal["listed", "not listed", "open", "not screened"]
Outcome = Literal["reached", "not reached", "open"]


class Edge(msgspec.Struct, frozen=True):
    """One statement that somebody holds something of a company. Shares are per cent, a range where not known exactly.

    ``since`` and ``until`` are inclusive, may be partial, and are empty where the source gives none; ``recorded`` is
    the day from which the statement could be known (empty: always). Statements with one ``id`` are versions of each
    other.
    """

    owner: str
    owned: str
    low: Fraction
    high: Fraction
    kind: str = "shares"
    since: str = ""
    until: str = ""
    recorded: str = ""
    source: str = ""
    id: str = ""
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line or "") if part) or self.source


class Status(msgspec.Struct, frozen=True, omit_defaults=True):
    """What screening says of one owner. ``lists`` are those it stands on, ``searched`` those that were gone through
    (none named: all, where it is not listed; only its own, where it is). Only an organisation can have owners.
    """

    id: str
    state: State = "not screened"
    lists: frozenset[str] = frozenset()
    searched: frozenset[str] = frozenset()
    kind: str = ""
    name: str = ""


class Rule(msgspec.Struct, frozen=True):
    """One version of one legal order's test; see the head of ``data/ownership.yaml``."""

    id: str
    title: Mapping[str, str]
    since: str
    until: str
    threshold: Fraction
    test: str
    aggregate: str
    kinds: tuple[str, ...]
    control: str
    lists: tuple[str, ...]
    perhaps: tuple[str, ...]
    feeds: Mapping[str, str]
    cite: str
    url: str
    seen: str

    def met(self, share: Fraction) -> bool:
        return share >= self.threshold if self.test == "at-least" else share > self.threshold


class Stated(msgspec.Struct, frozen=True):
    """What somebody states beyond edges and screening: owners that act together, that none do, that none controls, and
    that votes go with shares wherever a company has no statement of votes.
    """

    joint: tuple[frozenset[str], ...] = ()
    apart: bool = False
    no_control: bool = False
    votes_as_shares: bool = False


class Note(msgspec.Struct, frozen=True):
    """A sentence to be: its key in the data file, and what fills it (a `Fraction` is a share)."""

    key: str
    words: Mapping[str, str | Fraction | tuple[str, ...]]


class Holding(msgspec.Struct, frozen=True):
    """What one owner holds of one company in one kind on the day, over all statements of it."""

    owner: str
    owned: str
    kind: str
    low: Fraction
    high: Fraction
    edges: tuple[Edge, ...]
    doubtful_day: bool = False


class Route(msgspec.Struct, frozen=True):
    """One path from a listed owner down to the party. ``certain``: every step of it counts for sure."""

    holdings: tuple[Holding, ...]
    certain: bool


class Weighed(msgspec.Struct, frozen=True):
    """The answer: the share in listed hands as an interval, what follows from it, and how it came about."""

    rule: Rule
    party: str
    on: str
    known: str
    low: Fraction
    high: Fraction
    outcome: Outcome
    by_control: bool
    look_through: tuple[Fraction, Fraction]
    lists: frozenset[str]
    lists_settled: bool
    owners: tuple[Status, ...]
    routes: tuple[Route, ...]
    more_routes: bool
    steps: tuple[Note, ...]
    questions: tuple[Note, ...]
    flags: tuple[Note, ...]
    tree: Mapping[str, tuple[Holding, ...]]
    standing: Mapping[str, str]
    lists_of: Mapping[str, frozenset[str]]

    def facts(self) -> dict[str, object]:
        """The facts that the answer may state, by path without ``party.``; only what the interval settles."""
        share, lists = self.rule.feeds.get("share"), self.rule.feeds.get("lists")
        found: dict[str, object] = {}
        if share:
            settled = {"reached": self.low, "not reached": self.high}.get(self.outcome)
            found[share] = "unknown" if settled is None else f"{_plain_share(settled, self.rule)} %"
        if lists:
            found[lists] = "unknown"
            if self.outcome == "not reached":
                found[lists] = "not applicable"
            elif self.outcome == "reached" and self.lists_settled:
                found[lists] = sorted(self.lists)
        return {path.partition(".")[2]: value for path, value in found.items()}


# --- the rules


@cache
def rules() -> tuple[Rule, ...]:
    """Every version of every rule in the data file."""
    return tuple(_rule(Taker(node, DATA.name, f"rules.{place}")) for place, node in enumerate(_data()["rules"]))


@cache
def list_titles() -> Mapping[str, Mapping[str, str]]:
    return {
        str(key): {str(lang): str(word) for lang, word in titles.items() if lang != "also"}
        for key, titles in _data()["lists"].items()
    }


@cache
def list_names() -> Mapping[str, str]:
    """The lists that rules follow, by each word that names one."""
    lists = _data()["lists"].items()
    return {str(word): str(key) for key, titles in lists for word in (key, *titles.get("also", ()))}


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    return {str(key): {str(lang): str(word) for lang, word in said.items()} for key, said in _data()["texts"].items()}


@cache
def _data() -> Map:
    node = read_file(DATA, DATA.name)
    if not isinstance(node, Map):
        raise InputError("a mapping is needed here", file=DATA.name)
    return node


def _rule(taker: Taker) -> Rule:
    def words(key: str) -> tuple[str, ...]:
        node = taker.get(key)
        return tuple(str(part) for part in node) if isinstance(node, Seq) else ()

    return Rule(
        id=taker.name("id"),
        title={str(lang): str(word) for lang, word in taker.map("title").items()},
        since=taker.day("from"),
        until=taker.day("until", ""),
        threshold=Fraction(taker.word("threshold")),
        test=taker.one_of("test", ("at-least", "more-than")),
        aggregate=taker.one_of("aggregate", ("yes", "joint", "no")),
        kinds=words("kinds"),
        control=taker.one_of("control", ("counts", "flag")),
        lists=words("lists"),
        perhaps=words("perhaps"),
        feeds={str(key): str(fact) for key, fact in taker.map("feeds").items()},
        cite=taker.word("cite"),
        url=taker.word("url"),
        seen=taker.word("seen"),
    )


def rule_on(id_: str, on: str) -> Rule:
    """The version of a rule that stood on a day.

    Raises:
        InputError: there is no such rule, or none of that day.
    """
    versions = [rule for rule in rules() if rule.id == id_]
    if not versions:
        known = sorted({rule.id for rule in rules()})
        raise InputError(
            "no such rule of ownership", path="--rule", found=id_, allowed=", ".join(known), hint=nearest(id_, known)
        )
    for rule in versions:
        if rule.since <= on <= (rule.until or on):
            return rule
    spans = ", ".join(f"{rule.since} to {rule.until or 'today'}" for rule in versions)
    raise InputError("the rule is not known for that day", path="--on", found=on, allowed=spans)


# --- the edges of a day


def holdings(edges: Iterable[Edge], on: str, known: str) -> dict[tuple[str, str, str], Holding]:
    """What is held on ``on`` as could be known on ``known``, by owned, owner and kind.

    Several statements of one holding may repeat each other or add up; both are kept possible, so that *low* is the
    largest of them and *high* their sum.
    """
    found: dict[tuple[str, str, str], list[tuple[Edge, bool]]] = {}
    for edge in sorted(set(_current(edges, known)), key=_order):
        begins, ends = _span(edge, on)
        if begins == "no" or ends == "no":
            continue
        sure = begins == ends == "yes"
        found.setdefault((edge.owned, edge.owner, edge.kind), []).append((edge, sure))
    return {key: _merged(key, statements) for key, statements in found.items()}


def _merged(key: tuple[str, str, str], statements: list[tuple[Edge, bool]]) -> Holding:
    owned, owner, kind = key
    low = max(edge.low if sure else Fraction(0) for edge, sure in statements)
    high = min(WHOLE, sum((edge.high for edge, _ in statements), Fraction(0)))
    return Holding(
        owner, owned, kind, low, high, tuple(edge for edge, _ in statements), not all(s for _, s in statements)
    )


def _order(edge: Edge) -> tuple[object, ...]:
    return msgspec.structs.astuple(edge)


def _current(edges: Iterable[Edge], known: str) -> Iterator[Edge]:
    """The statements that could be known; of several with one id only the last recorded ones."""
    versions: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.recorded > known:
            continue
        if edge.id:
            versions.setdefault(edge.id, []).append(edge)
        else:
            yield edge
    for same in versions.values():
        last = max(edge.recorded for edge in same)
        yield from (edge for edge in same if edge.recorded == last)


def _span(edge: Edge, on: str) -> tuple[str, str]:
    """Whether the edge has begun, and has not ended, on a day: yes, no or perhaps (a partial date straddles it)."""
    begun = ended = "yes"
    if edge.since:
        begun = "no" if on < _first(edge.since) else "yes" if on >= _last(edge.since) else "perhaps"
    if edge.until:
        ended = "no" if on > _last(edge.until) else "yes" if on <= _first(edge.until) else "perhaps"
    return begun, ended


def _first(day: str) -> str:
    return (day + "-01-01")[:10] if len(day) == 4 else (day + "-01")[:10]


def _last(day: str) -> str:
    return day + "-12-31" if len(day) == 4 else day + "-31" if len(day) == 7 else day


# --- the weighing


def weigh(
    rule: Rule,
    edges: Iterable[Edge],
    statuses: Mapping[str, Status],
    party: str,
    on: str,
    known: str,
    stated: Stated | None = None,
) -> Weighed:
    """Weigh who owns a party under one rule.

    Args:
        rule: the test.
        edges: all statements; those of other days and later knowledge are left out here.
        statuses: what screening says of the owners; who is not in it was not screened.
        party: the company asked about.
        on: the day of the act.
        known: the day of knowledge.
        stated: what somebody states besides.

    Raises:
        InputErrors: more than 100 % of a company in the chain is held.
    """
    found = holdings(edges, on, known)
    if stated and stated.votes_as_shares:
        told = {owned for owned, _, kind in found if kind == "voting"}
        for (owned, owner, kind), one in list(found.items()):
            if kind == "shares" and owned not in told:
                found[owned, owner, "voting"] = msgspec.structs.replace(one, kind="voting")
    graph = _Graph(rule, found, statuses, party)
    graph.check_sums()
    return _Weighing(graph, on, known, stated or Stated()).answer()


class _Graph:
    """The holdings above one party, and what is known of those who hold."""

    def __init__(
        self, rule: Rule, found: dict[tuple[str, str, str], Holding], statuses: Mapping[str, Status], party: str
    ) -> None:
        self.rule, self.statuses, self.party = rule, statuses, party
        above: dict[str, list[Holding]] = {}
        for holding in found.values():
            above.setdefault(holding.owned, []).append(holding)
        self.above: dict[str, tuple[Holding, ...]] = {}
        queue = deque((party,))
        while queue:
            node = queue.popleft()
            if node in self.above:
                continue
            held = sorted(above.get(node, ()), key=lambda one: (-one.high, one.owner, one.kind))
            self.above[node] = tuple(held)
            queue += [one.owner for one in held if one.kind in (*rule.kinds, "control")]
        self.nodes = tuple(self.above)  # the party first, then upwards
        self.below: dict[str, set[str]] = {node: set() for node in self.nodes}
        self.by_kind: dict[tuple[str, str], tuple[Holding, ...]] = {}
        for node, holders in self.above.items():
            for kind in KINDS:
                self.by_kind[node, kind] = tuple(one for one in holders if one.kind == kind)
            for one in holders:
                self.below.setdefault(one.owner, set()).add(node)
        self.sums = {key: sum((one.low for one in held), Fraction(0)) for key, held in self.by_kind.items()}

    def check_sums(self) -> None:
        """Refuse a company of which more than the whole is held.

        Raises:
            InputErrors: each such company, with the statements that do not fit.
        """
        faults = []
        for node in self.nodes:
            for kind in SHARES:
                held = [one for one in self.above[node] if one.kind == kind]
                total = sum((one.low for one in held), Fraction(0))
                if total > WHOLE:
                    first = held[0].edges[0]
                    parts = "; ".join(
                        f"{one.owner} {exact(one.low)} % ({', '.join(edge.place or 'no source' for edge in one.edges)})"
                        for one in held
                    )
                    problem = f"more than 100 % of the {kind} of {node} are held ({exact(total)} %): {parts}"
                    faults.append(InputError(problem, file=first.file, line=first.line, found=node))
        if faults:
            raise InputErrors(faults)

    def status(self, node: str) -> Status:
        return self.statuses.get(node) or Status(node)

    def state(self, node: str) -> str:
        """listed, perhaps (listed where only some programmes count), elsewhere, open, not listed or not screened."""
        status, rule = self.status(node), self.rule
        if status.state == "listed":
            if not status.lists or status.lists & set(rule.lists):
                return "listed"
            if status.lists & set(rule.perhaps):
                return "perhaps"
            return "elsewhere" if status.searched >= set(rule.lists) else "not screened"
        if status.state == "not listed" and status.searched and not status.searched >= set(rule.lists):
            return "not screened"
        return status.state

    def listed(self) -> frozenset[str]:
        return frozenset(node for node in self.nodes if self.state(node) == "listed")

    def perhaps_listed(self) -> frozenset[str]:
        """Those whom nothing rules out."""
        open_states = ("listed", "perhaps", "open", "not screened")
        return frozenset(node for node in self.nodes if node != self.party and self.state(node) in open_states)

    def ownable(self, node: str) -> bool:
        return self.status(node).kind in ("", "organisation")

    def of(self, node: str, kind: str) -> tuple[Holding, ...]:
        return self.by_kind[node, kind]

    def rest(self, node: str, kind: str) -> Fraction:
        """The share for which nobody is named for sure."""
        return WHOLE - self.sums[node, kind] if self.ownable(node) else Fraction(0)

    def low(self, node: str, kind: str, held_by: Set[str]) -> Fraction:
        return sum((one.low for one in self.of(node, kind) if one.owner in held_by), Fraction(0))

    def high(self, node: str, kind: str, held_by: Set[str]) -> Fraction:
        """What those may hold at most: all that is not held for sure by others (and all the rest of a company)."""
        others = self.sums[node, kind] - self.low(node, kind, held_by)
        if self.ownable(node):
            return WHOLE - others
        return min(WHOLE - others, sum((one.high for one in self.of(node, kind) if one.owner in held_by), Fraction(0)))

    def controlled(self, node: str, held_by: Set[str], sure: bool) -> bool:
        if self.rule.control != "counts":
            return False
        return any(one.owner in held_by and (one.low > 0 or not sure) for one in self.of(node, "control"))

    def surely(self, node: str, held_by: Set[str]) -> bool:
        met = self.rule.met
        return any(met(self.low(node, kind, held_by)) for kind in self.rule.kinds) or self.controlled(
            node, held_by, True
        )

    def possibly(self, node: str, held_by: Set[str]) -> bool:
        met = self.rule.met
        return any(met(self.high(node, kind, held_by)) for kind in self.rule.kinds) or self.controlled(
            node, held_by, False
        )

    def least(self, base: frozenset[str], test: Callable[[str, Set[str]], bool]) -> frozenset[str]:
        """``base`` and every company that it reaches, one after the other; a loop never lifts itself."""
        found = set(base)
        queue = list(self.nodes)
        while queue:
            node = queue.pop()
            if node not in found and test(node, found):
                found.add(node)
                queue += self.below[node] - found
        return frozenset(found)

    def greatest(self, base: frozenset[str]) -> frozenset[str]:
        """``base`` and every company that could be reached, loops included where a possible listed owner feeds them."""
        found = set(self.nodes)
        while True:
            queue = list(found)
            while queue:
                node = queue.pop()
                if node in found and node not in base and not self.possibly(node, found):
                    found.discard(node)
                    queue += self.below[node] & found
            fed = self._fed(base, found)
            if fed == found:
                return fed
            found = set(fed)

    def _fed(self, base: frozenset[str], among: Set[str]) -> frozenset[str]:
        def fed(node: str, sources: Set[str]) -> bool:
            if node not in among:
                return False
            if any(self.rest(node, kind) > 0 for kind in self.rule.kinds):
                return True
            return any(one.owner in sources and one.high > 0 for one in self.above[node])

        return self.least(base, fed)


class _Group(msgspec.Struct, frozen=True):
    """Owners whose shares are added up, and whom they reach, for sure and perhaps."""

    members: frozenset[str]
    sure: frozenset[str]
    perhaps: frozenset[str]


class _Weighing:
    def __init__(self, graph: _Graph, on: str, known: str, stated: Stated) -> None:
        self.graph, self.on, self.known, self.stated = graph, on, known, stated
        self.rule, self.party = graph.rule, graph.party
        self.sure = [
            _Group(base, graph.least(base, graph.surely), frozenset()) for base in self._together(graph.listed(), True)
        ]
        self.open = [
            _Group(base, frozenset(), graph.greatest(base)) for base in self._together(graph.perhaps_listed(), False)
        ]
        self.counted = frozenset().union(*(group.sure for group in self.sure))
        self.perhaps = frozenset().union(*(group.perhaps for group in self.open)) | self.counted
        self.behind = self._behind(self.counted, True)
        self.perhaps_behind = self._behind(self.perhaps, False)

    def _together(self, owners: frozenset[str], sure: bool) -> list[frozenset[str]]:
        """Whose shares are added up: for sure, or perhaps (there nobody may be left out, not even the unnamed)."""
        rule, stated = self.rule, self.stated
        if rule.aggregate == "yes" or (rule.aggregate == "joint" and not sure and not stated.apart):
            return [owners]
        groups = [frozenset((one,)) for one in sorted(owners)]
        if rule.aggregate == "joint":
            groups += [group & owners for group in stated.joint if len(group & owners) > 1]
        return groups or [frozenset()]

    def answer(self) -> Weighed:
        graph, rule, party = self.graph, self.rule, self.party
        low = max(graph.low(party, kind, g.sure - {party}) for g in self.sure for kind in rule.kinds)
        high = max(graph.high(party, kind, g.perhaps) for g in self.open for kind in rule.kinds)
        outcome, by_control = self._outcome()
        owners, settled, lists = self._owners()
        asks = outcome == "open" or (outcome == "reached" and "lists" in rule.feeds and not settled)
        routes = list(itertools.islice(self._routes(), MAX_PATHS + 1))
        return Weighed(
            rule=rule,
            party=party,
            on=self.on,
            known=self.known,
            low=low,
            high=max(low, high),
            outcome=outcome,
            by_control=by_control,
            look_through=self._look_through(),
            lists=lists,
            lists_settled=settled,
            owners=owners,
            routes=tuple(routes[:MAX_PATHS]),
            more_routes=len(routes) > MAX_PATHS,
            steps=tuple(self._steps()),
            questions=tuple(self._questions(outcome)) if asks else (),
            flags=tuple(self._flags(high)),
            tree=graph.above,
            standing={node: self._standing(node) for node in graph.nodes},
            lists_of={node: graph.status(node).lists for node in graph.nodes},
        )

    def _outcome(self) -> tuple[Outcome, bool]:
        graph, party = self.graph, self.party
        if any(graph.surely(party, group.sure - {party}) for group in self.sure):
            shares = any(
                self.rule.met(graph.low(party, kind, g.sure - {party})) for g in self.sure for kind in self.rule.kinds
            )
            return "reached", not shares
        if any(graph.possibly(party, group.perhaps) for group in self.open):
            return "open", False
        if self.rule.control == "counts" and not self.stated.no_control:
            return "open", False  # that nobody has told of control is not that there is none
        return "not reached", False

    # --- whose shares they are

    def _owners(self) -> tuple[tuple[Status, ...], bool, frozenset[str]]:
        """The listed owners behind the party, whether there can be no others, and their lists."""
        graph = self.graph
        perhaps = self.perhaps_behind
        listed = sorted(node for node in self.behind if graph.state(node) == "listed")
        lists = frozenset(one for node in listed for one in graph.status(node).lists if one in self.rule.lists)
        complete = all(graph.status(node).lists for node in listed)
        closed = all(
            graph.state(node) in ("listed", "not listed", "elsewhere")
            and not any(graph.rest(node, k) > 0 for k in self.rule.kinds)
            for node in perhaps
            if node not in listed
        ) and not any(graph.rest(node, kind) > 0 for node in (self.party, *listed) for kind in self.rule.kinds)
        same = {node for node in perhaps if graph.state(node) == "listed"} == set(listed)
        return tuple(graph.status(node) for node in listed), complete and closed and same and bool(listed), lists

    def _behind(self, counted: frozenset[str], sure: bool) -> frozenset[str]:
        """Those among ``counted`` from whom holdings lead down to the party."""
        kinds = (*self.rule.kinds, *(("control",) if self.rule.control == "counts" else ()))
        found: set[str] = set()
        queue = [self.party]
        while queue:
            for one in self.graph.above[queue.pop()]:
                owner = one.owner
                if one.kind in kinds and owner in counted and owner not in found and (one.low > 0 or not sure):
                    found.add(owner)
                    queue.append(owner)
        return frozenset(found - {self.party})

    def _routes(self) -> Iterator[Route]:
        """Paths from listed owners (perhaps listed ones too) down to the party, one node never twice."""
        graph = self.graph
        sources = graph.perhaps_listed()
        kinds = (*self.rule.kinds, *(("control",) if self.rule.control == "counts" else ()))
        led = graph.least(sources, lambda node, found: any(one.owner in found for one in graph.above[node]))
        open_led = self.perhaps & led
        stack: list[tuple[tuple[Holding, ...], frozenset[str]]] = [((), frozenset((self.party,)))]
        for _ in range(MAX_STEPS):
            if not stack:
                return
            below, seen = stack.pop()
            top = below[0].owner if below else self.party
            if below and top in sources:
                certain = graph.state(top) == "listed" and all(
                    one.low > 0 and one.owner in self.counted for one in below
                )
                yield Route(below, certain)
            for one in reversed(graph.above[top]):
                if one.kind in kinds and one.owner in open_led and one.owner not in seen:
                    stack.append(((one, *below), seen | {one.owner}))

    # --- how it came about

    def _standing(self, node: str) -> str:
        """How a node counts under the rule, in the key of a text."""
        state = self.graph.state(node)
        if state == "listed":
            return "why listed"
        if node in self.counted:
            return "why reached"
        if state in ("open", "perhaps", "not screened"):
            return f"why {state}"
        if node in self.perhaps:
            return "why perhaps reached"
        return "why elsewhere" if state == "elsewhere" else "why not listed"

    def _why(self, node: str) -> Note:
        key = self._standing(node)
        return Note(key, {"lists": tuple(sorted(self.graph.status(node).lists))})

    def _steps(self) -> Iterator[Note]:
        """Every company from the top down: who holds it, what nobody is named for, and whether it is reached."""
        graph, rule, party = self.graph, self.rule, self.party
        if graph.status(party).state == "listed":
            yield Note("itself", {"party": party, "lists": tuple(sorted(graph.status(party).lists))})
        for group in self.stated.joint:
            yield Note("group", {"owners": tuple(sorted(group))})
        for node in reversed(graph.nodes):
            if node != party and (graph.state(node) == "listed" or not self._matters(node)):
                continue
            yield from self._held(node)
            surely = any(graph.surely(node, group.sure - {node}) for group in self.sure)
            perhaps = any(graph.possibly(node, group.perhaps) for group in self.open)
            word = "reached" if surely else "open" if perhaps else "not reached"
            for kind in rule.kinds:
                if kind != rule.kinds[0] and not any(graph.of(node, kind)):
                    continue
                share = self._interval(node, kind)
                met = "reached" if rule.met(share[0]) else "open" if rule.met(share[1]) else "not reached"
                yield Note(f"sum {met}", {"owned": node, "kind": kind, "low": share[0], "high": share[1]})
            if word == "reached" and not any(rule.met(self._interval(node, kind)[0]) for kind in rule.kinds):
                yield Note("sum control", {"owned": node})
            elif word == "open" and not any(rule.met(self._interval(node, kind)[1]) for kind in rule.kinds):
                yield Note("sum perhaps control", {"owned": node})

    def _matters(self, node: str) -> bool:
        told = any(one.kind in (*self.rule.kinds, "control") for one in self.graph.above[node])
        return told or (self.graph.ownable(node) and node in self.perhaps)

    def _interval(self, node: str, kind: str) -> tuple[Fraction, Fraction]:
        low = max(self.graph.low(node, kind, group.sure - {node}) for group in self.sure)
        high = max(self.graph.high(node, kind, group.perhaps) for group in self.open)
        return low, max(low, high)

    def _held(self, node: str) -> Iterator[Note]:
        for one in self.graph.above[node]:
            if one.kind in self.rule.kinds:
                words: dict[str, str | Fraction | tuple[str, ...]] = {
                    "owner": one.owner,
                    "owned": node,
                    "kind": one.kind,
                    "low": one.low,
                    "high": one.high,
                }
                yield Note("holding", {**words, **self._reason(one.owner)})
            elif one.kind == "control" and self.rule.control == "counts":
                yield Note("controls", {"owner": one.owner, "owned": node, **self._reason(one.owner)})
        for kind in self.rule.kinds:
            rest = self.graph.rest(node, kind)
            if rest > 0 and (kind == self.rule.kinds[0] or any(self.graph.of(node, kind))):
                yield Note("rest", {"owned": node, "kind": kind, "low": rest, "high": rest})

    def _reason(self, node: str) -> dict[str, str | Fraction | tuple[str, ...]]:
        why = self._why(node)
        return {"why": why.key, **why.words}

    # --- what to ask

    def _questions(self, outcome: Outcome) -> Iterator[Note]:
        """What would narrow the interval, nearest to the party first; only what can still count."""
        graph, rule = self.graph, self.rule
        reach = (self.party, *[node for node in graph.nodes if node in self.perhaps_behind])
        for node in reach:
            if node != self.party:
                yield from self._ask_standing(node)
            if outcome == "open" and graph.state(node) == "listed" and node != self.party:
                continue
            for kind in rule.kinds:
                rest = graph.rest(node, kind)
                if rest > 0:
                    yield Note("ask rest", {"subject": node, "kind": kind, "low": rest, "high": rest})
            for one in graph.above[node]:
                if one.kind in rule.kinds:
                    yield from self._ask_holding(one)
        loop = self._loop()
        if loop:
            yield Note("ask loop", {"subject": loop})
        if rule.aggregate == "joint" and not self.stated.apart:
            several = sorted(node for node in graph.listed() if node in self.perhaps_behind)
            if len(several) > 1 and outcome == "open":
                yield Note("ask joint", {"subject": tuple(several), "party": self.party})
        if rule.control == "counts" and not self.stated.no_control and outcome == "open":
            yield Note("ask control", {"subject": self.party})

    def _ask_standing(self, node: str) -> Iterator[Note]:
        state, lists = self.graph.state(node), tuple(sorted(self.graph.status(node).lists))
        if state == "not screened":
            yield Note("ask screen", {"subject": node, "lists": self.rule.lists})
        elif state == "open":
            yield Note("ask hit", {"subject": node})
        elif state == "perhaps":
            yield Note("ask programme", {"subject": node, "lists": lists})

    def _ask_holding(self, one: Holding) -> Iterator[Note]:
        about = {"owner": one.owner, "subject": one.owned, "kind": one.kind}
        if one.doubtful_day:
            for edge in one.edges:
                if "perhaps" in _span(edge, self.on):
                    yield Note(
                        "ask day", {**about, "on": self.on, "since": edge.since or "…", "until": edge.until or "…"}
                    )
        if len(one.edges) > 1:
            yield Note("ask once", {**about, "count": str(len(one.edges))})
        elif one.low != one.high and not one.doubtful_day:
            yield Note("ask share", {**about, "low": one.low, "high": one.high})

    def _loop(self) -> tuple[str, ...]:
        """The companies that only a loop holds up, if the party's outcome rests on them."""
        graph = self.graph
        for group in self.open:
            without = graph.least(group.members, graph.possibly)
            only = group.perhaps - without
            if graph.possibly(self.party, group.perhaps) and not graph.possibly(self.party, without - {self.party}):
                return tuple(sorted(only | {self.party}))
        return ()

    def _flags(self, high: Fraction) -> Iterator[Note]:
        """Warnings that are not ownership: a minority in listed hands, control, seats on the board."""
        graph = self.graph
        if any(self._interval(self.party, kind)[0] > 0 for kind in self.rule.kinds) and not self.rule.met(high):
            yield Note("flag minority", {"subject": self.party})
        for node in graph.nodes:
            for one in graph.above[node]:
                if one.kind in self.rule.kinds or (one.kind == "control" and self.rule.control == "counts"):
                    continue
                if graph.state(one.owner) != "not listed":
                    yield Note("flag control", {"owner": one.owner, "subject": node, "kind": one.kind})

    # --- shares multiplied along the chains

    def _look_through(self) -> tuple[Fraction, Fraction]:
        """The economic share of listed owners, by the first kind: what flows to them if everything is paid upwards."""
        graph, kind = self.graph, self.rule.kinds[0]
        listed = graph.listed() - {self.party}
        clean = frozenset(n for n in graph.nodes if n not in graph.perhaps_listed() and not graph.ownable(n))
        low = _flow(graph, kind, listed, listed)
        return low, WHOLE - _flow(graph, kind, clean, clean | graph.perhaps_listed())


def _flow(graph: _Graph, kind: str, sources: frozenset[str], ends: frozenset[str]) -> Fraction:
    """How much of the party comes to ``sources`` (through none of the ``ends``): the least solution of x = Ax + b.

    Only companies that a source feeds are unknowns; each of them leads to a source, so that the system has one solution
    even where companies own each other.
    """

    def feeds(node: str, found: Set[str]) -> bool:
        return node not in ends and any(one.owner in found and one.low > 0 for one in graph.of(node, kind))

    fed = graph.least(sources, feeds)
    unknowns = fed - sources
    if graph.party not in unknowns:
        return Fraction(0)
    rows: dict[str, dict[str, Fraction]] = {}
    for node in unknowns:
        row = rows[node] = {}
        for one in graph.of(node, kind):
            key = "" if one.owner in sources else one.owner
            if not key or key in unknowns:
                row[key] = row.get(key, Fraction(0)) + one.low
    return _solved(rows, graph.party)


def _solved(rows: dict[str, dict[str, Fraction]], wanted: str) -> Fraction:
    """One unknown of x = Ax + b (b under the key "", A in per cent), by putting one unknown after the other into the
    others. What is known already goes first, so that only companies that own each other make work.
    """
    users: dict[str, set[str]] = {node: set() for node in rows}
    for node, row in rows.items():
        for owner in row.keys() - {""}:
            users[owner].add(node)
    ready = [node for node, row in rows.items() if not row.keys() - {""}]
    while True:
        node = (
            ready.pop() if ready else min(rows.keys() - {wanted}, key=lambda one: (len(rows[one]), one), default=wanted)
        )
        row = rows.pop(node)
        own = row.pop(node, Fraction(0)) / WHOLE
        row = {owner: share / (1 - own) for owner, share in row.items()}
        if node == wanted:
            return row.get("", Fraction(0))
        for owner in row.keys() - {""}:
            users[owner].discard(node)
        for user in users[node] - {node}:
            into = rows[user]
            weight = into.pop(node) / WHOLE
            for owner, share in row.items():
                into[owner] = into.get(owner, Fraction(0)) + weight * share
                if owner:
                    users[owner].add(user)
            if not into.keys() - {""}:
                ready.append(user)


# --- shares as words


def exact(share: Fraction) -> str:
    """A share in figures that lose nothing: a decimal where there is one, else a fraction."""
    denominator = share.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        return f"{share.numerator}/{share.denominator}"
    digits = 0
    while (share * 10**digits).denominator != 1:
        digits += 1
    return _figures(share, digits)


def _figures(share: Fraction, digits: int) -> str:
    whole = int(share * 10**digits)
    text = str(whole).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}" if digits else text


def _plain_share(share: Fraction, rule: Rule) -> str:
    """A share as a decimal that stands on the same side of the threshold, where it has no exact one."""
    text = exact(share)
    if "/" not in text:
        return text
    for digits in range(4, 40):
        text = _figures(share, digits)
        if rule.met(Fraction(text)) == rule.met(share):
            return text
    return "unknown"
