"""Owners on the page of a property: only on request, only for building control, and each time logged."""

import json
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
