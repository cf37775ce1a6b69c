"""Reads of the council's resolutions, and of the figures that measure them.

- The value of a resolution is that of the register (`figures.read_figures`) for its area and type of control, so it is
  the number that every other page shows for the same filter.
- Everybody with `resolution:read` reads all resolutions of the city. A manager of areas is told the value only where
  the resolution speaks of one of these: a number for the whole city would count only what the manager sees.
- A figure that the register no longer has, and an area that is not valid on the date, give no value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast

from sqlalchemy import RowMapping, Select, select

from geodata import demolition_figures, property_figures
from geodata.access import Asker, Scope
from geodata.areas import Area, read_areas
from geodata.figure import Figure, Period
from geodata.figures import REGISTER, is_open_to, read_figures
from geodata.filters import PropertyFilter
from geodata.tables import edit, resolution
from geodata.targets import Direction, Target, share

MOST_PERCENT: Final = 100
# Groups that count objects and projects, whatever was controlled there.
_WITHOUT_CONTROLS: Final = frozenset(
    figure.key for group in (property_figures.GROUP, demolition_figures.GROUP) for figure in group.figures
)


@dataclass(frozen=True)
class Resolution:
    """A resolution in force, or one version of it; `area_id` None = the whole city, `control_type` None = all."""

    id: int
    key: str
    number: str
    decided_on: date
    body: str
    title: str
    figure: str
    area_id: int | None
    control_type: str | None
    direction: Direction
    target_value: float
    is_share: bool
    until_on: date
    link_text: str | None
    is_withdrawn: bool

    @property
    def target(self) -> Target:
        """What is to be reached, to reckon with."""
        return Target(self.direction, self.target_value, self.until_on)


@dataclass(frozen=True)
class Measured:
    """The figure of a resolution on a date. `part` and `whole` are counts where the target is a share."""

    value: float | None
    part: float | None = None
    whole: float | None = None


@dataclass(frozen=True)
class Standing:
    """A resolution with the value of a date; `is_in_scope` False: the asker sees only a part of what it counts."""

    resolution: Resolution
    area: Area | None
    is_in_scope: bool
    measured: Measured


@dataclass(frozen=True)
class Version:
    """One version of a resolution: what stood there, since when, until when, and who brought it."""

    resolution: Resolution
    recorded_at: datetime
    superseded_at: datetime | None
    by: str | None  # the name of who entered it; None = a delivery did, or the role does not read who


def figures_for_targets() -> tuple[Figure, ...]:
    """The figures that a resolution may name: numbers of the register that count no persons."""
    return tuple(one for one in REGISTER.values() if one.klass != "persons")


def counts_controls(key: str) -> bool:
    """Whether a type of control changes what the figure counts."""
    return key in REGISTER and key not in _WITHOUT_CONTROLS


def problems_of(
    *, figure: str, control_type: str | None, is_share: bool, target: float, decided_on: date, until_on: date
) -> dict[str, str]:
    """What makes no sense in a target, by field, as codes of `InvalidEdit`; empty where it does."""
    known = {one.key: one for one in figures_for_targets()}
    if figure not in known:
        return {"figure": "unknown"}
    found = {}
    if control_type is not None and not counts_controls(figure):
        found["control_type"] = "no_controls"
    if is_share and known[figure].part_of is None:
        found["is_share"] = "no_whole"
    if target > MOST_PERCENT and (is_share or known[figure].unit == "percent"):
        found["target"] = "over_100"
    if until_on < decided_on:
        found["until_on"] = "before_decision"
    return found


def read_resolutions(asker: Asker) -> tuple[Resolution, ...]:
    """All resolutions that stand, those that hold longest last."""
    asker.require("resolution:read")
    query = _in_force(asker).where(resolution.c.is_withdrawn.is_(False))
    return tuple(_resolution(row) for row in asker.connection.execute(query).mappings())


def read_resolution(asker: Asker, key: str) -> Resolution | None:
    """One resolution by its key, also one that was withdrawn; None where there is none."""
    asker.require("resolution:read")
    row = asker.connection.execute(_in_force(asker).where(resolution.c.key == key)).mappings().one_or_none()
    return None if row is None else _resolution(row)


def read_versions(asker: Asker, key: str) -> tuple[Version, ...]:
    """All versions of a resolution, the latest first; who entered them is for who may enter them."""
    asker.require("resolution:read")
    query = (
        select(resolution, edit.c.account_name)
        .outerjoin(edit, edit.c.id == resolution.c.edit_id)
        .where(resolution.c.municipality == asker.scope.municipality, resolution.c.key == key)
        .order_by(resolution.c.recorded_at.desc(), resolution.c.id.desc())
    )
    is_told = asker.scope.allows("resolution:write")
    return tuple(
        Version(_resolution(row), row["recorded_at"], row["superseded_at"], row["account_name"] if is_told else None)
        for row in asker.connection.execute(query).mappings()
    )


def is_in_scope(scope: Scope, one: Resolution) -> bool:
    """Whether the scope sees everything that the resolution counts."""
    is_open = one.figure in REGISTER and is_open_to(scope, one.figure)
    return is_open and (not scope.has_areas or one.area_id in scope.area_ids)


def read_standings(asker: Asker, chosen: Sequence[Resolution], as_of: date) -> tuple[Standing, ...]:
    """The resolutions with their values on a date, in the given order."""
    areas = {area.id: area for area in read_areas(asker, as_of)}
    told = [one for one in chosen if is_in_scope(asker.scope, one) and (one.area_id is None or one.area_id in areas)]
    measured = read_measured(asker, told, as_of)
    return tuple(
        Standing(
            one,
            areas.get(one.area_id) if one.area_id is not None else None,
            is_in_scope(asker.scope, one),
            measured.get(one.key, Measured(None)),
        )
        for one in chosen
    )


def read_measured(asker: Asker, chosen: Iterable[Resolution], as_of: date) -> Mapping[str, Measured]:
    """The value of each resolution by its key; those of one area and type of control are read at once."""
    asker.require("resolution:read")
    asked: dict[tuple[int | None, str | None], list[Resolution]] = {}
    for one in chosen:
        if one.figure in REGISTER:
            asked.setdefault((one.area_id, one.control_type), []).append(one)
    found: dict[str, Measured] = {}
    for (area_id, control_type), several in asked.items():
        place = filter_of(area_id, control_type, as_of)
        keys = {key for one in several for key in (one.figure, _whole(one)) if key}
        values = read_figures(asker, place, Period.year_until(as_of), keys=keys)
        numbers = {key: _number(value.value) for key, value in values.items()}
        found |= {one.key: _measured(one, numbers) for one in several}
    return found


def read_course(asker: Asker, one: Resolution, days: Iterable[date]) -> tuple[tuple[date, float | None], ...]:
    """The value of a resolution on several days, each read for itself: past days are computed from the facts."""
    asker.require("resolution:read")
    if not is_in_scope(asker.scope, one):
        return ()
    return tuple((day, read_measured(asker, [one], day).get(one.key, Measured(None)).value) for day in days)


def filter_of(area_id: int | None, control_type: str | None, as_of: date) -> PropertyFilter:
    """The filter under which every page shows the number of a resolution."""
    return PropertyFilter(
        area_ids=() if area_id is None else (area_id,),
        control_types=() if control_type is None else (control_type,),
        as_of=as_of,
    )


def _in_force(asker: Asker) -> Select[Any]:
    columns = resolution.c
    return (
        select(resolution)
        .where(columns.municipality == asker.scope.municipality, columns.superseded_at.is_(None))
        .order_by(columns.until_on, columns.decided_on, columns.number, columns.key)
    )


def _resolution(row: RowMapping) -> Resolution:
    names = [name for name in Resolution.__dataclass_fields__ if name != "target_value"]
    return Resolution(**{name: row[name] for name in names}, target_value=float(row["target"]))


def _whole(one: Resolution) -> str | None:
    return REGISTER[one.figure].part_of if one.is_share else None


def _measured(one: Resolution, numbers: Mapping[str, float | None]) -> Measured:
    value, whole = numbers[one.figure], _whole(one)
    if not one.is_share:
        return Measured(value)
    # The register may have taken the whole away since; then there is no share of it.
    of = numbers[whole] if whole else None
    return Measured(share(value, of), value, of)


def _number(value: object) -> float | None:
    return cast("float", value) if isinstance(value, int | float) else None
