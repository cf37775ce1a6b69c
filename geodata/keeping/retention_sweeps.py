"""Which rows of which table are due, for each class of records that goes row by row; `:before` is the first day kept.

Statements run as loader, who sees all rows, and return `municipality` (and `property_id`, `edit_id` where there are).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# A delivery is compared with the last delivered row of its key: it stays as long as an edit, or nothing, stands in its
# place, or else a file would undo the edit.
_LAST_DELIVERED: Final = (
    "t.delivery_id IS NOT NULL AND NOT EXISTS (SELECT FROM {table} AS c WHERE c.municipality = t.municipality"
    " AND {same} AND c.superseded_at IS NULL AND c.delivery_id IS NOT NULL)"
)
# Facts that make the state of a property on a date. What a merge in force moved is how the dates before it know whose
# a fact was (qm.property_at).
_DATED: Final = ("qm.status_event", "qm.assessment_event", "qm.inspection", "qm.demolition_stage")
_MOVED: Final = (
    "EXISTS (SELECT FROM qm.property_link AS l WHERE l.from_property_id = t.property_id AND l.kind = 'merge'"
    " AND l.superseded_at IS NULL AND l.recorded_at = t.superseded_at)"
)


@dataclass(frozen=True)
class Sweep:
    """Rows `t` of a table that meet a condition, counted from a date; `change` instead of deleting them.

    `is_derived_from`: the current state follows from them, so their properties are derived anew. `has_edits`: edits
    that no fact names afterwards go, too.
    """

    table: str
    since: str
    where: str = "true"
    change: str | None = None
    is_derived_from: bool = False
    has_edits: bool = False
    first: str = ""

    @property
    def condition(self) -> str:
        """What makes a row due."""
        return f"{self.since} < :before AND {self.where}"

    @property
    def count(self) -> str:
        """Query: how many rows are due, and the oldest date."""
        return f"SELECT count(*), min({self.since}) FROM {self.table} AS t WHERE {self.condition}"  # noqa: S608 - text of ours

    @property
    def statement(self) -> str:
        """Statement that deletes or changes them."""
        returned = "t.municipality" + (", t.property_id" if self.is_derived_from else "")
        returned += ", t.edit_id" if self.has_edits else ""
        begin = f"DELETE FROM {self.table} AS t"  # noqa: S608 - text of ours
        if self.change is not None:
            begin = f"UPDATE {self.table} AS t SET {self.change}"  # noqa: S608 - text of ours
        return f"{self.first}{begin} WHERE {self.condition} RETURNING {returned}"


def _day(column: str, row: str = "t") -> str:
    return f"CAST({row}.{column} AT TIME ZONE 'Europe/Berlin' AS date)"


def _superseded(table: str, *, same: str = "c.key = t.key", is_delivered: bool = True, first: str = "") -> Sweep:
    where = "true"
    if is_delivered:
        where = f"NOT ({_LAST_DELIVERED.format(table=table, same=same)})"
    if table in _DATED:
        where += f" AND NOT {_MOVED}"
    has_edits = table.startswith("qm.")
    return Sweep(table, _day("superseded_at"), where, has_edits=has_edits, first=first)


_COUNTS: Final = ("registered", "met", "met_not_registered", "reported", "deregistered")
_ADDRESSES: Final = (
    "WITH gone AS (DELETE FROM qm.property_address AS a USING qm.property_version AS t"
    " WHERE t.id = a.property_version_id AND {condition}) "
)
_VERSIONS: Final = _superseded("qm.property_version", same="c.property_id = t.property_id")
# Facts, notes and edits keep a delivery alive; its repairs and rejected rows do not.
_NOT_NAMED: Final = " AND ".join(
    f"NOT EXISTS (SELECT FROM {name} AS f WHERE f.delivery_id = t.id)"
    for name in (
        "qm.property_version",
        "qm.status_event",
        "qm.assessment_event",
        "qm.inspection",
        "qm.inspection_round",
        "qm.demolition_stage",
        "qm.measure",
        "qm.measure_step",
        "qm.supply_cut",
        "qm.closure",
        "qm.closure_event",
        "qm.dwelling_change",
        "qm.replacement_dwelling",
        "qm.address",
        "qm.area_version",
        "qm.area_relation",
        "qm.context_feature",
        "qm.interval_rule",
        "qm.resolution",
        "qm.funding_programme",
        "qm.funding_grant",
        "qm.funding_call",
        "qm.funding_cost",
        "qm.rejected_row",
        "qm.repair",
        "owners.owner",
        "owners.ownership",
    )
)
_NO_OWNERSHIP: Final = (
    "NOT EXISTS (SELECT FROM owners.ownership AS w WHERE w.municipality = t.municipality AND w.owner_key = t.key)"
)

SWEEPS: Final[Mapping[str, tuple[Sweep, ...]]] = {
    "inspection": (Sweep("qm.inspection", "t.inspected_on", is_derived_from=True, has_edits=True),),
    "round": (Sweep("qm.inspection_round", "t.held_on", has_edits=True),),
    "person_count": (
        Sweep(
            "qm.inspection_round",
            "t.held_on",
            f"num_nonnulls({', '.join(f't.persons_{name}' for name in _COUNTS)}) > 0",
            ", ".join(f"persons_{name} = NULL" for name in _COUNTS),
        ),
    ),
    "note": (Sweep("qm.note", "t.written_on", has_edits=True),),
    "photograph": (Sweep("qm.photograph", _day("recorded_at"), has_edits=True),),
    "photograph_superseded": (Sweep("qm.photograph", _day("superseded_at"), has_edits=True),),
    # The stops of a plan have no date of their own, and go before the plan that they name.
    "round_plan": (
        Sweep("qm.round_plan_stop", "(SELECT p.held_on FROM qm.round_plan AS p WHERE p.id = t.round_plan_id)"),
        Sweep("qm.round_plan_skip", "t.held_on", has_edits=True),
        Sweep("qm.round_plan", "t.held_on", has_edits=True),
    ),
    "scenario": (Sweep("qm.scenario", _day("recorded_at"), "t.superseded_at IS NULL", has_edits=True),),
    "superseded_version": (
        Sweep(
            _VERSIONS.table,
            _VERSIONS.since,
            _VERSIONS.where,
            has_edits=True,
            first=_ADDRESSES.format(condition=_VERSIONS.condition),
        ),
        _superseded("qm.status_event"),
        _superseded("qm.assessment_event"),
        _superseded("qm.inspection"),
        _superseded("qm.inspection_round"),
        _superseded("qm.demolition_stage"),
        _superseded("qm.measure"),
        _superseded("qm.measure_step"),
        _superseded("qm.supply_cut"),
        _superseded("qm.funding_grant"),
        _superseded("qm.funding_call"),
        _superseded("qm.funding_cost"),
        _superseded("qm.closure"),
        _superseded("qm.closure_event"),
        _superseded("qm.dwelling_change"),
        _superseded("qm.replacement_dwelling"),
        _superseded("qm.note", is_delivered=False),
        _superseded("qm.interval_release", is_delivered=False),
        _superseded("qm.assessment_report", is_delivered=False),
        _superseded("qm.property_link", is_delivered=False),
        _superseded("qm.round_plan_skip", is_delivered=False),
        _superseded("qm.scenario", is_delivered=False),
        _superseded("owners.ownership"),
        _superseded("owners.owner"),
    ),
    "account_name": (
        Sweep("qm.edit", _day("made_at"), "t.account <> '-'", "account = '-', account_name = '-'"),
        Sweep("qm.delivery", _day("recorded_at"), "t.delivered_by IS NOT NULL", "delivered_by = NULL"),
        Sweep("qm.job", _day("asked_at"), "t.asked_by <> '-'", "asked_by = '-'"),
    ),
    "former_owner": (
        Sweep("owners.ownership", "t.valid_to", "t.superseded_at IS NULL"),
        Sweep("owners.owner", _day("recorded_at"), _NO_OWNERSHIP),
    ),
    "delivery": (
        Sweep("qm.repair", f"(SELECT {_day('recorded_at', 'd')} FROM qm.delivery AS d WHERE d.id = t.delivery_id)"),  # noqa: S608 - as above
        Sweep("qm.delivery", _day("recorded_at"), _NOT_NAMED),
    ),
}
