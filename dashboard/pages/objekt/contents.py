"""Everything that the page of one property shows, read in one transaction."""

from dataclasses import dataclass
from datetime import date

from dashboard.pages.objekt.figures import visits_of
from dashboard.pages.objekt.proceedings import Proceedings, read_proceedings
from dashboard.pages.objekt.record import Record, read_record
from geodata.access import Asker
from geodata.assessment.reads import Explanation, read_explanation
from geodata.assessment.reports import Report, read_reports_of
from geodata.calendar import today
from geodata.demolition_events import DemolitionEvent, read_demolition_events
from geodata.demolitions import Project, read_projects_of
from geodata.funding.grants import Grant
from geodata.funding.reads import read_grants_of
from geodata.housing.reads import Closure, read_closures_of
from geodata.inspections import DueDate, InspectionOfProperty, read_due_dates, read_inspections
from geodata.keeping.retention import Deletion, deletion_of
from geodata.measures.events import MeasureEvent, read_measure_events
from geodata.photographs import Photograph, read_photographs
from geodata.planning.reads import PlannedControl, read_planned_controls
from geodata.property_detail import (
    AssessmentEvent,
    Neighbour,
    PropertyDetail,
    StatusEvent,
    find_property,
    read_assessments,
    read_neighbours,
    read_property,
    read_status_events,
)
from geodata.rules.reads import AppliedRule, Release, read_releases, read_rules_of


@dataclass(frozen=True)
class Contents:
    """One property on an as-of date."""

    detail: PropertyDetail
    events: tuple[StatusEvent, ...]
    assessments: tuple[AssessmentEvent, ...]
    inspections: tuple[InspectionOfProperty, ...]
    due_dates: tuple[DueDate, ...]
    neighbours: tuple[Neighbour, ...]
    demolition_events: tuple[DemolitionEvent, ...]
    projects: tuple[Project, ...]
    photographs: tuple[Photograph, ...] = ()
    record: Record | None = None
    deletion: Deletion | None = None
    rules: tuple[AppliedRule, ...] = ()
    releases: tuple[Release, ...] = ()
    planned: tuple[PlannedControl, ...] = ()
    proceedings: Proceedings | None = None
    measure_events: tuple[MeasureEvent, ...] = ()
    explanation: Explanation | None = None
    reports: tuple[Report, ...] = ()
    grants: tuple[Grant, ...] = ()
    closures: tuple[Closure, ...] = ()


def read_contents(asker: Asker, reference: str, as_of: date) -> Contents | None:
    """Contents for a reference as in the address; None when there is no such property in scope on that date."""
    property_id = find_property(asker, reference)
    detail = read_property(asker, property_id, as_of) if property_id is not None else None
    if detail is None:
        return None
    may = asker.scope.allows
    record = read_record(asker, detail.id)
    inspections = read_inspections(asker, detail.id, as_of)
    visits = visits_of(inspections)
    return Contents(
        detail=detail,
        events=read_status_events(asker, detail.id, as_of),
        assessments=read_assessments(asker, detail.id, as_of) if may("proceeding:read") else (),
        inspections=inspections,
        due_dates=read_due_dates(asker, detail.id, as_of, visits=visits, is_inhabited=detail.is_inhabited)
        if may("plan:read")
        else (),
        neighbours=read_neighbours(asker, detail.id, as_of),
        demolition_events=read_demolition_events(asker, detail.id, as_of) if may("demolition:read") else (),
        photographs=read_photographs(asker, detail.id) if asker.scope.allows("photograph:read") else (),
        projects=read_projects_of(asker, detail.id, as_of) if may("demolition:read") else (),
        record=record,
        deletion=deletion_of(asker, detail.id) if may("plan:read") else None,
        rules=read_rules_of(asker, detail.id, as_of) if may("plan:read") else (),
        releases=tuple(one for one in read_releases(asker, as_of) if one.property_id == detail.id)
        if may("plan:read")
        else (),
        explanation=read_explanation(asker, detail.id) if may("proceeding:read") else None,
        reports=read_reports_of(asker, detail.id) if may("proceeding:read") else (),
        grants=read_grants_of(asker, detail.id, as_of) if may("funding:read") else (),
        closures=read_closures_of(asker, detail.id, as_of) if may("housing:read") else (),
        proceedings=read_proceedings(asker, detail.id, as_of),
        measure_events=read_measure_events(asker, detail.id, as_of) if may("proceeding:read") else (),
        # What is planned lies ahead, whichever date the page is asked for.
        planned=read_planned_controls(asker, detail.id, today()) if may("plan:read") else (),
    )
