"""What was recorded of a proceeding when: versions of its facts and of its steps, and who entered them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, literal, select, union_all

from geodata.access import Asker
from geodata.measures.kinds import PERMISSION
from geodata.tables import edit, measure, measure_step

WRITING = "proceeding:write"


@dataclass(frozen=True)
class Version:
    """One version: of a step (`step_kind`), or of the proceeding itself (None).

    `by` None = a delivery brought it, or the role does not read who enters what.
    """

    step_kind: str | None
    recorded_at: datetime
    superseded_at: datetime | None
    by: str | None


def read_versions(asker: Asker, key: str) -> tuple[Version, ...]:
    """All versions of a proceeding and of its steps, the latest first."""
    asker.require(PERMISSION)
    parts: list[Select[tuple[object, ...]]] = []
    for table, key_column, kind in (
        (measure, measure.c.key, literal(None)),
        (measure_step, measure_step.c.measure_key, measure_step.c.kind),
    ):
        parts.append(
            select(kind.label("step_kind"), table.c.recorded_at, table.c.superseded_at, edit.c.account_name.label("by"))
            .select_from(table.outerjoin(edit, edit.c.id == table.c.edit_id))
            .where(table.c.municipality == asker.scope.municipality, key_column == key)
        )
    found = union_all(*parts).subquery()
    is_told = asker.scope.allows(WRITING)
    rows = asker.connection.execute(select(found).order_by(found.c.recorded_at.desc(), found.c.step_kind.desc()))
    return tuple(
        Version(row.step_kind, row.recorded_at, row.superseded_at, row.by if is_told else None) for row in rows
    )
