"""``exeat lists``: the store of official lists. Only ``exeat lists update`` fetches anything."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exeat.cli.show import Day, complain, language_option, put
from exeat.errors import InputError, InputErrors

if TYPE_CHECKING:
    from exeat.screen.lists import Brought
    from exeat.screen.store import Diff

STALE = 20  # the exit code of `status` where a list is missing or stale: what rests on it is undetermined


@click.group()
def lists() -> None:
    """The official lists of restricted parties, kept with every version.

    \b
    Examples:
      exeat lists import consolidated.json --as-of 2026-11-20
      exeat lists update             fetch the lists that have an official file
      exeat lists status             how old each list is
    """


@contextlib.contextmanager
def _progress(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where somebody is looking."""
    if not sys.stderr.isatty() or total < 1_000_000:
        yield lambda count: None
        return
    with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
        yield bar.update


def _json(found: object) -> str:
    import msgspec

    return msgspec.json.encode(found).decode() + "\n"


def _plain(found: Brought) -> dict[str, Any]:
    from exeat.page.lists import plain_diff

    return {
        "lists": [plain_diff(one) for one in found.diffs],
        "notes": list(found.notes),
        "accepted": list(found.accepted),
    }


@lists.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--list", "only", default="", metavar="ID", help="Take only this list, or say which a file holds.")
@click.option("--format", "name", default="", metavar="FORMAT", help="The format, if it cannot be told from the file.")
@click.option("--as-of", type=Day(), default=None, help="The day of the files.  [default: what they say]")
@click.option("--known", type=Day(), default=None, help="When they could be known.  [default: their own day, or today]")
@click.option(
    "--accept-changes", "accept", default="", metavar="REASON", help="Take a suspicious file; kept on record."
)
@click.option("--json", "as_json", is_flag=True, help="What was done, as one JSON object.")
@language_option
def import_(
    files: tuple[Path, ...],
    only: str,
    name: str,
    as_of: str | None,
    known: str | None,
    accept: str,
    as_json: bool,
    lang: str,
) -> None:
    """Take list files as a new version, all of them or none.

    The format is told by what the files hold. A file that is faulty, cut short, or whose shape betrays a changed
    meaning is refused, and what was there stays. Files of one set (OFAC's CSV files, EU annexes) are named together.

    \b
    Examples:
      exeat lists import consolidated.xml
      exeat lists import SDN.CSV ALT.CSV ADD.CSV --as-of 2026-11-20
      exeat lists import entities.ftm.json --list us.1260h --as-of 2026-06-08
    """
    from exeat.decide import engine
    from exeat.page import lists as pages
    from exeat.screen.lists import Terms, bring, store_path
    from exeat.screen.store import Store

    terms = Terms(only, name, as_of or "", known or "", accept)
    total = sum(path.stat().st_size for path in files if path.is_file())
    with Store(store_path()) as store, _progress(total, "reading") as tick:
        found = bring(store, files, engine.today(), terms, tick)
    put(_json(_plain(found)) if as_json else pages.brought(found.diffs, found.notes, found.accepted, lang))


@lists.command()
@click.option("--list", "only", multiple=True, metavar="ID", help="Only this list (may be repeated).")
@click.option(
    "--accept-changes", "accept", default="", metavar="REASON", help="Take a suspicious file; kept on record."
)
@click.option("--json", "as_json", is_flag=True, help="What was done, as one JSON object.")
@language_option
def update(only: tuple[str, ...], accept: str, as_json: bool, lang: str) -> None:
    """Fetch the lists that have an official file, and take what changed.

    The one command that uses the network: https, from the publishers' own hosts, at most 512 MiB and 10 minutes a file.
    What cannot be fetched, or is refused, keeps its last version; the others are updated all the same, and the exit
    code is 2.

    \b
    Examples:
      exeat lists update
      exeat lists update --list un.sc --list us.entity-list
    """
    from exeat.page import lists as pages
    from exeat.screen.catalogue import catalogue
    from exeat.screen.update import sources

    known = catalogue()
    infos = [known.need(key) for key in only] if only else list(known.lists.values())
    wanted = {info.id for info in infos}
    diffs: list[Diff] = []
    notes: list[str] = []
    taken: list[str] = []
    errors: list[InputError] = []
    for url, holding in sources(infos).items():
        every = {info.id for info in known.lists.values() if url in info.urls}
        try:
            found = _update_one(url, [info.id for info in holding], wanted >= every, accept, as_json)
        except InputErrors as several:
            errors += several.errors
        except InputError as error:
            errors.append(error)
        else:
            if found is None:
                notes.append(f"{url}: {pages.word('unchanged', lang)}")
                continue
            diffs += found.diffs
            notes += found.notes
            taken += found.accepted
    without = [info.id for info in infos if not info.urls and (only or not info.optional)]
    notes += [f"{key}: {pages.word('no source', lang)}" for key in without]
    if as_json:
        told = {"lists": [pages.plain_diff(one) for one in diffs], "notes": notes, "accepted": taken}
        put(_json(told))
    else:
        put(pages.brought(diffs, notes, taken, lang))
    if errors:
        raise click.exceptions.Exit(complain(errors, as_json))


def _update_one(url: str, held: Sequence[str], whole: bool, accept: str, quiet: bool) -> Brought | None:
    """Fetch one address and take the lists ``held``; None if nothing changed. The file itself is not kept."""
    from exeat.decide import engine
    from exeat.home import home
    from exeat.screen.catalogue import catalogue
    from exeat.screen.lists import Terms, bring, store_path
    from exeat.screen.store import Store
    from exeat.screen.update import fetch, load_stamps, save_stamps

    stamps_path = home() / "lists" / "fetched.json"
    stamps = load_stamps(stamps_path)
    hosts = {host for key in held for host in catalogue().lists[key].hosts}
    today = engine.today()
    with Store(store_path()) as store:
        there = {one.list for one in store.versions()}
        asked = stamps.get(url) if there >= {key for key in held if not catalogue().lists[key].optional} else None
        with _counter(url, quiet) as tick:
            found = fetch(url, hosts, home() / "lists", asked, tick)
        if found.path is None:
            store.mark_checked([key for key in held if key in there], today)
            return None
        try:
            with _named(found.path, url):
                terms = Terms(accept=accept, fallback=found.day or today, wanted=tuple(held))
                brought = bring(store, [found.path], today, terms)
            store.mark_checked([one.list for one in brought.diffs], today)
        finally:
            with contextlib.suppress(OSError):
                found.path.unlink()
    if whole:  # or else the lists that were not asked for would never be fetched
        save_stamps(stamps_path, {**stamps, url: found.stamp})
    return brought


@contextlib.contextmanager
def _named(path: Path, url: str) -> Iterator[None]:
    """Faults of the fetched file name its address, not the place where it lay for a moment."""
    try:
        yield
    except (InputErrors, InputError) as raised:
        errors = raised.errors if isinstance(raised, InputErrors) else (raised,)
        raise InputErrors(_renamed(one, str(path), url) for one in errors) from None


def _renamed(error: InputError, old: str, new: str) -> InputError:
    file = new if error.file in ("", old) else error.file
    return InputError(
        error.problem,
        file=file,
        line=error.line,
        path=error.path,
        found=error.found,
        allowed=error.allowed,
        hint=error.hint,
    )


@contextlib.contextmanager
def _counter(url: str, quiet: bool) -> Iterator[Callable[[int], None]]:
    """How much has come, on stderr, where somebody is looking."""
    if quiet or not sys.stderr.isatty():
        yield lambda count: None
        return
    total = 0

    def tick(count: int) -> None:
        nonlocal total
        total += count
        click.echo(f"\r{url}  {total / 1e6:.1f} MB", nl=False, err=True)

    yield tick
    click.echo("", err=True)


@lists.command()
@click.option("--list", "only", multiple=True, metavar="ID", help="Only this list (may be repeated).")
@click.option("--on", type=Day(), default=None, help="As it was on another day.  [default: today]")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@language_option
def status(only: tuple[str, ...], on: str | None, as_json: bool, lang: str) -> None:
    """How old each list is against its limit; exit code 20 if one is missing or stale.

    \b
    Examples:
      exeat lists status
      exeat lists status --list us.entity-list
    """
    import msgspec

    from exeat.decide import engine
    from exeat.page import lists as pages
    from exeat.screen.lists import status as stand
    from exeat.screen.lists import store_path
    from exeat.screen.store import Store

    with Store(store_path()) as store:
        found = stand(store, on or engine.today(), only)
        state = store.state()
    if as_json:
        put(_json({"state": state, "lists": msgspec.to_builtins(found)}))
    else:
        put(pages.states(found, lang))
    if any(one.state in ("missing", "stale") or (one.state == "closed" and only) for one in found):
        raise click.exceptions.Exit(STALE)


@lists.command()
@click.argument("list_id", metavar="LIST")
@click.option(
    "--from", "first", type=Day(), default=None, help="The version in force on this day.  [default: the one before]"
)
@click.option("--to", "last", type=Day(), default=None, help="The version in force on this day.  [default: the newest]")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with every entry.")
@language_option
def diff(list_id: str, first: str | None, last: str | None, as_json: bool, lang: str) -> None:
    """What changed in LIST between two versions: entries added, removed, and changed with the fields.

    \b
    Examples:
      exeat lists diff us.entity-list
      exeat lists diff un.sc --from 2026-01-01 --to 2026-06-30
    """
    from exeat.page import lists as pages
    from exeat.screen.catalogue import catalogue
    from exeat.screen.lists import store_path
    from exeat.screen.store import Store

    catalogue().need(list_id, "LIST")
    with Store(store_path()) as store:
        found = store.diff(list_id, first, last)
        if as_json:
            put(_json(pages.plain_diff(found)))
            return
        shown = (
            *found.added[: pages.SHOWN],
            *found.removed[: pages.SHOWN],
            *(one.id for one in found.changed[: pages.SHOWN]),
        )
        names = {key: history[-1][1].names[0].text for key in shown if (history := store.history(key))}
    put(pages.diff(found, lang, names))


@lists.command()
@click.argument("list_id", metavar="LIST")
@click.option(
    "--format", "name", type=click.Choice(["ftm", "tidy"]), default="tidy", show_default=True, help="How to write it."
)
@click.option("--on", type=Day(), default=None, help="As it was listed on this day.  [default: today]")
@click.option("--known", type=Day(), default=None, help="As known on this day.  [default: today]")
@click.option("-o", "--output", default="", metavar="FILE", help="Write here, whole or not at all.")
def export(list_id: str, name: str, on: str | None, known: str | None, output: str) -> None:
    """LIST as it was listed on a day, in the tidy format or as FollowTheMoney entities.

    \b
    Examples:
      exeat lists export cn.uel -o uel.json
      exeat lists export us.entity-list --format ftm --on 2024-01-01
    """
    from exeat.decide import engine
    from exeat.screen.catalogue import catalogue
    from exeat.screen.lists import store_path
    from exeat.screen.readers import ftm, tidy
    from exeat.screen.store import Store

    catalogue().need(list_id, "LIST")
    today = engine.today()
    with Store(store_path()) as store:
        versions = store.versions(list_id, known or today)
        if not versions:
            raise InputError("there is no version of this list", path="LIST", found=list_id, hint="import one first")
        parties = store.current(on or today, known or today, [list_id])
        if name == "ftm":
            put(b"".join(ftm.write(parties)).decode(), output)
        else:
            newest = versions[-1]
            put(tidy.write(list_id, min(newest.as_of, on or today), newest.known, parties).decode(), output)


@lists.command()
@click.argument("party_id", metavar="PARTY-ID")
@click.option("--on", type=Day(), default=None, help="As it was listed on this day.  [default: today]")
@click.option("--known", type=Day(), default=None, help="As known on this day.  [default: today]")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@language_option
def show(party_id: str, on: str | None, known: str | None, as_json: bool, lang: str) -> None:
    """One entry, by its list and number, and the versions that changed it.

    \b
    Examples:
      exeat lists show us.sdn/36
      exeat lists show un.sc/CDi.001 --on 2020-01-01
    """
    import msgspec

    from exeat.decide import engine
    from exeat.page import lists as pages
    from exeat.screen.catalogue import catalogue
    from exeat.screen.lists import store_path
    from exeat.screen.store import Store

    today = engine.today()
    list_id = party_id.partition("/")[0]
    info = catalogue().need(list_id, "PARTY-ID")
    with Store(store_path()) as store:
        found = store.party(party_id, on or today, known or today)
        history = [(one, content) for one, content in store.history(party_id) if one.known <= (known or today)]
    if found is None:
        hint = f"it was in the version of {history[-1][0].as_of}" if history else "see `exeat lists export`"
        raise InputError("no such entry on that day", path="PARTY-ID", found=party_id, hint=hint)
    if as_json:
        versions = [msgspec.to_builtins(one) for one, _ in history]
        put(_json({"party": msgspec.to_builtins(found), "versions": versions}))
    else:
        put(pages.party(found, history, info.title[lang], info.means[lang], lang))
