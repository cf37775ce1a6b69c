"""Alembic's entry: runs the versions on the connection that `geodata.migrate` hands over, as the tables' owner."""

from alembic import context

from geodata.migrate import configure_context
from geodata.migrations.scripts import every_row_visible

configure_context(context)
with context.begin_transaction(), every_row_visible(context.config.attributes["connection"]):
    context.run_migrations()
