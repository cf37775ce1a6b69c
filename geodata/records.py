"""Keeping the derived tables true: current state, due dates and area links after a load, an edit or a new day.

Everything runs in the caller's transaction, as a role that sees all rows (`<db>_loader`): a refresh under a filtered
role would derive a fraction in silence. The queries are the ones that also answer past dates (`qm.property_at`,
`sql/due.sql`), so that a figure of today and a figure of last year cannot follow different rules.
"""

from collections.abc import Sequence
from datetime import date
from importlib.resources import files

from sqlalchemy import Connection, TextClause, text

_SQL = files("geodata") / "sql"


def due_query(*, monitored: str, municipality: str, as_of: str, property_ids: str) -> str:
    """Text of the due query over a relation of properties; the arguments are SQL expressions of ours, never input."""
    template = (_SQL / "due.sql").read_text(encoding="utf-8")
    return template.format(monitored=monitored, municipality=municipality, as_of=as_of, property_ids=property_ids)


def function_statements() -> list[str]:
    """CREATE OR REPLACE statements of all SQL functions of the schema, in an order in which they can be created."""
    names = ("access_rank", "search_normal", "hex_cell", "hex_outline", "property_at")
    statements = [(_SQL / "functions" / f"{name}.sql").read_text(encoding="utf-8") for name in names]
    due_at = due_query(
        monitored="qm.property_at(p_municipality, p_as_of, p_property_ids)",
        municipality="p_municipality",
        as_of="p_as_of",
        property_ids="p_property_ids",
    )
    header = (
        "CREATE OR REPLACE FUNCTION qm.due_at(p_municipality text, p_as_of date, p_property_ids bigint[] DEFAULT NULL)\n"
        "RETURNS SETOF qm.property_due LANGUAGE sql STABLE PARALLEL SAFE AS $$\n"
    )
    return [*statements, f"{header}{due_at}$$;"]


def refresh(
    connection: Connection,
    municipality: str,
    as_of: date,
    *,
    property_ids: Sequence[int] | None = None,
    areas_changed: bool = False,
    rules_changed: bool = False,
) -> None:
    """Derive area links, current state and due dates of a municipality for an as-of date.

    `property_ids` limits the work to these properties (a delivery, an edit; empty = none); None derives all. When
    outlines or rules changed, or the as-of date is another one than last time, what depends on them is derived for all
    properties whatever was asked for. Call it in the transaction that changed the facts.
    """
    everything = property_ids is None or areas_changed or derived_as_of(connection, municipality) != as_of
    chosen = None if everything else sorted(set(property_ids or ()))
    if chosen != []:
        links = None if areas_changed or property_ids is None else sorted(set(property_ids))
        _run(connection, _statement("refresh_links"), municipality, as_of, links)
        for statement in (_DELETE_CURRENT, _INSERT_CURRENT):
            _run(connection, text(statement), municipality, as_of, chosen)
    if chosen != [] or rules_changed:
        for statement in (_DELETE_DUE, _INSERT_DUE):
            _run(connection, text(statement), municipality, as_of, None if rules_changed else chosen)
    _run(connection, text(_MARK_REFRESHED), municipality, as_of, None)


def derived_as_of(connection: Connection, municipality: str) -> date | None:
    """As-of date for which the derived tables of the municipality speak; None before the first refresh."""
    query = text("SELECT as_of FROM qm.refresh WHERE municipality = :municipality")
    as_of: date | None = connection.execute(query, {"municipality": municipality}).scalar_one_or_none()
    return as_of


def default_as_of(connection: Connection, municipality: str, today: date) -> date:
    """As-of date that a page shows unasked: the date of the latest delivery for a demonstration, else today."""
    query = text(
        "SELECT max(d.as_of) FROM qm.municipality AS m"
        " INNER JOIN qm.delivery AS d ON d.municipality = m.key AND d.refused IS NULL AND d.withdrawn_at IS NULL"
        " WHERE m.key = :municipality AND m.is_demonstration"
    )
    latest: date | None = connection.execute(query, {"municipality": municipality}).scalar_one_or_none()
    return latest or today


_IDS = "CAST(:property_ids AS bigint[])"
_CHOSEN = f"municipality = :municipality AND ({_IDS} IS NULL OR property_id = ANY ({_IDS}))"
_DELETE_CURRENT = f"DELETE FROM qm.property_current WHERE {_CHOSEN}"
_INSERT_CURRENT = (
    f"INSERT INTO qm.property_current SELECT * FROM qm.property_at(:municipality, CAST(:as_of AS date), {_IDS})"
)
_DELETE_DUE = f"DELETE FROM qm.property_due WHERE {_CHOSEN}"
_INSERT_DUE = "INSERT INTO qm.property_due (municipality, property_id, control_type, rule_id, interval_days, " + (
    "last_effective_on, due_on) "
    + due_query(
        monitored="qm.property_current", municipality=":municipality", as_of="CAST(:as_of AS date)", property_ids=_IDS
    )
)
_MARK_REFRESHED = (
    "INSERT INTO qm.refresh (municipality, as_of, data_version) VALUES (:municipality, :as_of, 1)"
    " ON CONFLICT (municipality) DO UPDATE SET as_of = excluded.as_of,"
    " data_version = qm.refresh.data_version + 1, refreshed_at = now()"
)


def _statement(name: str) -> TextClause:
    return text((_SQL / f"{name}.sql").read_text(encoding="utf-8"))


def _run(
    connection: Connection, statement: TextClause, municipality: str, as_of: date, property_ids: list[int] | None
) -> None:
    wanted = statement.compile().params
    known = {"municipality": municipality, "as_of": as_of, "property_ids": property_ids}
    connection.execute(statement, {name: known[name] for name in wanted})
