"""The inspection interval, told with one house and its visits; properties over many of them at the end."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geodata.codes import ACCESS_LEVELS
from geodata.intervals import (
    Release,
    Rule,
    Subject,
    Visit,
    clean_in_a_row,
    due,
    failed_in_a_row,
    is_effective,
    overdue_days,
)

RECORDED = date(2025, 1, 1)
AS_OF = date(2026, 6, 30)
HOUSE = Subject(RECORDED, "residential", True, frozenset({7}))
YEARLY = Rule(1, "joint_control", 365, "common_areas", valid_from=date(2020, 1, 1))
VISIT = Visit("joint_control", date(2026, 1, 10), "common_areas")


def the_due(subject: Subject = HOUSE, rules: list[Rule] | None = None, visits: list[Visit] | None = None) -> date:
    [one] = due(subject, rules or [YEARLY], visits or [], (), AS_OF)
    return one.due_on


def test_without_an_effective_visit_the_interval_runs_from_the_recording() -> None:
    assert the_due() == RECORDED + timedelta(days=365)
    assert the_due(visits=[replace(VISIT, access_reached="outside")]) == RECORDED + timedelta(days=365)


def test_the_last_effective_visit_counts_and_a_later_failed_one_does_not() -> None:
    failed = Visit("joint_control", date(2026, 5, 1), "none")
    assert the_due(visits=[failed, VISIT]) == VISIT.inspected_on + timedelta(days=365)


def test_a_visit_after_the_as_of_date_is_not_known_yet() -> None:
    assert the_due(visits=[replace(VISIT, inspected_on=AS_OF + timedelta(days=1))]) == RECORDED + timedelta(days=365)
    assert the_due(visits=[replace(VISIT, inspected_on=AS_OF)]) == AS_OF + timedelta(days=365)


def test_at_an_empty_building_the_outside_view_can_be_enough() -> None:
    lenient = replace(YEARLY, access_required_if_empty="outside")
    outside = replace(VISIT, access_reached="outside")
    assert is_effective(outside, lenient, is_inhabited=False, satisfies=())
    assert not is_effective(outside, lenient, is_inhabited=True, satisfies=())
    assert not is_effective(outside, lenient, is_inhabited=None, satisfies=())
    assert not is_effective(outside, YEARLY, is_inhabited=False, satisfies=())


def test_another_type_counts_only_where_the_table_says_so() -> None:
    rule = replace(YEARLY, control_type="housing_control")
    assert not is_effective(VISIT, rule, is_inhabited=True, satisfies=())
    assert is_effective(VISIT, rule, is_inhabited=True, satisfies=[("joint_control", "housing_control")])
    assert not is_effective(VISIT, rule, is_inhabited=True, satisfies=[("housing_control", "joint_control")])


def test_the_shortest_applicable_interval_wins_and_says_which_rule_it_was() -> None:
    rules = [
        YEARLY,
        replace(YEARLY, id=2, interval_days=60, area_id=7),
        replace(YEARLY, id=3, interval_days=30, area_id=8),
        replace(YEARLY, id=4, interval_days=20, use_type="commercial"),
        replace(YEARLY, id=5, interval_days=10, valid_to=AS_OF),
        replace(YEARLY, id=6, interval_days=5, valid_from=AS_OF + timedelta(days=1)),
    ]
    [one] = due(HOUSE, rules, [VISIT], (), AS_OF)
    assert (one.rule_id, one.interval_days) == (2, 60)


def test_a_house_is_monitored_from_its_recording_until_it_is_closed() -> None:
    assert due(replace(HOUSE, closed_on=AS_OF), [YEARLY], [], (), AS_OF) == []
    assert due(replace(HOUSE, closed_on=AS_OF + timedelta(days=1)), [YEARLY], [], (), AS_OF) != []
    assert due(replace(HOUSE, registered_on=AS_OF + timedelta(days=1)), [YEARLY], [], (), AS_OF) == []


def test_days_overdue_are_never_negative() -> None:
    assert [overdue_days(AS_OF + timedelta(days=days), AS_OF) for days in (-3, 0, 3)] == [3, 0, 0]


def test_two_failed_visits_in_a_row_end_with_an_effective_one() -> None:
    first, second = (Visit("joint_control", date(2026, month, 1), "none") for month in (3, 4))
    assert failed_in_a_row([second, VISIT, first], YEARLY, is_inhabited=True) == 2
    assert failed_in_a_row([first, replace(VISIT, inspected_on=AS_OF)], YEARLY, is_inhabited=True) == 0


def test_a_release_takes_a_house_out_of_one_rule_for_its_days_and_the_next_rule_counts() -> None:
    monthly = replace(YEARLY, id=2, key="monthly", interval_days=30)
    days = [replace(YEARLY, key="yearly"), monthly]
    released = Release("monthly", AS_OF, AS_OF + timedelta(days=10))

    def interval(on: date, *releases: Release) -> int:
        return due(HOUSE, days, [], (), on, releases=releases)[0].interval_days

    assert interval(AS_OF) == 30
    assert [interval(AS_OF + timedelta(days=at), released) for at in (-1, 0, 9, 10)] == [30, 365, 365, 30]
    assert due(HOUSE, [monthly], [], (), AS_OF, releases=[released]) == []


def test_from_a_duty_by_law_nobody_is_released() -> None:
    law = replace(YEARLY, key="law", is_statutory=True)
    assert due(HOUSE, [law], [], (), AS_OF, releases=[Release("law", RECORDED)]) == due(HOUSE, [law], [], (), AS_OF)


def test_of_equal_intervals_the_rule_recorded_first_wins_even_when_it_was_replaced_since() -> None:
    replaced = replace(YEARLY, id=9, first_id=1, access_required="flat")
    [one] = due(HOUSE, [replace(YEARLY, id=5), replaced], [], (), AS_OF)
    assert one.rule_id == 9


def test_a_row_of_clean_visits_ends_with_the_latest_finding_and_with_all_of_its_day() -> None:
    first, second, third = (date(2026, month, 1) for month in (1, 2, 3))
    assert clean_in_a_row([(third, True), (first, False), (second, True)]) == 2
    assert clean_in_a_row([(third, True), (third, False), (second, True)]) == 0
    assert clean_in_a_row([(first, True), (second, True)]) == 2
    assert clean_in_a_row([]) == 0


days = st.dates(date(2025, 1, 1), AS_OF)
visits = st.lists(
    st.builds(Visit, st.sampled_from(["joint_control", "fire_safety"]), days, st.sampled_from(ACCESS_LEVELS))
)
rules = st.lists(
    st.builds(
        Rule,
        st.integers(1, 50),
        st.sampled_from(["joint_control", "fire_safety"]),
        st.integers(1, 900),
        st.sampled_from(ACCESS_LEVELS[1:]),
        valid_from=days,
        area_id=st.sampled_from([None, 7, 8]),
    ),
    unique_by=lambda rule: rule.id,
)


@given(rules, visits, days)
def test_one_more_visit_never_makes_a_house_due_earlier(rules: list[Rule], visits: list[Visit], on: date) -> None:
    before = {one.control_type: one.due_on for one in due(HOUSE, rules, visits, (), AS_OF)}
    after = due(HOUSE, rules, [*visits, Visit("joint_control", on, "flat")], (), AS_OF)
    assert {one.control_type for one in after} == set(before)
    assert all(one.due_on >= before[one.control_type] for one in after)


@given(rules, visits, st.data())
def test_a_release_never_makes_a_house_due_earlier_and_never_adds_a_duty(
    rules: list[Rule], visits: list[Visit], data: st.DataObject
) -> None:
    named = [replace(rule, key=str(rule.id), access_required="outside") for rule in rules]
    keys = data.draw(st.lists(st.sampled_from([str(rule.id) for rule in rules] or ["none"])))
    before = {one.control_type: one for one in due(HOUSE, named, visits, (), AS_OF)}
    after = due(HOUSE, named, visits, (), AS_OF, releases=[Release(key, RECORDED) for key in keys])
    assert all(one.due_on >= before[one.control_type].due_on for one in after)
    assert {one.control_type for one in after} <= set(before)
    assert not {one.rule_id for one in after} & {int(key) for key in keys if key != "none"}


@given(rules, visits)
def test_the_winner_is_the_shortest_of_its_type_and_order_does_not_matter(
    rules: list[Rule], visits: list[Visit]
) -> None:
    found = due(HOUSE, rules, visits, (), AS_OF)
    assert found == due(HOUSE, rules[::-1], visits[::-1], (), AS_OF)
    for one in found:
        applicable = [rule for rule in rules if rule.control_type == one.control_type and rule.area_id in (None, 7)]
        assert one.interval_days == min(rule.interval_days for rule in applicable)
