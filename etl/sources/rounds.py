"""Joint controls (Kontrollaktionen) with their counts as published; a round may be planned."""

from etl.source import RUNNING_NUMBER, Field, Kind, Source, source_key
from geodata import codes
from geodata.tables import inspection_round

_COUNTS = {
    "objects": "objects visited as published",
    "objects_waste": "objects with waste",
    "objects_pests": "objects with pests",
    "objects_housing_defects": "objects with housing defects",
    "objects_building_or_fire": "objects with building or fire safety defects",
    "persons_registered": "persons registered",
    "persons_met": "persons met",
    "persons_met_not_registered": "persons met but not registered",
    "persons_reported": "persons reported to the registry",
    "persons_deregistered": "persons de-registered, known later",
}

SOURCE = Source(
    name="rounds",
    doc="Joint controls with their counts",
    table=inspection_round,
    fields=(
        source_key("date, kind and running number"),
        Field("held_on", "date of the round", Kind.DATE, is_required=True, is_plan=True),
        Field("kind", "type of control", Kind.CODE, is_required=True, codes=codes.CONTROL_TYPES),
        RUNNING_NUMBER,
        Field("offices", "offices that took part", Kind.CODE_LIST, codes=codes.OFFICES),
        Field("interpreter_present", "an interpreter was present", Kind.BOOLEAN),
        Field("social_worker_present", "a social worker was present", Kind.BOOLEAN),
        Field("place", "part of the city as published"),
        Field("source", "where the round was published"),
        *(Field(name, doc, Kind.INTEGER, minimum=0) for name, doc in _COUNTS.items()),
    ),
    key_parts=("held_on", "kind", "running_number"),
)
