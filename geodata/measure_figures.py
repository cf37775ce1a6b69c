"""Figures about proceedings: how many are open, how many of them by agreement, and how many are past a deadline.

They count what the page of proceedings lists. Proceedings tell of the condition of properties, so small numbers are
held back where they are published.
"""

from collections.abc import Mapping
from typing import Final

from geodata.access import Asker
from geodata.figure import N_, Figure, Group, Period, Value
from geodata.filters import PropertyFilter
from geodata.measures.deadlines import read_deadlines
from geodata.measures.reads import PERMISSION, MeasureWish, read_measures

COOPERATIVE: Final = "cooperative"
_OPEN: Final = N_("proceedings opened by the as-of date and not closed by it")

FIGURES: Final = (
    Figure(
        "measures_open",
        N_("Open proceedings"),
        "proceedings",
        "condition",
        N_("Proceedings of all kinds that are open: talks and agreements, orders, coercion, fines, acquisitions."),
        _OPEN,
    ),
    Figure(
        "measures_cooperative",
        N_("By agreement"),
        "proceedings",
        "condition",
        N_("Open talks and agreements with owners."),
        _OPEN,
        part_of="measures_open",
    ),
    Figure(
        "measures_expired",
        N_("Past a deadline"),
        "proceedings",
        "condition",
        N_("Open proceedings with a deadline or follow-up that has passed and was not met."),
        _OPEN,
        part_of="measures_open",
    ),
)


def read(asker: Asker, chosen: PropertyFilter, period: Period) -> Mapping[str, Value]:
    """All figures of this group for one filter."""
    found = read_measures(asker, chosen, MeasureWish(status="open"))
    expired = {due.measure_key for due in read_deadlines(asker, chosen) if due.state == "expired"}
    return {
        "measures_open": len(found),
        "measures_cooperative": sum(one.family == COOPERATIVE for one in found),
        "measures_expired": sum(one.key in expired for one in found),
    }


GROUP: Final = Group(PERMISSION, FIGURES, read)
