"""Pages: words in both languages, wrapping, what strangers write, redaction, the web page, conditions in words."""

from __future__ import annotations

import re
import string
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
import wcwidth

from exeat.decide.decision import EXIT_CODES, Decision
from exeat.decide.engine import Engine, Options
from exeat.page import html, text
from exeat.page.condition import tree
from exeat.page.law import ids, show, things
from exeat.page.names import Names
from exeat.page.redact import Veil, letter, redact
from exeat.page.safe import hidden, visible, web_address
from exeat.page.timeline import moments, svg
from exeat.page.timeline import text as timeline_text
from exeat.page.words import LANGUAGES, WORDS, day, verdict, word
from exeat.page.wrap import pad, width, wrap
from exeat.rulebook.load import load_book
from exeat.rulebook.model import EFFECTS, POLICIES, RELIEFS, SEEN, STATUSES
from exeat.vocabulary.reader import read_text
from exeat.vocabulary.transaction import load_transaction, read_transaction

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"
KNOWN = "2026-11-24"
SALE = "sale/tiktok-sale-2020-09-15.yaml"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def base():
    return Engine(load_book([HERE / "base_law"]))


def decided(engine, document, **options):
    node = read_text(document, "test")
    transaction = read_transaction(node, engine.book.vocabulary, "test")
    return engine.decide(transaction, Options(KNOWN, **options))


def example(engine, name, **options):
    return engine.decide(load_transaction(EXAMPLES / name, engine.book.vocabulary), Options(KNOWN, **options))


SEND = """
transaction: 1
title: {title}
act: {{on: 2021-05-05, paid: true}}
activity: send
complete: true
items: [{{id: thing, kind: chip}}]
parties:
  - {{id: absender, role: sender, name: {sender}, based: IT}}
  - {{id: empfaenger, role: receiver, name: {receiver}}}
places: [{{id: ziel, role: to, is: "NO"}}]
"""


def send(engine, title="寄送", sender="甲方公司", receiver="乙方公司", **options):
    return decided(engine, SEND.format(title=title, sender=sender, receiver=receiver), **options)


# --- words


def test_every_word_has_both_languages():
    for key, pair in WORDS.items():
        assert len(pair) == len(LANGUAGES), key
        english, chinese = pair
        assert english.strip(), key
        assert chinese.strip(), key
        fields = [sorted(name for _, name, _, _ in string.Formatter().parse(one) if name is not None) for one in pair]
        assert fields[0] == fields[1], f"{key}: other parts in the two languages"


def test_chinese_words_are_chinese():
    same = {"any day", "tree.element", "says"}  # a pattern, nothing but a part
    for key, (_, chinese) in WORDS.items():
        bare = re.sub(r"\{[^}]*\}", "", chinese)
        assert key in same or CHINESE.search(bare) or not re.search(r"[A-Za-z]", bare), key


@pytest.mark.parametrize(
    ("stem", "keys"),
    [
        ("verdict", EXIT_CODES),
        ("status", (*STATUSES, "not yet in force")),
        ("effect", EFFECTS),
        ("relief", RELIEFS),
        ("policy", POLICIES),
        ("seen", SEEN),
    ],
)
def test_every_code_of_the_law_has_a_word(stem, keys):
    for key in keys:
        assert f"{stem}.{key}" in WORDS


def test_days_and_verdicts():
    assert day("2020-09-05", "en") == "5 Sep 2020"
    assert day("2020-09-05", "zh") == "2020年9月5日"
    assert day("2020-09-27T23:30-04:00", "en") == "27 Sep 2020 23:30-04:00"
    assert day("soon", "en") == "soon"
    assert verdict("licence_required", "en") == "licence_required"
    assert verdict("licence_required", "zh") == "须取得许可"


# --- wrapping


@pytest.mark.parametrize("columns", [20, 41, 80])
@pytest.mark.parametrize(
    "line",
    [
        "技术进出口管理条例，国务院令第331号（2020年11月29日修订），第三十条、第三十一条以及第三十三条规定如下内容。",
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen",
        "mixed 文字 and letters：微信（WeChat）在美国境内的 content delivery 服务，within the United States，禁止。",
        "averyveryverylongwordthatfitsnowhereatallbecauseithasnospacesinsideitwhatsoeverreally",
        "全" * 100,
    ],
)
def test_wrapped_lines_fit_and_lose_nothing(line, columns):
    lines = wrap(line, columns)
    assert all(wcwidth.wcswidth(one) <= columns for one in lines)
    assert "".join("".join(lines).split()) == "".join(line.split())


def test_punctuation_begins_no_line():
    for columns in range(12, 40):
        for line in wrap("他说：“这是一次测试，请看（第一条）的规定。”然后，他走了。", columns)[1:]:
            assert line[0] not in "，。：）”"


def test_width_counts_columns():
    assert width("a中b") == 4
    assert pad("中", 4) == "中  "
    assert wrap("", 20) == [""]
    assert wrap("https://example.org/" + "x" * 40, 20) == ["https://example.org/" + "x" * 40]  # stays whole


@pytest.mark.parametrize("columns", [50, 80, 100])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_fits_the_terminal(engine, lang, columns):
    decision = example(engine, SALE)
    page = text.render(decision, engine.book, lang, columns=columns)
    assert max(wcwidth.wcswidth(line) for line in page.splitlines()) <= columns


# --- text from strangers


def test_hidden_characters_are_shown():
    assert visible("a\u202eb") == "a⟨U+202E⟩b"
    assert visible("a\u200bb") == "a⟨U+200B⟩b"
    assert visible("\x1b[31mred") == "⟨U+001B⟩[31mred"
    assert visible("two\nlines\there") == "two lines here"
    assert visible("字节跳动 Ltd.") == "字节跳动 Ltd."


def test_every_hidden_character_is_shown_wherever_it_hides():
    """The short way for harmless text must not let through what `hidden` knows."""
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        shown = visible(f"a{char}字")
        if char.isspace():
            assert shown == "a 字", hex(code)
        else:
            assert shown == (f"a⟨U+{code:04X}⟩字" if hidden(char) else f"a{char}字"), hex(code)


def test_only_web_addresses_are_linked():
    assert web_address("https://example.org") == "https://example.org"
    assert not web_address("javascript:alert(1)")
    assert not web_address("https://exa\u202emple.org")


def test_hostile_names_do_not_reach_the_page(base):
    """The reader refuses such characters; a decision may come from elsewhere, so the page trusts nobody."""
    plain = msgspec.to_builtins(send(base))
    plain["title"] = "<img src=x onerror=alert(1)>"
    name = "<script>alert(1)</script> \u202eevil \x1b[2J"
    plain["transaction"]["parties"][1]["facts"]["party.name"]["value"] = name
    decision = msgspec.convert(plain, Decision)
    for lang in LANGUAGES:
        page = html.render(decision, base.book, lang)
        assert "<script" not in page
        assert "<img" not in page
        assert "\u202e" not in page
        assert "⟨U+202E⟩" in page
        shown = text.render(decision, base.book, lang)
        assert "\x1b" not in shown
        assert "\u202e" not in shown


# --- the text page


def test_the_page_says_what_the_design_asks(engine):
    page = text.render(example(engine, SALE), engine.book, "en", columns=100)
    flat = " ".join(page.split())
    for part in ("EXEAT ", "act on 15 Sep 2020", "known on 24 Nov 2026", "sha256 ", "CONFLICT", "Not legal advice"):
        assert part in flat
    for label in ("VERDICT", "WHY", "FLIPS", "ASKED", "CHECKED", "NOT CHECKED", "SOURCES"):
        assert re.search(rf"^{label}\b", page, re.M), label
    assert re.search(r"AT LEAST licence_required, AT MOST prohibited · \d+ questions? open", flat)


def test_chinese_page_has_no_english_labels(base, engine):
    ours = {piece.strip(" ·:;,()") for pair in WORDS.values() for piece in re.split(r"\{\d[^}]*\}", pair[0])}
    ours = {label for label in ours if len(re.sub(r"[^A-Za-z]", "", label)) >= 5} - {"YYYY-MM-DD"}
    for found, decision in ((base, send(base)), (engine, example(engine, SALE))):
        page = text.render(decision, found.book, "zh", columns=100_000, explain=True)
        for foreign in sorted(_foreign(found.book, decision), key=len, reverse=True):
            page = page.replace(foreign, "")
        for label in ours:
            assert not re.search(rf"(?<![\w.-]){re.escape(label)}(?![\w.-])", page), label


def _foreign(book, decision):
    """What is not exeat's to translate: citations, notes, ids, what the user wrote."""
    for holder in (*book.measures.values(), *book.registers.values()):
        for source in holder.sources.values():
            yield from (visible(source.ref), source.url, visible(source.note))
    for rule in book.rules.values():
        yield from (visible(citation.pinpoint) for citation in rule.cite)
        yield from (visible(event.by.pinpoint) for event in rule.life)
        yield from (visible(event.note) for event in rule.life)
    for register in book.registers.values():
        yield from (row.cite.pinpoint for row in register.rows)
    yield from (*book.rules, *book.registers, decision.title, *(one.cite for one in decision.presumed))
    for plural in ("items", "parties", "places"):
        for one in decision.transaction[plural]:
            yield from (one["id"], *(str(cell["value"]) for cell in one["facts"].values()))


def test_chinese_page_of_chinese_facts_is_chinese(base):
    """With Chinese names, what is left in Latin letters is ids, codes and citations."""
    page = text.render(send(base), base.book, "zh")
    head = page.split("来源")[0]
    words = set(re.findall(r"[A-Za-z]{4,}", head))
    assert words <= {"EXEAT", "order", "base", "art", "text", "thing", "sha256", "explain"} | {"exeat"}, words


def test_hypothetical_answers_are_marked_twice(base):
    page = text.render(send(base, only=("base.control",)), base.book, "en")
    assert page.count("HYPOTHETICAL") == 2
    assert "假设性结果" in text.render(send(base, without=("courts",)), base.book, "zh")
    assert "HYPOTHETICAL" in html.render(send(base, only=("base.control",)), base.book, "en")


def test_nothing_found_is_not_green_and_not_a_clearance(base):
    document = (
        SEND.format(title="x", sender="A", receiver="B").replace('"NO"', "IT").replace("chip", "book, node: 100 nm")
    )
    decision = decided(base, document)
    page = text.render(decision, base.book, "en", colour=True)
    assert "\x1b[32m" not in page
    assert decision.verdict in ("no_requirement_found", "out_of_coverage")
    assert ("not a clearance" in page) == (decision.exit_code == 21)


def test_colour_is_never_alone(engine):
    decision = example(engine, SALE)
    plain = text.render(decision, engine.book, "en")
    coloured = text.render(decision, engine.book, "en", colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_no_color_and_dumb_terminals(monkeypatch):
    class Terminal:
        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert text.wants_colour(Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not text.wants_colour(Terminal())
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not text.wants_colour(Terminal())


def test_unverified_sources_are_marked_wherever_they_stand(base):
    plain = msgspec.to_builtins(send(base))
    for finding in plain["findings"]:
        finding["seen"] = "unverified"
        for cite in (*finding["cite"], *(cite for relief in finding["reliefs"] for cite in relief["cite"])):
            cite["seen"] = "unverified"
    decision = msgspec.convert(plain, Decision)
    for lang in LANGUAGES:
        mark = word("unverified", lang)
        page = text.render(decision, base.book, lang, columns=1000, explain=True)
        assert page.count(f"[1 {mark}]") == len(re.findall(r"\[1\b", page)) - 1  # the list of sources has its own mark
        assert f"[1] The order of 2020 · {mark}" in page
        assert f"The order of 2020, art. 1 [{mark}]" in page
        title = plain["findings"][0]["title"][lang]
        assert page.count(f"{title} [{mark}]") == 3  # the jurisdiction's line, the reason, the tree
        web = html.render(decision, base.book, lang)
        assert web.count(f'<strong class="unverified">{mark}</strong>') == web.count('href="#s1"') + 1


def test_every_example_renders_everywhere(engine):
    for path in sorted(EXAMPLES.rglob("*.yaml")):
        decision = example(engine, path.relative_to(EXAMPLES).as_posix())
        for lang in LANGUAGES:
            assert decision.id in text.render(decision, engine.book, lang, explain=True)
            assert decision.hash in html.render(decision, engine.book, lang)


def test_trees_end_in_facts_and_citations(base):
    """Every test says where its fact comes from; every tree ends with the law."""
    page = " ".join(text.render(send(base), base.book, "en", explain=True).split())
    assert "✓ activity is sending — given [yes]" in page
    assert "the law: since 1 Mar 2020 (The order of 2020)" in page
    assert "art. 1 [1]" in page


# --- redaction


def test_redaction_leaves_no_name(engine, base):
    title = "Zephyrine Werke sends to Quillfeather"
    decision = send(base, title=title, sender="Zephyrine Werke GmbH", receiver="Quillfeather AS")
    veil = Veil(decision)
    told = veil.decision()
    outputs = [
        msgspec.json.encode(told).decode(),
        text.render(told, base.book, "en", explain=True, redacted=True, veil=veil.text),
        html.render(told, base.book, "zh", redacted=True, veil=veil.text),
    ]
    for output in outputs:
        for name in ("Zephyrine", "Quillfeather", "absender", "empfaenger"):
            assert name.casefold() not in output.casefold(), name
        assert "Party A" in output
    assert decision.hash == told.hash


def test_redaction_of_the_sale(engine):
    decision = example(engine, SALE)
    veil = Veil(decision)
    told = veil.decision()
    page = text.render(told, engine.book, "en", explain=True, redacted=True, veil=veil.text)
    plain = msgspec.json.encode(veil.everything(msgspec.to_builtins(told))).decode()
    for output in (page, plain):
        assert "bytedance ltd" not in output.casefold()
        assert "a buyer in the united states" not in output.casefold()
    assert "ByteDance" not in plain
    assert told.findings == redact(decision).findings


def test_letters():
    assert [letter(n) for n in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]


# --- the web page


class _Checker(HTMLParser):
    """Tags, their attributes, and headings in order."""

    VOID = ("meta", "br", "img", "link")

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.ids, self.links = [], [], [], []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag not in self.VOID:
            self.open.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize(("lang", "tag"), [("en", "en"), ("zh", "zh-Hans")])
def test_the_web_page_is_whole_and_accessible(engine, lang, tag):
    page = html.render(example(engine, SALE), engine.book, lang)
    checker = _Checker()
    checker.feed(page)
    assert not checker.open
    names = [name for name, _ in checker.tags]
    assert ("html", {"lang": tag}) in checker.tags
    for landmark in ("header", "main", "footer", "caption", "details"):
        assert landmark in names
    assert names.count("h1") == 1
    assert not {"script", "img", "link", "iframe"} & set(names)
    assert all("scope" in found for name, found in checker.tags if name == "th")
    assert not any(key.startswith("on") for _, found in checker.tags for key in found)
    assert len(checker.ids) == len(set(checker.ids))
    for link in checker.links:
        assert link.startswith("https://") or link.startswith("http://") or link[1:] in checker.ids
    assert "url(" not in page
    assert "focus-visible" in page
    assert "@media print" in page


# --- conditions in words


def test_every_condition_and_thing_can_be_told(engine):
    for lang in LANGUAGES:
        names = Names(engine.book, lang)
        for rule in engine.book.rules.values():
            assert tree(rule.when, names).text
        for key in ids(engine.book):
            for kind, thing in things(engine.book, key):
                assert key in show(kind, thing, engine.book, lang)


def test_a_condition_in_words(base):
    names = Names(base.book, "en")
    told = show("rule", base.book.rules["base.order.2"], base.book, "en", 100)
    assert "node is at most 10 nm" in told
    assert "listing stands in “The list” where policy is strict" in " ".join(told.split())
    assert tree(base.book.rules["base.order.gift"].when, names).text == "paid: no"
    assert tree(base.book.rules["base.order.gift"].when, Names(base.book, "zh")).text == "有偿：否"


def test_timeline_and_picture(engine):
    found = moments(engine.book)
    assert [one.event.since for one in found] == sorted(one.event.since for one in found)
    for lang in LANGUAGES:
        assert word("status.in force", lang) in timeline_text(found, engine.book, lang, 100, False)
        picture = svg(engine.book, lang)
        assert picture.startswith("<svg ")
        assert "<script" not in picture
        assert ET.fromstring(picture).tag.endswith("svg")
