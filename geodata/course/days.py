"""The one read behind every course over time: how many pairs were monitored and overdue on each day.

`geodata/sql/course/` gives by how many they changed on which day, by type of control and, where asked for, by area;
`geodata/course/adherence.py` sums these up. Who is meant follows from the filter on the as-of date, and so does what a
property is (use type, inhabited, areas, merged ones as the one that they became).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import TextClause, select, text

from geodata.access import Asker
from geodata.course.adherence import Change, Days, days_of
from geodata.figure import Period
from geodata.filters import PropertyFilter, pair_conditions
from geodata.records import allow_nested_loops, read_sql
from geodata.sources import Sources, property_sources

_BEFORE_ALL_RULES: Final = date(1900, 1, 1)


@dataclass(frozen=True, eq=False)
class DaysByType:
    """Counts of each day by (area id, type of control); without areas the id is None."""

    first_on: date
    last_on: date
    by_place: Mapping[tuple[int | None, str], Days]

    def of(self, control_type: str | None, area_id: int | None = None) -> Days:
        """Counts of one type, or of all types together."""
        chosen = [
            days for (place, kind), days in self.by_place.items() if place == area_id and control_type in (None, kind)
        ]
        nothing = days_of([], self.first_on, self.last_on)
        return Days(
            self.first_on,
            sum((days.monitored for days in chosen), nothing.monitored),
            sum((days.overdue for days in chosen), nothing.overdue),
        )

    @property
    def control_types(self) -> tuple[str, ...]:
        """Types of control with a monitored pair on some day."""
        return tuple(sorted({kind for (_, kind), days in self.by_place.items() if days.monitored.any()}))


def read_days(
    asker: Asker,
    chosen: PropertyFilter,
    first_on: date,
    last_on: date,
    *,
    control_type: str | None = None,
    area_ids: Sequence[int] | None = None,
) -> DaysByType:
    """Counts of each day from `first_on` to `last_on`, by type and, if given, by these areas.

    `last_on` is at most the as-of date (`known_part`): nothing is known of the days after it.
    """
    asker.require("plan:read")
    sources = property_sources(asker, chosen)
    values = parameters(asker, chosen, sources, first_on, last_on, control_type)
    if area_ids is not None:
        values["area_ids"] = list(area_ids)
    statement = _statement(sources, by_area=area_ids is not None)
    changes: dict[tuple[int | None, str], list[Change]] = {}
    # What is joined here is computed, and the planner takes it for a handful of rows: nested loops took minutes.
    allow_nested_loops(asker.connection, is_allowed=False)
    for place, kind, *change in asker.connection.execute(statement, values):
        changes.setdefault((place or None, kind), []).append(Change(*change))
    return DaysByType(first_on, last_on, {key: days_of(found, first_on, last_on) for key, found in changes.items()})


def known_part(asker: Asker, chosen: PropertyFilter, period: Period) -> Period:
    """The period up to the as-of date; one that lies ahead of it altogether shrinks to that date."""
    last_on = min(period.last_on, property_sources(asker, chosen).as_of)
    return Period(min(period.first_on, last_on), last_on)


def read_rule_years(asker: Asker, chosen: PropertyFilter, control_type: str) -> dict[int, tuple[int, int]]:
    """Shortest and longest interval (days) that rules asked of a pair of the filter, by year up to the as-of date."""
    asker.require("plan:read")
    sources = property_sources(asker, chosen)
    values = parameters(asker, chosen, sources, _BEFORE_ALL_RULES, sources.as_of, control_type)
    found: dict[int, list[int]] = {}
    allow_nested_loops(asker.connection, is_allowed=False)
    for year, interval_days in asker.connection.execute(_statement(sources, is_of_rules=True), values):
        found.setdefault(year, []).append(interval_days)
    return {year: (min(days), max(days)) for year, days in sorted(found.items())}


def parameters(
    asker: Asker, chosen: PropertyFilter, sources: Sources, first_on: date, last_on: date, control_type: str | None
) -> dict[str, Any]:
    """What `watched.sql` asks for: the window, and which properties, types and pairs the filter means."""
    asker.require("plan:read")
    pairs = _pairs(asker, chosen, sources)
    return {
        "municipality": asker.scope.municipality,
        "as_of": sources.as_of,
        "first_on": first_on,
        "last_on": last_on,
        "control_types": _types(chosen, control_type),
        "property_ids": _property_ids(asker, chosen, sources),
        "pair_ids": None if pairs is None else [property_id for property_id, _ in pairs],
        "pair_types": None if pairs is None else [kind for _, kind in pairs],
    }


def _types(chosen: PropertyFilter, control_type: str | None) -> list[str] | None:
    if control_type is None:
        return list(chosen.control_types) or None
    return [control_type] if not chosen.control_types or control_type in chosen.control_types else []


def _property_ids(asker: Asker, chosen: PropertyFilter, sources: Sources) -> list[int] | None:
    """The properties that the filter means; None where these are all, for whom nothing has to be looked up."""
    where = sources.where(replace(chosen, due=None))
    if not where:
        return None
    return list(asker.connection.execute(select(sources.properties.c.property_id).where(*where)).scalars())


def _pairs(asker: Asker, chosen: PropertyFilter, sources: Sources) -> list[tuple[int, str]] | None:
    """The pairs that the filter means by their due date on the as-of date; None where it asks for no due date."""
    if chosen.due is None:
        return None
    due = sources.due.c
    query = select(due.property_id, due.control_type).where(*pair_conditions(chosen, sources.due, sources.as_of))
    return [(row[0], row[1]) for row in asker.connection.execute(query)]


# --- the statement: files of ours over relations of ours --------------------------------------------------------------

_AT_DATE: Final = "qm.property_at(:municipality, CAST(:as_of AS date), CAST(:property_ids AS bigint[]))"
_LYING: Final = (
    "INNER JOIN LATERAL (SELECT area_id FROM unnest(p.area_ids) AS area_id"
    " WHERE area_id = ANY (CAST(:area_ids AS integer[]))) AS lying ON true"
)


def _statement(sources: Sources, *, by_area: bool = False, is_of_rules: bool = False) -> TextClause:
    """Days, told apart by area or not, or the years of the rules."""
    properties = "qm.property_current" if sources.is_current else _AT_DATE
    statuses = "qm.status_event" if sources.is_current else read_sql("course/statuses_at.sql")
    visits = "qm.inspection" if sources.is_current else read_sql("course/visits_at.sql")
    place = "lying.area_id" if by_area else "0"
    lying = _LYING if by_area else ""
    question = read_sql("course/rule_years.sql") if is_of_rules else read_sql("course/days.sql")
    watched = read_sql("course/watched.sql").format(
        properties=properties, statuses=statuses, visits=visits, place=place, lying=lying
    )
    return text(watched + "\n" + question)
