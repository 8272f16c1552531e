"""The chain: whatever was entered verifies; whatever is done to it is found where it was done, by both verifiers."""

from __future__ import annotations

import json
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exeat.record.entry import NOTHING, Anchor, Entry, RecordError, canonical, check, check_line, entry_hash, text_hash
from exeat.record.export import read_anchor, verifier, verify_file

BODIES = st.dictionaries(
    st.text(max_size=5),
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=8),
    max_size=3,
)
VERIFY: dict = {"__name__": "verify"}
exec(compile(verifier(), "verify.py", "exec"), VERIFY)


def sealed(n: int, kind: str, body: object, previous: str, actor: str = "me") -> Entry:
    text = canonical(body)
    at = f"2026-01-01T00:00:{n:02}.000000+00:00"
    return Entry(
        n, at, actor, kind, text, text_hash(text), previous, entry_hash(n, at, actor, kind, text_hash(text), previous)
    )


def chain(bodies: list[object]) -> list[Entry]:
    found = [sealed(1, "opened", {"record": "r"}, NOTHING)]
    for n, body in enumerate(bodies, 2):
        found.append(sealed(n, "note", body, found[-1].hash))
    return found


def anchor(entries: list[Entry]) -> Anchor:
    return Anchor("r", entries[-1].n, entries[-1].hash)


def exported(entries: list[Entry], end: Anchor | None = None) -> str:
    lines = [*entries, {"anchor": end or anchor(entries)}]
    return "".join(msgspec.json.encode(one).decode() + "\n" for one in lines)


def both(entries: list[Entry], end: Anchor, path) -> tuple[int, int]:
    """The first fault that our check and the auditors' verifier find (0: none), with an anchor known from before."""
    path.write_text(exported(entries, end), encoding="utf-8")
    ours = verify_file(path, end).faults
    theirs = VERIFY["verify"](path, (end.n, end.hash))
    return (ours[0].n if ours else 0), (theirs[0][0] if theirs else 0)


@given(bodies=st.lists(BODIES, max_size=6))
@settings(max_examples=60, deadline=None)
def test_whatever_was_entered_verifies(bodies, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "whole.jsonl"
    entries = chain(bodies)
    assert check(entries, anchor(entries)).faults == ()
    assert both(entries, anchor(entries), path) == (0, 0)


TAMPERINGS = (
    "body",
    "body and hash",
    "actor",
    "kind",
    "at",
    "hash",
    "previous",
    "drop",
    "swap",
    "twice",
    "cut",
    "bare",
)


@given(data=st.data(), bodies=st.lists(BODIES, min_size=3, max_size=6), how=st.sampled_from(TAMPERINGS))
@settings(max_examples=200, deadline=None)
def test_any_single_tampering_is_found_where_it_was_done(data, bodies, how, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "tampered.jsonl"
    entries = chain(bodies)
    end = anchor(entries)
    last = len(entries) - 1
    at = data.draw(st.integers(1, last - 1 if how in ("swap", "drop") else last))  # place in the list; entry at + 1
    one = entries[at]
    other = canonical({"another": "body"})
    changed = {
        "body": {"body": other},
        "body and hash": {"body": other, "body_hash": text_hash(other)},
        "actor": {"actor": "you"},
        "kind": {"kind": "hold"},
        "at": {"at": "2025-01-01T00:00:00.000000+00:00"},
        "hash": {"hash": "0" * 64},
        "previous": {"previous": "1" * 64},
        "bare": {"body": None},
    }
    if how in changed:
        entries[at] = msgspec.structs.replace(one, **changed[how])
    elif how == "drop":
        del entries[at]
    elif how == "swap":
        entries[at], entries[at + 1] = entries[at + 1], entries[at]
    elif how == "twice":
        entries.insert(at, one)
    else:
        del entries[at:]
    expected = at + 2 if how == "twice" else at + 1
    assert both(entries, end, path) == (expected, expected)


def remade(entries: list[Entry], at: int) -> list[Entry]:
    """Everything from one entry on made anew by somebody who knows how."""
    found = entries[:at]
    for one in entries[at:]:
        found.append(sealed(one.n, one.kind, {"forged": one.n}, found[-1].hash))
    return found


def test_what_cannot_be_seen_without_an_anchor(tmp_path):
    entries = chain([{"n": n} for n in range(5)])
    assert check(remade(entries, 3)).faults == ()
    assert check(entries[:4]).faults == ()
    assert check(remade(entries, 3), anchor(entries)).faults[0].n == 6
    assert check(entries[:4], anchor(entries)).faults[0].n == 5
    assert check(remade(entries, 3), anchor(entries[:3])).faults == (), "forged after the anchor: not seen"
    assert check(entries, Anchor("another", 6, entries[-1].hash)).faults[0].n == 1


def test_a_disposed_body_needs_an_entry_that_says_so():
    entries = chain([{"n": 1}, {"n": 2}])
    gone = msgspec.structs.replace(entries[1], body=None)
    said = sealed(4, "disposed", {"entries": [[2, gone.body_hash]]}, entries[-1].hash)
    assert check([entries[0], gone, entries[2], said]).faults == ()
    assert check([entries[0], gone, entries[2]]).faults[0].n == 2
    wrong = sealed(4, "disposed", {"entries": [[2, "0" * 64]]}, entries[-1].hash)
    assert check([entries[0], gone, entries[2], wrong]).faults[0].n == 2


@pytest.mark.parametrize("line", ["", "not json\n", "[]\n", '{"n": 1}\n', '{"anchor": 1}\n'])
def test_what_cannot_be_read_is_a_fault(line, tmp_path):
    path = tmp_path / "broken.jsonl"
    text = exported(chain([{"n": 1}, {"n": 2}]))
    first, _, rest = text.partition("\n")
    path.write_text(f"{first}\n{line}{rest}" if line else "", encoding="utf-8")
    assert verify_file(path).faults[0].n == (2 if line else 1)
    assert VERIFY["verify"](path)[0][0] == (2 if line else 1)


def test_the_verifier_stands_alone(tmp_path):
    """Run by a bare Python, that finds no installed package, from a folder with nothing else in it."""
    program = tmp_path / "verify.py"
    program.write_text(verifier(), encoding="utf-8")
    assert len(verifier().splitlines()) <= 40
    entries = chain([{"text": "多语言 text"}, {"n": 2}, {"n": 3}])
    good, bad, earlier = (tmp_path / name for name in ("good.jsonl", "bad.jsonl", "earlier.jsonl"))
    good.write_text(exported(entries), encoding="utf-8")
    earlier.write_text(exported(entries[:3]), encoding="utf-8")
    bad.write_text(exported(entries[:2]), encoding="utf-8")

    def run(*arguments):
        command = [sys.executable, "-I", "-S", str(program), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert (run(good).returncode, run(good).stdout) == (0, "no fault\n")
    assert run(good, earlier).returncode == 0
    assert run(good, f"4:{entries[-1].hash}").returncode == 0
    assert run(bad).returncode == 0, "nothing in the export itself says that it was longer"
    cut = run(bad, earlier)
    assert (cut.returncode, cut.stdout.startswith("entry 3 ")) == (1, True)
    assert run(good, f"4:{'0' * 64}").stdout == "entry 4 is not what the anchor names\n"


def test_anchors(tmp_path):
    entries = chain([{"n": 1}])
    path = tmp_path / "some.jsonl"
    path.write_text(exported(entries), encoding="utf-8")
    assert read_anchor(str(path)) == anchor(entries)
    assert read_anchor(f"2:{entries[1].hash}") == Anchor("", 2, entries[1].hash)
    for wrong in ("", "2", "x:1", str(tmp_path), str(tmp_path / "none")):
        with pytest.raises(RecordError, match="not an anchor"):
            read_anchor(wrong)


@pytest.mark.parametrize("text", ["", " ", "a\nb", "a\x00", "a\u2028b"])
def test_heads_are_single_lines(text):
    with pytest.raises(RecordError):
        check_line(text, "actor")


def test_a_body_is_json_that_others_read_alike():
    body = {"b": [1, "ü", "\u2028", "\x00", 1e-7], "a": {"z": None, "y": True}}
    assert json.loads(canonical(body)) == body
    assert canonical(body).startswith('{"a":{"y":true,"z":null},"b":')
    with pytest.raises(RecordError, match="cannot be recorded"):
        canonical({"half": "\ud800"})
