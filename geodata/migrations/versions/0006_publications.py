"""Publications: what an office released, frozen in the schema that politics reads."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables with their grants, policies and the refusal of changes."""
    roles = role_names(str(op.get_bind().engine.url.database))
    run_script(
        "0006_publications.sql",
        staff=roles.staff,
        manager=roles.manager,
        loader=roles.loader,
        login_politics=roles.login_politics,
    )
