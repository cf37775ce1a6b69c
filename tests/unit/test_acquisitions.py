"""The clock of a pre-emption, what a buyer promised, and the ways of acquisition: pure rules."""

from datetime import date
from typing import Any

from geodata.measures.acquisitions import acquisition_of, by_urgency, count_ways, price_of
from geodata.measures.reads import Measure
from geodata.measures.steps import Step

AS_OF = date(2026, 11, 15)


def step(kind: str, on: date, due_on: date | None = None, **more: Any) -> Step:
    made = {
        "id": 1, "key": kind, "served_on": None, "is_due_by_rule": True, "is_confirmed": True, "met_on": None,
        "state": None if due_on is None else "open", "amount_eur": None, "note": None, "legal_basis": None,
    } | more  # fmt: skip
    return Step(kind=kind, happened_on=on, due_on=due_on, **made)


def measure(*steps: Step, kind: str = "pre_emption", **more: Any) -> Measure:
    nothing: dict[str, Any] = dict.fromkeys(Measure.__dataclass_fields__)
    plain = {
        "id": 1, "key": "V1", "property_id": 1, "address": "Weg 1", "property_key": "A", "area_ids": (), "kind": kind,
        "family": "acquisition", "opened_on": date(2026, 9, 7), "causes": (), "milder_means": (), "steps": steps,
        "is_confirmed": True,
    }  # fmt: skip
    return Measure(**{**nothing, **plain, **more})


NOTICE = step("contract_notice", date(2026, 9, 7), date(2026, 12, 7))
ASKED = step("averting_asked", date(2026, 11, 2), date(2027, 2, 7))


def test_the_clock_runs_from_the_notice_until_something_is_decided() -> None:
    running = acquisition_of(measure(NOTICE), AS_OF)
    assert (running.state, running.ends_on, running.days_left) == ("running", date(2026, 12, 7), 22)
    assert not running.is_prolonged
    used = acquisition_of(measure(NOTICE, step("exercised", date(2026, 11, 10), amount_eur=90_000.0)), AS_OF)
    assert (used.decision, used.ends_on, used.state, used.price_eur) == ("exercised", None, "running", 90_000.0)


def test_averting_makes_the_clock_longer_and_only_the_longer_end_counts() -> None:
    found = acquisition_of(measure(NOTICE, ASKED), AS_OF)
    assert (found.ends_on, found.is_prolonged) == (date(2027, 2, 7), True)
    too_late = step("averting_asked", date(2026, 12, 20))
    assert acquisition_of(measure(NOTICE, too_late), AS_OF).ends_on == date(2026, 12, 7)


def test_a_promise_is_looked_at_until_it_is_kept() -> None:
    agreed = step("averting_agreed", date(2026, 10, 1), date(2028, 1, 1))
    late = acquisition_of(measure(NOTICE, agreed, next_check_on=date(2026, 11, 14)), AS_OF)
    assert (late.state, late.is_follow_up_overdue, late.is_follow_up_missing) == ("averted", True, False)
    assert late.ends_on is None
    today = acquisition_of(measure(NOTICE, agreed, next_check_on=AS_OF), AS_OF)
    assert not today.is_follow_up_overdue
    assert acquisition_of(measure(NOTICE, agreed), AS_OF).is_follow_up_missing
    kept = measure(NOTICE, agreed, closed_on=date(2026, 11, 1), outcome="averted", next_check_on=date(2026, 11, 14))
    assert (acquisition_of(kept, AS_OF).state, acquisition_of(kept, AS_OF).follow_up_on) == ("ended", None)


def test_an_offer_is_no_price_and_the_contract_is() -> None:
    offer = step("offer", date(2026, 1, 1), amount_eur=80_000.0)
    assert price_of([offer]) is None
    assert price_of([offer, step("contract", date(2026, 2, 1), amount_eur=75_000.0)]) == 75_000.0


def test_ways_are_counted_with_what_has_no_price() -> None:
    closed = {"closed_on": date(2026, 5, 1), "outcome": "acquired"}
    bought = measure(step("contract", date(2026, 4, 1), amount_eur=50_000.0), kind="purchase", **closed)
    found = [acquisition_of(one, AS_OF) for one in (measure(NOTICE), bought, measure(kind="purchase", **closed))]
    purchase, pre_emption, forced, ownerless = count_ways(found)
    assert (purchase.acquired, purchase.price_eur, purchase.without_price, purchase.total) == (2, 50_000.0, 1, 2)
    assert (pre_emption.running, forced.total, ownerless.total) == (1, 0, 0)


def test_the_nearest_end_comes_first() -> None:
    far, near = measure(NOTICE, ASKED, key="far"), measure(NOTICE, key="near")
    without = measure(key="none")
    other = measure(kind="purchase")
    found = by_urgency(acquisition_of(one, AS_OF) for one in (without, far, other, near))
    assert [one.measure.key for one in found] == ["near", "far", "none"]
