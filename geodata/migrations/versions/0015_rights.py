"""Rights of columns and rows of each role, where they differ from the first ones."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0015_rights.sql", **role_names(str(op.get_bind().engine.url.database)).places)
