"""The page of controls in a real browser: filter, list, charts with their tables, the way to the map."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visits
from tests.browser.waiting import wait_until

Axe = Callable[[Page], None]
LOOKS = pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", PHONE)])
DRAWN = "document.querySelectorAll('#kontrollen-achieved .bars path').length > 0"
LISTED = "[...document.querySelectorAll('#kontrollen-list [col-id=address] a')].map(one => one.textContent)"
BOTH = ["Beispielweg 1", "Musterallee 2"]


@LOOKS
def test_it_has_no_barrier_folded_and_open(open_page: Visits, axe: Axe, theme: str, size: tuple[int, int]) -> None:
    page = open_page("staff", "/kontrollen", theme=theme, size=size)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kontrollen")
    wait_until(page, DRAWN)
    axe(page)
    page.locator(".tile").first.get_by_text("Definition").click()
    expect(page.get_by_text("Zum Datum des Stands nicht überfällig")).to_be_visible()
    page.get_by_text("Als Tabelle").first.click()
    axe(page)
    assert page.evaluate("document.querySelector('.shell-main').scrollWidth <= innerWidth"), "nothing is cut off"


def test_building_control_narrows_down_to_what_is_late_and_sees_it_on_the_map(open_page: Visits) -> None:
    page = open_page("staff", "/kontrollen")
    expect(page.locator("[data-figure=controls_overdue] .tile-value")).to_have_text("2")
    wait_until(page, LISTED, BOTH)
    page.get_by_label("Adresse, Nummer oder Aktenzeichen").fill("Musterallee")
    page.keyboard.press("Enter")
    wait_until(page, LISTED, ["Musterallee 2"])
    expect(page.locator("[data-figure=controls_overdue] .tile-value")).to_have_text("1")
    assert "text=Musterallee" in page.url
    page.get_by_role("link", name="Auf der Karte zeigen").click()
    page.wait_for_url("**/karte?**")
    assert re.search(r"due=overdue", page.url)
    assert "text=Musterallee" in page.url
    expect(page.locator("#karte-count")).to_contain_text("1 Objekt", timeout=20_000)


def test_the_list_sorts_by_keyboard_and_leads_to_the_object(open_page: Visits) -> None:
    page = open_page("staff", "/kontrollen")
    wait_until(page, LISTED, BOTH)
    head = page.locator("#kontrollen-list [role=columnheader][col-id=address]")
    head.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    wait_until(page, LISTED, BOTH[::-1])
    page.get_by_role("link", name="Musterallee 2").click()
    page.wait_for_url("**/objekt/**")


def test_a_manager_sees_the_own_area_and_says_so(open_page: Visits) -> None:
    page = open_page("manager", "/kontrollen")
    expect(page.get_by_text("Ihre Gebiete: Westquartier. Alle Zahlen gelten nur dort.")).to_be_visible()
    expect(page.locator("[data-figure=controls_on_time] .tile-unit")).to_have_text("von 1")
    wait_until(page, LISTED, BOTH[:1])
