"""In front of a house with a phone: a hint at a point, and a round, one object after the other. Nothing is saved."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visits, show_whole
from tests.factories.town import Town


def test_a_point_is_named_and_a_known_address_is_asked_about(open_page: Visits, axe: Callable[..., None]) -> None:
    page = open_page("staff", "/erfassen", size=PHONE)
    open_page.watch(page).allow("409")
    page.get_by_text("Koordinaten eingeben").click()
    set_point = page.get_by_role("button", name="Punkt setzen")
    set_point.click()
    expect(page.get_by_text("Bitte Grad eingeben")).to_be_visible()
    page.get_by_label("Breite").fill("51,3600")
    page.get_by_label("Länge").fill("7,4600")
    set_point.click()
    expect(page.locator("#erfassen-areas")).to_have_text("Liegt in: Westquartier (Quartier)")
    expect(page.get_by_text("Punkt auf der Karte gewählt")).to_be_visible()
    page.get_by_role("combobox", name="Adresse", exact=True).fill("Beispielweg 1")
    expect(page.locator("#erfassen-edge")).to_have_text("Vermutlich schon erfasst: 1")
    expect(page.locator("#erfassen-duplicates").get_by_role("link", name="Beispielweg 1")).to_be_visible()
    page.get_by_label("Quelle des Hinweises").select_option(label="Presse")
    page.get_by_role("button", name="Anlegen").click()
    expect(page.get_by_role("button", name="Zurück zum Formular")).to_be_visible()
    show_whole(page)
    axe(page)


def test_a_round_leads_from_one_object_to_the_next(open_page: Visits, axe: Callable[..., None], town: Town) -> None:
    page = open_page("staff", f"/runde?objects={town.in_west},{town.in_east}", size=PHONE)
    items = page.locator("#form-runde .form-item")
    expect(items.nth(0)).to_be_visible()
    expect(items.nth(1)).to_be_hidden()
    choose(items.nth(0), "Wohnung", "Ohne Befund")
    strip = page.get_by_role("navigation", name="Objekte der Kontrollaktion")
    expect(strip.get_by_role("button", name="Objekt 1, Beispielweg 1, ausgefüllt")).to_be_visible()
    strip.get_by_role("button", name="Nächstes Objekt der Liste").click()
    expect(items.nth(0)).to_be_hidden()
    expect(items.nth(1)).to_be_visible()
    # A form that is refused leads to the object that it is about.
    strip.get_by_role("button", name="Vorheriges Objekt").click()
    page.get_by_role("button", name="Kontrollaktion speichern").click()
    expect(items.nth(1).get_by_text("Bitte ausfüllen.").first).to_be_visible()
    page.get_by_role("button", name="Nächstes Objekt", exact=True).last.click()
    expect(items.nth(2)).to_be_visible()
    show_whole(page)
    axe(page)


def choose(item: Any, access: str, result: str) -> None:
    """Fill in what an object of a round needs."""
    item.get_by_label("Erreichter Zutritt").select_option(label=access)
    item.get_by_label("Ergebnis").select_option(label=result)
