"""The town with demolition projects of every kind, in a database of its own: what the page of demolitions shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine

from geodata import records
from geodata.settings import DatabaseUrls
from tests.factories import facts
from tests.factories import town as towns
from tests.factories.town import AS_OF, KEY, Town

PROGRAMME = "Modellvorhaben Problemimmobilien"


@dataclass(frozen=True)
class Projects:
    """Ids of the properties; `blocked` lies in the west and is all that the manager sees, the others lie in the east.

    `blocked` waits for a court and is 45 days late, `down` was demolished 30 days late and is done, `renovated` ended,
    `dateless` has a plan without dates; its project has the same key as `down`'s.
    """

    town: Town
    blocked: int
    down: int
    renovated: int
    dateless: int


def build(urls: DatabaseUrls) -> Projects:
    """The town with its projects, committed."""
    town = towns.build(urls)
    engine = create_engine(urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        renovated = _house(connection, "P-3", "Zur Alten Mühle", 3_200)
        dateless = _house(connection, "P-4", "<b>Am Rand</b> & Co", 3_400)
        _blocked(connection, town.in_west)
        _down(connection, town.in_east)
        _renovated(connection, renovated)
        facts.demolition(connection, dateless, "decision", project="RB-2", decided_on=date(2026, 5, 1))
        records.refresh(connection, KEY, AS_OF)
    engine.dispose()
    return Projects(town, town.in_west, town.in_east, renovated, dateless)


def _house(connection: Connection, key: str, street: str, x_m: float) -> int:
    return facts.property_(connection, key=key, city=KEY, geom=facts.point(x_m, 1_000), addresses=((street, 7),))


def _blocked(connection: Connection, house: int) -> None:
    """Decided and acquired; vacating should have ended 45 days ago and waits for a court."""
    plan = _planner(connection, house, "RB-1", programme=PROGRAMME, released_to="council", decided_on=date(2025, 3, 1))
    actual = _reporter(connection, house, "RB-1")
    plan("decision", date(2025, 3, 1), date(2025, 3, 1))
    actual("decision", date(2025, 3, 1), date(2025, 3, 1))
    plan("acquisition", date(2025, 4, 1), date(2025, 12, 31), cost_planned_eur=120_000)
    actual("acquisition", date(2025, 4, 10), date(2025, 12, 20), cost_actual_eur=98_500)
    plan("vacating", date(2026, 1, 15), date(2026, 10, 1), cost_planned_eur=30_000)
    actual("vacating", date(2026, 2, 1), None, blocker="court_stop", blocked_since_on=date(2026, 8, 3))
    plan("species_protection", date(2026, 3, 1), date(2026, 4, 1), is_required=False)
    plan("demolition", date(2027, 2, 1), date(2027, 5, 31), cost_planned_eur=210_000)


def _down(connection: Connection, house: int) -> None:
    """Every required stage is done; the demolition itself 30 days late."""
    plan = _planner(
        connection, house, "RB-2", programme="Stadtumbau", released_to="public", decided_on=date(2024, 1, 8)
    )
    actual = _reporter(connection, house, "RB-2")
    plan("decision", date(2024, 1, 8), date(2024, 1, 8))
    actual("decision", date(2024, 1, 8), date(2024, 1, 8))
    plan("demolition", date(2024, 9, 1), date(2024, 11, 30), cost_planned_eur=180_000)
    actual("demolition", date(2024, 9, 20), date(2024, 12, 30), cost_actual_eur=201_000)


def _renovated(connection: Connection, house: int) -> None:
    """The owner renovates, so the project ends without a demolition."""
    plan = _planner(connection, house, "RB-3", decided_on=date(2025, 6, 1))
    plan("decision", date(2025, 6, 1), date(2025, 6, 1))
    plan("demolition", date(2026, 6, 1), date(2026, 8, 31))
    _reporter(connection, house, "RB-3")(
        "decision", date(2025, 6, 1), date(2025, 6, 1), outcome="renovated", ended_on=date(2026, 4, 15)
    )


def _planner(connection: Connection, house: int, project: str, **common: Any) -> Any:
    def plan(stage: str, first_on: date, last_on: date, **more: Any) -> None:
        days: Mapping[str, Any] = {"planned_start_on": first_on, "planned_end_on": last_on}
        facts.demolition(connection, house, stage, project=project, **{**common, **days, **more})

    return plan


def _reporter(connection: Connection, house: int, project: str) -> Any:
    def report(stage: str, first_on: date, last_on: date | None, **more: Any) -> None:
        days: Mapping[str, Any] = {"actual_start_on": first_on, "actual_end_on": last_on}
        facts.demolition(connection, house, stage, "actual", project=project, **{**days, **more})

    return report
