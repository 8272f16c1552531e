"""The answer of an ownership test as text, as plain data, and as facts to paste into a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import yaml

from exeat.page.safe import visible
from exeat.page.wrap import paragraph
from exeat.screen.ownership import Holding, Note, Weighed, exact, list_titles, texts

Called = Callable[[str], str]
LISTS, KINDS, NODES = ("lists",), ("kind",), ("owner", "owned", "subject", "party", "owners")


class Sentences:
    """Notes as sentences of one language.

    Args:
        lang: the language.
        names: what owners are called, by id.
    """

    def __init__(self, lang: str, names: Mapping[str, str] | None = None) -> None:
        self.lang, self.names = lang, names or {}

    def word(self, key: str) -> str:
        return texts()[key][self.lang]

    def share(self, low: Fraction, high: Fraction) -> str:
        if low == high:
            return f"{exact(low)} %"
        return self.word("between").format(low=f"{exact(low)} %", high=f"{exact(high)} %")

    def called(self, node: str) -> str:
        name = self.names.get(node, "")
        return visible(f"{name} ({node})" if name and name != node else node)

    def of(self, note: Note) -> str:
        filled = {key: self._filled(key, value) for key, value in note.words.items() if not isinstance(value, Fraction)}
        low, high = note.words.get("low"), note.words.get("high")
        if isinstance(low, Fraction) and isinstance(high, Fraction):
            filled["share"] = self.share(low, high)
        if "why" in filled:
            filled["why"] = self.word(filled["why"]).format(**filled)
        return self.word(note.key).format(**filled)

    def _filled(self, key: str, value: str | tuple[str, ...]) -> str:
        if isinstance(value, tuple):
            shown = [self._list(one) if key in LISTS else self.called(one) for one in value]
            return self.word("and").join(shown) or "?"
        if key in KINDS:
            return self.word(value)
        return self.called(value) if key in NODES else visible(value)

    def _list(self, name: str) -> str:
        return list_titles().get(name, {}).get(self.lang, name)

    def rule(self, found: Weighed) -> str:
        rule = found.rule
        return self.word("rule").format(
            title=rule.title[self.lang],
            test=self.word(rule.test),
            threshold=f"{exact(rule.threshold)} %",
            kinds=self.word("or").join(self.word(kind) for kind in rule.kinds),
            aggregate=self.word(f"aggregate {rule.aggregate}"),
            control=self.word(f"control {rule.control}"),
            cite=rule.cite,
        )

    def verdict(self, found: Weighed) -> str:
        key = "verdict control" if found.by_control else f"verdict {found.outcome}"
        return self.word(key).format(party=self.called(found.party), share=self.share(found.low, found.high))


def text(found: Weighed, lang: str, columns: int, names: Mapping[str, str] | None = None) -> str:
    """The answer on one page: verdict, rule, steps, tree, paths, questions, warnings."""
    say = Sentences(lang, names)
    blocks = [
        ("answer", [say.verdict(found), say.rule(found), f"{found.rule.url}  {found.on} / {found.known}"]),
        ("steps", [f"- {say.of(note)}" for note in found.steps]),
        ("tree", list(_tree(found, say))),
        ("paths", list(_paths(found, say))),
        ("asked", [f"- {say.of(note)}" for note in found.questions]),
        ("flags", [f"- {say.of(note)}" for note in found.flags]),
    ]
    blocks[1][1].append(f"- {say.word('look-through').format(share=say.share(*found.look_through))}")
    lines: list[str] = []
    for head, body in blocks:
        if body:
            lines += [say.word(head)]
            for line in body:
                if head == "tree":  # a drawing is not folded
                    lines.append(f"  {line}")
                else:
                    lines += paragraph(line, columns, 2)
            lines.append("")
    return "\n".join(lines)


def _tree(found: Weighed, say: Sentences) -> Iterator[str]:
    """The party with whoever holds it below it, and so on upwards; what was drawn once is not drawn again."""
    yield say.called(found.party)
    drawn = {found.party}
    stack = [(one, "", last) for one, last in _last_marked(found.tree[found.party])]
    stack.reverse()
    while stack:
        one, indent, last = stack.pop()
        share = say.word(one.kind) if one.kind not in ("shares", "voting") else say.share(one.low, one.high)
        kind = f" {say.word(one.kind)}" if one.kind == "voting" else ""
        why = say.of(Note(found.standing.get(one.owner, "why not listed"), {"lists": _lists(found, one.owner)}))
        above = found.tree.get(one.owner, ())
        again = f" ({say.word('again')})" if above and one.owner in drawn else ""
        yield f"{indent}{'└─' if last else '├─'} {share}{kind}: {say.called(one.owner)} ({why}){again}"
        if above and not again:
            drawn.add(one.owner)
            deeper = indent + ("   " if last else "│  ")
            stack += [(upper, deeper, end) for upper, end in reversed(list(_last_marked(above)))]


def _last_marked(held: tuple[Holding, ...]) -> Iterator[tuple[Holding, bool]]:
    for place, one in enumerate(held, 1):
        yield one, place == len(held)


def _lists(found: Weighed, node: str) -> tuple[str, ...]:
    return tuple(sorted(found.lists_of.get(node, ())))


def _paths(found: Weighed, say: Sentences) -> Iterator[str]:
    for route in found.routes:
        links = [f"{say.called(one.owner)} —{_link(one, say)}→" for one in route.holdings]
        mark = "" if route.certain else "? "
        yield f"- {mark}{' '.join(links)} {say.called(found.party)}"
    if found.more_routes:
        yield f"- {say.word('more')}"


def _link(one: Holding, say: Sentences) -> str:
    return say.word(one.kind) if one.kind not in ("shares", "voting") else say.share(one.low, one.high)


def plain(found: Weighed, lang: str, names: Mapping[str, str] | None = None) -> dict[str, object]:
    """The answer as JSON data. Shares are words, so that no figure is rounded on the way."""
    say = Sentences(lang, names)
    return {
        "party": found.party,
        "rule": found.rule.id,
        "rule_since": found.rule.since,
        "cite": found.rule.cite,
        "url": found.rule.url,
        "on": found.on,
        "known": found.known,
        "outcome": found.outcome,
        "by_control": found.by_control,
        "low": exact(found.low),
        "high": exact(found.high),
        "look_through": [exact(end) for end in found.look_through],
        "owners": [{"id": one.id, "lists": sorted(one.lists)} for one in found.owners],
        "lists": sorted(found.lists),
        "lists_settled": found.lists_settled,
        "paths": [
            {"certain": route.certain, "holdings": [_plain_holding(one) for one in route.holdings]}
            for route in found.routes
        ],
        "more_paths": found.more_routes,
        "steps": [say.of(note) for note in found.steps],
        "questions": [{"ask": note.key.removeprefix("ask "), "text": say.of(note)} for note in found.questions],
        "flags": [say.of(note) for note in found.flags],
        "facts": found.facts(),
    }


def _plain_holding(one: Holding) -> dict[str, object]:
    return {
        "owner": one.owner,
        "owned": one.owned,
        "kind": one.kind,
        "low": exact(one.low),
        "high": exact(one.high),
        "sources": [edge.place for edge in one.edges if edge.place],
    }


def facts(found: Weighed, lang: str) -> str:
    """The facts as YAML lines for a party of a transaction; empty where the rule feeds none."""
    say = Sentences(lang)
    stated: dict[str, object] = {}
    for name, value in found.facts().items():
        if value in ("unknown", "not applicable"):
            stated[name] = value
            continue
        says = say.word("fact share").format(
            rule=found.rule.title[lang], share=say.share(found.low, found.high), on=found.on, known=found.known
        )
        stated[name] = {"value": value, "source": "screened", "says": says}
    return yaml.safe_dump(stated, allow_unicode=True, sort_keys=False, width=1000) if stated else ""
