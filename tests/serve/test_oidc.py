"""Logging in through a provider: a small one of our own, which can be made to lie."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import json
import threading
import time
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from exeat.cli.serve import _oidc
from exeat.errors import InputError
from exeat.serve.config import Oidc
from exeat.serve.oidc import Provider
from exeat.serve.problem import Refused
from tests.serve.parts import TEAM

KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "one"})


class Fake:
    """A provider. ``changes`` are claims it gets wrong; ``sign`` may be replaced."""

    def __init__(self):
        self.changes, self.nonce, self.form, self.paths, self.issuer_says = {}, "", {}, [], None
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                fake.paths.append(self.path)
                if self.path == "/moved/.well-known/openid-configuration":
                    self.send_response(302)
                    self.send_header("location", f"{fake.issuer}/.well-known/openid-configuration")
                    self.end_headers()
                    return
                at = fake.issuer
                found = {
                    "issuer": fake.issuer_says or at, "authorization_endpoint": f"{at}/authorize",
                    "token_endpoint": f"{at}/token", "jwks_uri": f"{at}/keys",
                }  # fmt: skip
                self.give({"keys": [KEY.as_dict(private=False)]} if self.path == "/keys" else found)

            def do_POST(self):
                fake.form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                self.give({"access_token": "a", "token_type": "Bearer", "id_token": fake.sign(fake.claims())})

            def give(self, found):
                body = json.dumps(found).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_): ...

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def claims(self):
        whole = {
            "iss": self.issuer, "sub": "u-1", "aud": "exeat", "exp": time.time() + 300, "nonce": self.nonce,
            "email": "ann@example.org", "groups": ["staff", "compliance"], **self.changes,
        }  # fmt: skip
        return {key: value for key, value in whole.items() if value is not None}

    def sign(self, claims):
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, KEY)


@pytest.fixture
def fake():
    found = Fake()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def client(fake, start):
    roles = {"staff": "viewer", "compliance": "approver"}
    oidc = Oidc(fake.issuer, "exeat", "s3cr3t", "groups", roles)
    return start(msgspec.structs.replace(TEAM, oidc=oidc))


def begin(client, fake):
    sent = client.get("/login/oidc", follow_redirects=False)
    assert sent.status_code == 303
    address = urlsplit(sent.headers["location"])
    query = {key: value[0] for key, value in parse_qs(address.query).items()}
    fake.nonce = query["nonce"]
    return address, query


def come_back(client, state, code="c"):
    return client.get("/login/oidc/back", params={"state": state, "code": code}, follow_redirects=False)


def test_a_login_through_the_provider(client, fake):
    address, query = begin(client, fake)
    assert (f"{address.scheme}://{address.netloc}", address.path) == (fake.issuer, "/authorize")
    assert query["redirect_uri"] == "http://127.0.0.1:8000/login/oidc/back"
    assert query["code_challenge_method"] == "S256"
    before = client.cookies["exeat"]
    assert client.get("/api/v1/me").status_code == 401
    assert come_back(client, query["state"]).status_code == 303
    me = client.get("/api/v1/me").json()
    assert (me["name"], me["role"]) == ("ann@example.org (u-1)", "approver")
    assert client.cookies["exeat"] != before
    digest = hashlib.sha256(fake.form["code_verifier"][0].encode()).digest()
    assert query["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert come_back(client, query["state"]).status_code == 403  # once


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["exeat", "another"]},
        {"aud": None},
        {"exp": 1.0},
        {"exp": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"groups": ["guests"]},
        {"groups": []},
        {"groups": None},
    ],
    ids=str,
)
def test_a_token_that_does_not_hold_opens_nothing(client, fake, changes):
    _, query = begin(client, fake)
    fake.changes = changes
    assert come_back(client, query["state"]).status_code == 403
    assert client.get("/api/v1/me").status_code == 401


def test_signed_by_another_by_nobody_or_with_the_public_key(client, fake):
    def part(data):
        raw = data if isinstance(data, bytes) else json.dumps(data).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def shared(claims):
        signed = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(claims)}"
        return f"{signed}.{part(hmac.digest(KEY.as_pem(private=False), signed.encode(), 'sha256'))}"

    for sign in (
        lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, OTHER),
        lambda claims: f"{part({'alg': 'none'})}.{part(claims)}.",
        shared,
        lambda claims: "x",
    ):
        _, query = begin(client, fake)
        fake.sign = sign
        assert come_back(client, query["state"]).status_code == 403


def test_another_state_or_none_or_no_code(client, fake):
    for state, code in (("x", "c"), ("", "c"), (None, "")):
        _, query = begin(client, fake)
        assert come_back(client, query["state"] if state is None else state, code).status_code == 403
    client.cookies.clear()
    _, query = begin(client, fake)
    client.cookies.clear()
    assert come_back(client, query["state"]).status_code == 403


def test_a_provider_that_is_another_or_moves_or_is_not_there(fake, start):
    for issuer in (f"{fake.issuer}/moved", "http://127.0.0.1:9"):
        provider = Provider(Oidc(issuer, "exeat"), "http://127.0.0.1/back")
        with pytest.raises(Refused) as refused:
            provider.begin()
        assert refused.value.status == 503
    fake.issuer_says = "https://evil.example"
    with pytest.raises(Refused, match="configured"):
        Provider(Oidc(fake.issuer, "exeat"), "http://127.0.0.1/back").begin()


def test_only_tls_beyond_this_machine():
    with pytest.raises(Refused, match="https"):
        Provider(Oidc("http://id.example", "exeat"), "x").begin()
    with pytest.raises(Refused, match="https"):
        Provider(Oidc("file:///etc", "exeat"), "x").begin()


def test_the_environment(monkeypatch):
    assert _oidc() is None
    monkeypatch.setenv("EXEAT_OIDC_ISSUER", "https://id.example/")
    with pytest.raises(InputError):
        _oidc()
    monkeypatch.setenv("EXEAT_OIDC_CLIENT_ID", "exeat")
    with pytest.raises(InputError, match="nobody would have a role"):
        _oidc()
    monkeypatch.setenv("EXEAT_OIDC_ROLES", "cn=a,b=viewer, boss=admin")
    with pytest.raises(InputError, match="not a group"):
        _oidc()
    monkeypatch.setenv("EXEAT_OIDC_ROLES", "cn=a=viewer,boss=admin")
    found = _oidc()
    assert (found.issuer, found.roles) == ("https://id.example", {"cn=a": "viewer", "boss": "admin"})


def test_without_a_provider_there_is_no_such_login(start):
    assert start(TEAM).get("/login/oidc", follow_redirects=False).status_code == 404
