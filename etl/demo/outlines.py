"""Areas of the demonstration city: districts, wards, quarters and focus areas, all of them schematic.

Five Stadtbezirke carry the names that Hagen uses,
their outlines are drawn by hand. Wohnbezirke are drawn round hand-set
centres; one of them lies in two Stadtbezirke, because areas of real cities do not nest either. Quarters and focus areas
are outlines of their own that follow nothing else.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from etl.demo import drawing

_CORNERS: Final = {
    "a": (2.0, 12.7), "b": (3.5, 14.9), "c": (6.0, 15.8), "d": (8.9, 16.5), "e": (11.5, 15.3), "f": (13.2, 14.0),
    "g": (15.1, 12.6), "h": (17.2, 11.5), "i": (17.6, 8.7), "j": (17.3, 5.8), "k": (13.3, 5.6), "l": (12.9, 2.9),
    "m": (10.9, 0.8), "n": (8.0, 1.9), "o": (6.3, 3.1), "p": (5.8, 6.2), "q": (3.3, 6.4), "r": (0.9, 7.9),
    "s": (0.7, 10.7), "t": (5.1, 12.2), "t1": (7.4, 12.0), "t2": (9.4, 12.5), "u": (11.7, 12.3), "u1": (12.1, 10.1),
    "v": (11.6, 7.8), "v1": (9.6, 7.2), "w": (6.2, 7.9), "w1": (5.8, 10.1),
}  # fmt: skip

_DISTRICTS: Final = {
    ("1", "Mitte"): ("t", "t1", "t2", "u", "u1", "v", "v1", "w", "w1"),
    ("2", "Nord"): ("a", "b", "c", "d", "e", "f", "u", "t2", "t1", "t"),
    ("3", "Hohenlimburg"): ("u", "f", "g", "h", "i", "j", "k", "v", "u1"),
    ("4", "Eilpe/Dahl"): ("w", "v1", "v", "k", "l", "m", "n", "o", "p"),
    ("5", "Haspe"): ("a", "t", "w1", "w", "p", "q", "r", "s"),
}

# key: (name, district or districts, centres); the names are invented.
_WARDS: Final = {
    "101": ("Altmarkt", "1", ((8.9, 10.0),)),
    "102": ("Bahnhof und Funkenfeld", "1", ((7.9, 11.1),)),
    "103": ("Wehringhausen", "1", ((6.8, 9.7),)),
    "104": ("Ammerhöhe", "1", ((9.6, 11.6),)),
    "105": ("Rosenkoppel", "1", ((10.6, 9.3),)),
    "106": ("Südhang", "1", ((7.9, 8.4),)),
    "201": ("Vorhöven", "2", ((5.6, 13.9),)),
    "202": ("Bohlfeld", "2", ((9.4, 13.4),)),
    "203": ("Kestert", "2", ((8.2, 15.8),)),
    "204": ("Gartenlohe", "2", ((11.4, 13.6),)),
    "301": ("Lannetal", "3", ((15.4, 9.0),)),
    "302": ("Elseringen", "3", ((13.7, 10.7),)),
    "303": ("Reherberg", "3", ((16.4, 11.2),)),
    "304": ("Holtenrath", "3", ((14.0, 7.0),)),
    "401": ("Eilper Tor", "4", ((9.5, 6.6),)),
    "402": ("Dahlbruch", "4", ((9.8, 3.5),)),
    "403": ("Zurhöfen", "4", ((7.4, 4.6),)),
    "404": ("Breckerhöhe", "4", ((12.0, 4.4),)),
    "501": ("Hasper Talstraße", "5", ((4.3, 9.4),)),
    "502": ("Westerfeld", "5", ((2.0, 9.2),)),
    "503": ("Spielerhöhe", "5", ((3.2, 11.4),)),
    "504": ("Kirchhasel", "5", ((4.3, 7.4),)),
    # The ward that lies in two districts has a centre on each side of the border.
    "120": ("Kuhlenbrink", "15", ((5.62, 8.9), (6.1, 8.75))),
}

_QUARTERS: Final = {
    ("quartier", "wehringhausen", "Wehringhausen"): (
        (6.05, 9.35), (6.35, 10.25), (7.15, 10.62), (7.55, 10.28), (7.62, 9.72), (7.2, 9.2), (6.5, 9.0),
    ),
    ("custom", "bahnhofsviertel", "Bahnhofsviertel"): (
        (7.15, 10.62), (7.42, 11.05), (8.12, 11.2), (8.5, 10.85), (8.32, 10.42), (7.85, 10.25), (7.55, 10.28),
    ),
    ("quartier", "altmarkt", "Altmarkt"): (
        (8.2, 10.25), (8.55, 10.85), (9.2, 10.75), (9.45, 10.1), (9.0, 9.55), (8.3, 9.65),
    ),
    ("quartier", "hasper-tal", "Hasper Tal"): (
        (3.1, 9.0), (3.2, 9.95), (4.2, 10.2), (5.0, 9.9), (4.9, 9.1), (4.0, 8.8),
    ),
}  # fmt: skip

_FOCUS: Final = {
    ("fokusraum", "fr1", "Fokusraum Bahnhofsviertel und Wehringhausen"): (
        (6.1, 9.3), (6.4, 10.3), (7.2, 10.85), (7.45, 11.2), (8.15, 11.2), (8.5, 10.8), (8.4, 10.3), (7.75, 9.65),
        (7.25, 9.05), (6.45, 8.88),
    ),
    ("fokusraum", "fr2", "Fokusraum Haspe"): (
        (3.3, 9.05), (3.35, 9.85), (4.25, 10.05), (4.75, 9.7), (4.6, 9.0), (4.0, 8.75),
    ),
}  # fmt: skip

_BORDER_STEP_M: Final = 60.0
# Borders that mean the same line differ in the last digits; on this grid they are one.
_GRID_M: Final = 0.01


@dataclass(frozen=True)
class Outline:
    """One area: kind and key as the database has them, name, polygon in EPSG:25832."""

    kind: str
    key: str
    name: str
    polygon: Any


@dataclass(frozen=True)
class Link:
    """A ward lies in a district with a share of its area, 0 to 1."""

    ward: str
    district: str
    share: float


@dataclass(frozen=True)
class Outlines:
    """All areas, the links between wards and districts, and the whole city."""

    districts: list[Outline]
    wards: list[Outline]
    quarters: list[Outline]
    focus_areas: list[Outline]
    links: list[Link]
    city: Any


def draw_outlines() -> Outlines:
    """Draw all areas; wards and districts are built of the same faces, so both tile the city exactly."""
    straight = {
        key: shapely.polygons(drawing.to_metres([_CORNERS[c] for c in ring])) for key, ring in _DISTRICTS.items()
    }
    cells = _ward_cells({key[0]: polygon for key, polygon in straight.items()})
    borders = shapely.boundary([*straight.values(), *(cell for _, _, cell in cells)])
    faces = [
        drawing.bend(face)
        for face in drawing.faces_of(shapely.segmentize(shapely.union_all(borders, grid_size=_GRID_M), _BORDER_STEP_M))
    ]
    inner = shapely.point_on_surface(faces)
    bent_cells = [
        (ward, district, drawing.bend(shapely.segmentize(cell, _BORDER_STEP_M))) for ward, district, cell in cells
    ]
    owner = [next((w, d) for w, d, cell in bent_cells if shapely.covers(cell, point)) for point in inner]
    districts = [
        Outline("stadtbezirk", key, name, _joined(faces, [d == key for _, d in owner])) for key, name in _DISTRICTS
    ]
    wards = [Outline("wohnbezirk", key, _WARDS[key][0], _joined(faces, [w == key for w, _ in owner])) for key in _WARDS]
    return Outlines(
        districts=districts,
        wards=wards,
        quarters=[_free_hand(*key, corners) for key, corners in _QUARTERS.items()],
        focus_areas=[_free_hand(*key, corners) for key, corners in _FOCUS.items()],
        links=_links(wards, districts),
        city=shapely.union_all(faces),
    )


def _ward_cells(districts: dict[str, Any]) -> list[tuple[str, str, Any]]:
    """Cells round the wards' centres, cut by district: (ward, district, polygon)."""
    cells = []
    for district, polygon in districts.items():
        centres = [
            (ward, point) for ward, (_, homes, points) in _WARDS.items() if district in homes for point in points
        ]
        inside = [
            (ward, xy) for ward, xy in centres if shapely.covers(polygon, shapely.points(drawing.to_metres([xy])[0]))
        ]
        parts = shapely.get_parts(
            shapely.voronoi_polygons(
                shapely.multipoints(drawing.to_metres([xy for _, xy in inside])), extend_to=polygon, ordered=True
            )
        )
        cells += [
            (ward, district, shapely.intersection(part, polygon)) for (ward, _), part in zip(inside, parts, strict=True)
        ]
    return cells


def _joined(faces: list[Any], wanted: list[bool]) -> Any:
    return shapely.union_all([face for face, is_wanted in zip(faces, wanted, strict=True) if is_wanted])


def _free_hand(kind: str, key: str, name: str, corners: drawing.Points) -> Outline:
    ring = drawing.smooth_line(corners, is_closed=True, rounds=2)
    return Outline(kind, key, name, shapely.polygons(shapely.get_coordinates(ring)))


def _links(wards: list[Outline], districts: list[Outline]) -> list[Link]:
    links = []
    for ward in wards:
        shares = shapely.area(shapely.intersection(ward.polygon, [d.polygon for d in districts])) / ward.polygon.area
        links += [
            Link(ward.key, district.key, float(np.round(share, 4)))
            for district, share in zip(districts, shares, strict=True)
            if share > 0.001
        ]
    return links
