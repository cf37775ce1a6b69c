"""What really happened of the demolition projects of one property, as dated events with their history.

A completed stage is an event of the day on which it was done, and so is the end of a project that was given up. Plans
are no events. Demolitions that nobody planned are among them: they happened. Nothing later than the as-of date counts.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from geodata.access import Asker
from geodata.facts import History, history_columns, history_of, successors, with_origin
from geodata.tables import demolition_stage, demolition_stage_kind


@dataclass(frozen=True)
class DemolitionEvent:
    """A stage that was completed, or (`outcome`) the end of a project; `running_number` orders events of one day."""

    valid_on: date
    running_number: int
    project_key: str
    stage: str
    outcome: str | None
    history: History


def read_demolition_events(asker: Asker, property_id: int, as_of: date) -> tuple[DemolitionEvent, ...]:
    """Events up to the as-of date, the latest first; superseded versions are among them."""
    asker.require("demolition:read")
    fact = demolition_stage.c
    valid_on = func.coalesce(fact.ended_on, fact.actual_end_on)
    query = (
        select(
            *history_columns(asker, demolition_stage),
            fact.project_key,
            fact.stage,
            fact.actual_end_on,
            fact.outcome,
            fact.ended_on,
            demolition_stage_kind.c.sort,
        )
        .select_from(
            with_origin(
                asker,
                demolition_stage,
                demolition_stage.join(demolition_stage_kind, demolition_stage_kind.c.code == fact.stage),
            )
        )
        .where(and_(fact.property_id == property_id, fact.aspect == "actual", valid_on.is_not(None)))
        .order_by(valid_on.desc(), demolition_stage_kind.c.sort.desc(), fact.id.desc())
    )
    rows = asker.connection.execute(query).mappings().all()
    replaced_by = successors(rows)
    events = [
        DemolitionEvent(on, row["sort"], row["project_key"], row["stage"], outcome, history_of(row, replaced_by))
        for row in rows
        for on, outcome in ((row["actual_end_on"], None), (row["ended_on"], row["outcome"]))
        if on is not None and on <= as_of
    ]
    return tuple(sorted(events, key=lambda event: (event.valid_on, event.running_number), reverse=True))
