"""What all worker processes share about signing in: ended sessions and failed attempts."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the two tables with their grants and policies."""
    roles = role_names(str(op.get_bind().engine.url.database))
    run_script("0004_sign_in.sql", accounts=roles.accounts)
