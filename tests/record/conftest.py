"""The same tests on SQLite and on PostgreSQL. The tests start a PostgreSQL of their own, in a folder of its own."""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from exeat.record.ledger import Record

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin")


class Cluster:
    """A PostgreSQL that listens on a socket in its own folder only, run by somebody who is not root."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs, self.data = folder, programs, folder / "data"
        self.as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self.as_user:
            shutil.chown(folder, "postgres")
        self.run("initdb", "-D", str(self.data), "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8")
        self.start()

    def run(self, program: str, *arguments: str) -> None:
        command = [*self.as_user, str(self.programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    def start(self) -> None:
        settings = f"-k {self.folder} -c listen_addresses= -c max_connections=60 -c shared_buffers=16MB"
        self.run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", str(self.folder / "log"), "-o", settings, "start"
        )

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")

    def kill(self) -> None:
        """kill -9 of the whole server, in the middle of whatever it does."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(first, signal.SIGSTOP)  # else a child that it makes now outlives it, and no other server may start
        family = [first, *_children(first)]
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(_lives(pid) for pid in family):
            time.sleep(0.02)
        for lock in (self.data / "postmaster.pid", self.folder / ".s.PGSQL.5432.lock"):
            lock.unlink(missing_ok=True)  # a zombie that nobody reaps would look alive to the next one

    def database(self) -> str:
        """The URL of a new database."""
        name = f"r{uuid.uuid4().hex[:12]}"
        self.run("createdb", "-h", str(self.folder), "-U", "postgres", name)
        return f"postgresql://postgres@/{name}?host={self.folder}"


def _stat(pid: int) -> list[str]:
    """State and parent of a process; [] if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return []


def _children(parent: int) -> list[int]:
    pids = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal()]
    return [pid for pid in pids if _stat(pid)[1:] == [str(parent)]]


def _lives(pid: int) -> bool:
    return _stat(pid)[:1] not in ([], ["Z"])


def _programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += [Path(one) for pattern in FOLDERS for one in sorted(glob.glob(pattern), reverse=True)]
    return next((one for one in folders if (one / "initdb").exists() and (one / "postgres").exists()), None)


def _cluster() -> Cluster | str:
    """A running cluster, or why there is none."""
    programs = _programs()
    if programs is None:
        return "no PostgreSQL here: apt-get install postgresql"
    if os.getuid() == 0 and not shutil.which("runuser"):
        return "PostgreSQL does not run as root, and there is no runuser"
    folder = Path(tempfile.mkdtemp(prefix="exeat-pg-"))
    try:
        return Cluster(folder, programs)
    except (subprocess.CalledProcessError, LookupError, OSError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        return f"PostgreSQL could not be started here: {error}"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    pytest.importorskip("psycopg", reason="no driver for PostgreSQL: pip install 'exeat[postgres]'")
    found = _cluster()
    if isinstance(found, str):
        if os.environ.get("EXEAT_NEEDS_POSTGRES"):  # CI: there, a skipped half would pass for a tested one
            pytest.fail(found)
        pytest.skip(found)
    yield found
    found.stop()
    shutil.rmtree(found.folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> str:
    """The address of a store that is not there yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'record.db'}"
    return request.getfixturevalue("cluster").database()


@pytest.fixture
def record(url) -> Iterator[Record]:
    with Record(url) as found:
        yield found


@pytest.fixture
def small(tmp_path) -> Iterator[Record]:
    """A record in SQLite, where the database makes no difference."""
    with Record(f"sqlite:///{tmp_path / 'small.db'}") as found:
        yield found
