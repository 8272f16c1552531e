#!/usr/bin/env python3
# fmt: off  (short on purpose: 40 lines that an auditor can read; nothing but the standard library)
"""Verify an export of an exeat record: python verify.py EXPORT.jsonl [N:HASH | EARLIER.jsonl]; exit code 1 on faults.
The second argument is an anchor, the last entry of an earlier export: without it, a tail cut off is not seen."""
import hashlib, json, sys  # noqa: E401, I001

def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()

def verify(path, anchor=""):
    faults, bare, gone, hashes, place, previous, end = [], {}, set(), {}, 0, "0" * 64, None
    for line in open(path, encoding="utf-8"):  # noqa: SIM115
        try:
            one = json.loads(line)
            if end or "anchor" in one:
                faults += [(place + 1, "stands after the end of the export")] if end else []
                end = end or (one["anchor"]["n"], one["anchor"]["hash"])
                continue
            n, at, actor, kind, body, body_hash, before, own = [one[key] for key in KEYS]
            faults += [(place + 1, f"is not there: entry {n} stands in its place")] if n != place + 1 else []
            faults += [(n, "does not follow the entry before it")] if n == place + 1 and before != previous else []
            faults += [(n, "has another body")] if body is not None and sha(body) != body_hash else []
            same = own == sha("\n".join(["exeat-record-1", str(n), at, actor, kind, body_hash, before]))
            faults += [] if same and (at + actor + kind).isprintable() else [(n, "was changed")]
            bare.update({n: body_hash} if body is None else {})
            gone |= {(m, was) for m, was in json.loads(body)["entries"] if m < n} if kind == "disposed" else set()
            hashes[n] = own
            place, previous = (n, own) if n > place else (place, previous)
        except (ValueError, KeyError, TypeError, AttributeError):
            faults.append((place + 1, "cannot be read"))
    faults += [(n, "has no body and was not disposed of") for n, was in bare.items() if (n, was) not in gone]
    faults += [] if end == (place, previous) else [(place + 1, "is cut off: the export ends otherwise than it says")]
    n, known = anchor if anchor else (place, previous)
    return sorted(faults + ([] if hashes.get(n) == known else [(min(n, place + 1), "is not what the anchor names")]))

KEYS = ("n", "at", "actor", "kind", "body", "body_hash", "previous", "hash")
if __name__ == "__main__":
    end = sys.argv[2] if len(sys.argv) > 2 else ""
    end = end if ":" in end or not end else "{n}:{hash}".format(**json.loads(open(end).readlines()[-1])["anchor"])
    found = verify(sys.argv[1], (int(end.split(":")[0]), end.split(":")[1]) if end else "")
    print("\n".join(f"entry {n} {words}" for n, words in found) or "no fault")
    sys.exit(bool(found))
