"""Creating an object: the questions while somebody types, the warning of a duplicate, and what is saved.

What these tests create is committed, and taken away again by the fixture `place`.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text

from geodata import records
from tests.factories.facts import _insert, point
from tests.factories.town import AS_OF, KEY, Town
from tests.web.conftest import show_page

Clients = Callable[[str], FlaskClient]


@pytest.fixture
def place(town: Town) -> Iterator[int]:
    """An official address in the Westquartier; everything that a test creates is gone afterwards."""
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        row = {
            "municipality": KEY, "key": "Neuweg|7", "street": "Neuweg", "street_norm": "neuweg", "house_number": 7,
            "postal_code": "12345", "geom": point(1_500, 500), "valid_from": AS_OF,
        }  # fmt: skip
        address_id = _insert(connection, "address", row)
    yield address_id
    with engine.begin() as connection:
        _forget(connection, address_id)
        records.refresh(connection, KEY, AS_OF)
    engine.dispose()


def _forget(connection: Any, address_id: int) -> None:
    mine = "(SELECT id FROM qm.property WHERE register = 'app')"
    for table in ("property_area", "property_due", "property_current", "note", "status_event"):
        connection.execute(text(f"DELETE FROM qm.{table} WHERE property_id IN {mine}"))
    versions = f"(SELECT id FROM qm.property_version WHERE property_id IN {mine})"
    connection.execute(text(f"DELETE FROM qm.property_address WHERE property_version_id IN {versions}"))
    connection.execute(text(f"DELETE FROM qm.property_version WHERE property_id IN {mine}"))
    connection.execute(text(f"DELETE FROM qm.edit WHERE property_id IN {mine}"))
    connection.execute(text("DELETE FROM qm.property WHERE register = 'app'"))
    connection.execute(text("DELETE FROM qm.address WHERE id = :id"), {"id": address_id})


def send(browser: FlaskClient, **changes: Any) -> tuple[int, Any]:
    """Send the form; a hint at the new address unless changed. Gives status and answer."""
    values: dict[str, Any] = {
        "addresses": {"text": "Neuweg 7", "id": None}, "further": "", "position": None, "state": "hint",
        "hint_source": "resident", "valid_on": "2026-11-14", "use_type": "", "is_inhabited": None, "dwellings": "4",
        "file_reference": "", "note": "Tür offen.",
    }  # fmt: skip
    body = {"submission": str(changes.pop("submission", uuid4())), "about": {}}
    body["confirmed"] = changes.pop("confirmed", [])
    answer = browser.post("/formulare/erfassen", json=body | {"values": values | changes})
    return answer.status_code, answer.json


def test_an_address_is_found_while_it_is_typed_and_brings_its_point(client: Clients, place: int) -> None:
    answer = client("staff").get("/adressen?q=neu-weg 7").json
    (found,) = answer["suggestions"]
    assert (found["id"], found["text"], found["detail"]) == (str(place), "Neuweg 7", "12345")
    assert [round(degrees, 2) for degrees in found["values"]["position"]] == [7.47, 51.36]
    assert answer["loaded"]
    (street,) = client("staff").get("/adressen?q=neuw").json["suggestions"]
    assert (street["id"], street["text"], street["detail"]) == (None, "Neuweg ", "1 Hausnummer")


def test_a_point_is_named_and_what_is_near_is_warned_of(client: Clients, place: int) -> None:
    browser = client("staff")
    lon, lat = browser.get("/adressen?q=neuweg 7").json["suggestions"][0]["values"]["position"]
    here = browser.get(f"/adressen/ort?lon={lon}&lat={lat}").json
    assert here["areas"] == "Liegt in: Westquartier (Quartier)"
    assert [(one["text"], one["detail"]) for one in here["nearest"]] == [("Neuweg 7", "0\u00a0m entfernt, 12345")]
    assert browser.get(f"/adressen/doppelt?lon={lon}&lat={lat}").json["duplicates"] == []
    (known,) = browser.get("/adressen/doppelt?q=Beispielweg 1").json["duplicates"]
    assert known["title"] == "Beispielweg 1"
    assert known["detail"].endswith("gleiche Adresse")
    outside = browser.get("/adressen/ort?lon=0&lat=0").json
    assert outside == {"areas": "Dieser Punkt liegt in keinem Gebiet der Stadt.", "nearest": [], "inside": False}


@pytest.mark.parametrize(
    "link",
    [
        "/adressen/ort",
        "/adressen/ort?lon=7",
        "/adressen/ort?lon=nan&lat=51",
        "/adressen/ort?lon=7&lat=91",
        "/adressen?q=" + "x" * 201,
        "/adressen/doppelt?id=" + "1" * 41,
        "/objekte/suche?q=x&except=x",
        "/adressen?q=%00",
    ],
)
def test_a_link_that_cannot_be_read_is_refused_in_words(client: Clients, link: str) -> None:
    answer = client("staff").get(link)
    assert answer.status_code == 400
    assert "nicht" in answer.get_data(as_text=True)


@pytest.mark.parametrize("link", ["/adressen?q=neuweg", "/adressen/ort?lon=7&lat=51", "/objekte/suche?q=weg"])
@pytest.mark.parametrize("role", ["manager", "external_manager", "politics", "admin"])
def test_others_find_no_address_and_no_object(client: Clients, role: str, link: str) -> None:
    assert client(role).get(link).status_code == 403


def test_a_hint_is_created_with_its_first_note_and_sent_again_it_stays_one(
    client: Clients, place: int, town: Town
) -> None:
    browser, submission = client("staff"), uuid4()
    status, answer = send(browser, submission=submission)
    assert (status, answer["saved"]["message"]) == (200, "Angelegt.")
    again = send(browser, submission=submission)
    assert (again[0], again[1]["saved"]["href"]) == (200, answer["saved"]["href"])
    with create_engine(town.urls.load, poolclass=NullPool).begin() as connection:
        query = (
            "SELECT c.address_text, c.state, c.dwellings, cardinality(c.area_ids), n.body, n.note_class"
            " FROM qm.property_current AS c JOIN qm.note AS n USING (property_id) WHERE c.register = 'app'"
        )
        rows = connection.execute(text(query)).all()
    assert [tuple(row) for row in rows] == [("Neuweg 7", "hint", 4, 1, "Tür offen.", "case")]


def test_a_likely_duplicate_is_asked_about_once(client: Clients, place: int) -> None:
    browser = client("staff")
    known = {"text": "Beispielweg 1", "id": None}
    status, answer = send(browser, addresses=known)
    assert status == 409
    assert answer["confirm"]["message"].startswith("1 Objekt könnte dasselbe sein.")
    assert [link["text"].partition(" (")[0] for link in answer["confirm"]["links"]] == ["Beispielweg 1"]
    # The address is none of the official ones, so it has no point: that is asked next.
    keys = [answer["confirm"]["key"]]
    status, answer = send(browser, addresses=known, confirmed=keys)
    assert (status, answer["confirm"]["key"]) == (409, "no-point")
    status, answer = send(browser, addresses=known, confirmed=[*keys, "no-point"])
    assert status == 200


def test_a_point_far_from_its_address_is_asked_about(client: Clients, place: int) -> None:
    status, answer = send(client("staff"), position=[7.4700, 51.3620])
    assert (status, answer["confirm"]["key"]) == (409, "far-point")
    assert "von der amtlichen Adresse entfernt" in answer["confirm"]["message"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"addresses": None}, "addresses"),
        ({"hint_source": ""}, "hint_source"),
        ({"valid_on": "2126-01-01"}, "valid_on"),
        ({"state": "closed"}, "state"),
        ({"dwellings": "-1"}, "dwellings"),
        ({"position": [0.0, 0.0]}, "position"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field(
    client: Clients, place: int, changes: dict[str, Any], field: str
) -> None:
    status, answer = send(client("staff"), confirmed=["far-point"], **changes)
    assert (status, list(answer["problem"]["fields"])) == (422, [field])


def test_the_page_is_for_building_control_and_fills_in_what_a_link_says(client: Clients, server: Flask) -> None:
    assert client("manager").get("/erfassen", headers={"Accept": "text/html"}).status_code == 403
    shown = json.dumps(show_page(client("staff"), server, "/erfassen", "?state=suspicion&point=7.47,51.36"))
    assert '"state": "suspicion"' in shown
    assert '"position": [7.47, 51.36]' in shown
    assert "keine amtlichen Adressen" in shown.encode().decode("unicode_escape")
    plain = json.dumps(show_page(client("staff"), server, "/erfassen", "?state=closed&point=x"))
    assert '"state": "hint"' in plain
