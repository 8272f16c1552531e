"""Who asks: what every route is told of the request's sender."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exeat.serve.access import Session

LANGUAGES = ("en", "zh")
KEY = "asker"


class Asker:
    """One request's sender. ``name`` goes into the record; ``role`` is "" for somebody who has not logged in.

    ``way`` is how they were known: ``local``, ``token``, ``session`` or "".
    """

    def __init__(self, name: str, role: str, lang: str, way: str, session: Session | None = None) -> None:
        self.name, self.role, self.lang, self.way = name, role, lang, way
        self.session = session

    @property
    def csrf(self) -> str:
        """The token that a form of this session must carry; "" where there is no session."""
        return self.session.csrf if self.session else ""


def asker_of(scope: Mapping[str, Any]) -> Asker:
    """The asker of a request, whom `exeat.serve.gate.Gate` put there."""
    found: Asker = scope["state"][KEY]
    return found


def language(accepted: str) -> str:
    """The language of an answer, of those spoken here, by an Accept-Language header (RFC 9110: the best weight)."""
    best, weight = "en", 0.0
    for part in accepted.split(","):
        tag, _, parameters = part.strip().partition(";")
        name, quality = tag.split("-")[0].lower(), _quality(parameters)
        if name in LANGUAGES and quality > weight:
            best, weight = name, quality
    return best


def _quality(parameters: str) -> float:
    key, _, value = parameters.strip().partition("=")
    if key != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
