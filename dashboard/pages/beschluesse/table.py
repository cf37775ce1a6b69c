"""The resolutions as a table and as files, with what the cards say."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from dashboard.form_words import MISSING
from dashboard.i18n import N_
from dashboard.pages.beschluesse.goals import read_goals
from dashboard.table import Column, RemoteTable, Slice, TablePage
from dashboard.target_words import Goal, amount, bound_words, difference, value_words
from geodata.access import Asker
from geodata.resolutions import Standing, read_resolutions


def read(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """All resolutions that stand, in the order of the page."""
    as_of = date.fromisoformat(query["as_of"])
    rows = [_row(standing, goal) for standing, goal in read_goals(asker, read_resolutions(asker), as_of)]
    return TablePage.of(rows, wanted)


def _row(standing: Standing, goal: Goal) -> dict[str, Any]:
    one = standing.resolution
    gap = None if goal.value is None else goal.target.missing_to(goal.value)
    before = goal.before
    return {
        "id": one.key,
        "number": one.number,
        "decided_on": one.decided_on,
        "body": one.body,
        "title": one.title,
        "figure": goal.figure,
        "place": goal.place,
        "control_type": one.control_type,
        "target": bound_words(goal),
        "until_on": one.until_on,
        "value": goal.hidden if goal.value is None else value_words(goal),
        "counted": goal.counted,
        "state": goal.state if standing.is_in_scope else None,
        "missing": None if gap is None else difference(gap, goal.unit) if gap else MISSING,
        "released_on": None if before is None else before.as_of,
        "released": None if before is None or before.value is None else amount(before.value, goal.unit),
        "link_text": one.link_text,
    }


TABLE: Final = RemoteTable(
    key="beschluesse",
    title=N_("Resolutions and how they stand"),
    permission="resolution:read",
    columns=(
        Column("number", N_("Resolution"), "text"),
        Column("decided_on", N_("Date of the decision"), "date"),
        Column("body", N_("Body"), "text", width=180),
        Column("title", N_("What was decided"), "text", width=320),
        Column("figure", N_("Figure"), "text", width=220),
        Column("place", N_("Area"), "text"),
        Column("control_type", N_("Kind of control"), "code"),
        Column("target", N_("Target"), "text", width=220),
        Column("until_on", N_("Until"), "date"),
        Column("value", N_("Value"), "text",
               definition=N_("The value on the as-of date, as the page of the figure shows it.")),
        Column("counted", N_("Counted"), "text"),
        Column("state", N_("How it stands"), "code", code_list="target_state"),
        Column("missing", N_("Missing"), "text"),
        Column("released_on", N_("Last release, state of"), "date"),
        Column("released", N_("Value in the last release"), "text",
               definition=N_("Empty where the release did not show it.")),
        Column("link_text", N_("Where the paper is found"), "text", width=220),
    ),
    read=read,
    is_versioned=False,
)  # fmt: skip
