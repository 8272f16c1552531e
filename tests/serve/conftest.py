"""A service of one's own for each test, over the law that all tests share."""

from __future__ import annotations

import contextlib

import pytest
from starlette.testclient import TestClient

from exeat.home import home
from exeat.serve.access import Access
from exeat.serve.app import create_app
from exeat.serve.config import Config
from exeat.serve.services import Services
from tests.serve.parts import LOCAL


@pytest.fixture
def own_place(tmp_path, monkeypatch):
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def start(own_place, engine):
    """Starts services; each is a client of it, and all end with the test."""
    with contextlib.ExitStack() as stack:

        def make(config=None, base=LOCAL, **headers):
            config = config or Config(agents=False)
            services = Services(config, engine)
            client = TestClient(create_app(config, services), base_url=base, raise_server_exceptions=False)
            client.headers.update(headers)
            client.services = services
            return stack.enter_context(client)

        yield make


@pytest.fixture
def local(start):
    """The service as it starts without any configuration."""
    return start()


@pytest.fixture
def tokens(own_place):
    """Makes tokens."""
    access = Access(home() / "serve.db")
    yield lambda role, name="": access.add_token(name or role, role)
    access.close()
