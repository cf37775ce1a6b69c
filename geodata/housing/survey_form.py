"""The yearly survey of housing law as data: what it counts, in one place, because its form differs from year to year.

Nobody in charge has confirmed the form yet (`IS_CONFIRMED`), and pages and files say so. Titles and definitions are
English msgids.
"""

from dataclasses import dataclass
from typing import Final, Literal

# The page says "not confirmed yet" beside the survey until somebody has held it against the state's own form.
IS_CONFIRMED: Final = False
# Which controls and proceedings belong to housing law; talks and agreements only where housing supervision leads.
CONTROL_TYPES: Final = ("housing_control",)
KINDS: Final = ("housing_order", "overcrowding_order", "uninhabitable")
COOPERATIVE_KINDS: Final = ("talks", "agreement", "amicable_end")
COOPERATIVE_OFFICES: Final = ("housing_supervision",)

# Of each case: whether it is one, a number of its controls, or whether one of these proceedings began, had one of these
# steps, or ended with one of these outcomes in the year; closings by their cause.
Counts = Literal["cases", "new", "controls", "without_finding", "steps", "began", "ended", "closed"]


@dataclass(frozen=True)
class SurveyColumn:
    """One column: what it counts, and the codes that make a case count in it."""

    key: str
    title: str
    definition: str
    counts: Counts
    kinds: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def N_(text: str) -> str:  # noqa: N802 - the word by which messages are found
    """Mark a msgid; it is translated where it is shown."""
    return text


COLUMNS: Final = (
    SurveyColumn(
        "cases",
        N_("Cases"),
        N_("Objects that were inspected under housing law in the year, or in which such a proceeding ran in it."),
        "cases",
    ),
    SurveyColumn("new_cases", N_("New cases"), N_("Cases in which the first proceeding began in the year."), "new"),
    SurveyColumn(
        "controls", N_("Inspections under housing law"), N_("Inspections of the year that took place."), "controls"
    ),
    SurveyColumn(
        "without_finding",
        N_("of these without a finding"),
        N_("Inspections of the year that found nothing."),
        "without_finding",
    ),
    SurveyColumn(
        "orders",
        N_("Orders issued"),
        N_("Cases in which an order under housing law was issued in the year."),
        "steps",
        kinds=("housing_order", "overcrowding_order"),
        codes=("order",),
    ),
    SurveyColumn(
        "amicable",
        N_("Amicable ends"),
        N_("Cases that ended in the year without an order being enforced: by agreement, or because it was fulfilled."),
        "ended",
        kinds=(*KINDS, *COOPERATIVE_KINDS),
        codes=("amicable", "fulfilled"),
    ),
    SurveyColumn(
        "uninhabitable",
        N_("Declared uninhabitable"),
        N_("Cases in which dwellings were declared uninhabitable in the year."),
        "closed",
        kinds=("uninhabitable",),
        codes=("order",),
    ),
)
