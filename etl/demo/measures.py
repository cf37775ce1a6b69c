"""Proceedings of ten years: each follows the life of its property, so that register and proceedings tell one story.

A cooperative stretch of a life has talks or an agreement, a regulatory one an order with its ladder of coercion, an
acquisition its way. Of stretches that ended before the offices kept their proceedings in a list, only some are there.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from etl.demo import measure_stories, supply
from etl.demo.casebook import Casebook
from etl.demo.dates import AS_OF
from etl.demo.housing import closed_houses
from etl.demo.measure_acquisitions import acquire
from etl.demo.measure_closings import close_houses
from etl.demo.measure_orders import Case, regulate, served
from etl.demo.proceeding import Proceeding, Proceedings, Step, days, working_day
from etl.demo.stories import STORIES

_LISTED_SINCE: Final = date(2020, 9, 1)
_SHARE_OF_THE_PAST: Final = 0.26
_PROCEDURES: Final = ("procedure_cooperative", "procedure_regulatory", "procedure_acquisition")
_FINED: Final = 6
_TOLD: Final = frozenset(story.key for story in STORIES)


def open_proceedings(book: Casebook, seed: int) -> Proceedings:
    """All proceedings and cuts of supply, numbered by year; the same seed gives the same ones."""
    projects = {one.property_key: one for one in book.projects}
    found: list[Proceeding] = []
    for state in _PROCEDURES:
        for case in _cases(book, state):
            rng = np.random.default_rng([seed, 400, _PROCEDURES.index(state), int(case.key[-4:])])
            if _is_listed(case, state, rng):
                found += _OPENED[state](case, projects.get(case.key), rng)
    orders = {(one.property_key, one.kind): one.name for one in found}
    found += [*close_houses(closed_houses(book), orders), *measure_stories.tell()]
    found += _fines(found)
    found += _administered(found)
    return Proceedings(_numbered([_in_order(one) for one in found]), supply.cuts(book))


def _cases(book: Casebook, state: str) -> Iterator[Case]:
    """The stretches of lives in a state, with what controls had found there before."""
    resting = 0
    since = {
        facts.key: max((event.on for event in life), default=AS_OF)
        for facts, life in zip(book.facts, book.events, strict=True)
    }
    for facts, life in sorted(
        zip(book.facts, book.events, strict=True), key=lambda one: (since[one[0].key], one[0].key),
        reverse=state == "procedure_acquisition",
    ):  # fmt: skip
        if facts.key in _TOLD:
            continue
        for at, event in enumerate(life):
            if event.state != state:
                continue
            after = life[at + 1] if at + 1 < len(life) else None
            place = resting if after is None or after.on > AS_OF else int(facts.key[-4:])
            yield Case(
                facts, event.on, after.on if after else None, after.state if after else "", event.reason,
                _defects(book, facts.key, event.on), place,
            )  # fmt: skip
            resting += after is None


def _defects(book: Casebook, key: str, on: date) -> tuple[str, ...]:
    """What the last controls before the day found, three kinds at most."""
    found = [
        defect for visit in book.visits if visit.property_key == key and visit.on <= on for defect in visit.defects
    ]
    return tuple(dict.fromkeys(reversed(found)))[:3] or ("disrepair",)


def _is_listed(case: Case, state: str, rng: np.random.Generator) -> bool:
    """What runs is in the list; of what has ended, every acquisition and a share of the rest."""
    if case.until is None or state == "procedure_acquisition":
        return True
    return case.until >= _LISTED_SINCE and bool(rng.random() < _SHARE_OF_THE_PAST)


# --- the cooperative path ---------------------------------------------------------------------------------------------


def _cooperate(case: Case, rng: np.random.Generator) -> list[Proceeding]:
    """Talks, and where they led to one an agreement with a day on which it is to be kept."""
    invited_on = working_day(case.since - days(int(rng.integers(10, 26))))
    talks = Proceeding(
        name=f"{case.key}:talks", property_key=case.key, kind="talks", office="housing_supervision",
        steps=(Step("invitation", invited_on, served(invited_on)), Step("talk", case.since)), causes=case.defects,
    )  # fmt: skip
    if case.until is not None:
        return _kept(case, talks, case.until, rng)
    if case.place % 3 == 0:
        again_on = working_day(AS_OF + days((10, -4, 33, 58, 5)[case.place % 5]))
        last_on = working_day(max(case.since, AS_OF - days(40 + case.place)))
        return [replace(talks, steps=(*talks.steps, Step("talk", last_on, due_on=max(again_on, last_on))))]
    signed_on = working_day(min(case.since + days(int(rng.integers(15, 80))), AS_OF - days(5)))
    due_on = working_day(AS_OF + days((44, -19, 9, 120, 2, 210, 75, -66)[case.place % 8]))
    ended = replace(talks, steps=(*talks.steps, Step("ended", signed_on)), closed_on=signed_on, outcome="amicable")
    signed = Step("agreement_signed", signed_on, due_on=max(due_on, signed_on + days(60)))
    # Older agreements came before talks were listed.
    return [ended, _agreement(case, signed)] if case.place % 3 == 1 else [_agreement(case, signed)]


def _agreement(case: Case, signed: Step) -> Proceeding:
    return Proceeding(
        name=f"{case.key}:agreement", property_key=case.key, kind="agreement", office="housing_supervision",
        steps=(signed,), follows=f"{case.key}:talks", causes=case.defects,
        next_check_on=working_day(AS_OF + days(20 + 3 * (case.place % 30))),
        note="Zeitplan für Dach, Leitungen und Treppenhaus vereinbart",
    )  # fmt: skip


def _kept(case: Case, talks: Proceeding, until: date, rng: np.random.Generator) -> list[Proceeding]:
    """Agreements that were kept, in time or late; a few cases ended without one."""
    if (until - case.since).days < 200 or rng.random() < 0.25:
        end = replace(talks, steps=(*talks.steps, Step("ended", until)), closed_on=until, outcome="amicable")
        return [end]
    signed_on = working_day(case.since + days(int(rng.integers(20, 90))))
    late = int(rng.choice((-40, -12, 30, 75)))
    signed = Step("agreement_signed", signed_on, due_on=max(signed_on + days(60), working_day(until - days(late))))
    kept = _agreement(case, signed)
    kept = replace(
        kept, steps=(signed, Step("fulfilled", until)), closed_on=until, outcome="amicable", next_check_on=None
    )
    ended = replace(talks, steps=(*talks.steps, Step("ended", signed_on)), closed_on=signed_on, outcome="amicable")
    return [ended, kept]


_OPENED: Final = {
    "procedure_cooperative": lambda case, project, rng: _cooperate(case, rng),
    "procedure_regulatory": lambda case, project, rng: regulate(case, rng),
    "procedure_acquisition": acquire,
}


# --- what few houses have ---------------------------------------------------------------------------------------------


def _fines(found: list[Proceeding]) -> list[Proceeding]:
    """A few fines beside orders that nobody obeyed: some paid, one that runs."""
    orders = [one for one in found if one.kind in ("use_ban", "works_stopped", "housing_order") and one.first("final")]
    fines = []
    for at, of in enumerate(orders[:: max(1, len(orders) // _FINED)][:_FINED]):
        notice_on = working_day(min((of.first("final") or AS_OF) + days(60), AS_OF - days(20 + at)))
        amount = (2_500.0, 800.0, 5_000.0, 1_200.0, 15_000.0, 3_000.0)[at]
        steps = [
            Step("hearing", working_day(notice_on - days(40)), served(notice_on - days(40)), notice_on),
            Step("notice", notice_on, served(notice_on), working_day(served(notice_on) + days(32)), amount_eur=amount),
        ]
        paid_on = working_day(notice_on + days(25 + 14 * at))
        is_paid = at % 3 != 2 and paid_on <= AS_OF
        if is_paid:
            steps.append(Step("payment", paid_on, amount_eur=amount))
        fines.append(
            Proceeding(
                name=f"{of.name}:penalty",
                property_key=of.property_key,
                kind="fine",
                office=of.office,
                steps=tuple(steps),
                follows=of.name,
                causes=of.causes,
                closed_on=paid_on if is_paid else None,
                outcome="fulfilled" if is_paid else "",
            )
        )
    return fines


def _administered(found: list[Proceeding]) -> list[Proceeding]:
    """Until the auction the court may let somebody else run the house; there since 2025."""
    running = next((one for one in found if one.kind == "forced_sale" and one.closed_on is None), None)
    if running is None:
        return []
    applied_on = working_day(max(running.opened_on + days(30), date(2025, 3, 3)))
    return [
        Proceeding(
            name=f"{running.name}:administration",
            property_key=running.property_key,
            kind="court_administration",
            office="building_control",
            follows=running.name,
            steps=(Step("application", applied_on), Step("court_order", working_day(applied_on + days(45)))),
        )
    ]


def _in_order(one: Proceeding) -> Proceeding:
    return replace(one, steps=tuple(sorted(one.steps, key=lambda step: step.on)))


def _numbered(found: list[Proceeding]) -> list[Proceeding]:
    """Numbers by year as offices give them; who follows whom is said by number, too."""
    numbers: dict[str, str] = {}
    of_year: dict[int, int] = {}
    opened = sorted((one for one in found if one.opened_on <= AS_OF), key=lambda one: (one.opened_on, one.name))
    for one in opened:
        of_year[one.opened_on.year] = of_year.get(one.opened_on.year, 0) + 1
        numbers[one.name] = f"VF-{one.opened_on.year}-{of_year[one.opened_on.year]:03d}"
    return [replace(one, key=numbers[one.name], follows=numbers.get(one.follows, "")) for one in opened]
