"""How a resolution stands: reached, missed, open; how much is missing, and for how long there is time. Pure.

Rules:

- A target is reached while the value of the as-of date meets it, before its last day and after it; missed where it does
  not and the last day is over; else open. The last day itself still belongs to the time.
- Without a value nothing can be told: unknown, never missed.
- A share is a part of its whole in per cent, 0 to 100; of an empty whole there is none.
- Nothing is rounded here. A value of 69.6 misses 70, however it is printed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Direction = Literal["at_least", "at_most"]
State = Literal["reached", "open", "missed", "unknown"]

# Counts and whole per cents are compared as they are; a share is a quotient and may be off in its last digit.
TOLERANCE: Final = 1e-9


@dataclass(frozen=True)
class Target:
    """A value that a figure shall reach until a day, that day included."""

    direction: Direction
    value: float
    until_on: date

    def is_met_by(self, value: float) -> bool:
        """Whether the value is on the right side of the target, or just there."""
        return self.missing_to(value) == 0

    def missing_to(self, value: float) -> float:
        """How far the value is from the target, in its unit; 0 where it meets it."""
        gap = self.value - value if self.direction == "at_least" else value - self.value
        return 0.0 if gap <= TOLERANCE else gap

    def state(self, value: float | None, as_of: date) -> State:
        """How it stands on the as-of date with the value of that date."""
        if value is None:
            return "unknown"
        if self.is_met_by(value):
            return "reached"
        return "open" if as_of <= self.until_on else "missed"

    def days_left(self, as_of: date) -> int:
        """Days until the last day; negative once it is over."""
        return (self.until_on - as_of).days

    def is_better(self, change: float) -> bool | None:
        """Whether a change leads towards the target; None where nothing changed."""
        if abs(change) <= TOLERANCE:
            return None
        return (change > 0) == (self.direction == "at_least")


def share(part: float | None, whole: float | None) -> float | None:
    """A part of its whole in per cent; None where one is not known, and of an empty whole."""
    return None if part is None or not whole else 100 * part / whole
