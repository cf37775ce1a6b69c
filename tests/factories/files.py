"""Small files as offices send them, each with exactly the trouble that a test is about."""

import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import shapely

# Two neighbouring squares of 100 m in the middle of nowhere near Hagen, EPSG:25832.
SQUARE = shapely.box(395_000, 5_690_000, 395_100, 5_690_100)
NEIGHBOUR = shapely.box(395_100, 5_690_000, 395_200, 5_690_100)
# A figure of eight: its ring crosses itself in the middle.
BOW_TIE = shapely.Polygon([(395_000, 5_690_000), (395_100, 5_690_100), (395_100, 5_690_000), (395_000, 5_690_100)])
HAGEN = (7.3, 51.2, 7.7, 51.5)


def write_text(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file exactly as given, line ends included."""
    path.write_bytes(text.encode(encoding))
    return path


def feature(properties: dict[str, Any] | None = None, geometry: Any = None) -> dict[str, Any]:
    """One GeoJSON feature; the geometry is a dictionary or a shape."""
    if isinstance(geometry, shapely.Geometry):
        geometry = json.loads(shapely.to_geojson(geometry))
    return {"type": "Feature", "properties": properties or {}, "geometry": geometry}


def point(*coordinates: float) -> dict[str, Any]:
    """A GeoJSON point, whatever stands in its coordinates."""
    return {"type": "Point", "coordinates": list(coordinates)}


def write_geojson(path: Path, features: Iterable[Any], **members: Any) -> Path:
    """A FeatureCollection; `crs=...` and other members as given."""
    return write_text(path, json.dumps({"type": "FeatureCollection", **members, "features": list(features)}))


def named_crs(name: str) -> dict[str, Any]:
    """The crs member of the older GeoJSON standard."""
    return {"type": "name", "properties": {"name": name}}


def write_layer(path: Path, driver: str, *, crs: str = "EPSG:25832", **columns: Sequence[Any]) -> Path:
    """Two squares with attributes, by GDAL."""
    attributes = columns or {"name": ["Süd", "Nord"], "number": [1, 2]}
    geopandas.GeoDataFrame(attributes, geometry=[SQUARE, NEIGHBOUR], crs=crs).to_file(
        path, driver=driver, engine="pyogrio"
    )
    return path


def write_zip(path: Path, members: dict[str, bytes | Path]) -> Path:
    """A compressed archive of texts or of files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content.read_bytes() if isinstance(content, Path) else content)
    return path


def write_spreadsheet(path: Path, rows: Iterable[Sequence[Any]], sheet: str = "Register") -> Path:
    """An Excel file with one sheet."""
    book = openpyxl.Workbook()
    active = book.active
    assert active is not None
    active.title = sheet
    for row in rows:
        active.append(list(row))
    book.save(path)
    return path


def save_formula_result(path: Path, formula: str, result: str) -> Path:
    """Write beside a formula the value that Excel saves with it (openpyxl leaves it out)."""
    with zipfile.ZipFile(path) as archive:
        members: dict[str, bytes | Path] = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    assert isinstance(sheet, bytes)
    changed, count = re.subn(
        rf"<f>{re.escape(formula)}</f><v\s*/?>(</v>)?", f"<f>{formula}</f><v>{result}</v>", sheet.decode()
    )
    assert count == 1
    return write_zip(path, {**members, "xl/worksheets/sheet1.xml": changed.encode()})
