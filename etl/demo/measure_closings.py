"""The proceedings by which houses were closed, with their safeguards: one for each house that the housing office lists.

An order comes seven weeks before the day on which the house was closed, dwellings are offered in between; a house in
immediate danger is closed at once. It is lifted on the day on which the house could be lived in again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from etl.demo.dates import AS_OF
from etl.demo.housing import ClosedHouse
from etl.demo.measure_orders import served
from etl.demo.proceeding import Proceeding, Safeguards, Step, days, working_day

_KINDS: Final = {
    "uninhabitable": "uninhabitable", "clearance": "clearance", "use_ban": "use_ban", "fall_hazard": "clearance",
}  # fmt: skip
_FOLLOWS: Final = {"uninhabitable": "housing_order", "clearance": "use_ban"}
_CAUSES: Final = {
    "uninhabitable": ("electricity", "damp_mould", "sewage"),
    "clearance": ("disrepair",),
    "use_ban": ("second_escape_route", "fire_load"),
    "fall_hazard": ("fall_hazard",),
}
_MEANS: Final = {
    "uninhabitable": ("talks", "order_to_repair", "coercive_fine"),
    "clearance": ("talks", "agreement", "securing"),
    "fall_hazard": ("securing", "immediate_danger"),
}
_WHY: Final = {
    "uninhabitable": "Reparaturen waren angeordnet und blieben aus; die Elektroanlage ist nicht mehr sicher.",
    "clearance": "Einvernehmlicher Auszug war vereinbart und kam bis zum Rückbau nicht zustande.",
    "fall_hazard": "Decke über dem Treppenhaus nicht tragfähig, Abstützung reicht nicht aus.",
}
_DECIDED: Final = "Amtsleitung nach Vorschlag der Wohnungsaufsicht"


def close_houses(houses: Iterable[ClosedHouse], before: dict[tuple[str, str], str]) -> Iterator[Proceeding]:
    """The closings; `before` names the proceedings of a property by their kind, one of which a closing may follow."""
    for house in houses:
        if house.cause in _KINDS:
            follows = _FOLLOWS.get(_KINDS[house.cause], "")
            yield _closing(house, before.get((house.property_key, follows), ""))


def _closing(house: ClosedHouse, follows: str) -> Proceeding:
    at_once = house.cause == "fall_hazard"
    ordered_on = working_day(house.closed_on - days(1 if at_once else 52))
    offered = sum(one.households or 0 for one in house.events if one.kind == "households_rehoused")
    reopened_on = next((one.on for one in house.events if one.kind == "reopened"), None)
    gone_on = next((one.on for one in house.events if one.kind == "demolished"), None)
    kind = _KINDS[house.cause]
    one = Proceeding(
        name=f"{house.property_key}:closed", property_key=house.property_key, kind=kind,
        office="building_control" if kind == "use_ban" else "housing_supervision",
        steps=tuple(_steps(house, kind, ordered_on, offered, at_once=at_once)), follows=follows, is_immediate=True,
        causes=_CAUSES[house.cause], decided_by=_DECIDED,
        safeguards=Safeguards(_MEANS[house.cause], offered, offered, _DECIDED, _WHY[house.cause])
        if house.cause in _MEANS else None,
    )  # fmt: skip
    if kind == "clearance":
        return replace(one, closed_on=house.closed_on, outcome="carried_out")
    if reopened_on is not None:
        return replace(one, steps=(*one.steps, Step("lifted", reopened_on)), closed_on=reopened_on, outcome="fulfilled")
    if gone_on is not None:
        return replace(one, steps=(*one.steps, Step("lifted", gone_on)), closed_on=gone_on, outcome="replaced")
    return replace(one, next_check_on=working_day(AS_OF + days(47)))


def _steps(house: ClosedHouse, kind: str, ordered_on: date, offered: int, *, at_once: bool) -> Iterator[Step]:
    if not at_once:
        heard_on = working_day(ordered_on - days(33))
        yield Step("hearing", heard_on, served(heard_on), working_day(ordered_on - days(6)))
        yield Step("statement", working_day(ordered_on - days(9)))
    note = f"{offered} Wohnungen angeboten"
    if kind == "clearance":
        yield Step("replacement_offered", ordered_on if at_once else working_day(ordered_on - days(3)), note=note)
    elif kind == "uninhabitable":
        yield Step("replacement_offered", working_day(house.closed_on - days(35)), note=note)
    yield Step("order", ordered_on, served(ordered_on) if not at_once else ordered_on, house.closed_on)
    if kind != "use_ban":
        yield Step("vacated", house.closed_on)
