"""What a screening found, in words: hits with the sum of their reasons, what was searched and what was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from exeat.page.answer import Entry
from exeat.page.chinese import told
from exeat.page.text import BOLD, DIM, Page
from exeat.page.words import day, word
from exeat.page.wrap import width
from exeat.screen.model import Hit, Reason, Screened
from exeat.screen.monitor import Run
from exeat.screen.review import Record, Standing
from exeat.vocabulary.model import Text

MAX_NAMES = 4  # other names of a listed party that a page shows; --json has them all
STATE_TONE = {"open": "undetermined", "confirmed": "prohibited", "dismissed": "no_requirement_found"}


class Stand(msgspec.Struct, frozen=True):
    """How a hit stands with people: open, confirmed or dismissed, and why it is so (again)."""

    state: str = "open"
    why: tuple[str, ...] = ()


class Lists(msgspec.Struct, frozen=True):
    """What a page says of the lists: their titles, and by how many days those searched are stale."""

    titles: Mapping[str, Text]
    stale: Mapping[str, int] = {}


def render(
    found: Sequence[Screened],
    stands: Sequence[Sequence[Stand]],
    lists: Lists,
    lang: str = "en",
    *,
    columns: int = 80,
    colour: bool = False,
    explain: bool = True,
) -> str:
    """The page for one or more queries that were screened together.

    Args:
        found: the answers; all of the same lists and days.
        stands: for each answer, how each of its hits stands.
        lists: the lists' titles and staleness.
        lang: ``en`` or ``zh``.
        columns: width in terminal columns.
        colour: use ANSI colours.
        explain: the reasons of each score.
    """
    page = Page(lang, columns, colour, str)
    for one, states in zip(found, stands, strict=True):
        _Query(page, lists, lang, explain).whole(one, states)
    if found:
        _searched(page, found[0], lists, lang)
    return page.text()


class _Query:
    def __init__(self, page: Page, lists: Lists, lang: str, explain: bool) -> None:
        self.page, self.lists, self.lang, self.explain = page, lists, lang, explain

    def whole(self, found: Screened, states: Sequence[Stand]) -> None:
        page, lang = self.page, self.lang
        page.blank()
        page.flow(" · ".join(found.query.names), style=BOLD)
        days = word("listed and known", lang, day(found.on, lang), day(found.known, lang))
        page.flow(f"{days} · {word('threshold', lang, f'{found.threshold:.2f}')} · {found.matcher}", 2, style=DIM)
        if not found.hits:
            page.flow(word("no hit partial" if found.not_screened else "no hit", lang), 2, 4)
        for hit, state in zip(found.hits, states, strict=True):
            self._hit(hit, state)

    def _hit(self, hit: Hit, state: Stand) -> None:
        page, lang, listing = self.page, self.lang, hit.party.listing
        shown = word(f"hit.{state.state}", lang)
        page.labelled(f"  {hit.score:.2f}", f"{hit.name} · {shown}", 8, STATE_TONE[state.state])
        since = word("since", lang, day(listing.since, lang)) if listing.since else word("since unknown", lang)
        parts = [self._title(listing.list), hit.party.id, since, " ".join(hit.party.countries)]
        page.flow(" · ".join(filter(None, parts)), 8, 10)
        says = [listing.requirement, listing.policy, ", ".join(listing.programmes), listing.citation]
        if any(says):
            page.flow(" · ".join(filter(None, says)), 8, 10)
        others = [name.text for name in hit.party.names if name.text != hit.name]
        if others:
            more = word("and more", lang, len(others) - MAX_NAMES) if len(others) > MAX_NAMES else ""
            page.flow(word("also named", lang, "; ".join(filter(None, [*others[:MAX_NAMES], more]))), 8, 10)
        if self.explain:
            for reason in hit.reasons:
                page.flow(self._reason(reason), 8, 15)
        for why in state.why:
            page.flow(f"! {told(why, self.lang, 'details')}", 8, 10)

    def _reason(self, reason: Reason) -> str:
        pair = (
            " ≈ ".join(filter(None, (reason.query, reason.listed))) if reason.query != reason.listed else reason.query
        )
        lang = self.lang
        return " · ".join(
            filter(
                None,
                (
                    f"{reason.points:+.3f}  {told(reason.feature, lang, 'features')}",
                    pair,
                    told(reason.detail, lang, "details"),
                ),
            )
        )

    def _title(self, key: str) -> str:
        title = self.lists.titles.get(key)
        return title[self.lang] if title else key


def _searched(page: Page, found: Screened, lists: Lists, lang: str) -> None:
    """Which lists were searched, by their day, and which were not: for nothing found there is no clearance."""
    gutter = max(width(word(label, lang)) for label in ("SEARCHED", "NOT SEARCHED", "STALE")) + 2
    page.blank()
    days: dict[str, list[str]] = {}
    for one in found.lists:
        if one.list not in found.not_screened:
            days.setdefault(one.as_of, []).append(f"{one.list} {one.parties:,}")
    searched = [Entry(word("lists of", lang, day(key, lang), ", ".join(names))) for key, names in sorted(days.items())]
    page.section(word("SEARCHED", lang), searched or [Entry(word("no list", lang))], gutter)
    if found.not_screened:
        page.section(word("NOT SEARCHED", lang), [Entry(", ".join(found.not_screened))], gutter)
    if lists.stale:
        stale = ", ".join(f"{key} {days}" for key, days in lists.stale.items())
        page.section(word("STALE", lang), [Entry(word("too old", lang, stale))], gutter)
    page.blank()
    page.flow(word("a hit is a candidate", lang))


# --- data


def line(value: object) -> str:
    """One JSON object on one line."""
    return msgspec.json.encode(value).decode() + "\n"


def plain(found: Screened, states: Sequence[Standing]) -> dict[str, Any]:
    """An answer as JSON data, with how each hit stands with people."""
    whole: dict[str, Any] = msgspec.to_builtins(found)
    for hit, state in zip(whole["hits"], states, strict=True):
        hit["state"] = state.state
        hit["why"] = [msgspec.to_builtins(one) for one in (*state.why, *state.flags)]
    return whole


def plain_run(found: Run) -> dict[str, Any]:
    """A run as JSON data."""
    whole = {
        field: msgspec.to_builtins(getattr(found, field)) for field in found.__struct_fields__ if field != "faults"
    }
    return {**whole, "faults": [error.record() for error in found.faults]}


def stand(standing: Standing) -> Stand:
    """How a hit stands, for the page."""
    return Stand(standing.state, tuple(one.text for one in (*standing.why, *standing.flags)))


# --- decisions and runs


def records(found: Sequence[Record], lang: str = "en", *, columns: int = 80, colour: bool = False) -> str:
    """What people decided, oldest first."""
    page = Page(lang, columns, colour, str)
    for one in found:
        what = word(f"record.{one.verdict}", lang, " · ".join(one.query.names) if one.query else one.subject, one.party)
        if one.verdict == "undo":
            what = word("record.undo", lang, one.undoes, one.party)
        page.labelled(str(one.number), f"{what} · {one.decided_by} · {one.decided_at}", 6)
        until = word("holds until", lang, day(one.expires, lang)) if one.expires else ""
        seconded = word("approved by", lang, one.approved_by) if one.approved_by else ""
        rest = " · ".join(filter(None, (one.reason, until, seconded)))
        if rest:
            page.flow(rest, 6, 8)
    if not found:
        page.flow(word("no record", lang))
    return page.text()


def run(found: Run, lang: str = "en", *, columns: int = 80, colour: bool = False) -> str:
    """What changed since the last run over a book of parties."""
    page = Page(lang, columns, colour, str)
    page.flow(
        word("run", lang, found.parties, day(found.on, lang), day(found.known, lang), found.open_hits), style=BOLD
    )
    if found.first:
        page.flow(word("first run", lang))
    for one in found.changes:
        pair = " → ".join(filter(None, (one.before, one.after)))
        whose = " · ".join(filter(None, (one.subject, one.name)))
        what = " · ".join(filter(None, (one.party, one.listed, pair, one.detail)))
        page.labelled(one.code, " — ".join(filter(None, (whose, what))), 18, hang=2)
    if not found.changes:
        page.flow(word("nothing changed", lang))
    for key, lists in (("NOT SEARCHED", found.missing), ("STALE", found.stale)):
        if lists:
            page.labelled(word(key, lang), ", ".join(lists), 18, hang=2)
    if found.unscreened:
        page.flow(word("unscreened", lang, found.unscreened), style=BOLD)
    return page.text()
