"""Wiring of the page of one property: only the small map, which follows the theme; all else is the layout."""

from dash.dependencies import Input, Output

from dashboard.pages.objekt import ids
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Put the figure together in the browser."""
    wiring.clientside(
        "objekt", "draw", Output(ids.MAP, "figure"), [Input(ids.MAP_PARTS, "data"), Input("shell-theme", "data")]
    )
