"""``python -m bench``: lists the benches; ``python -m bench NAME`` runs one."""

from __future__ import annotations

import importlib
import sys

BENCHES = {
    "decide": "one decision over the whole rulebook, beside zen, Cedar and the plain interpreter",
    "start": "`exeat check` from a cold start: time to the answer, memory",
    "read": "news and gazettes against annotated documents, beside trafilatura",
    "record": "decisions recorded with fsync before the reply, beside plain sqlite3",
    "screen": "names against a list: how right, how quick, how large, beside nomenklatura and rapidfuzz",
    "serve": "the service under load: decide, recorded, match; wrk with 16 connections",
    "pages": "the workbench's pages, each alone and under load of 16 connections",
    "hunt": "the property and fuzz tests with fresh seeds, round after round, for as long as told",
    "mutate": "every leaf, effect, date and defeat edge of the law mutated once: which mutants the cases kill",
}


def main(arguments: list[str]) -> int:
    """Run the bench that the first argument names; without one, list them."""
    if not arguments or arguments[0] not in BENCHES:
        for name, what in BENCHES.items():
            print(f"python -m bench {name:8} {what}")
        return 0 if not arguments or arguments[0] in ("-h", "--help") else 2
    bench = importlib.import_module(f"bench.{arguments[0]}")
    return int(bench.main(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
