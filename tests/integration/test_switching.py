"""Whoever asks gets its own rows, however connections are handed round and whatever SQL is injected into a login."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from geodata.access import Access, Asker, Role, Scope
from geodata.settings import DatabaseUrls
from geodata.tables import metadata
from geodata.tables.owners import owners_metadata
from tests.conftest import Stage
from tests.factories import cities
from tests.factories.cities import City

SWITCHES = 1_000
ASSIGNED: tuple[tuple[Role, tuple[str, ...]], ...] = (
    ("staff", ()),
    ("manager", ("west",)),
    ("manager", ("east",)),
    ("manager", ("west", "east")),
    ("external_manager", ("west",)),
    ("external_manager", ("east",)),
    ("politics", ()),
    ("admin", ()),
)
PROPERTY_COLUMNS = ("property_id", "from_property_id", "to_property_id")
# Every table that says of a property anything, as the descriptions have it: a new one is tested without being named.
TABLES = [
    (str(table), column)
    for known in (metadata, owners_metadata)
    for table in known.sorted_tables
    for column in PROPERTY_COLUMNS
    if column in table.c and table.schema in ("qm", "owners")
]


# --- 1,000 switches ---------------------------------------------------------------------------------------------------


@pytest.fixture
def two_cities(clean_urls: DatabaseUrls) -> tuple[City, City]:
    engine = create_engine(clean_urls.load)
    with engine.begin() as connection:
        built = cities.build(connection)
    engine.dispose()
    return built


@pytest.fixture
def access(clean_urls: DatabaseUrls) -> Iterator[Access]:
    one = Access(clean_urls, pool_size=2)
    yield one
    one.close()


def seen(asker: Asker) -> set[int]:
    """Ids of the houses that the connection can read, by three ways; each must tell the same."""
    found = [
        set(asker.connection.execute(text(f"SELECT {column} FROM qm.{table}")).scalars())
        for table, column in (("property_current", "property_id"), ("property", "id"), ("inspection", "property_id"))
    ]
    assert found[0] == found[1] == found[2]
    return found[0]


def plainly(asker: Asker) -> None:
    """The transaction ends as it should."""


def with_an_error(asker: Asker) -> None:
    asker.connection.execute(text("SELECT 1 / 0"))


def with_a_fault_of_ours(asker: Asker) -> None:
    raise RuntimeError


def within_a_savepoint(asker: Asker) -> None:
    before = seen(asker)
    with pytest.raises(DBAPIError), asker.connection.begin_nested():
        asker.connection.execute(text("SELECT set_config('app.area_ids', '', true), 1 / 0"))
    assert seen(asker) == before


def too_slowly(asker: Asker) -> None:
    asker.connection.execute(text("SELECT set_config('statement_timeout', '1', true)"))
    asker.connection.execute(text("SELECT pg_sleep(1)"))


ENDINGS: tuple[Callable[[Asker], None], ...] = (
    plainly, plainly, with_an_error, with_a_fault_of_ours, within_a_savepoint, too_slowly,
)  # fmt: skip


def test_a_thousand_switches_of_the_asker_show_no_row_of_another(access: Access, two_cities: tuple[City, City]) -> None:
    """A pool of two for each login, 20 threads, every role and area of both cities, every way a transaction can end."""
    chance = random.Random(2026)
    scopes = [city.scope(role, *areas) for city in two_cities for role, areas in ASSIGNED]
    scopes.append(Scope("nowhere", "staff", "test"))

    def ask(scope: Scope, end: Callable[[Asker], None]) -> bool:
        allowed = {house for city in two_cities for house in city.visible(scope)}
        try:
            with access.open(scope) as asker:
                if scope.role in ("politics", "admin"):
                    seen(asker)  # refused by the database
                    return False
                if seen(asker) != allowed:
                    return False
                end(asker)
        except (DBAPIError, RuntimeError):
            return end is not plainly or scope.role in ("politics", "admin")
        return end in (plainly, within_a_savepoint)

    asked = [(chance.choice(scopes), chance.choice(ENDINGS)) for _ in range(SWITCHES)]
    with ThreadPoolExecutor(20) as pool:
        fine = list(pool.map(lambda one: ask(*one), asked))
    assert [one for one, is_fine in zip(asked, fine, strict=True) if not is_fine] == []


def test_a_connection_that_goes_back_keeps_neither_role_nor_areas(
    access: Access, two_cities: tuple[City, City]
) -> None:
    scope = two_cities[0].scope("manager", "west")
    with access.open(scope) as asker:
        asker.connection.execute(text("SELECT 1"))
    engine = access._engines["manager"]
    with engine.connect() as connection:
        settings = "SELECT current_user = session_user, current_setting('app.area_ids', true)"
        assert tuple(connection.execute(text(settings)).one()) == (True, "")


# --- wrong area, wrong city -------------------------------------------------------------------------------------------


def rows_seen(connection: Connection, table: str, column: str) -> set[int | None] | None:
    """Ids of the properties of which the role reads a row; None where it has no right on the table."""
    try:
        with connection.begin_nested():
            return set(connection.execute(text(f"SELECT DISTINCT {column} FROM {table}")).scalars())
    except DBAPIError as error:
        if "permission denied" not in str(error.orig):
            raise
        return None


def test_every_table_about_properties_shows_each_role_its_own_rows_only(stage: Stage) -> None:
    with stage.as_loader() as connection:
        city, other = cities.build(connection)
    for role, areas in ASSIGNED:
        for here in (city, other):
            scope = here.scope(role, *areas)
            with stage.ask(scope) as asker:
                for table, column in TABLES:
                    found = rows_seen(asker.connection, table, column)
                    # An edit of a rule or a plan belongs to no property; building control alone reads of it.
                    of_city = {None} if role == "staff" else set()
                    assert (found or set()) <= here.visible(scope) | of_city, (role, areas, table)
                    if role == "staff" and not table.startswith("owners."):
                        assert (found or set()) - of_city, f"The factory has no row in {table}, so nothing is tested."


def test_owners_are_read_in_their_own_role_and_in_ones_own_city(stage: Stage, database: str) -> None:
    with stage.as_loader() as connection:
        city, _other = cities.build(connection)
    with stage.ask(city.scope("staff")) as asker:
        take = text("SELECT set_config('role', :name, true)")
        asker.connection.execute(take, {"name": f"{database}_owners"})
        houses = set(asker.connection.execute(text("SELECT property_id FROM owners.ownership")).scalars())
        assert houses == city.visible(asker.scope)
        assert rows_seen(asker.connection, "qm.note", "property_id") is None


# --- injected SQL -----------------------------------------------------------------------------------------------------

GROUPS = ("staff", "manager", "external", "owners", "accounts", "admin", "loader", "owner")
# What each login may become, and so what SQL injected into it could take. Nothing else, whatever it tries.
MAY_BECOME: dict[str, set[str]] = {
    "staff": {"staff", "owners"},
    "manager": {"manager"},
    "external": {"external"},
    "politics": set(),
    "accounts": {"accounts", "admin"},
}


@pytest.mark.parametrize("login", MAY_BECOME)
def test_a_login_becomes_its_own_groups_and_no_other_role(
    connection: Callable[[str], Connection], login: str, database: str
) -> None:
    one = connection(login)
    tries = ("SELECT set_config('role', '{role}', false)", 'SET ROLE "{role}"', 'SET SESSION AUTHORIZATION "{role}"')
    for attempt in tries:
        gained = set()
        for group in GROUPS:
            try:
                with one.begin_nested():
                    one.execute(text(attempt.format(role=f"{database}_{group}")))
                    gained.add(group)
                    one.execute(text("RESET ROLE"))
            except DBAPIError:
                continue
        assert gained == (set() if "AUTHORIZATION" in attempt else MAY_BECOME[login]), attempt


INJECTED = (
    "SELECT set_config('app.municipality', 'de-test01', true), set_config('app.area_ids', '{1,2,3,4}', true)",
    "RESET ROLE",
    "RESET SESSION AUTHORIZATION",
    "RESET ALL",
    "SELECT set_config('row_security', 'off', true)",
    "SELECT set_config('search_path', 'qm, public', true)",
)


@pytest.mark.parametrize("injected", INJECTED)
def test_what_is_injected_into_the_login_of_politics_opens_no_table_of_the_city(
    stage: Stage, connection: Callable[[str], Connection], injected: str
) -> None:
    one = connection("politics")
    one.execute(text(injected))
    for table, column in TABLES:
        assert rows_seen(one, table, column) is None, table


def test_injected_areas_open_to_a_manager_what_areas_can_and_never_more(stage: Stage) -> None:
    """The limit of lock 3: a manager's setting can be forged by injected SQL, of which a test says that there is none.

    It opens the rows of other areas and cities. Columns and tables that managers have no right on stay shut.
    """
    with stage.as_loader() as connection:
        city, other = cities.build(connection)
    everywhere = "{" + ",".join(str(id_) for one in (city, other) for id_ in one.areas.values()) + "}"
    for role in ("manager", "external_manager"):
        with stage.ask(city.scope(role, "west")) as asker:
            set_areas = text(
                "SELECT set_config('app.area_ids', :ids, true), set_config('app.municipality', :city, true)"
            )
            asker.connection.execute(set_areas, {"ids": everywhere, "city": other.key})
            assert seen(asker) == {house for houses in other.houses.values() for house in houses}
            assert rows_seen(asker.connection, "qm.property_version", "next_step") is None
            assert rows_seen(asker.connection, "qm.inspection_round", "persons_met") is None
            assert rows_seen(asker.connection, "owners.ownership", "property_id") is None


def test_a_forged_city_shows_politics_what_another_city_has_released_and_nothing_else(
    connection: Callable[[str], Connection],
) -> None:
    """The limit on the login of politics: one login serves the councils of all cities of an installation.

    Injected SQL could name another city and read what that city has released, to its council too. Who cannot accept
    this gives each city an installation of its own. Estimates of the catalogue (numbers of rows) are open to any login.
    """
    one = connection("politics")
    one.execute(text("SELECT set_config('app.municipality', 'de-test02', true)"))
    assert one.execute(text("SELECT count(*) FROM published.publication")).scalar_one() == 0
    assert rows_seen(one, "published.publication", "published_by") is None
    assert (
        one.execute(text("SELECT count(*) FROM pg_stats WHERE schemaname IN ('qm', 'owners', 'audit')")).scalar() == 0
    )


# --- writing ----------------------------------------------------------------------------------------------------------

WRITABLE = ("note", "photograph", "status_event", "inspection", "edit", "property_link", "watch", "property_version")
# Columns that the copy has of its own, and free text that a manager may not read.
OWN_OR_HIDDEN = {
    "id", "property_id", "to_property_id", "key", "submission", "recorded_at", "superseded_at", "next_step", "reason",
}  # fmt: skip


def copied(connection: Connection, table: str, house: int, into: int) -> bool | None:
    """Whether the role may append a row like one of `house` for `into`; None where it may not write there at all."""
    columns = [column.name for column in metadata.tables[f"qm.{table}"].c if column.name not in OWN_OR_HIDDEN]
    own = "to_property_id" if table == "property_link" else "property_id"
    fresh = {"note": "key, ", "status_event": "key, ", "inspection": "key, ", "edit": "submission, "}.get(table, "")
    value = {"note": "gen_random_uuid(), ", "edit": "gen_random_uuid(), "}.get(table, "gen_random_uuid()::text, ")
    listed = ", ".join(columns)
    query = text(
        f"INSERT INTO qm.{table} ({own}, {fresh}{listed}) SELECT :into, {value if fresh else ''}{listed}"
        f" FROM qm.{table} WHERE {own} = :house LIMIT 1"
    )
    try:
        with connection.begin_nested():
            return bool(connection.execute(query, {"into": into, "house": house}).rowcount)
    except DBAPIError as error:
        if "permission denied" in str(error.orig):
            return None
        if "row-level security" in str(error.orig) or "duplicate key" in str(error.orig):
            return False
        raise


def test_a_manager_writes_about_the_houses_assigned_and_an_external_manager_about_none(stage: Stage) -> None:
    with stage.as_loader() as connection:
        city, other = cities.build(connection)
    here, elsewhere, abroad = city.houses["west"][1], city.houses["east"][1], other.houses["west"][1]
    with stage.ask(city.scope("manager", "west")) as asker:
        done = {table: copied(asker.connection, table, here, here) for table in WRITABLE}
        assert {table for table, is_done in done.items() if is_done} == {
            "note",
            "photograph",
            "status_event",
            "inspection",
            "edit",
        }
        for into in (elsewhere, abroad):
            for table in ("note", "photograph", "status_event", "inspection", "watch"):
                assert not copied(asker.connection, table, here, into), (table, into)
    with stage.ask(city.scope("external_manager", "west")) as asker:
        assert {
            table: copied(asker.connection, table, here, here) for table in WRITABLE if table != "watch"
        } == dict.fromkeys((table for table in WRITABLE if table != "watch"), None)
        assert not copied(asker.connection, "watch", here, elsewhere)
