"""Everything in the repository that is generated from the law: the schema and the pages of reference.

``python -m exeat.review.publish`` writes them; a test fails when one of them is stale.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from exeat.decide.schema import LEVELS, PUBLISHED, TEXT, VERDICTS, decision_schema, published_schema
from exeat.home import write_whole
from exeat.rulebook.load import load_book
from exeat.rulebook.model import Book, Gap, Regime, Register, tests_of
from exeat.vocabulary.reference import Listed, Use, reference
from exeat.vocabulary.schema import Schema

WORKED = "examples/apps/wechat-cdn-2020-09-21.yaml"
NAME_COLUMNS = ("name", "name_en", "title", "title_en")
BEGIN, END = "<!-- generated: fields -->", "<!-- end of generated -->"


def pages(book: Book, root: Path) -> dict[str, str]:
    """Every generated file of the checkout at ``root``, by path, as it should be."""
    worked = (root / WORKED).read_text(encoding="utf-8")
    decision = (root / "docs/reference/decision.md").read_text(encoding="utf-8")
    schema = json.dumps(published_schema(book), ensure_ascii=False, indent=1)
    return {
        f"schemas/{PUBLISHED}": schema + "\n",
        "docs/reference/vocabulary.md": reference(book.vocabulary, worked, uses(book)),
        "docs/reference/coverage.md": coverage_page(book),
        "docs/reference/decision.md": between(decision, "\n".join(field_tables(decision_schema()))),
    }


def between(page: str, text: str) -> str:
    """The page with what stands between the marks replaced."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{text}\n{END}{tail}"


# --- who reads a fact


def uses(book: Book) -> dict[str, Use]:
    """By fact, the regimes whose rules read it and the registers in which they look up its entries."""
    regimes: dict[str, set[str]] = {}
    registers: dict[str, set[str]] = {}
    for rule in book.rules.values():
        for test in tests_of(rule.when):
            regimes.setdefault(test.path, set()).add(rule.regime)
            if test.op == "in" and book.vocabulary.facts[test.path].kind == "entries":
                registers.setdefault(test.path, set()).add(test.register)
    return {
        path: Use(
            tuple(sorted(names)), tuple(_listed(book.registers[name]) for name in sorted(registers.get(path, ())))
        )
        for path, names in regimes.items()
    }


def _listed(register: Register) -> Listed:
    names = {row.id: _name(row.columns) for row in register.rows}
    return Listed(register.id, register.title["en"], tuple(names.items()))


def _name(columns: dict[str, str]) -> str:
    return next((columns[column] for column in NAME_COLUMNS if columns.get(column)), "")


# --- the decision's fields


def field_tables(schema: Schema) -> Iterator[str]:
    """A table for each kind of object in a decision, the decision itself first."""
    for name, body in schema["$defs"].items():
        yield from (f"### {name}", "")
        if body["description"]:
            yield from (body["description"], "")
        yield from ("| field | type | meaning |", "|---|---|---|")
        for field, one in body["properties"].items():
            yield f"| `{field}` | {_type(one)} | {one['description']}{_choices(one)} |"
        yield ""


def _type(one: Schema) -> str:
    if "$ref" in one:
        return f"[{one['$ref'].rpartition('/')[2]}](#{one['$ref'].rpartition('/')[2].lower()})"
    if "anyOf" in one:
        return " or ".join(_type(part) for part in one["anyOf"])
    if "enum" in one:
        return "number" if all(isinstance(value, int) for value in one["enum"]) else "word"
    if one.get("type") == "array":
        return f"list of {_type(one.get('items', {}))}"
    if one.get("type") == "object":
        return "text in both languages" if one == {**one, **TEXT} else "object"
    names = {"string": "text", "boolean": "yes or no", "integer": "number", "number": "number", "null": "null"}
    return names.get(one.get("type", ""), "any")


def _choices(one: Schema) -> str:
    if one.get("enum") in (LEVELS, VERDICTS):
        return " See [verdicts](#verdicts)."
    values = [f"`{value}`" if value != "" else "empty" for value in one.get("enum", ())]
    return f" One of {', '.join(values)}." if values else ""


# --- coverage


def coverage_page(book: Book) -> str:
    """What is encoded and what is not, from the statements of the regimes and jurisdictions."""
    lines = [
        "# Reference: coverage",
        "",
        "<!-- Generated from law/ by `python -m exeat.review.publish`. Do not edit. -->",
        "",
        f"Rulebook {book.edition}, encoded to {book.encoded_to}: {len(book.regimes)} regimes, "
        f"{len(book.measures)} instruments, {len(book.rules)} rules, {len(book.registers)} registers.",
        "",
        "Each answer repeats the part of this page that its activity can reach. Where an activity can reach a gap and",
        "nothing was found, the jurisdiction's answer is `out_of_coverage`, and the exit code is never 0.",
        "",
    ]
    for key, jurisdiction in book.jurisdictions.items():
        lines += [f"## {jurisdiction.title['en']} · {jurisdiction.title['zh']}", ""]
        for regime in book.regimes.values():
            if regime.jurisdiction == key:
                lines += _regime(regime, book)
        lines += ["### Not encoded", "", *_gaps(jurisdiction.gaps), ""]
    return "\n".join(lines).rstrip() + "\n"


def _regime(regime: Regime, book: Book) -> Iterator[str]:
    rules = [rule for rule in book.rules.values() if rule.regime == regime.id]
    unverified = sum(rule.seen == "unverified" for rule in rules)
    since = f", from {regime.encoded_from}" if regime.encoded_from else ""
    yield from (f"### `{regime.id}` {regime.title['en']} · {regime.title['zh']}", "")
    yield from (f"{regime.covers['en'].strip()}", "", f"{regime.covers['zh'].strip()}", "")
    yield f"- Authority: {regime.authority['en']}"
    yield f"- {len(rules)} rules, {unverified} of them from texts nobody could verify"
    yield f"- Encoded to {regime.encoded_to}{since}; its days begin in {regime.zone}"
    if not regime.binding:
        yield "- Voluntary: reported beside the verdict, never changes it"
    for review in regime.review:
        yield f"- Review or sunset on {review.on}: {review.what['en']}"
    if regime.gaps:
        yield from ("- Not encoded in this regime:", *(f"    {line}" for line in _gaps(regime.gaps)))
    yield ""


def _gaps(gaps: tuple[Gap, ...]) -> Iterator[str]:
    for gap in gaps:
        reach = ", ".join(f"`{code}`" for code in gap.reach)
        yield f"- {gap.title['en'].strip().rstrip('.')} · {gap.title['zh'].strip().rstrip('。')} (reaches {reach})"


def main(root: Path = Path(".")) -> None:
    """Write every generated file of the checkout at ``root``."""
    for name, text in pages(load_book(), root).items():
        write_whole(root / name, text.encode())
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
