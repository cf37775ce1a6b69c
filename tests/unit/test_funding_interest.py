"""What is unused of a payment, from when it costs interest and when it is checked."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geodata.calendar import months_later
from geodata.funding.interest import InterestRule, Payment, Spending, running_month, uses

RULE = InterestRule(13, 18)
FIRST = date(2024, 1, 1)

days = st.integers(0, 1_500).map(lambda day: FIRST + timedelta(days=day))
cents = st.integers(1, 5_000_000).map(lambda number: number / 100)


@st.composite
def payments(draw: st.DrawFn) -> list[Payment]:
    found = []
    for number in range(draw(st.integers(0, 5))):
        paid_on, paid_eur = draw(days), draw(cents)
        later = draw(st.none() | st.integers(0, 700))
        refunded_on = None if later is None else paid_on + timedelta(days=later)
        refunded = 0.0 if refunded_on is None else round(paid_eur * draw(st.integers(0, 100)) / 100, 2)
        found.append(Payment(f"A{number}", paid_on, paid_eur, refunded_on, refunded))
    return found


spendings = st.lists(st.builds(Spending, days, cents), max_size=6)
shares = st.integers(0, 100).map(lambda per_cent: per_cent / 100)


def test_unused_money_costs_interest_from_month_13_and_is_checked_after_18() -> None:
    payment = [Payment("A1", date(2025, 8, 15), 10_000.0)]
    states = {}
    for as_of in (date(2026, 8, 14), date(2026, 8, 15), date(2026, 11, 15), date(2027, 2, 14), date(2027, 2, 15)):
        (use,) = uses(payment, [], share=0.6, eligible_eur=50_000, rule=RULE, as_of=as_of)
        states[as_of.isoformat()] = (use.month, use.state, use.next_on)
    begins_on, checked_on = date(2026, 8, 15), date(2027, 2, 15)
    assert states == {
        "2026-08-14": (12, "in_time", begins_on),
        "2026-08-15": (13, "costs_interest", checked_on),
        "2026-11-15": (16, "costs_interest", checked_on),
        "2027-02-14": (18, "costs_interest", checked_on),
        "2027-02-15": (19, "checked", checked_on),
    }


def test_costs_use_their_share_of_the_earliest_payment_first() -> None:
    came = [Payment("A2", date(2024, 6, 1), 5_000.0), Payment("A1", date(2024, 2, 1), 3_000.0)]
    paid = [Spending(date(2024, 3, 1), 4_000.0), Spending(date(2024, 7, 1), 2_000.0)]
    first, second = uses(came, paid, share=0.6, eligible_eur=100_000, rule=RULE, as_of=date(2024, 12, 31))
    assert (first.key, first.used_eur, first.unused_eur, first.state) == ("A1", 3_000.0, 0.0, "used")
    assert (second.key, second.used_eur, second.unused_eur, second.state) == ("A2", 600.0, 4_400.0, "in_time")


def test_what_was_used_only_in_month_14_was_late() -> None:
    came, paid = [Payment("A1", date(2024, 2, 1), 6_000.0)], [Spending(date(2025, 3, 10), 5_000.0)]
    (use,) = uses(came, paid, share=0.6, eligible_eur=50_000, rule=RULE, as_of=date(2025, 4, 1))
    assert (use.used_eur, use.unused_eur, use.late_eur) == (3_000.0, 3_000.0, 3_000.0)


def test_what_was_paid_back_is_neither_used_nor_unused() -> None:
    came = [Payment("A1", date(2024, 2, 1), 6_000.0, date(2024, 11, 30), 2_500.0)]
    before, after = (
        uses(came, [], share=0.6, eligible_eur=50_000, rule=RULE, as_of=on)[0]
        for on in (date(2024, 11, 29), date(2024, 11, 30))
    )
    assert (before.unused_eur, before.refunded_eur) == (6_000.0, 0.0)
    assert (after.unused_eur, after.refunded_eur, after.used_eur) == (3_500.0, 2_500.0, 0.0)


def test_costs_beyond_the_eligible_ones_use_nothing_more() -> None:
    came, paid = [Payment("A1", date(2024, 2, 1), 6_500.0)], [Spending(date(2024, 3, 1), 20_000.0)]
    (use,) = uses(came, paid, share=0.6, eligible_eur=10_000, rule=RULE, as_of=date(2024, 12, 31))
    assert (use.used_eur, use.unused_eur) == (6_000.0, 500.0)


@given(payments(), spendings, shares, cents, days)
def test_amounts_are_never_negative_and_add_up(
    came: list[Payment], paid: list[Spending], share: float, eligible: float, as_of: date
) -> None:
    found = uses(came, paid, share=share, eligible_eur=eligible, rule=RULE, as_of=as_of)
    assert sorted(one.key for one in found) == sorted(one.key for one in came if one.paid_on <= as_of)
    for one in found:
        amounts = (one.used_eur, one.refunded_eur, one.unused_eur, one.late_eur)
        assert min(amounts) >= 0
        assert round(one.used_eur + one.refunded_eur + one.unused_eur, 2) == one.paid_eur
        assert one.late_eur <= one.paid_eur
        assert (one.unused_eur == 0) == (one.next_on is None)
    used = sum(one.used_eur for one in found)
    assert used <= share * min(eligible, sum(one.amount_eur for one in paid)) + 0.01


@given(payments(), spendings, shares, cents, days)
def test_a_later_payment_has_nothing_used_while_an_earlier_one_is_left(
    came: list[Payment], paid: list[Spending], share: float, eligible: float, as_of: date
) -> None:
    found = uses(came, paid, share=share, eligible_eur=eligible, rule=RULE, as_of=as_of)
    is_left = False
    for one in found:
        assert not (is_left and one.used_eur > 0)
        is_left = is_left or one.unused_eur > 0


@given(payments(), spendings, shares, cents, days, cents)
def test_spending_more_never_leaves_more_unused(
    came: list[Payment], paid: list[Spending], share: float, eligible: float, as_of: date, more: float
) -> None:
    less = uses(came, paid, share=share, eligible_eur=eligible, rule=RULE, as_of=as_of)
    rich = uses(came, [*paid, Spending(FIRST, more)], share=share, eligible_eur=eligible, rule=RULE, as_of=as_of)
    assert all(one.unused_eur >= other.unused_eur for one, other in zip(less, rich, strict=True))


@given(days, st.integers(0, 60))
def test_the_running_month_changes_on_the_day_of_the_payment(paid_on: date, months: int) -> None:
    on = months_later(paid_on, months)
    assert running_month(paid_on, on) == months + 1
    assert running_month(paid_on, on - timedelta(days=1)) == months
