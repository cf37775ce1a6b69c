"""Alembic's entry: runs the versions on the connection that `geodata.migrate` hands over, as the tables' owner."""

from alembic import context

from geodata.migrate import configure_context

configure_context(context)
with context.begin_transaction():
    context.run_migrations()
