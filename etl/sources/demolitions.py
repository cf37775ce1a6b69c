"""Stages of demolition projects, one row for a stage under one aspect: its plan, or what really happened.

The two aspects mostly come from different offices and in different files; where one file has both, two mappings read
it. A row that mixes them is rejected: else a plan could pass for a fact, or a fact be lost in a plan.
"""

from collections.abc import Iterator

import pandas as pd

from etl.casts import Problem
from etl.row_rules import earlier_than, lonely, rows_where
from etl.source import PROPERTY_KEY, Field, Kind, Source, implying, source_key
from geodata import codes
from geodata.tables import demolition_stage

_MOST_EUR = 999_999_999_999  # what the column holds

_PLAN = (
    Field("programme", "plan: programme to which the project belongs"),
    Field("decided_on", "plan: date of the decision, from which the project counts", Kind.DATE, is_plan=True),
    Field("released_to", "plan: who may be told of the project by name", Kind.CODE, codes=codes.AUDIENCES),
    Field("is_required", "plan: whether the stage is required; empty = it is", Kind.BOOLEAN),
    Field("planned_start_on", "plan: first day", Kind.DATE, is_plan=True),
    Field("planned_end_on", "plan: last day", Kind.DATE, is_plan=True),
    Field("cost_planned_eur", "plan: cost in euros", Kind.DECIMAL, minimum=0, maximum=_MOST_EUR),
)
_ACTUAL = (
    Field("actual_start_on", "actual: first day", Kind.DATE),
    Field("actual_end_on", "actual: day on which the stage was done", Kind.DATE),
    Field("cost_actual_eur", "actual: cost in euros", Kind.DECIMAL, minimum=0, maximum=_MOST_EUR),
    Field("blocker", "actual: what holds the stage up", Kind.CODE, codes=codes.DEMOLITION_BLOCKERS),
    Field("blocked_since_on", "actual: date since which it is held up", Kind.DATE),
    Field("blocked_until_on", "actual: day on which it went on; empty = it is still held up", Kind.DATE),
    Field("outcome", "actual: given up, or renovated instead", Kind.CODE, codes=codes.DEMOLITION_OUTCOMES),
    Field("ended_on", "actual: date of the outcome", Kind.DATE),
)


def check(frame: pd.DataFrame) -> list[Problem]:
    """What does not fit together in a row, each reason once."""
    return [*_foreign_fields(frame), *_reversed_periods(frame), *_lonely_fields(frame)]


def _foreign_fields(frame: pd.DataFrame) -> Iterator[Problem]:
    for aspect, foreign in (("plan", _ACTUAL), ("actual", _PLAN)):
        is_aspect = frame["aspect"] == aspect
        for one in foreign:
            for at in rows_where(is_aspect & frame[one.name].notna()):
                yield Problem(at, one.name, f"expected an empty field in a row of the aspect {aspect}, found a value")


def _reversed_periods(frame: pd.DataFrame) -> Iterator[Problem]:
    periods = ("planned_start_on", "planned_end_on"), ("actual_start_on", "actual_end_on")
    for start, end in (*periods, ("blocked_since_on", "blocked_until_on")):
        yield from earlier_than(frame, start, end)


def _lonely_fields(frame: pd.DataFrame) -> Iterator[Problem]:
    pairs = ("outcome", "ended_on"), ("ended_on", "outcome"), ("blocked_since_on", "blocker")
    for name, other in (*pairs, ("blocked_until_on", "blocked_since_on")):
        yield from lonely(frame, name, other)


SOURCE = Source(
    name="demolitions",
    doc="Stages of demolition projects: planned, or as they really went",
    table=demolition_stage,
    fields=(
        source_key("property, project, stage and aspect"),
        *implying(codes.USE_TYPES),
        Field(
            "project_key",
            "key of the project; empty = that of the property, which then has one",
            default_from=PROPERTY_KEY.name,
        ),
        Field("stage", "stage of the project", Kind.CODE, is_required=True, codes=codes.DEMOLITION_STAGES),
        Field("aspect", "plan or actual", Kind.CODE, is_required=True, codes=codes.DEMOLITION_ASPECTS),
        *_PLAN,
        *_ACTUAL,
    ),
    key_parts=(PROPERTY_KEY.name, "project_key", "stage", "aspect"),
    is_of_property=True,
    dated_by="actual_end_on",
    check=check,
)
