"""Visits to single properties; whether one was effective is computed later, never delivered."""

from etl.source import PROPERTY_KEY, RUNNING_NUMBER, Field, Kind, Source, implying, source_key
from geodata import codes
from geodata.tables import inspection

SOURCE = Source(
    name="inspections",
    doc="Visits to properties with access reached, result and defects",
    table=inspection,
    fields=(
        source_key("property, date, type and running number"),
        *implying(codes.USE_TYPES),
        Field("round_key", "key of the round of which the visit was part"),
        Field("control_type", "type of control", Kind.CODE, is_required=True, codes=codes.CONTROL_TYPES),
        Field("inspected_on", "date of the visit", Kind.DATE, is_required=True),
        RUNNING_NUMBER,
        Field("access_reached", "access reached", Kind.CODE, is_required=True, codes=codes.ACCESS_LEVELS),
        Field("result", "result", Kind.CODE, is_required=True, codes=codes.INSPECTION_RESULTS),
        Field("defects", "defects found", Kind.CODE_LIST, codes=codes.DEFECTS),
    ),
    key_parts=(PROPERTY_KEY.name, "inspected_on", "control_type", "running_number"),
    is_of_property=True,
    dated_by="inspected_on",
)
