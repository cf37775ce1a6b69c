"""Assessments (Ampel) of properties: pressure of the problem and room to act."""

from etl.source import PROPERTY_KEY, RUNNING_NUMBER, Field, Kind, Source, implying, source_key
from geodata import codes
from geodata.tables import assessment_event

SOURCE = Source(
    name="assessments",
    doc="Assessments of properties: pressure of the problem x room to act",
    table=assessment_event,
    fields=(
        source_key("property, date and running number"),
        *implying(codes.USE_TYPES),
        Field("pressure", "pressure of the problem", Kind.INTEGER, is_required=True, minimum=0, maximum=3),
        Field("room_to_act", "room to act", Kind.INTEGER, is_required=True, minimum=0, maximum=3),
        Field("valid_on", "date of the assessment", Kind.DATE, is_required=True),
        RUNNING_NUMBER,
        Field("source", "on what the assessment rests", is_free_text=True),
    ),
    key_parts=(PROPERTY_KEY.name, "valid_on", "running_number"),
    is_of_property=True,
    dated_by="valid_on",
)
