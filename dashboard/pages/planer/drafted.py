"""The plan that a link describes, read: objects in their order, those left out, the start, what the map shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from dashboard.pages.planer.question import Question
from dashboard.pages.planer.start import Start, find_start
from dashboard.route_map import Frame, Position, Stop, draw, frame_of
from geodata.access import Asker
from geodata.planning.candidates import Place, PlannedObject, read_candidates, read_objects, usual_size
from geodata.planning.numbers import plan_key
from geodata.planning.propose import LeftOut, Wish, in_order, left_out_of, legs_m, propose
from geodata.property_search import FoundProperty, search_properties
from geodata.rules.releases import read_releases
from geodata.shapes import read_backdrop

_TOLERANCE_M: Final = 4.0
_BACKDROP_MOST: Final = 900


@dataclass(frozen=True)
class Drafted:
    """What the planner shows. `question.stops` are always those that are shown; `left_out` is what is due, too.

    `best` are the same objects in the order of the library; `missing` counts objects of the link that are not there.
    """

    question: Question
    count: int
    is_proposed: bool
    stops: tuple[PlannedObject, ...]
    legs: tuple[float | None, ...]
    best: tuple[int, ...]
    left_out: Mapping[LeftOut, tuple[PlannedObject, ...]]
    start: Start | None
    found: tuple[FoundProperty, ...]
    missing: int
    drawing: str | None
    released: frozenset[int]


def read_drafted(asker: Asker, question: Question, as_of: date) -> Drafted:
    """Propose where the link names no objects, else read those that it names."""
    count = question.count or usual_size(asker, question.kind, question.held_on)
    start = find_start(asker, question.start, as_of) if question.start else None
    key = plan_key(question.plan) if question.plan is not None else None
    candidates = read_candidates(asker, question.area_id, question.kind, question.held_on, except_plan=key)
    wish = Wish(count, question.longest_m, start.metres if start else None)
    missing = 0
    if question.stops is None:
        stops = propose(candidates, wish, question.held_on).chosen
    else:
        stops = read_objects(asker, question.stops, question.kind, question.held_on, except_plan=key)
        missing = len(question.stops) - len(stops)
    return Drafted(
        question=replace(question, stops=tuple(one.property_id for one in stops)),
        count=count,
        is_proposed=question.stops is None,
        stops=stops,
        legs=legs_m(stops, wish.start),
        best=tuple(one.property_id for one in in_order(stops, wish.start)),
        left_out=left_out_of(candidates),
        start=start,
        found=search_properties(asker, question.search) if question.search else (),
        missing=missing,
        drawing=drawing_of(asker, stops, start.place if start else None, as_of),
        released=released_on(asker, question.kind, question.held_on),
    )


def released_on(asker: Asker, kind: str, day: date) -> frozenset[int]:
    """Objects of the city that are released from a rule of this type of control on a day."""
    return frozenset(
        one.property_id
        for one in read_releases(asker, day)
        if one.control_type == kind and one.since_on <= day and (one.until_on is None or day < one.until_on)
    )


def drawing_of(asker: Asker, stops: Sequence[PlannedObject], start: Place | None, as_of: date) -> str | None:
    """The map of a round as SVG; None where no object has a point."""
    numbered = [
        Stop(number, (one.place.longitude, one.place.latitude))
        for number, one in enumerate(stops, start=1)
        if one.place is not None
    ]
    begin: Position | None = (start.longitude, start.latitude) if start else None
    frame: Frame | None = frame_of([*(one.position for one in numbered), *([begin] if begin and numbered else [])])
    if frame is None:
        return None
    backdrop = read_backdrop(asker, frame.box, as_of, tolerance_m=_TOLERANCE_M, most=_BACKDROP_MOST)
    return draw(frame, numbered, begin, backdrop)
