"""Waiting for what a page's script has done."""

from playwright.sync_api import Page


def wait_until(page: Page, expression: str, expected: object = True) -> None:
    """Ask until the expression has this value, at most 20 seconds.

    Playwright's own waiting evaluates a string inside the page when it asks again, which our content policy forbids.
    """
    for _ in range(200):
        if page.evaluate(expression) == expected:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{expression} never became {expected!r}; it is {page.evaluate(expression)!r}.")


def tab_to(page: Page, selector: str, *, most: int) -> None:
    """Press Tab until an element of this selector has the focus, at most so often; the grid adds stops as it fills."""
    for _ in range(most):
        page.keyboard.press("Tab")
        page.wait_for_timeout(200)
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    raise AssertionError(f"{selector} was not reached by {most} times Tab.")
