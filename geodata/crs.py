"""The two coordinate reference systems of the project and what lies between them.

Everything is stored in EPSG:25832 (ETRS89 / UTM 32N, metres; in use for all of Germany). EPSG:4326 (longitude, latitude
in degrees) appears only at the edge: what a browser sends and what it is sent.
"""

from typing import Final

STORAGE_SRID: Final = 25832
DISPLAY_SRID: Final = 4326
