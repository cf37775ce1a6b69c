"""What the teams of a released scenario tell of held-back numbers: nothing finer than steps of ten times k."""

from itertools import pairwise

import pytest

from geodata.publishing.published_scenario import NEEDED_ROUNDED_TO, told_teams
from geodata.scenario.question import Teams

K = 5
STEP = NEEDED_ROUNDED_TO * K


@pytest.mark.parametrize("objects_per_round", [0.01, 0.05, 0.5, 1.0, 8.0])
def test_from_the_teams_needed_nobody_tells_the_visits_needed_finer_than_their_step(objects_per_round: float) -> None:
    """The attack: teams that do almost nothing, so that their number is the number of visits."""
    teams = Teams(1, 1.0, objects_per_round, 0.2)
    of_one = objects_per_round * teams.working_weeks_per_year * (1 - teams.failed_share)
    told = sorted({told_teams(needed, teams, STEP) or 0 for needed in range(1, 500)})
    assert all((after - before) * of_one >= STEP * 0.999 for before, after in pairwise(told))
    assert all(needed <= (told_teams(needed, teams, STEP) or 0) for needed in range(500)), "never fewer than needed"


def test_teams_that_visit_a_lot_are_told_as_they_are_and_none_stays_none() -> None:
    assert told_teams(5, Teams(1, 1.0, 8.0, 0.2), STEP) == 5
    assert told_teams(None, Teams(1, 0.0, 0.0, 0.2), STEP) is None
    assert told_teams(0, Teams(1, 0.0, 0.0, 0.2), STEP) == 0
    assert told_teams(3, Teams(1, 0.01, 0.01, 0.95), STEP) is None, "no number that is told in such steps fits a row"
