"""Documents that mean harm: a clear error or a result, within two seconds and 500 MB, nothing run, nothing fetched."""

from __future__ import annotations

import gzip
import json
import os
import resource
import socket
import subprocess
import sys
import time
from itertools import pairwise

import pytest
from click.testing import CliRunner

from exeat.cli.main import main
from tests.read.test_pipeline import post

SECONDS, MEGABYTES = 2.0, 500
XML = '<?xml version="1.0"?><!DOCTYPE a [%s]><rss><channel><item><title>&z;</title></item></channel></rss>'
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ENTITIES = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise(LETTERS)
)
DENSE = "美国商务部9月18日宣布，自2020年9月20日起，禁止下载微信。"
ITEM = b"<item><title>a</title><description>%s</description></item>"
FEED = b"<rss><channel><item><title>t</title><description>" + DENSE.encode() + b"</description></item></channel></rss>"
JSON = b'{"version": "https://jsonfeed.org/version/1", "items": ['
GPO = b"[Federal Register Volume 96, Number 87 (Tuesday, May 6, 2031)]\n"
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
    "links": lambda: b"<html><body>" + b"<a href=/x>y</a>" * 65_000 + b"<p>x</p></body></html>",
    "links-markdown": lambda: b"[a](http://a.example/b) " * 80_000,
    "set-text": lambda: b"<html><body><pre>" + b" \n" * 900_000 + b"</pre></body></html>",
    "gazette-text": lambda: b"<html><body><pre>" + GPO + b"x\n \n[[Page 1]]\n \n" * 60_000 + b"</pre></body></html>",
    "gazette-marks": lambda: b"<html><body><pre>" + GPO + b"\n" * 1_000_000 + b"</pre></body></html>",
    "gazette-xml": lambda: b"<FEDREG>" + b"<RULE><P>a</P></RULE>" * 90_000 + b"</FEDREG>",
    "gazette-deep": lambda: b"<RULE>" + b"<P>" * 300_000,
    "gazette-bomb": lambda: (XML % ENTITIES).replace("rss", "RULE").replace("DOCTYPE a", "DOCTYPE RULE").encode(),
    "gazette-external": lambda: b'<!DOCTYPE RULE SYSTEM "file:///etc/passwd"><RULE><P>&z;</P></RULE>',
    "parameter-entity": lambda: b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/x"> %b;]>' + FEED,
    "external-subset": lambda: b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">' + FEED,
    "xinclude": lambda: FEED.replace(b"<item>", b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" '
                                     b'href="file:///etc/passwd" parse="text"/><item>'),
    "stylesheet": lambda: b'<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>' + FEED,
    "html-entities": lambda: b"<p>" + b"&#x110000;&#55296;&lt;&amp;amp;" * 60_000 + b"</p><p>y</p>",
    "html-external": lambda: b'<html><head><base href="file:///"><link rel=import href="/etc/passwd"></head>'
                             b"<body><iframe src=/etc/passwd></iframe><p>x</p><object data=/etc/passwd></object>",
    "json-feed": lambda: JSON + b'{"id": "a"},' * 90_000 + b"{}]}",
    "json-feed-deep": lambda: JSON + b'{"a":[' * 300_000,
    "json-feed-numbers": lambda: JSON + b'{"id": ' + b"9" * 900_000,
    "triggers": lambda: "应该予以反对".encode() * 17_000,
    "triggers-and-names": lambda: "号爱立信 延后1,$发布初步禁令".encode() * 6_000,
    "triggers-dense": lambda: "恶意打压将".encode() * 20_000,
    "triggers-and-days": lambda: "further action could昨天 ".encode() * 4_300,
    "triggers-english": lambda: "华为were blacklisted and banned ".encode() * 3_300,
    "numerals-short": lambda: "百".encode() * 100_000,
    "digits-short": lambda: b"1," * 50_000,
    "spaces": lambda: b"a" + b" " * 100_000 + b"b\n" + "第 ".encode() * 40_000,
    "names": lambda: "商务部".encode() * 100_000,
    "bzip2": lambda: b"BZh9" + b"\x00" * 1000,
    "gzip": lambda: gzip.compress(b"\x00" * 5_000_000),
    "tar": lambda: b"a.txt".ljust(512, b"\x00") + b"\x00" * 4096,
    "elf": lambda: b"\x7fELF" + bytes(range(256)) * 100,
    "surrogates": lambda: b"\xed\xa0\x80" * 100_000,
    "overlong": lambda: b"\xc0\xaf" * 100_000,
    "utf-7": lambda: b"+ADw-script+AD4-" * 60_000,
    "utf-32": lambda: b"\xff\xfe\x00\x00" + "商务部".encode("utf-32-le") * 100_000,
    "utf-16-odd": lambda: b"\xff\xfe" + "商务部宣布。".encode("utf-16-le") * 9000 + b"\x00",
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


# --- files in a folder, and commands over them


@pytest.fixture
def folder(tmp_path):
    """A good document first and last, and between them whatever else a folder may hold."""
    (tmp_path / "a.md").write_text(post(), encoding="utf-8")
    (tmp_path / "empty.md").write_bytes(b"")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "b.md").write_text(post(), encoding="utf-8")
    (tmp_path / "nul.bin").write_bytes(b"\x00\x01" * 100)
    (tmp_path / "x.gz").write_bytes(gzip.compress(post().encode()))
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04" + b"x" * 100)
    (tmp_path / "broken.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    (tmp_path / "device.md").symlink_to("/dev/zero")
    (tmp_path / "good-link.md").symlink_to(tmp_path / "a.md")
    os.mkfifo(tmp_path / "pipe.md")
    with (tmp_path / "billion.txt").open("wb") as stream:
        stream.write(b"a" * 100)
        stream.truncate(1_000_000_000)
    (tmp_path / "z.md").write_text(post(), encoding="utf-8")
    return tmp_path


UNREAD = {
    "empty.md": "the document is empty",
    "nul.bin": "not a text document: it holds NUL bytes",
    "x.gz": "not a text document but a gzip archive",
    "x.zip": "not a text document but a ZIP archive (or an office document)",
    "broken.md": "no such file",
    "loop.md": "no such file",
    "device.md": "not a file",
    "pipe.md": "not a file",
    "billion.txt": "the document is too large",
}


def told(found):
    """What the errors on standard error say, by file."""
    return {os.path.basename(one["file"]): one["problem"] for one in json.loads(found.stderr)["errors"]}


@pytest.mark.parametrize("command", ["read", "timeline", "watch"])
def test_a_bad_file_stops_no_other(folder, command, monkeypatch):
    def refuse(*_args, **_more):
        raise AssertionError("nothing may be fetched")

    monkeypatch.setenv("EXEAT_HOME", str(folder / ".home"))
    CliRunner().invoke(main, ["law", "list"])  # compile the law first: the time is that of reading
    monkeypatch.setattr(socket, "socket", refuse)
    begin = time.process_time()
    found = CliRunner().invoke(main, [command, str(folder), "--json"])
    assert time.process_time() - begin < 2 * SECONDS
    assert found.exit_code == 2
    assert told(found) == UNREAD
    lines = [json.loads(line) for line in found.stdout.splitlines()]
    if command == "timeline":
        assert {by["document"] for line in lines for by in line["told_by"]} == {"a", "good-link", "z"}
    else:
        assert [line["id"] for line in lines] == (["a", "good-link", "z"] if command == "read" else ["a"])


@pytest.mark.parametrize("name", UNREAD)
def test_a_bad_file_that_is_named_is_told_as_well(folder, name):
    found = CliRunner().invoke(main, ["read", str(folder / name), str(folder / "z.md"), "--json"])
    assert found.exit_code == 2
    assert told(found) == {name: UNREAD[name]}
    assert [json.loads(line)["id"] for line in found.stdout.splitlines()] == ["z"]


def test_what_may_not_be_read_is_told(folder, monkeypatch):
    """A user who may do everything (as in a container) is refused nothing by the system itself."""
    from pathlib import Path  # noqa: PLC0415

    opened, listed = Path.open, Path.iterdir

    def refuse(path, *arguments, **more):
        if path.name == "a.md":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **more)

    def refuse_folder(path):
        if path.name == "below":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "iterdir", refuse_folder)
    names = [str(folder / name) for name in ("a.md", "below", "z.md")]
    found = CliRunner().invoke(main, ["read", *names, "--json"])
    assert found.exit_code == 2
    assert {os.path.basename(one["file"])[:5]: one["problem"] for one in json.loads(found.stderr)["errors"]} == {
        "a.md": "cannot read: Permission denied",
        "below": "cannot read: Permission denied",
    }
    assert [json.loads(line)["id"] for line in found.stdout.splitlines()] == ["z"]
