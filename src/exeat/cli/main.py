"""``exeat``: the commands, and how errors leave them."""

from __future__ import annotations

import os
import sys

import click

from exeat import __version__
from exeat.cli.check import check
from exeat.cli.law import law
from exeat.cli.show import complain
from exeat.errors import InputError, InputErrors


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="exeat")
def main() -> None:
    """May this technology, software, app, data or service cross this border, on this date, and why?"""


main.add_command(check)
main.add_command(law)


def run() -> None:
    """Entry point: bad input leaves with 2, a fault of exeat's own with 70."""
    as_json = "--json" in sys.argv
    try:
        code = main.main(standalone_mode=False)
    except InputErrors as errors:
        code = complain(errors.errors, as_json)
    except InputError as error:
        code = complain([error], as_json)
    except click.exceptions.Exit as done:
        code = done.exit_code
    except click.Abort:
        code = 2
    except click.ClickException as error:
        if as_json:
            code = complain([InputError(error.format_message(), path="command line")], True)
        else:
            error.show()
            code = 2
    except BrokenPipeError:
        code = 0
    except Exception as error:
        if os.environ.get("EXEAT_DEBUG"):
            raise
        if as_json:
            code = complain([InputError(f"internal error: {type(error).__name__}: {error}")], True) and 70
        else:
            click.echo(f"exeat: internal error, please report it: {type(error).__name__}: {error}", err=True)
            code = 70
    sys.exit(code or 0)
