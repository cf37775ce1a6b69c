"""Planned rounds and deadlines as a calendar file (ICS): day, a few words and the link to where the rest stands.

A calendar is read by many and kept by programs that nobody here knows: it holds no address and no key of an object.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

_PRODUCT = "-//quartiermonitor//planer//DE"


@dataclass(frozen=True)
class Entry:
    """One day in a calendar. `of`, `number` and `sequence` say which entry it is and how often it was changed."""

    number: int
    sequence: int
    municipality: str
    day: date
    title: str
    description: str
    link: str
    changed_at: datetime
    is_called_off: bool
    of: str = "plan"


def as_ics(*entries: Entry) -> bytes:
    """The calendar with these entries, each a whole day without an alarm."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry))
    return calendar.to_ical()


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.of}-{entry.number}@{entry.municipality}.quartiermonitor")
    event.add("dtstamp", entry.changed_at)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.is_called_off else "CONFIRMED")
    event.add("class", "CONFIDENTIAL")
    event.add("transp", "OPAQUE")
    event.add("summary", entry.title)
    event.add("description", entry.description)
    event.add("url", entry.link)
    return event
