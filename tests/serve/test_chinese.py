"""Pages in 中文 are in Chinese: what stays in Latin letters is names, codes and citations.

Everything a person typed here is Chinese, so whatever reads as English is exeat's own.
"""

from __future__ import annotations

import ast
import html.parser
import re
from pathlib import Path

import msgspec
import pytest

from exeat.page.chinese import DATA, phrases, told
from exeat.rulebook.condition import Meets
from exeat.screen.desk import Desk
from exeat.screen.model import Identifier, Listing, Name, Party
from exeat.vocabulary.reader import read_file

SOURCE = Path(__file__).parent.parent.parent / "src" / "exeat"
ZH = {"accept": "text/html", "accept-language": "zh"}
DEAL = """transaction: 1
title: 向境外用户推送一个版本
activity: app.update
act: {on: 2020-09-21}
items: [{id: 甲, name: 新版本, kind: [technology], app: wechat}]
parties: [{id: 乙, role: provider, name: 灯笼公司, country: CN}]
places: [{id: 丙, role: users, is: US}]
"""
NOTICE = "商务部2020年9月18日公告：自2020年9月20日起禁止与微信有关的交易。"
# Written by others and shown as it stands: programs, files, codes, quotations.
WRITTEN = ("script", "style", "code", "pre", "textarea", "q", "blockquote", "mark")
NAMED = ("cite", "sources", "text", "url", "mid")
RUN = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:[ ,]+[A-Za-z][A-Za-z'’-]*)+")


class Texts(html.parser.HTMLParser):
    """The texts of a page, and the words that are read aloud, without what others wrote."""

    VOID = ("meta", "link", "input", "br", "hr", "img", "line", "rect", "circle", "path", "use")

    def __init__(self) -> None:
        super().__init__()
        self.above: list[bool] = []
        self.found: list[str] = []

    def handle_starttag(self, tag, given):
        told_ = dict(given)
        classes = (told_.get("class") or "").split()
        lang = told_.get("lang") or "zh"
        skip = tag in WRITTEN or not lang.startswith("zh") or any(one in NAMED for one in classes)
        if tag == "html":
            skip = False
        hidden = skip or any(self.above)
        if not hidden:
            self.found += [told_[key] for key in ("aria-label", "title", "placeholder", "alt") if told_.get(key)]
        if tag not in self.VOID:
            self.above.append(skip)

    def handle_endtag(self, tag):
        if tag not in self.VOID and self.above:
            self.above.pop()

    def handle_data(self, data):
        if data.strip() and not any(self.above):
            self.found.append(" ".join(data.split()))


def cited(book) -> list[str]:
    """Every citation of the rulebook and the notes to it, the longest first: they stay as their sources have them."""
    found = set()
    for measure in book.measures.values():
        found |= {word for source in measure.sources.values() for word in (source.ref, source.note)}
    for register in book.registers.values():
        found |= {word for source in register.sources.values() for word in (source.ref, source.note)}
        found |= {row.cite.pinpoint for row in register.rows}
        found |= {word for row in register.rows for word in (*row.columns.values(), *row.aliases)}
    for rule in book.rules.values():
        found |= {one.pinpoint for one in (*rule.cite, *(event.by for event in rule.life))}
        found |= {event.note for event in rule.life}
    found |= {fact.presume.cite for fact in book.vocabulary.facts.values() if fact.presume}
    return sorted(filter(None, found), key=len, reverse=True)


def english(page: str, citations: list[str]) -> set[str]:
    """Runs of English words on a page: two or more, most of them in small letters."""
    parser = Texts()
    parser.feed(page)
    found = set()
    for text in parser.found:
        own = text
        for one in citations:
            own = own.replace(one, "·") if len(one) > 3 and one in own else own
        for run in RUN.findall(own):
            words = re.findall(r"[A-Za-z][A-Za-z'’-]*", run)
            small = [word for word in words if word.islower() and len(word) > 1]
            if len(small) >= 2 and len(small) * 2 >= len(words):
                found.add(f"{run} — in: {text[:120]}")
    return found


@pytest.fixture
def stocked(start):
    """A service with something Chinese on every screen, and the path of each."""
    client = start()
    desk = Desk()
    keys = [key for key, info in desk.lists.lists.items() if not info.closed][:2]
    for key in keys:
        party = Party(
            f"{key}/1", "organisation", (Name("清河灯笼科技有限公司"), Name("灯笼科技", quality="weak")),
            Listing(key, "1", since="2021-03-04"), countries=("CN",),
            identifiers=(Identifier("uscc", "91350211M000100Y43"),),
        )  # fmt: skip
        desk.store.add(key, [party], as_of="2020-01-01" if key == keys[0] else "2026-11-20", known="2026-11-20")
    client.headers.update(ZH)
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/help").text).group(1)

    def put(path, **given):
        return client.post(path, data={"csrf": csrf, **given}, follow_redirects=False)

    put("/ask", how="paste", text=DEAL)
    answer = put("/ask/decide").headers["location"]
    put(f"{answer}/note", text="备注")
    put("/ask", how="paste", text=DEAL)
    put("/inbox", text=NOTICE)
    search = "/screening?name=清河灯笼科技有限公司&country=CN"
    hit = re.search(r'href="(/screening/hit\?[^"]+)"', client.get(search).text).group(1).replace("&amp;", "&")
    name = re.search(r"entry=([^&]+)", hit).group(1).replace("%2F", "/")
    put(
        "/screening/hit",
        name="清河灯笼科技有限公司",
        entry=name,
        what="dismiss",
        reason="另一公司",
        expires="2030-01-01",
    )
    book = client.services.book
    paths = ["/", "/ask", "/ask/check", "/ask/question?path=activity", "/ask/question?path=item.kind&element=甲",
             "/ask/question?path=act.on", answer, f"{answer}/destinations", "/decisions", "/decisions?open=yes",
             search, hit, "/screening", "/screening/lists", "/law", "/law/timeline", "/law/matrix?on=2020-09-21",
             "/law/diff?first=2020-08-01&second=2020-09-21", "/inbox", "/inbox/reading", "/record", "/coverage",
             "/help", "/nowhere", "/decisions/999999", "/law/of/nothing"]  # fmt: skip
    paths += [f"/law/of/{key}" for key in (*book.jurisdictions, *book.regimes, *book.registers)]
    paths += [f"/law/of/{key}" for key in [*book.measures, *book.rules][::6]]
    return client, paths, put


def test_no_page_in_chinese_keeps_an_english_sentence(stocked):
    client, paths, _ = stocked
    citations = cited(client.services.book)
    left = {}
    for path in paths:
        page = client.get(path)
        assert page.status_code in (200, 404), (path, page.status_code)
        found = english(page.text, citations)
        if found:
            left[path] = sorted(found)
    assert left == {}


def test_refusals_and_faults_are_told_in_chinese(stocked):
    client, _, put = stocked
    citations = cited(client.services.book)
    wrong = {
        "activity: app.update": "activity: app.updaet", "on: 2020-09-21": "on: 2020-13-40",
        "kind: [technology]": "kind: [tecnology]", "country: CN": "country: Chinaa", "id: 乙, ": "id: 乙, shoe: 1, ",
        "transaction: 1\n": "transaction: 9\n", "act: {on: 2020-09-21}\n": "", "title:": "title: x\ntitle:",
        "items: [": "items: {", "role: users": "role: uzers",
    }  # fmt: skip
    for good, bad in wrong.items():
        page = put("/ask", how="paste", text=DEAL.replace(good, bad))
        assert page.status_code == 422, bad
        assert "faults" in page.text
        assert english(page.text, citations) == set(), bad
    for path, given in (
        ("/ask", {"how": "paste", "text": ""}), ("/ask", {"how": "resume", "code": "AAAA"}),
        ("/ask", {"how": "example", "example": "none"}), ("/inbox", {"text": ""}),
        ("/screening/hit", {"name": "清河灯笼科技有限公司", "entry": "x"}),
    ):  # fmt: skip
        page = put(path, **given)
        assert page.status_code in (404, 409, 422), (path, given)
        assert english(page.text, citations) == set(), (path, given)
    for path in ("/screening?name=甲&on=soon", "/screening?name=甲&kind=ship", "/law/diff?first=x&second=y"):
        page = client.get(path)
        assert page.status_code == 422
        assert english(page.text, citations) == set(), path


def test_the_search_for_english_finds_english():
    assert english("<html lang=zh-Hans><p>请勿 leave this here 。</p></html>", [])
    assert english("<html lang=zh-Hans><input aria-label='say why not'></html>", [])
    assert not english("<html lang=zh-Hans><code>leave this here</code><p>公司 Lantern Apps Ltd.</p></html>", [])
    assert not english("<html lang=zh-Hans><p>依 see the notice of</p></html>", ["see the notice of"])


# --- the data


def problems(*rooms: str) -> set[str]:
    """What the readers of a transaction, and the pages, say is wrong: the first word of each refusal in the source."""
    found = set()
    for room in rooms:
        path = SOURCE / room
        for file in [path] if path.is_file() else sorted(path.glob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    at = {"InputError": 0, "RecordError": 0, "fail": 0, "_wrong": 0, "Refused": 1}.get(name)
                    if at is not None and len(node.args) > at:
                        found |= set(texts(node.args[at]))
    return found - {""}


def texts(node) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)]
    if isinstance(node, ast.IfExp):
        return [*texts(node.body), *texts(node.orelse)]
    return []


@pytest.mark.parametrize(
    "room",
    ["vocabulary/take.py", "vocabulary/reader.py", "vocabulary/transaction.py", "vocabulary/model.py",
     "decide/facts.py", "serve/pages", "serve/gate.py", "serve/roles.py", "serve/oidc.py", "record/ledger.py",
     "record/second.py", "screen/desk.py"],
)  # fmt: skip
def test_whatever_a_reader_may_be_told_has_a_chinese(room):
    missing = {one for one in problems(room) if told(one.replace("{}", "x"), "zh") == one.replace("{}", "x")}
    assert missing == set()


def test_whatever_adds_to_a_score_has_a_chinese():
    tree = ast.parse((SOURCE / "screen" / "score.py").read_text(encoding="utf-8"))
    named = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z]+( [a-z]+)+", node.value)
        and re.search(r"\b(differs|the same|one side|asked|listed|same|name|names|alias)$", node.value)
    }
    assert len(named) > 12
    missing = {one for one in named if told(one, "zh", "features") == one == told(one, "zh", "details")}
    assert missing == set()


def test_named_conditions_and_columns_of_the_shipped_law_have_a_chinese(book):
    names: set[str] = set()

    def walk(node):
        names.update([node.name] if isinstance(node, Meets) else [])
        for part in (*([node.part] if hasattr(node, "part") else []), *getattr(node, "parts", ())):
            walk(part)

    for rule in book.rules.values():
        walk(rule.when)
    for one in book.jurisdictions.values():
        walk(one.touched)
    columns = {column for register in book.registers.values() for column in register.columns}
    assert names
    assert {one for one in names if told(one, "zh", "conditions") == one} == set()
    assert {one for one in columns if told(one, "zh", "columns") == one} == set()


def test_phrases_with_gaps_keep_what_is_in_them_and_english_stays_english():
    assert told("not a code of 'activities'", "zh") == "不是 “activities” 中的代码"
    assert told("did you mean 'app.update'?", "zh") == "是否指 “app.update”？"
    assert told("read as pinyin", "zh", "features") == "按 拼音 读取"
    assert told("not a day; unknown field", "zh") == "不是日期；未知字段"
    assert told("not a day", "en") == "not a day"
    assert told("nobody has put this into Chinese", "zh") == "nobody has put this into Chinese"
    every = {kind: dict(found.items()) for kind, found in read_file(DATA, DATA.name).items()}
    for kind, said in every.items():
        for original, chinese in said.items():
            gaps = str(original).count("{}")
            assert sorted(set(re.findall(r"\{(\d)\}", str(chinese)))) == [str(n) for n in range(gaps)], original
            assert re.search(r"[\u4e00-\u9fff]", str(chinese)), (kind, original)
        assert phrases(str(kind)).plain or phrases(str(kind)).shapes
    assert msgspec.json.encode(told("", "zh")) == b'""'
