"""Each persona's job, done in a browser on every screen it needs, with and without scripts."""

from __future__ import annotations

import re

import pytest

from tests.workbench.shots import decide, paste
from tests.workbench.stand import DEAL, NOTICE, OPEN_DEAL, ROOT

BOTH = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


def answered(page, *values):
    """Answer the question that is shown, by radio, box or field, and go on."""
    for value in values:
        found = page.locator(f"input[name=answer][value='{value}']")
        if found.count():
            found.check()
        elif page.locator("select[name=answer]").count():
            page.select_option("select[name=answer]", value)
        else:
            page.fill("input[name=answer]", value)
    page.click("main form button:has-text('Save and continue')")


@BOTH
def test_the_compliance_officer_is_interviewed_and_files_the_answer(visit, local, script):
    page = visit(local, script=script)
    page.goto("/ask")
    page.click("button[value=interview]")
    assert page.locator("h1").count() == 1
    answered(page, "app.cdn")
    answered(page, "2020-09-21")
    for _ in range(8):  # whatever is asked, it may be passed
        if "/ask/question" not in page.url:
            break
        choice = page.locator("input[value=unknown], select[name=answer]").last
        if choice.evaluate("e => e.tagName") == "SELECT":
            choice.select_option("unknown")
        else:
            choice.check()
        page.click("main form button:has-text('Save and continue')")
    assert page.url.endswith("/ask/check")
    page.click("#decide form[action='/ask/decide'] button")
    page.wait_for_url("**/decisions/*")
    assert page.locator(".verdict .word").inner_text()
    assert page.locator("h2", has_text="NOT CHECKED").count() == 1
    n = page.url.rpartition("/")[2]
    page.goto("/decisions")
    assert page.locator(f"a[href='/decisions/{n}']").count() == 1


@BOTH
def test_the_compliance_officer_confirms_and_dismisses_hits(visit, local, script):
    page = visit(local, script=script)
    page.goto("/screening")
    page.fill("#name", f"Northern Beacon Shipping {'Co' if script else 'Ltd'}")
    page.fill("#reference", "C-17" if script else "C-18")
    page.click(".filters button")
    assert "not a clearance" in page.content().lower() or page.locator("tbody th a").count()
    assert page.locator("h3", has_text="NOT SEARCHED").count() == 1
    assert page.locator("h3", has_text="STALE").locator("..").locator("li").first.inner_text() != "none"
    page.locator("tbody th a").first.click()
    points = [float(one) for one in page.locator(".points").all_inner_texts()]
    assert abs(sum(points) - float(page.locator("tfoot strong").inner_text())) < 0.002, "the reasons are the score"
    page.check("input[value=dismiss]")
    page.click("#decided button")
    assert page.locator(".faults").count() == 1, "a decision without a reason is refused"
    assert page.locator("input[value=dismiss]").is_checked(), "and what was chosen is still there"
    page.fill("#reason", "another company of another country")
    page.click("#decided button")
    assert page.locator(".state-dismissed").count() == 1
    assert "another company" in page.locator("#decided ~ section").inner_text()
    page.check("input[value=undo]")
    page.fill("#reason", "looked again")
    page.click("#decided button")
    assert page.locator(".state-open").count() == 1


@BOTH
def test_the_platform_engineer_asks_again_as_of_other_days(visit, local, script):
    page = visit(local, script=script)
    first = decide(page, local.url, OPEN_DEAL)
    page.fill("#again-on", "2020-09-19")
    page.fill("#again-known", "2020-09-18")
    page.click("form[action$='/again'] button")
    page.wait_for_url("**/decisions/*")
    assert not page.url.endswith(first)
    assert "law as of 19 Sep 2020, known on 18 Sep 2020" in page.locator("main").inner_text()
    answer = page.request.get(f"{page.url}/json")
    assert answer.json()["on"].startswith("2020-09-19")


@BOTH
def test_counsel_sees_the_conflict_side_by_side_and_answers_what_is_missing(visit, local, script):
    page = visit(local, script=script)
    decide(page, local.url, DEAL)
    pair = page.locator(".pair").first
    assert pair.locator(".side").count() == 2
    assert {one.inner_text() for one in pair.locator("h3").all()} == {"China", "United States"}
    before = page.url
    for group in page.locator(".missing fieldset, .missing .field").all():
        out = group.locator("input[value=none], input[value=false]")
        if out.count():
            out.first.check()
    page.click(".missing button:has-text('Decide again')")
    page.wait_for_url(lambda url: url != before and "/decisions/" in url)
    n = before.rpartition("/")[2]
    assert local.services.record.summary(int(n)).open is False, "the later decision answers the first"
    page.goto(before)
    page.click("a:has-text('The verdict by destination')")
    assert page.locator(".tile").count() > 200
    assert page.locator(".tile.chosen").count() == 1
    assert page.locator("table tbody tr").count() == page.locator(".tile").count()


@BOTH
def test_the_university_takes_the_answer_along(visit, local, script):
    page = visit(local, script=script)
    path = decide(page, local.url, OPEN_DEAL)
    alone = page.request.get(f"{path}/alone")
    assert "attachment" in alone.headers["content-disposition"]
    assert "EXEAT" in alone.text()
    pytest.importorskip("weasyprint", reason="weasyprint is not installed")
    pdf = page.request.get(f"{path}/pdf", timeout=60_000)  # fonts are looked for the first time
    assert pdf.status == 200
    assert pdf.body()[:5] == b"%PDF-"


@BOTH
def test_the_university_screens_a_visitor_and_reads_that_no_hit_clears_nobody(visit, local, script):
    page = visit(local, script=script)
    page.goto("/screening")
    page.fill("#name", "Лампочкин Иван")
    page.select_option("#kind", "person")
    page.fill("#born", "1970")
    page.click(".filters button")
    page.locator("tbody th a").first.click()
    assert "Ivan Sergeyevich Lampochkin" in page.locator("h1").inner_text()
    assert "born" in page.locator(".compare").inner_text()
    page.goto("/screening?name=Maria+Beispiel")
    assert page.locator("tbody th a").count() == 0
    assert "no clearance" in page.locator("main").inner_text()
    assert page.locator("h3:has-text('NOT SEARCHED') + ul li").count() > 3


@BOTH
def test_the_cloud_engineer_uploads_a_flow_reads_what_was_not_checked_and_changes_a_fact(visit, local, script):
    page = visit(local, script=script)
    page.goto("/ask")
    page.set_input_files("#file", ROOT / "examples" / "gdsi" / "data-demanded-abroad.yaml")
    page.click("button[value=paste]")
    assert page.url.endswith("/ask/check")
    held = page.request.get("/ask/draft.yaml").text()
    assert "data" in held
    page.click("#decide form[action='/ask/decide'] button")
    page.wait_for_url("**/decisions/*")
    assert page.locator("section:has(> h2:text-is('NOT CHECKED')) li").count() > 0
    first = page.request.get(f"{page.url}/json").json()
    page.click("button:has-text('Change an answer')")
    page.wait_for_url("**/ask/check")
    page.goto("/ask/question?path=act.on&back=check")
    page.fill("#answer", "2025-03-01")
    page.click("main form button:has-text('Save and continue')")
    page.click("#decide form[action='/ask/decide'] button")
    page.wait_for_url("**/decisions/*")
    second = page.request.get(f"{page.url}/json").json()
    assert second["on"].startswith("2025-03-01")
    assert second["hash"] != first["hash"]


@BOTH
def test_the_compliance_officer_runs_an_old_answer_again_under_today_s_law(visit, local, script):
    page = visit(local, script=script)
    page.goto(decide(page, local.url, OPEN_DEAL))
    page.click("button[name=law][value=own]")
    assert "It comes out the same" in page.locator("main").inner_text()
    page.click(".back a")
    page.click("button[name=law][value=today]")
    assert "Run again under today's law" in page.locator("h1").inner_text()


@BOTH
def test_the_analyst_reads_law_and_time(visit, local, script):
    page = visit(local, script=script)
    page.goto("/law")
    page.fill("#q", "wechat")
    page.click("[role=search] button")
    page.click("main a:has-text('WeChat: transactions')")
    assert page.locator("svg.swim").count() == 1
    page.fill("#on", "2020-09-21")
    page.click("form:has(#on) button")
    assert page.locator(".look-court").count() >= 1, "enjoined on that day"
    page.goto("/law/timeline")
    looks = {one for one in ("force", "held", "court", "over") if page.locator(f"figure .bar.{one}").count()}
    assert looks == {"force", "held", "court", "over"}
    assert page.locator("figure svg text.lane-name").count() == page.locator("details table").count()
    page.goto("/law/diff")
    page.fill("#first", "2020-09-19")
    page.fill("#second", "2020-09-21")
    page.click("form:has(#first) button")
    assert page.locator(".diff tbody tr").count() > 0
    page.goto("/law/matrix?on=2020-09-21")
    assert page.locator(".matrix tbody tr").count() == len(local.services.book.vocabulary.lists["activities"].codes)
    assert page.locator(".matrix td.tone-prohibited").count() > 0


@BOTH
def test_the_journalist_reads_a_notice_into_a_proposal(visit, office, script):
    page = visit(office, script=script, role="analyst")
    page.goto("/inbox")
    page.fill("#text", NOTICE)
    page.click("main form button:has-text('Read it')")
    assert page.locator("mark").count() >= 3
    assert "".join(page.locator(".text mark").first.inner_text().split("m1")).strip() in NOTICE
    assert page.locator("a[href='/law/of/us.wechat-2020']").count() == 1
    page.locator("details summary").first.click()
    page.locator("button:has-text('Propose it')").first.click()
    page.wait_for_url("**/inbox/proposals/*")
    assert page.locator("main form").count() == 0, "nobody answers their own proposal"
    rules = len(office.services.book.rules)
    second = visit(office, script=script, role="approver")
    second.goto(page.url)
    second.check("input[value=reject]")
    second.fill("#reason", "the primary text says otherwise")
    second.click("main form button")
    assert "Rejected by approver" in second.locator(".concluded").inner_text()
    assert len(office.services.book.rules) == rules


@BOTH
def test_two_approvers_conclude_and_the_machine_s_answer_stays(visit, office, script):
    analyst = visit(office, script=script, role="analyst")
    path = decide(analyst, office.url, DEAL)
    assert analyst.locator("#override-verdict").count() == 0, "an analyst does not conclude"
    page = visit(office, script=script, role="approver")
    page.goto(path)
    machine = page.locator(".verdict .word").inner_text()
    page.locator("#conclusions details summary").click()
    page.select_option("#override-verdict", "prohibited")
    page.fill("#override-reason", "counsel says so")
    page.click("#conclusions button:has-text('Enter this conclusion')")
    assert page.locator(".verdict .word").inner_text() == machine
    assert "counsel says so" in page.locator("#conclusions").inner_text()
    assert "A second person must agree" in page.locator("#conclusions").inner_text()
    other = office.services.access.add_token(f"approver-two-{script}", "approver")
    office.tokens["other"] = other
    second = visit(office, script=script, role="other")
    second.goto(path)
    second.click("button:has-text('Agree with this conclusion')")
    assert f"Seconded by approver-two-{script}" in second.locator("#conclusions").inner_text()


@BOTH
def test_the_auditor_verifies_filters_and_exports(visit, local, script):
    page = visit(local, script=script)
    decide(page, local.url, OPEN_DEAL)
    page.goto("/record")
    page.click("button:has-text('Verify the whole chain')")
    page.locator("#checked [role=status]").wait_for()
    assert "The chain holds" in page.locator("#checked").inner_text()
    export = page.request.get("/api/v1/record/export?download=true")
    assert export.text().count("\n") > 3
    assert "import hashlib" in page.request.get("/record/verify.py").text()
    page.goto("/decisions")
    page.fill("#party", "lantern apps")
    page.click(".filters button")
    assert page.locator("tbody tr").count() >= 1
    page.fill("#party", "nobody of that name")
    page.click(".filters button")
    assert page.locator("tbody tr").count() == 0


@BOTH
def test_nothing_is_lost_on_the_way_back_and_a_code_brings_it_back(visit, local, script):
    page = visit(local, script=script)
    paste(page, local.url, OPEN_DEAL)
    page.get_by_role("link", name="Change application (the build)").click()
    assert page.locator("input[value=wechat], option[value=wechat][selected]").count() == 1
    page.go_back()
    page.goto("/ask/question?path=item.kind&element=build&back=check")
    assert page.locator("input[value=app]").is_checked()
    page.check("input[value=software]")
    page.click("main form button")
    page.goto("/ask/question?path=item.kind&element=build&back=check")
    assert page.locator("input[value=software]").is_checked()
    page.goto("/ask/check")
    page.click("button:has-text('get a code')")
    code = page.locator(".codeword").inner_text()
    fresh = visit(local, script=script)
    fresh.goto("/ask")
    fresh.fill("#code", code)
    fresh.click("button[value=resume]")
    assert "Lantern Apps" in fresh.locator("main").inner_text()
    fresh.goto("/ask")
    fresh.fill("#code", "AAAA-AAAA-AAAA-AAAA")
    fresh.click("button[value=resume]")
    assert fresh.locator(".faults").count() == 1


def test_the_language_is_a_choice_and_stays(visit, local):
    page = visit(local, lang="zh-CN")
    page.goto("/law")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    page.click(".language button")
    assert page.url.endswith("/law")
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/ask")
    assert page.locator("h1").inner_text() == "Ask"


def test_no_language_switch_leads_to_another_site(visit, local):
    page = visit(local)
    page.goto("/help")
    page.eval_on_selector(".language input[name=back]", "e => e.value = '//evil.example/x'")
    page.click(".language button")
    assert page.url == f"{local.url}/"


def test_what_a_stranger_wrote_is_shown_and_never_run(visit, local):
    page = visit(local)
    evil = "<script>document.title='run'</script>\u202eLantern"
    paste(page, local.url, OPEN_DEAL.replace("name: Lantern Apps", f'name: "{evil}"'))
    assert "⟨U+202E⟩" in page.locator("main").inner_text()
    page.click("#decide form[action='/ask/decide'] button")
    page.wait_for_url("**/decisions/*")
    assert page.title() != "run"
    assert page.locator("main script").count() == 0


def test_a_viewer_reads_and_does_not_ask(visit, office):
    page = visit(office, role="viewer")
    page.goto("/law")
    assert page.locator("h1").inner_text() == "The rulebook"
    page.goto("/ask")
    assert "403" in page.locator(".kicker").inner_text()


def test_faults_in_a_transaction_are_told_with_their_place(visit, local):
    page = visit(local)
    paste(page, local.url, OPEN_DEAL.replace("app.update", "app.updaet"))
    told = page.locator(".faults").inner_text()
    assert "app.updaet" in told
    assert "app.update" in told
    assert page.title().startswith("Error: ")
    assert "app.updaet" in page.locator("#text").input_value(), "what was typed is still there"


@pytest.mark.parametrize("text", [DEAL, OPEN_DEAL], ids=["undetermined", "not-in-effect"])
def test_no_answer_reads_like_a_clearance(visit, local, text):
    page = visit(local)
    decide(page, local.url, text)
    shown = page.locator(".verdict").inner_text()
    assert not re.search(r"\b(cleared|clear to|you may|go ahead)\b|✓|✅", shown, re.I)
    colour = page.locator(".verdict .word").evaluate("e => getComputedStyle(e).color")
    red, green, blue = (int(one) for one in re.findall(r"\d+", colour)[:3])
    assert not green > max(red, blue) + 20, "no verdict is green"
    if "undetermined" not in shown:
        assert "This is not a clearance" in shown


@BOTH
def test_that_no_other_entry_matches_does_not_take_the_entry_away(visit, local, script):
    page = visit(local, script=script)
    paste(page, local.url, DEAL)
    page.goto("/ask/question?path=item.catalogue&element=algorithm&back=check")
    assert page.locator("#answer").input_value() == "cn.catalogue/personalised-push"
    page.check("input[value=none]")
    page.click("main form button")
    page.goto("/ask/question?path=item.catalogue&element=algorithm&back=check")
    assert page.locator("#answer").input_value() == "cn.catalogue/personalised-push"
    assert page.locator("input[value=none]").is_checked()
