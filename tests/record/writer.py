"""A process that writes from many threads and says what was acknowledged.

``python -m tests.record.writer URL THREADS EACH``
"""

from __future__ import annotations

import sys
import threading

from exeat.record.ledger import Record
from exeat.record.store import Draft


def main(url: str, threads: int, each: int) -> None:
    store = Record(url).store
    mutex = threading.Lock()

    def write(name: int) -> None:
        for i in range(each):
            entry = store.append(Draft("note", {"text": f"{name}.{i}", "filling": "x" * 2000}, "writer"))
            with mutex:
                sys.stdout.write(f"{entry.n} {entry.hash}\n")
                sys.stdout.flush()

    running = [threading.Thread(target=write, args=(name,), daemon=True) for name in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
