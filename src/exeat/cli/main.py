"""``exeat``: the commands, and how errors leave them."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from exeat import __version__
from exeat.cli.ask import ask
from exeat.cli.check import check
from exeat.cli.explain import explain
from exeat.cli.law import law
from exeat.cli.law_import import law_import
from exeat.cli.lists import lists
from exeat.cli.owners import owners
from exeat.cli.read import read, timeline, watch
from exeat.cli.record import record
from exeat.cli.screen import hits, monitor, screen
from exeat.cli.serve import mcp, serve
from exeat.cli.show import complain, internal
from exeat.errors import InputError, InputErrors, nearest

STOPPED, BROKEN_PIPE = 130, 141  # as the shell counts SIGINT and SIGPIPE; never 0, for nobody has the answer


class _Commands(click.Group):
    """A group that names the nearest command where one is misspelt."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            hint = nearest(args[0], self.commands) if args else ""
            if hint and hint not in error.message:
                raise click.UsageError(f"{error.message} {hint[0].upper()}{hint[1:]}", ctx) from None
            raise


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="exeat")
def main() -> None:
    """May this technology, software, app, data or service cross this border, on this date, and why?

    \b
    Examples:
      exeat check deal.yaml          the answer on one page
      exeat ask                      an interview, where there is no file yet
      exeat explain deal.yaml        the reasons, rule by rule
      exeat law show us.wechat-2020.3
      exeat record list              decisions that were kept
      exeat read post.md             what a report says of measures, with evidence
      exeat lists status             how old each list of restricted parties is
      exeat serve                    the same in a browser, and as a REST API
    """


for _command in (
    *(check, explain, ask, law, lists, screen, hits, monitor, owners, read, timeline, watch, record, serve, mcp),
):
    main.add_command(_command)
law.add_command(law_import)


def run() -> NoReturn:
    """Entry point: bad input leaves with 2, a fault of exeat's own with 70."""
    sys.exit(_code("--json" in sys.argv))


def _code(as_json: bool) -> int:
    try:
        code = main.main(standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except InputErrors as errors:
        return complain(errors.errors, as_json)
    except InputError as error:
        return complain([error], as_json)
    except click.exceptions.Exit as done:
        return _flushed(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return STOPPED
    except click.ClickException as error:
        return _usage(error, as_json)
    except BrokenPipeError:
        return _broken_pipe()
    except Exception as error:
        if os.environ.get("EXEAT_DEBUG"):
            raise
        return internal(error, as_json)


def _usage(error: click.ClickException, as_json: bool) -> int:
    if as_json:
        return complain([InputError(error.format_message(), path="command line")], True)
    error.show()
    return 2


def _flushed(code: int) -> int:
    """The exit code, once the answer has left."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _broken_pipe()
    return code


def _broken_pipe() -> int:
    """Whoever read the answer has gone; keep Python from complaining of it again at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE
