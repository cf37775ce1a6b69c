"""The page of rules in a real browser: from the wish over its preview to the new due dates."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import NullPool, create_engine

from geodata import jobs
from tests.browser.conftest import PHONE, Visits
from tests.browser.waiting import wait_until
from tests.factories import rule_changes
from tests.factories.town import Town

PREVIEW = (
    "/regeln?form=new&control_type=joint_control&interval_days=30&area_id=city&use_type=any"
    "&access_required=common_areas&reason=Beschluss&valid_from=2026-11-15"
)


@pytest.fixture(autouse=True)
def as_it_was(town: Town) -> Iterator[None]:
    """The town's rules as they were built, whatever was saved."""
    yield
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        rule_changes.take_back(connection)
    engine.dispose()


def test_a_previewed_rule_is_saved_and_the_page_follows_until_the_dates_are_new(
    open_page: Visits, axe: Callable[[Page], None], town: Town
) -> None:
    page = open_page("staff", PREVIEW, size=PHONE, theme="dark")
    expect(page.get_by_text("Je betroffenes Haus: 12,2 statt 1,0 im Jahr.")).to_be_visible()
    wait_until(page, "document.querySelectorAll('#regeln-course .lines path').length > 0")
    page.evaluate("document.querySelectorAll('.regeln details:not(.menu)').forEach(one => one.open = true)")
    assert page.evaluate("document.querySelector('.shell-main').scrollWidth <= innerWidth"), "nothing is cut off"
    axe(page)
    page.get_by_role("button", name="Diese Regel speichern").click()
    expect(page.locator("#regeln-job").get_by_text("warten darauf, neu berechnet zu werden")).to_be_visible()
    # Nothing runs in the background of this server, so the work is done here.
    assert jobs.run_queued(town.urls.load) == 1
    expect(page.locator("#regeln-job").get_by_text("sind neu berechnet")).to_be_visible()
    expect(page.locator(".regeln-table").get_by_text("alle 30 Tage")).to_be_visible()
    expect(page.locator(".regeln-table").get_by_text("gilt für kein Objekt")).to_be_visible()
