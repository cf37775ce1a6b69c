"""The deadlines of the city: open ones and expired ones by day, with follow-ups and cuts of supply.

- Steps: every deadline not met of a proceeding that is open. One that was met is no entry, however late that was.
- Follow-ups: the day on which somebody looks at a proceeding again, and the last day until which what averted a
  pre-emption binds (`step_kind` averting_agreed); they are over when the proceeding is closed.
- Cuts of supply: the announced day, and a cut that was not restored since its day. They have no office and no family,
  so they are left out where one of these is asked for.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeVar

from geodata.access import Asker
from geodata.filters import PropertyFilter
from geodata.measures import clocks
from geodata.measures.clocks import State
from geodata.measures.reads import PERMISSION, Measure, MeasureWish, read_measures
from geodata.measures.supply import SupplyCut, read_supply_cuts
from geodata.properties import property_sources

What = Literal["step", "follow_up", "supply_cut"]
WHATS: Final[tuple[What, ...]] = ("supply_cut", "step", "follow_up")  # of one day and object in this order
AVERTED: Final = "averting_agreed"

Key = TypeVar("Key")


@dataclass(frozen=True)
class Deadline:
    """A day on which something has to be done or looked at; `days_left` negative = expired since so many days.

    `step_key` belongs to a step, `cut_key` to a cut of supply, which has no proceeding.
    """

    on: date
    days_left: int
    state: State
    measure_key: str | None
    measure_kind: str | None
    family: str | None
    step_key: str | None
    step_kind: str | None
    property_id: int
    property_key: str
    address: str
    office: str | None
    area_ids: tuple[int, ...]
    is_confirmed: bool
    what: What
    cut_key: str | None = None


@dataclass(frozen=True)
class DeadlineCount:
    """How many deadlines, and how many of them have expired."""

    all: int
    expired: int


def read_deadlines(
    asker: Asker,
    chosen: PropertyFilter,
    *,
    until_on: date | None = None,
    families: tuple[str, ...] = (),
    offices: tuple[str, ...] = (),
) -> tuple[Deadline, ...]:
    """Deadlines of the filter's properties at its as-of date that are not met, by day; expired ones stand first.

    `until_on`: none that ends later.
    """
    asker.require(PERMISSION)
    as_of = property_sources(asker, chosen).as_of
    wish = MeasureWish(families=families, offices=offices, status="open", sort="opened_on")
    found = [one for measure in read_measures(asker, chosen, wish) for one in deadlines_of(measure, as_of)]
    if not families and not offices:
        found += [
            deadline
            for cut in read_supply_cuts(asker, chosen, only_open=True)
            if (deadline := _of_cut(cut, as_of)) is not None
        ]
    wanted = [one for one in found if until_on is None or one.on <= until_on]
    return tuple(sorted(wanted, key=_order))


def deadlines_of(measure: Measure, as_of: date) -> tuple[Deadline, ...]:
    """The deadlines of one proceeding that are not met, and its follow-ups; none of a closed one."""
    if not measure.is_open:
        return ()
    found = [
        _of_measure(
            measure, step.due_on, as_of, what="step", step_key=step.key, step_kind=step.kind,
            is_confirmed=step.is_confirmed,
        )
        for step in measure.steps
        if step.is_running and step.due_on is not None
    ]  # fmt: skip
    if measure.next_check_on is not None:
        found.append(_of_measure(measure, measure.next_check_on, as_of, what="follow_up"))
    if measure.averted_until_on is not None:
        found.append(_of_measure(measure, measure.averted_until_on, as_of, what="follow_up", step_kind=AVERTED))
    return tuple(sorted(found, key=_order))


def count_by_office(deadlines: Iterable[Deadline]) -> Mapping[str | None, DeadlineCount]:
    """How many of each office, those with most first; None = no office is named. Cuts of supply have none."""
    return _counted((one.office, one) for one in deadlines if one.what != "supply_cut")


def count_by_area(deadlines: Iterable[Deadline]) -> Mapping[int, DeadlineCount]:
    """How many of each area; areas of several kinds overlap, so only those of one kind add up."""
    return _counted((area_id, one) for one in deadlines for area_id in one.area_ids)


def _counted(pairs: Iterable[tuple[Key, Deadline]]) -> dict[Key, DeadlineCount]:
    every: Counter[Key] = Counter()
    expired: Counter[Key] = Counter()
    for key, one in pairs:
        every[key] += 1
        expired[key] += one.state == "expired"
    return {key: DeadlineCount(number, expired[key]) for key, number in every.most_common()}


def _of_measure(measure: Measure, on: date, as_of: date, *, what: What, **more: Any) -> Deadline:
    values: dict[str, Any] = {"step_key": None, "step_kind": None, "is_confirmed": True, **more}
    return Deadline(
        on=on,
        days_left=(on - as_of).days,
        state=clocks.state_of(on, None, as_of),
        measure_key=measure.key,
        measure_kind=measure.kind,
        family=measure.family,
        property_id=measure.property_id,
        property_key=measure.property_key,
        address=measure.address,
        office=measure.office,
        area_ids=measure.area_ids,
        what=what,
        **values,
    )


def _of_cut(cut: SupplyCut, as_of: date) -> Deadline | None:
    on = cut.cut_on or cut.planned_on
    if on is None:
        return None
    return Deadline(
        on=on,
        days_left=(on - as_of).days,
        # What is cut off is late from its first day on.
        state="expired" if cut.alarm == "cut" else clocks.state_of(on, None, as_of),
        measure_key=None,
        measure_kind=None,
        family=None,
        step_key=None,
        step_kind=None,
        property_id=cut.property_id,
        property_key=cut.property_key,
        address=cut.address,
        office=None,
        area_ids=cut.area_ids,
        is_confirmed=True,
        what="supply_cut",
        cut_key=cut.key,
    )


def _order(one: Deadline) -> tuple[date, str, int, int, str, str]:
    key = one.measure_key or one.cut_key or ""
    return one.on, one.address, one.property_id, WHATS.index(one.what), key, one.step_key or ""
