"""The invented city as a whole: areas, land, streets with names, blocks, buildings and addresses."""

from dataclasses import dataclass

import numpy as np

from etl.demo.addresses import Addresses, number_houses
from etl.demo.blocks import Ground, lay_ground
from etl.demo.buildings import Buildings, build_houses
from etl.demo.names import name_streets
from etl.demo.outlines import Outlines, draw_outlines
from etl.demo.streets import Street, lay_streets
from etl.demo.terrain import Land, shape_land


@dataclass(frozen=True)
class City:
    """Everything that stands still; coordinates are EPSG:25832."""

    outlines: Outlines
    land: Land
    streets: list[Street]
    street_names: list[str]
    ground: Ground
    buildings: Buildings
    addresses: Addresses


def found_city(seed: int) -> City:
    """Build the city; the same seed gives the same city.

    Each part draws from a generator of its own, so that a change to one part leaves the others as they were.
    """
    chances = [np.random.default_rng([seed, part]) for part in range(6)]
    outlines = draw_outlines()
    land = shape_land(chances[0])
    streets = lay_streets(land, outlines.city, chances[1])
    ground = lay_ground(streets, land, outlines.city, chances[2])
    buildings = build_houses(streets, land, ground.parks, chances[3])
    return City(
        outlines=outlines,
        land=land,
        streets=streets,
        street_names=name_streets([street.is_main for street in streets], chances[4]),
        ground=ground,
        buildings=buildings,
        addresses=number_houses(buildings, outlines.wards, chances[5]),
    )
