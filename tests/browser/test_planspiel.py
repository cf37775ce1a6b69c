"""The page of scenarios in a real browser: the form writes the link by keyboard, and the answer has no barrier."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visits

Axe = Callable[[Page], None]


def test_a_question_is_asked_by_keyboard_and_its_answer_has_no_barrier(open_page: Visits, axe: Axe) -> None:
    page = open_page("staff", "/planspiel", theme="dark", size=PHONE)
    page.get_by_text("Mehr Annahmen").click()
    page.get_by_label("Weitere Stelle").select_option("Polizei")
    page.get_by_label("Kontrollaktionen je Woche", exact=True).fill("0.5")
    days = page.get_by_label("Abstand in Tagen").first
    days.fill("60")
    days.press("Enter")
    expect(page).to_have_url(re.compile(r"wish=\d+:joint_control:60.*office=police:0\.5"))
    expect(page.get_by_text("alle 60 Tage: mit")).to_be_visible()
    expect(page.get_by_label("Polizei")).to_have_value("0.5")
    page.evaluate("document.querySelectorAll('.planspiel details').forEach(one => one.open = true)")
    assert page.evaluate("document.querySelector('.shell-main').scrollWidth <= innerWidth"), "nothing is cut off"
    axe(page)
