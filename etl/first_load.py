"""The first large load of facts into an empty table: rows go in without indexes and foreign keys, which follow.

A million rows then take a third of the time (docs/decisions/0005). There is nothing to compare with, so each chunk goes
from its temporary table straight into the fact table, linked and hashed already; what the file repeats is found and
taken out afterwards. Where anything does not fit, `begin` says so and the usual way is gone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, NestedTransaction, text
from sqlalchemy.exc import OperationalError

from etl import apply, staging
from etl.files.limits import MIB
from etl.hashing import HASH, can_hash, with_hashes
from etl.rows import Rejection
from etl.source import Past
from etl.staging import StageColumn

# Below this the indexes cost less than the locks that taking them away needs.
WORTHWHILE_BYTES = 4 * MIB
TABLES = ("inspection", "status_event", "assessment_event")


def suits(connection: Connection, step: apply.Step, file_bytes: int) -> bool:
    """Whether the delivery is large, simple enough and the first of its table, as far as one can see without a lock."""
    source = step.source
    is_plain = source.past is Past.REPLACED and source.is_of_property and source.geometry is None
    if not (is_plain and source.table.name in TABLES and file_bytes >= WORTHWHILE_BYTES):
        return False
    if source.areas or step.implies_property or step.is_complete:
        return False
    if not can_hash(source, staging.stage_columns(source)):
        return False
    return not connection.execute(text(f"SELECT EXISTS (SELECT FROM {step.table})")).scalar_one()  # noqa: S608


def begin(connection: Connection, step: apply.Step) -> NestedTransaction | None:
    """Take the indexes away, in a savepoint; None where that cannot be done now, and then nothing is changed."""
    savepoint = connection.begin_nested()
    query = text("SELECT qm.set_indexes_aside(:name)")
    try:
        is_done = connection.execute(query, {"name": step.source.table.name}).scalar_one()
    except OperationalError:
        # Somebody reads for long. The usual way is slower, but nobody has to wait for it.
        is_done = False
    if is_done:
        return savepoint
    savepoint.rollback()
    return None


@dataclass
class Writer:
    """Writes prepared rows of one delivery into the bare table; remembers their lines and their properties."""

    connection: Connection
    step: apply.Step
    delivery_id: int
    moment: datetime
    lines: list[npt.NDArray[np.int32]] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        targets = tuple(one for one in self._stage_columns if one.is_target)
        self._columns = (*targets, StageColumn("property_id", "bigint"), HASH)
        staging.create_stage(self.connection, self.step.staged, self._columns)

    @property
    def rows(self) -> int:
        """How many rows were written."""
        return sum(map(len, self.lines))

    def writing(self, frame: pd.DataFrame) -> Callable[[], None]:
        """What appends the rows of a chunk; hashes and text are made at once."""
        hashed = with_hashes(frame, self.step.source, self._stage_columns, self.step.register)
        send = staging.copying(self.connection, self.step.staged, self._columns, hashed)
        self.lines.append(frame["line"].to_numpy(dtype=np.int32))
        self.touched.update(frame["property_id"].unique().tolist())
        written = {"delivery_id": self.delivery_id, "moment": self.moment}
        columns = ", ".join(one.name for one in self._columns)

        def append() -> None:
            send()
            apply.run(self.connection, "append_first", self.step, written, columns=columns)

        return append

    def repeated(self) -> list[Rejection]:
        """Take rows out that the file has more than once, by the rule for every delivery; returns why."""
        [counted] = apply.run(self.connection, "count_first", self.step)
        if counted.rows_written == counted.keys_found:
            return []
        positions = [row.position for row in apply.run(self.connection, "judge_first", self.step)]
        lines = np.concatenate(self.lines)[np.array(positions, dtype=np.int64) - 1].tolist()
        apply.run(self.connection, "line_first", self.step, {"positions": positions, "lines": lines})
        found = apply.reject_repeated(self.connection, self.step)
        apply.run(self.connection, "delete_first", self.step)
        return found

    def finish(self) -> None:
        """Put indexes and foreign keys back; the database checks all rows."""
        query = text("SELECT qm.put_indexes_back(:name)")
        self.connection.execute(query, {"name": self.step.source.table.name})

    @property
    def _stage_columns(self) -> tuple[StageColumn, ...]:
        return staging.stage_columns(self.step.source)
