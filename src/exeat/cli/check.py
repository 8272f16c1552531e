"""``exeat check``: decide transactions."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from exeat.cli.record import by_option, opened, person
from exeat.cli.show import (
    complain,
    deciding_options,
    faults_of,
    internal,
    language_option,
    law_options,
    layout,
    make_options,
    progress,
    put,
    read_input,
    ready_engine,
)
from exeat.errors import InputErrors

if TYPE_CHECKING:
    from exeat.decide.decision import Decision
    from exeat.decide.engine import Engine, Options
    from exeat.vocabulary.transaction import Transaction

Look = Callable[[str, "Transaction"], "Transaction"]


@dataclass(frozen=True)
class Form:
    """How answers are shown."""

    kind: str  # text, json, html
    lang: str
    explain: bool
    redact: bool
    outlook: bool
    brief: bool


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON decision a line.")
@click.option("--html", "as_html", is_flag=True, help="A web page that stands alone (one FILE).")
@click.option("-o", "--output", default="", metavar="FILE", help="Write here, whole or not at all.")
@click.option("--long", is_flag=True, help="Every section in full length (text).")
@click.option("--explain", is_flag=True, help="Everything, with the tree of reasons of every rule.")
@click.option("--redact", is_flag=True, help="Take the parties' names out of the answer.")
@click.option("--screen", "screening", is_flag=True, help="Screen the parties on the lists of the store first.")
@click.option("--threshold", type=float, default=0.0, help="With --screen: least score of a hit.")
@click.option("--record", "keep", is_flag=True, help="Record each decision before it is shown.")
@by_option
@click.option("--no-outlook", is_flag=True, help="Leave out questions, days of change and alternatives (faster).")
@language_option
@deciding_options
@law_options
def check(
    files: tuple[str, ...],
    as_json: bool,
    as_html: bool,
    output: str,
    long: bool,
    explain: bool,
    redact: bool,
    screening: bool,
    threshold: float,
    keep: bool,
    by: str,
    no_outlook: bool,
    lang: str,
    known: str | None,
    on: str | None,
    strict: bool,
    only: tuple[str, ...],
    without: tuple[str, ...],
    folders: tuple[str, ...],
    allow_relax: bool,
) -> None:
    """Decide each transaction FILE (YAML or JSON; - is standard input).

    \b
    Examples:
      exeat check deal.yaml
      exeat check deal.yaml --known 2020-09-18 --lang zh
      exeat check deal.yaml --html -o answer.html
      exeat check deal.yaml --screen
      exeat check deal.yaml --record --by "A. Officer"
      exeat check deals/*.yaml --json > answers.jsonl
      exeat check deal.yaml --only us.apps --without courts

    \b
    The exit code is the severest of the answers:
      0   authorised, or nothing found and everything covered
      2   bad input or usage        13  prohibited
      10  conditions                20  undetermined
      11  approval required         21  out of coverage
      12  licence required          22  not in effect
      70  internal error
    """
    if as_json and as_html:
        raise click.UsageError("--json and --html exclude each other")
    if as_html and len(files) != 1:
        raise click.UsageError(f"--html takes one FILE, and {len(files)} were given")
    kind = "json" if as_json else "html" if as_html else "text"
    form = Form(kind, lang, explain, redact, not no_outlook, not (long or explain))
    engine = ready_engine(folders, allow_relax)
    options = make_options(engine, known, strict, only, without, explain or kind != "json", form.outlook)
    if threshold and not screening:
        raise click.UsageError("--threshold goes with --screen")
    look = _looker(engine, options, threshold) if screening else None
    with keeping(keep, engine, options, by, folders) as kept:
        raise click.exceptions.Exit(_all(files, engine, options, on, form, output, look, kept))


Keep = Callable[["Decision", "Transaction"], None]


@contextlib.contextmanager
def keeping(keep: bool, engine: Engine, options: Options, by: str, folders: tuple[str, ...]) -> Iterator[Keep]:
    """What records a decision, or does nothing if nobody asked for it."""
    if not keep:
        yield lambda decision, transaction: None
        return
    from exeat.home import law_folders

    with opened() as record:

        def kept(decision: Decision, transaction: Transaction) -> None:
            places = law_folders(folders)
            entry = record.keep(decision, transaction, options, engine.book, by=person(by), folders=places)
            click.echo(f"exeat: recorded as entry {entry.n}", err=True)

        yield kept


def _looker(engine: Engine, options: Options, threshold: float) -> Look:
    """Screens the parties of a transaction; whoever has no name is told, for nobody looked for them."""
    from exeat.screen.deal import screen_deal
    from exeat.screen.desk import Desk, Terms

    desk = Desk()

    def look(name: str, transaction: Transaction) -> Transaction:
        found = screen_deal(desk, transaction, engine.book, Terms("", options.known, threshold=threshold))
        for party in found.nameless:
            click.echo(f"exeat: {name}: the party {party!r} has no name, so it was not screened", err=True)
        return found.transaction

    return look


def _all(
    files: Sequence[str],
    engine: Engine,
    options: Options,
    on: str | None,
    form: Form,
    output: str,
    look: Look | None,
    kept: Keep,
) -> int:
    """Decide every file; a bad one does not stop the others. Returns the severest exit code."""
    from exeat.decide.decision import severest

    codes: list[int] = []
    pages: list[str] = []
    for name in progress(files):
        code, shown = _one(name, engine, options, on, form, look, kept)
        codes.append(code)
        if shown and pages and form.kind == "text":
            shown = f"\n{'─' * layout()['columns']}\n\n{shown}"
        if shown:
            pages.append(shown if output else "")
            if not output:
                put(shown)
    if output and pages:
        put("".join(pages), output)
    return severest(codes)


def _one(
    name: str, engine: Engine, options: Options, on: str | None, form: Form, look: Look | None, kept: Keep
) -> tuple[int, str]:
    """The exit code and the shown answer of one file; its errors go to standard error.

    An answer that should be recorded and cannot be is not shown: nobody shall act on what nobody kept.
    """
    as_json = form.kind == "json"
    try:
        with faults_of(name):
            transaction = read_input(name, engine.book.vocabulary, on)
            transaction = look(name, transaction) if look else transaction
            decision = engine.decide(transaction, options)
            kept(decision, transaction)
            return decision.exit_code, shown(decision, engine, form)
    except InputErrors as errors:
        return complain(errors.errors, as_json), ""
    except Exception as error:
        if os.environ.get("EXEAT_DEBUG"):
            raise
        return internal(error, as_json, name), ""


def shown(decision: Decision, engine: Engine, form: Form) -> str:
    """The answer in the form asked for, ending in a new line."""
    import msgspec

    from exeat.page import html, text
    from exeat.page.redact import Veil

    veil = Veil(decision, form.lang) if form.redact else None
    told = veil.decision() if veil else decision
    if form.kind == "json":
        plain = msgspec.to_builtins(told)
        return msgspec.json.encode(veil.everything(plain) if veil else plain).decode() + "\n"
    cover: Callable[[str], str] = veil.text if veil else str
    if form.kind == "html":
        return html.render(told, engine.book, form.lang, outlook=form.outlook, redacted=form.redact, veil=cover)
    return text.render(
        told,
        engine.book,
        form.lang,
        explain=form.explain,
        brief=form.brief,
        outlook=form.outlook,
        redacted=form.redact,
        veil=cover,
        **layout(),
    )
