"""Whether the service grows: an hour of steady, mixed work, and the memory of all its processes every minute.

Every request is one of `MIX`, in turn, at a steady rate from a few clients that come back on new connections, so that
every worker process gets its share of everything. Memory is the proportional set size (PSS) of the whole family: what
processes share is counted once.
"""

from __future__ import annotations

import datetime as dt
import http.client
import itertools
import json
import random
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

import msgspec

EARLY, LATE, GOAL = 10, 60, 1.1  # minutes that are compared, and how much larger the later may be
PER_CONNECTION = 40  # requests before a client connects anew, to whichever worker takes it
CLIENTS = 4
JSON = "application/json"
PLAIN = "text/plain"
PAGES = (
    "/", "/decisions", "/decisions?verdict=prohibited", "/law", "/law/timeline", "/law/matrix", "/coverage",
    "/record", "/screening/lists", "/help",
)  # fmt: skip
NAMES = ("Huawei", "Petrov", "深圳市灯塔科技有限公司", "Optics Plant", "Northern Harbour", "Gonzalez", "Aero Parts")
NEWS = (
    "On {day} the ministry of commerce told reporters that exports of gallium and germanium to {name} now need a "
    "licence; traders have thirty days. The measure follows the listing of {n} companies by Washington last year.",
    "商务部{day}宣布，自公布之日起对有关物项实施出口管制，涉及{name}等{n}家实体。",
)
# What is asked, and how many times in a hundred.
MIX = {
    "verdict": 36, "explained": 18, "recorded": 10, "recorded explained": 6, "full": 2, "match": 4, "screen": 4,
    "read": 4, "page": 8, "permalink": 4, "case": 2, "searched page": 2,
}  # fmt: skip
DECIDE = {
    "verdict": "body=verdict", "explained": "body=explained", "recorded": "body=verdict&keep=true",
    "recorded explained": "body=explained&keep=true", "full": "body=full",
}  # fmt: skip


class Ask(msgspec.Struct, frozen=True):
    """One request."""

    what: str
    method: str
    path: str
    body: bytes = b""
    media: str = JSON


class Sample(msgspec.Struct, frozen=True):
    """The family's memory at a minute, in MB: PSS, and RSS with shared pages counted for each process."""

    minute: int
    pss: float
    rss: float
    done: int
    failed: int


class Tally:
    """What the clients did, and the recorded decisions that they may look at."""

    def __init__(self) -> None:
        self.done: dict[str, int] = dict.fromkeys(MIX, 0)
        self.failed: dict[str, int] = {}
        self.kept: list[str] = []
        self.mutex = threading.Lock()
        self.over = threading.Event()

    def count(self, ask: Ask, status: int, location: str) -> None:
        """Count an answer; remember where a decision was put (the last thousand)."""
        with self.mutex:
            self.done[ask.what] += 1
            if status >= 400:
                key = f"{ask.what}: {status}"
                self.failed[key] = self.failed.get(key, 0) + 1
            if location:
                self.kept = [*self.kept[-999:], location.rpartition("/")[2]]


def asks(deals: Sequence[str], batches: Sequence[str], tally: Tally, seed: int) -> Iterator[Ask]:
    """Requests without end, each another one."""
    dice = random.Random(seed)
    turn = [what for what, times in MIX.items() for _ in range(times)]
    for n in itertools.count():
        if n % len(turn) == 0:
            dice.shuffle(turn)
        yield one(turn[n % len(turn)], f"{seed}-{n}", (deals, batches), tally, dice)


def one(what: str, salt: str, bodies: tuple[Sequence[str], Sequence[str]], tally: Tally, dice: random.Random) -> Ask:
    """A request of a kind."""
    name = f"{dice.choice(NAMES)} {dice.randrange(10**6)}"
    if what in DECIDE:
        return Ask(
            what, "POST", f"/api/v1/decide?{DECIDE[what]}", dice.choice(bodies[0]).replace("@@", salt, 1).encode()
        )
    if what == "match":
        return Ask(what, "POST", "/match/default", dice.choice(bodies[1]).encode())
    if what == "screen":
        body = {"queries": [{"names": [name], "countries": ["CN"]}]}
        return Ask(what, "POST", "/api/v1/screen", json.dumps(body).encode())
    if what == "read":
        day = dt.date(2019, 1, 1) + dt.timedelta(days=dice.randrange(2500))
        text = "\n\n".join(one.format(day=day, name=name, n=dice.randrange(2, 90)) for one in NEWS)
        return Ask(what, "POST", f"/api/v1/read?name=note-{salt}", text.encode(), PLAIN)
    if what == "searched page":
        return Ask(what, "GET", f"/screening?name={quote(name)}")
    if what in ("permalink", "case") and tally.kept:
        return Ask(what, "GET", f"{'/api/v1' if what == 'case' else ''}/decisions/{dice.choice(tally.kept)}")
    return Ask(what, "GET", dice.choice(PAGES))


def client(url: str, source: Iterator[Ask], tally: Tally, every: float) -> None:
    """Send a request each ``every`` seconds until it is over."""
    place = urlsplit(url)
    line, used, due = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60), 0, time.monotonic()
    while not tally.over.is_set():
        ask = next(source)
        if used >= PER_CONNECTION:
            line.close()
            used = 0
        used += 1
        try:
            accept = "text/html" if ask.method == "GET" else JSON
            line.request(ask.method, ask.path, ask.body or None, {"Content-Type": ask.media, "Accept": accept})
            reply = line.getresponse()
            reply.read()
            tally.count(ask, reply.status, reply.headers.get("location") or "" if reply.status == 201 else "")
        except (OSError, http.client.HTTPException) as error:
            tally.count(ask, 599, "")
            print(f"{ask.what}: {error!r}", flush=True)
            line.close()
            used = 0
        due = max(due + every, time.monotonic() - 5)
        tally.over.wait(max(0.0, due - time.monotonic()))


def watched(
    process: subprocess.Popen[str], url: str, minutes: int, rate: float, bodies: tuple[Sequence[str], Sequence[str]]
) -> list[Sample]:
    """Work for so many minutes; the memory at the end of each."""
    tally = Tally()
    clients = [
        threading.Thread(target=client, args=(url, asks(*bodies, tally, n), tally, CLIENTS / rate), daemon=True)
        for n in range(CLIENTS)
    ]
    begin, samples = time.monotonic(), []
    for running in clients:
        running.start()
    for minute in range(1, minutes + 1):
        time.sleep(max(0.0, begin + 60 * minute - time.monotonic()))
        samples.append(sample(process.pid, minute, tally))
        now = samples[-1]
        says = f"minute {minute}: {now.pss:.0f} MB (RSS {now.rss:.0f}), {now.done} requests, {now.failed} failed"
        print(says, flush=True)
    tally.over.set()
    for running in clients:
        running.join(70)
    print(", ".join(f"{what} {times}" for what, times in tally.done.items()))
    for what, times in tally.failed.items():
        print(f"failed: {what}, {times} times")
    return samples


def sample(pid: int, minute: int, tally: Tally) -> Sample:
    """The memory of a process and its children now."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    pss = rss = 0
    for member in (str(pid), *children):
        for line in Path(f"/proc/{member}/smaps_rollup").read_text(encoding="ascii").splitlines():
            pss += int(line.split()[1]) if line.startswith("Pss:") else 0
            rss += int(line.split()[1]) if line.startswith("Rss:") else 0
    return Sample(minute, pss / 1000, rss / 1000, sum(tally.done.values()), sum(tally.failed.values()))


def told(samples: Sequence[Sample]) -> str:
    """The two minutes and what they say; over a shorter run, its own tenth part and its end."""
    last = samples[-1].minute
    early, late = (EARLY, LATE) if last >= LATE else (max(1, last // 6), last)
    one, other = samples[early - 1], samples[late - 1]
    ratio = other.pss / one.pss
    whole = last >= LATE
    word = ("met" if ratio <= GOAL else "not met") if whole else f"not asked: a run of {LATE} minutes is needed"
    return f"minute {early}: {one.pss:.0f} MB; minute {late}: {other.pss:.0f} MB; ratio {ratio:.3f} (at most {GOAL}: {word})"  # noqa: E501
