"""Ten years of controls: joint rounds with their published counts, and single visits of other kinds.

About 110 object visits a year in rounds of 3 to 9 objects, fewer in summer and around Christmas, none in the spring and
summer of 2020. Teams go first where nobody was for long and stay in one part of the city. Access fails now and then.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import numpy as np

from etl.demo.dates import AS_OF, FIRST_DAY
from etl.demo.drawing import Floats
from etl.demo.life import Event, is_monitored, state_on
from etl.demo.properties import Facts

_ROUNDS_A_YEAR: Final = 18.0
_SEASON: Final = (0.95, 1.15, 1.35, 1.2, 1.15, 1.05, 0.55, 0.6, 1.2, 1.35, 1.25, 0.55)
_PAUSE: Final = (date(2020, 3, 16), date(2020, 9, 20))
_NEARBY_M: Final = 900.0
_PLACES: Final = {"fr1": "Wehringhausen und Bahnhofsviertel", "fr2": "Haspe", "": "Stadtgebiet"}
_ACCESS: Final = ("none", "outside", "common_areas", "flat")
_ACCESS_INHABITED: Final = (0.11, 0.06, 0.28, 0.55)
_ACCESS_EMPTY: Final = (0.08, 0.55, 0.27, 0.10)
_DEFECTS: Final = {
    "waste": 22, "pests": 10, "damp_mould": 16, "heating": 6, "electricity": 8, "gas_or_water": 3, "sewage": 4,
    "housing_other": 5, "fall_hazard": 4, "facade": 12, "building_other": 6, "fire_load": 9, "second_escape_route": 5,
    "smoke_detectors": 13, "fire_safety_other": 3, "use_without_permission": 3, "letter_boxes_bells": 9,
}  # fmt: skip
HOUSING_DEFECTS: Final = frozenset({"damp_mould", "heating", "electricity", "gas_or_water", "sewage", "housing_other"})
BUILDING_OR_FIRE: Final = frozenset(
    {
        "fall_hazard",
        "facade",
        "building_other",
        "fire_load",
        "second_escape_route",
        "smoke_detectors",
        "fire_safety_other",
    }
)
_ALWAYS_PRESENT: Final = ("public_order", "housing_supervision")
_SOMETIMES_PRESENT: Final = {
    "building_control": 0.7, "police": 0.55, "fire_brigade": 0.35, "job_centre": 0.4, "utility": 0.3,
    "waste_services": 0.3,
    "customs": 0.15, "immigration_office": 0.3, "environment": 0.12, "trade_supervision": 0.1,
}  # fmt: skip


class _Duty(NamedTuple):
    """Single visits of one kind: how many a year, to which uses."""

    a_year: float
    uses: tuple[str, ...]


_SINGLE: Final = {
    "fire_safety": _Duty(13, ("mixed_use", "commercial", "other")),
    "special_building": _Duty(7, ("commercial", "other")),
    "housing_control": _Duty(14, ("residential", "mixed_use")),
    "building_control": _Duty(9, ("residential", "mixed_use", "commercial", "other", "vacant_plot")),
    "outside_view": _Duty(11, ("vacant_plot",)),
    "benefits_abuse_action": _Duty(2.5, ("residential", "mixed_use")),
}


@dataclass(frozen=True)
class Visit:
    """A visit to one property; `round_key` is empty outside of rounds."""

    property_key: str
    control_type: str
    on: date
    access: str
    result: str
    defects: tuple[str, ...]
    round_key: str = ""


@dataclass(frozen=True)
class Round:
    """A joint control with its counts as published: persons in fields of their own, None where none was published."""

    key: str
    on: date
    offices: tuple[str, ...]
    interpreter: bool
    social_worker: bool
    place: str
    objects: int
    objects_waste: int
    objects_pests: int
    objects_housing_defects: int
    objects_building_or_fire: int
    persons_registered: int | None
    persons_met: int | None
    persons_met_not_registered: int | None
    persons_reported: int | None
    persons_deregistered: int | None


@dataclass(frozen=True)
class Register:
    """The properties that controls can go to, with their events; in one order."""

    facts: list[Facts]
    events: list[list[Event]]

    @property
    def xy(self) -> Floats:
        return np.array([facts.place.xy for facts in self.facts])

    def monitored(self, on: date) -> Any:
        return np.array([is_monitored(events, on) for events in self.events])


def hold_rounds(register: Register, rng: np.random.Generator) -> tuple[list[Round], list[Visit]]:
    """All joint rounds up to the as-of date with their visits."""
    last = np.array([facts.registered_on.toordinal() for facts in register.facts], dtype=float)
    rounds: list[Round] = []
    visits: list[Visit] = []
    for number, on in enumerate(round_dates(rng)):
        team = _choose_objects(register, last, on, rng)
        if len(team) < 3:
            continue
        key = f"KA-{on.year}-{number:03d}"
        made = [_visit(register, int(at), "joint_control", on, key, rng) for at in team]
        last[team] = on.toordinal()
        rounds.append(count_round(key, on, made, _PLACES[register.facts[int(team[0])].place.focus], rng))
        visits += made
    return rounds, visits + _follow_ups(register, visits, rng)


def round_dates(rng: np.random.Generator) -> list[date]:
    """Days of rounds: Tuesdays to Thursdays, with seasons and the pause of 2020."""
    days: list[date] = []
    saved = 0.0
    monday = FIRST_DAY - timedelta(days=FIRST_DAY.weekday())
    while monday < AS_OF - timedelta(days=8):
        on = monday + timedelta(days=int(rng.integers(1, 4)))
        is_slow = date(2020, 9, 20) < on < date(2021, 5, 1)
        # Weeks save up for a round instead of drawing lots, so that years stay alike.
        saved += _ROUNDS_A_YEAR / 52 * _SEASON[on.month - 1] * (0.5 if is_slow else 1.0) * rng.uniform(0.4, 1.6)
        if _PAUSE[0] <= on <= _PAUSE[1]:
            saved = 0.0
        elif saved >= 1.0:
            saved -= 1.0
            days.append(on)
        monday += timedelta(days=7)
    return days


def _choose_objects(register: Register, last: Floats, on: date, rng: np.random.Generator) -> Any:
    """The object that waits longest, more or less, and others near it that wait long."""
    waiting = np.where(register.monitored(on), on.toordinal() - last, 0.0)
    urgency = np.clip(waiting - 120, 0, None) ** 3.0 * np.array(
        [1.5 if facts.place.focus else 1.0 for facts in register.facts]
    )
    if not urgency.any():
        return np.empty(0, dtype=int)
    first = int(rng.choice(len(urgency), p=urgency / urgency.sum()))
    distance = np.linalg.norm(register.xy - register.xy[first], axis=1)
    score = urgency / (1 + (distance / _NEARBY_M) ** 4)
    size = int(rng.choice((3, 4, 5, 6, 7, 8, 9), p=(0.05, 0.1, 0.17, 0.25, 0.2, 0.13, 0.1)))
    others = [int(at) for at in np.argsort(-score) if score[at] > 0 and at != first][: size - 1]
    return np.array([first, *others])


def _visit(register: Register, at: int, kind: str, on: date, round_key: str, rng: np.random.Generator) -> Visit:
    facts, state = register.facts[at], state_on(register.events[at], on)
    is_empty = facts.is_inhabited is False
    access = str(rng.choice(_ACCESS, p=_ACCESS_EMPTY if is_empty else _ACCESS_INHABITED))
    if access == "none":
        return Visit(facts.key, kind, on, access, "not_completed", (), round_key)
    calmed = state in ("renovation", "observation", "reuse", "securing")
    found = rng.random() < (0.66 if access != "outside" else 0.4) * (0.55 if calmed else 1.0)
    if not found:
        return Visit(facts.key, kind, on, access, "no_finding", (), round_key)
    return Visit(facts.key, kind, on, access, "finding", _draw_defects(access, rng), round_key)


def _draw_defects(access: str, rng: np.random.Generator) -> tuple[str, ...]:
    """One to five defects; from outside only what can be seen from there."""
    visible = {
        "waste",
        "pests",
        "fall_hazard",
        "facade",
        "building_other",
        "use_without_permission",
        "letter_boxes_bells",
    }
    weights = np.array(
        [weight if access != "outside" or name in visible else 0 for name, weight in _DEFECTS.items()], float
    )
    count = int(rng.choice((1, 2, 3, 4, 5), p=(0.32, 0.3, 0.2, 0.12, 0.06)))
    chosen = set(rng.choice(list(_DEFECTS), size=count, replace=False, p=weights / weights.sum()).tolist())
    return tuple(name for name in _DEFECTS if name in chosen)


def count_round(key: str, on: date, visits: list[Visit], place: str, rng: np.random.Generator) -> Round:
    """The counts that the city publishes about a round; persons were not always counted, de-registered come later."""
    offices = [*_ALWAYS_PRESENT, *(office for office, chance in _SOMETIMES_PRESENT.items() if rng.random() < chance)]
    registered = int(sum(rng.gamma(6.0, 3.4, len(visits))))
    met = int(registered * rng.uniform(0.52, 0.8))
    is_counted, is_old = on.year >= 2018 or rng.random() < 0.4, (AS_OF - on).days > 120
    return Round(
        key=key,
        on=on,
        offices=tuple(offices),
        interpreter=bool(rng.random() < 0.6),
        social_worker=bool(rng.random() < 0.45),
        place=place,
        objects=len(visits),
        objects_waste=sum("waste" in visit.defects for visit in visits),
        objects_pests=sum("pests" in visit.defects for visit in visits),
        objects_housing_defects=sum(not HOUSING_DEFECTS.isdisjoint(visit.defects) for visit in visits),
        objects_building_or_fire=sum(not BUILDING_OR_FIRE.isdisjoint(visit.defects) for visit in visits),
        persons_registered=registered if is_counted else None,
        persons_met=met if is_counted else None,
        persons_met_not_registered=int(met * rng.uniform(0.01, 0.09)) if is_counted else None,
        persons_reported=int(met * rng.uniform(0.02, 0.12)) if is_counted else None,
        persons_deregistered=int(registered * rng.uniform(0.02, 0.16)) if is_counted and is_old else None,
    )


def visit_singly(register: Register, rng: np.random.Generator) -> list[Visit]:
    """Visits outside of rounds: each kind goes to its uses, longest waiting first."""
    return [visit for kind, duty in _SINGLE.items() for visit in _duty_visits(register, kind, duty, rng)]


def _duty_visits(register: Register, kind: str, duty: _Duty, rng: np.random.Generator) -> list[Visit]:
    fits = np.array([facts.use_type in duty.uses for facts in register.facts])
    last = np.array([facts.registered_on.toordinal() for facts in register.facts], dtype=float)
    visits = []
    for on in _single_dates(duty.a_year, rng):
        waiting = np.where(fits & register.monitored(on), np.clip(on.toordinal() - last - 60, 0, None), 0.0) ** 2.5
        if waiting.any():
            at = int(rng.choice(len(waiting), p=waiting / waiting.sum()))
            last[at] = on.toordinal()
            visits.append(_visit(register, at, kind, on, "", rng))
    return visits


def _single_dates(a_year: float, rng: np.random.Generator) -> list[date]:
    days = (AS_OF - FIRST_DAY).days
    drawn = (FIRST_DAY + timedelta(days=int(day)) for day in np.sort(rng.integers(0, days, int(a_year * days / 365))))
    return [on for on in drawn if on.weekday() < 5 and not _PAUSE[0] <= on <= _PAUSE[1]]


def _follow_ups(register: Register, visits: list[Visit], rng: np.random.Generator) -> list[Visit]:
    """After three and more defects a follow-up within three months, often with fewer findings."""
    position = {facts.key: at for at, facts in enumerate(register.facts)}
    made = []
    for visit in visits:
        on = visit.on + timedelta(days=int(rng.integers(20, 90)))
        if len(visit.defects) >= 3 and on <= AS_OF and on.weekday() < 5 and rng.random() < 0.5:
            made.append(_visit(register, position[visit.property_key], "follow_up", on, "", rng))
    return made
