"""A hit beside the question: what each side says of a feature, and what it adds to the score."""

from __future__ import annotations

import msgspec

from exeat.page.lists import word
from exeat.screen.model import Hit, Query, Reason


class Row(msgspec.Struct, frozen=True):
    """One feature on both sides; ``reasons`` are the summands it gave."""

    label: str
    asked: tuple[str, ...]
    listed: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()


FEATURES = {  # how the matcher's features begin, and the row that they belong to
    "identifier": "numbers", "number": "numbers", "country": "countries", "countries": "countries", "born": "born",
    "birth": "born", "gender": "gender", "kind": "kind", "address": "addresses",
}  # fmt: skip


def rows(query: Query, hit: Hit, lang: str) -> tuple[Row, ...]:
    """Feature by feature; every reason stands in exactly one row, so that the points add up."""
    party = hit.party
    sides: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
        "name": (query.names, tuple(name.text for name in party.names)),
        "kind": (_kind(query.kind, lang), _kind(party.kind, lang)),
        "countries": (query.countries, party.countries),
        "born": (query.born, (*party.born, *party.born_as_listed)),
        "gender": (_some(query.gender), _some(party.gender)),
        "numbers": (
            tuple(f"{one.kind} {one.value}" for one in query.identifiers),
            tuple(f"{one.kind} {one.value}" for one in party.identifiers),
        ),
        "addresses": (query.addresses, tuple(one.text for one in party.addresses)),
    }
    given: dict[str, list[Reason]] = {}
    for reason in hit.reasons:
        given.setdefault(_row_of(reason.feature), []).append(reason)
    return tuple(
        Row(word(key, lang), asked, listed, tuple(given.get(key, ())))
        for key, (asked, listed) in sides.items()
        if asked or listed or key in given
    )


def _row_of(feature: str) -> str:
    return FEATURES.get(feature.split(maxsplit=1)[0].split("_", maxsplit=1)[0].casefold(), "name")


def _kind(kind: str, lang: str) -> tuple[str, ...]:
    return (word(kind, lang),) if kind else ()


def _some(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
