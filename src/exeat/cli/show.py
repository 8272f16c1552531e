"""What commands share: options, the engine, errors on stderr."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from exeat.errors import InputError

F = TypeVar("F", bound=Callable[..., Any])


def complain(errors: Sequence[InputError], as_json: bool) -> int:
    """Errors on stderr, as lines or as one JSON object; returns the exit code for bad input."""
    if as_json:
        record = {"errors": [error.record() for error in errors]}
        click.echo(json.dumps(record, ensure_ascii=False), err=True)
    else:
        for error in errors:
            click.echo(f"exeat: {error}", err=True)
    return 2


def law_options(command: F) -> F:
    """``--law`` and ``--allow-relax``."""
    command = click.option("--allow-relax", is_flag=True, help="Let the added law except from shipped rules.")(command)
    return click.option(
        "--law", "folders", multiple=True, metavar="DIR", help="Add law from this folder (may be repeated)."
    )(command)
