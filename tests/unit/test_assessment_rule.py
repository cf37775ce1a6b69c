"""How an assessment follows from facts, told with one house; whose word counts at the end."""

import re
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geodata import codes
from geodata.assessment import rule
from geodata.assessment.computing import explain, facts_statement
from geodata.assessment.reads import frozen
from geodata.assessment.rule import Assessed, Contribution, Fact, Values, compute, step

AS_OF = date(2026, 6, 30)
VALUES = Values(
    (
        Contribution("fire_safety", "pressure", 4, 730),
        Contribution("waste_pests", "pressure", 2, 365),
        Contribution("control_overdue", "pressure", 1, None),
        Contribution("order_enforceable", "room_to_act", 2, None),
        Contribution("court_pending", "room_to_act", -2, None),
    ),
    {
        "pressure_1": 1, "pressure_2": 3, "pressure_3": 6, "room_to_act_1": 1, "room_to_act_2": 3, "room_to_act_3": 5,
        "judgement_days": 365, "known_days": 1095,
    },
)  # fmt: skip
SEEN = Fact("known", AS_OF - timedelta(days=10))
FIRE = Fact("fire_safety", AS_OF - timedelta(days=100), ("fire_load",))


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def test_points_add_up_to_levels_and_each_part_says_what_it_counted() -> None:
    found = compute([SEEN, FIRE, Fact("waste_pests", ago(5)), Fact("order_enforceable", None)], VALUES, AS_OF)
    assert found is not None
    assert (found.pressure.points, found.room_to_act.points, found.levels) == (6, 2, (3, 1))
    assert [(one.code, one.points, one.age_days) for one in found.parts] == [
        ("fire_safety", 4, 100), ("waste_pests", 2, 5), ("order_enforceable", 2, None),
    ]  # fmt: skip


def test_what_is_too_old_or_left_out_is_shown_and_counts_nothing() -> None:
    old = Fact("waste_pests", ago(366))
    found = compute([SEEN, old, FIRE], replace(VALUES, contributions=(
        replace(VALUES.contributions[0], is_active=False), *VALUES.contributions[1:],
    )), AS_OF)  # fmt: skip
    assert found is not None
    assert found.levels == (0, 0)
    assert [(one.code, one.effect, one.points) for one in found.parts] == [
        ("fire_safety", "inactive", 0), ("waste_pests", "too_old", 0),
    ]  # fmt: skip
    assert compute([SEEN, replace(old, since_on=ago(365))], VALUES, AS_OF).pressure.points == 2  # type: ignore[union-attr]


def test_what_takes_away_never_makes_an_input_negative() -> None:
    found = compute([SEEN, Fact("court_pending", ago(1))], VALUES, AS_OF)
    assert found is not None
    assert found.room_to_act == rule.Side(0, 0)


def test_of_a_house_that_nobody_has_seen_nothing_is_computed() -> None:
    assert compute([], VALUES, AS_OF) is None
    assert compute([Fact("known", ago(1096)), Fact("control_overdue", ago(400))], VALUES, AS_OF) is None
    assert compute([FIRE], VALUES, AS_OF) is not None


def test_the_offices_own_judgement_counts_until_it_is_too_old() -> None:
    computed = compute([SEEN, FIRE], VALUES, AS_OF)
    young, old = Assessed(ago(365), 0, 0), Assessed(ago(366), 0, 0)
    assert step(young, None, computed, VALUES, AS_OF) == "keep"
    assert step(old, None, computed, VALUES, AS_OF) == "append"
    assert step(None, None, computed, VALUES, AS_OF) == "append"
    assert step(Assessed(ago(366), *computed.levels), None, computed, VALUES, AS_OF) == "keep"  # type: ignore[union-attr]
    assert step(old, None, None, VALUES, AS_OF) == "keep"


def test_nothing_is_appended_while_the_levels_stay() -> None:
    computed = compute([SEEN, FIRE], VALUES, AS_OF)
    assert computed is not None
    assert step(Assessed(ago(900), 0, 0), Assessed(ago(30), *computed.levels), computed, VALUES, AS_OF) == "keep"
    assert step(Assessed(ago(900), 0, 0), Assessed(ago(30), 1, 1), computed, VALUES, AS_OF) == "append"


def test_a_judgement_that_came_in_late_takes_the_place_of_what_was_computed_without_it() -> None:
    computed = compute([SEEN, FIRE], VALUES, AS_OF)
    assert step(Assessed(ago(20), 1, 1), Assessed(ago(10), 2, 0), computed, VALUES, AS_OF) == "withdraw"
    assert step(Assessed(ago(10), 1, 1), Assessed(ago(20), 2, 0), computed, VALUES, AS_OF) == "keep"


@given(st.lists(st.sampled_from(VALUES.contributions), unique_by=lambda one: one.code), st.integers(0, 2_000))
def test_a_frozen_explanation_says_the_same_as_the_computation(parts: list[Contribution], days: int) -> None:
    computed = compute([SEEN, *(Fact(one.code, ago(days), ("x",)) for one in parts)], VALUES, AS_OF)
    assert computed is not None
    assert frozen(explain(computed, VALUES, AS_OF)) == computed


def test_each_defect_is_in_one_contribution() -> None:
    grouped = [defect for defects in rule.DEFECT_GROUPS.values() for defect in defects]
    assert sorted(grouped) == sorted(codes.DEFECTS)
    assert set(rule.DEFECT_GROUPS) <= set(codes.PRESSURE_CONTRIBUTIONS)


def test_the_query_tells_every_contribution_of_the_list_and_no_other() -> None:
    statement = facts_statement()
    told = set(re.findall(r"(?:property_id|\bSELECT\s+property_id), '(\w+)'", statement)) | set(rule.DEFECT_GROUPS)
    assert told == {*codes.ASSESSMENT_CONTRIBUTIONS, rule.KNOWN}


def test_no_count_of_persons_households_or_dwellings_and_nothing_about_residents_is_read() -> None:
    """domain.md, "Assessment" and "Fairness": facts about the building and the proceedings only."""
    statement = re.sub(r"--[^\n]*", "", facts_statement()).lower()
    words = (
        "person", "household", "dwelling", "resident", "inhabit", "occup", "benefit", "popul", "origin", "nation",
        "overcrowd", "indicator", "causes", "registered", "migra", "child", "note", "reason", "hint_source",
    )  # fmt: skip
    assert [word for word in words if word in statement] == []
    tables = set(re.findall(r"\bqm\.(\w+) as\b", statement))
    assert tables == {
        "property_current", "inspection", "property_due", "measure", "measure_kind", "status_event", "property_version",
        "supply_cut", "closure", "closure_event", "funding_grant",
    }  # fmt: skip
    listed = {*codes.ASSESSMENT_CONTRIBUTIONS}
    assert not [code for code in listed if re.search("person|household|population|benefit|origin", code)]
