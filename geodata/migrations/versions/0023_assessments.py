"""What counts how much in the assessment, and reports that something in it is wrong."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0023_assessments.sql", **role_names(str(op.get_bind().engine.url.database)).places)
