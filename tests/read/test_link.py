"""Links with reasons, history, drafts, the timeline, the codebook: on invented mentions."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import pytest

from exeat.errors import InputErrors
from exeat.page import mentions_timeline, reading
from exeat.read.fold import DATA
from exeat.read.lexicon import lexicon
from exeat.read.link import NONE, Ledger, attach_history, bare, days_in, numbers
from exeat.read.model import Actor, Evidence, Instrument, Mention, Moment
from exeat.read.pipeline import read_bytes
from exeat.read.stub import comment, draft, wanted, with_stubs, word
from exeat.rulebook.load import load_book, shipped_law
from exeat.vocabulary.reader import read_text

DOC = Actor("美国商务部", "US-DOC", "authority", "US")
WECHAT, TIKTOK = Actor("微信", "APP-WECHAT", "app"), Actor("TikTok", "APP-TIKTOK", "app")


@pytest.fixture(scope="module")
def ledger(book):
    return Ledger(book)


def mention(action, actors, targets, announced="", effective="", instrument=None, key="m1", status="announced"):
    return Mention(
        key,
        "measure",
        action,
        tuple(actors),
        tuple(targets),
        status,
        "primary",
        (Evidence("x", 0, 1),),
        instrument=instrument,
        announced=Moment(announced) if announced else None,
        effective=Moment(effective) if effective else None,
    )


def linked(ledger, one):
    return ledger.link([one])[0]


def test_numbers_have_one_form():
    assert (
        numbers("商务部 科技部公告2020年第38号") == numbers("商务部、科技部公告 ２０２０年第３８号") == {"公告:2020/38"}
    )
    assert numbers("E.O. 13942") == numbers("Executive Order 13942") == numbers("第13942号行政命令") == {"eo:13942"}
    assert numbers("85 FR 48637, FR Doc. 2020-17699") == {"fr:85/48637", "doc:2020-17699"}
    assert numbers("2020年9月18日, 100-2020") == frozenset()
    assert days_in("84 FR 22961 (21 May 2019), effective 2019-05-16") == {"2019-05-21", "2019-05-16"}
    assert bare("ByteDance Ltd.") == bare("bytedance")
    assert bare("字节跳动有限公司") == bare("字节跳动")


def test_an_exact_number_settles_it(ledger):
    named = Instrument("公告", "商务部 科技部公告2020年第38号")
    one = linked(ledger, mention("amend_catalogue", [], [], instrument=named))
    assert one.link.to == "cn.catalogue-versions/2020"
    assert one.link.reasons[0][0].startswith("number ")


def test_a_list_needs_a_party(ledger):
    smic = Actor("中芯国际", "ORG-SMIC", "company")
    listed = Instrument("实体清单", "", "", "US-BIS-ENTITY-LIST")
    one = linked(ledger, mention("list_add", [DOC], [smic], "2020-12-18", instrument=listed))
    assert one.link.to.startswith("us.ear.entity-list/")
    assert {"list", "party"} <= {why for why, _ in one.link.reasons}
    unknown = Actor("甲公司", "", "company")
    other = linked(ledger, mention("list_add", [DOC], [unknown], "2020-12-18", instrument=listed))
    assert other.link.to == NONE


def test_authority_thing_and_day_tell_measures_apart(ledger):
    for targets, day, entry in (
        ([WECHAT], "2020-09-20", "us.wechat-2020"),
        ([TIKTOK], "2020-11-12", "us.tiktok-2020"),
        ([WECHAT, TIKTOK], "2020-09-20", "us.commerce-statement-2020"),
    ):
        one = linked(ledger, mention("prohibit", [DOC], targets, "2020-09-18", day))
        assert one.link.to == entry
        assert one.link.score == pytest.approx(sum(worth for _, worth in one.link.reasons))


def test_another_country_or_day_is_no_link(ledger):
    india = Actor("印度政府", "IN-GOV", "government", "IN")
    assert linked(ledger, mention("prohibit", [india], [TIKTOK], "2020-06-29")).link.to == NONE
    assert linked(ledger, mention("prohibit", [india], [TIKTOK], "2020-09-18")).link.to == NONE
    assert linked(ledger, mention("prohibit", [DOC], [TIKTOK], "2023-03-01")).link.to == NONE


def test_parties_of_one_register_tell_which_it_is(ledger):
    state = Actor("美国政府", "US-GOV", "government", "US")
    zte, huawei = Actor("中兴", "ORG-ZTE", "company"), Actor("华为", "ORG-HUAWEI", "company")
    unknown = Actor("甲公司", "", "company")
    assert linked(ledger, mention("restrict_export", [state], [zte, huawei])).link.to == "us.ear.entity-list"
    assert linked(ledger, mention("restrict_export", [state], [huawei])).link.to == NONE
    assert linked(ledger, mention("restrict_export", [state], [huawei, unknown])).link.to == NONE
    china = Actor("中国政府", "CN-GOV", "government", "CN")
    assert linked(ledger, mention("restrict_export", [china], [zte, huawei])).link.to == NONE


def test_a_place_in_brackets_is_no_name_of_a_company(ledger):
    subjects = {
        name for entry in ledger.entries for name, code in entry.subjects.items() if code.startswith("entities/")
    }
    assert subjects
    assert not subjects & {"usa", "美国", "us", "unitedstates", "china", "中国"}


def test_what_became_of_the_entry_is_attached(ledger):
    history = linked(ledger, mention("prohibit", [DOC], [WECHAT], "2020-09-18", "2020-09-20")).history
    assert any("enjoined" in line for line in history)
    assert any("revoked" in line for line in history)


def test_later_documents_tell_what_became_of_earlier_ones():
    first = mention("prohibit", [DOC], [TIKTOK], "2020-09-18", "2020-09-20")
    later = mention("delay", [DOC], [TIKTOK], "2020-09-19", "2020-09-27", key="m4")
    other = mention("prohibit", [DOC], [WECHAT], "2020-09-18", key="m2")
    threat = mention("revoke", [DOC], [TIKTOK], "2020-09-20", key="m5", status="possible")
    found = attach_history([("a", first), ("a", other), ("b", later), ("b", threat)])
    assert found == {("a", "m1"): ("2020-09-19 delayed until 2020-09-27 by 美国商务部 (b m4)",)}


def post(text):
    return f"---\ntitle: 一则消息\ndate: 2024-05-02T08:00:00Z\n---\n<div><p>{text}</p><p>完。</p></div>".encode()


def test_a_draft_can_be_read_and_is_refused_as_law(ledger, book, tmp_path):
    raw = post("商务部5月1日宣布，自2024年6月1日起，禁止石墨对美国出口。")
    document = read_bytes(raw, "a.md", lexicon(book), ledger)[0]
    document = with_stubs(document, ledger)
    drafts = [one.stub for one in document.mentions if one.stub]
    assert drafts
    node = read_text(drafts[0], "draft.yaml")
    assert node["sources"]["report"]["seen"] == node["rules"][0]["seen"] == "unverified"
    assert "a person must review" in drafts[0]
    (tmp_path / "draft.yaml").write_text(drafts[0], encoding="utf-8")
    with pytest.raises(InputErrors):
        load_book([shipped_law(), tmp_path])


NASTY = ('a: "b" # c', "x\nrules: []", "- {}", "\\", "{a}", "*a", "yes", "“”《》", "\u202eevil", "a" * 300)


@pytest.mark.parametrize("name", NASTY)
def test_no_name_breaks_out_of_a_draft(name, ledger, book):
    assert read_text(f"a: {word(name)}\n", "x").keys() == {"a"}
    assert "\n" not in comment(name)
    document = read_bytes(post("没有。"), "a.md", lexicon(book), ledger)[0]
    one = mention("prohibit", [Actor(name, "", "authority", "CN")], [Actor(name, "", "company")], "2024-05-01")
    one = linked(ledger, msgspec.structs.replace(one, instrument=Instrument(name, name)))
    assert wanted(one)
    node = read_text(draft(document, one, ledger), "draft.yaml")
    assert set(node) == {"measure", "regime", "title", "authority", "kind", "sources", "rules"}


# --- pages


@pytest.fixture(scope="module")
def documents(book, ledger):
    words = lexicon(book)
    texts = (
        "美国商务部5月1日宣布，自2024年6月1日起，禁止下载微信。",
        "<script>alert(1)</script>商务部宣布将甲公司列入不可靠实体清单。",
        "=1+1 晴。",
    )
    return [one for n, text in enumerate(texts) for one in read_bytes(post(text), f"{n}.md", words, ledger)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_are_whole_and_run_nothing(documents, lang):
    lines = mentions_timeline.lines(documents, lang)
    assert lines
    ET.fromstring(mentions_timeline.svg(lines, lang))
    for page in (reading.html(documents, lang), mentions_timeline.html(lines, lang)):
        assert not re.search(r"<script|javascript:|\bon[a-z]+=", page, re.IGNORECASE)
        assert "default-src 'none'" in page
    assert "2024-06-01" in reading.text(documents, lang, 80)
    assert mentions_timeline.svg([], lang).endswith("</svg>\n")


def test_csv_cells_are_no_formulas(documents):
    for line in reading.table(documents).splitlines()[1:]:
        assert not re.search(r'(?:^|,)"?[=+@-]', line)


def test_json_has_the_shape_of_the_annotation(documents):
    found = reading.plain(documents[0])
    assert list(found) == ["id", "sha256", "metadata", "text", "mentions", "times", "warnings"]
    text = found["text"]["text"]
    for part in [*found["times"], *(quote for one in found["mentions"] for quote in one["evidence"])]:
        assert text[part["start"] : part["end"]] == part["quote"]


def test_the_codebook_has_every_action_and_status():
    page = (Path(__file__).parents[2] / "docs/reference/codebook.md").read_text("utf-8")
    used = {"actions": "action", "groups": "group", "statuses": "status"}
    frames = "".join(path.read_text("utf-8") for path in sorted(DATA.glob("frames-*.yaml")))
    for part, key in used.items():
        named = set(re.findall(rf"[{{,] ?{key}: ([a-z_]+)", frames)) - {"drop", "none"}
        known = set(reading.codebook()[part])
        assert named <= known, named - known
        assert all(f"`{code}`" in page for code in known), [code for code in known if f"`{code}`" not in page]


def test_words_of_data_files_become_plain_strings(documents):
    word_ = read_text("a: b", "x")["a"]
    changed = msgspec.structs.replace(documents[0], id=word_)
    assert type(reading.plain(changed)["id"]) is str
    assert msgspec.json.encode(reading.plain(changed))


def test_pages_say_in_which_language_and_column_each_text_is(book):
    """Readers aloud need the language; a narrow screen shows cards without the heads of the columns."""
    text = (
        "<p>美國商務部2020年9月18日宣布，自2020年9月20日起，禁止在美國境內下載或更新微信。</p><p>外交部表示遺憾。</p>"
    )
    (document,) = read_bytes(f"---\ntitle: 題目\n---\n{text}".encode(), "a.md", lexicon(book), Ledger(book))
    found = reading.html([document], "en")
    assert '<html lang="en">' in found
    assert '<h2 id="a" lang="zh-Hant">題目</h2>' in found
    assert f'<span lang="zh-Hant">{document.mentions[0].evidence[0].quote}</span>' in found
    assert found.count('data-label="Evidence"') == len(document.mentions)
    assert "prefers-color-scheme:dark" in found
    lines = mentions_timeline.lines([document], "en")
    both = mentions_timeline.html(lines, "en")
    assert 'lang="zh-Hant">' + document.mentions[0].evidence[0].quote in both
    assert both.count("<svg") == 2
    ids = re.findall(r' id="([^"]+)"', both)
    assert len(ids) == len(set(ids))
    assert 'aria-labelledby="mt md"' in both
    assert 'aria-labelledby="nt nd"' in both


def test_two_days_close_together_are_both_to_be_seen(book):
    """A ring about a dot: a filled ring would hide it."""
    line = mentions_timeline.Line(
        "measure", "x", "announced",
        (mentions_timeline.Day("announced", "2020-09-18", "2020-09-18"),
         mentions_timeline.Day("effective", "2020-09-19", "2020-09-19")), "", (), "", (),
    )  # fmt: skip
    picture = mentions_timeline.svg([line], "en")
    body = picture[picture.index("</rect>") if "</rect>" in picture else 0 :]
    rings = re.findall(r'<circle class="measure ring"[^>]*fill="none"', body)
    dots = re.findall(r'<circle class="measure" [^>]*r="4"', body)
    assert (len(rings), len(dots)) == (1, 1)
    assert body.index(dots[0]) < body.index(rings[0])


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return sum(
        weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
        for weight, part in zip((0.2126, 0.7152, 0.0722), channels, strict=True)
    )


@pytest.mark.parametrize("colour", mentions_timeline.COLOURS.values())
def test_colours_stand_out_from_white(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5
