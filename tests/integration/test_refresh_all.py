"""The daily refresh: due dates pass without a load, and rejected rows are forgotten in time."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, text

from geodata import records
from tests.factories import facts

TODAY = date(2026, 6, 30)


def deliver(connection: Connection, city: str, as_of: date) -> int:
    row = {
        "municipality": city, "source": "properties", "mapping": "test", "file_name": "x.csv", "file_sha256": "0",
        "file_bytes": 1, "as_of": as_of, "as_of_from": "option", "seconds": 1,
    }  # fmt: skip
    query = f"INSERT INTO qm.delivery ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)}) RETURNING id"
    return int(connection.execute(text(query), row).scalar_one())


def refreshed(connection: Connection) -> dict[str, Any]:
    return {row.municipality: row for row in connection.execute(text("SELECT * FROM qm.refresh"))}


def test_a_real_city_speaks_for_today_and_a_demonstration_for_its_last_delivery(loader: Connection) -> None:
    facts.municipality(loader, "de-real")
    facts.municipality(loader, "de-demo", is_demonstration=True)
    for city in ("de-real", "de-demo"):
        deliver(loader, city, date(2026, 5, 15))
    dates = records.refresh_all(loader, TODAY)
    assert dates == {"de-demo": date(2026, 5, 15), "de-real": TODAY}
    assert {city: row.as_of for city, row in refreshed(loader).items()} == dates


def test_a_second_refresh_on_the_same_day_changes_nothing_and_the_next_day_counts(loader: Connection) -> None:
    facts.municipality(loader)
    versions = []
    for day in (TODAY, TODAY, TODAY + timedelta(days=1)):
        records.refresh_all(loader, day)
        versions.append(refreshed(loader)[facts.CITY].data_version)
    assert versions == [1, 1, 2]


def test_rejected_rows_are_forgotten_after_ninety_days(loader: Connection) -> None:
    facts.municipality(loader)
    delivery_id = deliver(loader, facts.CITY, TODAY)
    for age_days in (89, 90, 91):
        loader.execute(
            text(
                "INSERT INTO qm.rejected_row (municipality, delivery_id, line, reason, recorded_at)"
                " VALUES (:city, :delivery_id, :age_days, 'x', CAST(:recorded_on AS date) + time '12:00')"
            ),
            {
                "city": facts.CITY,
                "delivery_id": delivery_id,
                "age_days": age_days,
                "recorded_on": TODAY - timedelta(days=age_days),
            },
        )
    records.refresh_all(loader, TODAY)
    assert loader.execute(text("SELECT line FROM qm.rejected_row ORDER BY line")).scalars().all() == [89, 90]


def test_what_somebody_else_derives_at_the_moment_is_waited_for(loader: Connection) -> None:
    facts.municipality(loader)
    held = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
    records.refresh_all(loader, TODAY)
    assert loader.execute(held).scalar_one() == 1, "as an edit, a delivery and a job hold it"
