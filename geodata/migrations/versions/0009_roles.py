"""Five roles: an external manager and the administration beside staff, manager and politics."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0009_roles.sql", **role_names(str(op.get_bind().engine.url.database)).places)
