"""What the assessments of a city rest on: one property explained, how many differ from the office's own judgement, and
what other values would change. Everything is read of the last run (`computing.py`), which says when it was.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import RowMapping, Select, select

from geodata.access import Asker
from geodata.assessment import rule
from geodata.assessment.rule import Assessed, Axis, Computed, Effect, Fact, Part, Side, Values
from geodata.assessment.values import PERMISSION, StatedValues, read_values
from geodata.tables import assessment_colour, assessment_current, assessment_run, property_current

Levels = tuple[int, int]
_ROW: Final = ("property_id", "pressure", "room_to_act", "facts", "judged_on", "judged_pressure",
               "judged_room_to_act")  # fmt: skip


@dataclass(frozen=True)
class Run:
    """The last run: for which date, when, over how many properties."""

    as_of: date
    run_at: datetime
    properties: int


@dataclass(frozen=True)
class Explanation:
    """One property: what the contributions give, the office's own judgement beside it, and whose word counts.

    `computed` None = too little is known. `judged_until` is the last day on which the judgement counts.
    """

    as_of: date
    run_at: datetime
    values: StatedValues
    computed: Computed | None
    computed_colour: str | None
    judged: Assessed | None
    judged_colour: str | None
    judged_until: date | None

    @property
    def is_judged(self) -> bool:
        """Whether the office's judgement is the colour."""
        return self.judged_until is not None and self.as_of <= self.judged_until

    @property
    def differs(self) -> bool:
        """Whether both are there and give two colours."""
        both = self.computed_colour is not None and self.judged_colour is not None
        return both and self.computed_colour != self.judged_colour


@dataclass(frozen=True)
class Difference:
    """A property whose own judgement and computation give two colours."""

    property_id: int
    property_key: str
    address: str
    judged_on: date
    judged_colour: str
    computed_colour: str
    is_judged: bool


@dataclass(frozen=True)
class Overview:
    """How the assessments of the asker's properties stand: each count is of `properties`."""

    run: Run | None
    properties: int
    judged: int
    computed: int
    unknown: int
    compared: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Preview:
    """What other values would change: computed colours, and of these the ones that are the colour in force."""

    properties: int
    changed: int
    changed_in_force: int
    moves: tuple[tuple[str | None, str | None, int], ...]


def read_run(asker: Asker) -> Run | None:
    """The last run in the asker's city; None before the first."""
    asker.require(PERMISSION)
    columns = assessment_run.c
    query = select(columns.as_of, columns.run_at, columns.properties).where(
        columns.municipality == asker.scope.municipality
    )
    row = asker.connection.execute(query).one_or_none()
    return None if row is None else Run(*row)


def read_explanation(asker: Asker, property_id: int) -> Explanation | None:
    """How the assessment of one property comes about; None where none was computed (closed, a hint, or not yet run)."""
    run = read_run(asker)
    row = asker.connection.execute(_rows(asker).where(assessment_current.c.property_id == property_id)).mappings()
    found = row.one_or_none()
    if run is None or found is None:
        return None
    stated, colours = read_values(asker), read_colours(asker)
    computed = rule.compute(_facts(found), stated.values, found["as_of"])
    judged = _judged(found)
    until = None
    if judged is not None:
        until = date.fromordinal(judged.valid_on.toordinal() + stated.values.thresholds["judgement_days"])
    return Explanation(
        as_of=found["as_of"],
        run_at=run.run_at,
        values=stated,
        computed=computed,
        computed_colour=colours[computed.levels] if computed else None,
        judged=judged,
        judged_colour=colours[judged.levels] if judged else None,
        judged_until=until,
    )


def read_overview(asker: Asker) -> Overview:
    """How many are judged, computed or neither, and where both give two colours, by address."""
    asker.require(PERMISSION)
    values, colours = read_values(asker).values, read_colours(asker)
    counts: Counter[str] = Counter()
    differences = []
    for row in asker.connection.execute(_named_rows(asker)).mappings():
        judged, computed = _judged(row), _levels(row)
        is_judged = judged is not None and rule.counts(judged, values, row["as_of"])
        counts["properties"] += 1
        counts["judged" if is_judged else "computed" if computed else "unknown"] += 1
        if judged is None or computed is None:
            continue
        counts["compared"] += 1
        if colours[judged.levels] != colours[computed]:
            differences.append(_difference(row, judged, colours[judged.levels], colours[computed], is_judged=is_judged))
    return Overview(
        read_run(asker),
        properties=counts["properties"],
        judged=counts["judged"],
        computed=counts["computed"],
        unknown=counts["unknown"],
        compared=counts["compared"],
        differences=tuple(differences),
    )


def preview(asker: Asker, wanted: Values) -> Preview:
    """How many properties would have another computed colour by these values. Needs `assessment:write`."""
    asker.require("assessment:write")
    colours, properties, in_force = read_colours(asker), 0, 0
    moves: Counter[tuple[str | None, str | None]] = Counter()
    for row in asker.connection.execute(_rows(asker)).mappings():
        properties += 1
        before, judged = _levels(row), _judged(row)
        computed = rule.compute(_facts(row), wanted, row["as_of"])
        move = (colours[before] if before else None, colours[computed.levels] if computed else None)
        if move[0] == move[1]:
            continue
        moves[move] += 1
        in_force += judged is None or not rule.counts(judged, wanted, row["as_of"])
    ordered = sorted(moves.items(), key=lambda one: (-one[1], str(one[0])))
    return Preview(properties, moves.total(), in_force, tuple((*move, count) for move, count in ordered))


def frozen(contributions: Mapping[str, Any] | None) -> Computed | None:
    """A past computation as it was frozen beside its levels; None for the office's own judgement."""
    if contributions is None:
        return None
    as_of = date.fromisoformat(contributions["as_of"])
    sides = {axis: Side(one["points"], one["level"]) for axis, one in contributions["sides"].items()}
    parts = tuple(_part(one, as_of) for one in contributions["parts"])
    return Computed(sides["pressure"], sides["room_to_act"], parts)


def _part(told: Mapping[str, Any], as_of: date) -> Part:
    axis: Axis = told["axis"]
    effect: Effect = told["effect"]
    since = date.fromisoformat(told["since"]) if told["since"] else None
    age = (as_of - since).days if since else None
    return Part(told["code"], axis, told["points"], since, age, effect, tuple(told["what"]))


def read_colours(asker: Asker) -> dict[Levels, str]:
    """Which pressure and room to act give which colour."""
    asker.require(PERMISSION)
    columns = assessment_colour.c
    query = select(columns.pressure, columns.room_to_act, columns.colour)
    return {(row.pressure, row.room_to_act): row.colour for row in asker.connection.execute(query)}


def _rows(asker: Asker) -> Select[Any]:
    columns = assessment_current.c
    return _of_the_run(select(*(columns[name] for name in _ROW), assessment_run.c.as_of), asker)


def _named_rows(asker: Asker) -> Select[Any]:
    named, columns = property_current.c, assessment_current.c
    return (
        _of_the_run(select(*(columns[name] for name in _ROW if name != "facts"), assessment_run.c.as_of), asker)
        .add_columns(named.key, named.address_text)
        .join(property_current, named.property_id == columns.property_id)
        .order_by(named.address_text, named.property_id)
    )


def _of_the_run(query: Select[Any], asker: Asker) -> Select[Any]:
    """With the date of the last run: what it did not look at has not changed until then."""
    run, current = assessment_run.c, assessment_current.c
    joined = query.select_from(assessment_current).join(assessment_run, run.municipality == current.municipality)
    return joined.where(current.municipality == asker.scope.municipality)


def _facts(row: RowMapping) -> Iterator[Fact]:
    told: Sequence[tuple[str, str | None, list[str]]] = row["facts"]
    return (Fact(code, date.fromisoformat(since) if since else None, tuple(what)) for code, since, what in told)


def _levels(row: RowMapping) -> Levels | None:
    return None if row["pressure"] is None else (row["pressure"], row["room_to_act"])


def _judged(row: RowMapping) -> Assessed | None:
    if row["judged_on"] is None:
        return None
    return Assessed(row["judged_on"], row["judged_pressure"], row["judged_room_to_act"])


def _difference(
    row: RowMapping, judged: Assessed, judged_colour: str, computed_colour: str, *, is_judged: bool
) -> Difference:
    return Difference(
        property_id=row["property_id"],
        property_key=row["key"],
        address=row["address_text"] or row["key"],
        judged_on=judged.valid_on,
        judged_colour=judged_colour,
        computed_colour=computed_colour,
        is_judged=is_judged,
    )
