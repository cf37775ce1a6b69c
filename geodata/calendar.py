"""The business calendar: dates are those of Europe/Berlin, whatever the clock of the machine says."""

from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def today() -> date:
    """The calendar date in Berlin at this moment."""
    return datetime.now(BERLIN).date()


def months_later(day: date, months: int) -> date:
    """The same day of a later month (an earlier one with a negative number), or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of the month in which the day lies."""
    return day.replace(day=monthrange(day.year, day.month)[1])
