"""Wiring of the planner: its forms and the files of a plan; everything else is layout."""

from dashboard import form
from dashboard.pages.planer import files, forms
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Take the forms and give the files."""
    form.register(wiring, *forms.FORMS)
    files.register(wiring)
