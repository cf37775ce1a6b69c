"""What has to be on record before a house is closed; pure."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import RowMapping

# Counts may be nothing: they say how much was offered, not enough.
SAFEGUARDS: Final = (
    "milder_means", "replacement_dwellings_offered", "replacement_households_offered", "decided_by",
)  # fmt: skip
# Steps of a closing proceeding that close the house.
CLOSING_STEPS: Final = ("order", "vacated")


def lacking_safeguards(values: Mapping[str, Any] | RowMapping) -> tuple[str, ...]:
    """The safeguards that a record lacks, by the names of its columns."""
    return tuple(name for name in SAFEGUARDS if values[name] is None or values[name] in ((), [], ""))
