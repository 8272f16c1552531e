"""What axe says of pages in other states than the usual: with faults, with nothing in them, after something was done;
and that each check of LITE's ten failures finds that failure on a page that has it.
"""

from __future__ import annotations

import pytest

from tests.workbench import test_accessibility as checks
from tests.workbench.shots import decide, paste
from tests.workbench.stand import DEAL, NOTICE, OPEN_DEAL, running

LOOKS = pytest.mark.parametrize(
    ("scheme", "lang", "width"),
    [("light", "en-GB", 1280), ("dark", "zh-CN", 390)],
    ids=["light-en-wide", "dark-zh-narrow"],
)


def clean(page):
    """Everything opened, and nothing found."""
    checks.open_all(page)
    page.evaluate(checks.SOURCE)
    assert page.evaluate(checks.RUN) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, "it scrolls sideways"


def empty_paste(page, url):
    paste(page, url, " ")


def wrong_word(page, url):
    paste(page, url, OPEN_DEAL.replace("app.update", "app.updaet"))


def nothing_answered(page, url):
    paste(page, url, OPEN_DEAL)
    page.goto(f"{url}/ask/question?path=item.kind&element=build&back=check")
    for one in page.locator("main input:checked").all():
        one.uncheck() if one.get_attribute("type") == "checkbox" else None
    page.click("main form button")


def role_missing(page, url):
    paste(page, url, OPEN_DEAL)
    page.click("#add-parties button")


def code_given(page, url):
    paste(page, url, OPEN_DEAL)
    page.click("form[action='/ask/later'] button")


def wrong_code(page, url):
    page.goto(f"{url}/ask")
    page.fill("#code", "AAAA")
    page.click("button[value=resume]")


def nothing_said(page, url):
    page.goto(f"{url}{decide(page, url, DEAL)}")
    page.click(".missing button")


def run_again(page, url):
    page.goto(f"{url}{decide(page, url, OPEN_DEAL)}")
    page.click("button[name=law][value=today]")


def no_destination(page, url):
    page.goto(f"{url}{decide(page, url, OPEN_DEAL.partition('places:')[0])}/destinations")


def screened_none(page, url):
    page.goto(f"{url}/screening?name=Nobody+of+That+Name+At+All")


def screened_wrong(page, url):
    page.goto(f"{url}/screening?name=x&on=soon&kind=ship")


def hit_without_reason(page, url):
    page.goto(f"{url}/screening?name=Qinghe+Lantern+Technology&reference=axe")
    page.locator("tbody th a").first.click()
    page.check("input[value=dismiss]")
    page.click("#decided button")


def hit_decided(page, url):
    hit_without_reason(page, url)
    page.fill("#reason", "another")
    page.click("#decided button")


def none_in_queue(page, url):
    page.goto(f"{url}/decisions?party=nobody+of+that+name")


def verified(page, url):
    page.goto(f"{url}/record")
    page.click("form[action='/record/verify'] button")
    page.locator("#checked [role=status]").wait_for()


def days_wrong(page, url):
    page.goto(f"{url}/law/diff?first=2020-13-40&second=2020-01-01")


def days_same(page, url):
    page.goto(f"{url}/law/diff?first=2020-01-01&second=2020-01-01")


def found_in_law(page, url):
    page.goto(f"{url}/law?q=tiktok")


def one_jurisdiction(page, url):
    page.goto(f"{url}/law/timeline?of=eu&known=2021-01-01")


def inbox_empty(page, url):
    page.goto(f"{url}/inbox")
    page.click("main form button")


def proposed(page, url):
    page.goto(f"{url}/inbox")
    page.fill("#text", NOTICE)
    page.click("main form button")
    page.locator(".mentions details summary").first.click()
    page.locator("form[action='/inbox/propose'] button").first.click()


STATES = (
    empty_paste, wrong_word, nothing_answered, role_missing, code_given, wrong_code, nothing_said, run_again,
    no_destination, screened_none, screened_wrong, hit_without_reason, hit_decided, none_in_queue, verified, days_wrong,
    days_same, found_in_law, one_jurisdiction, inbox_empty, proposed,
)  # fmt: skip


@LOOKS
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing_in_any_state(visit, local, state, scheme, lang, width):
    page = visit(local, color_scheme=scheme, lang=lang, width=width)
    state(page, local.url)
    clean(page)


@LOOKS
def test_axe_finds_nothing_at_the_door_and_on_a_proposal_for_a_second_person(visit, office, scheme, lang, width):
    page = visit(office, color_scheme=scheme, lang=lang, width=width)
    page.goto("/login")
    clean(page)
    page.fill("#token", "wrong")
    page.click("main form button")
    clean(page)
    analyst = visit(office, role="analyst", color_scheme=scheme, lang=lang, width=width)
    proposed(analyst, office.url)
    clean(analyst)
    approver = visit(office, role="approver", color_scheme=scheme, lang=lang, width=width)
    approver.goto(analyst.url)
    approver.click("main form button")
    assert approver.locator(".faults").count() == 1
    clean(approver)


@LOOKS
def test_axe_finds_nothing_where_there_is_nothing_yet(visit, monkeypatch, tmp_path, scheme, lang, width):
    monkeypatch.setenv("EXEAT_HOME", str(tmp_path / "home"))
    with running() as bare:
        page = visit(bare, color_scheme=scheme, lang=lang, width=width)
        for path in ("/", "/ask", "/decisions", "/screening", "/screening?name=x", "/screening/lists", "/inbox",
                     "/inbox/reading", "/ask/check", "/record"):  # fmt: skip
            page.goto(path)
            clean(page)


# --- each of LITE's failures is found where it is

BAD = """<!doctype html><html lang="en"><head><title>exeat</title><style>
*:focus { outline: none !important; } .faint { border: 1px solid #e5e5e5; } .bar { fill: #f4f4f4; }
</style></head><body style="background:#fff"><main>
<a href="/ask/question?path=a">Change</a> <a href="/ask/question?path=b">Change</a>
<form><input id="bare" name="bare"><label for="one">Name</label><input id="one" name="one">
<label for="two">Name</label><input id="two" name="two">
<input type="radio" name="stars" value="5"><div role="radio" tabindex="0">*****</div></form>
<label for="own">Your name</label><input id="own" name="own">
<table><thead><tr><th></th><th>Verdict</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>
<div class="faint">tile</div></main></body></html>"""


@pytest.fixture
def bad(browser):
    page = browser.new_page()  # of no site: ours would not let it have its style
    page.set_content(BAD)
    yield page
    page.close()


def test_a_title_that_says_nothing_is_found(bad):
    assert checks.title_faults([("bad", bad.title()), ("worse", bad.title())])


def test_fields_without_a_label_or_with_another_s_are_found(bad):
    told = checks.label_faults(bad.evaluate(checks.NAMES), 2)
    assert any("bare" in one for one in told)
    assert any("two fields" in one for one in told)


def test_links_of_one_name_to_two_places_are_found(bad):
    links = bad.evaluate(checks.LINKS)
    assert checks.link_faults(links)
    assert checks.change_faults(links)


def test_choices_that_are_not_native_or_have_no_label_are_found(bad):
    assert len(checks.choice_faults(bad)) == 2


def test_a_focus_that_is_not_seen_is_found(bad):
    with pytest.raises(AssertionError, match="no outline"):
        checks.follow_the_focus(bad)


def test_an_empty_head_of_a_table_is_found(bad):
    assert checks.table_faults(bad)


def test_a_field_for_one_s_own_name_without_autocomplete_is_found(bad):
    assert checks.own_faults(bad.evaluate(checks.NAMES))


def test_what_is_drawn_too_faintly_is_found(bad):
    assert min(bad.evaluate(checks.CONTRAST, [".faint", "borderTopColor"])) < 3


def test_axe_itself_is_awake(bad):
    bad.evaluate(checks.SOURCE)
    assert {one[0] for one in bad.evaluate(checks.RUN)} >= {"label"}
