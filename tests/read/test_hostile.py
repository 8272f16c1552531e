"""Documents that mean harm: a clear error or a result, within two seconds and 500 MB, nothing run, nothing fetched."""

from __future__ import annotations

import resource
import subprocess
import sys
from itertools import pairwise

import pytest

SECONDS, MEGABYTES = 2.0, 500
XML = '<?xml version="1.0"?><!DOCTYPE a [%s]><rss><channel><item><title>&z;</title></item></channel></rss>'
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ENTITIES = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise(LETTERS)
)
DENSE = "美国商务部9月18日宣布，自2020年9月20日起，禁止下载微信。"
ITEM = b"<item><title>a</title><description>%s</description></item>"
HOSTILE = {
    "deep": lambda: b"<html><body>" + b"<div>" * 200_000 + "商务部宣布禁止。".encode() + b"</div>" * 200_000,
    "deep-quotes": lambda: "“（《".encode() * 100_000,
    "entities": (XML % ENTITIES).encode,
    "external": (XML % '<!ENTITY z SYSTEM "file:///etc/passwd">').encode,
    "huge": lambda: b"a" * 50_000_000,
    "huge-chinese": lambda: DENSE.encode() * 600_000,
    "almost-too-large": lambda: (DENSE + "\n").encode() * 25_000,
    "dense": lambda: (DENSE + "\n").encode() * 11_000,
    "dense-feed": lambda: b"<rss><channel>" + ITEM % (DENSE.encode() * 110) * 199 + b"</channel></rss>",
    "one-line": lambda: "商务部".encode() * 220_000,
    "digits": lambda: b"2020 " * 400_000,
    "numerals": lambda: "二十".encode() * 300_000,
    "commas": lambda: "，".encode() * 500_000,
    "brackets": lambda: b"[" * 500_000 + b"](" * 200_000,
    "lines": lambda: b"- a\n" * 500_000,
    "items": lambda: b"<rss><channel>" + b"<item><title>a</title></item>" * 60_000 + b"</channel></rss>",
    "attributes": lambda: b"<p " + b"a=1 " * 300_000 + b">x</p><p>y</p>",
    "bidi": lambda: "商\u202e务部宣\u200b布禁止\u2066下载\u2069微信。\u202c".encode() * 2000,
    "broken-utf8": lambda: "商务部宣布禁止下载微信。".encode()[:-1] + b"\xff\xfe\xfa" * 40,
    "mixed": lambda: "商务部宣布。".encode("gb18030") + "商務部宣布。".encode("big5") * 3 + "禁止".encode(),
    "random": lambda: bytes(range(1, 256)) * 4000,
    "nul": lambda: b"a\x00b" * 1000,
    "zip": lambda: b"PK\x03\x04" + b"\x00" * 1000,
    "front-matter": lambda: b"---\n" + b"a: b\n" * 300_000 + b"---\nx\n",
    "json-ld": lambda: b'<html><script type="application/ld+json">' + b'{"a":[' * 100_000 + b"</script><p>x</p>",
}  # fmt: skip


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 2**20, MEGABYTES * 2**20))


SCRIPT = """
import sys, time, socket
from exeat.rulebook.load import load_book, shipped_law
from exeat.errors import InputError, InputErrors
from exeat.read.lexicon import lexicon
from exeat.read.link import Ledger
from exeat.read.pipeline import read_bytes
def no(*a, **k): raise SystemExit("fetched")
socket.socket.connect = no
words, ledger = lexicon(), None
raw = sys.stdin.buffer.read()
begin = time.process_time()
try:
    found = read_bytes(raw, "hostile", words, ledger)
    said = f"{len(found)} documents {sum(len(one.mentions) for one in found)} mentions"
    assert "root:" not in "".join(one.text.text + str(one.metadata.title.value) for one in found)
    for one in found:
        for warning in one.warnings:
            if "failed: " in warning.what:
                said += " " + warning.rule + " " + warning.what
except (InputError, InputErrors) as error:
    said = f"error: {error}"
print(f"{time.process_time() - begin:.3f} {said}"[:2000])
"""


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_documents_end_soon(kind):
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(
        command, input=HOSTILE[kind](), capture_output=True, timeout=60, preexec_fn=limit, check=False
    )
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert "failed: " not in said
    assert float(said.split(" ")[0]) < SECONDS, said
