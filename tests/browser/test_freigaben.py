"""Released states in a real browser: politics reads and presents, building control releases."""

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from dashboard.create_app import create_app
from dashboard.deps import Deps
from geodata.access import Access
from geodata.settings import DatabaseUrls, Settings
from layers.base import discover
from tests.browser.conftest import PHONE, Visits, _Silent, settled
from tests.browser.waiting import tab_to, wait_until
from tests.factories import released

Axe = Callable[[Page], None]
STAGE = (1920, 1080)
# The smallest text of the slide that is shown, in pixels, and how far its body is fuller than there is room.
SMALLEST = """() => {
  const slide = [...document.querySelectorAll(".slide")].find((one) => one.offsetHeight);
  const texts = [...slide.querySelectorAll("*")].filter((one) => !one.closest("svg")
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
  return Math.min(...texts.map((one) => parseFloat(getComputedStyle(one).fontSize)));
}"""
OVERFLOW = """() => {
  const slide = [...document.querySelectorAll(".slide")].find((one) => one.offsetHeight);
  const body = slide.querySelector(".slide-body");
  return Math.max(body.scrollHeight - body.clientHeight, body.scrollWidth - body.clientWidth,
                  slide.scrollHeight - slide.clientHeight);
}"""


@pytest.fixture(scope="module")
def own(make_database: Callable[[str], DatabaseUrls]) -> DatabaseUrls:
    """The town with a public state released; the journeys of this module release more."""
    urls = make_database("browser_released")
    released.build(urls)
    released.release(urls, title="Problemimmobilien und Rückbau")
    return urls


@pytest.fixture(scope="module")
def own_application(own: DatabaseUrls, settings: Settings) -> Iterator[Flask]:
    access = Access(own)
    yield create_app(
        Deps(settings=settings, access=access, session_key="a key for tests only, never used elsewhere",
             layers=discover())
    )  # fmt: skip
    access.close()


@pytest.fixture(scope="module")
def own_url(own_application: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, own_application, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(browser: Browser, own_url: str) -> Iterator[Visits]:
    """As `open_page`, over the city with released states."""
    visits = Visits(browser, own_url)
    yield visits
    for context in visits.contexts:
        context.close()
    for watch in visits.watches:
        watch.verdict()


def shown(page: Page) -> str | None:
    """The number of the one slide that is to be seen."""
    expect(page.locator(".slide:visible")).to_have_count(1)
    return page.locator(".slide:visible").get_attribute("data-number")


def at(page: Page, number: int) -> None:
    """Wait until a slide is the one that is shown."""
    expect(page.locator(".presentation")).to_be_visible(timeout=20_000)
    wait_until(page, "document.querySelector('.presentation').dataset.at", str(number))
    assert shown(page) == str(number)


def test_politics_reads_the_released_state_and_presents_it_by_keyboard(visit: Visits, axe: Axe) -> None:
    page = visit("politics")
    expect(page).to_have_url(re.compile("/freigaben"))
    expect(page.get_by_role("heading", level=2, name="Problemimmobilien und Rückbau")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Karte: Offene Objekte"))).to_be_visible()
    expect(page.locator(".freigaben-dot").first).to_contain_text("zurückgehalten")
    axe(page)
    tab_to(page, "a[href*='praesentation']", most=20)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/praesentation/1"))
    expect(page.locator(".shell-head")).to_be_hidden()
    at(page, 1)
    for key, number in (
        ("ArrowRight", 2), ("PageDown", 3), ("Space", 4), ("ArrowRight", 5), ("ArrowRight", 5), ("PageUp", 4),
        ("ArrowLeft", 3), ("Home", 1), ("ArrowLeft", 1), ("End", 5), ("Shift+Space", 4),
    ):  # fmt: skip
        page.keyboard.press(key)
        at(page, number)
    expect(page.locator("#praesentation-live")).to_have_text("Folie 4 von 5: Rückbau")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/freigaben\?release=1"))
    expect(page.locator(".shell-head")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_slide_reads_from_ten_metres_and_nothing_is_cut_off(visit: Visits, axe: Axe, theme: str) -> None:
    page = visit("politics", "/praesentation", size=STAGE, theme=theme)
    for number in range(1, 6):
        at(page, number)
        assert page.evaluate(SMALLEST) >= 0.022 * STAGE[0]
        assert page.evaluate(OVERFLOW) <= 0
        slide = page.locator(".slide:visible")
        expect(slide).to_contain_text("Stand vom 15.11.2026")
        expect(slide).to_contain_text("Erfundene Beispieldaten")
        expect(slide).to_contain_text(f"{number} / 5")
        axe(page)
        page.get_by_role("button", name="Nächste Folie").click(force=True) if number < 5 else None


def test_the_stage_holds_names_paper_full_screen_and_long_titles(visit: Visits) -> None:
    page = visit("politics", "/praesentation", size=STAGE)
    at(page, 1)
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 5, "one slide a page"
    page.keyboard.press("f")
    wait_until(page, "document.fullscreenElement !== null")
    page.keyboard.press("f")
    wait_until(page, "document.fullscreenElement === null")
    page.get_by_role("button", name="Vollbild (F)").click()
    wait_until(page, "document.fullscreenElement !== null")
    page.keyboard.press("f")
    wait_until(page, "document.fullscreenElement === null")
    page.keyboard.press("ArrowRight")
    at(page, 2)
    page.reload()
    at(page, 2)
    height = page.locator(".area-name").first.evaluate(
        "one => parseFloat(getComputedStyle(one).fontSize) * one.ownerSVGElement.getScreenCTM().a"
    )
    assert height >= 0.0215 * STAGE[0], "the names on the map are as large as other text"
    page.keyboard.press("Home")
    at(page, 1)
    page.evaluate(
        """() => {
          const heading = document.querySelector(".slide-heading");
          heading.textContent = "Problemimmobilien, Quartiere und Rückbau: Bericht an den Rat der Stadt, "
            + "den Hauptausschuss und alle Bezirksvertretungen";
          heading.classList.add("slide-heading-long");
          for (const [slide, most] of [[2, 6], [3, 11]]) {
            const list = document.querySelector(`.slide[data-number="${slide}"] .slide-rows`);
            const last = list.lastElementChild;
            last.firstElementChild.textContent = "Hohenlimburg-Reh/Henkhausen und Umgebung";
            while (list.children.length < most) list.append(last.cloneNode(true));
            list.after(Object.assign(document.createElement("p"), { textContent: "und 8 weitere in der Liste" }));
          }
        }"""
    )
    for number in (1, 2, 3):
        at(page, number)
        assert page.evaluate(OVERFLOW) <= 0, number
        page.keyboard.press("ArrowRight")


def test_on_a_phone_the_slides_stand_below_each_other(visit: Visits, axe: Axe) -> None:
    page = visit("politics", "/praesentation", size=PHONE, theme="dark")
    expect(page.locator(".slide:visible")).to_have_count(5)
    assert page.evaluate("document.getElementById('content').scrollWidth") <= PHONE[0]
    axe(page)
    page.goto(page.url.partition("/praesentation")[0] + "/freigaben")
    settled(page)
    assert page.evaluate("document.getElementById('content').scrollWidth") <= PHONE[0]
    axe(page)


def test_building_control_releases_a_state_after_a_preview(visit: Visits, axe: Axe) -> None:
    page = visit("staff", "/freigaben")
    page.get_by_role("link", name="Stand freigeben").click()
    page.get_by_label("Titel").fill("Nur für den Ausschuss")
    page.get_by_label("nichtöffentlich").check()
    axe(page)
    page.get_by_role("button", name="Vorschau zeigen").click()
    expect(page.get_by_text("Vorschau: Noch ist nichts freigegeben.")).to_be_visible()
    expect(page.get_by_role("cell", name="weniger als 5 Objekte").first).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Freigeben …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Den Stand vom 15.11.2026 freigeben?")
    dialog.get_by_role("button", name="Freigeben", exact=True).click()
    expect(page.get_by_role("heading", level=2, name="Nur für den Ausschuss")).to_be_visible(timeout=60_000)
    expect(page).to_have_url(re.compile(r"/freigaben\?release=2$"))
    expect(page.get_by_role("rowheader", name="Beispielweg 1")).to_be_visible()
