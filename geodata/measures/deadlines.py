"""The deadlines of the city: open ones and expired ones by day, with follow-ups and cuts of supply.

- Steps: every deadline not met of a proceeding that is open. One that was met is no entry, however late that was.
- Follow-ups: the day on which somebody looks at a proceeding again, and the last day until which what averted a
  pre-emption binds (`step_kind` averting_agreed); they are over when the proceeding is closed.
- Cuts of supply: the announced day, and a cut that was not restored since its day. They have no office and no family,
  so they are left out where one of these is asked for.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, TypeVar

from sqlalchemy import RowMapping

from geodata.access import Asker
from geodata.filters import PropertyFilter
from geodata.measures import clocks, queries
from geodata.measures.clocks import State
from geodata.measures.kinds import PERMISSION, by_code, read_kinds
from geodata.measures.queries import MeasureWish
from geodata.measures.steps import resting_state, rests, running_at
from geodata.measures.supply import SupplyCut, read_supply_cuts
from geodata.properties import property_sources
from geodata.sources import Sources

What = Literal["step", "follow_up", "supply_cut"]
WHATS: Final[tuple[What, ...]] = ("supply_cut", "step", "follow_up")  # of one day and object in this order
AVERTED: Final = "averting_agreed"

Key = TypeVar("Key")


@dataclass(frozen=True)
class Deadline:
    """A day on which something has to be done or looked at; `days_left` negative = expired since so many days.

    `step_key` belongs to a step, `cut_key` and `utility` to a cut of supply, which has no proceeding; `is_cut_off`
    tells what is off from what was announced for a day that has passed without a word.
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
    utility: str | None = None
    is_cut_off: bool = False


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
    sources = property_sources(asker, chosen)
    found = _of_measures(asker, sources, chosen, MeasureWish(families=families, offices=offices, status="open"))
    if not families and not offices:
        cuts = read_supply_cuts(asker, chosen, only_open=True)
        found += [one for cut in cuts if (one := _of_cut(cut, sources.as_of)) is not None]
    wanted = [one for one in found if until_on is None or one.on <= until_on]
    return tuple(sorted(wanted, key=_order))


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


_NEEDED: Final = (
    "key", "kind", "office", "property_id", "next_check_on", "averted_until_on", "is_order_enforceable",
    "court_status", "court_since_on",
)  # fmt: skip


def _of_measures(asker: Asker, sources: Sources, chosen: PropertyFilter, wish: MeasureWish) -> list[Deadline]:
    """Few columns of all open proceedings: of thousands a full record each would take most of the time."""
    as_of, kinds = sources.as_of, by_code(read_kinds(asker))
    rows = asker.connection.execute(queries.listed(asker, sources, chosen, wish, _NEEDED)).mappings().all()
    facts = queries.read_step_facts(asker, [row["key"] for row in rows])
    found: list[Deadline] = []
    for row in rows:
        kind, is_resting = kinds[row["kind"]], _is_resting(row, as_of)
        for step, due_on in running_at(facts.get(row["key"], ()), kind, as_of):
            of_step = kind.step(step.kind)
            is_confirmed = kind.is_confirmed and of_step is not None and of_step.is_confirmed
            due = _deadline(row, due_on, as_of, "step", step.key, step.kind, is_confirmed=is_confirmed)
            found.append(replace(due, state=resting_state(due.state, step.kind, is_resting=is_resting)))
        for day, step_kind in ((row["next_check_on"], None), (row["averted_until_on"], AVERTED)):
            if day is not None:
                found.append(_deadline(row, day, as_of, "follow_up", None, step_kind, is_confirmed=True))
    return found


def _is_resting(row: RowMapping, as_of: date) -> bool:
    is_known = row["court_since_on"] is None or row["court_since_on"] <= as_of
    return is_known and rests(is_order_enforceable=row["is_order_enforceable"], court_status=row["court_status"])


def _deadline(
    row: RowMapping, on: date, as_of: date, what: What, step_key: str | None, step_kind: str | None, *,
    is_confirmed: bool,
) -> Deadline:  # fmt: skip
    return Deadline(
        on=on,
        days_left=(on - as_of).days,
        state=clocks.state_of(on, None, as_of),
        measure_key=row["key"],
        measure_kind=row["kind"],
        family=row["family"],
        step_key=step_key,
        step_kind=step_kind,
        property_id=row["property_id"],
        property_key=row["property_key"],
        address=row["address"],
        office=row["office"],
        area_ids=tuple(row["area_ids"]),
        is_confirmed=is_confirmed,
        what=what,
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
        utility=cut.utility,
        is_cut_off=cut.alarm == "cut",
    )


def _order(one: Deadline) -> tuple[date, str, int, int, str, str]:
    key = one.measure_key or one.cut_key or ""
    return one.on, one.address, one.property_id, WHATS.index(one.what), key, one.step_key or ""
