"""The life of a property as dated events."""

from etl.source import PROPERTY_KEY, RUNNING_NUMBER, Field, Kind, Source, implying, source_key
from geodata import codes
from geodata.tables import status_event

SOURCE = Source(
    name="status",
    doc="States that properties entered, as dated events",
    table=status_event,
    fields=(
        source_key("property, date, state and running number"),
        *implying(codes.USE_TYPES),
        Field("state", "state that the property entered", Kind.CODE, is_required=True, codes=codes.STATES),
        Field("valid_on", "date on which it did", Kind.DATE, is_required=True),
        RUNNING_NUMBER,
        Field("reason", "reason in words", is_free_text=True),
    ),
    key_parts=(PROPERTY_KEY.name, "valid_on", "state", "running_number"),
    is_of_property=True,
    dated_by="valid_on",
)
