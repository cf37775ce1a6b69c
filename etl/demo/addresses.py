"""House numbers: odd on the right side of a street, even on the left, rising from its start."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from etl.demo.buildings import Buildings, Ints
from etl.demo.drawing import Floats
from etl.demo.outlines import Outline


@dataclass(frozen=True)
class Addresses:
    """One entry for each address, ordered by street, side and number; `suffix` is empty or a letter.

    `street` and `building` are indices, `xy` the house coordinate in EPSG:25832, `ward` the index of the Wohnbezirk.
    """

    street: Ints
    number: Ints
    suffix: list[str]
    building: Ints
    xy: Floats
    ward: Ints

    def house_number(self, index: int) -> str:
        """Number and suffix as people write them."""
        return f"{self.number[index]}{self.suffix[index]}"


def number_houses(buildings: Buildings, wards: list[Outline], rng: np.random.Generator) -> Addresses:
    """Number all buildings; some numbers are missing, some houses share one and have the suffix a."""
    order = np.lexsort((buildings.position_m, buildings.side, buildings.street))
    street, side = buildings.street[order], buildings.side[order]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (street[1:] != street[:-1]) | (side[1:] != side[:-1])
    step = rng.choice((0, 1, 2), size=len(order), p=(0.03, 0.93, 0.04))
    # Two houses may share a number, three may not: a step of 0 follows a real one.
    step[1:][step[:-1] == 0] = 1
    step[is_first] = 1
    running = np.cumsum(step)
    start = np.maximum.accumulate(np.where(is_first, running, 0))
    number = 2 * (running - start) + np.where(side > 0, 2, 1)
    xy = buildings.door[order]
    return Addresses(street, number, np.where(step == 0, "a", "").tolist(), order, xy, _ward_of(xy, wards))


def _ward_of(xy: Floats, wards: list[Outline]) -> Ints:
    points: Any = shapely.points(xy)
    found = np.zeros(len(xy), dtype=np.int64)
    point, ward = shapely.STRtree([ward.polygon for ward in wards]).query(points, predicate="intersects")
    found[point] = ward
    return found
