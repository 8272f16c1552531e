"""``exeat law``: look at the rulebook, and check it."""

from __future__ import annotations

import click

from exeat.cli.show import law_options


@click.group()
def law() -> None:
    """The rulebook: what it holds, and whether it holds together."""


@law.command("check")
@law_options
@click.option("--only", default="", help="Only cases whose id begins so.")
def law_check(folders: tuple[str, ...], allow_relax: bool, only: str) -> None:
    """Check every law file, then run every case."""
    from exeat.decide.engine import Engine
    from exeat.home import law_folders
    from exeat.review.cases import load_cases, run_case
    from exeat.review.coverage import missing_results
    from exeat.review.static import static_notes
    from exeat.rulebook.load import load_book

    where = law_folders(folders)
    book = load_book(where, allow_relax)
    engine = Engine(book)
    notes = static_notes(engine)
    cases = load_cases(book, where, lambda key: key.startswith(only))
    failed = 0
    outcomes = []
    for case in cases:
        outcome = run_case(engine, case)
        outcomes.append(outcome)
        if outcome.faults:
            failed += 1
            click.echo(f"case : {case.file}:{case.line}: {case.id}: {'; '.join(outcome.faults)}")
    if not only:
        notes += missing_results(book, outcomes)
    for note in notes:
        click.echo(str(note))
    errors = sum(note.error for note in notes)
    click.echo(
        f"{len(book.rules)} rules, {len(book.registers)} registers, {len(cases)} cases: {failed} failed; {errors} errors"
    )
    raise click.exceptions.Exit(1 if failed or errors else 0)
