"""Deliveries in a real browser: a file from the form through check to load, sorting, download, dialogs, a phone."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import NullPool, create_engine

from tests.browser.conftest import DESKTOP, PHONE, Visits, settled
from tests.factories import deliveries
from tests.factories.town import KEY, Town

Axe = Callable[[Page], None]
COUNTS = dict.fromkeys(("unchanged", "outdated", "skipped", "superseded", "repaired", "ended", "implied"), 0)
REPORT = {
    **COUNTS, "delivery": None, "as_of": "2026-11-15", "read": 3, "loaded": 2, "rejected": 1, "refused": None,
    "seconds": 0.5, "rejections": [{"line": 2, "field": "use_type", "reason": "Schloss ist kein Nutzungscode."}],
}  # fmt: skip


@pytest.fixture(scope="module")
def register(town: Town) -> int:
    """A delivery with a rejected row; nothing else in the town knows it."""
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        made = deliveries.delivery(connection, city=KEY, read=2, rejected=1, file_name="register.csv")
        deliveries.rejected_row(connection, made, 2, city=KEY, field="dwellings", row={"Wohnungen": "viele"})
    engine.dispose()
    return made


@pytest.fixture
def etl(application: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """The ETL answers with the report that the test puts here; uploads go to a folder of the test."""
    answer: dict[str, Any] = dict(REPORT)
    deps = application.extensions["quartiermonitor"]["deps"]
    for name in ("check_delivery", "load_delivery"):
        monkeypatch.setitem(vars(deps), name, lambda *_order, **_more: dict(answer))
    monkeypatch.setitem(vars(deps), "settings", deps.settings.model_copy(update={"data_dir": tmp_path}))
    return answer


def choose_file(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "register 2026-11-15.csv"
    file.write_text("Nr;Nutzung\n1;Wohnen\n", encoding="utf-8")
    page.get_by_label("Datei", exact=True).set_input_files(file)


def test_overview_and_report_have_no_barrier_and_rejected_rows_are_downloaded(
    open_page: Visits, axe: Axe, register: int, base_url: str
) -> None:
    page = open_page("staff", "/lieferungen", size=DESKTOP)
    expect(page.get_by_role("heading", level=1)).to_have_text("Lieferungen")
    axe(page)
    assert page.evaluate("document.querySelector('.shell-main').scrollWidth <= innerWidth"), "nothing is cut off"
    page.goto(f"{base_url}/lieferungen?delivery={register}")
    expect(page.get_by_text("31.02.2026 is not a date.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Lieferung zurückziehen …").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Als CSV herunterladen").click()
    assert download.value.suggested_filename == f"nicht-uebernommen-properties-2026-11-01-{register}.csv"
    assert "viele" in Path(download.value.path()).read_text(encoding="utf-8-sig")


def test_a_heading_sorts_and_the_address_says_so(open_page: Visits, register: int) -> None:
    page = open_page("staff", "/lieferungen")
    page.get_by_role("link", name="gelesen").click()
    expect(page).to_have_url(re.compile("sort=read&dir=desc"))
    expect(page.get_by_role("columnheader", name="gelesen")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("link", name="gelesen").press("Enter")
    expect(page.get_by_role("columnheader", name="gelesen")).to_have_attribute("aria-sort", "ascending")
    page.go_back()
    expect(page.get_by_role("columnheader", name="gelesen")).to_have_attribute("aria-sort", "descending")


def test_a_file_is_sent_checked_confirmed_and_loaded(
    open_page: Visits, axe: Axe, etl: dict[str, Any], tmp_path: Path, register: int
) -> None:
    page = open_page("staff", "/lieferungen", theme="dark", size=PHONE)
    page.get_by_role("button", name="Senden und prüfen").click()
    expect(page.get_by_role("alert")).to_have_text("Bitte zuerst eine Datei wählen.")
    choose_file(page, tmp_path)
    page.get_by_role("button", name="Senden und prüfen").click()
    expect(page.get_by_text("Schloss ist kein Nutzungscode.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Übernehmen …").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    axe(page)
    etl["delivery"] = register
    page.get_by_role("button", name="Übernehmen", exact=True).click()
    page.get_by_role("link", name="Zur Lieferung").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Lieferung {register}: Objektregister")


def test_a_refused_file_offers_no_way_to_load_it(
    open_page: Visits, axe: Axe, etl: dict[str, Any], tmp_path: Path
) -> None:
    etl["refused"] = "Die Spalte Straße fehlt."
    page = open_page("staff", "/lieferungen")
    choose_file(page, tmp_path)
    page.get_by_role("button", name="Senden und prüfen").click()
    expect(page.get_by_text("Die Spalte Straße fehlt.")).to_be_visible()
    expect(page.get_by_role("button", name="Übernehmen …")).to_have_count(0)
    settled(page)
    axe(page)
