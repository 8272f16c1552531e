"""Reading a document that somebody sends. Never one that they name: nothing here fetches."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

from exeat.errors import InputError, InputErrors
from exeat.serve.doc import PLAIN, TEXT, WORD, Doc, Param, Reply, answer, body_of, parameters, told
from exeat.serve.problem import Refused
from exeat.serve.services import Services

ENDINGS = {TEXT: "txt", "text/markdown": "md", "text/html": "html", "application/xml": "xml", "text/xml": "xml"}
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
STREAMS = (b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"MZ", b"\x7fELF")

READ = Doc(
    id="read",
    tag="reading",
    says="What a document says of measures: mentions with their evidence, times and links to the rulebook. Candidates "
    "for a person to confirm, never law or fact.",
    params=(Param("name", "What the document is called.", {**WORD, "default": "document"}),),
    body=dict.fromkeys(ENDINGS, PLAIN),
    replies={200: Reply("One document, or the items of a feed.", {"type": "array", "items": {"type": "object"}})},
)


@post("/api/v1/read", opt=told("analyst", READ))
async def read(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    given = parameters(request)
    media, raw = await body_of(request)
    check_upload(raw, services.config.body)
    name = f"{given['name'].rpartition('/')[2]}.{ENDINGS[media]}"
    return answer(await services.alone(documents, services, raw, name))


def documents(services: Services, raw: bytes, name: str) -> list[dict[str, object]]:
    """The documents in an upload as plain data.

    Raises:
        InputErrors: it is no readable document.
    """
    from exeat.page.reading import plain  # noqa: PLC0415
    from exeat.read.pipeline import read_bytes  # noqa: PLC0415

    try:
        return [plain(one) for one in read_bytes(raw, name, services.lexicon, services.ledger)]
    except InputError as error:
        raise InputErrors([error]) from None


def check_upload(raw: bytes, limit: int) -> None:
    """Only text comes in, of a size that one document has: no archive, no program, no office file.

    Raises:
        Refused: it is something else.
    """
    if len(raw) > limit:
        raise Refused(413, "too large for one document", allowed=f"{limit} bytes")
    if raw.startswith((*ARCHIVES, *STREAMS)):
        raise Refused(415, "archives, pictures and programs are not taken; send the text", path="body")
    if b"\x00" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(415, "this is not text", path="body")
