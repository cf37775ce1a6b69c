"""Migrations on a real database: the result is what `tables.py` says, and two servers may start at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, NullPool, create_engine, text

from geodata import migrate, tables
from geodata.errors import DatabaseAway, MigrationError
from geodata.settings import DatabaseUrls


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
