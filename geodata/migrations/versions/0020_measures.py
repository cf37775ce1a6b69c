"""Proceedings with their kinds, steps, deadlines and amounts, and cuts of supply."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0020_measures.sql", **role_names(str(op.get_bind().engine.url.database)).places)
