"""The rules of deliveries, set-based: what a staged row means beside what is stored, and how it is applied.

`judge` writes temporary tables only, so that a delivery can still be refused; `apply_judged` writes. Identifiers in
the SQL come from the declaration of the source, values are parameters.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, Row, text

from etl.mapping import Mapping
from etl.rows import Rejection, Repair
from etl.source import AreaReference, Named, Past, Source
from etl.staging import stage_columns

_SQL = files("etl") / "sql"
VERDICTS = ("loaded", "unchanged", "outdated", "rejected")
_WRITES_VERSION = (
    "j.verdict IN ('loaded', 'outdated') AND j.cover_hash IS DISTINCT FROM j.content_hash AND NOT j.extends_next"
)
_MERGE = "LEFT JOIN qm.property_link AS m ON m.from_property_id = p.id AND m.kind = 'merge' AND m.superseded_at IS NULL"
_EXTENDS_NEXT = "j.verdict <> 'rejected' AND j.extends_next"


@dataclass(frozen=True)
class Step:
    """One table to be written by a delivery: its own rows, or the properties that they imply."""

    source: Source
    municipality: str
    register: str | None
    as_of: date
    implies_property: bool = False
    is_complete: bool = False
    # Whether the staged rows bring their hash along (`hashing.py`).
    is_hashed: bool = False
    # The next date for which a complete delivery of the same keys has spoken already: from then on it knows better.
    known_from: date | None = None

    @property
    def staged(self) -> str:
        """Temporary table with the rows of the file."""
        return f"staged_{self.source.name}"

    @property
    def judged(self) -> str:
        """Temporary table with the rows and what is to happen with them."""
        return f"judged_{self.source.name}"

    @property
    def ended(self) -> str:
        """Temporary table with the stored rows that a complete delivery lacks."""
        return f"ended_{self.source.name}"

    @property
    def table(self) -> str:
        """Qualified name of the table."""
        return str(self.source.table)

    @property
    def parameters(self) -> dict[str, Any]:
        """Values that the statements ask for."""
        return {
            "municipality": self.municipality,
            "register": self.register,
            "as_of": self.as_of,
            "known_from": self.known_from,
        }


def known_from(connection: Connection, mapping: Mapping, as_of: date) -> date | None:
    """The first date after `as_of` for which a complete delivery by this mapping is in force.

    None where the mapping takes the kind of the keys from a column: then another file may have had other kinds.
    """
    if not (mapping.is_complete and all(name in mapping.constants for name in mapping.source.key[:-1])):
        return None
    query = text(
        "SELECT min(as_of) FROM qm.delivery WHERE municipality = :municipality AND source = :source "
        "AND mapping = :mapping AND as_of > :as_of AND refused IS NULL AND withdrawn_at IS NULL"
    )
    values = {"municipality": mapping.municipality, "source": mapping.source.name, "mapping": mapping.name}
    found: date | None = connection.execute(query, {**values, "as_of": as_of}).scalar_one()
    return found


def judge(connection: Connection, step: Step) -> list[Rejection]:
    """Decide about every staged row; the rejections found here have no row content yet."""
    connection.execute(text(f"ANALYZE {step.staged}"))
    if step.source.past is Past.VERSIONS:
        run(connection, "judge_areas", step, content=_content(step))
    else:
        run(connection, "judge", step, **_judge_parts(step))
        if step.source.is_of_property and _has_links(connection, step, "split"):
            run(connection, "keep_split", step)
    if step.source.names is not None:
        run(connection, "reject_differently_named", step, **_named_parts(step.source.names))
    found = reject_repeated(connection, step)
    if step.is_complete:
        run(connection, "find_ended", step, **_ended_parts(step))
    return found


def _has_links(connection: Connection, step: Step, kind: str) -> bool:
    """Whether anything was merged or split in the city: mostly not, and then nothing has to be joined."""
    query = "SELECT EXISTS (SELECT FROM qm.property_link WHERE municipality = :municipality AND kind = :kind"
    values = {"municipality": step.municipality, "kind": kind}
    found: bool = connection.execute(text(f"{query} AND superseded_at IS NULL)"), values).scalar_one()
    return found


def reject_repeated(connection: Connection, step: Step) -> list[Rejection]:
    """Reject keys that come more than once and what fits no other row; returns all rejections of judged rows."""
    key = step.source.key
    run(
        connection,
        "reject_repeated",
        step,
        key=", ".join(key),
        key_of_j=", ".join(f"j.{name}" for name in key),
        r_is_j=same(key, "r", "j"),
        field=f"'{key[-1]}'",
    )
    if step.source.lookup is not None and step.source.lookup.rejecting is not None:
        run(connection, step.source.lookup.rejecting, step)
    query = f"SELECT line, rejected_field, rejected_reason FROM {step.judged} WHERE verdict = 'rejected' ORDER BY line"  # noqa: S608
    return [Rejection(*row) for row in connection.execute(text(query))]


def counts(connection: Connection, step: Step) -> dict[str, int]:
    """How many rows have which verdict, how many replace another one, and how many keys end."""
    found = dict.fromkeys(VERDICTS, 0)
    query = f"SELECT verdict, count(*) FROM {step.judged} GROUP BY verdict"  # noqa: S608
    found |= {row[0]: row[1] for row in connection.execute(text(query))}
    replaces = f"SELECT count(*) FROM {step.judged} WHERE verdict = 'loaded' AND current_id IS NOT NULL"  # noqa: S608
    found["superseded"] = connection.execute(text(replaces)).scalar_one()
    ends = f"SELECT count(*) FROM {step.ended}"  # noqa: S608
    found["ended"] = connection.execute(text(ends)).scalar_one() if step.is_complete else 0
    return found


def apply_judged(connection: Connection, step: Step, *, delivery_id: int, moment: datetime) -> None:
    """Write what was decided; `moment` is when the new facts are recorded and the old ones superseded."""
    written = {"delivery_id": delivery_id, "moment": moment}
    if step.source.past is Past.VERSIONS:
        run(connection, "apply_areas", step, written, writes_version=_WRITES_VERSION, extends_next=_EXTENDS_NEXT)
    else:
        if step.source.stored_key == ("property_id",):
            run(connection, "apply_properties", step)
        if step.source.names is not None:
            run(connection, "apply_named", step, written, **_named_parts(step.source.names))
        columns = _target_columns(step)
        listed = {"columns": ", ".join(columns), "values": ", ".join(columns.values())}
        run(connection, "apply_rows", step, written, **listed)
    if step.source.stored_key == ("property_id",):
        run(connection, "apply_property_addresses", step)
        if _has_links(connection, step, "merge"):
            run(connection, "addresses_of_merged", step)
    if step.is_complete:
        run(connection, "apply_ended", step, written, **_applied_end(step))


def repaired_lines(connection: Connection, step: Step, repairs: list[Repair]) -> dict[int, tuple[str, str]]:
    """Key and verdict of the rows whose geometry was repaired and that are taken over, by line."""
    if not repairs:
        return {}
    query = f"SELECT line, key, verdict FROM {step.judged} WHERE verdict <> 'rejected' AND line = ANY (:lines)"  # noqa: S608
    rows = connection.execute(text(query), {"lines": [one.line for one in repairs]})
    return {line: (key, verdict) for line, key, verdict in rows}


def places(connection: Connection, step: Step) -> dict[str, int]:
    """How many of the properties taken over are `unplaced`, and how many lie `at_no_address` that is official."""
    [row] = execute(connection, "places", {}, {"judged": step.judged})
    return dict(row._mapping)


def touched_properties(connection: Connection, step: Step, most: int) -> list[int] | None:
    """The properties to which loaded rows belong or belonged; None = more than `most`, which means all."""
    if not (step.source.is_of_property or step.source.stored_key == ("property_id",)):
        return []
    # A row that names another property than the one it replaces concerns both.
    query = (
        f"SELECT property_id FROM {step.judged} WHERE verdict = 'loaded' UNION"  # noqa: S608
        f" SELECT t.property_id FROM {step.table} AS t JOIN {step.judged} AS j ON j.current_id = t.id"
        " WHERE j.verdict = 'loaded' LIMIT :most"
    )
    found = [row[0] for row in connection.execute(text(query), {"most": most + 1}) if row[0] is not None]
    return None if len(found) > most else found


def run(
    connection: Connection, name: str, step: Step, parameters: dict[str, Any] | None = None, /, **parts: str
) -> list[Row[Any]]:
    """Run the statements of `sql/<name>.sql` with the names and values of the step and with these."""
    names = {"staged": step.staged, "judged": step.judged, "ended": step.ended, "table": step.table}
    return execute(connection, name, {**step.parameters, **(parameters or {})}, {**names, **parts})


def execute(connection: Connection, name: str, parameters: dict[str, Any], names: dict[str, str]) -> list[Row[Any]]:
    """Run the statements of `sql/<name>.sql` one by one; returns the rows of the last one, if it has any."""
    rows: list[Row[Any]] = []
    for statement in _statements(name):
        prepared = text(statement.format(**names))
        wanted = prepared.compile().params
        result = connection.execute(prepared, {key: parameters[key] for key in wanted})
        rows = list(result) if result.returns_rows else []
    return rows


@cache
def _statements(name: str) -> list[str]:
    """The statements of a file without comments: the driver would take a `:name` in them for a parameter."""
    lines = (_SQL / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--")).split(";\n")


def same(columns: tuple[str, ...], left: str, right: str) -> str:
    """SQL condition that two rows have the same key."""
    return " AND ".join(f"{left}.{name} = {right}.{name}" for name in columns)


def _content(step: Step) -> str:
    columns = stage_columns(step.source, implies_property=step.implies_property)
    return ", ".join(f"s.{one.name}" for one in columns if one.is_content)


def _hash(step: Step) -> str:
    return f"md5(row(CAST(:register AS text), {_content(step)})::text)::uuid"


def _judge_parts(step: Step) -> dict[str, str]:
    source = step.source
    key = source.stored_key
    is_lasting = source.past is Past.LASTING
    links, joins, unknown = _links(step)
    return {
        "hash": "" if step.is_hashed else f", {_hash(step)} AS content_hash",
        "links": links,
        "joins": joins,
        "key_of_t": ", ".join(f"t.{name}" for name in key),
        "c_is_t": same(key, "c", "t"),
        "t_is_l": same(key, "t", "l"),
        "c_is_l": same(key, "c", "l"),
        "started_on": "CASE WHEN c.valid_to IS NULL THEN least(c.valid_from, :as_of) ELSE :as_of END"
        if is_lasting
        else "CAST(NULL AS date)",
        "unknown": " OR ".join(condition for condition, _, _ in unknown) or "false",
        "unknown_field": _case(unknown, 1),
        "unknown_reason": _case(unknown, 2),
    }


def _links(step: Step) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Columns and joins that turn keys into ids; conditions under which a row names something unknown."""
    source, links, joins = step.source, [], []
    unknown: list[tuple[str, str, str]] = []
    if source.is_of_property or source.stored_key == ("property_id",):
        key = "property_key" if source.is_of_property else "key"
        joins.append(
            "LEFT JOIN qm.property AS p ON p.municipality = :municipality AND p.register = :register"
            f" AND p.key = s.{key}"
        )
        # Facts of a property that was given up for another one belong to that one; its own record stays its own.
        named = "coalesce(m.to_property_id, p.id)" if source.is_of_property else "p.id"
        decided = source.lookup.property_id if source.lookup is not None else None
        links.append(f"{(decided or '{named}').format(named=named)} AS property_id")
        if source.is_of_property:
            joins.append(_MERGE)
    if source.is_of_property and not step.implies_property:
        reason = "'expected a property of register ' || :register || ', but ' || l.property_key || ' is unknown'"
        is_missing = "l.property_id IS NULL"
        if source.is_property_optional:
            is_missing = f"({is_missing} AND l.property_key IS NOT NULL)"
        unknown.append((is_missing, "'property_key'", reason))
    if source.lookup is not None:
        joins.append(source.lookup.joins)
        links += source.lookup.columns
        unknown += [(one.condition, f"'{one.field}'", one.reason) for one in source.lookup.unfit]
    for at, reference in enumerate(source.areas):
        links.append(f"a{at}.id AS {reference.column}")
        joins.append(
            f"LEFT JOIN qm.area AS a{at} ON a{at}.municipality = :municipality"
            f" AND a{at}.kind = s.{reference.kind_field} AND a{at}.key = s.{reference.key_field}"
        )
        unknown.append(_unknown_area(reference))
    if source.is_decided_in_application:
        unknown.append(_decided(source))
    if len(source.areas) > 1:
        one, other = source.areas
        condition = f"l.{one.column} = l.{other.column}"
        unknown.append((condition, f"'{other.key_field}'", "'expected two areas, but an area cannot lie in itself'"))
    return ", ".join(links or ["NULL AS nothing"]), "\n".join(joins), unknown


def _decided(source: Source) -> tuple[str, str, str]:
    """Other content than was delivered last, for a row that an edit has put in its place since."""
    key = source.key[-1]
    condition = "(c.edit_id IS NOT NULL AND t.content_hash IS DISTINCT FROM l.content_hash)"
    reason = f"'expected what was delivered before, because ' || l.{key} || ' was changed in the application since'"
    return condition, f"'{key}'", reason


def _unknown_area(reference: AreaReference) -> tuple[str, str, str]:
    kind, key = f"l.{reference.kind_field}", f"l.{reference.key_field}"
    condition = f"(l.{reference.column} IS NULL AND ({kind} IS NOT NULL OR {key} IS NOT NULL))"
    reason = f"'expected a known area, but there is no ' || concat_ws(' ', {kind}, {key})"
    return condition, f"'{reference.key_field}'", reason


def _case(unknown: list[tuple[str, str, str]], at: int) -> str:
    if not unknown:
        return "NULL"
    return "CASE " + " ".join(f"WHEN {one[0]} THEN {one[at]}" for one in unknown) + " END"


def _ended_parts(step: Step) -> dict[str, str]:
    """Staged rows of rejected lines count, too: their key is in the file."""
    source = step.source
    if source.past is Past.VERSIONS:
        return _named_areas(step, (AreaReference("area_id", "kind", "key"),))
    if source.areas:
        return _named_areas(step, source.areas)
    if source.is_of_property:
        # A complete register speaks of its own properties, not of those of another register.
        within = (
            "t.property_id IN (SELECT p.id FROM qm.property AS p"
            " WHERE p.municipality = :municipality AND p.register = :register)"
        )
        return {"named": step.staged, "within": within, "n_is_t": same(source.stored_key, "n", "t")}
    within = " AND ".join(f"t.{name} IN (SELECT {name} FROM {step.staged})" for name in source.key[:-1])  # noqa: S608
    return {"named": step.staged, "within": within or "true", "n_is_t": same(source.stored_key, "n", "t")}


def _named_areas(step: Step, references: tuple[AreaReference, ...]) -> dict[str, str]:
    first = references[0]
    joins = " ".join(
        f"INNER JOIN qm.area AS a{at} ON a{at}.municipality = :municipality"
        f" AND a{at}.kind = s.{one.kind_field} AND a{at}.key = s.{one.key_field}"
        for at, one in enumerate(references)
    )
    ids = ", ".join(f"a{at}.id AS {one.column}" for at, one in enumerate(references))
    kinds = f"SELECT {first.kind_field} FROM {step.staged}"  # noqa: S608
    areas = f"SELECT id FROM qm.area WHERE municipality = :municipality AND kind IN ({kinds})"  # noqa: S608
    return {
        "named": f"(SELECT {ids} FROM {step.staged} AS s {joins})",  # noqa: S608
        "within": f"t.{first.column} IN ({areas})",
        "n_is_t": same(tuple(one.column for one in references), "n", "t"),
    }


def _named_parts(named: Named) -> dict[str, str]:
    """Parts of the statements about what rows name; the temporary table must not be called as a staged one."""
    fields = named.columns.values()
    return {
        "key": named.field,
        "field": f"'{named.field}'",
        "named": str(named.table),
        "found": f"found_{named.table.name}",
        "columns": ", ".join(named.columns),
        "values": ", ".join(f"j.{name}" for name in fields),
        "selected": ", ".join(f"j.{name} AS {column}" for column, name in named.columns.items()),
    }


def _target_columns(step: Step) -> dict[str, str]:
    """Columns of the table with the expression over the judged row `j` that fills them."""
    source = step.source
    columns = {one.name: f"j.{one.name}" for one in stage_columns(source) if one.is_target}
    columns |= {one.column: f"j.{one.column}" for one in source.areas}
    if source.is_of_property or source.stored_key == ("property_id",):
        columns["property_id"] = "j.property_id"
    if source.past is Past.LASTING:
        columns["valid_from"] = "j.started_on"
    return columns


def _applied_end(step: Step) -> dict[str, str]:
    """Of an area the version itself ends; of the others a row of this delivery says that they are gone."""
    is_version = step.source.past is Past.VERSIONS
    columns = ["area_id"] if is_version else []
    columns += [name for name in _target_columns(step) if name in step.source.table.c and name != "valid_from"]
    return {
        "columns": ", ".join(columns),
        "values": ", ".join(f"e.{name}" for name in columns),
        "delivery_id": "e.delivery_id" if is_version else "CAST(:delivery_id AS bigint)",
        "content_hash": "e.content_hash" if is_version else "NULL",
    }
