"""The third lock: what each role's connection can see, whatever SQL it runs; more in `test_switching.py`."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from geodata import records
from geodata.access import Access, Role, Scope
from geodata.errors import NotAllowed
from geodata.settings import DatabaseUrls
from geodata.tables import PROPERTY_FACTS, metadata
from tests.factories import facts

AS_OF = date(2026, 6, 30)
OTHER_CITY = "de-test02"


def make_city(connection: Connection, city: str) -> int:
    """A city with two houses in its western half and one in its eastern; returns the id of the western area."""
    facts.municipality(connection, city)
    west = facts.area(connection, city=city, key="west", geom=facts.square(0, 0, 2_000))
    facts.rule(connection, city=city)
    for key, x_m in (("W-1", 500), ("W-2", 900), ("E-1", 3_500)):
        house = facts.property_(connection, city=city, key=key, geom=facts.point(x_m, 1_000))
        facts.status(connection, house, "recorded", date(2020, 1, 1))
        facts.assessment(connection, house, date(2024, 1, 1))
        facts.inspection(connection, house, date(2026, 1, 1))
        facts.demolition(connection, house, "demolition", actual_end_on=date(2026, 2, 1))
        facts.proceeding_and_closing(connection, house)
    records.refresh(connection, city, AS_OF)
    return west


@pytest.fixture
def west(clean_urls: DatabaseUrls) -> int:
    engine = create_engine(clean_urls.load)
    with engine.begin() as connection:
        make_city(connection, OTHER_CITY)
        area_id = make_city(connection, facts.CITY)
    engine.dispose()
    return area_id


@pytest.fixture
def access(clean_urls: DatabaseUrls, west: int) -> Iterator[Access]:
    one = Access(clean_urls, pool_size=2)
    yield one
    one.close()


def staff(city: str = facts.CITY) -> Scope:
    return Scope(city, "staff", "test")


def manager(west: int) -> Scope:
    return Scope(facts.CITY, "manager", "test", frozenset({west}))


def count(access: Access, scope: Scope, table: str) -> int:
    with access.open(scope) as asker:
        return int(asker.connection.execute(text(f"SELECT count(*) FROM qm.{table}")).scalar_one())


@pytest.mark.parametrize("table", [table.name for table in PROPERTY_FACTS] + ["property", "property_current"])
def test_staff_sees_its_city_and_a_manager_the_areas_assigned(access: Access, west: int, table: str) -> None:
    links = {"property_area"}  # the house in the east lies in no area
    assert count(access, staff(), table) == (2 if table in links else 3)
    assert count(access, manager(west), table) == 2


def test_a_past_date_is_under_the_same_lock(access: Access, west: int) -> None:
    query = text("SELECT count(*) FROM qm.property_at(:city, :as_of)")
    for scope, expected in ((staff(), 3), (manager(west), 2), (staff(OTHER_CITY), 0)):
        with access.open(scope) as asker:
            parameters = {"city": facts.CITY, "as_of": date(2025, 1, 1)}
            assert asker.connection.execute(query, parameters).scalar_one() == expected


def test_politics_reads_no_table_of_the_city_and_gains_nothing_by_taking_a_role(access: Access) -> None:
    scope = Scope(facts.CITY, "politics", "test")
    for table in metadata.sorted_tables:
        with pytest.raises(DBAPIError, match="permission denied"), access.open(scope) as asker:
            asker.connection.execute(text(f"SELECT 1 FROM {table} LIMIT 1"))
    with pytest.raises(DBAPIError, match="permission denied"), access.open(scope) as asker:
        asker.connection.execute(text("SELECT set_config('role', current_database() || '_staff', true)"))


@pytest.mark.parametrize("role", ["staff", "politics"])
@pytest.mark.parametrize("call", ["lo_create(0)", "lo_creat(0)", "lo_from_bytea(0, 'x')", "pg_read_file('/etc/hosts')"])
def test_no_web_login_leaves_or_reads_files_through_the_database(access: Access, role: Role, call: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"), access.open(Scope(facts.CITY, role, "test")) as asker:
        asker.connection.execute(text(f"SELECT {call}"))


def test_a_manager_cannot_become_staff_nor_read_deliveries_or_person_counts(access: Access, west: int) -> None:
    for statement in (
        "SELECT set_config('role', current_database() || '_staff', true)",
        "SELECT rejected FROM qm.delivery",
        "SELECT 1 FROM qm.rejected_row",
        "SELECT persons_met FROM qm.inspection_round",
        "SELECT 1 FROM qm.account",
    ):
        with pytest.raises(DBAPIError, match="permission denied"), access.open(manager(west)) as asker:
            asker.connection.execute(text(statement))


def test_a_connection_without_a_scope_has_no_right(clean_urls: DatabaseUrls, west: int) -> None:
    for url in (clean_urls.staff, clean_urls.manager, clean_urls.politics):
        engine = create_engine(url)
        with engine.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("SELECT 1 FROM qm.property_current"))
        engine.dispose()


def test_an_empty_scope_opens_nothing(access: Access) -> None:
    for scope in (Scope("", "staff", "test"), Scope(facts.CITY, "manager", "test")):
        with pytest.raises(NotAllowed), access.open(scope):
            pass
