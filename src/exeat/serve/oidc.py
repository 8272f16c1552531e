"""Logging in through an OpenID Connect provider: the authorization code flow with PKCE, state and nonce.

The service fetches from the configured provider and from nowhere else, and follows no redirect.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
import urllib.request
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from exeat.serve.config import Oidc, is_loopback
from exeat.serve.problem import Refused
from exeat.serve.roles import ROLES

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # never none, never one with a shared key
LARGEST = 1024 * 1024  # bytes of an answer of the provider
PATIENCE = 10  # s for which the provider may think
SKEW = 60  # s by which clocks may differ
AGE = 600  # s within which somebody must come back from the provider


class Begun(msgspec.Struct, frozen=True):
    """A login that somebody began: kept in their session until they come back."""

    state: str
    nonce: str
    verifier: str
    at: float


class Person(msgspec.Struct, frozen=True):
    """Who came back, and what they may do."""

    name: str
    role: str


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


class Provider:
    """The configured provider. Its methods block: call them beside the event loop."""

    def __init__(self, config: Oidc, back: str) -> None:
        self.config, self.back = config, back
        self._known: dict[str, Any] = {}

    def begin(self) -> tuple[str, Begun]:
        """Where to send the browser, and what to remember meanwhile.

        Raises:
            Refused: 503, the provider cannot be reached or is not the one that was configured.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        begun = Begun(state, nonce, verifier, time.time())
        digest = hashlib.sha256(begun.verifier.encode()).digest()
        query = {
            "response_type": "code", "client_id": self.config.client_id, "redirect_uri": self.back,
            "scope": " ".join(self.config.scopes), "state": begun.state, "nonce": begun.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="), "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{self._endpoint('authorization_endpoint')}?{urlencode(query)}", begun

    def finish(self, begun: Begun, state: str, code: str) -> Person:
        """Who came back with a code.

        Raises:
            Refused: it is not the login that was begun, the provider vouches for nobody, or gives them no role.
        """
        if not code or not hmac.compare_digest(state.encode(), begun.state.encode()) or time.time() - begun.at > AGE:
            raise Refused(403, "this is not the login that was begun; begin again", path="state")
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.back,
            "client_id": self.config.client_id, "code_verifier": begun.verifier,
        }  # fmt: skip
        if self.config.client_secret:
            form["client_secret"] = self.config.client_secret
        found = self._fetch(self._endpoint("token_endpoint"), urlencode(form).encode())
        return self._person(self._claims(str(found.get("id_token", "")), begun.nonce))

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        """The claims of an ID token, once everything about it holds.

        Raises:
            Refused: something does not.
        """
        try:
            keys = KeySet.import_key_set(self._fetch(self._endpoint("jwks_uri")))  # type: ignore[arg-type]
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                leeway=SKEW,
                iss={"essential": True, "value": self.config.issuer},
                sub={"essential": True},
                exp={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError, KeyError, TypeError):
            raise Refused(403, "the provider's token does not hold", path="id_token") from None
        heard = claims.get("aud")
        audience = heard if isinstance(heard, list) else [heard]
        if self.config.client_id not in audience or (len(audience) > 1 and claims.get("azp") != self.config.client_id):
            raise Refused(403, "the provider's token is for somebody else", path="aud")
        return dict(claims)

    def _person(self, claims: dict[str, Any]) -> Person:
        value = claims.get(self.config.claim, [])
        groups = [str(one) for one in value] if isinstance(value, list) else [str(value)]
        roles = [self.config.roles[one] for one in groups if one in self.config.roles]
        if not roles:
            raise Refused(403, "you have no role here; ask whoever runs this service", path=self.config.claim)
        label = str(claims.get("email") or claims.get("preferred_username") or "")
        name = f"{label} ({claims['sub']})" if label else str(claims["sub"])
        safe = "".join(char for char in name if char.isprintable())[:200]
        return Person(safe, max(roles, key=ROLES.index))

    # --- the provider's own addresses

    def _endpoint(self, name: str) -> str:
        if not self._known:
            known = self._fetch(f"{self.config.issuer}/.well-known/openid-configuration")
            if known.get("issuer") != self.config.issuer:
                raise Refused(503, "the provider is not the one that was configured", path="issuer")
            self._known = known
        address = str(self._known.get(name, ""))
        _check(address)
        return address

    def _fetch(self, address: str, form: bytes | None = None) -> dict[str, Any]:
        _check(address)
        request = urllib.request.Request(address, data=form, headers={"accept": "application/json"})
        try:
            with _opener.open(request, timeout=PATIENCE) as answer:
                raw = answer.read(LARGEST + 1)
            if len(raw) > LARGEST:
                raise ValueError("too much")
            found: dict[str, Any] = msgspec.json.decode(raw, type=dict[str, Any])
            return found
        except (URLError, OSError, ValueError, msgspec.MsgspecError):
            raise Refused(503, "the identity provider did not answer as it should") from None


def _check(address: str) -> None:
    """Only TLS, but for a provider on this very machine.

    Raises:
        Refused: neither.
    """
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return
    raise Refused(503, "the identity provider must be reached over https")
