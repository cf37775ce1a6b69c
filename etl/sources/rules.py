"""Interval rules: how often which properties have to be inspected. Rules are plans, so they may begin in the future.

People change rules in the application, too. What they added has a key of its own there, and a rule of a file that they
replaced or ended stays as they left it: other content for it is rejected and says so, or the file would silently undo a
decision.
"""

import numpy as np
import pandas as pd

from etl.casts import Problem
from etl.source import AreaReference, Field, Kind, Source
from geodata import codes
from geodata.tables import interval_rule

_ACCESS = codes.ACCESS_LEVELS[1:]
_RELEASE = "release_after_clean_visits"


def check(frame: pd.DataFrame) -> list[Problem]:
    """What does not fit together in a row."""
    is_by_law = frame["is_statutory"].fillna(value=False).to_numpy(dtype=bool)
    wrong = np.flatnonzero(is_by_law & frame[_RELEASE].notna().to_numpy(dtype=bool))
    return [Problem(int(at), _RELEASE, "expected an empty field in a duty by law, found a number") for at in wrong]


SOURCE = Source(
    name="rules",
    doc="How often which properties have to be inspected",
    table=interval_rule,
    fields=(
        Field("key", "key of the rule", is_required=True),
        Field("control_type", "type of control", Kind.CODE, is_required=True, codes=codes.CONTROL_TYPES),
        Field("area_kind", "kind of the area in which it holds", Kind.CODE, is_stored=False, codes=codes.AREA_KINDS),
        Field("area_key", "key of that area; empty = the whole city", is_stored=False),
        Field("use_type", "use type for which it holds; empty = all", Kind.CODE, codes=codes.USE_TYPES),
        Field("interval_days", "interval in days", Kind.INTEGER, is_required=True, minimum=1),
        Field("access_required", "access that an effective visit reaches", Kind.CODE, is_required=True, codes=_ACCESS),
        Field("access_required_if_empty", "access that is enough at an empty building", Kind.CODE, codes=_ACCESS),
        Field("is_statutory", "a duty by law", Kind.BOOLEAN, default="false"),
        Field("legal_basis", "legal basis"),
        Field("reason", "why the rule exists", is_required=True),
        Field("resolution", "resolution of the council"),
        Field("decided_by", "body or office that decided"),
        Field("valid_from", "first day in force", Kind.DATE, is_required=True, is_plan=True),
        Field("valid_to", "first day no longer in force; empty = open", Kind.DATE, is_plan=True),
        Field(
            _RELEASE,
            "clean visits in a row after which a release is proposed; empty = never",
            Kind.INTEGER,
            minimum=1,
            maximum=20,
        ),
    ),
    areas=(AreaReference("area_id", "area_kind", "area_key"),),
    check=check,
    changes_rules=True,
    is_decided_in_application=True,
)
