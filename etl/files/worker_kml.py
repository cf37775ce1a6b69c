"""KML in the child process, read with expat: GDAL's simple driver drops ExtendedData, where offices put all attributes.

Placemarks with Point, LineString, Polygon and MultiGeometry are read, wherever they stand; styles, overlays, models and
links to other files are not followed. KML is WGS84 by definition.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from etl.files.worker_output import write_records
from geodata.errors import DeliveryRefused


def read_kml(request: dict[str, Any]) -> dict[str, Any]:
    """Read all placemarks; columns are `name`, `description` and the fields of ExtendedData."""
    rows: list[dict[str, str]] = []
    shapes: list[bytes | None] = []
    try:
        for placemark in _placemarks(request["path"]):
            rows.append(dict(_attributes(placemark)))
            shapes.append(_wkb(placemark))
    except ElementTree.ParseError as error:
        raise DeliveryRefused(f"Expected a readable KML, but {request['name']} is damaged ({error}).") from None
    columns = list(dict.fromkeys(column for row in rows for column in row))
    wanted = [column for column in columns if request["columns"] is None or column in request["columns"]]
    texts = {column: [row.get(column) or None for row in rows] for column in wanted}
    write_records(request["target"], range(1, len(rows) + 1), texts, shapes)
    return {"columns": columns, "crs": "EPSG:4326", "remarks": []}


def _placemarks(path: str) -> Iterator[ElementTree.Element]:
    # Without a document type, which `xml_guard` has refused, the known attacks on this parser have nothing to stand on.
    for _, element in ElementTree.iterparse(path, events=("end",)):  # noqa: S314
        if _tag(element) == "Placemark":
            yield element
            element.clear()


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _attributes(placemark: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for child in placemark:
        if _tag(child) in ("name", "description"):
            yield _tag(child), _text(child)
    for element in placemark.iter():
        key = element.get("name")
        if key is None:
            continue
        if _tag(element) == "SimpleData":
            yield key, _text(element)
        elif _tag(element) == "Data":
            yield key, next((_text(value) for value in element if _tag(value) == "value"), "")


def _text(element: ElementTree.Element) -> str:
    return (element.text or "").strip()


def _wkb(placemark: ElementTree.Element) -> bytes | None:
    """The geometry of a placemark; unreadable coordinates become bytes that no reader accepts, so the line is
    reported."""
    try:
        shapes = [shape for child in placemark if (shape := _shape(child)) is not None]
    except (ValueError, IndexError, shapely.GEOSException):
        return b""
    if not shapes:
        return None
    return bytes(shapely.to_wkb(shapes[0] if len(shapes) == 1 else shapely.GeometryCollection(shapes)))


def _shape(element: ElementTree.Element) -> BaseGeometry | None:
    match _tag(element):
        case "Point":
            return shapely.Point(_coordinates(element)[0])
        case "LineString":
            return shapely.LineString(_coordinates(element))
        case "Polygon":
            outer = [_coordinates(ring) for ring in element if _tag(ring) == "outerBoundaryIs"]
            inner = [_coordinates(ring) for ring in element if _tag(ring) == "innerBoundaryIs"]
            return shapely.Polygon(outer[0], inner)
        case "MultiGeometry":
            return _collect([shape for child in element if (shape := _shape(child)) is not None])
    return None


def _collect(parts: list[BaseGeometry]) -> BaseGeometry | None:
    kinds = {part.geom_type for part in parts}
    makers = {"Point": shapely.MultiPoint, "LineString": shapely.MultiLineString, "Polygon": shapely.MultiPolygon}
    if not parts:
        return None
    return (
        makers[kinds.pop()](parts) if len(kinds) == 1 and kinds <= makers.keys() else shapely.GeometryCollection(parts)
    )


def _coordinates(element: ElementTree.Element) -> list[tuple[float, ...]]:
    text = next((part.text for part in element.iter() if _tag(part) == "coordinates"), None) or ""
    return [tuple(float(number) for number in place.split(",")[:2]) for place in text.split()]
