"""The grants of the invented city: in all states, and with what goes wrong with money."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from etl.demo.casebook import open_casebook
from etl.demo.dates import AS_OF
from etl.demo.deliveries import DEFAULT_SEED, DEFAULT_SIZE
from etl.demo.funding import DemoGrant, grant_money
from geodata.funding.interest import InterestRule, Payment, PaymentUse, Spending, uses
from tests.factories.demo_city import demo_city


@pytest.fixture(scope="module")
def grants() -> Sequence[DemoGrant]:
    return grant_money(open_casebook(demo_city(), DEFAULT_SEED, DEFAULT_SIZE).projects)


def test_calls_stay_within_the_grant_and_after_its_notice(grants: Sequence[DemoGrant]) -> None:
    assert 15 <= len(grants) <= 24
    assert len({one.key for one in grants}) == len(grants)
    for one in grants:
        assert sum(call.amount_eur for call in one.calls) <= one.granted_eur
        assert all(one.granted_on is not None and call.called_on >= one.granted_on for call in one.calls)
        assert all(call.paid_on is None or call.called_on <= call.paid_on <= AS_OF for call in one.calls)
        assert all(cost.invoiced_on <= AS_OF for cost in one.costs)


def test_what_a_tour_shows_is_planted(grants: Sequence[DemoGrant]) -> None:
    soon = AS_OF + timedelta(days=183)
    rated = [one.goal_rating for one in grants if one.proof_result == "accepted"]
    overdue = [one for one in grants if one.proof_due_on and one.proof_due_on < AS_OF and not one.proof_sent_on]
    assert sorted(rated) == ["partly", "reached"]
    assert len(overdue) == 1
    assert any(one.binding_until_on and AS_OF < one.binding_until_on <= soon for one in grants)
    assert any(one.call_until_on == date(2026, 12, 31) for one in grants)
    assert [one.is_withdrawn for one in grants].count(True) == 1
    assert len([one for one in grants if one.area]) == 2
    (expected,) = [one for one in grants if one.granted_on is None]
    assert expected.expected_on is not None
    assert (expected.property_key, (expected.expected_on - AS_OF).days) == ("PI-0003", 14)


def test_one_payment_stands_unused_in_its_15th_month(grants: Sequence[DemoGrant]) -> None:
    late = [use for one in grants if not one.is_withdrawn for use in _uses(one) if use.state == "costs_interest"]
    assert [use.month for use in late] == [15]
    assert late[0].unused_eur > 10_000


def _uses(grant: DemoGrant) -> tuple[PaymentUse, ...]:
    payments = [Payment(str(one.called_on), one.paid_on, one.amount_eur) for one in grant.calls if one.paid_on]
    spendings = [Spending(one.paid_on, one.amount_eur) for one in grant.costs if one.paid_on and one.is_eligible]
    rule = InterestRule(13, 18)
    return uses(payments, spendings, share=grant.share, eligible_eur=grant.eligible_eur, rule=rule, as_of=AS_OF)
