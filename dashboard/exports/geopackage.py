"""A map as GeoPackage: objects with the columns of their table, areas with counts, and what the file is about.

Shapes are in EPSG:25832, as they are stored. What has no place is in it all the same, with an empty geometry.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

import geodata.gdal_env  # noqa: F401 - it closes GDAL's doors before GDAL is loaded
from dashboard.exports.about import About
from dashboard.exports.cells import plain_title, text_of
from dashboard.i18n import gettext as _
from dashboard.table import NUMBERS, Column
from geodata.crs import STORAGE_SRID

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Sheet:
    """One layer: its name, columns, typed rows, and a shape (WKB or None) for each row; `shape` None = no geometry."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    shapes: Sequence[bytes | None] = ()
    shape: str | None = None


def write(path: Path, sheets: Sequence[Sheet], about: About) -> None:
    """Write the layers and, last, a table of what the file says about itself; the same stands in its metadata."""
    lines = about.lines()
    names = (Column("name", _("Name"), "text"), Column("text", _("Text"), "text"))
    facts = Sheet(_("about_this_file"), names, [{"name": name, "text": text} for name, text in lines])
    for number, sheet in enumerate([*sheets, facts]):
        _write_sheet(path, sheet, dict(lines), append=number > 0)


def field_name(title: str) -> str:
    """A title as a name that every program can use: lower case, no spaces, no umlauts."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower().translate(_UMLAUTS)).strip("_")


def _write_sheet(path: Path, sheet: Sheet, metadata: Mapping[str, str], *, append: bool) -> None:
    # Not at the top: GDAL takes its time to load, and a worker that never writes a file need not wait for it.
    import pyogrio.raw

    filled = [_values(column, [row.get(column.key) for row in sheet.rows]) for column in sheet.columns]
    shapes = None
    if sheet.shape:
        shapes = np.empty(len(sheet.rows), dtype=object)
        shapes[:] = list(sheet.shapes)
    pyogrio.raw.write(
        str(path),
        shapes,
        field_data=[values for values, _mask in filled],
        field_mask=[mask for _values, mask in filled],
        fields=[field_name(plain_title(column)) for column in sheet.columns],
        layer=field_name(sheet.name),
        driver="GPKG",
        geometry_type=sheet.shape,
        crs=f"EPSG:{STORAGE_SRID}",
        append=append,
        layer_metadata=dict(metadata),
        **({} if append else {"dataset_metadata": dict(metadata)}),
    )


def _values(column: Column, given: Sequence[Any]) -> tuple[Any, Any]:
    """A column as an array of its type, and which of its values are missing."""
    typed = [text_of(column, value) for value in given]
    missing = np.array([value is None for value in typed], dtype=bool)
    if column.kind == "date":
        days = [value if isinstance(value, date) else None for value in typed]
        return np.array(days, dtype="datetime64[D]"), missing
    if column.kind in ("integer", "days"):
        return np.array([0 if value is None else int(value) for value in typed], dtype=np.int64), missing
    if column.kind in NUMBERS:
        return np.array([np.nan if value is None else float(value) for value in typed], dtype=np.float64), missing
    texts = np.empty(len(typed), dtype=object)
    texts[:] = typed
    return texts, missing
