"""``python -m tests.workbench.shots [FOLDER]``: a picture of every screen, narrow and wide, light and dark, en and zh.

Without a folder it writes the few that the documentation shows, into docs/screens.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.workbench.stand import CHROMIUM, DEAL, FLAGS, NOTICE, OPEN_DEAL, ROOT, Running, fill_lists, running

KEPT = (  # screen, width, colour scheme, language
    ("home", 1280, "light", "en"), ("home", 390, "dark", "zh"), ("ask-question", 1280, "light", "en"),
    ("ask-question", 390, "light", "zh"), ("ask-check", 1280, "light", "en"), ("answer", 1280, "light", "en"),
    ("answer", 1280, "dark", "zh"), ("answer", 390, "light", "en"), ("destinations", 1280, "light", "en"),
    ("screening-hit", 1280, "light", "en"), ("screening", 390, "dark", "en"), ("timeline", 1280, "light", "en"),
    ("timeline", 1280, "dark", "zh"), ("matrix", 1280, "light", "en"), ("diff", 1280, "light", "zh"),
    ("decisions", 1280, "light", "en"), ("record", 390, "light", "en"), ("inbox-reading", 1280, "light", "en"),
)  # fmt: skip
TALLEST = 1250  # pixels of a picture that is kept
COLOURS = 128  # of one: a page has few, and a documentation is not to weigh more than its program


def paste(page: Page, url: str, text: str) -> None:
    """Put a transaction into the form, without deciding."""
    page.goto(f"{url}/ask")
    page.fill("#text", text)
    page.click("button[value=paste]")


def decide(page: Page, url: str, text: str) -> str:
    """Ask about a transaction; the path of the answer."""
    paste(page, url, text)
    page.click("#decide form[action='/ask/decide'] button")
    page.wait_for_url("**/decisions/*")
    return page.url.removeprefix(url)


def prepared(page: Page, url: str) -> dict[str, str]:
    """Something on every screen; the path of each."""
    decide(page, url, OPEN_DEAL)
    answer = decide(page, url, DEAL)
    page.goto(f"{url}/inbox")
    page.fill("#text", NOTICE)
    page.click("main form button")
    paste(page, url, OPEN_DEAL)
    screening = "/screening?name=Qinghe+Lantern+Technology&country=CN"
    page.goto(f"{url}{screening}")
    hit = page.locator("tbody th a").first.get_attribute("href") or ""
    return {
        "home": "/", "ask": "/ask", "ask-question": "/ask/question?path=activity",
        "ask-codes": "/ask/question?path=item.kind&element=build", "ask-check": "/ask/check", "answer": answer,
        "destinations": f"{answer}/destinations", "decisions": "/decisions", "screening": screening,
        "screening-hit": hit, "lists": "/screening/lists", "law": "/law", "measure": "/law/of/us.wechat-2020",
        "timeline": "/law/timeline", "diff": "/law/diff?first=2020-09-19&second=2020-09-21",
        "matrix": "/law/matrix?on=2020-09-21", "inbox": "/inbox", "inbox-reading": "/inbox/reading",
        "record": "/record", "coverage": "/coverage", "help": "/help", "error": "/nowhere",
    }  # fmt: skip


def shoot(browser: Browser, stand: Running, folder: Path, kept: bool) -> int:
    """Write the pictures; how many."""
    count = 0
    state = None
    paths: dict[str, str] = {}
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            for lang in ("en", "zh"):
                context = browser.new_context(
                    viewport={"width": width, "height": 900}, color_scheme=scheme, storage_state=state,
                    locale={"en": "en-GB", "zh": "zh-CN"}[lang], reduced_motion="reduce",
                )  # fmt: skip
                page = context.new_page()
                if not paths:
                    paths = prepared(page, stand.url)
                    state = context.storage_state()
                for name, path in paths.items():
                    if kept and (name, width, scheme, lang) not in KEPT:
                        continue
                    page.goto(f"{stand.url}{path}")
                    tall = page.evaluate("document.documentElement.scrollHeight")
                    clip = {"x": 0, "y": 0, "width": width, "height": min(tall, TALLEST if kept else 3000)}
                    page.screenshot(path=folder / f"{name}-{width}-{scheme}-{lang}.png", clip=clip, full_page=True)
                    if kept:
                        smaller(folder / f"{name}-{width}-{scheme}-{lang}.png")
                    count += 1
                context.close()
    return count


def smaller(path: Path) -> None:
    """The same picture in few colours."""
    from PIL import Image  # noqa: PLC0415  only for those that are kept

    picture = Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)


def main() -> None:
    kept = len(sys.argv) < 2
    folder = ROOT / "docs" / "screens" if kept else Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["EXEAT_HOME"] = home
        fill_lists()
        with running() as stand, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            print(shoot(browser, stand, folder, kept), "pictures in", folder)
            browser.close()


if __name__ == "__main__":
    main()
