"""Households, the pool, dwellings lost and won, the survey and the link: rules without a database."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.pages.wohnraum.question import SURVEY_YEARS, VIEWS, Question
from geodata import codes
from geodata.errors import InvalidFilter
from geodata.housing import balance, survey_form
from geodata.housing.balance import DwellingChange
from geodata.housing.pool import Bounds, Pool, PoolDwelling, is_enough, pool_of
from geodata.housing.survey import Case, tabulate
from geodata.housing.whereabouts import PLACE_OF, ClosureEvent, add_up, track

CLOSED_ON = date(2020, 1, 1)
AS_OF = date(2026, 11, 15)


def event(
    number: int, kind: str, days: int, households: int | None = None, came_from: str | None = None
) -> ClosureEvent:
    return ClosureEvent(number, f"E-{number}", kind, CLOSED_ON + timedelta(days=days), households, came_from)


EVENTS = st.lists(
    st.builds(
        lambda kind, days, households, came_from: (kind, days, households if kind in PLACE_OF else None,
                                                   came_from if kind in PLACE_OF else None),
        st.sampled_from(codes.CLOSURE_EVENTS), st.integers(-400, 2_000), st.integers(0, 12),
        st.sampled_from([None, *codes.HOUSEHOLD_PLACES]),
    ),
    max_size=8,
)  # fmt: skip


def built(drawn: list[tuple[str, int, int | None, str | None]]) -> list[ClosureEvent]:
    return [event(number, *one) for number, one in enumerate(drawn)]


# --- whereabouts ------------------------------------------------------------------------------------------------------


@given(drawn=EVENTS, affected=st.one_of(st.none(), st.integers(0, 40)))
def test_every_household_is_in_one_place_and_no_count_is_negative(
    drawn: list[tuple[str, int, int | None, str | None]], affected: int | None
) -> None:
    found = track(CLOSED_ON, affected, built(drawn), date.max)
    places = found.households
    known = places.rehoused + places.returned + places.moved_elsewhere
    assert min(places.rehoused, places.returned, places.moved_elsewhere, places.not_known or 0) >= 0
    assert (places.not_known is None) is (affected is None)
    too_many = [one for one in found.contradictions if one.code == "more_than_there"]
    if affected is not None and not too_many:
        assert known + (places.not_known or 0) == affected
    if affected is not None and known > affected:
        assert too_many


@given(drawn=EVENTS, days=st.integers(-500, 2_500))
def test_what_happens_later_does_not_change_what_is_told_of_a_day(
    drawn: list[tuple[str, int, int | None, str | None]], days: int
) -> None:
    day = CLOSED_ON + timedelta(days=days)
    events = built(drawn)
    until = [one for one in events if one.happened_on <= day]
    assert track(CLOSED_ON, 20, events, day) == track(CLOSED_ON, 20, until, date.max)


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [
        ((), "still_closed"),
        (("renovation_began",), "renovating"),
        (("renovation_began", "reopened"), "reopened"),
        (("reopened", "renovation_began"), "renovating"),
        (("renovation_began", "demolished"), "demolished"),
        (("demolished", "reopened"), "demolished"),
    ],
)
def test_the_outcome_is_the_latest_event_of_the_house_and_a_demolition_is_the_end(
    kinds: tuple[str, ...], outcome: str
) -> None:
    events = [event(number, kind, 10 * (number + 1)) for number, kind in enumerate(kinds)]
    assert track(CLOSED_ON, None, events, AS_OF).outcome == outcome


def test_a_household_that_comes_back_from_replacement_housing_counts_once() -> None:
    events = [
        event(1, "households_rehoused", -5, 9),
        event(2, "households_moved_elsewhere", 3, 2),
        event(3, "reopened", 400),
        event(4, "households_returned", 400, 7, "rehoused"),
    ]
    found = track(CLOSED_ON, 12, events, AS_OF).households
    assert (found.rehoused, found.returned, found.moved_elsewhere, found.not_known) == (2, 7, 2, 1)


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([event(1, "households_rehoused", 1, 7)], "more_than_there"),
        ([event(1, "households_returned", 1, 1)], "returned_while_closed"),
        ([event(1, "reopened", -1)], "before_closing"),
        ([event(1, "demolished", 1), event(2, "reopened", 2)], "after_demolition"),
    ],
)
def test_what_cannot_be_is_reported(events: list[ClosureEvent], code: str) -> None:
    assert [one.code for one in track(CLOSED_ON, 6, events, AS_OF).contradictions] == [code]


def test_houses_add_up_and_what_nobody_wrote_down_stays_unknown() -> None:
    counted = track(CLOSED_ON, 6, [event(1, "households_rehoused", 1, 4)], AS_OF)
    uncounted = track(CLOSED_ON, None, [event(1, "reopened", 9)], AS_OF)
    both = add_up([counted, uncounted])
    assert (both.closed_houses, both.still_closed, both.reopened, both.houses_without_count) == (2, 1, 1, 1)
    assert (both.households_affected, both.rehoused, both.not_known) == (6, 4, 2)
    alone = add_up([uncounted])
    assert (alone.households_affected, alone.rehoused, alone.not_known) == (None, None, None)


# --- pool -------------------------------------------------------------------------------------------------------------


def dwelling(number: int, *, is_large: bool = False, **other: object) -> PoolDwelling:
    values = {
        "id": number, "key": f"EW-{number}", "area_id": None, "area_name": None, "rooms": 5 if is_large else 2,
        "area_m2": None, "places": 2, "is_barrier_free": None, "provider": "city", "available_from_on": CLOSED_ON,
        "available_until_on": None, "taken_on": None, "released_on": None, "is_large": is_large,
    }  # fmt: skip
    return PoolDwelling(**(values | other))  # type: ignore[arg-type]


def brute_missing(free: int, free_large: int, households: int, large: int) -> int:
    """The fewest households without a dwelling, by trying how many large dwellings others may take."""
    others = households - large
    best = households
    for given_away in range(free_large + 1):
        housed = min(large, free_large - given_away) + min(others, free - free_large + given_away)
        best = min(best, households - housed)
    return best


def test_the_check_houses_as_many_as_can_be_and_keeps_large_dwellings_for_large_households() -> None:
    for free, free_large, households, large in product(range(6), range(4), range(7), range(4)):
        if free_large > free or large > households:
            continue
        pool = Pool(AS_OF, free, free_large, 0, 0, ())
        check = is_enough(pool, households, large)
        assert check.missing == brute_missing(free, free_large, households, large)
        assert check.is_enough is (check.missing == 0)
        assert check.missing_large == max(0, large - free_large) <= check.missing


def test_a_dwelling_is_free_between_two_uses_and_only_while_it_can_be_had() -> None:
    one = dwelling(1, taken_on=date(2021, 1, 1), released_on=date(2022, 1, 1), available_until_on=date(2023, 1, 1))
    days = [date(2019, 12, 31), CLOSED_ON, date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1), date(2023, 1, 2)]
    assert [one.is_free(day) for day in days] == [False, True, False, False, True, False]
    assert [one.is_taken(day) for day in days] == [False, False, True, True, False, False]


def test_the_pool_counts_what_is_free_by_size() -> None:
    pool = pool_of([dwelling(1), dwelling(2, is_large=True), dwelling(3, taken_on=date(2021, 1, 1))], AS_OF)
    assert (pool.dwellings_free, pool.dwellings_free_large, pool.dwellings_taken, pool.places_free) == (2, 1, 1, 4)
    assert pool.by_size == ((2, 1), (5, 1))


@pytest.mark.parametrize(
    ("rooms", "area_m2", "is_large"), [(5, None, True), (4, 99.9, False), (2, 100.0, True), (None, None, False)]
)
def test_a_dwelling_is_large_by_rooms_or_by_area(rooms: int | None, area_m2: float | None, is_large: bool) -> None:
    assert Bounds(rooms_from=5, area_m2_from=100).is_large(rooms, area_m2) is is_large


# --- balance ----------------------------------------------------------------------------------------------------------


@st.composite
def changes(draw: st.DrawFn) -> DwellingChange:
    lost, won = draw(st.integers(0, 30)), draw(st.integers(0, 30))
    return DwellingChange(
        1, "K", 1, "P-1", "Weg 1", draw(st.dates(date(2015, 1, 1), AS_OF)), "demolition", lost, won,
        draw(st.integers(0, lost)), draw(st.integers(0, won)), draw(st.sampled_from([None, "A", "B"])),
    )  # fmt: skip


@given(st.lists(changes(), max_size=12))
def test_by_year_and_by_programme_say_the_same_in_all(listed: list[DwellingChange]) -> None:
    whole = balance.total(listed)
    for rows in (balance.by_year(listed), balance.by_programme(listed)):
        for name in (
            "dwellings_lost",
            "dwellings_won",
            "large_flats_lost",
            "large_flats_won",
            "dwellings_net",
            "changes",
        ):
            assert sum(getattr(one, name) for one in rows) == getattr(whole, name)
    years = [one.year for one in balance.by_year(listed)]
    assert years == list(range(years[0] or 0, (years[-1] or 0) + 1)) if years else listed == []


# --- survey -----------------------------------------------------------------------------------------------------------


def test_the_survey_counts_each_case_once_by_owner_and_with_each_of_its_causes() -> None:
    cases = [
        Case(
            1, "person", controls=2, without_finding=1, causes={"waste", "heating"}, steps={("housing_order", "order")}
        ),
        Case(2, "company", outcomes={("talks", "amicable")}, causes={"waste"}, is_new=True),
        Case(3, None, steps={("uninhabitable", "hearing")}, closed_by={"uninhabitable"}),
    ]
    rows = {(row.by, row.code): row.counts for row in tabulate(cases)}
    assert rows["all", "all"] == {
        "cases": 3, "new_cases": 1, "controls": 2, "without_finding": 1, "orders": 1, "amicable": 1, "uninhabitable": 1,
    }  # fmt: skip
    assert [rows["owner", form]["cases"] for form in ("person", "company", "unknown")] == [1, 1, 1]
    assert (rows["cause", "waste"]["cases"], rows["cause", "heating"]["cases"]) == (2, 1)
    assert set(rows["all", "all"]) == {column.key for column in survey_form.COLUMNS}


def test_the_survey_names_codes_that_exist() -> None:
    for column in survey_form.COLUMNS:
        assert set(column.kinds) <= set(codes.MEASURE_KINDS)
        known = codes.MEASURE_OUTCOMES if column.counts == "ended" else codes.MEASURE_STEPS
        assert set(column.codes) <= set(known), column.key
    assert set(survey_form.CONTROL_TYPES) <= set(codes.CONTROL_TYPES)
    assert {*survey_form.KINDS, *survey_form.COOPERATIVE_KINDS} <= set(codes.MEASURE_KINDS)
    assert set(survey_form.COOPERATIVE_OFFICES) <= set(codes.OFFICES)


# --- the link ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", [{"view": "x"}, {"span": "3"}, {"year": "1999"}, {"year": "x"}, {"need": "-1"}, {"need": "99999"}]
)
def test_a_link_that_cannot_be_read_names_its_part(query: dict[str, str]) -> None:
    with pytest.raises(InvalidFilter) as refused:
        Question.from_query(query, AS_OF)
    assert refused.value.field == next(iter(query))


def test_the_link_of_nothing_is_whereabouts_of_all_and_the_year_that_is_over() -> None:
    asked = Question.from_query({}, AS_OF)
    assert (asked.view, asked.year, asked.need) == (next(iter(VIEWS)), 2025, None)
    assert (asked.period.first_on, asked.period.last_on) == (date(2017, 1, 1), AS_OF)
    assert Question.from_query({"year": str(AS_OF.year - SURVEY_YEARS + 1)}, AS_OF).year == 2017
