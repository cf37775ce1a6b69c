"""The yearly survey of housing law: cases of a year by form of ownership and by cause, as counts.

- A case is an object that was inspected under housing law in the year, in which a proceeding under housing law ran in
  it, or which was closed; which these are is data (`survey_form`). However often somebody went there, it is one case.
- By form of ownership each case stands once. By cause it stands with each of its causes, so those rows add up to more.
- Only what happened by the as-of date counts, so the survey of a year that is not over yet is a part of it.
- Never a name: the form of ownership is that of the record of the object.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from sqlalchemy import select

from geodata.access import Asker
from geodata.codes import MEASURE_CAUSES, OWNERSHIP_FORMS
from geodata.filters import PropertyFilter
from geodata.housing import survey_form
from geodata.housing.reads import Closure, read_closures, read_houses
from geodata.housing.survey_form import COLUMNS, SurveyColumn
from geodata.measures.reads import Measure, MeasureWish, read_measures
from geodata.tables import inspection

NOT_STATED: Final = "unknown"


@dataclass
class Case:
    """One object in the year. `steps`, `outcomes` hold (kind of proceeding, code) of the year."""

    property_id: int
    ownership_form: str | None
    controls: int = 0
    without_finding: int = 0
    causes: set[str] = field(default_factory=set)
    steps: set[tuple[str, str]] = field(default_factory=set)
    outcomes: set[tuple[str, str]] = field(default_factory=set)
    closed_by: set[str] = field(default_factory=set)
    is_new: bool = False
    runs: bool = False

    def counts(self, column: SurveyColumn) -> int:
        """What the case adds to a column."""
        if column.counts == "controls":
            return self.controls
        if column.counts == "without_finding":
            return self.without_finding
        wanted = {(kind, code) for kind in column.kinds for code in column.codes}
        fits = {
            "cases": True,
            "new": self.is_new,
            "steps": bool(self.steps & wanted),
            "ended": bool(self.outcomes & wanted),
            "closed": bool(self.steps & wanted or self.closed_by & set(column.kinds)),
        }
        return int(fits[column.counts])


@dataclass(frozen=True)
class SurveyRow:
    """One row: all cases, those of one form of ownership, or those with one cause; counts by key of the column."""

    by: Literal["all", "owner", "cause"]
    code: str
    counts: dict[str, int]


def tabulate(cases: Sequence[Case]) -> tuple[SurveyRow, ...]:
    """All cases, then by form of ownership, then by cause; causes and forms without a case are left out."""
    by_owner = [
        (form, [one for one in cases if (one.ownership_form or NOT_STATED) == form]) for form in OWNERSHIP_FORMS
    ]
    by_cause = [(cause, [one for one in cases if cause in one.causes]) for cause in MEASURE_CAUSES]
    return (
        _row("all", "all", cases),
        *(_row("owner", form, found) for form, found in by_owner if found),
        *(_row("cause", cause, found) for cause, found in by_cause if found),
    )


def _row(by: Literal["all", "owner", "cause"], code: str, cases: Sequence[Case]) -> SurveyRow:
    return SurveyRow(by, code, {one.key: sum(case.counts(one) for case in cases) for one in COLUMNS})


def read_survey(asker: Asker, year: int, chosen: PropertyFilter) -> tuple[SurveyRow, ...]:
    """The survey of a calendar year for the filter's properties. Needs `housing:read` and `proceeding:read`."""
    asker.require("housing:read")
    asker.require("proceeding:read")
    measures = [one for one in _proceedings(asker, chosen) if _runs_in(one, year)]
    closures = [one for one in read_closures(asker, chosen) if one.closed_on.year == year]
    controls = _controls(asker, year)
    ids = {one.property_id for one in measures} | {one.property_id for one in closures} | {one[0] for one in controls}
    houses, as_of = read_houses(asker, chosen, ids)
    cases = {one: Case(one, house.ownership_form) for one, house in houses.items()}
    _add_controls(cases, controls, as_of)
    _add_measures(cases, measures, year)
    _add_closures(cases, closures)
    return tabulate([one for one in cases.values() if _is_case(one)])


def _is_case(case: Case) -> bool:
    return bool(case.controls or case.runs or case.closed_by)


def _proceedings(asker: Asker, chosen: PropertyFilter) -> list[Measure]:
    kinds = (*survey_form.KINDS, *survey_form.COOPERATIVE_KINDS)
    found = read_measures(asker, chosen, MeasureWish(kinds=kinds, sort="opened_on"))
    offices = survey_form.COOPERATIVE_OFFICES
    return [one for one in found if one.kind in survey_form.KINDS or one.office in offices]


def _runs_in(one: Measure, year: int) -> bool:
    return one.opened_on.year <= year and (one.closed_on is None or one.closed_on.year >= year)


def _controls(asker: Asker, year: int) -> list[tuple[int, date, str, tuple[str, ...]]]:
    c = inspection.c
    query = select(c.property_id, c.inspected_on, c.result, c.defects).where(
        c.municipality == asker.scope.municipality,
        c.superseded_at.is_(None),
        c.control_type.in_(survey_form.CONTROL_TYPES),
        c.result != "not_completed",
        c.inspected_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return [
        (row.property_id, row.inspected_on, row.result, tuple(row.defects)) for row in asker.connection.execute(query)
    ]


def _add_controls(
    cases: dict[int, Case], controls: Iterable[tuple[int, date, str, tuple[str, ...]]], as_of: date
) -> None:
    for property_id, inspected_on, result, defects in controls:
        case = cases.get(property_id)
        if case is None or inspected_on > as_of:
            continue
        case.controls += 1
        case.without_finding += result == "no_finding"
        case.causes |= set(defects)


def _add_measures(cases: dict[int, Case], measures: Iterable[Measure], year: int) -> None:
    first_on: dict[int, date] = {}
    for one in measures:
        case = cases.get(one.property_id)
        if case is None:
            continue
        first_on[one.property_id] = min(one.opened_on, first_on.get(one.property_id, one.opened_on))
        case.causes |= set(one.causes)
        case.steps |= {(one.kind, step.kind) for step in one.steps if step.happened_on.year == year}
        case.runs = True
        if one.closed_on is not None and one.closed_on.year == year and one.outcome is not None:
            case.outcomes.add((one.kind, one.outcome))
    for property_id, opened_on in first_on.items():
        cases[property_id].is_new = opened_on.year == year


def _add_closures(cases: dict[int, Case], closures: Iterable[Closure]) -> None:
    for one in closures:
        if one.property_id in cases and one.cause in survey_form.KINDS:
            cases[one.property_id].closed_by.add(one.cause)
