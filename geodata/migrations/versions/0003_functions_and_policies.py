"""Grants and row policies: the third lock, which holds when the application errs. Functions come after all versions."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create grants and policies."""
    roles = role_names(str(op.get_bind().engine.url.database))
    run_script(
        "0003_policies.sql",
        staff=roles.staff,
        manager=roles.manager,
        accounts=roles.accounts,
        loader=roles.loader,
        login_politics=roles.login_politics,
    )
