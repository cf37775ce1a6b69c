"""What a neighbourhood office run by a contractor gets by pages, routes and files: nothing that is not for it."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.pages.karte import ids
from layers.base import discover
from tests.factories.town import Town
from tests.web.conftest import call, show_page

Clients = Callable[[str], FlaskClient]
CITY = "frame=7.3,51.2,7.7,51.5&zoom=13"
SHUT = ("due=overdue", "colour=red", "state=procedure_regulatory")
TELL = f"..{ids.COUNT}.children...{ids.SUMMARY}.children...{ids.AREA_TABLES}.children.."


@pytest.fixture
def office(client: Clients) -> FlaskClient:
    return client("external_manager")


def test_it_has_the_layers_of_places_and_states_alone(office: FlaskClient) -> None:
    found = {layer.key: office.get(f"/layers/{layer.key}/columns?{CITY}").status_code for layer in discover()}
    assert {key for key, status in found.items() if status == 200} == {"context", "areas", "focus", "state"}
    assert set(found.values()) == {200, 403}


def test_a_point_says_its_state_and_neither_assessment_nor_due_date(office: FlaskClient, client: Clients) -> None:
    points = office.get(f"/layers/state/columns?{CITY}").get_json()["columns"]["state_points"]["text"]
    assert points == ["<b>Beispielweg 1</b><br>Zustand: Erfasst"]
    [of_manager] = client("manager").get(f"/layers/state/columns?{CITY}").get_json()["columns"]["state_points"]["text"]
    assert "Ampel" in of_manager
    assert "fällig" in of_manager


def test_rows_and_files_lack_the_columns(office: FlaskClient) -> None:
    [row] = office.get("/tables/objekte/rows").get_json()["rows"]
    assert {"colour", "due_on"} & set(row) == set()
    head = office.get("/tables/objekte.csv").get_data(as_text=True).splitlines()[0]
    assert "Zustand" in head
    assert not [word for word in ("Ampel", "Fällig") if word in head]


@pytest.mark.parametrize("query", SHUT)
def test_a_filter_that_would_tell_is_refused_in_words(office: FlaskClient, server: Flask, query: str) -> None:
    for url in ("/tables/objekte/rows", "/tables/objekte.csv", "/layers/state/columns", "/karte.gpkg", "/karte.html"):
        answer = office.get(f"{url}?{query}")
        assert answer.status_code == 403, url
        assert "nicht freigegeben" in answer.get_data(as_text=True) or "Rolle" in answer.get_data(as_text=True)
    told = call(
        office,
        server,
        TELL,
        {f"{ids.FILTER}.data": query, f"{ids.SCENE}.data": {"layers": "state,areas:quartier,demolitions"}},
    )
    assert "Dieser Filter ist für Ihr Konto nicht offen." in told.get_data(as_text=True)


def test_its_pages_stand_without_what_is_not_for_it(office: FlaskClient, server: Flask, town: Town) -> None:
    quarter = json.dumps(show_page(office, server, "/quartier"), ensure_ascii=False)
    assert "Offene Objekte" in quarter
    assert not [
        word for word in ("Fristgerecht", "Überfällig", "fällig", "/kontrollen", "/rueckbau") if word in quarter
    ]
    house = json.dumps(show_page(office, server, f"/objekt/{town.in_west}"), ensure_ascii=False)
    assert "Beispielweg 1" in house
    assert not [word for word in ("Ampel", "Nächste Kontrollen", "Federführung", "Eigentum") if word in house]


@pytest.mark.parametrize("path", ["/kontrollen", "/rueckbau", "/heute", "/lieferungen", "/verwaltung"])
def test_pages_of_plans_and_proceedings_are_not_open(office: FlaskClient, path: str) -> None:
    assert office.get(path, headers={"Accept": "text/html"}).status_code == 403
