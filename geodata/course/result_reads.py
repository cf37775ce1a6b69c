"""What inspections found over time: results, defects and failed access by period, never without their number.

A visit counts in the period in which it took place, for the filter's properties whatever has become of them since.
Rounds and visits are two figures: a round visits several properties, and many a visit belongs to none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, distinct, func, literal, select

from geodata.access import Asker
from geodata.control_figures import failed_access_of, round_conditions, visits_with_rules
from geodata.control_reads import visit_conditions, visits_with_properties
from geodata.course.adherence import Step, steps
from geodata.figure import Period
from geodata.filters import PropertyFilter
from geodata.properties import Sources, property_sources
from geodata.tables import inspection, inspection_round


@dataclass(frozen=True)
class ResultPoint:
    """One period: rounds, visits, what these found; `defects` counts the visits that found each kind of defect.

    `without_finding` + `with_finding` + `not_completed` = `inspections`; `failed_access` is measured on its own, by the
    access that the rule in force on the as-of date requires.
    """

    first_on: date
    last_on: date
    rounds: int
    inspections: int
    without_finding: int
    with_finding: int
    not_completed: int
    failed_access: int
    defects: Mapping[str, int] = field(default_factory=dict)

    @property
    def share_without_finding(self) -> float | None:
        """Of all visits, those that could not be carried out among them; None where there was none."""
        return self.without_finding / self.inspections if self.inspections else None

    @property
    def share_failed_access(self) -> float | None:
        """Of all visits; None where there was none."""
        return self.failed_access / self.inspections if self.inspections else None


def read_results(
    asker: Asker,
    chosen: PropertyFilter,
    *,
    first_on: date,
    last_on: date,
    step: Step = "month",
    control_type: str | None = None,
) -> tuple[ResultPoint, ...]:
    """Results by calendar months, quarters or years up to the as-of date; those without a visit are among them."""
    asker.require("plan:read")
    sources = property_sources(asker, chosen)
    period = Period(first_on, min(last_on, sources.as_of))
    visits = _rows(asker, _visits(asker, sources, chosen, period, step, control_type))
    rounds = _rows(asker, _rounds(asker, sources, chosen, period, step, control_type))
    defects: dict[date, dict[str, int]] = {}
    for row in asker.connection.execute(_defects(asker, sources, chosen, period, step, control_type)):
        defects.setdefault(row.begins_on, {})[row.defect] = row.inspections
    return tuple(
        ResultPoint(
            first_on=begins_on,
            last_on=ends_on,
            rounds=rounds[key]["rounds"] if key in rounds else 0,
            **{name: visits[key][name] if key in visits else 0 for name in _COUNTS},
            defects=defects.get(key, {}),
        )
        for begins_on, ends_on in steps(period.first_on, period.last_on, step)
        for key in [_step_of(begins_on, step)]
    )


_COUNTS = ("inspections", "without_finding", "with_finding", "not_completed", "failed_access")


def _step_of(day: date, step: Step) -> date:
    """First day of the calendar step in which a day lies."""
    months = {"month": 1, "quarter": 3, "year": 12}[step]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _begins_on(column: ColumnElement[Any], step: Step) -> ColumnElement[Any]:
    return func.date_trunc(literal(step), column).cast(inspection.c.inspected_on.type).label("begins_on")


def _rows(asker: Asker, query: Select[Any]) -> dict[date, RowMapping]:
    return {row["begins_on"]: row for row in asker.connection.execute(query).mappings()}


def _of_visits(
    asker: Asker, sources: Sources, chosen: PropertyFilter, period: Period, control_type: str | None
) -> list[ColumnElement[bool]]:
    of_type = [] if control_type is None else [inspection.c.control_type == control_type]
    return [*visit_conditions(asker, sources, chosen, period), *of_type]


def _visits(
    asker: Asker, sources: Sources, chosen: PropertyFilter, period: Period, step: Step, control_type: str | None
) -> Select[Any]:
    visit, begins_on = inspection.c, _begins_on(inspection.c.inspected_on, step)
    return (
        select(
            begins_on,
            func.count().label("inspections"),
            func.count().filter(visit.result == "no_finding").label("without_finding"),
            func.count().filter(visit.result == "finding").label("with_finding"),
            func.count().filter(visit.result == "not_completed").label("not_completed"),
            func.count().filter(failed_access_of(sources)).label("failed_access"),
        )
        .select_from(visits_with_rules(sources))
        .where(*_of_visits(asker, sources, chosen, period, control_type))
        .group_by(begins_on)
    )


def _defects(
    asker: Asker, sources: Sources, chosen: PropertyFilter, period: Period, step: Step, control_type: str | None
) -> Select[Any]:
    begins_on = _begins_on(inspection.c.inspected_on, step)
    found = func.unnest(inspection.c.defects).table_valued("defect").render_derived(name="found").lateral()
    return (
        select(begins_on, found.c.defect, func.count(distinct(inspection.c.id)).label("inspections"))
        .select_from(visits_with_properties(sources).join(found, literal(value=True)))
        .where(*_of_visits(asker, sources, chosen, period, control_type))
        .group_by(begins_on, found.c.defect)
    )


def _rounds(
    asker: Asker, sources: Sources, chosen: PropertyFilter, period: Period, step: Step, control_type: str | None
) -> Select[Any]:
    begins_on = _begins_on(inspection_round.c.held_on, step)
    of_type = [] if control_type is None else [inspection_round.c.kind == control_type]
    where = and_(*round_conditions(asker, sources, chosen, period), *of_type)
    return select(begins_on, func.count().label("rounds")).where(where).group_by(begins_on)
