"""Stocks of pairs and teams for scenarios; a test overrides what it is about."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from geodata.areas import Area
from geodata.scenario.capacity import WORKING_DAYS_PER_YEAR
from geodata.scenario.question import Teams
from geodata.scenario.stock import Start

AS_OF = date(2026, 6, 30)
JOINT, HOUSING, FIRE, FOLLOW_UP = "joint_control", "housing_control", "fire_safety", "follow_up"
SATISFIES = frozenset({(JOINT, HOUSING), (JOINT, FOLLOW_UP), (HOUSING, FOLLOW_UP)})
WEST, EAST = 1, 2


def stock(
    pairs: Sequence[tuple[int, str, int, int]],
    *,
    areas: Mapping[int, Sequence[int]] | None = None,
    statutory: Sequence[str] = (),
    weights: Mapping[int, int] | None = None,
) -> Start:
    """Pairs (property, type, interval, due day); `areas` says which areas a property lies in, by default the west."""
    pairs = sorted(pairs, key=lambda one: (one[0], one[1]))
    codes = sorted({one[1] for one in pairs})
    count = 1 + max((one[0] for one in pairs), default=-1)
    lying = [(one, area) for one in range(count) for area in (areas or {}).get(one, (WEST,))]
    return Start(
        AS_OF,
        "quartier",
        (Area(WEST, "quartier", "w", "West"), Area(EAST, "quartier", "e", "Ost")),
        tuple(codes),
        SATISFIES,
        property_of=np.array([one[0] for one in pairs], dtype=np.int64),
        type_of=np.array([codes.index(one[1]) for one in pairs], dtype=np.int64),
        interval_days=np.array([one[2] for one in pairs], dtype=np.int64),
        due_day=np.array([one[3] for one in pairs], dtype=np.int64),
        is_statutory=np.array([one[1] in statutory for one in pairs], dtype=np.bool_),
        weights=np.array([(weights or {}).get(one, 0) for one in range(count)], dtype=np.int64),
        member_property=np.array([one[0] for one in lying], dtype=np.int64),
        member_area=np.array([one[1] for one in lying], dtype=np.int64),
    )


def street(count: int, interval: int, *, first: int = 0, kind: str = JOINT) -> list[tuple[int, str, int, int]]:
    """Houses whose due days lie evenly spread over one interval, none of them overdue."""
    return [(first + house, kind, interval, 8 + house * interval // count) for house in range(count)]


def visiting(per_working_day: float, *, failed_share: float = 0.0, teams: int = 1) -> Teams:
    """Teams that together make so many visits on each day from Monday to Friday, one object in a round."""
    per_week = per_working_day * WORKING_DAYS_PER_YEAR / 46
    return Teams(teams, per_week / teams, 1.0, failed_share)
