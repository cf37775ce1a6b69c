"""The map in a real browser: filter, selection, table and card by mouse and keyboard, links, both themes, a phone."""

import contextlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Response, Route, expect

from tests.browser.conftest import DESKTOP, PHONE, Visits
from tests.browser.waiting import tab_to, wait_until
from tests.factories.town import Town

Axe = Callable[[Page], None]
# Drawing without a graphics card costs by the pixel: what is not about looks has a smaller window.
WINDOW = (1100, 700)
LOOKS = pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", PHONE)])
# Where Plotly keeps the map: no other way leads to where things are drawn.
MAP = "document.querySelector('#karte-graph .js-plotly-plot')._fullLayout.map._subplot.map"
# Without a graphics card and with two busy cores the first picture takes its time.
DRAWN_MS = 30_000
FIGURE = "document.querySelector('#karte-graph .js-plotly-plot').data"


def open_map(open_page: Visits, query: str = "", **look: Any) -> Page:
    page = open_page("staff", f"/karte{query}", **({"size": WINDOW} | look))
    wait_for_map(page)
    return page


def wait_for_map(page: Page) -> None:
    """Until everything is drawn and the canvas has its German name."""
    canvas = page.locator("#karte-graph canvas.maplibregl-canvas")
    expect(canvas).to_have_attribute("aria-label", re.compile("Karte"), timeout=DRAWN_MS)
    expect(page.locator("#karte-count")).to_contain_text("Objekt", timeout=DRAWN_MS)
    expect(page.locator("#karte")).to_have_attribute("aria-busy", "false", timeout=DRAWN_MS)
    expect(page.locator("#karte-wait")).to_be_hidden(timeout=DRAWN_MS)


def place_of(page: Page, property_id: int) -> tuple[float, float]:
    """Where on the screen a property is drawn."""
    script = f"""(id) => {{
        const trace = {FIGURE}.find((one) => one.uid === 'state_points');
        const at = trace.customdata.indexOf(id);
        const box = document.querySelector('#karte-graph').getBoundingClientRect();
        const point = {MAP}.project([trace.lon[at], trace.lat[at]]);
        return [box.x + point.x, box.y + point.y];
    }}"""
    x, y = page.evaluate(script, property_id)
    return float(x), float(y)


def count(page: Page) -> Any:
    return expect(page.locator("#karte-count strong"))


def test_a_filter_rules_map_table_and_count_and_the_way_back_undoes_it(open_page: Visits, town: Town) -> None:
    page = open_map(open_page)
    count(page).to_have_text("2 Objekte")
    expect(page.locator("#karte-graph .modebar-btn")).to_have_count(0)
    config = page.evaluate("document.querySelector('#karte-graph .js-plotly-plot')._context")
    assert (config["showSendToCloud"], config["plotlyServerURL"]) == (False, ""), "nothing can be sent to a cloud"
    page.get_by_role("button", name="Tabelle", exact=True).click()
    expect(page.locator(".ag-center-cols-container .ag-row")).to_have_count(2)
    page.get_by_label("Adresse, Nummer oder Aktenzeichen").fill("musterallee")
    count(page).to_have_text("1 Objekt")
    expect(page).to_have_url(re.compile("text=musterallee"))
    expect(page.locator(".ag-center-cols-container .ag-row")).to_have_count(1)
    wait_until(page, f"{FIGURE}.find((one) => one.uid === 'state_points').customdata.length", 1)
    page.go_back()
    count(page).to_have_text("2 Objekte")
    expect(page.get_by_label("Adresse, Nummer oder Aktenzeichen")).to_have_value("")
    steps = page.evaluate("history.length")
    page.get_by_role("button", name="Näher heran").click()
    expect(page).to_have_url(re.compile("view="))
    assert page.evaluate("history.length") == steps, "moving the map stands in the link without a step back"


def test_an_object_on_the_map_is_the_row_in_the_table_and_back(open_page: Visits, town: Town) -> None:
    page = open_map(open_page, "?table=1")
    expect(page.locator(".ag-center-cols-container .ag-row")).to_have_count(2)
    page.mouse.move(*place_of(page, town.in_east))
    expect(page.locator("#karte-graph .hoverlayer")).to_contain_text("Musterallee 2")
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("#karte-card h2")).to_have_text("Musterallee 2")
    expect(page.locator(".ag-row-selected")).to_contain_text("Musterallee 2")
    page.locator(".ag-center-cols-container .ag-row", has_text="Beispielweg 1").click()
    expect(page.locator("#karte-card h2")).to_have_text("Beispielweg 1")
    expect(page).to_have_url(re.compile(f"object={town.in_west}"))
    wait_until(page, f"{FIGURE}.at(-1).uid === 'picked' && {FIGURE}.at(-1).visible")
    way_on = page.get_by_role("link", name="Objekt öffnen")
    expect(way_on).to_have_attribute("href", re.compile(f"/objekt/{town.in_west}"))
    page.locator("#karte-card").get_by_role("button", name="Schließen").click()
    expect(page.locator("#karte-graph .maplibregl-canvas")).to_be_focused()
    expect(page.locator("#karte-card h2")).to_have_count(0)


TOOLS = [("Mit einem Rechteck auswählen", "box"), ("Mit einem Lasso auswählen", "polygon")]


def test_a_selection_on_the_map_is_a_geometry_in_the_link(open_page: Visits, town: Town) -> None:
    page = open_map(open_page)
    for tool, part in TOOLS:
        x, y = place_of(page, town.in_west)
        page.get_by_role("button", name=tool).click()
        mode = "lasso" if part == "polygon" else "select"
        wait_until(page, "document.querySelector('#karte-graph .js-plotly-plot')._fullLayout.dragmode", mode)
        page.mouse.move(x - 40, y - 40)
        page.mouse.down()
        for dx, dy in ((40, -40), (40, 40), (-40, 40), (-40, -30)) if part == "polygon" else ((40, 40),):
            page.mouse.move(x + dx, y + dy, steps=4)
        page.mouse.up()
        count(page).to_have_text("1 Objekt")
        expect(page).to_have_url(re.compile(f"[?&]{part}="))
        page.get_by_role("button", name="Auswahl aufheben").click()
        count(page).to_have_text("2 Objekte")


def test_a_link_opens_the_same_picture(open_page: Visits, town: Town) -> None:
    link = f"?colour=red&layers=assessment,areas:quartier,context&view=7.46200,51.35800,14.50&object={town.in_west}"
    page = open_map(open_page, link)
    expect(page.get_by_label("Rot")).to_be_checked()
    expect(page.get_by_label("Objekte nach Ampel")).to_be_checked()
    expect(page.get_by_label("Fokusräume")).not_to_be_checked()
    camera = page.evaluate(f"[{MAP}.getCenter().lng, {MAP}.getCenter().lat, {MAP}.getZoom()]")
    assert [round(value, 3) for value in camera] == [7.462, 51.358, 14.5]


def test_all_of_it_works_without_a_mouse(open_page: Visits, town: Town) -> None:
    page = open_map(open_page)
    page.locator("#content").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zur Tabelle springen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#karte-dock")).to_be_focused()
    expect(page.locator(".ag-center-cols-container .ag-row")).to_have_count(2)
    tab_to(page, ".ag-header-active", most=4)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".ag-row-first .ag-cell-focus")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#karte-card h2")).to_have_text("Beispielweg 1")
    canvas = page.locator("#karte-graph canvas.maplibregl-canvas")
    canvas.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("view="))
    page.get_by_role("button", name="Auswählen, was die Karte zeigt").press("Enter")
    expect(page).to_have_url(re.compile("box="))


def test_tiles_and_sprite_come_from_here_and_a_layer_that_fails_is_named(open_page: Visits) -> None:
    answers: list[Response] = []
    page = open_page("staff", "/barrierefreiheit", size=WINDOW)
    open_page.watch(page).allow("500", "Failed to load resource")
    page.on("response", lambda answer: answers.append(answer))
    page.route("**/layers/focus/columns*", lambda route: route.fulfill(status=500, body="{}"))
    page.goto(f"{open_page.base_url}/karte")
    wait_for_map(page)
    expect(page.locator("#karte-note")).to_contain_text("Fokusräume")
    assert page.evaluate(f"{FIGURE}.find((one) => one.uid === 'state_points').customdata.length") == 2
    page.wait_for_load_state("networkidle")
    fetched = {kind: [one for one in answers if kind in one.url] for kind in ("/tiles/", "/sprite-light", "/columns")}
    assert all(fetched.values())
    assert {one.status for found in fetched.values() for one in found if "/focus/" not in one.url} == {200}


def test_words_stand_in_the_place_of_the_map_until_a_manager_sees_the_own_quarter(open_page: Visits) -> None:
    page = open_page("manager", "/barrierefreiheit", size=WINDOW)
    waiting: list[Route] = []
    page.route("**/layers/state/columns*", lambda route: waiting.append(route))
    page.goto(f"{open_page.base_url}/karte")
    expect(page.get_by_text("Karte wird geladen …")).to_be_visible(timeout=DRAWN_MS)
    expect(page.locator("#karte-count")).to_contain_text("Objekt", timeout=DRAWN_MS)
    for route in waiting:
        # A question that the page has asked anew meanwhile is over, and nobody waits for its answer.
        with contextlib.suppress(Error):
            route.continue_()
    page.unroute("**/layers/state/columns*")
    expect(page.locator("#karte-wait")).to_be_hidden(timeout=DRAWN_MS)
    count(page).to_have_text("1 Objekt")
    wait_until(page, f"{FIGURE}.find((one) => one.uid === 'state_points').customdata.length", 1)


def test_a_browser_that_draws_no_maps_is_told_so_and_shows_the_table(open_page: Visits) -> None:
    page = open_page("staff", "/barrierefreiheit")
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null;")
    page.goto(f"{open_page.base_url}/karte")
    expect(page.get_by_text("Dieser Browser kann die Karte nicht zeichnen")).to_be_visible(timeout=DRAWN_MS)
    expect(page.locator(".ag-center-cols-container .ag-row")).to_have_count(2)
    expect(page.locator(".karte-tools")).to_be_hidden()


@LOOKS
def test_no_barrier_in_any_state(open_page: Visits, axe: Axe, town: Town, theme: str, size: tuple[int, int]) -> None:
    page = open_map(open_page, f"?object={town.in_west}", theme=theme, size=size)
    expect(page.locator("#karte-card h2")).to_have_text("Beispielweg 1")
    # On a phone one panel covers the next, so each is looked at; a wide window shows all of them at once.
    covers = size == PHONE
    for panel in ("karte-filters", "karte-layers", "karte-dock"):
        if page.locator(f"#{panel}").is_hidden():
            page.locator(f".karte-bar [aria-controls={panel}]").click()
        expect(page.locator(f"#{panel}")).to_be_visible()
        unfold = "panel => panel.querySelectorAll('details').forEach((one) => (one.open = true))"
        page.locator(f"#{panel}").evaluate(unfold)
        if covers:
            axe(page)
    if not covers:
        axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is scrolled sideways"


def test_empty_and_unreadable_have_no_barrier(open_page: Visits, axe: Axe) -> None:
    # On a past date nothing was recorded yet.
    page = open_map(open_page, "?as_of=2019-12-31")
    count(page).to_have_text("Kein Objekt")
    axe(page)
    open_page.watch(page).allow("400")
    page.goto(f"{open_page.base_url}/karte?state=verbrannt")
    expect(page.locator("#karte-count")).to_contain_text("nicht lesbar: state")
    axe(page)
