"""Where building control and managers start, in a real browser: lists, folded rest, the bar of a phone, both themes."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visits, settled
from tests.factories.town import Town

Axe = Callable[[Page], None]
LOOKS = pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", PHONE)])
STARTS = pytest.mark.parametrize(("role", "path", "title"), [
    ("staff", "/heute", "Heute"), ("manager", "/quartier", "Mein Quartier"),
])  # fmt: skip


@STARTS
@LOOKS
def test_a_role_starts_at_its_page_without_a_barrier(
    open_page: Visits, axe: Axe, theme: str, size: tuple[int, int], role: str, path: str, title: str
) -> None:
    page = open_page(role, theme=theme, size=size)
    expect(page).to_have_url(re.compile(f"{path}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("navigation", name="Seiten").get_by_role("link").first).to_have_text(title)
    page.locator(".definition > summary").first.click()
    expect(page.locator(".definition[open]")).to_contain_text("Zählgrundlage")
    axe(page)
    assert page.evaluate("document.querySelector('.shell-main').scrollWidth <= innerWidth"), "nothing is cut off"
    if size == PHONE:
        bar = "document.querySelector('.nav-list')"
        assert page.evaluate(f"{bar}.scrollWidth <= {bar}.clientWidth"), "no page hides behind the edge"
        entries = "document.querySelectorAll('.nav-list > li > .nav-link, .nav-heading')"
        heights = page.evaluate(f"[...{entries}].map((entry) => entry.offsetHeight)")
        assert min(heights) >= 44, "wide enough for a thumb"


def test_a_list_leads_to_all_of_it_and_the_way_back_returns(open_page: Visits, town: Town) -> None:
    page = open_page("staff")
    expect(page.get_by_role("heading", name="Überfällige Kontrollen (2)")).to_be_visible()
    page.get_by_role("link", name="Alle 2 überfälligen Kontrollen zeigen").click()
    expect(page).to_have_url(re.compile(r"/kontrollen\?due=overdue$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Kontrollen")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Heute")
    page.get_by_role("link", name="Beispielweg 1").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Beispielweg 1")


def test_the_area_of_the_filter_bar_rules_every_list(open_page: Visits, town: Town) -> None:
    page = open_page("staff")
    page.get_by_label("Gebiet").select_option(label="Westquartier (Quartier)")
    expect(page).to_have_url(re.compile(f"area={town.west}"))
    expect(page.get_by_role("heading", name="Überfällige Kontrollen (1)")).to_be_visible()
    expect(page.locator('[data-figure="controls_overdue"]')).to_contain_text(re.compile(r"Überfällig\s*1\s*von 1"))
    page.get_by_role("link", name="Filter zurücksetzen").click()
    expect(page.get_by_role("heading", name="Überfällige Kontrollen (2)")).to_be_visible()


def test_a_manager_asks_since_when_news_are_told(open_page: Visits) -> None:
    page = open_page("manager")
    expect(page.get_by_text("Seit dem 16.10.2026 hat sich nichts geändert.")).to_be_visible()
    since = page.get_by_label("Änderungen seit")
    expect(since).to_have_value("2026-10-16")
    since.fill("2025-05-01")
    expect(page).to_have_url(re.compile("since=2025-05-01"))
    expect(page.get_by_role("heading", name="Geändert seit 01.05.2025 (2)")).to_be_visible()
    expect(page.get_by_text("Gemeinsame Kontrolle; Zutritt: Wohnung; Ergebnis: Mit Befund")).to_be_visible()
    settled(page)
