"""The browser and the workbenches, one of each for all tests of a process."""

from __future__ import annotations

import pytest

from tests.workbench.stand import CHROMIUM, FLAGS, Running, fill_lists, running

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


@pytest.fixture(scope="module")  # while it is open, its event loop runs in this thread: other modules want their own
def browser():
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}")
    with sync_api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def lists(own_home):
    fill_lists()


@pytest.fixture(scope="session")
def local(lists):
    """A workbench of one's own machine: whoever reaches it is its admin."""
    with running() as found:
        yield found


@pytest.fixture(scope="session")
def office(lists):
    """A workbench where people log in."""
    with running(login=True) as found:
        yield found


@pytest.fixture
def visit(browser):
    """Opens a page in a context of its own; everything that the browser complains of fails the test."""
    contexts, complaints = [], []

    def opened(stand: Running, *, script: bool = True, role: str = "", lang: str = "en-GB", width: int = 1280, **more):
        context = browser.new_context(
            java_script_enabled=script,
            locale=lang,
            base_url=stand.url,
            viewport={"width": width, "height": 900},
            **more,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if role:
            page.goto("/login")
            page.fill("#token", stand.tokens[role])
            page.click("main form button")
            page.wait_for_url("**/")
        return page

    yield opened
    for context in contexts:
        context.close()
    expected = ("status of 422", "status of 404", "status of 403", "status of 409", "status of 401")
    assert [one for one in complaints if not any(told in one for told in expected)] == []
