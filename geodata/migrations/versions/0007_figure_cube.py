"""The cube from which figures of the city and its areas are answered."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the derived table with its grants and policies."""
    roles = role_names(str(op.get_bind().engine.url.database))
    run_script(
        "0007_figure_cube.sql",
        staff=roles.staff,
        manager=roles.manager,
        loader=roles.loader,
        login_politics=roles.login_politics,
    )
