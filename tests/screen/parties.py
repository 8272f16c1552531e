"""Small parties, hits and answers for tests that need no list and no matcher."""

from __future__ import annotations

import msgspec

from exeat.screen.model import Hit, Listing, ListVersion, Name, Party, Query, Reason, Screened

VERSION = ListVersion("el", "2026-11-01", "2026-11-01", "a" * 64, "b" * 64, 2)


def listed(id_="el/1", *names, **more):
    names = names or ("Hua Wei Technologies",)
    return Party(
        id_, "organisation", tuple(Name(name) for name in names), Listing(id_.split("/")[0], id_.split("/")[1]), **more
    )


def hit(party=None, score=0.8, name="", query="Huawei"):
    party = party or listed()
    return Hit(party, score, (Reason("name", score),), name or party.names[0].text, query)


def query(*names, **more):
    return Query(names or ("Huawei",), **more)


def answer(asked, *hits, lists=(VERSION,), **more):
    fields = {"on": "2026-11-20", "known": "2026-11-20", "threshold": 0.7, "matcher": "m1", **more}
    return Screened(query=asked, hits=tuple(hits), lists=tuple(lists), **fields)


def with_party(one, **changes):
    return msgspec.structs.replace(one, party=msgspec.structs.replace(one.party, **changes))
