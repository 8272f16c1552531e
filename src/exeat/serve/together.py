"""Recording beside the event loop, many at a time: whoever waits for the disk waits together, and one thread is woken
for all of them, not one for each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from exeat.record.entry import Entry
from exeat.record.store import GROUP, Draft

LANES = 1  # groups under way: with more, each would be smaller, and a group costs more than what is in it

Make = Callable[[], Draft]


class Together:
    """Takes drafts from the event loop, has them written in groups, and gives each its entry."""

    def __init__(self, pool: Executor, write: Callable[[Sequence[Draft]], None]) -> None:
        """Write with ``write`` (which blocks, and leaves the outcome in each draft) in threads of ``pool``."""
        self._pool, self._write = pool, write
        self._waiting: list[tuple[Make, asyncio.Future[Entry]]] = []
        self._lanes = 0

    async def keep(self, make: Make) -> Entry:
        """The entry of a draft once it is on the disk. ``make`` makes the draft, in the thread that writes it.

        Raises:
            RecordError: it could not be written; or whatever ``make`` raised.
        """
        done: asyncio.Future[Entry] = asyncio.get_running_loop().create_future()
        self._waiting.append((make, done))
        self._start()
        return await done

    def _start(self) -> None:
        while self._waiting and self._lanes < LANES:
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            self._lanes += 1
            asyncio.ensure_future(self._run(group))  # noqa: RUF006  held by the futures that wait for it

    async def _run(self, group: list[tuple[Make, asyncio.Future[Entry]]]) -> None:
        outcomes: list[Entry | BaseException] = []
        try:
            makes = [make for make, _ in group]
            outcomes = await asyncio.get_running_loop().run_in_executor(self._pool, self._written, makes)
        except BaseException as error:
            outcomes = [error] * len(group)
            if not isinstance(error, Exception):
                raise
        finally:
            self._lanes -= 1
            for (_, done), outcome in zip(group, outcomes, strict=True):
                if done.done():  # whoever asked has gone; it is written all the same
                    continue
                if isinstance(outcome, BaseException):
                    done.set_exception(outcome)
                else:
                    done.set_result(outcome)
            self._start()

    def _written(self, makes: list[Make]) -> list[Entry | BaseException]:
        drafts = [_made(make) for make in makes]
        self._write([one for one in drafts if isinstance(one, Draft)])
        return [_outcome(one) for one in drafts]


def _made(make: Make) -> Draft | Exception:
    try:
        return make()
    except Exception as error:
        return error


def _outcome(draft: Draft | Exception) -> Entry | BaseException:
    if isinstance(draft, Exception):
        return draft
    try:
        return draft.outcome()
    except Exception as error:
        return error
