"""A keyboard and nothing else: how somebody without a mouse moves over a page."""

from __future__ import annotations

import re

FOCUS = """s => { const e = document.activeElement, c = getComputedStyle(e), r = e.getBoundingClientRect();
  const seen = c.outlineStyle !== 'none' && parseFloat(c.outlineWidth) >= 2;
  return [e.matches(s), e === document.body || seen, r.width > 0 && r.height > 0, e.outerHTML.slice(0, 90)]; }"""


def tab_to(page, selector, most=140):
    """Tab until the element has the focus; whatever has it on the way can be seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        there, seen, shown, html = page.evaluate(FOCUS, selector)
        assert seen, f"the focus is not seen: {html}"
        assert shown, f"the focus is on what is not shown: {html}"
        if there:
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def go(page, selector, key="Enter"):
    """Reach an element and press it; whatever page that leads to has come."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


def write(page, selector, text):
    """Reach a field, and write over what is in it."""
    tab_to(page, selector)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def date(page, selector, day):
    """Reach a field for a day, and type it as the browser asks for it: the day first, or the month."""
    tab_to(page, selector)
    year, month, on = day.split("-")
    for typed in (f"{month}{on}{year}", f"{on}{month}{year}"):
        page.keyboard.type(typed)
        if page.locator(selector).input_value() == day:
            return
        for _ in range(3):
            page.keyboard.press("ArrowLeft")
    raise AssertionError(f"{day} cannot be typed into {selector}: {page.locator(selector).input_value()}")


def pick(page, selector, value):
    """Reach a group of choices, and go down it to one of them."""
    tab_to(page, re.sub(r"\[value=[^\]]+\]", "", selector))
    page.keyboard.press("Space")
    for _ in range(20):
        if page.locator(f"{selector}:checked").count() and page.locator(f"{selector}:checked").input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no choice {value} in {selector}")


def choose(page, selector, value):
    """Reach a list, and go down it to one of its entries."""
    tab_to(page, selector)
    for _ in range(200):
        if page.locator(selector).input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no entry {value} in {selector}")
