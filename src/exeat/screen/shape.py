"""Answers in the shape of yente's ``/match``, so that its clients read them (yente 5.5, `EntityMatchResponse`)."""

from __future__ import annotations

from collections.abc import Iterable

from exeat.screen.model import Hit, Party, Query, Reason, Screened

SCHEMA = {
    "person": "Person",
    "organisation": "Organization",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "": "LegalEntity",
}


def response(found: Screened) -> dict[str, object]:
    """One answer: its results, best first, how many there are, and the query as it was understood."""
    return {
        "status": 200,
        "results": [result(hit, found.threshold) for hit in found.hits],
        "total": {"value": len(found.hits), "relation": "eq"},
        "query": query(found.query),
    }


def query(asked: Query) -> dict[str, object]:
    """The query as an entity."""
    properties = {
        "name": list(asked.names), "country": list(asked.countries), "birthDate": list(asked.born),
        "gender": [asked.gender] if asked.gender else [], "address": list(asked.addresses),
    }  # fmt: skip
    return {"id": asked.id or None, "schema": SCHEMA[asked.kind], "properties": _filled(properties)}


def result(hit: Hit, threshold: float) -> dict[str, object]:
    """One hit. ``explanations`` are the reasons, which add up to the score; ``match`` says that it reaches the
    threshold, and no more: a person decides.
    """
    return {
        **entity(hit.party),
        "score": hit.score,
        "match": hit.score >= threshold,
        "explanations": _explanations(hit.reasons),
    }


def entity(party: Party) -> dict[str, object]:
    """A listed party."""
    return {
        "id": party.id,
        "caption": party.names[0].text,
        "schema": SCHEMA[party.kind],
        "properties": _properties(party),
        "datasets": [party.listing.list],
        "referents": [],
        "target": True,
        "first_seen": party.listing.since or None,
        "last_seen": party.listing.until or None,
        "last_change": None,
    }


def sanction(party: Party) -> dict[str, object]:
    """The entry of a party on its list, as an entity beside it: why, by whom, since when, in the list's words."""
    listing = party.listing
    return {
        "id": f"{party.id}#listing",
        "caption": listing.authority or listing.list,
        "schema": "Sanction",
        "properties": _filled(
            {
                "entity": [party.id],
                "authority": [listing.authority] if listing.authority else [],
                "program": list(listing.programmes),
                "startDate": [listing.since] if listing.since else [],
                "endDate": [listing.until] if listing.until else [],
                "provisions": [text for text in (listing.requirement, listing.policy) if text],
                "reason": [listing.citation] if listing.citation else [],
                "sourceUrl": [listing.url] if listing.url else [],
                "summary": [listing.remarks] if listing.remarks else [],
                "authorityId": [listing.entry],
            }
        ),
        "datasets": [listing.list],
        "referents": [],
        "target": False,
        "first_seen": None,
        "last_seen": None,
        "last_change": None,
    }


def _explanations(reasons: Iterable[Reason]) -> dict[str, object]:
    found: dict[str, object] = {}
    for number, reason in enumerate(reasons, 1):
        key = reason.feature if reason.feature not in found else f"{reason.feature} {number}"
        found[key] = {
            "score": reason.points,
            "detail": reason.detail or None,
            "query": reason.query or None,
            "candidate": reason.listed or None,
        }
    return found


def _properties(party: Party) -> dict[str, list[str]]:
    listing = party.listing
    return _filled(
        {
            "name": [name.text for name in party.names if name.kind == "primary"],
            "alias": [name.text for name in party.names if name.kind != "primary" and name.quality != "weak"],
            "weakAlias": [name.text for name in party.names if name.kind != "primary" and name.quality == "weak"],
            "country": [code.lower() for code in party.countries],
            "birthDate": list(party.born),
            "birthPlace": list(party.birth_places),
            "gender": [party.gender] if party.gender else [],
            "address": [address.text for address in party.addresses],
            "idNumber": [one.value for one in party.identifiers],
            "program": list(listing.programmes),
            "sourceUrl": [listing.url] if listing.url else [],
            "topics": ["sanction"],
            "notes": [text for text in (listing.requirement, listing.policy, listing.citation) if text],
        }
    )


def _filled(properties: dict[str, list[str]]) -> dict[str, list[str]]:
    return {key: values for key, values in properties.items() if values}
