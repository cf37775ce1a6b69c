"""Which objects a round goes to and in which order: urgency, the longest way, the same answer for the same question."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from geodata.planning.candidates import Place, PlannedObject
from geodata.planning.propose import Wish, in_order, legs_m, priority, propose

DAY = date(2026, 11, 26)


def house(number: int, east_m: float | None = 0.0, *, late: int = 10, **values: Any) -> PlannedObject:
    """A house on a straight street that is `late` days overdue on the day of the round."""
    place = None if east_m is None else Place(east_m, 0.0, 7.4 + east_m / 70_000, 51.3)
    made = PlannedObject(
        property_id=number, key=f"P-{number}", address=f"Langer Weg {number}", state="recorded", closed_on=None,
        pressure=1, place=place, due_on=DAY - timedelta(days=late), interval_days=365, last_effective_on=None,
        last_on=None, last_result=None, failed_visits=0, rule=None,
    )  # fmt: skip
    return replace(made, **values)


def ids(chosen: tuple[PlannedObject, ...]) -> list[int]:
    return [one.property_id for one in chosen]


def test_the_order_is_a_short_way_from_the_start() -> None:
    street = [house(1, 300), house(2, 100), house(3, 200)]
    assert ids(in_order(street, (0.0, 0.0))) == [2, 3, 1]
    assert ids(in_order(street, (400.0, 0.0))) == [1, 3, 2]
    assert legs_m(in_order(street, (0.0, 0.0)), (0.0, 0.0)) == (100.0, 100.0, 100.0)


def test_without_a_start_the_way_begins_in_the_middle() -> None:
    assert legs_m([house(1, 0), house(2, 200)], None) == (100.0, 200.0)
    assert ids(in_order([], None)) == []


def test_an_object_without_a_point_comes_last_and_has_no_distance() -> None:
    chosen = in_order([house(9, None), house(1, 300), house(2, 100)], (0.0, 0.0))
    assert ids(chosen) == [2, 1, 9]
    assert legs_m(chosen, (0.0, 0.0)) == (100.0, 200.0, None)


@pytest.mark.parametrize("late", [-29, -1, 0])
def test_what_is_overdue_comes_before_what_is_not_whatever_else_is_known(late: int) -> None:
    least = priority(house(1, late=1, pressure=None), DAY)
    most = priority(house(2, late=late, pressure=3, last_result="finding"), DAY)
    assert least == 40 > most


def test_urgency_grows_with_delay_pressure_and_finding_and_ends_at_100() -> None:
    steps = [house(1, late=10), house(1, late=300), house(1, late=300, pressure=3)]
    steps.append(replace(steps[-1], last_result="finding", due_on=DAY - timedelta(days=900)))
    found = [priority(one, DAY) for one in steps]
    assert found == sorted(set(found))
    assert found[-1] == 100


def test_the_most_urgent_that_fit_are_chosen_and_the_longest_way_holds() -> None:
    far = house(1, 20_000, late=700)
    near = [house(number, number * 100, late=100) for number in (2, 3, 4)]
    wish = Wish(count=3, longest_m=1_000, start=(0.0, 0.0))
    assert ids(propose([far, *near], wish, DAY).chosen) == [2, 3, 4]
    without = propose([far, *near], replace(wish, longest_m=None), DAY)
    assert (1 in ids(without.chosen), len(without.chosen)) == (True, 3)


def test_without_a_start_the_round_that_holds_most_is_found() -> None:
    alone = house(1, 90_000, late=2_000, pressure=3)
    street = [house(number, number * 100, late=100) for number in (2, 3, 4, 5)]
    chosen = propose([alone, *street], Wish(count=4, longest_m=2_000), DAY).chosen
    assert sorted(ids(chosen)) == [2, 3, 4, 5]


def test_without_a_start_the_way_from_the_middle_counts_as_a_page_tells_it() -> None:
    street = [house(number, number * 1_000, late=100 * number) for number in (1, 2, 3, 4)]
    chosen = propose(street, Wish(count=4, longest_m=3_000), DAY).chosen
    assert sum(leg or 0 for leg in legs_m(chosen, None)) <= 3_000
    assert sorted(ids(chosen)) == [2, 3, 4]  # from the middle of all four it would be 4.5 km


def test_a_start_from_which_nothing_is_near_enough_leaves_nothing_to_propose() -> None:
    assert propose([house(1, 9_000)], Wish(count=3, longest_m=1_000, start=(0.0, 0.0)), DAY).chosen == ()


def test_who_is_left_out_is_said_with_the_reason() -> None:
    asked = [house(1, None), house(2, failed_visits=2), house(3, planned_in=7), house(4), house(5, None, planned_in=7)]
    found = propose(asked, Wish(count=9), DAY)
    assert ids(found.chosen) == [4]
    assert {why: ids(ones) for why, ones in found.left_out.items()} == {
        "planned": [3, 5], "clarify_access": [2], "no_point": [1],
    }  # fmt: skip


def test_the_same_question_has_the_same_answer_in_any_order_of_the_objects() -> None:
    town = [house(n, (n * 7919) % 4_000, late=(n * 31) % 500, pressure=n % 4) for n in range(1, 61)]
    wish = Wish(count=6, longest_m=3_000)
    answers = {tuple(ids(propose(asked, wish, DAY).chosen)) for asked in (town, town[::-1], town[30:] + town[:30])}
    assert len(answers) == 1
    assert len(next(iter(answers))) == 6


def test_nothing_to_choose_from_is_no_fault() -> None:
    assert propose([], Wish(count=6), DAY).chosen == ()
    assert propose([house(1)], Wish(count=0), DAY).chosen == ()
