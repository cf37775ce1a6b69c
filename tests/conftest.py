"""Fixtures that every test builds on: a real PostGIS, real migrations, the application's own logins.

Pick the cheapest that fits:

- `stage`: one transaction that is rolled back; prepare as loader, then ask as any role. The usual choice.
- `connection("staff")`, `loader`: one login, one transaction, rolled back.
- `clean_urls`: URLs for code that commits by itself (a whole load); what it leaves is removed after the test.
- `make_database("name")`: a database of one's own for a whole session (the demonstration city, a drill).
"""

import geodata.gdal_env  # noqa: F401, I001 - before everything that may import GDAL

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from geodata import bootstrap, migrate
from geodata.accounts import passwords
from geodata import cluster as embedded
from geodata.access import Asker, Scope, _transaction_settings
from geodata.credentials import read
from geodata.settings import DatabaseUrls, Settings, load_settings
from geodata.tables import metadata
from geodata.tables.owners import OWNERS_TABLES

# What an operator has set for a server must not reach the tests: they use the embedded cluster of this checkout.
for _name in [name for name in os.environ if name.startswith(("DATABASE_URL", "QM_")) or name in ("HOST", "PORT")]:
    if _name not in ("QM_REAL_DATA", "QM_DATA_DIR", "QM_WRITE_GOLDEN"):
        del os.environ[_name]
# A tenth of a second for each password is what the application wants and no test needs.
passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
REAL_DATA = load_settings().real_data
# Without real deliveries nothing is skipped: those tests do not exist then.
collect_ignore = [] if REAL_DATA else ["deliveries"]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI and with real deliveries a skipped or expected failure is a failure: nobody would notice it otherwise."""
    is_strict = bool(REAL_DATA) or os.environ.get("CI", "").lower() in ("1", "true")
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not is_strict or reporter is None or hasattr(session.config, "workerinput"):
        return
    ignored = [*reporter.stats.get("skipped", []), *reporter.stats.get("xfailed", [])]
    if ignored and session.exitstatus == pytest.ExitCode.OK:
        reporter.write_line(f"{len(ignored)} skipped or expected to fail, which counts as a failure here.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real deliveries (QM_REAL_DATA); only tests in tests/deliveries use it, and only then they exist."""
    assert REAL_DATA is not None
    return REAL_DATA


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings of the embedded cluster of this checkout."""
    return load_settings()


@pytest.fixture(scope="session")
def cluster(settings: Settings) -> Iterator[embedded.Cluster]:
    """The embedded cluster of this checkout, started if needed; it stops again unless somebody else uses it."""
    with embedded.lease(settings) as running:
        _drop_leftovers(running)
        yield running


@pytest.fixture(scope="session")
def make_database(cluster: embedded.Cluster) -> Iterator[Callable[..., DatabaseUrls]]:
    """`make_database("name")`: one's own, bootstrapped and migrated, dropped with its roles when the session ends."""
    made: list[str] = []

    def make(suffix: str, *, migrated: bool = True) -> DatabaseUrls:
        name = f"qm_test_{os.getpid()}_{suffix}"
        made.append(name)
        bootstrap.apply(cluster, name)
        urls = bootstrap.urls(cluster, name)
        _add_test_login(cluster, name)
        if migrated:
            migrate.upgrade(str(urls.owner))
        return urls

    yield make
    for name in made:
        _drop(cluster, name)


@pytest.fixture(scope="session")
def urls(make_database: Callable[..., DatabaseUrls], tables_of_facts: list[str]) -> DatabaseUrls:
    """The session's database, migrated and empty; a test leaves it as it found it (who commits: `clean_urls`)."""
    main = make_database("main")
    with create_engine(str(main.owner), poolclass=NullPool).begin() as one:
        tables_of_facts.extend(_empty_tables(one))
    return main


@pytest.fixture(scope="session")
def tables_of_facts() -> list[str]:
    """The tables that the migrations leave empty; filled by `urls`, before any test can have written to them."""
    return []


@pytest.fixture(scope="session")
def database(urls: DatabaseUrls) -> str:
    """Name of the session's database."""
    return urls.database


@pytest.fixture
def connection(urls: DatabaseUrls) -> Iterator[Callable[[str], Connection]]:
    """`connection("staff")` (or manager, politics, load, owner): that login in a transaction that is rolled back."""
    engines: list[Engine] = []
    opened: list[Connection] = []

    def connect(login: str) -> Connection:
        engine = create_engine(getattr(urls, login), poolclass=NullPool)
        one = engine.connect()
        one.begin()
        engines.append(engine)
        opened.append(one)
        return one

    yield connect
    for one in opened:
        one.close()  # rolls back
    for engine in engines:
        engine.dispose()


@pytest.fixture
def loader(connection: Callable[[str], Connection]) -> Connection:
    """The login of the ETL in a transaction that is rolled back."""
    return connection("load")


class Stage:
    """One transaction in which a test prepares facts as loader and then asks as a web role; see fixture `stage`."""

    def __init__(self, connection: Connection, database: str) -> None:
        self._connection, self._database = connection, database

    @contextmanager
    def as_loader(self) -> Iterator[Connection]:
        """The transaction with the rights of the ETL."""
        with self._settings({"role": f"{self._database}_loader"}):
            yield self._connection

    @contextmanager
    def ask(self, scope: Scope) -> Iterator[Asker]:
        """The transaction with exactly the settings that `Access.open` gives to this scope."""
        settings = _transaction_settings(scope, database=self._database)
        # Politics' login has its rights itself and takes no role; on this connection it must be taken.
        role = settings.get("role", f"{self._database}_login_politics")
        with self._settings({**settings, "role": role}):
            yield Asker(self._connection, scope)

    @contextmanager
    def _settings(self, values: dict[str, str]) -> Iterator[None]:
        for name, value in {"app.municipality": "", "app.area_ids": "", "app.account": "", **values}.items():
            self._connection.execute(text("select set_config(:name, :value, true)"), {"name": name, "value": value})
        yield
        # Not in a `finally`: after an error the transaction answers nothing any more, and the error is the news.
        self._connection.execute(text("select set_config('role', 'none', true)"))


@pytest.fixture
def stage(urls: DatabaseUrls) -> Iterator[Stage]:
    """Prepare facts and ask for them in one transaction, which is rolled back: fast, and nobody else sees a row.

    `with stage.as_loader() as connection: ...` and then `with stage.ask(Scope(...)) as asker: ...`, in turns. The
    connection is a login of the tests that may become the application's roles; row policies hold as for these.
    """
    url = make_url(urls.staff).set(username=f"{urls.database}_test")
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as one:
        yield Stage(one, urls.database)
        one.rollback()
    engine.dispose()


@pytest.fixture
def clean_urls(cluster: embedded.Cluster, urls: DatabaseUrls, tables_of_facts: list[str]) -> Iterator[DatabaseUrls]:
    """The session's database for code that commits by itself; all facts in it are removed after the test."""
    yield urls
    with embedded.connect(cluster, urls.database) as superuser:
        superuser.execute(sql.SQL(_WIPE).format(tables=sql.Literal(tables_of_facts)))


# Deleting the few rows of a test takes a tenth of truncating every table, which gives each and its indexes new files.
# Nothing is checked on the way, because all goes; numbers begin at 1 again.
_WIPE = """
do $$
declare
    name text;
begin
    set local session_replication_role = replica;
    foreach name in array {tables}::text[] loop
        if pg_relation_size(name::regclass) > 0 then
            execute format('delete from %s', name::regclass);
        end if;
    end loop;
    perform setval(oid, 1, false) from (
        select pg_get_serial_sequence(attrelid::regclass::text, attname)::regclass as oid
        from pg_attribute
        where attidentity <> '' and attrelid = any ({tables}::text[]::regclass[])
    ) as numbers;
end
$$
"""


def _empty_tables(owner: Connection) -> list[str]:
    # Row policies hold for the owner too, so rows cannot be counted: the size of the table tells, as long as nobody
    # has written to it (a rolled-back row takes room, too).
    query = text("select pg_relation_size(cast(:name as regclass)) = 0")
    names = [str(table) for table in [*metadata.sorted_tables, *OWNERS_TABLES]]
    return [name for name in names if owner.scalar(query, {"name": name})]


def _add_test_login(running: embedded.Cluster, name: str) -> None:
    """A login that may become the roles of the application, for `stage`; its password is that of the staff login."""
    roles, password = bootstrap.role_names(name), read(running.folder).login_staff
    with embedded.connect(running, name) as superuser:
        superuser.execute(
            sql.SQL("create role {} login noinherit password {}").format(
                sql.Identifier(f"{name}_test"), sql.Literal(password)
            )
        )
        members = ", ".join([roles.loader, *roles.groups, roles.login_politics])
        superuser.execute(sql.SQL(f"grant {members} to {name}_test; grant connect on database {name} to {name}_test"))
        # Tests need no answer from the disk before they go on.
        superuser.execute(sql.SQL(f"alter database {name} set synchronous_commit = off"))


def _drop(running: embedded.Cluster, name: str) -> None:
    bootstrap.drop(running, name)
    with embedded.connect(running, "postgres") as superuser:
        superuser.execute(sql.SQL(f"drop role if exists {name}_test"))


def _drop_leftovers(running: embedded.Cluster) -> None:
    """Drop the databases of test runs that were killed: their name holds a process number that nobody has any more."""
    with embedded.connect(running, "postgres") as superuser:
        # Workers start together: each would drop what the other is dropping.
        superuser.execute("select pg_advisory_lock(hashtext('tests'), hashtext('leftovers'))")
        query = "select datname::text from pg_database where datname ~ '^qm_test_[0-9]+_'"
        for name in [str(row[0]) for row in superuser.execute(query)]:
            if not Path(f"/proc/{name.split('_')[2]}").exists():
                _drop(running, name)
