"""Vector tiles of the background: streets, buildings, water, railway and green as Mapbox Vector Tiles (EPSG:3857).

What a tile holds follows its zoom: far out only what carries the shape of the city, close in every building. A tile
without content is empty bytes.
"""

from datetime import date
from importlib.resources import files
from typing import Final

from sqlalchemy import text

from geodata.access import Asker
from geodata.errors import InvalidFilter

ZOOM_MIN: Final = 8
ZOOM_MAX: Final = 16

# kind -> zoom from which it is drawn
_FROM_ZOOM: Final = {"water": 8, "green": 8, "railway": 9, "street": 10, "block": 10, "building": 14}
_ALL_STREETS_FROM_ZOOM: Final = 12
_QUERY: Final = text(files("geodata").joinpath("sql/context_tile.sql").read_text(encoding="utf-8"))


def read_tile(asker: Asker, z: int, x: int, y: int, as_of: date) -> bytes:
    """One tile of the background valid on a date; raises `InvalidFilter` for a tile that does not exist."""
    asker.require("area:read")
    if not ZOOM_MIN <= z <= ZOOM_MAX or not (0 <= x < 2**z and 0 <= y < 2**z):
        raise InvalidFilter("tile", f"There is no tile {z}/{x}/{y}: tiles reach from zoom {ZOOM_MIN} to {ZOOM_MAX}.")
    found = asker.connection.execute(
        _QUERY,
        {
            "municipality": asker.scope.municipality,
            "z": z,
            "x": x,
            "y": y,
            "as_of": as_of,
            "kinds": [kind for kind, zoom in _FROM_ZOOM.items() if z >= zoom],
            "is_every_street": z >= _ALL_STREETS_FROM_ZOOM,
        },
    ).scalar_one()
    return bytes(found)
