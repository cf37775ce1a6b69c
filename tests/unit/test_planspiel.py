"""Pure parts of the page of scenarios: what is remembered for whom, labels that stay apart, rounds that are needed."""

from datetime import date

import pytest

from dashboard.pages.planspiel.figures import Curve, chart_layout
from dashboard.pages.planspiel.run import Recent
from dashboard.pages.planspiel.saved import read_chosen
from dashboard.pages.planspiel.tables import rounds_needed, signed
from geodata.errors import InvalidFilter
from geodata.scenario.capacity import effective_visits_per_year
from geodata.scenario.question import Teams

ENDS = (date(2026, 11, 15), date(2026, 12, 15), date(2027, 1, 15))


def test_what_is_remembered_is_given_to_the_same_asker_only_and_not_for_ever() -> None:
    recent: Recent[str] = Recent(2)
    made: list[str] = []

    def ask(*key: str) -> str:
        return recent.get(key, lambda: made.append(key[0]) or key[0])  # type: ignore[func-returns-value]

    assert [ask("hagen", "v1"), ask("hagen", "v1"), ask("herne", "v1")] == ["hagen", "hagen", "herne"]
    assert made == ["hagen", "herne"], "asked again it is not made again, for another city it is"
    ask("hagen", "v1")
    ask("hagen", "v2")
    ask("herne", "v1")
    assert made == ["hagen", "herne", "hagen", "herne"], "the one that was asked for longest ago made room"


@pytest.mark.parametrize(("before", "after"), [((50, 40, 30), (50, 60, 31)), ((9, 9, 9), (9, 9, 9))])
def test_labels_at_the_ends_of_lines_never_lie_on_each_other(before: tuple[int, ...], after: tuple[int, ...]) -> None:
    layout = chart_layout(Curve("West", ENDS, 80, before, after), is_changed=True)
    _today, lower, upper = layout["annotations"]
    per_px = layout["yaxis"]["range"][1] / 190
    assert upper["y"] / per_px + upper["yshift"] - (lower["y"] / per_px + lower["yshift"]) >= 17
    assert layout["yaxis"]["range"][0] == 0


def test_the_rounds_that_are_needed_are_those_that_the_capacity_comes_from() -> None:
    teams = Teams(2, 0.5, 6.0, 0.2, (), 46.0, 1.5)
    assert rounds_needed(teams, effective_visits_per_year(teams)) == pytest.approx(1.0)
    assert rounds_needed(Teams(2, 0.5, 0.0, 0.2), 100) is None
    assert rounds_needed(teams, 0) == 0


def test_differences_carry_their_sign() -> None:
    assert [signed(one) for one in (3, 0, -1_200)] == ["+3", "0", "\u22121.200"]


def test_a_comparison_takes_two_to_four_each_once() -> None:
    assert read_chosen("3,5,3,,7") == (3, 5, 7)
    for text in ("3", "3,3", "1,2,3,4,5", "1,x", "1," + "9" * 19):
        with pytest.raises(InvalidFilter):
            read_chosen(text)
