"""Deciding many: an upload becomes a job, whose progress and results are files, so that any worker can tell of it.

No row is dropped: each has its answer or its faults in the results, under its own number.
"""

from __future__ import annotations

import asyncio
import csv
import io
import os
import re
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.response import Stream

from exeat.decide.engine import Options
from exeat.errors import InputError, InputErrors
from exeat.home import home, write_whole
from exeat.record.entry import RecordError
from exeat.serve.api.deciding import FORMS, OPTIONS, options_of, verdict
from exeat.serve.asker import Asker
from exeat.serve.doc import CSV, LINES, NOWHERE, PLAIN, YES, Doc, Param, Reply, answer, body_of, parameters, told
from exeat.serve.problem import Refused
from exeat.serve.quiet import log_fault
from exeat.serve.roles import allows
from exeat.serve.services import Services
from exeat.vocabulary.reader import Map, Node, Seq, Word, decode, read_text
from exeat.vocabulary.transaction import Act, read_transaction

State = Literal["waiting", "running", "done", "cancelled", "failed", "interrupted"]
ID = {"type": "string", "pattern": "^[0-9a-f]{32}$", "minLength": 32, "maxLength": 32}
JOB = Param("id", "The job.", ID, where="path")
MAX_ROWS = 50_000  # some minutes of whole answers; more is the batch engine's work
BEAT = 0.5  # s between two notes of progress
SILENT = 30  # s without one after which the worker is taken for dead
KEPT_DAYS = 7
PLACE = re.compile(r"\d{1,4}")


class Job(msgspec.Struct):
    """A job. ``verdicts`` counts answers by verdict; ``failed`` counts rows that could not be decided."""

    id: str
    by: str
    at: float
    state: State
    total: int
    done: int = 0
    failed: int = 0
    verdicts: dict[str, int] = {}
    says: str = ""
    beat: float = 0.0


class Jobs(msgspec.Struct, frozen=True):
    """Jobs, the newest first."""

    jobs: tuple[Job, ...]


# --- where jobs lie


def _place(id_: str) -> Path:
    return home() / "jobs" / id_


def load(id_: str, asker: Asker) -> Job:
    """A job, if it is the asker's or they may see everybody's.

    Raises:
        Refused: 404, also for another's, so that nobody learns of it.
    """
    try:
        job = msgspec.json.decode((_place(id_) / "job.json").read_bytes(), type=Job)
    except (OSError, msgspec.MsgspecError):
        raise Refused(404, "no such job", path="id", found=id_) from None
    if job.by != asker.name and not allows(asker.role, "approver"):
        raise Refused(404, "no such job", path="id", found=id_)
    if job.state in ("waiting", "running") and time.time() - job.beat > SILENT:
        job.state, job.says = "interrupted", "the service ended before the job did; send it again"
    return job


def _save(job: Job) -> None:
    job.beat = time.time()
    write_whole(_place(job.id) / "job.json", msgspec.json.encode(job))


def _sweep() -> None:
    """Take away jobs that nobody came for."""
    old = time.time() - KEPT_DAYS * 86_400
    for path in (home() / "jobs").glob("*/job.json"):
        if path.stat().st_mtime < old:
            shutil.rmtree(path.parent, ignore_errors=True)


# --- rows


def rows(raw: bytes, media: str) -> Iterator[tuple[int, Node | InputError]]:
    """The documents of an upload, each with its line.

    Raises:
        InputError: nothing of it can be read.
    """
    text = _text(raw)
    if media == CSV:
        yield from _table(text)
        return
    for line, one in enumerate(text.split("\n"), 1):
        if one.strip():
            try:
                yield line, read_text(decode(one.encode(), ""), "row.json")
            except InputError as error:
                yield line, InputError(error.problem, path=error.path, found=error.found, hint=error.hint)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError("not UTF-8 text", file="body", line=line) from None


def _table(text: str) -> Iterator[tuple[int, Node | InputError]]:
    """A table whose columns are places in the document, such as ``act.on`` and ``parties.0.name``; an empty cell is a
    fact that nobody stated."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if not header or len(set(header)) != len(header):
            raise InputError("the columns need names, each its own", file="body", line=1)
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                yield reader.line_num, InputError("has another number of cells than the header", found=str(len(cells)))
                continue
            try:
                yield reader.line_num, _document(zip(header, cells, strict=True), reader.line_num)
            except InputError as error:
                yield reader.line_num, error
    except csv.Error as error:
        raise InputError(f"not CSV: {error}", file="body", line=reader.line_num) from None


def _document(cells: Iterator[tuple[str, str]], line: int) -> Node:
    root = Map()
    for path, value in cells:
        if value.strip():
            _put(root, path.split("."), Word(value.strip(), line), path)
    found: Node = _lists(root)
    return found


def _put(node: Map, parts: list[str], value: Word, path: str) -> None:
    for part in parts[:-1]:
        node = node.setdefault(Word(part), Map())
        if not isinstance(node, Map):
            raise InputError("is both a value and something with parts", path=path)
    if parts[-1] in node:
        raise InputError("is both a value and something with parts", path=path)
    node[Word(parts[-1])] = value


def _lists(node: Any) -> Any:
    """Maps whose keys are all numbers are lists."""
    if not isinstance(node, Map):
        return node
    if node and all(PLACE.fullmatch(key) for key in node):
        return Seq(_lists(node[key]) for key in sorted(node, key=int))
    found = Map({key: _lists(value) for key, value in node.items()})
    found.line = node.line
    return found


# --- running


class Batch(msgspec.Struct, frozen=True):
    """How the rows of a job are answered."""

    options: Options
    body: str
    on: str | None
    keep: bool


async def run(services: Services, job: Job, found: list[tuple[int, Node | InputError]], batch: Batch) -> None:
    """Answer every row. Deciding shares the event loop with other requests, one row at a time."""
    path = _place(job.id)
    job.state = "running"
    try:
        with (path / "results.part").open("wb") as stream:
            for line, node in found:
                stream.write(await _row(services, job, line, node, batch) + b"\n")
                await asyncio.sleep(0)
                if time.time() - job.beat > BEAT:
                    if (path / "cancel").exists():
                        job.state = "cancelled"
                        break
                    await services.away(_save, job)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(path / "results.part", path / "results.jsonl")
        job.state = "done" if job.state == "running" else job.state
    except (OSError, RecordError) as error:
        job.state, job.says = "failed", str(error)
    except Exception as error:
        job.state, job.says = "failed", "a fault of exeat's own; the log of the service says more"
        log_fault("JOB", job.id, error)
    finally:
        if path.exists():
            await services.away(_save, job)


async def _row(services: Services, job: Job, line: int, node: Node | InputError, batch: Batch) -> bytes:
    """A row's line in the results: its decision, or its faults."""
    job.done += 1
    try:
        if isinstance(node, InputError):
            raise node
        transaction = read_transaction(node, services.book.vocabulary, "")
        if batch.on:
            transaction = msgspec.structs.replace(transaction, when=Act(on=batch.on, zone=transaction.when.zone))
        brief = batch.body == "verdict" and not batch.keep
        decision = (services.engine.brief if brief else services.engine.decide)(transaction, batch.options)
        entry = 0
        if batch.keep:
            kept = await services.away(
                services.record.keep, decision, transaction, batch.options, services.book,
                by=job.by, folders=services.folders, key=f"{job.id}-{line}",
            )  # fmt: skip
            entry = kept.n
    except (InputError, InputErrors) as error:
        if isinstance(error, RecordError):
            raise
        job.failed += 1
        faults = error.errors if isinstance(error, InputErrors) else (error,)
        return msgspec.json.encode({"line": line, "errors": [one.record() for one in faults]})
    job.verdicts[decision.verdict] = job.verdicts.get(decision.verdict, 0) + 1
    shown: object = verdict(decision) if batch.body == "verdict" else decision
    return msgspec.json.encode({"line": line, **({"record": entry} if entry else {}), "decision": shown})


# --- routes


START = Doc(
    id="start_job",
    tag="jobs",
    says="Decide many transactions: JSON Lines, one document a line, or CSV, whose columns are places in the document "
    "(`act.on`, `activity`, `parties.0.name`). Answers at once; the job says how far it is.",
    params=(*OPTIONS, Param("body", "How much of each answer.", {**FORMS, "default": "verdict"}),
            Param("keep", "Record each.", YES)),
    body={LINES: PLAIN, CSV: PLAIN},
    replies={202: Reply("The job; `Location` is where to ask for it.", Job),
             503: Reply("As many jobs are under way as may be.", {"type": "object"}, "application/problem+json")},
)  # fmt: skip
_running: set[asyncio.Task[None]] = set()


@post("/api/v1/jobs", opt=told("analyst", START))
async def start(request: Request[Any, Any, Any], services: Services, asker: Asker) -> Response[bytes]:
    given = parameters(request)
    media, raw = await body_of(request)
    batch = Batch(options_of(services, given, given["body"]), given["body"], given["on"], given["keep"])
    if len(_running) >= services.config.jobs:
        raise Refused(503, "as many jobs are under way as may be; try again later", {"retry-after": "10"})
    found = await services.away(lambda: list(rows(raw, media)))
    if not found:
        raise InputErrors([InputError("there is nothing to decide", path="body")])
    if len(found) > MAX_ROWS:
        raise Refused(413, "too many rows at once", allowed=f"{MAX_ROWS} rows")
    job = Job(secrets.token_hex(16), asker.name, time.time(), "waiting", len(found))

    def make() -> None:
        _sweep()
        _place(job.id).mkdir(parents=True, mode=0o700)
        _save(job)

    await services.away(make)
    task = asyncio.create_task(run(services, job, found, batch))
    _running.add(task)
    task.add_done_callback(_running.discard)
    return answer(job, 202, {"location": f"/api/v1/jobs/{job.id}"})


LIST = Doc(id="jobs", tag="jobs", says="The asker's jobs.", replies={200: Reply("The newest first.", Jobs)})


@get("/api/v1/jobs", opt=told("analyst", LIST))
async def jobs(request: Request[Any, Any, Any], asker: Asker) -> Response[bytes]:
    parameters(request)
    found = []
    for path in (home() / "jobs").glob("*/job.json"):
        try:
            found.append(load(path.parent.name, asker))
        except Refused:
            continue
    return answer(Jobs(tuple(sorted(found, key=lambda one: -one.at))))


ONE = Doc(id="job", tag="jobs", says="How far a job is.", params=(JOB,), replies={200: Reply("It.", Job), 404: NOWHERE})


@get("/api/v1/jobs/{id:str}", opt=told("analyst", ONE))
async def one(request: Request[Any, Any, Any], asker: Asker) -> Response[bytes]:
    return answer(load(parameters(request)["id"], asker))


RESULTS = Doc(
    id="job_results",
    tag="jobs",
    says="The results of a job: for each row its `line`, and its `decision` or its `errors`.",
    params=(JOB,),
    replies={
        200: Reply("JSON Lines.", {"type": "string"}, LINES),
        404: NOWHERE,
        409: Reply("It is not done.", {"type": "object"}, "application/problem+json"),
    },
)


@get("/api/v1/jobs/{id:str}/results", opt=told("analyst", RESULTS))
async def results(request: Request[Any, Any, Any], asker: Asker) -> Stream:
    job = load(parameters(request)["id"], asker)
    path = _place(job.id) / "results.jsonl"
    if not path.exists():
        raise Refused(409, "the job is not done", path="state", found=job.state)
    return Stream(_parts(path), media_type=LINES)


async def _parts(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as stream:
        while part := await asyncio.to_thread(stream.read, 1 << 16):
            yield part


EVENTS = Doc(
    id="job_events",
    tag="jobs",
    says="A job's progress as server-sent events: its state again and again, until it ends.",
    params=(JOB,),
    replies={200: Reply("The events.", {"type": "string"}, "text/event-stream"), 404: NOWHERE},
)


@get("/api/v1/jobs/{id:str}/events", opt=told("analyst", EVENTS))
async def events(request: Request[Any, Any, Any], asker: Asker) -> Stream:
    id_ = parameters(request)["id"]
    load(id_, asker)

    async def stream() -> AsyncIterator[bytes]:
        while True:
            job = load(id_, asker)
            yield b"event: progress\ndata: " + msgspec.json.encode(job) + b"\n\n"
            if job.state not in ("waiting", "running"):
                return
            await asyncio.sleep(BEAT)

    return Stream(stream(), media_type="text/event-stream")


CANCEL = Doc(
    id="cancel_job", tag="jobs", says="End a job.", params=(JOB,), replies={200: Reply("It.", Job), 404: NOWHERE}
)


@delete("/api/v1/jobs/{id:str}", status_code=200, opt=told("analyst", CANCEL))
async def cancel(request: Request[Any, Any, Any], asker: Asker) -> Response[bytes]:
    job = load(parameters(request)["id"], asker)
    if job.state in ("waiting", "running"):
        (_place(job.id) / "cancel").touch()
    return answer(job)
