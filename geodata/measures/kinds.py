"""The kinds of proceedings and their steps: what may come when, on what basis, and which clock runs.

All of it is data (`measure_kind`, `measure_step_kind`), because a city confirms and changes it. `is_confirmed` False:
nobody in charge has checked it, and the interface says so beside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from geodata.access import Asker
from geodata.measures.clocks import Clock
from geodata.tables import measure_kind, measure_step_kind

PERMISSION = "proceeding:read"


@dataclass(frozen=True)
class StepKind:
    """A step of a kind of proceeding. `extends`: its clock prolongs the deadline of that step.

    `meets`: steps whose deadline it ends; `comes_after`: it comes after one of these, empty = it can come first;
    `is_end`: with it the proceeding can be closed.
    """

    code: str
    sort: int
    legal_basis: str | None
    is_confirmed: bool
    clock_from: str | None
    clock_months: int | None
    clock_days: int | None
    deadline_is: str | None
    moves_to_working_day: bool
    extends: str | None
    meets: tuple[str, ...]
    comes_after: tuple[str, ...]
    is_end: bool

    @property
    def clock(self) -> Clock | None:
        """The period that the rule gives; None where the letter or both sides set the day."""
        if self.clock_months is None and self.clock_days is None:
            return None
        return Clock(self.clock_months or 0, self.clock_days or 0, self.moves_to_working_day)


@dataclass(frozen=True)
class MeasureKind:
    """A kind of proceeding with its steps in their usual order; `follows` empty = it can come first."""

    code: str
    family: str
    sort: int
    legal_basis: str | None
    is_confirmed: bool
    needs_safeguards: bool
    is_last_resort: bool
    follows: tuple[str, ...]
    amount_limit_eur: float | None
    steps: tuple[StepKind, ...]

    @cached_property
    def by_code(self) -> Mapping[str, StepKind]:
        """The steps by their codes."""
        return {one.code: one for one in self.steps}

    def step(self, code: str) -> StepKind | None:
        """The step of that code; None where the kind has none."""
        return self.by_code.get(code)


def read_kinds(asker: Asker) -> tuple[MeasureKind, ...]:
    """All kinds of proceedings with their steps, in their usual order."""
    asker.require(PERMISSION)
    of_kind: dict[str, list[StepKind]] = {}
    query = select(measure_step_kind).order_by(measure_step_kind.c.measure_kind, measure_step_kind.c.sort)
    for row in asker.connection.execute(query).mappings():
        values = {name: row[name] for name in StepKind.__dataclass_fields__}
        values |= {name: tuple(row[name]) for name in ("meets", "comes_after")}
        of_kind.setdefault(row["measure_kind"], []).append(StepKind(**values))
    found = []
    for row in asker.connection.execute(select(measure_kind).order_by(measure_kind.c.sort)).mappings():
        limit = row["amount_limit_eur"]
        values = {name: row[name] for name in MeasureKind.__dataclass_fields__ if name != "steps"}
        values |= {"follows": tuple(row["follows"]), "amount_limit_eur": None if limit is None else float(limit)}
        found.append(MeasureKind(**values, steps=tuple(of_kind.get(row["code"], ()))))
    return tuple(found)


def by_code(kinds: Iterable[MeasureKind]) -> Mapping[str, MeasureKind]:
    """The kinds by their codes."""
    return {one.code: one for one in kinds}
