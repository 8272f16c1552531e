"""The shape of a list, and how a file whose shape betrays a changed meaning is told from an update."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache

import msgspec

from exeat.errors import InputError
from exeat.screen.catalogue import ListInfo, limits
from exeat.screen.model import Party

# What a field of a party is filled with. Names are always there and are measured by their number and script.
FILLED: dict[str, Callable[[Party], object]] = {
    "countries": lambda party: party.countries,
    "born": lambda party: party.born,
    "birth_places": lambda party: party.birth_places,
    "gender": lambda party: party.gender,
    "identifiers": lambda party: party.identifiers,
    "addresses": lambda party: party.addresses,
    "linked_to": lambda party: party.linked_to,
    "family name": lambda party: any(one.family for one in party.names),
    "listing.programmes": lambda party: party.listing.programmes,
    "listing.requirement": lambda party: party.listing.requirement,
    "listing.policy": lambda party: party.listing.policy,
    "listing.citation": lambda party: party.listing.citation,
    "listing.url": lambda party: party.listing.url,
    "listing.since": lambda party: party.listing.since,
    "listing.until": lambda party: party.listing.until,
    "listing.remarks": lambda party: party.listing.remarks,
}
# UTF-8 read as Windows-1252: a lead byte's letter and a continuation byte's sign. And what no decoder could read.
_BROKEN = re.compile(r"[ÂÃÄÅÐÑØÙâã][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œž]|�")


class Profile(msgspec.Struct, frozen=True):
    """The shape of one version: counts and shares of its entries (0 to 1).

    ``names`` is the mean number of names an entry, ``broken`` the share of names with letters that came through a wrong
    encoding.
    """

    parties: int
    names: float = 0.0
    broken: float = 0.0
    fill: dict[str, float] = {}
    kinds: dict[str, float] = {}
    scripts: dict[str, float] = {}


def profile_of(parties: Sequence[Party]) -> Profile:
    """Measure a version."""
    count = len(parties) or 1
    names = [one.text for party in parties for one in party.names]
    return Profile(
        parties=len(parties),
        names=round(len(names) / count, 4),
        broken=round(sum(bool(_BROKEN.search(name)) for name in names if not name.isascii()) / (len(names) or 1), 5),
        fill={name: round(sum(bool(filled(party)) for party in parties) / count, 4) for name, filled in FILLED.items()},
        kinds=_shares(party.kind or "not said" for party in parties),
        scripts=_shares(script(name) for name in names),
    )


def _shares(values: Iterable[str]) -> dict[str, float]:
    counts = Counter(values)
    total = sum(counts.values()) or 1
    return {name: round(count / total, 4) for name, count in sorted(counts.items())}


def script(text: str) -> str:
    """The script of a name's first letter beyond ASCII, or Latin."""
    if text.isascii():
        return "LATIN"
    found = Counter(_script(char) for char in text if char.isalpha())
    return found.most_common(1)[0][0] if found else "none"


@cache
def _script(char: str) -> str:
    return unicodedata.name(char, "UNKNOWN").split(" ")[0]


def suspicions(
    info: ListInfo,
    parties: Sequence[Party],
    before: Profile | None,
    ids_before: set[str],
    same_format: bool,
    same_edition: bool = True,
) -> list[str]:
    """What betrays that a file is not simply the list's next version, each with its figures and the limit.

    Args:
        before: the profile of the version before, or None at the first import; an empty version counts as none.
        ids_before: its party ids.
        same_format: whether it came in the same format; another one fills other fields, so only counts and ids compare.
        same_edition: whether the same edition of the format's reader made it; another one fills other fields too.
    """
    new = profile_of(parties)
    found = list(_first(info, new))
    if before is None or not before.parties:
        if new.parties < info.least:
            found.append(f"{new.parties} entries, and the whole list has at least {info.least}")
        return found
    if max(new.parties, before.parties) <= limits()["small"].value:
        return found
    return (
        found
        + list(_counts(new, before, ids_before, {party.id for party in parties}, same_format))
        + (list(_shape(new, before)) if same_format and same_edition else [])
    )


def _first(info: ListInfo, new: Profile) -> Iterable[str]:
    broken = limits()["broken letters"]
    if new.broken > broken.value:
        yield f"{new.broken:.1%} of the names hold broken letters, at most {broken.value:.1%}: {broken.because}"


def _counts(new: Profile, before: Profile, ids_before: set[str], ids: set[str], same_format: bool) -> Iterable[str]:
    fewer, more, kept = limits()["fewer"], limits()["more"], limits()["ids kept"]
    if new.parties < before.parties * (1 - fewer.value):
        yield f"{new.parties} entries after {before.parties} (more than {fewer.value:.0%} fewer): {fewer.because}"
    if new.parties > before.parties * (1 + more.value):
        yield f"{new.parties} entries after {before.parties} (more than {more.value:.0%} more): {more.because}"
    share = len(ids_before & ids) / (len(ids_before) or 1)
    if share < kept.value and (same_format or share < 1 - kept.value):
        yield f"{share:.0%} of the entries' numbers are still there, at least {kept.value:.0%}: {kept.because}"


def _shape(new: Profile, before: Profile) -> Iterable[str]:
    for measure, said, one, other in (
        ("fill", "entries with", before.fill, new.fill),
        ("kinds", "entries of kind", before.kinds, new.kinds),
        ("scripts", "names in script", before.scripts, new.scripts),
    ):
        limit = limits()[measure]
        for name in sorted({*one, *other}):
            old, now = one.get(name, 0.0), other.get(name, 0.0)
            if abs(now - old) > limit.value:
                points = f"more than {limit.value * 100:.0f} points"
                yield f"{said} {name}: {now:.0%} after {old:.0%} ({points}): {limit.because}"
    names = limits()["names"]
    if before.names and abs(new.names - before.names) > names.value * before.names:
        yield f"{new.names:.2f} names an entry after {before.names:.2f} (more than {names.value:.0%}): {names.because}"


def refusal(list_id: str, file: str, told: Sequence[str]) -> list[InputError]:
    """The errors of a refused file, one for each suspicion."""
    hint = "look at the file; if it is right, import it with --accept-changes REASON"
    return [InputError(one, file=file, path=list_id, hint=hint) for one in told]
