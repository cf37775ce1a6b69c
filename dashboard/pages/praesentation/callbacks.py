"""Wiring of the presentation: keys, clicker, touch and full screen are the browser's (`assets/praesentation.js`)."""

from dash.dependencies import Input, Output

from dashboard.pages.praesentation import ids
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Begin with the slide that the address names as soon as the slides are there."""
    wiring.clientside("praesentation", "start", Output(ids.STARTED, "data"), [Input(ids.START, "data")])
