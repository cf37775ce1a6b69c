"""How long what is kept, and what was erased."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0014_keeping.sql", **role_names(str(op.get_bind().engine.url.database)).places)
