"""The vocabulary as a page of reference: enough to state a case from that page alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from exeat.vocabulary.model import ELEMENT_SCOPES, PLURALS, Code, CodeList, Fact, Vocabulary

SUMMARISED = "places"  # too many codes to print: ISO 3166-1 for the countries, and the groups
SHOWN_ENTRIES = 100  # entries of one register that the page prints; the longest catalogue that people search has 82
GROUP = "@"

SCOPE_TITLES = {
    "act": "Facts of the act",
    "item": "Facts of an item",
    "party": "Facts of a party",
    "place": "Facts of a place",
}
TYPES = (
    ("yes-no", "`true` or `false`", "`true`"),
    ("number UNIT", "a decimal number, a space and that unit", "`10 nm`"),
    ("date", "a day, `YYYY-MM-DD`", "`2020-09-20`"),
    ("code LIST", "one code of the list", "`business-to-business`"),
    ("codes LIST", "one code, or a list of all that hold", "`[from, data]`"),
    ("entries", "entries of registers, each `REGISTER/ID`; see below", "`{entries: [REGISTER/ID]}`"),
    ("text", "any words; no rule reads them", "`recommendation algorithm`"),
)

NOTICE = "<!-- Generated from law/ by `python -m exeat.review.publish`. Do not edit. -->"
INTRODUCTION = """\
Everything that a [transaction](transaction.md) may say. Chinese titles and meanings stand beside the English ones."""
STEPS = """\
To state a case of your own:

1. Write the day of the act: `act: {on: YYYY-MM-DD}`; add `zone` if it matters whose day it is, or give the instant as
   `at: 2020-09-27T23:30-04:00` in place of `on`.
2. Choose the most exact [activity](#activities).
3. List the items, the parties with the roles the activity needs, and the places with theirs. An `id` is any name of
   your own.
4. Add facts. Facts of the act stand under `act`, those of an item, party or place in its entry: `item.app` is written
   `app` there. Leave out what you have not looked at; write `unknown` for what you asked and could not learn. Neither
   counts as *no*: the answer asks for what it still needs.
5. Say `complete: true` if no relevant item, party or place is missing."""
VALUES = """\
Any fact may be `unknown`. Where it is said below, a fact may be `not applicable`. A fact may carry its source:
`paid: {value: true, source: given, says: "the contract, clause 4"}`; sources are `given`, `screened`, `classified` and
`confirmed`.

A fact of type `entries` lists the register entries that the item or party is, and may say that there is no other.
`{entries: [], none other: true}` is your own legal conclusion, and the answer shows it as yours.
`none other: {lists: [REGISTER], version: …, as_of: DAY, by: NAME}` is the result of a search; it holds for those
registers up to that day.

A code that has codes below it is a coarse answer: a rule on a finer code is then undecided."""


class Listed(msgspec.Struct, frozen=True):
    """A register that a fact may name entries of: its id, English title, and (entry, name) pairs."""

    id: str
    title: str
    entries: tuple[tuple[str, str], ...]


class Use(msgspec.Struct, frozen=True):
    """Who reads a fact: the regimes, and the registers in which they look up its entries."""

    regimes: tuple[str, ...] = ()
    registers: tuple[Listed, ...] = ()


def reference(vocabulary: Vocabulary, worked: str = "", uses: Mapping[str, Use] | None = None) -> str:
    """The page, in Markdown.

    Args:
        vocabulary: the facts and lists.
        worked: a whole transaction, as YAML, to begin with.
        uses: by fact, who reads it.
    """
    parts = [
        *_opening(worked),
        *_values(),
        *_activities(vocabulary),
        *(line for scope in SCOPE_TITLES for line in _scope(scope, vocabulary, uses or {})),
        *_lists(vocabulary),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _opening(worked: str) -> Iterator[str]:
    yield from ("# Reference: the vocabulary", "", NOTICE, "", INTRODUCTION, "", "## A whole transaction", "")
    if worked:
        yield from ("```yaml", worked.rstrip(), "```", "")
    yield from (STEPS, "")


def _values() -> Iterator[str]:
    yield from ("## How values are written", "", "| type | value | example |", "|---|---|---|")
    yield from (f"| `{kind}` | {value} | {example} |" for kind, value, example in TYPES)
    yield from ("", VALUES, "")


# --- activities


def _activities(vocabulary: Vocabulary) -> Iterator[str]:
    fact, codes = vocabulary.facts["activity"], vocabulary.lists[vocabulary.facts["activity"].of]
    yield from ("## Activities", "", f"`activity` · {fact.title['zh']}: {_both(fact.meaning)}", "")
    yield "A role that is needed and not given becomes a party or place of which nothing else is known."
    yield from ("", "| activity | meaning | parties | places | items |", "|---|---|---|---|---|")
    for code, depth in _tree(codes):
        needs = codes.needs(code.code)
        cells = (
            "&nbsp;" * 3 * depth + f"`{code.code}`",
            f"{_cell(code.title['en'])} · {_cell(code.title['zh'])}",
            _codes(needs.parties),
            _codes(needs.places),
            "needed" if needs.items else "",
        )
        yield "| " + " | ".join(cells) + " |"
    yield ""


# --- facts


def _scope(scope: str, vocabulary: Vocabulary, uses: Mapping[str, Use]) -> Iterator[str]:
    yield from (f"## {SCOPE_TITLES[scope]}", "")
    if scope in ELEMENT_SCOPES:
        yield from (f"Written in an entry of `{PLURALS[scope]}`, without the prefix `{scope}.`.", "")
    else:
        yield from ("Written under `act`, without the prefix `act.`.", "")
    for fact in sorted(vocabulary.of_scope(scope), key=_shared_first):
        if "." in fact.path:
            yield from _fact(fact, vocabulary, uses.get(fact.path, Use()))


def _shared_first(fact: Fact) -> bool:
    """Facts of the common vocabulary stand before those that a regime declares beside its measures."""
    return fact.file.split("/")[1:2] != ["vocabulary"]


def _fact(fact: Fact, vocabulary: Vocabulary, use: Use) -> Iterator[str]:
    yield from (f"### `{fact.path}`", "", f"**{fact.title['en']} · {fact.title['zh']}**", "", _both(fact.meaning), "")
    yield f"- Type: {_type(fact, vocabulary)}"
    yield f"- Example: `{fact.path.partition('.')[2]}: {fact.example}`"
    yield f"- Asked as: {_both(fact.question)}"
    if fact.not_applicable:
        yield "- May be `not applicable`."
    if fact.choice:
        only = f", where the role is {_codes(fact.choice_roles, ' or ')}" if fact.choice_roles else ""
        yield f"- A choice: the answer may offer it as something to change{only}."
    if fact.presume:
        void = f", unless it is true that {_codes(fact.presume.void, ' or ')}" if fact.presume.void else ""
        yield f"- Presumed `{fact.presume.value}` by law where it is not given ({fact.presume.cite}){void}."
    if use.regimes:
        yield f"- Read by: {_codes(use.regimes)}"
    for register in use.registers:
        yield from _register(register)
    yield ""


def _type(fact: Fact, vocabulary: Vocabulary) -> str:
    if fact.kind == "number":
        return f"`number {fact.of}`"
    if fact.kind not in ("code", "codes"):
        return f"`{fact.kind}`"
    codes = vocabulary.lists[fact.of].codes
    link = f"`{fact.kind}` of [{fact.of}](#list-{fact.of})"
    return f"{link}: {_codes(tuple(codes))}" if len(codes) <= 12 else link


def _register(register: Listed) -> Iterator[str]:
    yield f"- Entries of `{register.id}` ({register.title}, {len(register.entries)} entries):"
    for key, name in register.entries[:SHOWN_ENTRIES]:
        yield f"    - `{register.id}/{key}`" + (f" {name}" if name else "")
    if len(register.entries) > SHOWN_ENTRIES:
        yield f"    - … and {len(register.entries) - SHOWN_ENTRIES} more; `exeat law show {register.id}` has all."


# --- lists


def _lists(vocabulary: Vocabulary) -> Iterator[str]:
    yield from ("## Lists", "")
    for codes in sorted(vocabulary.lists.values(), key=lambda one: one.name):
        if codes.name != vocabulary.facts["activity"].of:
            yield from (f"### List `{codes.name}`", "", f"**{codes.title['en']} · {codes.title['zh']}**", "")
            yield from _places(codes) if codes.name == SUMMARISED else _list(codes)
            yield ""


def _list(codes: CodeList) -> Iterator[str]:
    if codes.exact_parents:
        yield from ("A code with codes below it is a value in its own right, not a coarse answer.", "")
    for code, depth in _tree(codes):
        yield "    " * depth + f"- `{code.code}` {code.title['en']} · {code.title['zh']}"


def _places(codes: CodeList) -> Iterator[str]:
    """The groups with their members; the countries are ISO's."""
    groups = [code for code in codes.codes.values() if code.code.startswith(GROUP)]
    special = [code for code in codes.codes.values() if _made_up(code)]
    plain = tuple(code for code in codes.codes if not code.startswith(GROUP))
    shown = _codes(plain[:3])
    yield f"{len(plain)} countries and territories by their ISO 3166-1 code of two letters ({shown} and so on)."
    for code in special:
        yield f"`{code.code}` is {code.title['en']} ({code.title['zh']})."
    yield "Groups that one body of law treats as one place:"
    yield ""
    tops = {code.code for code in groups if not code.under}
    for code in groups:
        members = [one.code for one in codes.codes.values() if code.code in one.under]
        told = "every place" if code.code in tops else _codes(tuple(members))
        yield f"- `{code.code}` {code.title['en']} · {code.title['zh']}: {told}"


def _made_up(code: Code) -> bool:
    """ISO leaves codes that begin with X to users."""
    return code.code.startswith("X")


def _tree(codes: CodeList) -> Iterator[tuple[Code, int]]:
    """Every code once, below its first parent, with its depth."""
    below: dict[str, list[Code]] = {}
    for code in codes.codes.values():
        below.setdefault(code.under[0] if code.under else "", []).append(code)

    def walk(parent: str, depth: int) -> Iterator[tuple[Code, int]]:
        for code in below.get(parent, ()):
            yield code, depth
            yield from walk(code.code, depth + 1)

    yield from walk("", 0)


def _both(text: dict[str, str]) -> str:
    return f"{text['en']} {text['zh']}"


def _codes(codes: Sequence[str], joint: str = ", ") -> str:
    return joint.join(f"`{code}`" for code in codes)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
