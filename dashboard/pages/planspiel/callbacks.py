"""Wiring of the page: its forms; everything else follows from the link."""

from dashboard import form
from dashboard.pages.planspiel.forms import RENAME, SAVE, WITHDRAW
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Take the forms."""
    form.register(wiring, SAVE, RENAME, WITHDRAW)
