"""Runs the SQL text of a version, and lets migrations see the rows that they change."""

import contextlib
from collections.abc import Iterator
from importlib.resources import files

from alembic import op
from sqlalchemy import Connection, text


def run_script(name: str, **replacements: str) -> None:
    """Run `geodata/migrations/sql/<name>`.

    `replacements` fill `{name}` places; they are role names of ours (`bootstrap.role_names`), checked there, no input.
    """
    # A version before this one may have added tables under FORCE in the same run.
    _set_force(op.get_bind(), "NO FORCE")
    script = (files("geodata") / "migrations" / "sql" / name).read_text(encoding="utf-8")
    for place, value in replacements.items():
        script = script.replace("{" + place + "}", value)
    run_sql(script)


def run_sql(statements: str) -> None:
    """Run one or several statements on the migration's connection.

    The text goes to the driver as it is, because SQLAlchemy would take `::text` for a parameter; the driver takes `%`
    for one, so each is doubled.
    """
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))


@contextlib.contextmanager
def every_row_visible(connection: Connection) -> Iterator[None]:
    """Lift FORCE ROW LEVEL SECURITY from the owner's tables for the migrations within, and put it back on all.

    The owner has no policy, so under FORCE an UPDATE changes no row, and a new foreign key is checked against no row,
    both in silence (docs/decisions/0002). Everything is in the migrations' one transaction: an error rolls the lifting
    back with the rest, and nobody else reads meanwhile, because ALTER TABLE locks. A table that a version adds under
    row policies gets FORCE here, should it have forgotten to.
    """
    _set_force(connection, "NO FORCE")
    yield
    _set_force(connection, "FORCE")


def _set_force(connection: Connection, word: str) -> None:
    query = text(
        "SELECT format('ALTER TABLE %s ' || :word || ' ROW LEVEL SECURITY', oid::regclass) FROM pg_class"
        " WHERE relnamespace IN (to_regnamespace('qm'), to_regnamespace('owners')) AND relkind IN ('r', 'p')"
        " AND relrowsecurity"
        " AND pg_get_userbyid(relowner) = current_user ORDER BY oid"
    )
    for statement in connection.execute(query, {"word": word}).scalars().all():
        connection.exec_driver_sql(statement)
