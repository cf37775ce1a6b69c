"""Assessments over HTTP: explained on the page of a property, weighed otherwise after a preview, reported, decided."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, NullPool, create_engine, text
from werkzeug.test import TestResponse

from geodata import records
from geodata.assessment import computing, running, stale
from geodata.one_transaction import one_transaction
from tests.factories import facts
from tests.factories.town import AS_OF, KEY, Town, back_to_the_date
from tests.web.conftest import show_page

Clients = Callable[[str], FlaskClient]


@pytest.fixture
def assessed(town: Town) -> Iterator[Town]:
    """Both houses have waste found in June 2025 and a judgement of May 2025, which is too old by now."""
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        computing.assess(connection, KEY)
    yield town
    with engine.begin() as connection:
        for statement in (
            "DELETE FROM qm.assessment_event WHERE contributions IS NOT NULL",
            "DELETE FROM qm.assessment_current", "DELETE FROM qm.assessment_run", "DELETE FROM qm.assessment_report",
            "DELETE FROM qm.assessment_setting", "DELETE FROM qm.job WHERE kind = 'assessment'",
        ):  # fmt: skip
            connection.execute(text(statement))
        records.refresh(connection, KEY, AS_OF)
    engine.dispose()
    back_to_the_date(town.urls)


def shown(client: FlaskClient, server: Flask, path: str, search: str = "") -> str:
    return json.dumps(show_page(client, server, path, search)["content"], ensure_ascii=False)


def send(
    client: FlaskClient, form: str, values: dict[str, Any], about: dict[str, str], *confirmed: str
) -> TestResponse:
    body = {"submission": str(uuid4()), "values": values, "about": about, "confirmed": list(confirmed)}
    return client.post(f"/formulare/{form}", json=body)


def test_the_page_of_a_property_says_what_counted_how_much_and_whose_word_counts(
    client: Clients, server: Flask, assessed: Town
) -> None:
    for role in ("staff", "manager"):
        page = shown(client(role), server, f"/objekt/{assessed.in_west}")
        assert "Wie die Ampel zustande kommt" in page
        assert "Es zählt die Berechnung, weil die eigene Einschätzung vom 05.05.2025 älter als 365 Tage ist." in page
        assert "zu alt, zählt nicht mehr" in page, "the waste was found more than a year ago"
        assert "Kontrolle überfällig" in page
        assert "Zahlen von Personen oder Haushalten" in page
        assert "Verlauf: 2 Bewertungen" in page
        past = shown(client(role), server, f"/objekt/{assessed.in_west}", "?as_of=2025-05-31")
        assert "Was an früheren Tagen berechnet war, steht im Verlauf." in past
        assert "Kontrolle überfällig" not in past, "what is known only since is not told of a past day"
    assert "Ampel" not in shown(client("external_manager"), server, f"/objekt/{assessed.in_west}")


def test_the_page_of_values_counts_objects_and_names_differences_by_address(
    client: Clients, server: Flask, assessed: Town
) -> None:
    page = shown(client("staff"), server, "/bewertung")
    assert "Müll oder Schädlinge" in page
    assert "noch nicht bestätigt" in page
    assert "/bewertung?value=fire_safety" in page
    assert "Keine offene Meldung" in page
    managers = shown(client("manager"), server, "/bewertung", "?value=fire_safety")
    assert "bewertung-punkte" not in managers
    assert "?value=" not in managers
    rows = client("staff").get("/tables/bewertung-abweichungen/rows").get_json()["rows"]
    assert [row["judged"] for row in rows] == ["Gelb", "Gelb"]
    assert len(client("manager").get("/tables/bewertung-abweichungen/rows").get_json()["rows"]) == 1
    assert len(client("staff").get("/tables/bewertung-beitraege/rows").get_json()["rows"]) == 22


def test_another_value_is_saved_only_after_one_saw_what_it_would_mean(
    client: Clients, server: Flask, assessed: Town
) -> None:
    browser, about = client("staff"), {"key": "control_overdue", "expected": "0"}
    assert "bewertung-punkte" in shown(browser, server, "/bewertung", "?value=control_overdue")
    values = {"value": "6", "max_age_days": "", "is_active": True, "reason": "Beschluss des Arbeitskreises"}
    asked = send(browser, "bewertung-punkte", values, about)
    assert asked.status_code == 409
    confirm = asked.get_json()["confirm"]
    assert "2 von 2 Objekten bekämen eine andere berechnete Farbe." in confirm["message"]
    saved = send(browser, "bewertung-punkte", values, about, confirm["key"])
    assert saved.status_code == 200, saved.text
    assert "+6" in shown(browser, server, "/bewertung")
    again = send(browser, "bewertung-punkte", {**values, "value": "-2"}, about, confirm["key"])
    assert again.status_code == 422, "it was built on a value that is gone"
    refused = send(browser, "bewertung-schwelle", {"value": "9", "reason": "x"}, {"key": "pressure_1", "expected": "0"})
    assert (refused.status_code, list(refused.get_json()["problem"]["fields"])) == (422, ["value"])
    assert send(browser, "bewertung-punkte", values, {"key": "persons", "expected": "0"}).status_code == 422
    assert send(browser, "bewertung-punkte", values, {"key": "reopened"}).status_code == 400
    assert send(client("manager"), "bewertung-punkte", values, about).status_code == 403


def test_an_error_is_reported_by_a_manager_and_decided_by_building_control(
    client: Clients, server: Flask, assessed: Town
) -> None:
    manager, staff = client("manager"), client("staff")
    assert "bewertung-melden" in shown(manager, server, f"/objekt/{assessed.in_west}", "?form=bewertung-melden")
    values = {"contribution": "waste_pests", "problem": "fact_outdated", "note": "Hof ist geräumt"}
    about = {"property": str(assessed.in_west)}
    assert send(manager, "bewertung-melden", values, about).status_code == 200
    assert send(manager, "bewertung-melden", values, {"property": str(assessed.in_east)}).status_code == 422
    assert send(client("external_manager"), "bewertung-melden", values, about).status_code == 403
    seen = shown(manager, server, f"/objekt/{assessed.in_west}")
    assert "eine Tatsache ist überholt" in seen
    assert "Hof ist geräumt" not in seen
    page = shown(staff, server, "/bewertung")
    assert "Hof ist geräumt" in page
    key = page.split("report=")[1].split('"')[0].split("&")[0].replace("%3A", ":")
    assert "bewertung-entscheiden" in shown(staff, server, "/bewertung", f"?report={key}")
    decision = {"reason": "fact_corrected", "note": ""}
    assert send(manager, "bewertung-entscheiden", decision, {"report": key}).status_code == 403
    assert send(staff, "bewertung-entscheiden", decision, {"report": key}).status_code == 200
    assert send(staff, "bewertung-entscheiden", decision, {"report": key}).status_code == 422
    assert "angenommen: Tatsache berichtigt" in shown(manager, server, f"/objekt/{assessed.in_west}")


def test_a_run_leaves_what_came_while_it_computed_to_the_next_one(
    assessed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, read_rows = assessed.urls.load, computing.read_rows
    with one_transaction(url) as connection:
        connection.execute(text("DELETE FROM qm.assessment_run"))

    def interrupted(*arguments: Any) -> list[computing.Row]:
        rows = read_rows(*arguments)
        with one_transaction(url) as connection:
            # An edit that waits for nobody: the run holds no lock while it reads.
            records.lock_municipality(connection, KEY)
            edit_id = facts.edit(connection, city=KEY)
            connection.execute(text(_JUDGE), {"id": assessed.in_west, "edit": edit_id, "on": AS_OF})
        return rows

    monkeypatch.setattr(computing, "read_rows", interrupted)
    running.keep_at(url, KEY)
    monkeypatch.undo()
    with one_transaction(url) as connection:
        assert judged_pressures(connection) == {assessed.in_east: 2, assessed.in_west: 2}, "as it was computed before"
        assert stale.wanted(connection, KEY) == [assessed.in_west]
    running.keep_all_at(url)
    with one_transaction(url) as connection:
        assert judged_pressures(connection) == {assessed.in_east: 2, assessed.in_west: 0}
        assert stale.is_quiet(connection, KEY)
        connection.execute(text("DELETE FROM qm.assessment_event WHERE key = 'while it computed'"))
        connection.execute(text("DELETE FROM qm.edit WHERE kind = 'test'"))


def judged_pressures(connection: Connection) -> dict[int, int]:
    query = "SELECT property_id, judged_pressure FROM qm.assessment_current WHERE judged_pressure IS NOT NULL"
    return {row.property_id: row.judged_pressure for row in connection.execute(text(query))}


_JUDGE = (
    "INSERT INTO qm.assessment_event (municipality, property_id, key, pressure, room_to_act, valid_on, running_number,"
    " edit_id, recorded_at) SELECT municipality, id, 'while it computed', 0, 0, :on, 1, :edit,"
    " clock_timestamp() FROM qm.property WHERE id = :id"
)
