"""Starting: a socket, the record, and worker processes that share both."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Callable

import msgspec
import uvicorn
from uvicorn.supervisors import Multiprocess

from exeat.errors import InputError
from exeat.home import home
from exeat.record.store import default_url
from exeat.serve.config import ENVIRONMENT, Config
from exeat.serve.edition import ask, note_used
from exeat.serve.quiet import keep_quiet
from exeat.serve.services import Services

BACKLOG = 512
MOST_AT_ONCE = 500  # requests under way in one worker; beyond it 503 at once beats a queue that nobody sees
IDLE = 30  # s for which an idle connection is kept


def run(config: Config, workers: int, tell: Callable[[str], None]) -> None:
    """Serve until somebody ends it.

    Args:
        config: how.
        workers: processes that answer.
        tell: where to say under which address, once it can be reached.

    Raises:
        InputError: the port is taken, the record cannot be opened, the law is faulty.
    """
    bound = listen(config)
    config = msgspec.structs.replace(config, port=bound.getsockname()[1]).check()
    prepare(config)
    keep_quiet(config)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    os.environ[ENVIRONMENT] = msgspec.json.encode(config).decode()
    setup = uvicorn.Config(
        "exeat.serve.app:from_environment", factory=True, workers=workers, log_config=None, access_log=False,
        server_header=False, proxy_headers=False, ws="none", limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=IDLE, timeout_graceful_shutdown=10, backlog=BACKLOG,
    )  # fmt: skip
    for line in greeting(config):
        tell(line)
    if workers > 1:
        _Workers(setup, sockets=[bound]).run()
    else:
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: _look_again())
        uvicorn.Server(setup).run(sockets=[bound])


class _Workers(Multiprocess):
    """The worker processes. A hang-up means: look at the law again; uvicorn would begin each worker anew."""

    def handle_hup(self) -> None:
        _look_again()


def _look_again() -> None:
    try:
        ask()
    except OSError as error:
        logging.getLogger("exeat.serve").error("the workers cannot be told to look at the law: %s", error)


def listen(config: Config) -> socket.socket:
    """The socket to listen on.

    Raises:
        InputError: the address is another's, or the port is taken.
    """
    host = config.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, config.port))
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        hint = "choose another --port" if config.port else ""
        raise InputError(f"cannot listen: {error.strerror}", path=f"{config.host}:{config.port}", hint=hint) from None
    bound.set_inheritable(True)
    return bound


def prepare(config: Config) -> None:
    """Open what the workers will open, so that a fault is told before anybody is answered.

    Raises:
        InputError: the record cannot be opened, the law is faulty.
    """
    services = Services(config)
    services.record.see(services.book, services.folders)
    note_used(services.book.hash)
    _ = services.access
    services.close()


def greeting(config: Config) -> list[str]:
    """What whoever started it is told: where it is, for whom, and where it keeps things. Never a password."""
    record = config.record or default_url()
    place = record.rpartition("@")[2] if "@" in record else record
    who = "whoever logs in" if config.login else "everybody on this machine, without a login"
    return [f"exeat: {config.address()} for {who}", f"exeat: record {place}; state in {home()}; end it with Ctrl+C"]
