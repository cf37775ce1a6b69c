"""Files about what stands still: areas and their links, background of the map, house coordinates, interval rules."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from etl.demo import files, german_columns, words
from etl.demo.city import City
from etl.demo.outlines import Outline
from etl.demo.rules import RULES

SCHEMATIC: Final = "Erfundene Beispieldaten, von Hand gezeichnetes Schema"
# What the outlines of the second delivery call a ward: one area, two versions.
RENAMED_WARD: Final = ("102", "Bahnhof und Funkenfeld Nord")


def write_districts(folder: Path, city: City, on: date) -> Path:
    """The Stadtbezirke as GeoPackage."""
    path = folder / f"stadtbezirke_{on}.gpkg"
    _write_areas(path, city.outlines.districts)
    return path


def write_wards(folder: Path, city: City, on: date, *, is_renamed: bool = False) -> Path:
    """The Wohnbezirke as GeoPackage; the later delivery has a new name for one of them."""
    path = folder / f"wohnbezirke_{on}.gpkg"
    key, name = RENAMED_WARD
    wards = city.outlines.wards
    _write_areas(path, [Outline(w.kind, w.key, name, w.polygon) if is_renamed and w.key == key else w for w in wards])
    return path


def _write_areas(path: Path, outlines: list[Outline]) -> None:
    rows = [(outline.kind, outline.key, outline.name, SCHEMATIC) for outline in outlines]
    columns = dict(zip(german_columns.AREAS, map(list, zip(*rows, strict=True)), strict=True))
    files.write_geopackage(path, path.stem.split("_")[0], columns, [outline.polygon for outline in outlines])


def write_quarters(folder: Path, city: City, on: date) -> Path:
    """Quarters and focus areas in one GeoJSON; they overlap with everything else."""
    path = folder / f"quartiere_{on}.geojson"
    outlines = city.outlines.quarters + city.outlines.focus_areas
    rows = [(outline.kind, outline.key, outline.name, SCHEMATIC) for outline in outlines]
    files.write_geojson(
        path, [dict(zip(german_columns.AREAS, row, strict=True)) for row in rows], [one.polygon for one in outlines]
    )
    return path


def write_area_links(folder: Path, city: City, on: date) -> Path:
    """Which ward lies in which district, with its share: one ward lies in two."""
    path = folder / f"zuordnung_gebiete_{on}.csv"
    rows = [("wohnbezirk", link.ward, "stadtbezirk", link.district, link.share) for link in city.outlines.links]
    files.write_csv(path, german_columns.AREA_LINKS, rows)
    return path


def write_buildings(folder: Path, city: City, on: date) -> Path:
    """Footprints of all buildings as GeoPackage."""
    return _write_context(folder / f"gebaeude_{on}.gpkg", [("building", "", city.buildings.footprints)])


def write_streets(folder: Path, city: City, on: date) -> Path:
    """Middle lines of all streets with their names as GeoPackage."""
    lines = [("street", name, [street.line]) for name, street in zip(city.street_names, city.streets, strict=True)]
    return _write_context(folder / f"strassen_{on}.gpkg", lines)


def write_background(folder: Path, city: City, on: date) -> Path:
    """Blocks, water, railway, woods and parks in one GeoJSON."""
    land, ground = city.land, city.ground
    inside = city.outlines.city
    groups = [
        ("block", "", ground.blocks),
        ("green", "Wald", ground.woods),
        ("green", "Park", ground.parks),
        ("water", "", [shapely.intersection(land.water, inside)]),
        *(("railway", name, [shapely.intersection(line, inside)]) for name, line in land.railways),
    ]
    path = folder / f"hintergrund_{on}.geojson"
    columns, shapes = _numbered(groups)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    files.write_geojson(path, rows, shapes)
    return path


def _write_context(path: Path, groups: list[tuple[str, str, Any]]) -> Path:
    columns, shapes = _numbered(groups)
    files.write_geopackage(path, path.stem.split("_")[0], columns, shapes)
    return path


def _numbered(groups: list[tuple[str, str, Any]]) -> tuple[dict[str, Any], list[Any]]:
    """Columns Art, Schluessel (running number within the file) and Name, and all shapes."""
    kinds = [kind for kind, _, shapes in groups for _ in shapes]
    names = [name or None for _, name, shapes in groups for _ in shapes]
    keys = [f"{number:06d}" for number in range(1, len(kinds) + 1)]
    return dict(zip(german_columns.CONTEXT, (kinds, keys, names), strict=True)), [
        one for _, _, group in groups for one in group
    ]


def write_addresses(folder: Path, city: City, on: date) -> Path:
    """House coordinates in the form of gebref.txt: no header, decimal commas, EPSG:25832."""
    path = folder / f"gebref_{on}.txt"
    addresses, wards = city.addresses, city.outlines.wards
    numbers = addresses.number.tolist()
    streets = [(f"{index + 1:05d}", name) for index, name in enumerate(city.street_names)]
    east, north = np.round(addresses.xy.T, 3).tolist()
    rows = (
        ("N", f"DEDEMO01{at:08d}", "A", "00", "Beispielland", "0", "", "00", "Beispielstadt", "000",
        "Beispielstadt Hagen (erfunden)",
         wards[ward].key, wards[ward].name, *streets[street], numbers[at], addresses.suffix[at], "32", east[at],
         north[at], on)
        for at, (street, ward) in enumerate(zip(addresses.street.tolist(), addresses.ward.tolist(), strict=True))
    )  # fmt: skip
    files.write_csv(path, german_columns.ADDRESSES, rows, with_header=False)
    return path


def write_rules(folder: Path, on: date) -> Path:
    """Interval rules as CSV."""
    path = folder / f"kontrollregeln_{on}.csv"
    rows = [
        (
            rule.key, words.CONTROL_TYPES[rule.control_type], *(rule.area or ("", "")),
            words.USE_TYPES.get(rule.use_type, ""),
            rule.interval_days, words.ACCESS[rule.access], words.ACCESS[rule.access_if_empty],
            words.YES_NO[rule.is_statutory],
            rule.legal_basis, rule.reason, rule.resolution, rule.decided_by, rule.valid_from, rule.valid_to,
            rule.release_after,
        )
        for rule in RULES
    ]  # fmt: skip
    files.write_csv(path, german_columns.RULES, rows)
    return path
