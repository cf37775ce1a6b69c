"""Reads of programmes and grants with their calls and costs; needs `funding:read`.

The filter of a page is that of the properties. A grant of a property follows it; a grant of an area is meant where the
filter names that area, or nothing but a date; a grant of the whole city only where it names nothing but a date. Which
rows exist for the asker is decided by the row policies: a manager sees the grants of properties and areas assigned, and
those of the whole city. As-of: valid time with today's knowledge (`geodata/funding/grants.py`); a grant whose notice is
dated later than that is not there, one without a notice is expected.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, Row, RowMapping, Select, Table, any_, cast, func, select

from geodata.access import Asker
from geodata.filters import PropertyFilter
from geodata.funding import flow as flows
from geodata.funding.flow import AtRisk, Flow
from geodata.funding.grants import (
    Call,
    Cost,
    Grant,
    GrantWish,
    Programme,
    calls_at,
    costs_at,
    select_grants,
    share_of,
    state_of,
    uses_of,
)
from geodata.funding.interest import InterestRule
from geodata.properties import property_sources
from geodata.tables import funding_call, funding_cost, funding_grant, funding_interest, funding_programme

__all__ = [
    "AtRisk", "Call", "Cost", "Flow", "Grant", "GrantWish", "Programme", "read_at_risk", "read_flow", "read_grant",
    "read_grants", "read_grants_of", "read_programmes", "read_usual_rule",
]  # fmt: skip

_ALL: Final = GrantWish()


def read_grants(asker: Asker, chosen: PropertyFilter, wish: GrantWish = _ALL) -> tuple[Grant, ...]:
    """The grants of the filter at its as-of date, in five queries however many there are."""
    return select_grants(_read(asker, chosen, _in_force(asker)), wish)


def read_grants_of(asker: Asker, property_id: int, as_of: date) -> tuple[Grant, ...]:
    """The grants of one property at a date."""
    rows = _in_force(asker).where(funding_grant.c.property_id == property_id)
    return select_grants(_read(asker, PropertyFilter(as_of=as_of), rows), _ALL)


def read_grant(asker: Asker, key: str, as_of: date) -> Grant | None:
    """One grant by its key, also one that was withdrawn; None where there is none for the asker."""
    rows = _current(asker, funding_grant).where(funding_grant.c.key == key)
    found = _read(asker, PropertyFilter(as_of=as_of), rows)
    return found[0] if found else None


def read_at_risk(asker: Asker, chosen: PropertyFilter, *, months: int = 6) -> tuple[AtRisk, ...]:
    """What is at risk within these months after the as-of date, and what has passed and is still open, by day."""
    return flows.at_risk(read_grants(asker, chosen), months=months)


def read_flow(asker: Asker, chosen: PropertyFilter) -> tuple[Flow, ...]:
    """The sums of all grants of the filter first, then of each programme by its name."""
    return flows.flow(read_grants(asker, chosen))


def read_programmes(asker: Asker) -> tuple[Programme, ...]:
    """All programmes of the city by name."""
    asker.require("funding:read")
    query = _current(asker, funding_programme).order_by(funding_programme.c.key)
    return tuple(_programme(row) for row in asker.connection.execute(query).mappings())


def read_usual_rule(asker: Asker) -> InterestRule:
    """The rule about interest where neither a notice nor its programme says another one."""
    asker.require("funding:read")
    c = funding_interest.c
    query = select(c.interest_from_month, c.checked_after_months, c.is_confirmed).where(c.code == "usual")
    return InterestRule(*asker.connection.execute(query).one())


# --- how it is asked --------------------------------------------------------------------------------------------------


def _current(asker: Asker, table: Table) -> Select[Any]:
    return select(table).where(table.c.municipality == asker.scope.municipality, table.c.superseded_at.is_(None))


def _in_force(asker: Asker) -> Select[Any]:
    return _current(asker, funding_grant).where(funding_grant.c.is_withdrawn.is_(False))


@dataclass(frozen=True)
class _Property:
    address: str
    area_ids: tuple[int, ...]


@dataclass(frozen=True)
class _Around:
    """What grants are put together with."""

    as_of: date
    properties: Mapping[int, _Property]
    calls: Mapping[str, Sequence[Call]]
    costs: Mapping[str, Sequence[Cost]]
    programmes: Mapping[str, Programme]
    usual: InterestRule


def _read(asker: Asker, chosen: PropertyFilter, query: Select[Any]) -> list[Grant]:
    asker.require("funding:read")
    as_of = property_sources(asker, chosen).as_of
    rows = [row for row in asker.connection.execute(query).mappings() if _exists(row, as_of)]
    properties = _read_properties(asker, chosen, {row["property_id"] for row in rows} - {None})
    rows = [row for row in rows if _is_meant(row, chosen, properties)]
    keys = [row["key"] for row in rows]
    around = _Around(
        as_of,
        properties,
        _read_calls(asker, keys),
        _read_costs(asker, keys),
        {one.key: one for one in read_programmes(asker)},
        read_usual_rule(asker),
    )
    return [_grant(row, around) for row in rows]


def _exists(row: RowMapping, as_of: date) -> bool:
    return row["granted_on"] is None or row["granted_on"] <= as_of


def _is_meant(row: RowMapping, chosen: PropertyFilter, properties: Mapping[int, _Property]) -> bool:
    if row["property_id"] is not None:
        return row["property_id"] in properties
    return not chosen.is_restricted or _is_of_areas(row, chosen)


def _is_of_areas(row: RowMapping, chosen: PropertyFilter) -> bool:
    """Whether the filter names the area of the grant and nothing else: no state or use fits an area."""
    return set(chosen.to_query()) <= {"as_of", "area"} and row["area_id"] in chosen.area_ids


def _read_properties(asker: Asker, chosen: PropertyFilter, property_ids: Iterable[int]) -> dict[int, _Property]:
    """Address and areas of those of the properties that fit the filter."""
    ids = sorted(property_ids)
    if not ids:
        return {}
    sources = property_sources(asker, chosen, property_ids=ids)
    columns = sources.properties.c
    address = func.coalesce(func.nullif(columns.address_text, ""), columns.key)
    is_asked = columns.property_id == any_(cast(ids, ARRAY(BigInteger)))
    asked = select(columns.property_id, address, columns.area_ids).where(is_asked, *sources.where(chosen))
    return {row[0]: _Property(row[1], tuple(row[2])) for row in asker.connection.execute(asked)}


def _read_calls(asker: Asker, keys: Sequence[str]) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = {}
    for row in _rows_of(asker, funding_call, Call, keys):
        found.setdefault(row.grant_key, []).append(
            Call(
                row.id,
                row.key,
                row.grant_key,
                row.called_on,
                float(row.amount_eur),
                row.paid_on,
                _number(row.paid_eur),
                row.refunded_on,
                _number(row.refunded_eur),
            )
        )
    return found


def _read_costs(asker: Asker, keys: Sequence[str]) -> dict[str, list[Cost]]:
    found: dict[str, list[Cost]] = {}
    for row in _rows_of(asker, funding_cost, Cost, keys):
        found.setdefault(row.grant_key, []).append(
            Cost(
                row.id,
                row.key,
                row.grant_key,
                row.project_key,
                row.category,
                row.invoiced_on,
                row.paid_on,
                float(row.amount_eur),
                row.is_eligible,
            )
        )
    return found


def _rows_of(asker: Asker, table: Table, kind: type[Call | Cost], keys: Sequence[str]) -> Iterable[Row[Any]]:
    """The rows in force of these grants, with the columns that the class has."""
    if not keys:
        return ()
    query = select(*(table.c[name] for name in kind.__dataclass_fields__)).where(
        table.c.municipality == asker.scope.municipality,
        table.c.superseded_at.is_(None),
        table.c.is_withdrawn.is_(False),
        table.c.grant_key.in_(keys),
    )
    return asker.connection.execute(query)


# --- how it is put together -------------------------------------------------------------------------------------------

_AS_STORED = (
    "id", "key", "programme", "title", "property_id", "project_key", "area_id", "file_reference", "expected_on",
    "granted_on", "call_until_on", "binding_until_on", "proof_due_on", "goal", "goal_rating", "goal_note",
    "interest_from_month", "checked_after_months", "is_interest_confirmed", "is_withdrawn",
)  # fmt: skip


def _grant(row: RowMapping, around: _Around) -> Grant:
    as_of, of = around.as_of, around.properties.get(row["property_id"])
    eligible, granted = float(row["eligible_eur"]), float(row["granted_eur"])
    share = share_of(_number(row["share"]), granted, eligible)
    rule = _rule(row, around.programmes.get(row["programme"]), around.usual)
    calls = calls_at(around.calls.get(row["key"], ()), as_of)
    costs = costs_at(around.costs.get(row["key"], ()), as_of)
    is_sent = row["proof_sent_on"] is not None and row["proof_sent_on"] <= as_of
    return Grant(
        **{name: row[name] for name in _AS_STORED},
        address=of.address if of else None,
        area_ids=of.area_ids if of else (),
        eligible_eur=eligible,
        share=share,
        stated_share=_number(row["share"]),
        granted_eur=granted,
        proof_sent_on=row["proof_sent_on"] if is_sent else None,
        proof_result=row["proof_result"] if is_sent else None,
        rule=rule,
        as_of=as_of,
        calls=calls,
        costs=costs,
        state=state_of(row["granted_on"], row["proof_due_on"], row["proof_sent_on"], row["proof_result"], as_of),
        uses=uses_of(calls, costs, share=share, eligible_eur=eligible, rule=rule, as_of=as_of),
    )


def _rule(row: RowMapping, programme: Programme | None, usual: InterestRule) -> InterestRule:
    """The rule of the notice, else of its programme, else the usual one; each says both months or none."""
    if row["interest_from_month"] is not None and row["checked_after_months"] is not None:
        return InterestRule(row["interest_from_month"], row["checked_after_months"], row["is_interest_confirmed"])
    if programme and programme.interest_from_month is not None and programme.checked_after_months is not None:
        return InterestRule(
            programme.interest_from_month, programme.checked_after_months, programme.is_interest_confirmed
        )
    return usual


def _programme(row: RowMapping) -> Programme:
    values = {name: row[name] for name in Programme.__dataclass_fields__}
    shares = {name: _number(row[name]) for name in ("usual_share", "least_share", "most_share")}
    return Programme(**(values | shares))


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
