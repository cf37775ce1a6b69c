"""What a role may not see of an object although it sees the object: which permission a column or a state asks for.

The database holds the same line by rights on columns and by row policies (migration 0015). Reads ask here so that they
never name a column on which the role has no right: where one is hidden, its place is NULL.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, null

from geodata.access import Asker

TEXT_PERMISSION: Final = "property:read_text"
# Columns of the facts of a property that need more than `property:read`. Form of ownership and lead office are part of
# a proceeding against an owner: who sees no proceeding does not see them.
FACT_PERMISSIONS: Final[Mapping[str, str]] = {
    "file_reference": "proceeding:read",
    "ownership_form": "proceeding:read",
    "lead_office": "proceeding:read",
    "next_step": TEXT_PERMISSION,
    "reason": TEXT_PERMISSION,
    "note": TEXT_PERMISSION,
    "decision_note": TEXT_PERMISSION,
    "milder_means_note": TEXT_PERMISSION,
    "hint_source": "proceeding:read",
    "reminder_on": "plan:read",
}


def sees_masked(asker: Asker) -> bool:
    """Whether the state is derived for the asker from the facts that it may see, instead of being read."""
    return not asker.scope.allows("proceeding:read")


def may_read(asker: Asker, column: str) -> bool:
    """Whether the asker may read this column of the facts of a property."""
    return asker.scope.allows(FACT_PERMISSIONS.get(column, "property:read"))


def readable(asker: Asker, column: Column[Any]) -> ColumnElement[Any]:
    """The column of a fact, or NULL under its name for who may not read it."""
    return column if may_read(asker, column.name) else null().cast(column.type).label(column.name)
