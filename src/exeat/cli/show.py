"""What commands share: options, the engine, input and output, errors on stderr."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from exeat.errors import InputError, InputErrors, nearest

if TYPE_CHECKING:
    from exeat.decide.engine import Engine, Options
    from exeat.rulebook.model import Book
    from exeat.vocabulary.model import Vocabulary
    from exeat.vocabulary.transaction import Transaction

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
STDIN = "-"
MANY = 20  # files above which a progress bar is worth its line


def complain(errors: Sequence[InputError], as_json: bool) -> int:
    """Errors on stderr, as lines or as one JSON object; returns the exit code for bad input."""
    if as_json:
        record = {"errors": [error.record() for error in errors]}
        click.echo(json.dumps(record, ensure_ascii=False), err=True)
    else:
        for error in errors:
            click.echo(f"exeat: {error}", err=True)
    return 2


def internal(error: Exception, as_json: bool, file: str = "") -> int:
    """A fault of exeat's own on stderr; returns its exit code."""
    says = f"internal error, please report it: {type(error).__name__}: {error}"
    complain([InputError(says, file=file)], as_json)
    return 70


# --- options


class Day(click.ParamType):  # type: ignore[type-arg]
    """A day, ``YYYY-MM-DD``."""

    name = "DAY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from exeat.vocabulary.take import check_day

        try:
            check_day(str(value), "", 0, "")
        except InputError:
            self.fail(f"{value!r} is not a day; write it as YYYY-MM-DD", param, ctx)
        return str(value)


def law_options(command: F) -> F:
    """``--law`` and ``--allow-relax``."""
    command = click.option("--allow-relax", is_flag=True, help="Let the added law except from shipped rules.")(command)
    return click.option(
        "--law", "folders", multiple=True, metavar="DIR", help="Add law from this folder (may be repeated)."
    )(command)


def language_option(command: F) -> F:
    """``--lang``."""
    return click.option(
        "--lang",
        type=click.Choice(["en", "zh"]),
        default="en",
        envvar="EXEAT_LANG",
        show_default=True,
        help="The language of the answer; also EXEAT_LANG.",
    )(command)


def known_option(command: F) -> F:
    """``--known``."""
    return click.option(
        "--known", type=Day(), default=None, help="Only law published by this UTC day.  [default: today]"
    )(command)


def deciding_options(command: F) -> F:
    """What changes the answer itself: days, presumptions, layers."""
    for option in (
        click.option(
            "--without", multiple=True, metavar="LAYER", help="Leave out courts, suspensions, an event or rule."
        ),
        click.option("--only", multiple=True, metavar="REGIME", help="Ask only this regime (may be repeated)."),
        click.option("--strict", is_flag=True, help="Use no legal presumption: what is not stated is unknown."),
        click.option("--on", type=Day(), default=None, help="Ask about another day than the file's."),
    ):
        command = option(command)
    return known_option(command)


# --- the engine and its input


def ready_engine(folders: tuple[str, ...], allow_relax: bool) -> Engine:
    """The engine over the shipped law and what the command adds."""
    from exeat.decide.engine import Engine
    from exeat.home import ready_book

    return Engine(ready_book(folders, allow_relax))


def make_options(
    engine: Engine,
    known: str | None,
    strict: bool = False,
    only: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    explain: bool = True,
    outlook: bool = True,
) -> Options:
    """Checked options.

    Raises:
        InputErrors: a regime, layer, event or rule that does not exist.
    """
    from exeat.decide.engine import Options, today

    book = engine.book
    faults = list(_unknown("--only", only, book.regimes, "no such regime"))
    faults += _unknown("--without", without, book.layers(), "no such layer, event or rule")
    if faults:
        raise InputErrors(faults)
    return Options(known or today(), strict, only, without, explain, outlook)


def _unknown(option: str, words: Iterable[str], known: Iterable[str], problem: str) -> Iterable[InputError]:
    names = list(known)
    for one in words:
        if one not in names:
            allowed = ", ".join(names) if len(names) <= 40 else ""
            yield InputError(problem, path=option, found=one, allowed=allowed, hint=nearest(one, names))


def find_rule(book: Book, key: str) -> str:
    """The rule of that id.

    Raises:
        InputError: there is none.
    """
    if key not in book.rules:
        raise InputError(
            "no such rule", path="RULE", found=key, hint=nearest(key, book.rules) or "see `exeat law list`"
        )
    return key


def read_input(name: str, vocabulary: Vocabulary, on: str | None = None) -> Transaction:
    """The transaction in a file (or standard input), on another day if one is asked about.

    Raises:
        InputErrors: everything that was wrong with it.
    """
    import msgspec

    from exeat.vocabulary.reader import decode, read_text
    from exeat.vocabulary.transaction import Act, load_transaction, read_transaction

    if name == STDIN:
        shown = _shown(name)
        try:
            node = read_text(decode(sys.stdin.buffer.read(), shown), shown)
        except InputError as error:
            raise InputErrors([error]) from None
        found = read_transaction(node, vocabulary, shown)
    else:
        found = load_transaction(Path(name), vocabulary, name)
    return msgspec.structs.replace(found, when=Act(on=on, zone=found.when.zone)) if on else found


def _shown(name: str) -> str:
    return "standard input" if name == STDIN else name


@contextlib.contextmanager
def faults_of(name: str) -> Iterator[None]:
    """Faults found here are of this file (or of standard input), where whoever found them did not know it.

    Raises:
        InputErrors: the faults.
    """
    try:
        yield
    except InputErrors as errors:
        raise InputErrors(error.of_file(_shown(name)) for error in errors.errors) from None
    except InputError as error:
        raise InputErrors([error.of_file(_shown(name))]) from None


# --- output


def put(text: str, out: str = "") -> None:
    """Text to standard output, or to a file that is there whole or not at all.

    Raises:
        InputError: the file could not be written.
    """
    if not out:
        click.echo(text, nl=False)
        return
    from exeat.home import write_whole

    try:
        write_whole(Path(out), text.encode("utf-8"))
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror}", file=out) from None


def progress(files: Sequence[T], for_program: bool = False) -> Iterator[T]:
    """The files, with a progress bar on a terminal's standard error where there are many.

    A program that reads JSON from a pipe gets none: it may show what it finds on standard error."""
    piped = for_program and not sys.stdout.isatty()
    if len(files) <= MANY or piped or not sys.stderr.isatty():
        yield from files
        return
    with click.progressbar(list(files), file=sys.stderr, label="exeat") as bar:
        yield from bar


def layout() -> dict[str, Any]:
    """Width and colour for standard output."""
    from exeat.page.text import terminal_width, wants_colour

    return {"columns": terminal_width(), "colour": wants_colour(sys.stdout)}
