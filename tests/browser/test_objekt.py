"""The page of one property in a real browser: what folds, the way back to the map, both themes, a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visits, settled
from tests.browser.waiting import wait_until
from tests.factories.town import Town

Axe = Callable[[Page], None]
STYLE = "document.querySelector('#objekt-map .js-plotly-plot')?.layout?.map?.style?.id"
LOOKS = pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", PHONE)])


@LOOKS
def test_it_has_no_barrier_unfolded_by_keyboard(
    open_page: Visits, axe: Axe, town: Town, theme: str, size: tuple[int, int]
) -> None:
    page = open_page("staff", f"/objekt/{town.in_west}", theme=theme, size=size)
    expect(page.get_by_role("heading", level=1)).to_have_text("Beispielweg 1")
    page.locator(".objekt-rule > summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rechtsgrundlage")).to_be_visible()
    axe(page)
    assert page.evaluate("document.querySelector('.shell-main').scrollWidth <= innerWidth"), "nothing is cut off"


def test_the_small_map_draws_the_property_and_follows_the_theme(open_page: Visits, town: Town) -> None:
    page = open_page("staff", f"/objekt/{town.in_west}")
    wait_until(page, STYLE, "quartiermonitor-light")
    page.locator(".head-tools summary").click()
    page.locator("#shell-theme-switch").click()
    wait_until(page, STYLE, "quartiermonitor-dark")
    places = "document.querySelector('#objekt-map .js-plotly-plot').data.map(trace => trace.lon.length)"
    assert page.evaluate(places)[-1] == 1


def test_the_way_back_to_the_map_keeps_the_filter(open_page: Visits, town: Town) -> None:
    page = open_page("staff", f"/objekt/{town.in_west}?state=recorded&as_of=2026-10-01")
    expect(page.get_by_role("heading", name="Verlauf bis 01.10.2026")).to_be_visible()
    page.get_by_role("link", name="Zurück zur Karte").click()
    page.wait_for_url("**/karte?state=recorded&as_of=2026-10-01**")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Beispielweg 1")


def test_what_a_manager_may_not_see_is_said_in_words(open_page: Visits, axe: Axe, town: Town) -> None:
    page = open_page("manager", f"/objekt/{town.in_east}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Objekt nicht gefunden")
    axe(page)
    settled(page)
