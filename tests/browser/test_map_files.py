"""Files of the map in a real browser: the menu by keyboard, the handout opened from a disk without any network."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Visits
from tests.browser.test_karte import WINDOW, wait_for_map
from tests.browser.waiting import wait_until

Axe = Callable[[Page], None]
LAYERS = "layers=state,areas:quartier,due,context"


def open_map(open_page: Visits, query: str, **look: object) -> Page:
    page = open_page("staff", f"/karte?{query}", **look)  # type: ignore[arg-type]
    wait_for_map(page)
    return page


@pytest.mark.parametrize(("theme", "size"), [("dark", PHONE)])
def test_the_menu_opens_by_keyboard_fits_the_window_and_brings_what_the_link_means(
    open_page: Visits, axe: Axe, theme: str, size: tuple[int, int]
) -> None:
    page = open_map(open_page, "text=allee", theme=theme, size=size)
    menu = page.locator(".karte .download-menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    entries = menu.locator("a")
    expect(entries).to_have_count(6)
    box = menu.locator(".menu-body").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= size[0]
    assert box["y"] + box["height"] <= size[1]
    axe(page)
    page.keyboard.press("Tab")
    expect(entries.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(entries.first).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Objekte als CSV").click()
    assert waiting.value.suggested_filename == "Objekte_2026-11-15_Erfundene-Beispieldaten.csv"
    lines = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines] == ["Adresse", "Musterallee 2"], "a file follows the link of the page"


@pytest.fixture(scope="module")
def handout(browser: Browser, base_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handout as a user keeps it: downloaded from the page, lying on a disk."""
    visits = Visits(browser, base_url)
    page = open_map(visits, f"{LAYERS}&colour=none,yellow,red,green", size=WINDOW)
    page.locator(".karte .download-menu summary").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Karte als eine Datei").click()
    kept = tmp_path_factory.mktemp("handout") / waiting.value.suggested_filename
    waiting.value.save_as(kept)
    visits.close()
    return kept


@pytest.mark.parametrize("size", [(1280, 900), PHONE])
def test_a_handout_opens_without_any_network(handout: Path, browser: Browser, axe: Axe, size: tuple[int, int]) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
    asked, errors = [], []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(handout.as_uri())
    expect(page.get_by_text("Erfundene Beispieldaten")).to_be_visible()
    expect(page.locator(".facts")).to_contain_text("15.11.2026")
    expect(page.locator(".facts")).to_contain_text("Ampel: Grün, Gelb, Rot")
    expect(page.locator(".facts")).to_contain_text("Lieferungen der Ämter")
    expect(page.get_by_role("heading", name="Legende")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(2)
    symbols = page.locator(".leaflet-marker-icon[alt='Musterallee 2']")
    expect(symbols).to_have_count(1)
    # The picture of a symbol arrived, and the outlines left colour on the canvas.
    wait_until(page, "document.querySelector('.leaflet-marker-icon[alt=\"Musterallee 2\"]').naturalWidth > 0")
    wait_until(page, PAINTED)
    symbols.click()
    expect(page.locator(".leaflet-popup-content")).to_contain_text("Zustand: Erfasst")
    axe(page)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert errors == []
    context.close()


PAINTED = """(() => {
    const canvas = document.querySelector('.leaflet-overlay-pane canvas');
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.some((value, index) => index % 4 === 3 && value > 0);
})()"""


def test_a_handout_has_one_size_on_paper(handout: Path, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 700, "height": 900}, offline=True)
    page = context.new_page()
    page.goto(handout.as_uri())
    frame = page.locator(".frame")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    box = frame.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (874, 620)
    page.emulate_media(media="print")
    symbol, zoomed = page.locator(".leaflet-marker-icon[alt='Musterallee 2']").bounding_box(), frame.bounding_box()
    assert symbol is not None
    assert zoomed is not None
    assert zoomed["x"] < symbol["x"] < zoomed["x"] + zoomed["width"]
    assert zoomed["y"] < symbol["y"] < zoomed["y"] + zoomed["height"]
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("body")).not_to_have_class("paper")
    context.close()
