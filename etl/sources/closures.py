"""Closed houses: since when, why, and how many households had to leave. Households are counts, never persons."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from etl.casts import Problem
from etl.row_rules import rows_where
from etl.source import PROPERTY_KEY, Field, Kind, Lookup, Source, Unfit, implying, leaves_parts, source_key
from geodata import codes
from geodata.tables import closure

_LOOKUP: Final = Lookup(
    joins="",
    columns=(),
    unfit=(
        Unfit(
            leaves_parts("qm.closure_event", "closure_key"),
            "property_key",
            "'expected the property to which the events of this closed house belong, found another one'",
        ),
    ),
)


def check(frame: pd.DataFrame) -> list[Problem]:
    """What does not fit together in a row."""
    return list(_problems(frame))


def _problems(frame: pd.DataFrame) -> Iterator[Problem]:
    affected, large = frame["households_affected"], frame["large_households_affected"]
    for at in rows_where(large > affected):
        reason = f"expected at most {int(affected.iloc[at])}, because there are no more of all sizes, found more"
        yield Problem(at, "large_households_affected", reason)


SOURCE = Source(
    name="closures",
    doc="Closed houses with the number of households that had to leave",
    table=closure,
    changes_state=False,
    fields=(
        source_key("property and date"),
        *implying(codes.USE_TYPES),
        Field("closed_on", "day from which nobody may live there", Kind.DATE, is_required=True),
        Field("cause", "why it was closed", Kind.CODE, is_required=True, codes=codes.CLOSURE_CAUSES),
        Field("measure_key", "key of the proceeding by which it was closed"),
        Field("households_affected", "households that lived there; empty = not known", Kind.INTEGER, minimum=0),
        Field("large_households_affected", "large ones among them; empty = not known", Kind.INTEGER, minimum=0),
    ),
    key_parts=(PROPERTY_KEY.name, "closed_on"),
    is_of_property=True,
    dated_by="closed_on",
    lookup=_LOOKUP,
    check=check,
)
