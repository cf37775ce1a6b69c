"""By which values a city's assessments count: the program's proposals, and what the city has set otherwise."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, select

from geodata.access import Asker
from geodata.assessment.rule import Axis, Contribution, Values
from geodata.tables import assessment_contribution, assessment_setting, assessment_threshold

PERMISSION: Final = "proceeding:read"


@dataclass(frozen=True)
class StatedContribution:
    """A contribution as a page shows it; `setting_id` 0 = the city has set nothing, and the proposal counts."""

    value: Contribution
    proposed: Contribution
    basis: str | None
    is_confirmed: bool
    setting_id: int
    set_at: datetime | None


@dataclass(frozen=True)
class StatedThreshold:
    """A threshold as a page shows it."""

    code: str
    value: int
    proposed: int
    is_confirmed: bool
    setting_id: int
    set_at: datetime | None


@dataclass(frozen=True)
class StatedValues:
    """All that a city's assessments count by, with what was proposed."""

    contributions: tuple[StatedContribution, ...]
    thresholds: tuple[StatedThreshold, ...]

    @property
    def values(self) -> Values:
        return Values(tuple(one.value for one in self.contributions), {one.code: one.value for one in self.thresholds})


def read_values(asker: Asker) -> StatedValues:
    """By which values the asker's city counts. Needs `proceeding:read`."""
    asker.require(PERMISSION)
    return values_of(asker.connection, asker.scope.municipality)


def values_of(connection: Connection, municipality: str) -> StatedValues:
    """The same for who has no asker: the daily run."""
    query = select(assessment_setting).where(
        assessment_setting.c.municipality == municipality, assessment_setting.c.superseded_at.is_(None)
    )
    settings = {row["key"]: row for row in connection.execute(query).mappings()}
    contributions = select(assessment_contribution).order_by(assessment_contribution.c.sort)
    thresholds = select(assessment_threshold).order_by(assessment_threshold.c.sort)
    return StatedValues(
        tuple(_contribution(row, settings.get(row["code"])) for row in connection.execute(contributions).mappings()),
        tuple(_threshold(row, settings.get(row["code"])) for row in connection.execute(thresholds).mappings()),
    )


def _contribution(row: RowMapping, setting: RowMapping | None) -> StatedContribution:
    axis: Axis = row["axis"]
    proposed = Contribution(row["code"], axis, row["points"], row["max_age_days"], row["is_active"])
    if setting is None:
        return StatedContribution(proposed, proposed, row["basis"], row["is_confirmed"], 0, None)
    value = Contribution(row["code"], axis, setting["value"], setting["max_age_days"], setting["is_active"])
    # What the office has set itself is its decision, whoever proposed something else.
    return StatedContribution(
        value, proposed, row["basis"], is_confirmed=True, setting_id=setting["id"], set_at=setting["recorded_at"]
    )


def _threshold(row: RowMapping, setting: RowMapping | None) -> StatedThreshold:
    if setting is None:
        return StatedThreshold(row["code"], row["value"], row["value"], row["is_confirmed"], 0, None)
    return StatedThreshold(
        row["code"],
        setting["value"],
        row["value"],
        is_confirmed=True,
        setting_id=setting["id"],
        set_at=setting["recorded_at"],
    )
