"""Whether a form has been taken over before: for checks that would otherwise meet what the form itself has created."""

from uuid import UUID

from sqlalchemy import select

from geodata.access import Asker
from geodata.tables import edit


def was_carried_out(asker: Asker, submission: UUID) -> bool:
    """Whether an edit with this number is there: sent again over a bad line, a form would warn of its own outcome."""
    asker.require("property:write")
    query = select(edit.c.id).where(
        edit.c.municipality == asker.scope.municipality,
        edit.c.account == asker.scope.account,
        edit.c.submission == submission,
    )
    return asker.connection.scalar(query) is not None
