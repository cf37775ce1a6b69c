"""Reading the log of one's own city: by period, action and account, the latest first.

There is no other order and no grouping, on purpose: the log proves what was done with data, and it makes no figure
about a single employee. An account can be asked for by name when something has to be cleared up; nothing is counted
for each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Select, func, select

from geodata.access import Asker
from geodata.audit.chain import LogEntry
from geodata.calendar import BERLIN
from geodata.codes import AUDIT_ACTIONS
from geodata.errors import InvalidFilter
from geodata.filters import read_day
from geodata.tables.audit import entry as table

# Parts of a link: first and last day in Berlin, action, account.
FIELDS: Final = ("first", "last", "action", "account")
NAME_LIMIT: Final = 200


@dataclass(frozen=True)
class LogFilter:
    """Which entries are meant; every field empty = all that are kept."""

    first_on: date | None = None
    last_on: date | None = None
    action: str | None = None
    account: str | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "LogFilter":
        """Raises InvalidFilter for a part that cannot be read."""
        action, account = query.get("action") or None, query.get("account", "").strip() or None
        if action is not None and action not in AUDIT_ACTIONS:
            raise InvalidFilter("action", f"The log knows the actions {', '.join(AUDIT_ACTIONS)}.")
        if account is not None and (len(account) > NAME_LIMIT or "\0" in account):
            raise InvalidFilter("account", "This is no name of an account.")
        return cls(read_day("first", query), read_day("last", query), action, account)

    @property
    def is_restricted(self) -> bool:
        """Whether anything is left out."""
        return self != LogFilter()


def read_log(asker: Asker, chosen: LogFilter, *, start: int, size: int) -> tuple[LogEntry, ...]:
    """A slice of the entries of the asker's city, the latest first."""
    asker.require("audit:read")
    query = _chosen(select(table), asker, chosen).order_by(table.c.number.desc()).offset(start).limit(size)
    return tuple(LogEntry(**row) for row in asker.connection.execute(query).mappings())


def count_log(asker: Asker, chosen: LogFilter) -> int:
    """How many entries of the asker's city fit."""
    asker.require("audit:read")
    return int(asker.connection.execute(_chosen(select(func.count()), asker, chosen)).scalar_one())


def _chosen(query: Select[Any], asker: Asker, chosen: LogFilter) -> Select[Any]:
    conditions = [table.c.municipality == asker.scope.municipality]
    if chosen.first_on is not None:
        conditions.append(table.c.at >= _begin_of(chosen.first_on))
    if chosen.last_on is not None:
        conditions.append(table.c.at < _begin_of(chosen.last_on + timedelta(days=1)))
    if chosen.action is not None:
        conditions.append(table.c.action == chosen.action)
    if chosen.account is not None:
        conditions.append(table.c.account == chosen.account)
    return query.where(*conditions)


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=BERLIN)
