"""The dates on which the invented city stands still: what was delivered when."""

from datetime import date
from typing import Final

# Outlines came before everything else, so that a past date has areas too.
OUTLINES: Final = date(2016, 1, 1)
FIRST_DAY: Final = date(2016, 11, 15)
FIRST_DELIVERY: Final = date(2025, 12, 31)
AS_OF: Final = date(2026, 11, 15)
