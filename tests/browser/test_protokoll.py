"""The log in a real browser: its state, its table and its filter, on a phone too."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geodata.audit import anchors as audit_anchors
from tests.browser.conftest import DESKTOP, Visits, show_whole

FITS = "document.querySelector('.shell-main').scrollWidth <= innerWidth"
PATIENCE_MS = 20_000  # a grid draws its rows when the browser has time


@pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP)])
def test_the_log_is_checked_and_filtered_without_a_barrier(
    open_page: Visits,
    axe: Callable[[Page], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    theme: str,
    size: tuple[int, int],
) -> None:
    monkeypatch.setattr(audit_anchors, "FILE_NAME", str(tmp_path / "anchors.jsonl"))
    monkeypatch.setattr(audit_anchors, "CHECKED_NAME", str(tmp_path / "checked.json"))
    page = open_page("admin", "/protokoll?action=sign_in&account=anna", theme=theme, size=size)
    expect(page.locator(".remote-table .ag-cell").first).to_be_attached(timeout=PATIENCE_MS)
    expect(page.get_by_text("Nur: Anmeldung; Konto: anna.")).to_be_visible()
    page.get_by_role("button", name="Jetzt prüfen").click()
    expect(page.locator("#protokoll-state")).to_contain_text("Unversehrt", timeout=PATIENCE_MS)
    show_whole(page)
    axe(page)
    assert page.evaluate(FITS), "nothing is cut off"
    page.get_by_role("link", name="Filter zurücksetzen").click()
    expect(page.get_by_text("Nur: Anmeldung")).to_have_count(0)
    page.get_by_label("Konto", exact=True).fill("niemand")
    page.get_by_label("Konto", exact=True).press("Enter")
    expect(page.get_by_text("Kein Eintrag passt zu diesem Filter.")).to_be_visible(timeout=PATIENCE_MS)
