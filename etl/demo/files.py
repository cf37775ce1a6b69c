"""How offices write files: spreadsheets, CSV with semicolons in Windows-1252, GeoPackage, GeoJSON, gebref."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import geodata.gdal_env  # noqa: F401  # first: it closes GDAL's doors before GDAL is loaded

# isort: split
import geopandas
import numpy as np
import openpyxl
import pyogrio
import shapely
from openpyxl.styles import Font

from geodata.crs import DISPLAY_SRID, STORAGE_SRID

ENCODING: Final = "windows-1252"
# Otherwise two runs of the generator would differ in the time of day.
_MADE_AT: Final = datetime(2026, 1, 1)  # noqa: DTZ001  # spreadsheets know no time zone
Row = Sequence[object]


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row], *, with_header: bool = True) -> None:
    """A CSV as offices export it: semicolons, Windows-1252, dates as 24.12.2025, decimal commas, CR LF."""
    with path.open("w", encoding=ENCODING, newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        if with_header:
            writer.writerow(columns)
        writer.writerows([_in_german(value) for value in row] for row in rows)


def _in_german(value: object) -> str:
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return "" if value is None else str(value)


def write_spreadsheet(path: Path, sheet: str, columns: Sequence[str], rows: Iterable[Row], note: str) -> None:
    """A register as people keep it: a sheet with a bold header that stays in view, and a sheet with a note."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    table = book.create_sheet(sheet)
    table.append(list(columns))
    for cell in table[1]:
        cell.font = Font(bold=True)
    for row in rows:
        table.append(list(row))
    table.freeze_panes = "B2"
    book.create_sheet("Hinweis").append([note])
    book.properties.created = book.properties.modified = _MADE_AT
    book.save(path)


def write_geopackage(path: Path, layer: str, columns: dict[str, Any], geometries: Any) -> None:
    """A GeoPackage in EPSG:25832, coordinates rounded to centimetres."""
    rounded = shapely.transform(np.asarray(geometries, dtype=object), lambda xy: np.round(xy, 2))
    frame = geopandas.GeoDataFrame(columns, geometry=rounded, crs=STORAGE_SRID)
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG")


def write_geojson(path: Path, properties: Iterable[dict[str, object]], geometries: Sequence[Any]) -> None:
    """GeoJSON in longitude and latitude, seven decimals (about a centimetre)."""
    degrees = geopandas.GeoSeries(list(geometries), crs=STORAGE_SRID).to_crs(DISPLAY_SRID).to_numpy()
    rounded = shapely.transform(degrees, lambda xy: np.round(xy, 7))
    features = [
        {"type": "Feature", "properties": facts, "geometry": json.loads(shape)}
        for facts, shape in zip(properties, shapely.to_geojson(rounded), strict=True)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
