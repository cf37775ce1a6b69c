"""Rules of intervals in words, for every page that shows one."""

from datetime import date
from typing import Protocol

from dashboard.formatting import format_date, format_days
from dashboard.i18n import code_label, ngettext
from dashboard.i18n import gettext as _

_YEAR_DAYS = 365.25
# Three years are 1,095 days to one clerk and 1,096 to another.
_TOLERANCE_DAYS = 2


class Asked(Protocol):
    """What a rule asks for, as far as words need it."""

    @property
    def interval_days(self) -> int: ...
    @property
    def area_name(self) -> str | None: ...
    @property
    def use_type(self) -> str | None: ...
    @property
    def access_required(self) -> str: ...
    @property
    def access_required_if_empty(self) -> str | None: ...


def years_words(interval_days: int) -> str:
    """Every 3 years, once a year; empty where the interval is no number of whole years."""
    years = round(interval_days / _YEAR_DAYS)
    if years < 1 or abs(interval_days - years * _YEAR_DAYS) > _TOLERANCE_DAYS:
        return ""
    return ngettext("once a year", "every %(count)s years", years, count=years)


def interval_words(interval_days: int) -> str:
    """1,095 days (every 3 years)."""
    years, days = years_words(interval_days), format_days(interval_days)
    return f"{days} ({years})" if years else days


def where_words(area_name: str | None, use_type: str | None) -> str:
    """The area and the use that a rule is for."""
    where = area_name or _("whole city")
    return f"{where}, {code_label('use_type', use_type)}" if use_type else where


def access_words(rule: Asked) -> str:
    """The access that a rule asks for, and at an empty building where it differs."""
    access = code_label("access", rule.access_required)
    if rule.access_required_if_empty in (None, rule.access_required):
        return access
    empty = code_label("access", rule.access_required_if_empty)
    return _("%(access)s, at an empty building %(empty)s", access=access, empty=empty)


def rule_name(rule: Asked) -> str:
    """Every 60 days in Westquartier: what a rule is called in a sentence or a list."""
    where = where_words(rule.area_name, rule.use_type)
    return _("every %(days)s, %(area)s", days=format_days(rule.interval_days), area=where)


def validity_words(valid_from: date, valid_to: date | None) -> str:
    """From when a rule is in force, and from when no longer."""
    if valid_to is None:
        return _("since %(first)s", first=format_date(valid_from))
    return _("%(first)s until before %(end)s", first=format_date(valid_from), end=format_date(valid_to))
