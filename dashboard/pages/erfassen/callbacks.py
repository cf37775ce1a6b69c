"""Wiring of the page: its form, what the form asks while somebody types, and the map, which the browser draws."""

from dash.dependencies import Input, Output

from dashboard import form, place_routes
from dashboard.pages.erfassen import ids
from dashboard.pages.erfassen.capture import FORM
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Take the form, answer its questions, and draw the map for the theme that is shown."""
    form.register(wiring, FORM)
    place_routes.register_addresses(wiring)
    wiring.clientside(
        "erfassen",
        "draw",
        Output(ids.MAP, "figure"),
        [
            Input(ids.MAP_PARTS, "data"),
            Input(ids.PLACE, "data"),
            Input(ids.OBJECTS, "data"),
            Input("shell-theme", "data"),
        ],
    )
