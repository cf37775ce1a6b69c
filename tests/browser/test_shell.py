"""The frame in a real browser: signing in, finding one's way, both themes, both languages, a phone, and faults."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Visits, settled
from tests.factories.town import PASSWORD, Town

Axe = Callable[[Page], None]
# Both themes and both sizes once; four combinations would cost twice the time and find nothing more.
LOOKS = pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", PHONE)])


def test_sign_in_by_name_and_password_without_a_script(open_page: Visits, base_url: str) -> None:
    page = open_page(path="/barrierefreiheit", script=False)
    expect(page).to_have_url(re.compile(r"/anmelden\?next=/barrierefreiheit"))
    page.get_by_label("Name").fill("bea")
    page.get_by_label("Passwort").fill("falsch")
    page.get_by_role("button", name="Anmelden").click()
    open_page.watch(page).allow("401")
    expect(page.get_by_role("alert")).to_contain_text("passen nicht zusammen")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page).to_have_url(f"{base_url}/barrierefreiheit")


@LOOKS
def test_sign_in_and_failure_pages_have_no_barrier(
    open_page: Visits, axe: Axe, base_url: str, theme: str, size: tuple[int, int]
) -> None:
    page = open_page(theme=theme, size=size)
    axe(page)
    page.locator('button[value="petra"]').click()
    settled(page)
    open_page.watch(page).allow("404")
    page.goto(f"{base_url}/gibt-es-nicht")
    expect(page.get_by_role("heading", level=1)).to_have_text("Diese Seite gibt es nicht")
    axe(page)


@LOOKS
def test_own_pages_have_no_barrier(open_page: Visits, axe: Axe, theme: str, size: tuple[int, int]) -> None:
    page = open_page("politics", theme=theme, size=size)
    expect(page.get_by_role("heading", level=1)).to_have_text("Freigegebener Stand")
    axe(page)
    page.locator(".head-tools summary").click()
    axe(page)
    page.get_by_role("link", name="Barrierefreiheit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Barrierefreiheit")
    expect(page).to_have_title("Barrierefreiheit – quartiermonitor")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is scrolled sideways"


def test_keyboard_theme_and_the_way_back(open_page: Visits, base_url: str) -> None:
    page = open_page("politics")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    menu = page.locator(".head-tools summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Abmelden", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Abmelden", exact=True)).to_be_hidden()
    expect(menu).to_be_focused()
    assert _background(page) == "rgb(244, 246, 248)"
    menu.click()
    page.get_by_role("button", name="Dunkle Darstellung").click()
    assert _background(page) == "rgb(20, 24, 28)"
    page.reload()
    settled(page)
    assert _background(page) == "rgb(20, 24, 28)"
    menu.click()
    expect(page.get_by_role("button", name="Dunkle Darstellung")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="Barrierefreiheit").click()
    expect(page).to_have_url(f"{base_url}/barrierefreiheit")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Freigegebener Stand")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Barrierefreiheit")


def test_the_language_switches_where_one_is(open_page: Visits, base_url: str) -> None:
    page = open_page("politics", "/barrierefreiheit")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Accessibility")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"{base_url}/freigaben")
    expect(page.get_by_role("heading", level=1)).to_have_text("Released state")


def test_the_as_of_date_stands_in_the_address(open_page: Visits) -> None:
    page = open_page("staff", "/barrierefreiheit")
    chosen = page.locator("#shell-as-of-text")
    expect(chosen).to_have_text("15.11.2026")
    page.locator("#shell-as-of-menu summary").click()
    page.get_by_label("Stand eines anderen Datums zeigen").fill("2025-03-31")
    expect(page).to_have_url(re.compile(r"as_of=2025-03-31"))
    expect(chosen).to_have_text("31.03.2025")
    page.go_back()
    expect(chosen).to_have_text("15.11.2026")
    page.go_forward()
    expect(chosen).to_have_text("31.03.2025")
    page.locator("#shell-as-of-menu summary").click() if not page.locator("#shell-as-of").is_visible() else None
    page.get_by_role("button", name="Zurück zu diesem Datum").click()
    expect(page).not_to_have_url(re.compile("as_of"))
    expect(chosen).to_have_text("15.11.2026")


def test_a_fault_is_said_in_words_and_the_page_goes_on(
    open_page: Visits, application: Flask, axe: Axe, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page("politics")
    open_page.watch(page).allow("500", "Callback error", "Internal Server Error")

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("dashboard.router._context", broken)
    page.locator(".head-tools summary").click()
    page.get_by_role("link", name="Barrierefreiheit").click()
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Etwas ist schiefgegangen")
    expect(notice).to_contain_text(re.compile(r"Nummer des Fehlers: [0-9a-f]{8}"))
    axe(page)
    monkeypatch.undo()
    notice.get_by_role("button", name="Schließen").click()
    expect(notice).to_be_hidden()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Freigegebener Stand")


def test_an_ended_session_leads_to_the_sign_in_page_and_back(open_page: Visits, base_url: str) -> None:
    page = open_page("politics")
    open_page.watch(page).allow("401")
    page.context.clear_cookies(name="qm_session")
    page.locator(".head-tools summary").click()
    page.get_by_role("link", name="Barrierefreiheit").click()
    expect(page).to_have_url(re.compile(r"/anmelden\?next=%2Fbarrierefreiheit"))
    page.locator('button[value="petra"]').click()
    expect(page).to_have_url(f"{base_url}/barrierefreiheit")


def test_the_navigation_leads_to_every_page_of_the_role(open_page: Visits, town: Town) -> None:
    page = open_page("staff", "/barrierefreiheit", size=PHONE)
    # Plotly says so on the console when a chart is taken away while it is being drawn; nothing is lost by it.
    open_page.watch(page).allow("_rangeSliderData")
    links = page.get_by_role("navigation", name="Seiten").get_by_role("link")
    assert links.count() >= 2
    for number in range(links.count()):
        links.nth(number).click()
        expect(links.nth(number)).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
    group = page.locator(".nav-group").first
    for _again in range(2):  # the page that is shown can be chosen, too
        group.locator("summary").click()
        group.get_by_role("link").first.click()
        expect(group.get_by_role("link", include_hidden=True).first).to_have_attribute("aria-current", "page")
        expect(group).not_to_have_attribute("open", "")


def _background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
