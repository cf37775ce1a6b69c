"""Which objects a round goes to and in which order: pure, and the same answer for the same question.

The choice is a routing problem for VROOM: each object is a job with a priority from 0 to 100, the round has room for so
many objects and a longest way. The most urgent that fit are chosen; among equally urgent ones the shortest way decides.
Distances are straight lines in metres ("Luftlinie"), never travel times: nobody here knows the traffic of that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import vroom

from geodata.planning.candidates import PRESSURE_MOST, SOON_DAYS, Place, PlannedObject

LeftOut = Literal["no_point", "clarify_access", "planned"]
LEFT_OUT: Final[tuple[LeftOut, ...]] = ("planned", "clarify_access", "no_point")
PRIORITY_MOST: Final = 100
# What is overdue comes before what is not, whatever else is known: 40 + 15 + 5 is all that another one can have less.
_OVERDUE_BASE, _OVERDUE_MORE, _SOON_MORE, _PRESSURE_MORE, _FINDING_MORE = 40, 40, 20, 15, 5
# Priorities in steps: an object that is overdue a day longer is not worth a kilometre more.
_STEP: Final = 5
_SEEDS: Final = 8
_EXPLORATION: Final = 5
_PROFILE: Final = "car"
Point = tuple[float, float]  # metres east and north


@dataclass(frozen=True)
class Wish:
    """The size of a round: how many objects, the longest way in metres (None = any), where it starts."""

    count: int
    longest_m: int | None = None
    start: Point | None = None


@dataclass(frozen=True)
class Proposal:
    """The objects in their order, and those that are left out by reason, the most urgent first."""

    chosen: tuple[PlannedObject, ...]
    left_out: Mapping[LeftOut, tuple[PlannedObject, ...]]


def priority(one: PlannedObject, day: date) -> int:
    """How urgent an object is on a day, from 0 to 100 in steps of 5; overdue ones have at least 40, others less."""
    points = float(_PRESSURE_MORE * (one.pressure or 0) / PRESSURE_MOST + (_FINDING_MORE if one.has_finding else 0))
    late = one.overdue_days(day)
    if late:
        points += _OVERDUE_BASE + min(1.0, late / (one.interval_days or 1)) * _OVERDUE_MORE
    elif one.due_on is not None:
        points += max(0.0, 1 - (one.due_on - day).days / SOON_DAYS) * (_SOON_MORE - _STEP)
    return min(PRIORITY_MOST, int(points // _STEP) * _STEP)


def reason_left_out(one: PlannedObject) -> LeftOut | None:
    """Why an object is not proposed; it can be added by hand all the same."""
    if one.planned_in is not None:
        return "planned"
    if one.has_to_clarify_access:
        return "clarify_access"
    return "no_point" if one.place is None else None


def propose(candidates: Sequence[PlannedObject], wish: Wish, day: date) -> Proposal:
    """Choose objects and put them in order."""
    possible = [one for one in candidates if reason_left_out(one) is None]
    possible.sort(key=lambda one: (-priority(one, day), one.due_on or day, one.property_id))
    chosen = _choose(possible, wish, day)
    return Proposal(in_order(chosen, wish.start), left_out_of(candidates))


def left_out_of(candidates: Sequence[PlannedObject]) -> Mapping[LeftOut, tuple[PlannedObject, ...]]:
    """Those that are not proposed, by reason."""
    return {why: tuple(one for one in candidates if reason_left_out(one) == why) for why in LEFT_OUT}


def in_order(chosen: Sequence[PlannedObject], start: Point | None) -> tuple[PlannedObject, ...]:
    """The objects in the order of a short way from the start; those without a point come last, as they stood."""
    placed = sorted((one for one in chosen if one.place is not None), key=lambda one: one.property_id)
    rest = [one for one in chosen if one.place is None]
    if not placed:
        return tuple(rest)
    points = [_point(one.place) for one in placed if one.place is not None]
    route = _solve([start or centre_of(points), *points], [0] * len(placed), Wish(len(placed)))
    return (*(placed[at] for at in route), *rest)


def centre_of(points: Sequence[Point]) -> Point:
    """The middle of some points."""
    return sum(one[0] for one in points) / len(points), sum(one[1] for one in points) / len(points)


def start_of(chosen: Sequence[PlannedObject], start: Point | None) -> Point | None:
    """Where the way begins: the start that was given, else the middle of the objects; None where none has a point."""
    points = [_point(one.place) for one in chosen if one.place is not None]
    return start or (centre_of(points) if points else None)


def legs_m(chosen: Sequence[PlannedObject], start: Point | None) -> tuple[float | None, ...]:
    """Straight metres from the one before (the first: from the start); None where one of the two has no point."""
    points = [start_of(chosen, start), *(_point(one.place) if one.place else None for one in chosen)]
    return tuple(
        None if a is None or b is None else float(np.hypot(b[0] - a[0], b[1] - a[1])) for a, b in pairwise(points)
    )


def _point(place: Place) -> Point:
    return place.east_m, place.north_m


def _choose(possible: Sequence[PlannedObject], wish: Wish, day: date) -> list[PlannedObject]:
    """The most urgent objects within the longest way; without a start the best of rounds from the most urgent ones."""
    points = [_point(one.place) for one in possible if one.place is not None]
    urgent = [priority(one, day) for one in possible]
    if not points or wish.count < 1:
        return []
    starts = [wish.start] if wish.start is not None else list(dict.fromkeys(points))[:_SEEDS]
    routes = [_solve([start, *points], urgent, wish) for start in starts]
    rounds = [_within([possible[at] for at in route], wish, day) for route in routes]
    return min(rounds, key=lambda one: (-len(one), -sum(priority(stop, day) for stop in one), _length_m(one, wish)))


def _within(chosen: list[PlannedObject], wish: Wish, day: date) -> list[PlannedObject]:
    """Those that stay within the longest way as a page tells it: without a start it begins in their middle.

    Where that is, is known only when they are chosen. The least urgent leave, of equally urgent ones the farthest.
    """
    left = list(chosen)
    while wish.longest_m is not None and len(left) > 1 and _length_m(left, wish) > wish.longest_m + len(left):
        middle = start_of(left, wish.start)
        left.remove(min(left, key=lambda one: (priority(one, day), -_distance_m(one, middle))))
    return left


def _length_m(chosen: Sequence[PlannedObject], wish: Wish) -> float:
    """Metres of the whole way; each leg was rounded to a metre when it was chosen."""
    return sum(leg or 0.0 for leg in legs_m(in_order(chosen, wish.start), wish.start))


def _distance_m(one: PlannedObject, point: Point | None) -> float:
    return 0.0 if one.place is None or point is None else float(np.hypot(*np.subtract(_point(one.place), point)))


def _solve(points: Sequence[Point], urgent: Sequence[int], wish: Wish) -> list[int]:
    """Places (from 0) of the jobs of the best round from `points[0]`; `points[1:]` are those of the jobs."""
    at = np.asarray(points)
    matrix = np.rint(np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))).astype(np.uint32)
    problem = vroom.Input()
    # The library weighs durations; a metre is a second here, and the longest way is a limit of them.
    problem.set_durations_matrix(_PROFILE, matrix)
    limit = {} if wish.longest_m is None else {"max_travel_time": wish.longest_m}
    problem.add_vehicle(vroom.Vehicle(1, start=0, profile=_PROFILE, max_tasks=wish.count, **limit))
    problem.add_job([vroom.Job(one, location=one, priority=urgent[one - 1]) for one in range(1, len(points))])
    # One thread: with several, which of two equally good rounds is found first is chance.
    routes = problem.solve(exploration_level=_EXPLORATION, nb_threads=1).routes
    if routes.empty:  # Nothing lies within the longest way, and the table then lacks its columns, too.
        return []
    return [int(one) - 1 for one in routes.loc[routes["type"] == "job", "id"]]
