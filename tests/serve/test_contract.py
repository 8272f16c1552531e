"""The OpenAPI document against the service: whatever it allows works, whatever it forbids is refused.

A longer run: ``EXEAT_EXAMPLES=200 pytest tests/serve/test_contract.py``; other examples each time: ``EXEAT_HUNT=1``.
"""

from __future__ import annotations

import os

import hypothesis
import pytest
import schemathesis
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from starlette.testclient import TestClient

from exeat.serve.api.openapi import routes
from exeat.serve.app import create_app
from exeat.serve.config import Config
from exeat.serve.services import Services
from tests.serve.parts import LOCAL, keep

EXAMPLES = int(os.environ.get("EXEAT_EXAMPLES", "4"))
SAME = not os.environ.get("EXEAT_HUNT")  # the same examples in CI, fresh ones in `python -m bench hunt`
# A transaction may fit its schema and still name a day or an entry that does not exist: the schema says so itself.
SETTLED = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404", "409", "413", "415", "422", "503"]},
        "negative_data_rejection": {"expected-statuses": ["400", "404", "405", "409", "413", "415", "422"]},
    }
}


@pytest.fixture(scope="module")
def served(book, engine, tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("EXEAT_HOME", str(tmp_path_factory.mktemp("home")))
    services = Services(Config(agents=False), engine)
    with TestClient(create_app(services.config, services), base_url=LOCAL, raise_server_exceptions=False) as client:
        client.services = services
        keep(client)
        yield client
    patch.undo()


@pytest.fixture(scope="module")
def contract(served):
    config = SchemathesisConfig.from_dict(SETTLED)
    return schemathesis.openapi.from_dict(served.get("/openapi.json").json(), config=config)


def operations():
    """Every operation with what it allows, and with what it forbids if it takes anything."""
    for (method, path), doc in sorted(routes().items()):
        yield pytest.param(f"{method} {path}", GenerationMode.POSITIVE, id=f"{doc.id}-allowed")
        if doc.params or doc.body:
            yield pytest.param(f"{method} {path}", GenerationMode.NEGATIVE, id=f"{doc.id}-forbidden")


@pytest.mark.parametrize(("operation", "mode"), list(operations()))
def test_the_service_keeps_its_contract(served, contract, operation, mode):
    method, path = operation.split(" ")
    strategy = contract[path][method].as_strategy(generation_mode=mode)

    @hypothesis.given(case=strategy)
    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=SAME,
        suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.generate],
    )  # fmt: skip
    def check(case):
        sent = case.as_transport_kwargs(base_url=LOCAL)
        sent.pop("cookies", None)
        response = served.request(**{**sent, "headers": dict(sent["headers"])})
        case.validate_response(response)

    check()
