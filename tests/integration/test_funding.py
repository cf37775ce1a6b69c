"""Grants, their flow and what is at risk: read by who may, for the filter of a page, at a date; entered and erased."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from geodata import records
from geodata.access import Role, Scope
from geodata.edits import merge, undo
from geodata.errors import InvalidEdit, NotAllowed
from geodata.filters import PropertyFilter
from geodata.funding import edits
from geodata.funding.drafts import CallDraft, CostDraft, GrantDraft, ProgrammeDraft
from geodata.funding.reads import (
    GrantWish,
    read_at_risk,
    read_flow,
    read_grant,
    read_grants,
    read_grants_of,
    read_programmes,
)
from geodata.keeping import erasing
from tests.conftest import Stage
from tests.factories import facts, funding
from tests.factories.editing import Desk, order

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


def test_an_invoice_of_a_later_day_uses_no_money_yet_even_if_it_was_paid_before(desk: Desk) -> None:
    with desk.loader() as connection:
        funding.cost(connection, "F-west", 3, invoiced_on=date(2026, 3, 15), paid_on=date(2026, 2, 1))
    with desk.staff() as asker:
        ((west,), (later,)) = (read_grants_of(asker, desk.in_west, day) for day in (AS_OF, date(2026, 3, 15)))
    assert (west.spent_eur, west.unused_eur) == (25_000, 18_000)
    assert (later.spent_eur, later.paid_eur - later.unused_eur) == (45_000, 24_000)


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


# --- edits ------------------------------------------------------------------------------------------------------------

GRANT = GrantDraft(
    programme=funding.PROGRAMME,
    title="Ankauf und Rückbau",
    eligible_eur=100_000,
    granted_eur=60_000,
    share=0.6,
    granted_on=date(2026, 1, 15),
    call_until_on=date(2027, 12, 31),
    binding_until_on=date(2041, 12, 31),
    proof_due_on=date(2028, 6, 30),
    goal="Zwölf Wohnungen weniger im Quartier",
)
CALL = CallDraft(called_on=date(2026, 2, 1), amount_eur=20_000.55)


def enter(desk: Desk, **other: Any) -> str:
    """Enter a grant and give its key."""
    with desk.staff() as asker:
        edited = edits.add_grant(asker, order(), replace(GRANT, **other))
    return f"app:{edited.edit_id}:1"


def test_money_goes_its_way_from_the_notice_to_the_rating(desk: Desk) -> None:
    key = enter(desk, property_id=desk.in_west)
    with desk.staff() as asker:
        call = edits.add_call(asker, order(), key, CALL)
        paid = replace(CALL, paid_on=date(2026, 2, 20), paid_eur=20_000.55)
        edits.change_call(asker, order(), f"app:{call.edit_id}:1", paid)
        edits.add_cost(asker, order(), key, CostDraft("demolition", date(2026, 2, 10), 9_999.99, date(2026, 2, 25)))
        edits.send_proof(asker, order(), key, sent_on=date(2026, 2, 27), result="accepted")
        edits.rate_goal(asker, order(), key, rating="partly", goal=GRANT.goal, note="Zehn statt zwölf")
        found = read_grant(asker, key, AS_OF)
    assert found is not None
    assert (found.called_eur, found.paid_eur, found.spent_eur, found.state) == (
        20_000.55,
        20_000.55,
        9_999.99,
        "proven",
    )
    assert (found.goal_rating, found.goal_note, found.proof_result) == ("partly", "Zehn statt zwölf", "accepted")
    assert found.unused_eur == round(20_000.55 - 9_999.99 * 0.6, 2)


WRONG_GRANTS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"granted_eur": 100_001.0}, {"granted_eur": "over_eligible"}),
    ({"granted_eur": 75_000.0}, {"granted_eur": "over_share"}),
    ({"share": 1.2}, {"share": "out_of_range"}),
    ({"proof_due_on": date(2025, 12, 31)}, {"proof_due_on": "before_grant"}),
    ({"interest_from_month": 7}, {"checked_after_months": "required"}),
    ({"title": " "}, {"title": "required"}),
    ({"project_key": "R-1"}, {"project_key": "no_property"}),
    ({"area_id": 999_999}, {"area_id": "unknown"}),
    ({"binding_until_on": date(2999, 1, 1)}, {"binding_until_on": "future"}),
]
WRONG_CALLS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"amount_eur": 60_000.01}, {"amount_eur": "over_granted"}),
    ({"paid_on": date(2026, 2, 2)}, {"paid_eur": "required"}),
    ({"paid_on": date(2026, 1, 20), "paid_eur": 1.0}, {"paid_on": "before_call"}),
    ({"paid_on": date(2026, 2, 2), "paid_eur": 20_001.0}, {"paid_eur": "over_call"}),
    ({"called_on": date(2025, 12, 31)}, {"called_on": "before_grant"}),
]


def test_what_makes_no_sense_is_refused(desk: Desk) -> None:
    key = enter(desk)
    with desk.staff() as asker:
        for other, problems in WRONG_GRANTS:
            with pytest.raises(InvalidEdit) as refused:
                edits.add_grant(asker, order(), replace(GRANT, **other))
            assert refused.value.fields == problems
        for other, problems in WRONG_CALLS:
            with pytest.raises(InvalidEdit) as refused:
                edits.add_call(asker, order(), key, replace(CALL, **other))
            assert refused.value.fields == problems


def test_calls_together_never_exceed_the_grant_and_a_withdrawn_one_does_not_count(desk: Desk) -> None:
    key = enter(desk)
    with desk.staff() as asker:
        first = edits.add_call(asker, order(), key, replace(CALL, amount_eur=50_000))
        with pytest.raises(InvalidEdit):
            edits.add_call(asker, order(), key, replace(CALL, amount_eur=10_001))
        with pytest.raises(InvalidEdit) as below:
            edits.change_grant(asker, order(), key, replace(GRANT, granted_eur=49_000))
        assert below.value.fields == {"granted_eur": "below_called"}
        edits.withdraw_call(asker, order(), f"app:{first.edit_id}:1")
        edits.add_call(asker, order(), key, replace(CALL, amount_eur=10_001))
        found = read_grant(asker, key, AS_OF)
    assert found is not None
    assert found.called_eur == 10_001


def test_a_grant_is_corrected_once_and_an_undo_brings_the_version_before_back(desk: Desk) -> None:
    key = enter(desk)
    with desk.staff() as asker:
        with pytest.raises(InvalidEdit) as unchanged:
            edits.change_grant(asker, order(), key, GRANT)
        assert unchanged.value.fields == {"form": "unchanged"}
        edited = edits.change_grant(asker, order(), key, replace(GRANT, title="Rückbau"))
        undo(asker, edited.edit_id, uuid4())
        found = read_grant(asker, key, AS_OF)
    assert found is not None
    assert found.title == GRANT.title


def test_an_undo_does_not_bring_back_more_calls_than_were_granted(desk: Desk) -> None:
    key = enter(desk)
    with desk.staff() as asker:
        call = edits.add_call(asker, order(), key, replace(CALL, amount_eur=40_000))
        gone = edits.withdraw_call(asker, order(), f"app:{call.edit_id}:1")
        edits.add_call(asker, order(), key, replace(CALL, amount_eur=30_000))
        with pytest.raises(InvalidEdit) as refused:
            undo(asker, gone.edit_id, uuid4())
    assert refused.value.fields == {"edit": "changed_since"}


@pytest.mark.parametrize("part", ["call", "cost"])
def test_a_grant_with_money_is_not_taken_back_alone(desk: Desk, part: str) -> None:
    key = enter(desk)
    with desk.staff() as asker:
        bought = CostDraft("demolition", date(2026, 2, 1), 100.0)
        added = edits.add_call(asker, order(), key, CALL) if part == "call" else edits.add_cost(
            asker, order(), key, bought
        )  # fmt: skip
        begun = int(key.split(":")[1])
        with pytest.raises(InvalidEdit) as refused:
            undo(asker, begun, uuid4())
        assert refused.value.fields == {"edit": "changed_since"}
        undo(asker, added.edit_id, uuid4())
        undo(asker, begun, uuid4())
        assert read_grant(asker, key, AS_OF) is None


def test_a_grant_goes_with_its_house_and_comes_back_with_an_undo(desk: Desk) -> None:
    with desk.staff() as asker:
        merged = merge(asker, order(), desk.in_west, desk.in_east, happened_on=date(2026, 2, 1))
        assert {one.key for one in read_grants_of(asker, desk.in_east, AS_OF)} == {"F-west", "F-east"}
        undo(asker, merged.edit_id, uuid4())
        assert {one.key for one in read_grants_of(asker, desk.in_east, AS_OF)} == {"F-east"}


def test_a_manager_and_a_stranger_change_nothing(desk: Desk) -> None:
    with desk.manager() as asker, pytest.raises(NotAllowed):
        edits.add_grant(asker, order(), GRANT)
    with desk.staff() as asker, pytest.raises(InvalidEdit) as refused:
        edits.add_call(asker, order(), "F-nowhere", CALL)
    assert refused.value.fields == {"form": "not_in_scope"}


def test_programmes_are_stated_anew_under_their_name(desk: Desk) -> None:
    draft = ProgrammeDraft(funding.PROGRAMME, "Land", 0.6, 0.4, 0.8, 13, 18, source="Richtlinie")
    with desk.staff() as asker:
        edits.set_programme(asker, order(), draft)
        edits.set_programme(asker, order(), replace(draft, key="Neu", usual_share=0.5))
        found = {one.key: one for one in read_programmes(asker)}
        with pytest.raises(InvalidEdit) as refused:
            edits.set_programme(asker, order(), replace(draft, usual_share=0.9))
    assert (found["Neu"].usual_share, found[funding.PROGRAMME].source) == (0.5, "Richtlinie")
    assert refused.value.fields == {"usual_share": "beyond_bounds"}


def test_an_erased_house_takes_its_grants_calls_and_costs_along_and_its_name_out_of_others(desk: Desk) -> None:
    with desk.loader() as connection:
        funding.grant(connection, "F-told", title="Platz vor Beispielweg 1")
        erasing.delete_properties(connection, facts.CITY, [desk.in_west])
        left = {
            table: connection.execute(text(f"SELECT count(*) FROM qm.funding_{table}")).scalar_one()
            for table in ("grant", "call", "cost")
        }
        title = connection.execute(text("SELECT title FROM qm.funding_grant WHERE key = 'F-told'")).scalar_one()
    assert left == {"grant": 4, "call": 0, "cost": 0}
    assert title == "Platz vor …"


def test_a_cost_belongs_to_the_project_of_its_grant(desk: Desk) -> None:
    key = enter(desk, property_id=desk.in_west)
    with desk.loader() as connection:
        connection.execute(text("UPDATE qm.funding_grant SET project_key = 'RB-1' WHERE key = :key"), {"key": key})
    with desk.staff() as asker:
        edits.add_cost(asker, order(), key, CostDraft("demolition", date(2026, 2, 10), 100.0))
        found = read_grant(asker, key, AS_OF)
    assert found is not None
    assert [one.project_key for one in found.costs] == ["RB-1"]
