"""The business calendar: dates are those of Europe/Berlin, whatever the clock of the machine says."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def today() -> date:
    """The calendar date in Berlin at this moment."""
    return datetime.now(BERLIN).date()
