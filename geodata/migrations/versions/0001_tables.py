"""Tables of the floor: areas, addresses, properties and their facts, controls, deliveries, derived tables, accounts."""

from geodata.migrations.scripts import run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables with their constraints, indexes and comments."""
    run_script("0001_tables.sql")
