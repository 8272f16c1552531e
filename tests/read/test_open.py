"""Opening: size, kind, encoding, form; and documents made to harm."""

from __future__ import annotations

import socket
import subprocess
import sys
import time

import pytest

from exeat.errors import InputError
from exeat.read import fold
from exeat.read.envelope import envelopes
from exeat.read.metadata import head
from exeat.read.open import MAX_BYTES, decode, open_document, sniff

CHINESE = "商务部今天宣布，对测试物项实施出口管制，自公布之日起施行。有关企业应当申请许可。"
TRADITIONAL = "經濟部今天公布測試物項的新規定，自六月一日起實施，出口人應先取得許可。"
ENGLISH = "The ministry announced a rule on the export of widgets today."


@pytest.mark.parametrize(
    ("text", "encoding", "read_with"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5hkscs"),
        (TRADITIONAL, "gb18030", "gb18030"),
        ("Café owners – a naïve lot – protest at the ministry’s rule.", "cp1252", "cp1252"),
    ],
)
def test_encodings_are_told_apart(text, encoding, read_with):
    assert decode(text.encode(encoding)) == (text, read_with, 0)


@pytest.mark.parametrize("name", ["gb2312", "GBK", "gb18030"])
def test_a_declared_part_is_read_as_the_whole_encoding(name):
    page = f'<html><head><meta charset="{name}"></head><body><p>{CHINESE}鎔</p></body></html>'
    raw = open_document(page.encode("gb18030"))
    assert raw.encoding == "gb18030"
    assert "鎔" in raw.text


def test_a_wrong_declaration_does_not_win_over_utf8():
    page = f'<html><head><meta charset="big5"></head><body><p>{CHINESE}</p></body></html>'
    assert CHINESE in open_document(page.encode()).text


def test_a_few_broken_bytes_are_counted():
    raw = open_document((CHINESE * 20).encode() + b"\xff\xfe" + CHINESE.encode())
    assert [warning.rule for warning in raw.warnings] == ["encoding"]
    assert CHINESE in raw.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x1f\x8brest", "gzip"),
        (b"a\x00b", "NUL"),
        (b"a" * (MAX_BYTES + 1), "too large"),
        (bytes((i * 7919 + i * i) % 251 + 4 for i in range(20_000)), "encoding"),
    ],
)
def test_what_is_no_text_is_refused(data, words):
    with pytest.raises(InputError, match=words):
        open_document(data, "some.txt")


def test_paths(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(ENGLISH)
    assert open_document(file).text == ENGLISH
    with pytest.raises(InputError, match="no such file"):
        open_document(tmp_path / "b.txt")
    with pytest.raises(InputError, match="not a file"):
        open_document("/dev/zero")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("---\ntitle: a\n---\ntext", "front-matter"),
        ("<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "feed"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'></feed>", "feed"),
        ("<!DOCTYPE html><html><body><p>a</p></body></html>", "html"),
        ("<div><p>a</p></div>", "html"),
        ("# Head\n\ntext", "markdown"),
        ("See [this](https://example.org/a) rule.", "markdown"),
        ("Just text.\nAnd more < than this.", "plain"),
        ("---\nno keys here\n---\ntext", "plain"),
    ],
)
def test_forms(text, form):
    assert sniff(text) == form


def test_folding_keeps_every_offset():
    text = "（中央社台北１７日電）「出口管制法」──　Ａ〈甲〉・乙 𠀀"
    folded = fold.fold(text)
    assert len(folded) == len(text)
    assert folded.startswith("(中央社台北17日电)“出口管制法”—— A《甲》·乙")
    assert fold.fold(folded) == folded
    assert fold.fold("".join(fold.traditional())) == "".join(fold.traditional().values())


@pytest.mark.parametrize(
    ("text", "language"), [(CHINESE, "zh-Hans"), (TRADITIONAL, "zh-Hant"), (ENGLISH, "en"), ("12 34", "und")]
)
def test_scripts(text, language):
    assert fold.script(text) == language


P = f"<p>{ENGLISH}</p>".encode()
NEAR = MAX_BYTES - 100
HOSTILE = {
    "deep": b"<div>" * 100_000 + P,
    "deep enough": b"<div>" * 300 + P + b"</div>" * 300,
    "deep inline": P + b"<p>" + b"<b>" * 100_000 + b"x</p><p>y</p>",
    "many elements": b"<p>x" * (NEAR // 4),
    "as many as allowed": b"<p>x" * 39_000 + P * 2,
    "long page": P * (NEAR // len(P)),
    "long text": (CHINESE + "\n").encode() * (NEAR // 120),
    "one line": b"a " * (NEAR // 2),
    "digits": b"2020-" * (NEAR // 5),
    "lines": b"a\n" * (NEAR // 2),
    "brackets": b"# t\n\n" + b"[" * 1_100_000,
    "links": b"# t\n\n" + b"[a](" * 270_000,
    "stars": b"# t\n\n" + b"**a " * 270_000,
    "underscores": b"# t\n\n" + b"_a _b " * 180_000,
    "tags": b"# t\n\n" + b"<a " * 360_000,
    "front matter": b"---\n" + b"title: a\n" * 4_000 + b"---\n" + P,
    "front matter without end": b"---\n" + b"title: a\n" * 4_000,
    "entity bomb": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    b"<rss><channel><item><title>&b;</title></item></channel></rss>",
    "outside entity": b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b"<rss><channel><item><title>&a;</title></item></channel></rss>",
    "outside definition": b'<?xml version="1.0"?><!DOCTYPE l SYSTEM "http://example.invalid/x.dtd">'
    b"<rss><channel><item><title>t</title><description>" + ENGLISH.encode() + b"</description></item></channel></rss>",
    "deep feed": b"<rss><channel><item><description>" + b"<a>" * 100_000,
    "many items": b"<rss><channel>" + b"<item><title>a</title></item>" * 60_000 + b"</channel></rss>",
    "no items": b"<rss><channel></channel></rss>",
    "deep JSON": b'<html><head><script type="application/ld+json">' + b"[" * 90_000 + b"</script></head>" + P * 3,
    "large attribute": b'<p title="' + b"x" * 1_500_000 + b'">' + P * 3,
    "late epoch": b"<!--9999999999999-->" + P * 3,
    "bad references": b"<p>&#xD800;&#0;&#x110000; a</p>" + P * 2,
    "table": b"<table>" + b"<tr><td>a</td></tr>" * 15_000 + b"</table>" + P * 2,
    "hidden characters": "\u200b".encode() * 600_000,
    "one character": "的".encode() * 600_000,
    "open brackets": "（".encode() * 600_000,
    "fifty megabytes": b"a" * 50_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_end_soon(name, monkeypatch):
    def refuse(*_args, **_more):
        raise AssertionError("nothing may be fetched")

    monkeypatch.setattr(socket, "socket", refuse)
    start = time.process_time()
    problem = ""
    try:
        for part in envelopes(open_document(HOSTILE[name], name)):
            told = head(part)
            assert "root:" not in str(told.metadata.title.value)
            assert len(told.text.text) == len(told.text.folded)
    except InputError as found:
        problem = str(found)
    assert not problem or name in problem or "text is too long" in problem
    assert time.process_time() - start < 2


def test_hostile_documents_take_little_memory():
    # The high-water mark of this process alone: `ru_maxrss` starts with that of the process that forked it.
    code = (
        "import pathlib, re, resource\n"
        "from tests.read.test_open import HOSTILE, envelopes, head, open_document, InputError\n"
        "for name, data in HOSTILE.items():\n"
        "    try:\n"
        "        [head(part) for part in envelopes(open_document(data, name))]\n"
        "    except InputError:\n"
        "        pass\n"
        "status = pathlib.Path('/proc/self/status')\n"
        "own = re.search(r'VmHWM:\\s+(\\d+)', status.read_text()) if status.exists() else None\n"
        "print(own[1] if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(done.stdout) * unit < 500 * 1024 * 1024


def test_scripts_in_a_page_are_never_text():
    page = f"<html><body><script>alert(1)</script><p onclick='x()'>{ENGLISH}</p><p>{ENGLISH}</p></body></html>"
    told = head(envelopes(open_document(page.encode()))[0])
    assert "alert" not in told.text.text
    assert "onclick" not in told.text.text


def test_bidi_and_zero_width_characters_go_and_are_told():
    page = "<p>The mini\u200bstry \u202eannounced a rule on the export of widgets today.</p>"
    page += "<p>It ends\u2066 here, it said.</p>"
    told = head(envelopes(open_document(page.encode()))[0])
    assert told.text.text.startswith("The ministry announced a rule")
    assert not fold.HIDDEN.search(told.text.text)
    assert dict(told.text.excluded)["hidden_characters"] == 3
    assert "hidden" in [warning.rule for warning in told.warnings]


def test_text_that_a_page_hides_is_left_out_and_told():
    page = f"<div><p>{ENGLISH}</p><p style='display:none'>The opposite is the case, it said.</p><p>{ENGLISH}</p></div>"
    told = head(envelopes(open_document(page.encode()))[0])
    assert "opposite" not in told.text.text
    assert "hidden" in [warning.rule for warning in told.warnings]
