"""SQL functions, grants and row policies: the third lock, which holds when the application errs."""

from alembic import op

from geodata.bootstrap import role_names
from geodata.migrations.scripts import run_script, run_sql
from geodata.records import function_statements

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the functions, then grants and policies on tables and functions."""
    for statement in function_statements():
        run_sql(statement)
    roles = role_names(str(op.get_bind().engine.url.database))
    run_script(
        "0003_policies.sql",
        staff=roles.staff,
        manager=roles.manager,
        accounts=roles.accounts,
        loader=roles.loader,
        login_politics=roles.login_politics,
    )
