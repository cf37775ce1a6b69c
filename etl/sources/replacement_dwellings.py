"""Dwellings that the city can offer to households that must leave a house: sizes and dates, no address, no person."""

from collections.abc import Iterator

import pandas as pd

from etl.casts import Problem
from etl.row_rules import earlier_than, lonely
from etl.source import AreaReference, Field, Kind, Source
from geodata import codes
from geodata.tables import replacement_dwelling


def check(frame: pd.DataFrame) -> list[Problem]:
    """What does not fit together in a row, each reason once."""
    return list(_problems(frame))


def _problems(frame: pd.DataFrame) -> Iterator[Problem]:
    for start, end in (
        ("available_from_on", "available_until_on"),
        ("available_from_on", "taken_on"),
        ("taken_on", "released_on"),
    ):
        yield from earlier_than(frame, start, end)
    yield from lonely(frame, "released_on", "taken_on")


SOURCE = Source(
    name="replacement_dwellings",
    doc="The pool of replacement dwellings, without address and person",
    table=replacement_dwelling,
    changes_state=False,
    fields=(
        Field("key", "the source's own key; a dwelling that is offered anew has another one", is_required=True),
        Field("area_kind", "kind of the area in which it lies", Kind.CODE, is_stored=False, codes=codes.AREA_KINDS),
        Field("area_key", "key of that area; empty = not stated", is_stored=False),
        Field("rooms", "rooms without kitchen and bathroom", Kind.INTEGER, is_required=True, minimum=1, maximum=30),
        Field("area_m2", "floor area in square metres", Kind.DECIMAL, minimum=1, maximum=1_000),
        Field("places", "how many persons it is meant for", Kind.INTEGER, minimum=1, maximum=30),
        Field("is_barrier_free", "can be reached and used without steps", Kind.BOOLEAN),
        Field("provider", "kind of provider", Kind.CODE, is_required=True, codes=codes.DWELLING_PROVIDERS),
        Field("available_from_on", "first day on which it can be had", Kind.DATE, is_required=True, is_plan=True),
        Field("available_until_on", "last day on which it can be had", Kind.DATE, is_plan=True),
        Field("taken_on", "day on which a household moved in", Kind.DATE),
        Field("released_on", "first day on which it is free again", Kind.DATE),
    ),
    areas=(AreaReference("area_id", "area_kind", "area_key"),),
    check=check,
)
