"""The list of what is due: one declaration for the grid on the page and for its files."""

from collections.abc import Mapping
from typing import Any, get_args

from dashboard.formatting import format_days
from dashboard.i18n import N_
from dashboard.i18n import gettext as _
from dashboard.tables import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.areas import read_areas
from geodata.control_reads import DueRow, SortKey, count_due, read_due_list
from geodata.filters import PropertyFilter
from geodata.inspections import DueRule

# Kinds of area that name a place to somebody who reads an address; wards are counted by and mean little in a list.
_NAMED_KINDS = ("stadtbezirk", "stadtteil", "wohnbezirk", "quartier")


def read(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """The rows of a slice, with values of their types."""
    chosen = PropertyFilter.from_query(query)
    sort: SortKey = next((key for key in get_args(SortKey) if key == wanted.sort), "overdue_days")
    rows = read_due_list(asker, chosen, sort, descending=wanted.descending, start=wanted.start, size=wanted.size)
    names = _area_names(asker, chosen)
    return TablePage([row_values(row, names) for row in rows], count_due(asker, chosen))


def row_values(row: DueRow, area_names: Mapping[int, str]) -> dict[str, Any]:
    """One row in the columns of the table; `area_names` holds the areas that are named in it."""
    return {
        "id": f"{row.property_id}-{row.control_type}",
        "property_id": row.property_id,
        "address": row.address or row.key,
        "key": row.key,
        "area": ", ".join(dict.fromkeys(area_names[area_id] for area_id in row.area_ids if area_id in area_names)),
        "control_type": row.control_type,
        "overdue_days": row.overdue_days,
        "hint": access_hint(row.failed_visits) if row.has_to_clarify_access else None,
        "due_on": row.due_on,
        "days_left": row.days_left if not row.overdue_days else None,
        "last_effective_on": row.last_effective_on,
        "failed_visits": row.failed_visits,
        "rule": rule_words(row.rule),
        "interval_days": row.rule.interval_days,
        "basis": row.rule.legal_basis or row.rule.resolution or row.rule.reason,
        "rule_since_on": row.rule.valid_from,
        "rule_age_days": row.rule_age_days,
    }


def access_hint(failed_visits: int) -> str:
    """What two failed visits in a row ask for."""
    return _("Clarify access (%(count)s times in vain)", count=failed_visits)


def rule_words(rule: DueRule) -> str:
    """Interval and area of the rule that won."""
    area = rule.area_name or _("whole city")
    return _("every %(days)s, %(area)s", days=format_days(rule.interval_days), area=area)


def _area_names(asker: Asker, chosen: PropertyFilter) -> dict[int, str]:
    if chosen.as_of is None:
        raise ValueError("The register of tables always names an as-of date.")
    return {area.id: area.name for area in read_areas(asker, chosen.as_of) if area.kind in _NAMED_KINDS}


TABLE = RemoteTable(
    key="kontrollen",
    title=N_("Due inspections"),
    permission="plan:read",
    columns=(
        Column("address", N_("Address"), "link", width=230, is_sortable=True, link="/objekt/{property_id}"),
        Column("area", N_("Area"), "text", width=240),
        Column("control_type", N_("Kind of control"), "code", code_list="control_type", width=260, is_sortable=True),
        Column(
            "overdue_days",
            N_("Overdue for"),
            "days",
            width=146,
            is_sortable=True,
            definition=N_("As-of date minus due date, never below 0."),
        ),
        Column(
            "hint",
            N_("Hint"),
            "text",
            width=250,
            definition=N_("Two visits in a row without sufficient access: clarify how to get in before the next one."),
        ),
        Column(
            "due_on",
            N_("Due on"),
            "date",
            width=112,
            is_sortable=True,
            definition=N_(
                "Date of the last inspection with sufficient access plus the interval of the rule; with none yet, the "
                "date of recording plus the interval."
            ),
        ),
        Column("days_left", N_("Days left"), "days", width=110),
        Column(
            "last_effective_on",
            N_("Last with sufficient access"),
            "date",
            width=164,
            definition=N_("The last inspection that reached the access that the rule requires, of a kind that counts."),
        ),
        Column(
            "failed_visits",
            N_("Visits in vain"),
            "integer",
            width=120,
            definition=N_("The latest visits in a row of this kind of control that did not reach the required access."),
        ),
        Column(
            "rule",
            N_("Rule in force"),
            "text",
            width=260,
            definition=N_("Of all rules that apply, the one with the shortest interval."),
        ),
        Column("interval_days", N_("Interval of the rule"), "days", width=150),
        Column("basis", N_("Basis of the rule"), "text", width=260),
        Column("rule_since_on", N_("In force since"), "date", width=120),
        Column("rule_age_days", N_("Age of the rule"), "days", width=146),
        Column("key", N_("Key"), "text", width=110),
    ),
    read=read,
    default_sort="overdue_days",
    default_descending=True,
)
