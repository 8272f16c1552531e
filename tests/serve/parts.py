"""What the tests of the service send."""

from __future__ import annotations

import json
from pathlib import Path

from exeat.serve.config import Config
from exeat.vocabulary.reader import read_text

LOCAL = "http://127.0.0.1:8000"
TEAM = Config(login=True, agents=False)
YAML = {"content-type": "application/yaml"}
JSON = {"content-type": "application/json"}
EXAMPLES = Path(__file__).parent.parent.parent / "examples"
DEAL = (EXAMPLES / "zte" / "chip-2018-04-16.yaml").read_text(encoding="utf-8")
OPEN_DEAL = "act: {on: 2020-08-29}\nactivity: supply\n"


def as_json(text=DEAL):
    return json.dumps(read_text(text, "deal"), ensure_ascii=False)


def bearer(token):
    return {"authorization": f"Bearer {token}"}


def keep(client, text=DEAL, **headers):
    """Record a decision; its number."""
    answer = client.post("/api/v1/decide?keep=true&body=explained", content=text, headers={**YAML, **headers})
    assert answer.status_code == 201, answer.text
    return int(answer.headers["location"].rpartition("/")[2])
