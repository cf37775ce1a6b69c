"""Planning a round by keyboard: objects change places, the link holds it, and the focus stays. Nothing is saved."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visits, show_whole
from tests.factories.town import Town


def test_objects_are_moved_by_keyboard_and_the_focus_stays(
    open_page: Visits, axe: Callable[..., None], town: Town
) -> None:
    page = open_page("staff", f"/planer?stops={town.in_west},{town.in_east}")
    titles = page.locator(".planer-stop .work-title")
    expect(titles).to_have_text(["Beispielweg 1", "Musterallee 2"])
    page.get_by_role("link", name="Beispielweg 1 nach unten").press("Enter")
    expect(titles).to_have_text(["Musterallee 2", "Beispielweg 1"])
    expect(page.locator(f"#planer-down-{town.in_west}")).to_be_focused()
    expect(page).to_have_url(re.compile(f"stops={town.in_east}%2C{town.in_west}"))
    show_whole(page)
    axe(page)
