"""The tables of the page, for its grids and for files: proceedings, open deadlines, supply cuts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dashboard.i18n import N_, code_label
from dashboard.pages.verfahren import ids
from dashboard.pages.verfahren.question import Question, filter_parts
from dashboard.table import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.measures.deadlines import Deadline, read_deadlines
from geodata.measures.reads import Measure, read_measures
from geodata.measures.supply import SupplyCut, read_supply_cuts

RESTRICTING: Final = (ids.OFFICE, ids.FAMILY, ids.STATUS, ids.COURT)


def read_list(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """The proceedings of the link."""
    question = _question(query)
    rows = [measure_row(one, question.as_of) for one in read_measures(asker, question.chosen, question.wish())]
    return TablePage.of(_sorted(rows, wanted, _LIST_COLUMNS), wanted)


def measure_row(one: Measure, as_of: date) -> dict[str, Any]:
    """A proceeding as a row of the table."""
    following = one.next_deadline
    names = ("kind", "family", "office", "opened_on", "closed_on", "outcome", "court_status", "court_since_on",
             "is_order_enforceable", "is_coercion_enforceable", "final_on", "amount_ordered_eur", "amount_paid_eur",
             "amount_recovered_eur", "amount_open_eur", "file_reference", "key", "property_key")  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.key,
        "property_id": one.property_id,
        "address": one.address or one.property_key,
        "status": "open" if one.is_open else "closed",
        "next_step": following.kind if following else None,
        "next_on": following.due_on if following else None,
        "days_left": (following.due_on - as_of).days if following and following.due_on else None,
    }


def read_open_deadlines(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """The open deadlines of the link, those that expired first on top."""
    question = _question(query)
    found = read_deadlines(asker, question.chosen, families=question.families, offices=question.offices)
    return TablePage.of(_sorted([deadline_row(one) for one in found], wanted, _DEADLINE_COLUMNS), wanted)


def deadline_row(one: Deadline) -> dict[str, Any]:
    """A deadline as a row of the table."""
    names = ("on", "days_left", "state", "measure_key", "measure_kind", "step_kind", "office", "what", "utility",
             "is_confirmed", "property_id", "property_key")  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "id": f"{one.what}-{one.measure_key or one.cut_key or one.property_id}-{one.step_kind}-{one.on}",
        "address": one.address or one.property_key,
    }


def read_cuts(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """The supply cuts of the filter."""
    question = _question(query)
    rows = [cut_row(one) for one in read_supply_cuts(asker, question.chosen)]
    return TablePage.of(_sorted(rows, wanted, _CUT_COLUMNS), wanted)


def cut_row(one: SupplyCut) -> dict[str, Any]:
    """A supply cut as a row of the table."""
    names = ("utility", "reason", "announced_on", "planned_on", "cut_on", "restored_on", "dwellings_affected",
             "property_id", "property_key", "key")  # fmt: skip
    return {
        **{name: getattr(one, name) for name in names},
        "id": one.key,
        "address": one.address or one.property_key,
        "alarm": one.alarm,
    }


def say(asker: Asker, query: Mapping[str, str]) -> Sequence[str]:
    """Office, family, status and court of a link in words, for files."""
    return filter_parts(query)


def _question(query: Mapping[str, str]) -> Question:
    # The register of tables always names an as-of date.
    return Question.from_query(query, date.fromisoformat(query["as_of"]))


def _sorted(rows: list[dict[str, Any]], wanted: Slice, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Rows by one column, codes by their labels, what has no value last; None = the order of the read."""
    column = next((one for one in columns if one.key == wanted.sort), None)
    if column is None:
        return rows

    def key(row: Mapping[str, Any]) -> Any:
        value = row[column.key]
        return code_label(column.code_list or column.key, value) if column.kind == "code" and value else value

    told = sorted((row for row in rows if key(row) is not None), key=key, reverse=wanted.descending)
    return [*told, *(row for row in rows if key(row) is None)]


_OPENS: Final = "/verfahren/{key}"
_LIST_COLUMNS: Final = (
    Column("address", N_("Address"), "link", width=230, is_sortable=True, link=_OPENS),
    Column("kind", N_("Kind of proceeding"), "code", code_list="measure_kind", width=250, is_sortable=True),
    Column("status", N_("Status"), "code", code_list="measure_status", width=150, is_sortable=True),
    Column("office", N_("Office"), "code", code_list="office", width=180, is_sortable=True),
    Column("opened_on", N_("Opened on"), "date", width=116, is_sortable=True),
    Column(
        "next_on",
        N_("Next deadline"),
        "date",
        width=130,
        is_sortable=True,
        definition=N_("The first deadline that is not met yet."),
    ),
    Column(
        "days_left",
        N_("Days left"),
        "days",
        width=116,
        is_sortable=True,
        definition=N_("Deadline minus as-of date; negative = expired for so many days."),
    ),
    Column("next_step", N_("Step of the deadline"), "code", code_list="measure_step", width=210),
    Column("court_status", N_("Court"), "code", code_list="court_status", width=170, is_sortable=True),
    Column(
        "is_order_enforceable",
        N_("Order enforceable"),
        "yes_no",
        width=130,
        definition=N_("Whether the order has to be followed now. An action before a court can suspend that."),
    ),
    Column(
        "is_coercion_enforceable",
        N_("Coercion enforceable"),
        "yes_no",
        width=140,
        definition=N_("Whether means of coercion may be used now. It is a flag of its own."),
    ),
    Column(
        "final_on",
        N_("Final since"),
        "date",
        width=124,
        is_sortable=True,
        definition=N_("Since when the order can no longer be contested."),
    ),
    Column("amount_ordered_eur", N_("Amount ordered"), "money", width=130, is_sortable=True),
    Column("amount_paid_eur", N_("of it paid"), "money", width=130, is_sortable=True),
    Column("amount_recovered_eur", N_("of it recovered by execution"), "money", width=160, is_sortable=True),
    Column(
        "amount_open_eur",
        N_("Amount open"),
        "money",
        width=130,
        is_sortable=True,
        definition=N_("Amount open = ordered, neither paid nor recovered."),
    ),
    Column("closed_on", N_("Closed on"), "date", width=116, is_sortable=True),
    Column("outcome", N_("Outcome"), "code", code_list="measure_outcome", width=170, is_sortable=True),
    Column("file_reference", N_("File reference"), "text", width=150),
    Column("property_key", N_("Object"), "text", width=120),
    Column("key", N_("Key"), "text", width=120),
)
LIST: Final = RemoteTable(
    key="verfahren",
    title=N_("Proceedings"),
    permission="proceeding:read",
    columns=_LIST_COLUMNS,
    read=read_list,
    default_sort=None,
    parameters=RESTRICTING,
    say=say,
    is_versioned=False,
)
_DEADLINE_COLUMNS: Final = (
    Column("on", N_("Deadline"), "date", width=116, is_sortable=True),
    Column(
        "days_left",
        N_("Days left"),
        "days",
        width=116,
        is_sortable=True,
        definition=N_("Deadline minus as-of date; negative = expired for so many days."),
    ),
    Column("address", N_("Address"), "link", width=230, is_sortable=True, link="/objekt/{property_id}"),
    Column("what", N_("What ends"), "code", code_list="deadline_what", width=150),
    Column("step_kind", N_("Step"), "code", code_list="measure_step", width=220),
    Column("utility", N_("Utility"), "code", code_list="utility", width=130),
    Column("measure_kind", N_("Kind of proceeding"), "code", code_list="measure_kind", width=220, is_sortable=True),
    Column("office", N_("Office"), "code", code_list="office", width=180, is_sortable=True),
    Column(
        "is_confirmed",
        N_("Rule confirmed"),
        "yes_no",
        width=130,
        definition=N_("Whether somebody has checked the rule of this deadline in a primary source."),
    ),
    Column("property_key", N_("Object"), "text", width=120),
    Column("measure_key", N_("Proceeding"), "text", width=130),
)
DEADLINE_TABLE: Final = RemoteTable(
    key="fristen",
    title=N_("Open deadlines"),
    permission="proceeding:read",
    columns=_DEADLINE_COLUMNS,
    read=read_open_deadlines,
    parameters=RESTRICTING,
    say=say,
    is_versioned=False,
)
_CUT_COLUMNS: Final = (
    Column("address", N_("Address"), "link", width=230, is_sortable=True, link="/objekt/{property_id}"),
    Column("alarm", N_("Status"), "code", code_list="cut_alarm", width=170),
    Column("utility", N_("Utility"), "code", code_list="utility", width=150, is_sortable=True),
    Column("reason", N_("Reason of the cut"), "code", code_list="cut_reason", width=220),
    Column("announced_on", N_("Announced on"), "date", width=130, is_sortable=True),
    Column("planned_on", N_("Planned for"), "date", width=130, is_sortable=True),
    Column("cut_on", N_("Cut on"), "date", width=130, is_sortable=True),
    Column("restored_on", N_("Restored on"), "date", width=168, is_sortable=True),
    Column("dwellings_affected", N_("Dwellings affected"), "integer", width=180),
    Column("property_key", N_("Object"), "text", width=120),
)
CUT_TABLE: Final = RemoteTable(
    key="sperren",
    title=N_("Supply cuts"),
    permission="proceeding:read",
    columns=_CUT_COLUMNS,
    read=read_cuts,
    say=say,
    is_versioned=False,
)
