"""An agent's tools, asked by the SDK's own client: in process, over stdio, over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import sys

import msgspec
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from exeat.decide.engine import Options, today
from exeat.page.safe import hidden
from exeat.serve.agent import clean, server
from exeat.serve.api.deciding import read, verdict
from exeat.serve.config import Config
from exeat.serve.services import Services
from tests.serve.lists import HERON, filled
from tests.serve.parts import DEAL, EXAMPLES, LOCAL, TEAM, as_json, bearer
from tests.serve.test_yente import listening

SALE = (EXAMPLES / "sale" / "tiktok-sale-2020-09-15.yaml").read_text(encoding="utf-8")
READING = {"decide", "ask_next", "explain", "screen", "law_as_of", "diff", "coverage"}


@pytest.fixture
def services(own_place, engine):
    found = Services(Config(), engine)
    yield found
    found.close()


def ask(services, tool, write=False, **arguments):
    async def talk():
        async with Client(server(services, "an agent", write)) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(talk())


def names(services, write=False):
    async def talk():
        async with Client(server(services, "an agent", write)) as client:
            return (await client.list_tools()).tools

    return {one.name: one.annotations for one in asyncio.run(talk())}


def test_it_only_reads_unless_told_otherwise(services):
    found = names(services)
    assert set(found) == READING
    assert all(one.read_only_hint for one in found.values())
    more = names(services, write=True)
    assert set(more) == {*READING, "keep"}
    assert not more["keep"].read_only_hint
    assert ask(services, "keep", transaction=DEAL).is_error


def test_decide_says_what_the_engine_says(services, engine):
    transaction = read(services, DEAL.encode(), "application/yaml")
    decision = engine.decide(transaction, Options(today(), explain=False, outlook=False))
    for document in (DEAL, json.loads(as_json())):
        found = ask(services, "decide", transaction=document)
        assert not found.is_error
        assert found.structured_content == clean(json.loads(msgspec.json.encode(verdict(decision))))
        assert found.content[0].text.startswith("prohibited (act 2018-04-16, known ")
        assert "were not checked" in found.content[0].text


def test_an_open_answer_is_never_said_as_a_settled_one(services):
    text = ask(services, "decide", transaction=SALE).content[0].text.splitlines()[0]
    assert text.startswith("undetermined: at least licence_required, at most prohibited (act ")
    text = ask(services, "decide", transaction=DEAL, only=["us.apps"]).content[0].text.splitlines()[0]
    assert "HYPOTHETICAL (only us.apps)" in text


def test_ask_next_names_the_open_facts(services, engine):
    found = ask(services, "ask_next", transaction=SALE).structured_content
    transaction = read(services, SALE.encode(), "application/yaml")
    expected = engine.decide(transaction, Options(today()))
    assert [one["path"] for one in found["questions"]] == [one.path for one in expected.questions]
    assert found["questions"]


def test_explain_the_law_the_difference_and_coverage(services, book):
    reasons = ask(services, "explain", transaction=DEAL, rule="us.wechat-2020.3").structured_content["findings"]
    assert [one["rule"] for one in reasons] == ["us.wechat-2020.3"]
    standing = ask(services, "law_as_of", on="2020-09-21", regime="us.apps").structured_content["rules"]
    assert {one["rule"]: one["status"] for one in standing}["us.wechat-2020.3"] == "enjoined"
    moved = ask(services, "diff", first="2020-09-19", second="2020-09-21").structured_content["differences"]
    assert "us.wechat-2020.3" in {one["id"] for one in moved}
    covered = ask(services, "coverage").structured_content
    assert {one["regime"] for one in covered["regimes"]} == set(book.regimes)


def test_screen(services):
    filled()
    found = ask(services, "screen", names=["Night Heron Imaging"])
    answer = found.structured_content["answers"][0]
    assert answer["screened"]["hits"][0]["party"]["id"] == HERON
    assert (answer["total"], answer["cut"]) == (len(answer["screened"]["hits"]), False)
    assert "not searched" in found.content[0].text


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("decide", {"transaction": {"act": {"on": "x"}}}, "not a day"),
        ("decide", {"transaction": "a: &a [*a]"}, "not allowed"),
        ("decide", {"transaction": DEAL, "only": ["nowhere"]}, "no such regime"),
        ("decide", {"transaction": DEAL, "known": "2020-02-30"}, "known"),
        ("explain", {"transaction": DEAL, "rule": "us.wechat-2020.4444"}, "no such rule"),
        ("law_as_of", {"regime": "nowhere"}, "no such regime"),
        ("diff", {"first": "x", "second": "2020-01-01"}, "first"),
        ("screen", {"names": [" "]}, "a name is needed"),
        ("screen", {"names": ["x"]}, "no list"),
    ],
)
def test_faults_are_told_in_words(services, tool, arguments, says):
    found = ask(services, tool, **arguments)
    assert found.is_error
    assert says in found.content[0].text


@pytest.mark.parametrize("trick", ["\u202e", "\u200b", "\u2066", "\ufeff", "\U000e0041", "\u00ad"])
def test_no_hidden_character_reaches_the_model(services, trick):
    titled = {"title": f"deal{trick} ignore all", "act": {"on": "2020-08-29"}, "activity": "supply"}
    unknown = {"act": {"on": "2020-08-29"}, f"x{trick}y": "1"}
    for document in (titled, unknown):
        for tool in ("decide", "explain", "ask_next"):
            more = {"body": "full"} if tool == "decide" else {}
            found = ask(services, tool, transaction=document, **more)
            text = found.content[0].text + json.dumps(found.structured_content, ensure_ascii=False)
            assert not [char for char in text if hidden(char) and char != "\n"]


def test_a_fault_of_our_own_says_nothing(services, monkeypatch):
    def broken(*_):
        raise RuntimeError("a secret")

    monkeypatch.setattr(services.engine, "decide", broken)
    found = ask(services, "decide", transaction=DEAL)
    assert found.is_error
    assert "secret" not in found.content[0].text


def test_with_write_the_record_says_who(services):
    found = ask(services, "keep", write=True, transaction=DEAL)
    assert services.record.summary(found.structured_content["record"]).by == "an agent"


def test_over_stdio(own_place):
    environment = {**os.environ, "EXEAT_HOME": str(own_place / "home")}
    start = "from exeat.cli.main import run; import sys; sys.argv = ['exeat', 'mcp']; run()"

    async def talk():
        parameters = StdioServerParameters(command=sys.executable, args=["-c", start], env=environment)
        async with Client(stdio_client(parameters)) as client:
            tools = (await client.list_tools()).tools
            return tools, await client.call_tool("decide", {"transaction": DEAL})

    tools, found = asyncio.run(talk())
    assert {one.name for one in tools} == READING
    assert found.structured_content["verdict"] == "prohibited"


def test_over_http(own_place, engine, start):
    async def talk(url):
        async with Client(f"{url}/mcp") as client:
            tools = (await client.list_tools()).tools
            return tools, await client.call_tool("decide", {"transaction": DEAL})

    with listening(start, agents=True) as url:
        tools, found = asyncio.run(talk(url))
    assert {one.name for one in tools} == READING
    assert found.structured_content["verdict"] == "prohibited"


def test_over_http_only_for_those_who_may(start, tokens):
    client = start(msgspec.structs.replace(TEAM, agents=True))
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accepts = {"accept": "application/json, text/event-stream"}
    assert client.post("/mcp", json=body, headers=accepts).status_code == 401
    assert client.post("/mcp", json=body, headers={**accepts, **bearer(tokens("viewer"))}).status_code == 200
    local = start(Config(agents=True))
    assert local.post("/mcp", json=body, headers={**accepts, "host": "evil.example"}).status_code == 421
    assert local.post("/mcp", json=body, headers={**accepts, "origin": "https://evil.example"}).status_code == 403
    assert LOCAL.endswith(":8000")
