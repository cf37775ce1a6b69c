"""What contributes with its values, and where judgement and computation differ, as tables and as files."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.i18n import N_
from dashboard.table import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.assessment.reads import Difference, read_overview
from geodata.assessment.values import StatedContribution, read_values


def read_contributions(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """All contributions with what they count."""
    return TablePage.of([_contribution(one) for one in read_values(asker).contributions], wanted)


def _contribution(one: StatedContribution) -> dict[str, Any]:
    value = one.value
    return {
        "id": value.code,
        "contribution": value.code,
        "axis": value.axis,
        "points": value.points,
        "max_age": value.max_age_days,
        "is_active": value.is_active,
        "proposed": one.proposed.points,
        "is_confirmed": one.is_confirmed,
    }


def read_differences(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """Objects by address of which the two give another colour; never by how bad they are."""
    return TablePage.of([_difference(one) for one in read_overview(asker).differences], wanted)


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "id": one.property_id,
        "address": one.address,
        "key": one.property_key,
        "judged_on": one.judged_on,
        "judged": one.judged_colour,
        "computed": one.computed_colour,
        "is_judged": one.is_judged,
    }


CONTRIBUTIONS: Final = RemoteTable(
    key="bewertung-beitraege",
    title=N_("What counts how much in the assessment"),
    permission="proceeding:read",
    columns=(
        Column("contribution", N_("Contribution"), "code", code_list="assessment_contribution", width=260),
        Column("axis", N_("Input"), "code", code_list="assessment_axis", width=180),
        Column("points", N_("Points"), "integer"),
        Column("max_age", N_("Counts for how many days"), "days",
               definition=N_("Empty = as long as it lasts.")),
        Column("is_active", N_("Counts in this city"), "yes_no"),
        Column("proposed", N_("Points proposed"), "integer"),
        Column("is_confirmed", N_("Confirmed"), "yes_no",
               definition=N_("No = a proposal of the program that nobody in charge has confirmed yet.")),
    ),
    read=read_contributions,
    is_versioned=False,
    source=N_("Values of this city and proposals of the program"),
)  # fmt: skip
DIFFERENCES: Final = RemoteTable(
    key="bewertung-abweichungen",
    title=N_("Where the office's own judgement and the computation differ"),
    permission="proceeding:read",
    columns=(
        Column("address", N_("Address"), "link", width=280, link="/objekt/{id}"),
        Column("key", N_("Object number"), "text"),
        Column("judged", N_("Own judgement"), "code", code_list="colour"),
        Column("judged_on", N_("Judged on"), "date"),
        Column("computed", N_("Computed"), "code", code_list="colour"),
        Column("is_judged", N_("The own judgement counts"), "yes_no", width=180,
               definition=N_("No = it is too old, and what is computed is the colour.")),
    ),
    read=read_differences,
    is_versioned=False,
)  # fmt: skip
