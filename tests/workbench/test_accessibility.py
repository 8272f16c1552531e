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


# --- the ten criteria of LITE's statement. Each check tells its faults; `test_states` shows it a page that has them.


def title_faults(titles):
    """Titles that do not say which page it is, or that two pages share: of (name, title)."""
    found, seen = [], {}
    for name, title in titles:
        if not title.endswith(" · exeat") or len(title) <= len("x · exeat"):
            found.append(f"{name}: {title!r} says nothing")
        if title in seen:
            found.append(f"{name} and {seen[title]} have one title")
        seen[title] = name
    return found


def label_faults(fields, shortest):
    """Fields without a label, and labels of two fields of a form."""
    found, seen = [], {}
    for label, html, form, field, kind in fields:
        if len(label) < shortest:
            found.append(f"no label: {html}")
        if (form, label) in seen and kind not in ("radio", "checkbox"):
            found.append(f"{label!r} labels two fields")
        seen[form, label] = field
    return found


def link_faults(links):
    """Links without a name, and names that lead to two places."""
    found, places = [], {}
    for text, href in links:
        if not text:
            found.append(f"no name: {href}")
        elif places.setdefault(text, href) != href:
            found.append(f"{text!r} leads to {href} and {places[text]}")
    return found


def change_faults(links):
    """Links to change something that do not say what."""
    texts = [text for text, _ in links if text.startswith("Change")]
    return [text for text in texts if texts.count(text) > 1 or len(text) <= len("Change ")]


def choice_faults(page):
    """Choices that are not native, and native ones without a label."""
    return page.evaluate(
        "() => [...[...document.querySelectorAll('[role=radio], [role=slider], [role=button], [role=checkbox]')],"
        " ...[...document.querySelectorAll('input[type=radio]')].filter(e => !e.labels.length)]"
        ".map(e => e.outerHTML.slice(0, 80))"
    )


def follow_the_focus(page, steps=60):
    """Tab on; whatever has the focus has an outline and is hidden behind nothing. How many there were."""
    seen = 0
    for _ in range(steps):
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
    return seen


def table_faults(page):
    """Empty heads, and tables without a head that says of what it is one, or without a caption."""
    return page.evaluate(
        "() => [...[...document.querySelectorAll('th')].filter(e => !e.textContent.trim()),"
        " ...[...document.querySelectorAll('table')].filter(t => !t.querySelector('th[scope]') || !t.caption)]"
        ".map(e => e.outerHTML.slice(0, 80))"
    )


def own_faults(fields):
    """Fields for what a browser knows of its user that it is not told about."""
    asked = re.compile(r"\byour (own )?(name|e-?mail|phone|organisation)\b", re.I)
    return [html for label, html, *_ in fields if asked.search(label) and "autocomplete=" not in html]


def test_lite_2_4_2_titles_say_which_page_it_is(shown, screens):
    page = shown("home")
    titles = []
    for name, path in screens[0].items():
        page.goto(path)
        titles.append((name, page.title()))
    assert title_faults(titles) == []


@pytest.mark.parametrize("lang", ["en-GB", "zh-CN"])
def test_lite_4_1_2_every_field_has_a_clear_label(shown, screens, lang):
    page = shown("home", lang=lang)
    for name, path in screens[0].items():
        page.goto(path)
        assert label_faults(page.evaluate(NAMES), 1 if lang == "zh-CN" else 2) == [], name


@pytest.mark.parametrize("name", ["ask-check", "answer", "inbox-reading"])
def test_lite_2_4_4_links_of_one_name_lead_to_one_place(shown, name):
    assert link_faults(shown(name).evaluate(LINKS)) == []


def test_lite_2_4_6_each_change_link_says_what_it_changes(shown):
    links = shown("ask-check").evaluate(LINKS)
    assert sum(text.startswith("Change") for text, _ in links) >= 8
    assert change_faults(links) == []


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
        assert choice_faults(page) == [], name
    page.goto(screens[0]["screening"])
    assert all(page.locator("meter").evaluate_all("all => all.map(e => !!e.getAttribute('aria-label'))"))


@pytest.mark.parametrize("name", ["home", "ask-codes", "answer", "screening-hit", "timeline", "record"])
def test_lite_2_4_7_the_focus_is_seen_all_the_way(shown, name):
    assert follow_the_focus(shown(name)) >= 8


def test_lite_4_1_2_no_table_has_an_empty_head(shown, screens):
    page = shown("home")
    tables = 0
    for name, path in screens[0].items():
        page.goto(path)
        open_all(page)
        tables += page.locator("table").count()
        assert table_faults(page) == [], name
    assert tables > 8


def test_lite_1_3_5_what_is_asked_of_oneself_can_be_filled_in(visit, office, shown, screens):
    page = visit(office)
    page.goto("/login")
    assert page.locator("#token").get_attribute("autocomplete") == "current-password"
    page = shown("home")
    for name, path in screens[0].items():
        page.goto(path)
        assert own_faults(page.evaluate(NAMES)) == [], name


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
