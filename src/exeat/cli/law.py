"""``exeat law``: look at the rulebook, and check it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from exeat.cli.show import Day, known_option, language_option, law_options, layout, put
from exeat.errors import InputError, InputErrors, nearest

if TYPE_CHECKING:
    from exeat.decide.engine import Engine
    from exeat.review.cases import Case, Outcome
    from exeat.review.static import Note
    from exeat.rulebook.model import Book

MANY = 20  # cases above which a progress bar is worth its line


@click.group()
def law() -> None:
    """The rulebook: what it holds, what has changed, and whether it holds together."""


def _book(folders: tuple[str, ...], allow_relax: bool) -> Book:
    from exeat.home import ready_book

    return ready_book(folders, allow_relax)


def _json(found: object) -> str:
    import msgspec

    return msgspec.json.encode(found).decode() + "\n"


def _latest(known: str | None) -> str:
    from exeat.decide.engine import today

    return known or today()


# --- looking


@law.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a regime.")
@language_option
@law_options
def law_list(as_json: bool, lang: str, folders: tuple[str, ...], allow_relax: bool) -> None:
    """Every regime, measure and rule.

    \b
    Examples:
      exeat law list
      exeat law list --json | jq -r '.measures[].rules[].rule'
    """
    from exeat.page.law import list_text, listing

    book = _book(folders, allow_relax)
    if as_json:
        put("".join(_json(one) for one in listing(book, lang)))
    else:
        put(list_text(book, lang, **layout()))


@law.command("show")
@click.argument("key", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="As JSON; one line each where an id names several things.")
@language_option
@law_options
def law_show(key: str, as_json: bool, lang: str, folders: tuple[str, ...], allow_relax: bool) -> None:
    """A rule, measure, regime, register or jurisdiction in full.

    \b
    Examples:
      exeat law show us.wechat-2020.3
      exeat law show cn.catalogue --lang zh
      exeat law show us.apps --json
    """
    from exeat.page.law import ids, plain, show, things

    book = _book(folders, allow_relax)
    found = things(book, key)
    if not found:
        hint = nearest(key, ids(book)) or "see `exeat law list`"
        raise InputError("no such rule, measure, regime, register or jurisdiction", path="ID", found=key, hint=hint)
    if as_json:
        put("".join(_json(plain(kind, thing)) for kind, thing in found))
    else:
        put("\n".join(show(kind, thing, book, lang, **layout()) for kind, thing in found))


@law.command("diff")
@click.argument("first", type=Day())
@click.argument("second", type=Day())
@click.option("--json", "as_json", is_flag=True, help="One JSON object a difference.")
@language_option
@known_option
@law_options
def law_diff(
    first: str, second: str, as_json: bool, lang: str, known: str | None, folders: tuple[str, ...], allow_relax: bool
) -> None:
    """The rules and register rows that stand differently at the end of two days.

    \b
    Examples:
      exeat law diff 2020-09-19 2020-09-21
      exeat law diff 2020-09-19 2020-09-21 --known 2020-09-18
      exeat law diff 2020-08-27 2020-08-28 --lang zh
    """
    from exeat.page.law import difference_text, differences

    book = _book(folders, allow_relax)
    found = differences(book, first, second, _latest(known))
    if as_json:
        put("".join(_json(one) for one in found))
    else:
        put(difference_text(found, book, lang, days=(first, second), **layout()))


@law.command("timeline")
@click.option("--regime", "regimes", multiple=True, metavar="REGIME", help="Only this regime (may be repeated).")
@click.option("--svg", "picture", default="", metavar="FILE", help="Draw it, and write the picture here.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object an event.")
@language_option
@known_option
@law_options
def law_timeline(
    regimes: tuple[str, ...],
    picture: str,
    as_json: bool,
    lang: str,
    known: str | None,
    folders: tuple[str, ...],
    allow_relax: bool,
) -> None:
    """What happened to the law, in order of the days on which it took effect.

    \b
    Examples:
      exeat law timeline --regime us.apps
      exeat law timeline --regime us.apps --svg apps.svg --lang zh
    """
    from exeat.page import timeline

    book = _book(folders, allow_relax)
    _check_regimes(book, regimes)
    until = _latest(known)
    if picture:
        put(timeline.svg(book, lang, regimes, until), picture)
        return
    found = timeline.moments(book, regimes, until)
    if as_json:
        put("".join(_json(timeline.plain(one, book)) for one in found))
    else:
        put(timeline.text(found, book, lang, **layout()))


def _check_regimes(book: Book, regimes: Iterable[str]) -> None:
    for one in regimes:
        if one not in book.regimes:
            hint = nearest(one, book.regimes)
            raise InputError("no such regime", path="--regime", found=one, allowed=", ".join(book.regimes), hint=hint)


@law.command("schema")
@click.argument("what", type=click.Choice(["transaction", "decision", "book"]))
@law_options
def law_schema(what: str, folders: tuple[str, ...], allow_relax: bool) -> None:
    """The JSON Schema of a transaction, a decision, or the compiled book.

    \b
    Examples:
      exeat law schema transaction > transaction.schema.json
    """
    import json

    import msgspec

    from exeat.decide.schema import decision_schema
    from exeat.rulebook.model import Book
    from exeat.vocabulary.schema import transaction_schema

    if what == "transaction":
        found = transaction_schema(_book(folders, allow_relax).vocabulary)
    elif what == "decision":
        found = decision_schema()
    else:
        found = msgspec.json.schema(Book)
    put(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


@law.command("compiled")
@law_options
def law_compiled(folders: tuple[str, ...], allow_relax: bool) -> None:
    """The whole rulebook as one JSON document.

    \b
    Examples:
      exeat law compiled > rulebook.json
    """
    put(_json(_book(folders, allow_relax)))


# --- checking


@law.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with every remark and failed case.")
@click.option("--only", default="", metavar="PREFIX", help="Only cases whose id begins so.")
@click.option(
    "--review", is_flag=True, help="List pairs of rules whose effects oppose each other, for somebody to read."
)
@law_options
def law_check(as_json: bool, only: str, review: bool, folders: tuple[str, ...], allow_relax: bool) -> None:
    """Check every law file, then run every case.

    Exits 0 if nothing is wrong, 1 on faults, 2 if the files cannot be read.

    \b
    Examples:
      exeat law check
      exeat law check --only us.wechat-2020
      exeat law check --review
      exeat law check --law my-law --json
    """
    from exeat.decide.engine import Engine
    from exeat.home import law_folders
    from exeat.review.cases import load_cases
    from exeat.review.coverage import missing_results
    from exeat.review.static import opposing_effects, static_notes
    from exeat.rulebook.load import load_book

    where = law_folders(folders)
    book = load_book(where, allow_relax)
    engine = Engine(book)
    notes = static_notes(engine)
    cases = load_cases(book, where, lambda key: key.startswith(only))
    if only and not cases:
        raise InputErrors([InputError("no case begins so", path="--only", found=only)])
    outcomes = _run(engine, cases)
    if not only:
        notes += missing_results(book, outcomes)
    failed = [outcome for outcome in outcomes if outcome.faults]
    errors = sum(note.error for note in notes)
    opposing = opposing_effects(engine)
    if as_json:
        put(_json(_report(book, [*notes, *opposing], outcomes, failed, errors)))
    else:
        for outcome in failed:
            case = outcome.case
            click.echo(f"case : {case.file}:{case.line}: {case.id}: {'; '.join(outcome.faults)}")
        for note in [*notes, *(opposing if review else ())]:
            click.echo(str(note))
        counts = f"{len(book.rules)} rules, {len(book.registers)} registers, {len(cases)} cases"
        pairs = f"{len(opposing)} pairs to review{'' if review or not opposing else ' (--review lists them)'}"
        click.echo(f"{counts}: {pairs}; {len(failed)} failed; {errors} errors")
    raise click.exceptions.Exit(1 if failed or errors else 0)


def _run(engine: Engine, cases: list[Case]) -> list[Outcome]:
    from exeat.review.cases import run_case

    return [run_case(engine, case) for case in _progress(cases)]


def _progress(cases: list[Case]) -> Iterator[Case]:
    if len(cases) <= MANY or not sys.stderr.isatty():
        yield from cases
        return
    with click.progressbar(cases, file=sys.stderr, label="cases") as bar:
        yield from bar


def _report(
    book: Book, notes: list[Note], outcomes: list[Outcome], failed: list[Outcome], errors: int
) -> dict[str, object]:
    return {
        "rules": len(book.rules),
        "registers": len(book.registers),
        "cases": len(outcomes),
        "failed": len(failed),
        "errors": errors,
        "notes": [{"error": note.error, "where": note.where, "what": note.what} for note in notes],
        "faults": [
            {"case": one.case.id, "file": one.case.file, "line": one.case.line, "faults": list(one.faults)}
            for one in failed
        ],
    }
