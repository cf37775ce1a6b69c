"""Buildings, streets, blocks, water, railway, green: the quiet background of the map."""

from etl.source import Field, Kind, Past, Source
from geodata import codes
from geodata.tables import context_feature

SOURCE = Source(
    name="context",
    doc="Background of the map: buildings, streets, blocks, water, railway, green",
    table=context_feature,
    fields=(
        Field("kind", "what is drawn", Kind.CODE, is_required=True, codes=codes.CONTEXT_KINDS),
        Field("key", "key within municipality and kind", is_required=True),
        Field("name", "name of a street or a water"),
    ),
    key=("kind", "key"),
    past=Past.LASTING,
    geometry="any",
    is_geometry_required=True,
)
