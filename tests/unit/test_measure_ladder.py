"""The ladder of proceedings: where a property stands, what can come next, and what is never proposed."""

from datetime import date
from typing import Any

import pytest

from geodata.measures.kinds import MeasureKind, StepKind
from geodata.measures.ladder import Ladder, ladder
from geodata.measures.reads import Measure
from geodata.measures.steps import StepFact, next_deadline, rests, steps_at

AS_OF = date(2026, 11, 15)


def step_kind(code: str, sort: int, *after: str, **values: Any) -> StepKind:
    row: dict[str, Any] = {
        "legal_basis": None, "is_confirmed": True, "clock_from": None, "clock_months": None, "clock_days": None,
        "deadline_is": None, "moves_to_working_day": False, "extends": None, "meets": (), "is_end": False,
    }  # fmt: skip
    return StepKind(code=code, sort=sort, comes_after=after, **{**row, **values})


def kind(
    code: str, family: str, sort: int, *follows: str, steps: tuple[StepKind, ...] = (), **flags: bool
) -> MeasureKind:
    marks: dict[str, Any] = {"needs_safeguards": False, "is_last_resort": False} | flags
    return MeasureKind(
        code, family, sort, None, is_confirmed=True, follows=follows, amount_limit_eur=None, steps=steps, **marks
    )


ORDER_STEPS = (
    step_kind("hearing", 1, clock_from="served_on", deadline_is="in_letter"),
    step_kind("statement", 2, "hearing", meets=("hearing",)),
    step_kind("order", 3, "hearing", "statement", clock_from="served_on", deadline_is="in_letter", meets=("hearing",)),
    step_kind("court_action", 4, "order"),
    step_kind("final", 5, "order"),
    step_kind("fulfilled", 6, "order", meets=("hearing", "order"), is_end=True),
)
COERCION_STEPS = (
    step_kind("threat", 1, deadline_is="in_letter"),
    step_kind("carrying_out", 2, "threat", meets=("threat",), is_end=True),
)
PRE_EMPTION_STEPS = (
    step_kind("contract_notice", 1, clock_from="happened_on", clock_months=3, deadline_is="by_law"),
    step_kind(
        "averting_asked", 2, "contract_notice", clock_from="happened_on", clock_months=2, deadline_is="by_law",
        extends="contract_notice", meets=("contract_notice",),
    ),
    step_kind(
        "averting_agreed", 3, "averting_asked", deadline_is="agreed", meets=("contract_notice", "averting_asked"),
    ),
    step_kind("exercised", 4, "contract_notice", "averting_asked", meets=("contract_notice", "averting_asked")),
    step_kind("fulfilled", 5, "averting_agreed", meets=("averting_agreed",), is_end=True),
)  # fmt: skip
KINDS = (
    kind("talks", "cooperative", 1, steps=(step_kind("talk", 1, deadline_is="agreed"),)),
    kind("agreement", "cooperative", 2, "talks", steps=(step_kind("agreement_signed", 1, deadline_is="agreed"),)),
    kind("housing_order", "regulatory", 3, steps=ORDER_STEPS),
    kind("removal_order", "regulatory", 4, "housing_order", steps=ORDER_STEPS, is_last_resort=True),
    kind("coercive_fine", "coercion", 5, "housing_order", steps=COERCION_STEPS),
    kind("substitute_performance", "coercion", 6, "housing_order", steps=COERCION_STEPS),
    kind("cost_notice", "cost", 7, "substitute_performance", steps=(step_kind("notice", 1, deadline_is="in_letter"),)),
    kind("fine", "fine", 8, "housing_order"),
    kind(
        "clearance", "closing", 9, "housing_order", steps=(step_kind("hearing", 1), step_kind("order", 2, "hearing")),
        is_last_resort=True, needs_safeguards=True,
    ),
    kind("purchase", "acquisition", 10, "talks"),
    kind("pre_emption", "acquisition", 11, steps=PRE_EMPTION_STEPS),
    kind("forced_sale", "acquisition", 12, "cost_notice"),
)  # fmt: skip
BY_CODE = {one.code: one for one in KINDS}


def measure(code: str, *steps: tuple[str, date] | tuple[str, date, date], number: int = 1, **values: Any) -> Measure:
    """A proceeding with steps `(kind, happened_on, due_on)`, as it stands on AS_OF."""
    facts = [
        StepFact(at, f"{code}-{at}", one[0], one[1], one[1], one[2] if len(one) > 2 else None)  # type: ignore[misc]
        for at, one in enumerate(steps, start=1)
    ]
    row: dict[str, Any] = {
        "id": number, "key": f"{code}-{number}", "property_id": 1, "address": "Weg 1", "property_key": "P-1",
        "area_ids": (), "office": None, "file_reference": None, "opened_on": date(2026, 1, number), "follows_key": None,
        "closed_on": None, "outcome": None, "is_order_enforceable": None, "is_coercion_enforceable": None,
        "final_on": None, "court_status": None, "court_since_on": None, "amount_ordered_eur": None,
        "amount_paid_eur": None, "amount_recovered_eur": None, "causes": (), "milder_means": (),
        "milder_means_note": None, "replacement_dwellings_offered": None, "replacement_households_offered": None,
        "decided_by": None, "decided_on": None, "averted_until_on": None, "next_check_on": None, "note": None,
        "legal_basis": None, "is_confirmed": True,
    } | values  # fmt: skip
    is_resting = rests(is_order_enforceable=row["is_order_enforceable"], court_status=row["court_status"])
    stood = steps_at(facts, BY_CODE[code], AS_OF, row["closed_on"], is_resting=is_resting)
    return Measure(kind=code, family=BY_CODE[code].family, steps=stood, **row)


def closed(code: str, outcome: str, **values: Any) -> Measure:
    return measure(code, closed_on=date(2026, 9, 1), outcome=outcome, **values)


def climb(*measures: Measure) -> Ladder:
    return ladder(measures, KINDS)


def next_of(found: Ladder) -> set[tuple[str, str | None, str]]:
    return {(one.kind, one.step_kind, one.why) for one in found.next_steps}


def states(found: Ladder) -> dict[str, str]:
    return {one.family: one.state for one in found.rungs}


EXPIRED_ORDER = (("hearing", date(2026, 1, 5)), ("order", date(2026, 2, 2), date(2026, 4, 2)))


def test_a_property_without_proceedings_begins_with_talks_or_an_order() -> None:
    found = climb()
    assert next_of(found) == {("talks", None, "first_way"), ("housing_order", None, "first_way")}
    assert states(found)["cooperative"] == states(found)["regulatory"] == "possible"
    assert states(found)["closing"] == states(found)["acquisition"] == "later"


def test_within_an_order_the_next_steps_follow_and_what_a_court_does_is_not_proposed() -> None:
    heard = climb(measure("housing_order", ("hearing", date(2026, 11, 2), date(2026, 11, 30))))
    assert {step for _, step, _ in next_of(heard) if step} == {"statement", "order"}
    ordered = climb(measure("housing_order", ("order", date(2026, 11, 2), date(2027, 1, 30))))
    assert {step for _, step, _ in next_of(ordered) if step} == {"fulfilled"}
    assert states(ordered)["regulatory"] == "current"
    assert ("coercive_fine", None, "coercion_not_stated") not in next_of(ordered)  # its deadline still runs


@pytest.mark.parametrize(
    ("flag", "why", "while_resting"),
    [
        (True, "deadline_expired", "deadline_expired"),
        (None, "coercion_not_stated", None),
        (False, None, None),
    ],
)
def test_coercion_follows_an_expired_order_by_its_own_flag_even_while_the_order_rests(
    flag: bool | None, why: str | None, while_resting: str | None
) -> None:
    def proposed(code: str, **court: Any) -> set[str]:
        found = climb(measure("housing_order", *EXPIRED_ORDER, is_coercion_enforceable=flag, **court))
        return {reason for kind_, _, reason in next_of(found) if kind_ == code}

    suspended: dict[str, Any] = {"is_order_enforceable": False, "court_status": "suspended"}
    assert proposed("coercive_fine") == ({why} if why else set())
    assert proposed("coercive_fine", **suspended) == ({while_resting} if while_resting else set())
    assert proposed("fine") == {"deadline_expired"}
    assert proposed("fine", **suspended) == set(), "nobody is fined for an order that cannot be enforced"


@pytest.mark.parametrize(
    ("enforceable", "court", "state"),
    [
        (False, "suspended", "resting"),
        (False, "action_pending", "resting"),
        (None, "suspended", "expired"),  # nothing follows from the court alone
        (True, "action_pending", "expired"),
        (False, "upheld", "expired"),
        (False, None, "expired"),
    ],
)
def test_the_deadline_of_an_order_rests_while_a_court_has_it_and_it_cannot_be_enforced(
    enforceable: bool | None, court: str | None, state: str
) -> None:
    order = measure("housing_order", *EXPIRED_ORDER, is_order_enforceable=enforceable, court_status=court)
    assert [step.state for step in order.steps] == [None, state]
    assert order.next_deadline is not None
    ahead = measure("housing_order", ("order", date(2026, 11, 2), date(2027, 1, 30)),
                    is_order_enforceable=enforceable, court_status=court)  # fmt: skip
    assert [step.state for step in ahead.steps] == ["open"]


def test_of_two_means_of_coercion_only_one_runs_for_an_order() -> None:
    order = measure("housing_order", *EXPIRED_ORDER, is_coercion_enforceable=True)
    threat = measure("coercive_fine", ("threat", date(2026, 5, 5)), number=2, follows_key=order.key)
    found = next_of(climb(order, threat))
    assert "substitute_performance" not in {code for code, _, _ in found}
    assert ("coercive_fine", "carrying_out", "after_step") in found


LAST_RESORTS = {"removal_order", "clearance"}


@pytest.mark.parametrize(
    "measures",
    [
        (),
        (measure("housing_order", *EXPIRED_ORDER),),
        (closed("talks", "other"), measure("housing_order", *EXPIRED_ORDER, number=2)),
        (closed("talks", "other"), closed("housing_order", "other", number=2)),
        # Talks run again, so there is a milder way.
        (
            measure("talks", ("talk", date(2026, 11, 1), date(2026, 12, 1))),
            closed("housing_order", "other", number=2), closed("coercive_fine", "other", number=3),
        ),
        # The coercion still runs.
        (
            closed("talks", "other"), measure("housing_order", *EXPIRED_ORDER, number=2),
            measure("coercive_fine", ("threat", date(2026, 5, 5)), number=3, follows_key="housing_order-2"),
        ),
        # The order was followed.
        (
            closed("talks", "other"), closed("housing_order", "fulfilled", number=2),
            closed("coercive_fine", "other", number=3),
        ),
    ],
)  # fmt: skip
def test_a_last_resort_is_never_proposed_while_a_milder_way_is_open(measures: tuple[Measure, ...]) -> None:
    assert LAST_RESORTS.isdisjoint(one.kind for one in climb(*measures).next_steps)


def test_a_last_resort_comes_when_talks_an_order_and_coercion_have_failed() -> None:
    found = climb(
        closed("talks", "other"),
        closed("housing_order", "withdrawn", number=2),
        closed("coercive_fine", "other", number=3),
    )
    assert {("removal_order", None, "milder_failed"), ("clearance", None, "milder_failed")} <= next_of(found)


def test_a_house_is_not_closed_by_a_step_before_the_safeguards_are_on_record() -> None:
    heard = ("hearing", date(2026, 11, 2))
    bare = climb(measure("clearance", heard))
    assert all(one.step_kind != "order" for one in bare.next_steps)
    safe = climb(
        measure(
            "clearance", heard, milder_means=("talks",), replacement_dwellings_offered=0,
            replacement_households_offered=0, decided_by="Amtsleitung",
        )
    )  # fmt: skip
    assert ("clearance", "order", "after_step") in next_of(safe)


def test_a_bill_follows_what_was_carried_out_and_a_sale_the_bill_that_nobody_paid() -> None:
    done = closed("substitute_performance", "carried_out")
    assert ("cost_notice", None, "costs_open") in next_of(climb(done))
    bill = measure(
        "cost_notice", ("notice", date(2026, 9, 1), date(2026, 10, 1)), number=2, follows_key=done.key,
        amount_ordered_eur=12_000.0, amount_paid_eur=2_000.0,
    )  # fmt: skip
    assert bill.amount_open_eur == 10_000.0
    found = next_of(climb(done, bill))
    assert ("forced_sale", None, "costs_open") in found
    assert "cost_notice" not in {code for code, step, _ in found if step is None}


def test_a_broken_promise_is_the_reason_for_an_order() -> None:
    promised = measure("agreement", ("agreement_signed", date(2026, 6, 1), date(2026, 9, 30)))
    assert ("housing_order", None, "promise_broken") in next_of(climb(promised))


def test_pre_emption_is_begun_by_a_sale_and_decided_once() -> None:
    assert "pre_emption" not in {one.kind for one in climb().next_steps}
    noticed = measure("pre_emption", ("contract_notice", date(2026, 10, 1)))
    assert {step for _, step, _ in next_of(climb(noticed)) if step} == {"averting_asked", "exercised"}
    averted = measure(
        "pre_emption", ("contract_notice", date(2026, 7, 1)), ("averting_asked", date(2026, 9, 1)),
        ("averting_agreed", date(2026, 10, 1), date(2028, 10, 1)),
    )  # fmt: skip
    assert {step for _, step, _ in next_of(climb(averted)) if step} == {"fulfilled"}


# --- steps with their clocks ------------------------------------------------------------------------------------------


def test_averting_prolongs_the_three_months_by_two_while_they_run() -> None:
    asked = measure("pre_emption", ("contract_notice", date(2026, 8, 31)), ("averting_asked", date(2026, 11, 10)))
    notice, averting = asked.steps
    assert (notice.due_on, notice.state, notice.is_due_by_rule) == (date(2026, 11, 30), "met", True)
    assert averting.due_on == date(2027, 1, 30)
    assert asked.next_deadline == averting
    late = measure("pre_emption", ("contract_notice", date(2026, 6, 1)), ("averting_asked", date(2026, 11, 10)))
    assert [(one.due_on, one.state) for one in late.steps] == [(date(2026, 9, 1), "expired"), (None, None)]
    assert late.next_deadline == late.steps[0]


def test_facts_of_later_days_do_not_count_and_deadlines_lie_ahead() -> None:
    facts = [
        StepFact(1, "a", "hearing", date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 20)),
        StepFact(2, "b", "order", date(2026, 4, 1), date(2026, 4, 8), date(2026, 7, 1)),
        StepFact(3, "c", "fulfilled", date(2026, 8, 1)),
    ]
    kind_ = BY_CODE["housing_order"]
    (hearing,) = steps_at(facts, kind_, date(2026, 3, 3))
    assert (hearing.served_on, hearing.due_on, hearing.state) == (None, date(2026, 3, 20), "open")
    (hearing,) = steps_at(facts, kind_, date(2026, 3, 31))
    assert hearing.state == "expired"
    hearing, order = steps_at(facts, kind_, date(2026, 7, 2))
    assert (hearing.state, hearing.met_on, order.state) == ("met_late", date(2026, 4, 1), "expired")
    assert next_deadline((hearing, order)) == order
    assert steps_at(facts, kind_, date(2026, 8, 1))[1].state == "met_late"


def test_a_closed_proceeding_has_no_running_deadline_and_keeps_what_had_expired() -> None:
    facts = [
        StepFact(1, "a", "hearing", date(2026, 3, 2), due_on=date(2026, 3, 20)),
        StepFact(2, "b", "order", date(2026, 3, 25), due_on=date(2026, 12, 1)),
    ]
    kind_ = BY_CODE["housing_order"]
    hearing, order = steps_at(facts, kind_, AS_OF, date(2026, 4, 1))
    assert (hearing.state, order.state) == ("met_late", None)
    assert steps_at(facts, kind_, date(2026, 3, 31), date(2026, 4, 1))[1].state == "open"


def test_amounts_that_nobody_stated_are_not_open() -> None:
    assert measure("housing_order").amount_open_eur is None
    assert measure("coercive_fine", amount_ordered_eur=500.0).amount_open_eur == 500.0
    assert measure("coercive_fine", amount_ordered_eur=500.0, amount_recovered_eur=600.0).amount_open_eur == 0.0
