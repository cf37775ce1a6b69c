"""Ids of the page."""

from typing import Final

LIST: Final = "protokoll-list"
CHECK: Final = "protokoll-check"
STATE: Final = "protokoll-state"
