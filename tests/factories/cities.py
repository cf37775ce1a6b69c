"""Two cities with two areas each and two houses in each area: a row of each house in every table about properties."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, insert

from geodata import codes, records
from geodata.access import ROLES, Role, Scope
from geodata.tables import (
    assessment_current,
    assessment_report,
    edit,
    inspection_round,
    note,
    photograph,
    property_link,
    watch,
)
from geodata.tables.owners import owner, ownership
from tests.factories import deliveries, facts, funding

AS_OF: Final = date(2026, 6, 30)
PLANNED_ON: Final = date(2026, 7, 15)
OTHER_CITY: Final = "de-test02"
ACCOUNT: Final = "test"
_PLACES: Final = {"W-1": 500, "W-2": 900, "E-1": 3_000, "E-2": 3_500}


@dataclass(frozen=True)
class City:
    """One of the cities with the ids of its areas and of the houses in each."""

    key: str
    areas: Mapping[str, int]
    houses: Mapping[str, tuple[int, ...]]

    def scope(self, role: Role, *areas: str) -> Scope:
        """A scope of a role in this city; a role of assigned areas has these."""
        ids = frozenset(self.areas[area] for area in areas) if ROLES[role].has_areas else frozenset[int]()
        return Scope(self.key, role, ACCOUNT, ids)

    def visible(self, scope: Scope) -> set[int]:
        """Ids of the houses that the scope may know of."""
        if scope.municipality != self.key or scope.role in ("politics", "admin"):
            return set()
        is_open = [name for name, id_ in self.areas.items() if not scope.has_areas or id_ in scope.area_ids]
        return {house for name in is_open for house in self.houses[name]}


def build(connection: Connection) -> tuple[City, City]:
    """Both cities, on a connection with the loader's rights."""
    return _city(connection, facts.CITY), _city(connection, OTHER_CITY)


def _city(connection: Connection, city: str) -> City:
    facts.municipality(connection, city)
    areas = {
        name: facts.area(connection, city=city, key=name, geom=facts.square(x_m, 0, 2_000))
        for name, x_m in (("west", 0), ("east", 2_000))
    }
    facts.rule(connection, city=city)
    delivered = deliveries.delivery(connection, city=city, as_of=AS_OF)
    connection.execute(insert(owner), _owned(city, delivered, key="O-1", kind="person", name="Erika Muster"))
    made = {key: _house(connection, city, key, delivered) for key in _PLACES}
    for first, second in (("W-1", "W-2"), ("E-1", "E-2")):
        _link(connection, city, made[first], made[second])
    records.refresh(connection, city, AS_OF)
    houses = {"west": (made["W-1"], made["W-2"]), "east": (made["E-1"], made["E-2"])}
    return City(city, areas, houses)


def _house(connection: Connection, city: str, key: str, delivered: int) -> int:
    house = facts.property_(connection, city=city, key=key, geom=facts.point(_PLACES[key], 1_000))
    facts.status(connection, house, "recorded", date(2020, 1, 1))
    facts.assessment(connection, house, date(2024, 1, 1))
    facts.inspection(connection, house, date(2026, 1, 1), round_key=f"R-{key}")
    facts.demolition(connection, house, "demolition", "actual", actual_end_on=date(2026, 2, 1))
    facts.proceeding_and_closing(connection, house)
    funding.grant(connection, f"F-{key}", city=city, property_id=house)
    computed = {"municipality": city, "property_id": house, "as_of": AS_OF, "pressure": 1, "room_to_act": 1}
    connection.execute(insert(assessment_current), computed | {"facts": {}})
    held = {"municipality": city, "key": f"R-{key}", "held_on": date(2026, 1, 1), "kind": "joint_control"}
    connection.execute(insert(inspection_round), held | {"persons_met": 7})
    of_house = {"municipality": city, "property_id": house, "edit_id": _edit(connection, city, house)}
    reported = {"key": f"report-{key}", "problem": codes.REPORT_PROBLEMS[0], "reported_on": AS_OF, "state": "open"}
    connection.execute(insert(assessment_report), of_house | reported)
    for note_class in ("area", "case"):
        values = {"key": uuid4(), "note_class": note_class, "written_on": AS_OF, "body": "Notiz"}
        connection.execute(insert(note), of_house | values)
    picture = {"is_checked": True, "width_px": 1, "height_px": 1, "content": b"x", "preview": b"x"}
    connection.execute(insert(photograph), of_house | picture)
    of_rule = {"edit_id": _edit(connection, city, house), "reason": "sauber"}
    facts.release(connection, house, "R-1", date(2026, 2, 1), **of_rule)
    facts.plan(connection, [house], PLANNED_ON, city=city, number=house)
    facts.skip(connection, house, PLANNED_ON, city=city, number=house)
    connection.execute(insert(watch), {"municipality": city, "account": ACCOUNT, "property_id": house})
    connection.execute(
        insert(ownership), _owned(city, delivered, property_id=house, key=f"main/{key}", owner_key="O-1")
    )
    return house


def _owned(city: str, delivered: int, **values: Any) -> dict[str, Any]:
    return {"municipality": city, "delivery_id": delivered, "valid_from": AS_OF} | values


def _edit(connection: Connection, city: str, house: int) -> int:
    values = {"municipality": city, "submission": uuid4(), "kind": "note", "account": ACCOUNT, "account_name": "Test"}
    made: int = connection.execute(insert(edit).returning(edit.c.id), values | {"property_id": house}).scalar_one()
    return made


def _link(connection: Connection, city: str, first: int, second: int) -> None:
    values = {"municipality": city, "kind": "split", "from_property_id": first, "to_property_id": second}
    made = _edit(connection, city, first)
    connection.execute(insert(property_link), values | {"happened_on": AS_OF, "edit_id": made})
