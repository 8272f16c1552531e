"""``exeat record``: decisions kept, found again, overridden, run again, held, disposed of, and proved."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from exeat.cli.show import Day, known_option, language_option, law_options, layout, put
from exeat.errors import InputError

if TYPE_CHECKING:
    from exeat.page.record import RecordPage
    from exeat.record.entry import Entry
    from exeat.record.ledger import Record
    from exeat.record.rerun import Renew, Runner
    from exeat.vocabulary.transaction import Transaction

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
FOUND = 1  # the exit code of `verify`, `rerun` and `impact` where something is not as it was
MANY = 20  # decisions above which a progress bar is worth its line


@click.group()
def record() -> None:
    """Decisions that were kept (`exeat check --record`): an append-only ledger in a chain of hashes.

    \b
    The record is EXEAT_HOME/record.db, or the database of EXEAT_RECORD_URL.
    N is an entry's number, a decision's id (7F3C-21AB) or its hash.
    """


def by_option(command: F) -> F:
    """``--by``."""
    text = "Who does this; also EXEAT_BY.  [default: the user of this machine]"
    return click.option("--by", default="", envvar="EXEAT_BY", metavar="NAME", help=text)(command)


def json_option(command: F) -> F:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="As JSON, one object a line.")(command)


def person(by: str) -> str:
    """Who is asking: the name given, or the user of this machine."""
    import getpass

    with contextlib.suppress(OSError, KeyError):
        return by or getpass.getuser()
    return "unknown"


@contextlib.contextmanager
def opened() -> Iterator[Record]:
    """The record; one that is not there yet is made.

    Raises:
        RecordError: it cannot be opened.
    """
    from exeat.record.ledger import Record

    with Record() as found:
        yield found


def _page(lang: str) -> RecordPage:
    from exeat.page.record import RecordPage

    return RecordPage(lang, **layout())


def _line(found: object) -> str:
    import msgspec

    return msgspec.json.encode(found).decode() + "\n"


def _entered(entry: Entry, as_json: bool) -> None:
    put(_line(entry) if as_json else f"entry {entry.n} · {entry.kind} · {entry.hash}\n")


def _progress(found: Iterable[T], length: int) -> Iterator[T]:
    """With a progress bar on a terminal's standard error where there are many."""
    if length <= MANY or not sys.stderr.isatty():
        yield from found
        return
    with click.progressbar(found, length=length, file=sys.stderr, label="exeat") as bar:
        yield from bar


# --- looking


@record.command("list")
@click.option("--verdict", default="", help="Only this answer of the machine.")
@click.option("--party", default="", metavar="NAME", help="Only with a party whose name has this in it.")
@click.option("--rule", default="", metavar="ID", help="Only with a finding of this rule, or of rules that begin so.")
@click.option("--on", type=Day(), default=None, help="Only acts on or after this day.")
@click.option("--until", type=Day(), default=None, help="Only acts on or before this day.")
@click.option("--open/--closed", "is_open", default=None, help="Only those that are open, or only those that are not.")
@click.option("--held/--not-held", "held", default=None, help="Only those under a legal hold, or only the others.")
@click.option("--limit", default=50, show_default=True, help="How many at most; 0 is all.")
@click.option("--before", default=0, metavar="N", help="Only entries before this one: the next page.")
@json_option
@language_option
def list_(
    verdict: str,
    party: str,
    rule: str,
    on: str | None,
    until: str | None,
    is_open: bool | None,
    held: bool | None,
    limit: int,
    before: int,
    as_json: bool,
    lang: str,
) -> None:
    """Recorded decisions, the newest first.

    \b
    Examples:
      exeat record list --open
      exeat record list --party wechat --verdict prohibited --json
    """
    from exeat.record.ledger import Filter

    chosen = Filter(verdict=verdict, party=party, rule=rule, on=on or "", until=until or "", open=is_open, held=held)
    with opened() as found:
        cases = found.cases(chosen, before=before, limit=limit)
        if as_json:
            for one in cases:
                put(_line(one))
            return
        page = _page(lang)
        page.summaries(cases)
        put(page.text())


@record.command()
@click.argument("n", metavar="N")
@by_option
@json_option
@language_option
@law_options
def show(n: str, by: str, as_json: bool, lang: str, folders: tuple[str, ...], allow_relax: bool) -> None:
    """A recorded decision: what people concluded, what came since, how long it is kept, and the machine's answer.

    That somebody looked is entered, too.

    \b
    Examples:
      exeat record show 3 --by "A. Auditor"
      exeat record show 7F3C-21AB --json
    """
    from exeat.record.retention import clock

    with opened() as found:
        number = found.find(n)
        case = found.case(number)
        found.read("case", by=person(by), n=0 if case.kept is None else number)
        if as_json:
            body = {"summary": case.summary, "entry": case.entry, "later": case.later, "clock": clock(case)}
            put(_line(body))
            return
        page = _page(lang)
        page.case(case, clock(case))
        put(page.text())
        if case.kept is None:
            return
        from exeat.page import text

        runner = _runner(found, folders, allow_relax, None)
        engine = runner.engine(case.kept.edition) or runner.now
        options = case.kept.options
        put(text.render(case.kept.decision(), engine.book, lang, outlook=options.outlook, brief=True, **layout()))


# --- entering


@record.command()
@click.argument("n", metavar="N")
@click.option("--verdict", required=True, help="What the person concludes.")
@click.option("--reason", required=True, help="Why.")
@by_option
@json_option
def override(n: str, verdict: str, reason: str, by: str, as_json: bool) -> None:
    """Enter a person's other conclusion. The machine's answer stays; both are shown.

    \b
    Examples:
      exeat record override 3 --verdict licence_required --reason "counsel, 4 May"
    """
    with opened() as found:
        _entered(found.override(found.find(n), verdict, reason, by=person(by)), as_json)


@record.command()
@click.argument("n", metavar="N")
@click.argument("facts", nargs=-1, required=True, metavar="FACT=VALUE...")
@click.option("--says", default="", help="What that rests on.")
@by_option
@json_option
def confirm(n: str, facts: tuple[str, ...], says: str, by: str, as_json: bool) -> None:
    """Enter that a person confirmed facts ([ELEMENT:]FACT=VALUE). It decides nothing: check again with them.

    \b
    Examples:
      exeat record confirm 12 act.end_use=telecom buyer:party.country=US --says "invoice 8812"
    """
    from exeat.record.ledger import Confirmed

    confirmed = []
    for one in facts:
        place, sign, value = one.partition("=")
        element, _, path = place.rpartition(":")
        if not sign or not path:
            raise click.UsageError(f"not a fact: {one!r}; write [ELEMENT:]FACT=VALUE")
        confirmed.append(Confirmed(path, value, element, says))
    with opened() as found:
        _entered(found.confirm(found.find(n), confirmed, by=person(by)), as_json)


@record.command()
@click.argument("n", metavar="N")
@click.option("--reason", required=True, help="Why.")
@click.option("--lift", is_flag=True, help="Lift the hold.")
@by_option
@json_option
def hold(n: str, reason: str, lift: bool, by: str, as_json: bool) -> None:
    """Set a legal hold on a decision: nothing of it may be disposed of until it is lifted.

    \b
    Examples:
      exeat record hold 3 --reason "subpoena 7"
      exeat record hold 3 --lift --reason "case closed"
    """
    with opened() as found:
        _entered(found.hold(found.find(n), reason, by=person(by), lift=lift), as_json)


@record.command()
@click.argument("n", metavar="N")
@click.argument("text", default="")
@click.option(
    "--event", default="", help="What became of the act: done, reexport, termination, unblocked, request, other."
)
@click.option("--on", type=Day(), default=None, help="The day of the event.")
@by_option
@json_option
def note(n: str, text: str, event: str, on: str | None, by: str, as_json: bool) -> None:
    """Enter a note on a decision, or what became of the act (retention runs from the latest such event).

    \b
    Examples:
      exeat record note 3 "see file 7"
      exeat record note 3 --event reexport --on 2019-02-01
    """
    with opened() as found:
        number = found.find(n)
        if event:
            entry = found.event(number, event, on or "", by=person(by), text=text)
        else:
            entry = found.note(number, text, by=person(by))
        _entered(entry, as_json)


# --- asking again


def _runner(found: Record, folders: tuple[str, ...], allow_relax: bool, known: str | None) -> Runner:
    from exeat.cli.show import ready_engine
    from exeat.decide.engine import today
    from exeat.record.rerun import Runner

    return Runner(found, ready_engine(folders, allow_relax), known or today())


@record.command()
@click.argument("n", metavar="N")
@click.option(
    "--law", "which", type=click.Choice(["own", "today"]), default="own", show_default=True, help="Which law."
)
@click.option("--screen", "screening", is_flag=True, help="With today's law: screen the parties again first.")
@json_option
@language_option
@known_option
@click.option("--allow-relax", is_flag=True, help="Let the added law except from shipped rules.")
@click.option("--with-law", "folders", multiple=True, metavar="DIR", help="Add law from this folder to today's.")
def rerun(
    n: str, which: str, screening: bool, as_json: bool, lang: str, known: str | None, allow_relax: bool,
    folders: tuple[str, ...],
) -> None:  # fmt: skip
    """Ask a decision again: under its own law it must come out the same; under today's, what differs is told.

    \b
    The exit code is 0 if the answer is the same, 1 if it differs, 20 if it cannot be asked.

    \b
    Examples:
      exeat record rerun 3
      exeat record rerun 3 --law today --screen
    """
    if screening and which != "today":
        raise click.UsageError("--screen goes with --law today")
    with opened() as found:
        runner = _runner(found, folders, allow_relax, known)
        renew = _renewer(runner) if screening else None
        again = runner.rerun(found.find(n), "today" if which == "today" else "own", renew)
        if as_json:
            put(_line(again))
        else:
            page = _page(lang)
            page.rerun(again)
            put(page.text())
    raise click.exceptions.Exit(20 if again.same is None else 0 if again.same else FOUND)


@record.command()
@click.option("--open/--closed", "is_open", default=None, help="Only those that are open, or only those that are not.")
@click.option("--all", "show_all", is_flag=True, help="Also those that come out the same (with --json).")
@click.option("--screen", "screening", is_flag=True, help="Screen the parties again on the lists of the store first.")
@json_option
@language_option
@known_option
@law_options
def impact(
    is_open: bool | None,
    show_all: bool,
    screening: bool,
    as_json: bool,
    lang: str,
    known: str | None,
    folders: tuple[str, ...],
    allow_relax: bool,
) -> None:
    """Which recorded decisions come out differently under today's law, and with --screen under today's lists.

    \b
    The exit code is 0 if none does, 1 if some do (with --screen: or have a party with other hits), 20 if some cannot
    be asked.

    \b
    Examples:
      exeat record impact --open
      exeat record impact --screen
      exeat record impact --json > moved.jsonl
    """
    from exeat.record.ledger import Filter

    total = differ = failed = listed = unscreened = 0
    page = _page(lang)
    with opened() as found:
        chosen = Filter(open=is_open)
        runner = _runner(found, folders, allow_relax, known)
        renew = _renewer(runner) if screening else None
        for one in _progress(runner.impact(chosen, renew), found.count(chosen)):
            listed, unscreened = listed + bool(one.rerun.hits), unscreened + bool(one.rerun.not_screened)
            total, differ, failed = total + 1, differ + (one.rerun.same is False), failed + (one.rerun.same is None)
            if as_json and (show_all or one.rerun.moved):
                put(_line(one.brief()))
            elif not as_json and one.rerun.moved:
                page.impact(one)
    if not as_json:
        page.impacts(total, differ, failed)
        if screening:
            page.screened_again(listed, unscreened)
        put(page.text())
    raise click.exceptions.Exit(20 if failed else FOUND if differ or listed else 0)


def _renewer(runner: Runner) -> Renew:
    """Screens the parties of a transaction again, on the lists of the store."""
    from exeat.screen.deal import screen_deal
    from exeat.screen.desk import Desk, Terms

    desk = Desk()

    def renew(transaction: Transaction) -> tuple[Transaction, tuple[str, ...]]:
        found = screen_deal(desk, transaction, runner.now.book, Terms("", runner.known))
        return found.transaction, found.nameless

    return renew


# --- keeping


@record.command()
@click.option("--on", type=Day(), default=None, help="As of this day.  [default: today]")
@click.option("--all", "show_all", is_flag=True, help="The clock of every decision, not only of those that are due.")
@click.option("--dispose", default="", metavar="N", help="Dispose of this decision, which must be due.")
@click.option("--reason", default="", help="Why it is disposed of.")
@by_option
@json_option
@language_option
def due(on: str | None, show_all: bool, dispose: str, reason: str, by: str, as_json: bool, lang: str) -> None:
    """What may be disposed of: every regime's period has passed, and no hold or request keeps it.

    Nothing is ever deleted by itself. What is disposed of with --dispose leaves an entry that says so.

    \b
    Examples:
      exeat record due
      exeat record due --dispose 3 --reason "period over"
    """
    from exeat.record import retention

    with opened() as found:
        if dispose:
            _entered(retention.dispose(found, found.find(dispose), reason, by=person(by)), as_json)
            return
        total = found.count()
        clocks = (one for one in _progress(retention.due(found, on or ""), total) if one.due or show_all)
        if as_json:
            for one in clocks:
                put(_line(one))
            return
        page = _page(lang)
        page.clocks([(found.summary(one.n), one) for one in clocks], total)
        put(page.text())


# --- proving


@record.command()
@click.option("-o", "--output", required=True, metavar="FILE", help="Write here, whole or not at all.")
@by_option
def export(output: str, by: str) -> None:
    """Write the whole record as JSON Lines, its anchor last. Keep the anchor elsewhere.

    \b
    Examples:
      exeat record export -o record.jsonl
    """
    from exeat.record.export import lines

    with opened() as found:
        head = found.head()
        _written(Path(output), lines(found, head))
        found.read("export", by=person(by))
    put(f"{head.n} entries; anchor {head.n}:{head.hash}\n")


def _written(path: Path, lines: Iterable[str]) -> None:
    """A file of many lines that is there whole or not at all.

    Raises:
        InputError: it could not be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(lines)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, path)
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror}", file=str(path)) from None
    finally:
        part.unlink(missing_ok=True)


@record.command()
@click.argument("file", default="")
@click.option(
    "--anchor", default="", metavar="N:HASH|FILE", help="The last entry of an earlier export, or that export."
)
@json_option
@language_option
def verify(file: str, anchor: str, as_json: bool, lang: str) -> None:
    """Check the chain of the record, or of an export FILE. Exits with 1 if anything is wrong.

    Without an anchor nobody can tell whether entries were cut off the end, or all of it was made anew.

    \b
    Examples:
      exeat record verify --anchor earlier.jsonl
      exeat record verify record.jsonl
    """
    from exeat.record.export import read_anchor, verify_file

    known = read_anchor(anchor) if anchor else None
    if file:
        checked = verify_file(Path(file), known)
    else:
        with opened() as found:
            checked = found.verify(known)
    if as_json:
        put(_line(checked))
    else:
        page = _page(lang)
        page.checked(checked, bool(anchor))
        put(page.text())
    raise click.exceptions.Exit(FOUND if checked.faults else 0)


@record.command()
@click.argument("n", metavar="N")
@click.option("-o", "--output", required=True, metavar="FILE", help="Write here, whole or not at all.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default=None, help="Pages in this language only.")
@click.option("--redact", is_flag=True, help="Take the parties' names out, and with them what binds it to the record.")
@click.option("--to", type=click.IntRange(min=0), default=0, help="End the chain with this entry.  [default: the last]")
@by_option
@json_option
@law_options
def pack(
    n: str, output: str, lang: str | None, redact: bool, to: int, by: str, as_json: bool, folders: tuple[str, ...],
    allow_relax: bool,
) -> None:  # fmt: skip
    """Write the evidence of a decision as a ZIP that an auditor can check without exeat.

    In it are the answer (HTML, PDF, JSON), facts with their sources, the cited provisions and the law files they stand
    in, what people entered since, and the chain from its entry to an anchor. That it was taken is entered, with the
    SHA-256 of the file.

    \b
    Examples:
      exeat record pack 3 -o evidence.zip --by "A. Auditor"
      exeat record pack 3 -o evidence.zip --redact --lang en
    """
    from exeat.pack.build import LANGUAGES, taken

    with opened() as found:
        runner = _runner(found, folders, allow_relax, None)
        languages = (lang,) if lang else LANGUAGES
        made = taken(runner, found.find(n), by=person(by), languages=languages, redacted=redact, to=to)
    from exeat.home import write_whole

    try:
        write_whole(Path(output), made.content)
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror}", file=output) from None
    told = {"file": output, "sha256": made.hash, "anchor": made.anchor, "files": made.files, "absent": made.absent}
    if as_json:
        put(_line(told))
        return
    put(f"{len(made.files)} files; sha256 {made.hash}; anchor {made.anchor.n}:{made.anchor.hash}\n")
    put("".join(f"NOT IN IT: {one.file}: {one.why}\n" for one in made.absent))


@record.command()
@click.option("--pack", "of_pack", is_flag=True, help="The one that verifies an evidence pack.")
def verifier(of_pack: bool) -> None:
    """Print a Python program of 40 lines that verifies an export, or a pack, and needs nothing of exeat.

    \b
    Examples:
      exeat record verifier > verify.py && python3 verify.py record.jsonl
      exeat record verifier --pack > verify.py && python3 -I -S verify.py evidence.zip
    """
    if of_pack:
        from exeat.pack.build import verifier as program
    else:
        from exeat.record.export import verifier as program
    put(program())
