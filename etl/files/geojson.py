"""GeoJSON by Python's own reader: no GDAL is involved, so nothing in the file can make another file open."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import shapely

from etl.files import limits
from etl.files.limits import megabytes
from etl.files.opened import Chunk, Geometries, TableOptions
from etl.files.tables import OpenStream
from etl.files.worker_output import as_text
from geodata.errors import DeliveryRefused

# RFC 7946: without a crs member GeoJSON is WGS84.
_DEFAULT_CRS = "OGC:CRS84"


class GeoJson:
    """One parsed GeoJSON file: features in their order, the fields of all features, the CRS that it names."""

    def __init__(self, name: str, open_stream: OpenStream, size_bytes: int, options: TableOptions) -> None:
        if size_bytes > limits.GEOJSON_MAX_BYTES:
            raise DeliveryRefused(
                f"Expected GeoJSON of at most {megabytes(limits.GEOJSON_MAX_BYTES)}, but {name} has "
                f"{megabytes(size_bytes)}; a GeoPackage of the same data is read piece by piece."
            )
        document = _parse(name, open_stream)
        self._features = _features(name, document)
        self._options = options
        self.crs_name, self.has_crs = _crs_name(name, document)
        names: dict[str, None] = {}
        for feature in self._features:
            names.update(dict.fromkeys(_properties(feature)))
        self.columns = tuple(names)
        self._wanted = [column for column in names if options.columns is None or column in options.columns]

    def chunks(self) -> Iterator[Chunk]:
        """All features; a feature whose geometry cannot be built is `broken` with the reason."""
        for start in range(0, len(self._features), limits.CHUNK_ROWS):
            yield self._to_chunk(start, self._features[start : start + limits.CHUNK_ROWS])

    def _to_chunk(self, start: int, features: list[Any]) -> Chunk:
        geometries, problems = _geometries(features)
        kept = [i for i in range(len(features)) if i not in problems]
        properties = [_properties(features[i]) for i in kept]
        frame = pd.DataFrame(
            {
                column: pd.array([_as_text(row.get(column), self._options.decimal) for row in properties], dtype="str")
                for column in self._wanted
            },
            index=range(len(kept)),
        )
        broken = [(start + i + 1, reason) for i, reason in problems.items()]
        return Chunk([start + i + 1 for i in kept], frame, geometries[kept], broken)


def _parse(name: str, open_stream: OpenStream) -> Any:
    try:
        with open_stream() as stream:
            return json.loads(stream.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DeliveryRefused(f"Expected GeoJSON in UTF-8, but {name} holds other bytes at {error.start}.") from None
    except json.JSONDecodeError as error:
        raise DeliveryRefused(f"Expected GeoJSON, but {name} breaks off in line {error.lineno}: {error.msg}.") from None
    except RecursionError:
        raise DeliveryRefused(f"Expected GeoJSON, but {name} is nested too deeply.") from None


def _features(name: str, document: Any) -> list[Any]:
    kind = document.get("type") if isinstance(document, dict) else type(document).__name__
    features = document.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list):
        raise DeliveryRefused(f"Expected a FeatureCollection, but {name} is {kind or 'JSON of another kind'}.")
    if not features:
        raise DeliveryRefused(f"Expected features, but {name} holds none.")
    return features


def _crs_name(name: str, document: dict[str, Any]) -> tuple[str | None, bool]:
    """(CRS, whether the file names it). `"crs": null` means by the old standard that no CRS can be assumed."""
    if "crs" not in document:
        return _DEFAULT_CRS, False
    crs = document["crs"]
    if crs is None:
        return None, False
    properties = crs.get("properties") if isinstance(crs, dict) else None
    named = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(named, str):
        raise DeliveryRefused(f"Expected the name of a CRS in {name}, but its crs member is {str(crs)[:80]}.")
    return named, True


def _properties(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _as_text(value: Any, decimal: str) -> str | None:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return as_text(value, decimal)


def _geometries(features: list[Any]) -> tuple[Geometries, dict[int, str]]:
    """Geometry of each feature (None where it has none) and the reasons for those that cannot be built."""
    geometries = np.full(len(features), None, dtype=object)
    problems: dict[int, str] = {}
    points: list[int] = []
    for i, feature in enumerate(features):
        shape = feature.get("geometry") if isinstance(feature, dict) else None
        if shape is None:
            if not isinstance(feature, dict):
                problems[i] = "expected a feature, but something else came"
        elif _is_point(shape):
            points.append(i)
        else:
            try:
                geometries[i] = shapely.from_geojson(json.dumps(shape))
            except (shapely.GEOSException, TypeError, ValueError) as error:
                problems[i] = f"expected a geometry, but it cannot be built ({str(error).strip()[:120]})"
    # House coordinates come by the hundred thousand; one call for all points is fifty times faster than one for each.
    if points:
        places = [features[i]["geometry"]["coordinates"] for i in points]
        geometries[points] = _points(places)
    return geometries, problems


def _is_point(shape: Any) -> bool:
    if not isinstance(shape, dict) or shape.get("type") != "Point":
        return False
    place = shape.get("coordinates")
    return isinstance(place, list) and len(place) >= 2 and all(isinstance(c, (int, float)) for c in place)


def _points(places: list[list[float]]) -> Geometries:
    depth = 3 if any(len(place) > 2 for place in places) else 2
    if depth == 2:
        return np.asarray(shapely.points(np.array(places, dtype=float)), dtype=object)
    return np.array([shapely.Point(place[:3]) for place in places], dtype=object)
