"""Orders of the invented offices and what follows where nobody obeys: fines, work done in the owner's place, its bill.

An order begins with a hearing, gets a deadline in its letter and ends on the day on which the life of the property goes
on. Where a life rests in the proceeding, a script says how far the ladder was climbed and when its deadline ends.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from etl.demo.dates import AS_OF
from etl.demo.proceeding import Proceeding, Step, days, working_day
from etl.demo.properties import Facts

_FINES_EUR: Final = (500.0, 1_000.0, 1_500.0, 2_500.0, 5_000.0)
# Days from the as-of date to the deadline of a resting proceeding: a handful ends this week, some are long over.
_DUE: Final = (-2, 3, 12, -41, 1, 24, 45, -9, 6, 66, 17, -120, 90, 30, -16, 9, 53, 130)
_BUILDING: Final = frozenset({
    "fall_hazard", "facade", "building_other", "fire_load", "second_escape_route", "smoke_detectors",
    "fire_safety_other", "use_without_permission", "disrepair", "unsecured", "vacancy",
})  # fmt: skip
_LONG_DAYS: Final = 540


@dataclass(frozen=True)
class Case:
    """A property in a proceeding since a day; `until` and `then` tell how its life goes on, if it does."""

    facts: Facts
    since: date
    until: date | None
    then: str
    reason: str
    defects: tuple[str, ...]
    place: int  # its place among the resting ones, the oldest first; it picks the script

    @property
    def key(self) -> str:
        """Key of the property."""
        return self.facts.key


def order(
    case: Case, kind: str, hearing_on: date, order_on: date | None, due_on: date, *, name: str = "order"
) -> Proceeding:
    """An order that nobody has obeyed yet; without `order_on` its hearing still runs until `due_on`."""
    steps = [Step("hearing", hearing_on, served(hearing_on), due_on)]
    if order_on is not None:
        steps = _heard(hearing_on, order_on)
        steps.append(Step("order", order_on, served(order_on), max(due_on, order_on + days(7))))
    return Proceeding(
        name=f"{case.key}:{name}",
        property_key=case.key,
        kind=kind,
        office="housing_supervision" if kind in ("housing_order", "overcrowding_order") else "building_control",
        steps=tuple(steps),
        causes=case.defects,
        decided_by="" if order_on is None else _DECIDED[kind in ("housing_order", "overcrowding_order")],
    )


def _heard(hearing_on: date, order_on: date) -> list[Step]:
    """The hearing and, where there was time for one, what the owner's side said in it."""
    if (order_on - hearing_on).days < 24:
        return [Step("hearing", hearing_on, served(hearing_on), order_on)]
    return [
        Step("hearing", hearing_on, served(hearing_on), working_day(order_on - days(6))),
        Step("statement", working_day(order_on - days(9))),
    ]


_DECIDED: Final = {True: "Leitung der Wohnungsaufsicht", False: "Leitung der Bauaufsicht"}


def ended(one: Proceeding, kind: str, on: date, outcome: str) -> Proceeding:
    """The proceeding with its last step."""
    return replace(one, steps=(*one.steps, Step(kind, on)), closed_on=on, outcome=outcome)


def served(on: date) -> date:
    """The day of service: three days after the letter, on a working day."""
    later = on + days(3)
    return later + days(max(0, 7 - later.weekday()) if later.weekday() > 4 else 0)


def coercive_fine(of: Proceeding, threat_on: date, amount_eur: float, due_on: date) -> Proceeding:
    """A fine that was threatened; `due_on` is the deadline of the threat."""
    threat = Step("threat", threat_on, served(threat_on), due_on, amount_eur=amount_eur)
    return Proceeding(
        name=f"{of.name}:fine", property_key=of.property_key, kind="coercive_fine", office=of.office, steps=(threat,),
        follows=of.name, causes=of.causes,
    )  # fmt: skip


def fixed(fine: Proceeding, on: date, due_on: date) -> Proceeding:
    """The fine that was fixed after its threat was in vain."""
    fixing = Step("fixing", on, served(on), due_on, amount_eur=fine.amount("threat"))
    return replace(fine, steps=(*fine.steps, fixing))


def substitute(of: Proceeding, threat_on: date, due_on: date) -> Proceeding:
    """Work that the city announces to do in the owner's place."""
    threat = Step("threat", threat_on, served(threat_on), due_on)
    return Proceeding(
        name=f"{of.name}:substitute", property_key=of.property_key, kind="substitute_performance", office=of.office,
        steps=(threat,), follows=of.name, causes=of.causes,
    )  # fmt: skip


def carried_out(one: Proceeding, fixing_on: date, done_on: date) -> Proceeding:
    """The work that the city did."""
    fixing = Step("fixing", fixing_on, served(fixing_on))
    return ended(replace(one, steps=(*one.steps, fixing)), "carrying_out", done_on, "carried_out")


def bill(of: Proceeding, on: date, amount_eur: float, due_on: date) -> Proceeding:
    """The notice of what the work cost."""
    return Proceeding(
        name=f"{of.name}:bill", property_key=of.property_key, kind="cost_notice", office=of.office,
        steps=(Step("notice", on, served(on), due_on, amount_eur=amount_eur),), follows=of.name,
    )  # fmt: skip


def paid(one: Proceeding, kind: str, on: date, amount_eur: float, *, is_last: bool = True) -> Proceeding:
    """A payment, or what was recovered by execution; the last one ends the proceeding."""
    steps = (*one.steps, Step(kind, on, amount_eur=amount_eur))
    return replace(one, steps=steps, closed_on=on if is_last else None, outcome="fulfilled" if is_last else "")


# --- proceedings of a life --------------------------------------------------------------------------------------------


def regulate(case: Case, rng: np.random.Generator) -> list[Proceeding]:
    """The orders of one regulatory stretch of a life."""
    if case.until is not None:
        return _past(case, case.until, rng)
    if (AS_OF - case.since).days > _LONG_DAYS and case.place % 2 == 0:
        return [*_first_order(case, rng), *_current(case, rng)]
    return _current(case, rng)


def _kind(case: Case, rng: np.random.Generator) -> str:
    if case.facts.use_type in ("vacant_plot", "commercial", "other") or not case.facts.is_inhabited:
        return str(rng.choice(("building_order", "building_order", "sealing", "removal_order")))
    if set(case.defects) & _BUILDING and rng.random() < 0.55:
        return str(rng.choice(("building_order", "building_order", "use_ban", "works_stopped")))
    return str(rng.choice(("housing_order", "housing_order", "housing_order", "overcrowding_order")))


def _past(case: Case, until: date, rng: np.random.Generator) -> list[Proceeding]:
    """An order that ended: obeyed in time or late, or carried out by the city before the house was secured."""
    hearing_on = case.since if "Anhörung" in case.reason else working_day(case.since - days(int(rng.integers(38, 70))))
    order_on = working_day(hearing_on + days(int(rng.integers(34, 60))))
    span = (until - order_on).days
    if span < 40:
        plain = order(case, _kind(case, rng), hearing_on, None, working_day(hearing_on + days(21)))
        return [ended(plain, "fulfilled", max(until, hearing_on + days(10)), "fulfilled")]
    if case.then == "securing":
        return _done_by_city(case, hearing_on, order_on, until, rng)
    if span < 420 and rng.random() < 0.7:
        due_on = working_day(until + days(int(rng.integers(3, 30))))
        return [ended(order(case, _kind(case, rng), hearing_on, order_on, due_on), "fulfilled", until, "fulfilled")]
    due_on = working_day(order_on + days(min(span // 2, int(rng.integers(60, 150)))))
    late = order(case, _kind(case, rng), hearing_on, order_on, due_on)
    found = [_final(late, order_on, until)]
    if (until - due_on).days > 200:
        found.append(_fine_until(found[0], due_on, rng))
    return [ended(found[0], "fulfilled", until, "fulfilled"), *found[1:]]


def _final(one: Proceeding, order_on: date, until: date) -> Proceeding:
    """A month after its service nobody can go to court any more."""
    on = working_day(served(order_on) + days(33))
    return replace(one, steps=(*one.steps, Step("final", on))) if on < until else one


def _fine_until(of: Proceeding, due_on: date, rng: np.random.Generator) -> Proceeding:
    threat_on = working_day(due_on + days(int(rng.integers(8, 25))))
    amount = float(rng.choice(_FINES_EUR))
    fine = fixed(
        coercive_fine(of, threat_on, amount, working_day(threat_on + days(32))),
        working_day(threat_on + days(int(rng.integers(45, 70)))), working_day(threat_on + days(105)),
    )  # fmt: skip
    kind = str(rng.choice(("payment", "payment", "recovery")))
    return paid(fine, kind, working_day(threat_on + days(int(rng.integers(85, 160)))), amount)


def _done_by_city(
    case: Case, hearing_on: date, order_on: date, until: date, rng: np.random.Generator
) -> list[Proceeding]:
    """The order expires, the city does the work on the day on which the house was secured, and sends the bill."""
    span = (until - order_on).days
    due_on = order_on + days(max(8, int(span * 0.45)))
    first = _final(order(case, "building_order", hearing_on, order_on, working_day(due_on)), order_on, until)
    threat_on = order_on + days(int(span * 0.55))
    work = carried_out(
        substitute(first, working_day(threat_on), working_day(order_on + days(int(span * 0.75)))),
        working_day(order_on + days(int(span * 0.85))), until,
    )  # fmt: skip
    amount = float(int(rng.integers(18, 420)) * 100)
    bill_on = working_day(until + days(int(rng.integers(25, 70))))
    notice = bill(work, bill_on, amount, working_day(served(bill_on) + days(30)))
    return [
        ended(first, "fulfilled", until, "carried_out"), work,
        *([_settled(notice, bill_on, amount, rng)] if bill_on <= AS_OF else []),
    ]  # fmt: skip


def _settled(notice: Proceeding, bill_on: date, amount: float, rng: np.random.Generator) -> Proceeding:
    """Half of the bills are paid, some recovered in part, some still open."""
    draw = float(rng.random())
    on = working_day(bill_on + days(int(rng.integers(20, 180))))
    if draw < 0.5:
        return paid(notice, "payment", on, amount)
    if draw < 0.8:
        return paid(notice, "recovery", working_day(on + days(160)), round(amount * 0.4, -1), is_last=False)
    return notice


def _first_order(case: Case, rng: np.random.Generator) -> list[Proceeding]:
    """What began the long proceeding: an order that was obeyed in part, or done by the city."""
    past = replace(case, until=working_day(case.since + days(int(rng.integers(260, 460)))))
    past = replace(past, then="securing" if case.place % 3 == 0 else "")
    return [replace(one, name=f"{one.name}#1", follows=f"{one.follows}#1" if one.follows else "")
            for one in _past(past, past.until or AS_OF, rng)]  # fmt: skip


# --- proceedings that rest --------------------------------------------------------------------------------------------


def _current(case: Case, rng: np.random.Generator) -> list[Proceeding]:
    """Where the proceeding stands on the as-of date."""
    due_on = working_day(AS_OF + days(_DUE[case.place % len(_DUE)]))
    age = (AS_OF - case.since).days
    if age < 70:
        return [order(case, _kind(case, rng), working_day(case.since), None, max(due_on, case.since + days(14)))]
    step = case.place % 8
    back = min(age - 1, 60 + 130 * (1 + step % 4))
    hearing_on = working_day(AS_OF - days(back))
    order_on = working_day(min(hearing_on + days(40), AS_OF - days(12)))
    if step in (0, 1, 5) or back < 180:
        return [order(case, _kind(case, rng), hearing_on, order_on, due_on)]
    expired_on = working_day(order_on + days(int(back * 0.3)))
    of = order(case, _kind(case, rng), hearing_on, order_on, expired_on)
    of = replace(_final(of, order_on, AS_OF), next_check_on=working_day(due_on + days(20)))
    return [of, *_coercion(of, expired_on, due_on, step, rng)]


def _coercion(of: Proceeding, expired_on: date, due_on: date, step: int, rng: np.random.Generator) -> list[Proceeding]:
    threat_on = working_day(expired_on + days(14))
    amount = float(rng.choice(_FINES_EUR))
    if step in (2, 6):
        return [coercive_fine(of, threat_on, amount, max(due_on, threat_on + days(14)))]
    fixing_on = working_day(threat_on + days(48))
    if step == 3:
        fine = coercive_fine(of, threat_on, amount, working_day(threat_on + days(35)))
        return [fixed(fine, fixing_on, max(due_on, fixing_on + days(14)))]
    work = substitute(of, threat_on, working_day(threat_on + days(35)))
    if step == 7:
        return [replace(work, steps=(*work.steps, Step("fixing", fixing_on, served(fixing_on))),
                        next_check_on=working_day(AS_OF + days(11)))]  # fmt: skip
    done_on = working_day(fixing_on + days(40))
    bill_on = working_day(done_on + days(35))
    if bill_on >= AS_OF:
        return [work]
    notice = bill(carried_out(work, fixing_on, done_on), bill_on, float(int(rng.integers(24, 260)) * 100),
                  max(due_on, served(bill_on) + days(14)))  # fmt: skip
    return [carried_out(work, fixing_on, done_on), notice]
