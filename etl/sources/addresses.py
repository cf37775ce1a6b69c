"""Official addresses with their house coordinates."""

from dataclasses import replace

from etl.source import ADDRESS, COORDINATES, Field, Past, Source, source_key
from geodata.tables import address

_, _STREET, _NUMBER, _SUFFIX, _POSTAL_CODE = ADDRESS

SOURCE = Source(
    name="addresses",
    doc="Official addresses with house coordinates",
    table=address,
    fields=(
        source_key("street, house number and suffix"),
        replace(_STREET, is_required=True, is_stored=True),
        replace(_NUMBER, is_stored=True),
        replace(_SUFFIX, is_stored=True),
        replace(_POSTAL_CODE, is_stored=True),
        Field("place", "place or quarter as delivered"),
        *COORDINATES,
    ),
    key_parts=("street_norm", "house_number", "house_number_suffix"),
    past=Past.LASTING,
    geometry="point",
    is_complete=True,
)
