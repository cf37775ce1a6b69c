"""What people enter in the application, and who may append it."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0010_edits.sql", **role_names(str(op.get_bind().engine.url.database)).places)
