"""A scenario as it stands in a link: the same value after the round trip, and a refusal in words for anything else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.codes import AREA_KINDS, CONTROL_TYPES, OFFICES
from geodata.errors import InvalidFilter
from geodata.scenario.question import (
    INTERVAL_DAYS_MOST,
    ORDERS,
    Scenario,
    Teams,
    Wish,
    from_query,
    on_grain,
    to_query,
)

TODAY = Scenario(date(2026, 6, 30), 24, Teams(2, 1.0, 6.5, 0.18, (("police", 0.5),)))


def hundredths(most: int, least: int = 0) -> st.SearchStrategy[float]:
    return st.integers(least, most * 100).map(lambda value: value / 100)


teams = st.builds(
    Teams,
    st.integers(0, 500),
    hundredths(25),
    hundredths(100),
    st.integers(0, 950).map(lambda value: value / 1000),
    st.dictionaries(st.sampled_from(OFFICES), hundredths(50)).map(lambda rounds: tuple(rounds.items())),
    hundredths(52, least=100),
    hundredths(1000),
)
wishes = st.dictionaries(
    st.tuples(st.none() | st.integers(1, 2**31 - 1), st.sampled_from(CONTROL_TYPES)),
    st.integers(1, INTERVAL_DAYS_MOST),
    max_size=20,
).map(lambda found: tuple(Wish(*subject, days) for subject, days in found.items()))
scenarios = st.builds(
    Scenario,
    st.dates(date(1900, 1, 1), date(2200, 12, 31)),
    st.integers(12, 36),
    teams,
    wishes,
    st.sampled_from(ORDERS),
    st.sampled_from(AREA_KINDS),
)


@given(scenarios)
def test_a_link_brings_back_the_same_scenario_whatever_the_defaults(scenario: Scenario) -> None:
    assert from_query(to_query(scenario), TODAY) == scenario


@given(scenarios)
def test_what_a_link_lacks_comes_from_the_defaults_but_never_a_wish(scenario: Scenario) -> None:
    assert from_query({}, scenario) == Scenario(
        scenario.as_of, scenario.months, scenario.teams, (), scenario.order, scenario.kind
    )


def test_the_link_of_the_brief() -> None:
    query = {
        "teams": "2", "rounds": "1", "objects": "6.5", "failed": "18", "office": "police:0.5", "months": "24",
        "order": "due", "wish": "12:joint_control:60,0:housing_control:730",
    }  # fmt: skip
    found = from_query(query, TODAY)
    assert found.wishes == (Wish(12, "joint_control", 60), Wish(None, "housing_control", 730))
    assert found.teams == TODAY.teams
    assert to_query(found) == query | {
        "as_of": "2026-06-30", "kind": "quartier", "weeks": "46", "single": "0", "failed": "18",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("teams", "-1"), ("teams", "501"), ("teams", "1.5"), ("teams", "two"), ("rounds", "nan"), ("rounds", "1e3"),
        ("rounds", "26"), ("objects", "6,5"), ("objects", "6.555"), ("failed", "96"), ("failed", "18.25"),
        ("months", "11"), ("months", "37"), ("order", "first"), ("kind", "street"), ("office", "police"),
        ("office", "pub:1"), ("office", "police:1,police:2"), ("weeks", "0"), ("weeks", "53"), ("single", "99999"),
        ("wish", "12:joint_control"), ("wish", "12:raid:60"), ("wish", "-1:joint_control:60"), ("wish", "joint"),
        ("wish", "12:joint_control:0"), ("wish", "12:joint_control:3651"), ("wish", "12:joint_control:60.5"),
        ("wish", "4294967296:joint_control:60"), ("wish", "12:joint_control:60,12:joint_control:90"),
        ("wish", ",".join(f"{area}:joint_control:60" for area in range(21))), ("as_of", "tomorrow"),
        ("teams", "٣"), ("wish", "012:joint_control:60"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_names_its_part(field: str, value: str) -> None:
    with pytest.raises(InvalidFilter) as refused:
        from_query({field: value}, TODAY)
    assert refused.value.field == field
    assert str(refused.value).endswith(".")


def test_measured_numbers_are_brought_to_what_a_link_can_hold() -> None:
    measured = Teams(1, 0.256789, 6.4567, 0.18349, (("police", 1 / 3),), 46.0, 0.0011)
    on_the_grain = on_grain(measured)
    assert on_the_grain == Teams(1, 0.26, 6.46, 0.183, (("police", 0.33),), 46.0, 0.0)
    scenario = Scenario(date(2026, 6, 30), 24, on_the_grain)
    assert from_query(to_query(scenario), TODAY) == scenario
