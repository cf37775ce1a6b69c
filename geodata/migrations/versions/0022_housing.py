"""Dwellings lost and won, closed houses, what became of their households, and replacement housing."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0022_housing.sql", **role_names(str(op.get_bind().engine.url.database)).places)
