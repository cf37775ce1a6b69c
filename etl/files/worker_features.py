"""GeoPackage, Shapefile and GML in the child process, by GDAL with only the drivers that `geodata.gdal_env` leaves."""

import warnings
from typing import Any

import geodata.gdal_env  # isort: skip  # noqa: F401  # GDAL reads its environment when it is imported: this line comes first

import numpy as np
import pyogrio
import pyogrio.errors
import pyogrio.raw

from etl.files.worker_output import as_text, write_records
from geodata.errors import DeliveryRefused


def read_features(request: dict[str, Any]) -> dict[str, Any]:
    """Read one layer: requested fields as text, geometry as WKB, the CRS as text that pyproj understands."""
    name, path = request["name"], request["path"]
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            layer = _choose_layer(name, pyogrio.list_layers(path), request["sheet"])
            info = pyogrio.read_info(path, layer=layer)
            fields = [str(field) for field in info["fields"]]
            wanted = (
                fields if request["columns"] is None else [field for field in fields if field in request["columns"]]
            )
            meta, _, geometry, values = pyogrio.raw.read(path, layer=layer, columns=wanted)
    except pyogrio.errors.DataSourceError as error:
        raise DeliveryRefused(f"Expected a readable {request['format']}, but {name} is damaged ({error}).") from None
    by_name = {str(field): column for field, column in zip(meta["fields"], values, strict=True)}
    write_records(
        request["target"],
        range(1, len(geometry) + 1),
        {field: [as_text(value, request["decimal"]) for value in _plain(by_name[field])] for field in wanted},
        list(geometry),
    )
    remarks = sorted({str(warning.message) for warning in said if issubclass(warning.category, RuntimeWarning)})
    return {"columns": fields, "crs": info["crs"], "remarks": [f"GDAL says: {remark}" for remark in remarks]}


def _choose_layer(name: str, layers: "np.ndarray[Any, Any]", wanted: str | None) -> str:
    names = [str(layer) for layer, geometry_type in layers if geometry_type is not None]
    if wanted is not None and wanted in names:
        return wanted
    if wanted is None and len(names) == 1:
        return names[0]
    expected = "one layer with geometry" if wanted is None else f"the layer {wanted!r}"
    raise DeliveryRefused(f"Expected {expected}, but {name} has {', '.join(map(repr, names)) or 'none'}.")


def _plain(values: "np.ndarray[Any, Any]") -> list[Any]:
    if np.issubdtype(values.dtype, np.datetime64):
        return [None if np.isnat(value) else value.astype("datetime64[ms]").item() for value in values]
    return list(values.tolist())
