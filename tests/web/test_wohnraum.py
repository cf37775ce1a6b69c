"""Housing: what the page says in sentences, who sees which house, what a form refuses, what leaves as a file."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text

from tests.factories import facts, housing
from tests.factories.town import KEY, Town, back_to_the_date
from tests.web.conftest import show_page

Clients = Callable[[str], FlaskClient]
TABLES = ("closure_event", "closure", "dwelling_change", "replacement_dwelling")


@pytest.fixture
def clean(town: Town) -> Iterator[Town]:
    """The town; what a test enters is taken away afterwards."""
    yield town
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        for table in TABLES:
            connection.execute(text(f"DELETE FROM qm.{table}"))
        connection.execute(text("DELETE FROM qm.inspection WHERE control_type = 'housing_control'"))
        connection.execute(text("DELETE FROM qm.edit WHERE kind ~ '^(schliessung|verbleib|wohnungsbilanz|ersatzw)'"))
    engine.dispose()
    back_to_the_date(town.urls)


@pytest.fixture
def housed(clean: Town) -> Town:
    """A closed house in the west and one in the east, dwellings lost in both, three dwellings in the pool."""
    engine = create_engine(clean.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        west, east = clean.in_west, clean.in_east
        key = housing.closure(connection, west)
        housing.closure_event(connection, west, key, "households_rehoused", date(2024, 5, 7), households=4)
        housing.closure_event(connection, west, key, "reopened", date(2025, 9, 1))
        other = housing.closure(connection, east, cause="fire", households_affected=2)
        housing.closure_event(connection, east, other, "households_rehoused", date(2024, 6, 1), households=3)
        housing.dwelling_change(connection, west, programme="Landesprogramm")
        housing.dwelling_change(connection, east, date(2026, 2, 1), kind="new_building", dwellings_lost=0,
                                large_flats_lost=0, dwellings_won=9, large_flats_won=2)  # fmt: skip
        facts.inspection(connection, west, date(2025, 3, 4), control_type="housing_control", result="finding",
                         defects=["heating"])  # fmt: skip
        for number, rooms in enumerate((1, 2, 5)):
            housing.dwelling(connection, f"EW-{number}", city=KEY, rooms=rooms)
    engine.dispose()
    return clean


def words_of(shown: dict[str, Any]) -> str:
    return json.dumps(shown, ensure_ascii=False)


def send(browser: FlaskClient, form: str, values: dict[str, Any], **more: Any) -> tuple[int, Any]:
    body = {"submission": str(uuid4()), "values": values, "about": {}, "confirmed": []} | more
    answer = browser.post(f"/formulare/{form}", json=body)
    return answer.status_code, answer.json


def page_of(browser: FlaskClient, server: Flask, search: str = "") -> str:
    return words_of(show_page(browser, server, "/wohnraum", search))


def test_empty_views_say_what_would_stand_there(client: Clients, server: Flask, clean: Town) -> None:
    staff = client("staff")
    for search, said in (("", "Noch kein geschlossenes Haus"), ("?view=bilanz", "Keine Wohnungen verloren"),
                         ("?view=ersatzwohnraum", "Noch keine Ersatzwohnung"),
                         ("?view=erhebung", "Kein Fall in diesem Jahr")):  # fmt: skip
        assert said in page_of(staff, server, search), search


@pytest.mark.parametrize("role", ["external_manager", "politics", "admin"])
def test_others_have_no_such_page_no_form_and_no_file(client: Clients, server: Flask, housed: Town, role: str) -> None:
    browser = client(role)
    assert "Geschlossene Häuser" not in page_of(browser, server)
    for table in ("geschlossene_haeuser", "wohnungsbilanz", "ersatzwohnraum", "wohnungsaufsicht_erhebung"):
        assert browser.get(f"/tables/{table}.csv").status_code == 403
    assert send(browser, "verbleib", {})[0] == 403


def test_the_sentences_name_houses_households_and_what_contradicts_itself(
    client: Clients, server: Flask, housed: Town
) -> None:
    page = page_of(client("staff"), server)
    for said in ("2 geschlossene Häuser: 1 wieder bewohnbar, 1 weiter geschlossen.",
                 "8 Haushalte mussten ausziehen: 7 in Ersatzwohnraum; bei 2 ist der Verbleib nicht bekannt.",
                 "Die Angaben widersprechen sich", "mehr Haushalte, als dort waren", "Geschlossenes Haus eintragen",
                 "ab 5 Personen (noch nicht bestätigt)"):  # fmt: skip
        assert said in page, said


def test_a_manager_sees_the_own_houses_without_forms_and_survey(client: Clients, server: Flask, housed: Town) -> None:
    manager = client("manager")
    page = page_of(manager, server)
    assert "1 geschlossenes Haus: 1 wieder bewohnbar." in page
    assert "Musterallee 2" not in page
    assert "Geschlossenes Haus eintragen" not in page
    assert "Erhebung" not in page
    assert "Die Erhebung macht die Bauaufsicht" in page_of(manager, server, "?view=erhebung")
    rows = manager.get("/tables/wohnungsbilanz.csv?span=all").data.decode("utf-8-sig")
    assert "Beispielweg 1" in rows
    assert "Musterallee 2" not in rows
    assert manager.get("/tables/wohnungsaufsicht_erhebung.csv").status_code == 403


def test_the_balance_and_its_file_say_the_same(client: Clients, server: Flask, housed: Town) -> None:
    staff = client("staff")
    page = page_of(staff, server, "?view=bilanz")
    for said in ("2024\u20132026: 4 Wohnungen verloren, 9 gewonnen, Bilanz +5.", "Landesprogramm", "ohne Programm",
                 "ab 5 Zimmern oder ab 100\u00a0m² (noch nicht bestätigt)", "Als Tabelle"):  # fmt: skip
        assert said in page, said
    rows = staff.get("/tables/wohnungsbilanz.csv").data.decode("utf-8-sig").splitlines()
    assert len([row for row in rows if "Beispielweg" in row or "Musterallee" in row]) == 2


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("", "Tragen Sie eine Zahl von Haushalten ein"),
        ("&need=3", "Der Ersatzwohnraum reicht für 3 Haushalte."),
        ("&need=3&need_large=2", "reicht nicht für 3 Haushalte, davon 2 große: 1 Wohnung fehlt, davon 1 große."),
        ("&need=5", "reicht nicht für 5 Haushalte: 2 Wohnungen fehlen."),
        ("&need=x", "Dieser Teil des Links ist nicht lesbar"),
    ],
)
def test_the_pool_answers_whether_it_is_enough(
    client: Clients, server: Flask, housed: Town, search: str, said: str
) -> None:
    page = page_of(client("manager"), server, f"?view=ersatzwohnraum{search}")
    assert said in page
    if search != "&need=x":
        assert "3 Ersatzwohnungen sind frei, davon 1 große; 0 sind belegt." in page


def test_the_pool_shows_what_can_be_had_on_the_date_and_says_what_comes_later(
    client: Clients, server: Flask, housed: Town
) -> None:
    engine = create_engine(housed.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        housing.dwelling(connection, "EW-9", city=KEY, rooms=3, available_from_on=date(2026, 12, 24))
    engine.dispose()
    staff = client("staff")
    assert "1 weitere Wohnung gibt es erst später." in page_of(staff, server, "?view=ersatzwohnraum")
    before = page_of(staff, server, "?view=ersatzwohnraum&as_of=2015-01-01")
    assert "An diesem Tag keine Ersatzwohnung" in before
    assert "4 weitere Wohnungen gibt es erst später." in before
    listed = staff.get("/tables/ersatzwohnraum.csv?as_of=2026-11-15").data.decode("utf-8-sig")
    assert "EW-0" in listed
    assert "EW-9" not in listed


def test_the_survey_is_one_file_that_says_what_is_not_confirmed(client: Clients, server: Flask, housed: Town) -> None:
    staff = client("staff")
    page = page_of(staff, server, "?view=erhebung")
    assert "Form noch nicht bestätigt" in page
    assert "Anlass: Heizung" in page
    rows = staff.get("/tables/wohnungsaufsicht_erhebung.csv?year=2025").data.decode("utf-8-sig")
    assert "Alle Fälle;1;" in rows
    book = staff.get("/tables/wohnungsaufsicht_erhebung.xlsx?year=2025")
    assert book.status_code == 200
    assert staff.get("/tables/wohnungsaufsicht_erhebung.csv?year=1900").status_code == 400


def test_a_closed_house_is_entered_its_event_added_and_withdrawn_after_a_question(
    client: Clients, server: Flask, clean: Town
) -> None:
    staff = client("staff")
    values = {
        "property_id": {"text": "Beispielweg 1", "id": str(clean.in_west)}, "closed_on": "2025-05-06", "cause": "fire",
        "measure_key": "", "households_affected": "4", "large_households_affected": "5",
    }  # fmt: skip
    assert send(staff, "schliessung", {**values, "property_id": {"text": "Beispielweg", "id": None}})[0] == 422
    status, answer = send(staff, "schliessung", values)
    assert status == 422
    assert answer["problem"]["fields"]["large_households_affected"] == "Das sind mehr, als es gibt."
    status, answer = send(staff, "schliessung", {**values, "large_households_affected": ""})
    assert status == 200
    key = answer["saved"]["href"].partition("house=")[2].replace("%3A", ":")
    happened = {"kind": "households_rehoused", "happened_on": "2025-06-01", "households": "9", "came_from": ""}
    assert send(staff, "verbleib", happened, about={"house": key})[0] == 422
    assert send(staff, "verbleib", {**happened, "households": "3"}, about={"house": key})[0] == 200
    alone = page_of(staff, server, f"?house={key}")
    for said in ("Haushalte in Ersatzwohnraum: 3", "Ereignis zurückziehen", "Objekt anzeigen"):
        assert said in alone, said
    assert send(staff, "schliessung-zurueckziehen", {"reason": ""}, about={"house": key})[1]["confirm"]
    gone = send(staff, "schliessung-zurueckziehen", {"reason": ""}, about={"house": key}, confirmed=["withdraw"])
    assert gone[0] == 200
    assert "Dieses geschlossene Haus gibt es nicht" in page_of(staff, server, f"?house={key}")


def test_dwellings_and_the_pool_are_entered(client: Clients, server: Flask, housed: Town) -> None:
    staff = client("staff")
    pool = {"rooms": "4", "area_m2": "101", "places": "5", "is_barrier_free": True, "provider": "city", "area_id": "",
            "available_from_on": "2025-01-01", "available_until_on": ""}  # fmt: skip
    assert send(staff, "ersatzwohnung", pool)[0] == 200
    assert "4 Ersatzwohnungen sind frei, davon 2 große" in page_of(staff, server, "?view=ersatzwohnraum")
    change = {"dwelling": "EW-2", "what": "taken", "on": "2026-01-01"}
    assert send(staff, "ersatzwohnung-aendern", change)[0] == 200
    status, answer = send(staff, "ersatzwohnung-aendern", change)
    assert (status, answer["problem"]["message"]) == (422, "Belegt ab: Dort wohnt schon jemand.")
    assert "wohnungsbilanz" in page_of(staff, server, "?form=wohnungsbilanz")
