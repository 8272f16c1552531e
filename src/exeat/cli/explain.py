"""``exeat explain``: the reasons, as trees."""

from __future__ import annotations

import click

from exeat.cli.show import (
    deciding_options,
    faults_of,
    find_rule,
    language_option,
    law_options,
    layout,
    make_options,
    put,
    read_input,
    ready_engine,
)


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

    from exeat.page.answer import tree_of
    from exeat.page.text import render_trees

    engine = ready_engine(folders, allow_relax)
    options = make_options(engine, known, strict, only, without, outlook=False)
    if rule:
        find_rule(engine.book, rule)
    with faults_of(file):
        transaction = read_input(file, engine.book.vocabulary, on)
        decision = engine.decide(transaction, options)
    found = [engine.finding_of(transaction, options, rule)] if rule else decision.findings
    if as_json:
        put("".join(msgspec.json.encode(finding).decode() + "\n" for finding in found))
        return
    trees = [tree_of(finding, decision, engine.book, lang) for finding in found]
    if trees:
        put(render_trees(trees, lang, **layout()))
    else:
        from exeat.page.words import word

        put(word("why nothing", lang) + "\n")
