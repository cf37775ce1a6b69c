"""The story of one house in the invented town, for the pages of one property and of deliveries.

Musterweg 95 and 97 in the west quarter: recorded, wrongly "in demolition" (corrected in March), once wrongly closed
(withdrawn), last seen from inside in May, two failed visits since. Nachbargasse 1 lies 60 m east, in the west too; its
demolition was decided and is stopped by a court, and a shed on it was taken down in 2019 without anybody's plan.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, NullPool, create_engine, update

from geodata import records, tables
from geodata.settings import DatabaseUrls
from tests.factories import deliveries, facts
from tests.factories import town as towns
from tests.factories.town import AS_OF, KEY, Town

JANUARY, MARCH = datetime(2026, 1, 10, 9, tzinfo=UTC), datetime(2026, 3, 10, 9, tzinfo=UTC)


@dataclass(frozen=True)
class House:
    """Ids of what stands in the story; `unplaced` is a property without a point."""

    town: Town
    id: int
    neighbour: int
    unplaced: int
    register: int
    refused: int


def build(urls: DatabaseUrls) -> House:
    """The town with the house in it, committed."""
    town = towns.build(urls)
    engine = create_engine(urls.load, poolclass=NullPool)
    with engine.begin() as connection:
        house = _house(connection, town)
        records.refresh(connection, KEY, AS_OF)
    engine.dispose()
    return house


def _house(connection: Connection, town: Town) -> House:
    register = deliveries.delivery(
        connection, city=KEY, as_of=date(2026, 11, 1), read=9, loaded=7, rejected=2, remarks=["Windows-1252 erkannt."],
        file_name="register.csv", delivered_by="bea",
    )  # fmt: skip
    rows = ({"Nr": "=1+1", "Wohnungen": "-3"}, {"Nr": "A-2", "Wohnungen": "12,5", "Bemerkung": None})
    for line, row in enumerate(rows, start=2):
        deliveries.rejected_row(connection, register, line, city=KEY, field="dwellings", row=row)
    refused = deliveries.delivery(
        connection, city=KEY, as_of=date(2026, 11, 9), read=3, loaded=0, rejected=3, refused="Die Spalte Straße fehlt."
    )
    house = facts.property_(
        connection, key="M/95", city=KEY, geom=facts.point(1_000, 1_500),
        addresses=[("Musterweg", 95), ("Musterweg", 97)],
        is_inhabited=True, dwellings=18, next_step="Anhörung abwarten", reminder_on=date(2026, 11, 29),
        file_reference="63-0417", delivery_id=register, placed_by="coordinates",
    )  # fmt: skip
    neighbour = facts.property_(
        connection, key="N-1", city=KEY, geom=facts.point(1_060, 1_500), addresses=[("Nachbargasse", 1)]
    )
    unplaced = facts.property_(connection, key="O-1", city=KEY, geom=None, addresses=[("Weg ohne Punkt", 1)])
    _life(connection, house)
    _project(connection, neighbour)
    return House(town, house, neighbour, unplaced, register, refused)


def _life(connection: Connection, house: int) -> None:
    facts.status(connection, house, "recorded", date(2020, 1, 1), reason="Hinweis aus der Nachbarschaft")
    _supersede(
        connection, facts.status(connection, house, "demolition", date(2026, 1, 5), key="E-1", recorded_at=JANUARY)
    )
    facts.status(connection, house, "procedure_regulatory", date(2026, 1, 5), key="E-1", recorded_at=MARCH)
    _supersede(connection, facts.status(connection, house, "closed", date(2026, 2, 6), key="E-2", recorded_at=JANUARY))
    facts.assessment(connection, house, date(2025, 6, 1), pressure=3, room_to_act=2)
    deliveries.round_(connection, "R-1", date(2026, 5, 4), city=KEY, persons_met=3107)
    facts.inspection(connection, house, date(2026, 5, 4), round_key="R-1", result="finding", defects=["pests"])
    for day in (date(2026, 8, 4), date(2026, 9, 24)):
        facts.inspection(connection, house, day, access_reached="none", result="not_completed")


def _project(connection: Connection, neighbour: int) -> None:
    facts.demolition(connection, neighbour, "decision", decided_on=date(2026, 2, 2), planned_end_on=date(2026, 2, 2))
    facts.demolition(connection, neighbour, "vacating", planned_end_on=date(2026, 8, 1))
    facts.demolition(connection, neighbour, "demolition", planned_end_on=date(2027, 3, 1))
    facts.demolition(connection, neighbour, "decision", "actual", actual_end_on=date(2026, 2, 2))
    facts.demolition(
        connection, neighbour, "vacating", "actual",
        actual_start_on=date(2026, 3, 1), blocker="court_stop", blocked_since_on=date(2026, 6, 1),
    )  # fmt: skip
    facts.demolition(connection, neighbour, "demolition", "actual", project="alt", actual_end_on=date(2019, 5, 6))


def _supersede(connection: Connection, status_id: int) -> None:
    event = tables.status_event
    connection.execute(update(event).where(event.c.id == status_id).values(superseded_at=MARCH))
