"""Photographs of demolition projects, and who may enter their stages."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0024_projects.sql", **role_names(str(op.get_bind().engine.url.database)).places)
