"""Where properties and due dates of an as-of date are read: the derived tables at their date, functions for any other.

Who may not see proceedings never reads the derived tables, where the true state stands: for it the state follows at any
date from the facts that it may see (`qm.property_masked_at`), and there are no due dates.

The functions `qm.property_at` and `qm.due_at` have the columns of the tables, so that a read is written once. They
compute what they give: for a whole city of 100,000 properties that takes seconds, for one area a fraction of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, FromClause, cast, false, func, null, select

from geodata.access import Asker
from geodata.calendar import today
from geodata.codes import PROCEEDING_STATES
from geodata.filters import PropertyFilter, conditions, due_conditions
from geodata.masking import sees_masked
from geodata.municipalities import data_state
from geodata.records import allow_nested_loops
from geodata.tables import area_version, property_area, property_current, property_due


@dataclass(frozen=True)
class Sources:
    """Where properties and due dates of one as-of date are read."""

    properties: FromClause
    due: FromClause
    as_of: date

    @property
    def is_current(self) -> bool:
        """Whether these are the derived tables, for whose date there is a cube."""
        return self.properties is property_current

    def where(self, chosen: PropertyFilter) -> list[ColumnElement[bool]]:
        return conditions(chosen, self.properties, self.due, self.as_of)

    def due_where(self, chosen: PropertyFilter) -> list[ColumnElement[bool]]:
        return due_conditions(chosen, self.due)


def property_sources(asker: Asker, chosen: PropertyFilter, *, property_ids: Sequence[int] | None = None) -> Sources:
    """The derived tables at their own date, else the functions that answer for any date.

    `property_ids` spares the functions the other properties; the caller still says in its condition which it means.
    """
    asker.require("property:read")
    require_parts(asker, chosen)
    known = data_state(asker)
    as_of = chosen.as_of or known.refreshed_as_of or today()
    is_masked = sees_masked(asker)
    if as_of == known.refreshed_as_of and not is_masked:
        return Sources(property_current, property_due, as_of)
    # The functions join what they aggregate. The planner cannot know how much that is, least of all in the minutes
    # after a load, and with nested loops 10,000 properties took minutes instead of a second.
    allow_nested_loops(asker.connection, is_allowed=False)
    arguments: tuple[Any, ...] = (asker.scope.municipality, as_of)
    meant = property_ids if property_ids is not None else _ids_in_areas(asker, chosen)
    if meant is not None:
        arguments = (*arguments, cast(list(meant), ARRAY(BigInteger)))
    if is_masked:
        return Sources(
            _function(func.qm.property_masked_at(*arguments), property_current, "property_at"), _no_due_dates(), as_of
        )
    return Sources(
        _function(func.qm.property_at(*arguments), property_current, "property_at"),
        _function(func.qm.due_at(*arguments), property_due, "due_at"),
        as_of,
    )


def require_parts(asker: Asker, chosen: PropertyFilter) -> None:
    """Refuse a filter by what the asker may not see: counting what fits it would tell.

    Raises NotAllowed for due dates without `plan:read`, for assessments and states of proceedings without
    `proceeding:read`.
    """
    asker.require("property:read")
    if chosen.due is not None:
        asker.require("plan:read")
    if chosen.colours or set(chosen.states) & set(PROCEEDING_STATES):
        asker.require("proceeding:read")


def _no_due_dates() -> FromClause:
    """A relation shaped like the due dates, and empty."""
    columns = [null().cast(column.type).label(column.name) for column in property_due.c]
    return select(*columns).where(false()).subquery("due")


def _ids_in_areas(asker: Asker, chosen: PropertyFilter) -> Sequence[int] | None:
    """Properties that any outline of the filter's areas covers, or those of a manager; None where all are meant.

    More than are meant on a certain date, and never fewer: a past date in one area costs the area and not the city.
    """
    area_ids = chosen.area_ids or tuple(sorted(asker.scope.area_ids))
    if not area_ids:
        return None
    query = (
        select(property_area.c.property_id)
        .distinct()
        .join(area_version, area_version.c.id == property_area.c.area_version_id)
        .where(area_version.c.area_id.in_(area_ids), area_version.c.superseded_at.is_(None))
    )
    return asker.connection.execute(query).scalars().all()


def _function(call: Any, shaped_like: FromClause, name: str) -> FromClause:
    columns = [column._copy() for column in shaped_like.c]
    result: FromClause = call.table_valued(*columns).alias(name)
    return result
