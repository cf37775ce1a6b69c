"""First loads build indexes and foreign keys after their rows."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what the loader needs for it."""
    roles = role_names(str(op.get_bind().engine.url.database))
    run_script(
        "0008_first_loads.sql",
        staff=roles.staff,
        manager=roles.manager,
        loader=roles.loader,
        login_politics=roles.login_politics,
    )
