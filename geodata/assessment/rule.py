"""How an assessment follows from facts: points of the contributions, levels from 0 to 3, and whose word counts.

Rules:

- A contribution counts its points while it is there and not older than its age; without an age, as long as it lasts.
  One that was never dated is not too old. Points below 0 take away; the sum of an input is never below 0.
- The level of an input is the highest whose threshold the sum reaches.
- Too little is known where no control got in within `known_days` and nothing else speaks for pressure: then nothing is
  computed, because "no defect was seen" would be said of a house that nobody has seen.
- The office's own judgement is the colour until it is `judgement_days` old. Then what is computed is, from the day on
  which it says something else. So there is one colour everywhere, that of the latest assessment.

Everything is a fact about the building or the proceedings; counts of persons and households never contribute.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

Axis = Literal["pressure", "room_to_act"]
Effect = Literal["counted", "too_old", "inactive"]
Step = Literal["keep", "append", "withdraw"]

AXES: Final[tuple[Axis, ...]] = ("pressure", "room_to_act")
LEVELS: Final = (1, 2, 3)
# The last completed control that got in at all: no contribution, but without it too little is known.
KNOWN: Final = "known"
# Which defects of a control are which contribution; each defect is in one of them.
DEFECT_GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "fire_safety": ("fire_load", "second_escape_route", "smoke_detectors", "fire_safety_other"),
        "fall_hazard": ("fall_hazard", "facade"),
        "supply_defect": ("heating", "electricity", "gas_or_water"),
        "housing_defect": ("damp_mould", "sewage", "housing_other"),
        "waste_pests": ("waste", "pests"),
        "building_defect": ("building_other",),
        "irregular_use": ("use_without_permission", "letter_boxes_bells"),
    }
)
# A hint or a suspicion is no case yet, and is not assessed.
NOT_ASSESSED_STATES: Final = ("hint", "suspicion")


@dataclass(frozen=True)
class Fact:
    """A contribution that is there: `since_on` None = not dated, `what` = codes that say what exactly."""

    code: str
    since_on: date | None
    what: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contribution:
    """By what a contribution counts; `max_age_days` None = as long as it lasts."""

    code: str
    axis: Axis
    points: int
    max_age_days: int | None
    is_active: bool = True


@dataclass(frozen=True)
class Values:
    """All values of a city: contributions in the order of lists, and thresholds by their code."""

    contributions: tuple[Contribution, ...]
    thresholds: Mapping[str, int]

    def levels_from(self, axis: Axis) -> tuple[int, ...]:
        """From how many points on the levels 1, 2 and 3 are reached."""
        return tuple(self.thresholds[f"{axis}_{level}"] for level in LEVELS)


@dataclass(frozen=True)
class Part:
    """One contribution as it counted: `points` are 0 where it is too old or left out."""

    code: str
    axis: Axis
    points: int
    since_on: date | None
    age_days: int | None
    effect: Effect
    what: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """One of the two inputs: the sum of its points, never below 0, and the level that it reaches."""

    points: int
    level: int


@dataclass(frozen=True)
class Computed:
    """What the contributions of one property give."""

    pressure: Side
    room_to_act: Side
    parts: tuple[Part, ...]

    @property
    def levels(self) -> tuple[int, int]:
        return self.pressure.level, self.room_to_act.level


@dataclass(frozen=True)
class Assessed:
    """An assessment in force: the office's own judgement, or one that was computed."""

    valid_on: date
    pressure: int
    room_to_act: int

    @property
    def levels(self) -> tuple[int, int]:
        return self.pressure, self.room_to_act


def compute(facts: Iterable[Fact], values: Values, as_of: date) -> Computed | None:
    """What the facts of a property give on a date; None where too little is known."""
    by_code = {fact.code: fact for fact in facts}
    parts = tuple(_part(by_code[one.code], one, as_of) for one in values.contributions if one.code in by_code)
    known = by_code.get(KNOWN)
    is_known = known is not None and _age(known, as_of) <= values.thresholds["known_days"]
    # That a control is overdue tells of the office and not of the house.
    speaks = any(one.axis == "pressure" and one.points > 0 and one.code != "control_overdue" for one in parts)
    if not (is_known or speaks):
        return None
    return Computed(_side(parts, "pressure", values), _side(parts, "room_to_act", values), parts)


def step(
    judged: Assessed | None, last_computed: Assessed | None, computed: Computed | None, values: Values, as_of: date
) -> Step:
    """What a computation changes: it is appended, the one before it gives way to a judgement, or all stays."""
    if judged is not None and counts(judged, values, as_of):
        # A judgement that came in late is dated before what was computed without it.
        is_hidden = last_computed is not None and last_computed.valid_on >= judged.valid_on
        return "withdraw" if is_hidden else "keep"
    if computed is None:
        return "keep"
    in_force = _later(judged, last_computed)
    return "append" if in_force is None or in_force.levels != computed.levels else "keep"


def counts(judged: Assessed, values: Values, as_of: date) -> bool:
    """Whether the office's judgement is young enough to be the colour."""
    return (as_of - judged.valid_on).days <= values.thresholds["judgement_days"]


def level_of(points: int, levels_from: Iterable[int]) -> int:
    """The highest level whose threshold the points reach; 0 below the first."""
    return max((level for level, least in zip(LEVELS, levels_from, strict=True) if points >= least), default=0)


def _later(judged: Assessed | None, last_computed: Assessed | None) -> Assessed | None:
    known = [one for one in (judged, last_computed) if one is not None]
    return max(known, key=lambda one: one.valid_on, default=None)


def _part(fact: Fact, contribution: Contribution, as_of: date) -> Part:
    age = None if fact.since_on is None else _age(fact, as_of)
    effect: Effect = "counted"
    if not contribution.is_active:
        effect = "inactive"
    elif age is not None and contribution.max_age_days is not None and age > contribution.max_age_days:
        effect = "too_old"
    points = contribution.points if effect == "counted" else 0
    return Part(contribution.code, contribution.axis, points, fact.since_on, age, effect, fact.what)


def _side(parts: Iterable[Part], axis: Axis, values: Values) -> Side:
    points = max(0, sum(one.points for one in parts if one.axis == axis))
    return Side(points, level_of(points, values.levels_from(axis)))


def _age(fact: Fact, as_of: date) -> int:
    return 0 if fact.since_on is None else (as_of - fact.since_on).days
