"""``exeat serve``: the service, and the tokens of those who may use it. ``exeat mcp``: the tools of an agent."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from exeat.cli.record import by_option, person
from exeat.cli.show import law_options
from exeat.errors import InputError

if TYPE_CHECKING:
    from exeat.serve.access import Access
    from exeat.serve.config import Config, Oidc

ROLES = ("viewer", "analyst", "approver", "admin")
NEEDS = "pip install 'exeat[serve]'"


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Its port; 0: any free.")
@click.option(
    "--record-url", default="", envvar="EXEAT_RECORD_URL", metavar="URL", help="sqlite:///… or postgresql://…"
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that answer.")
@click.option("--login", is_flag=True, help="Ask for a login on loopback, too.")
@click.option("--public-url", default="", metavar="URL", help="The address that people type, behind a proxy.")
@click.option(
    "--rate", type=click.FloatRange(min=0), default=None, help="Requests a second of one asker (0: no limit)."
)
@by_option
@law_options
@click.pass_context
def serve(
    ctx: click.Context,
    host: str,
    port: int,
    record_url: str,
    workers: int,
    login: bool,
    public_url: str,
    rate: float | None,
    by: str,
    folders: tuple[str, ...],
    allow_relax: bool,
) -> None:
    """Serve the workbench, the REST API and the tools of agents.

    Without options: on this machine alone, with a record in EXEAT_HOME, for whoever can reach the port. Anywhere else
    only with a login: tokens (`exeat serve token add`), or an OpenID Connect provider by EXEAT_OIDC_ISSUER,
    EXEAT_OIDC_CLIENT_ID, EXEAT_OIDC_CLIENT_SECRET and EXEAT_OIDC_ROLES (`group=role,…`).

    \b
    Examples:
      exeat serve
      exeat serve --port 9000 --workers 2
      exeat serve token add ci --role analyst --days 90
      exeat serve --host 10.0.0.5 --record-url postgresql://exeat@db/exeat
    """
    if ctx.invoked_subcommand:
        return
    from exeat.serve.config import Config, is_loopback

    oidc = _oidc()
    known = oidc is not None or _has_tokens()
    away = bool(public_url) or not is_loopback(host)
    if login and not known:
        raise InputError("nobody could log in", path="--login", hint="exeat serve token add NAME --role ROLE")
    config = Config(
        host=host,
        port=port,
        login=login or (away and known),
        public=public_url.rstrip("/"),
        record=record_url,
        law=tuple(os.path.abspath(one) for one in folders),
        allow_relax=allow_relax,
        oidc=oidc,
        by=person(by),
        rate=rate if rate is not None else (50.0 if away else 0.0),
    ).check()
    _run(config, workers)


def _run(config: Config, workers: int) -> None:
    try:
        from exeat.serve.run import run
    except ModuleNotFoundError as error:
        raise InputError(f"this needs more than is installed ({error.name})", hint=NEEDS) from None
    run(config, workers, lambda says: click.echo(says, err=True))


def _oidc() -> Oidc | None:
    """The provider in the environment, if there is one.

    Raises:
        InputError: half of one.
    """
    given = {key: os.environ.get(f"EXEAT_OIDC_{key}", "") for key in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")}
    if not given["ISSUER"]:
        return None
    from exeat.serve.config import Oidc

    if not given["CLIENT_ID"]:
        raise InputError("is needed with EXEAT_OIDC_ISSUER", path="EXEAT_OIDC_CLIENT_ID")
    roles: dict[str, str] = {}
    for one in filter(None, os.environ.get("EXEAT_OIDC_ROLES", "").split(",")):
        group, _, role = one.rpartition("=")
        if role.strip() not in ROLES or not group.strip():
            raise InputError(
                "not a group and its role", path="EXEAT_OIDC_ROLES", found=one, allowed=f"group={'|'.join(ROLES)}"
            )
        roles[group.strip()] = role.strip()
    if not roles:
        raise InputError("nobody would have a role", path="EXEAT_OIDC_ROLES", allowed="group=role,…")
    claim = os.environ.get("EXEAT_OIDC_CLAIM", "groups")
    return Oidc(given["ISSUER"].rstrip("/"), given["CLIENT_ID"], given["CLIENT_SECRET"], claim, roles)


# --- tokens


@serve.group()
def token() -> None:
    """Tokens of programs and people."""


def _access() -> Access:
    from exeat.home import home
    from exeat.serve.access import Access

    return Access(home() / "serve.db")


def _has_tokens() -> bool:
    from exeat.home import home

    return (home() / "serve.db").exists() and bool(_access().tokens())


@token.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What its holder may do.")
@click.option("--days", type=click.IntRange(min=1), default=None, help="How long it is good.  [default: until revoked]")
def token_add(name: str, role: str, days: int | None) -> None:
    """Make a token for NAME; it is shown once and kept only as a hash.

    \b
    Examples:
      exeat serve token add ci --role analyst --days 90
    """
    click.echo(_access().add_token(name, role, days or 0))
    if sys.stderr.isatty():
        click.echo("exeat: this is shown once; send it as Authorization: Bearer TOKEN", err=True)


@token.command("list")
def token_list() -> None:
    """The tokens, without their secrets.

    \b
    Examples:
      exeat serve token list
    """
    import datetime as dt

    for one in _access().tokens():
        ends = dt.datetime.fromtimestamp(one.ends, dt.UTC).date().isoformat() if one.ends else "until revoked"
        click.echo(f"{one.id}  {one.role:8}  {ends:13}  {one.name}")


@token.command("revoke")
@click.argument("id_", metavar="ID")
def token_revoke(id_: str) -> None:
    """Make the token ID worth nothing, at once.

    \b
    Examples:
      exeat serve token revoke 3f2a9c01d4e5
    """
    _access().revoke(id_)


# --- agents


@click.command()
@click.option("--write", is_flag=True, help="Let the agent record decisions, in the name of --as.")
@click.option("--as", "name", default="agent", show_default=True, help="Who the record says asked.")
@click.option("--record-url", default="", envvar="EXEAT_RECORD_URL", metavar="URL", help="With --write: the record.")
@law_options
def mcp(write: bool, name: str, record_url: str, folders: tuple[str, ...], allow_relax: bool) -> None:
    """Serve an agent's tools over standard input and output (Model Context Protocol).

    Over HTTP the same tools are at /mcp of `exeat serve`.

    \b
    Examples:
      exeat mcp
      exeat mcp --write --as "review bot"
    """
    from exeat.serve.config import Config

    try:
        from exeat.serve.agent import run_stdio
    except ModuleNotFoundError as error:
        raise InputError(f"this needs more than is installed ({error.name})", hint=NEEDS) from None
    run_stdio(Config(record=record_url, law=folders, allow_relax=allow_relax), name, write)
