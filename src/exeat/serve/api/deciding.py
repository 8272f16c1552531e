"""Deciding: one transaction, asked in a request."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response, post

from exeat.decide.decision import Checked, Decision
from exeat.decide.engine import Options
from exeat.errors import InputError, InputErrors, nearest
from exeat.record.entry import canonical_bytes
from exeat.serve.asker import Asker
from exeat.serve.doc import (
    DAY,
    JSON,
    NOWHERE,
    UNRECORDED,
    WORDS,
    YAML,
    YES,
    Doc,
    Param,
    Reply,
    answer,
    body_of,
    parameters,
    ref,
    told,
)
from exeat.serve.problem import Refused
from exeat.serve.roles import allows
from exeat.serve.services import Services
from exeat.vocabulary.model import Text
from exeat.vocabulary.reader import decode, read_text
from exeat.vocabulary.transaction import Act, Transaction, read_transaction

BODY = "body"  # what faults call a body: it has no file name


class Verdict(msgspec.Struct, frozen=True):
    """The answer without its findings: never without what was not checked, and both its days.

    ``jurisdictions`` are those the transaction touches (or may). The hash is that of the whole answer.
    """

    id: str
    verdict: str
    floor: str
    ceiling: str
    exact: bool
    exit_code: int
    jurisdictions: dict[str, str]
    coverage: Checked
    warnings: tuple[Text, ...]
    hypothetical: tuple[str, ...]
    overlays: tuple[str, ...]
    on: str
    known: str
    strict: bool
    edition: str
    engine: str
    hash: str


def verdict(decision: Decision) -> Verdict:
    """The short answer in a decision."""
    touched = {one.id: one.verdict for one in decision.jurisdictions if one.touched != "no"}
    return Verdict(
        id=decision.id, verdict=decision.verdict, floor=decision.floor, ceiling=decision.ceiling,
        exact=decision.exact, exit_code=decision.exit_code, jurisdictions=touched, coverage=decision.coverage,
        warnings=decision.warnings, hypothetical=decision.hypothetical, overlays=decision.overlays, on=decision.on,
        known=decision.known, strict=decision.strict, edition=decision.edition, engine=decision.engine,
        hash=decision.hash,
    )  # fmt: skip


OPTIONS = (
    Param("on", "Ask about another day than the transaction's.", DAY),
    Param("known", "Only law published by this UTC day. Default: today.", DAY),
    Param("strict", "Use no legal presumption.", YES),
    Param("only", "Ask only this regime (may be repeated); the answer is hypothetical.", WORDS),
    Param("without", "Leave out courts, suspensions, an event or rule; the answer is hypothetical.", WORDS),
)
FORMS = {"type": "string", "enum": ["full", "explained", "verdict"], "default": "full"}
DECIDE = Doc(
    id="decide",
    tag="deciding",
    says="Decide a transaction.\n\n`body=full` has everything, `explained` leaves out questions, days of change and "
    "alternatives (much faster), `verdict` also leaves out findings. With `keep=true` the whole answer is recorded "
    "before it is given (role: analyst), and `Location` says where. With `screen=true`, "
    "`Exeat-Not-Screened` names the parties without a name.",
    params=(
        *OPTIONS,
        Param("body", "How much of the answer.", FORMS),
        Param("keep", "Record it.", YES),
        Param("follows", "With keep: the recorded decision that this one answers anew.",
              {"type": "integer", "minimum": 0, "maximum": 2**53, "default": 0}),
        Param("screen", "Screen the parties on the lists of this machine first.", YES),
    ),
    body={JSON: ref("transaction"), YAML: ref("transaction")},
    replies={
        200: Reply("The answer.", [ref("decision"), Verdict]),
        201: Reply("The answer, recorded.", [ref("decision"), Verdict]),
        404: NOWHERE,
        503: UNRECORDED,
    },
)  # fmt: skip


@post("/api/v1/decide", opt=told("viewer", DECIDE))
async def decide(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    given = parameters(request)
    if given["keep"] and not allows(asker.role, "analyst"):
        raise Refused(403, "recording needs another role", path="role analyst", found=asker.role)
    if given["follows"] and not given["keep"]:
        raise InputErrors([InputError("goes with keep=true", path="follows")])
    media, raw = await body_of(request)
    options = options_of(services, given, given["body"])
    transaction = read(services, raw, media, given["on"])
    headers: dict[str, str] = {}
    if given["screen"]:
        transaction, nameless = await services.alone(services.renew, transaction, options.known)
        headers = {"exeat-not-screened": ", ".join(map(quote, nameless))} if nameless else {}
    brief = given["body"] == "verdict" and not given["keep"]
    decision = (services.engine.brief if brief else services.engine.decide)(transaction, options)
    short = given["body"] == "verdict"
    if not given["keep"]:
        return answer(msgspec.json.encode(verdict(decision) if short else decision), 200, headers)
    kept = canonical_bytes(decision)  # what is recorded is what is given, byte for byte
    entry = await services.keep(
        decision, transaction, options, by=asker.name, follows=given["follows"], key=key_of(request), answer=kept
    )
    shown = msgspec.json.encode(verdict(decision)) if short else kept
    return answer(shown, 201, {"location": f"/api/v1/decisions/{entry.n}", **headers})


def options_of(services: Services, given: dict[str, Any], body: str = "full") -> Options:
    """Checked options of a request. A recorded answer is the one that was given, no fuller.

    Raises:
        InputErrors: a regime, layer, event or rule that does not exist.
    """
    book = services.book
    faults = _unknown("only", given["only"], list(book.regimes), "no such regime")
    faults += _unknown("without", given["without"], list(book.layers()), "no such layer, event or rule")
    if faults:
        raise InputErrors(faults)
    more = {"known": given["known"]} if given["known"] else {}
    return services.options(
        strict=given["strict"], only=given["only"], without=given["without"],
        explain=body != "verdict", outlook=body == "full", **more,
    )  # fmt: skip


def _unknown(path: str, words: tuple[str, ...], known: list[str], problem: str) -> list[InputError]:
    return [InputError(problem, path=path, found=one, hint=nearest(one, known)) for one in words if one not in known]


def read(services: Services, raw: bytes, media: str, on: str | None = None) -> Transaction:
    """The transaction in a body, on another day if one is asked about.

    Raises:
        InputErrors: everything that was wrong with it.
    """
    try:
        text = decode(raw, BODY)
        if media == JSON and text.lstrip()[:1] != "{":  # the reader would try YAML
            raise InputError("not a JSON object", file=BODY)
        node = read_text(text, f"{BODY}.json" if media == JSON else BODY)
    except InputError as error:
        raise InputErrors([error]) from None
    found = read_transaction(node, services.book.vocabulary, BODY)
    return msgspec.structs.replace(found, when=Act(on=on, zone=found.when.zone)) if on else found


def key_of(request: Request[Any, Any, Any]) -> str:
    """The request's idempotency key as the record keeps it: the asker's own."""
    return str(request.scope["state"].get("key", ""))
