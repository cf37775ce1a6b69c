"""Cuts of supply of a house: announced by the utility, done, restored."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from etl.casts import Problem
from etl.row_rules import earlier_than, rows_where
from etl.source import PROPERTY_KEY, Field, Kind, Source, implying, source_key
from geodata import codes
from geodata.tables import supply_cut

_MOST: Final = 9_999


def check(frame: pd.DataFrame) -> list[Problem]:
    """What does not fit together in a row, each reason once."""
    return list(_problems(frame))


def _problems(frame: pd.DataFrame) -> Iterator[Problem]:
    for at in rows_where(frame["announced_on"].isna() & frame["cut_on"].isna()):
        yield Problem(at, "announced_on", "expected the day of the announcement or of the cut, found neither")
    for end in ("planned_on", "cut_on"):
        yield from earlier_than(frame, "announced_on", end)
    # Where a cut was done, what counts is the cut; else the announcement: one reason for a row is enough.
    is_cut = frame["cut_on"].notna()
    for start, part in (("cut_on", is_cut), ("announced_on", ~is_cut)):
        for one in earlier_than(frame, start, "restored_on"):
            if part.iloc[one.position]:
                yield one


SOURCE = Source(
    name="supply_cuts",
    doc="Cuts of supply, announced, done and restored",
    table=supply_cut,
    changes_state=False,
    fields=(
        source_key("property, utility and days"),
        *implying(codes.USE_TYPES),
        Field("utility", "what is cut off", Kind.CODE, is_required=True, codes=codes.UTILITIES),
        Field("reason", "why", Kind.CODE, is_required=True, codes=codes.CUT_REASONS),
        Field("announced_on", "day on which it was announced", Kind.DATE),
        Field("planned_on", "day for which it is announced", Kind.DATE, is_plan=True),
        Field("cut_on", "day on which it was cut off", Kind.DATE),
        Field("restored_on", "day on which it was restored, or the threat was over", Kind.DATE),
        Field("dwellings_affected", "dwellings concerned", Kind.INTEGER, minimum=0, maximum=_MOST),
        Field("note", "note in words", is_free_text=True),
    ),
    key_parts=(PROPERTY_KEY.name, "utility", "announced_on", "cut_on"),
    is_of_property=True,
    dated_by="announced_on",
    check=check,
)
