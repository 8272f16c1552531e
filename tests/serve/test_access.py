"""Who may do what: roles on every route, tokens, sessions, hosts, origins, limits, headers; what is never logged."""

from __future__ import annotations

import logging
import os
import re
import stat
import time

import msgspec
import pytest
from click.testing import CliRunner

from exeat.cli.main import main
from exeat.cli.serve import serve
from exeat.errors import InputError
from exeat.home import home
from exeat.serve import api
from exeat.serve.access import Access
from exeat.serve.asker import language
from exeat.serve.config import Config, Oidc, is_loopback
from exeat.serve.gate import POLICY, Rates
from exeat.serve.quiet import Quiet, keep_quiet
from exeat.serve.roles import OPEN, ROLES, allows
from tests.serve.parts import DEAL, LOCAL, TEAM, YAML, bearer, keep

MATRIX = {  # the least role of every route: whoever changes one, changes it here too
    "GET /healthz": OPEN, "GET /readyz": OPEN, "GET /api/v1/me": "viewer",
    "GET /api/v1/rulebook": "viewer", "POST /api/v1/rulebook/reload": "admin", "POST /api/v1/decide": "viewer",
    "POST /api/v1/jobs": "analyst", "GET /api/v1/jobs": "analyst", "GET /api/v1/jobs/{id:str}": "analyst",
    "GET /api/v1/jobs/{id:str}/results": "analyst", "GET /api/v1/jobs/{id:str}/events": "analyst",
    "DELETE /api/v1/jobs/{id:str}": "analyst", "GET /api/v1/law": "viewer", "GET /api/v1/law/things/{id:str}": "viewer",
    "GET /api/v1/law/as-of": "viewer", "GET /api/v1/law/diff": "viewer", "GET /api/v1/law/timeline": "viewer",
    "GET /api/v1/coverage": "viewer", "POST /api/v1/screen": "viewer", "GET /api/v1/lists": "viewer",
    "POST /api/v1/screen/hits": "analyst", "GET /api/v1/screen/hits": "viewer",
    "POST /match/{dataset:str}": "viewer", "GET /search/{dataset:str}": "viewer",
    "GET /entities/{entity:path}": "viewer", "GET /catalog": "viewer", "GET /manifest": "viewer",
    "GET /algorithms": "viewer",
    "GET /statements": "viewer", "POST /updatez": "admin",
    "GET /reconcile/{dataset:str}": "viewer", "POST /reconcile/{dataset:str}": "viewer",
    "GET /reconcile/{dataset:str}/suggest/entity": "viewer", "GET /reconcile/{dataset:str}/suggest/type": "viewer",
    "GET /reconcile/{dataset:str}/suggest/property": "viewer", "GET /reconcile/{dataset:str}/extend/property": "viewer",
    "POST /api/v1/read": "analyst", "GET /api/v1/decisions": "viewer", "GET /api/v1/decisions/{n:str}": "viewer",
    "GET /api/v1/decisions/{n:str}/pack": "viewer",
    "GET /api/v1/decisions/{n:str}/retention": "viewer", "POST /api/v1/decisions/{n:str}/override": "approver",
    "POST /api/v1/decisions/{n:str}/confirm": "analyst", "POST /api/v1/decisions/{n:str}/hold": "approver",
    "POST /api/v1/decisions/{n:str}/notes": "analyst", "POST /api/v1/decisions/{n:str}/rerun": "analyst",
    "POST /api/v1/decisions/{n:str}/events": "analyst", "POST /api/v1/decisions/{n:str}/dispose": "admin",
    "GET /api/v1/record/impact": "analyst", "GET /api/v1/record/due": "viewer",
    "GET /api/v1/record/verify": "viewer", "GET /api/v1/record/head": "viewer", "GET /api/v1/record/export": "approver",
}  # fmt: skip
NOW = time.time
PLACES = {"{id:str}": "0" * 32, "{n:str}": "1", "{dataset:str}": "default", "{entity:path}": "a/b"}


def routes():
    for handler in api.ROUTES:
        for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
            yield f"{method} {next(iter(handler.paths))}"


def test_the_matrix_names_every_route():
    assert set(routes()) == set(MATRIX)


def test_each_role_may_do_what_the_one_before_it_may():
    assert [allows(have, need) for have in ("", *ROLES) for need in ROLES] == [
        ROLES.index(have) >= ROLES.index(need) if have else False for have in ("", *ROLES) for need in ROLES
    ]
    assert not allows("superuser", "viewer")


def test_nobody_gets_further_than_their_role(start, tokens):
    client = start(TEAM)
    holders = {role: bearer(tokens(role)) for role in ROLES}
    for route, need in MATRIX.items():
        method, path = route.split(" ")
        for name, place in PLACES.items():
            path = path.replace(name, place)
        for role in ("", *ROLES):
            status = client.request(method, path, headers=holders.get(role, {})).status_code
            if allows(role, need):
                assert status not in (401, 403, 500), (route, role, status)
            else:
                assert status == (403 if role else 401), (route, role, status)


def test_recording_needs_more_than_asking(start, tokens):
    client = start(TEAM)
    viewer, analyst = bearer(tokens("viewer")), bearer(tokens("analyst", "ann"))
    refused = client.post("/api/v1/decide?keep=true", content=DEAL, headers={**YAML, **viewer})
    assert refused.status_code == 403
    assert client.post("/api/v1/decide", content=DEAL, headers={**YAML, **viewer}).status_code == 200
    n = keep(client, **analyst)
    assert client.services.record.summary(n).by == "ann"


def test_a_jobs_rows_are_its_owners(start, tokens):
    client = start(TEAM)
    owner, other, boss = (bearer(tokens(role, name)) for role, name in
                          (("analyst", "a"), ("analyst", "b"), ("approver", "c")))  # fmt: skip
    sent = {"content-type": "application/x-ndjson"}
    job = client.post("/api/v1/jobs", content=b"{}", headers={**sent, **owner}).json()["id"]
    assert [client.get(f"/api/v1/jobs/{job}", headers=h).status_code for h in (owner, other, boss)] == [200, 404, 200]
    assert client.get("/api/v1/jobs", headers=other).json()["jobs"] == []


# --- tokens


def test_a_token_is_kept_as_a_hash_and_the_file_is_its_owners(tokens):
    token = tokens("admin")
    raw = (home() / "serve.db").read_bytes() + (home() / "serve.db-wal").read_bytes()
    assert token.encode() not in raw
    assert token.rpartition("_")[2].encode() not in raw
    assert stat.S_IMODE(os.stat(home() / "serve.db").st_mode) == 0o600


@pytest.mark.parametrize(
    "changed",
    [
        lambda t: t + "x",
        lambda t: t[:-1],
        lambda t: t[:-1] + ("a" if t[-1] != "a" else "b"),
        lambda t: t.upper(),
        lambda t: "exeat_" + "0" * 12 + "_" + t.rpartition("_")[2],
        lambda t: "",
        lambda t: "x" * 10_000,
        lambda t: "éàü",
    ],
)
def test_a_token_that_is_none(start, tokens, changed):
    client = start(TEAM)
    token = tokens("admin")
    assert client.get("/api/v1/me", headers=bearer(token)).status_code == 200
    wrong = {"authorization": f"Bearer {changed(token)}".encode()}
    assert client.get("/api/v1/me", headers=wrong).status_code == 401


def test_a_wrong_token_is_refused_even_where_none_is_needed(local):
    assert local.get("/api/v1/me", headers=bearer("exeat_0_0")).status_code == 401
    assert local.get("/api/v1/me", headers={"authorization": "Basic YTpi"}).status_code == 401


def test_guessing_is_slowed_down_but_never_those_who_are_known(start, tokens):
    client = start(TEAM)
    known, new = tokens("admin"), tokens("admin")
    assert client.get("/api/v1/me", headers=bearer(known)).status_code == 200
    statuses = [client.get("/api/v1/me", headers=bearer(f"exeat_{n}_x")).status_code for n in range(12)]
    assert statuses == [401] * 10 + [429] * 2
    assert client.get("/api/v1/me", headers=bearer(known)).status_code == 200
    assert client.get("/api/v1/me", headers=bearer(new)).status_code == 429


def test_a_revoked_or_ended_token_is_worth_nothing_at_once(start, tokens, monkeypatch):
    client = start(TEAM)
    access = client.services.access
    token = access.add_token("a", "viewer", 1)
    assert client.get("/api/v1/me", headers=bearer(token)).status_code == 200
    with monkeypatch.context() as later:
        later.setattr("time.time", lambda: NOW() + 86_401)
        assert access.holder(token) is None
    access.revoke(token.split("_")[1])
    assert client.get("/api/v1/me", headers=bearer(token)).status_code == 401
    with pytest.raises(InputError, match="no such token"):
        access.revoke("x")


def test_the_commands_of_tokens(own_place):
    run = CliRunner().invoke
    token = run(main, ["serve", "token", "add", "ci", "--role", "analyst", "--days", "9"]).output.strip()
    listed = run(main, ["serve", "token", "list"]).output
    assert token.split("_")[1] in listed
    assert token.rpartition("_")[2] not in listed
    assert "analyst" in listed
    assert run(main, ["serve", "token", "revoke", token.split("_")[1]]).exit_code == 0
    assert run(main, ["serve", "token", "list"]).output == ""


# --- where it listens


@pytest.mark.parametrize(
    "config",
    [
        Config(host="0.0.0.0"),
        Config(host="192.168.1.4"),
        Config(host="example.org"),
        Config(host="::"),
        Config(public="https://exeat.example"),
        Config(host="0.0.0.0", login=True),
        Config(public="ftp://exeat.example", login=True),
    ],
)
def test_it_does_not_listen_where_strangers_could_come_in(config):
    with pytest.raises(InputError):
        config.check()


def test_the_command_refuses_too(own_place):
    for arguments in (["--host", "0.0.0.0"], ["--login"], ["--public-url", "https://exeat.example"]):
        result = CliRunner().invoke(serve, arguments)
        assert isinstance(result.exception, InputError), arguments


def test_loopback_is_only_what_stays_on_the_machine():
    assert [is_loopback(one) for one in ("127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "LOCALHOST")] == [
        True
    ] * 6
    assert not any(
        is_loopback(one) for one in ("0.0.0.0", "::", "10.0.0.1", "localhost.example", "", "127.0.0.1.example")
    )


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:9000", "localhost.evil.example:8000", "", "127.0.0.1:8000.evil"]
)
def test_a_name_that_is_not_ours_is_refused(local, host):
    """DNS rebinding: a page of another site, whose name was made to point here, sends that name."""
    assert local.get("/api/v1/me", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:8000"])
def test_our_own_names(local, host):
    assert local.get("/api/v1/me", headers={"host": host}).status_code == 200


def test_a_proxy_before_a_service_without_a_login_is_refused(local):
    for name in ("x-forwarded-for", "forwarded", "via"):
        assert local.get("/api/v1/me", headers={name: "10.0.0.1"}).status_code == 403


# --- other sites


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_sites_page_cannot_write_here(local, headers):
    for path in ("/api/v1/decide?keep=true", "/logout", "/login"):
        assert local.post(path, content=DEAL, headers={**YAML, **headers}).status_code == 403, path
    assert local.services.record.count() == 0


def test_no_other_site_may_read_either(local):
    answer = local.get("/api/v1/me", headers={"origin": "https://evil.example"})
    assert not any(name.startswith("access-control-") for name in answer.headers)
    preflight = local.options("/api/v1/decide", headers={"origin": "https://evil.example"})
    assert not any(name.startswith("access-control-") for name in preflight.headers)


def test_a_form_carries_its_sessions_token(local):
    local.get("/")
    assert local.cookies.get("exeat")
    refused = local.post("/logout", data={"csrf": "x"})
    assert refused.status_code == 403
    assert local.post("/logout").status_code == 403
    token = local.services.access.session(local.cookies["exeat"]).csrf
    other = local.services.access.open_session("local", "admin", 1)[1].csrf
    assert local.post("/logout", data={"csrf": other}).status_code == 403
    assert local.post("/logout", data={"csrf": token}, follow_redirects=False).status_code == 303


def test_a_script_of_a_session_sends_the_token_too(local):
    local.get("/")
    body = {"content": DEAL, "headers": YAML}
    assert local.post("/api/v1/decide", **body).status_code == 403
    token = local.services.access.session(local.cookies["exeat"]).csrf
    body["headers"] = {**YAML, "x-csrf-token": token}
    assert local.post("/api/v1/decide", **body).status_code == 200


# --- sessions


def test_logging_in_with_a_token_and_out_again(start, tokens):
    client = start(TEAM)
    token = tokens("analyst", "ann")
    assert client.get("/api/v1/me").status_code == 401
    assert client.post("/login", data={"token": "wrong"}).status_code == 401
    entered = client.post("/login", data={"token": token}, follow_redirects=False)
    assert entered.status_code == 303
    assert client.get("/api/v1/me").json() == {"name": "ann", "role": "analyst", "lang": "en", "way": "session"}
    csrf = client.services.access.session(client.cookies["exeat"]).csrf
    kept = client.cookies["exeat"]
    assert client.post("/logout", data={"csrf": csrf}, follow_redirects=False).status_code == 303
    client.cookies.set("exeat", kept)
    assert client.get("/api/v1/me").status_code == 401


def test_revoking_a_token_ends_its_sessions(start, tokens):
    client = start(TEAM)
    token = tokens("analyst")
    client.post("/login", data={"token": token}, follow_redirects=False)
    client.services.access.revoke(token.split("_")[1])
    assert client.get("/api/v1/me").status_code == 401


def test_the_cookies_flags(start, tokens):
    token = tokens("viewer")
    plain = start(TEAM).post("/login", data={"token": token}, follow_redirects=False).headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    secured = Config(login=True, public="https://exeat.example", agents=False)
    client = start(secured, "https://exeat.example")
    answer = client.post("/login", data={"token": token}, follow_redirects=False)
    assert answer.headers["set-cookie"].startswith("__Host-exeat=")
    assert "; Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


def test_a_session_ends_and_its_cookie_is_not_in_the_file(own_place, monkeypatch):
    access = Access(home() / "serve.db")
    cookie, session = access.open_session("a", "viewer", 1)
    session.put("draft", "half a deal")
    assert access.session(cookie).get("draft") == "half a deal"
    assert cookie not in str(access.all("SELECT * FROM session"))
    monkeypatch.setattr("time.time", lambda: NOW() + 3601)
    assert access.session(cookie) is None
    access.open_session("b", "viewer", 1)
    assert access.all("SELECT * FROM kept") == []


# --- limits


def test_too_large_a_body_is_refused_stated_or_not(start):
    client = start(Config(body=1000, upload=2000, agents=False))
    assert client.post("/api/v1/decide", content=b"x" * 1001, headers=YAML).status_code == 413

    def parts():
        yield from [b"x" * 600] * 2

    assert client.post("/api/v1/decide", content=parts(), headers=YAML).status_code == 413
    sent = {"content-type": "application/x-ndjson"}
    assert client.post("/api/v1/jobs", content=b"{}\n" * 500, headers=sent).status_code == 202
    assert client.post("/api/v1/jobs", content=b"{}\n" * 700, headers=sent).status_code == 413


def test_a_compressed_body_is_not_taken(local):
    headers = {**YAML, "content-encoding": "gzip"}
    assert local.post("/api/v1/decide", content=b"\x1f\x8b", headers=headers).status_code == 415


def test_too_many_requests_are_refused(start):
    client = start(Config(rate=0.001, burst=3, agents=False))
    answers = [client.get("/healthz") for _ in range(5)]
    assert [one.status_code for one in answers] == [200] * 3 + [429] * 2
    assert answers[-1].headers["retry-after"]


def test_a_bucket_fills_again_and_names_are_forgotten(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    rates = Rates(1.0, 2)
    assert [rates.take("a") for _ in range(3)] == [True, True, False]
    assert rates.take("b")
    clock[0] = 1.0
    assert [rates.take("a") for _ in range(2)] == [True, False]
    monkeypatch.setattr("exeat.serve.gate.PEERS", 2)
    rates.take("c")
    assert len(rates._of) == 2


# --- what every answer has


def test_every_answer_has_the_policy_and_no_page_needs_more(local):
    for path in ("/", "/login", "/healthz", "/nothing", "/static/base.css", "/api/v1/me", "/api/v1/decide"):
        answer = local.get(path, headers={"accept": "text/html"})
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        if answer.headers["content-type"].startswith("text/html"):
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:|//cdn", answer.text)
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


def test_nothing_is_cached_but_what_is_static(local):
    assert local.get("/api/v1/me").headers["cache-control"] == "no-store"
    assert local.get("/", headers={"accept": "text/html"}).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static//etc/passwd"]
)
def test_static_files_stay_in_their_folder(local, path):
    assert local.get(path).status_code in (400, 404)


def test_an_error_page_shows_what_was_sent_harmless(local):
    answer = local.get("/api/v1/law/things/%3Cscript%3E", headers={"accept": "text/html"})
    assert answer.headers["content-type"] == "application/problem+json"
    page = local.get("/nothing%3Cscript%3E", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert "<script>" not in page.text


# --- the log


def test_no_secret_reaches_the_log(start, tokens, caplog):
    client = start(TEAM)
    token = tokens("viewer")
    caplog.set_level(logging.DEBUG)
    client.get("/api/v1/me?name=secretname", headers=bearer(token))
    client.get("/api/v1/me", headers=bearer("exeat_000000000000_wrongsecret"))
    client.post("/login", data={"token": token}, follow_redirects=False)
    cookie = client.cookies["exeat"]
    client.get("/api/v1/me")
    said = "\n".join(one.getMessage() for one in caplog.records if one.name == "exeat.serve")
    for secret in (token.rpartition("_")[2], "wrongsecret", cookie, "secretname"):
        assert secret not in said
    assert "/api/v1/me 200" in said


def test_a_fault_says_nothing_outside_and_no_secret_inside(start, tokens, caplog, monkeypatch):
    client = start(TEAM)
    token = tokens("viewer")

    def broken(*_):
        raise RuntimeError(f"Authorization: Bearer {token} at postgresql://u:hunter2@db/x")

    monkeypatch.setattr(client.services.engine, "decide", broken)
    answer = client.post("/api/v1/decide", content=DEAL, headers={**YAML, **bearer(token)})
    assert answer.status_code == 500
    assert "RuntimeError" not in answer.text
    assert "RuntimeError" in caplog.text
    assert token.rpartition("_")[2] not in caplog.text
    assert "hunter2" not in caplog.text


def test_the_configured_secrets_are_hidden_wherever_they_stand():
    config = Config(record="postgresql://u:pass%20word@db/x", oidc=Oidc("https://id.example", "c", "s3cr3t"))
    quiet = keep_quiet(config)
    assert isinstance(quiet, Quiet)
    said = quiet.clean("s3cr3t postgresql://u:pass%20word@db/x exeat_0123456789ab_abc-def")
    assert not any(one in said for one in ("s3cr3t", "pass%20word", "abc-def"))


def test_a_line_of_the_log_is_one_line(local, caplog):
    caplog.set_level(logging.INFO)
    local.get("/api/v1/law/things/a%0Ab%1B[31m")
    (line,) = [one.getMessage() for one in caplog.records if one.name == "exeat.serve"]
    assert "\n" not in line
    assert "\x1b" not in line


def test_the_configuration_travels_whole():
    config = Config(host="10.0.0.1", login=True, oidc=Oidc("https://id.example", "c", "s", "g", {"x": "viewer"}))
    assert msgspec.json.decode(msgspec.json.encode(config), type=Config) == config


@pytest.mark.parametrize(
    ("header", "expected"),
    [("", "en"), ("zh", "zh"), ("zh-Hans-CN, en", "zh"), ("en;q=0.2, zh;q=0.9", "zh"), ("fr", "en"),
     ("zh;q=0, en", "en"), ("zh;q=x", "en"), ("*", "en")],
)  # fmt: skip
def test_languages(header, expected):
    assert language(header) == expected


def test_local_is_the_default(local):
    assert local.get("/api/v1/me").json() == {"name": "local", "role": "admin", "lang": "en", "way": "local"}
    assert LOCAL.startswith("http://127.0.0.1")
