"""Courses of a scenario (Planspiel) over invented cities: CPU seconds of both courses and of the whole answer.

Part of `make bench`; alone: `python -m benchmarks.scenario`. Nothing but numpy is at work, so there is no database. CPU
time of the process is taken and not the clock's, because others may be at work on the machine. Three types of control,
one of which serves another one; the teams manage three quarters of what the rules need, so that a long line waits: the
dear case. The wish is every 60 days in one of twenty quarters.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from geodata.areas import Area
from geodata.scenario.answer import answer
from geodata.scenario.capacity import needed_visits_per_year
from geodata.scenario.question import Scenario, Teams, Wish
from geodata.scenario.simulation import simulate
from geodata.scenario.stock import Start

SIZES = (350, 5_000, 100_000)
MONTHS = 36
QUARTERS = 20
TIMES = 5
_TYPES = ("joint_control", "housing_control", "fire_safety")


def main() -> None:
    """Measure and print."""
    for one in measure_courses():
        print(one)


def measure_courses(sizes: Sequence[int] = SIZES, times: int = TIMES) -> list[dict[str, Any]]:
    """For each size: pairs, CPU seconds of both courses of 36 months and of the whole answer, the median of some."""
    found = []
    for size in sizes:
        start = invented(size)
        scenario = asked(start)
        found.append(
            {
                "size": size,
                "pairs": start.pairs,
                "courses_seconds": round(_median_seconds(lambda: both_courses(start, scenario), times), 3),  # noqa: B023
                "answer_seconds": round(_median_seconds(lambda: answer(start, scenario), times), 3),  # noqa: B023
            }
        )
    return found


def both_courses(start: Start, scenario: Scenario) -> None:
    """With and without the change, from a stock of which nothing is prepared yet."""
    fresh = replace(start)
    simulate(fresh, replace(scenario, wishes=()))
    simulate(fresh, scenario)


def asked(start: Start) -> Scenario:
    """Every 60 days in one quarter, with teams that manage three quarters of what the rules need already."""
    effective_per_week = 0.75 * needed_visits_per_year(start) / 46
    teams = Teams(10, effective_per_week / 0.82 / 6.5 / 10, 6.5, 0.18)
    return Scenario(start.as_of, MONTHS, teams, (Wish(1, _TYPES[0], 60),))


def invented(properties: int, seed: int = 2026) -> Start:
    """Nearly two pairs for each property, a quarter of them overdue; each lies in an area of three kinds."""
    chance = np.random.default_rng(seed)
    numbers = np.arange(properties)
    of_type = [
        (numbers, np.where(chance.random(properties) < 0.3, 450, 1095)),
        (some := numbers[chance.random(properties) < 0.6], np.full(some.size, 1095)),
        (few := numbers[chance.random(properties) < 0.3], np.full(few.size, 2190)),
    ]
    property_of = np.concatenate([one for one, _ in of_type])
    type_of = np.repeat(np.arange(len(_TYPES)), [one.size for one, _ in of_type])
    intervals = np.concatenate([days for _, days in of_type])
    order = np.lexsort((type_of, property_of))
    kinds = [(1, QUARTERS), (QUARTERS + 1, 40), (QUARTERS + 41, 5)]
    return Start(
        date(2026, 6, 30),
        "quartier",
        tuple(Area(1 + one, "quartier", str(one), f"Quartier {one}") for one in range(QUARTERS)),
        _TYPES,
        frozenset({(_TYPES[0], _TYPES[1])}),
        property_of[order],
        type_of[order],
        intervals[order],
        ((chance.random(order.size) * 1.3 - 0.3) * intervals[order]).astype(np.int64),
        type_of[order] == _TYPES.index("fire_safety"),
        chance.integers(0, 5, properties),
        np.tile(numbers, len(kinds)),
        np.concatenate([chance.integers(first, first + count, properties) for first, count in kinds]),
    )


def _median_seconds(work: Callable[[], object], times: int) -> float:
    seconds = []
    for _ in range(times):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return sorted(seconds)[times // 2]


if __name__ == "__main__":
    main()
