"""Forms in a real browser: drafts and the queue at a phone's width, the rules, and the ways back from an error."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

import dashboard.create_app as composition
from dashboard.page import discover
from geodata import edits
from geodata.access import Access, Scope
from tests.browser.conftest import PHONE, Visits, served
from tests.factories import town as towns
from tests.factories.form_cases import CASES
from tests.factories.town import KEY, NAMES, Town
from tests.factories.trial_form import Desk, trial_form, trial_page


@pytest.fixture(scope="module")
def desk() -> Desk:
    """Where the trial form lands."""
    return Desk()


@pytest.fixture(scope="module")
def base_url(application: Flask, desk: Desk) -> Iterator[str]:
    """The application with the trial form on a page of its own."""
    page = trial_page(trial_form(desk))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "discover", lambda: (*discover(), page))
        trial = composition.create_app(application.extensions["quartiermonitor"]["deps"])
    with served(trial) as address:
        yield address


def test_a_form_on_a_phone_survives_a_lost_connection(open_page: Visits, desk: Desk, axe: Callable[..., None]) -> None:
    page = open_page("manager", "/versuch", size=PHONE)
    open_page.watch(page).allow("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to fetch")
    page.get_by_label("Words").fill("Klingel ohne Namen")
    send = page.get_by_role("button", name="Send")
    send.click()
    first = page.get_by_label("Subject")
    expect(first).to_be_focused()
    expect(first).to_have_accessible_description("Bitte ausfüllen.")
    axe(page)
    first.fill("Haus 1")
    page.reload()
    expect(page.get_by_text("wiederhergestellt")).to_be_visible()
    expect(page.get_by_label("Words")).to_have_value("Klingel ohne Namen")
    page.context.set_offline(True)
    page.get_by_label("Words").press("Control+Enter")
    expect(page.get_by_text("Nicht gesendet: keine Verbindung")).to_be_visible()
    assert not desk.saved
    page.context.set_offline(False)
    expect(page.get_by_text("Saved 1")).to_be_visible()
    expect(page.get_by_label("Words")).to_have_value("")
    assert [one.values["body"] for one in desk.saved.values()] == ["Klingel ohne Namen"]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('qm:draft')).length") == 0


def test_a_warning_is_confirmed_in_the_form_and_both_sides_know_the_same_rules(open_page: Visits, desk: Desk) -> None:
    page = open_page("staff", "/versuch")
    open_page.watch(page).allow("409 (CONFLICT)")
    before = len(desk.saved)
    page.get_by_label("Subject").fill("warning")
    page.get_by_label("Subject").press("Enter")
    expect(page.get_by_role("link", name="Beispielweg 1")).to_be_visible()
    page.get_by_role("button", name="Trotzdem speichern").click()
    expect(page.get_by_text(f"Saved {before + 1}")).to_be_visible()
    assert _codes_of_the_browser(page) == [problem for _field, _value, problem in CASES]


def test_a_draft_outlives_the_session_and_ends_with_it_when_one_signs_out(open_page: Visits) -> None:
    page = open_page("staff", "/versuch")
    open_page.watch(page).allow("401 (UNAUTHORIZED)")
    page.get_by_label("Subject").fill("Noch nicht fertig")
    page.context.clear_cookies()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/anmelden?next=**")
    page.get_by_role("button", name="Bauaufsicht").click()
    expect(page.get_by_label("Subject")).to_have_value("Noch nicht fertig")
    drafts = "Object.keys(localStorage).filter((key) => key.startsWith('qm:draft:bea:')).length"
    assert page.evaluate(drafts) == 1
    page.locator("summary[aria-label^='Konto']").click()
    page.get_by_role("button", name="Abmelden", exact=True).click()
    page.wait_for_url("**/anmelden")
    assert page.evaluate(drafts) == 0


@pytest.fixture
def tidy(town: Town) -> Iterator[None]:
    """What is entered at the property is taken back afterwards: other journeys share the town."""
    yield
    access = Access(town.urls)
    for_staff = Scope(KEY, "staff", NAMES["staff"])
    with access.open(for_staff) as asker:
        entered = [one.edit_id for one in edits.read_edits(asker, town.in_west) if one.undone_at is None]
    for edit_id in entered:
        with access.open(for_staff) as asker:
            edits.undo(asker, edit_id, uuid4())
    access.close()
    towns.back_to_the_date(town.urls)


@pytest.mark.usefixtures("tidy")
def test_the_second_of_two_people_is_told_and_loses_nothing(
    open_page: Visits, base_url: str, town: Town, axe: Callable[..., None]
) -> None:
    page = open_page("staff", f"/objekt/{town.in_west}?form=naechster-schritt")
    open_page.watch(page).allow("409 (CONFLICT)")
    step = page.get_by_role("textbox", name="Nächster Schritt")
    step.fill("Räumung prüfen")
    # Meanwhile somebody else, who needs no second picture of the page.
    body = {
        "submission": str(uuid4()), "about": {"property": str(town.in_west)},
        "values": {"next_step": "Gutachten", "lead_office": "police"},
    }  # fmt: skip
    answer = page.context.request.post(
        f"{base_url}/formulare/naechster-schritt", data=body, headers={"Origin": base_url}
    )
    assert answer.status == 200, answer.text()
    page.get_by_role("button", name="Speichern", exact=True).click()
    expect(page.get_by_text("Inzwischen hat Bea Beispiel das geändert")).to_be_visible()
    expect(page.get_by_role("cell", name="Gutachten")).to_be_visible()
    expect(page.get_by_role("cell", name="bleibt wie gespeichert")).to_be_visible()
    expect(step).to_have_value("Räumung prüfen")
    axe(page)
    page.get_by_role("button", name="Meine Angaben trotzdem speichern").click()
    expect(page.get_by_role("definition").filter(has_text="Räumung prüfen")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text="Polizei")).to_be_visible()
    expect(page.locator(".objekt-form")).to_have_count(0)


def _codes_of_the_browser(page: Page) -> list[str | None]:
    """What the rules of the browser say to the table of cases."""
    cases = [
        [{**asdict(field), "max_length": field.longest, "options": [list(one) for one in field.options],
          "latest": "2026-11-15" if field.not_after_today else None}, value]
        for field, value, _problem in CASES
    ]  # fmt: skip
    codes: list[str | None] = page.evaluate(
        "(text) => JSON.parse(text).map(([field, value]) => window.qm_drafts.check(field, value))", json.dumps(cases)
    )
    return codes
