"""Demolition projects, and what the derived state knows of them."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables with their weights, grants and policies; add the derived columns."""
    roles = role_names(str(op.get_bind().engine.url.database))
    run_script(
        "0005_demolitions.sql",
        staff=roles.staff,
        manager=roles.manager,
        loader=roles.loader,
        login_politics=roles.login_politics,
    )
