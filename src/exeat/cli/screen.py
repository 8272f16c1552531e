"""``exeat screen``, ``exeat hits``, ``exeat monitor``: parties against the lists of the store. Nothing here fetches."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from exeat.cli.record import opened
from exeat.cli.show import Day, complain, known_option, language_option, law_options, layout, put, read_input
from exeat.errors import InputError, InputErrors

if TYPE_CHECKING:
    from exeat.screen.decide import Entered
    from exeat.screen.desk import Desk, Terms
    from exeat.screen.model import Query, Screened
    from exeat.screen.review import Standing

F = TypeVar("F", bound=Callable[..., Any])
MANY = 200  # queries above which a progress bar is worth its line
BATCH = 1_000  # queries asked together; their answers leave before the next are asked
KINDS = ("person", "organisation", "vessel", "aircraft")


def searching_options(command: F) -> F:
    """Which lists, as of when, and how alike a name must be."""
    for option in (
        click.option("--threshold", type=float, default=0.0, help="Least score of a hit, 0 to 1."),
        click.option("--list", "lists", multiple=True, metavar="ID", help="Search this list (may be repeated)."),
        click.option(
            "--on", "--as-of", "on", type=Day(), default=None, help="As listed on this day.  [default: today]"
        ),
    ):
        command = option(command)
    return known_option(command)


def _terms(on: str | None, known: str | None, lists: tuple[str, ...], threshold: float, limit: int | None) -> Terms:
    from exeat.decide.engine import today
    from exeat.screen.desk import Terms

    return Terms(on or today(), known or today(), lists, threshold, limit)


@click.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@click.option("--csv", "book", default=None, type=click.Path(path_type=Path), help="Screen the parties of this table.")
@click.option("--map", "mapping", default="", metavar="FIELD=COLUMN,…", help="Which column of the table holds what.")
@click.option("--transaction", "deal", default="", metavar="FILE", help="Screen the parties of this transaction.")
@click.option("--facts", "as_facts", is_flag=True, help="With --transaction: each party's `listing`, to put into it.")
@click.option("--kind", type=click.Choice(KINDS), default=None, help="What the NAME is of.")
@click.option("--country", "countries", multiple=True, metavar="CODE", help="A country of the party (may be repeated).")
@click.option("--born", default="", metavar="DAY", help="Date of birth: YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--id", "identifiers", multiple=True, metavar="KIND:NUMBER", help="A number: uscc:…, lei:…, imo:….")
@click.option(
    "--reference", default="", metavar="ID", help="Your own id of the party: whom decisions on hits are about."
)
@click.option("--limit", type=click.IntRange(min=1), default=None, help="Show at most so many hits of each name.")
@click.option("--brief", is_flag=True, help="Without the reasons of each score.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a name.")
@click.option("--yente", is_flag=True, help="One JSON object a name, as yente's /match answers.")
@click.option("-o", "--output", default="", metavar="FILE", help="Write here, whole or not at all.")
@language_option
@searching_options
@law_options
def screen(
    names: tuple[str, ...],
    book: Path | None,
    mapping: str,
    deal: str,
    as_facts: bool,
    kind: str | None,
    countries: tuple[str, ...],
    born: str,
    identifiers: tuple[str, ...],
    reference: str,
    limit: int | None,
    brief: bool,
    as_json: bool,
    yente: bool,
    output: str,
    lang: str,
    on: str | None,
    known: str | None,
    lists: tuple[str, ...],
    threshold: float,
    folders: tuple[str, ...],
    allow_relax: bool,
) -> None:
    """Look for NAME on the lists of the store, in any script.

    A hit is a candidate with the sum of its reasons; a person confirms or dismisses it (`exeat hits`). A list that is
    not there was not searched, which is never the same as no hit.

    \b
    Examples:
      exeat screen "华为技术有限公司"
      exeat screen "Ivan Petrov" --born 1970 --country RU --on 2024-03-01
      exeat screen --csv customers.csv --map name=Client --json -o hits.jsonl
      exeat screen --transaction deal.yaml --facts

    \b
    Exit codes: 0 no hit on any list, 2 bad input, 20 hits, 21 no hit but some list was not searched or is stale.
    """
    from exeat.screen.desk import Desk

    given = [bool(names), book is not None, bool(deal)]
    if sum(given) != 1:
        raise click.UsageError("give NAMEs, or --csv FILE, or --transaction FILE")
    if as_facts and not deal:
        raise click.UsageError("--facts goes with --transaction")
    terms = _terms(on, known, lists, threshold, None)  # what is not shown still counts
    desk = Desk()
    show = _shower(desk, terms, as_json, yente, lang, not brief)
    if deal:
        raise click.exceptions.Exit(_deal(desk, deal, terms, on, as_facts, show, folders, allow_relax, output))
    faults: list[InputError] = []
    if book is not None:
        queries = list(_book(book, mapping, faults))
    else:
        queries = [_query(name, kind or "", countries, born, identifiers, reference) for name in names]
    codes = _show_all(desk, queries, terms, show, limit, output)
    if faults:
        complain(faults, as_json)
        codes.append(2)
    raise click.exceptions.Exit(min(codes, key=(2, 20, 21, 0).index, default=2))


def _show_all(
    desk: Desk, queries: Sequence[Query], terms: Terms, show: Show, limit: int | None, output: str
) -> list[int]:
    """Shows the answers batch by batch, or writes them to ``output`` at the end; gives each batch's exit code."""
    from exeat.screen.desk import exit_code

    kept: list[str] = []
    codes: list[int] = []
    stale = desk.stale(terms)
    for found, states in _answers(desk, queries, terms):
        codes.append(exit_code(found, states, stale))
        shown = show(*_cut(found, states, limit))
        if output:
            kept.append(shown)
        else:
            put(shown)
    if output:
        put("".join(kept), output)
    return codes


def _answers(
    desk: Desk, queries: Sequence[Query], terms: Terms
) -> Iterator[tuple[list[Screened], list[list[Standing]]]]:
    """Answers batch by batch, with a bar where there are many."""
    with _bar(len(queries)) as tick:
        for start in range(0, len(queries), BATCH):
            found = desk.screen(queries[start : start + BATCH], terms)
            yield found, [desk.standings(one, terms) for one in found]
            tick(len(found))


def _cut(
    found: Sequence[Screened], states: Sequence[Sequence[Standing]], limit: int | None
) -> tuple[list[Screened], list[Sequence[Standing]]]:
    """The first hits of each name, to be shown; how many more there are is told."""
    import msgspec

    for one in found:
        if limit and len(one.hits) > limit:
            more = len(one.hits) - limit
            click.echo(f"exeat: {one.query.names[0]}: {more} more hits are not shown (--limit {limit})", err=True)
    return [msgspec.structs.replace(one, hits=one.hits[:limit]) for one in found], [mine[:limit] for mine in states]


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    if total <= MANY or not sys.stderr.isatty():
        yield lambda count: None
        return
    with click.progressbar(length=total, label="screening", file=sys.stderr) as bar:
        yield bar.update


def _query(
    name: str, kind: str, countries: tuple[str, ...], born: str, identifiers: tuple[str, ...], reference: str
) -> Query:
    import msgspec

    from exeat.screen.book import country_code, partial_day
    from exeat.screen.model import Identifier, Query

    if not name.strip():
        raise InputError("a name is needed", path="NAME")
    codes = tuple(country_code(one) for one in countries)
    if "" in codes:
        raise InputError(
            "not a country", path="--country", found=countries[codes.index("")], allowed="a code such as CN"
        )
    if born and not partial_day(born):
        raise InputError("not a date of birth", path="--born", found=born, allowed="YYYY, YYYY-MM or YYYY-MM-DD")
    numbers = []
    for one in identifiers:
        key, _, value = one.partition(":")
        if not value:
            raise InputError("not an identifier", path="--id", found=one, allowed="KIND:NUMBER, such as lei:5493…")
        numbers.append(Identifier(key, value))
    return msgspec.convert(
        {
            "names": (name,),
            "kind": kind,
            "countries": codes,
            "born": (partial_day(born),) if born else (),
            "identifiers": [msgspec.to_builtins(one) for one in numbers],
            "id": reference,
        },
        Query,
    )


def _book(path: Path, mapping: str, faults: list[InputError]) -> Iterator[Query]:
    """The parties of a table; its faulty rows are told at the end, so that none is lost and none stops the others."""
    from exeat.screen.book import Fault, PartyBook, mapping_of
    from exeat.screen.catalogue import country

    book = PartyBook(path, mapping_of(mapping) if mapping else None, country=country)
    click.echo(f"exeat: {book.understood.sentence()}", err=True)
    for one in book:
        if isinstance(one, Fault):
            faults.append(one.error)
        else:
            yield one
    _tell(book.told)


def _tell(told: Sequence[InputError]) -> None:
    """What of a table was not understood: each thing once, with how often it stands there."""
    seen: dict[tuple[str, str, str], int] = {}
    for one in told:
        key = (one.problem, one.path, one.found)
        seen[key] = seen.get(key, 0) + 1
    first = {(one.problem, one.path, one.found): one for one in reversed(told)}
    for key, count in seen.items():
        more = f" (and on {count - 1} more lines)" if count > 1 else ""
        click.echo(f"exeat: {first[key]}{more}", err=True)


Show = Callable[[Sequence["Screened"], Sequence[Sequence["Standing"]]], str]


def _shower(desk: Desk, terms: Terms, as_json: bool, yente: bool, lang: str, explain: bool) -> Show:
    from exeat.page import screening as page

    if yente:
        from exeat.screen.shape import response

        return lambda found, states: "".join(page.line(response(one)) for one in found)
    if as_json:
        return lambda found, states: "".join(page.line(page.plain(*pair)) for pair in zip(found, states, strict=True))
    lists = page.Lists({key: info.title for key, info in desk.lists.lists.items()}, desk.stale(terms))

    def text(found: Sequence[Screened], states: Sequence[Sequence[Standing]]) -> str:
        stands = [[page.stand(one) for one in mine] for mine in states]
        return page.render(found, stands, lists, lang, explain=explain, **layout())

    return text


def _deal(
    desk: Desk,
    file: str,
    terms: Terms,
    on: str | None,
    as_facts: bool,
    show: Show,
    folders: tuple[str, ...],
    allow_relax: bool,
    output: str,
) -> int:
    """Screen a transaction's parties; returns the exit code."""
    from exeat.home import ready_book
    from exeat.screen.deal import facts_document, screen_deal
    from exeat.screen.desk import exit_code

    book = ready_book(folders, allow_relax)
    found = screen_deal(desk, read_input(file, book.vocabulary, on), book, terms)
    states = [desk.standings(one, found.terms) for one in found.answers.values()]
    put(facts_document(found) if as_facts else show(list(found.answers.values()), states), output)
    for party in found.nameless:
        click.echo(f"exeat: {file}: the party {party!r} has no name, so it was not screened", err=True)
    code = exit_code(list(found.answers.values()), states, desk.stale(found.terms))
    return 21 if code == 0 and found.nameless else code


# --- decisions on hits


@click.group()
def hits() -> None:
    """What people decided on hits: confirm, dismiss, take back, look up. Nothing is ever erased.

    \b
    Examples:
      exeat hits dismiss "Li Wei" us.sdn/1234 --by jdoe --reason "another date of birth" --expires 2027-05-01
      exeat hits list
    """


def _record_options(command: F) -> F:
    for option in (
        click.option("--decision", default="", metavar="N", help="The recorded decision that it bears on."),
        click.option("--record", "keep", is_flag=True, help="Enter it in the record, before it holds."),
    ):
        command = option(command)
    return command


def _decision_options(command: F) -> F:
    for option in (
        click.option("--json", "as_json", is_flag=True, help="The record, as JSON."),
        click.option("--approved-by", default="", metavar="WHO", help="Who looked at it as well, another person."),
        click.option("--by", required=True, metavar="WHO", help="Who decides."),
        click.option("--reference", default="", metavar="ID", help="Your own id of the party."),
        click.argument("entry", metavar="ENTRY"),
        click.argument("name", metavar="NAME"),
    ):
        command = option(command)
    return searching_options(_record_options(command))


@hits.command()
@click.option("--reason", default="", metavar="TEXT", help="Why.")
@_decision_options
def confirm(
    name: str, entry: str, reference: str, by: str, approved_by: str, reason: str, as_json: bool, keep: bool,
    decision: str, on: str | None, known: str | None, lists: tuple[str, ...], threshold: float,
) -> None:  # fmt: skip
    """NAME is the listed party ENTRY (its id, as `exeat screen` shows it).

    \b
    Examples:
      exeat hits confirm "Night Heron Imaging" us.entity-list/night-heron --by jdoe --reference C-0815
    """
    terms = _terms(on, known, lists, threshold, None)
    _decide("confirm", name, entry, reference, by, approved_by, reason, "", as_json, keep, decision, terms)


@hits.command()
@click.option("--reason", required=True, metavar="TEXT", help="Why it is another party.")
@click.option("--expires", type=Day(), required=True, help="The last day on which this holds.")
@_decision_options
def dismiss(
    name: str, entry: str, reference: str, by: str, approved_by: str, reason: str, expires: str, as_json: bool,
    keep: bool, decision: str, on: str | None, known: str | None, lists: tuple[str, ...], threshold: float,
) -> None:  # fmt: skip
    """NAME is not the listed party ENTRY. It is open again when the entry, the name or the matcher changes.

    \b
    Examples:
      exeat hits dismiss "Li Wei" us.sdn/1234 --by jdoe --reason "born 1990, not 1961" --expires 2027-05-01
    """
    terms = _terms(on, known, lists, threshold, None)
    _decide("dismiss", name, entry, reference, by, approved_by, reason, expires, as_json, keep, decision, terms)


def _decide(
    verdict: Any, name: str, entry: str, reference: str, by: str, approved_by: str, reason: str, expires: str,
    as_json: bool, keep: bool, decision: str, terms: Terms,
) -> None:  # fmt: skip
    from exeat.page import screening as page
    from exeat.screen.decide import hit_of, now
    from exeat.screen.desk import Desk

    desk = Desk()
    found = desk.screen([_query(name, "", (), "", (), reference)], terms)[0]
    hit = hit_of(found, entry)
    at = now()
    with _beside(keep, decision, by) as entered:
        record = desk.reviews.decide(
            found, hit, verdict, by=by, at=at, reason=reason, expires=expires, approved_by=approved_by,
            approved_at=at if approved_by else "", first=entered,
        )  # fmt: skip
    _told(entered)
    put(page.line(record) if as_json else f"{record.number}: {record.verdict} {name} = {entry}\n")


@contextmanager
def _beside(keep: bool, decision: str, by: str) -> Iterator[Entered | None]:
    """What enters a decision on a hit in the record: with --record, or where EXEAT_RECORD_URL names one."""
    from exeat.screen.decide import Entered

    if not (keep or decision or os.environ.get("EXEAT_RECORD_URL")):
        yield None
        return
    with opened() as ledger:
        yield Entered(ledger, by, ledger.find(decision) if decision else 0)


def _told(entered: Entered | None) -> None:
    if entered and entered.entry:
        click.echo(f"exeat: recorded as entry {entered.entry.n}", err=True)


@hits.command()
@click.argument("number", type=int)
@click.option("--by", required=True, metavar="WHO", help="Who takes it back.")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@_record_options
def undo(number: int, by: str, reason: str, keep: bool, decision: str) -> None:
    """Take decision NUMBER back, by a record of its own.

    \b
    Examples:
      exeat hits undo 3 --by jdoe --reason "the passport was another's"
    """
    from exeat.screen.decide import now
    from exeat.screen.desk import Desk

    with _beside(keep, decision, by) as entered:
        record = Desk().reviews.undo(number, by=by, at=now(), reason=reason, first=entered)
    _told(entered)
    put(f"{record.number}: {record.undoes} taken back\n")


@hits.command("list")
@click.option("--party", default="", metavar="ENTRY", help="Only those on this listed party.")
@click.option("--json", "as_json", is_flag=True, help="One JSON record a line.")
@language_option
def list_hits(party: str, as_json: bool, lang: str) -> None:
    """Every decision ever made, oldest first.

    \b
    Examples:
      exeat hits list --party us.sdn/1234
    """
    from exeat.page import screening as page
    from exeat.screen.desk import Desk

    records = Desk().reviews.history(party=party)
    put("".join(page.line(one) for one in records) if as_json else page.records(records, lang, **layout()))


# --- monitoring


@click.command()
@click.argument("book", type=click.Path(path_type=Path))
@click.option("--map", "mapping", default="", metavar="FIELD=COLUMN,…", help="Which column of the table holds what.")
@click.option("--state", default=None, type=click.Path(path_type=Path), help="Where the last run is kept.")
@click.option("--json", "as_json", is_flag=True, help="The whole run as one JSON object.")
@language_option
@searching_options
def monitor(
    book: Path, mapping: str, state: Path | None, as_json: bool, lang: str, on: str | None, known: str | None,
    lists: tuple[str, ...], threshold: float,
) -> None:  # fmt: skip
    """Screen every party of BOOK and tell what changed since the last run: hits, entries, decisions, lists.

    \b
    Examples:
      exeat monitor customers.csv
      exeat monitor customers.csv --map name=Client --json

    \b
    Exit codes: 0 nothing is open, 2 bad input, 20 open hits, 21 something was not screened.
    """
    from exeat.page import screening as page
    from exeat.screen.book import PartyBook, mapping_of
    from exeat.screen.catalogue import country
    from exeat.screen.deal import monitored
    from exeat.screen.desk import Desk

    terms = _terms(on, known, lists, threshold, None)
    parties = PartyBook(book, mapping_of(mapping) if mapping else None, country=country)
    click.echo(f"exeat: {parties.understood.sentence()}", err=True)
    run = monitored(Desk(), parties, terms, state)
    put(page.line(page.plain_run(run)) if as_json else page.run(run, lang, **layout()))
    if run.faults:
        raise click.exceptions.Exit(complain(run.faults, as_json))
    raise click.exceptions.Exit(20 if run.open_hits else 21 if run.unscreened or run.missing or run.stale else 0)


__all__ = ["InputErrors", "hits", "monitor", "screen"]
