"""The invented city is a city: areas tile it, streets have names, houses stand beside streets and have numbers."""

import numpy as np
import pytest
import shapely

from etl.demo import DEFAULT_SEED, names
from etl.demo.city import City
from etl.demo.outlines import Outline
from etl.demo.streets import lay_streets
from etl.demo.terrain import shape_land
from tests.factories.demo_city import demo_city


@pytest.fixture(scope="module")
def city() -> City:
    return demo_city()


def _polygons(outlines: list[Outline]) -> list[shapely.Polygon]:
    return [outline.polygon for outline in outlines]


@pytest.mark.parametrize("kind", ["districts", "wards"])
def test_areas_of_a_kind_tile_the_city(city: City, kind: str) -> None:
    polygons = _polygons(getattr(city.outlines, kind))

    assert all(polygon.is_valid and polygon.geom_type == "Polygon" for polygon in polygons)
    assert shapely.coverage_is_valid(polygons)
    assert shapely.union_all(polygons).equals(city.outlines.city)
    assert sum(polygon.area for polygon in polygons) == pytest.approx(city.outlines.city.area)


def test_the_city_is_about_as_large_as_hagen(city: City) -> None:
    assert [district.name for district in city.outlines.districts] == [
        "Mitte", "Nord", "Hohenlimburg", "Eilpe/Dahl", "Haspe",
    ]  # fmt: skip
    assert city.outlines.city.area / 1e6 == pytest.approx(160, rel=0.06)


def test_one_ward_lies_in_two_districts(city: City) -> None:
    shares: dict[str, list[float]] = {}
    for link in city.outlines.links:
        shares.setdefault(link.ward, []).append(link.share)

    assert [ward for ward, parts in shares.items() if len(parts) == 2] == ["120"]
    assert all(sum(parts) == pytest.approx(1, abs=0.001) for parts in shares.values())


def test_focus_area_covers_most_of_its_quarters_without_nesting(city: City) -> None:
    focus = city.outlines.focus_areas[0].polygon
    for quarter in city.outlines.quarters[:2]:
        covered = quarter.polygon.intersection(focus).area / quarter.polygon.area
        assert 0.8 < covered < 1, quarter.name


def test_size_is_that_of_a_city(city: City) -> None:
    assert 600 <= len(city.streets) <= 1400
    assert 15_000 <= len(city.addresses.number) <= 25_000
    assert len(city.ground.blocks) > 300
    assert set(city.buildings.style.tolist()) == {0, 1, 2, 3}


def test_every_street_has_a_name_of_its_own(city: City) -> None:
    assert len(set(city.street_names)) == len(city.streets) == len(city.street_names)


def test_streets_do_not_form_a_lattice(city: City) -> None:
    """Directions spread over the half circle: no tenth of it holds more than a quarter of the length."""
    pieces = shapely.get_coordinates([street.line for street in city.streets], return_index=True)
    inner = pieces[1][1:] == pieces[1][:-1]
    step = np.diff(pieces[0], axis=0)[inner]
    angle = np.degrees(np.arctan2(step[:, 1], step[:, 0])) % 180
    share = np.histogram(angle, bins=10, range=(0, 180), weights=np.hypot(*step.T))[0]

    assert share.max() / share.sum() < 0.25


def test_streets_keep_out_of_the_water_except_on_bridges(city: City) -> None:
    wet = shapely.length(shapely.intersection([street.line for street in city.streets], city.land.water))
    total = sum(street.line.length for street in city.streets)

    assert (wet > 0).sum() >= 10
    assert wet.sum() / total < 0.02


def test_buildings_stand_on_land_and_not_in_each_other(city: City) -> None:
    footprints = city.buildings.footprints
    assert shapely.is_valid(footprints).all()
    assert not shapely.intersects(footprints, city.land.water).any()

    first, second = shapely.STRtree(footprints).query(footprints, predicate="intersects")
    other = first < second
    overlap = shapely.area(shapely.intersection(footprints[first[other]], footprints[second[other]]))
    assert (overlap / shapely.area(footprints[first[other]])).max() < 0.2


def test_no_building_stands_on_a_street(city: City) -> None:
    tree = shapely.STRtree([street.line for street in city.streets])

    assert tree.query(city.buildings.footprints, predicate="dwithin", distance=5.0).shape[1] == 0


def test_house_numbers_are_unique_and_even_on_the_left(city: City) -> None:
    addresses, side = city.addresses, city.buildings.side[city.addresses.building]
    numbers = list(zip(addresses.street.tolist(), addresses.number.tolist(), addresses.suffix, strict=True))

    assert len(set(numbers)) == len(numbers)
    assert ((addresses.number % 2 == 0) == (side > 0)).all()
    assert addresses.number.min() >= 1
    assert {"", "a"} == set(addresses.suffix)


def test_every_house_coordinate_lies_in_its_building(city: City) -> None:
    points, owners = shapely.points(city.addresses.xy), city.buildings.footprints[city.addresses.building]

    assert shapely.intersects(points, owners).all()


def test_the_same_seed_gives_the_same_streets(city: City) -> None:
    chances = [np.random.default_rng([DEFAULT_SEED, part]) for part in range(2)]
    again = lay_streets(shape_land(chances[0]), city.outlines.city, chances[1])
    other = lay_streets(city.land, city.outlines.city, np.random.default_rng([DEFAULT_SEED + 1, 1]))

    assert [street.line.wkb for street in again] == [street.line.wkb for street in city.streets]
    assert [street.line.wkb for street in other] != [street.line.wkb for street in city.streets]


def test_names_come_in_all_their_forms() -> None:
    pool = names.all_names()

    assert len(pool) == len(set(pool)) > 3000
    assert all(any(name.startswith(start) for name in pool) for start in ("Am ", "An der ", "Im ", "Zum ", "Auf der "))
