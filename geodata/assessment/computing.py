"""Keeping computed assessments: after a load, an edit or a new day, as loader and under the lock of the municipality.

What is computed stands in `qm.assessment_current` for every open property. Where the rule (`rule.step`) says that it is
the assessment now, it is appended to `qm.assessment_event` with its frozen explanation (`contributions`), and state,
map, filters and cube follow from there like from any other. Nothing is appended as long as the levels stay.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, text

from geodata import records
from geodata.assessment import rule, stale
from geodata.assessment.rule import Assessed, Computed, Fact, Step, Values
from geodata.assessment.stale import Mark
from geodata.assessment.values import values_of
from geodata.control_reads import FAILED_VISITS_TO_CLARIFY

SOURCE: Final = "computed"
PORTION: Final = 10_000
MOST_SINGLY: Final = 2_000


@dataclass(frozen=True)
class Known:
    """The two assessments of a property that a computation is held against."""

    judged: Assessed | None = None
    computed: Assessed | None = None


@dataclass(frozen=True)
class Row:
    """One property with what follows from its facts, and what that changes."""

    property_id: int
    facts: tuple[Fact, ...]
    computed: Computed | None
    known: Known
    step: Step


def keep(connection: Connection, municipality: str) -> int:
    """Compute what edits, deliveries or a new day have made out of date; returns how many levels changed.

    All in the caller's transaction; `running.py` does the same in short ones.
    """
    if stale.is_quiet(connection, municipality):
        return 0
    records.lock_municipality(connection, municipality)
    # Asked under the lock: who held it may have changed more, or done the work.
    property_ids = stale.wanted(connection, municipality)
    return 0 if property_ids == [] else assess(connection, municipality, property_ids=property_ids)


def assess(connection: Connection, municipality: str, *, property_ids: Sequence[int] | None = None) -> int:
    """Compute these properties, or all; returns how many levels changed. Call it under the lock of the municipality."""
    mark = stale.mark_of(connection, municipality)
    if mark is None:
        return 0
    rows = read_rows(connection, municipality, mark.as_of, property_ids)
    changed = write(connection, municipality, mark.as_of, rows)
    finish(connection, municipality, mark, rows, property_ids, changed=changed)
    return changed


def read_rows(connection: Connection, municipality: str, as_of: date, property_ids: Sequence[int] | None) -> list[Row]:
    """What follows from the facts of these properties, or of all; the dear part, which writes nothing."""
    # Of a few the planner may go by indexes; of all it would join 100,000 properties by nested loops.
    is_few = property_ids is not None and len(property_ids) <= MOST_SINGLY
    records.allow_nested_loops(connection, is_allowed=is_few)
    rows = list(_rows(connection, municipality, as_of, property_ids))
    records.allow_nested_loops(connection, is_allowed=True)
    return rows


def write(connection: Connection, municipality: str, as_of: date, rows: Sequence[Row]) -> int:
    """Keep what was computed, under the lock of the municipality; returns how many levels changed."""
    _write_current(connection, municipality, as_of, rows)
    changed = _write_events(connection, municipality, as_of, [row for row in rows if row.step != "keep"])
    if changed:
        records.refresh(connection, municipality, as_of, property_ids=changed, points_changed=False)
    return len(changed)


def finish(
    connection: Connection,
    municipality: str,
    mark: Mark,
    rows: Sequence[Row],
    property_ids: Sequence[int] | None,
    *,
    changed: int,
) -> None:
    """Forget what was looked at and is no case any more, and note up to what is counted; under the lock."""
    kept = [row.property_id for row in rows]
    connection.execute(text(_FORGET), {"municipality": municipality, "property_ids": property_ids, "kept": kept})
    values = {"municipality": municipality, "version": stale.VERSION, "properties": len(rows), "appended": changed}
    connection.execute(text(_NOTE), {**values, **asdict(mark)})


def explain(computed: Computed, values: Values, as_of: date) -> dict[str, Any]:
    """A computation as it is frozen beside its levels, so that a past colour can explain itself."""
    sides = {"pressure": computed.pressure, "room_to_act": computed.room_to_act}
    return {
        "as_of": as_of.isoformat(),
        "sides": {
            axis: {"points": sides[axis].points, "level": sides[axis].level, "from": list(values.levels_from(axis))}
            for axis in rule.AXES
        },
        "parts": [
            {
                "code": part.code,
                "axis": part.axis,
                "points": part.points,
                "since": part.since_on.isoformat() if part.since_on else None,
                "effect": part.effect,
                "what": list(part.what),
            }
            for part in computed.parts
        ],
    }


# --- reading ----------------------------------------------------------------------------------------------------------


def facts_statement() -> str:
    """The query of the facts, with the groups of defects in it."""
    quoted = {code: ", ".join(f"'{one}'" for one in defects) for code, defects in rule.DEFECT_GROUPS.items()}
    groups = ", ".join(f"('{code}', ARRAY[{defects}])" for code, defects in quoted.items())
    return records.read_sql("assessment_facts.sql").replace("{groups}", groups)


def _rows(connection: Connection, municipality: str, as_of: date, property_ids: Sequence[int] | None) -> Iterator[Row]:
    values = values_of(connection, municipality).values
    chosen = {"municipality": municipality, "as_of": as_of, "property_ids": property_ids}
    known = _known(connection, chosen)
    facts = _facts(connection, chosen)
    for property_id in connection.execute(text(_OPEN), {**chosen, "states": list(rule.NOT_ASSESSED_STATES)}).scalars():
        told, before = facts.get(property_id, ()), known.get(property_id, Known())
        computed = rule.compute(told, values, as_of)
        step = rule.step(before.judged, before.computed, computed, values, as_of)
        yield Row(property_id, told, computed, before, step)


def _facts(connection: Connection, chosen: Mapping[str, Any]) -> dict[int, tuple[Fact, ...]]:
    rows = connection.execute(text(facts_statement()), {**chosen, "failed_visits": FAILED_VISITS_TO_CLARIFY})
    return {
        property_id: tuple(Fact(row.code, row.since_on, tuple(row.what)) for row in several)
        for property_id, several in groupby(rows, key=lambda row: row.property_id)
    }


def _known(connection: Connection, chosen: Mapping[str, Any]) -> dict[int, Known]:
    found: dict[int, dict[str, Assessed]] = {}
    for row in connection.execute(text(_ASSESSED), chosen):
        name = "computed" if row.is_computed else "judged"
        found.setdefault(row.property_id, {})[name] = Assessed(row.valid_on, row.pressure, row.room_to_act)
    return {property_id: Known(**several) for property_id, several in found.items()}


# --- writing ----------------------------------------------------------------------------------------------------------


def _write_current(connection: Connection, municipality: str, as_of: date, rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), PORTION):
        portion = [_current(row) for row in rows[start : start + PORTION]]
        values = {"municipality": municipality, "as_of": as_of, "rows": json.dumps(portion)}
        connection.execute(text(_CURRENT), values)


def _current(row: Row) -> dict[str, Any]:
    pressure, room_to_act = row.computed.levels if row.computed else (None, None)
    judged = row.known.judged
    return {
        "property_id": row.property_id,
        "pressure": pressure,
        "room_to_act": room_to_act,
        "facts": [[one.code, _iso(one.since_on), list(one.what)] for one in row.facts],
        "judged_on": judged.valid_on.isoformat() if judged else None,
        "judged_pressure": judged.pressure if judged else None,
        "judged_room_to_act": judged.room_to_act if judged else None,
    }


# The same few thousand days again and again.
@cache
def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _write_events(connection: Connection, municipality: str, as_of: date, rows: Iterable[Row]) -> list[int]:
    """Append and withdraw; returns the properties whose assessment in force is another one."""
    values = values_of(connection, municipality).values
    changed: list[int] = []
    withdrawn: list[dict[str, Any]] = []
    appended: list[dict[str, Any]] = []
    for row in rows:
        changed.append(row.property_id)
        # What was computed on a day that a judgement covers, or earlier on this very day, gives way.
        since = row.known.judged.valid_on if row.step == "withdraw" and row.known.judged else as_of
        withdrawn.append({"property_id": row.property_id, "since": since.isoformat()})
        if row.step == "append" and row.computed is not None:
            told = json.dumps(explain(row.computed, values, as_of))
            levels = dict(zip(("pressure", "room_to_act"), row.computed.levels, strict=True))
            appended.append({"property_id": row.property_id, "contributions": json.loads(told), **levels})
    moment = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    common = {"municipality": municipality, "moment": moment}
    for start in range(0, len(withdrawn), PORTION):
        rows_told = json.dumps(withdrawn[start : start + PORTION])
        connection.execute(text(_WITHDRAW), {**common, "rows": rows_told})
    for start in range(0, len(appended), PORTION):
        rows_told = json.dumps(appended[start : start + PORTION])
        connection.execute(text(_APPEND), {**common, "as_of": as_of, "source": SOURCE, "rows": rows_told})
    return changed


_NOTE: Final = (
    "INSERT INTO qm.assessment_run"
    " (municipality, as_of, delivery_mark, last_edit_id, version, properties, appended, run_at)"
    " VALUES (:municipality, :as_of, :delivery_mark, :last_edit_id, :version, :properties, :appended, :moment)"
    " ON CONFLICT (municipality) DO UPDATE SET as_of = excluded.as_of, delivery_mark = excluded.delivery_mark,"
    " last_edit_id = excluded.last_edit_id, version = excluded.version, properties = excluded.properties,"
    " appended = excluded.appended, run_at = excluded.run_at"
)
_OPEN: Final = (
    "SELECT property_id FROM qm.property_current WHERE municipality = :municipality"
    " AND closed_on IS NULL AND demolished_on IS NULL AND (state IS NULL OR state <> ALL (:states))"
    " AND (CAST(:property_ids AS bigint[]) IS NULL OR property_id = ANY (CAST(:property_ids AS bigint[])))"
    " ORDER BY property_id"
)
_ASSESSED: Final = (
    "SELECT DISTINCT ON (property_id, contributions IS NOT NULL) property_id, contributions IS NOT NULL AS is_computed,"
    " valid_on, pressure, room_to_act FROM qm.assessment_event"
    " WHERE municipality = :municipality AND superseded_at IS NULL AND valid_on <= :as_of"
    " AND (CAST(:property_ids AS bigint[]) IS NULL OR property_id = ANY (CAST(:property_ids AS bigint[])))"
    " ORDER BY property_id, contributions IS NOT NULL, valid_on DESC, running_number DESC, recorded_at DESC, id DESC"
)
# What is no open property any more goes: it was closed, merged, erased, or is a mere hint again.
_FORGET: Final = (
    "DELETE FROM qm.assessment_current AS a WHERE a.municipality = :municipality"
    " AND (CAST(:property_ids AS bigint[]) IS NULL OR a.property_id = ANY (CAST(:property_ids AS bigint[])))"
    " AND NOT EXISTS (SELECT FROM unnest(CAST(:kept AS bigint[])) AS k (id) WHERE k.id = a.property_id)"
)
_CURRENT: Final = (
    "INSERT INTO qm.assessment_current (municipality, as_of, property_id, pressure, room_to_act, facts, judged_on,"
    " judged_pressure, judged_room_to_act)"
    " SELECT :municipality, :as_of, r.property_id, r.pressure, r.room_to_act, r.facts, r.judged_on, r.judged_pressure,"
    " r.judged_room_to_act FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (property_id bigint, pressure smallint,"
    " room_to_act smallint, facts jsonb, judged_on date, judged_pressure smallint, judged_room_to_act smallint)"
    " ON CONFLICT (property_id) DO UPDATE SET as_of = excluded.as_of, pressure = excluded.pressure,"
    " room_to_act = excluded.room_to_act, facts = excluded.facts, judged_on = excluded.judged_on,"
    " judged_pressure = excluded.judged_pressure, judged_room_to_act = excluded.judged_room_to_act"
)
_WITHDRAW: Final = (
    "UPDATE qm.assessment_event AS e SET superseded_at = :moment"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (property_id bigint, since date)"
    " WHERE e.municipality = :municipality AND e.property_id = r.property_id AND e.superseded_at IS NULL"
    " AND e.contributions IS NOT NULL AND e.valid_on >= r.since"
)
_APPEND: Final = (
    "INSERT INTO qm.assessment_event (municipality, property_id, key, pressure, room_to_act, valid_on, running_number,"
    " source, contributions, recorded_at)"
    " SELECT :municipality, r.property_id, 'computed:' || r.property_id || ':' || CAST(:as_of AS text), r.pressure,"
    " r.room_to_act, :as_of, coalesce((SELECT max(e.running_number) FROM qm.assessment_event AS e"
    " WHERE e.property_id = r.property_id AND e.valid_on = :as_of AND e.superseded_at IS NULL), 0) + 1, :source,"
    " r.contributions, :moment FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (property_id bigint,"
    " pressure smallint, room_to_act smallint, contributions jsonb)"
)
