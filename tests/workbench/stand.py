"""A workbench on loopback with a few invented lists, a browser in front of it, and the personas who use it."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from exeat.screen.desk import Desk
from exeat.screen.model import Identifier, Listing, Name, Party
from exeat.serve.app import create_app
from exeat.serve.config import Config
from exeat.serve.services import Services

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
ROOT = Path(__file__).parent.parent.parent
DEAL = (ROOT / "examples" / "sale" / "tiktok-sale-2020-09-15.yaml").read_text(encoding="utf-8")
NOTICE = """The Commerce Department announced on 18 September 2020 that it will prohibit transactions with WeChat.

On 27 September 2020 a judge enjoined the order against TikTok.

The Ministry of Commerce said on 9 October 2025 that it would add Lantern Valley Optics to the unreliable entity list.
"""
OPEN_DEAL = """transaction: 1
title: A build of the app is pushed to users abroad
activity: app.update
act: {on: 2020-09-21}
items: [{id: build, name: the build, kind: app, app: wechat}]
parties: [{id: us, role: provider, name: Lantern Apps, country: US}]
places: [{id: users, role: users, is: US}]
"""


def parties(listing: str) -> list[Party]:
    """Invented parties; nobody here is on any list."""
    names = [
        ("organisation", ("Qinghe Lantern Technology Co., Ltd.", "清河灯笼科技有限公司", "QLT"), "CN"),
        ("organisation", ("Northern Beacon Shipping", "Severny Mayak"), "RU"),
        ("person", ("Ivan Sergeyevich Lampochkin", "Иван Сергеевич Лампочкин"), "RU"),
    ]
    return [
        Party(
            f"{listing}/{n}", kind, tuple(Name(name) for name in said),  # type: ignore[arg-type]
            Listing(listing, str(n), authority="An authority", programmes=("Programme L",), since="2021-03-04",
                    requirement="For all items", citation="Notice 7 of 2021"),
            countries=(country,), born=("1970",) if kind == "person" else (),
            identifiers=(Identifier("uscc", "91350211M000100Y43"),) if n == 1 else (),
        )
        for n, (kind, said, country) in enumerate(names, 1)
    ]  # fmt: skip


def fill_lists() -> None:
    """Two lists into the store of EXEAT_HOME, one of them long stale."""
    desk = Desk()
    keys = [key for key, info in desk.lists.lists.items() if not info.closed][:2]
    day = dt.date.fromisoformat(_today())
    for key, age in zip(keys, (1, 400), strict=True):
        on = (day - dt.timedelta(days=age)).isoformat()
        desk.store.add(key, parties(key), as_of=on, known=on)


def _today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()


class Running:
    """A workbench that runs."""

    def __init__(self, port: int, services: Services, tokens: dict[str, str]) -> None:
        self.port, self.services, self.tokens = port, services, tokens
        self.url = f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def running(*, login: bool = False) -> Iterator[Running]:
    """A workbench in a thread; with ``login`` it has a token for each role."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = Config(port=port, login=login)
    services = Services(config)
    tokens = {}
    if login:
        for role in ("viewer", "analyst", "approver"):
            tokens[role] = services.access.add_token(f"{role}-{port}", role)
    server = uvicorn.Server(
        uvicorn.Config(create_app(config, services), host="127.0.0.1", port=port, log_level="error")
    )
    server.install_signal_handlers = lambda: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    ends = time.monotonic() + 30
    while not server.started:
        if time.monotonic() > ends or not thread.is_alive():
            raise RuntimeError("the workbench did not start")
        time.sleep(0.05)
    try:
        yield Running(port, services, tokens)
    finally:
        server.should_exit = True
        thread.join(15)
