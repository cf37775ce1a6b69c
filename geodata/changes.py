"""What changed in some days: new properties, states, assessments, visits, stages done, proceedings, corrections.

Two clocks: a fact is news on its own date (valid time); a correction is news on the date of the delivery that brought
it, or on the day on which it was entered. A correction replaces an earlier version of the same business key in the
moment in which it is recorded (see `records.py`), and only what really differs is told. Free text is never among it,
so the same list serves building control and managers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Date, RowMapping, Select, Table, and_, cast, func, literal, null, select

from geodata.access import Asker
from geodata.figure import Period
from geodata.filters import PropertyFilter
from geodata.masking import may_read
from geodata.properties import Sources, property_sources
from geodata.tables import (
    assessment_colour,
    assessment_event,
    delivery,
    demolition_stage,
    inspection,
    measure,
    measure_step,
    property_version,
    status_event,
    supply_cut,
)
from geodata.work import Listed

Kind = Literal["property", "status", "assessment", "inspection", "stage", "measure", "supply_cut", "correction"]
KINDS: Final[tuple[Kind, ...]] = (
    "supply_cut", "property", "status", "assessment", "inspection", "stage", "measure", "correction",
)  # fmt: skip

# What a correction may be about, and which columns of it are told; free text is not among them.
TOLD: Final[Mapping[Table, tuple[str, ...]]] = {
    property_version: (
        "registered_on", "use_type", "building_class", "dwellings", "is_inhabited", "is_heritage", "ownership_form",
        "lead_office", "geom",
    ),
    status_event: ("state", "valid_on"),
    assessment_event: ("pressure", "room_to_act", "valid_on"),
    inspection: ("control_type", "inspected_on", "access_reached", "result", "defects"),
    demolition_stage: (
        "is_required", "planned_start_on", "planned_end_on", "actual_start_on", "actual_end_on", "blocker", "outcome",
    ),
    measure_step: ("happened_on", "served_on", "due_on", "met_on"),
    supply_cut: ("announced_on", "planned_on", "cut_on", "restored_on"),
}  # fmt: skip

# What a kind of news needs beside the permission to see objects; who lacks it is told of the other kinds.
_PERMISSIONS: Final[Mapping[Kind, str]] = {
    "assessment": "proceeding:read", "stage": "demolition:read", "measure": "proceeding:read",
    "supply_cut": "proceeding:read",
}  # fmt: skip
_CORRECTED: Final[Mapping[Table, str]] = {
    assessment_event: "proceeding:read", demolition_stage: "demolition:read", measure_step: "proceeding:read",
    supply_cut: "proceeding:read",
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """A column of a fact before and after its correction; a place only says that it moved (None, None)."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """One piece of news about a property. `about` is the table of a correction, `code` what the news is:

    the state, the colour, the type of control, the stage, the step of a proceeding of kind `of`, what became of a cut
    of the supply `of` (announced, cut, restored); `access` and `result` belong to a visit.
    """

    on: date
    kind: Kind
    property_id: int
    key: str
    address: str
    code: str | None = None
    access: str | None = None
    result: str | None = None
    of: str | None = None
    about: str | None = None
    differences: tuple[Difference, ...] = ()


def read_changes(
    asker: Asker, chosen: PropertyFilter, period: Period, *, kinds: Iterable[Kind] = KINDS, most: int
) -> Listed[Change]:
    """News of the days of the period, the latest first; of one day in the order of `KINDS`, then by address."""
    asker.require("inspection:read")
    sources = property_sources(asker, chosen)
    wanted = {kind for kind in kinds if asker.scope.allows(_PERMISSIONS.get(kind, "property:read"))}
    lists = [
        _read_facts(asker, query, kind, on, period, most) for kind, query, on in _facts(sources, chosen)
        if kind in wanted
    ]  # fmt: skip
    if "correction" in wanted:
        lists += [
            _read_corrections(asker, sources, chosen, fact, period)
            for fact in TOLD
            if asker.scope.allows(_CORRECTED.get(fact, "property:read"))
        ]
    found = sorted((change for one in lists for change in one.rows), key=_order)
    return Listed(sum(one.total for one in lists), tuple(found[:most]))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The told columns in which two versions of a fact differ."""
    changed = [name for name in before if before[name] != after[name]]
    # A place is told as moved: coordinates say nothing to a reader.
    return tuple(
        Difference(name, None, None) if name == "geom" else Difference(name, before[name], after[name])
        for name in changed
    )


def _order(change: Change) -> tuple[int, int, str, int]:
    return -change.on.toordinal(), KINDS.index(change.kind), change.address, change.property_id


# --- facts on their own date ------------------------------------------------------------------------------------------


def _facts(sources: Sources, chosen: PropertyFilter) -> Sequence[tuple[Kind, Select[Any], ColumnElement[date]]]:
    """For each kind its query (columns of Change after `kind`) and the column of its date."""
    columns = sources.properties.c
    status, visit, stage = status_event.c, inspection.c, demolition_stage.c
    colour = assessment_event.join(
        assessment_colour,
        and_(
            assessment_colour.c.pressure == assessment_event.c.pressure,
            assessment_colour.c.room_to_act == assessment_event.c.room_to_act,
        ),
        isouter=True,
    )
    of = _of_properties(sources, chosen)
    return (
        ("property", of(None, columns.registered_on, columns.use_type), columns.registered_on),
        ("status", of(status_event, status.valid_on, status.state), status.valid_on),
        (
            "assessment",
            of(assessment_event, assessment_event.c.valid_on, assessment_colour.c.colour, joined=colour),
            assessment_event.c.valid_on,
        ),
        (
            "inspection",
            of(inspection, visit.inspected_on, visit.control_type, visit.access_reached, visit.result),
            visit.inspected_on,
        ),
        (
            "stage",
            of(demolition_stage, stage.actual_end_on, stage.stage).where(stage.aspect == "actual"),
            stage.actual_end_on,
        ),
        ("measure", _of_proceedings(of), measure_step.c.happened_on),
        *(
            ("supply_cut", of(supply_cut, day, literal(code), null(), null(), supply_cut.c.utility), day)
            for code, day in (
                ("announced", supply_cut.c.announced_on),
                ("cut", supply_cut.c.cut_on),
                ("restored", supply_cut.c.restored_on),
            )
        ),
    )


def _of_proceedings(of: Any) -> Select[Any]:
    own, step = measure.c, measure_step.c
    is_its = and_(own.municipality == step.municipality, own.key == step.measure_key, own.superseded_at.is_(None))
    joined = measure_step.join(measure, is_its)
    found: Select[Any] = of(measure_step, step.happened_on, step.kind, null(), null(), own.kind, joined=joined)
    return found


def _of_properties(sources: Sources, chosen: PropertyFilter) -> Any:
    """A maker of queries over the current facts of the filter's properties: date, property, then the given columns."""
    columns = sources.properties.c

    def query(fact: Table | None, on: Any, *values: Any, joined: Any = None) -> Select[Any]:
        made = select(on.label("on"), columns.property_id, columns.key, columns.address_text, *values)
        if fact is None:
            return made.select_from(sources.properties).where(*sources.where(chosen))
        beside = sources.properties.join(fact if joined is None else joined, fact.c.property_id == columns.property_id)
        return made.select_from(beside).where(*sources.where(chosen), fact.c.superseded_at.is_(None))

    return query


def _read_facts(
    asker: Asker, query: Select[Any], kind: Kind, on: ColumnElement[date], period: Period, most: int
) -> Listed[Change]:
    of_period = query.where(on.between(period.first_on, period.last_on)).add_columns(func.count().over())
    rows = asker.connection.execute(of_period.order_by(on.desc()).limit(most)).all()
    found = tuple(Change(row[0], kind, *row[1:-1]) for row in rows)
    return Listed(rows[0][-1] if rows else 0, found)


# --- corrections ------------------------------------------------------------------------------------------------------


def _read_corrections(
    asker: Asker, sources: Sources, chosen: PropertyFilter, fact: Table, period: Period
) -> Listed[Change]:
    """Versions of a fact that replaced an earlier one; all of the period, because only a comparison tells which count.

    A delivery says again what it said before, with another running number or text: that is no news.
    """
    told = tuple(name for name in TOLD[fact] if may_read(asker, name))
    rows = asker.connection.execute(_corrections_query(sources, chosen, fact, told, period)).mappings().all()
    found = [change for row in rows if (change := _correction(row, fact, told)) is not None]
    return Listed(len(found), tuple(found))


def _corrections_query(
    sources: Sources, chosen: PropertyFilter, fact: Table, told: Sequence[str], period: Period
) -> Select[Any]:
    # Few rows are superseded: these are gathered first, because from the other end all facts would be joined twice.
    # Columns by name: on others of the table a role may have no right.
    needed = [fact.c[name] for name in ("property_id", "key", "superseded_at") if name in fact.c]
    gone = select(*needed, *(fact.c[name] for name in told)).where(fact.c.superseded_at.is_not(None))
    replaced = gone.cte("before").prefix_with("MATERIALIZED")
    before, columns = replaced, sources.properties.c
    known_on = func.coalesce(delivery.c.as_of, cast(func.timezone("Europe/Berlin", fact.c.recorded_at), Date))
    is_same = before.c.property_id == fact.c.property_id
    if "key" in fact.c:
        is_same = and_(is_same, before.c.key == fact.c.key)
    both = [column.label(f"{side}_{name}") for name in told for side, column in _sides(before, fact, name)]
    return (
        select(known_on.label("on"), columns.property_id, columns.key, columns.address_text, _code(fact), *both)
        .select_from(sources.properties.join(fact, fact.c.property_id == columns.property_id))
        .join(before, and_(is_same, before.c.superseded_at == fact.c.recorded_at))
        .outerjoin(delivery, delivery.c.id == fact.c.delivery_id)
        .where(*sources.where(chosen), known_on.between(period.first_on, period.last_on))
    )


def _sides(before: Any, after: Any, name: str) -> Iterable[tuple[str, ColumnElement[Any]]]:
    # Two places are compared by their text; a geometry would arrive as an object that is never equal to another.
    for side, table in (("before", before), ("after", after)):
        yield side, func.ST_AsEWKT(table.c[name]) if name == "geom" else table.c[name]


def _code(fact: Table) -> ColumnElement[Any]:
    of_fact = {
        status_event: "state", inspection: "control_type", demolition_stage: "stage", measure_step: "kind",
        supply_cut: "utility",
    }  # fmt: skip
    result: ColumnElement[Any] = (fact.c[of_fact[fact]] if fact in of_fact else func.nullif("", "")).label("code")
    return result


def _correction(row: RowMapping, fact: Table, told: Sequence[str]) -> Change | None:
    before, after = ({name: row[f"{side}_{name}"] for name in told} for side in ("before", "after"))
    changed = differences(before, after)
    if not changed:
        return None
    return Change(
        row["on"], "correction", row["property_id"], row["key"], row["address_text"], row["code"],
        about=fact.name, differences=changed,
    )  # fmt: skip
