"""Resolutions of the council with the figure that measures them; the last day of one may lie ahead."""

from typing import Any, Final

import pandas as pd

from etl.casts import Problem
from etl.source import AreaReference, Field, Kind, Source, source_key
from geodata import codes
from geodata.resolutions import figures_for_targets, problems_of
from geodata.tables import resolution

_NEEDED: Final = ("figure", "target", "decided_on", "until_on")
_WORDS: Final = {
    "no_controls": "expected no type of control, because this figure does not count controls",
    "no_whole": "expected no share, because this figure is no part of another one",
    "over_100": "expected at most 100 per cent, found more",
    "before_decision": "expected a last day on or after the day of the decision, found an earlier one",
}


def _check(frame: pd.DataFrame) -> list[Problem]:
    """What each field says alone is right; together it may make no sense."""
    found = []
    for position, row in enumerate(frame.to_dict("records")):
        if any(pd.isna(row[name]) for name in _NEEDED):
            continue  # rejected for that already
        problems = problems_of(
            figure=row["figure"],
            control_type=_or_none(row["control_type"]),
            is_share=bool(_or_none(row["is_share"])),
            target=float(row["target"]),
            decided_on=row["decided_on"],
            until_on=row["until_on"],
        )
        found += [Problem(position, name, _WORDS[code]) for name, code in problems.items()]
    return found


def _or_none(value: Any) -> Any:
    return None if pd.isna(value) else value


SOURCE = Source(
    name="resolutions",
    doc="Resolutions of the council with their targets",
    table=resolution,
    changes_state=False,
    fields=(
        source_key("number and figure"),
        Field("number", "number of the resolution as the council writes it", is_required=True),
        Field("decided_on", "date of the decision", Kind.DATE, is_required=True),
        Field("body", "body that decided", is_required=True),
        Field("title", "what was decided, in one sentence", is_required=True),
        Field(
            "figure",
            "key of the figure that measures it, as in `qm figures`",
            Kind.CODE,
            is_required=True,
            codes=tuple(one.key for one in figures_for_targets()),
        ),
        Field("area_kind", "kind of the area for which it holds", Kind.CODE, is_stored=False, codes=codes.AREA_KINDS),
        Field("area_key", "key of that area; empty = the whole city", is_stored=False),
        Field("control_type", "type of control that counts; empty = all", Kind.CODE, codes=codes.CONTROL_TYPES),
        Field("direction", "lower or upper bound", Kind.CODE, is_required=True, codes=codes.TARGET_DIRECTIONS),
        Field("target", "value to be reached", Kind.DECIMAL, is_required=True, minimum=0),
        Field("is_share", "the target is the share of the figure in its whole", Kind.BOOLEAN, default="false"),
        Field("until_on", "last day on which it may be reached", Kind.DATE, is_required=True, is_plan=True),
        Field("link_text", "where the paper is found"),
        Field("is_withdrawn", "it no longer stands", Kind.BOOLEAN, default="false"),
    ),
    key_parts=("number", "figure"),
    areas=(AreaReference("area_id", "area_kind", "area_key"),),
    check=_check,
)
