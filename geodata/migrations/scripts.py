"""Runs the SQL text of a version."""

from importlib.resources import files

from alembic import op


def run_script(name: str, **replacements: str) -> None:
    """Run `geodata/migrations/sql/<name>`.

    `replacements` fill `{name}` places; they are role names of ours (`bootstrap.role_names`), checked there, no input.
    """
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
