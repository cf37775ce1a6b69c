"""Grants: what a notice promises, until when, and its proof of use; of a property, an area or the whole city.

Calls for the money and costs have sources of their own (`funding_calls`, `funding_costs`), because they grow month by
month while a notice stays as it is; both name their grant by its key. Shares are from 0 to 1.
"""

from typing import Final

import pandas as pd

from etl.casts import Problem
from etl.funding_rules import MOST_EUR, checking
from etl.row_rules import rows_where
from etl.source import IS_NEWS, PROPERTY_KEY, AreaReference, Field, Kind, Lookup, Source, Unfit, source_key
from geodata import codes
from geodata.funding.checks import problems_of_grant
from geodata.tables import funding_grant

_NEEDED: Final = ("eligible_eur", "granted_eur")
_fits = checking(problems_of_grant, *_NEEDED)
_CALLED: Final = (
    "(SELECT sum(f.amount_eur) FROM qm.funding_call AS f WHERE f.municipality = :municipality"
    " AND f.grant_key = l.key AND f.superseded_at IS NULL AND NOT f.is_withdrawn)"
)
_LOOKUP: Final = Lookup(
    joins="",
    columns=(),
    unfit=(
        Unfit(
            f"(NOT l.is_withdrawn AND {IS_NEWS} AND l.granted_eur < {_CALLED})",
            "granted_eur",
            "'expected at least what was called already, found less'",
        ),
    ),
)


def check(frame: pd.DataFrame) -> list[Problem]:
    """What does not fit together in a row, each reason once."""
    has_property, has_area = frame["property_key"].notna(), frame["area_key"].notna()
    two_places = [
        Problem(at, "area_key", "expected a property or an area, found both")
        for at in rows_where(has_property & has_area)
    ]
    alone = [
        Problem(at, "property_key", "expected a value beside project_key, found an empty field")
        for at in rows_where(frame["project_key"].notna() & ~has_property)
    ]
    return [*_fits(frame), *two_places, *alone]


SOURCE = Source(
    name="funding",
    doc="Grants of funding programmes with their deadlines and proof of use",
    table=funding_grant,
    changes_state=False,
    fields=(
        source_key("file reference of the notice"),
        PROPERTY_KEY,
        Field("programme", "name of the programme", is_required=True),
        Field("title", "what the money is for, in one line", is_required=True),
        Field("project_key", "key of the demolition project of that property"),
        Field("area_kind", "kind of the area, where it is for one", Kind.CODE, is_stored=False, codes=codes.AREA_KINDS),
        Field("area_key", "key of that area", is_stored=False),
        Field("file_reference", "file reference of the notice"),
        Field("expected_on", "day for which the notice was announced", Kind.DATE, is_plan=True),
        Field("granted_on", "date of the notice; empty = not granted yet", Kind.DATE),
        Field("eligible_eur", "eligible cost in euros", Kind.DECIMAL, is_required=True, minimum=0, maximum=MOST_EUR),
        Field("share", "share of it that is granted, from 0 to 1", Kind.DECIMAL, minimum=0, maximum=1),
        Field("granted_eur", "amount granted in euros", Kind.DECIMAL, is_required=True, minimum=0, maximum=MOST_EUR),
        Field("call_until_on", "last day on which money may be called", Kind.DATE, is_plan=True),
        Field("binding_until_on", "last day of the binding period", Kind.DATE, is_plan=True),
        Field("proof_due_on", "last day for the proof of use", Kind.DATE, is_plan=True),
        Field("proof_sent_on", "day on which the proof of use was sent", Kind.DATE),
        Field("proof_result", "what the funder said of it", Kind.CODE, codes=codes.PROOF_RESULTS),
        Field("goal", "what shall be reached, as the notice says it"),
        Field("goal_rating", "whether it was reached", Kind.CODE, codes=codes.GOAL_RATINGS, default="not_yet"),
        Field("goal_note", "why it is rated so"),
        Field(
            "interest_from_month", "month from which unused money costs interest", Kind.INTEGER, minimum=1, maximum=120
        ),
        Field("checked_after_months", "months after which the use is checked", Kind.INTEGER, minimum=1, maximum=120),
        Field("is_interest_confirmed", "somebody checked both months", Kind.BOOLEAN, default="false"),
        Field("is_withdrawn", "it does not stand: refused, given back or revoked", Kind.BOOLEAN, default="false"),
    ),
    key_parts=("file_reference",),
    is_of_property=True,
    is_property_optional=True,
    areas=(AreaReference("area_id", "area_kind", "area_key"),),
    lookup=_LOOKUP,
    check=check,
)
