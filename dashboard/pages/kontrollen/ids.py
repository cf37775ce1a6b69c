"""Ids of the page."""

from typing import Final

LIST: Final = "kontrollen-list"
ON_TIME: Final = "kontrollen-on-time"
ADHERENCE: Final = "kontrollen-adherence"
CALENDAR_DONE: Final = "kontrollen-calendar-done"
CALENDAR_DUE: Final = "kontrollen-calendar-due"
ACHIEVED: Final = "kontrollen-achieved"
BY_AREA: Final = "kontrollen-by-area"
BY_YEAR: Final = "kontrollen-by-year"
RESULTS: Final = "kontrollen-results"
DEFECTS: Final = "kontrollen-defects"
FAILED: Final = "kontrollen-failed"
ROUNDS: Final = "kontrollen-rounds"


def choice(name: str, value: str) -> str:
    """A link that gives a part of the page's link another value; named, so that the focus stays on it."""
    return f"kontrollen-{name}-{value}"
