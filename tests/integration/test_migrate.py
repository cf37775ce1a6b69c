"""Migrations on a real database: the result is what `tables.py` says, and two servers may start at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import IntegrityError

from geodata import migrate, tables
from geodata.errors import DatabaseAway, MigrationError
from geodata.migrations.scripts import every_row_visible
from geodata.settings import DatabaseUrls
from tests.factories import facts


def test_the_migrations_make_what_tables_py_says(connection: Callable[[str], Connection]) -> None:
    options = {
        "compare_type": True,
        "include_schemas": True,
        "include_name": lambda name, kind, _: kind != "schema" or name == "qm",
        "include_object": alembic_helpers.include_object,
        "version_table": migrate.VERSION_TABLE,
        "version_table_schema": migrate.SCHEMA,
    }
    context = MigrationContext.configure(connection("owner"), opts=options)
    assert compare_metadata(context, tables.metadata) == []


def test_migrating_again_does_nothing(urls: DatabaseUrls) -> None:
    assert migrate.upgrade(str(urls.owner)) is False


def test_the_loader_sees_the_version(urls: DatabaseUrls) -> None:
    assert migrate.version_at(urls.load) == migrate.head()
    migrate.require_head(urls.load)


def test_two_servers_that_start_at_once_migrate_once(make_database: Callable[..., DatabaseUrls]) -> None:
    urls = make_database("twice", migrated=False)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(migrate.upgrade, [str(urls.owner)] * 2)) == [False, True]


def test_tables_of_another_version_are_refused(make_database: Callable[..., DatabaseUrls]) -> None:
    urls = make_database("other", migrated=False)
    with pytest.raises(MigrationError, match="has version none"):
        migrate.require_head(urls.load)
    migrate.upgrade(str(urls.owner))
    with create_engine(str(urls.owner), poolclass=NullPool).begin() as owner:
        owner.execute(text("update qm.alembic_version set version_num = '9999'"))
    with pytest.raises(MigrationError, match="has version 9999"):
        migrate.require_head(urls.load)


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: object) -> None:
    with pytest.raises(DatabaseAway, match="does not answer"):
        migrate.upgrade(f"postgresql+psycopg://owner@/name?host={tmp_path}")


def test_later_migrations_see_every_row_and_leave_the_lock_shut(make_database: Callable[..., DatabaseUrls]) -> None:
    """Under FORCE an owner without a policy changes no row, and a foreign key is checked against no row."""
    urls = make_database("later")
    with create_engine(str(urls.load), poolclass=NullPool).begin() as loader:
        facts.municipality(loader, "de-later")
    rename = text("UPDATE qm.municipality SET name = 'renamed'")
    add = "CREATE TABLE qm.later (city TEXT); INSERT INTO qm.later VALUES (:city);"
    link = "ALTER TABLE qm.later ADD CONSTRAINT later_city_fkey FOREIGN KEY (city) REFERENCES qm.municipality (key)"
    engine = create_engine(str(urls.owner), poolclass=NullPool)
    with engine.connect() as owner, owner.begin() as transaction:
        assert owner.execute(rename).rowcount == 0, "the trap: without help the owner sees nothing"
        transaction.rollback()
    with engine.begin() as owner, every_row_visible(owner):
        assert owner.execute(rename).rowcount == 1
        for statement in add.split(";")[:2]:
            owner.execute(text(statement), {"city": "de-later"} if ":city" in statement else {})
        owner.execute(text(link))
        owner.execute(text("ALTER TABLE qm.later ENABLE ROW LEVEL SECURITY"))
    with engine.connect() as owner, owner.begin() as transaction:
        open_tables = "SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity"
        assert owner.execute(text(open_tables)).scalars().all() == []
        assert owner.execute(rename).rowcount == 0
        transaction.rollback()
    with engine.begin() as owner:
        owner.execute(text("CREATE TABLE qm.wrong AS SELECT 'nowhere'::text AS city"))
    with pytest.raises(IntegrityError), engine.begin() as owner, every_row_visible(owner):
        owner.execute(text(link.replace("later", "wrong")))


def test_the_versions_run_with_every_row_visible(
    make_database: Callable[..., DatabaseUrls], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    @contextmanager
    def noted(connection: Connection) -> Iterator[None]:
        with every_row_visible(connection):
            yield
        seen.append(migrate.current(connection))

    monkeypatch.setattr("geodata.migrations.scripts.every_row_visible", noted)
    migrate.upgrade(str(make_database("within", migrated=False).owner))
    assert seen == [migrate.head()]
