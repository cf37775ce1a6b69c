"""Rounds that are planned: their objects in their order."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0018_round_plans.sql", **role_names(str(op.get_bind().engine.url.database)).places)
