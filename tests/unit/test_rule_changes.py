"""What a change makes of the rules: the past stays, and what the law asks for is never less than it was."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.codes import ACCESS_LEVELS
from geodata.errors import InvalidEdit
from geodata.intervals import Subject, applies
from geodata.rules.changes import Effect, StoredRule, after, effect_of, is_at_least_as_strict
from geodata.rules.drafts import AddRule, EndRule, ReplaceRule, RuleDraft
from geodata.rules.preview import month_ends
from geodata.rules.visits import as_interval

BEGIN, LATER = date(2020, 1, 1), date(2026, 12, 1)
DRAFT = RuleDraft("joint_control", None, None, 365, "common_areas", "outside", None, "Beschluss", None, None, BEGIN)
RULE = StoredRule(7, "R-1", 3, is_statutory=False, draft=DRAFT)
LAW = replace(RULE, is_statutory=True)


def refused(change: AddRule | ReplaceRule | EndRule, *rules: StoredRule) -> dict[str, str]:
    with pytest.raises(InvalidEdit) as told:
        effect_of(change, rules)
    return told.value.fields


def test_a_rule_that_is_replaced_from_a_later_day_on_ends_there_and_the_new_one_has_a_key_of_its_own() -> None:
    new = replace(DRAFT, interval_days=60, valid_from=LATER)
    ended, begun = effect_of(ReplaceRule(7, new), [RULE]).appended
    assert (ended.key, ended.draft) == ("R-1", replace(DRAFT, valid_to=LATER))
    assert (begun.key, begun.draft) == (None, new)


def test_a_rule_that_is_replaced_from_its_first_day_on_is_corrected_and_keeps_its_key() -> None:
    new = replace(DRAFT, interval_days=60)
    effect = effect_of(ReplaceRule(7, new), [RULE])
    [row] = effect.appended
    assert (effect.superseded, row.key, row.draft) == (RULE, "R-1", new)
    [left] = after(effect, [RULE], 100)
    assert (left.key, left.first_id) == ("R-1", 3)


@given(st.integers(-3, 800), st.integers(-400, 1200))
def test_before_its_day_a_change_leaves_the_rules_as_they_were(begins: int, asked: int) -> None:
    begins_on, on = BEGIN + timedelta(days=begins), BEGIN + timedelta(days=asked)
    other = replace(RULE, id=8, key="R-2", draft=replace(DRAFT, valid_from=date(2021, 1, 1), interval_days=100))
    draft = replace(DRAFT, interval_days=60, valid_from=begins_on)
    house = Subject(date(2019, 1, 1), "residential", True, frozenset())
    for change in (AddRule(draft), ReplaceRule(7, draft), EndRule(7, begins_on)):
        try:
            rules = after(effect_of(change, [RULE, other]), [RULE, other], 100)
        except InvalidEdit:
            assert begins <= 0
            continue
        if on < begins_on:
            now = sorted(one.draft.interval_days for one in rules if applies(as_interval(one), house, on))
            assert now == sorted(
                one.draft.interval_days for one in (RULE, other) if applies(as_interval(one), house, on)
            )


def test_what_makes_no_sense_is_refused_by_its_field() -> None:
    assert refused(EndRule(99, LATER), RULE) == {"rule": "unknown"}
    assert refused(EndRule(7, BEGIN), RULE) == {"ends_on": "before_start"}
    assert refused(ReplaceRule(7, replace(DRAFT, valid_from=BEGIN - timedelta(days=1))), RULE) == {
        "valid_from": "before_start"
    }
    assert refused(ReplaceRule(7, DRAFT), RULE) == {"interval_days": "unchanged"}
    over = replace(RULE, draft=replace(DRAFT, valid_to=LATER))
    assert refused(EndRule(7, LATER), over) == {"ends_on": "unchanged"}
    # Nor can an end bring back a rule that is over, and change the days gone by.
    assert refused(EndRule(7, LATER + timedelta(days=1)), over) == {"ends_on": "out_of_range"}
    assert refused(ReplaceRule(7, replace(DRAFT, valid_from=LATER)), over) == {"valid_from": "out_of_range"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"interval_days": 366}, {"interval_days": "statutory_longer"}),
        ({"area_id": 5}, {"area_id": "statutory_narrower"}),
        ({"use_type": "residential"}, {"use_type": "statutory_narrower"}),
        ({"access_required": "outside"}, {"access_required": "statutory_narrower"}),
        ({"control_type": "follow_up"}, {"control_type": "statutory_narrower"}),
        ({"valid_to": LATER}, {"valid_to": "statutory_ends"}),
        ({"release_after_clean_visits": 3}, {"release_after_clean_visits": "not_allowed"}),
    ],
)  # fmt: skip
def test_a_duty_by_law_is_neither_lengthened_nor_narrowed_nor_ended(
    change: dict[str, object], problem: dict[str, str]
) -> None:
    for valid_from in (BEGIN, LATER - timedelta(days=1)):
        draft = replace(DRAFT, valid_from=valid_from, **change)  # type: ignore[arg-type]
        assert refused(ReplaceRule(7, draft), LAW) == problem
        assert effect_of(ReplaceRule(7, draft), [RULE]).superseded == RULE


def test_a_duty_by_law_can_be_shortened_and_stays_one() -> None:
    rows = effect_of(ReplaceRule(7, replace(DRAFT, interval_days=364, valid_from=LATER)), [LAW]).appended
    assert [row.is_statutory for row in rows] == [True, True]


def test_a_duty_by_law_ends_only_where_another_one_by_law_is_as_strict_from_that_day_on() -> None:
    assert refused(EndRule(7, LATER), LAW) == {"ends_on": "statutory_ends"}
    successor = replace(LAW, id=8, key="R-2", draft=replace(DRAFT, valid_from=LATER, interval_days=300))
    assert effect_of(EndRule(7, LATER), [LAW, successor]).superseded == LAW
    for lacking in (
        replace(successor, is_statutory=False),
        replace(successor, draft=replace(successor.draft, interval_days=366)),
        replace(successor, draft=replace(successor.draft, valid_from=LATER + timedelta(days=1))),
        replace(successor, draft=replace(successor.draft, valid_to=LATER + timedelta(days=100))),
    ):
        assert refused(EndRule(7, LATER), LAW, lacking) == {"ends_on": "statutory_ends"}


drafts = st.builds(
    RuleDraft,
    st.sampled_from(["joint_control", "follow_up"]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, "residential"]),
    st.integers(1, 400),
    st.sampled_from(ACCESS_LEVELS[1:]),
    st.sampled_from([None, *ACCESS_LEVELS[1:]]),
    st.none(),
    st.just("Beschluss"),
    st.none(),
    st.none(),
    st.just(BEGIN),
)


@given(drafts, drafts, st.booleans(), st.sampled_from([frozenset(), frozenset({1}), frozenset({1, 2})]))
def test_what_is_as_strict_covers_every_house_of_the_other(
    one: RuleDraft, other: RuleDraft, is_residential: bool, area_ids: frozenset[int]
) -> None:
    assert is_at_least_as_strict(one, one)
    if is_at_least_as_strict(one, other):
        house = Subject(BEGIN, "residential" if is_residential else "commercial", True, area_ids)
        stored = [StoredRule(at, str(at), at, is_statutory=True, draft=draft) for at, draft in enumerate((one, other))]
        strict, lax = (applies(as_interval(rule), house, LATER) for rule in stored)
        assert strict or not lax
        assert one.interval_days <= other.interval_days


def test_month_ends_are_the_last_days_of_the_coming_months() -> None:
    ends = month_ends(date(2026, 12, 31))
    assert (len(ends), ends[0], ends[1], ends[-1]) == (24, date(2027, 1, 31), date(2027, 2, 28), date(2028, 12, 31))
    assert month_ends(date(2026, 12, 30))[0] == date(2026, 12, 31)


def test_an_effect_names_nothing_where_a_rule_is_added() -> None:
    another = replace(DRAFT, interval_days=DRAFT.interval_days - 1)
    assert effect_of(AddRule(another), [RULE]) == Effect(None, effect_of(AddRule(another), []).appended)
    assert refused(AddRule(DRAFT), RULE) == {"interval_days": "exists"}
