"""What is new in a feed since the last look. State lies under ``EXEAT_HOME/watch``; nothing is fetched unasked."""

from __future__ import annotations

import hashlib
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import msgspec

from exeat.errors import InputError
from exeat.home import write_whole
from exeat.read.envelope import CUT
from exeat.read.lexicon import Lexicon
from exeat.read.link import Ledger
from exeat.read.model import Document
from exeat.read.open import MAX_BYTES
from exeat.read.pipeline import Reading, Unread, read_bytes, read_paths, told_apart

SECONDS = 20.0  # for one feed from the first byte sent to the last received
SILENCE = 5.0  # seconds without a byte
REDIRECTS = 3
KEEP = 5_000  # keys kept a feed: more than any feed shows at once
AGENT = "exeat-watch"


class State(msgspec.Struct):
    """For each feed the keys of what was seen, the latest last."""

    version: int = 1
    feeds: dict[str, list[str]] = {}


def load(path: Path) -> State:
    """The state in a file; an empty one if there is none.

    Raises:
        InputError: the file is damaged or of another version. It is never silently thrown away: all would seem new.
    """
    try:
        state = msgspec.json.decode(path.read_bytes(), type=State)
    except FileNotFoundError:
        return State()
    except (OSError, msgspec.MsgspecError) as error:
        raise InputError(
            f"cannot read what was seen before: {error}", file=str(path), hint="delete the file to begin anew"
        ) from None
    if state.version != 1:
        raise InputError(
            "the state is of another version of exeat", file=str(path), found=str(state.version), allowed="1"
        )
    return state


def save(path: Path, state: State) -> None:
    """Write the state whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    try:
        write_whole(path, msgspec.json.encode(state, order="deterministic"))
    except OSError as error:
        raise InputError(f"cannot write what was seen: {error.strerror}", file=str(path)) from None


def key_of(document: Document) -> str:
    """What tells a document from others of its feed: its address and its text. A changed text is new again."""
    about = document.metadata
    told = "\0".join((about.url.value or about.title.value or "", document.text.text))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def look(feeds: Iterable[str], state: State, lexicon: Lexicon, ledger: Ledger) -> tuple[Reading, State]:
    """What is new in each feed, and the state after seeing it. A feed that cannot be read keeps its state as it was:
    what it held before is not new when it is whole again. Addresses are fetched; whoever calls asked first."""
    new: list[Document] = []
    unread: list[Unread] = []
    for feed in feeds:
        try:
            if is_address(feed):
                reading = Reading(tuple(read_bytes(fetch(feed), feed, lexicon, ledger)))
                key = feed
            else:
                reading, key = read_paths([feed], lexicon, ledger), os.path.abspath(feed)
        except InputError as error:
            unread.append(Unread(feed, (error,)))
            continue
        unread += reading.unread
        if any(warning.rule == CUT for one in reading.documents for warning in one.warnings):
            unread.append(Unread(feed, (InputError("the feed is cut off; nothing of it was taken", file=feed),)))
            continue
        fresh, state = unseen(key, reading.documents, state)
        new += fresh
    return Reading(told_apart(new), tuple(unread)), state


def unseen(feed: str, documents: Iterable[Document], state: State) -> tuple[list[Document], State]:
    """The documents that were not seen in this feed before, and the state after seeing them."""
    known = set(state.feeds.get(feed, ()))
    now: dict[str, Document] = {}
    for document in documents:
        now.setdefault(key_of(document), document)
    found = [document for key, document in now.items() if key not in known]
    # What is shown again moves to the end, so that it is never forgotten while the feed still shows it.
    keys = [*(key for key in state.feeds.get(feed, ()) if key not in now), *now]
    return found, State(state.version, {**state.feeds, feed: keys[-KEEP:]})


def touched(documents: Sequence[Document]) -> Mapping[str, tuple[str, ...]]:
    """The entries of the rulebook that the documents speak of, each with the mentions (document and id) that do."""
    found: dict[str, list[str]] = {}
    for document in documents:
        for one in document.mentions:
            if one.link is not None and one.link.kind != "none":
                found.setdefault(one.link.to, []).append(f"{document.id} {one.id}")
    return {entry: tuple(found[entry]) for entry in sorted(found)}


# --- fetching


def is_address(feed: str) -> bool:
    return feed.lower().startswith(("http://", "https://"))


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows redirects only within the host that was named, a few of them, never from https to http."""

    max_redirections = REDIRECTS

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        worse = old.scheme == "https" and new.scheme != "https"
        if new.scheme not in ("http", "https") or new.netloc.casefold() != old.netloc.casefold() or worse:
            raise InputError("the feed redirects to another host", file=req.full_url, found=newurl, allowed=old.netloc)
        return urllib.request.Request(newurl, headers={"User-Agent": AGENT})


def _opener() -> urllib.request.OpenerDirector:
    """Only http and https, no file, ftp or data; no cookies, no credentials, no proxies of the environment."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _SameHost(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def fetch(address: str, seconds: float = SECONDS, most: int = MAX_BYTES) -> bytes:
    """The bytes at an address.

    Raises:
        InputError: no web address, another host, too slow, too large, or no answer.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if not is_address(address) or not parts.hostname or parts.username or parts.password:
        raise InputError("not an address that is fetched", file=address, allowed="http or https, without a password")
    deadline = time.monotonic() + seconds
    try:
        request = urllib.request.Request(address, headers={"User-Agent": AGENT})
        with _opener().open(request, timeout=min(SILENCE, seconds)) as answer:
            found = bytearray()
            length = answer.headers.get("Content-Length") or ""
            while True:
                piece = answer.read1(65_536)
                if not piece:
                    if re.fullmatch("[0-9]{1,12}", length) and len(found) < int(length):
                        raise InputError("the feed is cut off", file=address, found=f"{len(found)} of {length} bytes")
                    return bytes(found)
                found += piece
                if len(found) > most:
                    raise InputError("the feed is too large", file=address, allowed=f"{most} bytes")
                if time.monotonic() > deadline:
                    raise InputError("the feed is too slow", file=address, allowed=f"{seconds:g} s")
    except (urllib.error.URLError, HTTPException, OSError, ValueError) as error:
        raise InputError(f"cannot fetch: {error}", file=address) from None
