"""How the service is set up. It travels to the workers as JSON in the environment, never on a command line."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import msgspec

from exeat.errors import InputError

ENVIRONMENT = "EXEAT_SERVE"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
MIB = 1024 * 1024


class Oidc(msgspec.Struct, frozen=True):
    """An OpenID Connect provider. ``roles`` maps a value of the claim ``claim`` to a role; nobody else gets in."""

    issuer: str
    client_id: str
    client_secret: str = ""
    claim: str = "groups"
    roles: dict[str, str] = {}
    scopes: tuple[str, ...] = ("openid", "profile", "email")


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``login`` is false only on loopback, where whoever reaches the port is the user of the machine, whom the record
    calls ``by``.

    ``public`` is the address that people type, where it is not the one listened on. Limits: ``body`` and ``upload``
    bytes, ``rate`` requests a second for each asker (0: none) with ``burst`` at once, ``jobs`` batches that run or
    wait at a time. The law's folders are looked at every ``watch`` seconds.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    login: bool = False
    public: str = ""
    record: str = ""
    law: tuple[str, ...] = ()
    allow_relax: bool = False
    oidc: Oidc | None = None
    body: int = 4 * MIB
    upload: int = 32 * MIB
    rate: float = 0.0
    burst: int = 200
    jobs: int = 4
    hours: int = 12
    by: str = "local"
    agents: bool = True
    watch: float = 2.0

    @property
    def loopback(self) -> bool:
        return is_loopback(self.host)

    @property
    def secure(self) -> bool:
        """Whether browsers reach it over TLS, so that cookies may insist on it."""
        return self.public.startswith("https://")

    def address(self) -> str:
        """What people type."""
        return self.public or f"http://{_bracketed(self.host)}:{self.port}"

    def hosts(self) -> frozenset[str]:
        """What a request may call this service in its Host header."""
        if self.public:
            return frozenset({urlsplit(self.public).netloc.lower()})
        names = {*LOOPBACK_NAMES} if self.loopback else {_bracketed(self.host)}
        return frozenset({f"{name.lower()}:{self.port}" for name in names} | ({*names} if self.port == 80 else set()))

    def check(self) -> Config:
        """This configuration, if it is safe.

        Raises:
            InputError: it would let strangers in.
        """
        if not self.loopback and not self.login:
            raise InputError(
                "this address can be reached by others, and nobody would have to log in",
                path="--host",
                found=self.host,
                hint="make a token (exeat serve token add NAME --role ROLE) or configure OIDC",
            )
        if self.public and not self.login:
            raise InputError("a public address needs a login", path="--public-url", found=self.public)
        if self.public and urlsplit(self.public).scheme not in ("http", "https"):
            raise InputError("not a web address", path="--public-url", found=self.public)
        if self.host in ("0.0.0.0", "::", "") and not self.public:
            raise InputError(
                "say under which address people reach it",
                path="--public-url",
                hint="--public-url https://exeat.example",
            )
        return self


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address. A name other than localhost may resolve to anything."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
