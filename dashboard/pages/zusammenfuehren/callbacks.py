"""Wiring of the page: its two forms; all else is the layout."""

from dashboard import form
from dashboard.pages.zusammenfuehren.dividing import DIVIDE
from dashboard.pages.zusammenfuehren.merging import MERGE
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Take both forms."""
    form.register(wiring, MERGE, DIVIDE)
