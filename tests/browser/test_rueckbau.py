"""The page of demolitions in a real browser: filter, picture, an opened project and the way back, on a phone too."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from geodata.access import Access
from geodata.settings import DatabaseUrls, Settings
from tests.browser.conftest import DESKTOP, PHONE, Visits, application_over, served, settled, show_whole
from tests.browser.waiting import tab_to, wait_until
from tests.factories import demolitions

Axe = Callable[[Page], None]
LOOKS = pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", PHONE)])
GANTT = "document.querySelector('#rueckbau-gantt .js-plotly-plot')"
PATIENCE_MS = 20_000  # a grid draws its rows when the browser has time
FITS = "document.querySelector('.shell-main').scrollWidth <= innerWidth"


@pytest.fixture(scope="module")
def base_url(make_database: Callable[[str], DatabaseUrls], settings: Settings) -> Iterator[str]:
    """A server over the town with its demolition projects."""
    access = Access(demolitions.build(make_database("browser_rueckbau")).town.urls)
    with served(application_over(access, settings)) as address:
        yield address
    access.close()


def listed(page: Page, count: str) -> None:
    """Wait until the list has told how many rows it has and drawn the first of them."""
    expect(page.locator(".remote-table-count")).to_have_text(count, timeout=PATIENCE_MS)
    expect(page.locator(".remote-table .ag-cell a").first).to_be_attached(timeout=PATIENCE_MS)


@LOOKS
def test_it_has_no_barrier_unfolded(open_page: Visits, axe: Axe, theme: str, size: tuple[int, int]) -> None:
    page = open_page("staff", "/rueckbau?view=plan", theme=theme, size=size)
    listed(page, "4 Zeilen")
    for folded in ("Wie wird der Fortschritt gerechnet?", "Als Tabelle", "Definition"):
        page.get_by_text(folded, exact=True).first.click()
    expect(page.get_by_text("Summe der Gewichte seiner erledigten Schritte")).to_be_visible()
    show_whole(page)
    axe(page)
    assert page.evaluate(FITS), "nothing is cut off"


@pytest.mark.parametrize(("theme", "size"), [("dark", PHONE)])
def test_an_opened_project_has_no_barrier(open_page: Visits, axe: Axe, theme: str, size: tuple[int, int]) -> None:
    page = open_page("staff", "/rueckbau?project=RB-1", theme=theme, size=size)
    expect(page.get_by_role("heading", level=1)).to_have_text("Beispielweg 1")
    expect(page.get_by_text("= 26\u00a0% Fortschritt")).to_be_visible()
    show_whole(page)
    axe(page)
    assert page.evaluate(FITS), "nothing is cut off"


def test_a_filter_is_one_for_tiles_picture_and_list_and_a_row_leads_to_its_project_and_back(open_page: Visits) -> None:
    page = open_page("staff", "/rueckbau?view=plan")
    listed(page, "4 Zeilen")
    page.get_by_label("Status").select_option("blockiert")
    page.wait_for_url("**/rueckbau?view=plan&status=blocked")
    listed(page, "1 Zeile")
    expect(page.locator('[data-figure="projects_blocked"]')).to_contain_text("1von 1")
    wait_until(page, f"{GANTT}?.layout.annotations.length", 2)
    page.locator(".remote-table .ag-cell a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Beispielweg 1")
    assert page.evaluate("document.querySelector('.shell-main').scrollTop") == 0, "a project begins at its top"
    expect(page.get_by_role("link", name="Zum Objekt")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rückbau")
    expect(page.get_by_label("Status")).to_have_value("blocked")
    page.get_by_role("link", name="Filter zurücksetzen").click()
    listed(page, "4 Zeilen")


def test_picture_rule_and_table_follow_theme_and_keyboard(open_page: Visits) -> None:
    page = open_page("staff", "/rueckbau?view=plan", theme="dark")
    settled(page)
    wait_until(page, f"{GANTT}?.data[0].marker.color", "#37414b")
    page.locator(".head-tools summary").click()
    page.locator("#shell-theme-switch").click()
    wait_until(page, f"{GANTT}?.data[0].marker.color", "#d3dae1")
    page.locator(".rueckbau-tiles .rueckbau-rule > summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="Abbruch 25 25")).to_be_visible()
    panel = page.locator(".panel", has=page.get_by_role("heading", name="Plan und Verlauf"))
    panel.locator(".table-twin > summary").focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("cell", name="blockiert seit 03.08.2026: Gericht hat gestoppt")).to_be_visible()
    tab_to(page, ".table-twin a", most=3)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Beispielweg 1")


def test_before_a_committee_meeting_a_manager_reads_four_answers_and_goes_to_the_evidence(
    open_page: Visits, axe: Axe
) -> None:
    page = open_page("manager", "/rueckbau", size=PHONE)
    questions = page.locator(".rueckbau-question")
    expect(questions).to_have_text(
        [
            "Wie viele von wie vielen?",
            "Was ist zu spät, und warum?",
            "Welches Geld ist in Gefahr?",
            "Wo sind die Bewohner geblieben?",
        ]
    )
    expect(page.locator(".rueckbau-names li").first).to_contain_text("Beispielweg 1")
    axe(page)
    assert page.evaluate(FITS), "nothing is cut off"
    page.get_by_role("link", name="Alle Verzögerungen und Hindernisse").click()
    listed(page, "1 Zeile")
    axe(page)


def test_without_a_project_the_page_says_so(open_page: Visits, axe: Axe) -> None:
    page = open_page("staff", "/rueckbau?as_of=2023-12-31")
    expect(page.get_by_text("Kein Rückbauvorhaben zu diesem Datum")).to_be_visible()
    axe(page)
