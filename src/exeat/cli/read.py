"""``exeat read``, ``exeat timeline`` and ``exeat watch``: what news and gazettes say of measures."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

import click

from exeat.cli.show import complain, language_option, law_options, layout, progress, put
from exeat.errors import InputError

if TYPE_CHECKING:
    from exeat.read.pipeline import Reading

FORMATS = ("json", "html", "csv")


def _read(
    paths: tuple[str, ...],
    folders: tuple[str, ...],
    allow_relax: bool,
    proposals: tuple[str, ...] = (),
    for_program: bool = False,
) -> tuple[Reading, list[InputError]]:
    """The documents at some paths, linked to the rulebook, each other's history attached, proposals taken, drafts
    made; and what was wrong with the proposals."""
    from exeat.home import ready_book
    from exeat.read.lexicon import lexicon
    from exeat.read.link import Ledger
    from exeat.read.pipeline import Reading, read_paths, together
    from exeat.read.propose import load, propose
    from exeat.read.stub import with_stubs

    offered = [one for path in proposals for one in load(path)]
    book = ready_book(folders, allow_relax)
    ledger = Ledger(book)
    reading = read_paths(paths, lexicon(book), ledger, partial(progress, for_program=for_program))
    documents, faults = propose(together(reading.documents), offered, ledger)
    return Reading(tuple(with_stubs(one, ledger) for one in documents), reading.unread), faults


def _failed(reading: Reading, as_json: bool, others: Iterable[InputError] = ()) -> None:
    """Tell the files that could not be read, after the others were.

    Raises:
        Exit: with 2, if there are any.
    """
    errors: list[InputError] = [*(error for one in reading.unread for error in one.errors), *others]
    if errors:
        raise click.exceptions.Exit(complain(errors, as_json))


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a document.")
@click.option("--html", "as_html", is_flag=True, help="One page for a browser.")
@click.option("--csv", "as_csv", is_flag=True, help="One line a mention, for spreadsheets.")
@click.option("--stubs", is_flag=True, help="Only drafts of rules for what the rulebook does not know.")
@click.option(
    "--proposals",
    multiple=True,
    metavar="FILE",
    help="Mentions that another tool proposes; taken where the text bears them out.",
)
@click.option("-o", "--output", default="", metavar="FILE", help="Write here, whole or not at all.")
@language_option
@law_options
def read(
    paths: tuple[str, ...],
    as_json: bool,
    as_html: bool,
    as_csv: bool,
    stubs: bool,
    proposals: tuple[str, ...],
    output: str,
    lang: str,
    folders: tuple[str, ...],
    allow_relax: bool,
) -> None:
    """Who did what to whom, under which instrument, since when: as each document at PATH tells it.

    A PATH is a post, a page, a feed, a gazette notice, or a folder of them. Nothing is fetched. What is read is a
    suggestion with its evidence, linked to the rulebook where it is there; it decides nothing.

    \b
    Examples:
      exeat read post.md
      exeat read feed.xml --json
      exeat read news/ --csv -o mentions.csv
      exeat read post.md --proposals proposed.json
    """
    import msgspec

    from exeat.page import reading as pages
    from exeat.read.stub import stubs as drafts

    if as_json + as_html + as_csv + stubs > 1:
        raise click.UsageError("choose one of --json, --html, --csv and --stubs")
    found, faults = _read(paths, folders, allow_relax, proposals, for_program=as_json and not output)
    if as_json:
        put("".join(msgspec.json.encode(pages.plain(one)).decode() + "\n" for one in found.documents), output)
    elif as_html:
        put(pages.html(found.documents, lang), output)
    elif as_csv:
        put(pages.table(found.documents), output)
    elif stubs:
        put(drafts(found.documents), output)
    else:
        put(pages.text(found.documents, lang, layout()["columns"]), output)
    if as_csv or stubs:  # these forms have no place for what was refused
        for line in pages.refusals(found.documents):
            click.echo(f"exeat: {line}", err=True)
    _failed(found, as_json, faults)


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--svg", "as_svg", is_flag=True, help="Only the picture.")
@click.option("--html", "as_html", is_flag=True, help="The picture with its table, one page for a browser.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object an act.")
@click.option("-o", "--output", default="", metavar="FILE", help="Write here, whole or not at all.")
@click.option("--all", "every", is_flag=True, help="Also reactions and context.")
@language_option
@law_options
def timeline(
    paths: tuple[str, ...],
    as_svg: bool,
    as_html: bool,
    as_json: bool,
    output: str,
    every: bool,
    lang: str,
    folders: tuple[str, ...],
    allow_relax: bool,
) -> None:
    """One timeline over all the documents at PATH: what was announced, what took effect, what became of it.

    \b
    Examples:
      exeat timeline news/
      exeat timeline news/ --html -o timeline.html
    """
    import msgspec

    from exeat.page import mentions_timeline as pages

    if as_svg + as_html + as_json > 1:
        raise click.UsageError("choose one of --svg, --html and --json")
    found, _ = _read(paths, folders, allow_relax)
    lines = pages.lines(found.documents, lang, pages.COLOURS if every else pages.GROUPS)
    if as_json:
        put("".join(msgspec.json.encode(pages.plain(one)).decode() + "\n" for one in lines), output)
    elif as_svg:
        put(pages.svg(lines, lang), output)
    elif as_html:
        put(pages.html(lines, lang), output)
    else:
        put(pages.text(lines, lang), output)
    _failed(found, as_json)


@click.command()
@click.argument("feeds", metavar="FEED...", nargs=-1, required=True)
@click.option("--fetch", "fetching", is_flag=True, help="Fetch feeds that are web addresses.")
@click.option(
    "--decisions",
    multiple=True,
    metavar="PATH",
    help="Recorded decisions: a file of check --json, or a folder of them.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a new document.")
@language_option
@law_options
def watch(
    feeds: tuple[str, ...],
    fetching: bool,
    decisions: tuple[str, ...],
    as_json: bool,
    lang: str,
    folders: tuple[str, ...],
    allow_relax: bool,
) -> None:
    """What is new in each FEED since the last look, and what it touches: in the rulebook and in recorded decisions.

    A FEED is a file, a folder, or with --fetch a web address: only of its own host, at most 2 MiB and 20 seconds.

    \b
    Examples:
      exeat watch saved/feed.xml
      exeat watch saved/feed.xml --decisions answers/
      exeat watch --fetch https://example.org/feed.xml
    """
    import msgspec

    from exeat.home import home, ready_book
    from exeat.page import reading as pages
    from exeat.read import recorded
    from exeat.read import watch as watching
    from exeat.read.lexicon import lexicon
    from exeat.read.link import Ledger

    addresses = [feed for feed in feeds if watching.is_address(feed)]
    if addresses and not fetching:
        raise InputError("a web address is only fetched with --fetch", path="FEED", found=addresses[0])
    path = home() / "watch" / "state.json"
    state = watching.load(path)
    book = ready_book(folders, allow_relax)
    ledger = Ledger(book)
    kept, faults = recorded.load(decisions, book)
    new, state = watching.look(feeds, state, lexicon(book), ledger)
    touches = recorded.touches(new.documents, kept, ledger, book)
    if as_json:
        put("".join(msgspec.json.encode(pages.with_touches(one, touches)).decode() + "\n" for one in new.documents))
    else:
        columns = layout()["columns"]
        put(pages.text(new.documents, lang, columns) or pages.told("words", "nothing new", lang) + "\n")
        entries = watching.touched(new.documents)
        put(pages.touched(entries, touches, lang, columns, asked=bool(decisions and new.documents)))
    watching.save(path, state)  # last, so that what nobody has seen stays new
    _failed(new, as_json, faults)
