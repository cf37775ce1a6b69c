"""Resolutions of the council with their targets, and what a publication shows of them."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0019_resolutions.sql", **role_names(str(op.get_bind().engine.url.database)).places)
