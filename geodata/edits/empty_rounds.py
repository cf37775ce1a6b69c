"""A planned round whose last visit was taken back was not held, and counts as a round no more."""

from typing import Final

from sqlalchemy import select

from geodata.edits.order import Change
from geodata.edits.rows import supersede
from geodata.tables import edit, inspection, inspection_round

# Kind of the edit by which the first visit of a planned round makes the round.
PLANNED: Final = "planer-runde"


def take_back_empty(change: Change) -> None:
    """Take back planned rounds whose last visit this edit took back.

    A round of which somebody stated more (who took part, counts of persons) stays. Call it after the visits.
    """
    if not change.asker.scope.allows("round:write"):
        return
    one, visit = inspection_round.c, inspection.c
    of_round = (visit.municipality == one.municipality) & (visit.round_key == one.key)
    query = (
        select(one.id)
        .join_from(inspection_round, edit, edit.c.id == one.edit_id)
        .where(
            one.municipality == change.municipality,
            one.superseded_at.is_(None),
            edit.c.kind == PLANNED,
            select(visit.id).where(of_round, visit.superseded_at == change.moment).exists(),
            ~select(visit.id).where(of_round, visit.superseded_at.is_(None)).exists(),
        )
    )
    supersede(change, inspection_round, change.asker.connection.execute(query).scalars())
