"""Reads of an administration: the accounts of its city, and the areas that can be assigned."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from geodata import accounts
from geodata.access import Asker
from geodata.accounts import Account
from geodata.tables import area, area_kind, area_version


@dataclass(frozen=True)
class AssignableArea:
    """An area that exists on a day, or one that has ended and may still be assigned to somebody."""

    id: int
    kind: str
    name: str
    is_valid: bool


def read_accounts(asker: Asker) -> list[Account]:
    """The accounts of the asker's city, by name."""
    asker.require("account:read")
    return accounts.list_accounts(asker.connection)


def read_account(asker: Asker, number: int) -> Account | None:
    """One account of the asker's city."""
    asker.require("account:read")
    return accounts.by_number(asker.connection, number)


def read_assignable(asker: Asker, day: date) -> tuple[AssignableArea, ...]:
    """All areas of the city under their latest name, ordered by kind from the coarse to the fine, then by name."""
    asker.require("account:read")
    version = area_version.c
    is_valid: ColumnElement[bool] = and_(
        version.valid_from <= day, or_(version.valid_to.is_(None), version.valid_to > day)
    )
    latest = (
        select(version.area_id, version.name, is_valid.label("is_valid"))
        .where(version.municipality == asker.scope.municipality, version.superseded_at.is_(None))
        .ext(distinct_on(version.area_id))
        .order_by(version.area_id, is_valid.desc(), version.valid_from.desc())
        .subquery("latest")
    )
    query = (
        select(area.c.id, area.c.kind, latest.c.name, latest.c.is_valid)
        .join(latest, latest.c.area_id == area.c.id)
        .join(area_kind, area_kind.c.code == area.c.kind)
        .order_by(area_kind.c.sort, func.lower(latest.c.name), area.c.id)
    )
    return tuple(AssignableArea(*row) for row in asker.connection.execute(query))
