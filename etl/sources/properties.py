"""The register of problem properties, placed by coordinates, by address, or by both with a check of their distance."""

from etl.source import ADDRESS, COORDINATES, Field, Kind, Source
from geodata import codes
from geodata.tables import property_version

SOURCE = Source(
    name="properties",
    doc="Register of problem properties",
    table=property_version,
    fields=(
        Field("key", "key of the property in its register", is_required=True, is_stored=False),
        Field("registered_on", "date on which the object was recorded", Kind.DATE),
        Field("file_reference", "file reference (Aktenzeichen)"),
        Field("use_type", "use type", Kind.CODE, codes=codes.USE_TYPES),
        Field("building_class", "building class 1 to 5", Kind.INTEGER, minimum=1, maximum=5),
        Field("dwellings", "number of dwellings", Kind.INTEGER, minimum=0),
        Field("is_inhabited", "inhabited or empty", Kind.BOOLEAN),
        Field("is_heritage", "listed building", Kind.BOOLEAN),
        Field("ownership_form", "type of owner", Kind.CODE, codes=codes.OWNERSHIP_FORMS),
        Field("lead_office", "office in charge", Kind.CODE, codes=codes.OFFICES),
        Field("next_step", "next step in words", is_free_text=True),
        Field("reminder_on", "date of the reminder (Wiedervorlage)", Kind.DATE, is_plan=True),
        Field("parcels", "parcel identifiers", Kind.TEXT_LIST),
        *ADDRESS,
        *COORDINATES,
    ),
    stored_key=("property_id",),
    geometry="point",
)
