"""Owners on the page of a property: only on request, only for building control, and each time logged."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, text

from tests.factories.town import AS_OF, KEY, Town
from tests.web.conftest import call, show_page

OUTPUT = "objekt-owners.children"
NAME = "Musterfrau, Eusebia"


@pytest.fixture
def owned(town: Town) -> Iterator[Town]:
    """The property in the west belongs half to somebody."""
    engine = create_engine(town.urls.load, poolclass=NullPool)
    values = {"city": KEY, "name": NAME, "property": town.in_west}
    with engine.begin() as connection:
        delivery = "(SELECT min(id) FROM qm.delivery WHERE municipality = :city)"
        connection.execute(
            text(
                "INSERT INTO owners.owner (municipality, key, kind, name, address, delivery_id) "
                f"VALUES (:city, 'P-1', 'person', :name, 'Nirgendweg 1', {delivery})"
            ),
            values,
        )
        connection.execute(
            text(
                "INSERT INTO owners.ownership (municipality, property_id, key, owner_key, share, valid_from, source, "
                "link_confidence, link_reason, delivery_id) VALUES (:city, :property, 'x', 'P-1', '1/2', '2020-01-01', "
                f"'Grundbuchauszug', 'likely', 'Flurstück stimmt überein', {delivery})"
            ),
            values,
        )
    yield town
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM owners.ownership"))
        connection.execute(text("DELETE FROM owners.owner"))
    engine.dispose()


def ask(client: FlaskClient, server: Flask, property_id: int | None) -> str:
    about = {"property": property_id, "as_of": AS_OF.isoformat()}
    values = {"objekt-owners-ask.n_clicks": 1, "objekt-owners-about.data": about}
    return json.dumps(json.loads(call(client, server, OUTPUT, values).text), ensure_ascii=False)


def entries(town: Town) -> list[tuple[str, str]]:
    engine = create_engine(town.urls.load, poolclass=NullPool)
    with engine.connect() as connection:
        query = "SELECT account, subject FROM audit.entry WHERE action = 'read_restricted' ORDER BY number"
        found = [(row.account, row.subject) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def test_building_control_sees_owners_after_asking_and_the_look_is_logged(
    client: Callable[[str], FlaskClient], server: Flask, owned: Town
) -> None:
    browser, before = client("staff"), entries(owned)
    page = json.dumps(show_page(browser, server, f"/objekt/{owned.in_west}"), ensure_ascii=False)
    assert "Eigentümer anzeigen" in page
    assert NAME not in page
    assert entries(owned) == before
    said = ask(browser, server, owned.in_west)
    for expected in (NAME, "1/2", "Nirgendweg 1", "Grundbuchauszug", "wahrscheinlich", "Flurstück stimmt überein"):
        assert expected in said, expected
    assert entries(owned) == [*before, ("bea", "owners of main/P-1")]
    assert "nennt keine Lieferung" in ask(browser, server, owned.in_east)


@pytest.mark.parametrize("role", ["manager", "external_manager", "politics", "admin"])
def test_for_all_others_the_request_is_refused_and_nothing_is_logged(
    client: Callable[[str], FlaskClient], server: Flask, owned: Town, role: str
) -> None:
    browser, before = client(role), entries(owned)
    answer = call(browser, server, OUTPUT, {"objekt-owners-about.data": {"property": owned.in_west}})
    assert answer.status_code == 403
    assert NAME not in answer.text
    assert entries(owned) == before


def test_a_manager_sees_the_kind_and_a_contractor_no_panel(
    client: Callable[[str], FlaskClient], server: Flask, owned: Town
) -> None:
    path = f"/objekt/{owned.in_west}"
    manager = json.dumps(show_page(client("manager"), server, path), ensure_ascii=False)
    assert "Wer es ist, sieht die Bauaufsicht." in manager
    assert "Eigentümer anzeigen" not in manager
    assert '"eigentum"' not in json.dumps(show_page(client("external_manager"), server, path), ensure_ascii=False)


@pytest.mark.parametrize("property_id", [0, -1, 2**62, None])
def test_a_property_that_is_not_there_is_answered_in_words(
    client: Callable[[str], FlaskClient], server: Flask, property_id: int | None
) -> None:
    assert "Dieses Objekt gibt es nicht." in ask(client("staff"), server, property_id)


# --- the page of owners -----------------------------------------------------------------------------------------------


def page(client: FlaskClient, server: Flask, search: str = "") -> str:
    return json.dumps(show_page(client, server, "/eigentum", search)["content"], ensure_ascii=False)


def search(client: FlaskClient, server: Flask, words: str) -> str:
    values = {"eigentum-words.value": words, "eigentum-date.data": {"as_of": AS_OF.isoformat(), "query": None}}
    return json.dumps(json.loads(call(client, server, "eigentum-found.children", values).text), ensure_ascii=False)


def test_an_owner_is_found_by_name_without_the_name_in_a_link_or_in_the_log(
    client: Callable[[str], FlaskClient], server: Flask, owned: Town
) -> None:
    browser, before = client("staff"), entries(owned)
    assert NAME not in page(browser, server)
    assert "Bitte mindestens 3 Buchstaben" in search(browser, server, "m u")
    assert "Höchstens 100 Zeichen." in search(browser, server, "m" * 101)
    assert entries(owned) == before
    answer = search(browser, server, "musterfrau, EUS")
    assert NAME in answer
    [address] = re.findall(r'"/eigentum\?owner=(\d+)"', answer)
    assert [subject for _, subject in entries(owned)[len(before) :]] == ["a search for owners"]
    assert "nicht bekannt" in search(browser, server, "Niemandsson")
    shown = page(browser, server, f"?owner={address}")
    assert NAME in shown
    assert "Beispielweg 1" in shown
    assert "Flurstück stimmt überein" in shown
    assert "Musterallee" not in shown
    assert entries(owned)[-1][1] == f"objects of owner {address}"
    assert not [subject for _, subject in entries(owned) if "Muster" in subject]


def test_two_entries_that_may_mean_one_owner_stand_side_by_side_with_the_reason(
    client: Callable[[str], FlaskClient], server: Flask, owned: Town
) -> None:
    engine = create_engine(owned.urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        statement = (
            "INSERT INTO owners.owner (municipality, key, kind, name, address, delivery_id)"
            " SELECT municipality, :key, kind, :name, :address, delivery_id FROM owners.owner WHERE key = 'P-1'"
        )
        for key, name, address in (("P-2", "musterfrau eusebia", "Weg 2"), ("P-3", "Andersen", "Nirgendweg 1")):
            connection.execute(text(statement), {"key": key, "name": name, "address": address})
        number = connection.execute(text("SELECT id FROM owners.owner WHERE key = 'P-1'")).scalar_one()
    engine.dispose()
    shown = page(client("staff"), server, f"?owner={number}")
    assert "Vielleicht derselbe Eigentümer" in shown
    assert shown.index("Gleicher Name, andere Anschrift") < shown.index("musterfrau eusebia")
    assert shown.index("Gleiche Anschrift, anderer Name") < shown.index("Andersen")


@pytest.mark.parametrize("number", ["0", "x", "9" * 30, "-1", "1 or 1"])
def test_a_link_to_no_owner_says_so(client: Callable[[str], FlaskClient], server: Flask, number: str) -> None:
    assert "Diesen Eigentümer gibt es nicht" in page(client("staff"), server, f"?owner={number}")


def test_a_manager_sees_counts_of_the_own_areas_and_no_owner(
    client: Callable[[str], FlaskClient], server: Flask, owned: Town
) -> None:
    browser, before = client("manager"), entries(owned)
    shown = page(browser, server, "?owner=1")
    assert "Objekte nach Eigentumsform" in shown
    assert '"1 von 1"' in shown
    assert "eigentum-words" not in shown
    assert NAME not in shown
    values = {"eigentum-words.value": "Musterfrau"}
    assert call(browser, server, "eigentum-found.children", values).status_code == 403
    assert entries(owned) == before
    assert '"2 von 2"' in page(client("staff"), server)
    rows = client("staff").get("/tables/eigentumsformen/rows").get_json()["rows"]
    assert [row["properties"] for row in rows] == ["2"]
