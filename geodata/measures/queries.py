"""How proceedings are asked for: what a list wishes, its query, and the steps that belong to it.

The policies of the database say which rows exist. A column of free text is named only for who may read it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from geodata.access import Asker
from geodata.codes import MEASURE_FAMILIES
from geodata.filters import PropertyFilter
from geodata.masking import TEXT_PERMISSION
from geodata.measures.kinds import PERMISSION
from geodata.measures.steps import IN_COURT, StepFact
from geodata.sources import Sources
from geodata.tables import measure, measure_kind, measure_step

Sort = Literal[
    "deadline", "address", "kind", "family", "office", "opened_on", "closed_on", "final_on", "amount_open_eur"
]
TEXTS: Final = ("note", "milder_means_note")


@dataclass(frozen=True)
class MeasureWish:
    """Which proceedings, in which order, which part of them; every field empty = all.

    `court`: a court action is pending or enforcement suspended, or neither; None = both. `size` None = no end. What has
    no value stands last in both directions.
    """

    families: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    status: Literal["open", "closed"] | None = None
    court: bool | None = None
    sort: Sort = "deadline"
    descending: bool = False
    start: int = 0
    size: int | None = None


def in_force(asker: Asker) -> tuple[ColumnElement[bool], ...]:
    """Conditions: the version in force of a proceeding of the asker's city."""
    return measure.c.municipality == asker.scope.municipality, measure.c.superseded_at.is_(None)


def is_open_at(as_of: date) -> ColumnElement[bool]:
    """Condition: the proceeding had not ended on the day."""
    return or_(measure.c.closed_on.is_(None), measure.c.closed_on > as_of)


def query(asker: Asker, sources: Sources, names: Sequence[str]) -> Select[Any]:
    """One row per proceeding in force that had begun: these columns, and those of its property and its kind."""
    columns, kind = sources.properties.c, measure_kind.c
    texts = TEXTS if asker.scope.allows(TEXT_PERMISSION) else ()
    return (
        select(
            *(measure.c[name] for name in names if name not in TEXTS or name in texts),
            _address(sources).label("address"),
            columns.key.label("property_key"),
            columns.area_ids,
            *(kind[name] for name in ("family", "legal_basis", "is_confirmed")),
        )
        .select_from(measure.join(measure_kind, kind.code == measure.c.kind))
        .join(sources.properties, columns.property_id == measure.c.property_id)
        .where(*in_force(asker), measure.c.opened_on <= sources.as_of)
    )


def listed(
    asker: Asker, sources: Sources, chosen: PropertyFilter, wish: MeasureWish, names: Sequence[str]
) -> Select[Any]:
    """The same of those that are wished for, in no order."""
    as_of = sources.as_of
    is_open, in_court = is_open_at(as_of), _in_court(as_of)
    found = query(asker, sources, names).where(*sources.where(chosen))
    for column, wanted in (
        (measure_kind.c.family, wish.families), (measure.c.kind, wish.kinds), (measure.c.office, wish.offices)
    ):  # fmt: skip
        found = found.where(column.in_(wanted)) if wanted else found
    found = found.where(is_open if wish.status == "open" else ~is_open) if wish.status else found
    return found if wish.court is None else found.where(in_court if wish.court else ~in_court)


def ordered(found: Select[Any], sources: Sources, wish: MeasureWish) -> Select[Any]:
    """A list in the wished order, and the wished part of it; the order of deadlines is none of the database."""
    value = _values(sources)[wish.sort] if wish.sort != "deadline" else None
    by = [] if value is None else [(value.desc() if wish.descending else value.asc()).nulls_last()]
    columns = measure.c
    found = found.order_by(*by, _address(sources), columns.property_id, columns.opened_on, columns.id)
    if wish.sort == "deadline":
        return found
    return found.offset(max(0, wish.start)).limit(None if wish.size is None else max(0, wish.size))


def read_step_facts(asker: Asker, keys: Iterable[str]) -> Mapping[str, list[StepFact]]:
    """The steps in force of proceedings by their keys, whatever their dates."""
    asker.require(PERMISSION)
    columns = measure_step.c
    reads_text = asker.scope.allows(TEXT_PERMISSION)
    names = [name for name in StepFact.__dataclass_fields__ if name != "note" or reads_text]
    asked = select(columns.measure_key, *(columns[name] for name in names)).where(
        columns.municipality == asker.scope.municipality,
        columns.superseded_at.is_(None),
        columns.measure_key == any_(bindparam("keys", list(keys), type_=ARRAY(Text))),
    )
    found: dict[str, list[StepFact]] = {}
    for key, *values in asker.connection.execute(asked):
        known = dict(zip(names, values, strict=True))
        known["amount_eur"] = None if known["amount_eur"] is None else float(known["amount_eur"])
        found.setdefault(key, []).append(StepFact(**known))
    return found


def _address(sources: Sources) -> ColumnElement[str]:
    columns = sources.properties.c
    return func.coalesce(func.nullif(columns.address_text, ""), columns.key)


def _in_court(as_of: date) -> ColumnElement[bool]:
    columns = measure.c
    is_known = or_(columns.court_since_on.is_(None), columns.court_since_on <= as_of)
    return and_(func.coalesce(columns.court_status, "none").in_(IN_COURT), is_known)


def _values(sources: Sources) -> Mapping[str, ColumnElement[Any]]:
    """By what a list can be ordered, as it was known on the day."""
    columns, as_of = measure.c, sources.as_of
    paid, recovered = columns.amount_paid_eur, columns.amount_recovered_eur
    left = columns.amount_ordered_eur - func.coalesce(paid, 0) - func.coalesce(recovered, 0)
    return {
        "address": _address(sources),
        "kind": columns.kind,
        "family": case({code: at for at, code in enumerate(MEASURE_FAMILIES)}, value=measure_kind.c.family),
        "office": columns.office,
        "opened_on": columns.opened_on,
        "closed_on": case((columns.closed_on <= as_of, columns.closed_on)),
        "final_on": case((columns.final_on <= as_of, columns.final_on)),
        # Where nothing was ordered the sum is NULL, and greatest() would take 0 for it.
        "amount_open_eur": case((columns.amount_ordered_eur.is_not(None), func.greatest(left, 0))),
    }
