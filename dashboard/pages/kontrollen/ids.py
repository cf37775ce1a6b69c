"""Ids of the page."""

from typing import Final

LIST: Final = "kontrollen-list"
ACHIEVED: Final = "kontrollen-achieved"
BY_AREA: Final = "kontrollen-by-area"
