"""Grants, their flow and what is at risk: read by who may, for the filter of a page, at a date."""

from datetime import date

import pytest
from sqlalchemy import text

from geodata import records
from geodata.access import Role, Scope
from geodata.errors import NotAllowed
from geodata.filters import PropertyFilter
from geodata.funding.reads import (
    GrantWish,
    read_at_risk,
    read_flow,
    read_grant,
    read_grants,
    read_grants_of,
    read_programmes,
)
from tests.conftest import Stage
from tests.factories import facts, funding
from tests.factories.editing import Desk

AS_OF = date(2026, 3, 1)
ALL = PropertyFilter(as_of=AS_OF)


@pytest.fixture
def desk(stage: Stage) -> Desk:
    """A house in the west and one in the east, a grant for each, for the area of the west and for the city."""
    desk = Desk(stage)
    with stage.as_loader() as connection:
        funding.programme(connection)
        funding.grant(connection, "F-west", property_id=desk.in_west)
        funding.grant(connection, "F-east", property_id=desk.in_east, programme="Stadt")
        funding.grant(connection, "F-area", area_id=desk.west)
        funding.grant(connection, "F-city", granted_on=None, expected_on=date(2026, 3, 15))
        funding.call(connection, "F-west")
        funding.call(connection, "F-west", 2, called_on=date(2026, 2, 1), paid_on=date(2026, 3, 10), amount_eur=10_000)
        funding.cost(connection, "F-west")
        funding.cost(connection, "F-west", 2, amount_eur=5_000, is_eligible=False)
        records.refresh(connection, facts.CITY, AS_OF)
    return desk


def test_what_happened_later_does_not_count_yet_and_sums_are_of_granted_money(desk: Desk) -> None:
    with desk.staff() as asker:
        (west,) = read_grants_of(asker, desk.in_west, AS_OF)
        total, *programmes = read_flow(asker, ALL)
    assert (west.called_eur, west.paid_eur, west.spent_eur, west.not_eligible_eur) == (40_000, 30_000, 25_000, 5_000)
    assert (west.own_share_eur, west.open_eur, west.unused_eur) == (40_000, 20_000, 18_000)
    assert west.address
    assert (total.programme, total.grants, total.granted_eur) == (None, 3, 180_000)
    assert (total.expected, total.expected_eur) == (1, 60_000)
    assert [one.programme for one in programmes] == [funding.PROGRAMME, "Stadt"]
    for name in ("eligible_eur", "granted_eur", "called_eur", "paid_eur", "spent_eur", "own_share_eur", "open_eur"):
        assert getattr(total, name) == sum(getattr(one, name) for one in programmes)
    assert total.eligible_eur == total.granted_eur + total.own_share_eur


def test_a_manager_sees_the_grants_of_the_areas_assigned_and_those_of_the_whole_city(desk: Desk) -> None:
    with desk.manager() as asker:
        assert {one.key for one in read_grants(asker, ALL)} == {"F-west", "F-area", "F-city"}
        assert read_grant(asker, "F-east", AS_OF) is None
        assert read_flow(asker, ALL)[0].called_eur == 40_000
        assert [one.key for one in read_programmes(asker)] == [funding.PROGRAMME]
        seen = asker.connection.execute(text("SELECT count(*) FROM qm.funding_call")).scalar_one()
    assert seen == 2


@pytest.mark.parametrize("role", ["external_manager", "politics"])
def test_others_are_refused(desk: Desk, role: Role) -> None:
    scope = Scope(facts.CITY, role, "anna", frozenset({desk.west}))
    with desk.stage.ask(scope) as asker, pytest.raises(NotAllowed):
        read_grants(asker, ALL)


def test_a_filter_of_areas_means_its_houses_and_the_grants_of_these_areas(desk: Desk) -> None:
    with desk.staff() as asker:
        in_west = read_grants(asker, PropertyFilter(as_of=AS_OF, area_ids=(desk.west,)))
        inhabited = read_grants(asker, PropertyFilter(as_of=AS_OF, area_ids=(desk.west,), use_types=("residential",)))
        wished = read_grants(asker, ALL, GrantWish(programmes=("Stadt",), sort="granted_eur"))
    assert {one.key for one in in_west} == {"F-west", "F-area"}
    assert {one.key for one in inhabited} == {"F-west"}
    assert [one.key for one in wished] == ["F-east"]


def test_what_is_at_risk_comes_by_day_with_what_has_passed(desk: Desk) -> None:
    with desk.staff() as asker:
        found = read_at_risk(asker, PropertyFilter(as_of=AS_OF, area_ids=(desk.west,)))
    assert [(one.grant_key, one.what, one.on, one.days_left, one.amount_eur) for one in found] == [
        ("F-west", "interest", date(2025, 9, 15), -167, 18_000),
        ("F-area", "call_window", date(2026, 1, 31), -29, 60_000),
        ("F-west", "call_window", date(2026, 1, 31), -29, 20_000),
        ("F-west", "proof_due", date(2026, 6, 30), 121, 30_000),
    ]
    assert (found[0].since_on, found[0].is_confirmed) == (date(2025, 3, 15), False)


def test_the_notice_decides_about_interest_then_the_programme_then_the_usual_rule(desk: Desk) -> None:
    with desk.loader() as connection:
        funding.programme(
            connection, "Stadt", interest_from_month=7, checked_after_months=12, is_interest_confirmed=True
        )
        funding.grant(connection, "F-own", interest_from_month=3, checked_after_months=6)
    with desk.staff() as asker:
        rules = {one.key: one.rule for one in read_grants(asker, ALL)}
    assert (rules["F-west"].from_month, rules["F-west"].is_confirmed) == (13, False)
    assert (rules["F-east"].from_month, rules["F-east"].is_confirmed) == (7, True)
    assert (rules["F-own"].from_month, rules["F-own"].checked_after_months) == (3, 6)
