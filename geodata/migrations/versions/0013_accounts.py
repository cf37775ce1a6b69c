"""What keeping accounts in the application needs: their own city's administration, expiry, sign-out everywhere."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script with the names of all roles."""
    run_script("0013_accounts.sql", **role_names(str(op.get_bind().engine.url.database)).places)
