"""Errors as they leave: RFC 9457 documents for programs, pages for people."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from exeat.errors import InputError, InputErrors

MEDIA = "application/problem+json"
KINDS = {
    400: "bad-request", 401: "unauthenticated", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
    406: "not-acceptable", 408: "timeout", 409: "conflict", 410: "gone", 413: "too-large", 415: "unsupported-type",
    421: "misdirected", 422: "bad-input", 429: "too-many", 500: "internal", 503: "unavailable",
}  # fmt: skip


KEPT = ("may not be disposed of yet", "is under a legal hold", "was disposed of")  # what the record says of the state


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was wrong in what was sent, as `exeat.errors.InputError` says it."""

    problem: str
    file: str = ""
    line: int = 0
    path: str = ""
    found: str = ""
    allowed: str = ""
    hint: str = ""


class Problem(msgspec.Struct, frozen=True):
    """An RFC 9457 problem. ``type`` names the kind and resolves within this service's own documentation."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[Fault, ...] = ()


class Refused(Exception):  # noqa: N818  a refusal is an answer, not a fault of the service
    """A request that is not answered, and why.

    Args:
        status: the HTTP status.
        says: why, in one sentence.
        headers: what the status wants beside it (Allow, Retry-After, WWW-Authenticate).
        where: the members of `Fault` that say where.
    """

    def __init__(self, status: int, says: str, headers: dict[str, str] | None = None, **where: Any) -> None:
        self.status, self.says = status, says
        self.headers = dict(headers or {})
        self.where = where
        if status == 401:
            self.headers.setdefault("www-authenticate", "Bearer")
        super().__init__(says)

    def problem(self) -> Problem:
        return problem(self.status, self.says, [Fault(self.says, **self.where)] if self.where else ())


def problem(status: int, detail: str, errors: Sequence[Fault] = ()) -> Problem:
    """The problem document of a status."""
    return Problem(f"urn:exeat:problem:{KINDS.get(status, 'other')}", _title(status), status, detail, tuple(errors))


def of_errors(errors: Sequence[InputError], status: int = 422) -> Problem:
    """The problem document of faults in what was sent."""
    faults = [msgspec.convert(one.record(), Fault) for one in errors]
    return problem(status, "; ".join(str(one) for one in errors)[:2000], faults)


def problem_of(error: Exception) -> tuple[Problem, dict[str, str]]:
    """The problem that an exception is, and the headers that go with it. What is not known says nothing of itself."""
    if isinstance(error, Refused):
        return error.problem(), error.headers
    if isinstance(error, InputErrors):
        return of_errors(error.errors, _status(error.errors[0]) if error.errors else 422), {}
    if isinstance(error, InputError):
        return of_errors([error], _status(error)), {}
    status = getattr(error, "status_code", 500)
    if status >= 500:
        return problem(status, "a fault of exeat's own; the log of the service says more"), {}
    headers = getattr(error, "headers", None) or {}
    detail = str(getattr(error, "detail", "") or _title(status))
    return problem(status, detail, _extra(error)), dict(headers)


def _status(error: InputError) -> int:
    """404 and 503 where the record says so; everything else that a person wrote wrongly is 422."""
    name = type(error).__name__
    if name == "RecordError":
        if error.problem.startswith("no such decision") or error.problem.startswith("no such entry"):
            return 404
        if error.problem.startswith(KEPT):
            return 409
        if any(word in error.problem for word in ("disk", "database", "recorded", "damaged", "another program")):
            return 503
        if "key was used" in error.problem:
            return 409
    return 422


def _extra(error: Exception) -> list[Fault]:
    """What the framework found wrong with parameters."""
    found = getattr(error, "extra", None)
    if not isinstance(found, list):
        return []
    return [
        Fault(str(one.get("message", "")), path=str(one.get("key", "")), found="")
        for one in found
        if isinstance(one, dict)
    ]


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def encoded(found: Problem) -> bytes:
    return msgspec.json.encode(found)
