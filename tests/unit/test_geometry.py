"""CRS, axes and prefixes are recognised against the expected extent; outlines are repaired and the loss is counted."""

import numpy as np
import pyproj
import pytest
import shapely

from etl.geometry import Geometries, points, repair_polygons, simplify_outlines, to_storage
from geodata.errors import DeliveryRefused
from tests.factories.files import BOW_TIE, HAGEN, NEIGHBOUR, SQUARE

# One place near Hagen in the ways in which offices write it.
LON_LAT = (7.5, 51.35)
UTM = pyproj.Transformer.from_crs(4326, 25832, always_xy=True).transform(*LON_LAT)
# Cologne's .prj: UTM 32 with another false easting and a vertical part, to which no authority gave a code.
COLOGNE = (
    'PROJCS["WGS_1984_UTM_Zone_32N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",2500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",9.0],'
    'PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def crs(text: str) -> pyproj.CRS:
    return pyproj.CRS.from_user_input(text)


def shapes(*wanted: object) -> Geometries:
    made = np.full(len(wanted), None, dtype=object)
    made[:] = wanted
    return made


def place_of(shape: shapely.Point) -> tuple[float, float]:
    return (round(shape.x, 2), round(shape.y, 2))


HERE = (round(UTM[0], 2), round(UTM[1], 2))


@pytest.mark.parametrize(
    ("code", "xy", "said"),
    [
        ("EPSG:25832", UTM, None),
        ("EPSG:4326", LON_LAT, None),
        ("OGC:CRS84", LON_LAT, None),
        ("EPSG:4647", (UTM[0] + 32_000_000, UTM[1]), None),
        ("EPSG:25832", (UTM[0] + 32_000_000, UTM[1]), "start with the zone number 32"),
        ("EPSG:4647", UTM, "lack the zone number 32"),
        ("EPSG:25832", UTM[::-1], "axes are swapped"),
        ("EPSG:4326", LON_LAT[::-1], "axes are swapped"),
        ("EPSG:4647", (UTM[1], UTM[0] + 32_000_000), "axes are swapped"),
        ("EPSG:25832", (UTM[1], UTM[0] + 32_000_000), "axes are swapped"),
    ],
)
def test_one_place_however_it_is_written(code: str, xy: tuple[float, float], said: str | None) -> None:
    placed = to_storage(shapes(shapely.Point(xy)), crs(code), expected_extent=HAGEN)
    assert place_of(placed.geometries[0]) == HERE
    assert not placed.outside.any()
    assert [remark for remark in placed.remarks if said is None or said not in remark] in ([], list(placed.remarks[:1]))
    assert any(said in remark for remark in placed.remarks) if said else placed.remarks == ()


def test_without_an_expected_extent_the_area_of_use_shows_swapped_axes() -> None:
    placed = to_storage(shapes(shapely.Point(UTM[::-1])), crs("EPSG:25832"), expected_extent=None)
    assert place_of(placed.geometries[0]) == HERE
    assert "swapped" in placed.remarks[0]


def test_a_few_points_outside_do_not_turn_the_axes() -> None:
    elsewhere = shapely.Point(UTM[0] + 500_000, UTM[1])
    placed = to_storage(
        shapes(shapely.Point(UTM), elsewhere, shapely.Point(UTM)), crs("EPSG:25832"), expected_extent=HAGEN
    )
    assert placed.outside.tolist() == [False, True, False]
    assert placed.remarks == ()
    assert placed.hint is None


def test_a_crs_that_does_not_fit_leaves_a_hint() -> None:
    placed = to_storage(shapes(shapely.Point(UTM)), crs("EPSG:3857"), expected_extent=HAGEN)
    assert placed.outside.all()
    assert placed.hint == "Read as WGS 84 / Pseudo-Mercator they lie outside; as EPSG:25832 they would lie inside."


def test_a_crs_without_a_code_is_transformed_by_its_own_definition_and_it_is_said() -> None:
    x, y = pyproj.Transformer.from_crs(4326, 32632, always_xy=True).transform(*LON_LAT)
    placed = to_storage(shapes(shapely.Point(x + 2_000_000, y)), crs(COLOGNE), expected_extent=HAGEN)
    # WGS84 and ETRS89 are a few decimetres apart; the false easting would be 2,000 km.
    assert shapely.distance(placed.geometries[0], shapely.Point(UTM)) < 1
    assert "has no code; transformed by its own definition" in placed.remarks[0]


def test_a_vertical_part_and_heights_are_dropped_and_it_is_said() -> None:
    place = shapely.Point(*UTM, 107.5)
    placed = to_storage(shapes(place, shapely.Point(UTM)), crs("EPSG:25832+7837"), expected_extent=HAGEN)
    assert place_of(placed.geometries[0]) == HERE
    assert not shapely.has_z(placed.geometries).any()
    assert "1 of 2 geometries have heights or measures; dropped." in placed.remarks


def test_measures_are_dropped_as_well() -> None:
    place = shapely.from_wkt(f"POINT ZM ({UTM[0]} {UTM[1]} 107.5 4)")
    placed = to_storage(shapes(place), crs("EPSG:25832"), expected_extent=HAGEN)
    assert shapely.get_coordinate_dimension(placed.geometries[0]) == 2


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (shapely.Point(), "it is empty"),
        (shapely.Point(float("nan"), 51.35), "not a number"),
        (shapely.Point(float("inf"), 51.35), "not a number"),
        (shapely.Point(7.5, 95), "has no place there"),
    ],
)
def test_what_cannot_be_placed_has_a_reason(shape: shapely.Point, reason: str) -> None:
    placed = to_storage(shapes(shapely.Point(LON_LAT), shape), crs("EPSG:4326"), expected_extent=HAGEN)
    assert list(placed.problems) == [1]
    assert reason in placed.problems[1]
    assert placed.geometries[1] is None
    assert not placed.outside[1]


def test_a_missing_geometry_is_no_problem_of_the_place() -> None:
    placed = to_storage(shapes(shapely.Point(UTM), None), crs("EPSG:25832"), expected_extent=HAGEN)
    assert (placed.geometries[1], dict(placed.problems), placed.outside.tolist()) == (None, {}, [False, False])


def test_without_a_crs_nothing_is_placed() -> None:
    with pytest.raises(DeliveryRefused, match="neither the file nor the mapping"):
        to_storage(shapes(SQUARE), None, expected_extent=HAGEN)


def test_an_outline_that_reaches_over_the_extent_is_outside() -> None:
    wide = shapely.box(UTM[0], UTM[1], UTM[0] + 300_000, UTM[1] + 10)
    placed = to_storage(shapes(SQUARE, wide), crs("EPSG:25832"), expected_extent=HAGEN)
    assert placed.outside.tolist() == [False, True]


def test_no_geometry_at_all_is_no_error() -> None:
    placed = to_storage(shapes(), crs("EPSG:25832"), expected_extent=HAGEN)
    assert len(placed.geometries) == 0


def test_points_from_columns_leave_gaps() -> None:
    made = points([1.0, np.nan], [2.0, 3.0])
    assert made[0].equals(shapely.Point(1, 2))
    assert made[1] is None


# --- repair -----------------------------------------------------------------------------------------------------------


def test_a_valid_outline_becomes_a_multipolygon_without_a_repair() -> None:
    repaired = repair_polygons(shapes(SQUARE))
    assert repaired.geometries[0].geom_type == "MultiPolygon"
    assert repaired.geometries[0].area == pytest.approx(10_000)
    assert (repaired.reasons, repaired.area_lost_m2, repaired.failed) == ({}, {}, {})


def test_a_self_crossing_ring_is_repaired_with_its_reason() -> None:
    repaired = repair_polygons(shapes(SQUARE, BOW_TIE))
    assert repaired.geometries[1].is_valid
    assert repaired.geometries[1].area == pytest.approx(5_000)
    assert repaired.reasons[1].startswith("Self-intersection")
    assert repaired.area_lost_m2 == {1: 0.0}


def test_the_area_that_a_repair_takes_away_is_counted() -> None:
    # The same square twice in one outline: its area had been counted twice.
    doubled = shapely.MultiPolygon([SQUARE, shapely.Polygon(SQUARE.exterior)])
    repaired = repair_polygons(shapes(doubled))
    assert repaired.geometries[0].area == pytest.approx(10_000)
    assert repaired.area_lost_m2[0] == pytest.approx(10_000)


def test_spikes_and_collapsed_parts_are_dropped_and_polygons_kept() -> None:
    corners = [(0, 0), (100, 0), (100, 100), (100, 200), (100, 100), (0, 100)]
    flat = shapely.Polygon([(500, 0), (600, 0), (500, 0), (500, 0)])
    repaired = repair_polygons(shapes(shapely.MultiPolygon([shapely.Polygon(corners), flat])))
    assert repaired.geometries[0].equals(shapely.MultiPolygon([shapely.box(0, 0, 100, 100)]))
    assert list(repaired.reasons) == [0]


def test_the_polygons_of_a_collection_are_kept() -> None:
    collection = shapely.GeometryCollection([SQUARE, shapely.Point(1, 1), shapely.MultiPolygon([NEIGHBOUR])])
    repaired = repair_polygons(shapes(collection))
    assert len(repaired.geometries[0].geoms) == 2


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (None, "there is none"),
        (shapely.Point(1, 1), "a Point came"),
        (shapely.LineString([(0, 0), (1, 1)]), "a LineString came"),
        (shapely.Polygon([(0, 0), (1, 0), (0, 0), (0, 0)]), "nothing is left"),
    ],
)
def test_what_is_no_outline_fails_with_a_reason(shape: shapely.Geometry | None, reason: str) -> None:
    repaired = repair_polygons(shapes(SQUARE, shape))
    assert repaired.geometries[1] is None
    assert reason in repaired.failed[1]
    assert repaired.reasons == {}


# --- simplification ---------------------------------------------------------------------------------------------------


def _wavy_neighbours() -> tuple[shapely.Polygon, shapely.Polygon]:
    y = np.linspace(5_690_000, 5_691_000, 500)
    border = list(zip(395_500 + 2 * np.sin(y), y, strict=True))
    west = shapely.Polygon([(395_000, 5_691_000), (395_000, 5_690_000), *border])
    east = shapely.Polygon([(396_000, 5_690_000), (396_000, 5_691_000), *border[::-1]])
    return west, east


def test_neighbours_keep_one_common_border() -> None:
    west, east = simplify_outlines(shapes(*_wavy_neighbours()))
    assert shapely.get_num_coordinates(west) < 150
    assert shapely.relate_pattern(west, east, "FF2F11212")
    assert shapely.total_bounds([west, east]) == pytest.approx([7.49, 51.35, 7.51, 51.36], abs=0.02)


def test_overlapping_areas_stay_valid_and_missing_ones_missing() -> None:
    over = shapely.affinity.translate(SQUARE, 50, 50)
    simple = simplify_outlines(shapes(SQUARE, None, over))
    assert simple[1] is None
    assert all(shape.is_valid and shape.geom_type == "MultiPolygon" for shape in simple[[0, 2]])


def test_a_small_outline_does_not_vanish() -> None:
    tiny = shapely.Point(395_000, 5_690_000).buffer(1)
    (simple,) = simplify_outlines(shapes(tiny))
    assert not simple.is_empty
    assert simple.is_valid
