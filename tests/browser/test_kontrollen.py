"""The page of controls in a real browser: views, filter, list, charts with their tables, the way to the map."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visits
from tests.browser.waiting import wait_until

Axe = Callable[[Page], None]
# Each view is looked at once, so that both themes and both widths are.
LOOKS = pytest.mark.parametrize(
    ("theme", "size", "views"),
    [("light", DESKTOP, ("Fällig", "Abstände")), ("dark", PHONE, ("Verlauf", "Ergebnisse"))],
)
DRAWN = {
    "Fällig": "document.querySelectorAll('#kontrollen-list [col-id=address] a').length === 2",
    "Abstände": "document.querySelectorAll('#kontrollen-achieved .bars path').length > 0",
    "Verlauf": "document.querySelectorAll('#kontrollen-on-time .lines path').length > 0",
    "Ergebnisse": "document.querySelectorAll('#kontrollen-results .bars path').length > 0",
}
LISTED = "[...document.querySelectorAll('#kontrollen-list [col-id=address] a')].map(one => one.textContent)"
BOTH = ["Beispielweg 1", "Musterallee 2"]


@LOOKS
def test_no_view_has_a_barrier_with_everything_unfolded(
    open_page: Visits, axe: Axe, theme: str, size: tuple[int, int], views: tuple[str, ...]
) -> None:
    # From June 2025 on there is something in each view.
    page = open_page("staff", "/kontrollen?from=2025-06-01", theme=theme, size=size)
    for view in views:
        link = page.get_by_role("navigation", name="Ansichten der Kontrollen").get_by_role("link", name=view)
        link.focus()
        page.keyboard.press("Enter")
        expect(link).to_have_attribute("aria-current", "page")
        expect(link).to_be_focused()
        wait_until(page, DRAWN[view])
        page.evaluate("document.querySelectorAll('.kontrollen details:not(.menu)').forEach(one => one.open = true)")
        assert page.evaluate("document.querySelector('.shell-main').scrollWidth <= innerWidth"), "nothing is cut off"
        axe(page)


def test_building_control_narrows_down_to_what_is_late_and_sees_it_on_the_map(open_page: Visits) -> None:
    page = open_page("staff", "/kontrollen")
    expect(page.locator("[data-figure=controls_overdue] .tile-value")).to_have_text("2")
    wait_until(page, LISTED, BOTH)
    head = page.locator("#kontrollen-list [role=columnheader][col-id=address]")
    head.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    wait_until(page, LISTED, BOTH[::-1])
    page.get_by_label("Adresse, Nummer oder Aktenzeichen").fill("Musterallee")
    page.keyboard.press("Enter")
    wait_until(page, LISTED, ["Musterallee 2"])
    expect(page.locator("[data-figure=controls_overdue] .tile-value")).to_have_text("1")
    assert "text=Musterallee" in page.url
    expect(page.locator(".kontrollen-answer").get_by_role("link", name="Musterallee 2")).to_be_visible()
    page.get_by_role("link", name="Auf der Karte zeigen").click()
    page.wait_for_url("**/karte?**")
    assert re.search(r"due=overdue", page.url)
    assert "text=Musterallee" in page.url
    expect(page.locator("#karte-count")).to_contain_text("1 Objekt", timeout=20_000)
