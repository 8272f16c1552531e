"""Fetching the official files: only on the explicit command, only by https, only from the hosts that the catalogue
names.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import msgspec

from exeat import __version__
from exeat.errors import InputError
from exeat.home import write_whole
from exeat.screen.catalogue import ListInfo
from exeat.screen.readers.source import MAX_BYTES

SECONDS = 600.0  # for one file: 126 MB (the largest) in that time is 1.7 Mbit/s
SILENCE = 30.0  # seconds without a byte
REDIRECTS = 3
SCHEMES = ("https",)
AGENT = f"exeat/{__version__} lists-update"  # OFAC refuses requests without one


class Stamp(msgspec.Struct, frozen=True):
    """What a server said of a file: what to ask with the next time."""

    etag: str = ""
    modified: str = ""


class Fetched(msgspec.Struct, frozen=True):
    """A file that came. ``path`` is None where nothing changed at the server; ``day`` is its last change, or ""."""

    path: Path | None
    stamp: Stamp
    day: str = ""


def sources(infos: Iterable[ListInfo]) -> dict[str, list[ListInfo]]:
    """The addresses to fetch, each with the lists it holds; one file often holds several."""
    found: dict[str, list[ListInfo]] = {}
    for info in infos:
        for url in info.urls:
            found.setdefault(url, []).append(info)
    return found


class _Pinned(urllib.request.HTTPRedirectHandler):
    """Follows redirects only to named hosts, a few of them, never to another scheme."""

    max_redirections = REDIRECTS

    def __init__(self, hosts: frozenset[str]) -> None:
        self.hosts = hosts

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        check(newurl, self.hosts, req.full_url)
        return urllib.request.Request(newurl, headers={"User-Agent": AGENT})


def check(url: str, hosts: frozenset[str], asked: str = "") -> None:
    """Refuse an address that is not pinned.

    Raises:
        InputError: another scheme or host, or a password in it.
    """
    parts = urlsplit(url)
    host = parts.netloc.casefold()
    if parts.scheme not in SCHEMES or parts.username or parts.password or host not in hosts:
        shown = f"{parts.scheme}://{parts.hostname or ''}"
        problem = "the publisher redirects to another host" if asked else "not an address that is fetched"
        hint = "if the publisher moved: download the file yourself and import it"
        raise InputError(problem, file=asked or url, found=shown, allowed=", ".join(sorted(hosts)), hint=hint)


def _opener(hosts: frozenset[str]) -> urllib.request.OpenerDirector:
    """No file, ftp or data; no cookies, no credentials, no proxies of the environment."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _Pinned(hosts),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def fetch(
    url: str,
    hosts: Iterable[str],
    folder: Path,
    stamp: Stamp | None = None,
    tick: Callable[[int], None] | None = None,
    seconds: float = SECONDS,
    most: int = MAX_BYTES,
) -> Fetched:
    """Fetch a file into a folder, if it changed since the last time.

    Args:
        hosts: hosts that it may be redirected to, besides its own.
        stamp: what the server said the last time.
        tick: told how many bytes more came.

    Raises:
        InputError: another host, a web page, too slow, too large, cut short, or no answer. Nothing is left behind.
    """
    allowed = frozenset({urlsplit(url).netloc.casefold(), *(host.casefold() for host in hosts)})
    check(url, allowed)
    stamp = stamp or Stamp()
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
    headers |= {"If-None-Match": stamp.etag} if stamp.etag else {}
    headers |= {"If-Modified-Since": stamp.modified} if stamp.modified else {}
    try:
        request = urllib.request.Request(url, headers=headers)
        with _opener(allowed).open(request, timeout=min(SILENCE, seconds)) as answer:
            kind = answer.headers.get_content_type()
            if kind in ("text/html", "application/xhtml+xml"):
                raise InputError("a web page instead of a list", file=url, found=kind, hint="open it in a browser")
            path = _save(answer, url, folder, time.monotonic() + seconds, most, tick)
            new = Stamp(answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
            return Fetched(path, new, _day(new.modified))
    except urllib.error.HTTPError as error:
        if error.code == 304:
            return Fetched(None, stamp, _day(stamp.modified))
        hint = "the publisher may limit how often one asks" if error.code in (403, 429) else ""
        raise InputError(f"cannot fetch: {error}", file=url, hint=hint) from None
    except (urllib.error.URLError, HTTPException, OSError, ValueError) as error:
        raise InputError(f"cannot fetch: {error}", file=url) from None


def _save(
    answer: IO[bytes], url: str, folder: Path, deadline: float, most: int, tick: Callable[[int], None] | None
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".fetch-")
    try:
        with open(handle, "wb") as stream:
            length = getattr(answer, "length", None)  # what Content-Length promised
            while piece := answer.read1(1 << 16):  # type: ignore[attr-defined]
                stream.write(piece)
                if tick:
                    tick(len(piece))
                if stream.tell() > most:
                    raise InputError("the file is too large for a list", file=url, allowed=f"{most} bytes")
                if time.monotonic() > deadline:
                    raise InputError("the publisher is too slow", file=url, allowed=f"{SECONDS:g} s")
            if length and stream.tell() != length:
                raise InputError(
                    "the file is cut short", file=url, found=f"{stream.tell()} of {length} bytes", hint="try again"
                )
        return Path(name)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _day(modified: str) -> str:
    """The UTC day of an HTTP date, or ""."""
    with contextlib.suppress(TypeError, ValueError):
        return email.utils.parsedate_to_datetime(modified).astimezone(dt.UTC).date().isoformat()
    return ""


def load_stamps(path: Path) -> dict[str, Stamp]:
    """What servers said the last time; nothing if the file is absent or damaged, so that all is fetched anew."""
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Stamp])
    return {}


def save_stamps(path: Path, stamps: dict[str, Stamp]) -> None:
    """Keep what servers said; a failure costs a needless download."""
    with contextlib.suppress(OSError):
        write_whole(path, msgspec.json.encode(stamps, order="deterministic"))
