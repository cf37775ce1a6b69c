"""Which rows go when a property, a note, a photograph, an owner or a fact is erased: every version, in one transaction.

The statements run as loader, who sees all rows. Each takes ids that were looked up before (bound parameters) and counts
what it deletes. `tests/integration/test_erasure.py` holds the list against the catalogue: a new table with a property
in it fails there until it is named here.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Table, text

from geodata.tables import metadata

# Tables with `property_id`; references decide the order.
OF_PROPERTY: Final = (
    "owners.ownership",
    "qm.watch",
    "qm.round_plan_stop",
    "qm.round_plan_skip",
    "qm.interval_release",
    "qm.assessment_report",
    "qm.assessment_current",
    "qm.photograph",
    "qm.note",
    "qm.closure_event",
    "qm.closure",
    "qm.dwelling_change",
    "qm.measure_step",
    "qm.measure",
    "qm.supply_cut",
    "qm.demolition_stage",
    "qm.funding_grant",
    "qm.inspection",
    "qm.assessment_event",
    "qm.status_event",
)
# Derived tables lose their rows when the properties are derived anew.
DERIVED: Final = ("qm.property_area", "qm.property_current", "qm.property_due")
# Facts that can be erased one by one; a fact is all versions of its business key.
FACTS: Final = (
    "qm.status_event",
    "qm.assessment_event",
    "qm.assessment_report",
    "qm.inspection",
    "qm.inspection_round",
    "qm.demolition_stage",
    "qm.measure",
    "qm.measure_step",
    "qm.supply_cut",
    "qm.closure",
    "qm.closure_event",
    "qm.dwelling_change",
    "owners.ownership",
)
_OF_PROPERTY_DELETED: Final = {
    name: f"DELETE FROM {name} WHERE property_id = ANY (:ids)"  # noqa: S608 - names of the list above
    for name in OF_PROPERTY
}
# No page would show the steps of a proceeding that is not there, and they would stay for good; so with a closed house.
_GOES_WITH: Final[Mapping[str, tuple[str, str]]] = {
    "qm.measure": ("qm.measure_step", "measure_key"),
    "qm.closure": ("qm.closure_event", "closure_key"),
}
# A computed assessment keeps what it followed from. The fact may be in each that was computed since it was known.
_EXPLAINED: Final = frozenset(
    {"qm.status_event", "qm.inspection", "qm.measure", "qm.supply_cut", "qm.closure", "qm.closure_event"}
)
_EXPLANATIONS: Final = (
    "DELETE FROM qm.assessment_event WHERE municipality = :municipality AND property_id = ANY (:ids)"
    " AND contributions IS NOT NULL AND recorded_at >= :since"
)
# No edit tells of an erasure: without a last run all is computed anew.
_ASSESSED: Final = "DELETE FROM qm.assessment_run WHERE municipality = :municipality"
# An invoice of a grant of an area stays without the project of the house.
_INVOICES: Final = (
    "UPDATE qm.funding_cost AS t SET project_key = NULL WHERE t.municipality = :municipality"
    " AND t.project_key IN (SELECT s.project_key FROM qm.demolition_stage AS s WHERE s.property_id = ANY (:ids))"
    " AND NOT EXISTS (SELECT FROM qm.demolition_stage AS o WHERE o.municipality = t.municipality"
    " AND o.project_key = t.project_key AND o.property_id <> ALL (:ids))"
)
# Calls and costs name their grant and go with it, unless it is in force for another place now.
_OF_GRANTS: Final = {
    name: f"DELETE FROM {name} AS t USING qm.funding_grant AS g WHERE g.property_id = ANY (:ids)"  # noqa: S608 - as above
    " AND t.municipality = g.municipality AND t.grant_key = g.key AND NOT EXISTS (SELECT FROM qm.funding_grant AS o"
    " WHERE o.municipality = g.municipality AND o.key = g.key AND o.superseded_at IS NULL"
    " AND (o.property_id IS NULL OR o.property_id <> ALL (:ids)))"
    for name in ("qm.funding_call", "qm.funding_cost")
}
_LINKS: Final = "DELETE FROM qm.property_link WHERE from_property_id = ANY (:ids) OR to_property_id = ANY (:ids)"
_ADDRESSES: Final = (
    "DELETE FROM qm.property_address AS a USING qm.property_version AS v"
    " WHERE v.id = a.property_version_id AND v.property_id = ANY (:ids)"
)
_VERSIONS: Final = "DELETE FROM qm.property_version WHERE property_id = ANY (:ids)"
_PROPERTIES: Final = "DELETE FROM qm.property WHERE id = ANY (:ids)"
# A round that came to this property alone tells of it, its counts of persons too; one of several objects stays.
_ROUNDS: Final = (
    "DELETE FROM qm.inspection_round AS r WHERE r.municipality = :municipality AND coalesce(r.objects, 1) <= 1"
    " AND r.key IN (SELECT i.round_key FROM qm.inspection AS i WHERE i.property_id = ANY (:ids))"
    " AND NOT EXISTS (SELECT FROM qm.inspection AS i WHERE i.municipality = :municipality AND i.round_key = r.key"
    " AND i.property_id <> ALL (:ids)) RETURNING r.edit_id"
)
_OWNERS_LEFT: Final = (
    "DELETE FROM owners.owner AS o WHERE o.municipality = :municipality AND o.key = ANY (:owner_keys)"
    " AND NOT EXISTS (SELECT FROM owners.ownership AS w WHERE w.municipality = o.municipality AND w.owner_key = o.key)"
)
# A name stands alone: `A-1` is not meant by `A-17`. The text is escaped, and it is a value.
_NAMED: Final = (
    r"EXISTS (SELECT FROM unnest(CAST(:names AS text[])) AS n (name) WHERE {text} ~"
    r" ('(?<![[:alnum:]-])' || regexp_replace(n.name, '([^[:alnum:][:space:]])', '\\\1', 'g') || '(?![[:alnum:]-])'))"
)
_REJECTED: Final = (
    "DELETE FROM qm.rejected_row AS t WHERE t.municipality = :municipality AND "  # noqa: S608 - text of ours
    + _NAMED.format(text="(t.reason || ' ' || CAST(t.\"row\" AS text))")
)
_EDITS_NAMING: Final = (
    "SELECT t.id FROM qm.edit AS t WHERE t.municipality = :municipality AND (t.property_id = ANY (:ids) OR "  # noqa: S608 - as above
    + _NAMED.format(text="(coalesce(t.reason, '') || ' ' || CAST(t.outcome AS text))").replace(":names", ":telling")
    + ")"
)
# Words about the whole city may name a house all the same; what else they say stays. The hash of delivered rows stays,
# too, so that the next delivery does not bring the name again.
_IN_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "qm.interval_rule": ("reason", "legal_basis", "resolution", "decided_by"),
    "qm.scenario": ("name", "note"),
    "qm.resolution": ("number", "title", "body", "link_text"),
    "qm.funding_grant": ("title", "goal", "goal_note", "file_reference"),
}
_NAMES_IN: Final = (
    r"(SELECT '(?<![[:alnum:]-])(' || string_agg(regexp_replace(n.name, '([^[:alnum:][:space:]])', '\\\1', 'g'), '|'"
    r" ORDER BY length(n.name) DESC) || ')(?![[:alnum:]-])' FROM unnest(CAST(:telling AS text[])) AS n (name))"
)
_UNNAMED: Final = {
    name: f"UPDATE {name} AS t SET "  # noqa: S608 - names of the list above
    + ", ".join(f"{one} = regexp_replace(t.{one}, {_NAMES_IN}, '…', 'g')" for one in columns)
    + f" WHERE t.municipality = :municipality AND concat_ws(' ', {', '.join('t.' + one for one in columns)})"
    + f" ~ {_NAMES_IN}"
    for name, columns in _IN_WORDS.items()
}
# A round that began at the house begins in the middle of its objects from now on.
_STARTS: Final = (
    "UPDATE qm.round_plan AS t SET start_name = NULL, geom = NULL WHERE t.municipality = :municipality"  # noqa: S608 - as above
    f" AND t.start_name ~ {_NAMES_IN}"
)
_TELLING: Final = re.compile(r"(?=.*[^\d\s]).{3,}")


def _refers_to_edit(table: Table) -> bool:
    return any(key.column.table.name == "edit" for column in table.columns for key in column.foreign_keys)


EDITED: Final = tuple(str(table) for table in metadata.sorted_tables if _refers_to_edit(table))
_PROPERTY_COLUMNS: Final = ("property_id", "from_property_id", "to_property_id")
_UNUSED: Final = " AND ".join(f"NOT EXISTS (SELECT FROM {name} AS f WHERE f.edit_id = e.id)" for name in EDITED)
_EDITS_DELETED: Final = f"DELETE FROM qm.edit AS e WHERE e.id = ANY (:edit_ids) AND {_UNUSED}"  # noqa: S608 - as above
_EDITS_EMPTIED: Final = (
    "UPDATE qm.edit SET property_id = NULL, reason = NULL, outcome = '{}' WHERE id = ANY (:edit_ids)"
)


def delete_properties(connection: Connection, municipality: str, ids: Sequence[int]) -> dict[str, int]:
    """Delete all versions of all that belongs to these properties, and their names in the words of other rows.

    Returns how many rows of which table.

    Derived tables are left to the refresh, which needs them to take the properties out of the cube.
    """
    names = names_of(connection, ids)
    values: dict[str, Any] = {"ids": list(ids), "municipality": municipality, "names": names}
    # A key that is a plain number stands in many a sentence: a rejected row may go for it, the reason of an edit not.
    values["telling"] = [name for name in names if _TELLING.fullmatch(name)]
    edit_ids = set(connection.execute(text(_EDITS_NAMING), values).scalars()) | _edits_of(connection, ids)
    owner_keys = connection.execute(
        text("SELECT DISTINCT owner_key FROM owners.ownership WHERE property_id = ANY (:ids)"), values
    ).scalars()
    values["owner_keys"] = list(owner_keys)
    counts: dict[str, int] = {}
    rounds = connection.execute(text(_ROUNDS), values).all()
    edit_ids |= {row[0] for row in rounds if row[0] is not None}
    counts["qm.inspection_round"] = len(rounds)
    for name, statement in _OF_GRANTS.items():
        counts[name] = connection.execute(text(statement), values).rowcount
    counts["qm.funding_cost"] += connection.execute(text(_INVOICES), values).rowcount
    gone = _OF_PROPERTY_DELETED
    for name, statement in {**gone, "owners.owner": _OWNERS_LEFT, "qm.property_link": _LINKS}.items():
        counts[name] = connection.execute(text(statement), values).rowcount
    for name, statement in {"qm.property_address": _ADDRESSES, "qm.property_version": _VERSIONS}.items():
        counts[name] = connection.execute(text(statement), values).rowcount
    counts["qm.rejected_row"] = connection.execute(text(_REJECTED), values).rowcount
    for name, statement in {**_UNNAMED, "qm.round_plan": _STARTS}.items():
        # Beside the rows of the property itself, which went with it.
        counts[name] = counts.get(name, 0) + connection.execute(text(statement), values).rowcount
    counts["qm.edit"] = delete_edits(connection, edit_ids)
    counts["qm.property"] = connection.execute(text(_PROPERTIES), values).rowcount
    return counts


def delete_versions(
    connection: Connection, table: str, municipality: str, key: object
) -> tuple[dict[str, int], list[int]]:
    """Delete a fact or a note with all its versions; returns the counts and the properties that were concerned."""
    has_property = table != "qm.inspection_round"
    has_edit = not table.startswith("owners.")
    columns = f"{'property_id' if has_property else 'NULL'}, {'edit_id' if has_edit else 'NULL'}, recorded_at"
    statement = f"DELETE FROM {table} WHERE municipality = :municipality AND key = :key RETURNING {columns}"  # noqa: S608 - FACTS
    values = {"municipality": municipality, "key": key}
    rows = list(connection.execute(text(statement), values))
    counts = {table: len(rows)}
    if table in _GOES_WITH:
        name, column = _GOES_WITH[table]
        named = f"DELETE FROM {name} WHERE municipality = :municipality AND {column} = :key RETURNING {columns}"  # noqa: S608 - as above
        others = connection.execute(text(named), values).all()
        counts[name] = len(others)
        rows += others
    ids = sorted({row[0] for row in rows if row[0] is not None})
    if table in _EXPLAINED and rows:
        since = min(row[2] for row in rows)
        told = connection.execute(text(_EXPLANATIONS), {**values, "ids": ids, "since": since})
        counts["qm.assessment_event"] = told.rowcount
        connection.execute(text(_OF_PROPERTY_DELETED["qm.assessment_current"]), {"ids": ids})
        connection.execute(text(_ASSESSED), values)
    counts["qm.edit"] = delete_edits(connection, {row[1] for row in rows if row[1] is not None})
    return counts, ids


def delete_photograph(connection: Connection, photograph_id: int) -> tuple[dict[str, int], list[int]]:
    """Delete one photograph with its preview; as `delete_versions`."""
    statement = text("DELETE FROM qm.photograph WHERE id = :id RETURNING edit_id")
    edit_ids = set(connection.execute(statement, {"id": photograph_id}).scalars())
    return {"qm.photograph": len(edit_ids), "qm.edit": delete_edits(connection, edit_ids)}, []


def delete_owner(connection: Connection, municipality: str, key: str) -> tuple[dict[str, int], list[int]]:
    """Delete an owner with all versions and all it owned or owns; as `delete_versions`."""
    values = {"municipality": municipality, "key": key}
    ownership = "DELETE FROM owners.ownership WHERE municipality = :municipality AND owner_key = :key"
    owner = "DELETE FROM owners.owner WHERE municipality = :municipality AND key = :key"
    counts = {
        "owners.ownership": connection.execute(text(ownership), values).rowcount,
        "owners.owner": connection.execute(text(owner), values).rowcount,
    }
    return counts, []


def delete_edits(connection: Connection, edit_ids: Iterable[int]) -> int:
    """Delete edits that no fact names any more, and empty the others of what they said; returns how many of both.

    What stays of an edit that concerned others too is who did it, when, and of which kind.
    """
    values: dict[str, Any] = {"edit_ids": sorted(edit_ids)}
    if not values["edit_ids"]:
        return 0
    deleted = delete_unused_edits(connection, values["edit_ids"])
    return deleted + connection.execute(text(_EDITS_EMPTIED), values).rowcount


def delete_unused_edits(connection: Connection, edit_ids: Iterable[int]) -> int:
    """Delete those of these edits that no fact names any more; returns how many."""
    return connection.execute(text(_EDITS_DELETED), {"edit_ids": sorted(edit_ids)}).rowcount


def names_of(connection: Connection, ids: Sequence[int]) -> list[str]:
    """By what free text and rejected rows would name these properties: key, file reference, street with number."""
    query = text(
        "SELECT key FROM qm.property WHERE id = ANY (:ids)"
        " UNION SELECT file_reference FROM qm.property_version WHERE property_id = ANY (:ids)"
        " UNION SELECT a.street || ' ' || a.house_number"
        " || coalesce(CASE WHEN a.house_number_suffix ~ '^[0-9]' THEN ' ' ELSE '' END || a.house_number_suffix, '')"
        " FROM qm.property_address AS a INNER JOIN qm.property_version AS v ON v.id = a.property_version_id"
        " WHERE v.property_id = ANY (:ids)"
    )
    return [name for name in connection.execute(query, {"ids": list(ids)}).scalars() if name and name.strip()]


def merged_with(connection: Connection, property_id: int) -> list[int]:
    """The property and the records that were merged into it, which are the same object under other keys."""
    query = text(
        "WITH RECURSIVE merged AS (SELECT CAST(:id AS bigint) AS id UNION"
        " SELECT l.from_property_id FROM qm.property_link AS l INNER JOIN merged AS m ON l.to_property_id = m.id"
        " WHERE l.kind = 'merge' AND l.superseded_at IS NULL) SELECT id FROM merged ORDER BY id"
    )
    return list(connection.execute(query, {"id": property_id}).scalars())


def _edits_of(connection: Connection, ids: Sequence[int]) -> set[int]:
    """The edits that brought facts of these properties."""
    found: set[int] = set()
    for name in EDITED:
        # Of a round, a rule or a scenario no edit belongs to one property.
        of_property = [one for one in _PROPERTY_COLUMNS if one in metadata.tables[name].c]
        if not of_property:
            continue
        where = " OR ".join(f"{one} = ANY (:ids)" for one in of_property)
        query = text(f"SELECT DISTINCT edit_id FROM {name} WHERE ({where}) AND edit_id IS NOT NULL")  # noqa: S608 - as above
        found |= set(connection.execute(query, {"ids": list(ids)}).scalars())
    return found
