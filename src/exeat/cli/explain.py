"""``exeat explain``: the reasons, as trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from exeat.cli.show import (
    deciding_options,
    find_rule,
    language_option,
    law_options,
    layout,
    make_options,
    put,
    read_input,
    ready_engine,
)

if TYPE_CHECKING:
    from exeat.decide.decision import Decision
    from exeat.decide.engine import Engine, Options
    from exeat.page.answer import Tree
    from exeat.vocabulary.transaction import Transaction

MAX_COMBINATIONS = 2_000  # of item, party and place tried for a rule that does not apply


@click.command()
@click.argument("file", metavar="FILE")
@click.argument("rule", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="The findings with their reasons, one a line.")
@language_option
@deciding_options
@law_options
def explain(
    file: str,
    rule: str,
    as_json: bool,
    lang: str,
    known: str | None,
    on: str | None,
    strict: bool,
    only: tuple[str, ...],
    without: tuple[str, ...],
    folders: tuple[str, ...],
    allow_relax: bool,
) -> None:
    """Why each rule does what it does in FILE; or one RULE, also where it does not apply.

    \b
    Examples:
      exeat explain deal.yaml
      exeat explain deal.yaml us.wechat-2020.3
      exeat explain deal.yaml us.wechat-2020.outside-us --lang zh
    """
    import msgspec

    from exeat.page.answer import answer
    from exeat.page.text import render_trees

    engine = ready_engine(folders, allow_relax)
    options = make_options(engine, known, strict, only, without, outlook=False)
    if rule:
        find_rule(engine.book, rule)
    transaction = read_input(file, engine.book.vocabulary, on)
    decision = engine.decide(transaction, options)
    if as_json:
        found = [finding for finding in decision.findings if rule in ("", finding.rule)]
        put("".join(msgspec.json.encode(finding).decode() + "\n" for finding in found))
        return
    trees = [tree for tree in answer(decision, engine.book, lang).trees if rule in ("", tree.rule)]
    if rule and not trees:
        trees = [_elsewhere(engine, transaction, options, decision, rule, lang)]
    if trees:
        put(render_trees(trees, lang, **layout()))
    else:
        from exeat.page.words import word

        put(word("why nothing", lang) + "\n")


def _elsewhere(
    engine: Engine, transaction: Transaction, options: Options, decision: Decision, key: str, lang: str
) -> Tree:
    """The tree of a rule that is not among the findings: one that does not apply, or an exception."""
    import itertools

    from exeat.decide.view import cited
    from exeat.page.answer import Entry, Tree
    from exeat.page.condition import Why, reasons
    from exeat.page.names import Names
    from exeat.rulebook.life import paint

    rule = engine.book.rules[key]
    names = Names(engine.book, lang, decision)
    facts = engine.facts(transaction, options.strict)
    interpreter = engine.interpreter(engine.indexes(transaction, facts, options)[0])
    combinations = itertools.islice(interpreter.combinations(rule.when), MAX_COMBINATIONS)
    found = [interpreter.explain(rule.when, dict(one), interpreter.stance(rule)) for one in combinations]
    truth, best = max(found, key=lambda one: one[0], default=(0, None))
    event = paint(rule.life, f"{decision.on[:10]}T12:00", options.known, options.without)
    status = names.word(f"status.{event.status if event else 'not yet in force'}")
    result = ("does_not", "undecided", "applies")[truth]
    effect = f"relief.{rule.relief}" if rule.defeats else f"effect.{rule.effect}"
    return Tree(
        key,
        names.text(rule.title),
        f"{names.word(f'result.{result}')} · {names.word(effect)}",
        Entry(
            f"{names.word('rule stands')}{names.word('colon')}{status}",
            tuple(cited(engine.book, rule, citation) for citation in rule.cite),
        ),
        reasons(best, names) if best else Why(names.word("why nothing"), "false"),
        tuple(Entry(f"{names.word('defeats')}{names.word('colon')}{names.rule(one)}") for one in rule.defeats),
    )
