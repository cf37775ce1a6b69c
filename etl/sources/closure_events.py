"""What became of closed houses and of their households: dated events, households as counts.

An event names its closed house by the key under which that was delivered or entered, and belongs to its property.
"""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from etl.casts import Problem
from etl.row_rules import rows_where
from etl.source import Field, Kind, Lookup, Source, Unfit, implying, source_key
from geodata import codes
from geodata.housing.whereabouts import PLACE_OF
from geodata.tables import closure_event

_SPLIT: Final = (
    "SELECT FROM qm.property_link AS d WHERE d.from_property_id = p.id AND d.to_property_id = hc.property_id"
    " AND d.kind = 'split' AND d.superseded_at IS NULL"
)
_LOOKUP: Final = Lookup(
    joins=(
        "LEFT JOIN qm.closure AS hc ON hc.municipality = :municipality AND hc.key = s.closure_key"
        " AND hc.superseded_at IS NULL"
    ),
    columns=(
        "hc.id AS known_closure",
        "hc.closed_on AS house_closed_on",
        "hc.households_affected AS house_households",
        "hc.property_id IS DISTINCT FROM coalesce(m.to_property_id, p.id) AND p.id IS NOT NULL"
        f" AND NOT EXISTS ({_SPLIT}) AS is_elsewhere",
    ),
    unfit=(
        Unfit(
            "(l.known_closure IS NULL)",
            "closure_key",
            "'expected a known closed house, but there is no ' || l.closure_key",
        ),
        Unfit(
            "l.is_elsewhere",
            "property_key",
            "'expected the property of the closed house ' || l.closure_key || ', but it has another one'",
        ),
        Unfit(
            "(l.households IS NULL AND l.happened_on < l.house_closed_on)",
            "happened_on",
            "'expected a date from the closing (' || to_char(l.house_closed_on, 'DD.MM.YYYY') || ') on, found an"
            " earlier one'",
        ),
        Unfit(
            "(l.households > l.house_households)",
            "households",
            "'expected at most ' || l.house_households || ' households, because no more lived there, found ' ||"
            " l.households",
        ),
    ),
    property_id="CASE WHEN p.id IS NOT NULL THEN coalesce(hc.property_id, {named}) END",
)


def check(frame: pd.DataFrame) -> list[Problem]:
    """What does not fit together in a row, each reason once."""
    return list(_problems(frame))


def _problems(frame: pd.DataFrame) -> Iterator[Problem]:
    is_of_households = frame["kind"].isin(list(PLACE_OF))
    is_counted = frame["households"].notna()
    for at in rows_where(is_of_households & ~is_counted):
        yield Problem(at, "households", "expected a number of households, found an empty field")
    for at in rows_where(frame["kind"].notna() & ~is_of_households & (is_counted | frame["came_from"].notna())):
        yield Problem(at, "households", "expected an empty field in a row about the house, found households")
    for at in rows_where(frame["kind"].map(PLACE_OF) == frame["came_from"]):
        yield Problem(at, "came_from", "expected another place than the one to which the households went")


SOURCE = Source(
    name="closure_events",
    doc="What became of closed houses and of their households, as counts",
    table=closure_event,
    changes_state=False,
    fields=(
        source_key("closed house, kind and date"),
        *implying(codes.USE_TYPES),
        Field("closure_key", "key of the closed house", is_required=True),
        Field("kind", "what happened", Kind.CODE, is_required=True, codes=codes.CLOSURE_EVENTS),
        Field("happened_on", "day on which it did", Kind.DATE, is_required=True),
        Field("households", "number of households, where it happened to them", Kind.INTEGER, minimum=0),
        Field("came_from", "where these were before; empty = not known", Kind.CODE, codes=codes.HOUSEHOLD_PLACES),
    ),
    key_parts=("closure_key", "kind", "happened_on"),
    is_of_property=True,
    dated_by="happened_on",
    lookup=_LOOKUP,
    check=check,
)
