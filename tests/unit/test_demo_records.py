"""What the invented offices know is plausible: magnitudes, seasons, intervals, and the eight planted stories."""

import re
from collections import Counter
from datetime import date

import pytest

from etl.demo.casebook import Casebook, open_casebook, register_on
from etl.demo.city import City
from etl.demo.dates import AS_OF, FIRST_DELIVERY
from etl.demo.deliveries import DEFAULT_SEED, DEFAULT_SIZE
from etl.demo.judging import judge
from etl.demo.life import state_on
from etl.demo.measures import open_proceedings
from etl.demo.properties import Facts
from etl.demo.rules import RULES
from etl.demo.stories import STORIES, TWO_COUNTS_ROUND
from geodata import codes, intervals
from tests.factories.demo_city import demo_city

AREAS = {("fokusraum", "fr1"): 1, ("fokusraum", "fr2"): 2, ("custom", "bahnhofsviertel"): 3}
SATISFIES = [("joint_control", "housing_control"), ("joint_control", "follow_up"), ("housing_control", "follow_up")]
# Words that label places or people (domain text, "Fairness"), and how a person would be named.
UNWANTED = re.compile(r"Brennpunkt|Schrott|Missbrauch|Herkunft|Nationalität|Herr |Frau |Familie ")


@pytest.fixture(scope="module")
def city() -> City:
    return demo_city()


@pytest.fixture(scope="module")
def book(city: City) -> Casebook:
    book = open_casebook(city, DEFAULT_SEED, DEFAULT_SIZE)
    return judge(book, open_proceedings(book, DEFAULT_SEED), DEFAULT_SEED)


def _facts(book: Casebook, key: str) -> Facts:
    return next(facts for facts in register_on(book, AS_OF) if facts.key == key)


def test_two_thirds_of_the_properties_lie_in_the_focus_area(book: Casebook) -> None:
    focus = Counter(facts.place.focus for facts in book.facts)

    assert len(book.facts) == 350
    assert focus["fr1"] == 224


def test_all_codes_occur(book: Casebook) -> None:
    assert {facts.use_type for facts in book.facts} == set(codes.USE_TYPES)
    assert {facts.is_inhabited for facts in book.facts} == {True, False, None}
    assert {event.state for life in book.events for event in life} == set(codes.STATES)
    assert {visit.control_type for visit in book.visits} == set(codes.CONTROL_TYPES)
    assert {visit.access for visit in book.visits} == set(codes.ACCESS_LEVELS)
    assert {defect for visit in book.visits for defect in visit.defects} == set(codes.DEFECTS)
    assert {one.pressure for one in book.assessments} == {one.room_to_act for one in book.assessments} == {0, 1, 2, 3}


def test_some_have_several_house_numbers_and_some_no_address(book: Casebook) -> None:
    several = [facts for facts in book.facts if "-" in facts.place.house_number]

    assert len(several) >= 8
    assert all(len(facts.place.parcels) > 1 for facts in several)
    assert sum(not facts.place.street for facts in book.facts) == 4


def test_about_110_object_visits_a_year_in_rounds_of_three_to_nine(book: Casebook) -> None:
    visits = Counter(visit.on.year for visit in book.visits if visit.round_key)
    of_round = Counter(visit.round_key for visit in book.visits if visit.round_key)

    assert all(80 <= visits[year] <= 135 for year in (2017, 2018, 2019, 2021, 2022, 2023, 2024, 2025))
    assert set(of_round.values()) <= set(range(3, 10))
    assert set(of_round) == {one.key for one in book.rounds}


def test_nobody_goes_out_in_the_pause_of_2020_and_few_in_summer(book: Casebook) -> None:
    months = Counter(one.on.month for one in book.rounds)

    assert not [one for one in book.rounds if date(2020, 3, 16) <= one.on <= date(2020, 9, 20)]
    assert months[7] + months[8] < (months[3] + months[10]) * 0.7


def test_persons_are_counted_in_fields_of_their_own_and_may_be_missing(book: Casebook) -> None:
    counted = [one for one in book.rounds if one.persons_registered is not None]

    assert len(counted) < len(book.rounds)
    assert all((one.persons_met or 0) <= (one.persons_registered or 0) for one in counted)
    assert all(one.persons_deregistered is None for one in book.rounds if (AS_OF - one.on).days < 120)


def test_visits_go_to_monitored_properties_only(book: Casebook) -> None:
    lives = {facts.key: life for facts, life in zip(book.facts, book.events, strict=True)}
    told = {story.key for story in STORIES}
    for visit in book.visits:
        if visit.property_key not in told and visit.control_type != "follow_up":
            assert state_on(lives[visit.property_key], visit.on) not in (None, "closed", "not_confirmed")


def test_share_on_time_is_plausible(book: Casebook) -> None:
    """Counted by the product's own rules of intervals, as property-type pairs not overdue on the as-of date."""
    on_time = [item.due_on >= AS_OF for item in _due(book)]

    assert 0.6 <= sum(on_time) / len(on_time) <= 0.75


def _due(book: Casebook) -> list[intervals.Due]:
    rules = [
        intervals.Rule(
            number, rule.control_type, rule.interval_days, rule.access, rule.valid_from, rule.valid_to,
            AREAS[rule.area] if rule.area else None, rule.use_type or None, rule.access_if_empty,
        )
        for number, rule in enumerate(RULES)
    ]  # fmt: skip
    visits: dict[str, list[intervals.Visit]] = {}
    for visit in book.visits:
        visits.setdefault(visit.property_key, []).append(intervals.Visit(visit.control_type, visit.on, visit.access))
    found = []
    for facts, life in zip(book.facts, book.events, strict=True):
        closed_on = life[-1].on if life[-1].state in codes.CLOSING_STATES else None
        area_ids = frozenset({AREAS["fokusraum", facts.place.focus]} if facts.place.focus else ())
        subject = intervals.Subject(facts.registered_on, facts.use_type, facts.is_inhabited, area_ids, closed_on)
        found += intervals.due(subject, rules, visits.get(facts.key, []), SATISFIES, AS_OF)
    return found


def test_no_text_names_a_person_or_labels_people(book: Casebook) -> None:
    texts = [event.reason for life in book.events for event in life] + [one.source for one in book.assessments]
    texts += [facts.next_step for facts in register_on(book, AS_OF)] + [rule.reason for rule in RULES]

    assert [text for text in texts if UNWANTED.search(text)] == []


def test_the_register_changes_between_two_deliveries(book: Casebook) -> None:
    before = {facts.key: facts for facts in register_on(book, FIRST_DELIVERY)}
    after = register_on(book, AS_OF)

    assert 5 <= len(after) - len(before) <= 30
    assert 30 <= sum(before.get(facts.key) == facts for facts in after) <= len(before) - 30


def test_the_same_seed_gives_the_same_records(city: City, book: Casebook) -> None:
    again = open_casebook(city, DEFAULT_SEED, DEFAULT_SIZE)
    assert judge(again, open_proceedings(again, DEFAULT_SEED), DEFAULT_SEED) == book


# --- the eight stories ------------------------------------------------------------------------------------------------


def test_three_visits_in_a_row_failed(book: Casebook) -> None:
    visits = [visit for visit in book.visits if visit.property_key == "PI-0001"]

    assert [visit.access for visit in visits[-3:]] == ["none", "none", "none"]
    assert "Zutritt klären" in _facts(book, "PI-0001").next_step


def test_a_court_stopped_an_order(book: Casebook) -> None:
    assert "Verwaltungsgericht" in book.events[1][-1].reason


def test_a_grant_is_due_in_fourteen_days(book: Casebook) -> None:
    reminder = _facts(book, "PI-0003").reminder_on

    assert reminder is not None
    assert (reminder - AS_OF).days == 14


def test_a_record_was_corrected(book: Casebook) -> None:
    first = next(facts for facts in register_on(book, FIRST_DELIVERY) if facts.key == "PI-0004")

    assert (first.dwellings, _facts(book, "PI-0004").dwellings) == (6, 16)


def test_a_house_has_no_replacement_housing(book: Casebook) -> None:
    assert "Ersatzwohnraum" in _facts(book, "PI-0005").next_step
    assert _facts(book, "PI-0005").is_inhabited


def test_a_supply_cut_is_announced(book: Casebook) -> None:
    assert "Sperre" in book.events[5][-1].reason


def test_a_case_was_reopened(book: Casebook) -> None:
    assert [event.state for event in book.events[6]][4:6] == ["closed", "reopened"]


def test_two_counts_of_one_round_differ(book: Casebook) -> None:
    told = next(one for one in book.rounds if one.key == TWO_COUNTS_ROUND)
    recorded = [visit for visit in book.visits if visit.round_key == TWO_COUNTS_ROUND]

    assert (told.objects, len(recorded)) == (9, 8)
    assert "PI-0008" in {visit.property_key for visit in recorded}
