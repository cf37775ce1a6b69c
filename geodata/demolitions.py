"""Demolition projects: what they are, how far, what holds them up; for map, list, Gantt and figures of one filter.

Rules that hold here:

- A project is a property with a project key that a plan names. Demolitions that nobody planned are facts of their
  property (`property_current.demolished_on`), and no projects.
- It exists from the date on which it was decided, else from its first dated actual fact or the day on which the system
  learnt of it, whichever came first.
- As-of: valid time with today's knowledge. What really happened later does not count yet; plans always do.
- The filter is that of the properties; which rows exist for the asker is decided by the row policies.
- Progress, slip and status follow `geodata.progress` and nothing else.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final, Literal

from sqlalchemy import ARRAY, BigInteger, Row, Select, and_, any_, cast, func, select

from geodata import progress
from geodata.access import Asker
from geodata.codes import DEMOLITION_STAGES
from geodata.crs import DISPLAY_SRID
from geodata.filters import PropertyFilter
from geodata.progress import Phase, Stage, Status
from geodata.properties import COORDINATE_DECIMALS, property_sources
from geodata.tables import demolition_stage, demolition_stage_kind

__all__ = [
    "SORTS",
    "Phase",
    "Project",
    "ProjectWish",
    "Stage",
    "StageKind",
    "Status",
    "read_projects",
    "read_projects_of",
    "read_stage_kinds",
    "select_projects",
]

Sort = Literal[
    "address", "key", "programme", "stage", "status", "progress", "slip_days", "decided_on", "planned_demolition_on",
    "demolished_on", "blocker",
]  # fmt: skip


@dataclass(frozen=True)
class StageKind:
    """A kind of stage: its usual order and its weight in the progress."""

    code: str
    sort: int
    weight: float


@dataclass(frozen=True)
class Project:
    """A demolition project as it stood on the as-of date.

    `stages` stand in their usual order, actual facts of later days left out. `slip_days`: days behind the plan,
    negative = ahead, None = no plan by date, or it ended. `ended_on` goes with `outcome` (given up, renovated instead).
    """

    property_id: int
    key: str
    address: str
    programme: str | None
    decided_on: date | None
    released_to: str | None
    outcome: str | None
    ended_on: date | None
    stages: tuple[Stage, ...]
    current_stage: str | None
    progress: float
    demolished_on: date | None
    planned_demolition_on: date | None
    slip_days: int | None
    blocker: str | None
    blocked_since_on: date | None
    area_ids: tuple[int, ...]
    status: Status
    phase: Phase
    place: tuple[float, float] | None = None  # longitude, latitude; None = without a point

    @property
    def is_blocked(self) -> bool:
        """Whether something holds the project up."""
        return self.blocker is not None


@dataclass(frozen=True)
class ProjectWish:
    """Which projects, in which order, which part of them; every field empty = all.

    `stages` are current stages, `is_blocked` None = blocked or not, `size` None = no end.
    """

    stages: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    is_blocked: bool | None = None
    status: Status | None = None
    sort: Sort = "address"
    descending: bool = False
    start: int = 0
    size: int | None = None


def read_projects(asker: Asker, chosen: PropertyFilter, wish: ProjectWish = ProjectWish()) -> tuple[Project, ...]:
    """The projects of the filter's properties at its as-of date, in two queries however many there are."""
    return select_projects(_read(asker, chosen, _stages_query(asker)), wish)


def read_projects_of(asker: Asker, property_id: int, as_of: date) -> tuple[Project, ...]:
    """The projects of one property at a date, by their keys."""
    query = _stages_query(asker).where(demolition_stage.c.property_id == property_id)
    return tuple(_read(asker, PropertyFilter(as_of=as_of), query))


def _read(asker: Asker, chosen: PropertyFilter, stages: Select[Any]) -> list[Project]:
    asker.require("demolition:read")
    as_of = property_sources(asker, chosen).as_of
    rows = asker.connection.execute(stages).all()
    gathered = [(key, list(of_project)) for key, of_project in groupby(rows, key=lambda row: (row[0], row[1]))]
    existing = [one for one in gathered if _exists(one[1], as_of)]
    found = _read_properties(asker, chosen, sorted({property_id for (property_id, _), _ in existing}))
    return [
        _project(key, found[property_id], of_project, as_of)
        for (property_id, key), of_project in existing
        if property_id in found
    ]


def select_projects(projects: Iterable[Project], wish: ProjectWish) -> tuple[Project, ...]:
    """The projects that are wished for, in the wished order; what has no value stands last in both directions."""
    found = [
        one
        for one in projects
        if (not wish.stages or one.current_stage in wish.stages)
        and (not wish.programmes or one.programme in wish.programmes)
        and (wish.is_blocked is None or one.is_blocked is wish.is_blocked)
        and (wish.status is None or one.status == wish.status)
    ]
    found.sort(key=lambda one: (one.address, one.property_id, one.key))
    value = SORTS[wish.sort]
    with_value = [one for one in found if value(one) is not None]
    with_value.sort(key=lambda one: value(one), reverse=wish.descending)
    ordered = with_value + [one for one in found if value(one) is None]
    start = max(0, wish.start)
    return tuple(ordered[start : None if wish.size is None else start + max(0, wish.size)])


def read_stage_kinds(asker: Asker) -> tuple[StageKind, ...]:
    """The kinds of stages with their weights, in the usual order."""
    asker.require("demolition:read")
    kinds = demolition_stage_kind.c
    query = select(kinds.code, kinds.sort, kinds.weight).order_by(kinds.sort)
    return tuple(StageKind(code, sort, float(weight)) for code, sort, weight in asker.connection.execute(query))


def _stage_order(project: Project) -> int | None:
    return None if project.current_stage is None else DEMOLITION_STAGES.index(project.current_stage)


SORTS: Final[Mapping[str, Callable[[Project], Any]]] = {
    "address": lambda one: one.address,
    "key": lambda one: one.key,
    "programme": lambda one: one.programme,
    "stage": _stage_order,
    "status": lambda one: ("running", "done", "ended").index(one.status),
    "progress": lambda one: one.progress,
    "slip_days": lambda one: one.slip_days,
    "decided_on": lambda one: one.decided_on,
    "planned_demolition_on": lambda one: one.planned_demolition_on,
    "demolished_on": lambda one: one.demolished_on,
    "blocker": lambda one: one.blocker,
}


# --- how it is asked --------------------------------------------------------------------------------------------------

_BEGINNINGS: Final = ("planned_start_on", "actual_start_on", "blocked_since_on")
_ENDS: Final = (
    "planned_end_on", "actual_end_on", "cost_planned_eur", "cost_actual_eur", "blocker", "blocked_until_on",
)  # fmt: skip


def _stages_query(asker: Asker) -> Select[Any]:
    """One row per stage of each planned project: plan and actual facts together, in the usual order of the stages.

    A project that a plan names in one stage and the other office in another is one project with both stages.
    """
    fact, kind = demolition_stage.c, demolition_stage_kind.c
    is_current = and_(fact.municipality == asker.scope.municipality, fact.superseded_at.is_(None))
    is_plan = fact.aspect == "plan"
    planned = select(fact.property_id, fact.project_key).where(is_current, is_plan).distinct().subquery("planned")
    of_project = and_(planned.c.property_id == fact.property_id, planned.c.project_key == fact.project_key)
    return (
        select(
            fact.property_id,
            fact.project_key,
            fact.stage,
            func.min(kind.weight).label("weight"),
            func.coalesce(func.bool_and(fact.is_required).filter(is_plan), True).label("is_required"),
            *(func.min(fact[name]).label(name) for name in _BEGINNINGS),
            *(func.max(fact[name]).label(name) for name in _ENDS),
            func.min(fact.programme).label("programme"),
            func.min(fact.decided_on).label("decided_on"),
            func.min(fact.released_to).label("released_to"),
            func.min(fact.outcome).label("outcome"),
            func.min(fact.ended_on).label("ended_on"),
            func.min(func.date(func.timezone("Europe/Berlin", fact.recorded_at))).label("learnt_on"),
        )
        .select_from(demolition_stage.join(planned, of_project).join(demolition_stage_kind, kind.code == fact.stage))
        .where(is_current)
        .group_by(fact.property_id, fact.project_key, fact.stage, kind.sort)
        .order_by(fact.property_id, fact.project_key, kind.sort)
    )


@dataclass(frozen=True)
class _Property:
    """What a project takes over from its property."""

    address: str
    area_ids: tuple[int, ...]
    place: tuple[float, float] | None


def _read_properties(asker: Asker, chosen: PropertyFilter, property_ids: Sequence[int]) -> dict[int, _Property]:
    """Address, areas and place of those of the properties that fit the filter."""
    if not property_ids:
        return {}
    sources = property_sources(asker, chosen, property_ids=property_ids)
    columns = sources.properties.c
    address = func.coalesce(func.nullif(columns.address_text, ""), columns.key)
    is_asked = columns.property_id == any_(cast(list(property_ids), ARRAY(BigInteger)))
    point = func.ST_Transform(columns.geom, DISPLAY_SRID)
    asked = select(columns.property_id, address, columns.area_ids, func.ST_X(point), func.ST_Y(point))
    rows = asker.connection.execute(asked.where(is_asked, *sources.where(chosen)))
    return {row[0]: _Property(row[1], tuple(row[2]), _place(row[3], row[4])) for row in rows}


def _exists(rows: Sequence[Row[Any]], as_of: date) -> bool:
    """Whether a project existed on the as-of date."""
    decided_on = _first(row.decided_on for row in rows)
    facts = (
        day
        for row in rows
        for day in (row.actual_start_on, row.actual_end_on, row.blocked_since_on, row.ended_on, row.learnt_on)
    )
    since_on = decided_on or _first(facts)
    return since_on is not None and since_on <= as_of


def _place(lon: float | None, lat: float | None) -> tuple[float, float] | None:
    return None if lon is None or lat is None else (round(lon, COORDINATE_DECIMALS), round(lat, COORDINATE_DECIMALS))


def _project(key: str, of: _Property, rows: Sequence[Row[Any]], as_of: date) -> Project:
    stages = tuple(progress.known_at(_stage(row), as_of) for row in rows)
    ended = next((row for row in rows if row.ended_on is not None and row.ended_on <= as_of), None)
    is_ended = ended is not None
    blocked = None if is_ended else progress.blocked_stage(stages, as_of)
    return Project(
        property_id=rows[0].property_id,
        key=key,
        address=of.address,
        programme=next((row.programme for row in rows if row.programme is not None), None),
        decided_on=_first(row.decided_on for row in rows),
        # Where offices contradict each other the smaller audience counts; "council" sorts before "public".
        released_to=min((row.released_to for row in rows if row.released_to is not None), default=None),
        outcome=ended.outcome if ended else None,
        ended_on=ended.ended_on if ended else None,
        stages=stages,
        current_stage=None if is_ended else progress.current_stage(stages, as_of),
        progress=progress.progress(stages, as_of),
        demolished_on=progress.demolished_on(stages, as_of),
        planned_demolition_on=next((one.planned_end_on for one in stages if one.code == progress.DEMOLITION), None),
        slip_days=None if is_ended else progress.slip_days(stages, as_of),
        blocker=blocked.blocker if blocked else None,
        blocked_since_on=blocked.blocked_since_on if blocked else None,
        area_ids=of.area_ids,
        status=progress.status(stages, as_of, is_ended=is_ended),
        phase=progress.phase(stages, as_of, is_ended=is_ended),
        place=of.place,
    )


def _stage(row: Row[Any]) -> Stage:
    return Stage(
        code=row.stage,
        weight=float(row.weight),
        is_required=row.is_required,
        planned_start_on=row.planned_start_on,
        planned_end_on=row.planned_end_on,
        actual_start_on=row.actual_start_on,
        actual_end_on=row.actual_end_on,
        cost_planned_eur=_number(row.cost_planned_eur),
        cost_actual_eur=_number(row.cost_actual_eur),
        blocker=row.blocker,
        blocked_since_on=row.blocked_since_on,
        blocked_until_on=row.blocked_until_on,
    )


def _first(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
