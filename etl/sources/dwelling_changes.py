"""Dwellings lost and won, by property and day; large ones are among the others."""

from collections.abc import Iterator

import pandas as pd

from etl.casts import Problem
from etl.row_rules import rows_where
from etl.source import PROPERTY_KEY, Field, Kind, Source, implying, source_key
from geodata import codes
from geodata.tables import dwelling_change


def check(frame: pd.DataFrame) -> list[Problem]:
    """What does not fit together in a row."""
    return list(_problems(frame))


def _problems(frame: pd.DataFrame) -> Iterator[Problem]:
    for which in ("lost", "won"):
        dwellings, large = frame[f"dwellings_{which}"], frame[f"large_flats_{which}"]
        for at in rows_where(large > dwellings):
            reason = f"expected at most {int(dwellings.iloc[at])}, because there are no more of all sizes, found more"
            yield Problem(at, f"large_flats_{which}", reason)
    for at in rows_where(frame["dwellings_lost"] + frame["dwellings_won"] == 0):
        yield Problem(at, "dwellings_lost", "expected dwellings lost or won, found neither")


def _count(name: str, doc: str) -> Field:
    return Field(name, doc, Kind.INTEGER, minimum=0, default="0")


SOURCE = Source(
    name="dwelling_changes",
    doc="Dwellings lost and won",
    table=dwelling_change,
    changes_state=False,
    fields=(
        source_key("property, kind and date"),
        *implying(codes.USE_TYPES),
        Field("happened_on", "day from which they are gone, or can be lived in", Kind.DATE, is_required=True),
        Field("kind", "by what the number changed", Kind.CODE, is_required=True, codes=codes.DWELLING_CHANGES),
        _count("dwellings_lost", "dwellings that are gone"),
        _count("dwellings_won", "dwellings that came"),
        _count("large_flats_lost", "large ones among those gone"),
        _count("large_flats_won", "large ones among those that came"),
        Field("programme", "programme that paid for it; empty = none"),
    ),
    key_parts=(PROPERTY_KEY.name, "kind", "happened_on"),
    is_of_property=True,
    dated_by="happened_on",
    check=check,
)
