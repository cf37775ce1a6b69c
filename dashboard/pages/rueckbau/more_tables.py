"""Two more tables of the page: cost against plan by project, and what is late or held up."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from dashboard.i18n import N_
from dashboard.pages.rueckbau import delays, ids
from dashboard.pages.rueckbau.costs import cost_of
from dashboard.pages.rueckbau.selection import selected
from dashboard.pages.rueckbau.tables import OPENS, say
from dashboard.table import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.demolitions import Project, read_projects
from geodata.filters import PropertyFilter
from geodata.projects.programmes import cost_ratio

Row = dict[str, Any]


def read_costs(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """Cost against plan, one row for each project of the filter."""
    projects = selected(read_projects(asker, PropertyFilter.from_query(query)), query)
    ratio = cost_ratio(projects)
    rows = []
    for one in projects:
        cost = cost_of(one, ratio)
        rows.append(
            _named(one)
            | {
                "planned_eur": cost.planned_eur,
                "done_eur": cost.done_eur,
                "forecast_eur": cost.forecast_eur,
                "over_eur": cost.over_eur,
                "over_share": cost.over_share,
                "without_cost": cost.without_cost,
            }
        )
    return TablePage.of(in_order(rows, wanted), wanted)


def read_delays(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """What is late or held up, one row for each running project of the filter of which that holds."""
    chosen = PropertyFilter.from_query(query)
    projects = selected(read_projects(asker, chosen), query)
    as_of = chosen.as_of
    if as_of is None:
        raise ValueError("The register of tables always names an as-of date.")
    rows = []
    for one in projects:
        if not delays.is_late(one) and not (one.status == "running" and one.is_blocked):
            continue
        lost = delays.lost_most(one, as_of)
        rows.append(
            _named(one)
            | {
                "slip_days": one.slip_days,
                "lost_stage": lost.stage if lost else None,
                "lost_days": lost.days if lost else None,
                "blocker": one.blocker,
                "blocked_since_on": one.blocked_since_on,
                "blocked_days": delays.blocked_days(one, as_of),
                "planned_demolition_on": one.planned_demolition_on,
            }
        )
    return TablePage.of(in_order(rows, wanted), wanted)


def in_order(rows: Sequence[Row], wanted: Slice) -> list[Row]:
    """Rows by one of their values; what has none stands last in both directions, equals by their address."""
    ordered = sorted(rows, key=lambda row: (row["address"], row["id"]))
    key = wanted.sort or "address"
    known = [row for row in ordered if row[key] is not None]
    known.sort(key=lambda row: row[key], reverse=wanted.descending)
    return known + [row for row in ordered if row[key] is None]


def _named(one: Project) -> Row:
    status = one.outcome or ("blocked" if one.is_blocked else one.status)
    return {
        "id": f"{one.property_id}/{one.key}", "property": one.property_id, "key": one.key, "address": one.address,
        "programme": one.programme, "stage": one.current_stage, "status": status,
    }  # fmt: skip


def _table(
    key: str, title: str, columns: tuple[Column, ...], read: Callable[..., TablePage], **more: Any
) -> RemoteTable:
    return RemoteTable(key=key, title=title, permission="demolition:read", columns=columns, read=read,
                       parameters=ids.RESTRICTING, say=say, **more)  # fmt: skip


_ADDRESS: Final = Column("address", N_("Address"), "link", width=230, is_sortable=True, link=OPENS)
_STAGE: Final = Column("stage", N_("Stage"), "code", code_list="demolition_stage", width=220, is_sortable=True)
_PROGRAMME: Final = Column("programme", N_("Programme"), "text", width=240, is_sortable=True)
_KEY: Final = Column("key", N_("Project"), "text", width=130, is_sortable=True)

COSTS: Final = _table(
    "rueckbau_kosten",
    N_("Cost against plan"),
    (
        _ADDRESS,
        Column("status", N_("Status"), "code", code_list="demolition_status", width=140, is_sortable=True),
        Column("planned_eur", N_("Cost planned"), "money", width=140, is_sortable=True,
               definition=N_("Sum of the planned costs of the required stages.")),
        Column("done_eur", N_("Cost of what is done"), "money", width=150, is_sortable=True,
               definition=N_("Sum of the actual costs of the required stages that are done.")),
        Column("forecast_eur", N_("Cost at completion"), "money", width=150, is_sortable=True,
               definition=N_("What is done at its real cost, what is open at its planned cost times the ratio of real "
                             "to planned cost of what is done.")),
        Column("over_eur", N_("Above the plan"), "money", width=140, is_sortable=True,
               definition=N_("Cost at completion minus cost planned; negative = below the plan.")),
        Column("over_share", N_("Share above the plan"), "percent", width=130, is_sortable=True),
        Column("without_cost", N_("Stages without cost"), "integer", width=130, is_sortable=True,
               definition=N_("Required stages that name neither a planned nor a real cost.")),
        _PROGRAMME,
        _KEY,
    ),
    read_costs,
    default_sort="over_eur",
    default_descending=True,
)  # fmt: skip

OBSTACLES: Final = _table(
    "rueckbau_hindernisse",
    N_("Late and held up projects"),
    (
        _ADDRESS,
        Column("slip_days", N_("Delay"), "days", width=110, is_sortable=True,
               definition=N_("Days behind the planned ends of the stages; negative = before the plan.")),
        Column("lost_stage", N_("Lost most in"), "code", code_list="demolition_stage", width=230, is_sortable=True,
               definition=N_("Stage that by itself lost most days: its delay less that of the stages before it.")),
        Column("lost_days", N_("Days lost there"), "days", width=120, is_sortable=True),
        Column("blocker", N_("Held up by"), "code", code_list="demolition_blocker", width=200, is_sortable=True,
               definition=N_("What holds the current stage up.")),
        Column("blocked_since_on", N_("Held up since"), "date", width=130, is_sortable=True),
        Column("blocked_days", N_("Held up for"), "days", width=120, is_sortable=True),
        _STAGE,
        Column("planned_demolition_on", N_("Demolition planned"), "date", width=132, is_sortable=True),
        _PROGRAMME,
        _KEY,
    ),
    read_delays,
    default_sort="slip_days",
    default_descending=True,
)  # fmt: skip
