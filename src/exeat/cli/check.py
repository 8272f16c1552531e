"""``exeat check``: decide transactions."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from exeat.cli.show import law_options


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="JSON Lines.")
@click.option("--known", default="", metavar="DAY", help="As known on this day.")
@law_options
def check(files: tuple[str, ...], as_json: bool, known: str, folders: tuple[str, ...], allow_relax: bool) -> None:
    """Decide each transaction FILE."""
    from exeat.decide.decision import severest
    from exeat.decide.engine import Engine, Options, today
    from exeat.home import ready_book
    from exeat.vocabulary.transaction import load_transaction

    engine = Engine(ready_book(folders, allow_relax))
    codes = []
    for name in files:
        transaction = load_transaction(Path(name), engine.book.vocabulary, name)
        decision = engine.decide(transaction, Options(known or today()))
        codes.append(decision.exit_code)
        if as_json:
            click.echo(msgspec.json.encode(decision))
            continue
        click.echo(f"{decision.title}: {decision.verdict} [{decision.floor} .. {decision.ceiling}]")
        for regime in decision.regimes:
            click.echo(
                f"  {regime.id}: {regime.verdict} [{regime.floor} .. {regime.ceiling}] {regime.duties} {regime.commitments}"
            )
        for finding in decision.findings:
            click.echo(
                f"    {finding.rule}: {finding.result} {finding.status.status} {[r.id for r in finding.reliefs]}"
            )
        for question in decision.questions:
            click.echo(f"  ? {question.element} {question.path} {question.share:.2f}")
        for stretch in decision.horizon:
            click.echo(f"  > {stretch.on} {stretch.verdict}")
    raise click.exceptions.Exit(severest(codes))
