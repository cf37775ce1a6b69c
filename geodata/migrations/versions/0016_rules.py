"""Interval rules that people change, releases from them, and the job that derives due dates anew."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0016_rules.sql", **role_names(str(op.get_bind().engine.url.database)).places)
