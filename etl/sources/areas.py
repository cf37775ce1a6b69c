"""Outlines of districts, wards, quarters and custom areas; an area keeps all its versions."""

from etl.source import Field, Kind, Past, Source
from geodata import codes
from geodata.tables import area_version

SOURCE = Source(
    name="areas",
    doc="Areas with their outlines",
    table=area_version,
    fields=(
        Field("kind", "kind of area", Kind.CODE, is_required=True, is_stored=False, codes=codes.AREA_KINDS),
        Field("key", "key within municipality and kind", is_required=True, is_stored=False),
        Field("name", "name as it is shown", is_required=True),
        Field("source", "who published the outline, licence"),
    ),
    key=("kind", "key"),
    past=Past.VERSIONS,
    geometry="polygon",
    is_geometry_required=True,
    is_complete=True,
    changes_areas=True,
)
