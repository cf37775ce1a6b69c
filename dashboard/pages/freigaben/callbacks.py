"""Wiring of the page of released states: the form writes the address, the confirmation releases and leads on."""

from typing import Any

from dash.dependencies import Input, Output, State

from dashboard.pages.freigaben import ids, release, tables
from dashboard.wiring import Wiring


def register(wiring: Wiring) -> None:
    """Register the callbacks of a release and the files of what was released."""
    tables.register(wiring)
    wiring.clientside(
        "freigaben",
        "preview",
        Output(ids.FORM_SENT, "data"),
        [Input(ids.FORM_SEND, "n_clicks")],
        [
            State(ids.FORM_AS_OF, "value"),
            State(ids.FORM_AUDIENCE, "value"),
            State(ids.FORM_TITLE, "value"),
            State(ids.FORM_RESOLUTIONS, "value"),
            State(ids.FORM_SCENARIO, "value"),
        ],
        prevent_initial_call=True,
    )

    wiring.clientside(
        "freigaben", "arrive", Output(ids.GONE, "data"), [Input(ids.TARGET, "data")], prevent_initial_call=True
    )

    @wiring.callback(
        {"outcome": Output(ids.OUTCOME, "children"), "target": Output(ids.TARGET, "data")},
        {"clicks": Input(f"{ids.CONFIRM}-confirm", "n_clicks")},
        {"search": State("shell-location", "search"), "fingerprint": State(ids.FINGERPRINT, "data")},
        permission="publication:write",
        prevent_initial_call=True,
    )
    def confirm(clicks: Any, search: Any, fingerprint: Any) -> Any:
        return release.confirmed(wiring.deps, search, fingerprint)
