"""Choosing an object for a form, as somebody in front of the house would look for it."""

from datetime import date
from typing import Any

import pytest

from geodata.access import Scope
from geodata.errors import NotAllowed
from geodata.property_search import read_chosen, search_properties
from geodata.records import refresh
from tests.factories.facts import CITY, area, municipality, property_, status

TODAY = date(2026, 11, 15)
STAFF = Scope(CITY, "staff", "bauaufsicht")


@pytest.fixture
def houses(stage: Any) -> dict[str, int]:
    """Three objects; the one in the Nebenweg is closed."""
    with stage.as_loader() as connection:
        municipality(connection)
        ids = {
            "long": property_(connection, key="A-17", addresses=[("Musterstraße", 95), ("Musterstraße", 97)]),
            "short": property_(connection, key="A-9", addresses=[("Musterstraße", 9)], file_reference="63/2026-4711"),
            "closed": property_(connection, key="B-1", addresses=[("Nebenweg", 9)]),
        }
        status(connection, ids["closed"], "closed", date(2025, 1, 1))
        refresh(connection, CITY, TODAY)
    return ids


def found(stage: Any, typed: str, **more: Any) -> list[int]:
    with stage.ask(STAFF) as asker:
        return [one.id for one in search_properties(asker, typed, **more)]


def test_every_word_has_to_be_there_and_the_closest_comes_first(stage: Any, houses: dict[str, int]) -> None:
    assert found(stage, "Muster Str. 97") == [houses["long"]]
    assert found(stage, "musterstr. 9") == [houses["short"], houses["long"]]
    assert found(stage, "9") == [houses["short"], houses["long"], houses["closed"]]
    assert found(stage, "Nebenweg 97") == []


def test_key_and_file_reference_find_it_too(stage: Any, houses: dict[str, int]) -> None:
    assert found(stage, "a-9")[0] == houses["short"]
    assert found(stage, "63/2026-4711") == [houses["short"]]
    assert found(stage, "a-9", except_id=houses["short"]) == [houses["long"]]


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "x" * 101])
def test_what_holds_no_word_finds_nothing(stage: Any, houses: dict[str, int], typed: str) -> None:
    assert found(stage, typed) == []


def test_chosen_objects_keep_their_order_and_foreign_ids_are_left_out(stage: Any, houses: dict[str, int]) -> None:
    with stage.ask(STAFF) as asker:
        chosen = read_chosen(asker, [houses["closed"], 999_999_999, houses["long"], houses["closed"]])
    assert [(one.key, one.address_text, one.closed_on) for one in chosen] == [
        ("B-1", "Nebenweg 9", date(2025, 1, 1)), ("A-17", "Musterstraße 95, 97", None),
    ]  # fmt: skip


def test_a_manager_may_not_choose_from_the_whole_city(stage: Any, houses: dict[str, int]) -> None:
    with stage.as_loader() as connection:
        mine = area(connection, key="1", kind="stadtbezirk", name="Mitte")
    with stage.ask(Scope(CITY, "manager", "wer", frozenset({mine}))) as asker, pytest.raises(NotAllowed):
        search_properties(asker, "Muster")
