"""Which area lies in which; an area may lie in several, with a share."""

from etl.source import AreaReference, Field, Kind, Past, Source
from geodata import codes
from geodata.tables import area_relation


def _end(side: str, what: str) -> tuple[Field, Field]:
    return (
        Field(f"{side}_kind", f"kind of {what}", Kind.CODE, is_required=True, is_stored=False, codes=codes.AREA_KINDS),
        Field(f"{side}_key", f"key of {what}", is_required=True, is_stored=False),
    )


SOURCE = Source(
    name="area_links",
    doc="Which area lies in which",
    table=area_relation,
    fields=(
        *_end("child", "the smaller area"),
        *_end("parent", "the larger area"),
        Field("share", "share of the child in the parent, above 0 to 1", Kind.DECIMAL, minimum=0, maximum=1),
    ),
    key=("child_kind", "child_key", "parent_kind", "parent_key"),
    stored_key=("child_id", "parent_id"),
    past=Past.LASTING,
    areas=(
        AreaReference("child_id", "child_kind", "child_key"),
        AreaReference("parent_id", "parent_kind", "parent_key"),
    ),
    changes_areas=True,
)
