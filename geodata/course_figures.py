"""Figures over a period: how well intervals were kept, and how far apart inspections really were.

Each is a group of its own, because each is a long read and many pages ask for one of them.
"""

from collections.abc import Mapping
from typing import Final

from geodata.access import Asker
from geodata.course.achieved import median_days
from geodata.course.achieved_reads import read_achieved
from geodata.course.days import known_part, read_days
from geodata.figure import N_, Figure, Group, Period, Value
from geodata.filters import PropertyFilter

_PROPERTY_DAYS = N_(
    "property-days of the period on which a property was recorded and open and a rule then in force asked for the kind "
    "of control; use, inhabited and areas are those of the as-of date, and merged properties count as the one they "
    "became"
)
ADHERENCE_FIGURES: Final = (
    Figure(
        "adherence",
        N_("Days kept on time"),
        "percent",
        "condition",
        N_(
            "Of the days of the period on which a property was monitored for a kind of control, the share on which "
            "that control was not overdue by the rule then in force. Each property counts for each kind of control."
        ),
        _PROPERTY_DAYS,
    ),
)
ACHIEVED_FIGURES: Final = (
    Figure(
        "achieved_interval_median",
        N_("Usual interval, open ones counted in"),
        "days",
        "condition",
        N_(
            "Days between two inspections with sufficient access, of one kind of control: half of the intervals are "
            "over by then. Intervals still open count as at least so long (Kaplan-Meier). Without one kind of control "
            "in the filter, or where half of them never ended, there is none."
        ),
        N_("intervals of the monitored properties up to the as-of date, by the access that the rule in force requires"),
    ),
)


def read_adherence(asker: Asker, chosen: PropertyFilter, period: Period) -> Mapping[str, Value]:
    """Property-days on time in per cent, all types of control of the filter together; None where there are none."""
    known = known_part(asker, chosen, period)
    days = read_days(asker, chosen, known.first_on, known.last_on).of(None)
    share = days.point(known.first_on, known.last_on, None).adherence.share
    return {"adherence": None if share is None else 100 * share}


def read_achieved_median(asker: Asker, chosen: PropertyFilter, period: Period) -> Mapping[str, Value]:
    """The usual interval of the one type of control that the filter names."""
    asker.require("plan:read")
    if len(chosen.control_types) != 1:
        return {"achieved_interval_median": None}
    [control_type] = chosen.control_types
    return {"achieved_interval_median": median_days(read_achieved(asker, chosen, control_type).intervals)}


ADHERENCE = Group("plan:read", ADHERENCE_FIGURES, read_adherence)
ACHIEVED = Group("plan:read", ACHIEVED_FIGURES, read_achieved_median)
