"""Whatever is done to a valid file, reading it ends in an answer or in an error that says where; in nothing else.

Mutations are drawn by Hypothesis: of bytes, of lines, and of words put in place of others.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exeat.decide.engine import Engine, Options
from exeat.errors import InputError, InputErrors
from exeat.review.cases import load_cases
from exeat.rulebook.load import load_book
from exeat.vocabulary.reader import Map, Seq, read_text
from exeat.vocabulary.transaction import load_transaction, read_transaction

BASE = Path(__file__).parent / "base_law"
LAW = sorted(path for path in BASE.rglob("*") if path.suffix in (".yaml", ".tsv"))
TIMES = int(os.environ.get("EXEAT_FUZZ", "1"))  # 20 for a long hunt
YAML = (BASE / "transaction.txt").read_text(encoding="utf-8")

WORDS = [
    "", "~", "null", "true", "false", "unknown", "not applicable", "[]", "{}", "[[]]", "{a: b}", "&a b", "*a",
    "!!int 1", "<<", "? ", "- ", "|", ">", "---", "...", "#", '"', "'", "\t", "\0", "\ufeff", "\x1b", "\u2028",
    "\ud7ff", "😀",
    "2020-02-30", "9999-12-31", "0001-01-01", "2020-09-27T23:59-04:00", "nan nm", "1e999 nm", "10 nm", "-0 nm",
    "base.order.1", "base.order.*", "*", "base.list", "base.list/acme", "base.group", "to-the-north", "main", "text",
    "some party", "every place", "not", "all", "any", "meets", "in", "under", "outside", "@north", "NO", "activity",
    "item.kind",
    "party.role", "role", "relief", "effect", "defeats", "life", "when", "from", "until",
    "America", "../x",
]  # fmt: skip


def draw_mutation(data, raw: bytes) -> bytes:
    """One change of the bytes, the lines, or the words of a file."""
    kind = data.draw(
        st.sampled_from(["flip", "cut", "insert", "drop line", "double line", "swap lines", "word", "indent"])
    )
    at = data.draw(st.integers(0, max(len(raw) - 1, 0)))
    if kind == "flip":
        return raw[:at] + bytes([data.draw(st.integers(0, 255))]) + raw[at + 1 :]
    if kind == "cut":
        return raw[:at] + raw[at + data.draw(st.integers(1, 40)) :]
    if kind == "insert":
        return raw[:at] + data.draw(st.one_of(st.binary(max_size=6), st.sampled_from(WORDS).map(str.encode))) + raw[at:]
    lines = raw.split(b"\n")
    one = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.integers(0, len(lines) - 1))
    if kind == "drop line":
        del lines[one]
    elif kind == "double line":
        lines.insert(other, lines[one])
    elif kind == "swap lines":
        lines[one], lines[other] = lines[other], lines[one]
    elif kind == "indent":
        lines[one] = b" " * data.draw(st.integers(0, 8)) + lines[one].lstrip()
    else:
        parts = raw.replace(b"\t", b" \t ").split(b" ") if b"\t" in raw else raw.split(b" ")
        parts[data.draw(st.integers(0, len(parts) - 1))] = data.draw(st.sampled_from(WORDS)).encode()
        return b" ".join(parts).replace(b" \t ", b"\t")
    return b"\n".join(lines)


def mutated(data, raw: bytes) -> bytes:
    for _ in range(data.draw(st.integers(1, 3))):
        raw = draw_mutation(data, raw)
    return raw


def only_told(read) -> bool:
    """Whether it was read; if not, every error must say what was wrong."""
    errors: tuple[InputError, ...] | None = None
    try:
        read()
    except InputError as error:
        errors = (error,)
    except InputErrors as found:
        errors = found.errors
    assert errors is None or (errors and all(error.problem and str(error) for error in errors))
    return errors is None


@pytest.fixture(scope="module")
def tiny() -> Engine:
    return Engine(load_book([BASE]))


@pytest.fixture(scope="module")
def law(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz") / "law"
    shutil.copytree(BASE, folder)
    return folder


def quick(examples: int):
    checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
    return settings(max_examples=examples * TIMES, deadline=None, suppress_health_check=checks)


@quick(250)
@given(st.data())
def test_law_files(law, data):
    path = data.draw(st.sampled_from(LAW))
    target = law / path.relative_to(BASE)
    target.write_bytes(mutated(data, path.read_bytes()))

    def read() -> None:
        book = load_book([law])
        Engine(book)
        load_cases(book, [law])

    try:
        only_told(read)
    finally:
        shutil.copy(path, target)


@quick(400)
@given(st.data())
def test_transactions(tiny, tmp_path_factory, data):
    form = data.draw(st.sampled_from(["yaml", "json"]))
    raw = YAML if form == "yaml" else json.dumps(plain(read_text(YAML, "x.yaml")), indent=1, ensure_ascii=False)
    path = tmp_path_factory.getbasetemp() / f"fuzz.{form}"
    path.write_bytes(mutated(data, raw.encode()))

    def read() -> None:
        transaction = load_transaction(path, tiny.book.vocabulary)
        tiny.decide(transaction, Options("2026-11-22", outlook=False, explain=False))

    only_told(read)


def plain(node):
    if isinstance(node, Map):
        return {str(key): plain(value) for key, value in node.items()}
    return [plain(part) for part in node] if isinstance(node, Seq) else str(node)


TREES = st.recursive(
    st.one_of(st.sampled_from(WORDS), st.text(max_size=5), st.booleans(), st.none(), st.integers(), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(WORDS), st.text(max_size=3)), inner, max_size=3),
    ),
    max_leaves=6,
)


def paths_of(node, here=()):
    yield here
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from paths_of(child, (*here, key))


@quick(400)
@given(st.data())
def test_transactions_with_any_tree_in_any_place(tiny, data):
    document = plain(read_text(YAML, "x.yaml"))
    *steps, last = data.draw(st.sampled_from([path for path in paths_of(document) if path]))
    node = document
    for step in steps:
        node = node[step]
    node[last] = data.draw(TREES)

    def read() -> None:
        transaction = read_transaction(read_text(json.dumps(document), "x.json"), tiny.book.vocabulary, "x.json")
        tiny.decide(transaction, Options("2026-11-22", outlook=False, explain=False))

    only_told(read)


@quick(300)
@given(
    st.one_of(
        st.binary(max_size=200), st.lists(st.sampled_from(WORDS), max_size=12).map(lambda w: " ".join(w).encode())
    )
)
def test_any_bytes(tiny, tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(raw)
    assert not only_told(lambda: load_transaction(path, tiny.book.vocabulary))
