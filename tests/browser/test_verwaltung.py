"""The administration in a real browser, and how a session ends: the warning, staying, and the way back."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import NullPool, create_engine, text

from tests.browser.conftest import PHONE, Visits, settled, show_whole
from tests.factories.town import Town

Axe = Callable[[Page], None]
LOOKS = pytest.mark.parametrize(("theme", "size"), [("dark", PHONE)])


@LOOKS
def test_its_pages_have_no_barrier(open_page: Visits, axe: Axe, theme: str, size: tuple[int, int]) -> None:
    page = open_page("admin", theme=theme, size=size)
    expect(page.get_by_role("heading", level=1)).to_have_text("Verwaltung")
    page.get_by_text("Wer darf was").click()
    page.get_by_role("button", name="Konto anlegen").click()
    page.locator(".head-tools summary").click()
    expect(page.get_by_role("button", name="Überall abmelden")).to_be_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.querySelector('#content').scrollWidth <= innerWidth"), "nothing hangs over the edge"
    show_whole(page)
    axe(page)
    page.get_by_role("link", name="Nuri Neutral").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nuri Neutral")
    show_whole(page)
    axe(page)
    page.get_by_role("button", name="Sperren").click()
    expect(page.get_by_role("dialog", name="Nuri Neutral sperren?")).to_be_visible()
    axe(page)


def test_an_account_is_made_and_enters_with_a_password_of_its_own(
    open_page: Visits, axe: Axe, base_url: str, town: Town
) -> None:
    page = open_page("admin", size=PHONE)
    page.get_by_role("button", name="Konto anlegen").click()
    form = page.locator("form", has=page.get_by_label("Anmeldename"))
    form.get_by_label("Anmeldename").fill("nele")
    form.get_by_label("Name in der Kopfzeile").fill("Nele Neu")
    expect(form.get_by_text("Westquartier (Quartier)")).to_be_hidden()
    form.get_by_label("Rolle").select_option("external_manager")
    form.get_by_text("Westquartier (Quartier)").click()
    form.get_by_role("button", name="Konto anlegen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nele Neu")
    page.get_by_role("button", name="Neues erstes Passwort").click()
    page.get_by_role("dialog").get_by_role("button", name="Neues erstes Passwort").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Erstes Passwort")
    axe(page)
    first = page.locator("output").inner_text()

    hers = open_page(size=PHONE)
    hers.get_by_label("Name").fill("nele")
    hers.get_by_label("Passwort").fill(first)
    hers.get_by_role("button", name="Anmelden", exact=True).click()
    expect(hers).to_have_url(re.compile("/konto/passwort"))
    axe(hers)
    hers.get_by_label("Bisheriges Passwort").fill(first)
    hers.get_by_label("Neues Passwort", exact=True).fill("drei Wörter ohne Bezug")
    hers.get_by_label("Neues Passwort noch einmal").fill("drei Wörter ohne Bezug")
    hers.get_by_role("button", name="Passwort ändern").click()
    expect(hers.get_by_role("status")).to_contain_text("Das Passwort ist geändert")
    hers.get_by_role("link", name="Weiter").click()
    expect(hers).to_have_url(f"{base_url}/quartier")
    settled(hers)
    forget(town, "nele")


def forget(town: Town, name: str) -> None:
    """Delete an account, which no role of the application may."""
    engine = create_engine(str(town.urls.owner), poolclass=NullPool)
    with engine.begin() as owner:
        owner.execute(text("ALTER TABLE qm.account NO FORCE ROW LEVEL SECURITY"))
        owner.execute(text("DELETE FROM qm.account WHERE name = :name"), {"name": name})
        owner.execute(text("ALTER TABLE qm.account FORCE ROW LEVEL SECURITY"))
    engine.dispose()


def test_a_session_says_before_it_ends_and_goes_on_when_asked(open_page: Visits, axe: Axe, base_url: str) -> None:
    page = open_page("admin", size=PHONE)
    left = {"seconds": 110, "can_stay": True}
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.method)
        if route.request.method == "POST":
            left["seconds"] = 1800
        route.fulfill(body=json.dumps(left), content_type="application/json")

    page.route("**/sitzung", answer)
    dialog = page.get_by_role("alertdialog", name="Ihre Sitzung endet gleich")
    page.evaluate("window.qm_session.note(110)")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text(re.compile(r"werden Sie um \d\d:\d\d Uhr abgemeldet"))
    expect(dialog.get_by_role("button", name="Angemeldet bleiben")).to_be_focused()
    axe(page)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert asked == ["GET", "POST"], "the server had the last word, and asking it did not prolong"

    left.update(seconds=60, can_stay=False)
    page.evaluate("window.qm_session.note(60)")
    expect(dialog).to_contain_text("Nach zwölf Stunden endet jede Sitzung")
    expect(dialog.get_by_role("button", name="Angemeldet bleiben")).to_be_hidden()
    page.unroute("**/sitzung")
    open_page.watch(page).allow("401")
    page.context.clear_cookies(name="qm_session")
    page.evaluate("window.qm_session.note(-1)")
    expect(page).to_have_url(re.compile(r"/anmelden\?next=%2Fverwaltung"))
