"""What the application says about a city as a whole: for which date its data speak, and in which version."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from geodata.access import Asker
from geodata.tables import refresh


@dataclass(frozen=True)
class DataState:
    """For which date the derived tables speak, and their version, which belongs into every cache key.

    None and 0 before the first delivery.
    """

    refreshed_as_of: date | None
    data_version: int


def data_state(asker: Asker) -> DataState:
    """The state of the derived tables of the asker's city."""
    asker.require("property:read")
    query = select(refresh.c.as_of, refresh.c.data_version).where(refresh.c.municipality == asker.scope.municipality)
    row = asker.connection.execute(query).one_or_none()
    return DataState(refreshed_as_of=row.as_of, data_version=row.data_version) if row else DataState(None, 0)
