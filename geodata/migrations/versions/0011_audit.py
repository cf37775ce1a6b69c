"""The log: append-only, chained, in a schema of its own."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0011_audit.sql", **role_names(str(op.get_bind().engine.url.database)).places)
