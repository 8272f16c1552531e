"""The gate: what every request passes before anything reads it, and every answer after.

It is plain ASGI, in front of the framework, so that no route, page or later feature can be added past it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from exeat.serve.access import Access, Session
from exeat.serve.asker import KEY, LANGUAGES, Asker, language
from exeat.serve.config import Config
from exeat.serve.problem import MEDIA, Refused, encoded, problem_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SAFE = ("GET", "HEAD", "OPTIONS")
MACHINE = (
    "/api/",
    "/match/",
    "/search/",
    "/entities/",
    "/catalog",
    "/manifest",
    "/statements",
    "/reconcile/",
    "/updatez",
    "/algorithms",
    "/healthz",
    "/readyz",
    "/mcp",
    "/openapi",
)
UPLOADS = ("/api/v1/jobs", "/api/v1/read")  # where more than one document may be sent
SLOW = 30.0  # s for a whole body to arrive
LOGINS = 10  # wrong tokens a minute from one address
PEERS = 10_000  # askers whose rate is remembered
KEYS = re.compile(r"[\x21-\x7e]{1,200}")
KEPT_HEADERS = ("content-type", "location")  # of an answer that an idempotency key gives again
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # no-referrer would make browsers send "Origin: null" with forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
log = logging.getLogger("exeat.serve")


class Gate:
    """Wraps the application. Raises nothing: what is refused is answered."""

    def __init__(self, app: App, config: Config, access: Callable[[], Access]) -> None:
        self.app, self.config, self._access = app, config, access
        self.hosts = config.hosts()
        self.rates = Rates(config.rate, config.burst)
        self.wrong = Rates(LOGINS / 60, LOGINS)
        self.headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        if config.secure:
            self.headers.append((b"strict-transport-security", b"max-age=31536000"))
        self.cookie = "__Host-exeat" if config.secure else "exeat"

    @property
    def access(self) -> Access:
        return self._access()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:  # there is no websocket here
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        answer = _Answer(self, scope, send)
        try:
            headers = _headers(scope)
            self._check_host(headers)
            asker = scope.setdefault("state", {})[KEY] = self._asker(scope, headers, answer)
            self._check_rate(asker, scope)
            _check_origin(scope, headers, self.hosts, asker)
            body = await self._body(scope, headers, receive)
            key = headers.get("idempotency-key")
            if key is not None and scope["method"] == "POST":
                await self._once(key, asker, body, scope, receive, answer)
            else:
                await self.app(scope, _replayed(body, receive), answer)
        except Refused as refused:
            await _refuse(refused, answer)
        except Exception as error:
            log.exception("fault in %s %s", scope["method"], _path(scope))
            if not answer.status:
                await _refuse(error, answer)
        finally:
            name = scope["state"][KEY].name if KEY in scope.get("state", {}) else "-"
            spent = (time.perf_counter() - began) * 1000
            log.info("%s %s %s %.1f ms %s", scope["method"], _path(scope), answer.status, spent, name or "-")

    # --- who

    def _check_host(self, headers: dict[str, str]) -> None:
        """Only the names we know: a page of another site whose name was made to point here has another."""
        if headers.get("host", "").lower() not in self.hosts:
            raise Refused(421, "this service does not go by that name", path="Host", found=headers.get("host", ""))
        if not self.config.login and any(name in headers for name in ("forwarded", "x-forwarded-for", "via")):
            raise Refused(403, "a proxy stands in front of a service without a login", hint="--public-url, and tokens")

    def _asker(self, scope: Scope, headers: dict[str, str], answer: _Answer) -> Asker:
        lang = language(headers.get("accept-language", ""))
        cookies = _cookies(headers)
        if cookies.get("lang") in LANGUAGES:
            lang = cookies["lang"]
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme:
            return self._token(scope, scheme, token.strip(), lang)
        session = self.access.session(cookies[self.cookie]) if cookies.get(self.cookie) else None
        if session is None and not self.config.login and not machine(scope["path"]):
            session = self.open(answer, self.config.by, "admin")
        if session is not None and session.role:
            return Asker(session.name, session.role, lang, "session", session)
        if not self.config.login:
            return Asker(self.config.by, "admin", lang, "local", session)
        return Asker("", "", lang, "", session)

    def _token(self, scope: Scope, scheme: str, token: str, lang: str) -> Asker:
        """Whose token it is. A wrong one is refused even where none is needed."""
        peer = _peer(scope)
        if not self.access.proven(token) and not self.wrong.left(peer):
            raise Refused(429, "too many wrong tokens", {"retry-after": "60"})
        found = self.access.holder(token) if scheme.lower() in ("bearer", "apikey") else None  # yente's clients say so
        if found is None:
            self.wrong.take(peer)
            raise Refused(401, "not a token, or no longer one")
        return Asker(found.name, found.role, lang, "token")

    def open(self, answer: _Answer, name: str, role: str, token: str = "") -> Session:
        """A new session, whose cookie leaves with the answer."""
        cookie, session = self.access.open_session(name, role, self.config.hours, token)
        answer.cookies.append(self.baked(cookie, self.config.hours * 3600))
        return session

    def baked(self, value: str, age: int) -> str:
        """The session's cookie, with the flags that keep it out of scripts' and other sites' hands."""
        flags = "; Secure" if self.config.secure else ""
        return f"{self.cookie}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{flags}"

    def _check_rate(self, asker: Asker, scope: Scope) -> None:
        if not self.rates.take(asker.name or _peer(scope)):
            raise Refused(429, "too many requests", {"retry-after": "1"})

    # --- what

    async def _body(self, scope: Scope, headers: dict[str, str], receive: Receive) -> bytes:
        """The whole body, if it is no larger than is allowed there."""
        limit = self.config.upload if scope["path"].startswith(UPLOADS) else self.config.body
        stated = headers.get("content-length", "0")
        if not stated.isdecimal():
            raise Refused(400, "not a length", path="Content-Length", found=stated)
        if int(stated[:20]) > limit:
            raise Refused(413, "too much at once", allowed=f"{limit} bytes")
        if stated == "0" and "transfer-encoding" not in headers:
            return b""
        if headers.get("content-encoding", "identity") != "identity":
            raise Refused(415, "send the body as it is, not compressed", path="Content-Encoding")
        parts, size = [], 0
        try:
            async with asyncio.timeout(SLOW):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Refused(400, "the body ended early")
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > limit:
                        raise Refused(413, "too much at once", allowed=f"{limit} bytes")
                    if not message.get("more_body"):
                        return b"".join(parts)
        except TimeoutError:
            raise Refused(408, "the body came too slowly") from None

    async def _once(self, key: str, asker: Asker, body: bytes, scope: Scope, receive: Receive, answer: _Answer) -> None:
        """Answer a request with an idempotency key: the first time by asking, then by giving that answer again."""
        if not KEYS.fullmatch(key):  # an empty one, too: whoever sends it believes to be safe from recording twice
            raise Refused(
                400, "not an idempotency key", path="Idempotency-Key", allowed="1 to 200 visible ASCII characters"
            )
        if not asker.role:  # refused below; nothing of it is kept
            await self.app(scope, _replayed(body, receive), answer)
            return
        place = f"{asker.name}\n{_path(scope)}\n{key}"
        query = scope.get("query_string", b"")
        asked = hashlib.sha256(
            query + b"\n" + _headers(scope).get("content-type", "").encode() + b"\n" + body
        ).hexdigest()
        before = self.access.begin(place, asked)
        if before is None:
            scope["state"]["key"] = hashlib.sha256(place.encode()).hexdigest()
            answer.keep = True
            await self.app(scope, _replayed(body, receive), answer)
            kept = [(name, value) for name, value in answer.plain() if name in KEPT_HEADERS]
            self.access.end(place, answer.status or 500, kept, b"".join(answer.body))
        elif before.asked != asked:
            raise Refused(422, "this key was used for another request", path="Idempotency-Key", found=key)
        elif not before.status:
            raise Refused(409, "the first request with this key is still being worked on", {"retry-after": "1"})
        else:
            again = [(name.encode(), value.encode()) for name, value in before.headers]
            again.append((b"idempotency-replayed", b"true"))
            await answer({"type": "http.response.start", "status": before.status, "headers": again})
            await answer({"type": "http.response.body", "body": before.body})


class _Answer:
    """Sends an answer on, with the headers that every answer has."""

    def __init__(self, gate: Gate, scope: Scope, send: Send) -> None:
        self.gate, self.scope, self.send = gate, scope, send
        self.status = 0
        self.keep = False
        self.headers: list[tuple[bytes, bytes]] = []
        self.body: list[bytes] = []
        self.cookies: list[str] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [*message.get("headers", []), *self.gate.headers]
            self.headers += [(b"set-cookie", one.encode()) for one in self.cookies]
            if not any(name.lower() == b"cache-control" for name, _ in self.headers):
                self.headers.append((b"cache-control", b"no-store"))
            message = {**message, "headers": self.headers}
        elif message["type"] == "http.response.body" and self.keep:
            self.body.append(message.get("body", b""))
        await self.send(message)

    def plain(self) -> list[tuple[str, str]]:
        return [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in self.headers]


class Rates:
    """Buckets of tokens, one for each name; the oldest are forgotten when there are too many."""

    def __init__(self, rate: float, burst: int) -> None:
        self.rate, self.burst = rate, float(burst)
        self._of: dict[str, tuple[float, float]] = {}

    def left(self, name: str) -> float:
        """What the bucket holds now (1 where there is no limit)."""
        if not self.rate:
            return 1.0
        held, at = self._of.get(name, (self.burst, 0.0))
        now = min(self.burst, held + (time.monotonic() - at) * self.rate)
        return now if now >= 1 else 0.0

    def take(self, name: str) -> bool:
        """Take one, if there is one."""
        held = self.left(name)
        if self.rate and held:
            self._of.pop(name, None)
            if len(self._of) >= PEERS:
                self._of.pop(next(iter(self._of)))
            self._of[name] = (held - 1, time.monotonic())
        return bool(held)


def machine(path: str) -> bool:
    """Whether programs rather than people ask there: they get problem documents, and no session."""
    return path.startswith((*MACHINE, "/static/"))


def _check_origin(scope: Scope, headers: dict[str, str], hosts: frozenset[str], asker: Asker) -> None:
    """No other site's page may send anything here in a reader's name; programs say no origin, and carry a token."""
    if scope["method"] in SAFE or asker.way == "token":
        return
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
    foreign = origin is not None and urlsplit(origin).netloc.lower() not in hosts
    if foreign or site not in ("same-origin", "none"):
        raise Refused(403, "this came from a page of another site", path="Origin", found=origin or site)
    if (
        asker.way == "session"
        and machine(scope["path"])
        and not secrets.compare_digest(headers.get("x-csrf-token", "").encode(), asker.csrf.encode())
    ):
        raise Refused(403, "the session's token is missing", path="X-CSRF-Token")


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _cookies(headers: dict[str, str]) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except CookieError:
        return {}
    return {name: one.value for name, one in jar.items()}


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return f"@{client[0]}" if client else "@"


def _path(scope: Scope) -> str:
    """The path for the log: without the query, which may hold names, and on one line."""
    return str(scope["path"]).encode("unicode_escape").decode()[:200]


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Gives a body that was read already, then whatever comes after it."""
    waiting = [True]

    async def again() -> Message:
        if waiting:
            waiting.clear()
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return again


async def _refuse(error: Exception, answer: _Answer) -> None:
    found, headers = problem_of(error)
    body = encoded(found)
    told = [(b"content-type", MEDIA.encode()), (b"content-length", str(len(body)).encode())]
    told += [(name.encode(), value.encode()) for name, value in headers.items()]
    await answer({"type": "http.response.start", "status": found.status, "headers": told})
    await answer({"type": "http.response.body", "body": body})
