"""Valid default rows of the floor's tables; a test overrides what it is about.

Each function inserts one row on a connection with the loader's rights and returns its id. The invented city is a square
of 4 x 4 km in EPSG:25832; `square` draws outlines in it in metres from its lower left corner.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, text

from geodata.tables import SCHEMA

CITY = "de-test01"
ORIGIN = (392_000, 5_690_000)


def square(x_m: float, y_m: float, side_m: float) -> str:
    """EWKT of a square outline, in metres from the city's lower left corner."""
    left, bottom = ORIGIN[0] + x_m, ORIGIN[1] + y_m
    right, top = left + side_m, bottom + side_m
    ring = f"{left} {bottom}, {right} {bottom}, {right} {top}, {left} {top}, {left} {bottom}"
    return f"SRID=25832;MULTIPOLYGON((({ring})))"


def point(x_m: float, y_m: float) -> str:
    """EWKT of a point, in metres from the city's lower left corner."""
    return f"SRID=25832;POINT({ORIGIN[0] + x_m} {ORIGIN[1] + y_m})"


def municipality(connection: Connection, key: str = CITY, **values: Any) -> str:
    """A city; made once."""
    row = {"key": key, "name": "Musterstadt", "country": "DE"} | values
    _insert(connection, "municipality", row, returning="key", conflict=True)
    return key


def area(connection: Connection, *, key: str = "1", kind: str = "stadtbezirk", city: str = CITY, **version: Any) -> int:
    """An area with one open version; `geom` is an EWKT, by default the whole city."""
    area_id = _insert(connection, "area", {"municipality": city, "kind": kind, "key": key})
    area_version(connection, area_id, city=city, **version)
    return area_id


def area_version(connection: Connection, area_id: int, *, city: str = CITY, **values: Any) -> int:
    """A version of an area."""
    geom = values.pop("geom", square(0, 0, 4_000))
    row = {"municipality": city, "area_id": area_id, "name": "Mitte", "valid_from": date(2010, 1, 1)} | values
    columns = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    query = (
        f"INSERT INTO {SCHEMA}.area_version ({columns}, geom, outline_4326, area_m2)"
        f" SELECT {places}, g, ST_Transform(g, 4326), ST_Area(g) FROM (SELECT CAST(:geom AS geometry) AS g) AS o"
        " RETURNING id"
    )
    return int(connection.execute(text(query), {**row, "geom": geom}).scalar_one())


def property_(
    connection: Connection,
    *,
    key: str = "P-1",
    register: str = "main",
    city: str = CITY,
    addresses: Sequence[tuple[str, int | None]] = (("Beispielweg", 1),),
    **version: Any,
) -> int:
    """A property with its current version, one address and a point in the middle of the city."""
    property_id = _insert(connection, "property", {"municipality": city, "register": register, "key": key})
    defaults = {"registered_on": date(2020, 1, 1), "use_type": "residential", "geom": point(2_000, 2_000)}
    row = {"municipality": city, "property_id": property_id} | defaults | version
    version_id = _insert(connection, "property_version", row)
    for position, (street, number) in enumerate(addresses, start=1):
        _insert(
            connection,
            "property_address",
            {
                "municipality": city,
                "property_version_id": version_id,
                "position": position,
                "street": street,
                "street_norm": street.lower(),
                "house_number": number,
            },
        )
    return property_id


def status(connection: Connection, property_id: int, state: str, valid_on: date, **values: Any) -> int:
    """A status event."""
    row = _fact(connection, property_id, f"{state}-{valid_on}", {"state": state, "valid_on": valid_on} | values)
    return _insert(connection, "status_event", row)


def assessment(connection: Connection, property_id: int, valid_on: date, **values: Any) -> int:
    """An assessment; pressure 2, room to act 2."""
    row = {"pressure": 2, "room_to_act": 2, "valid_on": valid_on} | values
    return _insert(connection, "assessment_event", _fact(connection, property_id, str(valid_on), row))


def inspection(connection: Connection, property_id: int, inspected_on: date, **values: Any) -> int:
    """A visit: joint control that reached a flat, without finding."""
    row = {
        "control_type": "joint_control",
        "inspected_on": inspected_on,
        "access_reached": "flat",
        "result": "no_finding",
    } | values
    key = f"{inspected_on}-{row['control_type']}-{row.get('running_number', 1)}"
    return _insert(connection, "inspection", _fact(connection, property_id, key, row))


def demolition(
    connection: Connection, property_id: int, stage: str, aspect: str = "plan", *, project: str = "R-1", **values: Any
) -> int:
    """A stage of a demolition project: required in the plan, or without a date in what really happened."""
    row = {"project_key": project, "stage": stage, "aspect": aspect} | values
    return _insert(connection, "demolition_stage", _fact(connection, property_id, f"{project}-{stage}-{aspect}", row))


def measure(
    connection: Connection, property_id: int, kind: str = "housing_order", *, number: int = 1, **values: Any
) -> str:
    """A proceeding that is open; gives its key."""
    row = {"kind": kind, "office": "housing_supervision", "opened_on": date(2026, 3, 2)} | values
    fact = _fact(connection, property_id, f"{kind}-{number}", row)
    _insert(connection, "measure", fact)
    return str(fact["key"])


def measure_step(
    connection: Connection, property_id: int, measure_key: str, kind: str, happened_on: date, **values: Any
) -> str:
    """A step of a proceeding; gives its key."""
    row = {"measure_key": measure_key, "kind": kind, "happened_on": happened_on} | values
    fact = _fact(connection, property_id, f"{measure_key}-{kind}-{happened_on}", row)
    _insert(connection, "measure_step", fact)
    return str(fact["key"])


def supply_cut(connection: Connection, property_id: int, utility: str = "electricity", **values: Any) -> str:
    """A cut of supply for the landlord's debts, announced; gives its key."""
    row = {"utility": utility, "reason": "debts_of_landlord", "announced_on": date(2026, 11, 2)} | values
    fact = _fact(connection, property_id, f"cut-{utility}", row)
    _insert(connection, "supply_cut", fact)
    return str(fact["key"])


def closure(connection: Connection, property_id: int, closed_on: date = date(2026, 2, 2), **values: Any) -> str:
    """A closed house; gives its key."""
    row = {"closed_on": closed_on, "cause": "fall_hazard", "households_affected": 4} | values
    fact = _fact(connection, property_id, f"closed-{closed_on}", row)
    _insert(connection, "closure", fact)
    return str(fact["key"])


def closure_event(
    connection: Connection, property_id: int, closure_key: str, kind: str, happened_on: date, **values: Any
) -> int:
    """What became of a closed house, or of its households."""
    row = {"closure_key": closure_key, "kind": kind, "happened_on": happened_on} | values
    found: int = _insert(
        connection, "closure_event", _fact(connection, property_id, f"{closure_key}-{kind}-{happened_on}", row)
    )
    return found


def dwelling_change(connection: Connection, property_id: int, happened_on: date, **values: Any) -> int:
    """Dwellings lost or won at one day."""
    row = {"happened_on": happened_on, "kind": "renovation"} | values
    found: int = _insert(connection, "dwelling_change", _fact(connection, property_id, f"change-{happened_on}", row))
    return found


def proceeding_and_closing(connection: Connection, property_id: int) -> None:
    """One row of each fact of a proceeding, a cut of supply, a closed house and its dwellings."""
    order = measure(connection, property_id, opened_on=date(2025, 3, 2))
    measure_step(connection, property_id, order, "hearing", date(2025, 3, 2))
    supply_cut(connection, property_id, announced_on=date(2025, 5, 2))
    closed = closure(connection, property_id, date(2025, 6, 2))
    closure_event(connection, property_id, closed, "reopened", date(2026, 1, 2))
    dwelling_change(connection, property_id, date(2026, 1, 2), dwellings_won=1)


def rule(connection: Connection, *, city: str = CITY, **values: Any) -> int:
    """An interval rule: joint control of every property once a year, access to common areas."""
    row = {
        "municipality": city,
        "key": f"R-{values.get('control_type', 'joint_control')}-{values.get('interval_days', 365)}",
        "control_type": "joint_control",
        "interval_days": 365,
        "access_required": "common_areas",
        "reason": "Beschluss",
        "valid_from": date(2015, 1, 1),
    } | values
    return _insert(connection, "interval_rule", row)


def supersede(connection: Connection, table: str, row_id: int) -> None:
    """A row is no longer in force."""
    connection.execute(text(f"UPDATE {SCHEMA}.{table} SET superseded_at = now() WHERE id = :id"), {"id": row_id})


def edit(connection: Connection, *, city: str = CITY, **values: Any) -> int:
    """An edit by bea, as building control makes them."""
    row = {"municipality": city, "submission": uuid4(), "kind": "test", "account": "bea", "account_name": "Bea"}
    return _insert(connection, "edit", row | values)


def release(connection: Connection, property_id: int, rule_key: str, since_on: date, **values: Any) -> int:
    """A property is released from a rule."""
    row = {"rule_key": rule_key, "since_on": since_on, "edit_id": values.pop("edit_id", None) or edit(connection)}
    return _insert(
        connection,
        "interval_release",
        _fact(connection, property_id, f"{rule_key}-{since_on}", row | values),
    )


def plan(
    connection: Connection, stops: Sequence[int], held_on: date, *, city: str = CITY, number: int = 1, **values: Any
) -> int:
    """A planned round with these objects in this order."""
    row = {"municipality": city, "key": f"app:{number}:0", "held_on": held_on, "kind": "joint_control"}
    made: int = _insert(connection, "round_plan", row | {"edit_id": edit(connection, city=city)} | values)
    for position, property_id in enumerate(stops, start=1):
        stop = {"municipality": city, "round_plan_id": made, "position": position, "property_id": property_id}
        _insert(connection, "round_plan_stop", stop)
    return made


def skip(connection: Connection, property_id: int, held_on: date, *, city: str = CITY, number: int = 1) -> int:
    """Nobody went to this object of the planned round of that number."""
    row = {"plan_key": f"app:{number}:0", "held_on": held_on, "reason": "no_time"}
    made = row | {"edit_id": edit(connection, city=city)}
    found: int = _insert(connection, "round_plan_skip", _fact(connection, property_id, f"skip-{number}", made))
    return found


def _fact(connection: Connection, property_id: int, key: str, values: Mapping[str, Any]) -> dict[str, Any]:
    query = text(f"SELECT municipality FROM {SCHEMA}.property WHERE id = :id")
    city = connection.execute(query, {"id": property_id}).scalar_one()
    return {"municipality": city, "property_id": property_id, "key": f"{property_id}-{key}", **values}


def _insert(
    connection: Connection, table: str, row: Mapping[str, Any], *, returning: str = "id", conflict: bool = False
) -> Any:
    columns = ", ".join(row)
    places = ", ".join(f"CAST(:{name} AS geometry)" if name == "geom" else f":{name}" for name in row)
    ending = " ON CONFLICT DO NOTHING" if conflict else f" RETURNING {returning}"
    result = connection.execute(text(f"INSERT INTO {SCHEMA}.{table} ({columns}) VALUES ({places}){ending}"), dict(row))
    return None if conflict else result.scalar_one()
