"""Finding a place for a new object: by address, and by a point."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from geodata.access import Scope
from geodata.address_search import find_official, has_addresses, place_of, read_address, search_addresses
from geodata.address_text import normalise_street, parse_address
from geodata.errors import NotAllowed
from tests.factories.facts import CITY, _insert, area, municipality, point, square

TODAY = date(2026, 11, 15)
STAFF = Scope(CITY, "staff", "bauaufsicht")


def address(connection: Connection, street: str, number: int, suffix: str | None = None, **values: Any) -> int:
    """An official address; 10 m further east for each house number."""
    row = {
        "municipality": CITY, "key": f"{street}|{number}|{suffix or ''}", "street": street,
        "street_norm": normalise_street(street), "house_number": number, "house_number_suffix": suffix,
        "postal_code": "12345", "geom": point(1_000 + 10 * number, 1_000), "valid_from": date(2020, 1, 1),
    }  # fmt: skip
    return int(_insert(connection, "address", row | values))


@pytest.fixture
def streets(stage: Any) -> Any:
    """Three streets; number 9 of the Musterstraße has been pulled down."""
    with stage.as_loader() as connection:
        municipality(connection)
        for number in (1, 3, 5, 12):
            address(connection, "Musterstraße", number)
        address(connection, "Musterstraße", 3, "a")
        address(connection, "Musterstraße", 9, valid_to=date(2024, 1, 1))
        address(connection, "Mustergasse", 3, geom=point(3_000, 3_000))
        address(connection, "Abgerissener Weg", 1, valid_to=date(2024, 1, 1), geom=point(3_000, 1_000))
        municipality(connection, "de-other", name="Andernorts")
        address(connection, "Musterstraße", 4, municipality="de-other")
    return stage


def found(stage: Any, typed: str) -> list[tuple[str, int | None, str | None, str]]:
    with stage.ask(STAFF) as asker:
        answers = search_addresses(asker, typed, TODAY)
    return [(one.street, one.house_number, one.house_number_suffix, one.how) for one in answers]


def test_the_house_that_was_typed_comes_first_and_then_its_suffixes(streets: Any) -> None:
    assert found(streets, "muster str. 3") == [
        ("Musterstraße", 3, None, "found"), ("Musterstraße", 3, "a", "found"),
    ]  # fmt: skip
    assert found(streets, "Musterstr 1")[:2] == [
        ("Musterstraße", 1, None, "found"), ("Musterstraße", 12, None, "found"),
    ]  # fmt: skip


def test_without_a_number_streets_are_found_with_the_count_of_their_houses(streets: Any) -> None:
    with streets.ask(STAFF) as asker:
        answers = search_addresses(asker, "Muster", TODAY)
    assert [(one.street, one.numbers, one.address_id) for one in answers] == [
        ("Musterstraße", 5, None), ("Mustergasse", 1, None),
    ]  # fmt: skip


def test_a_mistyped_street_and_a_number_that_is_not_there_say_so(streets: Any) -> None:
    assert found(streets, "Mustestraße 5") == [("Musterstraße", 5, None, "similar")]
    assert found(streets, "Musterstraße 8") == [
        ("Musterstraße", 5, None, "near"), ("Musterstraße", 12, None, "near"),
        ("Musterstraße", 3, None, "near"), ("Musterstraße", 3, "a", "near"),
    ]  # fmt: skip
    assert found(streets, "Ganz woanders 8") == []


def test_addresses_that_ended_and_those_of_other_cities_are_not_found(streets: Any) -> None:
    assert found(streets, "Abgerissener Weg 1") == found(streets, "Abgerissener Weg") == []
    assert all(number not in (4, 9) for _, number, _, _ in found(streets, "Musterstraße 4"))


def test_an_address_comes_with_its_point_in_degrees(streets: Any) -> None:
    with streets.ask(STAFF) as asker:
        (first, *_) = search_addresses(asker, "Musterstraße 12", TODAY)
        assert first.address_id is not None
        assert read_address(asker, first.address_id) == first
        assert read_address(asker, 0) is None
    assert first.position is not None
    assert [round(degrees, 2) for degrees in first.position] == [7.46, 51.36]


def test_what_was_written_is_the_official_address_only_where_it_is_called_so(streets: Any) -> None:
    def official(text: str) -> list[int | None]:
        with streets.ask(STAFF) as asker:
            found = [find_official(asker, parts, TODAY) for parts in parse_address(text)]
        return [one and one.house_number for one in found]

    assert official("Muster-Str. 1-5") == [1, 3, 5]
    assert official("Musterstraße 9") == official("Musterstrase 3") == official("Musterstraße 3b") == [None]


def test_a_point_has_its_nearest_addresses_and_its_areas(streets: Any) -> None:
    with streets.as_loader() as connection:
        area(connection, key="1", kind="stadtbezirk", name="Mitte")
        area(connection, key="q", kind="quartier", name="Musterquartier", geom=square(0, 0, 2_000))
        area(connection, key="far", kind="quartier", name="Fernquartier", geom=square(2_000, 2_000, 2_000))
    with streets.ask(STAFF) as asker:
        (house, *_) = search_addresses(asker, "Musterstraße 5", TODAY)
        assert house.position is not None
        here = place_of(asker, house.position, TODAY)
        nowhere = place_of(asker, (0.0, 0.0), TODAY)
    assert [(one.house_number, round(one.distance_m or 0)) for one in here.addresses] == [(5, 0), (3, 20), (3, 20)]
    assert [(one.kind, one.name) for one in here.areas] == [("stadtbezirk", "Mitte"), ("quartier", "Musterquartier")]
    assert (nowhere.addresses, nowhere.areas) == ((), ())


def test_a_city_without_addresses_says_so(stage: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
    with stage.ask(STAFF) as asker:
        assert not has_addresses(asker)
        assert search_addresses(asker, "Musterstraße 1", TODAY) == ()


@pytest.mark.parametrize("role", ["manager", "external_manager"])
def test_only_who_may_create_an_object_searches_addresses(stage: Any, role: Any) -> None:
    with stage.as_loader() as connection:
        municipality(connection)
        mine = area(connection, key="1", kind="stadtbezirk", name="Mitte")
    with stage.ask(Scope(CITY, role, "wer", frozenset({mine}))) as asker:
        for ask in (lambda: search_addresses(asker, "Muster", TODAY), lambda: place_of(asker, (7.0, 51.0), TODAY)):
            with pytest.raises(NotAllowed):
                ask()
