"""``exeat owners``: whether listed owners hold enough of a party, under the test of one legal order."""

from __future__ import annotations

import json
from pathlib import Path

import click

from exeat.cli.show import Day, known_option, language_option, layout, put
from exeat.errors import InputError, InputErrors


@click.command()
@click.argument("party")
@click.option("--edges", "edge_files", multiple=True, required=True, metavar="FILE", help="Who owns what: CSV or FtM.")
@click.option("--listed", multiple=True, metavar="FILE|ID[=LIST]", help="Listed owners, or a table of standings.")
@click.option("--screened", multiple=True, metavar="ID|all", help="Owners screened without a hit.")
@click.option("--rule", default="us.bis-affiliates", show_default=True, metavar="ID", help="The test of ownership.")
@click.option("--on", type=Day(), default=None, help="The day of the act.  [default: today]")
@click.option("--joint", multiple=True, metavar="ID,ID", help="Owners that act together.")
@click.option("--apart", is_flag=True, help="No other owners act together: somebody has looked.")
@click.option("--no-control", is_flag=True, help="No listed party controls otherwise: somebody has looked.")
@click.option("--votes-as-shares", is_flag=True, help="Votes go with shares where nothing else is told.")
@click.option("--facts", "as_facts", is_flag=True, help="Only the facts, as YAML for a transaction's party.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("-o", "--output", default="", metavar="FILE", help="Write here, whole or not at all.")
@language_option
@known_option
def owners(
    party: str,
    edge_files: tuple[str, ...],
    listed: tuple[str, ...],
    screened: tuple[str, ...],
    rule: str,
    on: str | None,
    joint: tuple[str, ...],
    apart: bool,
    no_control: bool,
    votes_as_shares: bool,
    as_facts: bool,
    as_json: bool,
    output: str,
    lang: str,
    known: str | None,
) -> None:
    """Do listed owners hold enough of PARTY (an id in the edges) for the rule to reach it?

    An owner that is neither listed nor screened stays open, and so does a share that nobody is named for: the answer is
    then an interval, with what to ask. Leaves with 0 if the party is not reached, 10 if it is, 20 if it is open.

    \b
    Examples:
      exeat owners acme --edges owners.csv --listed standings.csv
      exeat owners acme --edges owners.csv --listed hua=entity-list --screened all
      exeat owners acme --edges owners.csv --listed hua --screened all --facts
    """
    from exeat.decide.engine import today
    from exeat.page import owners as page
    from exeat.screen.edges import read_edges, standings
    from exeat.screen.ownership import OUTCOME_CODES, Stated, rule_on, weigh

    if as_facts and as_json:
        raise click.UsageError("choose one of --facts and --json")
    day = on or today()
    test = rule_on(rule, day)
    read = read_edges([Path(name) for name in edge_files])
    statuses, names = standings(read, listed, screened)
    if party not in statuses:
        raise InputErrors([InputError("nobody of that id in the edges", path="PARTY", found=party)])
    together = tuple(frozenset(filter(None, (one.strip() for one in group.split(",")))) for group in joint)
    stated = Stated(together, apart, no_control, votes_as_shares)
    found = weigh(test, read.edges, statuses, party, day, known or today(), stated)
    if as_facts:
        put(page.facts(found, lang), output)
    elif as_json:
        put(json.dumps(page.plain(found, lang, names), ensure_ascii=False) + "\n", output)
    else:
        put(page.text(found, lang, layout()["columns"], names), output)
    raise click.exceptions.Exit(OUTCOME_CODES[found.outcome])
