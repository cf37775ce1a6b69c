"""The acquisitions as a table and as files."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from dashboard.i18n import N_, code_label
from dashboard.pages.erwerb.question import RESTRICTING, Question, filter_parts
from dashboard.pages.erwerb.reads import read_acquisitions, read_project_keys
from dashboard.table import Column, RemoteTable, Slice, TablePage
from geodata.access import Asker
from geodata.measures.acquisitions import Acquisition


def read(asker: Asker, query: Mapping[str, str], wanted: Slice) -> TablePage:
    """The acquisitions of the link, in the wished order."""
    # The register of tables always names an as-of date.
    question = Question.from_query(query, date.fromisoformat(query["as_of"]))
    found = read_acquisitions(asker, question)
    projects = read_project_keys(asker, question, found)
    return TablePage.of(_sorted([row_of(one, projects) for one in found], wanted), wanted)


def row_of(one: Acquisition, projects: Mapping[int, str]) -> dict[str, Any]:
    """An acquisition as a row of the table."""
    own = one.measure
    return {
        "id": own.key,
        "key": own.key,
        "property_id": own.property_id,
        "property_key": own.property_key,
        "address": own.address or own.property_key,
        "way": own.kind,
        "standing": one.state,
        "opened_on": own.opened_on,
        "notice_on": one.notice_on,
        "ends_on": one.ends_on,
        "days_left": one.days_left,
        "is_confirmed": one.clock.is_confirmed if one.clock else None,
        "decision": one.decision,
        "decided_on": one.decided_on,
        "follow_up_on": one.follow_up_on,
        "price_eur": one.price_eur,
        "acquired_on": one.acquired_on,
        "outcome": own.outcome,
        "project_key": projects.get(own.property_id),
    }


def say(asker: Asker, query: Mapping[str, str]) -> Sequence[str]:
    """Way and standing of a link in words, for files."""
    return filter_parts(query)


def _sorted(rows: list[dict[str, Any]], wanted: Slice) -> list[dict[str, Any]]:
    """Rows by one column, codes by their labels, what has no value last; None = the order of the read."""
    column = next((one for one in _COLUMNS if one.key == wanted.sort), None)
    if column is None:
        return rows

    def key(row: Mapping[str, Any]) -> Any:
        value = row[column.key]
        return code_label(column.code_list or column.key, value) if column.kind == "code" and value else value

    told = sorted((row for row in rows if key(row) is not None), key=key, reverse=wanted.descending)
    return [*told, *(row for row in rows if key(row) is None)]


_COLUMNS: Final = (
    Column("address", N_("Address"), "link", width=230, is_sortable=True, link="/verfahren/{key}"),
    Column("way", N_("Way"), "code", code_list="measure_kind", width=170, is_sortable=True),
    Column("standing", N_("Standing"), "code", code_list="acquisition_state", width=130, is_sortable=True),
    Column("opened_on", N_("Opened on"), "date", width=116, is_sortable=True),
    Column("notice_on", N_("Contract told on"), "date", width=140, is_sortable=True,
           definition=N_("The day on which the city learnt of the contract of sale; the clock counts from it.")),
    Column("ends_on", N_("Clock ends on"), "date", width=130, is_sortable=True,
           definition=N_("Last day on which the city may use its right of pre-emption; empty where it has decided.")),
    Column("days_left", N_("Days left"), "days", width=116, is_sortable=True,
           definition=N_("Deadline minus as-of date; negative = expired for so many days.")),
    Column("is_confirmed", N_("Rule confirmed"), "yes_no", width=130,
           definition=N_("Whether somebody has checked the rule of this deadline in a primary source.")),
    Column("decision", N_("Decision"), "code", code_list="measure_step", width=180, is_sortable=True),
    Column("decided_on", N_("Decided on"), "date", width=124, is_sortable=True),
    Column("follow_up_on", N_("Next look on"), "date", width=130, is_sortable=True,
           definition=N_("The day on which somebody looks whether the buyer keeps the promise.")),
    Column("price_eur", N_("Price"), "money", width=124, is_sortable=True,
           definition=N_("As contract, exercise or award state it; an offer is no price.")),
    Column("acquired_on", N_("Acquired on"), "date", width=124, is_sortable=True),
    Column("outcome", N_("Outcome"), "code", code_list="measure_outcome", width=150),
    Column("project_key", N_("Demolition project"), "text", width=150),
    Column("property_key", N_("Object"), "text", width=120),
    Column("key", N_("Key"), "text", width=120),
)  # fmt: skip
TABLE: Final = RemoteTable(
    key="erwerb",
    title=N_("Acquisitions"),
    permission="proceeding:read",
    columns=_COLUMNS,
    read=read,
    parameters=RESTRICTING,
    say=say,
    is_versioned=False,
)
