"""The drawing of a round and the link of the planner: nothing of it can be more than a number or a known word."""

from datetime import date
from xml.etree import ElementTree

import pytest

from dashboard.pages.planer.question import Question, moved, next_working_day
from dashboard.route_map import HEIGHT, WIDTH, Stop, draw, frame_of
from geodata.errors import InvalidFilter
from geodata.shapes import BackdropPart

DAY = date(2026, 11, 20)


def test_every_number_is_drawn_inside_of_the_frame_and_none_lies_on_another_one() -> None:
    places = [(7.45, 51.36), (7.46, 51.37), (7.46, 51.37), (7.47, 51.355)]
    frame = frame_of(places)
    assert frame is not None
    line = {"type": "LineString", "coordinates": [[7.4, 51.3], [7.5, 51.4]]}
    ring = {"type": "MultiPolygon", "coordinates": [[[[7.4, 51.3], [7.5, 51.4], [7.5, 51.3], [7.4, 51.3]]]]}
    parts = (BackdropPart("street", True, line), BackdropPart("green", False, ring), BackdropPart("other", False, line))
    made = draw(frame, [Stop(number, place) for number, place in enumerate(places, start=1)], (7.455, 51.36), parts)
    root = ElementTree.fromstring(made)  # noqa: S314 - written by ourselves
    pins = [(float(one.attrib["cx"]), float(one.attrib["cy"])) for one in root.iter() if one.tag.endswith("circle")]
    assert len(set(pins)) == 4
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in pins)
    assert sum(one.tag.endswith("polygon") for one in root.iter()) == 1, "the start"
    assert frame_of([]) is None


def test_one_place_has_streets_round_it() -> None:
    frame = frame_of([(7.45, 51.36)])
    assert frame is not None
    assert 690 < frame.metres_wide < 720
    assert frame.dot((7.45, 51.36)) == pytest.approx((WIDTH / 2, HEIGHT / 2), abs=0.2)


def test_a_link_brings_back_the_same_question() -> None:
    asked = Question(DAY, area_id=3, count=5, length_km="any", start="Weg 1", offices=("police",), stops=(4, 2), plan=9)
    assert Question.from_query(asked.to_query(), DAY) == asked
    assert Question.from_query(Question(DAY, stops=()).to_query(), DAY).stops == ()
    assert (asked.longest_m, Question(DAY).longest_m) == (None, 4_000)


@pytest.mark.parametrize("query", [{"stops": "1,b"}, {"stops": ",".join("1" * 21)}, {"area": "x"}, {"count": "0"}])
def test_a_link_that_cannot_be_read_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(InvalidFilter):
        Question.from_query(query, DAY)


def test_a_round_is_planned_for_a_working_day_and_objects_move_by_one() -> None:
    assert next_working_day(DAY) == date(2026, 11, 23)
    assert moved((1, 2, 3), 2, -1) == (1, 3, 2)
    assert moved((1, 2, 3), 2, 1) == (1, 2, 3)
