"""Wiring of the page of rounds: its form and the search of an object."""

from dashboard import form, place_routes
from dashboard.pages.runde.capture import FORM, TAKE_BACK
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Take the forms and answer the search of its fields."""
    form.register(wiring, FORM, TAKE_BACK)
    place_routes.register_objects(wiring)
