"""``exeat ask``: an interview that asks only what can still change the verdict."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exeat.cli.show import STDIN, known_option, language_option, law_options, layout, make_options, put, ready_engine

if TYPE_CHECKING:
    from exeat.cli.interview import Interview
    from exeat.decide.engine import Engine, Options
    from exeat.page.form import Document


@click.command()
@click.argument("file", required=False, default="")
@click.option("-o", "--output", default="", metavar="FILE", help="Save the transaction here, as YAML.")
@click.option("--strict", is_flag=True, help="Use no legal presumption: what is not stated is asked.")
@language_option
@known_option
@law_options
def ask(
    file: str, output: str, strict: bool, lang: str, known: str | None, folders: tuple[str, ...], allow_relax: bool
) -> None:
    """Ask for the facts that can still change the verdict, one at a time, then print the answer.

    Starts from FILE, or from nothing. `?` explains a question (`?word` searches its codes), `unknown` passes it, an
    empty line stops. Questions go to standard error and answers come from standard input, so it works in a pipe.

    \b
    Examples:
      exeat ask
      exeat ask deal.yaml -o deal-complete.yaml
      printf 'app.cdn\\n2020-09-21\\nwechat\\n' | exeat ask --lang zh
    """
    from exeat.cli.interview import Interview

    engine = ready_engine(folders, allow_relax)
    options = make_options(engine, known, strict, explain=False)
    interview = Interview(engine, options, lang, _start(file))
    interview.hold()
    _finish(interview, engine, options, lang, output)


def _start(file: str) -> Document:
    """The document to begin with."""
    from exeat.page.form import plain
    from exeat.vocabulary.reader import Map, decode, read_file, read_text

    if not file:
        return {"transaction": "1"}
    if file == STDIN:
        raise click.UsageError("standard input carries the answers; give the transaction as a file")
    node = read_file(Path(file), file)
    if not isinstance(node, Map):
        node = read_text(decode(b"{}", file), file)
    found: Document = plain(node)
    return found


def _finish(interview: Interview, engine: Engine, options: Options, lang: str, output: str) -> None:
    import msgspec
    import yaml

    from exeat.page import text

    transaction = interview.transaction()
    if transaction is None:
        raise click.exceptions.Exit(2)
    decision = engine.decide(transaction, msgspec.structs.replace(options, explain=True))
    put(text.render(decision, engine.book, lang, brief=True, **layout()))
    if not output and sys.stdin.isatty() and not interview.ended:
        output = interview.read(interview.names.word("ask save"))
    if output:
        put(yaml.safe_dump(interview.document, allow_unicode=True, sort_keys=False, width=100), output)
        click.echo(interview.names.word("ask saved", output), err=True)
    raise click.exceptions.Exit(decision.exit_code)
