"""A borough in which every figure has something to count: the town with its projects and two dozen houses more."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection, NullPool, create_engine

from geodata import records
from geodata.settings import DatabaseUrls
from tests.factories import deliveries, demolitions, facts, funding
from tests.factories.town import AS_OF, KEY, Town

HOUSES: Final = 24
PAST: Final = date(2025, 6, 30)
_USES: Final = ("residential", "mixed_use", "commercial", "residential")
_ACCESS: Final = ("flat", "none", "common_areas", "none", "outside")


@dataclass(frozen=True)
class Borough:
    """The town, and a house in its west into which nobody got three times in a row."""

    town: Town
    unreached: int


def build(urls: DatabaseUrls) -> Borough:
    """The borough, committed; half of its houses lie in the west, one has no place, some were recorded after PAST."""
    town = demolitions.build(urls).town
    engine = create_engine(urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        facts.rule(connection, city=KEY, control_type="fire_safety", interval_days=1_000, use_type="commercial")
        houses = [_house(connection, number) for number in range(HOUSES)]
        _proceedings_money_and_dwellings(connection, houses)
        unreached = _house(connection, HOUSES, next_step="Termin mit dem Eigentum")
        for day in (date(2026, 2, 2), date(2026, 9, 9)):
            facts.inspection(connection, unreached, day, access_reached="none", result="not_completed")
        deliveries.round_(connection, "R-1", date(2026, 3, 3), city=KEY)
        deliveries.delivery(connection, city=KEY, as_of=date(2026, 11, 2), source="status", read=3, rejected=2)
        records.refresh(connection, KEY, AS_OF)
    engine.dispose()
    return Borough(town, unreached)


def _proceedings_money_and_dwellings(connection: Connection, houses: list[int]) -> None:
    """Talks, an order past its deadline, a grant whose calls end soon, a house closed and reopened."""
    west, east = houses[0], houses[1]
    facts.measure(connection, west, "talks", opened_on=date(2026, 9, 1))
    order = facts.measure(connection, east, opened_on=date(2026, 6, 1))
    facts.measure_step(
        connection, east, order, "order", date(2026, 6, 8), served_on=date(2026, 6, 10), due_on=date(2026, 9, 30)
    )
    funding.programme(connection, city=KEY)
    funding.grant(connection, "F-1", city=KEY, property_id=west, call_until_on=date(2027, 1, 31))
    funding.call(connection, "F-1", city=KEY)
    closed = facts.closure(connection, west, date(2025, 2, 3))
    facts.closure_event(connection, west, closed, "reopened", date(2026, 8, 3))
    facts.dwelling_change(connection, west, date(2026, 8, 3), dwellings_won=5)
    facts.dwelling_change(connection, east, date(2026, 5, 4), kind="demolition", dwellings_lost=3)


def _house(connection: Connection, number: int, **more: object) -> int:
    """One house; everything about it follows from its number."""
    place = None if number == 7 else facts.point(100 + 90 * (number // 2) + 2_000 * (number % 2), 600)
    house = facts.property_(
        connection,
        key=f"B-{number}",
        city=KEY,
        geom=place,
        addresses=((f"Gassenweg {'abcdefghijklmnopqrstuvwxyz'[number]}", number + 1),),
        use_type=_USES[number % 4],
        is_inhabited=(True, False, None)[number % 3],
        registered_on=date(2021, 1, 15) + timedelta(days=85 * number),
        reminder_on=AS_OF - timedelta(days=3 * number) if number % 2 == 0 else AS_OF + timedelta(days=number),
        **more,
    )
    recorded_on = date(2021, 1, 15) + timedelta(days=85 * number)
    facts.status(connection, house, "recorded", recorded_on)
    facts.assessment(connection, house, recorded_on, pressure=number % 4, room_to_act=number % 3)
    for visit in range(number % 5):
        day = recorded_on + timedelta(days=200 * visit + 20)
        if day <= AS_OF:
            found = {"result": "finding", "defects": ["waste"]} if (number + visit) % 5 == 2 else {}
            facts.inspection(connection, house, day, access_reached=_ACCESS[(number + visit) % 5], **found)
    if number % 6 == 5:
        facts.status(connection, house, "closed", max(recorded_on, date(2025, 9, 1)) + timedelta(days=30))
    return house
