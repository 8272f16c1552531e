"""WCAG 2.2 AA: axe on every screen, the ten criteria that LITE's own statement said it failed, reflow, languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.workbench.shots import paste, prepared
from tests.workbench.stand import OPEN_DEAL

axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
SOURCE = (Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = """async () => (await axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  resultTypes: ["violations"]})).violations.map(v => [v.id, v.impact, v.nodes.slice(0, 3).map(n => n.html)])"""
NAMES = """() => [...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")].map(e => [
  [...(e.labels || [])].map(l => l.textContent.trim()).join(" ") || e.getAttribute("aria-label") || "",
  e.outerHTML.slice(0, 90),
  e.form ? [...document.forms].indexOf(e.form) : -1, e.name, e.type])"""
LINKS = """() => [...document.querySelectorAll("main a[href]")].map(e => [
  (e.getAttribute("aria-label") || e.textContent).replace(/\\s+/g, " ").trim(), e.getAttribute("href")])"""
CONTRAST = """s => { const of = c => { const m = c.match(/[\\d.]+/g).map(Number).slice(0, 3).map(v => { v /= 255;
  return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
  return .2126 * m[0] + .7152 * m[1] + .0722 * m[2]; };
  const back = e => { for (let n = e; n; n = n.parentElement) { const c = getComputedStyle(n).backgroundColor;
  if (!/, 0\\)|transparent/.test(c)) return c; } return "rgb(255,255,255)"; };
  return [...document.querySelectorAll(s[0])].slice(0, 40).map(e => {
  const a = of(getComputedStyle(e)[s[1]]), b = of(back(e.parentElement));
  return (Math.max(a, b) + .05) / (Math.min(a, b) + .05); }); }"""
EVERY = (
    "home", "ask", "ask-question", "ask-codes", "ask-check", "answer", "destinations", "decisions", "screening",
    "screening-hit", "lists", "law", "measure", "timeline", "diff", "matrix", "inbox", "inbox-reading", "record",
    "coverage", "help", "error",
)  # fmt: skip


@pytest.fixture(scope="module")
def screens(browser, local):
    """The path of every screen, and the session in which they hold something."""
    context = browser.new_context(base_url=local.url, locale="en-GB")
    page = context.new_page()
    paths = prepared(page, local.url)
    state = context.storage_state()
    context.close()
    assert set(paths) == set(EVERY), "a screen that is not tried here"
    return paths, state


@pytest.fixture
def shown(visit, local, screens):
    """Opens screens by name."""
    paths, state = screens

    def opened(name, **more):
        page = visit(local, storage_state=state, **more)
        page.goto(paths[name])
        return page

    return opened


def open_all(page):
    """Open whatever is folded, so that it is looked at as well."""
    page.evaluate("document.querySelectorAll('details').forEach((d, n) => { if (n < 60) d.open = true; })")


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    ("scheme", "lang", "width"),
    [("light", "en-GB", 1280), ("dark", "zh-CN", 390)],
    ids=["light-en-wide", "dark-zh-narrow"],
)
def test_axe_finds_nothing(shown, name, scheme, lang, width):
    page = shown(name, color_scheme=scheme, lang=lang, width=width)
    open_all(page)
    page.evaluate(SOURCE)
    assert page.evaluate(RUN) == []


@pytest.mark.parametrize("name", EVERY)
def test_every_screen_reflows_at_400_percent(shown, name):
    page = shown(name, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


# --- the ten criteria of LITE's statement


def test_lite_2_4_2_titles_say_which_page_it_is(shown, screens):
    page = shown("home")
    titles = {}
    for name, path in screens[0].items():
        page.goto(path)
        title = page.title()
        assert title.endswith(" · exeat")
        assert len(title) > len("x · exeat")
        assert title not in titles, f"{name} and {titles.get(title)} have one title"
        titles[title] = name


@pytest.mark.parametrize("lang", ["en-GB", "zh-CN"])
def test_lite_4_1_2_every_field_has_a_clear_label(shown, screens, lang):
    page = shown("home", lang=lang)
    for name, path in screens[0].items():
        page.goto(path)
        seen = {}
        for label, html, form, field, kind in page.evaluate(NAMES):
            assert len(label) >= (1 if lang == "zh-CN" else 2), (name, html)
            key = (form, label)
            assert key not in seen or kind in ("radio", "checkbox"), (name, label, "labels two fields")
            seen[key] = field


@pytest.mark.parametrize("name", ["ask-check", "answer", "inbox-reading"])
def test_lite_2_4_4_links_of_one_name_lead_to_one_place(shown, name):
    page = shown(name)
    places = {}
    for text, href in page.evaluate(LINKS):
        assert text, href
        assert places.setdefault(text, href) == href, f"{text!r} leads to {href} and {places[text]}"


def test_lite_2_4_6_each_change_link_says_what_it_changes(shown):
    page = shown("ask-check")
    texts = [text for text, href in page.evaluate(LINKS) if text.startswith("Change")]
    assert len(texts) >= 8
    assert len(set(texts)) == len(texts)
    assert all(len(text) > len("Change ") for text in texts)


def test_lite_3_3_7_what_was_answered_is_not_asked_for_again(shown, local):
    page = shown("ask")
    paste(page, local.url, OPEN_DEAL)
    page.goto("/ask/question?path=party.name&element=us&back=check")
    assert page.locator("#answer").input_value() == "Lantern Apps"
    page.goto("/ask/question?path=act.on")
    assert page.locator("#answer").input_value() == "2020-09-21"
    page.click(".back a")
    page.goto("/ask/question?path=activity")
    assert page.locator("#answer").input_value() == "app.update"


def test_lite_3_3_2_choices_are_native_and_grouped_under_their_question(shown, screens):
    page = shown("home")
    for name, path in screens[0].items():
        page.goto(path)
        bad = page.evaluate(
            "() => [...document.querySelectorAll('[role=radio], [role=slider], [role=button], [role=checkbox]')]"
            ".map(e => e.outerHTML.slice(0, 80))"
        )
        assert bad == [], name
        loose = page.evaluate(
            "() => [...document.querySelectorAll('input[type=radio]')].filter(e => !e.labels.length).map(e => e.name)"
        )
        assert loose == [], name
    page.goto(screens[0]["screening"])
    assert all(page.locator("meter").evaluate_all("all => all.map(e => !!e.getAttribute('aria-label'))"))


@pytest.mark.parametrize("name", ["home", "ask-codes", "answer", "screening-hit", "timeline", "record"])
def test_lite_2_4_7_the_focus_is_seen_all_the_way(shown, name):
    page = shown(name)
    seen = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "() => { const e = document.activeElement; if (e === document.body) return null;"
            " const c = getComputedStyle(e),"
            " r = e.getBoundingClientRect(), within = (v, most) => Math.min(Math.max(v, 1), most - 1);"
            " const x = within(r.x + r.width / 2, innerWidth);"
            " const y = within(r.y + Math.min(r.height / 2, 10), innerHeight);"
            " const over = document.elementFromPoint(x, y);"
            " return [c.outlineStyle !== 'none' && parseFloat(c.outlineWidth) >= 2,"
            " !over || e.contains(over) || over.contains(e), e.outerHTML.slice(0, 90)]; }"
        )
        if told is None:
            break
        assert told[0], f"no outline: {told[2]}"
        assert told[1], f"hidden behind something: {told[2]}"
        seen += 1
    assert seen >= 8


def test_lite_4_1_2_no_table_has_an_empty_head(shown, screens):
    page = shown("home")
    tables = 0
    for name, path in screens[0].items():
        page.goto(path)
        open_all(page)
        heads = page.evaluate("() => [...document.querySelectorAll('th')].map(e => e.textContent.trim())")
        tables += page.locator("table").count()
        assert all(heads), name
        assert page.evaluate(
            "() => [...document.querySelectorAll('table')].every(t => t.querySelector('th[scope]') && t.caption)"
        )
    assert tables > 8


def test_lite_1_3_5_what_is_asked_of_oneself_can_be_filled_in(visit, office, shown, screens):
    page = visit(office)
    page.goto("/login")
    assert page.locator("#token").get_attribute("autocomplete") == "current-password"
    page = shown("home")
    for name, path in screens[0].items():
        page.goto(path)
        for label, html, *_ in page.evaluate(NAMES):
            own = re.search(r"\byour (own )?(name|e-?mail|phone|organisation)\b", label, re.I)
            assert not own or "autocomplete=" in html, (name, label)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("timeline", ["figure .bar.force", "fill"]), ("timeline", ["figure .bar", "stroke"]),
        ("timeline", [".hatch-line", "stroke"]), ("timeline", [".cross-line", "stroke"]),
        ("timeline", [".dots-dot", "fill"]), ("destinations", [".tile", "borderTopColor"]),
        ("ask-check", ["main input:not([type=hidden]), main select", "borderTopColor"]),
        ("answer", [".verdict", "borderTopColor"]), ("answer", ["button.quiet", "borderTopColor"]),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0].split(",")[0],
)  # fmt: skip
def test_lite_1_4_11_what_is_drawn_stands_out(shown, scheme, name, what):
    page = shown(name, color_scheme=scheme)
    found = page.evaluate(CONTRAST, what)
    assert found
    assert min(found) >= 3, min(found)


# --- language, motion, paper


def test_chinese_on_an_english_page_says_so(shown):
    page = shown("answer")
    loose = page.evaluate(
        "() => { const out = [], main = document.querySelector('main');"
        " const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);"
        " while (walk.nextNode()) { const n = walk.currentNode; if (/[\\u4e00-\\u9fff]{2,}/.test(n.data)"
        " && !n.parentElement.closest('[lang^=zh]')) out.push(n.data.trim().slice(0, 60)); } return out; }"
    )
    assert loose == []
    assert page.locator("main [lang=zh-Hans]").count() > 0


def test_on_paper_there_is_the_answer_and_no_machinery(shown):
    page = shown("answer")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible()
    assert not page.locator("form").first.is_visible()
    assert page.locator(".verdict .word").is_visible()
    assert page.locator(".printonly").is_visible()
