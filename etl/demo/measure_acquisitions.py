"""How the invented city came by houses: bought them, used its right of pre-emption, at an auction, or without an owner.

Which way follows from the life of the property and from its demolition project, so that register, project and
proceeding tell one story. A buyer who promised the repair averted the pre-emption and is visited again.
"""

from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from etl.demo.dates import AS_OF
from etl.demo.measure_orders import Case, served
from etl.demo.proceeding import Proceeding, Step, days, working_day
from etl.demo.projects import DemoProject

_OFFICE: Final = "building_control"
_A_DWELLING_EUR: Final = 21_000
_COUNCIL: Final = "Rat der Beispielstadt"
# The contract was told of on this day, so that three months end about three weeks after the as-of date.
RUNNING_SINCE: Final = date(2026, 9, 7)
# One more clock that runs, two months longer because the buyer asked to avert it.
PROLONGED_SINCE: Final = date(2026, 8, 17)


def acquire(case: Case, project: DemoProject | None, rng: np.random.Generator) -> list[Proceeding]:
    """The acquisition of one stretch of a life."""
    if case.facts.ownership_form == "ownerless":
        return [_ownerless(case)]
    if case.until is None and project is None:
        return [_resting(case, rng)]
    stage = next((step for step in project.steps if step.stage == "acquisition"), None) if project else None
    done_on = stage.real[1] if stage is not None and stage.is_required else None
    if done_on is not None and done_on > AS_OF:
        return [_at_auction(case) if case.facts.is_inhabited else _purchase(case, working_day(AS_OF - days(9)), rng)]
    if done_on is None:
        done_on = working_day(case.since + ((case.until or AS_OF) - case.since) * 0.45)
    way = case.place % 7
    if project is None and way in (1, 5):
        return [_averted(case, case.until or AS_OF)]
    if way == 3:
        return [_at_auction(case, done_on)]
    if way == 6:
        return [_pre_empted(case, done_on, rng)]
    return [_purchase(case, done_on, rng, is_done=True)]


def _resting(case: Case, rng: np.random.Generator) -> Proceeding:
    """The newest cases: two pre-emptions with their clocks, and an offer that waits for its answer."""
    if case.place == 0:
        return _pre_emption(case, RUNNING_SINCE, "Käuferin ist eine Gesellschaft; Prüfung der Ausübung läuft")
    if case.place == 1:
        one = _pre_emption(case, PROLONGED_SINCE, "Käuferseite bietet die Instandsetzung an")
        asked = Step("averting_asked", working_day(PROLONGED_SINCE + days(64)), note="Abwendung mit Bauplan beantragt")
        return replace(one, steps=(*one.steps, asked))
    return _purchase(case, None, rng)


def _purchase(case: Case, done_on: date | None, rng: np.random.Generator, *, is_done: bool = False) -> Proceeding:
    """A purchase: talk, offer, decision of the council, contract, and when it is done the transfer."""
    price = float(max(2, case.facts.dwellings) * _A_DWELLING_EUR + int(rng.integers(-8, 30)) * 1_000)
    talk_on = working_day(case.since)
    end = done_on or AS_OF + days(60)
    offer_on = working_day(talk_on + (end - talk_on) * 0.3)
    offer = Step("offer", offer_on, served(offer_on), working_day(max(offer_on + days(42), talk_on)), amount_eur=price)
    one = Proceeding(
        name=f"{case.key}:acquisition", property_key=case.key, kind="purchase", office=_OFFICE,
        steps=(Step("talk", talk_on), offer), causes=("vacancy", "disrepair"),
    )  # fmt: skip
    if done_on is None:
        waiting = replace(offer, on=working_day(AS_OF - days(24)), served_on=served(AS_OF - days(24)),
                          due_on=working_day(AS_OF + days(19)))  # fmt: skip
        return replace(one, steps=(one.steps[0], waiting), next_check_on=working_day(AS_OF + days(26)))
    decided_on, signed_on = working_day(end - (end - offer_on) * 0.45), working_day(end - (end - offer_on) * 0.2)
    bought = (Step("council_decision", decided_on), Step("contract", signed_on, amount_eur=price))
    one = replace(one, steps=(*one.steps, *bought), decided_by=_COUNCIL)
    if not is_done:
        return replace(one, next_check_on=working_day(AS_OF + days(31)))
    return replace(one, steps=(*one.steps, Step("transfer", end)), closed_on=end, outcome="acquired")


def _pre_emption(case: Case, notice_on: date, note: str = "") -> Proceeding:
    return Proceeding(
        name=f"{case.key}:acquisition", property_key=case.key, kind="pre_emption", office=_OFFICE,
        steps=(Step("contract_notice", notice_on),), causes=("vacancy",), note=note,
    )  # fmt: skip


def _pre_empted(case: Case, done_on: date, rng: np.random.Generator) -> Proceeding:
    """The right was used within three months; the house became the city's some months later."""
    notice_on = working_day(max(case.since - days(20), done_on - days(230)))
    price = float(max(2, case.facts.dwellings) * _A_DWELLING_EUR + int(rng.integers(0, 20)) * 1_000)
    used_on = working_day(notice_on + days(78))
    one = _pre_emption(case, notice_on)
    steps = (
        *one.steps, Step("council_decision", working_day(notice_on + days(66))),
        Step("exercised", used_on, served(used_on), amount_eur=price),
        Step("transfer", max(done_on, used_on + days(60))),
    )  # fmt: skip
    return replace(one, steps=steps, closed_on=steps[-1].on, outcome="acquired", decided_by=_COUNCIL)


def _averted(case: Case, until: date) -> Proceeding:
    """The buyer promised the repair: kept in one case, still running in others, one look at it overdue."""
    notice_on = working_day(case.since - days(12))
    agreed_on = working_day(notice_on + days(96))
    is_kept = case.place % 4 == 2
    open_until = working_day(AS_OF + days((200, -60)[case.place % 2]))
    promised_until = working_day(agreed_on + days(1_100)) if is_kept else max(open_until, agreed_on + days(90))
    one = _pre_emption(case, notice_on, "Zugesagt: Dach, Leitungen und Treppenhaus instand setzen")
    steps = (
        *one.steps, Step("averting_asked", working_day(notice_on + days(70))),
        Step("averting_agreed", agreed_on, due_on=promised_until, note="Instandsetzung nach Bauplan zugesagt"),
    )  # fmt: skip
    one = replace(one, steps=steps, averted_until_on=promised_until + days(365), decided_by=_COUNCIL)
    kept_on = max(working_day(min(until + days(150), promised_until)), agreed_on)
    if is_kept and kept_on <= AS_OF:
        kept = Step("fulfilled", kept_on)
        return replace(one, steps=(*steps, kept), closed_on=kept_on, outcome="averted", averted_until_on=None)
    return replace(one, next_check_on=working_day(AS_OF + days((18, -26, 75)[case.place % 3])))


def _at_auction(case: Case, done_on: date | None = None) -> Proceeding:
    """A forced sale; without a day it waits for the date of the auction."""
    applied_on = working_day(case.since)
    end = done_on or AS_OF + days(53)
    ordered_on = working_day(applied_on + (end - applied_on) * 0.35)
    steps = (
        Step("application", applied_on),
        Step("court_order", ordered_on),
        Step("auction", working_day(end - (end - ordered_on) * 0.4), served(end - (end - ordered_on) * 0.4), end),
    )
    one = Proceeding(
        name=f"{case.key}:acquisition", property_key=case.key, kind="forced_sale", office=_OFFICE, steps=steps,
        causes=("disrepair",),
    )  # fmt: skip
    if done_on is None:
        return one
    price = float(max(2, case.facts.dwellings) * 14_000)
    return replace(
        one, steps=(*steps, Step("award", end, amount_eur=price)), closed_on=end, outcome="acquired",
        decided_by=_COUNCIL,
    )  # fmt: skip


def _ownerless(case: Case) -> Proceeding:
    """Nobody owns the plot; the city has asked to take it over and is told to wait."""
    applied_on = working_day(case.since + days(75))
    return Proceeding(
        name=f"{case.key}:acquisition", property_key=case.key, kind="ownerless", office=_OFFICE,
        steps=(Step("application", applied_on),), causes=("vacancy", "unsecured"),
        next_check_on=working_day(AS_OF + days(40)),
        note="Eigentum aufgegeben, Aneignung durch das Land wird geprüft",
    )  # fmt: skip
