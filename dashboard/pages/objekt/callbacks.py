"""Wiring of the page of one property: the small map follows the theme, owners come on request; all else is layout."""

from dash.dependencies import Input, Output

from dashboard import form, photograph_routes
from dashboard.pages.objekt import forms, ids, owners
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """The map, which is put together in the browser, the owners and the photographs."""
    wiring.clientside(
        "objekt", "draw", Output(ids.MAP, "figure"), [Input(ids.MAP_PARTS, "data"), Input("shell-theme", "data")]
    )
    form.register(wiring, *forms.FORMS.values())
    owners.register(wiring)
    photograph_routes.register(wiring)
