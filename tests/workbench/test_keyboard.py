"""The main job of every screen with the keyboard alone, with and without JavaScript."""

from __future__ import annotations

import pytest

from tests.workbench.keys import choose, date, go, pick, tab_to, write
from tests.workbench.shots import decide
from tests.workbench.stand import DEAL, NOTICE, OPEN_DEAL

BOTH = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


@BOTH
def test_the_interview_one_question_a_page(visit, local, script):
    page = visit(local, script=script)
    page.goto("/ask")
    tab_to(page, "button[value=interview]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask/question**")
    tab_to(page, "select[name=answer]")
    page.keyboard.type("content delivery")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**path=act.on**")
    date(page, "input[type=date]", "2020-09-21")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "act.on" not in url)
    assert "act.on" not in page.url


@BOTH
def test_ask_by_pasting_and_decide(visit, local, script):
    page = visit(local, script=script)
    page.goto("/ask")
    write(page, "#text", OPEN_DEAL)
    go(page, "button[value=paste]")
    page.wait_for_url("**/ask/check")
    go(page, "a[href*='path=item.app']")
    page.wait_for_url("**/ask/question**")
    assert page.locator("input[value=wechat], option[value=wechat]").count() == 1
    go(page, "main form button")
    page.wait_for_url("**/ask/check")
    go(page, "#decide form[action='/ask/decide'] button")
    page.wait_for_url("**/decisions/*")
    assert page.locator(".verdict .word").inner_text()


@BOTH
def test_answer_what_is_missing_ask_again_and_open_the_reasons(visit, local, script):
    page = visit(local, script=script)
    first = decide(page, local.url, DEAL)
    page.goto(first)
    pick(
        page,
        ".missing fieldset:first-of-type input[type=radio], .missing .field:first-of-type input[type=radio]",
        "none",
    )
    go(page, ".missing button")
    page.wait_for_url(lambda url: not url.endswith(first))
    second = page.url
    go(page, ".onpage a[href='#h-trees']")
    tab_to(page, "details.tree > summary", most=5)
    page.keyboard.press("Enter")
    assert page.locator("details.tree[open]").count() == 1
    go(page, ".onpage a[href='#h-again']")
    date(page, "#again-on", "2020-09-19")
    go(page, "form[action$='/again'] button")
    page.wait_for_url(lambda url: url.partition("#")[0] != second and "/decisions/" in url)
    assert "law as of 19 Sep 2020" in page.locator("main").inner_text()
    go(page, "a[href$='/destinations']")
    page.wait_for_url("**/destinations")
    tab_to(page, "main details summary")
    page.keyboard.press("Enter")
    assert page.locator("main details table").is_visible()


@BOTH
def test_screen_a_name_dismiss_the_hit_with_an_end_and_take_it_back(visit, local, script):
    page = visit(local, script=script)
    page.goto("/screening")
    write(page, "#name", "Qinghe Lantern Technology")
    write(page, "#reference", f"K-{script}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/screening?**")
    go(page, "tbody th a")
    page.wait_for_url("**/screening/hit?**")
    pick(page, "#decided input[name=what]", "dismiss")
    write(page, "#reason", "another company of that name")
    date(page, "#expires", "2027-03-31")
    go(page, "#decided button")
    assert page.locator(".state-dismissed").count() == 1
    assert "31 Mar 2027" in page.locator("main").inner_text()
    pick(page, "#decided input[name=what]", "undo")
    write(page, "#reason", "looked again")
    go(page, "#decided button")
    assert page.locator(".state-open").count() == 1
    pick(page, "#decided input[name=what]", "confirm")
    write(page, "#reason", "the number is the same")
    go(page, "#decided button")
    assert page.locator(".state-confirmed").count() == 1


@BOTH
def test_law_and_time(visit, local, script):
    page = visit(local, script=script)
    page.goto("/law")
    write(page, "#q", "wechat")
    page.keyboard.press("Enter")
    page.wait_for_url("**/law?q=wechat")
    go(page, "a[href='/law/of/us.wechat-2020']")
    page.wait_for_url("**/law/of/us.wechat-2020")
    date(page, "#on", "2020-09-21")
    page.keyboard.press("Enter")
    page.wait_for_url("**on=2020-09-21")
    assert page.locator(".look-court").count() >= 1
    page.goto("/law/timeline")
    choose(page, "#of", "cn")
    go(page, "form:has(#of) button")
    page.wait_for_url("**of=cn**")
    assert page.locator("figure svg text.lane-name").count() == 1
    tab_to(page, "figure .scroll")  # whoever cannot point can still move the picture
    page.goto("/law/diff")
    date(page, "#first", "2020-09-19")
    date(page, "#second", "2020-09-21")
    go(page, "form:has(#first) button")
    page.wait_for_url("**/law/diff?**")
    assert page.locator(".diff tbody tr").count() > 0
    page.goto("/law/matrix")
    date(page, "#on", "2020-09-21")
    go(page, "form:has(#on) button")
    page.wait_for_url("**on=2020-09-21**")
    tab_to(page, ".scroll")
    assert page.locator(".matrix td.tone-prohibited").count() > 0


@BOTH
def test_four_eyes_on_a_conclusion(visit, office, script):
    page = visit(office, script=script, role="approver")
    path = decide(page, office.url, DEAL)
    page.goto(path)
    go(page, ".onpage a[href='#conclusions']")
    tab_to(page, "#conclusions details summary", most=10)
    page.keyboard.press("Enter")
    choose(page, "#override-verdict", "licence_required")
    write(page, "#override-reason", "counsel says so")
    go(page, "#conclusions details button")
    assert "A second person must agree" in page.locator("#conclusions").inner_text()
    name = f"second-by-keyboard-{script}"
    office.tokens[name] = office.services.access.add_token(name, "approver")
    second = visit(office, script=script, role=name)
    second.goto(path)
    go(second, ".onpage a[href='#conclusions']")
    write(second, "#conclusions article input[name=reason]", "agreed")
    go(second, "#conclusions article button")
    assert f"Seconded by {name}" in second.locator("#conclusions").inner_text()
    write(second, "#history form[action$='/hold'] input[name=reason]", "a request of the authority")
    go(second, "#history form[action$='/hold'] button")
    assert "Under a legal hold" in second.locator("main").inner_text()


@BOTH
def test_filter_the_queue_and_verify_the_record(visit, local, script):
    page = visit(local, script=script)
    decide(page, local.url, OPEN_DEAL)
    page.goto("/decisions")
    choose(page, "#verdict", "not_in_effect")
    write(page, "#party", "lantern apps")
    page.keyboard.press("Enter")
    page.wait_for_url("**party=lantern**")
    assert page.locator("tbody tr").count() >= 1
    page.goto("/record")
    tab_to(page, "form[action='/record/verify'] button")
    page.keyboard.press("Enter")
    page.locator("#checked [role=status]").wait_for()
    assert "The chain holds" in page.locator("#checked").inner_text()


@BOTH
def test_a_notice_is_read_proposed_and_accepted_by_a_second_person(visit, office, script):
    page = visit(office, script=script, role="analyst")
    page.goto("/inbox")
    write(page, "#text", NOTICE)
    go(page, "main form button")
    page.wait_for_url("**/inbox/reading")
    tab_to(page, "mark a")  # every mark leads to its mention
    page.keyboard.press("Enter")
    assert "#m-" in page.url
    tab_to(page, ".mentions details summary")
    page.keyboard.press("Enter")
    go(page, "form[action='/inbox/propose'] button")
    page.wait_for_url("**/inbox/proposals/*")
    second = visit(office, script=script, role="approver")
    second.goto(page.url)
    pick(second, "main form input[name=what]", "accept")
    write(second, "#reason", "the gazette says the same")
    go(second, "main form button")
    assert "Accepted by approver" in second.locator(".concluded").inner_text()


@BOTH
def test_the_first_tab_leads_past_the_machinery(visit, local, script):
    page = visit(local, script=script)
    for path in ("/", "/ask", "/decisions", "/screening", "/law", "/inbox", "/record"):
        page.goto(path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", path
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('main')"), path


@BOTH
def test_the_language_changes_by_keyboard_and_the_place_stays(visit, local, script):
    page = visit(local, script=script)
    page.goto("/law/timeline?of=cn")
    go(page, ".language button")
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.url.endswith("/law/timeline?of=cn")
