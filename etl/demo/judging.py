"""What the invented offices judge: pressure and room to act as follows from what was known of a property on a day.

The working group counts what the product would compute, by the values that it proposes, and knows its houses besides:
now and then it says one level more or less. A judgement of the year before last tells of the house as it was then.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import numpy as np

from etl.demo.casebook import Casebook
from etl.demo.housing import closed_houses
from etl.demo.life import Assessment, Event, assessment_days, state_on
from etl.demo.measure_files import is_coercible, is_enforceable
from etl.demo.proceeding import Proceeding, Proceedings, known_on
from etl.demo.properties import Facts
from etl.demo.rules import RULES
from etl.demo.stories import STORIES
from etl.demo.visits import Visit
from geodata.assessment.rule import DEFECT_GROUPS, KNOWN, Axis, Contribution, Fact, Values, compute
from geodata.control_reads import FAILED_VISITS_TO_CLARIFY

_LAST: Final = 730
_PRESSURE: Final = (
    ("fire_safety", 4, _LAST), ("fall_hazard", 4, _LAST), ("supply_defect", 3, _LAST), ("housing_defect", 2, _LAST),
    ("waste_pests", 2, 365), ("building_defect", 1, _LAST), ("irregular_use", 1, _LAST), ("access_failed", 2, _LAST),
    ("control_overdue", 1, None), ("supply_cut", 4, None), ("house_closed", 3, None),
    ("reopened", 2, _LAST),
)  # fmt: skip
_ROOM: Final = (
    ("owner_clarified", 1, None), ("ownerless", 1, None), ("agreement", 2, None), ("proceeding_open", 1, None),
    ("order_enforceable", 2, None), ("order_final", 1, None), ("coercion_enforceable", 2, None),
    ("pre_emption", 2, None), ("court_pending", -2, None),
)  # fmt: skip
_THRESHOLDS: Final = {
    "pressure_1": 1, "pressure_2": 3, "pressure_3": 6, "room_to_act_1": 1, "room_to_act_2": 3, "room_to_act_3": 5,
    "judgement_days": 365, "known_days": 1_095,
}  # fmt: skip
_RANK: Final = {"none": 0, "outside": 1, "common_areas": 2, "flat": 3}
# Which controls stand for which others.
_SERVES: Final = {"joint_control": {"housing_control", "follow_up"}, "housing_control": {"follow_up"}}
_ACTING: Final = ("building_order", "works_stopped", "sealing", "use_ban", "removal_order", "housing_order",
                  "overcrowding_order", "modernisation_order", "demolition_order", "uninhabitable", "clearance",
                  "coercive_fine", "substitute_performance", "direct_force")  # fmt: skip
# One judgement in so many is a level more or less than what the facts give.
_OWN_VIEW: Final = 0.07


# From a day until another one; None = until today.
_Spell = tuple[date, date | None]


@dataclass(frozen=True)
class _House:
    """All that is told of one property."""

    facts: Facts
    events: list[Event]
    visits: list[Visit] = field(default_factory=list)
    proceedings: list[Proceeding] = field(default_factory=list)
    cut_on: list[_Spell] = field(default_factory=list)
    closed_on: list[_Spell] = field(default_factory=list)


def judge(book: Casebook, told: Proceedings, seed: int) -> Casebook:
    """The casebook with the judgements of all properties, those of the planted stories as they were written."""
    values = _values()
    stories = {story.key for story in STORIES}
    rng = np.random.default_rng([seed, 103])
    found = [one for one in book.assessments if one.property_key in stories]
    for house in _houses(book, told):
        if house.facts.key not in stories:
            found += _judged(house, values, rng)
    return replace(book, assessments=found)


def _judged(house: _House, values: Values, rng: np.random.Generator) -> Iterator[Assessment]:
    before = (1, 1)
    for on, source in assessment_days(house.events, rng):
        computed = compute(facts_on(house, on), values, on)
        pressure, room = before = computed.levels if computed else before
        if rng.random() < _OWN_VIEW:
            step = int(rng.choice((-1, 1)))
            pressure, room = (pressure + step, room) if rng.random() < 0.5 else (pressure, room + step)
        yield Assessment(house.facts.key, on, int(np.clip(pressure, 0, 3)), int(np.clip(room, 0, 3)), source)


def facts_on(house: _House, on: date) -> list[Fact]:
    """What was known of a property on a day and counts for or against."""
    visits = [one for one in house.visits if one.on <= on]
    return [*_found(visits), *_access(house.facts, visits, on), *_states(house, on), *_proceedings(house, on)]


def _found(visits: list[Visit]) -> Iterator[Fact]:
    completed = [one for one in visits if one.access != "none" and one.result != "not_completed"]
    if completed:
        yield Fact(KNOWN, completed[-1].on)
    for code, defects in DEFECT_GROUPS.items():
        last = next((at for at in reversed(range(len(completed))) if set(defects) & set(completed[at].defects)), None)
        if last is not None and not any(_refutes(later, completed[last]) for later in completed[last + 1 :]):
            yield Fact(code, completed[last].on)


def _refutes(later: Visit, found: Visit) -> bool:
    """Whether a later control without the defect came at least as far, and stands for the type of the earlier one."""
    return found.control_type in _served(later) and _RANK[later.access] >= _RANK[found.access]


def _access(facts: Facts, visits: list[Visit], on: date) -> Iterator[Fact]:
    """Types of control that are overdue by the rules in force on the day, and whose last two visits failed."""
    for kind, days, access in _rules(facts, on):
        least = _RANK[access]
        reached = [one.on for one in visits if kind in _served(one) and _RANK[one.access] >= least]
        last_on = max(reached, default=None)
        failed = [one.on for one in visits if one.control_type == kind and (last_on is None or one.on > last_on)]
        if len(failed) >= FAILED_VISITS_TO_CLARIFY:
            yield Fact("access_failed", failed[0])
        if (on - (last_on or facts.registered_on)).days > days:
            yield Fact("control_overdue", None)


def _rules(facts: Facts, on: date) -> Iterator[tuple[str, int, str]]:
    """Type of control, interval in days and the access that is needed: of each type the shortest one."""
    fitting: dict[str, tuple[int, str]] = {}
    for rule in RULES:
        in_area = rule.area in (None, ("fokusraum", facts.place.focus)) and rule.use_type in ("", facts.use_type)
        if in_area and rule.valid_from <= on and (rule.valid_to is None or on < rule.valid_to):
            access = rule.access_if_empty if facts.is_inhabited is False and rule.access_if_empty else rule.access
            fitting[rule.control_type] = min(
                (rule.interval_days, access), fitting.get(rule.control_type, (rule.interval_days, access))
            )
    return ((kind, days, access) for kind, (days, access) in fitting.items())


def _served(visit: Visit) -> set[str]:
    return {visit.control_type, *_SERVES.get(visit.control_type, ())}


def _states(house: _House, on: date) -> Iterator[Fact]:
    for event in house.events:
        if event.on <= on and event.state == "reopened":
            yield Fact("reopened", event.on)
    form = house.facts.ownership_form
    if form not in ("ownerless", "unknown") or any(
        one.on <= on and one.state == "owner_clarified" for one in house.events
    ):
        yield Fact("owner_clarified", None)
    if form == "ownerless":
        yield Fact("ownerless", None)


def _proceedings(house: _House, on: date) -> Iterator[Fact]:
    running = [one for one in known_on(house.proceedings, on) if one.closed_on is None]
    courts = {one.name: one.court[-1][1] if one.court else "none" for one in running}
    told = {
        "agreement": any(one.kind == "agreement" for one in running),
        "pre_emption": any(one.kind == "pre_emption" for one in running),
        "proceeding_open": any(one.kind in _ACTING for one in running)
        or state_on(house.events, on) == "procedure_regulatory",
        "order_enforceable": any(is_enforceable(one, courts[one.name]) for one in running),
        "order_final": any(one.first("final") for one in running),
        "coercion_enforceable": any(is_coercible(one, courts[one.name]) for one in running),
        "court_pending": any(court in ("action_pending", "suspended") for court in courts.values()),
        "supply_cut": _is_within(house.cut_on, on),
        "house_closed": _is_within(house.closed_on, on),
    }
    return (Fact(code, None) for code, is_there in told.items() if is_there)


def _is_within(spells: list[_Spell], on: date) -> bool:
    return any(begin <= on and (end is None or end > on) for begin, end in spells)


def _houses(book: Casebook, told: Proceedings) -> Iterable[_House]:
    houses = {facts.key: _House(facts, events) for facts, events in zip(book.facts, book.events, strict=True)}
    for visit in book.visits:
        houses[visit.property_key].visits.append(visit)
    for one in told.proceedings:
        houses[one.property_key].proceedings.append(one)
    for cut in told.cuts:
        if cut.cut_on is not None:
            houses[cut.property_key].cut_on.append((cut.cut_on, cut.restored_on))
    for closed in closed_houses(book):
        ends = [event.on for event in closed.events if event.kind in ("reopened", "demolished")]
        houses[closed.property_key].closed_on.append((closed.closed_on, min(ends, default=None)))
    return houses.values()


def _values() -> Values:
    sides: tuple[tuple[Axis, tuple[tuple[str, int, int | None], ...]], ...] = (
        ("pressure", _PRESSURE),
        ("room_to_act", _ROOM),
    )
    counted = [Contribution(code, axis, points, age) for axis, side in sides for code, points, age in side]
    return Values(tuple(counted), _THRESHOLDS)
